"""Views of a load as static SVG, for reports: parallel, from the left and from above.

The same look as the page of a load: front wall left, door right, colour and letter by order. The
pictures need no script and ask the network for nothing; all text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from html import escape
from math import cos, radians, sin
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from loading.check import Placed, centre_of_gravity
from loading.equipment import Equipment

View = Literal["parallel", "side", "top"]

FILL = ("#2A5CA0", "#EBC03C", "#6B2F42", "#9FD8C0", "#AE97D6", "#BF5230")
TEXT = ("#fff", "#16202A", "#fff", "#16202A", "#16202A", "#fff")
_AZIMUTH, _ELEVATION = radians(27), radians(23)
_WIDTH = 788.0
_MARGIN = 16.0
_LEAST_LABEL = 16.0
_FONT = '"Segoe UI","Noto Sans",Arial,sans-serif'


def load_svg(placed: Sequence[Placed], e: Equipment, view: View, title: str = "") -> str:
    """One view of a full load. Units that others hide are drawn first."""
    letters = {k: i for i, k in enumerate(dict.fromkeys(p.order for p in placed))}
    body, height = (
        _parallel(placed, e, letters) if view == "parallel" else _flat(placed, e, letters, view)
    )
    name = escape(title or f"{e.trade_name or e.code}: {len(placed)}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" '
        f'role="img" aria-label="{name}" font-family={_quoted(_FONT)} font-size="13" '
        f'font-weight="600">{body}</svg>'
    )


def _quoted(text: str) -> str:
    return f'"{escape(text, quote=True)}"'


def _letter(i: int) -> str:
    return ("" if i < 26 else _letter(i // 26 - 1)) + chr(ord("A") + i % 26)


def _shade(colour: str, by: float) -> str:
    """Lighter (by > 0, towards white) or darker."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    mixed = [v + (255 - v) * by if by > 0 else v * (1 + by) for v in parts]
    return "#" + "".join(f"{round(v):02x}" for v in mixed)


def _flat(
    placed: Sequence[Placed], e: Equipment, letters: dict[str, int], view: View
) -> tuple[str, float]:
    """From the left wall, or from above with the left wall below."""
    scale = (_WIDTH - 2 * _MARGIN) / e.inner_length_mm
    above = view == "top"
    high = (e.inner_width_mm if above else e.inner_height_mm) * scale

    def rect(x: int, low: int, dx: int, size: int, attributes: str) -> str:
        top = _MARGIN + high - (low + size) * scale
        return (
            f'<rect x="{_MARGIN + x * scale:.1f}" y="{top:.1f}" width="{dx * scale:.1f}" '
            f'height="{size * scale:.1f}" {attributes}/>'
        )

    inner = e.inner_width_mm if above else e.inner_height_mm
    parts = [rect(0, 0, e.inner_length_mm, inner, 'fill="#F4F6F8"')]
    for r in e.reserved:
        low, size = (r.y_mm, r.dy_mm) if above else (r.z_mm, r.dz_mm)
        parts.append(rect(r.x_mm, low, r.dx_mm, size, 'fill="#D3D9DE" stroke="#87929D"'))
    for p in sorted(placed, key=lambda p: p.z_mm if above else -p.y_mm):
        low, size = (p.y_mm, p.dy_mm) if above else (p.z_mm, p.dz_mm)
        k = letters[p.order]
        fill = FILL[k % len(FILL)]
        parts.append(rect(p.x_mm, low, p.dx_mm, size, f'fill="{fill}" stroke="#fff"'))
        if min(p.dx_mm, size) * scale > _LEAST_LABEL:
            x = _MARGIN + p.x_mm * scale + 4
            y = _MARGIN + high - (low + size) * scale + 14
            parts.append(
                f'<text x="{x:.1f}" y="{y:.1f}" fill="{TEXT[k % len(TEXT)]}">{_letter(k)}</text>'
            )
    parts.append(rect(0, 0, e.inner_length_mm, inner, 'fill="none" stroke="#4A5663"'))
    cog = centre_of_gravity(placed)
    x = _MARGIN + cog[0] * scale
    y = _MARGIN + high - (cog[1] if above else cog[2]) * scale
    parts.append(
        f'<g transform="translate({x:.1f},{y:.1f})"><circle r="9" fill="#fff"/>'
        '<circle r="7" fill="#fff" stroke="#16202A"/>'
        '<path d="M0 0V-7A7 7 0 0 1 7 0ZM0 0V7A7 7 0 0 1 -7 0Z" fill="#16202A"/></g>'
    )
    return "".join(parts), high + 2 * _MARGIN


def _parallel(placed: Sequence[Placed], e: Equipment, letters: dict[str, int]) -> tuple[str, float]:
    """Seen from the left wall and the door end: azimuth 27, elevation 23 degrees."""

    def raw(x: float, y: float, z: float) -> tuple[float, float]:
        return (
            x * cos(_AZIMUTH) + y * sin(_AZIMUTH),
            (x * sin(_AZIMUTH) - y * cos(_AZIMUTH)) * sin(_ELEVATION) - z * cos(_ELEVATION),
        )

    length, width, height = e.inner_length_mm, e.inner_width_mm, e.inner_height_mm
    corners = [raw(x, y, z) for x in (0, length) for y in (0, width) for z in (0, height)]
    left, top = min(c[0] for c in corners), min(c[1] for c in corners)
    scale = (_WIDTH - 2 * _MARGIN) / (max(c[0] for c in corners) - left)

    def polygon(points: Sequence[tuple[float, float, float]], attributes: str) -> str:
        flat = (raw(*p) for p in points)
        text = " ".join(
            f"{_MARGIN + (x - left) * scale:.1f},{_MARGIN + (y - top) * scale:.1f}" for x, y in flat
        )
        return f'<polygon points="{text}" {attributes}/>'

    parts = [
        polygon([(0, 0, 0), (length, 0, 0), (length, width, 0), (0, width, 0)], 'fill="#EDF1F4"'),
        polygon([(0, width, 0), (length, width, 0), (length, width, height), (0, width, height)],
                'fill="#F6F8F9" stroke="#4A5663"'),
        polygon([(0, 0, 0), (0, width, 0), (0, width, height), (0, 0, height)],
                'fill="#EDF1F4" fill-opacity="0.6" stroke="#4A5663"'),
    ]  # fmt: skip
    for p in back_to_front(placed):
        colour = FILL[letters[p.order] % len(FILL)]
        (x, y, z), (a, b, c) = (p.x_mm, p.y_mm, p.z_mm), p.end
        parts += [
            polygon([(x, y, c), (a, y, c), (a, b, c), (x, b, c)],
                    f'fill="{_shade(colour, 0.28)}" stroke="#fff"'),
            polygon([(a, y, z), (a, b, z), (a, b, c), (a, y, c)],
                    f'fill="{_shade(colour, -0.22)}" stroke="#fff"'),
            polygon([(x, y, z), (a, y, z), (a, y, c), (x, y, c)],
                    f'fill="{colour}" stroke="#fff"'),
        ]  # fmt: skip
        if min(p.dx_mm, p.dz_mm) * scale > _LEAST_LABEL:
            u, v = raw((x + a) / 2, y, (z + c) / 2)
            k = letters[p.order]
            parts.append(
                f'<text x="{_MARGIN + (u - left) * scale:.1f}" '
                f'y="{_MARGIN + (v - top) * scale + 5:.1f}" text-anchor="middle" '
                f'fill="{TEXT[k % len(TEXT)]}">{_letter(k)}</text>'
            )
    near = (length, 0, height)
    for far in ((length, 0, 0), (0, 0, height), (length, width, height)):
        parts.append(polygon([near, far], 'fill="none" stroke="#87929D" stroke-dasharray="3 3"'))
    tall = (max(c[1] for c in corners) - top) * scale + 2 * _MARGIN
    return "".join(parts), tall


def back_to_front(placed: Sequence[Placed]) -> list[Placed]:
    """An order of drawing in which no unit covers one that stands in front of it.

    A unit is behind another if some plane has it on the far side (nearer the front wall or the
    right wall, or lower) and none has it on the near side. Units that do not meet in the picture
    wait for no order.
    """
    low = np.array([(p.x_mm, p.y_mm, p.z_mm) for p in placed], np.float64).reshape(-1, 3)
    high = np.array([p.end for p in placed], np.float64).reshape(-1, 3)
    (x0, y0, z0), (x1, y1, z1) = low.T.copy(), high.T.copy()
    left, right = _across(x0, y0), _across(x1, y1)
    top, bottom = _down(x0, y1, z1), _down(x1, y0, z0)
    waits = np.zeros(len(placed), np.int64)
    frees: list[list[int]] = []
    for i in range(len(placed)):
        seen = (left < right[i]) & (right > left[i]) & (top < bottom[i]) & (bottom > top[i])
        one = (y1 <= y0[i]) | (x0 >= x1[i]) | (z0 >= z1[i])
        other = (y0 >= y1[i]) | (x1 <= x0[i]) | (z1 <= z0[i])
        later = np.flatnonzero(seen & one & ~other)
        waits[later] += 1
        frees.append(later.tolist())
    waiting: list[int] = waits.tolist()
    ready = [i for i, n in enumerate(waiting) if not n]
    undrawn = dict.fromkeys(range(len(placed)))
    drawn: list[Placed] = []
    while undrawn:
        pick = heappop(ready) if ready else next(iter(undrawn))
        if pick not in undrawn:
            continue
        del undrawn[pick]
        drawn.append(placed[pick])
        for j in frees[pick]:
            waiting[j] -= 1
            if not waiting[j]:
                heappush(ready, j)
    return drawn


_Reals = NDArray[np.float64]


def _across(x: _Reals, y: _Reals) -> _Reals:
    """Where points stand in the parallel view, to the right."""
    return x * cos(_AZIMUTH) + y * sin(_AZIMUTH)


def _down(x: _Reals, y: _Reals, z: _Reals) -> _Reals:
    """Where points stand in the parallel view, downwards."""
    return (x * sin(_AZIMUTH) - y * cos(_AZIMUTH)) * sin(_ELEVATION) - z * cos(_ELEVATION)
