"""Fillings without a search, and searches that are cut short."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loading.cartons import search
from loading.cartons.boxes import BoxKind, BoxPlace, ways_by_flags
from loading.cartons.limit import Limit, Running, is_crowd
from loading.cartons.many import pack_all
from loading.cartons.order import stuffing_order
from loading.cartons.pack import pack_boxes
from loading.cartons.plain import plain_filling
from loading.check import Placed, check_load, errors
from loading.equipment import Equipment
from loading.units import Packaging

Size = tuple[int, int, int]


def kind(sizes: Size, count: int, kg: float = 0.0) -> BoxKind:
    return BoxKind(sizes, count, ways_by_flags(sizes, (True, True, True)), kg)


def judged(places: Sequence[BoxPlace], kinds: Sequence[BoxKind], inner: Size) -> list[str]:
    """What the independent check says of the boxes, set in the order of the places."""
    e = Equipment("X", *inner, tare_kg=0.0, payload_kg=1e9, teu=1.0)
    packagings = [
        Packaging(str(k), str(k), 1, *b.sizes, b.mass_kg, 0.0, max_stack=999, upright_only=False,
                  stack_code="L")
        for k, b in enumerate(kinds)
    ]  # fmt: skip
    placed = [
        Placed(step, p.x, p.y, p.z, p.dx, p.dy, p.dz, kinds[p.kind].mass_kg, packagings[p.kind])
        for step, p in enumerate(places, 1)
    ]
    return [f.rule for f in errors(check_load("", e, placed)) if f.rule not in ("cog", "lift")]


def test_a_brick_of_equal_boxes_fills_the_room() -> None:
    """Cubes of 2 in a room of 6 x 4 x 4: 3 x 2 x 2 = 12 of the 20 there are."""
    places = plain_filling([kind((2, 2, 2), 20)], (6, 4, 4))
    assert len(places) == 12
    assert judged(places, [kind((2, 2, 2), 20)], (6, 4, 4)) == []


def test_what_is_left_beside_above_and_before_a_brick_is_filled() -> None:
    """A cube of 4 in a room of 5 x 5 x 5: 125 - 64 = 61 cubes of 1 go round and upon it.

    `snug` 0: the cube of 64 comes before a brick of 2 x 5 x 5 small ones, which fills its slab.
    """
    kinds = [kind((4, 4, 4), 1), kind((1, 1, 1), 61)]
    places = plain_filling(kinds, (5, 5, 5), snug=0.0)
    assert sum(p.kind == 1 for p in places) == 61
    assert judged(places, kinds, (5, 5, 5)) == []


def test_the_mass_limit_binds() -> None:
    """27 cubes of 10 kg fit; a limit of 95 kg takes nine of them."""
    cubes = [kind((1, 1, 1), 27, 10.0)]
    assert len(plain_filling(cubes, (3, 3, 3))) == 27
    assert len(plain_filling(cubes, (3, 3, 3), most_kg=95.0)) == 9


def test_worth_decides_what_goes_first() -> None:
    """Room for one of two: the larger one, unless the smaller is worth more."""
    kinds = [BoxKind((3, 2, 2), 1, ((3, 2, 2),)), BoxKind((2, 2, 2), 1, ((2, 2, 2),))]
    assert [p.kind for p in plain_filling(kinds, (3, 2, 2))] == [0]
    assert [p.kind for p in plain_filling(kinds, (3, 2, 2), gains=[1, 9])] == [1]


SIDE = st.integers(1, 5)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.builds(kind, st.tuples(SIDE, SIDE, SIDE), st.integers(1, 12), st.just(1.0)),
        min_size=1, max_size=5,
    ),
    st.tuples(*(st.integers(3, 12) for _ in range(3))),
    st.integers(1, 60),
)  # fmt: skip
def test_plain_fillings_pass_the_check(kinds: list[BoxKind], inner: Size, most_kg: int) -> None:
    """No box overlaps, hangs, bars the way to a later one, or is set twice; the mass is kept."""
    places = plain_filling(kinds, inner, most_kg=float(most_kg))
    assert judged(places, kinds, inner) == []
    assert len(places) <= most_kg
    for k, b in enumerate(kinds):
        assert sum(p.kind == k for p in places) <= b.count
    assert stuffing_order(places)[1] == []


MIXED = [kind((7, 5, 4), 60), kind((6, 6, 3), 60), kind((5, 4, 3), 90), kind((8, 3, 2), 90)]
ROOM = (60, 24, 27)


def test_without_any_time_a_container_is_filled_plainly() -> None:
    found = pack_boxes(MIXED, ROOM, Limit(0.0))
    assert found.places == plain_filling(MIXED, ROOM)
    assert found.iterations == 0


def test_without_any_time_all_boxes_are_packed() -> None:
    """The whole list, plainly; more time never takes more containers."""
    packed = pack_all(MIXED, (30, 24, 20), Limit(0.0))
    counts = [0] * len(MIXED)
    for load in packed.loads:
        assert judged(load, MIXED, (30, 24, 20)) == []
        for p in load:
            counts[p.kind] += 1
    assert counts == [k.count for k in MIXED]
    longer = pack_all(MIXED, (30, 24, 20), Limit(iterations=2_000))
    assert len(longer.loads) <= len(packed.loads)


class _Ticks:
    """A clock that goes on by one at every look."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> float:
        self.now += 1
        return float(self.now)


def test_a_filling_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock strikes while the first filling is under way: what there is goes through the check.

    Looked at after every space, the search may fill one after the first block. In slices, but
    without a clock, it finds what it finds at one go.
    """
    whole = search.Search(MIXED, ROOM).run(Limit(iterations=1))
    assert whole.iterations == 1
    monkeypatch.setattr(search, "STEPS", 1)
    in_slices = search.Search(MIXED, ROOM).run(Limit(iterations=1))
    assert in_slices == whole

    class Short(Running):
        def __init__(self, limit: Limit) -> None:
            super().__init__(limit)
            self._now, self._until = _Ticks(), 2

    monkeypatch.setattr(Limit, "started", lambda self: Short(self))
    cut = search.Search(MIXED, ROOM).run(Limit(seconds=1.0))
    assert cut.iterations == 0
    assert cut.volume > 0
    assert cut.volume >= sum(MIXED[p.kind].volume for p in plain_filling(MIXED, ROOM))
    assert judged(cut.places, MIXED, ROOM) == []


def test_very_many_boxes_are_first_set_plainly() -> None:
    """4,000 cubes in a room of 1,000 are very many; of one greedy filling the better is kept."""
    many = [kind((1, 1, 1), 3_000), kind((2, 1, 1), 1_000)]
    assert is_crowd(many, (10, 10, 10))
    assert not is_crowd(MIXED, ROOM)
    found = pack_boxes(many, (10, 10, 10), Limit(iterations=1))
    assert found.volume == math.prod((10, 10, 10))
    assert judged(found.places, many, (10, 10, 10)) == []
