"""From a case to a plan: options, model, selection, load plans, cuts until all can be stuffed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lowhaul.findings import Findings
from routing.case import Case
from routing.decode import Stuffed, decode
from routing.large import LargeChooser
from routing.left_behind import unserved
from routing.options import Options, build_options
from routing.plan import Plan
from routing.selection import Choice, Chooser, Clock, ExactChooser, Stage

EXACT_ORDERS = 40
"""Up to so many order lines the whole model is solved in one piece; beyond, block by block."""
EXACT_CHOICES = 8_000
"""Or up to so many runs, orders in groups and part loads."""


@dataclass(frozen=True)
class Planned:
    """A plan and what is known about it.

    `bound` is proved for the model without the loader's cuts, so it holds for every real plan;
    `heuristic_cuts` says that a refusal of the loader was heeded by experience and not by proof;
    `stopped_by_clock` that the time limit ended a search, so more time might find a better plan.
    `interrupted` that the run was asked to stop while it searched. `rounds` counts the selections,
    `seconds` are wall seconds by step.
    """

    plan: Plan
    choice: Choice
    bound: float
    options: Options
    findings: Findings
    heuristic_cuts: bool
    rounds: int
    seconds: dict[str, float] = field(default_factory=dict)
    stopped_by_clock: bool = False
    interrupted: bool = False

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The solves of the last round."""
        return self.choice.stages


def plan_case(case: Case, progress: Callable[[str], None] = lambda _: None) -> Planned:
    """Plan a case within its time limit.

    Raises NoPlanExists where a cap cannot be met, TimeIsUp where no plan was found in time.
    """
    clock = Clock(case.settings.time_limit_s)
    return plan_by(chooser_for(case, clock, progress), clock, progress, {})


def plan_by(
    chooser: Chooser, clock: Clock, progress: Callable[[str], None], stuffed: Stuffed
) -> Planned:
    """The plan that a chooser makes, once the loader agrees to it; raises as `plan_case`.

    `stuffed` is what the loader has answered already; its new answers are added.
    """
    choices: list[Choice] = []
    stuffing = 0.0
    model, choice = chooser.choose()
    while True:
        choices.append(choice)
        interrupted = clock.interrupted
        started = time.perf_counter()
        decoded = decode(model, choice.values, stuffed)
        stuffing += time.perf_counter() - started
        if not decoded.refusals:
            break
        progress(f"the loader refused {len(decoded.refusals)} groups; planning them again")
        model, choice = chooser.choose_again(decoded.refusals)
    plan = Plan(
        decoded.shipments, decoded.box_uses, unserved(model.options, decoded, choice.stages)
    )
    return Planned(
        plan,
        choice,
        choices[0].bound,
        model.options,
        model.options.findings,
        len(choices) > 1,
        len(choices),
        {**chooser.seconds, "loading": stuffing},
        any(c.stopped_by_clock for c in choices),
        interrupted,
    )


def chooser_for(case: Case, clock: Clock, progress: Callable[[str], None]) -> Chooser:
    """The whole model in one piece where that is small enough, else the search by blocks."""
    whole, options = in_one_piece(case)
    if whole:
        return ExactChooser(case, clock, progress, options)
    return LargeChooser(case, clock, progress)


def in_one_piece(case: Case) -> tuple[bool, Options | None]:
    """True if the whole model is small enough, and the options where that asked for them.

    Without round use the options are soon built, and their number of choices decides.
    """
    if len(case.orders) <= EXACT_ORDERS:
        return True, None
    if case.settings.on("round_use"):
        return False, None
    options = build_options(case)
    choices = sum(len(g.runs) + len(g.sharing.entries) for g in options.groups)
    return choices + len(options.parts) <= EXACT_CHOICES, options
