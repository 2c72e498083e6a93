"""Charges: every cost of a bid recomputed to the cent from the cells of the bid sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from lowhaul.units import KG_PER_T
from routing.bids import Bid, Charge
from routing.check.boxes import move_km, ride_km
from routing.check.plan import CENT, Breach, Plan, Ride, exactly
from routing.check.rebates import discount_of
from routing.check.rows import Cost, Shipment

BASE = "BAS"
OUTSIDE_BID = frozenset({"RUF", "HDL", "DET", "DEM", "DISC"})
"""Codes of charges that no cell of `rate` or `bid_charges` prices."""
LDM_WIDTH_MM = 2400.0
FX_GRAIN = 1e-6
"""Exchange rates in a table may be rounded to six digits."""


def cents(value: float) -> float:
    """An amount rounded half up to the cent."""
    return float(Decimal(repr(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _loading_metres(plan: Plan, shipment: Shipment) -> tuple[float, float]:
    """Loading metres with and without stacking: agreed tender by tender, so both are known."""
    flat = stacked = 0.0
    for row in plan.allocations_of.get(shipment.shipment_id, ()):
        p = plan.packaging(row.sku, row.packaging_id)
        if p:
            metres = row.handling_units * p.length_mm * p.width_mm / LDM_WIDTH_MM / 1000.0
            flat += metres
            stacked += metres / p.max_stack
    return stacked, flat


def quantity_range(
    plan: Plan, shipment: Shipment, ride: Ride, basis: str, boxes: float | None = None
) -> tuple[float, float]:
    """Least and most that a shipment has of a rate's basis on a ride (mostly equal).

    `boxes`: only so many of its load units (mass and volume in proportion).
    """
    bid = ride.bid
    units = shipment.load_units if boxes is None else boxes
    part = units / shipment.load_units if shipment.load_units else 1.0
    mass_kg, volume = shipment.mass_kg * part, shipment.volume_m3 * part
    whole = bid is not None and bid.takes_load_units
    per_m3 = (bid.kg_per_m3 or 0.0) if bid else 0.0
    charged_kg = mass_kg if whole else max(mass_kg, volume * per_m3)
    one: float
    match basis:
        case "container" | "trip":
            one = units if whole else 1.0
        case "teu":
            box = plan.case.equipment.get(shipment.equipment)
            one = units * (box.teu if box else 0.0)
        case "tonne":
            one = charged_kg / KG_PER_T
        case "kg":
            one = charged_kg
        case "m3":
            one = volume
        case "wm":
            heavy = mass_kg / KG_PER_T
            by_ratio = max(heavy, volume * per_m3 / KG_PER_T) if per_m3 else max(heavy, volume)
            both = sorted((by_ratio, max(heavy, volume)))
            return both[0], both[1]
        case "ldm":
            low, high = _loading_metres(plan, shipment)
            return low * part, high * part
        case "km":
            one = ride_km(ride) * (units if whole else 1.0)
        case _:
            one = 1.0
    return one, one


def _amount_range(
    plan: Plan, shipment: Shipment, ride: Ride, basis: str, price: float, boxes: float | None = None
) -> tuple[float, float]:
    low, high = quantity_range(plan, shipment, ride, basis, boxes)
    grain = 0.00051 * price if basis in ("m3", "wm") else 0.0  # volume may be rounded to a litre
    return low * price - grain, high * price + grain


def reused_on(plan: Plan, shipment: Shipment, ride: Ride) -> tuple[float, float, float]:
    """Boxes of a ride that come from or go to reuse, and the km beyond those in the rate.

    The kilometres are those of the boxes that come; the second figure adds those that go on from
    here, whose move the export's haulier makes: its bid may or may not charge them.
    """
    bid = ride.bid
    rides = plan.rides_of[shipment.shipment_id]
    if bid is None or not ride.is_box_haulage:
        return 0.0, 0.0, 0.0
    came = plan.reused_by.get(shipment.shipment_id, []) if ride is rides[0] else []
    went = plan.reused_from.get(shipment.shipment_id, []) if ride is rides[-1] else []
    beyond = [0.0, 0.0]
    for i, rows in enumerate((came, went)):
        for row in rows:
            km = move_km(plan, row)
            if km is not None and bid.round_use_km is not None:
                beyond[i] += row.boxes * max(0.0, km - bid.round_use_km)
    boxes = sum(r.boxes for r in (*came, *went))
    return boxes, beyond[0], beyond[0] + beyond[1]


def base_range(plan: Plan, shipment: Shipment, ride: Ride) -> tuple[float, float]:
    """Least and most of the base price in the bid's currency: rate, round-use rate, minimum."""
    bid = ride.bid
    assert bid is not None
    boxes, km_low, km_high = reused_on(plan, shipment, ride)
    reduced = bid.rate if bid.round_use_rate is None else bid.round_use_rate
    basis = bid.rate_basis
    if (
        boxes
        and boxes < shipment.load_units
        and reduced != bid.rate
        and basis in ("shipment", "bl")
    ):
        ways = sorted((bid.rate, reduced))
        low, high = ways[0], ways[1]
    elif boxes:
        rest = shipment.load_units - boxes
        first = _amount_range(plan, shipment, ride, basis, reduced, boxes)
        second = (0.0, 0.0)
        if rest > 0 and basis not in ("shipment", "bl"):
            second = _amount_range(plan, shipment, ride, basis, bid.rate, rest)
        low, high = first[0] + second[0], first[1] + second[1]
    else:
        low, high = _amount_range(plan, shipment, ride, basis, bid.rate)
    low, high = max(low, bid.min_charge), max(high, bid.min_charge)
    per_km = bid.round_use_rate_per_km
    return low + km_low * per_km, high + km_high * per_km


def charges_in_force(bid: Bid, when: date) -> list[Charge]:
    """The surcharges that stand on a day and are not included in the rate."""
    return [
        c
        for c in bid.charges
        if (c.valid_from is None or c.valid_from <= when)
        and (c.valid_to is None or c.valid_to >= when)
        and c.charge_code not in bid.surcharges_included
    ]


def fuel_percent(plan: Plan, table_id: str, when: date) -> float:
    """The surcharge of a fuel table on a day, read from its rows and its index; 0 where none is."""
    known = sorted(
        (i for i in plan.case.fuel_index if i.table_id == table_id and i.day <= when),
        key=lambda i: i.day,
    )
    steps = sorted(
        (
            s
            for s in plan.case.fuel_steps
            if s.table_id == table_id
            and not (s.valid_from and when < s.valid_from)
            and not (s.valid_to and when > s.valid_to)
        ),
        key=lambda s: s.index_from,
    )
    percent = 0.0
    for step in steps if known else ():
        # of two rows that meet at the index the one that begins there is later, and holds
        if step.index_from <= known[-1].index <= step.index_to:
            percent = step.percent
    return percent


def fuel_surcharged(plan: Plan) -> Iterator[Breach]:
    """A charge by a fuel table has the percentage of the index on the day of departure."""
    for s, ride in plan.riding:
        bid, when = ride.bid, ride.depart
        if bid is None or when is None or not plan.ours(s, ride):
            continue
        for table_id in dict.fromkeys(c.fuel_table for c in bid.charges if c.fuel_table):
            spans = [c for c in bid.charges if c.fuel_table == table_id]
            first = min((c.valid_from or date.min) for c in spans)
            last = max((c.valid_to or date.max) for c in spans)
            right = fuel_percent(plan, table_id, when) if first <= when <= last else 0.0
            code = spans[0].charge_code
            told = [
                r.rate
                for r in plan.costs_of.get(s.shipment_id, ())
                if (r.bid_id, r.charge_code) == (bid.bid_id, code)
            ]
            if (told or right) and right not in told:
                message = f"{told} percent, {table_id} gives {right:g} on {when}"
                yield "costs", f"{s.shipment_id} {bid.bid_id} {code}", message


def _total(rows: list[Cost]) -> float:
    return sum(r.amount for r in rows)


def cost_arithmetic(plan: Plan) -> Iterator[Breach]:
    """amount = quantity x rate x fx, half up to the cent, at the plan's exchange rate."""
    for row in plan.costs:
        rate = row.rate / 100.0 if row.basis == "percent" else row.rate
        right = cents(row.quantity * rate * row.fx)
        if abs(row.amount - right) >= CENT:
            yield "costs", row.key, f"{row.amount} is not {right}, quantity x rate x fx"
        fx = plan.case.fx.factor(row.rate_currency)
        if abs(row.fx - fx) > FX_GRAIN * max(1.0, fx):
            yield "costs", row.key, f"fx {row.fx} of {row.rate_currency}, the plan's is {fx}"


def cost_of_bid(plan: Plan) -> Iterator[Breach]:
    """Base rate, minimum and each surcharge of a ride follow from its bid and the shipment.

    Percent charges on the base are of what rebates leave of it.
    """
    discounts = discount_of(plan)
    for s, ride in plan.riding:
        bid = ride.bid
        if bid is None or ride.depart is None:
            continue
        rows: dict[str, list[Cost]] = defaultdict(list)
        for row in plan.costs_of.get(s.shipment_id, ()):
            if row.bid_id == bid.bid_id:
                rows[row.charge_code].append(row)
        where = f"{s.shipment_id} {bid.bid_id}"
        if not plan.ours(s, ride):
            if any(rows.values()):
                yield "costs", where, "the leg lies beyond the named place: it is not ours to pay"
            continue
        yield from _base_faults(plan, s, ride, bid, rows.pop(BASE, []), where)
        charges = charges_in_force(bid, ride.depart)
        bases = {c: _total(r) for c, r in rows.items()}
        base = sum(
            r.amount
            for r in plan.costs_of.get(s.shipment_id, ())
            if r.bid_id == bid.bid_id and r.charge_code == BASE
        )
        bases[BASE] = base * (1.0 - discounts.get(bid.bid_id, 0.0))
        by_code: dict[str, list[Charge]] = defaultdict(list)
        for charge in charges:
            by_code[charge.charge_code].append(charge)
        for code, same in by_code.items():
            yield from _charge_faults(plan, s, ride, same, rows.get(code, []), bases, where)
        for code in sorted(set(rows) - set(by_code) - OUTSIDE_BID):
            yield "costs", f"{where} {code}", "the bid has no such charge on that day"


def _base_faults(
    plan: Plan, shipment: Shipment, ride: Ride, bid: Bid, rows: list[Cost], where: str
) -> Iterator[Breach]:
    fx = plan.case.fx.factor(bid.currency)
    low, high = base_range(plan, shipment, ride)
    said = _total(rows)
    grain = 0.005 * max(1, len(rows)) + 1e-6 + FX_GRAIN * abs(said)
    if not low * fx - grain <= said <= high * fx + grain:
        right = f"{low * fx:.2f}" if low == high else f"{low * fx:.2f} to {high * fx:.2f}"
        yield "costs", f"{where} {BASE}", f"base {said:.2f}, the bid's cells give {right}"
    cells = {bid.rate, bid.min_charge, bid.round_use_rate_per_km}
    if reused_on(plan, shipment, ride)[0] and bid.round_use_rate is not None:
        cells.add(bid.round_use_rate)
    for row in rows:
        if row.rate not in cells or row.rate_currency != bid.currency:
            message = f"{row.rate} {row.rate_currency} is no rate of the bid ({bid.currency})"
            yield "costs", f"{where} {BASE}", message


def _charge_faults(
    plan: Plan,
    shipment: Shipment,
    ride: Ride,
    charges: list[Charge],
    rows: list[Cost],
    bases: dict[str, float],
    where: str,
) -> Iterator[Breach]:
    """Charges of one code; what is collected from the consignee (COL) may stand or not."""
    low = high = 0.0
    for charge in charges:
        if charge.rate_basis == "percent":
            base = sum(bases.get(c, 0.0) for c in charge.percent_of or (BASE,))
            least = most = base * charge.amount / 100.0
        else:
            fx = plan.case.fx.factor(charge.currency)
            least, most = _amount_range(plan, shipment, ride, charge.rate_basis, charge.amount * fx)
        low += 0.0 if charge.payment_term == "COL" else least
        high += most
    said = _total(rows)
    grain = 0.005 * max(1, len(rows)) + 1e-6 + FX_GRAIN * abs(said)
    if not low - grain <= said <= high + grain:
        message = f"{said:.2f}, the bid's charges give {low:.2f}" + (
            "" if exactly(low, high, CENT) else f" to {high:.2f}"
        )
        yield "costs", f"{where} {charges[0].charge_code}", message


def cost_of_unknown(plan: Plan) -> Iterator[Breach]:
    """A shipment pays only the bids that it rides on, each to the carrier that bids."""
    ridden = {(s.shipment_id, r.first.bid_id) for s, r in plan.riding}
    for row in plan.costs:
        if not row.bid_id:
            continue
        if row.shipment_id and (row.shipment_id, row.bid_id) not in ridden:
            yield "costs", row.key, f"the shipment does not ride on {row.bid_id}"
        bid = plan.bids.get(row.bid_id)
        if bid and row.carrier != bid.carrier and row.charge_code not in OUTSIDE_BID:
            yield "costs", row.key, f"{row.carrier} is paid for a bid of {bid.carrier}"


RULES = (cost_arithmetic, cost_of_bid, cost_of_unknown, fuel_surcharged)
