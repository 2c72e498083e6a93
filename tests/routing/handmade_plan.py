"""The plan made by hand (handmade.py) as the planner's own objects, on the same inputs.

Shipments are as decoding names them: boxes of one shipment come from one place and go one way, so
the two boxes of the inbound order are two shipments here: I1 (its box goes back) and I2 (reused).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from loading.stuffing import LoadPlan, stuff
from loading.units import HandlingUnit, handling_units
from lowhaul.findings import Findings
from routing.case import Case
from routing.offers import Offer, make_offers
from routing.options import Packed
from routing.plan import BoxUse, Content, LegChoice, Plan, Shipment
from tests.routing.handmade import PALLET, handmade_case

Leg = tuple[str, date, date]


def days(month: int, day: int) -> date:
    return date(2026, month, day)


class Maker:
    """Makes shipments of a case from its bids and orders."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.offers: dict[tuple[str, str], Offer] = {
            (o.bid.bid_id, o.equipment): o for o in make_offers(case, Findings())
        }
        self.orders = {o.key: o for o in case.orders}

    def units(self, order: str) -> tuple[HandlingUnit, ...]:
        quantity = self.orders[order].quantity
        return tuple(handling_units(order, quantity, 10.0, PALLET))

    def content(
        self, order: str, units: Sequence[HandlingUnit] | None = None, kind: str = "direct"
    ) -> Content:
        packed = Packed(self.orders[order], PALLET, self.units(order))
        hub = "HUB" if kind in ("in", "out") else ""
        return Content(packed, packed.units if units is None else tuple(units), kind, hub)

    def shipment(
        self,
        shipment_id: str,
        equipment: str,
        legs: Sequence[Leg],
        contents: Sequence[Content],
        *,
        unpaid: Sequence[str] = (),
        pickup: str = "",
        released: bool = False,
    ) -> Shipment:
        choices = tuple(
            LegChoice(
                self.offers[bid, equipment],
                depart.toordinal(),
                arrive.toordinal(),
                bid not in unpaid,
            )
            for bid, depart, arrive in legs
        )
        loads: tuple[LoadPlan, ...] = ()
        if equipment:
            units = [u for c in contents for u in c.units]
            loads = stuff(units, self.case.equipment[equipment]).loads
        return Shipment(
            shipment_id,
            choices[0].offer.bid.origin,
            choices[-1].offer.bid.destination,
            equipment,
            choices,
            tuple(contents),
            loads,
            "OCEAN",
            pickup,
            released,
        )


def handmade_plan(case: Case | None = None) -> tuple[Case, Plan]:
    """The case without its unserved order's way, and the plan that answers it."""
    case = case or handmade_case()
    make = Maker(case)
    inbound = make.units("I1/1")
    come = (("R-SEAI", days(1, 5), days(2, 4)), ("R-IMP", days(2, 5), days(2, 6)))
    shipments = (
        make.shipment(
            "S-0001",
            "45X",
            (("R-PP", days(2, 2), days(2, 3)), ("R-SEA", days(2, 7), days(3, 9))),
            (make.content("E1/1"), make.content("E1/2")),
            pickup="YARD",
        ),
        make.shipment("S-0002", "45X", come, (make.content("I1/1", inbound[:20]),)),
        make.shipment("S-0003", "45X", come, (make.content("I1/1", inbound[20:]),), released=True),
        make.shipment(
            "S-0004",
            "TRL",
            (("R-FTL", days(2, 9), days(2, 10)),),
            (make.content("H1/1", kind="in"),),
        ),
        make.shipment(
            "S-0005",
            "45X",
            (("R-HP", days(2, 11), days(2, 12)), ("R-SEA", days(2, 14), days(3, 16))),
            (make.content("H1/1", kind="out"),),
            pickup="PLANT",
        ),
        make.shipment(
            "S-0006",
            "",
            (("R-LTL", days(2, 2), days(2, 3)), ("R-LCL", days(2, 5), days(3, 9))),
            (make.content("P1/1"),),
        ),
    )
    uses = (
        BoxUse("S-0001", 1, days(2, 2).toordinal(), "YARD", empties=case.empties[0]),
        BoxUse("S-0005", 1, days(2, 11).toordinal(), "PLANT", import_shipment_id="S-0003"),
    )
    return case, Plan(shipments, uses, ())


def without_turns(plan: Plan) -> Plan:
    """The same shipments with every box from and to its port."""
    plain = tuple(replace(s, pickup_place="", released=False) for s in plan.shipments)
    return replace(plan, shipments=plain, box_uses=())
