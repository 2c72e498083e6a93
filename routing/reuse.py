"""Round use in the model: emptied boxes are loaded again instead of travelling back empty.

Part of the decision model (routing/model.py):

Sets       i stocks of emptied boxes (owner line, equipment, place, grade), from the table `empties`
             or freed by the plan's own inbound runs     a arcs that fetch a box    b their offers
             e pools: arcs and offers that fetch on one day, from the same stocks, at one price a km
Data       S_it boxes of i in the table that stand ready by day t    d_ie km between the two places
           G_e kg CO2e WTW, R_e price of a km of a move, I_e km in the round-use rate    F_i fee
           of the owner    B_i, B'_i cost and CO2e of a return that is saved (own empties only)
Decide     m_ie >= 0 integer   boxes of i brought to the stuffing place of e
           v_ab  integer       load units of a at the round-use rate (arcs.py), at both ends of a
                               turn: where the box is fetched and, for own boxes, where it is freed
So that    sum_i m_ie = sum_(a, b in e) v_ab            every pool e              (fetched)
           sum_(e by t) m_ie <= S_it + sum_(a, b freed by t) v_ab, every i, t      (in_time)
           sum_e m_ie >= sum_(a, b freed) v_ab, every i of freed boxes      (freed_to_be_used)
Adds       cost (F_i + R_e max(0, d_ie - I_e) - B_i) m_ie;  CO2e (G_e d_ie - B'_i) m_ie

A box is fetched on a day from the one on which it stands ready to the end of its free time, and
not after stuffing; so only the first of these days binds. Boxes of one stock are alike, which is
why counting them by day is exact; pairs are named afterwards (routing/naming.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from emissions.laws import Co2e, empty_box_per_km
from emissions.regions import between
from lowhaul.linear import LinearModel
from routing.arcs import Arc, Arcs, BoxTerms
from routing.boxes import EmptyBoxes, grade_suffices
from routing.case import Case
from routing.consent import line_loads, owner_consents
from routing.offers import Offer

FREED = ":freed"
"""The source of boxes that the plan's own inbound runs free."""
ANY_RETURN = "*"
"""The port of return where it decides nothing (see `Reuse.return_key`)."""


@dataclass(frozen=True, order=True)
class StockKey:
    """Boxes that are alike for reuse."""

    line: str
    equipment: str
    place: str
    grade: str
    return_to: str
    source: str = ""
    """The empty_id where the saved return is on our account, FREED for own inbound boxes."""


@dataclass
class Stock:
    """Supplies of one stock: known boxes, and columns of own boxes that are freed."""

    known: list[tuple[int, EmptyBoxes]] = field(default_factory=list)
    freed: list[tuple[int, int, Arc, Offer]] = field(default_factory=list)

    @property
    def first_day(self) -> int:
        """The first day on which a box of the stock stands ready."""
        return min([day for day, _ in self.known] + [f[0] for f in self.freed])

    def days(self) -> list[int]:
        """The days on which boxes come in."""
        return sorted({day for day, _ in self.known} | {f[0] for f in self.freed})


@dataclass(frozen=True)
class Pool:
    """Fetching that is alike: the same day, the same stocks open to it, the same price of a move.

    Arcs and offers of a pool share its boxes freely. `empty_kg_per_km` is CO2e WTW of the box
    alone; `included_km` of a move are in the round-use rate, each further one costs `per_km`.
    """

    place: str
    equipment: str
    day: int
    stocks: frozenset[StockKey]
    empty_kg_per_km: float
    included_km: float | None
    per_km: float


class Reuse:
    """Builds the round-use part of the model and remembers its columns."""

    def __init__(self, case: Case, arcs: Arcs, linear: LinearModel) -> None:
        self.case = case
        self.arcs = arcs
        self.linear = linear
        self.stocks: dict[StockKey, Stock] = defaultdict(Stock)
        self.turns: dict[tuple[StockKey, Pool], int] = {}
        self.returns: dict[str, set[str]] = defaultdict(set)
        """Ports that boxes freed at a place would go back to."""
        self.least_pick_up_km: dict[str, float] = {}
        self.same_return: dict[str, bool] = {}
        self.pools: dict[Pool, list[tuple[Arc, Offer, int]]] = defaultdict(list)
        """The arcs, offers and v columns of each pool."""

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
        for arc in freeing:
            self.returns[_box(arc).place].add(arc.link.origin)
        for arc in boxed:
            if _box(arc).end == "out":
                place, km = _box(arc).place, min(o.driven_km for o in self.arcs.asked[arc])
                self.least_pick_up_km[place] = min(km, self.least_pick_up_km.get(place, km))
        for arc in freeing:
            self.stock_freed(arc)
        for arc in self.arcs.uses:
            if arc in boxed and _box(arc).end == "out":
                self.pool(arc)
        used: dict[StockKey, list[tuple[int, int]]] = defaultdict(list)
        for index, (pool, fetching) in enumerate(self.pools.items()):
            terms = {v: -1.0 for _, _, v in fetching}
            for key in sorted(pool.stocks):
                if self.stocks[key].first_day <= pool.day:
                    m = self.add_turn(key, pool, index)
                    terms[m] = 1.0
                    used[key].append((pool.day, m))
            self.linear.row(f"fetched[{index}]", terms, lower=0.0, upper=0.0)
        for key, stock in self.stocks.items():
            self.in_time(key, stock, used[key])

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
                frozenset(k for k in self.stocks if self.open_to(k, arc, offer)),
                offer.empty_per_km.wtw_kg,
                bid.round_use_km,
                bid.round_use_rate_per_km * self.case.fx.factor(bid.currency) if arc.paid else 0.0,
            )
            self.pools[pool].append((arc, offer, v))

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
        )
        self.stocks[key].known.append((self.day_of(boxes), boxes))

    def day_of(self, boxes: EmptyBoxes) -> int:
        """The day from which boxes stand ready, as far as days count."""
        return boxes.available_from.toordinal()

    def stock_freed(self, arc: Arc) -> None:
        """Put the boxes that an inbound arc frees on stock, offer by offer."""
        box = _box(arc)
        for offer in self.arcs.asked[arc]:
            v = self.arcs.turned.get((arc, offer.bid.bid_id))
            if v is not None:
                key = self.freed_key(arc, offer)
                self.stocks[key].freed.append((box.ready, v, arc, offer))

    def freed_key(self, arc: Arc, offer: Offer) -> StockKey:
        """The stock that boxes go to which an inbound arc's offer frees."""
        box = _box(arc)
        return StockKey(
            box.line,
            arc.link.equipment,
            box.place,
            box.grade,
            self.return_key(box.place, offer.bid.origin),
            FREED,
        )

    def open_to(self, key: StockKey, arc: Arc, offer: Offer) -> bool:
        """True if the rules and the kilometres let an arc's offer fetch boxes of a stock."""
        box = _box(arc)
        return (
            key.equipment == arc.link.equipment
            and line_loads(self.case, box.line, key.line)
            and grade_suffices(key.grade, box.grade)
            and self.saves(key, box.place, offer.driven_km)
        )

    def road_km(self, origin: str, destination: str) -> float:
        """Driven kilometres between two places."""
        return road_km(self.case, origin, destination)

    def saves(self, key: StockKey, place: str, pick_up_km: float) -> bool:
        """True if a turn saves kilometres wherever the stock's boxes would go back to."""
        returns = self.returns[key.place] if key.return_to == ANY_RETURN else {key.return_to}
        least_km = min(self.road_km(key.place, port) for port in returns)
        return least_km + pick_up_km - self.road_km(key.place, place) > 0

    def return_key(self, place: str, port: str) -> str:
        """The port that a freed box would go back to, or `*` where it decides nothing."""
        if place not in self.same_return:
            ports = self.returns[place]
            nearest = min(self.road_km(place, p) for p in ports)
            self.same_return[place] = all(
                self.road_km(place, stuffing) < nearest + km
                for stuffing, km in self.least_pick_up_km.items()
                if self.case.places[stuffing].country == self.case.places[place].country
            )
        return ANY_RETURN if self.same_return[place] else port

    def add_turn(self, key: StockKey, pool: Pool, index: int) -> int:
        """The column of a stock's boxes in a pool, with what a move adds to cost and CO2e."""
        stock = self.stocks[key]
        most = float(sum(b.quantity for _, b in stock.known)) if not stock.freed else float("inf")
        m = self.linear.column(
            f"m[{key.place},{key.line},{key.source},{index}]", 0.0, most, integer=True
        )
        self.turns[key, pool] = m
        move_km = self.road_km(key.place, pool.place)
        cost = box_fee(self.case, key.line) + extra_km(pool.included_km, move_km) * pool.per_km
        co2e_kg = move_km * pool.empty_kg_per_km
        if stock.known and stock.known[0][1].ours:
            saved = return_of(self.case, stock.known[0][1])
            cost -= saved.cost
            co2e_kg -= saved.co2e.wtw_kg
        self.arcs.cost[m] = cost
        self.arcs.co2e[m] = co2e_kg
        return m

    def in_time(self, key: StockKey, stock: Stock, used: Iterable[tuple[int, int]]) -> None:
        """No box is fetched before it stands ready: a row for each day on which boxes come in."""
        days = stock.days()
        for until in [*days[1:], None]:
            terms = {m: 1.0 for day, m in used if until is None or day < until}
            known = sum(b.quantity for day, b in stock.known if until is None or day < until)
            for day, v, _, _ in stock.freed:
                if until is None or day < until:
                    terms[v] = terms.get(v, 0.0) - 1.0
            self.linear.row(f"in_time[{key.place},{key.line},{until}]", terms, upper=known)
        if stock.freed:
            # a box is only freed to be fetched: else its haulier would earn the round-use rate
            terms = {m: 1.0 for _, m in used}
            for _, v, _, _ in stock.freed:
                terms[v] = terms.get(v, 0.0) - 1.0
            self.linear.row(f"freed_to_be_used[{key.place},{key.line}]", terms, lower=0.0)


@dataclass(frozen=True)
class Return:
    """The return of one unused box: kilometres, money, CO2e."""

    km: float
    cost: float
    co2e: Co2e


def return_of(case: Case, boxes: EmptyBoxes) -> Return:
    """What it takes to bring one box of a row of `empties` back."""
    km = road_km(case, boxes.location, boxes.return_to)
    tare_kg = case.equipment[boxes.equipment].tare_kg
    factor = case.fx.factor(boxes.currency) if boxes.currency else 1.0
    per_km = empty_box_per_km(case.factors, boxes.vehicle, tare_kg, region_of(case, boxes))
    return Return(km, boxes.return_cost * factor, per_km * km)


def region_of(case: Case, boxes: EmptyBoxes) -> str:
    """Where the return of a row of `empties` is driven."""
    return between(case.places[boxes.location].country, case.places[boxes.return_to].country)


def box_fee(case: Case, owner: str) -> float:
    """The owner's fee for one reused box, in the project's currency."""
    carrier = case.carriers.get(owner)
    if carrier is None or not carrier.round_use_fee:
        return 0.0
    return carrier.round_use_fee * (case.fx.factor(carrier.currency) if carrier.currency else 1.0)


def extra_km(included_km: float | None, move_km: float) -> float:
    """Kilometres of a move beyond those in the round-use rate (None: all are in it)."""
    return 0.0 if included_km is None else max(0.0, move_km - included_km)


def road_km(case: Case, origin: str, destination: str) -> float:
    """Driven kilometres by road; 0 where both are the same place.

    Raises NoDistance where no road joins them.
    """
    if origin == destination:
        return 0.0
    return case.distances.leg(origin, destination, "road").actual_km


def _box(arc: Arc) -> BoxTerms:
    if arc.box is None:
        raise ValueError("the arc has no box terms")
    return arc.box
