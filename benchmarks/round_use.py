"""Street turns: the optimum, with first-come-nearest and best-pair-first beside it.

    python -m benchmarks.round_use --empties N --wanted M [--seed S] [--group G] [--alike] [--json]
    python -m benchmarks.round_use --instances [NAME ...] [--json]
    python -m benchmarks.round_use --publish

The first form makes an instance (benchmarks/round_use_generator.py), reads it as `lowhaul reuse`
does and plans it. `--instances` plans the published ones (benchmarks/instances/round_use) and
compares with `optima.csv`; the exit code is 1 where one differs. `--publish` writes both anew.

`seconds` is the building of all pairs and the proved optimum; reading and validating the tables,
the check and the rules of thumb are timed apart. The mark: 3,000 + 3,000 boxes in 5 s.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.round_use_generator import make_tables, write_tables
from routing.check.street_turns import check_street_turns
from routing.street_pairs import Rows, Turns, possible_turns
from routing.street_turns import best_turns
from routing.turn_case import OBJECTIVES, TurnCase
from scenarios.reuse import result_rows
from scenarios.reuse_inputs import ReuseOptions, read_reuse

INSTANCES = Path(__file__).parent / "instances" / "round_use"
MARK_BOXES, MARK_S = 3_000, 5.0


@dataclass(frozen=True)
class Published:
    """One published instance: how it was made."""

    name: str
    empties: int
    wanted: int
    seed: int
    group: int
    packed: bool


PUBLISHED = (
    Published("r0050", 50, 50, 1, 1, False),
    Published("r0150", 150, 150, 2, 1, False),
    Published("r0400", 400, 300, 3, 4, False),
    Published("r0800", 800, 1_000, 4, 1, True),
    Published("r1500", 1_500, 1_500, 5, 3, True),
    Published("r3000", 3_000, 3_000, 1, 1, True),
)


def nearest_first(case: TurnCase, rows: Rows, turns: Turns) -> np.ndarray[Any, Any]:
    """First come, nearest: as boxes stand ready, each takes the open export with the least move."""
    move_m = rows.back_m[turns.tail] + rows.pick_up_m[turns.head] - turns.saved_m
    order = np.lexsort((turns.head, move_m, turns.tail, rows.ready[turns.tail]))
    return _taken(rows, turns, order)


def best_pair_first(case: TurnCase, rows: Rows, turns: Turns) -> np.ndarray[Any, Any]:
    """Greedy: the turn that avoids most CO2e first, then the next that is still open."""
    return _taken(rows, turns, np.lexsort((turns.head, turns.tail, -turns.grams)))


def _taken(rows: Rows, turns: Turns, order: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Boxes on each turn if turns are taken in that order while both sides have boxes."""
    there, needed = rows.boxes.tolist(), rows.needs.tolist()
    flow = np.zeros(len(turns), dtype=np.int64)
    for k, i, j in zip(order.tolist(), turns.tail[order].tolist(), turns.head[order].tolist(),
                       strict=True):  # fmt: skip
        boxes = min(there[i], needed[j])
        if boxes:
            flow[k] = boxes
            there[i] -= boxes
            needed[j] -= boxes
    return flow


def measure(folder: Path, about: dict[str, Any]) -> dict[str, Any]:
    """Plan the tables of a folder and what the rules of thumb make of them."""
    started = time.perf_counter()
    case = read_reuse([folder], ReuseOptions()).case
    read = time.perf_counter()
    busy = time.process_time()
    plan = best_turns(case)
    seconds, busy = time.perf_counter() - read, time.process_time() - busy
    checking = time.perf_counter()
    faults = check_street_turns(case, result_rows(case, plan)[0])
    checked = time.perf_counter()
    rows = Rows(case)
    turns = possible_turns(case, rows)
    result = {
        **about,
        "empties": int(rows.boxes.sum()),
        "wanted": int(rows.needs.sum()),
        "rows": [len(case.empties), len(case.wanted)],
        "pairs": plan.pairs,
        "boxes": sum(t.boxes for t in plan.turns),
        "most_boxes": plan.most_boxes,
        "optimum_kg": plan.stages[0] / 1000,
        "cost_change": -plan.stages[1] / 100,
        "check": "passed" if not faults else faults[:3],
        "seconds": round(seconds, 3),
        "processor_s": round(busy, 3),
        "seconds_read": round(read - started, 3),
        "seconds_check": round(checked - checking, 3),
    }
    for name, rule in (("nearest", nearest_first), ("greedy", best_pair_first)):
        flow = rule(case, rows, turns)
        kg = int(turns.grams @ flow) / 1000
        result |= {
            f"{name}_kg": kg,
            f"{name}_boxes": int(flow.sum()),
            f"{name}_short": round(1 - kg * 1000 / max(1, plan.stages[0]), 4),
        }
    return result


def optima(case: TurnCase) -> Iterator[dict[str, Any]]:
    """The proved totals of a case under each objective, as a row of optima.csv."""
    for objective in OBJECTIVES:
        plan = best_turns(replace(case, objective=objective))
        totals = dict(zip(ORDER[objective], plan.stages, strict=True))
        yield {
            "objective": objective,
            "pairs": plan.pairs,
            "boxes": sum(t.boxes for t in plan.turns),
            "co2e_avoided_g": totals["grams"],
            "cost_change_cents": -totals["cents"],
        }


ORDER = {
    "co2e": ("grams", "cents"),
    "cost": ("cents", "grams"),
    "boxes": ("boxes", "grams", "cents"),
}
"""What the stages of each objective count."""


def unpacked(source: Path, folder: Path) -> Path:
    """The tables of a published instance as plain CSV files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.iterdir()):
        if file.suffix == ".gz":
            (folder / file.stem).write_bytes(gzip.decompress(file.read_bytes()))
        else:
            shutil.copy(file, folder)
    return folder


def published_optima() -> dict[tuple[str, str], dict[str, int]]:
    """optima.csv by instance and objective."""
    with (INSTANCES / "optima.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (r["instance"], r["objective"]): {
                n: int(r[n]) for n in ("pairs", "boxes", "co2e_avoided_g", "cost_change_cents")
            }
            for r in csv.DictReader(lines)
        }


def publish() -> None:
    """Write the published instances and their optima."""
    lines = []
    for p in PUBLISHED:
        target = INSTANCES / p.name
        shutil.rmtree(target, ignore_errors=True)
        write_tables(make_tables(p.empties, p.wanted, p.seed, p.group), target, p.packed)
        with tempfile.TemporaryDirectory() as folder:
            case = read_reuse([unpacked(target, Path(folder))], ReuseOptions()).case
        about = {"instance": p.name, "empties": p.empties, "wanted": p.wanted,
                 "seed": p.seed, "group": p.group}  # fmt: skip
        lines += [{**about, **row} for row in optima(case)]
    with (INSTANCES / "optima.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def generated(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The one instance that was asked for."""
    with tempfile.TemporaryDirectory() as folder:
        tables = make_tables(args.empties, args.wanted, args.seed, args.group, args.alike)
        write_tables(tables, Path(folder))
        yield measure(Path(folder), {"case": f"seed {args.seed}", "group": args.group})


def of_instances(names: list[str]) -> Iterator[dict[str, Any]]:
    """The published instances, held against their optima under every objective."""
    known = published_optima()
    for p in PUBLISHED:
        if names and p.name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            tables = unpacked(INSTANCES / p.name, Path(folder))
            result = measure(tables, {"case": p.name, "group": p.group})
            case = read_reuse([tables], ReuseOptions()).case
        same = all(
            {n: v for n, v in row.items() if n != "objective"} == known[p.name, row["objective"]]
            for row in optima(case)
        )
        yield {**result, "as_published": same}


def main(arguments: list[str]) -> int:
    """Print a line a case, then a summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--empties", type=int, default=MARK_BOXES)
    parser.add_argument("--wanted", type=int, default=MARK_BOXES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--group", type=int, default=1, help="most boxes in a row")
    parser.add_argument("--alike", action="store_true", help="one line, one type: most pairs")
    parser.add_argument("--instances", nargs="*", metavar="NAME", help="the published instances")
    parser.add_argument("--publish", action="store_true", help="write instances and optima anew")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    if args.publish:
        publish()
        return 0
    found = []
    for r in generated(args) if args.instances is None else of_instances(args.instances):
        found.append(r)
        if args.json:
            print(json.dumps(r), flush=True)
        else:
            print(
                f"{r['case']:8} {r['empties']:5} + {r['wanted']:5} boxes, {r['pairs']:7,} pairs: "
                f"{r['optimum_kg']:12,.3f} kg in {r['seconds']:.2f} s "
                f"({r['processor_s']:.2f} s of processor); nearest first "
                f"-{r['nearest_short']:.1%}, best pair first -{r['greedy_short']:.1%}; "
                f"check {r['check']}{'' if r.get('as_published', True) else '; DIFFERS'}"
            )
    sound = all(r["check"] == "passed" and r.get("as_published", True) for r in found)
    slowest = max((r["seconds"] for r in found), default=0.0)
    summary = {"summary": "round_use", "cases": len(found), "sound": sound,
               "slowest_s": slowest, "mark_s": MARK_S}  # fmt: skip
    print(json.dumps(summary) if args.json else f"{len(found)} cases, slowest {slowest:.2f} s")
    return 0 if sound and found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
