"""What a plan's error says where no plan exists: the smallest clash, in the planner's words."""

from __future__ import annotations

from dataclasses import replace

from lowhaul.solve import Limits
from routing.case import Settings
from routing.clash import Clash, find_clash
from routing.demands import demands_of
from routing.plan_model import PlanModel

LEARNT = "keep_"
"""Rows that a stage has added for the next one; they ask nothing of the planner's."""
LONGEST_S = 10.0
LONGEST_RELAXED_S = 60.0
"""So long at most a clash is looked for; large models are only relaxed, and each try takes longer.
"""
BEGIN = "No plan exists, even with every order unserved: "
BEGIN_SEARCHED = "No plan exists on the ways that are searched, even with every order unserved: "


def clash_told(
    model: PlanModel, seconds: float = LONGEST_S, *, relaxed_only: bool = False
) -> tuple[str, list[str]]:
    """The sentence and its parts: demands that no plan meets together, as few as can be.

    `model` has the rows of budget and cap, and its orders may stay unserved. `relaxed_only` for a
    large one whose relaxation shows already that there is no plan; it holds the few ways that are
    worth searching, and the sentence says so. Looked for so many seconds, 10
    (60) at most; where nothing smaller is known by then, the caps or the minimum volumes are named.
    """
    settings = model.options.case.settings
    longest = LONGEST_RELAXED_S if relaxed_only else LONGEST_S
    begin = BEGIN_SEARCHED if relaxed_only else BEGIN
    clash = smallest_clash(model, min(seconds, longest), relaxed_only)
    if clash is None:
        parts = caps_of(settings)
        return f"{begin}{' and '.join(parts)} cannot be met.", parts
    parts = clash.words
    together = " together" if len(parts) > 1 else ""
    fewer = "" if clash.smallest else " Fewer of them may clash already: the search was ended."
    return f"{begin}{_listed(parts)} cannot be met{together}.{fewer}", parts


def smallest_clash(model: PlanModel, seconds: float, relaxed_only: bool) -> Clash | None:
    """The clash itself; None where it was not found in time."""
    linear = replace(
        model.linear, rows=[r for r in model.linear.rows if not r.name.startswith(LEARNT)]
    )
    demands = demands_of(model.options.case, [row.name for row in linear.rows])
    limits = Limits(seconds, seed=model.options.case.settings.seed)
    return find_clash(linear, demands, limits, relaxed_only=relaxed_only) if demands else None


def caps_of(settings: Settings) -> list[str]:
    """What is to blame where no smaller set is known."""
    parts = []
    if settings.budget is not None:
        parts.append(f"the budget of {settings.budget:,.2f} {settings.currency}")
    if settings.emissions_cap_t is not None:
        parts.append(f"the emissions cap of {settings.emissions_cap_t:,.3f} t CO2e")
    return parts or ["the minimum volumes of the bids"]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
