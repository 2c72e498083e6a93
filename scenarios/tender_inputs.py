"""The terms of a tender from their tables; what a scope means is settled here.

An entry of a scope is a lane (its lane_id, or "ORIGIN - DESTINATION" where its bids have none), an
ISO country (all lanes that begin or end there) or a mode (all lanes with a bid of that mode).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import pandas as pd

from lowhaul.columns import split_list
from routing.tender import Bundle, Tender, TenderRule, Tier, lane_name
from scenarios.rows import Row, number, rows_of


@dataclass
class Lane:
    """What bids say of one lane. `carriers` by the unit that shares count them in (teu, t)."""

    countries: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    carriers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class LaneBook:
    """The lanes that bids serve, by name; `declared` are those of the table `lanes`."""

    lanes: Mapping[str, Lane]
    declared: frozenset[str]
    of_bid: Mapping[str, str]
    """The lane of each bid."""
    carrier_of: Mapping[str, str]
    """The carrier of each bid."""

    @staticmethod
    def of(bids: pd.DataFrame, lanes: pd.DataFrame, locations: pd.DataFrame) -> LaneBook:
        """The book of a project's tables."""
        country = dict(zip(locations["location_id"], locations["country"], strict=True))
        found: dict[str, Lane] = defaultdict(Lane)
        of_bid, carrier_of = {}, {}
        names = ("bid_id", "carrier", "lane_id", "origin", "destination", "mode", "service")
        for bid_id, carrier, lane_id, origin, destination, mode, service in zip(
            *(bids[n] for n in names), strict=True
        ):
            name = lane_name(lane_id, origin, destination)
            of_bid[bid_id], carrier_of[bid_id] = name, carrier
            lane = found[name]
            lane.places |= {origin, destination}
            lane.countries |= {country.get(origin, ""), country.get(destination, "")} - {""}
            lane.modes.add(mode)
            lane.carriers["teu" if service == "container" else "t"].add(carrier)
        return LaneBook(dict(found), frozenset(lanes["lane_id"]) - {""}, of_bid, carrier_of)

    def matching(self, entry: str) -> frozenset[str]:
        """The lanes that one entry of a scope stands for; none if nobody knows it."""
        if entry in self.lanes or entry in self.declared:
            return frozenset({entry})
        return frozenset(
            name for name, x in self.lanes.items() if entry in x.countries or entry in x.modes
        )

    def scope(self, text: str) -> frozenset[str]:
        """The lanes of a scope; none where it is blank, which stands for all."""
        return frozenset(lane for entry in split_list(text) for lane in self.matching(entry))

    def within(self, scope: frozenset[str]) -> frozenset[str]:
        """The lanes of a scope that bids serve."""
        return frozenset(scope & self.lanes.keys() if scope else self.lanes)

    @property
    def names(self) -> set[str]:
        """Everything that a scope may name."""
        some = set(self.lanes) | self.declared
        return some.union(*(x.countries | x.modes for x in self.lanes.values()))


def tender_of(frames: Mapping[str, pd.DataFrame]) -> Tender:
    """The tables `bid_tiers`, `bid_bundles` and `tender_rules`."""
    book = LaneBook.of(frames["bids"], frames["lanes"], frames["locations"])
    return Tender(
        tuple(_tier(row, book) for row in rows_of(frames["bid_tiers"])),
        tuple(_bundle(row, book) for row in rows_of(frames["bid_bundles"])),
        tuple(
            TenderRule(row["rule"], float(row["value"]), book.scope(row["scope"]))
            for row in rows_of(frames["tender_rules"])
        ),
    )


def _tier(row: Row, book: LaneBook) -> Tier:
    ends = number(row["to_volume"])
    return Tier(
        row["carrier"],
        book.scope(row["scope"]),
        float(row["from_volume"]),
        inf if ends is None else ends,
        row["volume_unit"],
        float(row["discount_percent"]),
        row["kind"],
    )


def _bundle(row: Row, book: LaneBook) -> Bundle:
    bid_ids = split_list(row["bid_ids"])
    least = row["min_lanes"]
    return Bundle(
        row["bundle_id"],
        bid_ids,
        float(row["discount_percent"]),
        row["kind"],
        len({book.of_bid[b] for b in bid_ids}) if least is None else int(least),
        row["xor_group"],
    )


def remote_lanes_of(lanes: pd.DataFrame) -> dict[str, bool]:
    """Lanes that the table `lanes` calls remote or not, blank ones left out."""
    return {
        row["lane_id"]: bool(row["remote"]) for row in rows_of(lanes) if row["remote"] is not None
    }
