"""Stopping early: the first Ctrl-C ends a search and keeps its plan, the second leaves at once.

A signal reaches the process as a whole, so what it asks is kept for the process as a whole. While
a run heeds signals, the searches say when a plan stands. From then on the first signal means that
the time is over: clocks have nothing left, solvers in child processes are ended, and the plan goes
its way to the files. Where no plan stands, or at the second signal, KeyboardInterrupt is raised.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

EXIT_INTERRUPTED = 130
"""What a command returns that was stopped (docs/exit-codes.md)."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
TOLD = (
    "Stopping: the best plan so far is stuffed, checked and written. "
    "Press Ctrl-C again to leave without it."
)


@dataclass
class _State:
    heeded: bool = False
    asked: bool = False
    stands: bool = False


_state = _State()


def heeded() -> bool:
    """True while signals are heeded: then nothing should block for long in the main thread."""
    return _state.heeded


def asked() -> bool:
    """True once a run has been asked to stop."""
    return _state.asked


def plan_stands() -> None:
    """Say that there is a plan now, which a stopped run keeps."""
    _state.stands = True


def nothing_stands() -> None:
    """Say that another search begins, which has no plan yet."""
    _state.stands = False


def kept() -> bool:
    """True if there was a plan to keep: who leaves nevertheless has asked for it twice."""
    return _state.stands


@contextmanager
def heeding(tell: Callable[[str], None]) -> Iterator[None]:
    """Heed Ctrl-C and a request to terminate, in the main thread; elsewhere signals never arrive.

    A signal that the caller's surroundings ignore stays ignored. What was asked is forgotten at
    the end.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def heed(_signal: int, _frame: FrameType | None) -> None:
        first, _state.asked = not _state.asked, True
        if not (first and _state.stands):
            raise KeyboardInterrupt
        # in a thread of its own: the signal may have come in the middle of a print
        threading.Thread(target=tell, args=(TOLD,)).start()

    now = {s: signal.getsignal(s) for s in SIGNALS}
    before = {s: h for s, h in now.items() if h is not None and h is not signal.SIG_IGN}
    _state.heeded, _state.asked, _state.stands = True, False, False
    try:
        for number in before:
            signal.signal(number, heed)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _state.heeded = _state.asked = _state.stands = False
