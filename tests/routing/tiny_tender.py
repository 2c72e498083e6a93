"""Tiny projects with the terms of a tender: the case of a seed, with rebates, bundles and rules."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from routing.case import Case
from routing.tender import Bundle, Tender, TenderRule, Tier, lane_of
from tests.routing.tiny_cases import tiny_case

KINDS = ("all_units", "incremental")
RULES = {
    "max_carriers": (1.0, 2.0, 3.0),
    "min_carriers": (2.0, 3.0),
    "max_carriers_per_lane": (1.0,),
    "max_share": (0.35, 0.5, 0.7),
    "min_share": (0.2, 0.3, 0.5),
    "incumbent_min_share": (0.3, 0.6),
    "max_change_share": (0.4, 0.7),
    "remote_lane_covered": (2.0,),
    "remote_min_share": (0.3,),
}
"""The values that rules are drawn with."""


def tender_case(seed: int, objective: str = "min_cost") -> Case:
    """The tiny case of a seed with terms drawn for it.

    Where goods may meet at a logistics centre only two orders are kept: a third makes the plans
    that are to be tried a hundred times as many.
    """
    case = tiny_case(seed, objective)
    if any(p.can_restuff for p in case.places.values()):
        case = replace(case, orders=case.orders[:2])
    rng = Random(1_000 + seed)
    carriers = sorted({b.carrier for b in case.bids})
    tiers: list[Tier] = []
    if rng.random() < 0.7:
        who, kind = rng.choice(carriers), rng.choice(KINDS)
        own_lanes = sorted({lane_of(b) for b in case.bids if b.carrier == who})
        scope = frozenset() if rng.random() < 0.5 else frozenset(rng.sample(own_lanes, 1))
        start = float(rng.choice((0, 0, 1, 2)))
        unit = rng.choice(("teu", "load_unit"))
        tiers = [
            Tier(who, scope, start, start + 1, unit, float(rng.choice((2, 5))), kind),
            Tier(who, scope, start + 1, float("inf"), unit, float(rng.choice((10, 25))), kind),
        ]
    bundles: list[Bundle] = []
    for number in range(rng.choice((0, 0, 1, 2, 2))):
        who = rng.choice(carriers)
        own = [b.bid_id for b in case.bids if b.carrier == who]
        if len(own) < 2:
            continue
        some = tuple(sorted(rng.sample(own, rng.choice((2, 2, 3)) if len(own) > 2 else 2)))
        kind = rng.choice(("conditional", "conditional", "all_or_nothing"))
        of_lanes = len({lane_of(b) for b in case.bids if b.bid_id in some})
        if kind == "conditional" and of_lanes > 1:
            of_lanes -= rng.choice((0, 1))
        percent = float(rng.choice((5, 15)))
        bundles.append(
            Bundle(f"B{number}", some, percent, kind, of_lanes, rng.choice(("", "X", "X")))
        )
    at_sea = frozenset(lane_of(b) for b in case.bids if b.mode == "sea")
    rules = tuple(
        TenderRule(name, rng.choice(RULES[name]), at_sea if rng.random() < 0.5 else frozenset())
        for name in sorted(rng.sample(sorted(RULES), rng.choice((0, 1, 1, 2))))
    )
    places = {
        name: replace(p, remote=name in ("PB", "E2", "I2") and rng.random() < 0.4)
        for name, p in case.places.items()
    }
    named = {name: replace(c, incumbent=rng.random() < 0.5) for name, c in case.carriers.items()}
    if rng.random() < 0.3:
        who = rng.choice(carriers)
        share = rng.choice((("max_share", 0.4), ("min_share", 0.2), ("min_share", 0.3)))
        named[who] = replace(named[who], **dict([share]))
    tender = Tender(tuple(tiers), tuple(bundles), rules)
    return replace(case, carriers=named, places=places, tender=tender)
