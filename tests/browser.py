"""A headless Chromium for tests of pages: what a page shows, asks for and complains of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass
class Opened:
    """A page and what happened while it was open."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def chromium() -> str:
    """The path of an installed Chromium; skips the test, with its reason, where there is none."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)})")
    return found


@contextmanager
def browser() -> Iterator[Any]:
    """One browser without network for several pages."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield started
        finally:
            started.close()


def open_page(started: Any, path: Path, *, fragment: str = "", width: int = 1280) -> Opened:
    """Open a file; every request but the file's own and data URLs is recorded."""
    page = started.new_page(viewport={"width": width, "height": 900})
    opened = Opened(page)
    own = path.resolve().as_uri()
    page.context.set_offline(True)
    page.on(
        "request",
        lambda r: (
            None
            if r.url.startswith("data:") or r.url.split("#")[0] == own
            else opened.requests.append(r.url)
        ),
    )
    page.on("pageerror", lambda error: opened.errors.append(str(error)))
    page.on(
        "console",
        lambda message: opened.errors.append(message.text) if message.type == "error" else None,
    )
    page.goto(own + fragment)
    return opened
