"""The terms of a tender beyond its rates: rebates by volume, bundles, and the rules of an award.

A *scope* is a set of lanes; an empty one stands for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from routing.bids import Bid


@dataclass(frozen=True)
class Tier:
    """One step of a carrier's rebate: from and to which volume, and what is taken off base rates.

    `all_units`: the discount of the tier that the volume lies in is taken off every unit of the
    scope. `incremental`: each tier's discount is taken off the units that lie in it. Bounds are
    included; a volume on the bound of two tiers belongs to either.
    """

    carrier: str
    scope: frozenset[str]
    from_volume: float
    to_volume: float = inf
    volume_unit: str = "teu"
    discount_percent: float = 0.0
    kind: str = "all_units"


@dataclass(frozen=True)
class Scale:
    """The tiers of one carrier, scope, unit and kind, from the lowest on."""

    tiers: tuple[Tier, ...]

    @property
    def carrier(self) -> str:
        """Whose rebate it is."""
        return self.tiers[0].carrier

    @property
    def scope(self) -> frozenset[str]:
        """Its lanes; empty for all of the carrier's."""
        return self.tiers[0].scope

    @property
    def unit(self) -> str:
        """What its volume is counted in."""
        return self.tiers[0].volume_unit

    @property
    def incremental(self) -> bool:
        """True where each discount is for the units within its tier alone."""
        return self.tiers[0].kind == "incremental"


@dataclass(frozen=True)
class Bundle:
    """Bids that a carrier offers together.

    `conditional`: the discount is taken off the base rates of its bids once at least `min_lanes` of
    their lanes are used. `all_or_nothing`: either each of its bids is used, and then at the
    discount, or none is. Of one `xor_group` at most one bundle is taken.
    """

    bundle_id: str
    bid_ids: tuple[str, ...]
    discount_percent: float
    kind: str
    min_lanes: int
    xor_group: str = ""


@dataclass(frozen=True)
class TenderRule:
    """A rule of the award over a scope of lanes (table `tender_rules`).

    * max_carriers, min_carriers: number of carriers used in the scope
    * max_carriers_per_lane: the same on each of its lanes
    * max_share, min_share: of the scope's volume, for every carrier that is used in it
    * incumbent_min_share: of the scope's volume, for all incumbents together
    * max_change_share: of the scope's volume, for carriers that are new to their lane
    * remote_lane_covered: so many carriers at least on each remote lane
    * remote_min_share: of what a carrier wins in the scope, so much lies on its remote lanes
    """

    rule: str
    value: float
    scope: frozenset[str] = frozenset()


RULES = (
    "max_carriers",
    "min_carriers",
    "max_carriers_per_lane",
    "max_share",
    "min_share",
    "incumbent_min_share",
    "max_change_share",
    "remote_lane_covered",
    "remote_min_share",
)


@dataclass(frozen=True)
class Tender:
    """All terms of a tender that are not rates of a bid."""

    tiers: tuple[Tier, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    rules: tuple[TenderRule, ...] = ()

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The tiers put together by carrier, scope, unit and kind, in the order of the table."""
        found: dict[tuple[str, frozenset[str], str, str], list[Tier]] = {}
        for tier in self.tiers:
            key = (tier.carrier, tier.scope, tier.volume_unit, tier.kind)
            found.setdefault(key, []).append(tier)
        return tuple(Scale(tuple(sorted(t, key=lambda t: t.from_volume))) for t in found.values())

    def __bool__(self) -> bool:
        return bool(self.tiers or self.bundles or self.rules)


def lane_of(bid: Bid) -> str:
    """The lane of a bid: its lane_id, else the relation that it serves."""
    return lane_name(bid.lane_id, bid.origin, bid.destination)


def lane_name(lane_id: str, origin: str, destination: str) -> str:
    """How a lane is called: by its id, else by its ends."""
    return lane_id or f"{origin} - {destination}"
