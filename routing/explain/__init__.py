"""Why a plan is as it is: what won, by how much, what would have to change, who was left out.

Everything here compares with the rest of the plan held fixed: one bid or one way is put in the
place of another and the same books are kept again. It is no new plan; nothing here needs a solver.
"""
