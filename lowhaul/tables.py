"""Tables in, tables out: declarations, reading with all faults found, writing.

`read_table` turns one file or sheet into a typed frame. It reports unknown and missing columns,
blank required cells, formats, bounds, choices and duplicate keys; what needs several tables at
once (references, dates against each other) is judged by the caller with `TableData.report`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from lowhaul.cells import TableData, typed_column
from lowhaul.columns import (
    Column,
    Table,
    blank_template,
    cell_name,
    did_you_mean,
    nearest,
    split_list,
)
from lowhaul.findings import Finding, Findings
from lowhaul.reading import RawTable, read_csv_file, read_parquet_file, read_workbook
from lowhaul.writing import csv_text, write_bytes, write_csv, write_text

__all__ = [
    "Column",
    "RawTable",
    "Table",
    "TableData",
    "blank_template",
    "cell_name",
    "csv_text",
    "did_you_mean",
    "empty_table",
    "nearest",
    "read_csv_file",
    "read_parquet_file",
    "read_table",
    "read_workbook",
    "split_list",
    "write_bytes",
    "write_csv",
    "write_text",
]


def read_table(table: Table, raw: RawTable, findings: Findings) -> TableData:
    """The typed table; every fault of its cells is added to the findings."""
    data = TableData(
        table, pd.DataFrame(), raw.rows, raw.file, raw.sheet, raw.positions, raw.texts,
        row_key=raw.row_key,
    )  # fmt: skip
    report_unknown_columns(data, findings)
    missing = report_missing_columns(data, findings)
    data.frame = pd.DataFrame(index=pd.RangeIndex(len(raw.rows)))
    columns = {column.name: typed_column(data, column, findings) for column in table.columns}
    data.frame = pd.DataFrame(columns, copy=False)  # the columns are nobody else's
    pa.default_memory_pool().release_unused()  # what parsing took, before the rules take theirs
    for name in missing:
        data.faulty[name] = np.ones(len(data), dtype=bool)
    report_duplicate_keys(data, findings)
    return data


def empty_table(table: Table) -> TableData:
    """The table without rows, its columns typed."""
    data = _empty(table)
    return replace(data, frame=data.frame.copy(), faulty={})


@cache
def _empty(table: Table) -> TableData:
    data = TableData(table, pd.DataFrame(), np.array([], dtype=np.int64))
    data.frame = pd.DataFrame({c.name: typed_column(data, c, Findings()) for c in table.columns})
    return data


def report_unknown_columns(data: TableData, findings: Findings) -> None:
    """Rule: each column is one that the table has."""
    for name, position in data.positions.items():
        if name not in data.table.names:
            findings.add(
                Finding(
                    "E014", "error",
                    f'The table {data.table.name} has no column "{name[:80]}".',
                    did_you_mean(name, [n for n in data.table.names if n not in data.positions])
                    or "Delete the column.",
                    data.file, data.sheet, 1, name, cell_name(position, 1), name,
                )
            )  # fmt: skip


def report_missing_columns(data: TableData, findings: Findings) -> list[str]:
    """Rule: the required columns are there. Returns those that are not."""
    missing = [c for c in data.table.columns if c.required and c.name not in data.positions]
    for column in missing:
        findings.add(
            Finding(
                "E013", "error",
                f'The table {data.table.name} needs the column "{column.name}".',
                f"Add it: {column.about}" if column.about else "Add it.",
                data.file, data.sheet, None if data.row_key is not None else 1, column.name,
            )
        )  # fmt: skip
    return [c.name for c in missing]


def report_duplicate_keys(data: TableData, findings: Findings) -> None:
    """Rule: no two rows have the same key."""
    key = list(data.table.key)
    if not key or not len(data):
        return
    sound = data.sound(*key)
    codes = data.frame.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
    again = pd.Series(codes).duplicated().to_numpy() & sound
    if not again.any():
        return
    first_row: dict[int, int] = {}
    for code, row in zip(codes[sound], data.rows[sound], strict=True):
        first_row.setdefault(int(code), int(row))
    named = " + ".join(key)
    data.report(
        findings, "E112", again, key[0],
        lambda i: f"The key {named} stands already in row {first_row[int(codes[i])]}.",
        "Each key is given once: change it or delete the row.",
    )  # fmt: skip
