"""The command line of Lowhaul: parse, call one function, print, leave with an exit code.

Nothing heavy is imported up here, so that `lowhaul --help` answers at once; each command imports
what it needs when it runs. The exit codes stand in docs/exit-codes.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lowhaul import __version__, console
from lowhaul.commands import (
    EXIT_FAULT,
    EXIT_WARNINGS,
    Lowhaul,
    json_option,
    project_option,
    strict_option,
)

if TYPE_CHECKING:
    from lowhaul.findings import Finding
    from scenarios.redraw import Drawn


def _read_weights(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> dict[str, float] | None:
    """`40HC=2100` as a number by name; None where none is given."""
    weights = {}
    for text in given:
        name, sign, value = text.rpartition("=")
        try:
            weights[name.strip()] = float(value)
        except ValueError:
            sign = ""
        if not sign or not name.strip():
            raise click.BadParameter(f'"{text}" is not NAME=VALUE, for example 40HC=2100.')
    return weights or None


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
@strict_option
@json_option
@click.pass_context
def validate(ctx: click.Context, project_folder: Path, strict: bool, as_json: bool) -> None:
    """Check all inputs and print every finding with its place."""
    from scenarios.inputs import load_project

    project = load_project(project_folder)
    code = _strict_code(project.findings) if strict else 0
    if as_json:
        findings = console.findings_dict(project.findings)
        console.say_json({"exit_code": code, "project": project.name, "findings": findings})
    else:
        if len(project.findings):
            console.say(console.findings_text(project.findings))
        orders = len(project.frames["orders"])
        bids = len(project.frames["bids"])
        console.say(f"{project.name}: ready to plan ({orders} order lines, {bids} bid rows).")
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
    """Plan scenarios and write their tables, report and map.

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
        code = _strict_code(project.findings)
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
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    "out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the load plans.",
)
@click.option("--equipment", multiple=True, help="Equipment that may be used (give it repeatedly).")
@click.option(
    "--own",
    "equipment_table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table of your own equipment (columns of the table equipment).",
)
@click.option(
    "--objective",
    type=click.Choice(["teu", "cost", "co2e"]),
    help="What is wanted little of; cost and co2e need --weight.",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_read_weights,
    help="Cost or kg CO2e of one load unit of a type (give it for each).",
)
@click.option(
    "--country", "countries", multiple=True, help="Keep the road limit of a country (CN, DE, US)."
)
@click.option("--max-cargo-kg", type=float, help="Your own limit of cargo for one load unit.")
@click.option("--tolerance", default="", help="Room for sizes that vary: 5mm or 0.5%.")
@click.option("--max-loads", type=click.IntRange(min=1), help="No more load units than this.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1, max=86_400),
    default=6.0,
    show_default=True,
    help="Time for the search beyond the first plans.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "zh", "de"]),
    default="en",
    show_default=True,
    help="Language of the pages and the stuffing list.",
)
@click.option("--svg", is_flag=True, help="Write three views of each load unit for reports, too.")
@click.option("--palletise", metavar="PALLET", help="Put cartons on pallets first: EUR1.")
@click.option("--pallet-height", type=click.IntRange(min=1), help="Of a built pallet, mm.")
@click.option("--pallet-overhang", type=click.IntRange(min=0), default=0, help="mm on each side.")
@click.option("--pallet-stack", type=click.IntRange(min=1), default=1, help="Pallets upon another.")
@click.option("--interlocked", is_flag=True, help="Turn every second layer where it holds.")
@json_option
@click.pass_context
def load(ctx: click.Context, /, file: Path, out: Path, as_json: bool, **options: Any) -> None:
    """Plan how the goods of a load list (csv or xlsx) stand in containers or trailers."""
    from scenarios.load_list import load_file
    from scenarios.palletise import asked_pallets

    result = load_file(file, out, palletise=asked_pallets(options), **options)
    if as_json:
        console.say_json({"exit_code": result.exit_code, **result.as_dict()})
    else:
        console.say(result.text())
    ctx.exit(result.exit_code)


# fmt: off
@main.command()
@click.argument("tables", metavar="FOLDER_OR_FILE...", nargs=-1, required=True,
                type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path),
              help="Folder for round_use.csv and summary.json.")
@click.option("--objective", type=click.Choice(["co2e", "cost", "boxes"]), default="co2e",
              show_default=True, help="Avoid most CO2e, cost least, or load most boxes again.")
@click.option("--depots", "through_depots", is_flag=True,
              help="Boxes may also wait at a place of kind depot.")
@click.option("--wait-days", type=click.IntRange(0, 365), default=0, show_default=True,
              help="Days that a box may be fetched before the first day of stuffing.")
@click.option("--cost-per-km", type=click.FloatRange(min=0), default=0.0,
              help="Price of hauling an empty box one km; without it haulage is not priced.")
@click.option("--currency", default="", help="Currency of the result (blank: the project's).")
@click.option("--fx-date", type=click.DateTime(["%Y-%m-%d"]), help="Day of the exchange rates.")
@strict_option
@json_option
@click.pass_context
def reuse(
    ctx: click.Context, /, tables: tuple[Path, ...], out: Path, strict: bool, as_json: bool,
    **asked: Any,
) -> None:
    # fmt: on
    """Plan round use alone: which emptied boxes are loaded again for which exports.

    Reads the tables empties, wanted, locations and carriers (and equipment, distances, factors,
    fx_rates where they are there) from files, from a folder, or from a project.
    """
    from scenarios.reuse import reuse as plan_reuse
    from scenarios.reuse_inputs import ReuseOptions

    result = plan_reuse(tables, out, ReuseOptions(**asked))
    code = _strict_code(result.findings) if strict else 0
    if result.findings and not as_json:
        console.note(console.findings_text(result.findings))
    if as_json:
        console.say_json({"exit_code": code, **result.as_dict()})
    else:
        console.say(result.text())
    ctx.exit(code)


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
def report(scenario: str, project_folder: Path) -> None:
    """Write the report of a planned scenario again."""
    from scenarios.redraw import draw_report, results_folder

    results_folder(project_folder, scenario)
    from scenarios.inputs import load_project

    _print_drawn(draw_report(load_project(project_folder), scenario))


@main.group()
def ileap() -> None:
    """Check and show iLEAP 1.0.0 files (logistics emissions inside PACT footprints)."""


@ileap.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@strict_option
@json_option
@click.pass_context
def ileap_check(ctx: click.Context, file: Path, strict: bool, as_json: bool) -> None:
    """Hold FILE against the published schemas and the rules which they miss.

    Every breach is printed with its rule and its place (a JSON pointer). Exit code 3 with errors.
    """
    from emissions.ileap import check_file, told

    breaches = check_file(file)
    code = told.exit_code(breaches, strict)
    if as_json:
        found = [b.as_dict() for b in breaches]
        console.say_json({"exit_code": code, "file": file.name, "breaches": found})
    else:
        if breaches:
            console.say(told.breaches_text(breaches))
        console.say(f"{file.name}: {told.count_text(breaches)}")
    ctx.exit(code)


@ileap.command("show")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def ileap_show(file: Path) -> None:
    """Show what FILE holds: shipments with their sums, TOCs, HOCs and activity data."""
    from emissions.ileap import read, told

    document = read(file)
    console.say(told.document_text(document))
    if document.breaches:
        console.note(told.breaches_text(document.breaches))


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


def _strict_code(findings: Iterable[Finding]) -> int:
    return EXIT_WARNINGS if any(f.severity == "warning" for f in findings) else 0


def _print_drawn(drawn: Drawn) -> None:
    if drawn.changed:
        console.note(
            f"The inputs have changed since this plan was made: {', '.join(drawn.changed)}. "
            "Its page shows the old plan with the new names and places."
        )
    console.say(str(drawn.path))


if __name__ == "__main__":
    main()
