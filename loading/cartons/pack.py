"""Fill one container with loose cartons, as full as the limit allows."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loading.cartons.beam import expand
from loading.cartons.boxes import BoxKind, BoxPlace, off_grid, on_grid
from loading.cartons.limit import Limit
from loading.cartons.search import Found, Search
from lowhaul.console import note


def pack_boxes(
    kinds: Sequence[BoxKind],
    inner: tuple[int, int, int],
    limit: Limit,
    *,
    support: float = 1.0,
    most_kg: float = math.inf,
    orderly: bool = True,
) -> Found:
    """The boxes that fill most of one container.

    `support`: the share of each box's footprint that must stand on the floor or on boxes, 0 to 1.
    `orderly`: the plan can be stuffed box by box from the door, and `places` are in that order;
    without it (for comparison with published figures only) any arrangement will do. Bearing
    strength, layers and the centre of gravity are not looked at here.
    """
    get_ready()
    small, room, grid = on_grid(kinds, inner)
    if not grid:
        return Found((), 0, 0, 0, 0, True)
    search = Search(
        small,
        room,
        support=support,
        most_kg=most_kg,
        orderly=orderly,
    )
    found = search.run(limit)
    places = off_grid(found.places, grid)
    return replace(found, places=places, volume=found.volume * grid**3)


def get_ready() -> float:
    """Compile the search where that was not done before, and say so; else load it.

    Returns the seconds that the compiler took, which count for no time limit.
    """
    if expand.signatures:
        return 0.0
    kept = expand.stats.cache_path
    is_new = not kept or not any(Path(kept).glob("beam.expand-*.nbi"))
    if is_new:
        note("Compiling the carton packer. This is done once and takes about 15 s.")
    started = time.monotonic()
    kinds = [BoxKind((2, 2, 2), 3, ((2, 2, 2),)), BoxKind((3, 3, 3), 3, ((3, 3, 3),))]
    Search(kinds, (7, 5, 4)).run(Limit(iterations=20))
    return time.monotonic() - started if is_new else 0.0


__all__ = ["BoxKind", "BoxPlace", "Found", "Limit", "get_ready", "pack_boxes"]
