"""Fuel surcharges by an index: the percentage of a table on each day of departure.

The index on a day is the latest one given for that day or before it. The row that holds has
index_from <= index < index_to; the upper end of the highest row belongs to it. Rows may be valid
for some days only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from routing.bids import Charge, FuelIndex, FuelStep

Span = tuple[date, date | None, float]
"""First and last day (None: no end) of a percentage."""


class FuelTable:
    """One fuel table with its index."""

    def __init__(self, steps: Sequence[FuelStep], index: Sequence[FuelIndex]) -> None:
        self.steps = tuple(steps)
        self.index = tuple(sorted(index, key=lambda i: i.day))

    def index_on(self, day: date) -> float | None:
        """The latest index of that day or before it; None where none is given."""
        known = [i.index for i in self.index if i.day <= day]
        return known[-1] if known else None

    def percent_on(self, day: date) -> float | None:
        """The surcharge of a departure; None where index or row is missing."""
        index = self.index_on(day)
        valid = [
            s
            for s in self.steps
            if (s.valid_from is None or s.valid_from <= day)
            and (s.valid_to is None or day <= s.valid_to)
        ]
        if index is None or not valid:
            return None
        for step in valid:
            if step.index_from <= index < step.index_to:
                return step.percent
        top = max(valid, key=lambda s: s.index_to)
        return top.percent if index == top.index_to else None

    def spans(self) -> list[Span]:
        """The percentages day by day, days of the same one together; gaps are left out."""
        days = {i.day for i in self.index}
        days |= {s.valid_from for s in self.steps if s.valid_from}
        days |= {s.valid_to + timedelta(days=1) for s in self.steps if s.valid_to}
        found: list[Span] = []
        starts = sorted(days)
        for i, day in enumerate(starts):
            last = starts[i + 1] - timedelta(days=1) if i + 1 < len(starts) else None
            percent = self.percent_on(day)
            if percent is None:
                continue
            if found and found[-1][1] == day - timedelta(days=1) and found[-1][2] == percent:
                found[-1] = (found[-1][0], last, percent)
            else:
                found.append((day, last, percent))
        return found

    def charges(self, charge: Charge) -> list[Charge]:
        """A charge that names the table, as plain percentages of the days on which they hold."""
        found = []
        for first, last, percent in self.spans():
            start = max(first, charge.valid_from) if charge.valid_from else first
            ends = [d for d in (last, charge.valid_to) if d is not None]
            end = min(ends) if ends else None
            if end is None or start <= end:
                found.append(replace(charge, amount=percent, valid_from=start, valid_to=end))
        return found


def fuel_tables(steps: Sequence[FuelStep], index: Sequence[FuelIndex]) -> dict[str, FuelTable]:
    """The tables by their id."""
    ids = dict.fromkeys(s.table_id for s in steps)
    return {
        name: FuelTable(
            [s for s in steps if s.table_id == name], [i for i in index if i.table_id == name]
        )
        for name in ids
    }
