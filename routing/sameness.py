"""Days that are alike: the same bids at the same prices, in the same period of capacity."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import cache

from routing.costs import in_force
from routing.network import Link, Network
from routing.runs import Run


class Sameness:
    """Tells which runs differ in their days only, for one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.of_leg = cache(self._of_leg)

    def __call__(self, run: Run) -> Hashable:
        """Equal for runs that share links, bids, prices and periods of capacity."""
        return tuple(self.of_leg(step.link, step.depart) for step in run.steps)

    def _of_leg(self, link: Link, day: int) -> Hashable:
        when = date.fromordinal(day)
        return (
            link.index,
            tuple(
                (
                    offer.bid.bid_id,
                    tuple(in_force(offer.bid.charges, when)),
                    capacity_key(offer.bid.capacity_per, day)
                    if offer.bid.capacity is not None
                    else "",
                )
                for offer in self.network.offers_on(link, day)
            ),
        )


def capacity_key(per: str, day: int) -> str:
    """The day, ISO week or period that a departure counts in."""
    when = date.fromordinal(day)
    if per == "day":
        return when.isoformat()
    if per == "week":
        year, week, _ = when.isocalendar()
        return f"{year}-W{week:02d}"
    return "period"
