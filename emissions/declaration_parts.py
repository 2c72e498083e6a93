"""The tables of a declaration: modes, distances, factors, scopes by incoterm, EU ETS, products.

Pure functions over elements and the few facts beside them (`LegFacts`, `OrderFacts`, ...). Every
table of CO2e adds up to the total of its rows to the gram.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from emissions.co2e import Co2e
from emissions.elements import Element
from emissions.factors import FactorBook
from emissions.footprint import BreakEven, Total, allocate, break_even, total
from emissions.scopes import ets_share
from lowhaul.units import KG_PER_T, METRE, kilograms, round_half_up, split_exactly

MODES = ("sea", "rail", "inland_waterway", "road", "air", "hub")
NO_INCOTERM = "none given"
UNUSED_BOXES = "returns of unused boxes"
MODULES = {"outbound": "A4", "inbound": "A2", "transfer": "internal"}
"""Life-cycle modules of EN 15804: A2 transport to the manufacturer, A4 transport to the site."""


@dataclass(frozen=True)
class LegFacts:
    """What a declaration asks of a row of legs.csv beside its element."""

    origin: str = ""
    destination: str = ""
    departs: date | None = None
    ghg_scope: str = ""
    activity_basis: str = ""


@dataclass(frozen=True)
class FactorFacts:
    """Where a factor comes from, by the factor_id of a line (a carrier's bids under one name)."""

    name: str
    source: str
    version: str = ""
    licence: str = ""
    gwp: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class OrderFacts:
    """One order line on one shipment: its share of the mass, and what its terms are."""

    order: str
    shipment_id: str
    sku: str
    mass_kg: float
    pieces: float
    flow: str = "outbound"
    incoterm: str = ""
    delivered: bool = True
    """False on a run that ends at a hub: its pieces travel on."""


@dataclass(frozen=True)
class ProductFacts:
    """The declared unit of a product, None where it has none."""

    declared_unit: str
    units_per_piece: float | None


@dataclass(frozen=True)
class ModeLine:
    """CO2e and activity of one mode, empty ways included; hubs have no activity."""

    mode: str
    total: Total
    covered: bool


def mode_lines(elements: Iterable[Element]) -> tuple[ModeLine, ...]:
    """By mode, in the order of `MODES`; modes that do not occur are left out."""
    groups: dict[str, list[Element]] = defaultdict(list)
    for element in elements:
        groups["hub" if element.kind == "hub" else element.mode].append(element)
    return tuple(
        ModeLine(mode, total(groups[mode]), all(e.covered for e in groups[mode]))
        for mode in MODES
        if mode in groups
    )


@dataclass(frozen=True)
class DistanceLine:
    """What kilometres a mode's activity and its factors count, and the adjustment between them."""

    mode: str
    activity_basis: str
    factor_basis: str
    share_of_tkm: float
    daf_least: float
    daf_most: float


def distance_lines(
    elements: Iterable[Element], facts: Sequence[LegFacts]
) -> tuple[DistanceLine, ...]:
    """By mode and bases, with the share of all t-km."""
    groups: dict[tuple[str, str, str], list[Element]] = defaultdict(list)
    for e, about in zip(elements, facts, strict=True):
        if e.kind == "transport":
            groups[e.mode, about.activity_basis, e.factor_distance_basis or "none"].append(e)
    whole = sum(e.activity_tkm for part in groups.values() for e in part) or 1.0
    return tuple(
        DistanceLine(
            *key,
            sum(e.activity_tkm for e in groups[key]) / whole,
            min(e.daf for e in groups[key]),
            max(e.daf for e in groups[key]),
        )
        for key in sorted(groups, key=lambda k: (MODES.index(k[0]), k))
    )


@dataclass(frozen=True)
class FactorLine:
    """One source of factors and what rests on it."""

    facts: FactorFacts
    pack: str
    co2e: Co2e
    share_of_co2e: float


def factor_lines(
    elements: Iterable[Element], about: Mapping[str, FactorFacts]
) -> tuple[FactorLine, ...]:
    """The factors behind the total by name, the heaviest first."""
    groups: dict[tuple[FactorFacts, str], list[Element]] = defaultdict(list)
    for e in elements:
        if e.co2e is not None and e.factor_id:
            facts = about.get(e.factor_id, FactorFacts(e.factor_id, "not known", gwp=e.gwp))
            groups[facts, e.factor_pack].append(e)
    sums = {key: total(part).co2e for key, part in groups.items()}
    whole = sum(s.wtw_kg for s in sums.values()) or 1.0
    ordered = sorted(sums, key=lambda k: (-sums[k].wtw_kg, k[0].name))
    return tuple(FactorLine(*k, sums[k], sums[k].wtw_kg / whole) for k in ordered)


@dataclass(frozen=True)
class Portion:
    """What one order line has of one element, by mass, exact to the gram."""

    element: int
    order: OrderFacts | None
    co2e: Co2e
    activity_tkm: float


def portions(elements: Sequence[Element], orders: Iterable[OrderFacts]) -> list[Portion]:
    """Every element shared by the order lines of its shipment; one without orders stays whole."""
    of_shipment: dict[str, list[OrderFacts]] = defaultdict(list)
    for order in orders:
        of_shipment[order.shipment_id].append(order)
    found = []
    for i, e in enumerate(elements):
        lines = of_shipment.get(e.shipment_id, []) if e.shipment_id else []
        if not lines:
            found.append(Portion(i, None, e.known, e.activity_tkm))
            continue
        masses = [line.mass_kg for line in lines]
        parts = zip(
            lines, allocate(e.known, masses), split_exactly(e.activity_tkm, masses, METRE),
            strict=True,
        )  # fmt: skip
        found += [Portion(i, line, co2e, tkm) for line, co2e, tkm in parts]
    return found


@dataclass(frozen=True)
class ScopeLine:
    """CO2e of one scope and incoterm."""

    scope: str
    incoterm: str
    co2e: Co2e


def scope_lines(found: Iterable[Portion], facts: Sequence[LegFacts]) -> tuple[ScopeLine, ...]:
    """Scope 3 category 4 and 9 (and own vehicles), by the incoterm of the order lines."""
    sums: dict[tuple[str, str], Co2e] = defaultdict(Co2e.zero)
    for p in found:
        term = (p.order.incoterm or NO_INCOTERM) if p.order else UNUSED_BOXES
        sums[facts[p.element].ghg_scope or "not stated", term] += p.co2e
    return tuple(ScopeLine(*key, sums[key].rounded()) for key in sorted(sums))


@dataclass(frozen=True)
class EtsLine:
    """Sea legs of one relation and year: TTW, the share to surrender, and its cost if priced."""

    origin: str
    destination: str
    year: int
    ttw_kg: float
    share: float
    allowances_t: float
    cost: float | None


def ets_lines(
    elements: Iterable[Element],
    facts: Sequence[LegFacts],
    countries: Mapping[str, str],
    price_per_t: float | None,
) -> tuple[EtsLine, ...]:
    """The EU ETS of sea legs, for information; legs outside of it are left out."""
    groups: dict[tuple[str, str, int], float] = defaultdict(float)
    for e, about in zip(elements, facts, strict=True):
        if e.kind == "transport" and e.mode == "sea" and about.departs is not None:
            groups[about.origin, about.destination, about.departs.year] += e.known.ttw_kg
    lines = []
    for (origin, destination, year), ttw in sorted(groups.items()):
        ends = countries.get(origin, ""), countries.get(destination, "")
        share = ets_share(*ends, year)
        if share:
            tonnes = ttw * share / KG_PER_T
            cost = None if price_per_t is None else round_half_up(tonnes * price_per_t, 2)
            lines.append(
                EtsLine(origin, destination, year, kilograms(ttw), share, kilograms(tonnes), cost)
            )
    return tuple(lines)


@dataclass(frozen=True)
class ProductLine:
    """Transport of one product by its declared unit (EPD module, PCF stage).

    `units` were delivered; figures are kg CO2e and t-km of one declared unit, `by_mode` WTW of the
    modes that are covered.
    """

    sku: str
    module: str
    declared_unit: str
    units: float
    co2e: Co2e
    tkm: float
    by_mode: Mapping[str, float]


def product_lines(
    found: Iterable[Portion],
    elements: Sequence[Element],
    orders: Iterable[OrderFacts],
    products: Mapping[str, ProductFacts],
) -> tuple[ProductLine, ...]:
    """By product and life-cycle module; products without a declared unit are left out."""
    pieces: dict[tuple[str, str], float] = defaultdict(float)
    for order in orders:
        if order.delivered:
            pieces[order.sku, _module(order)] += order.pieces
    co2e: dict[tuple[str, str], Co2e] = defaultdict(Co2e.zero)
    tkm: dict[tuple[str, str], float] = defaultdict(float)
    modes: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for p in found:
        if p.order is not None:
            key = p.order.sku, _module(p.order)
            element = elements[p.element]
            co2e[key] += p.co2e
            tkm[key] += p.activity_tkm
            if element.co2e is not None:
                modes[key]["hub" if element.kind == "hub" else element.mode] += p.co2e.wtw_kg
    lines = []
    for key in sorted(co2e):
        product = products.get(key[0])
        per_piece = product.units_per_piece if product else None
        units = pieces[key] * per_piece if per_piece else 0.0
        if product is None or not units:
            continue
        shares = {m: modes[key][m] / units for m in MODES if m in modes[key]}
        one = 1.0 / units
        lines.append(
            ProductLine(*key, product.declared_unit, units, co2e[key] * one, tkm[key] * one, shares)
        )
    return tuple(lines)


def _module(order: OrderFacts) -> str:
    return MODULES.get(order.flow, order.flow)


@dataclass(frozen=True)
class Turning:
    """Where the choice of mode on one relation turns, with a proxy factor."""

    origin: str
    destination: str
    point: BreakEven


def turning_points(
    chosen: Mapping[tuple[str, str], Sequence[Element]],
    other: Mapping[tuple[str, str], Sequence[Element]],
    book: FactorBook,
) -> tuple[Turning, ...]:
    """Break-even factors of all relations that go by other modes than the baseline's.

    The chains of a relation are compared for one tonne each. The nearest turning point of a factor
    is given first (times nearest to 1).
    """
    found = []
    for relation in sorted(set(chosen) & set(other)):
        ours, theirs = chosen[relation], other[relation]
        mass, before = _moved(ours), _moved(theirs)
        if not (mass and before):
            continue
        alike = [
            replace(e, co2e=None if e.co2e is None else e.co2e * (mass / before)) for e in theirs
        ]
        found += [Turning(*relation, point) for point in break_even(ours, alike, book)]
    return tuple(sorted(found, key=lambda t: (abs(t.point.times - 1.0), t.origin, t.destination)))


def _moved(elements: Iterable[Element]) -> float:
    """The mass that starts: the first laden row of each shipment."""
    first: dict[str, float] = {}
    for e in elements:
        if e.kind == "transport":
            first.setdefault(e.shipment_id, e.mass_kg)
    return sum(first.values())
