"""The footprint of a plan or of a year: sums, coverage, shares, categories, and what to say of it.

Pure functions over the elements of transport chains (`elements.Element`). Sums are of rows rounded
to the gram, so that every table adds up; what is not covered is left out of a sum and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from emissions.co2e import Co2e
from emissions.elements import Element
from emissions.factors import FactorBook
from lowhaul.units import (
    G_PER_KG,
    GRAM,
    KG_PER_T,
    METRE,
    kilograms,
    round_half_up,
    split_exactly,
)

DATA_TYPES = ("primary", "modelled", "default")
ALIGNED = "Aligned with ISO 14083:2023; not certified"
EX_ANTE = "A plan is an ex-ante estimate; disclosures are made from executed transports."


@dataclass(frozen=True)
class Total:
    """CO2e and transport activity of one chain or of all.

    `known_tkm` is the activity of the elements that have a figure. What has none is in
    `activity_tkm` but not in `co2e`; to divide by it would make gaps look like clean transport.
    """

    co2e: Co2e
    activity_tkm: float
    known_tkm: float

    @property
    def intensity_wtw_g_per_tkm(self) -> float | None:
        """WTW per tonne-kilometre of what has a figure, None without such activity."""
        return self.co2e.wtw_kg * G_PER_KG / self.known_tkm if self.known_tkm else None


@dataclass(frozen=True)
class Coverage:
    """What is covered whole (well-to-tank included): transport by t-km, hubs by t.

    `transport` and `hubs` are shares of 0 to 1 (1 where there is nothing to cover);
    `not_covered` are the tce_id of the elements that are not, `wanted` what would cover them.
    """

    transport: float
    hubs: float
    elements: int
    not_covered: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class DataShares:
    """Shares of primary, modelled and default data by t-km and by CO2e (each adds up to 1)."""

    by_tkm: Mapping[str, float]
    by_co2e: Mapping[str, float]


@dataclass(frozen=True)
class TocRow:
    """One row of tocs.csv; CO2e and kilometres count loaded and empty ways."""

    toc_id: str
    mode: str
    carrier: str
    vehicle: str
    energy: str
    activity_tkm: float
    loaded_km: float
    empty_km: float
    co2e_wtw_kg: float
    intensity_wtw_g_per_tkm: float | None
    data_type: str


def total(elements: Iterable[Element]) -> Total:
    """The sum of what is known, kg to the gram and t-km."""
    wtw = ttw = activity = known = 0.0
    for element in elements:
        wtw += element.known.wtw_kg
        ttw += element.known.ttw_kg
        activity += element.activity_tkm
        known += element.activity_tkm if element.co2e is not None else 0.0
    ttw = kilograms(ttw)
    co2e = Co2e(kilograms(kilograms(wtw) - ttw), ttw)
    return Total(co2e, round_half_up(activity, METRE), round_half_up(known, METRE))


def chain_totals(elements: Iterable[Element]) -> dict[str, Total]:
    """The total of each transport chain, by shipment_id (blank: returns of unused boxes)."""
    chains: dict[str, list[Element]] = {}
    for element in elements:
        chains.setdefault(element.shipment_id, []).append(element)
    return {name: total(parts) for name, parts in chains.items()}


def coverage(elements: Iterable[Element]) -> Coverage:
    """How much of transport and of hubs is covered whole, and which elements are not."""
    parts = list(elements)
    legs = [e for e in parts if e.kind == "transport"]
    hubs = [e for e in parts if e.kind == "hub"]
    missing = [e for e in parts if not e.covered]
    return Coverage(
        transport=_share([e.activity_tkm for e in legs], [e.covered for e in legs]),
        hubs=_share([e.mass_kg for e in hubs], [e.covered for e in hubs]),
        elements=len(parts),
        not_covered=tuple(e.tce_id for e in missing),
        wanted=tuple(dict.fromkeys(e.wanted for e in missing if e.wanted)),
    )


def _share(amounts: Sequence[float], counted: Sequence[bool]) -> float:
    """The counted amounts as a share; by number of elements where all amounts are zero."""
    if not amounts:
        return 1.0
    weights = amounts if sum(amounts) > 0 else [1.0] * len(amounts)
    return sum(w for w, yes in zip(weights, counted, strict=True) if yes) / sum(weights)


def data_shares(elements: Iterable[Element]) -> DataShares:
    """Shares of the data types by t-km and by CO2e of all that has a factor; both are printed."""
    tkm, kg = dict.fromkeys(DATA_TYPES, 0.0), dict.fromkeys(DATA_TYPES, 0.0)
    for element in elements:
        if element.co2e is None:
            continue
        kind = element.data_type if element.data_type in DATA_TYPES else "default"
        tkm[kind] += element.activity_tkm
        kg[kind] += element.co2e.wtw_kg
    return DataShares(_normalised(tkm), _normalised(kg))


def _normalised(amounts: Mapping[str, float]) -> dict[str, float]:
    whole = sum(amounts.values())
    return {name: amount / whole if whole else 0.0 for name, amount in amounts.items()}


def assumed_co2e(elements: Iterable[Element]) -> Co2e:
    """The CO2e that rests on factors the planner marked as assumed; reported apart."""
    return total(e for e in elements if e.assumed).co2e


def toc_rows(elements: Iterable[Element]) -> list[TocRow]:
    """The transport operation categories: G_TOC over all kilometres, loaded and empty.

    Kilometres are those of load units (vehicles on the road, boxes on train and ship); a part load
    counts its way once. The weakest data type of a category is its data type.
    """
    groups: dict[str, list[Element]] = {}
    for element in elements:
        if element.kind != "hub" and element.toc_id:
            groups.setdefault(element.toc_id, []).append(element)
    rows = []
    for toc_id, parts in sorted(groups.items()):
        mode, _, vehicle, energy, carrier = (*toc_id.split("/"), "", "", "", "", "")[:5]
        whole = total(parts)
        intensity = whole.intensity_wtw_g_per_tkm
        kinds = {e.data_type for e in parts}
        rows.append(
            TocRow(
                toc_id=toc_id,
                mode=parts[0].mode or mode,
                carrier="" if carrier == "any" else carrier,
                vehicle="" if vehicle == "any" else vehicle,
                energy="" if energy == "any" else energy,
                activity_tkm=whole.activity_tkm,
                loaded_km=_kilometres(parts, "transport"),
                empty_km=_kilometres(parts, "empty"),
                co2e_wtw_kg=kilograms(whole.co2e.wtw_kg),
                intensity_wtw_g_per_tkm=None if intensity is None else round_half_up(intensity, 6),
                data_type=next((k for k in reversed(DATA_TYPES) if k in kinds), "default"),
            )
        )
    return rows


def _kilometres(elements: Iterable[Element], kind: str) -> float:
    ways = (e.driven_km * (e.load_units or 1.0) for e in elements if e.kind == kind)
    return round_half_up(sum(ways), METRE)


def allocate(co2e: Co2e, weights: Sequence[float]) -> list[Co2e]:
    """Split CO2e over orders by mass (or t-km), exact to the gram for WTT, TTW and their sum."""
    whole = co2e.rounded()
    wtt = split_exactly(whole.wtt_kg, weights, GRAM)
    ttw = split_exactly(whole.ttw_kg, weights, GRAM)
    return [Co2e(part, own) for part, own in zip(wtt, ttw, strict=True)]


def wording(covered: Coverage, faults: int = 0) -> str:
    """What may be said of the total; with faults in its elements (`audit`) nothing but that."""
    if faults:
        return f"Not a footprint: {faults} fault{'s' if faults > 1 else ''} in its elements"
    missing = len(covered.not_covered)
    if covered.elements == 0:
        return "No transport elements"
    if missing == 0:
        return ALIGNED
    return f"ISO 14083 rules applied; {missing} element{'s' if missing != 1 else ''} not covered"


def gwp_warning(elements: Iterable[Element]) -> str:
    """A warning where factors of different assessment reports are added up, else blank."""
    known: dict[str, float] = {}
    for element in elements:
        if element.co2e is not None:
            name = element.gwp or "not stated"
            known[name] = known.get(name, 0.0) + element.co2e.wtw_kg
    if len(known) < 2:
        return ""
    parts = ", ".join(f"{name} ({kg / KG_PER_T:.3f} t)" for name, kg in sorted(known.items()))
    return f"Factors with GWP of different assessment reports are added up: {parts}."


@dataclass(frozen=True)
class BreakEven:
    """Where the choice between two chains turns with a proxy factor.

    `times` is what the factor would have to be multiplied by for both chains to emit the same;
    `now_g` and `even_g` are its WTW figure today and then (None where the factor is not known).
    """

    factor_id: str
    mode: str
    times: float
    now_g: float | None
    even_g: float | None
    per: str
    text: str


def break_even(
    chosen: Sequence[Element], other: Sequence[Element], book: FactorBook | None = None
) -> list[BreakEven]:
    """Break-even factors, where two chains differ in mode and one rests on a proxy factor.

    All else equal, chain CO2e = rest + times x part that rests on the factor; the factor at which
    both chains emit the same is now x (rest_other - rest_chosen) / (part_chosen - part_other).
    """
    if {e.mode for e in chosen if e.kind == "transport"} == {
        e.mode for e in other if e.kind == "transport"
    }:
        return []
    found = []
    proxies = {e.factor_id: e.mode for e in (*chosen, *other) if e.proxy and e.co2e is not None}
    for factor_id, mode in sorted(proxies.items()):
        part = _resting_on(chosen, factor_id) - _resting_on(other, factor_id)
        whole = total(other).co2e.wtw_kg - total(chosen).co2e.wtw_kg
        if part == 0:
            continue
        times = 1.0 + whole / part
        if times < 0:
            continue  # no positive factor turns the order
        factor = book.by_id(factor_id) if book else None
        now = factor.wtw_g if factor else None
        even = None if now is None else now * times
        side = "above" if part > 0 else "below"
        value = f"{times:.2f} times its value"
        if now is not None and even is not None and factor is not None:
            value = f"{even:.4g} g per {factor.per} (now {now:.4g})"
        text = f"The choice rests on the proxy factor {factor_id}: {side} {value} it turns."
        per = factor.per if factor else ""
        found.append(BreakEven(factor_id, mode, times, now, even, per, text))
    return found


def _resting_on(elements: Iterable[Element], factor_id: str) -> float:
    return sum(e.known.wtw_kg for e in elements if e.factor_id == factor_id)
