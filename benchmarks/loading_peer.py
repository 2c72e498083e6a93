"""The peer packingsolver3d (PyPI, MIT), run beside Lowhaul where somebody has installed it.

It is no dependency. It packs without any support rule.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from itertools import permutations

from loading.cartons.boxes import BoxKind

INSTALLED = importlib.util.find_spec("packingsolver3d") is not None


def containers(inner: tuple[int, int, int], kinds: Sequence[BoxKind], seconds: float) -> int | None:
    """Containers that the peer needs for all boxes; None if it is absent or leaves some."""
    if not INSTALLED:
        return None
    from packingsolver3d import (  # type: ignore[import-not-found]
        BinType,
        Instance,
        ItemType,
        Objective,
        Rotation,
        box,
    )  # fmt: skip

    boxes = sum(k.count for k in kinds)
    items = [
        ItemType(
            x=k.sizes[0],
            y=k.sizes[1],
            z=k.sizes[2],
            copies=k.count,
            rotations=tuple(Rotation(name) for name in _rotations(k)),
        )
        for k in kinds
    ]
    bins = [BinType(x=inner[0], y=inner[1], z=inner[2], copies=boxes)]
    instance = Instance(bin_types=bins, item_types=items, objective=Objective.BIN_PACKING)
    found = box.solve(instance, time_limit=seconds)
    packed = sum(b.copies * len(b.placements) for b in found.bins)
    return int(found.number_of_bins) if packed == boxes else None


def _rotations(kind: BoxKind) -> list[str]:
    """The peer's names of the ways: YXZ says that the box's own x runs along the container's y."""
    names = []
    for order in permutations(range(3)):
        sizes = [0, 0, 0]
        for own, along in enumerate(order):
            sizes[along] = kind.sizes[own]
        if tuple(sizes) in kind.ways:
            names.append("".join("XYZ"[along] for along in order))
    return names
