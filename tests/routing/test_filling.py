"""Goods in a sequence, cut into load units: sums by hand, all ways tried, and no stale paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.filling.anneal import anneal
from routing.filling.ready import two_boxes
from routing.filling.split import NEVER, Goods, Path, Pieces, new_path, split

TOLD = 1e-6


def walked(goods: Goods, pieces: Pieces, sequence: list[int]) -> tuple[float, Path]:
    path = new_path(int(pieces.units.sum()) + 1)
    starts = np.zeros(len(sequence) + 1, np.int64)
    value = split(goods, pieces, np.array(sequence), len(sequence), starts, path, 0)
    return value, path


def boxes(units: int, *, whole: int = 0, m3: float = 4.0) -> tuple[Goods, Pieces]:
    """One order of so many units of 1 m3 and 1 kg, load units of 4 m3 at 10, 1 for each kg."""
    goods = two_boxes()._replace(
        whole=np.array([whole]), unit_kg=np.ones(1), unit_m3=np.ones(1), kind=np.zeros(1, np.int64),
        handling=np.array([[0.5]]), layers=np.array([[9]]), spots=np.array([[9]]),
        fits=np.ones((1, 1), np.int64), admits=np.ones((1, 1), np.uint64), m3=np.array([m3]),
        kg=np.array([99.0]), empty=np.array([10.0]), per_kg=np.array([1.0]),
        most_kg=np.array([99.0]), part=np.full(1, NEVER),
    )  # fmt: skip
    return goods, Pieces(np.array([0]), np.array([units]))


def test_ten_units_take_three_load_units_of_four() -> None:
    """3 load units x 10 + 10 kg x 1 + 10 units x 0.5 = 45."""
    value, path = walked(*boxes(10), [0])
    assert value == 45.0
    assert [int(b) for b in path.begins[[4, 8, 10]]] == [0, 4, 8]


def test_an_order_that_may_not_be_split_stays_on_one_run() -> None:
    """The same sum, as one hop over three load units; another run is cheaper but may carry 8 kg."""
    goods, pieces = boxes(10, whole=10)
    value, path = walked(goods, pieces, [0])
    assert (value, int(path.load_units[10]), int(path.begins[10])) == (45.0, 3, 0)
    two_runs = goods._replace(
        first=np.array([0, 2]), empty=np.array([9.0, 10.0]), per_kg=np.ones(2),
        least_kg=np.zeros(2), most_kg=np.array([8 / 3, 99.0]),
        admits=np.array([[3]], np.uint64),
    )  # fmt: skip
    assert walked(two_runs, pieces, [0])[0] == 45.0
    # where it may be split, 4 units on the dear run and 2 + 4 on ... all load units carry 2 at most
    apart = two_runs._replace(whole=np.zeros(1, np.int64))
    assert (
        walked(apart, pieces, [0])[0] == 10.0 * 3 + 15.0 - 1.0
    )  # the last 2 kg go on the cheap one


def test_mass_floor_stacks_and_least_cargo_bind() -> None:
    goods, pieces = boxes(8)
    assert walked(goods, pieces, [0])[0] == 20.0 + 12.0
    light = goods._replace(kg=np.array([3.0]), most_kg=np.array([3.0]))
    assert walked(light, pieces, [0])[0] == 30.0 + 12.0  # 3 + 3 + 2
    narrow = goods._replace(layers=np.array([[2]]), spots=np.array([[1]]))
    assert walked(narrow, pieces, [0])[0] == 40.0 + 12.0  # two high on one spot
    full_only = goods._replace(least_kg=np.array([5.0]))
    assert walked(full_only, pieces, [0])[0] >= NEVER  # no load unit holds 5 kg


def test_two_kinds_of_stacks_take_whole_spots() -> None:
    """One unit of each kind: two stacks; with one spot they need two load units, else one."""
    goods = two_boxes()
    pieces = Pieces(np.array([0, 1]), np.array([1, 1]))
    assert walked(goods._replace(spots=np.full((2, 1), 2)), pieces, [0, 1])[0] == 1.0
    apart = goods._replace(kind=np.array([0, 1]), layers=np.full((2, 1), 5))
    assert walked(apart, pieces, [0, 1])[0] == 2.0
    together = apart._replace(kind=np.array([0, 0]))
    assert walked(together, pieces, [0, 1])[0] == 1.0


def test_orders_that_no_run_admits_together_travel_apart() -> None:
    goods = two_boxes()._replace(
        first=np.array([0, 2]), empty=np.array([1.0, 1.5]), per_kg=np.zeros(2),
        least_kg=np.zeros(2), most_kg=np.full(2, 2.0),
        admits=np.array([[1], [2]], np.uint64), spots=np.full((2, 1), 2),
    )  # fmt: skip
    pieces = Pieces(np.array([0, 1]), np.array([1, 1]))
    assert walked(goods, pieces, [0, 1])[0] == 2.5
    both = goods._replace(admits=np.array([[1], [3]], np.uint64))
    assert walked(both, pieces, [0, 1])[0] == 1.0


@dataclass(frozen=True)
class Drawn:
    """Random goods: up to 4 orders in pieces, 2 types, 3 runs."""

    goods: Goods
    pieces: Pieces


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    orders = draw(st.integers(1, 4))
    numbers = st.integers(1, 3)
    pieces = [(o, draw(numbers)) for o in range(orders) for _ in range(draw(st.integers(1, 2)))]
    units = [sum(n for p, n in pieces if p == o) for o in range(orders)]

    def table(low: int, high: int) -> np.ndarray:
        return np.array([[draw(st.integers(low, high)) for _ in range(2)] for _ in range(orders)])

    def row(count: int, low: int, high: int) -> np.ndarray:
        return np.array([float(draw(st.integers(low, high))) for _ in range(count)])

    empty = row(3, 5, 20)
    empty[1:].sort()
    goods = Goods(
        whole=np.array([n if draw(st.booleans()) else 0 for n in units]),
        unit_kg=row(orders, 1, 4), unit_m3=row(orders, 1, 4),
        kind=np.array([draw(st.integers(0, 1)) for _ in units]),
        handling=table(0, 2).astype(float), layers=table(1, 2), spots=table(1, 4),
        fits=table(0, 3).clip(0, 1),
        admits=np.array([[draw(st.integers(0, 7))] for _ in units], np.uint64),
        m3=row(2, 4, 12), kg=np.full(2, 12.0), room=np.array([1.0, 0.5]),
        first=np.array([0, 1, 3]), empty=empty, per_kg=row(3, 0, 2),
        least_kg=row(3, 0, 2), most_kg=row(3, 6, 12),
        part=np.array([draw(st.sampled_from([NEVER, 15.0])) for _ in units]),
    )  # fmt: skip
    return Drawn(goods, Pieces(*(np.array(x) for x in zip(*pieces, strict=True))))


def least_by_trying(goods: Goods, pieces: Pieces, sequence: list[int]) -> float:
    """Every cut of the sequence: plain Python, unit by unit."""
    units = [int(pieces.order[n]) for n in sequence for _ in range(int(pieces.units[n]))]
    ends = set(np.cumsum([int(pieces.units[n]) for n in sequence]).tolist())

    def stands(inside: list[int], e: int) -> bool:
        floor_taken = 0.0
        for kind in {int(goods.kind[o]) for o in inside}:
            # layers and spots of a stack are those of the kind; drawn ones differ: not compared
            of_kind = [o for o in inside if goods.kind[o] == kind]
            o = of_kind[0]
            floor_taken += -(-len(of_kind) // int(goods.layers[o, e])) / int(goods.spots[o, e])
        return (
            all(goods.fits[o, e] for o in inside)
            and sum(goods.unit_m3[o] for o in inside) <= goods.m3[e] + TOLD
            and sum(goods.unit_kg[o] for o in inside) <= goods.kg[e] + TOLD
            and floor_taken <= goods.room[e] + TOLD
        )

    @cache
    def least(place: int) -> float:
        if place == len(units):
            return 0.0
        best = NEVER
        for e in range(2):
            full, inside, load_units = place, list[int](), 1
            while full < len(units):
                if stands([*inside, units[full]], e):
                    inside.append(units[full])
                    full += 1
                    if full in ends:
                        best = min(best, hop(place, full, e, load_units))
                    continue
                if not inside:
                    break
                best = min(best, hop(place, full, e, load_units))
                if not unfinished(place, full):
                    break
                inside, load_units = [], load_units + 1
        return best

    def unfinished(place: int, end: int) -> bool:
        own = units[place:end]
        return any(goods.whole[o] and own.count(o) != goods.whole[o] for o in set(own))

    def hop(place: int, end: int, e: int, load_units: int) -> float:
        own = units[place:end]
        if unfinished(place, end):
            return NEVER
        kg = sum(goods.unit_kg[o] for o in own)
        open_to = [
            r for r in range(int(goods.first[e]), int(goods.first[e + 1]))
            if all(int(goods.admits[o, 0]) >> r & 1 for o in own)
            and load_units * goods.least_kg[r] <= kg <= load_units * goods.most_kg[r]
        ]  # fmt: skip
        run = min((load_units * goods.empty[r] + kg * goods.per_kg[r] for r in open_to),
                  default=NEVER)  # fmt: skip
        return run + sum(goods.handling[o, e] for o in own) + least(end)

    return min(NEVER, least(0))


def with_equal_kinds(one: Drawn) -> Drawn:
    """Units of one kind stand alike: layers and spots go by kind."""
    layers, spots = one.goods.layers.copy(), one.goods.spots.copy()
    for o, kind in enumerate(one.goods.kind):
        first = int(np.flatnonzero(one.goods.kind == kind)[0])
        layers[o], spots[o] = layers[first], spots[first]
    return Drawn(one.goods._replace(layers=layers, spots=spots), one.pieces)


@settings(max_examples=150, deadline=None)
@given(drawn(), st.randoms(use_true_random=False))
def test_split_agrees_with_trying_all_cuts(one: Drawn, random: object) -> None:
    one = with_equal_kinds(one)
    sequence = list(range(len(one.pieces.order)))
    random.shuffle(sequence)  # type: ignore[attr-defined]
    value, _ = walked(one.goods, one.pieces, sequence)
    expected = least_by_trying(one.goods, one.pieces, sequence)
    assert min(value, NEVER) == expected or abs(value - expected) < TOLD


@settings(max_examples=60, deadline=None)
@given(drawn(), st.integers(1, 99))
def test_a_search_tells_what_its_sequence_comes_to(one: Drawn, seed: int) -> None:
    """Paths are walked anew only from what changed: walked from the start, the value is the same.

    The same seed finds the same; no search ends above where it began.
    """
    goods, pieces = with_equal_kinds(one).goods, one.pieces
    count, orders = len(pieces.order), len(goods.whole)
    told = []
    for _ in range(2):
        sequence, parted = np.arange(count), np.zeros(orders, np.int64)
        best, best_parted = sequence.copy(), parted.copy()
        places = int(pieces.units.sum()) + 1
        paths = new_path(places), new_path(places)
        value = anneal(
            goods, pieces, sequence, parted, best, best_parted, paths, 300, 5.0, 0.1, seed
        )
        told.append((value, best.tolist(), best_parted.tolist()))
    value, sequence_found, parted_found = told[0]
    assert told[0] == told[1]
    sent = [n for n in sequence_found if not parted_found[pieces.order[n]]]
    parts = sum(goods.part[o] for o in range(orders) if parted_found[o])
    again = walked(goods, pieces, sent)[0] + parts if sent else parts
    assert min(value, NEVER) == min(again, NEVER) or abs(value - again) < TOLD
    assert value <= walked(goods, pieces, list(range(count)))[0] + TOLD
    assert floor(value) >= 0
