"""Pictures of a load: what stands in front is drawn last."""

from __future__ import annotations

import random
from math import cos, radians, sin

from loading.cartons.boxes import BoxKind, ways_by_flags
from loading.cartons.plain import plain_filling
from loading.check import Placed
from scenarios.load_views import back_to_front
from tests.loading.pallets import box

P = box(1, 1, 1)


def filled(seed: int) -> list[Placed]:
    """A room of 12 x 6 x 6 full of boxes of four sizes, in any order."""
    rng = random.Random(seed)
    kinds = []
    for _ in range(4):
        sizes = (rng.randrange(1, 5), rng.randrange(1, 4), rng.randrange(1, 4))
        kinds.append(BoxKind(sizes, 12, ways_by_flags(sizes, (True, True, True))))
    places = plain_filling(kinds, (12, 6, 6))
    some = [Placed(i, p.x, p.y, p.z, p.dx, p.dy, p.dz, 1.0, P) for i, p in enumerate(places, 1)]
    rng.shuffle(some)
    return some


def on_paper(p: Placed) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a unit, seen from 27 degrees aside and 23 above."""
    a, b = radians(27), radians(23)
    corners = [
        (x * cos(a) + y * sin(a), (x * sin(a) - y * cos(a)) * sin(b) - z * cos(b))
        for x in (p.x_mm, p.end[0])
        for y in (p.y_mm, p.end[1])
        for z in (p.z_mm, p.end[2])
    ]
    across, down = zip(*corners, strict=True)
    return min(across), max(across), min(down), max(down)


def behind(a: Placed, b: Placed) -> bool:
    """Nearer the right wall, the front wall or the floor, and in no way nearer the eye."""

    def one(p: Placed, q: Placed) -> bool:
        return p.y_mm >= q.end[1] or p.end[0] <= q.x_mm or p.end[2] <= q.z_mm

    return one(a, b) and not one(b, a)


def test_no_unit_is_drawn_over_one_that_stands_before_it() -> None:
    """All pairs of which the pictures meet, compared one by one, of twelve loads."""
    met = 0
    for seed in range(12):
        some = filled(seed)
        drawn = back_to_front(some)
        assert sorted(p.step for p in drawn) == sorted(p.step for p in some)
        turn = {p.step: i for i, p in enumerate(drawn)}
        for a in some:
            for b in some:
                left, right, top, bottom = on_paper(a)
                other = on_paper(b)
                meets = (
                    left < other[1] and right > other[0] and top < other[3] and bottom > other[2]
                )
                if a is not b and meets and behind(a, b):
                    met += 1
                    assert turn[a.step] < turn[b.step]
    assert met > 1_000


def test_units_that_do_not_meet_in_the_picture_keep_their_order() -> None:
    far = [Placed(i, 100 * i, 0, 0, 5, 5, 5, 1.0, P) for i in (3, 1, 2)]
    assert back_to_front(far) == far
    assert back_to_front([]) == []
