"""The ground that options are made on: the network of bids, the rules, what runs admit.

One survey serves the search and the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

from loading.units import handling_units
from lowhaul.findings import Findings
from routing.admission import Admitting
from routing.case import Case
from routing.groups import Packed
from routing.measures import packagings_for, rules
from routing.network import Network
from routing.offers import make_offers
from routing.orders import Order
from routing.reach import TurnReach


@dataclass(frozen=True)
class Ground:
    """What options are made on: the network of bids, the rules, and what runs admit."""

    case: Case
    network: Network
    packed: dict[str, tuple[Packed, ...]]
    reach: TurnReach
    admitting: Admitting
    findings: Findings


def survey(case: Case, *, whole_runs: bool) -> Ground:
    """The ground of a case; `whole_runs` as in `Admitting`."""
    findings = Findings()
    network = Network(make_offers(case, findings), case.places, case.carriers)
    reach = TurnReach(case)
    open_ways = rules(case, network, findings)
    packed = {order.key: put_up(case, order) for order in case.orders}
    admitting = Admitting(case, network, reach, open_ways, packed, whole_runs=whole_runs)
    return Ground(case, network, packed, reach, admitting, findings)


def put_up(case: Case, order: Order) -> tuple[Packed, ...]:
    """An order in each packaging open to it, the current one first."""
    net_mass_kg = case.products[order.sku].net_mass_kg
    return tuple(
        Packed(order, p, tuple(handling_units(order.key, order.quantity, net_mass_kg, p)))
        for p in packagings_for(case, order)
    )
