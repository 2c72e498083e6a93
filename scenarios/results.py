"""A finished plan as result tables: frames with every declared column in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from emissions.footprint import toc_rows
from lowhaul.columns import Table
from lowhaul.findings import Finding
from lowhaul.result_tables import RESULT_TABLES
from lowhaul.units import kilograms, round_half_up
from routing.case import Case
from routing.ledger import Ledger
from routing.ledger_chain import Trip
from routing.ledger_rows import AllocationRow, CostRow, LegRow, RoundUseRow
from routing.offers import Offer
from routing.pins import booking_refs
from routing.plan import Unserved
from scenarios.actions import action_rows
from scenarios.awards import award_rows

Row = dict[str, Any]
SHARE_DIGITS = 4
MM_DIGITS = 1


def result_tables(
    case: Case,
    ledger: Ledger,
    unserved: Sequence[Unserved],
    findings: Iterable[Finding],
    offers: Iterable[Offer],
) -> dict[str, pd.DataFrame]:
    """Every result table by its name; `offers` are all that the plan could choose from."""
    loads, placements = _load_rows(ledger.trips)
    rows: dict[str, list[Row]] = {
        "shipments": [_shipment(t, ledger) for t in ledger.trips],
        "legs": [leg_row(r) for r in ledger.legs],
        "order_allocation": [_allocation(r) for r in ledger.allocation],
        "loads": loads,
        "placements": placements,
        "costs": [_cost(r) for r in ledger.costs],
        "round_use": [_round_use(r) for r in ledger.round_use],
        "awards": award_rows(case, ledger, offers),
        "tocs": [vars(r) for r in toc_rows(ledger.elements)],
        "actions": action_rows(case, ledger),
        "unserved": [_unserved(case, u) for u in unserved],
        "findings": [vars(f) for f in findings],
    }
    return {name: as_frame(table, rows[name]) for name, table in RESULT_TABLES.items()}


def as_frame(table: Table, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with the declared columns in their order, also when there are none."""
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=object) for name in table.names}
    )


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _shipment(trip: Trip, ledger: Ledger) -> Row:
    s, sums = trip.shipment, ledger.sums[trip.shipment.shipment_id]
    sea = [leg for leg in s.legs if leg.offer.bid.mode == "sea"]
    final = [c.packed.order for c in s.contents if c.packed.order.destination == s.destination]
    pickup = ""
    pickup_day: int | None = None
    if trip.fetches:
        pickup = s.pickup_place if trip.came else s.legs[0].offer.bid.destination
        pickup_day = min([u.day for u in trip.came if not u.depot] + [trip.stuffed])
    return {
        "shipment_id": s.shipment_id,
        "origin": s.origin,
        "destination": s.destination,
        "order_ids": ";".join(sorted({c.packed.order.order_id for c in s.contents})),
        "equipment": s.equipment,
        "load_units": s.load_units,
        "mass_kg": sums.mass_kg,
        "volume_m3": sums.volume_m3,
        "packaging_ids": ";".join(sorted({c.packed.packaging.packaging_id for c in s.contents})),
        "stuffing_date": _day(trip.stuffed),
        "departure_date": _day(s.depart),
        "arrival_date": _day(s.arrive),
        "pol": sea[0].offer.bid.origin if sea else "",
        "pod": sea[-1].offer.bid.destination if sea else "",
        "cutoff_date": _day(sea[0].depart - sea[0].offer.bid.cutoff_days) if sea else None,
        "empty_pickup_place": pickup,
        "empty_pickup_date": _day(pickup_day),
        "route": ">".join(s.stops),
        "carriers": ";".join(dict.fromkeys(leg.offer.bid.carrier for leg in s.legs)),
        "cost": sums.cost,
        "co2e_wtw_kg": sums.co2e_wtw_kg,
        "on_time": all(s.arrive <= o.due_date.toordinal() for o in final),
        "booking_ref": ";".join(booking_refs(trip.case, s)),
    }


def leg_row(row: LegRow) -> Row:
    """One row of legs.csv; CO2e is blank where nothing is known, never zero."""
    distance = row.distance
    known = row.element.row()
    return {
        **known,
        "seq": row.seq,
        "from": row.origin,
        "to": row.destination,
        "bid_id": row.bid_id,
        "equipment": row.equipment,
        "load_units": int(row.element.load_units),
        "distance_km": row.distance_km,
        "distance_basis": row.distance_basis,
        "sfd_km": distance.sfd_km if distance else 0.0,
        "gcd_km": distance.gcd_km if distance else 0.0,
        "actual_km": distance.actual_km if distance else 0.0,
        "daf": known["daf"] if distance else None,
        "distance_source": distance.source if distance else "",
        "cost": row.cost,
        "depart": _day(row.depart),
        "arrive": _day(row.arrive),
        "paid_by": row.paid_by,
        "ghg_scope": row.ghg_scope,
    }


def _allocation(row: AllocationRow) -> Row:
    return {**vars(row), "allocation_basis": "mass"}


def _cost(row: CostRow) -> Row:
    return vars(row)


def _round_use(row: RoundUseRow) -> Row:
    return {
        **vars(row),
        "from": row.origin,
        "to": row.destination,
        "date": _day(row.day),
    }


def _unserved(case: Case, left: Unserved) -> Row:
    order_id, _, line = left.order.rpartition("/")
    pins = [str(pin) for pin in case.pins if left.order in pin.orders]
    pinned = f" Its ways are narrowed by {'; '.join(pins)}." if pins else ""
    reason = left.reason + pinned
    return {"order_id": order_id, "line": line, "pieces": left.pieces, "reason": reason}


def _load_rows(trips: Iterable[Trip]) -> tuple[list[Row], list[Row]]:
    """Load units numbered over all shipments, and the handling units in them."""
    loads: list[Row] = []
    placements: list[Row] = []
    for trip in trips:
        for plan in trip.shipment.loads:
            load_id = f"L-{len(loads) + 1:04d}"
            placed = list(_placements(load_id, plan.placements))
            mass_kg = kilograms(sum(p["mass_kg"] for p in placed))
            loads.append(
                {
                    "load_id": load_id,
                    "shipment_id": trip.shipment.shipment_id,
                    "equipment": plan.equipment.code,
                    "handling_units": len(placed),
                    "mass_kg": mass_kg,
                    "vgm_kg": kilograms(mass_kg + plan.equipment.tare_kg),
                    "volume_use": round_half_up(plan.volume_use, SHARE_DIGITS),
                    "mass_use": round_half_up(plan.mass_use, SHARE_DIGITS),
                    "floor_use": round_half_up(plan.floor_use, SHARE_DIGITS),
                    "cog_x_mm": round_half_up(plan.cog_x_mm, MM_DIGITS),
                    "cog_y_mm": round_half_up(plan.cog_y_mm, MM_DIGITS),
                    "cog_z_mm": round_half_up(plan.cog_z_mm, MM_DIGITS),
                    "stuffable": True,
                }
            )
            placements += placed
    return loads, placements


def _placements(load_id: str, placements: Iterable[Any]) -> Iterator[Row]:
    for p in placements:
        order_id, _, line = p.unit.order.rpartition("/")
        yield {
            "load_id": load_id,
            "step": p.step,
            "order_id": order_id,
            "line": line,
            "packaging_id": p.unit.packaging.packaging_id,
            "x_mm": p.x_mm,
            "y_mm": p.y_mm,
            "z_mm": p.z_mm,
            "dx_mm": p.dx_mm,
            "dy_mm": p.dy_mm,
            "dz_mm": p.dz_mm,
            "mass_kg": kilograms(p.unit.mass_kg),
        }
