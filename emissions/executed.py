"""A transport that was done, as an element: one row of `executed`, one law, one sum.

This is the plain reading of a row, used for calculation sheets and wherever `bulk` must be exact
to the last bit. A row's own kilograms go before the carrier's figure per unit, that before the
planner's pack, that before the default pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from emissions.activity import LegDistance
from emissions.co2e import Co2e
from emissions.elements import Element, empty_element, hub_element, transport_element
from emissions.factors import FactorBook, NotCovered
from emissions.hubs import HubLaw, hub_law
from emissions.laws import (
    Declared,
    EmptyLaw,
    LegLaw,
    UnknownVehicle,
    empty_box_law,
    leg_law,
    toc_id,
)
from lowhaul.errors import LowhaulError
from lowhaul.units import kilograms

BARE_BID = "bid:"
TOTALS_FACTOR = "stated"
"""The factor_id of a row whose kilograms of CO2e were stated, where it names none."""
STATED_PACK = "stated"
"""The factor_pack of such a row, where it names none."""


@dataclass(frozen=True)
class HubValues:
    """What a place emits, from the table `locations`; blank: not given."""

    wtw_kg_per_t: float | None = None
    wtw_kg_per_teu: float | None = None
    ttw_kg_per_t: float = 0.0
    ttw_kg_per_teu: float = 0.0
    source: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Asked:
    """All that a law depends on but the kilometres: rows that are equal in it share a law.

    `place` and `restuffed` are asked of hubs, `stated` says that the row brings its own kilograms,
    `serves` that an empty way belongs to a laden one (not: a box moved for its own sake).
    A blank `per` means that no figure is declared; `ttw_g` None is split as the default factor.
    """

    kind: str
    mode: str
    service: str = ""
    vehicle: str = ""
    energy: str = ""
    carrier: str = ""
    region: str = ""
    equipment_teu: float = 0.0
    equipment_tare_kg: float = 0.0
    empty_distance_factor: float | None = None
    per: str = ""
    wtw_g: float = 0.0
    ttw_g: float | None = None
    includes_empty: bool = True
    slope_g_per_tkm: float = 0.0
    basis: str = "sfd"
    gwp: str = ""
    data_type: str = ""
    source: str = ""
    place: str = ""
    restuffed: bool = False
    stated: bool = False
    serves: bool = True

    def declared(self, bid_id: str = "") -> Declared | None:
        """The carrier's own figure per unit, or None."""
        if not self.per:
            return None
        return Declared(
            bid_id=bid_id,
            wtw_g=self.wtw_g,
            ttw_g=self.ttw_g,
            per=self.per,
            includes_empty=self.includes_empty,
            slope_g_per_tkm=self.slope_g_per_tkm,
            distance_basis=self.basis,
            gwp=self.gwp,
            source=self.source,
            data_type=self.data_type or "default",
        )

    def leg_law(
        self, book: FactorBook, distance: LegDistance, bid_id: str = "", **changes: Any
    ) -> LegLaw | NotCovered:
        """The law of a laden way over that distance; `changes` replaces what is asked."""
        given: dict[str, Any] = {
            "mode": self.mode,
            "service": self.service,
            "vehicle": self.vehicle,
            "energy": self.energy,
            "equipment_teu": self.equipment_teu,
            "equipment_tare_kg": self.equipment_tare_kg,
            "declared": self.declared(bid_id),
            "empty_distance_factor": self.empty_distance_factor,
            "carrier": self.carrier,
            "region": self.region,
        }
        return leg_law(book, distance=distance, **(given | changes))

    def empty_law(self, book: FactorBook, bid_id: str = "") -> LegLaw | EmptyLaw | NotCovered:
        """The law of the empty way of a box.

        One that serves a laden way has the law of that way, whose figure may hold it already (then
        it is a known zero). A box moved for its own sake is a box on a lorry, unless the carrier
        declares a figure. Only the road has such laws: an empty train or ship is not covered here.
        """
        if self.mode != "road":
            return NotCovered(
                f"co2e_wtw_kg of the empty way by {self.mode}, stated by the carrier: no law of an "
                "empty box exists for that mode"
            )
        if self.serves or self.per:
            found = self.leg_law(book, ONE_KM, bid_id, service="container")
            if self.serves or isinstance(found, NotCovered) or found.factor_id.startswith("bid:"):
                return found
        try:
            return empty_box_law(
                book, self.vehicle, self.equipment_tare_kg, self.carrier, self.energy, self.region
            )
        except UnknownVehicle as error:
            return NotCovered(str(error))

    def hub_law(self, book: FactorBook, values: HubValues) -> HubLaw | NotCovered:
        """The law of a passage of the place, per tonne re-stuffed or per TEU sealed."""
        return hub_law(
            place_id=self.place,
            restuffed=self.restuffed,
            wtw_kg_per_t=values.wtw_kg_per_t,
            wtw_kg_per_teu=values.wtw_kg_per_teu,
            ttw_kg_per_t=values.ttw_kg_per_t,
            ttw_kg_per_teu=values.ttw_kg_per_teu,
            source=values.source,
            book=book,
            kind=values.kind,
        )

    def ttw_share(self, book: FactorBook) -> float:
        """TTW as a share of WTW for stated kilograms without a split: as a declared figure's."""
        plain = replace(self, service="lcl" if self.mode == "sea" else "ltl", stated=False)
        law = plain.leg_law(book, ONE_KM, declared=Declared("", 1.0), empty_distance_factor=None)
        if isinstance(law, NotCovered):
            raise LowhaulError(f"Stated CO2e of mode {self.mode} needs its tank-to-wheel part.")
        return law.per_cargo_kg.ttw_kg / law.per_cargo_kg.wtw_kg


ONE_KM = LegDistance(1.0, 1.0, 1.0, "actual", "")


@dataclass(frozen=True)
class Done:
    """What one row adds to what was asked: amounts, kilometres, names, stated kilograms."""

    tce_id: str
    distance: LegDistance
    shipment_id: str = ""
    bid_id: str = ""
    load_units: float = 0.0
    teu: float = 0.0
    mass_kg: float = 0.0
    wtw_kg: float | None = None
    ttw_kg: float | None = None
    factor_id: str = ""
    factor_pack: str = ""
    toc_id: str = ""
    whole: bool = True
    """False: the stated kilograms lack the well-to-tank part."""


def element_of(
    book: FactorBook, asked: Asked, done: Done, hubs: Mapping[str, HubValues] | None = None
) -> Element:
    """The element of one row, rounded to the gram; not covered where nothing is known."""
    element = _element(book, asked, done, hubs or {})
    if element.factor_id == BARE_BID:
        return replace(element, factor_id=declared_name(asked))
    return element


def declared_name(asked: Asked) -> str:
    """The factor_id of a declared figure that belongs to no bid."""
    return f"declared:{asked.carrier}" if asked.carrier else "declared"


def _element(book: FactorBook, asked: Asked, done: Done, hubs: Mapping[str, HubValues]) -> Element:
    if asked.stated:
        return _stated(book, asked, done)
    if asked.kind == "hub":
        values = hubs.get(asked.place, HubValues())
        return hub_element(
            asked.hub_law(book, values),
            tce_id=done.tce_id,
            cargo_kg=done.mass_kg,
            teu=done.teu,
            load_units=done.load_units,
            shipment_id=done.shipment_id,
            carrier=asked.carrier,
        )
    if asked.kind == "empty":
        return _empty(book, asked, done)
    return transport_element(
        asked.leg_law(book, done.distance, done.bid_id),
        tce_id=done.tce_id,
        mode=asked.mode,
        distance=done.distance,
        cargo_kg=done.mass_kg,
        load_units=done.load_units,
        teu=done.teu,
        shipment_id=done.shipment_id,
        carrier=asked.carrier,
    )


def _empty(book: FactorBook, asked: Asked, done: Done) -> Element:
    law = asked.empty_law(book, done.bid_id)
    if isinstance(law, NotCovered):
        return Element(
            tce_id=done.tce_id,
            kind="empty",
            mode=asked.mode,
            shipment_id=done.shipment_id,
            carrier=asked.carrier,
            load_units=done.load_units,
            teu=done.teu,
            driven_km=done.distance.actual_km,
            wanted=law.wanted,
        )
    return empty_element(
        law,
        tce_id=done.tce_id,
        driven_km=done.distance.actual_km,
        load_units=done.load_units,
        teu=done.teu,
        shipment_id=done.shipment_id,
        carrier=asked.carrier,
    )


def _stated(book: FactorBook, asked: Asked, done: Done) -> Element:
    """The row's own kilograms, as they stand."""
    wtw = done.wtw_kg or 0.0
    ttw = done.ttw_kg
    words = "stated for this row"
    if ttw is None:
        share = asked.ttw_share(book)
        ttw = wtw * share
        words += f"; TTW not stated, split as the default factor ({share:.1%} TTW)"
    laden = asked.kind == "transport"
    bare = transport_element(
        NotCovered(""),
        tce_id=done.tce_id,
        mode=asked.mode,
        distance=done.distance,
        cargo_kg=done.mass_kg if asked.kind != "empty" else 0.0,
        load_units=done.load_units,
        teu=done.teu,
        shipment_id=done.shipment_id,
        carrier=asked.carrier,
    )
    return replace(
        bare,
        kind=asked.kind,  # type: ignore[arg-type]
        activity_tkm=bare.activity_tkm if laden else 0.0,
        driven_km=0.0 if asked.kind == "hub" else bare.driven_km,
        toc_id=done.toc_id or stated_toc(asked),
        factor_id=done.factor_id or TOTALS_FACTOR,
        factor_pack=done.factor_pack or STATED_PACK,
        data_type=asked.data_type or "default",
        gwp=asked.gwp,
        co2e=Co2e(kilograms(wtw) - kilograms(ttw), kilograms(ttw)).rounded(),
        wtt_covered=done.whole,
        explain=words,
    )


def stated_toc(asked: Asked) -> str:
    """The operation category of a row with its own kilograms."""
    if asked.kind == "hub":
        return f"hub/{asked.place}/{'restuffed' if asked.restuffed else 'sealed'}"
    return toc_id(asked.mode, asked.service, asked.vehicle, asked.energy, asked.carrier)
