"""What one carrier may see: the data are filtered first, and what was written is searched after.

A carrier sees its own legs: their places, days, load units and mass, and the turns that it drives
or whose boxes it owns. It sees no price but its own, no other carrier, no customer that it does not
serve and no total of the plan.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lowhaul.errors import LowhaulError
from scenarios.figures import Result, Row, text

if TYPE_CHECKING:
    from routing.case import Case

MONEY_WORDS = r"(?:rate|price|cost|amount|EUR|USD|CNY|[€$¥£])"
_NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d]|[.,]\d)")
_MONEY_BEFORE = re.compile(rf"{MONEY_WORDS}\W{{0,4}}\Z", re.IGNORECASE)
_MONEY_AFTER = re.compile(rf"\W{{0,2}}{MONEY_WORDS}", re.IGNORECASE)
_RUN = re.compile(r"[A-Za-z0-9]+")

SHIPMENT_COLUMNS = (
    "shipment_id", "equipment", "load_units", "pol", "pod", "cutoff_date", "booking_ref",
)  # fmt: skip
TURN_COLUMNS = (
    "empty_id", "import_shipment_id", "shipment_id", "equipment", "boxes", "from", "to", "depot",
    "date", "km_saved", "co2e_avoided_kg",
)  # fmt: skip
"""What is left of a shipment and of a turn: no cost, no order, no carrier and no box owner."""


class WouldDisclose(LowhaulError):
    """A page for one carrier holds what belongs to another; it was not written."""

    exit_code = 1

    def __init__(self, carrier: str, found: Iterable[str], what: str = "page") -> None:
        self.carrier = carrier
        self.found = tuple(found)
        shown = ", ".join(repr(value) for value in self.found[:5])
        super().__init__(
            f"The {what} for {carrier} holds what that carrier may not see ({shown}). "
            "It was not written."
        )


@dataclass(frozen=True)
class Forbidden:
    """Texts and rates that a page for one carrier must not hold."""

    texts: frozenset[str]
    rates: frozenset[float]


def visible_to(result: Result, carrier: str) -> Result:
    """The rows that the carrier may see; everything else is not there at all.

    A shipment has no day of its own there: its first leg of this carrier says when it departs.
    """
    legs = result.legs_by_carrier.get(carrier, [])
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
    shipments = [
        _only(s, SHIPMENT_COLUMNS) for s in result.shipments if text(s["shipment_id"]) in own
    ]
    return Result(
        {k: result.summary.get(k) for k in ("run_id", "status")},
        shipments=[{**s, "departure_date": None} for s in shipments],
        legs=list(legs),
        round_use=[_only(row, TURN_COLUMNS) for row in turns],
    )


def _only(row: Row, columns: Iterable[str]) -> Row:
    return {column: row.get(column) for column in columns}


@dataclass(frozen=True)
class Secrets:
    """What belongs to whom: texts (names, ids, ids of bids) and rates by carrier, and customers."""

    texts: Mapping[str, frozenset[str]]
    rates: Mapping[str, frozenset[float]]
    customers: Mapping[str, frozenset[str]]
    """Names and id of each place that an order starts or ends at, by its id."""

    @classmethod
    def of(cls, case: Case) -> Secrets:
        """All of a case, looked up once for all of its carriers."""
        texts: dict[str, set[str]] = defaultdict(set)
        rates: dict[str, set[float]] = defaultdict(set)
        for carrier in case.carriers.values():
            texts[carrier.carrier] |= {carrier.carrier, carrier.name}
        for bid in case.bids:
            texts[bid.carrier].add(bid.bid_id)
            rates[bid.carrier] |= {bid.rate, *([bid.round_use_rate] if bid.round_use_rate else [])}
        ends = {place for order in case.orders for place in (order.origin, order.destination)}
        return cls(
            {c: frozenset(found - {""}) for c, found in texts.items()},
            {c: frozenset(found) for c, found in rates.items()},
            {p: frozenset({p, case.places[p].name} - {""}) for p in ends if p in case.places},
        )

    def kept_from(self, carrier: str, places: Iterable[str]) -> Forbidden:
        """What a carrier that serves these places (ids) must not read."""
        known = frozenset(places)
        others = [t for c, t in self.texts.items() if c != carrier]
        strangers = [names for place, names in self.customers.items() if place not in known]
        served = [names for place, names in self.customers.items() if place in known]
        rates = frozenset().union(*(r for c, r in self.rates.items() if c != carrier))
        return Forbidden(
            frozenset().union(*others, *strangers)
            - self.texts.get(carrier, frozenset())
            - frozenset().union(*served),
            rates - self.rates.get(carrier, frozenset()),
        )


def places_of(seen: Result, case: Case) -> set[str]:
    """Ids of the places on what a carrier sees, and the ports its boxes would go back to."""
    ids = {text(row[end]) for row in seen.legs for end in ("from", "to")}
    ids |= {text(row[end]) for row in seen.round_use for end in ("from", "to", "depot")}
    ids |= {b.return_to for b in case.empties if b.location in ids}
    return {i for i in ids if i in case.places}


def known_to(carrier: str, seen: Result, case: Case) -> set[str]:
    """Texts that the carrier knows, though another's name may be part of them."""
    places = places_of(seen, case)
    own_legs = {text(leg[name]) for leg in seen.legs for name in ("bid_id", "shipment_id")}
    return {
        carrier, case.carriers[carrier].name, *places, *(case.places[i].name for i in places),
        *own_legs,
    } - {""}  # fmt: skip


def refuse_leaks(
    carrier: str, page: str, blank: str, never: Forbidden, may_hold: Iterable[str]
) -> None:
    """Raise if `page` holds a forbidden value.

    `blank` is the same page made from no data: a name that is also a word of every page, such as
    "Road", says nothing about the data. `may_hold` are texts that the carrier knows, such as the
    names of the places on its legs, though another's name may be part of them. An id of digits
    alone is not looked for on a page: there it cannot be told from a count.
    """
    words, always = html.unescape(page), html.unescape(blank)
    texts = leaks_in(words, never.texts, may_hold) - texts_in(always, never.texts)
    rates = money_in(words, never.rates) - money_in(always, never.rates)
    found = [t for t in texts if not t.isdigit()] + [f"rate {rate:g}" for rate in rates]
    if found:
        raise WouldDisclose(carrier, sorted(found))


def leaks_in(words: str, texts: frozenset[str], may_hold: Iterable[str]) -> set[str]:
    """Those of the texts that stand in `words`, and not only inside a text that may be there."""
    found = texts_in(words, texts)
    inside = [k for k in set(may_hold) if any(_holds(k, t) for t in found)] if found else []
    for known in sorted(inside, key=lambda k: (-len(k), k)):
        words = words.replace(known, " ")
    return texts_in(words, found)


def texts_in(words: str, wanted: Iterable[str]) -> set[str]:
    """Those of the texts that stand in `words`, not as part of a longer word or number."""
    runs = set(_RUN.findall(words))
    return {t for t in wanted if _runs_of(t) <= runs and _holds(words, t)}


@cache
def _runs_of(value: str) -> frozenset[str]:
    """Its runs of plain letters and digits: a page that holds the text has each as a whole run."""
    return frozenset(_RUN.findall(value))


def _holds(words: str, value: str) -> bool:
    at = words.find(value)
    while at >= 0:
        before, after = words[at - 1 : at], words[at + len(value) : at + len(value) + 1]
        if not (_joins(before, value[0]) or _joins(after, value[-1])):
            return True
        at = words.find(value, at + 1)
    return False


def _joins(neighbour: str, edge: str) -> bool:
    return bool(neighbour) and neighbour.isalnum() and edge.isalnum() and neighbour.isascii()


def money_in(words: str, rates: frozenset[float]) -> set[float]:
    """Those of the rates that stand there as money, or as a number with its cents.

    The other numbers of pages for carriers have one decimal at most: a whole number alone is a
    count or a distance that happens to be equal.
    """
    found = set()
    for token in _NUMBER.finditer(words):
        value = float(token[0].replace(",", ""))
        if value not in rates:
            continue
        cents = token[0][-3:-2] == "."
        if (
            cents
            or _MONEY_BEFORE.search(words[max(0, token.start() - 12) : token.start()])
            or _MONEY_AFTER.match(words[token.end() : token.end() + 12])
        ):
            found.add(value)
    return found
