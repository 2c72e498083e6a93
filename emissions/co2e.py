"""CO2e as a value: well-to-tank and tank-to-wheel kept apart, in kg."""

from __future__ import annotations

from dataclasses import dataclass

from lowhaul.units import GRAM, kilograms, round_half_up


@dataclass(frozen=True)
class Co2e:
    """kg CO2e of energy provision (WTT) and of operation (TTW); their sum is WTW."""

    wtt_kg: float
    ttw_kg: float

    @property
    def wtw_kg(self) -> float:
        """Well-to-wheel, kg."""
        return self.wtt_kg + self.ttw_kg

    @staticmethod
    def zero() -> Co2e:
        """Nothing emitted (a known zero, not a missing factor)."""
        return Co2e(0.0, 0.0)

    def __add__(self, other: Co2e) -> Co2e:
        return Co2e(self.wtt_kg + other.wtt_kg, self.ttw_kg + other.ttw_kg)

    def __radd__(self, other: int) -> Co2e:
        return self if other == 0 else NotImplemented  # sum() starts from 0

    def __sub__(self, other: Co2e) -> Co2e:
        return Co2e(self.wtt_kg - other.wtt_kg, self.ttw_kg - other.ttw_kg)

    def __mul__(self, times: float) -> Co2e:
        return Co2e(self.wtt_kg * times, self.ttw_kg * times)

    __rmul__ = __mul__

    def rounded(self) -> Co2e:
        """To the gram as result rows are: WTW and TTW half up, WTT their difference."""
        wtw, ttw = kilograms(self.wtw_kg), kilograms(self.ttw_kg)
        return Co2e(round_half_up(wtw - ttw, GRAM), ttw)
