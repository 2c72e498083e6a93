"""The figure behind a leg's CO2e, and the CO2e that follows from it by plain arithmetic.

A figure is a factor row looked up by its id, or what a bid declares. Rules of emission are those
of DESIGN section 6 and TABLES; nothing here asks the planner's laws.
"""

from __future__ import annotations

from dataclasses import dataclass

from emissions.factors import Factor
from lowhaul.units import G_PER_KG, KG_PER_T, TEU_T_AVERAGE
from routing.bids import Bid
from routing.check.plan import Plan, Ride
from routing.check.rows import Leg

DECLARED = "bid:"
DEFAULT_VEHICLE = "artic_gt33"
"""What a blank road vehicle means (DESIGN section 6)."""
EU_MEMBERS = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
EU = set(EU_MEMBERS.split())
GROUPS = {"EU": EU, "EEA": EU | {"IS", "LI", "NO"}}
"""Regions of factors that stand for several countries."""


@dataclass(frozen=True)
class Figure:
    """Grams per `per` on kilometres of `basis`; `ttw_g` None: declared without a split.

    `carries_tare`: a default payload curve under a container, whose payload is cargo + tare.
    """

    per: str
    basis: str
    wtw_g: float
    ttw_g: float | None
    slope_wtw_g: float = 0.0
    slope_ttw_g: float = 0.0
    includes_empty: bool = True
    empty_share: float | None = None
    carries_tare: bool = False
    wtt_covered: bool = True
    vehicle: str = ""


def declared_serves(plan: Plan, bid: Bid) -> bool:
    """True if the bid's own figure is to be used: given, believed, and of a unit that can serve.

    A vehicle-km needs a vehicle of one's own: road load units only.
    """
    if bid.co2e_wtw_g is None or not bid.co2e_per:
        return False
    if plan.case.settings.declared_co2e == "verified_only" and not bid.co2e_verified:
        return False
    return bid.co2e_per != "vehicle_km" or (bid.mode == "road" and bid.takes_load_units)


def figure_of_bid(bid: Bid) -> Figure:
    """What the bid itself declares; a vehicle's kilometres are driven ones, whatever its basis."""
    wtw = bid.co2e_wtw_g or 0.0
    slope = bid.co2e_slope_g_per_tkm if bid.co2e_per == "vehicle_km" else 0.0
    ttw_part = (bid.co2e_ttw_g or 0.0) / wtw if wtw else 1.0
    return Figure(
        per=bid.co2e_per,
        basis="actual" if bid.co2e_per == "vehicle_km" else bid.co2e_distance_basis or "sfd",
        wtw_g=wtw,
        ttw_g=bid.co2e_ttw_g,
        slope_wtw_g=slope,
        slope_ttw_g=slope * ttw_part,
        includes_empty=bid.co2e_includes_empty,
        empty_share=bid.empty_distance_factor,
    )


def figure_of_factor(factor: Factor, mode: str, service: str, share: float | None) -> Figure:
    """A factor row for a leg; ship classes of the default pack give TEU-km at 10 t a TEU."""
    default = factor.pack == "default"
    per, times = factor.per, 1.0
    if default and mode == "sea" and service == "container" and per == "tkm":
        per, times = "teu_km", TEU_T_AVERAGE
    return Figure(
        per=per,
        basis=factor.distance_basis,
        wtw_g=((factor.wtt_g or 0.0) + factor.ttw_g) * times,
        ttw_g=factor.ttw_g * times,
        slope_wtw_g=factor.slope_wtt_g_per_tkm + factor.slope_ttw_g_per_tkm,
        slope_ttw_g=factor.slope_ttw_g_per_tkm,
        includes_empty=factor.includes_empty,
        empty_share=factor.empty_distance_factor if share is None else share,
        carries_tare=default and per == "vehicle_km" and service == "container",
        wtt_covered=factor.wtt_g is not None,
        vehicle=factor.vehicle,
    )


def factors_by_id(plan: Plan) -> dict[str, Factor]:
    """The factor rows of the case by id; the planner's own stand before the default ones."""
    book = plan.case.factors
    return {f.factor_id: f for f in (*book.default_factors, *book.own_factors)}


def figure_of_leg(plan: Plan, ride: Ride, row: Leg, factors: dict[str, Factor]) -> Figure | None:
    """The figure that a leg row names, None where it does not exist."""
    if ride.bid is None:
        return None
    if row.factor_id == f"{DECLARED}{ride.bid.bid_id}":
        return figure_of_bid(ride.bid) if ride.bid.co2e_wtw_g is not None else None
    factor = factors.get(row.factor_id)
    if factor is None:
        return None
    return figure_of_factor(factor, row.mode, ride.bid.service, ride.bid.empty_distance_factor)


def kilometres_on(row: Leg, basis: str) -> float:
    """The row's kilometres on a basis."""
    return {"sfd": row.sfd_km, "gcd": row.gcd_km}.get(basis, row.actual_km)


def _kg(row: Leg, km: float, per: str, g: float, slope: float, tare_kg: float) -> float:
    """kg CO2e of a laden row for grams per `per` and a slope per tonne on board and km."""
    tonnes = row.mass_kg / KG_PER_T
    if per == "vehicle_km":
        on_board = tonnes + row.load_units * tare_kg / KG_PER_T
        return km * (row.load_units * g + slope * on_board) / G_PER_KG
    if per == "teu_km":
        teu = row.teu if row.load_units else tonnes / TEU_T_AVERAGE
        return km * teu * g / G_PER_KG
    return km * tonnes * g / G_PER_KG


def laden_kg(figure: Figure, row: Leg, service: str, tare_kg: float) -> tuple[float, float | None]:
    """WTW and TTW of a laden row in kg (TTW None: the figure is declared without a split)."""
    km = kilometres_on(row, figure.basis)
    tare = tare_kg if figure.carries_tare else 0.0
    wtw = _kg(row, km, figure.per, figure.wtw_g, figure.slope_wtw_g, tare)
    ttw = None
    if figure.ttw_g is not None:
        ttw = _kg(row, km, figure.per, figure.ttw_g, figure.slope_ttw_g, tare)
    share = figure.empty_share
    if service == "ftl" and share and not figure.includes_empty and figure.per == "vehicle_km":
        # empty kilometres are a share of all kilometres, so e / (1 - e) for each laden one
        empty = row.load_units * row.actual_km * share / (1.0 - share) / G_PER_KG
        wtw += empty * figure.wtw_g
        ttw = ttw + empty * figure.ttw_g if ttw is not None and figure.ttw_g is not None else None
    return wtw, ttw


def empty_g_per_km(
    plan: Plan, figure: Figure, bid: Bid, tare_kg: float, factors: dict[str, Factor]
) -> tuple[float, float | None]:
    """WTW and TTW grams of one empty box a driven km; 0 where the figure holds its empty way."""
    if figure.per == "vehicle_km":
        tare_t = tare_kg / KG_PER_T if figure.carries_tare else 0.0
        wtw = figure.wtw_g + tare_t * figure.slope_wtw_g
        return wtw, None if figure.ttw_g is None else figure.ttw_g + tare_t * figure.slope_ttw_g
    if figure.includes_empty:
        return 0.0, 0.0
    way = countries_of(plan, bid.origin, bid.destination)
    curve = curve_of(bid.vehicle, factors, way) or curve_of("", factors, way)
    return empty_on_curve(curve, tare_kg) if curve else (0.0, 0.0)


def word(name: str) -> str:
    """A vehicle's name without regard to case, blanks and hyphens."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def countries_of(plan: Plan, origin: str, destination: str) -> set[str]:
    """The countries of the ends of a way."""
    places = (plan.case.places.get(place_id) for place_id in (origin, destination))
    return {place.country for place in places if place is not None}


def curve_of(vehicle: str, factors: dict[str, Factor], way: set[str]) -> Factor | None:
    """The road factor per vehicle-km of a vehicle (blank: artic_gt33), the planner's own first.

    An own row without a vehicle serves any; of several, the one named for the way's countries.
    """
    wanted = word(vehicle or DEFAULT_VEHICLE)

    def far(factor: Factor) -> tuple[bool, int]:
        names = {part.strip().upper() for part in factor.region.split(";")} - {""}
        places = {c for name in names for c in GROUPS.get(name, {name})}
        anywhere = not names or names & {"WORLD", "GLOBAL"}
        apart = 0 if places == way else 2 if anywhere else 1 if way and way <= places else 3
        return not factor.vehicle, apart

    fitting = [
        f
        for f in factors.values()
        if f.mode == "road" and f.per == "vehicle_km" and word(f.vehicle) in ("", wanted)
    ]
    own = [f for f in fitting if f.pack != "default"]
    return min(own or fitting, key=far, default=None)


def empty_on_curve(factor: Factor, tare_kg: float) -> tuple[float, float]:
    """WTW and TTW grams of an empty box a driven km; a default curve carries the tare."""
    tare_t = tare_kg / KG_PER_T if factor.pack == "default" else 0.0
    ttw = factor.ttw_g + tare_t * factor.slope_ttw_g_per_tkm
    wtt = (factor.wtt_g or 0.0) + tare_t * factor.slope_wtt_g_per_tkm
    return wtt + ttw, ttw
