"""Explanations against sums by hand, against planning again, against what optimal plans allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lowhaul.findings import Findings
from routing.bids import Bid
from routing.case import MEASURES, Case
from routing.check.plan import Plan as Judged
from routing.decisions import Pin
from routing.explain.books import weighed
from routing.explain.replay import PlanOfOtherInputs, replayed
from routing.explain.rivals import Field, Rival, Stake
from routing.explain.turning import better, turns_for_rival, turns_for_winner
from routing.explain.ways import WayFinder
from routing.ledger import make_ledger
from routing.offers import make_offers
from routing.planner import plan_case
from routing.tender import Tender, TenderRule
from scenarios.results import result_tables
from tests.routing.test_planner import BOX_AT_YARD, with_box
from tests.routing.tiny_cases import START, corridor, ocean, plain_bid, planned, tiny_case
from tests.routing.tiny_tender import RULES, tender_case

SEEDS = (0, 2, 3, 5, 8, 9, 11, 14, 17, 23, 29, 33, 40)
TENDERS = (2, 3, 5, 9, 11, 17, 20, 23, 29, 33, 35, 40, 51)
"""Seeds of tenders that have a plan; among them every kind of terms."""


def field_of(case: Case) -> Field:
    """A case planned, written to tables, and read again as `explain` does."""
    plan = plan_case(case).plan
    tables = result_tables(case, make_ledger(case, plan), plan.unserved, (), ())
    return Field(case, Judged(case, tables, {}))


def stake_of(field: Field, bid_id: str) -> Stake:
    return next(s for s in field.stakes() if s.bid.bid_id == bid_id)


def rival_of(field: Field, winner: str, rival: str) -> Rival:
    return next(r for r in field.rivals(stake_of(field, winner)) if r.bid.bid_id == rival)


def with_bids(case: Case, *bids: Bid) -> Case:
    return replace(case, bids=(*case.bids, *bids))


def with_terms(case: Case, bid_id: str, **terms: Any) -> Case:
    bids = tuple(replace(b, **terms) if b.bid_id == bid_id else b for b in case.bids)
    return replace(case, bids=bids)


def bids_used(case: Case) -> set[str]:
    return {bid for way in planned(case).ways for bid in way}


OTHER = plain_bid("R1B", "T2", "PA", "E1", 230.0)


def test_the_runner_up_by_hand() -> None:
    """R1 hauls at 200 EUR, R1B at 230 on the same road: 30 EUR more and the same CO2e. It wins at
    199.99, a cent below R1, and R1 loses at 230.01, a cent above R1B.
    """
    field = field_of(with_bids(corridor(objective="min_cost"), OTHER))
    stake, rival = stake_of(field, "R1"), rival_of(field, "R1", "R1B")
    assert rival.change is not None
    assert (rival.change.cost, rival.change.co2e_kg) == (30.0, 0.0)
    assert field.runner_up(field.rivals(stake)) == rival
    (wins,) = turns_for_rival(field, stake, rival)
    assert (wins.what, wins.now, wins.needed, wins.change) == ("rate", 230.0, 199.99, -30.01)
    (loses,) = turns_for_winner(field, stake, rival)
    assert (loses.what, loses.now, loses.needed, loses.change) == ("rate", 200.0, 230.01, 30.01)


@pytest.mark.parametrize(
    ("bid_id", "rate", "winner"),
    [("R1B", 199.99, "R1B"), ("R1B", 200.01, "R1"), ("R1", 230.01, "R1B"), ("R1", 229.99, "R1")],
)
def test_planning_again_turns_at_the_rate_that_was_told(
    bid_id: str, rate: float, winner: str
) -> None:
    case = with_bids(corridor(objective="min_cost"), OTHER)
    assert winner in bids_used(with_terms(case, bid_id, rate=rate))


def test_planning_again_turns_at_the_intensity_that_was_told() -> None:
    """Ships of 90 and 100 g a TEU-km: the second wins below the first, the first loses above."""
    declared = {"co2e_per": "teu_km", "co2e_source": "example figure"}
    case = with_terms(corridor(), "S1", co2e_wtw_g=90.0, co2e_ttw_g=80.0, **declared)
    case = with_bids(case, ocean("S2", "L2", 480.0, co2e_wtw_g=100.0, **declared))
    field = field_of(case)
    stake, rival = stake_of(field, "S1"), rival_of(field, "S1", "S2")
    (wins,), (loses,) = (
        turns_for_rival(field, stake, rival),
        turns_for_winner(field, stake, rival),
    )
    assert (wins.what, wins.now, loses.now) == ("co2e_wtw_g", 100.0, 90.0)
    assert wins.needed is not None
    assert loses.needed is not None
    assert wins.needed <= 90.0
    assert loses.needed >= 100.0
    assert "S2" in bids_used(with_terms(case, "S2", co2e_wtw_g=wins.needed))
    assert "S1" in bids_used(with_terms(case, "S2", co2e_wtw_g=wins.needed + 0.02))
    assert "S2" in bids_used(with_terms(case, "S1", co2e_wtw_g=loses.needed, co2e_ttw_g=80.0))
    assert "S1" in bids_used(with_terms(case, "S1", co2e_wtw_g=loses.needed - 0.02))


def test_a_rate_turns_nothing_where_co2e_decides() -> None:
    """Least CO2e: S2 emits more, so it does not win even for nothing; only its CO2e is told."""
    more = {"co2e_wtw_g": 100.0, "co2e_per": "teu_km", "co2e_source": "example figure"}
    case = with_terms(corridor(), "S1", **{**more, "co2e_wtw_g": 90.0})
    case = with_bids(case, ocean("S2", "L2", 0.0, **more))
    field = field_of(case)
    stake, rival = stake_of(field, "S1"), rival_of(field, "S1", "S2")
    assert [t.what for t in turns_for_rival(field, stake, rival)] == ["co2e_wtw_g"]
    assert "S1" in bids_used(case)


def closed(**terms: Any) -> Bid:
    return replace(OTHER, **terms)


LATE, EARLY = START + timedelta(days=30), START - timedelta(days=1)
RULED = {"tender": Tender(rules=(TenderRule("min_carriers", 3.0),))}


@pytest.mark.parametrize(
    ("bid", "changes", "name"),
    [
        (closed(valid_to=EARLY), {}, "not valid"),
        (closed(valid_from=LATE), {}, "not valid"),
        (closed(status="spot"), {}, "spot"),
        (closed(transit_days=9), {}, "too late"),
        (closed(equipment=("TRL",)), {}, "equipment"),
        (closed(capacity=0.0), {}, "capacity"),
        (closed(min_volume=2.0, volume_unit="load_unit"), {}, "minimum volume"),
        (closed(weight_to_kg=800.0), {}, "weight"),
        (closed(service="ltl", rate_basis="tonne"), {}, "other service"),
        (closed(mode="rail", service="container"), {"modes": frozenset({"road", "sea"})},
         "closed mode"),
        (closed(mode="inland_waterway"), {}, "no factor"),
        (closed(carrier="T3"), RULED, "rule of the award"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_what_excludes_a_bid_is_named(bid: Bid, changes: dict[str, Any], name: str) -> None:
    """Each bid would be the cheapest, and each is left out for one reason."""
    case = with_bids(corridor(objective="min_cost", **changes), replace(bid, rate=1.0))
    rival = rival_of(field_of(case), "R1", "R1B")
    assert [o.name for o in rival.obstacles] == [name]
    assert not rival.admitted


def test_a_carrier_that_may_not_be_awarded_is_named() -> None:
    case = with_bids(corridor(objective="min_cost"), replace(OTHER, rate=1.0))
    for terms, name in (
        ({"qualified": False}, "not qualified"),
        ({"qualified_until": EARLY}, "not qualified"),
    ):
        carriers = {**case.carriers, "T2": replace(case.carriers["T2"], **terms)}
        rival = rival_of(field_of(replace(case, carriers=carriers)), "R1", "R1B")
        assert [o.name for o in rival.obstacles] == [name]


def test_a_measure_that_is_off_is_named() -> None:
    """Without the tender only incumbents are open: T2 is none."""
    case = with_bids(corridor(objective="min_cost"), replace(OTHER, rate=1.0))
    carriers = {n: replace(c, incumbent=n != "T2") for n, c in case.carriers.items()}
    off = replace(case.settings, measures=frozenset(MEASURES) - {"tender"})
    rival = rival_of(field_of(replace(case, carriers=carriers, settings=off)), "R1", "R1B")
    assert [o.name for o in rival.obstacles] == ["tender is off"]


@pytest.mark.parametrize(
    "pin",
    [
        Pin(False, lane="PA - E1", bid_id="R1B", reason="agreed"),
        Pin(True, lane="PA - E1", carrier="T1", reason="agreed"),
        Pin(True, frozenset({"O1/1"}), carrier="T1", reason="booked"),
        Pin(False, frozenset({"O1/1"}), carrier="T2", reason="strike"),
    ],
)
def test_a_pin_that_excludes_a_bid_is_named(pin: Pin) -> None:
    case = with_bids(corridor(objective="min_cost"), replace(OTHER, rate=1.0))
    rival = rival_of(field_of(replace(case, pins=(pin,))), "R1", "R1B")
    assert {o.name for o in rival.obstacles} == {"pin"}


def test_a_bid_of_another_line_ends_the_reuse_of_a_box() -> None:
    """With the box at YARD, which is L1's, 770 EUR, without it 910; L2's ship costs 1,000 and not
    500: 140 + 500 = 640 EUR more, and 494.724 - 403.794 = 90.930 kg of empty ways.
    """
    case = with_bids(with_box(BOX_AT_YARD), ocean("S2", "L2", 1_000.0))
    field = field_of(case)
    assert field.plan.box_uses
    rival = rival_of(field, "S1", "S2")
    assert (rival.swap.boxes_lost, rival.obstacles) == (1, ())
    assert rival.change is not None
    assert (rival.change.cost, rival.change.co2e_kg) == (640.0, pytest.approx(90.93, abs=0.002))


def test_the_tenders_have_every_kind_of_terms() -> None:
    drawn = [tender_case(seed).tender for seed in TENDERS]
    kinds = {t.kind for d in drawn for t in d.tiers} | {b.kind for d in drawn for b in d.bundles}
    assert kinds == {"all_units", "incremental", "conditional", "all_or_nothing"}
    assert {r.rule for d in drawn for r in d.rules} == set(RULES)
    assert any(len([b for b in d.bundles if b.xor_group]) > 1 for d in drawn)


@pytest.mark.parametrize(
    ("make", "seed"), [(tiny_case, n) for n in SEEDS] + [(tender_case, n) for n in TENDERS]
)
def test_a_plan_read_again_from_its_tables_has_the_same_books(make: Any, seed: int) -> None:
    case = make(seed, "min_cost")
    plan = plan_case(case).plan
    books = make_ledger(case, plan)
    tables = result_tables(case, books, plan.unserved, (), ())
    again = replayed(case, Judged(case, tables, {}), make_offers(case, Findings()))
    kept = make_ledger(case, again)
    assert kept.cost == books.cost
    assert [r.element.known for r in kept.legs] == [r.element.known for r in books.legs]
    assert kept.costs == books.costs


@pytest.mark.parametrize("objective", ["min_cost", "min_emissions"])
@pytest.mark.parametrize(
    ("make", "seed"),
    [(tiny_case, n) for n in (0, 1, 11, 13, 21, 22, 26, 30, 40)]
    + [(tender_case, n) for n in (1, 11, 13, 23, 26, 30, 41, 46, 51)],
)
def test_nothing_that_is_admitted_beats_an_optimal_plan(
    make: Any, seed: int, objective: str
) -> None:
    """A change that no rule excludes and that is better would have been planned."""
    case = make(seed, objective)
    field = field_of(case)
    changes = [r.change for s in field.stakes() for r in field.rivals(s) if r.admitted]
    finder = WayFinder(field)
    for shipment in field.plan.shipments:
        ways = finder.other_ways(shipment).booked
        changes += [way.change for way in ways if not way.obstacles]
    assert changes
    for change in changes:
        assert change is not None
        assert weighed(change, case.settings)[0] >= -0.011


def test_the_best_other_way_by_hand() -> None:
    """A direct lorry at 900 EUR beside road, sea, road at 200 + 500 + 150: 50 EUR more."""
    direct = plain_bid("D1", "T2", "PA", "CUST", 900.0, transit_days=4)
    field = field_of(with_bids(corridor(objective="min_cost"), direct))
    others = WayFinder(field).other_ways(field.plan.shipments[0])
    assert others.best is not None
    assert [g.offer.bid.bid_id for g in others.best.shipment.legs] == ["D1"]
    assert others.best.change.cost == 50.0
    assert not better(others.best.change, field)


def test_a_way_that_is_too_late_is_counted() -> None:
    slow = plain_bid("D1", "T2", "PA", "CUST", 1.0, transit_days=40)
    field = field_of(with_bids(corridor(objective="min_cost"), slow))
    others = WayFinder(field).other_ways(field.plan.shipments[0])
    assert others.booked == ()
    assert others.left == (("too late", 1),)


def test_fixed_costs_of_a_carrier_count_once() -> None:
    """T2 costs 10 EUR to use at all, T1 5: R1B at 230 is 30 + 10 - 5 dearer."""
    case = with_bids(corridor(objective="min_cost"), OTHER)
    fixed = {"T1": 5.0, "T2": 10.0}
    carriers = {n: replace(c, fixed_cost=fixed.get(n, 0.0)) for n, c in case.carriers.items()}
    rival = rival_of(field_of(replace(case, carriers=carriers)), "R1", "R1B")
    assert rival.change is not None
    assert rival.change.cost == 35.0


def test_a_plan_of_bids_that_are_gone_is_refused() -> None:
    case = corridor()
    plan = plan_case(case).plan
    tables = result_tables(case, make_ledger(case, plan), plan.unserved, (), ())
    less = replace(case, bids=case.bids[1:])
    with pytest.raises(PlanOfOtherInputs, match="R1"):
        replayed(less, Judged(less, tables, {}), make_offers(less, Findings()))
