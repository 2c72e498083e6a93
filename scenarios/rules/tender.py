"""Rules of rebates and bundles: tiers that fit each other, bundles of one carrier's bids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from lowhaul.cells import Mask, TableData
from lowhaul.columns import did_you_mean, split_list
from scenarios.rows import number, rows_of
from scenarios.rules.context import Context, filled
from scenarios.tender_inputs import LaneBook

SMALL = 1e-9
HUNDRED = 100.0


@dataclass(frozen=True)
class Step:
    """One sound row of bid_tiers: its position and its bounds."""

    at: int
    start: float
    end: float
    percent: float


ScaleKey = tuple[str, frozenset[str], str, str]
"""Carrier, lanes, unit and kind: the tiers of one rebate."""


def lane_book(context: Context) -> LaneBook:
    """The lanes that bids serve."""
    return LaneBook.of(context.frame("bids"), context.frame("lanes"), context.frame("locations"))


def mask_of(data: TableData, positions: Iterable[int]) -> Mask:
    """A mask of some rows of a table."""
    mask = np.zeros(len(data), dtype=bool)
    for position in positions:
        mask[position] = True
    return mask


def report_scopes(context: Context) -> None:
    """Rule: every entry of a scope is a lane, or a country or mode of lanes that bids serve."""
    for name in ("bid_tiers", "tender_rules"):
        if len(context[name]):
            _report_scopes(context, context[name], lane_book(context))


def _report_scopes(context: Context, data: TableData, book: LaneBook) -> None:
    entries = [split_list(text) for text in data.frame["scope"]]
    unknown = {
        i: entry for i, row in enumerate(entries) for entry in row if not book.matching(entry)
    }
    data.report(
        context.findings, "E205", mask_of(data, unknown) & data.sound("scope"), "scope",
        lambda i: f'No lane, and no country or mode of a lane, is called "{unknown[i][:80]}".',
        lambda i: did_you_mean(unknown[i], book.names),
    )  # fmt: skip
    unserved = [
        i for i, row in enumerate(entries) if row and not book.within(book.scope(";".join(row)))
    ]
    data.report(
        context.findings, "W389", mask_of(data, unserved) & data.sound("scope"), "scope",
        "No bid serves a lane of this scope, so that the row changes nothing.",
        "Check the scope, or add bids.", "warning",
    )  # fmt: skip


def report_tiers(context: Context) -> None:
    """Rule: the tiers of one rebate run upwards, side by side."""
    data = context["bid_tiers"]
    if not len(data):
        return
    frame = data.frame
    backwards = (frame["to_volume"] < frame["from_volume"]).fillna(False).to_numpy(dtype=bool)
    data.report(
        context.findings, "E380", backwards & data.sound("from_volume", "to_volume"), "to_volume",
        lambda i: f"The tier ends at {frame['to_volume'].iloc[i]:g}, before it begins at "
        f"{frame['from_volume'].iloc[i]:g}.",
        "to_volume must not be below from_volume; leave it blank for no end.",
    )  # fmt: skip
    book = lane_book(context)
    overlaps: dict[int, Step] = {}
    gaps: dict[int, Step] = {}
    for steps in scales_of(data, book).values():
        for one, after in pairwise(steps):
            if after.start < one.end - SMALL or after.start <= one.start + SMALL:
                overlaps[after.at] = one
            elif after.start > one.end + SMALL:
                gaps[after.at] = one
    data.report(
        context.findings, "E381", mask_of(data, overlaps), "from_volume",
        lambda i: f"The tier begins at {frame['from_volume'].iloc[i]:g}, but the tier of row "
        f"{data.rows[overlaps[i].at]} goes from {overlaps[i].start:g} {_to(overlaps[i].end)}.",
        "Tiers of one carrier, scope, unit and kind lie side by side: end the lower one where the "
        "next begins.",
    )  # fmt: skip
    data.report(
        context.findings, "W381", mask_of(data, gaps), "from_volume",
        lambda i: f"The tier before ends at {gaps[i].end:g}: it is taken to hold until this one "
        f"begins at {frame['from_volume'].iloc[i]:g}.",
        "A tier holds until the next one begins.", "warning",
    )  # fmt: skip
    _report_idle_tiers(context, data, book)


def _to(end: float) -> str:
    return "on, without an end" if end == inf else f"to {end:g}"


def scales_of(data: TableData, book: LaneBook) -> dict[ScaleKey, list[Step]]:
    """The sound tiers put together by rebate, from the lowest on."""
    sound = data.sound("carrier", "scope", "from_volume", "to_volume", "volume_unit",
                       "discount_percent", "kind")  # fmt: skip
    found: dict[ScaleKey, list[Step]] = defaultdict(list)
    for i, row in enumerate(rows_of(data.frame)):
        if not sound[i]:
            continue
        ends = number(row["to_volume"])
        step = Step(i, float(row["from_volume"]), inf if ends is None else ends,
                    float(row["discount_percent"]))  # fmt: skip
        key = (row["carrier"], book.scope(row["scope"]), row["volume_unit"], row["kind"])
        found[key].append(step)
    return {key: sorted(steps, key=lambda s: (s.start, s.at)) for key, steps in found.items()}


def _report_idle_tiers(context: Context, data: TableData, book: LaneBook) -> None:
    """A tier whose carrier has no bid in its scope changes nothing."""
    idle = []
    for key, steps in scales_of(data, book).items():
        carrier, scope = key[0], key[1]
        lanes = book.within(scope)
        bids = any(carrier in own for lane in lanes for own in book.lanes[lane].carriers.values())
        if lanes and not bids:
            idle += [s.at for s in steps]
    data.report(
        context.findings, "W389", mask_of(data, idle), "carrier",
        "The carrier has no bid in this scope, so that the tier changes nothing.",
        "Check carrier and scope.", "warning",
    )  # fmt: skip


def report_bundles(context: Context) -> None:
    """Rule: a bundle holds bids of one carrier, and asks for no more lanes than they have."""
    data = context["bid_bundles"]
    if not len(data):
        return
    frame, book = data.frame, lane_book(context)
    bids = [[b for b in split_list(t) if b in book.of_bid] for t in frame["bid_ids"]]
    owners = [sorted({book.carrier_of[b] for b in some}) for some in bids]
    sound = data.sound("bid_ids")
    several = np.array([len(some) > 1 for some in owners], dtype=bool) & sound
    data.report(
        context.findings, "E382", several, "bid_ids",
        lambda i: f"The bids are of several carriers: {', '.join(owners[i][:5])}.",
        "A bundle is one carrier's offer: make one for each carrier.",
    )  # fmt: skip
    lanes = np.array([len({book.of_bid[b] for b in some}) for some in bids])
    asked = frame["min_lanes"].astype("Float64").fillna(0).to_numpy(dtype=float)
    data.report(
        context.findings, "E383", (asked > lanes) & sound & data.sound("min_lanes"), "min_lanes",
        lambda i: f"min_lanes is {asked[i]:g}, but the bids lie on {lanes[i]} "
        f"{'lane' if lanes[i] == 1 else 'lanes'}.",
        lambda i: f"Give {lanes[i]} at most, or leave it blank for all of them.",
    )  # fmt: skip
    alone = frame["xor_group"].map(frame["xor_group"].value_counts()).fillna(0).to_numpy() == 1
    data.report(
        context.findings, "W384", alone & filled(frame["xor_group"]), "xor_group",
        "This is the only bundle of its group, so that the group excludes nothing.",
        "Name the other bundles of the group, or leave it blank.", "warning",
    )  # fmt: skip


def report_discounts(context: Context) -> None:
    """Rule: rebates and bundles of one bid take off no more than all of its base rate."""
    tiers, bundles = context["bid_tiers"], context["bid_bundles"]
    if not len(tiers) and not len(bundles):
        return
    book = lane_book(context)
    first: dict[str, tuple[TableData, int]] = {}
    worst: dict[str, dict[str, float]] = defaultdict(dict)
    sound = bundles.sound("bid_ids", "discount_percent")
    for i, row in enumerate(rows_of(bundles.frame)):
        if not sound[i]:
            continue
        # of an xor group one is taken, and a bid goes with one all-or-nothing bundle
        whole = "all or nothing" if row["kind"] == "all_or_nothing" else f"bundle {i}"
        group = f"xor {row['xor_group']}" if row["xor_group"] else whole
        for bid_id in split_list(row["bid_ids"]):
            most = max(worst[bid_id].get(group, 0.0), float(row["discount_percent"]))
            worst[bid_id][group] = most
            first.setdefault(bid_id, (bundles, i))
    of_carrier: dict[str, list[tuple[str, frozenset[str], list[Step]]]] = defaultdict(list)
    for n, (key, steps) in enumerate(scales_of(tiers, book).items()):
        of_carrier[key[0]].append((f"tiers {n}", key[1], steps))
    for bid_id, carrier in book.carrier_of.items():
        for name, scope, steps in of_carrier.get(carrier, ()):
            if not scope or book.of_bid[bid_id] in scope:
                worst[bid_id][name] = max(s.percent for s in steps)
                first.setdefault(bid_id, (tiers, steps[-1].at))
    told: dict[tuple[str, int], tuple[str, float]] = {}
    for bid_id, parts in worst.items():
        if sum(parts.values()) > HUNDRED + SMALL:
            data, at = first[bid_id]
            told.setdefault((data.table.name, at), (bid_id, sum(parts.values())))
    for data in (bundles, tiers):
        mine = {at: said for (name, at), said in told.items() if name == data.table.name}
        data.report(
            context.findings, "E385", mask_of(data, mine), "discount_percent",
            _too_much(mine), "Discounts of several rebates add up; lower them, or put bundles of "
            "which one is taken in one xor_group.",
        )  # fmt: skip


def _too_much(told: dict[int, tuple[str, float]]) -> Callable[[int], str]:
    return lambda i: (
        f"The rebates and bundles of bid {told[i][0]} may add up to {told[i][1]:g} percent."
    )


def report_own_interchange(context: Context) -> None:
    """Rule: a carrier that loads boxes of others does not name itself; its own it always may."""
    data = context["carriers"]
    frame = data.frame
    own = np.array(
        [c in split_list(t) for c, t in zip(frame["carrier"], frame["interchange_with"],
                                            strict=True)], dtype=bool,
    )  # fmt: skip
    data.report(
        context.findings, "W388", own & data.sound("carrier", "interchange_with"),
        "interchange_with", "The carrier names itself.",
        "A carrier loads its own boxes anyway: name other owners.", "warning",
    )  # fmt: skip


def report_circular_interchange(context: Context) -> None:
    """Rule: three owners or more that load boxes in a circle are told that nothing is passed on.

    Each row of interchange_with counts for itself; who names B does not load what B loads.
    """
    import networkx as nx

    data = context["carriers"]
    frame = data.frame
    loads: nx.DiGraph[str] = nx.DiGraph()
    for carrier, others in zip(frame["carrier"], frame["interchange_with"], strict=True):
        loads.add_edges_from((carrier, o) for o in split_list(others) if o != carrier)
    row_of = {c: i for i, c in reversed(list(enumerate(frame["carrier"])))}
    circles: dict[int, list[str]] = {}
    for some in nx.strongly_connected_components(loads):
        # two that load each other's boxes agree on both sides; only longer ways look like a chain
        rounds = nx.simple_cycles(loads.subgraph(some))
        circle = next((c for c in rounds if len(c) > 2), None)
        if circle:
            at = circle.index(min(circle, key=lambda c: row_of.get(c, len(frame))))
            circle = [*circle[at:], *circle[:at]]
            circles[row_of[circle[0]]] = [*circle, circle[0]]
    data.report(
        context.findings, "W385",
        mask_of(data, circles) & data.sound("carrier", "interchange_with"), "interchange_with",
        lambda i: f"Interchange goes round in a circle: {' > '.join(circles[i])}.",
        "Each carrier loads boxes of those in its own row only; nothing is passed on. Name every "
        "owner that it loads.", "info",
    )  # fmt: skip
