"""Blocks of orders that share load units with each other and hardly with the rest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from routing.model import PlanModel
from routing.orders import Order

MOST_ORDERS = 4
"""Orders of one block: more make its model slow, fewer see too little of each other."""


@dataclass(frozen=True)
class Block:
    """Orders that are planned together, with the columns that are theirs."""

    name: str
    orders: frozenset[str]
    columns: frozenset[int]


def blocks_of(model: PlanModel) -> list[Block]:
    """Blocks by the place where orders end; inbound ones by the place where they begin.

    A place with many orders has several blocks, by ready date; the load units of the others stay
    open to each of them.
    """
    by_place: dict[str, list[Order]] = defaultdict(list)
    for order in model.options.case.orders:
        inbound = order.flow == "inbound"
        by_place[f"from {order.origin}" if inbound else f"to {order.destination}"].append(order)
    block_of: dict[str, str] = {}
    for place, some in by_place.items():
        some.sort(key=lambda o: (o.ready_date, o.key))
        parts = -(-len(some) // MOST_ORDERS)
        size = -(-len(some) // parts)
        for index, order in enumerate(some):
            part = f", part {index // size + 1}" if parts > 1 else ""
            block_of[order.key] = place + part
    members: dict[str, set[str]] = defaultdict(set)
    for key, name in block_of.items():
        members[name].add(key)
    columns: dict[str, set[int]] = defaultdict(set)
    for unit, column in [*model.units.items(), *model.whole.items()]:
        columns[block_of[unit.entry.order]].add(column)
    for part_key, column in model.parts.items():
        columns[block_of[part_key.option.entry.order]].add(column)
    for (key, _), column in [*model.unserved.items(), *model.chosen.items()]:
        columns[block_of[key]].add(column)
    for index, own in model.group_columns.items():
        for name in {block_of[e.order] for e in model.options.groups[index].sharing.entries}:
            columns[name].update(own)
    return [
        Block(name, frozenset(members[name]), frozenset(columns[name]))
        for name in sorted(members, key=lambda n: (n.startswith("to "), *reversed(n.split(", "))))
    ]


ALL_LEGS = Block("offers and boxes of all legs", frozenset(), frozenset())
"""No order moves: only who carries the load units, and which boxes they travel in."""
