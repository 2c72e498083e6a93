"""Who must agree before an emptied box is loaded again: its owner, the sailing line, the hauliers.

`round_use_allowed` of a carrier is asked in each role; a sailing line loads its own boxes, those of
owners it interchanges with (not symmetric), and the shipper's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from routing.bids import Carrier
from routing.boxes import SHIPPER_OWNED


class Parties(Protocol):
    """Whatever names the carriers: a case, or round use planned alone."""

    @property
    def carriers(self) -> Mapping[str, Carrier]:
        """By their name."""


def owner_consents(case: Parties, owner: str) -> bool:
    """True if the owner of a box lets it be loaded again."""
    if owner == SHIPPER_OWNED:
        return True
    return owner in case.carriers and case.carriers[owner].round_use_allowed


def line_agrees(case: Parties, line: str, owner: str) -> bool:
    """True if a sailing line loads boxes of that owner, whether or not anybody takes part."""
    if owner in (line, SHIPPER_OWNED):
        return True
    return line in case.carriers and owner in case.carriers[line].interchange_with


def line_loads(case: Parties, line: str, owner: str) -> bool:
    """True if a sailing line takes part in round use and loads boxes of that owner."""
    if owner == SHIPPER_OWNED:
        return line not in case.carriers or case.carriers[line].round_use_allowed
    if line not in case.carriers or not owner_consents(case, owner):
        return False
    return case.carriers[line].round_use_allowed and line_agrees(case, line, owner)
