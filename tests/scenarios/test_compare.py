"""Comparison of scenarios: differences, and what must be said before them."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from scenarios.compare import compare
from tests.scenarios.synthetic import Synthetic, frame, make


@pytest.fixture(scope="module")
def plan() -> Synthetic:
    return make(40)


@pytest.fixture(scope="module")
def before() -> Synthetic:
    return make(40, baseline=True, scenario="baseline")


def test_differences_are_measured_against_the_first(plan: Synthetic, before: Synthetic) -> None:
    found = compare(
        [("baseline", before.tables, before.summary), ("least_co2", plan.tables, plan.summary)]
    )
    table = found.table().set_index("figure")
    cost = plan.summary["cost"] - before.summary["cost"]
    assert table.loc["cost", "least_co2 difference"] == pytest.approx(cost)
    percent = 100 * cost / before.summary["cost"]
    assert table.loc["cost", "least_co2 percent"] == pytest.approx(percent)
    assert table.loc["load_units", "baseline"] == before.summary["load_units"]["45G1"]
    assert table.loc["co2e_wtw_t", "baseline"] == before.summary["co2e_wtw_kg"] / 1000
    assert "least_co2 difference" in table.columns
    assert "baseline difference" not in table.columns


def test_shares_differ_in_points_and_have_no_percent(plan: Synthetic, before: Synthetic) -> None:
    found = compare([("a", before.tables, before.summary), ("b", plan.tables, plan.summary)])
    rate = next(f for f in found.figures if f.key == "load_rate_volume")
    assert rate.percent(1) is None
    assert "points" in found.text()


def test_a_first_value_of_zero_has_no_percent(plan: Synthetic, before: Synthetic) -> None:
    found = compare([("a", before.tables, before.summary), ("b", plan.tables, plan.summary)])
    boxes = next(f for f in found.figures if f.key == "round_use_boxes")
    assert boxes.values[0] == 0
    assert boxes.difference(1) == plan.summary["round_use_boxes"]
    assert boxes.percent(1) is None


def test_different_orders_are_said_first(plan: Synthetic) -> None:
    left = [{"order_id": "O-00001", "line": "1", "pieces": 620, "reason": "no bid is valid"}]
    tables = {**plan.tables, "unserved": frame("unserved", left)}
    summary = {**plan.summary, "orders_unserved": 1}
    found = compare([("all", plan.tables, plan.summary), ("fewer", tables, summary)])
    assert not found.same_orders
    first = found.text().splitlines()[0]
    assert first.startswith("These scenarios do not serve the same orders")
    assert "fewer serves 39 of 40 orders" in first


def test_two_plans_that_each_leave_another_order_differ(plan: Synthetic) -> None:
    """Equal counts of unserved orders are not the same work."""

    def leaving(order: str) -> tuple[str, dict[str, pd.DataFrame], dict[str, object]]:
        rows = [{"order_id": order, "line": "1", "pieces": 620, "reason": "-"}]
        tables = {**plan.tables, "unserved": frame("unserved", rows)}
        return order, tables, {**plan.summary, "orders_unserved": 1}

    assert not compare([leaving("O-00001"), leaving("O-00002")]).same_orders
    assert compare([leaving("O-00001"), leaving("O-00001")]).same_orders


def test_incomplete_emissions_are_said(plan: Synthetic, before: Synthetic) -> None:
    assert before.summary["co2e_coverage_transport"] < 1
    found = compare(
        [("baseline", before.tables, before.summary), ("least_co2", plan.tables, plan.summary)]
    )
    assert "not complete" in found.text()
    assert "baseline" in found.notes[0]


def test_columns_of_the_text_align(plan: Synthetic, before: Synthetic) -> None:
    text = compare(
        [("基准", before.tables, before.summary), ("least_co2", plan.tables, plan.summary)]
    ).text()
    assert "\x1b" not in text
    rows = [line for line in text.splitlines() if line.startswith(("Cost", "Load units"))]
    assert len({len(row) for row in rows}) == 1


def test_the_json_form_can_be_written(plan: Synthetic, before: Synthetic) -> None:
    found = compare([("a", before.tables, before.summary), ("b", plan.tables, plan.summary)])
    document = json.loads(json.dumps(found.as_dict()))
    assert document["first"] == "a"
    assert "difference" not in document["scenarios"][0]
    cost = plan.summary["cost"] - before.summary["cost"]
    assert document["scenarios"][1]["difference"]["cost"] == pytest.approx(cost)
