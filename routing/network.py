"""The network of legs: places joined by links, each a bundle of offers that run alike.

Offers of one relation with the same mode, service, equipment, line, days and weight band differ
only in price and CO2e. They share a link, so a run is a way through links and not a product of
bids; which offer carries it is decided per leg (runs without bids).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import networkx as nx

from routing.bids import WEEKDAYS, Bid, Carrier
from routing.offers import Offer
from routing.places import SEALED_CHANGE_KINDS, Place

WayKey = tuple[str, str, tuple[int, ...]]
"""First place, last place, link indices."""


@dataclass(frozen=True, eq=False)
class Link:
    """Offers between two places that only differ in price and CO2e.

    `line` owns the boxes of the leg (empty: nobody is named); `free_days` is the time free of
    detention that these offers give, None where there is no limit, and `detention` the price of
    each day after it (None: not to be had) with its currency. Links are compared by identity.
    """

    index: int
    origin: str
    destination: str
    mode: str
    service: str
    equipment: str
    line: str
    transit_days: int
    cutoff_days: int
    departure_days: tuple[str, ...]
    weight_from_kg: float | None
    weight_to_kg: float | None
    free_days: int | None
    detention: tuple[float | None, str]
    offers: tuple[Offer, ...]

    @property
    def is_haulage(self) -> bool:
        """True for the road haulage of a box."""
        return self.mode == "road" and self.service == "container"

    def departure_on_or_after(self, day: int) -> int:
        """The first day (ordinal) from `day` on which the link departs."""
        if not self.departure_days:
            return day
        days = {WEEKDAYS.index(d) for d in self.departure_days}
        for ahead in range(7):
            # date.fromordinal(1) is a Monday, so (ordinal - 1) % 7 is the weekday
            if (day + ahead - 1) % 7 in days:
                return day + ahead
        raise ValueError(f"no weekday in {self.departure_days}")


class Network:
    """Links as edges of multigraphs; offers of part loads stay apart (they carry no box)."""

    def __init__(
        self,
        offers: Iterable[Offer],
        places: Mapping[str, Place],
        carriers: Mapping[str, Carrier],
    ) -> None:
        offers = list(offers)
        self.places = places
        self.carriers = carriers
        self.links = _links([o for o in offers if o.bid.takes_load_units])
        self.part_offers = [o for o in offers if not o.bid.takes_load_units]
        self._valid: dict[tuple[int, int], tuple[Offer, ...]] = {}
        self._sealed: dict[str, nx.MultiDiGraph[str]] = {}
        self._onward: dict[str, dict[str, list[tuple[str, int]]]] = {}
        self.ways_found: dict[tuple[str, str, str], list[tuple[Link, ...]]] = {}
        """Ways by pair of places and equipment, found once for all openings."""

    def offers_on(self, link: Link, day: int) -> tuple[Offer, ...]:
        """The offers of a link whose bids and carriers hold on a day (ordinal)."""
        key = (link.index, day)
        if key not in self._valid:
            when = date.fromordinal(day)
            self._valid[key] = tuple(o for o in link.offers if o.sails_on(when, self.carriers))
        return self._valid[key]

    def passes(self, place: str) -> bool:
        """True if a sealed load unit may change its leg at that place."""
        return self.places[place].kind in SEALED_CHANGE_KINDS

    def left_after(self, place: str, after: str, left: frozenset[str]) -> frozenset[str] | None:
        """The countries that a way has left once it goes on; None if it comes back to one."""
        here, there = self.places[place].country, self.places[after].country
        if there in left:
            return None
        return left if here == there else left | {here}

    def sealed(self, equipment: str) -> nx.MultiDiGraph[str]:
        """The part of the network that a sealed box of that equipment may use."""
        if equipment not in self._sealed:
            graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
            for link in self.links:
                if link.service == "container" and link.equipment == equipment:
                    graph.add_edge(link.origin, link.destination, key=link.index)
            self._sealed[equipment] = graph
        return self._sealed[equipment]

    def onward(self, equipment: str) -> dict[str, list[tuple[str, int]]]:
        """By place: the next places of a sealed box of that equipment, and by which link."""
        if equipment not in self._onward:
            found: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for place, after, index in self.sealed(equipment).edges(keys=True):
                found[place].append((after, index))
            self._onward[equipment] = found
        return self._onward[equipment]

    def ways(
        self, origin: str, destination: str, equipment: str, max_legs: int
    ) -> list[tuple[Link, ...]]:
        """All simple ways of one sealed load unit between two places that turn to no country twice.

        Trailers (ftl) go directly; boxes change legs at ports, terminals, depots and hubs. A box
        that has left a country does not come back to it: bids for both directions would else make
        ways there, back and there again. The order is that of the bids, so it is the same always.
        """
        found: list[tuple[Link, ...]] = [
            (k,)
            for k in self.links
            if k.service == "ftl"
            and k.equipment == equipment
            and (k.origin, k.destination) == (origin, destination)
        ]
        graph = self.sealed(equipment)
        if origin not in graph or destination not in graph:
            return found
        onward = self.onward(equipment)
        legs_left = nx.single_source_shortest_path_length(graph.reverse(copy=False), destination)

        def extend(
            way: tuple[Link, ...], place: str, seen: frozenset[str], left: frozenset[str]
        ) -> None:
            for after, index in onward.get(place, ()):
                if after in seen or len(way) + 1 + legs_left.get(after, max_legs) > max_legs:
                    continue
                gone = self.left_after(place, after, left)
                if gone is None:
                    continue
                if after == destination:
                    found.append((*way, self.links[index]))
                elif self.passes(after):
                    extend((*way, self.links[index]), after, seen | {after}, gone)

        extend((), origin, frozenset({origin}), frozenset())
        return sorted(found, key=lambda way: tuple(link.index for link in way))


def bundle(index: int, offers: tuple[Offer, ...]) -> Link:
    """The link of offers that run alike."""
    first, b = offers[0], offers[0].bid
    return Link(
        index,
        b.origin,
        b.destination,
        b.mode,
        b.service,
        first.equipment,
        b.line,
        b.transit_days,
        b.cutoff_days,
        b.departure_days,
        b.weight_from_kg,
        b.weight_to_kg,
        b.free_days,
        detention_of(b),
        offers,
    )


def detention_of(bid: Bid) -> tuple[float | None, str]:
    """The price of a day after free time and its currency; (None, "") where it is not to be had."""
    if bid.free_days is None or bid.detention_per_day is None:
        return None, ""
    return bid.detention_per_day, bid.currency


def way_key(way: Sequence[Link]) -> WayKey:
    """The way, wherever its days lie."""
    return (way[0].origin, way[-1].destination, tuple(link.index for link in way))


def _links(offers: list[Offer]) -> list[Link]:
    alike: dict[Hashable, list[Offer]] = defaultdict(list)
    for offer in offers:
        b = offer.bid
        key = (
            b.origin,
            b.destination,
            b.mode,
            b.service,
            offer.equipment,
            b.line,
            b.transit_days,
            b.cutoff_days,
            b.departure_days,
            b.weight_from_kg,
            b.weight_to_kg,
            b.free_days,
            detention_of(b),
        )
        alike[key].append(offer)
    return [bundle(i, tuple(same)) for i, same in enumerate(alike.values())]
