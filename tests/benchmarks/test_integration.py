"""Load, then route, then reuse: each step by hand, and integrated plans are never worse."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from benchmarks.integration import judged, main
from benchmarks.step_by_step import plan_in_steps
from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.planner import Planned, plan_case
from tests.routing.tiny_cases import START, corridor, plain_bid, plain_order, tiny_case

DRAWN = (3, 4, 6, 8, 15, 17, 19, 38, 40, 43, 46, 58)
"""Drawn projects, most of which tell the ways apart."""


def two_weeks() -> Case:
    """O1 is ready on a Wednesday, O2 on the Monday that follows; each fills half a box."""
    orders = [plain_order(name, "PA", 80, 20) for name in ("O1", "O2")]
    orders[1] = replace(orders[1], ready_date=START + timedelta(days=5))
    return corridor(orders=tuple(orders))


def test_loading_looks_at_one_week_and_the_integrated_plan_at_all() -> None:
    """One box alone: 449.259 kg and 850 EUR (test_planner.py). Both in one: 0.84 t more on 157.5 km
    of road at 30 g, 3.969 kg: 453.228 kg. Two boxes: 898.518 kg and 1,700 EUR."""
    case = two_weeks()
    steps = plan_in_steps(case)
    assert sorted(sorted(lot.orders) for lot in steps.lots) == [["O1/1"], ["O2/1"]]
    apart, together = judged(case, steps.reused), judged(case, plan_case(case))
    assert (apart["load_units"], apart["cost"]) == (2, 1700.0)
    assert (together["load_units"], together["cost"]) == (1, 850.0)
    assert apart["co2e_wtw_kg"] == pytest.approx(898.518)
    assert together["co2e_wtw_kg"] == pytest.approx(453.228)


def test_orders_of_a_week_are_loaded_together_only_with_the_measure() -> None:
    """Both ready in the same week: one lot and one box; two with load_rate off."""
    case = corridor(orders=tuple(plain_order(name, "PA", 80, 20) for name in ("O1", "O2")))
    (lot,) = plan_in_steps(case).lots
    assert (lot.load_units, lot.heaviest_kg) == ({"BOX": 1}, {"BOX": 1680.0})
    off = case.settings.measures - {"load_rate"}
    alone = replace(case, settings=replace(case.settings, measures=off))
    assert [lot.load_units for lot in plan_in_steps(alone).lots] == [{"BOX": 1}, {"BOX": 1}]


def emptied_box(**terms: object) -> Case:
    """The corridor with our emptied box in the yard and T1, whose round-use rate is 120."""
    box = EmptyBoxes("B1", "BOX", "YARD", "L1", 1, START, "E1", return_cost=60.0, currency="EUR")
    case = corridor(empties=(box,), **terms)
    return replace(case, bids=(replace(case.bids[0], round_use_rate=120.0), *case.bids[1:]))


def test_reuse_comes_last() -> None:
    """Routed: 449.259 kg and the return of the emptied box, 52.5 x 866 g = 45.465: 494.724 kg.
    Reused: no return, and the box is moved 52.5 km in place of 105: 449.259 - 45.465 = 403.794 kg.
    200 - 120 EUR of the haul and 60 of the return are saved: 910 and 770 EUR."""
    case = emptied_box()
    steps = plan_in_steps(case)
    routed, reused = judged(case, steps.routed), judged(case, steps.reused)
    assert (routed["round_use_boxes"], reused["round_use_boxes"]) == (0, 1)
    assert (routed["co2e_wtw_kg"], routed["cost"]) == (pytest.approx(494.724), 910.0)
    assert (reused["co2e_wtw_kg"], reused["cost"]) == (pytest.approx(403.794), 770.0)
    assert judged(case, plan_case(case))["co2e_wtw_kg"] == reused["co2e_wtw_kg"]


def test_routing_awards_a_haulier_that_may_not_reuse() -> None:
    """T1 hauls for 200 and reuses nothing, T2 for 250 and would: routing takes T1 (494.724 kg),
    the integrated plan T2 and the emptied box (403.794 kg)."""
    case = emptied_box()
    proud = {**case.carriers, "T1": replace(case.carriers["T1"], round_use_allowed=False)}
    dearer = plain_bid("R0", "T2", "PA", "E1", 250.0, round_use_rate=150.0)
    case = replace(case, carriers=proud, bids=(*case.bids, dearer))
    steps, integrated = judged(case, plan_in_steps(case).reused), judged(case, plan_case(case))
    assert (steps["round_use_boxes"], integrated["round_use_boxes"]) == (0, 1)
    assert steps["co2e_wtw_kg"] == pytest.approx(494.724)
    assert integrated["co2e_wtw_kg"] == pytest.approx(403.794)


def ranked(case: Case, planned: Planned) -> tuple[float, float]:
    """Weighted pieces left, then kg CO2e: the less, the better; the plan passes the check."""
    figures = judged(case, planned)
    assert figures["faults"] == []
    priority = {o.key: o.priority for o in case.orders}
    left = sum(priority[u.order] * u.pieces for u in planned.plan.unserved)
    return left, figures["co2e_wtw_kg"]


def test_a_proved_integrated_plan_is_never_worse() -> None:
    """Drawn projects: reuse never makes the routed plan worse, integration never the reused one,
    and each gains somewhere. Rows are rounded to the gram."""
    gains = {"reuse": 0, "integration": 0}
    for seed in DRAWN:
        case = tiny_case(seed)
        steps = plan_in_steps(case)
        ranks = [ranked(case, p) for p in (steps.routed, steps.reused, plan_case(case))]
        for name, (left, kg), (better_left, better_kg) in zip(
            gains, ranks[:-1], ranks[1:], strict=True
        ):
            assert better_left <= left, (seed, name)
            if better_left == left:
                assert better_kg <= kg + 0.05, (seed, name)
            gains[name] += (better_left, better_kg) < (left, kg - 1.0)
    assert gains["reuse"] >= 4
    assert gains["integration"] >= 6


def test_the_command_prints_a_line_a_project_and_a_summary() -> None:
    """A generated project of four orders: both plans pass the check, the gains add up."""
    asked = "--generated 1 --orders 4 --pairs 1 --carriers 3 --empties 10 --modes road,sea"
    ran = CliRunner().invoke(main, [*asked.split(), "--gap", "0.02", "--seconds", "300", "--json"])
    assert ran.exit_code == 0, ran.output
    row, summary = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    assert row["orders"] == 4
    assert row["reused"]["faults"] == row["integrated"]["faults"] == []
    gain = 100 * (1 - row["integrated"]["co2e_wtw_kg"] / row["reused"]["co2e_wtw_kg"])
    assert row["gain_percent"]["co2e_wtw_kg"] == pytest.approx(gain, abs=1e-3)
    assert summary["gain_percent_co2e_wtw_kg"]["mean"] == row["gain_percent"]["co2e_wtw_kg"]
    assert summary["sound"]
