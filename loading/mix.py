"""Which equipment, and how many of each: the mix with the least weight.

The weight of a type is what the planner wants little of: TEU by default, or its cost or kg CO2e.
Mixes are tried from the lightest up; those that the lower bounds rule out are never tried. Small
mixes are all looked at, larger ones as one main type with its last load units exchanged.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

from loading.bounds import most_units
from loading.equipment import Equipment
from loading.stuffing import LoadPlan, Stuffing, stuff
from loading.units import HandlingUnit

_MOST_FOR_ALL = 4
_MOST_TRIES = 40
_FOR_THE_MIX_S = 1.5
"""Seconds that are left for other mixes, however long the plans of single types took."""
_PER_LOAD_UNIT = 0.01
"""Added to each weight: of two mixes of one weight the one with fewer load units is taken."""


@dataclass(frozen=True)
class Mix:
    """The chosen load units; `proved`: no mix of the given types has less weight."""

    loads: tuple[LoadPlan, ...]
    left: tuple[HandlingUnit, ...]
    weight: float
    proved: bool
    reasons: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Load units by equipment code."""
        counted: dict[str, int] = {}
        for load in self.loads:
            counted[load.equipment.code] = counted.get(load.equipment.code, 0) + 1
        return counted


def default_weight(e: Equipment) -> float:
    """TEU; a trailer counts as its length in TEU (6.1 m), so that types can be compared.

    A thousandth for each tonne of tare prefers the lighter of two types of one size.
    """
    teu = e.teu if e.teu > 0 else e.inner_length_mm / 6100
    return teu + e.tare_kg / 1_000_000


@dataclass
class _Packer:
    """Packs for one question: weights, road limits, and the time that is left."""

    types: Sequence[Equipment]
    weight: Mapping[str, float]
    limits: Mapping[str, float]
    seed: int
    until: float
    tries: int = field(default=0)

    def up(self) -> bool:
        """True when no more mixes should be tried."""
        return self.tries >= _MOST_TRIES or time.monotonic() > self.until

    def pack(self, units: Sequence[HandlingUnit], e: Equipment, most: int | None) -> Stuffing:
        """Into one type."""
        seconds = max(0.05, min(1.0, (self.until - time.monotonic()) / 3))
        return stuff(
            units,
            e,
            max_loads=most,
            max_cargo_kg=self.limits.get(e.code),
            seed=self.seed,
            seconds=seconds,
        )

    def weigh(self, loads: Sequence[LoadPlan]) -> float:
        """The weight of a mix."""
        return sum(self.weight[p.equipment.code] + _PER_LOAD_UNIT for p in loads)

    def mass_limit_kg(self, e: Equipment) -> float:
        """Payload or road limit."""
        return min(e.payload_kg, self.limits.get(e.code, e.payload_kg))


def choose_mix(
    units: Sequence[HandlingUnit],
    types: Sequence[Equipment],
    *,
    weights: Mapping[str, float] | None = None,
    max_cargo_kg: Mapping[str, float] | None = None,
    seed: int = 1,
    seconds: float = 6.0,
) -> Mix:
    """The mix of the least weight found for a set of units.

    `weights` and `max_cargo_kg` (road limit) are keyed by equipment code. Units that fit no type
    are left over, with the reason given by the largest type.
    """
    weight = {e.code: (weights or {}).get(e.code, default_weight(e)) for e in types}
    packer = _Packer(types, weight, max_cargo_kg or {}, seed, time.monotonic() + seconds)
    singles = [packer.pack(units, e, None) for e in types]
    largest = sorted(types, key=lambda e: -e.volume_m3)
    whole = [s for s in singles if not s.left]
    best: tuple[LoadPlan, ...]
    if whole:
        best = min((s.loads for s in whole), key=packer.weigh)
    else:
        best, left, reasons = _one_after_the_other(units, largest, packer)
        if left:
            return Mix(best, left, packer.weigh(best), False, reasons)
    proved = len(types) == 1 and singles[0].proved
    packer.until = max(packer.until, time.monotonic() + _FOR_THE_MIX_S)
    if len(best) <= _MOST_FOR_ALL:
        found, proved_by_trying = _lighter(units, packer, packer.weigh(best))
        best = best if found is None else found
        proved = proved or proved_by_trying
    else:
        for plan in (best, *(s.loads for s in whole if s.loads is not best)):
            exchanged = _last_exchanged(plan, packer)
            if packer.weigh(exchanged) < packer.weigh(best):
                best = exchanged
    return Mix(best, (), packer.weigh(best), proved)


def _one_after_the_other(
    units: Sequence[HandlingUnit], types: Sequence[Equipment], packer: _Packer
) -> tuple[tuple[LoadPlan, ...], tuple[HandlingUnit, ...], tuple[str, ...]]:
    """No type takes all: each takes what it can, the largest first."""
    loads: list[LoadPlan] = []
    rest: Sequence[HandlingUnit] = units
    reasons: tuple[str, ...] = ()
    for e in types:
        found = packer.pack(rest, e, None)
        loads += found.loads
        rest = found.left
        reasons = reasons or found.reasons
        if not rest:
            break
    return tuple(loads), tuple(rest), reasons if rest else ()


def _lighter(
    units: Sequence[HandlingUnit], packer: _Packer, below: float
) -> tuple[tuple[LoadPlan, ...] | None, bool]:
    """The lightest mix of few load units below a weight; and whether none lighter was in doubt.

    A mix that mass, volume or the count of one packaging rule out is no doubt; one that the packer
    could not fill is.
    """
    mass = sum(u.mass_kg for u in units)
    volume = sum(u.packaging.volume_m3 for u in units)
    full = (u for u in units if u.mass_kg >= u.packaging.gross_mass_kg)
    counts = Counter(u.packaging for u in full)
    most = {
        e.code: {p: most_units(p, e, packer.mass_limit_kg(e)) for p in counts} for e in packer.types
    }
    mixes = []
    for count in range(1, 2 * _MOST_FOR_ALL + 1):
        for mix in combinations_with_replacement(packer.types, count):
            total = sum(packer.weight[e.code] + _PER_LOAD_UNIT for e in mix)
            if (
                total < below - 1e-9
                and sum(packer.mass_limit_kg(e) for e in mix) >= mass
                and sum(e.volume_m3 for e in mix) >= volume
                and all(sum(most[e.code][p] for e in mix) >= n for p, n in counts.items())
            ):
                mixes.append((total, mix))
    lightest = min(packer.weight[e.code] + _PER_LOAD_UNIT for e in packer.types)
    doubt = below > (2 * _MOST_FOR_ALL + 1) * lightest
    for _, mix in sorted(mixes, key=lambda m: m[0]):
        if packer.up():
            return None, False
        packer.tries += 1
        loads: list[LoadPlan] = []
        rest: Sequence[HandlingUnit] = units
        for e in sorted(set(mix), key=lambda e: -e.volume_m3):
            found = packer.pack(rest, e, mix.count(e))
            loads += found.loads
            rest = found.left
            if not rest:
                break
        if not rest:
            return tuple(loads), not doubt
        doubt = True
    return None, not doubt


def _last_exchanged(plan: tuple[LoadPlan, ...], packer: _Packer) -> tuple[LoadPlan, ...]:
    """The one or two emptiest load units packed again into something lighter."""
    best = plan
    by_fill = sorted(plan, key=lambda p: max(p.mass_use, p.volume_use, p.floor_use))
    for count in (1, 2):
        again = by_fill[:count]
        units = [u for load in again for u in load.units]
        found, _ = _lighter(units, packer, packer.weigh(again))
        if found is None:
            continue
        kept = tuple(p for p in plan if not any(p is q for q in again))
        if packer.weigh(kept + found) < packer.weigh(best):
            best = kept + found
    return best
