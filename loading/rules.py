"""The figures of the loading rules, each with where it comes from.

They are data, shared by the planner (`stuffing.py`) and the judge (`check.py`); the two share no
code. SEEN and RECALLED are used as in the table of equipment.
"""

from __future__ import annotations

LIFT_CLEARANCE_MM = 80
"""Free height above a unit that is set upon another: it is lifted over the lower one (fork height
plus distance to the ceiling, module maker's unloading manual 4/2024, SEEN). It must also be there
under the door header, because the last row is lifted in from outside."""

HAND_KG = 25.0
"""A full unit up to this mass is set by hand and needs no lift clearance (assumption: the usual
guide figure for lifting by one person)."""

DOOR_SIDE_MM = 10
"""Free width at the door that a unit keeps where it can stand another way: the production
tolerance of inner sizes (older lines' guide, SEEN). A unit that fits no other way may use it."""

COG_SHARE = 0.05
"""Centre of gravity along the length: distance from the middle as a share of the inner length
(CTU Code 2014, annex 7, 3.1.4, as reported; SEEN)."""

COG_EXCEPTION = 0.10
"""The same in special circumstances, to be told to the carrier (SEEN)."""

MM2_PER_M2 = 1_000_000
"""Square millimetres in a square metre."""

FLOOR_WINDOW_MM = 1000
"""Floor load is the mass that stands on any running metre: the window that is slid along."""

DOOR_GAP_MM = 150
"""A wider free gap to the door has to be secured (SEEN)."""

MOST_UNITS = 20_000
"""More handling units than this in one list are taken for a slip of the keyboard."""
