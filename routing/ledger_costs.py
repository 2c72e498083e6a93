"""Charges: what a plan costs, a row a charge, each with the place where its price stands.

A leg beyond the named place is paid by others and has no charges, and so are the hub passages
there; a passage at the named place itself counts as ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from lowhaul.units import KG_PER_T, money
from routing.box_costs import extra_km
from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.costs import BASE, ChargeLine, charge_lines
from routing.depots import road_km
from routing.free_time import late_days
from routing.ledger_boxes import Emptied
from routing.ledger_chain import Passage, Trip
from routing.ledger_rows import CostRow
from routing.plan import BoxUse, LegChoice
from routing.rebates import Carried, Rebate

HANDLING, REUSE_FEE, DETENTION = "HDL", "RUF", "DET"
FIXED, RETURN, DISCOUNT = "FIX", "RET", "DISC"


def leg_charges(trip: Trip, leg: LegChoice, *, reused: bool) -> list[ChargeLine]:
    """The charges of one leg on our account, with its boxes reused or from and to the port.

    Kilometres beyond those in the round-use rate are the fetching haulier's: of boxes that come.
    """
    if not leg.paid:
        return []
    bid = leg.offer.bid
    beyond = 0.0
    if reused and leg is trip.shipment.legs[0]:
        beyond = sum(
            use.boxes * extra_km(bid.round_use_km, move_km(trip, use)) for use in trip.came
        )
    return charge_lines(
        bid,
        trip.quantities(leg),
        date.fromordinal(leg.depart),
        trip.case.fx,
        reused=reused,
        extra_km=beyond,
        discount=trip.discounts.get(bid.bid_id, 0.0),
    )


def reuse_change(trip: Trip, index: int) -> float:
    """What a leg costs more (or less, negative) because its boxes are reused, rebates included."""
    leg = trip.shipment.legs[index]
    left = 1.0 - trip.discounts.get(leg.offer.bid.bid_id, 0.0)
    amounts = [
        sum(c.amount * (left if c.charge_code == BASE else 1.0) for c in lines)
        for lines in (leg_charges(trip, leg, reused=r) for r in (True, False))
    ]
    return money(amounts[0] - amounts[1])


def move_km(trip: Trip, use: BoxUse) -> float:
    """Driven kilometres from where a box stands to where it is stuffed, through its depot."""
    return sum(road_km(trip.case.distances, *way) for way in move_of(trip, use))


def move_of(trip: Trip, use: BoxUse) -> list[tuple[str, str]]:
    """The ways of a move: one, or two through a depot; none within a place."""
    stops = [use.place, *([use.depot] if use.depot else []), trip.shipment.origin]
    return [way for way in pairwise(stops) if way[0] != way[1]]


def shipment_charges(trip: Trip, sources: Sequence[Emptied]) -> list[CostRow]:
    """All charges of one shipment in the order of its chain; `sources` of the boxes that came."""
    rows: list[CostRow] = []
    passages = trip.passages
    for i, leg in enumerate(trip.shipment.legs):
        rows += [_bid_row(trip, leg, c) for c in leg_charges(trip, leg, reused=trip.reuses(i))]
        rows += [
            row for p in passages if p.after == i and (row := handling_charge(trip, p)) is not None
        ]
    for use, boxes in zip(trip.came, sources, strict=True):
        for charge in (
            reuse_fee(trip.case, boxes.line, use.boxes),
            detention_charge(trip.case, use, boxes),
        ):
            if charge is not None:
                rows.append(replace(charge, shipment_id=trip.shipment.shipment_id))
    return numbered(rows)


def carried_on(trips: Sequence[Trip]) -> list[Carried]:
    """What each shipment puts on each bid on our account, base cost included."""
    found = []
    for trip in trips:
        for i, leg in enumerate(trip.shipment.legs):
            if leg.paid:
                lines = leg_charges(trip, leg, reused=trip.reuses(i))
                base = sum(line.amount for line in lines if line.charge_code == BASE)
                volume = {"t": trip.mass_kg / KG_PER_T}
                if leg.offer.bid.takes_load_units:
                    volume |= {"load_unit": float(trip.shipment.load_units), "teu": trip.teu}
                found.append(Carried(leg.offer.bid.bid_id, volume, base))
    return found


def rebate_charges(
    case: Case, carried: Sequence[Carried], rebates: Sequence[Rebate]
) -> list[CostRow]:
    """A negative row for each rebate: a percentage of the base cost of a bid."""
    bids = {b.bid_id: b for b in case.bids}
    rows = []
    for rebate in rebates:
        base = sum(c.base_cost for c in carried if c.bid_id == rebate.bid_id)
        rate = -100.0 * rebate.share
        amount = money(base * rate / 100.0)
        table = "bid_bundles" if rebate.by.startswith("bundle") else "bid_tiers"
        rows.append(
            CostRow(
                "", 0, bids[rebate.bid_id].carrier, rebate.bid_id, DISCOUNT, "freight", "percent",
                money(base), rate, case.settings.currency, 1.0, amount, table,
            )
        )  # fmt: skip
    return rows


def numbered(rows: Iterable[CostRow]) -> list[CostRow]:
    """The rows with seq 1, 2, ..."""
    return [replace(row, seq=i) for i, row in enumerate(rows, 1)]


def _bid_row(trip: Trip, leg: LegChoice, line: ChargeLine) -> CostRow:
    bid = leg.offer.bid
    return CostRow(
        trip.shipment.shipment_id,
        0,
        bid.carrier,
        bid.bid_id,
        line.charge_code,
        line.section,
        line.basis,
        line.quantity,
        line.rate,
        line.currency,
        line.fx,
        line.amount,
        bid.source_file or "bids",
        bid.source_sheet,
        bid.source_row,
    )


def _own_row(
    case: Case,
    code: str,
    basis: str,
    quantity: float,
    rate: float,
    currency: str,
    table: str,
    *,
    shipment_id: str = "",
    carrier: str = "",
    section: str = "",
) -> CostRow:
    """A charge whose price stands in a table of the project and in no bid."""
    currency = currency or case.settings.currency
    fx = case.fx.factor(currency)
    amount = money(quantity * rate * fx)
    return CostRow(
        shipment_id, 0, carrier, "", code, section, basis, quantity, rate, currency, fx, amount,
        table,
    )  # fmt: skip


def handling_charge(trip: Trip, passage: Passage) -> CostRow | None:
    """The handling of one passage, None where it costs nothing or others pay."""
    place = passage.place
    if passage.per_tonne:
        rate, basis, quantity = place.handling_cost_per_t, "tonne", passage.mass_kg / KG_PER_T
    else:
        rate, basis = place.handling_cost_per_load_unit, "load_unit"
        quantity = float(trip.shipment.load_units)
    if not passage.paid or not rate:
        return None
    return _own_row(
        trip.case,
        HANDLING,
        basis,
        quantity,
        rate,
        place.currency,
        "locations",
        shipment_id=trip.shipment.shipment_id,
        section=passage.section,
    )


def reuse_fee(case: Case, owner: str, boxes: int) -> CostRow | None:
    """The fee that the owner of reused boxes asks, None where it asks nothing."""
    carrier = case.carriers.get(owner)
    if carrier is None or not carrier.round_use_fee:
        return None
    return _own_row(
        case,
        REUSE_FEE,
        "container",
        float(boxes),
        carrier.round_use_fee,
        carrier.currency,
        "carriers",
        carrier=owner,
        section="origin",
    )


def detention_charge(case: Case, use: BoxUse, boxes: Emptied) -> CostRow | None:
    """What the owner asks for days after free time, until reused boxes are handed over."""
    days, price = late_days(use.day, boxes.until), boxes.detention
    if not days or price is None or not price.per_day:
        return None
    row = _own_row(
        case,
        DETENTION,
        "day",
        float(use.boxes * days),
        price.per_day,
        price.currency,
        price.file,
        carrier=boxes.line if boxes.line in case.carriers else "",
        section="origin",
    )
    return replace(row, source_sheet=price.sheet, source_row=price.row)


def shared_charges(
    case: Case,
    trips: Sequence[Trip],
    unused: Sequence[tuple[EmptyBoxes, int]],
    rebates: Sequence[CostRow] = (),
) -> list[CostRow]:
    """Charges of no shipment: rebates, fixed costs of carriers we pay, returns of unused boxes."""
    paid = {leg.offer.bid.carrier for t in trips for leg in t.shipment.legs if leg.paid}
    rows = [
        *rebates,
        *(
            _own_row(
                case, FIXED, "carrier", 1.0, c.fixed_cost, c.currency, "carriers", carrier=c.carrier
            )
            for c in case.carriers.values()
            if c.carrier in paid and c.fixed_cost
        ),
    ]
    for boxes, left in unused:
        if boxes.ours and left and boxes.return_cost:
            rows.append(return_charge(case, boxes, left))
    return numbered(rows)


def return_charge(case: Case, boxes: EmptyBoxes, left: int) -> CostRow:
    """What it costs to bring unused boxes of ours back."""
    owner = boxes.line if boxes.line in case.carriers else ""
    return _own_row(
        case,
        RETURN,
        "container",
        float(left),
        boxes.return_cost,
        boxes.currency,
        "empties",
        carrier=owner,
    )
