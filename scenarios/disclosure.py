"""What one carrier may see: the data are filtered first, and the written page is searched after.

A carrier sees its own legs: their places, weeks, load units and mass, and the turns that it drives
or whose boxes it owns. It sees no money, no other carrier and no total of the plan.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lowhaul.errors import LowhaulError
from scenarios.figures import Result, text

if TYPE_CHECKING:
    from routing.case import Case

MONEY_WORDS = r"(?:rate|price|cost|amount|EUR|USD|CNY|[€$¥£])"


class WouldDisclose(LowhaulError):
    """A page for one carrier holds what belongs to another; it was not written."""

    exit_code = 1

    def __init__(self, carrier: str, found: Iterable[str]) -> None:
        self.carrier = carrier
        self.found = tuple(found)
        shown = ", ".join(repr(value) for value in self.found[:5])
        super().__init__(
            f"The page for {carrier} holds what that carrier may not see ({shown}). "
            "It was not written."
        )


@dataclass(frozen=True)
class Forbidden:
    """Texts and rates that a page for one carrier must not hold."""

    texts: frozenset[str]
    rates: frozenset[float]


def visible_to(result: Result, carrier: str) -> Result:
    """The rows that the carrier may see; everything else is not there at all."""
    legs = [leg for leg in result.legs if text(leg["carrier"]) == carrier]
    own = {text(leg["shipment_id"]) for leg in legs}
    driven = {
        text(leg["shipment_id"])
        for leg in legs
        if text(leg["kind"]) == "empty" or text(leg["mode"]) == "road"
    }
    sent_from = {(text(leg["shipment_id"]), text(leg["from"])) for leg in legs}
    turns = [
        row
        for row in result.round_use
        if text(row["line"]) == carrier
        or (
            text(row["shipment_id"]) in driven
            and (text(row["shipment_id"]), text(row["to"])) in sent_from
        )
    ]
    return replace(
        result,
        summary={k: result.summary.get(k) for k in ("run_id", "status")},
        shipments=[s for s in result.shipments if text(s["shipment_id"]) in own],
        legs=legs,
        order_allocation=[],
        loads=[],
        round_use=turns,
        unserved=[],
        findings=[],
    )


def forbidden(case: Case, carrier: str) -> Forbidden:
    """Names and ids of the other carriers, their bids, lanes' bid ids and rates."""
    texts: set[str] = set()
    for other in case.carriers.values():
        if other.carrier != carrier:
            texts |= {other.carrier, other.name}
    own_rates = {b.rate for b in case.bids if b.carrier == carrier}
    rates: set[float] = set()
    for bid in case.bids:
        if bid.carrier != carrier:
            texts.add(bid.bid_id)
            rates |= {bid.rate, *([bid.round_use_rate] if bid.round_use_rate else [])}
    own = case.carriers[carrier]
    return Forbidden(frozenset(texts - {"", own.carrier, own.name}), frozenset(rates - own_rates))


def refuse_leaks(
    carrier: str, page: str, blank: str, never: Forbidden, may_hold: Iterable[str]
) -> None:
    """Raise if `page` holds a forbidden value.

    `blank` is the same page made from no data: a name that is also a word of every page, such as
    "Road", says nothing about the data. `may_hold` are texts that the carrier knows, such as the
    names of the places on its legs, though another's name may be part of them.
    """
    words, always = html.unescape(page), html.unescape(blank)
    for known in sorted({k for k in may_hold if k}, key=len, reverse=True):
        words = words.replace(known, " ")
    found = [t for t in never.texts if _holds(words, t) and not _holds(always, t)]
    found += [
        f"rate {rate:g}"
        for rate in never.rates
        if _holds_rate(words, rate) and not _holds_rate(always, rate)
    ]
    if found:
        raise WouldDisclose(carrier, sorted(found))


def _holds(words: str, value: str) -> bool:
    """True if `value` stands in `words`, not as part of a longer word or number."""
    at = words.find(value)
    while at >= 0:
        before, after = words[at - 1 : at], words[at + len(value) : at + len(value) + 1]
        if not (_joins(before, value[0]) or _joins(after, value[-1])):
            return True
        at = words.find(value, at + 1)
    return False


def _joins(neighbour: str, edge: str) -> bool:
    return bool(neighbour) and neighbour.isalnum() and edge.isalnum() and neighbour.isascii()


def _holds_rate(words: str, rate: float) -> bool:
    """True if the rate stands there as money, or as a number with its cents.

    Pages for carriers hold no money, and their other numbers have one decimal at most: a whole
    number alone is a count or a distance that happens to be equal.
    """
    plain, grouped = f"{rate:.2f}", f"{rate:,.2f}"
    whole = {f"{rate:g}", f"{rate:,.0f}"} if rate == int(rate) else {f"{rate:g}"}
    exact = "|".join(re.escape(v) for v in {plain, grouped})
    if re.search(rf"(?<![\d.,])(?:{exact})(?![\d]|[.,]\d)", words):
        return True
    near = "|".join(re.escape(v) for v in whole)
    after = rf"{MONEY_WORDS}\W{{0,4}}(?:{near})(?![\d]|[.,]\d)"
    before = rf"(?<![\d.,])(?:{near})\W{{0,2}}{MONEY_WORDS}"
    return re.search(f"{after}|{before}", words, re.IGNORECASE) is not None
