"""Awards by lanes against trying every deal, and the bound by lane prices, on tiny tenders.

All figures are whole TEU and, with tiers and bundles chosen, what is left is a transport problem:
its best deal is whole, so trying whole volumes finds the optimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import inf
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowhaul.errors import NoPlanExists
from lowhaul.solve import Limits, Solved
from routing import award_search, awards
from routing.award_front import _Tracer, award_front
from routing.award_search import AwardSearch
from routing.award_start import cheapest_awards
from routing.awards import LaneBid, LaneVolume, choose_awards
from routing.bids import Carrier
from routing.lane_prices import price_lanes, useful
from routing.tender import Bundle, Tender, TenderRule, Tier

VARIANTS = ("fixed", "awards", "tiers", "bundles")
EXACT = Limits(20.0)
Deal = dict[str, int]


@dataclass(frozen=True)
class Tiny:
    """A tender of three lanes and three carriers."""

    lanes: tuple[LaneVolume, ...]
    bids: tuple[LaneBid, ...]
    carriers: dict[str, Carrier]
    tender: Tender


def tiny(seed: int, variant: str) -> Tiny:
    """The tender of a seed; a carrier bids on most lanes and may take most of each."""
    rng = Random(f"{seed} {variant}")
    names = ("A", "B", "C")
    lanes = tuple(LaneVolume(f"L{i}", float(rng.randint(2, 4))) for i in range(3))
    carriers = {n: Carrier(n, n, fixed_cost=float(rng.choice((0, 20, 60)))) for n in names}
    bids = []
    for name in names:
        for lane in lanes:
            if rng.random() < 0.85:
                least = float(rng.choice((0, 0, 2))) if variant != "fixed" else 0.0
                most = max(least, float(rng.randint(2, int(lane.volume_teu) + 1)))
                rate = float(rng.randint(80, 120))
                bids.append(LaneBid(f"{name}-{lane.lane}", name, lane.lane, rate, most, least))
    return Tiny(lanes, tuple(bids), carriers, _terms(rng, variant, bids))


def _terms(rng: Random, variant: str, bids: list[LaneBid]) -> Tender:
    if variant == "fixed":
        return Tender()
    rules = (
        TenderRule("max_carriers_per_lane", float(rng.choice((1, 2, 3)))),
        TenderRule("max_carriers", float(rng.choice((2, 3)))),
    )
    tiers: list[Tier] = []
    bundles: list[Bundle] = []
    for name in ("A", "B", "C"):
        own = [b.bid_id for b in bids if b.carrier == name]
        if variant == "tiers":
            first, then = rng.randint(1, 3), rng.randint(4, 6)
            tiers += [
                Tier(name, frozenset(), float(first), float(then), "teu", float(rng.randint(1, 5))),
                Tier(name, frozenset(), float(then), inf, "teu", float(rng.randint(5, 25))),
            ]
        if variant == "bundles" and len(own) > 1:
            for kind in ("conditional", "all_or_nothing"):
                some = tuple(sorted(rng.sample(own, 2)))
                bundles.append(
                    Bundle(f"{name}{kind}", some, float(rng.randint(5, 25)), kind, 2,
                           rng.choice(("", "X")))
                )  # fmt: skip
    return Tender(tuple(tiers), tuple(bundles), rules)


def deals(case: Tiny) -> Iterator[Deal]:
    """Every way to deal the lanes' whole TEU to their bids, minimums kept."""
    per_lane = []
    for lane in case.lanes:
        own = [b for b in case.bids if b.lane == lane.lane]
        ranges = [
            [x for x in range(int(min(b.capacity_teu, lane.volume_teu)) + 1)
             if x == 0 or x >= b.min_volume_teu]
            for b in own
        ]  # fmt: skip
        per_lane.append(
            [
                {b.bid_id: x for b, x in zip(own, some, strict=True) if x}
                for some in product(*ranges)
                if sum(some) == lane.volume_teu
            ]
        )
    for parts in product(*per_lane):
        yield {bid_id: x for part in parts for bid_id, x in part.items()}


def cost_of(case: Tiny, deal: Deal) -> float:
    """What a deal costs with all that it earns; infinite where it breaks a rule."""
    bids = {b.bid_id: b for b in case.bids}
    used = {bids[b].carrier for b in deal}
    for rule in case.tender.rules:
        if rule.rule == "max_carriers" and len(used) > rule.value:
            return inf
        per_lane = [len([b for b in deal if bids[b].lane == x.lane]) for x in case.lanes]
        if rule.rule == "max_carriers_per_lane" and max(per_lane) > rule.value:
            return inf
    base = {b: bids[b].rate * x for b, x in deal.items()}
    cost = sum(base.values()) + sum(case.carriers[c].fixed_cost for c in used)
    for name in used:
        volume = sum(x for b, x in deal.items() if bids[b].carrier == name)
        reached = [
            t.discount_percent
            for t in case.tender.tiers
            if t.carrier == name and t.from_volume <= volume <= t.to_volume
        ]
        own = sum(c for b, c in base.items() if bids[b].carrier == name)
        cost -= max(reached, default=0.0) / 100.0 * own
    return cost - bundles_worth(case, base)


def bundles_worth(case: Tiny, base: dict[str, float]) -> float:
    """The most that bundles take off, -inf where a bid of a whole bundle is used without it."""
    bundles = case.tender.bundles
    lane = {b.bid_id: b.lane for b in case.bids}
    whole = [b for b in bundles if b.kind == "all_or_nothing"]
    bound = {x for b in whole for x in b.bid_ids}
    best = -inf
    for choice in product((False, True), repeat=len(bundles)):
        taken = [b for b, t in zip(bundles, choice, strict=True) if t]
        held = [x for b in taken if b.kind == "all_or_nothing" for x in b.bid_ids]
        groups = [b.xor_group for b in taken if b.xor_group]
        fits = (
            len(set(held)) == len(held)
            and len(set(groups)) == len(groups)
            and set(held) == bound & base.keys()
            and all(
                len({lane[x] for x in b.bid_ids if x in base}) >= b.min_lanes
                for b in taken
                if b.kind == "conditional"
            )
        )
        if fits:
            worth = sum(
                b.discount_percent / 100.0 * sum(base.get(x, 0.0) for x in b.bid_ids) for b in taken
            )
            best = max(best, worth)
    return best


def best_cost(case: Tiny) -> float:
    return min((cost_of(case, deal) for deal in deals(case)), default=inf)


def awarded(case: Tiny) -> float:
    """The cost of the award, infinite where there is none; the award itself is dealt again."""
    try:
        found = choose_awards(case.lanes, case.bids, case.carriers, case.tender, EXACT)
    except NoPlanExists:
        return inf
    assert found.status == "optimal"
    deal = {b: round(x) for b, x in found.volume_teu.items()}
    assert all(abs(deal[b] - x) < 1e-4 for b, x in found.volume_teu.items())
    assert cost_of(case, deal) == pytest.approx(found.cost, abs=1e-3)
    assert found.bound <= found.cost + 1e-6
    return found.cost


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("seed", range(12))
def test_the_award_is_the_best_of_all(seed: int, variant: str) -> None:
    case = tiny(seed, variant)
    assert awarded(case) == pytest.approx(best_cost(case), abs=1e-3)


def test_a_lane_is_not_left_bare_when_its_bundles_go() -> None:
    """Four bids of all-or-nothing bundles are the cheapest of lane L, and their other halves on
    lane M are far too dear: with 100 TEU at 2,000 no bundle is worth it. The dear bid that needs no
    bundle is kept all the same, or nobody could carry L.
    """
    lanes = (LaneVolume("L", 10.0), LaneVolume("M", 100.0))
    names = ("A", "B", "C", "D")
    bids = [LaneBid("E-L", "E", "L", 130.0), LaneBid("E-M", "E", "M", 100.0)]
    for name in names:
        bids += [LaneBid(f"{name}-L", name, "L", 100.0), LaneBid(f"{name}-M", name, "M", 2000.0)]
    bundles = tuple(Bundle(n, (f"{n}-L", f"{n}-M"), 1.0, "all_or_nothing", 2) for n in names)
    carriers = {n: Carrier(n, n) for n in (*names, "E")}
    tender = Tender(bundles=bundles)
    prices = price_lanes(lanes, bids, carriers, tender, 11_300.0)
    kept, terms = useful(prices, bids, tender, 0.02)
    assert {b.bid_id for b in kept} >= {"E-L", "E-M"}
    held = {x for b in terms.bundles for x in b.bid_ids}
    assert {b.bid_id for b in kept} - {"E-L", "E-M"} == held


def test_bundles_are_priced_as_a_whole() -> None:
    """10 TEU on L and M. A's bids go together: 500 + 1,600, as A-M takes all or nothing; B asks
    1,000 for either lane, 2,000 for both. Priced bid by bid A-L and B-M would come to 1,500.
    """
    lanes = (LaneVolume("L", 10.0), LaneVolume("M", 10.0))
    bids = (
        LaneBid("A-L", "A", "L", 50.0), LaneBid("A-M", "A", "M", 160.0, 10.0, 10.0),
        LaneBid("B-L", "B", "L", 100.0), LaneBid("B-M", "B", "M", 100.0),
    )  # fmt: skip
    bundle = Bundle("A", ("A-L", "A-M"), 0.0, "all_or_nothing", 2)
    carriers = {n: Carrier(n, n) for n in ("A", "B")}
    tender = Tender(bundles=(bundle,))
    best = choose_awards(lanes, bids, carriers, tender, EXACT)
    assert best.cost == pytest.approx(2000.0)
    prices = price_lanes(lanes, bids, carriers, tender, 2000.0)
    assert 1990.0 < prices.bound <= 2000.0 + 1e-6


def test_the_start_keeps_minimums_and_numbers_of_carriers() -> None:
    """4 TEU: A takes 3 at 100 at most, B asks 2 at least at 110: 2 each, 420. With one carrier a
    lane B takes all, 440; with one carrier of B or C (130, that alone covers M), C takes both.
    """
    lanes = (LaneVolume("L", 4.0), LaneVolume("M", 1.0))
    bids = (
        LaneBid("A-L", "A", "L", 100.0, 3.0), LaneBid("B-L", "B", "L", 110.0, 9.0, 2.0),
        LaneBid("C-L", "C", "L", 130.0), LaneBid("C-M", "C", "M", 90.0),
    )  # fmt: skip
    start = cheapest_awards(lanes, bids, Tender())
    assert start == {"A-L": 2.0, "B-L": 2.0, "C-M": 1.0}
    alone = Tender(rules=(TenderRule("max_carriers_per_lane", 1.0),))
    assert cheapest_awards(lanes, bids, alone) == {"B-L": 4.0, "C-M": 1.0}
    bundle = Bundle("B", ("B-L",), 0.0, "all_or_nothing", 1)
    assert cheapest_awards(lanes, bids, Tender(bundles=(bundle,))) == {
        "A-L": 3.0, "C-L": 1.0, "C-M": 1.0,
    }  # fmt: skip
    assert cheapest_awards(lanes, bids[:1], Tender()) is None


@pytest.mark.parametrize("variant", VARIANTS)
def test_parts_decided_anew_end_at_the_same_award(
    variant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the whole models the neighbourhoods alone find the best of small tenders."""
    monkeypatch.setattr(award_search, "FIRST_BIDS", 3)
    monkeypatch.setattr(award_search, "PATIENCE", 12)
    for seed in range(4):
        case = tiny(seed, variant)
        search = AwardSearch(case.lanes, case.bids, case.carriers, case.tender, EXACT, str)
        start = cheapest_awards(case.lanes, case.bids, case.tender)
        if best_cost(case) == inf or start is None:
            continue
        own = [b for b in case.bids if b.bid_id in start]
        search.ask("start", own, case.tender, EXACT)
        search.improve(case.bids, None)
        assert search.held.cost == pytest.approx(best_cost(case), rel=3e-4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_way_by_lane_prices_ends_at_the_same_award(
    variant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large tenders are solved on the bids that are worth it; here that way is taken at once."""
    monkeypatch.setattr(awards, "FEW_BIDS", 0)
    for seed in range(4):
        case = tiny(seed, variant)
        best = best_cost(case)
        if best < inf:
            assert awarded(case) == pytest.approx(best, abs=1e-3)


def test_terms_change_the_awards() -> None:
    """The drawn tenders are worth trying: terms bind in most of them."""
    changed = {
        variant: sum(
            abs(best_cost(case) - best_cost(Tiny(case.lanes, case.bids, case.carriers, Tender())))
            > 0.01
            for case in (tiny(seed, variant) for seed in range(12))
            if best_cost(case) < inf
        )
        for variant in VARIANTS[1:]
    }
    assert all(n >= 4 for n in changed.values()), changed


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    variant=st.sampled_from(VARIANTS),
    target=st.sampled_from((0.8, 1.0, 1.3)),
)
def test_the_bound_is_never_above_the_optimum(seed: int, variant: str, target: float) -> None:
    case = tiny(seed, variant)
    best = best_cost(case)
    if best == inf:
        return
    prices = price_lanes(case.lanes, case.bids, case.carriers, case.tender, target * best)
    assert prices.bound <= best + 1e-6 * best
    assert set(prices.price) == {lane.lane for lane in case.lanes}


def test_the_bound_without_terms_is_the_optimum() -> None:
    """One lane of 4 TEU, 3 at 100 and the rest at 120: the price is 120, 4 x 120 - 3 x 20 = 420."""
    lanes = (LaneVolume("L", 4.0),)
    bids = (LaneBid("A-L", "A", "L", 100.0, 3.0), LaneBid("B-L", "B", "L", 120.0))
    carriers = {n: Carrier(n, n) for n in ("A", "B")}
    prices = price_lanes(lanes, bids, carriers, Tender(), 420.0)
    assert prices.bound == pytest.approx(420.0, rel=1e-3)
    assert prices.bound <= 420.0 + 1e-6


def test_no_award_where_nobody_may_carry_enough() -> None:
    lanes = (LaneVolume("L", 4.0),)
    bids = (LaneBid("A-L", "A", "L", 100.0, 3.0), LaneBid("B-L", "B", "L", 120.0, 3.0))
    carriers = {n: Carrier(n, n) for n in ("A", "B")}
    one = Tender(rules=(TenderRule("max_carriers_per_lane", 1.0),))
    with pytest.raises(NoPlanExists):
        choose_awards(lanes, bids, carriers, one, EXACT)
    assert choose_awards(lanes, bids, carriers, Tender(), EXACT).cost == pytest.approx(420.0)


def test_a_front_by_hand() -> None:
    """4 TEU: A at 100 EUR and 10 kg, B at 140 EUR and 5 kg each. Half-way each carries 2."""
    lanes = (LaneVolume("L", 4.0),)
    bids = (
        LaneBid("A-L", "A", "L", 100.0, co2e_kg=10.0),
        LaneBid("B-L", "B", "L", 140.0, co2e_kg=5.0),
    )
    carriers = {n: Carrier(n, n) for n in ("A", "B")}
    front = award_front(lanes, bids, carriers, Tender(), 3, EXACT)
    points = [(p.cost, p.co2e_kg) for p in front]
    assert points == [
        pytest.approx((400.0, 40.0), abs=0.02),
        pytest.approx((480.0, 30.0), abs=0.02),
        pytest.approx((560.0, 20.0), abs=0.02),
    ]


def test_points_whose_gap_is_open_are_asked_again() -> None:
    """All at B is 560 and proves nothing; within 30 kg half at each is 480, which is proved."""
    lanes = (LaneVolume("L", 4.0),)
    bids = (
        LaneBid("A-L", "A", "L", 100.0, co2e_kg=10.0),
        LaneBid("B-L", "B", "L", 140.0, co2e_kg=5.0),
    )
    carriers = {n: Carrier(n, n) for n in ("A", "B")}
    tracer = _Tracer(lanes, bids, carriers, Tender(), EXACT, lambda told: None)
    values = [0.0] * len(tracer.model.names)
    values[tracer.columns["B-L"]] = 4.0
    answers = [(30.0, Solved("feasible", tuple(values)))]
    tracer.ask_again(tracer.cost, answers)
    ((limit_kg, solved),) = answers
    point = tracer.point(limit_kg, solved)
    assert (point.cost, point.bound) == pytest.approx((480.0, 480.0), abs=0.02)
    before = list(answers)
    tracer.ask_again(tracer.cost, answers)  # closed: nothing to ask
    assert answers == before
    tracer.rho = 1.0
    tracer.limit.upper = 0.0  # whatever was asked last: a bound B of the sum is B - rho x L
    assert tracer.point(35.0, Solved("optimal", solved.values, bound=500.0)).bound == (
        pytest.approx(465.0, abs=0.01)
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_front_lies_between_its_ends_and_below_every_deal(variant: str) -> None:
    """Ends are the cheapest and the cleanest deal; within each limit no whole deal is cheaper."""
    for seed in range(6):
        case = tiny(seed, variant)
        rng = Random(seed)
        bids = tuple(replace(b, co2e_kg=float(rng.randint(5, 20))) for b in case.bids)
        kg = {b.bid_id: b.co2e_kg for b in bids}
        tried = [
            (cost_of(case, deal), sum(kg[b] * x for b, x in deal.items())) for deal in deals(case)
        ]
        tried = [t for t in tried if t[0] < inf]
        if not tried:
            continue
        front = award_front(case.lanes, bids, case.carriers, case.tender, 4, EXACT)
        assert front[0].cost == pytest.approx(min(t[0] for t in tried), rel=1e-6)
        assert front[-1].co2e_kg == pytest.approx(min(t[1] for t in tried), abs=0.01)
        for point in front:
            assert point.co2e_kg <= point.limit_kg + 0.01
            assert point.bound <= point.cost
            assert point.gap <= 2e-5
            least = min((t[0] for t in tried if t[1] <= point.limit_kg), default=inf)
            assert point.cost <= least * (1 + 2e-5)
        costs = [p.cost for p in front]
        assert costs == sorted(costs)
