"""Rules of percent charges: of which charges they are, and in which order they are counted."""

from __future__ import annotations

import numpy as np

from lowhaul.cells import Mask
from lowhaul.columns import split_list
from scenarios.rules.context import Context, filled

BASE_CODE = "BAS"


def report_percent_bases(context: Context) -> None:
    """Rule: a percentage is of charges that there are."""
    data = context["bid_charges"]
    frame = data.frame
    known = {BASE_CODE, *frame["charge_code"]}
    percent = frame["rate_basis"].eq("percent").to_numpy()
    items = [split_list(text) for text in frame["percent_of"]]
    unknown = np.array([any(i not in known for i in row) for row in items], dtype=bool)
    sound = data.sound("rate_basis", "percent_of", "charge_code")
    data.report(
        context.findings, "E341", unknown & sound, "percent_of",
        lambda i: f"No charge has the code {next(c for c in items[i] if c not in known)}.",
        f"Wanted: {BASE_CODE} (the base rate) or a charge_code of this table.",
    )  # fmt: skip
    itself = np.array(
        [code in row for code, row in zip(frame["charge_code"], items, strict=True)], dtype=bool
    )
    data.report(
        context.findings, "E341", itself & sound & ~unknown, "percent_of",
        "A charge cannot be a percentage of itself.", "Name other charges.",
    )  # fmt: skip
    useless = ~percent & filled(frame["percent_of"]) & sound & ~unknown & ~itself
    data.report(
        context.findings, "W341", useless, "percent_of",
        "percent_of is read only where rate_basis is percent.", "Leave it blank.", "warning",
    )  # fmt: skip


def report_percent_order(context: Context) -> None:
    """Rule: a percentage of another percentage stands below it; so none goes round in a circle.

    Percent charges are counted in the order of the table, and only those on a bid in common meet.
    """
    data, bids = context["bid_charges"], context.frame("bids")
    frame = data.frame
    owner = dict(zip(bids["bid_id"], bids["carrier"], strict=True))
    columns = ("charge_code", "rate_basis", "percent_of", "bid_id", "carrier")
    by_code: dict[tuple[str, str], list[tuple[int, str]]] = {}
    percent = []
    for i, (code, basis, of, bid, carrier) in enumerate(
        zip(*(frame[c] for c in columns), strict=True)
    ):
        if basis == "percent":
            whose = owner.get(bid, carrier)
            by_code.setdefault((whose, code), []).append((i, bid))
            percent.append((i, code, split_list(of), bid, whose))
    below: dict[int, tuple[str, int]] = {}
    for i, code, named, bid, whose in percent:
        for other in named:
            for j, its_bid in by_code.get((whose, other), ()) if other != code else ():
                if j > i and (not bid or not its_bid or bid == its_bid):
                    below.setdefault(i, (other, j))
    mask: Mask = np.zeros(len(frame), dtype=bool)
    mask[list(below)] = True
    data.report(
        context.findings, "E341", mask & data.sound(*columns), "percent_of",
        lambda i: f"{below[i][0]} is a percentage itself and stands below, in row "
        f"{data.rows[below[i][1]]}.",
        "Put this row below that one; percentages of each other cannot be counted.",
    )  # fmt: skip
