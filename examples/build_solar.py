"""Write the shipped project `examples/solar`. Run: python examples/build_solar.py REFERENCE.

REFERENCE is the folder with geo/ports.csv, geo/cities_100k.csv and loading/pv_modules.csv. The
same input gives the same files, byte for byte: quantities and dates are drawn with seed 2026.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from solar_bids import bid_charges, bids
from solar_demand import baseline, empties, orders
from solar_places import Row, carriers, goods, locations
from solar_rates import CN_ROAD_KM, RAIL_KM

SEED = 2026
ROAD_ESTIMATE = "planner's rounded estimate of the road way, not measured"
RAIL_ESTIMATE = "planner's rounded estimate of the rail way, not measured"


def road_limits() -> list[Row]:
    """Heaviest cargo of one load unit on the road, kg, with the arithmetic in `source`."""
    rows: list[Row] = []

    def limit(country: str, equipment: str, kg: int, source: str) -> None:
        rows.append(
            {"country": country, "equipment": equipment, "max_cargo_kg": kg, "source": source}
        )

    boxes = {"22G1": 2220, "42G1": 3720, "45G1": 3940}
    for equipment, tare in boxes.items():
        limit("CN", equipment, 49000 - 15000 - tare,
              "rules.csv cn_gross_6axle 49000 kg - tractor and chassis 15000 kg (assumed) "
              "- tare")  # fmt: skip
        usa, rule = (17237, "us_cargo_20") if equipment == "22G1" else (19958, "us_cargo_40")
        limit("US", equipment, usa, f"rules.csv {rule}")
        for country in ("DE", "NL", "ES", "GR", "PL"):
            limit(country, equipment, 44000 - 13000 - tare,
                  "rules.csv eu_gross 44000 kg for a container in intermodal transport "
                  "(recalled) - tractor and chassis 13000 kg (assumed) - tare")  # fmt: skip
    limit("CN", "CN13", 32000, "equipment.csv CN13 payload")
    for country in ("DE", "PL"):
        limit(country, "CN13", 24000, "rules.csv eu_gross 40000 kg - vehicle 16000 kg (assumed)")
    return rows


def distances() -> list[Row]:
    """Ways that the road and rail factors would miss (Liaodong bay lies between)."""
    rows: list[Row] = []
    for mode, table, source in (
        ("road", CN_ROAD_KM, ROAD_ESTIMATE),
        ("rail", RAIL_KM, RAIL_ESTIMATE),
    ):
        for (start, end), km in table.items():
            rows.append(
                {
                    "from": start,
                    "to": end,
                    "mode": mode,
                    "distance_km": km,
                    "basis": "actual",
                    "source": source,
                }
            )
    rows.append(
        {
            "from": "NLRTM",
            "to": "B-DUI",
            "mode": "inland_waterway",
            "distance_km": 220,
            "basis": "actual",
            "source": "rhine_km.csv: km 1000 Rotterdam less km 780 Duisburg-Ruhrort (recalled)",
        }
    )
    return rows


def factors() -> list[Row]:
    """One assumed factor: no open factor exists for barges."""
    return [
        {
            "factor_id": "own_barge_assumed",
            "mode": "inland_waterway",
            "region": "EU",
            "co2e_wtt_g": 10,
            "co2e_ttw_g": 40,
            "per": "tkm",
            "includes_empty": "yes",
            "distance_basis": "actual",
            "gwp": "AR5",
            "data_type": "default",
            "source": "planner's assumption: rounded up from 38.6 g CO2/t-km TTW that KiM and CE "
            "Delft (2014) are quoted with for the average inland vessel; WTT a quarter of TTW",
            "version": "2025-12",
            "licence": "own assumption",
            "assumed": "yes",
        }
    ]


def fx_rates() -> list[Row]:
    """Invented rates in the range of late 2025."""
    rows: list[Row] = []
    for day, usd, cny, jpy in (
        ("2025-11-14", 0.861, 0.1212, 0.00556),
        ("2025-12-12", 0.853, 0.1207, 0.00547),
    ):
        for base, rate in (("USD", usd), ("CNY", cny), ("JPY", jpy)):
            rows.append(
                {"date": day, "base": base, "quote": "EUR", "rate": rate, "source": "invented"}
            )
    return rows


def lanes(bid_rows: list[Row], place_rows: list[Row]) -> list[Row]:
    """One lane for each relation that carriers bid on."""
    remote = {row["location_id"] for row in place_rows if row["remote"] == "yes"}
    found = {str(row["lane_id"]): (row["origin"], row["destination"]) for row in bid_rows}
    return [
        {
            "lane_id": lane,
            "origin": origin,
            "destination": destination,
            "remote": "yes" if destination in remote else "no",
        }
        for lane, (origin, destination) in found.items()
    ]


def write(path: Path, rows: list[Row]) -> None:
    """One table as CSV, columns in the order in which rows first name them."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build(reference: Path, target: Path) -> None:
    """Write every table of the project into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    places, offers = locations(reference), bids()
    products, packaging = goods(reference)
    tables: dict[str, list[Row]] = {
        "locations": places,
        "road_limits": road_limits(),
        "products": products,
        "packaging": packaging,
        "orders": orders(SEED),
        "carriers": carriers(),
        "lanes": lanes(offers, places),
        "bids": offers,
        "bid_charges": bid_charges(),
        "empties": empties(),
        "baseline": baseline(),
        "distances": distances(),
        "factors": factors(),
        "fx_rates": fx_rates(),
    }
    for name, rows in tables.items():
        write(target / f"{name}.csv", rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python examples/build_solar.py REFERENCE_FOLDER")
    build(Path(sys.argv[1]), Path(__file__).parent / "solar" / "data")
