"""The terms of a tender, judged by trying: what a plan's rebates are worth, which rules it breaks.

Nothing here knows the model or the books. A fact is (bid, load units, TEU, tonnes, base cost, base
cost with the percent charges that follow it) of one load unit or part load on our account.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from routing.case import Case

SMALL = 1e-6


def saved_by(case: Case, facts: list[tuple[Any, ...]]) -> float | None:
    """Money that rebates take off; None where a rule of the award is broken."""
    if not keeps_rules(case, facts):
        return None
    return tier_savings(case, facts) + bundle_savings(case, facts)


def lane(case: Case, bid_id: str) -> str:
    bid = next(b for b in case.bids if b.bid_id == bid_id)
    return bid.lane_id or f"{bid.origin} - {bid.destination}"


def carrier(case: Case, bid_id: str) -> str:
    return next(b.carrier for b in case.bids if b.bid_id == bid_id)


def tier_savings(case: Case, facts: list[tuple[Any, ...]]) -> float:
    """Tiers by carrier, scope, unit and kind."""
    scales: dict[Any, list[Any]] = {}
    for t in case.tender.tiers:
        scales.setdefault((t.carrier, t.scope, t.volume_unit, t.kind), []).append(t)
    total = 0.0
    for (who, scope, unit, kind), tiers in scales.items():
        at = {"load_unit": 1, "teu": 2, "t": 3}[unit]
        own = [
            f
            for f in facts
            if carrier(case, f[0]) == who and (not scope or lane(case, f[0]) in scope)
            and (unit == "t" or f[1])
        ]  # fmt: skip
        volume = sum(f[at] for f in own)
        tiers = sorted(tiers, key=lambda t: t.from_volume)
        if kind == "all_units":
            reached = [t for t in tiers if t.from_volume <= volume + SMALL]
            percent = max((t.discount_percent for t in reached[-1:]), default=0.0)
            if len(reached) > 1 and volume <= reached[-1].from_volume + SMALL:
                percent = max(percent, reached[-2].discount_percent)  # on the bound: either
            if reached and volume > tiers[-1].to_volume + SMALL:
                percent = 0.0
            total += percent / 100.0 * sum(f[5] for f in own)
        else:
            units = sorted(((f[5] / f[at], f[at]) for f in own if f[at]), reverse=True)
            ends = [t.from_volume for t in tiers[1:]] + [tiers[-1].to_volume]
            rooms = [
                [t.discount_percent, max(0.0, min(end, volume) - t.from_volume)]
                for t, end in zip(tiers, ends, strict=True)
            ]
            rooms.append([0.0, volume])
            rooms.sort(reverse=True)
            for price, count in units:
                for room in rooms:
                    part = min(count, room[1])
                    total += room[0] / 100.0 * part * price
                    room[1] -= part
                    count -= part
    return total


def bundle_savings(case: Case, facts: list[tuple[Any, ...]]) -> float:
    """The best set of bundles that the used bids allow."""
    used = {f[0] for f in facts}
    worth: dict[str, list[float]] = {}
    for number, bundle in enumerate(case.tender.bundles):
        own = [b for b in bundle.bid_ids if b in used]
        lanes = {lane(case, b) for b in own}
        whole = bundle.kind == "all_or_nothing"
        if (len(own) == len(bundle.bid_ids)) if whole else len(lanes) >= bundle.min_lanes:
            money = bundle.discount_percent / 100.0 * sum(f[5] for f in facts if f[0] in own)
            worth.setdefault(bundle.xor_group or f"#{number}", []).append(money)
    return sum(max(some) for some in worth.values())


def keeps_rules(case: Case, facts: list[tuple[Any, ...]]) -> bool:
    """Bundles that are all or nothing, rules of the award, carriers' own shares."""
    used = {f[0] for f in facts}
    whole = [b for b in case.tender.bundles if b.kind == "all_or_nothing"]
    if whole and not any(
        all(
            (b in used) == any(b in w.bid_ids for w, t in zip(whole, taken, strict=True) if t)
            for b in {x for w in whole for x in w.bid_ids}
        )
        and not any(
            sum(t for w, t in zip(whole, taken, strict=True) if w.xor_group == g) > 1
            for g in {w.xor_group for w in whole if w.xor_group}
        )
        for taken in product((False, True), repeat=len(whole))
    ):
        return False
    for rule in case.tender.rules:
        inside = [f for f in facts if not rule.scope or lane(case, f[0]) in rule.scope]
        carriers = {carrier(case, f[0]) for f in inside}
        if rule.rule == "max_carriers" and len(carriers) > rule.value:
            return False
        if rule.rule == "min_carriers" and len(carriers) < rule.value:
            return False
        if rule.rule == "max_carriers_per_lane":
            for name in {lane(case, f[0]) for f in inside}:
                some = {carrier(case, f[0]) for f in inside if lane(case, f[0]) == name}
                if len(some) > rule.value:
                    return False
        for volumes in shares(case, inside):
            every = sum(volumes.values())
            ours = sum(v for c, v in volumes.items() if case.carriers[c].incumbent)
            if rule.rule == "max_share" and any(
                v > rule.value * every + SMALL for v in volumes.values()
            ):
                return False
            if rule.rule == "min_share" and any(
                v < rule.value * every - SMALL for v in volumes.values()
            ):
                return False
            if rule.rule == "incumbent_min_share" and ours < rule.value * every - SMALL:
                return False
    for volumes in shares(case, facts):
        every = sum(volumes.values())
        for name, c in case.carriers.items():
            own = volumes.get(name, 0.0)
            if c.max_share is not None and own > c.max_share * every + SMALL:
                return False
            if c.min_share and name in volumes and own < c.min_share * every - SMALL:
                return False
    return True


def shares(case: Case, facts: list[tuple[Any, ...]]) -> list[dict[str, float]]:
    """Volume by carrier: TEU of container services, tonnes of the others."""
    found: list[dict[str, float]] = [{}, {}]
    for f in facts:
        service = next(b.service for b in case.bids if b.bid_id == f[0])
        kind, at = (0, 2) if service == "container" else (1, 3)
        name = carrier(case, f[0])
        found[kind][name] = found[kind].get(name, 0.0) + f[at]
    return [some for some in found if some]
