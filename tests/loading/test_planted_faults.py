"""The check finds every planted fault: one kind of fault each, in a plan that is sound without it.

Four stacks of two in two rows about the middle of a trailer-like container of 4 x 2 x 2.5 m,
x 1000-3000, y 0-900 and 1100-2000; two stops, two groups, 4 t in all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from loading.check import (
    Fault,
    Placed,
    centre_of_gravity,
    check_groups,
    check_load,
    check_units,
    errors,
)
from loading.equipment import Equipment, Reserved
from tests.loading.pallets import box, container

UNIT = box(1000, 900, 1000, 500, max_stack=2, max_top_load_kg=600, packaging_id="unit")
E = container(
    4000, 2000, 2500,
    door_width_mm=1900, door_height_mm=2400, payload_kg=4500.0,
    floor_load_kg_per_m=2000.0, floor_load_kg_per_m2=1200.0, load_line_mm=2300,
    reserved=(Reserved(0, 0, 0, 500, 2000, 100, "tunnel"),),
    kingpin_mm=500.0, axles_mm=(3500.0,), axle_limits_kg=(2400.0,), axle_tare_kg=(300.0,),
)  # fmt: skip
ROAD_KG = 4200.0
Plan = list[Placed]


def sound() -> Plan:
    plan, step = [], 0
    for stop, x in ((2, 1000), (1, 2000)):
        for z in (0, 1000):
            for y in (0, 1100):
                step += 1
                plan.append(
                    Placed(
                        step, x, y, z, 1000, 900, 1000, 500.0, UNIT, f"u{step}", "O/1", stop,
                        "a" if stop == 1 else "b",
                    )
                )  # fmt: skip
    return plan


def totals(plan: Plan) -> dict[str, float]:
    """The row of `loads.csv`: 8 units of 0.9 m3 and 500 kg on 3.6 of 8 m2."""
    return {
        "handling_units": 8, "mass_kg": 4000, "vgm_kg": 6000, "volume_use": 0.36,
        "mass_use": 0.8889, "floor_use": 0.45, "cog_x_mm": 2000, "cog_y_mm": 1000,
        "cog_z_mm": 1000,
    }  # fmt: skip


def judged(plan: Plan, e: Equipment = E, road_kg: float = ROAD_KG, **wrong: float) -> set[str]:
    told: list[Fault] = check_load("L", e, plan, max_cargo_kg=road_kg)
    if wrong:
        told = check_load("L", e, plan, max_cargo_kg=road_kg, totals={**totals(plan), **wrong})
    return {f.rule for f in errors(told)}


def at(plan: Plan, nth: int, **new: object) -> Plan:
    return [replace(p, **new) if p.step == nth else p for p in plan]  # type: ignore[arg-type]


def packed(plan: Plan, step: int, **new: object) -> Plan:
    return at(plan, step, packaging=replace(UNIT, **new))  # type: ignore[arg-type]


def shifted(plan: Plan, by: int) -> Plan:
    return [replace(p, x_mm=p.x_mm + by) for p in plan]


def swapped(plan: Plan, a: int, b: int) -> Plan:
    return [replace(p, step={a: b, b: a}.get(p.step, p.step)) for p in plan]


PLANTED: dict[str, tuple[Callable[[Plan], set[str]], str]] = {
    "through a side wall": (lambda p: judged(at(p, 8, y_mm=1101)), "wall"),
    "through the front wall": (lambda p: judged(shifted(p, -1001)), "wall"),
    "out of the door": (lambda p: judged(shifted(p, 1001)), "wall"),
    "through the roof": (
        lambda p: judged([replace(q, z_mm=q.z_mm + 600) if q.z_mm else q for q in p]), "wall"),
    "under the floor": (lambda p: judged(at(p, 1, z_mm=-1)), "wall"),
    "two in one place": (lambda p: judged(at(p, 2, y_mm=899)), "overlap"),
    "one inside another": (lambda p: judged(at(p, 6, x_mm=2000, y_mm=0)), "overlap"),
    "hanging over": (lambda p: judged(at(p, 7, x_mm=2010)), "support"),
    "in the air": (lambda p: judged(at(p, 8, z_mm=1001)), "support"),
    "another stack code": (lambda p: judged(packed(p, 3, stack_code="other")), "stack_code"),
    "too many layers": (lambda p: judged(packed(p, 5, max_stack=1)), "layers"),
    "pressed flat": (lambda p: judged(packed(p, 1, max_top_load_kg=499.0)), "bearing"),
    "smaller than it is": (lambda p: judged(at(p, 8, dx_mm=990)), "size"),
    "tolerance forgotten": (lambda p: judged(packed(p, 8, tolerance_mm=1)), "size"),
    "tolerance share forgotten": (lambda p: judged(packed(p, 8, tolerance_share=0.001)), "size"),
    "laid on a side": (
        lambda p: judged(at(p, 8, dy_mm=1000, dz_mm=900, y_mm=1000)), "upright"),
    "turned where it may not be": (
        lambda p: judged(at(p, 8, packaging=replace(UNIT, rotate_on_floor=False), dx_mm=900,
                            dy_mm=1000, y_mm=1000)), "turned"),
    "heavier than its packaging": (lambda p: judged(at(p, 8, mass_kg=501.0)), "unit_mass"),
    "a negative mass": (lambda p: judged(at(p, 8, mass_kg=-1.0)), "unit_mass"),
    "wider than the door": (lambda p: judged(p, replace(E, door_width_mm=899)), "door"),
    "higher than the door": (lambda p: judged(p, replace(E, door_height_mm=999)), "door"),
    "no room to lift": (lambda p: judged(p, replace(E, door_height_mm=2079)), "lift"),
    "over the load line": (lambda p: judged(p, replace(E, load_line_mm=1999)), "load_line"),
    "in reserved room": (lambda p: judged(shifted(p, -501)), "reserved"),
    "set before what it stands on": (lambda p: judged(swapped(p, 1, 3)), "order"),
    "brought in past cargo": (
        lambda p: judged([replace(q, step=(q.step + 3) % 8 + 1) for q in p]), "reach"),
    "a step missing": (lambda p: judged(at(p, 8, step=9)), "steps"),
    "a step twice": (lambda p: judged(at(p, 8, step=7)), "steps"),
    "a later stop before an earlier one": (
        lambda p: judged([replace(q, stop=3 - q.stop) for q in p]), "stop"),
    "a later stop on an earlier one": (lambda p: judged(at(p, 7, stop=3)), "stop"),
    "in bad company": (lambda p: judged(at(p, 8, not_with=("b",))), "not_with"),
    "over the payload": (lambda p: judged(p, replace(E, payload_kg=3999.0)), "payload"),
    "over the road limit": (lambda p: judged(p, road_kg=3999.0), "road_limit"),
    "too heavy a metre": (
        lambda p: judged(p, replace(E, floor_load_kg_per_m=1999.0)), "floor_load"),
    "too heavy a square metre": (
        lambda p: judged(p, replace(E, floor_load_kg_per_m2=1110.0)), "floor_load_m2"),
    "too much on the axles": (
        lambda p: judged(p, replace(E, axle_limits_kg=(2299.0,))), "axles"),
    "far from the middle": (lambda p: judged(shifted(p, 401), replace(
        E, axle_limits_kg=(9999.0,))), "cog"),
    "mass of the row": (lambda p: judged(p, mass_kg=4001.0), "total"),
    "VGM of the row": (lambda p: judged(p, vgm_kg=6001.0), "total"),
    "volume of the row": (lambda p: judged(p, volume_use=0.361), "total"),
    "centre of gravity of the row": (lambda p: judged(p, cog_x_mm=2002.0), "total"),
    "units of the row": (lambda p: judged(p, handling_units=7), "total"),
    "loaded twice": (lambda p: whole({"L": p, "M": p[:1]}), "twice"),
    "not loaded": (lambda p: whole({"L": p[1:]}), "missing"),
    "not on the list": (lambda p: whole({"L": at(p, 1, unit_id="x")}), "unknown"),
    "a group in two load units": (lambda p: whole({"L": p[1:], "M": p[:1]}), "group"),
}  # fmt: skip


def whole(loads: dict[str, Plan]) -> set[str]:
    """What is judged over all load units."""
    ids = {load_id: [p.unit_id for p in plan] for load_id, plan in loads.items()}
    wanted = [p.unit_id for p in sound()]
    return {f.rule for f in (*check_units(ids, wanted), *check_groups(loads))}


def test_the_plan_is_sound_without_a_fault() -> None:
    plan = sound()
    assert check_load("L", E, plan, max_cargo_kg=ROAD_KG, totals=totals(plan)) == []
    assert whole({"L": plan}) == set()
    assert centre_of_gravity(plan) == (2000, 1000, 1000)


def test_there_are_more_than_twenty_kinds() -> None:
    """Each entry is a fault of its own; so many rules are hit."""
    assert len({rule for _, rule in PLANTED.values()}) >= 20


@pytest.mark.parametrize("name", PLANTED)
def test_planted_fault_is_found(name: str) -> None:
    plant, rule = PLANTED[name]
    assert rule in plant(sound())
