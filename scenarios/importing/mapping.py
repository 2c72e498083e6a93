"""mapping.yaml: what the headings of a carrier's file mean, kept for the next time.

It is proposed at the first import and may be edited: a heading given another field or `ignore`,
a date order or decimal sign stated, a value that the file never says given as a constant, names
of places, boxes and carriers translated.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lowhaul.columns import did_you_mean
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import INPUT_TABLES, SINGLE_FILE_TABLES
from lowhaul.reading import text_of
from scenarios.importing.columns import UNITS, Meaning
from scenarios.importing.dates import ORDERS
from scenarios.importing.equipment import equipment_list
from scenarios.importing.text_files import ENCODINGS
from scenarios.importing.vocabulary import LANGUAGES, fields, key
from scenarios.yaml_text import parse_yaml

NAME = "mapping.yaml"
TABLES = ("bids", "bid_charges", "orders", "empties", "load_list")
LENGTHS = ("length_mm", "width_mm", "height_mm")
IGNORE = "ignore"
REMARKS = "remarks"
MOST_BYTES = 1 << 20
_CHOICES: dict[str, tuple[str, ...]] = {
    "table": TABLES,
    "language": LANGUAGES,
    "decimal": (".", ","),
    "date_order": ORDERS,
    "encoding": (*ENCODINGS, "utf-16"),
    "separator": (",", ";", "\t", "|"),
    "hidden": ("skip", "use"),
    "place_ids": ("resolve", "as_written"),
}
_MAPS = ("constants", "places", "equipment", "carriers")
_KEYS = ("version", *_CHOICES, "fill_down", *_MAPS, "columns")
_OF_COLUMN = ("field", "equipment", "currency", "unit", "code", "basis", "from_kg")
_HEAD = """\
# What the headings of this file mean (lowhaul import FILE --map mapping.yaml).
# Give a heading another field of the table, or "ignore". Other keys: decimal ("," or "."),
# date_order (dmy or mdy), hidden (use), fill_down (list of fields), constants (what the file
# never says, such as carrier or transit_days), places, equipment and carriers (names as written
# in the file: names as you want them).
"""


@dataclass(frozen=True)
class SheetMapping:
    """A mapping as read; blank texts and empty maps: nothing is stated."""

    table: str = ""
    language: str = ""
    decimal: str = ""
    date_order: str = ""
    encoding: str = ""
    separator: str = ""
    hidden: str = "skip"
    place_ids: str = "resolve"
    fill_down: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    equipment: Mapping[str, str] = field(default_factory=dict)
    carriers: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Meaning] = field(default_factory=dict)
    """By `heading_key`; field `ignore`: left out on purpose."""

    def of_heading(self, heading: str) -> Meaning | None:
        """What the planner says that a heading means."""
        return self.columns.get(heading_key(heading))


def heading_key(heading: str) -> str:
    """The form in which headings are compared: +45 and -45 are two."""
    return " ".join(unicodedata.normalize("NFKC", heading).casefold().split())


def read_mapping(path: Path) -> SheetMapping:
    """The mapping of a file. Raises InputRejected with every fault in it."""
    findings = Findings()
    label = path.name
    if not path.is_file():
        message = f"There is no file {path.name}."
        raise InputRejected([Finding("E506", "error", message, file=label)])
    if path.stat().st_size > MOST_BYTES:
        raise InputRejected([Finding("E506", "error", "The mapping is too large.", file=label)])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The mapping is not UTF-8 text."
        raise InputRejected([Finding("E506", "error", message, file=label)]) from None
    return parse_mapping(text, label, findings)


def parse_mapping(text: str, label: str, findings: Findings) -> SheetMapping:
    """The mapping of a text. Raises InputRejected with every fault in it."""
    document = parse_yaml(text, label, findings)
    if document is None:
        raise InputRejected(list(findings))
    content: dict[str, Any] = document.content

    def fault(name: str, message: str, hint: str = "") -> None:
        line = document.line((name,))
        findings.add(Finding("E506", "error", message, hint, label, "", line, name))

    given: dict[str, Any] = {}
    for name, value in content.items():
        if name not in _KEYS:
            fault(name, f'"{name[:80]}" is no key of a mapping.', did_you_mean(name, _KEYS))
        elif name in _CHOICES:
            wanted = _CHOICES[name]
            if value is not None and value not in wanted:
                shown = ", ".join(repr(w) for w in wanted)
                fault(name, f"{text_of(value)[:80]!r} is not possible here.", f"Wanted: {shown}.")
            elif value is not None:
                given[name] = value
        elif name == "fill_down":
            given[name] = _names(value, fault)
        elif name in _MAPS:
            given[name] = _texts(name, value, fault)
        elif name == "columns":
            given[name] = _columns(value, str(given.get("table", "")), fault)
    if findings.errors:
        raise InputRejected(list(findings))
    for name in ("places", "equipment", "carriers"):
        given[name] = {key(k): v for k, v in given.get(name, {}).items()}
    return SheetMapping(**given)


def _names(value: Any, fault: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        fault("fill_down", "fill_down is a list of fields.", "For example [origin, carrier].")
        return ()
    return tuple(value)


def _texts(name: str, value: Any, fault: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or any(isinstance(v, dict | list) for v in value.values()):
        fault(name, f"{name} is a list of name: value.")
        return {}
    return {str(k): text_of(v) for k, v in value.items() if v is not None}


def _columns(value: Any, table: str, fault: Any) -> dict[str, Meaning]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        fault("columns", "columns is a list of heading: field.")
        return {}
    known = known_fields(table)
    columns: dict[str, Meaning] = {}
    for heading, told in value.items():
        about = {"field": told} if isinstance(told, str) else told
        if about is None:
            continue
        if not isinstance(about, dict) or not isinstance(about.get("field"), str):
            fault("columns", f'The column "{heading[:80]}" has no field.')
            continue
        for unknown in [k for k in about if k not in _OF_COLUMN]:
            fault("columns", f'"{unknown[:80]}" is not known.', did_you_mean(unknown, _OF_COLUMN))
        name = about["field"]
        if known and name not in known:
            fault("columns", f'"{name[:80]}" is no field of {table}.', did_you_mean(name, known))
            continue
        if (unit := text_of(about.get("unit"))) and unit not in UNITS:
            fault("columns", f'"{unit[:40]}" is no unit that is known.', did_you_mean(unit, UNITS))
        equipment, unknown = equipment_list(text_of(about.get("equipment")) or "40HC")
        if unknown:
            fault("columns", f'"{unknown[:40]}" is no equipment that is known.')
        columns[heading_key(heading)] = Meaning(
            name, "stated", equipment if about.get("equipment") else (),
            text_of(about.get("currency")), unit, text_of(about.get("code")),
            text_of(about.get("basis")), _float(about.get("from_kg")),
        )  # fmt: skip
    return columns


def _float(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def known_fields(table: str) -> tuple[str, ...]:
    """The fields that a heading of a table may be given; none where the table is open."""
    declared = {**INPUT_TABLES, **SINGLE_FILE_TABLES}
    if table not in declared:
        return ()
    extra = ("charge", "weight_break") if table == "bids" else ()
    return tuple(dict.fromkeys([*fields(table), *declared[table].names, *extra, REMARKS, IGNORE]))


def mapping_text(
    table: str,
    language: str,
    headings: Iterable[tuple[str, Meaning]],
    used: SheetMapping,
    missing: Iterable[str],
) -> str:
    """The mapping as YAML: what was recognised, what was stated, and what is still to be said."""
    content: dict[str, Any] = {"version": 1, "table": table}
    content["language"] = used.language or language or None
    for name in ("decimal", "date_order", "encoding", "separator"):
        if stated := getattr(used, name):
            content[name] = stated
    if used.hidden != "skip":
        content["hidden"] = used.hidden
    if used.place_ids != "resolve":
        content["place_ids"] = used.place_ids
    if used.fill_down:
        content["fill_down"] = list(used.fill_down)
    constants: dict[str, Any] = dict(used.constants)
    constants |= {name: None for name in missing if name not in constants}
    if constants:
        content["constants"] = constants
    for name in ("places", "equipment", "carriers"):
        if stated := getattr(used, name):
            content[name] = dict(stated)
    content["columns"] = {heading: _told(heading, meaning) for heading, meaning in headings}
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
    return _HEAD + body


def _told(heading: str, meaning: Meaning) -> Any:
    told: dict[str, Any] = {"field": meaning.field}
    if meaning.equipment:
        told["equipment"] = ";".join(meaning.equipment)
    for name in ("currency", "unit", "code", "basis"):
        if value := getattr(meaning, name):
            told[name] = value
    if meaning.from_kg is not None:
        told["from_kg"] = meaning.from_kg
    if meaning.field in LENGTHS and not meaning.unit and key(heading) != key(meaning.field):
        told["unit"] = None  # for the planner to state
    return told if len(told) > 1 else meaning.field
