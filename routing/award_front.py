"""The front of cost against CO2e of an award by lanes: one model, asked again under other limits.

Augmented epsilon-constraint (Mavrotas, Effective implementation of the epsilon-constraint method,
Applied Mathematics and Computation 213, 2009), sampled at even steps of CO2e:

    minimise cost + rho x CO2e    so that CO2e <= L

rho is so small that all CO2e together weighs `TINY` of the cost; it picks the cleaner of two awards
that cost the same. A bound B of the sum says that no award within L costs less than B - rho x L.
The limits are asked from the cleanest award on: an award within one limit is one within the next,
so it is the solver's start there, and stands where the solver finds none in its time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.front_shape import even_limits
from lowhaul.linear import LinearModel, Row, Terms, add_terms
from lowhaul.solve import GRACE_S, Limits, Solved, relative_gap, solve
from routing.award_model import LaneBid, LaneVolume, award_model
from routing.award_search import SMALL_TEU, Progress
from routing.bids import Carrier
from routing.tender import Tender

TINY = 1e-5
"""The share of the cost that all CO2e weighs."""
STOP_S = 2 * GRACE_S
"""With less time left nothing new is asked: a solver may need as long to be stopped."""
SLACK_KG = 1e-3
"""A solver's tolerance at the limit of the cleanest award."""


@dataclass(frozen=True)
class AwardPoint:
    """The cheapest award found with at most `limit_kg`; none within it costs less than `bound`."""

    limit_kg: float
    cost: float
    co2e_kg: float
    bound: float
    seconds: float
    volume_teu: Mapping[str, float]

    @property
    def gap(self) -> float:
        """The proved relative gap of the cost."""
        return relative_gap(self.cost, self.bound)


def award_front(
    lanes: Sequence[LaneVolume],
    bids: Sequence[LaneBid],
    carriers: Mapping[str, Carrier],
    tender: Tender,
    points: int,
    limits: Limits,
    progress: Progress = lambda told: None,
) -> tuple[AwardPoint, ...]:
    """So many points (two or more) from the cheapest award to the cleanest; all limits are kept.

    The time limit is for all of them. Raises NoPlanExists where no award keeps the rules, TimeIsUp
    where an end of the front was not found in time.
    """
    return _Tracer(lanes, bids, carriers, tender, limits, progress).trace(points)


class _Tracer:
    """The model with its movable limit."""

    def __init__(
        self,
        lanes: Sequence[LaneVolume],
        bids: Sequence[LaneBid],
        carriers: Mapping[str, Carrier],
        tender: Tender,
        limits: Limits,
        progress: Progress,
    ) -> None:
        self.started = time.perf_counter()
        self.limits = limits
        self.progress = progress
        self.model: LinearModel
        self.model, self.columns = award_model(lanes, bids, carriers, tender)
        self.cost: Terms = dict(self.model.objective)
        self.co2e: Terms = {self.columns[b.bid_id]: b.co2e_kg for b in bids}
        volume = {lane.lane: lane.volume_teu for lane in lanes}
        most: dict[str, float] = {}
        for b in bids:
            most[b.lane] = max(most.get(b.lane, 0.0), b.co2e_kg * volume[b.lane])
        self.most_kg = sum(most.values())
        self.model.row("co2e_limit", self.co2e, upper=self.most_kg)
        self.limit: Row = self.model.rows[-1]
        self.rho = 0.0

    def trace(self, points: int) -> tuple[AwardPoint, ...]:
        """The cheapest award, the cleanest, then the limits from there on."""
        rough = sum(self.model.upper[c] * self.cost[c] for c in self.columns.values())
        self.rho = TINY * rough / max(self.most_kg, SLACK_KG)
        both = add_terms(dict(self.cost), self.co2e, self.rho)
        found = [self.point(self.most_kg, self.ask(both, points + 1))]
        self.tell(found[0])
        least = self.ask(self.co2e, points)
        start: Sequence[float] = least.values
        ends = self.model.value(self.co2e, start), found[0].co2e_kg
        answers: list[tuple[float, Solved]] = []
        for number, limit_kg in enumerate(even_limits(*ends, points)[:0:-1]):
            self.limit.upper = limit_kg + SLACK_KG
            solved = self.ask(both, points - 1 - number, start)
            if self.model.value(both, start) < self.model.value(both, solved.values):
                solved = replace(solved, values=tuple(start))
            self.tell(self.point(limit_kg, solved))
            answers.append((limit_kg, solved))
            start = solved.values
        self.ask_again(both, answers)
        tighter = [self.point(limit_kg, solved) for limit_kg, solved in answers]
        return _with_wider_bounds([*found, *tighter[::-1]])

    def ask_again(self, both: Terms, answers: list[tuple[float, Solved]]) -> None:
        """What time is left goes to the answers whose gap is open, the widest gap first."""
        gaps = {
            at: relative_gap(self.model.value(both, solved.values), solved.bound)
            for at, (_, solved) in enumerate(answers)
        }
        waiting = sorted(
            (at for at in gaps if gaps[at] > self.limits.gap), key=lambda at: -gaps[at]
        )
        for number, at in enumerate(waiting):
            if self.left_s < STOP_S:
                return
            limit_kg, before = answers[at]
            self.limit.upper = limit_kg + SLACK_KG
            again = self.ask(both, len(waiting) - number, before.values)
            worse = self.model.value(both, before.values) < self.model.value(both, again.values)
            best = before if worse else again
            answers[at] = limit_kg, replace(best, bound=max(before.bound, again.bound))
            self.tell(self.point(*answers[at]))

    @property
    def left_s(self) -> float:
        """Seconds left for all questions."""
        return self.limits.time_limit_s - (time.perf_counter() - self.started)

    def point(self, limit_kg: float, solved: Solved) -> AwardPoint:
        """What an answer says."""
        cost = self.model.value(self.cost, solved.values)
        kg = self.model.value(self.co2e, solved.values)
        volume = {b: v for b, c in self.columns.items() if (v := solved.values[c]) > SMALL_TEU}
        bound = min(solved.bound - self.rho * (limit_kg + SLACK_KG), cost)
        return AwardPoint(limit_kg, cost, kg, bound, solved.seconds, volume)

    def tell(self, point: AwardPoint) -> None:
        """Say what was found."""
        self.progress(
            f"{time.perf_counter() - self.started:6.1f} s  at most {point.limit_kg:,.0f} kg: "
            f"cost {point.cost:,.0f}, gap {point.gap:.3%}"
        )

    def ask(self, terms: Terms, questions_left: int, start: Sequence[float] = ()) -> Solved:
        """One question, with its share of the time that is left."""
        self.model.minimise(terms)
        if start and self.left_s < STOP_S:
            return Solved("feasible", tuple(start))
        limit_s = max(1.0, self.left_s / questions_left - GRACE_S)
        limits = Limits(limit_s, self.limits.gap, self.limits.seed)
        solved = solve(self.model, limits, hint=tuple(start))
        if solved.status == "infeasible":
            raise NoPlanExists("No award covers every lane and keeps the minimums and rules.", [])
        if not solved.found and not start:
            raise TimeIsUp("Time ran out before an end of the front was found.")
        return solved if solved.found else replace(solved, status="feasible", values=tuple(start))


def _with_wider_bounds(points: Sequence[AwardPoint]) -> tuple[AwardPoint, ...]:
    """From the widest limit on: what none within a limit costs, none within less does."""
    found: list[AwardPoint] = []
    for point in points:
        bound = max([point.bound, *(p.bound for p in found[-1:])])
        found.append(replace(point, bound=min(bound, point.cost)))
    return tuple(found)
