"""The command line of Lowhaul: parse, call one function, print, leave with an exit code.

Nothing heavy is imported up here, so that `lowhaul --help` answers at once; each command imports
what it needs when it runs. The exit codes stand in docs/exit-codes.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lowhaul import __version__, console
from lowhaul.commands import (
    EXIT_FAULT,
    Lowhaul,
    format_option,
    json_option,
    project_option,
    strict_code,
    strict_option,
)
from lowhaul.errors import InputRejected
from scenarios.file_commands import FILE_COMMANDS

if TYPE_CHECKING:
    from scenarios.redraw import Drawn


@click.group(cls=Lowhaul, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lowhaul")
@click.option("--debug", is_flag=True, help="Show the traceback when something goes wrong.")
def main(debug: bool) -> None:
    """Plan freight with the least CO2e: packing, carriers, routes and reuse of boxes.

    Results go to standard output, progress and warnings to standard error.

    \b
    lowhaul init my-plan          copy the shipped example
    lowhaul run --project my-plan plan all of its scenarios
    """


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--example", default="solar", show_default=True, help="Which shipped example.")
def init(folder: Path, example: str) -> None:
    """Copy a shipped example project into DIR, which must be new or empty."""
    from scenarios.examples import copy_example

    copy_example(example, folder)
    console.say(f"Copied the example '{example}' to {folder}. Next:")
    console.say(f"  lowhaul validate --project {folder}")
    console.say(f"  lowhaul run --project {folder}")


@main.command()
@project_option
@format_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the findings; an .xlsx shows them in the cells of the tables.",
)
@click.option("--all", "every", is_flag=True, help="Print every finding, not groups of them.")
@strict_option
@json_option
@click.pass_context
def validate(
    ctx: click.Context,
    project_folder: Path,
    form: str | None,
    out: Path | None,
    every: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Check all inputs; print or write every finding with its place.

    Errors and warnings stand apart; many findings of a code in a table are told as a group.
    """
    from scenarios.validation import give, judge

    form = "json" if as_json else form or (out.suffix.lower().lstrip(".") if out else "text")
    form = "text" if form == "txt" else form
    if form not in ("text", "json", "csv", "xlsx"):
        raise click.UsageError(f"What is {out}? Say --format text, json, csv or xlsx.")
    if form == "xlsx" and out is None:
        raise click.UsageError("A workbook needs a file: --out FILE.xlsx.")
    judged = judge(project_folder)
    code = 0 if judged.ready else InputRejected.exit_code
    if strict and code == 0:
        code = strict_code(judged.findings)
    give(judged, form, code, out=out, every=every)
    ctx.exit(code)


@main.command()
@click.argument("names", metavar="[SCENARIO]...", nargs=-1)
@project_option
@click.option(
    "--time-limit", "time_limit_s", type=click.FloatRange(min=1), help="Seconds a scenario."
)
@click.option("--gap", type=click.FloatRange(min=0, max=1), help="Gap that counts as proven.")
@click.option("--workers", type=click.IntRange(min=1), help="Processor threads of the solver.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the solver.")
@strict_option
@json_option
@click.pass_context
def run(
    ctx: click.Context,
    names: tuple[str, ...],
    project_folder: Path,
    strict: bool,
    as_json: bool,
    time_limit_s: float | None,
    gap: float | None,
    workers: int | None,
    seed: int | None,
) -> None:
    """Plan scenarios and write their tables, report, map and packs for carriers.

    Without a name all scenarios of the project are planned; `base` can always be named. Results
    are written to results/SCENARIO in the project folder, whole or not at all.
    """
    from scenarios.inputs import load_project

    project = load_project(project_folder)
    if len(project.findings) and not as_json:
        console.note(console.findings_text(project.findings))
    solver = {"time_limit_s": time_limit_s, "gap": gap, "workers": workers, "seed": seed}
    overrides = {name: value for name, value in solver.items() if value is not None}
    from scenarios.run import run_scenarios

    with console.progress() as progress:
        outcomes = run_scenarios(project, names, progress=progress, overrides=overrides)
    code = max((outcome.exit_code for outcome in outcomes), default=0)
    if strict and code == 0:
        code = strict_code(project.findings)
    from scenarios.wording import outcome_dict, outcomes_text

    if as_json:
        console.say_json({"exit_code": code, "scenarios": [outcome_dict(o) for o in outcomes]})
    else:
        console.say(outcomes_text(outcomes))
    ctx.exit(code)


@main.command()
@click.argument("names", metavar="SCENARIO SCENARIO...", nargs=-1, required=True)
@project_option
@json_option
def compare(names: tuple[str, ...], project_folder: Path, as_json: bool) -> None:
    """Compare planned scenarios; the first one is what the others are measured against."""
    if len(names) < 2:
        raise click.UsageError("Name two scenarios or more, for example: compare baseline base")
    from scenarios.redraw import results_folder

    folders = [results_folder(project_folder, name) for name in names]
    from scenarios.compare import compare as compare_results
    from scenarios.run import read_results

    plans = [(name, *read_results(folder)) for name, folder in zip(names, folders, strict=True)]
    comparison = compare_results(plans)
    if as_json:
        console.say_json(comparison.as_dict())
    else:
        console.say(comparison.text())


@main.command()
@click.argument("scenario", required=False)
@project_option
@click.option("--last", type=click.IntRange(min=1), help="Only so many runs, the newest.")
@json_option
def history(scenario: str | None, project_folder: Path, last: int | None, as_json: bool) -> None:
    """List earlier runs: their totals, and what changed in the inputs since the run before."""
    from scenarios.history import history_dicts, history_text, read_history

    runs = read_history(project_folder, scenario, last)
    if as_json:
        console.say_json({"exit_code": 0, "runs": history_dicts(runs)})
    else:
        console.say(history_text(runs))


@main.command()
@project_option
@click.option("--scenario", default="base", show_default=True, help="Which scenario.")
@click.option("--points", type=click.IntRange(2, 200), default=11, show_default=True,
              help="Points of a front that is only sampled.")  # fmt: skip
@click.option("--time-limit", "time_limit_s", type=click.FloatRange(min=1), help="Seconds in all.")
@json_option
@click.pass_context
def front(
    ctx: click.Context,
    project_folder: Path,
    scenario: str,
    points: int,
    time_limit_s: float | None,
    as_json: bool,
) -> None:
    """Find what less CO2e would cost: the front of cost against CO2e of a scenario.

    Writes table, picture and JSON to results/SCENARIO/front. Small cases are proved whole; of
    larger ones the front is sampled, each point with its own gap.
    """
    from scenarios.inputs import load_project

    project = load_project(project_folder)
    project.settings(scenario)
    overrides = {} if time_limit_s is None else {"time_limit_s": time_limit_s}
    from scenarios.front import front_of_scenario

    with console.progress() as progress:
        found = front_of_scenario(project, scenario, points, progress, overrides)
    if as_json:
        console.say_json(found.as_dict())
    else:
        console.say(found.text())
    ctx.exit(found.exit_code)


@main.command()
@click.argument("name", metavar="LANE|ORDER|CARRIER")
@project_option
@click.option("--scenario", default="base", show_default=True, help="Which planned scenario.")
@click.option("--as", "kind", type=click.Choice(["lane", "order", "carrier"]),
              help="What NAME is, where it could be several things.")  # fmt: skip
@json_option
def explain(
    name: str, project_folder: Path, scenario: str, kind: str | None, as_json: bool
) -> None:
    """Say why a lane, an order or a carrier came out of a plan as it did.

    What won, the runner-up, which rate or CO2e would turn it, and which rule excluded each other
    bid. A lane is named by its id or as "ORIGIN - DESTINATION", an order by its id or ID/LINE.
    """
    from scenarios.explain import explain as explain_name

    explained = explain_name(project_folder, scenario, name, kind)
    for doubt in explained.doubts:
        console.note(doubt)
    if as_json:
        console.say_json({"exit_code": 0, **explained.as_dict()})
    else:
        console.say(explained.text())


@main.command("map")
@click.argument("scenario")
@project_option
@click.option("--carrier", help="Only what this carrier may see.")
@click.option("--online-tiles", is_flag=True, help="Put map tiles from the network underneath.")
def map_(scenario: str, project_folder: Path, carrier: str | None, online_tiles: bool) -> None:
    """Write the map of a planned scenario again, or a map for one carrier."""
    from scenarios.redraw import draw_map, results_folder

    results_folder(project_folder, scenario)
    from scenarios.inputs import load_project

    project = load_project(project_folder)
    _print_drawn(draw_map(project, scenario, carrier=carrier, online_tiles=online_tiles))


@main.command()
@click.argument("scenario")
@project_option
@click.option("--carrier", help="Only the pack of this carrier.")
def packs(scenario: str, project_folder: Path, carrier: str | None) -> None:
    """Write the packs for carriers of a planned scenario again: what each may see, no more."""
    from scenarios.redraw import draw_packs, results_folder

    results_folder(project_folder, scenario)
    from scenarios.inputs import load_project

    drawn = draw_packs(load_project(project_folder), scenario, carrier)
    _say_changed(drawn[0])
    for pack in drawn:
        console.say(str(pack.path))


@main.command()
@click.argument("scenario")
@project_option
def report(scenario: str, project_folder: Path) -> None:
    """Write the report of a planned scenario again."""
    from scenarios.redraw import draw_report, results_folder

    results_folder(project_folder, scenario)
    from scenarios.inputs import load_project

    _print_drawn(draw_report(load_project(project_folder), scenario))


@main.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say whether this installation can plan: versions, solvers, data packs, console."""
    from scenarios.doctor import examine

    checks = examine()
    code = 0 if all(check.ok for check in checks) else EXIT_FAULT
    if as_json:
        console.say_json({"exit_code": code, "checks": [check.as_dict() for check in checks]})
    else:
        rows = [("ok" if c.ok else "WRONG", c.name, c.found) for c in checks]
        console.say(console.table(("", "what", "found"), rows, left=(0, 1, 2)))
        for check in checks:
            if not check.ok:
                console.say(f"{check.name}: {check.hint}")
    ctx.exit(code)


def _print_drawn(drawn: Drawn) -> None:
    _say_changed(drawn)
    console.say(str(drawn.path))


def _say_changed(drawn: Drawn) -> None:
    if drawn.changed:
        console.note(
            f"The inputs have changed since this plan was made: {', '.join(drawn.changed)}. "
            "Its page shows the old plan with the new names and places."
        )


for command in FILE_COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
