"""Packs for all carriers and the files for map systems of a large plan: seconds and sizes.

    python -m benchmarks.packs --shipments 10000 --carriers 50 --json

The plan is made up (benchmarks/synthetic_plan.py). Filtering, writing and searching are measured
together, as `lowhaul run` does them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.synthetic_plan import large_plan
from scenarios.geo_files import write_geo_files
from scenarios.packs import write_packs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=10_000)
    parser.add_argument("--lanes", type=int, default=1_000)
    parser.add_argument("--carriers", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="Print a JSON line.")
    given = parser.parse_args()
    plan = large_plan(given.shipments, given.lanes, given.carriers)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun, worked = time.perf_counter(), time.process_time()
        packs = write_packs(folder, plan.tables, plan.summary, plan.case)
        seconds, processor = time.perf_counter() - begun, time.process_time() - worked
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        begun, worked = time.perf_counter(), time.process_time()
        write_geo_files(folder, plan.tables, plan.case)
        told = {
            "shipments": given.shipments,
            "legs": len(plan.tables["legs"]),
            "load_units": len(plan.tables["loads"]),
            "bids": len(plan.case.bids),
            "packs": len(packs.folders),
            "withheld": [str(fault) for fault in packs.withheld],
            "packs_seconds": round(seconds, 2),
            "packs_processor_seconds": round(processor, 2),
            "packs_mb": round(size / 1e6, 1),
            "geo_seconds": round(time.perf_counter() - begun, 2),
            "geo_processor_seconds": round(time.process_time() - worked, 2),
            "gpkg_mb": round((folder / "shipments.gpkg").stat().st_size / 1e6, 1),
            "geojson_mb": round((folder / "legs.geojson").stat().st_size / 1e6, 1),
        }
    if given.json:
        print(json.dumps(told))
    else:
        for key, value in told.items():
            print(f"{key}: {value}")


if __name__ == "__main__":
    main()
