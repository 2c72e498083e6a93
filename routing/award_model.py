"""The model of an award by lanes: which carrier gets how much of each lane's forecast volume.

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

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from lowhaul.linear import LinearModel, add_terms
from routing.bids import Carrier
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
    """A carrier's offer for a lane: rate of one TEU, most and least volume (of a used bid), TEU.

    `co2e_kg` is what one TEU emits on it, well-to-wheel.
    """

    bid_id: str
    carrier: str
    lane: str
    rate: float
    capacity_teu: float = inf
    min_volume_teu: float = 0.0
    new_to_lane: bool = False
    co2e_kg: float = 0.0


def award_model(
    lanes: Sequence[LaneVolume],
    bids: Sequence[LaneBid],
    carriers: Mapping[str, Carrier],
    tender: Tender,
    tiers: frozenset[tuple[int, int]] | None = None,
    *,
    bidding: Collection[str] = (),
) -> tuple[LinearModel, dict[str, int]]:
    """The model of this module's docstring, and the column of each bid's volume.

    `tiers`: the only (scale, tier) that may be reached; None for all. `bidding`: who bids in the
    tender as a whole, where `bids` are but some of it.
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
            )
        )  # fmt: skip
    for lane in lanes:
        terms = dict.fromkeys(on_lane[lane.lane], 1.0)
        model.row(f"lane[{lane.lane}]", terms, lower=lane.volume_teu, upper=lane.volume_teu)
    fixed = {c.carrier: c.fixed_cost for c in carriers.values() if c.fixed_cost}
    rows = TenderRows(model, volumes, carriers, tender, fixed)
    rows.build()
    Rebates(rows, tiers).build()
    AwardRules(rows, {("teu", c) for c in (*bidding, *(b.carrier for b in bids))}).build()
    model.minimise(add_terms(cost, rows.cost))
    return model, volume
