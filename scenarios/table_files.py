"""Input tables from files as they lie there: CSV, Parquet, or the sheets of a workbook.

What is no table is named and not read; a table that is given twice is an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from lowhaul.columns import did_you_mean
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES
from lowhaul.reading import RawTable, read_csv_file, read_parquet_file, read_workbook

WORKBOOK = "data.xlsx"
"""The workbook that a folder of tables may have; each sheet with a table's name is that table."""


def read_table_files(
    paths: Iterable[tuple[Path, str]],
    hashes: dict[str, str],
    findings: Findings,
    *,
    only: Collection[str] = INPUT_TABLES,
    any_workbook: bool = False,
) -> dict[str, RawTable]:
    """The tables of files (path and label) by name; those not in `only` are left aside unread.

    `hashes` is given the SHA-256 of the file of each table. `any_workbook`: workbooks may have any
    name.
    """
    raw: dict[str, RawTable] = {}
    for path, label in paths:
        if path.name.startswith((".", "~$")):
            continue
        suffix = path.suffix.lower()
        is_book = path.name.lower() == WORKBOOK or (any_workbook and suffix == ".xlsx")
        if is_book and path.is_file():
            sheets = read_workbook(path, label, findings)
        elif path.is_file() and path.stem in INPUT_TABLES and suffix in (".csv", ".parquet"):
            if path.stem not in only:
                continue
            read = read_csv_file if suffix == ".csv" else read_parquet_file
            one = read(path, label, findings)
            sheets = {path.stem: one} if one is not None else {}
            hashes.setdefault(path.stem, sha256_of(path))
        else:
            _report_no_table(path, label, findings)
            continue
        for name, table in sheets.items():
            if name not in INPUT_TABLES:
                hint = did_you_mean(name, INPUT_TABLES)
                message = f'The sheet "{name}" is no table and is not read.'
                findings.add(Finding("W011", "warning", message, hint, label, name))
            elif name not in only:
                continue
            elif name in raw:
                first = raw[name].file
                message = f"The table {name} is given twice: in {first} and in {label}."
                findings.add(
                    Finding("E012", "error", message, "Keep one of them.", label, table.sheet)
                )
            else:
                raw[name] = table
                hashes.setdefault(name, sha256_of(path))
    return raw


def sha256_of(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _report_no_table(path: Path, label: str, findings: Findings) -> None:
    what = "folder" if path.is_dir() else "file"
    message = f"This {what} is no table and is not read."
    near = did_you_mean(path.stem, INPUT_TABLES)
    hint = near if near.startswith("Did") else "Tables are <table>.csv, <table>.parquet, data.xlsx."
    findings.add(Finding("W010", "warning", message, hint, label))
