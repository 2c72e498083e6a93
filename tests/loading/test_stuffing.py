"""Stuffing: each rule once binding and once removed, counts by hand, the modules' data sheets."""

from dataclasses import replace

import pytest

from loading.check import check_load, errors
from loading.stuffing import stuff
from loading.units import HandlingUnit, handling_units
from tests.loading.pallets import box, container, counts, placed, totals, trade, units

# maker's data sheets (pv_modules.csv): module kg, pallet mm, pieces a pallet, pieces a 40HC
PV_ROWS = [
    (21.0, (1792, 1140, 1249), 37, 962),
    (24.0, (1792, 1140, 1249), 37, 962),
    (31.0, (2338, 1140, 1251), 36, 720),
    (27.0, (2308, 1140, 1249), 37, 740),
    (32.4, (2396, 1110, 1251), 36, 720),
    (28.0, (2396, 1110, 1251), 36, 720),
]
PACKING_KG = 45.0  # of one pallet with its timber and straps: an assumption


def sound(result, e, **more):  # type: ignore[no-untyped-def]
    for k, plan in enumerate(result.loads):
        assert not errors(check_load(f"L{k}", e, placed(plan), totals=totals(plan), **more))


@pytest.mark.parametrize(("kg", "size", "pieces", "a_box"), PV_ROWS)
def test_module_pallets(kg: float, size: tuple[int, int, int], pieces: int, a_box: int) -> None:
    """The count of the data sheet in one 40HC; one pallet more takes a second."""
    hc = trade("40HC")
    pallet = box(*size, pieces * kg + PACKING_KG, max_stack=2)
    pallet = replace(pallet, units=pieces, packaging_mass_kg=PACKING_KG)
    result = stuff(handling_units("O/1", a_box, kg, pallet), hc)
    assert counts(result) == [a_box // pieces]
    assert result.proved
    assert abs(result.loads[0].cog_share) <= 0.05
    sound(result, hc)
    assert len(stuff(handling_units("O/1", a_box + 1, kg, pallet), hc).loads) == 2


def test_as_few_as_can_be() -> None:
    """24 spots x 2 layers = 48 a box; 100 units take 3, and 3 is proved."""
    e = container()
    result = stuff(units(100, box(1000, 600, 1100, 100, max_stack=2)), e)
    assert counts(result) == [48, 48, 4]
    assert (result.lower_bound, result.proved) == (3, True)
    sound(result, e)


def test_max_loads_leaves_the_rest_with_a_reason() -> None:
    e = container()
    result = stuff(units(100, box(1000, 600, 1100, 100, max_stack=2)), e, max_loads=2)
    assert counts(result) == [48, 48]
    assert len(result.left) == 4
    assert result.reasons == ("4 units of O/1: no room left on the floor",)
    assert not result.proved


def test_road_limit() -> None:
    """At 1 t each the payload of 20 t takes 20; a road limit of 15.5 t takes 15."""
    e, unit = container(), box(1000, 600, 1100, 1000, max_stack=1)
    assert counts(stuff(units(20, unit), e)) == [20]
    limited = stuff(units(20, unit), e, max_cargo_kg=15_500)
    assert counts(limited) == [15, 5]
    assert limited.proved
    sound(limited, e, max_cargo_kg=15_500)
    over = stuff(units(20, unit), e, max_cargo_kg=15_500, max_loads=1)
    assert over.reasons == ("5 units of O/1: the mass limit is reached",)


def test_floor_load() -> None:
    """Rows of four 1 t units, 600 mm deep, are 6.7 t a metre; a limit of 3 t spreads them."""
    unit = box(1000, 600, 1100, 1000)
    free = stuff(units(16, unit), container())
    assert counts(free) == [16]
    assert free.loads[0].floor_kg_per_m > 3000
    e = container(floor_load_kg_per_m=3000)
    limited = stuff(units(16, unit), e)
    assert all(plan.floor_kg_per_m <= 3000.1 for plan in limited.loads)
    sound(limited, e)


def test_stack_codes() -> None:
    """One spot each: equal codes share it, others do not."""
    e = container(1000, 1000, 2000)
    a = box(1000, 1000, 800, packaging_id="a", max_stack=2, stack_code="X")
    b = replace(a, packaging_id="b")
    other = replace(b, stack_code="Y")
    assert len(stuff([*units(1, a), *units(1, b, "O/2")], e).loads) == 1
    assert len(stuff([*units(1, a), *units(1, other, "O/2")], e).loads) == 2


def test_smaller_footprint_above() -> None:
    """The larger one carries the smaller one, which stands in its middle; never the reverse."""
    e = container(1000, 1000, 2000)
    large = box(1000, 1000, 800, 50, packaging_id="large", max_stack=2, stack_code="X")
    small = box(600, 600, 800, 90, packaging_id="small", max_stack=2, stack_code="X")
    result = stuff([*units(1, small, "O/2"), *units(1, large)], e)
    assert counts(result) == [2]
    lower, upper = result.loads[0].placements
    assert lower.unit.packaging.packaging_id == "large"
    assert (upper.x_mm, upper.y_mm, upper.z_mm) == (200, 200, 800)
    sound(result, e)
    wide = replace(small, length_mm=1000, width_mm=500)
    tall = replace(large, length_mm=600, width_mm=900)
    assert len(stuff([*units(1, wide), *units(1, tall, "O/2")], e).loads) == 2


def test_layers_of_the_lower_one_count() -> None:
    """max_stack counts from a unit upwards: one that allows 1 may still stand on top of others."""
    e = container(1000, 1000, 2400)
    base = box(1000, 1000, 700, 100, packaging_id="base", max_stack=3, stack_code="X")
    top = replace(base, packaging_id="top", max_stack=1, gross_mass_kg=60)
    result = stuff([*units(1, top, "O/2"), *units(2, base)], e)
    assert counts(result) == [3]
    assert result.loads[0].placements[-1].unit.packaging.packaging_id == "top"


def test_part_full_units_stand_on_top() -> None:
    """Three full and one light unit on two spots: the light one is never below."""
    e = container(2000, 1000, 2000)
    unit = box(1000, 1000, 900, 100, max_stack=2)
    light = HandlingUnit("light", "O/1", unit, 1, 40.0)
    result = stuff([light, *units(3, unit)], e)
    assert counts(result) == [4]
    assert next(p for p in result.loads[0].placements if p.unit is light).z_mm == 900


def test_bearing() -> None:
    e = container(1000, 1000, 2000)
    weak = box(1000, 1000, 900, 100, max_stack=2, max_top_load_kg=99)
    assert len(stuff(units(2, weak), e).loads) == 2
    assert len(stuff(units(2, replace(weak, max_top_load_kg=100)), e).loads) == 1


def test_turning_on_the_floor() -> None:
    """900 x 600 on a floor of 1200 x 900: two only if they may be turned."""
    e = container(1200, 900, 1000)
    unit = box(900, 600, 900)
    assert len(stuff(units(2, unit), e).loads) == 1
    assert len(stuff(units(2, replace(unit, rotate_on_floor=False)), e).loads) == 2


def test_door() -> None:
    e = container(2400, 2400, 2400)
    unit = box(1000, 1000, 2300)
    assert stuff(units(1, unit), e).loads
    low = replace(e, door_height_mm=2280)
    result = stuff(units(1, unit), low)
    assert not result.loads
    assert "too large for a TEST or its door" in result.reasons[0]
    narrow = replace(e, door_width_mm=990)
    assert not stuff(units(1, unit), narrow).loads


def test_no_tight_fit_at_the_door_without_need() -> None:
    """2338 mm across would leave 2 mm at a door of 2340 mm: lengthwise, unless it may not turn."""
    hc = trade("40HC")
    unit = box(2338, 1140, 1251, 1161, max_stack=2)
    assert {p.dy_mm for p in stuff(units(20, unit), hc).loads[0].placements} == {1140}
    across = replace(unit, length_mm=1140, width_mm=2338, rotate_on_floor=False)
    assert {p.dy_mm for p in stuff(units(20, across), hc).loads[0].placements} == {2338}


def test_few_units_stand_in_the_middle() -> None:
    """One row against the front wall would put the centre of gravity 42 % off."""
    e = container()
    plan = stuff(units(2, box(1000, 1000, 900)), e).loads[0]
    assert abs(plan.cog_share) < 0.001
    assert min(p.x_mm for p in plan.placements) == 2500


def test_trailers_are_loaded_from_the_front_and_keep_their_axles() -> None:
    """10 t on 4 m from the front wall, kingpin 1.5 m, axles 9 m: (2 - 1.5) / 7.5 x 10 t."""
    e = container(12_000, teu=0.0)
    heavy = units(8, box(1000, 1100, 900, 1250))
    assert min(p.x_mm for p in stuff(heavy, e).loads[0].placements) == 0
    axles = replace(
        e,
        kingpin_mm=1500.0,
        axles_mm=(8000.0, 9000.0, 10_000.0),
        axle_limits_kg=(1000.0, 1000.0, 1000.0),
        axle_tare_kg=(400.0, 400.0, 400.0),
    )
    result = stuff(heavy, axles)
    sound(result, axles)


def test_stops_stand_in_unloading_order() -> None:
    e = container()
    unit = box(1000, 600, 1100, 100, max_stack=2)
    result = stuff([*units(20, unit, "near", stop=1), *units(20, unit, "far", stop=2)], e)
    assert counts(result) == [40]
    plan = result.loads[0]
    sound(result, e)
    first = [p.x_mm for p in plan.placements if p.unit.stop == 1]
    last = [p.x_mm + p.dx_mm for p in plan.placements if p.unit.stop == 2]
    assert sum(first) / len(first) > sum(last) / len(last)


def test_groups() -> None:
    """Two groups of one row each share a box unless they may not meet."""
    e, unit = container(), box(1000, 600, 1100)
    together = [*units(4, unit, "a", group="a"), *units(4, unit, "b", group="b")]
    assert counts(stuff(together, e)) == [8]
    apart = [*units(4, unit, "a", group="a"), *units(4, unit, "b", group="b", not_with=("a",))]
    assert counts(stuff(apart, e)) == [4, 4]


def test_a_group_is_never_split() -> None:
    """30 units on 24 spots cannot stay together; 20 and 20 take a box each."""
    e, unit = container(), box(1000, 600, 2000)
    result = stuff(units(30, unit, group="all"), e)
    assert not result.loads
    assert "the group does not fit into one load unit together" in result.reasons[0]
    two = stuff([*units(20, unit, "a", group="a"), *units(20, unit, "b", group="b")], e)
    assert counts(two) == [20, 20]


def test_priority_where_not_everything_fits() -> None:
    e, unit = container(), box(1000, 600, 2000)
    other = box(1000, 500, 2000)
    result = stuff(
        [*units(24, unit, "late"), *units(10, other, "now", priority=5.0)], e, max_loads=1
    )
    loaded = {u.order for u in result.loads[0].units}
    assert sum(u.order == "now" for u in result.loads[0].units) == 10
    assert loaded == {"now", "late"}
    assert {u.order for u in result.left} == {"late"}


def test_mass_and_space_are_mixed() -> None:
    """12 heavy units (18 t) and 24 light ones: both boxes share both, 2 is the bound."""
    e = container()
    heavy = box(1000, 1200, 1000, 1500)
    light = box(1000, 1200, 2000, 100)
    result = stuff([*units(12, heavy), *units(12, light, "O/2")], e)
    assert len(result.loads) == result.lower_bound == 2
    sound(result, e)


def test_mixed_boxes_give_a_sound_plan() -> None:
    e = trade("20GP")
    mixed = [
        *units(40, box(600, 400, 400, 18, max_stack=5, max_top_load_kg=90)),
        *units(25, box(800, 600, 500, 40, max_stack=4, upright_only=False), "O/2"),
        *units(5, box(1200, 1000, 1100, 600, max_stack=2), "O/3"),
    ]
    result = stuff(mixed, e)
    assert len(result.loads) == 1
    assert not result.left
    sound(result, e)


def test_same_seed_same_plan() -> None:
    e = trade("40HC")
    mixed = [*units(9, box(1792, 1140, 1249, 800, max_stack=2)), *units(7, box(1200, 800, 900))]
    assert stuff(mixed, e) == stuff(mixed, e)


def test_nothing_and_weightless() -> None:
    e = container()
    assert stuff([], e).loads == ()
    assert counts(stuff(units(2, box(500, 500, 500, 0.0)), e)) == [2]
    assert stuff(units(2, box(500, 500, 500)), e, max_loads=0).loads == ()


def test_too_heavy_is_left_with_the_reason() -> None:
    result = stuff(units(1, box(1000, 1000, 1000, 20_001)), container())
    assert not result.loads
    assert "heavier than a TEST may carry here (20,001 of 20,000 kg)" in result.reasons[0]
