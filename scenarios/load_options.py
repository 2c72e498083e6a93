"""What `lowhaul load` is asked beside the list: equipment, weights, roads, tolerance.

Every option is checked here and told in the planner's words; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from loading.equipment import Equipment, built_in, named
from loading.road import road_limits_kg, roads
from lowhaul.errors import InputRejected, UsageError
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import EQUIPMENT
from lowhaul.tables import (
    RawTable,
    did_you_mean,
    read_csv_file,
    read_parquet_file,
    read_table,
    read_workbook,
    split_list,
)
from scenarios.rules.context import Context
from scenarios.rules.equipment import (
    all_equipment,
    report_axles,
    report_equipment_twice,
    report_reserved,
)

DEFAULT_EQUIPMENT = ("40HC", "40GP", "20GP")
OBJECTIVES = ("teu", "cost", "co2e")
_TOLERANCE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(mm|%)?\Z")
_MOST_MM = 200
_MOST_SHARE = 0.2
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Tolerance:
    """How much larger than given a unit may be: mm on each side length, or a share of it."""

    mm: int = 0
    share: float = 0.0


@dataclass(frozen=True)
class Asked:
    """The options, checked."""

    types: tuple[Equipment, ...]
    weights: dict[str, float] | None
    limits_kg: dict[str, float]
    objective: str = "teu"
    tolerance: Tolerance = Tolerance()


def options(
    equipment: Sequence[str] = (),
    *,
    equipment_table: Path | None = None,
    objective: str = "teu",
    weights: Mapping[str, float] | None = None,
    countries: Sequence[str] = (),
    max_cargo_kg: float | None = None,
    tolerance: str = "",
) -> Asked:
    """Check all options; raises UsageError, or InputRejected for faults of the equipment table."""
    own: dict[str, Equipment] = {}
    known = dict(built_in())
    if equipment_table is not None:
        own, known = _own_equipment(equipment_table)
    types = _types(equipment, known, own)
    if objective not in OBJECTIVES:
        raise UsageError(f'No objective "{objective}". Known: {", ".join(OBJECTIVES)}.')
    if objective != "teu" and not weights:
        what = "cost" if objective == "cost" else "kg CO2e"
        raise UsageError(
            f"To load for least {objective}, give the {what} of one load unit of each type: "
            f"--weight {types[0].trade_name or types[0].code}=..."
        )
    if max_cargo_kg is not None and not 0 < max_cargo_kg < inf:
        raise UsageError("The limit of cargo must be above 0 kg.")
    return Asked(
        tuple(types),
        _by_code(weights, types) if weights else None,
        road_limits_kg(_countries(countries), types, max_cargo_kg),
        objective if weights else "teu",
        tolerance_of(tolerance),
    )


def tolerance_of(text: str) -> Tolerance:
    """`5`, `5mm` or `0.5%`; an empty text is none."""
    if not text.strip():
        return Tolerance()
    found = _TOLERANCE.match(text.strip())
    if found is None:
        raise UsageError(f'"{text}" is no tolerance. Give mm or a share, for example 5mm or 0.5%.')
    value = float(found[1])
    if found[2] == "%":
        if value > 100 * _MOST_SHARE:
            raise UsageError(f"A tolerance of {text} is too much; {_MOST_SHARE:.0%} at most.")
        return Tolerance(share=value / 100)
    if value > _MOST_MM or value != int(value):
        raise UsageError(f"A tolerance is whole mm, {_MOST_MM} at most.")
    return Tolerance(mm=int(value))


def _types(
    names: Sequence[str], known: Mapping[str, Equipment], own: Mapping[str, Equipment]
) -> list[Equipment]:
    """The types named; without a name the usual boxes and all of the planner's own table."""
    types: dict[str, Equipment] = {}
    wanted = names or (*DEFAULT_EQUIPMENT, *own)
    for text in wanted:
        for name in split_list(text.replace(",", ";")):
            found = named(name, dict(known))
            if found is None:
                words = [n for e in known.values() for n in (e.trade_name, e.code) if n]
                raise UsageError(f'No equipment "{name}". {did_you_mean(name, words)}')
            types[found.code] = found
    if not types:
        raise UsageError("Name the equipment that may be used, for example 40HC.")
    return list(types.values())


def _by_code(weights: Mapping[str, float], types: Sequence[Equipment]) -> dict[str, float]:
    found = {}
    for name, weight in weights.items():
        e = named(name, {t.code: t for t in types})
        if e is None:
            raise UsageError(f'A weight is given for "{name}", which may not be used here.')
        if not 0 < weight < inf:
            raise UsageError(f'The weight of "{name}" must be above 0.')
        found[e.code] = float(weight)
    missing = [e.trade_name or e.code for e in types if e.code not in found]
    if missing:
        raise UsageError(f"Give a weight for {', '.join(missing)} too.")
    return found


def _countries(names: Sequence[str]) -> list[str]:
    found = []
    for text in names:
        for name in split_list(text.replace(",", ";")):
            if name.upper() not in roads():
                raise UsageError(
                    f'No road limit is known for "{name}". {did_you_mean(name.upper(), roads())} '
                    "Or give the limit yourself: --max-cargo-kg."
                )
            found.append(name.upper())
    return found


def _own_equipment(file: Path) -> tuple[dict[str, Equipment], dict[str, Equipment]]:
    """The types of a table `equipment` alone, and with the built-in ones."""
    findings = Findings()
    raw = read_one_table(file, EQUIPMENT.name, findings)
    data = read_table(EQUIPMENT, raw, findings) if raw is not None else None
    if data is not None:
        context = Context({EQUIPMENT.name: data}, {}, findings)
        for rule in (report_equipment_twice, report_axles, report_reserved):
            rule(context)
    if findings.errors or data is None:
        raise InputRejected(list(findings))
    known = all_equipment(data.frame)
    return {e.code: e for e in known.values() if e != built_in().get(e.code)}, known


def read_one_table(file: Path, name: str, findings: Findings) -> RawTable | None:
    """A file that is one table: csv, parquet, or the sheet of that name (else the first)."""
    suffix = file.suffix.lower()
    if suffix in _WORKBOOKS:
        sheets = read_workbook(file, file.name, findings)
        raw = sheets.get(name) or next(iter(sheets.values()), None)
        if raw is None and not findings.errors:
            findings.add(file_finding(file, "The workbook has no sheet with a table."))
        return raw
    if suffix == ".parquet":
        return read_parquet_file(file, file.name, findings)
    return read_csv_file(file, file.name, findings)


def file_finding(file: Path, message: str) -> Finding:
    """A list that holds nothing."""
    return Finding("E401", "error", message, "Give one row for each kind of unit.", file=file.name)
