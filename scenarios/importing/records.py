"""From the rows of a found table to records: which cells mean what, and which rows are no data.

Totals, notes, repeated headings, hidden rows and rows that stand twice are no data. They are left
out with a reason, never silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lowhaul.findings import Finding, Findings, Severity
from scenarios.importing.accounting import Accounting
from scenarios.importing.dates import order_shown
from scenarios.importing.header import Block, Column
from scenarios.importing.mapping import IGNORE, SheetMapping
from scenarios.importing.numbers import Separators
from scenarios.importing.sheets import Cell, Sheet
from scenarios.importing.vocabulary import DITTO, TOTALS, key

_SIGN = re.compile(r"(?<![A-Za-z])[$¥]")
_TOTAL_KEYS = frozenset(key(word) for word in TOTALS)
_DITTO_KEYS = frozenset(word.casefold() for word in DITTO)
Which = tuple[str, tuple[str, ...], str, float | None]


@dataclass
class Record:
    """A row of data: its cells by what they mean."""

    sheet: Sheet
    block: Block
    row: int
    cells: list[tuple[Column, Cell]]

    def all(self, name: str) -> list[tuple[Column, Cell]]:
        """The cells of a field, in the order of the columns."""
        return self._by_field.get(name, [])

    @cached_property
    def _by_field(self) -> dict[str, list[tuple[Column, Cell]]]:
        found: dict[str, list[tuple[Column, Cell]]] = {}
        for column, cell in self.cells:
            found.setdefault(column.meaning.field, []).append((column, cell))
        return found

    def first(self, name: str) -> tuple[Column, Cell] | None:
        """The first filled cell of a field, else the first."""
        found = self.all(name)
        return next(
            ((c, x) for c, x in found if x.text or x.uncomputed), found[0] if found else None
        )

    def text(self, name: str) -> str:
        """The text of a field, blank where there is none."""
        found = self.first(name)
        return found[1].text if found else ""


@dataclass
class Reading:
    """What a file's reading shares: the mapping, the findings, the accounting, the language."""

    mapping: SheetMapping
    findings: Findings
    accounting: Accounting
    language: str = ""
    seen: set[str] = field(default_factory=set)
    """Decimal signs that some number of the file proves."""
    separators: dict[tuple[str, int, int], Separators] = field(default_factory=dict)
    orders: dict[tuple[str, int, int], tuple[str, str]] = field(default_factory=dict)
    told: set[tuple[str, ...]] = field(default_factory=set)
    suggested: int = 0
    """Unknown places for which a similar name was looked for."""

    def tell(
        self,
        code: str,
        severity: Severity,
        record: Record,
        at: tuple[Column, Cell] | None,
        message: str,
        hint: str = "",
    ) -> None:
        """A finding about a cell of a record, or about the row."""
        column, cell = at if at else (None, None)
        self.findings.add(
            Finding(
                code, severity, message, hint, record.sheet.file, record.sheet.name, record.row,
                column.heading if column else "", cell.name if cell else "",
                (cell.text or cell.uncomputed)[:200] if cell else "",
            )
        )  # fmt: skip

    def tell_once(
        self, code: str, severity: Severity, sheet: Sheet, message: str, hint: str = "",
        row: int | None = None, column: str = "", cell: str = "", value: str = "",
    ) -> None:  # fmt: skip
        """A finding about a sheet or a column, said once."""
        if (code, sheet.name, column, message) in self.told:
            return
        self.told.add((code, sheet.name, column, message))
        self.findings.add(
            Finding(
                code,
                severity,
                message,
                hint,
                sheet.file,
                sheet.name,
                row,
                column,
                cell,
                value[:200],
            )
        )

    def separators_of(self, record: Record, column: Column) -> Separators:
        """The decimal sign of a column, from the numbers in it."""
        at = (record.sheet.name, record.block.first, column.position)
        if at not in self.separators:
            texts = _texts_of(record.sheet, record.block, column)
            found = Separators.of(texts, self.mapping.decimal, self.language)
            found.file_seen = self.seen
            self.separators[at] = found
        return self.separators[at]

    def date_order(self, record: Record, column: Column) -> str:
        """The order of day and month of a column: stated, or shown by one of its dates (told)."""
        if self.mapping.date_order:
            return self.mapping.date_order
        at = (record.sheet.name, record.block.first, column.position)
        if at not in self.orders:
            order, text = order_shown(_texts_of(record.sheet, record.block, column))
            self.orders[at] = (order, text)
            if order:
                words = "day before month" if order == "dmy" else "month before day"
                self.tell_once(
                    "W508", "warning", record.sheet,
                    f'Dates of this column were read {words}, as "{text}" can only be.',
                    f"State date_order: {order} in mapping.yaml, or the other one.",
                    record.block.header_rows[-1], column.heading, "", text,
                )  # fmt: skip
        return self.orders[at][0]


def _texts_of(sheet: Sheet, block: Block, column: Column) -> Iterator[str]:
    for row in range(block.first, block.last + 1):
        value = sheet.cell(row, column.position).value
        if isinstance(value, str):
            yield value


def columns_of(block: Block, sheet: Sheet, reading: Reading) -> list[Column]:
    """The columns that are read; what is not recognised, only similar, hidden or given twice is
    told."""
    taken: dict[Which, Column] = {}
    kept = []
    for column in block.columns:
        m = column.meaning
        filled = any(True for _ in _filled(sheet, block, column))
        if not column.heading and not filled:
            continue
        if m.field == IGNORE:
            continue
        if column.hidden and reading.mapping.hidden != "use":
            if filled:
                _about(
                    reading, "W504", sheet, block, column,
                    "The column is hidden and was not read.",
                    "Unhide it, or set hidden: use in mapping.yaml.",
                )  # fmt: skip
            continue
        if m.known and m.how == "similar":
            _about(
                reading, "W503", sheet, block, column,
                f'The heading is not known; it was taken for "{m.likely}" ({m.field}).',
                "Check it in mapping.yaml.",
            )  # fmt: skip
        if m.currency and _SIGN.search(column.heading) and m.how != "stated":
            _about(
                reading, "W512", sheet, block, column,
                f"The heading has a sign of several currencies; {m.currency} was taken.",
                "Write the code of the currency.",
            )  # fmt: skip
        which = (m.field, m.equipment, m.code, m.from_kg)
        if m.known and m.field != "remarks" and which in taken:
            if filled:
                _about(
                    reading, "W523", sheet, block, column,
                    f"The column means {m.field}, as {taken[which].heading} does; it was not read.",
                    "Give it another field in mapping.yaml, or ignore.",
                )  # fmt: skip
            continue
        if not m.known and filled:
            name = f'"{column.heading}"' if column.heading else "without a heading"
            _about(
                reading, "W502", sheet, block, column, f"The column {name} is not known.",
                "Give it a field in mapping.yaml, or ignore. Tables with remarks keep its texts.",
            )  # fmt: skip
        if m.known and filled:
            taken[which] = column
        if filled or m.known:
            kept.append(column)
    return kept


def _filled(sheet: Sheet, block: Block, column: Column) -> Iterator[Cell]:
    for row in range(block.first, block.last + 1):
        cell = sheet.merged_cell(row, column.position)
        if cell.text or cell.uncomputed:
            yield cell


def _about(
    reading: Reading, code: str, sheet: Sheet, block: Block, column: Column, message: str, hint: str
) -> None:
    row = block.header_rows[-1]
    cell = sheet.merged_cell(row, column.position)
    reading.tell_once(
        code, "warning", sheet, message, hint, row, column.heading, cell.name, column.heading
    )


def records_of(block: Block, sheet: Sheet, reading: Reading) -> Iterator[Record]:
    """The rows of data of a table; all others are accounted for."""
    columns = columns_of(block, sheet, reading)
    heading = [sheet.cell(block.header_rows[-1], c.position).text for c in block.columns]
    above: dict[int, Cell] = {}
    for row in range(block.first, block.last + 1):
        if sheet.is_blank(row):
            continue
        if row in sheet.hidden_rows and reading.mapping.hidden != "use":
            _skip(reading, sheet, row, "W504", "The row is hidden and was not used.",
                  "Unhide it, or set hidden: use in mapping.yaml.")  # fmt: skip
            continue
        cells = [(c, sheet.merged_cell(row, c.position)) for c in columns]
        texts = [(c, x.text) for c, x in cells if x.text or x.uncomputed]
        if not texts:
            reading.accounting.because(
                sheet.name, row, "nothing stands in the columns that are read"
            )
            continue
        own = [sheet.cell(row, c.position).text for c in block.columns]
        if own == heading:
            reading.accounting.heading(sheet.name, row)
            continue
        if any(key(text) in _TOTAL_KEYS for text in own[:4] if text):
            _skip(reading, sheet, row, "W505", "The row is a total and was not used.")
            continue
        if len({(x.row, x.column) for _, x in cells if x.text or x.uncomputed}) == 1 < len(columns):
            text = texts[0][1]
            _skip(reading, sheet, row, "W506", "The row is a note and was not used.",
                  "Read it: it may change prices.", text)  # fmt: skip
            continue
        yield Record(sheet, block, row, _filled_down(cells, above, reading))


def _skip(
    reading: Reading,
    sheet: Sheet,
    row: int,
    code: str,
    message: str,
    hint: str = "",
    value: str = "",
) -> None:
    reading.accounting.because(sheet.name, row, message)
    reading.findings.add(
        Finding(code, "warning", message, hint, sheet.file, sheet.name, row, value=value[:200])
    )


def _filled_down(
    cells: list[tuple[Column, Cell]], above: dict[int, Cell], reading: Reading
) -> list[tuple[Column, Cell]]:
    """Ditto marks, and blanks where the mapping says so, have the cell above them."""
    filled = []
    for column, cell in cells:
        ditto = cell.text.casefold() in _DITTO_KEYS
        blank = not cell.text and not cell.uncomputed
        if (ditto or (blank and column.meaning.field in reading.mapping.fill_down)) and (
            column.position in above
        ):
            cell = above[column.position]
        elif not blank:
            above[column.position] = cell
        filled.append((column, cell))
    return filled
