"""`lowhaul front`: the front of cost against CO2e of a scenario, in results/<scenario>/front/.

Each point goes the way of a plan: loads stuffed, books made, written as tables, read back and
judged by the independent check. What could not go that way is labelled as a model value and has no
part in knee, prices and line. The command ends where the time does, or at Ctrl-C; what was found
until then is written, and labelled.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Any

from emissions.footprint import total
from lowhaul.errors import PlanFailsCheck
from lowhaul.front_shape import bound_at, lower_curve
from lowhaul.units import kilograms
from routing.case import Case
from routing.check import check_plan
from routing.front import BLUR_KG, HALF_CENT, FrontPlan, Traced, trace
from routing.front_large import trace_large
from routing.ledger import make_ledger
from routing.planner import in_one_piece
from routing.selection import Clock
from scenarios.front_output import FrontResult, write_front
from scenarios.front_points import PLAN, Judged, Point, arranged
from scenarios.inputs import build_case
from scenarios.project import Project
from scenarios.results import result_tables
from scenarios.storage import read_tables, write_tables
from scenarios.summary import proved_value, sound_bound, summary_of, told_gap

Progress = Callable[[str], None]
DONE, TIME_OVER, INTERRUPTED = "done", "timeout", "interrupted"
NO_TIME_S = 1.0
"""With less time left, it was the time that ended the search."""
ROUNDED_KG = 1e-3
"""Booked CO2e is told to the gram."""
OTHER_CO2E = "Its booked CO2e is not that of its model: boxes are loaded otherwise than counted."


@dataclass
class Collected:
    """The points so far, each judged as it came."""

    project: Project
    scenario: str
    case: Case
    points: list[Point] = field(default_factory=list)
    bounds: list[tuple[float, float]] = field(default_factory=list)

    def keep(self, found: FrontPlan) -> None:
        """Book and check a plan. Raises PlanFailsCheck: a refused plan is a fault of ours."""
        self.bounds.append((found.limit_kg, found.cost_bound))
        if found.planned is None:
            cost, co2e_kg = found.cost or 0.0, found.co2e_kg or 0.0
            self.points.append(
                Point(cost, co2e_kg, cost, found.limit_kg, proved=False, note=found.note)
            )
            return
        planned = found.planned
        ledger = make_ledger(self.case, planned.plan)
        co2e_kg = total(ledger.elements).co2e.wtw_kg
        if found.cost is None:
            choice = replace(planned.choice, objective=ledger.cost)
            planned = replace(planned, choice=choice)
        summary = summary_of(
            self.case,
            planned,
            ledger,
            project=self.project.name,
            scenario=self.scenario,
            inputs=self.project.hashes,
            seconds={},
        )
        network = planned.options.network
        offers = [o for link in network.links for o in link.offers] + network.part_offers
        tables = result_tables(self.case, ledger, planned.plan.unserved, planned.findings, offers)
        with tempfile.TemporaryDirectory(prefix="lowhaul-front-") as folder:
            write_tables(Path(folder), tables)
            faults = check_plan(self.case, read_tables(Path(folder)), summary)
        if faults:
            raise PlanFailsCheck([str(f) for f in faults])
        value = proved_value(self.case.settings, planned, ledger, co2e_kg)
        grain = 0.0005 * len(ledger.legs) + BLUR_KG
        agrees = found.co2e_kg is None or abs(found.co2e_kg - co2e_kg) <= grain
        self.points.append(
            Point(
                ledger.cost,
                kilograms(co2e_kg),
                value,
                found.limit_kg,
                PLAN,
                found.proved and agrees,
                sum(summary["load_units"].values()),
                ledger.round_use_boxes,
                summary["orders_unserved"],
                found.note if agrees else f"{found.note} {OTHER_CO2E}".lstrip(),
            )
        )


def front_of_scenario(
    project: Project,
    scenario: str,
    points: int = 11,
    progress: Progress = lambda _: None,
    overrides: Mapping[str, Any] | None = None,
) -> FrontResult:
    """Find, judge and write the front of a scenario; so many points where it is only sampled.

    `overrides` are settings of the solver that stand for those of the project. Raises NoPlanExists,
    TimeIsUp where no plan was found in time, PlanFailsCheck; then nothing is written.
    """
    started = time.perf_counter()
    case = build_case(project, scenario)
    settings = replace(case.settings, objective="min_cost", **(overrides or {}))
    case = replace(case, settings=settings)
    collected = Collected(project, scenario, case)
    clock = Clock(settings.time_limit_s)
    progress("reading distances and offers")
    whole, options = in_one_piece(case)
    ended = DONE
    try:
        if whole:
            traced = trace(case, points, clock, progress, collected.keep, options)
        else:
            traced = trace_large(case, points, clock, progress, collected.keep)
        collected.bounds += traced.bounds
    except KeyboardInterrupt:
        if not collected.points:
            raise
        ended, traced = INTERRUPTED, Traced(False, "It was interrupted.", whole, 0)
    if ended == DONE and clock.left_s < NO_TIME_S and not traced.complete:
        ended = TIME_OVER
    return write_front(
        project, scenario, case, traced, ended, judged(collected), time.perf_counter() - started
    )


def refuted(limit_kg: float, bound: float, points: Sequence[Point]) -> bool:
    """True if a plan within a limit costs less than its bound (`sound_bound`)."""
    return any(
        point.is_plan
        and point.co2e_kg <= limit_kg + ROUNDED_KG
        and not isfinite(sound_bound(point.value, bound))
        for point in points
    )


def judged(collected: Collected) -> Judged:
    """Points in their order, each with its bound and gap against the steps of all answers."""
    steps = lower_curve(
        (limit, bound)
        for limit, bound in collected.bounds
        if isfinite(bound) and not refuted(limit, bound, collected.points)
    )
    points = []
    for point in collected.points:
        bound = sound_bound(point.value, bound_at(steps, point.limit_kg))
        gap = 0.0 if point.value - bound <= HALF_CENT else told_gap(point.value, bound)
        points.append(replace(point, cost_bound=bound if isfinite(bound) else None, gap=gap))
    return Judged(arranged(points), tuple(steps))
