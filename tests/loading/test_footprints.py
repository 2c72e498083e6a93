"""Footprints on a floor: counts known by hand, bounds, and layouts that never overlap."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loading.footprints import floor_layout
from loading.stuffing import capacity, fits, floor_count, layers
from tests.loading.pallets import box, container, trade

HC = (12032, 2352, 2340)


def layout_count(length: int, width: int, turn: bool = True) -> int:
    return len(floor_layout(length, width, turn, *HC).spots)


def test_mixed_rows() -> None:
    """6 rows of two lengthwise = 10752 mm, and one turned: 10752 + 1140 = 11892 of 12032."""
    assert layout_count(1792, 1140) == 13
    assert layout_count(1792, 1140, turn=False) == 12


def test_two_lanes() -> None:
    """EUR pallets: a lane of 10 x 1200 mm and a lane of 15 x 800 mm = 25, as the trade counts."""
    layout = floor_layout(1200, 800, True, *HC)
    assert len(layout.spots) == 25
    assert layout.proved


def test_pinwheel() -> None:
    """Four 3 x 2 blocks round a 1 x 1 hole fill a 5 x 5 floor; cuts from wall to wall reach 3."""
    layout = floor_layout(3, 2, True, 5, 5, 5)
    assert len(layout.spots) == 4
    assert layout.proved


def test_door_forbids_turning() -> None:
    """2345 mm across stands inside 2352 mm but does not pass a door of 2340 mm."""
    assert len(floor_layout(2345, 1000, True, 2400, 2352, 2352).spots) == 2
    assert len(floor_layout(2345, 1000, True, 2400, 2352, 2340).spots) == 2
    assert len(floor_layout(2345, 1000, True, 1500, 2352, 2352).spots) == 1
    assert len(floor_layout(2345, 1000, True, 1500, 2352, 2340).spots) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.integers(300, 2600),
    st.integers(200, 1400),
    st.booleans(),
    st.integers(1500, 6000),
    st.integers(1000, 2480),
)
def test_layouts_are_sound(length: int, width: int, turn: bool, floor_l: int, floor_w: int) -> None:
    layout = floor_layout(length, width, turn, floor_l, floor_w, floor_w)
    assert len(layout.spots) <= layout.bound
    for x, y, dx, dy in layout.spots:
        assert x >= 0
        assert y >= 0
        assert x + dx <= floor_l
        assert y + dy <= floor_w
        assert (dx, dy) == (length, width) or (turn and (dx, dy) == (width, length))
    for (x, y, dx, dy), (u, v, du, dv) in combinations(layout.spots, 2):
        assert x + dx <= u or u + du <= x or y + dy <= v or v + dv <= y


def test_layers_by_height_and_lift() -> None:
    """2 x 1251 = 2502, with 80 mm lift 2582 of the 2585 mm door; 1253 would need 2586."""
    hc = trade("40HC")
    assert layers(box(2396, 1110, 1251, 1200, max_stack=2), hc) == 2
    assert layers(box(2396, 1110, 1253, 1200, max_stack=2), hc) == 1
    assert layers(box(2396, 1110, 1251, 1200, max_stack=1), hc) == 1
    assert layers(box(2396, 1110, 2586, 1200), hc) == 0


def test_cartons_need_no_lift() -> None:
    """A carton of 20 kg is set by hand up to the roof: 6 x 440 = 2640 of 2698 mm."""
    assert layers(box(600, 400, 440, 20, max_stack=9), trade("40HC")) == 6
    assert layers(box(600, 400, 440, 30, max_stack=9), trade("40HC")) == 5


def test_layers_by_bearing() -> None:
    """Of 100 kg each on a limit of 250 kg: two on the lowest, three layers."""
    e = container()
    assert layers(box(1000, 1000, 500, 100, max_stack=9, max_top_load_kg=250), e) == 3
    assert layers(box(1000, 1000, 500, 100, max_stack=9), e) == 4
    assert layers(box(1000, 1000, 500, 100, max_stack=9, max_top_load_kg=0), e) == 1


def test_side_is_chosen_where_allowed() -> None:
    """Upright 12 spots, 1 layer; on its side lanes of 4 and 6 spots (1000 + 1300 mm), 2 layers."""
    upright = box(1000, 1000, 1300, 20, max_stack=9)
    assert capacity(upright, container()) == 12
    assert capacity(replace(upright, upright_only=False), container()) == 20


def test_capacity_binds_on_mass_and_floor() -> None:
    """24 spots: 20 t over 1 t each = 20 units; a limit of 2 t a metre over 6 m leaves 12."""
    unit = box(1000, 600, 1000, 1000, max_stack=1)
    assert floor_count(unit, container()) == 24
    assert capacity(unit, container()) == 20
    assert capacity(unit, container(), max_cargo_kg=8_500) == 8
    assert capacity(unit, container(floor_load_kg_per_m=2000)) <= 12
    assert capacity(unit, container(floor_load_kg_per_m=2000)) >= 10


@pytest.mark.parametrize("size", [(6001, 1000, 1000), (1000, 2401, 1000), (1000, 1000, 2401)])
def test_too_large(size: tuple[int, int, int]) -> None:
    unit = box(*size, rotate_on_floor=False)
    assert not fits(unit, container())
    assert floor_count(unit, container()) == 0
    assert capacity(unit, container()) == 0
