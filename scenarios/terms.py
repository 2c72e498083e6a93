"""What a tender's terms came to in a plan: rebates earned, rules beside what the plan has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowhaul.units import KG_PER_T
from routing.demands import rule_in_words
from routing.tender import TenderRule, lane_of
from routing.tender_volumes import incumbents_by_lane, is_remote
from scenarios.figures import Result, Row, number, text
from scenarios.pages import NONE, Numbers
from scenarios.report_sections import carrier_name

if TYPE_CHECKING:
    from routing.bids import Bid
    from routing.case import Case

View = dict[str, Any]
UNITS = {"teu": "of the TEU", "t": "of the tonnes"}
PER_LANE = ("max_carriers_per_lane", "remote_lane_covered")


@dataclass(frozen=True)
class Ride:
    """What one shipment puts on one bid on our account."""

    bid: Bid
    teu: float
    tonnes: float

    @property
    def unit(self) -> str:
        """What shares count it in: TEU of container services, tonnes of others."""
        return "teu" if self.bid.service == "container" else "t"

    @property
    def volume(self) -> float:
        """Its volume in that unit."""
        return self.teu if self.unit == "teu" else self.tonnes


def terms(result: Result, case: Case, n: Numbers) -> View | None:
    """The section of the report, None where the tender has no terms beyond its rates."""
    own = [c for c in case.carriers.values() if c.max_share is not None or c.min_share]
    if not case.tender and not own:
        return None
    currency = text(result.summary.get("currency"))
    rows = [r for r in result.costs if text(r["charge_code"]) == "DISC"]
    saved = -sum(number(r["amount"]) for r in rows)
    rides = rides_of(result, case)
    rules = [_rule_row(rule, rides, case, n) for rule in case.tender.rules]
    for carrier in own:
        rules += _own_rows(carrier.carrier, rides, case, n)
    paid = sum(number(r["amount"]) for r in result.costs)
    finding = (
        f"Rebates take {n.money(saved, currency)} off, {n.percent(saved / (paid + saved))} of "
        "what the plan would cost without them."
        if saved and paid + saved > 0
        else "No rebate is earned."
    )
    if rules:
        finding += " Every rule of the award is kept; checked."
    return {
        "finding": finding,
        "currency": n.money_sign(currency),
        "rebates": [_rebate_row(r, case, n) for r in rows],
        "saved": n.fixed(-saved, 2),
        "rules": rules,
    }


def rides_of(result: Result, case: Case) -> list[Ride]:
    """Each ride once, a bid's stretches taken together, what others pay left out."""
    bids = {b.bid_id: b for b in case.bids}
    found: dict[tuple[str, str], Ride] = {}
    for leg in result.transport:
        bid = bids.get(text(leg["bid_id"]))
        if bid is not None and text(leg["paid_by"]) != "other":
            key = (text(leg["shipment_id"]), bid.bid_id)
            found[key] = Ride(bid, number(leg["teu"]), number(leg["mass_kg"]) / KG_PER_T)
    return list(found.values())


def _rebate_row(row: Row, case: Case, n: Numbers) -> View:
    return {
        "carrier": carrier_name(case, text(row["carrier"])),
        "bid": text(row["bid_id"]),
        "what": "bundle" if text(row["source_file"]) == "bid_bundles" else "volume",
        "base": n.fixed(number(row["quantity"]), 2),
        "percent": n.fixed(-number(row["rate"]), 2),
        "amount": n.fixed(number(row["amount"]), 2),
    }


def _rule_row(rule: TenderRule, rides: Sequence[Ride], case: Case, n: Numbers) -> View:
    words = rule_in_words(rule)
    return {
        "rule": words[0].upper() + words[1:],
        "plan": _plan_has(
            rule, [r for r in rides if not rule.scope or lane_of(r.bid) in rule.scope], case, n
        ),
    }


def _plan_has(rule: TenderRule, inside: Sequence[Ride], case: Case, n: Numbers) -> str:
    """What the plan has where a rule holds."""
    if not inside:
        return "nothing goes there"
    match rule.rule:
        case "max_carriers" | "min_carriers":
            return n.whole(len({r.bid.carrier for r in inside}))
        case "max_carriers_per_lane":
            return f"{n.whole(max(_by_lane(inside)))} at most"
        case "remote_lane_covered":
            far = [r for r in inside if is_remote(case, r.bid)]
            return f"{n.whole(min(_by_lane(far)))} at least" if far else "no remote lane is used"
        case "max_share" | "min_share":
            return _extreme(inside, case, n, largest=rule.rule == "max_share")
        case "incumbent_min_share":
            return _part(inside, [r for r in inside if case.carriers[r.bid.carrier].incumbent], n)
        case "max_change_share":
            known = incumbents_by_lane(case)
            new = [r for r in inside if r.bid.carrier not in known.get(lane_of(r.bid), ())]
            return _part(inside, new, n)
        case "remote_min_share":
            return _least_remote(inside, case, n)
    return NONE


def _by_lane(rides: Iterable[Ride]) -> list[int]:
    """The number of carriers on each lane."""
    found: dict[str, set[str]] = defaultdict(set)
    for ride in rides:
        found[lane_of(ride.bid)].add(ride.bid.carrier)
    return [len(carriers) for carriers in found.values()]


def _sums(rides: Iterable[Ride]) -> dict[str, dict[str, float]]:
    """Volume by unit and carrier."""
    found: dict[str, dict[str, float]] = {}
    for ride in rides:
        of_unit = found.setdefault(ride.unit, defaultdict(float))
        of_unit[ride.bid.carrier] += ride.volume
    return {unit: found[unit] for unit in UNITS if sum(found.get(unit, {}).values()) > 0}


def _extreme(rides: Sequence[Ride], case: Case, n: Numbers, *, largest: bool) -> str:
    """The carrier with the largest or smallest share, by unit."""
    parts = []
    for unit, volumes in _sums(rides).items():
        whole = sum(volumes.values())
        order = sorted(volumes, key=lambda c: (volumes[c], c))
        carrier = order[-1] if largest else order[0]
        share = n.percent(volumes[carrier] / whole)
        parts.append(f"{carrier_name(case, carrier)} {share} {UNITS[unit]}")
    return "; ".join(parts)


def _part(rides: Sequence[Ride], some: Sequence[Ride], n: Numbers) -> str:
    """What some rides are of all, by unit."""
    mine = _sums(some)
    return "; ".join(
        f"{n.percent(sum(mine.get(unit, {}).values()) / sum(volumes.values()))} {UNITS[unit]}"
        for unit, volumes in _sums(rides).items()
    )


def _least_remote(rides: Sequence[Ride], case: Case, n: Numbers) -> str:
    """The carrier with the smallest remote share of its own volume, by unit."""
    far = _sums(r for r in rides if is_remote(case, r.bid))
    parts = []
    for unit, volumes in _sums(rides).items():
        shares = {
            c: far.get(unit, {}).get(c, 0.0) / volume for c, volume in volumes.items() if volume
        }
        carrier = min(shares, key=lambda c: (shares[c], c))
        parts.append(f"{carrier_name(case, carrier)} {n.percent(shares[carrier])} {UNITS[unit]}")
    return "; ".join(parts)


def _own_rows(carrier: str, rides: Sequence[Ride], case: Case, n: Numbers) -> list[View]:
    """The shares in a carrier's own row."""
    terms_of = case.carriers[carrier]
    bounds = (("At most", terms_of.max_share), ("At least", terms_of.min_share))
    plan = _part(rides, [r for r in rides if r.bid.carrier == carrier], n) or "nothing goes"
    return [
        {"rule": f"{word} {n.percent(share)} to {carrier_name(case, carrier)}", "plan": plan}
        for word, share in bounds
        if share is not None and (word == "At most" or share)
    ]
