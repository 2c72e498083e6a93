"""Cartons, the limits of a pallet, and a pallet that is built. Lengths in mm, masses in kg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from loading.pallets.kinds import PalletKind


@dataclass(frozen=True)
class Carton:
    """One kind of carton.

    `max_stack` counts the layers from a carton upwards, itself included (None: no limit);
    `max_top_load_kg` limits what rests on it. A carton may stand on cartons of the same or a lower
    `stack_group`; nothing stands on one that is `always_top`; one that is `always_bottom` stands
    on the pallet or on its like. `pieces`: what it holds (a given layer of cartons holds many).
    """

    carton_id: str
    length_mm: int
    width_mm: int
    height_mm: int
    mass_kg: float
    upright_only: bool = True
    rotate_on_floor: bool = True
    max_stack: int | None = None
    max_top_load_kg: float | None = None
    stack_group: int = 0
    always_top: bool = False
    always_bottom: bool = False
    pieces: int = 1

    @property
    def volume_mm3(self) -> int:
        """Outer volume."""
        return self.length_mm * self.width_mm * self.height_mm

    def sides(self) -> list[tuple[int, int, int]]:
        """Length, width and height as it may stand, before turning; the given side first."""
        given = (self.length_mm, self.width_mm, self.height_mm)
        if self.upright_only:
            return [given]
        others = [
            (a, b, h)
            for a, b, h in permutations(given)
            if a >= b and (sorted((a, b)), h) != (sorted(given[:2]), given[2])
        ]
        return list(dict.fromkeys([given, *others]))

    def ways(self) -> list[tuple[int, int, int]]:
        """Sizes along x, y and z in which it may be set."""
        found = []
        for length, width, height in self.sides():
            found.append((length, width, height))
            if self.rotate_on_floor:
                found.append((width, length, height))
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class CartonLine:
    """So many cartons of one kind for an order; only cartons of one order share a pallet."""

    carton: Carton
    count: int
    order: str = ""


@dataclass(frozen=True)
class PalletLimits:
    """What a built pallet must keep.

    `height_mm` counts from the floor, pallet included. `overhang_mm` is allowed on each side.
    `max_gross_kg`: pallet and cartons, besides the pallet's own dynamic load. `support_share`: how
    much of its footprint must be held up under every carton (1: all of it). `interlocked`: every
    second layer is mirrored where all cartons stay held up; else cartons stand in columns. `mix`:
    cartons of several lines of an order may share a pallet.
    """

    height_mm: int
    overhang_mm: int = 0
    max_gross_kg: float | None = None
    support_share: float = 1.0
    interlocked: bool = False
    mix: bool = True

    def room_kg(self, pallet: PalletKind) -> float:
        """The most that the cartons of one pallet may weigh."""
        most = float("inf") if pallet.dynamic_load_kg is None else pallet.dynamic_load_kg
        if self.max_gross_kg is not None:
            most = min(most, self.max_gross_kg - pallet.tare_kg)
        return most


@dataclass(frozen=True)
class PlacedCarton:
    """A carton in its place: x along the pallet's length, y across, z from the pallet's deck.

    The origin is a corner of the deck; overhang makes x or y negative. `line` is the position of
    its line in what was asked.
    """

    carton: Carton
    line: int
    x_mm: int
    y_mm: int
    z_mm: int
    dx_mm: int
    dy_mm: int
    dz_mm: int

    @property
    def end(self) -> tuple[int, int, int]:
        """The corner farthest from the origin."""
        return (self.x_mm + self.dx_mm, self.y_mm + self.dy_mm, self.z_mm + self.dz_mm)


@dataclass(frozen=True)
class BuiltPallet:
    """A pallet with its cartons, in the order of building."""

    pallet: PalletKind
    order: str
    cartons: tuple[PlacedCarton, ...]
    pattern: str
    """columns, interlocked or mixed."""

    @property
    def mass_kg(self) -> float:
        """Pallet and cartons."""
        return self.pallet.tare_kg + sum(c.carton.mass_kg for c in self.cartons)

    @property
    def height_mm(self) -> int:
        """From the floor to the top."""
        return self.pallet.height_mm + max(c.end[2] for c in self.cartons)

    @property
    def length_mm(self) -> int:
        """Along the pallet's length, overhang included."""
        return _reach([(c.x_mm, c.end[0]) for c in self.cartons], self.pallet.length_mm)

    @property
    def width_mm(self) -> int:
        """Across, overhang included."""
        return _reach([(c.y_mm, c.end[1]) for c in self.cartons], self.pallet.width_mm)

    @property
    def pieces(self) -> int:
        """Pieces in all its cartons."""
        return sum(c.carton.pieces for c in self.cartons)

    @property
    def counts(self) -> dict[int, int]:
        """Cartons by line."""
        found: dict[int, int] = {}
        for c in self.cartons:
            found[c.line] = found.get(c.line, 0) + 1
        return found


def _reach(spans: Sequence[tuple[int, int]], deck: int) -> int:
    return max(deck, *(end for _, end in spans)) - min(0, *(start for start, _ in spans))


@dataclass(frozen=True)
class PalletPlan:
    """Pallets for a set of lines; `left`: position of the line, cartons left, and why."""

    pallets: tuple[BuiltPallet, ...]
    left: tuple[tuple[int, int, str], ...] = ()
