"""Where the cargo stands along and across: centre of gravity, gaps, order of stuffing.

A layout is cut into sections where no stack crosses; sections may change places or be turned end
for end, stacks of one footprint may change places, and the whole may be moved away from the front
wall. Cargo stays against the front wall where the centre of gravity allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from loading.axles import axle_window_mm
from loading.equipment import Equipment
from loading.floor import Standing, heaviest_metre_kg

_MOST_SWAPS = 400
_MOST_PAIRS = 1_000_000
"""Pairs looked at for swaps: in a load of hundreds of small stacks few swaps are enough."""
_MOST_CLIMBS = 12


@dataclass(frozen=True)
class CogWindow:
    """Where the centre of gravity may lie along x, mm; `least` to `most`, best at `middle`."""

    least: float
    most: float
    middle: float

    def off(self, x: float) -> float:
        """How far outside the window a place is, mm (0 inside)."""
        return max(self.least - x, x - self.most, 0.0)


def cog_window(e: Equipment, share: float, mass_kg: float) -> CogWindow:
    """The window of an equipment for a cargo of that mass.

    Containers: a share of the inner length to each side of the middle (CTU Code). Trailers stand
    on a kingpin and axles: there the axle limits tell how far to the front and to the back the
    cargo may reach (`axles.py`); without axle data any place will do.
    """
    length = e.inner_length_mm
    if e.is_container:
        return CogWindow(length * (0.5 - share), length * (0.5 + share), length / 2)
    least, most = axle_window_mm(e, mass_kg)
    middle = (least + most) / 2 if least > 0 else min(length / 2, most)
    return CogWindow(least, most, middle)


def cog_x(standing: Sequence[Standing]) -> float:
    """Centre of gravity along x, mm (0 without cargo)."""
    mass = sum(s.stack.mass_kg for s in standing)
    if not mass:
        return 0.0
    return sum(s.stack.mass_kg * (s.spot[0] + s.spot[2] / 2) for s in standing) / mass


def balanced(standing: Sequence[Standing], e: Equipment, window: CogWindow) -> list[Standing]:
    """The same stacks, arranged so that the centre of gravity lies in the window if it can."""
    if not standing:
        return []
    base = _packed(_sections(standing))
    best = _moved(base, e, window)
    if window.off(cog_x(best)) > 0 and any(s.stack.mass_kg for s in standing):
        for order in _orders(base, window):
            tried = _moved(_swapped(order, e, window), e, window)
            if window.off(cog_x(tried)) < window.off(cog_x(best)):
                best = tried
            if window.off(cog_x(best)) == 0:
                break
    spread = _spread(best, e)
    return spread if _floor_ok(spread, e) or not _floor_ok(list(standing), e) else list(standing)


def _floor_ok(standing: Sequence[Standing], e: Equipment) -> bool:
    if e.floor_load_kg_per_m is None:
        return True
    spots = [(s.spot[0], s.spot[2], s.stack.mass_kg) for s in standing]
    return heaviest_metre_kg(spots) <= e.floor_load_kg_per_m + 1e-6


def _sections(standing: Sequence[Standing]) -> list[list[Standing]]:
    """Cut where no stack crosses, front to door."""
    sections: list[list[Standing]] = []
    reach = -1
    for s in sorted(standing, key=lambda s: (s.spot[0], s.spot[1])):
        if s.spot[0] >= reach or not sections:
            sections.append([])
        sections[-1].append(s)
        reach = max(reach, s.spot[0] + s.spot[2])
    return sections


def _packed(sections: Sequence[Sequence[Standing]]) -> list[Standing]:
    """Sections one behind the other from the front wall, no gap between them."""
    packed: list[Standing] = []
    x = 0
    for section in sections:
        start = min(s.spot[0] for s in section)
        end = max(s.spot[0] + s.spot[2] for s in section)
        packed += [_at(s, s.spot[0] - start + x) for s in section]
        x += end - start
    return packed


def _at(s: Standing, x: int) -> Standing:
    _, y, dx, dy = s.spot
    return Standing(s.stack, (x, y, dx, dy))


def _moved(standing: list[Standing], e: Equipment, window: CogWindow) -> list[Standing]:
    """Away from the front wall, if that is needed and there is room."""
    now = cog_x(standing)
    if window.off(now) == 0 or not any(s.stack.mass_kg for s in standing):
        return standing
    room = e.inner_length_mm - max(s.spot[0] + s.spot[2] for s in standing)
    shift = min(max(round(window.middle - now), 0), room)
    return [_at(s, s.spot[0] + shift) for s in standing] if shift else standing


def _turned_round(section: Sequence[Standing]) -> list[Standing]:
    """The section end for end."""
    start = min(s.spot[0] for s in section)
    end = max(s.spot[0] + s.spot[2] for s in section)
    return [_at(s, start + end - s.spot[0] - s.spot[2]) for s in section]


def _orders(standing: list[Standing], window: CogWindow) -> Iterator[list[Standing]]:
    """Other orders of the sections; those of one stop keep their place among the stops.

    One after the other, those that take long to find last.
    """
    yield standing
    runs = _runs(standing)
    found: list[list[Standing]] = [standing]

    def density(section: list[Standing]) -> float:
        mass = sum(s.stack.mass_kg for s in section)
        length = max(s.spot[0] + s.spot[2] for s in section) - min(s.spot[0] for s in section)
        return mass / length

    for how in ("round", "light first", "heavy first", "heavy middle", "light middle"):
        order: list[list[Standing]] = []
        for run in runs:
            by_density = sorted(run, key=density)
            if len({s.stack.stop for section in run for s in section}) > 1:
                order += run
            elif how == "round":
                order += [_turned_round(section) for section in reversed(run)]
            elif how == "light first":
                order += by_density
            elif how == "heavy first":
                order += by_density[::-1]
            else:
                line = by_density if how == "heavy middle" else by_density[::-1]
                order += line[::2] + line[1::2][::-1]
        found.append(_packed(order))
        yield found[-1]
    yield from (_climbed(order, window) for order in found)


def _runs(standing: Sequence[Standing]) -> list[list[list[Standing]]]:
    """Sections that may change places with one another: neighbours of one and the same stop."""
    runs: list[list[list[Standing]]] = []
    stops: list[set[int]] = []
    for section in _sections(standing):
        here = {s.stack.stop for s in section}
        if stops and len(here) == 1 and here == stops[-1]:
            runs[-1].append(section)
        else:
            runs.append([section])
        stops.append(here)
    return runs


def _climbed(standing: list[Standing], window: CogWindow) -> list[Standing]:
    """Sections change places or are turned end for end while that helps."""
    now = standing
    for _ in range(_MOST_CLIMBS):
        gap = abs(window.middle - cog_x(now))
        best, best_gap = None, gap - 1e-6
        for tried in _neighbours(now):
            off = abs(window.middle - cog_x(tried))
            if off < best_gap:
                best, best_gap = tried, off
        if best is None:
            break
        now = best
    return now


def _neighbours(standing: list[Standing]) -> Iterator[list[Standing]]:
    runs = _runs(standing)
    for r, run in enumerate(runs):
        if len({s.stack.stop for section in run for s in section}) > 1:
            continue
        before = [section for other in runs[:r] for section in other]
        after = [section for other in runs[r + 1 :] for section in other]
        for i in range(len(run)):
            turned = [*run[:i], _turned_round(run[i]), *run[i + 1 :]]
            yield _packed([*before, *turned, *after])
            for j in range(i + 1, len(run)):
                swapped = list(run)
                swapped[i], swapped[j] = run[j], run[i]
                yield _packed([*before, *swapped, *after])


def _swapped(standing: list[Standing], e: Equipment, window: CogWindow) -> list[Standing]:
    """Stacks of one footprint change places while that brings the centre of gravity nearer."""
    now = list(standing)
    mass = sum(s.stack.mass_kg for s in now)
    groups: dict[tuple[int, ...], list[int]] = {}
    """Stacks that stand the same way on one footprint, of one stop."""
    for i, s in enumerate(now):
        groups.setdefault((*s.spot[2:], s.stack.stop), []).append(i)
    alike = [[j for j in groups[(*s.spot[2:], s.stack.stop)] if j > i] for i, s in enumerate(now)]
    pairs = max(1, sum(len(others) for others in alike))
    for _ in range(min(_MOST_SWAPS, _MOST_PAIRS // pairs)):
        moved = _moved(now, e, window)
        gap = window.middle - cog_x(moved)
        if window.off(cog_x(moved)) == 0:
            break
        best: tuple[int, int] | None = None
        best_gap = abs(gap)
        for i, a in enumerate(now):
            for j in alike[i]:
                b = now[j]
                gain = (a.stack.mass_kg - b.stack.mass_kg) * (b.spot[0] - a.spot[0]) / mass
                if abs(gap - gain) < best_gap - 1e-9:
                    best, best_gap = (i, j), abs(gap - gain)
        if best is None:
            break
        i, j = best
        now[i], now[j] = (
            Standing(now[j].stack, now[i].spot),
            Standing(now[i].stack, now[j].spot),
        )
    return now


def _spread(standing: list[Standing], e: Equipment) -> list[Standing]:
    """Across: the outer lanes stand against the walls, a single lane stands in the middle."""
    spread: list[Standing] = []
    for section in _sections(standing):
        lanes: list[list[Standing]] = []
        reach = -1
        for s in sorted(section, key=lambda s: s.spot[1]):
            if s.spot[1] >= reach or not lanes:
                lanes.append([])
            lanes[-1].append(s)
            reach = max(reach, s.spot[1] + s.spot[3])
        starts = [min(s.spot[1] for s in lane) for lane in lanes]
        widths = [
            max(s.spot[1] + s.spot[3] for s in lane) - start
            for lane, start in zip(lanes, starts, strict=True)
        ]
        gap = e.inner_width_mm - sum(widths)
        y = gap // 2 if len(lanes) == 1 else 0
        for i, (lane, start) in enumerate(zip(lanes, starts, strict=True)):
            spread += [
                replace(s, spot=(s.spot[0], s.spot[1] - start + y, *s.spot[2:])) for s in lane
            ]
            if len(lanes) > 1 and i + 1 < len(lanes):
                y += widths[i] + gap * (i + 1) // (len(lanes) - 1) - gap * i // (len(lanes) - 1)
    return spread


def rows(standing: Sequence[Standing]) -> list[list[Standing]]:
    """Rows in the order of stuffing: from the front wall, stacks side by side in one row.

    Sorted by where they start, a stack never stands in front of a later one; a row ends where the
    next stack would stand behind one of the row.
    """
    found: list[list[Standing]] = []
    for s in sorted(standing, key=lambda s: (s.spot[0], s.spot[1])):
        y0, y1 = s.spot[1], s.spot[1] + s.spot[3]
        if found and all(y1 <= t.spot[1] or t.spot[1] + t.spot[3] <= y0 for t in found[-1]):
            found[-1].append(s)
        else:
            found.append([s])
    return [sorted(row, key=lambda s: s.spot[1]) for row in found]
