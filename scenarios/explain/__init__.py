"""`lowhaul explain`: why a lane, an order or a carrier came out of a plan as it did.

The plan is read from its tables and the case is made from the inputs again; what is compared and
how stands in routing/explain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from routing.check.plan import Plan as Judged
from routing.explain.rivals import Field
from scenarios.explain.carriers import carrier_view
from scenarios.explain.lanes import lane_view
from scenarios.explain.orders import order_view
from scenarios.explain.subjects import Subject, find_subject
from scenarios.inputs import build_case, load_project
from scenarios.redraw import changed_inputs, results_folder
from scenarios.storage import read_results

HELD = (
    "Each comparison changes one thing and holds everything else of the plan: it is no new plan. "
    "What planning again would give is found by planning again."
)
CENT, GRAM = 0.005, 0.0005


class View(Protocol):
    """What was found about a subject."""

    def text(self) -> str:
        """For the console."""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""


@dataclass(frozen=True)
class Explained:
    """A subject with its explanation, and what stands between it and the plan as it was made."""

    scenario: str
    subject: Subject
    objective: str
    currency: str
    view: View
    doubts: Sequence[str]

    def text(self) -> str:
        """For the console."""
        aim = f"{OBJECTIVES[self.objective]}; cost in {self.currency}"
        head = f"{self.subject.title} in '{self.scenario}' ({aim})"
        return "\n".join([head, HELD, "", self.view.text()])

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "scenario": self.scenario,
            "kind": self.subject.kind,
            "name": self.subject.name,
            "objective": self.objective,
            "currency": self.currency,
            "held_fixed": HELD,
            "doubts": list(self.doubts),
            **self.view.as_dict(),
        }


OBJECTIVES = {
    "min_emissions": "least CO₂e, then least cost",
    "min_cost": "least cost, then least CO₂e",
    "min_total": "least cost with CO₂e at its price",
}


def explain(folder: Path, scenario: str, name: str, kind: str | None = None) -> Explained:
    """Explain a lane, an order or a carrier of a planned scenario.

    Raises UsageError where the scenario has no results or the name is of several kinds,
    NothingMatched where the plan has nothing of that name.
    """
    results = results_folder(folder, scenario)
    project = load_project(folder)
    case = build_case(project, scenario)
    tables, summary = read_results(results)
    judged = Judged(case, tables, summary)
    subject = find_subject(case, judged, scenario, name, kind)
    field = Field(case, judged)
    views: dict[str, Callable[[Field, str], View]] = {
        "lane": lane_view,
        "order": order_view,
        "carrier": carrier_view,
    }
    view = views[subject.kind](field, subject.name)
    doubts = []
    changed = changed_inputs(project, summary)
    if changed:
        doubts.append(
            f"The inputs have changed since this plan was made: {', '.join(changed)}. "
            "It is explained with those of today."
        )
    total = field.books.figures(case, field.plan)
    cost, co2e = float(summary["cost"]), float(summary["co2e_wtw_kg"])
    if abs(total.cost - cost) > CENT or abs(total.co2e_kg - co2e) > GRAM:
        doubts.append(
            f"Booked again, the plan comes to {total.cost:,.2f} and {total.co2e_kg:,.3f} kg; its "
            f"summary says {cost:,.2f} and {co2e:,.3f} kg. Differences are taken of the former."
        )
    settings = case.settings
    return Explained(scenario, subject, settings.objective, settings.currency, view, tuple(doubts))
