"""All runs between two places as arrays: the days of every way from every start.

A large case has hundreds of thousands of runs, of which a plan needs a few. Here they are numbers
in arrays (`Timetable`), set forward in time by the same rules as routing/runs.py; only those that
are kept become `Run` objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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

    def holds(self, link: Link, departs: Days) -> np.ndarray:
        """By departure day: the number of the offers that hold, 0 for none or beyond the days."""
        inside = (departs >= self.first) & (departs <= self.last)
        at = np.clip(departs - self.first, 0, self.last - self.first)
        return np.where(inside, self.offers_of(link)[at], 0)

    def timetable(
        self, ways: Sequence[tuple[Link, ...]], starts: Sequence[int], latest_arrival: int
    ) -> Timetable:
        """The runs on those ways that start on those days and arrive in time.

        Of runs that differ only in how long the box waits before the same later departures, the
        one that leaves last is kept, as in `runs.runs_between`.
        """
        legs = max((len(way) for way in ways), default=0)
        rows: list[np.ndarray] = []
        way_of: list[np.ndarray] = []
        arrive: list[Days] = []
        first_days = np.array(starts, dtype=np.int64)
        for index, way in enumerate(ways):
            day = first_days
            open_ = np.ones(len(day), dtype=bool)
            departs = np.zeros((len(day), legs), dtype=np.int64)
            first_offers = np.zeros(len(day), dtype=np.int32)
            for leg, link in enumerate(way):
                dwell = self.network.places[link.origin].dwell_days if leg else 0
                there = day + max(dwell, link.cutoff_days)
                # date.fromordinal(1) is a Monday, so (ordinal - 1) % 7 is the weekday
                departs[:, leg] = there + self.wait(link.departure_days)[(there - 1) % WEEK]
                held = self.holds(link, departs[:, leg])
                open_ &= held > 0
                if leg == 0:
                    first_offers = held
                day = departs[:, leg] + link.transit_days
            open_ &= day <= latest_arrival
            if not open_.any():
                continue
            departs, day, first_offers = departs[open_], day[open_], first_offers[open_]
            last = self.last_of_alike(way, departs, first_offers)
            rows.append(departs[last])
            arrive.append(day[last])
            way_of.append(np.full(int(last.sum()), index))
        if not rows:
            none = np.zeros(0, dtype=np.int64)
            return Timetable(tuple(ways), none, np.zeros((0, legs), np.int64), none, none, none)
        which, departs = np.concatenate(way_of), np.concatenate(rows)
        cutoff = np.array([way[0].cutoff_days for way in ways])
        limit = np.array([max_cargo_kg(self.case, way) for way in ways])
        return Timetable(
            tuple(ways),
            which,
            departs,
            departs[:, 0] - cutoff[which],
            np.concatenate(arrive),
            limit[which],
        )

    def last_of_alike(
        self, way: tuple[Link, ...], departs: np.ndarray, first_offers: np.ndarray
    ) -> np.ndarray:
        """A mask of the last start of each stretch of starts that differ in their waiting only."""
        limited = self.limited_by(way[0])
        if "day" in limited or len(way) == 1 or (self.each_start and way[0].is_haulage):
            compared = [departs]
        else:
            compared = [departs[:, 1:], first_offers[:, None]]
            if "week" in limited:
                compared.append((departs[:, :1] - 1) // WEEK)
            if self.pinned:
                pinned = np.isin(departs[:, :1], list(self.pinned))
                compared.append(np.where(pinned, departs[:, :1], 0))
        key = np.concatenate(compared, axis=1)
        last = np.ones(len(key), dtype=bool)
        last[:-1] = (key[1:] != key[:-1]).any(axis=1)
        return last
