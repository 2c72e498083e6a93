"""Declarations, blank templates, and reading of single tables."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import lowhaul
from lowhaul.codes import CODES
from lowhaul.columns import (
    Column,
    Table,
    blank_template,
    cell_name,
    country_codes,
    currency_codes,
    nearest,
    split_list,
)
from lowhaul.findings import Findings
from lowhaul.input_tables import INPUT_TABLES, SINGLE_FILE_TABLES
from lowhaul.reading import read_csv_file, read_workbook
from lowhaul.result_tables import RESULT_TABLES
from lowhaul.tables import empty_table, read_table

ALL_TABLES = [*INPUT_TABLES.values(), *SINGLE_FILE_TABLES.values(), *RESULT_TABLES.values()]
HOUSE = Path(lowhaul.__file__).parent.parent
PACKAGES = [HOUSE / name for name in ("lowhaul", "loading", "emissions", "routing", "scenarios")]


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda t: t.name)
def test_declarations_are_whole(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert table.about
    for column in table.columns:
        assert column.about, column.name
        assert set(table.key) <= set(table.names)
        if isinstance(column.default, str) and column.choices:
            assert column.default in column.choices
        if "." in column.refers_to:
            other, name = column.refers_to.split(".")
            assert name in INPUT_TABLES[other].names
        assert not (column.required and column.default is not None)


def test_required_tables_are_those_of_the_contract() -> None:
    required = {t.name for t in INPUT_TABLES.values() if t.required}
    assert required == {"locations", "products", "packaging", "orders", "carriers", "bids"}


def test_every_code_in_use_is_explained() -> None:
    used = set()
    for package in PACKAGES:
        for path in package.rglob("*.py"):
            used |= set(re.findall(r'"([EW]\d{3})"', path.read_text("utf-8")))
    assert used <= set(CODES), sorted(used - set(CODES))


def test_codes_of_the_world() -> None:
    assert {"EUR", "CNY", "USD", "NAD"} <= currency_codes()
    assert {"NA", "DE", "CN", "TW"} <= country_codes()
    assert "DEM" not in currency_codes()


def test_blank_templates_are_headers() -> None:
    assert blank_template(INPUT_TABLES["products"]).startswith("sku,description,net_mass_kg,")
    assert blank_template(INPUT_TABLES["products"]).count("\n") == 1


def test_small_helpers() -> None:
    assert [cell_name(c, 3) for c in (1, 26, 27, 703)] == ["A3", "Z3", "AA3", "AAA3"]
    assert split_list(" a ; b;; ") == ("a", "b")
    assert nearest("ORDERS", ["orders", "bids"]) == "orders"
    assert nearest("qqq", ["orders", "bids"]) == ""


def test_errors_of_a_spreadsheet_are_no_blanks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "things"
    sheet.append(["name", "mass_kg", "grade"])
    sheet.append(["one", 1, "A"])
    sheet.append(["two", "#N/A", "A"])
    sheet["B3"].data_type = "e"
    book.save(tmp_path / "data.xlsx")
    findings = Findings()
    raw = read_workbook(tmp_path / "data.xlsx", "data.xlsx", findings)
    read_table(TABLE, raw["things"], findings)
    assert [(f.code, f.cell, f.value) for f in findings] == [("E113", "B3", "#N/A")]


TABLE = Table(
    "things",
    "Things.",
    (
        Column("name", "id", True),
        Column("mass_kg", "number", unit="kg", at_least=0),
        Column("count", "integer"),
        Column("layers", "integer", default=1),
        Column("day", "date"),
        Column("heavy", "yesno"),
        Column("usual", "yesno", default=True),
        Column("parts", "list"),
        Column("grade", "text", default="A", choices=("A", "B")),
    ),
    key=("name",),
)


def test_types_defaults_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "things.csv"
    text = "name,mass_kg,count,layers,day,heavy,usual,parts,grade\n"
    text += "one,+1.50,007,,2026-02-28,YES,No,a; b ;,B\n,,,,,,,,\n two ,,,3,,,,,\n"
    path.write_text(text)
    findings = Findings()
    raw = read_csv_file(path, "things.csv", findings)
    assert raw is not None
    data = read_table(TABLE, raw, findings)
    assert not findings.items
    assert data.rows.tolist() == [2, 4]
    frame = data.frame
    assert frame["name"].tolist() == ["one", "two"]
    assert frame["mass_kg"].tolist()[0] == 1.5
    assert np.isnan(frame["mass_kg"].iloc[1])
    assert frame["count"].tolist()[0] == 7
    assert frame["count"].isna().tolist() == [False, True]
    assert frame["layers"].tolist() == [1, 3]
    assert frame["day"].isna().tolist() == [False, True]
    assert frame["heavy"].isna().tolist() == [False, True]
    assert frame["usual"].tolist() == [False, True]
    assert frame["parts"].tolist() == ["a;b", ""]
    assert frame["grade"].tolist() == ["B", "A"]
    assert frame.dtypes.to_dict() == empty_table(TABLE).frame.dtypes.to_dict()
