"""Commands on single files: load lists, tender answers, emptied boxes, footprints, iLEAP.

They are added to the command line by cli.py; like there, each imports what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lowhaul import console
from lowhaul.commands import json_option, strict_code, strict_option

_WORTH_A_WORD_S = 0.5
"""Seconds beyond a time limit that are told."""


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


@click.command()
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
    help="Time for everything, to the last file; the best plan until then is kept.",
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
    from loading.clock import Start

    started = Start()  # before the long imports: the time limit counts them, too
    from scenarios.load_list import load_file
    from scenarios.palletise import asked_pallets

    result = load_file(file, out, palletise=asked_pallets(options), started=started, **options)
    if as_json:
        console.say_json({"exit_code": result.exit_code, **result.as_dict()})
    else:
        console.say(result.text())
    over_s = started.over(options["seconds"])
    if over_s > _WORTH_A_WORD_S:
        console.note(
            f"The answer came {over_s:.1f} s after the time limit of {options['seconds']:g} s: "
            "to read this list, check the plan and write the files takes longer."
        )
    ctx.exit(result.exit_code)


# fmt: off
@click.command()
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
    code = strict_code(result.findings) if strict else 0
    if result.findings and not as_json:
        console.note(console.findings_text(result.findings))
    if as_json:
        console.say_json({"exit_code": code, **result.as_dict()})
    else:
        console.say(result.text())
    ctx.exit(code)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "table",
    type=click.Choice(["bids", "bid_charges", "orders", "empties", "load_list"]),
    help="What the file holds, where its headings do not tell.",
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="mapping.yaml of an earlier import, as it is or edited.",
)
@click.option("--lang", type=click.Choice(["en", "zh", "de"]), help="Language of the headings.")
@click.option("--carrier", help="Whose bids these are, where the file does not say it.")
@click.option("--dry-run", is_flag=True, help="Show what would be read; write nothing.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Project to put the rows into; the carrier's last round is replaced.",
)
@strict_option
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    table: str | None,
    mapping: Path | None,
    lang: str | None,
    carrier: str | None,
    dry_run: bool,
    out: Path | None,
    project: Path | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Read a carrier's or customer's FILE (xlsx, csv) into tables; say what became of each row."""
    if (out is None) == (project is None) and not (dry_run and out is None):
        raise click.UsageError("Give --out DIR or --project DIR (or --dry-run alone).")
    from scenarios.importing.command import run_import

    imported = run_import(
        file,
        table=table or "",
        mapping=mapping,
        language=lang or "",
        carrier=carrier or "",
        out=out,
        project=project,
        dry_run=dry_run,
    )
    code = imported.exit_code
    if strict and code == 0:
        code = strict_code(imported.findings)
    if as_json:
        console.say_json({"exit_code": code, **imported.as_dict()})
    else:
        console.say(imported.text())
    ctx.exit(code)


@click.command()
@click.argument("tables", metavar="TABLE...", nargs=-1, required=True)
@click.option(
    "--lang",
    type=click.Choice(["en", "zh", "de"]),
    default="en",
    show_default=True,
    help="Language of the explanation; headings are the same in all.",
)
@click.option(
    "--xlsx/--csv",
    "workbook",
    default=None,
    help="A workbook with choices and an explanation, or headings alone (default: as FILE ends).",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; one that is there is kept.",
)
def template(tables: tuple[str, ...], lang: str, workbook: bool | None, out: Path) -> None:
    """Write blank tables to fill in (bids, orders, load_list, ...).

    Filled templates of bids, bid_charges, orders, empties and load_list are read by
    `lowhaul import` without a mapping; other tables go into a project's data.xlsx.
    """
    from lowhaul.tables import write_bytes
    from scenarios.templates import template as made

    if out.exists():
        raise click.UsageError(f"{out} is there already and may be filled in: name another file.")
    if workbook is None:
        workbook = out.suffix.lower() != ".csv"
    write_bytes(made(tables, language=lang, workbook=workbook), out)
    console.say(str(out))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", "out", type=click.Path(file_okay=False, path_type=Path), help="Folder for the results."
)
@click.option(
    "--project",
    "project_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A project folder for its places, distances, equipment and factors.",
)
@click.option(
    "--factors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An own factor pack (columns of the table factors); it goes before all others.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "de", "zh"]),
    default="en",
    show_default=True,
    help="Language of footprint.html.",
)
@click.option(
    "--explain",
    "line",
    metavar="LINE",
    help="Print the calculation of one row (its number in FILE) or tce_id; nothing is written.",
)
@strict_option
@json_option
@click.pass_context
def footprint(
    ctx: click.Context,
    file: Path,
    out: Path | None,
    project_folder: Path | None,
    factors: Path | None,
    lang: str,
    line: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Count the CO2e of executed transports (csv, xlsx, parquet or iLEAP JSON).

    A row is a leg or a shipment; docs/footprint.md names the columns. Results are written to
    --out, whole or not at all.
    """
    if line is not None:
        from scenarios.footprint.explain import explain_line

        sheets = explain_line(file, line, project=project_folder, factors=factors)
        if as_json:
            console.say_json({"exit_code": 0, "elements": [sheet.as_dict() for sheet in sheets]})
        else:
            console.say("\n\n".join(sheet.text() for sheet in sheets))
        return
    if out is None:
        raise click.UsageError("Give --out DIR for the results, or --explain LINE.")
    from scenarios.footprint import footprint_file

    result = footprint_file(file, out, project=project_folder, factors=factors, lang=lang)
    code = strict_code(result.findings) if strict else 0
    if as_json:
        console.say_json({"exit_code": code, **result.as_dict()})
    else:
        if result.findings:
            console.note(console.findings_text(result.findings))
        console.say(result.text())
    ctx.exit(code)


@click.group()
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


FILE_COMMANDS = (load, reuse, import_, template, footprint, ileap)
"""In the order of the help."""
