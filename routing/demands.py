"""What a plan's model is asked to keep, in the planner's words: rules, shares, minimums, caps.

Rows are found by their names (routing/tender_rows.py, tender_rules.py, tender_rebates.py, arcs.py
and selection.py give them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from routing.case import Case
from routing.clash import Demand
from routing.tender import TenderRule
from routing.tender_rows import told

WORDS = {
    "max_carriers": "at most {value:g} {carriers}",
    "min_carriers": "at least {value:g} {carriers}",
    "max_carriers_per_lane": "at most {value:g} {carriers} on each lane",
    "max_share": "no carrier with more than {value:.4g} of the volume",
    "min_share": "no carrier that is used with less than {value:.4g} of the volume",
    "incumbent_min_share": "incumbents with at least {value:.4g} of the volume",
    "max_change_share": "at most {value:.4g} of the volume on carriers new to their lane",
    "remote_lane_covered": "at least {value:g} {carriers} on each remote lane",
    "remote_min_share": "at least {value:.4g} of what each carrier wins on remote lanes",
}
PER_LANE = ("max_carriers_per_lane", "remote_lane_covered")
COUNTS = ("max_carriers", "min_carriers", *PER_LANE)
LANES_NAMED = 3
"""So many lanes of a scope are named, the rest is counted."""


def demands_of(case: Case, rows: Iterable[str]) -> list[Demand]:
    """The demands that stand behind the rows of a model; those without any row are left out."""
    names = list(rows)

    def demand(words: str, asks: Callable[[str], bool]) -> Demand:
        return Demand(words, frozenset(n for n in names if asks(n)))

    return [d for d in _all(case, demand) if d.rows]


def asked_of_all(case: Case) -> list[str]:
    """What binds all orders of a plan together, in words: caps, rules of the award, own shares."""
    whole = replace(case, bids=(), tender=replace(case.tender, bundles=()))
    return [d.words for d in _all(whole, lambda words, _: Demand(words, frozenset()))]


def _all(case: Case, demand: Callable[[str, Callable[[str], bool]], Demand]) -> Iterator[Demand]:
    settings = case.settings
    if settings.budget is not None:
        words = f"the budget of {settings.budget:,.2f} {settings.currency}"
        yield demand(words, lambda n: n == "budget")
    if settings.emissions_cap_t is not None:
        words = f"the emissions cap of {settings.emissions_cap_t:,.3f} t CO2e"
        yield demand(words, lambda n: n == "emissions_cap")
    for rule in case.tender.rules:
        yield demand(rule_in_words(rule), _rows_of(rule))
    for carrier in case.carriers.values():
        name = carrier.carrier
        if carrier.max_share is not None:
            words = f"{name} with at most {carrier.max_share:.4g} of the volume"
            yield demand(words, _own_rows("max_share", name))
        if carrier.min_share:
            words = f"{name} with at least {carrier.min_share:.4g} of the volume"
            yield demand(words, _own_rows("min_share", name))
    for bid in case.bids:
        if bid.min_volume:
            words = f"the minimum of {bid.min_volume:g} {bid.volume_unit} of bid {bid.bid_id}"
            yield demand(words, _named(f"minimum[{bid.bid_id}]"))
    for bundle in case.tender.bundles:
        if bundle.kind == "all_or_nothing":
            start = f"bundle_all[{bundle.bundle_id},"
            words = f"bundle {bundle.bundle_id}, all or nothing"
            yield demand(words, _starting(start))
    for group in sorted({b.xor_group for b in case.tender.bundles if b.xor_group}):
        yield demand(f"one bundle at most of group {group}", _named(f"xor[{group}]"))


def rule_in_words(rule: TenderRule) -> str:
    """A rule of the award as a planner would say it."""
    carriers = "carrier" if rule.value == 1 else "carriers"
    words = WORDS[rule.rule].format(value=rule.value, carriers=carriers)
    if not rule.scope:
        return words
    lanes = sorted(rule.scope)
    more = len(lanes) - LANES_NAMED
    where = ", ".join(lanes[:LANES_NAMED]) + (f" and {more} more lanes" if more > 0 else "")
    return f"{words} on {where}"


def _named(name: str) -> Callable[[str], bool]:
    return lambda n: n == name


def _starting(start: str) -> Callable[[str], bool]:
    return lambda n: n.startswith(start)


def _rows_of(rule: TenderRule) -> Callable[[str], bool]:
    """Rows are called rule[carrier on scope,unit], counts rule[ on scope] (with or without one)."""
    start = f"{rule.rule}["
    if rule.rule in PER_LANE:
        lanes = tuple(f"{told(frozenset({lane}))}]" for lane in rule.scope)
        return lambda n: n.startswith(start) and (not lanes or n.endswith(lanes))
    if rule.rule in COUNTS:
        return _named(f"{start}{told(rule.scope)}]")
    where = told(rule.scope)
    ends = tuple(f"{where},{unit}]" for unit in ("teu", "t"))
    if rule.scope:
        return lambda n: n.startswith(start) and n.endswith(ends)
    return lambda n: n.startswith(start) and n.endswith(ends) and " on " not in n


def _own_rows(rule: str, carrier: str) -> Callable[[str], bool]:
    names = {f"{rule}[{carrier},{unit}]" for unit in ("teu", "t")}
    return lambda n: n in names
