"""Which day's units serve which demand: open in an instance, given in an order.

Any lots that the stocks allow make a case of which every plan is one of the instance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from benchmarks.gttp_instance import Arc, Flow, Instance

FEW = 1e-6
"""Fewer units than this are a rounding."""
Lots = Mapping[int, Sequence[tuple[int, int, float]]]
"""By commodity: (day made, day due, units)."""


def ends_of(instance: Instance, commodity: int) -> tuple[int, int] | tuple[()]:
    """The one node that makes a commodity and the one that wants it; nothing where none does."""
    stocks = [(n.index, n.stocks.get(commodity, ())) for n in instance.nodes]
    sources = [n for n, days in stocks if any(units > 0 for units in days)]
    demands = [n for n, days in stocks if any(units < 0 for units in days)]
    if not demands:
        return ()
    if len(sources) != 1 or len(demands) != 1:
        raise ValueError(f"commodity {commodity} has several sources or demands")
    return sources[0], demands[0]


def first_in_first_out(instance: Instance) -> Lots:
    """Each demand takes the oldest units that are left."""
    lots: dict[int, list[tuple[int, int, float]]] = {}
    for goods in instance.commodities:
        ends, some = ends_of(instance, goods.index), lots.setdefault(goods.index, [])
        if not ends:
            continue
        left = [max(0.0, u) for u in instance.nodes[ends[0]].stocks[goods.index]]
        for due, stock in enumerate(instance.nodes[ends[1]].stocks[goods.index]):
            missing = max(0.0, -stock)
            for day in range(due):
                units = min(missing, left[day])
                if units > 0:
                    left[day] -= units
                    missing -= units
                    some.append((day, due, units))
            if missing > FEW:
                raise ValueError(f"commodity {goods.index} lacks {missing:g} units on day {due}")
    return lots


def as_in(instance: Instance, flow: Flow) -> Lots:
    """The day made and the day due of all units of a flow (with its storage), path by path."""
    leaving: dict[tuple[int, int], list[Arc]] = defaultdict(list)
    for arc in instance.arcs:
        leaving[arc.start, arc.depart].append(arc)
    lots: dict[int, list[tuple[int, int, float]]] = {}
    for goods in instance.commodities:
        ends, some = ends_of(instance, goods.index), lots.setdefault(goods.index, [])
        left = {i: u for (i, c), u in flow.units.items() if c == goods.index}
        for day, stock in enumerate(instance.nodes[ends[0]].stocks[goods.index] if ends else ()):
            supply = max(0.0, stock)
            while supply > FEW and (path := _path(ends[0], day, ends[1], leaving, left)):
                units = min(supply, *(left[a.index] for a in path))
                supply -= units
                for arc in path:
                    left[arc.index] -= units
                some.append((day, path[-1].arrive, units))
    return lots


def _path(
    node: int,
    day: int,
    end: int,
    leaving: Mapping[tuple[int, int], list[Arc]],
    left: Mapping[int, float],
) -> list[Arc]:
    """Arcs with units left on them from a node and day to a demand; none where there are none."""
    path: list[Arc] = []
    while node != end:
        arc = next((a for a in leaving[node, day] if left.get(a.index, 0.0) > FEW / 10), None)
        if arc is None:
            return []
        path.append(arc)
        node, day = arc.end, arc.arrive
    return path
