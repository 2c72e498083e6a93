"""Why a lane was won: each bid that carries goods there, and all others beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lowhaul.console import table
from lowhaul.units import KG_PER_T, kilograms, money
from routing.explain.books import Figures
from routing.explain.rivals import Field, Rival, Stake
from routing.explain.turning import Turn, better, turns_for_rival, turns_for_winner
from routing.tender import lane_of
from scenarios.explain.subjects import on_lane
from scenarios.pages import NONE, Numbers

REASON_WIDTH = 100
"""A reason is cut there on the console; --json has it whole."""


@dataclass(frozen=True)
class Carried:
    """What a bid carries in the plan, and what is booked for it (its legs, empty ways included)."""

    shipments: int
    load_units: int
    tonnes: float
    figures: Figures


@dataclass(frozen=True)
class Contest:
    """A bid that won, its rivals, and what would turn it; `open_gap` where the plan has one."""

    stake: Stake
    carried: Carried
    rivals: tuple[Rival, ...]
    runner_up: Rival | None
    runner_up_is_better: bool
    wins_if: tuple[Turn, ...]
    loses_if: tuple[Turn, ...]
    objective: str

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        bid = self.stake.bid
        return {
            "bid_id": bid.bid_id,
            "carrier": bid.carrier,
            "origin": bid.origin,
            "destination": bid.destination,
            "shipments": self.carried.shipments,
            "load_units": self.carried.load_units,
            "tonnes": self.carried.tonnes,
            "cost": self.carried.figures.cost,
            "co2e_wtw_kg": self.carried.figures.co2e_kg,
            "runner_up": self.runner_up.bid.bid_id if self.runner_up else None,
            "runner_up_is_better": self.runner_up_is_better,
            "runner_up_wins_if": [vars(t) | {"change": t.change} for t in self.wins_if],
            "winner_loses_if": [vars(t) | {"change": t.change} for t in self.loses_if],
            "rivals": [rival_dict(r) for r in self.rivals],
        }

    def text(self) -> str:
        """For the console."""
        n, bid = Numbers(), self.stake.bid
        goods = f"{n.fixed(self.carried.tonnes)} t"
        if self.carried.load_units:
            goods = f"{n.whole(self.carried.load_units)} load units, {goods}"
        lines = [
            f"{bid.origin} > {bid.destination}: {bid.carrier} won with {bid.bid_id}",
            f"  {goods} on {n.whole(self.carried.shipments)} shipments; "
            f"cost {n.fixed(self.carried.figures.cost, 2)}, "
            f"CO₂e {n.fixed(self.carried.figures.co2e_kg)} kg",
        ]
        if not self.rivals:
            return "\n".join([*lines, "  No other bid goes there."])
        rows: list[tuple[str, ...]] = [("won", bid.carrier, bid.bid_id, NONE, NONE)]
        rows += [self._row(rival, n) for rival in self.rivals]
        rows = [(*row[1:], row[0]) for row in rows]
        head = ("carrier", "bid", "cost", "CO₂e kg", "")
        shown = table(head, rows, left=(0, 1, 4)).splitlines()
        lines += ["", *("  " + line for line in shown), *self._excluded(), "", *self._turning(n)]
        return "\n".join(lines)

    def _row(self, rival: Rival, n: Numbers) -> tuple[str, ...]:
        standing = "excluded" if rival.obstacles else "behind"
        if rival is self.runner_up:
            standing = "runner-up"
        if rival.swap.boxes_lost:
            standing += f" ({n.whole(rival.swap.boxes_lost)} boxes no longer reused)"
        change = rival.change
        figures = (
            (n.change(change.cost, 2), n.change(change.co2e_kg, 1)) if change else (NONE, NONE)
        )
        return (standing, rival.bid.carrier, rival.bid.bid_id, *figures)

    def _excluded(self) -> list[str]:
        rows = [
            f"    {r.bid.bid_id}: {cut(str(obstacle))}" for r in self.rivals for obstacle in
            r.obstacles
        ]  # fmt: skip
        return ["", "  Excluded by", *rows] if rows else []

    def _turning(self, n: Numbers) -> list[str]:
        if self.runner_up is None:
            return ["  Nothing else could take it: there is no runner-up."]
        lines = []
        if self.runner_up_is_better:
            lines.append(
                f"  {self.runner_up.bid.bid_id} is better on its own. The plan did not choose it: "
                "its gap is open, it prefers a whole that this one change does not show, or both "
                "lie within the tolerance of its last stage."
            )
        else:
            lines += [turn_text(t, "would win", "at most", n) for t in self.wins_if]
            lines += [turn_text(t, "would lose", "at least", n) for t in self.loses_if]
        whats = {t.what for t in (*self.wins_if, *self.loses_if)}
        if self.objective == "min_emissions" and not whats & {"rate", "round_use_rate"}:
            lines.append("  No rate turns it: CO₂e decides, and cost only where CO₂e is equal.")
        if self.objective == "min_cost" and "co2e_wtw_g" not in whats:
            lines.append("  No CO₂e turns it: cost decides, and CO₂e only where cost is equal.")
        return lines


def cut(reason: str) -> str:
    """A reason in one line of the console."""
    return reason if len(reason) <= REASON_WIDTH else reason[: REASON_WIDTH - 1] + "…"


def turn_text(turn: Turn, verb: str, bound: str, n: Numbers) -> str:
    """At which value a bid would win or lose."""
    digits = max(2, len(str(turn.needed if turn.needed is not None else 0).partition(".")[2]))
    what = "a CO₂e figure" if turn.what == "co2e_wtw_g" else f"a {turn.what}"
    if turn.needed is None or turn.change is None:
        return f"  {turn.bid_id} {verb} at no value of its {turn.what}: it does not turn the plan."
    return (
        f"  {turn.bid_id} {verb} with {what} of {bound} {n.fixed(turn.needed, digits)} "
        f"{turn.unit} (now {n.fixed(turn.now, digits)}: {n.change(turn.change, digits)})."
    )


def rival_dict(rival: Rival) -> dict[str, Any]:
    """A rival for `--json`."""
    return {
        "bid_id": rival.bid.bid_id,
        "carrier": rival.bid.carrier,
        "cost_change": rival.change.cost if rival.change else None,
        "co2e_change_kg": rival.change.co2e_kg if rival.change else None,
        "boxes_no_longer_reused": rival.swap.boxes_lost,
        "excluded_by": [{"rule": o.name, "facts": o.words} for o in rival.obstacles],
    }


@dataclass(frozen=True)
class LaneView:
    """All contests of a lane."""

    lane: str
    contests: tuple[Contest, ...]

    def text(self) -> str:
        """For the console."""
        return "\n\n".join(c.text() for c in self.contests)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"won": [c.as_dict() for c in self.contests]}


def lane_view(field: Field, lane: str) -> LaneView:
    """Every bid that carries goods on a lane, with its rivals."""
    stakes = [
        s for s in field.stakes() if on_lane(lane, lane_of(s.bid), s.bid.origin, s.bid.destination)
    ]
    return LaneView(lane, tuple(contest(field, s) for s in stakes))


def contest(field: Field, stake: Stake) -> Contest:
    """One bid that won against all others of its relation."""
    rivals = field.rivals(stake)
    second = field.runner_up(rivals)
    ahead = second is not None and second.change is not None and better(second.change, field)
    return Contest(
        stake,
        carried(field, [stake]),
        tuple(rivals),
        second,
        ahead,
        tuple(turns_for_rival(field, stake, second)) if second and not ahead else (),
        tuple(turns_for_winner(field, stake, second)) if second and not ahead else (),
        field.case.settings.objective,
    )


def carried(field: Field, stakes: Sequence[Stake]) -> Carried:
    """What some bids carry, and what the tables book for them."""
    bids = {s.bid.bid_id for s in stakes}
    rides = [(field.by_id[shipment], i) for s in stakes for shipment, i in s.rides]
    rows = [leg for leg in field.judged.legs if leg.bid_id in bids]
    figures = Figures(money(sum(r.cost for r in rows)), kilograms(sum(r.co2e_wtw_kg for r in rows)))
    return Carried(
        len({s.shipment_id for s, _ in rides}),
        sum(s.load_units for s, _ in rides),
        round(sum(s.mass_kg for s, _ in rides) / KG_PER_T, 3),
        figures,
    )
