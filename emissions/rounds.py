"""Delivery and collection rounds: one vehicle, many stops, shared by direct tonne-kilometres.

The round is one operation with one amount of CO2e. A consignment's share is its mass times the
direct distance between depot and stop, not the way that the round happened to take: the order of
stops is no merit or fault of a consignee (GHG Protocol, Scope 3 Technical Guidance, example 4.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from emissions.co2e import Co2e
from emissions.energy import Intensity
from emissions.footprint import allocate
from lowhaul.errors import LowhaulError
from lowhaul.units import KG_PER_T


@dataclass(frozen=True)
class Drop:
    """One consignment of a round: delivered or collected at a stop.

    `direct_km` is the great circle (or shortest feasible way) between depot and stop; the same
    basis for all drops of a round.
    """

    name: str
    mass_kg: float
    direct_km: float

    @property
    def tkm(self) -> float:
        """Direct tonne-kilometres."""
        return self.mass_kg / KG_PER_T * self.direct_km


def share_round(co2e: Co2e, drops: Sequence[Drop]) -> dict[str, Co2e]:
    """The CO2e of a round by consignment, exact to the gram; its empty way home is inside.

    Raises LowhaulError without drops, for a name given twice, a negative mass or distance, and
    where no drop has any tonne-kilometre.
    """
    names = [drop.name for drop in drops]
    if len(set(names)) < len(names):
        twice = sorted({n for n in names if names.count(n) > 1})
        raise LowhaulError(f"A round names the same consignment twice: {', '.join(twice)}.")
    for drop in drops:
        if drop.mass_kg < 0 or drop.direct_km < 0:
            raise LowhaulError(f"{drop.name}: mass and distance of a drop are not negative.")
    weights = [drop.tkm for drop in drops]
    if not sum(weights) > 0:
        raise LowhaulError("A round without tonne-kilometres cannot be shared.")
    return dict(zip(names, allocate(co2e, weights), strict=True))


def round_intensity(co2e: Co2e, drops: Iterable[Drop]) -> Intensity:
    """The intensity of rounds as an operation category: per direct t-km, not per driven one."""
    activity = sum(drop.tkm for drop in drops)
    if not activity > 0:
        raise LowhaulError("A round without tonne-kilometres has no intensity.")
    return Intensity(co2e, activity, "tkm", "gcd")
