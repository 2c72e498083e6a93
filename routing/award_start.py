"""An award at once: every lane to its cheapest bids, then repaired.

Bids that go with an all-or-nothing bundle are left out. Where more carriers are used than the
award may have, the one with the least volume is closed and its lanes are dealt again.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing.award_model import LaneBid, LaneVolume
from routing.tender import Tender

SMALL_TEU = 1e-9
MANY = 99
"""More carriers than any lane has."""


def cheapest_awards(
    lanes: Sequence[LaneVolume], bids: Sequence[LaneBid], tender: Tender
) -> dict[str, float] | None:
    """TEU by bid; None where a lane cannot be covered this way.

    Kept are capacities, minimums and the numbers of carriers; other rules and all rebates are
    neither looked at nor promised.
    """
    whole = {x for b in tender.bundles if b.kind == "all_or_nothing" for x in b.bid_ids}
    offers: dict[str, list[LaneBid]] = {lane.lane: [] for lane in lanes}
    for bid in sorted(bids, key=lambda b: (b.rate, b.bid_id)):
        if bid.bid_id not in whole:
            offers[bid.lane].append(bid)
    most = {r.rule: int(r.value) for r in tender.rules if not r.scope}
    carrier = {b.bid_id: b.carrier for b in bids}
    dealt: dict[str, dict[str, float]] = {}
    closed: set[str] = set()
    again = list(lanes)
    while True:
        for lane in again:
            left = [b for b in offers[lane.lane] if b.carrier not in closed]
            found = deal_lane(lane.volume_teu, left, most.get("max_carriers_per_lane", MANY))
            if found is None:
                return None
            dealt[lane.lane] = found
        used: dict[str, float] = {}
        for some in dealt.values():
            for bid_id, volume in some.items():
                used[carrier[bid_id]] = used.get(carrier[bid_id], 0.0) + volume
        if len(used) <= most.get("max_carriers", len(used)):
            return {bid_id: v for some in dealt.values() for bid_id, v in some.items()}
        least = min(used, key=lambda c: (used[c], c))
        closed.add(least)
        again = [x for x in lanes if any(carrier[b] == least for b in dealt[x.lane])]


def deal_lane(volume: float, offers: Sequence[LaneBid], most: int) -> dict[str, float] | None:
    """The cheapest neighbours in price that cover a lane: at most `most`, minimums kept."""
    for start in range(len(offers)):
        for count in range(1, most + 1):
            some = offers[start : start + count]
            if sum(min(b.capacity_teu, volume) for b in some) < volume - SMALL_TEU:
                continue
            if sum(b.min_volume_teu for b in some) > volume + SMALL_TEU:
                continue
            left = volume - sum(b.min_volume_teu for b in some)
            found = {}
            for b in some:
                more = min(left, min(b.capacity_teu, volume) - b.min_volume_teu)
                found[b.bid_id] = b.min_volume_teu + more
                left -= more
            return {b: v for b, v in found.items() if v > SMALL_TEU}
    return None
