"""Which rules a plan would break with another bid in the place of one that won.

The judge of finished plans is asked (routing/check), so that what excludes a bid here is what would
refuse the plan there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from routing.check import admission, measures, pins, tender
from routing.check.plan import Plan as Judged
from routing.check.plan import Rule, grouped
from routing.check.rows import Leg
from routing.plan import Shipment

NAMES: dict[Rule, str] = {
    admission.bid_in_force: "not valid",
    admission.carrier_qualified: "not qualified",
    admission.mode_open: "closed mode",
    admission.spot_allowed: "spot",
    admission.weight_band: "weight",
    admission.capacity_kept: "capacity",
    admission.minimum_kept: "minimum volume",
    measures.measure_distance: "distance is off",
    measures.measure_mode_shift: "mode_shift is off",
    measures.measure_tender: "tender is off",
    **dict.fromkeys(pins.RULES, "pin"),
    **dict.fromkeys(tender.RULES, "rule of the award"),
}
"""The rules that can shut a bid out, and what a planner calls them."""


@dataclass(frozen=True)
class Obstacle:
    """Why a bid cannot take what another one carries: a short name, and the facts."""

    name: str
    words: str

    def __str__(self) -> str:
        return f"{self.name}: {self.words}" if self.words else self.name


def with_shipments(judged: Judged, changed: Mapping[str, Shipment]) -> Judged:
    """The same finished plan with some shipments on other legs; its charges stay as they are."""
    plan = copy.copy(judged)
    for name in ("rides_of", "riding"):
        plan.__dict__.pop(name, None)
    plan.legs = [leg for leg in judged.legs if leg.shipment_id not in changed]
    for shipment_id, shipment in changed.items():
        plan.legs += _rows(judged.rides_of[shipment_id][0].first, shipment)
    plan.legs_of = grouped(sorted(plan.legs, key=lambda g: g.seq), lambda g: g.shipment_id)
    return plan


def _rows(row: Leg, shipment: Shipment) -> list[Leg]:
    """A row a leg: the judge's rules ask for its bid, its days and its ends."""
    return [
        replace(
            row,
            seq=float(i),
            origin=leg.offer.bid.origin,
            destination=leg.offer.bid.destination,
            carrier=leg.offer.bid.carrier,
            bid_id=leg.offer.bid.bid_id,
            mode=leg.offer.bid.mode,
            depart=date.fromordinal(leg.depart),
            arrive=date.fromordinal(leg.arrive),
        )
        for i, leg in enumerate(shipment.legs)
    ]


class Judge:
    """Asks the judge of finished plans; what he has against the plan as it is does not count."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.known = {rule: {message for _, _, message in rule(judged)} for rule in NAMES}

    def broken(self, shipments: Mapping[str, Shipment]) -> list[Obstacle]:
        """What speaks against the plan with those shipments in the place of its own."""
        changed = with_shipments(self.judged, shipments)
        found = []
        for rule, name in NAMES.items():
            told = [m for _, _, m in rule(changed) if m not in self.known[rule]]
            if told:
                found.append(Obstacle(name, shortened(told)))
        return found


def shortened(messages: Iterable[str]) -> str:
    """The first message, and how many more there are."""
    distinct = list(dict.fromkeys(messages))
    more = f" (and {len(distinct) - 1} more)" if len(distinct) > 1 else ""
    return distinct[0] + more
