"""Fuel surcharges by an index: the row that holds, the days of it, what is paid, what is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from routing.bids import Charge, FuelIndex, FuelStep
from routing.case import Case
from routing.check.charges import fuel_percent, fuel_surcharged
from routing.check.plan import Plan as Judged
from routing.fuel import FuelTable
from routing.ledger import make_ledger
from routing.planner import plan_case
from scenarios.results import result_tables
from tests.routing.tiny_cases import START, corridor, planned

DIESEL = (
    FuelStep("D", 1.20, 1.30, 0.0),
    FuelStep("D", 1.30, 1.40, 2.5),
    FuelStep("D", 1.40, 1.50, 5.0),
)
SOON = START + timedelta(days=3)


def index(*values: tuple[date, float]) -> tuple[FuelIndex, ...]:
    return tuple(FuelIndex("D", day, value) for day, value in values)


@pytest.mark.parametrize(
    ("value", "percent"),
    [(1.19, None), (1.20, 0.0), (1.299, 0.0), (1.30, 2.5), (1.40, 5.0), (1.50, 5.0), (1.51, None)],
)
def test_the_row_that_holds(value: float, percent: float | None) -> None:
    """An index on the bound of two rows is the upper one's; the top of the table is its own."""
    assert FuelTable(DIESEL, index((START, value))).percent_on(START) == percent


def test_the_latest_index_counts_and_none_before_the_first() -> None:
    table = FuelTable(DIESEL, index((SOON, 1.45), (START, 1.35)))
    assert table.percent_on(START - timedelta(days=1)) is None
    assert table.percent_on(SOON - timedelta(days=1)) == 2.5
    assert table.percent_on(SOON) == 5.0
    assert table.spans() == [(START, SOON - timedelta(days=1), 2.5), (SOON, None, 5.0)]


def test_days_of_one_percentage_are_one_span_and_validity_cuts_it() -> None:
    steps = (*DIESEL[:1], replace(DIESEL[1], valid_to=SOON), replace(DIESEL[2], index_from=1.45))
    table = FuelTable(steps, index((START, 1.31), (START + timedelta(days=1), 1.39)))
    assert table.spans() == [(START, SOON, 2.5)]
    charge = Charge("FSC", 0.0, "EUR", "percent", fuel_table="D", valid_to=START)
    assert [(c.amount, c.valid_from, c.valid_to) for c in table.charges(charge)] == [
        (2.5, START, START)
    ]


def fuelled(*values: tuple[date, float]) -> Case:
    """The corridor with a fuel surcharge on its first haulage."""
    case = corridor(objective="min_cost")
    given = index(*values)
    charge = Charge("FSC", 0.0, "EUR", "percent", fuel_table="D")
    charges = tuple(FuelTable(DIESEL, given).charges(charge))
    bids = tuple(replace(b, charges=charges) if b.bid_id == "R1" else b for b in case.bids)
    return replace(case, bids=bids, fuel_steps=DIESEL, fuel_index=given)


def test_the_surcharge_by_hand() -> None:
    """200 EUR at an index of 1.45: 5 % = 10 EUR on 850; at 1.25 nothing."""
    assert planned(fuelled((START, 1.45))).cost == 860.0
    assert planned(fuelled((START, 1.25))).cost == 850.0


def test_the_cheaper_day_of_departure_is_taken() -> None:
    """5 % from the fourth day on, 2.5 % before it: 855 EUR, leaving in the first three days."""
    found = planned(fuelled((START, 1.35), (SOON, 1.45)))
    assert found.cost == 855.0
    (shipment,) = found.planned.plan.shipments
    assert date.fromordinal(shipment.depart) < SOON


def test_the_judge_reads_the_percentage_from_the_tables() -> None:
    case = fuelled((START, 1.45))
    plan = plan_case(case).plan
    tables = result_tables(case, make_ledger(case, plan), plan.unserved, (), ())
    judged = Judged(case, tables, {})
    assert list(fuel_surcharged(judged)) == []
    assert [fuel_percent(judged, "D", START + timedelta(days=n)) for n in (-1, 0, 9)] == [0, 5, 5]
    other = replace(case, fuel_index=index((START, 1.35)))
    (breach,) = fuel_surcharged(Judged(other, tables, {}))
    assert "gives 2.5" in breach[2]
    forgotten = tables | {"costs": tables["costs"][tables["costs"]["charge_code"] != "FSC"]}
    (breach,) = fuel_surcharged(Judged(case, forgotten, {}))
    assert "gives 5" in breach[2]
