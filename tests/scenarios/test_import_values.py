"""Numbers, dates, boxes, remarks: by hand, and by properties over everything one could write."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loading.equipment import built_in
from lowhaul.errors import InputRejected
from lowhaul.findings import Findings
from lowhaul.input_tables import INPUT_TABLES, SINGLE_FILE_TABLES
from scenarios.importing.columns import meaning_of
from scenarios.importing.dates import FIRST_SERIAL, day_in, order_shown, read_period
from scenarios.importing.equipment import equipment_list, equipment_named
from scenarios.importing.importer import import_bytes
from scenarios.importing.mapping import parse_mapping
from scenarios.importing.numbers import Separators, evidence, number_in
from scenarios.importing.ports import find_port_named
from scenarios.importing.remarks import read_remark
from scenarios.importing.sheets import Cell
from scenarios.importing.text_files import decoded

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1250", 1250), ("1,250.50", 1250.5), ("1.250,50", 1250.5), ("1 250,50", 1250.5),
        ("1’250.50", 1250.5), ("$ 43.23", 43.23), ("1250 USD", 1250), ("€ 1.250,-", 1250),
        ("(120.5)", -120.5), ("30 days", 30), ("30天", 30), ("6,5 %", 6.5), (".5", 0.5),
        ("1,234,567", 1_234_567), ("0,185", 0.185), ("１２３", 123), ("1E5", 100_000),
    ],
)  # fmt: skip
def test_numbers_that_are_read(text: str, value: float) -> None:
    stated = Separators(stated="," if text == "€ 1.250,-" else "")
    assert number_in(text, stated).value == value


@pytest.mark.parametrize(
    "text", ["abc", "25-28", "1,2,3", "12,34,567", "1 2", "1e400", "(5", "5 apples", "1.2.3,4,5"]
)
def test_what_is_no_number(text: str) -> None:
    number = number_in(text, Separators(language="en"))
    assert number.fault
    assert number.value is None


def test_one_separator_before_three_digits_is_never_taken_silently() -> None:
    """1,234: English headings make a thousand of it, German ones a decimal, nothing a fault."""
    english = number_in("1,234", Separators(language="en"))
    german = number_in("1,234", Separators(language="de"))
    assert (english.value, german.value) == (1234, 1.234)
    assert english.doubt
    assert german.doubt
    assert number_in("1,234", Separators()).fault
    assert number_in("1,234", Separators(stated=".")).doubt == ""
    assert number_in("1,234", Separators(seen={"."})) == number_in("1234", Separators())


@given(AMOUNTS, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("", ".")]))
def test_any_amount_is_read_back_however_it_is_written(
    amount: object, signs: tuple[str, str]
) -> None:
    """Two decimals prove the decimal sign, so nothing has to be supposed."""
    thousands, decimal = signs
    written = f"{amount:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    number = number_in(written, Separators())
    assert number.value == float(str(amount))
    assert not number.doubt
    assert evidence(written) == decimal


@given(st.text(max_size=40))
@settings(deadline=None)
def test_no_text_breaks_a_reader(text: str) -> None:
    number_in(text, Separators(language="de"))
    day_in(text)
    read_period(Cell(1, 1, text))
    equipment_list(text)
    meaning_of(text, "bids", text)
    find_port_named(text)
    read_remark(text, Separators(language="en"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-31", "2026-03-31"), ("2026/3/31", "2026-03-31"), ("31.03.2026", "2026-03-31"),
        ("20260331", "2026-03-31"), ("2026年3月31日", "2026-03-31"), ("27-Aug-06", "2006-08-27"),
        ("March 5, 2026", "2026-03-05"), ("31 Mrz 2026", "2026-03-31"), ("46023", "2026-01-01"),
        ("13/02/2026", "2026-02-13"), ("02/13/2026", "2026-02-13"), ("1/1/2026", "2026-01-01"),
    ],
)  # fmt: skip
def test_dates_that_can_be_read_in_one_way(text: str, day: str) -> None:
    assert day_in(text).value == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["01/02/2026", "1-2-26", "12/11/2026"])
def test_dates_that_can_be_read_in_two_ways_are_not_read(text: str) -> None:
    found = day_in(text)
    assert found.ambiguous
    assert found.value is None
    assert day_in(text, "dmy").value != day_in(text, "mdy").value


@given(st.dates(date(1990, 1, 1), date(2173, 10, 13)))
def test_a_day_with_slashes_is_read_right_or_not_at_all(day: date) -> None:
    written = f"{day.day:02d}/{day.month:02d}/{day.year}"
    assert day_in(written).value in (day, None)
    assert day_in(written, "dmy").value == day
    assert day_in(str((day - FIRST_SERIAL).days)).value == day


def test_the_order_of_a_column_is_what_all_of_its_dates_allow() -> None:
    assert order_shown(["01/02/2026", "13/02/2026"]) == ("dmy", "13/02/2026")
    assert order_shown(["01/02/2026", "02/13/2026"]) == ("mdy", "02/13/2026")
    assert order_shown(["13/02/2026", "02/13/2026"]) == ("", "")
    assert order_shown(["01/02/2026"]) == ("", "")


def test_the_trade_name_and_the_code_are_two_boxes() -> None:
    """45HC is a 45 ft box (L5G1); 45G1 is a 40 ft high cube, in trade a 40HC."""
    assert equipment_named("45HC") == "L5G1"
    assert equipment_named("45G1") == equipment_named("40HC") == "45G1"
    assert equipment_named("45'") == "L5G1"


@pytest.mark.parametrize("table", ["bids", "bid_charges", "orders", "empties", "load_list"])
def test_a_table_with_its_own_headings_needs_no_mapping(table: str) -> None:
    declared = {**INPUT_TABLES, **SINGLE_FILE_TABLES}[table]
    assert [meaning_of(name, table).field for name in declared.names] == list(declared.names)


@given(st.sampled_from(sorted(built_in())), st.sampled_from(["", " ", "  "]))
def test_every_built_in_name_is_known_with_blanks_and_in_small_letters(code: str, gap: str) -> None:
    box = built_in()[code]
    for name in (box.code, box.trade_name, *box.aliases):
        if name:
            assert equipment_named(gap + name.lower() + gap) == equipment_named(name) != ""


def test_a_price_with_a_condition_is_not_taken_from_a_remark() -> None:
    for text in ("BAF USD 150 from 2026-02-01", "BAF 150", "GRI expected", "BAF 150 XYZ/box"):
        found = read_remark(text, Separators())
        assert not found.charges
        assert found.unread


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    refusals: list[str] = []
    try:
        text, encoding = decoded(data, "f.csv")
    except InputRejected as refusal:
        refusals = [f.code for f in refusal.findings]
    else:
        assert encoding in ("utf-8", "gb18030", "cp1252", "utf-16")
        assert isinstance(text, str)
    assert refusals in ([], ["E011"])


@given(
    st.text(alphabet="äöüßéÄÖÜ", min_size=1, max_size=6),
    st.text(alphabet="上海宁波汉堡港运价", min_size=2),
)
def test_german_and_chinese_texts_are_told_apart(german: str, chinese: str) -> None:
    line = ",".join(f"Str{sign}m" for sign in german)
    assert decoded(line.encode("cp1252"), "f")[0] == line
    assert decoded(chinese.encode("gb18030"), "f")[0] == chinese


CELLS = st.one_of(
    st.sampled_from(
        ["", "CNSHA", "DEHAM", "2150", "1,234", "TBA", "01/02/2026", "30", "USD", "Total"]
    ),
    st.text(max_size=12).filter(lambda t: "\x00" not in t),
)


@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=8))
@settings(max_examples=150, deadline=None)
def test_every_row_of_any_sheet_is_used_or_explained(rows: list[list[str]]) -> None:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["POL", "POD", "40HC", "Currency", "T/T", "Valid until"])
    writer.writerows(rows)
    data = out.getvalue().encode("utf-8", "replace")
    try:
        found = import_bytes(data, "r.csv", carrier="C", as_of=date(2026, 1, 1))
    except InputRejected:
        return
    counts = found.accounting.counts()
    assert counts["read"] == counts["used"] + counts["left out"] + counts["heading"]
    assert not found.accounting.unexplained()


@given(st.text(max_size=200))
def test_any_text_is_a_mapping_or_refused(text: str) -> None:
    codes: set[str] = set()
    try:
        parse_mapping(text, "mapping.yaml", Findings())
    except InputRejected as refusal:
        codes = {f.code for f in refusal.findings}
    assert codes <= {"E003", "E506"}


def test_yaml_builds_no_objects(tmp_path: object) -> None:
    with pytest.raises(InputRejected):
        parse_mapping("constants: !!python/object/apply:os.system ['true']", "m", Findings())


def test_day_numbers_begin_where_excel_begins_them() -> None:
    """1 March 1900 is day 61 in Excel's 1900 system."""
    assert FIRST_SERIAL + timedelta(days=61) == date(1900, 3, 1)
