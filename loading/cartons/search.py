"""The rounds of the beam search: each with a wider beam, until time or iterations are used up.

A beam keeps the most promising part-filled containers. Each is asked for its best next blocks at
the space nearest a corner; each of these is completed greedily, and what the complete container
holds is what the part-filled one is worth (I. Araya and M. C. Riff, A beam search approach to the
container loading problem, Computers and Operations Research 43, 2014).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loading.cartons.beam import child_of, expand, nearest_space
from loading.cartons.blocks import Blocks, boxes_of, make_blocks, ranked, with_feet
from loading.cartons.boxes import BoxKind, BoxPlace
from loading.cartons.limit import Limit, Running, is_crowd
from loading.cartons.order import stuffing_order
from loading.cartons.plain import plain_filling
from loading.cartons.state import PIECES, State, Task, new_state


@dataclass(frozen=True)
class Taste:
    """Which blocks there are and how they are judged in one round.

    `blocks`: at most that many; `pure` of them may be of one kind and way (rows, layers, bricks);
    boxes fill `fill` of the cuboid around them. `few`: exponent by which blocks of few boxes are
    preferred; blocks nearer than the share `gap` of a block's size count as touching it.
    """

    blocks: int = 3000
    pure: float = 0.5
    fill: float = 0.98
    few: float = 0.2
    gap: float = 0.02


TASTES = (Taste(),)
"""The rounds take turns with these: what one misses another may find."""
CROWD_BLOCKS = 9000
"""Blocks where a container takes very many boxes (`is_crowd`): they grow by doubling then."""
STEPS = 100
"""The clock is looked at after so many spaces, which takes a tenth of a second at most."""
GROWTH = math.sqrt(2)
"""The beam of a round is that much wider than the last one of the same taste."""


@dataclass(frozen=True)
class Found:
    """The fullest plan: its boxes in the order of stuffing, and how it was found."""

    places: tuple[BoxPlace, ...]
    volume: int
    gain: int
    iterations: int
    width: int
    complete: bool
    """True if all boxes are in or the container is full: no plan holds more."""


class Search:
    """One kind of container and one list of boxes; `run` may be asked again and again."""

    def __init__(
        self,
        kinds: Sequence[BoxKind],
        inner: tuple[int, int, int],
        *,
        support: float = 1.0,
        most_kg: float = math.inf,
        orderly: bool = True,
    ) -> None:
        self.kinds, self.inner, self.orderly = kinds, inner, orderly
        self.support = support
        self.crowd = is_crowd(kinds, inner)
        self.made: dict[tuple[int, float, float], Blocks] = {}
        self.task = _task(kinds, inner, support, most_kg)
        counts = np.array([k.count for k in kinds], np.int32)
        self.root, self.scratch, self.best = (new_state(self.task, counts) for _ in range(3))
        self.pieces = np.zeros((PIECES, 8), np.int32)
        self.places: tuple[BoxPlace, ...] = ()

    def run(
        self,
        limit: Limit,
        *,
        counts: Sequence[int] | None = None,
        gains: Sequence[int] | None = None,
    ) -> Found:
        """The plan of the greatest gain found within the limit.

        `counts`: boxes of each kind, no more than the search was made for; default: all. `gains`:
        what a box of each kind is worth, no more than its volume; default: its volume.
        """
        running = limit.started()
        left = [k.count for k in self.kinds] if counts is None else list(counts)
        worth = [k.volume for k in self.kinds] if gains is None else list(gains)
        self.root = new_state(self.task, np.array(left, np.int32))
        self.gains = worth
        self.most = sum(g * n for g, n in zip(worth, left, strict=True))
        if gains is None:
            self.most = min(self.most, math.prod(self.inner))
        self.places, self.plain = (), False
        self.gain = self.iterations = self.width = 0
        self.best.gain[0] = 0
        if self.crowd:
            self._fill_plainly(left)
        turns = deque((taste, 1) for taste in TASTES)
        while turns and self.gain < self.most and not running.late():
            taste, width = turns.popleft()
            self._judge_by(taste)
            if self._round(width, running):
                turns.append((taste, max(width + 1, math.ceil(width * GROWTH))))
            if running.over(self.iterations):
                break
        if not self.crowd and not self.iterations:  # stopped before anything was completed
            self._fill_plainly(left)
        return self._found()

    def _fill_plainly(self, counts: Sequence[int]) -> None:
        """Take a plain filling if it is the best so far."""
        places = plain_filling(
            self.kinds, self.inner, counts=counts, gains=self.gains, most_kg=self.task.most_kg
        )
        gain = sum(self.gains[p.kind] for p in places)
        if gain > self.gain:
            self.places, self.gain, self.plain = places, gain, True
            self.best.gain[0] = gain

    def _found(self) -> Found:
        if self.orderly and self.crowd and not self.plain:
            # thousands of boxes are put in order once, at the end
            self.places = tuple(stuffing_order(self.places)[0])
            self.gain = sum(self.gains[p.kind] for p in self.places)
        volume = sum(self.kinds[p.kind].volume for p in self.places)
        done = self.gain >= self.most
        return Found(self.places, volume, self.gain, self.iterations, self.width, done)

    def _judge_by(self, taste: Taste) -> None:
        """Take that taste's blocks, the best first."""
        key = (taste.blocks, taste.pure, taste.fill)
        if key not in self.made:
            self.made[key] = make_blocks(
                self.kinds,
                self.inner,
                most=CROWD_BLOCKS if self.crowd else taste.blocks,
                fill=taste.fill,
                supported=self.support > 0,
                pure_share=taste.pure,
                doubling=self.crowd,
            )
            if 0 < self.support < 1:
                self.made[key] = with_feet(self.made[key])
        gains = np.array(self.gains, np.int64)
        self.blocks, self.score = ranked(self.made[key], gains, taste.few)
        self.gap = taste.gap

    def _round(self, width: int, running: Running) -> bool:
        """One search with a beam of that width; False if a wider one would find nothing more."""
        self.width = width
        states = [self.root] if self.blocks.boxes.size else []
        cut = False
        while states:
            grown: list[tuple[int, int, int, int]] = []
            for i, state in enumerate(states):
                children = self._children(i, state, width, running)
                cut = cut or len(children) == width
                grown += children
                if running.over(self.iterations) or self.gain >= self.most:
                    return True
            states, some_left = self._selected(grown, states, width)
            cut = cut or some_left
        return cut

    def _children(
        self, i: int, state: State, width: int, running: Running
    ) -> list[tuple[int, int, int, int]]:
        """The next blocks of a state: (completed gain, state, block, space)."""
        blocks, gains = np.empty(width, np.int32), np.empty(width, np.int64)
        turn = np.array([-1, 0, 0], np.int32)
        while not expand(
            self.task, self.blocks, self.score, state, self.gap, width,
            self.scratch, self.best, self.pieces, blocks, gains, turn, STEPS,
        ):  # fmt: skip
            if running.late():
                break
        n = int(turn[1])
        self.iterations += n
        if self.best.gain[0] > self.gain:
            self._keep()
        at = nearest_space(self.task, state)
        return [(int(gains[c]), i, int(blocks[c]), at) for c in range(n)]

    def _selected(
        self, grown: list[tuple[int, int, int, int]], states: Sequence[State], width: int
    ) -> tuple[list[State], bool]:
        """The states with the greatest completed gains, one of each; and if any is left out."""
        grown.sort(key=lambda g: -g[0])
        seen: set[int] = set()
        chosen: list[State] = []
        for gain, i, block, at in grown:
            if gain in seen:
                continue
            if len(chosen) == width:
                return chosen, True
            seen.add(gain)
            child = new_state(self.task, self.root.left)
            child_of(self.task, self.blocks, states[i], block, at, child, self.pieces)
            chosen.append(child)
        return chosen, False

    def _keep(self) -> None:
        """Take the new best plan over, if it can be stuffed; else what of it can."""
        places = _places(self.blocks, self.best)
        if self.orderly and not self.crowd:
            places, _ = stuffing_order(places)
        gain = sum(self.gains[p.kind] for p in places)
        if gain > self.gain:
            self.places, self.gain, self.plain = tuple(places), gain, False
        self.best.gain[0] = self.gain


def _places(b: Blocks, state: State) -> list[BoxPlace]:
    found = []
    for block, x, y, z, corner in state.chosen[: state.n[1]].tolist():
        mirrored = (bool(corner & 1), bool(corner & 2), bool(corner & 4))
        found += boxes_of(b, block, (x, y, z), mirrored)
    return found


def _task(
    kinds: Sequence[BoxKind], inner: tuple[int, int, int], support: float, most_kg: float
) -> Task:
    ways = np.zeros((len(kinds), 6, 3), np.int32)
    for k, kind in enumerate(kinds):
        for w, way in enumerate(kind.ways):
            ways[k, w] = way
    n_ways = np.array([len(kind.ways) for kind in kinds], np.int32)
    full = 1 if support >= 1 else 0
    standing = [way for kind in kinds for way in kind.ways]
    least = np.array(standing or [inner], np.int32).min(axis=0)
    return Task(np.array(inner, np.int32), ways, n_ways, least, full, float(support), most_kg)
