"""The tables as they will be read: what their declaration refuses is taken out and explained.

So whatever import writes can be read back without a fault of format, bounds or choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from lowhaul.columns import Table
from lowhaul.findings import Finding, Findings
from lowhaul.reading import RawTable
from lowhaul.tables import read_table
from scenarios.importing.accounting import Accounting
from scenarios.importing.sheets import Sheet
from scenarios.importing.values import OutRow


def judged(
    table: Table,
    rows: Sequence[OutRow],
    sheets: dict[str, Sheet],
    findings: Findings,
    accounting: Accounting,
) -> list[OutRow]:
    """The rows that the table's declaration accepts; the others are told at their cells."""
    if not rows:
        return []
    raw = raw_table(table, rows)
    found = Findings()
    data = read_table(table, raw, found)
    wrong = ~data.sound(*table.names)
    refused: set[int] = set()
    for finding in found:
        if finding.row is None:
            continue
        row = rows[finding.row]
        sheet = sheets[row.sheet]
        cell = row.sources.get(finding.column)
        message = finding.message
        if finding.code == "E112":
            message = f"The key stands already in row {_first(table, rows, row)}."
        findings.add(
            Finding(
                finding.code, finding.severity, message, finding.hint, sheet.file,
                sheet.name, row.row, finding.column, cell.name if cell else "",
                (cell.text if cell else row.values.get(finding.column, ""))[:200],
            )
        )  # fmt: skip
        if finding.severity == "error" and finding.row not in refused:
            refused.add(finding.row)
            shown = row.values.get(finding.column, "")[:60]
            accounting.taken_back(row.sheet, row.row, f"{finding.column} ({shown}): {message}")
            wrong[finding.row] = True
    kept = []
    for position, row in enumerate(rows):
        if not wrong[position]:
            kept.append(row)
        elif position not in refused:
            accounting.taken_back(row.sheet, row.row, "a value is refused, as in the rows above")
    return kept


def raw_table(table: Table, rows: Sequence[OutRow]) -> RawTable:
    """The rows as a table of texts; their numbers are positions in `rows`."""
    names = [n for n in table.names if any(n in r.values for r in rows)]
    names += [c.name for c in table.columns if c.required and c.name not in names]
    texts: dict[str, Any] = {
        name: pa.array([row.values.get(name, "") for row in rows], pa.string()) for name in names
    }
    positions = {name: i for i, name in enumerate(names, start=1)}
    return RawTable("", "", texts, positions, np.arange(len(rows), dtype=np.int64))


def _first(table: Table, rows: Sequence[OutRow], row: OutRow) -> int:
    """The row of the file in which the key of a row stands first."""
    key = [row.values.get(name, "") for name in table.key]
    return next(r.row for r in rows if [r.values.get(n, "") for n in table.key] == key)
