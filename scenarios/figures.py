"""A result as plain rows, and the sums that report, map and comparison share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scenarios.pages import as_number

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]

MODES = ("sea", "rail", "inland_waterway", "road", "air")
MODE_NAMES = {
    "sea": "Sea",
    "rail": "Rail",
    "inland_waterway": "Inland waterway",
    "road": "Road",
    "air": "Air",
    "hub": "Hubs",
}


def text(value: object) -> str:
    """A cell as text; what is blank or missing is the empty text."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    shown = str(value)
    return "" if shown in ("NaT", "<NA>") else shown


def number(value: object) -> float:
    """A cell as a number; blank is 0."""
    if isinstance(value, str):
        return float(value) if value.strip() else 0.0
    found = as_number(value.item() if hasattr(value, "item") else value)
    return found or 0.0


def yes(value: object) -> bool:
    """A yes/no cell."""
    return text(value).lower() in ("yes", "true")


def day(value: object) -> date | None:
    """A cell as a date; blank is None."""
    if isinstance(value, datetime):
        return value.date() if value == value else None
    if isinstance(value, date):
        return value
    shown = text(value)
    return date.fromisoformat(shown[:10]) if shown else None


def names(value: object) -> tuple[str, ...]:
    """A list in a cell, separated by `;`."""
    return tuple(part.strip() for part in text(value).split(";") if part.strip())


def total(rows: Iterable[Row], column: str) -> float:
    """The sum of one column."""
    return sum(number(row.get(column)) for row in rows)


def summed(
    rows: Iterable[Row], key: Callable[[Row], str], columns: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Sums of some columns for each key."""
    wanted = tuple(columns)
    sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(wanted, 0.0))
    for row in rows:
        entry = sums[key(row)]
        for column in wanted:
            entry[column] += number(row.get(column))
    return dict(sums)


@dataclass(frozen=True)
class Result:
    """One scenario's result tables as rows, with its summary."""

    summary: Mapping[str, Any]
    shipments: list[Row] = field(default_factory=list)
    legs: list[Row] = field(default_factory=list)
    order_allocation: list[Row] = field(default_factory=list)
    loads: list[Row] = field(default_factory=list)
    round_use: list[Row] = field(default_factory=list)
    unserved: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    costs: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> Result:
        """Rows of the tables that pages need; an absent table is an empty one."""
        wanted = (
            "shipments",
            "legs",
            "order_allocation",
            "loads",
            "round_use",
            "unserved",
            "findings",
            "costs",
        )
        return cls(
            summary,
            **{n: _rows(tables[n]) if n in tables else [] for n in wanted},
        )

    @cached_property
    def transport(self) -> list[Row]:
        """The legs that carry goods."""
        return [row for row in self.legs if text(row["kind"]) == "transport"]

    @cached_property
    def legs_by_carrier(self) -> dict[str, list[Row]]:
        """The legs of each carrier, in their order."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.legs:
            found[text(row["carrier"])].append(row)
        return dict(found)

    @property
    def units(self) -> dict[str, int]:
        """Load units by equipment."""
        given = self.summary.get("load_units")
        return {k: int(v) for k, v in given.items()} if isinstance(given, Mapping) else {}

    @property
    def load_units(self) -> int:
        """Load units of all equipment."""
        return sum(self.units.values())

    @property
    def late(self) -> list[Row]:
        """Shipments that arrive after a due date."""
        return [s for s in self.shipments if text(s["on_time"]) and not yes(s["on_time"])]

    def figure(self, key: str) -> float:
        """One number of the summary; blank is 0."""
        return number(self.summary.get(key))

    def left_over(self) -> frozenset[tuple[str, str, int]]:
        """Order lines and pieces that are not served: equal where two plans do the same work."""
        return frozenset(
            (text(r["order_id"]), text(r["line"]), int(number(r["pieces"]))) for r in self.unserved
        )

    def by_mode(self) -> dict[str, dict[str, float]]:
        """Activity of goods (t-km) and CO2e (kg, empty ways included) by mode; hubs apart."""
        return summed(self.legs, _mode, ("activity_tkm", "co2e_wtw_kg"))

    def modes_without_factor(self) -> frozenset[str]:
        """Modes of which nothing is covered: their CO2e is unknown and not zero."""
        known = {_mode(row) for row in self.legs if yes(row["covered"])}
        return frozenset({_mode(row) for row in self.legs} - known)


def _mode(row: Row) -> str:
    return "hub" if text(row["kind"]) == "hub" else text(row["mode"])


def _rows(frame: pd.DataFrame) -> list[Row]:
    columns = [str(c) for c in frame.columns]
    values = zip(*(frame.iloc[:, i].tolist() for i in range(len(columns))), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in values]
