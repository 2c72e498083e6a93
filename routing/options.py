"""What is open to each order: groups of runs it may share, and part loads of its own.

Groups are finer than day classes and need no nested rows (docs/decisions/groups.md). They are made
in admission.py (what a run admits, who shares it) and opening.py (pairs of places, days, centres).
"""

from __future__ import annotations

from dataclasses import dataclass

from lowhaul.findings import Findings
from routing.case import Case
from routing.ground import Ground, survey
from routing.groups import Entry, Group, Packed, PartOption, Sharing, Terms
from routing.network import Network
from routing.opening import Opening
from routing.reach import TurnReach
from routing.run_sources import AllRuns

__all__ = [
    "Entry",
    "Group",
    "Options",
    "Packed",
    "PartOption",
    "Sharing",
    "Terms",
    "build_options",
]


@dataclass(frozen=True)
class Options:
    """Everything that the model chooses from. Keys of the mappings are order keys.

    `hubs` are the logistics centres open to an order; `reach` tells where boxes may be reused;
    `findings` are what bids and orders were left out for; `searched` means that runs were left out
    as well (routing/thinning.py), else all that a plan may need are there.
    """

    case: Case
    network: Network
    packed: dict[str, tuple[Packed, ...]]
    groups: tuple[Group, ...]
    parts: tuple[PartOption, ...]
    hubs: dict[str, tuple[str, ...]]
    reach: TurnReach
    findings: Findings
    searched: bool = False


def build_options(case: Case) -> Options:
    """All groups and part loads of a case."""
    ground = survey(case, whole_runs=True)
    source = AllRuns(case, ground.network, ground.admitting)
    return options_from(ground, Opening(ground, source))


def options_from(ground: Ground, opening: Opening, *, searched: bool = False) -> Options:
    """The options of an opening, once all is open."""
    opening.open_all()
    return Options(
        ground.case,
        ground.network,
        ground.packed,
        tuple(opening.groups),
        tuple(opening.parts),
        opening.hubs,
        ground.reach,
        ground.findings,
        searched,
    )
