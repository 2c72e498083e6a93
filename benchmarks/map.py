"""The map of a large plan: how large the file is, and how soon it stands in a browser.

    python -m benchmarks.map --shipments 10000 --json

The plan is made up (benchmarks/synthetic_plan.py). The map is written, opened `--opens` times in a
headless Chromium without network, each time in a new page, and the median told: from asking for the
file until everything is drawn (load event and two frames), and from a click on a carrier until the
map has been filtered. Mark: under 5 MB and opened in 3 s for 10,000 shipments.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.synthetic_plan import large_plan
from scenarios.map import write_map
from tests.browser import browser

MARK_MB, MARK_S = 5.0, 3.0
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def opened(started: Any, path: Path) -> tuple[float, float, dict[str, int]]:
    """Seconds until the page stands, seconds of a filter, and what is drawn."""
    page = started.new_page(viewport={"width": 1280, "height": 900})
    page.context.set_offline(True)
    begun = time.perf_counter()
    page.goto(path.as_uri(), wait_until="load")
    page.evaluate(TWO_FRAMES)
    stands = time.perf_counter() - begun
    drawn = {
        "lines": page.locator("path.flow").count(),
        "places": page.locator(".place").count(),
        "labels": page.locator(".place text:visible").count(),
    }
    begun = time.perf_counter()
    page.evaluate("document.querySelectorAll('#carriers button')[1].click()")
    page.evaluate(TWO_FRAMES)
    filtered = time.perf_counter() - begun
    page.close()
    return stands, filtered, drawn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=10_000)
    parser.add_argument("--lanes", type=int, default=1_000)
    parser.add_argument("--carriers", type=int, default=50)
    parser.add_argument("--opens", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="Print a JSON line.")
    given = parser.parse_args()
    plan = large_plan(given.shipments, given.lanes, given.carriers)
    shipments = plan.tables["shipments"]
    with tempfile.TemporaryDirectory() as name, browser() as started:
        begun, worked = time.perf_counter(), time.process_time()
        path = write_map(Path(name), plan.tables, plan.summary, plan.case)
        wrote, worked = time.perf_counter() - begun, time.process_time() - worked
        size = path.stat().st_size / 1e6
        opens = [opened(started, path) for _ in range(given.opens)]
    stands = statistics.median(o[0] for o in opens)
    told = {
        "shipments": len(shipments),
        "lanes": len(shipments.drop_duplicates(["origin", "destination"])),
        "carriers": len(set(plan.tables["legs"]["carrier"]) - {""}),
        **opens[0][2],
        "write_seconds": round(wrote, 2),
        "write_processor_seconds": round(worked, 2),
        "size_mb": round(size, 3),
        "open_seconds": round(stands, 2),
        "open_seconds_slowest": round(max(o[0] for o in opens), 2),
        "filter_seconds": round(statistics.median(o[1] for o in opens), 2),
        "mark": f"under {MARK_MB:g} MB, opens in {MARK_S:g} s",
        "within_mark": size < MARK_MB and stands <= MARK_S,
    }
    if given.json:
        print(json.dumps(told))
    else:
        for key, value in told.items():
            print(f"{key}: {value}")


if __name__ == "__main__":
    main()
