"""What the offers of an arc cost and emit, and which of them are worth asking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from routing.case import Case
from routing.costs import LinearPrice, linear_price
from routing.free_time import NO_LIMIT, FreeEnd
from routing.network import Link, Network
from routing.offers import Offer
from routing.pins import bid_open
from routing.tender_volumes import TenderVolumes


@dataclass(frozen=True)
class BoxTerms:
    """The end of a run at which its box may be reused.

    `end` is out (the box is fetched before stuffing) or in (it is freed after stripping). `grade`
    is wanted by the goods (out) or left by them (in); `ready` is the stuffing day (out) or the day
    from which the freed box stands ready (in). A freed box has an end of its free time, and may owe
    detention by the day on which it stands ready.
    """

    end: str
    place: str
    line: str
    grade: str
    ready: int
    free_end: FreeEnd = NO_LIMIT
    detention: float = 0.0


@dataclass(frozen=True)
class Arc:
    """One leg on days that are alike, as the load units of some runs use it.

    `depart` stands for all days with the same bids, prices and period of capacity.
    """

    link: Link
    depart: int
    carriers: frozenset[str] | None
    paid: bool
    at_end: bool
    """True for the first and the last leg, where a haulage has its empty way."""
    box: BoxTerms | None
    run: tuple[int, int] | None = None
    """Group and run, where a charge per shipment asks each run for its own."""


@dataclass(frozen=True)
class OfferCost:
    """What one load unit, one kg and one shipment on an offer add to cost and CO2e (kg WTW)."""

    price: LinearPrice
    co2e_per_load_unit: float
    co2e_per_kg: float

    @property
    def per_shipment(self) -> bool:
        """True if it must be known whether the offer is used at all."""
        return bool(self.price.per_shipment or self.price.minimum)


FREE = LinearPrice(0.0, 0.0, 0.0, 0.0)
"""A leg that somebody else pays."""


class ArcCosts:
    """Offers of arcs with their prices; nothing here makes a column."""

    def __init__(self, case: Case, network: Network, tender: TenderVolumes) -> None:
        self.case = case
        self.network = network
        self.tender = tender
        self.price = cache(self._price)
        self.cost_of = cache(self._cost_of)
        self.best_of = cache(self._best_of)

    def offers(self, link: Link, day: int, carriers: frozenset[str] | None) -> tuple[Offer, ...]:
        """The offers open on an arc."""
        offers = self.network.offers_on(link, day)
        return tuple(o for o in offers if bid_open(o.bid, carriers))

    def costs(self, offer: Offer, arc: Arc, *, reused: bool = False) -> OfferCost:
        """Price and CO2e of an offer on an arc, the empty way included unless the box is reused."""
        return self.cost_of(offer, arc.depart, arc.paid, arc.at_end, reused)

    def _cost_of(self, offer: Offer, day: int, paid: bool, at_end: bool, reused: bool) -> OfferCost:
        price = self.price(offer, day, reused) if paid else FREE
        co2e = offer.per_load_unit.wtw_kg
        if offer.is_haulage and at_end and not reused:
            co2e += offer.empty_per_km.wtw_kg * offer.driven_km
        return OfferCost(price, co2e, offer.per_cargo_kg.wtw_kg)

    def _price(self, offer: Offer, day: int, reused: bool) -> LinearPrice:
        teu = self.case.equipment[offer.equipment].teu
        return linear_price(
            offer.bid,
            teu=teu,
            driven_km=offer.driven_km,
            day=date.fromordinal(day),
            fx=self.case.fx,
            reused=reused,
        )

    def worth_asking(self, arc: Arc, *, keep_round_use: bool) -> tuple[Offer, ...]:
        """The offers of an arc that no other one beats in everything (exact pruning).

        An offer with a capacity, a minimum or a carrier with a fixed cost never prunes another,
        one that the tender's terms speak of is never pruned and prunes none, and equal offers keep
        the first. Where boxes may be reused, the terms of reuse count too.
        """
        alike = replace(arc, box=None, run=None)
        return self.best_of(alike, keep_round_use)

    def _best_of(self, arc: Arc, keep_round_use: bool) -> tuple[Offer, ...]:
        offers = self.offers(arc.link, arc.depart, arc.carriers)
        vectors = [self.vector(o, arc, keep_round_use) for o in offers]
        kept = []
        for i, offer in enumerate(offers):
            beaten = offer.bid.bid_id not in self.tender.touched and any(
                j != i
                and self.free_to_use(offers[j])
                and all(x <= y for x, y in zip(vectors[j], vectors[i], strict=True))
                and (vectors[j] != vectors[i] or j < i)
                for j in range(len(offers))
            )
            if not beaten:
                kept.append(offer)
        return tuple(kept)

    def free_to_use(self, offer: Offer) -> bool:
        """True if nothing but price and CO2e speaks against using an offer."""
        bid = offer.bid
        fixed_cost = self.case.carriers[bid.carrier].fixed_cost
        spoken_of = bid.bid_id in self.tender.touched
        return bid.capacity is None and not (bid.min_volume or fixed_cost or spoken_of)

    def vector(self, offer: Offer, arc: Arc, round_use: bool) -> tuple[float, ...]:
        """Everything that an offer can be worse in."""
        cost = self.costs(offer, arc)
        own_minimum = 0.0 if not offer.bid.min_volume else 1.0
        plain = (
            cost.price.per_load_unit,
            cost.price.per_cargo_kg,
            cost.price.per_shipment,
            cost.price.minimum,
            cost.co2e_per_load_unit,
            cost.co2e_per_kg,
            own_minimum,
        )
        if not round_use:
            return plain
        bid = offer.bid
        if not self.case.carriers[bid.carrier].round_use_allowed:
            never = float("inf")
            return (*plain, never, never, never, never, never)
        reused = self.costs(offer, arc, reused=True)
        return (
            *plain,
            reused.price.per_load_unit,
            reused.co2e_per_load_unit,
            offer.empty_per_km.wtw_kg,
            -(bid.round_use_km if bid.round_use_km is not None else float("inf")),
            bid.round_use_rate_per_km * self.case.fx.factor(bid.currency),
        )
