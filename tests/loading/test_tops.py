"""Half-full stacks, and parcels side by side on top of stacks: counts by hand, and the check."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from loading.check import check_load, check_units, errors
from loading.stuffing import stuff
from tests.loading.pallets import box, container, counts, placed, totals, trade, units

PALLET = box(1200, 1000, 1000, 400, packaging_id="pallet", max_stack=3, stack_code="S",
             max_top_load_kg=500.0)  # fmt: skip
PARCEL = box(600, 500, 400, 20, packaging_id="parcel", max_stack=2, stack_code="S")


def test_parcels_stand_side_by_side_on_a_pallet() -> None:
    """A floor of one pallet, 1.9 m high: 4 spots on top, 2 layers of 0.4 m: 8 parcels."""
    e = container(1200, 1000, 1900)
    some = [*units(1, PALLET), *units(8, PARCEL, "P/1")]
    result = stuff(some, e)
    assert counts(result) == [9]
    assert not errors(check_load("L", e, placed(result.loads[0]), totals=totals(result.loads[0])))
    assert sorted({p.z_mm for p in result.loads[0].placements}) == [0, 1000, 1400]
    assert sorted(counts(stuff([*some, *units(1, PARCEL, "Q/1")], e))) == [1, 9]


def test_another_code_keeps_parcels_off() -> None:
    e = container(1200, 1000, 1900)
    apart = replace(PARCEL, stack_code="T")
    assert sorted(counts(stuff([*units(1, PALLET), *units(4, apart, "P/1")], e))) == [1, 4]


def test_bearing_limits_what_stands_on_top() -> None:
    """60 kg of bearing carry three parcels of 20 kg."""
    e = container(1200, 1000, 1900)
    weak = replace(PALLET, max_top_load_kg=60.0)
    result = stuff([*units(1, weak), *units(4, PARCEL, "P/1")], e, max_loads=1)
    assert counts(result) == [4]
    assert not errors(check_load("L", e, placed(result.loads[0])))


def test_layers_count_through_the_stack() -> None:
    """A pallet of two layers carries one layer of parcels: four."""
    e = container(1200, 1000, 1900)
    two = replace(PALLET, max_stack=2)
    result = stuff([*units(1, two), *units(8, PARCEL, "P/1")], e, max_loads=1)
    assert counts(result) == [5]


def test_stops_do_not_share_a_stack() -> None:
    e = container(1200, 1000, 1900)
    result = stuff([*units(1, PALLET, stop=1), *units(4, PARCEL, "P/1", stop=2)], e)
    assert sorted(counts(result)) == [1, 4]


def test_half_full_stacks() -> None:
    """Five pallets, two layers, three spots: two full stacks and a single one."""
    e = container(3600, 1000, 2100)
    two = replace(PALLET, max_stack=2)
    result = stuff(units(5, two), e)
    assert counts(result) == [5]
    assert sum(p.z_mm == 0 for p in result.loads[0].placements) == 3


def test_half_full_stack_carries_parcels() -> None:
    """The half-full stack of three has room for two layers of four parcels on top."""
    e = container(2400, 1000, 2100)
    result = stuff([*units(3, PALLET), *units(8, PARCEL, "P/1")], e)
    assert counts(result) == [11]
    assert not errors(check_load("L", e, placed(result.loads[0])))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(1, 12), st.integers(1, 60), st.integers(150, 700), st.integers(150, 700),
    st.integers(100, 600), st.floats(1.0, 60.0), st.integers(1, 4), st.booleans(),
    st.sampled_from([None, 100.0, 900.0]), st.sampled_from(["20GP", "EU136", "40RH"]),
)  # fmt: skip
def test_random_parcels_on_pallets_are_sound(
    pallets: int, parcels: int, length: int, width: int, height: int, kg: float, high: int,
    turn: bool, bearing: float | None, name: str,
) -> None:  # fmt: skip
    e = trade(name)
    base = replace(PALLET, max_top_load_kg=bearing, rotate_on_floor=turn)
    small = box(length, width, height, kg, packaging_id="small", max_stack=high, stack_code="S",
                rotate_on_floor=turn, max_top_load_kg=bearing)  # fmt: skip
    some = [*units(pallets, base), *units(parcels, small, "P/1")]
    result = stuff(some, e, seconds=0.1)
    for k, plan in enumerate(result.loads):
        assert errors(check_load(f"L{k}", e, placed(plan), totals=totals(plan))) == []
    left = {u.unit_id for u in result.left}
    loads = {f"L{k}": [u.unit_id for u in p.units] for k, p in enumerate(result.loads)}
    assert check_units(loads, [u.unit_id for u in some if u.unit_id not in left]) == []
