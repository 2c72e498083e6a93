"""The files of a front: front.csv, front.json and the page front.html; and what is said of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from lowhaul import __version__
from lowhaul.columns import Column, Kind, Table
from lowhaul.console import table as console_table
from lowhaul.tables import write_csv, write_text
from lowhaul.units import KG_PER_T, money
from routing.case import Case
from routing.front import BLUR_KG, Traced
from scenarios.front_points import Judged, Point
from scenarios.project import Project
from scenarios.storage import new_results
from scenarios.summary import run_id

FOLDER = "front"
EXACT, SAMPLED = "exact", "sampled"
EXIT_CODES = {"done": 0, "timeout": 5, "interrupted": 130}

_SPECS: tuple[tuple[str, Kind, str, str], ...] = (
    ("point", "integer", "", "Number, the cheapest first."),
    ("name", "text", "", "least cost, knee, least CO2e; blank for others."),
    ("kind", "text", "", "plan: booked and checked; model value: no such plan was made."),
    ("cost", "number", "project currency", "Cost."),
    ("co2e_wtw_kg", "number", "kg CO2e", "CO2e, well-to-wheel."),
    ("emissions_cap_t", "number", "t CO2e", "A cap with which min_cost finds this point again."),
    ("price_per_t", "number", "project currency", "Cost of a tonne less, from the plan above."),
    ("cost_bound", "number", "project currency", "No plan within the cap costs less (proved)."),
    ("gap", "number", "", "(cost - bound) / cost; blank: no bound is known."),
    ("load_units", "integer", "", "Load units."),
    ("round_use_boxes", "integer", "", "Boxes loaded again."),
    ("orders_unserved", "integer", "", "Order lines not served in full."),
    ("note", "text", "", "What else must be known."),
)
FRONT = Table(
    "front",
    "Plans between least cost and least CO2e.",
    tuple(Column(name, kind, unit=unit, about=about) for name, kind, unit, about in _SPECS),
)


@dataclass(frozen=True)
class FrontResult:
    """What was found, as said on the console and in `front.json`."""

    folder: Path
    document: Mapping[str, Any]
    exit_code: int

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"exit_code": self.exit_code, **self.document, "folder": str(self.folder)}

    def text(self) -> str:
        """For the console: what the front is, then its points."""
        d = self.document
        head = ("", "", "CO2e t", f"cost {d['currency']}", "per t less", "gap", "boxes reused")
        rows = [
            (
                str(p["point"]),
                p["name"] or ("" if p["kind"] == "plan" else p["kind"]),
                f"{p['co2e_wtw_kg'] / KG_PER_T:,.3f}",
                f"{p['cost']:,.2f}",
                "-" if p["price_per_t"] is None else f"{p['price_per_t']:,.0f}",
                "-" if p["gap"] is None else f"{p['gap']:.2%}",
                str(p["round_use_boxes"]),
            )
            for p in d["points"]
        ]
        told = [said(d), console_table(head, rows, left=(0, 1))]
        return "\n".join([*told, f"Written to {self.folder}"])


def said(document: Mapping[str, Any]) -> str:
    """What the front is, in a sentence or two."""
    plans = sum(p["kind"] == "plan" for p in document["points"])
    count = f"{plans} plan" if plans == 1 else f"{plans} plans"
    if document["status"] == EXACT:
        return (
            f"Exact front, {count}: proved that none is cheaper at its CO2e and that no other plan "
            "belongs to it (CO2e told apart by the kilogram, cost by the cent)."
        )
    ended = {"timeout": " The time limit ended the search.", "interrupted": ""}
    why = document["open_because"]
    return f"Sampled front, {count}: others may lie between them. {why}" + (
        ended.get(document["ended"], "") if "time limit" not in why else ""
    )


def write_front(
    project: Project,
    scenario: str,
    case: Case,
    traced: Traced,
    ended: str,
    judged: Judged,
    seconds: float,
) -> FrontResult:
    """Write results/<scenario>/front/ whole or not at all."""
    points = told_points(judged)
    exact = traced.complete and all(p.is_plan and p.proved and p.gap == 0.0 for p in judged.points)
    why = "" if exact else traced.open_because
    if traced.complete and not exact:
        why = "Not every plan is proved: its books or its loads are not those of its model."
    settings = case.settings
    document: dict[str, Any] = {
        "project": project.name,
        "scenario": scenario,
        "status": EXACT if exact else SAMPLED,
        "ended": ended,
        "open_because": why,
        "method": "one model, asked again" if traced.one_model else "each point planned for itself",
        "currency": settings.currency,
        "step_kg": 1,
        "knee": next((p["point"] for p in points if "knee" in p["name"]), None),
        "points": points,
        "lower_curve": [
            {"co2e_at_most_kg": limit if isfinite(limit) else None, "cost_at_least": money(cost)}
            for limit, cost in judged.steps
        ],
        "co2e_bound_kg": traced.co2e_bound_kg if isfinite(traced.co2e_bound_kg) else None,
        "solves": traced.solves,
        "budget": settings.budget,
        "emissions_cap_t": settings.emissions_cap_t,
        "time_limit_s": settings.time_limit_s,
        "seconds": round(seconds, 3),
        "inputs": dict(sorted(project.hashes.items())),
        "versions": {"lowhaul": __version__},
        "run_id": run_id(settings, scenario, project.hashes),
    }
    from scenarios.front_page import write_page

    folder = project.folder / "results" / scenario / FOLDER
    with new_results(folder) as draft:
        write_csv(pd.DataFrame(points, columns=FRONT.names), draft / "front.csv", FRONT)
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        write_text(text + "\n", draft / "front.json")
        write_page(draft, document, judged, said(document), settings.as_of)
    return FrontResult(folder, document, EXIT_CODES[ended])


def told_points(judged: Judged) -> list[dict[str, Any]]:
    """The rows of front.csv."""
    names, prices = judged.names(), judged.prices()
    rows, place = [], 0
    for number, point in enumerate(judged.points, 1):
        name, price = "", None
        if point.is_plan:
            name, price = names.get(place, ""), prices[place]
            place += 1
        rows.append(_row(number, point, name, price))
    return rows


def _row(number: int, p: Point, name: str, price: float | None) -> dict[str, Any]:
    return {
        "point": number,
        "name": name,
        "kind": p.kind,
        "cost": money(p.cost),
        "co2e_wtw_kg": p.co2e_kg,
        "emissions_cap_t": ceil(p.co2e_kg - BLUR_KG) / KG_PER_T,
        "price_per_t": None if price is None else money(price),
        "cost_bound": None if p.cost_bound is None else money(p.cost_bound),
        "gap": p.gap,
        "load_units": p.load_units,
        "round_use_boxes": p.round_use_boxes,
        "orders_unserved": p.orders_unserved,
        "note": p.note,
    }
