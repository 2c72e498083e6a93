"""What became of every row of a file: used, or left out with a reason. None vanishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

USED = "used"
LEFT_OUT = "left out"
HEADING = "heading"


@dataclass
class RowFate:
    """One filled row of a sheet: `written` rows of tables came from it; `reasons` say why none or
    why not all of it."""

    file: str
    sheet: str
    row: int
    fate: str = LEFT_OUT
    written: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """All reasons, once each."""
        return "; ".join(dict.fromkeys(self.reasons))


@dataclass
class Accounting:
    """The fates of all filled rows. Rows read = used + left out + headings."""

    fates: dict[tuple[str, int], RowFate] = field(default_factory=dict)

    def read(self, file: str, sheet: str, row: int) -> None:
        """A filled row was read."""
        self.fates[sheet, row] = RowFate(file, sheet, row)

    def used(self, sheet: str, row: int, written: int = 1) -> None:
        """The row gave `written` rows of a table."""
        fate = self.fates[sheet, row]
        fate.fate, fate.written = USED, fate.written + written

    def taken_back(self, sheet: str, row: int, reason: str) -> None:
        """A row of a table that came from it was refused after all."""
        fate = self.fates[sheet, row]
        fate.written -= 1
        fate.reasons.append(reason)
        if fate.written <= 0:
            fate.fate = LEFT_OUT

    def heading(self, sheet: str, row: int) -> None:
        """The row is (part of) a heading."""
        fate = self.fates.get((sheet, row))
        if fate is not None:
            fate.fate = HEADING
            fate.reasons.append("names the columns")

    def because(self, sheet: str, row: int, reason: str) -> None:
        """A reason why the row, or a part of it, was not used."""
        self.fates[sheet, row].reasons.append(reason)

    def counts(self) -> dict[str, int]:
        """Rows by their fate, and `read`, their sum."""
        found = Counter(fate.fate for fate in self.fates.values())
        counts = {"read": len(self.fates)}
        return counts | {name: found.get(name, 0) for name in (USED, LEFT_OUT, HEADING)}

    def unexplained(self) -> list[RowFate]:
        """Rows that are left out without a reason: there must be none."""
        return [f for f in self.fates.values() if f.fate == LEFT_OUT and not f.reasons]

    def __iter__(self) -> Iterator[RowFate]:
        return iter(self.fates.values())
