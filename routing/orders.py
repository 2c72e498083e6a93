"""Orders: what must be moved, from when, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Product:
    """One row of the table `products`."""

    sku: str
    net_mass_kg: float
    description: str = ""
    declared_unit: str = ""
    declared_units_per_piece: float | None = None
    min_box_grade: str = "C"


@dataclass(frozen=True)
class Order:
    """One order line. Its key is (`order_id`, `line`).

    It may not depart before `ready_date` nor arrive after `due_date`. `equipment_allowed` empty:
    all. Legs beyond `named_place` (a location id, empty: none) are not on our account.
    """

    order_id: str
    line: str
    origin: str
    destination: str
    sku: str
    quantity: int
    ready_date: date
    due_date: date
    flow: str = "outbound"
    status: str = "firm"
    priority: float = 1.0
    incoterm: str = ""
    named_place: str = ""
    we_choose: bool = True
    splittable: bool = True
    mix_allowed: bool = True
    equipment_allowed: tuple[str, ...] = ()
    box_grade_after: str = "B"
    unstuff_days: int = 1

    @property
    def key(self) -> str:
        """The key as one text, `order_id/line`."""
        return f"{self.order_id}/{self.line}"
