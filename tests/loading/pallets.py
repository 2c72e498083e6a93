"""Small pallets, boxes and containers that sums can be done on by hand."""

from __future__ import annotations

from typing import Any

from loading.check import Placed
from loading.equipment import Equipment, named
from loading.stuffing import LoadPlan, Stuffing
from loading.units import HandlingUnit, Packaging


def box(length: int, width: int, height: int, kg: float = 100.0, **more: Any) -> Packaging:
    name = str(more.pop("packaging_id", f"{length}x{width}x{height}"))
    return Packaging(name, "sku", 1, length, width, height, kg, 0.0, **more)


def units(count: int, packaging: Packaging, order: str = "O/1", **more: Any) -> list[HandlingUnit]:
    return [
        HandlingUnit(
            f"{order}#{packaging.packaging_id}#{i}",
            order,
            packaging,
            1,
            packaging.gross_mass_kg,
            **more,
        )
        for i in range(count)
    ]


def container(length: int = 6000, width: int = 2400, height: int = 2400, **more: Any) -> Equipment:
    """A box of round sizes without door and floor limits, payload 20 t."""
    given: dict[str, Any] = {"tare_kg": 2000.0, "payload_kg": 20_000.0, "teu": 1.0, **more}
    return Equipment("TEST", length, width, height, **given)


def trade(name: str) -> Equipment:
    found = named(name)
    assert found is not None
    return found


def placed(plan: LoadPlan) -> list[Placed]:
    return [
        Placed(
            p.step,
            p.x_mm,
            p.y_mm,
            p.z_mm,
            p.dx_mm,
            p.dy_mm,
            p.dz_mm,
            p.unit.mass_kg,
            p.unit.packaging,
            p.unit.unit_id,
            p.unit.order,
            p.unit.stop,
            p.unit.group,
            p.unit.not_with,
        )
        for p in plan.placements
    ]


def totals(plan: LoadPlan) -> dict[str, float]:
    return {
        "handling_units": len(plan.placements),
        "mass_kg": plan.mass_kg,
        "vgm_kg": plan.vgm_kg,
        "volume_use": plan.volume_use,
        "mass_use": plan.mass_use,
        "floor_use": plan.floor_use,
        "cog_x_mm": plan.cog_x_mm,
        "cog_y_mm": plan.cog_y_mm,
        "cog_z_mm": plan.cog_z_mm,
    }


def counts(result: Stuffing) -> list[int]:
    return [len(plan.placements) for plan in result.loads]
