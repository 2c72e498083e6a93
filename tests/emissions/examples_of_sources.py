"""The worked examples with their sources, read once (worked_examples.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "worked_examples.json"
EXAMPLES: dict[str, dict[str, Any]] = {
    e["id"]: e for e in json.loads(FILE.read_text("utf-8"))["examples"]
}


def given(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Inputs and expected results of one example."""
    example = EXAMPLES[name]
    assert example["source"]
    return example["inputs"], example["expected"]
