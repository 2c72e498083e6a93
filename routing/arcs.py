"""Arcs: the legs of runs on their days, and the offers that may carry the load units there.

Part of the decision model (routing/model.py):

Sets       a arcs (link, days that are alike, who pays, box terms)    b in B_a offers valid then
           c carriers    t days, weeks or the period in which a bid's capacity counts
Data       P_ab, E_ab, and P'_ab, E'_ab with the box reused: price and CO2e (kg WTW) of one load
           unit, its empty way included where it has one    p_ab, e_ab the same of one kg of cargo
           L_a kg that a load unit holds at most    M_a load units that are ever needed
           H_ab charges and Q_ab least charge of a shipment    C_b capacity, D_b minimum of a bid
           M_b the most volume of a bid    K_c fixed cost of a carrier
Decide     w_ab >= 0 integer  load units of a on offer b with the box from and to its port
           v_ab >= 0 integer  load units of a on offer b at its round-use rate (reuse.py)
           q_ab >= 0          their cargo, kg (only where offers of a differ per kg)
           h_ab in {0, 1}     offer used, short_ab >= 0 what its least charge asks beyond the rate
           y_b, z_c in {0, 1} bid used (minimum volume), carrier used (fixed cost)
           miss_bt, miss_b >= 0  by what a capacity, a minimum is not kept (held at 0; the search of
                              large plans opens it while a plan is in the making)
So that    sum_b (w_ab + v_ab) = load units of the runs that use a                (carried)
           sum_b q_ab = their cargo,  q_ab <= L_a (w_ab + v_ab)        (cargo_carried, cargo)
           w_ab + v_ab <= M_a h_ab                                                (used)
           short_ab + P_ab (w_ab + v_ab) >= Q_ab h_ab                             (minimum_charge)
           volume of b in t <= C_b + miss_bt                                      (capacity)
           D_b y_b - miss_b <= volume of b <= M_b y_b                         (minimum, bid_used)
           volume of each bid of c <= M_b z_c                                     (carrier_used)
Adds       cost P w + P' v + p q + H h + short + K z;  CO2e E w + E' v + e q

Where one offer is left and nothing else asks for w, no column is made: the offer's price and CO2e
go straight to the load units of the runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lowhaul.linear import LinearModel, Terms, add_terms
from lowhaul.units import KG_PER_T
from routing.arc_costs import Arc, ArcCosts, BoxTerms, OfferCost
from routing.case import Case
from routing.network import Link, Network
from routing.offers import Offer
from routing.sameness import Sameness, capacity_key
from routing.tender_volumes import TenderVolumes

PER_SHIPMENT = ("shipment", "bl")


__all__ = ["Arc", "Arcs", "BoxTerms", "OfferCost", "Use"]


@dataclass
class Use:
    """Load units and cargo that runs put on an arc, as sums of columns."""

    load_units: dict[int, float] = field(default_factory=dict)
    cargo_kg: dict[int, float] = field(default_factory=dict)
    most: float = 0.0
    max_cargo_kg: float = 0.0


class Arcs:
    """Builds the arc part of the model and remembers its columns for reading the solution."""

    def __init__(self, case: Case, network: Network, model: LinearModel) -> None:
        self.case = case
        self.network = network
        self.model = model
        self.uses: dict[Arc, Use] = {}
        self.carried: dict[tuple[Arc, str], int] = {}
        """w_ab by arc and bid, where a column was made."""
        self.turned: dict[tuple[Arc, str], int] = {}
        """v_ab by arc and bid, where a box may be reused."""
        self.asked: dict[Arc, tuple[Offer, ...]] = {}
        self.single: dict[Arc, Offer] = {}
        """The only offer of an arc without columns."""
        self.others: dict[Arc, list[int]] = defaultdict(list)
        """Cargo, use and minimum-charge columns by arc."""
        self.used_columns: list[int] = []
        """Bids and carriers used, and the misses."""
        self.misses: list[int] = []
        """By what limits of bids are not kept while a large plan is in the making; held at 0."""
        self.cost: dict[int, float] = {}
        self.co2e: dict[int, float] = {}
        self.volume: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        """Volume on (bid, period key) for capacities and minimums."""
        self.by_bid: dict[str, dict[int, float]] = defaultdict(dict)
        self.paid_by_bid: dict[str, dict[int, float]] = defaultdict(dict)
        self.most_by_bid: dict[str, float] = defaultdict(float)
        self.tender = TenderVolumes(case)
        self.costs_of = ArcCosts(case, network, self.tender)
        self.offers = self.costs_of.offers
        self.costs = self.costs_of.costs
        self.sameness = Sameness(network)
        self.has_minimums = any(bid.min_volume for bid in case.bids)
        self.first_day: dict[object, int] = {}

    @property
    def counts_load_units(self) -> bool:
        """True if each load unit counts somewhere: in a minimum, a share, a tier or a bundle."""
        return self.has_minimums or bool(self.tender.touched)

    def same_day(self, link: Link, day: int) -> int:
        """The first day met that is like this one for a link; charges per shipment keep days."""
        offers = self.network.offers_on(link, day)
        key = (self.sameness.of_leg(link, day), day if self.asks_shipments(offers) else None)
        return self.first_day.setdefault(key, day)

    def asks_shipments(self, offers: Iterable[Offer]) -> bool:
        """True if an offer has a charge per shipment or a minimum charge."""
        return any(
            o.bid.min_charge
            or o.bid.rate_basis in PER_SHIPMENT
            or any(c.rate_basis in PER_SHIPMENT for c in o.bid.charges)
            for o in offers
        )

    def use(
        self, arc: Arc, load_units: int, cargo_kg: Mapping[int, float], most: float, limit: float
    ) -> None:
        """Put a run's load units (a column) and cargo (terms) on an arc."""
        use = self.uses.setdefault(arc, Use())
        add_terms(use.load_units, {load_units: 1.0})
        add_terms(use.cargo_kg, cargo_kg)
        use.most += most
        use.max_cargo_kg = max(use.max_cargo_kg, limit)

    def build(self, boxed: frozenset[Arc]) -> None:
        """Make the columns and rows of every arc; `boxed` arcs may carry reused boxes."""
        for index, (arc, use) in enumerate(self.uses.items()):
            offers = self.costs_of.worth_asking(arc, keep_round_use=arc in boxed)
            self.asked[arc] = offers
            first = self.costs(offers[0], arc)
            if len(offers) > 1 or arc in boxed or first.per_shipment:
                self.add_columns(index, arc, use, offers, reusable=arc in boxed)
            else:
                self.single[arc] = offers[0]
                self.charge(use.load_units, use.cargo_kg, first)
                self.count(arc, offers[0], use.load_units, use.cargo_kg, use.most)
                self.count_tender(arc, offers[0], use.load_units, first, use.most, 0.0)
                self.count_cargo(arc, offers[0], use.cargo_kg, first)

    def add_columns(
        self, index: int, arc: Arc, use: Use, offers: tuple[Offer, ...], *, reusable: bool
    ) -> None:
        """Columns w and v (and q, where offers differ per kg) of one arc, with their rows."""
        model = self.model
        costs = [self.costs(o, arc) for o in offers]
        same_per_kg = len({(c.price.per_cargo_kg, c.co2e_per_kg) for c in costs}) == 1 and not any(
            self.tender.needs_cargo(o.bid) for o in offers
        )
        balance = {c: -a for c, a in use.load_units.items()}
        cargo_balance = {c: -a for c, a in use.cargo_kg.items()}
        for offer, cost in zip(offers, costs, strict=True):
            name = f"{offer.bid.bid_id},{index}"
            w = model.column(f"w[{name}]", 0.0, use.most, integer=True)
            self.carried[arc, offer.bid.bid_id] = w
            balance[w] = 1.0
            load_units = {w: 1.0}
            cargo: Mapping[int, float] = {}
            self.charge(load_units, {}, cost)
            self.count_tender(arc, offer, load_units, cost, use.most, 0.0)
            if reusable and self.case.carriers[offer.bid.carrier].round_use_allowed:
                v = model.column(f"v[{name}]", 0.0, use.most, integer=True)
                self.turned[arc, offer.bid.bid_id] = v
                balance[v] = load_units[v] = 1.0
                turned = self.costs(offer, arc, reused=True)
                self.charge({v: 1.0}, {}, turned)
                dearer = turned.price.base_per_load_unit - cost.price.base_per_load_unit
                self.count_tender(arc, offer, {v: 1.0}, turned, 0.0, use.most * max(0.0, dearer))
            if not same_per_kg:
                q = model.column(f"q[{name}]")
                self.others[arc].append(q)
                cargo_balance[q] = 1.0
                cargo = {q: 1.0}
                room = dict.fromkeys(load_units, -use.max_cargo_kg)
                model.row(f"cargo[{name}]", {q: 1.0, **room}, upper=0.0)
            elif len(offers) == 1:
                cargo = use.cargo_kg
            self.charge({}, cargo, cost)
            self.count_cargo(arc, offer, cargo, cost)
            self.per_shipment(name, load_units, cost, use.most, arc)
            self.count(arc, offer, load_units, cargo, use.most)
        if same_per_kg and len(offers) > 1:
            self.charge({}, use.cargo_kg, costs[0])
        model.row(f"carried[{index}]", balance, lower=0.0, upper=0.0)
        if not same_per_kg:
            model.row(f"cargo_carried[{index}]", cargo_balance, lower=0.0, upper=0.0)

    def charge(
        self, load_units: Mapping[int, float], cargo_kg: Mapping[int, float], cost: OfferCost
    ) -> None:
        """Add what load units and cargo on an offer cost and emit."""
        add_terms(self.cost, load_units, cost.price.per_load_unit)
        add_terms(self.cost, cargo_kg, cost.price.per_cargo_kg)
        add_terms(self.co2e, load_units, cost.co2e_per_load_unit)
        add_terms(self.co2e, cargo_kg, cost.co2e_per_kg)

    def per_shipment(
        self, name: str, load_units: Mapping[int, float], cost: OfferCost, most: float, arc: Arc
    ) -> None:
        """Charges a shipment and minimum charges need to know whether the offer is used."""
        if not cost.per_shipment or not arc.paid:
            return
        model, price = self.model, cost.price
        used = model.binary(f"h[{name}]")
        self.others[arc].append(used)
        model.row(f"used[{name}]", {**load_units, used: -most}, upper=0.0)
        self.cost[used] = self.cost.get(used, 0.0) + price.per_shipment
        if price.minimum:
            short = model.column(f"short[{name}]")
            self.others[arc].append(short)
            model.row(
                f"minimum_charge[{name}]",
                {
                    short: 1.0,
                    **dict.fromkeys(load_units, price.per_load_unit),
                    used: -price.minimum,
                },
                lower=0.0,
            )
            self.cost[short] = 1.0

    def count(
        self,
        arc: Arc,
        offer: Offer,
        load_units: Mapping[int, float],
        cargo_kg: Mapping[int, float],
        most: float,
    ) -> None:
        """Count volume against the capacity and minimum of a bid and its carrier's fixed cost."""
        bid = offer.bid
        carrier = self.case.carriers[bid.carrier]
        if bid.capacity is None and not bid.min_volume and not carrier.fixed_cost:
            return
        unit = bid.volume_unit or "load_unit"
        factor = self.case.equipment[offer.equipment].teu if unit == "teu" else 1.0
        terms = (
            {c: a / KG_PER_T for c, a in cargo_kg.items()}
            if unit == "t"
            else {c: a * factor for c, a in load_units.items()}
        )
        self.add_volume(offer, arc.depart, terms, most * factor, paid=arc.paid)

    def count_tender(
        self,
        arc: Arc,
        offer: Offer,
        load_units: Terms,
        cost: OfferCost,
        most: float,
        most_more: float,
    ) -> None:
        """Count load units on our account for the terms of the tender.

        `most_more`: what the base cost of the most load units may come to beyond this price.
        """
        if arc.paid:
            teu = self.case.equipment[offer.equipment].teu
            price = cost.price.base_per_load_unit
            base = {c: a * price for c, a in load_units.items()}
            most_cost = most * price + most_more
            self.tender.add_load_units(offer.bid, teu, load_units, base, most, most_cost)

    def count_cargo(self, arc: Arc, offer: Offer, cargo_kg: Terms, cost: OfferCost) -> None:
        """Count cargo on our account for the terms of the tender."""
        if arc.paid:
            use = self.uses[arc]
            most_kg = use.most * use.max_cargo_kg
            self.tender.add_cargo(offer.bid, cargo_kg, cost.price.base_per_cargo_kg, most_kg)

    def add_volume(
        self, offer: Offer, day: int, terms: Mapping[int, float], most: float, *, paid: bool
    ) -> None:
        """Add volume (in the bid's unit) that departs on a day; `paid` if it is on our account."""
        bid = offer.bid
        if paid:
            add_terms(self.paid_by_bid[bid.bid_id], terms)
        add_terms(self.volume[bid.bid_id, capacity_key(bid.capacity_per, day)], terms)
        add_terms(self.by_bid[bid.bid_id], terms)
        self.most_by_bid[bid.bid_id] += most

    def miss(self, name: str) -> int:
        """By how much a limit of a bid is not kept while a large plan is in the making."""
        self.misses.append(self.model.column(f"miss[{name}]", 0.0, 0.0))
        self.used_columns.append(self.misses[-1])
        return self.misses[-1]

    def limit_bids(self, bids: Iterable[Offer]) -> None:
        """Rows for capacities, minimums and fixed costs, once all volume is counted."""
        model = self.model
        by_id = {o.bid.bid_id: o.bid for o in bids}
        for (bid_id, period), terms in self.volume.items():
            capacity = by_id[bid_id].capacity
            if capacity is not None:
                over = {self.miss(f"capacity,{bid_id},{period}"): -1.0}
                row = add_terms(over, terms)
                model.row(f"capacity[{bid_id},{period}]", row, upper=capacity)
        used_by_carrier: dict[str, int] = {}
        for bid_id, terms in self.by_bid.items():
            bid = by_id[bid_id]
            most = self.most_by_bid[bid_id]
            if bid.min_volume:
                y = model.binary(f"y[{bid_id}]")
                self.used_columns.append(y)
                owed = {y: -bid.min_volume, self.miss(f"minimum,{bid_id}"): 1.0}
                model.row(f"minimum[{bid_id}]", add_terms(owed, terms), lower=0.0)
                model.row(f"bid_used[{bid_id}]", add_terms({y: -most}, terms), upper=0.0)
            carrier = self.case.carriers[bid.carrier]
            ours = self.paid_by_bid[bid_id]
            if carrier.fixed_cost and ours:
                if carrier.carrier not in used_by_carrier:
                    z = model.binary(f"z[{carrier.carrier}]")
                    used_by_carrier[carrier.carrier] = z
                    self.used_columns.append(z)
                    self.cost[z] = carrier.fixed_cost * self.case.fx.factor(carrier.currency)
                z = used_by_carrier[carrier.carrier]
                model.row(f"carrier_used[{bid_id}]", add_terms({z: -most}, ours), upper=0.0)
