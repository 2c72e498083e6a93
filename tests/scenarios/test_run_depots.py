"""A project run from its tables in which emptied boxes go through a depot or pay detention."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from tests.scenarios.small_project import PROJECT, place, small_tables, write_small_project

SETTINGS = {**PROJECT["settings"], "box_wait_days": 2}
SCENARIOS = {"two_days": {}, "no_limit": {"box_wait_days": None}}


def written(folder: Path, **box: object) -> Path:
    """The order of WX-PLANT, a depot near by, two boxes at the plant, free until 2026-01-09."""
    tables = small_tables()
    box = {"line": "SOC", "free_until": "2026-01-09", **box}
    empties = [{**tables["empties"][0], **box}]
    write_small_project(
        folder,
        locations=[*tables["locations"], place("DEPOT", "depot", "CN", 31.60, 120.45)],
        empties=empties,
        orders=[o for o in tables["orders"] if o["order_id"] == "O3"],
        project={"settings": SETTINGS, "scenarios": SCENARIOS},
    )
    return folder


def rows(folder: Path, scenario: str, table: str) -> list[dict[str, str]]:
    with (folder / "results" / scenario / f"{table}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def ran(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The project with what the test changes at its boxes, planned."""
    folder = written(tmp_path / "p", **getattr(request, "param", {}))
    result = CliRunner().invoke(main, ["run", "--project", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


def test_boxes_go_through_the_depot_only_where_they_may_not_wait(ran: Path) -> None:
    """Orders are ready on 2026-01-12: two days before that the free time is over."""
    turns = [r for r in rows(ran, "two_days", "round_use") if r["empty_id"] == "E1"]
    assert {(r["depot"], r["date"]) for r in turns if int(r["boxes"])} == {("DEPOT", "2026-01-08")}
    street = [r for r in rows(ran, "no_limit", "round_use") if r["empty_id"] == "E1"]
    assert {r["depot"] for r in street if int(r["boxes"])} == {""}
    ways = {(r["from"], r["to"]) for r in rows(ran, "two_days", "legs") if r["kind"] == "empty"}
    assert {("WX-PLANT", "DEPOT"), ("DEPOT", "WX-PLANT")} <= ways
    assert "through Depot" in (ran / "results" / "two_days" / "map.html").read_text("utf-8")


@pytest.mark.parametrize("ran", [{"detention_per_day": "12"}], indirect=True)
def test_detention_of_a_cell_is_a_row_of_costs(ran: Path) -> None:
    """Least CO2e leaves the boxes at WX-PLANT, where they are stuffed, and pays for their days."""
    charges = [r for r in rows(ran, "two_days", "costs") if r["charge_code"] == "DET"]
    assert charges
    assert {(r["source_file"], r["rate"], r["basis"]) for r in charges} == {
        ("empties", "12", "day")
    }
    assert not [r for r in rows(ran, "no_limit", "costs") if r["charge_code"] == "DET"]
