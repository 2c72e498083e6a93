"""The equipment mix with the least weight."""

from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_the_bound_is_below_and_proves() -> None:
    """44 pallets: 22 spots x 2 layers of a 40GP; nothing with less than 2 TEU holds them."""
    mix = choose_mix(units(44, PALLET), TYPES)
    assert mix.counts == {"42G1": 1}
    assert mix.proved
    assert mix.bound == mix.weight


def test_a_bound_of_stacks() -> None:
    """Two heights of one code: 1.5 m never stands on 1.5 m, 0.7 m does under 2.3 m.

    12 of 1.5 m and 12 of 0.7 m make 12 stacks; a 20GP has 10 spots, so that one is not enough.
    """
    high = box(1200, 1000, 1500, 200, packaging_id="high", max_stack=2, stack_code="S")
    low = box(1200, 1000, 650, 100, packaging_id="low", max_stack=2, stack_code="S")
    some = [*units(12, high, "H/1"), *units(12, low, "L/1")]
    mix = choose_mix(some, [trade("20GP")])
    assert mix.counts == {"22G1": 2}
    assert mix.proved


def test_at_most_so_many_load_units() -> None:
    """70 pallets want 44 + 20 + 6; with two load units the largest ones: 44 + 26 in two 40GP."""
    assert len(choose_mix(units(70, PALLET), TYPES, max_loads=2).loads) == 2
    one = choose_mix(units(70, PALLET), TYPES, max_loads=1)
    assert sum(len(p.placements) for p in one.loads) == 44
    assert len(one.left) == 26
    assert len(one.left_because) == 26
    assert not one.proved


def test_urgent_goods_go_first() -> None:
    """One 20GP takes 20 of 25: the five urgent ones are among them."""
    some = [*units(20, PALLET, "late/1"), *units(5, PALLET, "now/1", priority=5.0)]
    mix = choose_mix(some, [trade("20GP")], max_loads=1)
    assert {u.order for u in mix.left} == {"late/1"}


def test_each_unit_has_its_own_reason() -> None:
    some = [*units(1, box(3000, 2500, 1000)), *units(2, box(1000, 1000, 1000, 29_000), "heavy/1")]
    mix = choose_mix(some, TYPES)
    told = {u.order: why for u, why in zip(mix.left, mix.left_because, strict=True)}
    assert "too large" in told["O/1"]
    assert "heavier" in told["heavy/1"]


BY_SIZE = [trade(name) for name in ("20GP", "40GP", "40HC", "45HC")]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([(1200, 1000), (1200, 800), (1100, 1100), (800, 600)]),
            st.integers(8, 22), st.integers(1, 3), st.integers(1, 14), st.integers(100, 1500),
        ),
        min_size=1, max_size=3,
    )
)  # fmt: skip
def test_a_bigger_container_never_makes_it_worse(
    rows: list[tuple[tuple[int, int], int, int, int, int]],
) -> None:
    """With each larger type added the weight falls or stays, and the bound stays below it."""
    some = []
    for k, ((length, width), height, layers, count, kg) in enumerate(rows):
        p = box(length, width, 100 * height, kg, packaging_id=f"p{k}", max_stack=layers)
        some += units(count, p, f"O{k}/1")
    before = None
    for n in range(1, len(BY_SIZE) + 1):
        mix = choose_mix(some, BY_SIZE[:n], seconds=0.7)
        if mix.left:
            assert before is None
            continue
        assert mix.bound <= mix.weight + 1e-6
        assert before is None or mix.weight <= before + 1e-6
        before = mix.weight
