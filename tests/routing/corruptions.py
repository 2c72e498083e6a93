"""Corruptions: small lies in a finished plan, each with the rule of the judge that must name it.

They change the result tables of any plan (hand in `copied` ones) and say False where it has nothing
of the kind. `case_corruptions` tightens the inputs under a plan instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

Tables = dict[str, pd.DataFrame]
Summary = dict[str, Any]


@dataclass(frozen=True)
class Corruption:
    """A lie in the tables; `mutate` changes them in place, False: nothing to lie about."""

    name: str
    mutate: Callable[[Tables, Summary], bool]
    expected_rule: str


CORRUPTIONS: list[Corruption] = []


def copied(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Copies whose cells take any value, whatever the columns held."""
    return {name: frame.astype(object).reset_index(drop=True) for name, frame in tables.items()}


def _lie(rule: str) -> Callable[[Callable[[Tables, Summary], bool]], None]:
    def keep(mutate: Callable[[Tables, Summary], bool]) -> None:
        CORRUPTIONS.append(Corruption(mutate.__name__, mutate, rule))

    return keep


def is_blank(value: Any) -> bool:
    return value is None or value != value or value == ""


def _text(value: Any) -> str:
    return "" if is_blank(value) else str(value)


def _number(value: Any) -> float:
    return 0.0 if is_blank(value) else float(value)


def _yes(value: Any) -> bool:
    return str(value).lower() in ("yes", "true")


def day(value: Any) -> date:
    return pd.Timestamp(value).date()


def rows(
    frame: pd.DataFrame, where: Callable[[Any], bool] = lambda row: True
) -> Iterator[tuple[Any, dict[str, Any]]]:
    for index, row in frame.iterrows():
        cells = {str(k): v for k, v in row.items()}
        if where(cells):
            yield index, cells


def first(
    frame: pd.DataFrame, where: Callable[[Any], bool] = lambda row: True
) -> tuple[Any, dict[str, Any]] | None:
    return next(rows(frame, where), None)


def _add(
    frame: pd.DataFrame, column: str, by: float, where: Callable[[Any], bool] = lambda row: True
) -> bool:
    found = first(frame, where)
    if found is None:
        return False
    frame.at[found[0], column] = round(_number(found[1][column]) + by, 6)
    return True


def _set(
    frame: pd.DataFrame, column: str, value: Any, where: Callable[[Any], bool] = lambda row: True
) -> bool:
    found = first(frame, where)
    if found is None:
        return False
    frame.at[found[0], column] = value
    return True


def _drop(tables: Tables, name: str, where: Callable[[Any], bool]) -> bool:
    found = first(tables[name], where)
    if found is None:
        return False
    tables[name] = tables[name].drop(index=found[0]).reset_index(drop=True)
    return True


def _shift(frame: pd.DataFrame, index: Any, column: str, days: int) -> None:
    if not is_blank(frame.at[index, column]):
        frame.at[index, column] = day(frame.at[index, column]) + timedelta(days=days)


def transport(row: Any) -> bool:
    return bool(row["kind"] == "transport")


def _elsewhere(frame: pd.DataFrame, ends: tuple[str, str]) -> tuple[Any, dict[str, Any]] | None:
    """The first transport that ends at neither of two places."""
    return first(frame, lambda r: transport(r) and r["to"] not in ends)


def _whole_way(tables: Tables) -> Any:
    """The index of a shipment with an order that takes no other one, None without."""
    frame = tables["order_allocation"]
    times = Counter((r["order_id"], str(r["line"])) for _, r in rows(frame))
    through = {
        r["shipment_id"] for _, r in rows(frame) if times[r["order_id"], str(r["line"])] == 1
    }
    found = first(tables["shipments"], lambda r: r["shipment_id"] in through)
    return found[0] if found else None


def reused(row: Any) -> bool:
    return _number(row["boxes"]) > 0


# --- load units and contents


@_lie("load_count")
def one_container_less(tables: Tables, summary: Summary) -> bool:
    return _add(tables["shipments"], "load_units", -1, lambda r: _number(r["load_units"]) > 0)


@_lie("leg_content")
def wrong_equipment_on_a_leg(tables: Tables, summary: Summary) -> bool:
    return _set(tables["legs"], "equipment", "", lambda r: transport(r) and r["equipment"])


@_lie("placed_as_allocated")
def pallet_left_on_the_ramp(tables: Tables, summary: Summary) -> bool:
    return _drop(tables, "placements", lambda r: True)


@_lie("load_told")
def lighter_load_told(tables: Tables, summary: Summary) -> bool:
    return _add(tables["loads"], "mass_kg", -100.0)


@_lie("load_stuffed")
def two_pallets_in_one_place(tables: Tables, summary: Summary) -> bool:
    frame = tables["placements"]
    for i, (one, other) in enumerate(pairwise(frame["load_id"].tolist())):
        if one == other:
            for column in ("x_mm", "y_mm", "z_mm"):
                frame.loc[i + 1, column] = frame.loc[i, column]
            return True
    return False


@_lie("load_stuffable")
def load_that_cannot_be_stuffed(tables: Tables, summary: Summary) -> bool:
    return _set(tables["loads"], "stuffable", "no")


@_lie("shipment_content")
def shipment_mass_told_lower(tables: Tables, summary: Summary) -> bool:
    return _add(tables["shipments"], "mass_kg", -1.0)


@_lie("units_of_pieces")
def pallet_mass_made_up(tables: Tables, summary: Summary) -> bool:
    return _add(tables["order_allocation"], "mass_kg", -5.0)


# --- orders and service


@_lie("pieces_conserved")
def order_lost(tables: Tables, summary: Summary) -> bool:
    frame = tables["order_allocation"]
    if frame.empty:
        return False
    lost = frame.at[0, "order_id"]
    tables["order_allocation"] = frame[frame["order_id"] != lost].reset_index(drop=True)
    return True


@_lie("pieces_conserved")
def pieces_duplicated(tables: Tables, summary: Summary) -> bool:
    return _add(tables["order_allocation"], "pieces", 1)


@_lie("pieces_conserved")
def unserved_order_forgotten(tables: Tables, summary: Summary) -> bool:
    return _drop(tables, "unserved", lambda r: True)


@_lie("unserved_explained")
def unserved_without_reason(tables: Tables, summary: Summary) -> bool:
    return _set(tables["unserved"], "reason", "")


@_lie("hub_conserved")
def hub_entered_but_not_left(tables: Tables, summary: Summary) -> bool:
    ends = {r["shipment_id"]: (r["origin"], r["destination"]) for _, r in rows(tables["shipments"])}
    frame = tables["order_allocation"]
    into = {(r["order_id"], str(r["line"]), ends[r["shipment_id"]][1]) for _, r in rows(frame)}
    return _drop(
        tables,
        "order_allocation",
        lambda r: (r["order_id"], str(r["line"]), ends[r["shipment_id"]][0]) in into,
    )


def _all_days(tables: Tables, days: int) -> bool:
    frame, index = tables["shipments"], _whole_way(tables)
    if index is None:
        return False
    shipment = frame.at[index, "shipment_id"]
    for column in ("stuffing_date", "departure_date", "arrival_date"):
        _shift(frame, index, column, days)
    for leg, _ in rows(tables["legs"], lambda r: r["shipment_id"] == shipment):
        _shift(tables["legs"], leg, "depart", days)
        _shift(tables["legs"], leg, "arrive", days)
    return True


@_lie("not_before_ready")
def departs_before_ready(tables: Tables, summary: Summary) -> bool:
    return _all_days(tables, -728)


@_lie("due_date_met")
def due_date_missed(tables: Tables, summary: Summary) -> bool:
    return _all_days(tables, 728)


@_lie("on_time_said")
def on_time_turned_round(tables: Tables, summary: Summary) -> bool:
    index = _whole_way(tables)
    if index is None:
        return False
    frame = tables["shipments"]
    frame.at[index, "on_time"] = "no" if _yes(frame.at[index, "on_time"]) else "yes"
    return True


# --- chains


@_lie("chain_joined")
def gap_in_the_chain(tables: Tables, summary: Summary) -> bool:
    frame = tables["legs"]
    for index, row in rows(frame, transport):
        other = _elsewhere(frame, (row["from"], row["to"]))
        if other:
            frame.at[index, "to"] = other[1]["to"]
            return True
    return False


@_lie("transit_of_bid")
def a_day_faster_than_the_bid(tables: Tables, summary: Summary) -> bool:
    found = first(tables["legs"], lambda r: transport(r) and r["mode"] == "sea")
    if found is None:
        return False
    _shift(tables["legs"], found[0], "arrive", -1)
    return True


@_lie("chain_in_time")
def departs_before_it_arrived(tables: Tables, summary: Summary) -> bool:
    frame = tables["legs"]
    seen = set()
    for index, row in rows(frame, transport):
        if row["shipment_id"] in seen:
            _shift(frame, index, "depart", -20)
            _shift(frame, index, "arrive", -20)
            return True
        seen.add(row["shipment_id"])
    return False


@_lie("shipment_days")
def arrival_told_earlier(tables: Tables, summary: Summary) -> bool:
    if tables["shipments"].empty:
        return False
    _shift(tables["shipments"], 0, "arrival_date", -1)
    return True


@_lie("shipment_way")
def another_carrier_told(tables: Tables, summary: Summary) -> bool:
    return _set(tables["shipments"], "carriers", "", lambda r: not is_blank(r["carriers"]))


@_lie("hub_rows_complete")
def hub_passage_forgotten(tables: Tables, summary: Summary) -> bool:
    return _drop(tables, "legs", lambda r: r["kind"] == "hub")


@_lie("bid_serves")
def leg_on_a_bid_of_another_lane(tables: Tables, summary: Summary) -> bool:
    frame = tables["legs"]
    for index, row in rows(frame, transport):
        other = _elsewhere(frame, (row["from"], row["to"]))
        if other:
            frame.at[index, "bid_id"] = other[1]["bid_id"]
            return True
    return False


@_lie("bid_serves")
def leg_by_a_mode_that_nobody_bids(tables: Tables, summary: Summary) -> bool:
    return _set(tables["legs"], "mode", "air", lambda r: transport(r) and r["mode"] != "air")


# --- round use and empty ways


@_lie("box_exists")
def box_of_another_line(tables: Tables, summary: Summary) -> bool:
    return _set(tables["round_use"], "line", "SOC", lambda r: reused(r) and r["line"] != "SOC")


@_lie("box_dates")
def box_used_before_it_is_free(tables: Tables, summary: Summary) -> bool:
    found = first(tables["round_use"], reused)
    if found is None:
        return False
    _shift(tables["round_use"], found[0], "date", -400)
    return True


@_lie("box_quantity")
def box_used_twice(tables: Tables, summary: Summary) -> bool:
    found = first(tables["round_use"], reused)
    if found is None:
        return False
    again = pd.DataFrame([{**found[1], "boxes": 100000}])
    tables["round_use"] = pd.concat([tables["round_use"], again], ignore_index=True)
    return True


@_lie("box_quantity")
def round_use_counted_higher(tables: Tables, summary: Summary) -> bool:
    summary["round_use_boxes"] = _number(summary.get("round_use_boxes")) + 1
    return True


@_lie("box_saves_km")
def more_kilometres_saved(tables: Tables, summary: Summary) -> bool:
    return _add(tables["round_use"], "km_saved", 10.0, reused)


@_lie("avoided_right")
def avoided_co2e_netted_twice(tables: Tables, summary: Summary) -> bool:
    return _add(tables["round_use"], "co2e_avoided_own_kg", 1.0, reused)


@_lie("box_equipment")
def box_of_another_size(tables: Tables, summary: Summary) -> bool:
    return _set(tables["round_use"], "equipment", "", reused)


@_lie("unused_explained")
def unused_box_without_reason(tables: Tables, summary: Summary) -> bool:
    return _set(tables["round_use"], "reason", "", lambda r: _number(r["boxes"]) == 0)


@_lie("unused_returned")
def unused_box_vanishes(tables: Tables, summary: Summary) -> bool:
    return _drop(tables, "legs", lambda r: r["kind"] == "empty" and is_blank(r["shipment_id"]))


@_lie("empty_ways")
def empty_way_forgotten(tables: Tables, summary: Summary) -> bool:
    return _drop(
        tables,
        "legs",
        lambda r: (
            r["kind"] == "empty"
            and not is_blank(r["shipment_id"])
            and _number(r["co2e_wtw_kg"]) > 0
        ),
    )


@_lie("empty_distance")
def empty_way_driven_shorter(tables: Tables, summary: Summary) -> bool:
    return _add(tables["legs"], "actual_km", -1.0, lambda r: r["kind"] == "empty")


@_lie("empty_co2e")
def empty_way_emits_less(tables: Tables, summary: Summary) -> bool:
    where = lambda r: r["kind"] == "empty" and _number(r["co2e_wtw_kg"]) > 1  # noqa: E731
    return _add(tables["legs"], "co2e_wtw_kg", -0.001, where)


# --- cost


def _charge(code: str) -> Callable[[Any], bool]:
    return lambda r: r["charge_code"] == code and _number(r["amount"]) != 0


@_lie("cost_arithmetic")
def cost_off_by_a_cent(tables: Tables, summary: Summary) -> bool:
    return _add(tables["costs"], "amount", 0.01)


@_lie("cost_arithmetic")
def another_exchange_rate(tables: Tables, summary: Summary) -> bool:
    found = first(tables["costs"], _charge("BAS"))
    if found is None:
        return False
    index, row = found
    tables["costs"].at[index, "fx"] = _number(row["fx"]) * 1.1
    amount = round(_number(row["quantity"]) * _number(row["rate"]) * _number(row["fx"]) * 1.1, 2)
    tables["costs"].at[index, "amount"] = amount
    return True


@_lie("cost_of_bid")
def rate_lower_than_the_bid(tables: Tables, summary: Summary) -> bool:
    found = first(tables["costs"], _charge("BAS"))
    if found is None:
        return False
    index, row = found
    tables["costs"].at[index, "rate"] = _number(row["rate"]) - 10
    amount = _number(row["quantity"]) * (_number(row["rate"]) - 10) * _number(row["fx"])
    tables["costs"].at[index, "amount"] = round(amount, 2)
    return True


@_lie("cost_of_bid")
def surcharge_forgotten(tables: Tables, summary: Summary) -> bool:
    known = ("BAS", "HDL", "RUF", "FIX", "DISC", "DET", "DEM")
    return _drop(
        tables,
        "costs",
        lambda r: (
            r["charge_code"] not in known
            and not is_blank(r["bid_id"])
            and not is_blank(r["shipment_id"])
            and _number(r["amount"]) != 0
        ),
    )


@_lie("cost_of_handling")
def handling_not_paid(tables: Tables, summary: Summary) -> bool:
    return _drop(tables, "costs", _charge("HDL"))


@_lie("cost_of_reuse")
def owner_fee_not_paid(tables: Tables, summary: Summary) -> bool:
    return _drop(tables, "costs", _charge("RUF"))


@_lie("cost_of_carriers")
def fixed_cost_forgotten(tables: Tables, summary: Summary) -> bool:
    return _drop(tables, "costs", _charge("FIX"))


@_lie("cost_of_returns")
def return_of_boxes_not_paid(tables: Tables, summary: Summary) -> bool:
    return _drop(
        tables,
        "costs",
        lambda r: (
            is_blank(r["shipment_id"])
            and r["charge_code"] not in ("FIX", "DISC")
            and _number(r["amount"]) != 0
        ),
    )


@_lie("cost_of_leg")
def leg_cost_told_lower(tables: Tables, summary: Summary) -> bool:
    return _add(tables["legs"], "cost", -0.5, lambda r: transport(r) and _number(r["cost"]) > 1)


@_lie("cost_of_shipment")
def shipment_cost_told_lower(tables: Tables, summary: Summary) -> bool:
    return _add(tables["shipments"], "cost", -1.0)


@_lie("cost_of_order")
def cost_moved_between_orders(tables: Tables, summary: Summary) -> bool:
    return _add(tables["order_allocation"], "cost", 0.05)


@_lie("cost_of_order")
def co2e_given_to_nobody(tables: Tables, summary: Summary) -> bool:
    return _add(tables["order_allocation"], "co2e_wtw_kg", -0.05)


@_lie("cost_total")
def summary_cost_off_by_a_cent(tables: Tables, summary: Summary) -> bool:
    summary["cost"] = round(_number(summary["cost"]) - 0.01, 2)
    return True


# --- CO2e


def _adds_up(tables: Tables, summary: Summary, index: Any, wtw: float, ttw: float) -> None:
    """Carry a leg's new figures to its shipment and the summary, so that only the leg is wrong."""
    legs = tables["legs"]
    more_wtw = wtw - _number(legs.at[index, "co2e_wtw_kg"])
    more_ttw = ttw - _number(legs.at[index, "co2e_ttw_kg"])
    legs.at[index, "co2e_wtw_kg"], legs.at[index, "co2e_ttw_kg"] = round(wtw, 3), round(ttw, 3)
    legs.at[index, "co2e_wtt_kg"] = round(wtw - ttw, 3)
    shipment = legs.at[index, "shipment_id"]
    _add(tables["shipments"], "co2e_wtw_kg", more_wtw, lambda r: r["shipment_id"] == shipment)
    summary["co2e_wtw_kg"] = round(summary["co2e_wtw_kg"] + more_wtw, 3)
    summary["co2e_ttw_kg"] = round(summary["co2e_ttw_kg"] + more_ttw, 3)
    summary["co2e_wtt_kg"] = round(summary["co2e_wtw_kg"] - summary["co2e_ttw_kg"], 3)


@_lie("leg_co2e")
def co2e_off_by_a_gram(tables: Tables, summary: Summary) -> bool:
    found = first(tables["legs"], transport)
    if found is None:
        return False
    wtw, ttw = _number(found[1]["co2e_wtw_kg"]), _number(found[1]["co2e_ttw_kg"])
    _adds_up(tables, summary, found[0], wtw + 0.001, ttw)
    return True


@_lie("leg_co2e")
def distance_adjusted_twice(tables: Tables, summary: Summary) -> bool:
    found = first(
        tables["legs"],
        lambda r: transport(r) and r["mode"] == "sea" and _number(r["co2e_wtw_kg"]) > 0,
    )
    if found is None:
        return False
    wtw, ttw = _number(found[1]["co2e_wtw_kg"]), _number(found[1]["co2e_ttw_kg"])
    _adds_up(tables, summary, found[0], wtw * 1.15, ttw * 1.15)
    return True


@_lie("daf_once")
def distance_adjustment_told_squared(tables: Tables, summary: Summary) -> bool:
    return _add(tables["legs"], "daf", 0.1, transport)


@_lie("wtt_is_rest")
def well_to_tank_left_out(tables: Tables, summary: Summary) -> bool:
    where = lambda r: transport(r) and _number(r["co2e_wtt_kg"]) > 0.01  # noqa: E731
    return _set(tables["legs"], "co2e_wtt_kg", 0.0, where)


@_lie("activity_right")
def activity_on_driven_kilometres(tables: Tables, summary: Summary) -> bool:
    found = first(tables["legs"], lambda r: transport(r) and r["sfd_km"] != r["actual_km"])
    if found is None:
        return False
    index, row = found
    tables["legs"].at[index, "distance_km"] = row["actual_km"]
    tkm = _number(row["mass_kg"]) * _number(row["actual_km"]) / 1000
    tables["legs"].at[index, "activity_tkm"] = round(tkm, 3)
    return True


@_lie("distances_right")
def shorter_than_it_is(tables: Tables, summary: Summary) -> bool:
    return _add(tables["legs"], "actual_km", -1.0, transport)


@_lie("factor_right")
def factor_from_nowhere(tables: Tables, summary: Summary) -> bool:
    return _set(tables["legs"], "factor_id", "no_such_factor", transport)


@_lie("hub_co2e")
def hub_called_covered(tables: Tables, summary: Summary) -> bool:
    found = first(tables["legs"], lambda r: r["kind"] == "hub")
    if found is None:
        return False
    tables["legs"].at[found[0], "covered"] = "no" if _yes(found[1]["covered"]) else "yes"
    return True


@_lie("shipment_co2e")
def shipment_co2e_told_lower(tables: Tables, summary: Summary) -> bool:
    return _add(tables["shipments"], "co2e_wtw_kg", -0.001)


@_lie("summary_co2e")
def summary_co2e_off_by_a_gram(tables: Tables, summary: Summary) -> bool:
    summary["co2e_wtw_kg"] = round(summary["co2e_wtw_kg"] - 0.001, 3)
    return True


@_lie("shares_told")
def coverage_told_higher(tables: Tables, summary: Summary) -> bool:
    summary["co2e_coverage_transport"] = 0.5
    return not tables["legs"].empty


@_lie("tocs_told")
def category_emits_less(tables: Tables, summary: Summary) -> bool:
    return _add(tables["tocs"], "co2e_wtw_kg", -0.01)


# --- what is told


@_lie("awards_told")
def award_larger_than_its_use(tables: Tables, summary: Summary) -> bool:
    return _add(tables["awards"], "volume", 1.0)


@_lie("actions_told")
def shipment_nobody_books(tables: Tables, summary: Summary) -> bool:
    frame = tables["actions"]
    named = [s for s in frame["shipment_id"] if not is_blank(s)]
    if not named:
        return False
    tables["actions"] = frame[frame["shipment_id"] != named[0]].reset_index(drop=True)
    return True


@_lie("counts_told")
def container_count_told_lower(tables: Tables, summary: Summary) -> bool:
    units = dict(summary.get("load_units") or {})
    if not units:
        return False
    name = next(iter(units))
    summary["load_units"] = {**units, name: units[name] - 1}
    return True


@_lie("counts_told")
def an_order_too_many(tables: Tables, summary: Summary) -> bool:
    summary["orders"] = _number(summary.get("orders")) + 1
    return True


@_lie("scope_told")
def scope_of_somebody_else(tables: Tables, summary: Summary) -> bool:
    return _set(tables["legs"], "ghg_scope", "3.1", transport)


@_lie("load_rates_told")
def load_rate_told_higher(tables: Tables, summary: Summary) -> bool:
    summary["load_rate_mass"] = _number(summary.get("load_rate_mass")) + 0.01
    return not tables["loads"].empty


@_lie("proof_told")
def optimal_with_an_open_gap(tables: Tables, summary: Summary) -> bool:
    summary["status"], summary["gap"] = "optimal", 0.5
    return True


@_lie("ids_unique")
def shipment_twice(tables: Tables, summary: Summary) -> bool:
    frame = tables["shipments"]
    tables["shipments"] = pd.concat([frame, frame.head(1)], ignore_index=True)
    return not frame.empty


@_lie("references_known")
def shipment_of_nobody(tables: Tables, summary: Summary) -> bool:
    return _set(tables["order_allocation"], "shipment_id", "S-none")


@_lie("order_of_rows")
def rows_out_of_order(tables: Tables, summary: Summary) -> bool:
    return _add(tables["legs"], "seq", 100, lambda r: not is_blank(r["shipment_id"]))


@_lie("tables_complete")
def table_missing(tables: Tables, summary: Summary) -> bool:
    del tables["placements"]
    return True
