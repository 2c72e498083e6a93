"""Pins in a project: read, held until a day, a shipment of the last plan, clashes, bookings."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cli import main
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding
from scenarios.inputs import build_case, load_project
from scenarios.pins import pins_of
from tests.scenarios.small_project import PATIENT, rows_as_csv, write_small_project


def pin(level: str, key: str, action: str = "fix", **more: Any) -> dict[str, Any]:
    return {"level": level, "key": key, "action": action, "reason": "agreed", **more}


def run(folder: Path, scenario: str = "least_cost") -> Result:
    return CliRunner().invoke(main, ["run", scenario, "--project", str(folder)])


def shipments_of(folder: Path, order: str, scenario: str = "least_cost") -> pd.DataFrame:
    results = folder / "results" / scenario
    frame = pd.read_csv(results / "shipments.csv", dtype=str, keep_default_na=False)
    return frame[frame["order_ids"].str.split(";").map(lambda ids: order in ids)]


def decide(folder: Path, *rows: dict[str, Any]) -> None:
    (folder / "data" / "decisions.csv").write_text(rows_as_csv(rows), encoding="utf-8")


def found(folder: Path) -> list[Finding]:
    with pytest.raises(InputRejected) as rejected:
        load_project(folder)
    return [f for f in rejected.value.findings if f.severity == "error"]


def test_a_pin_is_planned_judged_and_booked(tmp_path: Path) -> None:
    """O4 goes with GREEN, all others as they like; the booking stands with its shipment."""
    folder = write_small_project(
        tmp_path / "p",
        decisions=[pin("order", "O4", "freeze", carrier="GREEN", booking_ref="GRN-4711")],
        project=PATIENT,
    )
    ran = run(folder)
    assert ran.exit_code == 0, ran.output
    mine = shipments_of(folder, "O4")
    assert len(mine)
    assert mine["carriers"].str.contains("GREEN").all()
    assert set(mine["booking_ref"]) == {"GRN-4711"}


def test_a_pin_holds_until_its_day(tmp_path: Path) -> None:
    """as_of is 2025-12-15: a pin until that day holds, one until the day before does not."""
    for until, held in (("2025-12-15", 1), ("2025-12-14", 0), ("", 1)):
        row = pin("order", "O1", carrier="GREEN", until=until)
        folder = write_small_project(tmp_path / f"p{until}", decisions=[row])
        assert len(build_case(load_project(folder), "base").pins) == held


def test_an_orders_pin_is_of_all_its_lines_or_of_one(tmp_path: Path) -> None:
    folder = write_small_project(
        tmp_path / "p",
        decisions=[pin("order", "O1", equipment="40HC"), pin("order", "O2/1", carrier="BLUE")],
    )
    first, second = build_case(load_project(folder), "base").pins
    assert (first.orders, first.equipment, first.row) == (frozenset({"O1/1"}), "45G1", 2)
    assert (second.orders, second.carrier) == (frozenset({"O2/1"}), "BLUE")


def test_a_shipment_of_the_last_plan_stays_the_same_goods(tmp_path: Path) -> None:
    """The shipment of O5 is pinned to the bids it has; numbers may change, the goods do not."""
    folder = write_small_project(tmp_path / "p", project=PATIENT)
    assert run(folder).exit_code == 0
    shipment_id = shipments_of(folder, "O5")["shipment_id"].iloc[0]
    decide(folder, pin("shipment", shipment_id, "freeze", carrier="EUROAD", booking_ref="E5"))
    assert run(folder).exit_code == 0
    summary = json.loads((folder / "results" / "least_cost" / "summary.json").read_text("utf-8"))
    assert summary["pinned_shipments"] == {shipment_id: ["O5/1"]}
    assert set(shipments_of(folder, "O5")["booking_ref"]) == {"E5"}
    allocation = folder / "results" / "least_cost" / "order_allocation.csv"
    text = allocation.read_text("utf-8-sig")
    allocation.write_text(text.replace(shipment_id, "S-9999"), "utf-8")
    (kept,) = pins_of(load_project(folder), "least_cost", date(2025, 12, 15))
    assert kept.orders == frozenset({"O5/1"})


def test_a_shipment_of_another_scenarios_plan_is_named_with_it(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path / "p", project=PATIENT)
    assert run(folder).exit_code == 0
    shipment_id = shipments_of(folder, "O5")["shipment_id"].iloc[0]
    decide(folder, pin("shipment", f"least_cost/{shipment_id}", carrier="EUROAD"))
    (held,) = build_case(load_project(folder), "least_co2").pins
    assert held.orders == frozenset({"O5/1"})


@pytest.mark.parametrize("key", ["S-9999", "no_round_use/S-0001"])
def test_a_shipment_that_no_plan_has_is_a_finding(tmp_path: Path, key: str) -> None:
    folder = write_small_project(tmp_path / "p", decisions=[pin("shipment", key, carrier="BLUE")])
    ran = run(folder)
    assert ran.exit_code == 3
    assert "E365" in ran.stderr
    assert "row 2" in ran.stderr


CLASHES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (pin("order", "O1", carrier="BLUE"), pin("order", "O1", "forbid", carrier="BLUE"), "carrier"),
    (pin("order", "O1", bid_id="S1"), pin("order", "O1", "forbid", carrier="BLUE"), "carrier"),
    (pin("order", "O1", bid_id="S1"), pin("order", "O1/1", "forbid", bid_id="S1"), "bid_id"),
    (pin("order", "O1", equipment="40HC"), pin("order", "O1", "freeze", equipment="20GP"),
     "equipment"),
    (pin("order", "O1", via="SHANGHAI;ROTTERDAM"), pin("order", "O1", "forbid", via="SHANGHAI"),
     "via"),
    (pin("order", "O1", departure_date="2026-01-20"),
     pin("order", "O1", departure_date="2026-01-21"), "departure_date"),
    (pin("lane", "SHANGHAI - ROTTERDAM", carrier="BLUE"),
     pin("lane", "SHANGHAI - ROTTERDAM", carrier="GREEN"), "BLUE and to GREEN"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "word"), CLASHES, ids=lambda v: str(v)[:40])
def test_pins_that_clash_are_found(
    tmp_path: Path, one: dict[str, Any], other: dict[str, Any], word: str
) -> None:
    folder = write_small_project(tmp_path / "p", decisions=[one, other])
    (finding,) = found(folder)
    assert (finding.code, finding.row, finding.column) == ("E364", 3, "action")
    assert word in finding.message
    assert "row 2" in finding.message
    decide(folder, one)
    load_project(folder)
    decide(folder, other)
    load_project(folder)


def test_pins_that_go_together_are_no_clash(tmp_path: Path) -> None:
    """A haulier and a line for one order; two lines of one order on two ships."""
    folder = write_small_project(
        tmp_path / "p",
        decisions=[
            pin("order", "O1", carrier="TRUCK"),
            pin("order", "O1", carrier="BLUE"),
            pin("order", "O1", "forbid", bid_id="S2"),
            pin("order", "O2", carrier="GREEN"),
        ],
    )
    assert len(build_case(load_project(folder), "base").pins) == 4
