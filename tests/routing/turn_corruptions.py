"""Lies about depots, days and detention, in plans of test_free_time.py that have them.

`plan` names the plan: `depot` brings a box through YARD, `detention` pays two days of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from routing.case import Case
from tests.routing.tiny_cases import plain_place

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class TurnLie:
    """A lie in the tables of a plan, and the rule that must name it."""

    name: str
    plan: str
    mutate: Callable[[Tables], None]
    expected_rule: str


@dataclass(frozen=True)
class TighterTurns:
    """A tighter case under a plan, and the rule that must name it."""

    name: str
    plan: str
    mutate: Callable[[Case], Case]
    expected_rule: str


TURN_LIES: list[TurnLie] = []


def _lie(plan: str, rule: str) -> Callable[[Callable[[Tables], None]], None]:
    def keep(mutate: Callable[[Tables], None]) -> None:
        TURN_LIES.append(TurnLie(mutate.__name__, plan, mutate, rule))

    return keep


def _way(tables: Tables, start: str, end: str) -> Any:
    legs = tables["legs"]
    return legs.index[(legs["from"] == start) & (legs["to"] == end)][0]


def _det(tables: Tables) -> Any:
    costs = tables["costs"]
    return costs.index[costs["charge_code"] == "DET"][0]


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


@_lie("depot", "box_depot")
def depot_at_the_plant(tables: Tables) -> None:
    tables["round_use"].at[0, "depot"] = "PA"


@_lie("depot", "box_dates")
def handed_in_after_free_time(tables: Tables) -> None:
    tables["round_use"].at[0, "date"] = _later(tables["round_use"].at[0, "date"], 4)


@_lie("depot", "box_waits")
def depot_left_out(tables: Tables) -> None:
    tables["round_use"].at[0, "depot"] = ""


@_lie("depot", "empty_ways")
def way_to_the_depot_forgotten(tables: Tables) -> None:
    tables["legs"] = tables["legs"].drop(index=_way(tables, "STORE", "YARD"))


@_lie("depot", "empty_ways")
def one_way_for_two(tables: Tables) -> None:
    legs = tables["legs"]
    legs.at[_way(tables, "YARD", "PA"), "from"] = "STORE"
    tables["legs"] = legs.drop(index=_way(tables, "STORE", "YARD"))


@_lie("depot", "depot_days")
def fetched_before_it_is_handed_in(tables: Tables) -> None:
    row = _way(tables, "YARD", "PA")
    tables["legs"].at[row, "depart"] = _later(tables["round_use"].at[0, "date"], -1)


@_lie("depot", "depot_days")
def handed_in_later_than_told(tables: Tables) -> None:
    row = _way(tables, "STORE", "YARD")
    tables["legs"].at[row, "depart"] = _later(tables["legs"].at[row, "depart"], 1)


@_lie("depot", "box_saves_km")
def kilometres_of_the_street(tables: Tables) -> None:
    tables["round_use"].at[0, "km_saved"] = 147.0


@_lie("detention", "cost_of_detention")
def detention_forgotten(tables: Tables) -> None:
    tables["costs"] = tables["costs"].drop(index=_det(tables))


@_lie("detention", "cost_of_detention")
def a_day_of_detention_less(tables: Tables) -> None:
    row = _det(tables)
    tables["costs"].at[row, "quantity"], tables["costs"].at[row, "amount"] = 1.0, 10.0


@_lie("detention", "cost_of_detention")
def detention_of_no_shipment(tables: Tables) -> None:
    tables["costs"].at[_det(tables), "shipment_id"] = ""


@_lie("detention", "box_waits")
def fetched_within_free_time(tables: Tables) -> None:
    tables["round_use"].at[0, "date"] = _later(tables["round_use"].at[0, "date"], -3)


def _settings(case: Case, **changes: Any) -> Case:
    return replace(case, settings=replace(case.settings, **changes))


def _box(case: Case, **changes: Any) -> Case:
    return replace(case, empties=(replace(case.empties[0], **changes),))


TIGHTER_TURNS = (
    TighterTurns(
        "depot_closes",
        "depot",
        lambda c: replace(c, places={**c.places, "YARD": plain_place("YARD", "warehouse")}),
        "box_depot",
    ),
    TighterTurns("less_waiting", "detention", lambda c: _settings(c, box_wait_days=0), "box_waits"),
    TighterTurns(
        "end_becomes_hard", "detention", lambda c: _box(c, detention_per_day=None), "box_dates"
    ),
    TighterTurns(
        "day_becomes_dearer",
        "detention",
        lambda c: _box(c, detention_per_day=11.0),
        "cost_of_detention",
    ),
    TighterTurns(
        "free_time_ends_earlier",
        "detention",
        lambda c: _box(c, free_until=c.empties[0].available_from),
        "cost_of_detention",
    ),
)
