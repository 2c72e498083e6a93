"""The independent judge of a finished plan: result tables against inputs, without any solver.

Nothing here uses the planner's network, runs, costs, model or laws of emission. Each rule is a
function whose name is the rule's; it yields what breaks it. A plan with a fault is never written
as a success.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from routing.case import Case
from routing.check import (
    admission,
    boxes,
    carbon,
    chains,
    charges,
    contents,
    empties,
    identity,
    measures,
    money,
    pins,
    rebates,
    service,
    tender,
    totals,
)
from routing.check.plan import Fault, Plan, Rule
from routing.check.rows import ROW_TYPES, columns_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RULES", "Fault", "check_plan"]

RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *service.RULES,
    *chains.RULES,
    *admission.RULES,
    *measures.RULES,
    *pins.RULES,
    *contents.RULES,
    *boxes.RULES,
    *empties.RULES,
    *charges.RULES,
    *money.RULES,
    *rebates.RULES,
    *tender.RULES,
    *carbon.RULES,
    *totals.RULES,
)
"""Every rule of the judge, in the order in which they speak."""


def check_plan(
    case: Case, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, object]
) -> list[Fault]:
    """All faults of a finished plan; an empty list says that nothing was found against it.

    `tables` holds the result tables by name as frames, `summary` what stands in summary.json.
    Missing tables or columns are faults of the rule `tables_complete`, and nothing else is asked.
    """
    faults = []
    for name, row_type in ROW_TYPES.items():
        if name not in tables:
            faults.append(Fault("tables_complete", name, "", "the table is missing"))
            continue
        missing = [c for c in columns_of(row_type) if c not in tables[name].columns]
        if missing:
            message = f"columns are missing: {', '.join(missing)}"
            faults.append(Fault("tables_complete", name, "", message))
    if faults:
        return faults
    plan = Plan(case, tables, summary)
    return [Fault(rule.__name__, *breach) for rule in RULES for breach in rule(plan)]
