"""Which emptied boxes may meet which wanted boxes, and what each such turn saves: sparse arrays.

Rows that may never meet are sorted out while they are still cheap: blocks of emptied rows are held
against all wanted rows by type, line, grade, days and a lower bound of the move; only what is left
is measured. The rules themselves are those of routing/street_turns.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from emissions.laws import empty_box_per_km
from emissions.regions import between
from lowhaul.units import CENT, round_half_up
from routing.boxes import GRADES, EmptyBoxes
from routing.consent import line_agrees, line_loads, owner_consents
from routing.depots import DIRECT, depot_ways
from routing.distances import Distances
from routing.free_time import NO_END, fetched_from, late_days
from routing.road_matrix import Index, Metres, RoadMatrix
from routing.turn_case import TurnCase

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

BLOCK_CELLS = 2_000_000
"""Emptied rows are held against wanted rows in blocks of about so many cells."""


class Rows:
    """Both tables as arrays, one entry a row; days as ordinals, ways in metres, money in cents."""

    def __init__(self, case: TurnCase) -> None:
        empties, wanted = case.empties, case.wanted
        self.boxes: Index = np.array([e.quantity for e in empties], dtype=np.int64)
        self.needs: Index = np.array([w.quantity for w in wanted], dtype=np.int64)
        types = {code: k for k, code in enumerate(case.equipment)}
        self.type_there = _whole(types[e.equipment] for e in empties)
        self.type_wanted = _whole(types[w.equipment] for w in wanted)
        self.grade_there = _whole(GRADES.index(e.grade) for e in empties)
        self.grade_wanted = _whole(GRADES.index(w.min_grade) for w in wanted)
        self.ready = _whole(e.available_from.toordinal() for e in empties)
        self.free_until = _whole(
            e.free_until.toordinal() if e.free_until else NO_END for e in empties
        )
        self.opens = _whole(w.from_date.toordinal() - case.wait_days for w in wanted)
        self.closes = _whole(w.to_date.toordinal() for w in wanted)
        self.owners = sorted({e.line for e in empties})
        self.lines = sorted({w.line for w in wanted})
        self.owner = _whole(self.owners.index(e.line) for e in empties)
        self.line = _whole(self.lines.index(w.line) for w in wanted)
        self.agreed: Mask = np.array(
            [[line_agrees(case, line, owner) for line in self.lines] for owner in self.owners],
            dtype=bool,
        ).reshape(len(self.owners), len(self.lines))
        """The line loads boxes of the owner by itself, by interchange, or as they are SOC."""
        self.consent: Mask = np.array(
            [
                [owner_consents(case, o) and line_loads(case, line, o) for line in self.lines]
                for o in self.owners
            ],
            dtype=bool,
        ).reshape(len(self.owners), len(self.lines))
        self.back_m = _ways(case.distances, [(e.location, e.return_to) for e in empties])
        self.pick_up_m = _ways(case.distances, [(w.port, w.location) for w in wanted])
        self.kg_per_km: Numbers = np.array([_kg_per_km(case, e) for e in empties], dtype=float)
        self.late_rate: Numbers = np.array(
            [
                np.nan if e.detention_per_day is None else case.money(e.detention_per_day, e)
                for e in empties
            ],
            dtype=float,
        )
        self.owner_cents = _whole(
            cents(case.fee(e.line) - (case.money(e.return_cost, e) if e.ours else 0.0))
            for e in empties
        )
        """Fee of the owner, less the return that we would have paid."""
        self.spots = sorted({e.location for e in empties})
        self.sites = sorted({w.location for w in wanted})
        spot_at = {place: k for k, place in enumerate(self.spots)}
        site_at = {place: k for k, place in enumerate(self.sites)}
        self.spot = _whole(spot_at[e.location] for e in empties)
        self.site = _whole(site_at[w.location] for w in wanted)


@dataclass(frozen=True)
class Turns:
    """Turns that all rules allow, one entry a turn of one box; `depot` is DIRECT or a position.

    `saved_m` is above 0; `cents` is what the turn changes in money; `day` is that of fetching.
    """

    tail: Index
    head: Index
    saved_m: Metres
    grams: Index
    cents: Index
    day: Index
    depot: Index

    def __len__(self) -> int:
        return len(self.tail)

    def only(self, which: Any) -> Turns:
        """Those of a mask or of positions."""
        return Turns(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def possible_turns(case: TurnCase, rows: Rows) -> Turns:
    """Every turn that the rules allow, sorted by emptied and wanted row; depots where asked for.

    Where a pair may turn on the street and through a depot, both are there.
    """
    roads = RoadMatrix(case.distances, rows.spots, rows.sites)
    depot, depot_m = depot_ways(case.distances, case.depots, rows.spots, rows.sites)
    least_m = np.minimum(roads.least_m(), depot_m)
    step = max(1, BLOCK_CELLS // max(1, len(case.wanted)))
    blocks = [
        _near(rows, least_m, np.arange(start, min(start + step, len(case.empties))))
        for start in range(0, len(case.empties), step)
    ]
    tail = np.concatenate([b[0] for b in blocks]) if blocks else np.zeros(0, dtype=np.int64)
    head = np.concatenate([b[1] for b in blocks]) if blocks else np.zeros(0, dtype=np.int64)
    day = fetched_from(rows.ready[tail], rows.opens[head])
    late = day > rows.free_until[tail]
    street = ~late | ~np.isnan(rows.late_rate)[tail]
    if street.all():
        found = _street(case, rows, roads, tail, head, day)
    else:
        found = _street(case, rows, roads, tail[street], head[street], day[street])
    if not case.depots:
        return found
    saved_m = rows.back_m[tail] + rows.pick_up_m[head]
    by_depot = late | (saved_m <= _by_place(rows, roads, tail, head))
    tail, head = tail[by_depot], head[by_depot]
    spot, site = rows.spot[tail], rows.site[head]
    way_m, through = depot_m[spot, site], depot[spot, site]
    return _sorted(found, _worth(case, rows, tail, head, way_m, rows.ready[tail], through))


def _near(rows: Rows, least_m: Metres, block: Index) -> tuple[Index, Index]:
    """The pairs of a block of emptied rows that every rule but the exact kilometres allows."""
    i = block[:, None]
    may = rows.consent[rows.owner[i], rows.line[None, :]]
    may &= rows.type_there[i] == rows.type_wanted[None, :]
    may &= rows.grade_there[i] <= rows.grade_wanted[None, :]
    may &= rows.ready[i] <= rows.closes[None, :]
    may &= rows.back_m[i] + rows.pick_up_m[None, :] > least_m[rows.spot[i], rows.site[None, :]]
    at, head = np.nonzero(may)
    return block[at], head.astype(np.int64)


def _street(
    case: TurnCase, rows: Rows, roads: RoadMatrix, tail: Index, head: Index, day: Index
) -> Turns:
    """Turns that move a box directly."""
    direct = np.broadcast_to(np.int64(DIRECT), tail.shape)
    return _worth(case, rows, tail, head, _by_place(rows, roads, tail, head), day, direct)


def _by_place(rows: Rows, roads: RoadMatrix, tail: Index, head: Index) -> Metres:
    """The move of each pair; places that occur in many rows are measured once."""
    spot, site = rows.spot[tail], rows.site[head]
    asked = np.zeros((len(rows.spots), len(rows.sites)), dtype=bool)
    asked[spot, site] = True
    metres = np.zeros(asked.shape, dtype=np.int64)
    i, j = np.nonzero(asked)
    metres[i, j] = roads.metres(i, j)
    return metres[spot, site]


def _worth(
    case: TurnCase, rows: Rows, tail: Index, head: Index, move_m: Metres, day: Index, depot: Index
) -> Turns:
    """What turns save and cost; those that save no kilometres are left out."""
    saved_m = rows.back_m[tail] + rows.pick_up_m[head] - move_m
    kept = saved_m > 0
    if not kept.all():
        tail, head, saved_m, day = tail[kept], head[kept], saved_m[kept], day[kept]
        move_m, depot = move_m[kept], depot[kept]
    grams = _half_up(saved_m * rows.kg_per_km[tail])
    money = rows.owner_cents[tail]
    if case.cost_per_km:
        priced = np.arange(len(tail))
    else:
        priced = np.flatnonzero((day > rows.free_until[tail]) & (depot == DIRECT))
    t = tail[priced]
    late = late_days(day[priced], rows.free_until[t])
    late[depot[priced] != DIRECT] = 0
    extra = np.where(late > 0, late * rows.late_rate[t], 0.0)
    extra += (move_m[priced] - rows.pick_up_m[head[priced]]) / 1000 * case.cost_per_km
    money[priced] += _half_up(extra * 100)
    return Turns(tail, head, saved_m, grams, money, day, depot)


def _half_up(values: Numbers) -> Index:
    """Whole numbers; a half that binary fractions blur counts as a half."""
    return np.floor(values + (0.5 + 1e-7)).astype(np.int64)


def _sorted(*parts: Turns) -> Turns:
    names = list(Turns.__dataclass_fields__)
    whole = Turns(*(np.concatenate([getattr(p, n) for p in parts]) for n in names))
    return whole.only(np.lexsort((whole.depot, whole.head, whole.tail)))


def cents(amount: float) -> int:
    """Money in whole cents, rounded half up."""
    return round(round_half_up(amount, CENT) * 100)


def _ways(distances: Distances, ends: Sequence[tuple[str, str]]) -> Metres:
    """Driven metres of ways that need not be sparse: each once."""
    once = {
        pair: round(distances.leg(*pair, "road").actual_km * 1000) if pair[0] != pair[1] else 0
        for pair in dict.fromkeys(ends)
    }
    return _whole(once[pair] for pair in ends)


def _kg_per_km(case: TurnCase, boxes: EmptyBoxes) -> float:
    tare_kg = case.equipment[boxes.equipment].tare_kg
    places = case.distances.places
    region = between(places[boxes.location].country, places[boxes.return_to].country)
    return empty_box_per_km(case.factors, boxes.vehicle, tare_kg, region).wtw_kg


def _whole(values: Any) -> Index:
    return np.array(list(values), dtype=np.int64)
