"""Templates: filled in they are read without a mapping, and nothing in them becomes a row."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils import column_index_from_string

from cli import main
from lowhaul.findings import Findings
from lowhaul.tables import read_table, read_workbook
from lowhaul.workbook import EXPLANATION
from scenarios.importing.importer import import_file
from scenarios.importing.mapping import TABLES as IMPORTED
from scenarios.importing.vocabulary import words
from scenarios.templates import HEADS, MADE_BY_IMPORT, TABLES, sample, template

TODAY = date(2026, 4, 1)


def opened(*names: str, language: str = "en") -> Any:
    return openpyxl.load_workbook(io.BytesIO(template(names, language=language)))


def filled(path: Path, book: Any, **own: str) -> Path:
    """The workbook with the sample as the second row of each of its tables."""
    for sheet in book:
        if sheet.title == EXPLANATION:
            continue
        for cell in list(sheet[1]):
            table = TABLES[sheet.title]
            text = own.get(cell.value, sample(table, table.column(cell.value)))
            if text:
                sheet.cell(row=2, column=cell.column, value=text).data_type = "s"
    book.save(path)
    return path


@pytest.mark.parametrize("language", ["en", "zh", "de"])
@pytest.mark.parametrize("name", IMPORTED)
def test_a_filled_template_is_imported_without_a_mapping(
    name: str, language: str, tmp_path: Path
) -> None:
    """Every value of the sample comes out as it was typed; there is nothing to tell."""
    imported = import_file(
        filled(tmp_path / "t.xlsx", opened(name, language=language)), as_of=TODAY
    )
    assert [f"{f}" for f in imported.findings] == []
    (row,) = imported.tables[name]
    table = TABLES[name]
    for column in table.columns:
        if column.name not in MADE_BY_IMPORT.get(name, ()):
            assert row.values.get(column.name, "") == sample(table, column), column.name
    lost = {f.reason for f in imported.accounting if f.fate == "left out"}
    assert lost == {"the sheet explains the template"}


def test_each_column_that_may_be_filled_in_is_carried(tmp_path: Path) -> None:
    """A column that import lost would come back blank."""
    own = {"percent_of": "BAF", "min_volume": "3", "round_use_rate": "900", "line": "AURL",
           "co2e_per": "tkm", "co2e_wtw_g": "8.5", "co2e_verified": "yes", "remarks": "as agreed",
           "via": "SGSIN", "departure_days": "mon;thu", "capacity": "20", "lane_id": "L1",
           "surcharges_included": "LSS", "kg_per_m3": "333", "capacity_per": "day"}  # fmt: skip
    imported = import_file(filled(tmp_path / "t.xlsx", opened("bids"), **own), as_of=TODAY)
    assert [f"{f}" for f in imported.findings] == []
    (row,) = imported.tables["bids"]
    assert {name: row.values.get(name) for name in own} == own


def test_a_blank_template_holds_no_row(tmp_path: Path) -> None:
    """The sample stands on the explanation; of two tables the one that is left blank stays so."""
    (tmp_path / "t.xlsx").write_bytes(template(["orders"]))
    assert import_file(tmp_path / "t.xlsx").rows == 0
    book = opened("bids", "bid_charges")
    book["bids"]["A3"] = None
    path = filled(tmp_path / "two.xlsx", book)
    imported = import_file(path, as_of=TODAY)
    assert {name: len(rows) for name, rows in imported.tables.items()} == {
        "bids": 1, "bid_charges": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLES))
def test_samples_are_what_the_declaration_accepts(name: str, tmp_path: Path) -> None:
    """Read as a sheet of data.xlsx, too; columns that import makes are added."""
    book = opened(name)
    for column in MADE_BY_IMPORT.get(name, ()):
        book[name].cell(row=1, column=book[name].max_column + 1, value=column)
    path = filled(tmp_path / "data.xlsx", book)
    findings = Findings()
    raw = read_workbook(path, "data.xlsx", findings)
    assert set(raw) == {name}
    assert len(read_table(TABLES[name], raw[name], findings)) == 1
    assert [str(f) for f in findings] == []


def test_cells_offer_choices_codes_and_bounds() -> None:
    book = opened("bids", "locations")
    sheet, places = book["bids"], book["locations"]
    offered = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}

    def rule(page: Any, name: str) -> Any:
        (head,) = [c for c in page[1] if c.value == name]
        rules = {str(r.sqref): r for r in page.data_validations.dataValidation}
        return rules[f"{head.column_letter}2:{head.column_letter}2000"]

    assert len(offered) == sheet.max_column
    assert rule(sheet, "mode").formula1 == '"road,rail,sea,inland_waterway,air"'
    assert rule(sheet, "co2e_verified").formula1 == '"yes,no"'
    assert (rule(sheet, "rate").type, rule(sheet, "rate").formula1) == ("decimal", "0")
    assert rule(sheet, "transit_days").formula2 == "365"
    assert not rule(sheet, "departure_days").showErrorMessage, "several may be named"
    assert "unit: days" in rule(sheet, "transit_days").prompt
    for page, name, code in ((sheet, "equipment", "45G1"), (sheet, "currency", "CNY"),
                             (places, "country", "NA")):  # fmt: skip
        where = rule(page, name).formula1
        title, _, cells = where.replace("$", "").rpartition("!")
        assert title == f"'{EXPLANATION}'"
        codes = [cell.value for (cell,) in book[EXPLANATION][cells]]
        assert code in codes
        assert None not in codes
        first = cells.split(":")[0].rstrip("0123456789")
        column = column_index_from_string(first)
        assert book[EXPLANATION].cell(row=1, column=column).value == name


@pytest.mark.parametrize("language", ["en", "zh", "de"])
def test_the_explanation_says_each_column_in_the_language(language: str) -> None:
    sheet = opened("orders", language=language)[EXPLANATION]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][: len(HEADS[language])] == HEADS[language]
    by_name = {row[1]: row for row in rows[1:]}
    assert set(TABLES["orders"].names) <= set(by_name)
    assert by_name["quantity"][2] == words("orders", language)["quantity"]
    assert by_name["quantity"][4] == "pieces"
    assert by_name["quantity"][5]
    assert by_name["splittable"][6] == "yes"
    assert by_name["flow"][7] == "outbound, inbound, transfer"


def test_no_cell_is_a_formula_and_the_bytes_are_the_same_each_time() -> None:
    data = template(list(TABLES))
    assert data == template(list(TABLES))
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row)


def run(*words: str | Path) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["template", *map(str, words)])
    return ran.exit_code, ran.output


def test_the_command_writes_what_the_name_says_and_keeps_what_is_there(tmp_path: Path) -> None:
    code, said = run("products", "--out", tmp_path / "p.csv")
    assert code == 0, said
    assert (tmp_path / "p.csv").read_text("utf-8").startswith("sku,description,net_mass_kg,")
    code, said = run("bids", "bid_charges", "--lang", "de", "--out", tmp_path / "offer.xlsx")
    assert code == 0, said
    book = openpyxl.load_workbook(tmp_path / "offer.xlsx")
    assert book.sheetnames == ["bids", "bid_charges", EXPLANATION]
    code, said = run("orders", "--out", tmp_path / "p.csv")
    assert code == 2
    assert "is there already" in said
    assert (tmp_path / "p.csv").read_text("utf-8").startswith("sku,")


@pytest.mark.parametrize(
    ("words", "told"),
    [(["bid"], 'Did you mean "bids"?'), (["bids", "orders", "--csv"], "one table")],
)
def test_what_there_is_no_template_of_is_said(words: list[str], told: str, tmp_path: Path) -> None:
    code, said = run(*words, "--out", tmp_path / "t.xlsx")
    assert code == 2
    assert told in said
    assert not (tmp_path / "t.xlsx").exists()
