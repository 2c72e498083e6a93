"""Charts as SVG with real text: every one says what it shows and has its numbers in a table.

Sizes are in the units of each view box, which is about as many pixels wide as on screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from scenarios.pages import Numbers

MODE_COLOURS = {
    "sea": ("var(--sea)", "#fff"),
    "rail": ("var(--rail)", "#fff"),
    "inland_waterway": ("var(--iww)", "#000"),
    "road": ("var(--road)", "#fff"),
    "air": ("var(--air)", "#000"),
    "hub": ("var(--base-soft)", "var(--ink)"),
}
SMALLEST_LABELLED = 0.07
"""Parts under this share carry no label; the table below holds them (look.md)."""


def nice_step(span: float, steps: int = 5) -> float:
    """A round step (1, 2 or 5 times a power of ten) that covers `span` in at most `steps`."""
    if span <= 0:
        return 1.0
    raw = span / steps
    power = 10.0 ** math.floor(math.log10(raw))
    return next(f * power for f in (1, 2, 5, 10) if f * power >= raw * (1 - 1e-9))


def line_of(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    """A straight line with a class of `report.css`."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{name}"/>'


def text_of(x: float, y: float, words: str, name: str, anchor: str = "start") -> str:
    """A line of text, escaped."""
    place = f'x="{x:.1f}" y="{y:.1f}" class="{name}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"


def svg_of(width: float, height: float, says: str, body: Sequence[str], name: str = "") -> Markup:
    """A chart that says in a sentence what it shows."""
    return Markup(
        f'<svg class="{name}" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(says)}">{"".join(body)}</svg>'
    )


@dataclass(frozen=True)
class Bar:
    """One row of the waterfall: from one total to the next, in t CO2e."""

    start: float
    end: float
    kind: str
    """baseline, total or step"""


def waterfall_scale(bars: Sequence[Bar]) -> tuple[float, list[float]]:
    """The end of the axis, which starts at zero, and its ticks."""
    top = max((max(b.start, b.end) for b in bars), default=1.0) or 1.0
    step = nice_step(top)
    ticks = [i * step for i in range(math.ceil(top / step - 1e-9) + 1)]
    return ticks[-1], ticks


def waterfall_row(bar: Bar, top: float, ticks: Sequence[float], first: bool, last: bool) -> Markup:
    """The bar of one row; it stretches with its cell, so it holds no text."""
    body = [line_of(1000 * t / top, 0, 1000 * t / top, 44, "grid" if t else "zero") for t in ticks]
    low, high = sorted((bar.start, bar.end))
    colour = {"baseline": "var(--base)", "total": "var(--ink)"}.get(
        bar.kind, "var(--accent)" if bar.end <= bar.start else "var(--more)"
    )
    x, width = 1000 * low / top, max(1000 * (high - low) / top, 1.5)
    body.append(f'<rect x="{x:.1f}" y="12" width="{width:.1f}" height="20" fill="{colour}"/>')
    if not first:
        joined = 1000 * (bar.start if bar.kind == "step" else bar.end) / top
        body.append(line_of(joined, 0, joined, 12, "con"))
    if not last:
        body.append(line_of(1000 * bar.end / top, 32, 1000 * bar.end / top, 44, "con"))
    return Markup(
        '<svg viewBox="0 0 1000 44" preserveAspectRatio="none" aria-hidden="true">'
        + "".join(body)
        + "</svg>"
    )


@dataclass(frozen=True)
class Share:
    """One part of a 100 % bar."""

    key: str
    name: str
    share: float


def hundred_bar(
    parts: Sequence[Share],
    says: str,
    numbers: Numbers,
    colours: dict[str, tuple[str, str]] | None = None,
    width: float = 930,
) -> Markup:
    """One 100 % bar; a label stands where there is room for it and the part is large enough."""
    palette = colours or MODE_COLOURS
    body, x = [], 0.0
    shown = [p for p in parts if p.share > 0]
    for part in shown:
        fill, ink = palette[part.key]
        wide = width * part.share
        gap = 1.5 if wide > 4 else 0
        body.append(
            f'<rect x="{x:.2f}" y="0" width="{max(wide - gap, 0.6):.2f}" height="28" '
            f'fill="{fill}"/>'
        )
        amount = numbers.percent(part.share)
        # a digit or letter of 12 px text is about 7 px wide; names go where they fit
        label = next((t for t in (f"{part.name} {amount}", amount) if 7 * len(t) + 16 <= wide), "")
        if label and part.share >= SMALLEST_LABELLED:
            body.append(
                f'<text x="{x + 8:.1f}" y="18.5" class="seg" fill="{ink}">{escape(label)}</text>'
            )
        x += wide
    return svg_of(width, 28, says, body, "hundred")


def histogram(
    plan: Sequence[float],
    baseline: Sequence[float],
    says: str,
    numbers: Numbers,
    width: float = 1104,
    height: float = 320,
) -> Markup:
    """Loads by use of their volume (0 to 1) in steps of 5 points; the baseline is an outline."""
    both = [*plan, *baseline]
    first = min(40, 10 * math.floor(min(both) * 10)) if both else 40
    edges = list(range(max(first, 0), 101, 5))
    filled, outlined = (_binned(values, edges) for values in (plan, baseline))
    top_count = max([*filled, *outlined, 1])
    step = max(nice_step(top_count, 4), 1)
    top = step * math.ceil(top_count / step)
    left, right, upper, floor = 44.0, width - 14, 44.0, height - 42

    def x_of(percent: float) -> float:
        return left + (right - left) * (percent - edges[0]) / (100 - edges[0])

    def y_of(n: float) -> float:
        return floor - (floor - upper) * n / top

    body = []
    for i in range(round(top / step) + 1):
        n = i * step
        body.append(line_of(left, y_of(n), right, y_of(n), "grid" if n else "axis"))
        body.append(text_of(left - 8, y_of(n) + 4, numbers.whole(n), "tk", "end"))
    for edge, n in zip(edges, filled, strict=False):
        if n:
            x, wide = x_of(edge) + 1.5, x_of(edge + 5) - x_of(edge) - 3
            body.append(
                f'<rect x="{x:.1f}" y="{y_of(n):.1f}" width="{wide:.1f}" '
                f'height="{floor - y_of(n):.1f}" fill="var(--accent)"/>'
            )
    if baseline:
        steps = "".join(
            f"V{y_of(n):.1f}H{x_of(edge + 5):.1f}" for edge, n in zip(edges, outlined, strict=False)
        )
        path = f"M{left:.1f},{floor:.1f}{steps}V{floor:.1f}"
        body.append(f'<path d="{path}" fill="none" stroke="#fff" stroke-width="4"/>')
        body.append(f'<path d="{path}" fill="none" stroke="var(--base)" stroke-width="2"/>')
    body += [
        text_of(x_of(e), floor + 17, numbers.whole(e), "tk", "middle") for e in edges if e % 10 == 0
    ]
    body.append(text_of(right, height - 6, "volume use of one load unit, %", "ax", "end"))
    marks = [("Baseline mean", baseline, "mean base"), ("Plan mean", plan, "mean plan")]
    for row, (words, values, name) in enumerate(m for m in marks if m[1]):
        mean = sum(values) / len(values)
        x, y = x_of(100 * mean), 34.0 - 18 * row
        body.append(line_of(x, y - 10, x, floor, name))
        body.append(text_of(x - 8, y, f"{words} {numbers.percent(mean)}", f"lb {name}", "end"))
    return svg_of(width, height, says, body)


def _binned(values: Sequence[float], edges: Sequence[int]) -> list[int]:
    counts = [0] * (len(edges) - 1)
    for value in values:
        # 85 % exactly belongs to 85-90; the last bin holds 100 % too
        index = int((100 * value - edges[0] + 1e-9) // 5)
        counts[min(max(index, 0), len(counts) - 1)] += 1
    return counts
