"""What one bid won, and what each other bid of the same relation would have made of it.

A rival takes all rides of the bid that won while everything else of the plan stays: the same load
units with the same goods on the same other bids; only days move where they must, and turns of boxes
end that its line or haulier does not allow. The books are kept again for that plan, and the judge
is asked which rules it breaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lowhaul.findings import Finding, Findings
from routing.bids import Bid
from routing.case import Case
from routing.check.plan import Plan as Judged
from routing.explain.books import Books, Figures, weighed
from routing.explain.days import Days
from routing.explain.judging import Judge, Obstacle, shortened
from routing.explain.replay import line_of, replayed
from routing.explain.turns_kept import Swap, Turns
from routing.offers import Offer, make_offers
from routing.pins import narrowed
from routing.plan import Shipment


@dataclass(frozen=True)
class Stake:
    """All rides of one bid in a plan: (shipment_id, index of the leg)."""

    bid: Bid
    rides: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Rival:
    """Another bid in the place of the one that won.

    `change` is what the plan would cost and emit more (negative: less), None where that cannot be
    told; `obstacles` are what excludes it; `swap` is what would change.
    """

    bid: Bid
    change: Figures | None
    obstacles: tuple[Obstacle, ...]
    swap: Swap

    @property
    def admitted(self) -> bool:
        """True if nothing but cost and CO2e speaks against it."""
        return self.change is not None and not self.obstacles


class Field:
    """A finished plan with everything that its rivals are compared by."""

    def __init__(self, case: Case, judged: Judged) -> None:
        self.case = case
        self.judged = judged
        findings = Findings()
        offers = make_offers(case, findings)
        self.offers = {(o.bid.bid_id, o.equipment): o for o in offers}
        self.left_out: dict[str, Finding] = {f.value: f for f in findings}
        self.plan = replayed(case, judged, offers)
        self.books = Books(case, self.plan)
        self.days = Days(case, self.plan)
        self.judge = Judge(judged)
        self.by_id = self.books.by_id
        self.turns = Turns(case, self.plan)

    def stakes(self) -> list[Stake]:
        """What each bid carries, in the order of the bids."""
        rides: dict[str, list[tuple[str, int]]] = {}
        for shipment in self.plan.shipments:
            for i, leg in enumerate(shipment.legs):
                rides.setdefault(leg.offer.bid.bid_id, []).append((shipment.shipment_id, i))
        return [
            Stake(bid, tuple(rides[bid.bid_id])) for bid in self.case.bids if bid.bid_id in rides
        ]

    def rivals(self, stake: Stake, bids: Iterable[Bid] | None = None) -> list[Rival]:
        """Every other bid of the relation, the best first, those that are excluded last."""
        ends = (stake.bid.origin, stake.bid.destination)
        some = self.case.bids if bids is None else bids
        found = [
            self.rival(stake, bid)
            for bid in some
            if (bid.origin, bid.destination) == ends and bid.bid_id != stake.bid.bid_id
        ]
        return sorted(found, key=self.rank)

    def rank(self, rival: Rival) -> tuple[bool, tuple[float, float], str]:
        """Admitted ones before excluded ones, then by the objective."""
        worst = (float("inf"), float("inf"))
        settings = self.case.settings
        value = weighed(rival.change, settings) if rival.change else worst
        return not rival.admitted, value, rival.bid.bid_id

    def rival(self, stake: Stake, bid: Bid) -> Rival:
        """One bid in the place of another."""
        closed = self.closed_to(stake, bid)
        if closed:
            return Rival(bid, None, tuple(closed), Swap({}, ()))
        changed: dict[str, Shipment] = {}
        late: list[str] = []
        for shipment_id, index in stake.rides:
            now = self.by_id[shipment_id]
            offer = self.offers[bid.bid_id, now.equipment]
            if not self.turns.kept(_with_offer(now, index, offer)):
                now = self.turns.without(now)
            legs, obstacle = self.days.legs_with(now, index, offer)
            late += [obstacle.words] if obstacle else []
            own = self.by_id[shipment_id]
            changed[shipment_id] = replace(own, legs=legs, line=line_of(legs))
        swap = self.turns.swap(changed)
        obstacles = [Obstacle("too late", shortened(late))] if late else []
        obstacles += self.judge.broken(swap.shipments)
        change = self.books.change(swap.shipments, dropped=swap.dropped)
        return Rival(bid, change, tuple(obstacles), swap)

    def closed_to(self, stake: Stake, bid: Bid) -> list[Obstacle]:
        """Why a bid is not offered for these rides at all."""
        case, settings = self.case, self.case.settings
        found = []
        if not case.carriers[bid.carrier].qualified:
            found.append(Obstacle("not qualified", f"{bid.carrier} may not be awarded"))
        if bid.mode not in settings.modes:
            found.append(Obstacle("closed mode", f"{bid.mode} is not among the modes of the plan"))
        if bid.status == "spot" and not settings.allow_spot:
            found.append(Obstacle("spot", "allow_spot is off"))
        if narrowed(case, bid) is None:
            found.append(Obstacle("pin", "a decision closes it on its lane"))
        avoided = [
            p
            for p in (bid.origin, *bid.via, bid.destination)
            if case.places[p].country in settings.avoid_countries
        ]
        if avoided:
            country = case.places[avoided[0]].country
            found.append(Obstacle("avoided country", f"{avoided[0]} lies in {country}"))
        wanted = {self.by_id[s].equipment for s, _ in stake.rides}
        if bid.takes_load_units == ("" in wanted):
            sold = "load units" if bid.takes_load_units else "part loads"
            found.append(Obstacle("other service", f"{bid.service} sells {sold}"))
        elif not found:
            left = self.left_out.get(bid.bid_id)
            missing = sorted(e for e in wanted if (bid.bid_id, e) not in self.offers)
            if left is not None:
                name = "no distance" if left.code == "W201" else "no factor"
                found.append(Obstacle(name, left.message.partition("to the plan: ")[2]))
            elif missing:
                found.append(Obstacle("equipment", f"it does not take {', '.join(missing)}"))
        return found

    def runner_up(self, rivals: Sequence[Rival]) -> Rival | None:
        """The runner-up: the best that nothing excludes."""
        return next((r for r in rivals if r.admitted), None)


def _with_offer(shipment: Shipment, index: int, offer: Offer) -> Shipment:
    """A shipment with one leg on another offer, its days left as they are."""
    leg = replace(shipment.legs[index], offer=offer)
    legs = (*shipment.legs[:index], leg, *shipment.legs[index + 1 :])
    return replace(shipment, legs=legs, line=line_of(legs))
