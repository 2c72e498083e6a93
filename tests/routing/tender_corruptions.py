"""Corruptions of a plan under the terms of a tender (tender_plan.py), each with its rule.

Lies in the tables say what the terms do not give; tighter cases ask for what the plan does not
keep, or grant less than it took.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from routing.case import Case
from routing.tender import Bundle, TenderRule
from tests.routing.corruptions import Corruption, Summary, Tables
from tests.routing.tender_plan import SEA

TENDER_LIES: list[Corruption] = []


@dataclass(frozen=True)
class TighterTerms:
    """Terms that the plan does not meet."""

    name: str
    mutate: Callable[[Case], Case]
    expected_rule: str


TIGHTER_TERMS: list[TighterTerms] = []


def _lie(rule: str) -> Callable[[Callable[[pd.DataFrame], pd.DataFrame]], None]:
    """Keep a lie about costs.csv."""

    def keep(change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        def mutate(tables: Tables, summary: Summary) -> bool:
            tables["costs"] = change(tables["costs"]).reset_index(drop=True)
            return True

        TENDER_LIES.append(Corruption(change.__name__, mutate, rule))

    return keep


def _tighten(rule: str) -> Callable[[Callable[[Case], Case]], None]:
    def keep(mutate: Callable[[Case], Case]) -> None:
        TIGHTER_TERMS.append(TighterTerms(mutate.__name__, mutate, rule))

    return keep


def _row(costs: pd.DataFrame, bid_id: str, code: str = "DISC") -> Any:
    """The index of a bid's first row with that code."""
    return costs.index[(costs["bid_id"] == bid_id) & (costs["charge_code"] == code)][0]


# --- lies about money


@_lie("rebates_earned")
def a_tier_is_forgotten(costs: pd.DataFrame) -> pd.DataFrame:
    return costs.drop(index=_row(costs, "R-SEA"))


@_lie("rebates_earned")
def a_bundle_is_forgotten(costs: pd.DataFrame) -> pd.DataFrame:
    return costs.drop(index=_row(costs, "R-HP"))


@_lie("rebates_earned")
def a_rebate_of_a_bid_without_terms(costs: pd.DataFrame) -> pd.DataFrame:
    invented = costs.loc[[_row(costs, "R-HP")]].assign(bid_id="R-IMP", carrier="ELEC")
    return pd.concat([costs, invented])


@_lie("rebates_earned")
def a_rebate_a_cent_too_high(costs: pd.DataFrame) -> pd.DataFrame:
    costs.loc[_row(costs, "R-LTL"), ["quantity", "amount"]] = [100.25, -4.01]
    return costs


@_lie("rebates_earned")
def the_lower_tier_is_taken(costs: pd.DataFrame) -> pd.DataFrame:
    costs.loc[_row(costs, "R-SEA"), ["rate", "amount"]] = [-2.0, -36.0]
    return costs


@_lie("rebates_earned")
def two_bundles_of_a_group(costs: pd.DataFrame) -> pd.DataFrame:
    other = costs.loc[[_row(costs, "R-SEA")]].assign(rate=-3.0, amount=-54.0)
    return pd.concat([costs, other])


@_lie("rebates_earned")
def a_rebate_on_the_wrong_bid(costs: pd.DataFrame) -> pd.DataFrame:
    costs.loc[_row(costs, "R-LTL"), "bid_id"] = "R-HP"
    return costs


@_lie("rebate_rows")
def a_rebate_that_is_paid(costs: pd.DataFrame) -> pd.DataFrame:
    costs.loc[_row(costs, "R-SEA"), ["rate", "amount"]] = [5.0, 90.0]
    return costs


@_lie("rebate_rows")
def a_rebate_of_another_carrier(costs: pd.DataFrame) -> pd.DataFrame:
    costs.loc[_row(costs, "R-SEA"), "carrier"] = "HAUL"
    return costs


@_lie("rebate_rows")
def a_rebate_on_one_shipment(costs: pd.DataFrame) -> pd.DataFrame:
    costs.loc[_row(costs, "R-SEA"), "shipment_id"] = "S-0001"
    return costs


@_lie("cost_of_bid")
def fuel_on_the_base_before_rebates(costs: pd.DataFrame) -> pd.DataFrame:
    costs.loc[_row(costs, "R-PP", "FSC"), ["quantity", "amount"]] = [274.0, 27.4]
    return costs


# --- terms that give less than the plan took


def _with_tier(case: Case, at: int, **changes: Any) -> Case:
    tiers = list(case.tender.tiers)
    tiers[at] = replace(tiers[at], **changes)
    return replace(case, tender=replace(case.tender, tiers=tuple(tiers)))


def _with_bundles(case: Case, *more: Bundle, **changes: Any) -> Case:
    bundles = tuple(
        replace(b, **changes.get(b.bundle_id, {})) for b in (*case.tender.bundles, *more)
    )
    return replace(case, tender=replace(case.tender, bundles=bundles))


@_tighten("rebates_earned")
def the_tier_begins_later(case: Case) -> Case:
    return _with_tier(case, 1, from_volume=9.0)


@_tighten("rebates_earned")
def the_tier_ends_before(case: Case) -> Case:
    return _with_tier(case, 4, to_volume=8.0)


@_tighten("rebates_earned")
def the_tier_is_for_other_lanes(case: Case) -> Case:
    return _with_tier(case, 4, scope=frozenset({"HUB - PORT"}))


@_tighten("rebates_earned")
def the_tier_counts_another_unit(case: Case) -> Case:
    return _with_tier(case, 4, volume_unit="teu")


@_tighten("rebates_earned")
def the_tier_begins_a_box_later(case: Case) -> Case:
    return _with_tier(case, 3, from_volume=2.0)


@_tighten("rebates_earned")
def the_bundle_wants_more_lanes(case: Case) -> Case:
    return _with_bundles(case, LAND={"min_lanes": 4})


@_tighten("cost_of_bid")
def the_fuel_charge_follows_another_rebate(case: Case) -> Case:
    return _with_bundles(case, LAND={"discount_percent": 9.0})


# --- rules that the plan does not keep


def _with_rule(case: Case, rule: str, value: float, scope: frozenset[str] | None = None) -> Case:
    rules = tuple(
        TenderRule(rule, value, r.scope if scope is None else scope) if r.rule == rule else r
        for r in case.tender.rules
    )
    return replace(case, tender=replace(case.tender, rules=rules))


def _with_carrier(case: Case, name: str, **changes: Any) -> Case:
    carrier = replace(case.carriers[name], **changes)
    return replace(case, carriers={**case.carriers, name: carrier})


@_tighten("number_of_carriers")
def fewer_carriers_allowed(case: Case) -> Case:
    return _with_rule(case, "max_carriers", 2.0)


@_tighten("number_of_carriers")
def more_carriers_wanted(case: Case) -> Case:
    return _with_rule(case, "min_carriers", 3.0, SEA)


@_tighten("carriers_per_lane")
def two_carriers_on_a_lane(case: Case) -> Case:
    bids = tuple(replace(b, carrier="ELEC") if b.bid_id == "R-LTL" else b for b in case.bids)
    return replace(case, bids=bids)


@_tighten("remote_lanes_covered")
def two_carriers_wanted_on_remote_lanes(case: Case) -> Case:
    return _with_rule(case, "remote_lane_covered", 2.0)


@_tighten("shares_of_carriers")
def a_lower_most_share(case: Case) -> Case:
    return _with_rule(case, "max_share", 0.39)


@_tighten("shares_of_carriers")
def a_higher_least_share(case: Case) -> Case:
    return _with_rule(case, "min_share", 0.21)


@_tighten("shares_of_carriers")
def shares_of_part_loads(case: Case) -> Case:
    """HAUL has 8.3 + 0.42 of 9.14 t; OCEAN half of the TEU."""
    return _with_rule(case, "max_share", 0.9, frozenset())


@_tighten("own_shares")
def a_carrier_may_have_less(case: Case) -> Case:
    return _with_carrier(case, "ELEC", max_share=0.2)


@_tighten("own_shares")
def a_carrier_must_have_more(case: Case) -> Case:
    return _with_carrier(case, "ELEC", min_share=0.3, max_share=None)


@_tighten("own_shares")
def a_carrier_with_a_least_share_gets_nothing(case: Case) -> Case:
    """BOXCO bids on PORT - PLANT too, far dearer and slower: a promise holds all the same."""
    twin = next(b for b in case.bids if b.bid_id == "R-IMP")
    slow = replace(twin, bid_id="R-IMP2", carrier="BOXCO", rate=5000.0, transit_days=9)
    bids = (*case.bids, slow)
    return _with_carrier(replace(case, bids=bids), "BOXCO", min_share=0.1)


@_tighten("incumbents_kept")
def incumbents_must_have_more(case: Case) -> Case:
    return _with_rule(case, "incumbent_min_share", 0.76)


@_tighten("change_limited")
def less_change_is_allowed(case: Case) -> Case:
    return _with_rule(case, "max_change_share", 0.24)


@_tighten("change_limited")
def contracts_are_of_another_carrier(case: Case) -> Case:
    """With a contract of ELEC on FAR - PORT, OCEAN is new there: 8 of 16 TEU are new."""
    bid = next(b for b in case.bids if b.bid_id == "R-SEAI")
    other = replace(bid, bid_id="OLD", carrier="ELEC", status="contract")
    return replace(case, bids=(*case.bids, other))


@_tighten("remote_share")
def every_carrier_serves_remote_lanes(case: Case) -> Case:
    return _with_rule(case, "remote_min_share", 0.1, frozenset())


@_tighten("remote_share")
def the_lane_is_not_remote(case: Case) -> Case:
    bids = tuple(replace(b, lane_id="L-SEA") if b.bid_id == "R-SEAI" else b for b in case.bids)
    case = replace(case, bids=bids, remote_lanes={"L-SEA": False})
    return _with_rule(case, "remote_min_share", 1.0, SEA | {"L-SEA"})


@_tighten("bundles_whole")
def a_bid_of_the_bundle_is_not_used(case: Case) -> Case:
    bid = next(b for b in case.bids if b.bid_id == "R-HP")
    case = replace(case, bids=(*case.bids, replace(bid, bid_id="R-HP2", carrier="OCEAN")))
    return _with_bundles(case, SEA={"bid_ids": ("R-SEA", "R-SEAI", "R-HP2")})


@_tighten("bundles_whole")
def two_whole_bundles_of_a_group(case: Case) -> Case:
    return _with_bundles(case, Bundle("IMP", ("R-IMP",), 1.0, "all_or_nothing", 1, "X"))
