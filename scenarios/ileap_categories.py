"""The TOCs and HOCs of a plan's elements, with intensities that give back each element's CO2e.

A row of tocs.csv averages legs of different load. iLEAP names the category that an element was
calculated with, and CO2e = intensity x activity. Legs of one category whose intensities differ
(a fuller lorry emits less per t-km) therefore become several TOCs, numbered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from emissions.factors import Factor
from emissions.ileap.judging import agree
from emissions.ileap.model import EnergyCarrier, Hoc, Location, Toc
from routing.case import Case
from scenarios.ileap_elements import Element

MODES = {
    "road": "Road",
    "rail": "Rail",
    "air": "Air",
    "sea": "Sea",
    "inland_waterway": "InlandWaterway",
}
ENERGY = {
    "diesel": "Diesel",
    "hvo": "HVO",
    "petrol": "Petrol",
    "cng": "CNG",
    "lng": "LNG",
    "lpg": "LPG",
    "hfo": "HFO",
    "mgo": "MGO",
    "kerosene": "Aviation fuel",
    "hydrogen": "Hydrogen",
    "methanol": "Methanol",
    "electricity": "Electric",
}
USUAL_ENERGY = {
    "road": "Diesel",
    "inland_waterway": "Diesel",
    "sea": "HFO",
    "air": "Aviation fuel",
}
"""What stands for an energy that no factor states; the format has no word for unknown."""
HUB_TYPES = {"port": "MaritimeContainerTerminal", "warehouse": "Warehouse"}
INTENSITY_STEP = Decimal("1e-12")
SHARE_STEP = Decimal("0.0001")


@dataclass
class Category:
    """Elements with one toc_id and one intensity, kg CO2e per unit."""

    base: str
    unit: str
    wtw: Decimal
    ttw: Decimal
    own_id: str = ""
    elements: list[Element] = field(default_factory=list)

    def gives(self, element: Element) -> bool:
        """True if intensity x activity is the element's CO2e, to the gram."""
        amount = element.amount
        return agree(element.wtw_kg, self.wtw * amount) and agree(element.ttw_kg, self.ttw * amount)


def categories_of(elements: Iterable[Element]) -> list[Category]:
    """The categories, numbered in each toc_id from the largest activity; elements in them."""
    found: dict[tuple[str, str], list[Category]] = {}
    for element in sorted(elements, key=lambda e: (-e.amount, e.tce_id)):
        base = str(element.row["toc_id"])
        some = found.setdefault((base, element.unit), [])
        home = next((c for c in some if c.gives(element)), None)
        if home is None:
            home = Category(
                base,
                element.unit,
                (element.wtw_kg / element.amount).quantize(INTENSITY_STEP),
                (element.ttw_kg / element.amount).quantize(INTENSITY_STEP),
            )
            some.append(home)
        home.elements.append(element)
    numbered = []
    for (base, _), some in sorted(found.items()):
        for i, category in enumerate(some, 1):
            category.own_id = base if len(some) == 1 else f"{base}/{i}"
            numbered.append(category)
    return numbered


def toc_of(category: Category, case: Case) -> Toc:
    """The TOC of a category of legs."""
    mode = str(category.elements[0].row["mode"])
    carriers, remark = _energy(category, case, mode)
    loaded = sum((e.loaded_km for e in category.elements), Decimal(0))
    empty = sum((e.empty_km for e in category.elements), Decimal(0))
    described = [f"{category.base} (mode/service/vehicle/energy/carrier)"]
    if empty:
        described.append("the empty ways of its boxes are inside")
    return Toc(
        tocId=category.own_id,
        description="; ".join([*described, *_named_factors(category), *remark]),
        mode=MODES[mode],
        emptyDistanceFactor=(empty / (empty + loaded)).quantize(SHARE_STEP) if empty else None,
        energyCarriers=carriers,
        co2eIntensityWTW=category.wtw,
        co2eIntensityTTW=category.ttw,
        transportActivityUnit=category.unit,
    )


def hoc_of(category: Category, case: Case) -> Hoc:
    """The HOC of passages of one hub, per tonne: a HOC is declared per 1000 kg (TS 7.2.3)."""
    place_id = str(category.elements[0].row["from"])
    place = case.places[place_id]
    carriers, remark = _energy(category, case, "hub")
    return Hoc(
        hocId=category.own_id,
        description="; ".join([category.base, *_named_factors(category), *remark]),
        hubType=HUB_TYPES.get(place.kind, "Transshipment"),
        hubLocation=location_of(place_id, case),
        energyCarriers=carriers,
        co2eIntensityWTW=category.wtw,
        co2eIntensityTTW=category.ttw,
        hubActivityUnit="tonnes",
    )


def factor_ids(elements: Iterable[Element]) -> list[str]:
    """The factors behind elements, sorted."""
    return sorted({str(e.row["factor_id"]) for e in elements if e.row["factor_id"]})


def _named_factors(category: Category) -> Sequence[str]:
    named = factor_ids(category.elements)
    return [f"factors: {', '.join(named)}"] if named else []


def _energy(
    category: Category, case: Case, mode: str
) -> tuple[tuple[EnergyCarrier, ...], Sequence[str]]:
    """The one energy carrier of a category, and what must be said of it.

    Lowhaul's factors are per activity and not per litre. So are these emission factors: the
    category's own intensities, without energyConsumptionUnit, as in the specification's examples.
    """
    words = {_stated(factor, case) for factor in factor_ids(category.elements)} - {""}
    parts = category.base.split("/")
    if len(parts) == 5 and parts[3] != "any":
        words = {parts[3]}
    known = {ENERGY[word] for word in words if word in ENERGY}
    if len(known) == 1 and len(words) == 1:
        name, remark = known.pop(), []
    else:
        name = USUAL_ENERGY.get(mode, "Diesel" if category.ttw else "Electric")
        said = ", ".join(sorted(words))
        why = f"the energy is {said}" if said else "no factor states the energy"
        remark = [f"{why}; {name} stands for it"]
    carrier = EnergyCarrier(
        energyCarrier=name,
        relativeShare=Decimal(1),
        emissionFactorWTW=category.wtw,
        emissionFactorTTW=category.ttw,
    )
    return (carrier,), remark


def _stated(factor_id: str, case: Case) -> str:
    factor: Factor | None = case.factors.by_id(factor_id)
    if factor is not None:
        return factor.energy
    bids: Mapping[str, str] = {f"bid:{b.bid_id}": b.energy for b in case.bids}
    return bids.get(factor_id, "")


def location_of(place_id: str, case: Case) -> Location:
    """A place of the plan; its name stands for the city, which locations.csv does not have."""
    place = case.places[place_id]
    return Location(
        city=place.name or place_id,
        country=place.country,
        locode=place.unlocode.replace(" ", "") or None,
        lat=Decimal(f"{place.lat:.6f}"),
        lng=Decimal(f"{place.lon:.6f}"),
    )
