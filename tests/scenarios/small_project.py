"""A small project that other tests reuse: five orders, three ways, two empty boxes.

A plant in Changzhou ships solar pallets through Shanghai and Rotterdam to a customer in Germany,
and car parts come back. `write_small_project(folder, orders=[...])` replaces a table; a value of
None leaves it out; `project={...}` changes keys of project.yaml.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

Rows = list[dict[str, Any]]

PROJECT: dict[str, Any] = {
    "name": "Small exports",
    "period": {"from": "2026-01-05", "to": "2026-03-29"},
    "currency": "EUR",
    "bucket": "week",
    "settings": {
        "as_of": "2025-12-15",
        "objective": "min_emissions",
        "solver": {"time_limit_s": 20, "gap": 0.0, "seed": 1, "workers": 2},
    },
    "scenarios": {
        "baseline": {"measures": []},
        "least_co2": {},
        "least_cost": {"objective": "min_cost"},
        "no_round_use": {"extends": "least_co2", "without": ["round_use"]},
    },
}

PATIENT: dict[str, Any] = {
    "settings": {
        **PROJECT["settings"],
        "solver": {"time_limit_s": 300, "gap": 0.02, "seed": 1, "workers": 2},
    },
}
"""`project=PATIENT`: a plan is found and proved within its gap on a busy machine too."""


def place(location_id: str, kind: str, country: str, lat: Any, lon: Any, **more: Any) -> dict:
    row = {"location_id": location_id, "name": location_id.title(), "kind": kind}
    return {**row, "country": country, "lat": lat, "lon": lon, **more}


def order(order_id: str, origin: str, destination: str, sku: str, quantity: int, **more: Any):
    row = {"order_id": order_id, "origin": origin, "destination": destination, "sku": sku}
    dates = {"ready_date": "2026-01-12", "due_date": "2026-03-20"}
    return {**row, "quantity": quantity, **dates, **more}


def road(bid_id: str, carrier: str, origin: str, destination: str, rate: Any, **more: Any) -> dict:
    row = {"bid_id": bid_id, "carrier": carrier, "mode": "road", "service": "container"}
    row |= {"origin": origin, "destination": destination, "rate": rate, "currency": "EUR"}
    return {**row, "rate_basis": "container", "transit_days": 1, **more}


def sea(bid_id: str, carrier: str, origin: str, destination: str, rate: Any, **more: Any) -> dict:
    row = {"bid_id": bid_id, "carrier": carrier, "mode": "sea", "service": "container"}
    row |= {"origin": origin, "destination": destination, "rate": rate, "currency": "USD"}
    return {**row, "rate_basis": "container", "transit_days": 34, **more}


def small_tables() -> dict[str, Rows]:
    """Fresh rows of every table of the small project."""
    return {
        "locations": [
            place("CZ-PLANT", "plant", "CN", 31.81, 119.97),
            place("WX-PLANT", "plant", "CN", 31.57, 120.30),
            place("SZ-HUB", "hub", "CN", 31.30, 120.60, handling_cost_per_t=4,
                  handling_co2e_wtw_kg_per_t=1.2, handling_co2e_ttw_kg_per_t=0.4,
                  handling_source="example figure", dwell_days=1, currency="EUR"),
            place("SHANGHAI", "port", "CN", "", "", unlocode="CNSHA"),
            place("ROTTERDAM", "port", "NL", "", "", unlocode="NLRTM"),
            place("ERFURT", "customer", "DE", 50.98, 11.03),
        ],
        "products": [
            {"sku": "PV-580", "description": "module 580 W", "net_mass_kg": 28.5,
             "declared_unit": "kWp", "declared_units_per_piece": 0.58},
            {"sku": "GEAR", "description": "gear set", "net_mass_kg": 12, "min_box_grade": "B"},
        ],
        "packaging": [
            {"packaging_id": "PV-31", "sku": "PV-580", "units": 31, "length_mm": 2320,
             "width_mm": 1140, "height_mm": 1250, "gross_mass_kg": 933.5,
             "packaging_mass_kg": 50, "max_stack": 2},
            {"packaging_id": "PV-36", "sku": "PV-580", "units": 36, "length_mm": 2320,
             "width_mm": 1140, "height_mm": 1270, "gross_mass_kg": 1066,
             "packaging_mass_kg": 40, "max_stack": 2, "status": "candidate"},
            {"packaging_id": "GEAR-BOX", "sku": "GEAR", "units": 40, "length_mm": 1200,
             "width_mm": 1000, "height_mm": 900, "gross_mass_kg": 505,
             "packaging_mass_kg": 25, "max_stack": 2},
        ],
        "orders": [
            order("O1", "CZ-PLANT", "ERFURT", "PV-580", 620),
            order("O2", "CZ-PLANT", "ERFURT", "PV-580", 310, ready_date="2026-01-13"),
            order("O3", "WX-PLANT", "ERFURT", "PV-580", 310, priority=2),
            order("O4", "WX-PLANT", "ERFURT", "PV-580", 93, splittable="no",
                  equipment_allowed="40HC;20GP"),
            order("O5", "ERFURT", "CZ-PLANT", "GEAR", 400, flow="inbound",
                  ready_date="2026-01-05", due_date="2026-03-27"),
        ],
        "carriers": [
            {"carrier": "BLUE", "name": "Blue Line", "incumbent": "yes", "round_use_fee": 15,
             "currency": "EUR"},
            {"carrier": "GREEN", "name": "Green Line", "interchange_with": "SOC"},
            {"carrier": "TRUCK", "name": "Yangtze Haulage", "incumbent": "yes"},
            {"carrier": "EUROAD", "name": "Euro Road", "incumbent": "yes"},
        ],
        "bids": [
            road("R1", "TRUCK", "CZ-PLANT", "SHANGHAI", 320, round_use_rate=230,
                 round_use_km=120, round_use_rate_per_km=1),
            road("R2", "TRUCK", "WX-PLANT", "SHANGHAI", 280, round_use_rate=210),
            road("R3", "EUROAD", "ROTTERDAM", "ERFURT", 900),
            road("R4", "EUROAD", "ERFURT", "ROTTERDAM", 900),
            road("R5", "TRUCK", "SHANGHAI", "CZ-PLANT", 320, free_days=10),
            road("R6", "TRUCK", "SZ-HUB", "SHANGHAI", 200),
            road("R7", "TRUCK", "CZ-PLANT", "SZ-HUB", 260, service="ftl", rate_basis="trip",
                 equipment="CN13"),
            road("R8", "TRUCK", "WX-PLANT", "SZ-HUB", 160, service="ftl", rate_basis="trip",
                 equipment="CN13"),
            sea("S1", "BLUE", "SHANGHAI", "ROTTERDAM", 2100, free_days=10,
                equipment="40HC;20GP"),
            sea("S2", "GREEN", "CNSHA", "NLRTM", 2000, transit_days=38, co2e_wtw_g=80,
                co2e_ttw_g=70, co2e_per="teu_km", co2e_gwp="AR5", data_type="primary",
                co2e_source="example figure", equipment="45G1"),
            sea("S3", "BLUE", "ROTTERDAM", "SHANGHAI", 700, transit_days=36, free_days=10),
        ],
        "bid_charges": [
            {"bid_id": "S1", "charge_code": "LSS", "amount": 35, "currency": "USD",
             "rate_basis": "container"},
            {"carrier": "BLUE", "charge_code": "CAF", "amount": 5, "currency": "USD",
             "rate_basis": "percent", "percent_of": "BAS"},
        ],
        "empties": [
            {"empty_id": "E1", "equipment": "40HC", "location": "WX-PLANT", "line": "BLUE",
             "quantity": 2, "available_from": "2026-01-08", "free_until": "2026-02-20",
             "return_to": "SHANGHAI", "return_cost": 150, "currency": "EUR"},
        ],
        "baseline": [
            {"origin": o, "destination": "ERFURT", "carriers": "TRUCK;BLUE;EUROAD",
             "via": "SHANGHAI;ROTTERDAM", "modes": "road;sea;road", "equipment": "40HC",
             "basis": "assumed"}
            for o in ("CZ-PLANT", "WX-PLANT")
        ],
        "fx_rates": [
            {"date": "2025-12-01", "base": "EUR", "quote": "USD", "rate": 1.1,
             "source": "example figure, not a market rate"},
        ],
        "road_limits": [
            {"country": "DE", "equipment": "40HC", "max_cargo_kg": 26000,
             "source": "example figure"},
        ],
    }  # fmt: skip


def rows_as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV text; the header has every key that occurs."""
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_small_project(folder: Path, **changes: Any) -> Path:
    """Write the project; a change is a table's rows (None: no table) or `project` keys."""
    tables = small_tables()
    document = {**PROJECT, **(changes.pop("project", None) or {})}
    tables |= changes
    (folder / "data").mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    (folder / "project.yaml").write_text(text, encoding="utf-8")
    for name, rows in tables.items():
        path = folder / "data" / f"{name}.csv"
        if rows is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(rows_as_csv(rows), encoding="utf-8")
    return folder
