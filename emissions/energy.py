"""Intensities from fuel and energy: what an operation burns over all its kilometres, per t-km.

    G_TOC = sum of amount x factor          (all kilometres, loaded and empty)
    g     = G_TOC / transport activity      (activity: loaded kilometres only)

ISO 14083 makes the intensity of an operation category this way (as the GLEC framework and CLECAT's
guide print the formula; the rule is checked by S16 of worked_examples.json). An intensity on driven
kilometres becomes one on shortest feasible kilometres by the distance adjustment factor, once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from emissions.co2e import Co2e
from emissions.factors import NotCovered
from lowhaul.columns import did_you_mean
from lowhaul.errors import LowhaulError
from lowhaul.units import G_PER_KG

KM_PER_MILE = 1.609344
L_PER_US_GALLON = 3.785411784
SHORT_TON_T = 0.90718474
"""Exact by definition (international yard and pound; US gallon of 231 cubic inches)."""
MJ_PER_KWH = 3.6
ELECTRICITY = "electricity"
"""The name of the one energy carrier that has no row of its own in the table of fuels."""
SHORT_TON_MILE_TKM = SHORT_TON_T * KM_PER_MILE


@dataclass(frozen=True)
class EnergyFactor:
    """Grams CO2e of one unit of an energy carrier (`unit`: l, kg, MJ or kWh).

    `wtt_g` None: the supply of the energy is not covered. Biogenic and synthetic fuels may have a
    negative one. `mj_per_kg` is the lower calorific value, where the source gives it.
    """

    energy: str
    unit: str
    wtt_g: float | None
    ttw_g: float
    gwp: str = ""
    source: str = ""
    licence: str = ""
    mj_per_kg: float | None = None

    @property
    def wtw_g(self) -> float:
        """Well-to-wheel; where WTT is not covered, what is known: the TTW part."""
        return (self.wtt_g or 0.0) + self.ttw_g

    def of(self, amount: float) -> Co2e:
        """CO2e of so many units."""
        if amount < 0:
            raise LowhaulError(f"{amount:g} {self.unit} of {self.energy}: an amount is negative.")
        return Co2e(amount * (self.wtt_g or 0.0) / G_PER_KG, amount * self.ttw_g / G_PER_KG)

    def per(self, unit: str) -> EnergyFactor | None:
        """The same factor for another unit; None where that would need a figure nobody gave.

        Fuels go between kg and MJ by their lower calorific value, electricity between kWh and MJ.
        A fuel's kWh are not taken: gas is billed by the higher calorific value.
        """
        if unit == self.unit:
            return self
        mj = {"MJ": 1.0, "kg": self.mj_per_kg or 0.0}
        if self.energy == ELECTRICITY:
            mj = {"MJ": 1.0, "kWh": MJ_PER_KWH}
        here, there = mj.get(self.unit), mj.get(unit)
        if not here or not there:
            return None
        times = there / here
        wtt = None if self.wtt_g is None else self.wtt_g * times
        return replace(self, unit=unit, wtt_g=wtt, ttw_g=self.ttw_g * times)

    def per_kg(self) -> EnergyFactor:
        """The same factor per kg, from MJ and the lower calorific value."""
        if self.unit != "MJ" or not self.mj_per_kg:
            raise LowhaulError(f"{self.energy} per {self.unit} has no calorific value to convert.")
        wtt = None if self.wtt_g is None else self.wtt_g * self.mj_per_kg
        return replace(self, unit="kg", wtt_g=wtt, ttw_g=self.ttw_g * self.mj_per_kg)


@dataclass(frozen=True)
class Consumption:
    """So many units of one energy carrier."""

    factor: EnergyFactor
    amount: float

    @property
    def co2e(self) -> Co2e:
        """What it emits."""
        return self.factor.of(self.amount)


@dataclass(frozen=True)
class Intensity:
    """CO2e of one operation category per unit of its activity.

    `co2e` counts every kilometre, `activity` loaded ones only, in `per` (tkm, teu_km; t, teu at a
    hub). `basis` is that of the activity's kilometres (sfd, gcd, actual; blank at a hub).
    """

    co2e: Co2e
    activity: float
    per: str
    basis: str = ""
    loaded_km: float = 0.0
    empty_km: float = 0.0
    wtt_covered: bool = True

    def _g(self, kg: float) -> float:
        return kg * G_PER_KG / self.activity

    @property
    def wtw_g(self) -> float:
        """Well-to-wheel, g per unit of activity."""
        return self._g(self.co2e.wtw_kg)

    @property
    def ttw_g(self) -> float:
        """Tank-to-wheel, g per unit of activity."""
        return self._g(self.co2e.ttw_kg)

    @property
    def wtt_g(self) -> float:
        """Well-to-tank, g per unit of activity."""
        return self._g(self.co2e.wtt_kg)

    @property
    def empty_distance_factor(self) -> float:
        """Empty kilometres as a share of all kilometres."""
        whole = self.loaded_km + self.empty_km
        return self.empty_km / whole if whole else 0.0

    def on_shortest_distance(self, daf: float) -> Intensity:
        """The same on shortest feasible kilometres: g per actual t-km x DAF, and only once."""
        if self.basis != "actual":
            raise LowhaulError(
                f"This intensity is per {self.per} on {self.basis or 'no'} kilometres: the "
                "distance adjustment is for actual ones, and counts once."
            )
        return replace(self, activity=self.activity / daf, basis="sfd")


def toc_intensity(
    consumed: Iterable[Consumption],
    *,
    activity: float,
    per: str = "tkm",
    basis: str = "actual",
    loaded_km: float = 0.0,
    empty_km: float = 0.0,
) -> Intensity:
    """The intensity of a transport operation category from what it consumed on all kilometres.

    `activity` is that of its loaded kilometres: t-km = mean load x loaded km, or TEU-km. Raises
    LowhaulError without activity, or where nothing was consumed.
    """
    used = list(consumed)
    if not activity > 0:
        raise LowhaulError(f"An operation category needs activity; {activity:g} {per} is given.")
    if not used:
        raise LowhaulError("An operation category needs the energy it consumed; none is given.")
    co2e = sum((c.co2e for c in used), Co2e.zero())
    covered = all(c.factor.wtt_g is not None for c in used)
    return Intensity(co2e, activity, per, basis, loaded_km, empty_km, covered)


def hoc_intensity(
    consumed: Iterable[Consumption], *, throughput: float, per: str = "t"
) -> Intensity:
    """The intensity of a hub operation category: energy of a year over what left the hub (t, TEU).

    Electricity of sheds and cranes, fuel of reach stackers and of heating all belong to it.
    """
    return toc_intensity(consumed, activity=throughput, per=per, basis="")


def per_tkm_from_short_ton_mile(per_short_ton_mile: float) -> float:
    """A US figure per short ton-mile, per tonne-kilometre."""
    return per_short_ton_mile / SHORT_TON_MILE_TKM


def litres_of_distance(km: float, litres_per_100_km: float) -> float:
    """Fuel of a way."""
    return km * litres_per_100_km / 100.0


def litres_per_100_km_of_mpg(miles_per_us_gallon: float) -> float:
    """US fuel economy as consumption."""
    return 100.0 * L_PER_US_GALLON / (miles_per_us_gallon * KM_PER_MILE)


@cache
def fuels() -> dict[str, EnergyFactor]:
    """The open fuels by name (`emissions/data/fuels.csv`, made by `build_energy.py`)."""
    text = resources.files("emissions").joinpath("data/fuels.csv").read_text("utf-8")
    return {
        row["energy"]: EnergyFactor(
            energy=row["energy"],
            unit=row["unit"],
            wtt_g=float(row["co2e_wtt_g"]) if row["co2e_wtt_g"] else None,
            ttw_g=float(row["co2e_ttw_g"]),
            gwp=row["gwp"],
            source=row["source"],
            licence=row["licence"],
            mj_per_kg=float(row["mj_per_kg"]) if row["mj_per_kg"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    }


def fuel(name: str) -> EnergyFactor | NotCovered:
    """An open fuel by its name; NotCovered says the nearest known names."""
    found = fuels().get(name.strip().lower().replace(" ", "_").replace("-", "_"))
    return found or NotCovered(f"a factor of the fuel {name}. {did_you_mean(name, fuels())}")
