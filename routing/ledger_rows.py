"""The rows of a plan's books, as frozen objects; days are ordinals of datetime.date.

Every amount in them is rounded half up already (cents, grams, metres), so totals are plain sums.
"""

from __future__ import annotations

from dataclasses import dataclass

from emissions.activity import LegDistance
from emissions.elements import Element


@dataclass(frozen=True)
class LegRow:
    """One row of legs.csv. `distance` is None at a hub; CO2e, masses and TOC are the element's."""

    element: Element
    seq: int
    origin: str
    destination: str
    bid_id: str
    equipment: str
    distance: LegDistance | None
    cost: float
    depart: int
    arrive: int
    paid_by: str
    ghg_scope: str

    @property
    def distance_basis(self) -> str:
        """What kilometres the row counts: activity on SFD (air: GCD), empty ways as driven."""
        if self.distance is None:
            return ""
        if self.element.kind == "empty":
            return "actual"
        return "gcd" if self.element.mode == "air" else "sfd"

    @property
    def distance_km(self) -> float:
        """Kilometres on that basis; 0 at a hub."""
        return self.distance.on(self.distance_basis) if self.distance else 0.0


@dataclass(frozen=True)
class CostRow:
    """One row of costs.csv: a charge, and where its price stands."""

    shipment_id: str
    seq: int
    carrier: str
    bid_id: str
    charge_code: str
    section: str
    basis: str
    quantity: float
    rate: float
    rate_currency: str
    fx: float
    amount: float
    source_file: str
    source_sheet: str = ""
    source_row: str = ""


@dataclass(frozen=True)
class RoundUseRow:
    """One row of round_use.csv; `boxes` 0 says with `reason` why boxes stay unused."""

    empty_id: str
    import_shipment_id: str
    shipment_id: str
    equipment: str
    line: str
    boxes: int
    origin: str
    destination: str
    depot: str
    day: int | None
    km_saved: float = 0.0
    co2e_avoided_kg: float = 0.0
    co2e_avoided_own_kg: float = 0.0
    co2e_avoided_partner_kg: float = 0.0
    cost_change: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class AllocationRow:
    """One row of order_allocation.csv: what one order line has of one shipment, split by mass."""

    order_id: str
    line: str
    sku: str
    shipment_id: str
    packaging_id: str
    handling_units: int
    pieces: int
    mass_kg: float
    teu_share: float
    cost: float
    co2e_wtw_kg: float
    co2e_ttw_kg: float


@dataclass(frozen=True)
class ShipmentSums:
    """What the rows of one shipment add up to."""

    mass_kg: float
    volume_m3: float
    teu: float
    cost: float
    co2e_wtw_kg: float
    co2e_ttw_kg: float
