"""What a change of a finished plan does to its cost and CO2e, by the same books as the plan's own.

Only the shipments that change are booked again, with those that share boxes with them; where
rebates or bundles reach over many shipments, all are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lowhaul.findings import Findings
from lowhaul.units import KG_PER_T, kilograms, money
from routing.bids import Bid
from routing.case import Case, Settings
from routing.ledger import make_ledger
from routing.offers import make_offers
from routing.plan import BoxUse, LegChoice, Plan, Shipment


@dataclass(frozen=True)
class Figures:
    """Cost in the project's currency and CO2e (kg WTW), or a difference of the two."""

    cost: float
    co2e_kg: float

    def __sub__(self, other: Figures) -> Figures:
        return Figures(money(self.cost - other.cost), kilograms(self.co2e_kg - other.co2e_kg))

    def __add__(self, other: Figures) -> Figures:
        return Figures(money(self.cost + other.cost), kilograms(self.co2e_kg + other.co2e_kg))


def weighed(figures: Figures, settings: Settings) -> tuple[float, float]:
    """What a plan minimises, then its tie-breaker: smaller is better."""
    if settings.objective == "min_cost":
        return figures.cost, figures.co2e_kg
    if settings.objective == "min_total":
        priced = figures.cost + settings.carbon_price_per_t * figures.co2e_kg / KG_PER_T
        return money(priced), figures.co2e_kg
    return figures.co2e_kg, figures.cost


class Books:
    """The books of one plan, and those of plans that differ from it in a few shipments."""

    def __init__(self, case: Case, plan: Plan) -> None:
        self.case = case
        self.plan = plan
        self.by_id = {s.shipment_id: s for s in plan.shipments}
        self.far_reaching = bool(case.tender.tiers or case.tender.bundles)
        self.fixed = {
            c.carrier: money(c.fixed_cost * case.fx.factor(c.currency))
            for c in case.carriers.values()
            if c.fixed_cost
        }
        self.without_fixed = replace(
            case, carriers={n: replace(c, fixed_cost=0.0) for n, c in case.carriers.items()}
        )
        self.tied: dict[str, set[str]] = defaultdict(set)
        """Shipments that hand boxes on to one another."""
        for use in plan.box_uses:
            if use.import_shipment_id:
                self.tied[use.shipment_id].add(use.import_shipment_id)
                self.tied[use.import_shipment_id].add(use.shipment_id)
        self._before: dict[frozenset[str], Figures] = {}

    def change(
        self,
        changed: Mapping[str, Shipment],
        *,
        bid: Bid | None = None,
        dropped: Sequence[BoxUse] = (),
    ) -> Figures:
        """What is paid and emitted more (negative: less) with some shipments changed.

        `bid` stands for the bid of the same id in both plans (another rate or intensity); `dropped`
        are uses of boxes that end with the change.
        """
        ids = self.closure([*changed, *(u.shipment_id for u in dropped)])
        fixed = Figures(self.fixed_costs(changed) - self.fixed_costs({}), 0.0)
        after = self.part(ids, changed, dropped)
        if bid is not None:
            before = self.figures(*_with_terms(*self.part(ids, {}, ()), bid))
            return self.figures(*_with_terms(*after, bid)) - before + fixed
        if ids not in self._before:
            self._before[ids] = self.figures(*self.part(ids, {}, ()))
        return self.figures(*after) - self._before[ids] + fixed

    def fixed_costs(self, changed: Mapping[str, Shipment]) -> float:
        """The fixed costs of all carriers that we pay."""
        if not self.fixed:
            return 0.0
        now = (changed.get(s.shipment_id, s) for s in self.plan.shipments)
        paid = {leg.offer.bid.carrier for s in now for leg in s.legs if leg.paid}
        return sum(self.fixed[c] for c in self.fixed if c in paid)

    def closure(self, ids: Iterable[str]) -> frozenset[str]:
        """Some shipments and all that are tied to them; every one where terms reach far."""
        if self.far_reaching:
            return frozenset(self.by_id)
        found: set[str] = set()
        edge = list(ids)
        while edge:
            one = edge.pop()
            if one not in found:
                found.add(one)
                edge += self.tied.get(one, ())
        return frozenset(found)

    def part(
        self, ids: frozenset[str], changed: Mapping[str, Shipment], dropped: Sequence[BoxUse]
    ) -> tuple[Case, Plan]:
        """The shipments of those ids alone, and the emptied boxes that they use."""
        shipments = tuple(
            changed.get(s.shipment_id, s) for s in self.plan.shipments if s.shipment_id in ids
        )
        uses = tuple(u for u in self.plan.box_uses if u.shipment_id in ids)
        used = {u.empties.empty_id for u in uses if u.empties}
        empties = tuple(e for e in self.case.empties if e.empty_id in used)
        kept = tuple(u for u in uses if u not in dropped)
        return replace(self.without_fixed, empties=empties), Plan(shipments, kept, ())

    @staticmethod
    def figures(case: Case, plan: Plan) -> Figures:
        """Cost and CO2e of a plan, each row rounded as in its tables."""
        ledger = make_ledger(case, plan)
        return Figures(ledger.cost, kilograms(sum(r.element.known.wtw_kg for r in ledger.legs)))


def _with_terms(case: Case, plan: Plan, bid: Bid) -> tuple[Case, Plan]:
    """The same plan with a bid's rate or intensity changed, wherever it is used."""
    bids = tuple(bid if b.bid_id == bid.bid_id else b for b in case.bids)
    alone = replace(case, bids=(bid,))
    made = {(o.bid.bid_id, o.equipment): o for o in make_offers(alone, Findings())}

    def again(leg: LegChoice) -> LegChoice:
        offer = made.get((leg.offer.bid.bid_id, leg.offer.equipment))
        return leg if offer is None else replace(leg, offer=offer)

    shipments = tuple(replace(s, legs=tuple(again(g) for g in s.legs)) for s in plan.shipments)
    return replace(case, bids=bids), Plan(shipments, plan.box_uses, plan.unserved)
