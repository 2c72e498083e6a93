"""Cartons of several kinds on one pallet: full layers first, odd cartons on and beside them.

Full layers are set one upon another, large ones below, as long as every carton of a layer is held
up by the one below. Then odd cartons are set one by one on the lowest place where they are held
up as far as is asked: on the piles of layers first, then on pallets of their own. Several orders
are tried for each pallet (tall ones first makes levels) and the fullest is kept. Odd cartons stay
within the deck and what the layers below already reach, so that no single one hangs over an edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from loading.pallets.cartons import Carton, PalletLimits, PlacedCarton
from loading.pallets.kinds import PalletKind
from loading.pallets.patterns import first_layer, held_share

_Place = tuple[int, int, int, int, int, int]
"""z, x, y, then the sizes along x, y and z."""
_Order = Callable[[Carton], tuple[float, ...]]
_ORDERS: tuple[_Order, ...] = (
    lambda c: (-c.height_mm, -c.length_mm * c.width_mm),
    lambda c: (-c.length_mm * c.width_mm, -c.height_mm),
    lambda c: (-c.volume_mm3,),
    lambda c: (-c.mass_kg / c.volume_mm3, -c.height_mm),
)
_MOST_PLACES = 60
"""So many places are looked at closely for one carton, the lowest first."""
_MOST_WITHOUT_LAYERS = 400
_CODE = 1 << 20
"""Corners are coded in one number; no pallet is a kilometre wide."""


def mixed_pallets(
    rest: Mapping[int, tuple[Carton, int]], pallet: PalletKind, limits: PalletLimits
) -> tuple[list[list[PlacedCarton]], dict[int, int]]:
    """Pallets for cartons by line; and what no pallet takes, by line.

    Where there are few cartons they are also set one by one without layers; that is kept if it
    takes fewer pallets, or leaves fewer cartons over.
    """
    with_layers = (_Pile.with_layers, _Pile.with_odd)
    best = _piled(rest, pallet, limits, with_layers)
    if len(best[0]) > 1 and sum(count for _, count in rest.values()) <= _MOST_WITHOUT_LAYERS:
        other = _piled(rest, pallet, limits, with_layers[1:])
        best = min(best, other, key=lambda found: (sum(found[1].values()), len(found[0])))
    return best


def _piled(
    rest: Mapping[int, tuple[Carton, int]],
    pallet: PalletKind,
    limits: PalletLimits,
    steps: Sequence[_Step],
) -> tuple[list[list[PlacedCarton]], dict[int, int]]:
    kinds = {line: carton for line, (carton, _) in rest.items()}
    left = {line: count for line, (_, count) in rest.items()}
    piles: list[_Pile] = []
    for bottom in (True, False):
        lines = [i for i in left if kinds[i].always_bottom == bottom]
        for step in steps:
            for k, pile in enumerate(piles):
                piles[k] = step(pile, kinds, left, lines)
            while any(left[i] for i in lines):
                pile = step(_Pile(pallet, limits), kinds, left, lines)
                if not pile.placed:
                    break
                piles.append(pile)
    return [pile.placed for pile in piles], {i: n for i, n in left.items() if n}


class _Pile:
    """One pallet that is being built."""

    def __init__(self, pallet: PalletKind, limits: PalletLimits) -> None:
        import numpy as np

        self.pallet, self.limits = pallet, limits
        self.placed: list[PlacedCarton] = []
        self.mass_kg = 0.0
        self.room_mm = limits.height_mm - pallet.height_mm
        self.reach = (0, 0, pallet.length_mm, pallet.width_mm)
        """The deck and what layers reach beyond it: least x and y, greatest x and y."""
        self.boxes: Any = np.zeros((0, 6), dtype=np.int64)
        """A row a carton: x, y, z, x end, y end, z end."""
        self.below: list[list[tuple[int, float]]] = []
        self.carried_kg: list[float] = []
        self.high: list[int] = []
        """For each carton: what it rests on, what rests on it, layers from it upwards."""

    def copy(self) -> _Pile:
        """Another pile with the same cartons, to try something on."""
        other = _Pile(self.pallet, self.limits)
        other.placed, other.boxes = list(self.placed), self.boxes
        other.mass_kg, other.reach, other.below = self.mass_kg, self.reach, list(self.below)
        other.carried_kg, other.high = list(self.carried_kg), list(self.high)
        return other

    def with_layers(
        self, kinds: Mapping[int, Carton], left: dict[int, int], lines: Iterable[int]
    ) -> _Pile:
        """The pile with all full layers that fit, large ones below; `left` is lowered."""
        firsts = {i: first_layer(kinds[i], left[i], self.pallet, self.limits) for i in lines}
        by_area = sorted(
            (i for i in lines if firsts[i]),
            key=lambda i: (
                *_rank(kinds[i]), -sum(c.dx_mm * c.dy_mm for c in firsts[i]), -kinds[i].height_mm, i
            ),
        )  # fmt: skip
        for line in by_area:
            while left[line] >= len(firsts[line]) and self._add_layer(line, firsts[line]):
                left[line] -= len(firsts[line])
        return self

    def with_odd(
        self, kinds: Mapping[int, Carton], left: dict[int, int], lines: Iterable[int]
    ) -> _Pile:
        """The pile with single cartons, in the order that fills it most; `left` is lowered."""
        wanted = [i for i in lines if left[i] and self._may_fit(kinds[i])]
        best, best_volume = self, 0
        for order in _ORDERS if wanted else ():
            tried = self.copy()
            for line in sorted(wanted, key=lambda i: (*_rank(kinds[i]), *order(kinds[i]), i)):
                count = left[line]
                while count and (added := tried.add(kinds[line], line, count)):
                    count -= added
            more = tried.placed[len(self.placed) :]
            volume = sum(c.carton.volume_mm3 for c in more)
            if volume > best_volume:
                best, best_volume = tried, volume
            if len(wanted) == 1 or len(more) == sum(left[i] for i in wanted):
                break
        for c in best.placed[len(self.placed) :]:
            left[c.line] -= 1
        return best

    def _may_fit(self, carton: Carton) -> bool:
        """False if mass or height leave no room for a carton, seen from far."""
        if self.mass_kg + carton.mass_kg > self.limits.room_kg(self.pallet) + 1e-6:
            return False
        x0, y0, x1, y1 = self.reach
        floor = sum(c.dx_mm * c.dy_mm for c in self.placed if c.z_mm == 0)
        free = (x1 - x0) * (y1 - y0) - floor
        lowest = min((c.end[2] for c in self.placed), default=0) if free < 1 else 0
        return any(lowest + dz <= self.room_mm for _, _, dz in carton.ways())

    def _add_layer(self, line: int, first: Sequence[PlacedCarton]) -> bool:
        """One full layer on top of all that is there."""
        carton = first[0].carton
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
        more = [
            PlacedCarton(carton, line, c.x_mm, c.y_mm, z, c.dx_mm, c.dy_mm, c.dz_mm) for c in first
        ]
        if not self._take(more):
            return False
        x0, y0, x1, y1 = self.reach
        self.reach = (
            min(x0, *(c.x_mm for c in more)),
            min(y0, *(c.y_mm for c in more)),
            max(x1, *(c.end[0] for c in more)),
            max(y1, *(c.end[1] for c in more)),
        )
        return True

    def _take(self, more: Sequence[PlacedCarton]) -> bool:
        """Keep the cartons if mass, bearing and layers allow it."""
        import numpy as np

        mass = self.mass_kg + sum(c.carton.mass_kg for c in more)
        if mass > self.limits.room_kg(self.pallet) + 1e-6:
            return False
        below = [self._contacts(c) for c in more]
        pressed = self._pressed(more, below)
        if pressed is None:
            return False
        for j, (kg, high) in pressed.items():
            self.carried_kg[j], self.high[j] = kg, high
        self.carried_kg += [0.0] * len(more)
        self.high += [1] * len(more)
        self.below += below
        self.placed += more
        self.mass_kg = mass
        rows = np.array([(c.x_mm, c.y_mm, c.z_mm, *c.end) for c in more], dtype=np.int64)
        self.boxes = np.vstack([self.boxes, rows])
        return True

    def _contacts(self, c: PlacedCarton) -> list[tuple[int, float]]:
        """Which cartons it rests on, each with its share of the contact."""
        import numpy as np

        if c.z_mm == 0:
            return []
        b = self.boxes
        common = np.maximum(
            0, np.minimum(c.end[0], b[:, 3]) - np.maximum(c.x_mm, b[:, 0])
        ) * np.maximum(0, np.minimum(c.end[1], b[:, 4]) - np.maximum(c.y_mm, b[:, 1]))
        common[b[:, 5] != c.z_mm] = 0
        whole = float(common.sum())
        return [(int(j), float(common[j]) / whole) for j in np.flatnonzero(common)]

    def _pressed(
        self, more: Sequence[PlacedCarton], below: Sequence[Sequence[tuple[int, float]]]
    ) -> dict[int, tuple[float, int]] | None:
        """New load and layers of all cartons under new ones; None if one cannot bear them."""
        kg_more: dict[int, float] = {}
        high: dict[int, int] = {}

        def press(on: Sequence[tuple[int, float]], kg: float, layers: int) -> None:
            for j, share in on:
                kg_more[j] = kg_more.get(j, 0.0) + kg * share
                high[j] = max(high.get(j, self.high[j]), layers + 1)

        for c, on in zip(more, below, strict=True):
            press(on, c.carton.mass_kg, 1)
        done: dict[int, tuple[float, int]] = {}
        while kg_more:
            # from the top down, so that all that presses on a carton is known when its turn comes
            j = max(kg_more, key=lambda j: self.placed[j].z_mm)
            kg = kg_more.pop(j)
            carton = self.placed[j].carton
            done[j] = (self.carried_kg[j] + kg, high[j])
            if carton.max_stack is not None and high[j] > carton.max_stack:
                return None
            most = carton.max_top_load_kg
            if most is not None and done[j][0] > most + 1e-6:
                return None
            press(self.below[j], kg, high[j])
        return done

    def add(self, carton: Carton, line: int, most: int) -> int:
        """Up to `most` equal cartons on the lowest place that holds them up, in a run; how many."""
        if self.mass_kg + carton.mass_kg > self.limits.room_kg(self.pallet) + 1e-6:
            return 0
        places = sorted(p for way in carton.ways() for p in self._places(carton, way))
        for z, x, y, *way in places[:_MOST_PLACES]:
            if self._take([PlacedCarton(carton, line, x, y, z, *way)]):
                return 1 + self._run(carton, line, (z, x, y), (way[0], way[1], way[2]), most - 1)
        return 0

    def _run(
        self,
        carton: Carton,
        line: int,
        start: tuple[int, int, int],
        way: tuple[int, int, int],
        most: int,
    ) -> int:
        """More of the same on the same level, across and then along, row by row."""
        import numpy as np

        z, x, y = start
        rows = (self.reach[2] - x) // way[0]
        wide = (self.reach[3] - y) // way[1]
        count = 0
        for i in range(rows):
            for j in range(wide):
                if not i + j:
                    continue
                spot = (np.array([x + i * way[0]]), np.array([y + j * way[1]]))
                found = self._valid(carton, way, *spot) if count < most else []
                if not found or found[0][0] != z:
                    if j:
                        break
                    return count
                if not self._take([PlacedCarton(carton, line, *found[0][1:3], z, *way)]):
                    return count
                count += 1
        return count

    def _places(self, carton: Carton, way: tuple[int, int, int]) -> list[_Place]:
        """Corners where a carton in one way may stand."""
        import numpy as np

        dx, dy, _ = way
        b = self.boxes
        x0, y0, x1, y1 = self.reach
        xs = np.concatenate([[x0], b[:, 3], b[:, 0], b[:, 0], b[:, 3] - dx, b[:, 0], b[:, 3]])
        ys = np.concatenate([[y0], b[:, 1], b[:, 4], b[:, 1], b[:, 1], b[:, 4] - dy, b[:, 4] - dy])
        inside = (xs >= x0) & (ys >= y0) & (xs + dx <= x1) & (ys + dy <= y1)
        code = np.unique((xs[inside] - x0) * _CODE + ys[inside] - y0)
        return self._valid(carton, way, code // _CODE + x0, code % _CODE + y0)

    def _valid(self, carton: Carton, way: tuple[int, int, int], xs: Any, ys: Any) -> list[_Place]:
        """Those of the corners where it is held up, with the height at which it stands."""
        import numpy as np

        if not len(xs):
            return []
        dx, dy, dz = way
        b, x, y = self.boxes, xs[:, None], ys[:, None]
        common = np.maximum(0, np.minimum(x + dx, b[:, 3]) - np.maximum(x, b[:, 0])) * np.maximum(
            0, np.minimum(y + dy, b[:, 4]) - np.maximum(y, b[:, 1])
        )
        z = np.where(common > 0, b[:, 5], 0).max(axis=1, initial=0)
        touched = np.where(b[:, 5] == z[:, None], common, 0)
        held = touched.sum(axis=1)
        good = (z + dz <= self.room_mm) & (
            (z == 0) | (held >= self.limits.support_share * dx * dy) & (held > 0)
        )
        refused = [k for k, c in enumerate(self.placed) if not _may_stand(carton, c.carton)]
        if refused:
            good &= (z == 0) | (touched[:, refused].sum(axis=1) == 0)
        return [(int(z[i]), int(xs[i]), int(ys[i]), dx, dy, dz) for i in np.flatnonzero(good)]


def _rank(c: Carton) -> tuple[int, int, int]:
    """What must stand low comes first."""
    return (int(c.always_top), int(not c.always_bottom), c.stack_group)


def _may_stand(top: Carton, below: Carton) -> bool:
    """True if a carton may rest on another kind at all."""
    if below.always_top or top.stack_group < below.stack_group:
        return False
    return below.always_bottom or not top.always_bottom


_Step = Callable[[_Pile, Mapping[int, Carton], dict[int, int], Iterable[int]], _Pile]
