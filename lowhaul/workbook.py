"""Excel workbooks: cells that hold a spreadsheet error, and tables for people.

The reader gives an error (#N/A of a failed look-up, say) as a blank cell, and a blank means a
default. So errors are looked up in the file itself and stand in the table as the text they show.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: [a-z]+="[^"]*")*? t="e"[^>]*>'
    rb"(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>"
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
EXPLANATION = "Lowhaul explanation"
"""The sheet of a template that explains its columns and holds a sample: no table, never read."""
NO_TIME = (1980, 1, 1)
"""The day in place of the time of saving; a zip archive knows none before it."""
_UNFIT_NAME = re.compile(r"[\[\]:*?/\\]")
_UNFIT_SIGN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_NAME = 31
_LONGEST_CELL = 32_000
"""What Excel takes: signs in a sheet's name and in a cell."""
_COMPRESSION = 3
"""Of sheets: a third of the time of the usual 6 for a tenth more bytes."""


def error_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet: the cells (row and column from 1) that hold an error, and its text."""
    return error_cells_in(path)


def error_cells_in(workbook: Path | IO[bytes]) -> dict[str, dict[tuple[int, int], str]]:
    """The same of a workbook that is already in memory."""
    try:
        with zipfile.ZipFile(workbook) as archive:
            found = {}
            for name, part in _sheets(archive):
                data = archive.read(part)
                if b't="e"' in data:
                    found[name] = {
                        (int(row), _column_number(column)): text.decode("utf-8", "replace")
                        for column, row, text in _ERROR_CELL.findall(data)
                    }
            return found
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError):
        return {}  # no .xlsx (an old .xls, say): its reader has the word


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    sheets = []
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(_RELATION, ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            sheets.append((sheet.get("name", ""), part))
    return sheets


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def saved(book: Any) -> bytes:
    """An openpyxl workbook as bytes that are the same whenever it is saved: no time in them."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = datetime(*NO_TIME)
    first, out = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(first, "w", zipfile.ZIP_DEFLATED)).save()
    with zipfile.ZipFile(first) as parts, zipfile.ZipFile(out, "w") as fixed:
        for part in parts.infolist():
            about = zipfile.ZipInfo(part.filename, (*NO_TIME, 0, 0, 0))
            fixed.writestr(about, parts.read(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()


@dataclass(frozen=True)
class Sheet:
    """A table to be written: heads, rows of texts and numbers, and widths in characters."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int | float | None]]
    widths: Sequence[int] = ()


def filled_workbook(sheets: Iterable[Sheet]) -> bytes:
    """An Excel workbook for people; every text is a text cell, so that none acts as a formula.

    openpyxl makes the book with the heads. The rows are written into its sheets here: it would
    take 15 times as long for them, which is felt from some thousand rows on.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    rows: dict[str, Iterator[str]] = {}
    for n, table in enumerate(sheets, start=1):
        sheet: Any = book.create_sheet(_UNFIT_NAME.sub(" ", table.name)[:_LONGEST_NAME])
        sheet.freeze_panes = "A2"
        for column, head in enumerate(table.heads, start=1):
            cell = sheet.cell(row=1, column=column)
            cell.value = _cell_text(head)
            cell.data_type = "s"
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
        for column, width in enumerate(table.widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:1"
        letters = [get_column_letter(k + 1) for k in range(len(table.heads))]
        rows[f"xl/worksheets/sheet{n}.xml"] = _row_texts(table.rows, letters, _text_style(book))
    out = io.BytesIO()
    book.save(out)
    return _with_rows(out, rows)


def _text_style(book: Any) -> int:
    """The number of the style of plain text cells in a book."""
    spare = book.create_sheet()
    cell = spare.cell(row=1, column=1)
    cell.number_format = "@"
    book.remove(spare)
    return int(cell.style_id)


def _cell_text(text: str) -> str:
    return _UNFIT_SIGN.sub(" ", text)[:_LONGEST_CELL]


def _row_texts(
    rows: Sequence[Sequence[str | int | float | None]], letters: Sequence[str], style: int
) -> Iterator[str]:
    """The rows of a sheet from the second on, in the language of its file."""
    kept: dict[str, str] = {}
    for number, values in enumerate(rows, start=2):
        cells = []
        for letter, value in zip(letters, values, strict=False):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                if value not in kept:
                    kept[value] = escape(_cell_text(value))
                cells.append(
                    f'<c r="{letter}{number}" s="{style}" t="inlineStr">'
                    f'<is><t xml:space="preserve">{kept[value]}</t></is></c>'
                )
            else:
                plain = float(value) if isinstance(value, float) else int(value)
                cells.append(f'<c r="{letter}{number}"><v>{plain!r}</v></c>')
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _with_rows(book: IO[bytes], rows: Mapping[str, Iterable[str]]) -> bytes:
    """A saved book with further rows at the end of its sheets (by their names in the archive)."""
    out = io.BytesIO()
    with zipfile.ZipFile(book) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as full:
        for part in parts.infolist():
            text = parts.read(part)
            if part.filename in rows:
                head, end, tail = text.partition(b"</sheetData>")
                text = head + "".join(rows[part.filename]).encode("utf-8") + end + tail
            full.writestr(part.filename, text, compresslevel=_COMPRESSION)
    return out.getvalue()
