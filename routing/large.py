"""Plans beyond one piece: a relaxation prices the legs, blocks of orders are planned at its prices.

1. Of each use the few best runs are offered (thinning.py).
2. The relaxation bounds every plan on these runs and prices every leg.
3. Blocks of orders are planned apart at those prices (priced_blocks.py): that lifts the bound, and
   gives load units and goods to begin with. Offers and boxes of all legs are chosen at once.
4. Parts of the plan are planned anew with all else held (neighbourhoods.py), first for the
   objective, then for its tie-breaker with the objective held within d.

Measurements: docs/decisions/large-plans.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import inf, isfinite
from typing import TypeVar

import numpy as np

from lowhaul import stopping
from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.solve import Limits, Solved, relative_gap, relaxation
from routing.case import Case
from routing.clash_told import clash_told
from routing.floors import floor_bound
from routing.ground import survey
from routing.leg_values import Weights
from routing.model import Cuts, PlanModel, build_model
from routing.neighbourhoods import ALL_LEGS, UNSERVED_WEIGHT, Goal, Search
from routing.opening import Opening
from routing.options import Options, options_from
from routing.priced_blocks import PricedBlocks, Proposed
from routing.relief import relieve
from routing.run_sources import FewRuns
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

REACH = 0.01
"""Runs that are dearer by reduced cost than this share of an even block are not searched again."""
RELAXATION_SHARE = 0.4
BLOCKS_SHARE = 0.35
FLOORS_SHARE = 0.15
LEGS_SHARE = 0.3
SEARCH_SHARE = 0.7
TIE_SHARE = 0.5
"""Shares of the time left: the relaxation, the blocks at its prices, the bound over all ways, the
legs of the blocks' load units, the search for the objective, then the tie-breaker."""
MOST_BLOCK_S = 6.0
LEAST_BLOCK_S = 0.3
"""Most and least seconds of one block at the prices."""
MENDING_SHARE = 0.25
"""The share of the whole limit that load plans and what they ask for may take."""
LEAST_ROUND_S = 1.0
"""With less time left, no further round is begun."""
REPAIR_S = 0.25
"""Seconds for each block that the loader sent back, even when the time is over."""
LATE_WEIGHT = 1e3
"""What a late day of an order counts in a block."""


class LargeChooser:
    """Chooses a plan for many orders.

    Raises NoPlanExists where the relaxation cannot meet budget, cap, minimums or rules of the
    award, TimeIsUp where the search met no plan that keeps the rules.
    """

    def __init__(self, case: Case, clock: Clock, progress: Progress) -> None:
        self.case = case
        self.clock = clock
        self.progress = progress
        self.seconds: dict[str, float] = {"options": 0.0, "model": 0.0, "selection": 0.0}
        self.values: tuple[float, ...] = ()
        """The last plan by column: cuts change coefficients, never columns."""
        self.bound = -inf
        """Proved over the runs that are searched."""
        self.full_bound = -inf
        """Proved over all runs."""
        self.closed: list[int] = []
        self.stages: list[Stage] = []
        self.stopped_by_clock = False
        self.mending_s = MENDING_SHARE * clock.limit_s
        """Kept for load plans, and for mending what they show."""
        self.options = self.timed("options", self.few_options)

    def few_options(self) -> Options:
        """The options on the few runs that are worth searching."""
        ground = self.ground = survey(self.case, whole_runs=False)
        source = self.source = FewRuns(self.case, ground.network, ground.admitting)
        options = options_from(ground, Opening(ground, source), searched=True)
        runs = sum(len(group.runs) for group in options.groups)
        self.progress(f"{runs:,} runs in {len(options.groups):,} groups are worth searching")
        return options

    def timed(self, name: str, work: Callable[[], Result]) -> Result:
        """What `work` returns; its seconds are counted under `name`."""
        started = time.perf_counter()
        result = work()
        self.seconds[name] += time.perf_counter() - started
        return result

    def relax(self, model: PlanModel, upper: dict[int, float]) -> Solved:
        """The relaxation with all service that is possible; without it, a bound is not claimed.

        `upper` holds the limits of the unserved columns, which are left closed.
        """
        settings = self.case.settings
        first, _ = objectives(model, settings)
        model.linear.minimise(first, objective_constant(model, settings))
        columns = list(upper)
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
                raise NoPlanExists(*clash_told(model, self.clock.left_s, relaxed_only=True))
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

    def choose(self, cuts: Cuts, redo: frozenset[str]) -> tuple[PlanModel, Choice]:
        """Build the model and search it; after cuts, only `redo` starts anew."""
        model = self.timed("model", lambda: build_model(self.options, cuts))
        cap_totals(model)
        for column in self.closed:
            model.linear.upper[column] = 0.0
        return model, self.timed("selection", lambda: self.search(model, cuts, redo))

    def search(self, model: PlanModel, cuts: Cuts, redo: frozenset[str]) -> Choice:
        """Plan the blocks for the objective, then for its tie-breaker."""
        settings = self.case.settings
        first, second = objectives(model, settings)
        constant = objective_constant(model, settings)
        weighted = dict(first)
        for column, days in model.late_days.items():
            weighted[column] = weighted.get(column, 0.0) + LATE_WEIGHT * days
        half = settings.gap / 2.0
        started = time.perf_counter()
        goal = Goal(half, settings.seed, settings.workers)
        repairing = bool(self.values)
        if repairing:
            self.open_misses(model)
            search = Search(model, self.progress)
            search.start_from(self.on_one_run(model, cuts))
            blocks = [b for b in search.blocks if b.orders & redo]
            left = self.countdown(max(self.clock.left_s / 4, REPAIR_S * len(blocks)))
            search.go_round(weighted, left, goal, blocks, must_finish=True, mending=True)
        else:
            unserved = {c: model.linear.upper[c] for c in servable(model)}
            relaxed = self.relax(model, unserved)
            self.full_bound = self.bound_all_ways()
            proposed = self.plan_priced(model, relaxed)
            for column, upper in unserved.items():
                model.linear.upper[column] = upper
            self.close_columns(model, relaxed)
            self.open_misses(model)
            search = Search(model, self.progress)
            blocks = search.blocks
            left = self.countdown(SEARCH_SHARE * self.clock.left_s - self.mending_s)
            if not self.begin_from(search, proposed, weighted, goal):
                self.begin_anew(search, weighted, left, goal)
            self.tell(model, search, first, constant)
            improving = True
            while improving and left() > LEAST_ROUND_S:
                improving = search.go_round(weighted, left, goal)
                self.tell(model, search, first, constant)
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
        tie_s = TIE_SHARE * (self.clock.left_s - self.mending_s)
        tie_left = self.countdown(0.0 if repairing else tie_s)

        def within() -> tuple[dict[int, float], float]:
            return first, reached * (1.0 + half) - constant

        tie_goal = Goal(1e-3, settings.seed, settings.workers)
        search.go_round(second, tie_left, tie_goal, [ALL_LEGS, *blocks], within)
        cost = model.linear.value(second, list(search.values))
        self.keep("tie_breaker", cost, time.perf_counter() - started)
        values = tuple(float(v) for v in search.values)
        self.values = values
        objective = model.linear.value(first, values) + constant
        serves_all = all(values[c] < 0.5 for c in servable(model))
        full, kept = (self.full_bound, self.bound) if serves_all else (-inf, -inf)
        return Choice(
            values, objective, full, kept, half, tuple(self.stages), self.stopped_by_clock
        )

    def bound_all_ways(self) -> float:
        """The bound over all runs (routing/floors.py).

        None where days of arrival or departure count (centres, lateness): floors compare runs by
        what they admit alone. None where legs that are not ours stand in a cost.
        """
        case, settings = self.case, self.case.settings
        centres = settings.on("consolidation") and any(p.can_restuff for p in case.places.values())
        if centres or settings.lateness_allowed:
            return -inf
        if Weights.of(settings).cost and any(order.named_place for order in case.orders):
            return -inf  # legs on another account cost us nothing, and floors count them
        limits = Limits(self.clock.left_s * FLOORS_SHARE, seed=settings.seed)
        self.progress(f"bound over all ways, {limits.time_limit_s:.0f} s")
        started = time.perf_counter()
        bound = floor_bound(self.ground, self.source, limits)
        spent = time.perf_counter() - started
        status = "optimal" if isfinite(bound) else "timeout"
        self.stages.append(Stage("all_ways", status, bound, bound, spent, "glop"))
        return bound

    def tell(
        self, model: PlanModel, search: Search, first: dict[int, float], constant: float
    ) -> None:
        """Say how good the plan is so far; if it keeps the rules, a stopped run keeps it."""
        if not search.owed():
            stopping.plan_stands()
        value = model.linear.value(first, list(search.values)) + constant
        gap = relative_gap(value, self.bound)
        self.progress(f"best plan so far {value:,.0f}, gap at most {gap:.1%} on the kept ways")

    def countdown(self, seconds: float) -> Callable[[], float]:
        """Seconds left of so many from now on, none once the run is asked to stop."""
        started = time.perf_counter()
        return lambda: 0.0 if self.clock.interrupted else seconds - (time.perf_counter() - started)

    def on_one_run(self, model: PlanModel, cuts: Cuts) -> list[float]:
        """The last plan with the groups of `cuts.one_run` on their fullest run, the others closed.

        The legs of these runs do not agree with that yet: steps of their blocks mend it.
        """
        values = list(self.values)
        for group in cuts.one_run:
            runs = range(len(model.options.groups[group].runs))
            open_ = [i for i in runs if (group, i) in model.load_units]
            best = max(open_, key=lambda i: (values[model.load_units[group, i]], -i))
            for i in open_:
                for columns in (model.load_units, model.cargo):
                    column = columns.get((group, i))
                    if i != best and column is not None:
                        values[columns[group, best]] += values[column]
                        values[column] = 0.0
                        model.linear.upper[column] = 0.0
        return values

    def open_misses(self, model: PlanModel) -> None:
        """Let rules of the award fall short while the plan is in the making."""
        for column in model.tender.misses if model.tender else ():
            model.linear.upper[column] = inf

    def plan_priced(self, model: PlanModel, relaxed: Solved) -> list[Proposed]:
        """Plan blocks apart at the prices of the relaxation; lifts the bound."""
        if not relaxed.prices or self.bound == -inf:
            return []
        settings = self.case.settings
        started = time.perf_counter()
        priced = PricedBlocks(model, relaxed)
        count = len(priced.blocks)
        share = BLOCKS_SHARE * self.clock.left_s * settings.workers / max(1, count)
        seconds = min(MOST_BLOCK_S, max(LEAST_BLOCK_S, share))
        until = self.countdown(2 * BLOCKS_SHARE * self.clock.left_s)
        done: list[Proposed] = []
        with ThreadPoolExecutor(settings.workers) as pool:
            for proposed in pool.map(
                lambda block: priced.propose(block, seconds, settings.seed, until), priced.blocks
            ):
                done.append(proposed)
                self.progress(f"{len(done)} of {count} blocks at the prices of the relaxation")
        self.bound = max(self.bound, priced.bound(relaxed, done))
        spent = time.perf_counter() - started
        self.stages.append(Stage("priced_blocks", "feasible", inf, self.bound, spent, "highs"))
        return done

    def begin_from(
        self, search: Search, proposed: list[Proposed], weighted: dict[int, float], goal: Goal
    ) -> bool:
        """Take over the blocks' load units and choose their legs at once; False if none fit.

        Orders of blocks that have no plan yet are planned after the others.
        """
        found = [p for p in proposed if p.values is not None]
        if not found:
            return False
        for proposal in found:
            search.values[proposal.block.columns] = proposal.values
        relieve(search, found)
        unplanned = sum(search.waits(block) for block in search.blocks)
        self.progress(f"{unplanned} of {len(search.blocks)} parts are planned after the others")
        limits = Limits(LEGS_SHARE * self.clock.left_s, goal.gap, goal.seed)
        self.progress(f"offers and boxes of all legs, {limits.time_limit_s:.0f} s")
        legs = search.solve_block(ALL_LEGS, weighted, limits, None)
        if legs is None:
            self.progress("no offers and boxes were found for all load units; beginning anew")
        if legs is not None and search.take(legs, weighted, mending=True):
            left = self.countdown(LEGS_SHARE * self.clock.left_s)
            waiting = [b for b in search.blocks if search.waits(b)]
            if waiting:
                search.go_round(weighted, left, goal, waiting, must_finish=True)
            return True
        search.values = search.nothing_served()
        return False

    def begin_anew(
        self, search: Search, weighted: dict[int, float], left: Callable[[], float], goal: Goal
    ) -> None:
        """Serve one block after the other, in boxes from and to the port; then choose the legs."""
        turns = self.close_turns(search.model)
        quarter = left() / 4
        search.go_round(weighted, lambda: left() - quarter, goal, must_finish=True)
        for column, upper in turns.items():
            search.linear.upper[column] = upper
        search.go_round(weighted, left, goal, [ALL_LEGS], must_finish=True)

    def close_turns(self, model: PlanModel) -> dict[int, float]:
        """Leave reused boxes out at first: blocks are smaller, and a box is soon added to a plan.

        Returns the upper bounds to restore.
        """
        columns = [*model.reuse.turns.values(), *model.arcs.turned.values()]
        upper = {c: model.linear.upper[c] for c in columns}
        for column in columns:
            model.linear.upper[column] = 0.0
        return upper

    def close_columns(self, model: PlanModel, relaxed: Solved) -> None:
        """Close what the relaxation finds far too dear.

        Legs stay open: which of them a block needs depends on the blocks before it.
        """
        if relaxed.status != "optimal":
            return
        blocks = max(1, len({(o.origin, o.destination) for o in self.case.orders}))
        reach = abs(relaxed.objective) * REACH / blocks
        slopes, at = np.array(relaxed.reduced_costs), np.array(relaxed.values)
        for column in [
            *model.units.values(),
            *model.whole.values(),
            *model.parts.values(),
            *model.load_units.values(),
        ]:
            if slopes[column] > reach and at[column] < 1e-6:
                self.closed.append(column)
                model.linear.upper[column] = 0.0

    def keep(self, name: str, value: float, seconds: float) -> None:
        """Remember a stage of the search, which proves no bound."""
        self.stages.append(Stage(name, "feasible", value, -inf, seconds, "highs"))
