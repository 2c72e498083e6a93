"""The order of elements by what comes before them (TS 6.2.1); the graph may branch and join."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence

from emissions.ileap.model import ShipmentFootprint, Tce


def sorted_out(before: Sequence[Collection[int]]) -> tuple[list[int], list[int]]:
    """Positions so that each stands after those before it, and those that no order fits.

    `before` holds for each position those that come before it. Ties go to the earlier position.
    Kahn's algorithm, so the time grows with elements and edges.
    """
    after: list[list[int]] = [[] for _ in before]
    waiting = [len(set(those)) for those in before]
    for i, those in enumerate(before):
        for b in set(those):
            after[b].append(i)
    ready = [i for i, count in enumerate(waiting) if not count]
    order = []
    while ready:
        i = heapq.heappop(ready)
        order.append(i)
        for follower in after[i]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, follower)
    return order, [i for i, count in enumerate(waiting) if count]


def on_cycles(before: Mapping[str, Collection[str]]) -> set[str]:
    """The ids that lie on a cycle (or between two): no order fits them, forward or backward."""
    ids = list(before)
    place = {own: i for i, own in enumerate(ids)}
    backward: list[list[int]] = [[] for _ in ids]
    forward = [[place[b] for b in those if b in place] for those in before.values()]
    for i, those in enumerate(forward):
        for b in those:
            backward[b].append(i)
    return {ids[i] for i in {*sorted_out(forward)[1]} & {*sorted_out(backward)[1]}}


def in_order(shipment: ShipmentFootprint) -> list[Tce]:
    """The elements so that none stands before those it follows; what has no order comes last."""
    tces = shipment.tces
    places: dict[str, list[int]] = {}
    for i, tce in enumerate(tces):
        places.setdefault(tce.tceId, []).append(i)
    before = [[i for b in t.prevTceIds or () for i in places.get(b, [])] for t in tces]
    order, rest = sorted_out(before)
    return [tces[i] for i in (*order, *rest)]
