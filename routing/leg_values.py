"""What the legs of runs add to an objective, as arrays by day: the least that any offer asks.

An objective is a weighted sum of CO2e and cost, and may hold prices of scarce things (a bid's
capacity in a week). The least over the offers is taken for an empty and for a full load unit
apart, so a sum over the legs of a run is never above what the run really adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Protocol

import numpy as np

from routing.case import Case, Settings
from routing.costs import linear_price
from routing.handling import change_of_mode
from routing.network import Link, Network
from routing.offers import Offer
from routing.sameness import capacity_key
from routing.timetable import Calendar, Timetable

NO_OFFER = np.inf


@dataclass(frozen=True)
class Weights:
    """What one kg of CO2e (WTW) and one unit of the project's currency count in an objective."""

    co2e: float
    cost: float

    @classmethod
    def of(cls, settings: Settings) -> Weights:
        """The objective of the settings."""
        if settings.objective == "min_cost":
            return cls(0.0, 1.0)
        if settings.objective == "min_total":
            return cls(settings.carbon_price_per_t / 1000.0, 1.0)
        return cls(1.0, 0.0)

    def value(self, co2e_kg: float, cost: float) -> float:
        """Both in one figure."""
        return self.co2e * co2e_kg + self.cost * cost


@dataclass(frozen=True)
class Scarcity:
    """Prices of scarce things: one unit of volume of a bid in a period of its capacity."""

    capacity: Mapping[tuple[str, str], float] = field(default_factory=dict)


class BoxPrices(Protocol):
    """What emptied boxes are worth (routing/box_prices.py)."""

    def at_end(self, table: Timetable, *, last: bool) -> np.ndarray:
        """What a turned box at the first (or last) end of each run adds at least."""
        ...


@dataclass(frozen=True, eq=False)
class LegValues:
    """The least value of one load unit on a link by day, with no cargo and with a full one.

    `inner` between other legs, `end` at an end of a run (a haulage has its empty way there),
    `turned` there with a reused box (`inner` where no reuse is possible).
    """

    inner: np.ndarray
    end: np.ndarray
    turned: np.ndarray


class Values:
    """Values of links and of whole timetables for one objective. Rows: no cargo, full cargo."""

    def __init__(
        self,
        case: Case,
        network: Network,
        calendar: Calendar,
        weights: Weights,
        scarcity: Scarcity | None = None,
    ) -> None:
        self.case = case
        self.network = network
        self.calendar = calendar
        self.weights = weights
        self.scarcity = scarcity or Scarcity()
        self.priced = {bid_id for bid_id, _ in self.scarcity.capacity}
        self.handling = cache(self._handling)
        shape = (2, len(network.links), calendar.last - calendar.first + 1)
        self.dense = {kind: np.zeros(shape) for kind in ("inner", "end", "turned")}
        """Values by link and day, filled as links are met (`known`)."""
        self.known = np.zeros(len(network.links), dtype=bool)
        self.of_offer = cache(self._of_offer)

    def _of_offer(self, offer: Offer, day: int, end: bool, reused: bool) -> tuple[float, float]:
        """The value of one load unit on an offer, with no cargo and with a full one."""
        price = linear_price(
            offer.bid,
            teu=self.case.equipment[offer.equipment].teu,
            driven_km=offer.driven_km,
            day=date.fromordinal(day),
            fx=self.case.fx,
            reused=reused,
        )
        co2e_kg = offer.per_load_unit.wtw_kg
        if offer.is_haulage and end and not reused:
            co2e_kg += offer.empty_per_km.wtw_kg * offer.driven_km
        empty = self.weights.value(co2e_kg, price.per_load_unit)
        per_kg = self.weights.value(offer.per_cargo_kg.wtw_kg, price.per_cargo_kg)
        full_kg = self.case.equipment[offer.equipment].payload_kg
        return empty, empty + full_kg * per_kg

    def _of_link(self, link: Link) -> LegValues:
        """A link on every day of the calendar."""
        numbers = self.calendar.offers_of(link)
        days = len(numbers)
        shape = (2, days)
        inner, end, turned = (np.full(shape, NO_OFFER) for _ in range(3))
        found = LegValues(inner, end, turned)
        dated = any(c.valid_from or c.valid_to for o in link.offers for c in o.bid.charges)
        for number in np.unique(numbers[numbers > 0]):
            on = np.flatnonzero(numbers == number)
            if dated:
                for at in on:
                    self.fill(found, link, np.array([at]))
            else:
                self.fill(found, link, on)
        return found

    def fill(self, found: LegValues, link: Link, at: np.ndarray) -> None:
        """Set the values on days (positions) on which the same offers hold at the same prices."""
        first = self.calendar.first
        for offer in self.network.offers_on(link, first + int(at[0])):
            day = first + int(at[0])
            scarce = self.scarce(offer, first + at)
            may_turn = link.is_haulage and self.case.carriers[offer.bid.carrier].round_use_allowed
            for into, end, reused in (
                (found.inner, False, False),
                (found.end, True, False),
                (found.turned, True, may_turn),
            ):
                for row, value in enumerate(self.of_offer(offer, day, end, reused)):
                    into[row, at] = np.minimum(into[row, at], value + scarce)

    def scarce(self, offer: Offer, days: np.ndarray) -> np.ndarray:
        """The price of a load unit's share of an offer's capacity, by day (ordinal)."""
        bid = offer.bid
        if bid.bid_id not in self.priced:
            return np.zeros(len(days))
        factor = self.case.equipment[offer.equipment].teu if bid.volume_unit == "teu" else 1.0
        prices = self.scarcity.capacity
        return np.array(
            [
                factor * prices.get((bid.bid_id, capacity_key(bid.capacity_per, int(day))), 0.0)
                for day in days
            ]
        )

    def on(self, table: Timetable, leg: np.ndarray, at: np.ndarray, kind: str) -> np.ndarray:
        """Values of some runs (positions) on one leg each; `kind` names one of `LegValues`."""
        link = table.links[table.way[at], leg]
        for index in np.unique(link[~self.known[link]]):
            values = self._of_link(self.network.links[index])
            for name, dense in self.dense.items():
                dense[:, index] = getattr(values, name)
            self.known[index] = True
        day = table.departs[at, leg] - self.calendar.first
        return np.asarray(self.dense[kind][:, link, day])

    def turn_saves(self, link: Link) -> float:
        """The most that a turned box saves at the end of a run on a link, on any day."""
        found = self._of_link(link)
        open_ = np.isfinite(found.end)
        return float((found.end - found.turned)[open_].max(initial=0.0))

    def _handling(self, way: tuple[Link, ...]) -> float:
        """Handling of one sealed load unit where the mode of a way changes."""
        total = 0.0
        teu = self.case.equipment[way[0].equipment].teu
        for before, after in pairwise(way):
            if before.mode != after.mode:
                place = self.case.places[before.destination]
                cost, co2e_kg = change_of_mode(self.case, place, teu, paid=True)
                total += self.weights.value(co2e_kg, cost)
        return total

    def inner(self, table: Timetable) -> np.ndarray:
        """The value of every run without what its two ends add: (2, runs)."""
        handling = np.array([self.handling(way) for way in table.ways])
        total = np.tile(handling[table.way], (2, 1)) if len(table) else np.zeros((2, 0))
        for leg in range(1, table.departs.shape[1] - 1):
            at = np.flatnonzero(table.legs > leg + 1)
            total[:, at] += self.on(table, np.full(len(at), leg), at, "inner")
        return total

    def ends(self, table: Timetable, kind: str, last: bool) -> np.ndarray:
        """What the first (or last) legs add, as `end` or `turned`: (2, runs).

        A way of one leg has a first leg only.
        """
        total = np.zeros((2, len(table)))
        at = np.flatnonzero(table.legs > 1) if last else np.arange(len(table))
        leg = table.legs[at] - 1 if last else np.zeros(len(at), dtype=np.int64)
        total[:, at] = self.on(table, leg, at, kind)
        return total

    def floors(
        self, table: Timetable, *, round_use: bool, boxes: BoxPrices | None = None
    ) -> np.ndarray:
        """The least that every run adds, with the kindest boxes where they may be reused.

        Without prices of `boxes` they cost nothing to bring.
        """
        total = self.inner(table)
        for last in (False, True):
            ends = self.ends(table, "end", last)
            if round_use:
                turned = self.ends(table, "turned", last)
                turned += boxes.at_end(table, last=last) if boxes else 0.0
                ends = np.minimum(ends, turned)
            total += ends
        return total

    def of_table(self, table: Timetable, kind: str) -> np.ndarray:
        """The value of every run, both its ends as `kind` says: (2, runs)."""
        ends = self.ends(table, kind, False) + self.ends(table, kind, True)
        return np.asarray(self.inner(table) + ends)
