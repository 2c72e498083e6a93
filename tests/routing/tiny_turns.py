"""Tiny projects in which boxes run out of free time: depots, prices of detention, days to wait.

Drawn as in tiny_cases.py, each with emptied boxes, then given what decides about their days.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import cast

from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.distances import Distances
from routing.orders import Order
from tests.routing.tiny_cases import START, TinyDistances, TinyWorld, plain_place


def turning_case(seed: int, objective: str = "min_emissions") -> Case:
    """The case of a seed."""
    world = TinyWorld(seed)
    rng = Random(1_000_000 + seed)
    world.has_empties = True
    world.has_inbound = rng.random() < 0.4
    world.has_hub = world.has_parts = False
    case = world.case()
    per_day = rng.choice((None, round(rng.uniform(2, 30), 2)))
    stay = rng.choice((0, 0, 2, 4))

    def box(boxes: EmptyBoxes) -> EmptyBoxes:
        first = START + timedelta(days=rng.choice((-6, -4, -2, 0)))
        return replace(
            boxes,
            location=rng.choice(("STORE", "YARD", "PA")),
            available_from=first,
            free_until=first + timedelta(days=stay),
            detention_per_day=per_day,
        )

    def order(one: Order) -> Order:
        if one.flow != "inbound":
            return one
        return replace(one, unstuff_days=rng.choice((1, 3, 5)))

    near = rng.uniform(-60, 60), rng.uniform(-60, 60)
    depot = rng.uniform(-60, 60), rng.uniform(-60, 60)
    points = (*cast(TinyDistances, case.distances).points, ("STORE", *near), ("INLAND", *depot))
    places = {
        **case.places,
        "STORE": plain_place("STORE", "warehouse"),
        "INLAND": plain_place("INLAND", "depot"),
        "YARD": plain_place("YARD", rng.choice(("depot", "warehouse", "warehouse"))),
    }
    wait = rng.choice((None, 0, 0, 1, 2, 2))
    return replace(
        case,
        settings=replace(case.settings, objective=objective, box_wait_days=wait),
        places=places,
        carriers={n: replace(c, round_use_allowed=True) for n, c in case.carriers.items()},
        distances=cast(Distances, TinyDistances(points)),
        empties=tuple(box(b) for b in case.empties),
        orders=tuple(order(o) for o in case.orders),
        bids=tuple(replace(b, detention_per_day=per_day) if b.free_days else b for b in case.bids),
    )
