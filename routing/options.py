"""What is open to each order: groups of runs it may share, and part loads of its own.

Groups are finer than day classes and need no nested rows (docs/decisions/groups.md). They are made
in admission.py (what a run admits, who shares it) and opening.py (pairs of places, days, centres).
"""

from __future__ import annotations

from dataclasses import dataclass

from loading.units import handling_units
from lowhaul.findings import Findings
from routing.admission import Admitting
from routing.case import Case
from routing.groups import Entry, Group, Packed, PartOption, Sharing, Terms
from routing.measures import packagings_for, rules
from routing.network import Network, WayKey
from routing.offers import make_offers
from routing.opening import Opening
from routing.orders import Order
from routing.reach import TurnReach

__all__ = [
    "Entry",
    "Group",
    "Options",
    "Packed",
    "PartOption",
    "Sharing",
    "Terms",
    "build_options",
]


@dataclass(frozen=True)
class Options:
    """Everything that the model chooses from. Keys of the mappings are order keys.

    `hubs` are the logistics centres open to an order; `reach` tells where boxes may be reused;
    `findings` are what bids and orders were left out for. With `timeless`, boxes are matched
    without their days, a relaxation that bounds every plan.
    """

    case: Case
    network: Network
    packed: dict[str, tuple[Packed, ...]]
    groups: tuple[Group, ...]
    parts: tuple[PartOption, ...]
    hubs: dict[str, tuple[str, ...]]
    reach: TurnReach
    findings: Findings
    timeless: bool = False


def build_options(
    case: Case, *, timeless: bool = False, only: frozenset[WayKey] | None = None
) -> Options:
    """All groups and part loads of a case; `only` keeps the ways that a relaxation asked for.

    With `timeless`, boxes may be reused before they stand ready: far fewer runs differ then, and
    the relaxation's value bounds every real plan (docs/decisions/large-plans.md).
    """
    findings = Findings()
    network = Network(make_offers(case, findings), case.places, case.carriers)
    reach = TurnReach(case)
    open_ways = rules(case, network, findings)
    packed = {order.key: put_up(case, order) for order in case.orders}
    admitting = Admitting(case, network, reach, open_ways, packed, timeless=timeless)
    opening = Opening(case, network, reach, admitting, only)
    opening.open_all()
    return Options(
        case,
        network,
        packed,
        tuple(opening.groups),
        tuple(opening.parts),
        opening.hubs,
        reach,
        findings,
        timeless,
    )


def put_up(case: Case, order: Order) -> tuple[Packed, ...]:
    """An order in each packaging open to it, the current one first."""
    net_mass_kg = case.products[order.sku].net_mass_kg
    return tuple(
        Packed(order, p, tuple(handling_units(order.key, order.quantity, net_mass_kg, p)))
        for p in packagings_for(case, order)
    )
