"""Ways of arcs from where goods are made to where they are wanted, and which are worth offering."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from benchmarks.gttp_instance import SHORTCUT, TRANSPORT, Arc, Instance, Terms
from benchmarks.gttp_lots import ends_of

MAX_ARCS = 4


@dataclass(frozen=True)
class Way:
    """Arcs one after the other, then the shortcut to the demand if there is one.

    `stored`: the goods are handed over at a store and may wait there.
    """

    arcs: tuple[dict[int, Arc], ...]
    """Each leg's arcs by their day of departure."""
    shortcut: dict[int, Arc] | None
    stored: bool

    @property
    def days(self) -> int:
        """Days from departure to arrival."""
        return sum(a.arrive - a.depart for a in (any_arc(leg) for leg in self.arcs))

    @property
    def km(self) -> float:
        """Kilometres of all legs."""
        return sum(any_arc(leg).km for leg in self.arcs)

    @property
    def stops(self) -> tuple[int, ...]:
        """Nodes, without the demand behind a shortcut."""
        return (any_arc(self.arcs[0]).start, *(any_arc(leg).end for leg in self.arcs))

    @property
    def name(self) -> str:
        """Nodes and modes, such as 0L7R6."""
        ends = (f"{any_arc(leg).mode}{any_arc(leg).end}" for leg in self.arcs)
        return f"{self.stops[0]}{''.join(ends)}"

    def figures(self, kind: str) -> tuple[float, float, float, float]:
        """g CO2e a container and a tonne, EUR a container and a tonne."""
        sums = [0.0] * 4
        for leg in self.arcs:
            arc = any_arc(leg)
            terms = arc.terms[kind]
            sums[0] += terms.g_per_container
            sums[1] += terms.g_per_t
            sums[2] += terms.cost_per_container(arc.km)
            sums[3] += terms.cost_per_t(arc.km)
        return sums[0], sums[1], sums[2], sums[3]

    def on(self, day: int) -> tuple[Arc, ...] | None:
        """The arcs of a departure on that day, None where one is missing."""
        found: list[Arc] = []
        for leg in self.arcs:
            if day not in leg:
                return None
            found.append(leg[day])
            day = leg[day].arrive
        return tuple(found)


def any_arc(leg: dict[int, Arc]) -> Arc:
    return next(iter(leg.values()))


def ways_between(instance: Instance, origin: int, destination: int) -> list[Way]:
    """All ways of at most four arcs that come to no node twice."""
    legs: dict[int, dict[Any, dict[int, Arc]]] = defaultdict(lambda: defaultdict(dict))
    shortcuts: dict[int, dict[int, Arc]] = defaultdict(dict)
    for arc in instance.moves:
        if arc.mode == SHORTCUT and arc.end == destination:
            shortcuts[arc.start][arc.depart] = arc
        elif arc.mode in TRANSPORT:
            terms = tuple(sorted((k, _numbers(t)) for k, t in arc.terms.items()))
            alike = (arc.end, arc.mode, arc.arrive - arc.depart, arc.km, terms)
            legs[arc.start][alike][arc.depart] = arc
    found: list[Way] = []

    def extend(way: tuple[dict[int, Arc], ...], seen: frozenset[int]) -> None:
        at = any_arc(way[-1]).end
        if at == destination:
            found.append(Way(way, None, stored=False))
        elif at in shortcuts:
            found.append(Way(way, shortcuts[at], stored=instance.stores(at)))
        if at != destination and len(way) < MAX_ARCS:
            for leg in legs[at].values():
                if any_arc(leg).end not in seen:
                    extend((*way, leg), seen | {any_arc(leg).end})

    for leg in legs[origin].values():
        extend((leg,), frozenset({origin, any_arc(leg).end}))
    return found


def _numbers(terms: Terms) -> tuple[float, ...]:
    tariff = terms.tariff
    return (
        terms.g_per_container, terms.g_per_t, terms.handling_per_container, terms.handling_per_t,
        tariff.per_container_km, tariff.per_km,
    )  # fmt: skip


def worth_offering(instance: Instance, ways: list[Way]) -> list[Way]:
    """The ways that no other one beats in days, CO2e and cost; a store serves all days."""
    kinds = sorted({c.kind for c in instance.commodities})
    vectors = [(w.days, *(f for k in kinds for f in w.figures(k)), not w.stored) for w in ways]
    kept = []
    for i, way in enumerate(ways):
        beaten = any(
            j != i
            and all(x <= y for x, y in zip(vectors[j], vectors[i], strict=True))
            and (vectors[j] != vectors[i] or j < i)
            for j in range(len(ways))
        )
        if not beaten:
            kept.append(way)
    return kept


def arcs_worth_offering(instance: Instance) -> frozenset[int]:
    """Arcs of the ways worth offering, all storage and all deliveries."""
    relations = {e for c in instance.commodities if (e := ends_of(instance, c.index))}
    legs = [
        leg.values()
        for origin, destination in relations
        for way in worth_offering(instance, ways_between(instance, origin, destination))
        for leg in way.arcs
    ]
    kept = {a.index for a in instance.arcs if a.mode not in TRANSPORT}
    return frozenset(kept | {arc.index for leg in legs for arc in leg})
