"""The judge of built pallets: every rule again, from the places of the cartons alone.

Nothing is shared with the planner but the types. The rules are told in docs/pallets.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from loading.pallets.cartons import BuiltPallet, CartonLine, PalletLimits, PalletPlan, PlacedCarton
from loading.placed import Fault

_GRAM = 0.0015
_SHARE = 1e-9
_Said = Iterable[tuple[str, str]]


def check_pallet(pallet_id: str, built: BuiltPallet, limits: PalletLimits) -> list[Fault]:
    """All faults of one pallet."""
    below = _contacts(built.cartons)
    said = [
        *_sizes(built),
        *_reach(built, limits),
        *_overlaps(built.cartons),
        *_masses(built, limits),
        *_held(built.cartons, below, limits.support_share),
        *_stacking(built.cartons, below),
    ]
    return [Fault(rule, pallet_id, message) for rule, message in said]


def check_plan(plan: PalletPlan, lines: Sequence[CartonLine], limits: PalletLimits) -> list[Fault]:
    """All faults of all pallets; and every carton asked for stands once or is named as left."""
    found: list[Fault] = []
    seen = [0] * len(lines)
    judged: dict[int, list[Fault]] = {}
    for k, built in enumerate(plan.pallets, 1):
        name = f"P-{k:04}"
        # one and the same pallet, repeated, is judged once
        if id(built) not in judged:
            judged[id(built)] = check_pallet(name, built, limits)
        found += [replace(f, load_id=name) for f in judged[id(built)]]
        for c in built.cartons:
            if not 0 <= c.line < len(lines) or c.carton != lines[c.line].carton:
                found.append(Fault("unknown", name, f"{c.carton.carton_id} was not asked for"))
                continue
            seen[c.line] += 1
            if lines[c.line].order != built.order:
                found.append(Fault("order", name, f"holds cartons of {lines[c.line].order}"))
    for at, left, _ in plan.left:
        seen[at] += left
    for i, (line, count) in enumerate(zip(lines, seen, strict=True)):
        if count != line.count:
            found.append(Fault("count", "", f"line {i}: {count} of {line.count} cartons"))
    return found


def share_held(built: BuiltPallet) -> list[float]:
    """How much of its footprint is held up under each carton, 0 to 1.

    The deck holds up what stands on it, overhang included: that has a limit of its own.
    """
    below = _contacts(built.cartons)
    return [
        1.0 if c.z_mm == 0 else sum(a for _, a in b) / (c.dx_mm * c.dy_mm)
        for c, b in zip(built.cartons, below, strict=True)
    ]


def _sizes(built: BuiltPallet) -> _Said:
    for c in built.cartons:
        k = c.carton
        now = (c.dx_mm, c.dy_mm, c.dz_mm)
        if sorted(now) != sorted((k.length_mm, k.width_mm, k.height_mm)):
            yield "size", f"{k.carton_id} is not {k.length_mm} x {k.width_mm} x {k.height_mm} mm"
        elif k.upright_only and c.dz_mm != k.height_mm:
            yield "upright", f"{k.carton_id} must stand upright"
        elif not k.rotate_on_floor and (
            now[0] < now[1] if c.dz_mm != k.height_mm else now[0] != k.length_mm
        ):
            yield "turned", f"{k.carton_id} must not be turned"


def _reach(built: BuiltPallet, limits: PalletLimits) -> _Said:
    """Overhang on every side, and height."""
    deck = (built.pallet.length_mm, built.pallet.width_mm)
    for c in built.cartons:
        over = max(-c.x_mm, -c.y_mm, c.end[0] - deck[0], c.end[1] - deck[1])
        if over > limits.overhang_mm:
            yield (
                "overhang",
                f"{c.carton.carton_id} hangs {over} mm over; {limits.overhang_mm} mm are allowed",
            )
        if c.z_mm < 0 or c.end[2] + built.pallet.height_mm > limits.height_mm:
            yield (
                "height",
                f"{c.carton.carton_id} reaches {c.end[2] + built.pallet.height_mm} mm; "
                f"{limits.height_mm} mm are allowed",
            )


def _common(a: PlacedCarton, b: PlacedCarton) -> int:
    x = min(a.end[0], b.end[0]) - max(a.x_mm, b.x_mm)
    y = min(a.end[1], b.end[1]) - max(a.y_mm, b.y_mm)
    return x * y if x > 0 and y > 0 else 0


def _overlaps(cartons: Sequence[PlacedCarton]) -> _Said:
    by_z = sorted(cartons, key=lambda c: c.z_mm)
    for i, a in enumerate(by_z):
        for b in by_z[i + 1 :]:
            if b.z_mm >= a.end[2]:
                break
            if _common(a, b):
                yield (
                    "overlap",
                    f"{a.carton.carton_id} and {b.carton.carton_id} take the same room",
                )


def _masses(built: BuiltPallet, limits: PalletLimits) -> _Said:
    load = sum(c.carton.mass_kg for c in built.cartons)
    most = built.pallet.dynamic_load_kg
    if most is not None and load > most + _GRAM:
        yield "mass", f"{load:,.1f} kg on the pallet; it carries {most:,.1f} kg"
    gross = load + built.pallet.tare_kg
    if limits.max_gross_kg is not None and gross > limits.max_gross_kg + _GRAM:
        yield "mass", f"{gross:,.1f} kg gross; {limits.max_gross_kg:,.1f} kg are allowed"


def _contacts(cartons: Sequence[PlacedCarton]) -> list[list[tuple[int, int]]]:
    """For each carton: which ones it rests on, and with how much area (mm2)."""
    return [
        [
            (j, area)
            for j, q in enumerate(cartons)
            if c.z_mm > 0 and q.end[2] == c.z_mm and (area := _common(c, q))
        ]
        for c in cartons
    ]


def _held(
    cartons: Sequence[PlacedCarton], below: Sequence[Sequence[tuple[int, int]]], share: float
) -> _Said:
    for c, b in zip(cartons, below, strict=True):
        held = sum(a for _, a in b) / (c.dx_mm * c.dy_mm)
        if c.z_mm > 0 and (held < share - _SHARE or not b):
            yield "support", f"{c.carton.carton_id} is held up under {held:.0%} of its footprint"


def _stacking(cartons: Sequence[PlacedCarton], below: Sequence[Sequence[tuple[int, int]]]) -> _Said:
    """Groups, top and bottom, layers and bearing."""
    high = [1] * len(cartons)
    carried = [0.0] * len(cartons)
    for i in sorted(range(len(cartons)), key=lambda i: -cartons[i].z_mm):
        top = cartons[i].carton
        contact = sum(area for _, area in below[i])
        for j, area in below[i]:
            under = cartons[j].carton
            high[j] = max(high[j], high[i] + 1)
            carried[j] += (top.mass_kg + carried[i]) * area / contact
            if under.always_top:
                yield "top", f"{top.carton_id} stands on {under.carton_id}"
            if top.stack_group < under.stack_group:
                yield "group", f"{top.carton_id} stands on {under.carton_id} of a higher group"
            if top.always_bottom and not under.always_bottom:
                yield "bottom", f"{top.carton_id} stands on {under.carton_id}"
    for c, layers, kg in zip(cartons, high, carried, strict=True):
        k = c.carton
        if k.max_stack is not None and layers > k.max_stack:
            yield "layers", f"{k.carton_id} stands {layers} high, {k.max_stack} allowed"
        if k.max_top_load_kg is not None and kg > k.max_top_load_kg + _GRAM:
            yield "bearing", f"{k.carton_id} bears {kg:,.1f} kg, {k.max_top_load_kg:,.1f} allowed"
