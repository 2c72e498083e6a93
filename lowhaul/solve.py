"""The one door to the solvers: a linear model in, its best solution, bound and gap out.

MathOpt is used with HiGHS, then SCIP. HiGHS does not keep its time limit on large models
(docs/decisions/solver-process.md), so a large solve runs in a child process that is stopped hard,
at its limit or when the run is asked to stop; small ones run here. What a solver says when it
refuses is passed on in full. OR-Tools is imported where a solve begins: whoever only asks for a gap
does not wait for it.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf, isfinite
from pathlib import Path
from typing import Any

from lowhaul import stopping
from lowhaul.errors import LowhaulError
from lowhaul.linear import LinearModel, Row

Cuts = Callable[[Sequence[float]], list[Row]]

IN_PROCESS_COLUMNS = 3_000
"""Models up to this size are solved in this process: they end in time."""
BROKE_OFF = "termination reason: ABNORMAL"
"""What GLOP says where it cannot go on for numerical reasons."""
LAZY_TOLERANCE = 1e-6
"""A lazy row is broken by more than this."""
GRACE_S = 3.0
"""How long a solver may run over its limit before it is stopped."""
LOOK_S = 0.1
"""How often it is looked whether a child process is to be ended."""


class SolverFault(LowhaulError):
    """A solver failed for a reason that is neither the model's nor the clock's."""


@dataclass(frozen=True)
class Limits:
    """When a solve may stop: seconds, relative gap; and the seed it runs with.

    MathOpt gives HiGHS no number of threads (docs/decisions/solver-process.md), so none is asked.
    """

    time_limit_s: float
    gap: float = 0.0
    seed: int = 1


@dataclass(frozen=True)
class Solved:
    """What a solve ended with.

    `status` is optimal (within the gap that was asked for), feasible (stopped by the clock),
    infeasible or timeout (stopped without a solution); `values` are by column, and so are the
    `reduced_costs` of a relaxation; its `prices` (dual values) are by row, 0 for a lazy row that
    was never broken. `bound` is proved.
    """

    status: str
    values: tuple[float, ...] = ()
    reduced_costs: tuple[float, ...] = ()
    prices: tuple[float, ...] = ()
    objective: float = inf
    bound: float = -inf
    seconds: float = 0.0
    solver: str = ""
    message: str = ""

    @property
    def found(self) -> bool:
        """True if there is a solution."""
        return bool(self.values)

    @property
    def gap(self) -> float:
        """(objective - bound) / |objective|, 0 where both are 0, infinite without a bound."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float, bound: float) -> float:
    """The proved relative gap of a minimised objective, never below 0."""
    if not (isfinite(objective) and isfinite(bound)):
        return inf
    difference = max(0.0, objective - bound)
    if difference <= 1e-9:
        return 0.0
    return difference / max(abs(objective), 1e-9)


def relaxation(model: LinearModel, limits: Limits, cuts: Cuts | None = None) -> Solved:
    """Solve the model without integrality: its value is a proved bound.

    Lazy rows are added as they are broken, each round from the last one's basis; a large model is
    relaxed without them. `cuts` gives rows that every plan keeps and a solution breaks; they are
    added to the model. Stopped early, the last finished round stands: its value is a weaker bound,
    but a bound. Where numbers make the solver break off, nothing is proved: the status is timeout,
    and `message` says why. Raises SolverFault for any other fault.
    """
    job = _Job(model, limits, "glop", True, (), cuts)
    try:
        return _timed(job, in_process=True if cuts else None)
    except SolverFault as fault:
        if BROKE_OFF not in str(fault):
            raise
        return Solved("timeout", solver="glop", message=str(fault))


def solve(
    model: LinearModel,
    limits: Limits,
    *,
    solver: str = "highs",
    hint: Sequence[float] = (),
    in_process: bool | None = None,
) -> Solved:
    """Solve a mixed-integer model within the limits.

    `in_process` is decided by the size of the model where it is None; a solve that is not can be
    ended from outside. Raises SolverFault with the solver's own words if it fails.
    """
    return _timed(_Job(model, limits, solver, False, tuple(hint)), in_process)


def is_small(model: LinearModel) -> bool:
    """True if a model is solved in this process."""
    return len(model.names) <= IN_PROCESS_COLUMNS


def _timed(job: _Job, in_process: bool | None = None) -> Solved:
    started = time.perf_counter()
    if is_small(job.model) if in_process is None else in_process:
        solved = _run(job)
    else:
        solved = _run_in_child(job)
    return replace(solved, seconds=time.perf_counter() - started)


@dataclass(frozen=True)
class _Job:
    model: LinearModel
    limits: Limits
    solver: str
    relax: bool
    hint: tuple[float, ...]
    cuts: Cuts | None = None


def _run(job: _Job) -> Solved:
    """Solve here, with MathOpt; the relaxation of a large model as arrays."""
    if job.relax and job.cuts is None and not is_small(job.model):
        from lowhaul.large_relaxation import relax_large

        return relax_large(job.model, job.limits)
    model, columns, rows = _to_math_opt(job)
    try:
        if job.relax:
            return _relax(job, model, columns, rows)
        try:
            return _solve_mip(job, model, columns)
        except Exception:
            return _solve_again(job, model, columns)
    except Exception as fault:  # the true message hides in __context__
        told = fault.__context__ or fault
        raise SolverFault(f"The solver {job.solver} failed: {told}") from fault


def _solve_again(job: _Job, model: Any, columns: list[Any]) -> Solved:
    """HiGHS refuses its own solution where a row slips by just its tolerance.

    Mostly presolve does that; where it fails without presolve too, SCIP is asked.
    """
    try:
        return _solve_mip(job, model, columns, presolve=False)
    except Exception:
        if job.solver == "scip":
            raise
        return _solve_mip(replace(job, solver="scip"), model, columns)


def _to_math_opt(job: _Job) -> tuple[Any, list[Any], list[Any]]:
    """The model, its columns and its rows as MathOpt objects.

    Lazy rows are left out of a relaxation and stand as None.
    """
    from ortools.math_opt.python import mathopt

    data = job.model
    model = mathopt.Model(name="lowhaul")
    columns = [
        model.add_variable(lb=low, ub=up, is_integer=whole and not job.relax)
        for low, up, whole in zip(data.lower, data.upper, data.integer, strict=True)
    ]
    rows = [None if job.relax and row.lazy else _add_row(model, columns, row) for row in data.rows]
    for column, coefficient in data.objective.items():
        model.objective.set_linear_coefficient(columns[column], coefficient)
    model.objective.offset = data.constant
    model.objective.is_maximize = False
    return model, columns, rows


def _add_row(model: Any, columns: list[Any], row: Row) -> Any:
    constraint = model.add_linear_constraint(lb=row.lower, ub=row.upper)
    for column, coefficient in row.terms.items():
        constraint.set_coefficient(columns[column], coefficient)
    return constraint


def _relax(job: _Job, model: Any, columns: list[Any], rows: list[Any]) -> Solved:
    """The relaxation with GLOP, which goes on from its last basis as lazy rows are added."""
    from ortools.math_opt.python import mathopt

    until = time.perf_counter() + job.limits.time_limit_s
    waiting = [at for at, row in enumerate(job.model.rows) if row.lazy]
    solver = mathopt.IncrementalSolver(model, mathopt.SolverType.GLOP)
    best = Solved("timeout", solver="glop")
    algorithm = mathopt.LPAlgorithm.DUAL_SIMPLEX
    while (left := until - time.perf_counter()) > 0.0:
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=left), lp_algorithm=algorithm
        )
        result = solver.solve(params=parameters)
        # measured: after rows were added, the primal simplex goes on three times as fast
        algorithm = mathopt.LPAlgorithm.PRIMAL_SIMPLEX
        reason = result.termination.reason
        if reason in _no_solution(mathopt):
            return Solved("infeasible", solver="glop", message=result.termination.detail)
        if reason != mathopt.TerminationReason.OPTIMAL:
            return best
        by_column, slopes = result.variable_values(), result.reduced_costs()
        by_row = result.dual_values()
        values = [by_column[v] for v in columns]
        best = Solved(
            "optimal",
            tuple(values),
            tuple(slopes[v] for v in columns),
            tuple(0.0 if row is None else by_row[row] for row in rows),
            result.objective_value(),
            result.termination.objective_bounds.dual_bound,
            solver="glop",
        )
        broken = [at for at in waiting if _broken(job.model.rows[at], values)]
        cuts = job.cuts(values) if job.cuts and not broken else []
        if not broken and not cuts:
            return best
        for row in cuts:
            job.model.rows.append(row)
            rows.append(_add_row(model, columns, row))
        for at in broken:
            rows[at] = _add_row(model, columns, job.model.rows[at])
        waiting = [at for at in waiting if rows[at] is None]
    return best


def _broken(row: Row, values: list[float]) -> bool:
    total = sum(a * values[c] for c, a in row.terms.items())
    return total > row.upper + LAZY_TOLERANCE or total < row.lower - LAZY_TOLERANCE


def _no_solution(mathopt: Any) -> tuple[Any, ...]:
    reason = mathopt.TerminationReason
    return (reason.INFEASIBLE, reason.INFEASIBLE_OR_UNBOUNDED)


def _solve_mip(job: _Job, model: Any, columns: list[Any], *, presolve: bool = True) -> Solved:
    from ortools.math_opt.python import mathopt

    solver_type = {"highs": mathopt.SolverType.HIGHS, "scip": mathopt.SolverType.GSCIP}[job.solver]
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(0.1, job.limits.time_limit_s)),
        relative_gap_tolerance=job.limits.gap,
        absolute_gap_tolerance=1e-6,
        random_seed=job.limits.seed,
        presolve=None if presolve else mathopt.Emphasis.OFF,
    )
    extra = mathopt.ModelSolveParameters()
    if job.hint:
        hint = dict(zip(columns, job.hint, strict=True))
        extra.solution_hints.append(mathopt.SolutionHint(variable_values=hint))
    result = mathopt.solve(model, solver_type, params=parameters, model_params=extra)
    reason = result.termination.reason
    bound = result.termination.objective_bounds.dual_bound
    told = result.termination.detail
    if reason in _no_solution(mathopt):
        return Solved("infeasible", solver=job.solver, message=told)
    if not result.has_primal_feasible_solution():
        return Solved("timeout", bound=bound, solver=job.solver, message=told)
    by_column = result.variable_values()
    status = "optimal" if reason == mathopt.TerminationReason.OPTIMAL else "feasible"
    return Solved(
        status,
        tuple(by_column[v] for v in columns),
        objective=result.objective_value(),
        bound=bound,
        solver=job.solver,
    )


def _run_in_child(job: _Job) -> Solved:
    """Solve in a child process; end it hard when its time is over or the run is asked to stop."""
    asked = stopping.asked()
    with tempfile.TemporaryDirectory(prefix="lowhaul-") as folder:
        task, answer = Path(folder, "task.pickle"), Path(folder, "answer.pickle")
        told = Path(folder, "told.txt")
        task.write_bytes(pickle.dumps(job))
        root = str(Path(__file__).resolve().parent.parent)
        code = f"import sys; sys.path.insert(0, {root!r}); from lowhaul.solve import main; main()"
        start_up_s = 2.0 + len(job.model.names) * 2e-5
        until = time.perf_counter() + job.limits.time_limit_s + GRACE_S + start_up_s
        with (
            told.open("wb") as words,
            subprocess.Popen(
                [sys.executable, "-c", code, str(task), str(answer)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=words,
            ) as child,
        ):
            try:
                while not _ended(child):
                    if stopping.asked() is not asked:
                        return Solved("timeout", solver=job.solver, message="the run was stopped")
                    if time.perf_counter() > until:
                        message = "stopped at the time limit"
                        return Solved("timeout", solver=job.solver, message=message)
            finally:
                child.kill()
        if not answer.exists():
            why = told.read_text(errors="replace")
            raise SolverFault(f"The solver process ended early: {why}")
        solved: Solved | SolverFault = pickle.loads(answer.read_bytes())
    if isinstance(solved, SolverFault):
        raise solved
    return solved


def _ended(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(LOOK_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def main() -> None:
    """Entry of the child process: read a task, write its answer."""
    _end_with_parent()
    task, answer = Path(sys.argv[1]), Path(sys.argv[2])
    job: _Job = pickle.loads(task.read_bytes())
    outcome: Solved | SolverFault
    try:
        outcome = _run(job)
    except SolverFault as fault:
        outcome = fault
    unfinished = answer.with_suffix(".part")
    unfinished.write_bytes(pickle.dumps(outcome))
    unfinished.replace(answer)


def _end_with_parent() -> None:
    """Leave Ctrl-C, which reaches the whole group, to the parent; end when it does.

    The parent holds the other end of standard input and writes nothing, so that ends when it dies.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
