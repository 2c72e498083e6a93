"""`lowhaul front` on the small project: files, labels, command line, an interruption."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import main
from lowhaul.errors import PlanFailsCheck
from scenarios import front as front_module
from scenarios.front import front_of_scenario, refuted
from scenarios.front_points import MODEL, PLAN, Judged, Point, arranged
from scenarios.inputs import load_project
from tests.scenarios.small_project import order, small_tables, write_small_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One order of 20 pallets and two ships, the cleaner one dearer: soon proved."""
    folder = tmp_path_factory.mktemp("front")
    scenarios = {"direct": {"without": ["round_use", "consolidation", "packaging"]}}
    orders = [order("O1", "CZ-PLANT", "ERFURT", "PV-580", 620)]
    bids = small_tables()["bids"]
    for bid in bids:
        bid["rate"] = 2600 if bid["bid_id"] == "S2" else bid["rate"]
    return write_small_project(folder, orders=orders, bids=bids, project={"scenarios": scenarios})


@pytest.fixture(scope="module")
def told(project: Path) -> dict[str, Any]:
    asked = ["front", "--project", str(project), "--scenario", "direct", "--points", "3"]
    ran = CliRunner().invoke(main, [*asked, "--time-limit", "60", "--json"])
    assert ran.exit_code == 0, ran.output
    document: dict[str, Any] = json.loads(ran.stdout)
    return document


def test_the_command_writes_an_exact_front(project: Path, told: dict[str, Any]) -> None:
    folder = project / "results" / "direct" / "front"
    assert {p.name for p in folder.iterdir()} == {"front.csv", "front.json", "front.html"}
    assert told["status"] == "exact", told["open_because"]
    points = told["points"]
    assert len(points) >= 2
    assert all(p["kind"] == PLAN and p["gap"] == 0.0 for p in points)
    costs = [p["cost"] for p in points]
    kilograms = [p["co2e_wtw_kg"] for p in points]
    assert costs == sorted(costs)
    assert kilograms == sorted(kilograms, reverse=True)
    assert points[0]["name"].startswith("least cost")
    assert "least CO2e" in points[-1]["name"]
    saved_t = (kilograms[0] - kilograms[1]) / 1000.0
    assert points[1]["price_per_t"] == pytest.approx((costs[1] - costs[0]) / saved_t, abs=0.01)
    rows = list(csv.DictReader((folder / "front.csv").open(encoding="utf-8")))
    assert [float(r["cost"]) for r in rows] == costs
    saved = json.loads((folder / "front.json").read_text("utf-8"))
    assert saved == {k: v for k, v in told.items() if k not in ("exit_code", "folder")}


def test_no_plan_lies_below_the_steps(told: dict[str, Any]) -> None:
    for point in told["points"]:
        for step in told["lower_curve"]:
            limit = step["co2e_at_most_kg"]
            if limit is None or point["co2e_wtw_kg"] <= limit:
                assert point["cost"] >= step["cost_at_least"] - 0.05


def test_the_page_shows_the_front_and_asks_for_nothing(project: Path, told: dict[str, Any]) -> None:
    page = (project / "results" / "direct" / "front" / "front.html").read_text("utf-8")
    assert f"Exact front, {len(told['points'])} plans" in page
    assert "<svg" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_a_cap_of_the_table_finds_the_point_again(project: Path, told: dict[str, Any]) -> None:
    """A scenario of least cost with that cap is the same plan."""
    from routing.ledger import make_ledger
    from routing.planner import plan_case
    from scenarios.inputs import build_case

    case = build_case(load_project(project), "direct")
    for point in told["points"]:
        own = replace(case.settings, objective="min_cost", emissions_cap_t=point["emissions_cap_t"])
        planned = plan_case(replace(case, settings=own))
        assert make_ledger(case, planned.plan).cost == pytest.approx(point["cost"], abs=0.02)


def test_an_interruption_leaves_what_was_found(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second plan is interrupted: the first stands, labelled; the exit code is 130."""
    whole = front_module.Collected.keep

    def keep(self: front_module.Collected, found: Any) -> None:
        if self.points:
            raise KeyboardInterrupt
        whole(self, found)

    monkeypatch.setattr(front_module.Collected, "keep", keep)
    result = front_of_scenario(load_project(project), "direct", 3)
    assert result.exit_code == 130
    assert (result.document["status"], result.document["ended"]) == ("sampled", "interrupted")
    assert len(result.document["points"]) == 1
    assert "interrupted" in result.text()


def test_nothing_is_written_if_the_check_refuses_a_plan(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_module, "check_plan", lambda *_: ["a fault"])
    loaded = replace(load_project(project), folder=tmp_path)
    with pytest.raises(PlanFailsCheck):
        front_of_scenario(loaded, "direct", 3)
    assert not (tmp_path / "results").exists()


def test_an_unknown_scenario_is_said(project: Path) -> None:
    ran = CliRunner().invoke(main, ["front", "--project", str(project), "--scenario", "none"])
    assert ran.exit_code == 2


def test_dominated_plans_go_and_model_values_are_labelled() -> None:
    """(10, 5) is as good as (11, 5); a model value at (12, 4) stays but has no part in prices."""
    points = [
        Point(11.0, 5000.0, 11.0, 6000.0, PLAN, True, gap=0.0),
        Point(10.0, 5000.0, 10.0, 6000.0, PLAN, True, gap=0.0),
        Point(12.0, 4000.0, 12.0, 4000.0, MODEL, note="refused"),
        Point(14.0, 3000.0, 14.0, 3000.0, PLAN, True, gap=0.1),
    ]
    judged = Judged(arranged(points), ())
    assert [p.cost for p in judged.points] == [10.0, 12.0, 14.0]
    assert judged.prices() == [None, pytest.approx(2.0)]
    assert judged.names() == {0: "least cost", 1: "least CO2e"}


def test_a_bound_that_any_plan_within_its_limit_refutes_is_none() -> None:
    """A plan of 90 EUR and 50 kg: no bound of 100 holds from 50 kg on; below 50 kg it may."""
    plan = Point(90.0, 50.0, 90.0, 50.0, PLAN)
    assert refuted(50.0, 100.0, [plan])
    assert refuted(70.0, 100.0, [plan])
    assert not refuted(49.0, 100.0, [plan])
    assert not refuted(50.0, 90.0, [plan])
    assert not refuted(50.0, 100.0, [replace(plan, kind=MODEL)])
