"""Runs: load units (or part loads) from stuffing to stripping, with their days.

A run is a way through links with a departure day for each. It is set forward in time: a leg departs
on the first of its departure days that leaves the place's dwell time and the leg's cut-off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from routing.case import Case
from routing.network import Link, Network, WayKey, bundle, way_key
from routing.offers import Offer
from routing.pins import pinned_days
from routing.places import Place

MAX_LEGS = 6
"""Sealed legs of one run; longer chains are not met in practice."""


@dataclass(frozen=True, eq=False)
class Step:
    """One leg of a run with its days (ordinals of datetime.date)."""

    link: Link
    depart: int
    arrive: int


@dataclass(frozen=True, eq=False)
class Run:
    """A way of load units with its days. `line` owns the boxes (empty: nobody is named)."""

    origin: str
    destination: str
    equipment: str
    steps: tuple[Step, ...]
    line: str
    max_cargo_kg: float

    @property
    def stops(self) -> tuple[str, ...]:
        """Its places, first to last."""
        return (self.origin, *self.via, self.destination)

    @property
    def depart(self) -> int:
        """Departure from the stuffing place (ordinal day)."""
        return self.steps[0].depart

    @property
    def stuffed(self) -> int:
        """The day on which the load unit must be stuffed: the first leg's cut-off earlier."""
        return self.depart - self.steps[0].link.cutoff_days

    @property
    def arrive(self) -> int:
        """Arrival at the stripping place (ordinal day)."""
        return self.steps[-1].arrive

    @property
    def via(self) -> tuple[str, ...]:
        """The places between the first and the last."""
        return tuple(s.link.destination for s in self.steps[:-1])

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes of the legs in their order."""
        return tuple(s.link.mode for s in self.steps)

    @property
    def least_cargo_kg(self) -> float:
        """What its bids ask a load unit to carry at least, 0 if nothing."""
        return max((s.link.weight_from_kg or 0.0 for s in self.steps), default=0.0)

    @property
    def way_key(self) -> WayKey:
        """Its way, wherever its days lie."""
        return way_key([s.link for s in self.steps])

    @property
    def free_days(self) -> int | None:
        """Days free of detention after arrival: those of the leg that names the line."""
        return main_link([s.link for s in self.steps]).free_days

    @property
    def detention(self) -> tuple[float | None, str]:
        """The price of a day after those, None where it is not to be had, and its currency."""
        return main_link([s.link for s in self.steps]).detention


def main_link(way: Sequence[Link]) -> Link:
    """The main leg of a way: the first at sea, else the longest in days (the first of equals)."""
    for link in way:
        if link.mode == "sea":
            return link
    return max(way, key=lambda link: link.transit_days)


def leave(place: Place, ready: int, first: bool, link: Link) -> int:
    """The first day on which a link departs with goods that reached its origin on `ready`.

    Dwell counts between arrival and the next departure, not where the goods start; the cut-off
    asks the goods to be there so many days before departure.
    """
    dwell = 0 if first else place.dwell_days
    return link.departure_on_or_after(ready + max(dwell, link.cutoff_days))


def set_days(network: Network, way: Sequence[Link], start: int) -> tuple[Step, ...] | None:
    """The steps of a way that starts on a day, None where no bid holds on a departure day."""
    steps: list[Step] = []
    day = start
    for link in way:
        depart = leave(network.places[link.origin], day, not steps, link)
        if not network.offers_on(link, depart):
            return None
        day = depart + link.transit_days
        steps.append(Step(link, depart, day))
    return tuple(steps)


def runs_between(
    case: Case,
    network: Network,
    ways: Sequence[tuple[Link, ...]],
    starts: Iterable[int],
    latest_arrival: int,
) -> list[Run]:
    """All runs on those ways from those start days that arrive in time.

    Of runs that only differ in how long the box waits before the same later departures, the one
    that leaves last is kept: it admits every order and every emptied box that the others admit,
    at the same price (the same week and the same bids on its first leg). Not where an emptied box
    may wait a few days only: then an earlier start may catch the end of its free time.
    """
    starts = sorted(set(starts))
    each_start = case.settings.on("round_use") and case.settings.box_wait_days is not None
    pinned = pinned_days(case)  # whoever asks for that very day is not served by a later one
    runs: list[Run] = []
    for way in ways:
        kept: dict[object, tuple[Step, ...]] = {}
        limit = max_cargo_kg(case, way)
        for start in starts:
            steps = set_days(network, way, start)
            if steps is None or steps[-1].arrive > latest_arrival:
                continue
            depart = steps[0].depart
            own = depart if (each_start and way[0].is_haulage) or depart in pinned else 0
            kept[_sameness(network, steps), own] = steps  # later starts overwrite earlier ones
        runs += [
            Run(
                way[0].origin,
                way[-1].destination,
                way[0].equipment,
                steps,
                main_link(way).line,
                limit,
            )
            for steps in kept.values()
        ]
    return runs


def _sameness(network: Network, steps: tuple[Step, ...]) -> object:
    """What two runs of one way must share so that only the later one is worth keeping."""
    first = steps[0]
    offers = network.offers_on(first.link, first.depart)
    limited = {o.bid.capacity_per for o in offers if o.bid.capacity is not None}
    if "day" in limited or len(steps) == 1:
        return tuple(s.depart for s in steps)
    week = date.fromordinal(first.depart).isocalendar()[:2] if "week" in limited else None
    return (tuple(s.depart for s in steps[1:]), week, tuple(o.bid.bid_id for o in offers))


def max_cargo_kg(case: Case, way: Sequence[Link]) -> float:
    """The heaviest cargo of one load unit on a way: payload, roads at both ends, weight bands."""
    limits = [case.equipment[way[0].equipment].payload_kg]
    for link in way:
        if link.weight_to_kg is not None:
            limits.append(link.weight_to_kg)
        if link.mode == "road":
            for place in (link.origin, link.destination):
                limit = case.max_cargo_kg(case.places[place].country, link.equipment)
                if limit is not None:
                    limits.append(limit)
    return min(limits)


@dataclass(frozen=True, eq=False)
class PartStep:
    """One leg of a part load, on one offer."""

    offer: Offer
    depart: int
    arrive: int


@dataclass(frozen=True, eq=False)
class PartRun:
    """A way of one order's part load (ltl, lcl, air) with its days."""

    steps: tuple[PartStep, ...]

    @property
    def origin(self) -> str:
        """Where the part load starts."""
        return self.steps[0].offer.bid.origin

    @property
    def destination(self) -> str:
        """Where it ends."""
        return self.steps[-1].offer.bid.destination

    @property
    def stops(self) -> tuple[str, ...]:
        """Its places, first to last."""
        return (self.origin, *self.via, self.destination)

    @property
    def depart(self) -> int:
        """Departure (ordinal day)."""
        return self.steps[0].depart

    @property
    def handed_over(self) -> int:
        """The day on which the goods must be ready: the first leg's cut-off earlier."""
        return self.depart - self.steps[0].offer.bid.cutoff_days

    @property
    def arrive(self) -> int:
        """Arrival (ordinal day)."""
        return self.steps[-1].arrive

    @property
    def via(self) -> tuple[str, ...]:
        """The places between the first and the last."""
        return tuple(s.offer.bid.destination for s in self.steps[:-1])

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes of the legs in their order."""
        return tuple(s.offer.bid.mode for s in self.steps)


def part_ways(network: Network, origin: str, destination: str) -> list[tuple[Offer, ...]]:
    """All simple ways of a part load, each leg one offer; none comes back to a country it left."""
    out: dict[str, list[Offer]] = {}
    for offer in network.part_offers:
        out.setdefault(offer.bid.origin, []).append(offer)
    found: list[tuple[Offer, ...]] = []

    def extend(
        way: tuple[Offer, ...], place: str, seen: frozenset[str], left: frozenset[str]
    ) -> None:
        for offer in out.get(place, ()):
            after = offer.bid.destination
            gone = network.left_after(place, after, left)
            if gone is None:
                continue
            if after == destination:
                found.append((*way, offer))
            elif after not in seen and network.passes(after) and len(way) + 1 < MAX_LEGS:
                extend((*way, offer), after, seen | {after}, gone)

    extend((), origin, frozenset({origin}), frozenset())
    return found


@cache
def link_of(offer: Offer) -> Link:
    """The link of one offer of part loads, for its days."""
    return bundle(-1, (offer,))


def set_part_days(network: Network, way: Sequence[Offer], start: int) -> PartRun | None:
    """The part run that starts on a day, None where a bid does not hold on its departure day."""
    steps: list[PartStep] = []
    day = start
    for offer in way:
        link = link_of(offer)
        depart = leave(network.places[offer.bid.origin], day, not steps, link)
        if not offer.sails_on(date.fromordinal(depart), network.carriers):
            return None
        day = depart + offer.bid.transit_days
        steps.append(PartStep(offer, depart, day))
    return PartRun(tuple(steps))


def is_paid(stops: tuple[str, ...], index: int, named_place: str, flow: str) -> bool:
    """True if leg number `index` between the stops is on our account (Incoterm's named place).

    Outbound legs are ours up to the named place, inbound ones from there; a way that does not pass
    it is ours throughout.
    """
    if not named_place or named_place not in stops:
        return True
    at = stops.index(named_place)
    return index >= at if flow == "inbound" else index < at
