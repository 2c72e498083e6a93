"""Rounds of a carrier in a project: replaced, compared, kept; and the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from small_project import write_small_project

from cli import main
from scenarios.examples import copy_example
from scenarios.project import load_project

ROOT = Path(__file__).resolve().parents[2]
HEAD = "POL,POD,40HC,Currency,Transit time,BAF,Valid until\n"
FIRST = HEAD + "Shanghai,Rotterdam,2150,USD,30,150,2026-06-30\n"
SECOND = HEAD + (
    "Shanghai,Rotterdam,1990.5,USD,31,150,2026-06-30\nRotterdam,Shanghai,900,USD,33,,2026-06-30\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_small_project(tmp_path / "plan")
    return tmp_path / "plan"


def run(*words: str | Path) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["import", *map(str, words)])
    return ran.exit_code, ran.output


def lines_of(project: Path) -> str:
    """A sailing line of the project."""
    bids = pd.read_csv(project / "data" / "bids.csv", dtype=str)
    return str(bids[bids["mode"] == "sea"]["carrier"].iloc[0])


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def bids(project: Path) -> pd.DataFrame:
    return pd.read_csv(project / "data" / "bids.csv", dtype=str, keep_default_na=False)


def test_a_round_takes_the_place_of_the_carriers_sea_bids(project: Path, tmp_path: Path) -> None:
    line, before = lines_of(project), bids(project)
    code, said = run(written(tmp_path / "r1.csv", FIRST), "--project", project, "--carrier", line)
    assert code == 0, said
    after = bids(project)
    own = after[(after["carrier"] == line) & (after["mode"] == "sea")]
    assert list(own["origin"] + own["destination"]) == ["SHANGHAIROTTERDAM"]
    others = before[(before["carrier"] != line) | (before["mode"] != "sea")]
    assert set(others["bid_id"]) <= set(after["bid_id"])
    assert len(after) == len(others) + 1
    source = own.iloc[0]["source_file"]
    assert (project / source).read_text("utf-8") == FIRST
    assert load_project(project).name


def test_the_next_round_says_what_changed_and_keeps_the_last(project: Path, tmp_path: Path) -> None:
    """2,150 -> 1,990.50 is -7.42 percent; one relation is new."""
    line = lines_of(project)
    run(written(tmp_path / "r1.csv", FIRST), "--project", project, "--carrier", line)
    code, said = run(
        written(tmp_path / "r2.csv", SECOND), "--project", project, "--carrier", line, "--json"
    )
    assert code == 0, said
    changes = json.loads(said)["changes"]
    assert [(c["change"], c["old_rate"], c["new_rate"]) for c in changes] == [
        ("rate", "2150", "1990.5"), ("added", "", "900"),
    ]  # fmt: skip
    assert changes[0]["change_percent"] == "-7.42"
    assert changes[0]["terms"] == "transit_days 30 -> 31"
    rounds = sorted(p.name for p in (project / "bids" / line).iterdir() if p.is_dir())
    assert rounds == ["round-001", "round-002"]
    kept = pd.read_csv(project / "bids" / line / "round-001" / "bids.csv", dtype=str)
    assert list(kept["rate"]) == ["2150"]
    charges = pd.read_csv(project / "data" / "bid_charges.csv", dtype=str, keep_default_na=False)
    assert set(charges[charges["bid_id"] != ""]["bid_id"]) <= set(bids(project)["bid_id"])
    code, said = run(
        written(tmp_path / "r3.csv", FIRST), "--project", project, "--carrier", line, "--json"
    )
    assert [c["change"] for c in json.loads(said)["changes"]] == ["rate", "dropped"]


def test_the_last_mapping_is_used_again(project: Path, tmp_path: Path) -> None:
    """What the planner put into the carrier's mapping.yaml holds for the next round."""
    line = lines_of(project)
    run(written(tmp_path / "r1.csv", FIRST), "--project", project, "--carrier", line)
    kept = project / "bids" / line / "mapping.yaml"
    kept.write_text(kept.read_text("utf-8") + "places: {Port A: SHANGHAI}\n", encoding="utf-8")
    changed = FIRST.replace("Shanghai,", "Port A,")
    code, said = run(written(tmp_path / "r2.csv", changed), "--project", project, "--carrier", line)
    assert code == 0, said


def test_places_and_carriers_that_the_project_has_not(project: Path, tmp_path: Path) -> None:
    before = bids(project)
    strange = written(tmp_path / "r.csv", FIRST.replace("Rotterdam", "Yokohama"))
    code, said = run(strange, "--project", project, "--carrier", "NOBODY")
    assert code == 3
    assert "E202" in said
    assert "E201" in said
    assert bids(project).equals(before)
    assert not (project / "bids").exists()


def test_a_lane_that_the_project_has_not_is_told_and_left_out(
    project: Path, tmp_path: Path
) -> None:
    """The bid is kept, and the project can still be read."""
    line = lines_of(project)
    rows = "Lane ID," + HEAD + "L-UNKNOWN,Shanghai,Rotterdam,2150,USD,30,150,2026-06-30\n"
    code, said = run(written(tmp_path / "r.csv", rows), "--project", project, "--carrier", line)
    assert code == 0, said
    assert "W532" in said
    assert load_project(project).name


def test_the_day_of_the_project_says_what_has_expired(project: Path, tmp_path: Path) -> None:
    """The project is planned as of 2025-12-15: a price until the day before is told."""
    line = lines_of(project)
    for last, told in (("2025-12-14", True), ("2025-12-15", False)):
        file = written(tmp_path / "r.csv", FIRST.replace("2026-06-30", last))
        _, said = run(file, "--project", project, "--carrier", line, "--dry-run")
        assert ("W511" in said) == told


def test_a_dry_run_shows_the_mapping_and_writes_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "r.csv", FIRST)
    code, said = run(file, "--dry-run", "--carrier", "X")
    assert code == 0
    assert "rate (45G1)" in said
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


def test_what_must_be_said_on_the_command_line(tmp_path: Path) -> None:
    file = written(tmp_path / "r.csv", FIRST)
    assert run(file)[0] == 2
    assert run(file, "--out", tmp_path / "o", "--project", tmp_path)[0] == 2
    assert run(file, "--project", tmp_path)[0] == 2, "no project.yaml"


def test_refused_files_leave_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "r.csv", "Dear Sirs\nwe thank you\n")
    code, said = run(file, "--out", tmp_path / "out")
    assert code == 3
    assert "E504" in said
    assert not (tmp_path / "out").exists()


def test_orders_are_updated_by_their_key(project: Path, tmp_path: Path) -> None:
    """The first order is changed, the others stay, a new one is added."""
    path = project / "data" / "orders.csv"
    orders = pd.read_csv(path, dtype=str, keep_default_na=False)
    first = orders.iloc[0]
    head = "Order ID,Order line,From,To,SKU,Quantity,Ready date,Due date\n"
    route = f"{first['origin']},{first['destination']},{first['sku']}"
    rows = f"{first['order_id']},1,{route},77,2026-01-12,2026-03-20\n"
    rows += f"NEW-1,1,{route},5,2026-01-12,2026-03-20\n"
    code, said = run(written(tmp_path / "o.csv", head + rows), "--project", project)
    assert code == 0, said
    after = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(after) == len(orders) + 1
    assert list(after[after["order_id"] == first["order_id"]]["quantity"]) == ["77"]
    assert load_project(project).name


def test_the_page_of_the_documentation_can_be_followed(tmp_path: Path) -> None:
    """docs/importing.md: its file gives what it says, and its mapping answers both errors."""
    text = (ROOT / "docs" / "importing.md").read_text("utf-8")
    blocks = re.findall(r"```(?:text|yaml)\n(.*?)```", text, re.DOTALL)
    file = written(tmp_path / "aurora.csv", blocks[0])
    code, said = run(file, "--carrier", "AURL", "--out", tmp_path / "offer")
    assert code == 0
    counted = next(line for line in blocks[2].splitlines() if "rows read" in line)
    assert counted in said
    for line in blocks[2].splitlines():
        assert line.removesuffix(" ...") in said
    mapping = tmp_path / "offer" / "mapping.yaml"
    answers = next(b for b in blocks if b.startswith("date_order"))
    mapping.write_text(answers + mapping.read_text("utf-8"), encoding="utf-8")
    plan = tmp_path / "plan"
    copy_example("solar", plan)
    code, said = run(file, "--carrier", "AURL", "--map", mapping, "--project", plan)
    assert code == 0, said
    assert "E5" not in said
    assert "E201" in said, "the page says that this one is left"
    own = bids(plan)
    assert (own["carrier"] == "AURL").sum() == 3
