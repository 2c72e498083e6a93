"""`lowhaul template`: blank tables to send out or fill in, made from the tables' declarations.

The headings are the declared names, so that a filled template is read without a mapping. Choices,
codes and bounds are offered in the cells; meaning and unit show where a cell is chosen (a message,
not a note: notes count as the sender's remarks). A sheet of its own explains the columns and holds
the sample, so that no sample can ever become a row of a plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lowhaul.columns import (
    Column,
    Table,
    blank_template,
    cell_name,
    country_codes,
    currency_codes,
    did_you_mean,
)
from lowhaul.errors import UsageError
from lowhaul.input_tables import INPUT_TABLES, SINGLE_FILE_TABLES
from lowhaul.workbook import EXPLANATION, saved
from scenarios.importing.vocabulary import words

TABLES: Mapping[str, Table] = {**INPUT_TABLES, "load_list": SINGLE_FILE_TABLES["load_list"]}
"""The tables that there are templates of."""
MADE_BY_IMPORT = {"bids": ("bid_id", "source_file", "source_sheet", "source_row")}
"""Columns that `lowhaul import` fills in itself: a carrier is not asked for them."""
ROWS = 2000
"""So many rows offer choices."""
LONGEST_OFFER = 250
LONGEST_MESSAGE = 250
LONGEST_TITLE = 32
"""What Excel takes: signs of a list of choices, of a message and of its title."""
FILL = "DCE9F5"
YES = {"en": "yes", "zh": "是", "de": "ja"}
HEADS = {
    "en": ("table", "column", "also called", "meaning", "unit", "required", "blank means",
           "one of", "sample (not read)"),
    "zh": ("表", "列", "中文名称", "含义", "单位", "必填", "留空表示", "可选值", "示例（不导入）"),
    "de": ("Tabelle", "Spalte", "auch genannt", "Bedeutung", "Einheit", "Pflicht",
           "leer heißt", "eines von", "Beispiel (wird nicht gelesen)"),
}  # fmt: skip
"""Headings of the explanation, in the order of its columns."""
WIDTHS = (14, 26, 24, 64, 16, 10, 14, 40, 24, 12, 12, 12)
SAMPLES = {
    "carrier": "AURL", "origin": "CNSHA", "destination": "NLRTM", "equipment": "45G1",
    "currency": "USD", "rate_basis": "container", "sku": "MOD-580", "country": "NL",
    "bids.mode": "sea", "bids.service": "container", "bids.rate": "2150", "bids.transit_days": "32",
    "bids.valid_from": "2026-04-01", "bids.valid_to": "2026-06-30", "bids.free_days": "14",
    "bid_charges.charge_code": "BAF", "bid_charges.amount": "150",
    "orders.order_id": "SO-1001", "orders.line": "1", "orders.quantity": "620",
    "orders.ready_date": "2026-04-06", "orders.due_date": "2026-06-15",
    "empties.empty_id": "E-1", "empties.location": "DEDUI", "empties.line": "AURL",
    "empties.quantity": "4", "empties.available_from": "2026-04-20",
    "empties.free_until": "2026-05-08", "empties.return_to": "NLRTM",
    "load_list.description": "module pallet", "load_list.quantity": "18",
    "load_list.length_mm": "2320", "load_list.width_mm": "1140", "load_list.height_mm": "1250",
    "load_list.gross_weight_kg": "1015", "load_list.max_stack_layers": "2",
    "bids.currency": "USD", "empties.currency": "EUR", "empties.return_cost": "180",
}  # fmt: skip
"""What a sample says, by `table.column` or by column."""
_OF_KIND = {
    "id": "A-1", "text": "text", "list": "A;B", "numbers": "1000;2000", "date": "2026-04-01",
    "yesno": "yes", "country": "NL", "currency": "EUR",
}  # fmt: skip


def template(names: Sequence[str], *, language: str = "en", workbook: bool = True) -> bytes:
    """Blank tables of those names as a workbook, or one as CSV (its line of headings).

    Raises UsageError for a table that there is none of, and for several tables as CSV.
    """
    tables = [_asked(name) for name in dict.fromkeys(names)]
    if workbook:
        return _workbook(tables, language)
    if len(tables) != 1:
        raise UsageError("A CSV file holds one table: name one, or take --xlsx.")
    return blank_template(tables[0]).encode("utf-8")


def _asked(name: str) -> Table:
    """The table without the columns that nobody is asked for."""
    if name not in TABLES:
        hint = did_you_mean(name, TABLES)
        raise UsageError(f'There is no table "{name[:80]}". {hint}'.rstrip())
    left_out = MADE_BY_IMPORT.get(name, ())
    table = TABLES[name]
    return replace(table, columns=tuple(c for c in table.columns if c.name not in left_out))


def sample(table: Table, column: Column) -> str:
    """What stands in the sample of a column; blank where the cell may be blank."""
    own = SAMPLES.get(f"{table.name}.{column.name}")
    if own is not None or not column.required:
        return own or ""
    if column.name in SAMPLES:
        return SAMPLES[column.name]
    if column.choices:
        return column.choices[0]
    if column.refers_to == "equipment":
        return SAMPLES["equipment"]
    if column.kind in ("number", "integer"):
        return str(max(1, int(column.at_least or 0)))
    return _OF_KIND[column.kind]


def _workbook(tables: Sequence[Table], language: str) -> bytes:
    import openpyxl

    book: Any = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    offers = _offers()
    for table in tables:
        _fill_in(book.create_sheet(table.name), table, language, offers)
    _explain(book.create_sheet(EXPLANATION), tables, language, offers)
    return saved(book)


def _offers() -> dict[str, tuple[str, ...]]:
    """The lists that are too long for a cell; they stand on the sheet that explains."""
    from loading.equipment import built_in

    return {
        "equipment": tuple(built_in()),
        "currency": tuple(sorted(currency_codes())),
        "country": tuple(sorted(country_codes())),
    }


def _fill_in(
    sheet: Any, table: Table, language: str, offers: Mapping[str, tuple[str, ...]]
) -> None:
    """The sheet of a table: its headings, and below them what each cell may hold."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for position, column in enumerate(table.columns, start=1):
        head = sheet.cell(row=1, column=position, value=column.name)
        head.font = Font(bold=column.required)
        head.fill = PatternFill("solid", fgColor=FILL)
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = max(12, len(column.name) + 2)
        if column.is_text or column.kind == "date":
            # a text cell: Excel changes neither 007 nor 2026-03-31
            sheet.column_dimensions[letter].number_format = "@"
        rule = _rule(column, offers)
        rule.promptTitle = column.name[:LONGEST_TITLE]
        rule.prompt = _message(table, column, language)[:LONGEST_MESSAGE]
        rule.showInputMessage = True
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{ROWS}")


def _rule(column: Column, offers: Mapping[str, tuple[str, ...]]) -> Any:
    """What Excel offers for a cell, and what it doubts. It never forbids: a price may be "TBA"."""
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = _offered(column, offers)
    if offered:
        # a list of several choices, or an own name, is no fault
        free = column.kind == "list" or column.refers_to == "equipment"
        return DataValidation(
            type="list", formula1=offered, allow_blank=True, errorStyle="warning",
            showErrorMessage=not free,
        )  # fmt: skip
    if column.kind not in ("number", "integer"):
        return DataValidation(allow_blank=True)
    low, high = column.at_least, column.at_most
    low = low if low is not None else column.above
    between = low is not None and high is not None
    return DataValidation(
        type="decimal" if column.kind == "number" else "whole",
        operator="between" if between else "greaterThanOrEqual" if low is not None else "lessThan",
        formula1=f"{low:.15g}" if low is not None else f"{high or 1e12:.15g}",
        formula2=f"{high:.15g}" if between else None,
        allow_blank=True, errorStyle="warning", showErrorMessage=True,
    )  # fmt: skip


def _offered(column: Column, offers: Mapping[str, tuple[str, ...]]) -> str:
    """The choices as Excel wants them: in the rule itself, or where they stand."""
    choices = ("yes", "no") if column.kind == "yesno" else column.choices
    text = ",".join(choices)
    if choices and len(text) <= LONGEST_OFFER:
        return f'"{text}"'
    name = column.refers_to if column.refers_to == "equipment" else column.kind
    if name not in offers:
        return ""
    place = len(HEADS["en"]) + list(offers).index(name) + 1
    first, last = cell_name(place, 2), cell_name(place, len(offers[name]) + 1)
    return f"'{EXPLANATION}'!{_fixed(first)}:{_fixed(last)}"


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"${letters}${cell[len(letters) :]}"


def _message(table: Table, column: Column, language: str) -> str:
    """What shows beside a chosen cell: the name in the language, meaning, unit, blank."""
    parts = [words(table.name, language).get(column.name, ""), column.about.rstrip(".")]
    if column.required:
        parts.append(HEADS[language][5])
    if column.unit:
        parts.append(f"{HEADS[language][4]}: {column.unit}")
    if blank := _blank(column):
        parts.append(f"{HEADS[language][6]}: {blank}")
    return ". ".join(part for part in parts if part)


def _blank(column: Column) -> str:
    if column.default is None:
        return ""
    return {"True": "yes", "False": "no"}.get(str(column.default), str(column.default))


def _explain(
    sheet: Any, tables: Sequence[Table], language: str, offers: Mapping[str, tuple[str, ...]]
) -> None:
    """The sheet that explains: a row a column, and beside it the long lists of choices."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "C2"
    heads = (*HEADS[language], *offers)
    rows = [_explained(t, c, language) for t in tables for c in t.columns]
    for position, head in enumerate(heads, start=1):
        sheet.cell(row=1, column=position, value=head).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(position)].width = WIDTHS[position - 1]
    for number, row in enumerate(rows, start=2):
        for position, text in enumerate(row, start=1):
            _write(sheet.cell(row=number, column=position), text)
            sheet.cell(row=number, column=position).alignment = Alignment(
                wrap_text=True, vertical="top"
            )
    for position, codes in enumerate(offers.values(), start=len(HEADS[language]) + 1):
        for number, code in enumerate(codes, start=2):
            _write(sheet.cell(row=number, column=position), code)


def _explained(table: Table, column: Column, language: str) -> tuple[str, ...]:
    return (
        table.name,
        column.name,
        words(table.name, language).get(column.name, ""),
        column.about,
        column.unit,
        YES[language] if column.required else "",
        _blank(column),
        ", ".join(column.choices),
        sample(table, column),
    )


def _write(cell: Any, text: str) -> None:
    """A text is a text, also where it begins with = + - or @."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
