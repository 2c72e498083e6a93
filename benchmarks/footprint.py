"""The footprint of many executed legs: seconds by stage and the memory that they take at most.

    python -m benchmarks.footprint [--legs 1000000] [--seed 1] [--json]

The legs are invented with a seed: shipments of one to five legs between 60 places (UN/LOCODEs and
cities) of 40 carriers. One leg in ten has no distance and is measured by the network; one in five
has the carrier's own figure, each with its own grams; one in fifty states its own kilograms. Half
of the hauls of boxes give their empty kilometres. The file is written first; what is measured is a
child process that does what `lowhaul footprint FILE --out DIR` does. `--json` prints a line for the
run and a summary line. `seconds` are of the clock, `cpu_seconds` of the processor: on a machine
that does other work (`load_average` over `processors`) only the second says what it takes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

MOST_SECONDS = 60.0
MOST_GB = 2.0
PORTS = (
    "CNSHA", "CNNGB", "CNSZX", "CNQIN", "SGSIN", "KRPUS", "JPTYO", "INNSA", "AEJEA", "EGPSD",
    "GRPIR", "ITGOA", "ESVLC", "FRLEH", "BEANR", "NLRTM", "DEHAM", "DEBRV", "GBFXT", "PLGDN",
    "SEGOT", "USNYC", "USLAX", "USSAV", "BRSSZ", "ZADUR",
)  # fmt: skip
CITIES = (
    "Hefei, CN", "Nanjing, CN", "Wuxi, CN", "Changzhou, CN", "Hangzhou, CN", "Jinhua, CN",
    "Chengdu, CN", "Xiamen, CN", "Zhengzhou, CN", "Wuhan, CN", "Duisburg, DE", "Munich, DE",
    "Berlin, DE", "Leipzig, DE", "Nuremberg, DE", "Lyon, FR", "Lille, FR", "Madrid, ES",
    "Zaragoza, ES", "Milan, IT", "Turin, IT", "Warsaw, PL", "Gdynia, PL", "Prague, CZ",
    "Vienna, AT", "Budapest, HU", "Rotterdam, NL", "Eindhoven, NL", "Antwerp, BE", "Leeds, GB",
    "Birmingham, GB", "Manchester, GB", "Chicago, US", "Dallas, US",
)  # fmt: skip
CHILD = """
import json, resource, sys, time
started = time.perf_counter()
from pathlib import Path
from scenarios.footprint import footprint_file
imported = time.perf_counter() - started
result = footprint_file(Path(sys.argv[1]), Path(sys.argv[2]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
scale = 1 if sys.platform == "darwin" else 1024
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "seconds": time.perf_counter() - started, "cpu_seconds": used.ru_utime + used.ru_stime,
    "stages": {"import": round(imported, 3), **result.summary["seconds"]},
    "peak_gb": peak * scale / 1e9, "elements": result.summary["elements"],
    "not_covered": result.summary["elements_not_covered"],
    "co2e_wtw_kg": result.summary["co2e_wtw_kg"],
    "transport_activity_tkm": result.summary["transport_activity_tkm"],
    "rows_recomputed": result.summary["rows_recomputed"],
}))
"""


def invented_legs(legs: int, seed: int) -> pd.DataFrame:
    """Chains of legs: trucks, ships, trains, barges and flights as they follow each other."""
    rng = np.random.default_rng(seed)
    lengths = rng.choice([1, 2, 3, 4, 5], size=legs, p=[0.2, 0.15, 0.45, 0.1, 0.1])
    ends = np.cumsum(lengths)
    lengths = lengths[: int(np.searchsorted(ends, legs)) + 1]
    chain = np.repeat(np.arange(len(lengths)), lengths)[:legs]
    seq = np.arange(legs) - np.r_[0, np.cumsum(lengths)][chain] + 1
    last = np.repeat(lengths, lengths)[:legs] == seq
    middle = (seq > 1) & ~last
    kind = rng.random(len(lengths))
    boxed = np.repeat(kind < 0.6, lengths)[:legs]
    flown = np.repeat(kind > 0.96, lengths)[:legs]
    railed = np.repeat((kind > 0.55) & (kind < 0.62), lengths)[:legs]
    mode = np.where(middle, np.where(flown, "air", np.where(railed, "rail", "sea")), "road")
    places = np.array([*CITIES, *PORTS], dtype=object)
    start = rng.integers(0, len(CITIES), len(lengths))
    stop = (start + rng.integers(1, len(CITIES), len(lengths))) % len(CITIES)
    steps = np.cumsum(rng.integers(1, len(PORTS), (len(lengths), 4)), axis=1)
    ports = len(CITIES) + steps % len(PORTS)
    node = np.where(seq == 1, start[chain], ports[chain, np.minimum(seq, 5) - 2])
    after = np.where(last, stop[chain], ports[chain, np.minimum(seq, 4) - 1])
    given = (rng.random(legs) < 0.9) | (mode == "air")
    km = np.round(np.where(mode == "road", rng.gamma(2.0, 180.0, legs),
                           rng.normal(12_000, 4_000, legs).clip(400)) + 20, 1)  # fmt: skip
    units = np.repeat(rng.integers(1, 6, len(lengths)), lengths)[:legs]
    own = rng.random(legs) < 0.2
    stated = ~own & (rng.random(legs) < 0.02)
    grams = np.round(rng.normal(75.0, 12.0, legs).clip(20), 2)
    mass = np.repeat(rng.gamma(4.0, 5_000.0, len(lengths)).round(1), lengths)[:legs]
    haul = boxed & (mode == "road") & (rng.random(legs) < 0.5)
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 365, len(lengths)), "D")
    frame = pd.DataFrame(
        {
            "shipment_id": pd.Series("S" + pd.Series(chain).astype(str).str.zfill(7)),
            "seq": seq,
            "mode": mode,
            "from": places[node],
            "to": places[after],
            "carrier": np.char.add("Carrier ", rng.integers(1, 41, legs).astype(str)),
            "equipment": np.where(boxed & (mode != "air"), "40HC", ""),
            "load_units": np.where(boxed, units, 0),
            "mass_kg": mass,
            "distance_km": np.where(given, km, np.nan),
            "distance_basis": np.where(mode == "air", "gcd", "actual"),
            "vehicle": np.where((mode == "road") & (rng.random(legs) < 0.3), "rigid_gt17", ""),
            "empty_km": np.where(haul & given, km, np.nan),
            "co2e_wtw_g": np.where(own, grams, np.nan),
            "co2e_per": np.where(own, "tkm", ""),
            "co2e_gwp": np.where(own, "AR5", ""),
            "co2e_wtw_kg": np.where(stated, np.round(grams * mass / 1000, 3), np.nan),
            "depart": days.strftime("%Y-%m-%d").to_numpy()[chain],
            "flow": "outbound",
            "paid_by": np.repeat(np.where(rng.random(len(lengths)) < 0.8, "us", "other"), lengths)[
                :legs
            ],
        }
    )
    # road part loads name no vehicle of a lorry's kilometre
    frame.loc[~boxed, "vehicle"] = ""
    return frame


def measure(legs: int, seed: int) -> dict[str, object]:
    """Write the legs, count them in a child process, and say what it took."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "executed.csv"
        started = time.perf_counter()
        invented_legs(legs, seed).to_csv(file, index=False)
        written = time.perf_counter() - started
        size = file.stat().st_size
        ran = subprocess.run(
            [sys.executable, "-c", CHILD, str(file), str(Path(folder) / "out")],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        if ran.returncode:
            raise SystemExit(ran.stderr)
        found: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
        out = sum(p.stat().st_size for p in (Path(folder) / "out").iterdir())
    return {"legs": legs, "seed": seed, "file_mb": size / 1e6, "results_mb": out / 1e6,
            "generated_in": written, "load_average": os.getloadavg()[0],
            "processors": os.cpu_count(), **found}  # fmt: skip


def main() -> None:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(prog="benchmarks.footprint")
    parser.add_argument("--legs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    run = measure(args.legs, args.seed)
    scale = args.legs / 1_000_000
    met = run["seconds"] < MOST_SECONDS and run["peak_gb"] < MOST_GB  # type: ignore[operator]
    summary = {
        "summary": "footprint", "legs": args.legs, "seconds": run["seconds"],
        "peak_gb": run["peak_gb"], "most_seconds": MOST_SECONDS, "most_gb": MOST_GB,
        "met": bool(met) if scale >= 1 else None,
    }  # fmt: skip
    if args.json:
        print(json.dumps(run))
        print(json.dumps(summary))
        return
    for name, value in (run | summary).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
