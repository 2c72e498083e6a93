"""Fuel tables of a project: planned and judged; gaps, overlaps and missing days are found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from cli import main
from lowhaul.findings import Finding
from tests.scenarios.small_project import PATIENT, write_small_project
from tests.scenarios.test_inputs_bad import findings_of

CHARGE = {"carrier": "TRUCK", "charge_code": "FSC", "amount": 0, "currency": "EUR",
          "rate_basis": "percent", "fuel_table": "DE"}  # fmt: skip
STEPS: list[dict[str, Any]] = [
    {"table_id": "DE", "index_from": 1.2, "index_to": 1.3, "surcharge_percent": 0},
    {"table_id": "DE", "index_from": 1.3, "index_to": 1.4, "surcharge_percent": 2.5},
    {"table_id": "DE", "index_from": 1.4, "index_to": 1.5, "surcharge_percent": 5},
]
INDEX: list[dict[str, Any]] = [{"table_id": "DE", "date": "2025-12-01", "index": 1.35}]


def project(folder: Path, **changes: Any) -> Path:
    tables = {"bid_charges": [CHARGE], "fuel_tables": STEPS, "fuel_index": INDEX, **changes}
    return write_small_project(folder, **tables)


def told(folder: Path, code: str) -> Finding:
    found = [f for f in findings_of(folder) if f.code == code]
    assert len(found) == 1, [str(f) for f in findings_of(folder)]
    return found[0]


def test_a_fuel_surcharge_is_planned_and_booked(tmp_path: Path) -> None:
    """2.5 % of each haulage of TRUCK; the judge of the run has read the same."""
    folder = project(tmp_path / "p", project=PATIENT)
    assert [f.code for f in findings_of(folder) if f.code[1:3] == "36"] == []
    ran = CliRunner().invoke(main, ["run", "least_cost", "--project", str(folder)])
    assert ran.exit_code == 0, ran.output
    costs = pd.read_csv(folder / "results" / "least_cost" / "costs.csv")
    fuel = costs[costs["charge_code"] == "FSC"]
    assert len(fuel)
    assert set(fuel["carrier"]) == {"TRUCK"}
    assert set(fuel["rate"]) == {2.5}
    assert fuel["amount"].tolist() == pytest.approx((fuel["quantity"] * 0.025).tolist(), abs=0.0051)


def test_overlaps_and_gaps_are_found(tmp_path: Path) -> None:
    overlapping = [*STEPS, {**STEPS[0], "index_from": 1.45, "index_to": 1.55}]
    found = told(project(tmp_path / "a", fuel_tables=overlapping), "E366")
    assert (found.row, found.column) == (5, "index_from")
    assert "row 4" in found.message
    gap = told(project(tmp_path / "b", fuel_tables=[STEPS[1], {**STEPS[2], "index_from": 1.45}]),
               "W366")  # fmt: skip
    assert "between 1.4 and 1.45" in gap.message
    apart = [{**STEPS[1], "valid_to": "2026-02-28"}, {**STEPS[1], "valid_from": "2026-03-01"}]
    codes = {f.code for f in findings_of(project(tmp_path / "c", fuel_tables=apart))}
    assert "E366" not in codes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fuel_index": [{**INDEX[0], "date": "2026-02-01"}]}, "2026-01-05 the fuel table DE"),
        ({"fuel_index": [{**INDEX[0], "index": 1.62}]}, "no row for its index 1.62"),
        ({"fuel_index": None}, "has no index"),
        ({"fuel_tables": [{**STEPS[1], "valid_to": "2026-01-31"}]}, "2026-02-01"),
    ],
)  # fmt: skip
def test_a_day_without_a_percentage_is_refused(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    found = told(project(tmp_path / "p", **changes), "E367")
    assert (found.file, found.row, found.column) == ("data/bid_charges.csv", 2, "fuel_table")
    assert words in found.message


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"rate_basis": "container"}, "rate_basis"), ({"amount": 3}, "amount")],
)
def test_a_charge_by_a_table_has_nothing_of_its_own(
    tmp_path: Path, cells: dict[str, Any], column: str
) -> None:
    found = told(project(tmp_path / "p", bid_charges=[{**CHARGE, **cells}]), "E368")
    assert (found.row, found.column) == (2, column)
