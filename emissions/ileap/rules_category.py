"""Rules of TOCs, HOCs and TADs, of energy carriers and of places (TS 6.3 to 6.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from emissions.ileap.breach import Breach, breach, point
from emissions.ileap.judging import is_fossil, number
from emissions.ileap.model import EnergyCarrier, Feedstock, Hoc, Location, Tad, Toc, utc
from emissions.ileap.rules_envelope import in_utc

ON_WATER = frozenset({"Sea", "InlandWaterway"})
SHARE_SLACK = Decimal("0.005")
"""Rounded shares may miss 1 by this much (three thirds of 0.333)."""


def toc_rules(toc: Toc, at: str) -> Iterator[Breach]:
    """All rules of a transport operation category."""
    yield from _category(toc, at)
    yield from _factors_of_load(toc, at)
    unit, here = toc.transportActivityUnit, point(at, "transportActivityUnit")
    if unit == "TEUkm" and toc.mode not in ON_WATER:
        yield breach("activity-unit", here, f"{toc.mode} counts tkm.", 'Write "tkm".')
    elif unit == "tkm" and toc.mode in ON_WATER:
        hint = "TEUkm is meant for containers; tkm can stand for other cargo."
        message = f"{toc.mode} counts TEUkm."
        yield breach("activity-unit", here, message, hint, severity="warning")
    for name, mode in (
        ("truckLoadingSequence", "Road"),
        ("airShippingOption", "Air"),
        ("flightLength", "Air"),
    ):
        if getattr(toc, name) is not None and toc.mode != mode:
            message = f"{name} stands with the mode {mode} only."
            yield breach("mode-option", point(at, name), message, "Leave it out.")


def hoc_rules(hoc: Hoc, at: str) -> Iterator[Breach]:
    """All rules of a hub operation category."""
    yield from _category(hoc, at)
    leaves_by = hoc.outboundTransportMode
    if hoc.hubActivityUnit == "TEU" and leaves_by is not None and leaves_by not in ON_WATER:
        message = f"Goods leave by {leaves_by}, and TEU is for sea and waterways."
        yield breach("hub-unit", point(at, "hubActivityUnit"), message, 'Write "tonnes".')
    if hoc.hubLocation is not None:
        yield from location_rules(hoc.hubLocation, point(at, "hubLocation"), "hub")


def tad_rules(tad: Tad, at: str) -> Iterator[Breach]:
    """All rules of transport activity data."""
    if not tad.consignmentIds:
        yield breach("consignments", point(at, "consignmentIds"), "No consignment is named.")
    for name, moment in (("departureAt", tad.departureAt), ("arrivalAt", tad.arrivalAt)):
        yield from in_utc([(point(at, name), moment)])
    if utc(tad.arrivalAt) < utc(tad.departureAt):
        here = point(at, "arrivalAt")
        yield breach("departure-before-arrival", here, "It arrives before it departs.")
    if tad.mass is not None and tad.mass < 0:
        yield breach("negative", point(at, "mass"), f"{number(tad.mass)} kg is below zero.")
    for basis, km in tad.distance.known().items():
        if km < 0:
            here = point(at, "distance", basis)
            yield breach("negative", here, f"{number(km)} km is below zero.")
    yield from _factors_of_load(tad, at)
    for name, place in (("origin", tad.origin), ("destination", tad.destination)):
        yield from location_rules(place, point(at, name), tad.mode)
    if tad.energyCarriers is not None:
        yield from energy_rules(tad.energyCarriers, point(at, "energyCarriers"))


def _category(category: Toc | Hoc, at: str) -> Iterator[Breach]:
    wtw, ttw = category.co2eIntensityWTW, category.co2eIntensityTTW
    for name, value in (("co2eIntensityWTW", wtw), ("co2eIntensityTTW", ttw)):
        if value < 0:
            yield breach("negative", point(at, name), f"{number(value)} is below zero.")
    if ttw > wtw and is_fossil(category.energyCarriers):
        message = f"TTW {number(ttw)} is above WTW {number(wtw)} though the energy is fossil."
        yield breach("ttw-above-wtw", point(at, "co2eIntensityTTW"), message, "WTW = WTT + TTW.")
    named = category.certifications
    if named is not None and (not named or len(set(named)) < len(named)):
        fault = "is empty" if not named else "names one twice"
        here = point(at, "certifications")
        yield breach("certifications", here, f"The list {fault}.", "Leave it out, or mend it.")
    yield from energy_rules(category.energyCarriers, point(at, "energyCarriers"))


def _factors_of_load(load: Toc | Tad, at: str) -> Iterator[Breach]:
    if load.loadFactor is not None and not 0 < load.loadFactor <= 1:
        message = f"{number(load.loadFactor)} is not above 0 and up to 1."
        yield breach("load-factor", point(at, "loadFactor"), message, "0.6 stands for 60 %.")
    empty = load.emptyDistanceFactor
    if empty is not None and not 0 <= empty < 1:
        message = f"{number(empty)} is not from 0 up to below 1."
        hint = "Empty kilometres as a share of all kilometres."
        yield breach("empty-distance-factor", point(at, "emptyDistanceFactor"), message, hint)


def energy_rules(carriers: Sequence[EnergyCarrier], at: str) -> Iterator[Breach]:
    """Shares of energy carriers and of their feedstocks, and their factors."""
    if not carriers:
        yield breach("energy-shares", at, "No energy carrier is given.")
    whole = sum((c.relativeShare or Decimal(0) for c in carriers), Decimal(0))
    stated = all(c.relativeShare is not None for c in carriers)
    if carriers and stated and abs(whole - 1) > SHARE_SLACK:
        yield breach("energy-shares", at, f"The shares make {number(whole)}, not 1.")
    for i, carrier in enumerate(carriers):
        here = point(at, i)
        share = carrier.relativeShare
        if share is not None and not 0 < share <= 1:
            message = f"{number(share)} is not above 0 and up to 1."
            yield breach("energy-shares", point(here, "relativeShare"), message)
        if carrier.energyConsumption is not None and carrier.energyConsumptionUnit is None:
            there = point(here, "energyConsumption")
            yield breach("energy-unit", there, "energyConsumptionUnit is missing.")
        yield from _factors(carrier, here)
        if carrier.feedstocks is not None:
            yield from _feedstocks(carrier.feedstocks, point(here, "feedstocks"))


def _factors(carrier: EnergyCarrier, at: str) -> Iterator[Breach]:
    wtw, ttw = carrier.emissionFactorWTW, carrier.emissionFactorTTW
    for name in ("emissionFactorWTW", "emissionFactorTTW", "energyConsumption"):
        value = getattr(carrier, name)
        if value is not None and value < 0:
            yield breach("negative", point(at, name), f"{number(value)} is below zero.")
    if wtw is not None and ttw is not None and ttw > wtw and is_fossil([carrier]):
        message = f"TTW {number(ttw)} is above WTW {number(wtw)} for {carrier.energyCarrier}."
        yield breach("ttw-above-wtw", point(at, "emissionFactorTTW"), message, "WTW = WTT + TTW.")


def _feedstocks(feedstocks: Sequence[Feedstock], at: str) -> Iterator[Breach]:
    if not feedstocks:
        yield breach("feedstock-shares", at, "The list is empty.", "Leave it out.")
    shares = [f.feedstockShare or Decimal(0) for f in feedstocks]
    for i, share in enumerate(shares):
        if not 0 <= share <= 1:
            here = point(at, i, "feedstockShare")
            yield breach("feedstock-shares", here, f"{number(share)} is not from 0 to 1.")
    if sum(shares) > 1 + SHARE_SLACK:
        message = f"The shares make {number(sum(shares, Decimal(0)))}, above 1."
        yield breach("feedstock-shares", at, message)


def location_rules(place: Location, at: str, mode: str | None) -> Iterator[Breach]:
    """Coordinates of a place; `mode` None: not known, so station codes are not judged."""
    if (place.lat is None) != (place.lng is None):
        yield breach("location", at, "Only one of lat and lng is given.")
    if place.lat is not None and abs(place.lat) > 90:
        yield breach("location", point(at, "lat"), f"{number(place.lat)} is not a latitude.")
    if place.lng is not None and abs(place.lng) > 180:
        yield breach("location", point(at, "lng"), f"{number(place.lng)} is not a longitude.")
    for name, own in (("iata", "Air"), ("uic", "Rail")):
        if getattr(place, name) is not None and mode is not None and mode != own:
            message = f"{name} stands with the mode {own} only, here is {mode}."
            yield breach("station-code", point(at, name), message, "Leave it out.")
