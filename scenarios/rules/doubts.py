"""Rules about rows that are sound by themselves, but of which one silently counts for nothing."""

from __future__ import annotations

from scenarios.rows import rows_of
from scenarios.rules.context import Context, truth
from scenarios.rules.tender import lane_book, mask_of

APART = 0.05
"""Rates of one day that differ by more than a spread can explain."""


def report_opposite_rates(context: Context) -> None:
    """Rule: a rate and the one of the other direction, of the same day, say the same."""
    data = context["fx_rates"]
    sound = data.sound("date", "base", "quote", "rate") & truth(data.frame["rate"] > 0)
    known: dict[tuple[object, str, str], tuple[int, float]] = {}
    told: dict[int, str] = {}
    for at, row in enumerate(rows_of(data.frame)):
        if not sound[at]:
            continue
        base, quote, rate = row["base"], row["quote"], float(row["rate"])
        other = known.get((row["date"], quote, base))
        known.setdefault((row["date"], base, quote), (at, rate))
        if other is None:
            continue
        before, opposite = other
        if abs(rate * opposite - 1.0) > APART:
            told[at] = (
                f"1 {quote} is {opposite:g} {base} in row {data.rows[before]}, "
                f"and {1 / rate:g} {base} here."
            )
    data.report(
        context.findings, "W351", mask_of(data, told), "rate", lambda i: told[i],
        "Each conversion takes the rate of its own direction: mend or delete one of the two.",
        "warning",
    )  # fmt: skip


def report_minimums_above_capacity(context: Context) -> None:
    """Rule: the least volume of a bid is not above the most that it can carry."""
    data = context["bids"]
    least, most = data.frame["min_volume"], data.frame["capacity"]
    never = truth(least > most) & data.sound("min_volume", "capacity")
    data.report(
        context.findings, "W347", never, "min_volume",
        lambda i: f"The minimum {least.iloc[i]:g} is above the capacity {most.iloc[i]:g}, "
        "so that the bid is never used.",
        "Both are counted per capacity_per, in volume_unit: mend one of them.", "warning",
    )  # fmt: skip


def report_rules_twice(context: Context) -> None:
    """Rule: a rule stands once for a scope, or one of its values says nothing."""
    data = context["tender_rules"]
    book = lane_book(context)
    sound = data.sound("rule", "value", "scope")
    known: dict[tuple[str, frozenset[str]], int] = {}
    told: dict[int, str] = {}
    for at, row in enumerate(rows_of(data.frame)):
        if not sound[at]:
            continue
        first = known.setdefault((row["rule"], book.scope(row["scope"])), at)
        if first != at:
            value = float(data.frame["value"].iloc[first])
            told[at] = f"{row['rule']} stands for this scope in row {data.rows[first]}: {value:g}."
    data.report(
        context.findings, "W386", mask_of(data, told), "rule", lambda i: told[i],
        "Both hold, so that only the stricter one says anything: take one out.", "warning",
    )  # fmt: skip


def report_remote_lanes_without_bids(context: Context) -> None:
    """Rule: a remote lane that must be covered has a bid."""
    data = context["lanes"]
    if not context.frame("tender_rules")["rule"].eq("remote_lane_covered").any():
        return
    book = lane_book(context)
    bare = [
        at
        for at, row in enumerate(rows_of(data.frame))
        if row["remote"] and not book.within(frozenset({row["lane_id"]}))
    ]
    data.report(
        context.findings, "W389", mask_of(data, bare) & data.sound("lane_id", "remote"), "lane_id",
        "No bid serves this remote lane, so that remote_lane_covered says nothing about it.",
        "Add a bid for it, or take the lane out.", "warning",
    )  # fmt: skip
