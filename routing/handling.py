"""Handling at the places of a way: sealed load units where the mode changes, goods re-stuffed.

Each function returns (cost in the project's currency, CO2e WTW in kg). A place without a value for
CO2e adds none: its handling is told as not covered in the report.
"""

from __future__ import annotations

from emissions.hubs import HubLaw, hub_law
from emissions.laws import NotCovered
from lowhaul.units import KG_PER_T
from routing.case import Case
from routing.places import Place


def change_of_mode(case: Case, place: Place, teu: float, *, paid: bool) -> tuple[float, float]:
    """One sealed load unit where it changes the mode; `paid`: a leg on either side is ours."""
    cost = place.handling_cost_per_load_unit * rate(case, place) if paid else 0.0
    law = place_law(case, place, restuffed=False)
    return cost, law.passage(0.0, teu).wtw_kg if isinstance(law, HubLaw) else 0.0


def restuffing(case: Case, place: Place, mass_kg: float, *, paid: bool) -> tuple[float, float]:
    """Goods (with packaging, kg) that are re-stuffed at a place."""
    cost = place.handling_cost_per_t * rate(case, place) * mass_kg / KG_PER_T if paid else 0.0
    law = place_law(case, place, restuffed=True)
    return cost, law.passage(mass_kg, 0.0).wtw_kg if isinstance(law, HubLaw) else 0.0


def rate(case: Case, place: Place) -> float:
    """Project currency for one unit of the currency of a place's tariff."""
    return case.fx.factor(place.currency) if place.currency else 1.0


def place_law(case: Case, place: Place, *, restuffed: bool) -> HubLaw | NotCovered:
    """The law of handling at a place, or what it would need (not covered)."""
    return hub_law(
        place_id=place.location_id,
        restuffed=restuffed,
        wtw_kg_per_t=place.handling_co2e_wtw_kg_per_t,
        wtw_kg_per_teu=place.handling_co2e_wtw_kg_per_teu,
        ttw_kg_per_t=place.handling_co2e_ttw_kg_per_t,
        ttw_kg_per_teu=place.handling_co2e_ttw_kg_per_teu,
        source=place.handling_source,
        book=case.factors,
        kind=place.kind,
        region=place.country,
    )
