"""What a plan did, measure by measure, counted from its tables.

These are counts and not attributions: what each measure gave is known only from planning again
without it (the ladder of the report).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.figures import MODE_NAMES, Result, Row, names, number, text
from scenarios.pages import NONE, Numbers, count

if TYPE_CHECKING:
    from routing.case import Case

MEASURE_NAMES = {
    "packaging": "Packaging",
    "distance": "Distance",
    "mode_shift": "Mode shift",
    "load_rate": "Load rate",
    "consolidation": "Consolidation",
    "round_use": "Round use",
    "tender": "Tender",
}


@dataclass(frozen=True)
class Told:
    """One measure: whether it was planned with, what was done, and the same of the baseline."""

    measure: str
    name: str
    on: bool
    plan: str
    detail: str
    baseline: str


def told(result: Result, case: Case, baseline: Result | None, numbers: Numbers) -> list[Told]:
    """All seven measures in their order."""
    counters = {
        "packaging": _packaging,
        "distance": _distance,
        "mode_shift": _mode_shift,
        "load_rate": _load_rate,
        "consolidation": _consolidation,
        "round_use": _round_use,
        "tender": _tender,
    }
    rows = []
    for measure, counter in counters.items():
        plan, detail = counter(result, case, baseline, numbers)
        before = counter(baseline, case, None, numbers)[0] if baseline else ""
        on = case.settings.on(measure)
        rows.append(Told(measure, MEASURE_NAMES[measure], on, plan, detail, before or NONE))
    return rows


Counted = tuple[str, str]


def _packaging(result: Result, case: Case, _base: Result | None, n: Numbers) -> Counted:
    candidates = {
        p.packaging_id for options in case.packagings.values() for p in options if p.candidate
    }
    units = [r for r in result.order_allocation if number(r["handling_units"])]
    # an order that goes through a hub stands once for each run; its first one is enough
    first: dict[tuple[str, str, str], float] = {}
    for row in units:
        key = (text(row["order_id"]), text(row["line"]), text(row["packaging_id"]))
        first[key] = max(first.get(key, 0.0), number(row["handling_units"]))
    used = {key[2] for key in first if key[2] in candidates}
    chosen = sum(v for key, v in first.items() if key[2] in candidates)
    share = chosen / sum(first.values()) if first else 0.0
    plan = f"{n.percent(share)} of handling units in candidate packaging"
    detail = f"{', '.join(sorted(used)[:4])}" + (" and others" if len(used) > 4 else "")
    return plan, detail or "only the current packagings are used"


def gateways(result: Result) -> dict[tuple[str, str], dict[str, float]]:
    """Mass (kg) by gateways, for each relation of origin and destination."""
    relations: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in result.shipments:
        route = text(row["route"]).split(">")
        relation = (text(row["origin"]), text(row["destination"]))
        relations[relation][">".join(route[1:-1])] += number(row["mass_kg"])
    return relations


def main_gateway(ways: dict[str, float]) -> str:
    """The gateways that most of the mass of a relation takes."""
    return max(sorted(ways), key=lambda via: ways[via])


def _distance(result: Result, case: Case, base: Result | None, n: Numbers) -> Counted:
    activity, mass = result.figure("transport_activity_tkm"), _sent_kg(result)
    mean = f"{n.whole(1000 * activity / mass)} km a tonne" if mass else NONE
    now = gateways(result)
    before = {r: main_gateway(w) for r, w in gateways(base).items()} if base else {}
    if not before:
        before = {(b.origin, b.destination): ">".join(b.via) for b in case.baseline if b.via}
    both = [r for r in now if r in before]
    if not both:
        return mean, f"{count(len(now), 'relation', 'relations', n)} in the plan"
    moved = [r for r in both if main_gateway(now[r]) != before[r]]
    detail = f"other gateways than the baseline on {n.whole(len(moved))} of {n.whole(len(both))}"
    return mean, f"{detail} relations"


def _sent_kg(result: Result) -> float:
    """Mass at its first departure: orders that go through a hub count once."""
    sent: dict[str, float] = defaultdict(float)
    for row in result.order_allocation:
        key = f"{text(row['order_id'])}/{text(row['line'])}/{text(row['shipment_id'])}"
        sent[key] += number(row["mass_kg"])
    relayed = {_key(row) for row in _relayed(result)}
    return sum(v for key, v in sent.items() if key not in relayed)


def _key(row: Row) -> str:
    return f"{text(row['order_id'])}/{text(row['line'])}/{text(row['shipment_id'])}"


def _relayed(result: Result) -> list[Row]:
    """Allocations whose shipment goes on from where another of the same order line ended."""
    by_id = {text(s["shipment_id"]): s for s in result.shipments}
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in result.order_allocation:
        lines[f"{text(row['order_id'])}/{text(row['line'])}"].append(row)
    onward = []
    for rows in lines.values():
        ends = {text(by_id[text(r["shipment_id"])]["destination"]) for r in rows}
        onward += [r for r in rows if text(by_id[text(r["shipment_id"])]["origin"]) in ends]
    return onward


def _mode_shift(result: Result, _case: Case, _base: Result | None, n: Numbers) -> Counted:
    modes = result.by_mode()
    work = sum(m["activity_tkm"] for m in modes.values())
    if not work:
        return NONE, ""
    heavy = sum(modes[m]["activity_tkm"] for m in ("road", "air") if m in modes) / work
    parts = [
        f"{MODE_NAMES[m].lower()} {n.percent(modes[m]['activity_tkm'] / work)}"
        for m in ("sea", "rail", "inland_waterway")
        if m in modes
    ]
    return f"{n.percent(heavy)} of t-km by road or air", ", ".join(parts)


def _load_rate(result: Result, _case: Case, _base: Result | None, n: Numbers) -> Counted:
    if not result.load_units:
        return NONE, "no load units"
    volume, mass = result.figure("load_rate_volume"), result.figure("load_rate_mass")
    units = count(result.load_units, "load unit", "load units", n)
    return f"{n.percent(volume)} of volume used", f"{n.percent(mass)} of payload; {units}"


def _consolidation(result: Result, _case: Case, _base: Result | None, n: Numbers) -> Counted:
    rows = _relayed(result)
    tonnes = sum(number(r["mass_kg"]) for r in rows) / 1000
    lines = {(text(r["order_id"]), text(r["line"])) for r in rows}
    detail = f"{count(len(lines), 'order line', 'order lines', n)} meet others on the way"
    return f"{n.fixed(tonnes)} t through logistics centres", detail if lines else "none is used"


def _round_use(result: Result, _case: Case, _base: Result | None, n: Numbers) -> Counted:
    saved = sum(number(r["km_saved"]) for r in result.round_use)
    boxes = int(result.figure("round_use_boxes"))
    return count(boxes, "box reused", "boxes reused", n), f"{n.whole(saved)} km of empty ways saved"


def _tender(result: Result, case: Case, _base: Result | None, n: Numbers) -> Counted:
    used = {name for s in result.shipments for name in names(s["carriers"])}
    new = {c for c in used if c in case.carriers and not case.carriers[c].incumbent}
    work: dict[str, float] = defaultdict(float)
    for row in result.transport:
        work[text(row["carrier"])] += number(row["activity_tkm"])
    whole = sum(work.values())
    share = sum(v for carrier, v in work.items() if carrier in new) / whole if whole else 0.0
    plan = f"{n.whole(len(new))} of {count(len(used), 'carrier', 'carriers', n)} new"
    return plan, f"carriers outside the incumbents do {n.percent(share)} of the t-km"
