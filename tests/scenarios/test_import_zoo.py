"""Every specimen of the zoo: findings cell by cell, rows, values, and an account of every row."""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from zoo import AS_OF, ZOO, Specimen, book, text, wide

from lowhaul.codes import CODES
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES, SINGLE_FILE_TABLES
from lowhaul.tables import read_csv_file, read_table
from lowhaul.writing import PLAIN_NUMBER
from scenarios.importing.checked_copy import LIST_SHEET
from scenarios.importing.importer import import_bytes, import_file
from scenarios.importing.mapping import SheetMapping, parse_mapping
from scenarios.importing.refusals import MOST_FILE_BYTES
from scenarios.importing.result import Imported
from scenarios.importing.saving import copy_name, save

FORMULA = re.compile(r"[=+\-@\t\r]")
TABLES = {**INPUT_TABLES, **SINGLE_FILE_TABLES}
READ = [s for s in ZOO.values() if not s.refused]
REFUSED = [s for s in ZOO.values() if s.refused]


def imported(specimen: Specimen, mapping: str = "") -> Imported:
    stated = mapping or specimen.mapping
    told = parse_mapping(stated, "mapping.yaml", Findings()) if stated else SheetMapping()
    options = {"carrier": "C", "as_of": AS_OF, **specimen.options}
    return import_bytes(specimen.make(), specimen.file, mapping=told, **options)


def place(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.cell or (f"row {finding.row}" if finding.row else "")


def name(specimen: Specimen) -> str:
    return specimen.name


def test_there_are_enough_specimens_and_each_has_its_own_name() -> None:
    assert len(ZOO) >= 70
    assert len({s.file for s in ZOO.values()}) >= 60


@pytest.mark.parametrize("specimen", READ, ids=name)
def test_what_is_found_and_written(specimen: Specimen) -> None:
    found = imported(specimen)
    assert Counter(map(place, found.findings)) == Counter(specimen.finds)
    assert {f.code for f in found.findings} <= set(CODES)
    assert {n: len(rows) for n, rows in found.tables.items() if rows} == specimen.rows
    for table, row, column, value in specimen.values:
        assert found.tables[table][row].values.get(column, "") == value, (table, row, column)


@pytest.mark.parametrize("specimen", READ, ids=name)
def test_every_row_is_used_or_explained(specimen: Specimen) -> None:
    found = imported(specimen)
    counts = found.accounting.counts()
    assert counts["read"] == counts["used"] + counts["left out"] + counts["heading"]
    filled = sum(
        not sheet.is_blank(row) for sheet in found.sheets for row in range(1, sheet.height + 1)
    )
    assert counts["read"] == filled
    assert not found.accounting.unexplained()
    used = {(r.sheet, r.row) for rows in found.tables.values() for r in rows}
    assert used == {(f.sheet, f.row) for f in found.accounting if f.fate == "used"}
    for row, words in specimen.left_out.items():
        (reason,) = (f.reason for f in found.accounting if f.row == row and f.fate == "left out")
        assert words in reason


@pytest.mark.parametrize("specimen", READ, ids=name)
def test_each_value_keeps_its_cell(specimen: Specimen) -> None:
    """The cell that a value is said to come from holds the text that is said to stand there."""
    found = imported(specimen)
    sheets = {sheet.name: sheet for sheet in found.sheets}
    for rows in found.tables.values():
        for row in rows:
            for column, cell in row.sources.items():
                assert sheets[row.sheet].cell(cell.row, cell.column).text == cell.text, column


@pytest.mark.parametrize("specimen", READ, ids=name)
def test_the_proposed_mapping_reads_the_file_the_same_way(specimen: Specimen) -> None:
    first = imported(specimen)
    again = imported(specimen, first.mapping)
    assert {n: [r.values for r in rows] for n, rows in again.tables.items()} == {
        n: [r.values for r in rows] for n, rows in first.tables.items()
    }


@pytest.mark.parametrize("specimen", READ, ids=name)
def test_what_is_written_reads_back_and_runs_nothing(specimen: Specimen, tmp_path: Path) -> None:
    found = imported(specimen)
    save(found, tmp_path)
    for table, rows in found.tables.items():
        if not rows:
            continue
        findings = Findings()
        raw = read_csv_file(tmp_path / f"{table}.csv", table, findings)
        assert raw is not None
        assert len(read_table(TABLES[table], raw, findings)) == len(rows)
        assert not findings.errors
    for path in tmp_path.glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"))):
            assert not [c for c in row if FORMULA.match(c) and not PLAIN_NUMBER.match(c)]
    copy = openpyxl.load_workbook(tmp_path / copy_name(specimen.file))
    assert not [c for page in copy for row in page.iter_rows() for c in row if c.data_type == "f"]
    listed = copy[LIST_SHEET]
    assert listed.max_row - 1 == len(found.findings)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


@pytest.mark.parametrize("specimen", REFUSED, ids=name)
def test_what_is_refused(specimen: Specimen, tmp_path: Path) -> None:
    with pytest.raises(InputRejected) as refusal:
        imported(specimen)
    assert specimen.refused in {f.code for f in refusal.value.findings}
    assert all(f.file == specimen.file for f in refusal.value.findings)


def test_doubtful_cells_are_coloured_and_explained_in_the_copy(tmp_path: Path) -> None:
    specimen = ZOO["prices that are none"]
    save(imported(specimen), tmp_path)
    page = openpyxl.load_workbook(tmp_path / copy_name(specimen.file)).worksheets[0]
    assert page["C2"].value == "TBA"
    assert page["C2"].fill.fgColor.rgb.endswith("FBE3A2")
    assert "W510" in page["C2"].comment.text
    assert page["F2"].comment is None


def test_the_copy_keeps_the_carriers_own_notes_and_formats(tmp_path: Path) -> None:
    specimen = ZOO["notes on cells"]
    save(imported(specimen), tmp_path)
    page = openpyxl.load_workbook(tmp_path / copy_name(specimen.file))["R"]
    assert "plus BAF from February" in page["D2"].comment.text
    assert "W514" in page["D2"].comment.text


def test_a_file_of_200_mb_is_refused_unread(tmp_path: Path) -> None:
    """A sparse file: it has its size, and would take its size in memory if it were read."""
    path = tmp_path / "huge.csv"
    path.write_bytes(b"POL,POD,40HC\r\n")
    os.truncate(path, 200 * 1024**2)
    assert path.stat().st_size > MOST_FILE_BYTES
    with pytest.raises(InputRejected) as refusal:
        import_file(path)
    assert [f.code for f in refusal.value.findings] == ["E501"]


def test_names_from_data_stay_in_the_folder(tmp_path: Path) -> None:
    """The carrier's name and the file's name are data: they make no path."""
    out = tmp_path / "out"
    data = text(wide(["CNSHA", "DEHAM", 1, 2, "USD", 30, ""]))()
    found = import_bytes(data, "..\\..\\evil.csv", carrier="../../evil", as_of=AS_OF)
    save(found, out)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert all("evil" not in p.name or p.parent == out for p in out.rglob("*"))


def test_an_unknown_way_of_shipping_is_asked_for_and_not_guessed() -> None:
    rows = [["Origin", "Destination", "Rate", "Currency", "Transit days"], ["A", "B", 1, "EUR", 1]]
    found = import_bytes(book({"R": rows})(), "r.xlsx", carrier="C", as_of=AS_OF)
    assert found.exit_code == 3
    assert {f.column for f in found.findings if f.code == "E514"} >= {"mode", "service"}
    assert "mode: null" in found.mapping
