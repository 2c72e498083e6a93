"""Excel workbooks for people: tables with a head, written straight as the XML of the format.

Every text is a text cell, so that none acts as a formula, and dates are dates. Written by hand
because a general library takes minutes for the lists of a large plan and puts the time of saving
into the file; the same tables give the same bytes here.

The parts are those of ECMA-376 (Office Open XML), part 1, SpreadsheetML.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from lowhaul.workbook import LONGEST_CELL, LONGEST_NAME, NO_TIME, UNFIT_NAME

Cell = str | int | float | date | None
MOST_ROWS = 1_048_576
"""What Excel takes."""
_PARTS_AT_ONCE = 500
"""Rows that are compressed together: one by one takes twice as long."""
_FIRST_DAY = date(1899, 12, 30).toordinal()
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PLAIN, _HEAD, _TEXT, _DAY = range(4)
"""Positions in the cell formats of `_STYLES`."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = f"""{_START}<styleSheet xmlns="{_MAIN}">\
<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\
<border><left/><right/><top/><bottom style="thin"><color rgb="FF16202A"/></bottom><diagonal/>\
</border>\
</borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" \
applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


@dataclass(frozen=True)
class Sheet:
    """A table to be written: heads, rows of texts, numbers and dates, and widths in characters.

    A row may be shorter than the heads: what is left is for people to fill in.
    """

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()


def filled_workbook(sheets: Iterable[Sheet]) -> bytes:
    """An Excel workbook; ValueError if a sheet has more rows than Excel takes."""
    tables = list(sheets)
    names = _names(tables)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in _frame_parts(tables, names):
            archive.writestr(_entry(part), text)
        for i, table in enumerate(tables, start=1):
            if len(table.rows) >= MOST_ROWS:
                raise ValueError(f"{table.name}: {len(table.rows)} rows are more than Excel takes")
            entry = _entry(f"xl/worksheets/sheet{i}.xml")
            with archive.open(entry, "w", force_zip64=True) as sheet:
                parts = _sheet_parts(table)
                while text := "".join(islice(parts, _PARTS_AT_ONCE)):
                    sheet.write(text.encode("utf-8"))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (*NO_TIME, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _names(tables: Sequence[Sheet]) -> list[str]:
    """What each sheet is called: without the signs Excel refuses, and no two alike."""
    names: list[str] = []
    for table in tables:
        plain = UNFIT_NAME.sub(" ", _UNFIT.sub(" ", table.name)).strip(" '")[:LONGEST_NAME]
        name, n = plain or "Sheet", 2
        while name.casefold() in {other.casefold() for other in names}:
            tail = f" {n}"
            name, n = (plain or "Sheet")[: LONGEST_NAME - len(tail)] + tail, n + 1
        names.append(name)
    return names


def _frame_parts(tables: Sequence[Sheet], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Everything of the package but the sheets: by name, its text."""
    count = range(1, len(tables) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for i in count
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_START}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
            f"{kinds}</Types>"
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'{_START}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{_LINKS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in count
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        (
            f'{_START}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
            f'<Relationship Id="rId{len(tables) + 1}" Type="{_LINKS}/styles" Target="styles.xml"/>'
            "</Relationships>"
        ),
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"/>'
        for i, name in zip(count, names, strict=True)
    )
    heads = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{i - 1}">'
        f"{escape(_quoted(name))}!$1:$1</definedName>"
        for i, name in zip(count, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (
            f'{_START}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{sheets}</sheets>'
            f"<definedNames>{heads}</definedNames></workbook>"
        ),
    )
    yield "xl/styles.xml", _STYLES


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _sheet_parts(table: Sheet) -> Iterator[str]:
    """The XML of one sheet, a row at a time."""
    columns = [column_letters(i) for i in range(1, max(len(table.heads), 1) + 1)]
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>'
        for i, w in enumerate(table.widths, start=1)
    )
    yield (
        f'{_START}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        + (f"<cols>{widths}</cols>" if widths else "")
        + "<sheetData>"
    )
    yield _row(1, columns, table.heads, _HEAD)
    for number, values in enumerate(table.rows, start=2):
        yield _row(number, columns, values, _TEXT)
    yield (
        "</sheetData>"
        '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )


def _row(number: int, columns: Sequence[str], values: Sequence[Cell], text_style: int) -> str:
    cells = [f'<row r="{number}">']
    if len(values) > len(columns):
        raise ValueError(f"row {number} has more cells than the table has heads")
    for column, value in zip(columns, values, strict=False):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            text = escape(_UNFIT.sub(" ", value[:LONGEST_CELL]))
            cells.append(
                f'<c r="{column}{number}" s="{text_style}" t="inlineStr"><is>'
                f'<t xml:space="preserve">{text}</t></is></c>'
            )
        elif isinstance(value, date):
            days = value.toordinal() - _FIRST_DAY
            cells.append(f'<c r="{column}{number}" s="{_DAY}"><v>{days}</v></c>')
        elif math.isfinite(value):  # no cell for what is not a number
            cells.append(f'<c r="{column}{number}"><v>{value}</v></c>')
    cells.append("</row>")
    return "".join(cells)


def column_letters(number: int) -> str:
    """What Excel calls a column, counted from 1: A, Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
