"""What any mix of equipment needs at least: a relaxation of loading that a solver proves.

    Decide     n_e  load units of type e (whole);  x_pe  units of kind p in type e;
               f_ce  floor that stack code c takes in type e
    So that    every unit is loaded once, in a type that it fits
               per type: mass, volume and floor of its load units hold what goes into them
               f_ce >= area / layers, >= volume / height, >= area of units of which no two share a
                       column (higher than half the room, or with nothing on top)
               x_pe <= n_e x the most units of kind p that one load unit holds
    Minimise   weight of the load units

The same rows for a given mix, with a common factor t on what it offers, say how tight it would be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

from loading.bounds import most_units
from loading.equipment import Equipment
from loading.stack_cover import patterns
from loading.stacks import door_width, layers_of, sides, top_limit_mm
from loading.stuffing import fits
from loading.units import HandlingUnit, Packaging
from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, solve

_MOST_COLUMNS = 2_000
_MOST_SETS = 400
_MOST_COUNTED = 60
"""Packagings whose own best layout is asked for; of many, none decides alone."""
_M = 1000.0
"""Lengths enter the model in metres, so that its numbers are of one size."""


@dataclass(frozen=True)
class Kind:
    """Units of one packaging and one mass."""

    packaging: Packaging
    mass_kg: float
    count: int


@dataclass(frozen=True)
class Relaxation:
    """What a set of units asks of any mix of the types."""

    units: tuple[HandlingUnit, ...]
    types: tuple[Equipment, ...]
    limits_kg: Mapping[str, float]

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Units that are the same to this model, counted."""
        counted = Counter((u.packaging, u.mass_kg) for u in self.units)
        return tuple(Kind(p, kg, n) for (p, kg), n in counted.items())

    @property
    def small(self) -> bool:
        """True if the model is small enough to be asked often."""
        return len(self.kinds) * len(self.types) <= _MOST_COLUMNS

    def least(self, weight: Mapping[str, float], most_loads: int | None, seconds: float) -> float:
        """A proved lower bound of the weight of any mix; infinite where none can hold the units."""
        model, n, _ = self._model(None)
        model.minimise({n[e.code]: weight[e.code] for e in self.types})
        if most_loads is not None:
            model.row("load units", dict.fromkeys(n.values(), 1.0), upper=float(most_loads))
        solved = solve(model, Limits(seconds))
        return inf if solved.status == "infeasible" else max(0.0, solved.bound)

    def rough(self, weight: Mapping[str, float]) -> float:
        """A bound for long lists: all mass, or all volume, at the best price of a kg or a m3."""
        mass = sum(u.mass_kg for u in self.units)
        volume = sum(_volume(u.packaging) for u in self.units)
        room = {e.code: e.floor_mm2 * e.usable_height_mm / _M**3 for e in self.types}
        return max(
            mass * min(weight[e.code] / self.limits_kg[e.code] for e in self.types),
            volume * min(weight[e.code] / room[e.code] for e in self.types),
        )

    def tightness(self, mix: Mapping[str, int], seconds: float = 2.0) -> float:
        """The share of what a mix offers that the units need at least.

        Above 1 the mix cannot hold them.
        """
        model, _, t = self._model(mix)
        model.minimise({t: 1.0})
        solved = solve(model, Limits(seconds))
        return solved.bound if solved.found else inf

    def _model(self, mix: Mapping[str, int] | None) -> tuple[LinearModel, dict[str, int], int]:
        """The rows of the module's head; for a given mix, what it offers is stretched by t."""
        model = LinearModel()
        n: dict[str, int] = {}
        t = -1
        if mix is None:
            n = {e.code: model.column(f"n {e.code}", integer=True) for e in self.types}
        else:
            t = model.column("t")
        types = [e for e in self.types if mix is None or mix.get(e.code)]

        def offered(e: Equipment, amount: float) -> dict[int, float]:
            """Minus what the load units of a type offer."""
            return {n[e.code]: -amount} if mix is None else {t: -amount * mix[e.code]}

        x: dict[tuple[int, str], int] = {}
        for k, kind in enumerate(self.kinds):
            for e in types:
                if fits(kind.packaging, e):
                    x[k, e.code] = model.column(f"x {k} {e.code}", upper=float(kind.count))
            homes = {x[k, e.code]: 1.0 for e in types if (k, e.code) in x}
            model.row(f"loaded {k}", homes, lower=float(kind.count), upper=float(kind.count))
        for e in types:
            inside = [(k, kind, x[k, e.code]) for k, kind in enumerate(self.kinds)
                      if (k, e.code) in x]  # fmt: skip
            mass = {column: kind.mass_kg / _M for _, kind, column in inside}
            model.row("mass", {**mass, **offered(e, self.limits_kg[e.code] / _M)}, upper=0.0)
            volume = {column: _volume(kind.packaging) for _, kind, column in inside}
            room = e.floor_mm2 * e.usable_height_mm / _M**3
            model.row("volume", {**volume, **offered(e, room)}, upper=0.0)
            floors = self._floors(model, e, [(kind, column) for _, kind, column in inside])
            taken = {column: 1.0 for column, _ in floors}
            model.row("floor", {**taken, **offered(e, e.floor_mm2 / _M**2)}, upper=0.0)
            used = _slices(model, e, floors)
            if used:
                model.row("slices", {**used, **offered(e, e.inner_length_mm / _M)}, upper=0.0)
            alone = _by_packaging(inside)
            for p, columns in alone.items() if len(alone) <= _MOST_COUNTED else ():
                most = most_units(p, e, self.limits_kg[e.code])
                if most < inf:
                    terms = {**dict.fromkeys(columns, 1.0), **offered(e, float(most))}
                    model.row("count", terms, upper=0.0)
        return model, n, t

    def _floors(
        self, model: LinearModel, e: Equipment, inside: Sequence[tuple[Kind, int]]
    ) -> list[tuple[int, Packaging | None]]:
        """A column for the floor that each stack code takes, held from below.

        With the packaging whose footprint all members share, or None.
        """
        codes: dict[str, list[tuple[Kind, int]]] = {}
        for kind, column in inside:
            codes.setdefault(kind.packaging.stacks_with, []).append((kind, column))
        found = []
        for code, members in codes.items():
            floor = model.column(f"floor {code} {e.code}")
            sizes = {frozenset(k.packaging.planned_mm[:2]) for k, _ in members}
            turns = {k.packaging.rotate_on_floor for k, _ in members}
            alike = len(sizes) == len(turns) == 1 and all(
                k.packaging.upright_only for k, _ in members
            )
            found.append((floor, members[0][0].packaging if alike else None))
            if alike and self._by_patterns(model, e, floor, members):
                continue
            packagings = {kind.packaging for kind, _ in members}
            if len(packagings) == 1 and members[0][0].packaging.upright_only:
                layers = max(1, layers_of(members[0][0].packaging, e))
            else:
                layers = max(p.max_stack for p in packagings)
            area = {c: _area(k.packaging) / layers for k, c in members}
            model.row("layers", {**area, floor: -1.0}, upper=0.0)
            by_height = {c: _volume(k.packaging) * _M / e.usable_height_mm for k, c in members}
            model.row("height", {**by_height, floor: -1.0}, upper=0.0)
            half = max(top_limit_mm(p, e, on_floor=False) for p in packagings) / 2
            for alone in (
                [(k, c) for k, c in members if min(s[2] for s in sides(k.packaging)) > half],
                [(k, c) for k, c in members if k.packaging.max_stack == 1],
            ):
                if alone:
                    spread = {c: _area(k.packaging) for k, c in alone}
                    model.row("alone", {**spread, floor: -1.0}, upper=0.0)
        return found

    def _by_patterns(
        self, model: LinearModel, e: Equipment, floor: int, members: Sequence[tuple[Kind, int]]
    ) -> bool:
        """Units of one footprint: their floor is that of stacks that can be built.

        False where there are too many ways of stacking them.
        """
        length, width, height = zip(*(k.packaging.planned_mm for k, _ in members), strict=True)
        kinds = tuple(
            (k.packaging, k.mass_kg, length[i], width[i], height[i])
            for i, (k, _) in enumerate(members)
        )
        counts = tuple(k.count for k, _ in members)
        known = patterns(kinds, counts, e, self.limits_kg[e.code])
        if not known:
            return False
        stacks = [model.column(f"stack {i} {e.code}") for i in range(len(known))]
        for k, (_, column) in enumerate(members):
            inside = {c: float(q.count(k)) for c, q in zip(stacks, known, strict=True)}
            model.row("stacked", {**inside, column: -1.0}, lower=0.0)
        area = {c: -length[q[0]] * width[q[0]] / _M**2 for c, q in zip(stacks, known, strict=True)}
        model.row("stacks", {**area, floor: 1.0}, lower=0.0)
        return True


def _slices(
    model: LinearModel, e: Equipment, floors: Sequence[tuple[int, Packaging | None]]
) -> dict[int, float]:
    """The length of floor that footprints need: every cut across meets widths that fit abreast.

    A cut across the floor at any place meets a set of footprints whose widths add up to the inner
    width at most. So the length is at least that of the best mix of such sets in which each
    footprint is met along its own length. Returns the lengths of the sets; empty where there are
    too many sets to be worth it. (Relaxation of a two-dimensional packing to bars.)
    """
    ways: list[tuple[int, list[tuple[int, int]], float]] = []
    for column, p in floors:
        if p is not None:
            length, width = p.planned_mm[:2]
            ways.append((column, _ways(p, e), length * width / _M**2))
    widths = sorted({dy for _, some, _ in ways for _, dy in some}, reverse=True)
    sets = _abreast(widths, e.inner_width_mm)
    if not ways or not sets:
        return {}
    lengths = {model.column(f"slice {i} {e.code}"): 1.0 for i in range(len(sets))}
    met: dict[int, dict[int, float]] = {w: {} for w in widths}
    for k, (column, some, area) in enumerate(ways):
        spots = {model.column(f"spots {k} {dx}x{dy} {e.code}"): (dx, dy) for dx, dy in some}
        model.row("spots", {**dict.fromkeys(spots, -area), column: 1.0}, upper=0.0)
        for spot, (dx, dy) in spots.items():
            met[dy][spot] = met[dy].get(spot, 0.0) - dx / _M
    for j, w in enumerate(widths):
        through = {c: float(s[j]) for c, s in zip(lengths, sets, strict=True) if s[j]}
        model.row("width", {**through, **met[w]}, lower=0.0)
    return lengths


def _ways(p: Packaging, e: Equipment) -> list[tuple[int, int]]:
    """The ways a footprint may stand: size along, size across."""
    length, width = p.planned_mm[:2]
    ways = {(length, width)} | ({(width, length)} if p.rotate_on_floor else set())
    return sorted(way for way in ways if way[0] <= e.inner_length_mm and way[1] <= door_width(e))


def _abreast(widths: Sequence[int], room: int) -> list[tuple[int, ...]]:
    """How often each width may stand side by side, nothing more beside it; widths descending.

    Empty where there would be too many of these sets.
    """
    found: list[tuple[int, ...]] = []

    def extend(j: int, left: int, taken: tuple[int, ...]) -> bool:
        if j == len(widths):
            full = all(w > left for w in widths)
            if full and any(taken):
                found.append(taken)
            return len(found) <= _MOST_SETS
        return all(
            extend(j + 1, left - n * widths[j], (*taken, n))
            for n in range(left // widths[j], -1, -1)
        )

    return found if extend(0, room, ()) else []


def _area(p: Packaging) -> float:
    """The least footprint that a packaging may have, m2."""
    return min(a * b for a, b, _ in sides(p)) / _M**2


def _volume(p: Packaging) -> float:
    length, width, height = p.planned_mm
    return length * width * height / _M**3


def _by_packaging(inside: Sequence[tuple[int, Kind, int]]) -> dict[Packaging, list[int]]:
    """Full units only: part-full ones are lighter than what the count was made for."""
    found: dict[Packaging, list[int]] = {}
    for _, kind, column in inside:
        if kind.mass_kg >= kind.packaging.gross_mass_kg:
            found.setdefault(kind.packaging, []).append(column)
    return found


__all__ = ["Kind", "Relaxation"]
