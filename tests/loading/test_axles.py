"""Axle loads of trailers, by hand: what a load does to them, and how the planner keeps them."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loading import rows
from loading.assign import Goal
from loading.axles import axle_loads_kg, axle_window_mm, axles_bind, supports
from loading.check import Placed, check_load, errors
from loading.clock import Clock
from loading.equipment import Equipment
from loading.shares import share_out
from loading.stacks import build_stacks, piece
from loading.stuffing import Stuffing, stuff
from tests.loading.pallets import box, container, placed, totals, units

TRAILER = container(10_000, 2400, 2400, teu=0.0, payload_kg=24_000.0)
"""Ten rows of two pallets of 1000 x 1200 mm."""
ON_KINGPIN = replace(
    TRAILER, kingpin_mm=1000.0, axles_mm=(6000.0, 7000.0, 8000.0), axle_limits_kg=(3000.0,) * 3
)
TWO_GROUPS = replace(TRAILER, axles_mm=(1000.0, 9000.0), axle_limits_kg=(5000.0, 8000.0))
PALLET = box(1000, 1200, 1500, 1000)


def sound(result: Stuffing, e: Equipment) -> None:
    for k, plan in enumerate(result.loads):
        assert not errors(check_load(f"L{k}", e, placed(plan), totals=totals(plan)))


def at(x_mm: int, kg: float) -> Placed:
    """A unit of 1 m with its middle at a place."""
    return Placed(1, x_mm - 500, 0, 0, 1000, 1200, 1500, kg, box(1000, 1200, 1500, kg))


def rules(e: Equipment, *units_there: Placed) -> list[str]:
    numbered = [replace(p, step=i) for i, p in enumerate(units_there, 1)]
    return [f.message for f in errors(check_load("T", e, numbered)) if f.rule == "axles"]


def test_a_beam_on_kingpin_and_axles() -> None:
    """9 t at 4 m, kingpin 1 m, axles about 7 m: half on each, 1.5 t of tare on the axles."""
    e = replace(ON_KINGPIN, axle_tare_kg=(500.0,) * 3)
    assert axle_loads_kg(e, 9000, 4000) == (4500.0, 6000.0)
    assert supports(TRAILER) is None
    assert not axles_bind(TRAILER)
    assert axle_loads_kg(TRAILER, 9000, 4000) is None


def test_windows() -> None:
    """Kingpin 1 m, axles 7 m bear 9 t: 12 t may lie 9 / 12 x 6 m = 4.5 m behind the kingpin.

    Two groups at 1 and 9 m bear 5 and 8 t: 10 t lie at least 9 - 5 / 10 x 8 = 5 m and at most
    1 + 8 / 10 x 8 = 7.4 m from the front wall; 13 t exactly at 9 - 5 / 13 x 8.
    """
    assert axle_window_mm(ON_KINGPIN, 12_000) == (0.0, 5500.0)
    assert axle_window_mm(TWO_GROUPS, 10_000) == (5000.0, 7400.0)
    least, most = axle_window_mm(TWO_GROUPS, 13_000)
    assert least == pytest.approx(most) == pytest.approx(9000 - 5 / 13 * 8000)
    assert axle_window_mm(TWO_GROUPS, 13_001)[0] > axle_window_mm(TWO_GROUPS, 13_001)[1]


def test_a_support_of_known_tare_is_not_lifted() -> None:
    """1 t of tare in front, supports 8 m apart: 8 t may lie 1 m behind the rear support."""
    e = replace(TWO_GROUPS, axle_limits_kg=(), axle_tare_kg=(1000.0, 1000.0))
    assert axle_window_mm(e, 8000)[1] == 10_000.0
    assert axle_window_mm(replace(e, inner_length_mm=12_000), 8000)[1] == 10_000.0
    long = replace(e, inner_length_mm=12_000)
    assert rules(long, at(10_000, 8000)) == []
    assert rules(long, at(10_100, 8000)) == ["the cargo lifts the front axles off (-100 kg)"]


def test_the_judge_finds_each_support() -> None:
    """At 5 m both bear half: 10.001 t are too much for 5 t in front, 16.001 t for 8 t behind."""
    light_front = replace(TWO_GROUPS, axle_limits_kg=(5000.0, 9000.0))
    assert rules(light_front, at(5000, 10_000)) == []
    assert rules(light_front, at(5000, 10_002)) == [
        "5,001 kg on the front axles; 5,000 kg are allowed"
    ]
    light_rear = replace(TWO_GROUPS, axle_limits_kg=(9000.0, 5000.0))
    assert rules(light_rear, at(5000, 10_002)) == ["5,001 kg on the axles; 5,000 kg are allowed"]
    assert rules(ON_KINGPIN, at(7000, 9001)) == ["9,001 kg on the axles; 9,000 kg are allowed"]
    assert rules(replace(ON_KINGPIN, axle_limits_kg=()), at(7000, 9001)) == []


def test_a_full_trailer_leaves_its_back_empty() -> None:
    """n rows of 2 t from the front wall bear 2 n (n / 2 - 1) / 6 t on the axles.

    Eight rows give 8 t of 9, nine rows 10.5 t, and a 17th pallet behind eight rows
    (64 + 8.5 - 17) / 6 = 9.25 t. So 16 of 20 pallets go in; without axle limits all of them.
    """
    twenty = units(20, PALLET)
    bound = stuff(twenty, ON_KINGPIN, max_loads=1)
    sound(bound, ON_KINGPIN)
    assert [len(p.placements) for p in bound.loads] == [16]
    assert len(bound.left) == 4
    assert bound.reasons == ("4 units of O/1: the axles would bear too much",)
    assert max(p.x_mm + p.dx_mm for p in bound.loads[0].placements) == 8000
    both = stuff(twenty, ON_KINGPIN)
    sound(both, ON_KINGPIN)
    assert (len(both.loads), both.left) == (2, ())
    free = stuff(twenty, TRAILER, max_loads=1)
    assert [len(p.placements) for p in free.loads] == [20]


def test_heavy_rows_go_to_the_front() -> None:
    """Five rows of 3 t in front of five of 0.4 t: (15 x 1.5 + 2 x 6.5) / 6 = 5.92 t.

    The other way round it is (2 x 1.5 + 15 x 6.5) / 6 = 16.75 t; without limits nothing moves.
    """
    goods = [*units(10, box(1000, 1200, 1500, 200)), *units(10, box(1000, 1200, 1600, 1500))]
    tight = replace(ON_KINGPIN, axle_limits_kg=(2000.0,) * 3)
    result = stuff(goods, tight)
    sound(result, tight)
    (plan,) = result.loads
    heavy = [p.x_mm for p in plan.placements if p.unit.mass_kg == 1500]
    assert max(heavy) == 4000
    assert len(stuff(goods, TRAILER).loads) == 1
    even = replace(ON_KINGPIN, axle_limits_kg=(1970.0,) * 3)  # 5.91 t: just too little
    assert len(stuff(goods, even).loads) == 2


def test_cargo_stands_back_where_the_front_bears_little() -> None:
    """8 t on 4 m: 5 t in front want the middle at 9 - 5 / 8 x 8 = 4 m, 2 m behind the wall."""
    eight = units(8, PALLET)
    result = stuff(eight, TWO_GROUPS)
    sound(result, TWO_GROUPS)
    assert result.loads[0].cog_x_mm >= 4000
    assert min(p.x_mm for p in result.loads[0].placements) >= 2000
    free = stuff(eight, replace(TWO_GROUPS, axle_limits_kg=(9000.0, 8000.0)))
    assert min(p.x_mm for p in free.loads[0].placements) == 0


def test_rows_change_places_before_a_gap_is_left() -> None:
    """Ten full rows leave no room to move: light ones in front bring the middle back.

    4 rows of 2 t and 6 of 0.2 t. Heavy in front the middle is (8 x 2 + 1.2 x 7) / 9.2 = 2.65 m;
    5.5 t of 9.2 in front want it at 9 - 5.5 / 9.2 x 8 = 4.22 m at least.
    """
    e = replace(TWO_GROUPS, axle_limits_kg=(5500.0, 8000.0))
    goods = [*units(8, PALLET), *units(12, box(1000, 1200, 1400, 100))]
    result = stuff(goods, e)
    sound(result, e)
    assert len(result.loads) == 1
    assert result.loads[0].cog_x_mm >= 4217


def test_stops_keep_their_order_within_axle_limits() -> None:
    """The last stop stands in front even where its pallets are light."""
    goods = [
        *units(6, box(1000, 1200, 1500, 200), stop=2),
        *units(6, box(1000, 1200, 1500, 1000, packaging_id="h"), stop=1),
    ]
    result = stuff(goods, ON_KINGPIN)
    sound(result, ON_KINGPIN)
    (plan,) = result.loads
    assert max(p.x_mm for p in plan.placements if p.unit.stop == 2) < min(
        p.x_mm for p in plan.placements if p.unit.stop == 1
    )


def test_low_priority_is_left_behind() -> None:
    low, high = units(10, PALLET, "low", priority=1), units(10, PALLET, "high", priority=2)
    result = stuff([*low, *high], ON_KINGPIN, max_loads=1)
    assert {u.order for u in result.left} == {"low"}
    assert len(result.left) == 4


TONNES = (8, 7, 6, 5, 4)


def test_masses_are_shared_out_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """8 + 7 and 6 + 5 + 4 t are 15 t each; heaviest first gives 8 + 5 and 7 + 6, and 4 is left."""
    e = replace(ON_KINGPIN, payload_kg=15_000.0, axle_limits_kg=(9000.0,) * 3)
    goods = [u for t in TONNES for u in units(1, box(1000, 1200, 1500, 1000.0 * t), f"O/{t}")]
    result = stuff(goods, e)
    sound(result, e)
    assert sorted(plan.mass_kg for plan in result.loads) == [15_000.0, 15_000.0]
    assert result.proved
    goal = Goal(e, e.payload_kg, None, 0.05, 0.1, 1, Clock(1.0))
    pieces = [piece(u, e) for u in goods]
    exact = rows.assign_rows(pieces, goal, 2)
    monkeypatch.setattr(rows, "_TIGHT", 2.0)
    plain = rows.assign_rows(pieces, goal, 2)
    assert exact is not None
    assert plain is not None
    assert (len(exact[0].loads), len(plain[0].loads)) == (2, 3)


@pytest.mark.parametrize("limit", [14.9, 15.0, 18.0])
def test_shares_against_every_division(limit: float) -> None:
    """CP-SAT finds a division into two exactly where trying all 32 finds one."""
    e = replace(ON_KINGPIN, payload_kg=40_000.0)
    goods = [u for t in TONNES for u in units(1, box(1000, 1200, 1500, 1000.0 * t))]
    stacks = build_stacks([piece(u, e) for u in goods], e, e.payload_kg)
    possible = any(
        max(sum(some), sum(TONNES) - sum(some)) <= limit
        for n in range(len(TONNES) + 1)
        for some in combinations(TONNES, n)
    )
    found = share_out(stacks, 2, limit * 1000, 10_000, lambda s: 500.0)
    assert (found is not None) == possible
    if found is not None:
        assert all(sum(s.mass_kg for s in share) <= limit * 1000 for share in found)
        assert sum(len(share) for share in found) == len(TONNES)


@st.composite
def trailers(draw: st.DrawFn) -> Equipment:
    places = sorted(draw(st.lists(st.integers(500, 9500), min_size=2, max_size=4, unique=True)))
    kingpin = draw(st.booleans())
    count = len(places) - (1 if kingpin else 0)
    return replace(
        TRAILER,
        kingpin_mm=float(places[0]) if kingpin else None,
        axles_mm=tuple(float(x) for x in places[1 if kingpin else 0 :]),
        axle_limits_kg=tuple(draw(st.floats(2000, 12_000)) for _ in range(count)),
        axle_tare_kg=draw(st.sampled_from([(), (700.0,) * count])),
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    trailers(),
    st.lists(
        st.tuples(
            st.sampled_from([(1000, 1200), (800, 1200), (1100, 1100)]),
            st.integers(50, 1500),
            st.integers(1, 2),
        ),
        min_size=1,
        max_size=24,
    ),
    st.sampled_from([None, 1]),
)
def test_every_load_keeps_its_axles(
    e: Equipment, goods: list[tuple[tuple[int, int], int, int]], most: int | None
) -> None:
    """Whatever is loaded, the judge finds no fault; planner and judge add up to the same."""
    made = [
        replace(u, unit_id=str(i), stop=stop)
        for i, ((long, wide), kg, stop) in enumerate(goods)
        for u in units(1, box(long, wide, 1500, kg))
    ]
    result = stuff(made, e, max_loads=most, seconds=0.1)
    sound(result, e)
    assert sum(len(p.placements) for p in result.loads) + len(result.left) == len(made)
    for plan in result.loads:
        loads = axle_loads_kg(e, plan.mass_kg, plan.cog_x_mm)
        assert loads is not None
        assert sum(loads) == pytest.approx(plan.mass_kg + sum(e.axle_tare_kg))
