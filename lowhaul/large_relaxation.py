"""Relaxations of large models, as arrays: HiGHS by way of SciPy.

MathOpt takes a model column by column and term by term; at 390,000 columns that took 13 s of 30 s
(docs/decisions/solver-process.md). Here rows go over as sparse arrays.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from lowhaul.linear import LinearModel
from lowhaul.rows import Rows, vector
from lowhaul.solve import Limits, Solved, SolverFault

OPTIMAL = 0
ENDED = {1: "timeout", 2: "infeasible"}
"""What linprog says (its `status`)."""


def relax_large(model: LinearModel, limits: Limits) -> Solved:
    """The relaxation of a large model without its lazy rows, whose prices are 0.

    They took as long again and lifted the bound of 2,000 orders by 0.08 %; the search by blocks
    heeds them. Raises SolverFault with the solver's own words.
    """
    rows = Rows.of(model, lazy=False)
    matrix, lower, upper = rows.by_row, rows.lower, rows.upper
    equal = lower == upper
    most, least = ~equal & np.isfinite(upper), ~equal & np.isfinite(lower)
    result = linprog(
        vector(model.objective, len(model.names)),
        A_ub=sparse.vstack([matrix[most], -matrix[least]], format="csc"),
        b_ub=np.concatenate([upper[most], -lower[least]]),
        A_eq=matrix[equal].tocsc(),
        b_eq=lower[equal],
        bounds=np.column_stack([model.lower, model.upper]),
        method="highs-ds",
        options={"time_limit": limits.time_limit_s},
    )
    if result.status in ENDED:
        return Solved(ENDED[result.status], solver="highs", message=result.message)
    if result.status != OPTIMAL:
        raise SolverFault(f"The solver highs failed: {result.message}")
    prices = np.zeros(len(lower))
    prices[most] += result.ineqlin.marginals[: most.sum()]
    prices[least] -= result.ineqlin.marginals[most.sum() :]
    prices[equal] = result.eqlin.marginals
    priced = iter(prices.tolist())
    slopes = result.lower.marginals + result.upper.marginals
    value = float(result.fun) + model.constant
    return Solved(
        "optimal",
        tuple(result.x.tolist()),
        tuple(slopes.tolist()),
        tuple(0.0 if row.lazy else next(priced) for row in model.rows),
        value,
        value,
        solver="highs",
    )
