"""Rows of a typed frame as plain Python values (blank: None), quickly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

Row = dict[str, Any]


def rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    """Each row by column name; blank numbers and dates are None."""
    names = list(frame.columns)
    columns = [_plain(frame[name]) for name in names]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _plain(column: pd.Series) -> list[Any]:
    blank = column.isna()
    if not blank.any():
        return list(column)
    return [None if empty else value for value, empty in zip(column, blank, strict=True)]


def number(value: Any) -> float | None:
    """A number, or None where none is given."""
    return None if value is None else float(value)


def int_or_none(value: Any) -> int | None:
    """A whole number, or None where none is given."""
    return None if value is None else int(value)


def day(value: Any) -> date | None:
    """A day, or None where none is given."""
    return None if value is None else value.date()
