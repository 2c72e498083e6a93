"""Plans in words and figures for the command line, the same words as in the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from lowhaul.console import table
from lowhaul.units import KG_PER_T
from scenarios.pages import NONE, Numbers, as_number, status_of

SIGNS = {"done": "✓", "caution": "△", "stop": "✕"}


class PlannedScenario(Protocol):
    """What the words are made from: one planned scenario."""

    @property
    def scenario(self) -> str:
        """Its name."""

    @property
    def status(self) -> str:
        """optimal, feasible, infeasible, timeout or interrupted."""

    @property
    def exit_code(self) -> int:
        """What the command line returns for it (docs/exit-codes.md)."""

    @property
    def folder(self) -> Path:
        """Where its results lie."""

    @property
    def summary(self) -> Mapping[str, object]:
        """Its summary.json; empty if there is no plan."""

    @property
    def message(self) -> str:
        """What more is to be said, in sentences."""


def status_words(outcome: PlannedScenario) -> str:
    """The state of a plan, sign and words as in the report."""
    summary = {
        **outcome.summary,
        "status": outcome.status,
        "shipments_planned": bool(outcome.summary),
    }
    status = status_of(summary, Numbers())
    return f"{SIGNS[status.sign]} {status.text}"


def outcomes_text(outcomes: Sequence[PlannedScenario]) -> str:
    """A table with a row a scenario, what is to be said of each, and where report and map lie."""
    currency = next((str(o.summary["currency"]) for o in outcomes if o.summary), "")
    head = (
        "scenario",
        "result",
        f"cost {currency}".strip(),
        "CO₂e t (WTW)",
        "containers",
        "boxes reused",
        "on time",
    )
    parts = [table(head, (_row(o) for o in outcomes), left=(0, 1))]
    for outcome in outcomes:
        unserved = as_number(outcome.summary.get("orders_unserved"))
        if unserved:
            parts.append(
                f"{outcome.scenario}: {unserved:.0f} order lines are not served; "
                f"the reasons stand in {outcome.folder / 'unserved.csv'}"
            )
        if outcome.message:
            parts.append(f"{outcome.scenario}: {outcome.message}")
    for outcome in outcomes:
        for name in ("report.html", "map.html"):
            path = outcome.folder / name
            if outcome.summary and path.is_file():
                parts.append(f"{outcome.scenario}: {path}")
    return "\n".join(parts)


def outcome_dict(outcome: PlannedScenario) -> dict[str, object]:
    """One planned scenario for `--json`."""
    return {
        "scenario": outcome.scenario,
        "status": outcome.status,
        "exit_code": outcome.exit_code,
        "folder": str(outcome.folder),
        "message": outcome.message,
        "summary": dict(outcome.summary),
    }


def _row(outcome: PlannedScenario) -> tuple[str, ...]:
    summary = outcome.summary
    if not summary:
        return (outcome.scenario, status_words(outcome), *[NONE] * 5)
    units = summary.get("load_units")
    boxes = sum(units.values()) if isinstance(units, Mapping) else None
    co2e_kg = as_number(summary.get("co2e_wtw_kg"))
    on_time = as_number(summary.get("on_time_share"))
    return (
        outcome.scenario,
        status_words(outcome),
        _shown(summary.get("cost")),
        _shown(None if co2e_kg is None else co2e_kg / KG_PER_T, digits=1),
        _shown(boxes),
        _shown(summary.get("round_use_boxes")),
        NONE if on_time is None else Numbers().percent(on_time),
    )


def _shown(value: object, digits: int = 0) -> str:
    number = as_number(value)
    return NONE if number is None else Numbers().fixed(number, digits)
