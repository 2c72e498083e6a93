"""From a solution to a plan: units to loads, loads to runs, offers and boxes to load units.

The model counts; here handling units are dealt to groups and part loads, and stuffed. naming.py
gives every load unit its offers and its box, shipments.py makes shipments of them. What the loader
cannot stuff is reported as a refusal, from which `planner.py` makes a cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from loading.equipment import Equipment
from loading.stuffing import LoadPlan, Stuffing, stuff
from loading.units import HandlingUnit
from routing.arcs import Arc
from routing.dealing import GoodsOf, Room, deal_loads, deal_orders
from routing.groups import Entry, Group, Packed
from routing.model import PartKey, PlanModel
from routing.naming import LoadUnit, name_offers
from routing.plan import BoxUse, Shipment
from routing.runs import Run
from routing.shipments import make_shipments, part_shipment

STUFFING_S = 0.4
"""Seconds that one mixed group may take to be stuffed into the load units that were chosen."""


@dataclass(frozen=True)
class Refusal:
    """A group whose units the loader could not stuff into the load units of the model.

    `missing` load units more would hold what it left. `apart`: not without splitting an order over
    ways that must stay whole.
    """

    group: int
    load_units: int
    missing: int
    reasons: tuple[str, ...]
    orders: frozenset[str]
    """The keys of the orders that have units in it."""
    apart: bool = False


@dataclass(frozen=True)
class Counted:
    """So many load units on a run."""

    run: Run
    arcs: tuple[Arc, ...]
    count: int


@dataclass(frozen=True)
class Decoded:
    """Shipments and box uses, or the refusals that forbid them.

    `unserved_units` are the handling units that stay behind, by order key.
    """

    shipments: tuple[Shipment, ...]
    box_uses: tuple[BoxUse, ...]
    refusals: tuple[Refusal, ...]
    unserved_units: dict[str, tuple[HandlingUnit, ...]]


@dataclass(frozen=True)
class Share:
    """How many units of an order a group (its index) or a part load takes, and on which day."""

    day: int
    count: int
    entry: Entry
    taker: int | PartKey


Stuffed = dict[object, Stuffing]
"""What the loader answered, by what it was asked: most groups stay as they are between rounds."""


def decode(model: PlanModel, values: Sequence[float], stuffed: Stuffed | None = None) -> Decoded:
    """Name everything that the solution counts. Deterministic.

    `stuffed` remembers load plans from one round of cuts to the next.
    """
    return _Decoder(model, values, {} if stuffed is None else stuffed).decode()


class _Decoder:
    def __init__(self, model: PlanModel, values: Sequence[float], stuffed: Stuffed) -> None:
        self.model = model
        self.stuffed = stuffed
        self.options = model.options
        self.case = model.options.case
        self.values = values
        self.shares = self.taken()
        self.contents: dict[int, list[GoodsOf]] = defaultdict(list)
        self.part_contents: dict[PartKey, tuple[Packed, tuple[HandlingUnit, ...]]] = {}
        self.unserved: dict[str, tuple[HandlingUnit, ...]] = {}

    def whole(self, column: int) -> int:
        """The value of an integer column."""
        return round(self.values[column])

    def decode(self) -> Decoded:
        """Deal, stuff, name; refusals end it after stuffing."""
        self.share_out_units()
        load_units: list[LoadUnit] = []
        refusals: list[Refusal] = []
        for index in sorted(self.contents):
            made = self.stuff_group(self.options.groups[index])
            if isinstance(made, Refusal):
                refusals.append(made)
            else:
                load_units += made
        if refusals:
            return Decoded((), (), tuple(refusals), self.unserved)
        name_offers(self.model, self.values, load_units)
        parts = [
            part_shipment(part.option, packed, units)
            for part, (packed, units) in self.part_contents.items()
        ]
        entry_of = {
            (index, u.unit_id): (entry, packed)
            for index, some in self.contents.items()
            for entry, packed, units in some
            for u in units
        }
        shipments, uses = make_shipments(load_units, parts, entry_of)
        return Decoded(shipments, uses, (), self.unserved)

    def taken(self) -> dict[tuple[str, str], list[Share]]:
        """What the solution lets each order (in each packaging) travel in, by day."""
        packed = {
            (key, p.packaging.packaging_id): p
            for key, some in self.options.packed.items()
            for p in some
        }
        found: dict[tuple[str, str], list[Share]] = defaultdict(list)
        for columns, whole in ((self.model.units, False), (self.model.whole, True)):
            for unit, column in columns.items():
                entry, place = unit.entry, (unit.entry.order, unit.packaging_id)
                count = self.whole(column) * (packed[place].count if whole else 1)
                if count:
                    sharing = self.options.groups[unit.group].sharing
                    day = {"in": sharing.arrive, "out": sharing.depart}.get(entry.kind) or 0
                    found[place].append(Share(day, count, entry, unit.group))
        for part, column in self.model.parts.items():
            if self.whole(column):
                entry, run = part.option.entry, part.option.run
                day = {"in": run.arrive, "out": run.handed_over}.get(entry.kind, 0)
                place = (entry.order, part.packaging_id)
                found[place].append(Share(day, packed[place].count, entry, part))
        for shares in found.values():
            shares.sort(key=lambda share: share.day)
        return found

    def share_out_units(self) -> None:
        """Deal each order's units, first to last, over what the solution lets it travel in.

        Units through a logistics centre keep one order: the first to come are the first to leave.
        """
        for key, some in self.options.packed.items():
            for packed in some:
                left = list(packed.units)
                for hub in self.options.hubs.get(key, ()):
                    inward = self.shares_of(packed, "in", hub)
                    through = left[: sum(share.count for share in inward)]
                    left = left[len(through) :]
                    self.hand(packed, inward, through)
                    self.hand(packed, self.shares_of(packed, "out", hub), through)
                left = self.hand(packed, self.shares_of(packed, "direct", ""), left)
                if left and self.served_in(packed):
                    self.unserved[key] = tuple(left)

    def served_in(self, packed: Packed) -> bool:
        """True if the unserved units of an order are counted in this packaging."""
        column = self.model.unserved[packed.order.key, packed.packaging.packaging_id]
        return self.whole(column) > 0

    def shares_of(self, packed: Packed, kind: str, hub: str) -> list[Share]:
        """The shares of an order on one part of its way, by day."""
        shares = self.shares.get((packed.order.key, packed.packaging.packaging_id), [])
        return [s for s in shares if (s.entry.kind, s.entry.hub) == (kind, hub)]

    def hand(
        self, packed: Packed, shares: Sequence[Share], units: Sequence[HandlingUnit]
    ) -> list[HandlingUnit]:
        """Hand units to their takers, first to last; returns what is left of them."""
        at = 0
        for share in shares:
            some = tuple(units[at : at + share.count])
            at += share.count
            if isinstance(share.taker, PartKey):
                self.part_contents[share.taker] = (packed, some)
            else:
                self.contents[share.taker].append((share.entry, packed, some))
        return list(units[at:])

    def stuff_group(self, group: Group) -> list[LoadUnit] | Refusal:
        """Stuff a group's units into the load units of its runs.

        Where it has several runs, an order that may not be split goes on one of them.
        """
        ways: dict[object, list[Counted]] = defaultdict(list)
        for i, run in enumerate(group.runs):
            column = self.model.load_units.get((group.index, i))
            count = self.whole(column) if column is not None else 0
            if count:
                arcs = self.model.run_arcs[group.index, i]
                ways[run.depart, run.stops].append(Counted(run, arcs, count))
        contents = self.contents[group.index]
        counts = [c for some in ways.values() for c in some]
        if len(ways) > 1 and any(not packed.order.splittable for _, packed, _ in contents):
            return self.stuff_apart(group, list(ways.values()), contents)
        return self.stuff_in(group, counts, [u for _, _, some in contents for u in some])

    def stuff_apart(
        self, group: Group, ways: list[list[Counted]], contents: Sequence[GoodsOf]
    ) -> list[LoadUnit] | Refusal:
        """Deal the orders of a group to its ways and stuff each way for itself."""
        wanted = sum(c.count for some in ways for c in some)
        orders = frozenset(entry.order for entry, _, _ in contents)
        refusal = Refusal(group.index, wanted, 0, (), orders, True)
        equipment = self.case.equipment[group.equipment]
        rooms = [
            sum(c.count for c in some) * Room.of(equipment, min(c.run.max_cargo_kg for c in some))
            for some in ways
        ]
        counts = [sum(c.count for c in some) for some in ways]
        for tightest_first in (True, False):
            dealt = deal_orders(contents, rooms, equipment, tightest_first=tightest_first)
            if self.model.arcs.counts_load_units and not enough(dealt, counts):
                continue
            made: list[LoadUnit] = []
            for some, units in zip(ways, dealt, strict=True):
                stuffed = self.stuff_in(group, some, units) if units else []
                if isinstance(stuffed, Refusal):
                    break
                made += stuffed
            else:
                return made
        return self.stuff_then_deal(group, ways, contents) or refusal

    def stuff_then_deal(
        self, group: Group, ways: list[list[Counted]], contents: Sequence[GoodsOf]
    ) -> list[LoadUnit] | None:
        """Stuff all at once, then deal the loads, those that share a whole order together."""
        if group.sharing.room < 1.0:
            return None
        counts = [sum(c.count for c in some) for some in ways]
        limit = min(c.run.max_cargo_kg for some in ways for c in some)
        units = [u for _, _, some in contents for u in some]
        stuffing = self.stuff(units, self.case.equipment[group.equipment], sum(counts), limit)
        if stuffing.left:
            return None
        whole = {packed.order.key for _, packed, _ in contents if not packed.order.splittable}
        dealt = self.dealt(stuffing.loads, whole, counts)
        if dealt is None and self.model.arcs.counts_load_units:
            dealt = self.dealt(self.spread(list(stuffing.loads), sum(counts), limit), whole, counts)
        if dealt is None:
            return None
        made: list[LoadUnit] = []
        for some, loads in zip(ways, dealt, strict=True):
            made += self.on_runs(group, some, loads, limit)
        return made

    def dealt(
        self, loads: Sequence[LoadPlan], whole: set[str], counts: Sequence[int]
    ) -> list[list[LoadPlan]] | None:
        """Loads dealt to ways; None where they cannot be, or a way has not enough to be counted."""
        dealt = deal_loads(loads, whole, counts)
        if dealt is None or not self.model.arcs.counts_load_units:
            return dealt
        units = [[p.unit for load in some for p in load.placements] for some in dealt]
        return dealt if enough(units, counts) else None

    def stuff_in(
        self, group: Group, counts: Sequence[Counted], units: list[HandlingUnit]
    ) -> list[LoadUnit] | Refusal:
        """Stuff units into the load units that were counted."""
        wanted = sum(c.count for c in counts)
        equipment = self.case.equipment[group.equipment]
        limit = min(c.run.max_cargo_kg for c in counts)
        batches = even_batches(units, wanted) if group.sharing.room < 1.0 else [units]
        most = wanted if len(batches) == 1 else 1
        stuffings = [self.stuff(batch, equipment, most, limit) for batch in batches]
        left = [u for stuffing in stuffings for u in stuffing.left]
        if left:
            orders = frozenset(unit.order for unit in units)
            missing = max(1, len(self.stuff(left, equipment, len(left), limit).loads))
            reasons = tuple(dict.fromkeys(r for stuffing in stuffings for r in stuffing.reasons))
            return Refusal(group.index, wanted, missing, reasons, orders)
        loads = [load for stuffing in stuffings for load in stuffing.loads]
        return self.on_runs(group, counts, loads, limit)

    def on_runs(
        self, group: Group, counts: Sequence[Counted], loads: list[LoadPlan], limit: float
    ) -> list[LoadUnit]:
        """Loads on the runs that were counted for them."""
        if self.model.arcs.counts_load_units:
            loads = self.spread(loads, sum(c.count for c in counts), limit)
        loads = sorted(loads, key=lambda load: -load.mass_kg)
        slots = sorted(
            ((c.run, c.arcs) for c in counts for _ in range(c.count)),
            key=lambda slot: self.slope(slot[1]),
        )
        assert len(loads) <= len(slots), "more loads than load units"
        # a search that was stopped may count a load unit too many: it stays behind, empty as it is
        return [
            LoadUnit(group, run, arcs, load)
            for (run, arcs), load in zip(slots, loads, strict=False)
        ]

    def stuff(
        self, units: list[HandlingUnit], equipment: Equipment, most: int, limit: float
    ) -> Stuffing:
        """The loader's answer, asked once."""
        asked = (
            equipment.code,
            most,
            limit,
            tuple((u.unit_id, u.packaging.packaging_id) for u in units),
        )
        if asked not in self.stuffed:
            self.stuffed[asked] = stuff(
                units,
                equipment,
                max_loads=most,
                max_cargo_kg=limit,
                seed=self.case.settings.seed,
                seconds=STUFFING_S,
            )
        return self.stuffed[asked]

    def spread(self, loads: list[LoadPlan], wanted: int, limit: float) -> list[LoadPlan]:
        """Use every load unit that the model counts, where minimums, shares or rebates ask."""
        loads = list(loads)
        whole: set[int] = set()
        """Loads (identity) that the loader does not halve."""
        while len(loads) < wanted:
            some = [i for i, load in enumerate(loads) if id(load) not in whole]
            big = max(some, key=lambda i: len(loads[i].placements), default=-1)
            if big < 0 or len(loads[big].placements) < 2:
                break
            units = [p.unit for p in loads[big].placements]
            half = len(units) // 2
            equipment = loads[big].equipment
            parts = [self.stuff(p, equipment, 1, limit) for p in (units[:half], units[half:])]
            if any(part.left for part in parts):
                whole.add(id(loads[big]))
            else:
                loads[big : big + 1] = [load for part in parts for load in part.loads]
        return loads

    def slope(self, arcs: tuple[Arc, ...]) -> float:
        """CO2e per kg of cargo over a run: the heaviest loads go where it is least."""
        asked = self.model.arcs.asked
        return sum(min(o.per_cargo_kg.wtw_kg for o in asked[arc]) for arc in arcs)


def enough(dealt: Sequence[Sequence[HandlingUnit]], counts: Sequence[int]) -> bool:
    """True if no way has fewer units than load units."""
    return all(len(units) >= count for units, count in zip(dealt, counts, strict=True))


def even_batches(units: list[HandlingUnit], count: int) -> list[list[HandlingUnit]]:
    """Split units into batches whose sizes differ by at most one."""
    base, more = divmod(len(units), count)
    batches, at = [], 0
    for i in range(count):
        size = base + (1 if i < more else 0)
        batches.append(units[at : at + size])
        at += size
    return [b for b in batches if b]
