"""summary.json: what a plan adds up to, how sure that is, and from which inputs it was made."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from math import ceil, inf
from typing import Any

from emissions.footprint import coverage, data_shares, total
from lowhaul import __version__
from lowhaul.solve import relative_gap
from lowhaul.units import KG_PER_T, kilograms, round_half_up
from routing.case import Case, Settings
from routing.ledger import Ledger
from routing.planner import Planned
from routing.selection import STOPPED, finite

LIBRARIES = ("ortools", "numpy", "pandas", "searoute")
"""Libraries whose version may change a plan."""
FIRST_STAGES = ("unserved", "late")
"""Stages that come before the objective: if the clock ended one, nothing is called optimal."""
SHARE_DIGITS = 4
GAP_DIGITS = 6
GRAIN = 1e-9
"""Below this share two figures of a solver are the same."""
RUN_ID_LENGTH = 12


def summary_of(
    case: Case,
    planned: Planned,
    ledger: Ledger,
    *,
    project: str,
    scenario: str,
    inputs: Mapping[str, str],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """Everything that summary.json holds, in its order."""
    whole = total(ledger.elements)
    covered, shares = coverage(ledger.elements), data_shares(ledger.elements)
    value = proved_value(case.settings, planned, ledger, whole.co2e.wtw_kg)
    bound = sound_bound(value, planned.bound)
    gap = told_gap(value, bound)
    volume, mass = load_rates(ledger)
    on_time = on_time_share(ledger)
    rest = planned.plan.unserved
    versions = {"lowhaul": __version__, "python": platform.python_version()}
    versions |= {name: importlib.metadata.version(name) for name in LIBRARIES}
    return {
        "project": project,
        "scenario": scenario,
        "status": status_of(case.settings, planned, gap),
        "interrupted": planned.interrupted,
        "basis": "planned",
        "objective": case.settings.objective,
        "cost": ledger.cost,
        "currency": case.settings.currency,
        "co2e_wtw_kg": kilograms(whole.co2e.wtw_kg),
        "co2e_ttw_kg": kilograms(whole.co2e.ttw_kg),
        "co2e_wtt_kg": kilograms(whole.co2e.wtt_kg),
        "co2e_coverage_transport": round_half_up(covered.transport, GAP_DIGITS),
        "co2e_coverage_hubs": round_half_up(covered.hubs, GAP_DIGITS),
        "transport_activity_tkm": whole.activity_tkm,
        "load_units": load_units(ledger),
        "load_rate_volume": volume,
        "load_rate_mass": mass,
        "round_use_boxes": ledger.round_use_boxes,
        "round_use_possible": ledger.round_use_possible,
        "orders": len(case.orders),
        "orders_unserved": len({u.order for u in rest}),
        "on_time_share": on_time,
        "primary_share_tkm": round_half_up(shares.by_tkm["primary"], SHARE_DIGITS),
        "primary_share_co2e": round_half_up(shares.by_co2e["primary"], SHARE_DIGITS),
        "bound": finite(bound),
        "gap": gap,
        "gap_filtered": told_gap(value, sound_bound(value, planned.choice.filtered_bound)),
        "co2e_tolerance": planned.choice.tolerance,
        "heuristic_cuts": planned.heuristic_cuts,
        "seconds": {name: round(s, 3) for name, s in seconds.items()},
        "inputs": dict(sorted(inputs.items())),
        "versions": versions,
        "run_id": run_id(case.settings, scenario, inputs),
    }


def objective_value(settings: Settings, cost: float, co2e_kg: float) -> float:
    """The plan's value in the unit of its objective: kg CO2e, or the project's currency."""
    if settings.objective == "min_cost":
        return cost
    if settings.objective == "min_total":
        return cost + settings.carbon_price_per_t * co2e_kg / KG_PER_T
    return co2e_kg


def proved_value(settings: Settings, planned: Planned, ledger: Ledger, co2e_kg: float) -> float:
    """The value that is set against the bound: that of the rows, or of the model if they agree.

    The bound is one of exact figures. Rows lie up to half a gram or cent each beside them, and
    that is no gap.
    """
    in_rows = objective_value(settings, ledger.cost, co2e_kg)
    half_a_row = (0.005 * len(ledger.costs), 0.0005 * len(ledger.legs))
    grain = objective_value(settings, *half_a_row)
    exact = planned.choice.objective
    return exact if abs(in_rows - exact) <= grain + 1e-9 * abs(exact) else in_rows


def sound_bound(value: float, bound: float) -> float:
    """The bound, or none (minus infinity) where the plan lies below it.

    Charges a shipment may make a plan cheaper than its model, where load units of several groups
    become one shipment. Then the bound is not one for such plans, and nothing is proved.
    """
    return bound if value >= bound - GRAIN * abs(bound) else -inf


def told_gap(value: float, bound: float) -> float | None:
    """The proved gap, rounded up so that what is claimed holds; None without a bound."""
    gap = finite(relative_gap(value, bound))
    if gap is None:
        return None
    if gap < GRAIN:
        return 0.0
    step = 10.0**-GAP_DIGITS
    return round(ceil(gap / step - 1e-6) * step, GAP_DIGITS)


def status_of(settings: Settings, planned: Planned, gap: float | None) -> str:
    """optimal: proved within the setting; timeout: the search was ended before; else feasible.

    It is ended by the clock or by whoever stops the run, which summary.json tells apart.
    """
    cut = {s.name for s in planned.stages if s.status in STOPPED}
    if gap is not None and gap <= settings.gap and not cut & set(FIRST_STAGES):
        return "optimal"
    return "timeout" if planned.stopped_by_clock else "feasible"


def load_units(ledger: Ledger) -> dict[str, int]:
    """Load units by equipment."""
    units: dict[str, int] = defaultdict(int)
    for trip in ledger.trips:
        if trip.shipment.equipment:
            units[trip.shipment.equipment] += trip.shipment.load_units
    return dict(sorted(units.items()))


def load_rates(ledger: Ledger) -> tuple[float, float]:
    """Use of volume and of payload: of what all load units together can hold."""
    plans = [plan for trip in ledger.trips for plan in trip.shipment.loads]
    room = sum(p.equipment.volume_m3 for p in plans)
    payload = sum(p.equipment.payload_kg for p in plans)
    volume = sum(p.volume_use * p.equipment.volume_m3 for p in plans)
    mass = sum(p.mass_kg for p in plans)
    return (
        round_half_up(volume / room, SHARE_DIGITS) if room else 0.0,
        round_half_up(mass / payload, SHARE_DIGITS) if payload else 0.0,
    )


def on_time_share(ledger: Ledger) -> float | None:
    """Served order lines of which no piece is late, of all served; None if nothing is served."""
    served: dict[str, bool] = {}
    for trip in ledger.trips:
        for content in trip.shipment.contents:
            order = content.packed.order
            if order.destination == trip.shipment.destination:
                in_time = trip.shipment.arrive <= order.due_date.toordinal()
                served[order.key] = served.get(order.key, True) and in_time
    return round_half_up(sum(served.values()) / len(served), SHARE_DIGITS) if served else None


def run_id(settings: Settings, scenario: str, inputs: Mapping[str, str]) -> str:
    """The same for the same inputs, scenario, settings and version, whoever runs it and when."""
    made_from = {
        "inputs": dict(inputs),
        "scenario": scenario,
        "settings": {k: _plain(v) for k, v in asdict(settings).items()},
        "version": __version__,
    }
    text = json.dumps(made_from, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:RUN_ID_LENGTH]


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
