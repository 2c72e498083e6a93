"""Pins of a scenario from the table decisions; a pinned shipment is that of the last plan.

The numbers of shipments change from plan to plan. What a pinned one stood for is kept in the
summary of each plan, so that the row means the same order lines for as long as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lowhaul.columns import split_list
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding
from routing.decisions import Pin
from scenarios.project import Project
from scenarios.rows import Row, day, rows_of

SUMMARY, ALLOCATION = "summary.json", "order_allocation.csv"
PINNED = "pinned_shipments"
"""The key of the summary that holds what pinned shipments stand for."""


def pins_of(project: Project, scenario: str, as_of: date) -> tuple[Pin, ...]:
    """The pins that hold on the day of a scenario's plan.

    Raises InputRejected where a pinned shipment is in no plan that was made (E365).
    """
    data = project.tables["decisions"]
    shipments = PlannedShipments(project.folder, scenario)
    pins, findings = [], []
    for i, row in enumerate(rows_of(data.frame)):
        until = day(row["until"])
        if until is not None and as_of > until:
            continue
        orders = frozenset[str]()
        if row["level"] == "order":
            orders = _lines(project, row["key"])
        elif row["level"] == "shipment":
            orders = shipments.lines(row["key"])
            if not orders:
                findings.append(_unknown(row, int(data.rows[i]), data.file, data.sheet, shipments))
        pins.append(_pin(row, orders, int(data.rows[i])))
    if findings:
        raise InputRejected([*project.findings, *findings])
    return tuple(pins)


def _pin(row: Row, orders: frozenset[str], number: int) -> Pin:
    return Pin(
        fixes=row["action"] != "forbid",
        orders=orders,
        lane=row["key"] if row["level"] == "lane" else "",
        carrier=row["carrier"],
        bid_id=row["bid_id"],
        via=split_list(row["via"]),
        equipment=row["equipment"],
        departure=day(row["departure_date"]),
        booking_ref=row["booking_ref"],
        reason=row["reason"],
        row=number,
    )


def _lines(project: Project, key: str) -> frozenset[str]:
    """The lines of an order, or the one that is named."""
    frame = project.frames["orders"]
    keys = zip(frame["order_id"], frame["line"], strict=True)
    return frozenset(f"{o}/{n}" for o, n in keys if key in (o, f"{o}/{n}"))


class PlannedShipments:
    """Order lines by shipment, from the results that lie in a project.

    A key is a shipment of the scenario's own last plan, or SCENARIO/SHIPMENT of another's.
    """

    def __init__(self, folder: Path, scenario: str) -> None:
        self.results = folder / "results"
        self.scenario = scenario
        self.kept: Mapping[str, Any] = _summary(self.results / scenario).get(PINNED) or {}
        self._known: dict[str, dict[str, list[str]]] = {}

    def lines(self, key: str) -> frozenset[str]:
        """The order lines of a shipment; none where no plan has it."""
        if key in self.kept:
            return frozenset(str(line) for line in self.kept[key])
        scenario, _, shipment = key.rpartition("/")
        return frozenset(self.of(scenario or self.scenario).get(shipment, ()))

    def of(self, scenario: str) -> dict[str, list[str]]:
        """The order lines of each shipment of a scenario's last plan."""
        if scenario not in self._known:
            self._known[scenario] = _allocated(self.results / scenario / ALLOCATION)
        return self._known[scenario]


def _summary(folder: Path) -> Mapping[str, Any]:
    """What stands in the summary of the last plan; nothing where there is none."""
    path = folder / SUMMARY
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # a damaged summary names no shipment, and that is then said of the pin
    return found if isinstance(found, dict) else {}


def _allocated(path: Path) -> dict[str, list[str]]:
    if not path.is_file():
        return {}
    import pandas as pd

    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    found: dict[str, list[str]] = {}
    for order, line, shipment in zip(
        frame["order_id"], frame["line"], frame["shipment_id"], strict=True
    ):
        found.setdefault(shipment, []).append(f"{order}/{line}")
    return found


def pinned_shipments(project: Project, scenario: str) -> dict[str, dict[str, list[str]]]:
    """What the pinned shipments of a scenario stand for, for its summary; nothing without any."""
    shipments = PlannedShipments(project.folder, scenario)
    frame = project.frames["decisions"]
    keys = [k for level, k in zip(frame["level"], frame["key"], strict=True) if level == "shipment"]
    kept = {key: sorted(shipments.lines(key)) for key in dict.fromkeys(keys)}
    return {PINNED: kept} if kept else {}


def _unknown(row: Row, number: int, file: str, sheet: str, shipments: PlannedShipments) -> Finding:
    from lowhaul.columns import did_you_mean

    planned = shipments.of(row["key"].rpartition("/")[0] or shipments.scenario)
    scenario = row["key"].rpartition("/")[0] or shipments.scenario
    near = did_you_mean(row["key"].rpartition("/")[2], planned) if planned else (
        f"There is no plan of '{scenario}' yet: plan it without this row, or name the shipment as "
        "SCENARIO/SHIPMENT of one that is planned."
    )  # fmt: skip
    return Finding(
        code="E365",
        severity="error",
        message=f"The last plan of '{scenario}' has no shipment \"{row['key']}\".",
        hint=near,
        file=file,
        sheet=sheet,
        row=number,
        column="key",
        value=row["key"],
    )
