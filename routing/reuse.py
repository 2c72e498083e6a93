"""Round use in the model: emptied boxes are loaded again instead of travelling back empty.

Part of the decision model (routing/model.py):

Sets       i stocks of emptied boxes (owner line, equipment, place, grade, end of free time), from
             the table `empties` or freed by the plan's own inbound runs
           a arcs that fetch a box    b their offers    k ways of a box: the street, or a depot
           e pools: arcs and offers that fetch on one day, from the same stocks, at one price a km
Data       S_it boxes of i in the table that come in on day t    d_ike km from i by k to e
           G_e kg CO2e WTW, R_e price of a km of a move, I_e km in the round-use rate    F_i fee
           of the owner    B_i, B'_i cost and CO2e of a return that is saved (own empties only)
           D_ike detention of a box of i that is fetched by k for e, D'_ab of one that is freed, up
           to the day on which it stands ready (routing/free_time.py)
Decide     m_ike >= 0 integer  boxes of i brought by k to the stuffing place of e
           v_ab  integer       load units of a at the round-use rate (arcs.py), at both ends of a
                               turn: where the box is fetched and, for own boxes, where it is freed
           l_it >= 0           boxes of i that are left for the days after t
So that    sum_ik m_ike = sum_(a, b in e) v_ab           every pool e              (fetched)
           l_it + sum_(k, e on t) m_ike <= l_i,t-1 + S_it + sum_(a, b freed on t) v_ab, every i, t
                                                                                   (in_time)
           sum_ke m_ike >= sum_(a, b freed) v_ab, every i of freed boxes  (freed_to_be_used)
Adds       cost (F_i + R_e max(0, d_ike - I_e) + D_ike - B_i) m_ike + D'_ab v_ab;
           CO2e (G_e d_ike - B'_i) m_ike

A box is fetched on a day from the one on which it stands ready to the end of its free time, or
later where detention has a price, and not after stuffing. As it may wait at the stuffing place,
being ready is what binds; only where that wait is limited does the day of stuffing count too.
Boxes of one stock are alike, which is why counting them by day is exact; pairs are named afterwards
(routing/naming.py). Days t on which boxes come in and none is fetched are one with the next. Where
few days differ, rows that sum up all days until t are shorter and stand instead of l.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from math import inf
from typing import Any

from lowhaul.linear import LinearModel
from routing.arcs import Arc, Arcs, BoxTerms
from routing.box_costs import extra_km, return_of
from routing.boxes import EmptyBoxes, grade_suffices
from routing.case import Case
from routing.consent import line_loads, owner_consents
from routing.free_time import NO_LIMIT, FreeTime
from routing.moves import Moves
from routing.offers import Offer
from routing.stocks import Near, Open, Pool, Stock, StockKey, Supply, supply_of

__all__ = ["Pool", "Reuse", "Stock", "StockKey", "Supply", "return_of"]

FREED = ":freed"
"""The source of boxes that the plan's own inbound runs free."""


class Reuse:
    """Builds the round-use part of the model and remembers its columns."""

    def __init__(self, case: Case, arcs: Arcs, linear: LinearModel) -> None:
        self.case = case
        self.arcs = arcs
        self.linear = linear
        self.free_time = FreeTime(case)
        self.moves = Moves(case, limited=self.free_time.binds)
        self.stocks: dict[StockKey, Stock] = {}
        self.in_order: list[Stock] = []
        """The stocks in the order of their keys."""
        self.pools: dict[Pool, list[tuple[Arc, Offer, int]]] = defaultdict(list)
        """The arcs, offers and v columns of each pool."""
        self.turns: dict[tuple[Supply, Pool], int] = {}
        """The columns m."""
        self.brought: dict[Pool, list[tuple[Supply, int]]] = {}
        """The same, pool by pool."""
        self._near: dict[tuple[str, ...], list[Near]] = {}
        self._open: dict[tuple[object, ...], Open] = {}
        self._one: dict[object, Any] = {}
        """Supplies and what is open, each once."""

    def reusable_arcs(self) -> frozenset[Arc]:
        """The arcs at which a box may be fetched or freed, before any column is made."""
        if not self.case.settings.on("round_use"):
            return frozenset()
        out = [a for a in self.arcs.uses if a.box is not None and a.box.end == "out"]
        freed = [a for a in self.arcs.uses if a.box is not None and a.box.end == "in"]
        stands = {
            (e.equipment, e.line, self.day_of(e))
            for e in self.case.empties
            if owner_consents(self.case, e.line)
        }
        stands |= {(a.link.equipment, _box(a).line, _box(a).ready) for a in freed}
        wanted = {(a.link.equipment, _box(a).line, _box(a).ready) for a in out}
        fetchable = {w for w in wanted if any(self.may_meet(s, w) for s in stands if s[0] == w[0])}
        useful = {s for s in stands if any(self.may_meet(s, w) for w in wanted if s[0] == w[0])}
        return frozenset(
            [a for a in out if (a.link.equipment, _box(a).line, _box(a).ready) in fetchable]
            + [a for a in freed if (a.link.equipment, _box(a).line, _box(a).ready) in useful]
        )

    def may_meet(self, stands: tuple[str, str, int], wanted: tuple[str, str, int]) -> bool:
        """True if a box that stands ready may serve a sailing line on a later stuffing day."""
        return stands[2] <= wanted[2] and line_loads(self.case, wanted[1], stands[1])

    def build(self, boxed: frozenset[Arc]) -> None:
        """Make stocks, turns and their rows; the arcs have their v columns already."""
        for boxes in self.case.empties:
            if owner_consents(self.case, boxes.line):
                self.stock_known(boxes)
        freeing = [a for a in self.arcs.uses if a in boxed and _box(a).end == "in"]
        fetching = [a for a in self.arcs.uses if a in boxed and _box(a).end == "out"]
        for arc in freeing:
            self.moves.learn_return(_box(arc).place, arc.link.origin)
        for arc in fetching:
            nearest_km = min(o.driven_km for o in self.arcs.asked[arc])
            self.moves.learn_pick_up(_box(arc).place, nearest_km)
        for arc in freeing:
            self.stock_freed(arc)
        self.in_order = [self.stocks[key] for key in sorted(self.stocks)]
        for stock in self.in_order:
            stock.close(self.case)
        for arc in fetching:
            self.pool(arc)
        used: dict[Stock, list[tuple[int, int]]] = {stock: [] for stock in self.in_order}
        for index, (pool, some) in enumerate(self.pools.items()):
            terms = {v: -1.0 for _, _, v in some}
            self.brought[pool] = self.bring(pool, index)
            for supply, m in self.brought[pool]:
                terms[m] = 1.0
                used[supply.stock].append((pool.day, m))
            self.linear.row(f"fetched[{index}]", terms, lower=0.0, upper=0.0)
        for stock in self.in_order:
            self.in_time(stock, used[stock])

    def stock(self, key: StockKey) -> Stock:
        """The stock of a key, made when it is first asked for."""
        return self.stocks.setdefault(key, Stock(key))

    def stock_known(self, boxes: EmptyBoxes) -> None:
        """Put the boxes of one row of `empties` on stock."""
        if boxes.free_until is not None and boxes.free_until < boxes.available_from:
            return
        key = StockKey(
            boxes.line,
            boxes.equipment,
            boxes.location,
            boxes.grade,
            boxes.return_to,
            boxes.empty_id if boxes.ours else "",
            self.free_time.known(boxes),
        )
        self.stock(key).known.append((self.day_of(boxes), boxes))

    def day_of(self, boxes: EmptyBoxes) -> int:
        """The day from which boxes stand ready, as far as days count."""
        return boxes.available_from.toordinal()

    def stock_freed(self, arc: Arc) -> None:
        """Put the boxes that an inbound arc frees on stock, offer by offer."""
        box = _box(arc)
        for offer in self.arcs.asked[arc]:
            v = self.arcs.turned.get((arc, offer.bid.bid_id))
            if v is not None:
                self.stock(self.freed_key(arc, offer)).freed.append((box.ready, v, arc, offer))
                if box.detention:
                    self.arcs.cost[v] = self.arcs.cost.get(v, 0.0) + box.detention

    def freed_key(self, arc: Arc, offer: Offer) -> StockKey:
        """The stock that boxes go to which an inbound arc's offer frees."""
        box = _box(arc)
        return_to = self.moves.return_key(box.place, offer.bid.origin)
        return StockKey(
            box.line, arc.link.equipment, box.place, box.grade, return_to, FREED, box.free_end
        )

    def pool(self, arc: Arc) -> None:
        """Put an arc's offers into the pools of their stocks and prices."""
        box = _box(arc)
        for offer in self.arcs.asked[arc]:
            v = self.arcs.turned.get((arc, offer.bid.bid_id))
            if v is None:
                continue
            bid = offer.bid
            pool = Pool(
                box.place,
                arc.link.equipment,
                box.ready,
                self.open_to(arc, offer),
                offer.empty_per_km.wtw_kg,
                bid.round_use_km,
                bid.round_use_rate_per_km * self.case.fx.factor(bid.currency) if arc.paid else 0.0,
            )
            self.pools[pool].append((arc, offer, v))

    def open_to(self, arc: Arc, offer: Offer) -> Open:
        """What the rules and the kilometres let an arc's offer fetch; days do not count yet."""
        box = _box(arc)
        asked = (arc.link.equipment, box.line, box.grade, box.place)
        key = (*asked, offer.driven_km)
        if key not in self._open:
            if asked not in self._near:
                self._near[asked] = self.near(*asked)
            found = tuple(s for n in self._near[asked] for s in n.open_at(offer.driven_km))
            self._open[key] = self._one.setdefault(found, Open(found))
        return self._open[key]

    def near(self, equipment: str, line: str, grade: str, place: str) -> list[Near]:
        """The stocks that a line may load at a place for goods that want a grade."""
        return [
            Near(
                self.moves.back_km(stock.key.place, stock.key.return_to),
                *self.supplies(stock, place),
            )
            for stock in self.in_order
            if stock.key.equipment == equipment
            and line_loads(self.case, line, stock.key.line)
            and grade_suffices(stock.key.grade, grade)
        ]

    def supplies(self, stock: Stock, place: str) -> tuple[Supply, Supply | None]:
        """A stock's boxes on the street and through a depot (None: there is none)."""
        ways = [
            self._one.setdefault((stock, depot, place), supply_of(stock, depot, km))
            for depot, km in self.moves.ways(stock.key.place, place)
        ]
        return ways[0], ways[1] if len(ways) > 1 else None

    def bring(self, pool: Pool, index: int) -> list[tuple[Supply, int]]:
        """The columns of all boxes that may be brought to a pool by its day."""
        brought = []
        on_street: Stock | None = None
        for supply in pool.open.supplies:
            stock, key = supply.stock, supply.stock.key
            if stock.first_day > pool.day:
                continue
            late = 0 if key.end is NO_LIMIT else self.free_time.late_for(pool.day, key.end)
            detention = 0.0
            if not supply.depot:
                on_street = stock
                detention = key.end.detention(late)
            elif not late and stock is on_street:
                continue
            if detention == inf:
                continue
            m = self.linear.column(f"m[{supply.name},{index}]", 0.0, stock.most, integer=True)
            beyond_km = extra_km(pool.included_km, supply.move_km)
            self.arcs.cost[m] = stock.cost + beyond_km * pool.per_km + detention
            self.arcs.co2e[m] = stock.co2e_kg + supply.move_km * pool.empty_kg_per_km
            self.turns[supply, pool] = m
            brought.append((supply, m))
        return brought

    def in_time(self, stock: Stock, used: list[tuple[int, int]]) -> None:
        """No box is fetched before it stands ready, and none of our own is freed for nothing."""
        name = f"{stock.key.place},{stock.key.line}"
        spans = stock.spans(used)
        sizes = list(accumulate(len(span.freed) + len(span.used) for span in spans))
        running = bool(sizes) and sum(sizes) > sizes[-1] + 2 * (len(sizes) - 1)
        terms: dict[int, float] = {}
        known = 0
        for span in spans:
            known += span.known
            terms |= dict.fromkeys(span.freed, -1.0) | dict.fromkeys(span.used, 1.0)
            if running and span is not spans[-1]:
                left = self.linear.column(f"left[{name},{span.until}]")
                stock.left.append(left)
                terms[left] = 1.0
            stock.limits.append((span.until, len(self.linear.rows)))
            self.linear.row(f"in_time[{name},{span.until}]", terms, upper=known)
            if running and span is not spans[-1]:
                terms, known = {left: -1.0}, 0
        if stock.freed:
            # else its haulier would earn the round-use rate
            terms = dict.fromkeys([m for _, m in used], 1.0)
            terms |= dict.fromkeys([v for _, v, _, _ in stock.freed], -1.0)
            stock.to_be_used = len(self.linear.rows)
            self.linear.row(f"freed_to_be_used[{name}]", terms, lower=0.0)

    def columns_at(self) -> dict[Arc, list[int]]:
        """The columns that must be free together with those of an arc, for a search by blocks."""
        found: dict[Arc, list[int]] = defaultdict(list)
        for pool, fetching in self.pools.items():
            stocks = dict.fromkeys(supply.stock for supply, _ in self.brought[pool])
            columns = [m for _, m in self.brought[pool]]
            columns += [left for stock in stocks for left in stock.left]
            for arc, _, _ in fetching:
                found[arc] += columns
        for stock in self.stocks.values():
            for _, _, arc, _ in stock.freed:
                found[arc] += stock.left
        return found


def _box(arc: Arc) -> BoxTerms:
    if arc.box is None:
        raise ValueError("the arc has no box terms")
    return arc.box
