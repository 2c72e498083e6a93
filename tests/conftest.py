"""What all tests stand on."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def hears_ctrl_c() -> Iterator[None]:
    """Ctrl-C is heard: a shell that starts the tests in the background has it ignored.

    Lowhaul leaves alone what its surroundings ignore, so tests of stopping would wait in vain.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
