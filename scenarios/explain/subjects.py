"""What a name on the command line stands for: a lane, an order or a carrier."""

from __future__ import annotations

from dataclasses import dataclass

from lowhaul.columns import did_you_mean
from lowhaul.errors import UsageError
from routing.case import Case
from routing.check.plan import Plan as Judged
from routing.tender import lane_of
from scenarios.redraw import NothingMatched

KINDS = ("lane", "order", "carrier")


@dataclass(frozen=True)
class Subject:
    """What is to be explained; `name` as the tables have it."""

    kind: str
    name: str
    title: str


def find_subject(case: Case, judged: Judged, scenario: str, name: str, kind: str | None) -> Subject:
    """The one thing of that name.

    A lane is named by its id or as ORIGIN - DESTINATION, an order by its id or id/line. Raises
    NothingMatched for a name that nothing has, UsageError for one that several kinds have.
    """
    lanes = {lane_of(b): lane_of(b) for b in case.bids}
    ends = {f"{b.origin} - {b.destination}" for b in case.bids}
    orders = {o.order_id for o in case.orders} | {o.key for o in case.orders}
    known = {"lane": {*lanes, *ends}, "order": orders, "carrier": set(case.carriers)}
    spelled = _spelled(name)
    found = [k for k in KINDS if kind in (None, k) and spelled in known[k]]
    if len(found) > 1:
        raise UsageError(f"{spelled} is {' and '.join(found)}: say which with --as {found[0]}.")
    if not found:
        kinds = [kind] if kind else list(KINDS)
        names = set().union(*(known[k] for k in kinds))
        told = f'No {" or ".join(kinds)} is called "{spelled}".'
        raise NothingMatched(f"{told} {did_you_mean(spelled, names)}".rstrip())
    subject = Subject(found[0], spelled, f"{found[0].capitalize()} {spelled}")
    if subject.kind == "lane":
        _asked_for_goods(judged, scenario, spelled)
    return subject


def _spelled(name: str) -> str:
    """`A>B` means the lane `A - B`."""
    if ">" not in name:
        return name.strip()
    return " - ".join(part.strip() for part in name.split(">"))


def on_lane(lane: str, bid_lane: str, origin: str, destination: str) -> bool:
    """True if a bid lies on a lane, named by its id or by its ends."""
    return lane in (bid_lane, f"{origin} - {destination}")


def _asked_for_goods(judged: Judged, scenario: str, lane: str) -> None:
    used = {
        lane_of(ride.bid): (ride.bid.origin, ride.bid.destination)
        for _, ride in judged.riding
        if ride.bid
    }
    if any(on_lane(lane, name, *ends) for name, ends in used.items()):
        return
    hint = did_you_mean(lane, used)
    raise NothingMatched(f"No goods take the lane {lane} in '{scenario}'. {hint}".rstrip())
