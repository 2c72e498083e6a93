"""What each measure gave: a ladder of plans, each with one measure more than the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scenarios.charts import Bar, waterfall_row, waterfall_scale
from scenarios.figures import Result, number
from scenarios.pages import Numbers, listed
from scenarios.report_sections import T, View, gwp_text
from scenarios.told import MEASURE_NAMES, told

if TYPE_CHECKING:
    from routing.case import Case

Summary = Mapping[str, Any]
Ladder = Sequence[tuple[str, Summary]]
TOLD_BY_DETAIL = frozenset({"distance", "tender"})
"""Measures whose count in detail says more than the first figure."""


def ladder_of(
    plans: Iterable[tuple[frozenset[str], Summary]], measures_on: frozenset[str]
) -> list[tuple[str, Summary]]:
    """The rungs from no measure to `measures_on`, one measure more at each; empty if one misses.

    `plans` are the measures and the summary of every plan that differs in nothing else. The first
    rung is named "baseline".
    """
    by_measures: dict[frozenset[str], Summary] = {}
    for used, summary in plans:
        by_measures.setdefault(used, summary)
    at: frozenset[str] = frozenset()
    if at not in by_measures:
        return []
    rungs = [("baseline", by_measures[at])]
    while at != measures_on:
        following = [
            (measure, at | {measure})
            for measure in MEASURE_NAMES
            if measure in measures_on - at and at | {measure} in by_measures
        ]
        if not following:
            return []
        measure, at = following[0]
        rungs.append((measure, by_measures[at]))
    return rungs


def measures(result: Result, base: Result | None, case: Case, ladder: Ladder, n: Numbers) -> View:
    """The waterfall of a ladder of plans, or what the plan did, counted."""
    rows = _ladder_rows(result, base, case, ladder, n)
    if not rows:
        view = told(result, case, base, n)
        off = [t.name.lower() for t in view if not t.on]
        finding = f"Switched off in this scenario: {listed(off)}." if off else ""
        return {"told": view, "baseline": base is not None, "finding": finding}
    return rows


def _ladder_rows(
    result: Result, base: Result | None, case: Case, ladder: Ladder, n: Numbers
) -> View:
    steps = list(ladder)
    start = base.summary if base else None
    if steps and steps[0][0] not in MEASURE_NAMES:
        start = steps.pop(0)[1]
    if not steps or start is None:
        return {}
    at = number(start["co2e_wtw_kg"]) / T
    cost = number(start["cost"])
    done = {t.measure: t for t in told(result, case, base, n)}
    bars = [("Baseline", "all seven measures off", Bar(0, at, "baseline"), at, cost)]
    for measure, summary in steps:
        to, price = number(summary["co2e_wtw_kg"]) / T, number(summary["cost"])
        name = MEASURE_NAMES.get(measure, measure)
        words = ""
        if measure in done:
            words = done[measure].detail if measure in TOLD_BY_DETAIL else done[measure].plan
        bars.append((name, words, Bar(at, to, "step"), to - at, price - cost))
        at, cost = to, price
    end, price = result.figure("co2e_wtw_kg") / T, result.figure("cost")
    if abs(end - at) > 0.05 or abs(price - cost) > 0.5:
        words = "all measures at once, planned longer"
        bars.append(("Rest", words, Bar(at, end, "step"), end - at, price - cost))
    bars.append(("This plan", "", Bar(0, end, "total"), end, price))
    top, ticks = waterfall_scale([b for _, _, b, _, _ in bars])
    last = len(bars) - 1
    rows = [
        {
            "name": name,
            "words": words,
            "svg": waterfall_row(bar, top, ticks, i == 0, i == last),
            "total": bar.kind != "step",
            "co2e": n.fixed(co2e) if bar.kind != "step" else n.change(co2e, 1),
            "cost": n.fixed(money / 1e3, 1) if bar.kind != "step" else n.change(money / 1e3, 1),
            "co2e_more": bar.kind == "step" and co2e > 0,
            "cost_more": bar.kind == "step" and money > 0,
        }
        for i, (name, words, bar, co2e, money) in enumerate(bars)
    ]
    uneven = len({int(number(s.get("orders_unserved"))) for _, s in [("", start), *steps]}) > 1
    return {
        "rows": rows,
        "ticks": [{"at": 100 * t / top, "text": n.whole(t)} for t in ticks],
        "finding": _largest_steps(bars, n),
        "uneven": uneven,
        "gwp": gwp_text(result, case),
    }


def _largest_steps(bars: Sequence[tuple[str, str, Bar, float, float]], n: Numbers) -> str:
    steps = [(co2e, name) for name, _, bar, co2e, _ in bars if bar.kind == "step"]
    saved = sum(c for c, _ in steps if c < 0)
    best = [name for c, name in sorted(steps)[:2] if c < 0]
    if not best:
        return "No measure lowers the CO₂e."
    share = sum(c for c, name in steps if name in best) / saved
    verb = "makes" if len(best) == 1 else "make"
    return f"{listed(best).capitalize()} {verb} up {n.percent(share, 0)} of the saving."
