"""The peer packingsolver3d (PyPI, MIT), run beside Lowhaul where somebody has installed it.

It is no dependency: it lives in a Python of its own, whose path the benchmark is given
(`--peer PYTHON`), and this file is what that Python runs. It packs without any support rule. Its
time is that of the clock on the wall, or its own processor time where Lowhaul's is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loading.cartons.boxes import BoxKind

BUSY = 20.0
"""How much longer than its processor time the peer may take on a busy machine."""


def ask(
    python: Path,
    inner: Sequence[int],
    kinds: Sequence[BoxKind],
    seconds: float,
    clock: str,
    objective: str,
) -> dict[str, Any]:
    """What the peer packs: `containers` (None if it leaves boxes) or `volume`, and its seconds.

    `objective`: containers (as few as can be for all boxes) or volume (of one container).
    """
    question = {
        "inner": list(inner),
        "kinds": [[list(k.sizes), k.count, _rotations(k)] for k in kinds],
        "seconds": seconds,
        "clock": clock,
        "objective": objective,
    }
    done = subprocess.run(
        [str(python), str(Path(__file__).resolve())],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The peer cannot be run by {python}: {done.stderr.strip()[-300:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


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


def _answer(question: dict[str, Any]) -> None:
    """Solve and print; the best plan of the time is kept as the peer reports it."""
    from packingsolver3d import (  # type: ignore[import-not-found]
        BinType,
        Instance,
        ItemType,
        Objective,
        Rotation,
        box,
    )  # fmt: skip

    all_boxes = question["objective"] == "containers"
    boxes = sum(count for _, count, _ in question["kinds"])
    x, y, z = question["inner"]
    instance = Instance(
        bin_types=[BinType(x=x, y=y, z=z, copies=boxes if all_boxes else 1)],
        item_types=[
            ItemType(x=s[0], y=s[1], z=s[2], copies=count,
                     rotations=tuple(Rotation(name) for name in names))
            for s, count, names in question["kinds"]
        ],
        objective=Objective.BIN_PACKING if all_boxes else Objective.KNAPSACK,
    )  # fmt: skip
    best: dict[str, Any] = {"containers": None, "volume": 0, "boxes": 0}
    started = time.perf_counter()

    def keep(event: Any) -> bool:
        if not all_boxes and event.profit > best["volume"]:
            best.update(volume=event.profit, boxes=event.number_of_items)
        elif all_boxes and event.number_of_items == boxes:
            fewest = min(best["containers"] or boxes, event.number_of_bins)
            best.update(containers=fewest, boxes=boxes)
        return True

    def tell() -> None:
        took = {
            "seconds": round(time.perf_counter() - started, 2),
            "cpu_seconds": round(time.process_time(), 2),
        }
        print(json.dumps({**best, **took}), flush=True)
        os._exit(0)

    def watch() -> None:
        while time.process_time() < question["seconds"]:
            time.sleep(0.02)
        tell()

    limit = question["seconds"]
    if question["clock"] == "cpu":
        limit *= BUSY
        threading.Thread(target=watch, daemon=True).start()
    box.solve(instance, time_limit=limit, progress_callback=keep)
    tell()


if __name__ == "__main__":
    _answer(json.load(sys.stdin))
