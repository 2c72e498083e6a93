"""`lowhaul import`: one file becomes rows of the tables of a project, or is refused with reasons.

Reading, finding the tables, taking rows apart and judging them are in the modules beside this
one; here they follow one another. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lowhaul.columns import Table
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES, SINGLE_FILE_TABLES
from lowhaul.workbook import EXPLANATION
from routing.places import Place
from scenarios.importing.accounting import Accounting
from scenarios.importing.bids import BidWriter
from scenarios.importing.columns import Meaning
from scenarios.importing.header import Block, find_blocks
from scenarios.importing.judge import judged
from scenarios.importing.mapping import IGNORE, REMARKS, SheetMapping, mapping_text
from scenarios.importing.numbers import evidence
from scenarios.importing.plain import PlainWriter
from scenarios.importing.ports import Gazetteer
from scenarios.importing.records import Reading, records_of
from scenarios.importing.refusals import MOST_CELLS, MOST_FILE_BYTES, refused
from scenarios.importing.result import Imported
from scenarios.importing.sheets import Sheet
from scenarios.importing.text_files import read_text_table
from scenarios.importing.values import OutRow, Values
from scenarios.importing.workbooks import OLE_MARK, ZIP_MARK, read_workbook_sheets

Headings = list[tuple[str, Meaning]]


@dataclass(frozen=True)
class Known:
    """What a project knows: its places, its carriers' ids by the key of id and name, its lanes, and
    the day that it is planned for."""

    places: Mapping[str, Place]
    carriers: Mapping[str, str]
    lanes: frozenset[str]
    as_of: date | None = None


def import_file(
    file: Path,
    *,
    table: str = "",
    mapping: SheetMapping | None = None,
    language: str = "",
    carrier: str = "",
    as_of: date | None = None,
    known: Known | None = None,
) -> Imported:
    """Read a file into the rows of tables. Raises InputRejected if it is refused as a whole."""
    data = read_file(file)
    return import_bytes(
        data, file.name, table=table, mapping=mapping, language=language, carrier=carrier,
        as_of=as_of, known=known,
    )  # fmt: skip


def read_file(file: Path) -> bytes:
    """The file's bytes, unless it is larger than any tender answer is."""
    try:
        size = file.stat().st_size
        if size > MOST_FILE_BYTES:
            most = MOST_FILE_BYTES // 1024**2
            message = (
                f"The file has {size / 1024**2:,.0f} MB, more than the {most} MB that are read."
            )
            raise refused("E501", file.name, message, "Cut it into parts.")
        return file.read_bytes()
    except OSError as error:
        raise refused("E011", file.name, f"The file cannot be read ({error.strerror}).") from None


def import_bytes(
    data: bytes,
    name: str,
    *,
    table: str = "",
    mapping: SheetMapping | None = None,
    language: str = "",
    carrier: str = "",
    as_of: date | None = None,
    known: Known | None = None,
    declared: Mapping[str, Table] | None = None,
) -> Imported:
    """The same of bytes. `declared`: other tables than Lowhaul's own, for `table`."""
    mapping = mapping or SheetMapping()
    table = table or mapping.table
    tables = {**INPUT_TABLES, **SINGLE_FILE_TABLES, **(declared or {})}
    findings = Findings()
    if not data.strip():
        raise refused("E011", name, "The file is empty.")
    is_workbook = data.startswith((ZIP_MARK, OLE_MARK))
    if is_workbook:
        sheets = read_workbook_sheets(data, name, findings)
    else:
        sheets = [read_text_table(data, name, findings, mapping.encoding, mapping.separator)]
    work = _Work(name, sheets, mapping, findings, table, language, carrier, as_of, known, tables)
    return work.imported(data, is_workbook)


class _Work:
    """The steps of one import, and what they share."""

    def __init__(
        self,
        name: str,
        sheets: list[Sheet],
        mapping: SheetMapping,
        findings: Findings,
        table: str,
        language: str,
        carrier: str,
        as_of: date | None,
        known: Known | None,
        tables: Mapping[str, Table],
    ) -> None:
        self.name, self.sheets, self.mapping, self.findings = name, sheets, mapping, findings
        self.table, self.carrier, self.known, self.tables = table, carrier, known, tables
        self.as_of = as_of or (known.as_of if known else None) or date.today()
        self.reading = Reading(mapping, findings, Accounting())
        self.reading.language = language or mapping.language
        places = known.places if known else None
        as_written = mapping.place_ids == "as_written"
        self.gazetteer = Gazetteer(mapping.places, places, as_written)
        self.writers: dict[str, BidWriter | PlainWriter] = {}

    def imported(self, data: bytes, is_workbook: bool) -> Imported:
        """Find the tables, write their rows, judge them."""
        found = [(sheet, block) for sheet in self.sheets for block in self._blocks(sheet)]
        self._count_rows(found)
        if not found:
            self._refuse_without_table()
        if not self.reading.language:
            languages = [b.language for _, b in found if b.language]
            self.reading.language = (
                max(sorted(set(languages)), key=languages.count) if languages else ""
            )
        self._look_for_decimals(found)
        for sheet, block in found:
            writer = self._writer(block.table)
            for record in records_of(block, sheet, self.reading):
                writer.take(Values(record, self.reading, self.gazetteer))
        return self._result(found, data, is_workbook)

    def _blocks(self, sheet: Sheet) -> list[Block]:
        if sheet.name == EXPLANATION or (sheet.hidden and self.mapping.hidden != "use"):
            return []
        return find_blocks(sheet, self.mapping, self.table)

    def _count_rows(self, found: list[tuple[Sheet, Block]]) -> None:
        accounting = self.reading.accounting
        for sheet in self.sheets:
            blocks = [block for s, block in found if s is sheet]
            first = min((b.header_rows[0] for b in blocks), default=0)
            reason = "no table was found on the sheet"
            if sheet.hidden and self.mapping.hidden != "use":
                reason = "the sheet is hidden"
            if sheet.name == EXPLANATION:
                reason = "the sheet explains the template"
            filled = 0
            for row in range(1, sheet.height + 1):
                if sheet.is_blank(row):
                    continue
                filled += 1
                accounting.read(sheet.file, sheet.name, row)
                if not blocks:
                    accounting.because(sheet.name, row, reason)
                elif row < first:
                    accounting.because(sheet.name, row, "stands above the table")
            for block in blocks:
                for row in block.header_rows:
                    accounting.heading(sheet.name, row)
            if filled and not blocks and sheet.name != EXPLANATION:
                hint = "State table (bids, orders, ...) in mapping.yaml or with --as."
                if sheet.hidden:
                    hint = "Unhide it, or set hidden: use in mapping.yaml."
                message = f"The sheet was not read: {reason}."
                self.findings.add(Finding("W518", "warning", message, hint, self.name, sheet.name))
            self._report_notes(sheet)

    def _report_notes(self, sheet: Sheet) -> None:
        for (row, column), text in sheet.notes.items():
            cell = sheet.cell(row, column)
            self.findings.add(
                Finding(
                    "W514", "warning", f'A note hangs on the cell: "{text[:200]}".',
                    "Notes are not read: see whether it changes the value.",
                    self.name, sheet.name, row, "", cell.name, cell.text[:200],
                )
            )  # fmt: skip

    def _refuse_without_table(self) -> None:
        what = f" for {self.table}" if self.table else ""
        message = f"No row of headings was found{what}."
        hint = (
            "State table and columns in mapping.yaml, or say --as bids, orders, empties, load_list."
        )
        findings = [*self.findings, Finding("E504", "error", message, hint, self.name)]
        raise InputRejected(findings)

    def _look_for_decimals(self, found: list[tuple[Sheet, Block]]) -> None:
        looked = 0
        for sheet, block in found:
            for row in sheet.rows[block.first - 1 : block.last]:
                for value in row:
                    if isinstance(value, str) and 0 < len(value) < 20 and looked < MOST_CELLS:
                        looked += 1
                        if sign := evidence(value):
                            self.reading.seen.add(sign)

    def _writer(self, table: str) -> BidWriter | PlainWriter:
        if table not in self.writers:
            constants = dict(self.mapping.constants)
            carriers = dict(self.known.carriers) if self.known else None
            lanes = self.known.lanes if self.known else None
            self.writers[table] = (
                BidWriter(self.carrier, constants, carriers, self.as_of, lanes)
                if table == "bids"
                else PlainWriter(self.tables[table], self._constants(table, constants), carriers)
            )
        return self.writers[table]

    def _constants(self, table: str, constants: dict[str, str]) -> dict[str, str]:
        if table == "bid_charges" and self.carrier:
            return {**constants, "carrier": self.carrier}
        return constants

    def _result(self, found: list[tuple[Sheet, Block]], data: bytes, is_workbook: bool) -> Imported:
        by_name = {sheet.name: sheet for sheet in self.sheets}
        accounting = self.reading.accounting
        rows: dict[str, list[OutRow]] = {}
        for writer in self.writers.values():
            for row in writer.rows:
                rows.setdefault(row.table, []).append(row)
        tables = {
            name: judged(self.tables[name], some, by_name, self.findings, accounting)
            for name, some in sorted(rows.items(), key=lambda item: item[0] != "bids")
        }
        _drop_orphans(tables, accounting)
        headings = _headings(found, self.tables)
        missing = sorted({m for w in self.writers.values() for m in w.missing})
        main = self.table or (found[0][1].table if found else "")
        text = mapping_text(main, self.reading.language, headings, self.mapping, missing)
        return Imported(
            self.name, data, self.sheets, tables, self.tables, self.findings, accounting, text,
            headings, is_workbook,
        )  # fmt: skip


def _drop_orphans(tables: dict[str, list[OutRow]], accounting: Accounting) -> None:
    """Surcharges of bids that were refused go with them."""
    if "bid_charges" not in tables:
        return
    ids = {row.values["bid_id"] for row in tables.get("bids", [])}
    kept = []
    for row in tables["bid_charges"]:
        if row.values.get("bid_id") and row.values["bid_id"] not in ids and "bids" in tables:
            accounting.taken_back(row.sheet, row.row, "its bid was refused")
        else:
            kept.append(row)
    tables["bid_charges"] = kept


def _headings(found: list[tuple[Sheet, Block]], tables: Mapping[str, Table]) -> Headings:
    """Each heading with its meaning; what is not known is kept in the remarks, if there are any."""
    headings: dict[str, Meaning] = {}
    for sheet, block in found:
        keeps = REMARKS in tables[block.table].names
        for column in block.columns:
            known = headings.get(column.heading)
            if not column.heading or (known is not None and known.field not in ("", IGNORE)):
                continue
            meaning = column.meaning
            if not meaning.known:
                filled = any(
                    sheet.cell(row, column.position).text
                    for row in range(block.first, block.last + 1)
                )
                meaning = Meaning(REMARKS if filled and keeps else IGNORE, "unknown")
            headings[column.heading] = meaning
    return list(headings.items())
