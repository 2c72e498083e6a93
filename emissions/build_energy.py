"""Builds the tables of fuels and of electricity grids from the reference folder (maintainers).

    python emissions/build_energy.py REFERENCE_FOLDER [OUTPUT_FOLDER]

Reads `factors_fuels.csv` and `factors_electricity_ember.csv`, writes `fuels.csv` (FuelEU defaults,
DESNZ diesel, IMO carbon factors) and `grid_ember.csv`, which stays a table of its own: Ember's data
are shared alike (CC BY-SA 4.0). Press facts and values of standards under copyright are left out.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

Row = dict[str, str]
FUEL_COLUMNS = (
    "energy", "unit", "co2e_wtt_g", "co2e_ttw_g", "mj_per_kg", "gwp", "source", "page", "year",
    "licence", "evidence", "note",
)  # fmt: skip
GRID_COLUMNS = (
    "country",
    "iso3",
    "g_per_kwh",
    "source",
    "page",
    "year",
    "licence",
    "evidence",
    "note",
)
ISO_PAIRS = """
CHN:CN VNM:VN MYS:MY THA:TH IND:IN IDN:ID KHM:KH KOR:KR JPN:JP TWN:TW HKG:HK SGP:SG DEU:DE NLD:NL
BEL:BE FRA:FR ESP:ES ITA:IT POL:PL CZE:CZ AUT:AT CHE:CH GBR:GB SWE:SE DNK:DK GRC:GR PRT:PT ROU:RO
HUN:HU SVN:SI HRV:HR TUR:TR USA:US CAN:CA MEX:MX BRA:BR CHL:CL COL:CO PER:PE ARE:AE SAU:SA EGY:EG
MAR:MA ZAF:ZA AUS:AU NZL:NZ PAK:PK UZB:UZ KAZ:KZ RUS:RU BLR:BY EU:EU ASIA:ASIA WORLD:WORLD
"""
ISO2 = dict(pair.split(":") for pair in ISO_PAIRS.split())
"""ISO 3166 alpha-3 to alpha-2; averages keep their names."""
DESNZ_PAIRS = {
    "diesel_average_biofuel_blend": (
        "desnz25_wtt_diesel_average_biofuel_blend_litres",
        "desnz24_ttw_diesel_avg_litre",
        "WTT of the 2025, TTW of the 2024 edition; biogenic CO2 of the blend is in neither",
    ),
    "diesel_mineral": (
        "desnz25_wtt_diesel_100_mineral_diesel_litres",
        "desnz_ttw_diesel_mineral_litre",
        "WTT of the 2025 edition; the edition of TTW is not stated in the copy",
    ),
}
IMO = {
    "imo_cf_hfo": "imo_hfo",
    "imo_cf_lfo": "imo_lfo",
    "imo_cf_mdo_mgo": "imo_mgo",
    "imo_cf_lng": "imo_lng",
    "imo_cf_lpg_propane": "imo_lpg_propane",
    "imo_cf_lpg_butane": "imo_lpg_butane",
    "imo_cf_methanol": "imo_methanol",
}


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    return format(value.normalize(), "f")


def fuel_row(row: Row, **own: str) -> Row:
    """A row of fuels.csv with its papers."""
    papers = {
        "source": row["source"],
        "page": row["source_page_or_table"],
        "year": row["year"],
        "licence": row["licence_note"].split(" - ")[0],
        "evidence": row["seen_or_recalled"],
        "note": row["note"],
    }
    return dict.fromkeys(FUEL_COLUMNS, "") | papers | own


def fuel_rows(rows: Sequence[Row]) -> list[Row]:
    """FuelEU per MJ, DESNZ diesel per litre, IMO per kg (CO2 of the tank alone)."""
    by_id = {row["id"]: row for row in rows}
    made = []
    for row in rows:
        if not row["id"].startswith("fueleu_"):
            continue
        heat = re.search(r"LCV ([\d.]+) MJ/g", row["note"])
        made.append(
            fuel_row(
                row,
                energy=row["id"],
                unit="MJ",
                co2e_wtt_g=row["wtt"],
                co2e_ttw_g=row["ttw"],
                mj_per_kg=plain(Decimal(heat[1]) * 1000) if heat else "",
                gwp="AR6",
            )
        )
    for energy, (wtt, ttw, note) in DESNZ_PAIRS.items():
        made.append(
            fuel_row(
                by_id[wtt],
                energy=energy,
                unit="l",
                co2e_wtt_g=plain(Decimal(by_id[wtt]["wtt"]) * 1000),
                co2e_ttw_g=plain(Decimal(by_id[ttw]["ttw"]) * 1000),
                gwp="AR5",
                source="UK DESNZ, Greenhouse gas reporting: conversion factors, fuels",
                evidence="SEEN in a third-party copy; check against the official flat file",
                note=f"{note}; GWP RECALLED, as for all DESNZ values",
            )
        )
    for name, energy in IMO.items():
        grams = plain(Decimal(by_id[name]["ttw"]) * 1000)
        note = "CO2 of the tank alone: WTT, CH4 and N2O are not covered"
        made.append(fuel_row(by_id[name], energy=energy, unit="kg", co2e_ttw_g=grams, note=note))
    return made


def grid_rows(rows: Iterable[Row]) -> list[Row]:
    """Ember's grids by country."""
    return [
        {
            "country": ISO2[row["region"]],
            "iso3": row["region"],
            "g_per_kwh": row["wtw"],
            "source": row["source"],
            "page": row["source_page_or_table"],
            "year": row["year"],
            "licence": "CC BY-SA 4.0",
            "evidence": row["seen_or_recalled"],
            "note": row["note"],
        }
        for row in rows
    ]


def read(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(arguments: list[str]) -> None:
    """Write both tables."""
    reference = Path(arguments[0])
    target = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).parent / "data"
    write(target / "fuels.csv", FUEL_COLUMNS, fuel_rows(read(reference / "factors_fuels.csv")))
    grids = grid_rows(read(reference / "factors_electricity_ember.csv"))
    write(target / "grid_ember.csv", GRID_COLUMNS, grids)


if __name__ == "__main__":
    main(sys.argv[1:])
