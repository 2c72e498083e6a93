"""The TOCs and HOCs of a plan's elements, with intensities that give back each element's CO2e.

A row of tocs.csv averages legs of different load. iLEAP names the category that an element was
calculated with, and CO2e = intensity x activity. Legs of one category whose intensities differ
(a fuller lorry emits less per t-km) therefore become several TOCs, numbered. Legs that differ by no
more than their kilograms are rounded, to the gram, stay in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from emissions.factors import Factor
from emissions.ileap.judging import LARGEST_ROUNDING, half_a_digit
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


@dataclass(frozen=True)
class Span:
    """The intensities, kg CO2e per unit, that give a printed figure when it is rounded."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, kg: Decimal, amount: Decimal) -> Span:
        """Those of one element: half a gram to both sides, less where that is more than 0.5 %."""
        largest = LARGEST_ROUNDING / (1 + LARGEST_ROUNDING) * abs(kg)
        rounding = min(half_a_digit(kg), largest)
        return cls((kg - rounding) / amount, (kg + rounding) / amount)

    def shared(self, other: Span) -> Span:
        """Those of both; none are left where `has_middle` is False."""
        return Span(max(self.low, other.low), min(self.high, other.high))

    @property
    def middle(self) -> Decimal:
        """The one that is written."""
        return ((self.low + self.high) / 2).quantize(INTENSITY_STEP)

    @property
    def has_middle(self) -> bool:
        """True if what is written is one of them."""
        return self.low <= self.middle <= self.high


@dataclass
class Category:
    """Elements with one toc_id that one intensity fits, well-to-wheel and tank-to-wheel."""

    base: str
    unit: str
    wtw_span: Span
    ttw_span: Span
    own_id: str = ""
    elements: list[Element] = field(default_factory=list)

    @property
    def wtw(self) -> Decimal:
        """kg CO2e per unit; times the activity it is the CO2e of each element, to the gram."""
        return self.wtw_span.middle

    @property
    def ttw(self) -> Decimal:
        """The part of it from the tank to the wheel."""
        return self.ttw_span.middle

    def takes(self, element: Element) -> bool:
        """Add the element if an intensity fits it and all the others; False if none does."""
        wtw = self.wtw_span.shared(Span.of(element.wtw_kg, element.amount))
        ttw = self.ttw_span.shared(Span.of(element.ttw_kg, element.amount))
        if not (wtw.has_middle and ttw.has_middle):
            return False
        self.wtw_span, self.ttw_span = wtw, ttw
        self.elements.append(element)
        return True


def categories_of(elements: Iterable[Element]) -> list[Category]:
    """The categories, numbered in each toc_id from the largest activity; elements in them."""
    found: dict[tuple[str, str], list[Category]] = {}
    for element in sorted(elements, key=lambda e: (-e.amount, e.tce_id)):
        base = str(element.row["toc_id"])
        some = found.setdefault((base, element.unit), [])
        if not any(category.takes(element) for category in some):
            wtw = Span.of(element.wtw_kg, element.amount)
            ttw = Span.of(element.ttw_kg, element.amount)
            some.append(Category(base, element.unit, wtw, ttw, elements=[element]))
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
