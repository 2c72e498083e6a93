"""The generated tenders: what the command prints, and that awards keep what the tender asks."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from benchmarks.tender import VARIANTS, generate, greedy, main


def printed(*options: str) -> list[dict[str, object]]:
    ran = CliRunner().invoke(main, ["--lanes", "12", "--carriers", "6", "--json", *options])
    assert ran.exit_code == 0, ran.output
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_award_is_proved_and_keeps_the_terms(variant: str) -> None:
    """The greedy award is a plan too: none that is proved the cheapest can cost more."""
    (row,) = printed("--variant", variant, "--gap", "0.0001")
    assert row["faults"] == []
    assert row["status"] == "optimal"
    assert float(str(row["gap"])) <= 1e-4
    dealt = greedy(generate(12, 6, variant, 1))
    assert float(str(row["cost"])) <= dealt * (1 + 1e-4)


def test_a_front_of_awards() -> None:
    """Three points: cost rises, CO2e falls, each within its limit and proved."""
    *points, whole = printed("--variant", "awards", "--front", "3", "--gap", "0.0001")
    assert whole["points"] == len(points) == 3
    assert float(str(whole["largest_gap"])) <= 2e-4
    costs = [float(str(p["cost"])) for p in points]
    tonnes = [float(str(p["co2e_t"])) for p in points]
    assert costs == sorted(costs)
    assert tonnes == sorted(tonnes, reverse=True)
    assert tonnes[0] > tonnes[-1]
    assert all(p["faults"] == [] for p in points)
