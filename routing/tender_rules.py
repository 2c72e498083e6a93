"""The rules of an award, as rows: words in routing/tender.py, symbols in tender_rows.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf, isfinite

from lowhaul.linear import Terms, add_terms
from routing.bids import Carrier
from routing.tender import TenderRule
from routing.tender_rows import EVERYWHERE, BidVolume, TenderRows, told


class AwardRules:
    """Adds counts of carriers and shares with their rows to a model."""

    def __init__(self, rows: TenderRows, bidding: Collection[tuple[str, str]]) -> None:
        self.rows = rows
        self.bidding = bidding
        """(unit, carrier): who bids at all for services whose shares count in that unit."""
        self._shares: dict[frozenset[str], list[tuple[str, dict[str, int]]]] = {}

    def build(self) -> None:
        """Every rule of the tender, and the shares that carriers' own rows ask for."""
        for rule in self.rows.tender.rules:
            self.rule(rule)
        for carrier in self.rows.carriers.values():
            self.own_shares(carrier)

    def rule(self, rule: TenderRule) -> None:
        """Rows of one rule of the award."""
        bids = self.rows.within(rule.scope)
        match rule.rule:
            case "max_carriers":
                self.count_carriers(rule, rule.scope, upper=rule.value)
            case "min_carriers":
                self.count_carriers(rule, rule.scope, lower=rule.value)
            case "max_carriers_per_lane":
                for lane in lanes_of(bids):
                    self.count_carriers(rule, frozenset({lane}), upper=rule.value)
            case "remote_lane_covered":
                for lane in lanes_of(b for b in bids if b.remote):
                    self.cover_lane(rule, lane)
            case "max_share":
                for unit, shares in self.shares(rule.scope):
                    for carrier, v in shares.items():
                        self.share(
                            rule.rule,
                            f"{carrier}{told(rule.scope)},{unit}",
                            {v: 1.0},
                            shares,
                            upper=rule.value,
                        )
            case "min_share":
                for unit, shares in self.shares(rule.scope):
                    for carrier, v in shares.items():
                        z = self.rows.carrier_used(carrier, rule.scope, unit=unit)
                        self.share_if_used(rule, carrier, unit, v, z, shares)
            case "incumbent_min_share":
                for unit, shares in self.shares(rule.scope):
                    ours = {v: 1.0 for c, v in shares.items() if self.rows.carriers[c].incumbent}
                    self.share(
                        rule.rule, f"{told(rule.scope)},{unit}", ours, shares, lower=rule.value
                    )
            case "max_change_share":
                self.limit_change(rule, bids)
            case "remote_min_share":
                self.ask_remote(rule, bids)
            case _:
                raise ValueError(f"the rule {rule.rule!r} is unknown")

    def count_carriers(
        self,
        rule: TenderRule,
        scope: frozenset[str],
        *,
        lower: float = -inf,
        upper: float = inf,
    ) -> None:
        """A number of carriers in a scope."""
        least = isfinite(lower)
        names = sorted({b.carrier for b in self.rows.within(scope)})
        terms = {self.rows.carrier_used(c, scope, counts=least): 1.0 for c in names}
        short = self.rows.miss(f"{rule.rule}{told(scope)}", lower if least else 0.0)
        terms[short] = 1.0 if least else -1.0
        self.rows.row(f"{rule.rule}[{told(scope)}]", terms, lower=lower, upper=upper)

    def cover_lane(self, rule: TenderRule, lane: str) -> None:
        """So many carriers on a lane as soon as one of them is used there."""
        scope = frozenset({lane})
        names = sorted({b.carrier for b in self.rows.within(scope)})
        used = {c: self.rows.carrier_used(c, scope, counts=True) for c in names}
        for carrier, z in used.items():
            name = f"{carrier}{told(scope)}"
            terms = add_terms({z: -rule.value}, dict.fromkeys(used.values(), 1.0))
            terms[self.rows.miss(f"{rule.rule},{name}")] = 1.0
            self.rows.row(f"{rule.rule}[{name}]", terms, lower=0.0)

    def shares(self, scope: frozenset[str]) -> list[tuple[str, dict[str, int]]]:
        """V_cs by unit and carrier: container services in TEU, the others in tonnes."""
        if scope not in self._shares:
            found: list[tuple[str, dict[str, int]]] = []
            for unit in ("teu", "t"):
                sums: dict[str, dict[int, float]] = defaultdict(dict)
                for b in self.rows.within(scope):
                    if b.unit == unit:
                        add_terms(sums[b.carrier], b.volume[unit])
                columns = {}
                for carrier, terms in sorted(sums.items()):
                    v = self.rows.column(f"V[{carrier}{told(scope)},{unit}]")
                    columns[carrier] = v
                    balance = add_terms({v: -1.0}, terms)
                    self.rows.row(
                        f"volume[{carrier}{told(scope)},{unit}]", balance, lower=0.0, upper=0.0
                    )
                if columns:
                    found.append((unit, columns))
            self._shares[scope] = found
        return self._shares[scope]

    def share(
        self,
        rule: str,
        name: str,
        terms: Terms,
        shares: Mapping[str, int],
        *,
        lower: float | None = None,
        upper: float | None = None,
    ) -> None:
        """lower x all <= terms, or terms <= upper x all."""
        bound = lower if lower is not None else upper
        assert bound is not None
        row = add_terms(dict.fromkeys(shares.values(), -bound), terms)
        miss = self.rows.miss(f"{rule},{name}")
        if lower is None:
            row[miss] = -1.0
            self.rows.row(f"{rule}[{name}]", row, upper=0.0)
        else:
            row[miss] = 1.0
            self.rows.row(f"{rule}[{name}]", row, lower=0.0)

    def share_if_used(
        self, rule: TenderRule, carrier: str, unit: str, v: int, z: int, shares: Mapping[str, int]
    ) -> None:
        """V_c >= value x all, for a carrier that is used at all."""
        all_most = sum(b.most[unit] for b in self.rows.within(rule.scope) if b.unit == unit)
        row = add_terms(dict.fromkeys(shares.values(), -rule.value), {v: 1.0})
        row[z] = -rule.value * all_most
        row[self.rows.miss(f"min_share,{carrier}{told(rule.scope)},{unit}")] = 1.0
        self.rows.row(
            f"min_share[{carrier}{told(rule.scope)},{unit}]", row, lower=-rule.value * all_most
        )

    def limit_change(self, rule: TenderRule, bids: Sequence[BidVolume]) -> None:
        """Volume on carriers that are new to their lane, as a share of all."""
        for unit, shares in self.shares(rule.scope):
            new: dict[int, float] = {}
            for b in bids:
                if b.new_to_lane and b.unit == unit:
                    add_terms(new, b.volume[unit])
            v = self.rows.column(f"V[new{told(rule.scope)},{unit}]")
            self.rows.row(f"volume[new{told(rule.scope)},{unit}]", add_terms({v: -1.0}, new),
                      lower=0.0, upper=0.0)  # fmt: skip
            self.share(rule.rule, f"{told(rule.scope)},{unit}", {v: 1.0}, shares, upper=rule.value)

    def ask_remote(self, rule: TenderRule, bids: Sequence[BidVolume]) -> None:
        """Of what a carrier wins in the scope, a share lies on remote lanes."""
        for unit, shares in self.shares(rule.scope):
            for carrier, v in shares.items():
                terms: dict[int, float] = {v: -rule.value}
                for b in bids:
                    if b.carrier == carrier and b.remote and b.unit == unit:
                        add_terms(terms, b.volume[unit])
                terms[self.rows.miss(f"{rule.rule},{carrier}{told(rule.scope)}")] = 1.0
                self.rows.row(f"{rule.rule}[{carrier}{told(rule.scope)},{unit}]", terms, lower=0.0)

    def own_shares(self, carrier: Carrier) -> None:
        """The shares that a carrier's own row asks for, of everything.

        A least share is a promise: owed wherever the carrier bids, also by a model without a way
        to keep it.
        """
        if carrier.max_share is None and not carrier.min_share:
            return
        for unit, shares in self.shares(EVERYWHERE):
            name = f"{carrier.carrier},{unit}"
            v = shares.get(carrier.carrier)
            own = {} if v is None else {v: 1.0}
            if carrier.max_share is not None and own:
                self.share("max_share", name, own, shares, upper=carrier.max_share)
            if carrier.min_share and (unit, carrier.carrier) in self.bidding:
                self.share("min_share", name, own, shares, lower=carrier.min_share)


def lanes_of(bids: Iterable[BidVolume]) -> list[str]:
    """The lanes of some bids, each once."""
    return sorted({b.lane for b in bids})
