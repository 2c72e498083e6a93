"""The front of cost against CO2e of a tiny case by trying every plan, beside brute_force.py.

There, of two choices that use the same limited things only the better one is kept. Here both stay
unless one is as cheap and as clean: a tag with its own figures makes choices differ, and is taken
off when the worse ones have been left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil
from typing import Any

from routing.case import Case
from tests.routing.brute_force import SMALL, BruteForce, Goods, Pick, merged

TAG = "tag"


def tagged(pick: Pick) -> Pick:
    """The choice with its own figures as a fact."""
    return replace(pick, uses=merged([*pick.uses, (TAG, pick.cost, pick.co2e)]))


def not_worse(picks: Iterable[Pick]) -> list[Pick]:
    """Untagged; of choices with the same facts, those that no other is as cheap and clean as."""
    kept: dict[object, list[Pick]] = {}
    for pick in sorted(picks, key=lambda p: (p.cost, p.co2e)):
        uses = tuple(use for use in pick.uses if use[0] != TAG)
        same = kept.setdefault(uses, [])
        if all(other.co2e > pick.co2e + SMALL for other in same):
            same.append(replace(pick, uses=uses))
    return [pick for same in kept.values() for pick in same]


class BruteFront(BruteForce):
    """Tries everything for one case and keeps what is not dominated."""

    def __init__(self, case: Case) -> None:
        super().__init__(replace(case, settings=replace(case.settings, objective="min_cost")))
        self.front: list[Pick] = []

    def points(self) -> list[tuple[float, float]]:
        """Cost and CO2e of the front: one plan a kilogram (rounded up), the cheapest first."""
        best = self.solve()
        assert self.best is not None
        cost, co2e = best.cost - self.best.cost, best.co2e - self.best.co2e
        found: list[tuple[float, float]] = []
        for pick in sorted(self.front, key=lambda p: (round(p.cost + cost, 2), p.co2e)):
            if not found or ceil(pick.co2e + co2e - 1e-4) < ceil(found[-1][1] - 1e-4):
                found.append((pick.cost + cost, pick.co2e + co2e))
        return found

    def priced(self, *args: Any) -> Pick | None:
        pick = super().priced(*args)
        return None if pick is None else tagged(pick)

    def one_unit(self, *args: Any) -> list[Pick]:
        return not_worse(super().one_unit(*args))

    def all_picks(self, goods: list[Goods]) -> Iterable[Pick]:  # type: ignore[override]
        return (tagged(pick) for pick in super().all_picks(goods))

    def picks(self, block: frozenset[Goods]) -> list[Pick]:
        if block not in self.options:
            found = sorted(not_worse(super().picks(block)), key=self.rank)
            self.options[block] = found
        return self.options[block]

    def descend(self, blocks: list[list[Pick]], least: list[float], at: int, so_far: Pick) -> None:
        """All choices; what a known plan dominates even with the least still to come is left."""
        if at == len(blocks):
            whole = self.settled(so_far)
            if whole is not None and not self.outdone(whole.cost, whole.co2e):
                self.front = [
                    p for p in self.front if p.cost < whole.cost or p.co2e < whole.co2e
                ] + [whole]
                self.best = whole if self.better(whole, self.best) else self.best
            return
        cost = sum(min(p.cost for p in block) for block in blocks[at + 1 :])
        co2e = sum(min(p.co2e for p in block) for block in blocks[at + 1 :])
        for pick in blocks[at]:
            sums = so_far.cost + pick.cost, so_far.co2e + pick.co2e
            if not self.outdone(sums[0] + cost, sums[1] + co2e):
                uses = so_far.uses + pick.uses
                self.descend(blocks, least, at + 1, Pick(*sums, uses, "plan"))

    def outdone(self, cost: float, co2e: float) -> bool:
        """True if a known plan is as cheap and as clean."""
        return any(p.cost <= cost + SMALL and p.co2e <= co2e + SMALL for p in self.front)
