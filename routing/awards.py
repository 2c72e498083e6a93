"""Award a tender by lanes: which carrier gets how much of each lane's forecast volume.

This is the tender alone, before any order is known: volumes may be dealt freely, no box is packed.
The plan of orders (routing/model.py) has the same rows for minimums, rebates, bundles and rules.

Sets       l lanes, b in B_l bids of a lane    c carriers
Data       W_l volume of a lane, TEU    r_b rate of one TEU    C_b most volume of a bid
Decide     x_b >= 0 volume of a bid, TEU    and the columns of routing/tender_rows.py
So that    sum_(b in B_l) x_b = W_l                                     (lane)
           x_b <= min(C_b, W_l)
           the rows of routing/tender_rows.py
Minimise   sum r_b x_b + what those rows add
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.linear import LinearModel, add_terms
from lowhaul.solve import Limits, Solved, relative_gap, solve
from routing.bids import Carrier
from routing.lane_prices import open_tiers, price_lanes, useful
from routing.tender import Tender
from routing.tender_rebates import Rebates
from routing.tender_rows import BidVolume, TenderRows
from routing.tender_rules import AwardRules


@dataclass(frozen=True)
class LaneVolume:
    """A lane and its forecast volume, TEU."""

    lane: str
    volume_teu: float
    remote: bool = False


@dataclass(frozen=True)
class LaneBid:
    """A carrier's offer for a lane: rate of one TEU, most and least volume (of a used bid), TEU."""

    bid_id: str
    carrier: str
    lane: str
    rate: float
    capacity_teu: float = inf
    min_volume_teu: float = 0.0
    new_to_lane: bool = False


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


SMALL_TEU = 1e-6
"""Less volume than this is no award."""
DEAR = 0.02
"""Bids dearer than their lane's price by more than this share are left out at first."""
FEW_BIDS = 1_000
"""Up to so many bids all are asked at once."""
PRICED_SHARE = 0.6
"""Share of the time for the award on the bids that are worth it; the rest is for all of them."""


def choose_awards(
    lanes: Sequence[LaneVolume],
    bids: Sequence[LaneBid],
    carriers: Mapping[str, Carrier],
    tender: Tender,
    limits: Limits,
) -> Awards:
    """The cheapest award that covers every lane and keeps every rule.

    Large tenders are solved on the bids that are worth their lane's price (routing/lane_prices.py);
    the bound stays that of all bids, and all are asked if the gap is still open.

    Raises NoPlanExists where no award keeps the rules, TimeIsUp where none was found in time.
    """
    started = time.perf_counter()
    best = Solved("timeout")
    bound = -inf
    volume: dict[str, int] = {}
    if len(bids) > FEW_BIDS:
        prices = price_lanes(lanes, bids, carriers, tender, _rough_cost(lanes, bids, carriers))
        bound = prices.bound
        kept, terms = useful(prices, bids, tender, DEAR)
        for some in (
            (without_bundles(kept, terms), (kept, terms)) if terms.bundles else ((kept, terms),)
        ):
            left_s = limits.time_limit_s * PRICED_SHARE - (time.perf_counter() - started)
            model, columns = award_model(
                lanes, some[0], carriers, some[1], open_tiers(prices, some[1])
            )
            asked = solve(model, replace(limits, time_limit_s=max(1.0, left_s), gap=limits.gap / 2))
            if asked.objective < best.objective:
                best, volume = asked, columns
    if relative_gap(best.objective, bound) > limits.gap:
        model, every = award_model(lanes, bids, carriers, tender)
        left_s = limits.time_limit_s - (time.perf_counter() - started)
        asked = solve(model, replace(limits, time_limit_s=max(1.0, left_s)))
        if asked.status == "infeasible":
            raise NoPlanExists("No award covers every lane and keeps the minimums and rules.", [])
        bound = max(bound, asked.bound)
        if asked.objective < best.objective:
            best, volume = asked, every
    if not best.found:
        raise TimeIsUp("Time ran out before an award was found. Try a longer limit.")
    found = {b: best.values[c] for b, c in volume.items() if best.values[c] > SMALL_TEU}
    closed = relative_gap(best.objective, bound) <= limits.gap
    return Awards(
        "optimal" if closed else "feasible",
        found,
        best.objective,
        min(bound, best.objective),
        time.perf_counter() - started,
    )


def without_bundles(bids: Sequence[LaneBid], tender: Tender) -> tuple[list[LaneBid], Tender]:
    """The tender without bundles and without the bids that go with a bundle alone."""
    bound = {bid_id for b in tender.bundles if b.kind == "all_or_nothing" for bid_id in b.bid_ids}
    return [b for b in bids if b.bid_id not in bound], replace(tender, bundles=())


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


def award_model(
    lanes: Sequence[LaneVolume],
    bids: Sequence[LaneBid],
    carriers: Mapping[str, Carrier],
    tender: Tender,
    tiers: frozenset[tuple[int, int]] | None = None,
) -> tuple[LinearModel, dict[str, int]]:
    """The model of this module's docstring, and the column of each bid's volume.

    `tiers`: the only (scale, tier) that may be reached; None for all.
    """
    model = LinearModel()
    by_lane = {lane.lane: lane for lane in lanes}
    on_lane: dict[str, list[int]] = defaultdict(list)
    volume: dict[str, int] = {}
    cost: dict[int, float] = {}
    volumes = []
    for bid in bids:
        lane = by_lane[bid.lane]
        most = min(bid.capacity_teu, lane.volume_teu)
        x = model.column(f"x[{bid.bid_id}]", 0.0, most)
        volume[bid.bid_id] = x
        on_lane[bid.lane].append(x)
        cost[x] = bid.rate
        volumes.append(
            BidVolume(
                bid.bid_id, bid.carrier, bid.lane, lane.remote, bid.new_to_lane, "teu",
                {"teu": {x: 1.0}}, {"teu": most}, {x: bid.rate},
                least=min(1.0, lane.volume_teu), min_volume=min(bid.min_volume_teu, most),
                ours={x: 1.0},
            )
        )  # fmt: skip
    for lane in lanes:
        terms = dict.fromkeys(on_lane[lane.lane], 1.0)
        model.row(f"lane[{lane.lane}]", terms, lower=lane.volume_teu, upper=lane.volume_teu)
    fixed = {c.carrier: c.fixed_cost for c in carriers.values() if c.fixed_cost}
    rows = TenderRows(model, volumes, carriers, tender, fixed)
    rows.build()
    Rebates(rows, tiers).build()
    AwardRules(rows, {("teu", b.carrier) for b in bids}).build()
    model.minimise(add_terms(cost, rows.cost))
    return model, volume
