"""Places that goods and boxes stand at, and how a name becomes one of them."""

from __future__ import annotations

from dataclasses import dataclass

RESTUFFING_KINDS = frozenset({"hub"})
SEALED_CHANGE_KINDS = frozenset(
    {"port", "rail_terminal", "barge_terminal", "depot", "hub", "airport"}
)


@dataclass(frozen=True)
class Place:
    """One row of the table `locations`, with its coordinates resolved (WGS84 degrees).

    Handling costs are in `currency`; handling CO2e is None where no value was given, which means
    "not covered" and never zero.
    """

    location_id: str
    name: str
    kind: str
    country: str
    lat: float
    lon: float
    unlocode: str = ""
    remote: bool = False
    can_restuff: bool = False
    handling_cost_per_load_unit: float = 0.0
    handling_cost_per_t: float = 0.0
    currency: str = ""
    handling_co2e_wtw_kg_per_t: float | None = None
    handling_co2e_wtw_kg_per_teu: float | None = None
    handling_co2e_ttw_kg_per_t: float = 0.0
    handling_co2e_ttw_kg_per_teu: float = 0.0
    handling_source: str = ""
    dwell_days: int = 0
