"""Cartons in several containers, and load lists of loose cartons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.loading_boxes import read_thpack
from loading.cartons.boxes import BoxKind, ways_by_flags
from loading.cartons.loose import MANY, is_loose
from loading.cartons.many import least_containers, pack_all
from loading.cartons.pack import Limit
from loading.check import Placed, check_load, errors
from loading.equipment import named
from loading.stuffing import Stuffing, stuff
from loading.units import HandlingUnit, Packaging

ANY_SIDE = (True, True, True)
FEW = Limit(iterations=600)


def kind(sizes: tuple[int, int, int], count: int, kg: float = 0.0) -> BoxKind:
    return BoxKind(sizes, count, ways_by_flags(sizes, ANY_SIDE), kg)


def test_the_bound_by_volume_mass_and_boxes_that_stand_alone() -> None:
    """9 cubes of 1 in a room of 2 x 2 x 2: two rooms; 40 kg of 15 each: three; five cubes of 2
    (of 3 x 3 x 3) can share no room: five."""
    assert least_containers([kind((1, 1, 1), 9)], (2, 2, 2)) == 2
    assert least_containers([kind((1, 1, 1), 4, 10)], (2, 2, 2), 15) == 3
    assert least_containers([kind((2, 2, 2), 5)], (3, 3, 3)) == 5


def test_all_boxes_are_packed_and_the_bound_is_met() -> None:
    """Eight halves and eight quarters of a room of 4 x 4 x 4 fill six rooms to the last."""
    kinds = [kind((4, 4, 2), 8), kind((4, 2, 2), 8)]
    packed = pack_all(kinds, (4, 4, 4), FEW)
    assert packed.bound == len(packed.loads) == 6
    assert sum(len(load) for load in packed.loads) == 16
    assert packed.left == (0, 0)


def test_boxes_that_fit_nowhere_are_left() -> None:
    packed = pack_all([kind((1, 1, 1), 3), kind((9, 1, 1), 2)], (4, 4, 4), FEW)
    assert packed.left == (0, 2)
    assert sum(len(load) for load in packed.loads) == 3


def test_the_same_iterations_and_seed_give_the_same_containers() -> None:
    kinds = [kind((3, 2, 2), 20), kind((4, 1, 2), 15), kind((2, 2, 1), 11)]
    first = pack_all(kinds, (6, 5, 5), FEW, seed=7)
    assert first == pack_all(kinds, (6, 5, 5), FEW, seed=7)


SIDES = st.integers(1, 6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.tuples(SIDES, SIDES, SIDES), st.integers(1, 9)), min_size=1, max_size=4)
)
def test_every_box_is_packed_exactly_once(
    rows: list[tuple[tuple[int, int, int], int]],
) -> None:
    kinds = [kind(sizes, count) for sizes, count in rows]
    packed = pack_all(kinds, (7, 6, 6), Limit(iterations=150))
    used = [0] * len(kinds)
    for load in packed.loads:
        assert load
        for place in load:
            used[place.kind] += 1
    assert used == [k.count for k in kinds]
    assert len(packed.loads) >= packed.bound


def test_problem_files_are_read_with_and_without_a_seed(tmp_path: Path) -> None:
    file = tmp_path / "two.txt"
    file.write_text(
        " 2\n 1 2502505\n 587 233 220\n 1\n 1 108 0 76 0 30 1 40\n"
        " 7\n 3000 2000 1000\n 2\n 1 4 1 3 1 2 1 24\n 2 5 1 5 1 5 0 1\n 3\n",
        encoding="utf-8",
    )
    first, second = read_thpack(file)
    assert first.inner == (587, 233, 220)
    assert first.upright == ((False, False, True),)
    assert [k.count for k in second.kinds] == [24, 1]
    assert second.upright[1] == (True, True, False)


CARTON = Packaging("C1", "s", 1, 600, 400, 350, 12.0, 0.5, max_stack=99, stack_code="carton")


def cartons(count: int, *others: Packaging) -> list[HandlingUnit]:
    all_kinds = (CARTON, *others)
    return [
        HandlingUnit(f"u{i}", "o/1", k, 1, k.gross_mass_kg)
        for i in range(count)
        for k in [all_kinds[i % len(all_kinds)]]
    ]


@pytest.mark.parametrize(
    "other",
    [
        replace(CARTON, gross_mass_kg=25.1),
        replace(CARTON, max_stack=1),
        replace(CARTON, stack_code="other"),
    ],
)
def test_what_is_heavy_flat_or_of_another_code_is_no_loose_carton(other: Packaging) -> None:
    assert is_loose(cartons(MANY))
    assert not is_loose(cartons(MANY, other))


def test_few_units_or_units_with_a_stop_or_group_are_no_loose_cartons() -> None:
    units = cartons(MANY)
    assert not is_loose(units[1:])
    assert not is_loose([replace(units[0], stop=2), *units[1:]])
    assert not is_loose([replace(units[0], group="g"), *units[1:]])
    assert not is_loose([replace(units[0], priority=2), *units[1:]])


def sound(found: Stuffing) -> bool:
    for load in found.loads:
        placed = [
            Placed(
                p.step, p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm,
                p.unit.mass_kg, p.unit.packaging,
            )
            for p in load.placements
        ]  # fmt: skip
        if errors(check_load("L", load.equipment, placed)):
            return False
    return True


MIXED = (
    replace(CARTON, packaging_id="C2", length_mm=480, width_mm=330, height_mm=270),
    replace(CARTON, packaging_id="C3", length_mm=710, width_mm=520, height_mm=410),
    replace(CARTON, packaging_id="C4", length_mm=390, width_mm=290, height_mm=190),
)


def test_mixed_cartons_need_no_more_load_units_and_pass_the_check() -> None:
    """1,650 cartons of four sizes, 137 m3: more than one 40HC (76 m3) and less than two."""
    hc = named("40HC")
    assert hc is not None
    units = cartons(1650, *MIXED)
    found = stuff(units, hc, seconds=2.0)
    assert not found.left
    assert len(found.loads) == found.lower_bound == 2
    assert sound(found)
    loaded = [u.unit_id for load in found.loads for u in load.units]
    assert sorted(loaded) == sorted(u.unit_id for u in units)


def test_what_does_not_fit_into_the_loads_allowed_is_left_and_told() -> None:
    gp = named("20GP")
    assert gp is not None
    found = stuff(cartons(1650, *MIXED), gp, max_loads=1, seconds=1.0)
    assert len(found.loads) == 1
    assert len(found.left) + len(found.loads[0].placements) == 1650
    assert found.reasons
    assert sound(found)
    assert found.loads[0].volume_use > 0.85


def test_a_part_load_of_very_many_cartons_stands_balanced() -> None:
    """1,640 cartons of 5 m3 in a 20GP (33 m3), light ones and heavy ones."""
    gp = named("20GP")
    assert gp is not None
    small = [
        replace(
            k, packaging_id=f"S{i}", gross_mass_kg=1.0 + 2 * i,
            length_mm=k.length_mm // 3, width_mm=k.width_mm // 3, height_mm=k.height_mm // 3,
        )
        for i, k in enumerate((CARTON, *MIXED))
    ]  # fmt: skip
    units = [
        HandlingUnit(f"u{i}", "o/1", k, 1, k.gross_mass_kg)
        for i in range(1640)
        for k in [small[i % 4]]
    ]
    (load,) = stuff(units, gp, seconds=2.0).loads
    assert len(load.placements) == 1640
    assert abs(load.cog_share) <= 0.05
