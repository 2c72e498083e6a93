"""Both steps together: cartons onto pallets, pallets into load units.

Pallets as full as can be are not always best for the load units. Where mass binds, ten pallets of
2,000 kg fill a trailer of 21 t to 95 %, and an eleventh does not go in. So lower pallets are tried
too: as heavy as makes 11, 12, ... of them the whole mass that a load unit may carry.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from loading.equipment import Equipment
from loading.pallets.build import build_pallets
from loading.pallets.cartons import CartonLine, PalletLimits, PalletPlan
from loading.pallets.kinds import PalletKind
from loading.pallets.units import pallet_units
from loading.stacks import door_height
from loading.stuffing import Stuffing, floor_count, layers, mass_limit_kg, stuff
from loading.units import HandlingUnit

_MORE_PALLETS = 8
"""So many more pallets a load unit are tried than fit when each is as full as can be."""


@dataclass(frozen=True)
class TwoSteps:
    """Pallets, the same as handling units (in the same order), and the load units."""

    plan: PalletPlan
    units: tuple[HandlingUnit, ...]
    stuffing: Stuffing

    @property
    def worth(self) -> tuple[int, int, int]:
        """Less is better: what is left, load units, pallets."""
        return len(self.stuffing.left), len(self.stuffing.loads), len(self.units)


def load_cartons(
    lines: Sequence[CartonLine],
    pallet: PalletKind,
    limits: PalletLimits,
    e: Equipment,
    *,
    max_stack: int = 1,
    about: Mapping[str, Mapping[str, Any]] | None = None,
    max_cargo_kg: float | None = None,
    max_loads: int | None = None,
    seed: int = 1,
    seconds: float = 6.0,
) -> TwoSteps:
    """Cartons of all lines on pallets, and these in as few load units of one equipment as found.

    `limits.height_mm` is lowered to the door of the equipment; `max_stack` pallets may stand upon
    one another; `about` gives stop, group and so on by order. `seconds` bounds the search beyond
    the first plan.
    """
    until = time.monotonic() + seconds
    limits = replace(limits, height_mm=min(limits.height_mm, door_height(e)))

    def both(limits: PalletLimits) -> TwoSteps:
        plan = build_pallets(lines, pallet, limits)
        units = pallet_units(plan.pallets, max_stack=max_stack, about=about)
        stuffing = stuff(
            units, e, max_loads=max_loads, max_cargo_kg=max_cargo_kg, seed=seed,
            seconds=max(0.1, (until - time.monotonic()) / 2),
        )  # fmt: skip
        return TwoSteps(plan, tuple(units), stuffing)

    best = both(limits)
    if not best.units:
        return best
    most_kg = mass_limit_kg(e, max_cargo_kg)
    fewest = ceil(sum(u.mass_kg for u in best.units) / most_kg - 1e-9)
    heaviest = max(u.mass_kg for u in best.units)
    spots = max(floor_count(u.packaging, e) * layers(u.packaging, e) for u in best.units)
    if not spots or ceil(len(best.units) / spots) >= len(best.stuffing.loads):
        return best  # the floor binds, not the mass
    first = int(most_kg // heaviest) + 1
    for count in range(first, min(first + _MORE_PALLETS, spots) + 1):
        if best.worth[:2] <= (0, fewest) or time.monotonic() > until:
            break
        gross = most_kg / count
        if gross >= heaviest or (limits.max_gross_kg is not None and gross >= limits.max_gross_kg):
            continue
        tried = both(replace(limits, max_gross_kg=gross))
        if not tried.plan.left or best.plan.left:
            best = min(best, tried, key=lambda found: found.worth)
    return best
