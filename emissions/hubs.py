"""Hubs: the CO2e of handling at a place, per tonne or per TEU, from the planner's values.

No sound open hub factor exists. A hub without a value is used all the same; it is listed as not
covered and lowers the hub coverage share.
"""

from __future__ import annotations

from dataclasses import dataclass

from emissions.co2e import Co2e
from emissions.factors import FactorBook, NotCovered
from lowhaul.units import G_PER_KG, KG_PER_T


@dataclass(frozen=True)
class HubLaw:
    """CO2e of one passage: cargo kg * per_cargo_kg + TEU * per_teu (one of them is zero)."""

    per_cargo_kg: Co2e
    per_teu: Co2e
    factor_id: str
    toc_id: str
    data_type: str
    assumed: bool
    gwp: str
    explain: str
    source: str = ""
    wtt_covered: bool = True
    pack: str = ""

    def passage(self, cargo_kg: float, teu: float) -> Co2e:
        """One passage of so much cargo in so many TEU."""
        return cargo_kg * self.per_cargo_kg + teu * self.per_teu


def hub_law(
    *,
    place_id: str,
    restuffed: bool,
    wtw_kg_per_t: float | None,
    wtw_kg_per_teu: float | None,
    ttw_kg_per_t: float = 0.0,
    ttw_kg_per_teu: float = 0.0,
    source: str = "",
    book: FactorBook | None = None,
    kind: str = "",
    region: str = "",
) -> HubLaw | NotCovered:
    """The law of one place: per tonne where goods are re-stuffed, per TEU where boxes stay sealed.

    The place's own value (table `locations`) goes before a factor of mode `hub` in the planner's
    pack, whose `vehicle` may name the kind of place; `region` is its country. Part loads count as
    re-stuffed.
    """
    wtw, ttw = (wtw_kg_per_t, ttw_kg_per_t) if restuffed else (wtw_kg_per_teu, ttw_kg_per_teu)
    unit = "t" if restuffed else "teu"
    if wtw is not None:
        value = Co2e(wtw - ttw, ttw)
        return _law(
            value, restuffed, place_id, f"place:{place_id}", "default", "place", source=source
        )
    if book is not None:
        found = book.find("hub", kind, per=(unit,), region=region)
        if not isinstance(found, NotCovered):
            value = Co2e((found.wtt_g or 0.0) / G_PER_KG, found.ttw_g / G_PER_KG)
            return _law(
                value,
                restuffed,
                place_id,
                found.factor_id,
                found.data_type,
                found.pack,
                source=", ".join(p for p in (found.source, found.version, found.licence) if p),
                assumed=found.assumed,
                gwp=found.gwp,
                wtt_covered=found.wtt_g is not None,
            )
    return NotCovered(
        f"handling_co2e_wtw_kg_per_{unit} of {place_id} in the table locations, or a row in the "
        f"table factors with mode hub, per {unit}"
    )


def _law(
    value: Co2e,
    restuffed: bool,
    place_id: str,
    factor_id: str,
    data_type: str,
    pack: str,
    *,
    source: str = "",
    assumed: bool = False,
    gwp: str = "",
    wtt_covered: bool = True,
) -> HubLaw:
    unit = "t of cargo" if restuffed else "TEU"
    return HubLaw(
        per_cargo_kg=value * (1.0 / KG_PER_T) if restuffed else Co2e.zero(),
        per_teu=Co2e.zero() if restuffed else value,
        factor_id=factor_id,
        toc_id=f"hub/{place_id}/{'restuffed' if restuffed else 'sealed'}",
        data_type=data_type,
        assumed=assumed,
        gwp=gwp,
        explain=f"{factor_id}: {unit} x {value.wtw_kg:g} kg"
        + ("" if wtt_covered else "; WTT not covered by this factor"),
        source=source,
        wtt_covered=wtt_covered,
        pack=pack,
    )
