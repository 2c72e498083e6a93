"""Sums of an executed footprint: totals.csv, tocs.csv, and the block on the quality of the data.

Everything is summed in whole grams and thousandths of a t-km, so that a million rows add up to the
last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from emissions.co2e import Co2e
from emissions.elements import Element
from emissions.footprint import DATA_TYPES, Coverage
from lowhaul.executed_tables import TOTALS
from lowhaul.result_tables import TOCS
from lowhaul.rounding import rounded

Array = np.ndarray[Any, Any]
GROUPS = ("all", "mode", "carrier", "lane", "month", "ghg_scope")
THOUSAND = 1000.0
INTENSITY_DIGITS = 6
OF_TOCS = (
    "toc_id", "kind", "mode", "load_units", "actual_km", "data_type", "activity_tkm", "co2e_wtw_kg",
)  # fmt: skip


def totals_of(tces: pd.DataFrame) -> pd.DataFrame:
    """totals.csv: of all, then by each of GROUPS, the largest CO2e first (months in order)."""
    sums = _summands(tces)
    parts = []
    for by in GROUPS:
        names = pd.Series(["all"], dtype="category").take(np.zeros(len(tces), dtype=np.int64))
        names = names if by == "all" else tces[by]
        part = _grouped(sums, names)
        part.insert(0, "by", by)
        keys = ["name"] if by == "month" else ["co2e_wtw_kg", "name"]
        parts.append(part.sort_values(keys, ascending=[True] if by == "month" else [False, True]))
    return pd.concat(parts, ignore_index=True)[list(TOTALS.names)]


def _summands(tces: pd.DataFrame) -> pd.DataFrame:
    """Whole grams and thousandths of a t-km of each row; unknown CO2e is left out and counted."""
    known = tces["co2e_wtw_kg"].notna().to_numpy()
    covered = tces["covered"].to_numpy(dtype=bool)
    activity = _thousandths(tces["activity_tkm"])
    laden = tces["kind"].eq("transport").to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "elements": np.ones(len(tces), dtype=np.int64),
            "not_covered": (~covered).astype(np.int64),
            "mass": np.where(laden, _thousandths(tces["mass_kg"]), 0),
            "activity": activity,
            "covered_activity": np.where(covered, activity, 0),
            "known_activity": np.where(known, activity, 0),
            "known": known.astype(np.int64),
            "ttw": _thousandths(tces["co2e_ttw_kg"]),
            "wtw": _thousandths(tces["co2e_wtw_kg"]),
        }
    )


def _thousandths(column: pd.Series) -> Array:
    values = np.nan_to_num(column.to_numpy(dtype=float))
    return np.asarray(np.rint(values * THOUSAND).astype(np.int64))


def _grouped(sums: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    found = sums.groupby(names.cat.codes.to_numpy(), sort=True).sum()
    some = found["known"].to_numpy() > 0
    wtw = np.where(some, found["wtw"] / THOUSAND, np.nan)
    ttw = np.where(some, found["ttw"] / THOUSAND, np.nan)
    return pd.DataFrame(
        {
            "name": names.cat.categories[found.index].tolist(),
            "elements": found["elements"].to_numpy(),
            "not_covered": found["not_covered"].to_numpy(),
            "mass_kg": found["mass"].to_numpy() / THOUSAND,
            "activity_tkm": found["activity"].to_numpy() / THOUSAND,
            "covered_tkm": found["covered_activity"].to_numpy() / THOUSAND,
            "co2e_wtt_kg": np.where(some, (found["wtw"] - found["ttw"]) / THOUSAND, np.nan),
            "co2e_ttw_kg": ttw,
            "co2e_wtw_kg": wtw,
            "intensity_wtw_g_per_tkm": _intensity(
                wtw, found["known_activity"].to_numpy() / THOUSAND
            ),
        }
    )


def _intensity(wtw_kg: Array, activity_tkm: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(activity_tkm > 0, wtw_kg * THOUSAND / activity_tkm, np.nan)
    return rounded(value, INTENSITY_DIGITS)


def tocs_of(tces: pd.DataFrame) -> pd.DataFrame:
    """tocs.csv: every operation category with its laden and empty kilometres (no hubs)."""
    some = (tces["toc_id"].ne("") & tces["kind"].ne("hub")).to_numpy(dtype=bool)
    rows = tces.loc[some, list(OF_TOCS)]
    codes, distinct = pd.factorize(rows["toc_id"])
    units = rows["load_units"].fillna(0.0).to_numpy(dtype=float)
    km = rows["actual_km"].to_numpy(dtype=float) * np.where(units == 0, 1.0, units)
    laden = rows["kind"].eq("transport").to_numpy(dtype=bool)
    weakest = np.select(
        [rows["data_type"].eq(name).to_numpy() for name in DATA_TYPES],
        range(len(DATA_TYPES)),
        len(DATA_TYPES) - 1,
    )
    sums = pd.DataFrame(
        {
            "activity": _thousandths(rows["activity_tkm"]),
            "known": np.where(
                rows["co2e_wtw_kg"].notna().to_numpy(), _thousandths(rows["activity_tkm"]), 0
            ),
            "loaded": np.where(laden, np.nan_to_num(km), 0.0),
            "empty": np.where(laden, 0.0, np.nan_to_num(km)),
            "wtw": _thousandths(rows["co2e_wtw_kg"]),
        }
    )
    found = sums.groupby(codes, sort=True).sum()
    worst = pd.Series(weakest).groupby(codes, sort=True).max()
    first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    parts = [(*str(t).split("/"), "", "", "", "", "")[:5] for t in distinct]
    activity = found["activity"].to_numpy() / THOUSAND
    wtw = found["wtw"].to_numpy() / THOUSAND
    frame = pd.DataFrame(
        {
            "toc_id": list(distinct),
            "mode": rows["mode"].astype("str").iloc[first].to_numpy(),
            "carrier": [_given(p[4]) for p in parts],
            "vehicle": [_given(p[2]) for p in parts],
            "energy": [_given(p[3]) for p in parts],
            "activity_tkm": activity,
            "loaded_km": rounded(found["loaded"].to_numpy()),
            "empty_km": rounded(found["empty"].to_numpy()),
            "co2e_wtw_kg": wtw,
            "intensity_wtw_g_per_tkm": _intensity(wtw, found["known"].to_numpy() / THOUSAND),
            "data_type": [DATA_TYPES[int(k)] for k in worst],
        }
    )
    return frame.sort_values("toc_id", ignore_index=True)[list(TOCS.names)]


def _given(word: str) -> str:
    return "" if word == "any" else word


def coverage_of(tces: pd.DataFrame, wanted: tuple[str, ...]) -> Coverage:
    """What is covered whole: transport by t-km, hubs by t (`emissions.footprint.coverage`)."""
    covered = tces["covered"].to_numpy(dtype=bool)
    missing = tces.loc[~covered, "tce_id"].tolist()
    return Coverage(
        transport=_share(tces, "transport", "activity_tkm", covered),
        hubs=_share(tces, "hub", "mass_kg", covered),
        elements=len(tces),
        not_covered=tuple(missing),
        wanted=wanted,
    )


def _share(tces: pd.DataFrame, kind: str, amount: str, covered: Array) -> float:
    """The covered part; by number of elements where all amounts are zero, 1 without elements."""
    some = tces["kind"].eq(kind).to_numpy(dtype=bool)
    if not some.any():
        return 1.0
    weights = np.nan_to_num(tces[amount].to_numpy(dtype=float)[some])
    if weights.sum() <= 0:
        weights = np.ones(int(some.sum()))
    return float(weights[covered[some]].sum() / weights.sum())


def summed_elements(tces: pd.DataFrame) -> Iterator[Element]:
    """One element for all rows that are alike in what the functions of `footprint` look at.

    Data type, GWP, assumed or not, covered or not: a million rows are a handful of these, and
    their sums and shares are the same.
    """
    known = tces["co2e_wtw_kg"].notna()
    keys = ["kind", "data_type", "gwp", "assumed", "proxy", "covered"]
    alike = tces[keys].assign(known=known)
    codes = alike.groupby([*keys, "known"], observed=True, sort=False).ngroup()
    sums = pd.DataFrame(
        {
            "activity": _thousandths(tces["activity_tkm"]),
            "ttw": _thousandths(tces["co2e_ttw_kg"]),
            "wtw": _thousandths(tces["co2e_wtw_kg"]),
        }
    )
    found = sums.groupby(codes.to_numpy(), sort=True).sum()
    first = np.flatnonzero(~codes.duplicated().to_numpy())
    first = first[np.argsort(codes.to_numpy()[first])]
    for i, (_, row) in zip(first, found.iterrows(), strict=True):
        one = tces.iloc[i]
        ttw, wtw = row["ttw"] / THOUSAND, row["wtw"] / THOUSAND
        yield Element(
            tce_id="",
            kind=one["kind"],
            mode="",
            activity_tkm=row["activity"] / THOUSAND,
            data_type=str(one["data_type"]),
            gwp=str(one["gwp"]),
            proxy=bool(one["proxy"]),
            assumed=bool(one["assumed"]),
            co2e=Co2e(wtw - ttw, ttw).rounded() if known.iloc[i] else None,
            wtt_covered=bool(one["covered"]) or not known.iloc[i],
        )
