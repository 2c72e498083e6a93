"""Reads executed transports: legs or shipments, a row each (csv, xlsx, parquet), or iLEAP JSON.

Whatever the form, the result is the typed table `executed` with the row of the file that each leg
comes from, so that one set of rules speaks of all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lowhaul.cells import TableData
from lowhaul.columns import cell_name, split_list
from lowhaul.executed_tables import EXECUTED, EXECUTED_SHIPMENTS, ITEMS_OF_LEGS
from lowhaul.findings import Finding, Findings
from lowhaul.tables import (
    RawTable,
    Table,
    read_csv_file,
    read_parquet_file,
    read_table,
    read_workbook,
)
from lowhaul.writing import cells_as_text

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
COPIED = (
    "shipment_id", "distance_basis", "equipment", "load_units", "teu", "mass_kg", "depart", "flow",
    "incoterm", "paid_by",
)  # fmt: skip
"""Columns of a shipment that each of its legs has too."""

OF_ILEAP = replace(
    EXECUTED,
    columns=tuple(replace(c, required=False) for c in EXECUTED.columns),
)
"""An element of iLEAP need not name its places, and its mode stands in a TOC that may be
elsewhere; with its kilograms it can be counted all the same."""


@dataclass(frozen=True)
class ReadLegs:
    """The typed legs; `findings` about them still name the columns of `executed`."""

    data: TableData
    shipments: TableData | None = None
    """The table as it was written, where a row is a shipment."""

    def named_as_written(self, finding: Finding) -> Finding:
        """A finding about a leg, with the column of the shipment's row that it comes from."""
        if self.shipments is None or finding.row is None:
            return finding
        lists = {leg: name for name, leg in ITEMS_OF_LEGS.items()} | {"mode": "modes"}
        column = lists.get(finding.column, finding.column)
        if finding.column in ("from", "to"):
            at = int(np.searchsorted(self.shipments.rows, finding.row))
            ends = {self.shipments.text(n, at): n for n in ("origin", "destination")}
            column = ends.get(finding.value, "via")
        place = self.shipments.positions.get(column)
        cell = cell_name(place, finding.row) if place else ""
        return replace(finding, column=column, cell=cell)


def read_legs(file: Path, findings: Findings) -> ReadLegs | None:
    """The legs in `file`; None (and findings) if it cannot be read as a table at all."""
    if file.suffix.lower() == ".json":
        return _from_ileap(file, findings)
    raw = read_raw(file, (EXECUTED, EXECUTED_SHIPMENTS), findings)
    if raw is None:
        return None
    if "modes" in raw.positions and "mode" not in raw.positions:
        return _from_shipments(raw, findings)
    return _judged(ReadLegs(read_table(EXECUTED, raw, findings)), findings)


def read_raw(file: Path, tables: Sequence[Table], findings: Findings) -> RawTable | None:
    """The cells of a file: of a workbook the sheet named like one of the tables, else the first."""
    suffix = file.suffix.lower()
    if suffix in WORKBOOKS:
        sheets = read_workbook(file, file.name, findings)
        named = [sheets[t.name] for t in tables if t.name in sheets]
        raw = next(iter([*named, *sheets.values()]), None)
        if raw is None and not findings.errors:
            findings.add(_of_file(file, "The workbook has no sheet with a table."))
        return raw
    if suffix == ".parquet":
        return read_parquet_file(file, file.name, findings)
    return read_csv_file(file, file.name, findings)


def _judged(legs: ReadLegs, findings: Findings) -> ReadLegs | None:
    if not len(legs.data):
        findings.add(
            Finding("E017", "error", "The table has no rows.", "", legs.data.file, legs.data.sheet)
        )
        return None
    return legs


def _of_file(file: Path, message: str) -> Finding:
    return Finding("E011", "error", message, file=file.name)


def _from_shipments(raw: RawTable, findings: Findings) -> ReadLegs | None:
    """A row for each leg of each shipment whose lists fit together."""
    shipments = read_table(EXECUTED_SHIPMENTS, raw, findings)
    frame = shipments.frame
    modes = [split_list(t) for t in frame["modes"]]
    via = [split_list(t) for t in frame["via"]]
    legs = np.array([len(m) for m in modes], dtype=np.int64)
    sound = shipments.sound("modes", "via", "origin", "destination")
    between = np.array([len(v) for v in via], dtype=np.int64)
    short = sound & (between != legs - 1)
    shipments.report(
        findings, "E376", short, "via",
        lambda i: f"The shipment has {legs[i]} modes and {between[i]} places between.",
        "via has one place less than there are modes.",
    )  # fmt: skip
    lists = {name: [split_list(t) for t in frame[name]] for name in ITEMS_OF_LEGS}
    for name, cells in lists.items():
        count = np.array([len(x) for x in cells], dtype=np.int64)
        single = name != "distances_km"
        fits = (count == 0) | (count == legs) | (single & (count == 1))
        shipments.report(
            findings, "E376", ~fits & shipments.sound(name, "modes"), name,
            f"{name} does not have an item for each of the modes.",
            "Give one for each leg" + (", one for all, or none." if single else ", or none."),
        )  # fmt: skip
    whole = sound & shipments.sound("via", *lists)
    kept = [int(i) for i in np.flatnonzero(whole)]
    texts: dict[str, list[str]] = {"seq": [], "mode": [], "from": [], "to": []}
    texts |= {leg: [] for leg in ITEMS_OF_LEGS.values()}
    for i in kept:
        places = (str(frame["origin"].iloc[i]), *via[i], str(frame["destination"].iloc[i]))
        n = len(modes[i])
        texts["seq"] += [str(k + 1) for k in range(n)]
        texts["mode"] += modes[i]
        texts["from"] += places[:-1]
        texts["to"] += places[1:]
        for name, leg in ITEMS_OF_LEGS.items():
            items = lists[name][i] or ("",)
            texts[leg] += items * n if len(items) == 1 else items
    repeated = np.repeat(kept, legs[kept]) if kept else np.array([], dtype=np.int64)
    columns: dict[str, Any] = {name: pa.array(cells, pa.string()) for name, cells in texts.items()}
    for name in COPIED:
        if name in raw.texts:
            columns[name] = raw.texts[name].take(pa.array(repeated))
    # cells that were faulty in the shipment have been reported once already
    known = Findings()
    positions = {name: i for i, name in enumerate(columns, 1)}
    table = RawTable(raw.file, raw.sheet, columns, positions, raw.rows[repeated])
    data = read_table(EXECUTED, table, known)
    seen = {(f.row, f.code, f.value) for f in findings}
    read = ReadLegs(data, shipments)
    for finding in known:
        if (finding.row, finding.code, finding.value) not in seen:
            findings.add(read.named_as_written(finding))
    if not kept and findings.errors:
        return None
    return _judged(read, findings)


def _from_ileap(file: Path, findings: Findings) -> ReadLegs | None:
    """Shipment footprints and activities of an iLEAP document, as rows of `executed`.

    What the file breaks of the specification is a warning: kilograms of CO2e that others state are
    counted as they stand, activity is counted anew. Faults in the figures themselves (TTW above
    WTW, masses below zero) are refused by the rules of rows, as in any other file.
    """
    from emissions.ileap import check, legs_frame, read

    document = read(file)
    for breach in (*document.breaches, *check(document)):
        told = replace(breach, severity="warning").finding(file.name)
        if told not in findings.items:
            findings.add(told)
    frame = legs_frame(document)
    if frame.empty:
        message = "The file holds no shipments and no activities."
        hint = "Categories alone have nothing to add up; check them with lowhaul ileap check."
        findings.add(Finding("E017", "error", message, hint, file.name))
        return None
    columns = {n: pa.array(cells_as_text(frame[n]), pa.string()) for n in frame.columns}
    # activity data may serve several consignments: their names joined make one chain
    columns["shipment_id"] = pc.replace_substring(columns["shipment_id"], ";", "+")
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    positions = {name: i for i, name in enumerate(columns, 1)}
    table = RawTable(file.name, "", columns, positions, rows)
    return _judged(ReadLegs(read_table(OF_ILEAP, table, findings)), findings)
