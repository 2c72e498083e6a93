"""All runs between two places as arrays: the days of every way from every start.

A large case has hundreds of thousands of runs, of which a plan needs a few. Here they are numbers
in arrays (`Timetable`), set forward in time by the same rules as routing/runs.py; only those that
are kept become `Run` objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from routing.bids import WEEKDAYS
from routing.case import Case
from routing.network import Link, Network
from routing.pins import pinned_days
from routing.runs import Run, Step, main_link, max_cargo_kg

Days = np.ndarray
"""Ordinals of datetime.date."""
WEEK = 7


@dataclass(frozen=True, eq=False)
class Timetable:
    """The runs of one pair of places and equipment.

    `way` is the position in `ways`; `departs` holds a row a run and a column a leg (0 where the way
    has fewer); `stuffed` and `arrive` are the days that orders are held against.
    """

    ways: tuple[tuple[Link, ...], ...]
    way: np.ndarray
    departs: np.ndarray
    stuffed: Days
    arrive: Days
    max_cargo_kg: np.ndarray

    def __len__(self) -> int:
        return len(self.way)

    def run(self, index: int) -> Run:
        """One of them as an object."""
        way = self.ways[self.way[index]]
        steps = tuple(
            Step(link, int(day), int(day) + link.transit_days)
            for link, day in zip(way, self.departs[index], strict=False)
        )
        return Run(
            way[0].origin,
            way[-1].destination,
            way[0].equipment,
            steps,
            main_link(way).line,
            float(self.max_cargo_kg[index]),
        )

    @cached_property
    def links(self) -> np.ndarray:
        """The index of the link of each way (row) and leg (column), -1 where there is none."""
        legs = self.departs.shape[1]
        rows = [[k.index for k in way] + [-1] * (legs - len(way)) for way in self.ways]
        return np.array(rows, dtype=np.int64).reshape(len(self.ways), legs)

    @cached_property
    def legs(self) -> np.ndarray:
        """How many legs each run has."""
        counts = np.array([len(way) for way in self.ways], dtype=np.int64)
        return np.asarray(counts[self.way])

    def chosen(self, keep: np.ndarray) -> Timetable:
        """The runs that a mask or positions pick."""
        return Timetable(
            self.ways,
            self.way[keep],
            self.departs[keep],
            self.stuffed[keep],
            self.arrive[keep],
            self.max_cargo_kg[keep],
        )


class Calendar:
    """On which days links depart with a bid that holds, from `first` to `last` (ordinals)."""

    def __init__(self, case: Case, network: Network, first: int, last: int) -> None:
        self.case = case
        self.network = network
        self.first = first
        self.last = last
        self.pinned = pinned_days(case)
        settings = case.settings
        self.each_start = settings.on("round_use") and settings.box_wait_days is not None
        self.offers_of = cache(self._offers_of)
        self.wait = cache(self._wait)
        self.limited_by = cache(self._limited_by)

    def _offers_of(self, link: Link) -> np.ndarray:
        """By day: a number for the offers that hold then, 0 where none does."""
        days = range(self.first, self.last + 1)
        carriers = self.network.carriers
        always = all(
            not o.bid.closed_on
            and o.bid.valid_from is None
            and o.bid.valid_to is None
            and carriers[o.bid.carrier].qualified_until is None
            for o in link.offers
        )
        if always:
            return np.full(len(days), 1 if link.offers else 0, dtype=np.int32)
        numbers: dict[tuple[int, ...], int] = {(): 0}
        found = [
            numbers.setdefault(tuple(map(id, self.network.offers_on(link, day))), len(numbers))
            for day in days
        ]
        return np.array(found, dtype=np.int32)

    def _wait(self, departure_days: tuple[str, ...]) -> np.ndarray:
        """Days until the next departure, by weekday of the day on which a box is there."""
        days = {WEEKDAYS.index(d) for d in departure_days} or set(range(WEEK))
        return np.array(
            [min((d - weekday) % WEEK for d in days) for weekday in range(WEEK)], dtype=np.int64
        )

    def _limited_by(self, link: Link) -> frozenset[str]:
        """The periods in which capacities of a link's bids count."""
        return frozenset(o.bid.capacity_per for o in link.offers if o.bid.capacity is not None)

    def timetable(
        self, ways: Sequence[tuple[Link, ...]], starts: Sequence[int], latest_arrival: int
    ) -> Timetable:
        """The runs on those ways that start on those days and arrive in time.

        Of runs that differ only in how long the box waits before the same later departures, the
        one that leaves last is kept, as in `runs.runs_between`.
        """
        ways = tuple(ways)
        legs = max((len(way) for way in ways), default=0)
        if not ways:
            none = np.zeros(0, dtype=np.int64)
            return Timetable(ways, none, np.zeros((0, legs), np.int64), none, none, none)
        day = np.tile(np.array(starts, dtype=np.int64), (len(ways), 1))
        departs = np.zeros((*day.shape, legs), dtype=np.int64)
        first_offers = np.zeros(day.shape, dtype=np.int32)
        open_ = np.ones(day.shape, dtype=bool)
        for leg in range(legs):
            on = np.array([len(way) > leg for way in ways])
            links = [way[leg] for way in ways if len(way) > leg]
            lead = np.array([self.lead(link, leg) for link in links])[:, None]
            there = day[on] + lead
            wait = np.array([self.wait(link.departure_days) for link in links])
            # date.fromordinal(1) is a Monday, so (ordinal - 1) % 7 is the weekday
            depart = there + np.take_along_axis(wait, (there - 1) % WEEK, axis=1)
            held = self.holds(links, depart)
            departs[on, :, leg] = depart
            open_[on] &= held > 0
            if leg == 0:
                first_offers = held
            day[on] = depart + np.array([link.transit_days for link in links])[:, None]
        open_ &= day <= latest_arrival
        way_of, _ = np.nonzero(open_)
        departs, arrive, first_offers = departs[open_], day[open_], first_offers[open_]
        last = self.last_of_alike(ways, way_of, departs, first_offers)
        cutoff = np.array([way[0].cutoff_days for way in ways])
        limit = np.array([max_cargo_kg(self.case, way) for way in ways])
        way_of, departs = way_of[last], departs[last]
        stuffed = departs[:, 0] - cutoff[way_of]
        return Timetable(ways, way_of, departs, stuffed, arrive[last], limit[way_of])

    def lead(self, link: Link, leg: int) -> int:
        """Days that a box must be at the origin of a leg before it departs."""
        dwell = self.network.places[link.origin].dwell_days if leg else 0
        return max(dwell, link.cutoff_days)

    def holds(self, links: Sequence[Link], departs: np.ndarray) -> np.ndarray:
        """By link (row) and departure: the number of the offers that hold, 0 for none."""
        inside = (departs >= self.first) & (departs <= self.last)
        at = np.clip(departs - self.first, 0, self.last - self.first)
        offers = np.array([self.offers_of(link) for link in links])
        return np.where(inside, np.take_along_axis(offers, at, axis=1), 0)

    def last_of_alike(
        self,
        ways: Sequence[tuple[Link, ...]],
        way_of: np.ndarray,
        departs: np.ndarray,
        first_offers: np.ndarray,
    ) -> np.ndarray:
        """A mask of the last start of each stretch of starts that differ in their waiting only."""
        own_day = np.array(
            [
                len(way) == 1
                or "day" in self.limited_by(way[0])
                or (self.each_start and way[0].is_haulage)
                for way in ways
            ]
        )[way_of]
        own_week = np.array(["week" in self.limited_by(way[0]) for way in ways])[way_of]
        first = departs[:, 0]
        pinned = np.isin(first, list(self.pinned)) if self.pinned else np.zeros(len(first), bool)
        counted = np.where(own_week, (first - 1) // WEEK, 0)
        counted = np.where(own_day | pinned, first, counted)
        key = np.column_stack([way_of, departs[:, 1:], first_offers, counted])
        last = np.ones(len(key), dtype=bool)
        last[:-1] = (key[1:] != key[:-1]).any(axis=1)
        return last
