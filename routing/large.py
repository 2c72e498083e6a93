"""Plans beyond one piece: a relaxation picks the ways, then blocks of orders are planned in turn.

1. The relaxation without the boxes' days bounds every plan and prices every run.
2. Only ways with a run within reach of a good plan are kept, now with all their days.
3. Blocks of orders are planned in turn and again, with all else held (neighbourhoods.py), first for
   the objective, then for its tie-breaker with the objective held within d.

Both gaps are known: against the relaxation of the whole model, and against nothing smaller, since
the search itself proves no bound. Measurements: docs/decisions/large-plans.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import TypeVar

from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.solve import Limits, Solved, relaxation
from routing.case import Case
from routing.model import Cuts, PlanModel, build_model
from routing.neighbourhoods import ALL_LEGS, UNSERVED_WEIGHT, Goal, Search
from routing.network import WayKey
from routing.options import Options, build_options
from routing.selection import (
    Choice,
    Clock,
    Progress,
    Stage,
    cap_totals,
    objective_constant,
    objectives,
    servable,
)

Result = TypeVar("Result")

REACH = 1.5e-4
"""Runs dearer than this share of the whole objective, by reduced cost, are not searched."""
RELAXATION_SHARE = 0.45
SEARCH_SHARE = 0.66
TIE_SHARE = 0.5
"""Shares of the time left: the relaxation, the search for the objective, then the tie-breaker."""
LEAST_ROUND_S = 1.0
"""With less time left, no further round is begun."""
REPAIR_S = 2.5
"""Seconds for each block that the loader sent back, even when the time is nearly over."""
LATE_WEIGHT = 1e3
"""What a late day of an order counts in a block."""


class LargeChooser:
    """Chooses a plan for many orders.

    Raises NoPlanExists where the relaxation cannot meet budget, cap, minimums or rules of the
    award, TimeIsUp where the search met no plan that keeps the rules.
    """

    def __init__(
        self, case: Case, clock: Clock, progress: Progress, wide: Options | None = None
    ) -> None:
        self.case = case
        self.clock = clock
        self.progress = progress
        self.seconds: dict[str, float] = {"options": 0.0, "model": 0.0, "selection": 0.0}
        self.values: tuple[float, ...] = ()
        """The last plan by column: cuts change coefficients, never columns."""
        self.bound = -inf
        self.closed: list[int] = []
        self.stages: list[Stage] = []
        self.stopped_by_clock = False
        self.options = self.kept_options(wide)

    def kept_options(self, known: Options | None) -> Options:
        """The options on the ways that the relaxation keeps within reach.

        `known` options without round use serve as they are: no box's day is in them.
        """
        wide = known or self.timed("options", lambda: build_options(self.case, timeless=True))
        model = self.timed("model", lambda: build_model(wide, Cuts()))
        relaxed = self.timed("selection", lambda: self.relax(model))
        only = self.within_reach(model, relaxed)
        self.progress(f"{len(only):,} ways are within reach of a good plan")
        return self.timed("options", lambda: build_options(self.case, only=only))

    def timed(self, name: str, work: Callable[[], Result]) -> Result:
        """What `work` returns; its seconds are counted under `name`."""
        started = time.perf_counter()
        result = work()
        self.seconds[name] += time.perf_counter() - started
        return result

    def relax(self, model: PlanModel) -> Solved:
        """The relaxation with all service that is possible; without it, a bound is not claimed."""
        settings = self.case.settings
        cap_totals(model)
        first, _ = objectives(model, settings)
        model.linear.minimise(first, objective_constant(model, settings))
        columns = servable(model)
        upper = {c: model.linear.upper[c] for c in columns}
        for column in columns:
            model.linear.upper[column] = 0.0
        limits = Limits(self.clock.left_s * RELAXATION_SHARE, seed=settings.seed)
        self.progress(
            f"relaxation: {len(model.linear.names):,} columns, {limits.time_limit_s:.0f} s"
        )
        relaxed = relaxation(model.linear, limits)
        if relaxed.status == "optimal":
            self.bound = relaxed.bound
        elif relaxed.status == "infeasible":
            for column in columns:
                model.linear.upper[column] = upper[column]
            weighted = dict(first)
            for column, weight in model.unserved_weight.items():
                weighted[column] = weighted.get(column, 0.0) + UNSERVED_WEIGHT * weight
            model.linear.minimise(weighted)
            relaxed = relaxation(model.linear, limits)
            if relaxed.status == "infeasible":
                raise NoPlanExists(
                    "No plan exists, even with every order unserved: the budget, the emissions cap "
                    "or the minimum volumes cannot be met."
                )
        self.stages.append(
            Stage(
                "relaxation",
                relaxed.status,
                relaxed.objective,
                relaxed.bound,
                relaxed.seconds,
                relaxed.solver,
            )
        )
        return relaxed

    def within_reach(self, model: PlanModel, relaxed: Solved) -> frozenset[WayKey]:
        """The ways that have a run of small reduced cost; all of them without a relaxation."""
        if not relaxed.reduced_costs:
            return frozenset(run.way_key for g in model.options.groups for run in g.runs)
        reach = abs(relaxed.objective) * REACH
        return frozenset(
            model.options.groups[group].runs[index].way_key
            for (group, index), column in model.load_units.items()
            if relaxed.reduced_costs[column] <= reach or relaxed.values[column] > 1e-6
        )

    def choose(self, cuts: Cuts, redo: frozenset[str]) -> tuple[PlanModel, Choice]:
        """Build the model on the kept ways and search it; after cuts, only `redo` starts anew."""
        model = self.timed("model", lambda: build_model(self.options, cuts))
        cap_totals(model)
        for column in self.closed:
            model.linear.upper[column] = 0.0
        for column in model.tender.misses if model.tender else ():
            model.linear.upper[column] = inf
        return model, self.timed("selection", lambda: self.search(model, redo))

    def search(self, model: PlanModel, redo: frozenset[str]) -> Choice:
        """Plan the blocks for the objective, then for its tie-breaker."""
        settings = self.case.settings
        first, second = objectives(model, settings)
        constant = objective_constant(model, settings)
        weighted = dict(first)
        for column, days in model.late_days.items():
            weighted[column] = weighted.get(column, 0.0) + LATE_WEIGHT * days
        half = settings.gap / 2.0
        started = time.perf_counter()
        if not self.values:
            self.close_columns(model)
        search = Search(model, self.progress)
        blocks = search.blocks
        if self.values:
            search.start_from(self.values)
            blocks = [b for b in blocks if b.orders & redo]
        repairing = bool(self.values)
        until = SEARCH_SHARE * self.clock.left_s
        if repairing:
            until = max(until, REPAIR_S * len(blocks))

        def left() -> float:
            return until - (time.perf_counter() - started)

        goal = Goal(half, settings.seed, settings.workers)
        if repairing:
            search.go_round(weighted, left, goal, blocks, must_finish=True, mending=True)
        else:
            turns = self.close_turns(model)
            search.go_round(weighted, lambda: left() - until / 4, goal, must_finish=True)
            for column, upper in turns.items():
                model.linear.upper[column] = upper
            search.go_round(weighted, left, goal, [ALL_LEGS], must_finish=True)
            improving = True
            while improving and left() > LEAST_ROUND_S:
                improving = search.go_round(weighted, left, goal)
            # a last round that was cut short found nothing better, but did not ask every block
            self.stopped_by_clock = improving or left() <= 0.0
        owed = search.owed()
        if owed:
            raise TimeIsUp(
                "No plan that keeps the rules of the award was found in time: "
                + "; ".join(owed)
                + ". Try a longer limit, or softer rules."
            )
        reached = model.linear.value(first, list(search.values)) + constant
        self.keep("objective", reached, time.perf_counter() - started)
        started = time.perf_counter()
        tie_s = 0.0 if repairing else TIE_SHARE * self.clock.left_s

        def within() -> tuple[dict[int, float], float]:
            return first, reached * (1.0 + half) - constant

        search.go_round(
            second,
            lambda: tie_s - (time.perf_counter() - started),
            Goal(1e-3, settings.seed, settings.workers),
            [*blocks, ALL_LEGS],
            within,
        )
        cost = model.linear.value(second, list(search.values))
        self.keep("tie_breaker", cost, time.perf_counter() - started)
        values = tuple(float(v) for v in search.values)
        self.values = values
        objective = model.linear.value(first, values) + constant
        return Choice(
            values, objective, self.bound, -inf, half, tuple(self.stages), self.stopped_by_clock
        )

    def close_turns(self, model: PlanModel) -> dict[int, float]:
        """Leave reused boxes out at first: blocks are smaller, and a box is soon added to a plan.

        Returns the upper bounds to restore.
        """
        columns = [*model.reuse.turns.values(), *model.arcs.turned.values()]
        upper = {c: model.linear.upper[c] for c in columns}
        for column in columns:
            model.linear.upper[column] = 0.0
        return upper

    def close_columns(self, model: PlanModel) -> None:
        """Close what the relaxation of the kept ways, days included, finds far too dear.

        Legs stay open: which of them a block needs depends on the blocks before it.
        """
        columns = servable(model)
        upper = {c: model.linear.upper[c] for c in columns}
        for column in columns:
            model.linear.upper[column] = 0.0
        first, _ = objectives(model, self.case.settings)
        model.linear.minimise(first)
        limits = Limits(self.clock.left_s * 0.3, seed=self.case.settings.seed)
        relaxed = relaxation(model.linear, limits)
        for column in columns:
            model.linear.upper[column] = upper[column]
        if relaxed.status != "optimal":
            return
        reach = abs(relaxed.objective) * REACH
        for column in [
            *model.units.values(),
            *model.whole.values(),
            *model.parts.values(),
            *model.load_units.values(),
        ]:
            if relaxed.reduced_costs[column] > reach and relaxed.values[column] < 1e-6:
                model.linear.upper[column] = 0.0
                self.closed.append(column)

    def keep(self, name: str, value: float, seconds: float) -> None:
        """Remember a stage of the search, which proves no bound."""
        self.stages.append(Stage(name, "feasible", value, -inf, seconds, "highs"))
