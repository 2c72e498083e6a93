"""What large plans are searched on: the few runs worth it, and one model where several share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routing.case import Case
from routing.forced import close_forced
from routing.ground import Ground, survey
from routing.model import Cuts, PlanModel, build_model
from routing.opening import Opening
from routing.options import Options, options_from
from routing.run_sources import FewRuns
from routing.selection import Progress, cap_totals

ENDS = 2
"""Plans of least cost and of least CO2e come first, and plan all blocks themselves."""
MOST_KNOWN = 12
"""Plans of a block that are handed on from one search to the next, the latest ones."""


@dataclass(frozen=True)
class Searched:
    """The ground of a case, where its few runs come from, and the options on them."""

    ground: Ground
    source: FewRuns
    options: Options


def few_options(case: Case, progress: Progress, *, both: bool = False) -> Searched:
    """The options on the few runs that are best for the objective, or for the tie-breaker too."""
    ground = survey(case, whole_runs=False)
    source = FewRuns(case, ground.network, ground.admitting, both=both)
    options = options_from(ground, Opening(ground, source), searched=True)
    runs = sum(len(group.runs) for group in options.groups)
    progress(f"{runs:,} runs in {len(options.groups):,} groups are worth searching")
    return Searched(ground, source, options)


def model_of(options: Options) -> PlanModel:
    """The model with budget and cap, and without the columns that its rows hold at 0 anyway."""
    model = build_model(options, Cuts())
    cap_totals(model)
    close_forced(model.linear)
    return model


class Shared:
    """One model for several plans of a case, each with its own weights of cost and CO2e.

    It holds the runs that are best for either. Plans of blocks that one search found are handed
    on to the next, which then need not begin from nothing.
    """

    def __init__(self, case: Case, progress: Progress) -> None:
        self.searched = few_options(case, progress, both=True)
        self.model = model_of(self.searched.options)
        linear = self.model.linear
        self._limits = list(linear.lower), list(linear.upper)
        self.known: dict[int, list[np.ndarray]] = defaultdict(list)
        """Plans of blocks that were found, by the block's place."""
        self.searches = 0

    def fresh(self) -> PlanModel:
        """The model as it was before any search closed or held columns of it."""
        lower, upper = self._limits
        self.model.linear.lower[:], self.model.linear.upper[:] = lower, upper
        return self.model

    @property
    def knows_blocks(self) -> bool:
        """True once both ends were searched: later searches begin with their plans of blocks."""
        return self.searches >= ENDS

    def learn(self, found: Mapping[int, Sequence[np.ndarray]]) -> None:
        """Keep the latest plans of blocks for the next search."""
        for place, plans in found.items():
            self.known[place] = list(plans)[-MOST_KNOWN:]
        self.searches += 1
