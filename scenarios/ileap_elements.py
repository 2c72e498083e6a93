"""A plan's rows as iLEAP elements: empty ways folded in, what is not covered set aside.

iLEAP has no element for an empty way (TS 6.2: an element moves a consignment). An empty way has the
tce_id of the laden way that it serves, and its CO2e becomes part of that element. What has no CO2e
cannot stand in a format that asks for it, and is never written as zero: it is set aside and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
KG_PER_T = Decimal(1000)
GRAM = Decimal("0.001")
ON_WATER = ("sea", "inland_waterway")


def exact(value: object) -> Decimal:
    """The decimal that the table shows: 0.1 is 0.1, 5050 has no decimals; blank is 0."""
    if value is None:
        return Decimal(0)
    return Decimal(repr(float(str(value))).removesuffix(".0"))


def grams(value: object) -> Decimal:
    """Kilograms with their grams, always printed: the digits say how exact they are."""
    return exact(value).quantize(GRAM)


@dataclass(frozen=True)
class Element:
    """One element of a chain: a laden row with the empty ways that serve it, or a hub's row.

    `unit` is what its category counts: tkm, TEUkm (boxes on water) or tonnes (hubs). `empty_km` and
    `loaded_km` are those of vehicles and boxes, driven.
    """

    row: Row
    wtw_kg: Decimal
    ttw_kg: Decimal
    loaded_km: Decimal
    empty_km: Decimal = Decimal(0)

    @property
    def tce_id(self) -> str:
        """Its id, as in legs.csv."""
        return str(self.row["tce_id"])

    @property
    def is_hub(self) -> bool:
        """True for the passage of a hub."""
        return bool(self.row["kind"] == "hub")

    @property
    def mass_kg(self) -> Decimal:
        """Goods and packaging."""
        return exact(self.row["mass_kg"])

    @property
    def activity_tkm(self) -> Decimal:
        """Mass x distance, unrounded (legs.csv rounds it to 0.001 tkm)."""
        return self.mass_kg * exact(self.row["distance_km"]) / KG_PER_T

    @property
    def teu(self) -> Decimal:
        """Of all its boxes; 0 for trailers and part loads."""
        return exact(self.row["teu"])

    @property
    def unit(self) -> str:
        """tonnes, TEUkm or tkm."""
        if self.is_hub:
            return "tonnes"
        return "TEUkm" if self.row["mode"] in ON_WATER and self.teu else "tkm"

    @property
    def amount(self) -> Decimal:
        """Its activity in that unit."""
        if self.is_hub:
            return self.mass_kg / KG_PER_T
        if self.unit == "TEUkm":
            return self.teu * exact(self.row["distance_km"])
        return self.activity_tkm


@dataclass(frozen=True)
class LeftOut:
    """What is not in the file, and why; CO2e is what the plan's books know of it."""

    tce_id: str
    shipment_id: str
    what: str
    wtw_kg: Decimal = Decimal(0)
    ttw_kg: Decimal = Decimal(0)


def elements_of(legs: Iterable[Row]) -> tuple[dict[str, list[Element]], list[LeftOut]]:
    """The elements of each shipment in time order, and what no element can be made of."""
    laden: dict[str, Element] = {}
    waiting: list[Row] = []
    left: list[LeftOut] = []
    for row in sorted(legs, key=lambda r: (str(r["shipment_id"]), int(r["seq"]))):
        if row["kind"] == "empty":
            waiting.append(row)
        elif row["co2e_wtw_kg"] is None:
            where = f"{row['from']} to {row['to']}" if row["from"] != row["to"] else row["from"]
            what = f"{row['mode']} {where}: no emission factor"
            left.append(LeftOut(str(row["tce_id"]), str(row["shipment_id"]), what))
        else:
            km = exact(row["actual_km"]) * (exact(row["load_units"]) or 1)
            wtw, ttw = grams(row["co2e_wtw_kg"]), grams(row["co2e_ttw_kg"])
            laden[str(row["tce_id"])] = Element(row, wtw, ttw, km)
    for row in waiting:
        left += _fold(row, laden)
    chains: dict[str, list[Element]] = {}
    for element in laden.values():
        chains.setdefault(str(element.row["shipment_id"]), []).append(element)
    return chains, left


def _fold(row: Row, laden: dict[str, Element]) -> list[LeftOut]:
    served = laden.get(str(row["tce_id"]))
    wtw, ttw = grams(row["co2e_wtw_kg"]), grams(row["co2e_ttw_kg"])
    if served is None or row["co2e_wtw_kg"] is None:
        why = "empty way of boxes that serve no element here"
        if not row["shipment_id"]:
            why = "return of unused boxes, which belong to no shipment"
        what = f"road {row['from']} to {row['to']}: {why}"
        return [LeftOut(str(row["tce_id"]), str(row["shipment_id"]), what, wtw, ttw)]
    laden[served.tce_id] = replace(
        served,
        wtw_kg=served.wtw_kg + wtw,
        ttw_kg=served.ttw_kg + ttw,
        empty_km=served.empty_km + exact(row["distance_km"]) * exact(row["load_units"]),
    )
    return []
