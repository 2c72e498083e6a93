"""The declaration's section and file: true to the tables, safe, and readable."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from routing.orders import Product
from scenarios.declared_facts import declaration_of, haulage_intensities
from scenarios.figures import Result
from scenarios.inputs import load_project
from scenarios.pages import Numbers
from scenarios.report import write_report
from scenarios.report_declaration import declaration_view, write_declaration
from scenarios.run import read_results, run_scenarios
from tests.browser import browser, open_page
from tests.scenarios.small_project import write_small_project
from tests.scenarios.synthetic import Synthetic, make

N = Numbers()
HOSTILE = '</td><script>alert("1")</script>\'"&={{ 7*7 }}'
SAID = {"organisation": "ACME", "contact": "", "ets_price_per_t": 80.0}


def with_products(plan: Synthetic, **said: Any) -> Synthetic:
    plan.case.products = {
        "MOD": Product("MOD", 32.0, declared_unit="kWp", declared_units_per_piece=0.62)
    }
    return Synthetic(plan.tables, {**plan.summary, "declaration": {**SAID, **said}}, plan.case)


@pytest.fixture(scope="module")
def plan() -> Synthetic:
    return with_products(make(60))


@pytest.fixture(scope="module")
def before() -> Synthetic:
    return make(60, baseline=True, scenario="baseline")


def section(plan: Synthetic, folder: Path, before: Synthetic | None = None) -> str:
    baseline = (before.tables, before.summary) if before else None
    page = write_report(folder, plan.tables, plan.summary, plan.case, baseline)
    text = page.read_text("utf-8")
    text = text[text.index('<section class="decl"') :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_the_section_says_what_the_standard_asks(plan: Synthetic, tmp_path: Path) -> None:
    words = section(plan, tmp_path)
    for part in (
        "Declaration after ISO 14083", "ACME", "1 January to 31 March 2026", "Well-to-wheel",
        "GWP100", "Data types by t-km", "Data types by CO₂e", "of t-km", "Hubs", "Allocation",
        "Left out", "radiative forcing", "Biogenic CO₂ is in no total", "Sources of the factors",
        "Scope 3, category 4", "EU ETS of sea legs, for information", "In no sum of this plan",
        "A4, outbound", "kWp", "shortest feasible", "not covered", "ex-ante estimate",
    ):  # fmt: skip
        assert part in words, part
    assert "certified" not in words.replace("not certified", "")


def test_totals_are_those_of_the_summary(plan: Synthetic) -> None:
    result = Result.of(plan.tables, plan.summary)
    declared = declaration_of(result, None, plan.case)
    assert declared.total.co2e.wtw_kg == pytest.approx(plan.summary["co2e_wtw_kg"], abs=0.01)
    scopes = sum(s.co2e.wtw_kg for s in declared.scopes)
    assert scopes == pytest.approx(declared.total.co2e.wtw_kg, abs=0.01)
    view = declaration_view(declared, plan.case, N)
    assert view["modes"]["co2e"][0] == N.fixed(plan.summary["co2e_wtw_kg"] / 1000)


def test_a_name_that_is_not_given_is_said_so(plan: Synthetic, tmp_path: Path) -> None:
    bare = with_products(plan, organisation="", ets_price_per_t=None)
    words = section(bare, tmp_path)
    assert "not named (project.yaml, declaration: organisation)" in words
    assert "no price is given" in words


def test_hostile_words_stay_words(plan: Synthetic, tmp_path: Path) -> None:
    bad = with_products(plan, organisation=HOSTILE, contact=HOSTILE)
    page = write_report(tmp_path, bad.tables, bad.summary, bad.case).read_text("utf-8")
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in html.unescape(page)


def test_the_choice_of_modes_is_set_against_the_baseline(
    plan: Synthetic, before: Synthetic, tmp_path: Path
) -> None:
    assert "No baseline was planned" in section(plan, tmp_path)
    assert "Against baseline" in section(plan, tmp_path, before)


def test_the_page_shows_without_a_fault_at_two_widths(plan: Synthetic, tmp_path: Path) -> None:
    path = write_report(tmp_path, plan.tables, plan.summary, plan.case)
    with browser() as started:
        for width in (1200, 700):
            opened = open_page(started, path, width=width)
            assert opened.requests == []
            assert opened.errors == []
            box = opened.page.locator("section.decl").bounding_box()
            assert box["height"] > 600
            assert box["x"] + box["width"] <= width + 1
            wide = opened.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width + 1


def test_the_file_of_a_plan(tmp_path: Path) -> None:
    """Written with the plan, from the words of project.yaml, true to its summary."""
    keys = {"scenarios": {"plan": {}}, "declaration": SAID}
    folder = write_small_project(tmp_path, project=keys)
    (outcome,) = run_scenarios(load_project(folder), ["plan"])
    read = json.loads((outcome.folder / "declaration.json").read_text("utf-8"))
    tables, summary = read_results(outcome.folder)
    assert summary["declaration"] == SAID
    assert read["about"]["organisation"] == "ACME"
    assert read["total"]["co2e_wtw_kg"] == summary["co2e_wtw_kg"]
    assert read["total"]["co2e_ttw_kg"] == summary["co2e_ttw_kg"]
    assert read["coverage"]["transport"] == summary["co2e_coverage_transport"]
    by_scope = tables["legs"].groupby("ghg_scope")["co2e_wtw_kg"].sum()
    for scope, kg in by_scope.items():
        lines = [s["co2e"]["co2e_wtw_kg"] for s in read["scopes"] if s["scope"] == str(scope)]
        assert sum(lines) == pytest.approx(kg, abs=0.0011)
    modules = {(p["sku"], p["module"]) for p in read["products"]}
    assert ("PV-580", "A4") in modules
    assert "GEAR" not in {sku for sku, _ in modules}  # it has no declared unit
    assert "ACME" in (outcome.folder / "report.html").read_text("utf-8")


def test_nothing_planned_is_declared_as_nothing(plan: Synthetic, tmp_path: Path) -> None:
    none = {name: frame.iloc[:0] for name, frame in plan.tables.items()}
    declared = declaration_of(Result.of(none, plan.summary), None, plan.case)
    assert declared.total.co2e.wtw_kg == 0.0
    assert declared.words == "No transport elements"
    assert write_declaration(tmp_path, declared).is_file()


def test_the_haulage_before_and_after_its_turns() -> None:
    """Two boxes over 100 km with 40 t: 200 kg laden; one box moves 30 km, the other 100 from port.

    0.9 kg an empty km: after 200 + 90 + 27 = 317 kg, before 200 + 90 + 90 = 380 kg, on 4,000 t-km:
    79.25 and 95 g. The emptied box's own way back is its former user's.
    """
    leg = {"shipment_id": "S-1", "tce_id": "S-1.1", "mode": "road", "covered": "yes",
           "co2e_ttw_kg": 0.0, "mass_kg": 0.0, "activity_tkm": 0.0, "load_units": 1,
           "seq": 1, "carrier": "", "data_type": "default"}  # fmt: skip
    legs = [
        {**leg, "kind": "empty", "from": "STORE", "to": "PLANT", "actual_km": 30.0,
         "co2e_wtw_kg": 27.0},
        {**leg, "kind": "empty", "from": "PORT", "to": "PLANT", "actual_km": 100.0,
         "co2e_wtw_kg": 90.0},
        {**leg, "kind": "transport", "from": "PLANT", "to": "PORT", "actual_km": 100.0, "seq": 3,
         "co2e_wtw_kg": 200.0, "activity_tkm": 4000.0, "mass_kg": 40_000.0, "load_units": 2},
        {**leg, "kind": "transport", "mode": "sea", "tce_id": "S-1.2", "seq": 4,
         "co2e_wtw_kg": 900.0, "from": "PORT", "to": "FAR", "actual_km": 9000.0},
    ]  # fmt: skip
    turn = {"shipment_id": "S-1", "boxes": 1, "from": "STORE", "km_saved": 150.0,
            "co2e_avoided_kg": 135.0}  # fmt: skip
    result = Result({}, legs=legs, round_use=[turn])
    assert haulage_intensities(result) == pytest.approx((95.0, 79.25))
    assert haulage_intensities(Result({}, legs=legs)) == (None, None)
