"""Electricity by the grid of a country, with the losses between power station and vehicle.

The table `emissions/data/grid_ember.csv` is Ember's (CC BY-SA 4.0, see NOTICE): g CO2e for one kWh
generated, over the life cycle. All of it happens before the vehicle, so it is well-to-tank; the
vehicle itself emits nothing. A country that is not in the table is not covered: no average of a
continent is put in its place.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from emissions.energy import ELECTRICITY, EnergyFactor
from emissions.factors import NotCovered
from lowhaul.errors import LowhaulError
from lowhaul.units import G_PER_KG


@dataclass(frozen=True)
class Grid:
    """One row of the table: g CO2e per kWh generated in a country (ISO 3166 alpha-2)."""

    country: str
    g_per_kwh: float
    source: str
    year: str
    licence: str


@cache
def grids() -> dict[str, Grid]:
    """The grids by country; EU, ASIA and WORLD are averages that must be asked for by name."""
    text = resources.files("emissions").joinpath("data/grid_ember.csv").read_text("utf-8")
    return {
        row["country"]: Grid(
            row["country"], float(row["g_per_kwh"]), row["source"], row["year"], row["licence"]
        )
        for row in csv.DictReader(text.splitlines())
    }


def grid(country: str) -> Grid | NotCovered:
    """The grid of a country."""
    found = grids().get(country.strip().upper())
    return found or NotCovered(
        f"the grid of {country or 'a country'}: g CO2e per kWh is not in the table; give a factor "
        "with energy electricity in the table factors"
    )


def delivered_g_per_kwh(generated_g_per_kwh: float, losses: float) -> float:
    """g CO2e per kWh at the vehicle: `losses` is the share of generation that never arrives.

    5 to 8 % is usual for rail at the pantograph (note of the table); 0 means: as generated.
    """
    if not 0.0 <= losses < 1.0:
        raise LowhaulError(f"Grid losses of {losses:g}: a share from 0 to below 1 is wanted.")
    return generated_g_per_kwh / (1.0 - losses)


def electricity(country: str, losses: float) -> EnergyFactor | NotCovered:
    """Electricity of a country's grid as an energy factor per kWh at the vehicle."""
    found = grid(country)
    if isinstance(found, NotCovered):
        return found
    return EnergyFactor(
        energy=ELECTRICITY,
        unit="kWh",
        wtt_g=delivered_g_per_kwh(found.g_per_kwh, losses),
        ttw_g=0.0,
        source=f"{found.source}, {found.country}, losses of {losses:.0%} added",
        licence=found.licence,
    )


def traction_g_per_tkm(wh_per_tkm: float, factor: EnergyFactor) -> float:
    """WTW g per t-km of an electric train or lorry from its consumption in Wh per t-km."""
    return wh_per_tkm / G_PER_KG * factor.wtw_g
