"""Judges street turns planned alone: every rule and figure again, box by box, without a solver.

It takes the rows as they will be written and shares no code with the planner: distances are asked
leg by leg, grams come from the factor row by plain arithmetic.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from lowhaul.units import G_PER_KG
from routing.boxes import EmptyBoxes, WantedBoxes
from routing.check.figures import curve_of, empty_on_curve
from routing.turn_case import TurnCase

SOC = "SOC"
BEST_TO_WORST = "ABC"
METRE, GRAM, CENT = 0.001, 0.001, 0.01

Row = Mapping[str, Any]


def check_street_turns(case: TurnCase, rows: Sequence[Row]) -> list[str]:
    """Every breach found in the rows of round_use.csv, in words; empty if there is none."""
    empties = {e.empty_id: e for e in case.empties}
    wanted = {w.wanted_id: w for w in case.wanted}
    found = list(_counted(case, rows))
    for row in rows:
        if row["boxes"]:
            found += _judged(
                case, row, empties.get(row["empty_id"]), wanted.get(row["shipment_id"])
            )
    return found


def _counted(case: TurnCase, rows: Sequence[Row]) -> Iterator[str]:
    """No box is used twice, none is forgotten, and none is given to an export that has enough."""
    used: Counter[str] = Counter()
    given: Counter[str] = Counter()
    explained = {r["empty_id"] for r in rows if r["boxes"] == 0 and r["reason"]}
    known = {e.empty_id for e in case.empties}
    for row in rows:
        if row["boxes"] < 0 or row["boxes"] != int(row["boxes"]):
            yield f"{row['empty_id']}: {row['boxes']} boxes"
        if row["empty_id"] not in known:
            yield f"{row['empty_id']} is no row of empties"
        if row["boxes"] == 0 and not row["reason"]:
            yield f"{row['empty_id']}: unused without a reason"
        used[row["empty_id"]] += row["boxes"]
        if row["boxes"]:
            given[row["shipment_id"]] += row["boxes"]
    for e in case.empties:
        if used[e.empty_id] > e.quantity:
            yield f"{e.empty_id}: {used[e.empty_id]} boxes used, there are {e.quantity}"
        if (e.empty_id in explained) != (used[e.empty_id] < e.quantity):
            yield f"{e.empty_id}: reasons are for those with unused boxes, and for all of them"
    needs = {w.wanted_id: w.quantity for w in case.wanted}
    for wanted_id, boxes in given.items():
        if boxes > needs.get(wanted_id, 0):
            yield f"{wanted_id}: {boxes} boxes given, {needs.get(wanted_id, 0)} are wanted"


def _judged(
    case: TurnCase, row: Row, empties: EmptyBoxes | None, wanted: WantedBoxes | None
) -> Iterator[str]:
    if empties is None or wanted is None:
        yield f"{row['empty_id']} > {row['shipment_id']}: no such rows"
        return
    for breach in (
        *_forbidden(case, empties, wanted),
        *_out_of_time(case, empties, wanted, row),
        *_wrong_figures(case, empties, wanted, row),
    ):
        yield f"{empties.empty_id} > {wanted.wanted_id}: {breach}"


def _forbidden(case: TurnCase, e: EmptyBoxes, w: WantedBoxes) -> Iterator[str]:
    """Type, grade, agreement and consent."""
    if e.equipment != w.equipment:
        yield f"a {e.equipment} for a {w.equipment}"
    if BEST_TO_WORST.index(e.grade) > BEST_TO_WORST.index(w.min_grade):
        yield f"grade {e.grade}, wanted is {w.min_grade} or better"
    line = case.carriers.get(w.line)
    if e.line not in (SOC, w.line) and (line is None or e.line not in line.interchange_with):
        yield f"{w.line} loads no boxes of {e.line}"
    for name in {e.line, w.line} - {SOC}:
        if name not in case.carriers or not case.carriers[name].round_use_allowed:
            yield f"{name} does not consent to round use"


def _out_of_time(case: TurnCase, e: EmptyBoxes, w: WantedBoxes, row: Row) -> Iterator[str]:
    """The day of fetching lies in all windows that hold for the turn."""
    day = row["date"].toordinal()
    if day < e.available_from.toordinal():
        yield f"fetched {row['date']}, ready {e.available_from}"
    if day > w.to_date.toordinal():
        yield f"fetched {row['date']}, stuffed until {w.to_date}"
    if row["depot"]:
        if row["depot"] not in case.depots:
            yield f"{row['depot']} is no depot that may be used"
        if e.free_until and row["date"] > e.free_until:
            yield f"handed in {row['date']}, free until {e.free_until}"
        return
    if day < w.from_date.toordinal() - case.wait_days:
        yield f"fetched {row['date']}, stuffed from {w.from_date}"
    if e.free_until and row["date"] > e.free_until and e.detention_per_day is None:
        yield f"fetched {row['date']}, free until {e.free_until}"


def _wrong_figures(case: TurnCase, e: EmptyBoxes, w: WantedBoxes, row: Row) -> Iterator[str]:
    """Kilometres, grams and money of the row."""
    boxes = row["boxes"]
    if (row["from"], row["to"]) != (e.location, w.location):
        yield f"goes {row['from']} > {row['to']}"
    if (row["equipment"], row["line"]) != (e.equipment, e.line):
        yield f"{row['equipment']} of {row['line']}, it is {e.equipment} of {e.line}"
    stops = [e.location, *([row["depot"]] if row["depot"] else []), w.location]
    move = sum(_km(case, a, b) for a, b in pairwise(stops))
    back, pick_up = _km(case, e.location, e.return_to), _km(case, w.port, w.location)
    saved = back + pick_up - move
    if saved <= 0:
        yield f"saves {saved:.3f} km"
    if _off(row["km_saved"], boxes * saved, (2 + len(stops)) * boxes * METRE):
        yield f"{row['km_saved']} km saved, it is {boxes * saved:.3f}"
    book = case.factors
    factors = {f.factor_id: f for f in (*book.default_factors, *book.own_factors)}
    places = case.distances.places
    way = {places[e.location].country, places[e.return_to].country}
    curve = curve_of(e.vehicle, factors, way)
    if curve is None:
        yield f"no factor for {e.vehicle}"
        return
    kg_per_km = empty_on_curve(curve, case.equipment[e.equipment].tare_kg)[0] / G_PER_KG
    if _off(row["co2e_avoided_kg"], row["km_saved"] * kg_per_km, GRAM):
        yield f"{row['co2e_avoided_kg']} kg avoided, it is {row['km_saved'] * kg_per_km:.3f}"
    partner = 0.0 if e.ours else boxes * back * kg_per_km
    if _off(row["co2e_avoided_partner_kg"], partner, GRAM):
        yield f"{row['co2e_avoided_partner_kg']} kg are the partner's, it is {partner:.3f}"
    parts = row["co2e_avoided_own_kg"] + row["co2e_avoided_partner_kg"]
    if _off(parts, row["co2e_avoided_kg"], GRAM):
        yield f"the parts make {parts:.3f} kg, not {row['co2e_avoided_kg']}"
    cost = boxes * (_price(case, e, row) + (move - pick_up) * case.cost_per_km)
    if _off(row["cost_change"], cost, CENT * (1 + 1.5 * boxes)):
        yield f"cost changes by {row['cost_change']}, it is {cost:.2f}"


def _price(case: TurnCase, e: EmptyBoxes, row: Row) -> float:
    """Fee, saved return and detention of one box."""
    owner = case.carriers.get(e.line)
    price = 0.0
    if owner is not None and owner.round_use_fee:
        price += owner.round_use_fee * case.fx.factor(owner.currency)
    if e.ours and e.return_cost:
        price -= e.return_cost * case.fx.factor(e.currency)
    if not row["depot"] and e.free_until and e.detention_per_day:
        late = max(0, (row["date"] - e.free_until).days)
        price += late * e.detention_per_day * case.fx.factor(e.currency) if late else 0.0
    return price


def _km(case: TurnCase, a: str, b: str) -> float:
    return 0.0 if a == b else case.distances.leg(a, b, "road").actual_km


def _off(said: float, right: float, by: float) -> bool:
    return abs(said - right) > by * 1.001
