"""The goods of a priced block as arrays, and a sequence of them as values of its columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from loading.equipment import Equipment
from loading.stuffing import fits, floor_count, layers
from loading.units import Packaging
from routing.filling.split import NEVER, Goods, Path, Pieces, Whole
from routing.groups import Packed
from routing.plan_model import PlanModel, UnitKey

PIECE = 1 / 3
"""The share of a load unit that a piece of an order takes at most."""


@dataclass(frozen=True)
class Run:
    """A run that is open to a block: its group and place in it, its columns, and its type."""

    group: int
    index: int
    column: int
    cargo: int | None
    type: int


@dataclass(frozen=True)
class Unit:
    """An order in a group: the column of its handling units, and how many one of it stands for."""

    column: int
    per_column: float


@dataclass(frozen=True)
class Table:
    """Goods of a block with the columns that they stand for."""

    goods: Goods
    pieces: Pieces
    packed: tuple[Packed, ...]
    runs: tuple[Run, ...]
    units: Mapping[tuple[int, int], Unit]
    """By place of the order in `packed`, and group."""
    parts: tuple[int, ...]
    """The column of the cheapest part load of each order, -1 if there is none."""


def table_of(
    model: PlanModel, columns: np.ndarray, upper: np.ndarray, priced: np.ndarray
) -> Table | None:
    """The goods of the columns of a block that are open; None where some order has no direct way.

    `priced` is the objective of each column. Of several packagings of an order the first one that
    has an open column is taken.
    """
    own = columns[upper[columns] > 0.0].tolist()
    packed, units = _units(model, own)
    names = model.unserved_orders
    wanted = {names[column] for column in columns.tolist() if column in names}
    if wanted != {p.order.key for p in packed} or not packed:
        return None
    runs = _runs(model, own, priced)
    if not runs:
        return None
    types = list(dict.fromkeys(_type_of(model, run.group) for run in runs))
    equipment = [(model.options.case.equipment[code], room) for code, room in types]
    per_kg = _per_kg(runs, packed, units, priced)
    parts = _parts(model, own, packed, priced)
    goods = _goods(model, equipment, runs, packed, units, parts, per_kg, priced)
    return Table(goods, _pieces(goods, packed), packed, runs, units, parts)


def _type_of(model: PlanModel, group: int) -> tuple[str, float]:
    sharing = model.options.groups[group].sharing
    return sharing.equipment, sharing.room


def _units(
    model: PlanModel, own: Sequence[int]
) -> tuple[tuple[Packed, ...], dict[tuple[int, int], Unit]]:
    """Orders in the packaging that they travel in, and their columns in each group."""
    open_keys: dict[str, dict[str, list[tuple[UnitKey, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for column in own:
        key = model.unit_keys.get(column)
        if key is not None and key.entry.kind == "direct":
            open_keys[key.entry.order][key.packaging_id].append((key, column))
    packed: list[Packed] = []
    units: dict[tuple[int, int], Unit] = {}
    for order in sorted(open_keys, key=lambda o: (_due(model, o), o)):
        for p in model.options.packed[order]:
            if p.packaging.packaging_id in open_keys[order]:
                for key, column in open_keys[order][p.packaging.packaging_id]:
                    per_column = float(p.count) if column in model.whole_columns else 1.0
                    units[len(packed), key.group] = Unit(column, per_column)
                packed.append(p)
                break
    return tuple(packed), units


def _due(model: PlanModel, order: str) -> int:
    return model.options.packed[order][0].order.due_date.toordinal()


def _runs(model: PlanModel, own: Sequence[int], priced: np.ndarray) -> tuple[Run, ...]:
    """Open runs, those of one type together, the cheapest empty ones first."""
    found = [
        (_type_of(model, model.run_keys[c][0]), float(priced[c]), *model.run_keys[c], c)
        for c in own
        if c in model.run_keys
    ]
    found.sort()
    types = {t: at for at, t in enumerate(dict.fromkeys(f[0] for f in found))}
    return tuple(
        Run(group, index, column, model.cargo.get((group, index)), types[of_type])
        for of_type, _, group, index, column in found
    )


def _per_kg(
    runs: Sequence[Run],
    packed: Sequence[Packed],
    units: Mapping[tuple[int, int], Unit],
    priced: np.ndarray,
) -> np.ndarray:
    """The objective of a kg of cargo on each run.

    In a group of one run it stands on the handling units, together with what handling adds: the
    least of them is that of the cargo.
    """
    by_group: dict[int, float] = defaultdict(lambda: inf)
    for (o, group), unit in units.items():
        kg = unit.per_column * packed[o].mass_kg / packed[o].count
        by_group[group] = min(by_group[group], float(priced[unit.column]) / kg)
    return np.array(
        [priced[r.cargo] if r.cargo is not None else by_group.get(r.group, 0.0) for r in runs]
    )


def _parts(
    model: PlanModel, own: Sequence[int], packed: Sequence[Packed], priced: np.ndarray
) -> tuple[int, ...]:
    """The column of the cheapest part load of each order, -1 if there is none."""
    at = {(p.order.key, p.packaging.packaging_id): o for o, p in enumerate(packed)}
    found = [-1] * len(packed)
    for column in own:
        part = model.part_keys.get(column)
        if part is None or part.option.entry.kind != "direct":
            continue
        o = at.get((part.option.entry.order, part.packaging_id))
        if o is None:
            continue
        if found[o] < 0 or priced[column] < priced[found[o]]:
            found[o] = column
    return tuple(found)


def _goods(
    model: PlanModel,
    equipment: Sequence[tuple[Equipment, float]],
    runs: Sequence[Run],
    packed: Sequence[Packed],
    units: Mapping[tuple[int, int], Unit],
    parts: Sequence[int],
    per_kg: np.ndarray,
    priced: np.ndarray,
) -> Goods:
    orders, types = len(packed), len(equipment)
    layer = np.ones((orders, types), dtype=np.int64)
    spots = np.ones((orders, types), dtype=np.int64)
    stands = np.zeros((orders, types), dtype=np.int64)
    for o, p in enumerate(packed):
        for e, (box, _) in enumerate(equipment):
            if fits(p.packaging, box):
                stands[o, e] = 1
                layer[o, e] = layers(p.packaging, box)
                spots[o, e] = floor_count(p.packaging, box)
    stacked = [_kind(p.packaging, layer[o]) for o, p in enumerate(packed)]
    kinds = {kind: at for at, kind in enumerate(dict.fromkeys(stacked))}
    admits = np.zeros((orders, -(-len(runs) // 64)), dtype=np.uint64)
    handling = np.full((orders, types), inf)
    unit_kg = np.array([p.mass_kg / p.count for p in packed])
    of_group: dict[int, list[int]] = defaultdict(list)
    for at, run in enumerate(runs):
        of_group[run.group].append(at)
    for (o, group), unit in units.items():
        for at in of_group.get(group, ()):
            admits[o, at >> 6] |= np.uint64(1) << np.uint64(at & 63)
            each = float(priced[unit.column]) / unit.per_column
            if runs[at].cargo is None:
                each -= float(per_kg[at]) * unit_kg[o]
            handling[o, runs[at].type] = min(handling[o, runs[at].type], each)
    of_runs = [model.options.groups[r.group].runs[r.index] for r in runs]
    room = np.array([share for _, share in equipment])
    most_kg = np.array([r.max_cargo_kg for r in of_runs]) * room[[r.type for r in runs]]
    first = np.searchsorted([r.type for r in runs], np.arange(types + 1))
    return Goods(
        whole=np.array([0 if p.order.splittable else p.count for p in packed], dtype=np.int64),
        unit_kg=unit_kg,
        unit_m3=np.array([p.packaging.volume_m3 for p in packed]),
        kind=np.array([kinds[kind] for kind in stacked]),
        handling=np.where(np.isfinite(handling), handling, 0.0),
        layers=layer,
        spots=spots,
        fits=stands,
        admits=admits,
        m3=np.array([box.volume_m3 * share for box, share in equipment]),
        kg=np.maximum.reduceat(most_kg, first[:-1]),
        room=room,
        first=first,
        empty=np.array([priced[r.column] for r in runs]),
        per_kg=per_kg,
        least_kg=np.array([r.least_cargo_kg for r in of_runs]),
        most_kg=most_kg,
        part=np.array([priced[column] if column >= 0 else NEVER for column in parts]),
    )  # fmt: skip


def _kind(packaging: Packaging, layer: np.ndarray) -> tuple[str, int, int, tuple[int, ...]]:
    """What units have in common that stand on one kind of stack: as the rows of groups count."""
    return packaging.stacks_with, packaging.length_mm, packaging.width_mm, tuple(layer.tolist())


def _pieces(goods: Goods, packed: Sequence[Packed]) -> Pieces:
    """Orders in pieces, none larger than a share of a load unit."""
    orders: list[int] = []
    units: list[int] = []
    for o, p in enumerate(packed):
        fullest = max(
            1.0 / float((goods.layers[o] * goods.spots[o]).max()),
            goods.unit_m3[o] / goods.m3.max(),
            goods.unit_kg[o] / goods.kg.max(),
        )
        pieces = min(p.count, max(1, ceil(p.count * fullest / PIECE)))
        for at in range(pieces):
            orders.append(o)
            units.append(p.count // pieces + (at < p.count % pieces))
    return Pieces(np.array(orders), np.array(units))


def values_of(
    table: Table, model: PlanModel, sequence: Whole, parted: Whole, path: Path
) -> dict[int, float]:
    """Values by column of a sequence that was split: handling units, load units, cargo, parts.

    Stacks are left to the rows of their groups (fill.py).
    """
    pieces, packed = table.pieces, table.packed
    units = [int(pieces.order[n]) for n in sequence if not parted[pieces.order[n]]
             for _ in range(int(pieces.units[n]))]  # fmt: skip
    values: dict[int, float] = defaultdict(float)
    place = len(units)
    while place > 0:
        run, begin = table.runs[path.run[place]], int(path.begins[place])
        values[run.column] += float(path.load_units[place])
        for o in units[begin:place]:
            unit = table.units[o, run.group]
            values[unit.column] += 1.0 / unit.per_column
            if run.cargo is not None:
                values[run.cargo] += packed[o].mass_kg / packed[o].count
        place = begin
    for o, p in enumerate(packed):
        if parted[o]:
            values[table.parts[o]] = 1.0
        for q in model.options.packed[p.order.key]:
            chosen = model.chosen.get((p.order.key, q.packaging.packaging_id))
            if chosen is not None:
                values[chosen] = float(q is p)
    return dict(values)
