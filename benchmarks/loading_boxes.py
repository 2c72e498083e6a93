"""Published box problems: reading them, solving one, judging the plan."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.loading_peer import ask
from loading.cartons.boxes import BoxKind, BoxPlace, ways_by_flags
from loading.cartons.pack import Limit, get_ready, pack_boxes
from loading.check import Placed, check_load, errors
from loading.equipment import Equipment
from loading.units import Packaging

__all__ = ["fewest_containers", "get_ready", "one_container", "read_thpack", "summary"]

HANGING = ("support", "order", "reach")
"""Rules that are switched off where no support is asked for."""
PARTLY = ("support",)
"""The rule that the benchmark measures itself where a share of support is asked for."""


@dataclass(frozen=True)
class Problem:
    """A container and boxes; `upright[k][i]`: size i of kind k may be the vertical one."""

    inner: tuple[int, int, int]
    kinds: tuple[BoxKind, ...]
    upright: tuple[tuple[bool, bool, bool], ...]


def read_thpack(file: Path) -> list[Problem]:
    """The problems of a file in the layout of the OR-Library (see reference README).

    The line that starts a problem holds its number and, in some files, a seed; problems may end
    with a line that gives the best known number of containers.
    """
    rows = [
        [int(v) for v in line.split()]
        for line in file.read_text("utf-8").splitlines()
        if line.split()
    ]
    at = 1
    problems = []
    for _ in range(rows[0][0]):
        while len(rows[at + 1]) != 3 or len(rows[at]) > 2:
            at += 1
        at += 1
        inner = (rows[at][0], rows[at][1], rows[at][2])
        count = rows[at + 1][0]
        at += 2
        kinds, flags = [], []
        for _, length, f1, width, f2, height, f3, number in rows[at : at + count]:
            sizes, upright = (length, width, height), (bool(f1), bool(f2), bool(f3))
            kinds.append(BoxKind(sizes, number, ways_by_flags(sizes, upright)))
            flags.append(upright)
        at += count
        problems.append(Problem(inner, tuple(kinds), tuple(flags)))
    return problems


def one_container(
    number: int, problem: Problem, seconds: float, clock: str, share: float, peer: Path | None
) -> dict[str, Any]:
    """Fill one container; runs in a process of its own."""
    get_ready()
    started, used = time.perf_counter(), time.process_time()
    found = pack_boxes(
        problem.kinds,
        problem.inner,
        Limit(seconds, clock=clock),
        support=share,
        orderly=share > 0,
    )
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    room = math.prod(problem.inner)
    wanted = sum(k.volume * k.count for k in problem.kinds)
    faults = _faults(problem, [found.places], share)
    line: dict[str, Any] = {
        "problem": number,
        "utilisation": round(100 * found.volume / room, 3),
        "bound": round(100 * min(1.0, wanted / room), 3),
        "boxes": len(found.places),
        "fully_supported": _supported(found.places),
        "checked": not faults,
        "faults": faults[:3],
        "rules_off": list(_rules_off(share)),
        "seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
        "iterations": found.iterations,
    }
    if peer is not None:
        answer = ask(peer, problem.inner, problem.kinds, seconds, clock, "volume")
        line["peer_utilisation"] = round(100 * answer["volume"] / room, 3)
        line["peer_seconds"] = answer["seconds"]
    return line


def fewest_containers(
    number: int, problem: Problem, seconds: float, clock: str, share: float, peer: Path | None
) -> dict[str, Any]:
    """Pack all boxes; runs in a process of its own."""
    from loading.cartons.many import pack_all

    get_ready()
    started, used = time.perf_counter(), time.process_time()
    found = pack_all(
        problem.kinds,
        problem.inner,
        Limit(seconds, clock=clock),
        support=share,
        orderly=share > 0,
    )
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    places = [p for load in found.loads for p in load]
    faults = _faults(problem, found.loads, share)
    if len(places) != sum(k.count for k in problem.kinds):
        faults.append("not all boxes are packed")
    line: dict[str, Any] = {
        "problem": number,
        "containers": len(found.loads),
        "bound": found.bound,
        "boxes": len(places),
        "fully_supported": round(
            sum(_supported(load) * len(load) for load in found.loads) / len(places), 4
        ),
        "checked": not faults,
        "faults": faults[:3],
        "rules_off": list(_rules_off(share)),
        "seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
    }
    if peer is not None:
        answer = ask(peer, problem.inner, problem.kinds, seconds, clock, "containers")
        line["peer_containers"] = answer["containers"]
        line["peer_seconds"] = answer["seconds"]
    return line


def summary(
    name: str,
    lines: Sequence[dict[str, Any]],
    measure: str,
    seconds: float,
    clock: str,
    support: str,
) -> dict[str, Any]:
    """The last line: the mean of utilisations or the sum of containers."""
    values = [line[measure] for line in lines]
    total = sum(values) if measure == "containers" else round(sum(values) / len(values), 3)
    boxes = sum(line["boxes"] for line in lines)
    told: dict[str, Any] = {
        "file": name,
        "problems": len(lines),
        measure: total,
        "boxes": boxes,
        "fully_supported": round(
            sum(line["fully_supported"] * line["boxes"] for line in lines) / boxes, 4
        ),
        "checked": all(line["checked"] for line in lines),
        "support": support,
        "limit_seconds": seconds,
        "clock": clock,
        "seconds": round(sum(line["seconds"] for line in lines), 1),
    }
    if measure == "containers":
        told["bound"] = sum(line["bound"] for line in lines)
    peers = [line[f"peer_{measure}"] for line in lines if f"peer_{measure}" in line]
    if peers and None not in peers:
        whole = sum(peers)
        told[f"peer_{measure}"] = whole if measure == "containers" else round(whole / len(peers), 3)
    return told


def _rules_off(share: float) -> tuple[str, ...]:
    return HANGING if share <= 0 else () if share >= 1 else PARTLY


def _faults(problem: Problem, loads: Sequence[Sequence[BoxPlace]], share: float) -> list[str]:
    """What the independent check finds, and boxes that lie on a side they may not lie on."""
    e = Equipment("box", *problem.inner, tare_kg=0, payload_kg=0, teu=0)
    packagings = [
        Packaging(
            f"kind {k + 1}", "", 1, *kind.sizes, 0.0, 0.0,
            max_stack=10**9, upright_only=False, stack_code="loose",
        )
        for k, kind in enumerate(problem.kinds)
    ]  # fmt: skip
    found = []
    used = [0] * len(problem.kinds)
    for n, load in enumerate(loads, 1):
        placed = [
            Placed(i, p.x, p.y, p.z, p.dx, p.dy, p.dz, 0.0, packagings[p.kind])
            for i, p in enumerate(load, 1)
        ]
        off = _rules_off(share)
        found += [str(f) for f in errors(check_load(str(n), e, placed)) if f.rule not in off]
        for p in load:
            used[p.kind] += 1
            sizes, upright = problem.kinds[p.kind].sizes, problem.upright[p.kind]
            if not any(up and size == p.dz for size, up in zip(sizes, upright, strict=True)):
                found.append(f"{n}: a box of kind {p.kind + 1} lies on a side that it may not")
        if 0 < share < 1 and any(held < share - 1e-9 for held in _held(load)):
            found.append(f"{n}: a box is held up under less than {share:.0%} of its footprint")
    for k, kind in enumerate(problem.kinds):
        if used[k] > kind.count:
            found.append(f"{used[k]} boxes of kind {k + 1} are loaded; there are {kind.count}")
    return found


def _held(load: Sequence[BoxPlace]) -> list[float]:
    """The share of each box's footprint that stands on the floor or on other boxes."""
    tops: dict[int, list[BoxPlace]] = {}
    for p in load:
        tops.setdefault(p.z + p.dz, []).append(p)
    shares = []
    for p in load:
        area = 0
        for q in tops.get(p.z, ()):
            along = min(p.x + p.dx, q.x + q.dx) - max(p.x, q.x)
            across = min(p.y + p.dy, q.y + q.dy) - max(p.y, q.y)
            area += along * across if along > 0 and across > 0 else 0
        shares.append(1.0 if p.z == 0 else area / (p.dx * p.dy))
    return shares


def _supported(load: Sequence[BoxPlace]) -> float:
    shares = _held(load)
    return round(sum(s >= 1 for s in shares) / len(shares), 4) if shares else 1.0
