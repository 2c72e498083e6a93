"""Instances of green tactical transport planning as published, and what a plan of one comes to.

L. Gosch, M. Prandtstetter, K. F. Doerner, "On Modelling and Solving Green Collaborative Tactical
Transportation Planning", IPIC 2021: a JSON file of commodities, nodes and tariffs beside a file of
time-expanded arcs. Goods have m3 and tonnes a unit, stocks and demands a day; containers of each
type of goods (N normal, F perishable) are counted on each arc.

`judge` knows no planner and no solver: from the containers and the goods on each arc it says what
breaks the instance, and what CO2e and cost come to. Cost is that of tariff level 0 (no discounts).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

STORAGE, SHORTCUT, BIN = "C", "O", "bin"
TRANSPORT = {"L": "lorry", "R": "rail", "S": "ship"}
G_PER_T = 1e6
SLACK = 1e-6
"""Goods are compared to this, in units, m3 and t."""


@dataclass(frozen=True)
class Commodity:
    """One kind of goods: m3 and t are those of one unit."""

    index: int
    kind: str
    m3: float
    t: float


@dataclass(frozen=True)
class Tariff:
    """The first level of a tariff: EUR a container-km, and a t-km (storage: a m3)."""

    per_container_km: float
    per_km: float


@dataclass(frozen=True)
class Terms:
    """An arc for one type of goods. On storage arcs the g "per t" and the EUR are per m3."""

    g_per_container: float
    g_per_t: float
    handling_per_container: float
    handling_per_t: float
    containers: int | None
    container_m3: float
    container_t: float
    tariff: Tariff

    def cost_per_container(self, km: float) -> float:
        """EUR for one container."""
        return self.tariff.per_container_km * km + self.handling_per_container

    def cost_per_t(self, km: float) -> float:
        """EUR for one tonne (storage: one m3 and night)."""
        return self.tariff.per_km * km + self.handling_per_t


@dataclass(frozen=True)
class Arc:
    """One time-expanded arc; days count from 0."""

    index: int
    start: int
    end: int
    depart: int
    arrive: int
    mode: str
    km: float
    terms: dict[str, Terms] = field(hash=False)


@dataclass(frozen=True)
class Node:
    """One place: a facility, a demand or the bin. Stocks by commodity: a figure a day."""

    index: int
    type: str
    facility: str
    region: str
    stocks: dict[int, tuple[float, ...]] = field(hash=False)


@dataclass(frozen=True)
class Instance:
    """One published instance."""

    name: str
    days: int
    commodities: tuple[Commodity, ...]
    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]
    handling_limits: bool

    @cached_property
    def storage(self) -> dict[tuple[int, int], Arc]:
        """Storage arcs by node and the day before the night."""
        return {(a.start, a.depart): a for a in self.arcs if a.mode == STORAGE}

    @cached_property
    def moves(self) -> tuple[Arc, ...]:
        """All arcs but storage and those to the bin (unused stock may stay where it is)."""
        return tuple(a for a in self.arcs if a.mode != STORAGE and self.nodes[a.end].type != BIN)

    def stores(self, node: int) -> bool:
        """True if goods may stay at a node overnight."""
        return (node, 0) in self.storage

    @property
    def rung(self) -> str:
        """The rung of the ladder: which modes, and whether goods may change on their way."""
        modes = [name for m, name in TRANSPORT.items() if any(a.mode == m for a in self.arcs)]
        through = any(
            a.mode in TRANSPORT and self.nodes[a.end].type == "facility" for a in self.arcs
        )
        return f"{' + '.join(modes)}, {'through facilities' if through else 'direct'}"


def read_instance(path: Path) -> Instance:
    """Read a JSON file and the arcs beside it; ValueError if the files do not fit each other."""
    data = json.loads(path.read_text(encoding="utf-8"))
    commodities = tuple(
        Commodity(c["id"], c["type"], c["properties"]["V"], c["properties"]["W"])
        for c in data["commodities"]
    )
    nodes = tuple(
        Node(
            n["id"], n["type"], n["facility_type"], n["region"],
            {int(c): tuple(days) for c, days in n["stocks"].items()},
        )
        for n in data["nodes"]
    )  # fmt: skip
    if [c.index for c in commodities] != list(range(len(commodities))):
        raise ValueError(f"{path.name}: commodities are not numbered from 0")
    if [n.index for n in nodes] != list(range(len(nodes))):
        raise ValueError(f"{path.name}: nodes are not numbered from 0")
    levels = {t["id"]: t["levels"][0] for t in data["tariffs"]}
    tariffs = {i: Tariff(v["cost_fixed"], v["cost_variable"]) for i, v in levels.items()}
    kinds = data["other"]["c_types"]
    lines = path.with_name(data["arcs"]).read_text(encoding="utf-8").splitlines()
    arcs = tuple(_arc(line, kinds, tariffs) for line in lines if line.strip())
    if len(arcs) != data["other"]["n_arcs"]:
        raise ValueError(f"{path.name}: {len(arcs)} arcs, {data['other']['n_arcs']} are announced")
    capacitated = "capacitated" in data["instance_properties"]
    days = data["other"]["time_periods"]
    return Instance(path.stem, days, commodities, nodes, arcs, capacitated)


def _arc(line: str, kinds: list[str], tariffs: dict[int, Tariff]) -> Arc:
    """An arc: 7 fields; CO2e, 2 a type; handling, 2; containers, 3 a type; tariff, 1 a type."""
    f = line.split()
    width = len(kinds)
    if len(f) != 9 + 6 * width:
        raise ValueError(f"an arc has {len(f)} fields, {9 + 6 * width} are wanted: {line}")
    co2e, handling, room, tariff = f[7:], f[7 + 2 * width :], f[9 + 2 * width :], f[-width:]
    terms = {}
    for i, kind in enumerate(kinds):
        number = int(room[3 * i])
        terms[kind] = Terms(
            float(co2e[2 * i]), float(co2e[2 * i + 1]), float(handling[0]), float(handling[1]),
            None if number < 0 else number,
            float(room[3 * i + 1]), float(room[3 * i + 2]), tariffs[int(tariff[i])],
        )  # fmt: skip
    start, end, depart, arrive = map(int, f[1:5])
    return Arc(int(f[0]), start, end, depart, arrive, f[5], float(f[6]), terms)


@dataclass(frozen=True)
class Flow:
    """A plan: containers by arc and type of goods, units by arc and commodity.

    Storage may be left out.
    """

    containers: dict[tuple[int, str], int]
    units: dict[tuple[int, int], float]


@dataclass(frozen=True)
class Verdict:
    """What a flow comes to, and all that breaks the instance."""

    co2e_t: float
    cost: float
    containers: int
    faults: tuple[str, ...]


def judge(instance: Instance, flow: Flow) -> Verdict:
    """Judge a flow of the moves; how long goods are stored follows from it, the least there is.

    Demand must be met exactly on its day, goods leave a node only when they are there, containers
    are whole and hold what they carry by volume and by mass, storage holds its m3.
    """
    by_index = {a.index: a for a in instance.arcs}
    faults = list(_overfull(instance, flow, by_index))
    g = cost = 0.0
    for (index, kind), number in flow.containers.items():
        arc = by_index[index]
        g += number * arc.terms[kind].g_per_container
        cost += number * arc.terms[kind].cost_per_container(arc.km)
    for (index, commodity), units in flow.units.items():
        arc, goods = by_index[index], instance.commodities[commodity]
        if arc.mode == STORAGE:
            continue  # what is stored is worked out below
        g += units * goods.t * arc.terms[goods.kind].g_per_t
        cost += units * goods.t * arc.terms[goods.kind].cost_per_t(arc.km)
    stored: dict[tuple[int, int, str], float] = defaultdict(float)
    for node in instance.nodes:
        if node.type != BIN:
            for goods in instance.commodities:
                faults += _kept(instance, flow, by_index, node, goods, stored)
    for (node_index, night, kind), m3 in stored.items():
        arc = instance.storage[node_index, night]
        terms = arc.terms[kind]
        g += m3 * terms.g_per_t
        cost += m3 * terms.cost_per_t(arc.km)
        if terms.containers is not None and m3 > terms.containers * terms.container_m3 + SLACK:
            faults.append(f"node {node_index} stores {m3:.3f} m3 of {kind} in night {night}")
    return Verdict(g / G_PER_T, cost, sum(flow.containers.values()), tuple(faults))


def _overfull(instance: Instance, flow: Flow, by_index: dict[int, Arc]) -> Iterable[str]:
    """Arcs whose containers are too few for what they carry, or more than there are."""
    m3: dict[tuple[int, str], float] = defaultdict(float)
    t: dict[tuple[int, str], float] = defaultdict(float)
    for (index, commodity), units in flow.units.items():
        goods = instance.commodities[commodity]
        if by_index[index].mode in TRANSPORT:
            m3[index, goods.kind] += units * goods.m3
            t[index, goods.kind] += units * goods.t
        if units < -SLACK:
            yield f"arc {index} carries {units} units of {commodity}"
    for (index, kind), number in flow.containers.items():
        limit = by_index[index].terms[kind].containers
        if number < 0 or (limit is not None and number > limit):
            yield f"arc {index} has {number} containers of {kind}, not 0 to {limit}"
    for (index, kind), volume in m3.items():
        terms, number = by_index[index].terms[kind], flow.containers.get((index, kind), 0)
        if volume > number * terms.container_m3 + SLACK:
            yield f"arc {index}: {volume:.4f} m3 of {kind} in {number} containers"
        if t[index, kind] > number * terms.container_t + SLACK:
            yield f"arc {index}: {t[index, kind]:.4f} t of {kind} in {number} containers"


def _kept(
    instance: Instance,
    flow: Flow,
    by_index: dict[int, Arc],
    node: Node,
    goods: Commodity,
    stored: dict[tuple[int, int, str], float],
) -> Iterable[str]:
    """Goods at one node: each departure takes what came last, so nights in storage are fewest."""
    stock = node.stocks.get(goods.index, (0.0,) * instance.days)
    came = [max(0.0, units) for units in stock]
    needed = [max(0.0, -units) for units in stock]
    arrived = [0.0] * instance.days
    for arc in instance.moves:
        units = flow.units.get((arc.index, goods.index), 0.0)
        if arc.end == node.index:
            arrived[arc.arrive] += units
        if arc.start == node.index:
            needed[arc.depart] += units
    came = [a + b for a, b in zip(came, arrived, strict=True)]
    if node.type == "demand" and any(
        abs(a - b) > SLACK * max(1.0, b) for a, b in zip(came, needed, strict=True)
    ):
        yield f"demand {node.index} of {goods.index}: {came} came, {needed} are wanted"
        return
    left = list(came)
    for day in reversed(range(instance.days)):
        wanted = needed[day]
        first = 0 if instance.stores(node.index) else day
        for earlier in reversed(range(first, day + 1)):
            taken = min(wanted, left[earlier])
            left[earlier] -= taken
            wanted -= taken
            for night in range(earlier, day):
                stored[node.index, night, goods.kind] += taken * goods.m3
        if wanted > SLACK * max(1.0, needed[day]):
            yield f"node {node.index} lacks {wanted:.6f} of {goods.index} on day {day}"
