"""Small files of executed transports that the tests of `lowhaul footprint` share."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from lowhaul.input_tables import FACTORS
from scenarios.footprint import FootprintResult, footprint_file

Row = Mapping[str, object]

LEG: Row = {
    "mode": "road", "from": "A", "to": "B", "mass_kg": 10_000, "distance_km": 100,
    "distance_basis": "sfd", "service": "ltl",
}  # fmt: skip
"""10 t over 100 km: 1,000 t-km, with ROAD 20 kg WTT and 60 kg TTW."""
ROAD: Row = {
    "factor_id": "ROAD", "mode": "road", "co2e_wtt_g": 20, "co2e_ttw_g": 60, "per": "tkm",
    "includes_empty": "yes", "distance_basis": "sfd", "gwp": "AR5", "data_type": "modelled",
    "source": "own books", "version": "2026", "licence": "own",
}  # fmt: skip
SEA: Row = ROAD | {
    "factor_id": "SEA", "mode": "sea", "co2e_wtt_g": 10, "co2e_ttw_g": 70, "per": "teu_km",
}  # type: ignore[operator]  # fmt: skip
HUB: Row = ROAD | {
    "factor_id": "HUB", "mode": "hub", "co2e_wtt_g": 1000, "co2e_ttw_g": 4000, "per": "teu",
}  # type: ignore[operator]  # fmt: skip
CHAIN: Sequence[Row] = (
    {"shipment_id": "S1", "mode": "road", "from": "A", "to": "P", "mass_kg": 10_000,
     "distance_km": 100, "distance_basis": "sfd", "equipment": "40HC", "load_units": 1,
     "carrier": "H", "depart": "2026-01-05", "paid_by": "us"},
    {"shipment_id": "S1", "mode": "sea", "from": "P", "to": "Q", "mass_kg": 10_000,
     "distance_km": 5000, "distance_basis": "sfd", "equipment": "40HC", "load_units": 1,
     "carrier": "L", "depart": "2026-02-07", "flow": "outbound", "paid_by": "other"},
)  # fmt: skip
"""One box by road and sea: 1,000 and 50,000 t-km, 80 kg and 5,000 km x 2 TEU x 80 g = 800 kg."""


def write_rows(path: Path, rows: Sequence[Row], columns: Sequence[str] = ()) -> Path:
    """Rows as CSV; columns in the order in which they occur."""
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_pack(path: Path, *rows: Row) -> Path:
    """An own factor pack."""
    return write_rows(path, rows, FACTORS.names)


def count(folder: Path, rows: Sequence[Row], *pack: Row, lang: str = "en") -> FootprintResult:
    """The footprint of rows with a pack (ROAD, SEA and HUB if none is given), in folder/out."""
    factors = write_pack(folder / "pack.csv", *(pack or (ROAD, SEA, HUB)))
    file = write_rows(folder / "executed.csv", rows)
    return footprint_file(file, folder / "out", factors=factors, lang=lang)


def tces(folder: Path) -> pd.DataFrame:
    """tces.csv as text and numbers."""
    return pd.read_csv(folder / "out" / "tces.csv", keep_default_na=False, na_values=[""])


def totals(folder: Path) -> pd.DataFrame:
    """totals.csv; a blank name stays blank."""
    found = pd.read_csv(folder / "out" / "totals.csv", dtype={"name": "str"})
    return found.assign(name=found["name"].fillna(""))
