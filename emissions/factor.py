"""One emission factor, with everything that an auditor asks of it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class NotCovered:
    """No factor: `wanted` says in the planner's words which one would admit the leg or hub.

    `of_energy`: the vehicle is known, its energy is what no factor has.
    """

    wanted: str
    of_energy: bool = False


@dataclass(frozen=True)
class Factor:
    """One emission factor, in grams CO2e (GWP 100 years of the assessment report `gwp`).

    `per` is tkm, teu_km, vehicle_km (legs), t or teu (hubs). `wtt_g` None: the well-to-tank part is
    not covered. The slopes add to a vehicle_km for each tonne on board. `includes_empty`: empty
    running is already inside. `empty_distance_factor` is empty km as a share of total km.
    `payload_full_t` is the payload that the source calls full (curves only). `pack` is default, own
    (table `factors`) or the name of a pack that was read from a file.
    """

    factor_id: str
    mode: str
    vehicle: str
    energy: str
    region: str
    wtt_g: float | None
    ttw_g: float
    per: str
    slope_wtt_g_per_tkm: float = 0.0
    slope_ttw_g_per_tkm: float = 0.0
    includes_empty: bool = True
    load_factor: float | None = None
    empty_distance_factor: float | None = None
    distance_basis: str = "sfd"
    gwp: str = ""
    data_type: str = "default"
    source: str = ""
    version: str = ""
    licence: str = ""
    assumed: bool = False
    pack: str = "own"
    payload_full_t: float | None = None
    page: str = ""
    year: str = ""
    evidence: str = ""
    note: str = ""

    @property
    def wtw_g(self) -> float:
        """Well-to-wheel; where WTT is not covered, what is known: the TTW part."""
        return (self.wtt_g or 0.0) + self.ttw_g

    @property
    def slope_wtw_g_per_tkm(self) -> float:
        """Well-to-wheel of the slope."""
        return self.slope_wtt_g_per_tkm + self.slope_ttw_g_per_tkm

    @property
    def ttw_share(self) -> float:
        """TTW as a share of WTW, for figures that are declared without a split."""
        return self.ttw_g / self.wtw_g if self.wtw_g else 1.0

    def scaled(self, by: float) -> Factor:
        """The same factor with every figure times `by` (for break-even and what-if)."""
        return replace(
            self,
            wtt_g=None if self.wtt_g is None else self.wtt_g * by,
            ttw_g=self.ttw_g * by,
            slope_wtt_g_per_tkm=self.slope_wtt_g_per_tkm * by,
            slope_ttw_g_per_tkm=self.slope_ttw_g_per_tkm * by,
        )


RENEWABLE = ("bio", "hvo", "fame", "rfnbo", "synthetic", "e_fuel", "renewable")
"""Parts of the names of energy that may bind carbon before it is burnt."""


def is_renewable(energy: str) -> bool:
    """True for biogenic and synthetic fuels by their name."""
    return any(part in word(energy) for part in RENEWABLE)


def split_fault(wtw_g: float, ttw_g: float, energy: str = "") -> str:
    """Why a pair of WTW and TTW cannot be true, or blank.

    Fossil energy has a positive well-to-tank part. Biogenic and synthetic fuels may have a negative
    one (the growing crop binds carbon), so TTW above WTW is no fault there.
    """
    if ttw_g <= wtw_g or is_renewable(energy):
        return ""
    return f"TTW ({ttw_g:g} g) is above WTW ({wtw_g:g} g); a fossil fuel's WTT is never negative."


def word(text: str) -> str:
    """A name without regard to case, blanks and hyphens."""
    return text.strip().lower().replace(" ", "_").replace("-", "_")
