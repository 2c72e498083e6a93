"""An instance of green tactical transport planning in Lowhaul's own terms, and a plan read back.

    goods made on a day for a day     an order (all commodities of one relation and type together),
                                      ready when they are made, due on the day of the demand
    a 200th of a container            a handling unit of that order, its goods in equal mix: a slab
                                      that takes a 200th of the length, filled by mass or by volume,
                                      whichever the relation has less room for
    a way of arcs                     a door-to-door bid of a trailer: its g CO2e a container as g a
                                      vehicle-km, those a tonne as the slope, EUR a trip and a tonne
    the arcs' days                    transit days and validity of that bid
    handed over to a demand           equipment of that day alone: the bid arrives on no other day
    handed over to a store beside it  equipment that orders of all days share: it may come early
    type of goods                     equipment of that type

What this leaves out: a container keeps its goods from the first to the last arc of its way, none
waits between two arcs, goods come in slabs of equal mix, and which day's units serve which demand
is given (first in first out, or as another plan has it) where the instance leaves it open. So a
plan that `judge` passes is one of the instance, and its CO2e never below the instance's least.
What is put in: nights in store cost and emit nothing, and stores have room for all; `judge` counts
the nights and asks for the room. Slabs are sized by what the relation has less room for, mass or
volume, and the other is left to `judge` to ask for; or, `each`, by what each order has less room
for, which holds both and may waste some.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import cast

from benchmarks.gttp_instance import TRANSPORT, Flow, Instance, Terms
from benchmarks.gttp_lots import FEW, Lots, ends_of
from benchmarks.gttp_ways import Way, ways_between, worth_offering
from emissions.activity import LegDistance
from emissions.factors import FactorBook
from loading.equipment import Equipment
from loading.units import Packaging
from lowhaul.units import KG_PER_T
from routing.bids import Bid, Carrier, Charge
from routing.case import Case, Settings
from routing.distances import Distances
from routing.money import ExchangeRates
from routing.orders import Order, Product
from routing.places import Place
from routing.plan import Plan

START = date(2026, 1, 5)
"""Day 0, a Monday."""
OPERATOR = "OPERATOR"
ACROSS_MM = 1000
"""Height and width of a container and of a slab: loading goes by rows."""
SLABS = 200
"""Handling units in a full container."""
KINDS = {
    "warehouse": "depot",
    "crossdock": "depot",
    "port": "port",
    "trainstation": "rail_terminal",
}
UNRESTRICTED = frozenset({"packaging", "distance", "mode_shift", "load_rate", "tender"})


@dataclass(frozen=True)
class Line:
    """Goods of one type made on one day for the demand of another."""

    kind: str
    origin: int
    destination: int
    made: int
    due: int
    units: dict[int, float]
    """By commodity."""
    slabs: int
    slab_kg: float

    @property
    def key(self) -> str:
        """Its sku, and the id of its order."""
        return f"{self.origin}-{self.destination}-{self.kind}-{self.made}-{self.due}"


@dataclass(frozen=True)
class Mapped:
    """An instance as a case, with what is needed to read a plan back."""

    case: Case
    lines: dict[str, Line]
    ways: dict[str, Way]
    """By bid."""


@dataclass(frozen=True)
class GivenDistances:
    """Kilometres are those of the bid on every basis."""

    def leg(
        self,
        origin_id: str,
        destination_id: str,
        mode: str,
        given_km: float | None = None,
        given_basis: str = "actual",
        given_source: str = "",
    ) -> LegDistance:
        """The bid's own kilometres."""
        if given_km is None:
            raise ValueError(f"no kilometres {origin_id} to {destination_id} by {mode}")
        return LegDistance(given_km, given_km, given_km, "actual", given_source)


def map_instance(
    instance: Instance, lots: Lots, objective: str, seconds: float, *, each: bool = False
) -> Mapped:
    """The case of an instance.

    Raises ValueError where goods have several sources or demands, or containers are limited.
    """
    rooms = rooms_of(instance)
    lines = {x.key: x for x in lines_of(instance, rooms, lots, each)}
    ways: dict[str, Way] = {}
    bids: list[Bid] = []
    for origin, destination in sorted({(x.origin, x.destination) for x in lines.values()}):
        some = [x for x in lines.values() if (x.origin, x.destination) == (origin, destination)]
        for way in worth_offering(instance, ways_between(instance, origin, destination)):
            for bid in bids_of(instance, way, destination, some):
                ways[bid.bid_id] = way
                bids.append(bid)
    end = START + timedelta(days=instance.days)
    case = Case(
        settings=Settings(
            START, end, "EUR", START, bucket="day", objective=objective, measures=UNRESTRICTED,
            time_limit_s=seconds, gap=0.0,
        ),
        places={p.location_id: p for p in _places(instance)},
        equipment={e.code: e for e in _equipment(rooms, bids)},
        products={key: Product(key, x.slab_kg) for key, x in lines.items()},
        packagings={key: (_packaging(x, rooms[x.kind]),) for key, x in lines.items()},
        orders=tuple(_order(x) for x in lines.values()),
        carriers={OPERATOR: Carrier(OPERATOR, OPERATOR, currency="EUR")},
        bids=tuple(bids),
        distances=cast(Distances, GivenDistances()),
        factors=FactorBook(()),
        fx=ExchangeRates("EUR"),
    )  # fmt: skip
    return Mapped(case, lines, ways)


# ---- orders


def lines_of(instance: Instance, rooms: Mapping[str, Terms], lots: Lots, each: bool) -> list[Line]:
    """Order lines: the lots of all commodities of one type, relation, day made and day due."""
    units: dict[tuple[str, int, int, int, int], dict[int, float]] = defaultdict(dict)
    for goods in instance.commodities:
        ends = ends_of(instance, goods.index)
        for made, due, number in lots[goods.index] if ends else ():
            key = (goods.kind, *ends, made, due)
            units[key][goods.index] = units[key].get(goods.index, 0.0) + number
    sizes = {
        key: (
            sum(n * instance.commodities[c].m3 for c, n in some.items())
            / rooms[key[0]].container_m3,
            sum(n * instance.commodities[c].t for c, n in some.items()) / rooms[key[0]].container_t,
        )
        for key, some in units.items()
    }
    found = []
    for key, some in sorted(units.items()):
        alike = [size for other, size in sizes.items() if other[:3] == key[:3]]
        by_mass = sum(t for _, t in alike) >= sum(m3 for m3, _ in alike)
        filled = max(sizes[key]) if each else sizes[key][by_mass]
        slabs = math.ceil(SLABS * filled - FEW)
        mass_kg = sizes[key][1] * rooms[key[0]].container_t * KG_PER_T
        found.append(Line(*key, some, slabs, mass_kg / slabs))
    return found


def _order(line: Line) -> Order:
    return Order(
        line.key, "1", str(line.origin), str(line.destination), line.key, line.slabs,
        _date(line.made), _date(line.due),
        equipment_allowed=(_shared(line.kind), _of_day(line.kind, line.due)),
    )  # fmt: skip


def _packaging(line: Line, room: Terms) -> Packaging:
    length_mm = _inner_length_mm(room) // SLABS
    return Packaging(
        f"{line.key}-slab", line.key, 1, length_mm, ACROSS_MM, ACROSS_MM, line.slab_kg, 0.0,
        rotate_on_floor=False, stack_code="slab",
    )  # fmt: skip


# ---- ways


def bids_of(instance: Instance, way: Way, destination: int, lines: list[Line]) -> Iterator[Bid]:
    """A way as bids: one a run of departure days to a store, else one for each day of demand."""
    departures = [day for day in range(instance.days) if way.on(day)]
    for kind in sorted({x.kind for x in lines}):
        if way.stored:
            for first, last in _runs(departures):
                yield _bid(way, kind, destination, first, last, _shared(kind), f"{first}-{last}")
            continue
        for due in sorted({x.due for x in lines if x.kind == kind}):
            day = due - way.days
            if day in departures:
                yield _bid(way, kind, destination, day, day, _of_day(kind, due), f"{due}")


def _bid(
    way: Way, kind: str, destination: int, first: int, last: int, equipment: str, suffix: str
) -> Bid:
    g_container, g_t, cost_container, cost_t = way.figures(kind)
    return Bid(
        f"{way.name}-{kind}-{suffix}", OPERATOR, "road", "ftl", str(way.stops[0]),
        str(destination), cost_container, "EUR", "trip", way.days,
        equipment=(equipment,), valid_from=_date(first), valid_to=_date(last),
        distance_km=way.km, co2e_wtw_g=g_container / way.km, co2e_ttw_g=0.0,
        co2e_per="vehicle_km", co2e_slope_g_per_tkm=g_t / way.km, data_type="modelled",
        co2e_source="the instance's arcs", charges=(Charge("VAR", cost_t, "EUR", "tonne"),),
    )  # fmt: skip


def _runs(days: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of days."""
    if days:
        breaks = [i + 1 for i, (a, b) in enumerate(pairwise(days)) if b != a + 1]
        for start, end in pairwise([0, *breaks, len(days)]):
            yield days[start], days[end - 1]


# ---- places and boxes


def _places(instance: Instance) -> Iterator[Place]:
    for node in instance.nodes:
        kind = KINDS.get(node.facility, "customer")
        yield Place(str(node.index), node.region, kind, "EU", 48.0, 16.0, currency="EUR")


def rooms_of(instance: Instance) -> dict[str, Terms]:
    """The container of each type of goods; ValueError if arcs differ in it or limit its number."""
    rooms: dict[str, Terms] = {}
    for arc in instance.moves:
        for kind, terms in arc.terms.items():
            if arc.mode not in TRANSPORT:
                continue
            first = rooms.setdefault(kind, terms)
            size = (terms.container_m3, terms.container_t, terms.containers)
            if size != (first.container_m3, first.container_t, None):
                raise ValueError(f"arc {arc.index}: containers of their own are not mapped")
    return rooms


def _equipment(rooms: dict[str, Terms], bids: list[Bid]) -> Iterator[Equipment]:
    for code in dict.fromkeys(bid.equipment[0] for bid in bids):
        room = rooms[code[0]]
        length_mm = _inner_length_mm(room)
        payload_kg = room.container_t * KG_PER_T
        yield Equipment(code, length_mm, ACROSS_MM, ACROSS_MM, 0.0, payload_kg, 0.0)


def _inner_length_mm(room: Terms) -> int:
    return round(room.container_m3 * 1e9 / ACROSS_MM**2)


def _shared(kind: str) -> str:
    return f"{kind}-STORE"


def _of_day(kind: str, due: int) -> str:
    return f"{kind}-DAY{due}"


def _date(day: int) -> date:
    return START + timedelta(days=day)


# ---- back


def flow_of(instance: Instance, mapped: Mapped, plan: Plan) -> Flow:
    """Containers and units on the arcs that a plan uses; stored goods are handed over when due."""
    containers: dict[tuple[int, str], int] = defaultdict(int)
    units: dict[tuple[int, int], float] = defaultdict(float)
    for shipment in plan.shipments:
        way = mapped.ways[shipment.legs[0].offer.bid.bid_id]
        arcs = way.on(shipment.depart - START.toordinal())
        if arcs is None:
            raise ValueError(f"{shipment.shipment_id} departs on a day without an arc")
        kind = shipment.equipment[0]
        for arc in arcs:
            containers[arc.index, kind] += shipment.load_units
        for content in shipment.contents:
            line = mapped.lines[content.packed.order.order_id]
            for commodity, number in line.units.items():
                moved = number * content.pieces / line.slabs
                for arc in arcs:
                    units[arc.index, commodity] += moved
                if way.shortcut is not None:
                    units[way.shortcut[line.due].index, commodity] += moved
    return Flow(dict(containers), dict(units))
