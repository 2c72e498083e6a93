"""The published street-turn instances: made as documented, and their optima found another way.

The other way shares nothing with the product's pair building or flow: every pair is judged in plain
Python (tests/routing/turn_cases.py), and HiGHS solves the linear programme, whose matrix is totally
unimodular. The second value is sought among the plans that have the first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from benchmarks.round_use import INSTANCES, PUBLISHED, published_optima, unpacked
from benchmarks.round_use_generator import make_tables, write_tables
from routing.turn_case import TurnCase
from scenarios.reuse_inputs import ReuseOptions, read_reuse
from tests.routing.turn_cases import NaiveTurn, naive_turns

SMALL = [p for p in PUBLISHED if p.empties <= 400]


def most(case: TurnCase, turns: list[NaiveTurn], values: list[np.ndarray]) -> list[int]:
    """The totals of a plan that has most of the first value, then most of the next."""
    count, rows = len(turns), len(case.empties)
    at = np.array([t.i for t in turns] + [rows + t.j for t in turns])
    both = csr_array((np.ones(2 * count), (at, np.tile(np.arange(count), 2))),
                     shape=(rows + len(case.wanted), count))  # fmt: skip
    limit = [float(x.quantity) for x in (*case.empties, *case.wanted)]
    totals: list[int] = []
    for value in values:
        found = linprog(-value, both, limit, method="highs")
        totals.append(round(-found.fun))
        both = vstack([both, csr_array(-value.reshape(1, -1))]).tocsr()
        limit = [*limit, float(-totals[-1])]
    return totals


@pytest.mark.parametrize("instance", SMALL, ids=lambda p: p.name)
def test_optima_are_found_another_way(instance, tmp_path: Path) -> None:
    tables = unpacked(INSTANCES / instance.name, tmp_path)
    case = read_reuse([tables], ReuseOptions()).case
    turns = list(naive_turns(case))
    grams = np.array([t.grams for t in turns], dtype=float)
    saved = -np.array([t.cents for t in turns], dtype=float)
    known = {o: published_optima()[instance.name, o] for o in ("co2e", "cost", "boxes")}
    assert {k["pairs"] for k in known.values()} == {len(turns)}
    best = known["co2e"]
    assert most(case, turns, [grams]) == [best["co2e_avoided_g"]]
    best = known["cost"]
    assert most(case, turns, [saved]) == [-best["cost_change_cents"]]
    best = known["boxes"]
    assert most(case, turns, [np.ones(len(turns)), grams]) == [
        best["boxes"],
        best["co2e_avoided_g"],
    ]


@pytest.mark.parametrize("instance", PUBLISHED, ids=lambda p: p.name)
def test_instances_are_those_of_the_generator(instance, tmp_path: Path) -> None:
    tables = make_tables(instance.empties, instance.wanted, instance.seed, instance.group)
    assert sum(r["quantity"] for r in tables["empties"]) == instance.empties
    assert sum(r["quantity"] for r in tables["wanted"]) == instance.wanted
    write_tables(tables, tmp_path / "made")
    unpacked(INSTANCES / instance.name, tmp_path / "published")
    for name in tables:
        made, published = (tmp_path / f / f"{name}.csv" for f in ("made", "published"))
        assert made.read_bytes() == published.read_bytes()
