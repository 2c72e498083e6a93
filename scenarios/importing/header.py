"""Finds tables on a sheet: where their headings stand, in one row or two, merged or not.

A row is a heading if none of its cells is a number (weight breaks apart) and enough of them are
known words. Two rows belong together where the lower one continues the upper (`Ocean freight`
over `20GP | 40GP | 40HC`) or says it again in another language. A sheet may hold several tables;
each ends where the next one's heading begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from scenarios.importing.columns import Meaning, meaning_of
from scenarios.importing.mapping import TABLES, SheetMapping
from scenarios.importing.sheets import Sheet
from scenarios.importing.vocabulary import headings, key

LOOK_CLOSELY = 40
"""So many rows from the top every row is looked at with all means; below, a heading must repeat
plain known words."""
LEAST_KNOWN = 3
LEAST_KNOWN_STATED = 2
"""Where the planner has said which table it is."""
LEAST_SHARE = 0.3
LONGEST_HEADING_CELL = 200
BEGINS = frozenset({"origin", "lane_id", "order_id", "sku", "location", "charge_code"})
"""Fields that a table has once: the second one begins another table."""
BREAK_KG = frozenset({"45", "50", "70", "100", "250", "300", "500", "1000", "2000", "3000", "5000"})
_NUMERIC = re.compile(r"[$€£¥]?\s?[+\-]?\d[\d.,\s]*%?\Z")

_SIGNS: dict[str, Callable[[set[str]], bool]] = {
    "bids": lambda f: (
        bool(f & {"rate", "weight_break"})
        and bool(f & {"origin", "destination", "lane_id", "requested_origin", "origin_zip"})
    ),
    "bid_charges": lambda f: {"charge_code", "amount"} <= f,
    "orders": lambda f: (
        "quantity" in f and bool(f & {"sku", "order_id"}) and bool(f & {"ready_date", "due_date"})
    ),
    "load_list": lambda f: len(f & {"length_mm", "width_mm", "height_mm"}) >= 2,
    "empties": lambda f: (
        {"equipment", "quantity"} <= f and bool(f & {"free_until", "return_to", "available_from"})
    ),
}
"""The fields without which a table is not what it seems."""


@dataclass(frozen=True)
class Column:
    """A column of a table on a sheet."""

    position: int
    heading: str
    meaning: Meaning
    hidden: bool = False


@dataclass(frozen=True)
class Block:
    """One table on a sheet: its heading rows, its columns, and its rows of data."""

    table: str
    header_rows: tuple[int, ...]
    columns: tuple[Column, ...]
    first: int
    last: int

    @property
    def language(self) -> str:
        """The language that most of its headings are in."""
        found = [c.meaning.language for c in self.columns if c.meaning.language]
        return max(sorted(set(found)), key=found.count) if found else ""


def find_blocks(sheet: Sheet, mapping: SheetMapping, table: str = "") -> list[Block]:
    """The tables of a sheet from top to bottom; `table` where the planner has said which."""
    tables = (table,) if table else TABLES
    heads: list[tuple[str, tuple[int, ...]]] = []
    row = 1
    while row <= sheet.height:
        found = _head_at(sheet, row, mapping, tables, bool(table), first=not heads)
        if found:
            row = found[1][-1]
            if heads and len(heads[-1][1]) == len(found[1]) == 1 and heads[-1][1][0] == row - 1:
                # the same headings again in another language
                heads[-1] = (heads[-1][0], (row - 1, row))
            else:
                heads.append(found)
        row += 1
    blocks = []
    for i, (name, rows) in enumerate(heads):
        last = heads[i + 1][1][0] - 1 if i + 1 < len(heads) else sheet.height
        columns = _columns(sheet, rows, mapping, name)
        whole = Block(name, rows, columns, rows[-1] + 1, last)
        blocks += _side_by_side(sheet, whole)
    return blocks


def _side_by_side(sheet: Sheet, block: Block) -> list[Block]:
    """The tables that stand beside one another under one row of headings; mostly there is one.

    A second one begins after an empty column, or where the place, order or product that a row
    begins with comes again; each must have all that such a table needs.
    """
    parts: list[list[Column]] = [[]]
    gap = False
    for column in block.columns:
        filled = bool(column.heading) or any(
            sheet.cell(row, column.position).text for row in range(block.first, block.last + 1)
        )
        if not filled:
            gap = True
            continue
        fields = {c.meaning.field for c in parts[-1]}
        again = column.meaning.field in BEGINS and column.meaning.field in fields
        if (gap or again) and _SIGNS.get(block.table, bool)(fields):
            parts.append([])
        gap = False
        parts[-1].append(column)
    signs = _SIGNS.get(block.table)
    if len(parts) < 2 or not signs:
        return [block]
    if not all(signs({c.meaning.field for c in part}) for part in parts):
        return [block]
    return [replace(block, columns=tuple(part)) for part in parts]


def _head_at(
    sheet: Sheet,
    row: int,
    mapping: SheetMapping,
    tables: Sequence[str],
    stated: bool,
    first: bool,
) -> tuple[str, tuple[int, ...]] | None:
    texts = _texts(sheet, row)
    if not texts or not _may_be_heading(texts, mapping, tables, row <= LOOK_CLOSELY):
        return None
    best: tuple[int, str, tuple[int, ...]] | None = None
    for name in tables:
        for rows in _stretches(sheet, row):
            known = _known(sheet, rows, mapping, name)
            if known is None or not _enough(
                known, len(texts), name, stated or bool(mapping.columns)
            ):
                continue
            if best is None or len(known) > best[0]:
                best = (len(known), name, rows)
    return (best[1], best[2]) if best else None


def _texts(sheet: Sheet, row: int) -> dict[int, str]:
    """The texts of a row by column; empty if it holds a number that is no heading."""
    texts: dict[int, str] = {}
    for column in range(1, len(sheet.rows[row - 1]) + 1):
        cell = sheet.cell(row, column)
        text = cell.text
        if not text:
            continue
        if (not isinstance(cell.value, str) or _NUMERIC.match(text)) and (
            text not in BREAK_KG
            and text not in ("20", "40", "45")
            and not text.startswith(("+", "-"))
        ):
            return {}
        if len(text) > LONGEST_HEADING_CELL:
            return {}
        texts[column] = text
    return texts


def _may_be_heading(
    texts: dict[int, str], mapping: SheetMapping, tables: Iterable[str], closely: bool
) -> bool:
    if len(texts) < 2:
        return False
    if closely:
        return True
    words = _plain_words(tuple(tables))
    return sum(key(t) in words or mapping.of_heading(t) is not None for t in texts.values()) >= 2


@lru_cache(maxsize=20)
def _plain_words(tables: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for table in tables for word in headings(table))


def _stretches(sheet: Sheet, row: int) -> list[tuple[int, ...]]:
    """The rows that could together be the heading that begins here: one row, or two."""
    stretches: list[tuple[int, ...]] = [(row,)]
    if row < sheet.height and _texts(sheet, row + 1):
        stretches.append((row, row + 1))
    return stretches


def _known(
    sheet: Sheet, rows: tuple[int, ...], mapping: SheetMapping, table: str
) -> set[tuple[object, ...]] | None:
    """What is recognised, once each; None where a second row adds nothing of its own."""
    found: set[tuple[object, ...]] = set()
    below = 0
    for column in range(1, sheet.width + 1):
        parent, heading = _heading(sheet, rows, column)
        meaning = _meaning(heading, parent, mapping, table, similar=False)
        if meaning.known:
            found.add((meaning.field, meaning.equipment, meaning.code, meaning.from_kg))
            below += bool(len(rows) == 2 and _own(sheet, rows[1], column))
    if len(rows) == 2:
        beneath = [c for c in range(1, sheet.width + 1) if _own(sheet, rows[1], c)]
        if below < max(2, 0.6 * len(beneath)):
            return None
    return found


def _own(sheet: Sheet, row: int, column: int) -> str:
    return "" if (row, column) in sheet.merged else sheet.cell(row, column).text


def _enough(known: set[tuple[object, ...]], cells: int, table: str, stated: bool) -> bool:
    fields = {str(k[0]) for k in known}
    least = LEAST_KNOWN_STATED if stated else LEAST_KNOWN
    # a row of data may hold names of boxes, currencies and surcharges: they alone are no heading
    words = fields - {"rate", "charge", "weight_break", "min_charge"}
    if len(known) < least or not words or len(known) < LEAST_SHARE * cells:
        return False
    return stated or _SIGNS[table](fields)


def _heading(sheet: Sheet, rows: tuple[int, ...], column: int) -> tuple[str, str]:
    """The heading above a column's heading (blank: none) and its own."""
    if len(rows) == 1:
        own = sheet.merged_cell(rows[0], column).text
        return _above(sheet, rows[0], column), own
    upper = _upper(sheet, rows, column)
    lower = (
        ""
        if sheet.merged.get((rows[1], column), (rows[1], 0))[0] == rows[0]
        else _own(sheet, rows[1], column)
    )
    if not lower:
        return _above(sheet, rows[0], column), upper
    return (upper, lower) if upper != lower else ("", lower)


def _upper(sheet: Sheet, rows: tuple[int, ...], column: int) -> str:
    """The upper heading of a column: its own, its merged range's, or the last one to the left."""
    own = sheet.merged_cell(rows[0], column).text
    if own or sheet.merged or not _own(sheet, rows[1], column):
        return own
    for left in range(column - 1, 0, -1):
        if text := sheet.cell(rows[0], left).text:
            # a text file has no merged cells: the heading goes on until the next one
            return text if not _is_full(sheet, rows, left) else ""
    return ""


def _is_full(sheet: Sheet, rows: tuple[int, ...], column: int) -> bool:
    """True where the upper heading stands over a column without a lower one: it ends there."""
    return not _own(sheet, rows[1], column)


def _above(sheet: Sheet, row: int, column: int) -> str:
    """The merged heading in the row above, where it covers some columns and not all."""
    first = sheet.spanned(row - 1).get(column) if row > 1 else None
    return sheet.cell(*first).text if first else ""


def _meaning(
    heading: str, parent: str, mapping: SheetMapping, table: str, *, similar: bool
) -> Meaning:
    for text in (shown(parent, heading), heading):
        if (stated := mapping.of_heading(text)) is not None:
            return stated
    if not heading:
        return Meaning()
    return meaning_of(heading, table, parent, similar=similar)


def shown(parent: str, heading: str) -> str:
    """A heading with the one above it, as it is written into mapping.yaml."""
    return f"{parent} | {heading}" if parent and heading else parent or heading


def _columns(
    sheet: Sheet, rows: tuple[int, ...], mapping: SheetMapping, table: str
) -> tuple[Column, ...]:
    """The columns of a table; where several have one meaning, the first with anything in it."""
    columns = []
    for position in range(1, sheet.width + 1):
        parent, heading = _heading(sheet, rows, position)
        meaning = _meaning(heading, parent, mapping, table, similar=True)
        hidden = position in sheet.hidden_columns
        columns.append(Column(position, shown(parent, heading), meaning, hidden))
    return tuple(columns)
