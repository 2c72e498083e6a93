"""What `lowhaul reuse` reads: tables in a folder, a project, or files; all findings at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from pathlib import Path

from emissions.laws import UnknownVehicle, empty_box_law
from emissions.packs import Pack
from lowhaul.cells import TableData
from lowhaul.columns import currency_codes, did_you_mean
from lowhaul.errors import InputRejected, UsageError
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES
from lowhaul.reading import RawTable
from lowhaul.tables import empty_table, read_table
from routing.boxes import SHIPPER_OWNED
from routing.case import Settings
from routing.distances import Distances
from routing.money import ExchangeRates
from routing.turn_case import TurnCase
from scenarios.bid_inputs import carriers_of
from scenarios.factor_packs import read_packs
from scenarios.factors import book_for_rules, factor_book
from scenarios.inputs import empties_of, fx_rates_of, own_distances_of, places_of, wanted_of
from scenarios.project import DATA
from scenarios.rules import bids, demand, equipment, factors, places, references
from scenarios.rules.context import Context, truth
from scenarios.settings import (
    BASE,
    DOCUMENT_NAME,
    ProjectDocument,
    read_document,
    resolve_settings,
)
from scenarios.table_files import read_table_files
from scenarios.yaml_text import read_yaml

NEEDED = ("empties", "wanted", "locations")
USED = (*NEEDED, "carriers", "equipment", "distances", "factors", "fx_rates")
RULES: tuple[Callable[[Context], None], ...] = (
    equipment.fill_equipment,
    equipment.report_equipment_twice,
    equipment.report_axles,
    places.report_unlocodes,
    places.report_half_coordinates,
    places.report_unresolved_coordinates,
    places.report_far_from_unlocode,
    references.report_unknown_equipment,
    demand.report_free_until_before_available,
    factors.report_own_factors,
)


@dataclass(frozen=True)
class ReuseOptions:
    """What is asked for on the command line (see `routing.turn_case.TurnCase`).

    `currency` blank and `fx_date` None: those of the project, if one is named.
    """

    objective: str = "co2e"
    currency: str = ""
    fx_date: date | None = None
    wait_days: int = 0
    through_depots: bool = False
    cost_per_km: float = 0.0


@dataclass(frozen=True)
class ReuseInputs:
    """The case, the warnings, and the hash of each file that was read."""

    case: TurnCase
    findings: tuple[Finding, ...]
    hashes: dict[str, str]


def read_reuse(paths: Sequence[Path], options: ReuseOptions) -> ReuseInputs:
    """Read and judge the tables; InputRejected holds all findings if any is an error.

    Raises UsageError where an option cannot be meant.
    """
    if options.currency and options.currency not in currency_codes():
        near = did_you_mean(options.currency, currency_codes())
        raise UsageError(f'There is no currency "{options.currency}". {near}')
    if not 0 <= options.cost_per_km < inf:
        raise UsageError("The price of a km is 0 or more.")
    findings, hashes = Findings(), dict[str, str]()
    raw = read_table_files(_files(paths), hashes, findings, only=USED, any_workbook=True)
    _report_missing(raw, findings)
    tables = {
        name: read_table(table, raw[name], findings) if name in raw else empty_table(table)
        for name, table in INPUT_TABLES.items()
    }
    project = _project_of(paths, findings)
    packs: tuple[Pack, ...] = ()
    if project:
        ids = tables["factors"].frame["factor_id"]
        packs, of_packs = read_packs(project[0], project[1].settings.factor_packs, ids, findings)
        hashes |= of_packs
    base = resolve_settings(project[1], BASE) if project else None
    currency = options.currency or (base.currency if base else _only_currency(tables, findings))
    fx_date = _day(options.fx_date) or (base.fx_date if base else None)
    settings = Settings(date.min, date.max, currency, date.max, fx_date=fx_date)
    context = Context(tables, {BASE: settings}, findings, packs=packs)
    for rule in RULES:
        rule(context)
    if "locations" in raw:
        references.report_unknown_places(context)
    if "carriers" in raw:
        references.report_unknown_carriers(context)
    elif any(set(context.frame(t)["line"]) - {SHIPPER_OWNED, ""} for t in ("empties", "wanted")):
        findings.add(_missing("carriers"))
    report_vehicles(context)
    priced = {name: tables[name] for name in ("fx_rates", "empties", "carriers")}
    bids.report_missing_exchange_rates(Context(priced, context.settings, findings))
    if findings.errors:
        raise InputRejected(findings.items)
    return ReuseInputs(_case(context, settings, options), tuple(findings.items), hashes)


def report_vehicles(context: Context) -> None:
    """Rule: each vehicle that would take a box back has a payload curve or an own factor."""
    data = context["empties"]
    book = book_for_rules(context["factors"], context.packs)
    unknown: dict[str, str] = {}
    part: set[str] = set()
    for vehicle in data.frame["vehicle"].unique():
        try:
            if not empty_box_law(book, vehicle, 0.0).wtt_covered:
                part.add(vehicle)
        except UnknownVehicle as error:
            unknown[vehicle] = str(error)
    frame, sound = data.frame["vehicle"], data.sound("vehicle")
    data.report(
        context.findings, "E327", truth(frame.isin(set(unknown))) & sound, "vehicle",
        lambda i: unknown[frame.iloc[i]],
        "Give a factor per vehicle_km in the table factors, or leave the cell blank (artic_gt33).",
    )  # fmt: skip
    data.report(
        context.findings, "W327", truth(frame.isin(part)), "vehicle",
        "The factor of this vehicle has no well-to-tank part: the CO2e avoided is that of driving.",
        "Give co2e_wtt_g in the table factors.", "warning",
    )  # fmt: skip


def _files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Each file with the name it has in findings; of a project its folder data is meant."""
    found: list[tuple[Path, str]] = []
    for path in paths:
        if not path.is_dir():
            found.append((path, path.name))
        elif (path / DATA).is_dir():
            found += [(p, f"{DATA}/{p.name}") for p in sorted((path / DATA).iterdir())]
        else:
            found += [(p, p.name) for p in sorted(path.iterdir()) if p.name != DOCUMENT_NAME]
    return found


def _report_missing(raw: dict[str, RawTable], findings: Findings) -> None:
    unread = {Path(f.file).stem for f in findings.items if f.code == "E011"}
    for name in NEEDED:
        if name not in raw and name not in unread:
            findings.add(_missing(name))


def _missing(name: str) -> Finding:
    hint = f"Give {name}.csv, {name}.parquet, or a sheet {name} in a workbook."
    return Finding("E010", "error", f"The table {name} is missing.", hint, f"{name}.csv")


def _project_of(paths: Sequence[Path], findings: Findings) -> tuple[Path, ProjectDocument] | None:
    """The folder and the document of the project that is named, if one is."""
    for path in paths:
        if path.is_dir() and (path / DOCUMENT_NAME).is_file():
            yaml = read_yaml(path / DOCUMENT_NAME, DOCUMENT_NAME, findings)
            document = read_document(yaml, findings) if yaml else None
            if document:
                return path, document
    return None


def _day(given: date | None) -> date | None:
    """The day of a date or of a moment (which the command line gives)."""
    return given.date() if isinstance(given, datetime) else given


def _only_currency(tables: dict[str, TableData], findings: Findings) -> str:
    """The only currency that the tables name; blank where they name none."""
    named = {c for t in ("empties", "carriers") for c in tables[t].frame["currency"]} - {""}
    if len(named) > 1:
        message = f"The tables name several currencies: {', '.join(sorted(named))}."
        hint = "Say in which one to count: --currency EUR, and give fx_rates for the others."
        findings.add(Finding("E350", "error", message, hint, tables["empties"].file))
    return min(named, default="")


def _case(context: Context, settings: Settings, options: ReuseOptions) -> TurnCase:
    frames = {name: context.frame(name) for name in USED}
    boxes = empties_of(frames["empties"], settings.currency)
    where = places_of(frames["locations"], settings.currency)
    return TurnCase(
        empties=tuple(sorted(boxes, key=lambda e: e.empty_id)),
        wanted=tuple(sorted(wanted_of(frames["wanted"]), key=lambda w: w.wanted_id)),
        carriers=carriers_of(frames["carriers"], settings.currency),
        equipment=equipment.all_equipment(frames["equipment"]),
        distances=Distances(where, own=own_distances_of(frames["distances"])),
        factors=factor_book(frames["factors"], context.packs),
        fx=ExchangeRates(settings.currency, fx_rates_of(frames["fx_rates"]), settings.fx_date),
        objective=options.objective,
        wait_days=options.wait_days,
        depots=tuple(sorted(p.location_id for p in where.values() if p.kind == "depot"))
        if options.through_depots
        else (),
        cost_per_km=options.cost_per_km,
    )
