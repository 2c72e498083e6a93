"""Built pallets as handling units for the second step, and their lists for the warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from loading.pallets.cartons import BuiltPallet
from loading.pallets.patterns import carried_kg
from loading.units import HandlingUnit, Packaging
from lowhaul.units import kilograms

LEVEL_SHARE = 0.8
"""A top is level if the cartons that reach it cover this share of the deck (assumption)."""

PALLET_COLUMNS = (
    "pallet_id", "order_id", "pallet", "pattern", "cartons", "pieces", "layers", "length_mm",
    "width_mm", "height_mm", "mass_kg",
)  # fmt: skip
"""Columns of `pallets.csv`."""
CARTON_COLUMNS = (
    "pallet_id", "step", "carton", "x_mm", "y_mm", "z_mm", "dx_mm", "dy_mm", "dz_mm", "mass_kg",
)  # fmt: skip
"""Columns of `pallet_cartons.csv`: x along the pallet, y across, z from its deck."""


def pallet_units(
    pallets: Sequence[BuiltPallet],
    *,
    max_stack: int = 1,
    prefix: str = "P",
    about: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[HandlingUnit]:
    """A handling unit for each pallet, ids `P-0001` and so on, in their order.

    Pallets of one pattern and content share a packaging, so that they are counted as equals.
    `max_stack`: how many may stand upon one another; nothing stands on one whose top is not level,
    and what stands on it must not press its cartons beyond their bearing. `about`: further fields
    of `HandlingUnit` (stop, group, not_with, priority) by order.
    """
    names: dict[Packaging, str] = {}
    units = []
    for number, built in enumerate(pallets, 1):
        packaging = _packaging(built, max_stack)
        name = names.setdefault(packaging, f"{packaging.packaging_id} ({len(names) + 1})")
        units.append(
            HandlingUnit(
                f"{prefix}-{number:04}",
                built.order,
                _named(packaging, name),
                built.pieces,
                kilograms(built.mass_kg),
                **(about or {}).get(built.order, {}),
            )
        )
    return units


def _packaging(built: BuiltPallet, max_stack: int) -> Packaging:
    ids = sorted({c.carton.carton_id for c in built.cartons})
    content = f"{len(built.cartons)} x {ids[0]}" if len(ids) == 1 else "mixed"
    return Packaging(
        packaging_id=f"{built.pallet.code} {content}",
        sku=";".join(ids),
        units=built.pieces,
        length_mm=built.length_mm,
        width_mm=built.width_mm,
        height_mm=built.height_mm,
        gross_mass_kg=kilograms(built.mass_kg),
        packaging_mass_kg=built.pallet.tare_kg,
        max_stack=max_stack if max_stack > 1 and _is_level(built) else 1,
        max_top_load_kg=_top_load_kg(built) if max_stack > 1 else None,
        stack_code="pallet",
    )


def _is_level(built: BuiltPallet) -> bool:
    """True if another pallet finds an even top that carries it."""
    top = max(c.end[2] for c in built.cartons)
    area = sum(c.dx_mm * c.dy_mm for c in built.cartons if c.end[2] == top)
    if any(c.end[2] == top and c.carton.always_top for c in built.cartons):
        return False
    return area >= LEVEL_SHARE * built.pallet.length_mm * built.pallet.width_mm


def _top_load_kg(built: BuiltPallet) -> float | None:
    """What may be set on a pallet: shared alike by the columns of one kind of carton.

    Cartons of limited bearing that do not stand in columns carry no other pallet.
    """
    if all(c.carton.max_top_load_kg is None for c in built.cartons):
        return None
    if built.pattern != "columns":
        return 0.0
    top = max(c.end[2] for c in built.cartons)
    columns = sum(1 for c in built.cartons if c.end[2] == top)
    spare = [
        c.carton.max_top_load_kg - kg
        for c, kg in zip(built.cartons, carried_kg(built.cartons), strict=True)
        if c.carton.max_top_load_kg is not None
    ]
    return max(0.0, columns * min(spare))


def _named(p: Packaging, name: str) -> Packaging:
    return replace(p, packaging_id=name)


def pallet_rows(pallets: Sequence[BuiltPallet], prefix: str = "P") -> list[dict[str, Any]]:
    """A row for each pallet: `pallets.csv`."""
    return [
        {
            "pallet_id": f"{prefix}-{number:04}",
            "order_id": built.order,
            "pallet": built.pallet.code,
            "pattern": built.pattern,
            "cartons": len(built.cartons),
            "pieces": built.pieces,
            "layers": len({c.z_mm for c in built.cartons}),
            "length_mm": built.length_mm,
            "width_mm": built.width_mm,
            "height_mm": built.height_mm,
            "mass_kg": kilograms(built.mass_kg),
        }
        for number, built in enumerate(pallets, 1)
    ]


def carton_rows(pallets: Sequence[BuiltPallet], prefix: str = "P") -> list[dict[str, Any]]:
    """A row for each carton, in the order of building: `pallet_cartons.csv`."""
    return [
        {
            "pallet_id": f"{prefix}-{number:04}",
            "step": step,
            "carton": c.carton.carton_id,
            "x_mm": c.x_mm,
            "y_mm": c.y_mm,
            "z_mm": c.z_mm,
            "dx_mm": c.dx_mm,
            "dy_mm": c.dy_mm,
            "dz_mm": c.dz_mm,
            "mass_kg": kilograms(c.carton.mass_kg),
        }
        for number, built in enumerate(pallets, 1)
        for step, c in enumerate(built.cartons, 1)
    ]
