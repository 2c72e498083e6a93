"""Carriers and their bids: who offers to move what, where, at which price and with which CO2e."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Mode = Literal["road", "rail", "sea", "inland_waterway", "air"]
Service = Literal["container", "ftl", "ltl", "lcl", "air"]
LOAD_UNIT_SERVICES = frozenset({"container", "ftl"})
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Carrier:
    """One row of the table `carriers`."""

    carrier: str
    name: str
    incumbent: bool = False
    qualified: bool = True
    qualified_until: date | None = None
    score: float | None = None
    fixed_cost: float = 0.0
    currency: str = ""
    max_share: float | None = None
    min_share: float | None = None
    round_use_allowed: bool = True
    round_use_fee: float = 0.0
    interchange_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Charge:
    """One surcharge of a bid (table `bid_charges`), `payment_term` PRE or COL."""

    charge_code: str
    amount: float
    currency: str
    rate_basis: str
    percent_of: tuple[str, ...] = ()
    section: str = "freight"
    payment_term: str = "PRE"
    valid_from: date | None = None
    valid_to: date | None = None
    fuel_table: str = ""
    """Where the percentage comes from; then it holds for the days of one index value."""


@dataclass(frozen=True)
class FuelStep:
    """One row of `fuel_tables`: the surcharge from one index to the next, which is excluded."""

    table_id: str
    index_from: float
    index_to: float
    percent: float
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class FuelIndex:
    """One row of `fuel_index`: what the index of a table is from a day on."""

    table_id: str
    day: date
    index: float


@dataclass(frozen=True)
class Bid:
    """One rate of one carrier on one relation (table `bids`), with its surcharges.

    `equipment` empty: all of the service. `line` is the owner of the box (blank rows are resolved
    on reading: the carrier at sea, nobody on land). CO2e figures are grams per `co2e_per`.
    """

    bid_id: str
    carrier: str
    mode: str
    service: str
    origin: str
    destination: str
    rate: float
    currency: str
    rate_basis: str
    transit_days: int
    lane_id: str = ""
    line: str = ""
    status: str = "offer"
    equipment: tuple[str, ...] = ()
    percent_of: tuple[str, ...] = ()
    min_charge: float = 0.0
    kg_per_m3: float | None = None
    weight_from_kg: float | None = None
    weight_to_kg: float | None = None
    cutoff_days: int = 0
    departure_days: tuple[str, ...] = ()
    capacity: float | None = None
    capacity_per: str = "week"
    min_volume: float = 0.0
    volume_unit: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    free_days: int | None = None
    round_use_rate: float | None = None
    round_use_km: float | None = None
    round_use_rate_per_km: float = 0.0
    detention_per_day: float | None = None
    vehicle: str = ""
    energy: str = ""
    co2e_wtw_g: float | None = None
    co2e_ttw_g: float | None = None
    co2e_per: str = ""
    co2e_includes_empty: bool = True
    co2e_slope_g_per_tkm: float = 0.0
    co2e_distance_basis: str = "sfd"
    co2e_gwp: str = ""
    co2e_source: str = ""
    co2e_verified: bool = False
    load_factor: float | None = None
    empty_distance_factor: float | None = None
    data_type: str = "default"
    distance_km: float | None = None
    distance_basis: str = "actual"
    via: tuple[str, ...] = ()
    surcharges_included: tuple[str, ...] = ()
    remarks: str = ""
    source_file: str = ""
    source_sheet: str = ""
    source_row: str = ""
    charges: tuple[Charge, ...] = ()
    closed_on: tuple[date, ...] = ()
    """Days of departure that a pin of its lane forbids."""

    @property
    def takes_load_units(self) -> bool:
        """True where whole load units are moved (container, ftl); False for part loads."""
        return self.service in LOAD_UNIT_SERVICES

    def accepts(self, equipment: str) -> bool:
        """True if a load unit of that equipment may travel on this bid."""
        return not self.equipment or equipment in self.equipment
