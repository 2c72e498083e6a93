"""Solar modules: the pieces that one 40HC holds, against the makers' data sheets.

    python -m benchmarks.pv_modules FOLDER

FOLDER holds `pv_modules.csv` (columns maker, model, module_kg, pallet_mm, pcs_per_pallet,
pcs_40hc). Rows without a pallet size are named and left out. The mass of a pallet is
pieces x module mass + 45 kg of packing: an assumption, the data sheets do not give it.
"""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from loading.check import Placed, check_load, errors
from loading.equipment import named
from loading.stuffing import Stuffing, stuff
from loading.units import Packaging, handling_units

PACKING_KG = 45.0
HIGH = 2  # "two pallets high" in the data sheets


@dataclass(frozen=True)
class Line:
    """One module: what the data sheet says and what was found."""

    model: str
    sheet: int
    found: int
    mass_kg: float
    seconds: float
    sound: bool


def most_in_one(pallet: Packaging, module_kg: float) -> tuple[int, Stuffing]:
    """The most pieces of whole pallets that one 40HC takes, and its plan."""
    hc = named("40HC")
    assert hc is not None
    plenty = handling_units("O/1", 60 * pallet.units, module_kg, pallet)
    result = stuff(plenty, hc, max_loads=1)
    return sum(p.unit.pieces for load in result.loads for p in load.placements), result


def measure(row: dict[str, str]) -> Line:
    """Plan one row of the table."""
    length, width, height = (int(v) for v in row["pallet_mm"].split("x"))
    pieces, module_kg = int(row["pcs_per_pallet"]), float(row["module_kg"])
    pallet = Packaging(
        row["model"], row["model"], pieces, length, width, height,
        pieces * module_kg + PACKING_KG, PACKING_KG, max_stack=HIGH,
    )  # fmt: skip
    started = time.perf_counter()
    found, result = most_in_one(pallet, module_kg)
    seconds = time.perf_counter() - started
    (load,) = result.loads
    placed = [
        Placed(p.step, p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm, p.unit.mass_kg, pallet)
        for p in load.placements
    ]
    faults = errors(check_load("L", load.equipment, placed))
    return Line(row["model"], int(row["pcs_40hc"]), found, load.mass_kg, seconds, not faults)


def main(folder: Path) -> int:
    """Print a line a module; 0 if every count is that of the data sheet and passes the check."""
    with (folder / "pv_modules.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    measured = [measure(row) for row in rows if row["pallet_mm"]]
    print(f"{'model':34} {'sheet':>6} {'found':>6} {'kg':>8} {'s':>7}")
    for line in measured:
        good = line.found == line.sheet and line.sound
        print(
            f"{line.model:34} {line.sheet:6} {line.found:6} {line.mass_kg:8,.0f} "
            f"{line.seconds:7.3f} {'' if good else 'DIFFERS'}"
        )
    left_out = [row["model"] for row in rows if not row["pallet_mm"]]
    print(f"without a pallet size, left out: {len(left_out)}")
    return 0 if all(m.found == m.sheet and m.sound for m in measured) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
