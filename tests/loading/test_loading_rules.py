"""Each loading rule once where it binds and once removed: the plan changes, and the check agrees.

A case gives two questions that differ in one rule alone, and the units a load unit takes in each.
The plan made without the rule must be one that the check refuses with it, for just that rule:
so the planner keeps it, the check knows it, and neither is asleep.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from loading.check import Placed, check_groups, check_load, errors
from loading.equipment import Equipment, Reserved
from loading.stuffing import Stuffing, stuff
from loading.units import HandlingUnit, Packaging
from tests.loading.pallets import box, container, counts, placed, units

CUBE = box(1000, 1000, 1000, 500, max_stack=2)


@dataclass(frozen=True)
class Case:
    """A rule: the question with it, the same without, and the counts by hand."""

    rule: str
    units: list[HandlingUnit]
    e: Equipment
    without_units: list[HandlingUnit] | None = None
    without_e: Equipment | None = None
    with_rule: list[int] = field(default_factory=list)
    without: list[int] = field(default_factory=list)
    max_cargo_kg: float | None = None
    max_loads: int | None = None


def one(count: int, p: Packaging, **more: Any) -> list[HandlingUnit]:
    return units(count, p, **more)


def turned_sides() -> Case:
    """Room of 1000 x 1000 x 2000: lying, 1 x 1 x 0.9 m twice; upright (0.9 x 1 x 1 m), layers 1.

    Upright 1500 high it stands once; laid down it is 900 high and two lie on one another.
    """
    p = box(1000, 900, 1500, 100, max_stack=2, upright_only=False)
    e = container(1500, 1000, 1900)
    return Case("upright", one(2, replace(p, upright_only=True)), e, one(2, p), None, [1, 1], [2])


def turned_on_floor() -> Case:
    """900 x 600 on a floor of 1200 x 900: two abreast only if turned."""
    p = box(900, 600, 900)
    e = container(1200, 900, 1000)
    return Case(
        "turned", one(2, replace(p, rotate_on_floor=False)), e, one(2, p), None, [1, 1], [2]
    )


def layers() -> Case:
    """One spot, 2.1 m of height: two on one another, or one where one layer is allowed."""
    e = container(1000, 1000, 2100)
    return Case("layers", one(2, replace(CUBE, max_stack=1)), e, one(2, CUBE), None, [1, 1], [2])


def bearing() -> Case:
    """500 kg on a unit that bears 499 kg."""
    weak = replace(CUBE, max_top_load_kg=499.0)
    e = container(1000, 1000, 2100)
    return Case("bearing", one(2, weak), e, one(2, CUBE), None, [1, 1], [2])


def stack_code() -> Case:
    """Two packagings share a spot only under one code."""
    a, b = replace(CUBE, stack_code="A"), replace(CUBE, packaging_id="b", stack_code="B")
    e = container(1000, 1000, 2100)
    apart = [*one(1, a), *one(1, b, order="O/2")]
    together = [*one(1, a), *one(1, replace(b, stack_code="A"), order="O/2")]
    return Case("stack_code", apart, e, together, None, [1, 1], [2])


def floor_by_metre() -> Case:
    """Two stacks of 1 t on each metre (2 m wide): a limit of 1 t a metre leaves one layer."""
    e = container(2000, 2000, 2100)
    return Case(
        "floor_load", one(8, CUBE), replace(e, floor_load_kg_per_m=1000.0), None, e, [4, 4], [8]
    )  # fmt: skip


def floor_by_square_metre() -> Case:
    """A stack of two is 1000 kg on its square metre; 999 kg leave one layer."""
    e = container(2000, 2000, 2100)
    return Case(
        "floor_load_m2", one(8, CUBE), replace(e, floor_load_kg_per_m2=999.0), None, e, [4, 4], [8]
    )  # fmt: skip


def door_height() -> Case:
    """2.3 m high through a door of 2.28 m."""
    e = container(1000, 1000, 2400)
    return Case(
        "door", one(1, box(1000, 1000, 2300)), replace(e, door_height_mm=2280), None, e, [], [1]
    )  # fmt: skip


def door_width() -> Case:
    """Across it is 1.2 m and the door 1.1 m; along, the floor is only 1 m long."""
    e = container(1000, 1200, 1000)
    p = box(1000, 1200, 900, rotate_on_floor=False)
    return Case("door", one(1, p), replace(e, door_width_mm=1100), None, e, [], [1])


def lift() -> Case:
    """Two of 1 m under 2.05 m: 80 mm are needed to lift 500 kg over another; by hand none."""
    e = container(1000, 1000, 2050)
    light = replace(CUBE, gross_mass_kg=25.0)
    return Case("lift", one(2, CUBE), e, one(2, light), None, [1, 1], [2])


def payload() -> Case:
    """Four units of 500 kg against 1.9 t of payload."""
    e = container(4000, 1000, 1000)
    return Case("payload", one(4, CUBE), replace(e, payload_kg=1900.0), None, e, [3, 1], [4])


def road() -> Case:
    """The same limit, by the road and not by the box."""
    e = container(4000, 1000, 1000)
    return Case("road_limit", one(4, CUBE), e, None, None, [3, 1], [4], max_cargo_kg=1900.0)


def gravity() -> Case:
    """Four spots in a row, 3 t of stop 2 at the front wall, three times 100 kg of stop 1 behind.

    The centre of gravity would lie at (3000 x 0.5 + 100 x 7.5) / 3300 = 0.68 m of 4 m, a third of
    the length from the middle: the two stops take a box each. On a trailer all four share one.
    """
    e = container(4000, 1000, 1000)
    heavy = box(1000, 1000, 900, 3000, packaging_id="heavy")
    light = box(1000, 1000, 900, 100, packaging_id="light")
    some = [*one(1, heavy, order="H/1", stop=2), *one(3, light, order="L/1", stop=1)]
    return Case("cog", some, e, None, replace(e, teu=0.0), [3, 1], [4])


def tolerance() -> Case:
    """Two of 1 m on 2 m; with 5 mm more each they need 2.01 m."""
    e = container(2000, 1000, 1000)
    p = box(1000, 990, 900)
    return Case("wall", one(2, replace(p, tolerance_mm=5)), e, one(2, p), None, [1, 1], [2])


def tolerance_share() -> Case:
    """1 % of 1 m is 10 mm: two need 2.02 m."""
    e = container(2000, 1010, 1000)
    p = box(1000, 990, 900, rotate_on_floor=False)
    return Case("wall", one(2, replace(p, tolerance_share=0.01)), e, one(2, p), None, [1, 1], [2])


def tunnel() -> Case:
    """A tunnel of 1 m along the front wall takes the first of three spots."""
    e = container(3000, 1000, 1000)
    kept = replace(e, reserved=(Reserved(0, 0, 0, 1000, 1000, 120, "tunnel"),), teu=0.0)
    return Case(
        "reserved", one(3, box(1000, 1000, 900)), kept, None, replace(e, teu=0.0), [2, 1], [3]
    )  # fmt: skip


def duct() -> Case:
    """A duct under the roof over the first metre, 1.5 m above the floor: one layer there."""
    e = container(2000, 1000, 2200)
    kept = replace(e, reserved=(Reserved(0, 0, 1500, 1000, 1000, 700, "duct"),))
    return Case("reserved", one(4, CUBE), kept, None, e, [3, 1], [4])


def castings() -> Case:
    """Corner castings that reach 100 mm in at the front leave 800 of 1000 mm between them."""
    e = container(1000, 1000, 1000, teu=0.0)
    kept = replace(
        e, reserved=(Reserved(0, 0, 0, 150, 100, 1000), Reserved(0, 900, 0, 150, 100, 1000))
    )
    return Case("reserved", one(1, box(900, 900, 900)), kept, None, e, [], [1])


def load_line() -> Case:
    """A reefer's red line at 1.9 m stops the second layer."""
    e = container(1000, 1000, 2200)
    return Case("load_line", one(2, CUBE), replace(e, load_line_mm=1900), None, e, [1, 1], [2])


def stops() -> Case:
    """One spot for two layers: goods of two stops never share a stack, those of one stop do."""
    e = container(1000, 1000, 2100)
    both = [*one(1, CUBE, order="A/1", stop=1), *one(1, CUBE, order="B/1", stop=2)]
    same = [*one(1, CUBE, order="A/1"), *one(1, CUBE, order="B/1")]
    return Case("stop", both, e, same, None, [1, 1], [2])


def not_with() -> Case:
    """Group b may not meet group a."""
    e = container(2000, 1000, 1000)
    p = box(1000, 1000, 900)
    apart = [
        *one(1, p, order="A/1", group="a"),
        *one(1, p, order="B/1", group="b", not_with=("a",)),
    ]
    free = [*one(1, p, order="A/1", group="a"), *one(1, p, order="B/1", group="b")]
    return Case("not_with", apart, e, free, None, [1, 1], [2])


CASES: list[Callable[[], Case]] = [
    turned_sides, turned_on_floor, layers, bearing, stack_code, floor_by_metre,
    floor_by_square_metre, door_height, door_width, lift, payload, road, gravity, tolerance,
    tolerance_share, tunnel, duct, castings, load_line, stops, not_with,
]  # fmt: skip


def planned(case: Case, with_rule: bool) -> Stuffing:
    some = case.units if with_rule or case.without_units is None else case.without_units
    e = case.e if with_rule or case.without_e is None else case.without_e
    road_kg = case.max_cargo_kg if with_rule else None
    return stuff(some, e, max_cargo_kg=road_kg, max_loads=case.max_loads)


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_the_rule_binds(make: Callable[[], Case]) -> None:
    """With the rule as many as the sum by hand says, and the check finds nothing."""
    case = make()
    found = planned(case, True)
    assert sorted(counts(found), reverse=True) == case.with_rule
    for k, plan in enumerate(found.loads):
        assert not errors(check_load(f"L{k}", case.e, placed(plan), max_cargo_kg=case.max_cargo_kg))


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_without_the_rule_the_plan_changes(make: Callable[[], Case]) -> None:
    """The freer plan takes more, and the check with the rule refuses it for that rule."""
    case = make()
    found = planned(case, False)
    assert sorted(counts(found), reverse=True) == case.without
    told = set()
    for k, plan in enumerate(found.loads):
        judged = [under_the_rule(p, case) for p in placed(plan)]
        told |= {
            f.rule
            for f in errors(check_load(f"L{k}", case.e, judged, max_cargo_kg=case.max_cargo_kg))
        }
    assert case.rule in told or (case.rule == "wall" and "size" in told)


def under_the_rule(p: Placed, case: Case) -> Placed:
    """The unit in its place, with the packaging and the company that the rule speaks of."""
    by_id = {u.unit_id: u for u in case.units}
    u = by_id[p.unit_id]
    return replace(
        p, packaging=u.packaging, mass_kg=u.mass_kg, stop=u.stop, group=u.group, not_with=u.not_with
    )


def test_groups_stay_together() -> None:
    """Floors of two spots: 1 + 2 + 1 units fill two load units unless the two of g must meet.

    a a | g b would be first fit; g's two stay together: g g in one, the others in the second.
    """
    e = container(2000, 1000, 1000)
    p = box(1000, 1000, 900)
    free = [*one(3, p, order="A/1"), *one(2, p, order="G/1")]
    bound = [*one(3, p, order="A/1"), *one(2, p, order="G/1", group="g")]
    split = {tuple(sorted(u.order for u in plan.units)) for plan in stuff(free, e).loads}
    assert ("G/1", "G/1") not in split
    kept = {f"L{k}": placed(plan) for k, plan in enumerate(stuff(bound, e).loads)}
    assert not check_groups(kept)
    grouped = {u.unit_id: u.group for u in bound}
    loads = {
        f"L{k}": [replace(p, group=grouped[p.unit_id]) for p in placed(plan)]
        for k, plan in enumerate(stuff(free, e).loads)
    }
    assert {f.rule for f in check_groups(loads)} == {"group"}


def test_priority_where_not_all_fits() -> None:
    """Two spots for three: the urgent one is loaded; without priorities the first two are."""
    e = container(2000, 1000, 1000)
    p = box(1000, 1000, 900)
    plain = [*one(2, p, order="A/1"), *one(1, p, order="B/1")]
    urgent = [*one(2, p, order="A/1"), *one(1, p, order="B/1", priority=9.0)]
    loaded = [sorted(u.order for u in stuff(some, e, max_loads=1).loads[0].units)
              for some in (plain, urgent)]  # fmt: skip
    assert loaded == [["A/1", "A/1"], ["A/1", "B/1"]]


def test_priority_of_groups_and_single_units() -> None:
    """One load unit of two spots; a group of two against one urgent single unit."""
    e = container(2000, 1000, 1000)
    p = box(1000, 1000, 900)
    group = one(2, p, order="G/1", group="g")
    assert {u.order for u in stuff([*group, *one(1, p, order="B/1")], e, max_loads=1).loads[0].units
            } == {"G/1"}  # fmt: skip
    urgent = [*group, *one(1, p, order="B/1", priority=9.0)]
    assert {u.order for u in stuff(urgent, e, max_loads=1).loads[0].units} == {"B/1"}


def test_limit_on_load_units() -> None:
    """Five units on floors of two spots: three load units, or two and one unit left."""
    e = container(2000, 1000, 1000)
    p = box(1000, 1000, 900)
    assert counts(stuff(one(5, p), e)) == [2, 2, 1]
    limited = stuff(one(5, p), e, max_loads=2)
    assert counts(limited) == [2, 2]
    assert len(limited.left) == 1


def test_no_overhang() -> None:
    """1.1 m on 1 m would hang over by 100 mm: two spots; the other way round one."""
    e = container(1100, 1000, 2000)
    low = box(1000, 1000, 900, 100, packaging_id="low", max_stack=1, stack_code="S")
    wide = box(1100, 1000, 900, 100, packaging_id="wide", max_stack=2, stack_code="S")
    base = replace(low, max_stack=2)
    firm = replace(wide, max_stack=1)
    assert counts(stuff([*one(1, low, order="A/1"), *one(1, wide, order="B/1")], e)) == [2]
    hanging = [*one(1, base, order="A/1"), *one(1, firm, order="B/1")]
    assert counts(stuff(hanging, e)) == [1, 1]
    assert "support" in {
        f.rule
        for f in errors(
            check_load(
                "L", e,
                [Placed(1, 0, 0, 0, 1000, 1000, 900, 100, base),
                 Placed(2, 0, 0, 900, 1100, 1000, 900, 100, firm)],
            )
        )
    }  # fmt: skip
