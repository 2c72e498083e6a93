"""What a lane is worth: a bound for an award by pricing its lanes instead of covering them.

The rows `lane` of routing/award_model.py are given up for a price pi_l of one TEU. What is left
falls apart into carriers, and each is solved by sorting:

    L(pi) = sum_l pi_l W_l + sum_c min(0, K_c + min_k min_x sum_b (r_b (1 - d_k) - pi_l) x_b)
            with A_k <= sum_b x_b <= Z_k, 0 <= x_b <= C_b

over the tiers k of the carrier's rebate, at most `max_carriers` of the carriers. L(pi) is below the
cost of every award, for all pi; minimums, conditions of bundles and counts a lane are left out and
bundles and narrower rebates are granted to all, which can only lower it. Bids that only one
all-or-nothing bundle may use are taken together, each with its least volume or more, or not at all
(where the carrier has no tiers: those ask for volume that any bid may give). The prices climb by
the volume algorithm (Barahona and Anbil, The volume algorithm, Mathematical Programming 87, 2000):
steps along a running mean of the shortages.

A carrier with several rebates over everything, or with incremental ones, is given the best of their
discounts on all units: still a bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from routing.bids import Carrier
from routing.tender import Bundle, Scale, Tender
from routing.tender_rebates import steps

if TYPE_CHECKING:
    import numpy as np

    from routing.award_model import LaneBid, LaneVolume

FEW_ON_LANE = 4
"""So many bids of a lane are always kept."""
RARE = 0.05
"""A tier that was reached less often is not tried at first."""
ROUNDS = 400
"""Steps of the prices: the bound hardly grows after."""
FRESH = 0.15
"""Weight of the latest step in the running means."""
PATIENCE = 12
"""Steps without a better bound before the step gets shorter."""


@dataclass(frozen=True)
class LanePrices:
    """The proved bound, the price of a TEU by lane, and the dearness of each bid at them.

    `dearness`: by bid, its rate less its carrier's best discount and the lane's price, as a share
    of its rate; below 0 it is worth using. `reached`: by carrier, how often the last steps chose
    each of the tiers of its rebate (shares of 1, in the order of `steps`).
    """

    bound: float
    price: dict[str, float]
    dearness: dict[str, float]
    reached: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class _Fleet:
    """A carrier's bids as arrays, and its tiers (from, to, discount share)."""

    carrier: str
    lane: np.ndarray
    rate: np.ndarray
    most: np.ndarray
    fixed_cost: float
    tiers: tuple[tuple[float, float, float], ...]
    least: np.ndarray
    """Least volume of a used bid."""
    bundle: np.ndarray
    """The number of the bundle that a bid goes with, -1 where it goes alone."""


def price_lanes(
    lanes: Sequence[LaneVolume],
    bids: Sequence[LaneBid],
    carriers: Mapping[str, Carrier],
    tender: Tender,
    target: float,
) -> LanePrices:
    """Prices and bound; `target`: cost of a known award, which sets the length of the steps."""
    import numpy as np

    index = {lane.lane: i for i, lane in enumerate(lanes)}
    volume = np.array([lane.volume_teu for lane in lanes])
    fleets = _fleets(bids, index, volume, carriers, tender)
    most_carriers = _most_carriers(tender, len(fleets))
    price = _first_prices(bids, index, len(lanes))
    best, best_price = -inf, price
    mean = None
    reached = {f.carrier: np.zeros(len(f.tiers)) for f in fleets}
    length, waited = 1.0, 0
    for _ in range(ROUNDS):
        bound, used, chosen = _priced(price, volume, fleets, most_carriers)
        if bound > best + 1e-9 * abs(bound):
            best, best_price, waited = bound, price, 0
        else:
            waited += 1
            if waited >= PATIENCE:
                length, waited = length * 0.7, 0
        mean = used if mean is None else FRESH * used + (1.0 - FRESH) * mean
        for fleet, tier in zip(fleets, chosen, strict=True):
            reached[fleet.carrier] *= 1.0 - FRESH
            if tier is not None:
                reached[fleet.carrier][tier] += FRESH
        short = volume - mean
        size = float(short @ short)
        if size < 1e-9 or target - best <= 1e-6 * abs(target):
            break
        price = best_price + length * (1.02 * target - best) / size * short
    discount = _best_discounts(bids, tender)
    dearness = {
        b.bid_id: 1.0 - discount[b.bid_id] - float(best_price[index[b.lane]]) / b.rate
        if b.rate > 0
        else -1.0
        for b in bids
    }
    by_lane = {lane: float(best_price[i]) for lane, i in index.items()}
    shares = {c: tuple(float(x) for x in found) for c, found in reached.items()}
    return LanePrices(best, by_lane, dearness, shares)


def _fleets(
    bids: Sequence[LaneBid],
    index: Mapping[str, int],
    volume: np.ndarray,
    carriers: Mapping[str, Carrier],
    tender: Tender,
) -> list[_Fleet]:
    import numpy as np

    scales: dict[str, list[Scale]] = {}
    for scale in tender.scales:
        scales.setdefault(scale.carrier, []).append(scale)
    by_carrier: dict[str, list[LaneBid]] = {}
    for bid in bids:
        by_carrier.setdefault(bid.carrier, []).append(bid)
    bundled = _bundle_discounts(tender)
    holder = _only_holders(tender)
    fleets = []
    for name, own in by_carrier.items():
        lane = np.array([index[b.lane] for b in own])
        most = np.minimum([b.capacity_teu for b in own], volume[lane])
        # what a bundle may take off is granted at once
        rate = np.array([b.rate * (1.0 - bundled.get(b.bid_id, 0.0)) for b in own])
        tiers = _tiers(scales.get(name, []))
        asked = np.maximum([b.min_volume_teu for b in own], np.minimum(1.0, volume[lane]))
        bundle = np.array([holder.get(b.bid_id, -1) for b in own])
        fleets.append(
            _Fleet(
                name, lane, rate, most, carriers[name].fixed_cost, tiers,
                np.minimum(asked, most), bundle if len(tiers) == 1 else np.full(len(own), -1),
            )
        )  # fmt: skip
    return fleets


def _tiers(scales: Sequence[Scale]) -> tuple[tuple[float, float, float], ...]:
    if not scales:
        return ((0.0, inf, 0.0),)
    if len(scales) == 1:
        (scale,) = scales
        if not scale.scope and scale.unit == "teu" and not scale.incremental:
            return tuple((low, high, d / 100.0) for low, high, d in steps(scale))
    granted = sum(max(t.discount_percent for t in s.tiers) for s in scales)
    return ((0.0, inf, min(1.0, granted / 100.0)),)


def _only_holders(tender: Tender) -> dict[str, int]:
    """The all-or-nothing bundle of each bid that is held by one alone."""
    found: dict[str, list[int]] = {}
    for number, bundle in enumerate(tender.bundles):
        if bundle.kind == "all_or_nothing":
            for bid_id in bundle.bid_ids:
                found.setdefault(bid_id, []).append(number)
    return {bid_id: numbers[0] for bid_id, numbers in found.items() if len(numbers) == 1}


def _bundle_discounts(tender: Tender) -> dict[str, float]:
    found: dict[str, float] = {}
    for bundle in tender.bundles:
        for bid_id in bundle.bid_ids:
            found[bid_id] = found.get(bid_id, 0.0) + bundle.discount_percent / 100.0
    return {b: min(1.0, d) for b, d in found.items()}


def _best_discounts(bids: Sequence[LaneBid], tender: Tender) -> dict[str, float]:
    best: dict[str, float] = {}
    for scale in tender.scales:
        most = max(t.discount_percent for t in scale.tiers) / 100.0
        best[scale.carrier] = best.get(scale.carrier, 0.0) + most
    bundled = _bundle_discounts(tender)
    return {b.bid_id: min(1.0, best.get(b.carrier, 0.0) + bundled.get(b.bid_id, 0.0)) for b in bids}


def _most_carriers(tender: Tender, every: int) -> int:
    limits = [r.value for r in tender.rules if r.rule == "max_carriers" and not r.scope]
    return int(min([*limits, every]))


def _first_prices(bids: Sequence[LaneBid], index: Mapping[str, int], lanes: int) -> np.ndarray:
    import numpy as np

    price = np.full(lanes, inf)
    for bid in bids:
        i = index[bid.lane]
        price[i] = min(price[i], bid.rate)
    return np.where(np.isfinite(price), price, 0.0)


def _priced(
    price: np.ndarray, volume: np.ndarray, fleets: Sequence[_Fleet], most_carriers: int
) -> tuple[float, np.ndarray, list[int | None]]:
    """L(pi), the volume that its carriers would take on each lane, and their tiers."""
    import numpy as np

    answers = [_best_tier(price, fleet) for fleet in fleets]
    order = sorted(range(len(fleets)), key=lambda c: answers[c][0])[:most_carriers]
    bound = float(price @ volume)
    used = np.zeros(len(volume))
    tiers: list[int | None] = [None] * len(fleets)
    for c in order:
        value, carried, tier = answers[c]
        if value < 0.0:
            bound += value
            np.add.at(used, fleets[c].lane, carried)
            tiers[c] = tier
    return bound, used, tiers


def _best_tier(price: np.ndarray, fleet: _Fleet) -> tuple[float, np.ndarray, int]:
    """The carrier's best answer to the prices: its value, what each bid carries, and its tier."""
    import numpy as np

    if (fleet.bundle >= 0).any():
        return _best_bundles(price, fleet)
    best, carried, tier = 0.0, np.zeros(len(fleet.rate)), 0
    for k, (low, high, discount) in enumerate(fleet.tiers):
        worth = fleet.rate * (1.0 - discount) - price[fleet.lane]
        order = np.argsort(worth, kind="stable")
        filled = np.cumsum(fleet.most[order])
        wanted = float(fleet.most[worth < 0.0].sum())
        total = min(max(wanted, low), high)
        if total > filled[-1] + 1e-9:
            continue  # the tier is beyond all that the carrier can carry
        taken = np.clip(total - (filled - fleet.most[order]), 0.0, fleet.most[order])
        value = fleet.fixed_cost + float(worth[order] @ taken)
        if value < best:
            best, carried, tier = value, np.zeros(len(fleet.rate)), k
            carried[order] = taken
    return best, carried, tier


def _best_bundles(price: np.ndarray, fleet: _Fleet) -> tuple[float, np.ndarray, int]:
    """The same for a carrier without tiers: bids one by one, bundles as a whole."""
    import numpy as np

    worth = fleet.rate * (1.0 - fleet.tiers[0][2]) - price[fleet.lane]
    taken = np.where(worth < 0.0, fleet.most, np.where(fleet.bundle >= 0, fleet.least, 0.0))
    held = fleet.bundle >= 0
    values = np.bincount(fleet.bundle[held], weights=(worth * taken)[held])
    taken[held] *= values[fleet.bundle[held]] < 0.0
    return min(0.0, fleet.fixed_cost + float(worth @ taken)), taken, 0


def useful(
    prices: LanePrices, bids: Sequence[LaneBid], tender: Tender, within: float
) -> tuple[list[LaneBid], Tender]:
    """The bids that may be worth using, with the bundles that are.

    Kept are bids no dearer than `within` and the best few of each lane that need no bundle; bundles
    of which enough bids are kept. A bid of a bundle that is all or nothing goes with its bundle:
    it never counts as one of the few, or a lane would be left bare when its bundle goes.
    """
    whole = {x for b in tender.bundles if b.kind == "all_or_nothing" for x in b.bid_ids}
    by_lane: dict[str, list[LaneBid]] = {}
    for bid in bids:
        by_lane.setdefault(bid.lane, []).append(bid)
    near = {b.bid_id for b in bids if prices.dearness[b.bid_id] <= within}
    for own in by_lane.values():
        free = [b for b in own if b.bid_id not in whole]
        free.sort(key=lambda b: (prices.dearness[b.bid_id], b.bid_id))
        near |= {b.bid_id for b in free[:FEW_ON_LANE]}
    bundles = []
    for bundle in tender.bundles:
        if bundle.kind == "conditional":
            kept = sum(x in near for x in bundle.bid_ids) >= bundle.min_lanes
        else:
            kept = _mean_dearness(prices, bundle) <= within / 2.0
        bundles += [bundle] if kept else []
    near -= whole
    near |= {x for b in bundles if b.kind == "all_or_nothing" for x in b.bid_ids}
    return [b for b in bids if b.bid_id in near], replace(tender, bundles=tuple(bundles))


def _mean_dearness(prices: LanePrices, bundle: Bundle) -> float:
    return sum(prices.dearness[x] for x in bundle.bid_ids) / len(bundle.bid_ids)


def open_tiers(
    prices: LanePrices, tender: Tender, rare: float = RARE
) -> frozenset[tuple[int, int]] | None:
    """(scale, tier) that the prices' last steps reached; None where they say nothing of a scale.

    `rare`: the share of steps below which a tier is left out.
    """
    found: set[tuple[int, int]] = set()
    for number, scale in enumerate(tender.scales):
        shares = prices.reached.get(scale.carrier, ())
        if len(shares) < 2:
            return None
        found |= {(number, k) for k, share in enumerate(shares) if share >= rare}
        found.add((number, 0))
    return frozenset(found)
