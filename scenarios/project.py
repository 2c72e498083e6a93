"""A project folder, read and judged as a whole: project.yaml and the tables in `data/`.

All findings of all files are collected before anything is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from lowhaul.cells import TableData
from lowhaul.columns import did_you_mean
from lowhaul.errors import InputRejected, UsageError
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES
from lowhaul.reading import RawTable, read_csv_file, read_parquet_file, read_workbook
from lowhaul.tables import empty_table, read_table
from routing.case import Settings
from scenarios.rules import apply_rules
from scenarios.rules.context import Context
from scenarios.settings import (
    BASE,
    DOCUMENT_NAME,
    ProjectDocument,
    read_document,
    resolve_settings,
)
from scenarios.yaml_text import read_yaml

DATA = "data"
WORKBOOK = "data.xlsx"


@dataclass(frozen=True)
class Project:
    """A valid project: its document, its typed tables, and the warnings that were found.

    `frames` has every table of the contract, absent ones without rows. Places, equipment codes and
    lists in them are normalised (a UN/LOCODE or a trade name has become the id or code that it
    stands for). `hashes` is SHA-256 by table (and of project.yaml).
    """

    folder: Path
    document: ProjectDocument
    tables: Mapping[str, TableData]
    findings: tuple[Finding, ...]
    hashes: Mapping[str, str]
    built: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What scenarios share once it is built (distances, objects of the tables)."""

    @property
    def name(self) -> str:
        """The project's name."""
        return self.document.name

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The typed tables by name."""
        return {name: data.frame for name, data in self.tables.items()}

    def scenario_names(self) -> tuple[str, ...]:
        """The scenarios in the order of project.yaml; `base` alone where none is named."""
        return self.document.scenario_names()

    def settings(self, scenario: str = BASE) -> Settings:
        """The resolved settings of a scenario; UsageError where there is none of that name."""
        known = (BASE, *self.document.scenarios)
        if scenario not in known:
            hint = did_you_mean(scenario, known)
            raise UsageError(f'There is no scenario "{scenario}". {hint}'.rstrip())
        return resolve_settings(self.document, scenario)


def load_project(folder: Path) -> Project:
    """Read and judge a project folder; InputRejected holds all findings if any is an error."""
    folder = Path(folder)
    findings = Findings()
    yaml_document = read_yaml(folder / DOCUMENT_NAME, DOCUMENT_NAME, findings)
    document = read_document(yaml_document, findings) if yaml_document else None
    hashes: dict[str, str] = {}
    if (folder / DOCUMENT_NAME).is_file():
        hashes[DOCUMENT_NAME] = _sha256(folder / DOCUMENT_NAME)
    raw = _read_raw_tables(folder, hashes, findings)
    tables = {
        name: read_table(table, raw[name], findings) if name in raw else empty_table(table)
        for name, table in INPUT_TABLES.items()
    }
    _report_missing_tables(tables, raw, findings)
    settings = (
        {name: resolve_settings(document, name) for name in (BASE, *document.scenarios)}
        if document
        else {}
    )
    apply_rules(Context(tables, settings, findings))
    if findings.errors or document is None:
        raise InputRejected(findings.items)
    return Project(folder, document, tables, tuple(findings.items), hashes)


def raw_tables(folder: Path, findings: Findings) -> dict[str, RawTable]:
    """The tables of a project folder as texts, not judged: for the importer beside it."""
    return _read_raw_tables(folder, {}, findings)


def _read_raw_tables(
    folder: Path, hashes: dict[str, str], findings: Findings
) -> dict[str, RawTable]:
    raw: dict[str, RawTable] = {}
    data = folder / DATA
    if not data.is_dir():
        hint = "The tables of a project lie in its folder data."
        findings.add(Finding("E001", "error", "There is no folder data.", hint, file=DATA))
        return raw
    for path in sorted(data.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        label, suffix = f"{DATA}/{path.name}", path.suffix.lower()
        if path.name.lower() == WORKBOOK and path.is_file():
            sheets = read_workbook(path, label, findings)
        elif path.is_file() and path.stem in INPUT_TABLES and suffix in (".csv", ".parquet"):
            read = read_csv_file if suffix == ".csv" else read_parquet_file
            one = read(path, label, findings)
            sheets = {path.stem: one} if one is not None else {}
            hashes.setdefault(path.stem, _sha256(path))
        else:
            _report_no_table(path, label, findings)
            continue
        for name, table in sheets.items():
            if name not in INPUT_TABLES:
                hint = did_you_mean(name, INPUT_TABLES)
                message = f'The sheet "{name}" is no table and is not read.'
                findings.add(Finding("W011", "warning", message, hint, label, name))
            elif name in raw:
                first = raw[name].file
                message = f"The table {name} is given twice: in {first} and in {label}."
                findings.add(
                    Finding("E012", "error", message, "Keep one of them.", label, table.sheet)
                )
            else:
                raw[name] = table
                hashes.setdefault(name, _sha256(path))
    return raw


def _report_no_table(path: Path, label: str, findings: Findings) -> None:
    what = "folder" if path.is_dir() else "file"
    message = f"This {what} is no table and is not read."
    near = did_you_mean(path.stem, INPUT_TABLES)
    hint = near if near.startswith("Did") else "Tables are <table>.csv, <table>.parquet, data.xlsx."
    findings.add(Finding("W010", "warning", message, hint, label))


def _report_missing_tables(
    tables: Mapping[str, TableData], raw: Mapping[str, RawTable], findings: Findings
) -> None:
    unread = {f.file for f in findings.items if f.code == "E011"}
    for name, table in INPUT_TABLES.items():
        if not table.required or any(file.startswith(f"{DATA}/{name}.") for file in unread):
            continue
        if name not in raw:
            if f"{DATA}/{WORKBOOK}" in unread:
                continue
            message = f"The table {name} is missing."
            hint = f"Give {DATA}/{name}.csv, or a sheet {name} in {DATA}/{WORKBOOK}."
            findings.add(Finding("E010", "error", message, hint, f"{DATA}/{name}.csv"))
        elif not len(tables[name]):
            message = f"The table {name} has no rows."
            findings.add(
                Finding("E017", "error", message, table.about, raw[name].file, raw[name].sheet)
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
