"""What pages and awards say of a tender's terms: the plan made by hand (tender_plan.py)."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from routing.case import Case
from routing.check import check_plan
from routing.tender import Tender, TenderRule
from scenarios.figures import Result
from scenarios.inputs import build_case, load_project
from scenarios.pages import Numbers
from scenarios.report import write_report
from scenarios.run import read_results, run_scenarios
from scenarios.terms import terms
from tests.routing.tender_plan import tender_books, tender_case, tender_tables
from tests.scenarios.small_project import small_tables, write_small_project
from tests.scenarios.test_inputs_tender import bundle, carriers, rule, tier

N = Numbers()
HOSTILE = "<script>alert(1)</script>"


def result_of(case: Case) -> Result:
    return Result.of(*tender_tables(case, tender_books(case)))


def words_of(path: Path) -> str:
    body = path.read_text("utf-8").split("<body>")[1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_every_rule_stands_beside_what_the_plan_has() -> None:
    """TEU 16: HAUL 4, ELEC 4, OCEAN 8; 4 + 4 + 2 of 10 in the lanes of boxes; 4 of 16 are new."""
    view = terms(result_of(tender_case()), tender_case(), N)
    assert view is not None
    has = {r["rule"]: r["plan"] for r in view["rules"]}
    assert has["At most 3 carriers"] == has["At least 3 carriers"] == "3"
    assert has["At most 1 carrier on each lane"] == "1 at most"
    assert has["At least 1 carrier on each remote lane"] == "1 at least"
    lanes = "FAR - PORT, HUB - PORT, PORT - PLANT"
    most = has[f"No carrier with more than 0.4 of the volume on {lanes}"]
    assert most == "Ocean 40.0% of the TEU"
    least = has[f"No carrier that is used with less than 0.2 of the volume on {lanes}"]
    assert least == "Haul 20.0% of the TEU"
    kept = has["Incumbents with at least 0.75 of the volume"]
    assert kept == "75.0% of the TEU; 100.0% of the tonnes"
    new = has["At most 0.25 of the volume on carriers new to their lane"]
    assert new == "25.0% of the TEU; 0.0% of the tonnes"
    remote = has["At least 1 of what each carrier wins on remote lanes on FAR - PORT, PORT - FAR"]
    assert remote == "Ocean 100.0% of the TEU; Ocean 100.0% of the tonnes"
    assert has["At most 25.0% to Elec"] == "25.0% of the TEU; 0.0% of the tonnes"


def test_rebates_are_told_to_the_cent() -> None:
    """264.98 in ten rows; R-LTL gets 4 % of 100."""
    view = terms(result_of(tender_case()), tender_case(), N)
    assert view is not None
    assert view["saved"] == "−264.98"
    assert len(view["rebates"]) == 10
    (ltl,) = [r for r in view["rebates"] if r["bid"] == "R-LTL"]
    assert ltl == {"carrier": "Haul", "bid": "R-LTL", "what": "volume", "base": "100.00",
                   "percent": "4.00", "amount": "−4.00"}  # fmt: skip
    assert {r["what"] for r in view["rebates"]} == {"bundle", "volume"}


def test_a_tender_without_terms_has_no_section(tmp_path: Path) -> None:
    case = tender_case()
    elec = replace(case.carriers["ELEC"], min_share=None, max_share=None)
    case = replace(case, tender=Tender(), carriers={**case.carriers, "ELEC": elec})
    assert terms(result_of(case), case, N) is None


def test_the_report_escapes_names_in_terms(tmp_path: Path) -> None:
    case = tender_case()
    haul = replace(case.carriers["HAUL"], name=HOSTILE)
    case = replace(case, carriers={**case.carriers, "HAUL": haul})
    more = TenderRule("max_share", 1.0, frozenset({HOSTILE, "PLANT - PORT"}))
    case = replace(case, tender=replace(case.tender, rules=(*case.tender.rules, more)))
    tables, summary = tender_tables(case, tender_books(case))
    summary |= {"round_use_possible": 2, "orders": 6}
    path = write_report(tmp_path, tables, summary, case)
    assert "<script" not in path.read_text("utf-8")
    told = words_of(path)
    assert "Rebates take" in told
    assert f"No carrier with more than 1 of the volume on {HOSTILE}, PLANT - PORT" in told


def test_awards_say_where_a_rebate_decides() -> None:
    """R-HP alone serves its relation; a rival of R-SEA at 950 USD is cheaper than 1,000 until 6 %
    are off: 940.
    """
    case = tender_case()
    sea = next(b for b in case.bids if b.bid_id == "R-SEA")
    rival = replace(sea, bid_id="R-SEA2", rate=950.0, charges=())
    plain = replace(sea, charges=())
    bids = tuple(plain if b.bid_id == "R-SEA" else b for b in case.bids)
    case = replace(case, bids=(*bids, rival))
    tables, _ = tender_tables(case, tender_books(case))
    why = dict(zip(tables["awards"]["bid_id"], tables["awards"]["reason"], strict=True))
    assert why["R-SEA"] == (
        "Least CO2e and lowest price of 2 bids, after rebates of 6 % (2nd lowest price without "
        "them)."
    )
    assert why["R-HP"] == "The only bid for this relation and equipment, after rebates of 3 %."
    case = replace(case, tender=Tender())
    tables, _ = tender_tables(case, tender_books(case))
    why = dict(zip(tables["awards"]["bid_id"], tables["awards"]["reason"], strict=True))
    assert why["R-SEA"] == "Least CO2e, 2nd lowest price of 2 bids."


# --- a project with terms, from its tables to its results


TERMS: dict[str, Any] = {
    "bid_tiers": [tier(0, 4, 2), tier(4, "", 6)],
    "bid_bundles": [bundle("HAUL", "R1;R2", 5), bundle("BOTH", "S1;S3", 1, kind="all_or_nothing")],
    "tender_rules": [
        rule("max_share", 0.9, "sea"),
        rule("incumbent_min_share", 0.5),
        rule("max_carriers", 4),
        rule("max_carriers_per_lane", 2),
    ],
    "carriers": carriers(GREEN={"max_share": 0.4}),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = write_small_project(tmp_path_factory.mktemp("terms"), **TERMS)
    project = load_project(folder)
    outcomes = run_scenarios(project, ["least_cost", "least_co2", "baseline"])
    assert {o.exit_code for o in outcomes} <= {0, 5}
    return folder, {o.scenario: o for o in outcomes}


def test_a_project_with_terms_is_planned_and_judged(run: tuple[Path, dict[str, Any]]) -> None:
    folder, outcomes = run
    project = load_project(folder)
    for scenario, outcome in outcomes.items():
        tables, summary = read_results(outcome.folder)
        assert check_plan(build_case(project, scenario), tables, summary) == []
    tables, _ = read_results(outcomes["least_cost"].folder)
    rebates = tables["costs"][tables["costs"]["charge_code"] == "DISC"]
    assert len(rebates)
    assert set(rebates["source_file"]) <= {"bid_tiers", "bid_bundles"}
    told = words_of(outcomes["least_cost"].folder / "report.html")
    assert "Terms of the tender" in told
    assert "Every rule of the award is kept; checked." in told


def test_terms_lower_the_cost_of_the_same_project(
    run: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """Rebates alone can only help; the rules cost something again."""
    free = {k: v for k, v in TERMS.items() if k in ("bid_tiers", "bid_bundles")}
    plain = load_project(write_small_project(tmp_path / "plain", **small_tables()))
    rebated = load_project(write_small_project(tmp_path / "free", **free))
    costs = [
        run_scenarios(project, ["least_cost"])[0].summary["cost"] for project in (plain, rebated)
    ]
    assert costs[1] < costs[0]
    assert run[1]["least_cost"].summary["cost"] >= costs[1] - 0.05
