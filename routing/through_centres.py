"""The least that goods add on a way through a logistics centre, for a bound over all ways.

Through a centre goods share load units with all others there, so what they add is bounded below as
if load units were always full: of a load unit of run r they pay the share that they take of it,

    a_o floor_r + kg_o per_kg_r,    a_o = the order's share of the floor (or volume, or mass)

the same measure for all goods of a pair of places and equipment. Since the shares of what is in a
load unit add up to 1 at most, no plan is below the sum of these. Days at the centre are left out:
goods may leave before they came. Part loads add what the whole order would, times its share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from math import inf

import numpy as np

from loading.equipment import Equipment
from loading.stuffing import fits
from routing.costs import Quantities, charge_lines
from routing.groups import Entry, Packed
from routing.handling import restuffing
from routing.leg_values import BoxPrices, Values
from routing.model_groups import floor_share
from routing.offers import Offer
from routing.opening import Opening
from routing.orders import Order
from routing.run_sources import FewRuns, Way, Windows

Through = dict[tuple[str, str], float]
"""The least value of an order (key) in a packaging (id) through any centre."""


class ThroughCentres:
    """Values of ways in to and out of centres, at the prices of legs and boxes."""

    def __init__(
        self, source: FewRuns, opening: Opening, values: Values, boxes: BoxPrices | None
    ) -> None:
        self.source = source
        self.opening = opening
        self.values = values
        self.boxes = boxes
        self.case = source.case
        self.packed = source.admitting.packed
        self.sound = True
        """False once an empty load unit would lessen the objective: then shares bound nothing."""

    def least(self) -> Through:
        """The least of each order that has a way through a centre."""
        found: Through = {}
        for hub in self.case.places.values():
            if not hub.can_restuff:
                continue
            name = hub.location_id
            inward: dict[tuple[str, str], Windows] = defaultdict(dict)
            outward: dict[tuple[str, str], Windows] = defaultdict(dict)
            for order in self.case.orders:
                if name not in (order.origin, order.destination):
                    days = order.ready_date.toordinal(), order.due_date.toordinal()
                    inward[order.origin, name][Entry(order.key, "in", name)] = days
                    outward[name, order.destination][Entry(order.key, "out", name)] = days
            before, after = self._least_of(inward), self._least_of(outward)
            for (key, packaging), value in before.items():
                mass_kg = self._packed(key, packaging).mass_kg
                cost, co2e_kg = restuffing(self.case, hub, mass_kg, paid=True)
                total = value + after.get((key, packaging), inf)
                total += self.values.weights.value(co2e_kg, cost)
                if total < found.get((key, packaging), inf):
                    found[key, packaging] = total
        return found

    def _packed(self, key: str, packaging: str) -> Packed:
        return next(p for p in self.packed[key] if p.packaging.packaging_id == packaging)

    def _least_of(self, pairs: Mapping[tuple[str, str], Windows]) -> Through:
        """The least of each order on a part of its way, on all ways of its pair of places."""
        found: Through = {}
        for pair, windows in pairs.items():
            for entry in windows:
                for packed in self.packed[entry.order]:
                    value = self._as_part_load(pair, packed)
                    if value < inf:
                        found[entry.order, packed.packaging.packaging_id] = value
            for code, equipment in self.case.equipment.items():
                ways = self.opening.ways(*pair, code)
                if ways:
                    self._in_load_units(ways, windows, equipment, found)
        return found

    def _in_load_units(
        self, ways: list[Way], windows: Windows, equipment: Equipment, found: Through
    ) -> None:
        """Lower what is `found` to what full load units of one kind of equipment add."""
        first = min(ready for ready, _ in windows.values())
        last = max(self.source.admitting.latest(due) for _, due in windows.values())
        table, admits = self.source.table(ways, windows, range(first, last + 1))
        if not len(table):
            return
        round_use = self.case.settings.on("round_use")
        empty, full = self.values.floors(table, round_use=round_use, boxes=self.boxes)
        per_kg = (full - empty) / equipment.payload_kg
        self.sound &= bool((empty >= 0.0).all())
        goods = [
            (at, packed)
            for at, entry in enumerate(self.source.admitting.sorted(windows))
            for packed in self.packed[entry.order]
            if fits(packed.packaging, equipment)
        ]
        if not goods:
            return
        some = [packed for _, packed in goods]
        for (at, packed), share in zip(goods, shares_of(some, equipment), strict=True):
            open_ = admits[:, at]
            if open_.any():
                adds = (empty * share + per_kg * packed.mass_kg)[open_]
                key = packed.order.key, packed.packaging.packaging_id
                found[key] = min(float(adds.min()), found.get(key, inf))

    def _as_part_load(self, pair: tuple[str, str], packed: Packed) -> float:
        """What an order adds as a part load, on any day; infinite where none goes there."""
        return min(
            (
                sum(self._part_on(offer, packed) for offer in way)
                for way in self.opening.part_ways(*pair)
            ),
            default=inf,
        )

    def _part_on(self, offer: Offer, packed: Packed) -> float:
        """The least that a whole order adds on an offer of part loads; handling is left out."""
        weights = self.values.weights
        co2e_kg = (packed.mass_kg * offer.per_cargo_kg).wtw_kg
        if not weights.cost:
            return weights.value(co2e_kg, 0.0)
        quantities = Quantities(
            mass_kg=packed.mass_kg,
            volume_m3=packed.volume_m3,
            loading_metres=packed.loading_metres,
            distance_km=offer.driven_km,
        )
        days = self._days_of(offer, packed.order)
        costs = [
            sum(line.amount for line in charge_lines(offer.bid, quantities, day, self.case.fx))
            for day in days
        ]
        return weights.value(co2e_kg, min(costs))

    def _days_of(self, offer: Offer, order: Order) -> list[date]:
        """Days on which charges may differ: one, where none of them has dates."""
        dated = any(c.valid_from or c.valid_to for c in offer.bid.charges)
        first, last = order.ready_date.toordinal(), order.due_date.toordinal()
        last = max(first, self.source.admitting.latest(last))
        return [date.fromordinal(d) for d in (range(first, last + 1) if dated else (first,))]


def shares_of(goods: list[Packed], equipment: Equipment) -> np.ndarray:
    """The share of a load unit that each of some goods takes, in the measure that is scarcest."""
    measures = np.array(
        [
            [packed.count * floor_share(packed.packaging, equipment) for packed in goods],
            [packed.volume_m3 / equipment.volume_m3 for packed in goods],
            [packed.mass_kg / equipment.payload_kg for packed in goods],
        ]
    )
    return np.asarray(measures[np.argmax(measures.sum(axis=1))])
