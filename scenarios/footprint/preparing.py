"""From a file of executed transports to rows that can be counted, or to all that is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from emissions.bulk import Bulk
from emissions.executed import HubValues
from emissions.factors import FactorBook
from emissions.footprint import gwp_warning
from lowhaul.cells import TableData
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding, Findings
from scenarios.footprint.chains import asked_rows, elements_of, report_scopes
from scenarios.footprint.energies import EnergyUsed, energy_of
from scenarios.footprint.factors import book_of, files_of
from scenarios.footprint.faults import report_faults
from scenarios.footprint.reading import ReadLegs, read_legs
from scenarios.footprint.rules import (
    LOAD_UNIT_SERVICES,
    fill_names,
    report_amounts,
    report_energies,
    report_order,
    report_own_figures,
    report_vehicles,
)
from scenarios.footprint.totals import summed_elements
from scenarios.footprint.ways import ways_of
from scenarios.inputs import equipment_of, load_project, own_distances_of, places_of

Mask = np.ndarray[Any, np.dtype[np.bool_]]


NAMED_LATER = (
    "from", "mode", "load_units", "empty_km", "co2e_per", "co2e_gwp", "paid_by",
)  # fmt: skip
"""Columns of the file that findings may name once the laws are known."""


@dataclass
class Prepared:
    """Rows as `emissions.bulk` asks for them (and what is shown beside), and the factors."""

    legs: ReadLegs
    rows: pd.DataFrame
    book: FactorBook
    hubs: dict[str, HubValues]
    findings: Findings
    inputs: tuple[Path, ...]
    hashes: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the project's tables, where one is used."""
    energy: EnergyUsed | None = None

    @property
    def data(self) -> TableData:
        """The table as read."""
        return self.legs.data

    def forget_cells(self) -> None:
        """Let go of what no later rule reads: a million rows take a gigabyte with them."""
        data = self.data
        data.frame = data.frame[list(NAMED_LATER)].copy()
        data.texts = {n: t for n, t in data.texts.items() if n in NAMED_LATER}
        pa.default_memory_pool().release_unused()

    def forget_rows(self) -> None:
        """Let go of the rows; their table of elements is made."""
        self.rows = self.rows.iloc[:0].copy()
        pa.default_memory_pool().release_unused()

    def named_findings(self) -> list[Finding]:
        """All findings, with the columns as they stand in the file."""
        label = self.data.file
        return [
            self.legs.named_as_written(f) if f.file == label else f for f in self.findings.items
        ]


def prepare(
    file: Path, project_folder: Path | None, factors: Path | None, *, keep_cells: bool = False
) -> Prepared:
    """Read and judge everything; InputRejected holds all that is wrong, at once.

    `keep_cells` leaves the file's cells in memory, for calculation sheets.
    """
    findings = Findings()
    project = load_project(project_folder) if project_folder else None
    if project is not None:
        for finding in project.findings:
            findings.add(finding)
    book = book_of(project, factors, findings)
    legs = read_legs(file, findings)
    if legs is None:
        raise InputRejected(findings.items)
    data = legs.data
    pa.default_memory_pool().release_unused()
    fill_names(data, findings, equipment_of(project) if project else None)
    report_amounts(data, findings)
    report_own_figures(data, findings)
    report_vehicles(data, findings, book)
    report_energies(data, findings, book)
    report_order(data, findings)
    places = places_of(project.frames["locations"], project.document.currency) if project else {}
    ways = ways_of(
        data,
        findings,
        places,
        own_distances_of(project.frames["distances"]) if project else (),
        project.settings().closed_passages if project else ("northwest",),
    )
    energy = energy_of(data, ways.region, findings)
    inputs = (file, *files_of(factors))
    hubs = {
        p.location_id: HubValues(
            p.handling_co2e_wtw_kg_per_t,
            p.handling_co2e_wtw_kg_per_teu,
            p.handling_co2e_ttw_kg_per_t,
            p.handling_co2e_ttw_kg_per_teu,
            p.handling_source,
            p.kind,
        )
        for p in places.values()
    }
    hashes = {f"project {name}": h for name, h in project.hashes.items()} if project else {}
    early = Prepared(legs, pd.DataFrame(), book, hubs, findings, inputs, hashes, energy)
    refuse(early)
    rows = asked_rows(data, ways, energy)
    del ways
    if not keep_cells:
        early.forget_cells()
    early.rows = elements_of(data, rows, findings)
    report_scopes(data, early.rows, findings)
    return early


def refuse(prepared: Prepared) -> None:
    """Raise InputRejected with every finding if one of them is an error."""
    if prepared.findings.errors:
        raise InputRejected(prepared.named_findings())


def report_results(prepared: Prepared, bulk: Bulk, tces: pd.DataFrame) -> None:
    """What is to be said once the laws are known: missing amounts, gaps in cover, mixed GWPs."""
    data, findings, rows = prepared.data, prepared.findings, prepared.rows
    at = rows["at"].to_numpy()
    units = rows["load_units"].to_numpy(dtype=float)
    counted = rows["service"].isin(LOAD_UNIT_SERVICES).to_numpy() & ~(units > 0)
    wrong = bulk.needs_load_units[bulk.group] & counted & ~rows["stated"].to_numpy(dtype=bool)
    data.report(
        findings, "E374", _in_file(wrong, at, len(data)), "load_units",
        "The row's figure counts load units, but none are given.",
        "Give how many containers, trailers or trips were moved.",
    )  # fmt: skip
    report_faults(data, tces, findings)
    refuse(prepared)
    _report_not_covered(prepared, bulk, tces)
    lacking = bulk.empty_missing[bulk.group] & ~_with_empty_ways(rows)
    data.report(
        findings, "W371", _in_file(lacking, at, len(data)), "empty_km",
        "The figure of this haul holds no empty running, and the file gives none.",
        "Give empty_km (container) or empty_distance_factor (ftl), 0 where there was none, or "
        "rows of the kind empty.", "warning",
    )  # fmt: skip
    data.report(
        findings, "W372", _in_file(bulk.passed_over[bulk.group], at, len(data)), "co2e_per",
        "A figure per that unit cannot serve such a leg; a factor is used instead.",
        "Give it per tkm, or as co2e_wtw_kg of the row.", "warning",
    )  # fmt: skip
    _report_gwps(prepared, tces)


def _in_file(mask: Mask, at: np.ndarray[Any, Any], rows: int) -> Mask:
    wrong = np.zeros(rows, dtype=bool)
    wrong[at[mask & (at >= 0)]] = True
    return wrong


def _with_empty_ways(rows: pd.DataFrame) -> Mask:
    """Rows whose empty way is given, also as 0, or whose shipment has rows of empty ways."""
    empty = rows["kind"].eq("empty") & rows["shipment_id"].ne("")
    served = rows["shipment_id"].isin(rows.loc[empty, "shipment_id"].unique())
    return np.asarray((served | rows["empty_given"]).to_numpy(dtype=bool))


def _report_not_covered(prepared: Prepared, bulk: Bulk, tces: pd.DataFrame) -> None:
    data, at = prepared.data, prepared.rows["at"].to_numpy()
    missing = ~tces["covered"].to_numpy(dtype=bool)
    wanted = [str(getattr(law, "wanted", "")) for law in bulk.laws]
    group = np.zeros(len(data), dtype=np.int64)
    group[at[at >= 0]] = bulk.group[at >= 0]
    part = np.zeros(len(data), dtype=bool)
    part[at[at >= 0]] = tces["co2e_wtw_kg"].notna().to_numpy()[at >= 0]

    def why(i: int) -> str:
        if part[i]:
            return " Its figure has no well-to-tank part."
        if wanted[group[i]]:
            return " Nothing of it is in a total."
        return " Its figure counts great-circle kilometres, and its places are not known."

    data.report(
        prepared.findings, "W370", _in_file(missing, at, len(data)), "mode",
        lambda i: f"The element is not covered whole and lowers the coverage.{why(i)}",
        lambda i: f"Wanted: {wanted[group[i]]}." if wanted[group[i]] else "", "warning",
    )  # fmt: skip
    hubs = int((missing & (at < 0) & prepared.rows["kind"].eq("hub").to_numpy()).sum())
    if hubs:
        data.report_table(
            prepared.findings, "W370",
            f"{hubs} hubs where shipments change their mode or load unit are not in the file and "
            "have no emission value; they are counted as not covered.",
            "Give rows of the kind hub with their own CO2e, a factor of the mode hub, or the "
            "handling values of the project's locations.", severity="warning",
        )  # fmt: skip


def _report_gwps(prepared: Prepared, tces: pd.DataFrame) -> None:
    """Rule: CO2e figures use the GWPs of one assessment report."""
    text = gwp_warning(summed_elements(tces))
    if not text:
        return
    data = prepared.data
    given = data.frame["co2e_gwp"]
    hint = "Use figures of one assessment report; totals mix them otherwise."
    first = given.ne("").to_numpy(dtype=bool) & ~given.duplicated().to_numpy()
    if first.any():
        data.report(prepared.findings, "W337", first, "co2e_gwp", text, hint, "warning")
    else:
        data.report_table(prepared.findings, "W337", text, hint, severity="warning")
