"""Rules of fuel tables: rows side by side, and an index and a row for every day of departure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations

from routing.fuel import FuelTable, fuel_tables
from scenarios.bid_inputs import fuel_index_of, fuel_steps_of
from scenarios.rows import Row, day, rows_of
from scenarios.rules.context import Context, filled, truth
from scenarios.rules.tender import mask_of

SMALL = 1e-9


def report_fuel_rows(context: Context) -> None:
    """Rule: the rows of a fuel table run upwards side by side, for any day; gaps are doubts."""
    data = context["fuel_tables"]
    if not len(data):
        return
    frame = data.frame
    sound = data.sound("table_id", "index_from", "index_to", "valid_from", "valid_to")
    backwards = truth(frame["index_to"] <= frame["index_from"])
    data.report(
        context.findings, "E366", backwards & sound, "index_to",
        lambda i: f"The row ends at {frame['index_to'].iloc[i]:g}, not above its beginning at "
        f"{frame['index_from'].iloc[i]:g}.", "index_to must be above index_from.",
    )  # fmt: skip
    by_table: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for i, row in enumerate(rows_of(frame)):
        if sound[i] and not backwards[i]:
            by_table[row["table_id"]].append((i, row))
    overlaps: dict[int, int] = {}
    gaps: dict[int, float] = {}
    for rows in by_table.values():
        rows.sort(key=lambda r: (r[1]["index_from"], r[0]))
        for (i, one), (j, other) in combinations(rows, 2):
            if _meet(one, other) and other["index_from"] < one["index_to"] - SMALL:
                overlaps.setdefault(j, i)
        for n, (j, row) in enumerate(rows):
            below = [r["index_to"] for _, r in rows[:n] if _meet(r, row)]
            if below and max(below) < row["index_from"] - SMALL:
                gaps[j] = max(below)
    data.report(
        context.findings, "E366", mask_of(data, overlaps), "index_from",
        lambda i: f"The row begins at {frame['index_from'].iloc[i]:g}, within the one of row "
        f"{data.rows[overlaps[i]]}, and both are valid on one day.",
        "End the lower row where the next begins, or let one end before the other is valid.",
    )  # fmt: skip
    data.report(
        context.findings, "W366", mask_of(data, gaps), "index_from",
        lambda i: f"No row has an index between {gaps[i]:g} and {frame['index_from'].iloc[i]:g}.",
        "Let the rows meet; an index in the gap would be refused.", "warning",
    )  # fmt: skip


def _meet(one: Row, other: Row) -> bool:
    """True if two rows are both valid on some day."""
    starts = [d for d in (day(one["valid_from"]), day(other["valid_from"])) if d]
    ends = [d for d in (day(one["valid_to"]), day(other["valid_to"])) if d]
    return not starts or not ends or max(starts) <= min(ends)


def report_fuel_charges(context: Context) -> None:
    """Rule: a charge by a fuel table is a percentage and brings none of its own."""
    data = context["bid_charges"]
    frame = data.frame
    by_table = filled(frame["fuel_table"])
    sound = data.sound("fuel_table", "rate_basis", "amount")
    data.report(
        context.findings, "E368", by_table & frame["rate_basis"].ne("percent").to_numpy() & sound,
        "rate_basis", "A fuel table gives a percentage.", "Write percent.",
    )  # fmt: skip
    own = truth(frame["amount"] != 0)
    data.report(
        context.findings, "E368", by_table & own & sound, "amount",
        "The percentage is that of the fuel table, and the charge has one of its own.",
        "Write 0, or leave fuel_table blank.",
    )  # fmt: skip
    tables = context["fuel_tables"]
    if len(tables):
        named = set(frame["fuel_table"])
        first = ~tables.frame.duplicated("table_id").to_numpy()
        idle = ~tables.frame["table_id"].isin(named).to_numpy() & first
        tables.report(
            context.findings, "W368", idle & tables.sound("table_id"), "table_id",
            "No charge names this fuel table, so that it changes nothing.",
            "Name it in bid_charges.fuel_table.", "warning",
        )  # fmt: skip


def report_uncovered_fuel(context: Context) -> None:
    """Rule: on every day of departure a charge by a fuel table has an index and a row for it."""
    data, tables, index = context["bid_charges"], context["fuel_tables"], context["fuel_index"]
    named = filled(data.frame["fuel_table"])
    if not named.any() or not context.settings:
        return
    names = ("table_id", "index_from", "index_to", "surcharge_percent", "valid_from", "valid_to")
    whole = tables.sound(*names).all() and index.sound("table_id", "date", "index").all()
    if not whole:
        return
    known = fuel_tables(fuel_steps_of(tables.frame), fuel_index_of(index.frame))
    first = min(s.period_from for s in context.settings.values())
    last = max(s.period_to for s in context.settings.values())
    due = context.frame("orders")["due_date"].max()
    if due == due and due is not None:
        last = max(last, due.date())
    told: dict[int, str] = {}
    gaps: dict[tuple[str, date, date], date | None] = {}
    for i, row in enumerate(rows_of(data.frame)):
        table = known.get(row["fuel_table"])
        if table is None or not data.sound("fuel_table", "valid_from", "valid_to")[i]:
            continue
        begins = max(first, day(row["valid_from"]) or first)
        ends = min(last, day(row["valid_to"]) or last)
        asked = (row["fuel_table"], begins, ends)
        if asked not in gaps:
            gaps[asked] = _first_gap(table, begins, ends)
        missing = gaps[asked]
        if missing is not None:
            value = table.index_on(missing)
            why = "has no index" if value is None else f"has no row for its index {value:g}"
            told[i] = f"On {missing} the fuel table {row['fuel_table']} {why}."
    data.report(
        context.findings, "E367", mask_of(data, told), "fuel_table", lambda i: told[i],
        "Give a row in fuel_index for that day or before it, and rows in fuel_tables for the "
        "index.",
    )  # fmt: skip


def _first_gap(table: FuelTable, first: date, last: date) -> date | None:
    """The first day without a percentage."""
    for n in range((last - first).days + 1):
        when = first + timedelta(days=n)
        if table.percent_on(when) is None:
            return when
    return None
