"""Cartons onto pallets, by hand; the judge of pallets; both steps together; the ORTEC format."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.loading_ortec import bounds, lines_of, ortec, read_instance, solve
from loading.check import check_load, errors
from loading.pallets import (
    BuiltPallet,
    Carton,
    CartonLine,
    PalletKind,
    PalletLimits,
    PalletPlan,
    build_pallets,
    named_pallet,
)
from loading.pallets.cartons import PlacedCarton
from loading.pallets.check import check_pallet, check_plan, share_held
from loading.pallets.kinds import built_in_pallets
from loading.pallets.loads import load_cartons
from loading.pallets.patterns import full_pallet
from loading.pallets.units import carton_rows, pallet_rows, pallet_units
from tests.loading.pallets import container, placed

EUR = PalletKind("EUR1", 1200, 800, 144, 25.0, 1500.0)
WIDE = PalletKind("EUR2", 1200, 1000, 162, 33.0, 1250.0)
LIMITS = PalletLimits(1400)
CARTON = Carton("A", 400, 300, 250, 10.0)


def built(
    *lines: CartonLine, pallet: PalletKind = EUR, limits: PalletLimits = LIMITS
) -> PalletPlan:
    plan = build_pallets(lines, pallet, limits)
    assert check_plan(plan, lines, limits) == []
    return plan


def most(carton: Carton, pallet: PalletKind = EUR, limits: PalletLimits = LIMITS) -> int:
    """Cartons on a full pallet, which passes the judge."""
    pattern = full_pallet(carton, pallet, limits)
    if pattern:
        assert check_pallet("P", BuiltPallet(pallet, "", pattern, "columns"), limits) == []
    return len(pattern)


def test_the_pallets_are_data() -> None:
    eur = named_pallet(" epal ")
    assert eur is not None
    assert (eur.code, eur.length_mm, eur.width_mm, eur.height_mm) == ("EUR1", 1200, 800, 144)
    assert all(p.source for p in built_in_pallets().values())
    assert named_pallet("no such pallet") is None


def test_a_full_pallet() -> None:
    """1200 x 800 is 8 of 400 x 300; (1400 - 144) / 250 is 5 layers: 40, 25 + 400 kg, 1394 mm."""
    plan = built(CartonLine(CARTON, 80, "O"))
    assert [(len(b.cartons), b.mass_kg, b.height_mm) for b in plan.pallets] == [(40, 425, 1394)] * 2
    assert plan.pallets[0].pattern == "columns"
    assert min(share_held(plan.pallets[0])) == 1.0


def test_height_binds() -> None:
    """1394 mm are five layers, 1393 mm four, 393 mm none."""
    assert most(CARTON, limits=PalletLimits(1394)) == 40
    assert most(CARTON, limits=PalletLimits(1393)) == 32
    assert most(CARTON, limits=PalletLimits(393)) == 0


def test_overhang_binds() -> None:
    """620 x 410 mm: two rows of two are 1240 x 820 mm, three turned ones 1230 x 620 mm."""
    wide = Carton("W", 620, 410, 1000, 10.0)
    assert most(wide) == 2
    assert most(wide, limits=replace(LIMITS, overhang_mm=19)) == 3
    assert most(wide, limits=replace(LIMITS, overhang_mm=20)) == 4


def test_mass_binds() -> None:
    """40 x 50 kg are 2000: the pallet carries 1500 (30 cartons), 1025 kg gross leave 20."""
    heavy = replace(CARTON, mass_kg=50.0)
    assert most(heavy) == 30
    assert most(heavy, limits=replace(LIMITS, max_gross_kg=1025.0)) == 20
    assert most(heavy, replace(EUR, dynamic_load_kg=None)) == 40


def test_bearing_and_layers_bind() -> None:
    """30 kg on the lowest carton are three more of 10 kg: four layers; three by max_stack."""
    assert most(replace(CARTON, max_top_load_kg=30.0)) == 32
    assert most(replace(CARTON, max_top_load_kg=29.9)) == 24
    assert most(replace(CARTON, max_top_load_kg=0.0)) == 8
    assert most(replace(CARTON, max_stack=3)) == 24


def test_sides_and_turning() -> None:
    """900 x 500 x 300: flat one a layer, four high; on end six of 500 x 300 cover 1200 x 800."""
    flat = Carton("F", 900, 500, 300, 10.0)
    assert most(flat) == 4
    assert most(replace(flat, upright_only=False)) == 6
    low = replace(LIMITS, height_mm=744)
    assert most(flat, limits=low) == 2
    assert most(Carton("T", 700, 1000, 300, 10.0)) == 4
    assert most(Carton("T", 700, 1000, 300, 10.0, rotate_on_floor=False)) == 0


def test_interlocked_layers() -> None:
    """Five of 600 x 400 cover 1200 x 1000 without a gap; the mirrored layer bridges the seams."""
    brick = Carton("B", 600, 400, 300, 10.0)
    limits = PalletLimits(1400, interlocked=True)
    plan = built(CartonLine(brick, 20), pallet=WIDE, limits=limits)
    (pallet,) = plan.pallets
    assert (len(pallet.cartons), pallet.pattern) == (20, "interlocked")
    layers = [{c.end[:2] for c in pallet.cartons if c.z_mm == z} for z in (0, 300, 600)]
    assert layers[0] == layers[2] != layers[1]
    assert min(share_held(pallet)) == 1.0
    columns = built(CartonLine(brick, 20), pallet=WIDE)
    assert columns.pallets[0].pattern == "columns"


def test_a_pinwheel_is_interlocked_round_its_hole() -> None:
    """Four of 500 x 300 round a hole of 200 x 200, which the mirrored layer leaves free too."""
    square = PalletKind("S", 800, 800, 150, 20.0)
    wheel = Carton("W", 500, 300, 300, 10.0)
    limits = PalletLimits(1050, interlocked=True)
    (pallet,) = built(CartonLine(wheel, 12), pallet=square, limits=limits).pallets
    assert pallet.pattern == "interlocked"
    assert min(share_held(pallet)) == 1.0


def test_a_seam_is_bridged_only_where_it_may_be() -> None:
    """1000 x 800: a lane of two 500 x 300 and one of three 300 x 500, 100 mm short.

    Mirrored, a carton of the upper layer lies over that gap with a fifth of its footprint or more.
    """
    pallet = PalletKind("S", 1000, 800, 150, 20.0)
    brick = Carton("B", 500, 300, 300, 10.0)
    full = PalletLimits(1050, interlocked=True)
    assert built(CartonLine(brick, 15), pallet=pallet, limits=full).pallets[0].pattern == "columns"
    some = replace(full, support_share=0.6)
    (seams,) = built(CartonLine(brick, 15), pallet=pallet, limits=some).pallets
    assert seams.pattern == "interlocked"
    assert 0.6 <= min(share_held(seams)) < 1.0


def test_what_is_left_of_an_order_shares_a_pallet() -> None:
    """44 of A are a full pallet and half a layer; 4 of B stand beside it; orders stay apart."""
    other = Carton("B", 400, 300, 200, 8.0)
    lines = (CartonLine(CARTON, 44, "O1"), CartonLine(other, 4, "O1"), CartonLine(CARTON, 1, "O2"))
    plan = built(*lines)
    assert [(b.order, b.counts) for b in plan.pallets] == [
        ("O1", {0: 40}),
        ("O1", {0: 4, 1: 4}),
        ("O2", {2: 1}),
    ]
    assert plan.pallets[1].pattern == "mixed"
    apart = built(*lines, limits=replace(LIMITS, mix=False))
    assert [b.counts for b in apart.pallets] == [{0: 40}, {0: 4}, {1: 4}, {2: 1}]


def test_full_layers_lie_below_odd_cartons() -> None:
    """10 of A are a layer of 8 and 2 on top of it; B, as wide, stands on what is left of it."""
    other = Carton("B", 300, 400, 200, 8.0)
    plan = built(CartonLine(CARTON, 10, "O"), CartonLine(other, 3, "O"))
    (pallet,) = plan.pallets
    assert sum(1 for c in pallet.cartons if c.z_mm == 0) == 8
    assert {c.z_mm for c in pallet.cartons} == {0, 250}


def test_stack_groups_and_their_removal() -> None:
    """A full layer of group 2 carries nothing of group 1: it lies on top, or on its own pallet."""
    low = Carton("L", 1200, 800, 300, 50.0, stack_group=1)
    high = Carton("H", 1200, 800, 200, 50.0, stack_group=2)
    (pallet,) = built(CartonLine(high, 1), CartonLine(low, 1)).pallets
    assert [c.carton.carton_id for c in pallet.cartons] == ["L", "H"]
    heavy = replace(high, stack_group=0)
    (pallet,) = built(CartonLine(heavy, 1), CartonLine(low, 1)).pallets
    assert [c.carton.carton_id for c in pallet.cartons] == ["H", "L"]


def test_always_top_and_always_bottom() -> None:
    """Nothing on a carton that is always on top: three of them need three pallets, not one."""
    top = Carton("T", 1200, 800, 300, 50.0, always_top=True)
    plan = built(CartonLine(top, 3), CartonLine(CARTON, 8))
    assert len(plan.pallets) == 3
    assert len(built(CartonLine(replace(top, always_top=False), 3)).pallets) == 1
    bottom = Carton("B", 1200, 800, 300, 50.0, always_bottom=True)
    (pallet,) = built(CartonLine(CARTON, 8), CartonLine(bottom, 1)).pallets
    assert pallet.cartons[0].carton.carton_id == "B"


def test_mixed_cartons_bear_what_they_may() -> None:
    """B bears 15 kg: one carton of 10 kg stands on it, not two; without the limit two do."""
    weak = Carton("B", 1200, 800, 300, 50.0, max_top_load_kg=15.0)
    block = Carton("C", 1200, 800, 310, 10.0, stack_group=1)
    lines = [CartonLine(weak, 1, "O"), CartonLine(block, 2, "O")]
    assert sorted(len(b.cartons) for b in built(*lines).pallets) == [1, 2]
    free = [CartonLine(replace(weak, max_top_load_kg=None), 1, "O"), lines[1]]
    assert [len(b.cartons) for b in built(*free).pallets] == [3]


def test_what_no_pallet_takes_is_named() -> None:
    plan = built(
        CartonLine(Carton("long", 1300, 300, 300, 10.0), 2),
        CartonLine(Carton("high", 300, 300, 1300, 10.0), 3),
        CartonLine(Carton("heavy", 300, 300, 300, 1501.0), 4),
    )
    assert plan.pallets == ()
    assert [(i, n, why.split(" (")[0]) for i, n, why in plan.left] == [
        (0, 2, "too large"),
        (1, 3, "too high"),
        (2, 4, "heavier"),
    ]


def sound() -> BuiltPallet:
    """Two columns of two on a pallet."""
    cartons = [PlacedCarton(CARTON, 0, x, 0, z, 400, 300, 250) for z in (0, 250) for x in (0, 400)]
    return BuiltPallet(EUR, "O", tuple(cartons), "columns")


def changed(at: int, **new: object) -> BuiltPallet:
    cartons = list(sound().cartons)
    cartons[at] = replace(cartons[at], **new)  # type: ignore[arg-type]
    return replace(sound(), cartons=tuple(cartons))


def other(at: int, **new: object) -> BuiltPallet:
    return changed(at, carton=replace(CARTON, **new))  # type: ignore[arg-type]


PLANTED: dict[str, tuple[Callable[[], BuiltPallet], str]] = {
    "over the edge": (lambda: changed(0, x_mm=-1), "overhang"),
    "too high": (lambda: changed(3, z_mm=1200), "height"),
    "under the deck": (lambda: changed(0, z_mm=-1), "height"),
    "two in one place": (lambda: changed(1, x_mm=399), "overlap"),
    "in the air": (lambda: changed(3, z_mm=260), "support"),
    "half in the air": (lambda: changed(3, x_mm=401), "support"),
    "not its size": (lambda: changed(3, dx_mm=390), "size"),
    "on its side": (lambda: changed(3, dx_mm=250, dz_mm=400), "upright"),
    "turned": (
        lambda: changed(3, dx_mm=300, dy_mm=400, carton=replace(CARTON, rotate_on_floor=False)),
        "turned",
    ),
    "pressed": (lambda: other(0, max_top_load_kg=9.9), "bearing"),
    "too many layers": (lambda: other(0, max_stack=1), "layers"),
    "upon one always on top": (lambda: other(0, always_top=True), "top"),
    "bottom one on top": (lambda: other(2, always_bottom=True), "bottom"),
    "upon a higher group": (lambda: other(0, stack_group=1), "group"),
    "too heavy": (lambda: other(3, mass_kg=1500.0), "mass"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_faults(name: str) -> None:
    assert check_pallet("P", sound(), LIMITS) == []
    plant, rule = PLANTED[name]
    assert rule in {f.rule for f in check_pallet("P", plant(), LIMITS)}


def test_every_carton_is_accounted_for() -> None:
    lines = [CartonLine(CARTON, 4, "O")]
    plan = PalletPlan((sound(),))
    assert check_plan(plan, lines, LIMITS) == []
    assert [f.rule for f in check_plan(plan, [CartonLine(CARTON, 5, "O")], LIMITS)] == ["count"]
    assert [f.rule for f in check_plan(plan, [CartonLine(CARTON, 4, "X")], LIMITS)] == ["order"] * 4
    gross = replace(LIMITS, max_gross_kg=64.9)
    assert [f.rule for f in check_plan(plan, lines, gross)] == ["mass"]


def test_pallets_become_handling_units() -> None:
    """Equal pallets share a packaging; 20 kg spare on each of 8 columns bear 160 kg."""
    strong = replace(CARTON, max_top_load_kg=60.0)
    plan = built(CartonLine(strong, 88, "O"))
    units = pallet_units(plan.pallets, max_stack=2, about={"O": {"stop": 3}})
    assert [u.unit_id for u in units] == ["P-0001", "P-0002", "P-0003"]
    assert [u.mass_kg for u in units] == [425.0, 425.0, 105.0]
    assert [u.stop for u in units] == [3, 3, 3]
    assert units[0].packaging == units[1].packaging != units[2].packaging
    assert (units[0].packaging.height_mm, units[0].packaging.packaging_mass_kg) == (1394, 25.0)
    assert units[0].packaging.max_top_load_kg == 160.0
    assert pallet_units(plan.pallets)[0].packaging.max_stack == 1
    (row, *_) = pallet_rows(plan.pallets)
    assert (row["cartons"], row["layers"], row["mass_kg"]) == (40, 5, 425.0)
    assert len(carton_rows(plan.pallets)) == 88


def test_nothing_stands_on_an_uneven_top() -> None:
    """9 of A: one carton alone on top, which no pallet can stand on."""
    (pallet,) = built(CartonLine(CARTON, 9, "O")).pallets
    (unit,) = pallet_units([pallet], max_stack=2)
    assert unit.packaging.max_stack == 1
    (even,) = pallet_units(built(CartonLine(CARTON, 16, "O")).pallets, max_stack=2)
    assert even.packaging.max_stack == 2


SLAB = Carton("S", 1200, 800, 60, 100.0)


def test_lower_pallets_where_mass_binds() -> None:
    """190 slabs of 100 kg into 10 t: twenty high a pallet has 2025 kg and four go in.

    9 x 2025 + 1025 kg are ten pallets in three load units. Of 1925 kg five go in: two load units.
    """
    pallet, limits = replace(EUR, dynamic_load_kg=None), PalletLimits(144 + 20 * 60)
    e = container(6000, 2400, 2400, payload_kg=10_000.0)
    lines = [CartonLine(SLAB, 190, "O")]
    full = pallet_units(build_pallets(lines, pallet, limits).pallets)
    assert [u.mass_kg for u in full] == [2025.0] * 9 + [1025.0]
    found = load_cartons(lines, pallet, limits, e)
    assert len(found.stuffing.loads) == 2
    assert max(u.mass_kg for u in found.units) <= 2000
    assert not found.stuffing.left
    for plan in found.stuffing.loads:
        assert not errors(check_load("L", e, placed(plan)))
    free = load_cartons(lines, pallet, limits, replace(e, payload_kg=30_000.0))
    assert [len(plan.placements) for plan in free.stuffing.loads] == [10]


@st.composite
def some_lines(draw: st.DrawFn) -> list[CartonLine]:
    count = draw(st.integers(1, 4))
    return [
        CartonLine(
            Carton(
                f"c{i}",
                draw(st.integers(100, 1300)),
                draw(st.integers(80, 700)),
                draw(st.integers(60, 600)),
                float(draw(st.integers(0, 60))),
                upright_only=draw(st.booleans()),
                rotate_on_floor=draw(st.booleans()),
                max_stack=draw(st.none() | st.integers(1, 5)),
                max_top_load_kg=draw(st.none() | st.floats(0, 200)),
                stack_group=draw(st.integers(0, 2)),
                always_top=draw(st.sampled_from([False, False, True])),
                always_bottom=draw(st.sampled_from([False, False, True])),
            ),
            draw(st.integers(1, 40)),
            draw(st.sampled_from(["O1", "O2"])),
        )
        for i in range(count)
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    some_lines(),
    st.sampled_from(
        [
            LIMITS,
            PalletLimits(1000, overhang_mm=25, interlocked=True),
            PalletLimits(1800, support_share=0.7, max_gross_kg=400.0),
            PalletLimits(1200, mix=False, interlocked=True, support_share=0.8),
        ]
    ),
)
def test_whatever_is_built_passes_the_judge(lines: list[CartonLine], limits: PalletLimits) -> None:
    """No overlap, overhang, overweight or hanging carton; every one stands once or is named."""
    plan = build_pallets(lines, EUR, limits)
    assert check_plan(plan, lines, limits) == []
    assert build_pallets(lines, EUR, limits) == plan
    for built_one, unit in zip(plan.pallets, pallet_units(plan.pallets), strict=True):
        assert unit.packaging.height_mm <= limits.height_mm
        assert unit.mass_kg == pytest.approx(built_one.mass_kg, abs=0.001)


ORTEC = """#products 2
1 3 25 0 20 5 0 0 0 0 0 0 0 0 500.00 600.00 200.00 10.00 1 0 0 1 0 0 1
2 3 9 0 8 1 0 0 0 0 0 0 0 0 500.00 600.00 300.00 20.00 1 0 0 1 0 0 2
#layers 2
1 1000.00 1200.00 199.60 40.00 0 4 9 1
2 1000.00 1200.00 300.00 80.00 0 4 6 2
#pallets 1
1 1000.00 1200.00 140.00 20.00
#trucks 1
1 2450.00 4100.00 2000.00 1500.00 500 3500 {front} {rear}
"""


def instance(folder: Path, front: float = 800, rear: float = 800) -> Path:
    file = folder / "inst3d_0.csv"
    file.write_text(ORTEC.format(front=front, rear=rear), encoding="utf-8")
    return file


def test_the_format_of_ortec(tmp_path: Path) -> None:
    """25 boxes are 6 layers of 4 and one box, 9 are 2 layers and one."""
    case = read_instance(instance(tmp_path))
    assert [(x.carton.carton_id, x.carton.pieces, x.count) for x in lines_of(case)] == [
        ("layer 1", 4, 6),
        ("box 1", 1, 1),
        ("layer 2", 4, 2),
        ("box 2", 1, 1),
    ]
    assert case.truck.axles_mm == (500.0, 3500.0)
    assert bounds(case) == (1, 1)


def test_both_steps_on_a_small_instance(tmp_path: Path) -> None:
    """430 kg of boxes and 20 kg a pallet: one truck, all boxes held up, all faults looked for."""
    found = solve(instance(tmp_path), 2.0)
    assert found.faults() == []
    line = found.line()
    assert (line["trucks"], line["boxes"], line["supported"]) == (1, 34, 1.0)
    assert line["pallets"] == 2


def test_axle_limits_of_the_instance_bind(tmp_path: Path) -> None:
    """470 kg rest on limits of 300 and 180 kg only if the middle lies in the right place."""
    found = solve(instance(tmp_path, 300, 180), 2.0)
    assert found.faults() == []
    (plan,) = found.found.stuffing.loads
    least, greatest = 3500 - 300 / 470 * 3000, 500 + 180 / 470 * 3000
    assert least - 1 <= plan.cog_x_mm <= greatest + 1


def test_the_command(tmp_path: Path) -> None:
    ran = CliRunner().invoke(ortec, [str(instance(tmp_path)), "--seconds", "2", "--json"])
    assert ran.exit_code == 0, ran.output
    line, total = (json.loads(text) for text in ran.output.splitlines())
    assert (line["problem"], line["trucks"], line["checked"]) == ("inst3d_0", 1, True)
    assert (total["problems"], total["trucks"], total["supported"]) == (1, 1, 1.0)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("#trucks 1", "#lorries 1", "#trucks is missing"),
        ("25 0 20", "many 0 20", "line 2"),
        ("1000.00 1200.00 140.00 20.00", "1000.00", "#pallets is missing, empty or has short rows"),
    ],
)
def test_faults_of_an_instance_are_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = instance(tmp_path)
    file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        read_instance(file)
