"""The terms of a tender, judged by trying: what a plan's rebates are worth, which rules it breaks.

Nothing here knows the model or the books. A lot is one load unit or part load on our account.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from routing.bids import Bid
from routing.case import Case
from routing.tender import TenderRule

SMALL = 1e-6
Volumes = dict[str, float]
"""Volume by carrier, of one kind of services."""


class Lot(NamedTuple):
    """What one load unit or part load puts on a bid.

    `rebated` is what rebates are taken of: the base cost with the percent charges that follow it.
    """

    bid_id: str
    load_units: float
    teu: float
    tonnes: float
    base_cost: float
    rebated: float


class TenderJudge:
    """Judges the lots of a plan of one case."""

    def __init__(self, case: Case) -> None:
        self.tender = case.tender
        self.carriers = case.carriers
        self.lane = {b.bid_id: b.lane_id or f"{b.origin} - {b.destination}" for b in case.bids}
        self.carrier = {b.bid_id: b.carrier for b in case.bids}
        self.container = {b.bid_id: b.service == "container" for b in case.bids}
        self.remote = {b.bid_id for b in case.bids if is_remote(case, b)}
        self.new = {b.bid_id for b in case.bids if self.is_new(case, b)}

    def saved(self, lots: list[Lot]) -> float | None:
        """Money that rebates take off; None where a rule of the award is broken."""
        bundled = self.bundle_savings(lots)
        if bundled is None or not self.keeps_rules(lots):
            return None
        return self.tier_savings(lots) + bundled

    def most_saved(self, bid: Bid) -> float:
        """The share of a bid's base cost that all rebates together could ever take off."""
        scales: dict[object, float] = {}
        for t in self.tender.tiers:
            if t.carrier == bid.carrier and (not t.scope or self.lane[bid.bid_id] in t.scope):
                name = t.scope, t.volume_unit, t.kind
                scales[name] = max(scales.get(name, 0.0), t.discount_percent)
        bundles = sum(b.discount_percent for b in self.tender.bundles if bid.bid_id in b.bid_ids)
        return (sum(scales.values()) + bundles) / 100.0

    # ---- rebates

    def tier_savings(self, lots: list[Lot]) -> float:
        """Tiers by carrier, scope, unit and kind."""
        total = 0.0
        for scale in self.tender.scales:
            own = [
                x
                for x in lots
                if self.carrier[x.bid_id] == scale.carrier
                and (not scale.scope or self.lane[x.bid_id] in scale.scope)
                and (scale.unit == "t" or x.load_units)
            ]
            volumes = [
                {"load_unit": x.load_units, "teu": x.teu, "t": x.tonnes}[scale.unit] for x in own
            ]
            volume = sum(volumes)
            tiers = scale.tiers
            if not scale.incremental:
                reached = [t for t in tiers if t.from_volume <= volume + SMALL]
                percent = max((t.discount_percent for t in reached[-1:]), default=0.0)
                if len(reached) > 1 and volume <= reached[-1].from_volume + SMALL:
                    percent = max(percent, reached[-2].discount_percent)  # on the bound: either
                if reached and volume > tiers[-1].to_volume + SMALL:
                    percent = 0.0
                total += percent / 100.0 * sum(x.rebated for x in own)
                continue
            units = sorted(
                ((x.rebated / v, v) for x, v in zip(own, volumes, strict=True) if v), reverse=True
            )
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

    def bundle_savings(self, lots: list[Lot]) -> float | None:
        """The best set of bundles that the used bids allow; None where they allow none.

        Each used bid of all-or-nothing bundles is held by exactly one of them that is taken; of a
        group at most one is taken; a conditional one asks for its number of lanes.
        """
        bundles = self.tender.bundles
        used = {x.bid_id for x in lots}
        asked = {b for x in bundles if x.kind == "all_or_nothing" for b in x.bid_ids} & used
        best: float | None = None
        for choice in product((False, True), repeat=len(bundles)):
            taken = [b for b, t in zip(bundles, choice, strict=True) if t]
            held = [b for x in taken if x.kind == "all_or_nothing" for b in x.bid_ids]
            groups = [x.xor_group for x in taken if x.xor_group]
            enough = all(
                len({self.lane[b] for b in x.bid_ids if b in used}) >= x.min_lanes
                for x in taken
                if x.kind == "conditional"
            )
            if enough and sorted(held) == sorted(asked) and len(groups) == len(set(groups)):
                money = sum(
                    x.discount_percent
                    / 100.0
                    * sum(y.rebated for y in lots if y.bid_id in x.bid_ids)
                    for x in taken
                )
                best = money if best is None else max(best, money)
        return best

    # ---- rules of the award

    def keeps_rules(self, lots: list[Lot]) -> bool:
        """Every rule of the award, and carriers' own shares."""
        return all(
            self.keeps(
                rule, [x for x in lots if not rule.scope or self.lane[x.bid_id] in rule.scope]
            )
            for rule in self.tender.rules
        ) and self.keeps_own_shares(lots)

    def keeps(self, rule: TenderRule, inside: list[Lot]) -> bool:
        """One rule, on the lots of its scope."""
        far = [x for x in inside if x.bid_id in self.remote]
        match rule.rule:
            case "max_carriers":
                return len(self.carriers_of(inside)) <= rule.value
            case "min_carriers":
                return len(self.carriers_of(inside)) >= rule.value
            case "max_carriers_per_lane":
                return all(len(c) <= rule.value for c in self.carriers_by_lane(inside))
            case "remote_lane_covered":
                return all(len(c) >= rule.value for c in self.carriers_by_lane(far))
        new = [x for x in inside if x.bid_id in self.new]
        return all(
            self.keeps_share(rule, volumes, remote, sum(fresh.values()))
            for volumes, remote, fresh in zip(
                self.shares(inside), self.shares(far), self.shares(new), strict=True
            )
        )

    def keeps_share(self, rule: TenderRule, volumes: Volumes, remote: Volumes, new: float) -> bool:
        """A rule of shares, on volumes of one kind of services."""
        share = rule.value * sum(volumes.values())
        match rule.rule:
            case "max_share":
                return all(v <= share + SMALL for v in volumes.values())
            case "min_share":
                return all(v >= share - SMALL for v in volumes.values())
            case "incumbent_min_share":
                ours = sum(v for c, v in volumes.items() if self.carriers[c].incumbent)
                return ours >= share - SMALL
            case "max_change_share":
                return new <= share + SMALL
            case "remote_min_share":
                return all(remote.get(c, 0.0) >= rule.value * v - SMALL for c, v in volumes.items())
        raise ValueError(rule.rule)

    def keeps_own_shares(self, lots: list[Lot]) -> bool:
        """A carrier's most, and its least: a promise for each kind of services that it bids."""
        for containers, volumes in zip((True, False), self.shares(lots), strict=True):
            every = sum(volumes.values())
            bidding = {self.carrier[b] for b, c in self.container.items() if c == containers}
            for name, c in self.carriers.items():
                own = volumes.get(name, 0.0)
                if c.max_share is not None and own > c.max_share * every + SMALL:
                    return False
                if c.min_share and name in bidding and own < c.min_share * every - SMALL:
                    return False
        return True

    # ---- counts

    def carriers_of(self, lots: list[Lot]) -> set[str]:
        return {self.carrier[x.bid_id] for x in lots}

    def carriers_by_lane(self, lots: list[Lot]) -> list[set[str]]:
        """The carriers of each lane that is used."""
        found: dict[str, set[str]] = {}
        for x in lots:
            found.setdefault(self.lane[x.bid_id], set()).add(self.carrier[x.bid_id])
        return list(found.values())

    def shares(self, lots: list[Lot]) -> list[Volumes]:
        """Volume by carrier: TEU of container services, then tonnes of the others."""
        found: list[Volumes] = [{}, {}]
        for x in lots:
            container = self.container[x.bid_id]
            volumes, name = found[0 if container else 1], self.carrier[x.bid_id]
            volumes[name] = volumes.get(name, 0.0) + (x.teu if container else x.tonnes)
        return found

    def is_new(self, case: Case, bid: Bid) -> bool:
        """True if the carrier has no contract on the lane, or is no incumbent where nobody has."""
        here = [b for b in case.bids if self.lane[b.bid_id] == self.lane[bid.bid_id]]
        contracts = {b.carrier for b in here if b.status == "contract"}
        known = contracts or {b.carrier for b in here if case.carriers[b.carrier].incumbent}
        return bid.carrier not in known


def is_remote(case: Case, bid: Bid) -> bool:
    """By the lane's own row, else by the places at its ends."""
    places = case.places[bid.origin], case.places[bid.destination]
    return case.remote_lanes.get(bid.lane_id, any(p.remote for p in places))
