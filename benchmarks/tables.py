"""Reads and validates a table of bids of many rows, and measures time and memory.

    python -m benchmarks.tables --rows 1000000 --json

The rows are made by a rule, not by chance: row i goes from place i mod 40 to another one, by
carrier i mod 25, at a rate of 300 to 3299.75. Of each `--every` rows (default 1000) one is at
fault: its rate has a decimal comma, its destination is not known, its currency is none, its
valid_to is before its valid_from, or its bid_id is that of the row before, in turn. The table is
read and judged in a child process by what `lowhaul validate` uses. Mark: 10 s and 1 GB (peak
resident memory of the child) for 1,000,000 rows.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

MARK_S = 10.0
MARK_GB = 1.0
PLACES, CARRIERS, FAULTS = 40, 25, 5
HEADER = (
    "bid_id,lane_id,carrier,mode,service,origin,destination,equipment,rate,currency,rate_basis,"
    "transit_days,valid_from,valid_to,free_days,remarks\n"
)
PROJECT = """name: Many bids
period: {from: 2026-01-05, to: 2026-03-29}
currency: EUR
"""


def write_project(folder: Path, rows: int, every: int) -> Counter[str]:
    """The project; returns how many rows have each fault, by the code of its finding."""
    data = folder / "data"
    data.mkdir()
    (folder / "project.yaml").write_text(PROJECT)
    places = [f"P{i:02d},Place {i},customer,DE,{48 + i / 10},{8 + i / 20}" for i in range(PLACES)]
    header = "location_id,name,kind,country,lat,lon"
    (data / "locations.csv").write_text("\n".join([header, *places]) + "\n")
    carriers = [f"C{i:02d},Carrier {i}" for i in range(CARRIERS)]
    (data / "carriers.csv").write_text("\n".join(["carrier,name", *carriers]) + "\n")
    planted: Counter[str] = Counter()
    with (data / "bids.csv").open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER)
        for i in range(rows):
            bid, rate, place, money, last = i, f"{300 + i % 12_000 / 4:g}", "", "EUR", "2026-12-31"
            fault = i // every % FAULTS if i % every == every - 1 else -1
            if fault == 0:
                rate, code = f'"{rate},5"', "E102"
            elif fault == 1:
                place, code = "NOWHERE", "E201"
            elif fault == 2:
                money, code = "ERU", "E109"
            elif fault == 3:
                last, code = "2025-12-31", "E330"
            elif fault == 4:
                bid, code = i - 1, "E112"
            if fault >= 0:
                planted[code] += 1
            place = place or f"P{(i + 1 + i // PLACES % (PLACES - 1)) % PLACES:02d}"
            out.write(
                f"B{bid:07d},,C{i % CARRIERS:02d},road,container,P{i % PLACES:02d},{place},40HC,"
                f"{rate},{money},container,{1 + i % 5},2026-01-01,{last},{i % 14},row {i}\n"
            )
    return planted


def measure(folder: Path) -> dict[str, object]:
    """Read and judge the tables of the project; seconds by stage, wall and processor."""
    from lowhaul.findings import Findings
    from lowhaul.input_tables import INPUT_TABLES
    from lowhaul.tables import empty_table, read_table
    from scenarios.project import raw_tables
    from scenarios.rules import apply_rules
    from scenarios.rules.context import Context
    from scenarios.settings import BASE, DOCUMENT_NAME, read_document, resolve_settings
    from scenarios.table_files import sha256_of
    from scenarios.yaml_text import read_yaml

    wall: dict[str, float] = {}
    processor: dict[str, float] = {}
    started, worked = time.perf_counter(), time.process_time()

    def done(stage: str) -> None:
        nonlocal started, worked
        wall[stage] = round(time.perf_counter() - started, 2)
        processor[stage] = round(time.process_time() - worked, 2)
        started, worked = time.perf_counter(), time.process_time()

    findings = Findings()
    yaml_document = read_yaml(folder / DOCUMENT_NAME, DOCUMENT_NAME, findings)
    document = read_document(yaml_document, findings) if yaml_document else None
    if document is None:
        raise SystemExit(str(list(findings)))
    raw = raw_tables(folder, findings)
    sha256_of(folder / "data" / "bids.csv")
    done("reading")
    tables = {
        name: read_table(table, raw[name], findings) if name in raw else empty_table(table)
        for name, table in INPUT_TABLES.items()
    }
    done("cells")
    apply_rules(Context(tables, {BASE: resolve_settings(document, BASE)}, findings))
    done("rules")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "rows": len(tables["bids"]),
        "seconds": wall,
        "processor_seconds": processor,
        "peak_memory_gb": round(peak / 1e9, 3),
        "findings": dict(Counter(f.code for f in findings)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--every", type=int, default=1000, help="One of so many rows is at fault.")
    parser.add_argument("--json", action="store_true", help="Print a JSON line.")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(measure(given.child)))
        return
    with tempfile.TemporaryDirectory() as name:
        planted = write_project(Path(name), given.rows, given.every)
        megabytes = (Path(name) / "data" / "bids.csv").stat().st_size / 1e6
        child = [sys.executable, "-m", "benchmarks.tables", "--child", name]
        ran = subprocess.run(child, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr)
    told = json.loads(ran.stdout)
    told["file_mb"] = round(megabytes, 1)
    told["planted"] = dict(planted)
    total = sum(told["seconds"].values())
    told["total_seconds"] = round(total, 2)
    told["total_processor_seconds"] = round(sum(told["processor_seconds"].values()), 2)
    told["all_faults_found"] = all(told["findings"].get(c, 0) >= n for c, n in planted.items())
    told["mark"] = f"{MARK_S:g} s and {MARK_GB:g} GB for 1,000,000 rows"
    if given.rows >= 1_000_000:
        told["within_mark"] = total <= MARK_S and told["peak_memory_gb"] <= MARK_GB
    if given.json:
        print(json.dumps(told))
    else:
        for key, value in told.items():
            print(f"{key}: {value}")


if __name__ == "__main__":
    main()
