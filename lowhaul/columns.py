"""How a table is declared: its columns, what each means, and what a cell of it may hold.

Each table of a project and of a result is declared once (`input_tables`, `result_tables`). Reading,
validation, blank templates, the reference pages and the error texts all come from that declaration.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

Kind = Literal[
    "id", "text", "number", "integer", "date", "yesno", "list", "numbers", "country", "currency"
]
"""What a cell holds. `id` names a thing (no separators in it), `list` is texts separated by `;`,
`numbers` is numbers separated by `;`, `country` is ISO 3166 alpha-2, `currency` is ISO 4217."""

Default = str | int | float | bool | date | None

LIST_SEPARATOR = ";"
LARGEST_NUMBER = 1e12
"""No mass, price or distance of a plan is larger; beyond it cents can no longer be kept exactly."""
EARLIEST_DATE = date(1990, 1, 1)
LATEST_DATE = date(2199, 12, 31)
LONGEST_ID = 120
LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `default` is what a blank cell means (None: not given). `refers_to` names `table.column` whose
    values the cell must be one of (`equipment` alone: a code or trade name). `choices` bounds a
    text or each item of a list; `at_least`, `at_most` and `above` bound a number.
    """

    name: str
    kind: Kind
    required: bool = False
    default: Default = None
    unit: str = ""
    about: str = ""
    refers_to: str = ""
    choices: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    also: tuple[str, ...] = ()
    """Values accepted beside those of the table referred to (SOC: the shipper's own boxes)."""

    @property
    def is_text(self) -> bool:
        """True where the frame holds text in this column."""
        return self.kind in ("id", "text", "list", "numbers", "country", "currency")


@dataclass(frozen=True)
class Table:
    """One table: its columns in their order, its key, and whether a project must have it."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False

    def column(self, name: str) -> Column:
        """The column of that name."""
        return self._by_name()[name]

    def _by_name(self) -> dict[str, Column]:
        return _columns_by_name(self)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in their order."""
        return tuple(c.name for c in self.columns)


@cache
def _columns_by_name(table: Table) -> dict[str, Column]:
    return {c.name: c for c in table.columns}


def split_list(text: str) -> tuple[str, ...]:
    """The items of a list cell: separated by `;`, blanks around them dropped, none empty."""
    if not text:
        return ()
    return tuple(item for part in text.split(LIST_SEPARATOR) if (item := part.strip()))


def blank_template(table: Table) -> str:
    """CSV text with the table's header and no rows."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(table.names)
    return out.getvalue()


def _codes(file: str) -> frozenset[str]:
    text = resources.files("lowhaul").joinpath(f"data/{file}").read_text("utf-8")
    return frozenset(row["code"] for row in csv.DictReader(text.splitlines()))


@cache
def currency_codes() -> frozenset[str]:
    """The currency codes of ISO 4217 that prices may be given in."""
    return _codes("currencies.csv")


@cache
def country_codes() -> frozenset[str]:
    """The country codes of ISO 3166-1 alpha-2."""
    return _codes("countries.csv")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name most like `word`, or an empty text if none is near."""
    from difflib import get_close_matches

    names = {name.casefold(): name for name in known}
    folded = word[:LONGEST_ID].casefold()
    if folded in names:
        return names[folded]
    found = get_close_matches(folded, names, n=1, cutoff=0.6)
    return names[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, or lists them when they are few."""
    names = sorted(set(known))
    near = nearest(word, names)
    if near:
        return f'Did you mean "{near}"?'
    if not names:
        return ""
    if len(names) <= 12:
        return f"Known: {', '.join(names)}."
    return f"Known, among {len(names)}: {', '.join(names[:8])}, ..."


def cell_name(column: int, row: int) -> str:
    """The A1 name of a cell; both count from 1 (28, 3 -> AB3)."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
