"""Who pays a leg, which scope it is in, and what the EU ETS costs at sea.

Scope 3 (GHG Protocol, technical guidance of categories 4 and 9): inbound transport from tier-1
suppliers is category 4 whoever pays; transfers and outbound transport that we pay are category 4;
outbound transport that others pay is category 9; own vehicles are scope 1, or 2 on electricity.
"""

from __future__ import annotations

from typing import Literal

from emissions.regions import EEA as EEA
from lowhaul.errors import LowhaulError
from lowhaul.units import KG_PER_T

Stage = Literal["pre", "main", "on"]
SELLER_PAYS: dict[str, frozenset[str]] = {
    "EXW": frozenset(),
    "FCA": frozenset(),
    "FAS": frozenset({"pre"}),
    "FOB": frozenset({"pre"}),
    "CFR": frozenset({"pre", "main"}),
    "CIF": frozenset({"pre", "main"}),
    "CPT": frozenset({"pre", "main", "on"}),
    "CIP": frozenset({"pre", "main", "on"}),
    "DAP": frozenset({"pre", "main", "on"}),
    "DPU": frozenset({"pre", "main", "on"}),
    "DDP": frozenset({"pre", "main", "on"}),
}
"""Stages of carriage the seller pays where no named place is given (Incoterms 2020)."""
ELECTRIC = frozenset({"electricity", "electric", "battery_electric", "bev"})

ETS_PHASE_IN = {2024: 0.40, 2025: 0.70}
"""Share of maritime emissions to surrender by year; all from 2026 (parameters.csv ets_*)."""


def we_pay(
    flow: str, incoterm: str = "", stage: Stage = "main", beyond_named_place: bool | None = None
) -> bool:
    """True if the leg is on our account.

    Outbound we sell, inbound we buy, transfers are ours whole. `stage` is the leg's place in the
    chain: before, on or after the main carriage. `beyond_named_place` says whether the leg lies
    beyond the order's named place, seen from us (None: no named place); it decides alone. A blank
    incoterm: what we plan, we pay.
    """
    if flow == "transfer":
        return True
    if beyond_named_place is not None:
        return not beyond_named_place
    term = incoterm.strip().upper()
    if not term:
        return True
    if term not in SELLER_PAYS:
        known = ", ".join(SELLER_PAYS)
        raise LowhaulError(f"The incoterm {incoterm} is not one of {known}.")
    seller = stage in SELLER_PAYS[term]
    return not seller if flow == "inbound" else seller


def ghg_scope(flow: str, *, paid_by_us: bool, own_vehicle: bool = False, energy: str = "") -> str:
    """The reporting company's scope of a leg: 3.4, 3.9, 1 or 2."""
    if own_vehicle:
        return "2" if energy.strip().lower().replace(" ", "_") in ELECTRIC else "1"
    return "3.4" if paid_by_us or flow in ("inbound", "transfer") else "3.9"


def ets_share(origin_country: str, destination_country: str, year: int) -> float:
    """The share of a voyage's TTW emissions that must be surrendered in the EU ETS.

    All of a voyage inside the EEA, half to or from a third country, none between third countries,
    times the phase-in of the year.
    """
    ends = (origin_country.upper() in EEA) + (destination_country.upper() in EEA)
    phase_in = 0.0 if year < min(ETS_PHASE_IN) else ETS_PHASE_IN.get(year, 1.0)
    return ends / 2.0 * phase_in


def ets_cost(
    ttw_kg: float, origin_country: str, destination_country: str, year: int, price_per_t: float
) -> float:
    """The EU ETS cost of a sea leg, unrounded, in the currency of `price_per_t`.

    For information: carriers pass it on in their own charges. WTT is not in the ETS.
    """
    share = ets_share(origin_country, destination_country, year)
    return ttw_kg / KG_PER_T * share * price_per_t
