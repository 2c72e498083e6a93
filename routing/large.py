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
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import inf, isfinite
from threading import Thread
from typing import TypeVar

import numpy as np

from lowhaul import stopping
from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.memory import no_collection
from lowhaul.solve import Limits, Solved, relative_gap, relaxation
from routing.all_ways import bound_all_ways, is_claimed, seconds_of
from routing.block_plans import BlockPlans
from routing.case import Case
from routing.clash_told import clash_told
from routing.decode import Refusal
from routing.filling.ready import get_ready
from routing.first_plan import LEAST_LEGS_S, FirstPlan
from routing.mending import Mending
from routing.model import PlanModel
from routing.neighbourhoods import UNSERVED_WEIGHT, Search
from routing.order_blocks import ALL_LEGS
from routing.priced_blocks import PricedBlock, PricedBlocks, Proposed
from routing.proposals import Goal, countdown
from routing.schedule import Schedule
from routing.searched import Shared, few_options, model_of
from routing.selection import (
    Choice,
    Clock,
    Progress,
    Stage,
    objective_constant,
    objectives,
    servable,
)

Result = TypeVar("Result")

REACH = 0.01
"""Runs that are dearer by reduced cost than this share of an even block are not searched again."""
RELAXATION_S, RELAXATION_COLUMNS = 25.0, 400_000
"""What a relaxation takes, growing with the square of its columns (docs/benchmarks.md)."""
RELAXATION_SHARE = 0.4
BLOCKS_SHARE = 0.35
ALL_WAYS_SHARE, FLOORS_SHARE = 0.2, 0.6
PROOF_SHARE, SHARED_PROOF_SHARE = 0.3, 0.6
SEARCH_SHARE = 0.7
TIE_SHARE = 0.5
"""Shares of the time left for the search: the relaxation, the blocks at its prices, the bound over
all ways (of that, before blocks prove theirs), a bound at later prices (all that is proved where
plans share a model); then the rounds for the objective, and the tie-breaker."""
MOST_BLOCK_S = 6.0
LEAST_BLOCK_S = 0.6
"""Most and least seconds of one block at the prices."""
LEAST_ROUND_S = 1.0
"""With less time left, no further round is begun."""
OPEN_TOLERANCE = 1e-3
"""The most that the tie-breaker may take from the objective of a plan whose gap is open."""
LATE_WEIGHT = 1e3
"""What a late day of an order counts in a block."""


class LargeChooser:
    """Chooses a plan for many orders.

    Raises NoPlanExists where the relaxation cannot meet budget, cap, minimums or rules of the
    award, TimeIsUp where the search met no plan that keeps the rules.
    """

    def __init__(
        self, case: Case, clock: Clock, progress: Progress, shared: Shared | None = None
    ) -> None:
        self.case = case
        self.shared = shared
        self.clock = clock
        self.progress = progress
        self.seconds: dict[str, float] = {"options": 0.0, "model": 0.0, "selection": 0.0}
        self.bound = -inf
        """Proved over the runs that are searched."""
        self.full_bound = -inf
        """Proved over all runs."""
        self.claims_bound = False
        """Whether all service that is possible could be asked for."""
        self.stages: list[Stage] = []
        self.stopped_by_clock = False
        self.tolerance = 0.0
        """The d of the tie-breaker: half the gap, and next to nothing while the gap is open."""
        self.schedule = Schedule.of(clock, len(case.orders), pages=shared is None)
        self.per_column_s = 0.0
        """Seconds of a block for each of its columns."""
        self.searched = (
            shared.searched
            if shared
            else self.timed("options", lambda: few_options(case, progress))
        )
        self.options = self.searched.options

    def timed(self, name: str, work: Callable[[], Result]) -> Result:
        """What `work` returns; its seconds are counted under `name`."""
        started = time.perf_counter()
        with no_collection():
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
        limits = Limits(self.schedule.search_left_s * RELAXATION_SHARE, seed=settings.seed)
        count = len(model.linear.names)
        needed_s = RELAXATION_S * (count / RELAXATION_COLUMNS) ** 2
        if self.shared or needed_s > limits.time_limit_s:
            self.progress(f"no time for a relaxation of {count:,} columns; prices are rough")
            relaxed = Solved("timeout", message="not begun: too large for its time")
        else:
            self.progress(f"relaxation: {count:,} columns, {limits.time_limit_s:.0f} s")
            relaxed = relaxation(model.linear, limits)
        self.claims_bound = relaxed.status != "infeasible"
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

    def choose(self) -> tuple[PlanModel, Choice]:
        """Build the model and search it."""
        if self.shared:
            self.model = self.shared.fresh()
        else:
            self.model = self.timed("model", lambda: model_of(self.options))
        return self.model, self.timed("selection", self.search_all)

    def choose_again(self, refusals: Sequence[Refusal]) -> tuple[PlanModel, Choice]:
        """Mend the last plan where the loader refused it (mending.py)."""
        return self.model, self.timed("selection", lambda: self.mended(refusals))

    def search_all(self) -> Choice:
        """Plan the blocks for the objective, then for its tie-breaker."""
        model, settings = self.model, self.case.settings
        started = time.perf_counter()
        unserved = {c: model.linear.upper[c] for c in servable(model)}
        compiling = Thread(target=get_ready, args=(self.progress,), daemon=True)
        compiling.start()
        relaxed = self.relax(model, unserved)
        self.full_bound = self.bound_all_ways(relaxed)
        priced = PricedBlocks(model, relaxed if self.bound > -inf else None)
        compiling.join()
        plans = BlockPlans(priced, settings.seed)
        known = self.shared is not None and self.shared.knows_blocks
        proposed = [] if known else self.plan_priced(plans, relaxed)
        for column, upper in unserved.items():
            model.linear.upper[column] = upper
        self.close_columns(model, relaxed)
        self.open_misses(model)
        search = self.search = Search(model, self.progress)
        first, second = (search.vector(terms) for terms in objectives(model, settings))
        self.first, self.constant = first, objective_constant(model, settings)
        late = LATE_WEIGHT * search.vector(model.late_days)
        weighted = first + late
        goal = Goal(settings.gap / 2.0, settings.seed, settings.workers)
        self.mending = Mending(search, weighted, goal)
        begin = self.begin = FirstPlan(search, weighted, late, goal, self.schedule, self.progress)
        propose = partial(self.propose, plans, proves=False)
        if not begin.from_blocks(priced, proposed, propose, self.shared):
            begin.anew()
        if relaxed.status != "optimal" and self.claims_bound:
            self.prove_again(plans)
        begin.pay_debts()
        self.tell()
        left = self.schedule.share(SEARCH_SHARE)
        improving = True
        while improving and left() > LEAST_ROUND_S:
            improving = search.go_round(weighted, left, goal)
            self.tell()
        # a last round that was cut short found nothing better, but did not ask every block
        self.stopped_by_clock = improving or left() <= 0.0
        self.keep("objective", self.reached, time.perf_counter() - started)
        self.break_ties(first, second)
        return self.choice()

    def break_ties(self, first: np.ndarray, second: np.ndarray) -> None:
        """Better by the tie-breaker, with the objective held within d of what was reached."""
        search, settings = self.search, self.case.settings
        started = time.perf_counter()
        half = settings.gap / 2.0
        closed = relative_gap(self.reached, self.bound) <= half
        self.tolerance = half if closed else min(half, OPEN_TOLERANCE)
        most = self.reached * (1.0 + self.tolerance) - self.constant
        left = self.schedule.share(TIE_SHARE)
        goal = Goal(1e-3, settings.seed, settings.workers)
        blocks = [ALL_LEGS, *search.blocks] if left() > LEAST_LEGS_S else search.blocks
        search.go_round(second, left, goal, blocks, lambda: (first, most))
        self.keep("tie_breaker", float(second @ search.values), time.perf_counter() - started)

    @property
    def reached(self) -> float:
        """The objective of the plan as it stands."""
        value: float = self.first @ self.search.values + self.constant
        return value

    def mended(self, refusals: Sequence[Refusal]) -> Choice:
        """The last plan, changed where the loader refused it."""
        started = time.perf_counter()
        # a stopped run mends its plan too: it is none before
        until = countdown(self.schedule.kept_s)

        def left_s() -> float:
            return until() if self.clock.interrupted else self.clock.left_s

        self.mending.mend(refusals)
        self.begin.leave_behind(left_s)
        self.keep("mending", self.reached, time.perf_counter() - started)
        return self.choice()

    def choice(self) -> Choice:
        """The plan as it stands, with what is proved about it."""
        owed = self.search.owed()
        if owed:
            raise TimeIsUp(
                "No plan that keeps the rules of the award was found in time: "
                + "; ".join(owed)
                + ". Try a longer limit, or softer rules."
            )
        values = tuple(float(v) for v in self.search.values)
        serves_all = all(values[c] < 0.5 for c in servable(self.model))
        full, kept = (self.full_bound, self.bound) if serves_all else (-inf, -inf)
        return Choice(
            values,
            self.reached,
            full,
            kept,
            self.tolerance,
            tuple(self.stages),
            self.stopped_by_clock,
        )

    def bound_all_ways(self, relaxed: Solved) -> float:
        """The bound over all ways; none where plans share a model, or it cannot be claimed."""
        if self.shared or not self.claims_bound or not is_claimed(self.case):
            return -inf
        left_s = self.schedule.share(ALL_WAYS_SHARE)
        if seconds_of(self.case) > FLOORS_SHARE * left_s():
            self.progress("no time for a bound over all ways")
            return -inf
        self.progress(f"bound over all ways, {left_s():.0f} s")
        started = time.perf_counter()
        bound = bound_all_ways(self.searched, self.model, relaxed, left_s)
        spent = time.perf_counter() - started
        status = "optimal" if isfinite(bound) else "timeout"
        self.stages.append(Stage("all_ways", status, bound, bound, spent, "highs"))
        return bound

    def tell(self) -> None:
        """Say how good the plan is so far; if it keeps the rules, a stopped run keeps it."""
        waiting = sum(self.search.waits(block) for block in self.search.blocks)
        gap = relative_gap(self.reached, self.bound)
        known = isfinite(gap) and not waiting
        said = f", gap at most {gap:.1%} on the kept ways" if known else ""
        left = f", {waiting} parts with orders left to serve" if waiting else ""
        owed = self.search.owed()
        rules = f", not kept yet: {'; '.join(owed)}" if owed else ""
        if not owed:
            stopping.plan_stands()
        self.progress(f"best plan so far {self.reached:,.0f}{said}{left}{rules}")

    def open_misses(self, model: PlanModel) -> None:
        """Let rules of the award fall short while the plan is in the making."""
        for column in model.misses:
            model.linear.upper[column] = inf

    def plan_priced(self, plans: BlockPlans, relaxed: Solved) -> list[Proposed]:
        """Plan blocks apart at the prices of the legs; lifts the bound."""
        workers, priced = self.case.settings.workers, plans.priced
        started = time.perf_counter()
        count = len(priced.blocks)
        columns = sum(len(block.columns) for block in priced.blocks if block.plans)
        self.per_column_s = BLOCKS_SHARE * self.schedule.search_left_s * workers / max(1, columns)
        self.blocks_left_s = self.schedule.share(1.2 * BLOCKS_SHARE)
        done: list[Proposed] = []
        with ThreadPoolExecutor(workers) as pool:
            for proposed in pool.map(lambda block: self.propose(plans, block), priced.blocks):
                done.append(proposed)
                self.progress(f"{len(done)} of {count} blocks at the prices of the legs")
        if self.claims_bound:
            self.bound = max(self.bound, priced.bound(done))
        spent = time.perf_counter() - started
        self.stages.append(Stage("priced_blocks", "feasible", inf, self.bound, spent, "highs"))
        return done

    def prove_again(self, plans: BlockPlans) -> None:
        """Bound the whole at the prices of now, where no relaxation has: better than rough ones."""
        started = time.perf_counter()
        left_s = self.schedule.share(SHARED_PROOF_SHARE if self.shared else PROOF_SHARE)
        self.progress(f"bound at the prices of the mix, {left_s():.0f} s")

        def proved(block: PricedBlock) -> Proposed:
            bound = plans.proved(block, LEAST_BLOCK_S) if left_s() > 0.0 else -inf
            return Proposed(block, bound, None)

        blocks = [block for block in plans.priced.blocks if block.relaxed < inf]
        with ThreadPoolExecutor(self.case.settings.workers) as pool:
            done = list(pool.map(proved, blocks))
        bound = plans.priced.bound(done)
        if not isfinite(bound):
            self.progress("no bound at these prices")
        self.bound = max(self.bound, bound)
        spent = time.perf_counter() - started
        self.stages.append(Stage("mixed_prices", "feasible", inf, self.bound, spent, "glop"))

    def propose(self, plans: BlockPlans, block: PricedBlock, *, proves: bool = True) -> Proposed:
        """Plan one block in its share of the time."""
        seconds = self.per_column_s * len(block.columns)
        seconds = min(MOST_BLOCK_S, max(LEAST_BLOCK_S, seconds))
        left_s = self.blocks_left_s if proves else self.schedule.share(1.0)
        return plans.propose(block, seconds, left_s, proves=proves)

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
                model.linear.upper[column] = 0.0

    def keep(self, name: str, value: float, seconds: float) -> None:
        """Remember a stage of the search, which proves no bound."""
        self.stages.append(Stage(name, "feasible", value, -inf, seconds, "highs"))
