"""Groups of runs that orders share, and the orders as they are put up.

A *group* holds the runs of one pair of places and equipment that admit exactly the same orders on
the same terms; its load units are shared freely (docs/decisions/groups.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from loading.units import HandlingUnit, Packaging
from routing.costs import LDM_WIDTH_MM
from routing.orders import Order
from routing.runs import PartRun, Run


@dataclass(frozen=True)
class Packed:
    """One order put up in one packaging."""

    order: Order
    packaging: Packaging
    units: tuple[HandlingUnit, ...]

    @property
    def count(self) -> int:
        """Handling units."""
        return len(self.units)

    @cached_property
    def mass_kg(self) -> float:
        """Goods and packaging of the whole order."""
        return sum(u.mass_kg for u in self.units)

    @property
    def volume_m3(self) -> float:
        """Outer volume of the whole order."""
        return self.packaging.volume_m3 * self.count

    @property
    def loading_metres(self) -> float:
        """Trailer floor of the whole order, stacked as its packaging allows."""
        p = self.packaging
        stacks = -(-self.count // max(1, p.max_stack))
        return stacks * p.length_mm * p.width_mm / LDM_WIDTH_MM / 1000.0


@dataclass(frozen=True)
class Entry:
    """An order on one part of its way: `kind` is direct, in (to the centre `hub`) or out of it."""

    order: str
    kind: str
    hub: str = ""


@dataclass(frozen=True)
class Terms:
    """What orders must agree on to share a load unit."""

    named_place: str
    flow: str
    grade_wanted: str
    grade_after: str
    unstuff_days: int
    carriers: frozenset[str] | None


@dataclass(frozen=True)
class Sharing:
    """What runs must have in common to form one group.

    `arrive` / `depart` (ordinal days) are set where the day counts (at a logistics centre, or for
    lateness); `room` (0 to 1) scales the load unit where the baseline says how full they were;
    `only` is set where an order may not be split, so that each run is a group of its own; `alone`
    names the order that travels with no other.
    """

    equipment: str
    entries: tuple[Entry, ...]
    terms: Terms
    alone: str = ""
    room: float = 1.0
    arrive: int | None = None
    depart: int | None = None
    only: Run | None = None


@dataclass(frozen=True)
class Group:
    """Runs of one pair of places that admit the same entries on the same terms."""

    index: int
    origin: str
    destination: str
    sharing: Sharing
    runs: tuple[Run, ...]

    @property
    def equipment(self) -> str:
        """The equipment of all its load units."""
        return self.sharing.equipment


@dataclass(frozen=True)
class PartOption:
    """A part load open to one entry, for the whole order in any packaging."""

    entry: Entry
    run: PartRun
