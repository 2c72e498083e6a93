"""Open pairs of places to orders: direct ways, ways through logistics centres, part loads.

For every pair: the ways, the days on which a plan may need to depart, the runs, and from those the
groups. Inbound pairs come first, since the boxes that they free give export runs their days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from routing.admission import Admitting
from routing.case import Case
from routing.groups import Entry, Group, PartOption, Sharing
from routing.network import Link, Network, WayKey, way_key
from routing.offers import Offer
from routing.orders import Order
from routing.pins import bid_open, pinned_days
from routing.reach import TurnReach
from routing.runs import MAX_LEGS, Run, main_link, part_ways, runs_between, set_part_days

EVERY_DAY_ORDERS = 40
"""Up to so many order lines every day of a window is tried."""
Windows = dict[Entry, tuple[int, int]]
"""The earliest start and the latest arrival of each entry (ordinal days)."""


class Opening:
    """Collects entries by pair of places, then runs, then groups and part loads.

    `only` keeps the ways that a relaxation asked for, None keeps all. After `open_all`, `groups`,
    `parts` and `hubs` (the centres open to each order) hold what was found.
    """

    def __init__(
        self,
        case: Case,
        network: Network,
        reach: TurnReach,
        admitting: Admitting,
        only: frozenset[WayKey] | None,
    ) -> None:
        self.case = case
        self.network = network
        self.reach = reach
        self.admitting = admitting
        self.only = only
        self.orders: Mapping[str, Order] = admitting.orders
        self.groups: list[Group] = []
        self.parts: list[PartOption] = []
        self.hubs: dict[str, tuple[str, ...]] = {}
        self.ways_cache: dict[tuple[str, str, str], list[tuple[Link, ...]]] = {}
        self.part_cache: dict[tuple[str, str], list[tuple[Offer, ...]]] = {}
        self.freed: dict[str, set[int]] = defaultdict(set)
        """Days on which own inbound boxes stand ready, by country."""

    def open_all(self) -> None:
        """Direct ways first (inbound ones free boxes), then the ways to and from hubs."""
        direct: dict[tuple[str, str], list[Order]] = defaultdict(list)
        for order in self.case.orders:
            direct[order.origin, order.destination].append(order)
        self.look_for_turns()
        inbound_first = sorted(direct, key=lambda pair: direct[pair][0].flow != "inbound")
        for pair in inbound_first:
            windows = {
                Entry(o.key, "direct"): (o.ready_date.toordinal(), o.due_date.toordinal())
                for o in direct[pair]
            }
            self.open_pair(pair, windows)
        if self.case.settings.on("consolidation"):
            self.hubs = self.hub_ways()

    def look_for_turns(self) -> None:
        """Learn where boxes could be fetched and freed, on direct ways and through centres."""
        hubs = [p.location_id for p in self.case.places.values() if p.can_restuff]
        for order in self.case.orders:
            pairs = [(order.origin, order.destination)]
            for hub in hubs:
                pairs += [(order.origin, hub), (hub, order.destination)]
            ready = order.ready_date.toordinal()
            due = self.admitting.latest(order.due_date.toordinal())
            for origin, destination in pairs:
                if origin == destination:
                    continue
                for equipment in self.case.equipment:
                    for way in self.ways(origin, destination, equipment):
                        line = main_link(way).line
                        self.reach.add_way(way, line, ready, due, order.unstuff_days)

    def hub_ways(self) -> dict[str, tuple[str, ...]]:
        """Open the ways in to and out of every logistics centre that lies between."""
        hubs = [p for p in self.case.places.values() if p.can_restuff]
        inward: dict[tuple[str, str], Windows] = defaultdict(dict)
        reached: dict[str, list[str]] = defaultdict(list)
        for hub in hubs:
            for order in self.case.orders:
                if hub.location_id in (order.origin, order.destination):
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
            self.open_pair(pair, windows, {d for e in windows for d in arrivals[e.order]})
        return {key: tuple(reachable) for key, reachable in reached.items() if arrivals[key]}

    def ways(self, origin: str, destination: str, equipment: str) -> list[tuple[Link, ...]]:
        """All ways of one sealed load unit of that equipment between two places."""
        key = (origin, destination, equipment)
        if key not in self.ways_cache:
            self.ways_cache[key] = self.network.ways(origin, destination, equipment, MAX_LEGS)
        return self.ways_cache[key]

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

    def starts(self, origin: str, days: Iterable[int], first: int, last: int) -> list[int]:
        """Departure days that a plan of that pair may need.

        Every day is tried wherever something is to be proved. Only the search of a large plan with
        reused boxes looks at fewer: as early as the last order, the box, the first bid or the week
        allows. That leaves out days which only a later leg's validity or capacity would ask for.
        """
        settings = self.case.settings
        boxes_have_days = settings.on("round_use") and not self.admitting.timeless
        small = len(self.case.orders) <= EVERY_DAY_ORDERS
        if settings.bucket == "day" or small or not boxes_have_days:
            return list(range(first, last + 1))
        wanted = set(days) | pinned_days(self.case)
        monday = first - (first - 1) % 7
        wanted.update(range(monday, last + 1, 7))
        country = self.case.places[origin].country
        for box in self.case.empties:
            if self.case.places[box.location].country == country:
                wanted.add(box.available_from.toordinal())
        wanted.update(self.freed[country])
        for bid in self.case.bids:
            if bid.origin == origin and bid.valid_from is not None:
                wanted.add(bid.valid_from.toordinal())
        return sorted(d for d in wanted if first <= d <= last)

    def open_pair(
        self,
        pair: tuple[str, str],
        windows: Windows,
        more_starts: Iterable[int] = (),
    ) -> dict[Entry, set[int]]:
        """Open one pair of places to entries with their (earliest start, latest arrival) days.

        Returns the arrival days that each entry may have.
        """
        first = min(ready for ready, _ in windows.values())
        last = max(self.admitting.latest(due) for _, due in windows.values())
        starts = self.starts(
            pair[0], [*more_starts, *(ready for ready, _ in windows.values())], first, last
        )
        arrivals: dict[Entry, set[int]] = defaultdict(set)
        found: dict[Sharing, list[Run]] = defaultdict(list)
        for equipment in self.case.equipment:
            ways = [w for w in self.ways(*pair, equipment) if self.asked_for(w)]
            if not ways:
                continue
            runs = runs_between(self.case, self.network, ways, starts, last)
            admissions = [self.admitting.admission(run, windows) for run in runs]
            admissions = [a for a in admissions if a.admitted]
            for run, admitted in self.admitting.worth_keeping(admissions):
                for sharing in self.admitting.group_keys(run, admitted):
                    found[sharing].append(run)
                for entry in admitted:
                    arrivals[entry].add(run.arrive)
                    order = self.orders[entry.order]
                    if self.reach.frees(run):
                        country = self.case.places[run.destination].country
                        self.freed[country].add(run.arrive + order.unstuff_days)
        for sharing, runs in found.items():
            self.groups.append(Group(len(self.groups), *pair, sharing, tuple(runs)))
        for entry, (ready, due) in windows.items():
            for option in self.part_options(pair, entry, ready, due, starts):
                self.parts.append(option)
                arrivals[entry].add(option.run.arrive)
        return arrivals

    def asked_for(self, way: tuple[Link, ...]) -> bool:
        """True unless a relaxation left the way out."""
        return self.only is None or way_key(way) in self.only

    def part_options(
        self,
        pair: tuple[str, str],
        entry: Entry,
        ready: int,
        due: int,
        starts: list[int],
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
            for start in starts:
                if start < ready:
                    continue
                run = set_part_days(self.network, way, start)
                if (
                    run is None
                    or run.handed_over < ready
                    or run.arrive > self.admitting.latest(due)
                    or not self.admitting.pins.admits(run, entry)
                ):
                    continue
                # out of a centre each day counts: goods may come in on any
                week = date.fromordinal(run.depart).isocalendar()[:2]
                when = run.depart if entry.kind == "out" else week
                key = (tuple(o.bid.bid_id for o in way), when)
                options.setdefault(key, PartOption(entry, run))
        return list(options.values())
