"""Rules of pins (table decisions): what they name is there, and they leave something open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from lowhaul.columns import did_you_mean, split_list
from scenarios.rows import Row, rows_of
from scenarios.rules.context import Context
from scenarios.rules.tender import lane_book, mask_of

FIELDS = ("carrier", "bid_id", "via", "equipment", "departure_date")


def report_pinned_keys(context: Context) -> None:
    """Rule: the key of a pin is an order (or ORDER/LINE), or a lane that bids serve.

    Shipments are those of a plan: they are looked up when a scenario is planned.
    """
    data = context["decisions"]
    if not len(data):
        return
    orders = context.frame("orders")
    ids = set(orders["order_id"]) - {""}
    lines = {f"{o}/{n}" for o, n in zip(orders["order_id"], orders["line"], strict=True) if o}
    book = lane_book(context)
    bids = context.frame("bids")
    relations = {f"{o} - {d}" for o, d in zip(bids["origin"], bids["destination"], strict=True)}
    known = {"order": ids | lines, "lane": set(book.lanes) | relations}
    unknown = [
        i
        for i, row in enumerate(rows_of(data.frame))
        if row["level"] in known and row["key"] not in known[row["level"]]
    ]
    level, key = data.frame["level"], data.frame["key"]
    data.report(
        context.findings, "E362", mask_of(data, unknown) & data.sound("level", "key"), "key",
        lambda i: f'There is no {level.iloc[i]} "{key.iloc[i][:80]}".'
        + (" No bid serves it." if level.iloc[i] == "lane" else ""),
        lambda i: did_you_mean(key.iloc[i], known[level.iloc[i]]),
    )  # fmt: skip


def report_pinned_things(context: Context) -> None:
    """Rule: a pin fixes something, and forbids one thing; a bid is that of the carrier named."""
    data = context["decisions"]
    if not len(data):
        return
    rows = list(rows_of(data.frame))
    sound = data.sound("level", "key", "action", *FIELDS)
    counts = np.array([len(named(row)) for row in rows])
    fixes = np.array([row["action"] != "forbid" for row in rows], dtype=bool)
    data.report(
        context.findings, "E363", (counts == 0) & sound, "action",
        "The pin names nothing: no carrier, bid, place, equipment or day.",
        "Fill at least one of carrier, bid_id, via, equipment, departure_date.",
    )  # fmt: skip
    data.report(
        context.findings, "E363", (counts > 1) & ~fixes & sound, "action",
        "The pin forbids several things at once, which can be read as each of them or as all "
        "together.", "Write a row for each thing that is forbidden.",
    )  # fmt: skip
    bids = context.frame("bids")
    owner = dict(zip(bids["bid_id"], bids["carrier"], strict=True))
    other = [
        i
        for i, row in enumerate(rows)
        if row["bid_id"] in owner and row["carrier"] and owner[row["bid_id"]] != row["carrier"]
    ]
    data.report(
        context.findings, "E364", mask_of(data, other) & sound, "bid_id",
        lambda i: f"The bid is {owner[rows[i]['bid_id']]}'s, not {rows[i]['carrier']}'s.",
        "Give the bid alone, or correct the carrier.",
    )  # fmt: skip


def named(row: Row) -> set[str]:
    """What a pin names: a carrier and its bid are one thing."""
    given = {name for name in FIELDS if row[name]}
    return given - {"carrier"} if row["bid_id"] else given


def report_clashing_pins(context: Context) -> None:
    """Rule: no two pins of one thing exclude each other, while both hold."""
    data = context["decisions"]
    if not len(data):
        return
    rows = list(rows_of(data.frame))
    sound = data.sound("level", "key", "action", *FIELDS)
    bids = context.frame("bids")
    owner = dict(zip(bids["bid_id"], bids["carrier"], strict=True))
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if sound[i]:
            by_key[row["level"], row["key"]].append(i)
            if row["level"] == "order" and "/" in row["key"]:
                by_key["order", row["key"].rpartition("/")[0]].append(i)
    told: dict[int, str] = {}
    for some in by_key.values():
        for n, later in enumerate(some):
            for earlier in some[:n]:
                clash = clashes(rows[earlier], rows[later], owner)
                if clash and later != earlier and _same_line(rows[earlier], rows[later]):
                    told.setdefault(later, f"{clash} (row {data.rows[earlier]}).")
    data.report(
        context.findings, "E364", mask_of(data, told), "action", lambda i: told[i],
        "Take one of the two out, or let it end before the other begins to count (until).",
    )  # fmt: skip


def _same_line(one: Row, other: Row) -> bool:
    """True unless the two speak of two different lines of one order."""
    return one["key"] == other["key"] or not ("/" in one["key"] and "/" in other["key"])


def clashes(one: Row, other: Row, owner: dict[str, str]) -> str:
    """How two pins of one order, shipment or lane exclude each other; blank where they do not."""
    both_fix = "forbid" not in (one["action"], other["action"])
    if not both_fix and one["action"] == other["action"]:
        return ""
    if both_fix:
        return _two_fixed(one, other, owner)
    fixed, closed = (one, other) if other["action"] == "forbid" else (other, one)
    carrier = fixed["carrier"] or owner.get(fixed["bid_id"], "")
    checks: list[tuple[str, Callable[[], Any]]] = [
        ("carrier", lambda: not closed["bid_id"] and closed["carrier"] == carrier),
        ("bid_id", lambda: closed["bid_id"] == fixed["bid_id"]),
        ("via", lambda: set(split_list(closed["via"])) & set(split_list(fixed["via"]))),
        ("equipment", lambda: closed["equipment"] == fixed["equipment"]),
        ("departure_date", lambda: closed["departure_date"] == fixed["departure_date"]),
    ]
    for name, same in checks:
        if closed[name] and same():
            return f"{name} {_shown(closed[name])} is forbidden and fixed"
    return ""


def _two_fixed(one: Row, other: Row, owner: dict[str, str]) -> str:
    for name in ("via", "equipment", "departure_date"):
        if one[name] and other[name] and one[name] != other[name]:
            return f"{name} is fixed to {_shown(one[name])} and to {_shown(other[name])}"
    if one["level"] == "lane":
        carriers = [row["carrier"] or owner.get(row["bid_id"], "") for row in (one, other)]
        if all(carriers) and carriers[0] != carriers[1]:
            return f"the lane is fixed to {carriers[0]} and to {carriers[1]}"
        if one["bid_id"] and other["bid_id"] and one["bid_id"] != other["bid_id"]:
            return f"the lane is fixed to {one['bid_id']} and to {other['bid_id']}"
    return ""


def _shown(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)
