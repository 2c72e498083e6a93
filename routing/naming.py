"""Name the offer of every load unit on each leg, and the box of those that travel in a reused one.

The model counts load units by arc, offer and pool; here the counts are dealt out. The heaviest
loads get the offers with the least CO2e per kg. Boxes of one stock are alike, so the first to stand
ready goes to the first to be stuffed (docs/decisions/round-use-pools.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from loading.stuffing import LoadPlan
from routing.arcs import Arc
from routing.boxes import EmptyBoxes
from routing.free_time import NO_END
from routing.groups import Group
from routing.model import PlanModel
from routing.offers import Offer
from routing.plan import LegChoice
from routing.runs import Run
from routing.stocks import StockKey, Supply


@dataclass(eq=False)
class LoadUnit:
    """One load unit while its legs and boxes are being named (compared by identity)."""

    group: Group
    run: Run
    arcs: tuple[Arc, ...]
    load: LoadPlan
    offers: dict[Arc, Offer] = field(default_factory=dict)
    pickup_place: str = ""
    depot: str = ""
    source: EmptyBoxes | LoadUnit | None = None
    source_place: str = ""
    handed_over: int = 0
    """The day on which its box leaves where it stands empty, for the plant or for a depot."""
    released: bool = False

    def leg_choices(self) -> tuple[LegChoice, ...]:
        """Its legs on the offers that were named."""
        return tuple(
            LegChoice(self.offers[arc], step.depart, step.arrive, arc.paid)
            for arc, step in zip(self.arcs, self.run.steps, strict=True)
        )


@dataclass(frozen=True)
class Token:
    """Room for one load unit on an arc: its offer, whence its box comes, whether it frees one."""

    offer: Offer
    supply: Supply | None = None
    released: bool = False

    @property
    def turns(self) -> bool:
        """True if its box is reused on this arc."""
        return self.released or self.supply is not None


def name_offers(model: PlanModel, values: Sequence[float], load_units: list[LoadUnit]) -> None:
    """Give every load unit an offer on each leg, and a box where one is reused, in place."""
    _Naming(model, values).name(load_units)


class _Naming:
    def __init__(self, model: PlanModel, values: Sequence[float]) -> None:
        self.model = model
        self.values = values

    def whole(self, column: int) -> int:
        """The value of an integer column."""
        return round(self.values[column])

    def name(self, load_units: list[LoadUnit]) -> None:
        """Deal the tokens of every arc to its load units, the heaviest first."""
        on_arc: dict[Arc, list[LoadUnit]] = defaultdict(list)
        for unit in load_units:
            for arc in unit.arcs:
                on_arc[arc].append(unit)
        fetched: dict[StockKey, list[LoadUnit]] = defaultdict(list)
        freed: dict[StockKey, list[tuple[int, LoadUnit]]] = defaultdict(list)
        turns = self.turns_used()
        for arc, units in on_arc.items():
            tokens = self.tokens(arc, turns)
            units.sort(key=lambda u: -u.load.mass_kg)
            for unit, token in zip(units, tokens, strict=False):
                unit.offers[arc] = token.offer
                if token.supply is not None:
                    stock = token.supply.stock.key
                    fetched[stock].append(unit)
                    unit.source_place, unit.depot = stock.place, token.supply.depot
                if token.released and arc.box is not None:
                    key = self.model.reuse.freed_key(arc, token.offer)
                    freed[key].append((arc.box.ready, unit))
        for stock, users in fetched.items():
            self.match(stock, users, freed.get(stock, []))

    def turns_used(self) -> dict[tuple[Arc, str], list[Supply]]:
        """The supply of each box fetched on an arc and bid: pools are dealt out in their order."""
        used: dict[tuple[Arc, str], list[Supply]] = defaultdict(list)
        reuse = self.model.reuse
        for pool, fetching in reuse.pools.items():
            boxes = [supply for supply, m in reuse.brought[pool] for _ in range(self.whole(m))]
            for arc, offer, v in fetching:
                count = self.whole(v)
                used[arc, offer.bid.bid_id] = boxes[:count]
                del boxes[:count]
        return used

    def tokens(self, arc: Arc, turns: dict[tuple[Arc, str], list[Supply]]) -> list[Token]:
        """One token for each load unit on an arc; those of reused boxes first."""
        arcs = self.model.arcs
        if arc in arcs.single:
            total = sum(self.values[c] * a for c, a in arcs.uses[arc].load_units.items())
            return [Token(arcs.single[arc])] * round(total)
        tokens: list[Token] = []
        for offer in sorted(arcs.asked[arc], key=lambda o: o.per_cargo_kg.wtw_kg):
            key = (arc, offer.bid.bid_id)
            if key in arcs.turned and arc.box is not None:
                if arc.box.end == "in":
                    tokens += [Token(offer, released=True)] * self.whole(arcs.turned[key])
                tokens += [Token(offer, supply) for supply in turns.get(key, [])]
            tokens += [Token(offer)] * self.whole(arcs.carried[key])
        return sorted(tokens, key=lambda token: not token.turns)

    def match(
        self, stock: StockKey, users: list[LoadUnit], freed: list[tuple[int, LoadUnit]]
    ) -> None:
        """Name the box of each user: the first to stand ready goes to the first to be stuffed.

        Where load units stayed behind, empty as they were, a box or a user is left over: it goes
        back, or is fetched, as if there were no turn.
        """
        free_time = self.model.reuse.free_time
        ready: list[tuple[int, int, EmptyBoxes | LoadUnit]] = []
        for day, boxes in self.model.reuse.stocks[stock].known:
            ready += [(day, 0, boxes)] * boxes.quantity
        ready += [(day, 1, unit) for day, unit in freed]
        ready.sort(key=lambda item: item[:2])
        for user, (day, _, source) in zip(
            sorted(users, key=lambda u: u.run.stuffed), ready, strict=False
        ):
            user.source = source
            user.pickup_place = user.depot or user.source_place
            if isinstance(source, LoadUnit):
                source.released = True
            user.handed_over = free_time.handed_over(
                day, free_until(source), user.run.stuffed, user.depot
            )


def free_until(source: EmptyBoxes | LoadUnit) -> int:
    """The last day on which a box is free of detention."""
    if isinstance(source, EmptyBoxes):
        return source.free_until.toordinal() if source.free_until else NO_END
    free_days = source.run.free_days
    return NO_END if free_days is None else source.run.arrive + free_days
