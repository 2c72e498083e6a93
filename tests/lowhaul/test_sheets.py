"""Workbooks for people: read back by two readers, no formula, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from lowhaul import sheets
from lowhaul.sheets import Sheet, column_letters, filled_workbook

ROWS = [["=1+1", 3, 2.5, date(2026, 3, 24)], ["a & <b> \x07", -1, None, None], [None, "", 0, ""]]
BOOK = filled_workbook([Sheet("First", ["Text", "Whole", "Number", "Day"], ROWS, [20, 8, 8, 12])])


def test_cells_come_back_as_they_were() -> None:
    """A blank and an empty text are no cells; a control sign becomes a space."""
    page = openpyxl.load_workbook(io.BytesIO(BOOK))["First"]
    assert [[c.value for c in row] for row in page.iter_rows()] == [
        ["Text", "Whole", "Number", "Day"],
        ["=1+1", 3, 2.5, page["D2"].value],
        ["a & <b>  ", -1, None, None],
        [None, None, 0, None],
    ]
    assert page["D2"].value.date() == date(2026, 3, 24)
    assert page["A2"].data_type == "s"
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["A"].width == 20
    assert page["A1"].font.bold
    assert page.print_title_rows == "$1:$1"


def test_the_other_reader_agrees() -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(BOOK))
    rows = book.get_sheet_by_name("First").to_python()
    assert rows[1] == ["=1+1", 3.0, 2.5, date(2026, 3, 24)]


def test_every_part_is_sound_xml_and_none_holds_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        for part in archive.namelist():
            text = archive.read(part)
            ElementTree.fromstring(text)
            assert b"<f" not in text.replace(b"<fill", b"").replace(b"<font", b"")


def test_the_same_tables_give_the_same_bytes() -> None:
    again = Sheet("First", ["Text", "Whole", "Number", "Day"], ROWS, [20, 8, 8, 12])
    assert filled_workbook([again]) == BOOK


def test_a_row_may_be_shorter_than_the_heads_and_not_longer() -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled_workbook([Sheet("A", ["A", "B"], [[1]])])))
    assert [c.value for c in book["A"][2]] == [1, None]
    with pytest.raises(ValueError, match="row 2 has more cells"):
        filled_workbook([Sheet("A", ["A"], [[1, 2]])])


@given(st.text(max_size=60))
def test_any_text_can_be_written(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled_workbook([Sheet(text, ["A"], [[text]])])))
    value = book.worksheets[0]["A2"].value
    assert value is None if not text else isinstance(value, str)
    assert 1 <= len(book.sheetnames[0]) <= 31


def test_sheets_that_would_be_called_alike_are_not() -> None:
    heads = ["A"]
    names = ["Load/list", "load list", "x" * 40, "x" * 41, "'", ""]
    book = openpyxl.load_workbook(
        io.BytesIO(filled_workbook([Sheet(name, heads, []) for name in names]))
    )
    assert book.sheetnames == ["Load list", "load list 2", "x" * 31, "x" * 29 + " 2", "Sheet",
                               "Sheet 2"]  # fmt: skip


def test_more_rows_than_excel_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    filled_workbook([Sheet("A", ["A"], [[1], [2]])])
    with pytest.raises(ValueError, match="3 rows"):
        filled_workbook([Sheet("A", ["A"], [[1], [2], [3]])])


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_have_the_letters_of_excel(number: int, letters: str) -> None:
    assert column_letters(number) == letters
