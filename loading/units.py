"""Packaging and handling units: what stands on the floor of a container.

A packaging says how pieces of one product are put up (a pallet of 37 modules); a handling unit is
one such pallet of one order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from lowhaul.units import MM3_PER_M3


@dataclass(frozen=True)
class Packaging:
    """One row of the table `packaging` (lengths in mm, masses in kg).

    `max_stack` counts the layers from this unit upwards, itself included; `max_top_load_kg` None:
    no limit beyond it. Only equal `stack_code` may stand on one another; an empty code means that
    only the own packaging may.
    """

    packaging_id: str
    sku: str
    units: int
    length_mm: int
    width_mm: int
    height_mm: int
    gross_mass_kg: float
    packaging_mass_kg: float
    max_stack: int = 1
    max_top_load_kg: float | None = None
    upright_only: bool = True
    rotate_on_floor: bool = True
    stack_code: str = ""
    candidate: bool = False
    cost_per_unit: float = 0.0
    currency: str = ""
    tolerance_mm: int = 0
    tolerance_share: float = 0.0
    """What each size may be larger than given; plans keep that room (see `planned_mm`)."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Made once: packagings are the keys of many tables."""
        return hash((self.packaging_id, self.length_mm, self.width_mm, self.height_mm))

    @property
    def planned_mm(self) -> tuple[int, int, int]:
        """Length, width and height with their tolerance, rounded up to whole mm."""
        sizes = (self.length_mm, self.width_mm, self.height_mm)
        if not (self.tolerance_mm or self.tolerance_share):
            return sizes
        length, width, height = (
            ceil(size * (1.0 + self.tolerance_share) + self.tolerance_mm - 1e-6) for size in sizes
        )
        return length, width, height

    @property
    def volume_m3(self) -> float:
        """Outer volume of one handling unit."""
        return self.length_mm * self.width_mm * self.height_mm / MM3_PER_M3

    @property
    def stacks_with(self) -> str:
        """The code that another unit must share to stand on this one."""
        return self.stack_code or f"packaging:{self.packaging_id}"


@dataclass(frozen=True)
class HandlingUnit:
    """One pallet, crate or carton of one order line, ready to be loaded.

    `order` is the key of the order line that owns it (any hashable text); the last unit of an
    order may hold fewer pieces and then weighs less at the same size. `stop` is the unloading
    order (1 is unloaded first and stands nearest the door); units of one `group` stay in one load
    unit and never meet a group of `not_with`; a higher `priority` is loaded first where not
    everything fits.
    """

    unit_id: str
    order: str
    packaging: Packaging
    pieces: int
    mass_kg: float
    stop: int = 1
    group: str = ""
    not_with: tuple[str, ...] = ()
    priority: float = 1.0


def handling_units(
    order: str, pieces: int, net_mass_kg: float, packaging: Packaging
) -> list[HandlingUnit]:
    """Put `pieces` of an order into handling units; the last one may be part full.

    A full unit weighs `gross_mass_kg`; a part-full one packaging + pieces x net mass
    (TABLES.md, packaging). Unit ids are `order#1`, `order#2`, ...
    """
    full, rest = divmod(pieces, packaging.units)
    units = [
        HandlingUnit(f"{order}#{i + 1}", order, packaging, packaging.units, packaging.gross_mass_kg)
        for i in range(full)
    ]
    if rest:
        mass_kg = packaging.packaging_mass_kg + rest * net_mass_kg
        units.append(HandlingUnit(f"{order}#{full + 1}", order, packaging, rest, mass_kg))
    return units
