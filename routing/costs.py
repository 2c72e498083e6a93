"""What a bid costs: every charge of it, by basis, in the project's currency.

The same rules serve the planner, who needs a price per load unit, per kg and per shipment, and the
result tables, which need a row a charge. A percent charge is taken of the base rate after its
minimum, or of the charges that it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lowhaul.units import KG_PER_T, money
from routing.bids import Bid, Charge
from routing.money import ExchangeRates

BASE = "BAS"
LDM_WIDTH_MM = 2400.0
"""Width of a trailer floor that a loading metre stands for."""


@dataclass(frozen=True)
class Quantities:
    """What a shipment puts on a bid: the quantities that rates are multiplied with."""

    load_units: float = 0.0
    teu: float = 0.0
    mass_kg: float = 0.0
    volume_m3: float = 0.0
    loading_metres: float = 0.0
    distance_km: float = 0.0
    shipments: float = 1.0


@dataclass(frozen=True)
class ChargeLine:
    """One charge of one shipment, as a row of costs.csv."""

    charge_code: str
    section: str
    basis: str
    quantity: float
    rate: float
    currency: str
    fx: float

    @property
    def amount(self) -> float:
        """quantity x rate x fx, to the cent (a percent charge divides by 100)."""
        rate = self.rate / 100.0 if self.basis == "percent" else self.rate
        return money(self.quantity * rate * self.fx)


def chargeable_kg(bid: Bid, mass_kg: float, volume_m3: float) -> float:
    """The mass a part load is charged for: the greater of its mass and its volume mass."""
    return max(mass_kg, volume_m3 * bid.kg_per_m3) if bid.kg_per_m3 else mass_kg


def quantity_of(basis: str, q: Quantities, bid: Bid) -> float:
    """How much of a rate's basis a shipment has on that bid.

    Raises ValueError for a basis that is not one of the table's choices.
    """
    charged_kg = q.mass_kg if bid.takes_load_units else chargeable_kg(bid, q.mass_kg, q.volume_m3)
    match basis:
        case "container" | "trip":
            return q.load_units if bid.takes_load_units else q.shipments
        case "teu":
            return q.teu
        case "tonne":
            return charged_kg / KG_PER_T
        case "kg":
            return charged_kg
        case "m3":
            return q.volume_m3
        case "wm":
            return max(q.mass_kg / KG_PER_T, q.volume_m3)
        case "ldm":
            return q.loading_metres
        case "shipment" | "bl":
            return q.shipments
        case "km":
            return q.distance_km * (q.load_units if bid.takes_load_units else 1.0)
    raise ValueError(f"rate basis {basis!r} is unknown")


def charge_lines(
    bid: Bid,
    q: Quantities,
    day: date,
    fx: ExchangeRates,
    *,
    reused: bool = False,
    extra_km: float = 0.0,
    discount: float = 0.0,
) -> list[ChargeLine]:
    """Every charge of a shipment on a bid, base rate first, at a departure on `day`.

    `reused`: the box does not go back to, or does not come from, its port, so the round-use rate
    stands for the base rate; `extra_km` are box kilometres beyond those that it includes;
    `discount` is the share of the base that rebates take off, in a row of their own: percent
    charges on the base are taken of what is left.
    """
    rate = bid.rate
    if reused and bid.round_use_rate is not None:
        rate = bid.round_use_rate
    basis, quantity = bid.rate_basis, quantity_of(bid.rate_basis, q, bid)
    factor = fx.factor(bid.currency)
    if quantity * rate < bid.min_charge:
        basis, quantity, rate = "shipment", 1.0, bid.min_charge
    lines = [ChargeLine(BASE, "freight", basis, quantity, rate, bid.currency, factor)]
    if reused and extra_km > 0 and bid.round_use_rate_per_km:
        lines.append(
            ChargeLine(
                BASE, "freight", "km", extra_km, bid.round_use_rate_per_km, bid.currency, factor
            )
        )
    flat = [c for c in in_force(bid.charges, day) if c.rate_basis != "percent"]
    percent = [c for c in in_force(bid.charges, day) if c.rate_basis == "percent"]
    for charge in flat:
        lines.append(
            ChargeLine(
                charge.charge_code,
                charge.section,
                charge.rate_basis,
                quantity_of(charge.rate_basis, q, bid),
                charge.amount,
                charge.currency,
                fx.factor(charge.currency),
            )
        )
    for charge in percent:
        named = charge.percent_of or (BASE,)
        base = sum(
            line.amount * (1.0 - discount if line.charge_code == BASE else 1.0)
            for line in lines
            if line.charge_code in named
        )
        lines.append(
            ChargeLine(
                charge.charge_code, charge.section, "percent", base, charge.amount, fx.currency, 1.0
            )
        )
    return lines


def in_force(charges: Sequence[Charge], day: date) -> list[Charge]:
    """The charges that are valid on a day."""
    return [
        c
        for c in charges
        if (c.valid_from is None or c.valid_from <= day)
        and (c.valid_to is None or day <= c.valid_to)
    ]


def base_factor(bid: Bid, day: date) -> float:
    """What one more of the base rate adds to a shipment: itself, and the percent charges on it."""
    by_code = {BASE: 1.0}
    for charge in in_force(bid.charges, day):
        if charge.rate_basis == "percent":
            named = charge.percent_of or (BASE,)
            grown = charge.amount / 100.0 * sum(by_code.get(code, 0.0) for code in named)
            by_code[charge.charge_code] = by_code.get(charge.charge_code, 0.0) + grown
    return sum(by_code.values())


@dataclass(frozen=True)
class LinearPrice:
    """A load-unit bid's price as the planner sees it: linear, in the project's currency.

    `per_cargo_kg` counts goods and packaging; `minimum` is the least that a shipment pays. The
    `base_` figures are the part that a rebate is taken off: the base rate, and what percent charges
    add to it.
    """

    per_load_unit: float
    per_cargo_kg: float
    per_shipment: float
    minimum: float
    base_per_load_unit: float = 0.0
    base_per_cargo_kg: float = 0.0


def linear_price(
    bid: Bid, *, teu: float, driven_km: float, day: date, fx: ExchangeRates, reused: bool = False
) -> LinearPrice:
    """The price of one more load unit, one more kg and one shipment on a load-unit bid.

    The minimum charge stands apart in `minimum`; percent charges follow their bases, so the sum
    is exact but for the rounding of each row to the cent. Raises ValueError for a basis that only
    part loads have (m3, wm, ldm).
    """
    whole = _per_unit(bid, teu, driven_km, day, fx, reused, with_rate=True)
    others = _per_unit(bid, teu, driven_km, day, fx, reused, with_rate=False)
    unit, kg, shipment = whole
    minimum = bid.min_charge * fx.factor(bid.currency)
    return LinearPrice(unit, kg, shipment, minimum, unit - others[0], kg - others[1])


def _per_unit(
    bid: Bid,
    teu: float,
    driven_km: float,
    day: date,
    fx: ExchangeRates,
    reused: bool,
    *,
    with_rate: bool,
) -> tuple[float, float, float]:
    """Price of one load unit, one kg and one shipment; without its rate, that of surcharges."""
    by_code: dict[str, list[float]] = {}

    def add(code: str, basis: str, amount: float) -> None:
        vector = by_code.setdefault(code, [0.0, 0.0, 0.0])
        match basis:
            case "container" | "trip":
                vector[0] += amount
            case "teu":
                vector[0] += amount * teu
            case "km":
                vector[0] += amount * driven_km
            case "tonne":
                vector[1] += amount / KG_PER_T
            case "kg":
                vector[1] += amount
            case "shipment" | "bl":
                vector[2] += amount
            case _:
                raise ValueError(f"rate basis {basis!r} does not price load units")

    rate = bid.round_use_rate if reused and bid.round_use_rate is not None else bid.rate
    add(BASE, bid.rate_basis, rate * fx.factor(bid.currency) if with_rate else 0.0)
    charges = in_force(bid.charges, day)
    for charge in charges:
        if charge.rate_basis != "percent":
            add(charge.charge_code, charge.rate_basis, charge.amount * fx.factor(charge.currency))
    for charge in charges:
        if charge.rate_basis == "percent":
            bases = [by_code[c] for c in charge.percent_of or (BASE,) if c in by_code]
            vector = by_code.setdefault(charge.charge_code, [0.0, 0.0, 0.0])
            share = charge.amount / 100.0
            grown = [sum(b[i] for b in bases) * share for i in range(3)]
            for i in range(3):
                vector[i] += grown[i]
    unit, kg, shipment = (sum(v[i] for v in by_code.values()) for i in range(3))
    return unit, kg, shipment
