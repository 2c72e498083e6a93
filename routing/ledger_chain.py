"""What happens along a shipment's chain: its measures, its hub passages, the ends of its boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from lowhaul.units import kilograms, round_half_up
from routing.bids import Bid
from routing.boxes import GRADES
from routing.case import Case
from routing.costs import LDM_WIDTH_MM, Quantities
from routing.places import Place
from routing.plan import BoxUse, LegChoice, Shipment

VOLUME_DIGITS = 3


@dataclass(frozen=True)
class Passage:
    """Goods pass a place: in sealed load units where the mode changes, or out of their load unit.

    `after` is the leg that brings them (index). `per_tonne`: they are re-stuffed, or are a part
    load; then `mass_kg` counts, else load units and TEU. `paid` False: beyond the named place.
    """

    place: Place
    after: int
    restuffed: bool
    per_tonne: bool
    mass_kg: float
    section: str
    paid: bool
    arrive: int
    depart: int


@dataclass(frozen=True)
class Trip:
    """A shipment with the measures that its rows are counted from, rounded as its own row is."""

    case: Case
    shipment: Shipment
    came: tuple[BoxUse, ...]
    """Emptied boxes that it loads again."""
    went: tuple[BoxUse, ...]
    """Its own boxes that others load again."""
    discounts: Mapping[str, float] = field(default_factory=dict)
    """Share of the base cost that rebates take off, by bid."""

    @property
    def mass_kg(self) -> float:
        """Goods and packaging: the sum of its order lines to the gram."""
        return kilograms(sum(kilograms(c.mass_kg) for c in self.shipment.contents))

    @property
    def volume_m3(self) -> float:
        """Outer volume of its handling units."""
        return round_half_up(self.shipment.volume_m3, VOLUME_DIGITS)

    @property
    def teu(self) -> float:
        """TEU of all its load units; 0 for trailers and part loads."""
        box = self.case.equipment.get(self.shipment.equipment)
        return box.teu * self.shipment.load_units if box else 0.0

    @property
    def loading_metres(self) -> float:
        """Trailer floor of its goods, stacked as their packaging allows."""
        metres = 0.0
        for content in self.shipment.contents:
            p = content.packed.packaging
            stacks = -(-len(content.units) // max(1, p.max_stack))
            metres += stacks * p.length_mm * p.width_mm / LDM_WIDTH_MM / 1000.0
        return metres

    def quantities(self, leg: LegChoice) -> Quantities:
        """What a leg's rates are multiplied with."""
        return Quantities(
            load_units=float(self.shipment.load_units),
            teu=self.teu,
            mass_kg=self.mass_kg,
            volume_m3=self.volume_m3,
            loading_metres=self.loading_metres,
            distance_km=leg.offer.driven_km,
        )

    @property
    def hauls(self) -> tuple[int, ...]:
        """Indexes of the legs with an empty way: the box's first and last haulage by road."""
        legs = self.shipment.legs
        return tuple(i for i in sorted({0, len(legs) - 1}) if legs[i].offer.is_haulage)

    @property
    def fetches(self) -> bool:
        """True if it begins with the haulage of a box that could come from elsewhere."""
        return len(self.shipment.legs) > 1 and self.shipment.legs[0].offer.is_haulage

    @property
    def frees(self) -> bool:
        """True if it ends with the haulage of a box that could go elsewhere."""
        return len(self.shipment.legs) > 1 and self.shipment.legs[-1].offer.is_haulage

    def reuses(self, leg: int) -> bool:
        """True if the boxes of a leg do not come from, or do not go back to, its port."""
        last = len(self.shipment.legs) - 1
        return (leg == 0 and bool(self.came)) or (leg == last and bool(self.went))

    @property
    def main_leg(self) -> int:
        """The leg that names the line: the first at sea, else the longest in days."""
        legs = self.shipment.legs
        for i, leg in enumerate(legs):
            if leg.offer.bid.mode == "sea":
                return i
        return max(range(len(legs)), key=lambda i: (legs[i].offer.bid.transit_days, -i))

    @property
    def stuffed(self) -> int:
        """Day of stuffing: the last that the first leg's cut-off allows."""
        first = self.shipment.legs[0]
        return first.depart - first.offer.bid.cutoff_days

    @property
    def stripped(self) -> int:
        """Day on which its boxes stand empty again."""
        orders = [c.packed.order for c in self.shipment.contents]
        return self.shipment.arrive + max((o.unstuff_days for o in orders), default=0)

    @property
    def main_bid(self) -> Bid:
        """The bid of the leg that names the line."""
        return self.shipment.legs[self.main_leg].offer.bid

    @property
    def free_until(self) -> int | None:
        """Last day free of detention, None where the main leg's bid sets none."""
        free_days = self.main_bid.free_days
        return None if free_days is None else self.shipment.arrive + free_days

    @property
    def grade_wanted(self) -> str:
        """The worst box grade that all its goods may travel in."""
        products = [self.case.products[c.packed.order.sku] for c in self.shipment.contents]
        return min((p.min_box_grade for p in products), key=GRADES.index, default=GRADES[-1])

    @property
    def grade_after(self) -> str:
        """The grade its boxes have once stripped: that of the worst of its goods."""
        orders = [c.packed.order for c in self.shipment.contents]
        return max((o.box_grade_after for o in orders), key=GRADES.index, default=GRADES[-1])

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Hub passages in the order of the chain, re-stuffing at its end last.

        Sealed load units pass a hub where the mode changes; a part load is taken out of its
        vehicle at every place where its leg changes.
        """
        legs = self.shipment.legs
        part = not self.shipment.equipment
        found = []
        for i, (before, after) in enumerate(pairwise(legs)):
            if not part and before.offer.bid.mode == after.offer.bid.mode:
                continue
            found.append(
                self._passage(
                    before.offer.bid,
                    i,
                    False,
                    part,
                    self.mass_kg,
                    before.paid or after.paid,
                    after.depart,
                )
            )
        restuffed = kilograms(
            sum(kilograms(c.mass_kg) for c in self.shipment.contents if c.kind == "in")
        )
        if restuffed > 0:
            bid = legs[-1].offer.bid
            leaves = legs[-1].arrive + self.case.places[bid.destination].dwell_days
            last = len(legs) - 1
            found.append(self._passage(bid, last, True, True, restuffed, legs[-1].paid, leaves))
        return tuple(found)

    def _passage(
        self,
        bid: Bid,
        after: int,
        restuffed: bool,
        per_tonne: bool,
        mass_kg: float,
        paid: bool,
        depart: int,
    ) -> Passage:
        return Passage(
            self.case.places[bid.destination],
            after,
            restuffed,
            per_tonne,
            mass_kg,
            "origin" if after < self.main_leg or restuffed else "destination",
            paid,
            self.shipment.legs[after].arrive,
            depart,
        )


def trips_of(
    case: Case, shipments: tuple[Shipment, ...], uses: tuple[BoxUse, ...]
) -> tuple[Trip, ...]:
    """Every shipment with the boxes that come to it and go from it."""
    came: dict[str, list[BoxUse]] = {}
    went: dict[str, list[BoxUse]] = {}
    for use in uses:
        came.setdefault(use.shipment_id, []).append(use)
        if use.import_shipment_id:
            went.setdefault(use.import_shipment_id, []).append(use)
    return tuple(
        Trip(case, s, tuple(came.get(s.shipment_id, ())), tuple(went.get(s.shipment_id, ())))
        for s in shipments
    )
