"""CO2e, row by row: distances, activity, the factor used and the grams that follow from it."""

from __future__ import annotations

from collections.abc import Iterator

from lowhaul.errors import LowhaulError
from lowhaul.units import KG_PER_T
from routing.check.figures import (
    DECLARED,
    countries_of,
    curve_of,
    declared_serves,
    empty_g_per_km,
    empty_on_curve,
    factors_by_id,
    figure_of_leg,
    kilometres_on,
    laden_kg,
    word,
)
from routing.check.plan import GRAM, METRE, Breach, Plan, Ride, exactly
from routing.check.rows import Leg

TKM = 0.000501
"""Activity is rounded to the third digit of a tonne-kilometre."""


def distances_right(plan: Plan) -> Iterator[Breach]:
    """The three distances of a leg are those of its bid or of the distance book."""
    for _, ride in plan.riding:
        bid = ride.bid
        given = bid.distance_km if bid and not bid.via else None
        for row in ride.rows:
            try:
                known = plan.case.distances.leg(
                    row.origin,
                    row.destination,
                    row.mode,
                    given_km=given,
                    given_basis=bid.distance_basis if bid else "actual",
                    given_source=f"bid {bid.bid_id}" if bid and given is not None else "",
                )
            except (LowhaulError, LookupError) as fault:
                yield "legs", row.key, f"no distance is known: {fault}"
                continue
            for what, said, right in (
                ("sfd_km", row.sfd_km, known.sfd_km),
                ("gcd_km", row.gcd_km, known.gcd_km),
                ("actual_km", row.actual_km, known.actual_km),
            ):
                if not exactly(said, right, METRE):
                    yield "legs", row.key, f"{what} {said}, the leg has {right}"


def activity_right(plan: Plan) -> Iterator[Breach]:
    """Activity = mass x shortest feasible distance (air: great circle); none on empty rows."""
    for leg in plan.legs:
        if leg.kind != "transport":
            if leg.activity_tkm or (leg.kind == "empty" and leg.mass_kg):
                yield (
                    "legs",
                    leg.key,
                    f"{leg.mass_kg} kg and {leg.activity_tkm} t-km, none is right",
                )
            continue
        basis = "gcd" if leg.mode == "air" else "sfd"
        km = kilometres_on(leg, basis)
        if leg.distance_basis != basis or not exactly(leg.distance_km, km, METRE):
            message = f"{leg.distance_km} km {leg.distance_basis}, activity counts {km} km {basis}"
            yield "legs", leg.key, message
        right = leg.mass_kg / KG_PER_T * km
        if not exactly(leg.activity_tkm, right, TKM):
            yield "legs", leg.key, f"{leg.activity_tkm} t-km, mass x distance is {right:.3f}"


def factor_right(plan: Plan) -> Iterator[Breach]:
    """Each leg names a factor that exists and fits it, or its bid's figure where that counts."""
    factors = factors_by_id(plan)
    for _, ride in plan.riding:
        bid = ride.bid
        if bid is None:
            continue
        for row in ride.rows:
            declared = f"{DECLARED}{bid.bid_id}"
            if declared_serves(plan, bid):
                if row.factor_id != declared:
                    yield "legs", row.key, f"factor {row.factor_id}, the bid declares its own"
                elif row.data_type != bid.data_type:
                    yield (
                        "legs",
                        row.key,
                        f"data_type {row.data_type}, the bid's is {bid.data_type}",
                    )
                continue
            factor = factors.get(row.factor_id)
            if factor is None:
                yield "legs", row.key, f"factor {row.factor_id!r} does not exist or does not count"
                continue
            if factor.mode != row.mode:
                yield "legs", row.key, f"{row.factor_id} is a factor of {factor.mode}"
            if bid.vehicle and factor.vehicle and word(factor.vehicle) != word(bid.vehicle):
                yield "legs", row.key, f"{row.factor_id} is for {factor.vehicle}, not {bid.vehicle}"
            if row.data_type != factor.data_type:
                yield "legs", row.key, f"data_type {row.data_type}, not {factor.data_type}"
            if factor.pack == "default" and row.mode == "sea" and not row.proxy:
                yield "legs", row.key, "an average of ship classes is a proxy for a trade lane"


def daf_once(plan: Plan) -> Iterator[Breach]:
    """The distance adjustment turns the activity's kilometres into the factor's, once."""
    factors = factors_by_id(plan)
    for _, ride in plan.riding:
        for row in ride.rows:
            figure = figure_of_leg(plan, ride, row, factors)
            if figure and row.factor_distance_basis != figure.basis:
                message = f"factor_distance_basis {row.factor_distance_basis}, it is {figure.basis}"
                yield "legs", row.key, message
            used = kilometres_on(row, row.factor_distance_basis)
            same = row.factor_distance_basis == row.distance_basis or not row.distance_km
            right = 1.0 if same else used / row.distance_km
            if row.daf is None or abs(row.daf - right) > 1e-3:
                yield "legs", row.key, f"daf {row.daf}, the kilometres differ by {right:.6f}"


def leg_co2e(plan: Plan) -> Iterator[Breach]:
    """CO2e of each laden row follows to the gram from its factor, kilometres and load."""
    factors = factors_by_id(plan)
    for s, ride in plan.riding:
        for row in ride.rows:
            figure = figure_of_leg(plan, ride, row, factors)
            if figure is None or ride.bid is None:
                continue
            wtw, ttw = laden_kg(figure, row, ride.bid.service, plan.tare_kg(s.equipment))
            if not exactly(row.co2e_wtw_kg, wtw, GRAM):
                yield "legs", row.key, f"{row.co2e_wtw_kg} kg CO2e WTW, the factor gives {wtw:.3f}"
            if ttw is not None and not exactly(row.co2e_ttw_kg, ttw, GRAM):
                yield "legs", row.key, f"{row.co2e_ttw_kg} kg CO2e TTW, the factor gives {ttw:.3f}"
            if row.covered != figure.wtt_covered:
                yield "legs", row.key, f"covered is {row.covered}"


def ride_of_empty(plan: Plan, leg: Leg) -> Ride | None:
    """The laden ride that an empty row serves: the one with its tce_id."""
    for ride in plan.rides_of.get(leg.shipment_id, ()):
        if any(row.tce_id == leg.tce_id for row in ride.rows):
            return ride
    return None


def empty_co2e(plan: Plan) -> Iterator[Breach]:
    """CO2e of each empty row: boxes x driven km x the vehicle's empty km with the box on it."""
    factors = factors_by_id(plan)
    for leg in plan.legs:
        if leg.kind != "empty":
            continue
        wtw_g: float | None
        ttw_g: float | None
        if leg.shipment_id:
            ride = ride_of_empty(plan, leg)
            figure = figure_of_leg(plan, ride, ride.first, factors) if ride else None
            if ride is None or ride.bid is None or figure is None:
                yield "legs", leg.key, "no laden leg with a known factor has its tce_id"
                continue
            wtw_g, ttw_g = empty_g_per_km(
                plan, figure, ride.bid, plan.tare_kg(leg.equipment), factors
            )
        else:
            box = plan.empties.get(leg.tce_id.removeprefix("R-"))
            way = countries_of(plan, leg.origin, leg.destination)
            curve = curve_of(box.vehicle, factors, way) if box else None
            if box is None or curve is None:
                yield "legs", leg.key, "no box of that id is returned on a known vehicle"
                continue
            wtw_g, ttw_g = empty_on_curve(curve, plan.tare_kg(leg.equipment))
        box_km = leg.load_units * leg.actual_km
        for what, said, grams in (
            ("WTW", leg.co2e_wtw_kg, wtw_g),
            ("TTW", leg.co2e_ttw_kg, ttw_g),
        ):
            if grams is not None and not exactly(said, box_km * grams / 1000.0, GRAM):
                message = f"{said} kg CO2e {what}, the empty box makes {box_km * grams / 1000:.3f}"
                yield "legs", leg.key, message


def hub_co2e(plan: Plan) -> Iterator[Breach]:
    """CO2e of each hub row: the place's value per t where re-stuffed, else per TEU; never a guess.

    A place without a value is not covered. Part loads have no TEU and count per tonne.
    """
    factors = factors_by_id(plan)
    for leg in plan.legs:
        place = plan.case.places.get(leg.origin)
        shipment = plan.shipment.get(leg.shipment_id)
        if leg.kind != "hub" or place is None or shipment is None:
            continue
        per_tonne = leg.origin == shipment.destination or not shipment.equipment
        amount = leg.mass_kg / KG_PER_T if per_tonne else leg.teu
        wtw = place.handling_co2e_wtw_kg_per_t if per_tonne else place.handling_co2e_wtw_kg_per_teu
        ttw = place.handling_co2e_ttw_kg_per_t if per_tonne else place.handling_co2e_ttw_kg_per_teu
        whole = True
        factor = factors.get(leg.factor_id)
        if wtw is None and factor is not None and factor.mode == "hub":
            wtw, ttw = ((factor.wtt_g or 0.0) + factor.ttw_g) / 1000.0, factor.ttw_g / 1000.0
            whole = factor.wtt_g is not None
            if factor.per != ("t" if per_tonne else "teu"):
                yield "legs", leg.key, f"{factor.factor_id} is per {factor.per}"
        if leg.covered != (wtw is not None and whole):
            yield "legs", leg.key, f"covered is {leg.covered}, the place's value is {wtw}"
        if not exactly(leg.co2e_wtw_kg, amount * (wtw or 0.0), GRAM):
            message = f"{leg.co2e_wtw_kg} kg CO2e WTW, handling makes {amount * (wtw or 0.0):.3f}"
            yield "legs", leg.key, message
        if not exactly(leg.co2e_ttw_kg, amount * ttw if wtw is not None else 0.0, GRAM):
            yield "legs", leg.key, f"{leg.co2e_ttw_kg} kg CO2e TTW is not the place's"


def wtt_is_rest(plan: Plan) -> Iterator[Breach]:
    """WTT = WTW - TTW on every row, none of them negative."""
    for leg in plan.legs:
        if not exactly(leg.co2e_wtt_kg, leg.co2e_wtw_kg - leg.co2e_ttw_kg, 1e-6):
            yield "legs", leg.key, "WTT is not WTW - TTW"
        if min(leg.co2e_wtt_kg, leg.co2e_ttw_kg) < -1e-6:
            yield "legs", leg.key, "a negative emission"


RULES = (
    distances_right,
    activity_right,
    factor_right,
    daf_once,
    leg_co2e,
    empty_co2e,
    hub_co2e,
    wtt_is_rest,
)
