"""From a solution to a plan: units to loads, loads to runs, offers and boxes to load units.

The model counts; here every load unit gets its content, its offers and its box. What the loader
cannot stuff is reported as a refusal, from which `planner.py` makes a cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from loading.stuffing import LoadPlan, stuff
from loading.units import HandlingUnit
from routing.arcs import Arc
from routing.boxes import EmptyBoxes
from routing.model import PlanModel, is_paid
from routing.offers import Offer
from routing.options import Entry, Group, Packed
from routing.plan import BoxUse, Content, LegChoice, Shipment
from routing.reuse import StockKey
from routing.runs import Run


STUFFING_S = 0.4
"""Seconds that one mixed group may take to be stuffed into the load units that were chosen."""


@dataclass(frozen=True)
class Refusal:
    """A group whose units the loader could not stuff into the load units of the model."""

    group: int
    load_units: int
    reasons: tuple[str, ...]


@dataclass(eq=False)
class LoadUnit:
    """One load unit while its legs and boxes are being named (compared by identity)."""

    group: Group
    run: Run
    arcs: tuple[Arc, ...]
    load: LoadPlan
    offers: dict[Arc, Offer] = field(default_factory=dict)
    pickup_place: str = ""
    source: EmptyBoxes | LoadUnit | None = None
    released: bool = False

    def leg_choices(self) -> tuple[LegChoice, ...]:
        """Its legs on the offers that were named."""
        return tuple(
            LegChoice(self.offers[arc], step.depart, step.arrive, arc.paid)
            for arc, step in zip(self.arcs, self.run.steps, strict=True)
        )


@dataclass(frozen=True)
class Decoded:
    """Shipments and box uses, or the refusals that forbid them."""

    shipments: tuple[Shipment, ...]
    box_uses: tuple[BoxUse, ...]
    refusals: tuple[Refusal, ...]
    unserved_units: dict[str, tuple[HandlingUnit, ...]]


def decode(model: PlanModel, values: tuple[float, ...], progress: Callable[[str], None]) -> Decoded:
    """Name everything that the solution counts. Deterministic."""
    return _Decoder(model, values, progress).decode()


class _Decoder:
    def __init__(
        self, model: PlanModel, values: tuple[float, ...], progress: Callable[[str], None]
    ) -> None:
        self.model = model
        self.options = model.options
        self.case = model.options.case
        self.values = values
        self.progress = progress
        self.packed = {
            (key, p.packaging.packaging_id): p for key, some in self.options.packed.items() for p in some
        }
        self.contents: dict[int, list[tuple[Entry, Packed, tuple[HandlingUnit, ...]]]] = (
            defaultdict(list)
        )
        self.part_contents: dict[object, tuple[Packed, tuple[HandlingUnit, ...]]] = {}
        self.unserved: dict[str, tuple[HandlingUnit, ...]] = {}

    def whole(self, column: int) -> int:
        """The value of an integer column."""
        return round(self.values[column])

    def decode(self) -> Decoded:
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
        self.name_offers(load_units)
        parts = self.part_shipments()
        shipments, uses = self.shipments(load_units, parts)
        return Decoded(shipments, uses, (), self.unserved)

    # ---- handling units to groups and part loads

    def share_out_units(self) -> None:
        """Deal each order's units, first to last, over what the solution lets it travel in.

        Units through a logistics centre keep one order: the first to come are the first to leave.
        """
        for key, some in self.options.packed.items():
            for packed in some:
                dealt = list(packed.units)
                for hub in self.options.hubs.get(key, ()):
                    inward = self.taken(packed, "in", hub)
                    outward = self.taken(packed, "out", hub)
                    count = sum(n for _, n, _ in inward)
                    through, dealt = dealt[:count], dealt[count:]
                    self.hand(inward, list(through))
                    self.hand(outward, list(through))
                direct = self.taken(packed, "direct", "")
                count = sum(n for _, n, _ in direct)
                self.hand(direct, dealt[:count])
                dealt = dealt[count:]
                if dealt and self.served_in(packed):
                    self.unserved[key] = tuple(dealt)

    def served_in(self, packed: Packed) -> bool:
        """True if the unserved units of an order are counted in this packaging."""
        column = self.model.unserved[packed.order.key, packed.packaging.packaging_id]
        return self.whole(column) > 0

    def taken(
        self, packed: Packed, kind: str, hub: str
    ) -> list[tuple[int, int, Callable[[tuple[HandlingUnit, ...]], None]]]:
        """(day, units, where to put them) of an order on one part of its way, by day."""
        found = []
        for key, column, per in self.columns_of(packed):
            if (key.entry.kind, key.entry.hub) != (kind, hub):
                continue
            count = self.whole(column) * per
            if count:
                sharing = self.options.groups[key.group].sharing
                day = {"in": sharing.arrive, "out": sharing.depart}.get(kind) or 0
                put = self.into_group(key.group, key.entry, packed)
                found.append((day, count, put))
        for part, column in self.model.parts.items():
            entry = part.option.entry
            if (
                entry.order == packed.order.key
                and part.packaging_id == packed.packaging.packaging_id
                and (entry.kind, entry.hub) == (kind, hub)
                and self.whole(column)
            ):
                run = part.option.run
                day = {"in": run.arrive, "out": run.handed_over}.get(kind, 0)
                found.append((day, packed.count, self.into_part(part, packed)))
        return sorted(found, key=lambda item: item[0])

    def columns_of(self, packed: Packed):  # type: ignore[no-untyped-def]
        key = (packed.order.key, packed.packaging.packaging_id)
        if not hasattr(self, "_columns"):
            index = defaultdict(list)
            for unit, column in self.model.units.items():
                index[unit.entry.order, unit.packaging_id].append((unit, column, 1))
            for unit, column in self.model.whole.items():
                count = self.packed[unit.entry.order, unit.packaging_id].count
                index[unit.entry.order, unit.packaging_id].append((unit, column, count))
            self._columns = index
        return self._columns[key]

    def into_group(
        self, group: int, entry: Entry, packed: Packed
    ) -> Callable[[tuple[HandlingUnit, ...]], None]:
        return lambda units: self.contents[group].append((entry, packed, units))

    def into_part(self, part: object, packed: Packed) -> Callable[[tuple[HandlingUnit, ...]], None]:
        def put(units: tuple[HandlingUnit, ...]) -> None:
            self.part_contents[part] = (packed, units)

        return put

    @staticmethod
    def hand(
        takers: Iterable[tuple[int, int, Callable[[tuple[HandlingUnit, ...]], None]]],
        units: list[HandlingUnit],
    ) -> None:
        for _, count, put in takers:
            put(tuple(units[:count]))
            del units[:count]

    # ---- load units

    def stuff_group(self, group: Group) -> list[LoadUnit] | Refusal:
        """Stuff a group's units into the load units of its runs."""
        counts = [
            (run, self.model.run_arcs[group.index, i], self.whole(column))
            for i, run in enumerate(group.runs)
            if (column := self.model.load_units.get((group.index, i))) is not None
        ]
        counts = [c for c in counts if c[2] > 0]
        wanted = sum(c[2] for c in counts)
        units = [u for _, _, some in self.contents[group.index] for u in some]
        equipment = self.case.equipment[group.equipment]
        limit = min(run.max_cargo_kg for run, _, _ in counts)
        if group.sharing.room < 1.0:
            batches = even_batches(units, wanted)
        else:
            batches = [units]
        loads: list[LoadPlan] = []
        for batch in batches:
            most = wanted if len(batches) == 1 else 1
            stuffing = stuff(
                batch,
                equipment,
                max_loads=most,
                max_cargo_kg=limit,
                seed=self.case.settings.seed,
                seconds=STUFFING_S,
            )
            if stuffing.left:
                return Refusal(group.index, wanted, stuffing.reasons)
            loads += stuffing.loads
        loads.sort(key=lambda load: -load.mass_kg)
        slots = sorted(
            ((run, arcs) for run, arcs, count in counts for _ in range(count)),
            key=lambda slot: self.slope(slot[1]),
        )
        # a search that was stopped may count a load unit too many: it stays behind, empty as it is
        return [
            LoadUnit(group, run, arcs, load)
            for (run, arcs), load in zip(slots, loads, strict=False)
        ]

    def slope(self, arcs: tuple[Arc, ...]) -> float:
        """CO2e per kg of cargo over a run: the heaviest loads go where it is least."""
        total = 0.0
        for arc in arcs:
            offers = self.model.arcs.asked[arc]
            total += min(o.per_cargo_kg.wtw_kg for o in offers)
        return total

    # ---- offers and boxes

    def name_offers(self, load_units: list[LoadUnit]) -> None:
        """Give every load unit an offer on each leg, and a box where one is reused."""
        on_arc: dict[Arc, list[LoadUnit]] = defaultdict(list)
        for unit in load_units:
            for arc in unit.arcs:
                on_arc[arc].append(unit)
        fetched: dict[StockKey, list[LoadUnit]] = defaultdict(list)
        freed: dict[StockKey, list[tuple[int, LoadUnit]]] = defaultdict(list)
        turns = self.turns_used()
        for arc, units in on_arc.items():
            tokens = self.tokens(arc, turns)
            units.sort(key=lambda u: -u.load.mass_kg)
            for unit, (offer, stock, released) in zip(units, tokens, strict=False):
                unit.offers[arc] = offer
                if stock is not None:
                    fetched[stock].append(unit)
                    unit.pickup_place = stock.place
                if released and arc.box is not None:
                    unit.released = True
                    key = self.model.reuse.freed_key(arc, offer)
                    freed[key].append((arc.box.ready, unit))
        for stock, users in fetched.items():
            self.match(stock, users, freed.get(stock, []))

    def turns_used(self) -> dict[tuple[Arc, str], list[StockKey]]:
        """The stock of each box fetched on an arc and bid: pools are dealt out in their order."""
        used: dict[tuple[Arc, str], list[StockKey]] = defaultdict(list)
        reuse = self.model.reuse
        for pool, fetching in reuse.pools.items():
            boxes = [
                key
                for key in sorted(pool.stocks)
                if (key, pool) in reuse.turns
                for _ in range(self.whole(reuse.turns[key, pool]))
            ]
            for arc, offer, v in fetching:
                count = self.whole(v)
                used[arc, offer.bid.bid_id] = boxes[:count]
                del boxes[:count]
        return used

    def tokens(
        self, arc: Arc, turns: dict[tuple[Arc, str], list[StockKey]]
    ) -> list[tuple[Offer, StockKey | None, bool]]:
        """One (offer, stock fetched from, box released) for each load unit on an arc."""
        arcs = self.model.arcs
        if arc in arcs.single:
            total = sum(self.values[c] * a for c, a in arcs.uses[arc].load_units.items())
            return [(arcs.single[arc], None, False)] * round(total)
        tokens: list[tuple[Offer, StockKey | None, bool]] = []
        for offer in sorted(arcs.asked[arc], key=lambda o: o.per_cargo_kg.wtw_kg):
            key = (arc, offer.bid.bid_id)
            if key in arcs.turned and arc.box is not None:
                turned = self.whole(arcs.turned[key])
                if arc.box.end == "in":
                    tokens += [(offer, None, True)] * turned
                tokens += [(offer, stock, False) for stock in turns.get(key, [])]
            tokens += [(offer, None, False)] * self.whole(arcs.carried[key])
        return sorted(tokens, key=lambda t: not (t[2] or t[1] is not None))

    def match(
        self, stock: StockKey, users: list[LoadUnit], freed: list[tuple[int, LoadUnit]]
    ) -> None:
        """Name the box of each user: the first to stand ready goes to the first to be stuffed."""
        ready: list[tuple[int, int, EmptyBoxes | LoadUnit]] = []
        for day, boxes in self.model.reuse.stocks[stock].known:
            ready += [(day, 0, boxes)] * boxes.quantity
        ready += [(day, 1, unit) for day, unit in freed]
        ready.sort(key=lambda item: item[:2])
        for user, (_, _, source) in zip(
            sorted(users, key=lambda u: u.run.stuffed), ready, strict=False
        ):
            user.source = source

    # ---- shipments

    def part_shipments(self) -> list[Shipment]:
        """One shipment for each part load."""
        made = []
        for part, (packed, units) in self.part_contents.items():
            option = part.option  # type: ignore[attr-defined]
            run = option.run
            stops = (run.origin, *run.via, run.destination)
            made.append(
                Shipment(
                    "",
                    run.origin,
                    run.destination,
                    "",
                    tuple(
                        LegChoice(
                            s.offer,
                            s.depart,
                            s.arrive,
                            is_paid(stops, i, packed.order.named_place, packed.order.flow),
                        )
                        for i, s in enumerate(run.steps)
                    ),
                    (Content(packed, units, option.entry.kind, option.entry.hub),),
                    (),
                    run.steps[0].offer.bid.line,
                )
            )
        return made

    def shipments(
        self, load_units: list[LoadUnit], parts: list[Shipment]
    ) -> tuple[tuple[Shipment, ...], tuple[BoxUse, ...]]:
        """Group load units that are alike into shipments, number them, name the boxes' uses."""
        alike: dict[object, list[LoadUnit]] = defaultdict(list)
        for unit in load_units:
            bids = tuple((unit.offers[a].bid.bid_id, a.paid) for a in unit.arcs)
            days = tuple((s.depart, s.arrive) for s in unit.run.steps)
            terms = (unit.group.sharing.terms.named_place, unit.group.sharing.alone)
            alike[
                unit.run.origin, unit.run.destination, unit.run.equipment, bids, days, terms,
                unit.pickup_place, unit.released,
            ].append(unit)
        entry_of = {
            (index, u.unit_id): (entry, packed)
            for index, some in self.contents.items()
            for entry, packed, units in some
            for u in units
        }
        drafts: list[tuple[Shipment, list[LoadUnit]]] = [(part, []) for part in parts]
        for units in alike.values():
            drafts.append((self.draft(units, entry_of), units))
        drafts.sort(key=lambda d: _order_of(d[0]))
        numbered = [
            (replace(s, shipment_id=f"S-{i:04d}"), units) for i, (s, units) in enumerate(drafts, 1)
        ]
        id_of = {id(unit): s.shipment_id for s, units in numbered for unit in units}
        uses: dict[tuple[str, str, str], BoxUse] = {}
        for shipment, units in numbered:
            for unit in units:
                if unit.source is None:
                    continue
                use = self.box_use(shipment, unit, id_of)
                name = use.empties.empty_id if use.empties else ""
                key = (shipment.shipment_id, name, use.import_shipment_id)
                known = uses.get(key)
                uses[key] = replace(use, boxes=known.boxes + 1) if known else use
        return tuple(s for s, _ in numbered), tuple(uses.values())

    def draft(
        self, units: list[LoadUnit], entry_of: dict[tuple[int, str], tuple[Entry, Packed]]
    ) -> Shipment:
        """A shipment without a number from load units that are alike."""
        first = units[0]
        by_entry: dict[Entry, tuple[Packed, list[HandlingUnit]]] = {}
        for unit in units:
            for placement in unit.load.placements:
                entry, packed = entry_of[unit.group.index, placement.unit.unit_id]
                by_entry.setdefault(entry, (packed, []))[1].append(placement.unit)
        contents = tuple(
            Content(packed, tuple(some), entry.kind, entry.hub)
            for entry, (packed, some) in sorted(
                by_entry.items(), key=lambda item: (item[0].order, item[0].kind)
            )
        )
        return Shipment(
            "",
            first.run.origin,
            first.run.destination,
            first.run.equipment,
            first.leg_choices(),
            contents,
            tuple(u.load for u in units),
            first.run.line,
            first.pickup_place,
            first.released,
        )

    def box_use(self, shipment: Shipment, unit: LoadUnit, id_of: dict[int, str]) -> BoxUse:
        """Whose box a load unit travels in, and when it is fetched."""
        stuffing = unit.run.stuffed
        if isinstance(unit.source, EmptyBoxes):
            until = unit.source.free_until
            day = min(stuffing, until.toordinal()) if until else stuffing
            return BoxUse(shipment.shipment_id, 1, day, empties=unit.source)
        source = unit.source
        assert source is not None
        ready = source.arcs[-1].box
        free_days = source.run.free_days
        last = source.run.arrive + free_days if free_days is not None else stuffing
        day = max(min(stuffing, last), ready.ready if ready else stuffing)
        return BoxUse(shipment.shipment_id, 1, day, import_shipment_id=id_of[id(source)])


def _order_of(shipment: Shipment) -> tuple[object, ...]:
    """The order in which shipments are numbered, the same from run to run."""
    return (
        shipment.depart,
        shipment.origin,
        shipment.destination,
        shipment.arrive,
        shipment.equipment,
        tuple(leg.offer.bid.bid_id for leg in shipment.legs),
        shipment.pickup_place,
        shipment.released,
        tuple(c.packed.order.key for c in shipment.contents),
    )


def even_batches(units: list[HandlingUnit], count: int) -> list[list[HandlingUnit]]:
    """Split units into batches whose sizes differ by at most one."""
    base, more = divmod(len(units), count)
    batches, at = [], 0
    for i in range(count):
        size = base + (1 if i < more else 0)
        batches.append(units[at : at + size])
        at += size
    return [b for b in batches if b]
