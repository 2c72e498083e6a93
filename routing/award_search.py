"""Better awards, anytime: parts of a tender are decided anew while the rest keeps its bids.

A large tender is too much for one model in the time that people wait, and a solver that is stopped
may have nothing to show. So an award is held from the first second on and made better: some lanes,
or all bids of some carriers, are opened with every bid that is worth it (routing/lane_prices.py);
elsewhere the award's own bids stay, though not their volumes. Each such model is small and solved
to the end. One that helps is taken; neighbourhoods grow when they are solved fast.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from random import Random

from lowhaul.solve import GRACE_S, Limits, relative_gap, solve
from routing.award_model import LaneBid, LaneVolume, award_model
from routing.bids import Carrier
from routing.tender import Tender

Progress = Callable[[str], None]
SMALL_TEU = 1e-6
"""Less volume than this is no award."""
FIRST_BIDS = 1_200
"""So many bids the first neighbourhoods open."""
FAST_S, SLOW_S = 3.0, 10.0
"""A neighbourhood solved faster makes the next one larger, a slower one smaller."""
PART_GAP = 2e-4
"""Gap of a neighbourhood: what it leaves is less than what another one finds."""
PART_LIMIT_S = 20.0
PATIENCE = 40
"""So many neighbourhoods in a row may help nothing."""


@dataclass(frozen=True)
class Held:
    """The best award so far: TEU by bid, and its cost."""

    volume_teu: Mapping[str, float]
    cost: float = inf


class AwardSearch:
    """Holds the best award of one tender and makes it better."""

    def __init__(
        self,
        lanes: Sequence[LaneVolume],
        bids: Sequence[LaneBid],
        carriers: Mapping[str, Carrier],
        tender: Tender,
        limits: Limits,
        progress: Progress,
    ) -> None:
        self.lanes = lanes
        self.bids = bids
        self.carriers = carriers
        self.tender = tender
        self.gap = limits.gap
        self.seed = limits.seed
        self.progress = progress
        self.started = time.perf_counter()
        self.until = self.started + limits.time_limit_s
        self.held = Held({})
        self.bound = -inf
        self.bidding = frozenset(b.carrier for b in bids)

    @property
    def left_s(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.until - time.perf_counter())

    @property
    def closed(self) -> bool:
        """True if the award is proved to be within the gap."""
        return relative_gap(self.held.cost, self.bound) <= self.gap

    def ask(
        self,
        what: str,
        bids: Sequence[LaneBid],
        tender: Tender,
        limits: Limits,
        tiers: frozenset[tuple[int, int]] | None = None,
    ) -> str:
        """Solve the tender on some bids and hold what is better; returns how the solve ended."""
        some, terms = trimmed(bids, tender)
        model, columns = award_model(
            self.lanes, some, self.carriers, terms, tiers, bidding=self.bidding
        )
        limit_s = max(1.0, min(limits.time_limit_s, self.left_s - GRACE_S))
        solved = solve(model, replace(limits, time_limit_s=limit_s))
        if solved.found and solved.objective < self.held.cost - 1e-6 * abs(solved.objective):
            values = {b: solved.values[c] for b, c in columns.items()}
            volume = {b: v for b, v in values.items() if v > SMALL_TEU}
            self.held = Held(volume, solved.objective)
        if some == list(self.bids) and tiers is None and terms == self.tender:
            self.bound = max(self.bound, solved.bound)
        self.tell(what, len(some))
        return solved.status

    def tell(self, what: str, bids: int) -> None:
        """What was done, with the award, its bound and gap."""
        seconds = time.perf_counter() - self.started
        gap = relative_gap(self.held.cost, self.bound)
        self.progress(
            f"{seconds:6.1f} s  {what} ({bids:,} bids): cost {self.held.cost:,.0f}, "
            f"bound {self.bound:,.0f}, gap {gap:.2%}"
        )

    def improve(self, worth: Sequence[LaneBid], tiers: frozenset[tuple[int, int]] | None) -> None:
        """Neighbourhoods of the bids that are worth it until gap or time is reached."""
        random = Random(self.seed)
        by_lane: dict[str, list[LaneBid]] = defaultdict(list)
        for bid in worth:
            by_lane[bid.lane].append(bid)
        size = FIRST_BIDS
        turn = 0
        idle = 0
        while not self.closed and self.left_s > 2 * GRACE_S and idle < PATIENCE:
            opened = (
                self.some_carriers(random, worth, size)
                if turn % 2
                else self.some_lanes(random, by_lane, size)
            )
            used = set(self.held.volume_teu)
            ids = used | {b.bid_id for b in opened}
            before, began = self.held.cost, time.perf_counter()
            limits = Limits(PART_LIMIT_S, PART_GAP, self.seed)
            some = [b for b in self.bids if b.bid_id in ids]
            what = "carriers" if turn % 2 else "lanes"
            self.ask(what, some, self.tender, limits, tiers)
            took = time.perf_counter() - began
            idle = 0 if self.held.cost < before else idle + 1
            size = int(size * (1.3 if took < FAST_S else 0.7 if took > SLOW_S else 1.0))
            turn += 1

    def some_lanes(
        self, random: Random, by_lane: Mapping[str, Sequence[LaneBid]], size: int
    ) -> list[LaneBid]:
        """All bids worth it on lanes drawn at random."""
        found: list[LaneBid] = []
        lanes = sorted(by_lane)
        random.shuffle(lanes)
        for lane in lanes:
            if len(found) >= size:
                break
            found += by_lane[lane]
        return found

    def some_carriers(self, random: Random, worth: Sequence[LaneBid], size: int) -> list[LaneBid]:
        """All bids worth it of carriers drawn at random."""
        count = Counter(b.carrier for b in worth)
        names = sorted(count)
        random.shuffle(names)
        drawn: set[str] = set()
        for name in names:
            if sum(count[c] for c in drawn) >= size:
                break
            drawn.add(name)
        return [b for b in worth if b.carrier in drawn]


def trimmed(bids: Sequence[LaneBid], tender: Tender) -> tuple[list[LaneBid], Tender]:
    """Some bids without those that go with a bundle that is not whole, and the bundles that are."""
    ids = {b.bid_id for b in bids}
    bundles = list(tender.bundles)
    while True:
        kept = [
            b
            for b in bundles
            if (
                ids.issuperset(b.bid_ids)
                if b.kind == "all_or_nothing"
                else sum(x in ids for x in b.bid_ids) >= b.min_lanes
            )
        ]
        held = {x for b in kept if b.kind == "all_or_nothing" for x in b.bid_ids}
        loose = {
            x for b in tender.bundles if b.kind == "all_or_nothing" for x in b.bid_ids
        } & ids - held
        if not loose and len(kept) == len(bundles):
            return [b for b in bids if b.bid_id in ids], replace(tender, bundles=tuple(kept))
        ids -= loose
        bundles = kept
