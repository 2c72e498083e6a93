"""Other ways of a shipment: other places, modes and bids for the same load units with their goods.

Each way gets the day nearest to today's at which it arrives in time, and on each leg the bid that
serves the objective best and has room; then the books are kept again and the judge is asked. Where
the other way cannot keep the shipment's reused boxes, their turns end with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lowhaul.units import KG_PER_T
from routing.costs import charge_lines
from routing.explain.books import Figures, weighed
from routing.explain.days import FAR_AHEAD, stuffed
from routing.explain.judging import Obstacle
from routing.explain.replay import line_of
from routing.explain.rivals import Field
from routing.ledger_chain import Trip
from routing.network import Link, Network, bundle
from routing.offers import Offer
from routing.plan import LegChoice, Shipment
from routing.runs import MAX_LEGS, is_paid, leave, part_ways
from routing.sameness import capacity_key

BOOKED = 6
"""So many of the ways that look best have their books kept."""
Dated = tuple[Link, int]
"""A leg of a way and its departure (ordinal day)."""


@dataclass(frozen=True)
class Way:
    """A shipment on another way, and what the plan would cost and emit more."""

    shipment: Shipment
    change: Figures
    obstacles: tuple[Obstacle, ...]
    turns_lost: int
    """Boxes that would no longer be reused."""


@dataclass(frozen=True)
class OtherWays:
    """The booked ways, the best first, and how many more are out for which reason."""

    booked: tuple[Way, ...]
    left: tuple[tuple[str, int], ...]

    @property
    def best(self) -> Way | None:
        """The best way that nothing excludes."""
        return next((w for w in self.booked if not w.obstacles), None)


class WayFinder:
    """Looks for other ways in the network of all offers."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.case = field.case
        self.network = Network(field.offers.values(), self.case.places, self.case.carriers)
        self.used: dict[tuple[str, str], float] = defaultdict(float)
        """Volume on each bid by the period that its capacity counts in."""
        for shipment in field.plan.shipments:
            for leg in shipment.legs:
                self.used[_period(leg.offer, leg.depart)] += self._volume(shipment, leg.offer)

    def other_ways(self, shipment: Shipment) -> OtherWays:
        """All ways of a shipment but its own; on its own way, other bids are its rivals."""
        found: list[tuple[tuple[float, float], Shipment]] = []
        left: Counter[str] = Counter()
        own = _steps(shipment.legs)
        for way in self._ways(shipment):
            if [(k.origin, k.destination, k.mode) for k in way] == own:
                continue
            legs, why = self._legs(shipment, way)
            if legs:
                changed = replace(shipment, legs=legs, line=line_of(legs))
                found.append((self._estimate(changed), changed))
            else:
                left[why] += 1
        found.sort(key=lambda f: (f[0], tuple(g.offer.bid.bid_id for g in f[1].legs)))
        booked = [self._booked(changed) for _, changed in found[:BOOKED]]
        booked.sort(key=lambda w: (bool(w.obstacles), weighed(w.change, self.case.settings)))
        if len(found) > len(booked):
            left["behind those above by the objective"] = len(found) - len(booked)
        return OtherWays(tuple(booked), tuple(left.most_common()))

    def _ways(self, shipment: Shipment) -> list[tuple[Link, ...]]:
        ends = (shipment.origin, shipment.destination)
        if shipment.equipment:
            return self.network.ways(*ends, shipment.equipment, MAX_LEGS)
        chains = part_ways(self.network, *ends)
        return [tuple(bundle(-1, (offer,)) for offer in chain) for chain in chains]

    def _legs(self, shipment: Shipment, way: Sequence[Link]) -> tuple[tuple[LegChoice, ...], str]:
        """The legs on the day nearest to today's; none, and why, where there is no such day."""
        days, now = self.field.days, stuffed(shipment)
        first, last = days.ready(shipment), days.due(shipment)
        why = "too late"
        nearest_first = sorted(range(first, max(first, last) + 1), key=lambda d: (abs(d - now), d))
        for start in nearest_first[:FAR_AHEAD]:
            dated: list[Dated] = []
            day = start
            for i, link in enumerate(way):
                depart = leave(self.case.places[link.origin], day, i == 0, link)
                dated.append((link, depart))
                day = depart + link.transit_days
            if day <= last:
                legs = self._chosen(shipment, dated)
                if legs:
                    return legs, ""
                why = "a bid is not valid on its day, or has no room left"
        return (), why

    def _chosen(self, shipment: Shipment, dated: Sequence[Dated]) -> tuple[LegChoice, ...]:
        """Each leg on the offer that serves the objective best; none where a leg has none."""
        stops = (shipment.origin, *(link.destination for link, _ in dated))
        order = shipment.contents[0].packed.order
        legs: list[LegChoice] = []
        for i, (link, day) in enumerate(dated):
            paid = is_paid(stops, i, order.named_place, order.flow)
            choices = [
                LegChoice(o, day, day + o.bid.transit_days, paid)
                for o in link.offers
                if o.sails_on(date.fromordinal(day), self.case.carriers)
                and self._has_room(shipment, o, day)
            ]
            if not choices:
                return ()
            at_end = i in (0, len(dated) - 1)
            legs.append(min(choices, key=lambda g: self._worth(shipment, g, at_end)))
        return tuple(legs)

    def _worth(
        self, shipment: Shipment, leg: LegChoice, at_end: bool
    ) -> tuple[tuple[float, float], str]:
        figures = self._figures(shipment, leg, at_end)
        return weighed(figures, self.case.settings), leg.offer.bid.bid_id

    def _figures(self, shipment: Shipment, leg: LegChoice, at_end: bool) -> Figures:
        """Charges and CO2e of one leg, its box from and to the port."""
        trip, offer = Trip(self.case, shipment, (), ()), leg.offer
        cost = 0.0
        if leg.paid:
            day = date.fromordinal(leg.depart)
            lines = charge_lines(offer.bid, trip.quantities(leg), day, self.case.fx)
            cost = sum(line.amount for line in lines)
        units = shipment.load_units
        kg = units * offer.per_load_unit.wtw_kg + trip.mass_kg * offer.per_cargo_kg.wtw_kg
        if at_end and offer.is_haulage:
            kg += units * offer.driven_km * offer.empty_per_km.wtw_kg
        return Figures(cost, kg)

    def _estimate(self, shipment: Shipment) -> tuple[float, float]:
        """Its legs alone, without what happens between them."""
        ends = (0, len(shipment.legs) - 1)
        total = Figures(0.0, 0.0)
        for i, leg in enumerate(shipment.legs):
            total += self._figures(shipment, leg, i in ends)
        return weighed(total, self.case.settings)

    def _booked(self, changed: Shipment) -> Way:
        swap = self.field.turns.swap({changed.shipment_id: changed})
        return Way(
            swap.shipments[changed.shipment_id],
            self.field.books.change(swap.shipments, dropped=swap.dropped),
            tuple(self.field.judge.broken(swap.shipments)),
            swap.boxes_lost,
        )

    def _volume(self, shipment: Shipment, offer: Offer) -> float:
        unit = offer.bid.volume_unit or ("load_unit" if offer.bid.takes_load_units else "t")
        if unit == "t":
            return shipment.mass_kg / KG_PER_T
        teu = self.case.equipment[shipment.equipment].teu if unit == "teu" else 1.0
        return shipment.load_units * teu

    def _has_room(self, shipment: Shipment, offer: Offer, day: int) -> bool:
        """True if the capacity of a bid takes the shipment beside all others."""
        if offer.bid.capacity is None:
            return True
        key = _period(offer, day)
        others = self.used[key] - sum(
            self._volume(shipment, g.offer)
            for g in shipment.legs
            if _period(g.offer, g.depart) == key
        )
        return others + self._volume(shipment, offer) <= offer.bid.capacity + 1e-6


def _period(offer: Offer, day: int) -> tuple[str, str]:
    return offer.bid.bid_id, capacity_key(offer.bid.capacity_per, day)


def _steps(legs: Sequence[LegChoice]) -> list[tuple[str, str, str]]:
    return [(g.offer.bid.origin, g.offer.bid.destination, g.offer.bid.mode) for g in legs]
