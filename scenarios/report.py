"""The report of one plan: its answer in a sentence, then what proves it (`report.html`).

One file that asks the network for nothing and holds no script, so that it can be sent, archived and
printed on A4. Everything on it is counted from the result tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emissions.footprint import EX_ANTE, Coverage, wording
from scenarios import pages, report_sections
from scenarios.declared_facts import declaration_of
from scenarios.figures import Result, number, text, yes
from scenarios.front_chart import FrontPoint, front_view
from scenarios.ladder import measures as ladder_section
from scenarios.pages import Numbers
from scenarios.report_declaration import declaration_view
from scenarios.soundness import news, soundness
from scenarios.terms import terms

if TYPE_CHECKING:
    import pandas as pd

    from routing.case import Case

Tables = Mapping[str, "pd.DataFrame"]
NO_OFFSETS = "No offsets, no book-and-claim and no radiative forcing inside the totals."


def write_report(
    folder: Path,
    tables: Tables,
    summary: Mapping[str, Any],
    case: Case,
    baseline: tuple[Tables, Mapping[str, Any]] | None = None,
    ladder: Sequence[tuple[str, Mapping[str, Any]]] = (),
    language: str = "en",
    front: Sequence[FrontPoint] = (),
    front_exact: bool = False,
) -> Path:
    """Write `report.html` into `folder`.

    `ladder` holds a summary for each measure in the order they were switched on, each plan with
    those before it; its start is `baseline`, or a first entry that is not named like a measure.
    `language` is that of numbers and dates. `front` holds plans between least cost and least CO2e;
    `front_exact` that every one of them is proved.
    """
    result = Result.of(tables, summary)
    base = Result.of(*baseline) if baseline else None
    n = Numbers(language)
    view = report_view(result, case, base, ladder, n)
    if len(front) > 1:
        currency = text(summary.get("currency"))
        plan, before = _point(result), _point(base) if base else None
        view["front"] = front_view(front, front_exact, plan, before, currency, n)
    page = pages.environment().get_template("report.html.j2").render(view)
    return pages.write_whole(folder / "report.html", page)


def _point(result: Result) -> FrontPoint:
    return FrontPoint(result.figure("cost"), result.figure("co2e_wtw_kg"))


def report_view(
    result: Result,
    case: Case,
    base: Result | None,
    ladder: Sequence[tuple[str, Mapping[str, Any]]],
    n: Numbers,
) -> dict[str, Any]:
    """Everything that the template shows."""
    settings = case.settings
    run = text(result.summary.get("run_id"))
    title = pages.title_of(result.summary)
    return {
        "language": n.language,
        "title": title,
        "policy": pages.REPORT_POLICY,
        "styles": pages.asset("tokens.css")
        + pages.asset("report.css")
        + pages.asset("declaration.css"),
        "print_foot": pages.css_text(f"{title} · run {run}"),
        "print_font": "var(--font)",
        "run": run,
        "as_of": n.day(settings.as_of),
        "about": _about(result, case, n),
        "status": pages.status_of(result.summary, n),
        "answer": answer(result, base, n),
        "keys": report_sections.key_figures(result, base, case, n),
        "measures": ladder_section(result, base, case, ladder, n),
        "front": None,
        "fullness": report_sections.fullness(result, base, n),
        "modes": report_sections.modes(result, base, n),
        "shipments": report_sections.shipments(result, case, n),
        "terms": terms(result, case, n),
        "sound": soundness(result, base, case, n),
        "gwp": report_sections.gwp_text(result, case),
        "decl": declaration_view(declaration_of(result, base, case), case, n),
        "foot": foot(result),
        "same_work": base is None or base.left_over() == result.left_over(),
        "currency": n.money_sign(text(result.summary.get("currency"))),
    }


def _about(result: Result, case: Case, n: Numbers) -> str:
    """What was planned: period, size and aim."""
    settings, legs = case.settings, result.transport
    lanes = {(text(s["origin"]), text(s["destination"]), text(s["equipment"]))
             for s in result.shipments}  # fmt: skip
    carriers = {text(leg["carrier"]) for leg in legs} - {""}
    currency = text(result.summary.get("currency"))
    aim = {"min_emissions": "least CO₂e", "min_cost": "least cost"}.get(settings.objective, "")
    if settings.objective == "min_total":
        price = n.money(settings.carbon_price_per_t, currency)
        aim = f"least cost plus {price} per t CO₂e"
    if settings.budget is not None:
        aim += f", cost at most {n.money(settings.budget, currency)}"
    if settings.emissions_cap_t is not None:
        aim += f", CO₂e at most {n.fixed(settings.emissions_cap_t)} t"
    parts = [
        n.days(settings.period_from, settings.period_to),
        pages.count(int(result.figure("orders")), "order", "orders", n),
        pages.count(len(lanes), "lane", "lanes", n),
        pages.count(len(carriers), "carrier", "carriers", n),
        aim,
    ]
    return " · ".join(p for p in parts if p)


def answer(result: Result, base: Result | None, n: Numbers) -> str:
    """The plan in one sentence; what went wrong stands in it."""
    orders = int(result.figure("orders"))
    left = int(result.figure("orders_unserved"))
    if orders and left >= orders:
        return "No order is served. The reasons stand below and in unserved.csv."
    moved = (
        f"{n.whole(orders - left)} of {pages.count(orders, 'order', 'orders', n)} "
        f"{'moves' if orders == 1 else 'move'} and {n.whole(left)} "
        f"{'stays' if left == 1 else 'stay'} unserved,"
        if left
        else "The one order moves"
        if orders == 1
        else f"All {n.whole(orders)} orders move"
    )
    clauses = news(result, n)
    if base is not None:
        with_what = (
            f" with {_compared(result, base, 'co2e_wtw_kg', 'CO₂e', n)} and "
            f"{_compared(result, base, 'cost', 'cost', n)} than the baseline"
        )
        if base.left_over() != result.left_over():
            clauses.append("the two do not serve the same orders")
    else:
        currency = text(result.summary.get("currency"))
        co2e = n.fixed(number(result.summary.get("co2e_wtw_kg")) / report_sections.T)
        with_what = f" for {n.money(result.figure('cost'), currency)} with {co2e} t CO₂e"
    return moved + with_what + "".join(f"; {clause}" for clause in clauses) + "."


def _compared(result: Result, base: Result, key: str, name: str, n: Numbers) -> str:
    before = base.figure(key)
    change = (result.figure(key) - before) / before if before else 0.0
    if abs(change) < 0.0005:
        return f"no less {name}"
    return f"{n.percent(abs(change))} {'less' if change < 0 else 'more'} {name}"


def foot(result: Result) -> str:
    """What may be said of the emissions (DESIGN, wording), and what they are."""
    missing = tuple(text(r["tce_id"]) for r in result.legs if not yes(r["covered"]))
    covered = Coverage(
        transport=result.figure("co2e_coverage_transport"),
        hubs=result.figure("co2e_coverage_hubs"),
        elements=len(result.legs),
        not_covered=missing,
        wanted=(),
    )
    planned = f" {EX_ANTE}" if result.summary.get("basis") != "executed" else ""
    return f"{wording(covered)}. {NO_OFFSETS}{planned}"
