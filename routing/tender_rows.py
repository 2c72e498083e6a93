"""What bids and carriers ask of the award as a whole: minimums, fixed costs, rebates, rules.

Part of the decision model (routing/model.py) and of the award by lanes (routing/awards.py): both
hand over the volume of each bid as a sum of their columns.

Sets       b bids    c carriers    l lanes    s scopes (sets of lanes)
           k tiers of a scale (carrier, scope), [A_k, Z_k] from the lowest on, d_k their discount
           B bundles, d_B their discount    j parts of a bid that share one base rate
Data       V_j volume of a part, p_j base cost of one unit of it (percent charges on it included)
           M_j most volume    m_b volume from which a bid counts as used    D_b its minimum
           K_c fixed cost of a carrier
Decide     y_b, z_cs in {0, 1}   bid used, carrier used in a scope
           t_k in {0, 1}         the volume of the scale lies in k (incremental: reaches k)
           f_jk >= 0             volume of j in tier k
           u_B in {0, 1}         bundle taken    g_jB >= 0 volume of j at its discount
           o_Bl in [0, 1]        lane of a bundle used
           V_cs                  volume of a carrier in a scope (TEU of container services, and
                                 tonnes of others, each on its own)
           miss >= 0             by what a number or share is not kept (held at 0; the search of
                                 large plans opens it while a plan is in the making)
So that    D_b y_b <= V_b,  V_b <= M_b y_b,  m_b y_b <= V_b       (minimum, bid_used, bid_counts)
           V_b <= M_b z_cs or y_b <= z_cs,  z_cs <= sum_b y_b     (carrier_used, carrier_counts)
           (a carrier with one bid in a scope: z_cs is y_b)
           sum_k f_jk = V_j,  f_jk <= min(M_j, Z_k) t_k           (tiers, tier)
           all units: sum_k t_k = 1,  A_k t_k <= sum_j f_jk <= Z_k t_k          (one_tier, tier_*)
           incremental: (Z_k - A_k) t_k+1 <= sum_j f_jk <= (Z_k - A_k) t_k      (tier_*)
           g_jB <= V_j,  g_jB <= M_j u_B                          (bundled, bundle_taken)
           conditional: sum_l o_Bl >= n_B u_B,  o_Bl <= sum_(b in B, l) y_b     (bundle_lanes)
           all or nothing: u_B <= y_b <= sum of the u_B that hold b             (bundle_all)
           (one bid on a lane: o_Bl is y_b; one bundle that holds b: all of V_b is at its discount)
           sum of the u_B of one xor group <= 1                                 (xor)
           rules as in routing/tender.py, on z_cs and V_cs
Adds       cost K z - sum d_k p_j f_jk - sum d_B p_j g_jB

Shares stand on the few V_cs and not on the bids' own columns: dense rows of one term a bid leave
solvers without a plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from lowhaul.linear import LinearModel, Terms, add_terms
from routing.bids import Carrier
from routing.tender import Tender

EVERYWHERE: frozenset[str] = frozenset()
"""The scope of all lanes."""


@dataclass(frozen=True)
class BidVolume:
    """What one bid carries in the model at hand.

    `volume` and `most`: by unit (load_unit, teu, t), as sums of columns and as the most there can
    be. `base_cost`: its base rate with the percent charges that follow it, in the project's
    currency; `least`: volume (in `unit`) from which the bid counts as used.
    """

    bid_id: str
    carrier: str
    lane: str
    remote: bool
    new_to_lane: bool
    unit: str
    volume: Mapping[str, Terms]
    most: Mapping[str, float]
    base_cost: Terms
    least: float = 1.0
    min_volume: float = 0.0
    min_volume_unit: str = ""
    most_base_cost: float = 0.0
    """The most that its base cost can come to."""

    def parts(self, unit: str) -> list[Part]:
        """The volume in `unit`, split where base rates differ; and base cost without volume."""
        by_price: dict[float, dict[int, float]] = defaultdict(dict)
        volume = {c: a for c, a in self.volume[unit].items() if a}
        for column, a in volume.items():
            by_price[round(self.base_cost.get(column, 0.0) / a, 9)][column] = a
        found = [Part(t, self.most[unit], p, True) for p, t in sorted(by_price.items())]
        rest = {c: a for c, a in self.base_cost.items() if a and c not in volume}
        return [*found, Part(rest, self.most_base_cost, 1.0, False)] if rest else found


@dataclass(frozen=True)
class Part:
    """Volume of a bid at one base rate; or base cost without volume in that unit."""

    terms: Terms
    most: float
    price: float
    is_volume: bool


class TenderRows:
    """Adds the rows of this module's docstring to a model and remembers their columns."""

    def __init__(
        self,
        model: LinearModel,
        bids: Sequence[BidVolume],
        carriers: Mapping[str, Carrier],
        tender: Tender,
        fixed_cost: Mapping[str, float],
    ) -> None:
        self.model = model
        self.bids = bids
        self.carriers = carriers
        self.tender = tender
        self.fixed_cost = fixed_cost
        self.by_id = {b.bid_id: b for b in bids}
        self.columns: list[int] = []
        """Every column made here."""
        self.cost: dict[int, float] = {}
        self.misses: list[int] = []
        """By what rules are not kept while a plan is in the making; held at 0."""
        self.start: dict[int, float] = {}
        """Values of columns in the plan that carries nothing; all others are 0."""
        self.discounts: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        """What is taken off, by bid and by the scale or bundle that takes it, as sums."""
        self._by_lane: dict[str, list[BidVolume]] = defaultdict(list)
        for bid in bids:
            self._by_lane[bid.lane].append(bid)
        self._used: dict[str, int] = {}
        self._counted: set[str] = set()
        self._carrier_used: dict[tuple[str, frozenset[str], str], int] = {}
        self._carrier_counts: set[tuple[str, frozenset[str], str]] = set()

    def build(self) -> None:
        """Minimums and fixed costs; rebates, bundles and rules have modules of their own."""
        for bid in self.bids:
            if bid.min_volume:
                self.used(bid)
        for carrier in sorted({b.carrier for b in self.bids}):
            if self.fixed_cost.get(carrier):
                self.cost[self.carrier_used(carrier, EVERYWHERE)] = self.fixed_cost[carrier]

    def used(self, bid: BidVolume, *, counts: bool = False) -> int:
        """y_b; with `counts` it may be 1 only if the bid carries something."""
        volume = bid.volume[bid.unit]
        if bid.bid_id not in self._used:
            y = self.binary(f"y[{bid.bid_id}]")
            self._used[bid.bid_id] = y
            if bid.min_volume:
                asked = bid.volume[bid.min_volume_unit or bid.unit]
                terms = add_terms({y: -bid.min_volume}, asked)
                self.row(f"minimum[{bid.bid_id}]", terms, lower=0.0)
            terms = add_terms({y: -bid.most[bid.unit]}, volume)
            self.row(f"bid_used[{bid.bid_id}]", terms, upper=0.0)
        y = self._used[bid.bid_id]
        if counts and bid.bid_id not in self._counted:
            self._counted.add(bid.bid_id)
            terms = add_terms({y: -bid.least}, volume)
            self.row(f"bid_counts[{bid.bid_id}]", terms, lower=0.0)
        return y

    def carrier_used(
        self, carrier: str, scope: frozenset[str], *, unit: str = "", counts: bool = False
    ) -> int:
        """z_cs, of all bids or of those that count in a unit.

        With `counts` it may be 1 only if the carrier carries something in the scope.
        """
        key = carrier, scope, unit
        bids = [
            b for b in self.within(scope) if b.carrier == carrier and (not unit or b.unit == unit)
        ]
        if len(bids) == 1:
            return self.used(bids[0], counts=counts)
        where = f"{carrier}{told(scope)}{unit and ','}{unit}"
        if key not in self._carrier_used:
            z = self.binary(f"z[{where}]")
            self._carrier_used[key] = z
            for b in bids:
                if b.bid_id in self._used:
                    terms = {self._used[b.bid_id]: 1.0, z: -1.0}
                else:
                    terms = add_terms({z: -b.most[b.unit]}, b.volume[b.unit])
                self.row(f"carrier_used[{where},{b.bid_id}]", terms, upper=0.0)
        z = self._carrier_used[key]
        if counts and key not in self._carrier_counts:
            self._carrier_counts.add(key)
            # a carrier counts where one of its bids does
            terms = {z: -1.0}
            for b in bids:
                terms[self.used(b, counts=True)] = 1.0
            self.row(f"carrier_counts[{where}]", terms, lower=0.0)
        return z

    def within(self, scope: frozenset[str]) -> list[BidVolume]:
        """The bids of a scope."""
        if not scope:
            return list(self.bids)
        return [b for lane in sorted(scope) for b in self._by_lane.get(lane, ())]

    def binary(self, name: str) -> int:
        """A yes/no decision of the tender."""
        self.columns.append(self.model.binary(name))
        return self.columns[-1]

    def column(self, name: str, upper: float = inf) -> int:
        """A decision of the tender from 0 on."""
        self.columns.append(self.model.column(name, 0.0, upper))
        return self.columns[-1]

    def miss(self, name: str, all_of_it: float = 0.0) -> int:
        """By what a rule is not kept; `all_of_it` where nothing is carried."""
        self.misses.append(self.column(f"miss[{name}]", 0.0))
        self.start[self.misses[-1]] = all_of_it
        return self.misses[-1]

    def row(self, name: str, terms: Terms, *, lower: float = -inf, upper: float = inf) -> None:
        """A constraint of the tender."""
        self.model.row(name, terms, lower=lower, upper=upper)

    def take_off(self, bid_id: str, by: str, saved: Terms) -> None:
        """A discount on a bid, by a scale or a bundle."""
        add_terms(self.discounts[bid_id, by], saved)
        add_terms(self.cost, saved, -1.0)


def told(scope: frozenset[str]) -> str:
    """A scope in the name of a row or column."""
    return " on " + ";".join(sorted(scope)) if scope else ""
