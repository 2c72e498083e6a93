"""One kind of carton on a pallet: the best layer, then layer upon layer.

A layer is the floor of the pallet, overhang included, full of equal footprints: the pallet loading
problem that `loading/footprints.py` answers with block layouts, a bound and CP-SAT. Columns repeat
the layer. Interlocked, every second layer is the mirror image of the one below, so that its
cartons bridge the seams, wherever every carton stays held up as far as is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from loading.footprints import Spot, floor_layout
from loading.pallets.cartons import Carton, PalletLimits, PlacedCarton
from loading.pallets.kinds import PalletKind

Pattern = tuple[PlacedCarton, ...]


@lru_cache(maxsize=4096)
def layer(
    length_mm: int, width_mm: int, turn: bool, pallet: PalletKind, overhang_mm: int
) -> tuple[Spot, ...]:
    """The fullest layer of a footprint, in the middle of the deck."""
    long, wide = pallet.length_mm + 2 * overhang_mm, pallet.width_mm + 2 * overhang_mm
    spots = floor_layout(length_mm, width_mm, turn, long, wide, wide).spots
    if not spots:
        return ()
    x = (pallet.length_mm - max(s[0] + s[2] for s in spots)) // 2
    y = (pallet.width_mm - max(s[1] + s[3] for s in spots)) // 2
    return tuple((s[0] + x, s[1] + y, s[2], s[3]) for s in spots)


@lru_cache(maxsize=4096)
def full_pallet(carton: Carton, pallet: PalletKind, limits: PalletLimits) -> Pattern:
    """The most cartons of one kind that a pallet takes; empty if it takes none."""
    options = [_on_side(carton, side, pallet, limits) for side in carton.sides()]
    return max(options, key=len)


def first_layer(
    carton: Carton, count: int, pallet: PalletKind, limits: PalletLimits
) -> tuple[PlacedCarton, ...]:
    """The lowest layer of the full pallet; empty if `count` cartons do not fill it.

    So few that they would cover less than half of the deck are not even asked.
    """
    over = 2 * limits.overhang_mm
    deck = (pallet.length_mm + over) * (pallet.width_mm + over)
    smallest = min(length * width for length, width, _ in carton.sides())
    if 2 * count * smallest < deck and _stands_alone(carton, pallet, limits):
        return ()
    layer = tuple(c for c in full_pallet(carton, pallet, limits) if c.z_mm == 0)
    return layer if len(layer) <= count else ()


def fits_pallet(carton: Carton, pallet: PalletKind, limits: PalletLimits) -> bool:
    """True if a pallet takes a single carton at all."""
    if _stands_alone(carton, pallet, limits):
        return True
    return bool(full_pallet(carton, pallet, limits))


def _stands_alone(carton: Carton, pallet: PalletKind, limits: PalletLimits) -> bool:
    """True if one carton stands on the deck without overhang."""
    return carton.mass_kg <= limits.room_kg(pallet) + 1e-6 and any(
        dx <= pallet.length_mm
        and dy <= pallet.width_mm
        and dz <= limits.height_mm - pallet.height_mm
        for dx, dy, dz in carton.ways()
    )


def is_interlocked(pattern: Sequence[PlacedCarton]) -> bool:
    """True if the second layer is another than the first."""
    levels = sorted({c.z_mm for c in pattern})
    if len(levels) < 2:
        return False
    first, second = ({c.end[:2] for c in pattern if c.z_mm == z} for z in levels[:2])
    return not second <= first


def _on_side(
    carton: Carton, side: tuple[int, int, int], pallet: PalletKind, limits: PalletLimits
) -> Pattern:
    length, width, height = side
    spots = layer(length, width, carton.rotate_on_floor, pallet, limits.overhang_mm)
    high = (limits.height_mm - pallet.height_mm) // height
    if not spots or high < 1:
        return ()
    if carton.max_stack is not None:
        high = min(high, carton.max_stack)
    if carton.always_top:
        high = 1
    most = len(spots) * high
    if carton.mass_kg > 0:
        most = int(min(most, (limits.room_kg(pallet) + 1e-6) / carton.mass_kg))
    layers = _layers(spots, high, limits)
    while most > 0:
        placed = [
            PlacedCarton(carton, 0, x, y, k * height, dx, dy, height)
            for k, level in enumerate(layers)
            for x, y, dx, dy in level
        ][:most]
        if carton.max_top_load_kg is None or max(carried_kg(placed)) <= (
            carton.max_top_load_kg + 1e-6
        ):
            return tuple(placed)
        most = (len(placed) - 1) // len(spots) * len(spots)
    return ()


def _layers(spots: Sequence[Spot], high: int, limits: PalletLimits) -> list[Sequence[Spot]]:
    """The same layer again and again, or it and its mirror image by turns."""
    other: Sequence[Spot] = spots
    if limits.interlocked:
        for tried in _mirrored(spots):
            if set(tried) != set(spots) and all(
                held_share(upper, spots) >= limits.support_share
                and held_share(lower, tried) >= limits.support_share
                for upper, lower in zip(tried, spots, strict=True)
            ):
                other = tried
                break
    return [other if k % 2 else spots for k in range(high)]


def _mirrored(spots: Sequence[Spot]) -> list[list[Spot]]:
    """The layer turned by half a turn, and mirrored along and across, within its own bounds."""
    x = min(s[0] for s in spots) + max(s[0] + s[2] for s in spots)
    y = min(s[1] for s in spots) + max(s[1] + s[3] for s in spots)
    along = [(x - s[0] - s[2], s[1], s[2], s[3]) for s in spots]
    across = [(s[0], y - s[1] - s[3], s[2], s[3]) for s in spots]
    both = [(x - s[0] - s[2], y - s[1] - s[3], s[2], s[3]) for s in spots]
    return [both, along, across]


def held_share(spot: Spot, below: Sequence[Spot]) -> float:
    """How much of a footprint lies on others (which do not overlap)."""
    return sum(_common(spot, b) for b in below) / (spot[2] * spot[3])


def _common(a: Spot, b: Spot) -> int:
    x = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    y = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, x) * max(0, y)


def carried_kg(placed: Sequence[PlacedCarton]) -> list[float]:
    """What rests on each carton; a load is shared by the area of contact."""
    carried = [0.0] * len(placed)
    tops: dict[int, list[int]] = {}
    for i, c in enumerate(placed):
        tops.setdefault(c.end[2], []).append(i)
    for i in sorted(range(len(placed)), key=lambda i: -placed[i].z_mm):
        c = placed[i]
        spot = (c.x_mm, c.y_mm, c.dx_mm, c.dy_mm)
        areas = [
            (j, _common(spot, (q.x_mm, q.y_mm, q.dx_mm, q.dy_mm)))
            for j in tops.get(c.z_mm, ())
            for q in (placed[j],)
        ]
        contact = sum(a for _, a in areas)
        for j, area in areas:
            if area:
                carried[j] += (c.carton.mass_kg + carried[i]) * area / contact
    return carried
