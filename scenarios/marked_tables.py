"""A workbook of a project's tables in which each cell with a finding is coloured and explained.

It is a copy to read and mend by: the tables of the project are not changed. Tables without
findings are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lowhaul.errors import InputRejected
from lowhaul.findings import Finding, Findings
from lowhaul.workbook import saved
from scenarios.importing.checked_copy import MOST_CELLS_COPIED, colour, list_findings, rebuilt
from scenarios.importing.importer import read_file
from scenarios.importing.sheets import Sheet
from scenarios.importing.text_files import read_text_table
from scenarios.importing.workbooks import read_workbook_sheets

DATA = "data"


def marked_tables(folder: Path, findings: Sequence[Finding]) -> tuple[bytes, list[str]]:
    """The workbook, and the files with findings in cells that could not be copied into it.

    Its last sheet lists all findings, also those about project.yaml or a file as a whole.
    """
    wanted: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.row is not None:
            wanted.setdefault(finding.file, []).append(finding)
    sheets, left_out = [], []
    room = MOST_CELLS_COPIED
    for label, some in wanted.items():
        own = [s for s in _sheets(folder, label) if s.name in {f.sheet for f in some}]
        cells = sum(sheet.height * sheet.width for sheet in own)
        if not own or cells > room:
            left_out.append(label)
            continue
        room -= cells
        sheets += own
    book = rebuilt([replace(s, name=s.name or Path(s.file).stem) for s in sheets])
    for sheet, page in zip(sheets, list(book.worksheets), strict=True):
        page.freeze_panes = "A2"
        colour(page, [f for f in wanted[sheet.file] if f.sheet == sheet.name])
    list_findings(book, findings, with_file=True)
    return saved(book), left_out


def _sheets(folder: Path, label: str) -> Iterable[Sheet]:
    """The sheets of a table file of the project; none where it cannot be read."""
    paths = {f"{DATA}/{p.name}": p for p in (folder / DATA).glob("*") if p.is_file()}
    path = paths.get(label)
    if path is None or path.suffix.lower() not in (".csv", ".xlsx"):
        return []
    try:
        data = read_file(path)
        if path.suffix.lower() == ".xlsx":
            return read_workbook_sheets(data, label, Findings())
        return [read_text_table(data, label, Findings(), "utf-8", ",")]
    except InputRejected:
        return []  # its findings stand in the list; the caller names the file
