"""Shipments from load units whose offers and boxes are named, and from part loads.

Load units that share route, days, bids and terms are one shipment, if all of their boxes are reused
or none, and if all are loaded again after stripping or none; shipments are numbered in an order
that is the same from run to run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from loading.units import HandlingUnit
from routing.boxes import EmptyBoxes
from routing.groups import Entry, Packed, PartOption
from routing.naming import LoadUnit
from routing.plan import BoxUse, Content, LegChoice, Shipment
from routing.runs import is_paid

UnitOfGroup = tuple[int, str]
"""Index of a group and the unit_id of a handling unit in it."""


def part_shipment(option: PartOption, packed: Packed, units: tuple[HandlingUnit, ...]) -> Shipment:
    """The shipment, without a number, of one part load."""
    run, order = option.run, packed.order
    return Shipment(
        shipment_id="",
        origin=run.origin,
        destination=run.destination,
        equipment="",
        legs=tuple(
            LegChoice(
                s.offer,
                s.depart,
                s.arrive,
                is_paid(run.stops, i, order.named_place, order.flow),
            )
            for i, s in enumerate(run.steps)
        ),
        contents=(Content(packed, units, option.entry.kind, option.entry.hub),),
        loads=(),
        line=run.steps[0].offer.bid.line,
    )


def make_shipments(
    load_units: Sequence[LoadUnit],
    parts: Sequence[Shipment],
    entry_of: Mapping[UnitOfGroup, tuple[Entry, Packed]],
) -> tuple[tuple[Shipment, ...], tuple[BoxUse, ...]]:
    """Group load units that are alike into shipments, number them, name the boxes' uses.

    `entry_of` tells the entry and packaging of every handling unit in a group.
    """
    alike: dict[object, list[LoadUnit]] = defaultdict(list)
    for unit in load_units:
        bids = tuple((unit.offers[a].bid.bid_id, a.paid) for a in unit.arcs)
        days = tuple((s.depart, s.arrive) for s in unit.run.steps)
        terms = (unit.group.sharing.terms.named_place, unit.group.sharing.alone)
        alike[
            unit.run.origin,
            unit.run.destination,
            unit.run.equipment,
            bids,
            days,
            terms,
            bool(unit.pickup_place),
            unit.released,
        ].append(unit)
    drafts: list[tuple[Shipment, list[LoadUnit]]] = [(part, []) for part in parts]
    for units in alike.values():
        drafts.append((_draft(units, entry_of), units))
    drafts.sort(key=lambda d: _order_of(d[0]))
    numbered = [
        (replace(s, shipment_id=f"S-{i:04d}"), units) for i, (s, units) in enumerate(drafts, 1)
    ]
    id_of = {id(unit): s.shipment_id for s, units in numbered for unit in units}
    uses: dict[tuple[str, str, str, str, int], BoxUse] = {}
    for shipment, units in numbered:
        for unit in units:
            if unit.source is None:
                continue
            use = _box_use(shipment, unit, unit.source, id_of)
            name = use.empties.empty_id if use.empties else ""
            key = (shipment.shipment_id, name, use.import_shipment_id, use.depot, use.day)
            known = uses.get(key)
            uses[key] = replace(use, boxes=known.boxes + 1) if known else use
    return tuple(s for s, _ in numbered), tuple(uses.values())


def _draft(
    units: Sequence[LoadUnit], entry_of: Mapping[UnitOfGroup, tuple[Entry, Packed]]
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
        ";".join(sorted({unit.pickup_place for unit in units})),
        first.released,
    )


def _box_use(
    shipment: Shipment, unit: LoadUnit, source: EmptyBoxes | LoadUnit, id_of: Mapping[int, str]
) -> BoxUse:
    """Whose box a load unit travels in, whence and when it comes."""
    use = BoxUse(shipment.shipment_id, 1, unit.handed_over, unit.source_place, unit.depot)
    if isinstance(source, EmptyBoxes):
        return replace(use, empties=source)
    return replace(use, import_shipment_id=id_of[id(source)])


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
