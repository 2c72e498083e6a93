"""The judge of load plans finds every planted fault, and nothing in a sound plan."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from loading.check import Placed, check_load, check_units, errors, placed_from_rows
from loading.equipment import Equipment
from tests.loading.pallets import box, container

E = container(4000, 2000, 2500, door_width_mm=1900, door_height_mm=2400, floor_load_kg_per_m=3000.0)
UNIT = box(1000, 900, 1000, 500, max_stack=2, max_top_load_kg=600)
Plan = list[Placed]


def sound_plan() -> Plan:
    """Four stacks of two in two rows about the middle: x 1000-3000, y 0-900 and 1100-2000."""
    plan, step = [], 0
    for x in (1000, 2000):
        for z in (0, 1000):
            for y in (0, 1100):
                step += 1
                plan.append(Placed(step, x, y, z, 1000, 900, 1000, 500.0, UNIT, f"u{step}"))
    return plan


def change(plan: Plan, at: int, **new: object) -> Plan:
    return [replace(p, **new) if p.step == at else p for p in plan]  # type: ignore[arg-type]


def rules(plan: Plan, e: Equipment = E, **more: object) -> set[str]:
    return {f.rule for f in errors(check_load("L", e, plan, **more))}  # type: ignore[arg-type]


def test_the_sound_plan_is_sound() -> None:
    assert check_load("L", E, sound_plan(), max_cargo_kg=4000) == []


def packed(plan: Plan, step: int, **new: object) -> Plan:
    """The plan with another packaging at one step."""
    return change(plan, step, packaging=replace(UNIT, **new))  # type: ignore[arg-type]


PLANTED: dict[str, tuple[Callable[[Plan], Plan], str]] = {
    "through the side wall": (lambda p: change(p, 4, y_mm=1101), "wall"),
    "through the front wall": (lambda p: change(p, 1, x_mm=-1), "wall"),
    "two in one place": (lambda p: change(p, 2, y_mm=899), "overlap"),
    "hanging over": (lambda p: change(p, 7, x_mm=2010), "support"),
    "in the air": (lambda p: change(p, 8, z_mm=1100), "support"),
    "another code": (lambda p: packed(p, 3, stack_code="other"), "stack_code"),
    "three high": (lambda p: packed(p, 5, max_stack=1), "layers"),
    "pressed": (lambda p: packed(p, 1, max_top_load_kg=499.0), "bearing"),
    "on its side": (
        lambda p: change(
            p, 8, dz_mm=900, dy_mm=900, dx_mm=1000, packaging=box(1000, 900, 900, 500)
        ),
        "stack_code",
    ),
    "not its size": (lambda p: change(p, 8, dx_mm=990), "size"),
    "laid down": (lambda p: change(p, 8, dy_mm=1000, dz_mm=900, y_mm=1000), "upright"),
    "turned": (
        lambda p: change(
            p, 8, packaging=replace(UNIT, rotate_on_floor=False), dx_mm=900, dy_mm=1000, y_mm=1000
        ),
        "turned",
    ),
    "too heavy a unit": (lambda p: change(p, 8, mass_kg=501.0), "unit_mass"),
    "before its support": (lambda p: change(change(p, 1, step=9), 3, step=1), "order"),
    "behind another": (lambda p: change(change(p, 1, step=5), 5, step=1), "steps"),
    "steps with a gap": (lambda p: change(p, 8, step=9), "steps"),
    "off balance": (lambda p: [replace(q, x_mm=q.x_mm - 1000) for q in p], "cog"),
    "stop in the way": (lambda p: [replace(q, stop=1 if q.x_mm == 1000 else 2) for q in p], "stop"),
    "bad company": (lambda p: change(change(p, 1, group="g"), 8, not_with=("g",)), "not_with"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_faults(name: str) -> None:
    plant, rule = PLANTED[name]
    assert rule in rules(plant(sound_plan()))


def test_reach() -> None:
    """With the rows swapped in time the rear row stands in the way of the front one."""
    swapped = [replace(p, step=(p.step + 3) % 8 + 1) for p in sound_plan()]
    assert rules(swapped) == {"reach"}


def test_swapped_layers_are_reached_in_order() -> None:
    """Row by row or lane by lane are both sound: nothing ever lies on the way in."""
    lanes = {1: 1, 3: 2, 5: 3, 7: 4, 2: 5, 4: 6, 6: 7, 8: 8}
    assert rules([replace(p, step=lanes[p.step]) for p in sound_plan()]) == set()


def test_limits_of_the_load_unit() -> None:
    plan = sound_plan()
    assert rules(plan, max_cargo_kg=3999.0) == {"road_limit"}
    assert rules(plan, replace(E, payload_kg=3999.0)) == {"payload"}
    assert rules(plan, replace(E, floor_load_kg_per_m=1999.0)) == {"floor_load"}
    assert rules(plan, replace(E, floor_load_kg_per_m=2000.0)) == set()
    assert rules(plan, replace(E, door_width_mm=899)) == {"door"}
    assert rules(plan, replace(E, door_height_mm=999)) == {"door", "lift"}
    assert rules(plan, replace(E, door_height_mm=2079)) == {"lift"}
    assert rules(plan, replace(E, door_height_mm=2080)) == set()


def test_centre_of_gravity_warns_first() -> None:
    """300 of 4000 mm is 7.5 %: told; 500 mm is 12.5 %: refused."""
    moved = [replace(p, x_mm=p.x_mm + 300) for p in sound_plan()]
    assert [(f.rule, f.severity) for f in check_load("L", E, moved)] == [("cog", "warning")]
    far = [replace(p, x_mm=p.x_mm + 500) for p in sound_plan()]
    assert rules(far) == {"cog"}


def test_axles() -> None:
    """4 t at 2000 mm, kingpin 500, axles 3500: half of it on the axles, 2000 kg and 300 tare."""
    e = replace(
        E, teu=0.0, kingpin_mm=500.0, axles_mm=(3500.0,), axle_limits_kg=(2300.0,),
        axle_tare_kg=(300.0,),
    )  # fmt: skip
    assert rules(sound_plan(), e) == set()
    assert rules(sound_plan(), replace(e, axle_limits_kg=(2299.0,))) == {"axles"}


def test_totals() -> None:
    right = {
        "handling_units": 8, "mass_kg": 4000, "vgm_kg": 6000, "volume_use": 0.36,
        "mass_use": 0.2, "floor_use": 0.45, "cog_x_mm": 2000, "cog_y_mm": 1000, "cog_z_mm": 1000,
    }  # fmt: skip
    assert check_load("L", E, sound_plan(), totals=right) == []
    for name, value in right.items():
        wrong = {**right, name: value * 1.1}
        assert {f.rule for f in check_load("L", E, sound_plan(), totals=wrong)} == {"total"}


def test_load_is_shared_by_contact_area() -> None:
    """600 kg over two equal supports is 300 kg each."""
    base = replace(UNIT, packaging_id="base", stack_code="X", max_top_load_kg=300.0)
    bridge = replace(base, packaging_id="bridge", length_mm=2000, gross_mass_kg=600)
    plan = [
        Placed(1, 1000, 0, 0, 1000, 900, 1000, 500.0, base),
        Placed(2, 2000, 0, 0, 1000, 900, 1000, 500.0, base),
        Placed(3, 1000, 0, 1000, 2000, 900, 1000, 600.0, bridge),
    ]
    assert rules(plan) == set()
    assert rules([*plan[:2], replace(plan[2], mass_kg=600.1, packaging=replace(
        bridge, gross_mass_kg=601))]) == {"bearing"}  # fmt: skip


def test_units_are_loaded_once() -> None:
    faults = check_units({"L1": ["a", "b"], "L2": ["b", "x"]}, ["a", "b", "c"])
    assert [f.rule for f in faults] == ["twice", "unknown", "missing"]


def test_rows_of_the_table() -> None:
    row = {
        "step": "1", "order_id": "O", "line": 1, "packaging_id": "p", "x_mm": 0, "y_mm": "5",
        "z_mm": 0, "dx_mm": 1000, "dy_mm": 900, "dz_mm": 1000, "mass_kg": "500.0",
    }  # fmt: skip
    (found,) = placed_from_rows([row], {"p": UNIT})
    assert (found.y_mm, found.mass_kg, found.order) == (5, 500.0, "O/1")
