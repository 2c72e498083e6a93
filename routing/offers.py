"""Offers: bids made ready for planning, with their kilometres, prices and laws of emission.

A bid becomes one offer for each equipment that it accepts (one without equipment for part loads).
Offers that cannot be planned with are left out with a finding that says why and what would help.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from emissions.activity import LegDistance
from emissions.laws import Co2e, Declared, LegLaw, NotCovered, leg_law
from emissions.regions import between
from lowhaul.findings import Finding, Findings
from routing.bids import Bid, Carrier
from routing.case import Case, Settings
from routing.distances import NoDistance
from routing.pins import narrowed


@dataclass(frozen=True)
class Stretch:
    """One leg row: a bid with `via` has several, the first of which carries the cost."""

    origin: str
    destination: str
    distance: LegDistance
    law: LegLaw


@dataclass(frozen=True, eq=False)
class Offer:
    """One bid for one equipment (empty for part loads). Offers are compared by identity."""

    bid: Bid
    equipment: str
    stretches: tuple[Stretch, ...]

    @cached_property
    def driven_km(self) -> float:
        """Kilometres driven one way, origin to destination."""
        return sum(s.distance.actual_km for s in self.stretches)

    @cached_property
    def per_load_unit(self) -> Co2e:
        """CO2e of one laden load unit before its cargo."""
        return sum_co2e(s.law.per_load_unit for s in self.stretches)

    @cached_property
    def per_cargo_kg(self) -> Co2e:
        """CO2e of one more kg of goods and packaging."""
        return sum_co2e(s.law.per_cargo_kg for s in self.stretches)

    @property
    def empty_per_km(self) -> Co2e:
        """CO2e of the box alone, per driven km."""
        return self.stretches[0].law.empty_per_km

    @property
    def is_haulage(self) -> bool:
        """True for the road haulage of one box, which has an empty way."""
        return self.bid.mode == "road" and self.bid.service == "container"

    def sails_on(self, day: date, carriers: Mapping[str, Carrier]) -> bool:
        """True if the bid and its carrier's qualification hold for a departure on that day."""
        bid, carrier = self.bid, carriers[self.bid.carrier]
        return (
            (bid.valid_from is None or bid.valid_from <= day)
            and (bid.valid_to is None or day <= bid.valid_to)
            and (carrier.qualified_until is None or day <= carrier.qualified_until)
            and day not in bid.closed_on
        )


def sum_co2e(parts: Iterator[Co2e]) -> Co2e:
    """The sum of several amounts of CO2e."""
    total = Co2e.zero()
    for part in parts:
        total = total + part
    return total


def make_offers(case: Case, findings: Findings) -> list[Offer]:
    """All offers that the settings admit, in the order of the bids.

    A transport leg without a factor or a distance is not offered; the finding names the factor or
    distance that would admit it (W200, W201). Bids of places in `avoid_countries`, of modes that
    are switched off, spot bids (unless allowed), carriers not qualified and what pins of a lane
    close are left out silently: the project asked for that.
    """
    offers: list[Offer] = []
    for given in case.bids:
        bid = narrowed(case, given)
        if bid is None or not _wanted(bid, case):
            continue
        for equipment in _equipment_of(bid, case):
            made = _offer(bid, equipment, case, findings)
            if made is not None:
                offers.append(made)
    return offers


def declared_value(bid: Bid, settings: Settings) -> Declared | None:
    """The bid's own CO2e figures, None where it has none or the project does not trust them."""
    if bid.co2e_wtw_g is None or not bid.co2e_per:
        return None
    if settings.declared_co2e == "verified_only" and not bid.co2e_verified:
        return None
    return Declared(
        bid_id=bid.bid_id,
        wtw_g=bid.co2e_wtw_g,
        ttw_g=bid.co2e_ttw_g,
        per=bid.co2e_per,
        includes_empty=bid.co2e_includes_empty,
        slope_g_per_tkm=bid.co2e_slope_g_per_tkm,
        # a vehicle's kilometres are driven ones, whatever basis the activity has
        distance_basis="actual" if bid.co2e_per == "vehicle_km" else bid.co2e_distance_basis,
        gwp=bid.co2e_gwp,
        source=bid.co2e_source,
        verified=bid.co2e_verified,
        data_type=bid.data_type,
    )


def _wanted(bid: Bid, case: Case) -> bool:
    settings = case.settings
    places = [case.places[p] for p in (bid.origin, bid.destination, *bid.via)]
    return (
        bid.mode in settings.modes
        and (bid.status != "spot" or settings.allow_spot)
        and case.carriers[bid.carrier].qualified
        and not any(p.country in settings.avoid_countries for p in places)
    )


def _equipment_of(bid: Bid, case: Case) -> list[str]:
    """Containers for container bids, trailers for ftl (blank: all of the service)."""
    if not bid.takes_load_units:
        return [""]
    if bid.equipment:
        return [e for e in bid.equipment if e in case.equipment]
    container = bid.service == "container"
    return [e.code for e in case.equipment.values() if e.is_container == container]


def _offer(bid: Bid, equipment: str, case: Case, findings: Findings) -> Offer | None:
    box = case.equipment.get(equipment)
    stops = (bid.origin, *bid.via, bid.destination)
    stretches = []
    for origin, destination in itertools.pairwise(stops):
        given = bid.distance_km if not bid.via else None
        try:
            distance = case.distances.leg(
                origin,
                destination,
                bid.mode,
                given_km=given,
                given_basis=bid.distance_basis,
                given_source=f"bid {bid.bid_id}" if given is not None else "",
            )
        except NoDistance as fault:
            findings.add(_left_out(bid, "W201", str(fault)))
            return None
        law = leg_law(
            case.factors,
            mode=bid.mode,
            service=bid.service,
            vehicle=bid.vehicle,
            energy=bid.energy,
            equipment_teu=box.teu if box else 0.0,
            equipment_tare_kg=box.tare_kg if box and bid.service == "container" else 0.0,
            distance=distance,
            declared=declared_value(bid, case.settings),
            empty_distance_factor=bid.empty_distance_factor,
            load_factor=bid.load_factor,
            carrier=bid.carrier,
            region=between(case.places[origin].country, case.places[destination].country),
        )
        if isinstance(law, NotCovered):
            findings.add(_left_out(bid, "W200", law.wanted))
            return None
        stretches.append(Stretch(origin, destination, distance, law))
    return Offer(bid, equipment, tuple(stretches))


def _left_out(bid: Bid, code: str, why: str) -> Finding:
    return Finding(
        code=code,
        severity="warning",
        message=f"Bid {bid.bid_id} of {bid.carrier} is not offered to the plan: {why}",
        file=bid.source_file or "bids",
        sheet=bid.source_sheet,
        row=int(bid.source_row) if bid.source_row.isdigit() else None,
        value=bid.bid_id,
    )
