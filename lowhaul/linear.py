"""Linear and mixed-integer models as plain data: columns, rows, objectives.

A `LinearModel` holds numbers only, no solver object, so it can be sent to another process, written
as text for a golden file, and solved again with another objective. Terms are mappings from column
to coefficient; a column is the integer that `column` returned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

Terms = Mapping[int, float]


def add_terms(into: dict[int, float], terms: Terms, factor: float = 1.0) -> dict[int, float]:
    """Add `factor` times `terms` to a running sum of terms, in place; the sum is returned."""
    for column, coefficient in terms.items():
        into[column] = into.get(column, 0.0) + factor * coefficient
    return into


@dataclass
class Row:
    """lower <= sum of terms <= upper. A `lazy` row may wait until a relaxation breaks it."""

    name: str
    terms: dict[int, float]
    lower: float
    upper: float
    lazy: bool = False


@dataclass
class LinearModel:
    """Columns with bounds and integrality, rows, and one objective that is minimised."""

    names: list[str] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    objective: dict[int, float] = field(default_factory=dict)
    constant: float = 0.0

    def column(
        self, name: str, lower: float = 0.0, upper: float = inf, *, integer: bool = False
    ) -> int:
        """Add a decision and return its column."""
        self.names.append(name)
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.names) - 1

    def binary(self, name: str) -> int:
        """Add a yes/no decision."""
        return self.column(name, 0.0, 1.0, integer=True)

    def row(
        self,
        name: str,
        terms: Terms,
        *,
        lower: float = -inf,
        upper: float = inf,
        lazy: bool = False,
    ) -> None:
        """Add a constraint; terms with coefficient 0 are left out."""
        kept = {c: a for c, a in terms.items() if a != 0.0}
        self.rows.append(Row(name, kept, lower, upper, lazy))

    def minimise(self, terms: Terms, constant: float = 0.0) -> None:
        """Set the objective."""
        self.objective = {c: a for c, a in terms.items() if a != 0.0}
        self.constant = constant

    def value(self, terms: Terms, values: Sequence[float]) -> float:
        """The sum of `terms` at a solution."""
        return sum(a * values[c] for c, a in terms.items())

    def text(self) -> str:
        """The model in a readable form, the same every time: for golden files and for reading."""

        def written(terms: Terms) -> str:
            parts = [f"{a:+.6g} {self.names[c]}" for c, a in sorted(terms.items())]
            return " ".join(parts) or "0"

        lines = [f"minimise {written(self.objective)} {self.constant:+.6g}", "so that"]
        lines += [
            f"  {r.name}: {r.lower:.6g} <= {written(r.terms)} <= {r.upper:.6g}" for r in self.rows
        ]
        lines.append("with")
        lines += [
            f"  {low:.6g} <= {name} <= {up:.6g}{' integer' if whole else ''}"
            for name, low, up, whole in zip(
                self.names, self.lower, self.upper, self.integer, strict=True
            )
        ]
        return "\n".join(lines) + "\n"
