"""What is decided already (table `decisions`); routing/pins.py says what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Pin:
    """One row of `decisions` that holds on the day of the plan.

    `orders` are the keys of the order lines that it is about, `lane` the lane; one of them is
    empty. A shipment's pin is that of its order lines. `fixes` False: it forbids.
    """

    fixes: bool
    orders: frozenset[str] = frozenset()
    lane: str = ""
    carrier: str = ""
    bid_id: str = ""
    via: tuple[str, ...] = ()
    equipment: str = ""
    departure: date | None = None
    booking_ref: str = ""
    reason: str = ""
    row: int | None = None

    def __str__(self) -> str:
        where = f"row {self.row} of decisions" if self.row is not None else "a pin"
        return f"{where} ({'fix' if self.fixes else 'forbid'} {self.what}: {self.reason})"

    @property
    def what(self) -> str:
        """The things that it names."""
        named = (
            self.bid_id or self.carrier,
            "via " + ";".join(self.via) if self.via else "",
            self.equipment,
            self.departure.isoformat() if self.departure else "",
        )
        return ", ".join(n for n in named if n)
