"""What the judge of load plans sees: units in their places, and the faults it finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from loading.units import Packaging


@dataclass(frozen=True)
class Fault:
    """A rule that a load breaks; a `warning` is told, an `error` refuses the plan."""

    rule: str
    load_id: str
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.load_id}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class Placed:
    """A handling unit in its place, as a row of `placements.csv` and its packaging tell it."""

    step: int
    x_mm: int
    y_mm: int
    z_mm: int
    dx_mm: int
    dy_mm: int
    dz_mm: int
    mass_kg: float
    packaging: Packaging
    unit_id: str = ""
    order: str = ""
    stop: int = 1
    group: str = ""
    not_with: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What a planner calls it."""
        return f"step {self.step} ({self.packaging.packaging_id})"

    @property
    def end(self) -> tuple[int, int, int]:
        """The corner farthest from the origin."""
        return (self.x_mm + self.dx_mm, self.y_mm + self.dy_mm, self.z_mm + self.dz_mm)


def placed_from_rows(
    rows: Iterable[Mapping[str, Any]], packagings: Mapping[str, Packaging]
) -> list[Placed]:
    """Rows of `placements.csv` with their packaging; an unknown packaging raises KeyError."""
    return [
        Placed(
            step=int(row["step"]),
            x_mm=int(row["x_mm"]),
            y_mm=int(row["y_mm"]),
            z_mm=int(row["z_mm"]),
            dx_mm=int(row["dx_mm"]),
            dy_mm=int(row["dy_mm"]),
            dz_mm=int(row["dz_mm"]),
            mass_kg=float(row["mass_kg"]),
            packaging=packagings[str(row["packaging_id"])],
            order=f"{row['order_id']}/{row['line']}",
        )
        for row in rows
    ]
