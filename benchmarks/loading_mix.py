"""The equipment mix of many pallets: load units, bound and seconds.

    python -m benchmarks.loading_mix --pallets 300 --kinds 20 --orders 12 --seed 1 --json

The pallets are drawn from a seed (see `pallets`), so that every machine measures the same ones.
Prints one line with the mix, its weight (TEU), the proved bound and the seconds; every load unit
passes the check.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from typing import Any

from loading.check import Placed, check_load, check_units, errors
from loading.equipment import named
from loading.mix import Mix, choose_mix
from loading.units import HandlingUnit, Packaging

FOOTPRINTS = ((1200, 800), (1200, 1000), (1100, 1100), (1140, 980), (800, 600))
"""Euro, industrial, CN/JIS T11, CP9-like and half Euro pallets."""
TYPES = ("20GP", "40GP", "40HC", "45HC")
MARK_S = 20.0


def pallets(count: int, kinds: int, orders: int, seed: int) -> list[HandlingUnit]:
    """Pallets of several kinds for several orders.

    Each kind has a footprint of FOOTPRINTS, a height of 500 to 2200 mm in steps of 50, a density
    of 120 to 520 kg/m3, one to three layers and a top load of 0.5 to 2 times its own mass. Half of
    the kinds of one footprint may stand on one another (one stack code), the others on their own
    kind only. Each pallet is of a random kind and a random order; all travel one way.
    """
    rng = random.Random(seed)
    made = []
    for k in range(kinds):
        length, width = rng.choice(FOOTPRINTS)
        height = rng.randrange(500, 2201, 50)
        kg = float(round(length * width * height / 1e9 * rng.uniform(120, 520)))
        layers = rng.randint(1, 3)
        made.append(
            Packaging(
                f"K{k + 1:02d}", f"K{k + 1:02d}", 1, length, width, height, kg, 0.0,
                max_stack=layers,
                max_top_load_kg=None if layers == 1 else round(kg * rng.uniform(0.5, 2.0)),
                stack_code=f"F{length}x{width}" if rng.random() < 0.5 else "",
            )
        )  # fmt: skip
    found = []
    for i in range(count):
        packaging = rng.choice(made)
        order = f"O{rng.randrange(orders) + 1:02d}/1"
        found.append(HandlingUnit(f"u{i}", order, packaging, 1, packaging.gross_mass_kg))
    return found


def faults(mix: Mix, units: list[HandlingUnit]) -> list[str]:
    """What the check says of every load unit, and of the units as a whole."""
    inside, found = {}, []
    for k, plan in enumerate(mix.loads):
        placed = [
            Placed(
                p.step, p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm, p.unit.mass_kg,
                p.unit.packaging, p.unit.unit_id, p.unit.order, p.unit.stop, p.unit.group,
                p.unit.not_with,
            )
            for p in plan.placements
        ]  # fmt: skip
        inside[f"L{k}"] = [p.unit_id for p in placed]
        found += errors(check_load(f"L{k}", plan.equipment, placed))
    over = {u.unit_id for u in mix.left}
    found += check_units(inside, [u.unit_id for u in units if u.unit_id not in over])
    return [str(f) for f in found]


def measure(count: int, kinds: int, orders: int, seed: int, seconds: float) -> dict[str, Any]:
    """Plan one drawn case."""
    units = pallets(count, kinds, orders, seed)
    types = [e for name in TYPES if (e := named(name)) is not None]
    started, worked = time.perf_counter(), time.process_time()
    mix = choose_mix(units, types, seconds=seconds, seed=1)
    wall, work = time.perf_counter() - started, time.process_time() - worked
    names = {e.code: e.trade_name for e in types}
    told = faults(mix, units)
    return {
        "pallets": count, "kinds": kinds, "orders": len({u.order for u in units}), "seed": seed,
        "mix": {names[code]: n for code, n in sorted(mix.counts.items())},
        "loaded": sum(len(p.placements) for p in mix.loads), "left": len(mix.left),
        "weight": round(mix.weight, 4), "bound": round(mix.bound, 4), "proved": mix.proved,
        "volume_use": round(
            sum(p.volume_use * p.equipment.volume_m3 for p in mix.loads)
            / sum(p.equipment.volume_m3 for p in mix.loads), 4,
        ),
        "seconds": round(wall, 2), "processor_s": round(work, 2),
        "checked": not told, "faults": told[:3],
    }  # fmt: skip


def main() -> int:
    """Print a line; 0 if everything is loaded, checked and under the mark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pallets", type=int, default=300)
    parser.add_argument("--kinds", type=int, default=20)
    parser.add_argument("--orders", type=int, default=12)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    good = True
    lines = []
    for seed in given.seed:
        line = measure(given.pallets, given.kinds, given.orders, seed, given.seconds)
        lines.append(line)
        good = good and line["checked"] and not line["left"] and line["seconds"] < MARK_S
        if given.json:
            print(json.dumps(line), flush=True)
        else:
            mix = ", ".join(f"{n} x {name}" for name, n in line["mix"].items())
            print(
                f"seed {seed}: {mix}; weight {line['weight']}, bound {line['bound']}"
                f"{', proved' if line['proved'] else ''}; {line['seconds']} s; "
                f"{'checked' if line['checked'] else 'FAULTS ' + str(line['faults'])}",
                flush=True,
            )
    if given.json:
        print(
            json.dumps(
                {
                    "cases": len(lines), "mark_s": MARK_S,
                    "slowest_s": max(line["seconds"] for line in lines),
                    "proved": sum(line["proved"] for line in lines),
                    "gap": max(line["weight"] / line["bound"] - 1 for line in lines),
                    "checked": all(line["checked"] for line in lines), "reached": good,
                }
            )
        )  # fmt: skip
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
