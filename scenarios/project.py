"""A project, read and judged as a whole: project.yaml, and tables in `data/` or a database.

All findings of all files are collected before anything is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from emissions.packs import Pack
from lowhaul.cells import TableData
from lowhaul.columns import did_you_mean
from lowhaul.errors import InputRejected, UsageError
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES
from lowhaul.reading import RawTable
from lowhaul.tables import empty_table, read_table
from routing.case import Settings
from scenarios.database import SOURCE, read_database
from scenarios.factor_packs import read_packs
from scenarios.rules import apply_rules
from scenarios.rules.context import Context
from scenarios.settings import (
    BASE,
    DOCUMENT_NAME,
    ProjectDocument,
    SourceDocument,
    read_document,
    resolve_settings,
)
from scenarios.table_files import WORKBOOK, read_table_files, sha256_of
from scenarios.yaml_text import read_yaml

DATA = "data"


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
    packs: tuple[Pack, ...] = ()
    """The factor packs that the settings name."""
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
        hashes[DOCUMENT_NAME] = sha256_of(folder / DOCUMENT_NAME)
    source = document.source if document else None
    unknown_source = (
        document is None and yaml_document is not None and SOURCE in yaml_document.content
    )
    raw = {} if unknown_source else _read_raw_tables(folder, hashes, findings, source)
    tables = {
        name: read_table(table, raw[name], findings) if name in raw else empty_table(table)
        for name, table in INPUT_TABLES.items()
    }
    if not unknown_source:
        _report_missing_tables(tables, raw, findings)
    settings = (
        {name: resolve_settings(document, name) for name in (BASE, *document.scenarios)}
        if document
        else {}
    )
    named = document.settings.factor_packs if document else ()
    ids = tables["factors"].frame["factor_id"]
    packs, of_packs = read_packs(folder, named, ids, findings)
    hashes |= of_packs
    apply_rules(Context(tables, settings, findings, packs=packs))
    if findings.errors or document is None:
        raise InputRejected(findings.items)
    return Project(folder, document, tables, tuple(findings.items), hashes, packs)


def raw_tables(folder: Path, findings: Findings) -> dict[str, RawTable]:
    """The tables of a project folder as texts, not judged: for the importer beside it."""
    unheard = Findings()
    yaml_document = read_yaml(folder / DOCUMENT_NAME, DOCUMENT_NAME, unheard)
    document = read_document(yaml_document, unheard) if yaml_document else None
    return _read_raw_tables(folder, {}, findings, document.source if document else None)


def _read_raw_tables(
    folder: Path, hashes: dict[str, str], findings: Findings, source: SourceDocument | None
) -> dict[str, RawTable]:
    """The tables of the folder `data` and of the database; one that both have is an error."""
    data = folder / DATA
    if source is not None:
        of_database = read_database(source, folder, hashes, findings)
        of_files = _read_folder(data, hashes, findings) if data.is_dir() else {}
        for name in sorted(of_database.keys() & of_files.keys()):
            message = f"The table {name} is given twice: in the database and in {DATA}."
            file = of_files[name].file
            findings.add(Finding("E012", "error", message, "Keep one of them.", file))
        return {**of_database, **of_files}
    if not data.is_dir():
        hint = "The tables of a project lie in its folder data."
        findings.add(Finding("E001", "error", "There is no folder data.", hint, file=DATA))
        return {}
    return _read_folder(data, hashes, findings)


def _read_folder(data: Path, hashes: dict[str, str], findings: Findings) -> dict[str, RawTable]:
    paths = [(path, f"{DATA}/{path.name}") for path in sorted(data.iterdir())]
    return read_table_files(paths, hashes, findings)


def _report_missing_tables(
    tables: Mapping[str, TableData], raw: Mapping[str, RawTable], findings: Findings
) -> None:
    unread = {f.file for f in findings.items if f.code == "E011"}
    of_database = {f.sheet for f in findings.items if f.code == "E018"}
    unread_database = "" in of_database or any(
        f.column.startswith(f"{SOURCE}.") for f in findings.errors
    )
    for name, table in INPUT_TABLES.items():
        if not table.required or any(file.startswith(f"{DATA}/{name}.") for file in unread):
            continue
        if name not in raw:
            if f"{DATA}/{WORKBOOK}" in unread or unread_database or name in of_database:
                continue
            message = f"The table {name} is missing."
            hint = f"Give {DATA}/{name}.csv, or a sheet {name} in {DATA}/{WORKBOOK}."
            findings.add(Finding("E010", "error", message, hint, f"{DATA}/{name}.csv"))
        elif not len(tables[name]):
            message = f"The table {name} has no rows."
            findings.add(
                Finding("E017", "error", message, table.about, raw[name].file, raw[name].sheet)
            )
