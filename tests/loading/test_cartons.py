"""The carton packer: sums by hand, what never happens, and published problems.

`BR1_1` is the first problem of class BR1 of E. E. Bischoff and M. S. W. Ratcliff, Issues in the
development of approaches to container loading, Omega 23(4), 1995, as the OR-Library gives it (file
thpack1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loading.cartons.blocks import boxes_of, make_blocks, ranked
from loading.cartons.boxes import BoxKind, BoxPlace, ways_by_flags
from loading.cartons.order import stuffing_order
from loading.cartons.pack import Found, Limit, pack_boxes
from loading.check import Placed, check_load, errors
from loading.equipment import Equipment
from loading.units import Packaging

Size = tuple[int, int, int]
ANY_SIDE = (True, True, True)
BR1_1 = (
    (587, 233, 220),
    (
        ((108, 76, 30), (False, False, True), 40),
        ((110, 43, 25), (False, True, True), 33),
        ((92, 81, 55), (True, True, True), 39),
    ),
)


def kind(sizes: Size, count: int, upright: Sequence[bool] = ANY_SIDE, kg: float = 0.0) -> BoxKind:
    return BoxKind(sizes, count, ways_by_flags(sizes, upright), kg)


def faults(places: Sequence[BoxPlace], kinds: Sequence[BoxKind], inner: Size) -> list[str]:
    """What the independent check says; the places are in the order of stuffing."""
    packagings = [
        Packaging(f"{i}", "", 1, *k.sizes, 0, 0, 10**6, None, False, True, "loose")
        for i, k in enumerate(kinds)
    ]
    e = Equipment("box", *inner, tare_kg=0, payload_kg=0, teu=0)
    placed = [
        Placed(i, p.x, p.y, p.z, p.dx, p.dy, p.dz, 0, packagings[p.kind])
        for i, p in enumerate(places, 1)
    ]
    return [f.rule for f in errors(check_load("L", e, placed))]


def filled(found: Found, inner: Size) -> float:
    return found.volume / math.prod(inner)


def test_ways_follow_the_flags_and_the_floor() -> None:
    assert set(ways_by_flags((3, 2, 1), (False, False, True))) == {(3, 2, 1), (2, 3, 1)}
    assert ways_by_flags((3, 2, 1), (False, False, True), turn=False) == ((3, 2, 1),)
    assert len(ways_by_flags((3, 2, 1), ANY_SIDE)) == 6
    assert len(ways_by_flags((2, 2, 2), ANY_SIDE)) == 1
    assert set(ways_by_flags((3, 2, 1), ANY_SIDE, turn=False)) == {(3, 2, 1), (3, 1, 2), (2, 1, 3)}


def test_equal_boxes_fill_a_container_to_the_last() -> None:
    """7 x 5 x 4 = 140 boxes of 10 x 20 x 30 fill 70 x 100 x 120."""
    kinds = [kind((10, 20, 30), 200, (False, False, True))]
    found = pack_boxes(kinds, (70, 100, 120), Limit(iterations=50))
    assert len(found.places) == 140
    assert found.volume == 70 * 100 * 120
    assert found.complete
    assert not faults(found.places, kinds, (70, 100, 120))


def test_a_list_that_fits_is_packed_in_full() -> None:
    kinds = [kind((4, 3, 2), 5), kind((2, 2, 2), 3)]
    found = pack_boxes(kinds, (10, 10, 10), Limit(iterations=50))
    assert len(found.places) == 8
    assert found.complete


def test_nothing_to_pack_is_an_empty_plan() -> None:
    assert pack_boxes([], (10, 10, 10), Limit(iterations=5)).places == ()
    assert pack_boxes([kind((20, 1, 1), 3)], (10, 10, 10), Limit(iterations=5)).places == ()
    assert pack_boxes([kind((1, 1, 1), 0)], (10, 10, 10), Limit(iterations=5)).places == ()


def most_by_trying(kinds: Sequence[BoxKind], inner: Size) -> int:
    """The greatest volume of supported boxes, by setting them one by one at every place."""

    def grow(left: tuple[int, ...], filled: np.ndarray, volume: int) -> int:
        best = volume
        for k, n in enumerate(left):
            if not n:
                continue
            rest = (*left[:k], n - 1, *left[k + 1 :])
            for dx, dy, dz in kinds[k].ways:
                spans = (inner[0] - dx, inner[1] - dy, inner[2] - dz)
                for x, y, z in product(*(range(span + 1) for span in spans)):
                    room = filled[x : x + dx, y : y + dy, z : z + dz]
                    held = z == 0 or filled[x : x + dx, y : y + dy, z - 1].all()
                    if room.any() or not held:
                        continue
                    after = filled.copy()
                    after[x : x + dx, y : y + dy, z : z + dz] = True
                    best = max(best, grow(rest, after, volume + dx * dy * dz))
                    if best == math.prod(inner):
                        return best
        return best

    return grow(tuple(k.count for k in kinds), np.zeros(inner, bool), 0)


@pytest.mark.parametrize(
    ("kinds", "inner"),
    [
        ([kind((2, 1, 1), 2), kind((3, 2, 1), 1)], (3, 2, 2)),
        ([kind((2, 2, 1), 2), kind((1, 1, 1), 2)], (3, 2, 2)),
        ([kind((2, 1, 1), 3, (False, False, True)), kind((1, 1, 2), 1)], (3, 2, 2)),
    ],
)
def test_small_containers_are_filled_as_full_as_by_trying_everything(
    kinds: list[BoxKind], inner: Size
) -> None:
    found = pack_boxes(kinds, inner, Limit(iterations=300))
    assert found.volume == most_by_trying(kinds, inner)
    assert not faults(found.places, kinds, inner)


def test_the_support_share_binds() -> None:
    """Of two crossed boards of 3 x 2 the upper is held under 2 x 2 of its 6: two thirds."""
    boards = [BoxKind((3, 2, 1), 1, ((3, 2, 1),)), BoxKind((2, 3, 1), 1, ((2, 3, 1),))]

    def set_down(support: float) -> int:
        limit = Limit(iterations=50)
        return len(pack_boxes(boards, (3, 3, 2), limit, support=support).places)

    assert set_down(1.0) == set_down(0.67) == 1
    assert set_down(0.66) == set_down(0.0) == 2


@pytest.mark.parametrize("support", [1.0, 0.75, 0.0])
def test_every_box_is_held_up_by_the_share_asked_for(support: float) -> None:
    inner, rows = BR1_1
    kinds = [kind(sizes, count, upright) for sizes, upright, count in rows]
    found = pack_boxes(kinds, inner, Limit(iterations=60), support=support)
    tops = {}
    for p in found.places:
        tops.setdefault(p.z + p.dz, []).append(p)
    for p in found.places:
        held = sum(
            max(0, min(p.x + p.dx, q.x + q.dx) - max(p.x, q.x))
            * max(0, min(p.y + p.dy, q.y + q.dy) - max(p.y, q.y))
            for q in tops.get(p.z, ())
        )
        assert p.z == 0 or held >= support * p.dx * p.dy
    assert filled(found, inner) > 0.88


def test_the_first_br_problem_with_full_support() -> None:
    """94.923 % of the container is the best that is known, and that without support."""
    inner, rows = BR1_1
    kinds = [kind(sizes, count, upright) for sizes, upright, count in rows]
    found = pack_boxes(kinds, inner, Limit(iterations=400))
    assert 0.90 < filled(found, inner) <= 0.94923
    assert not faults(found.places, kinds, inner)
    for p in found.places:
        sizes, upright, _ = rows[p.kind]
        assert any(up and size == p.dz for size, up in zip(sizes, upright, strict=True))


def test_the_same_iterations_give_the_same_plan() -> None:
    inner, rows = BR1_1
    kinds = [kind(sizes, count, upright) for sizes, upright, count in rows]
    first = pack_boxes(kinds, inner, Limit(iterations=150))
    assert first == pack_boxes(kinds, inner, Limit(iterations=150))


def test_more_iterations_are_never_worse() -> None:
    inner, rows = BR1_1
    kinds = [kind(sizes, count, upright) for sizes, upright, count in rows]
    volumes = [pack_boxes(kinds, inner, Limit(iterations=n)).volume for n in (1, 20, 200)]
    assert volumes == sorted(volumes)
    assert volumes[0] > 0


def test_sizes_in_tens_of_millimetres_give_the_same_plan() -> None:
    kinds = [kind((40, 30, 20), 9), kind((50, 20, 10), 9)]
    tenfold = [kind((400, 300, 200), 9), kind((500, 200, 100), 9)]
    small = pack_boxes(kinds, (120, 80, 60), Limit(iterations=100))
    large = pack_boxes(tenfold, (1209, 805, 600), Limit(iterations=100))
    assert large.volume == 1000 * small.volume


def test_the_mass_limit_binds_and_removed_changes_the_plan() -> None:
    """27 cubes of 10 kg fit; 85 kg carry 8 of them."""
    cubes = [BoxKind((1, 1, 1), 27, ((1, 1, 1),), 10.0)]
    limit = Limit(iterations=50)
    assert len(pack_boxes(cubes, (3, 3, 3), limit, most_kg=85).places) == 8
    assert len(pack_boxes(cubes, (3, 3, 3), limit).places) == 27


def test_the_order_sets_front_and_lower_boxes_first() -> None:
    back, front = BoxPlace(0, 2, 0, 0, 2, 2, 2), BoxPlace(0, 0, 0, 0, 2, 2, 2)
    top = BoxPlace(0, 0, 0, 2, 2, 2, 1)
    ordered, gone = stuffing_order([back, top, front])
    assert ordered.index(front) < ordered.index(top)
    assert ordered.index(front) < ordered.index(back)
    assert not gone


def test_boxes_that_wait_for_one_another_in_a_ring_are_given_up() -> None:
    """A stands behind B (seen from the door), C lies on B and reaches back beside A, D lies on C
    and stands behind A: each of the four must be set before the next."""
    a = BoxPlace(0, 2, 0, 2, 2, 2, 3)
    b = BoxPlace(0, 4, 0, 0, 2, 4, 3)
    c = BoxPlace(0, 0, 2, 3, 6, 2, 1)
    d = BoxPlace(0, 0, 0, 4, 1, 4, 1)
    ordered, gone = stuffing_order([a, b, c, d])
    assert gone
    assert len(ordered) + len(gone) == 4
    assert stuffing_order(ordered) == (ordered, [])


def test_blocks_are_made_of_the_boxes_that_they_count() -> None:
    kinds = [kind((4, 3, 2), 6), kind((2, 3, 2), 4)]
    made = make_blocks(kinds, (12, 9, 8), most=400, fill=0.98, supported=True)
    blocks, score = ranked(made, np.array([k.volume for k in kinds]), 0.2)
    assert list(score) == sorted(score, reverse=True)
    for i in range(blocks.boxes.size):
        boxes = boxes_of(blocks, i, (0, 0, 0), (False, False, False))
        assert len(boxes) == blocks.boxes[i]
        assert sum(p.dx * p.dy * p.dz for p in boxes) == blocks.volume[i]
        assert max(p.x + p.dx for p in boxes) == blocks.sizes[i, 0]
        assert not faults(stuffing_order(boxes)[0], kinds, (12, 9, 8))


SIDES = st.integers(1, 9)
KINDS = st.lists(
    st.builds(
        kind,
        st.tuples(SIDES, SIDES, SIDES),
        st.integers(1, 12),
        st.sampled_from([(False, False, True), (True, False, True), ANY_SIDE]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(KINDS, st.tuples(st.integers(6, 30), st.integers(6, 20), st.integers(6, 20)))
def test_boxes_never_overlap_hang_or_leave_the_container(kinds: list[BoxKind], inner: Size) -> None:
    found = pack_boxes(kinds, inner, Limit(iterations=40))
    assert not faults(found.places, kinds, inner)
    for k, one in enumerate(kinds):
        assert sum(p.kind == k for p in found.places) <= one.count
        assert all((p.dx, p.dy, p.dz) in one.ways for p in found.places if p.kind == k)
