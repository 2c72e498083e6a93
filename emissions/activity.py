"""Distances of a leg on their three bases, and the transport activity made of them.

ISO 14083 counts activity on the shortest feasible distance (SFD), air on the great circle (GCD);
driven kilometres (actual) feed vehicle-kilometres only. A distance adjustment factor (DAF) turns
the activity's kilometres into the factor's only where their bases differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lowhaul.units import KG_PER_T

Basis = Literal["sfd", "gcd", "actual"]

DAF = {"road": 1.05, "sea": 1.15, "rail": 1.0, "inland_waterway": 1.0, "air": 1.0}
"""SFD -> actual (ISO 14083 Table 3 as quoted by the CLECAT guide; parameters.csv daf_*)."""
DAF_AIR_KM = 95.0
"""Air: added to the GCD of each flight leg (EN 16258; parameters.csv daf_air_km)."""


@dataclass(frozen=True)
class LegDistance:
    """One leg's kilometres on each basis, and where they come from.

    `basis` is that of the value which was known first; the others are derived from it.
    """

    sfd_km: float
    gcd_km: float
    actual_km: float
    basis: str
    source: str
    warning: str = ""

    def activity_km(self, mode: str) -> float:
        """The kilometres that transport activity counts: GCD for air, SFD otherwise."""
        return self.gcd_km if mode == "air" else self.sfd_km

    def on(self, basis: str) -> float:
        """The kilometres on the basis a factor asks for (sfd, gcd or actual)."""
        return {"sfd": self.sfd_km, "gcd": self.gcd_km, "actual": self.actual_km}[basis]


def activity_tkm(mass_kg: float, distance: LegDistance, mode: str) -> float:
    """Transport activity in tonne-kilometres: goods with their packaging, no tare."""
    return mass_kg / KG_PER_T * distance.activity_km(mode)
