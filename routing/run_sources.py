"""Where runs come from: all that a plan may need, or the few that a large one is searched on."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property
from itertools import compress
from typing import Protocol

import numpy as np

from routing.admission import Admitting
from routing.case import Case
from routing.groups import Entry
from routing.leg_values import Values, Weights
from routing.network import Link, Network
from routing.orders import Order
from routing.runs import Run, runs_between
from routing.thinning import Worth, thinned
from routing.timetable import Calendar, Timetable

Windows = dict[Entry, tuple[int, int]]
"""The earliest start and the latest arrival of each entry (ordinal days)."""
Way = tuple[Link, ...]
CENTRE_ORDERS = 30
"""So many orders, the smallest, may go through a logistics centre."""


class RunSource(Protocol):
    """Finds the runs that are offered to some entries, and says who may go through a centre."""

    def offers_centre(self, order: Order) -> bool:
        """True if the ways of an order through logistics centres are looked at."""
        ...

    def runs(
        self, ways: Sequence[Way], windows: Windows, days: range
    ) -> list[tuple[Run, list[Entry]]]:
        """Runs on those ways (of one pair and equipment) within those days, and what they admit."""
        ...


class AllRuns:
    """Every run but those that another one replaces in every plan: nothing is lost."""

    def offers_centre(self, order: Order) -> bool:
        """See `RunSource`."""
        return True

    def __init__(self, case: Case, network: Network, admitting: Admitting) -> None:
        self.case = case
        self.network = network
        self.admitting = admitting

    def runs(
        self, ways: Sequence[Way], windows: Windows, days: range
    ) -> list[tuple[Run, list[Entry]]]:
        """See `RunSource`."""
        runs = runs_between(self.case, self.network, ways, days, days[-1])
        admissions = [self.admitting.admission(run, windows) for run in runs]
        return self.admitting.worth_keeping([a for a in admissions if a.admitted])


class FewRuns:
    """The few best runs for each use (routing/thinning.py); for `both`, for the tie-breaker too.

    Centres are offered to the smallest orders, over direct feeders: whoever nearly fills a load
    unit gains little by being stuffed again.
    """

    def __init__(
        self, case: Case, network: Network, admitting: Admitting, *, both: bool = False
    ) -> None:
        self.case = case
        self.admitting = admitting
        self.both = both
        orders = case.orders
        first = min(o.ready_date.toordinal() for o in orders)
        last = max(admitting.latest(o.due_date.toordinal()) for o in orders)
        self.calendar = Calendar(case, network, first, last)
        weights = Weights.of(case.settings)
        self.objective = Values(case, network, self.calendar, weights)
        other = Weights(1.0, 0.0) if weights.cost else Weights(0.0, 1.0)
        self.tie_breaker = Values(case, network, self.calendar, other)

    def runs(
        self, ways: Sequence[Way], windows: Windows, days: range
    ) -> list[tuple[Run, list[Entry]]]:
        """See `RunSource`."""
        if all(entry.kind == "in" for entry in windows):
            ways = [way for way in ways if len(way) == 1]
        if not ways:
            return []
        table, admits = self.table(ways, windows, days)
        if not len(table):
            return []
        kept = thinned(
            admits, table.max_cargo_kg, self.worth(table, self.objective, self.tie_breaker)
        )
        if self.both:
            other = self.worth(table, self.tie_breaker, self.objective)
            kept |= thinned(admits, table.max_cargo_kg, other)
        keep = np.flatnonzero(kept)
        entries = self.admitting.sorted(windows)
        return [(table.run(int(i)), list(compress(entries, admits[i]))) for i in keep]

    def offers_centre(self, order: Order) -> bool:
        """See `RunSource`."""
        return order.key in self.smallest

    @cached_property
    def smallest(self) -> frozenset[str]:
        """The keys of the orders that take the least volume."""
        volume_m3 = {key: some[0].volume_m3 for key, some in self.admitting.packed.items()}
        return frozenset(sorted(volume_m3, key=lambda key: (volume_m3[key], key))[:CENTRE_ORDERS])

    def table(
        self, ways: Sequence[Way], windows: Windows, days: range
    ) -> tuple[Timetable, np.ndarray]:
        """All runs on those ways that an entry may use, and which may: (runs, entries in order)."""
        table = self.calendar.timetable(ways, days, days[-1])
        admits = admitted(self.admitting, table, windows)
        some = np.flatnonzero(admits.any(axis=1))
        return table.chosen(some), admits[some]

    def worth(self, table: Timetable, first: Values, second: Values) -> Worth:
        """What each run adds to an objective and its tie-breaker."""
        objective = first.of_table(table, "end").mean(axis=0)
        at_best = objective
        if self.case.settings.on("round_use"):
            turned = first.of_table(table, "turned").mean(axis=0)
            at_best = np.minimum(objective, turned)
        tie_breaker = second.of_table(table, "end").mean(axis=0)
        return Worth(objective, at_best, tie_breaker)


def admitted(admitting: Admitting, table: Timetable, windows: Windows) -> np.ndarray:
    """Which entries (columns, in their order) each run (row) admits, as `Admitting.admits` says."""
    entries = admitting.sorted(windows)
    ready = np.array([windows[e][0] for e in entries])
    latest = np.array([admitting.latest(windows[e][1]) for e in entries])
    open_ways: dict[Hashable, np.ndarray] = {}
    for entry in entries:
        alike = admitting.asks_of_ways(entry)
        if alike not in open_ways:
            open_ways[alike] = np.array([admitting.admits_way(way, entry) for way in table.ways])
    ways = np.column_stack([open_ways[admitting.asks_of_ways(e)] for e in entries])
    mask = np.asarray(
        (table.stuffed[:, None] >= ready[None, :])
        & (table.arrive[:, None] <= latest[None, :])
        & ways[table.way]
    )
    for column, entry in enumerate(entries):
        if entry.order in admitting.pins.of_order:
            for row in np.flatnonzero(mask[:, column]):
                mask[row, column] = admitting.pins.admits(table.run(int(row)), entry)
    return mask
