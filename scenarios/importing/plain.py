"""Orders, emptied boxes, load lists and surcharge lists: one record becomes one row.

The declaration of the table says what each column may hold; here cells become the texts that the
declaration wants, with units, words and places resolved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lowhaul.columns import Column, Table, split_list
from scenarios.importing.columns import LENGTH_UNITS, MASS_UNITS
from scenarios.importing.mapping import LENGTHS
from scenarios.importing.texts import clean_id, clean_text, number_text, slug
from scenarios.importing.values import At, OutRow, Values
from scenarios.importing.vocabulary import BASIS_WORDS, charges, key

PLACE = "locations.location_id"
IMPORT_EVENTS = frozenset(
    {"import empty", "import", "empty", "进口", "进口空箱", "leer", "entleert"}
)
_PERCENT_OF = "percent of "


@dataclass
class PlainWriter:
    """Turns records into rows of one table."""

    table: Table
    constants: dict[str, str]
    carriers: dict[str, str] | None = None
    rows: list[OutRow] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    _lines: dict[str, int] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)

    def take(self, values: Values) -> None:
        """Write the row of one record, or account for why there is none."""
        record = values.record
        row = OutRow(self.table.name, record.sheet.name, record.row)
        special = _SPECIAL.get(self.table.name)
        if special and (reason := special(self, values, row)):
            values.reading.accounting.because(record.sheet.name, record.row, reason)
            return
        for column in self.table.columns:
            if column.name not in row.values:
                self._put(values, row, column)
        if "remarks" in self.table.names:
            _keep_rest(values, row)
        for column in self.table.columns:
            if column.required and not row.values.get(column.name):
                self._miss(values, column)
        if values.faults:
            for reason in dict.fromkeys(values.faults):
                values.reading.accounting.because(record.sheet.name, record.row, reason)
            return
        self.rows.append(row)
        values.reading.accounting.used(record.sheet.name, record.row)

    def _miss(self, values: Values, column: Column) -> None:
        at = values.record.first(column.name)
        if at is None:
            self.missing.add(column.name)
            values.reading.tell_once(
                "E514", "error", values.record.sheet,
                f"No column says {column.name} ({column.about.rstrip('.') or 'required'}).",
                f"Name the column in mapping.yaml, or state constants ({column.name}: ...).",
                values.record.block.header_rows[-1], column.name,
            )  # fmt: skip
            values.faults.append(f"{column.name} is not given")
        elif not values.faults:
            values.fault("E101", at, f"The cell is blank, but {column.name} is required.")

    def _put(self, values: Values, row: OutRow, column: Column) -> None:
        at = values.record.first(column.name)
        if at is None or not (at[1].text or at[1].uncomputed):
            if stated := self.constants.get(column.name):
                row.put(column.name, stated)
            return
        row.put(column.name, self._text(values, column, at), at)

    def _text(self, values: Values, column: Column, at: At) -> str:
        if column.refers_to == PLACE and column.kind == "id":
            return values.place(at, mode="")
        if column.refers_to == "equipment":
            return ";".join(values.equipment(at))
        if column.refers_to == "carriers.carrier" and column.kind == "id":
            return self._carrier(values, at)
        if column.kind in ("number", "integer"):
            return _number(values, column, at)
        if column.kind == "date":
            day = values.day(at)
            return day.value.isoformat() if day.value else ""
        if column.kind == "yesno":
            return values.yesno(at)
        if column.kind == "currency":
            return values.currency(at)
        if column.kind == "country":
            return values.country(at)
        if not values.whole(at):
            return ""
        if column.kind == "list":
            return ";".join(split_list(at[1].text.replace(",", ";").replace("、", ";")))
        if column.choices:
            return {key(c): c for c in column.choices}.get(key(at[1].text), at[1].text)
        return clean_id(at[1].text) if column.kind == "id" else clean_text(at[1].text)

    def _carrier(self, values: Values, at: At) -> str:
        stated = values.reading.mapping.carriers.get(key(at[1].text), clean_id(at[1].text))
        if self.carriers is None or stated == "SOC":
            return stated
        found = self.carriers.get(key(stated), "")
        if not found:
            values.fault("E202", at, f'The table carriers has no "{stated[:80]}".',
                         "Add it to carriers, or name it in mapping.yaml.")  # fmt: skip
        return found

    def numbered(self, name: str) -> str:
        """A name that was not used before: the same rows have the same names next time."""
        self._names[name] = self._names.get(name, 0) + 1
        return name if self._names[name] == 1 else f"{name}-{self._names[name]}"

    def line_of(self, order_id: str) -> int:
        """The number of an order's next line."""
        self._lines[order_id] = self._lines.get(order_id, 0) + 1
        return self._lines[order_id]


def _number(values: Values, column: Column, at: At) -> str:
    number = values.number(at)
    if number.word == "asked":
        values.fault("E102", at, "The cell asks for a number and gives none.")
    if number.value is None:
        return ""
    value = number.value * _factor(values, column, at)
    if column.kind == "integer" and abs(value - round(value)) < 1e-6:
        value = float(round(value))
    return number_text(value)


def _factor(values: Values, column: Column, at: At) -> float:
    """What a number is multiplied with to be in the unit of the column; told where not said."""
    unit = at[0].meaning.unit
    if column.name in LENGTHS:
        if unit in LENGTH_UNITS:
            return LENGTH_UNITS[unit]
        if key(at[0].heading) == key(column.name):
            return 1.0
        values.reading.tell_once(
            "E519", "error", values.record.sheet,
            "The heading gives no unit: mm, cm or m?",
            f'State it in mapping.yaml: "{at[0].heading}": {{field: {column.name}, unit: cm}}.',
            values.record.block.header_rows[-1], at[0].heading,
        )  # fmt: skip
        values.faults.append(f"{at[0].heading}: the unit is not given")
        return 1.0
    if column.unit == "kg":
        if unit in MASS_UNITS:
            return MASS_UNITS[unit]
        if "kg" not in key(at[0].heading).split():
            values.reading.tell_once(
                "W529", "warning", values.record.sheet,
                "The heading gives no unit of mass; kg was taken.",
                f'State it in mapping.yaml: "{at[0].heading}": {{field: {column.name}, unit: t}}.',
                values.record.block.header_rows[-1], at[0].heading,
            )  # fmt: skip
    return 1.0


def _keep_rest(values: Values, row: OutRow) -> None:
    parts = [row.values.get("remarks", "")]
    for column, cell in values.record.cells:
        if cell.text and (
            not column.meaning.known or column.meaning.field in ("volume_cbm", "net_weight_kg")
        ):
            parts.append(f"{column.heading or cell.name}: {cell.text}")
    row.put("remarks", clean_text("; ".join(p for p in parts if p))[:1000])


def _orders(writer: PlainWriter, values: Values, row: OutRow) -> str:
    """Lines of an order that has no line numbers are numbered as they stand."""
    if values.record.first("line") is not None or writer.constants.get("line"):
        return ""
    if order_id := clean_id(values.record.text("order_id")):
        number = writer.line_of(order_id)
        row.put("line", str(number))
        if number == 2:
            values.reading.tell_once(
                    "W528", "warning", values.record.sheet,
                    "Orders have several rows and no line numbers: they were numbered.",
                    "Add a column line where later files must match.",
                )  # fmt: skip
    return ""


def _empties(writer: PlainWriter, values: Values, row: OutRow) -> str:
    """Needs for boxes are no emptied boxes; a group without a name gets one."""
    event = values.record.first("event")
    if event and event[1].text and key(event[1].text) not in IMPORT_EVENTS:
        values.reading.tell(
            "W530", "warning", values.record, event,
            f'"{event[1].text[:60]}" is no emptied box; the row was left out.',
            "Boxes that are needed belong to the table wanted.",
        )  # fmt: skip
        return f"{event[1].text}: no emptied box"
    if not values.record.text("empty_id"):
        names = ("location", "equipment", "line", "available_from")
        made = "-".join(slug(values.record.text(n)) for n in names if values.record.text(n))
        row.put("empty_id", writer.numbered((made or "empty")[:100]))
    return ""


def _load_list(writer: PlainWriter, values: Values, row: OutRow) -> str:
    """Words about stacking and tilting, and the mass of one unit where only a total is given."""
    if (
        (at := values.record.first("tiltable"))
        and at[1].text
        and not values.record.text("upright_only")
    ):
        row.put("upright_only", {"yes": "no", "no": "yes"}.get(values.yesno(at), ""), at)
    if (
        (at := values.record.first("stackable"))
        and at[1].text
        and not values.record.text("max_stack_layers")
    ):
        if at[1].is_number or at[1].text.isdigit():
            row.put("max_stack_layers", number_text(values.number(at).value), at)
        elif values.yesno(at) == "no":
            row.put("max_stack_layers", "1", at)
        else:
            values.doubt("W526", at, "Stackable, but not how high: one layer was taken.",
                         "Give max_stack_layers.")  # fmt: skip
    total, each = values.record.first("total_weight_kg"), values.record.first("gross_weight_kg")
    if total and total[1].text and not (each and each[1].text):
        mass, count = values.number(total).value, values.record.first("quantity")
        pieces = values.number(count).value if count and count[1].text else None
        if mass is not None and pieces:
            column = writer.table.column("gross_weight_kg")
            value = mass * _factor(values, column, total) / pieces
            row.put("gross_weight_kg", number_text(round(value, 6)), total)
            values.reading.tell_once(
                "W526", "warning", values.record.sheet,
                "Only total masses are given: they were divided by the quantity.",
                "Give the gross mass of one handling unit.", values.record.row, total[0].heading,
            )  # fmt: skip
    return ""


def _bid_charges(writer: PlainWriter, values: Values, row: OutRow) -> str:
    """A star is every lane; `%` and `percent_of_BAS` are percentages of the base rate."""
    if (at := values.record.first("lane_id")) and at[1].text == "*":
        row.put("lane_id", "")
    if (at := values.record.first("charge_code")) and at[1].text:
        known = charges().get(key(at[1].text))
        row.put("charge_code", known.code if known else clean_id(at[1].text), at)
    at = values.record.first("rate_basis")
    basis = key(at[1].text) if at else ""
    currency = values.record.first("currency")
    percent = bool(currency and currency[1].text == "%")
    if basis.startswith(_PERCENT_OF) or percent:
        row.put("rate_basis", "percent", at)
        codes = (
            [c.upper() for c in basis.removeprefix(_PERCENT_OF).split()]
            if basis.startswith(_PERCENT_OF)
            else []
        )
        row.put("percent_of", ";".join(codes), at)
    elif at and at[1].text:
        row.put(
            "rate_basis",
            values.word(at, {**BASIS_WORDS, **{b: b for b in BASIS_WORDS.values()}}, "rate basis"),
            at,
        )
    if percent:
        row.put("currency", writer.constants.get("currency", "EUR"))
        values.reading.tell_once(
            "W526", "warning", values.record.sheet,
            f"A percentage has no currency, but one is needed: {row.values['currency']}.",
        )  # fmt: skip
    return ""


_SPECIAL: dict[str, Callable[[PlainWriter, Values, OutRow], str]] = {
    "orders": _orders,
    "empties": _empties,
    "load_list": _load_list,
    "bid_charges": _bid_charges,
}
