"""Excel workbooks: cells that hold a spreadsheet error, and books that are saved without a time.

The reader gives an error (#N/A of a failed look-up, say) as a blank cell, and a blank means a
default. So errors are looked up in the file itself and stand in the table as the text they show.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: [a-z]+="[^"]*")*? t="e"[^>]*>'
    rb"(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>"
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
EXPLANATION = "Lowhaul explanation"
"""The sheet of a template that explains its columns and holds a sample: no table, never read."""
NO_TIME = (1980, 1, 1)
"""The day in place of the time of saving; a zip archive knows none before it."""
UNFIT_NAME = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31
LONGEST_CELL = 32_000
"""What Excel takes: signs in a sheet's name and in a cell."""


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
