"""Deal the orders of a group to the ways on which its load units go, those kept whole first.

Each way has room for so much floor, volume and mass. This only divides the goods; whether they can
be stuffed is for the loader to say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from loading.equipment import Equipment
from loading.stuffing import LoadPlan, floor_count, layers
from loading.units import HandlingUnit, Packaging
from routing.groups import Entry, Packed

GoodsOf = tuple[Entry, Packed, tuple[HandlingUnit, ...]]
"""Handling units of one entry."""


@dataclass(frozen=True)
class Room:
    """Floor (1 is that of one load unit), volume in m3, mass in kg."""

    floor: float
    volume_m3: float
    mass_kg: float

    @classmethod
    def of(cls, equipment: Equipment, max_cargo_kg: float) -> Room:
        """The room of one load unit."""
        return cls(1.0, equipment.volume_m3, max_cargo_kg)

    def __rmul__(self, count: float) -> Room:
        return Room(count * self.floor, count * self.volume_m3, count * self.mass_kg)

    def __sub__(self, other: Room) -> Room:
        return Room(
            self.floor - other.floor,
            self.volume_m3 - other.volume_m3,
            self.mass_kg - other.mass_kg,
        )

    def least_share(self, whole: Room) -> float:
        """The smallest of its three shares of another room; below 0 if more is used than is."""
        return min(
            self.floor / whole.floor,
            self.volume_m3 / whole.volume_m3,
            self.mass_kg / whole.mass_kg,
        )


def taken_by(units: Sequence[HandlingUnit], packaging: Packaging, equipment: Equipment) -> Room:
    """The room that units of one packaging take."""
    share = 1.0 / (floor_count(packaging, equipment) * layers(packaging, equipment))
    count = len(units)
    return Room(count * share, count * packaging.volume_m3, sum(u.mass_kg for u in units))


def deal_orders(
    goods: Sequence[GoodsOf],
    rooms: Sequence[Room],
    equipment: Equipment,
    *,
    tightest_first: bool,
) -> list[list[HandlingUnit]]:
    """Units for each way: whole orders first, the largest first, then what may be split.

    A whole order goes where it fits best (`tightest_first`) or where most is left; units of others
    fill what is left. What fits nowhere goes where most is left.
    """
    left = list(rooms)
    dealt: list[list[HandlingUnit]] = [[] for _ in rooms]

    def spare(way: int, taken: Room) -> float:
        return (left[way] - taken).least_share(rooms[way])

    def liking(way: int, taken: Room) -> tuple[bool, float]:
        free = spare(way, taken)
        fits = free > -1e-9
        return fits, -free if tightest_first and fits else free

    def hand(way: int, units: Sequence[HandlingUnit], taken: Room) -> None:
        dealt[way] += units
        left[way] -= taken

    whole = [g for g in goods if not g[1].order.splittable]
    whole.sort(key=lambda g: -taken_by(g[2], g[1].packaging, equipment).floor)
    for _, packed, units in whole:
        taken = taken_by(units, packed.packaging, equipment)
        way = max(range(len(left)), key=lambda w: (*liking(w, taken), -w))
        hand(way, units, taken)
    for _, packed, units in goods:
        if packed.order.splittable:
            for unit in units:
                taken = taken_by([unit], packed.packaging, equipment)
                # fill one way after the other, so that stacks stay together
                way = next(
                    (w for w in range(len(left)) if spare(w, taken) > -1e-9),
                    max(range(len(left)), key=lambda w: spare(w, taken)),
                )
                hand(way, [unit], taken)
    return dealt


def deal_loads(
    loads: Sequence[LoadPlan], whole: Collection[str], counts: Sequence[int]
) -> list[list[LoadPlan]] | None:
    """Stuffed loads for each way, those that share an order of `whole` on one; None if it fails.

    A way takes at most so many loads as `counts` says. The largest bunches are dealt first, each
    to the way that it fills best; None may also mean that another order would have done.
    """
    bunches: list[tuple[set[str], list[LoadPlan]]] = []
    for load in loads:
        held = {p.unit.order for p in load.placements} & set(whole)
        joined = [load]
        apart = []
        for orders, some in bunches:
            if orders & held:
                held |= orders
                joined += some
            else:
                apart.append((orders, some))
        bunches = [*apart, (held, joined)]
    dealt: list[list[LoadPlan]] = [[] for _ in counts]
    for _, some in sorted(bunches, key=lambda bunch: -len(bunch[1])):
        left = [count - len(held) for count, held in zip(counts, dealt, strict=True)]
        ways = [way for way, room in enumerate(left) if room >= len(some)]
        if not ways:
            return None
        dealt[min(ways, key=lambda way: left[way])] += some
    return dealt
