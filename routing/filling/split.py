"""Cuts a sequence of goods into load units, at least cost.

Goods of one pair of places stand in a sequence of pieces. Load units are filled with them one after
another, so a sequence is a shortest path: from each place in it a load unit of each type takes what
follows, up to the end of any piece or until it is full, on the cheapest run that admits all that is
in it (C. Prins, A simple and effective evolutionary algorithm for the vehicle routing problem,
Computers & Operations Research 31, 2004: "split").

    best[0] = 0
    best[j] = least over i < j, type e, run r of e that admits pieces i to j of
              best[i] + k n_r + kg c_r + handling of the pieces in e

k is 1, or more where an order that may not be split lies in several load units: those go on one
run, and end where no such order is left open.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

Floats = np.ndarray
Whole = np.ndarray

NEVER = 1e30
MOST_ON_ONE_RUN = 12
"""Load units that share an order which may not be split."""


class Goods(NamedTuple):
    """Orders o, load-unit types e and runs r of one block, as arrays.

    whole[o] units of an order that may not be split, else 0
    unit_kg[o], unit_m3[o] of a handling unit
    kind[o] what stands on one stack with it     handling[o, e] of a unit, in the objective
    layers[o, e] high, spots[o, e] on the floor  fits[o, e] 1 if a unit may stand in the type
    admits[o, w] the runs that admit the order, as bits
    m3[e], kg[e], room[e] what a type holds (room: the share of its floor)
    runs of type e: first[e] to first[e + 1], cheapest first
    empty[r] of a load unit, per_kg[r] of its cargo, least_kg[r] and most_kg[r] that it carries
    part[o] the objective where the order travels as a part load, NEVER if it may not
    """

    whole: Whole
    unit_kg: Floats
    unit_m3: Floats
    kind: Whole
    handling: Floats
    layers: Whole
    spots: Whole
    fits: Whole
    admits: Whole
    m3: Floats
    kg: Floats
    room: Floats
    first: Whole
    empty: Floats
    per_kg: Floats
    least_kg: Floats
    most_kg: Floats
    part: Floats


class Pieces(NamedTuple):
    """The order of each piece of goods, and how many handling units it has."""

    order: Whole
    units: Whole


class Path(NamedTuple):
    """The shortest path: by place in the sequence the value, and the load units that end there."""

    best: Floats
    begins: Whole
    """Where those load units begin."""
    run: Whole
    load_units: Whole
    saw: Whole
    """How many pieces were looked at from there."""


def new_path(places: int) -> Path:
    """A path of so many places, not walked yet."""
    whole = [np.zeros(places, dtype=np.int64) for _ in range(4)]
    return Path(np.full(places, NEVER), *whole)


@njit(cache=True, nogil=True)
def split(
    goods: Goods, pieces: Pieces, sequence: Whole, count: int, starts: Whole, path: Path, since: int
) -> float:
    """The least objective of the first `count` pieces of a sequence; fills `path` and `starts`.

    `since`: pieces before that one are those of the last call, whose path stands in `path`.
    """
    starts[0] = 0
    for at in range(count):
        starts[at + 1] = starts[at] + pieces.units[sequence[at]]
    total = starts[count]
    types, words = goods.m3.shape[0], goods.admits.shape[1]
    if since == 0:
        path.best[0] = 0.0
    for place in range(starts[since] + 1, total + 1):
        path.best[place] = NEVER
    stacked = np.zeros(goods.kind.max() + 1, dtype=np.int64)
    loaded = np.zeros(len(goods.whole), dtype=np.int64)
    open_runs = np.zeros(words, dtype=np.uint64)
    at = 0
    for place in range(total):
        while starts[at + 1] <= place:
            at += 1
        if path.best[place] >= NEVER or (at < since and path.saw[place] < since):
            continue
        furthest = at
        for e in range(types):
            low, high = goods.first[e], goods.first[e + 1]
            for w in range(words):
                open_runs[w] = ~np.uint64(0)
            piece, used, load_units = at, place - starts[at], 1
            total_kg = handled = m3 = kg = floor = 0.0
            stacked[:] = 0
            loaded[:] = 0
            unfinished = 0
            while piece < count and load_units <= MOST_ON_ONE_RUN:
                number = sequence[piece]
                o = pieces.order[number]
                if not goods.fits[o, e]:
                    break
                anyone = False
                for w in range(words):
                    open_runs[w] &= goods.admits[o, w]
                for w in range(low >> 6, ((high - 1) >> 6) + 1):
                    anyone = anyone or open_runs[w] != 0
                if not anyone:
                    break
                left = pieces.units[number] - used
                taken = min(left, int((goods.m3[e] - m3) / goods.unit_m3[o] + 1e-9))
                taken = min(taken, int((goods.kg[e] - kg) / goods.unit_kg[o] + 1e-9))
                kind, high_up, spots = goods.kind[o], goods.layers[o, e], goods.spots[o, e]
                stacks = (stacked[kind] + high_up - 1) // high_up
                free = int((goods.room[e] - floor + stacks / spots) * spots + 1e-9)
                taken = max(0, min(taken, free * high_up - stacked[kind]))
                if taken > 0:
                    stacked[kind] += taken
                    floor += ((stacked[kind] + high_up - 1) // high_up - stacks) / spots
                    m3 += taken * goods.unit_m3[o]
                    kg += taken * goods.unit_kg[o]
                    total_kg += taken * goods.unit_kg[o]
                    handled += taken * goods.handling[o, e]
                    used += taken
                    if goods.whole[o]:
                        unfinished += loaded[o] == 0
                        loaded[o] += taken
                        unfinished -= loaded[o] == goods.whole[o]
                full = taken < left
                if full and kg == 0.0:
                    break
                if not full:
                    piece += 1
                    used = 0
                if unfinished:
                    if full:
                        load_units += 1
                        m3 = kg = floor = 0.0
                        stacked[:] = 0
                    continue
                end = starts[piece] + used
                least, chosen = NEVER, -1
                for r in range(low, high):
                    value = load_units * goods.empty[r]
                    if value >= least:
                        break
                    open_bit = (open_runs[r >> 6] >> np.uint64(r & 63)) & np.uint64(1)
                    heaviest = load_units * goods.most_kg[r] + 1e-6
                    lightest = load_units * goods.least_kg[r] - 1e-6
                    if open_bit and lightest <= total_kg <= heaviest:
                        value += total_kg * goods.per_kg[r]
                        if value < least:
                            least, chosen = value, r
                if chosen >= 0 and path.best[place] + least + handled < path.best[end]:
                    path.best[end] = path.best[place] + least + handled
                    path.begins[end] = place
                    path.run[end] = chosen
                    path.load_units[end] = load_units
                if full:
                    break
            furthest = max(furthest, piece)
        path.saw[place] = furthest
    return float(path.best[total])
