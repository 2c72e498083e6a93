"""Plans beyond one piece, held on tiny projects against plans that are solved in one piece."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from loading.equipment import Equipment
from loading.stuffing import LoadPlan, stuff
from routing import planner, priced_blocks
from routing.case import Case
from routing.dealing import Room, deal_loads, deal_orders
from routing.decode import _Decoder
from routing.floors import not_outdone
from routing.ground import survey
from routing.groups import Entry, Packed
from routing.runs import MAX_LEGS, Run, runs_between
from routing.thinning import Worth, thinned
from routing.timetable import Calendar
from tests.routing.test_block_plans import model_of
from tests.routing.tiny_cases import Found, corridor, plain_order, planned, tiny_case

SEEDS = range(24)


def searched(case: Case, monkeypatch: pytest.MonkeyPatch) -> Found:
    """The plan of a case by the search for large plans."""
    settings = replace(case.settings, time_limit_s=6.0, gap=0.001)
    with monkeypatch.context() as patched:
        patched.setattr(planner, "in_one_piece", lambda case: (False, None))
        return planned(replace(case, settings=settings))


@pytest.mark.parametrize("objective", ["min_emissions", "min_cost"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_searched_plan_is_no_better_than_the_best_and_both_bounds_hold(
    seed: int, objective: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tiny_case(seed, objective)
    best, found = planned(case), searched(case, monkeypatch)
    assert found.unserved >= best.unserved - 1e-6
    if found.unserved > best.unserved + 1e-6:
        return
    value = {"min_emissions": (found.co2e, best.co2e), "min_cost": (found.cost, best.cost)}
    mine, least = value[objective]
    slack = 0.05 + 1e-6 * abs(least)
    assert mine >= least - slack
    assert found.planned.bound <= least + slack
    assert mine <= 1.35 * least + slack


@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_too_large_are_proved_as_a_whole_and_planned_without_centres(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block is too large: the bound over the kept runs holds, and what is found is a plan."""
    monkeypatch.setattr(priced_blocks, "LARGE_BLOCK", 0)
    case = tiny_case(seed)
    best, found = planned(case), searched(case, monkeypatch)
    assert found.unserved >= best.unserved - 1e-6
    kept = found.planned.choice.filtered_bound
    assert kept <= found.planned.choice.objective + 1e-6
    if found.unserved <= best.unserved + 1e-6:
        assert found.co2e >= best.co2e * (1 - 1e-6) - 0.05


def test_most_tiny_projects_are_planned_as_well_as_in_one_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [tiny_case(seed) for seed in SEEDS]
    pairs = [(searched(case, monkeypatch), planned(case)) for case in cases]
    equal = sum(
        a.unserved <= b.unserved + 1e-6 and a.co2e <= b.co2e * 1.002 + 0.01 for a, b in pairs
    )
    assert equal >= len(pairs) // 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_timetable_has_the_runs_that_are_set_one_by_one(seed: int) -> None:
    case = tiny_case(seed)
    network = survey(case, whole_runs=False).network
    first = min(o.ready_date for o in case.orders).toordinal()
    last = max(o.due_date for o in case.orders).toordinal()
    calendar = Calendar(case, network, first, last)
    for order in case.orders:
        for equipment in case.equipment:
            ways = network.ways(order.origin, order.destination, equipment, MAX_LEGS)
            table = calendar.timetable(ways, range(first, last + 1), last)
            tabled = {told(table.run(i)) for i in range(len(table))}
            runs = runs_between(case, network, ways, range(first, last + 1), last)
            assert {told(run) for run in runs} <= tabled


def told(run: Run) -> tuple[object, ...]:
    """What makes a run what it is."""
    days = tuple(step.depart for step in run.steps)
    return run.way_key, days, run.stuffed, run.arrive, run.max_cargo_kg


def test_runs_are_thinned_by_what_they_admit() -> None:
    """Run 0 admits both orders at 10; 1, 2 and 3 admit one of them at 11, 12, 13; 4 carries more.

    Three better ones stand in for run 3 (0, 1, 2), so it goes; 1 and 2 have one and two. Run 4 is
    dear, but none carries as much.
    """
    admits = np.array([[1, 1], [1, 0], [1, 0], [1, 0], [1, 0]], dtype=bool)
    carries = np.array([20.0, 20.0, 20.0, 20.0, 25.0])
    value = np.array([10.0, 11.0, 12.0, 13.0, 99.0])
    assert thinned(admits, carries, Worth(value, value, value)).tolist() == [1, 1, 1, 0, 1]


def test_a_dear_run_stays_where_a_reused_box_would_make_it_the_best() -> None:
    admits = np.ones((4, 1), dtype=bool)
    value = np.array([10.0, 11.0, 12.0, 13.0])
    at_best = np.array([10.0, 11.0, 12.0, 9.0])
    kept = thinned(admits, np.full(4, 20.0), Worth(value, at_best, value))
    assert kept.tolist() == [1, 1, 1, 1]


def test_only_a_run_as_good_empty_and_full_outdoes_another_at_its_floor() -> None:
    """Run 1 is cheaper empty but dearer full than run 0; run 2 is dearer in both."""
    floors = np.array([[10.0, 9.0, 11.0], [20.0, 21.0, 22.0]])
    kept = not_outdone(np.ones((3, 1), dtype=bool), np.full(3, 20.0), floors)
    assert kept.tolist() == [True, True, False]


def test_whole_orders_are_dealt_to_one_way_and_others_fill_what_is_left() -> None:
    """Two load units on two ways; a whole order that fills most of one, one that may be split."""
    case = corridor(
        orders=(
            plain_order("WHOLE", "PA", 160, 9),
            replace(plain_order("PARTS", "PA", 160, 9), splittable=True),
        )
    )
    case = replace(
        case,
        orders=tuple(
            replace(o, splittable=False) if o.order_id == "WHOLE" else o for o in case.orders
        ),
    )
    packed: dict[str, tuple[Packed, ...]] = survey(case, whole_runs=False).packed
    goods = [(Entry(k, "direct"), some[0], some[0].units) for k, some in packed.items()]
    equipment: Equipment = next(e for e in case.equipment.values() if e.is_container)
    rooms = [Room.of(equipment, 20_000.0), Room.of(equipment, 20_000.0)]
    for tightest_first in (True, False):
        dealt = deal_orders(goods, rooms, equipment, tightest_first=tightest_first)
        ways = [i for i, some in enumerate(dealt) if any("WHOLE" in u.order for u in some)]
        assert len(ways) == 1
        assert sum(len(some) for some in dealt) == sum(len(units) for _, _, units in goods)


def test_loads_that_share_a_whole_order_are_dealt_to_one_way() -> None:
    """Loads A, A+B, B (in two), C: A and B are whole, so three go together; C may go anywhere."""

    def loads(*orders: str) -> list[LoadPlan]:
        case = corridor(orders=tuple(plain_order(o, "PA", 160, 9) for o in "ABC"))
        packed = survey(case, whole_runs=False).packed
        unit_of = {key[0]: some[0].units[0] for key, some in packed.items()}
        kind: Equipment = next(e for e in case.equipment.values() if e.is_container)
        return [stuff([unit_of[o] for o in some], kind, max_loads=1).loads[0] for some in orders]

    def told(dealt: list[list[LoadPlan]] | None) -> list[list[str]] | None:
        return dealt and [
            ["".join(sorted({p.unit.order[0] for p in load.placements})) for load in some]
            for some in dealt
        ]

    whole = {f"{o}/1" for o in "AB"}
    assert told(deal_loads(loads("A", "B", "AB", "C"), whole, [1, 3])) == [["C"], ["AB", "A", "B"]]
    assert deal_loads(loads("A", "B", "AB", "C"), whole, [2, 2]) is None
    assert told(deal_loads(loads("A", "B", "AB", "C"), set(), [2, 2])) == [["A", "B"], ["AB", "C"]]
    assert told(deal_loads(loads("A"), whole, [1, 1])) == [["A"], []]


def test_a_way_that_gets_no_load_has_nothing_to_spread() -> None:
    """Where bids have minimums, loads are spread over all load units that were counted."""
    assert _Decoder.spread(cast("_Decoder", None), [], 2, 1_000.0) == []


@pytest.mark.parametrize(("min_volume", "travel"), [(None, 1), (1.0, 2)])
def test_each_way_that_was_counted_gets_a_load_where_load_units_count(
    min_volume: float | None, travel: int
) -> None:
    """A whole order and one in parts fit into one load unit, two were counted on two ways.

    Where a bid has a minimum both travel, each with the goods that it can have; else the second one
    stays behind.
    """
    case = corridor(orders=(plain_order("WHOLE", "PA", 20, 9), plain_order("PARTS", "PA", 80, 9)))
    orders = tuple(replace(o, splittable=o.order_id == "PARTS") for o in case.orders)
    bids = tuple(replace(b, min_volume=min_volume) for b in case.bids)
    model = model_of(replace(case, orders=orders, bids=bids))
    group = next(
        g
        for g in model.options.groups
        if len(g.sharing.entries) == 2 and len({r.depart for r in g.runs}) > 1
    )
    first = group.runs[0]
    other = next(i for i, run in enumerate(group.runs) if run.depart != first.depart)
    values = np.zeros(len(model.linear.names))
    for at in (0, other):
        values[model.load_units[group.index, at]] = 1.0
    decoder = _Decoder(model, values.tolist(), {})
    for entry in group.sharing.entries:
        packed = model.options.packed[entry.order][0]
        decoder.contents[group.index].append((entry, packed, packed.units))
    made = decoder.stuff_group(group)
    assert isinstance(made, list)
    assert len({unit.run.depart for unit in made}) == len(made) == travel
    units = sum(len(some) for _, _, some in decoder.contents[group.index])
    assert sum(len(unit.load.placements) for unit in made) == units
