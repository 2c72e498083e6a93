"""How full and how often empty: shares of kilometres, TEU of a box, a ship's TEU-kilometres.

Two conventions of empty running are in use. EcoTransIT counts empty km for each LOADED km, ISO
14083 and the factors of a pack count empty km as a share of TOTAL km; 0.2 there is 0.167 here.
"""

from __future__ import annotations

from math import exp, log

from emissions.co2e import Co2e
from emissions.energy import Intensity
from lowhaul.errors import LowhaulError

TEU_OF_FEET = {20.0: 1.0, 30.0: 1.5, 40.0: 2.0, 45.0: 2.25}
"""Twenty-foot equivalents by length (iLEAP 1.0.0 for 20, 40 and 45 ft: length / 20)."""
SEA_UTILISATION = 0.70
"""Share of a ship's nominal TEU that is loaded (parameters.csv sea_utilisation; a carrier rule)."""
IMPROVED_TKM = {"diesel": (2.71, 0.812, 0.654), "petrol": (2.67, 0.927, 0.648)}
"""Japan, Energy Conservation Act: ln(l per t-km) = a - b ln(load rate) - c ln(max payload, kg)."""


def teu_of_length(feet: float) -> float:
    """TEU of a box by its length; height plays no part."""
    if feet not in TEU_OF_FEET:
        known = ", ".join(f"{f:g}" for f in TEU_OF_FEET)
        raise LowhaulError(f"A box of {feet:g} ft has no TEU here; known lengths: {known} ft.")
    return TEU_OF_FEET[feet]


def empty_share_of_total(empty_per_loaded_km: float) -> float:
    """Empty km per loaded km (EcoTransIT) as a share of total km (ISO 14083)."""
    return empty_per_loaded_km / (1.0 + empty_per_loaded_km)


def empty_per_loaded(empty_share_of_total: float) -> float:
    """Empty km as a share of total km, per loaded km. Raises LowhaulError at 1 and above."""
    if not 0.0 <= empty_share_of_total < 1.0:
        raise LowhaulError(
            f"Empty running of {empty_share_of_total:g}: a share of total km is below 1."
        )
    return empty_share_of_total / (1.0 - empty_share_of_total)


def capacity_utilisation(load_factor: float, empty_per_loaded_km: float) -> float:
    """Use of capacity over all kilometres: load factor / (1 + empty km per loaded km)."""
    return load_factor / (1.0 + empty_per_loaded_km)


def voyage_intensity(
    co2e: Co2e, *, nominal_teu: float, actual_km: float, utilisation: float = SEA_UTILISATION
) -> Intensity:
    """g per TEU-km of a voyage: its CO2e over the TEU that are taken to be loaded.

    What a box holds plays no part: sea is allocated by TEU.
    """
    if not (nominal_teu > 0 and actual_km > 0 and 0 < utilisation <= 1):
        raise LowhaulError("A voyage needs TEU, kilometres and a utilisation of 0 to 1.")
    return Intensity(
        co2e, nominal_teu * utilisation * actual_km, "teu_km", "actual", loaded_km=actual_km
    )


def improved_tkm_litres(
    load_rate: float, max_payload_kg: float, tkm: float, fuel: str = "diesel"
) -> float:
    """Litres by Japan's improved tonne-kilometre method; `load_rate` 0 to 1 of the max payload.

    A second opinion on the straight payload curves (payload_models.json; that the payload counts in
    kg is recalled, no other unit gives sensible litres). Below a tenth of the payload the formula
    is used at a tenth: it has no value at 0.
    """
    if fuel not in IMPROVED_TKM:
        raise LowhaulError(f"The method has no {fuel}; it has {' and '.join(IMPROVED_TKM)}.")
    a, b, c = IMPROVED_TKM[fuel]
    return tkm * exp(a - b * log(max(load_rate, 0.1)) - c * log(max_payload_kg))
