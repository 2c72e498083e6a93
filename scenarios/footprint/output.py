"""Writes the tables of a footprint quickly, and all files of it together or none.

A million rows go through Arrow; the text is the one that `lowhaul.writing` would write: numbers
without an exponent, yes/no, ISO dates, and an apostrophe before what a spreadsheet would run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lowhaul.columns import Table
from lowhaul.writing import cells_as_text

ROWS_AT_ONCE = 50_000
GUARDED = r"^'*[=+\-@\t\r]"
PLAIN = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
SEPARATING = '[",\r\n]'


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[Path]:
    """A draft folder whose files move into `folder` when the block ends well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield draft
        folder.mkdir(exist_ok=True)
        for file in sorted(draft.iterdir()):
            os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_many(frame: pd.DataFrame, path: Path, table: Table) -> None:
    """A large frame as CSV in the declared columns; those that it lacks are blank."""
    with path.open("wb") as out:
        out.write((",".join(table.names) + "\n").encode("utf-8"))
        for start in range(0, len(frame), ROWS_AT_ONCE):
            some = frame.iloc[start : start + ROWS_AT_ONCE]
            cells = [
                column_text(some[name]) if name in some.columns else pa.repeat("", len(some))
                for name in table.names
            ]
            lines = pc.binary_join_element_wise(*cells, ",")
            lines = pc.binary_join_element_wise(lines, "", "\n")
            out.write(_bytes_of(lines))


def _bytes_of(texts: Any) -> memoryview:
    """The texts one after the other, as Arrow holds them."""
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32, count=len(texts) + 1 + texts.offset)
    return memoryview(data)[ends[texts.offset] : ends[-1]]


def column_text(column: pd.Series) -> Any:
    """One column as the text of its cells, quoted where that is needed; blank cells are empty."""
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        words = _told(pa.array(column.cat.categories.astype("str"), pa.string()))
        codes = pa.array(column.cat.codes.to_numpy(), mask=(column.cat.codes < 0).to_numpy())
        return pc.fill_null(words.take(codes), "")
    if pd.api.types.is_bool_dtype(kind):
        return pc.if_else(pa.array(column, pa.bool_()), "yes", "no")
    if pd.api.types.is_datetime64_any_dtype(kind):
        days = pa.array(column, pa.timestamp("s")).cast(pa.date32())
        return pc.fill_null(days.cast(pa.string()), "")
    if pd.api.types.is_integer_dtype(kind):
        return pc.fill_null(pa.array(column).cast(pa.string()), "")
    if pd.api.types.is_float_dtype(kind):
        return _numbers(column)
    return _told(pc.fill_null(pa.array(column, pa.string(), from_pandas=True), ""))


def _numbers(column: pd.Series) -> Any:
    texts = pa.array(column.to_numpy(), from_pandas=True).cast(pa.string())
    texts = pc.fill_null(texts, "")
    if pc.any(pc.match_substring(texts, "e")).as_py():  # large or very small: no exponents
        return pa.array(cells_as_text(column), pa.string())
    return texts


def _told(texts: Any) -> Any:
    """Texts guarded against being run, and quoted where they hold what separates cells."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    formula = pc.and_(
        pc.match_substring_regex(texts, GUARDED),
        pc.invert(pc.match_substring_regex(texts, PLAIN)),
    )
    if pc.any(formula).as_py():
        texts = pc.if_else(formula, pc.binary_join_element_wise("'", texts, ""), texts)
    special = pc.match_substring_regex(texts, SEPARATING)
    if pc.any(special).as_py():
        inner = pc.replace_substring(texts, '"', '""')
        texts = pc.if_else(special, pc.binary_join_element_wise('"', inner, '"', ""), texts)
    return texts
