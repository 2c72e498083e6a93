"""Small makers that the tests of emissions share."""

from __future__ import annotations

from typing import Any

from emissions.activity import LegDistance
from emissions.factors import FactorBook, default_book
from emissions.laws import LegLaw, NotCovered, leg_law


def same_km(km: float) -> LegDistance:
    """A leg whose kilometres are taken as they stand on every basis."""
    return LegDistance(km, km, km, "actual", "given")


def sfd(km: float, daf: float) -> LegDistance:
    """A leg known by its shortest feasible distance."""
    return LegDistance(km, km, km * daf, "sfd", "given")


def find_law(book: FactorBook | None = None, **given: Any) -> LegLaw | NotCovered:
    """`leg_law` for a 40 ft high cube of 3.9 t tare by road unless told otherwise."""
    usual: dict[str, Any] = {
        "mode": "road",
        "service": "container",
        "vehicle": "",
        "energy": "",
        "equipment_teu": 2.0,
        "equipment_tare_kg": 3900.0,
        "distance": same_km(100.0),
        "declared": None,
    }
    if given.get("service") in ("ltl", "lcl", "air", "ftl"):
        usual |= {"equipment_teu": 0.0, "equipment_tare_kg": 0.0}
    return leg_law(book or default_book(), **(usual | given))


def law(book: FactorBook | None = None, **given: Any) -> LegLaw:
    """The same where a law must be found."""
    found = find_law(book, **given)
    assert isinstance(found, LegLaw), found
    return found


def own_row(**given: object) -> dict[str, object]:
    """A row of the table `factors` with the cells that are required."""
    return {
        "factor_id": "OWN-1",
        "mode": "road",
        "vehicle": "",
        "energy": "",
        "region": "",
        "co2e_wtt_g": 20.0,
        "co2e_ttw_g": 60.0,
        "per": "tkm",
        "slope_g_per_tkm": None,
        "includes_empty": True,
        "load_factor": None,
        "empty_distance_factor": None,
        "distance_basis": "sfd",
        "gwp": "AR6",
        "data_type": "modelled",
        "source": "own measurement",
        "version": "2025",
        "licence": "own",
        "assumed": False,
    } | given
