"""Cartons of several kinds on one pallet: full layers first, odd cartons on and beside them.

Full layers are set one upon another, large ones below, as long as every carton of a layer is held
up by the one below. Then odd cartons are set one by one on the lowest place where they are held
up as far as is asked, in several orders (tall ones first makes levels); the fullest pallet is
kept, and the next one is built from what is left. Odd cartons stay within the deck and what the
layers below already reach, so that no single carton hangs over an edge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from loading.pallets.cartons import Carton, PalletLimits, PlacedCarton
from loading.pallets.kinds import PalletKind
from loading.pallets.patterns import carried_kg, full_pallet, held_share, layer_size

_Order = Callable[[Carton], tuple[float, ...]]
_ORDERS: tuple[_Order, ...] = (
    lambda c: (-c.height_mm, -c.length_mm * c.width_mm),
    lambda c: (-c.length_mm * c.width_mm, -c.height_mm),
    lambda c: (-c.volume_mm3,),
    lambda c: (-c.mass_kg / c.volume_mm3, -c.height_mm),
)
_MOST_PLACES = 60
"""So many places are looked at closely for one carton, the lowest first."""


def mixed_pallets(
    rest: Mapping[int, tuple[Carton, int]], pallet: PalletKind, limits: PalletLimits
) -> tuple[list[list[PlacedCarton]], dict[int, int]]:
    """Pallets for cartons by line; and what no pallet takes, by line."""
    left = {line: count for line, (_, count) in rest.items() if count}
    kinds = {line: carton for line, (carton, _) in rest.items()}
    built: list[list[PlacedCarton]] = []
    while left:
        best: list[PlacedCarton] = []
        best_volume = 0
        for order in _ORDERS:
            pile = _Pile(pallet, limits)
            over = pile.fill(kinds, left, order)
            volume = sum(c.carton.volume_mm3 for c in pile.placed)
            if volume > best_volume:
                best, best_volume = pile.placed, volume
            if not over or len(left) == 1:
                break
        if not best:
            break
        built.append(best)
        for c in best:
            left[c.line] -= 1
        left = {line: count for line, count in left.items() if count}
    return built, left


class _Pile:
    """One pallet that is being built."""

    def __init__(self, pallet: PalletKind, limits: PalletLimits) -> None:
        import numpy as np

        self.pallet, self.limits = pallet, limits
        self.placed: list[PlacedCarton] = []
        self.mass_kg = 0.0
        self.room_mm = limits.height_mm - pallet.height_mm
        self.boxes: Any = np.zeros((0, 6), dtype=np.int64)
        """A row a carton: x, y, z, x end, y end, z end."""

    def fill(self, kinds: Mapping[int, Carton], wanted: Mapping[int, int], order: _Order) -> bool:
        """Set what fits; True if something is left over."""
        left = dict(wanted)
        by_layer = sorted(
            left, key=lambda i: (*_rank(kinds[i]), -self._layer_area(kinds[i]), *order(kinds[i]))
        )
        one_by_one = sorted(left, key=lambda i: (*_rank(kinds[i]), *order(kinds[i]), i))
        for bottom in (True, False):
            for line in by_layer:
                size = layer_size(kinds[line], self.pallet, self.limits)
                while (
                    kinds[line].always_bottom == bottom
                    and left[line] >= size
                    and self._add_layer(kinds[line], line, size)
                ):
                    left[line] -= size
            for line in one_by_one:
                while (
                    kinds[line].always_bottom == bottom
                    and left[line]
                    and self._add(kinds[line], line)
                ):
                    left[line] -= 1
        return any(left.values())

    def _layer_area(self, carton: Carton) -> int:
        first = [c for c in full_pallet(carton, self.pallet, self.limits) if c.z_mm == 0]
        return sum(c.dx_mm * c.dy_mm for c in first)

    def _add_layer(self, carton: Carton, line: int, size: int) -> bool:
        """One full layer on top of all that is there."""
        first = [c for c in full_pallet(carton, self.pallet, self.limits) if c.z_mm == 0][:size]
        z = max((c.end[2] for c in self.placed), default=0)
        if z + first[0].dz_mm > self.room_mm:
            return False
        below = [
            (c.x_mm, c.y_mm, c.dx_mm, c.dy_mm)
            for c in self.placed
            if c.end[2] == z and _may_stand(carton, c.carton)
        ]
        for c in first if z else ():
            if held_share((c.x_mm, c.y_mm, c.dx_mm, c.dy_mm), below) < self.limits.support_share:
                return False
        return self._take(
            [
                PlacedCarton(carton, line, c.x_mm, c.y_mm, z, c.dx_mm, c.dy_mm, c.dz_mm)
                for c in first
            ]
        )

    def _take(self, more: Sequence[PlacedCarton]) -> bool:
        """Keep the cartons if mass, bearing and layers allow it."""
        import numpy as np

        mass = self.mass_kg + sum(c.carton.mass_kg for c in more)
        if mass > self.limits.room_kg(self.pallet) + 1e-6:
            return False
        tried = [*self.placed, *more]
        if not (_borne(tried) and _low_enough(tried)):
            return False
        self.placed, self.mass_kg = tried, mass
        rows = np.array([(c.x_mm, c.y_mm, c.z_mm, *c.end) for c in more], dtype=np.int64)
        self.boxes = np.vstack([self.boxes, rows])
        return True

    def _add(self, carton: Carton, line: int) -> bool:
        """One carton on the lowest place that holds it up."""
        if self.mass_kg + carton.mass_kg > self.limits.room_kg(self.pallet) + 1e-6:
            return False
        places = sorted(p for way in carton.ways() for p in self._places(carton, way))
        for z, x, y, dx, dy, dz in places[:_MOST_PLACES]:
            if self._take([PlacedCarton(carton, line, x, y, z, dx, dy, dz)]):
                return True
        return False

    def _places(
        self, carton: Carton, way: tuple[int, int, int]
    ) -> list[tuple[int, int, int, int, int, int]]:
        """Corners where a carton in one way may stand: z, x, y and its sizes."""
        import numpy as np

        dx, dy, dz = way
        b = self.boxes
        x0, y0 = min(0, *b[:, 0], 0), min(0, *b[:, 1], 0)
        x1 = max(self.pallet.length_mm, *b[:, 3], 0)
        y1 = max(self.pallet.width_mm, *b[:, 4], 0)
        xs = np.concatenate([[x0], b[:, 3], b[:, 0], b[:, 0], b[:, 3] - dx, b[:, 0], b[:, 3]])
        ys = np.concatenate([[y0], b[:, 1], b[:, 4], b[:, 1], b[:, 1], b[:, 4] - dy, b[:, 4] - dy])
        corners = np.unique(np.stack([xs, ys], axis=1), axis=0)
        inside = (
            (corners[:, 0] >= x0)
            & (corners[:, 1] >= y0)
            & (corners[:, 0] + dx <= x1)
            & (corners[:, 1] + dy <= y1)
        )
        corners = corners[inside]
        if not len(corners):
            return []
        x, y = corners[:, :1], corners[:, 1:]
        common = np.maximum(0, np.minimum(x + dx, b[:, 3]) - np.maximum(x, b[:, 0])) * np.maximum(
            0, np.minimum(y + dy, b[:, 4]) - np.maximum(y, b[:, 1])
        )
        z = np.where(common > 0, b[:, 5], 0).max(axis=1, initial=0)
        touched = np.where(b[:, 5] == z[:, None], common, 0)
        refused = np.array([not _may_stand(carton, c.carton) for c in self.placed], dtype=bool)
        held = touched.sum(axis=1)
        good = (z + dz <= self.room_mm) & (
            (z == 0) | (held >= self.limits.support_share * dx * dy)
        )
        if refused.any():
            good &= (z == 0) | (touched[:, refused].sum(axis=1) == 0)
        if carton.always_bottom:
            good &= (z == 0) | (touched.sum(axis=1) > 0)
        return [
            (int(z[i]), int(corners[i, 0]), int(corners[i, 1]), dx, dy, dz)
            for i in np.flatnonzero(good)
        ]


def _rank(c: Carton) -> tuple[int, int, int]:
    """What must stand low comes first."""
    return (int(c.always_top), int(not c.always_bottom), c.stack_group)


def _may_stand(top: Carton, below: Carton) -> bool:
    """True if a carton may rest on another kind at all."""
    if below.always_top or top.stack_group < below.stack_group:
        return False
    return below.always_bottom or not top.always_bottom


def _borne(placed: Sequence[PlacedCarton]) -> bool:
    """No carton bears more than it may."""
    if all(c.carton.max_top_load_kg is None for c in placed):
        return True
    return all(
        c.carton.max_top_load_kg is None or kg <= c.carton.max_top_load_kg + 1e-6
        for c, kg in zip(placed, carried_kg(placed), strict=True)
    )


def _low_enough(placed: Sequence[PlacedCarton]) -> bool:
    """No carton has more layers on it than it may."""
    if all(c.carton.max_stack is None for c in placed):
        return True
    layers = [1] * len(placed)
    for i in sorted(range(len(placed)), key=lambda i: -placed[i].z_mm):
        for j, q in enumerate(placed):
            p = placed[i]
            if q.end[2] == p.z_mm and (
                min(p.end[0], q.end[0]) > max(p.x_mm, q.x_mm)
                and min(p.end[1], q.end[1]) > max(p.y_mm, q.y_mm)
            ):
                layers[j] = max(layers[j], layers[i] + 1)
    return all(
        c.carton.max_stack is None or n <= c.carton.max_stack
        for c, n in zip(placed, layers, strict=True)
    )
