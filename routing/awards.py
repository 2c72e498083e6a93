"""Award a tender by lanes: which carrier gets how much of each lane's forecast volume.

The model is that of routing/award_model.py. A tender of up to a thousand bids is solved in one
piece. A larger one begins with an award that is dealt at once (routing/award_start.py); prices of
its lanes (routing/lane_prices.py) prove a bound and tell which bids are worth a thought; the award
is then made better part by part (routing/award_search.py) until it is within the gap of the bound
or the time is over. Whenever it is stopped there is an award, and what is proved of it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.solve import Limits, relative_gap
from routing.award_model import LaneBid, LaneVolume
from routing.award_search import AwardSearch, Progress
from routing.award_start import cheapest_awards
from routing.bids import Carrier
from routing.lane_prices import open_tiers, price_lanes, useful
from routing.tender import Tender

__all__ = ["Awards", "LaneBid", "LaneVolume", "choose_awards"]

STEPS = ((0.01, 0.5), (0.02, 0.0), (0.05, 0.0), (0.1, 0.0), (0.2, 0.0))
"""Bids dearer than their lane's price by more than this share are left out, step by step fewer.

Beside it: with rebates, tiers that the prices reached less often than this are left out too.
"""
START_GAP = 1e-6
"""Gap of the award on the cheapest bids alone: small, or it could end above the deal itself."""
STEP_SHARE = 0.6
"""So much of the time that is left one step may take."""
FEW_BIDS = 1_000
"""Up to so many bids all are asked at once."""


@dataclass(frozen=True)
class Awards:
    """Volume by bid (TEU), the cost of it all, and the proved bound of that cost."""

    status: str
    volume_teu: dict[str, float]
    cost: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """The proved relative gap."""
        return relative_gap(self.cost, self.bound)


LAST_SHARE = 0.1
"""With less of the time left all bids of a large tender are not asked at once: it takes as long."""


def choose_awards(
    lanes: Sequence[LaneVolume],
    bids: Sequence[LaneBid],
    carriers: Mapping[str, Carrier],
    tender: Tender,
    limits: Limits,
    progress: Progress = lambda told: None,
) -> Awards:
    """The cheapest award that covers every lane and keeps every rule.

    Raises NoPlanExists where no award keeps the rules, TimeIsUp where none was found in time.
    """
    search = AwardSearch(lanes, bids, carriers, tender, limits, progress)
    least_s = 0.0
    if len(bids) > FEW_BIDS:
        _search_large(search, limits)
        least_s = LAST_SHARE * limits.time_limit_s
    if not search.closed and search.left_s > least_s:
        status = search.ask("all bids", bids, tender, replace(limits, time_limit_s=search.left_s))
        if status == "infeasible":
            raise NoPlanExists("No award covers every lane and keeps the minimums and rules.", [])
    if not search.held.volume_teu:
        raise TimeIsUp("Time ran out before an award was found. Try a longer limit.")
    return Awards(
        "optimal" if search.closed else "feasible",
        dict(search.held.volume_teu),
        search.held.cost,
        min(search.bound, search.held.cost),
        time.perf_counter() - search.started,
    )


def _search_large(search: AwardSearch, limits: Limits) -> None:
    """An award at once, a bound by prices, and the award made better on the bids worth it."""
    lanes, bids, carriers, tender = search.lanes, search.bids, search.carriers, search.tender
    start = cheapest_awards(lanes, bids, tender)
    if start is not None:
        own = [b for b in bids if b.bid_id in start]
        search.ask("cheapest bids", own, tender, replace(limits, gap=START_GAP))
    target = min(search.held.cost, _rough_cost(lanes, bids, carriers))
    prices = price_lanes(lanes, bids, carriers, tender, target)
    search.bound = prices.bound
    search.tell("prices of lanes", len(bids))
    worth: list[LaneBid] = []
    tiers = open_tiers(prices, tender)
    for dear, rare in STEPS:
        if rare and tiers is None:
            continue
        if search.closed or search.left_s <= 1.0:
            return
        kept, _ = useful(prices, bids, tender, dear)
        ids = {b.bid_id for b in kept} | set(search.held.volume_teu)
        worth = [b for b in bids if b.bid_id in ids]
        search.ask(
            f"bids within {dear:.0%} of their lane's price",
            worth,
            tender,
            Limits(search.left_s * STEP_SHARE, limits.gap / 2, limits.seed),
            open_tiers(prices, tender, rare) if rare else tiers,
        )
    if search.held.volume_teu:
        search.improve(worth, tiers)


def _rough_cost(
    lanes: Sequence[LaneVolume], bids: Sequence[LaneBid], carriers: Mapping[str, Carrier]
) -> float:
    """Every lane on its cheapest bids, whatever the rules: how dear an award may roughly be."""
    by_lane: dict[str, list[LaneBid]] = defaultdict(list)
    for bid in bids:
        by_lane[bid.lane].append(bid)
    cost, used = 0.0, set()
    for lane in lanes:
        left = lane.volume_teu
        for bid in sorted(by_lane[lane.lane], key=lambda b: b.rate):
            taken = min(left, bid.capacity_teu)
            cost += taken * bid.rate
            left -= taken
            used.add(bid.carrier)
            if left <= 0:
                break
    return cost + sum(carriers[c].fixed_cost for c in used)
