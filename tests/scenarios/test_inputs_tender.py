"""The terms of a tender as inputs: what a scope means, and a zoo of terms that cannot be.

The small project: sea on SHANGHAI - ROTTERDAM by BLUE (incumbent) and GREEN, back by BLUE alone;
road by TRUCK in China and EUROAD in Europe (both incumbents), TRUCK also with two ftl bids.
"""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

import pytest

from routing.tender import Bundle, TenderRule, Tier
from scenarios.inputs import build_case, load_project
from tests.scenarios.small_project import small_tables, write_small_project
from tests.scenarios.test_inputs_bad import findings_of, only

Rows = list[dict[str, Any]]
OUT, BACK = "SHANGHAI - ROTTERDAM", "ROTTERDAM - SHANGHAI"


def tier(start: float, end: Any = "", percent: float = 3, **more: Any) -> dict[str, Any]:
    row = {"carrier": "BLUE", "from_volume": start, "to_volume": end, "discount_percent": percent}
    return {**row, **more}


def bundle(name: str, bids: str, percent: float = 2, **more: Any) -> dict[str, Any]:
    return {"bundle_id": name, "bid_ids": bids, "discount_percent": percent, **more}


def rule(name: str, value: Any, scope: str = "") -> dict[str, Any]:
    return {"rule": name, "value": value, "scope": scope}


def carriers(**changes: dict[str, Any]) -> Rows:
    return [{**row, **changes.get(row["carrier"], {})} for row in small_tables()["carriers"]]


def test_terms_become_objects(tmp_path: Path) -> None:
    tables = {
        "bid_tiers": [tier(10, 20, scope=OUT), tier(20, "", 5, scope=OUT, kind="incremental")],
        "bid_bundles": [bundle("B1", "S1;S3"), bundle("B2", "R1;R2;R5", min_lanes=2)],
        "tender_rules": [rule("max_carriers", 3), rule("remote_min_share", 0.1, "NL")],
        "carriers": carriers(GREEN={"max_share": 0.5}, TRUCK={"min_share": 0.2}),
    }
    case = build_case(load_project(write_small_project(tmp_path, **tables)), "base")
    assert case.tender.tiers == (
        Tier("BLUE", frozenset({OUT}), 10, 20, "teu", 3, "all_units"),
        Tier("BLUE", frozenset({OUT}), 20, inf, "teu", 5, "incremental"),
    )
    assert case.tender.bundles == (
        Bundle("B1", ("S1", "S3"), 2, "conditional", 2),
        Bundle("B2", ("R1", "R2", "R5"), 2, "conditional", 2),
    )
    ports = {OUT, BACK, "ROTTERDAM - ERFURT", "ERFURT - ROTTERDAM"}
    assert case.tender.rules == (
        TenderRule("max_carriers", 3),
        TenderRule("remote_min_share", 0.1, frozenset(ports)),
    )
    assert case.carriers["GREEN"].max_share == 0.5
    assert case.carriers["TRUCK"].min_share == 0.2
    # where nothing is awarded, no rule of the award binds; what carriers grant they still grant
    off = build_case(load_project(tmp_path), "baseline")
    assert (off.tender.tiers, off.tender.bundles) == (case.tender.tiers, case.tender.bundles)
    assert off.tender.rules == ()
    assert {(c.max_share, c.min_share) for c in off.carriers.values()} == {(None, None)}


def test_a_scope_names_lanes_countries_or_modes(tmp_path: Path) -> None:
    """R1 is on a lane of its own; sea serves two lanes; DE is an end of the two of EUROAD."""
    bids = small_tables()["bids"]
    bids[0] = {**bids[0], "lane_id": "L1"}
    tables = {
        "bids": bids,
        "lanes": [
            {"lane_id": "L1", "origin": "CZ-PLANT", "destination": "SHANGHAI", "remote": "yes"},
            {"lane_id": "L2", "origin": "WX-PLANT", "destination": "SHANGHAI"},
        ],
        "tender_rules": [
            rule("max_carriers", 2, "L1"),
            rule("max_carriers", 2, "sea;L1"),
            rule("max_carriers", 2, "DE"),
        ],
    }
    case = build_case(load_project(write_small_project(tmp_path, **tables)), "base")
    assert [r.scope for r in case.tender.rules] == [
        {"L1"},
        {"L1", OUT, BACK},
        {"ROTTERDAM - ERFURT", "ERFURT - ROTTERDAM"},
    ]
    assert case.remote_lanes == {"L1": True}


TRAPS: list[tuple[str, dict[str, Rows], str, int, str, str]] = [
    # name, tables, code, row, column, part of message or hint
    ("tier_backwards", {"bid_tiers": [tier(10, 5)]}, "E380", 2, "to_volume", "before it begins"),
    ("tiers_overlap", {"bid_tiers": [tier(0, 10), tier(8, 20, 5)]}, "E381", 3, "from_volume",
     "row 2 goes from 0 to 10"),
    ("open_tier_below", {"bid_tiers": [tier(0), tier(8, 20, 5)]}, "E381", 3, "from_volume",
     "without an end"),
    ("gap", {"bid_tiers": [tier(0, 9), tier(10, "", 5)]}, "W381", 3, "from_volume",
     "hold until this one begins at 10"),
    ("tier_scope", {"bid_tiers": [tier(0, 9, scope="SHANGHAI - ROTERDAM")]}, "E205", 2, "scope",
     f'"{OUT}"'),
    ("rule_scope", {"tender_rules": [rule("max_share", 0.9, "see")]}, "E205", 2, "scope", '"sea"'),
    ("country_without_lanes", {"tender_rules": [rule("max_share", 0.9, "FR")]}, "E205", 2, "scope",
     "FR"),
    ("scope_without_bids", {"tender_rules": [rule("max_carriers", 3, "L9")],
                            "lanes": [{"lane_id": "L9", "origin": "SHANGHAI",
                                       "destination": "ERFURT"}]}, "W389", 2, "scope", "No bid"),
    ("tier_of_nobody", {"bid_tiers": [tier(0, 9, scope="CZ-PLANT - SHANGHAI")]}, "W389", 2,
     "carrier", "no bid in this scope"),
    ("tier_carrier", {"bid_tiers": [tier(0, 9, carrier="BLEU")]}, "E202", 2, "carrier", '"BLUE"'),
    ("bundle_bid", {"bid_bundles": [bundle("B", "S1;S9")]}, "E207", 2, "bid_ids", "S9"),
    ("bundle_carriers", {"bid_bundles": [bundle("B", "S1;S2")]}, "E382", 2, "bid_ids",
     "BLUE, GREEN"),
    ("bundle_lanes", {"bid_bundles": [bundle("B", "S1;S3", min_lanes=3)]}, "E383", 2, "min_lanes",
     "2 lanes"),
    ("xor_alone", {"bid_bundles": [bundle("B", "S1;S3", xor_group="X")]}, "W384", 2, "xor_group",
     "only bundle"),
    ("discounts", {"bid_bundles": [bundle("B", "S1;S3", 60)], "bid_tiers": [tier(0, "", 50)]},
     "E385", 2, "discount_percent", "S1 may add up to 110"),
    ("share_as_percent", {"tender_rules": [rule("max_share", 60)]}, "E386", 2, "value", "0.6"),
    ("half_a_carrier", {"tender_rules": [rule("max_carriers", 2.5)]}, "E386", 2, "value", "whole"),
    ("no_carrier", {"tender_rules": [rule("max_carriers", 0)]}, "E386", 2, "value", "1 or more"),
    ("counts", {"tender_rules": [rule("max_carriers", 2), rule("min_carriers", 3)]}, "E387", 3,
     "value", "above max_carriers 2 of row 2"),
    ("counts_in_part", {"tender_rules": [rule("max_carriers", 1), rule("min_carriers", 2, "sea")]},
     "E387", 3, "value", "above max_carriers 1 of row 2"),
    ("lane_room", {"tender_rules": [rule("max_carriers_per_lane", 1),
                                    rule("min_carriers", 2, OUT)]}, "E387", 3, "value",
     "room for 1"),
    ("too_few_bid", {"tender_rules": [rule("min_carriers", 3, OUT)]}, "E387", 2, "value",
     "2 qualified carriers bid"),
    ("least_shares", {"tender_rules": [rule("min_share", 0.6, OUT), rule("min_carriers", 2, OUT)]},
     "E387", 3, "value", "room for 1"),
    ("most_share", {"tender_rules": [rule("max_share", 0.4, OUT)]}, "E387", 2, "value",
     "goes to nobody"),
    ("most_share_and_count", {"tender_rules": [rule("max_share", 0.4), rule("max_carriers", 2)]},
     "E387", 2, "value", "below 1"),
    ("shares_cross", {"tender_rules": [rule("max_share", 0.5, OUT), rule("min_share", 0.6, OUT)]},
     "E387", 3, "value", "above max_share 0.5"),
    ("part_loads_closed", {"tender_rules": [rule("max_share", 0.6)]}, "W387", 2, "value",
     "no containers"),
    ("no_incumbent", {"tender_rules": [rule("incumbent_min_share", 0.5, OUT)],
                      "carriers": carriers(BLUE={"incumbent": "no"})}, "E387", 2, "value",
     "No incumbent"),
    ("incumbents_capped", {"tender_rules": [rule("max_share", 0.5, OUT),
                                            rule("incumbent_min_share", 0.8, OUT)]}, "E387", 3,
     "value", "may have 0.5"),
    ("remote_count", {"tender_rules": [rule("max_carriers_per_lane", 1),
                                       rule("remote_lane_covered", 2)],
                      "bids": [{**b, "lane_id": "L1"} if b["bid_id"] in ("S1", "S2") else b
                               for b in small_tables()["bids"]],
                      "lanes": [{"lane_id": "L1", "origin": "SHANGHAI",
                                 "destination": "ROTTERDAM", "remote": "yes"}]}, "E387", 3,
     "value", "above max_carriers_per_lane 1"),
    ("own_least", {"carriers": carriers(BLUE={"min_share": 0.6}, EUROAD={"min_share": 0.5})},
     "E387", 5, "min_share", "add up to 1.1"),
    ("own_cross", {"carriers": carriers(BLUE={"min_share": 0.6, "max_share": 0.5})}, "E387", 2,
     "min_share", "max_share 0.5"),
    ("own_above_rule", {"carriers": carriers(BLUE={"min_share": 0.6}),
                        "tender_rules": [rule("max_share", 0.5)]}, "E387", 2, "min_share",
     "the rule 0.5"),
    ("own_new_and_incumbents", {"carriers": carriers(GREEN={"min_share": 0.5}),
                                "tender_rules": [rule("incumbent_min_share", 0.6)]}, "E387", 3,
     "min_share", "add up to 1.1"),
    ("own_most", {"carriers": carriers(BLUE={"max_share": 0.2}, GREEN={"max_share": 0.2},
                                       TRUCK={"max_share": 0.2}, EUROAD={"max_share": 0.2})},
     "E387", 2, "max_share", "add up to 0.8"),
    ("own_idle", {"carriers": carriers(GREEN={"max_share": 0.2, "qualified": "no"})}, "W389", 3,
     "max_share", "not qualified"),
    ("share_range", {"carriers": carriers(BLUE={"max_share": 1.2})}, "E107", 2, "max_share",
     "at most 1"),
    ("rule_twice", {"tender_rules": [rule("max_carriers", 3, OUT), rule("max_carriers", 2, OUT)]},
     "W386", 3, "rule", "in row 2: 3"),
    ("remote_without_bids", {"tender_rules": [rule("remote_lane_covered", 1)],
                             "lanes": [{"lane_id": "L9", "origin": "SHANGHAI",
                                        "destination": "ERFURT", "remote": "yes"}]}, "W389", 2,
     "lane_id", "No bid serves this remote lane"),
    ("minimum_above_capacity", {"bids": [{**b, "min_volume": 50, "capacity": 5}
                                         if b["bid_id"] == "S1" else b
                                         for b in small_tables()["bids"]]}, "W347", 10,
     "min_volume", "50 is above the capacity 5"),
    ("opposite_rates", {"fx_rates": [*small_tables()["fx_rates"],
                                     {"date": "2025-12-01", "base": "USD", "quote": "EUR",
                                      "rate": 1.1, "source": "example figure"}]}, "W351", 3,
     "rate", "1 EUR is 1.1 USD in row 2, and 0.909091 USD here"),
    ("own_boxes", {"carriers": carriers(GREEN={"interchange_with": "SOC;GREEN"})}, "W388", 3,
     "interchange_with", "its own boxes"),
]  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS, ids=lambda t: t[0])
def test_each_trap_is_found_in_its_cell(trap: tuple[Any, ...], tmp_path: Path) -> None:
    _, tables, code, row, column, part = trap
    found = only(findings_of(write_small_project(tmp_path, **tables)), code)
    assert (found.row, found.column) == (row, column)
    assert found.severity == ("warning" if code.startswith("W") else "error")
    assert part in f"{found.message} {found.hint}"
    assert found.file.startswith("data/")
    assert found.cell


SOUND: list[dict[str, Rows]] = [
    {"bid_tiers": [tier(0, 10), tier(10, 20, 5), tier(20, "", 6),
                   tier(5, "", 1, kind="incremental"), tier(0, 10, scope=OUT),
                   tier(0, 10, volume_unit="t")]},
    {"bid_bundles": [bundle("A", "S1;S3", 60, xor_group="X"),
                     bundle("B", "S3", 60, xor_group="X")]},
    {"tender_rules": [rule("max_share", 0.5, OUT), rule("incumbent_min_share", 0.5, OUT),
                      rule("min_carriers", 2, OUT), rule("min_share", 0.5, OUT)]},
    {"tender_rules": [rule("max_carriers", 1, OUT), rule("min_carriers", 2)]},
    {"carriers": carriers(BLUE={"min_share": 0.5, "max_share": 0.5}, EUROAD={"min_share": 0.5})},
    {"carriers": carriers(BLUE={"interchange_with": "GREEN"},
                          GREEN={"interchange_with": "BLUE"})},
    {"fx_rates": [*small_tables()["fx_rates"], {"date": "2025-12-01", "base": "USD",
                                                "quote": "EUR", "rate": 0.91, "source": "x"}]},
    {"bids": [{**b, "min_volume": 5, "capacity": 5} if b["bid_id"] == "S1" else b
              for b in small_tables()["bids"]]},
]  # fmt: skip


@pytest.mark.parametrize("tables", SOUND, ids=range(len(SOUND)))
def test_terms_that_only_just_fit_are_let_through(tables: dict[str, Rows], tmp_path: Path) -> None:
    assert findings_of(write_small_project(tmp_path, **tables)) == ()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    tables = {
        "bid_tiers": [tier(0, 10), tier(8, 20, 5)],
        "bid_bundles": [bundle("B", "S1;S2")],
        "tender_rules": [rule("max_share", 60), rule("min_carriers", 9)],
    }
    codes = {f.code for f in findings_of(write_small_project(tmp_path, **tables))}
    assert {"E381", "E382", "E386", "E387"} <= codes


def test_interchange_in_a_circle_is_told(tmp_path: Path) -> None:
    """BLUE loads GREEN's, GREEN TRUCK's, TRUCK BLUE's: nothing is passed on, and that is said."""
    circle = carriers(
        BLUE={"interchange_with": "GREEN"},
        GREEN={"interchange_with": "TRUCK"},
        TRUCK={"interchange_with": "BLUE"},
    )
    finding = only(findings_of(write_small_project(tmp_path / "a", carriers=circle)), "W385")
    assert (finding.severity, finding.row, finding.column) == ("info", 2, "interchange_with")
    assert "BLUE > GREEN > TRUCK > BLUE" in finding.message
    chain = carriers(BLUE={"interchange_with": "GREEN"}, GREEN={"interchange_with": "TRUCK"})
    told = findings_of(write_small_project(tmp_path / "b", carriers=chain))
    assert "W385" not in {f.code for f in told}


def charge(code: str, of: str, **more: Any) -> dict[str, Any]:
    row = {"charge_code": code, "amount": 5, "currency": "EUR", "rate_basis": "percent"}
    return {**row, "percent_of": of, "carrier": "BLUE", **more}


def test_percentages_of_each_other_are_found(tmp_path: Path) -> None:
    """CAF of BAF and BAF of CAF: the upper one asks for what stands below it."""
    round_about = [charge("CAF", "BAF"), charge("BAF", "CAF")]
    folder = write_small_project(tmp_path / "a", bid_charges=round_about)
    finding = only(findings_of(folder), "E341")
    assert (finding.row, finding.column) == (2, "percent_of")
    assert "row 3" in finding.message
    for n, fine in enumerate(
        (
            [charge("BAF", "BAS"), charge("CAF", "BAF")],
            [charge("CAF", "BAF", carrier="GREEN"), charge("BAF", "BAS")],
        )
    ):
        told = findings_of(write_small_project(tmp_path / f"b{n}", bid_charges=fine))
        assert "E341" not in {f.code for f in told}


def test_a_currency_without_a_rate_on_the_day_is_found_for_each_scenario(tmp_path: Path) -> None:
    """The rate of 2025-12-01 serves as_of 2025-12-15; a scenario of November has none."""
    early = {"scenarios": {"base": {}, "november": {"fx_date": "2025-11-30"}}}
    finding = only(findings_of(write_small_project(tmp_path, project=early)), "E350")
    assert "2025-11-30" in finding.message
