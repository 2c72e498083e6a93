"""`lowhaul load FILE --palletise EUR1`: the cartons of a load list go onto pallets first.

Cartons of one relation, stop, group and priority share pallets, unless a stack code keeps them
apart. A carton that no pallet takes is loaded as it is, with a finding. A blank
`max_stack_layers` means no limit here: cartons on a pallet stand upon one another as a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from loading.equipment import Equipment
from loading.pallets import CartonLine, PalletLimits, PalletPlan, build_pallets, named_pallet
from loading.pallets.cartons import BuiltPallet, Carton
from loading.pallets.check import check_plan
from loading.pallets.kinds import PalletKind, built_in_pallets
from loading.pallets.units import (
    CARTON_COLUMNS,
    PALLET_COLUMNS,
    carton_rows,
    pallet_rows,
    pallet_units,
)
from loading.stacks import door_height
from lowhaul.errors import PlanFailsCheck, UsageError
from lowhaul.findings import Finding, Findings
from lowhaul.tables import TableData, did_you_mean
from scenarios.load_output import ListedUnit


@dataclass(frozen=True)
class PalletOptions:
    """What the planner asks of the pallets; `height_mm` None: as high as the lowest door."""

    pallet: str
    height_mm: int | None = None
    overhang_mm: int = 0
    stack: int = 1
    interlocked: bool = False

    def kind(self) -> PalletKind:
        """The pallet itself; an unknown name is a usage error."""
        found = named_pallet(self.pallet)
        if found is None:
            known = [n for k in built_in_pallets().values() for n in (k.code, *k.aliases)]
            raise UsageError(f'No pallet "{self.pallet}". {did_you_mean(self.pallet, known)}')
        return found

    def limits(self, types: Sequence[Equipment]) -> PalletLimits:
        """The limits of a pallet for these types of equipment; too low a height is refused."""
        kind = self.kind()
        doors = min(door_height(e) for e in types)
        height = doors if self.height_mm is None else min(self.height_mm, doors)
        if height <= kind.height_mm:
            raise UsageError(f"A {kind.code} pallet alone is {kind.height_mm} mm high.")
        return PalletLimits(height, self.overhang_mm, interlocked=self.interlocked)


def asked_pallets(options: dict[str, Any]) -> PalletOptions | None:
    """Take the options for pallets out of those of the command; None where none is asked for.

    Raises UsageError for options of pallets without a pallet.
    """
    pallet = options.pop("palletise")
    height, overhang = options.pop("pallet_height"), options.pop("pallet_overhang")
    stack, interlocked = options.pop("pallet_stack"), options.pop("interlocked")
    if pallet is not None:
        return PalletOptions(pallet, height, overhang, stack, interlocked)
    if height or overhang or stack > 1 or interlocked:
        raise UsageError("Options for pallets need --palletise, for example EUR1.")
    return None


@dataclass(frozen=True)
class Palletised:
    """The units that are loaded, and the pallets among them (in the order of their ids)."""

    units: list[ListedUnit]
    pallets: tuple[BuiltPallet, ...]

    def frames(self) -> dict[str, pd.DataFrame]:
        """The tables `pallets` (with what each holds) and `pallet_cartons`."""
        holds = {u.unit.unit_id: (u.unit.order, u.description) for u in self.units}
        rows = []
        for row in pallet_rows(self.pallets):
            order, content = holds[row["pallet_id"]]
            rows.append({**row, "order_id": order.partition("/")[2], "content": content})
        return {
            "pallets": pd.DataFrame(rows, columns=[*PALLET_COLUMNS, "content"]).rename(
                columns={"order_id": "rows"}
            ),
            "pallet_cartons": pd.DataFrame(carton_rows(self.pallets), columns=list(CARTON_COLUMNS)),
        }


def palletised(
    units: Sequence[ListedUnit],
    options: PalletOptions,
    types: Sequence[Equipment],
    data: TableData,
    findings: Findings,
) -> Palletised:
    """Put the listed units on pallets; every pallet passes the independent check first.

    `data` is the list as it was read. Raises PlanFailsCheck if a pallet breaks a rule.
    """
    limits, kind = options.limits(types), options.kind()
    by_row: dict[int, list[ListedUnit]] = {}
    for u in units:
        by_row.setdefault(u.row, []).append(u)
    rows = list(by_row)
    given = {int(data.rows[i]) for i in range(len(data)) if data.text("max_stack_layers", i)}
    lines = [
        CartonLine(_carton(some[0], row in given), len(some), _key(some[0]))
        for row, some in by_row.items()
    ]
    plan = build_pallets(lines, kind, limits)
    faults = check_plan(plan, lines, limits)
    if faults:
        raise PlanFailsCheck([str(f) for f in faults])
    made = _pallet_units(plan, [by_row[row][0] for row in rows], options.stack)
    loose: list[ListedUnit] = []
    for line, count, why in plan.left:
        loose += by_row[rows[line]][-count:]
        findings.add(
            Finding(
                "W402", "warning", f"{count} of this row are loaded without a pallet: {why}.",
                "Name another pallet, a height or an overhang that fits them.",
                data.file, data.sheet, rows[line],
            )
        )  # fmt: skip
    return Palletised([*made, *loose], plan.pallets)


def _carton(u: ListedUnit, limited: bool) -> Carton:
    p = u.unit.packaging
    return Carton(
        p.packaging_id, *p.planned_mm, p.gross_mass_kg,
        p.upright_only, p.rotate_on_floor,
        max_stack=p.max_stack if limited else None, max_top_load_kg=p.max_top_load_kg,
    )  # fmt: skip


def _key(u: ListedUnit) -> str:
    """Cartons with an equal key may share a pallet."""
    code = u.unit.packaging.stack_code
    own = "" if code == f"sku {u.sku}" else code
    return repr((u.relation, u.unit.stop, u.unit.group, u.unit.not_with, u.unit.priority, own))


def _pallet_units(plan: PalletPlan, firsts: Sequence[ListedUnit], stack: int) -> list[ListedUnit]:
    """Pallets as listed units: named by their id, described by what is on them."""
    made = []
    units = pallet_units(plan.pallets, max_stack=stack)
    for unit, built in zip(units, plan.pallets, strict=True):
        counts = built.counts
        first = firsts[min(counts)]
        like = first.unit
        rows = "+".join(str(firsts[i].row) for i in counts)
        content = ", ".join(f"{n} x {firsts[i].sku}" for i, n in counts.items())
        unit = replace(
            unit, order=f"{unit.unit_id}/{rows}", stop=like.stop, group=like.group,
            not_with=like.not_with, priority=like.priority,
        )  # fmt: skip
        made.append(ListedUnit(unit, first.row, unit.unit_id, content, first.relation))
    return made
