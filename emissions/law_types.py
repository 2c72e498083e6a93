"""What a law is made from and what it says: declared figures, lines of a leg, lines of a box."""

from __future__ import annotations

from dataclasses import dataclass

from emissions.co2e import Co2e


@dataclass(frozen=True)
class Declared:
    """A bid's own figures, g CO2e per tkm, teu_km or vehicle_km on `distance_basis` kilometres.

    `ttw_g` None: split as the default factor of the mode. `slope_g_per_tkm` (only vehicle_km) adds
    for each tonne of cargo. `includes_empty`: the figure already holds its empty running.
    """

    bid_id: str
    wtw_g: float
    ttw_g: float | None = None
    per: str = "tkm"
    includes_empty: bool = True
    slope_g_per_tkm: float = 0.0
    distance_basis: str = "sfd"
    gwp: str = ""
    source: str = ""
    verified: bool = False
    data_type: str = "default"


@dataclass(frozen=True)
class LegLaw:
    """CO2e of one leg: units * per_load_unit + cargo_kg * per_cargo_kg; the empty way apart.

    `per_load_unit` is one laden load unit before its cargo (zero for part loads and t-km factors),
    `per_cargo_kg` belongs to each kg of goods and packaging, `empty_per_km` to the box alone per
    driven km (zero where the figure already holds its empty way). `daf` is what turned the
    activity's kilometres into the factor's (1: same basis). `wtt_covered` False: the factor has no
    well-to-tank part, the element is not covered whole. `per` is the unit the figure was used in.
    `pack` is where it comes from: carrier, own, the name of a pack, or default.
    """

    per_load_unit: Co2e
    per_cargo_kg: Co2e
    empty_per_km: Co2e
    factor_id: str
    toc_id: str
    factor_distance_basis: str
    data_type: str
    proxy: bool
    assumed: bool
    gwp: str
    daf: float
    explain: str
    wtt_covered: bool = True
    per: str = ""
    source: str = ""
    pack: str = ""

    def laden(self, load_units: float, cargo_kg: float) -> Co2e:
        """The laden way of so many load units with that cargo in all."""
        return load_units * self.per_load_unit + cargo_kg * self.per_cargo_kg

    def empty(self, load_units: float, driven_km: float) -> Co2e:
        """The empty way of so many boxes over that many driven kilometres each."""
        return load_units * driven_km * self.empty_per_km


@dataclass(frozen=True)
class EmptyLaw:
    """A box moved empty by road for its own sake, per driven km, and the factor behind it."""

    per_km: Co2e
    factor_id: str
    toc_id: str
    factor_distance_basis: str
    data_type: str
    proxy: bool
    assumed: bool
    gwp: str
    explain: str
    wtt_covered: bool = True
    pack: str = ""
