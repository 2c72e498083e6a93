"""Laws of emission: the CO2e of a leg, of an empty box and of a hub as straight lines.

The solver, the result tables and the check all use these lines, so that the vehicle-kilometres and
TEU-kilometres of a plan and the tonne-kilometres of its report are the same numbers:

    leg   = load units x per_load_unit + cargo kg x per_cargo_kg
    empty = load units x driven km x empty_per_km
    hub   = cargo kg x per_cargo_kg + TEU x per_teu

A carrier's declared figure goes before the planner's own pack, that before the default pack.
"""

from __future__ import annotations

from dataclasses import dataclass

from emissions.activity import LegDistance
from emissions.co2e import Co2e as Co2e
from emissions.factors import DEFAULT_VEHICLE, Factor, FactorBook, default_vehicle, preferred_per
from emissions.factors import NotCovered as NotCovered
from emissions.hubs import HubLaw as HubLaw
from emissions.hubs import hub_law as hub_law
from emissions.law_types import Declared as Declared
from emissions.law_types import EmptyLaw as EmptyLaw
from emissions.law_types import LegLaw as LegLaw
from emissions.regions import covers
from lowhaul.errors import LowhaulError
from lowhaul.units import G_PER_KG, KG_PER_T, TEU_T_AVERAGE

CARRIER = "carrier"
"""Where a declared figure comes from, beside the names of packs."""
G_PER_TKM = 1.0 / (G_PER_KG * KG_PER_T)
"""g/t-km x km x kg of cargo -> kg CO2e."""


class UnknownVehicle(LowhaulError):
    """A box must be moved empty on a vehicle that has no payload curve and no own factor."""

    exit_code = 3


@dataclass(frozen=True)
class _Figure:
    """A declared figure or a factor, brought to one shape (grams)."""

    wtt_g: float
    ttw_g: float
    slope_wtt_g: float
    slope_ttw_g: float
    per: str
    basis: str
    includes_empty: bool
    empty_distance_factor: float | None
    tare_counts: bool
    name: str
    note: str = ""


def toc_id(mode: str, service: str, vehicle: str, energy: str, carrier: str) -> str:
    """The transport operation category of a leg: mode/service/vehicle/energy/carrier."""
    name = vehicle or default_vehicle(mode, service) or "any"
    return "/".join((mode, service or "any", name, energy or "any", carrier or "any"))


def leg_law(
    book: FactorBook,
    *,
    mode: str,
    service: str,
    vehicle: str,
    energy: str,
    equipment_teu: float,
    equipment_tare_kg: float,
    distance: LegDistance,
    declared: Declared | None,
    empty_distance_factor: float | None = None,
    load_factor: float | None = None,
    carrier: str = "",
    region: str = "",
) -> LegLaw | NotCovered:
    """The law of one leg for one kind of load unit (TEU and tare 0: part loads, trailers).

    `empty_distance_factor` is empty km as a share of total km (ftl). `load_factor` is what the
    bid states of its own operation; the law does not need it, as the plan knows the payload.
    `region` is where the leg lies (`regions.between`): for the choice of factor, the proxy mark.
    """
    factor: Factor | None = None
    figure, unused = _declared_figure(book, declared, mode, service, vehicle)
    if figure is None:
        found = book.find(mode, vehicle, energy, service, region=region)
        if isinstance(found, NotCovered):
            return NotCovered("; ".join(part for part in (found.wanted, unused) if part))
        factor = found
        figure = _factor_figure(found, mode, service, equipment_teu)
    share = figure.empty_distance_factor if empty_distance_factor is None else empty_distance_factor
    per_load_unit, per_cargo_kg, sums = _lines(figure, distance, equipment_teu, equipment_tare_kg)
    empty_per_km, words = _empty_way(
        book, figure, mode, service, vehicle, equipment_tare_kg, region
    )
    if service == "ftl" and share and not figure.includes_empty:
        per_load_unit = per_load_unit + _empty_share(share) * distance.actual_km * empty_per_km
        words = f"; {share:g} of all km empty: + {_empty_share(share):.4g} empty km a laden km"
    activity_basis = "gcd" if mode == "air" else "sfd"
    activity_km = distance.activity_km(mode)
    same = figure.basis == activity_basis or not activity_km
    if declared is not None and factor is None:
        marks = (f"bid:{declared.bid_id}", declared.data_type, False, False, declared.gwp, True)
        source = declared.source
    else:
        assert factor is not None
        marks = _marks(factor, mode, region)
        source = ", ".join(p for p in (factor.source, factor.version, factor.licence) if p)
    stated = f"; the bid states a load factor of {load_factor:g}" if load_factor else ""
    return LegLaw(
        per_load_unit=per_load_unit,
        per_cargo_kg=per_cargo_kg,
        empty_per_km=empty_per_km if service == "container" else Co2e.zero(),
        factor_id=marks[0],
        toc_id=toc_id(mode, service, vehicle, energy, carrier),
        factor_distance_basis=figure.basis,
        data_type=marks[1],
        proxy=marks[2],
        assumed=marks[3],
        gwp=marks[4],
        daf=1.0 if same else round(distance.on(figure.basis) / activity_km, 6),
        explain=f"{figure.name}: {sums}{words}{figure.note}"
        + (f"; {unused}" if unused else "")
        + stated,
        wtt_covered=marks[5],
        per=figure.per,
        source=source,
        pack=factor.pack if factor is not None else CARRIER,
    )


def _marks(factor: Factor, mode: str, region: str) -> tuple[str, str, bool, bool, str, bool]:
    """Id, data type, proxy, assumed, GWP and WTT covered of a factor.

    A default factor is a proxy where it was made for another region than the leg's, or one that is
    not known to be its own; at sea always, as the ship-class averages stand for any lane. What the
    planner or carrier gives is taken to be meant for the leg.
    """
    proxy = factor.pack == "default" and (mode == "sea" or not covers(factor.region, region))
    covered = factor.wtt_g is not None
    return factor.factor_id, factor.data_type, proxy, factor.assumed, factor.gwp, covered


def _declared_figure(
    book: FactorBook, declared: Declared | None, mode: str, service: str, vehicle: str
) -> tuple[_Figure | None, str]:
    """The bid's own figure split in WTT and TTW, or why it cannot serve this leg."""
    if declared is None:
        return None, ""
    if declared.per not in preferred_per(mode, service):
        unit = f"bid {declared.bid_id}: co2e_per {declared.per}"
        return None, f"{unit} cannot be used for {mode} {service}"
    if declared.ttw_g is None:
        like = _split_like(book, mode, service, vehicle)
        share = like.ttw_share
        note = f"; TTW not declared, split as {like.factor_id} ({share:.1%} TTW)"
    else:
        share = declared.ttw_g / declared.wtw_g if declared.wtw_g else 1.0
        note = ""
    ttw = declared.wtw_g * share if declared.ttw_g is None else declared.ttw_g
    slope = declared.slope_g_per_tkm if declared.per == "vehicle_km" else 0.0
    figure = _Figure(
        wtt_g=declared.wtw_g - ttw,
        ttw_g=ttw,
        slope_wtt_g=slope * (1.0 - share),
        slope_ttw_g=slope * share,
        per=declared.per,
        basis=declared.distance_basis,
        includes_empty=declared.includes_empty,
        empty_distance_factor=None,
        tare_counts=False,
        name=f"declared by bid {declared.bid_id}",
        note=note,
    )
    return figure, ""


def _split_like(book: FactorBook, mode: str, service: str, vehicle: str) -> Factor:
    """The default factor whose WTT and TTW shares a declared figure without a split takes.

    Barges have no open factor: they burn diesel, and take the split of the diesel lorry.
    """
    for kind, name in ((mode, vehicle), (mode, ""), ("road", "")):
        found = book.find(kind, name, "", service, packs=("default",))
        if isinstance(found, Factor) and found.wtt_g is not None:
            return found
    raise LowhaulError("The default pack has no road factor to split a declared figure by.")


def _factor_figure(factor: Factor, mode: str, service: str, teu: float) -> _Figure:
    """A pack's factor; sea t-km of the default pack become TEU-km at 10 t a TEU."""
    default = factor.pack == "default"
    per, times, note = factor.per, 1.0, ""
    if default and mode == "sea" and service == "container" and teu > 0 and per == "tkm":
        per, times = "teu_km", TEU_T_AVERAGE
        note = (
            f"; proxy: {factor.wtw_g:g} g/t-km of the ship class x {TEU_T_AVERAGE:g} t/TEU; "
            "trade-lane values lie near 80 to 90 g/TEU-km"
        )
    if factor.wtt_g is None:
        note += "; WTT not covered by this factor"
    scaled = factor.scaled(times)
    return _Figure(
        wtt_g=scaled.wtt_g or 0.0,
        ttw_g=scaled.ttw_g,
        slope_wtt_g=scaled.slope_wtt_g_per_tkm,
        slope_ttw_g=scaled.slope_ttw_g_per_tkm,
        per=per,
        basis=factor.distance_basis,
        includes_empty=factor.includes_empty,
        empty_distance_factor=factor.empty_distance_factor,
        tare_counts=default and per == "vehicle_km" and service == "container",
        name=f"factor {factor.factor_id}",
        note=note,
    )


def _lines(
    figure: _Figure, distance: LegDistance, teu: float, tare_kg: float
) -> tuple[Co2e, Co2e, str]:
    """Per load unit and per kg of cargo over the whole leg, and the sum in words."""
    km = distance.on(figure.basis)
    base = Co2e(figure.wtt_g / G_PER_KG, figure.ttw_g / G_PER_KG)
    slope = Co2e(figure.slope_wtt_g * G_PER_TKM, figure.slope_ttw_g * G_PER_TKM)
    g = figure.wtt_g + figure.ttw_g
    kilometres = f"{km:.3f} km ({figure.basis})"
    if figure.per == "vehicle_km":
        tare = tare_kg if figure.tare_counts else 0.0
        per_unit = km * (base + tare * slope)
        g_slope = figure.slope_wtt_g + figure.slope_ttw_g
        carried = f"({tare / KG_PER_T:g} t tare + cargo)" if tare else "t of cargo"
        sums = f"{kilometres} x ({g:g} g/km + {g_slope:g} g/t-km x {carried})"
        return per_unit, km * slope, sums
    if figure.per == "teu_km" and teu > 0:
        return km * teu * base, Co2e.zero(), f"{kilometres} x {teu:g} TEU x {g:g} g/TEU-km"
    if figure.per == "teu_km":
        per_kg = km * (1.0 / (TEU_T_AVERAGE * KG_PER_T)) * base
        sums = f"{kilometres} x t of cargo x {g:g} g/TEU-km / {TEU_T_AVERAGE:g} t/TEU"
        return Co2e.zero(), per_kg, sums
    return (
        Co2e.zero(),
        km / KG_PER_T * base,
        f"{kilometres} x t of cargo x {g:g} g/t-km",
    )


def _empty_way(
    book: FactorBook,
    figure: _Figure,
    mode: str,
    service: str,
    vehicle: str,
    tare_kg: float,
    region: str,
) -> tuple[Co2e, str]:
    """The vehicle's empty kilometre with the box on it, where the figure does not hold it."""
    if mode != "road" or service not in ("container", "ftl"):
        return Co2e.zero(), ""
    if figure.per == "vehicle_km":
        tare = tare_kg if figure.tare_counts else 0.0
        per_km = Co2e(
            figure.wtt_g / G_PER_KG + tare * figure.slope_wtt_g * G_PER_TKM,
            figure.ttw_g / G_PER_KG + tare * figure.slope_ttw_g * G_PER_TKM,
        )
    elif figure.includes_empty:
        return Co2e.zero(), ""
    else:
        per_km = _curve_law(book, vehicle, tare_kg, region).per_km
    words = f"; empty box {per_km.wtw_kg:.6g} kg a driven km" if service == "container" else ""
    return per_km, words


def _empty_share(share: float) -> float:
    """Empty km for each laden km, from empty km as a share of total km."""
    if not 0.0 <= share < 1.0:
        raise LowhaulError(f"empty_distance_factor is {share:g}: a share of total km, below 1.")
    return share / (1.0 - share)


def _curve_law(book: FactorBook, vehicle: str, tare_kg: float, region: str) -> EmptyLaw:
    """The empty way on the vehicle's curve, or on that of the default vehicle without one."""
    try:
        return empty_box_law(book, vehicle, tare_kg, region=region)
    except UnknownVehicle:
        return empty_box_law(book, DEFAULT_VEHICLE["road"], tare_kg, region=region)


def empty_box_law(
    book: FactorBook,
    vehicle: str,
    tare_kg: float,
    carrier: str = "",
    energy: str = "",
    region: str = "",
) -> EmptyLaw:
    """The law of a box that is moved empty by road for its own sake (its tare is on board).

    A default curve carries the tare; an own factor per vehicle_km is taken as it stands.
    """
    found = book.find("road", vehicle, energy, "container", per=("vehicle_km",), region=region)
    if isinstance(found, NotCovered):
        raise UnknownVehicle(f"An empty box on vehicle '{vehicle}' needs {found.wanted}.")
    figure = _factor_figure(found, "road", "container", 0.0)
    per_km, words = _empty_way(book, figure, "road", "container", vehicle, tare_kg, region)
    name, data_type, proxy, assumed, gwp, covered = _marks(found, "road", region)
    return EmptyLaw(
        per_km=per_km,
        factor_id=name,
        toc_id=toc_id("road", "container", vehicle, energy, carrier),
        factor_distance_basis=found.distance_basis,
        data_type=data_type,
        proxy=proxy,
        assumed=assumed,
        gwp=gwp,
        explain=f"{figure.name}{words}{figure.note}",
        wtt_covered=covered,
        pack=found.pack,
    )


def empty_box_per_km(book: FactorBook, vehicle: str, tare_kg: float, region: str = "") -> Co2e:
    """A box moved empty by road for its own sake, kg per driven km (see `empty_box_law`)."""
    return empty_box_law(book, vehicle, tare_kg, region=region).per_km
