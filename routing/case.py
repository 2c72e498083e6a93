"""The case: everything that one plan is made from, as frozen objects.

`scenarios` builds it from a project's tables; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from emissions.factors import FactorBook
from loading.equipment import Equipment
from loading.units import Packaging
from routing.baseline import BaselineWay
from routing.bids import Bid, Carrier, FuelIndex, FuelStep
from routing.boxes import EmptyBoxes
from routing.decisions import Pin
from routing.distances import Distances
from routing.money import ExchangeRates
from routing.orders import Order, Product
from routing.places import Place
from routing.tender import Tender

MEASURES = (
    "packaging",
    "distance",
    "mode_shift",
    "load_rate",
    "consolidation",
    "round_use",
    "tender",
)
MODES = ("road", "rail", "sea", "inland_waterway", "air")


@dataclass(frozen=True)
class Settings:
    """How to plan: the resolved settings of one scenario (project.yaml)."""

    period_from: date
    period_to: date
    currency: str
    as_of: date
    bucket: str = "week"
    objective: str = "min_emissions"
    carbon_price_per_t: float = 0.0
    budget: float | None = None
    emissions_cap_t: float | None = None
    measures: frozenset[str] = frozenset(MEASURES)
    modes: frozenset[str] = frozenset(MODES)
    closed_passages: tuple[str, ...] = ("northwest",)
    avoid_countries: frozenset[str] = frozenset()
    lateness_allowed: bool = False
    allow_spot: bool = False
    declared_co2e: str = "all"
    fx_date: date | None = None
    box_wait_days: int | None = None
    """Days that a fetched box may wait at its stuffing place; None: as many as it takes."""
    time_limit_s: float = 120.0
    gap: float = 0.005
    seed: int = 1
    workers: int = 2

    def on(self, measure: str) -> bool:
        """True if that measure may be planned with."""
        return measure in self.measures


@dataclass(frozen=True)
class RoadLimit:
    """One row of `road_limits`: the heaviest cargo of one load unit on a country's roads, kg."""

    country: str
    equipment: str
    max_cargo_kg: float
    source: str = ""


@dataclass(frozen=True)
class Case:
    """One scenario's inputs. Keys of the mappings are the tables' own keys."""

    settings: Settings
    places: Mapping[str, Place]
    equipment: Mapping[str, Equipment]
    products: Mapping[str, Product]
    packagings: Mapping[str, tuple[Packaging, ...]]
    """By sku; the first one that is not a candidate is the current one."""
    orders: tuple[Order, ...]
    carriers: Mapping[str, Carrier]
    bids: tuple[Bid, ...]
    distances: Distances
    factors: FactorBook
    fx: ExchangeRates
    empties: tuple[EmptyBoxes, ...] = ()
    baseline: tuple[BaselineWay, ...] = ()
    road_limits: tuple[RoadLimit, ...] = field(default=())
    tender: Tender = field(default_factory=Tender)
    remote_lanes: Mapping[str, bool] = field(default_factory=dict)
    """Lanes that the table `lanes` calls remote or not; blank ones go by their places."""
    pins: tuple[Pin, ...] = ()
    """The decisions that hold on the day of the plan."""
    fuel_steps: tuple[FuelStep, ...] = ()
    fuel_index: tuple[FuelIndex, ...] = ()

    def max_cargo_kg(self, country: str, equipment: str) -> float | None:
        """The road limit of that country for that equipment, None if none is given."""
        limits = [
            r.max_cargo_kg
            for r in self.road_limits
            if r.country == country and r.equipment == equipment
        ]
        return min(limits) if limits else None
