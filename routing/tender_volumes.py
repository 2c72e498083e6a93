"""Volumes of bids in the plan's model, for the terms of the tender (routing/tender_rows.py).

Counted is what is on our account: what others pay earns us no rebate and is not ours to award.
Container services count TEU, all others tonnes; a base rate is what a rebate is taken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from lowhaul.linear import LinearModel, Terms, add_terms
from lowhaul.units import KG_PER_T
from routing.bids import Bid
from routing.case import Case
from routing.tender import lane_of
from routing.tender_rebates import Rebates
from routing.tender_rows import BidVolume, TenderRows
from routing.tender_rules import AwardRules


@dataclass
class _Sums:
    """What the columns of the model put on one bid."""

    load_units: dict[int, float] = field(default_factory=dict)
    teu: dict[int, float] = field(default_factory=dict)
    tonnes: dict[int, float] = field(default_factory=dict)
    base_cost: dict[int, float] = field(default_factory=dict)
    most_load_units: float = 0.0
    most_teu: float = 0.0
    most_tonnes: float = 0.0
    most_base_cost: float = 0.0


class TenderVolumes:
    """Collects volumes while the model is built; then adds the rows of the tender."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.sums: dict[str, _Sums] = defaultdict(_Sums)
        self.touched = touched_bids(case)
        """Bids that some term of the tender speaks of."""

    def needs_cargo(self, bid: Bid) -> bool:
        """True if a term counts the tonnes of this bid of load units."""
        if bid.bid_id not in self.touched:
            return False
        rebates = {s.unit for s in self.case.tender.scales if s.carrier == bid.carrier}
        by_mass = bid.rate_basis in ("kg", "tonne")
        return bid.service != "container" or by_mass or "t" in rebates

    def add_load_units(
        self,
        bid: Bid,
        teu: float,
        load_units: Terms,
        base_cost: Terms,
        most: float,
        most_base_cost: float,
    ) -> None:
        """Load units of an equipment of so many TEU, and the base cost of their columns."""
        if bid.bid_id not in self.touched:
            return
        sums = self.sums[bid.bid_id]
        add_terms(sums.load_units, load_units)
        add_terms(sums.teu, load_units, teu)
        add_terms(sums.base_cost, base_cost)
        sums.most_load_units += most
        sums.most_teu += most * teu
        sums.most_base_cost += most_base_cost

    def add_cargo(self, bid: Bid, cargo_kg: Terms, base_cost_per_kg: float, most_kg: float) -> None:
        """Cargo of load units or part loads, and the base cost that goes by its mass."""
        if bid.bid_id not in self.touched:
            return
        sums = self.sums[bid.bid_id]
        add_terms(sums.tonnes, cargo_kg, 1.0 / KG_PER_T)
        add_terms(sums.base_cost, cargo_kg, base_cost_per_kg)
        sums.most_tonnes += most_kg / KG_PER_T
        sums.most_base_cost += most_kg * base_cost_per_kg

    def add_part_load(self, bid: Bid, column: int, tonnes: float, base_cost: float) -> None:
        """A part load: one of the column is so many tonnes at that base cost."""
        if bid.bid_id not in self.touched:
            return
        sums = self.sums[bid.bid_id]
        add_terms(sums.tonnes, {column: tonnes})
        add_terms(sums.base_cost, {column: base_cost})
        sums.most_tonnes += tonnes
        sums.most_base_cost += base_cost

    def rows(self, model: LinearModel) -> TenderRows:
        """Add the tender's rows to the model."""
        rows = TenderRows(model, self.volumes(), self.case.carriers, self.case.tender, {})
        Rebates(rows).build()
        bidding = {
            (share_unit(b), b.carrier)
            for b in self.case.bids
            if self.case.carriers[b.carrier].qualified
        }
        AwardRules(rows, bidding).build()
        return rows

    def volumes(self) -> list[BidVolume]:
        """The volume of each bid that anything can travel on."""
        found = []
        incumbents = incumbents_by_lane(self.case)
        for bid in self.case.bids:
            sums = self.sums.get(bid.bid_id)
            if sums is None:
                continue
            by_unit: dict[str, Terms] = {"t": sums.tonnes}
            most: dict[str, float] = {"t": sums.most_tonnes}
            if bid.takes_load_units:
                by_unit |= {"load_unit": sums.load_units, "teu": sums.teu}
                most |= {"load_unit": sums.most_load_units, "teu": sums.most_teu}
            unit = share_unit(bid)
            lane = lane_of(bid)
            found.append(
                BidVolume(
                    bid.bid_id,
                    bid.carrier,
                    lane,
                    is_remote(self.case, bid),
                    bid.carrier not in incumbents.get(lane, frozenset()),
                    unit,
                    by_unit,
                    most,
                    sums.base_cost,
                    least=_least(by_unit[unit]),
                    most_base_cost=sums.most_base_cost,
                )
            )
        return found


def share_unit(bid: Bid) -> str:
    """What shares of carriers are counted in: TEU of container services, tonnes of others."""
    return "teu" if bid.service == "container" else "t"


def _least(terms: Terms) -> float:
    """The least that one of a column puts on a bid: less is no use of it."""
    return min((a for a in terms.values() if a > 0), default=0.0)


def touched_bids(case: Case) -> frozenset[str]:
    """The bids that some rebate, bundle or rule of the award speaks of."""
    tender = case.tender
    own = {c.carrier for c in case.carriers.values() if c.max_share is not None or c.min_share}
    if own or any(not r.scope for r in tender.rules):
        return frozenset(b.bid_id for b in case.bids)
    ruled = {lane for r in tender.rules for lane in r.scope}
    bundled = {bid_id for b in tender.bundles for bid_id in b.bid_ids}
    rebated: Mapping[str, list[frozenset[str]]] = defaultdict(list)
    for scale in tender.scales:
        rebated[scale.carrier].append(scale.scope)
    return frozenset(
        b.bid_id
        for b in case.bids
        if b.bid_id in bundled
        or lane_of(b) in ruled
        or any(not s or lane_of(b) in s for s in rebated.get(b.carrier, ()))
    )


def incumbents_by_lane(case: Case) -> dict[str, frozenset[str]]:
    """Who carried a lane before: carriers with a contract on it, else all incumbents that bid."""
    contracts: dict[str, set[str]] = defaultdict(set)
    others: dict[str, set[str]] = defaultdict(set)
    for bid in case.bids:
        lane = lane_of(bid)
        if bid.status == "contract":
            contracts[lane].add(bid.carrier)
        elif case.carriers[bid.carrier].incumbent:
            others[lane].add(bid.carrier)
    return {
        lane: frozenset(contracts.get(lane) or others.get(lane) or ())
        for lane in {*contracts, *others}
    }


def is_remote(case: Case, bid: Bid) -> bool:
    """True if the lane is said to be remote, or one of its ends is."""
    given = case.remote_lanes.get(bid.lane_id)
    if given is not None:
        return given
    return case.places[bid.origin].remote or case.places[bid.destination].remote
