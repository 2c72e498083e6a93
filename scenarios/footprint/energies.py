"""Energy used, as metered: the row's own CO2e from litres, kilograms, megajoules, kilowatt-hours.

    CO2e = amount x factor of the energy carrier        (emissions.energy, emissions.electricity)

Primary data go before every figure and factor. A carrier is named as the table of fuels names it:
"diesel" alone could be a blend or not, so it is asked for and not guessed. Electricity is that of a
country's grid, with the losses that the row states.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from emissions.electricity import electricity, grids
from emissions.energy import ELECTRICITY, EnergyFactor, fuels
from emissions.factor import word
from emissions.laws import CARRIER
from lowhaul.cells import Mask, TableData
from lowhaul.columns import did_you_mean
from lowhaul.findings import Findings
from lowhaul.units import G_PER_KG
from scenarios.rules.context import filled, groups

Array = np.ndarray[Any, Any]
PREFIX = "energy:"
"""Before the name of the energy carrier, it is the factor_id of such a row."""
COLUMNS = ("energy", "energy_unit", "energy_country", "grid_losses")


@dataclass(frozen=True)
class EnergyUsed:
    """The kilograms of rows with energy used, and the factor of each (`group`: its position)."""

    given: Mask
    amount: Array
    group: Array
    factors: tuple[EnergyFactor, ...]
    names: tuple[str, ...]
    """The factor_id of each."""
    wtw_kg: Array
    ttw_kg: Array

    def put_into(self, columns: dict[str, Any]) -> None:
        """The kilograms into the columns of `emissions.bulk`, as stated ones with their source.

        They are primary data, unless the row says otherwise.
        """
        groups, factors = self.group[self.given], self.factors
        for name, values in (
            ("wtw_kg", self.wtw_kg[self.given]),
            ("ttw_kg", self.ttw_kg[self.given]),
            ("whole", np.array([f.wtt_g is not None for f in factors])[groups]),
            ("gwp", np.array([f.gwp for f in factors], dtype=object)[groups]),
            ("source", np.array([f.source for f in factors], dtype=object)[groups]),
            ("factor_id", np.array(self.names, dtype=object)[groups]),
            ("factor_pack", CARRIER),
        ):
            column = pd.Series(columns[name]).copy()
            column[self.given] = values
            columns[name] = column
        unsaid = self.given & columns["data_type"].eq("").to_numpy(dtype=bool)
        columns["data_type"] = columns["data_type"].mask(unsaid, "primary")

    def sources(self) -> dict[str, EnergyFactor]:
        """The factor of each factor_id; where losses differ, the first."""
        return dict(reversed(list(zip(self.names, self.factors, strict=True))))

    def arithmetic(self, at: int) -> str:
        """The sum of one row in words."""
        factor, amount = self.factors[self.group[at]], self.amount[at]
        wtt = "not covered" if factor.wtt_g is None else f"{factor.wtt_g:.9g}"
        return (
            f"{amount:,.12g} {factor.unit} of {factor.energy} x (WTT {wtt} + TTW "
            f"{factor.ttw_g:.9g}) g CO2e per {factor.unit} = {self.wtw_kg[at]:.9f} kg"
        )


def used(data: TableData) -> Mask:
    """Rows that give energy used."""
    return filled(data.frame["energy_used"]) & data.sound("energy_used")


def energy_of(data: TableData, region: pd.Series, findings: Findings) -> EnergyUsed | None:
    """The energy used of all rows; None where no row gives any, or (with findings) a wrong one.

    `region` is that of `ways.Ways`: the country of a leg, or several.
    """
    given = used(data)
    _report_strays(data, given, findings)
    if not given.any():
        return None
    frame = data.frame.loc[given, [*COLUMNS]].copy()
    said = frame["energy_country"].str.strip().str.upper()
    electric = frame["energy"].map(word).eq(ELECTRICITY)
    frame["energy_country"] = said.where(said.ne(""), region[given].astype("str")).where(
        electric, ""
    )
    frame["grid_losses"] = frame["grid_losses"].to_numpy(dtype=float, na_value=np.nan)
    codes, asked = groups(frame, list(COLUMNS))
    factors, faults = [], []
    for energy, unit, country, losses in asked:
        found = _factor(word(energy), unit, country, float(losses))
        factors.append(found if isinstance(found, EnergyFactor) else EnergyFactor("", "", None, 0))
        faults.append(None if isinstance(found, EnergyFactor) else found)
    rows = np.flatnonzero(given)
    if _report(data, rows, codes, faults, findings):
        return None
    group = np.full(len(data), -1, dtype=np.int64)
    group[rows] = codes
    amount = data.frame["energy_used"].to_numpy(dtype=float)
    wtw, ttw = np.full(len(data), np.nan), np.full(len(data), np.nan)
    wtw[rows] = amount[rows] * np.array([f.wtw_g for f in factors])[codes] / G_PER_KG
    ttw[rows] = amount[rows] * np.array([f.ttw_g for f in factors])[codes] / G_PER_KG
    names = tuple(
        PREFIX + ":".join(part for part in (factor.energy, country) if part)
        for factor, (_, _, country, _) in zip(factors, asked, strict=True)
    )
    return EnergyUsed(given, amount, group, tuple(factors), names, wtw, ttw)


_Fault = tuple[str, str, str, str]
"""Code, column, message and hint."""


def _factor(energy: str, unit: str, country: str, losses: float) -> EnergyFactor | _Fault:
    if not energy:
        return "E377", "energy", "Energy is used, but not which.", f"Known: {_known(unit)}."
    if not unit:
        return "E377", "energy_unit", "Energy is used, but not its unit.", "Give l, kg, MJ or kWh."
    if energy == ELECTRICITY:
        return _electricity(unit, country, losses)
    factor = fuels().get(energy)
    if factor is None:
        like = [n for n in (*fuels(), ELECTRICITY) if energy in n]
        near = f"Known with that word: {', '.join(like)}." if like else ""
        hint = near or did_you_mean(energy, (*fuels(), ELECTRICITY))
        return "E373", "energy", "No energy carrier of that name has a factor.", hint
    per_unit = factor.per(unit)
    if per_unit is None:
        units = [u for u in ("l", "kg", "MJ") if factor.per(u)]
        hint = f"Give it in {' or '.join(units)}, or name a carrier counted in {unit}: "
        return (
            "E377", "energy_unit", f"No factor of {energy} counts {unit}.", f"{hint}{_known(unit)}."
        )  # fmt: skip
    return per_unit


def _electricity(unit: str, country: str, losses: float) -> EnergyFactor | _Fault:
    if ";" in country or not country:
        message = "Whose grid the electricity comes from is not known."
        hint = "Give energy_country; a leg across a border is a row for each country."
        return "E377", "energy_country", message, hint
    if losses != losses:
        message = "The losses of the grid are not given."
        hint = "Give grid_losses: 0.05 to 0.08 is usual at the pantograph, 0 if there are none."
        return "E377", "grid_losses", message, hint
    factor = electricity(country, losses)
    if not isinstance(factor, EnergyFactor):
        message = f"The grid of {country} is not in the table."
        hint = f"{did_you_mean(country, grids())} EU, ASIA and WORLD are averages. Or give "
        return "E377", "energy_country", message, f"{hint}co2e_wtw_kg of the row."
    return factor.per(unit) or (
        "E377", "energy_unit", f"Electricity is not counted in {unit}.", "Give kWh or MJ."
    )  # fmt: skip


def _known(unit: str) -> str:
    """The carriers that have a factor in a unit; all of them where none is given."""
    names = [name for name, factor in fuels().items() if not unit or factor.per(unit)]
    return ", ".join([*names, *([ELECTRICITY] if unit in ("", "kWh", "MJ") else [])])


def _report(
    data: TableData, rows: Array, codes: Array, faults: list[_Fault | None], findings: Findings
) -> bool:
    for g, fault in enumerate(faults):
        if fault is None:
            continue
        code, column, message, hint = fault
        wrong = np.zeros(len(data), dtype=bool)
        wrong[rows[codes == g]] = True
        data.report(
            findings, code, wrong & data.sound("energy", "energy_unit", "grid_losses"), column,
            message, hint,
        )  # fmt: skip
    return any(fault is not None for fault in faults)


def _report_strays(data: TableData, given: Mask, findings: Findings) -> None:
    """Rule: what belongs to energy used does not stand without it, nor beside another figure."""
    frame = data.frame
    electric = given & frame["energy"].map(word).eq(ELECTRICITY).to_numpy(dtype=bool)
    for name, whose, what in (
        ("energy_unit", given, "energy_used"),
        ("energy_country", electric, "electricity in energy_used"),
        ("grid_losses", electric, "electricity in energy_used"),
    ):
        alone = filled(frame[name]) & ~whose & data.sound(name, "energy_used")
        data.report(
            findings, "E377", alone, name, f"{name} is given without {what}.",
            "Give both, or neither.",
        )  # fmt: skip
    for name in ("co2e_wtw_kg", "co2e_wtw_g"):
        data.report(
            findings, "E336", given & filled(frame[name]) & data.sound(name), name,
            f"Both energy_used and {name} are given.", "Keep the one that shall count.",
        )  # fmt: skip
