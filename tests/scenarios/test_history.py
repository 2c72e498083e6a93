"""The history of runs: what is noted, what is told of it, and that it never stops a run."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import scenarios.run
from cli import main
from lowhaul.errors import UsageError
from scenarios.history import (
    Entry,
    HistoryDamaged,
    entry_of,
    note_run,
    read_history,
)
from scenarios.project import load_project
from scenarios.run import Outcome, run_scenarios
from tests.scenarios.small_project import write_small_project

SUMMARY = {
    "run_id": "abc", "cost": 1000.0, "currency": "EUR", "co2e_wtw_kg": 2000.0, "bound": 1990.0,
    "gap": 0.005, "load_units": {"L5G1": 3, "22G1": 1}, "orders_unserved": 2,
    "versions": {"lowhaul": "1", "ortools": "9"},
}  # fmt: skip
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def entry(inputs: dict[str, str], **changes: object) -> Entry:
    return entry_of("least_co2", "optimal", 0, {**SUMMARY, **changes}, inputs, 1.5, NOON)


def test_a_run_is_told_with_what_changed_since_the_one_before(tmp_path: Path) -> None:
    """1000 to 900 EUR is -100; 2000 to 2050.5 kg is +50.5; bids differ, orders are new."""
    first = entry({"bids": "a", "lanes": "l"})
    second = entry({"bids": "b", "lanes": "l", "orders": "o"}, cost=900.0, co2e_wtw_kg=2050.5)
    other = replace(first, scenario="baseline")
    for one in (first, other, second):
        assert note_run(tmp_path, one) == ""
    (one, none), (_, alone), (two, change) = read_history(tmp_path)
    assert (one, two) == (first, second)
    assert one.load_units == 4
    assert one.at == "2026-01-02T12:00:00+00:00"
    assert none is None
    assert alone is None, "a run is measured against its own scenario"
    assert change is not None
    assert (change.inputs, change.versions) == (("bids", "orders"), ())
    assert (change.cost, change.co2e_wtw_kg) == (-100.0, 50.5)
    assert [e for e, _ in read_history(tmp_path, "least_co2", last=1)] == [second]


def test_no_change_is_told_between_currencies_or_without_a_plan(tmp_path: Path) -> None:
    note_run(tmp_path, entry({}))
    note_run(tmp_path, entry({}, currency="USD", versions={"lowhaul": "2", "ortools": "9"}))
    note_run(tmp_path, entry_of("least_co2", "infeasible", 4, {}, {}, 0.1, NOON))
    changes = [change for _, change in read_history(tmp_path)]
    assert changes[1] is not None
    assert changes[2] is not None
    assert (changes[1].cost, changes[1].co2e_wtw_kg) == (None, 0.0)
    assert changes[1].versions == ("lowhaul",)
    assert (changes[2].cost, changes[2].co2e_wtw_kg, changes[2].versions) == (None, None, ())


@pytest.mark.parametrize("damage", ["text", "later", "folder"])
def test_a_history_that_cannot_be_written_is_a_warning_and_stays_as_it_was(
    tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "results" / "history.sqlite"
    path.parent.mkdir()
    if damage == "text":
        path.write_text("no database at all, but long enough to be read as one " * 20)
    elif damage == "later":
        with sqlite3.connect(path) as base:
            base.execute("PRAGMA user_version = 99")
        base.close()
    else:
        path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    assert "could not be noted in results/history.sqlite" in note_run(tmp_path, entry({}))
    assert (path.read_bytes() if path.is_file() else None) == before
    with pytest.raises(UsageError if damage == "folder" else HistoryDamaged):
        read_history(tmp_path)


def test_a_row_is_whole_or_not_there(tmp_path: Path) -> None:
    """A row that the table refuses leaves the rows before it, and no lock."""
    assert note_run(tmp_path, entry({})) == ""
    assert note_run(tmp_path, replace(entry({}), status=None)) != ""  # type: ignore[arg-type]
    assert note_run(tmp_path, entry({})) == ""
    assert len(read_history(tmp_path)) == 2


def test_every_run_is_noted_and_the_command_tells_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planner is left out: what is tried is the noting, with and without a plan."""
    project = load_project(write_small_project(tmp_path))

    def planned(project, scenario, progress, overrides):
        folder = tmp_path / "results" / scenario
        if scenario == "baseline":
            return Outcome(scenario, "infeasible", 4, folder, {}, "No plan.")
        return Outcome(scenario, "optimal", 0, folder, SUMMARY)

    monkeypatch.setattr(scenarios.run, "run_scenario", planned)
    told = run_scenarios(project, ["baseline", "least_co2"])
    assert [o.message for o in told] == ["No plan.", ""]
    ran = CliRunner().invoke(main, ["history", "--project", str(tmp_path), "--json"])
    runs = json.loads(ran.output)["runs"]
    assert [(r["scenario"], r["status"], r["cost"]) for r in runs] == [
        ("baseline", "infeasible", None), ("least_co2", "optimal", 1000.0),
    ]  # fmt: skip
    assert runs[0]["inputs"] == dict(project.hashes)
    assert runs[0]["change"] is None
    ran = CliRunner().invoke(main, ["history", "least_co2", "--project", str(tmp_path)])
    assert ran.exit_code == 0
    assert "least_co2" in ran.output
    assert "baseline" not in ran.output
    ran = CliRunner().invoke(main, ["history", "least_co", "--project", str(tmp_path)])
    assert ran.exit_code == 2
    assert 'Did you mean "least_co2"?' in ran.output

    (tmp_path / "results" / "history.sqlite").unlink()
    (tmp_path / "results" / "history.sqlite").mkdir()
    told = run_scenarios(project, ["least_co2"])
    assert told[0].exit_code == 0
    assert "could not be noted" in told[0].message


def test_without_a_history_the_command_says_how_to_get_one(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["history", "--project", str(tmp_path)])
    assert ran.exit_code == 2
    assert "lowhaul run" in ran.output
