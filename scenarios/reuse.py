"""`lowhaul reuse`: street turns planned alone, checked, and written as round_use.csv and summary.

The same tables give the same plan, whatever the order of their rows.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from lowhaul import __version__
from lowhaul.console import table as console_table
from lowhaul.errors import PlanFailsCheck
from lowhaul.findings import Finding
from lowhaul.result_tables import FINDINGS, ROUND_USE
from lowhaul.tables import write_csv, write_text
from lowhaul.units import kilograms, kilometres, money
from routing.check.street_turns import check_street_turns
from routing.street_reasons import KINDS, reasons
from routing.street_turns import StreetTurn, StreetTurns, best_turns
from routing.turn_case import TurnCase
from scenarios.reuse_inputs import ReuseInputs, ReuseOptions, read_reuse

SHOWN = 12


@dataclass(frozen=True)
class ReuseResult:
    """What was planned, as said on the console and in `summary.json`."""

    out: Path
    summary: Mapping[str, Any]
    turns: tuple[StreetTurn, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {**self.summary, "out": str(self.out)}

    def text(self) -> str:
        """For the console: the answer, the turns that save most, why boxes are left."""
        s = self.summary
        lines = [
            f"{s['round_use_boxes']} of {s['boxes']} emptied boxes are loaded again for "
            f"{s['wanted']} wanted ones ({s['round_use_possible']} could be at most): "
            f"{s['km_saved']:,.0f} km and {s['co2e_avoided_kg']:,.0f} kg CO2e avoided, "
            f"cost {s['cost_change']:+,.2f} {s['currency'] or ''}".rstrip()
            + f". Proved: {_PROVED[s['objective']]}."
        ]
        best = sorted(self.turns, key=lambda t: -t.co2e_avoided_kg)[:SHOWN]
        if best:
            rows = [
                (t.empties.empty_id, t.wanted.wanted_id, t.empties.line, t.depot,
                 t.day.isoformat(), str(t.boxes), f"{t.km_saved:,.0f}", f"{t.co2e_avoided_kg:,.0f}")
                for t in best
            ]  # fmt: skip
            head = ("emptied", "wanted", "line", "depot", "day", "boxes", "km", "kg CO2e")
            lines.append(console_table(head, rows, left=(0, 1, 2, 3, 4)))
        if len(self.turns) > len(best):
            lines.append(f"... and {len(self.turns) - len(best)} more in round_use.csv")
        lines += [f"Unused: {n} boxes, {KINDS[kind]}." for kind, n in s["unused"].items()]
        lines.append(f"Written to {self.out}")
        return "\n".join(lines)


_PROVED = {
    "co2e": "no other turns avoid more CO2e, nor as much for less money",
    "cost": "no other turns cost less, nor as little with more CO2e avoided",
    "boxes": "no more boxes can be loaded again, nor as many with more CO2e avoided",
}


def reuse(paths: Sequence[Path], out: Path, options: ReuseOptions) -> ReuseResult:
    """Plan the street turns of the tables in `paths` and write them into `out`.

    Raises InputRejected with all findings, PlanFailsCheck if the check refuses the plan.
    """
    started = time.perf_counter()
    inputs = read_reuse(paths, options)
    read = time.perf_counter()
    plan = best_turns(inputs.case)
    rows, unused = result_rows(inputs.case, plan)
    planned = time.perf_counter()
    faults = check_street_turns(inputs.case, rows)
    if faults:
        raise PlanFailsCheck(faults)
    seconds = {
        "read": round(read - started, 3),
        "plan": round(planned - read, 3),
        "check": round(time.perf_counter() - planned, 3),
    }
    summary = {**_summary(inputs, plan, rows, unused, options), "seconds": seconds}
    out.mkdir(parents=True, exist_ok=True)
    write_csv(pd.DataFrame(rows, columns=ROUND_USE.names), out / "round_use.csv", ROUND_USE)
    write_csv(_open(inputs.case, plan), out / "wanted_open.csv")
    found = [{n: getattr(f, n) for n in FINDINGS.names} for f in inputs.findings]
    write_csv(pd.DataFrame(found, columns=FINDINGS.names), out / "findings.csv", FINDINGS)
    text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(text + "\n", out / "summary.json")
    return ReuseResult(out, summary, plan.turns, inputs.findings)


def result_rows(case: TurnCase, plan: StreetTurns) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The rows of round_use.csv, and unused boxes by kind of reason.

    `shipment_id` holds the wanted_id: there are no shipments yet.
    """
    rows = [_turn_row(turn) for turn in plan.turns]
    unused: Counter[str] = Counter()
    for i, left, kind, words in reasons(case, plan):
        unused[kind] += left
        boxes = case.empties[i]
        of_them = "" if left == boxes.quantity else f"{left} of {boxes.quantity}: "
        rows.append(
            {
                "empty_id": boxes.empty_id, "import_shipment_id": "", "shipment_id": "",
                "equipment": boxes.equipment, "line": boxes.line, "boxes": 0,
                "from": boxes.location, "to": "", "depot": "", "date": None, "km_saved": 0.0,
                "co2e_avoided_kg": 0.0, "co2e_avoided_own_kg": 0.0,
                "co2e_avoided_partner_kg": 0.0, "cost_change": 0.0,
                "reason": of_them + words,
            }
        )  # fmt: skip
    return rows, {kind: unused[kind] for kind in KINDS if unused[kind]}


def _turn_row(turn: StreetTurn) -> dict[str, Any]:
    return {
        "empty_id": turn.empties.empty_id, "import_shipment_id": "",
        "shipment_id": turn.wanted.wanted_id, "equipment": turn.empties.equipment,
        "line": turn.empties.line, "boxes": turn.boxes, "from": turn.empties.location,
        "to": turn.wanted.location, "depot": turn.depot, "date": turn.day,
        "km_saved": turn.km_saved, "co2e_avoided_kg": turn.co2e_avoided_kg,
        "co2e_avoided_own_kg": turn.co2e_avoided_own_kg,
        "co2e_avoided_partner_kg": turn.co2e_avoided_partner_kg,
        "cost_change": turn.cost_change, "reason": "",
    }  # fmt: skip


def _open(case: TurnCase, plan: StreetTurns) -> pd.DataFrame:
    """Exports that still want boxes from their port."""
    names = ("wanted_id", "equipment", "location", "line", "boxes", "boxes_open")
    rows = [
        (w.wanted_id, w.equipment, w.location, w.line, w.quantity, left)
        for w, left in zip(case.wanted, plan.open, strict=True)
        if left
    ]
    return pd.DataFrame(rows, columns=list(names))


def _summary(
    inputs: ReuseInputs,
    plan: StreetTurns,
    rows: Sequence[Mapping[str, Any]],
    unused: Mapping[str, int],
    options: ReuseOptions,
) -> dict[str, Any]:
    case = inputs.case

    def total(name: str) -> float:
        return sum(float(row[name]) for row in rows)

    asked = f"{options} {sorted(inputs.hashes.items())}"
    return {
        "scenario": "reuse",
        "status": "optimal",
        "basis": "planned",
        "objective": case.objective,
        "boxes": sum(e.quantity for e in case.empties),
        "wanted": sum(w.quantity for w in case.wanted),
        "round_use_boxes": int(total("boxes")),
        "round_use_possible": plan.most_boxes,
        "wanted_open": sum(plan.open),
        "pairs": plan.pairs,
        "km_saved": kilometres(total("km_saved")),
        "co2e_avoided_kg": kilograms(total("co2e_avoided_kg")),
        "co2e_avoided_own_kg": kilograms(total("co2e_avoided_own_kg")),
        "co2e_avoided_partner_kg": kilograms(total("co2e_avoided_partner_kg")),
        "cost_change": money(total("cost_change")),
        "currency": case.fx.currency or None,
        "cost_per_km": case.cost_per_km or None,
        "wait_days": case.wait_days,
        "depots": list(case.depots),
        "unused": dict(unused),
        "gap": 0.0,
        "inputs": inputs.hashes,
        "versions": {"lowhaul": __version__},
        "run_id": hashlib.sha256(asked.encode()).hexdigest()[:12],
    }
