"""Solve the decision model in stages: serve, be on time, then the objective, then its tie-breaker.

Service is a constraint and not a price: first all orders that any way is open to must be served;
only if that is proved impossible is the least unserved amount sought and then kept. The second
objective is asked with the first at most (1 + d) x the best found; d is half the allowed gap, so
that a plan called optimal is within the gap as a whole (docs/decisions/stages.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf, isfinite
from typing import Protocol

from lowhaul import stopping
from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.linear import LinearModel, Terms, add_terms
from lowhaul.solve import Limits, Solved, is_small, relative_gap, relaxation, solve
from lowhaul.units import KG_PER_T
from routing.case import Case, Settings
from routing.clash_told import clash_told
from routing.cuts import learn
from routing.decode import Refusal
from routing.model import Cuts, PlanModel, build_model
from routing.options import Options, build_options

Progress = Callable[[str], None]
EPSILON = 1e-6
SHARES = {"unserved": 0.4, "late": 0.3, "objective": 0.6, "tie_breaker": 0.8}
"""How much of the time that is left each stage may take."""
FIRST_S = 2.0
FIRST_S_A_COLUMN = 5e-4
FIRST_SHARE = 0.25
"""Seconds of a stage's first try, more of them for each column of a large model, and at most this
share of the stage. What it finds stands where the rest is stopped hard, which leaves nothing."""
MAX_ROUNDS = 12
"""Rounds of cuts; each makes the room of refused groups smaller, so few are ever needed."""
SEARCHES = ("unserved", "late", "objective")
"""Stages that decide how good a plan is; a tie-breaker that was stopped leaves no gap open."""
STOPPED = ("feasible", "timeout")
"""How a stage ends that the clock stopped, with a solution or without one."""


@dataclass(frozen=True)
class Stage:
    """One solve: what it minimised, how it ended, its value, proved bound, gap and seconds."""

    name: str
    status: str
    value: float
    bound: float
    seconds: float
    solver: str

    @property
    def gap(self) -> float:
        """The proved relative gap of this stage."""
        return relative_gap(self.value, self.bound)


@dataclass(frozen=True)
class Choice:
    """A solution of the model: values by column, and what is proved about it.

    `bound` is a proved lower bound of the settings' objective over all plans that serve as much;
    `filtered_bound` one over the columns that were searched; `tolerance` is the d of the second
    stage; `stopped_by_clock` says that more time might have found a better plan.
    """

    values: tuple[float, ...]
    objective: float
    bound: float
    filtered_bound: float
    tolerance: float
    stages: tuple[Stage, ...]
    stopped_by_clock: bool = False

    @property
    def gap(self) -> float:
        """The proved gap of the objective."""
        return relative_gap(self.objective, self.bound)


@dataclass
class Clock:
    """The wall time that is left: none at the limit, and none once the run is asked to stop."""

    limit_s: float
    started: float = field(default_factory=time.perf_counter)

    @property
    def interrupted(self) -> bool:
        """True once the run is asked to stop."""
        return stopping.asked()

    @property
    def left_s(self) -> float:
        """Seconds left, never below 0."""
        if self.interrupted:
            return 0.0
        return max(0.0, self.limit_s - (time.perf_counter() - self.started))


def objectives(model: PlanModel, settings: Settings) -> tuple[dict[int, float], dict[int, float]]:
    """The objective of the settings and its tie-breaker, without constants."""
    if settings.objective == "min_cost":
        return dict(model.cost), dict(model.co2e)
    if settings.objective == "min_total":
        price_per_kg = settings.carbon_price_per_t / KG_PER_T
        return add_terms(dict(model.cost), model.co2e, price_per_kg), dict(model.co2e)
    return dict(model.co2e), dict(model.cost)


def objective_constant(model: PlanModel, settings: Settings) -> float:
    """What the objective holds in every plan (returns of our own boxes)."""
    if settings.objective == "min_cost":
        return model.constant_cost
    if settings.objective == "min_total":
        price_per_kg = settings.carbon_price_per_t / KG_PER_T
        return model.constant_cost + price_per_kg * model.constant_co2e
    return model.constant_co2e


def cap_totals(model: PlanModel) -> None:
    """Budget and emissions cap as rows."""
    settings = model.options.case.settings
    if settings.budget is not None:
        model.linear.row("budget", model.cost, upper=settings.budget - model.constant_cost)
    if settings.emissions_cap_t is not None:
        cap_kg = settings.emissions_cap_t * KG_PER_T
        model.linear.row("emissions_cap", model.co2e, upper=cap_kg - model.constant_co2e)


def servable(model: PlanModel) -> list[int]:
    """The unserved columns of every order that any way is open to."""
    found: list[int] = []
    for row in model.linear.rows:
        if not row.name.startswith("served["):
            continue
        ways = [
            c
            for c, a in row.terms.items()
            if a > 0 and c not in model.unserved_weight and model.linear.upper[c] > 0
        ]
        if ways:
            found += [c for c in row.terms if c in model.unserved_weight]
    return found


class Chooser(Protocol):
    """A way to choose a plan, and to mend it where the loader refuses a part of it."""

    seconds: dict[str, float]
    """Seconds taken so far by options, model and selection."""

    def choose(self) -> tuple[PlanModel, Choice]:
        """The model and a plan for it.

        Raises NoPlanExists where caps cannot be met, TimeIsUp where no plan was found in time.
        """
        ...

    def choose_again(self, refusals: Sequence[Refusal]) -> tuple[PlanModel, Choice]:
        """A plan that heeds what the loader refused in the last one.

        Raises as `choose`, and TimeIsUp where the loader is not to be satisfied.
        """
        ...


class ExactChooser:
    """Solves the whole model in one piece; proves what it says. `build` may narrow the question."""

    def __init__(
        self, case: Case, clock: Clock, progress: Progress, options: Options | None = None,
        build: Callable[[Options, Cuts], PlanModel] = build_model,
    ) -> None:  # fmt: skip
        started = time.perf_counter()
        self.options = options or build_options(case)
        self.build = build
        self.clock = clock
        self.progress = progress
        self.seconds = {"options": time.perf_counter() - started, "model": 0.0, "selection": 0.0}
        self.cuts = Cuts()
        self.rounds = 0

    def choose(self) -> tuple[PlanModel, Choice]:
        """Build and solve.

        Raises NoPlanExists if caps cannot be met with all unserved, TimeIsUp if none was in time.
        """
        self.rounds += 1
        started = time.perf_counter()
        model = self.build(self.options, self.cuts)
        built = time.perf_counter()
        choice = Selection(model, self.clock, self.progress).run()
        self.seconds["model"] += built - started
        self.seconds["selection"] += time.perf_counter() - built
        return model, choice

    def choose_again(self, refusals: Sequence[Refusal]) -> tuple[PlanModel, Choice]:
        """Build and solve with cuts for what was refused."""
        if self.rounds == MAX_ROUNDS:
            raise TimeIsUp("The load plans and the routes did not agree within the rounds allowed.")
        learn(self.cuts, refusals)
        return self.choose()


class Selection:
    """The stages over one model; what a stage learns stays in the model as a row."""

    def __init__(self, model: PlanModel, clock: Clock, progress: Progress) -> None:
        self.model = model
        self.linear: LinearModel = model.linear
        self.settings = model.options.case.settings
        self.clock = clock
        self.progress = progress
        self.stages: list[Stage] = []
        self.bounds: dict[int, float] = {}
        """The bounds of unserved columns before they were closed."""
        self.served_most = False
        self.standing: tuple[float, ...] = ()
        """The plan of an earlier stage, which stands where the objective's own finds none."""

    def run(self) -> Choice:
        """All stages in their order; raises as `ExactChooser.choose` says."""
        settings = self.settings
        cap_totals(self.model)
        first, second = objectives(self.model, settings)
        constant = objective_constant(self.model, settings)
        must_serve = self.require_service()
        relaxed = self.relax("relaxation", first, constant)
        if relaxed.status == "infeasible" and must_serve:
            self.serve_most(must_serve)
            relaxed = self.relax("relaxation", first, constant)
        if relaxed.status == "infeasible":
            raise NoPlanExists(self.clash(), self.clash_parts())
        self.keep_time()
        half = settings.gap / 2.0
        best = self.ask("objective", first, constant, half, hint=self.standing)
        if best.status == "infeasible" and must_serve and not self.served_most:
            # what was relaxed served all orders: its bound is none for plans that leave some
            self.serve_most(must_serve)
            relaxed = self.relax("relaxation", first, constant)
            self.keep_time()
            best = self.ask("objective", first, constant, half, hint=self.standing)
        if best.status == "infeasible":
            raise NoPlanExists(self.clash(), self.clash_parts())
        values, reached = best.values, best.objective
        if not best.found:
            if not self.standing:
                raise TimeIsUp("Time ran out before a plan was found. Try a longer limit.")
            values = self.standing
            reached = self.linear.value(first, values) + constant
        bound = max(best.bound, relaxed.bound if relaxed.status == "optimal" else -inf)
        if any(second.get(c) for c in second):
            cap = reached + abs(reached) * half + EPSILON
            self.linear.row("keep_objective", first, upper=cap - constant)
            tie = self.ask("tie_breaker", second, 0.0, max(half, 1e-4), hint=values)
            if tie.found:
                values = tie.values
                reached = self.linear.value(first, values) + constant
        stopped = any(s.name in SEARCHES and s.status in STOPPED for s in self.stages)
        return Choice(values, reached, bound, bound, half, tuple(self.stages), stopped)

    def relax(self, name: str, terms: Terms, constant: float) -> Solved:
        """The relaxation of the whole model: a bound for every plan, and prices of columns."""
        self.linear.minimise(terms, constant)
        limits = self.limits(0.5)
        self.tell(name, limits)
        solved = relaxation(self.linear, limits)
        self.keep(name, solved)
        return solved

    def limits(self, share: float, gap: float = 0.0) -> Limits:
        """A share of the time that is left, but a second at least."""
        settings = self.settings
        return Limits(max(1.0, self.clock.left_s * share), gap, settings.seed)

    def tell(self, name: str, limits: Limits) -> None:
        """Say which stage begins, how large it is and how long it may take."""
        columns = len(self.linear.names)
        self.progress(f"{name.replace('_', ' ')}: {columns:,} columns, {limits.time_limit_s:.0f} s")

    def keep(self, name: str, solved: Solved) -> None:
        """Remember how a stage ended."""
        self.stages.append(
            Stage(
                name, solved.status, solved.objective, solved.bound, solved.seconds, solved.solver
            )
        )

    def ask(
        self,
        name: str,
        terms: Terms,
        constant: float,
        gap: float,
        *,
        hint: Sequence[float] = (),
    ) -> Solved:
        """One solve of one stage, with HiGHS and, if it finds nothing, with SCIP."""
        self.linear.minimise(terms, constant)
        limits = self.limits(SHARES[name], gap)
        self.tell(name, limits)
        solved = self.tried(limits, hint) if self.worth_asking else Solved("timeout")
        if not solved.found and solved.status != "infeasible" and self.worth_asking:
            again = solve(self.linear, self.limits(0.6, gap), solver="scip", hint=hint)
            if again.found or again.status == "infeasible":
                solved = again
        if solved.found and name in SEARCHES:
            self.standing = solved.values
            stopping.plan_stands()
        self.keep(name, solved)
        return solved

    @property
    def worth_asking(self) -> bool:
        """False once the time is over: then only a small model may still be solved at once."""
        return self.clock.left_s > 0.0 or is_small(self.linear)

    def tried(self, limits: Limits, hint: Sequence[float]) -> Solved:
        """A first try, then the rest of the time in a process that can be ended at any moment."""
        small = is_small(self.linear)
        if small and not stopping.heeded():
            return solve(self.linear, limits, hint=hint)
        columns = len(self.linear.names)
        first_s = FIRST_S if small else FIRST_S + columns * FIRST_S_A_COLUMN
        first_s = min(first_s, limits.time_limit_s * FIRST_SHARE)
        first = solve(self.linear, replace(limits, time_limit_s=first_s), hint=hint)
        left_s = min(limits.time_limit_s - first.seconds, self.clock.left_s)
        if first.status not in STOPPED or left_s <= 0.0:
            return first
        if first.found:
            stopping.plan_stands()
        limits = replace(limits, time_limit_s=left_s)
        return better(
            first, solve(self.linear, limits, hint=first.values or hint, in_process=False)
        )

    def require_service(self) -> list[int]:
        """Forbid unserved units of every order that any way is open to; returns those columns."""
        closed = servable(self.model)
        self.bounds = {c: self.linear.upper[c] for c in closed}
        for column in closed:
            self.linear.upper[column] = 0.0
        return closed

    def serve_most(self, columns: list[int]) -> None:
        """Not all can be served: find the least unserved amount (by priority) and keep it."""
        for column in columns:
            self.linear.upper[column] = self.bounds[column]
        self.served_most = True
        weights = self.model.unserved_weight
        least = self.ask("unserved", weights, 0.0, 0.0)
        if least.status == "infeasible":
            raise NoPlanExists(self.clash(), self.clash_parts())
        if not least.found:
            raise TimeIsUp("Time ran out before it was known which orders can be served.")
        self.linear.row("keep_service", weights, upper=least.objective * (1 + 1e-9) + EPSILON)

    def keep_time(self) -> None:
        """Where lateness is allowed, the fewest late days come before the objective."""
        late = self.model.late_days
        if not late:
            return
        least = self.ask("late", late, 0.0, 0.0)
        if least.found:
            self.linear.row("keep_time", late, upper=least.objective + EPSILON)

    def clash_parts(self) -> list[str]:
        """The demands that nobody can meet together."""
        return self.told_clash[1]

    def clash(self) -> str:
        """The clash as a sentence."""
        return self.told_clash[0]

    @cached_property
    def told_clash(self) -> tuple[str, list[str]]:
        """Both, looked for once."""
        return clash_told(self.model, max(2.0, self.clock.left_s))


def better(first: Solved, rest: Solved) -> Solved:
    """The better plan of two solves of one model, with the better bound; it ended as the second."""
    if rest.status == "infeasible" and first.found:
        return first
    best = min((first, rest), key=lambda s: s.objective)
    status = "feasible" if best.found and not rest.found else rest.status
    bound, seconds = max(first.bound, rest.bound), first.seconds + rest.seconds
    return replace(best, status=status, bound=bound, seconds=seconds)


def finite(value: float) -> float | None:
    """The value, or None where nothing is known (for JSON)."""
    return value if isfinite(value) else None
