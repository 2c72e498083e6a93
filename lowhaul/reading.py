"""Reads a table file as plain text cells: CSV, Parquet, or a sheet of an Excel workbook.

Nothing is guessed here. `NA` stays the text NA (Namibia), a leading zero stays, a blank stays
blank. Row numbers are those a spreadsheet shows: the header is row 1 and a quoted line break does
not begin a new row. What the cells mean is decided in `cells`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from lowhaul.columns import cell_name
from lowhaul.findings import Finding, Findings
from lowhaul.workbook import EXPLANATION, error_cells

UTF8_MARK = b"\xef\xbb\xbf"
BLOCK_BYTES = 1 << 24
"""Read in blocks of this size; one row may not be longer."""
NEUTRALISED = r"^'+[=+\-@\t\r]"
"""A text that `write_csv` has given an apostrophe, so that a spreadsheet does not run it."""


@dataclass(frozen=True)
class RawTable:
    """A table as text: columns by their header, and the spreadsheet row of each row of cells."""

    file: str
    sheet: str
    texts: dict[str, Any]
    positions: dict[str, int]
    rows: np.ndarray[Any, np.dtype[np.int64]]
    row_key: tuple[str, ...] | None = None
    """The columns that name a row of a database; None for a file, whose cells have names."""


def read_csv_file(path: Path, label: str, findings: Findings) -> RawTable | None:
    """A CSV file's cells; None (and findings) if it cannot be read as one."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        findings.add(_unreadable(label, "It is UTF-16 text.", "Save it as CSV UTF-8."))
        return None
    data = data.removeprefix(UTF8_MARK)
    try:
        head = data[: 1 << 20].decode("utf-8", errors="ignore")
        header = next(csv.reader(io.StringIO(head, newline="")), [])
    except csv.Error as error:
        findings.add(_unreadable(label, f"Its header cannot be read ({error})."))
        return None
    if not data.strip() or not any(name.strip() for name in header):
        findings.add(_unreadable(label, "It has no header.", "Row 1 names the columns."))
        return None
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        findings.add(
            _unreadable(
                label,
                "Its cells are not separated by commas.",
                'Save it as "CSV UTF-8 (comma delimited)"; semicolons separate only lists.',
            )
        )
        return None
    return _parse_csv(data, len(header), label, findings)


def _parse_csv(data: bytes, width: int, label: str, findings: Findings) -> RawTable | None:
    ragged: list[tuple[int, int]] = []
    swallowed = False

    def note(row: Any) -> str:
        nonlocal swallowed
        ragged.append((row.number, row.actual_columns))
        swallowed = "\n" in row.text
        return "skip"

    if not data.endswith(b"\n"):
        data += b"\n"

    try:
        cells = pa_csv.read_csv(
            io.BytesIO(data),
            pa_csv.ReadOptions(
                use_threads=False, block_size=BLOCK_BYTES, autogenerate_column_names=True
            ),
            pa_csv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            pa_csv.ConvertOptions(
                strings_can_be_null=False,
                column_types={f"f{i}": pa.string() for i in range(width)},
            ),
        )
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            hint = 'Save it as "CSV UTF-8 (comma delimited)".'
            findings.add(_unreadable(label, "It is not UTF-8 text.", hint))
        else:
            findings.add(_unreadable(label, str(error).split("\n")[0][:200]))
        return None
    if cells.num_columns != width:
        findings.add(_unreadable(label, "Its header cannot be read.", "Row 1 names the columns."))
        return None
    columns = [column.combine_chunks() for column in cells.columns]
    swallowed |= any("\n" in c[-1].as_py() for c in columns if len(c))
    if swallowed and data.count(b'"') % 2:
        hint = "Close the quotation mark; double those that belong to a text."
        findings.add(_unreadable(label, "A quotation mark is never closed.", hint))
        return None
    for number, found in ragged[:100]:
        findings.add(
            Finding(
                "E016",
                "error",
                f"The row has {found} cells, the header has {width}.",
                "A separator is missing or too many; put texts with commas in quotation marks.",
                file=label,
                row=number,
            )
        )
    kept = np.arange(1, cells.num_rows + len(ragged) + 1, dtype=np.int64)
    kept = np.delete(kept, [number - 1 for number, _ in ragged])
    header = [column[0].as_py() for column in columns]
    del cells, data
    table = _named(header, [c.slice(1) for c in columns], kept[1:], label, "", findings)
    del columns
    pa.default_memory_pool().release_unused()  # what parsing took is several times the table
    return table


def read_parquet_file(path: Path, label: str, findings: Findings) -> RawTable | None:
    """A Parquet file's cells as text; None (and a finding) if it cannot be read."""
    try:
        cells = pq.ParquetFile(path).read()
        columns = [_as_text(column.combine_chunks()) for column in cells.columns]
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError) as error:
        findings.add(_unreadable(label, f"It is no Parquet table ({str(error)[:120]})."))
        return None
    rows = np.arange(2, cells.num_rows + 2, dtype=np.int64)
    return _named(list(cells.column_names), columns, rows, label, "", findings)


def _as_text(column: Any) -> Any:
    """One Parquet column as text: whole numbers without a point, yes/no, ISO dates."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks else pa.array([], column.type)
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return pc.fill_null(column.cast(pa.string()), "")
    if pa.types.is_integer(kind) or pa.types.is_date32(kind):
        return pc.fill_null(column.cast(pa.string()), "")
    return pa.array([text_of(value) for value in column.to_pylist()], pa.string())


def read_workbook(path: Path, label: str, findings: Findings) -> dict[str, RawTable]:
    """The sheets of a workbook by name; empty (and a finding) if it cannot be read."""
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
            if name != EXPLANATION
        }
    except Exception as error:  # the reader raises many kinds on damaged files
        findings.add(_unreadable(label, f"It is no Excel workbook ({str(error)[:120]})."))
        return {}
    raw = {}
    errors = error_cells(path)
    for name, rows in sheets.items():
        for (row, column), text in errors.get(name, {}).items():
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = text
        table = _from_rows(rows, label, name, findings)
        if table is not None:
            raw[name] = table
    return raw


def _from_rows(
    rows: Sequence[Sequence[Any]], label: str, sheet: str, findings: Findings
) -> RawTable | None:
    if not rows or not any(text_of(v).strip() for v in rows[0]):
        if any(text_of(v).strip() for row in rows for v in row):
            finding = _unreadable(label, "The sheet has no header.", "Row 1 names the columns.")
            findings.add(Finding(**{**finding.__dict__, "sheet": sheet}))
        return None
    columns = [pa.array([text_of(row[i]) for row in rows[1:]], pa.string())
               for i in range(len(rows[0]))]  # fmt: skip
    numbers = np.arange(2, len(rows) + 1, dtype=np.int64)
    return _named([text_of(v) for v in rows[0]], columns, numbers, label, sheet, findings)


def text_of(value: Any) -> str:
    """A typed cell as the text that a person would have written into a CSV file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, list | tuple):
        return ";".join(text_of(item) for item in value)
    return str(value)


def _named(
    header: list[str],
    columns: list[Any],
    rows: np.ndarray[Any, np.dtype[np.int64]],
    label: str,
    sheet: str,
    findings: Findings,
) -> RawTable:
    """Columns by their names; blank rows dropped, texts trimmed, apostrophes taken off again."""
    texts: dict[str, Any] = {}
    positions: dict[str, int] = {}
    for position, (name, column) in enumerate(zip(header, columns, strict=True), start=1):
        name = name.strip()
        values = cleaned(column)
        if not name and pc.all(pc.equal(values, "")).as_py() is not False:
            continue
        if not name or name in texts:
            what = f'The column "{name}" is given twice.' if name else "The column has no name."
            hint = "Each column is given once." if name else "Name it in row 1 or delete it."
            code = "E015" if name else "E014"
            cell = cell_name(position, 1)
            findings.add(Finding(code, "error", what, hint, label, sheet, 1, name, cell, name))
            continue
        texts[name] = values
        positions[name] = position
    if len(rows) and texts:
        filled = np.zeros(len(rows), dtype=bool)
        for values in texts.values():
            filled |= pc.not_equal(values, "").to_numpy(zero_copy_only=False)
        if not filled.all():
            texts = {name: values.filter(pa.array(filled)) for name, values in texts.items()}
            rows = rows[filled]
    return RawTable(label, sheet, texts, positions, rows)


def cleaned(column: Any) -> Any:
    """Texts without blanks around them and without the apostrophe of `write_csv`, in NFC."""
    values = pc.utf8_trim_whitespace(column)
    guarded = pc.starts_with(values, "'")
    if pc.any(guarded).as_py():
        inner = pc.utf8_slice_codeunits(values, 1)
        neutral = pc.match_substring_regex(values, NEUTRALISED)
        values = pc.if_else(neutral, inner, values)
    if not pc.all(pc.string_is_ascii(values)).as_py():
        values = pc.utf8_normalize(values, "NFC")
    return values


def _unreadable(label: str, why: str, hint: str = "") -> Finding:
    return Finding("E011", "error", f"The file cannot be read. {why}", hint, file=label)
