"""Builds the open default factor pack from the reference folder (for maintainers).

    python emissions/build_pack.py REFERENCE_FOLDER [OUTPUT.csv]

Reads `factors_desnz_2025_freight.csv`, `road_payload_curves_desnz_2025.csv` and
`factors_other.csv` and writes `emissions/data/factors_default.csv` with its manifest beside it
(`.yaml`); it is not run at install. Only open sources pass: UK DESNZ (OGL v3) and the US EPA hub
(public domain). Anything else is left out, licensed values above all. The uplifts of
`parameters.csv` rest on licensed values alone, so the pack has none.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import yaml

COLUMNS = (
    "factor_id",
    "mode",
    "vehicle",
    "energy",
    "region",
    "co2e_wtt_g",
    "co2e_ttw_g",
    "per",
    "slope_wtt_g_per_tkm",
    "slope_ttw_g_per_tkm",
    "includes_empty",
    "load_factor",
    "empty_distance_factor",
    "distance_basis",
    "gwp",
    "data_type",
    "payload_full_t",
    "source",
    "page",
    "year",
    "version",
    "licence",
    "evidence",
    "note",
)
Row = dict[str, str]
MANIFEST: dict[str, object] = {
    "name": "Lowhaul open factors",
    "version": "2025.1",
    "licence": "Open Government Licence v3.0 (DESNZ); public domain (US EPA); each row says which",
    "gwp": "AR5",
    "distance_basis": "actual",
    "unit": "g CO2e",
    "utilisation_basis": (
        "Payload curves: the payload is the plan's own, empty running is not inside. Figures per "
        "t-km: average load of the source's fleet, taken to hold its empty running. Ships: average "
        "of the class, 10 t a TEU."
    ),
    "source": "UK DESNZ conversion factors 2025; US EPA GHG Emission Factors Hub 2025",
    "note": "GWP is RECALLED for DESNZ; verify it in the official methodology paper",
    "uplifts": [],
}

DESNZ_SOURCE = "UK DESNZ, Greenhouse gas reporting: conversion factors 2025"
DESNZ_LICENCE = "Open Government Licence v3.0"
DESNZ_VERSION = "DESNZ 2025"
DESNZ_GWP = (
    "GWP: IPCC AR5 100 years, RECALLED (the reference file does not state it): verify in the "
    "official methodology paper"
)
EPA_SOURCE = "US EPA, Emission Factors for Greenhouse Gas Inventories (GHG Emission Factors Hub)"
EPA_LICENCE = "US Government work (public domain)"
EMPTY_TAKEN = "fleet average, taken to hold its empty running (the file does not state the share)"

VAN = {
    "Class I (up to 1.305 tonnes)": "van_class_i",
    "Class II (1.305 to 1.74 tonnes)": "van_class_ii",
    "Class III (1.74 to 3.5 tonnes)": "van_class_iii",
    "Average (up to 3.5 tonnes)": "van_average",
}
ENERGY = {
    "Diesel": "diesel",
    "Petrol": "petrol",
    "CNG": "cng",
    "LPG": "lpg",
    "Unknown": "mixed",
    "Plug-in Hybrid Electric Vehicle": "plug_in_hybrid",
    "Battery Electric Vehicle": "electricity",
}
FLIGHT = {
    "Domestic, to/from UK": ("aircraft_domestic", "GB"),
    "Short-haul, to/from UK": ("aircraft_short_haul", "GB"),
    "Long-haul, to/from UK": ("aircraft_long_haul", "GB"),
    "International, to/from non-UK": ("aircraft_international", "world"),
}
SHIP = {
    "Container ship": "container",
    "General cargo": "general_cargo",
    "Bulk carrier": "bulk_carrier",
    "Vehicle transport": "vehicle_carrier",
    "RoRo-Ferry": "roro_ferry",
    "Large RoPax ferry": "ropax_ferry",
    "Refrigerated cargo": "refrigerated_cargo",
    "Crude tanker": "tanker_crude",
    "Products tanker": "tanker_products",
    "Chemical tanker": "tanker_chemical",
    "LNG tanker": "tanker_lng",
    "LPG Tanker": "tanker_lpg",
}


def grams(kilograms: str) -> str:
    """Kilograms as printed to grams, without any binary rounding; blank stays blank."""
    if not kilograms:
        return ""
    return format((Decimal(kilograms) * 1000).normalize(), "f")


def slug(text: str) -> str:
    """A size class as part of a name: '8000+ TEU' -> '8000_teu', '120,000-199,999' -> digits."""
    return re.sub(r"[^a-z0-9]+", "_", text.replace(",", "").lower()).strip("_")


def desnz_row(row: Row, **own: str) -> Row:
    """A pack row with everything that all DESNZ rows have in common."""
    common = {
        "region": "GB",
        "co2e_wtt_g": grams(row["wtt"]),
        "co2e_ttw_g": grams(row["ttw"]),
        "per": "tkm",
        "includes_empty": "yes",
        "distance_basis": "actual",
        "gwp": "AR5",
        "data_type": "default",
        "source": f"{DESNZ_SOURCE}: {row['vehicle_or_fuel']}",
        "page": row["source_page_or_table"],
        "year": "2025",
        "version": DESNZ_VERSION,
        "licence": DESNZ_LICENCE,
        "evidence": "SEEN in a third-party copy of the 2025 flat file; check against the official",
    }
    made = dict.fromkeys(COLUMNS, "") | common | own
    made["note"] = "; ".join(part for part in (own.get("note", ""), DESNZ_GWP) if part)
    return made


def desnz_rows(rows: Iterable[Row], vehicles_by_label: dict[str, str]) -> list[Row]:
    """The t-km rows of DESNZ: fleet averages only, flights without radiative forcing."""
    made: list[Row] = []
    for row in rows:
        if not row["unit"].endswith("t-km"):
            continue  # per vehicle-km: held by the payload curves
        parts = [part.strip() for part in row["vehicle_or_fuel"].split(" / ")]
        if parts[0] == "Vans":
            names = {"mode": "road", "vehicle": VAN[parts[1]], "energy": ENERGY[parts[2]]}
            note = EMPTY_TAKEN
        elif parts[0].startswith("HGV"):
            if parts[2] != "Average laden":
                continue  # 50 and 100 % laden lie on the payload curve
            vehicle = vehicles_by_label[" / ".join(parts[:2])]
            names = {"mode": "road", "vehicle": vehicle, "energy": "diesel"}
            note = EMPTY_TAKEN
        elif parts[0] == "Freight flights":
            if parts[2] != "Without RF":
                continue  # radiative forcing has no place in an ISO 14083 total
            vehicle, region = FLIGHT[parts[1]]
            names = {"mode": "air", "vehicle": vehicle, "region": region}
            note = (
                "without radiative forcing; RECALLED: may hold DESNZ's 8 % distance uplift, then "
                "GCD + 95 km is on the safe side"
            )
        elif parts[0] == "Rail":
            names = {"mode": "rail", "vehicle": "freight_train"}
            note = f"UK mix of diesel and electric traction; {EMPTY_TAKEN}"
        else:
            vehicle = f"{SHIP[parts[1]]}_{slug(parts[2])}"
            names = {"mode": "sea", "vehicle": vehicle, "region": "world"}
            note = "IMO ship-class average" if row["wtt"] else "WTT not published: not covered"
        made.append(desnz_row(row, factor_id=row["id"], note=note, **names))
    return made


def curve_rows(rows: Iterable[Row], pages: dict[str, str]) -> list[Row]:
    """Payload curves: g per vehicle-km = empty + slope x payload, WTT and TTW apart.

    The file prints the WTW and TTW slopes; the WTT slope is their difference, and must agree with
    (WTT full - WTT empty) / implied payload to the rounding of the file.
    """
    made = []
    for row in rows:
        payload = Decimal(row["implied_payload_t_at_100pct"])
        wtt_slope = Decimal(row["wtw_slope_kg_per_tkm"]) - Decimal(row["ttw_slope_kg_per_tkm"])
        derived = (Decimal(row["wtt_kg_per_km_full"]) - Decimal(row["wtt_kg_per_km_empty"])) / (
            payload
        )
        if abs(derived - wtt_slope) > Decimal("0.000003"):
            raise ValueError(f"{row['vehicle_class']}: WTT slope {wtt_slope} against {derived}")
        data = {
            "wtt": row["wtt_kg_per_km_empty"],
            "ttw": row["ttw_kg_per_km_empty"],
            "vehicle_or_fuel": row["desnz_label"] + " / 0, 50 and 100 % laden, per vehicle-km",
            "source_page_or_table": pages[row["desnz_label"]],
        }
        made.append(
            desnz_row(
                data,
                factor_id=f"desnz25_curve_{row['vehicle_class']}",
                mode="road",
                vehicle=row["vehicle_class"],
                energy="diesel",
                per="vehicle_km",
                slope_wtt_g_per_tkm=grams(str(wtt_slope)),
                slope_ttw_g_per_tkm=grams(row["ttw_slope_kg_per_tkm"]),
                includes_empty="no",
                payload_full_t=row["implied_payload_t_at_100pct"],
                note="straight line through the 0, 50 and 100 % laden values (derived)",
            )
        )
    return made


def epa_rows(rows: Iterable[Row]) -> list[Row]:
    """The EPA hub's t-km rows (2025): tank-to-wheel CO2 only, so WTT stays uncovered."""
    made = []
    for row in rows:
        if not row["id"].startswith("epahub2025_"):
            continue
        kind = row["id"].removeprefix("epahub2025_")
        made.append(
            dict.fromkeys(COLUMNS, "")
            | {
                "factor_id": row["id"],
                "mode": row["mode"],
                "vehicle": f"epa_{kind}",
                "region": "US",
                "co2e_ttw_g": grams(row["ttw"]),
                "per": "tkm",
                "includes_empty": "yes",
                "distance_basis": "actual",
                "gwp": "AR5",
                "data_type": "default",
                "source": f"{EPA_SOURCE} 2025: {row['vehicle_or_fuel']}",
                "page": row["source_page_or_table"],
                "year": "2025",
                "version": "EPA hub 2025",
                "licence": EPA_LICENCE,
                "evidence": row["seen_or_recalled"],
                "note": "CO2 only, tank-to-wheel; WTT not covered; used only where it is named",
            }
        )
    return made


def read(path: Path) -> list[Row]:
    """The rows of a CSV file (names hold quoted commas)."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build(reference: Path) -> list[Row]:
    """All rows of the pack, in a stable order."""
    desnz = read(reference / "factors_desnz_2025_freight.csv")
    curves = read(reference / "road_payload_curves_desnz_2025.csv")
    labels = {row["desnz_label"]: row["vehicle_class"] for row in curves}
    pages: dict[str, str] = {}
    for row in desnz:
        if row["unit"].endswith("vehicle-km"):
            label = row["vehicle_or_fuel"].rsplit(" / ", 1)[0]
            pages.setdefault(label, "Freighting goods, per km + WTT- delivery vehs & freight")
    return [
        *curve_rows(curves, pages),
        *desnz_rows(desnz, labels),
        *epa_rows(read(reference / "factors_other.csv")),
    ]


def main(arguments: list[str]) -> None:
    """Write the pack and its manifest."""
    target = Path(__file__).parent / "data" / "factors_default.csv"
    if len(arguments) > 1:
        target = Path(arguments[1])
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(build(Path(arguments[0])))
    text = yaml.safe_dump(MANIFEST, sort_keys=False, allow_unicode=True, width=96)
    target.with_suffix(".yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
