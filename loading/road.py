"""What the roads of a country let one container carry.

`loading/data/road_limits.csv` holds gross limits of vehicles (or cargo limits as a liner publishes
them) with a source in each row. From a gross limit the truck and chassis (an assumption: 13 t, in
China 15 t) and the tare of the box are taken off. Trailers are road vehicles themselves: their
payload is set for the road, so that no country lowers it here. A planner's own figure
(`--max-cargo-kg`, the table `road_limits`) is always the better one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from loading.equipment import Equipment


@dataclass(frozen=True)
class CountryRoad:
    """One row: the gross limit and the truck below the box, or cargo limits by the box's size."""

    country: str
    gross_kg: float
    truck_kg: float | None
    cargo_20_kg: float | None
    cargo_40_kg: float | None
    source: str

    def cargo_kg(self, e: Equipment) -> float | None:
        """The most that a container may carry on these roads; None where no row limits it."""
        if not e.is_container:
            return None
        direct = self.cargo_20_kg if e.teu <= 1 else self.cargo_40_kg
        if direct is not None or self.truck_kg is None:
            return direct
        return self.gross_kg - self.truck_kg - e.tare_kg


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def roads() -> dict[str, CountryRoad]:
    """The known countries by their ISO 3166 code."""
    text = resources.files("loading").joinpath("data/road_limits.csv").read_text("utf-8")
    return {
        row["country"]: CountryRoad(
            row["country"],
            float(row["gross_kg"]),
            _number(row["truck_kg"]),
            _number(row["cargo_20_kg"]),
            _number(row["cargo_40_kg"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def road_limits_kg(
    countries: Iterable[str], types: Iterable[Equipment], max_cargo_kg: float | None = None
) -> dict[str, float]:
    """The lowest limit of the countries (known ones) and of an own figure, by equipment code."""
    some = [roads()[c] for c in countries]
    limits = {}
    for e in types:
        given = [kg for road in some if (kg := road.cargo_kg(e)) is not None]
        if max_cargo_kg is not None:
            given.append(max_cargo_kg)
        if given:
            limits[e.code] = min(given)
    return limits
