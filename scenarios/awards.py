"""Awards: which bid gets how much, and why, in words a carrier can be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lowhaul.units import KG_PER_T, kilograms, money, round_half_up
from routing.bids import Bid
from routing.case import Case
from routing.costs import BASE, charge_lines
from routing.ledger import Ledger
from routing.ledger_chain import Trip
from routing.offers import Offer

Relation = tuple[str, str, str, str]
"""Origin, destination, service and equipment: bids of one relation compete."""


@dataclass
class _Use:
    """What one bid carries in one equipment."""

    offer: Offer
    trip: Trip
    depart: int
    load_units: float = 0.0
    teu: float = 0.0
    mass_kg: float = 0.0
    cost: float = 0.0
    co2e_kg: float = 0.0


def award_rows(case: Case, ledger: Ledger, offers: Iterable[Offer]) -> list[dict[str, Any]]:
    """A row for each bid that is used, in each equipment, by carrier and lane.

    `offers` are all that the plan could choose from.
    """
    uses = _uses(ledger)
    rivals: dict[Relation, list[Offer]] = defaultdict(list)
    for offer in offers:
        rivals[_relation(offer)].append(offer)
    whole: dict[object, float] = defaultdict(float)
    for use in uses.values():
        whole[_scope(use.offer.bid)] += _measure(use)
    rows = []
    for use in sorted(uses.values(), key=_order):
        bid = use.offer.bid
        all_of_lane = whole[_scope(bid)]
        rows.append(
            {
                "carrier": bid.carrier,
                "lane_id": bid.lane_id,
                "bid_id": bid.bid_id,
                "equipment": use.offer.equipment,
                "volume": _volume(use, unit := _unit(bid)),
                "volume_unit": unit,
                "share_of_lane": round_half_up(_measure(use) / all_of_lane, 4)
                if all_of_lane
                else None,
                "cost": money(use.cost),
                "co2e_wtw_kg": kilograms(use.co2e_kg),
                "reason": why(case, use, rivals[_relation(use.offer)]),
            }
        )
    return rows


def _uses(ledger: Ledger) -> dict[tuple[str, str], _Use]:
    uses: dict[tuple[str, str], _Use] = {}
    for trip in ledger.trips:
        for leg in trip.shipment.legs:
            key = (leg.offer.bid.bid_id, trip.shipment.equipment)
            use = uses.setdefault(key, _Use(leg.offer, trip, leg.depart))
            use.load_units += trip.shipment.load_units
            use.teu += trip.teu
            use.mass_kg += trip.mass_kg
    for row in ledger.legs:
        if row.bid_id:
            use = uses[row.bid_id, row.equipment]
            use.cost += row.cost
            use.co2e_kg += row.element.known.wtw_kg
    return uses


def _order(use: _Use) -> tuple[str, ...]:
    bid = use.offer.bid
    return (bid.carrier, bid.lane_id, bid.bid_id, use.offer.equipment)


def _relation(offer: Offer) -> Relation:
    bid = offer.bid
    return bid.origin, bid.destination, bid.service, offer.equipment


def _scope(bid: Bid) -> object:
    """What a share is of: the bid's lane, else its relation and service."""
    return bid.lane_id or (bid.origin, bid.destination, bid.service)


def _unit(bid: Bid) -> str:
    return bid.volume_unit or ("load_unit" if bid.takes_load_units else "t")


def _volume(use: _Use, unit: str) -> float:
    if unit == "teu":
        return use.teu
    return use.load_units if unit == "load_unit" else kilograms(use.mass_kg) / KG_PER_T


def _measure(use: _Use) -> float:
    """What shares are counted in: load units of load-unit services, tonnes of part loads."""
    if not use.offer.bid.takes_load_units:
        return use.mass_kg / KG_PER_T
    return use.teu or use.load_units


def why(case: Case, use: _Use, rivals: list[Offer]) -> str:
    """Where the bid stands among all that serve its relation, by CO2e and by price."""
    others = [o for o in rivals if o.bid.bid_id != use.offer.bid.bid_id]
    if not case.settings.on("tender"):
        return "The tender is off: a carrier of the baseline, or an incumbent."
    if not others:
        rebate = _rebate(use.trip.discounts.get(use.offer.bid.bid_id, 0.0), 1, 1)
        return f"The only bid for this relation and equipment{rebate}."
    count = len(others) + 1
    co2e = _rank(_co2e_kg(use.offer, use), [_co2e_kg(o, use) for o in others])
    prices = [_price(case, o, use) for o in others]
    discount = use.trip.discounts.get(use.offer.bid.bid_id, 0.0)
    price = _rank(_price(case, use.offer, use, discount), prices)
    rebate = _rebate(discount, price, _rank(_price(case, use.offer, use), prices))
    if co2e == price == 1:
        return f"Least CO2e and lowest price of {count} bids{rebate}."
    standing = f"{_nth(co2e, 'least CO2e')}, {_nth(price, 'lowest price')} of {count} bids{rebate}"
    aim = co2e if case.settings.objective == "min_emissions" else price
    if aim == 1:
        return f"{standing}."
    fits = "it fits line, days, capacity or the rest of the way better"
    if case.tender.rules:
        fits += ", or a rule of the award asks for it"
    return f"{standing}; {fits}."


def _rebate(discount: float, price: int, before: int) -> str:
    """What rebates take off its base rates, and where it would stand without them."""
    if not discount:
        return ""
    told = f", after rebates of {100 * discount:.4g} %"
    return told if price == before else f"{told} ({_nth(before, 'lowest price')} without them)"


def _rank(value: float, others: list[float]) -> int:
    return 1 + sum(other < value - 1e-9 for other in others)


def _nth(rank: int, what: str) -> str:
    words = {1: "", 2: "2nd ", 3: "3rd "}
    text = words.get(rank, f"{rank}th ") + what
    return text[0].upper() + text[1:] if what.startswith("least") else text


def _co2e_kg(offer: Offer, use: _Use) -> float:
    """CO2e of the first shipment of the award if that bid carried it, its empty way included."""
    units, cargo = use.trip.shipment.load_units, use.trip.mass_kg
    laden = units * offer.per_load_unit + cargo * offer.per_cargo_kg
    empty = units * offer.driven_km * offer.empty_per_km if offer.is_haulage else None
    return laden.wtw_kg + (empty.wtw_kg if empty else 0.0)


def _price(case: Case, offer: Offer, use: _Use, discount: float = 0.0) -> float:
    """What that bid would charge for the first shipment of the award, box from and to its port.

    `discount` is the share that rebates take off its base rate.
    """
    legs = use.trip.shipment.legs
    leg = next(leg for leg in legs if leg.offer.bid.bid_id == use.offer.bid.bid_id)
    quantities = use.trip.quantities(leg)
    day = date.fromordinal(use.depart)
    lines = charge_lines(offer.bid, quantities, day, case.fx, discount=discount)
    return sum(x.amount * (1.0 - discount if x.charge_code == BASE else 1.0) for x in lines)
