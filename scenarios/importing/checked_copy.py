"""The workbook as it came, with doubtful cells coloured and explained: ready to send back.

Formulas are replaced by their values and nothing is linked or run; a text that begins like a
formula stays a text. A CSV file comes back as a workbook.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from lowhaul.findings import Finding
from scenarios.importing.refusals import LONGEST_CELL
from scenarios.importing.result import Imported, worst
from scenarios.importing.sheets import Sheet
from scenarios.importing.texts import clean_text
from scenarios.importing.workbooks import open_with_formulas

MOST_CELLS_COPIED = 400_000
MOST_COMMENTS = 5_000
LIST_SHEET = "Lowhaul findings"
COLOURS = {"error": "F4B6B0", "warning": "FBE3A2", "info": "DCE9F5"}
LONGEST_COMMENT = 600
_HEAD = ("sheet", "row", "column", "cell", "value", "code", "severity", "message", "hint")


def checked_copy(imported: Imported) -> bytes | None:
    """The coloured workbook as bytes; None if the file is too large to be copied."""
    cells = sum(sheet.height * sheet.width for sheet in imported.sheets)
    if cells > MOST_CELLS_COPIED:
        return None
    book = open_with_formulas(imported.data, values=True) if imported.is_workbook else None
    for own in (book, None):
        try:
            made = own if own is not None else rebuilt(imported.sheets)
            _mark(made, imported)
            out = io.BytesIO()
            made.save(out)
            return out.getvalue()
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
            if own is None:
                return None  # what was read cannot be written by any means
    return None


def rebuilt(sheets: Sequence[Sheet]) -> Any:
    """A new workbook with the texts, numbers and dates of the sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page: Any = book.create_sheet(_title(sheet.name or "data"))
        for r, row in enumerate(sheet.rows, start=1):
            for c, value in enumerate(row, start=1):
                if value not in (None, ""):
                    write(page.cell(row=r, column=c), value)
    return book


def write(cell: Any, value: Any) -> None:
    """Write a value into a cell; a text is a text, also where it begins with = + - or @."""
    if isinstance(value, str):
        cell.value = clean_text(value)[:LONGEST_CELL]
        cell.data_type = "s"
    else:
        cell.value = value


def _title(name: str) -> str:
    title = "".join("_" if c in "[]:*?/\\" else c for c in clean_text(name)).strip("'")
    return title[:31] or "data"


def _mark(book: Any, imported: Imported) -> None:
    by_sheet: dict[str, list[Finding]] = {}
    for finding in imported.findings:
        by_sheet.setdefault(finding.sheet, []).append(finding)
    for sheet in imported.sheets:
        page = book[sheet.name] if sheet.name in book.sheetnames else _page(book, sheet)
        if page is None or not hasattr(page, "cell"):
            continue
        for (row, column), text in sheet.uncomputed.items():
            write(page.cell(row=row, column=column), text)
        colour(page, by_sheet.get(sheet.name, []))
    list_findings(book, imported.findings.items)


def _page(book: Any, sheet: Sheet) -> Any:
    title = _title(sheet.name or "data")
    return book[title] if title in book.sheetnames else None


def colour(page: Any, findings: Sequence[Finding]) -> None:
    """Colour the cells of the findings and hang their words on them."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.utils.cell import coordinate_to_tuple

    at: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        if finding.cell:
            at.setdefault(coordinate_to_tuple(finding.cell), []).append(finding)
        elif finding.row:
            at.setdefault((finding.row, 1), []).append(finding)
    for count, ((row, column), some) in enumerate(sorted(at.items())):
        cell = page.cell(row=row, column=column)
        if cell.__class__.__name__ == "MergedCell":
            continue
        cell.fill = PatternFill("solid", fgColor=COLOURS[worst(some)])
        if count >= MOST_COMMENTS:
            continue
        lines = [f"{f.code}: {f.message} {f.hint}".strip() for f in some]
        text = clean_text("\n".join(dict.fromkeys(lines)))[:LONGEST_COMMENT]
        own = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment(f"{own}{text}", "Lowhaul", height=120, width=320)


def list_findings(book: Any, findings: Sequence[Finding], *, with_file: bool = False) -> None:
    """Add a sheet with the findings (the first 100,000), each with its file where asked."""
    names = ("file", *_HEAD) if with_file else _HEAD
    title = LIST_SHEET
    while title in book.sheetnames:
        title = f"{title[:28]} +"
    page = book.create_sheet(title)
    for column, name in enumerate(names, start=1):
        write(page.cell(row=1, column=column), name)
    for row, finding in enumerate(findings[:100_000], start=2):
        for column, name in enumerate(names, start=1):
            value = getattr(finding, name)
            if value not in (None, ""):
                write(page.cell(row=row, column=column), value)
    page.freeze_panes = "A2"
