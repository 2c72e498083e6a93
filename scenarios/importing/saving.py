"""Writes what an import found into a folder: every file whole or not at all.

All files are made in a draft folder first and take their places only when all of them are there.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from lowhaul.result_tables import RESULT_TABLES
from lowhaul.tables import write_bytes, write_csv, write_text
from scenarios.importing.checked_copy import checked_copy
from scenarios.importing.mapping import NAME as MAPPING
from scenarios.importing.result import Imported
from scenarios.importing.texts import slug

SOURCES = ("table", "table_row", "column", "value", "file", "sheet", "cell", "text")
ROWS = ("file", "sheet", "row", "fate", "rows_written", "reason")


def save(imported: Imported, out: Path) -> None:
    """Write the tables, findings, rows, sources, mapping and the checked copy into a folder."""
    names = ", ".join(sorted(_files(imported)))
    with draft_in(out) as draft:
        write_all(imported, draft)
    imported.written.append(f"{out} ({names})")


def _files(imported: Imported) -> list[str]:
    tables = [f"{name}.csv" for name, rows in imported.tables.items() if rows]
    return [
        *tables,
        "findings.csv",
        "rows.csv",
        "sources.csv",
        "import.json",
        MAPPING,
        copy_name(imported.file),
    ]


def copy_name(file: str) -> str:
    """The name of the checked copy: made from the file's, with nothing of a path in it."""
    stem = slug(Path(file).stem)[:80] or "file"
    return f"{stem}-checked.xlsx"


@contextmanager
def draft_in(folder: Path) -> Iterator[Path]:
    """A draft folder whose files move into `folder` when the block ends well."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".import.", dir=folder))
    try:
        yield draft
        for path in sorted(draft.rglob("*")):
            if path.is_file():
                target = folder / path.relative_to(draft)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_all(imported: Imported, folder: Path) -> None:
    """Every file of an import."""
    for name, rows in imported.tables.items():
        if rows:
            frame = imported.frame(name)
            write_csv(frame, folder / f"{name}.csv", imported.declared[name])
    findings = pd.DataFrame([asdict(f) for f in imported.findings], dtype=object)
    table = RESULT_TABLES["findings"]
    write_csv(findings.reindex(columns=list(table.names)), folder / "findings.csv", table)
    write_csv(rows_frame(imported), folder / "rows.csv")
    write_csv(sources_frame(imported), folder / "sources.csv")
    write_text(imported.mapping, folder / MAPPING)
    copy = checked_copy(imported)
    if copy is not None:
        write_bytes(copy, folder / copy_name(imported.file))
    summary = {k: v for k, v in imported.as_dict().items() if k not in ("findings", "written")}
    write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", folder / "import.json")


def rows_frame(imported: Imported) -> pd.DataFrame:
    """What became of each row of the file."""
    rows = [(f.file, f.sheet, f.row, f.fate, f.written, f.reason) for f in imported.accounting]
    return pd.DataFrame(rows, columns=list(ROWS))


def sources_frame(imported: Imported) -> pd.DataFrame:
    """The cell that each value of each table came from; `table_row` counts the heading as 1."""
    sheets = {sheet.name: sheet for sheet in imported.sheets}
    rows = [
        (name, number, column, row.values[column], imported.file, sheets[row.sheet].name,
         cell.name, cell.text)
        for name, some in imported.tables.items()
        for number, row in enumerate(some, start=2)
        for column, cell in row.sources.items()
        if row.values.get(column)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(SOURCES))
