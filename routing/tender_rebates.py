"""Rebates by volume and bundles, as rows: see routing/tender_rows.py for symbols and rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import inf, isfinite

from lowhaul.linear import add_terms
from routing.tender import Bundle, Scale
from routing.tender_rows import BidVolume, TenderRows


class Rebates:
    """Adds t, f, u, o and g with their rows to a model."""

    def __init__(self, rows: TenderRows, only: frozenset[tuple[int, int]] | None = None) -> None:
        self.rows = rows
        self.only = only
        """(scale, tier) that may be reached; None for all."""
        self.holders: Counter[str] = Counter()
        """The number of all-or-nothing bundles that hold a bid."""
        self.taken: dict[str, int] = {}
        """u by bundle."""

    def build(self) -> None:
        """Every scale and every bundle of the tender."""
        for number, scale in enumerate(self.rows.tender.scales):
            self.rebate(number, scale)
        self.holders = Counter(
            bid_id
            for bundle in self.rows.tender.bundles
            if bundle.kind == "all_or_nothing"
            for bid_id in bundle.bid_ids
        )
        for bundle in self.rows.tender.bundles:
            self.bundle(bundle)
        self.exclude_bundles()

    def rebate(self, number: int, scale: Scale) -> None:
        """t of one scale, with its rows."""
        name = f"{scale.carrier},{number}"
        bids = [b for b in self.rows.within(scale.scope) if b.carrier == scale.carrier]
        bids = [b for b in bids if scale.unit in b.volume]
        if not bids:
            return
        ranges = steps(scale)
        most = sum(b.most[scale.unit] for b in bids)
        within = [self.rows.binary(f"t[{name},{k}]") for k in range(len(ranges))]
        for k, t in enumerate(within):
            if self.only is not None and (number, k) not in self.only:
                self.rows.model.upper[t] = 0.0
        self.rows.start[within[0]] = 1.0
        if scale.incremental:
            self.rows.model.lower[within[0]] = 1.0
        else:
            self.rows.row(f"one_tier[{name}]", dict.fromkeys(within, 1.0), lower=1.0, upper=1.0)
        volumes: list[dict[int, float]] = [{} for _ in ranges]
        for bid in bids:
            self.rebate_bid(name, scale, bid, within, volumes)
        for k, (low, high, _) in enumerate(ranges):
            t, reached = within[k], volumes[k]
            top = min(high, most)
            if scale.incremental:
                room = max(0.0, top - low)
                self.rows.row(f"tier_most[{name},{k}]", {**reached, t: -room}, upper=0.0)
                if k + 1 < len(ranges):
                    terms = {**reached, within[k + 1]: -(high - low)}
                    self.rows.row(f"tier_full[{name},{k}]", terms, lower=0.0)
            else:
                self.rows.row(f"tier_least[{name},{k}]", {**reached, t: -low}, lower=0.0)
                self.rows.row(f"tier_most[{name},{k}]", {**reached, t: -top}, upper=0.0)

    def rebate_bid(
        self,
        name: str,
        scale: Scale,
        bid: BidVolume,
        within: Sequence[int],
        volumes: list[dict[int, float]],
    ) -> None:
        """f_jk of one bid; what they carry is added to `volumes`, what they save to the cost."""
        for j, part in enumerate(bid.parts(scale.unit)):
            balance = {c: -a for c, a in part.terms.items()}
            for k, (low, high, discount) in enumerate(steps(scale)):
                if not self.rows.model.upper[within[k]]:
                    continue
                f = self.rows.column(f"f[{name},{k},{bid.bid_id},{j}]")
                balance[f] = 1.0
                top = part.most
                if part.is_volume:
                    volumes[k][f] = 1.0
                    top = min(top, high - low if scale.incremental else high)
                self.rows.row(
                    f"tier[{name},{k},{bid.bid_id},{j}]", {f: 1.0, within[k]: -top}, upper=0
                )
                self.rows.take_off(bid.bid_id, f"tier {name}", {f: discount / 100.0 * part.price})
            self.rows.row(f"tiers[{name},{bid.bid_id},{j}]", balance, lower=0.0, upper=0.0)

    def bundle(self, bundle: Bundle) -> None:
        """Rows of one bundle; bids that nothing can travel on are never used."""
        bids = [self.rows.by_id[b] for b in bundle.bid_ids if b in self.rows.by_id]
        u = self.rows.binary(f"u[{bundle.bundle_id}]")
        self.taken[bundle.bundle_id] = u
        name = bundle.bundle_id
        if bundle.kind == "all_or_nothing":
            if len(bids) < len(bundle.bid_ids):
                self.rows.model.upper[u] = 0.0
            for b in bids:
                y = self.rows.used(b, counts=True)
                self.rows.row(f"bundle_all[{name},{b.bid_id}]", {y: 1.0, u: -1.0}, lower=0.0)
        else:
            lanes: dict[str, list[BidVolume]] = defaultdict(list)
            for b in bids:
                lanes[b.lane].append(b)
            needed: dict[int, float] = {u: -float(bundle.min_lanes)}
            for lane, some in lanes.items():
                if len(some) == 1:
                    needed[self.rows.used(some[0], counts=True)] = 1.0
                    continue
                o = self.rows.column(f"o[{name},{lane}]", 1.0)
                needed[o] = 1.0
                terms = {o: 1.0, **{self.rows.used(b, counts=True): -1.0 for b in some}}
                self.rows.row(f"bundle_lane[{name},{lane}]", terms, upper=0.0)
            self.rows.row(f"bundle_lanes[{name}]", needed, lower=0.0)
        if bundle.discount_percent:
            for b in bids:
                self.bundle_discount(bundle, b, u)

    def bundle_discount(self, bundle: Bundle, bid: BidVolume, u: int) -> None:
        """g_jB of one bid."""
        for j, part in enumerate(bid.parts(bid.unit)):
            if bundle.kind == "all_or_nothing" and self.holders[bid.bid_id] == 1:
                # what is on the bid at all is at the discount
                off = bundle.discount_percent / 100.0 * part.price
                saved = {c: off * a for c, a in part.terms.items()}
                self.rows.take_off(bid.bid_id, f"bundle {bundle.bundle_id}", saved)
                continue
            name = f"{bundle.bundle_id},{bid.bid_id},{j}"
            g = self.rows.column(f"g[{name}]")
            self.rows.row(f"bundled[{name}]", add_terms({g: -1.0}, part.terms), lower=0.0)
            self.rows.row(f"bundle_taken[{name}]", {g: 1.0, u: -part.most}, upper=0.0)
            saved = {g: bundle.discount_percent / 100.0 * part.price}
            self.rows.take_off(bid.bid_id, f"bundle {bundle.bundle_id}", saved)

    def exclude_bundles(self) -> None:
        """At most one bundle of an xor group; a bid of all-or-nothing bundles goes with one."""
        groups: dict[str, list[int]] = defaultdict(list)
        holders: dict[str, list[int]] = defaultdict(list)
        for bundle in self.rows.tender.bundles:
            u = self.taken[bundle.bundle_id]
            if bundle.xor_group:
                groups[bundle.xor_group].append(u)
            if bundle.kind == "all_or_nothing":
                for bid_id in bundle.bid_ids:
                    holders[bid_id].append(u)
        for group, some in groups.items():
            self.rows.row(f"xor[{group}]", dict.fromkeys(some, 1.0), upper=1.0)
        for bid_id, some in holders.items():
            if bid_id in self.rows.by_id:
                terms = {self.rows.used(self.rows.by_id[bid_id], counts=True): 1.0}
                self.rows.row(
                    f"bundle_only[{bid_id}]", {**terms, **dict.fromkeys(some, -1.0)}, upper=0.0
                )
                if len(some) > 1:
                    self.rows.row(f"bundle_once[{bid_id}]", dict.fromkeys(some, 1.0), upper=1.0)


def steps(scale: Scale) -> list[tuple[float, float, float]]:
    """(from, to, discount percent) without gaps: a tier holds until the next one begins."""
    tiers = scale.tiers
    steps = [(0.0, tiers[0].from_volume, 0.0)] if tiers[0].from_volume > 0 else []
    for tier, after in zip(tiers, [*tiers[1:], None], strict=True):
        end = after.from_volume if after else tier.to_volume
        steps.append((tier.from_volume, end, tier.discount_percent))
    if isfinite(steps[-1][1]):
        steps.append((steps[-1][1], inf, 0.0))
    return steps
