"""What is open to each order: groups of runs it may share, and part loads of its own.

A *group* holds the runs of one pair of places and equipment that admit exactly the same orders;
load units of a group are shared freely, since every order fits the days of each of its runs. This
is finer than day classes and needs no nested rows (docs/decisions/groups.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from loading.stuffing import fits, floor_count, layers
from loading.units import HandlingUnit, Packaging, handling_units
from lowhaul.findings import Findings
from routing.boxes import GRADES, grade_suffices
from routing.case import Case
from routing.costs import LDM_WIDTH_MM
from routing.measures import WayRule, hub_carriers, packagings_for, rules
from routing.network import Link, Network
from routing.offers import Offer, make_offers
from routing.orders import Order
from routing.pruning import Admission, Economy, not_replaced
from routing.reach import TurnReach
from routing.runs import (
    MAX_LEGS,
    PartRun,
    Run,
    main_link,
    part_ways,
    runs_between,
    set_part_days,
)
from routing.sameness import Sameness


@dataclass(frozen=True)
class Packed:
    """One order put up in one packaging."""

    order: Order
    packaging: Packaging
    units: tuple[HandlingUnit, ...]

    @property
    def count(self) -> int:
        """Handling units."""
        return len(self.units)

    @property
    def mass_kg(self) -> float:
        """Goods and packaging of the whole order."""
        return sum(u.mass_kg for u in self.units)

    @property
    def volume_m3(self) -> float:
        """Outer volume of the whole order."""
        return self.packaging.volume_m3 * self.count

    @property
    def loading_metres(self) -> float:
        """Trailer floor of the whole order, stacked as its packaging allows."""
        p = self.packaging
        stacks = -(-self.count // max(1, p.max_stack))
        return stacks * p.length_mm * p.width_mm / LDM_WIDTH_MM / 1000.0


@dataclass(frozen=True)
class Entry:
    """An order on one part of its way: direct, in to a logistics centre, or out of it."""

    order: str
    kind: str
    hub: str = ""


@dataclass(frozen=True)
class Terms:
    """What orders must agree on to share a load unit."""

    named_place: str
    flow: str
    grade_wanted: str
    grade_after: str
    unstuff_days: int
    carriers: frozenset[str] | None


@dataclass(frozen=True)
class Sharing:
    """What runs must have in common to form one group.

    `arrive` / `depart` are set where the day counts (at a logistics centre, or for lateness);
    `room` (0 to 1) scales the load unit where the baseline says how full they were; `only` is set
    where an order may not be split, so that each run is a group of its own.
    """

    equipment: str
    entries: tuple[Entry, ...]
    terms: Terms
    alone: str = ""
    room: float = 1.0
    arrive: int | None = None
    depart: int | None = None
    only: Run | None = None


@dataclass(frozen=True)
class Group:
    """Runs of one pair of places that admit the same entries on the same terms."""

    index: int
    origin: str
    destination: str
    sharing: Sharing
    runs: tuple[Run, ...]

    @property
    def equipment(self) -> str:
        """The equipment of all its load units."""
        return self.sharing.equipment


@dataclass(frozen=True)
class PartOption:
    """A part load open to one entry, for the whole order in any packaging."""

    entry: Entry
    run: PartRun


@dataclass(frozen=True)
class Options:
    """Everything that the model chooses from."""

    case: Case
    network: Network
    packed: dict[str, tuple[Packed, ...]]
    groups: tuple[Group, ...]
    parts: tuple[PartOption, ...]
    hubs: dict[str, tuple[str, ...]]
    rules: dict[str, WayRule]
    reach: TurnReach
    findings: Findings
    timeless: bool = False
    """True: boxes are matched without their days, a relaxation that bounds every plan."""


WayKey = tuple[str, str, tuple[int, ...]]
"""First place, last place, link indices."""


def floor_share(packaging: Packaging, equipment_code: str, case: Case) -> float:
    """The share of a load unit's floor that one handling unit takes.

    1 / (the loader's count of its footprint x its layers): area alone is up to 47 % too kind
    (docs/loading.md).
    """
    equipment = case.equipment[equipment_code]
    return 1.0 / (floor_count(packaging, equipment) * layers(packaging, equipment))


def build_options(
    case: Case, *, timeless: bool = False, only: frozenset[WayKey] | None = None
) -> Options:
    """All groups and part loads of a case; `only` keeps the ways that a relaxation asked for.

    With `timeless`, boxes may be reused before they stand ready: far fewer runs differ then, and
    the relaxation's value bounds every real plan (docs/decisions/large-plans.md).
    """
    findings = Findings()
    network = Network(make_offers(case, findings), case.places, case.carriers)
    return _Builder(case, network, findings, timeless, only).build()


def way_key(way: Sequence[Link]) -> WayKey:
    """The way, wherever its days lie."""
    return (way[0].origin, way[-1].destination, tuple(link.index for link in way))


class _Builder:
    """Collects entries by pair of places, then runs, then groups."""

    def __init__(
        self,
        case: Case,
        network: Network,
        findings: Findings,
        timeless: bool,
        only: frozenset[WayKey] | None,
    ) -> None:
        self.timeless = timeless
        self.only = only
        self.case = case
        self.network = network
        self.findings = findings
        self.sameness = Sameness(network)
        self.reach = TurnReach(case)
        self.economy = Economy(case, network, self.reach)
        self.orders = {o.key: o for o in case.orders}
        self.rank = {o.key: i for i, o in enumerate(case.orders)}
        self.rules = rules(case, network, findings)
        self.packed = {
            o.key: tuple(
                Packed(
                    o,
                    p,
                    tuple(
                        handling_units(o.key, o.quantity, case.products[o.sku].net_mass_kg, p)
                    ),
                )
                for p in packagings_for(case, o)
            )
            for o in case.orders
        }
        self.ways_cache: dict[tuple[str, str, str], list[tuple[Link, ...]]] = {}
        self.part_cache: dict[tuple[str, str], list[tuple[Offer, ...]]] = {}
        self.groups: list[Group] = []
        self.parts: list[PartOption] = []
        self.freed: dict[str, set[int]] = defaultdict(set)

    def build(self) -> Options:
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
        hubs = self.hub_ways() if self.case.settings.on("consolidation") else {}
        return Options(
            self.case,
            self.network,
            self.packed,
            tuple(self.groups),
            tuple(self.parts),
            hubs,
            self.rules,
            self.reach,
            self.findings,
            self.timeless,
        )

    def look_for_turns(self) -> None:
        """Learn where boxes could be fetched and freed, on direct ways and through centres."""
        hubs = [p.location_id for p in self.case.places.values() if p.can_restuff]
        for order in self.case.orders:
            pairs = [(order.origin, order.destination)]
            for hub in hubs:
                pairs += [(order.origin, hub), (hub, order.destination)]
            ready, due = order.ready_date.toordinal(), self.latest(order.due_date.toordinal())
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
        inward: dict[tuple[str, str], dict[Entry, tuple[int, int]]] = defaultdict(dict)
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
                latest = self.latest(due) - onward - hub.dwell_days
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
        outward: dict[tuple[str, str], dict[Entry, tuple[int, int]]] = defaultdict(dict)
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

    def latest(self, due: int) -> int:
        """The last arrival that counts: the due date, or any where lateness is allowed."""
        return due + 365 if self.case.settings.lateness_allowed else due

    def ways(self, origin: str, destination: str, equipment: str) -> list[tuple[Link, ...]]:
        key = (origin, destination, equipment)
        if key not in self.ways_cache:
            self.ways_cache[key] = self.network.ways(origin, destination, equipment, MAX_LEGS)
        return self.ways_cache[key]

    def part_ways(self, origin: str, destination: str) -> list[tuple[Offer, ...]]:
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

        Any load unit may leave as early as its last order, its box, its bid or its week allows
        without getting worse, so those days suffice; a project with `bucket: day` tries every day.
        """
        if self.case.settings.bucket == "day":
            return list(range(first, last + 1))
        wanted = set(days)
        monday = first - (first - 1) % 7
        wanted.update(range(monday, last + 1, 7))
        country = self.case.places[origin].country
        if self.case.settings.on("round_use"):
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
        windows: dict[Entry, tuple[int, int]],
        more_starts: Iterable[int] = (),
    ) -> dict[Entry, set[int]]:
        """Open one pair of places to entries with their (earliest start, latest arrival) days.

        Returns the arrival days that each entry may have.
        """
        first = min(ready for ready, _ in windows.values())
        last = max(self.latest(due) for _, due in windows.values())
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
            admissions = [self.admission(run, windows) for run in runs]
            admissions = [a for a in admissions if a.admitted]
            for run, admitted in self.worth_keeping(admissions):
                for sharing in self.group_keys(run, admitted):
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

    def admission(self, run: Run, windows: dict[Entry, tuple[int, int]]) -> Admission:
        """What a run admits, and at which of its ends the day counts."""
        admitted = frozenset(
            e for e, (ready, due) in windows.items() if self.admits(run, e, ready, due)
        )
        kinds = {e.kind for e in admitted}
        return Admission(
            run,
            admitted,
            later_is_better="out" in kinds or (not self.timeless and self.reach.fetches(run)),
            sooner_is_better="in" in kinds
            or self.case.settings.lateness_allowed
            or (not self.timeless and self.reach.frees(run)),
        )

    def worth_keeping(self, admissions: list[Admission]) -> list[tuple[Run, list[Entry]]]:
        """The runs that no other replaces, with their entries in the order of the tables."""
        kept = not_replaced(admissions, self.sameness)
        entries = {e for a in kept for e in a.admitted}
        if all(self.carriers(e) is None and self.pays_all(e) for e in entries):
            # prices can only be compared where all bids are open and every leg is on our account
            kept = self.economy.outdone(kept)
        return [
            (a.run, sorted(a.admitted, key=lambda e: (self.rank[e.order], e.kind, e.hub)))
            for a in kept
        ]

    def pays_all(self, entry: Entry) -> bool:
        """True if no Incoterm's named place takes legs of an order off our account."""
        return not self.orders[entry.order].named_place

    def asked_for(self, way: tuple[Link, ...]) -> bool:
        """True unless a relaxation left the way out."""
        return self.only is None or way_key(way) in self.only

    def rule(self, entry: Entry) -> WayRule:
        return self.rules[entry.order]

    def admits(self, run: Run, entry: Entry, ready: int, due: int) -> bool:
        """True if an entry may travel on a run: days, equipment, way, and that it fits."""
        order, rule = self.orders[entry.order], self.rule(entry)
        if run.stuffed < ready or run.arrive > self.latest(due):
            return False
        if order.equipment_allowed and run.equipment not in order.equipment_allowed:
            return False
        if entry.kind == "in":
            way_open = rule.admits_feeder(run.via, run.modes)
        else:
            way_open = rule.admits_way(run.via, run.modes) and (
                entry.kind == "out" or rule.admits_equipment(run.equipment)
            )
        if not way_open:
            return False
        equipment = self.case.equipment[run.equipment]
        return any(fits(p.packaging, equipment) for p in self.packed[order.key])

    def carriers(self, entry: Entry) -> frozenset[str] | None:
        rule = self.rule(entry)
        if entry.kind == "direct":
            return rule.carriers
        return hub_carriers(self.case, self.orders[entry.order], rule)

    def group_keys(self, run: Run, admitted: list[Entry]) -> list[Sharing]:
        """The groups that a run belongs to: one for each set of terms and each order alone."""
        late = self.case.settings.lateness_allowed
        keys: list[Sharing] = []
        together = []
        for entry in admitted:
            order = self.orders[entry.order]
            if self.rule(entry).alone or not order.mix_allowed:
                keys.append(self.key_of(run, (entry,), order.key, late))
            else:
                together.append(entry)
        by_scope: dict[object, list[Entry]] = defaultdict(list)
        for entry in together:
            order = self.orders[entry.order]
            scope = (order.named_place, order.flow if order.named_place else "", order.we_choose)
            by_scope[scope, self.carriers(entry)].append(entry)
        for entries in by_scope.values():
            keys += [self.key_of(run, some, "", late) for some in self.agreeing(entries)]
        return list(dict.fromkeys(keys))

    def agreeing(self, entries: list[Entry]) -> list[tuple[Entry, ...]]:
        """Sets of entries by how strict their box terms are: the strictest admits them all."""
        orders = [self.orders[e.order] for e in entries]
        wanted = sorted({self.grade_wanted(o) for o in orders}, key=GRADES.index)
        after = sorted({o.box_grade_after for o in orders}, key=GRADES.index)
        days = sorted({o.unstuff_days for o in orders})
        sets = {}
        for want, leaves, unstuff in product(wanted, after, days):
            some = tuple(
                e
                for e, o in zip(entries, orders, strict=True)
                if grade_suffices(want, self.grade_wanted(o))
                and grade_suffices(o.box_grade_after, leaves)
                and o.unstuff_days <= unstuff
            )
            if some:
                sets[some] = None
        return list(sets)

    def grade_wanted(self, order: Order) -> str:
        return self.case.products[order.sku].min_box_grade

    def key_of(self, run: Run, entries: tuple[Entry, ...], alone: str, late: bool) -> Sharing:
        orders = [self.orders[e.order] for e in entries]
        kinds = {e.kind for e in entries}
        named_place = orders[0].named_place
        return Sharing(
            equipment=run.equipment,
            entries=entries,
            terms=Terms(
                named_place=named_place,
                flow=orders[0].flow if named_place else "",
                grade_wanted=min((self.grade_wanted(o) for o in orders), key=GRADES.index),
                grade_after=max((o.box_grade_after for o in orders), key=GRADES.index),
                unstuff_days=max(o.unstuff_days for o in orders),
                carriers=self.carriers(entries[0]),
            ),
            alone=alone,
            room=self.rule(entries[0]).load_rate if alone else 1.0,
            arrive=run.arrive if "in" in kinds or late else None,
            depart=run.stuffed if "out" in kinds else None,
            only=run if any(not o.splittable for o in orders) else None,
        )

    def part_options(
        self,
        pair: tuple[str, str],
        entry: Entry,
        ready: int,
        due: int,
        starts: list[int],
    ) -> list[PartOption]:
        """Part loads of one entry: the earliest of each way in each week."""
        rule, carriers = self.rule(entry), self.carriers(entry)
        options = {}
        for way in self.part_ways(*pair):
            via = tuple(o.bid.destination for o in way[:-1])
            modes = tuple(o.bid.mode for o in way)
            admits = rule.admits_feeder if entry.kind == "in" else rule.admits_way
            if not admits(via, modes):
                continue
            if carriers is not None and any(o.bid.carrier not in carriers for o in way):
                continue
            for start in starts:
                if start < ready:
                    continue
                run = set_part_days(self.network, way, start)
                if run is None or run.handed_over < ready or run.arrive > self.latest(due):
                    continue
                week = date.fromordinal(run.depart).isocalendar()[:2]
                key = (tuple(o.bid.bid_id for o in way), week)
                options.setdefault(key, PartOption(entry, run))
        return list(options.values())
