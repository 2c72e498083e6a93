"""Findings: what is wrong or doubtful in the inputs, where, and what would be right.

Rules add findings to one collector; only when all rules have spoken is anything raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One fault or doubt, with its place.

    `row` counts as the spreadsheet does (the header is row 1); `code` is stable (E021, W003).
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    cell: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.sheet:
            place.append(self.sheet)
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(self.column + (f" ({self.cell})" if self.cell else ""))
        where = ", ".join(place)
        text = f"{where}: {self.message}" if where else self.message
        return f"{self.code} {text}" + (f" {self.hint}" if self.hint else "")


@dataclass
class Findings:
    """Collects findings; the caller decides when to raise."""

    items: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Keep one finding."""
        self.items.append(finding)

    def extend(self, findings: Findings) -> None:
        """Keep all findings of another collector."""
        self.items.extend(findings.items)

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid a plan."""
        return [f for f in self.items if f.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """The findings that a planner should know of."""
        return [f for f in self.items if f.severity == "warning"]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)
