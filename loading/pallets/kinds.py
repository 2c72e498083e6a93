"""Pallets: sizes, own mass and what they carry when they are moved (`loading/data/pallets.csv`)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class PalletKind:
    """An empty pallet (mm, kg). `dynamic_load_kg`: the most on it while it is moved; None: free."""

    code: str
    length_mm: int
    width_mm: int
    height_mm: int
    tare_kg: float
    dynamic_load_kg: float | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""


@cache
def built_in_pallets() -> dict[str, PalletKind]:
    """The built-in pallets by code; figures marked RECALLED are defaults to be replaced."""
    text = resources.files("loading").joinpath("data/pallets.csv").read_text("utf-8")
    return {
        row["pallet"]: PalletKind(
            code=row["pallet"],
            length_mm=int(row["length_mm"]),
            width_mm=int(row["width_mm"]),
            height_mm=int(row["height_mm"]),
            tare_kg=float(row["tare_kg"]),
            dynamic_load_kg=float(row["dynamic_load_kg"]),
            aliases=tuple(a for a in row["aliases"].split(";") if a),
            source=f"{row['status']}: {row['source']}",
        )
        for row in csv.DictReader(text.splitlines())
    }


def named_pallet(name: str) -> PalletKind | None:
    """The pallet of that code or other name (case and blanks do not matter), or None."""
    wanted = name.replace(" ", "").upper()
    for kind in built_in_pallets().values():
        if wanted in (n.replace(" ", "").upper() for n in (kind.code, *kind.aliases)):
            return kind
    return None
