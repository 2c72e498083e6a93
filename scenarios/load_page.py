"""A load plan as an HTML page for the warehouse: pictures, steps, checks; prints on A4.

The page carries its data as JSON and draws itself; every text from the data is escaped there. It
speaks English, Chinese and German, switchable, and opens at a step with `#step=20&lang=zh`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loading.check import (
    Fault,
    Placed,
    centre_of_gravity,
    heaviest_metre_kg,
    heaviest_square_metre_kg,
)
from loading.equipment import Equipment
from loading.rules import COG_SHARE, DOOR_GAP_MM
from scenarios.pages import asset, css_text, environment

_FIELDS = ("s", "o", "p", "x", "y", "z", "dx", "dy", "dz", "m", "row", "side", "k", "on")
"""What the page knows of a unit: step, order, packaging, place, size, mass, row, side, support."""
_GROUP_FROM = 60
"""More units than this, and equal neighbours share a line of the list (look.md)."""


@dataclass(frozen=True)
class LoadView:
    """What one page shows. `orders` names what each order key of the placements is."""

    load_id: str
    equipment: Equipment
    placed: Sequence[Placed]
    orders: dict[str, tuple[str, str]]
    """Order key to (name shown, product)."""
    faults: Sequence[Fault] = ()
    shipment: str = ""
    origin: str = ""
    destination: str = ""
    stuffing_date: str = ""
    nth: tuple[int, int] = (1, 1)
    max_cargo_kg: float | None = None
    run: str = ""
    lang: str = "en"
    places: Sequence[dict[str, Any]] | None = None
    """`places_of` of the load, where it is known already."""

    @property
    def equipment_name(self) -> str:
        """Trade name, or the code."""
        return self.equipment.trade_name or self.equipment.code


def load_page(view: LoadView) -> str:
    """The whole page as text."""
    data = json.dumps(_data(view), ensure_ascii=False, separators=(",", ":"))
    for sign, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"),
                         ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):  # fmt: skip
        data = data.replace(sign, escape)
    foot = f"{view.load_id} · {view.equipment_name}" + (f" · {view.run}" if view.run else "")
    return (
        environment()
        .get_template("load_page.html.j2")
        .render(
            view=view,
            data=data,
            css=asset("tokens.css") + asset("load_page.css"),
            words=asset("load_page_words.js"),
            script=asset("load_page.js"),
            foot_css=css_text(foot),
        )
    )


def _data(view: LoadView) -> dict[str, Any]:
    e = view.equipment
    placed = sorted(view.placed, key=lambda p: p.step)
    keys = list(dict.fromkeys(p.order for p in placed))
    packs = list(dict.fromkeys(p.packaging.packaging_id for p in placed))
    volumes = {p.packaging.packaging_id: _volume(p) for p in placed}
    places = places_of(placed, e) if view.places is None else view.places
    masses = [p.mass_kg for p in placed]
    stop = any(f.severity == "error" for f in view.faults)
    return {
        "id": view.load_id,
        "lang": view.lang,
        "shipment": view.shipment,
        "from": view.origin,
        "to": view.destination,
        "date": view.stuffing_date,
        "nth": list(view.nth),
        "box": e.is_container,
        "road": view.max_cargo_kg,
        "mass": sum(masses),
        "digits": 0 if all(m == round(m) for m in masses) else 1,
        "equipment": {
            "name": view.equipment_name,
            "l": e.inner_length_mm,
            "w": e.inner_width_mm,
            "h": e.inner_height_mm,
            "payload": e.payload_kg,
            "line": e.load_line_mm or 0,
            "kept": [[r.x_mm, r.y_mm, r.z_mm, r.dx_mm, r.dy_mm, r.dz_mm] for r in e.reserved],
        },
        "tolerance": _tolerance(placed),
        "volumes": [volumes[k] for k in packs],
        "orders": [list(view.orders.get(k, (k, ""))) for k in keys],
        "packs": packs,
        "fields": list(_FIELDS),
        "places": [[p[f] for f in _FIELDS] for p in places],
        "lines": _lines(places),
        "checks": _checks(view, placed, places),
        "state": "stop" if stop else "caution" if view.faults else "done",
    }


def _volume(p: Placed) -> int:
    """As given, without the room kept for tolerance, mm3."""
    return p.packaging.length_mm * p.packaging.width_mm * p.packaging.height_mm


def _tolerance(placed: Sequence[Placed]) -> str:
    """The tolerance that the sizes hold, in words; empty without one."""
    most_mm = max((p.packaging.tolerance_mm for p in placed), default=0)
    share = max((p.packaging.tolerance_share for p in placed), default=0.0)
    parts = [f"{most_mm} mm"] if most_mm else []
    return " + ".join(parts + ([f"{100 * share:g} %"] if share else []))


def places_of(placed: Sequence[Placed], e: Equipment) -> list[dict[str, Any]]:
    """Each unit with its row from the front wall, its side, and the step of what it stands on.

    `o` and `p` are the positions of its order and packaging among those of the load.
    """
    placed = sorted(placed, key=lambda p: p.step)
    keys = {k: i for i, k in enumerate(dict.fromkeys(p.order for p in placed))}
    packs = {k: i for i, k in enumerate(dict.fromkeys(p.packaging.packaging_id for p in placed))}
    rows: list[list[Placed]] = []
    floor = sorted((p for p in placed if p.z_mm == 0), key=lambda p: (p.x_mm, p.y_mm))
    for p in floor:
        if rows and all(q.end[1] <= p.y_mm or p.end[1] <= q.y_mm for q in rows[-1]):
            rows[-1].append(p)
        else:
            rows.append([p])
    where: dict[int, tuple[int, int, int]] = {}
    for number, row in enumerate(rows, start=1):
        row.sort(key=lambda p: p.y_mm)
        for k, p in enumerate(row, start=1):
            where[p.step] = (number, *_side(p, k, len(row), e))
    found = []
    supports = _supports(placed)
    for p in placed:
        below = supports.get(p.step)
        base = p
        while (under := supports.get(base.step)) is not None:
            base = under
        row_number, side, k = where.get(base.step, (1, 1, 0))
        found.append(
            {
                "s": p.step, "o": keys[p.order], "p": packs[p.packaging.packaging_id],
                "x": p.x_mm, "y": p.y_mm, "z": p.z_mm,
                "dx": p.dx_mm, "dy": p.dy_mm, "dz": p.dz_mm, "m": p.mass_kg,
                "row": row_number, "side": side, "k": k, "on": below.step if below else 0,
            }
        )  # fmt: skip
    return found


def _side(p: Placed, k: int, count: int, e: Equipment) -> tuple[int, int]:
    """Left 0, middle 1, right 2; or (1, k): the k-th from the left where there are more."""
    if count > 3:
        return 1, k
    if count == 3:
        return k - 1, 0
    middle = (p.y_mm + p.dy_mm / 2) / e.inner_width_mm
    if count == 2:
        return 0 if k == 1 else 2, 0
    return (0 if middle < 0.4 else 2 if middle > 0.6 else 1), 0


def _supports(placed: Sequence[Placed]) -> dict[int, Placed]:
    """The unit under the middle of each unit that does not stand on the floor, by step."""
    tops: dict[int, list[Placed]] = {}
    feet: dict[int, list[Placed]] = {}
    for q in placed:
        tops.setdefault(q.end[2], []).append(q)
        feet.setdefault(q.z_mm, []).append(q)
    found = {}
    for z, standing in feet.items():
        if z <= 0 or z not in tops:
            continue
        x0, x1, y0, y1 = _sides_of(tops[z])
        for p in standing:
            x, y = p.x_mm + p.dx_mm / 2, p.y_mm + p.dy_mm / 2
            under = (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
            first = int(under.argmax())
            if under[first]:
                found[p.step] = tops[z][first]
    return found


def _sides_of(placed: Sequence[Placed]) -> NDArray[np.int64]:
    """Where units start and end along and across the floor: a row each."""
    edges = [(p.x_mm, p.x_mm + p.dx_mm, p.y_mm, p.y_mm + p.dy_mm) for p in placed]
    return np.array(edges, np.int64).reshape(-1, 4).T


def _lines(places: Sequence[dict[str, Any]]) -> list[list[int]]:
    """Lines of the list as (first step, last step); single units unless there are too many."""
    lines: list[list[int]] = []
    for i, p in enumerate(places):
        before = places[i - 1] if i else None
        same = (
            len(places) > _GROUP_FROM
            and before is not None
            and all(before[k] == p[k] for k in ("o", "p", "m", "row"))
        )
        if same:
            lines[-1][1] = p["s"]
        else:
            lines.append([p["s"], p["s"]])
    return lines


def _checks(
    view: LoadView, placed: Sequence[Placed], places: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What was checked, with its figures; faults first."""
    e = view.equipment

    def item(key: str, sign: str = "done", digits: int = 0, **parts: Any) -> dict[str, Any]:
        return {"key": key, "sign": sign, "digits": digits, "parts": parts}

    wrong = [f for f in view.faults if f.severity == "error"]
    found = [item("fault", "stop", a=f.message) for f in wrong]
    if not placed:
        return found
    broken = {f.rule for f in wrong}
    if "support" not in broken:
        found.append(item("support"))
    bearing = _bearing(placed)
    if bearing and "bearing" not in broken:
        found.append(item("bearing", a=bearing[0], b=bearing[1]))
    if "layers" not in broken:
        found.append(item("layers", a=_most_layers(places)))
    if not broken & {"reach", "order", "steps"}:
        found.append(item("reach"))
    if len({p.stop for p in placed}) > 1 and "stop" not in broken:
        found.append(item("stops"))
    if e.floor_load_kg_per_m is not None and "floor_load" not in broken:
        found.append(
            item(
                "floor",
                digits=2,
                a=heaviest_metre_kg(placed) / 1000,
                b=e.floor_load_kg_per_m / 1000,
            )
        )
    if e.floor_load_kg_per_m2 is not None and "floor_load_m2" not in broken:
        found.append(item("square", a=heaviest_square_metre_kg(placed), b=e.floor_load_kg_per_m2))
    if e.load_line_mm is not None and "load_line" not in broken:
        found.append(item("line", a=e.load_line_mm - max(p.end[2] for p in placed)))
    if e.reserved and "reserved" not in broken:
        found.append(item("kept"))
    if e.door_height_mm is not None and not broken & {"door", "lift"}:
        tallest = max(p.end[2] for p in placed)
        if tallest <= e.door_height_mm:
            found.append(item("door", a=e.door_height_mm - tallest))
    if e.is_container and "cog" not in broken:
        share = centre_of_gravity(placed)[0] / e.inner_length_mm - 0.5
        far = abs(share) > COG_SHARE + 6e-5
        found.append(item("cogfar" if far else "cog", "caution" if far else "done", a=100 * share))
    if view.max_cargo_kg is not None and "road_limit" not in broken:
        found.append(item("road", a=view.max_cargo_kg))
    gaps = (
        min(p.x_mm for p in placed),
        e.inner_length_mm - max(p.end[0] for p in placed),
        _gap_across(placed, e),
    )
    if max(gaps[0], gaps[1]) > 0 or gaps[2] > 0:
        sign = "caution" if gaps[1] > DOOR_GAP_MM else "done"
        found.append(item("gaps", sign, a=gaps[0], b=gaps[1], c=gaps[2]))
    return found


def _bearing(placed: Sequence[Placed]) -> tuple[float, float] | None:
    """The greatest top load against its limit, as (kg, limit), by the share that is used."""
    worst: tuple[float, float] | None = None
    x0, x1, y0, y1 = _sides_of(placed)
    z0 = np.array([p.z_mm for p in placed], np.int64)
    mass = np.array([p.mass_kg for p in placed], np.float64)
    for p in placed:
        limit = p.packaging.max_top_load_kg
        if limit:
            end = p.end
            above = (x0 < end[0]) & (x1 > p.x_mm) & (y0 < end[1]) & (y1 > p.y_mm) & (z0 >= end[2])
            kg = float(mass[above].sum())
            if above.any() and (worst is None or kg / limit > worst[0] / worst[1]):
                worst = (kg, limit)
    return worst


def _most_layers(places: Sequence[Mapping[str, Any]]) -> int:
    layers = {0: 0}
    for p in sorted(places, key=lambda p: p["z"]):
        layers[p["s"]] = layers[p["on"]] + 1
    return max(1, *layers.values())


def _gap_across(placed: Sequence[Placed], e: Equipment) -> int:
    """The widest free strip across, where the floor is used at all."""
    floor = [p for p in placed if p.z_mm == 0]
    last = max(p.end[0] for p in floor)
    edges = sorted({p.x_mm for p in floor} | {p.end[0] for p in floor if p.end[0] < last})
    widest = 0
    for x in edges:
        here = sorted((p.y_mm, p.end[1]) for p in floor if p.x_mm <= x < p.end[0])
        reach = 0
        for start, end in here:
            widest = max(widest, start - reach)
            reach = max(reach, end)
        widest = max(widest, e.inner_width_mm - reach)
    return widest
