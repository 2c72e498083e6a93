"""Each term of a tender once where it binds, and once removed, where the plan becomes another.

All on the corridor of tests/routing/tiny_cases.py at least cost: R1 of T1 (200 EUR), a ship, R2 of
T3 (150 EUR). Ships are S1 of L1 at 500 and S2 of L2 at 490 unless a test says otherwise. Two orders
fill a box of 1 TEU each, so lanes carry 2 TEU and all legs together 6. Without terms:
2 x (200 + 490 + 150) = 1,680 EUR.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import pytest

from routing.bids import Charge
from routing.case import Case
from routing.ledger import make_ledger
from routing.rebates import Carried, rebates_of, shares_of
from routing.tender import Bundle, Scale, Tender, TenderRule, Tier
from routing.tender_rebates import steps
from tests.routing.tiny_cases import Found, corridor, ocean, plain_bid, plain_order, planned

SEA = frozenset({"E1 - I1"})
LAND = frozenset({"I1 - CUST"})
BY_S1, BY_S2 = ("R1", "S1", "R2"), ("R1", "S2", "R2")
S1, S2 = ocean("S1", "L1", 500.0), ocean("S2", "L2", 490.0)


def two_ships(
    tiers: tuple[Tier, ...] = (),
    bundles: tuple[Bundle, ...] = (),
    rules: tuple[TenderRule, ...] = (),
    *,
    boxes: int = 2,
    bids: dict[str, Any] | None = None,
    more: tuple[Any, ...] = (),
    carriers: dict[str, dict[str, Any]] | None = None,
    **changes: Any,
) -> Case:
    """The corridor with both ships; `bids` and `carriers` change single ones, `more` adds bids."""
    orders = tuple(plain_order(f"O{i}", "PA", 160, 9) for i in range(boxes))
    case = corridor(orders=orders, objective="min_cost", **changes)
    every = (case.bids[0], S1, S2, case.bids[-1], *more)
    every = tuple(replace(b, **(bids or {}).get(b.bid_id, {})) for b in every)
    named = {n: replace(c, **(carriers or {}).get(n, {})) for n, c in case.carriers.items()}
    return replace(case, bids=every, carriers=named, tender=Tender(tiers, bundles, rules))


def tier(start: float, end: float = inf, percent: float = 10.0, **more: Any) -> Tier:
    return Tier(**{"carrier": "L1", "scope": frozenset(), "from_volume": start, "to_volume": end,
                   "discount_percent": percent, **more})  # fmt: skip


def found(case: Case) -> tuple[set[tuple[str, ...]], float]:
    plan: Found = planned(case)
    assert plan.unserved == 0
    return plan.ways, plan.cost


def test_without_terms() -> None:
    assert found(two_ships()) == ({BY_S2}, 1680.0)


@pytest.mark.parametrize(
    ("tiers", "ways", "cost"),
    [
        # 2 x 450 instead of 2 x 490
        ((tier(2.0),), {BY_S1}, 1600.0),
        ((tier(3.0),), {BY_S2}, 1680.0),
        # the upper of two tiers: 2 x 400
        ((tier(0.0, 2.0, 2.0), tier(2.0, percent=20.0)), {BY_S1}, 1500.0),
        # 500 + 450 of the second box; from 2 on nothing lies above
        ((tier(1.0, kind="incremental"),), {BY_S1}, 1650.0),
        ((tier(2.0, kind="incremental"),), {BY_S2}, 1680.0),
        # beyond its end the last tier gives nothing: one box each, 450 + 490
        ((tier(1.0, 1.0),), {BY_S1, BY_S2}, 1640.0),
        # only its own lanes count, in its own unit: 3.36 t ride on S1
        ((tier(2.0, scope=SEA),), {BY_S1}, 1600.0),
        ((tier(2.0, scope=LAND),), {BY_S2}, 1680.0),
        ((tier(3.36, volume_unit="t"),), {BY_S1}, 1600.0),
        ((tier(3.37, volume_unit="t"),), {BY_S2}, 1680.0),
        ((tier(2.0, volume_unit="load_unit"),), {BY_S1}, 1600.0),
        # two rebates of one carrier add up: 500 x 0.8
        ((tier(2.0), tier(1.0, scope=SEA)), {BY_S1}, 1500.0),
    ],
)
def test_rebates_by_volume(tiers: tuple[Tier, ...], ways: set[Any], cost: float) -> None:
    assert found(two_ships(tiers)) == (ways, pytest.approx(cost))


def test_percent_charges_follow_the_rebate() -> None:
    """S1 with 10 % fuel: 550 a box is dearer than 490; (500 - 50) x 1.1 = 495 still is, but
    (500 - 60) x 1.1 = 484 is not. A charge a box (30) is not rebated.
    """
    fuel = {"S1": {"charges": (Charge("BAF", 10.0, "EUR", "percent"),)}}
    assert found(two_ships((tier(2.0),), bids=fuel)) == ({BY_S2}, 1680.0)
    assert found(two_ships((tier(2.0, percent=12.0),), bids=fuel)) == ({BY_S1}, 1668.0)
    flat = {"S1": {"charges": (Charge("THC", 30.0, "EUR", "container"),)}}
    assert found(two_ships((tier(2.0, percent=12.0),), bids=flat)) == ({BY_S1}, 1640.0)


def test_a_conditional_bundle() -> None:
    """R1B of T2 at 195 beats R1 (200). T1 also hauls to CUST at 155; both of its bids at 10 % off
    are 180 + 139.50 = 319.50 instead of 195 + 150. Below two lanes there is no discount.
    """
    more = (
        plain_bid("R1B", "T2", "PA", "E1", 195.0),
        plain_bid("R2B", "T1", "I1", "CUST", 155.0),
    )
    bundle = Bundle("B", ("R1", "R2B"), 10.0, "conditional", 2)
    assert found(two_ships(more=more)) == ({("R1B", "S2", "R2")}, 1670.0)
    assert found(two_ships((), (bundle,), more=more)) == ({("R1", "S2", "R2B")}, 1619.0)
    never = replace(bundle, min_lanes=3)
    assert found(two_ships((), (never,), more=more)) == ({("R1B", "S2", "R2")}, 1670.0)


def test_a_bundle_that_is_all_or_nothing() -> None:
    """R2 goes only with R1C, so the cheaper R1 is left: one box by R1C (205) and R2 for the bundle
    would do, as the other may go by R1.
    """
    more = (plain_bid("R1C", "T3", "PA", "E1", 205.0),)
    bundle = Bundle("B", ("R1C", "R2"), 0.0, "all_or_nothing", 2)
    assert found(two_ships(more=more)) == ({BY_S2}, 1680.0)
    ways, cost = found(two_ships((), (bundle,), more=more))
    assert (ways, cost) == ({BY_S2, ("R1C", "S2", "R2")}, 1685.0)


def test_one_bundle_of_a_group() -> None:
    """10 % off R1 and 10 % off R2, both or one: 2 x 20 + 2 x 15 = 70, or 40 EUR off 1,680."""
    first = Bundle("B1", ("R1",), 10.0, "conditional", 1)
    second = Bundle("B2", ("R2",), 10.0, "conditional", 1)
    assert found(two_ships((), (first, second)))[1] == pytest.approx(1610.0)
    of_group = tuple(replace(b, xor_group="X") for b in (first, second))
    assert found(two_ships((), of_group))[1] == pytest.approx(1640.0)


@pytest.mark.parametrize(
    ("rules", "ways", "cost"),
    [
        ((), {BY_S2}, 1680.0),
        # of the lane's volume: a box each, or all by the other one
        ((TenderRule("max_share", 0.5, SEA),), {BY_S1, BY_S2}, 1690.0),
        ((TenderRule("max_share", 1.0, SEA),), {BY_S2}, 1680.0),
        ((TenderRule("min_carriers", 2.0, SEA),), {BY_S1, BY_S2}, 1690.0),
        ((TenderRule("incumbent_min_share", 0.5, SEA),), {BY_S1, BY_S2}, 1690.0),
        ((TenderRule("incumbent_min_share", 0.6, SEA),), {BY_S1}, 1700.0),
        # L1 has the lane today, L2 is new to it
        ((TenderRule("max_change_share", 0.5, SEA),), {BY_S1, BY_S2}, 1690.0),
        ((TenderRule("max_change_share", 0.0, SEA),), {BY_S1}, 1700.0),
        ((TenderRule("max_change_share", 1.0, SEA),), {BY_S2}, 1680.0),
    ],
)
def test_rules_of_the_lane_at_sea(
    rules: tuple[TenderRule, ...], ways: set[Any], cost: float
) -> None:
    case = two_ships((), (), rules, carriers={"L1": {"incumbent": True}})
    assert found(case) == (ways, pytest.approx(cost))


def test_number_of_carriers() -> None:
    """R2B of T1 at 160 instead of R2 of T3 at 150: with two carriers T1 hauls on both sides."""
    more = (plain_bid("R2B", "T1", "I1", "CUST", 160.0),)
    most = TenderRule("max_carriers", 2.0)
    assert found(two_ships(more=more)) == ({BY_S2}, 1680.0)
    assert found(two_ships((), (), (most,), more=more)) == ({("R1", "S2", "R2B")}, 1700.0)
    cheap = (plain_bid("R2B", "T1", "I1", "CUST", 140.0),)
    least = TenderRule("min_carriers", 3.0)
    assert found(two_ships(more=cheap)) == ({("R1", "S2", "R2B")}, 1660.0)
    ways, cost = found(two_ships((), (), (least,), more=cheap))
    assert (ways, cost) == ({("R1", "S2", "R2B"), BY_S2}, 1670.0)


def test_number_of_carriers_on_a_lane() -> None:
    """S2 takes one box: with one carrier a lane both go by S1."""
    full = {"S2": {"capacity": 1.0, "capacity_per": "period"}}
    one = TenderRule("max_carriers_per_lane", 1.0)
    assert found(two_ships(bids=full)) == ({BY_S1, BY_S2}, 1690.0)
    assert found(two_ships((), (), (one,), bids=full)) == ({BY_S1}, 1700.0)


def test_a_least_share_of_every_carrier_that_is_used() -> None:
    """Three boxes, two fit on S2: S1 would have a third. At 0.4 each all go by S1."""
    full = {"S2": {"capacity": 2.0, "capacity_per": "period"}}
    least = TenderRule("min_share", 0.4, SEA)
    assert found(two_ships(boxes=3, bids=full)) == ({BY_S1, BY_S2}, 2530.0)
    assert found(two_ships((), (), (least,), boxes=3, bids=full)) == ({BY_S1}, 2550.0)


def test_shares_in_the_carriers_own_rows() -> None:
    """Of 6 TEU: L2 may have 0.3, that is one box; or L1 must have 0.1, one box too."""
    assert found(two_ships(carriers={"L2": {"max_share": 0.3}})) == ({BY_S1, BY_S2}, 1690.0)
    assert found(two_ships(carriers={"L2": {"max_share": 0.34}})) == ({BY_S2}, 1680.0)
    assert found(two_ships(carriers={"L1": {"min_share": 0.1}})) == ({BY_S1, BY_S2}, 1690.0)


def test_a_carriers_least_share_is_a_promise() -> None:
    """T2 bids on a lane that no order takes, so that only a plan without goods keeps its share;
    without a bid, or not qualified, it asks nothing. The rule min_share is for used carriers alone.
    """
    idle = (plain_bid("R9", "T2", "YARD", "E1", 100.0),)
    promised = {"T2": {"min_share": 0.1}}
    assert planned(two_ships(more=idle, carriers=promised)).unserved == 320
    assert found(two_ships(carriers=promised)) == ({BY_S2}, 1680.0)
    left_out = {"T2": {"min_share": 0.1, "qualified": False}}
    assert found(two_ships(more=idle, carriers=left_out)) == ({BY_S2}, 1680.0)
    rule = TenderRule("min_share", 0.1)
    assert found(two_ships((), (), (rule,), more=idle)) == ({BY_S2}, 1680.0)


def test_a_remote_lane_that_nobody_uses_needs_no_cover() -> None:
    """SIDE leads to E2 and is remote with one carrier alone; the boxes go by E1 as ever."""
    lane = (plain_bid("R8", "T2", "PA", "YARD", 90.0, lane_id="SIDE"),)
    cover = TenderRule("remote_lane_covered", 2.0)
    case = two_ships((), (), (cover,), more=lane, remote_lanes={"SIDE": True})
    assert found(case) == ({BY_S2}, 1680.0)


def test_remote_lanes() -> None:
    """SEA is remote: two carriers are wanted there, or the carrier that hauls to CUST must have as
    much at sea, where T3 asks 520.
    """
    lane = {name: {"lane_id": "SEA"} for name in ("S1", "S2", "S3")}
    more = (ocean("S3", "T3", 520.0),)
    far = {"remote_lanes": {"SEA": True}}
    assert found(two_ships(bids=lane, more=more, **far)) == ({BY_S2}, 1680.0)
    cover = TenderRule("remote_lane_covered", 2.0)
    ways = {BY_S1, BY_S2}
    assert found(two_ships((), (), (cover,), bids=lane, more=more, **far)) == (ways, 1690.0)
    near = {"remote_lanes": {"SEA": False}}
    assert found(two_ships((), (), (cover,), bids=lane, more=more, **near)) == ({BY_S2}, 1680.0)
    serve = TenderRule("remote_min_share", 0.5, frozenset({"SEA", "I1 - CUST"}))
    ways = {("R1", "S3", "R2")}
    assert found(two_ships((), (), (serve,), bids=lane, more=more, **far)) == (ways, 1740.0)


# --- what a finished plan earns


def carried(bid_id: str, teu: float, base_cost: float) -> Carried:
    return Carried(bid_id, {"teu": teu, "load_unit": teu, "t": 2.0 * teu}, base_cost)


def earned(case: Case, *lots: Carried) -> dict[str, float]:
    """Money off by bid."""
    shares = shares_of(rebates_of(case, lots))
    base: dict[str, float] = {}
    for lot in lots:
        base[lot.bid_id] = base.get(lot.bid_id, 0.0) + lot.base_cost
    return {bid_id: round(share * base[bid_id], 6) for bid_id, share in shares.items()}


def test_bounds_of_tiers() -> None:
    """Bounds are included; on the bound of two tiers the better one; a tier holds until the next
    begins; after the end of the last there is none.
    """
    tiers = (tier(2.0, 4.0, 5.0), tier(4.0, 6.0, 3.0), tier(7.0, 9.0, 8.0))
    case = two_ships(tiers)
    per_cent = {1.9: 0, 2.0: 5, 4.0: 5, 4.1: 3, 6.0: 3, 6.5: 3, 7.0: 8, 9.0: 8, 9.1: 0}
    for volume, percent in per_cent.items():
        got = earned(case, carried("S1", volume, 100.0)).get("S1", 0.0)
        assert got == pytest.approx(percent), volume
    assert steps(Scale(tiers)) == [
        (0.0, 2.0, 0.0),
        (2.0, 4.0, 5.0),
        (4.0, 7.0, 3.0),
        (7.0, 9.0, 8.0),
        (9.0, inf, 0.0),
    ]


def test_incremental_tiers_take_the_dearest_units_first() -> None:
    """6 TEU: 2 at 0, 2 at 5 % and 2 at 10 %. S1 has 3 at 100 and 3 at 50: 10 % of 2 x 100, then 5 %
    of 100 and of 50: 20 + 7.50.
    """
    tiers = tuple(
        tier(start, end, percent, kind="incremental")
        for start, end, percent in ((2.0, 4.0, 5.0), (4.0, inf, 10.0))
    )
    lots = (carried("S1", 3.0, 300.0), carried("S1", 3.0, 150.0))
    assert earned(two_ships(tiers), *lots) == {"S1": pytest.approx(27.5)}


def test_a_minimum_charge_is_rebated_as_a_base_rate() -> None:
    """S1 asks 800 at least a shipment; each box is a shipment of its own or two share one bill:
    the base cost is what the row BAS says, whatever made it.
    """
    case = two_ships((tier(0.0),))
    assert earned(case, carried("S1", 1.0, 800.0)) == {"S1": 80.0}


def test_rebates_of_others_are_not_ours() -> None:
    """Lots of L2 count for nothing of L1's, and L1's volume on other lanes not for a scope."""
    case = two_ships((tier(2.0, scope=SEA),), more=(ocean("S9", "L1", 1.0, start="I1", end="E1"),))
    assert earned(case, carried("S1", 1.0, 500.0), carried("S2", 5.0, 500.0)) == {}
    assert earned(case, carried("S1", 1.0, 500.0), carried("S9", 5.0, 500.0)) == {}
    assert earned(case, carried("S1", 2.0, 500.0), carried("S9", 5.0, 500.0)) == {"S1": 50.0}


def test_bundles_that_exclude_each_other() -> None:
    """Of group X the one that saves most: 5 % of 1,000 against 20 % of 100. An all-or-nothing
    bundle whose bids are used is taken, so the other one of its group is not, though it saves more.
    """
    one = Bundle("A", ("S1",), 5.0, "conditional", 1, "X")
    two = Bundle("B", ("R1",), 20.0, "conditional", 1, "X")
    lots = (carried("S1", 1.0, 1000.0), carried("R1", 1.0, 100.0))
    assert earned(two_ships((), (one, two)), *lots) == {"S1": 50.0}
    whole = replace(two, kind="all_or_nothing")
    assert earned(two_ships((), (one, whole)), *lots) == {"R1": 20.0}
    assert earned(two_ships((), (one, whole)), lots[0]) == {"S1": 50.0}


def test_a_bid_of_two_whole_bundles_goes_with_one() -> None:
    """S1 is in A (10 %) and in B with R1 (1 %): used with R1 it goes with B, which holds both."""
    small = Bundle("A", ("S1",), 10.0, "all_or_nothing", 1)
    large = Bundle("B", ("S1", "R1"), 1.0, "all_or_nothing", 2)
    case = two_ships((), (small, large))
    lots = (carried("S1", 1.0, 1000.0), carried("R1", 1.0, 100.0))
    assert earned(case, *lots) == {"S1": 10.0, "R1": 1.0}
    assert earned(case, lots[0]) == {"S1": 100.0}


def test_what_the_plan_saves_is_what_is_booked() -> None:
    """The model's cost and the books agree where tiers and bundles meet: 2 x (200 + 500 + 150) less
    10 % of 1,000 and 4 % of 1,000 + 300: 1,548. (HiGHS with presolve refuses its own solution of
    the tie-breaker here: a row is off by its tolerance.)
    """
    bundle = Bundle("B", ("S1",), 4.0, "conditional", 1)
    other = Bundle("C", ("R2",), 4.0, "conditional", 1)
    plan = planned(two_ships((tier(2.0),), (bundle, other)))
    assert plan.ways == {BY_S1}
    assert plan.cost == pytest.approx(1548.0)
    assert plan.planned.choice.objective == pytest.approx(1548.0)
    books = make_ledger(two_ships((tier(2.0),), (bundle, other)), plan.planned.plan)
    assert sum(r.amount for r in books.costs if r.charge_code == "DISC") == pytest.approx(-152.0)
