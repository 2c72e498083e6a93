"""The front engine against published non-dominated sets.

    python -m benchmarks.pareto DIR [--json]

DIR holds a folder a problem (or is one) with `a.csv` (rows of A), `b.csv` (right-hand sides),
`c.csv` (objectives) and `pareto_sols.csv` (the exact set): maximise each c x with A x <= b, x
binary. Files have labels in the first row and column. Prints for each problem the points found,
whether the set is equal, the solves and the seconds; the exit code is 1 where one differs.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path

from lowhaul.front_search import front_of
from lowhaul.linear import LinearModel


def numbers(file: Path) -> list[list[float]]:
    """The cells of a file without its labels."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return [[float(cell) for cell in row[1:]] for row in rows if row]


def knapsack(folder: Path) -> tuple[LinearModel, list[dict[int, float]]]:
    """The model of a problem and its objectives."""
    model = LinearModel()
    objectives = numbers(folder / "c.csv")
    for item in range(len(objectives[0])):
        model.binary(f"x{item + 1}")
    limits = numbers(folder / "b.csv")
    for k, (row, (limit,)) in enumerate(zip(numbers(folder / "a.csv"), limits, strict=True)):
        model.row(f"capacity[{k + 1}]", dict(enumerate(row)), upper=limit)
    return model, [dict(enumerate(row)) for row in objectives]


def measure(folder: Path) -> dict[str, object]:
    """Find the front of one problem and hold it against the published one."""
    model, objectives = knapsack(folder)
    started, cpu = time.perf_counter(), time.process_time()
    front = front_of(model, objectives, [True] * len(objectives))
    seconds, busy = time.perf_counter() - started, time.process_time() - cpu
    published = {tuple(round(v) for v in row) for row in numbers(folder / "pareto_sols.csv")}
    return {
        "case": folder.name,
        "objectives": len(objectives),
        "items": len(model.names),
        "points": len(front.points),
        "published": len(published),
        "equal": set(front.points) == published and len(front.points) == len(published),
        "solves": front.solves,
        "seconds": round(seconds, 2),
        "processor_s": round(busy, 2),
    }


def main(arguments: list[str]) -> int:
    """Print a line a problem, then a summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(arguments)
    folders = sorted(p.parent for p in args.folder.rglob("pareto_sols.csv"))
    found = []
    for folder in folders:
        r = measure(folder)
        found.append(r)
        if args.json:
            print(json.dumps(r), flush=True)
        else:
            print(
                f"{r['case']}: {r['points']} points, {r['published']} published, "
                f"{'equal' if r['equal'] else 'NOT EQUAL'}; {r['solves']} solves, "
                f"{r['seconds']} s ({r['processor_s']} s of processor)",
                flush=True,
            )
    equal = bool(found) and all(r["equal"] for r in found)
    if args.json:
        print(json.dumps({"summary": "pareto", "cases": len(found), "equal": equal}))
    elif not found:
        print(f"No pareto_sols.csv under {args.folder}.")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
