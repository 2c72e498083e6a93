"""Where no plan exists, the error names the smallest clash, in time and once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lowhaul.errors import NoPlanExists
from routing import clash, planner
from routing.case import Case
from routing.clash_told import caps_of, clash_told
from routing.model import Cuts, build_model
from routing.options import build_options
from routing.planner import plan_case
from routing.selection import cap_totals
from routing.tender import Tender, TenderRule
from tests.routing.handmade import handmade_case


def case_of(*rules: TenderRule, **settings: object) -> Case:
    case = handmade_case()
    chosen = replace(case.settings, **settings)  # type: ignore[arg-type]
    return replace(case, tender=Tender(rules=rules), settings=chosen)


def refused(case: Case) -> NoPlanExists:
    with pytest.raises(NoPlanExists) as caught:
        plan_case(case)
    return caught.value


@pytest.fixture
def as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case is searched, as large ones are."""
    monkeypatch.setattr(planner, "in_one_piece", lambda _: (False, None))


def test_the_error_of_a_run_names_what_clashes_and_nothing_else() -> None:
    """Two carriers at least cost something; 170 EUR pay for the two boxes that go back and 10 more.
    The cap of 900 t and the third rule have no part in it.
    """
    rules = (TenderRule("min_carriers", 2.0), TenderRule("max_carriers", 3.0))
    error = refused(case_of(*rules, budget=170.0, emissions_cap_t=900.0))
    assert error.clash == ("the budget of 170.00 EUR", "at least 2 carriers")
    assert str(error) == (
        "No plan exists, even with every order unserved: the budget of 170.00 EUR and at least 2 "
        "carriers cannot be met together."
    )


@pytest.mark.usefixtures("as_large")
def test_a_large_plan_names_its_clash_from_the_relaxation() -> None:
    """The same demands: each of the two carriers carries a load unit, which the budget forbids."""
    rules = (TenderRule("min_carriers", 2.0), TenderRule("max_carriers", 3.0))
    error = refused(case_of(*rules, budget=170.0, emissions_cap_t=900.0))
    assert error.clash == ("the budget of 170.00 EUR", "at least 2 carriers")
    assert str(error) == (
        "No plan exists on the ways that are searched, even with every order unserved: the budget "
        "of 170.00 EUR and at least 2 carriers cannot be met together."
    )


@pytest.mark.usefixtures("as_large")
def test_in_a_large_plan_too_each_part_of_a_clash_can_be_met_alone() -> None:
    assert plan_case(case_of(budget=170.0)).plan.shipments == ()
    assert plan_case(case_of(TenderRule("min_carriers", 2.0))).plan.shipments


@pytest.mark.usefixtures("as_large")
def test_a_large_plan_with_a_cap_that_is_too_low_by_itself() -> None:
    """Sending the two boxes back emits something, even with every order unserved."""
    error = refused(case_of(TenderRule("min_carriers", 1.0), emissions_cap_t=0.0, budget=1e9))
    assert error.clash == ("the emissions cap of 0.000 t CO2e",)


def test_where_only_relaxations_are_asked_no_model_of_whole_numbers_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = case_of(TenderRule("min_carriers", 4.0), budget=1e9)
    model = build_model(build_options(case), Cuts())
    cap_totals(model)
    monkeypatch.setattr(clash, "solve", None)
    _, parts = clash_told(model, relaxed_only=True)
    assert parts == ["at least 4 carriers"]


def test_a_single_demand_that_cannot_be_met() -> None:
    error = refused(case_of(TenderRule("min_carriers", 4.0), emissions_cap_t=900.0))
    assert error.clash == ("at least 4 carriers",)
    assert "at least 4 carriers cannot be met." in str(error)


def test_without_one_of_its_parts_there_is_a_plan() -> None:
    """What is named is to blame: the budget alone and the rule alone can be met."""
    assert plan_case(case_of(budget=170.0)).plan.shipments == ()
    assert plan_case(case_of(TenderRule("min_carriers", 2.0))).plan.shipments


def test_without_time_the_caps_are_named_as_before() -> None:
    case = case_of(TenderRule("min_carriers", 2.0), budget=170.0)
    model = build_model(build_options(case), Cuts())
    cap_totals(model)
    started = time.perf_counter()
    sentence, parts = clash_told(model, seconds=0.0)
    assert time.perf_counter() - started < 2.0
    assert parts == caps_of(case.settings) == ["the budget of 170.00 EUR"]
    assert sentence.endswith("the budget of 170.00 EUR cannot be met.")
    assert caps_of(handmade_case().settings) == ["the minimum volumes of the bids"]


def test_what_a_stage_has_learnt_is_no_demand() -> None:
    """A row keep_service stands in the model when the error is raised; it is left out."""
    case = case_of(TenderRule("min_carriers", 4.0))
    model = build_model(build_options(case), Cuts())
    cap_totals(model)
    model.linear.row("keep_service", dict.fromkeys(model.unserved_weight, 1.0), upper=-1.0)
    assert clash_told(model)[1] == ["at least 4 carriers"]
