"""Writes tables as CSV: UTF-8, always with the header, whole or not at all.

A text that a spreadsheet would run as a formula (it begins with = + - @) gets an apostrophe before
it, which reading takes off again; numbers stay numbers.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lowhaul.columns import Table

FORMULA = re.compile(r"'*[=+\-@\t\r]")
PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\Z")


def write_text(text: str, path: Path, *, durable: bool = True) -> None:
    """Write a text file (UTF-8) in one step: readers see the old file or the whole new one."""
    write_bytes(text.encode("utf-8"), path, durable=durable)


def write_bytes(data: bytes, path: Path, *, durable: bool = True) -> None:
    """Write a file in one step, through a temporary file beside it.

    `durable`: it is on the disk before it takes its name, so that a power cut leaves no half file.
    Hundreds of pages that can be drawn again need not wait for the disk one by one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            if durable:
                out.flush()
                os.fsync(out.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_csv(frame: pd.DataFrame, path: Path, table: Table | None = None) -> None:
    """Write a frame as CSV; with a declaration its columns come first, in the declared order."""
    write_text(csv_text(frame, table), path)


def csv_text(frame: pd.DataFrame, table: Table | None = None) -> str:
    """The frame as CSV text; columns that the declaration has and the frame lacks are blank."""
    names = list(frame.columns)
    if table is not None:
        names = [*table.names, *(n for n in names if n not in table.names)]
    columns = [cells_as_text(frame[n]) if n in frame.columns else [""] * len(frame) for n in names]
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(names)
    # csv quotes a row of one blank cell as "", so that it is not an empty line
    writer.writerows(zip(*columns, strict=True))
    return "".join(lines.parts)


class _Lines:
    """Collects what the csv writer gives."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)


def cells_as_text(column: pd.Series) -> list[str]:
    """One column's cells as they stand in a CSV file."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return [_day(v) for v in column]
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return [str(v) for v in column.tolist()]
    form: Callable[[Any], str] = cell_text
    if pd.api.types.is_float_dtype(column.dtype):
        form = _number
    values = column.tolist()
    if not all(type(v) is str for v in values):
        return [form(v) for v in values]
    texts = {v: _guarded(v) for v in set(values)}  # texts repeat: long tables name few things often
    return [texts[v] for v in values]


def cell_text(value: Any) -> str:
    """One value as CSV text: yes/no, ISO dates, the shortest exact number, guarded text."""
    if isinstance(value, str):
        return _guarded(value)
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, tuple | list | set | frozenset):
        return _guarded(";".join(_items(value)))
    if isinstance(value, int):
        return str(value)
    return _number(value) if hasattr(value, "is_integer") else _guarded(str(value))


def _items(values: Iterable[Any]) -> list[str]:
    ordered = sorted(values) if isinstance(values, set | frozenset) else values
    return [item if isinstance(item, str) else cell_text(item) for item in ordered]


def _number(value: Any) -> str:
    if value is pd.NA or value != value:
        return ""
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def _day(value: Any) -> str:
    if value is None or value != value or value is pd.NaT:
        return ""
    if isinstance(value, pd.Timestamp) and value != value.normalize():
        return value.isoformat()
    return str(value.strftime("%Y-%m-%d"))


def _guarded(text: str) -> str:
    if FORMULA.match(text) and not PLAIN_NUMBER.match(text):
        return "'" + text
    return text
