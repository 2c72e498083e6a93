"""Open pairs of places to orders: direct ways, ways through logistics centres, part loads.

For every pair: the ways, their runs (run_sources.py), and from those the groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from routing.ground import Ground
from routing.groups import Entry, Group, PartOption, Sharing
from routing.network import Link
from routing.offers import Offer
from routing.orders import Order
from routing.pins import bid_open
from routing.run_sources import RunSource, Windows
from routing.runs import MAX_LEGS, Run, main_link, part_ways, set_part_days


class Opening:
    """Collects entries by pair of places, then runs, then groups and part loads.

    `source` says which runs are offered. After `open_all`, `groups`, `parts` and `hubs` (the
    centres open to each order) hold what was found.
    """

    def __init__(self, ground: Ground, source: RunSource) -> None:
        self.case = ground.case
        self.network = ground.network
        self.reach = ground.reach
        self.admitting = ground.admitting
        self.source = source
        self.orders: Mapping[str, Order] = ground.admitting.orders
        self.groups: list[Group] = []
        self.parts: list[PartOption] = []
        self.hubs: dict[str, tuple[str, ...]] = {}
        self.part_cache: dict[tuple[str, str], list[tuple[Offer, ...]]] = {}

    def open_all(self) -> None:
        """Direct ways first, then the ways to and from hubs."""
        direct: dict[tuple[str, str], list[Order]] = defaultdict(list)
        for order in self.case.orders:
            direct[order.origin, order.destination].append(order)
        self.look_for_turns()
        for pair, orders in direct.items():
            windows = {
                Entry(o.key, "direct"): (o.ready_date.toordinal(), o.due_date.toordinal())
                for o in orders
            }
            self.open_pair(pair, windows)
        if self.case.settings.on("consolidation"):
            self.hubs = self.hub_ways()

    def look_for_turns(self) -> None:
        """Learn where boxes could be fetched and freed, on direct ways and through centres."""
        if not self.case.settings.on("round_use"):
            return
        hubs = [p.location_id for p in self.case.places.values() if p.can_restuff]
        first: dict[tuple[str, str], int] = {}
        last: dict[tuple[str, str], int] = {}
        for order in self.case.orders:
            pairs = [(order.origin, order.destination)]
            for hub in hubs:
                pairs += [(order.origin, hub), (hub, order.destination)]
            emptied = order.ready_date.toordinal() + order.unstuff_days
            due = self.admitting.latest(order.due_date.toordinal())
            for pair in pairs:
                first[pair] = min(emptied, first.get(pair, emptied))
                last[pair] = max(due, last.get(pair, due))
        for (origin, destination), day in first.items():
            if origin == destination:
                continue
            for equipment in self.case.equipment:
                for way in self.ways(origin, destination, equipment):
                    line = main_link(way).line
                    self.reach.add_way(way, line, day, last[origin, destination])

    def hub_ways(self) -> dict[str, tuple[str, ...]]:
        """Open the ways in to and out of every logistics centre that lies between."""
        hubs = [p for p in self.case.places.values() if p.can_restuff]
        inward: dict[tuple[str, str], Windows] = defaultdict(dict)
        reached: dict[str, list[str]] = defaultdict(list)
        for hub in hubs:
            for order in self.case.orders:
                if hub.location_id in (order.origin, order.destination):
                    continue
                if not self.source.offers_centre(order):
                    continue
                onward = self.fastest(hub.location_id, order.destination)
                feeder = self.fastest(order.origin, hub.location_id)
                if onward is None or feeder is None:
                    continue
                ready, due = order.ready_date.toordinal(), order.due_date.toordinal()
                latest = self.admitting.latest(due) - onward - hub.dwell_days
                if ready + feeder > latest:
                    continue
                reached[order.key].append(hub.location_id)
                entry = Entry(order.key, "in", hub.location_id)
                inward[order.origin, hub.location_id][entry] = (ready, latest)
        arrivals: dict[str, set[int]] = defaultdict(set)
        for pair, windows in inward.items():
            for entry, days in self.open_pair(pair, windows).items():
                dwell = self.case.places[entry.hub].dwell_days
                arrivals[entry.order].update(day + dwell for day in days)
        outward: dict[tuple[str, str], Windows] = defaultdict(dict)
        for key, reachable in reached.items():
            order = self.orders[key]
            for hub_id in reachable:
                if arrivals[key]:
                    entry = Entry(key, "out", hub_id)
                    window = (min(arrivals[key]), order.due_date.toordinal())
                    outward[hub_id, order.destination][entry] = window
        for pair, windows in outward.items():
            self.open_pair(pair, windows)
        return {key: tuple(reachable) for key, reachable in reached.items() if arrivals[key]}

    def ways(self, origin: str, destination: str, equipment: str) -> list[tuple[Link, ...]]:
        """All ways of one sealed load unit of that equipment between two places."""
        key = (origin, destination, equipment)
        found = self.network.ways_found
        if key not in found:
            found[key] = self.network.ways(origin, destination, equipment, MAX_LEGS)
        return found[key]

    def part_ways(self, origin: str, destination: str) -> list[tuple[Offer, ...]]:
        """All ways of a part load between two places."""
        if (origin, destination) not in self.part_cache:
            self.part_cache[origin, destination] = part_ways(self.network, origin, destination)
        return self.part_cache[origin, destination]

    def fastest(self, origin: str, destination: str) -> int | None:
        """Fewest days in transit between two places, waiting left out; None without a way."""
        days = [
            sum(link.transit_days for link in way)
            for e in self.case.equipment
            for way in self.ways(origin, destination, e)
        ]
        days += [
            sum(o.bid.transit_days for o in way) for way in self.part_ways(origin, destination)
        ]
        return min(days, default=None)

    def open_pair(
        self,
        pair: tuple[str, str],
        windows: Windows,
    ) -> dict[Entry, set[int]]:
        """Open one pair of places to entries with their (earliest start, latest arrival) days.

        Returns the arrival days that each entry may have.
        """
        first = min(ready for ready, _ in windows.values())
        last = max(self.admitting.latest(due) for _, due in windows.values())
        days = range(first, last + 1)
        arrivals: dict[Entry, set[int]] = defaultdict(set)
        found: dict[Sharing, list[Run]] = defaultdict(list)
        for equipment in self.case.equipment:
            ways = self.ways(*pair, equipment)
            if not ways:
                continue
            for run, admitted in self.source.runs(ways, windows, days):
                for sharing in self.admitting.group_keys(run, admitted):
                    found[sharing].append(run)
                for entry in admitted:
                    arrivals[entry].add(run.arrive)
        for sharing, runs in found.items():
            self.groups.append(Group(len(self.groups), *pair, sharing, tuple(runs)))
        for entry, (ready, due) in windows.items():
            for option in self.part_options(pair, entry, ready, due, days):
                self.parts.append(option)
                arrivals[entry].add(option.run.arrive)
        return arrivals

    def part_options(
        self,
        pair: tuple[str, str],
        entry: Entry,
        ready: int,
        due: int,
        days: range,
    ) -> list[PartOption]:
        """Part loads of one entry: the earliest of each way in each week."""
        rule, carriers = self.admitting.rule(entry), self.admitting.carriers(entry)
        options: dict[object, PartOption] = {}
        for way in self.part_ways(*pair):
            via = tuple(o.bid.destination for o in way[:-1])
            modes = tuple(o.bid.mode for o in way)
            admits = rule.admits_feeder if entry.kind == "in" else rule.admits_way
            if not admits(via, modes):
                continue
            if not all(bid_open(o.bid, carriers) for o in way):
                continue
            for start in range(max(ready, days[0]), days[-1] + 1):
                run = set_part_days(self.network, way, start)
                if (
                    run is None
                    or run.handed_over < ready
                    or not self.admitting.pins.admits(run, entry)
                ):
                    continue
                if run.arrive > self.admitting.latest(due):
                    break
                # out of a centre each day counts: goods may come in on any
                week = date.fromordinal(run.depart).isocalendar()[:2]
                when = run.depart if entry.kind == "out" else week
                key = (tuple(o.bid.bid_id for o in way), when)
                options.setdefault(key, PartOption(entry, run))
        return list(options.values())
