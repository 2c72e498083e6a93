"""`lowhaul validate`: groups, lists and marked workbooks of a project's findings."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from small_project import order, small_tables, write_small_project

from cli import main
from lowhaul.cells import SHOWN_PER_RULE
from lowhaul.findings import Finding
from scenarios.importing.checked_copy import COLOURS, LIST_SHEET
from scenarios.validation import FEW, count_of, grouped_text, judge


def run(folder: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["validate", "--project", str(folder), *map(str, words)])


def orders(*skus: str, **more: Any) -> list[dict[str, Any]]:
    """An order for each sku, from plant to customer."""
    return [
        order(f"O-{i}", "CZ-PLANT", "ERFURT", sku, 100, **more) for i, sku in enumerate(skus, 1)
    ]


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    write_small_project(tmp_path / "clean")
    return tmp_path / "clean"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Seven orders: four for PV-508 and one for GAER (a sku that is none); one date is a word."""
    rows = orders("PV-508", "PV-580", "PV-508", "GAER", "PV-508", "PV-508", "PV-580")
    rows[6]["due_date"] = "=soon"
    write_small_project(tmp_path / "wrong", orders=rows)
    return tmp_path / "wrong"


def test_a_code_with_many_findings_is_one_group_with_its_kinds(wrong: Path) -> None:
    """Five cells of one code are told in three lines, the most frequent fault first."""
    ran = run(wrong)
    assert ran.exit_code == 3
    assert ran.stdout == ""
    lines = ran.stderr.splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("    E203"))
    assert lines[head].startswith("    E203 No such sku: 5 cells, first ")
    assert lines[head + 1].startswith("      4 x row 2, sku (")
    assert 'Did you mean "PV-580"?' in lines[head + 1]
    assert lines[head + 2].startswith("      1 x row 5, sku (")
    assert 'Did you mean "GEAR"?' in lines[head + 2]
    assert "Errors (6)" in lines, "five skus and a date"
    assert any(line.startswith("    E104 row 8") for line in lines), "a single one is no group"
    assert "--all" in ran.stderr
    assert lines[-1] == "The inputs were rejected; nothing was written."


def test_all_prints_every_finding(wrong: Path) -> None:
    said = run(wrong, "--all").stderr
    assert said.count("    E203 row ") == 5
    assert " x row" not in said


def test_few_findings_are_no_group(tmp_path: Path) -> None:
    write_small_project(tmp_path, orders=orders(*["PV-508"] * FEW))
    said = run(tmp_path).stderr
    assert said.count("    E203 row ") == FEW
    assert "--all" not in said


def test_cells_that_are_only_counted_count(tmp_path: Path) -> None:
    """Beyond 1,000 of a fault a last finding counts the rest: 1,250 cells in all."""
    write_small_project(tmp_path, orders=orders(*["PV-580"] * 1250, ready_date="soon"))
    judged = judge(tmp_path)
    dates = [f for f in judged.findings if f.code == "E104"]
    assert len(dates) == SHOWN_PER_RULE + 1
    assert count_of(dates) == 1250
    text = judged.text()
    assert "E104 Not a date: 1,250 cells, first " in text
    assert "      1,000 x row 2, ready_date (" in text
    assert "      250 x not listed cell by cell" in text
    assert len(judged.text(every=True).splitlines()) > SHOWN_PER_RULE


def test_warnings_and_errors_stand_apart() -> None:
    some = [
        Finding("W001", "warning", "Odd.", file="data/a.csv", row=n, column="x", cell=f"A{n}")
        for n in range(2, 7)
    ]
    text = grouped_text([*some, Finding("E010", "error", "Missing.", file="data/b.csv")])
    lines = text.splitlines()
    assert lines[:3] == ["Errors (1)", "  data/b.csv", "    E010 Missing."]
    assert lines[3:5] == ["Warnings (5)", "  data/a.csv"]
    assert "5 cells, first A2" in lines[5]


def test_json_and_csv_list_every_finding(wrong: Path, tmp_path: Path) -> None:
    told = json.loads(run(wrong, "--format", "json").stdout)
    assert told == json.loads(run(wrong, "--json").stdout)
    assert told["exit_code"] == 3
    rows = list(csv.DictReader(io.StringIO(run(wrong, "--format", "csv").stdout)))
    assert [(r["code"], r["cell"]) for r in rows] == [
        (f["code"], f["cell"]) for f in told["findings"]
    ]
    assert "'=soon" in [r["value"] for r in rows], "a spreadsheet would run it"
    ran = run(wrong, "--out", tmp_path / "f.csv")
    assert ran.exit_code == 3
    assert "6 errors" in ran.stdout
    written = (tmp_path / "f.csv").read_text("utf-8")
    assert list(csv.DictReader(io.StringIO(written))) == rows
    run(wrong, "--out", tmp_path / "f.json")
    assert json.loads((tmp_path / "f.json").read_text("utf-8")) == told


def test_the_workbook_marks_the_cells_and_lists_all(wrong: Path, tmp_path: Path) -> None:
    found = json.loads(run(wrong, "--json").stdout)["findings"]
    ran = run(wrong, "--format", "xlsx", "--out", tmp_path / "f.xlsx")
    assert ran.exit_code == 3
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert book.sheetnames == ["orders", LIST_SHEET], "tables without findings are left out"
    sheet = book["orders"]
    placed = {f["cell"] for f in found}
    assert len(placed) == 6
    for row in sheet.iter_rows():
        for cell in row:
            marked = cell.fill.fgColor.rgb.endswith(COLOURS["error"])
            assert marked == (cell.coordinate in placed), cell.coordinate
            assert (cell.comment is not None) == marked
            assert cell.data_type in "sn", "nothing is a formula"
    (due,) = [f["cell"] for f in found if f["code"] == "E104"]
    assert sheet[due].value == "=soon"
    listed = list(book[LIST_SHEET].iter_rows(values_only=True))
    assert listed[0][0] == "file"
    assert [row[0] for row in listed[1:]] == [f["file"] for f in found]


def test_the_sheets_of_a_workbook_are_marked_too(tmp_path: Path) -> None:
    """The orders stand in data.xlsx; the wrong quantity is in the sheet's third row."""
    rows = orders("PV-580", "PV-580")
    rows[1]["quantity"] = "many"
    write_small_project(tmp_path / "p", orders=None)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "orders"
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(tmp_path / "p" / "data" / "data.xlsx")
    ran = run(tmp_path / "p", "--out", tmp_path / "f.xlsx")
    assert ran.exit_code == 3, ran.output
    page = openpyxl.load_workbook(tmp_path / "f.xlsx")["orders"]
    column = list(rows[0]).index("quantity") + 1
    assert page.cell(row=3, column=column).comment.text.startswith("E102")
    assert page.cell(row=2, column=column).comment is None


def test_a_project_that_is_ready_says_so(clean: Path, tmp_path: Path) -> None:
    ran = run(clean)
    assert ran.exit_code == 0
    assert "ready to plan" in ran.stdout
    assert json.loads(run(clean, "--format", "json").stdout)["project"] == "Small exports"
    assert run(clean, "--out", tmp_path / "f.xlsx").exit_code == 0


def test_strict_holds_for_each_form(clean: Path, tmp_path: Path) -> None:
    (clean / "data" / "oders.csv").write_text("a\n1\n", "utf-8")
    assert run(clean).exit_code == 0
    for words in ([], ["--json"], ["--format", "csv"], ["--out", tmp_path / "f.xlsx"]):
        assert run(clean, "--strict", *words).exit_code == 8, words


@pytest.mark.parametrize("words", [["--format", "xlsx"], ["--out", "f.pdf"]])
def test_a_form_that_cannot_be_is_code_2(clean: Path, words: list[str]) -> None:
    assert run(clean, *words).exit_code == 2


def test_findings_never_take_the_place_of_a_table(clean: Path) -> None:
    before = (clean / "data" / "orders.csv").read_bytes()
    ran = run(clean, "--out", clean / "data" / "orders.csv")
    assert ran.exit_code == 2
    assert (clean / "data" / "orders.csv").read_bytes() == before


def test_a_table_that_is_too_large_is_named(
    wrong: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.marked_tables.MOST_CELLS_COPIED", 10)
    ran = run(wrong, "--out", tmp_path / "f.xlsx")
    assert "data/orders.csv is too large" in ran.stderr
    assert openpyxl.load_workbook(tmp_path / "f.xlsx").sheetnames == [LIST_SHEET]


def test_the_small_project_has_the_names_that_are_misspelt_here() -> None:
    assert {row["sku"] for row in small_tables()["products"]} == {"PV-580", "GEAR"}
