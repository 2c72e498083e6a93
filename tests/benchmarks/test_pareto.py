"""The published bi-objective set, where the reference data are at hand (LOWHAUL_REFERENCE)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.pareto import main, measure

REFERENCE = os.environ.get("LOWHAUL_REFERENCE", "")


def test_a_small_set_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two of three items: {1,2} 5 + 1, {1,3} 6 + 4, {2,3} 3 + 5: the last two are the front."""
    (tmp_path / "a.csv").write_text(",1,2,3\n1,1,1,1\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(",1\n1,2.5\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(",1,2,3\n1,4,1,2\n2,0,1,4\n", encoding="utf-8")
    (tmp_path / "pareto_sols.csv").write_text(",1,2\n1,6,4\n2,3,5\n", encoding="utf-8")
    assert main([str(tmp_path), "--json"]) == 0
    (tmp_path / "pareto_sols.csv").write_text(",1,2\n1,6,4\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert "NOT EQUAL" in capsys.readouterr().out


@pytest.mark.skipif(not REFERENCE, reason="LOWHAUL_REFERENCE names no folder of reference data")
def test_the_published_set_of_two_objectives() -> None:
    found = measure(Path(REFERENCE) / "routing" / "pareto" / "2kp50")
    assert found["equal"]
    assert found["points"] == 35
