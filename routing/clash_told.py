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
BEGIN = "No plan exists, even with every order unserved: "


def clash_told(model: PlanModel, seconds: float = LONGEST_S) -> tuple[str, list[str]]:
    """The sentence and its parts: demands that no plan meets together, as few as can be.

    `model` has the rows of budget and cap, and its orders may stay unserved. Looked for at most
    10 s; where nothing smaller is known by then, the caps or the minimum volumes are named.
    """
    settings = model.options.case.settings
    clash = smallest_clash(model, min(seconds, LONGEST_S))
    if clash is None:
        parts = caps_of(settings)
        return f"{BEGIN}{' and '.join(parts)} cannot be met.", parts
    parts = clash.words
    together = " together" if len(parts) > 1 else ""
    fewer = "" if clash.smallest else " Fewer of them may clash already: the search was ended."
    return f"{BEGIN}{_listed(parts)} cannot be met{together}.{fewer}", parts


def smallest_clash(model: PlanModel, seconds: float) -> Clash | None:
    """The clash itself; None where it was not found in time."""
    linear = replace(
        model.linear, rows=[r for r in model.linear.rows if not r.name.startswith(LEARNT)]
    )
    demands = demands_of(model.options.case, [row.name for row in linear.rows])
    limits = Limits(seconds, seed=model.options.case.settings.seed)
    return find_clash(linear, demands, limits) if demands else None


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
