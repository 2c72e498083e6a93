"""What an emptied box is worth to all plans together: by kind, place and day.

The rows of boxes (routing/reuse.py) say of each kind i and day t that no more boxes are fetched
until t than came in until t, and of freed boxes that all are fetched. With prices d_it >= 0 of the
first and f_i >= 0 of the second they may be left out of a bound (Lagrangean relaxation, as in
priced_blocks.py), if

    who fetches a box of i on day t pays  p_it = sum over s >= t of d_is - f_i  (f_i: freed only)
    who frees one on day t gets           p_it
    and the boxes of the table get        sum over i, t of p_it S_it, a constant

Any p that never rises with t holds, for known boxes none below 0. A relaxation on few runs has good
ones: a kind is paid the most that one of its stocks is worth there, or one of its place. Where
nobody fetches freed boxes they get less what the turn saves at least where they are freed, so that
freeing them gains nothing; it is handed on to whoever fetches one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import NamedTuple

import numpy as np

from routing.box_costs import box_fee, extra_km, return_of
from routing.case import Case
from routing.consent import line_loads, owner_consents
from routing.leg_values import Values, Weights
from routing.moves import Moves
from routing.network import Link
from routing.plan_model import PlanModel
from routing.reach import TurnReach
from routing.reuse import FREED
from routing.runs import main_link
from routing.stocks import Stock
from routing.timetable import Timetable


class Kind(NamedTuple):
    """Boxes that are paid alike."""

    equipment: str
    place: str
    line: str
    freed: bool


@dataclass(frozen=True, eq=False)
class BoxPrices:
    """Prices by kind and day of a calendar; before and after it those of its ends hold."""

    case: Case
    moves: Moves
    reach: TurnReach
    weights: Weights
    first: int
    """The first day of the calendar (ordinal)."""
    of_kind: dict[Kind, np.ndarray]
    stands: dict[Kind, int]
    """The first day on which a box of a kind may stand ready."""

    @classmethod
    def of(
        cls, model: PlanModel, prices: np.ndarray, reach: TurnReach, values: Values
    ) -> BoxPrices:
        """Those of a relaxation, whose `prices` are by row of the model."""
        case = model.options.case
        calendar = np.arange(values.calendar.first, values.calendar.last + 1)
        known = known_prices(model, prices, calendar)
        at_place: dict[tuple[str, str, bool], np.ndarray] = {}
        for kind, price in known.items():
            here = kind.equipment, kind.place, kind.freed
            at_place[here] = np.maximum(price, at_place.get(here, price))
        saved = least_saved(values)
        stands = standing(case, reach)
        found: dict[Kind, np.ndarray] = {}
        for kind in stands:
            gain = saved.get((kind.equipment, kind.place), 0.0) if kind.freed else 0.0
            never_fetched = np.full(len(calendar), -gain)
            here = kind.equipment, kind.place, kind.freed
            found[kind] = known.get(kind, at_place.get(here, never_fetched))
        return cls(case, model.reuse.moves, reach, values.weights, int(calendar[0]), found, stands)

    @property
    def constant(self) -> float:
        """What the boxes of the table are paid, to be taken off a bound."""
        total = 0.0
        for boxes in self.case.empties:
            if owner_consents(self.case, boxes.line):
                kind = Kind(boxes.equipment, boxes.location, boxes.line, False)
                day = int(self._day(np.array(boxes.available_from.toordinal())))
                total += boxes.quantity * float(self.of_kind[kind][day])
        return total

    def _day(self, days: np.ndarray) -> np.ndarray:
        """Positions of days in the calendar."""
        return np.asarray(np.clip(days - self.first, 0, self._days - 1))

    @cached_property
    def _days(self) -> int:
        return len(next(iter(self.of_kind.values()), np.zeros(1)))

    @cached_property
    def _unstuff_days(self) -> int:
        """The fewest days after which a box stands ready: early boxes are paid most."""
        return min(order.unstuff_days for order in self.case.orders)

    def at_end(self, table: Timetable, *, last: bool) -> np.ndarray:
        """What a turned box at the first (or last) end of each run adds at least; inf: none may be.

        Fetched: its owner's fee, its way and its price, less a return that we save. Freed: less
        its price.
        """
        added = np.full(len(table), inf)
        days = self._day(table.arrive + self._unstuff_days if last else table.stuffed)
        by_way = np.argsort(table.way, kind="stable")
        ends = np.searchsorted(table.way[by_way], np.arange(len(table.ways) + 1))
        for index, way in enumerate(table.ways):
            at = by_way[ends[index] : ends[index + 1]]
            link = way[-1] if last else way[0]
            if not len(at) or len(way) < 2 or not self._may_turn(link):
                continue
            line = main_link(way).line
            if last:
                by_day = self._freed(link, line)
                latest = self.reach.last_day((link.destination, link.equipment, line))
                meets = table.arrive[at] <= latest
            else:
                by_day = self._fetched(link, line)
                earliest = self.reach.first_day((link.origin, link.equipment, line))
                meets = table.stuffed[at] >= earliest
            added[at] = np.where(meets, by_day[days[at]], inf)
        return added

    def _may_turn(self, link: Link) -> bool:
        carriers = self.case.carriers
        return link.is_haulage and any(
            carriers[offer.bid.carrier].round_use_allowed for offer in link.offers
        )

    def _freed(self, link: Link, line: str) -> np.ndarray:
        """By day what a freed box takes off."""
        price = self.of_kind.get(Kind(link.equipment, link.destination, line, True))
        if price is None or not owner_consents(self.case, line):
            return np.full(self._days, inf)
        return -price

    def _fetched(self, link: Link, line: str) -> np.ndarray:
        """By day the least that a box brought to the first leg adds."""
        key = (link.index, line)
        if key not in self._of_fetching:
            least = np.full(self._days, inf)
            for kind, price in self.of_kind.items():
                if kind.equipment != link.equipment or not line_loads(self.case, line, kind.line):
                    continue
                added = self._brought(kind, link) + price
                added[: max(0, self.stands[kind] - self.first)] = inf
                least = np.minimum(least, added)
            self._of_fetching[key] = least
        return self._of_fetching[key]

    @cached_property
    def _of_fetching(self) -> dict[tuple[int, str], np.ndarray]:
        return {}

    def _brought(self, kind: Kind, link: Link) -> float:
        """The least that bringing a box of a kind to a leg adds, its price left out."""
        km = min(km for _, km in self.moves.ways(kind.place, link.origin))
        if km == inf:
            return inf
        fee = self.weights.value(0.0, box_fee(self.case, kind.line))
        return fee - self._saved[kind] + min(
            self.weights.value(
                offer.empty_per_km.wtw_kg * km,
                extra_km(offer.bid.round_use_km, km)
                * offer.bid.round_use_rate_per_km
                * self.case.fx.factor(offer.bid.currency),
            )
            for offer in link.offers
        )  # fmt: skip

    @cached_property
    def _saved(self) -> dict[Kind, float]:
        """The most that a return which is saved takes off."""
        found: dict[Kind, float] = defaultdict(float)
        for boxes in self.case.empties:
            if boxes.ours:
                saved = return_of(self.case, boxes)
                kind = Kind(boxes.equipment, boxes.location, boxes.line, False)
                value = self.weights.value(saved.co2e.wtw_kg, saved.cost)
                found[kind] = max(found[kind], value)
        return found


def known_prices(
    model: PlanModel, prices: np.ndarray, calendar: np.ndarray
) -> dict[Kind, np.ndarray]:
    """The prices by day of kinds that somebody may fetch in a searched model."""
    known: dict[Kind, np.ndarray] = {}
    for stock in model.reuse.in_order:
        if stock.limits:
            key = stock.key
            kind = Kind(key.equipment, key.place, key.line, key.source == FREED)
            own = price_of(stock, prices, calendar)
            known[kind] = np.maximum(known.get(kind, own), own)
    return known


def standing(case: Case, reach: TurnReach) -> dict[Kind, int]:
    """All kinds of boxes that there may be, and the first day on which one stands ready."""
    found: dict[Kind, int] = {}
    for (place, equipment, line), (day, _) in reach.standing.items():
        found[Kind(equipment, place, line, True)] = day
    for boxes in case.empties:
        if owner_consents(case, boxes.line):
            kind = Kind(boxes.equipment, boxes.location, boxes.line, False)
            day = boxes.available_from.toordinal()
            found[kind] = min(day, found.get(kind, day))
    return found


def least_saved(values: Values) -> dict[tuple[str, str], float]:
    """By equipment and place the least that a turn saves where a box is freed."""
    saved: dict[tuple[str, str], float] = {}
    for link in values.network.links:
        if link.is_haulage and (saves := values.turn_saves(link)) > 0.0:
            at = link.equipment, link.destination
            saved[at] = min(saves, saved.get(at, saves))
    return saved


def price_of(stock: Stock, prices: np.ndarray, calendar: np.ndarray) -> np.ndarray:
    """The price of a box of a stock by day: never rising, as the module's head asks."""
    found = np.zeros(len(calendar))
    rows = [row for _, row in stock.limits]
    worth = np.maximum(0.0, -prices[rows])
    if not stock.left:
        worth = np.cumsum(worth[::-1])[::-1]
    worth = np.maximum.accumulate(worth[::-1])[::-1]
    ends = [until for until, _ in stock.limits]
    begin = 0
    for until, each in zip(ends, worth, strict=True):
        end = len(calendar) if until is None else int(np.searchsorted(calendar, until))
        found[begin : max(begin, end)] = each
        begin = max(begin, end)
    if stock.to_be_used is not None:
        found -= max(0.0, float(prices[stock.to_be_used]))
    return found
