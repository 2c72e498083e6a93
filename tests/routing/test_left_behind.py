"""Why an order stays behind: what is asked besides is named, and what is closed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from routing import planner
from routing.case import Case
from routing.left_behind import NOT_PROVED
from routing.planner import plan_case
from routing.tender import Tender, TenderRule
from tests.routing.handmade import handmade_case


def reasons(case: Case) -> set[str]:
    return {u.reason for u in plan_case(case).plan.unserved}


def with_carrier(carrier: str, **changes: object) -> Case:
    case = handmade_case()
    changed = replace(case.carriers[carrier], **changes)  # type: ignore[arg-type]
    return replace(case, carriers={**case.carriers, carrier: changed})


def with_bids(change: Callable[..., dict[str, object]]) -> Case:
    case = handmade_case()
    bids = tuple(replace(b, **change(b)) for b in case.bids)  # type: ignore[arg-type]
    return replace(case, bids=bids)


def test_a_rule_that_keeps_orders_away_is_named() -> None:
    """No order of the case goes by one carrier alone: a haulier brings it to the ship."""
    case = handmade_case()
    rules = (TenderRule("max_carriers", 1.0), TenderRule("max_carriers", 1.0))
    told = reasons(replace(case, tender=Tender(rules=rules)))
    assert any(
        "do not cover all orders within what is asked: at most 1 carrier." in t for t in told
    )
    assert not any(NOT_PROVED in t for t in told), "the least that stays behind is proved"


def test_what_a_search_left_behind_is_not_told_as_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "in_one_piece", lambda _: (False, None))
    case = handmade_case()
    settings = replace(case.settings, budget=1_000.0, time_limit_s=5.0)
    told = reasons(replace(case, settings=settings))
    assert told
    assert all(NOT_PROVED in t for t in told if "do not cover" in t)
    assert any("the budget of 1,000.00 EUR" in t for t in told)


def test_a_carrier_that_is_not_qualified_closes_its_bids() -> None:
    told = reasons(with_carrier("OCEAN", qualified=False))
    assert any("R-SEA" in t and "(OCEAN is not qualified)" in t for t in told)


def test_a_qualification_that_has_ended_closes_its_bids() -> None:
    told = reasons(with_carrier("OCEAN", qualified_until=date(2020, 1, 1)))
    assert any("(OCEAN is qualified until 2020-01-01)" in t for t in told)


def test_an_expired_bid_is_named_and_one_on_no_way_is_not() -> None:
    last = min(o.ready_date for o in handmade_case().orders) - timedelta(days=1)

    def expired(bid: object) -> dict[str, object]:
        sails = bid.mode == "sea"  # type: ignore[attr-defined]
        return {"valid_to": last} if sails else {}

    told = reasons(with_bids(expired))
    assert any(f"(valid until {last})" in t for t in told)
    assert not any("R-PP" in t for t in told), "it is open"
