"""The report: its answer, its numbers, what it says of its own soundness, and hostile data."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from scenarios.charts import Bar, Share, histogram, hundred_bar, nice_step, waterfall_scale
from scenarios.figures import Result
from scenarios.front_chart import FrontPoint, knee
from scenarios.ladder import ladder_of
from scenarios.pages import Numbers, css_text, gap_text, status_of
from scenarios.report import answer, foot, report_view, write_report
from scenarios.told import MEASURE_NAMES, told
from tests.browser import browser, open_page
from tests.scenarios.synthetic import Synthetic, frame, make

N = Numbers()
HOSTILE = '</style><script>alert("1")</script>\'"&=cmd|x'


@pytest.fixture(scope="module")
def plan() -> Synthetic:
    return make(60)


@pytest.fixture(scope="module")
def before() -> Synthetic:
    return make(60, baseline=True, scenario="baseline")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as started:
        yield started


def words_of(path: Path) -> str:
    """What a reader sees, tags dropped."""
    text = path.read_text("utf-8")
    body = text[text.index("<body>") :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def report(plan: Synthetic, folder: Path, **more: Any) -> str:
    return words_of(write_report(folder, plan.tables, plan.summary, plan.case, **more))


def changed(plan: Synthetic, tables: Mapping[str, Any], **summary: Any) -> Synthetic:
    return Synthetic({**plan.tables, **tables}, {**plan.summary, **summary}, plan.case)


# ---- status and numbers


@pytest.mark.parametrize(
    ("summary", "sign", "words"),
    [
        ({"status": "optimal", "gap": 0.0}, "done", "Proven optimum"),
        (
            {"status": "optimal", "gap": 0.004},
            "done",
            "Proven within 0.4% of the best possible plan",
        ),
        (
            {"status": "feasible", "gap": 0.021},
            "done",
            "Usable plan; no better one is known, up to 2.1% may be possible",
        ),
        ({"status": "feasible", "gap": None}, "done", "Usable plan; no better one is known"),
        (
            {"status": "timeout", "gap": 0.021},
            "caution",
            "Time ran out: usable plan, up to 2.1% may be possible",
        ),
        (
            {"status": "timeout", "gap": 0.021, "gap_filtered": 0.0208},
            "caution",
            "Time ran out: usable plan, up to 2.1% may be possible",
        ),
        (
            {"status": "timeout", "gap": 0.12, "gap_filtered": 0.021},
            "caution",
            "Time ran out: usable plan, up to 2.1% may be possible on the ways searched, "
            "12.0% on all",
        ),
        (
            {"status": "feasible", "gap": None, "gap_filtered": 0.021},
            "done",
            "Usable plan; no better one is known, up to 2.1% may be possible on the ways searched",
        ),
        (
            {"status": "timeout", "shipments_planned": 0},
            "stop",
            "Time ran out before a plan was found. Try a longer limit or fewer orders.",
        ),
        (
            {"status": "infeasible", "clash": "Lane L07 wants 120 TEU in week 6."},
            "stop",
            "No plan exists (proved): Lane L07 wants 120 TEU in week 6.",
        ),
        (
            {"status": "optimal", "gap": 0.0, "routes_cut_short": True},
            "caution",
            "Best of the routes looked at; others were not tried",
        ),
    ],
)
def test_the_status_line(summary: dict[str, Any], sign: str, words: str) -> None:
    status = status_of(summary, N)
    assert (status.sign, status.text) == (sign, words)


def test_optimal_is_never_claimed_without_a_proof() -> None:
    for status in ("feasible", "timeout", "optimal"):
        assert "ptimum" not in status_of({"status": status, "gap": 0.0001}, N).text
        assert "ptimum" not in status_of({"status": status}, N).text


@pytest.mark.parametrize(
    ("gap", "words"),
    [(0.004, "0.4%"), (0.00401, "0.5%"), (0.001, "0.1%"), (0.00042, "0.05%"), (0.1, "10.0%")],
)
def test_gaps_are_rounded_up(gap: float, words: str) -> None:
    """What is claimed must hold: 0.401 % is not "within 0.4 %"."""
    assert gap_text(gap, N) == words


def test_numbers_follow_the_language() -> None:
    de, zh = Numbers("de"), Numbers("zh")
    assert (N.fixed(1537.8), de.fixed(1537.8), zh.fixed(1537.8)) == (
        "1,537.8",
        "1.537,8",
        "1,537.8",
    )
    assert (N.percent(0.284), de.percent(0.284)) == ("28.4%", "28,4\u00a0%")
    assert (N.money(476000, "EUR"), de.money(476000, "EUR")) == ("€476,000", "476.000\u00a0€")
    assert N.change(-608.5, 1) == "\u2212608.5"
    assert N.change(12.0) == "+12"
    assert N.fixed(-0.04, 1) == "0.0"
    assert N.percent(-0.284, signed=True) == "\u221228.4%"


def test_css_text_cannot_end_its_string() -> None:
    assert css_text('a"}</style>') == '"a\\22 \\7d \\3c /style\\3e "'


# ---- the answer


def test_the_answer_compares_and_names_what_is_late(plan: Synthetic, before: Synthetic) -> None:
    now, base = (Result.of(p.tables, p.summary) for p in (plan, before))
    said = answer(now, base, N)
    assert said.startswith("All 60 orders move with ")
    assert "less CO₂e and" in said
    assert "two shipments arrive late" in said


def test_unserved_orders_stand_in_the_answer(plan: Synthetic, tmp_path: Path) -> None:
    left = [{"order_id": "O-00003", "line": "1", "pieces": 620,
             "reason": "lane L07 wants 120 TEU in week 6, qualified bids cover 95"}]  # fmt: skip
    some = changed(plan, {"unserved": frame("unserved", left)}, orders_unserved=1)
    page = report(some, tmp_path)
    assert "59 of 60 orders move and 1 stays unserved" in page
    assert "Lane L07 wants 120 TEU in week 6, qualified bids cover 95." in page


def test_what_is_not_covered_stands_in_the_answer(before: Synthetic, tmp_path: Path) -> None:
    """The made-up baseline has no factor for barges."""
    page = report(before, tmp_path)
    assert "has no emission factor and is not in the total" in page
    assert "Not covered, and not in the total: Rotterdam to Duisburg (inland waterway)" in page
    row = page[page.index("Inland waterway") :]
    assert "not covered" in row[: row.index("Road")]


def test_baselines_that_serve_other_orders_are_named_so(
    plan: Synthetic, before: Synthetic, tmp_path: Path
) -> None:
    left = frame("unserved", [{"order_id": "O-00001", "line": "1", "pieces": 9, "reason": "x"}])
    other = {**before.tables, "unserved": left}
    page = report(plan, tmp_path, baseline=(other, before.summary))
    assert "the two do not serve the same orders" in page
    assert "This plan and the baseline do not serve the same orders." in page


# ---- sections


def test_the_order_of_the_sections(plan: Synthetic, before: Synthetic, tmp_path: Path) -> None:
    path = write_report(
        tmp_path, plan.tables, plan.summary, plan.case, (before.tables, before.summary)
    )
    text = path.read_text("utf-8")
    heads = ["<h1>", "lead-s", 'class="keys"', "measure by measure", "How full", "How the goods",
             ">Shipments<", "How sound", 'class="foot"']  # fmt: skip
    at = [text.index(h, text.index("<body>")) for h in heads]
    assert at == sorted(at)


def test_the_four_numbers_with_their_changes(plan: Synthetic, before: Synthetic) -> None:
    now, base = (Result.of(p.tables, p.summary) for p in (plan, before))
    keys = report_view(now, plan.case, base, (), N)["keys"]
    assert [k["head"] for k in keys] == [
        "CO₂e, well-to-wheel",
        "Cost",
        "Containers",
        "Boxes reused",
    ]
    t, t0 = (round(p.summary["co2e_wtw_kg"] / 1000, 1) for p in (plan, before))
    assert keys[0]["big"] == N.fixed(t)
    assert keys[0]["share"].startswith("\u2212")
    assert f"{N.fixed(t0 - t)} t less than the baseline’s {N.fixed(t0)} t" == keys[0]["text"]
    assert keys[3]["unit"].startswith("of ")


def test_without_a_box_in_reach_the_report_says_why(before: Synthetic, tmp_path: Path) -> None:
    page = report(before, tmp_path)
    assert "No import box is emptied within reach in these weeks." in page


def test_a_ladder_becomes_a_waterfall_that_adds_up(
    plan: Synthetic, before: Synthetic, tmp_path: Path
) -> None:
    """Baseline, a step for each measure and the rest give the plan."""
    end, start = (p.summary["co2e_wtw_kg"] for p in (plan, before))
    ladder = [
        (m, {"co2e_wtw_kg": start + (end - start) * (i + 1) / 8, "cost": before.summary["cost"]})
        for i, m in enumerate(MEASURE_NAMES)
    ]
    now, base = (Result.of(p.tables, p.summary) for p in (plan, before))
    view = report_view(now, plan.case, base, ladder, N)["measures"]
    names = [r["name"] for r in view["rows"]]
    assert names == ["Baseline", *MEASURE_NAMES.values(), "Rest", "This plan"]
    parts = [float(r["co2e"].replace(",", "").replace("\u2212", "-")) for r in view["rows"]]
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=0.05 * len(parts))
    page = report(plan, tmp_path, baseline=(before.tables, before.summary), ladder=ladder)
    assert "What each measure gave" in page
    assert "another order gives other shares and the same total" in page


def test_a_ladder_may_bring_its_own_start(plan: Synthetic) -> None:
    now = Result.of(plan.tables, plan.summary)
    ladder = [("baseline", {"co2e_wtw_kg": 5e6, "cost": 4e6}), ("round_use", plan.summary)]
    rows = report_view(now, plan.case, None, ladder, N)["measures"]["rows"]
    assert [r["name"] for r in rows] == ["Baseline", "Round use", "This plan"]


def test_the_rungs_are_found_among_the_scenarios() -> None:
    """Scenarios that add one measure each, in whatever order they are given."""
    none, one, two = frozenset[str](), frozenset({"packaging"}), frozenset({"packaging", "tender"})
    plans = [
        (two, {"n": 2}),
        (none, {"n": 0}),
        (frozenset({"distance"}), {"n": 9}),
        (one, {"n": 1}),
    ]
    assert ladder_of(plans, two) == [
        ("baseline", {"n": 0}),
        ("packaging", {"n": 1}),
        ("tender", {"n": 2}),
    ]
    assert ladder_of(plans[:2], two) == []


def test_what_was_done_is_counted_from_the_tables(plan: Synthetic, before: Synthetic) -> None:
    now, base = (Result.of(p.tables, p.summary) for p in (plan, before))
    rows = {t.measure: t for t in told(now, plan.case, base, N)}
    boxes = plan.summary["round_use_boxes"]
    assert rows["round_use"].plan == f"{boxes} boxes reused"
    assert rows["round_use"].baseline == "0 boxes reused"
    saved = sum(plan.tables["round_use"]["km_saved"].replace("", 0.0))
    assert rows["round_use"].detail.startswith(N.whole(saved))
    assert rows["packaging"].detail == "MOD-37"
    assert rows["packaging"].baseline.startswith("0.0%")
    assert "air" in rows["mode_shift"].plan
    assert all(t.on for t in rows.values())


def test_goods_that_pass_a_centre_are_counted_once(plan: Synthetic) -> None:
    """One order of 4 t goes A to hub and hub to B: 4 t are consolidated, not 8."""
    shipments = [{"shipment_id": "S-1", "origin": "JZH", "destination": "TLC"},
                 {"shipment_id": "S-2", "origin": "TLC", "destination": "KAS"}]  # fmt: skip
    lines = [{"order_id": "O-1", "line": "1", "shipment_id": s, "mass_kg": 4000.0,
              "handling_units": 8, "packaging_id": "MOD-31"} for s in ("S-1", "S-2")]  # fmt: skip
    tables = {"shipments": frame("shipments", [{**s, "mass_kg": 4000.0} for s in shipments]),
              "order_allocation": frame("order_allocation", lines)}  # fmt: skip
    rows = told(Result.of(tables, plan.summary), plan.case, None, N)
    centre = next(t for t in rows if t.measure == "consolidation")
    assert centre.plan == "4.0 t through logistics centres"
    assert centre.detail == "1 order line meet others on the way"


def test_the_largest_shipments_are_shown_and_late_ones_marked(
    plan: Synthetic, tmp_path: Path
) -> None:
    page = report(plan, tmp_path)
    assert "The ten largest of 60 by CO₂e." in page
    assert "S-0007 and S-0031" in page
    largest = max(plan.tables["shipments"].itertuples(), key=lambda s: s.co2e_wtw_kg)
    assert largest.shipment_id in page


def test_modes_and_total_are_the_summary(plan: Synthetic) -> None:
    view = report_view(Result.of(plan.tables, plan.summary), plan.case, None, (), N)
    assert view["modes"]["foot"]["plan"][1] == N.fixed(plan.summary["co2e_wtw_kg"] / 1000)
    assert view["sound"]["inventory"] == N.fixed(plan.summary["co2e_wtw_kg"] / 1000)


def test_inventory_and_avoided_are_never_netted(plan: Synthetic, tmp_path: Path) -> None:
    page = report(plan, tmp_path)
    avoided = sum(plan.tables["round_use"]["co2e_avoided_kg"].replace("", 0.0)) / 1000
    assert f"{N.fixed(avoided)} t avoided by round use" in page
    net = plan.summary["co2e_wtw_kg"] / 1000 - avoided
    assert N.fixed(net) not in page


def test_the_footer_says_only_what_the_coverage_allows(plan: Synthetic) -> None:
    """Hubs without a factor: so many elements not covered; with all covered: aligned."""
    now = Result.of(plan.tables, plan.summary)
    hubs = sum(leg["kind"] == "hub" for leg in now.legs)
    assert foot(now).startswith(f"ISO 14083 rules applied; {hubs} elements not covered.")
    covered = plan.tables["legs"].assign(covered="yes")
    aligned = foot(Result.of({**plan.tables, "legs": covered}, plan.summary))
    assert aligned.startswith("Aligned with ISO 14083:2023; not certified.")


def test_words_that_are_never_used(plan: Synthetic, before: Synthetic, tmp_path: Path) -> None:
    page = report(plan, tmp_path, baseline=(before.tables, before.summary)).lower()
    for word in (
        "carbon neutral",
        "successfully",
        "real-time",
        "mip gap",
        "please",
        " nan",
        "none\n",
    ):
        assert word not in page


# ---- charts


def test_round_steps() -> None:
    assert [nice_step(s) for s in (1, 2146, 0.7, 0)] == [0.2, 500, 0.2, 1]
    assert waterfall_scale([Bar(0, 2146.3, "baseline")])[1] == [0, 500, 1000, 1500, 2000, 2500]


def test_small_parts_carry_no_label() -> None:
    parts = [Share("sea", "Sea", 0.94), Share("rail", "Rail", 0.06)]
    svg = hundred_bar(parts, "shares", N)
    assert "Sea 94.0%" in svg
    assert "6.0%" not in svg
    assert svg.count("<rect") == 2


def test_the_histogram_counts_every_load() -> None:
    """Exactly 85 % belongs to 85-90, and 100 % to the last bin."""
    svg = histogram([0.85, 0.85, 1.0, 0.42], [], "loads", N)
    heights = [float(h) for h in re.findall(r'<rect [^>]*height="([\d.]+)"', svg)]
    assert len(heights) == 3
    assert max(heights) == pytest.approx(2 * min(heights), rel=0.01)


# ---- the file


def test_the_file_holds_no_script_and_needs_no_network(plan: Synthetic, tmp_path: Path) -> None:
    path = write_report(tmp_path, plan.tables, plan.summary, plan.case)
    text = path.read_text("utf-8")
    assert "<script" not in text
    assert not re.search(r"https?://", text)
    assert list(tmp_path.iterdir()) == [path]


def test_hostile_data_are_shown_as_text(tmp_path: Path, chromium: Any) -> None:
    plan = make(20, place_names={"SHA": HOSTILE}, carrier_names={"JADE": HOSTILE + "3"})
    plan.summary.update(scenario=HOSTILE, run_id=HOSTILE)
    findings = [{"severity": "warning", "code": "W1", "message": HOSTILE, "hint": "="}]
    some = changed(plan, {"findings": frame("findings", findings)})
    path = write_report(tmp_path, some.tables, some.summary, some.case)
    assert "<script" not in path.read_text("utf-8")
    assert path.read_text("utf-8").count("</style>") == 1
    opened = open_page(chromium, path)
    assert HOSTILE in opened.page.locator("h1").inner_text()
    assert HOSTILE + "3" in opened.page.inner_text("main")
    assert opened.errors == []


def test_the_page_never_scrolls_sideways_and_asks_for_nothing(
    plan: Synthetic, before: Synthetic, tmp_path: Path, chromium: Any
) -> None:
    path = write_report(
        tmp_path, plan.tables, plan.summary, plan.case, (before.tables, before.summary)
    )
    for width in (1280, 700):
        opened = open_page(chromium, path, width=width)
        page = opened.page
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert opened.requests == []
        assert opened.errors == []
    assert page.locator("svg[role=img]").count() >= 6
    assert all(page.locator("svg[role=img]").nth(i).get_attribute("aria-label") for i in range(6))


def test_an_empty_plan_is_told_not_blank(plan: Synthetic, tmp_path: Path) -> None:
    tables = {name: table.iloc[0:0] for name, table in plan.tables.items()}
    left = [{"order_id": f"O-{i:05d}", "line": "1", "pieces": 1, "reason": "two bids expired"}
            for i in range(60)]  # fmt: skip
    tables["unserved"] = frame("unserved", left)
    summary = {**plan.summary, "orders_unserved": 60, "cost": 0.0, "co2e_wtw_kg": 0.0,
               "load_units": {}, "round_use_boxes": 0, "round_use_possible": 0,
               "transport_activity_tkm": 0.0, "load_rate_volume": None}  # fmt: skip
    page = report(Synthetic(tables, summary, plan.case), tmp_path)
    assert "No order is served." in page
    assert "60 order lines are not served in full. Two bids expired." in page
    assert "No shipment is planned." in page
    assert "This plan has no load units" in page


# ---- the front


def test_the_knee_is_farthest_below_the_straight_line() -> None:
    """Cost 0, 1, 5, 10 and CO2e 10, 2, 1, 0: the second plan turns the curve."""
    points = [FrontPoint(c, e) for c, e in ((0, 10), (1, 2), (5, 1), (10, 0))]
    assert knee(points) == points[1]
    assert knee([FrontPoint(0, 10), FrontPoint(5, 5), FrontPoint(10, 0)]) is None
    assert knee(points[:2]) is None


def test_the_front_prices_a_tonne_and_draws_a_line_only_if_exact(
    plan: Synthetic, tmp_path: Path
) -> None:
    """From 3,000 t to 2,000 t for 100,000 more: 100 a tonne."""
    front = [FrontPoint(1.0e6, 3e6, 0.0), FrontPoint(1.1e6, 2e6, 0.001), FrontPoint(2e6, 1.9e6)]
    for exact in (True, False):
        path = write_report(
            tmp_path, plan.tables, plan.summary, plan.case, front=front, front_exact=exact
        )
        page = words_of(path)
        assert "Up to the knee a tonne costs at most €100; beyond it €9,000 and more." in page
        assert "Knee 2,000.0 1,100,000 100 0.1%" in page
        assert ("Exact front, 3 plans." in page) is exact
        drawn = '<polyline points="' in re.sub(
            r'<polyline points="[^"]*" class="lead"/>', "", path.read_text("utf-8")
        )
        assert drawn is exact
