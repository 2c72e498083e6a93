"""The decision model as data: the linear model, its columns by meaning, and the loader's cuts.

The maths stands in routing/model.py; model_groups.py and model_orders.py fill this object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lowhaul.linear import LinearModel, add_terms
from routing.arcs import Arc, Arcs
from routing.groups import Entry, PartOption
from routing.options import Options
from routing.reuse import Reuse
from routing.tender_rows import TenderRows


@dataclass
class Cuts:
    """What the loader has taught: floor shares that were too kind, groups that fell apart."""

    floor_scale: dict[int, float] = field(default_factory=dict)
    one_run: set[int] = field(default_factory=set)
    """Groups whose load units must all go on one run: else an order would be split."""


@dataclass(frozen=True)
class UnitKey:
    """Handling units of an entry in one packaging in one group."""

    entry: Entry
    packaging_id: str
    group: int


@dataclass(frozen=True)
class PartKey:
    """An order in one packaging on one part load."""

    option: PartOption
    packaging_id: str


@dataclass
class PlanModel:
    """The linear model with its columns by meaning. No solver object is kept.

    Symbols are those of routing/model.py. An order in a packaging is (order key, packaging_id), a
    run is (group index, its index in the group). The constants hold what every plan has to bear:
    the returns of our own empties, in the project's currency and in kg CO2e WTW.
    """

    options: Options
    linear: LinearModel
    arcs: Arcs
    reuse: Reuse
    units: dict[UnitKey, int] = field(default_factory=dict)
    """u, where an order may be split: one of the column is one handling unit."""
    whole: dict[UnitKey, int] = field(default_factory=dict)
    """u, where it may not: binary, 1 is the whole order."""
    parts: dict[PartKey, int] = field(default_factory=dict)
    """p."""
    unserved: dict[tuple[str, str], int] = field(default_factory=dict)
    """s by order and packaging."""
    chosen: dict[tuple[str, str], int] = field(default_factory=dict)
    """t by order and packaging."""
    group_columns: dict[int, list[int]] = field(default_factory=dict)
    """Load units, cargo and stacks of each group."""
    load_units: dict[tuple[int, int], int] = field(default_factory=dict)
    """n by run."""
    cargo: dict[tuple[int, int], int] = field(default_factory=dict)
    """c by run, where its group has several."""
    run_arcs: dict[tuple[int, int], tuple[Arc, ...]] = field(default_factory=dict)
    """The arcs that a run uses, leg by leg."""
    tender: TenderRows | None = None
    """The rows of the tender's terms and their columns."""
    late_days: dict[int, float] = field(default_factory=dict)
    """Late days, weighted by the share of the order that one of the column stands for."""
    unserved_weight: dict[int, float] = field(default_factory=dict)
    """Pieces x priority that one of a column s stands for."""
    goods_rows: int = 0
    """So many rows, the first ones, are of orders, groups and part loads; the others of legs."""
    constant_cost: float = 0.0
    constant_co2e: float = 0.0

    def add_handling(self, column: int, handled: tuple[float, float]) -> None:
        """Charge handling (cost, CO2e in kg WTW) to a column."""
        cost, co2e_kg = handled
        add_terms(self.arcs.cost, {column: cost})
        add_terms(self.arcs.co2e, {column: co2e_kg})

    @cached_property
    def load_unit_columns(self) -> frozenset[int]:
        """The columns n."""
        return frozenset(self.load_units.values())

    @cached_property
    def cargo_columns(self) -> frozenset[int]:
        """The columns c."""
        return frozenset(self.cargo.values())

    @cached_property
    def unit_keys(self) -> dict[int, UnitKey]:
        """What the columns u stand for."""
        return {column: key for some in (self.units, self.whole) for key, column in some.items()}

    @cached_property
    def part_keys(self) -> dict[int, PartKey]:
        """What the columns p stand for."""
        return {column: key for key, column in self.parts.items()}

    @cached_property
    def run_keys(self) -> dict[int, tuple[int, int]]:
        """The group and place in it of the columns n."""
        return {column: key for key, column in self.load_units.items()}

    @cached_property
    def unserved_orders(self) -> dict[int, str]:
        """The orders of the columns s."""
        return {column: order for (order, _), column in self.unserved.items()}

    @cached_property
    def whole_columns(self) -> frozenset[int]:
        """The columns u of orders that may not be split."""
        return frozenset(self.whole.values())

    @property
    def misses(self) -> list[int]:
        """By what limits and rules are not kept while a plan is in the making."""
        return self.arcs.misses + (self.tender.misses if self.tender else [])

    @property
    def free_columns(self) -> list[int]:
        """Columns that belong to no order and no leg: bids and carriers used."""
        return self.arcs.used_columns

    @property
    def cost(self) -> dict[int, float]:
        """Cost in the project's currency, without the constant."""
        return self.arcs.cost

    @property
    def co2e(self) -> dict[int, float]:
        """CO2e WTW in kg, without the constant."""
        return self.arcs.co2e
