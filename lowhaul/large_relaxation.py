"""Relaxations of large models, as arrays: HiGHS by way of SciPy.

MathOpt takes a model column by column and term by term; at 390,000 columns that took 13 s of 30 s
(docs/decisions/solver-process.md). Here rows go over as sparse arrays.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, Solved, SolverFault

OPTIMAL = 0
ENDED = {1: "timeout", 2: "infeasible"}
"""What linprog says (its `status`)."""


def relax_large(model: LinearModel, limits: Limits) -> Solved:
    """The relaxation of a large model without its lazy rows, whose prices are 0.

    They took as long again and lifted the bound of 2,000 orders by 0.08 %; the search by blocks
    heeds them. Raises SolverFault with the solver's own words.
    """
    rows = [row for row in model.rows if not row.lazy]
    matrix = sparse.csr_matrix(
        (
            np.fromiter((a for r in rows for a in r.terms.values()), dtype=float),
            np.fromiter((c for r in rows for c in r.terms), dtype=np.int64),
            np.concatenate(([0], np.cumsum([len(r.terms) for r in rows]))),
        ),
        shape=(len(rows), len(model.names)),
    )
    lower, upper = np.array([r.lower for r in rows]), np.array([r.upper for r in rows])
    objective = np.zeros(len(model.names))
    columns = np.fromiter(model.objective, dtype=np.int64)
    objective[columns] = np.fromiter(model.objective.values(), dtype=float)
    equal = lower == upper
    most, least = ~equal & np.isfinite(upper), ~equal & np.isfinite(lower)
    result = linprog(
        objective,
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
    prices = np.zeros(len(rows))
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
