"""Rules: every name that a table refers to exists. Names are brought to their one form here.

Places may be named by their UN/LOCODE and equipment by its trade name; after these rules the
frames hold ids and codes only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
import pandas as pd

from loading.equipment import named
from lowhaul.cells import TableData
from lowhaul.columns import LIST_SEPARATOR, Column, did_you_mean, split_list
from routing.geo import clean_unlocode, same_port
from scenarios.rules.context import Context

Lookup = Callable[[str], str | None]
NEAR_NAMES_SOUGHT = 50
"""Near names are sought for so many unknown ones; comparing all with all would take minutes."""


def report_unknown_places(context: Context) -> None:
    """Rule: places stand in `locations`; a UN/LOCODE of exactly one of them will do."""
    frame = context.frame("locations")
    ids = set(frame["location_id"]) - {""}
    by_code: dict[str, list[str]] = {}
    for place, code in zip(frame["location_id"], frame["unlocode"], strict=True):
        if code and place:
            by_code.setdefault(code, []).append(place)

    def places_at(name: str) -> list[str]:
        exact = by_code.get(clean_unlocode(name))
        return exact or [p for code in sorted(same_port(name)) for p in by_code.get(code, ())]

    def lookup(name: str) -> str | None:
        if name in ids:
            return name
        candidates = places_at(name)
        return candidates[0] if len(candidates) == 1 else None

    def hint(name: str) -> str:
        candidates = places_at(name)
        if candidates:
            return f"Name one of the places with this UN/LOCODE: {', '.join(candidates)}."
        return did_you_mean(name, ids)

    _check(context, "locations.location_id", lookup, "E201", "place", hint)


def report_unknown_carriers(context: Context) -> None:
    """Rule: carriers and owners of boxes stand in `carriers`."""
    _check_simple(context, "carriers.carrier", "E202", "carrier")


def report_unknown_skus(context: Context) -> None:
    """Rule: articles stand in `products` (an order's, and those of a packaging)."""
    _check_simple(context, "products.sku", "E203", "sku")


def report_unknown_equipment(context: Context) -> None:
    """Rule: equipment is built in or in the project's table; trade names become codes."""
    types = context.equipment

    @cache
    def lookup(name: str) -> str | None:
        found = named(name, types)
        return found.code if found else None

    names = {n for e in types.values() for n in (e.code, e.trade_name, *e.aliases) if n}
    _check(context, "equipment", lookup, "E204", "equipment", lambda n: did_you_mean(n, names))


def report_unknown_lanes(context: Context) -> None:
    """Rule: where lanes are declared, bids name one of them, and charges a lane of some bid."""
    if len(context["lanes"]):
        _check_simple(context, "lanes.lane_id", "E205", "lane")
    known = {
        *context.frame("lanes")["lane_id"].unique(),
        *context.frame("bids")["lane_id"].unique(),
    }
    known.discard("")
    data = context["bid_charges"]
    lookup: Lookup = {name: name for name in known}.get
    _check_column(
        context, data, data.table.column("lane_id"), lookup, "E205", "lane",
        lambda n: did_you_mean(n, known),
    )  # fmt: skip


def report_unknown_packagings(context: Context) -> None:
    """Rule: packagings stand in `packaging`."""
    _check_simple(context, "packaging.packaging_id", "E206", "packaging")


def report_unknown_bids(context: Context) -> None:
    """Rule: bids stand in `bids`."""
    _check_simple(context, "bids.bid_id", "E207", "bid")


def report_unknown_fuel_tables(context: Context) -> None:
    """Rule: fuel tables that charges and index values name stand in `fuel_tables`."""
    _check_simple(context, "fuel_tables.table_id", "E208", "fuel table")


def _check_simple(context: Context, refers_to: str, code: str, noun: str) -> None:
    table, column = refers_to.split(".")
    if not any(
        len(data) and c.refers_to == refers_to
        for data in context.tables.values()
        for c in data.table.columns
    ):
        return
    known = set(context.frame(table)[column]) - {""}
    lookup: Lookup = {name: name for name in known}.get
    _check(context, refers_to, lookup, code, noun, lambda n: did_you_mean(n, known))


def _check(
    context: Context, refers_to: str, lookup: Lookup, code: str, noun: str,
    hint: Callable[[str], str],
) -> None:  # fmt: skip
    for data in context.tables.values():
        for column in data.table.columns:
            if column.refers_to == refers_to:
                _check_column(context, data, column, lookup, code, noun, hint)


def _check_column(
    context: Context, data: TableData, column: Column, lookup: Lookup, code: str, noun: str,
    hint: Callable[[str], str],
) -> None:  # fmt: skip
    """Report the unknown names of one column and bring the known ones to their one form."""
    if not len(data):
        return
    codes, distinct = pd.factorize(data.frame[column.name])
    is_list = column.kind == "list"
    unknown: list[str] = []
    forms: list[str] = []
    for text in distinct:
        items: Iterable[str] = split_list(text) if is_list else ((text,) if text else ())
        found = [i if i in column.also else lookup(i) for i in items]
        forms.append(LIST_SEPARATOR.join(dict.fromkeys(f for f in found if f)))
        unknown.append(next((i for i, f in zip(items, found, strict=True) if not f), ""))
    wrong = np.array([bool(u) for u in unknown])[codes] & data.sound(column.name)
    sought: dict[str, str] = {}

    def hint_of(position: int) -> str:
        name = unknown[codes[position]]
        if name not in sought:
            sought[name] = hint(name) if len(sought) < NEAR_NAMES_SOUGHT else ""
        return sought[name]

    home = f" in the table {column.refers_to.split('.')[0]}" if "." in column.refers_to else ""
    data.report(
        context.findings, code, wrong, column.name,
        lambda i: f'There is no {noun} "{unknown[codes[i]][:80]}"{home}.', hint_of,
    )  # fmt: skip
    shown = [t if u else f for t, f, u in zip(distinct, forms, unknown, strict=True)]
    data.frame[column.name] = pd.Series(shown, dtype="str").take(codes).to_numpy()
