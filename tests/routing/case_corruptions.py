"""Corruptions of the case: inputs tightened under a plan, each with the rule that must name it.

The tables stay as they are; None says that a plan has nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pandas as pd

from routing.bids import Bid
from routing.case import MEASURES, Case, RoadLimit
from routing.decisions import Pin
from tests.routing.corruptions import day, first, is_blank, reused, rows, transport


@dataclass(frozen=True)
class CaseCorruption:
    """A tighter case that the plan no longer meets; None: nothing to tighten."""

    name: str
    mutate: Callable[[Case, Mapping[str, pd.DataFrame]], Case | None]
    expected_rule: str


CASE_CORRUPTIONS: list[CaseCorruption] = []


def _tighten(
    rule: str,
) -> Callable[[Callable[[Case, Mapping[str, pd.DataFrame]], Case | None]], None]:
    def keep(mutate: Callable[[Case, Mapping[str, pd.DataFrame]], Case | None]) -> None:
        CASE_CORRUPTIONS.append(CaseCorruption(mutate.__name__, mutate, rule))

    return keep


def _used(case: Case, tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[Bid, dict[str, Any]]]:
    bids = {b.bid_id: b for b in case.bids}
    for _, row in rows(tables["legs"], transport):
        if row["bid_id"] in bids:
            yield bids[row["bid_id"]], row


def _with_bid(case: Case, bid: Bid, **changes: Any) -> Case:
    bids = tuple(replace(b, **changes) if b.bid_id == bid.bid_id else b for b in case.bids)
    return replace(case, bids=bids)


def _with_settings(case: Case, **changes: Any) -> Case:
    return replace(case, settings=replace(case.settings, **changes))


def _without(case: Case, measure: str) -> Case:
    return _with_settings(case, measures=frozenset(MEASURES) - {measure})


@_tighten("bid_in_force")
def bid_expired(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, row in _used(case, tables):
        return _with_bid(case, bid, valid_to=day(row["depart"]) - timedelta(days=1))
    return None


@_tighten("carrier_qualified")
def carrier_disqualified(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, row in _used(case, tables):
        until = day(row["depart"]) - timedelta(days=1)
        carrier = replace(case.carriers[bid.carrier], qualified_until=until)
        return replace(case, carriers={**case.carriers, bid.carrier: carrier})
    return None


@_tighten("mode_open")
def mode_closed(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, _ in _used(case, tables):
        return _with_settings(case, modes=case.settings.modes - {bid.mode})
    return None


@_tighten("spot_allowed")
def bid_was_spot(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, _ in _used(case, tables):
        return _with_settings(_with_bid(case, bid, status="spot"), allow_spot=False)
    return None


@_tighten("capacity_kept")
def capacity_exceeded(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, _ in _used(case, tables):
        return _with_bid(case, bid, capacity=0.01)
    return None


@_tighten("minimum_kept")
def minimum_missed(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, _ in _used(case, tables):
        return _with_bid(case, bid, min_volume=1e9)
    return None


@_tighten("equipment_fits")
def bid_for_other_equipment(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, row in _used(case, tables):
        if not is_blank(row["equipment"]):
            return _with_bid(case, bid, equipment=("none of these",))
    return None


@_tighten("weight_band")
def heavier_than_the_bid(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, _ in _used(case, tables):
        return _with_bid(case, bid, weight_to_kg=1.0)
    return None


@_tighten("departure_day")
def no_departure_that_day(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    for bid, row in _used(case, tables):
        other = names[(day(row["depart"]).weekday() + 1) % 7]
        return _with_bid(case, bid, departure_days=(other,))
    return None


@_tighten("chain_in_time")
def later_cut_off_missed(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, _ in _used(case, tables):
        return _with_bid(case, bid, cutoff_days=900)
    return None


@_tighten("road_limit_kept")
def roads_allow_less(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, row in _used(case, tables):
        if bid.mode == "road" and not is_blank(row["equipment"]):
            country = case.places[bid.origin].country
            return replace(case, road_limits=(RoadLimit(country, row["equipment"], 1.0),))
    return None


@_tighten("payload_kept")
def payload_lower(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for _, row in _used(case, tables):
        if not is_blank(row["equipment"]):
            box = replace(case.equipment[row["equipment"]], payload_kg=1.0)
            return replace(case, equipment={**case.equipment, row["equipment"]: box})
    return None


@_tighten("box_grade")
def goods_want_a_better_box(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    if not any(True for _ in rows(tables["round_use"], reused)):
        return None
    return replace(
        case,
        products={k: replace(p, min_box_grade="A") for k, p in case.products.items()},
        orders=tuple(replace(o, box_grade_after="C") for o in case.orders),
        empties=tuple(replace(e, grade="C") for e in case.empties),
    )


@_tighten("box_consent")
def nobody_interchanges(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    if not any(True for _ in rows(tables["round_use"], reused)):
        return None
    refusing = {k: replace(c, round_use_allowed=False) for k, c in case.carriers.items()}
    return replace(case, carriers=refusing)


@_tighten("box_dates")
def free_time_over(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for _, row in rows(tables["round_use"], lambda r: reused(r) and not is_blank(r["empty_id"])):
        end = day(row["date"]) - timedelta(days=1)
        return replace(case, empties=tuple(replace(e, free_until=end) for e in case.empties))
    return None


@_tighten("unsplittable_whole")
def order_may_not_be_split(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    ends = {r["shipment_id"]: r for _, r in rows(tables["shipments"])}
    ways: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    for _, row in rows(tables["order_allocation"]):
        shipment = ends[row["shipment_id"]]
        key = (row["order_id"], str(row["line"]), shipment["origin"])
        way = (str(shipment["departure_date"]), shipment["route"])
        ways.setdefault(key, set()).add(way)
        if len(ways[key]) > 1:
            return replace(case, orders=tuple(replace(o, splittable=False) for o in case.orders))
    return None


@_tighten("mixing_allowed")
def order_wants_to_be_alone(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    inside = tables["placements"].groupby("load_id")["order_id"].nunique()
    if not (inside > 1).any():
        return None
    return replace(case, orders=tuple(replace(o, mix_allowed=False) for o in case.orders))


@_tighten("equipment_of_order")
def order_wants_other_equipment(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    if tables["loads"].empty:
        return None
    orders = tuple(replace(o, equipment_allowed=("none of these",)) for o in case.orders)
    return replace(case, orders=orders)


@_tighten("pieces_conserved")
def more_was_ordered(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    first = case.orders[0]
    return replace(case, orders=(replace(first, quantity=first.quantity + 1), *case.orders[1:]))


@_tighten("hub_conserved")
def hub_may_not_restuff(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    if not _through_hubs(case, tables):
        return None
    places = {k: replace(p, can_restuff=False) for k, p in case.places.items()}
    return replace(case, places=places)


@_tighten("hub_time")
def hub_needs_longer(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    if not _through_hubs(case, tables):
        return None
    return replace(case, places={k: replace(p, dwell_days=900) for k, p in case.places.items()})


def _through_hubs(case: Case, tables: Mapping[str, pd.DataFrame]) -> bool:
    ends = {(o.order_id, o.line): (o.origin, o.destination) for o in case.orders}
    ships = {r["shipment_id"]: r for _, r in rows(tables["shipments"])}
    return any(
        ships[r["shipment_id"]]["destination"] != ends[r["order_id"], str(r["line"])][1]
        for _, r in rows(tables["order_allocation"])
    )


@_tighten("measure_consolidation")
def consolidation_off(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    return _without(case, "consolidation") if _through_hubs(case, tables) else None


@_tighten("measure_round_use")
def round_use_off(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    return _without(case, "round_use") if first(tables["round_use"], reused) else None


@_tighten("measure_packaging")
def packaging_off(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    packs = {
        sku: tuple(replace(p, candidate=True) for p in known)
        for sku, known in case.packagings.items()
    }
    return replace(_without(case, "packaging"), packagings=packs)


@_tighten("measure_tender")
def tender_off(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    ways = tuple(replace(w, carriers=("nobody",)) for w in case.baseline)
    return replace(_without(case, "tender"), baseline=ways) if ways else None


@_tighten("measure_mode_shift")
def mode_shift_off(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    ways = tuple(replace(w, modes=("air",)) for w in case.baseline)
    return replace(_without(case, "mode_shift"), baseline=ways) if ways else None


@_tighten("measure_distance")
def distance_off(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    ways = tuple(replace(w, via=("round", "about")) for w in case.baseline)
    return replace(_without(case, "distance"), baseline=ways) if ways else None


@_tighten("measure_load_rate")
def load_rate_off(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    inside = tables["placements"].groupby("load_id")["order_id"].nunique()
    return _without(case, "load_rate") if (inside > 1).any() else None


@_tighten("factor_right")
def declared_figures_not_believed(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, row in _used(case, tables):
        if str(row["factor_id"]).startswith("bid:"):
            unverified = _with_bid(case, bid, co2e_verified=False)
            return _with_settings(unverified, declared_co2e="verified_only")
    return None


@_tighten("budget_kept")
def budget_lower(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    return _with_settings(case, budget=1.0)


@_tighten("cap_kept")
def cap_lower(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    return _with_settings(case, emissions_cap_t=0.001)


def _travelling(case: Case, tables: Mapping[str, pd.DataFrame]) -> tuple[str, dict[str, Any]]:
    """An order line and the shipment that brings it to its destination."""
    ends = {o.order_id: o.destination for o in case.orders}
    shipments = {row["shipment_id"]: row for _, row in rows(tables["shipments"])}
    for _, row in rows(tables["order_allocation"]):
        shipment = shipments[row["shipment_id"]]
        if shipment["destination"] == ends[row["order_id"]]:
            return f"{row['order_id']}/{row['line']}", shipment
    raise AssertionError("a plan moves something")


def _pinned(case: Case, pin: Pin) -> Case:
    return replace(case, pins=(pin,))


@_tighten("pinned_carriers")
def another_carrier_was_booked(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    order, _ = _travelling(case, tables)
    return _pinned(case, Pin(True, frozenset({order}), carrier="nobody"))


@_tighten("pinned_places")
def another_way_was_booked(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    order, _ = _travelling(case, tables)
    return _pinned(case, Pin(True, frozenset({order}), via=("round", "about")))


@_tighten("pinned_equipment")
def its_equipment_is_forbidden(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    order, shipment = _travelling(case, tables)
    pin = Pin(True, frozenset({order}), equipment=f"not {shipment['equipment']}")
    return _pinned(case, pin)


@_tighten("pinned_departures")
def another_day_was_booked(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    order, _ = _travelling(case, tables)
    long_before = case.settings.period_from - timedelta(days=99)
    return _pinned(case, Pin(True, frozenset({order}), departure=long_before))


@_tighten("pinned_lanes")
def a_lane_is_closed_to_its_bid(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    for bid, _ in _used(case, tables):
        lane = f"{bid.origin} - {bid.destination}"
        return _pinned(case, Pin(False, lane=lane, bid_id=bid.bid_id))
    return None


@_tighten("booking_told")
def its_booking_is_not_told(case: Case, tables: Mapping[str, pd.DataFrame]) -> Case | None:
    order, _ = _travelling(case, tables)
    return _pinned(case, Pin(True, frozenset({order}), booking_ref="BK-1", reason="booked"))
