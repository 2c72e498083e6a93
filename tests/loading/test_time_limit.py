"""Long lists: the work for a load unit does not grow with the list, and the clock is obeyed."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loading import footprints, mixed
from loading.cartons import loose, many, pack
from loading.cartons.boxes import BoxKind, ways_by_flags
from loading.cartons.pack import Limit
from loading.check import Placed, check_load, check_units, errors
from loading.check_places import in_the_way, meeting, rests_on
from loading.clock import Clock, Pace, Start
from loading.equipment import named
from loading.mix import Mix, choose_mix
from loading.stacks import as_stack, best_side, piece
from loading.stuffing import stuff
from loading.units import HandlingUnit, Packaging
from loading.waiting import MOST_OFFERED, Waiting
from tests.loading.pallets import box, placed, units

HC = named("40HC")
assert HC is not None


def many_kinds(kinds: int, each: int, kg: float, lo: int, hi: int) -> list[HandlingUnit]:
    """Units of many sizes, drawn from a seed; light ones are loose cartons."""
    rng = random.Random(5)
    found: list[HandlingUnit] = []
    for k in range(kinds):
        length, width = sorted((rng.randrange(lo, hi, 10) for _ in range(2)), reverse=True)
        p = Packaging(
            f"K{k}", f"K{k}", 1, length, width, rng.randrange(lo, hi, 10), kg, 0.0,
            max_stack=9 if kg <= 25 else 2, upright_only=kg > 25,
            stack_code="L" if kg <= 25 else "",
        )  # fmt: skip
        found += [HandlingUnit(f"K{k}#{i}", f"K{k}/1", p, 1, kg) for i in range(each)]
    return found


def sound(mix: Mix, some: Sequence[HandlingUnit]) -> None:
    """All units are loaded, once, and the check has nothing to say."""
    inside = {f"L{n}": [u.unit_id for u in plan.units] for n, plan in enumerate(mix.loads)}
    assert not mix.left
    assert check_units(inside, [u.unit_id for u in some]) == []
    for plan in mix.loads:
        assert errors(check_load("", plan.equipment, placed(plan))) == []


@pytest.mark.parametrize("kg", [400.0, 5.0], ids=["pallets", "loose cartons"])
def test_without_any_time_there_is_a_plan_that_says_so(kg: float) -> None:
    """2,200 units of 110 sizes, no second for the search: all are loaded.

    The cartons fill the two containers that they need by volume, which proves the plan; the
    pallets take more than their bound, and the plan says that the time ended the search.
    """
    lo, hi = (700, 1300) if kg > 25 else (200, 500)
    some = many_kinds(110, 20, kg, lo, hi)
    mix = choose_mix(some, [HC], seconds=0.0)
    sound(mix, some)
    assert mix.stopped is not mix.proved
    assert mix.stopped is (kg > 25)


def test_a_proved_plan_is_not_stopped_by_time() -> None:
    """26 pallets of 1.2 x 0.8 m, two high: 13 spots, one 40HC; no time is needed to prove it."""
    mix = choose_mix(units(26, box(1200, 800, 1000, 300, max_stack=2)), [HC], seconds=0.0)
    assert mix.proved
    assert not mix.stopped


def test_when_time_is_up_each_load_unit_is_filled_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six tastes, forty retries, other divisions: with no time left only what is needed is tried.

    Counted, not timed: at most three fillings for each load unit that is not a copy.
    """
    filled = 0
    best_fit = mixed.best_fit

    def counted(*asked: object) -> object:
        nonlocal filled
        filled += 1
        return best_fit(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(mixed, "best_fit", counted)
    some = many_kinds(150, 14, 300.0, 700, 1300)
    hurried = len(choose_mix(some, [HC], seconds=0.0).loads)
    assert filled <= 3 * hurried
    before, filled = filled, 0
    assert len(choose_mix(some, [HC], seconds=20.0).loads) <= hurried
    assert filled > before


def test_without_any_time_the_compiled_search_is_not_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """2,400 cartons of 120 sizes are packed plainly; loading the search alone takes a second."""

    def loaded() -> float:
        raise AssertionError("the search was loaded")

    monkeypatch.setattr(pack, "get_ready", loaded)
    some = many_kinds(120, 20, 5.0, 200, 500)
    sound(choose_mix(some, [HC], seconds=0.0), some)


def test_what_the_time_leaves_without_a_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no arrangement passes the check, each unit is left, and the reason names the time."""
    monkeypatch.setattr(loose, "_sound_plan", lambda *_: None)
    some = many_kinds(80, 20, 5.0, 200, 500)
    found = stuff(some, HC, seconds=0.0)
    assert found.loads == ()
    assert sorted(u.unit_id for u in found.left) == sorted(u.unit_id for u in some)
    assert set(found.left_because) == {loose.NO_PLAN}
    assert "in the time" in loose.NO_PLAN
    assert not found.proved


def test_more_time_never_takes_more_load_units() -> None:
    """1,600 cartons of 80 sizes: the plan without any time, and one with a little."""
    some = many_kinds(80, 20, 5.0, 300, 600)
    hurried, longer = (choose_mix(some, [HC], seconds=s) for s in (0.0, 2.0))
    sound(hurried, some)
    sound(longer, some)
    assert len(longer.loads) <= len(hurried.loads)


def test_a_task_is_behind_when_less_of_the_time_than_of_the_work_is_left() -> None:
    """Of 100 s for 10 things 60 s are left: with 5 things to do it is in time, with 7 behind."""
    clock = Clock(100.0)
    pace = Pace(clock, 10)
    clock.until -= 40.0
    assert not pace.behind(5)
    assert pace.behind(7)
    clock.until -= 100.0
    assert pace.behind(0)
    assert clock.stopped


def test_what_compiling_took_is_given_back() -> None:
    whole = Clock(10.0)
    part = whole.part(5.0)
    before = whole.until, part.until
    part.postpone(3.0)
    assert (whole.until, part.until) == (before[0] + 3.0, before[1] + 3.0)


def test_how_much_others_slow_a_task_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine seconds by the wall and three of the processor: three times slower."""
    start = Start(wall=100.0, processor=20.0)
    monkeypatch.setattr("time.monotonic", lambda: 109.0)
    monkeypatch.setattr("time.process_time", lambda: 23.0)
    assert start.slowed() == 3.0
    monkeypatch.setattr("time.process_time", lambda: 40.0)
    assert start.slowed() == 1.0


def test_sides_are_compared_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crate of 1,150 x 1,100 x 700 mm on 12,032 x 2,352: 2 x 10 = 20 spots as given; on its long
    edge 1,150 x 700, three abreast: 3 x 10 = 30 spots. Of each, two layers high, as allowed."""
    monkeypatch.setattr(footprints, "_one_more", lambda *_: pytest.fail("CP-SAT was asked"))
    crate = box(1150, 1100, 700, 300, max_stack=2, upright_only=False, stack_code="C")
    assert best_side(crate, HC) == (1150, 700, 1100)
    rng = random.Random(4)
    for _ in range(40):
        length, width, height = sorted(rng.randrange(500, 1500, 10) for _ in range(3))[::-1]
        best_side(box(length, width, height, 300, upright_only=False), HC)


def test_rows_are_counted_as_they_are_laid() -> None:
    """The count in rows or lanes of one way each is that of the layouts themselves."""
    rng = random.Random(6)
    for _ in range(60):
        a, b = rng.randrange(300, 1300, 10), rng.randrange(300, 1300, 10)
        ways = [(a, b), (b, a)] if a != b else [(a, b)]
        laid = (make(ways, 12032, 2352) for make in (footprints._rows, footprints._lanes))
        assert footprints.count_in_rows(ways, 12032, 2352) == max(map(len, laid))


def test_a_part_never_outlasts_the_whole_and_tells_it() -> None:
    whole = Clock(0.0)
    part = whole.part(100.0)
    assert part.left() == 0.0
    assert part.up()
    assert whole.stopped
    assert not Clock(100.0).part(50.0).up()


def test_a_load_unit_is_offered_a_part_of_a_long_list() -> None:
    """1,800 stacks of 90 footprints: every second one, of each as many as a floor holds, twice."""
    stacks = [as_stack([piece(u, HC)]) for u in many_kinds(90, 20, 300.0, 700, 1300)]
    waiting = Waiting(stacks)
    first = waiting.offered(HC)
    assert len(waiting) == len(stacks) - len(first)
    assert len({(s.length_mm, s.width_mm) for s in first}) <= 45
    waiting.add(first)
    second = waiting.offered(HC)
    assert {s.length_mm for s in first} != {s.length_mm for s in second}
    waiting.add(second)
    everything = waiting.take_all()
    assert sorted(map(id, everything)) == sorted(map(id, stacks))
    assert len(Waiting(stacks[:MOST_OFFERED]).offered(HC)) == MOST_OFFERED


def test_very_many_kinds_of_boxes_are_packed_a_part_at_a_time() -> None:
    """90 kinds, four boxes of each: every box is in one container, none twice."""
    rng = random.Random(2)
    kinds = []
    for _ in range(many.MOST_KINDS + 30):
        sizes = (rng.randrange(20, 60), rng.randrange(20, 60), rng.randrange(20, 60))
        kinds.append(BoxKind(sizes, 4, ways_by_flags(sizes, (True, True, True))))
    found = many.pack_all(kinds, (240, 200, 200), Limit(iterations=1))
    counts = [0] * len(kinds)
    for load in found.loads:
        for p in load:
            counts[p.kind] += 1
    assert counts == [4] * len(kinds)
    assert sum(found.left) == 0
    assert len(found.loads) <= 2 * found.bound


places = st.tuples(
    *(st.integers(-1, 8) for _ in range(3)), *(st.integers(1, 4) for _ in range(3)),
    st.integers(1, 9), st.integers(1, 3),
)  # fmt: skip


@given(st.lists(places, min_size=1, max_size=12))
def test_places_as_when_every_pair_is_compared(rows: list[tuple[int, ...]]) -> None:
    """Who meets, rests on and bars whom: the same as from comparing all pairs one by one."""
    p = box(1, 1, 1)
    some = [
        Placed(step, x, y, z, dx, dy, dz, 1.0, p, str(i), stop=stop)
        for i, (x, y, z, dx, dy, dz, step, stop) in enumerate(rows)
    ]

    def shared(a: Placed, b: Placed, axis: int) -> int:
        low = (a.x_mm, a.y_mm, a.z_mm)[axis], (b.x_mm, b.y_mm, b.z_mm)[axis]
        return min(a.end[axis], b.end[axis]) - max(low)

    every = [(a, b) for a in some for b in some if a is not b]

    def names(pairs: object) -> set[tuple[str, str]]:
        return {(a.unit_id, b.unit_id) for a, b in pairs}  # type: ignore[attr-defined]

    met = names((a, b) for a, b in every if all(shared(a, b, axis) > 0 for axis in range(3)))
    found = names(meeting(some))
    assert found | {(b, a) for a, b in found} == met
    for a, under in zip(some, rests_on(some), strict=True):
        held = {
            (b.unit_id, shared(a, b, 0) * shared(a, b, 1))
            for b in some
            if a.z_mm > 0 and b.end[2] == a.z_mm and shared(a, b, 0) > 0 and shared(a, b, 1) > 0
        }
        assert {(some[j].unit_id, area) for j, area in under} == held
    for turn in (lambda q: q.step, lambda q: -q.stop):
        barred = names(
            (a, b)
            for a, b in every
            if turn(b) < turn(a) and b.x_mm >= a.end[0] and shared(a, b, 1) > 0
            and shared(a, b, 2) > 0
        )  # fmt: skip
        assert names(in_the_way(some, turn)) == barred
