"""Reused boxes of a shipment that takes other bids: whether they can stay with it, and if not.

A line loads boxes of some owners only, a haulier takes part or not, and a way without haulage has
no box to fetch or free. Then the turns of that shipment end: its boxes come from and go to their
ports, and so do those that it took or gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.case import Case
from routing.consent import line_loads
from routing.plan import BoxUse, Plan, Shipment


@dataclass(frozen=True)
class Swap:
    """Shipments as they would be, those at the other end of ended turns included."""

    shipments: Mapping[str, Shipment]
    dropped: tuple[BoxUse, ...]

    @property
    def boxes_lost(self) -> int:
        """Boxes that would no longer be reused."""
        return sum(u.boxes for u in self.dropped)


class Turns:
    """The reused boxes of a finished plan."""

    def __init__(self, case: Case, plan: Plan) -> None:
        self.case = case
        self.by_id = {s.shipment_id: s for s in plan.shipments}
        self.uses: dict[str, list[BoxUse]] = {}
        """By each shipment that has a part in them."""
        for use in plan.box_uses:
            self.uses.setdefault(use.shipment_id, []).append(use)
            if use.import_shipment_id:
                self.uses.setdefault(use.import_shipment_id, []).append(use)

    def kept(self, changed: Shipment) -> bool:
        """True if a shipment on other legs keeps all turns that it has a part in."""
        carriers, first, last = self.case.carriers, changed.legs[0].offer, changed.legs[-1].offer
        several = len(changed.legs) > 1
        for use in self.uses.get(changed.shipment_id, ()):
            fetches = use.shipment_id == changed.shipment_id
            haulage = first if fetches else last
            if not (several and haulage.is_haulage):
                return False
            if not carriers[haulage.bid.carrier].round_use_allowed:
                return False
            loading = changed if fetches else self.by_id[use.shipment_id]
            owner = changed.line if not fetches else self._owner(use)
            if not line_loads(self.case, loading.line, owner):
                return False
        return True

    def _owner(self, use: BoxUse) -> str:
        return use.empties.line if use.empties else self.by_id[use.import_shipment_id].line

    @staticmethod
    def without(shipment: Shipment) -> Shipment:
        """A shipment with its boxes from and to their ports."""
        return replace(shipment, pickup_place="", released=False)

    def swap(self, changed: Mapping[str, Shipment]) -> Swap:
        """All that changes with some shipments: turns that they do not keep end at both ends."""
        dropped: list[BoxUse] = []
        for shipment_id, shipment in changed.items():
            if not self.kept(shipment):
                dropped += [u for u in self.uses[shipment_id] if u not in dropped]
        shipments = dict(changed)
        for use in dropped:
            user = shipments.get(use.shipment_id, self.by_id[use.shipment_id])
            still = [u for u in self.uses[use.shipment_id] if u.shipment_id == use.shipment_id]
            if all(u in dropped for u in still):
                shipments[use.shipment_id] = replace(user, pickup_place="")
            source_id = use.import_shipment_id
            if source_id:
                gone = [u for u in self.uses[source_id] if u.import_shipment_id == source_id]
                if all(u in dropped for u in gone):
                    source = shipments.get(source_id, self.by_id[source_id])
                    shipments[source_id] = replace(source, released=False)
        return Swap(shipments, tuple(dropped))
