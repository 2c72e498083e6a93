"""Equipment: the inside of containers and trailers, and what they may carry.

The built-in types are data (`loading/data/equipment.csv`) with ISO 6346 codes, trade names and a
source in each row; a project's own table adds to them or replaces them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lowhaul.units import MM3_PER_M3


@dataclass(frozen=True)
class Reserved:
    """A box of room inside an equipment where nothing may stand (mm, as in `placements.csv`).

    A tunnel in the floor, a corner casting that reaches inside, an air duct, room for a dunnage
    bag at the door.
    """

    x_mm: int
    y_mm: int
    z_mm: int
    dx_mm: int
    dy_mm: int
    dz_mm: int
    name: str = ""

    @property
    def end(self) -> tuple[int, int, int]:
        """The corner farthest from the origin."""
        return (self.x_mm + self.dx_mm, self.y_mm + self.dy_mm, self.z_mm + self.dz_mm)


_SIZES = 6


def reserved_from(text: str) -> Reserved | None:
    """`x y z dx dy dz [name]` in whole mm, sizes above 0; None if it is not that."""
    parts = text.split(maxsplit=_SIZES)
    try:
        numbers = [int(part) for part in parts[:_SIZES]]
    except ValueError:
        return None
    if len(numbers) < _SIZES or min(numbers[3:]) <= 0 or min(numbers[:3]) < 0:
        return None
    x, y, z, dx, dy, dz = numbers
    return Reserved(x, y, z, dx, dy, dz, parts[_SIZES] if len(parts) > _SIZES else "")


@dataclass(frozen=True)
class Equipment:
    """One type of container or trailer (inner sizes in mm, masses in kg).

    `code` is the name used in tables (ISO 6346 for containers, e.g. 45G1); `aliases` are trade
    names (40HC). `teu` is 0 for trailers. Door sizes None: open or unknown, no door limit.
    `load_line_mm` is the red line of a reefer: cargo ends under it, so that air can pass.
    """

    code: str
    inner_length_mm: int
    inner_width_mm: int
    inner_height_mm: int
    tare_kg: float
    payload_kg: float
    teu: float
    door_width_mm: int | None = None
    door_height_mm: int | None = None
    floor_load_kg_per_m: float | None = None
    kingpin_mm: float | None = None
    axles_mm: tuple[float, ...] = ()
    axle_limits_kg: tuple[float, ...] = ()
    axle_tare_kg: tuple[float, ...] = ()
    trade_name: str = ""
    aliases: tuple[str, ...] = ()
    source: str = ""
    floor_load_kg_per_m2: float | None = None
    load_line_mm: int | None = None
    reserved: tuple[Reserved, ...] = ()

    @property
    def usable_height_mm(self) -> int:
        """How high cargo may reach: the roof, or the load line under it."""
        return min(self.inner_height_mm, self.load_line_mm or self.inner_height_mm)

    @property
    def volume_m3(self) -> float:
        """Inner volume."""
        return self.inner_length_mm * self.inner_width_mm * self.inner_height_mm / MM3_PER_M3

    @property
    def floor_mm2(self) -> int:
        """Inner floor area."""
        return self.inner_length_mm * self.inner_width_mm

    @property
    def is_container(self) -> bool:
        """True for a box that ships, trains and chassis carry; False for a trailer."""
        return self.teu > 0


def default_weight(e: Equipment) -> float:
    """TEU; a trailer counts as its length in TEU (6.1 m), so that types can be compared.

    A thousandth for each tonne of tare prefers the lighter of two types of one size.
    """
    teu = e.teu if e.teu > 0 else e.inner_length_mm / 6100
    return teu + e.tare_kg / 1_000_000


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def built_in() -> dict[str, Equipment]:
    """The built-in equipment by code."""
    text = resources.files("loading").joinpath("data/equipment.csv").read_text("utf-8")
    types = {}
    for row in csv.DictReader(text.splitlines()):
        door_width, door_height = _number(row["door_width_mm"]), _number(row["door_height_mm"])
        types[row["equipment"]] = Equipment(
            code=row["equipment"],
            inner_length_mm=int(row["inner_length_mm"]),
            inner_width_mm=int(row["inner_width_mm"]),
            inner_height_mm=int(row["inner_height_mm"]),
            tare_kg=float(row["tare_kg"]),
            payload_kg=float(row["payload_kg"]),
            teu=float(row["teu"]),
            door_width_mm=int(door_width) if door_width else None,
            door_height_mm=int(door_height) if door_height else None,
            floor_load_kg_per_m=_number(row["floor_load_kg_per_m"]),
            trade_name=row["trade_name"],
            aliases=tuple(a for a in row["aliases"].split(";") if a),
            source=row["source"],
            load_line_mm=int(row["load_line_mm"]) if row["load_line_mm"] else None,
        )
    return types


def named(name: str, types: dict[str, Equipment] | None = None) -> Equipment | None:
    """The equipment of that code or trade name (case and blanks do not matter), or None."""
    known = built_in() if types is None else types
    wanted = name.replace(" ", "").upper()
    for equipment in known.values():
        names = (equipment.code, equipment.trade_name, *equipment.aliases)
        if wanted in (n.replace(" ", "").upper() for n in names if n):
            return equipment
    return None
