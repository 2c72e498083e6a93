"""The front of cost against CO2e: one model, built once, asked again under moving limits.

Cost is told apart by the cent and CO2e by the kilogram: a point is (cents, whole kg, rounded up),
and a plan is on the front if none costs as little with as few kg and less of one of them. Each
question is: what is the least cost with at most L kg, and the least CO2e at that cost? Service
and lateness come first and are the same for every point, so that all plans do the same work.

Questions at even limits give a sampled front. An answer that is proved under L, with E kg, is the
answer under every limit from E to L; so the exact front (lowhaul/front.py) asks only between the
samples, one kg below the last answer. Every answer also proves a bound: no plan within its limit
costs less. Together these are steps that lie below every plan (`lower_curve`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import ceil, floor, inf, isfinite

from lowhaul.errors import NoPlanExists, TimeIsUp
from lowhaul.front import Found, exact_front
from lowhaul.front_search import NotProved
from lowhaul.front_shape import even_limits
from lowhaul.linear import Row, Terms
from lowhaul.solve import Limits, Solved, relaxation, solve
from lowhaul.units import KG_PER_T
from routing.case import Case, Settings
from routing.decode import decode
from routing.left_behind import unserved
from routing.model import Cuts, build_model
from routing.options import Options, build_options
from routing.plan import Plan
from routing.planner import Planned, plan_case
from routing.selection import Choice, Clock, Progress, Selection, Stage, cap_totals

CENTS = 100.0
HALF_CENT = 0.005
BLUR_KG = 1e-4
"""A plan this little above a whole kg is taken to be on it: a solver's tolerance."""
LEAST_S = 0.2
"""With less time left no question is asked."""
MOST_POINTS = 300
"""An exact front with more points is not looked for: nobody reads it."""
ENDS = 2


@dataclass(frozen=True)
class Answer:
    """The cheapest plan found with at most `limit_kg`, and what is proved about it.

    `cost_bound`: no plan within the limit costs less. `proved`: none is cheaper by a cent, and none
    of that price emits less.
    """

    limit_kg: float
    cost: float
    co2e_kg: float
    cost_bound: float
    values: tuple[float, ...]
    proved: bool
    stages: tuple[Stage, ...] = ()

    @property
    def point(self) -> tuple[int, int]:
        """Cost in whole cents, CO2e in whole kg, rounded up."""
        return round(self.cost * CENTS), ceil(self.co2e_kg - BLUR_KG)


@dataclass(frozen=True)
class FrontPlan:
    """One point: the plan that was made of an answer, None where none could be (`note` says why).

    `cost` and `co2e_kg` are the model's, None where only the books of the plan are known.
    """

    limit_kg: float
    cost: float | None
    co2e_kg: float | None
    cost_bound: float
    proved: bool
    planned: Planned | None
    note: str = ""


Keep = Callable[[FrontPlan], None]


@dataclass(frozen=True)
class Traced:
    """How a front came about: `complete` if nothing is left between the points that were kept.

    `open_because` says what is missing otherwise; `one_model` that one model was built and asked
    `solves` times, instead of planning each point anew. No plan emits less than `co2e_bound_kg`.
    `bounds`: more that is proved at the end: no plan with at most so many kg costs less than that.
    """

    complete: bool
    open_because: str
    one_model: bool
    solves: int
    co2e_bound_kg: float = -inf
    bounds: tuple[tuple[float, float], ...] = ()


@dataclass
class FrontModel:
    """The model of a case with a movable cap on CO2e; answers questions (`front.Search`)."""

    case: Case
    clock: Clock
    progress: Progress
    keep: Keep
    options: Options
    memory: list[Answer] = field(default_factory=list)
    questions_left: int = 1
    """How many questions are expected to come, so that each has its share of the time."""
    solves: int = 0

    def __post_init__(self) -> None:
        """Build the model once; settle service and lateness for all points.

        Raises NoPlanExists where budget, cap or minimums cannot be met.
        """
        self.model = build_model(self.options, Cuts())
        self.linear = self.model.linear
        cap_totals(self.model)
        self.selection = Selection(self.model, self.clock, self.progress)
        self.must_serve = self.selection.require_service()
        relaxed = self.selection.relax("relaxation", self.model.cost, self.model.constant_cost)
        if relaxed.status == "infeasible":
            self.serve_less()
        else:
            self.selection.keep_time()
        self.cap = Row("front_co2e", dict(self.model.co2e), -inf, inf)
        self.price = Row("front_cost", dict(self.model.cost), -inf, inf)
        self.least_co2e: Answer | None = None
        self.co2e_bound_kg = -inf

    def serve_less(self) -> None:
        """Not all can be served: leave as little as can be. Raises NoPlanExists if that is done."""
        selection = self.selection
        if selection.served_most or not self.must_serve:
            raise NoPlanExists(selection.clash(), selection.clash_parts())
        selection.serve_most(self.must_serve)
        selection.keep_time()

    def asked(
        self, terms: Terms, constant: float, gap: float, hint: Sequence[float] = ()
    ) -> Solved:
        """One solve under the limits as they stand; HiGHS, and SCIP where that finds nothing."""
        if self.clock.left_s < LEAST_S:
            raise NotProved("The time limit ended the search.")
        share = self.clock.left_s / max(1, self.questions_left)
        limits = Limits(max(LEAST_S, share), gap, self.case.settings.seed)
        held = [row for row in (self.cap, self.price) if isfinite(row.upper)]
        asked = replace(self.linear, rows=[*self.linear.rows, *held])
        asked.minimise(terms, constant)
        self.solves += 1
        solved = solve(asked, limits, hint=hint)
        if not solved.found and solved.status != "infeasible":
            again = solve(asked, limits, solver="scip", hint=hint)
            solved = again if again.found or again.status == "infeasible" else solved
            if not solved.found:
                relaxed = relaxation(asked, limits)
                solved = replace(solved, bound=max(solved.bound, relaxed.bound))
        return solved

    def cheapest(self, limit_kg: float, gap: float = 0.0) -> Answer | None:
        """The least cost with at most so many kg, then the least CO2e at that cost.

        None if no plan keeps the limit. Raises NotProved if the time ended before any was found.
        """
        known = self.remembered(limit_kg)
        if known is not None:
            return known
        model, hint = self.model, self.start(limit_kg)
        self.cap.upper = limit_kg - model.constant_co2e
        try:
            best = self.asked(model.cost, model.constant_cost, gap, hint)
            if best.status == "infeasible":
                return None
            if not best.found:
                raise NotProved(f"No plan with at most {limit_kg:,.0f} kg was found in time.")
            cents = round(best.objective * CENTS)
            self.price.upper = (cents + 0.5) / CENTS - model.constant_cost - 1e-6
            tie = self.asked(model.co2e, model.constant_co2e, 0.0, best.values)
        finally:
            self.cap.upper = self.price.upper = inf
        return self.learnt(limit_kg, best, tie if tie.found else best, tie.status == "optimal")

    def cheapest_of_all(self, gap: float) -> Answer:
        """The least cost without a limit, with all orders served that can be."""
        while (answer := self.cheapest(inf, gap)) is None:
            self.serve_less()
        return answer

    def cleanest(self) -> Answer:
        """The least CO2e, to the kg above; then the least cost with that."""
        if self.least_co2e is not None:
            return self.least_co2e
        model = self.model
        least = self.asked(model.co2e, model.constant_co2e, 0.0)
        self.co2e_bound_kg = least.bound
        if not least.found:
            raise NotProved("The plan with the least CO2e was not found in time.")
        limit_kg = float(ceil(least.objective - BLUR_KG))
        answer = self.cheapest(limit_kg)
        if answer is None:
            raise NotProved("The plan with the least CO2e was not found again.")
        sure = answer.proved and ceil(least.bound - BLUR_KG) >= limit_kg
        answer = replace(answer, proved=sure)
        self.least_co2e = answer if sure else None
        return answer

    def learnt(self, limit_kg: float, best: Solved, last: Solved, tie_proved: bool) -> Answer:
        """Remember an answer, and hand on the plan that is made of it."""
        model = self.model
        cost = self.linear.value(model.cost, last.values) + model.constant_cost
        co2e = self.linear.value(model.co2e, last.values) + model.constant_co2e
        proved = tie_proved and best.objective - best.bound <= HALF_CENT
        stages = tuple(
            Stage(name, s.status, s.objective, s.bound, s.seconds, s.solver)
            for name, s in (("objective", best), ("tie_breaker", last))
        )
        # what the tie-breaker pays within the same cent is no gap
        bound = min(best.bound, cost) if proved else best.bound
        answer = Answer(
            limit_kg, cost, co2e, bound, last.values, proved, (*self.selection.stages, *stages)
        )
        same = [a for a in self.memory if a.point == answer.point]
        new = not same or (proved and not any(a.proved for a in same))
        self.memory.append(answer)
        if new:
            self.keep(self.as_plan(answer))
        self.progress(f"front: {len({a.point for a in self.memory})} found")
        return answer

    def remembered(self, limit_kg: float) -> Answer | None:
        """The proved answer that holds under this limit too."""
        held = (a for a in self.memory if a.proved and a.point[1] <= limit_kg <= a.limit_kg)
        return next(held, None)

    def start(self, limit_kg: float) -> Sequence[float]:
        """The cheapest known plan within the limit, for a start."""
        kept = [a for a in self.memory if a.co2e_kg <= limit_kg]
        return min(kept, key=lambda a: a.cost).values if kept else ()

    def least(self, first: int, limits: Sequence[float], known: Found | None) -> Found | None:
        """See `front.Search`: objective 0 is cost in cents, objective 1 CO2e in kg.

        Raises NotProved where an answer is not, or where the points become too many.
        """
        if len({a.point for a in self.memory}) > MOST_POINTS:
            raise NotProved(f"There are more than {MOST_POINTS} points.")
        answer = self.cleanest() if first else self.cheapest(limits[1])
        if answer is None:
            return None
        if not answer.proved:
            raise NotProved("The time limit left the gap of a point open.")
        return Found(answer.point, answer)

    def as_plan(self, answer: Answer) -> FrontPlan:
        """The plan of an answer: loads stuffed, boxes and bids named.

        Where the loader refuses a group, the point is planned anew under its limit, as any plan is.
        """
        found = FrontPlan(
            answer.limit_kg, answer.cost, answer.co2e_kg, answer.cost_bound, answer.proved, None
        )
        decoded = decode(self.model, answer.values)
        if decoded.refusals:
            seconds = max(5.0, self.clock.left_s / max(1, self.questions_left))
            return _planned_anew(self.case, found, seconds, self.left_behind(answer))
        plan = Plan(
            decoded.shipments, decoded.box_uses, unserved(self.options, decoded, answer.stages)
        )
        choice = Choice(
            answer.values, answer.cost, answer.cost_bound, answer.cost_bound, 0.0, answer.stages,
            not answer.proved,
        )  # fmt: skip
        return replace(
            found,
            planned=Planned(
                plan, choice, answer.cost_bound, self.options, self.options.findings, False, 1,
                stopped_by_clock=not answer.proved,
            ),
        )  # fmt: skip

    def left_behind(self, answer: Answer) -> float:
        """Pieces times priority that the answer leaves unserved."""
        return self.linear.value(self.model.unserved_weight, answer.values)


def trace(
    case: Case, points: int, clock: Clock, progress: Progress, keep: Keep, options: Options | None
) -> Traced:
    """Find the front of a case whose model is solved in one piece; `keep` hears of each plan.

    First both ends and so many points at even limits, then everything between them. Raises
    NoPlanExists, and TimeIsUp where not even one plan was found.
    """
    search = FrontModel(case, clock, progress, keep, options or build_options(case))
    search.questions_left = 2 * points + 1
    why = ""

    def ask(question: Callable[[], Answer | None], solves: int) -> Answer | None:
        """An answer, None if the time did not suffice for it."""
        nonlocal why
        try:
            return question()
        except NotProved as left:
            why = str(left)
            return None
        finally:
            search.questions_left -= solves

    gap = case.settings.gap
    cheap = ask(lambda: search.cheapest_of_all(gap), 2)
    clean = ask(search.cleanest, 3)
    if cheap and clean:
        for limit in even_limits(clean.point[1], cheap.point[1], points)[1:-1]:
            ask(partial(search.cheapest, float(floor(limit)), gap), 2)
        search.questions_left = 1
        whole = ask(lambda: exact_front(search, ENDS).found[0].solution, 0)
        if whole is not None:
            return Traced(True, "", True, search.solves, search.co2e_bound_kg)
    if not search.memory:
        raise TimeIsUp("Time ran out before a plan was found. Try a longer limit.")
    return Traced(False, why, True, search.solves, search.co2e_bound_kg)


def _planned_anew(case: Case, found: FrontPlan, seconds: float, left_behind: float) -> FrontPlan:
    own = replace(case.settings, time_limit_s=seconds)
    try:
        planned = plan_case(replace(case, settings=capped(own, found.limit_kg)))
    except (NoPlanExists, TimeIsUp) as fault:
        return replace(found, proved=False, note=f"The loader refused it. {fault}")
    if weight_left(case, planned) > left_behind + BLUR_KG:
        return replace(found, proved=False, note="The loader refused it; others leave orders.")
    bound = max(found.cost_bound, planned.bound)
    note = "The loader refused the first plan; this one was planned anew."
    planned = replace(planned, bound=bound)
    return replace(
        found, cost=None, co2e_kg=None, cost_bound=bound, proved=False, planned=planned, note=note
    )


def capped(settings: Settings, limit_kg: float) -> Settings:
    """The settings with a cap of so many kg, if their own is not lower."""
    if not isfinite(limit_kg):
        return settings
    own = settings.emissions_cap_t
    cap_t = limit_kg / KG_PER_T
    return replace(settings, emissions_cap_t=cap_t if own is None else min(cap_t, own))


def weight_left(case: Case, planned: Planned) -> float:
    """Pieces times priority that a plan leaves unserved."""
    priority = {o.key: o.priority for o in case.orders}
    return sum(priority[u.order] * u.pieces for u in planned.plan.unserved)
