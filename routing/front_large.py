"""The front of cost against CO2e of a case beyond one piece: each point is planned for itself.

Both ends come first. Every other point is the plan of least cost at a *price* of CO2e, that at
which two neighbours cost the same:

    price = (cost of the cleaner - cost of the cheaper) / (kg of the cheaper - kg of the cleaner)

Whatever lies between the two below their line is cheaper at that price (Aneja and Nair,
Bicriteria transportation problem, Management Science 25, 1979). The widest step comes first. A
bound B at a price p holds everywhere: no plan with at most L kg costs less than B - p L.

All points are searched on one model, of the ways that are best for cost or for CO2e, and begin with
the plans of blocks that earlier points found (routing/searched.py). Bounds are over those ways. A
price leaves every order its ways, which a narrow limit on CO2e does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf, isfinite

from lowhaul.errors import TimeIsUp
from lowhaul.units import KG_PER_T
from routing.case import Case
from routing.decode import Stuffed
from routing.front import BLUR_KG, FrontPlan, Keep, Traced, weight_left
from routing.large import LargeChooser
from routing.ledger import make_ledger
from routing.planner import Planned, plan_by
from routing.searched import ENDS, Shared
from routing.selection import Clock, Progress

WHY = (
    "Each point is planned for itself, at a price of CO2e: the case is too large to be solved in "
    "one piece. Bounds are over the ways that were searched."
)

END_PARTS = 2.0
"""Both ends have so many times the time of another point, as nothing is known before them."""

Totals = tuple[float, float]
"""Cost and CO2e (kg) of a plan, as booked."""


@dataclass
class LargeFront:
    """Points of a large case as they are found, and lines that lie below every plan."""

    case: Case
    points: int
    clock: Clock
    progress: Progress
    keep: Keep
    shared: Shared
    stuffed: Stuffed = field(default_factory=dict)
    found: list[Totals] = field(default_factory=list)
    lines: list[tuple[float, float]] = field(default_factory=list)
    """(price of one kg, bound): cost + price x kg is at least the bound."""
    asked: int = 0

    def planned(self, objective: str, price_per_kg: float = 0.0) -> Planned:
        """A plan for an objective in its share of the time."""
        ends_left = max(0, ENDS - self.asked)
        parts = self.points - self.asked + (END_PARTS - 1.0) * ends_left
        share = self.clock.left_s / max(1.0, parts) * (END_PARTS if ends_left else 1.0)
        share = max(1.0, share)
        self.asked += 1
        self.progress(f"front: point {self.asked} of {self.points}, {share:.0f} s")
        settings = replace(
            self.case.settings,
            objective=objective,
            carbon_price_per_t=price_per_kg * KG_PER_T,
            time_limit_s=share,
        )
        clock = Clock(share)
        case = replace(self.case, settings=settings)
        chooser = LargeChooser(case, clock, self.progress, self.shared)
        return plan_by(chooser, clock, self.progress, self.stuffed)

    def hand_on(self, planned: Planned, cost_bound: float) -> None:
        """Keep a plan as a point; its own CO2e is its limit.

        What it costs is told by its books: the objective of the plan may be another one.
        """
        cost, kg = totals(self.case, planned)
        self.found.append((cost, kg))
        # a plan may be cheaper by its books than any plan of the model: then a line is no bound
        self.lines = [
            (price, bound)
            for price, bound in self.lines
            if cost + price * kg >= bound - 1e-6 * abs(bound)
        ]
        choice = replace(planned.choice, objective=cost, bound=cost_bound, filtered_bound=-inf)
        told = replace(planned, choice=choice, bound=cost_bound)
        self.keep(FrontPlan(kg, None, None, cost_bound, False, told))

    def least_cost(self, limit_kg: float) -> float:
        """No plan with at most so many kg costs less, by all lines so far."""
        return max((bound - price * limit_kg for price, bound in self.lines), default=-inf)

    def widest_step(self, tried: set[tuple[Totals, Totals]]) -> tuple[Totals, Totals] | None:
        """The neighbours on the front with most room between them that was not looked into yet."""
        front = nondominated(self.found)
        steps = [step for step in pairwise(front) if step not in tried]
        return max(steps, key=lambda s: (s[1][0] - s[0][0]) * (s[0][1] - s[1][1]), default=None)


def trace_large(case: Case, points: int, clock: Clock, progress: Progress, keep: Keep) -> Traced:
    """Plan both ends, then so many points in all between neighbours, each in its share of the time.

    Raises NoPlanExists, and TimeIsUp where the first plan was not found.
    """
    front = LargeFront(case, points, clock, progress, keep, Shared(case, progress))
    cheap = front.planned("min_cost")
    front.lines.append((0.0, cheap.choice.filtered_bound))
    front.hand_on(cheap, cheap.choice.filtered_bound)
    most = weight_left(case, cheap)
    missed = 0
    try:
        clean = front.planned("min_emissions")
    except TimeIsUp:
        return Traced(False, f"{WHY} The plan with the least CO2e was not found.", False, 1)
    front.hand_on(clean, front.least_cost(totals(case, clean)[1]))
    tried: set[tuple[Totals, Totals]] = set()
    while front.asked < points and clock.left_s >= 1.0:
        step = front.widest_step(tried)
        if step is None:
            break
        tried.add(step)
        price_per_kg = price_of(step)
        try:
            planned = front.planned("min_total", price_per_kg)
        except TimeIsUp:
            missed += 1
            continue
        if weight_left(case, planned) > most + BLUR_KG:
            missed += 1
            continue
        bound = planned.choice.filtered_bound
        if isfinite(bound):
            front.lines.append((price_per_kg, bound))
        front.hand_on(planned, front.least_cost(totals(case, planned)[1]))
    if clock.left_s < 1.0:
        missed += points - front.asked
    more = f" {missed} points were not found in time, or not with all orders." if missed else ""
    co2e_bound_kg = clean.choice.filtered_bound
    bounds = tuple((kg, front.least_cost(kg)) for _, kg in front.found)
    return Traced(False, WHY + more, False, len(front.found), co2e_bound_kg, bounds)


def totals(case: Case, planned: Planned) -> Totals:
    """Cost and CO2e (kg) of a plan, as booked."""
    books = make_ledger(case, planned.plan)
    return books.cost, sum(row.element.known.wtw_kg for row in books.legs)


def price_of(step: tuple[Totals, Totals]) -> float:
    """The price of one kg of CO2e at which both ends of a step cost the same."""
    (cheap, high_kg), (dear, low_kg) = step
    return (dear - cheap) / (high_kg - low_kg)


def nondominated(found: list[Totals]) -> list[Totals]:
    """Those that no other one beats in one figure and equals in the other, the cheapest first."""
    front: list[Totals] = []
    for cost, kg in sorted(set(found)):
        if not front or kg < front[-1][1]:
            front.append((cost, kg))
    return front
