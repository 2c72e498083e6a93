"""The last look before anything is written: no element with a fault is ever added up.

`emissions.audit` judges one element after the other. So that a million rows need not be looked at
one by one, `suspects` finds on whole columns all that the audit could refuse, and a few more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from emissions.audit import GRAM_KG, LEAST_TKM, audit
from emissions.elements import element_of_row
from emissions.factor import is_renewable
from lowhaul.cells import Mask, TableData
from lowhaul.findings import Finding, Findings
from lowhaul.units import KG_PER_T

AMOUNTS = (
    "mass_kg", "actual_km", "activity_tkm", "load_units", "co2e_wtw_kg", "co2e_ttw_kg",
)  # fmt: skip
WAY = ["shipment_id", "tce_id", "load_units", "actual_km", "co2e_wtw_kg"]
"""What two rows have in common that could be one empty way, counted twice."""
MOST_LISTED = 1000


def report_faults(data: TableData, tces: pd.DataFrame, findings: Findings) -> None:
    """Errors for all elements that cannot be as they are; they name the row of the file."""
    at = np.flatnonzero(suspects(tces))
    rows = tces.iloc[at[:MOST_LISTED]]
    named: list[dict[str, object]] = [
        dict(zip(rows.columns, r, strict=True)) for r in rows.itertuples(index=False)
    ]
    source = dict(zip(rows["tce_id"].astype("str"), rows["source_row"].tolist(), strict=True))
    for fault in audit(map(element_of_row, named)):
        if fault.severity == "error":
            place = {"file": data.file, "sheet": data.sheet, "row": int(source[fault.value])}
            findings.add(replace(fault, **place))  # type: ignore[arg-type]
    if len(at) > MOST_LISTED and findings.errors:
        message = f"{len(at) - MOST_LISTED} more elements are doubtful, and not listed."
        findings.add(
            Finding("E392", "error", message, "Mend these first.", data.file, data.sheet)
        )  # fmt: skip


def suspects(tces: pd.DataFrame) -> Mask:
    """Elements of tces.csv in which the audit may find a fault; all others are sound."""
    values = {name: tces[name].to_numpy(dtype=float) for name in AMOUNTS}
    wtw, ttw = values["co2e_wtw_kg"], values["co2e_ttw_kg"]
    # blank: not known, which the coverage counts
    unknown = np.isnan(wtw)
    values |= {"co2e_wtw_kg": np.where(unknown, 0.0, wtw), "co2e_ttw_kg": np.nan_to_num(ttw)}
    wrong = np.zeros(len(tces), dtype=bool)
    for amounts in values.values():
        blank = np.isnan(amounts)
        wrong |= ~np.isfinite(np.where(blank, 0.0, amounts)) | (np.nan_to_num(amounts) < -GRAM_KG)
    split = np.where(unknown, 0.0, values["co2e_wtw_kg"] - values["co2e_ttw_kg"])
    wrong |= (split < -GRAM_KG) & ~_renewable(tces["energy"])
    kind = tces["kind"].astype("str")
    mass, activity = np.nan_to_num(values["mass_kg"]), np.nan_to_num(values["activity_tkm"])
    moved = mass / KG_PER_T * np.nan_to_num(values["actual_km"]) >= LEAST_TKM
    wrong |= kind.eq("transport").to_numpy() & moved & (activity == 0)
    empty = kind.eq("empty").to_numpy()
    wrong |= empty & ((mass != 0) | (activity != 0))
    return np.asarray(wrong | _same_way(tces, kind, empty))


def _renewable(energy: pd.Series) -> Mask:
    codes, words = pd.factorize(energy.astype("str"))
    return np.asarray(np.array([is_renewable(str(w)) for w in words], dtype=bool)[codes])


def _same_way(tces: pd.DataFrame, kind: pd.Series, empty: Mask) -> Mask:
    """Empty ways and laden ones that agree in all of WAY."""
    found = np.zeros(len(tces), dtype=bool)
    if not empty.any():
        return found
    names: Any = tces.loc[empty, "tce_id"].unique()
    named = tces["tce_id"].isin(names).to_numpy() & kind.isin(["transport", "empty"]).to_numpy()
    found[named] = tces.loc[named, WAY].duplicated(keep=False).to_numpy()
    return found
