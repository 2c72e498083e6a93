"""What a carrier won, and what it lost to whom by how much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from lowhaul.console import table
from routing.explain.rivals import Field, Rival, Stake
from routing.explain.turning import better
from routing.tender import lane_of
from scenarios.explain.lanes import Carried, carried, cut, rival_dict
from scenarios.pages import NONE, Numbers


@dataclass(frozen=True)
class Won:
    """A bid of the carrier that carries goods, with the best of the others behind it."""

    stake: Stake
    carried: Carried
    runner_up: Rival | None


@dataclass(frozen=True)
class Lost:
    """A relation on which others carry goods: the largest of them, and the carrier's best bid."""

    stake: Stake
    carried: Carried
    best: Rival
    is_better: bool


@dataclass(frozen=True)
class CarrierView:
    """All that one carrier won and lost."""

    carrier: str
    won: tuple[Won, ...]
    lost: tuple[Lost, ...]
    idle: int
    """Its bids on relations that no goods take."""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "won": [
                {
                    "lane": lane_of(w.stake.bid),
                    "bid_id": w.stake.bid.bid_id,
                    "load_units": w.carried.load_units,
                    "tonnes": w.carried.tonnes,
                    "cost": w.carried.figures.cost,
                    "co2e_wtw_kg": w.carried.figures.co2e_kg,
                    "runner_up": rival_dict(w.runner_up) if w.runner_up else None,
                }
                for w in self.won
            ],
            "lost": [
                {
                    "lane": lane_of(x.stake.bid),
                    "winner": x.stake.bid.carrier,
                    "winner_bid_id": x.stake.bid.bid_id,
                    "load_units": x.carried.load_units,
                    "tonnes": x.carried.tonnes,
                    "is_better": x.is_better,
                    **rival_dict(x.best),
                }
                for x in self.lost
            ],
            "bids_where_nothing_goes": self.idle,
        }

    def text(self) -> str:
        """For the console."""
        n = Numbers()
        parts = [*self._won(n), *self._lost(n)]
        if self.idle:
            parts += ["", f"{n.whole(self.idle)} of its bids lie where no goods go in this plan."]
        return "\n".join(parts)

    def _won(self, n: Numbers) -> list[str]:
        if not self.won:
            return ["Won: nothing."]
        rows = []
        for w in self.won:
            second = w.runner_up
            change = second.change if second else None
            rows.append(
                (
                    lane_of(w.stake.bid),
                    w.stake.bid.bid_id,
                    n.whole(w.carried.load_units),
                    n.fixed(w.carried.figures.cost, 2),
                    n.fixed(w.carried.figures.co2e_kg),
                    second.bid.carrier if second else NONE,
                    n.change(change.cost, 2) if change else NONE,
                    n.change(change.co2e_kg, 1) if change else NONE,
                )
            )
        head = ("lane", "bid", "load units", "cost", "CO₂e kg", "runner-up", "cost", "CO₂e kg")
        return [f"Won: {n.whole(len(rows))} bids", table(head, rows, left=(0, 1, 5))]

    def _lost(self, n: Numbers) -> list[str]:
        if not self.lost:
            return ["", "Lost: nothing that goods go on."]
        rows = []
        for x in self.lost:
            change = x.best.change
            why = "; ".join(o.name for o in x.best.obstacles) or (
                "better on its own" if x.is_better else "behind"
            )
            rows.append(
                (
                    lane_of(x.stake.bid),
                    x.stake.bid.carrier,
                    x.best.bid.bid_id,
                    n.change(change.cost, 2) if change else NONE,
                    n.change(change.co2e_kg, 1) if change else NONE,
                    cut(why),
                )
            )
        head = ("lane", "winner", "its best bid", "cost", "CO₂e kg", "why")
        return [
            "",
            f"Lost: {n.whole(len(rows))} relations (what its bid would cost and emit more)",
            table(head, rows, left=(0, 1, 2, 5)),
        ]


def carrier_view(field: Field, carrier: str) -> CarrierView:
    """What a carrier won and lost, relation by relation."""
    stakes = field.stakes()
    own = [b for b in field.case.bids if b.carrier == carrier]
    won = []
    for stake in stakes:
        if stake.bid.carrier == carrier:
            others = [b for b in field.case.bids if b.carrier != carrier]
            second = field.runner_up(field.rivals(stake, others))
            won.append(Won(stake, carried(field, [stake]), second))
    by_ends: dict[tuple[str, str], list[Stake]] = defaultdict(list)
    for stake in stakes:
        by_ends[stake.bid.origin, stake.bid.destination].append(stake)
    lost = []
    for ends in dict.fromkeys((b.origin, b.destination) for b in own):
        others_won = [s for s in by_ends.get(ends, ()) if s.bid.carrier != carrier]
        if not others_won:
            continue
        largest = max(others_won, key=lambda s: (len(s.rides), s.bid.bid_id))
        best = field.rivals(largest, own)[0]
        ahead = best.admitted and best.change is not None and better(best.change, field)
        lost.append(Lost(largest, carried(field, [largest]), best, ahead))
    idle = sum((b.origin, b.destination) not in by_ends for b in own)
    return CarrierView(carrier, tuple(won), tuple(lost), idle)
