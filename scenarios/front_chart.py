"""What less CO2e would cost: plans between least cost and least CO2e, as a chart and a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lowhaul import front_shape
from scenarios.charts import line_of, nice_step, svg_of, text_of
from scenarios.pages import Numbers, gap_text

T = 1000.0
WIDTH, HEIGHT = 1104.0, 380.0
LEFT, RIGHT, UPPER, FLOOR = 64.0, WIDTH - 170.0, 48.0, HEIGHT - 56.0
LABEL_HEIGHT = 34.0


@dataclass(frozen=True)
class FrontPoint:
    """One plan of the front; `gap` None: no bound is known. `exact` is told of the whole front."""

    cost: float
    co2e_wtw_kg: float
    gap: float | None = None


Named = tuple[str, FrontPoint]


def knee(points: Sequence[FrontPoint]) -> FrontPoint | None:
    """The plan farthest below the straight line between both ends, None if none lies below it."""
    at = front_shape.knee(_pairs(points))
    return None if at is None else points[at]


def _pairs(points: Sequence[FrontPoint]) -> list[front_shape.Pair]:
    """Cost and CO2e in t."""
    return [(p.cost, p.co2e_wtw_kg / T) for p in points]


def front_view(
    points: Sequence[FrontPoint],
    exact: bool,
    plan: FrontPoint | None,
    baseline: FrontPoint | None,
    currency: str,
    n: Numbers,
    lower: Sequence[FrontPoint] = (),
) -> dict[str, Any]:
    """Chart, finding, and the table with the price of a tonne between neighbours.

    `lower` are corners of the steps that no plan lies below: with at most that much CO2e, at least
    that cost.
    """
    line = sorted(points, key=lambda p: (p.cost, -p.co2e_wtw_kg))
    turn = knee(line)
    named: list[Named] = [("Least cost", line[0]), ("Least CO₂e", line[-1])]
    if turn is not None:
        named.append(("Knee", turn))
    if plan is not None:
        named.append(("This plan", plan))
    if baseline is not None:
        named.append(("Baseline", baseline))
    prices = front_shape.price_of_steps(_pairs(line))
    rows = [
        {
            "name": ", ".join(name for name, q in named if q == p),
            "co2e": n.fixed(p.co2e_wtw_kg / T),
            "cost": n.whole(p.cost),
            "price": "–" if i == 0 or prices[i - 1] is None else n.whole(prices[i - 1] or 0.0),
            "gap": "–" if p.gap is None else gap_text(p.gap, n) if p.gap else n.percent(0.0),
        }
        for i, p in enumerate(line)
    ]
    kind = (
        f"Exact front, {len(line)} plans."
        if exact
        else f"Sampled front, {len(line)} plans: others may lie between them, so no line is drawn."
    )
    if lower:
        kind += " No plan lies left of the grey steps (proved)."
    return {
        "finding": _finding(line, prices, turn, currency, n),
        "svg": _drawing(line, exact, named, plan, currency, n, lower),
        "caption": f"t CO₂e (vertical) against cost. {kind} Axes do not start at zero.",
        "rows": rows,
        "currency": n.money_sign(currency),
    }


def _finding(
    line: Sequence[FrontPoint],
    prices: Sequence[float | None],
    turn: FrontPoint | None,
    currency: str,
    n: Numbers,
) -> str:
    if turn is None:
        return ""
    at = line.index(turn)
    up_to = [p for p in prices[:at] if p is not None]
    beyond = [p for p in prices[at:] if p is not None]
    if not up_to or not beyond:
        return ""
    highest, lowest = n.money(max(up_to), currency), n.money(min(beyond), currency)
    return f"Up to the knee a tonne costs at most {highest}; beyond it {lowest} and more."


def _drawing(
    line: Sequence[FrontPoint],
    exact: bool,
    named: Sequence[Named],
    plan: FrontPoint | None,
    currency: str,
    n: Numbers,
    lower: Sequence[FrontPoint] = (),
) -> Markup:
    shown = [*line, *(p for _, p in named), *lower]
    millions = max(p.cost for p in shown) >= 1e6
    per, digits = (1e6, 2) if millions else (1e3, 0)
    xs, x_ticks = _axis([p.cost / per for p in shown])
    ys, y_ticks = _axis([p.co2e_wtw_kg / T for p in shown])

    def at(p: FrontPoint) -> tuple[float, float]:
        x = LEFT + (RIGHT - LEFT) * (p.cost / per - xs[0]) / (xs[1] - xs[0])
        return x, FLOOR - (FLOOR - UPPER) * (p.co2e_wtw_kg / T - ys[0]) / (ys[1] - ys[0])

    body = []
    for tick in y_ticks:
        y = FLOOR - (FLOOR - UPPER) * (tick - ys[0]) / (ys[1] - ys[0])
        body.append(line_of(LEFT, y, RIGHT, y, "grid"))
        body.append(text_of(LEFT - 8, y + 4, n.fixed(tick, 0 if ys[1] > 20 else 1), "tk", "end"))
    body.append(line_of(LEFT, FLOOR, RIGHT, FLOOR, "axis"))
    for tick in x_ticks:
        x = LEFT + (RIGHT - LEFT) * (tick - xs[0]) / (xs[1] - xs[0])
        body.append(line_of(x, FLOOR, x, FLOOR + 4, "axis"))
        body.append(text_of(x, FLOOR + 18, n.fixed(tick, digits), "tk", "middle"))
    unit = "million" if millions else "thousand"
    words = f"cost, {n.money_sign(currency)} {unit}"
    body.append(text_of(RIGHT, HEIGHT - 10, words, "ax", "end"))
    if lower:
        body.append(_steps([at(p) for p in lower]))
    if exact:
        path = " ".join("{:.1f},{:.1f}".format(*at(p)) for p in line)
        body.append(
            f'<polyline points="{path}" fill="none" stroke="var(--accent)" stroke-width="1.5"/>'
        )
    for p in line:
        x, y = at(p)
        body.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="var(--paper)" '
            'stroke="var(--accent)" stroke-width="1.5"/>'
        )
    for name, p in named:
        x, y = at(p)
        if name == "Baseline":
            body.append(
                f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="var(--base)"/>'
            )
    if plan is not None:
        x, y = at(plan)
        body.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="var(--ink)" stroke="#fff"/>')
    body += _labels([(name, p, at(p)) for name, p in named], n)
    says = f"{len(line)} plans between least cost and least CO2e; their numbers stand below."
    return svg_of(WIDTH, HEIGHT, says, body)


def _steps(corners: Sequence[tuple[float, float]]) -> str:
    """The lower bound as steps, from the widest limit down to the axis."""
    path = []
    for i, (x, y) in enumerate(corners):
        below = corners[i + 1][1] if i + 1 < len(corners) else FLOOR
        path += [f"{x:.1f},{y:.1f}", f"{x:.1f},{below:.1f}"]
    points = " ".join(path)
    return f'<polyline points="{points}" fill="none" stroke="var(--base)" class="lead"/>'


def _axis(values: Sequence[float]) -> tuple[tuple[float, float], list[float]]:
    """Ends at round numbers around the values, and the ticks between."""
    low, high = min(values), max(values)
    step = nice_step((high - low) or abs(high) or 1.0, 4)
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    return (first * step, last * step), [i * step for i in range(first, last + 1)]


def _labels(named: Sequence[tuple[str, FrontPoint, tuple[float, float]]], n: Numbers) -> list[str]:
    """Names above and right of their points, moved apart upwards, each joined to its point."""
    by_place: dict[tuple[float, float], tuple[list[str], FrontPoint]] = {}
    for name, p, place in named:
        by_place.setdefault(place, ([], p))[0].append(name)
    out: list[str] = []
    room = FLOOR
    # the front bends towards cheap and clean, so the side away from both is free of its line
    ordered = sorted(by_place.items(), key=lambda item: (-item[0][1], item[0][0]))
    for (x, y), (names, p) in ordered:
        top = max(min(y - 46, room - LABEL_HEIGHT), 4.0)
        room = top
        tail = f"{x + 5:.1f},{y - 5:.1f} {x + 24:.1f},{top + 16:.1f}"
        out.append(f'<polyline points="{tail}" class="lead"/>')
        out.append(text_of(x + 30, top + 10, ", ".join(names), "lb"))
        amount = f"{n.fixed(p.co2e_wtw_kg / T)} t · {n.whole(p.cost)}"
        out.append(text_of(x + 30, top + 25, amount, "ax"))
    return out
