"""Runs that another run replaces in every plan, left out exactly.

Two runs over the same links, with the same bids at the same prices, differ in their days only. The
one that admits all orders of the other, and is no worse where its day counts (at a logistics
centre, where a box is fetched, where one is freed), makes the other needless. Bids with a capacity
count by day or week, so there only runs of the same day or week are compared.

Runs over other links are compared in money and CO2e as well: a run goes if one choice of offers on
another run is at least as good in every price and every gram as the best that each of its own legs
could do. Runs over bids that the tender's terms speak of stay: their volume may earn a rebate or be
owed to a rule. Where boxes are fetched or freed, the legs that fetch and free them must be the
same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from routing.case import Case
from routing.costs import linear_price
from routing.groups import Entry
from routing.network import Link, Network
from routing.reach import TurnReach
from routing.runs import Run, Step
from routing.tender_volumes import touched_bids


@dataclass(frozen=True)
class Admission:
    """A run with what it admits, and where its days count.

    `later_is_better` holds at its start (a box may be fetched, goods come from a centre),
    `sooner_is_better` at its end (its box is freed, goods go on from a centre, lateness counts).
    Where free time may end too early for a box (`own_start`, `own_end`), no other day is as good.
    """

    run: Run
    admitted: frozenset[Entry]
    later_is_better: bool
    sooner_is_better: bool
    own_start: bool = False
    own_end: bool = False

    def replaces(self, other: Admission) -> bool:
        """True if this run is at least as good as the other in every plan."""
        return (
            other.admitted <= self.admitted
            and (
                not (self.later_is_better or other.later_is_better)
                or self.run.depart >= other.run.depart
            )
            and (
                not (self.sooner_is_better or other.sooner_is_better)
                or self.run.arrive <= other.run.arrive
            )
            and (not (self.own_start or other.own_start) or self.run.depart == other.run.depart)
            and (not (self.own_end or other.own_end) or self.run.arrive == other.run.arrive)
        )


def not_replaced(
    admissions: Sequence[Admission], sameness: Callable[[Run], Hashable]
) -> list[Admission]:
    """The admissions that no other one replaces; of equals the first stays."""
    alike: dict[Hashable, list[Admission]] = defaultdict(list)
    for admission in admissions:
        kept = alike[sameness(admission.run)]
        if any(other.replaces(admission) for other in kept):
            continue
        kept[:] = [other for other in kept if not admission.replaces(other)]
        kept.append(admission)
    stays = {id(a) for some in alike.values() for a in some}
    return [a for a in admissions if id(a) in stays]


class Economy:
    """What the offers of a leg cost and emit, for comparing ways (see `outdone`)."""

    def __init__(self, case: Case, network: Network, reach: TurnReach) -> None:
        self.case = case
        self.network = network
        self.reach = reach
        self.spoken_of = touched_bids(case)
        self.vectors = cache(self._vectors)

    def _vectors(
        self, link: Link, day: int, at_end: bool
    ) -> tuple[tuple[bool, tuple[float, ...]], ...]:
        """Each offer on a day: is it free of limits, and its CO2e and price.

        Both are lines in the cargo, so they are compared at an empty and at a full load unit;
        charges per shipment and minimum charges stand apart.
        """
        teu = self.case.equipment[link.equipment].teu
        found = []
        for offer in self.network.offers_on(link, day):
            bid = offer.bid
            price = linear_price(
                bid,
                teu=teu,
                driven_km=offer.driven_km,
                day=date.fromordinal(day),
                fx=self.case.fx,
            )
            co2e_kg = offer.per_load_unit.wtw_kg
            if offer.is_haulage and at_end:
                co2e_kg += offer.empty_per_km.wtw_kg * offer.driven_km
            free = (
                bid.capacity is None
                and not bid.min_volume
                and not self.case.carriers[bid.carrier].fixed_cost
                and bid.bid_id not in self.spoken_of
            )
            full_kg = self.case.equipment[link.equipment].payload_kg
            vector = (
                co2e_kg,
                co2e_kg + full_kg * offer.per_cargo_kg.wtw_kg,
                price.per_load_unit,
                price.per_load_unit + full_kg * price.per_cargo_kg,
                price.per_shipment,
                price.minimum,
            )
            found.append((free, vector))
        return tuple(found)

    def of(self, run: Run, step: Step) -> tuple[tuple[bool, tuple[float, ...]], ...]:
        """The offers of a step; a haulage has its empty way at the ends of a run only."""
        return self.vectors(step.link, step.depart, step in (run.steps[0], run.steps[-1]))

    def handling(self, run: Run) -> tuple[float, ...]:
        """Handling of one sealed load unit where the mode changes, as such a vector."""
        cost = co2e_kg = 0.0
        for before, after in zip(run.steps, run.steps[1:], strict=False):
            if before.link.mode != after.link.mode:
                place = self.case.places[before.link.destination]
                rate = self.case.fx.factor(place.currency) if place.currency else 1.0
                cost += place.handling_cost_per_load_unit * rate
                teu = self.case.equipment[run.equipment].teu
                co2e_kg += (place.handling_co2e_wtw_kg_per_teu or 0.0) * teu
        return (co2e_kg, co2e_kg, cost, cost, 0.0, 0.0)

    def at_best(self, run: Run) -> tuple[float, ...]:
        """The least that each part could be on each leg: no choice of offers is better."""
        legs = [tuple(min(v[i] for _, v in self.of(run, s)) for i in range(6)) for s in run.steps]
        return _sum([*legs, self.handling(run)])

    def choices(self, run: Run, shared: frozenset[tuple[int, int]]) -> list[tuple[float, ...]]:
        """Some whole choices of offers: the cleanest and the cheapest, limited ones left out.

        An offer with a limit may stand only on a leg and day that the other run uses as well
        (`shared`), where it takes no more room than before.
        """
        picks: list[list[tuple[float, ...]]] = [[], []]
        for step in run.steps:
            same = (step.link.index, step.depart) in shared
            open_offers = [v for free, v in self.of(run, step) if free]
            if same:
                continue
            if not open_offers:
                return []
            picks[0].append(min(open_offers))
            picks[1].append(min(open_offers, key=lambda v: (v[3], v)))
        return [_sum([*pick, self.handling(run)]) for pick in picks]

    def bucket(self, run: Run) -> Hashable:
        """Runs are compared where boxes, lines and the legs that fetch and free them agree."""
        first, last = run.steps[0], run.steps[-1]
        fetches, frees = self.reach.fetches(run), self.reach.frees(run)
        return (
            run.equipment,
            run.line if fetches or frees else "",
            first.link.index if fetches else None,
            (last.link.index, run.free_days, run.detention) if frees else None,
        )

    def outdone(self, admissions: Sequence[Admission]) -> list[Admission]:
        """The admissions that no other run outdoes in days, money and CO2e."""
        buckets: dict[Hashable, list[Admission]] = defaultdict(list)
        for admission in admissions:
            buckets[self.bucket(admission.run)].append(admission)
        gone: set[int] = set()
        for some in buckets.values():
            best = {id(a): self.at_best(a.run) for a in some}
            some = sorted(some, key=lambda a: best[id(a)])
            kept: list[Admission] = []
            for admission in some:
                if not self.owes(admission.run) and any(
                    other.run.max_cargo_kg >= admission.run.max_cargo_kg
                    and not any(s.link.weight_from_kg for s in other.run.steps)
                    and other.replaces(admission)
                    and self.beats(other.run, admission.run)
                    for other in kept
                ):
                    gone.add(id(admission))
                else:
                    kept.append(admission)
        return [a for a in admissions if id(a) not in gone]

    def owes(self, run: Run) -> bool:
        """True if a term of the tender speaks of a bid that the run may use."""
        return bool(self.spoken_of) and any(
            offer.bid.bid_id in self.spoken_of for step in run.steps for offer in step.link.offers
        )

    def beats(self, run: Run, other: Run) -> bool:
        """True if one choice of offers on `run` is as good as any choice on `other`."""
        shared = frozenset((s.link.index, s.depart) for s in other.steps)
        here = frozenset((s.link.index, s.depart) for s in run.steps)
        rest = [s for s in other.steps if (s.link.index, s.depart) not in here]
        legs = [tuple(min(v[i] for _, v in self.of(other, s)) for i in range(6)) for s in rest]
        target = _sum([*legs, self.handling(other)])
        return any(
            all(x <= y + 1e-9 for x, y in zip(choice, target, strict=True))
            for choice in self.choices(run, shared)
        )


def _sum(vectors: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(sum(v[i] for v in vectors) for i in range(6))
