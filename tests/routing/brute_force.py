"""The best plan of a tiny case by trying every plan: an independent judge of the planner.

Shares nothing with options, model, selection or decode. Taken as known: kilometres, exchange rates,
laws of emission, charges of a bid, and whether goods can be stuffed. The rules are those of
the tables: every order travels whole, on one run a stage, or is left. For each way to put up and
send the orders, all partitions of those that share a pair of places are tried, each part on every
run on every day, with every choice of bids and boxes for each of its load units.

Only what cannot matter is left out: of two choices for the same part that use the same limited
things (capacities, boxes, carriers with a fixed cost, days at a logistics centre, bills of lading)
the worse one. Not covered: orders larger than a load unit, minimum charges on load units, lateness.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import permutations, product
from math import inf
from typing import Any

from emissions.laws import Declared, LegLaw, empty_box_law, leg_law
from loading.stuffing import fits, stuff
from loading.units import HandlingUnit, Packaging, handling_units
from routing.bids import WEEKDAYS, Bid
from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.costs import Quantities, charge_lines
from routing.orders import Order
from tests.routing.brute_tender import Lot, TenderJudge

SEALED = {"port", "rail_terminal", "barge_terminal", "depot", "hub", "airport"}
SMALL = 1e-7
Limited = tuple[tuple[Any, ...], ...]
Link = tuple[Bid, ...]
"""Bids that run alike."""


@dataclass(frozen=True)
class Goods:
    """An order in a packaging on one stage: direct, in (to `hub`) or out (of it)."""

    order: Order
    packaging: Packaging
    kind: str
    hub: str = ""

    @property
    def ends(self) -> tuple[str, str]:
        start = self.hub if self.kind == "out" else self.order.origin
        return start, self.hub if self.kind == "in" else self.order.destination


@dataclass(frozen=True)
class Pick:
    """One choice for some goods, or for all: what it costs, emits and uses.

    `uses` are facts that meet others: ("cap", bid, period, volume), ("fix", carrier),
    ("min", bid, volume), ("box", empty_id), ("need"/"free", ...), ("bl", shipment, amount),
    ("came"/"left", order, day).
    """

    cost: float
    co2e: float
    uses: Limited = ()
    words: str = ""
    lowest: float = 0.0
    """The least that its objective can come to, with all that rebates could ever take off."""


@dataclass(frozen=True)
class Best:
    """The best plan: unserved weight, cost, CO2e, and in words how.

    All are infinite where the rules let no plan be, even with every order left.
    """

    unserved: float
    cost: float
    co2e: float
    words: tuple[str, ...] = field(default=())


class BruteForce:
    """Tries everything for one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.by_cost = case.settings.objective == "min_cost"
        self.laws: dict[tuple[str, str], LegLaw] = {}
        self.loads: dict[object, tuple[float, ...]] = {}
        self.options: dict[frozenset[Goods], list[Pick]] = {}
        self.bids = {b.bid_id: b for b in case.bids}
        self.best: Pick | None = None
        self.judge = TenderJudge(case)
        self.most_saved = {b.bid_id: self.judge.most_saved(b) for b in case.bids}

    # ---- what things cost and emit

    def rank(self, pick: Pick) -> tuple[float, float]:
        return (pick.cost, pick.co2e) if self.by_cost else (pick.co2e, pick.cost)

    def lowest(self, pick: Pick) -> float:
        """The objective of a choice if it earned all that rebates could ever take off."""
        if not self.by_cost:
            return pick.co2e
        volumes = [use for use in pick.uses if use[0] == "vol"]
        return pick.cost - sum(self.most_saved[bid] * off for _, bid, *_, off in volumes)

    def better(self, one: Pick, other: Pick | None) -> bool:
        if other is None:
            return True
        (a, b), (c, d) = self.rank(one), self.rank(other)
        return a < c - SMALL or (a <= c + SMALL and b < d - SMALL)

    def law(self, bid: Bid, equipment: str) -> LegLaw:
        if (bid.bid_id, equipment) not in self.laws:
            box = self.case.equipment.get(equipment)
            declared = None
            if bid.co2e_wtw_g is not None:
                basis = "actual" if bid.co2e_per == "vehicle_km" else bid.co2e_distance_basis
                declared = Declared(
                    bid.bid_id, bid.co2e_wtw_g, bid.co2e_ttw_g, bid.co2e_per,
                    bid.co2e_includes_empty, bid.co2e_slope_g_per_tkm, basis,
                )  # fmt: skip
            law = leg_law(
                self.case.factors,
                mode=bid.mode,
                service=bid.service,
                vehicle=bid.vehicle,
                energy=bid.energy,
                equipment_teu=box.teu if box else 0.0,
                equipment_tare_kg=box.tare_kg if box and bid.service == "container" else 0.0,
                distance=self.case.distances.leg(bid.origin, bid.destination, bid.mode),
                declared=declared,
                empty_distance_factor=bid.empty_distance_factor,
            )
            assert isinstance(law, LegLaw)
            self.laws[bid.bid_id, equipment] = law
        return self.laws[bid.bid_id, equipment]

    def km(self, origin: str, destination: str) -> float:
        if origin == destination:
            return 0.0
        return self.case.distances.leg(origin, destination, "road").actual_km

    def rate(self, currency: str) -> float:
        return self.case.fx.factor(currency) if currency else 1.0

    def returned(self, boxes: EmptyBoxes) -> Pick:
        """The return of one box of ours that nobody loads."""
        tare = self.case.equipment[boxes.equipment].tare_kg
        per_km = empty_box_law(self.case.factors, boxes.vehicle, tare).per_km.wtw_kg
        kg = per_km * self.km(boxes.location, boxes.return_to)
        return Pick(boxes.return_cost * self.rate(boxes.currency), kg)

    def handled(self, place_id: str, mass_kg: float, teu: float, units: int) -> tuple[float, float]:
        """Cost and CO2e at a place: per tonne where goods are taken out, else per box and TEU."""
        place = self.case.places[place_id]
        rate = self.rate(place.currency)
        per_t = place.handling_co2e_wtw_kg_per_t or 0.0
        per_teu = place.handling_co2e_wtw_kg_per_teu or 0.0
        if units:
            return place.handling_cost_per_load_unit * rate * units, per_teu * teu
        return place.handling_cost_per_t * rate * mass_kg / 1000.0, per_t * mass_kg / 1000.0

    def price(self, bid: Bid, day: int, quantities: Quantities, **more: Any) -> float:
        lines = charge_lines(bid, quantities, date.fromordinal(day), self.case.fx, **more)
        return sum(line.quantity * line.rate * line.fx * (0.01 if line.basis == "percent" else 1.0)
                   for line in lines)  # fmt: skip

    # ---- ways and days

    def sails(self, bid: Bid, day: int) -> bool:
        when, until = date.fromordinal(day), self.case.carriers[bid.carrier].qualified_until
        return not (
            (bid.valid_from and when < bid.valid_from)
            or (bid.valid_to and when > bid.valid_to)
            or (until and when > until)
        )

    def ways(self, ends: tuple[str, str], equipment: str) -> Iterator[tuple[Link, ...]]:
        """Chains of links; a link is a bundle of bids that run alike ("" = part loads)."""
        links: dict[object, list[Bid]] = {}
        for bid in self.case.bids:
            if not self.open(bid) or bid.takes_load_units != bool(equipment):
                continue
            ours = equipment in bid.equipment if bid.equipment else (
                (bid.service == "container") == bool(self.case.equipment[equipment].teu)
            ) if equipment else True  # fmt: skip
            if ours:
                alike = (bid.origin, bid.destination, bid.mode, bid.service, bid.line,
                         bid.transit_days, bid.cutoff_days, bid.departure_days,
                         bid.weight_to_kg, bid.free_days,
                         (bid.detention_per_day, bid.currency) if bid.free_days is not None else "",
                         "" if equipment else bid.bid_id)  # fmt: skip
                links.setdefault(alike, []).append(bid)

        def walk(way: tuple[Link, ...], at: str, seen: frozenset[str]) -> Iterator[Any]:
            for some in links.values():
                start, end = some[0].origin, some[0].destination
                if start != at or end in seen:
                    continue
                alone = some[0].service == "ftl"
                if end == ends[1] and not (alone and way):
                    yield (*way, tuple(some))
                elif self.case.places[end].kind in SEALED and not alone:
                    yield from walk((*way, tuple(some)), end, seen | {end})

        yield from walk((), ends[0], frozenset({ends[0]}))

    def open(self, bid: Bid) -> bool:
        settings = self.case.settings
        return bid.mode in settings.modes and (bid.status != "spot" or settings.allow_spot)

    def runs(
        self, ends: tuple[str, str], equipment: str, first: int, last: int
    ) -> Iterator[tuple[tuple[Link, ...], tuple[int, ...]]]:
        """Every way from every day: its bids a leg that hold on the day, and departures."""
        for way in self.ways(ends, equipment):
            seen = set()
            for start in range(first, last + 1):
                day, days, bids = start, [], []
                for i, link in enumerate(way):
                    dwell = self.case.places[link[0].origin].dwell_days if i else 0
                    day += max(dwell, link[0].cutoff_days)
                    wanted = {WEEKDAYS.index(d) for d in link[0].departure_days}
                    while wanted and date.fromordinal(day).weekday() not in wanted:
                        day += 1
                    days.append(day)
                    bids.append(tuple(b for b in link if self.sails(b, day)))
                    day += link[0].transit_days
                if day <= last and all(bids) and tuple(days) not in seen:
                    seen.add(tuple(days))
                    yield tuple(bids), tuple(days)

    # ---- choices for goods that travel together

    def picks(self, block: frozenset[Goods]) -> list[Pick]:
        """All choices for one block of goods that are worth a thought, the best first."""
        if block not in self.options:
            found: dict[Limited, Pick] = {}
            for pick in self.all_picks(sorted(block, key=lambda g: g.order.key)):
                if self.better(pick, found.get(pick.uses)):
                    found[pick.uses] = pick
            kept: list[Pick] = []
            for pick in sorted(found.values(), key=self.rank):
                if not any(asks_no_less(pick.uses, other.uses) for other in kept):
                    kept.append(pick)
            priced = [replace(pick, lowest=self.lowest(pick)) for pick in kept]
            self.options[block] = sorted(priced, key=lambda pick: pick.lowest)
        return self.options[block]

    def all_picks(self, goods: list[Goods]) -> Iterator[Pick]:
        orders = [g.order for g in goods]
        if len(goods) > 1 and (
            not all(o.mix_allowed for o in orders)
            or len({(o.named_place, o.named_place and o.flow) for o in orders}) > 1
        ):
            return
        ends, first = goods[0].ends, max(o.ready_date.toordinal() for o in orders)
        last = min(o.due_date.toordinal() for o in orders)
        for equipment in self.case.equipment.values():
            if any(
                o.equipment_allowed and equipment.code not in o.equipment_allowed for o in orders
            ) or not all(fits(g.packaging, equipment) for g in goods):
                continue  # fmt: skip
            for legs, days in self.runs(ends, equipment.code, first, last):
                yield from self.on_run(goods, equipment.code, legs, days)
        if len(goods) == 1:
            for legs, days in self.runs(ends, "", first, last):
                yield self.as_part_load(goods[0], [leg[0] for leg in legs], days)

    def units(self, goods: Goods) -> list[HandlingUnit]:
        net = self.case.products[goods.order.sku].net_mass_kg
        return handling_units(goods.order.key, goods.order.quantity, net, goods.packaging)

    def on_run(
        self, goods: list[Goods], code: str, legs: tuple[Link, ...], days: tuple[int, ...]
    ) -> Iterator[Pick]:
        """Load units on one run: each with its own bids and box."""
        limits = [b.weight_to_kg for leg in legs for b in leg if b.weight_to_kg is not None]
        for leg in legs:
            if leg[0].mode == "road":
                for place in (leg[0].origin, leg[0].destination):
                    limit = self.case.max_cargo_kg(self.case.places[place].country, code)
                    limits += [limit] if limit is not None else []
        masses = self.stuffed(goods, code, min(limits, default=None))
        if not masses:
            return
        each = [self.one_unit(goods, code, legs, days, mass) for mass in masses]
        facts, cost, co2e = self.at_centres(goods, days[0] - legs[0][0].cutoff_days,
                                            days[-1] + legs[-1][0].transit_days)  # fmt: skip
        for some in product(*each):
            uses = merged([*facts, *(u for p in some for u in p.uses)])
            yield Pick(
                cost + sum(p.cost for p in some),
                co2e + sum(p.co2e for p in some),
                uses,
                " | ".join(f"{'+'.join(g.order.order_id for g in goods)} {p.words}" for p in some),
            )

    def stuffed(self, goods: list[Goods], code: str, limit: float | None) -> tuple[float, ...]:
        """Cargo of each of the fewest load units (kg)."""
        key = (frozenset((g.order.key, g.packaging.packaging_id) for g in goods), code, limit)
        if key not in self.loads:
            units = [u for g in goods for u in self.units(g)]
            made = stuff(units, self.case.equipment[code], max_cargo_kg=limit)
            self.loads[key] = () if made.left else tuple(p.mass_kg for p in made.loads)
        return self.loads[key]

    def at_centres(
        self, goods: list[Goods], leaves: int, arrives: int
    ) -> tuple[list[tuple[Any, ...]], float, float]:
        """Days at a logistics centre, and its handling of goods that come in."""
        facts: list[tuple[Any, ...]] = []
        cost = co2e = 0.0
        for g in goods:
            if g.kind == "in":
                ready = arrives + self.case.places[g.hub].dwell_days
                facts.append(("came", g.order.key, ready))
                more = self.handled(g.hub, sum(u.mass_kg for u in self.units(g)), 0.0, 0)
                cost, co2e = cost + more[0], co2e + more[1]
            elif g.kind == "out":
                facts.append(("left", g.order.key, leaves))
        return facts, cost, co2e

    def paid(self, order: Order, stops: list[str], leg: int) -> bool:
        if not order.named_place or order.named_place not in stops:
            return True
        at = stops.index(order.named_place)
        return leg >= at if order.flow == "inbound" else leg < at

    def one_unit(
        self,
        goods: list[Goods],
        code: str,
        legs: tuple[Link, ...],
        days: tuple[int, ...],
        mass: float,
    ) -> list[Pick]:
        """Every choice of bids and boxes for one load unit, the worse of equals left out."""
        orders = [g.order for g in goods]
        sea = next((leg[0] for leg in legs if leg[0].mode == "sea"), None)
        main = sea or max((leg[0] for leg in legs), key=lambda b: b.transit_days)
        stuffing = days[0] - legs[0][0].cutoff_days
        arrive = days[-1] + legs[-1][0].transit_days
        wanted = min(self.case.products[o.sku].min_box_grade for o in orders)
        after = max(o.box_grade_after for o in orders)
        unstuff = max(o.unstuff_days for o in orders)
        sources: list[tuple[Any, ...]] = [()]
        frees = [False]
        if self.case.settings.on("round_use") and len(legs) > 1:
            if legs[0][0].mode == "road":
                sources += [(b, depot) for b in self.case.empties
                            if b.equipment == code and b.grade <= wanted
                            and b.available_from.toordinal() <= stuffing
                            and (b.free_until is None or b.available_from <= b.free_until)
                            and self.consent(main.line, b.line)
                            for depot in self.depots()]  # fmt: skip
                stripped = sorted({o.destination for o in self.case.orders})
                sources += [(place, depot) for place in stripped for depot in self.depots()
                            if self.near(place, depot, legs[0][0].origin)]  # fmt: skip
            starts = {o.origin for o in self.case.orders} | {
                p.location_id for p in self.case.places.values() if p.can_restuff
            }
            if (
                legs[-1][0].mode == "road"
                and (
                    main.free_days is None
                    or unstuff <= main.free_days
                    or main.detention_per_day is not None
                )
                and any(
                    self.near(legs[-1][0].destination, depot, start)
                    for start in starts
                    for depot in self.depots()
                )
            ):
                frees.append(True)
        until = None if main.free_days is None else arrive + main.free_days
        per_day = self.day_price(main.detention_per_day, main.currency)
        found: dict[Limited, Pick] = {}
        for bids in product(*legs):
            for source, freed in product(sources, frees):
                if source and not self.case.carriers[bids[0].carrier].round_use_allowed:
                    continue
                if freed and not self.case.carriers[bids[-1].carrier].round_use_allowed:
                    continue
                pick = self.priced(goods, code, bids, days, mass, source, freed, stuffing)
                if pick is None:
                    continue
                uses = list(pick.uses)
                if source and isinstance(source[0], str):
                    pick_up = self.km(bids[0].origin, bids[0].destination)
                    uses.append(("need", source[0], stuffing, main.line, wanted, code,
                                 bids[0].origin, pick_up, source[1]))  # fmt: skip
                if freed:
                    uses.append(("free", bids[-1].destination, arrive + unstuff, main.line, after,
                                 code, bids[-1].origin, until, per_day))  # fmt: skip
                pick = Pick(pick.cost, pick.co2e, merged(uses), pick.words)
                if self.better(pick, found.get(pick.uses)):
                    found[pick.uses] = pick
        return list(found.values())

    def depots(self) -> list[str]:
        """Ways of a box: the street (blank), or any depot."""
        places = self.case.places.values()
        return ["", *(p.location_id for p in places if p.kind == "depot")]

    def move(self, stands: str, depot: str, stuffed_at: str) -> float:
        """Kilometres of a box on the street or through a depot."""
        if not depot:
            return self.km(stands, stuffed_at)
        return self.km(stands, depot) + self.km(depot, stuffed_at)

    def day_price(self, per_day: float | None, currency: str) -> float | None:
        return None if per_day is None else per_day * self.rate(currency)

    def detention(
        self, ready: int, stuffing: int, until: int | None, per_day: float | None, depot: str
    ) -> float | None:
        """What one box owes for days after free time, None where it may not have them.

        On the street it is fetched as late as it must be, that is when it stands ready, or when
        the stuffing place takes it; for a depot it leaves when it stands ready.
        """
        wait = self.case.settings.box_wait_days
        days = [day for day in range(ready, stuffing + 1) if wait is None or stuffing - day <= wait]
        late = (ready if depot else days[0]) - (10**9 if until is None else until)
        if late <= 0:
            return 0.0
        return None if per_day is None else late * per_day

    def near(self, stands: str, depot: str, stuffed_at: str) -> bool:
        """True if a box freed at one place could save kilometres when stuffed at another."""
        hauls = [b for b in self.case.bids if b.mode == "road" and b.service == "container"]
        back = [self.km(stands, b.origin) for b in hauls if b.destination == stands]
        out = [self.km(stuffed_at, b.destination) for b in hauls if b.origin == stuffed_at]
        if not back or not out:
            return False
        return self.move(stands, depot, stuffed_at) < max(back) + max(out)

    def consent(self, line: str, owner: str) -> bool:
        """True if a sailing line takes part and loads boxes of that owner, who agrees."""
        carriers = self.case.carriers
        if owner == "SOC":
            return line not in carriers or carriers[line].round_use_allowed
        if line not in carriers or owner not in carriers:
            return False
        agreed = carriers[line].round_use_allowed and carriers[owner].round_use_allowed
        return agreed and (line == owner or owner in carriers[line].interchange_with)

    def priced(
        self,
        goods: list[Goods],
        code: str,
        bids: tuple[Bid, ...],
        days: tuple[int, ...],
        mass: float,
        source: tuple[Any, ...],
        freed: bool,
        stuffing: int,
    ) -> Pick | None:
        """One load unit with its bids and box; None where a turn may not be."""
        teu, order, last = self.case.equipment[code].teu, goods[0].order, len(bids) - 1
        stops = [bids[0].origin, *(b.destination for b in bids)]
        cost = co2e = 0.0
        uses: list[tuple[Any, ...]] = []
        move = beyond = 0.0
        if source:
            boxes = source[0] if isinstance(source[0], EmptyBoxes) else None
            place = boxes.location if boxes else source[0]
            move = self.move(place, source[1], stops[0])
            if bids[0].round_use_km is not None:
                beyond = max(0.0, move - bids[0].round_use_km)
            if boxes:
                saved = self.km(place, boxes.return_to) + self.km(*stops[:2]) - move
                if saved <= 0:
                    return None
                end = boxes.free_until.toordinal() if boxes.free_until else None
                owed = self.detention(boxes.available_from.toordinal(), stuffing, end,
                                      self.day_price(boxes.detention_per_day, boxes.currency),
                                      source[1])  # fmt: skip
                if owed is None:
                    return None
                cost += owed
                uses.append(("box", boxes.empty_id))
                cost += self.fee(boxes.line)
                if boxes.ours:
                    back = self.returned(boxes)
                    cost, co2e = cost - back.cost, co2e - back.co2e
        same = (bids, days, bool(source), freed,
                () if order.mix_allowed else order.key, order.named_place)  # fmt: skip
        for i, (bid, day) in enumerate(zip(bids, days, strict=True)):
            law, km = self.law(bid, code), self.km(bid.origin, bid.destination)
            paid = self.paid(order, stops, i)
            co2e += law.laden(1.0, mass).wtw_kg
            turned = (bool(source) and i == 0) or (freed and i == last)
            if bid.mode == "road" and bid.service == "container" and i in (0, last):
                empty_km = (move if i == 0 and source else 0.0) if turned else km
                co2e += law.empty(1.0, empty_km).wtw_kg
            measures = Quantities(1.0, teu, mass, 0.0, 0.0, km, 0.0)
            if paid:
                extra = beyond if i == 0 else 0.0
                cost += self.price(bid, day, measures, reused=turned, extra_km=extra)
                once = self.price(bid, day, Quantities(shipments=1.0))
                uses += [("bl", (i, *same), once)] if once else []
                uses += self.earns(bid, day, measures, 1.0, reused=turned, extra_km=extra)
            uses += self.limits(bid, day, teu if bid.volume_unit == "teu" else 1.0, paid)
            if i < last and bid.mode != bids[i + 1].mode:
                more = self.handled(bid.destination, 0.0, teu, 1)
                cost += more[0] if paid or self.paid(order, stops, i + 1) else 0.0
                co2e += more[1]
        dates = " ".join(date.fromordinal(d).isoformat() for d in days)
        words = f"{'>'.join(b.bid_id for b in bids)} {dates}"
        boxed = f" box {getattr(source[0], 'empty_id', source[0])}" if source else ""
        return Pick(cost, co2e, tuple(uses), words + boxed + (" freed" if freed else ""))

    def fee(self, owner: str) -> float:
        carrier = self.case.carriers.get(owner)
        return carrier.round_use_fee * self.rate(carrier.currency) if carrier else 0.0

    def limits(self, bid: Bid, day: int, volume: float, paid: bool) -> list[tuple[Any, ...]]:
        """What a bid limits, and its carrier's fixed cost."""
        uses: list[tuple[Any, ...]] = []
        if bid.capacity is not None:
            when = date.fromordinal(day)
            period = {"day": str(when), "week": str(when.isocalendar()[:2])}.get(bid.capacity_per)
            uses.append(("cap", bid.bid_id, period or "", volume))
        if bid.min_volume:
            uses.append(("min", bid.bid_id, volume))
        if self.case.carriers[bid.carrier].fixed_cost and paid:
            uses.append(("fix", bid.carrier))
        return uses

    def earns(
        self, bid: Bid, day: int, q: Quantities, units: float, **more: Any
    ) -> list[tuple[Any, ...]]:
        """Volume on a bid, its base cost, and the same with the percent charges that follow it."""
        if not self.case.tender and not any(
            c.max_share is not None or c.min_share for c in self.case.carriers.values()
        ):
            return []
        free = replace(bid, rate=0.0, min_charge=0.0, round_use_rate=0.0 if bid.round_use_rate
                       is not None else None, round_use_rate_per_km=0.0)  # fmt: skip
        without = replace(bid, charges=())
        off = self.price(bid, day, q, **more) - self.price(free, day, q, **more)
        base = self.price(without, day, q, **more)
        return [("vol", bid.bid_id, units, q.teu, q.mass_kg / 1000.0, base, off)]

    def as_part_load(self, goods: Goods, bids: list[Bid], days: tuple[int, ...]) -> Pick:
        """A whole order by ltl, lcl or air."""
        units, p = self.units(goods), goods.packaging
        mass = sum(u.mass_kg for u in units)
        stops = [bids[0].origin, *(b.destination for b in bids)]
        stacks = -(-len(units) // p.max_stack)
        metres = stacks * p.length_mm * p.width_mm / 2.4e6
        uses, cost, co2e = self.at_centres([goods], days[0] - bids[0].cutoff_days,
                                           days[-1] + bids[-1].transit_days)  # fmt: skip
        for i, (bid, day) in enumerate(zip(bids, days, strict=True)):
            paid = self.paid(goods.order, stops, i)
            km = self.case.distances.leg(bid.origin, bid.destination, bid.mode).actual_km
            measures = Quantities(0.0, 0.0, mass, p.volume_m3 * len(units), metres, km)
            cost += self.price(bid, day, measures) if paid else 0.0
            uses += self.earns(bid, day, measures, 0.0) if paid else []
            co2e += self.law(bid, "").laden(0.0, mass).wtw_kg
            uses += self.limits(bid, day, mass / 1000.0, paid)
            if i < len(bids) - 1:
                more = self.handled(bid.destination, mass, 0.0, 0)
                ours = paid or self.paid(goods.order, stops, i + 1)
                cost, co2e = cost + more[0] * ours, co2e + more[1]
        words = f"{goods.order.order_id} part {'>'.join(b.bid_id for b in bids)}"
        return Pick(cost, co2e, merged(uses), words)

    # ---- the whole

    def solve(self) -> Best:
        """The least unserved, then the objective, then its tie-breaker."""
        orders, base = self.case.orders, Pick(0.0, 0.0)
        for boxes in self.case.empties:
            if boxes.ours:
                back = self.returned(boxes)
                base = Pick(base.cost + boxes.quantity * back.cost,
                            base.co2e + boxes.quantity * back.co2e)  # fmt: skip
        subsets = sorted(
            (sum(o.priority * o.quantity for o, s in zip(orders, some, strict=True) if not s), some)
            for some in product((True, False), repeat=len(orders))
        )
        reached: float | None = None
        for weight, some in subsets:
            if reached is not None and weight > reached + SMALL:
                break
            served = [o for o, s in zip(orders, some, strict=True) if s]
            tries = [
                found
                for stages in product(*(self.stages(o) for o in served))
                for found in self.blocks([g for stage in stages for g in stage])
            ]
            for least, blocks in sorted(tries, key=lambda t: t[0][0]):
                self.descend(blocks, least, 0, Pick(0.0, 0.0))
            if self.best is not None:
                reached = weight
        if self.best is None or reached is None:
            return Best(inf, inf, inf)
        cost, co2e = self.best.cost + base.cost, self.best.co2e + base.co2e
        return Best(reached, cost, co2e, tuple(self.best.words.split(" | ")))

    def stages(self, order: Order) -> list[tuple[Goods, ...]]:
        """How an order may be put up and staged."""
        found: list[tuple[Goods, ...]] = []
        packagings = self.case.packagings[order.sku]
        if not self.case.settings.on("packaging"):
            packagings = tuple(p for p in packagings if not p.candidate)[:1]
        for p in packagings:
            found.append((Goods(order, p, "direct"),))
            for place in self.case.places.values():
                if place.can_restuff and self.case.settings.on("consolidation"):
                    hub = place.location_id
                    found.append((Goods(order, p, "in", hub), Goods(order, p, "out", hub)))
        return [some for some in found if all(self.picks(frozenset({g})) for g in some)]

    def blocks(self, goods: list[Goods]) -> Iterator[tuple[list[float], list[list[Pick]]]]:
        """All ways to share load units: choices by block, and the least that is still to come."""
        pairs: dict[tuple[str, str], list[Goods]] = {}
        for g in goods:
            pairs.setdefault(g.ends, []).append(g)
        for parts in product(*(list(partitions(some)) for some in pairs.values())):
            blocks = [self.picks(frozenset(block)) for part in parts for block in part]
            if all(blocks):
                blocks.sort(key=len)
                least = [0.0]
                for block in reversed(blocks):
                    least.append(least[-1] + block[0].lowest)
                yield least[::-1], blocks

    def descend(self, blocks: list[list[Pick]], least: list[float], at: int, so_far: Pick) -> None:
        """Choose block by block; what cannot become better than the best is left."""
        if at == len(blocks):
            whole = self.settled(so_far)
            if whole is not None and self.better(whole, self.best):
                self.best = whole
            return
        for pick in blocks[at]:
            lowest = so_far.lowest + pick.lowest
            if self.best and lowest + least[at + 1] > self.rank(self.best)[0] + SMALL:
                break  # the choices of a block stand in the order of what they can come to
            uses = so_far.uses + pick.uses
            if self.too_much(by_kind(uses)):
                continue
            sums = so_far.cost + pick.cost, so_far.co2e + pick.co2e
            words = f"{so_far.words} | {pick.words}" if so_far.words else pick.words
            self.descend(blocks, least, at + 1, Pick(*sums, uses, words, lowest))

    def too_much(self, facts: dict[str, list[tuple[Any, ...]]]) -> bool:
        """True if some parts of a plan can never go together, whatever comes beside them."""
        room: dict[tuple[str, str], float] = {}
        for bid, period, volume in facts.get("cap", []):
            room[bid, period] = room.get((bid, period), 0.0) + volume
        left = dict(facts.get("left", []))
        taken = [empty_id for (empty_id,) in facts.get("box", [])]
        return (
            any(v > (self.bids[b].capacity or 0.0) + SMALL for (b, _), v in room.items())
            or any(left.get(o, day) < day for o, day in facts.get("came", []))
            or any(taken.count(b.empty_id) > b.quantity for b in self.case.empties)
        )

    def settled(self, plan: Pick) -> Pick | None:
        """The plan with what its parts share, None where they cannot go together."""
        facts = by_kind(plan.uses)
        least: dict[str, float] = {}
        for bid, volume in facts.get("min", []):
            least[bid] = least.get(bid, 0.0) + volume
        if self.too_much(facts) or any(
            v < self.bids[b].min_volume - SMALL for b, v in least.items()
        ):
            return None
        saved = self.judge.saved([Lot(*fact) for fact in facts.get("vol", [])])
        if saved is None:
            return None
        fees = self.least_fees(facts.get("need", []), facts.get("free", []))
        if fees is None:
            return None
        cost = plan.cost - saved + fees + sum(dict(facts.get("bl", [])).values())
        for (name,) in set(facts.get("fix", [])):
            carrier = self.case.carriers[name]
            cost += carrier.fixed_cost * self.rate(carrier.currency)
        return Pick(cost, plan.co2e, (), plan.words)

    def least_fees(
        self, needs: list[tuple[Any, ...]], frees: list[tuple[Any, ...]]
    ) -> float | None:
        """Give every need one of the boxes that are freed, and leave none; the owners' fees."""
        if len(needs) != len(frees):
            return None
        found = [
            sum(self.owed(n, f) or 0.0 for n, f in zip(needs, some, strict=True))
            for some in permutations(frees)
            if all(self.meet(n, f) for n, f in zip(needs, some, strict=True))
        ]
        return min(found, default=None)

    def meet(self, need: tuple[Any, ...], free: tuple[Any, ...]) -> bool:
        place, stuffing, line, wanted, equipment, stuffed_at, pick_up, depot = need
        stands, ready, owner, grade, kind, port = free[:6]
        saved = self.km(stands, port) + pick_up - self.move(stands, depot, stuffed_at)
        return bool(
            (place, equipment) == (stands, kind)
            and ready <= stuffing
            and grade <= wanted
            and saved > 0
            and self.consent(line, owner)
            and self.owed(need, free) is not None
        )

    def owed(self, need: tuple[Any, ...], free: tuple[Any, ...]) -> float | None:
        """Fee and detention of a freed box, None where its days may not be had."""
        days = self.detention(free[1], need[1], free[6], free[7], need[7])
        return None if days is None else self.fee(free[2]) + days


def asks_no_less(uses: Limited, other: Limited) -> bool:
    """True if `uses` are those of the other and more, all of them limits or costs."""
    rest = list(uses)
    for use in other:
        if use not in rest:
            return False
        rest.remove(use)
    return all(use[0] in ("cap", "fix", "box", "bl") for use in rest)


def by_kind(uses: Limited) -> dict[str, list[tuple[Any, ...]]]:
    """Facts by what they are about."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for kind, *fact in uses:
        found.setdefault(kind, []).append(tuple(fact))
    return found


def merged(uses: Iterable[tuple[Any, ...]]) -> Limited:
    """Facts in one order, so that equal uses are equal."""
    return tuple(sorted(uses, key=str))


def partitions(items: list[Goods]) -> Iterator[list[list[Goods]]]:
    """All ways to put items into blocks."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for some in partitions(rest):
        yield [[first], *some]
        for i, block in enumerate(some):
            yield [*some[:i], [first, *block], *some[i + 1 :]]
