"""Equipment: the built-in types with the project's rows, and what a handling unit fits into."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from loading.equipment import Equipment, built_in, named, reserved_from
from lowhaul.columns import split_list
from scenarios.rows import Row, int_or_none, number, rows_of
from scenarios.rules.context import Context


def fill_equipment(context: Context) -> None:
    """Not a rule: makes the project's equipment known to the rules that follow."""
    data = context["equipment"]
    sound = data.sound("equipment", "inner_length_mm", "inner_width_mm", "inner_height_mm",
                       "tare_kg", "payload_kg", "teu", "axles_mm", "axle_limits_kg",
                       "axle_tare_kg", "reserved")  # fmt: skip
    context.equipment.update(all_equipment(data.frame[sound]))


def all_equipment(frame: pd.DataFrame) -> dict[str, Equipment]:
    """The built-in types by code; the rows of the table add to them or replace them.

    A row that names a built-in type by its code or by a trade name replaces that type and keeps
    its names, so that "40HC" in a bid still finds it.
    """
    types = dict(built_in())
    for row in rows_of(frame):
        known = named(row["equipment"])
        code = known.code if known else row["equipment"]
        own = _equipment(code, row)
        if known:
            own = replace(own, trade_name=known.trade_name, aliases=known.aliases)
        types[code] = own
    return types


def _equipment(code: str, row: Row) -> Equipment:
    return Equipment(
        code=code,
        inner_length_mm=int(row["inner_length_mm"]),
        inner_width_mm=int(row["inner_width_mm"]),
        inner_height_mm=int(row["inner_height_mm"]),
        tare_kg=float(row["tare_kg"]),
        payload_kg=float(row["payload_kg"]),
        teu=float(row["teu"]),
        door_width_mm=None if row["door_width_mm"] is None else int(row["door_width_mm"]),
        door_height_mm=None if row["door_height_mm"] is None else int(row["door_height_mm"]),
        floor_load_kg_per_m=number(row["floor_load_kg_per_m"]),
        kingpin_mm=number(row["kingpin_mm"]),
        axles_mm=_numbers(row["axles_mm"]),
        axle_limits_kg=_numbers(row["axle_limits_kg"]),
        axle_tare_kg=_numbers(row["axle_tare_kg"]),
        source="the project's table equipment",
        floor_load_kg_per_m2=number(row["floor_load_kg_per_m2"]),
        load_line_mm=int_or_none(row["load_line_mm"]),
        reserved=tuple(r for item in split_list(row["reserved"]) if (r := reserved_from(item))),
    )


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(item) for item in split_list(text))


def report_equipment_twice(context: Context) -> None:
    """Rule: no two rows of the table `equipment` mean the same type."""
    data = context["equipment"]
    seen: dict[str, int] = {}
    again = np.zeros(len(data), dtype=bool)
    for i, name in enumerate(data.frame["equipment"]):
        known = named(name)
        code = known.code if known else name
        again[i] = code in seen and bool(name)
        seen.setdefault(code, i)
    again &= data.sound("equipment")
    data.report(
        context.findings, "E112", again, "equipment",
        "Another row means the same equipment under another of its names.", "Keep one of them.",
    )  # fmt: skip


def report_axles(context: Context) -> None:
    """Rule: each axle has its place, and limits and tares are one for each axle."""
    data = context["equipment"]
    axles = data.frame["axles_mm"].map(lambda t: len(split_list(t)))
    for column in ("axle_limits_kg", "axle_tare_kg"):
        given = data.frame[column].map(lambda t: len(split_list(t)))
        wrong = (given > 0) & (given != axles)
        data.report(
            context.findings, "E315", wrong.to_numpy(dtype=bool) & data.sound(column, "axles_mm"),
            column, "The list is not as long as axles_mm.", "Give one number for each axle.",
        )  # fmt: skip
    wrong_way = [
        bool(ok) and _wrong_way(kingpin, _numbers(places))
        for ok, kingpin, places in zip(
            data.sound("kingpin_mm", "axles_mm"), data.frame["kingpin_mm"],
            data.frame["axles_mm"], strict=True,
        )
    ]  # fmt: skip
    data.report(
        context.findings, "E316", np.array(wrong_way, dtype=bool), "axles_mm",
        "The axles do not stand behind the kingpin (or, without one, behind the first axle).",
        "Give the front support first; all places count from the front wall.",
    )  # fmt: skip


def _wrong_way(kingpin: float | None, places: tuple[float, ...]) -> bool:
    """True if cargo would rest on a front support that is not in front of the other one."""
    blank = kingpin is None or pd.isna(kingpin)
    front, rest = (places[:1], places[1:]) if blank else ((float(kingpin or 0),), places)
    return bool(front and rest) and front[0] >= sum(rest) / len(rest)


def report_reserved(context: Context) -> None:
    """Rule: reserved room is six whole numbers, a name after them, inside the equipment."""
    data = context["equipment"]
    wrong = data.frame["reserved"].map(
        lambda text: any(reserved_from(item) is None for item in split_list(text))
    )
    data.report(
        context.findings, "E317", wrong.to_numpy(dtype=bool) & data.sound("reserved"), "reserved",
        "Not a box of room.", "Give x y z dx dy dz in mm, then a name: 0 0 0 3000 550 120 tunnel.",
    )  # fmt: skip


def fits(row: Any, equipment: Equipment) -> bool:
    """True if a single handling unit goes through the door, inside, and is not too heavy.

    `row` has length_mm, width_mm, height_mm, gross_mass_kg, upright_only and rotate_on_floor. This
    is geometry of one unit; whether a whole load can be stuffed is the loader's question.
    """
    if row["gross_mass_kg"] > equipment.payload_kg:
        return False
    size = (row["length_mm"], row["width_mm"], row["height_mm"])
    ways = {size}
    if row["rotate_on_floor"]:
        ways.add((size[1], size[0], size[2]))
    if not row["upright_only"]:
        ways = set(permutations(size))
    width = min(equipment.inner_width_mm, equipment.door_width_mm or equipment.inner_width_mm)
    height = min(equipment.usable_height_mm, equipment.door_height_mm or equipment.inner_height_mm)
    return any(x <= equipment.inner_length_mm and y <= width and z <= height for x, y, z in ways)
