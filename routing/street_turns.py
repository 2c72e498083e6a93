"""Street turns planned alone: which emptied import boxes are loaded again for which exports.

Sets       i rows of `empties`, alike boxes of one owner at one place    j rows of `wanted`
           D depots through which boxes may go
Data       n_i boxes of i, q_j boxes wanted by j;  o_i owner, l_j sailing line of the booking
           [a_i, e_i] days from standing ready to the end of free time (e_i none: no limit)
           [b_j, c_j] days of stuffing; h days that a box may wait at the stuffing place
           d_xy driven km;  r_i where i would go back to, p_j where j's box would come from
           g_i kg CO2e WTW of the lorry with the empty box a km (vehicle of i, tare of its type)
           f_o fee of the owner, R_i return paid for a box of i where it is ours (else 0)
           t_i price of a day after e_i (none: e_i is a hard end), k price of an empty km
Pairs      (i, j) may turn on the street if the type is the same, the grade suffices, l_j loads
           boxes of o_i (its own, by interchange, or SOC), o_i and l_j consent to round use, and
             y_ij = max(a_i, b_j - h) <= c_j             the first day on which it can be fetched
             y_ij <= e_i, or t_i is given and max(0, y_ij - e_i) days are paid
             s_ij = d_i,r + d_p,j - d_ij > 0             only where kilometres are saved
           through a depot, where y_ij > e_i or the street saves nothing, and depots are asked for:
           handed in on day a_i, fetched on a day of stuffing; d_ij = min over D of d_iD + d_Dj, and
           no detention
Decide     m_ij >= 0 integer   boxes of i that j loads (on the street and by depot apart)
So that    sum_j m_ij <= n_i   every i          sum_i m_ij <= q_j   every j
Most       CO2e saved:  sum g_i s_ij m_ij in whole grams a box; among those plans the least cost
               sum (f_o - R_i + t_i max(0, y_ij - e_i) + k (d_ij - d_p,j)) m_ij in whole cents
           or least cost, then most CO2e saved; or most boxes, then CO2e, then cost

This is a transport problem, so a min-cost flow solves it exactly, stage by stage
(lowhaul/matching.py). Rows are sorted by their ids, so that ties end the same way every time,
whatever the order of the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from lowhaul.matching import Arcs, best_matching
from lowhaul.units import kilograms, kilometres, money
from routing.boxes import EmptyBoxes, WantedBoxes
from routing.depots import DIRECT
from routing.street_pairs import Rows, Turns, possible_turns
from routing.turn_case import TurnCase


@dataclass(frozen=True)
class StreetTurn:
    """Boxes of one row of `empties` that one row of `wanted` loads; totals of all its boxes.

    `day` is when they are fetched where they stand; `depot` blank: on the street.
    `co2e_avoided_kg` is physical, both parties together; a partner's part is the return that
    disappears from his inventory (nothing where the boxes are ours), the rest is our own.
    """

    empties: EmptyBoxes
    wanted: WantedBoxes
    boxes: int
    day: date
    depot: str
    km_saved: float
    co2e_avoided_kg: float
    co2e_avoided_partner_kg: float
    cost_change: float

    @property
    def co2e_avoided_own_kg(self) -> float:
        """What disappears from our own inventory; negative where the move is longer."""
        return kilograms(self.co2e_avoided_kg - self.co2e_avoided_partner_kg)


@dataclass(frozen=True)
class StreetTurns:
    """The best turns, the boxes left on both sides, and how much there was to choose from.

    `most_boxes` is how many boxes could be loaded again at most; `pairs` counts the turns of rows
    that the rules allow. `stages` are the proved totals in the order of the objective (boxes,
    grams saved, cents saved).
    """

    turns: tuple[StreetTurn, ...]
    left: tuple[int, ...]
    """Unused boxes by row of `empties`."""
    open: tuple[int, ...]
    """Boxes still wanted by row of `wanted`."""
    allowed: tuple[bool, ...]
    """Rows of `empties` that the rules allow at least one turn."""
    idle: tuple[bool, ...]
    """Those of them that could still turn, as an export they may serve wants more boxes."""
    most_boxes: int
    pairs: int
    stages: tuple[int, ...]


def best_turns(case: TurnCase) -> StreetTurns:
    """The best street turns under the case's objective, proved.

    Raises NoDistance where a way back or a way from the port has no road.
    """
    rows = Rows(case)
    turns = possible_turns(case, rows)
    arcs = Arcs(turns.tail, turns.head)
    best = best_matching(rows.boxes, rows.needs, arcs, _worth(case.objective, turns))
    used = np.flatnonzero(best.flow)
    sent = np.bincount(turns.tail, best.flow, len(case.empties)).astype(np.int64)
    come = np.bincount(turns.head, best.flow, len(case.wanted)).astype(np.int64)
    needed = turns.tail[(rows.needs - come)[turns.head] > 0]
    return StreetTurns(
        tuple(_turn(case, rows, turns, int(k), int(best.flow[k])) for k in used),
        tuple((rows.boxes - sent).tolist()),
        tuple((rows.needs - come).tolist()),
        tuple((np.bincount(turns.tail, minlength=len(case.empties)) > 0).tolist()),
        tuple((np.bincount(needed, minlength=len(case.empties)) > 0).tolist()),
        _most_boxes(rows, arcs, int(best.flow.sum())),
        len(turns),
        best.totals,
    )


def _most_boxes(rows: Rows, arcs: Arcs, found: int) -> int:
    """How many boxes could be loaded again at most; `found` if that is clearly all of them."""
    there = int(rows.boxes[np.unique(arcs.tail)].sum())
    needed = int(rows.needs[np.unique(arcs.head)].sum())
    if found == min(there, needed):
        return found
    ones = np.ones(len(arcs), dtype=np.int64)
    return best_matching(rows.boxes, rows.needs, arcs, [ones]).totals[0]


def _worth(objective: str, turns: Turns) -> Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """What a turn of one box is worth, first things first."""
    return {
        "co2e": [turns.grams, -turns.cents],
        "cost": [-turns.cents, turns.grams],
        "boxes": [np.ones(len(turns), dtype=np.int64), turns.grams, -turns.cents],
    }[objective]


def _turn(case: TurnCase, rows: Rows, turns: Turns, k: int, boxes: int) -> StreetTurn:
    empties, wanted = case.empties[turns.tail[k]], case.wanted[turns.head[k]]
    kg_per_km = float(rows.kg_per_km[turns.tail[k]])
    km = kilometres(boxes * int(turns.saved_m[k]) / 1000)
    back_km = 0.0 if empties.ours else boxes * int(rows.back_m[turns.tail[k]]) / 1000
    depot = int(turns.depot[k])
    return StreetTurn(
        empties,
        wanted,
        boxes,
        date.fromordinal(int(turns.day[k])),
        "" if depot == DIRECT else case.depots[depot],
        km,
        kilograms(km * kg_per_km),
        kilograms(back_km * kg_per_km),
        money(boxes * int(turns.cents[k]) / 100),
    )
