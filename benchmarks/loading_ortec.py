"""Products onto pallets, pallets into trucks within axle limits: the instances given by ORTEC.

    python -m benchmarks.loading_ortec FILE... [--seconds 10] [--json]

FILES are instances of Alonso, Alvarez-Valdes and Parreno 2020 (fields separated by blanks; layout
in docs/pallets.md). The whole demand is loaded: as many of the given layers as it holds, the rest
as

How the file is read, where it leaves a choice:
* Layers are blocks: only their outer size is given. Sizes are rounded up to whole mm.
* A layer may be wider than the pallet; the overhang allowed is what the layers of the file need.
* A box of which any turn is allowed may be turned on the floor; none is laid on a side.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import click

from loading.check import Placed, check_load, check_units, errors
from loading.equipment import Equipment
from loading.footprints import filled_lengths, floor_layout
from loading.pallets import Carton, CartonLine, PalletKind, PalletLimits
from loading.pallets.check import check_plan, share_held
from loading.pallets.loads import TwoSteps, load_cartons


@dataclass(frozen=True)
class Product:
    """A row of `#products`."""

    product: int
    demand: int
    width_mm: float
    length_mm: float
    height_mm: float
    mass_kg: float
    turns: bool
    group: int
    top: bool
    bottom: bool
    layer: int


@dataclass(frozen=True)
class Layer:
    """A row of `#layers`: a block of `items` boxes of one product, at most `most` upon another."""

    layer: int
    width_mm: float
    length_mm: float
    height_mm: float
    mass_kg: float
    items: int
    most: int


@dataclass(frozen=True)
class Instance:
    """One file."""

    name: str
    products: list[Product]
    layers: dict[int, Layer]
    pallet: PalletKind
    truck: Equipment


def read_instance(path: Path) -> Instance:
    """The instance in a file; ValueError names what is missing or cannot be read."""
    rows: dict[str, list[list[float]]] = {}
    section = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fields = line.split()
        if not fields:
            continue
        if fields[0].startswith("#"):
            section = fields[0][1:]
            rows[section] = []
            continue
        try:
            rows[section].append([float(f) for f in fields])
        except (KeyError, ValueError) as fault:
            raise ValueError(f"{path.name}, line {number}: {line.strip()[:60]!r}") from fault
    for name, fewest in (("products", 25), ("layers", 9), ("pallets", 5), ("trucks", 9)):
        if not rows.get(name) or any(len(row) < fewest for row in rows[name]):
            raise ValueError(f"{path.name}: #{name} is missing, empty or has short rows")
    if len(rows["pallets"]) > 1 or len(rows["trucks"]) > 1:
        raise ValueError(f"{path.name}: more than one kind of pallet or truck")
    products = [
        Product(
            int(r[0]), int(r[2]), r[14], r[15], r[16], r[17],
            any(r[18:21]), int(r[21]), bool(r[22]), bool(r[23]), int(r[24]),
        )
        for r in rows["products"]
    ]  # fmt: skip
    layers = {
        int(r[0]): Layer(int(r[0]), r[1], r[2], r[3], r[4], int(r[6]), int(r[7]))
        for r in rows["layers"]
    }
    _, width, length, height, tare = rows["pallets"][0][:5]
    pallet = PalletKind("ORTEC", int(length), int(width), int(height), tare)
    return Instance(path.stem, products, layers, pallet, _truck(rows["trucks"][0]))


def _truck(row: list[float]) -> Equipment:
    _, width, length, height, load, front, rear, front_limit, rear_limit = row[:9]
    return Equipment(
        "ORTEC", int(length), int(width), int(height), 0.0, load, 0.0,
        axles_mm=(front, rear), axle_limits_kg=(front_limit, rear_limit),
    )  # fmt: skip


def lines_of(case: Instance) -> list[CartonLine]:
    """The demand as full layers and single boxes."""
    lines = []
    for p in case.products:
        given = case.layers.get(p.layer)
        full, rest = divmod(p.demand, given.items) if given else (0, p.demand)
        stands = {"stack_group": p.group, "always_top": p.top, "always_bottom": p.bottom}
        if given and full:
            lines.append(
                CartonLine(
                    Carton(
                        f"layer {p.product}", ceil(given.length_mm), ceil(given.width_mm),
                        ceil(given.height_mm), given.items * p.mass_kg,
                        max_stack=None, pieces=given.items, **stands,
                    ),
                    full,
                )
            )  # fmt: skip
        if rest:
            lines.append(
                CartonLine(
                    Carton(
                        f"box {p.product}", ceil(p.length_mm), ceil(p.width_mm), ceil(p.height_mm),
                        p.mass_kg, rotate_on_floor=p.turns, **stands,
                    ),
                    rest,
                )
            )  # fmt: skip
    return lines


def limits_of(case: Instance) -> PalletLimits:
    """As high as the truck; as much overhang as the given layers have."""
    over = 0
    for x in case.layers.values():
        over = max(
            over,
            ceil((ceil(x.length_mm) - case.pallet.length_mm) / 2),
            ceil((ceil(x.width_mm) - case.pallet.width_mm) / 2),
        )
    return PalletLimits(case.truck.inner_height_mm, overhang_mm=over)


def bounds(case: Instance) -> tuple[int, int]:
    """Trucks that volume and mass of the goods need at least; and those that whole layers need.

    The second holds for plans in which the full layers stand one upon another (two never fit side
    by side on a pallet): all their heights over the greatest height that a pile of them can have
    is the least number of pallets. These have a mass, and a truck has room for no more empty decks
    than the bound of `floor_layout` says.
    """
    e = case.truck
    volume = sum(p.demand * p.length_mm * p.width_mm * p.height_mm for p in case.products)
    mass = sum(p.demand * p.mass_kg for p in case.products)
    goods = max(
        ceil(volume / (e.floor_mm2 * e.inner_height_mm) - 1e-9),
        ceil(mass / e.payload_kg - 1e-9),
    )
    pile = [x for x in lines_of(case) if x.carton.carton_id.startswith("layer")]
    over = 2 * limits_of(case).overhang_mm
    longest = max(case.pallet.length_mm, case.pallet.width_mm) + over
    if not pile or 2 * min(min(x.carton.length_mm, x.carton.width_mm) for x in pile) <= longest:
        return goods, goods
    room = e.inner_height_mm - case.pallet.height_mm
    highest = filled_lengths(tuple({x.carton.height_mm for x in pile}), room)[-1]
    pallets = ceil(sum(x.count * x.carton.height_mm for x in pile) / highest - 1e-9)
    decks = floor_layout(
        case.pallet.length_mm, case.pallet.width_mm, True,
        e.inner_length_mm, e.inner_width_mm, e.inner_width_mm,
    ).bound  # fmt: skip
    tare = pallets * case.pallet.tare_kg
    return goods, max(goods, ceil((mass + tare) / e.payload_kg - 1e-9), ceil(pallets / decks))


@dataclass(frozen=True)
class Loaded:
    """What was planned for one instance."""

    case: Instance
    lines: list[CartonLine]
    found: TwoSteps
    seconds: float

    def faults(self) -> list[str]:
        """What the judges of pallets and of loads find wrong."""
        found = [str(f) for f in check_plan(self.found.plan, self.lines, limits_of(self.case))]
        found += [f"line {i}: {n} left, {why}" for i, n, why in self.found.plan.left]
        inside = {}
        for k, load in enumerate(self.found.stuffing.loads, 1):
            placed = [
                Placed(p.step, p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm, p.unit.mass_kg,
                       p.unit.packaging, p.unit.unit_id)
                for p in load.placements
            ]  # fmt: skip
            inside[f"T{k}"] = [p.unit_id for p in placed]
            found += [str(f) for f in errors(check_load(f"T{k}", self.case.truck, placed))]
        wanted = [u.unit_id for u in self.found.units]
        return found + [str(f) for f in check_units(inside, wanted)]

    def line(self) -> dict[str, Any]:
        """The figures of one problem."""
        goods, with_pallets = bounds(self.case)
        held = total = 0
        for built in self.found.plan.pallets:
            for c, share in zip(built.cartons, share_held(built), strict=True):
                total += c.carton.pieces
                held += c.carton.pieces if share >= 1 - 1e-9 else 0
        faults = self.faults()
        return {
            "problem": self.case.name,
            "trucks": len(self.found.stuffing.loads),
            "bound": goods,
            "bound_whole_layers": with_pallets,
            "boxes": total,
            "pallets": len(self.found.plan.pallets),
            "supported": round(held / total, 4) if total else 0.0,
            "checked": not faults,
            "faults": faults[:3],
            "seconds": round(self.seconds, 2),
        }


def solve(path: Path, seconds: float) -> Loaded:
    """Read, build pallets, load trucks."""
    case = read_instance(path)
    started = time.perf_counter()
    lines = lines_of(case)
    found = load_cartons(lines, case.pallet, limits_of(case), case.truck, seconds=seconds)
    return Loaded(case, lines, found, time.perf_counter() - started)


def summary(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The totals of all problems."""
    boxes = sum(x["boxes"] for x in lines)
    return {
        "summary": "ortec",
        "problems": len(lines),
        "trucks": sum(x["trucks"] for x in lines),
        "bound": sum(x["bound"] for x in lines),
        "bound_whole_layers": sum(x["bound_whole_layers"] for x in lines),
        "at_bound_whole_layers": sum(x["trucks"] == x["bound_whole_layers"] for x in lines),
        "boxes": boxes,
        "pallets": sum(x["pallets"] for x in lines),
        "supported": round(sum(x["supported"] * x["boxes"] for x in lines) / max(1, boxes), 4),
        "checked": all(x["checked"] for x in lines),
        "seconds": round(sum(x["seconds"] for x in lines), 2),
        "slowest_seconds": max((x["seconds"] for x in lines), default=0.0),
    }


def _measured(files: tuple[Path, ...], seconds: float) -> Iterator[dict[str, Any]]:
    for path in files:
        yield solve(path, seconds).line()


@click.command("ortec")
@click.argument("files", nargs=-1, required=True,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--seconds", default=10.0, show_default=True, help="Time for one problem.")
@click.option("--json", "as_json", is_flag=True, help="A JSON line a problem, then a summary.")
def ortec(files: tuple[Path, ...], seconds: float, as_json: bool) -> None:
    """Products onto pallets, pallets into trucks within axle limits (ORTEC instances)."""
    done = []
    for line in _measured(files, seconds):
        done.append(line)
        if as_json:
            click.echo(json.dumps(line))
        else:
            click.echo(
                f"{line['problem']:14} {line['trucks']:3} trucks, bound {line['bound']:3} / "
                f"{line['bound_whole_layers']:3}, {line['pallets']:4} pallets, "
                f"{line['supported']:.1%} supported, {line['seconds']:6.2f} s"
                f"{'' if line['checked'] else '  FAILS ' + '; '.join(line['faults'])}"
            )
    click.echo(json.dumps(summary(done)))
    if not all(x["checked"] for x in done):
        raise SystemExit(1)


if __name__ == "__main__":
    ortec()
