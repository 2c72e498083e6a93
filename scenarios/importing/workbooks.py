"""Excel workbooks: looked through for bombs first, then read by two readers.

python-calamine gives the values, openpyxl what surrounds them: number formats, merged ranges,
hidden rows and columns, notes, and formulas that were never computed. Both keep a whole sheet in
memory, so the size of what a file would unpack to is known before either sees it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from lowhaul.columns import cell_name
from lowhaul.findings import Finding, Findings
from lowhaul.workbook import error_cells_in
from scenarios.importing.refusals import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_SPAN,
    MOST_UNPACKED_BYTES,
    refused,
)
from scenarios.importing.sheets import Position, Sheet

ZIP_MARK = b"PK"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins old .xls files, and new ones that are locked with a password."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BLOCK = 1 << 20
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*[^/>]>""")
_OPEN = re.compile(rb"<(?:\w+:)?c[\s>]")
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"""
)
GENERAL = "General"
FIRST_DAY_1904 = date(1904, 1, 1)


def read_workbook_sheets(data: bytes, file: str, findings: Findings) -> list[Sheet]:
    """All sheets of a workbook in their order. Raises InputRejected if it cannot be read."""
    if data.startswith(OLE_MARK):
        if ENCRYPTED in data:
            hint = "Open it, take the password off and save it again."
            raise refused("E502", file, "The workbook is locked with a password.", hint)
        hint = "Open it in Excel and save it as .xlsx."
        raise refused("E011", file, "The file is an old .xls workbook or no workbook.", hint)
    look_through(data, file)
    sheets = _values(data, file)
    _surroundings(data, file, sheets, findings)
    return sheets


def look_through(data: bytes, file: str) -> None:
    """Refuse a workbook that is damaged or would unpack to more than fits (a zip bomb)."""
    total = cells = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise _too_large(file, f"The workbook has {len(parts):,} parts.")
            for part in parts:
                if part.flag_bits & 1:
                    hint = "Take the password off and save it again."
                    raise refused("E502", file, "The workbook is locked with a password.", hint)
                xml = part.filename.endswith((".xml", ".rels", ".vml"))
                span = _Span()
                for block in _blocks(archive, part):
                    total += len(block)
                    if total > MOST_UNPACKED_BYTES:
                        size = MOST_UNPACKED_BYTES // 1024**2
                        raise _too_large(file, f"The workbook unpacks to more than {size} MB.")
                    if not xml:
                        continue
                    if _DOCTYPE.search(block):
                        message = "The workbook declares entities, as no spreadsheet does."
                        raise refused("E503", file, message)
                    if "/worksheets/" in part.filename:
                        cells += len(_OPEN.findall(block))
                        span.take(block)
                if cells > MOST_CELLS:
                    raise _too_large(file, f"The workbook has more than {MOST_CELLS:,} cells.")
                if span.merged > MOST_SPAN:
                    raise _too_large(file, f"Merged ranges hold {span.merged:,} cells.")
                if span.area > MOST_SPAN or span.column > MOST_COLUMNS:
                    message = f"A sheet reaches to {span.far}, so that it spans {span.area:,} cells"
                    raise _too_large(file, f"{message}.")
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, 
        RuntimeError, KeyError,
    ) as error:  # fmt: skip
        raise _damaged(file, str(error)) from None


def _too_large(file: str, message: str) -> Exception:
    hint = "Delete what is empty or not needed, and cut the file into parts."
    return refused("E501", file, message, hint)


def _damaged(file: str, why: str) -> Exception:
    hint = "It may have been cut off on its way: ask for it again."
    return refused("E503", file, f"The workbook is damaged ({why[:120]}).", hint)


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part, unpacked block by block."""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK):
            yield block


def _number(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column


class _Span:
    """The rectangle around the filled cells of a sheet, and the cells of its merged ranges."""

    def __init__(self) -> None:
        self.row = self.column = self.merged = 0
        self._rest = b""

    def take(self, block: bytes) -> None:
        """Note the cells of the next block of the sheet's XML."""
        text = self._rest + block
        for letters, row in _CELL.findall(text):
            self.row = max(self.row, int(row))
            self.column = max(self.column, _number(letters))
        for left, top, right, bottom in _MERGED.findall(text):
            columns = _number(right) - _number(left) + 1
            self.merged += max(0, columns) * max(0, int(bottom) - int(top) + 1)
        self._rest = text[-200:]

    @property
    def area(self) -> int:
        return self.row * self.column

    @property
    def far(self) -> str:
        return cell_name(self.column, self.row)


def _values(data: bytes, file: str) -> list[Sheet]:
    import python_calamine as calamine

    sheets = []
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for about in book.sheets_metadata:
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            found = book.get_sheet_by_name(about.name)
            rows = [
                [_plain(value) for value in row] for row in found.to_python(skip_empty_area=False)
            ]
            visible = about.visible == calamine.SheetVisibleEnum.Visible
            sheets.append(Sheet(file, about.name, rows, hidden=not visible))
    except calamine.PasswordError:
        hint = "Open it, take the password off and save it again."
        raise refused("E502", file, "The workbook is locked with a password.", hint) from None
    except Exception as error:  # the reader raises many kinds on damaged files
        raise _damaged(file, str(error)) from None
    except BaseException as error:  # a panic of the reader is none of Exception's kind
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise _damaged(file, "the reader gave up") from None
    if not sheets:
        raise refused("E503", file, "The workbook has no sheet of cells.")
    return sheets


def _plain(value: Any) -> Any:
    """A value as sheets hold it: text, number, yes or no, day; times of day become text."""
    if isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date() if at_midnight else value.isoformat(sep=" ")
    if isinstance(value, date | str | bool | float | int) or value is None:
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def _surroundings(data: bytes, file: str, sheets: list[Sheet], findings: Findings) -> None:
    book = open_with_formulas(data)
    if book is None:
        findings.add(
            Finding(
                "W522", "warning",
                "Number formats, merged cells, notes and hidden rows could not be read.",
                "Values were read; check them, or save the workbook again in Excel.", file,
            )
        )  # fmt: skip
        return
    for sheet in sheets:
        sheet.day_zero = FIRST_DAY_1904 if book.epoch.year == 1904 else sheet.day_zero
        if sheet.name in book.sheetnames:
            _surround(sheet, book[sheet.name])
    errors = error_cells_in(io.BytesIO(data))
    for sheet in sheets:
        for (row, column), text in errors.get(sheet.name, {}).items():
            if row <= sheet.height and column <= len(sheet.rows[row - 1]):
                sheet.rows[row - 1][column - 1] = text


def open_with_formulas(data: bytes, values: bool = False) -> Any:
    """The workbook in openpyxl, with formulas or with their `values`; None if it cannot be."""
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(
                io.BytesIO(data), data_only=values, keep_links=False, rich_text=False
            )
    except (
        ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, EOFError,
        AssertionError, OverflowError, RuntimeError, zipfile.BadZipFile, zlib.error,
        ElementTree.ParseError, SyntaxError,
    ):  # fmt: skip
        return None


def _surround(sheet: Sheet, page: Any) -> None:
    formats: dict[Position, str] = {}
    uncomputed: dict[Position, str] = {}
    notes: dict[Position, str] = {}
    # iter_rows would make a cell for every empty place of the rectangle
    for at, cell in getattr(page, "_cells", {}).items():
        if cell.__class__.__name__ == "MergedCell":
            continue
        if cell.value is not None and cell.number_format != GENERAL:
            formats[at] = str(cell.number_format)
        if cell.comment is not None:
            notes[at] = " ".join(str(cell.comment.text).split())
        if cell.data_type == "f" and sheet.cell(*at).value is None:
            uncomputed[at] = str(getattr(cell.value, "text", cell.value))
    sheet.formats, sheet.uncomputed, sheet.notes = formats, uncomputed, notes
    sheet.merged = _merged(page, sheet)
    rows = getattr(page, "row_dimensions", {})
    sheet.hidden_rows = frozenset(n for n, d in rows.items() if d.hidden and n <= sheet.height)
    columns: set[int] = set()
    for about in getattr(page, "column_dimensions", {}).values():
        if about.hidden and about.min and about.max:
            columns |= set(range(about.min, min(about.max, sheet.width) + 1))
    sheet.hidden_columns = frozenset(columns)


def _merged(page: Any, sheet: Sheet) -> dict[Position, Position]:
    merged: dict[Position, Position] = {}
    for area in getattr(getattr(page, "merged_cells", None), "ranges", ()):
        first = (area.min_row, area.min_col)
        for row in range(area.min_row, min(area.max_row, sheet.height) + 1):
            for column in range(area.min_col, min(area.max_col, sheet.width) + 1):
                if (row, column) != first:
                    merged[row, column] = first
    return merged
