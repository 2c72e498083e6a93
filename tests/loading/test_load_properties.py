"""Whatever is packed never overlaps, overfills or hangs: the judge finds no fault in any plan."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from loading.check import check_groups, check_load, check_units, errors
from loading.equipment import Equipment, Reserved
from loading.stuffing import stuff
from loading.units import HandlingUnit, Packaging
from tests.loading.pallets import placed, totals, trade

EQUIPMENT = [trade(name) for name in ("20GP", "40HC", "EU136", "40RH")]
ODD = [
    replace(
        EQUIPMENT[0],
        floor_load_kg_per_m2=1500.0,
        reserved=(Reserved(0, 700, 0, 1500, 900, 120), Reserved(2500, 0, 1700, 900, 2352, 693)),
    ),
    replace(
        EQUIPMENT[1],
        load_line_mm=2400,
        reserved=(Reserved(11_800, 0, 0, 232, 2352, 2698), Reserved(5000, 0, 0, 300, 500, 2698)),
    ),
]
"""Equipment with all that may be in the way."""


@st.composite
def packagings(draw: st.DrawFn, code: str) -> Packaging:
    length = draw(st.integers(400, 2400))
    return Packaging(
        packaging_id=draw(st.sampled_from("pqrst")) + str(length),
        sku="s",
        units=1,
        length_mm=length,
        width_mm=draw(st.integers(300, 1300)),
        height_mm=draw(st.integers(200, 2300)),
        gross_mass_kg=float(draw(st.integers(0, 2500))),
        packaging_mass_kg=0.0,
        max_stack=draw(st.integers(1, 4)),
        max_top_load_kg=draw(st.none() | st.floats(0, 3000)),
        upright_only=draw(st.booleans()),
        rotate_on_floor=draw(st.booleans()),
        stack_code=code,
        tolerance_mm=draw(st.sampled_from([0, 0, 7])),
        tolerance_share=draw(st.sampled_from([0.0, 0.0, 0.01])),
    )


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[HandlingUnit], Equipment, int | None, float | None]:
    code = draw(st.sampled_from(["", "X"]))
    kinds = draw(
        st.lists(packagings(code), min_size=1, max_size=3, unique_by=lambda p: p.packaging_id)
    )
    stops = draw(st.sampled_from([1, 1, 2]))
    units = [
        HandlingUnit(
            f"{k}.{i}",
            f"O/{k}",
            p,
            1,
            p.gross_mass_kg * (1.0 if i else draw(st.sampled_from([1.0, 0.4]))),
            stop=draw(st.integers(1, stops)),
            group=(group := draw(st.sampled_from(["", "", "", "g", "h"]))),
            not_with=("h",) if group == "g" else (),
            priority=float(draw(st.integers(1, 2))),
        )
        for k, p in enumerate(kinds)
        for i in range(draw(st.integers(1, 14)))
    ]
    return (
        units,
        draw(st.sampled_from([*EQUIPMENT, *ODD])),
        draw(st.sampled_from([None, None, 1])),
        draw(st.sampled_from([None, 9000.0])),
    )


@settings(max_examples=120, deadline=None, derandomize=True)
@given(questions())
def test_every_plan_passes_the_judge(
    question: tuple[list[HandlingUnit], Equipment, int | None, float | None],
) -> None:
    units, e, most, limit = question
    result = stuff(units, e, max_loads=most, max_cargo_kg=limit, seconds=0.05)
    for k, plan in enumerate(result.loads):
        faults = check_load(f"L{k}", e, placed(plan), max_cargo_kg=limit, totals=totals(plan))
        assert errors(faults) == []
    assert not check_groups({f"L{k}": placed(plan) for k, plan in enumerate(result.loads)})
    left = {u.unit_id for u in result.left}
    loads = {f"L{k}": [u.unit_id for u in p.units] for k, p in enumerate(result.loads)}
    assert check_units(loads, [u.unit_id for u in units if u.unit_id not in left]) == []
    assert bool(left) == bool(result.reasons)
    if most is not None:
        assert len(result.loads) <= most
    elif not left:
        assert len(result.loads) >= result.lower_bound
    if result.proved:
        assert len(result.loads) == result.lower_bound


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.integers(1, 9)), max_size=6))
def test_groups_stay_together_and_apart(rows: list[tuple[str, int]]) -> None:
    """Group a never meets b; no group is split; nothing is lost."""
    p = Packaging("p", "s", 1, 1200, 1000, 1500, 300.0, 0.0)
    shuns = {"a": ("b",), "": ("c",)}
    units = [
        HandlingUnit(f"{k}.{i}", "O/1", p, 1, 300.0, group=g, not_with=shuns.get(g, ()))
        for k, (g, count) in enumerate(rows)
        for i in range(count)
    ]
    result = stuff(units, EQUIPMENT[0], seconds=0.05)
    homes: dict[str, set[int]] = {}
    for k, plan in enumerate(result.loads):
        assert errors(check_load(f"L{k}", EQUIPMENT[0], placed(plan))) == []
        for u in plan.units:
            homes.setdefault(u.group or u.unit_id, set()).add(k)
    assert all(len(home) == 1 for home in homes.values())
    assert sum(len(plan.units) for plan in result.loads) + len(result.left) == len(units)
    assert all(u.group for u in result.left)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(packagings(""), st.integers(1, 60))
def test_one_kind_needs_no_more_boxes_than_halves(p: Packaging, count: int) -> None:
    """Twice the units need at most twice the load units."""
    e = EQUIPMENT[0]
    made = [HandlingUnit(str(i), "O/1", p, 1, p.gross_mass_kg) for i in range(2 * count)]
    half = len(stuff(made[:count], e, seconds=0.05).loads)
    assert len(stuff(made, e, seconds=0.05).loads) <= 2 * half


def test_lighter_units_never_need_more() -> None:
    e = trade("40HC")
    p = Packaging("p", "s", 1, 1200, 1000, 1100, 1400.0, 0.0, max_stack=2)
    made = [HandlingUnit(str(i), "O/1", p, 1, 1400.0) for i in range(60)]
    light = replace(p, gross_mass_kg=700.0)
    lighter = [HandlingUnit(str(i), "O/1", light, 1, 700.0) for i in range(60)]
    assert len(stuff(lighter, e).loads) <= len(stuff(made, e).loads)
