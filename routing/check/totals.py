"""Totals: what the summary, the categories and the actions say is what the rows add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from routing.check.plan import GRAM, SHARE, Breach, Plan, exactly
from routing.check.rows import Leg

SCOPES = ("1", "2", "3.4", "3.9")


def _said(plan: Plan, name: str) -> float | None:
    value = plan.summary.get(name)
    return float(value) if isinstance(value, (int, float)) else None


def shipment_co2e(plan: Plan) -> Iterator[Breach]:
    """A shipment's CO2e is the sum of its leg rows, hubs and empty ways included."""
    for s in plan.shipments:
        right = sum(g.co2e_wtw_kg for g in plan.legs_of.get(s.shipment_id, ()))
        if not exactly(s.co2e_wtw_kg, right, GRAM):
            yield "shipments", s.shipment_id, f"{s.co2e_wtw_kg} kg CO2e, its legs make {right:.3f}"


def summary_co2e(plan: Plan) -> Iterator[Breach]:
    """The plan's CO2e and activity are the sums of its leg rows, to the gram."""
    for name, right in (
        ("co2e_wtw_kg", sum(g.co2e_wtw_kg for g in plan.legs)),
        ("co2e_ttw_kg", sum(g.co2e_ttw_kg for g in plan.legs)),
        ("co2e_wtt_kg", sum(g.co2e_wtt_kg for g in plan.legs)),
        ("transport_activity_tkm", sum(g.activity_tkm for g in plan.legs)),
    ):
        said = _said(plan, name)
        if said is None or not exactly(said, right, GRAM):
            yield "summary", name, f"{said}, the rows of legs make {right:.3f}"


def cap_kept(plan: Plan) -> Iterator[Breach]:
    """The plan emits no more than the cap."""
    cap, said = plan.case.settings.emissions_cap_t, _said(plan, "co2e_wtw_kg")
    if cap is not None and said is not None and said > cap * 1000.0 + GRAM:
        yield "summary", "co2e_wtw_kg", f"{said} kg is above the cap of {cap} t"


def _share(rows: list[Leg], of: list[Leg], column: str) -> float | None:
    whole = sum(getattr(g, column) for g in of)
    return sum(getattr(g, column) for g in rows) / whole if whole else None


def shares_told(plan: Plan) -> Iterator[Breach]:
    """Shares of coverage and of primary data are those of the rows."""
    laden = [g for g in plan.legs if g.kind == "transport"]
    hubs = [g for g in plan.legs if g.kind == "hub"]
    moved = [g for g in plan.legs if g.kind != "hub"]
    rights: dict[str, list[float | None]] = {
        "co2e_coverage_transport": [_share([g for g in laden if g.covered], laden, "activity_tkm")],
        "co2e_coverage_hubs": [_share([g for g in hubs if g.covered], hubs, "mass_kg")],
        "primary_share_tkm": [
            _share([g for g in laden if g.data_type == "primary"], laden, "activity_tkm")
        ],
        "primary_share_co2e": [
            _share([g for g in of if g.data_type == "primary"], of, "co2e_wtw_kg")
            for of in (plan.legs, moved, laden)
        ],
    }
    for name, known in rights.items():
        said = _said(plan, name)
        values = [k for k in known if k is not None]
        if values and (said is None or not any(exactly(said, v, SHARE) for v in values)):
            yield "summary", name, f"{said}, the rows of legs make {values[0]:.4f}"


def counts_told(plan: Plan) -> Iterator[Breach]:
    """Load units by equipment, order lines, and those with unserved pieces."""
    units: dict[str, float] = defaultdict(float)
    for s in plan.shipments:
        if s.equipment:
            units[s.equipment] += s.load_units
    said = plan.summary.get("load_units")
    told = {k: float(v) for k, v in said.items() if v} if isinstance(said, dict) else {}
    if told != dict(units):
        yield "summary", "load_units", f"{told}, the shipments have {dict(units)}"
    for name, right in (
        ("orders", len(plan.orders)),
        ("orders_unserved", sum(1 for pieces in plan.unserved_pieces.values() if pieces > 0)),
    ):
        value = _said(plan, name)
        if value is not None and value != right:
            yield "summary", name, f"{value:g}, the plan has {right} order lines"


def load_rates_told(plan: Plan) -> Iterator[Breach]:
    """Load rates are those of the load units: as a mean, or of what all can hold."""
    boxes = [plan.case.equipment.get(u.equipment) for u in plan.loads]
    known = [(u, b) for u, b in zip(plan.loads, boxes, strict=True) if b]
    if not known:
        return
    for name, use, size in (
        ("load_rate_volume", "volume_use", "volume_m3"),
        ("load_rate_mass", "mass_use", "payload_kg"),
    ):
        said = _said(plan, name)
        mean = sum(getattr(u, use) for u, _ in known) / len(known)
        whole = sum(getattr(b, size) for _, b in known)
        pooled = sum(getattr(u, use) * getattr(b, size) for u, b in known) / whole
        if said is not None and not any(abs(said - v) <= 0.0016 for v in (mean, pooled)):
            yield "summary", name, f"{said}, the loads make {pooled:.4f}"


def proof_told(plan: Plan) -> Iterator[Breach]:
    """A plan is called optimal only with a gap within the setting."""
    gap = _said(plan, "gap")
    if plan.summary.get("status") == "optimal":
        if gap is None or gap > plan.case.settings.gap + 1e-9:
            message = f"optimal with a gap of {gap}, the setting is {plan.case.settings.gap}"
            yield "summary", "status", message
    elif plan.summary.get("status") == "infeasible" and plan.shipments:
        yield "summary", "status", "infeasible, yet there are shipments"


def tocs_told(plan: Plan) -> Iterator[Breach]:
    """A category's activity and CO2e are those of its rows; its intensity is their quotient."""
    activity: dict[str, float] = defaultdict(float)
    co2e: dict[str, float] = defaultdict(float)
    known = {t.toc_id for t in plan.tocs}
    for leg in plan.legs:
        activity[leg.toc_id] += leg.activity_tkm
        co2e[leg.toc_id] += leg.co2e_wtw_kg
        if leg.kind == "transport" and leg.toc_id not in known:
            yield "legs", leg.key, f"its category {leg.toc_id!r} is not in tocs"
    for toc in plan.tocs:
        if not exactly(toc.activity_tkm, activity[toc.toc_id], GRAM):
            message = f"{toc.activity_tkm} t-km, its rows make {activity[toc.toc_id]:.3f}"
            yield "tocs", toc.toc_id, message
        if not exactly(toc.co2e_wtw_kg, co2e[toc.toc_id], GRAM):
            message = f"{toc.co2e_wtw_kg} kg CO2e, its rows make {co2e[toc.toc_id]:.3f}"
            yield "tocs", toc.toc_id, message
        said = toc.intensity_wtw_g_per_tkm
        if said is not None and toc.activity_tkm:
            right = toc.co2e_wtw_kg * 1000.0 / toc.activity_tkm
            if abs(said - right) > 0.00051 * max(1.0, right):
                yield "tocs", toc.toc_id, f"{said} g/t-km, its figures make {right:.3f}"


def scope_told(plan: Plan) -> Iterator[Breach]:
    """Each leg of a shipment has a scope; what is bought or moved within is never category 9."""
    for leg in plan.legs:
        if leg.kind != "transport":
            continue
        if leg.ghg_scope not in SCOPES:
            yield "legs", leg.key, f"ghg_scope {leg.ghg_scope!r} is not one of {', '.join(SCOPES)}"
        flows = {o.flow for o in plan.orders_of(leg.shipment_id)}
        if leg.ghg_scope == "3.9" and flows and "outbound" not in flows:
            yield "legs", leg.key, f"3.9 for goods that are {' and '.join(sorted(flows))}"


def actions_told(plan: Plan) -> Iterator[Breach]:
    """Every shipment stands in Monday's work; places and carriers named there exist."""
    named = {a.shipment_id for a in plan.actions}
    for s in plan.shipments:
        if s.shipment_id not in named:
            yield "actions", s.shipment_id, "no action books it"
    for action in plan.actions:
        key = f"{action.action} {action.shipment_id}"
        if action.carrier and action.carrier not in plan.case.carriers:
            yield "actions", key, f"carrier {action.carrier!r} is not known"
        if action.place and action.place not in plan.case.places:
            yield "actions", key, f"place {action.place!r} is not known"
        if action.quantity is not None and action.quantity < 0:
            yield "actions", key, f"quantity {action.quantity:g}"


RULES = (
    shipment_co2e,
    summary_co2e,
    cap_kept,
    shares_told,
    counts_told,
    load_rates_told,
    proof_told,
    tocs_told,
    scope_told,
    actions_told,
)
