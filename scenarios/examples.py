"""The example projects that come with Lowhaul, and copies of them to work in."""

from __future__ import annotations

import shutil
from pathlib import Path

from lowhaul.errors import UsageError

_HERE = Path(__file__).resolve().parent
_FOLDERS = (_HERE / "examples", _HERE.parent / "examples")
"""In an installed wheel the examples lie in this package, in a checkout beside it."""


def example_folders() -> dict[str, Path]:
    """Every shipped example by its name."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for project in sorted(folder.glob("*/project.yaml")):
            found.setdefault(project.parent.name, project.parent)
    return found


def copy_example(name: str, target: Path) -> None:
    """Copy the example `name` to `target`, which must be new or an empty folder.

    Nothing is ever overwritten; results that lie beside the example are not copied.
    """
    examples = example_folders()
    if name not in examples:
        known = ", ".join(examples) or "none"
        raise UsageError(f"There is no example '{name}'. The shipped examples: {known}.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} exists and is not empty. Name a new folder.")
    ignored = shutil.ignore_patterns("results", "__pycache__", ".*")
    shutil.copytree(examples[name], target, ignore=ignored, dirs_exist_ok=True)
