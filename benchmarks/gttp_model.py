"""An instance of green tactical transport planning as one time-space model.

Goods may change containers at every node, which is more than Lowhaul's planner lets them do.

Data       q_nct stock (+) or demand (-) of goods c at node n on day t
           V_c, W_c m3 and t of a unit    K_a m3 and L_a t of a container on arc a
Decide     f_ac >= 0             units of c on arc a (transport, storage, delivery)
           y_ak integer >= 0     containers of type k of goods on transport arc a
So that    out - in <= stock, in - out = demand                   every n, c, t    (kept)
           sum_c V_c f_ac <= K_a y_ak,  sum_c W_c f_ac <= L_a y_ak every a, k       (room, load)
           sum_c V_c f_ac <= m3 of the store                       every night, k   (stored)
Minimise   CO2e (g) or cost (EUR, tariff level 0) of containers, tonnes and nights
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field, replace

from benchmarks.gttp_instance import BIN, G_PER_T, STORAGE, TRANSPORT, Arc, Flow, Instance
from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, Solved, solve

NOTHING = 1e-9
"""Fewer units than this are a solver's rounding."""
SEARCH_GAP = 1e-5


@dataclass
class TimeSpace:
    """The model of an instance; `units` and `containers` are its columns."""

    instance: Instance
    objective: str
    linear: LinearModel = field(default_factory=LinearModel)
    units: dict[tuple[int, int], int] = field(default_factory=dict)
    containers: dict[tuple[int, str], int] = field(default_factory=dict)

    def build(self) -> None:
        """Make all columns and rows."""
        terms: dict[int, float] = {}
        arcs = [a for a in self.instance.arcs if self.instance.nodes[a.end].type != BIN]
        for arc in arcs:
            for goods in self.instance.commodities:
                column = self.linear.column(f"f[{arc.index},{goods.index}]")
                self.units[arc.index, goods.index] = column
                size = goods.m3 if arc.mode == STORAGE else goods.t
                terms[column] = size * self.price(arc, goods.kind)[1]
            self.hold(arc, terms)
        self.keep(arcs)
        self.linear.minimise(terms)

    def price(self, arc: Arc, kind: str) -> tuple[float, float]:
        """What a container and a tonne (in storage a m3) add to the objective, in t or EUR."""
        terms = arc.terms[kind]
        if self.objective == "min_cost":
            return terms.cost_per_container(arc.km), terms.cost_per_t(arc.km)
        return terms.g_per_container / G_PER_T, terms.g_per_t / G_PER_T

    def hold(self, arc: Arc, objective: dict[int, float]) -> None:
        """Containers of an arc, or the room of a store, for each type of goods."""
        for kind, terms in arc.terms.items():
            some = [c for c in self.instance.commodities if c.kind == kind]
            m3 = {self.units[arc.index, c.index]: c.m3 for c in some}
            t = {self.units[arc.index, c.index]: c.t for c in some}
            if arc.mode == STORAGE and terms.containers is not None:
                room = terms.containers * terms.container_m3
                self.linear.row(f"stored[{arc.index},{kind}]", m3, upper=room)
            if arc.mode not in TRANSPORT:
                continue
            most = float("inf") if terms.containers is None else float(terms.containers)
            y = self.linear.column(f"y[{arc.index},{kind}]", 0.0, most, integer=True)
            self.containers[arc.index, kind] = y
            objective[y] = self.price(arc, kind)[0]
            self.linear.row(f"room[{arc.index},{kind}]", m3 | {y: -terms.container_m3}, upper=0)
            self.linear.row(f"load[{arc.index},{kind}]", t | {y: -terms.container_t}, upper=0)

    def keep(self, arcs: list[Arc]) -> None:
        """Goods leave a node when they are there, and meet each demand on its day."""
        arriving: dict[tuple[int, int], list[Arc]] = defaultdict(list)
        leaving: dict[tuple[int, int], list[Arc]] = defaultdict(list)
        for arc in arcs:
            arriving[arc.end, arc.arrive].append(arc)
            leaving[arc.start, arc.depart].append(arc)
        for node in self.instance.nodes:
            for goods in self.instance.commodities:
                stock = node.stocks.get(goods.index, (0.0,) * self.instance.days)
                for day in range(self.instance.days):
                    key, c = (node.index, day), goods.index
                    net = {self.units[a.index, c]: 1.0 for a in leaving[key]}
                    net |= {self.units[a.index, c]: -1.0 for a in arriving[key]}
                    if net or stock[day] < 0:
                        exact = stock[day] if node.type == "demand" else -float("inf")
                        name = f"kept[{node.index},{c},{day}]"
                        self.linear.row(name, net, lower=exact, upper=stock[day])


def best_flow(
    instance: Instance, objective: str, seconds: float, arcs: Container[int] = ()
) -> tuple[Solved, Flow | None]:
    """The best flow found in so many seconds, with the solver's bound (t or EUR).

    With `arcs`, on those alone: then the bound is theirs and not the instance's.
    """
    if arcs:
        instance = replace(instance, arcs=tuple(a for a in instance.arcs if a.index in arcs))
    model = TimeSpace(instance, objective)
    model.build()
    solved = solve(model.linear, Limits(seconds, SEARCH_GAP))
    if not solved.found:
        return solved, None
    values = solved.values
    units = {k: values[c] for k, c in model.units.items() if values[c] > NOTHING}
    containers = {k: round(values[c]) for k, c in model.containers.items() if values[c] > 0.5}
    return solved, Flow(containers, units)
