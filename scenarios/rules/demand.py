"""Rules of orders, emptied boxes, wanted boxes and the baseline: dates, ways, shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from lowhaul.cells import Mask, TableData
from lowhaul.columns import split_list
from scenarios.rules.context import Context, filled, truth


def report_dates_out_of_order(
    context: Context, table: str, first: str, last: str, code: str, message: str
) -> None:
    """Rule: the first of two dates is not after the last."""
    data = context[table]
    frame = data.frame
    wrong = truth(frame[first] > frame[last]) & data.sound(first, last)
    data.report(
        context.findings, code, wrong, first,
        lambda i: f"{message}: {frame[first].iloc[i]:%Y-%m-%d} is after "
        f"{frame[last].iloc[i]:%Y-%m-%d}.",
        f"{first} must not be after {last}.",
    )  # fmt: skip


def report_ready_after_due(context: Context) -> None:
    """Rule: an order is ready before it is due."""
    what = "The order is ready after it is due"
    report_dates_out_of_order(context, "orders", "ready_date", "due_date", "E320", what)


def report_free_until_before_available(context: Context) -> None:
    """Rule: emptied boxes are there before their free time ends."""
    what = "The boxes are there only after their free time"
    report_dates_out_of_order(context, "empties", "available_from", "free_until", "E326", what)
    what = "The need ends before it begins"
    report_dates_out_of_order(context, "wanted", "from_date", "to_date", "E326", what)


def report_same_ends(context: Context) -> None:
    """Rule: goods go from one place to another."""
    for table in ("orders", "bids", "lanes", "baseline"):
        data = context[table]
        same = data.frame["origin"].eq(data.frame["destination"]) & filled(data.frame["origin"])
        wrong = same.to_numpy(dtype=bool) & data.sound("origin", "destination")
        data.report(
            context.findings, "E321", wrong, "destination",
            "Origin and destination are the same place.", "Name two places.",
        )  # fmt: skip


def report_places_without_bids(context: Context) -> None:
    """Rule: some bid leaves an order's origin, and some bid arrives at its destination."""
    orders, bids = context["orders"], context["bids"]
    if not len(bids):
        return
    frame = orders.frame
    theirs = filled(frame["named_place"]) & ~frame["we_choose"].to_numpy(dtype=bool)
    for column, verb in (("origin", "leaves"), ("destination", "arrives at")):
        served = frame[column].isin(bids.frame[column].unique()).to_numpy()
        wrong = ~served & ~theirs & orders.sound(column)
        orders.report(
            context.findings, "E322", wrong, column,
            _no_bid(frame[column], verb),
            f"Add a bid with this {column}, or correct the order.",
        )  # fmt: skip


def _no_bid(places: pd.Series, verb: str) -> Callable[[int], str]:
    return lambda i: f"No bid {verb} {places.iloc[i]!s}."


def report_orders_outside_period(context: Context) -> None:
    """Rule: an order can depart in the period of some scenario."""
    if not context.settings:
        return
    starts = pd.Timestamp(min(s.period_from for s in context.settings.values()))
    ends = pd.Timestamp(max(s.period_to for s in context.settings.values()))
    data = context["orders"]
    frame = data.frame
    early = truth(frame["due_date"] < starts) & data.sound("due_date")
    data.report(
        context.findings, "W323", early, "due_date",
        f"The order is due before the period begins ({starts:%Y-%m-%d}).",
        "It will stay unserved: correct the date or the period.", "warning",
    )  # fmt: skip
    late = truth(frame["ready_date"] > ends) & data.sound("ready_date")
    data.report(
        context.findings, "W323", late, "ready_date",
        f"The order is ready only after the period ends ({ends:%Y-%m-%d}).",
        "Correct the date or the period.", "warning",
    )  # fmt: skip


def report_baseline_ways(context: Context) -> None:
    """Rule: a baseline's way has one place fewer than legs, and a carrier for each leg."""
    data = context["baseline"]
    frame = data.frame
    via, modes, carriers = (
        frame[c].map(lambda t: len(split_list(t))).to_numpy(dtype=int)
        for c in ("via", "modes", "carriers")
    )
    sound = data.sound("via", "modes", "carriers")
    legs = np.where(via > 0, via + 1, np.where(modes > 0, modes, carriers))
    for column, given in (("modes", modes), ("carriers", carriers)):
        wrong = (via > 0) & (given > 1) & (given != legs) & sound
        data.report(
            context.findings, "E325", wrong, column,
            lambda i: f"The places in via make {legs[i]} legs.",
            f"Give as many {column} as legs, in their order.",
        )  # fmt: skip


def report_baseline_shares(context: Context) -> None:
    """Rule: the shares of a relation add up to no more than 1."""
    data = context["baseline"]
    total = data.frame.groupby(["origin", "destination"])["share"].transform("sum")
    over = truth(total > 1 + 1e-9) & data.sound("share", "origin", "destination")
    first = ~data.frame.duplicated(["origin", "destination"]).to_numpy()
    data.report(
        context.findings, "E324", over & first, "share",
        lambda i: f"The shares of this relation add up to {total.iloc[i]:g}.",
        "They add up to 1; blank means 1, so give a share in each of several rows.",
    )  # fmt: skip


def first_use(data: TableData, column: str, value: str) -> Mask:
    """A mask with the first row whose cell is that value."""
    hits = np.flatnonzero(data.frame[column].eq(value).to_numpy())
    mask = np.zeros(len(data), dtype=bool)
    mask[hits[:1]] = True
    return mask
