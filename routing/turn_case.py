"""The case of round use planned alone: emptied boxes, wanted boxes, and what they stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emissions.factors import FactorBook
from loading.equipment import Equipment
from routing.bids import Carrier
from routing.boxes import EmptyBoxes, WantedBoxes
from routing.distances import Distances
from routing.money import ExchangeRates

OBJECTIVES = ("co2e", "cost", "boxes")


@dataclass(frozen=True)
class TurnCase:
    """Everything that one plan of street turns is made from, as frozen objects.

    Emptied and wanted rows stand in the order of their ids. `wait_days`: a box may be fetched so
    many days before the first day of stuffing and wait there. `depots`: places through which a box
    may go where its free time ends too early; none: street turns only. `cost_per_km` prices the
    haulage of an empty box, in the currency of `fx`; 0: haulage is not priced.
    """

    empties: tuple[EmptyBoxes, ...]
    wanted: tuple[WantedBoxes, ...]
    carriers: Mapping[str, Carrier]
    equipment: Mapping[str, Equipment]
    distances: Distances
    factors: FactorBook
    fx: ExchangeRates
    objective: str = "co2e"
    wait_days: int = 0
    depots: tuple[str, ...] = ()
    cost_per_km: float = 0.0

    def money(self, amount: float, boxes: EmptyBoxes) -> float:
        """An amount of a row of `empties` in the currency of the plan."""
        return amount * self.fx.factor(boxes.currency) if amount else 0.0

    def fee(self, owner: str) -> float:
        """The owner's fee for one reused box in the currency of the plan; none for SOC."""
        carrier = self.carriers.get(owner)
        if carrier is None or not carrier.round_use_fee:
            return 0.0
        return carrier.round_use_fee * self.fx.factor(carrier.currency)
