"""`lowhaul reuse` from files to files; bad tables are findings, all at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from benchmarks.round_use_generator import make_tables, write_tables
from cli import main
from lowhaul.errors import InputRejected, UsageError
from scenarios.reuse import reuse
from scenarios.reuse_inputs import ReuseOptions

TABLES = {
    "locations": (
        "location_id,name,kind,country,lat,lon\nPORT,Port,port,DE,53.54,9.93\n"
        "YARD,Yard,customer,DE,52.4,9.7\nMILL,Mill,plant,DE,52.3,10.5\n"
        "DEPOT,Depot,depot,DE,52.35,10.0\n"
    ),
    "carriers": (
        "carrier,name,currency,round_use_allowed,round_use_fee,interchange_with\n"
        "LINE,Line,EUR,yes,10,OTHER\nOTHER,Other,EUR,yes,0,LINE\n"
    ),
    "empties": (
        "empty_id,equipment,location,line,quantity,available_from,free_until,return_to,"
        "return_cost,currency\n"
        "E1,40HC,YARD,LINE,2,2026-03-02,2026-03-09,PORT,200,EUR\n"
        "E2,40HC,YARD,SOC,1,2026-03-20,,PORT,200,EUR\n"
    ),
    "wanted": (
        "wanted_id,equipment,location,line,quantity,from_date,to_date,port\n"
        "W1,45G1,MILL,LINE,1,2026-03-05,2026-03-06,PORT\n"
    ),
}


def folder_of(path: Path, **changes: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in {**TABLES, **changes}.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def codes(caught: pytest.ExceptionInfo[InputRejected]) -> list[tuple[str, str, str]]:
    return [(f.code, f.file, f.column) for f in caught.value.findings]


def test_a_folder_is_planned_and_written(tmp_path: Path) -> None:
    """Yard to port and port to mill are saved, yard to mill is driven; the result says so."""
    result = reuse([folder_of(tmp_path / "in")], tmp_path / "out", ReuseOptions())
    assert result.summary["round_use_boxes"] == 1
    assert result.summary["unused"] == {"time": 1, "served": 1}
    assert result.summary["currency"] == "EUR"
    assert result.summary["cost_change"] == -190.0
    with (tmp_path / "out" / "round_use.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [(r["empty_id"], r["shipment_id"], r["boxes"], r["date"]) for r in rows] == [
        ("E1", "W1", "1", "2026-03-05"),
        ("E1", "", "0", ""),
        ("E2", "", "0", ""),
    ]
    assert rows[1]["reason"].startswith("1 of 2: All exports")
    assert "2026-03-20" in rows[2]["reason"]
    assert float(rows[0]["km_saved"]) == result.summary["km_saved"] > 150
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["status"], summary["pairs"], summary["wanted_open"]) == ("optimal", 1, 0)
    assert "Proved" in result.text()
    assert (tmp_path / "out" / "findings.csv").read_text("utf-8").startswith("file,sheet,row")


def test_files_a_workbook_and_a_project_give_the_same(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in")
    plain = reuse([source], tmp_path / "a", ReuseOptions())
    as_files = reuse(sorted(source.iterdir()), tmp_path / "b", ReuseOptions())
    book = tmp_path / "any name.xlsx"
    with pd.ExcelWriter(book) as writer:
        for name in TABLES:
            frame = pd.read_csv(source / f"{name}.csv", dtype=str, keep_default_na=False)
            frame.to_excel(writer, sheet_name=name, index=False)
    as_book = reuse([book], tmp_path / "c", ReuseOptions())
    project = tmp_path / "project"
    project.mkdir()
    folder_of(project / "data", bids="not,looked,at\n")
    (project / "project.yaml").write_text(
        "name: P\nperiod: {from: 2026-01-01, to: 2026-03-31}\ncurrency: EUR\n", encoding="utf-8"
    )
    as_project = reuse([project], tmp_path / "d", ReuseOptions())
    for other, name in ((as_files, "b"), (as_book, "c"), (as_project, "d")):
        assert other.turns == plain.turns
        assert (tmp_path / name / "round_use.csv").read_bytes() == (
            tmp_path / "a" / "round_use.csv"
        ).read_bytes()


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    source = folder_of(
        tmp_path / "in",
        empties=TABLES["empties"].replace("E1,40HC,YARD", "E1,40XX,YORD")
        .replace("E2,40HC,YARD,SOC,1,2026-03-20,,", "E2,40HC,YARD,NOBODY,0,2026-03-20,2026-03-01,"),
        wanted=TABLES["wanted"].replace("2026-03-05", "2026-03-32").replace("LINE", "LYNE"),
        carriers=TABLES["carriers"].replace("10,OTHER", "10,UNKNOWN"),
    )  # fmt: skip
    with pytest.raises(InputRejected) as caught:
        reuse([source], tmp_path / "out", ReuseOptions())
    assert set(codes(caught)) >= {
        ("E204", "empties.csv", "equipment"),
        ("E201", "empties.csv", "location"),
        ("E202", "empties.csv", "line"),
        ("E107", "empties.csv", "quantity"),
        ("E326", "empties.csv", "available_from"),
        ("E104", "wanted.csv", "from_date"),
        ("E202", "wanted.csv", "line"),
        ("E202", "carriers.csv", "interchange_with"),
    }
    assert not (tmp_path / "out").exists()


def test_a_missing_table_is_named_once(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in")
    with pytest.raises(InputRejected) as caught:
        reuse([source / "empties.csv"], tmp_path / "out", ReuseOptions())
    assert sorted(f for c, f, _ in codes(caught)) == ["carriers.csv", "locations.csv", "wanted.csv"]


def test_currencies_need_rates(tmp_path: Path) -> None:
    """USD beside EUR: which one is meant, and what is the rate on that day?"""
    source = folder_of(
        tmp_path / "in", carriers=TABLES["carriers"].replace("LINE,Line,EUR", "LINE,Line,USD")
    )
    with pytest.raises(InputRejected) as caught:
        reuse([source], tmp_path / "out", ReuseOptions())
    assert ("E350", "empties.csv", "") in codes(caught)
    with pytest.raises(InputRejected) as caught:
        reuse([source], tmp_path / "out", ReuseOptions(currency="EUR"))
    assert codes(caught) == [("E350", "carriers.csv", "currency")]
    (source / "fx_rates.csv").write_text(
        "date,base,quote,rate\n2026-01-01,USD,EUR,0.5\n", encoding="utf-8"
    )
    found = reuse([source], tmp_path / "out", ReuseOptions(currency="EUR"))
    assert found.summary["cost_change"] == -195.0


@pytest.mark.parametrize(
    "options", [ReuseOptions(currency="EUX"), ReuseOptions(cost_per_km=float("nan"))]
)
def test_options_that_cannot_be_meant(tmp_path: Path, options: ReuseOptions) -> None:
    with pytest.raises(UsageError):
        reuse([folder_of(tmp_path / "in")], tmp_path / "out", options)


def test_nothing_wanted_and_nothing_emptied_is_a_plan(tmp_path: Path) -> None:
    head = {n: TABLES[n].split("\n")[0] + "\n" for n in ("empties", "wanted")}
    none = reuse([folder_of(tmp_path / "a", wanted=head["wanted"])], tmp_path, ReuseOptions())
    assert none.summary["unused"] == {"type": 3}
    both = reuse([folder_of(tmp_path / "b", **head)], tmp_path, ReuseOptions(objective="boxes"))
    assert (both.summary["boxes"], both.summary["wanted"]) == (0, 0)


def test_a_vehicle_without_a_factor_is_a_finding(tmp_path: Path) -> None:
    empties = TABLES["empties"].replace("return_to,", "return_to,vehicle,").replace(
        "PORT,200", "PORT,hovercraft,200"
    )  # fmt: skip
    source = folder_of(tmp_path / "in", empties=empties)
    with pytest.raises(InputRejected) as caught:
        reuse([source], tmp_path / "out", ReuseOptions())
    assert codes(caught) == [("E327", "empties.csv", "vehicle")] * 2


def test_the_command_line(tmp_path: Path) -> None:
    source, out = folder_of(tmp_path / "in"), tmp_path / "out"
    ran = CliRunner().invoke(main, ["reuse", str(source), "--out", str(out), "--json"])
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["round_use_boxes"] == 1
    text = CliRunner().invoke(main, ["reuse", str(source), "--out", str(out), "--depots"])
    assert "1 of 3 emptied boxes" in text.stdout
    bad = folder_of(tmp_path / "bad", wanted="wanted_id\nW1\n")
    ran = CliRunner().invoke(main, ["reuse", str(bad), "--out", str(out), "--json"])
    assert ran.exit_code == 3
    assert {f["code"] for f in json.loads(ran.stdout)["findings"]} == {"E013"}


def test_texts_from_outside_are_no_formulas(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", empties=TABLES["empties"].replace("E1,", "=1+1,"))
    reuse([source], tmp_path / "out", ReuseOptions())
    assert "\n'=1+1," in (tmp_path / "out" / "round_use.csv").read_text("utf-8")


def test_all_rows_are_read_in_any_order(tmp_path: Path) -> None:
    tables = make_tables(40, 40, seed=7, group=3)
    write_tables(tables, tmp_path / "a")
    write_tables({n: rows[::-1] for n, rows in tables.items()}, tmp_path / "b")
    reuse([tmp_path / "a"], tmp_path / "x", ReuseOptions())
    reuse([tmp_path / "b"], tmp_path / "y", ReuseOptions())
    first, second = ((tmp_path / o / "round_use.csv").read_bytes() for o in "xy")
    assert first == second
