"""The equipment mix with the least weight."""

from loading.mix import choose_mix
from tests.loading.pallets import box, trade, units

TYPES = [trade("40HC"), trade("40GP"), trade("20GP")]
PALLET = box(1200, 1000, 1100, 400, max_stack=2)


def test_one_small_load_takes_the_small_box() -> None:
    """10 spots x 2 layers: 20 pallets fill a 20GP."""
    assert choose_mix(units(20, PALLET), TYPES).counts == {"22G1": 1}


def test_two_small_boxes_give_way_to_one_large() -> None:
    """40 pallets fill two 20GP or one 40GP (22 spots x 2); the 40GP is lighter than the 40HC."""
    assert choose_mix(units(40, PALLET), TYPES).counts == {"42G1": 1}


def test_the_remainder_takes_a_small_box() -> None:
    """54 = 44 in a 40GP and 10 in a 20GP: 3 TEU instead of 4."""
    mix = choose_mix(units(54, PALLET), TYPES)
    assert mix.counts == {"42G1": 1, "22G1": 1}
    assert not mix.left


def test_heavy_goods_take_small_boxes() -> None:
    """40 t: two 20GP carry 20 t each in 2 TEU, a 40GP 28.8 t."""
    dense = box(1100, 1000, 500, 2000)
    assert choose_mix(units(20, dense), TYPES).counts == {"22G1": 2}


def test_high_goods_take_the_high_box() -> None:
    assert choose_mix(units(20, box(1200, 1000, 2500, 400)), TYPES).counts == {"45G1": 1}


def test_own_weights() -> None:
    """Where a 20GP costs more than a 40HC, it is not used."""
    cost = {"22G1": 1500.0, "42G1": 1600.0, "45G1": 1400.0}
    assert choose_mix(units(10, PALLET), TYPES, weights=cost).counts == {"45G1": 1}


def test_road_limit_by_type() -> None:
    """8 t in a 20GP at a limit of 5 t: two of them weigh as much as one 40GP, which is fewer."""
    mix = choose_mix(units(20, PALLET), TYPES, max_cargo_kg={"22G1": 5000.0})
    assert mix.counts == {"42G1": 1}


def test_many_load_units_exchange_the_last() -> None:
    """6 x 44 = 264 in 40GP and 10 more: the last one is a 20GP."""
    assert choose_mix(units(274, PALLET), TYPES).counts == {"42G1": 6, "22G1": 1}


def test_types_share_what_none_takes_alone() -> None:
    """Only the 40HC takes the high units; nothing is left over although the 20GP stands first."""
    some = [*units(3, box(1200, 1000, 2500, 400), "high"), *units(4, PALLET, "low")]
    mix = choose_mix(some, [trade("20GP"), trade("40HC")])
    assert mix.counts == {"45G1": 1}


def test_what_fits_nothing_is_left() -> None:
    mix = choose_mix(units(1, box(3000, 2500, 1000)), TYPES)
    assert len(mix.left) == 1
    assert not mix.proved
    assert "too large" in mix.reasons[0]
