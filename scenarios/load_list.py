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

from loading.equipment import Equipment, built_in, named
from loading.mix import choose_mix
from loading.rules import MOST_UNITS
from loading.stuffing import fits
from loading.units import HandlingUnit, Packaging
from lowhaul.errors import InputRejected, UsageError
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import LOAD_LIST
from lowhaul.tables import (
    RawTable,
    TableData,
    cell_name,
    did_you_mean,
    read_csv_file,
    read_parquet_file,
    read_table,
    read_workbook,
    split_list,
)
from scenarios.load_output import ListedUnit, LoadListOutput, LoadListResult, PlannedLoad
from scenarios.palletise import PalletOptions, palletised

DEFAULT_EQUIPMENT = ("40HC", "40GP", "20GP")


def load_file(
    file: Path,
    out: Path,
    equipment: Sequence[str] = (),
    *,
    weights: Mapping[str, float] | None = None,
    max_cargo_kg: float | None = None,
    seconds: float = 6.0,
    seed: int = 1,
    lang: str = "en",
    palletise: PalletOptions | None = None,
) -> LoadListResult:
    """Plan the load list in `file` and write the result into `out`.

    `equipment`: codes or trade names that may be used (blank: 40HC, 40GP and 20GP). `weights`
    (cost or kg CO2e of one load unit by name) replaces TEU as what is wanted little of.
    `seconds` bounds the search of each relation beyond the first plan. `palletise`: the units of
    the list are cartons that go onto pallets first.
    """
    started = time.monotonic()
    types = _types(equipment)
    by_code = _by_code(weights, types)
    findings = Findings()
    rows = _read(file, findings)
    units = _units(rows, types, findings) if rows is not None else []
    if findings.errors:
        raise InputRejected(list(findings))
    on_pallets = None
    if palletise is not None and rows is not None:
        on_pallets = palletised(units, palletise, types, rows, findings)
        units = on_pallets.units
    planned: list[PlannedLoad] = []
    left: list[tuple[str, HandlingUnit, str]] = []
    proved = True
    for relation, some in _relations(units).items():
        mix = choose_mix(
            [u.unit for u in some],
            types,
            weights=by_code,
            max_cargo_kg={e.code: max_cargo_kg for e in types} if max_cargo_kg else None,
            seed=seed,
            seconds=seconds,
        )
        proved = proved and mix.proved
        planned += [PlannedLoad(load, relation) for load in mix.loads]
        why = "; ".join(mix.reasons)
        left += [(u.order, u, why) for u in mix.left]
    result = LoadListOutput(
        file, out, planned, units, left, proved, max_cargo_kg, findings, lang,
        pallets=on_pallets.frames() if on_pallets is not None else {},
    )  # fmt: skip
    return result.written(time.monotonic() - started)


def _types(names: Sequence[str]) -> list[Equipment]:
    types: dict[str, Equipment] = {}
    for text in names or DEFAULT_EQUIPMENT:
        for name in split_list(text.replace(",", ";")):
            found = named(name)
            if found is None:
                known = [n for e in built_in().values() for n in (e.trade_name, e.code) if n]
                raise UsageError(f'No equipment "{name}". {did_you_mean(name, known)}')
            types[found.code] = found
    if not types:
        raise UsageError("Name the equipment that may be used, for example 40HC.")
    return list(types.values())


def _by_code(
    weights: Mapping[str, float] | None, types: Sequence[Equipment]
) -> dict[str, float] | None:
    if weights is None:
        return None
    found = {}
    for name, weight in weights.items():
        e = named(name, {t.code: t for t in types})
        if e is None:
            raise UsageError(f'A weight is given for "{name}", which may not be used here.')
        if not weight > 0:
            raise UsageError(f'The weight of "{name}" must be above 0.')
        found[e.code] = float(weight)
    missing = [e.trade_name or e.code for e in types if e.code not in found]
    if missing:
        raise UsageError(f"Give a weight for {', '.join(missing)} too.")
    return found


def _read(file: Path, findings: Findings) -> TableData | None:
    """The list as a typed table; None (and findings) if it cannot be read."""
    suffix = file.suffix.lower()
    raw: RawTable | None
    if suffix in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
        sheets = read_workbook(file, file.name, findings)
        raw = sheets.get(LOAD_LIST.name) or next(iter(sheets.values()), None)
        if raw is None and not findings.errors:
            findings.add(_file_finding(file, "The workbook has no sheet with a table."))
    elif suffix == ".parquet":
        raw = read_parquet_file(file, file.name, findings)
    else:
        raw = read_csv_file(file, file.name, findings)
    if raw is None:
        return None
    data = read_table(LOAD_LIST, raw, findings)
    if not len(data) and not findings.errors:
        findings.add(_file_finding(file, "The list has no rows."))
    return data


def _file_finding(file: Path, message: str) -> Finding:
    return Finding("E401", "error", message, "Give one row for each kind of unit.", file=file.name)


def _units(data: TableData, types: Sequence[Equipment], findings: Findings) -> list[ListedUnit]:
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
    for i in range(len(frame)):
        if not sound[i] or any(data.faulty.get(c, [False] * len(frame))[i] for c in frame.columns):
            continue
        row = {name: frame[name].iloc[i] for name in frame.columns}
        packaging = _packaging(row, int(data.rows[i]), names)
        if not _judge(data, i, packaging, row, types, findings):
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


def _packaging(row: Mapping[str, Any], number: int, names: dict[str, Packaging]) -> Packaging:
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
        max_top_load_kg=None if pd.isna(bearing) else float(bearing),
        upright_only=bool(row["upright_only"]),
        rotate_on_floor=bool(row["rotate_on_floor"]),
        stack_code=_text(row["stack_code"]) or f"sku {sku}",
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
    types: Sequence[Equipment],
    findings: Findings,
) -> bool:
    """False (and a finding) if a unit can never be loaded, or contradicts itself."""
    if _text(row["group"]) and _text(row["group"]) in split_list(_text(row["not_with"])):
        findings.add(
            _at(data, i, "not_with", "E405", "A group may not travel with itself.",
                "Take its own group off the list.")
        )  # fmt: skip
        return False
    if any(fits(p, e) for e in types):
        return True
    names = ", ".join(e.trade_name or e.code for e in types)
    if all(p.gross_mass_kg > e.payload_kg for e in types):
        findings.add(
            _at(data, i, "gross_weight_kg", "E404",
                f"One unit is heavier than any of {names} may carry.",
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


def _relations(units: Sequence[ListedUnit]) -> dict[tuple[str, str], list[ListedUnit]]:
    found: dict[tuple[str, str], list[ListedUnit]] = {}
    for u in units:
        found.setdefault(u.relation, []).append(u)
    return found
