"""Which equipment, and how many of each: the mix with the least weight.

The weight of a type is what the planner wants little of: TEU by default, or its cost or kg CO2e.
A relaxation (`mix_bound.py`) gives a bound that no mix can undercut, and says of each mix how
tight it would be. Types are let in one after the other, the smallest first; with each, mixes that
are lighter than the best so far are packed, those with room to spare first. So a further, larger
type can only make the plan lighter, never heavier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from loading.bounds import lower_bound
from loading.clock import Clock
from loading.equipment import Equipment, default_weight
from loading.mix_bound import Relaxation
from loading.stacks import Piece
from loading.stuffing import LoadPlan, Stuffing, fits, mass_limit_kg, stuff
from loading.units import HandlingUnit

_MOST_TRIES = 24
"""Mixes that are packed with each type that is let in."""
_MOST_MIXES = 400
"""Mixes whose tightness is asked with each type."""
_ASKED_AT_LEAST = 40
_MOMENT_S = 0.05
"""For what is left of a plan, or can never be loaded."""
_MOST_TRY_S = 1.0
"""For one mix."""
_LONG = 2_000
"""From so many units on, the most promising type is planned first: there may be time for one."""
_PER_LOAD_UNIT = 0.001
"""Added to each weight, as a share of the lightest: of equal mixes the shorter one is taken."""
_NO_ROOM = "no load unit is left for it"


@dataclass(frozen=True)
class Mix:
    """The chosen load units; `proved`: no mix of the given types has less weight.

    `weight` and `bound` (no mix can have less) are in the unit of the weights.
    """

    loads: tuple[LoadPlan, ...]
    left: tuple[HandlingUnit, ...]
    weight: float
    proved: bool
    reasons: tuple[str, ...] = ()
    bound: float = 0.0
    left_because: tuple[str, ...] = ()
    """For each unit of `left`, why it found no place."""
    stopped: bool = False
    """True if the time ended the search: more of it could find a lighter mix."""

    @property
    def counts(self) -> dict[str, int]:
        """Load units by equipment code."""
        return _counted(self.loads)


def _counted(loads: Sequence[LoadPlan]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for load in loads:
        counted[load.equipment.code] = counted.get(load.equipment.code, 0) + 1
    return counted


def choose_mix(
    units: Sequence[HandlingUnit],
    types: Sequence[Equipment],
    *,
    weights: Mapping[str, float] | None = None,
    max_cargo_kg: Mapping[str, float] | None = None,
    max_loads: int | None = None,
    seed: int = 1,
    seconds: float = 6.0,
    clock: Clock | None = None,
) -> Mix:
    """The mix of the least weight found for a set of units.

    `weights` and `max_cargo_kg` (road limit) are keyed by equipment code. With `max_loads` into at
    most that many load units: where not all fits, units of higher priority go first. Units that
    fit no type are left over, with the reason given by the largest type. `clock`: in place of
    `seconds`, a clock that is shared with other searches.
    """
    clock = clock or Clock(seconds)
    question = _question(types, weights, max_cargo_kg, max_loads, seed, clock)
    able, never = question.sorted_out(units)
    if not able or (max_loads is not None and max_loads <= 0):
        over = _Left(tuple(able), (_NO_ROOM,) if able else (), (_NO_ROOM,) * len(able))
        return question.told((), [never, over], 0.0, not never.units and not able)
    relaxation = Relaxation(tuple(able), question.types, question.limits_kg)
    bound = relaxation.rough(question.weight)
    if relaxation.small:
        bound = relaxation.least(question.weight, max_loads, max(0.5, clock.left() / 3))
    best: _Found | None = None
    if len(able) > _LONG:
        question = question.most_promising_first(able)
    took_s = 0.0
    for k in range(len(question.types)):
        if best is not None and len(able) > _LONG and question.clock.short_of(took_s):
            break  # the next type would take as long
        begun = question.clock.left()
        best = _with_one_more(able, question, k, relaxation, best, bound)
        took_s = begun - question.clock.left()
    if best is None:
        loads, left = _what_goes(able, question)
        proved = not (left.units or never.units) and question.weigh(loads) <= bound + 1e-6
        return question.told(loads, [never, left], bound, proved)
    proved = not never.units and question.weigh(best.loads) <= bound + 1e-6
    return question.told(best.loads, [never], bound, proved)


@dataclass(frozen=True)
class _Left:
    """Units without a place: why, in the planner's words, and for each unit."""

    units: tuple[HandlingUnit, ...] = ()
    reasons: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


def _left_of(found: Stuffing) -> _Left:
    return _Left(found.left, found.reasons, found.left_because)


@dataclass(frozen=True)
class _Found:
    loads: tuple[LoadPlan, ...]
    used: float
    """How tight the mixes were that could be packed: the greatest share of what they offer."""


@dataclass(frozen=True)
class _Question:
    """What is asked: types from the smallest up, weights, limits, and the time that is left."""

    types: tuple[Equipment, ...]
    weight: Mapping[str, float]
    """With a little for each load unit, so that of equal mixes the shorter one is lighter."""
    given: Mapping[str, float]
    limits_kg: Mapping[str, float]
    road_kg: Mapping[str, float]
    max_loads: int | None
    seed: int
    clock: Clock

    def weigh(self, loads: Sequence[LoadPlan]) -> float:
        """The weight of load units."""
        return sum(self.weight[p.equipment.code] for p in loads)

    def told(
        self,
        loads: tuple[LoadPlan, ...],
        left: Sequence[_Left],
        bound: float,
        proved: bool,
    ) -> Mix:
        """The answer, in the planner's weights.

        A bound b of weights with the extra x bounds the weights themselves by b / (1 + x),
        x as a share of the least weight: n load units weigh at least n times that.
        """
        weight = sum(self.given[p.equipment.code] for p in loads)
        over = tuple(u for some in left for u in some.units)
        plain = 0.0 if bound == inf or over else bound / (1 + _PER_LOAD_UNIT)
        plain = weight if proved else min(weight, plain)
        reasons = tuple(why for some in left for why in some.reasons)
        because = tuple(why for some in left for why in some.because)
        stopped = self.clock.stopped and not proved
        return Mix(loads, over, weight, proved, reasons, plain, because, stopped)

    def most_promising_first(self, units: Sequence[HandlingUnit]) -> _Question:
        """The types by what one alone would weigh at least, those that do not take all last."""
        kinds = {u.packaging for u in units}
        heaviest = max(u.mass_kg for u in units)
        pieces = [Piece(u, *u.packaging.planned_mm) for u in units]

        def alone(e: Equipment) -> tuple[bool, float]:
            limit = self.limits_kg[e.code]
            if heaviest > limit or not all(fits(p, e) for p in kinds):
                return True, self.weight[e.code]
            return False, self.weight[e.code] * lower_bound(pieces, e, limit)

        return replace(self, types=tuple(sorted(self.types, key=alone)))

    def pack(
        self, units: Sequence[HandlingUnit], e: Equipment, most: int | None, clock: Clock
    ) -> Stuffing:
        """Into one type."""
        return stuff(
            units, e, max_loads=most, max_cargo_kg=self.road_kg.get(e.code), seed=self.seed,
            clock=clock,
        )  # fmt: skip

    def sorted_out(self, units: Sequence[HandlingUnit]) -> tuple[list[HandlingUnit], _Left]:
        """Units that some type takes, and those that none does."""
        able: list[HandlingUnit] = []
        never: list[HandlingUnit] = []
        most_kg = {
            p: max((self.limits_kg[e.code] for e in self.types if fits(p, e)), default=-inf)
            for p in {u.packaging for u in units}
        }
        for u in units:
            (able if u.mass_kg <= most_kg[u.packaging] + 1e-9 else never).append(u)
        if not never:
            return able, _Left()
        return able, _left_of(self.pack(never, self.types[-1], None, Clock(_MOMENT_S)))


def _question(
    types: Sequence[Equipment],
    weights: Mapping[str, float] | None,
    road_kg: Mapping[str, float] | None,
    max_loads: int | None,
    seed: int,
    clock: Clock,
) -> _Question:
    given = {e.code: (weights or {}).get(e.code, default_weight(e)) for e in types}
    extra = _PER_LOAD_UNIT * min(given.values())
    road = road_kg or {}
    return _Question(
        tuple(sorted(types, key=lambda e: (e.volume_m3, e.payload_kg, e.code))),
        {code: w + extra for code, w in given.items()},
        given,
        {e.code: mass_limit_kg(e, road.get(e.code)) for e in types},
        road,
        max_loads,
        seed,
        clock,
    )


def _with_one_more(
    units: Sequence[HandlingUnit],
    question: _Question,
    k: int,
    relaxation: Relaxation,
    best: _Found | None,
    bound: float,
) -> _Found | None:
    """The best mix when the k-th type is let in beside the smaller ones."""
    e, *others = question.types[k:]
    clock = question.clock.share(1 + len(others[:1] if len(units) > _LONG else others))
    found = best

    def better(loads: Sequence[LoadPlan]) -> bool:
        few = question.max_loads is None or len(loads) <= question.max_loads
        lightest = inf if found is None else question.weigh(found.loads)
        return few and question.weigh(loads) < lightest - 1e-9

    some_of_it = clock.part(clock.left() / 3) if relaxation.small else clock
    alone = question.pack(units, e, None, some_of_it)
    loads, rest = list(alone.loads), alone.left
    for smaller in reversed(question.types[:k]):
        # what is too high or heavy for one type, another may take
        if rest:
            more = question.pack(rest, smaller, None, Clock(_MOMENT_S))
            loads, rest = [*loads, *more.loads], more.left
    if not rest and better(loads):
        found = _Found(tuple(loads), found.used if found else 0.0)
    if not relaxation.small or (found and question.weigh(found.loads) <= bound + 1e-6):
        return found
    used = max(found.used if found else 0.0, _tightness(relaxation, loads, rest))
    if found:
        found = _Found(found.loads, used)
    lightest = inf if found is None else question.weigh(found.loads)
    candidates = _mixes(question, k, relaxation, bound, lightest, len(loads), clock)
    tries, took_s = 0, 0.0
    for _, mix in sorted(candidates, key=lambda c: _promise(c[0], c[1], question, used)):
        if tries >= _MOST_TRIES or ((found or tries) and clock.short_of(took_s)):
            break
        if found and _weight(mix, question) >= question.weigh(found.loads) - 1e-9:
            continue
        tries += 1
        before = clock.left()
        packed = _packed(units, mix, question, min(_MOST_TRY_S, before / 6))
        took_s = max(took_s, before - clock.left())
        if packed is not None and better(packed):
            found = _Found(packed, used)
            if question.weigh(packed) <= bound + 1e-6:
                break
    return found


def _tightness(
    relaxation: Relaxation, loads: Sequence[LoadPlan], rest: Sequence[HandlingUnit]
) -> float:
    return 0.0 if rest or not loads else min(1.0, relaxation.tightness(_counted(loads)))


def _weight(mix: Mapping[str, int], question: _Question) -> float:
    return sum(question.weight[code] * n for code, n in mix.items())


def _promise(
    tight: float, mix: Mapping[str, int], question: _Question, used: float
) -> tuple[bool, float]:
    """Mixes no tighter than those that could be packed, lightest first; then by tightness."""
    likely = tight <= used + 0.01
    return (not likely, _weight(mix, question) if likely else tight)


def _mixes(
    question: _Question,
    k: int,
    relaxation: Relaxation,
    bound: float,
    below: float,
    alone: int,
    clock: Clock,
) -> list[tuple[float, dict[str, int]]]:
    """Mixes with the k-th type that the relaxation does not rule out, with their tightness."""
    found = []
    top = below if below < inf else 2 * alone * max(question.weight.values())
    for asked, mix in enumerate(_counts(question, k, bound, top)):
        least = 1 if question.clock.up() else _ASKED_AT_LEAST
        if asked >= _MOST_MIXES or (asked >= least and clock.up()):
            break
        tight = relaxation.tightness(mix)
        if tight <= 1.0 + 1e-6:
            found.append((tight, mix))
    return found


def _counts(question: _Question, k: int, bound: float, below: float) -> Iterator[dict[str, int]]:
    """Numbers of each type up to the k-th, that one at least once, in the window of weights.

    From the lightest window up, so that a limit on their number keeps the light ones.
    """
    types = question.types[: k + 1]
    found: list[tuple[float, dict[str, int]]] = []

    def extend(j: int, left: int, weight: float, mix: dict[str, int]) -> None:
        if len(found) > 20 * _MOST_MIXES:
            return
        if j < 0:
            if weight >= bound - 1e-6:
                found.append((weight, {c: n for c, n in mix.items() if n}))
            return
        e = types[j]
        n = 1 if j == k else 0
        while n <= left and weight + n * question.weight[e.code] < below - 1e-9:
            extend(j - 1, left - n, weight + n * question.weight[e.code], {**mix, e.code: n})
            n += 1

    most = 10_000 if question.max_loads is None else question.max_loads
    extend(k, most, 0.0, {})
    yield from (mix for _, mix in sorted(found, key=lambda f: (f[0], sorted(f[1].items()))))


def _packed(
    units: Sequence[HandlingUnit], mix: Mapping[str, int], question: _Question, seconds: float
) -> tuple[LoadPlan, ...] | None:
    """All units in just these load units, the largest filled first; None if some are left."""
    types = [e for e in question.types if mix.get(e.code)]
    for order in (types[::-1], types)[: len(types)]:
        loads: list[LoadPlan] = []
        rest: Sequence[HandlingUnit] = units
        for e in order:
            found = question.pack(rest, e, mix[e.code], question.clock.part(seconds))
            loads += found.loads
            rest = found.left
            if not rest:
                return tuple(loads)
        if question.clock.up():
            break
    return None


def _what_goes(
    units: Sequence[HandlingUnit], question: _Question
) -> tuple[tuple[LoadPlan, ...], _Left]:
    """Not everything fits: one type after the other, so that the most urgent goods go.

    Tried with each type first; kept is what leaves least of the highest priority, then of the
    next, and so on; of equals the lightest.
    """
    levels = sorted({u.priority for u in units}, reverse=True)
    tried: list[tuple[tuple[float, ...], int, tuple[LoadPlan, ...], _Left]] = []
    for first in question.types[::-1]:
        loads: list[LoadPlan] = []
        left = _Left(tuple(units))
        for e in (first, *(e for e in question.types[::-1] if e is not first)):
            room = None if question.max_loads is None else question.max_loads - len(loads)
            if not left.units or room == 0:
                break
            found = question.pack(left.units, e, room, question.clock.share(4))
            loads += found.loads
            left = _left_of(found)
        by_level = [
            sum(u.packaging.volume_m3 for u in left.units if u.priority == level)
            for level in levels
        ]
        tried.append(((*by_level, question.weigh(loads)), len(tried), tuple(loads), left))
    _, _, best, left = min(tried, key=lambda t: t[:2])
    return best, left
