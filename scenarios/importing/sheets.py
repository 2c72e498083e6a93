"""A sheet as it arrived: what each cell holds, how it is shown, and what is hidden or merged.

Rows and columns count from 1, as a spreadsheet shows them. Nothing is interpreted here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from lowhaul.columns import cell_name
from lowhaul.reading import text_of

Position = tuple[int, int]
_ZEROS = re.compile(r"0{2,15}\Z")
ERROR_TEXT = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)\Z")


@dataclass(frozen=True)
class Cell:
    """One cell: `value` is a text, number, date or None; `shown` is its number format.

    `uncomputed` is the text of a formula that the file holds no result for.
    """

    row: int
    column: int
    value: Any = None
    shown: str = ""
    uncomputed: str = ""

    @property
    def name(self) -> str:
        """The A1 name."""
        return cell_name(self.column, self.row)

    @cached_property
    def text(self) -> str:
        """The cell as a person reads it: no `.0`, and the leading zeros that its format shows."""
        text = " ".join(text_of(self.value).split())
        if text.isdigit() and not isinstance(self.value, str) and _ZEROS.match(self.shown):
            return text.zfill(len(self.shown))
        return text

    @property
    def is_number(self) -> bool:
        """True where the file itself says that it is a number."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    @property
    def is_error(self) -> bool:
        """True for #N/A and its like."""
        return isinstance(self.value, str) and bool(ERROR_TEXT.match(self.value.strip()))


@dataclass
class Sheet:
    """The cells of a sheet by row, and what the workbook says about them."""

    file: str
    name: str
    rows: list[list[Any]]
    formats: Mapping[Position, str] = field(default_factory=dict)
    uncomputed: Mapping[Position, str] = field(default_factory=dict)
    notes: Mapping[Position, str] = field(default_factory=dict)
    merged: Mapping[Position, Position] = field(default_factory=dict)
    """Cells of merged ranges, each with the first cell of its range."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    day_zero: date = date(1899, 12, 30)
    """Day 0 of its day numbers (1904-01-01 in workbooks of the 1904 system)."""

    @cached_property
    def height(self) -> int:
        """Rows."""
        return len(self.rows)

    @cached_property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell as it stands in the file."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        value = cells[column - 1] if 0 < column <= len(cells) else None
        at = (row, column)
        value = None if value == "" else value
        return Cell(row, column, value, self.formats.get(at, ""), self.uncomputed.get(at, ""))

    def merged_cell(self, row: int, column: int) -> Cell:
        """The cell, or the first cell of the merged range that it lies in."""
        first = self.merged.get((row, column))
        return self.cell(*first) if first else self.cell(row, column)

    def spanned(self, row: int) -> Mapping[int, Position]:
        """The columns of a row that lie in a merged range over some of its columns, not all, each
        with the first cell of its range."""
        if row not in self._spans:
            cells: dict[Position, set[int]] = {}
            for column in range(1, self.width + 1):
                if first := self.merged.get((row, column)):
                    cells.setdefault(first, {first[1]}).add(column)
            self._spans[row] = {
                column: first
                for first, columns in cells.items()
                if len(columns) < self.width - 1
                for column in columns
            }
        return self._spans[row]

    @cached_property
    def _spans(self) -> dict[int, dict[int, Position]]:
        return {}

    def is_blank(self, row: int) -> bool:
        """True if nothing stands in the row."""
        if any(v is not None and text_of(v).strip() for v in self.rows[row - 1]):
            return False
        return row not in self._uncomputed_rows

    @cached_property
    def _uncomputed_rows(self) -> frozenset[int]:
        return frozenset(row for row, _ in self.uncomputed)
