"""Rules of `tender_rules` and of carriers' own shares: bounds, and demands that contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lowhaul.cells import TableData
from scenarios.rows import number, rows_of
from scenarios.rules.context import Context, filled, truth
from scenarios.rules.tender import lane_book, mask_of
from scenarios.tender_inputs import LaneBook

SHARES = (
    "max_share", "min_share", "incumbent_min_share", "max_change_share", "remote_min_share",
)  # fmt: skip
SMALL = 1e-9
UNITS = {"teu": "container services", "t": "services that are no containers"}


def report_rule_values(context: Context) -> None:
    """Rule: a share lies from 0 to 1, a number of carriers is a whole one."""
    data = context["tender_rules"]
    frame = data.frame
    share = frame["rule"].isin(SHARES).to_numpy(dtype=bool)
    value = frame["value"].to_numpy(dtype=float)
    sound = data.sound("rule", "value")
    data.report(
        context.findings, "E386", share & (value > 1) & sound, "value",
        lambda i: f"{frame['rule'].iloc[i]} is a share, but the value is {value[i]:g}.",
        lambda i: f"Write a share from 0 to 1{f': {value[i] / 100:g}' if value[i] <= 100 else ''}.",
    )  # fmt: skip
    with np.errstate(invalid="ignore"):
        broken = ~share & (value != np.floor(value)) & sound
    data.report(
        context.findings, "E386", broken, "value",
        lambda i: f"{frame['rule'].iloc[i]} is a number of carriers, but the value is "
        f"{value[i]:g}.", "Write a whole number.",
    )  # fmt: skip
    none = frame["rule"].isin(["max_carriers", "max_carriers_per_lane"]).to_numpy(dtype=bool)
    data.report(
        context.findings, "E386", none & (value == 0) & sound, "value",
        "With no carrier at all nothing can be awarded.", "Write 1 or more.",
    )  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """One sound row of tender_rules: its position, and its lanes (none: all)."""

    at: int
    rule: str
    value: float
    scope: frozenset[str]

    def within(self, other: Demand) -> bool:
        """True if all its lanes are lanes of the other."""
        return not other.scope or (bool(self.scope) and self.scope <= other.scope)


@dataclass(frozen=True)
class Bidders:
    """Who may be awarded: carriers that are qualified and bid."""

    book: LaneBook
    qualified: frozenset[str]
    incumbents: frozenset[str]
    remote: frozenset[str]
    """Remote lanes."""

    def on(self, scope: frozenset[str]) -> dict[str, set[str]]:
        """Qualified carriers in a scope, by the unit that shares count them in."""
        found: dict[str, set[str]] = defaultdict(set)
        for lane in self.book.within(scope):
            for unit, carriers in self.book.lanes[lane].carriers.items():
                found[unit] |= carriers & self.qualified
        return {unit: some for unit, some in found.items() if some}

    def all_on(self, scope: frozenset[str]) -> set[str]:
        """Qualified carriers in a scope."""
        return set().union(*self.on(scope).values())


def bidders_of(context: Context) -> Bidders:
    """Who may be awarded on which lanes."""
    frame = context.frame("carriers")
    until = frame["qualified_until"]
    open_ended = until.isna()
    if context.settings:
        begins = pd.Timestamp(min(s.period_from for s in context.settings.values()))
        open_ended = open_ended | (until >= begins)
    qualified = frame["carrier"][frame["qualified"].to_numpy(dtype=bool) & truth(open_ended)]
    book = lane_book(context)
    places = context.frame("locations")
    far = set(places["location_id"][places["remote"].to_numpy(dtype=bool)])
    said = {row["lane_id"]: row["remote"] for row in rows_of(context.frame("lanes"))}
    remote = frozenset(
        name
        for name, lane in book.lanes.items()
        if (said[name] if said.get(name) is not None else bool(lane.places & far))
    )
    incumbents = frame["carrier"][frame["incumbent"].to_numpy(dtype=bool)]
    return Bidders(book, frozenset(qualified), frozenset(incumbents), remote)


def report_contradictions(context: Context) -> None:
    """Rule: no two demands of an award exclude each other whatever is planned."""
    data = context["tender_rules"]
    if not len(data):
        return
    bidders = bidders_of(context)
    sound = data.sound("rule", "value", "scope")
    demands = [
        Demand(i, row["rule"], float(row["value"]), bidders.book.scope(row["scope"]))
        for i, row in enumerate(rows_of(data.frame))
        if sound[i]
    ]
    told: dict[int, str] = {}
    for at, message in contradictions(demands, bidders, data):
        told.setdefault(at, message)
    data.report(
        context.findings, "E387", mask_of(data, told), "value", lambda i: told[i],
        "Loosen or take out one of the two.",
    )  # fmt: skip
    narrow = {at: text for at, text in closed_services(demands, bidders) if at not in told}
    data.report(
        context.findings, "W387", mask_of(data, narrow), "value", lambda i: narrow[i],
        "Give a wider share, or a scope without those lanes.", "warning",
    )  # fmt: skip


def contradictions(
    demands: list[Demand], bidders: Bidders, data: TableData
) -> Iterator[tuple[int, str]]:
    """(position, message) of each demand that cannot be met beside the others."""
    by_rule: dict[str, list[Demand]] = defaultdict(list)
    for demand in demands:
        by_rule[demand.rule].append(demand)

    def row(demand: Demand) -> str:
        return f"{demand.rule} {demand.value:g} of row {data.rows[demand.at]}"

    for least in by_rule["min_carriers"]:
        for most in by_rule["max_carriers"]:
            if least.within(most) and least.value > most.value:
                yield least.at, f"min_carriers is {least.value:g}, above {row(most)}."
        for each in by_rule["max_carriers_per_lane"]:
            served = bidders.book.within(least.scope)
            room = int(each.value * len(served))
            if served and (not each.scope or served <= each.scope) and least.value > room:
                yield (
                    least.at,
                    f"min_carriers is {least.value:g}, but with {row(each)} there is room for "
                    f"{room}.",
                )
        there = len(bidders.all_on(least.scope))
        if least.value > there:
            yield least.at, f"min_carriers is {least.value:g}, but {_carriers(there)} there."
        for share in by_rule["min_share"]:
            units = len(bidders.on(least.scope)) or 1
            if share.scope == least.scope and share.value > 0:
                room = units * int(1 / share.value + SMALL)
                if least.value > room:
                    yield (
                        least.at,
                        f"min_carriers is {least.value:g}, but with {row(share)} there is room "
                        f"for {room}.",
                    )
    yield from _shares_too_small(by_rule, bidders, row)
    yield from _incumbents(by_rule, bidders, row)
    for cover in by_rule["remote_lane_covered"]:
        lanes = sorted(bidders.remote & bidders.book.within(cover.scope))
        for lane in lanes:
            there = len(bidders.all_on(frozenset({lane})))
            if there < cover.value:
                yield (
                    cover.at,
                    f"The remote lane {lane} is to have {cover.value:g} carriers, but "
                    f"{_carriers(there)} there.",
                )
        for most in (*by_rule["max_carriers_per_lane"], *by_rule["max_carriers"]):
            shared = [x for x in lanes if not most.scope or x in most.scope]
            if shared and cover.value > most.value:
                yield (
                    cover.at,
                    f"The remote lane {shared[0]} is to have {cover.value:g} carriers, above "
                    f"{row(most)}.",
                )


def _carriers(count: int) -> str:
    """So many bid and are qualified."""
    return "1 qualified carrier bids" if count == 1 else f"{count} qualified carriers bid"


def _shares_too_small(
    by_rule: Mapping[str, list[Demand]], bidders: Bidders, row: Callable[[Demand], str]
) -> Iterator[tuple[int, str]]:
    """Most shares that leave a part of the volume to nobody, or below a least share."""
    for share in by_rule["max_share"]:
        counts = {unit: len(some) for unit, some in bidders.on(share.scope).items()}
        if counts and all(share.value * n < 1 - SMALL for n in counts.values()):
            most = max(counts.values())
            yield (
                share.at,
                f"With at most {share.value:g} of the volume each, and "
                f"{_carriers(most)} there, a part goes to nobody.",
            )
        for most_carriers in by_rule["max_carriers"]:
            if share.scope == most_carriers.scope and share.value * most_carriers.value < 1 - SMALL:
                yield share.at, f"max_share {share.value:g} with {row(most_carriers)} is below 1."
        for least in by_rule["min_share"]:
            if share.scope == least.scope and least.value > share.value + SMALL:
                yield least.at, f"min_share is {least.value:g}, above {row(share)}."


def _incumbents(
    by_rule: Mapping[str, list[Demand]], bidders: Bidders, row: Callable[[Demand], str]
) -> Iterator[tuple[int, str]]:
    """Shares of incumbents that there are not, or that most shares do not allow."""
    for kept in by_rule["incumbent_min_share"]:
        there = bidders.on(kept.scope)
        counts = {unit: len(some & bidders.incumbents) for unit, some in there.items()}
        if kept.value > 0 and counts and not any(counts.values()):
            yield kept.at, "No incumbent that is qualified bids there."
        for share in by_rule["max_share"]:
            if (
                share.scope == kept.scope
                and counts
                and all(n * share.value < kept.value - SMALL for n in counts.values())
            ):
                yield (
                    kept.at,
                    f"incumbent_min_share is {kept.value:g}, but the incumbents there may have "
                    f"{max(counts.values()) * share.value:g} with {row(share)}.",
                )


def closed_services(demands: list[Demand], bidders: Bidders) -> Iterator[tuple[int, str]]:
    """(position, message) of shares that close one kind of services, but not all."""
    for demand in demands:
        for unit, some in bidders.on(demand.scope).items():
            ours = len(some & bidders.incumbents)
            closed = (demand.rule == "max_share" and demand.value * len(some) < 1 - SMALL) or (
                demand.rule == "incumbent_min_share" and demand.value > 0 and not ours
            )
            if closed:
                yield (
                    demand.at,
                    f"{demand.rule} {demand.value:g} closes all {UNITS[unit]} there: "
                    f"{_carriers(len(some))}.",
                )


def report_own_shares(context: Context) -> None:
    """Rule: the shares in carriers' own rows leave room for each other and for the rules."""
    data = context["carriers"]
    if not (filled(data.frame["min_share"]) | filled(data.frame["max_share"])).any():
        return
    told: dict[tuple[str, int], str] = {}
    own = own_shares_of(context)
    for column, carrier, message in own.faults():
        told.setdefault((column, own.at[carrier]), message)
    for column, hint in (
        ("min_share", "Lower one of the shares."),
        ("max_share", "Raise a share, or leave one blank."),
    ):
        mine = {at: message for (name, at), message in told.items() if name == column}
        data.report(
            context.findings, "E387", mask_of(data, mine), column, _said(mine), hint,
        )  # fmt: skip
    for column, given in (("min_share", own.least), ("max_share", own.most)):
        idle = [own.at[c] for c in given if c not in own.bidders.all_on(frozenset())]
        data.report(
            context.findings, "W389", mask_of(data, idle), column,
            "The carrier has no bid or is not qualified, so that its share changes nothing.",
            "Check carrier and bids.", "warning",
        )  # fmt: skip


def _said(told: Mapping[int, str]) -> Callable[[int], str]:
    return lambda i: told[i]


@dataclass(frozen=True)
class OwnShares:
    """Shares in carriers' own rows, where given; `rules` are shares that hold everywhere."""

    at: Mapping[str, int]
    least: Mapping[str, float]
    most: Mapping[str, float]
    rules: Mapping[str, float]
    bidders: Bidders

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """(column, carrier, message) of each share that leaves no room."""
        for carrier, least in self.least.items():
            if least > self.most.get(carrier, 1.0) + SMALL:
                message = f"min_share is {least:g}, above its max_share {self.most[carrier]:g}."
                yield "min_share", carrier, message
            if least > self.rules.get("max_share", 1.0) + SMALL:
                rule = self.rules["max_share"]
                yield "min_share", carrier, f"min_share is {least:g}, above the rule {rule:g}."
        for unit, some in self.bidders.on(frozenset()).items():
            carriers = sorted(some & self.at.keys(), key=lambda c: self.at[c])
            yield from self.of_unit(UNITS[unit], carriers)

    def of_unit(self, services: str, carriers: list[str]) -> Iterator[tuple[str, str, str]]:
        """The same, of all carriers of one kind of services together."""
        total = 0.0
        kept = self.rules.get("incumbent_min_share", 0.0)
        new = 0.0
        for carrier in carriers:
            least = self.least.get(carrier, 0.0)
            total += least
            new += least if carrier not in self.bidders.incumbents else 0.0
            if least and total > 1 + SMALL:
                message = f"The least shares of {services} add up to {total:g}."
                yield "min_share", carrier, message
            elif least and kept + new > 1 + SMALL:
                message = (
                    f"The rule incumbent_min_share {kept:g} and the least shares of carriers that "
                    f"are no incumbents add up to {kept + new:g}."
                )
                yield "min_share", carrier, message
        room = sum(self.most.get(c, 1.0) for c in carriers)
        limited = [c for c in carriers if c in self.most]
        if limited and room < 1 - SMALL:
            message = f"The most shares of {services} add up to {room:g}: a part goes to nobody."
            yield "max_share", limited[0], message


def own_shares_of(context: Context) -> OwnShares:
    """The sound shares of the table carriers, and the rules that they meet."""
    data, rules = context["carriers"], context["tender_rules"]
    sound = data.sound("carrier", "min_share", "max_share")
    rows = [(i, row) for i, row in enumerate(rows_of(data.frame)) if sound[i]]
    whole = rules.sound("rule", "value", "scope")
    return OwnShares(
        {row["carrier"]: i for i, row in rows},
        {row["carrier"]: x for _, row in rows if (x := number(row["min_share"]))},
        {row["carrier"]: x for _, row in rows if (x := number(row["max_share"])) is not None},
        {
            row["rule"]: float(row["value"])
            for i, row in enumerate(rows_of(rules.frame))
            if whole[i] and not row["scope"]
        },
        bidders_of(context),
    )
