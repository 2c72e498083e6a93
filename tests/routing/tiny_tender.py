"""Tiny projects with the terms of a tender: the case of a seed, with rebates, bundles and rules."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from routing.case import Case
from routing.tender import Bundle, Tender, TenderRule, Tier, lane_of
from tests.routing.tiny_cases import tiny_case

KINDS = ("all_units", "incremental")


def tender_case(seed: int, objective: str = "min_cost") -> Case:
    """The tiny case of a seed with terms drawn for it."""
    case = tiny_case(seed, objective)
    rng = Random(1_000 + seed)
    carriers = sorted({b.carrier for b in case.bids})
    lanes = sorted({lane_of(b) for b in case.bids})
    tiers: list[Tier] = []
    if rng.random() < 0.7:
        who, kind = rng.choice(carriers), rng.choice(KINDS)
        scope = frozenset() if rng.random() < 0.5 else frozenset(rng.sample(lanes, 2))
        start = float(rng.choice((0, 1, 2)))
        unit = rng.choice(("teu", "load_unit"))
        tiers = [
            Tier(who, scope, start, start + 1, unit, float(rng.choice((2, 5))), kind),
            Tier(who, scope, start + 1, float("inf"), unit, float(rng.choice((10, 25))), kind),
        ]
    bundles: list[Bundle] = []
    for number in range(rng.choice((0, 1, 2))):
        own = [b.bid_id for b in case.bids if b.carrier == rng.choice(carriers)]
        if len(own) < 2:
            continue
        some = tuple(sorted(rng.sample(own, 2)))
        kind = rng.choice(("conditional", "all_or_nothing"))
        of_lanes = len({lane_of(b) for b in case.bids if b.bid_id in some})
        percent = float(rng.choice((5, 15)))
        bundles.append(Bundle(f"B{number}", some, percent, kind, of_lanes, rng.choice(("", "X"))))
    rules: list[TenderRule] = []
    if rng.random() < 0.5:
        rules.append(TenderRule("max_carriers", float(rng.choice((2, 3)))))
    if rng.random() < 0.3:
        rules.append(TenderRule("max_carriers_per_lane", 1.0))
    if rng.random() < 0.3:
        rules.append(TenderRule("max_share", rng.choice((0.4, 0.5, 0.7))))
    if rng.random() < 0.2:
        rules.append(TenderRule("min_share", rng.choice((0.2, 0.3))))
    if rng.random() < 0.2:
        rules.append(TenderRule("incumbent_min_share", rng.choice((0.3, 0.6))))
    named = {
        name: replace(
            c,
            incumbent=rng.random() < 0.5,
            max_share=rng.choice((0.3, 0.5)) if rng.random() < 0.1 else None,
        )
        for name, c in case.carriers.items()
    }
    return replace(case, carriers=named, tender=Tender(tuple(tiers), tuple(bundles), tuple(rules)))
