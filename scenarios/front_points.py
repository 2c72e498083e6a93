"""The points of a front as they are told: their order, names, prices of a step, and knee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lowhaul.front_shape import knee, price_of_steps
from lowhaul.units import KG_PER_T

PLAN, MODEL = "plan", "model value"
"""A plan that was booked and passed the check; or a value of the model without such a plan."""


@dataclass(frozen=True)
class Point:
    """One point: booked cost and CO2e (kg WTW), and what is proved of it.

    `value` is what the bound is set against: the exact cost where the booked one differs from it
    by the rounding of rows alone. No plan with at most `limit_kg` costs less than `cost_bound`.
    """

    cost: float
    co2e_kg: float
    value: float
    limit_kg: float
    kind: str = MODEL
    proved: bool = False
    load_units: int = 0
    round_use_boxes: int = 0
    orders_unserved: int = 0
    note: str = ""
    cost_bound: float | None = None
    gap: float | None = None

    @property
    def is_plan(self) -> bool:
        """True if it passed the route of a plan."""
        return self.kind == PLAN


@dataclass(frozen=True)
class Judged:
    """Points in ascending order of cost, and the steps (limit in kg, cost) below all plans."""

    points: tuple[Point, ...]
    steps: tuple[tuple[float, float], ...]

    @property
    def plans(self) -> tuple[Point, ...]:
        """The points that are plans."""
        return tuple(p for p in self.points if p.is_plan)

    def names(self) -> dict[int, str]:
        """Names of plans by their place among `plans`: both ends and the knee."""
        plans = self.plans
        found: dict[int, list[str]] = {}
        if plans:
            found.setdefault(0, []).append("least cost")
            found.setdefault(len(plans) - 1, []).append("least CO2e")
        turn = knee([(p.cost, p.co2e_kg) for p in plans])
        if turn is not None:
            found.setdefault(turn, []).append("knee")
        return {place: ", ".join(names) for place, names in found.items()}

    def prices(self) -> list[float | None]:
        """Cost of a tonne less from the plan before, None for the first."""
        steps = price_of_steps([(p.cost, p.co2e_kg / KG_PER_T) for p in self.plans])
        return [None, *steps] if self.plans else []


def arranged(points: Sequence[Point]) -> tuple[Point, ...]:
    """In ascending order of cost, without plans that another is as good as in both; of equals the
    one with the smallest gap stays. Model values stay, unless a plan is as good."""
    kept: list[Point] = []
    order = sorted(
        points, key=lambda p: (p.cost, p.co2e_kg, not p.is_plan, 1.0 if p.gap is None else p.gap)
    )
    for point in order:
        if not any(k.is_plan and k.co2e_kg <= point.co2e_kg for k in kept):
            kept.append(point)
    return tuple(kept)
