"""Tiny projects drawn at random: a few orders, ports on two coasts, everything else sometimes.

Boxes hold four pallets, trailers six; orders are 1 to 4 pallets, so each fits one load unit and the
question is who shares it. The same seed gives the same case. Figures are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import hypot
from random import Random
from typing import Any, cast

from emissions.activity import LegDistance
from loading.equipment import Equipment
from loading.units import Packaging
from routing.bids import Bid, Carrier, Charge
from routing.boxes import EmptyBoxes
from routing.case import Case, Settings
from routing.distances import Distances, NoDistance
from routing.ledger import make_ledger
from routing.money import ExchangeRates
from routing.orders import Order, Product
from routing.places import Place
from routing.planner import Planned, plan_case
from tests.routing.handmade import FACTORS

START = date(2026, 3, 4)
"""A Wednesday: weeks change within the windows of the orders."""


@dataclass(frozen=True)
class TinyDistances:
    """Straight lines between points on a sheet (km); the same both ways."""

    points: tuple[tuple[str, float, float], ...]

    def leg(
        self,
        origin_id: str,
        destination_id: str,
        mode: str,
        given_km: float | None = None,
        given_basis: str = "actual",
        given_source: str = "",
    ) -> LegDistance:
        at = {name: (x, y) for name, x, y in self.points}
        if origin_id not in at or destination_id not in at:
            raise NoDistance(f"{origin_id} to {destination_id} by {mode}")
        (x1, y1), (x2, y2) = at[origin_id], at[destination_id]
        km = round(hypot(x1 - x2, y1 - y2), 3)
        daf = 1.15 if mode == "sea" else 1.05
        return LegDistance(km, round(0.9 * km, 3), round(daf * km, 3), "sfd", "by hand")


PAL = Packaging("PAL", "A", 40, 1200, 1000, 1000, 420.0, 20.0)
THIN = Packaging("THIN", "A", 50, 1200, 1000, 1100, 512.0, 12.0, candidate=True)
HEAVY = Packaging("HEAVY", "B", 40, 1200, 1000, 900, 640.0, 25.0)
BOX = Equipment("BOX", 2500, 2000, 2400, 2200.0, 2700.0, 1.0)
TRAILER = Equipment("TRL", 3800, 2000, 2600, 7000.0, 9000.0, 0.0)


def plain_order(order_id: str, origin: str, pieces: int, due_days: int, **more: Any) -> Order:
    """An order from a plant to CUST, ready on START."""
    fields = {
        "order_id": order_id,
        "line": "1",
        "origin": origin,
        "destination": "CUST",
        "sku": "A",
        "quantity": pieces,
        "ready_date": START,
        "due_date": START + timedelta(days=due_days),
        "splittable": False,
        **more,
    }
    return Order(**fields)


def plain_bid(bid_id: str, carrier: str, start: str, end: str, rate: float, **more: Any) -> Bid:
    """A container haulage of one day."""
    fields = {
        "bid_id": bid_id,
        "carrier": carrier,
        "mode": "road",
        "service": "container",
        "origin": start,
        "destination": end,
        "rate": rate,
        "currency": "EUR",
        "rate_basis": "container",
        "transit_days": 1,
        **more,
    }
    return Bid(**fields)


def plain_place(place_id: str, kind: str, **more: Any) -> Place:
    """A place without coordinates of its own: the sheet has them."""
    return Place(place_id, place_id, kind, "DE", 50.0, 8.0, currency="EUR", **more)


class TinyWorld:
    """Draws one case."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.bids: list[Bid] = []
        self.exports = ["E1", "E2"][: self.rng.choice((1, 2))]
        self.imports = ["I1", "I2"][: self.rng.choice((1, 1, 2))]
        self.plants = ["PA", "PB"][: self.rng.choice((1, 2))]
        self.has_hub = self.chance(0.35)
        self.has_parts = self.chance(0.4)
        self.has_inbound = self.chance(0.35)
        self.has_empties = self.chance(0.45)
        self.has_capacity = self.chance(0.4)
        self.has_bl = self.chance(0.25)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def money(self, low: float, high: float) -> float:
        return round(self.rng.uniform(low, high), 2)

    def case(self) -> Case:
        """The whole case."""
        points, places = self.sheet()
        self.offer()
        orders = self.orders()
        return Case(
            settings=Settings(
                START - timedelta(days=2),
                START + timedelta(days=60),
                "EUR",
                date(2026, 1, 2),
                gap=0.0,
                time_limit_s=20.0,
                workers=1,
            ),
            places={p.location_id: p for p in places},
            equipment={"BOX": BOX, "TRL": TRAILER} if self.has_hub else {"BOX": BOX},
            products={"A": Product("A", 10.0), "B": Product("B", 15.0, min_box_grade="A")},
            packagings={"A": (PAL, THIN) if self.chance(0.5) else (PAL,), "B": (HEAVY,)},
            orders=orders,
            carriers={c.carrier: c for c in self.carriers()},
            bids=tuple(self.bids),
            distances=cast(Distances, TinyDistances(tuple(points))),
            factors=FACTORS,
            fx=ExchangeRates("EUR", {"USD": 0.9}),
            empties=self.empties() if self.has_empties else (),
        )

    def sheet(self) -> tuple[list[tuple[str, float, float]], list[Place]]:
        at, near = self.rng.uniform, (lambda: self.rng.uniform(-70.0, 70.0))
        points = [("PA", 0.0, 0.0), ("PB", near(), near()), ("HUB", near() + 40.0, near())]
        points += [("YARD", near(), near()), ("E1", 160.0 + near(), near())]
        points += [("E2", 160.0 + near(), near()), ("I1", at(2000, 2200), near())]
        points += [("I2", at(2000, 2200), near()), ("CUST", at(2300, 2400), near())]
        lift = {"handling_cost_per_load_unit": self.money(0, 60)}
        if self.chance(0.5):
            lift["handling_co2e_wtw_kg_per_teu"] = self.money(0, 20)
        places = [plain_place("PA", "plant"), plain_place("PB", "plant")]
        places += [plain_place(e, "port", **lift, dwell_days=self.rng.choice((0, 1)))
                   for e in ("E1", "E2")]  # fmt: skip
        places += [plain_place("I1", "port"), plain_place("I2", "port")]
        places += [plain_place("CUST", "customer"), plain_place("YARD", "depot")]
        if self.has_hub:
            places.append(
                plain_place(
                    "HUB",
                    "hub",
                    can_restuff=True,
                    handling_cost_per_t=self.money(0, 12),
                    handling_co2e_wtw_kg_per_t=self.money(0, 4),
                    dwell_days=self.rng.choice((0, 1)),
                )
            )
        return points, places

    # ---- bids

    def haul(self, start: str, end: str, carrier: str, **more: Any) -> None:
        if self.chance(0.4):
            more["round_use_rate"] = self.money(100, 320)
            if self.chance(0.5):
                more |= {"round_use_km": 20.0, "round_use_rate_per_km": self.money(0.5, 3)}
        if self.chance(0.4):
            more |= {
                "co2e_wtw_g": self.money(500, 950),
                "co2e_per": "vehicle_km",
                "co2e_slope_g_per_tkm": self.rng.choice((0.0, 20.0, 40.0)),
                "data_type": "primary",
            }
        if self.chance(0.25):
            more["charges"] = (Charge("FSC", self.money(2, 15), "EUR", "percent"),)
        if self.chance(0.15):
            more["cutoff_days"] = 1
        number = len(self.bids)
        self.bids.append(plain_bid(f"R{number}", carrier, start, end, self.money(150, 400), **more))

    def sail(self, start: str, end: str, line: str) -> None:
        more: dict[str, Any] = {"mode": "sea", "line": line}
        more["transit_days"] = self.rng.choice((3, 4))
        more["free_days"] = self.rng.choice((None, 4))
        if self.chance(0.4):
            more["departure_days"] = self.rng.choice((("mon",), ("sat",), ("mon", "thu")))
        if self.chance(0.5):
            more |= {"co2e_wtw_g": self.money(60, 220), "co2e_per": "teu_km"}
        if self.has_capacity and self.chance(0.5):
            more |= {
                "capacity": float(self.rng.choice((1, 1, 2))),
                "capacity_per": self.rng.choice(("week", "week", "day", "period")),
            }
        if self.chance(0.1):
            more["valid_from"] = START + timedelta(days=self.rng.choice((2, 5)))
        charges = [Charge("OTHC", self.money(20, 90), "EUR", "container")]
        if self.has_bl:
            charges.append(Charge("DOC", self.money(20, 200), "EUR", "bl"))
        number = len(self.bids)
        self.bids.append(
            plain_bid(
                f"S{number}",
                line,
                start,
                end,
                self.money(300, 900),
                currency="USD",
                charges=tuple(charges),
                **more,
            )
        )

    def offer(self) -> None:
        """Bids of all relations."""
        lines = ["L1", "L2"][: self.rng.choice((1, 2))]
        for port in self.exports:
            for plant in self.plants:
                self.haul(plant, port, "T1")
                if self.chance(0.4):
                    self.haul(plant, port, "T2")
                if self.chance(0.2):
                    self.haul(plant, port, "T2", mode="rail", transit_days=2)
            for other in self.imports:
                for line in lines:
                    self.sail(port, other, line)
        for other in self.imports:
            self.haul(other, "CUST", "T3")
        if self.has_inbound:
            self.haul("CUST", "I1", "T3")
            for line in lines:
                self.sail("I1", "E1", line)
            for plant in self.plants:
                self.haul("E1", plant, "T1")
        if self.has_hub:
            trip = {"service": "ftl", "rate_basis": "trip", "equipment": ("TRL",)}
            for plant in self.plants:
                self.haul(plant, "HUB", "T2", **trip)
            for port in self.exports:
                self.haul("HUB", port, "T1")
        if self.has_parts:
            less = {"service": "ltl", "rate_basis": "tonne", "vehicle": "all_hgvs"}
            less["min_charge"] = 30.0
            for plant in self.plants:
                self.haul(plant, self.exports[0], "T2", **less)
            if self.has_hub:
                self.haul("PA", "HUB", "T2", **less)
            self.bids.append(
                plain_bid("LCL", "L1", self.exports[0], "I1", self.money(40, 150), mode="sea",
                          service="lcl", rate_basis="wm", transit_days=4)
            )  # fmt: skip
            self.haul("I1", "CUST", "T3", **less)
        self.bids = [self.tidy(b) for b in self.bids]

    @staticmethod
    def tidy(bid: Bid) -> Bid:
        """Figures that the service of a bid cannot have are taken away."""
        if bid.service == "container" and bid.mode == "road":
            return bid
        bid = replace(bid, round_use_rate=None, round_use_km=None, round_use_rate_per_km=0.0)
        if bid.mode == "rail":
            return replace(bid, co2e_wtw_g=40.0, co2e_per="tkm", co2e_slope_g_per_tkm=0.0)
        if bid.service in ("ltl", "lcl"):
            return replace(bid, co2e_wtw_g=None, co2e_per="", cutoff_days=0)
        return bid

    def carriers(self) -> list[Carrier]:
        found = []
        for name in ("L1", "L2", "T1", "T2", "T3"):
            more: dict[str, Any] = {"currency": "EUR"}
            if self.chance(0.2):
                more["fixed_cost"] = self.money(50, 400)
            if self.chance(0.15):
                more["round_use_allowed"] = False
            if name in ("L1", "L2"):
                more["round_use_fee"] = self.rng.choice((0.0, 25.0))
                if self.chance(0.5):
                    more["interchange_with"] = ("L2", "L1") if self.chance(0.5) else ("L2",)
            found.append(Carrier(name, name, **more))
        return found

    # ---- orders and boxes

    def orders(self) -> tuple[Order, ...]:
        found = []
        for i in range(self.rng.choice((2, 2, 3))):
            heavy = self.chance(0.2)
            pieces = 40 * self.rng.choice((1, 1, 2, 2, 3, 4)) - self.rng.choice((0, 0, 10))
            more: dict[str, Any] = {
                "ready_date": START + timedelta(days=self.rng.choice((0, 0, 1, 3))),
                "due_date": START + timedelta(days=self.rng.choice((5, 8, 9, 10, 11, 12))),
                "mix_allowed": not self.chance(0.1),
                "priority": float(self.rng.choice((1, 1, 2))),
                "sku": "B" if heavy else "A",
                "box_grade_after": self.rng.choice(("A", "B", "B", "C")),
            }
            origin = self.rng.choice(self.plants)
            more |= {"origin": origin}
            if self.has_inbound and i == 0:
                more |= {
                    "origin": "CUST",
                    "destination": origin,
                    "flow": "inbound",
                    "due_date": START + timedelta(days=9),
                    "ready_date": START,
                }
            elif self.has_inbound:
                more["due_date"] = START + timedelta(days=17)
                more["ready_date"] = START + timedelta(days=7)
            found.append(replace(plain_order(f"O{i}", origin, pieces, 9), **more))
        return tuple(found)

    def empties(self) -> tuple[EmptyBoxes, ...]:
        found = []
        for i in range(self.rng.choice((1, 2))):
            first = START + timedelta(days=self.rng.choice((-3, 0, 2, 3)))
            found.append(
                EmptyBoxes(
                    f"B{i}",
                    "BOX",
                    self.rng.choice(("YARD", "PA")),
                    self.rng.choice(("L1", "L1", "L2", "SOC")),
                    self.rng.choice((1, 2)),
                    first,
                    self.rng.choice(self.exports),
                    free_until=first + timedelta(days=3) if self.chance(0.5) else None,
                    return_cost=self.money(0, 150),
                    currency="EUR",
                    grade=self.rng.choice(("A", "B")),
                    ours=self.chance(0.6),
                )
            )
        return tuple(found)


def scarce(bid: Bid, seed: int) -> Bid:
    """One load unit on each ship (a third of the projects), and one a day on each first lorry."""
    if bid.service == "container" and bid.mode == "sea":
        return replace(bid, capacity=1.0, capacity_per="period")
    if seed % 6 == 5 and bid.origin in ("PA", "PB") and bid.service == "container":
        return replace(bid, capacity=1.0, capacity_per="day")
    return bid


def tiny_case(seed: int, objective: str = "min_emissions") -> Case:
    """The case of a seed."""
    case = TinyWorld(seed).case()
    if seed % 3 == 2:
        case = replace(case, bids=tuple(scarce(b, seed) for b in case.bids))
    return replace(case, settings=replace(case.settings, objective=objective))


def corridor(**changes: Any) -> Case:
    """One way, all on a line (km): PB -40, PA 0, HUB 20, YARD 50, E1 100, I1 1100, CUST 1150.

    R1 of T1 hauls PA to E1 (200 EUR), S1 of L1 sails to I1 (500 EUR, 3 days), R2 of T3 hauls to
    CUST (150 EUR). O1 is 80 pieces, two pallets, 840 kg. `objective` and other settings may be
    given beside the fields of a case.
    """
    points = (("PB", -40.0, 0.0), ("PA", 0.0, 0.0), ("HUB", 20.0, 0.0), ("YARD", 50.0, 0.0))
    points += (("E1", 100.0, 0.0), ("I1", 1100.0, 0.0), ("CUST", 1150.0, 0.0))
    kinds = {"PB": "plant", "PA": "plant", "HUB": "hub", "YARD": "depot", "CUST": "customer"}
    places = [plain_place(n, kinds.get(n, "port"), can_restuff=n == "HUB") for n, _, _ in points]
    settings = Settings(START, START + timedelta(days=60), "EUR", START, gap=0.0, workers=1)
    own = {k: changes.pop(k) for k in list(changes) if hasattr(settings, k)}
    fields: dict[str, Any] = {
        "settings": replace(settings, **own),
        "places": {p.location_id: p for p in places},
        "equipment": {"BOX": BOX, "TRL": TRAILER},
        "products": {"A": Product("A", 10.0), "B": Product("B", 15.0, min_box_grade="A")},
        "packagings": {"A": (PAL,), "B": (HEAVY,)},
        "orders": (plain_order("O1", "PA", 80, 9),),
        "carriers": {c: Carrier(c, c, currency="EUR") for c in ("T1", "T2", "T3", "L1", "L2")},
        "bids": (
            plain_bid("R1", "T1", "PA", "E1", 200.0),
            ocean("S1", "L1", 500.0),
            plain_bid("R2", "T3", "I1", "CUST", 150.0),
        ),
        "distances": cast(Distances, TinyDistances(points)),
        "factors": FACTORS,
        "fx": ExchangeRates("EUR", {"USD": 0.9}),
    }
    return Case(**{**fields, **changes})


def ocean(bid_id: str, line: str, rate: float, **more: Any) -> Bid:
    """A sailing from E1 to I1 of three days."""
    fields = {"mode": "sea", "line": line, "transit_days": 3, **more}
    start, end = fields.pop("start", "E1"), fields.pop("end", "I1")
    return plain_bid(bid_id, line, start, end, rate, **fields)


@dataclass(frozen=True)
class Found:
    """What a plan comes to: booked cost and CO2e, weighted pieces left, and bids by shipment."""

    cost: float
    co2e: float
    unserved: float
    bids: tuple[tuple[str, ...], ...]
    load_units: int
    boxes_reused: int
    planned: Planned

    @property
    def ways(self) -> set[tuple[str, ...]]:
        """The chains of bids that are used."""
        return set(self.bids)


def planned(case: Case) -> Found:
    """Plan a case and book the plan."""
    found = plan_case(case)
    books = make_ledger(case, found.plan)
    priority = {o.key: o.priority for o in case.orders}
    return Found(
        books.cost,
        sum(row.element.known.wtw_kg for row in books.legs),
        sum(priority[u.order] * u.pieces for u in found.plan.unserved),
        tuple(tuple(leg.offer.bid.bid_id for leg in s.legs) for s in found.plan.shipments),
        sum(s.load_units for s in found.plan.shipments),
        sum(use.boxes for use in found.plan.box_uses),
        found,
    )
