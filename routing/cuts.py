"""What a refusal of the loader teaches the model that is solved in one piece."""

from __future__ import annotations

from collections.abc import Sequence

from routing.decode import Refusal
from routing.plan_model import Cuts


def learn(cuts: Cuts, refusals: Sequence[Refusal]) -> None:
    """Raise the floor share of each refused group, so that its content asks for one load unit more.

    A group that could only be stuffed by splitting an order is held to one run. This is learnt from
    a try and not from a proof, so the plan is labelled.
    """
    for refusal in refusals:
        if refusal.apart:
            cuts.one_run.add(refusal.group)
            continue
        missing = (refusal.load_units + 0.02) / refusal.load_units
        before = cuts.floor_scale.get(refusal.group, 1.0)
        cuts.floor_scale[refusal.group] = before * min(1.1, missing) + 0.02
