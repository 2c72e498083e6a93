"""What an emptied box costs and emits beside the haulage of its export: its return, its fee."""

from __future__ import annotations

from dataclasses import dataclass

from emissions.laws import Co2e, empty_box_per_km
from emissions.regions import between
from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.depots import road_km


@dataclass(frozen=True)
class Return:
    """The return of one unused box: kilometres, money, CO2e."""

    km: float
    cost: float
    co2e: Co2e


def return_of(case: Case, boxes: EmptyBoxes) -> Return:
    """What it takes to bring one box of a row of `empties` back."""
    km = road_km(case.distances, boxes.location, boxes.return_to)
    tare_kg = case.equipment[boxes.equipment].tare_kg
    factor = case.fx.factor(boxes.currency) if boxes.currency else 1.0
    per_km = empty_box_per_km(case.factors, boxes.vehicle, tare_kg, region_of(case, boxes))
    return Return(km, boxes.return_cost * factor, per_km * km)


def region_of(case: Case, boxes: EmptyBoxes) -> str:
    """Where the return of a row of `empties` is driven."""
    return between(case.places[boxes.location].country, case.places[boxes.return_to].country)


def box_fee(case: Case, owner: str) -> float:
    """The owner's fee for one reused box, in the project's currency."""
    carrier = case.carriers.get(owner)
    if carrier is None or not carrier.round_use_fee:
        return 0.0
    return carrier.round_use_fee * (case.fx.factor(carrier.currency) if carrier.currency else 1.0)


def extra_km(included_km: float | None, move_km: float) -> float:
    """Kilometres of a move beyond those in the round-use rate (None: all are in it)."""
    return 0.0 if included_km is None else max(0.0, move_km - included_km)
