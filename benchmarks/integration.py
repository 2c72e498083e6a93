"""What integrated planning gains over load, then route, then reuse (benchmarks/step_by_step.py).

    python -m benchmarks.integration [PROJECT_FOLDER] [--scenario base] --seconds 58 --json
    python -m benchmarks.integration --generated 5 --orders 30 --seed 1 --json

Without a folder the shipped example is planned; `--generated N` plans N projects of
benchmarks/plan_project.py, with seeds from `--seed` on. Both plans of a project are booked by the
same ledger, written, read back and judged by the same check. `--without consolidation` (or another
measure) plans both ways without it: step by step nothing is ever re-stuffed at a centre, so this
tells what of the gain is not the centres'. `--modes road,sea` leaves out the railway of the
generated projects, which brings nearly every box to its port with less CO2e, so that hardly one is
loaded again.

A line a project: CO2e WTW (kg), cost, load units, reused boxes and unserved orders of the plan
after routing, after reuse, and of the integrated plan; the gain of the latter in percent of the
step-by-step plan; and how it was proved. Then a summary of the gains. The exit code is 1 where a
plan fails the check.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import click

from benchmarks.plan_project import Generator
from benchmarks.step_by_step import plan_in_steps, without
from routing.case import Case
from routing.check import check_plan
from routing.ledger import make_ledger
from routing.planner import Planned, plan_case
from scenarios.examples import copy_example
from scenarios.inputs import build_case, load_project
from scenarios.project import Project
from scenarios.results import result_tables
from scenarios.storage import read_tables, write_tables
from scenarios.summary import summary_of

Row = dict[str, Any]
TOLD = ("status", "gap", "gap_filtered", "co2e_wtw_kg", "cost", "round_use_boxes",
        "orders_unserved", "heuristic_cuts")  # fmt: skip


def compare(
    project: Project, scenario: str, off: Sequence[str], modes: str | None, overrides: Row
) -> Row:
    """Plan a scenario in both ways and judge the plans."""
    case = build_case(project, scenario)
    for measure in off:
        case = without(case, measure)
    open_to_both = frozenset(modes.split(",")) if modes else case.settings.modes
    settings = replace(case.settings, modes=open_to_both, **overrides)
    case = replace(case, settings=settings)
    started = time.perf_counter()
    steps = plan_in_steps(case, tell)
    stepped = time.perf_counter()
    integrated = plan_case(case, tell)
    ended = time.perf_counter()
    plans = {"routed": steps.routed, "reused": steps.reused, "integrated": integrated}
    row: Row = {
        "orders": len(case.orders),
        "lots": len(steps.lots),
        "objective": settings.objective,
    }
    for name, planned in plans.items():
        row[name] = judged(case, planned, project.name, scenario)
    row["gain_percent"] = {
        what: round(100 * (1 - row["integrated"][what] / row["reused"][what]), 3)
        for what in ("co2e_wtw_kg", "cost")
    }
    row["seconds"] = {"steps": round(stepped - started, 1), "integrated": round(ended - stepped, 1)}
    return row


def judged(case: Case, planned: Planned, project: str = "", scenario: str = "") -> Row:
    """What a plan comes to, by its books, and what the check says of its tables."""
    ledger = make_ledger(case, planned.plan)
    network = planned.options.network
    offers = [o for link in network.links for o in link.offers] + network.part_offers
    tables = result_tables(case, ledger, planned.plan.unserved, planned.findings, offers)
    with tempfile.TemporaryDirectory(prefix="lowhaul-") as folder:
        write_tables(Path(folder), tables)
        tables = read_tables(Path(folder))
    summary = summary_of(
        case, planned, ledger, project=project, scenario=scenario, inputs={}, seconds={}
    )
    faults = [str(f) for f in check_plan(case, tables, summary)]
    load_units = sum(summary["load_units"].values())
    return {n: summary[n] for n in TOLD} | {"load_units": load_units, "faults": faults}


def tell(words: object) -> None:
    """Progress, beside the results."""
    print(words, file=sys.stderr, flush=True)


def projects(folder: Path | None, generated: int, make: Row) -> Iterator[tuple[str, Project]]:
    """The projects to plan, by name."""
    if folder is not None:
        yield folder.name, load_project(folder)
        return
    with tempfile.TemporaryDirectory(prefix="lowhaul-") as temporary:
        if not generated:
            target = Path(temporary, "solar")
            copy_example("solar", target)
            yield "solar", load_project(target)
        for seed in range(make["seed"], make["seed"] + generated):
            target = Path(temporary, f"seed-{seed}")
            generator = Generator(**(make | {"seed": seed}), tender_rules=False)
            generator.write(target, time_limit_s=60, gap=0)
            yield f"seed {seed}", load_project(target)


def summed_up(rows: Sequence[Row]) -> Row:
    """Mean, least and most gain, and how many plans are sound and proved."""
    summary: Row = {"summary": "integration", "projects": len(rows)}
    for what in ("co2e_wtw_kg", "cost"):
        gains = [row["gain_percent"][what] for row in rows]
        summary[f"gain_percent_{what}"] = {
            "mean": round(fmean(gains), 3), "least": min(gains), "most": max(gains)
        }  # fmt: skip
    summary["proved"] = sum(row["integrated"]["status"] == "optimal" for row in rows)
    summary["sound"] = all(
        not row[way]["faults"] for row in rows for way in ("routed", "reused", "integrated")
    )
    return summary


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--scenario", default=None, help="Scenario to plan: base, or of generated ones plan.")
@click.option("--generated", default=0, help="So many generated projects.")
@click.option("--orders", default=30, show_default=True, help="Order lines of each.")
@click.option("--pairs", default=4, show_default=True)
@click.option("--carriers", default=7, show_default=True)
@click.option("--empties", default=60, show_default=True)
@click.option("--hubs", default=0, show_default=True)
@click.option("--seed", default=1, show_default=True, help="Seed of the first one.")
@click.option("--seconds", default=60.0, show_default=True, help="Time limit of each plan.")
@click.option("--gap", default=0.001, show_default=True, help="Gap asked of each plan.")
@click.option("--without", "off", multiple=True, help="Measure that both ways do without.")
@click.option("--modes", help="Modes that both ways may use, comma-separated; else all.")
@click.option("--json", "as_json", is_flag=True)
def main(
    folder: Path | None,
    scenario: str | None,
    generated: int,
    seconds: float,
    gap: float,
    off: tuple[str, ...],
    modes: str | None,
    as_json: bool,
    **make: int,
) -> None:
    """Plan each project in both ways and print what integration gains."""
    rows = []
    for name, project in projects(folder, generated, make):
        asked = scenario or ("plan" if generated else "base")
        row = {"project": name, "scenario": asked, "without": list(off), "modes": modes}
        row |= compare(project, asked, off, modes, {"time_limit_s": seconds, "gap": gap})
        rows.append(row)
        click.echo(json.dumps(row) if as_json else told(row))
    summary = summed_up(rows)
    if as_json:
        click.echo(json.dumps(summary))
    else:
        for fact, value in summary.items():
            click.echo(f"{fact:24} {value}")
    sys.exit(0 if summary["sound"] else 1)


def told(row: Row) -> str:
    """A row for people."""
    lines = [f"{row['project']}: {row['orders']} orders in {row['lots']} lots"]
    for way in ("routed", "reused", "integrated"):
        p = row[way]
        lines.append(
            f"  {way:10} {p['co2e_wtw_kg'] / 1000:10.3f} t {p['cost']:12,.0f}  "
            f"{p['load_units']:4} load units {p['round_use_boxes']:4} boxes reused  "
            f"{p['orders_unserved']} unserved  {p['status']}, gap {p['gap']}, on the kept runs "
            f"{p['gap_filtered']}  check {p['faults'][:3] or 'passed'}"
        )
    gain = row["gain_percent"]
    lines.append(f"  gain {gain['co2e_wtw_kg']} % CO2e, {gain['cost']} % cost; {row['seconds']} s")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
