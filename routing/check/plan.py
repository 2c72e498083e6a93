"""A finished plan as the judge walks through it: rows by their keys, and rides of the chains.

A ride is the stretch of a chain that one bid carries; a bid with `via` has several leg rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from loading.units import Packaging
from lowhaul.errors import LowhaulError
from routing.bids import Bid
from routing.case import Case
from routing.check.rows import (
    Action,
    Allocation,
    Award,
    Cost,
    Leg,
    Load,
    Placed,
    Reuse,
    Shipment,
    Toc,
    Unserved,
    read_rows,
)
from routing.orders import Order

if TYPE_CHECKING:
    import pandas as pd

CENT = 0.00501
"""Half a cent: two amounts of money that agree to the cent differ by less."""
GRAM = 0.000501
"""Half a gram in kg: a row rounded half up lies no further from its exact value."""
METRE = 0.000501
"""Half a metre in km."""
SHARE = 0.00051
"""Shares may be rounded to three digits."""

R = TypeVar("R")


@dataclass(frozen=True)
class Fault:
    """One breach that the judge found: which rule, in which table and row, in plain words."""

    rule: str
    table: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.table} {self.key}: {self.message}"


Breach = tuple[str, str, str]
"""Table, key and message; the rule that yields it gives its own name."""
Rule = Callable[["Plan"], Iterator[Breach]]


@dataclass(frozen=True)
class Ride:
    """The leg rows of a shipment that one bid carries, in order (`bid` None: unknown)."""

    bid: Bid | None
    rows: tuple[Leg, ...]

    @property
    def first(self) -> Leg:
        """Its first row, which carries the cost."""
        return self.rows[0]

    @property
    def origin(self) -> str:
        """Where the ride begins."""
        return self.rows[0].origin

    @property
    def destination(self) -> str:
        """Where the ride ends."""
        return self.rows[-1].destination

    @property
    def depart(self) -> date | None:
        """The day it leaves."""
        return self.rows[0].depart

    @property
    def arrive(self) -> date | None:
        """The day it arrives."""
        return self.rows[-1].arrive

    @property
    def is_box_haulage(self) -> bool:
        """True for the road haulage of a box."""
        return (
            self.first.mode == "road" and self.bid is not None and self.bid.service == "container"
        )


def grouped(rows: Iterable[R], key: Callable[[R], str]) -> dict[str, list[R]]:
    """Rows by a key, in their order."""
    groups: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


class Plan:
    """All result tables of one plan beside the case that it answers."""

    def __init__(
        self, case: Case, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, object]
    ) -> None:
        self.case = case
        self.summary = summary
        self.shipments = read_rows(Shipment, tables["shipments"])
        self.legs = read_rows(Leg, tables["legs"])
        self.allocations = read_rows(Allocation, tables["order_allocation"])
        self.loads = read_rows(Load, tables["loads"])
        self.placed = read_rows(Placed, tables["placements"])
        self.costs = read_rows(Cost, tables["costs"])
        self.round_use = read_rows(Reuse, tables["round_use"])
        self.awards = read_rows(Award, tables["awards"])
        self.tocs = read_rows(Toc, tables["tocs"])
        self.actions = read_rows(Action, tables["actions"])
        self.unserved = read_rows(Unserved, tables["unserved"])
        self.orders: dict[tuple[str, str], Order] = {(o.order_id, o.line): o for o in case.orders}
        self.bids: dict[str, Bid] = {b.bid_id: b for b in case.bids}
        self.empties = {e.empty_id: e for e in case.empties}
        self.shipment = {s.shipment_id: s for s in self.shipments}
        self.legs_of = grouped(sorted(self.legs, key=lambda g: g.seq), lambda g: g.shipment_id)
        self.allocations_of = grouped(self.allocations, lambda a: a.shipment_id)
        self.loads_of = grouped(self.loads, lambda u: u.shipment_id)
        self.placed_in = grouped(self.placed, lambda p: p.load_id)
        self.costs_of = grouped(self.costs, lambda c: c.shipment_id)
        self.reused = [r for r in self.round_use if r.boxes > 0]
        self.reused_by = grouped(self.reused, lambda r: r.shipment_id)
        self.reused_from = grouped(self.reused, lambda r: r.source)
        self._km: dict[tuple[str, str, str], float | None] = {}

    @cached_property
    def rides_of(self) -> dict[str, list[Ride]]:
        """The rides of each shipment in the order of the chain."""
        rides: dict[str, list[Ride]] = {}
        for shipment in self.shipments:
            found: list[list[Leg]] = []
            for leg in self.legs_of.get(shipment.shipment_id, ()):
                if leg.kind != "transport":
                    continue
                bid = self.bids.get(leg.bid_id)
                goes_on = found and found[-1][-1].bid_id == leg.bid_id and bid and bid.via
                if goes_on:
                    found[-1].append(leg)
                else:
                    found.append([leg])
            rides[shipment.shipment_id] = [
                Ride(self.bids.get(rows[0].bid_id), tuple(rows)) for rows in found
            ]
        return rides

    @cached_property
    def riding(self) -> list[tuple[Shipment, Ride]]:
        """Every ride with its shipment."""
        return [(s, r) for s in self.shipments for r in self.rides_of[s.shipment_id]]

    @cached_property
    def allocations_of_order(self) -> dict[tuple[str, str], list[Allocation]]:
        """The allocation rows of each order line."""
        groups: dict[tuple[str, str], list[Allocation]] = defaultdict(list)
        for row in self.allocations:
            groups[row.order].append(row)
        return groups

    @cached_property
    def unserved_pieces(self) -> dict[tuple[str, str], float]:
        """Unserved pieces of each order line."""
        pieces: dict[tuple[str, str], float] = defaultdict(float)
        for row in self.unserved:
            pieces[row.order_id, row.line] += row.pieces
        return pieces

    def packaging(self, sku: str, packaging_id: str) -> Packaging | None:
        """The packaging of a product by its id."""
        for packaging in self.case.packagings.get(sku, ()):
            if packaging.packaging_id == packaging_id:
                return packaging
        return None

    def orders_of(self, shipment_id: str) -> list[Order]:
        """The order lines that travel on a shipment."""
        keys = dict.fromkeys(a.order for a in self.allocations_of.get(shipment_id, ()))
        return [self.orders[k] for k in keys if k in self.orders]

    def road_km(self, origin: str, destination: str) -> float | None:
        """Kilometres driven between two places after the distance book, None if it has none."""
        return self.actual_km(origin, destination, "road")

    def actual_km(self, origin: str, destination: str, mode: str) -> float | None:
        """Actual kilometres of a mode after the distance book, None if it has none."""
        if origin == destination:
            return 0.0
        key = (origin, destination, mode)
        if key not in self._km:
            try:
                self._km[key] = self.case.distances.leg(origin, destination, mode).actual_km
            except (LookupError, ValueError, LowhaulError):
                self._km[key] = None
        return self._km[key]

    def tare_kg(self, equipment: str) -> float:
        """Tare of one load unit, 0 where the equipment is unknown."""
        box = self.case.equipment.get(equipment)
        return box.tare_kg if box else 0.0

    def ours(self, shipment: Shipment, ride: Ride) -> bool:
        """False for a ride beyond the named place of its orders: others pay it (TABLES, orders).

        Goods sent leave our account at the named place, goods bought reach it there. Where the
        orders of a shipment differ, the ride counts as ours.
        """
        orders = self.orders_of(shipment.shipment_id)
        terms = {(o.named_place, o.flow == "inbound") for o in orders}
        if len(terms) != 1:
            return True
        place, inbound = terms.pop()
        rides = self.rides_of[shipment.shipment_id]
        stops = [rides[0].origin, *(r.destination for r in rides)]
        if not place or place not in stops:
            return True
        at, named = rides.index(ride), stops.index(place)
        return at >= named if inbound else at < named


def exactly(left: float, right: float, tolerance: float) -> bool:
    """True if two figures agree within a tolerance (and the grain of floats)."""
    return abs(left - right) <= tolerance + 1e-12 * max(abs(left), abs(right))
