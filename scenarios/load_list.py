"""`lowhaul load FILE --out DIR`: a load list becomes load units that can be stuffed.

The list is one file (csv, xlsx or parquet; columns of the table `load_list`). Rows with the same
`ship_from` and `ship_to` travel together. The equipment mix is the one with the least TEU of the
types allowed; every load unit passes the independent check before anything is written.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from loading.clock import Clock, Start
from loading.equipment import Equipment
from loading.mix import Mix, choose_mix
from loading.rules import MOST_UNITS
from loading.stuffing import fits, mass_limit_kg
from loading.units import HandlingUnit, Packaging
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import LOAD_LIST
from lowhaul.memory import no_collection
from lowhaul.tables import TableData, cell_name, read_table, split_list
from scenarios.load_options import Asked, Tolerance, file_finding, options, read_one_table
from scenarios.load_output import Found, ListedUnit, LoadListOutput, LoadListResult, PlannedLoad
from scenarios.palletise import PalletOptions, palletised
from scenarios.rows import rows_of

_ENDING_S = 0.8
"""For the start and the end of the program, whatever the list."""
_UNIT_S, _LOAD_S, _VIEWS_S = 1.35e-4, 1.0e-3, 1.5e-4
"""Seconds of checking and writing for a unit, for a load unit, and for a unit's pictures."""
_MADE_S = 6e-6
"""Making one unit of a row took so long where these were measured (docs/cartons.md)."""
_MOST_SLOWER = 4.0
_ENOUGH = 2_000
"""Fewer units are made too fast to tell how fast the machine is."""
_USUAL_FILL = 0.6
_MOST_KEPT = 0.75
"""The share of the time that is kept at most."""


@no_collection()
def load_file(
    file: Path,
    out: Path,
    equipment: Sequence[str] = (),
    *,
    equipment_table: Path | None = None,
    objective: str | None = None,
    weights: Mapping[str, float] | None = None,
    countries: Sequence[str] = (),
    max_cargo_kg: float | None = None,
    tolerance: str = "",
    max_loads: int | None = None,
    seconds: float = 6.0,
    seed: int = 1,
    lang: str = "en",
    svg: bool = False,
    palletise: PalletOptions | None = None,
    started: Start | None = None,
) -> LoadListResult:
    """Plan the load list in `file` and write the result into `out`.

    `equipment`: codes or trade names that may be used (blank: 40HC, 40GP, 20GP and those of
    `equipment_table`). `weights` (cost or kg CO2e of one load unit by name) replaces TEU as what
    is wanted little of. `countries` and `max_cargo_kg` limit the cargo by road. `tolerance`: `5mm`
    or `0.5%`. `max_loads` counts over the whole list; relations with the most urgent goods are
    loaded first. `palletise`: the units of the list are cartons that go onto pallets first.
    `seconds` bounds reading, search, check and writing together, from `started` on (now, where
    it is not given); the answer says where it ended the search.

    Raises UsageError for options and InputRejected, with all findings, for the list.
    """
    started = started or Start()
    asked = options(
        equipment,
        equipment_table=equipment_table,
        objective=objective or ("cost" if weights else "teu"),
        weights=weights,
        countries=countries,
        max_cargo_kg=max_cargo_kg,
        tolerance=tolerance,
    )
    findings = Findings()
    rows = _read(file, findings)
    making = Start()
    units = _units(rows, asked, findings) if rows is not None else []
    made_s = time.process_time() - making.processor
    if findings.errors:
        raise InputRejected(list(findings))
    on_pallets = None
    if palletise is not None and rows is not None:
        on_pallets = palletised(units, palletise, asked.types, rows, findings)
        units = on_pallets.units
    planned: list[PlannedLoad] = []
    left: list[tuple[str, HandlingUnit, str]] = []
    mixes: list[Mix] = []
    reasons: list[str] = []
    relations = _relations(units)
    kept = started.slowed() * _kept_s([u.unit for u in units], asked.types, made_s, svg=svg)
    clock = Clock(started.wall + seconds - min(_MOST_KEPT * seconds, kept) - time.monotonic())
    for k, (relation, some) in enumerate(relations):
        mix = choose_mix(
            [u.unit for u in some],
            asked.types,
            weights=asked.weights,
            max_cargo_kg=asked.limits_kg,
            max_loads=None if max_loads is None else max_loads - len(planned),
            seed=seed,
            clock=clock.share(len(relations) - k),
        )
        mixes.append(mix)
        planned += [PlannedLoad(load, relation) for load in mix.loads]
        left += [(u.order, u, why) for u, why in zip(mix.left, mix.left_because, strict=True)]
        reasons += mix.reasons
    found = Found(
        planned,
        left,
        all(mix.proved for mix in mixes),
        sum(mix.weight for mix in mixes),
        sum(mix.bound for mix in mixes),
        tuple(reasons),
        any(mix.stopped for mix in mixes),
    )
    result = LoadListOutput(
        file, out, found, units, asked, findings, lang, svg,
        pallets=on_pallets.frames() if on_pallets is not None else {},
    )  # fmt: skip
    return result.written(time.monotonic() - started.wall)


def _kept_s(
    units: Sequence[HandlingUnit], types: Sequence[Equipment], made_s: float, *, svg: bool
) -> float:
    """Processor seconds of the check and the files: as measured, on a machine as fast as this one.

    How fast it is tells the making of the units just before, which took `made_s`.
    """
    count = len(units)
    slower = made_s / (_MADE_S * count) if count >= _ENOUGH else 1.0
    room_m3 = max(e.volume_m3 for e in types)
    loads = sum(u.packaging.volume_m3 for u in units) / (_USUAL_FILL * room_m3)
    work_s = count * (_UNIT_S + (_VIEWS_S if svg else 0.0)) + loads * _LOAD_S
    return _ENDING_S + work_s * min(_MOST_SLOWER, max(1.0, slower))


def _read(file: Path, findings: Findings) -> TableData | None:
    """The list as a typed table; None (and findings) if it cannot be read."""
    raw = read_one_table(file, LOAD_LIST.name, findings)
    if raw is None:
        return None
    data = read_table(LOAD_LIST, raw, findings)
    if not len(data) and not findings.errors:
        findings.add(file_finding(file, "The list has no rows."))
    return data


def _units(data: TableData, asked: Asked, findings: Findings) -> list[ListedUnit]:
    """Handling units of the sound rows; what no equipment can take is a finding."""
    frame = data.frame
    needed = ("quantity", "length_mm", "width_mm", "height_mm", "gross_weight_kg", "sku")
    sound = data.sound(*needed)
    total = int(frame["quantity"][sound].sum()) if len(frame) else 0
    if total > MOST_UNITS:
        worst = int(frame["quantity"].where(pd.Series(sound), 0).astype(float).to_numpy().argmax())
        findings.add(
            _at(
                data, worst, "quantity", "E402",
                f"The list has {total:,} handling units; {MOST_UNITS:,} are the most.",
                "Quantity counts pallets or cartons, not the pieces inside.",
            )
        )  # fmt: skip
        return []
    units: list[ListedUnit] = []
    names: dict[str, Packaging] = {}
    whole = data.sound(*frame.columns)
    for i, row in enumerate(rows_of(frame)):
        if not whole[i]:
            continue
        packaging = _packaging(row, int(data.rows[i]), names, asked.tolerance)
        if not _judge(data, i, packaging, row, asked, findings):
            continue
        group = _text(row["group"])
        shuns = split_list(_text(row["not_with"]))
        line = str(int(data.rows[i]))
        for k in range(int(row["quantity"])):
            unit = HandlingUnit(
                f"{line}#{k + 1}", f"{row['sku']}/{line}", packaging, 1,
                packaging.gross_mass_kg, int(row["stop"]), group, shuns, float(row["priority"]),
            )  # fmt: skip
            relation = (_text(row["ship_from"]), _text(row["ship_to"]))
            units.append(
                ListedUnit(
                    unit, int(data.rows[i]), str(row["sku"]), _text(row["description"]), relation
                )
            )
    _dates(data, findings)
    return units


def _text(value: Any) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _packaging(
    row: Mapping[str, Any], number: int, names: dict[str, Packaging], tolerance: Tolerance
) -> Packaging:
    """The packaging of a row; rows that repeat a sku with other sizes get their row in the id."""
    sku = str(row["sku"])
    bearing = row["load_bearing_kg"]
    made = Packaging(
        packaging_id=sku,
        sku=sku,
        units=1,
        length_mm=int(row["length_mm"]),
        width_mm=int(row["width_mm"]),
        height_mm=int(row["height_mm"]),
        gross_mass_kg=float(row["gross_weight_kg"]),
        packaging_mass_kg=0.0,
        max_stack=int(row["max_stack_layers"]),
        max_top_load_kg=None if bearing is None else float(bearing),
        upright_only=bool(row["upright_only"]),
        rotate_on_floor=bool(row["rotate_on_floor"]),
        stack_code=_text(row["stack_code"]) or f"sku {sku}",
        tolerance_mm=tolerance.mm,
        tolerance_share=tolerance.share,
    )
    if names.setdefault(sku, made) != made:
        made = replace(made, packaging_id=f"{sku} (row {number})")
    return made


def _at(data: TableData, i: int, column: str, code: str, message: str, hint: str) -> Finding:
    row = int(data.rows[i])
    position = data.positions.get(column)
    return Finding(
        code, "error", message, hint, data.file, data.sheet, row, column,
        cell_name(position, row) if position else "", data.text(column, i),
    )  # fmt: skip


def _judge(
    data: TableData,
    i: int,
    p: Packaging,
    row: Mapping[str, Any],
    asked: Asked,
    findings: Findings,
) -> bool:
    """False (and a finding) if a unit can never be loaded, or contradicts itself."""
    if _text(row["group"]) and _text(row["group"]) in split_list(_text(row["not_with"])):
        findings.add(
            _at(data, i, "not_with", "E405", "A group may not travel with itself.",
                "Take its own group off the list.")
        )  # fmt: skip
        return False
    types = asked.types
    limits = {e.code: mass_limit_kg(e, asked.limits_kg.get(e.code)) for e in types}
    if any(fits(p, e) and p.gross_mass_kg <= limits[e.code] for e in types):
        return True
    names = ", ".join(e.trade_name or e.code for e in types)
    if all(p.gross_mass_kg > limits[e.code] for e in types):
        findings.add(
            _at(data, i, "gross_weight_kg", "E404",
                f"One unit is heavier than any of {names} may carry"
                f" ({max(limits.values()):,.0f} kg at most).",
                "Check the unit (kg of one handling unit), or allow other equipment.")
        )  # fmt: skip
        return False
    light = replace(p, gross_mass_kg=0.0)
    if any(fits(light, e) for e in types):
        findings.add(
            _at(data, i, "gross_weight_kg", "E404",
                f"One unit is too heavy for each metre of the floor of {names}.",
                "Put a load-spreading base under it and give its size, or allow other equipment.")
        )  # fmt: skip
        return False
    column = "height_mm"
    for name, size in (("length_mm", "inner_length_mm"), ("height_mm", "inner_height_mm")):
        if all(getattr(p, name) > getattr(e, size) for e in types):
            column = name
            break
    else:
        if any(fits(replace(light, height_mm=1), e) for e in types):
            column = "height_mm"
        else:
            column = "width_mm"
    findings.add(
        _at(data, i, column, "E403",
            f"One unit ({p.length_mm} x {p.width_mm} x {p.height_mm} mm) fits none of {names} "
            "or their doors.",
            "Check the unit (mm, outside), or allow larger equipment.")
    )  # fmt: skip
    return False


def _dates(data: TableData, findings: Findings) -> None:
    """A row that is due before another of its relation is ready cannot wait for it."""
    frame = data.frame
    if not len(frame) or frame["ready_date"].isna().all() or frame["due_date"].isna().all():
        return
    key = [frame["ship_from"].map(_text), frame["ship_to"].map(_text)]
    latest = frame["ready_date"].groupby(key).transform("max")
    for i in (frame["due_date"] < latest).to_numpy().nonzero()[0]:
        finding = _at(
            data, int(i), "due_date", "W401",
            "It is due before other rows of its relation are ready; it cannot wait for them.",
            "Give the later rows a list of their own.",
        )  # fmt: skip
        findings.add(replace(finding, severity="warning"))


def _relations(units: Sequence[ListedUnit]) -> list[tuple[tuple[str, str], list[ListedUnit]]]:
    """Units by sender and receiver, those with the most urgent goods first."""
    found: dict[tuple[str, str], list[ListedUnit]] = {}
    for u in units:
        found.setdefault(u.relation, []).append(u)
    return sorted(found.items(), key=lambda r: -max(u.unit.priority for u in r[1]))
