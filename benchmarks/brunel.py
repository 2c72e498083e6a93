"""Brunel's supply chain tables: the raw CSV files through the importer, then model B1 exactly.

    python -m benchmarks.brunel FOLDER --days 6 --days 7 --days 8 --json

FOLDER holds the seven files of the data set (T. Kalganova, I. Dzalbs, Brunel University London,
figshare 7558679). Nothing is cleaned by hand: money such as ` $0.71 `, thousands commas, trailing
blanks in headings and double rows are the importer's work, by the mappings below.

Model B1 (README of the data set's folder): each order goes to one plant that makes its product
and may serve its customer, and uses one rate of a port of that plant, of the order's own service,
with the order's mass inside the band, ends included.

Data       w_op    warehouse and freight cost of order o at plant p: units x cost a unit, and
                   max(minimum, rate x mass), the cheapest rate that fits; CRF orders pay no freight
           cap_p   orders a day
Decide     x_op    1 if order o is made ready at plant p
Minimise   sum w_op x_op
So that    sum_p x_op = 1                 every order      (one_plant)
           sum_o x_op <= cap_p x days     every plant      (capacity)
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from lowhaul.columns import Column, Table
from lowhaul.findings import Findings
from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, solve
from lowhaul.units import money
from scenarios.importing.importer import import_bytes, read_file
from scenarios.importing.mapping import SheetMapping, parse_mapping

C = Column
PORT_TO = "PORT09"
SECONDS = 30.0
FREE = "CRF"
"""The service whose orders pay no freight: the customer fetches them."""

TABLES = {
    "OrderList": (
        Table("brunel_orders", "Orders of one day.", (
            C("order", "id", True), C("service", "id", True), C("customer", "id", True),
            C("product", "id", True), C("plant", "id"), C("units", "number", True, at_least=0),
            C("mass_kg", "number", True, at_least=0),
        ), key=("order",)),
        {"Order ID": "order", "Service Level": "service", "Customer": "customer",
         "Product ID": "product", "Plant Code": "plant", "Unit quantity": "units",
         "Weight": "mass_kg"},
    ),
    "FreightRates": (
        Table("brunel_rates", "Freight rates by band of mass.", (
            C("carrier", "id", True), C("port", "id", True), C("to", "id", True),
            C("from_kg", "number", True, at_least=0), C("to_kg", "number", True, at_least=0),
            C("service", "id", True), C("minimum", "number", True, at_least=0),
            C("rate", "number", True, at_least=0), C("mode", "text", choices=("AIR", "GROUND")),
            C("days", "integer"),
        )),
        {"Carrier": "carrier", "orig_port_cd": "port", "dest_port_cd": "to",
         "minm_wgh_qty": "from_kg", "max_wgh_qty": "to_kg", "svc_cd": "service",
         "minimum cost": "minimum", "rate": "rate", "mode_dsc": "mode", "tpt_day_cnt": "days"},
    ),
    "WhCosts": (
        Table("brunel_costs", "Cost of a unit.", (
            C("plant", "id", True), C("cost", "number", True, at_least=0)), key=("plant",)),
        {"WH": "plant", "Cost/unit": "cost"},
    ),
    "WhCapacities": (
        Table("brunel_capacities", "Orders a day.", (
            C("plant", "id", True), C("capacity", "integer", True, at_least=0)), key=("plant",)),
        {"Plant ID": "plant", "Daily Capacity": "capacity"},
    ),
    "ProductsPerPlant": (
        Table("brunel_products", "What a plant makes.", (
            C("plant", "id", True), C("product", "id", True))),
        {"Plant Code": "plant", "Product ID": "product"},
    ),
    "VmiCustomers": (
        Table("brunel_vmi", "Plants that serve only these customers.", (
            C("plant", "id", True), C("customer", "id", True))),
        {"Plant Code": "plant", "Customers": "customer"},
    ),
    "PlantPorts": (
        Table("brunel_ports", "Ports of a plant.", (
            C("plant", "id", True), C("port", "id", True))),
        {"Plant Code": "plant", "Port": "port"},
    ),
}  # fmt: skip
"""Each file's table, and what its headings mean."""

Row = dict[str, str]


@dataclass(frozen=True)
class Brunel:
    """The data set as imported: rows as texts, and how many rows of each file there were."""

    rows: dict[str, list[Row]]
    read: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Answer:
    """What B1 gives for so many days of plant capacity."""

    days: int
    status: str
    cost: float = 0.0
    warehouse: float = 0.0
    freight: float = 0.0
    gap: float = 0.0
    seconds: float = 0.0
    binding: tuple[str, ...] = ()
    """Infeasible: the fewest plants to which alone more orders can go than they have room for."""
    only_there: int = 0
    room: int = 0
    full: tuple[str, ...] = ()
    """All plants that are full while orders which could go to them are left over."""
    left_over: int = 0


def mapping_of(name: str) -> SheetMapping:
    """The mapping of one file, as mapping.yaml would hold it."""
    _, columns = TABLES[name]
    return parse_mapping(json.dumps({"columns": columns, "decimal": "."}), name, Findings())


def read(folder: Path) -> Brunel:
    """All files through the importer; each row is used or explained."""
    rows: dict[str, list[Row]] = {}
    counts: dict[str, dict[str, int]] = {}
    for name, (table, _) in TABLES.items():
        path = folder / f"{name}.csv"
        found = import_bytes(
            read_file(path), path.name, table=table.name, mapping=mapping_of(name),
            declared={table.name: table},
        )  # fmt: skip
        assert not found.accounting.unexplained()
        rows[name] = [dict(row.values) for row in found.tables[table.name]]
        counts[name] = found.accounting.counts()
    return Brunel(rows, counts)


@dataclass(frozen=True)
class Case:
    """B1 as numbers: cost of each order at each plant that may take it."""

    pairs: dict[tuple[int, str], tuple[float, float]]
    capacity: dict[str, int]
    orders: int
    doubles: int
    """Rate rows that stand twice."""
    without_capacity: tuple[str, ...]
    """Plants with products and no row of capacity: they can take nothing."""


def case_of(brunel: Brunel) -> Case:
    """The cheapest rate of every order at every plant that may take it."""
    rows = brunel.rows
    makers = defaultdict(set)
    for row in rows["ProductsPerPlant"]:
        makers[row["product"]].add(row["plant"])
    served = defaultdict(set)
    for row in rows["VmiCustomers"]:
        served[row["plant"]].add(row["customer"])
    ports = defaultdict(set)
    for row in rows["PlantPorts"]:
        ports[row["plant"]].add(row["port"])
    cost = {row["plant"]: float(row["cost"]) for row in rows["WhCosts"]}
    capacity = {row["plant"]: int(row["capacity"]) for row in rows["WhCapacities"]}
    distinct = {tuple(sorted(row.items())) for row in rows["FreightRates"]}
    bands = defaultdict(list)
    for items in distinct:
        row = dict(items)
        if row["to"] == PORT_TO:
            band = tuple(float(row[n]) for n in ("from_kg", "to_kg", "minimum", "rate"))
            bands[row["port"], row["service"]].append(band)
    pairs = {}
    for i, order in enumerate(rows["OrderList"]):
        mass, units = float(order["mass_kg"]), float(order["units"])
        for plant in sorted(makers[order["product"]]):
            if plant not in capacity or (served[plant] and order["customer"] not in served[plant]):
                continue
            fees = _fees(order["service"], mass, sorted(ports[plant]), bands)
            if fees:
                pairs[i, plant] = (units * cost[plant], min(fees))
    unknown = tuple(sorted({p for some in makers.values() for p in some} - set(capacity)))
    doubles = len(rows["FreightRates"]) - len(distinct)
    return Case(pairs, capacity, len(rows["OrderList"]), doubles, unknown)


def _fees(
    service: str, mass: float, ports: Iterable[str], bands: dict[tuple[str, str], list[tuple]]
) -> list[float]:
    if service == FREE:
        return [0.0 for _ in ports]
    return [
        max(least, rate * mass)
        for port in ports
        for low, high, least, rate in bands[port, service]
        if low <= mass <= high
    ]


def answer(case: Case, days: int) -> Answer:
    """B1 solved exactly; where no plan exists, the plants that are in the way."""
    started = time.perf_counter()
    model = LinearModel()
    columns = {pair: model.binary(f"x[{pair[0]},{pair[1]}]") for pair in case.pairs}
    by_order, by_plant = _grouped(columns)
    for i in range(case.orders):
        model.row(f"one_plant[{i}]", by_order[i], lower=1, upper=1)
    for plant, orders in case.capacity.items():
        model.row(f"capacity[{plant}]", by_plant[plant], upper=orders * days)
    model.minimise({columns[p]: sum(costs) for p, costs in case.pairs.items()})
    solved = solve(model, Limits(SECONDS))
    seconds = time.perf_counter() - started
    if not solved.found:
        if solved.status != "infeasible":
            return Answer(days, solved.status, seconds=seconds)
        full, left = _in_the_way(case, days)
        binding, orders = _fewest(case, days, full)
        room = days * sum(case.capacity[p] for p in binding)
        seconds = time.perf_counter() - started
        return Answer(
            days, solved.status, seconds=seconds, binding=binding, only_there=orders, room=room,
            full=full, left_over=left,
        )  # fmt: skip
    taken = [case.pairs[p] for p, c in columns.items() if solved.values[c] > 0.5]
    assert len(taken) == case.orders
    warehouse, freight = (sum(part) for part in zip(*taken, strict=True))
    return Answer(
        days, solved.status, money(warehouse + freight), money(warehouse), money(freight),
        solved.gap, seconds,
    )  # fmt: skip


def _grouped(columns: dict[tuple[int, str], int]) -> tuple[dict, dict]:
    by_order: dict[int, dict[int, float]] = defaultdict(dict)
    by_plant: dict[str, dict[int, float]] = defaultdict(dict)
    for (i, plant), column in columns.items():
        by_order[i][column] = 1.0
        by_plant[plant][column] = 1.0
    return by_order, by_plant


def _in_the_way(case: Case, days: int) -> tuple[tuple[str, ...], int]:
    """The full plants of a cut, and the number of orders that no plan can take.

    As many orders as fit are taken, then what is left over is followed.

    From a left-over order to the plants that could take it (all full), from those to the orders
    that they took, and so on: the plants that are reached have no room that could be made (Hall).
    """
    model = LinearModel()
    columns = {pair: model.column(f"x[{pair[0]},{pair[1]}]", 0, 1) for pair in case.pairs}
    by_order, by_plant = _grouped(columns)
    for i in range(case.orders):
        model.row(f"at_most_one[{i}]", by_order[i], upper=1)
    for plant, orders in case.capacity.items():
        model.row(f"capacity[{plant}]", by_plant[plant], upper=orders * days)
    model.minimise(dict.fromkeys(columns.values(), -1.0))
    values = solve(model, Limits(SECONDS)).values
    at = {i: plant for (i, plant), c in columns.items() if values[c] > 0.5}
    options = defaultdict(list)
    for i, plant in case.pairs:
        options[i].append(plant)
    reached: set[str] = set()
    waiting = [i for i in range(case.orders) if i not in at]
    left = len(waiting)
    while waiting:
        for plant in options[waiting.pop()]:
            if plant not in reached:
                reached.add(plant)
                waiting += [i for i, p in at.items() if p == plant]
    return tuple(sorted(reached)), left


def _fewest(case: Case, days: int, full: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """The fewest of the full plants whose own orders alone (Hall's condition) are too many."""
    options: dict[int, set[str]] = defaultdict(set)
    for i, plant in case.pairs:
        options[i].add(plant)
    for size in range(1, len(full) + 1):
        for some in combinations(full, size):
            orders = sum(plants <= set(some) for plants in options.values())
            if orders > days * sum(case.capacity[p] for p in some):
                return some, orders
    return full, 0


def main(arguments: list[str]) -> int:
    """Print a line a case; 0 if each was answered within its time."""
    parser = argparse.ArgumentParser(prog="benchmarks.brunel", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, action="append", help="days of plant capacity")
    parser.add_argument("--json", action="store_true", help="a JSON line a case and a summary")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    brunel = read(given.folder)
    case = case_of(brunel)
    reading_s = time.perf_counter() - started
    answers = [answer(case, days) for days in given.days or [6, 7, 8]]
    summary = {
        "rows": brunel.read, "pairs": len(case.pairs), "orders": case.orders,
        "double_rates": case.doubles, "plants_without_capacity": list(case.without_capacity),
        "reading_s": round(reading_s, 2), "seconds": round(time.perf_counter() - started, 2),
    }  # fmt: skip
    for a in answers:
        if given.json:
            idle = ("cost", "warehouse", "freight", "gap") if a.binding else ()
            shown = {k: v for k, v in vars(a).items() if v not in ((), 0) and k not in idle}
            print(json.dumps(shown | {"seconds": round(a.seconds, 2)}))
        elif a.status == "optimal":
            print(f"{a.days} days: {a.cost:,.2f} = {a.warehouse:,.2f} + {a.freight:,.2f}, optimal")
        else:
            names = ", ".join(a.binding)
            print(f"{a.days} days: {a.status}: {a.only_there} orders can go to {names} alone, "
                  f"with room for {a.room}")  # fmt: skip
    print(json.dumps({"summary": summary}) if given.json else f"{summary}")
    return 0 if all(a.seconds <= SECONDS for a in answers) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
