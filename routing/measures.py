"""The seven measures as switches: what a plan may do when one of them is off.

Off means (TABLES.md): distance, the baseline's `via`; mode_shift, the baseline's `modes`; tender,
the baseline's carriers, else incumbents; load_rate, one order a load unit; packaging, only current
ones; consolidation, no re-stuffing; round_use, boxes from and to the port. Where a relation has no
baseline row, the incumbents' cheapest current way stands for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from loading.units import Packaging
from lowhaul.findings import Finding, Findings
from routing.baseline import BaselineWay
from routing.case import Case
from routing.costs import linear_price
from routing.network import Link, Network
from routing.orders import Order
from routing.runs import MAX_LEGS, part_ways

Via = tuple[str, ...]


@dataclass(frozen=True)
class WayRule:
    """What the ways of one order must look like; None: anything goes."""

    via: Via | None = None
    modes: Via | None = None
    carriers: frozenset[str] | None = None
    equipment: str = ""
    load_rate: float = 1.0
    alone: bool = False

    def admits_way(self, via: Via, modes: Via) -> bool:
        """True if a way with these places and modes is open."""
        return (self.via is None or via == self.via) and (self.modes is None or modes == self.modes)

    def admits_feeder(self, via: Via, modes: Via) -> bool:
        """The same for the way to or from a logistics centre: direct, and by road."""
        return (self.via is None or not via) and (self.modes is None or modes == ("road",))

    def admits_equipment(self, equipment: str) -> bool:
        """True if that equipment is open."""
        return not self.equipment or equipment == self.equipment


def packagings_for(case: Case, order: Order) -> list[Packaging]:
    """The packagings that an order may be put up in, the current one first."""
    known = case.packagings[order.sku]
    current = [p for p in known if not p.candidate]
    if case.settings.on("packaging"):
        return [*current, *(p for p in known if p.candidate)]
    named = [row.packaging_id for row in _rows(case, order)]
    chosen = [p for p in current if p.packaging_id in named]
    return (chosen or current)[:1]


def rules(case: Case, network: Network, findings: Findings) -> dict[str, WayRule]:
    """The rule of every order (by key), with the measures that are off.

    Rows that share a relation are dealt to its orders in the order of their ready dates, so that
    the mass of each comes near its share.
    """
    settings = case.settings
    restricted = not all(settings.on(m) for m in ("distance", "mode_shift", "tender", "load_rate"))
    if not restricted:
        return {order.key: WayRule() for order in case.orders}
    row_of = deal_rows(case)
    cheapest: dict[tuple[str, str], tuple[Via, Via] | None] = {}
    result = {}
    for order in case.orders:
        relation = (order.origin, order.destination)
        row = row_of.get(order.key)
        if row is None and relation not in cheapest:
            cheapest[relation] = _incumbents_way(case, network, order)
            if cheapest[relation] is None:
                findings.add(_no_current_way(order))
        way = cheapest.get(relation)
        via = (row.via if row.modes or row.via else None) if row else (way[0] if way else None)
        modes = (row.modes or None) if row else (way[1] if way else None)
        result[order.key] = WayRule(
            via=None if settings.on("distance") else via,
            modes=None if settings.on("mode_shift") else modes,
            carriers=None if settings.on("tender") else _carriers(case, row, way is None),
            equipment="" if settings.on("load_rate") or row is None else row.equipment,
            load_rate=(row.load_rate or 1.0) if row and not settings.on("load_rate") else 1.0,
            alone=not settings.on("load_rate"),
        )
    return result


def deal_rows(case: Case) -> dict[str, BaselineWay]:
    """The baseline row of each order that has one: shares are met by mass as orders come ready."""
    dealt: dict[str, BaselineWay] = {}
    waiting: dict[tuple[str, str], list[Order]] = defaultdict(list)
    for order in case.orders:
        waiting[order.origin, order.destination].append(order)
    for orders in waiting.values():
        rows = _rows(case, orders[0])
        if not rows:
            continue
        given = [0.0] * len(rows)
        for order in sorted(orders, key=lambda o: (o.ready_date, o.key)):
            mass = order.quantity * case.products[order.sku].net_mass_kg
            total = sum(given) + mass
            lack = [row.share * total - got for row, got in zip(rows, given, strict=True)]
            best = max(range(len(rows)), key=lambda i: (lack[i], -i))
            given[best] += mass
            dealt[order.key] = rows[best]
    return dealt


def hub_carriers(case: Case, rule: WayRule) -> frozenset[str] | None:
    """Carriers for the ways to and from a logistics centre: the rule's own and the incumbents."""
    if rule.carriers is None:
        return None
    return rule.carriers | incumbents(case)


def incumbents(case: Case) -> frozenset[str]:
    """The carriers that work for us already."""
    return frozenset(c.carrier for c in case.carriers.values() if c.incumbent)


def _rows(case: Case, order: Order) -> list[BaselineWay]:
    relation = (order.origin, order.destination)
    return [row for row in case.baseline if (row.origin, row.destination) == relation]


def _carriers(case: Case, row: BaselineWay | None, nobody: bool) -> frozenset[str] | None:
    if row is not None and row.carriers:
        return frozenset(row.carriers)
    if row is None and nobody:
        return None
    return incumbents(case)


def _no_current_way(order: Order) -> Finding:
    return Finding(
        code="W210",
        severity="warning",
        message=(
            f"{order.origin} to {order.destination} has no baseline row and the incumbents bid no "
            "whole way; measures that are switched off do not restrict it."
        ),
        hint="Give a row in baseline, or mark the carriers that work for you as incumbent.",
        file="baseline",
        value=order.key,
    )


def _incumbents_way(case: Case, network: Network, order: Order) -> tuple[Via, Via] | None:
    """Places and modes of the incumbents' cheapest way, by price per m3 of equipment.

    Part loads stand for it where no load unit goes the whole way.
    """
    ours = incumbents(case)
    priced: list[tuple[float, tuple[Via, Via]]] = []
    for equipment in case.equipment.values():
        for way in network.ways(order.origin, order.destination, equipment.code, MAX_LEGS):
            costs = [_cheapest(case, link, ours, order.ready_date) for link in way]
            if None not in costs:
                price = sum(c for c in costs if c is not None) / equipment.volume_m3
                via = tuple(link.destination for link in way[:-1])
                priced.append((price, (via, tuple(link.mode for link in way))))
    if priced:
        return min(priced)[1]
    parts = [
        offers
        for offers in part_ways(network, order.origin, order.destination)
        if all(o.bid.carrier in ours for o in offers)
    ]
    if not parts:
        return None
    chain = min(
        parts, key=lambda offers: sum(o.bid.rate * case.fx.factor(o.bid.currency) for o in offers)
    )
    return tuple(o.bid.destination for o in chain[:-1]), tuple(o.bid.mode for o in chain)


def _cheapest(case: Case, link: Link, carriers: frozenset[str], day: date) -> float | None:
    teu = case.equipment[link.equipment].teu
    prices = [
        linear_price(o.bid, teu=teu, driven_km=o.driven_km, day=day, fx=case.fx).per_load_unit
        for o in link.offers
        if o.bid.carrier in carriers
    ]
    return min(prices) if prices else None
