"""Rebates that a finished plan earns: which tiers it reaches, which bundles it takes.

What a rebate is taken off is the base cost of a bid: all its charges BAS on our account, minimums
included. Percent charges on the base follow it. Volumes are counted as in tender_volumes.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.bundles import taken_bundles
from routing.case import Case
from routing.tender import Scale, lane_of
from routing.tender_rebates import steps

SMALL = 1e-6
"""Volumes are compared to within this much."""


@dataclass(frozen=True)
class Carried:
    """What one shipment puts on one bid: volume by unit, and the base cost of it."""

    bid_id: str
    volume: Mapping[str, float]
    base_cost: float


@dataclass(frozen=True)
class Rebate:
    """A share of a bid's base cost that is taken off, and by what."""

    bid_id: str
    by: str
    share: float


def rebates_of(case: Case, carried: Sequence[Carried]) -> list[Rebate]:
    """Every rebate that a plan earns, by bid; tiers first, then bundles, in the tables' order."""
    bids = {b.bid_id: b for b in case.bids}
    found: list[Rebate] = []
    for scale in case.tender.scales:
        own = [
            c
            for c in carried
            if bids[c.bid_id].carrier == scale.carrier
            and (not scale.scope or lane_of(bids[c.bid_id]) in scale.scope)
            and scale.unit in c.volume
        ]
        if own:
            found += _tier_rebates(scale, own)
    base: dict[str, float] = defaultdict(float)
    for c in carried:
        base[c.bid_id] += c.base_cost
    lanes = {b.bid_id: lane_of(b) for b in case.bids}
    for bundle in taken_bundles(case.tender.bundles, base, lanes):
        if bundle.discount_percent:
            share = bundle.discount_percent / 100.0
            found += [
                Rebate(bid_id, f"bundle {bundle.bundle_id}", share)
                for bid_id in bundle.bid_ids
                if bid_id in base
            ]
    return found


def shares_of(rebates: Sequence[Rebate]) -> dict[str, float]:
    """What is taken off each bid in all."""
    shares: dict[str, float] = defaultdict(float)
    for rebate in rebates:
        shares[rebate.bid_id] += rebate.share
    return dict(shares)


def _tier_rebates(scale: Scale, own: Sequence[Carried]) -> list[Rebate]:
    volume = sum(c.volume[scale.unit] for c in own)
    by = f"tier of {scale.carrier}"
    base: dict[str, float] = defaultdict(float)
    for c in own:
        base[c.bid_id] += c.base_cost
    if not scale.incremental:
        percent = max(d for low, high, d in steps(scale) if low - SMALL <= volume <= high + SMALL)
        return [Rebate(b, by, percent / 100.0) for b in base if percent]
    saved: dict[str, float] = defaultdict(float)
    for bid_id, percent, part in _dealt(scale, own, volume):
        saved[bid_id] += percent / 100.0 * part
    return [Rebate(b, by, saved[b] / base[b]) for b in base if saved[b]]


def _dealt(scale: Scale, own: Sequence[Carried], volume: float) -> list[tuple[str, float, float]]:
    """(bid, percent, base cost) of an incremental scale: the dearest units in the best tier."""
    rooms = sorted(
        ([d, max(0.0, min(high, volume) - low)] for low, high, d in steps(scale)), reverse=True
    )
    dearest = sorted(
        (c for c in own if c.volume[scale.unit] > 0),
        key=lambda c: (-c.base_cost / c.volume[scale.unit], c.bid_id),
    )
    found = []
    for c in dearest:
        units = c.volume[scale.unit]
        price = c.base_cost / units
        for room in rooms:
            part = min(units, room[1])
            if part > 0.0:
                found.append((c.bid_id, room[0], part * price))
                room[1] -= part
                units -= part
    return found
