"""The folder of a scenario's results: written whole or not at all, and read back as it was.

A new plan is written beside the old one and takes its place in one step, so that a reader finds
the old plan or the new one, and a run that fails or is interrupted leaves the old one.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from lowhaul.errors import LowhaulError
from lowhaul.findings import Findings
from lowhaul.result_tables import RESULT_TABLES
from lowhaul.tables import read_csv_file, read_table, write_csv, write_text

SUMMARY = "summary.json"


class ResultsDamaged(LowhaulError):
    """A results folder that is not whole, or was changed by hand so that it cannot be read."""

    exit_code = 2


@contextmanager
def new_results(folder: Path) -> Iterator[Path]:
    """A draft folder that becomes `folder` when the block ends well, and vanishes when not."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        os.chmod(draft, 0o755)
        yield draft
        _take_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _take_place(draft: Path, folder: Path) -> None:
    """Put the draft where the old results are; if that fails the old ones stay."""
    if not folder.exists():
        draft.rename(folder)
        return
    before = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent)) / "before"
    folder.rename(before)
    try:
        draft.rename(folder)
    except BaseException:
        before.rename(folder)
        raise
    finally:
        shutil.rmtree(before.parent, ignore_errors=True)


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Every result table as CSV, with its header also when empty."""
    for name, table in RESULT_TABLES.items():
        write_csv(tables[name], folder / f"{name}.csv", table)


def write_summary(folder: Path, summary: Mapping[str, Any]) -> None:
    """summary.json."""
    text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(text + "\n", folder / SUMMARY)


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The result tables as typed frames. Raises ResultsDamaged if one is missing or unsound."""
    tables = {}
    for name, table in RESULT_TABLES.items():
        path, findings = folder / f"{name}.csv", Findings()
        if not path.is_file():
            raise ResultsDamaged(f"{path} is missing. Plan the scenario again.")
        raw = read_csv_file(path, path.name, findings)
        if raw is not None:
            tables[name] = read_table(table, raw, findings).frame
        if findings.errors:
            told = "; ".join(str(f) for f in findings.errors[:3])
            raise ResultsDamaged(f"{path} cannot be read: {told} Plan the scenario again.")
    return tables


def read_summary(folder: Path) -> dict[str, Any]:
    """What stands in summary.json."""
    try:
        summary = json.loads((folder / SUMMARY).read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise ResultsDamaged(
            f"{folder / SUMMARY} cannot be read ({fault}). Plan the scenario again."
        ) from fault
    if not isinstance(summary, dict):
        raise ResultsDamaged(f"{folder / SUMMARY} holds no summary. Plan the scenario again.")
    return summary


def read_results(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The tables and the summary of a scenario's results."""
    return read_tables(folder), read_summary(folder)
