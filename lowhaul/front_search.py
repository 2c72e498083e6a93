"""Searches for a front: a linear model with several whole-number objectives, and a solver.

CP-SAT takes models whose columns and coefficients are all whole; it works in exact arithmetic and
on knapsacks is several times as fast as a MIP solver. MathOpt (HiGHS) takes the others, as long as
the objectives are whole at every solution; limits then stand half a step beyond, so that no
tolerance of a solver can reach them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, isfinite

from lowhaul.errors import LowhaulError
from lowhaul.front import Found, Front, exact_front
from lowhaul.linear import LinearModel, Row, Terms
from lowhaul.solve import Limits, Solved, SolverFault, solve

BLUR = 1e-4
"""A value this near to a whole number is taken to be it."""
WIDEST = 2**60
"""Sums beyond this leave the range of CP-SAT."""


class NotProved(LowhaulError):
    """A point of a front could not be proved in the time that was given; the front is not exact."""

    exit_code = 5


def front_of(
    model: LinearModel,
    objectives: Sequence[Terms],
    maximise: Sequence[bool] = (),
    *,
    seconds_a_solve: float = 600.0,
    workers: int = 2,
) -> Front:
    """The exact front of a model under several objectives, with a model's values at each point.

    `maximise` says which objectives are (none, if blank); points hold the values as they are. The
    objective of the model itself does not count. So many `workers` solve at the same time. Raises
    NotProved if a solve takes too long, and ValueError where an objective is not whole.
    """
    turned = list(maximise) or [False] * len(objectives)
    signs = [-1 if up else 1 for up in turned]
    terms = [
        {c: s * a for c, a in objective.items()}
        for s, objective in zip(signs, objectives, strict=True)
    ]
    search = search_for(model, terms, seconds_a_solve)
    front = exact_front(search, len(objectives), workers=workers)
    points = [
        replace(f, point=tuple(s * v for s, v in zip(signs, f.point, strict=True)))
        for f in front.found
    ]
    return Front(tuple(sorted(points, key=lambda f: f.point)), front.solves)


def search_for(
    model: LinearModel, objectives: Sequence[Terms], seconds: float
) -> CpSatSearch | MathOptSearch:
    """The quicker search that can take the model."""
    if is_whole(model, objectives):
        return CpSatSearch(model, objectives, seconds)
    return MathOptSearch(model, objectives, seconds)


def is_whole(model: LinearModel, objectives: Sequence[Terms]) -> bool:
    """True if columns are whole and bounded, and all coefficients are whole."""
    bounded = all(isfinite(v) for v in (*model.lower, *model.upper))
    sums = [row.terms for row in model.rows] + list(objectives)
    return (
        bounded
        and all(model.integer)
        and all(float(a).is_integer() for terms in sums for a in terms.values())
    )


@dataclass
class CpSatSearch:
    """Asks CP-SAT, with one worker: questions are small and many, and the answers repeatable."""

    model: LinearModel
    objectives: Sequence[Terms]
    seconds: float
    seed: int = 1

    def least(self, first: int, limits: Sequence[float], known: Found | None) -> Found | None:
        """See `front.Search`: the first objective outweighs all that the others can differ by."""
        from ortools.sat.python import cp_model

        asked = cp_model.CpModel()
        columns = [
            asked.new_int_var(ceil(low), floor(up), "")
            for low, up in zip(self.model.lower, self.model.upper, strict=True)
        ]

        def total(terms: Terms) -> cp_model.LinearExpr:
            weights = [int(a) for a in terms.values()]
            return cp_model.LinearExpr.weighted_sum([columns[c] for c in terms], weights)

        for row in self.model.rows:
            if isfinite(row.upper):
                asked.add(total(row.terms) <= floor(row.upper + 1e-9))
            if isfinite(row.lower):
                asked.add(total(row.terms) >= ceil(row.lower - 1e-9))
        for k, terms in enumerate(self.objectives):
            if k != first and isfinite(limits[k]):
                asked.add(total(terms) <= int(limits[k]))
        asked.minimize(total(self._weighed(first)))
        for column, value in zip(columns, known.solution if known else (), strict=False):
            asked.add_hint(column, round(value))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed
        solver.parameters.max_time_in_seconds = self.seconds
        solver.parameters.catch_sigint_signal = False  # Ctrl-C ends more than one question
        ended = solver.status_name(solver.solve(asked))
        if ended == "INFEASIBLE":
            return None
        if ended != "OPTIMAL":
            raise NotProved(f"CP-SAT ended with {ended}.")
        values = tuple(float(solver.value(v)) for v in columns)
        return Found(tuple(round(self.model.value(t, values)) for t in self.objectives), values)

    def _weighed(self, first: int) -> dict[int, int]:
        """One sum for both: the first objective times more than the spread of all others."""
        spread = 1
        for k, terms in enumerate(self.objectives):
            if k != first:
                spread += sum(
                    int(abs(a)) * (floor(self.model.upper[c]) - ceil(self.model.lower[c]))
                    for c, a in terms.items()
                )
        weights: dict[int, int] = {}
        for k, terms in enumerate(self.objectives):
            for c, a in terms.items():
                weights[c] = weights.get(c, 0) + int(a) * (spread if k == first else 1)
        most = {c: max(abs(self.model.lower[c]), abs(self.model.upper[c])) for c in weights}
        if sum(abs(a) * most[c] for c, a in weights.items()) >= WIDEST:
            raise ValueError("The objectives are too wide for whole-number arithmetic.")
        return weights


@dataclass
class MathOptSearch:
    """Asks a MIP solver twice: the least first objective, then the least sum of the others."""

    model: LinearModel
    objectives: Sequence[Terms]
    seconds: float
    solver: str = "highs"

    def least(self, first: int, limits: Sequence[float], known: Found | None) -> Found | None:
        """See `front.Search`."""
        held = [
            Row(f"limit[{k}]", dict(terms), -float("inf"), limits[k] + 0.5)
            for k, terms in enumerate(self.objectives)
            if k != first and isfinite(limits[k])
        ]
        hint = known.solution if known else ()
        best = self._solved(held, self.objectives[first], hint)
        if best is None:
            return None
        value = _whole(self.model.value(self.objectives[first], best.values))
        held.append(Row("first", dict(self.objectives[first]), -float("inf"), value + 0.5))
        others: dict[int, float] = {}
        for k, terms in enumerate(self.objectives):
            for c, a in terms.items() if k != first else ():
                others[c] = others.get(c, 0.0) + a
        last = self._solved(held, others, best.values)
        if last is None:
            raise SolverFault("A plan that was found is said not to exist.")
        point = tuple(_whole(self.model.value(t, last.values)) for t in self.objectives)
        return Found(point, last.values)

    def _solved(
        self, held: Sequence[Row], objective: Terms, hint: Sequence[float]
    ) -> Solved | None:
        asked = replace(self.model, rows=[*self.model.rows, *held], objective=dict(objective))
        asked.constant = 0.0
        solved = solve(asked, Limits(self.seconds), solver=self.solver, hint=tuple(hint))
        if solved.status == "infeasible":
            return None
        if solved.status != "optimal":
            raise NotProved(f"{self.solver} ended with {solved.status}. {solved.message}".strip())
        return solved


def _whole(value: float) -> int:
    if abs(value - round(value)) > BLUR:
        raise ValueError(f"An objective is {value!r}, which is not whole.")
    return round(value)
