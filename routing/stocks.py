"""Stocks of emptied boxes, their ways to stuffing places, and pools of fetching that is alike.

Both sides of round use are bundled, since what is alike need not be told apart in the model
(docs/decisions/round-use-pools.md). routing/reuse.py makes columns and rows of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

from routing.arc_costs import Arc
from routing.box_costs import box_fee, return_of
from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.free_time import NO_LIMIT, FreeEnd
from routing.offers import Offer


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
    end: FreeEnd = NO_LIMIT


@dataclass
class Span:
    """Days on which no more boxes come in, up to `until` (None: all that follow).

    `known` boxes and those of columns `freed` came in since the last span; `used` fetch them.
    """

    until: int | None = None
    known: int = 0
    freed: list[int] = field(default_factory=list)
    used: list[int] = field(default_factory=list)


@dataclass(eq=False)
class Stock:
    """Supplies of one stock: known boxes, and columns of own boxes that are freed.

    Compared by identity, and so are supplies and what is open: each is made once.
    """

    key: StockKey
    known: list[tuple[int, EmptyBoxes]] = field(default_factory=list)
    freed: list[tuple[int, int, Arc, Offer]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    """Columns l: boxes left for later days."""
    limits: list[tuple[int | None, int]] = field(default_factory=list)
    """By span the day before which it ends, and its row; with `left` a row is one day's alone,
    without it all days' until then."""
    to_be_used: int | None = None
    """The row that has freed boxes used."""
    first_day: int = 0
    """The first day on which a box of the stock stands ready."""
    most: float = inf
    """Boxes that there can be at most."""
    cost: float = 0.0
    co2e_kg: float = 0.0
    """What one reused box adds wherever it goes: the owner's fee, less the return that is saved."""

    def close(self, case: Case) -> None:
        """Work out what holds for all boxes of the stock once they are all in."""
        self.first_day = min([day for day, _ in self.known] + [f[0] for f in self.freed])
        self.cost = box_fee(case, self.key.line)
        if not self.freed:
            self.most = float(sum(b.quantity for _, b in self.known))
        if self.known and self.known[0][1].ours:
            saved = return_of(case, self.known[0][1])
            self.cost -= saved.cost
            self.co2e_kg -= saved.co2e.wtw_kg

    def spans(self, used: Sequence[tuple[int, int]]) -> list[Span]:
        """Days and columns m of fetching, by the days on which boxes come in before them."""
        known: dict[int, int] = defaultdict(int)
        freed: dict[int, list[int]] = defaultdict(list)
        for day, boxes in self.known:
            known[day] += boxes.quantity
        for day, v, _, _ in self.freed:
            freed[day].append(v)
        days = sorted({*known, *freed})
        fetched: dict[int, list[int]] = defaultdict(list)
        for day, m in used:
            fetched[bisect_right(days, day) - 1].append(m)
        found = []
        span = Span()
        for i, (day, until) in enumerate(zip(days, [*days[1:], None], strict=True)):
            span.known += known[day]
            span.freed += freed[day]
            if fetched[i]:
                span.used, span.until = fetched[i], until
                found.append(span)
                span = Span()
        return found


@dataclass(frozen=True, eq=False)
class Supply:
    """Boxes of a stock by one way to a stuffing place: on the street, or through a depot.

    `move_km` is that way's length.
    """

    stock: Stock
    depot: str
    move_km: float
    name: str


def supply_of(stock: Stock, depot: str, move_km: float) -> Supply:
    """A stock's boxes by one way, named for the model's text."""
    key = stock.key
    parts = [key.place, key.line, key.source, *([depot] if depot else [])]
    return Supply(stock, depot, move_km, ",".join(parts))


@dataclass(frozen=True)
class Near:
    """Boxes of a stock and their ways to one stuffing place; `back_km` is their way home."""

    back_km: float
    street: Supply
    by_depot: Supply | None

    def open_at(self, pick_up_km: float) -> Iterator[Supply]:
        """The ways that save kilometres where a box would else be fetched so far away.

        A depot is of use where the street saves nothing, or where free time may end too early.
        """
        saved_km = self.back_km + pick_up_km
        on_street = saved_km - self.street.move_km > 0
        if on_street:
            yield self.street
        if self.by_depot is None or (on_street and self.street.stock.key.end == NO_LIMIT):
            return
        if saved_km - self.by_depot.move_km > 0:
            yield self.by_depot


@dataclass(frozen=True, eq=False)
class Open:
    """The supplies open to some fetching, in their order."""

    supplies: tuple[Supply, ...]


@dataclass(frozen=True)
class Pool:
    """Fetching that is alike: the same day, the same boxes open to it, the same price of a move.

    Arcs and offers of a pool share its boxes freely. `empty_kg_per_km` is CO2e WTW of the box
    alone; `included_km` of a move are in the round-use rate, each further one costs `per_km`.
    """

    place: str
    equipment: str
    day: int
    open: Open
    empty_kg_per_km: float
    included_km: float | None
    per_km: float
