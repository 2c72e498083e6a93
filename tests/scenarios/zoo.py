# ruff: noqa: E501 (rows of tables)
"""A zoo of messy files, made here, each with what import must say about it, cell by cell.

`ZOO` holds the specimens. `finds` are (code, cell) pairs: every error and warning of the import
and no other; the cell is blank where a finding is about a row or a whole sheet, then the row
stands there (`row 5`). `values` are (table, row from 0, column, text).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

AS_OF = date(2025, 12, 15)
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Specimen:
    """One file and what import makes of it. `refused`: the code that refuses it as a whole."""

    name: str
    file: str
    make: Callable[[], bytes]
    rows: dict[str, int] = field(default_factory=dict)
    finds: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, int, str, str], ...] = ()
    left_out: dict[int, str] = field(default_factory=dict)
    """By row: words of the reason why it is left out."""
    refused: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    mapping: str = ""


def text(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> Callable[[], bytes]:
    """A text table, quoted where it must be."""

    def cell(value: Any) -> str:
        shown = "" if value is None else str(value)
        special = any(sign in shown for sign in (separator, '"', "\n"))
        return '"' + shown.replace('"', '""') + '"' if special else shown

    joined = "".join(separator.join(map(cell, row)) + "\r\n" for row in rows)
    return lambda: joined.encode(encoding)


def book(
    sheets: dict[str, Rows],
    *,
    merge: Iterable[str] = (),
    formats: dict[str, str] | None = None,
    hide_rows: Iterable[int] = (),
    hide_columns: Iterable[str] = (),
    notes: dict[str, str] | None = None,
    hide_sheets: Iterable[str] = (),
) -> Callable[[], bytes]:
    """A workbook; merges, formats, notes and what is hidden are those of its first sheet."""

    def make() -> bytes:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for name, rows in sheets.items():
            page = made.create_sheet(name)
            for r, row in enumerate(rows, 1):
                for c, value in enumerate(row, 1):
                    if value is not None:
                        page.cell(r, c).value = value
            if name in hide_sheets:
                page.sheet_state = "hidden"
        first = made.worksheets[0]
        for area in merge:
            first.merge_cells(area)
        for at, shown in (formats or {}).items():
            first[at].number_format = shown
        for row in hide_rows:
            first.row_dimensions[row].hidden = True
        for letter in hide_columns:
            first.column_dimensions[letter].hidden = True
        for at, note in (notes or {}).items():
            first[at].comment = Comment(note, "Carrier")
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()

    return make


def edited(make: Callable[[], bytes], part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_results(make: Callable[[], bytes], results: dict[str, str]) -> Callable[[], bytes]:
    """A workbook whose formulas have results, as Excel saves them."""

    def change(data: bytes) -> bytes:
        for at, value in results.items():
            pattern = rf'(<c r="{at}"[^>]*>\s*<f>[^<]*</f>)\s*<v\s*/?>(</v>)?'.encode()
            data, count = re.subn(pattern, rb"\g<1><v>" + value.encode() + b"</v>", data)
            assert count == 1, at
        return data

    return lambda: edited(make, "xl/worksheets/sheet1.xml", change)


def of_1904() -> bytes:
    """A workbook that counts its days from 1904: 44650 is 2026-03-31, 1,462 days fewer."""
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    page = made.worksheets[0]
    page.append(["POL", "POD", "40HC", "Currency", "T/T", "Valid from", "Valid until"])
    page.append(["CNSHA", "DEHAM", 2150, "USD", 30, date(2026, 1, 1), 44650])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def far_cell() -> bytes:
    """Two cells at opposite corners of a sheet: 17 billion cells for a reader that keeps all."""
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page["A1"], page["XFD1048576"] = "POL", "x"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook of a few hundred kB that unpacks to 300 MB."""
    make = book({"Rates": [["POL", "POD", "20GP"]]})

    def blown(data: bytes) -> bytes:
        return data.replace(b"</sheetData>", b"</sheetData>" + b" " * (300 * 1024**2))

    return edited(make, "xl/worksheets/sheet1.xml", blown)


def locked() -> bytes:
    """The head of a workbook that Excel has encrypted: an OLE file with an encrypted package."""
    name = "EncryptedPackage".encode("utf-16-le")
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<24x") + b"\0" * 480 + name + b"\0" * 512
    )


HEAD = ["POL", "POD", "20GP", "40HC", "Currency", "Transit time", "Valid until"]
SEA = (("W524", "row 1"), ("W524", "row 1"))
"""Mode and service are taken from the headings, and told."""


def wide(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> list[Sequence[Any]]:
    return [head, *rows]


GOOD = ["CNSHA", "DEHAM", 1250, 2150, "USD", 30, "2026-03-31"]


def _specimens() -> list[Specimen]:
    return [*_headings(), *_encodings(), *_numbers(), *_dates(), *_rows(), *_workbooks(),
            *_offers(), *_charges(), *_others(), *_refused()]  # fmt: skip


def _headings() -> list[Specimen]:
    merged = [
        ["Rate sheet of the first quarter"],
        ["POL", "POD", "Ocean freight (USD)", None, "Transit time", "Valid until"],
        [None, None, "20GP", "40HC", None, None],
        ["CNSHA", "DEHAM", 1250, 2150, 30, "2026-03-31"],
    ]
    return [
        Specimen("plain", "plain.csv", text(wide(GOOD)), {"bids": 2}, SEA, (
            ("bids", 0, "equipment", "22G1"), ("bids", 0, "rate", "1250"),
            ("bids", 1, "equipment", "45G1"), ("bids", 1, "valid_to", "2026-03-31"),
            ("bids", 1, "bid_id", "C-CNSHA-DEHAM-45G1"), ("bids", 1, "source_row", "2"))),
        Specimen("two-row heading, merged", "two.xlsx", book(
            {"Rates": merged}, merge=["A1:F1", "C2:D2", "A2:A3", "B2:B3", "E2:E3", "F2:F3"]),
            {"bids": 2}, (("W524", "row 3"), ("W524", "row 3")), (
            ("bids", 1, "currency", "USD"), ("bids", 1, "rate", "2150"),
            ("bids", 1, "source_row", "4"), ("bids", 1, "source_sheet", "Rates")),
            {1: "above the table"}),
        Specimen("two-row heading, not merged", "two.csv", text([
            ["POL", "POD", "Ocean freight (USD)", "", "BAF (USD)", "", "T/T"],
            ["", "", "20GP", "40HC", "20GP", "40HC", ""],
            ["CNSHA", "DEHAM", "1250", "2150", "75", "150", "30"]]),
            {"bids": 2, "bid_charges": 2}, (("W524", "row 2"), ("W524", "row 2")), (
            ("bid_charges", 0, "amount", "75"), ("bid_charges", 1, "amount", "150"),
            ("bid_charges", 1, "bid_id", "C-CNSHA-DEHAM-45G1"))),
        Specimen("headings in two languages, one above the other", "bilingual.xlsx", book({"报价": [
            ["起运港", "目的港", "币种", "20GP", "40HQ", "航程(天)"],
            ["POL", "POD", "Currency", "20GP", "40HC", "T/T"],
            ["上海", "汉堡", "USD", 1250, 2150, 30]]}),
            {"bids": 2}, (("W524", "row 2"), ("W524", "row 2")), (
            ("bids", 0, "origin", "CNSHA"), ("bids", 0, "destination", "DEHAM"))),
        Specimen("headings in two languages, in one cell", "onecell.xlsx", book({"R": [
            ["起运港 POL", "目的港/POD", "海运费\nO/F 40HQ (USD)", "航程 T/T"],
            ["宁波", "鹿特丹", 2100, 29]]}), {"bids": 1}, SEA, (
            ("bids", 0, "origin", "CNNGB"), ("bids", 0, "equipment", "45G1"),
            ("bids", 0, "currency", "USD"))),
        Specimen("similar and unknown headings", "similar.csv", text([
            ["POL", "Destinaton", "40HC", "Currency", "Transit time", "Sales person"],
            ["CNSHA", "DEHAM", "2150", "USD", "30", "Ms Li"]]), {"bids": 1},
            (*SEA, ("W503", "B1"), ("W502", "F1")), (
            ("bids", 0, "destination", "DEHAM"), ("bids", 0, "remarks", "Sales person: Ms Li"))),
        Specimen("double columns, the second ones empty", "double.csv", text([
            ["carrier", "quoted_POL", "quoted_POD", "container_type", "transit_time_days",
             "of_rate_usd", "transittimedays", "ofrateusd"],
            ["Alpha", "CNSHA", "NLR TM", "40HC", "27", "3535", "", ""]]), {"bids": 1},
            (*SEA, ("W503", "G1")), (("bids", 0, "transit_days", "27"),
            ("bids", 0, "destination", "NLRTM"), ("bids", 0, "bid_id", "Alpha-CNSHA-NLRTM-45G1")),
            options={"carrier": ""}),
        Specimen("double columns that differ", "differ.csv", text([
            ["POL", "POD", "40HC", "40HQ", "Currency", "T/T"],
            ["CNSHA", "DEHAM", "2150", "2250", "USD", "30"]]), {"bids": 1},
            (*SEA, ("W523", "D1")), (("bids", 0, "rate", "2150"),)),
        Specimen("two tables side by side", "beside.xlsx", book({"Rates": [
            ["POL", "POD", "45", "100", "Currency", "T/T", None, "POL", "POD", "40HC", "Currency", "T/T"],
            ["CNPVG", "DEFRA", 31.5, 27.5, "CNY", 3, None, "CNSHA", "DEHAM", 2150, "USD", 30],
            [None, None, None, None, None, None, None, "CNNGB", "NLRTM", 2080, "USD", 29]]}),
            {"bids": 4}, (("W524", "row 1"),) * 4, (("bids", 0, "service", "air"),
            ("bids", 2, "origin", "CNSHA"), ("bids", 2, "currency", "USD"),
            ("bids", 2, "service", "container"), ("bids", 3, "origin", "CNNGB"))),
        Specimen("two tables side by side without a gap", "nogap.csv", text([
            ["POL", "POD", "40HC", "Currency", "T/T", "POL", "POD", "20GP", "Currency", "T/T"],
            ["CNSHA", "DEHAM", "2150", "USD", "30", "CNNGB", "NLRTM", "1300", "EUR", "29"]]),
            {"bids": 2}, SEA, (("bids", 1, "origin", "CNNGB"), ("bids", 1, "currency", "EUR"),
            ("bids", 1, "equipment", "22G1"))),
        Specimen("two tables on one sheet", "stacked.xlsx", book({"Rates": [
            ["POL", "POD", "40HC", "Currency", "T/T"],
            ["CNSHA", "DEHAM", 2150, "USD", 30],
            [],
            ["Origin", "Destination", "Rate", "Currency", "Equipment", "Transit days"],
            ["CNNGB", "NLRTM", 1300, "EUR", "20GP", 29]]}), {"bids": 2},
            (*SEA, ("W524", "row 4")),
            (("bids", 1, "currency", "EUR"), ("bids", 1, "source_row", "5"))),
    ]  # fmt: skip


def _encodings() -> list[Specimen]:
    chinese = [["起运港", "目的港", "箱型", "海运费", "币种", "航程(天)", "有效期至", "备注"],
               ["上海", "汉堡", "40尺高柜", "2150", "美元", "30天", "2026年3月31日", "含LSS、BAF"]]  # fmt: skip
    german = [["Ladehafen", "Löschhafen", "Containertyp", "Seefracht", "Währung", "Laufzeit (Tage)"],
              ["Schanghai", "Hamburg", "40HC", "2.150,50", "USD", "30"],
              ["Ningbo", "Antwerpen", "20GP", "1.250,00", "USD", "29"]]  # fmt: skip
    return [
        Specimen("Chinese in GB18030", "gb.csv", text(chinese, "gb18030"), {"bids": 1},
            (*SEA, ("W501", "")), (
            ("bids", 0, "origin", "CNSHA"), ("bids", 0, "equipment", "45G1"),
            ("bids", 0, "currency", "USD"), ("bids", 0, "transit_days", "30"),
            ("bids", 0, "valid_to", "2026-03-31"),
            ("bids", 0, "surcharges_included", "LSS;BAF"))),
        Specimen("German in cp1252, decimal commas", "de.csv", text(german, "cp1252", ";"),
            {"bids": 2}, (*SEA, ("W501", ""), ("W531", "B2")), (
            ("bids", 0, "rate", "2150.5"), ("bids", 1, "rate", "1250"),
            ("bids", 1, "destination", "BEANR"))),
        Specimen("UTF-8 with BOM", "bom.csv", text(wide(GOOD), "utf-8-sig"), {"bids": 2}, SEA),
        Specimen("UTF-16 with tabs", "unicode.txt", text(wide(GOOD), "utf-16", "\t"), {"bids": 2},
            (*SEA, ("W501", ""))),
        Specimen("a line that names the separator", "sep.csv",
            lambda: b"sep=;\r\n" + text(wide(GOOD), separator=";")(), {"bids": 2},
            (("W524", "row 2"), ("W524", "row 2")), (("bids", 0, "source_row", "3"),)),
    ]  # fmt: skip


def _numbers() -> list[Specimen]:
    head = ["POL", "POD", "40HC", "Currency", "T/T"]
    return [
        Specimen("prices that are none", "none.csv", text([
            ["POL", "POD", "20GP", "40GP", "40HC", "45HC", "Currency", "T/T"],
            ["CNSHA", "DEHAM", "TBA", "询价", "—", "2500", "USD", "30"],
            ["CNSHA", "NLRTM", "auf Anfrage", "n/a", "", "on request", "USD", "30"]]),
            {"bids": 1}, (*SEA, ("W510", "C2"), ("W510", "D2"), ("W510", "C3"), ("W510", "F3")),
            (("bids", 0, "equipment", "L5G1"),), {3: "no price"}),
        Specimen("thousands without a proof, English", "thousand.csv",
            text([head, ["CNSHA", "DEHAM", "2,150", "USD", "30"]]), {"bids": 1},
            (*SEA, ("W507", "C2")), (("bids", 0, "rate", "2150"),)),
        Specimen("thousands without a proof, German", "tausend.csv", text([
            ["Ladehafen", "Löschhafen", "40HC", "Währung", "Laufzeit"],
            ["CNSHA", "DEHAM", "2.150", "USD", "30"]], separator=";"), {"bids": 1},
            (*SEA, ("W507", "C2")), (("bids", 0, "rate", "2150"),)),
        Specimen("thousands proved by the column", "proved.csv", text([
            head, ["CNSHA", "DEHAM", "2,150", "USD", "30"],
            ["CNSHA", "NLRTM", "2,080.50", "USD", "30"]]), {"bids": 2}, SEA,
            (("bids", 0, "rate", "2150"), ("bids", 1, "rate", "2080.5"))),
        Specimen("a column with both decimal signs", "both.csv", text([
            head, ["CNSHA", "DEHAM", "2,150", "USD", "30"],
            ["CNSHA", "NLRTM", "2080.50", "USD", "30"], ["CNSHA", "BEANR", "2090,50", "USD", "30"]]),
            {"bids": 2}, (*SEA, ("E102", "C2")), (), {2: "two ways"}),
        Specimen("currency signs in the cells", "signs.csv", text([
            head, ["CNSHA", "DEHAM", "€ 2,150.00", "USD", "30"],
            ["CNSHA", "NLRTM", "$2,080.00", "USD", "30"], ["CNSHA", "BEANR", "2090 USD", "", "30"],
            ["CNSHA", "FRLEH", "¥15000.00", "JPY", "30"], ["CNSHA", "GBFXT", "2100", "", "30"]]),
            {"bids": 4}, (*SEA, ("W525", "C2"), ("W512", "C3"), ("W512", "C5"), ("E101", "D6")),
            (("bids", 0, "currency", "EUR"), ("bids", 1, "currency", "USD"),
             ("bids", 2, "currency", "USD"), ("bids", 3, "currency", "JPY")), {6: "currency"}),
        Specimen("a dollar sign in the heading", "dollar.csv", text([
            ["POL", "POD", "40HC ($)", "T/T"], ["CNSHA", "DEHAM", "2150", "30"]]), {"bids": 1},
            (*SEA, ("W512", "C1")), (("bids", 0, "currency", "USD"),)),
        Specimen("currency in the number format", "format.xlsx", book({"R": [
            ["POL", "POD", "40HC", "T/T"], ["CNSHA", "DEHAM", 2150.5, 30]]},
            formats={"C2": "[$€-407]#,##0.00"}), {"bids": 1}, SEA,
            (("bids", 0, "currency", "EUR"), ("bids", 0, "rate", "2150.5"))),
        Specimen("1E5, a zero, a minus and words", "odd.csv", text([
            head, ["CNSHA", "DEHAM", "1E5", "USD", "30"], ["CNSHA", "NLRTM", "0", "USD", "30"],
            ["CNSHA", "BEANR", "-200", "USD", "30"], ["CNSHA", "FRLEH", "2150 or less", "USD", "30"]]),
            {"bids": 2}, (*SEA, ("W509", "C2"), ("W527", "C3"), ("E107", "C4"), ("E102", "C5")),
            (("bids", 0, "rate", "100000"),), {4: "bounds", 5: "not a number"}),
        Specimen("ranges of days", "range.csv", text([
            ["POL", "POD", "40HC", "Currency", "T/T", "Free time"],
            ["CNSHA", "DEHAM", "2150", "USD", "28-32", "14"],
            ["CNSHA", "NLRTM", "2150", "USD", "30 days", "7 dem + 7 det"]]), {"bids": 2},
            (*SEA, ("W526", "E2"), ("W526", "F3")), (
            ("bids", 0, "transit_days", "32"), ("bids", 1, "transit_days", "30"),
            ("bids", 0, "free_days", "14"))),
        Specimen("Brunel: money with blanks, thousands in quotes, blanks behind", "brunel.csv",
            lambda: b'Carrier,orig_port_cd,dest_port_cd,minm_wgh_qty,max_wgh_qty,minimum cost,rate,'
            b'mode_dsc,tpt_day_cnt\r\nV444_6,PORT08,PORT09,"1,000.00","1,999.99", $43.23 , $0.71 ,'
            b'AIR   ,2\r\nV444_6,PORT08,PORT09,"1,000.00","1,999.99", $43.23 , $0.71 ,AIR   ,2\r\n',
            {"bids": 1}, (("W512", "G2"), ("W512", "F2"), ("W515", "row 3")), (
            ("bids", 0, "rate", "0.71"), ("bids", 0, "min_charge", "43.23"),
            ("bids", 0, "weight_from_kg", "1000"), ("bids", 0, "weight_to_kg", "1999.99"),
            ("bids", 0, "mode", "air")), {3: "the same as row 2"}, options={"carrier": ""},
            mapping="place_ids: as_written\nconstants: {rate_basis: kg}\n"),
    ]  # fmt: skip


def _dates() -> list[Specimen]:
    head = ["POL", "POD", "40HC", "Currency", "T/T", "Valid until"]

    def row(port: str, day: Any) -> list[Any]:
        return ["CNSHA", port, 2150, "USD", 30, day]

    return [
        Specimen("01/02/2026 is not guessed", "guess.csv",
            text([head, row("DEHAM", "01/02/2026"), row("NLRTM", "2026-02-01")]), {"bids": 1},
            (*SEA, ("E511", "F2")), (), {2: "either way"}),
        Specimen("01/02/2026 in a column that proves its order", "proof.csv",
            text([head, row("DEHAM", "01/02/2026"), row("NLRTM", "28/02/2026")]), {"bids": 2},
            (*SEA, ("W508", "row 1")), (("bids", 0, "valid_to", "2026-02-01"),)),
        Specimen("01/02/2026 with the order stated", "stated.csv",
            text([head, row("DEHAM", "01/02/2026")]), {"bids": 1}, SEA,
            (("bids", 0, "valid_to", "2026-01-02"),), mapping="date_order: mdy\n"),
        Specimen("a column with both orders", "bothways.csv",
            text([head, row("DEHAM", "28/02/2026"), row("NLRTM", "02/28/2026"),
                  row("BEANR", "03/04/2026")]), {"bids": 2}, (*SEA, ("E511", "F4")),
            (("bids", 0, "valid_to", "2026-02-28"), ("bids", 1, "valid_to", "2026-02-28"))),
        Specimen("day numbers, days, and what is no day", "days.xlsx", book({"R": [
            head, row("DEHAM", 46112), row("NLRTM", date(2026, 3, 31)), row("BEANR", "31.02.2026"),
            row("FRLEH", "31 Mrz 2026"), row("GBFXT", "2025-11-30"), row("ITGOA", "soon")]}),
            {"bids": 4}, (*SEA, ("W513", "F2"), ("E104", "F4"), ("W511", "F6"), ("E104", "F7")), (
            ("bids", 0, "valid_to", "2026-03-31"), ("bids", 1, "valid_to", "2026-03-31"),
            ("bids", 2, "valid_to", "2026-03-31")), {4: "no such day", 7: "not a date"}),
        Specimen("day numbers that begin in 1904", "mac.xlsx", of_1904, {"bids": 1},
            (*SEA, ("W513", "G2")), (("bids", 0, "valid_from", "2026-01-01"),
            ("bids", 0, "valid_to", "2026-03-31"))),
        Specimen("a period in one cell", "period.csv", text([
            ["POL", "POD", "40HC", "Currency", "T/T", "Validity"],
            row("DEHAM", "2026-01-01 - 2026-03-31"), row("NLRTM", "2026/1/1至2026/3/31"),
            row("BEANR", "2026-03-31 to 2026-01-01")]), {"bids": 2}, (*SEA, ("E330", "F4")), (
            ("bids", 0, "valid_from", "2026-01-01"), ("bids", 0, "valid_to", "2026-03-31"),
            ("bids", 1, "valid_from", "2026-01-01")), {4: "ends before"}),
    ]  # fmt: skip


def _rows() -> list[Specimen]:
    other = ["CNNGB", "NLRTM", 1300, 2200, "USD", 29, "2026-03-31"]
    return [
        Specimen("totals, notes, repeated headings, blank rows", "noise.csv", text([
            *wide(GOOD), [], HEAD, other, ["Total", "", "2550", "4350", "", "", ""],
            ["All rates are subject to GRI", "", "", "", "", "", ""]]), {"bids": 4},
            (*SEA, ("W505", "row 6"), ("W506", "row 7")), (), {6: "total", 7: "note"}),
        Specimen("a totals row in Chinese", "heji.csv",
            text([*wide(GOOD), ["合计", "", "1250", "2150", "", "", ""]]), {"bids": 2},
            (*SEA, ("W505", "row 3")), (), {3: "total"}),
        Specimen("ditto marks, and blanks that go on from above", "ditto.csv", text([
            *wide(GOOD), ["同上", "NLRTM", 1, 2, "USD", 30, ""], ["", "BEANR", 1, 2, "USD", 30, ""]]),
            {"bids": 4}, (*SEA, ("E101", "A4")), (("bids", 2, "origin", "CNSHA"),),
            {4: "origin is required"}),
        Specimen("blanks that the mapping fills from above", "down.csv",
            text([*wide(GOOD), ["", "BEANR", 1, 2, "USD", 30, ""]]), {"bids": 4}, SEA,
            (("bids", 2, "origin", "CNSHA"),), mapping="fill_down: [origin]\n"),
        Specimen("merged cells down the rows", "down.xlsx", book({"R": [
            *wide(GOOD), [None, "NLRTM", 1300, 2200, "USD", 29, "2026-03-31"]]}, merge=["A2:A3"]),
            {"bids": 4}, SEA, (("bids", 2, "origin", "CNSHA"), ("bids", 2, "source_row", "3"))),
        Specimen("hidden rows and columns", "hidden.xlsx", book({"R": wide(GOOD, other)},
            hide_rows=[3], hide_columns=["C"]), {"bids": 1},
            (*SEA, ("W504", "C1"), ("W504", "row 3")), (("bids", 0, "equipment", "45G1"),),
            {3: "hidden"}),
        Specimen("hidden rows that the planner wants", "wanted.xlsx",
            book({"R": wide(GOOD, other)}, hide_rows=[3]), {"bids": 4}, SEA,
            mapping="hidden: use\n"),
        Specimen("rows that stand twice", "twice.csv", text(wide(GOOD, other, GOOD)), {"bids": 4},
            (*SEA, ("W515", "row 4")), (), {4: "the same as row 2"}),
    ]  # fmt: skip


def _workbooks() -> list[Specimen]:
    formula = ["CNSHA", "DEHAM", "=1000+250", "=D9*1.1", "USD", 30, "2026-03-31"]
    long = "Rates North Europe first half A"
    return [
        Specimen("formulas with results", "results.xlsx", with_results(
            book({"R": wide(formula)}), {"C2": "1250", "D2": "2150.5"}), {"bids": 2}, SEA,
            (("bids", 0, "rate", "1250"), ("bids", 1, "rate", "2150.5"))),
        Specimen("formulas without results", "noresults.xlsx", book({"R": wide(formula)}), {},
            (("E517", "C2"), ("E517", "D2")), (), {2: "formula"}),
        Specimen("errors of the spreadsheet", "na.xlsx", book({"R": wide(
            ["CNSHA", "DEHAM", "#N/A", 2150, "USD", 30, "2026-03-31"])}), {},
            (*SEA, ("E113", "C2")), (), {2: "error of the spreadsheet"}),
        Specimen("notes on cells", "notes.xlsx", book({"R": wide(GOOD)},
            notes={"D2": "plus BAF from February"}), {"bids": 2}, (*SEA, ("W514", "D2"))),
        Specimen("two sheets with names of 31 signs", "names.xlsx", book({
            long: wide(GOOD), long[:-1] + "B": wide(["CNNGB", *GOOD[1:]])}), {"bids": 4},
            (*SEA, *SEA), (("bids", 0, "source_sheet", long),
            ("bids", 2, "source_sheet", long[:-1] + "B"))),
        Specimen("a sheet without a table, and a hidden one", "sheets.xlsx", book({
            "Terms": [["General terms"], ["1. Prices are net."]], "Rates": wide(GOOD),
            "Old": wide(GOOD)}, hide_sheets=["Old"]), {"bids": 2},
            (*SEA, ("W518", ""), ("W518", ""))),
        Specimen("texts that begin like formulas", "formula.csv", text([
            ["Carrier", "POL", "POD", "40HC", "Currency", "T/T", "Remarks"],
            ["=cmd|' /C calc'!A0", "CNSHA", "DEHAM", "2150", "USD", "30", "@SUM(1+1)"]]),
            {"bids": 1}, SEA, (("bids", 0, "carrier", "=cmd|' /C calc'!A0"),
            ("bids", 0, "remarks", "@SUM(1+1)")), options={"carrier": ""}),
    ]  # fmt: skip


def _offers() -> list[Specimen]:
    return [
        Specimen("names of boxes", "boxes.csv", text([
            ["POL", "POD", "Container type", "Ocean freight", "Currency", "T/T"],
            ["CNSHA", "DEHAM", "45HC", "1", "USD", "30"], ["CNSHA", "DEHAM", "45G1", "2", "USD", "30"],
            ["CNSHA", "DEHAM", "40' HQ", "3", "USD", "30"], ["CNSHA", "DEHAM", "1x20", "4", "USD", "30"],
            ["CNSHA", "DEHAM", "40GP/40HQ", "5", "USD", "30"], ["CNSHA", "DEHAM", "40尺柜", "6", "USD", "30"],
            ["CNSHA", "DEHAM", "40RF", "7", "USD", "30"]]), {"bids": 6}, (*SEA, ("E204", "C8")), (
            ("bids", 0, "equipment", "L5G1"), ("bids", 1, "equipment", "45G1"),
            ("bids", 2, "equipment", "45G1"), ("bids", 3, "equipment", "22G1"),
            ("bids", 4, "equipment", "42G1;45G1"), ("bids", 5, "equipment", "42G1")),
            {8: "no equipment"}),
        Specimen("names of ports", "ports.csv", text([
            ["POL", "POD", "40HC", "Currency", "T/T"],
            ["Shanghai", "Portland", "1", "USD", "30"], ["Shenzhen", "DEHAM", "2", "USD", "30"],
            ["Qingdao", "Antwerpen", "3", "USD", "30"], ["CNSGH", "Hamburg (DEHAM)", "4", "USD", "30"],
            ["Dalian, CN", "Port of Rotterdam", "5", "USD", "30"],
            ["CNSHA", "Hambrug", "6", "USD", "30"], ["CNHGB", "DEHAM", "7", "USD", "30"]]),
            {"bids": 3}, (*SEA, ("E510", "B2"), ("E510", "A3"), ("E201", "B7"), ("E201", "A8")), (
            ("bids", 0, "origin", "CNTAO"), ("bids", 0, "destination", "BEANR"),
            ("bids", 1, "origin", "CNSGH"), ("bids", 1, "destination", "DEHAM"),
            ("bids", 2, "origin", "CNDLC"), ("bids", 2, "destination", "NLRTM")),
            {2: "ambiguous", 3: "CNYTN", 7: "No such place", 8: "No such place"}),
        Specimen("names of ports that the planner states", "planner.csv", text([
            ["POL", "POD", "40HC", "Currency", "T/T"], ["Shenzhen", "DEHAM", "2", "USD", "30"]]),
            {"bids": 1}, SEA, (("bids", 0, "origin", "CNYTN"),),
            mapping="places: {Shenzhen: CNYTN}\n"),
        Specimen("quoted and requested ports", "quoted.csv", text([
            ["requested_POL", "quoted_POL", "POD", "40HC", "Currency", "T/T"],
            ["CNSZX", "CNYTN", "USLAX", "3243", "USD", "30"],
            ["CNSGH", "CNSHA", "USLAX", "3243", "USD", "30"]]), {"bids": 2},
            (*SEA, ("W517", "B2")), (("bids", 0, "origin", "CNYTN"),)),
        Specimen("air weight breaks", "air.csv", text([
            ["lane_id", "origin", "destination", "Currency", "MIN", "-45", "+45", "+100", "+300",
             "fsc_per_kg", "kg_per_cbm", "Transit days"],
            ["A01", "CNPVG", "DEFRA", "CNY", "320", "38.5", "31", "27.5", "TBA", "4.1", "1:167",
             "3"]]), {"bids": 3, "bid_charges": 3},
            (*SEA[:1], ("W524", "row 1"), ("W510", "I2")), (
            ("bids", 0, "weight_from_kg", "0"), ("bids", 0, "weight_to_kg", "45"),
            ("bids", 1, "weight_from_kg", "45"), ("bids", 1, "rate", "31"),
            ("bids", 2, "weight_to_kg", "300"), ("bids", 2, "min_charge", "320"),
            ("bids", 0, "rate_basis", "kg"), ("bids", 0, "kg_per_m3", "167"),
            ("bids", 0, "service", "air"), ("bid_charges", 0, "charge_code", "FSC"),
            ("bid_charges", 0, "rate_basis", "kg"), ("bid_charges", 0, "amount", "4.1"))),
        Specimen("LCL by weight or measure", "lcl.csv", text([
            ["POL", "POD", "USD per W/M", "Min. charge", "T/T"], ["CNSHA", "DEHAM", "45", "45", "35"]]),
            {"bids": 1}, SEA, (("bids", 0, "service", "lcl"), ("bids", 0, "rate_basis", "wm"),
            ("bids", 0, "currency", "USD"), ("bids", 0, "min_charge", "45"))),
        Specimen("road lanes with postal codes, NA is Namibia", "road.csv", text([
            ["lane_id", "origin_country", "origin_zip", "destination_country", "destination_zip",
             "vehicle", "rate", "currency", "rate_basis", "transit_days"],
            ["R01", "DE", "01067", "DE", "20457", "MEGA", "980.00", "EUR", "trip", "1"],
            ["R02", "NA", "10005", "ZA", "0157", "MEGA", "1500.00", "EUR", "trip", "3"]]),
            {"bids": 2}, SEA, (("bids", 0, "origin", "DE-01067"), ("bids", 1, "origin", "NA-10005"),
            ("bids", 1, "destination", "ZA-0157"), ("bids", 0, "service", "ftl"),
            ("bids", 0, "mode", "road"))),
        Specimen("postal codes whose zeros only the format shows", "zip.xlsx", book({"R": [
            ["origin_country", "origin_zip", "destination_country", "destination_zip", "rate",
             "currency", "rate_basis", "transit_days"],
            ["DE", 1067, "DE", 20457, 980, "EUR", "trip", 1]]}, formats={"B2": "00000"}),
            {"bids": 1}, SEA, (("bids", 0, "origin", "DE-01067"),)),
        Specimen("required values that the file never says", "unsaid.csv", text([
            ["POL", "POD", "40HC"], ["CNSHA", "DEHAM", "2150"]]), {},
            (*SEA, ("E514", "row 1"), ("E514", "row 1")), (), {2: "not given"}),
        Specimen("required values stated as constants", "constants.csv", text([
            ["POL", "POD", "40HC"], ["CNSHA", "DEHAM", "2150"]]), {"bids": 1}, (),
            (("bids", 0, "transit_days", "30"), ("bids", 0, "currency", "USD")),
            mapping="constants: {currency: USD, transit_days: 30, mode: sea, service: container}\n"),
    ]  # fmt: skip


def _charges() -> list[Specimen]:
    head = ["POL", "POD", "40HC", "Currency", "T/T", "Remarks"]
    return [
        Specimen("surcharges in columns", "columns.csv", text([
            ["POL", "POD", "20GP", "40HC", "Currency", "T/T", "BAF", "THC (CNY)", "LSS", "CAF %",
             "PSS"],
            ["CNSHA", "DEHAM", "1250", "2150", "USD", "30", "150", "950", "included", "6.5%",
             "TBA"]]), {"bids": 2, "bid_charges": 6}, (*SEA, ("W510", "K2")), (
            ("bid_charges", 0, "charge_code", "BAF"), ("bid_charges", 0, "currency", "USD"),
            ("bid_charges", 1, "charge_code", "THC"), ("bid_charges", 1, "currency", "CNY"),
            ("bid_charges", 2, "rate_basis", "percent"), ("bid_charges", 2, "amount", "6.5"),
            ("bids", 0, "surcharges_included", "LSS"))),
        Specimen("surcharges in remarks", "remarks.csv", text([
            head, ["CNSHA", "DEHAM", "2150", "USD", "30",
                   "BAF USD 150/40HC; incl. LSS; THC CNY 950 per box"],
            ["CNSHA", "NLRTM", "2150", "USD", "30", "excl. PSS"],
            ["CNSHA", "BEANR", "2150", "USD", "30", "BAF USD 150 from 2026-02-01"],
            ["CNSHA", "FRLEH", "2150", "USD", "30", "Weekly, via Singapore"]]),
            {"bids": 4, "bid_charges": 2}, (*SEA, ("W516", "F3"), ("W516", "F4")), (
            ("bid_charges", 0, "charge_code", "BAF"), ("bid_charges", 0, "amount", "150"),
            ("bid_charges", 1, "currency", "CNY"), ("bids", 0, "surcharges_included", "LSS"),
            ("bids", 3, "remarks", "Weekly, via Singapore"))),
        Specimen("a row a charge", "long.csv", text([
            ["POL", "POD", "Container type", "Charge", "Amount", "Currency", "Basis", "T/T", "Rate"],
            ["CNSHA", "DEHAM", "40HC", "Ocean freight", "2150", "USD", "container", "30", ""],
            ["CNSHA", "DEHAM", "40HC", "BAF", "150", "USD", "container", "30", ""],
            ["CNSHA", "DEHAM", "40HC", "DOC", "45", "USD", "B/L", "30", ""],
            ["CNNGB", "DEHAM", "40HC", "BAF", "150", "USD", "container", "30", ""]]),
            {"bids": 1, "bid_charges": 2}, (*SEA, ("E518", "E5")), (
            ("bid_charges", 1, "rate_basis", "bl"),
            ("bid_charges", 0, "bid_id", "C-CNSHA-DEHAM-45G1")), {5: "base rate"}),
        Specimen("a list of surcharges", "surcharges.csv", text([
            ["carrier", "lane_id", "charge_code", "amount", "currency", "basis", "section"],
            ["CARRIER_A", "*", "OTHC", "950", "CNY", "container", "origin"],
            ["CARRIER_B", "*", "CAF", "6.5", "%", "percent_of_BAS", "freight"]]),
            {"bid_charges": 2}, (("W526", ""),), (
            ("bid_charges", 0, "lane_id", ""), ("bid_charges", 1, "rate_basis", "percent"),
            ("bid_charges", 1, "percent_of", "BAS")), options={"carrier": ""}),
    ]  # fmt: skip


def _others() -> list[Specimen]:
    return [
        Specimen("orders with leading zeros, 1E5 and lines", "orders.csv", text([
            ["Order no", "Ship from", "Ship to", "Material", "Qty", "Ready date", "Due date"],
            ["0017", "PLANT-A", "CUST-1", "007", "1E5", "2026-01-10", "2026-03-01"],
            ["0017", "PLANT-A", "CUST-1", "1E5", "12", "2026-01-10", "2026-03-01"]]), {"orders": 2},
            (("W509", "E2"), ("W528", "")), (("orders", 0, "order_id", "0017"),
            ("orders", 0, "sku", "007"), ("orders", 1, "sku", "1E5"), ("orders", 1, "line", "2"),
            ("orders", 0, "quantity", "100000"))),
        Specimen("SCMS: references and modes that are none", "scms.csv", text([
            ["ID", "Country", "Manufacturing Site", "Item", "Quantity", "PO date",
             "Scheduled Delivery Date", "Vendor INCO Term", "Freight Cost (USD)"],
            ["4", "Côte d'Ivoire", "Wiesbaden", "HRDT", "500", "Date Not Captured", "27-Aug-06",
             "FCA", "1653.78"],
            ["44", "Namibia", "South Granville", "ARV", "135", "11/13/06", "8-Jan-07", "DDU",
             "See DN-304 (ID#:10589)"],
            ["46", "NA", "South Granville", "ARV", "135", "11/13/06", "8-Jan-07", "EXW",
             "Freight Included in Commodity Cost"]]), {"orders": 1},
            (("E104", "F2"), ("W508", "row 1"), ("E106", "H3"), ("W502", "I1")), (
            ("orders", 0, "order_id", "46"), ("orders", 0, "destination", "NA"),
            ("orders", 0, "ready_date", "2006-11-13"), ("orders", 0, "due_date", "2007-01-08")),
            {2: "not a date", 3: "incoterm"}, options={"table": "orders", "carrier": ""},
            mapping="columns: {ID: order_id, Country: destination, PO date: ready_date}\n"),
        Specimen("a load list in centimetres, German", "packliste.csv", text([
            ["Artikel", "Anzahl", "Länge (cm)", "Breite (cm)", "Höhe (cm)", "Gewicht (kg)",
             "Stapelbar", "Kippbar"],
            ["A-1", "20", "232", "114", "125,5", "1015", "nein", "nein"]], separator=";"),
            {"load_list": 1}, (), (("load_list", 0, "length_mm", "2320"),
            ("load_list", 0, "height_mm", "1255"), ("load_list", 0, "max_stack_layers", "1"),
            ("load_list", 0, "upright_only", "yes"))),
        Specimen("a load list without units", "nounits.csv", text([
            ["Item", "Qty", "Length", "Width", "Height", "Gross weight"],
            ["A-1", "20", "232", "114", "125", "1015"]]), {},
            (("E519", "row 1"), ("E519", "row 1"), ("E519", "row 1"), ("W529", "row 1")), (),
            {2: "the unit is not given"}),
        Specimen("a Chinese load list with total masses", "zh.xlsx", book({"装箱单": [
            ["货物名称", "件数", "长(mm)", "宽(mm)", "高(mm)", "总毛重(kg)", "可否旋转"],
            ["组件", 4, 2320, 1140, 1250, 4060, "是"]]}), {"load_list": 1},
            (("W526", "row 2"),), (("load_list", 0, "gross_weight_kg", "1015"),
            ("load_list", 0, "rotate_on_floor", "yes"))),
        Specimen("emptied boxes and needs", "empties.csv", text([
            ["container_type", "event", "location", "available_from", "quantity", "carrier",
             "free_until", "return_to"],
            ["40HC", "import_empty", "WHS-1", "2026-01-05", "12", "LINE-A", "2026-01-12", "CNSHA"],
            ["40HC", "export_need", "WHS-2", "2026-01-08", "9", "LINE-A", "", ""]]),
            {"empties": 1}, (("W530", "B3"),), (("empties", 0, "equipment", "45G1"),
            ("empties", 0, "line", "LINE-A"),
            ("empties", 0, "empty_id", "WHS-1-40HC-LINE-A-2026-01-05")), {3: "no emptied box"},
            options={"carrier": ""}),
    ]  # fmt: skip


def _refused() -> list[Specimen]:
    good = book({"R": wide(GOOD)})
    return [
        Specimen("locked with a password", "locked.xlsx", locked, refused="E502"),
        Specimen("an old .xls", "old.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            refused="E011"),
        Specimen("cut off on its way", "cut.xlsx", lambda: good()[:-400], refused="E503"),
        Specimen("a zip bomb", "bomb.xlsx", bomb, refused="E501"),
        Specimen("a cell in the farthest corner", "far.xlsx", far_cell, refused="E501"),
        Specimen("a merged range over a whole sheet", "merge.xlsx", lambda: edited(
            good, "xl/worksheets/sheet1.xml", lambda d: d.replace(b"</sheetData>",
            b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
            refused="E501"),
        Specimen("a row of a hundred thousand cells", "wide.csv", lambda: b"POL," * 100_000,
            refused="E501"),
        Specimen("entities in the XML", "entities.xlsx", lambda: edited(
            good, "xl/worksheets/sheet1.xml", lambda d: re.sub(
            rb"(<worksheet)", rb'<!DOCTYPE x [<!ENTITY a "b">]>\1', d, count=1)), refused="E503"),
        Specimen("a web page called .xls", "page.xls",
            lambda: b"<html><table><tr><td>POL</td></tr></table></html>", refused="E011"),
        Specimen("a picture", "rates.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 99,
            refused="E011"),
        Specimen("empty", "empty.csv", lambda: b"", refused="E011"),
        Specimen("no headings", "letter.csv", text([["Dear Sirs"], ["we thank you"]]),
            refused="E504"),
    ]  # fmt: skip


ZOO = {specimen.name: specimen for specimen in _specimens()}
