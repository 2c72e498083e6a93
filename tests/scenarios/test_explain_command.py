"""`lowhaul explain` on a planned project: lanes, orders, carriers, names that nothing has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import main
from tests.scenarios.small_project import (
    PATIENT,
    road,
    sea,
    small_tables,
    write_small_project,
)

EXTRA = [
    road("R1X", "RIVAL", "CZ-PLANT", "SHANGHAI", 300),
    sea("S9", "RIVAL", "SHANGHAI", "ROTTERDAM", 900, equipment="40HC", transit_days=30,
        valid_to="2025-12-31"),
]  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with a rival carrier, planned for least cost."""
    tables = small_tables()
    folder = write_small_project(
        tmp_path_factory.mktemp("explain") / "p",
        bids=[*tables["bids"], *EXTRA],
        carriers=[*tables["carriers"], {"carrier": "RIVAL", "name": "A rival"}],
        project=PATIENT,
    )
    ran = CliRunner().invoke(main, ["run", "least_cost", "--project", str(folder)])
    assert ran.exit_code == 0, ran.output
    return folder


def explain(project: Path, *words: str) -> Result:
    base = ["explain", "--project", str(project), "--scenario", "least_cost"]
    return CliRunner().invoke(main, [*base, *words])


def as_json(project: Path, *words: str) -> dict[str, Any]:
    result = explain(project, *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_lane_names_winner_runner_up_and_what_is_excluded(project: Path) -> None:
    told = as_json(project, "SHANGHAI - ROTTERDAM")
    assert (told["kind"], told["doubts"]) == ("lane", [])
    (sea_leg,) = [w for w in told["won"] if w["load_units"]]
    by_bid = {r["bid_id"]: r for r in sea_leg["rivals"]}
    assert [x["rule"] for x in by_bid["S9"]["excluded_by"]] == ["not valid"]
    assert "2025-12-31" in by_bid["S9"]["excluded_by"][0]["facts"]
    text = explain(project, "SHANGHAI>ROTTERDAM").stdout
    assert "it is no new plan" in text
    assert f"won with {sea_leg['bid_id']}" in text
    assert "S9: not valid" in text


def test_the_amounts_of_a_winner_are_those_of_the_awards(project: Path) -> None:
    told = as_json(project, "SHANGHAI - ROTTERDAM")["won"][0]
    awards = (project / "results" / "least_cost" / "awards.csv").read_text("utf-8-sig")
    row = next(line for line in awards.splitlines() if told["bid_id"] in line.split(","))
    assert f"{told['cost']:.2f}" in row


def test_an_order_is_told_leg_by_leg_and_adds_up(project: Path) -> None:
    """Shares of the legs and of what belongs to no leg are the order's own cost."""
    told = as_json(project, "O1")
    for shipment in told["shipments"]:
        legs = shipment["legs"]
        assert legs[0]["from"] == "CZ-PLANT"
        assert legs[-1]["to"] in ("ERFURT", "SZ-HUB")
        assert sum(leg["cost"] for leg in legs) <= shipment["cost"] + 0.05
        assert sum(leg["co2e_wtw_kg"] for leg in legs) <= shipment["co2e_wtw_kg"] + 0.01
    text = explain(project, "O1/1").stdout
    assert "next best bid" in text
    assert "620 pieces" in text or "pieces of PV-580" in text


def test_a_carrier_is_told_what_it_won_and_lost(project: Path) -> None:
    told = as_json(project, "RIVAL")
    lanes = {x["lane"] for x in told["lost"]} | {x["lane"] for x in told["won"]}
    assert "SHANGHAI - ROTTERDAM" in lanes
    lost = next(x for x in told["lost"] if x["lane"] == "SHANGHAI - ROTTERDAM")
    assert lost["cost_change"] is not None
    text = explain(project, "RIVAL").stdout
    assert "Lost:" in text


@pytest.mark.parametrize("name", ["SHANGHAI - ROTERDAM", "O11", "TRUCKS"])
def test_a_name_that_nothing_has_is_code_7_with_the_nearest(project: Path, name: str) -> None:
    result = explain(project, name)
    assert result.exit_code == 7
    assert "Did you mean" in result.stderr


def test_a_lane_without_goods_is_code_7(project: Path) -> None:
    result = explain(project, "CZ-PLANT - SZ-HUB")
    assert result.exit_code == 7
    assert "No goods take" in result.stderr


def test_a_scenario_without_results_is_code_2(project: Path) -> None:
    result = CliRunner().invoke(
        main, ["explain", "O1", "--project", str(project), "--scenario", "no_round_use"]
    )
    assert result.exit_code == 2
    assert "Plan it first" in result.stderr


def test_a_name_of_two_kinds_asks_which(tmp_path: Path) -> None:
    tables = small_tables()
    tables["orders"][0]["order_id"] = "BLUE"
    folder = write_small_project(tmp_path / "p", orders=tables["orders"][:2], project=PATIENT)
    assert CliRunner().invoke(main, ["run", "least_cost", "--project", str(folder)]).exit_code == 0
    result = explain(folder, "BLUE")
    assert result.exit_code == 2
    assert "--as" in result.stderr
    assert as_json(folder, "BLUE", "--as", "order")["kind"] == "order"


def test_inputs_that_changed_since_the_plan_are_said(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path / "p", project=PATIENT)
    assert CliRunner().invoke(main, ["run", "least_cost", "--project", str(folder)]).exit_code == 0
    bids = folder / "data" / "bids.csv"
    bids.write_text(bids.read_text("utf-8").replace(",320,", ",321,"), "utf-8")
    result = explain(folder, "TRUCK")
    assert result.exit_code == 0
    assert "inputs have changed" in result.stderr
    assert "Booked again" in result.stderr
