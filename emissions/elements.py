"""Elements of a transport chain: what one row of legs.csv says about CO2e.

An element is a leg, an empty way or a hub (ISO 14083: a TCE with its one TOC or HOC). It is made
from a law, or read back from a row of the table, so that a plan, an executed year and a table of
somebody else are footprinted by the same functions (`footprint.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from emissions.activity import LegDistance, activity_tkm
from emissions.co2e import Co2e
from emissions.factors import NotCovered
from emissions.hubs import HubLaw
from emissions.laws import EmptyLaw, LegLaw
from lowhaul.units import kilograms, round_half_up

Kind = Literal["transport", "hub", "empty"]
TKM_DIGITS = 3


@dataclass(frozen=True)
class Element:
    """One element; `co2e` is rounded to the gram, None where no factor exists (never zero).

    `driven_km` is what one load unit really travels; `load_units`, `teu`, `mass_kg` (goods and
    packaging) and `activity_tkm` are totals of the row. `wtt_covered` False: TTW only.
    """

    tce_id: str
    kind: Kind
    mode: str
    shipment_id: str = ""
    carrier: str = ""
    load_units: float = 0.0
    teu: float = 0.0
    mass_kg: float = 0.0
    driven_km: float = 0.0
    activity_tkm: float = 0.0
    toc_id: str = ""
    factor_id: str = ""
    factor_pack: str = ""
    data_type: str = ""
    gwp: str = ""
    proxy: bool = False
    assumed: bool = False
    co2e: Co2e | None = None
    wtt_covered: bool = True
    daf: float = 1.0
    factor_distance_basis: str = ""
    explain: str = ""
    wanted: str = ""

    @property
    def covered(self) -> bool:
        """True where the element is covered whole, well-to-tank included."""
        return self.co2e is not None and self.wtt_covered

    @property
    def known(self) -> Co2e:
        """What is known of its CO2e; for sums that state their coverage beside them."""
        return self.co2e or Co2e.zero()

    def row(self) -> dict[str, object]:
        """Its part of a row of legs.csv; CO2e is None (a blank cell) where nothing is known."""
        known = self.co2e
        return {
            "tce_id": self.tce_id,
            "shipment_id": self.shipment_id,
            "kind": self.kind,
            "mode": self.mode,
            "carrier": self.carrier,
            "load_units": self.load_units,
            "teu": self.teu,
            "mass_kg": self.mass_kg,
            "actual_km": self.driven_km,
            "daf": self.daf,
            "activity_tkm": self.activity_tkm,
            "toc_id": self.toc_id,
            "factor_id": self.factor_id,
            "factor_pack": self.factor_pack,
            "factor_distance_basis": self.factor_distance_basis,
            "data_type": self.data_type,
            "proxy": self.proxy,
            "co2e_wtt_kg": None if known is None else known.wtt_kg,
            "co2e_ttw_kg": None if known is None else known.ttw_kg,
            "co2e_wtw_kg": None if known is None else kilograms(known.wtw_kg),
            "covered": self.covered,
        }


def transport_element(
    law: LegLaw | NotCovered,
    *,
    tce_id: str,
    mode: str,
    distance: LegDistance,
    cargo_kg: float,
    load_units: float = 0.0,
    teu: float = 0.0,
    shipment_id: str = "",
    carrier: str = "",
) -> Element:
    """The laden way: so many load units (0: part load) with that cargo over that distance."""
    base = Element(
        tce_id=tce_id,
        kind="transport",
        mode=mode,
        shipment_id=shipment_id,
        carrier=carrier,
        load_units=load_units,
        teu=teu,
        mass_kg=kilograms(cargo_kg),
        driven_km=distance.actual_km,
        activity_tkm=round_half_up(activity_tkm(cargo_kg, distance, mode), TKM_DIGITS),
    )
    if isinstance(law, NotCovered):
        return replace(base, wanted=law.wanted)
    return replace(
        base,
        toc_id=law.toc_id,
        factor_id=law.factor_id,
        factor_pack=law.pack,
        data_type=law.data_type,
        gwp=law.gwp,
        proxy=law.proxy,
        assumed=law.assumed,
        co2e=law.laden(load_units, cargo_kg).rounded(),
        wtt_covered=law.wtt_covered,
        daf=law.daf,
        factor_distance_basis=law.factor_distance_basis,
        explain=law.explain,
    )


def empty_element(
    law: LegLaw | EmptyLaw,
    *,
    tce_id: str,
    driven_km: float,
    load_units: float,
    teu: float = 0.0,
    shipment_id: str = "",
    carrier: str = "",
) -> Element:
    """The empty way of so many boxes over driven kilometres: no mass, no activity."""
    per_km = law.empty_per_km if isinstance(law, LegLaw) else law.per_km
    return Element(
        tce_id=tce_id,
        kind="empty",
        mode="road",
        shipment_id=shipment_id,
        carrier=carrier,
        load_units=load_units,
        teu=teu,
        driven_km=driven_km,
        toc_id=law.toc_id,
        factor_id=law.factor_id,
        factor_pack=law.pack,
        data_type=law.data_type,
        gwp=law.gwp,
        proxy=law.proxy,
        assumed=law.assumed,
        co2e=(load_units * driven_km * per_km).rounded(),
        wtt_covered=law.wtt_covered,
        factor_distance_basis=law.factor_distance_basis,
        explain=f"{load_units:g} boxes x {driven_km:g} driven km x {per_km.wtw_kg:.6g} kg",
    )


def hub_element(
    law: HubLaw | NotCovered,
    *,
    tce_id: str,
    cargo_kg: float,
    teu: float = 0.0,
    load_units: float = 0.0,
    shipment_id: str = "",
    carrier: str = "",
) -> Element:
    """One passage of a hub: no activity; not covered where the place has no value."""
    base = Element(
        tce_id=tce_id,
        kind="hub",
        mode="hub",
        shipment_id=shipment_id,
        carrier=carrier,
        load_units=load_units,
        teu=teu,
        mass_kg=kilograms(cargo_kg),
    )
    if isinstance(law, NotCovered):
        return replace(base, wanted=law.wanted)
    return replace(
        base,
        toc_id=law.toc_id,
        factor_id=law.factor_id,
        factor_pack=law.pack,
        data_type=law.data_type,
        gwp=law.gwp,
        assumed=law.assumed,
        co2e=law.passage(cargo_kg, teu).rounded(),
        wtt_covered=law.wtt_covered,
        explain=law.explain,
    )


def element_of_row(row: Mapping[str, object], *, gwp: str = "", assumed: bool = False) -> Element:
    """An element from a row of legs.csv (or `executed`), which does not hold GWP and assumed."""
    ttw, wtw = _number(row, "co2e_ttw_kg"), _number(row, "co2e_wtw_kg")
    whole = _text(row, "covered").lower() in ("yes", "true", "1")
    co2e = None if wtw is None else Co2e(wtw - (ttw or 0.0), ttw or 0.0).rounded()
    return Element(
        tce_id=_text(row, "tce_id"),
        kind=cast(Kind, _text(row, "kind") or "transport"),
        mode=_text(row, "mode"),
        shipment_id=_text(row, "shipment_id"),
        carrier=_text(row, "carrier"),
        load_units=_number(row, "load_units") or 0.0,
        teu=_number(row, "teu") or 0.0,
        mass_kg=_number(row, "mass_kg") or 0.0,
        driven_km=_number(row, "actual_km") or _number(row, "distance_km") or 0.0,
        activity_tkm=_number(row, "activity_tkm") or 0.0,
        toc_id=_text(row, "toc_id"),
        factor_id=_text(row, "factor_id"),
        factor_pack=_text(row, "factor_pack"),
        data_type=_text(row, "data_type"),
        gwp=gwp,
        proxy=_text(row, "proxy").lower() in ("yes", "true", "1"),
        assumed=assumed,
        co2e=co2e,
        wtt_covered=whole or co2e is None,
        daf=_number(row, "daf") or 1.0,
        factor_distance_basis=_text(row, "factor_distance_basis"),
    )


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    text = "" if value is None or value != value else str(value).strip()
    return "" if text == "<NA>" else text


def _number(row: Mapping[str, object], name: str) -> float | None:
    text = _text(row, name)
    return float(text) if text else None
