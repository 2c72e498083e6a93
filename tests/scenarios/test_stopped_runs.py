"""Runs that are asked to stop keep the best plan so far, checked and labelled, or the old one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.plan_project import Generator
from lowhaul import stopping
from lowhaul.errors import TimeIsUp
from lowhaul.solve import Solved, solve
from routing import selection
from routing.check import check_plan
from routing.planner import plan_case
from routing.selection import Selection, better
from scenarios import run as run_module
from scenarios.history import read_history
from scenarios.inputs import build_case, load_project
from scenarios.redraw import draw_report
from scenarios.run import Outcome, read_results, run_scenarios
from tests.lowhaul.test_stopping import awaited, children_of, lives
from tests.routing.tiny_cases import planned, tiny_case
from tests.scenarios.small_project import write_small_project

ROOT = Path(__file__).resolve().parents[2]
A_PLAN = "best plan so far"
OLD = "what an earlier run wrote"


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def write_large_project(folder: Path) -> Path:
    """A project beyond one piece, with much more time than a test has."""
    generator = Generator(
        orders=60, pairs=4, carriers=10, empties=20, hubs=0, tender_rules=False, seed=1
    )
    generator.write(folder, time_limit_s=300, gap=0.0)
    return folder


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its code, its lines, and the solvers that it had begun."""

    code: int
    result: str
    lines: list[str]
    solvers: frozenset[int]


def run_and_stop(
    project: Path, after: str, *, presses: int = 1, scenarios: Sequence[str] = ("plan",)
) -> Ended:
    """`lowhaul run`, interrupted as a terminal does once a line of its progress says `after`."""
    command = subprocess.Popen(
        [sys.executable, "-m", "cli", "run", *scenarios, "--project", str(project)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    assert command.stderr is not None
    assert command.stdout is not None
    lines: list[str] = []
    solvers: set[int] = set()

    def watch() -> None:
        while command.poll() is None:
            solvers.update(children_of(command.pid))
            time.sleep(0.1)

    threading.Thread(target=watch, daemon=True).start()
    try:
        for line in command.stderr:
            lines.append(line.rstrip("\n"))
            again = stopping.TOLD in line and presses > 1
            if (after in line and not any(after in before for before in lines[:-1])) or again:
                os.killpg(command.pid, signal.SIGINT)
        result = command.stdout.read()
        return Ended(command.wait(60), result, lines, frozenset(solvers))
    finally:
        command.kill()
        command.wait()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_large_project(tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def stopped(large: Path) -> Ended:
    return run_and_stop(large, A_PLAN, scenarios=("plan", "no_round_use"))


def test_a_stopped_search_leaves_its_best_plan(large: Path, stopped: Ended) -> None:
    assert stopped.code == 130
    assert stopping.TOLD in stopped.lines
    tables, summary = read_results(large / "results" / "plan")
    assert check_plan(build_case(load_project(large), "plan"), tables, summary) == []
    assert len(tables["shipments"]) > 0
    assert summary["orders_unserved"] == 0
    assert summary["interrupted"] is True
    assert summary["seconds"]["total"] < 150


def test_a_stopped_plan_is_labelled_wherever_it_is_shown(large: Path, stopped: Ended) -> None:
    folder = large / "results" / "plan"
    for name in ("report.html", "map.html"):
        assert "Interrupted: usable plan" in (folder / name).read_text("utf-8"), name
    assert "interrupted: true" in (folder / "config.yaml").read_text("utf-8")
    assert "The search was interrupted" in (folder / "log.txt").read_text("utf-8")
    assert "Interrupted: usable plan" in stopped.result
    assert "To search anew: lowhaul run plan" in stopped.result
    ((entry, _),) = read_history(large)
    assert (entry.scenario, entry.status, entry.exit_code) == ("plan", "interrupted", 130)
    assert entry.cost == json.loads((folder / "summary.json").read_text("utf-8"))["cost"]


def test_a_page_drawn_again_keeps_the_label(large: Path, stopped: Ended) -> None:
    assert stopped.code == 130
    drawn = draw_report(load_project(large), "plan")
    assert "Interrupted: usable plan" in drawn.path.read_text("utf-8")


def test_no_scenario_is_begun_after_the_stop(large: Path, stopped: Ended) -> None:
    assert "no_round_use: It was not begun." in stopped.result
    assert not (large / "results" / "no_round_use").exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_no_solver_outlives_a_stopped_run(stopped: Ended) -> None:
    assert stopped.solvers, "large models are solved in processes of their own"
    awaited(lambda: not any(lives(pid) for pid in stopped.solvers))


@pytest.mark.slow
def test_interrupted_before_there_is_a_plan_nothing_is_written(tmp_path: Path) -> None:
    ended = run_and_stop(write_large_project(tmp_path), "relaxation")
    assert ended.code == 130
    assert stopping.TOLD not in ended.lines
    assert "plan: It was interrupted before there was a plan. To plan it" in ended.result
    assert not (tmp_path / "results" / "plan").exists()


@pytest.mark.slow
def test_pressed_twice_the_old_results_stay(tmp_path: Path) -> None:
    old = write_large_project(tmp_path) / "results" / "plan" / "summary.json"
    old.parent.mkdir(parents=True)
    old.write_text(OLD, "utf-8")
    ended = run_and_stop(tmp_path, A_PLAN, presses=2)
    assert ended.code == 130
    assert "nothing half-written is left" in ended.lines[-1]
    assert old.read_text("utf-8") == OLD
    assert [p.name for p in old.parent.parent.iterdir()] == ["plan"]


# In one process, where each moment can be chosen


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_small_project(tmp_path)


def run_small(folder: Path, *names: str) -> list[Outcome]:
    return run_scenarios(load_project(folder), names or ("least_cost",))


def at_stage(
    monkeypatch: pytest.MonkeyPatch, stage: str, instead: Callable[[], Solved | None]
) -> None:
    """Do something when a stage of a plan in one piece begins; its answer, if any, stands."""
    ask = Selection.ask

    def asked(self: Selection, name: str, *arguments: Any, **more: Any) -> Solved:
        answer = instead() if name == stage else None
        if answer is None:
            return ask(self, name, *arguments, **more)
        self.keep(name, answer)
        return answer

    monkeypatch.setattr(Selection, "ask", asked)


def stop_and_find_nothing() -> Solved:
    interrupt()
    return Solved("timeout")


def test_stopped_at_its_tie_breaker_a_plan_is_optimal_and_labelled(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_stage(monkeypatch, "tie_breaker", stop_and_find_nothing)
    (outcome,) = run_small(small)
    assert (outcome.status, outcome.exit_code) == ("optimal", 130)
    assert outcome.summary["interrupted"] is True
    report = (outcome.folder / "report.html").read_text("utf-8")
    assert "Interrupted: usable plan, proven optimum" in report


def test_stopped_before_its_objective_a_plan_in_one_piece_is_none(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = small / "results" / "least_cost" / "summary.json"
    old.parent.mkdir(parents=True)
    old.write_text(OLD, "utf-8")
    at_stage(monkeypatch, "objective", stop_and_find_nothing)
    first, second = run_small(small, "least_cost", "least_co2")
    assert (first.status, first.exit_code, first.summary) == ("interrupted", 130, {})
    assert "Its earlier results are kept." in first.message
    assert "It was not begun." in second.message
    assert old.read_text("utf-8") == OLD
    ((entry, _),) = read_history(small)
    assert (entry.scenario, entry.status, entry.cost) == ("least_cost", "interrupted", None)


def test_a_first_try_stands_where_the_rest_of_its_stage_is_stopped(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped_solve(*arguments: Any, in_process: bool | None = None, **more: Any) -> Solved:
        if in_process is False:
            return stop_and_find_nothing()
        return replace(solve(*arguments, **more), status="feasible", bound=0.0)

    monkeypatch.setattr(selection, "solve", stopped_solve)
    (outcome,) = run_small(small)
    assert (outcome.exit_code, outcome.summary["interrupted"]) == (130, True)
    assert outcome.summary["orders_unserved"] == 0


def test_asked_while_its_files_are_written_a_finished_plan_is_not_called_interrupted(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = run_module.check_plan

    def checked(*arguments: Any) -> Any:
        interrupt()
        return check(*arguments)

    monkeypatch.setattr(run_module, "check_plan", checked)
    first, second = run_small(small, "least_cost", "least_co2")
    assert (first.status, first.exit_code) == ("optimal", 0)
    assert first.summary["interrupted"] is False
    assert (second.status, second.exit_code) == ("interrupted", 130)


def test_asked_twice_nothing_is_written(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: Any) -> Any:
        interrupt()
        interrupt()

    monkeypatch.setattr(run_module, "check_plan", pressed)
    with pytest.raises(KeyboardInterrupt):
        run_small(small)
    assert not list((small / "results").iterdir())


# The time limit, where the solver of the objective finds nothing


def test_the_plan_of_an_earlier_stage_stands_where_the_objective_finds_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A budget of half the cost serves some orders; which ones is asked first, and is a plan."""
    case = tiny_case(0)
    case = replace(case, settings=replace(case.settings, budget=planned(case).cost / 2))
    best = planned(case)
    at_stage(monkeypatch, "objective", lambda: Solved("timeout"))
    found = planned(case)
    assert found.planned.stopped_by_clock
    assert not found.planned.interrupted
    assert found.unserved == pytest.approx(best.unserved)
    assert found.planned.plan.shipments
    assert found.co2e >= best.co2e - 1e-6


def test_a_large_model_is_not_begun_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for it would start, and end without an answer seconds later."""
    case = tiny_case(1)
    case = replace(case, settings=replace(case.settings, time_limit_s=0.0))
    assert plan_case(case).plan.shipments, "a small one is solved at once"
    asked: list[str] = []
    monkeypatch.setattr(selection, "is_small", lambda _: False)
    monkeypatch.setattr(selection, "solve", lambda *_, **__: asked.append("solve"))
    with pytest.raises(TimeIsUp):
        plan_case(case)
    assert asked == []


def test_two_solves_of_a_model_are_told_as_one() -> None:
    def solved(status: str, objective: float, bound: float) -> Solved:
        values = (objective,) if objective < float("inf") else ()
        return Solved(status, values, objective=objective, bound=bound, seconds=1.0)

    first = solved("feasible", 10.0, 6.0)
    rest = better(first, solved("feasible", 9.0, 5.0))
    assert (rest.status, rest.objective, rest.bound, rest.seconds) == ("feasible", 9.0, 6.0, 2.0)
    assert better(first, solved("optimal", 9.0, 9.0)).status == "optimal"
    none = better(first, solved("timeout", float("inf"), 7.0))
    assert (none.status, none.objective, none.bound) == ("feasible", 10.0, 7.0)
    assert better(first, Solved("infeasible")) == first, "a plan was found"
    assert better(Solved("timeout"), Solved("infeasible")).status == "infeasible"
    assert better(Solved("timeout"), Solved("timeout")).status == "timeout"
