"""Whole plans of generated projects, from the tables to load plans, report and map.

    python -m benchmarks.plan --orders 500 --pairs 25 --carriers 20 --seconds 60 --json

Prints the size, how the plan ended, its CO2e and bound, both gaps, the share of the time of each
stage, the wall time beyond the limit, and how many findings the independent check had (a plan that
fails it is never written). The generator is described in benchmarks/plan_project.py.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks.plan_project import Generator


@click.command()
@click.option("--orders", default=500, show_default=True)
@click.option("--pairs", default=25, show_default=True)
@click.option("--carriers", default=20, show_default=True)
@click.option("--empties", default=0, show_default=True)
@click.option("--hubs", default=0, show_default=True)
@click.option("--tender-rules", type=click.Choice(["yes", "no"]), default="no", show_default=True)
@click.option("--seconds", default=60.0, show_default=True, help="Time limit of the plan.")
@click.option("--gap", default=0.01, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--scenario", default="plan", show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Folder to keep the project in.")
@click.option("--json", "as_json", is_flag=True)
def main(
    orders: int,
    pairs: int,
    carriers: int,
    empties: int,
    hubs: int,
    tender_rules: str,
    seconds: float,
    gap: float,
    seed: int,
    scenario: str,
    keep: Path | None,
    as_json: bool,
) -> None:
    """Write a project, plan it, and say how well and how fast."""
    from scenarios.inputs import load_project
    from scenarios.run import run_scenarios

    with tempfile.TemporaryDirectory(prefix="lowhaul-") as temporary:
        folder = keep or Path(temporary, "project")
        generator = Generator(
            orders=orders, pairs=pairs, carriers=carriers, empties=empties, hubs=hubs,
            tender_rules=tender_rules == "yes", seed=seed,
        )  # fmt: skip
        generator.write(folder, time_limit_s=seconds, gap=gap)
        started = time.perf_counter()
        project = load_project(folder)
        read_s = time.perf_counter() - started

        def told(words: object) -> None:
            print(f"{time.perf_counter() - started:7.1f} {words}", file=sys.stderr, flush=True)

        (outcome,) = run_scenarios(project, (scenario,), progress=told)
        wall_s = time.perf_counter() - started
        summary_file = folder / "results" / scenario / "summary.json"
        summary = json.loads(summary_file.read_text()) if summary_file.exists() else {}
        row = {
            "orders": orders, "pairs": pairs, "carriers": carriers, "empties": empties,
            "hubs": hubs, "tender_rules": tender_rules, "seed": seed, "scenario": scenario,
            "bids": len(project.frames["bids"]), "exit_code": outcome.exit_code,
            "status": summary.get("status"), "co2e_wtw_kg": summary.get("co2e_wtw_kg"),
            "bound": summary.get("bound"), "gap": summary.get("gap"),
            "gap_filtered": summary.get("gap_filtered"),
            "load_units": summary.get("load_units"),
            "round_use_boxes": summary.get("round_use_boxes"),
            "orders_unserved": summary.get("orders_unserved"),
            "limit_s": seconds, "read_s": round(read_s, 1), "wall_s": round(wall_s, 1),
            "seconds": summary.get("seconds"),
        }  # fmt: skip
    if as_json:
        click.echo(json.dumps(row))
    else:
        for name, value in row.items():
            click.echo(f"{name:16} {value}")


if __name__ == "__main__":
    main()
