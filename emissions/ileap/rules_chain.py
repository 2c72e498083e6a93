"""Rules of a shipment and of its transport chain elements (TS 6.1 and 6.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from emissions.ileap.breach import Breach, breach, point
from emissions.ileap.judging import (
    KG_PER_T,
    LARGEST_ROUNDING,
    Categories,
    agree,
    half_a_digit,
    is_fossil,
    number,
)
from emissions.ileap.model import ShipmentFootprint, Tce, utc
from emissions.ileap.ordering import on_cycles
from emissions.ileap.rules_category import location_rules
from emissions.ileap.rules_envelope import in_utc, unique_ids
from lowhaul.findings import Severity

HALF_A_KILOGRAM_KILOMETRE = Decimal("0.0005")
"""Activities below are printed as 0 by whoever rounds to 0.001 tkm."""

SIGNED = (
    *("mass", "transportActivity", "co2eWTW", "co2eTTW"),
    *("noxTTW", "soxTTW", "ch4TTW", "pmTTW", "packagingOrTrEqAmount"),
)
"""Figures of an element that cannot be below zero."""


def shipment_rules(shipment: ShipmentFootprint, at: str, known: Categories) -> Iterator[Breach]:
    """All rules of one shipment."""
    if not shipment.tces:
        yield breach("no-tces", point(at, "tces"), "The shipment has no transport chain element.")
    if shipment.mass <= 0:
        yield breach("tce-mass", point(at, "mass"), "The shipment has no mass.")
    if shipment.volume is not None and shipment.volume < 0:
        yield breach("negative", point(at, "volume"), "The volume is below zero.")
    places = [point(at, "tces", i) for i in range(len(shipment.tces))]
    yield from unique_ids(
        ("TCE", tce.tceId, point(here, "tceId"))
        for tce, here in zip(shipment.tces, places, strict=True)
    )
    for tce, here in zip(shipment.tces, places, strict=True):
        yield from _tce(tce, shipment, here, known)
    yield from _order(shipment, places)


def _tce(tce: Tce, shipment: ShipmentFootprint, at: str, known: Categories) -> Iterator[Breach]:
    if tce.shipmentId != shipment.shipmentId:
        message = f"{tce.shipmentId} is not {shipment.shipmentId}."
        yield breach("shipment-id", point(at, "shipmentId"), message)
    yield from _signs(tce, at)
    if tce.mass == 0:
        yield breach("tce-mass", point(at, "mass"), "The element moves no mass.")
    elif tce.mass > shipment.mass:
        message = f"{number(tce.mass)} kg is more than the shipment's {number(shipment.mass)} kg."
        yield breach("tce-mass", point(at, "mass"), message)
    yield from _activity(tce, at)
    yield from _times(tce, at)
    yield from _category(tce, at, known)
    toc = known.tocs.get(tce.tocId or "")
    for name, place in (("origin", tce.origin), ("destination", tce.destination)):
        if place is not None:
            yield from location_rules(place, point(at, name), toc.mode if toc else None)


def _signs(tce: Tce, at: str) -> Iterator[Breach]:
    for name in SIGNED:
        value = getattr(tce, name)
        if value is not None and value < 0:
            yield breach("negative", point(at, name), f"{number(value)} is below zero.")
    for basis, km in tce.distance.known().items():
        if km < 0:
            here = point(at, "distance", basis)
            yield breach("negative", here, f"{number(km)} km is below zero.")


def _activity(tce: Tce, at: str) -> Iterator[Breach]:
    made = {basis: tce.mass * km / KG_PER_T for basis, km in tce.distance.known().items()}
    slack = HALF_A_KILOGRAM_KILOMETRE
    if made and not any(agree(tce.transportActivity, tkm, slack) for tkm in made.values()):
        right = ", ".join(f"{number(tkm)} ({basis})" for basis, tkm in made.items())
        message = f"{number(tce.transportActivity)} tkm is said, mass x distance makes {right}."
        yield breach("activity", point(at, "transportActivity"), message, "kg x km / 1000 = tkm.")


def _times(tce: Tce, at: str) -> Iterator[Breach]:
    moments = {"departureAt": tce.departureAt, "arrivalAt": tce.arrivalAt}
    yield from in_utc((point(at, name), moment) for name, moment in moments.items())
    if tce.departureAt and tce.arrivalAt and utc(tce.arrivalAt) < utc(tce.departureAt):
        here = point(at, "arrivalAt")
        yield breach("departure-before-arrival", here, "It arrives before it departs.")


def _category(tce: Tce, at: str, known: Categories) -> Iterator[Breach]:
    if (tce.tocId is None) == (tce.hocId is None):
        both = "both" if tce.tocId is not None else "neither"
        hint = "A leg has a tocId, the passage of a hub a hocId."
        yield breach("toc-xor-hoc", at, f"tocId and hocId: {both} is given.", hint)
        return
    name, own_id = ("tocId", tce.tocId) if tce.tocId is not None else ("hocId", tce.hocId)
    found = known.tocs.get(own_id or "") if name == "tocId" else known.hocs.get(own_id or "")
    if found is None:
        some = known.tocs if name == "tocId" else known.hocs
        hint = "The file has others." if some else "Ask for it by data transaction 2."
        weight: Severity | None = None if some else "warning"
        message = f"{own_id} is not in this file."
        yield breach("known-toc-hoc", point(at, name), message, hint, severity=weight)
    if tce.co2eTTW > tce.co2eWTW and (found is None or is_fossil(found.energyCarriers)):
        message = f"TTW {number(tce.co2eTTW)} kg is above WTW {number(tce.co2eWTW)} kg."
        weight = "warning" if found is None else None
        hint = "WTW = WTT + TTW; only fuels that are not fossil may have a credit before the tank."
        yield breach("ttw-above-wtw", point(at, "co2eTTW"), message, hint, severity=weight)
    if found is not None:
        yield from _intensity(tce, at, known)


def _intensity(tce: Tce, at: str, known: Categories) -> Iterator[Breach]:
    """CO2e = intensity x activity, as far as the digits that are printed can show."""
    toc, hoc = known.tocs.get(tce.tocId or ""), known.hocs.get(tce.hocId or "")
    category = toc or hoc
    if category is None:
        return
    unit = toc.transportActivityUnit if toc else hoc.hubActivityUnit if hoc else ""
    activity = units_moved(tce, unit)
    if activity is None:
        hint = "Give packagingOrTrEqType Container-TEU or Container-FEU, and the amount."
        message = f"The activity in {unit} is not known, so CO2e cannot be compared."
        yield breach("intensity", at, message, hint, severity="warning")
        return
    for name, intensity in (
        ("co2eWTW", category.co2eIntensityWTW),
        ("co2eTTW", category.co2eIntensityTTW),
    ):
        said: Decimal = getattr(tce, name)
        right = intensity * activity
        rounding = min(half_a_digit(intensity), LARGEST_ROUNDING * abs(intensity))
        if not agree(said, right, slack=rounding * abs(activity)):
            message = (
                f"{number(said)} kg is said, {number(intensity)} kg x {number(activity)} {unit} "
                f"makes {number(right)} kg."
            )
            yield breach("intensity", point(at, name), message)


def units_moved(tce: Tce, unit: str) -> Decimal | None:
    """The activity of an element in the unit of its category; None where it is not stated."""
    if unit == "tkm":
        return tce.transportActivity
    if unit == "tonnes":
        return tce.mass / KG_PER_T
    per_piece = {"Container-TEU": 1, "Container-FEU": 2}.get(tce.packagingOrTrEqType or "")
    if per_piece is None or tce.packagingOrTrEqAmount is None:
        return None
    teu = tce.packagingOrTrEqAmount * per_piece
    if unit == "TEU":
        return teu
    if unit != "TEUkm":
        return None
    return teu * activity_distance(tce)[1] if tce.distance.known() else None


def activity_distance(tce: Tce) -> tuple[str, Decimal]:
    """The basis and kilometres that the activity counts; the best known where none fits."""
    known = tce.distance.known()
    for basis, km in known.items():
        made = tce.mass * km / KG_PER_T
        if agree(tce.transportActivity, made, HALF_A_KILOGRAM_KILOMETRE):
            return basis, km
    return next(iter(known.items()), ("", Decimal(0)))


def _order(shipment: ShipmentFootprint, places: list[str]) -> Iterator[Breach]:
    tces = shipment.tces
    by_id = {tce.tceId: tce for tce in tces}
    if len(tces) > 1:
        for tce, at in zip(tces, places, strict=True):
            if tce.prevTceIds is None:
                hint = "[] for a first element, else the ids of those just before."
                yield breach("order-unknown", at, "prevTceIds is missing.", hint)
    if tces and all(tce.prevTceIds for tce in tces):
        at = point(places[0], "prevTceIds")
        yield breach("first-element", at, "No element has an empty prevTceIds.")
    for tce, at in zip(tces, places, strict=True):
        for i, before in enumerate(tce.prevTceIds or ()):
            here = point(at, "prevTceIds", i)
            if before not in by_id:
                message = f"{before} is no TCE of this shipment."
                yield breach("known-predecessor", here, message)
            elif before in (tce.prevTceIds or ())[:i]:
                yield breach("known-predecessor", here, f"{before} is named twice.")
            elif _overlap(by_id[before], tce):
                message = f"It departs before {before} has arrived."
                yield breach("order-in-time", point(at, "departureAt"), message)
    cyclic = on_cycles({tce.tceId: tce.prevTceIds or () for tce in tces})
    for tce, at in zip(tces, places, strict=True):
        if tce.tceId in cyclic:
            here = point(at, "prevTceIds")
            yield breach("acyclic", here, f"{tce.tceId} comes before itself.")


def _overlap(before: Tce, after: Tce) -> bool:
    if before.arrivalAt is None or after.departureAt is None:
        return False
    return utc(after.departureAt) < utc(before.arrivalAt)
