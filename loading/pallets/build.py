"""`build_pallets`: so many cartons of each order become pallets.

Full pallets of one kind come first, all of the same pattern. What is left of an order shares
mixed pallets (`mixed.py`), or has a part-full pallet for each line where mixing is not wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

from loading.pallets.cartons import (
    BuiltPallet,
    Carton,
    CartonLine,
    PalletLimits,
    PalletPlan,
    PlacedCarton,
)
from loading.pallets.kinds import PalletKind
from loading.pallets.mixed import mixed_pallets
from loading.pallets.patterns import first_layer, fits_pallet, full_pallet, is_interlocked


def build_pallets(
    cartons: Sequence[CartonLine], pallet: PalletKind, limits: PalletLimits
) -> PalletPlan:
    """Put the cartons of every order on pallets of one kind.

    Cartons of different orders never share a pallet. What no pallet can take (too large, too high,
    too heavy) is left over with the reason; nothing is dropped. The same question has the same
    answer every time.
    """
    orders: dict[str, list[int]] = {}
    for i, line in enumerate(cartons):
        orders.setdefault(line.order, []).append(i)
    built: list[BuiltPallet] = []
    left: list[tuple[int, int, str]] = []
    for order, lines in orders.items():
        rest: dict[int, tuple[Carton, int]] = {}
        for i in lines:
            carton, count = cartons[i].carton, cartons[i].count
            if not fits_pallet(carton, pallet, limits):
                left.append((i, count, _why_never(carton, pallet, limits)))
                continue
            full, over = 0, count
            # what nothing may stand on goes on top of other cartons, where there are any
            if not carton.always_top and first_layer(carton, count, pallet, limits):
                pattern = full_pallet(carton, pallet, limits)
                full, over = divmod(count, len(pattern))
                own = tuple(_of_line(c, i) for c in pattern)
                built += [_built(pallet, order, own)] * full
            if over:
                rest[i] = (carton, over)
        for group in [rest] if limits.mix else [{i: some} for i, some in rest.items()]:
            piles, over_by_line = mixed_pallets(group, pallet, limits)
            built += [_built(pallet, order, tuple(pile)) for pile in piles]
            left += [(i, n, "no place on a pallet was found") for i, n in over_by_line.items()]
    return PalletPlan(tuple(built), tuple(left))


def _of_line(c: PlacedCarton, line: int) -> PlacedCarton:
    return PlacedCarton(c.carton, line, c.x_mm, c.y_mm, c.z_mm, c.dx_mm, c.dy_mm, c.dz_mm)


def _built(pallet: PalletKind, order: str, cartons: tuple[PlacedCarton, ...]) -> BuiltPallet:
    if len({c.line for c in cartons}) > 1:
        pattern = "mixed"
    else:
        pattern = "interlocked" if is_interlocked(cartons) else "columns"
    return BuiltPallet(pallet, order, cartons, pattern)


def _why_never(c: Carton, pallet: PalletKind, limits: PalletLimits) -> str:
    """Why a pallet cannot take a single carton, in the planner's words."""
    size = f"{c.length_mm} x {c.width_mm} x {c.height_mm} mm"
    if c.mass_kg > limits.room_kg(pallet) + 1e-6:
        return f"heavier ({c.mass_kg:,.1f} kg) than may stand on a {pallet.code} pallet"
    if all(side[2] > limits.height_mm - pallet.height_mm for side in c.sides()):
        return f"too high ({size}) for a pallet of {limits.height_mm} mm"
    return f"too large ({size}) for a {pallet.code} pallet with {limits.overhang_mm} mm overhang"
