"""The front of cost against CO2e of a case beyond one piece: each point is planned for itself.

The search of large plans keeps other ways for every limit (routing/large.py), so no model serves
all points. Each is a plan under its limit in its share of the time, with a bound of its own.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf

from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.front_shape import even_limits
from routing.case import Case
from routing.front import BLUR_KG, FrontPlan, Keep, Traced, capped, weight_left
from routing.ledger import make_ledger
from routing.planner import Planned, plan_case
from routing.selection import Clock, Progress


def trace_large(case: Case, points: int, clock: Clock, progress: Progress, keep: Keep) -> Traced:
    """Plan both ends and so many points at even limits, each anew in its share of the time.

    Raises NoPlanExists, and TimeIsUp where the first plan was not found.
    """
    left = points

    def plan(limit_kg: float, objective: str) -> Planned:
        nonlocal left
        share = max(1.0, clock.left_s / max(1, left))
        left -= 1
        own = replace(case.settings, objective=objective, time_limit_s=share)
        return plan_case(replace(case, settings=capped(own, limit_kg)), progress)

    def kg(planned: Planned) -> float:
        return sum(r.element.known.wtw_kg for r in make_ledger(case, planned.plan).legs)

    cheap = plan(inf, "min_cost")
    keep(FrontPlan(inf, None, None, cheap.bound, False, cheap))
    why = "Each point is planned for itself: the case is too large for one model."
    try:
        clean = plan(inf, "min_emissions")
    except TimeIsUp:
        return Traced(False, f"{why} The plan with the least CO2e was not found.", False, 1)
    keep(_cleanest_end(clean, kg(clean), make_ledger(case, clean.plan).cost))
    most = weight_left(case, cheap)
    missed = 0
    for limit in even_limits(kg(clean), kg(cheap), points)[1:-1]:
        if clock.left_s < 1.0:
            missed += 1
            continue
        try:
            planned = plan(limit, "min_cost")
        except (NoPlanExists, TimeIsUp):
            missed += 1
            continue
        if weight_left(case, planned) > most + BLUR_KG:
            missed += 1
            continue
        keep(FrontPlan(limit, None, None, planned.bound, False, planned))
    more = f" {missed} points were not found in time, or not with all orders." if missed else ""
    return Traced(False, why + more, False, points - missed, clean.bound)


def _cleanest_end(planned: Planned, co2e_kg: float, cost: float) -> FrontPlan:
    """The cleanest end of a large case: its bound is one of CO2e, so none of cost is claimed."""
    choice = replace(planned.choice, objective=cost, bound=-inf, filtered_bound=-inf)
    told = replace(planned, choice=choice, bound=-inf)
    return FrontPlan(co2e_kg, None, None, -inf, False, told)
