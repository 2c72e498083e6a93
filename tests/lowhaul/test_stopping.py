"""What a run that is asked to stop keeps, and the solvers in child processes that it ends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from lowhaul import stopping
from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, solve

ROOT = Path(__file__).resolve().parents[2]
LONG_S = 60.0

T = TypeVar("T")


def hard_knapsack() -> LinearModel:
    """More rows than a solver proves in a minute."""
    drawn = random.Random(1)
    model = LinearModel()
    columns = [model.column(f"x{i}", 0.0, 1.0, integer=True) for i in range(200)]
    for i in range(50):
        model.row(f"r{i}", {c: drawn.randint(5, 99) for c in columns}, upper=3000.0)
    model.minimise({c: -float(drawn.randint(5, 99)) for c in columns})
    return model


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_the_first_signal_stops_where_a_plan_stands_and_the_second_leaves() -> None:
    told: list[str] = []
    with stopping.heeding(told.append):
        stopping.plan_stands()
        interrupt()
        assert stopping.asked()
        with pytest.raises(KeyboardInterrupt):
            interrupt()
        assert stopping.kept()
    assert awaited(lambda: told) == [stopping.TOLD]
    assert not stopping.asked(), "the next run is not stopped by what was asked of this one"


def test_without_a_plan_the_first_signal_leaves() -> None:
    told: list[str] = []
    with stopping.heeding(told.append):
        stopping.plan_stands()
        stopping.nothing_stands()
        with pytest.raises(KeyboardInterrupt):
            interrupt()
        assert stopping.asked()
        assert not stopping.kept()
    assert told == []


def test_a_request_to_terminate_stops_as_well_and_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with stopping.heeding(lambda _: None):
        stopping.plan_stands()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stopping.asked()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """As of a job that a script began in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopping.heeding(lambda _: None):
            interrupt()
            assert not stopping.asked()
    finally:
        signal.signal(signal.SIGINT, before)


def test_signals_are_left_alone_outside_the_main_thread() -> None:
    heeded: list[bool] = []

    def work() -> None:
        with stopping.heeding(lambda _: None):
            heeded.append(stopping.heeded())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heeded == [False]


def test_a_solver_in_a_child_process_is_ended_when_the_run_is_stopped() -> None:
    started = time.perf_counter()
    with stopping.heeding(lambda _: None):
        stopping.plan_stands()
        threading.Timer(1.0, interrupt).start()
        solved = solve(hard_knapsack(), Limits(LONG_S), in_process=False)
    assert (solved.status, solved.message) == ("timeout", "the run was stopped")
    assert time.perf_counter() - started < LONG_S / 4


def test_a_solver_that_is_begun_after_the_stop_has_its_time() -> None:
    """Load plans that were refused are still mended then."""
    model = LinearModel()
    model.minimise({model.column("x", 2.0, 9.0, integer=True): 1.0})
    with stopping.heeding(lambda _: None):
        stopping.plan_stands()
        interrupt()
        solved = solve(model, Limits(20.0), in_process=False)
    assert (solved.status, solved.objective) == ("optimal", 2.0)


SOLVING = """
from tests.lowhaul.test_stopping import LONG_S, hard_knapsack
from lowhaul.solve import Limits, solve
solve(hard_knapsack(), Limits(LONG_S), in_process=False)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_a_solver_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", SOLVING], cwd=ROOT)
    try:
        (child,) = awaited(lambda: children_of(parent.pid))
    finally:
        parent.kill()
        parent.wait()
    awaited(lambda: not lives(child))


def stat_of(pid: int | str) -> list[str]:
    """State, parent and so on of a process; empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def lives(pid: int) -> bool:
    """True unless a process has ended, collected or not."""
    return stat_of(pid)[:1] not in ([], ["Z"])


def children_of(pid: int) -> list[int]:
    """The processes that a process has begun."""
    pids = [p.name for p in Path("/proc").glob("[0-9]*")]
    return [int(p) for p in pids if stat_of(p)[1:2] == [str(pid)]]


def awaited(found: Callable[[], T], seconds: float = 30.0) -> T:
    """What `found` returns once it is true."""
    until = time.perf_counter() + seconds
    while not (result := found()):
        assert time.perf_counter() < until, "waited in vain"
        time.sleep(0.05)
    return result
