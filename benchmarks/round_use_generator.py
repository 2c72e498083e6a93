"""Random street-turn instances: emptied and wanted boxes around ports, as tables.

How an instance is made (`make_tables(empties, wanted, seed, group)`; all draws of one NumPy
generator with that seed, in this order):

- **Ports**: Hamburg, Bremerhaven, Rotterdam and Antwerp.
- **Places**: 6 x sqrt(empties + wanted) industrial areas. Each belongs to a port (shares 30, 15,
  35, 20 %) and lies 12 to 650 km from it (lognormal, median 160 km, sigma 0.8, cut), to the
  south-east (bearing 90 to 190 degrees). East of 6.5 degrees it is in DE, else north of 51.2
  degrees in NL, else in BE. An area's weight is lognormal (sigma 1): few have much traffic.
- **Lines**: ten, with shares 1 / (1, 2, ..., 10); each consents with 90 %, asks a fee of 0, 10, 20
  or 30 EUR a box, and loads another line's boxes with 12 %, each ordered pair drawn for itself.
- **Types**: 45G1 50 %, 22G1 30 %, 42G1 20 %.
- **Emptied boxes**: an area by weight; a line by share, with 4 % the shipper's own; ready on one of
  28 days; free for 3, 5, 7, 10 or 14 days more, with 10 % for good; with 15 % later days are
  priced at 20, 40 or 60 EUR. They go back to the area's port with 80 %, else to any. The return
  costs 60 EUR and 1.1 EUR a great-circle km; with 60 % it is on our account. Grades A, B, C
  50, 35, 15 %; 20 % of the vehicles are electric.
- **Wanted boxes**: the same areas, lines and types, with 3 % SOC; stuffed from one of 28 days on,
  for 0 to 5 days more; from the area's port with 90 %, else from any; C, B, A will do with 50, 35,
  15 %.
- **Rows** hold 1 to `group` boxes, uniformly, until the number asked for is reached.
- **Factors**: diesel 950 g and electric 280 g CO2e WTW a km, whatever the type. They are made up,
  so that optima do not move with a factor pack.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Geod

Rows = list[dict[str, Any]]

PORTS = (
    ("DEHAM", "Hamburg", "DE", 53.54, 9.93),
    ("DEBRV", "Bremerhaven", "DE", 53.57, 8.55),
    ("NLRTM", "Rotterdam", "NL", 51.95, 4.05),
    ("BEANR", "Antwerp", "BE", 51.28, 4.32),
)
PORT_SHARES = (0.30, 0.15, 0.35, 0.20)
LINES = 10
FIRST_DAY = date(2026, 3, 2)
DAYS = 28
TYPES = ("45G1", "22G1", "42G1")
GRADES = ("A", "B", "C")
VEHICLES = ("diesel_tractor", "electric_tractor")


def make_tables(
    empties: int, wanted: int, seed: int, group: int = 1, alike: bool = False
) -> dict[str, Rows]:
    """The tables of an instance by name: so many emptied and wanted boxes, in rows.

    `alike`: one line, one type, grade A, no end of free time, four weeks more to be stuffed. Nearly
    every box may then go anywhere: the hardest case for building pairs, and no real one.
    """
    draw = np.random.default_rng(seed)
    places, ports, weights = _places(draw, max(4, round(6 * math.sqrt(empties + wanted))))
    carriers, shares = _carriers(draw)
    there = _empties(draw, empties, group, places, ports, weights, carriers, shares)
    needs = _wanted(draw, wanted, group, places, ports, weights, carriers, shares)
    if alike:
        same = {"line": carriers[0]["carrier"], "equipment": TYPES[0]}
        there = [{**r, **same, "grade": "A", "free_until": ""} for r in there]
        last = (FIRST_DAY + timedelta(2 * DAYS)).isoformat()
        needs = [{**r, **same, "to_date": last} for r in needs]
        carriers[0]["round_use_allowed"] = "yes"
    used = {r[c] for r in (*there, *needs) for c in ("location", "return_to", "port") if c in r}
    return {
        "locations": [p for p in places if p["location_id"] in used],
        "carriers": carriers,
        "empties": there,
        "wanted": needs,
        "factors": [
            {
                "factor_id": f"made-up-{vehicle}", "mode": "road", "vehicle": vehicle,
                "co2e_wtt_g": wtt, "co2e_ttw_g": ttw, "per": "vehicle_km", "includes_empty": "no",
                "distance_basis": "actual", "gwp": "AR6", "data_type": "modelled",
                "source": "made up for this benchmark", "version": "1", "licence": "CC0-1.0",
                "assumed": "yes",
            }
            for vehicle, wtt, ttw in ((VEHICLES[0], 190, 760), (VEHICLES[1], 280, 0))
        ],
    }  # fmt: skip


def _places(draw: np.random.Generator, count: int) -> tuple[Rows, list[int], Any]:
    """The ports, then the areas; each area's port; each area's weight."""
    rows: Rows = [
        {"location_id": code, "name": name, "kind": "port", "country": country, "lat": lat,
         "lon": lon}
        for code, name, country, lat, lon in PORTS
    ]  # fmt: skip
    geod = Geod(ellps="WGS84")
    ports = [int(p) for p in draw.choice(len(PORTS), count, p=PORT_SHARES)]
    km = np.clip(160 * np.exp(0.8 * draw.standard_normal(count)), 12, 650)
    bearing = draw.uniform(90, 190, count)
    for k, port in enumerate(ports):
        lon, lat, _ = geod.fwd(PORTS[port][4], PORTS[port][3], bearing[k], km[k] * 1000)
        lat, lon = round(lat, 3), round(lon, 3)
        country = ("NL" if lat > 51.2 else "BE") if lon < 6.5 else "DE"
        rows.append(
            {"location_id": f"A{k + 1:03d}", "name": f"Area {k + 1}", "kind": "plant",
             "country": country, "lat": lat, "lon": lon}
        )  # fmt: skip
    weights = np.exp(draw.standard_normal(count))
    return rows, ports, weights / weights.sum()


def _carriers(draw: np.random.Generator) -> tuple[Rows, Any]:
    shares = 1 / np.arange(1, LINES + 1)
    names = [f"LN{k + 1:02d}" for k in range(LINES)]
    consents = draw.random(LINES) < 0.9
    fees = draw.choice([0, 10, 20, 30], LINES)
    agreed = draw.random((LINES, LINES)) < 0.12
    rows: Rows = [
        {
            "carrier": name, "name": f"Line {k + 1}", "currency": "EUR",
            "round_use_allowed": "yes" if consents[k] else "no", "round_use_fee": int(fees[k]),
            "interchange_with": ";".join(
                other for o, other in enumerate(names) if agreed[k, o] and o != k
            ),
        }
        for k, name in enumerate(names)
    ]  # fmt: skip
    return rows, shares / shares.sum()


def _sizes(draw: np.random.Generator, boxes: int, group: int) -> list[int]:
    """Boxes by row, in all so many."""
    sizes: list[int] = []
    while (left := boxes - sum(sizes)) > 0:
        sizes.append(min(left, int(draw.integers(1, group + 1))))
    return sizes


def _empties(
    draw: np.random.Generator, boxes: int, group: int, places: Rows, ports: Sequence[int],
    weights: Any, carriers: Rows, shares: Any,
) -> Rows:  # fmt: skip
    geod = Geod(ellps="WGS84")
    rows = []
    for k, quantity in enumerate(_sizes(draw, boxes, group)):
        area = int(draw.choice(len(ports), p=weights))
        here = places[len(PORTS) + area]
        line = carriers[int(draw.choice(LINES, p=shares))]["carrier"]
        ready = FIRST_DAY + timedelta(int(draw.integers(DAYS)))
        free = int(draw.choice([3, 5, 7, 10, 14]))
        port = ports[area] if draw.random() < 0.8 else int(draw.integers(len(PORTS)))
        metres = geod.inv(here["lon"], here["lat"], PORTS[port][4], PORTS[port][3])[2]
        rows.append(
            {
                "empty_id": f"E{k + 1:04d}",
                "equipment": TYPES[int(draw.choice(3, p=[0.5, 0.3, 0.2]))],
                "location": here["location_id"],
                "line": "SOC" if draw.random() < 0.04 else line,
                "quantity": quantity,
                "available_from": ready.isoformat(),
                "free_until": "" if draw.random() < 0.1 else (ready + timedelta(free)).isoformat(),
                "return_to": PORTS[port][0],
                "return_cost": round(60 + 1.1 * metres / 1000),
                "currency": "EUR",
                "vehicle": VEHICLES[int(draw.random() < 0.2)],
                "grade": GRADES[int(draw.choice(3, p=[0.5, 0.35, 0.15]))],
                "ours": "yes" if draw.random() < 0.6 else "no",
                "detention_per_day": int(draw.choice([20, 40, 60])) if draw.random() < 0.15 else "",
            }
        )
    return rows


def _wanted(
    draw: np.random.Generator, boxes: int, group: int, places: Rows, ports: Sequence[int],
    weights: Any, carriers: Rows, shares: Any,
) -> Rows:  # fmt: skip
    rows = []
    for k, quantity in enumerate(_sizes(draw, boxes, group)):
        area = int(draw.choice(len(ports), p=weights))
        line = carriers[int(draw.choice(LINES, p=shares))]["carrier"]
        first = FIRST_DAY + timedelta(int(draw.integers(DAYS)))
        port = ports[area] if draw.random() < 0.9 else int(draw.integers(len(PORTS)))
        rows.append(
            {
                "wanted_id": f"W{k + 1:04d}",
                "equipment": TYPES[int(draw.choice(3, p=[0.5, 0.3, 0.2]))],
                "location": places[len(PORTS) + area]["location_id"],
                "line": "SOC" if draw.random() < 0.03 else line,
                "quantity": quantity,
                "from_date": first.isoformat(),
                "to_date": (first + timedelta(int(draw.integers(6)))).isoformat(),
                "port": PORTS[port][0],
                "min_grade": GRADES[::-1][int(draw.choice(3, p=[0.5, 0.35, 0.15]))],
            }
        )
    return rows


def write_tables(tables: Mapping[str, Rows], folder: Path, packed: bool = False) -> None:
    """The tables as CSV files, packed with gzip (the same bytes every time) where asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode("utf-8")
        if packed:
            (folder / f"{name}.csv.gz").write_bytes(gzip.compress(data, mtime=0))
        else:
            (folder / f"{name}.csv").write_bytes(data)
