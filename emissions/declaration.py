"""The declaration of a footprint: what ISO 14083 asks to be said beside the figures.

Frozen data, made from elements and a few facts, for a page (`scenarios.report_declaration`) and for
a file (`as_dict`). Only what the data show is said: "aligned" where every element is covered whole,
else how many are not. Nothing here is a certificate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from emissions.audit import audit
from emissions.co2e import Co2e
from emissions.declaration_parts import (
    DistanceLine,
    EtsLine,
    FactorFacts,
    FactorLine,
    LegFacts,
    ModeLine,
    OrderFacts,
    ProductFacts,
    ProductLine,
    ScopeLine,
    Turning,
    distance_lines,
    ets_lines,
    factor_lines,
    mode_lines,
    portions,
    product_lines,
    scope_lines,
    turning_points,
)
from emissions.elements import Element
from emissions.factors import FactorBook
from emissions.footprint import (
    EX_ANTE,
    Coverage,
    DataShares,
    Total,
    coverage,
    data_shares,
    gwp_warning,
    total,
    wording,
)
from lowhaul.units import KG_PER_T, round_half_up

BOUNDARY = (
    "Well-to-wheel emissions of operating the transport chains, from the first place of each order "
    "to its last: vehicles laden and empty, the empty ways of hauled boxes, returns of unused own "
    "boxes, handling at hubs, and the provision of the energy used."
)
EXCLUSIONS = (
    "making and maintaining vehicles, containers, roads and other infrastructure",
    "making and disposing of packaging",
    "black carbon",
    "refrigerant leakage, unless a factor holds it",
    "radiative forcing of flights beyond CO₂e",
    "offsets, book-and-claim and any other certificate",
    "emissions avoided by round use, which stand apart",
)
ALLOCATION = {
    "sea": "sea: by TEU, whatever a box holds; part loads and trailers by mass",
    "rail": "rail: by mass, or by TEU where the factor is per TEU-km",
    "inland_waterway": "inland waterway: by mass, or by TEU where the factor is per TEU-km",
    "road": "road: a box or trailer bears its vehicle's way; part loads share by mass x distance",
    "air": "air: by mass",
    "hub": "hubs: by mass where goods are re-stuffed, by TEU where boxes stay sealed",
}
WITHIN = "inside a load unit: by mass of goods with their packaging, to the gram"
BIOGENIC = (
    "Biogenic CO₂ is in no total. The factors used state no amount of it, so none is given apart."
)


DIGITS = 6
"""Digits of CO2e in the file: totals are whole grams, figures of a declared unit are finer."""


@dataclass(frozen=True)
class About:
    """Who declares what, for when; `basis` is planned or executed."""

    organisation: str = ""
    contact: str = ""
    subject: str = ""
    period_from: date | None = None
    period_to: date | None = None
    basis: str = "planned"
    run_id: str = ""
    software: str = ""


@dataclass(frozen=True)
class RoundUse:
    """Avoided emissions of round use, kg: never part of the inventory, shared between shippers.

    The intensities (WTW g per t-km) are those of the haulage to the places that load the boxes, by
    way of the port and with the turns; None where they cannot be told.
    """

    boxes: int = 0
    km_saved: float = 0.0
    avoided_kg: float = 0.0
    own_kg: float = 0.0
    partner_kg: float = 0.0
    against: str = ""
    toc_before_g_per_tkm: float | None = None
    toc_after_g_per_tkm: float | None = None


@dataclass(frozen=True)
class HubShare:
    """Passages of hubs and the tonnes handled; what has no value is not covered."""

    passages: int
    handled_t: float
    covered_share: float


@dataclass(frozen=True)
class Declaration:
    """Everything a reader needs to judge the footprint."""

    about: About
    words: str
    estimate: str
    boundary: str
    total: Total
    modes: tuple[ModeLine, ...]
    distances: tuple[DistanceLine, ...]
    gwps: tuple[str, ...]
    gwp_warning: str
    factors: tuple[FactorLine, ...]
    packs: Mapping[str, float]
    shares: DataShares
    coverage: Coverage
    hubs: HubShare
    allocation: tuple[str, ...]
    exclusions: tuple[str, ...]
    biogenic: str
    assumed: Co2e
    proxy: Co2e
    scopes: tuple[ScopeLine, ...]
    ets: tuple[EtsLine, ...]
    ets_price_per_t: float | None
    round_use: RoundUse
    products: tuple[ProductLine, ...]
    turning: tuple[Turning, ...] = ()
    compared_with: str = ""
    currency: str = ""
    faults: tuple[str, ...] = ()
    """Elements that cannot be as they are (`audit`); with any, nothing is called aligned."""


@dataclass(frozen=True)
class Given:
    """What a declaration is made from: elements with their facts in the same order, and the rest.

    `relations` are the chains of this plan and `baseline` those that its choice of mode is set
    against, both by origin and destination.
    """

    elements: Sequence[Element]
    legs: Sequence[LegFacts]
    factors: Mapping[str, FactorFacts]
    orders: Sequence[OrderFacts]
    products: Mapping[str, ProductFacts]
    countries: Mapping[str, str]
    book: FactorBook
    round_use: RoundUse = field(default_factory=RoundUse)
    ets_price_per_t: float | None = None
    currency: str = ""
    relations: Mapping[tuple[str, str], Sequence[Element]] = field(default_factory=dict)
    baseline: Mapping[tuple[str, str], Sequence[Element]] = field(default_factory=dict)
    compared_with: str = ""


def declare(about: About, given: Given) -> Declaration:
    """The declaration of a plan or of executed transports."""
    elements = given.elements
    covered = coverage(elements)
    faults = tuple(str(f) for f in audit(elements) if f.severity == "error")
    hubs = [e for e in elements if e.kind == "hub"]
    shared = portions(elements, given.orders)
    modes = mode_lines(elements)
    return Declaration(
        about=about,
        words=wording(covered, len(faults)),
        estimate=EX_ANTE if about.basis != "executed" else "",
        boundary=BOUNDARY,
        total=total(elements),
        modes=modes,
        distances=distance_lines(elements, given.legs),
        gwps=tuple(sorted({e.gwp or "not stated" for e in elements if e.co2e is not None})),
        gwp_warning=gwp_warning(elements),
        factors=factor_lines(elements, given.factors),
        packs=_by_pack(elements),
        shares=data_shares(elements),
        coverage=covered,
        hubs=HubShare(len(hubs), sum(e.mass_kg for e in hubs) / KG_PER_T, covered.hubs),
        allocation=(*(ALLOCATION[m.mode] for m in modes), WITHIN),
        exclusions=EXCLUSIONS,
        biogenic=BIOGENIC,
        assumed=total(e for e in elements if e.assumed).co2e,
        proxy=total(e for e in elements if e.proxy).co2e,
        scopes=scope_lines(shared, given.legs),
        ets=ets_lines(elements, given.legs, given.countries, given.ets_price_per_t),
        ets_price_per_t=given.ets_price_per_t,
        round_use=given.round_use,
        products=product_lines(shared, elements, given.orders, given.products),
        turning=turning_points(given.relations, given.baseline, given.book),
        compared_with=given.compared_with,
        currency=given.currency,
        faults=faults,
    )


def _by_pack(elements: Sequence[Element]) -> dict[str, float]:
    """Shares of CO2e by whose factor it is: carrier, place, own, a pack's name, default."""
    sums: dict[str, float] = {}
    for e in elements:
        if e.co2e is not None:
            name = e.factor_pack or "not stated"
            sums[name] = sums.get(name, 0.0) + e.co2e.wtw_kg
    whole = sum(sums.values()) or 1.0
    return {name: kg / whole for name, kg in sorted(sums.items(), key=lambda item: -item[1])}


def as_dict(declared: Declaration) -> dict[str, Any]:
    """The declaration as plain values for JSON: CO2e as WTW, TTW and WTT in kg, dates as text."""
    plain = _plain(declared)
    assert isinstance(plain, dict)
    return plain


def _plain(value: object) -> object:
    if isinstance(value, Co2e):
        return {
            "co2e_wtw_kg": round_half_up(value.wtw_kg, DIGITS),
            "co2e_ttw_kg": round_half_up(value.ttw_kg, DIGITS),
            "co2e_wtt_kg": round_half_up(value.wtt_kg, DIGITS),
        }
    if isinstance(value, Total):
        intensity = value.intensity_wtw_g_per_tkm
        said = _plain(value.co2e)
        assert isinstance(said, dict)
        return {
            **said,
            "activity_tkm": value.activity_tkm,
            "known_tkm": value.known_tkm,
            "intensity_wtw_g_per_tkm": None if intensity is None else round(intensity, 6),
        }
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
