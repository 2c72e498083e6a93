"""Steps of the search for large plans, each by hand: what is forced, owed, refused, banned."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from lowhaul.linear import LinearModel
from routing.debts import Rows, drawing, helping
from routing.decode import Refusal, decode
from routing.forced import close_forced
from routing.large import LargeChooser
from routing.mending import PATIENCE
from routing.schedule import Schedule
from routing.selection import Clock
from tests.routing.tiny_cases import corridor, plain_order


def shares() -> tuple[LinearModel, dict[str, int]]:
    """V_A = 2 a1 + 2 a2, V_B = 2 b, and A has at most half: V_A - 0.5 (V_A + V_B) <= 0."""
    model = LinearModel()
    at = {name: model.column(name) for name in ("a1", "a2", "b", "V_A", "V_B", "miss", "z")}
    row = {at["a1"]: 2.0, at["a2"]: 2.0, at["V_A"]: -1.0}
    model.row("volume[A]", row, lower=0.0, upper=0.0)
    model.row("volume[B]", {at["b"]: 2.0, at["V_B"]: -1.0}, lower=0.0, upper=0.0)
    model.row("share[A]", {at["V_A"]: 0.5, at["V_B"]: -0.5, at["miss"]: -1.0}, upper=0.0)
    model.row("used[A]", {at["V_A"]: 1.0, at["z"]: -100.0}, upper=0.0)
    return model, at


def names(mask: np.ndarray, model: LinearModel) -> set[str]:
    return {model.names[i] for i in np.flatnonzero(mask)}


def test_a_share_that_only_one_carrier_could_take_closes_its_legs() -> None:
    model, at = shares()
    model.upper[at["miss"]] = 0.0
    assert close_forced(model) == 0
    model.upper[at["b"]] = 0.0  # B carries nothing: V_B = 0, so V_A = 0, so a1 = a2 = 0
    assert close_forced(model) == 4
    assert [model.upper[at[n]] for n in ("V_B", "V_A", "a1", "a2")] == [0.0] * 4
    assert model.upper[at["z"]] == inf


def test_an_overdrawn_share_is_followed_back_to_the_legs() -> None:
    model, at = shares()
    rows = Rows.of(model)
    missed = np.array([at["miss"]])
    assert names(drawing(rows, missed), model) == {"V_A", "a1", "a2"}
    assert not helping(rows, missed).any()


def test_a_minimum_is_helped_by_what_adds_to_it() -> None:
    """3 y - miss <= a: a helps."""
    model = LinearModel()
    a, y, miss = (model.column(n) for n in ("a", "y", "miss"))
    model.row("minimum", {a: 1.0, y: -3.0, miss: 1.0}, lower=0.0)
    rows = Rows.of(model)
    assert names(helping(rows, np.array([miss])), model) == {"a"}
    assert not drawing(rows, np.array([miss])).any()


def test_not_much_over_a_quarter_of_the_time_is_kept_for_what_follows() -> None:
    """100 orders keep 4 + 100 x 0.015 = 5.5 s of 60; 10,000 would keep 154 s, and keep 28 %."""
    assert Schedule.of(Clock(60.0), 100).kept_s == pytest.approx(5.5)
    assert Schedule.of(Clock(60.0), 10_000).kept_s == pytest.approx(16.8)


def chooser() -> LargeChooser:
    """Two pallets of one order on the corridor: one container holds four."""
    case = corridor(orders=(plain_order("O1", "PA", 320, 9),))
    return LargeChooser(
        replace(case, settings=replace(case.settings, time_limit_s=8.0)), Clock(8.0), lambda _: None
    )


def used(found: LargeChooser) -> dict[tuple[int, int], int]:
    values = found.search.values
    return {k: round(values[c]) for k, c in found.model.load_units.items() if values[c] > 0.5}


def test_a_refused_group_gets_the_load_units_that_it_is_short_of() -> None:
    found = chooser()
    found.choose()
    ((place, count),) = used(found).items()
    model, choice = found.choose_again([Refusal(place[0], count, 2, (), frozenset({"O1/1"}))])
    assert sum(n for (g, _), n in used(found).items() if g == place[0]) == count + 2
    assert not decode(model, choice.values).refusals


def test_a_group_that_is_refused_again_and_again_is_closed() -> None:
    found = chooser()
    found.choose()
    (place,) = used(found)
    key = next(iter(found.options.packed))
    for _ in range(PATIENCE + 1):
        found.choose_again([Refusal(place[0], 1, 1, (), frozenset({key}))])
    assert not any(group == place[0] for group, _ in used(found))
    served = sum(found.search.values[c] for c in found.model.unserved_weight)
    assert used(found) or served > 0.5


def test_a_group_that_fell_apart_goes_on_the_run_that_is_asked_for() -> None:
    """Two load units on one run and one on another: all three on the emptier one, which stays."""
    found = chooser()
    found.choose()
    runs = found.mending.runs
    group = next(g for g, _ in found.model.load_units if len(runs(g)) > 1)
    fuller, emptier = runs(group)[:2]
    at = found.model.load_units
    found.search.values[at[group, fuller]], found.search.values[at[group, emptier]] = 2.0, 1.0
    found.mending.put_on_one_run(group, 1)
    assert {i: n for (g, i), n in used(found).items() if g == group} == {emptier: 3}
    assert found.model.linear.upper[at[group, fuller]] == 0.0
    assert found.model.linear.upper[at[group, emptier]] > 0.0


def test_load_units_that_overdraw_a_day_go_on_another_run_of_their_group() -> None:
    """S1 takes one container a day. Two on one day are one too many; another day takes it."""
    case = corridor(orders=(plain_order("O1", "PA", 320, 20, splittable=True),))
    bids = [replace(b, capacity=1.0, capacity_per="day") if b.bid_id == "S1" else b
            for b in case.bids]  # fmt: skip
    settings = replace(case.settings, time_limit_s=8.0)
    found = LargeChooser(
        replace(case, bids=tuple(bids), settings=settings), Clock(8.0), lambda _: None
    )
    found.choose()
    search, model = found.search, found.model
    (group,) = {group for group, _ in used(found)}
    assert sorted(used(found).values()) == [1, 1]
    crowded = min(used(found))
    for columns in (model.load_units, model.cargo):
        own = {key: column for key, column in columns.items() if key[0] == group}
        total = sum(search.values[c] for c in own.values())
        for key, column in own.items():
            search.values[column] = total if key == crowded else 0.0
    assert found.begin.choose_legs()
    (owed,) = search.owed()
    assert owed.startswith("the capacity of bid S1")
    found.begin.paying.change_runs(lambda: 5.0)
    assert not search.owed()
    assert sorted(used(found).values()) == [1, 1]


def test_columns_that_no_plan_used_are_left_out_only_while_that_is_asked() -> None:
    """What the plan itself uses stays open."""
    found = chooser()
    found.choose()
    search, paying = found.search, found.begin.paying
    paying.unknown = np.ones(len(search.values), dtype=bool)
    with paying.known_columns_only():
        assert search.banned.any()
        assert not (search.banned & (search.values > 0)).any()
    assert not search.banned.any()
