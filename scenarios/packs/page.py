"""The covering page of a pack (`cover.html`): what a carrier is awarded, by when, in which files.

One file without script that asks the network for nothing and prints on A4. It is made from a pack,
so nothing of other carriers is there to be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from scenarios import pages
from scenarios.figures import MODE_NAMES, Result, Row, number, text, total
from scenarios.flows import monday
from scenarios.packs.tables import Pack
from scenarios.pages import NONE, NOT_COVERED, Numbers, count
from scenarios.report import foot
from scenarios.report_sections import gwp_text

if TYPE_CHECKING:
    from routing.case import Case

SHOWN = 15
"""Rows of a table on the page; the workbooks have all."""
KG_PER_T = 1000.0
UNITS = {"load_unit": "load units", "teu": "TEU", "t": "t"}
FILES = (
    ("awards.xlsx", "your awarded bids with volumes, rates and value (also awards.csv)"),
    (
        "load_list.xlsx",
        "every transport with dates, places, equipment, load units and mass, and every load unit "
        "with its planned gross mass and room for container and seal numbers "
        "(also load_list.csv, load_units.csv)",
    ),
    ("map.html", "the map of your transports, by week; opens in a browser without a network"),
)
View = dict[str, Any]


def cover_page(pack: Pack, case: Case, summary: Mapping[str, Any], n: Numbers) -> str:
    """The page as text; of the summary only the run and who declares are taken."""
    name = case.carriers[pack.carrier].name or pack.carrier
    run = text(summary.get("run_id"))
    loaded = [row for row in pack.load_list if row["what"] == "loaded"]
    view = {
        "language": n.language,
        "policy": pages.REPORT_POLICY,
        "styles": pages.asset("tokens.css") + pages.asset("report.css") + pages.asset("cover.css"),
        "print_foot": pages.css_text(f"{name} · run {run}"),
        "title": name,
        "about": n.days(case.settings.period_from, case.settings.period_to),
        "sender": " · ".join(sender(summary)),
        "run": run,
        "as_of": n.day(case.settings.as_of),
        "lead": _lead(pack, loaded, n),
        "keys": _keys(pack, loaded, case, n),
        "awards": _awards(pack, case, n),
        "weeks": _weeks(pack, n),
        "first": [_transport(row, n) for row in pack.load_list[:SHOWN]],
        "cutoffs": any(row["cutoff_date"] for row in pack.load_list[:SHOWN]),
        "more": _more(len(pack.load_list) - SHOWN, "transport", "load_list.xlsx", n),
        "turns": _turns(pack, n),
        "files": FILES,
        "gwp": gwp_text(pack.seen, case),
        "foot": foot(pack.seen),
    }
    return pages.environment().get_template("cover.html.j2").render(view)


def sender(summary: Mapping[str, Any]) -> list[str]:
    """Who sends the pack, as far as the project declares it: organisation and contact."""
    said: Mapping[str, Any] = summary.get("declaration") or {}
    return [shown for key in ("organisation", "contact") if (shown := text(said.get(key)))]


def words_of_every_page(carrier: str, case: Case, n: Numbers) -> str:
    """What a carrier's page may say whatever the plan: one of none, its template, fixed words."""
    empty = cover_page(Pack(carrier, Result({}), (), (), ()), case, {}, n)
    fixed = [*MODE_NAMES.values(), *UNITS.values(), *(f"W{week}" for week in range(1, 54))]
    return "\n".join([empty, pages.asset("cover.html.j2"), *fixed])


def _units(pack: Pack) -> int:
    """Load units, each once however many legs of this carrier it takes."""
    return int(total(pack.seen.shipments, "load_units"))


def _goods_kg(loaded: Sequence[Row]) -> float:
    """Goods, each once: the heaviest leg of each shipment."""
    heaviest: dict[str, float] = {}
    for row in loaded:
        key = row["shipment_id"]
        heaviest[key] = max(heaviest.get(key, 0.0), row["mass_kg"])
    return sum(heaviest.values())


def _lead(pack: Pack, loaded: Sequence[Row], n: Numbers) -> str:
    days = [row["depart"] for row in loaded if row["depart"] is not None]
    if not days:
        return "No loaded transport is planned with you in this period."
    units = _units(pack)
    what = (
        count(units, "load unit", "load units", n)
        if units
        else f"{n.fixed(_goods_kg(loaded) / KG_PER_T)} t of part loads"
    )
    relations = count(len({(r["from"], r["to"]) for r in loaded}), "relation", "relations", n)
    first, last = min(days), max(days)
    when = f"on {n.day(first)}" if first == last else n.days(first, last)
    return f"You are awarded {what} on {relations}, departing {when}."


def _keys(pack: Pack, loaded: Sequence[Row], case: Case, n: Numbers) -> list[View]:
    units, goods = _units(pack), _goods_kg(loaded)
    value = total(pack.awards, "cost") + pack.rebates
    big, unit = n.fixed(value, 2), case.settings.currency
    known = [number(row["co2e_wtw_kg"]) for row in pack.awards if row["co2e_wtw_kg"] is not None]
    emitted = {"big": n.fixed(sum(known) / KG_PER_T), "unit": "t"}
    if not known:
        emitted = {"big": NONE, "unit": NOT_COVERED}
    return [
        {"head": "Load units", "big": n.whole(units) if units else NONE, "unit": "",
         "text": "each counted once" if units else "part loads only"},
        {"head": "Goods", "big": n.fixed(goods / KG_PER_T), "unit": "t",
         "text": "goods and packaging, without tare"},
        {"head": "Award value", "big": big, "unit": unit,
         "text": "base rates and surcharges" + (", less rebates" if pack.rebates else "")},
        {"head": "CO₂e, well-to-wheel", **emitted,
         "text": "of your transports, empty ways included"},
    ]  # fmt: skip


def _awards(pack: Pack, case: Case, n: Numbers) -> View:
    return {
        "currency": case.settings.currency,
        "rows": [
            {
                "from": row["from_name"] or row["from"],
                "to": row["to_name"] or row["to"],
                "mode": MODE_NAMES.get(row["mode"], row["mode"]),
                "bid": row["bid_id"],
                "equipment": row["equipment_name"] or row["service"].upper(),
                "volume": _volume(row, n),
                "days": _days(row),
                "rate": f"{row['rate_currency']} {n.fixed(row['rate'], 2)}",
                "per": f"per {row['rate_basis']}",
                "cost": n.fixed(row["cost"], 2),
            }
            for row in pack.awards[:SHOWN]
        ],
        "more": _more(len(pack.awards) - SHOWN, "award", "awards.xlsx", n),
        "sum": n.fixed(total(pack.awards, "cost"), 2),
        "rebates": n.fixed(pack.rebates, 2) if pack.rebates else "",
        "after": n.fixed(total(pack.awards, "cost") + pack.rebates, 2),
    }


def _volume(row: Row, n: Numbers) -> str:
    unit = row["volume_unit"]
    shown = n.fixed(row["volume"], 1) if unit == "t" else n.whole(row["volume"])
    return f"{shown} {'load unit' if (unit, shown) == ('load_unit', '1') else UNITS[unit]}"


def _days(row: Row) -> str:
    days = [str(d) for d in (row["first_departure"], row["last_departure"]) if d is not None]
    return " to ".join(dict.fromkeys(days)) or NONE


def _more(left: int, what: str, file: str, n: Numbers) -> str:
    return f"{count(left, what, what + 's', n)} more in {file}." if left > 0 else ""


def _transport(row: Row, n: Numbers) -> View:
    units, mode = row["load_units"], str(row["mode"])
    empty = ", empty" if row["what"] == "empty" else ""
    return {
        "depart": text(row["depart"]) or NONE,
        "arrive": text(row["arrive"]) or NONE,
        "from": row["from_name"] or row["from"],
        "to": row["to_name"] or row["to"],
        "shipment": row["shipment_id"] or "return of an unused box",
        "how": MODE_NAMES.get(mode, mode) + empty,
        "units": f"{n.whole(units)} × {row['equipment_name']}" if units else "part load",
        "goods": n.fixed(row["mass_kg"] / KG_PER_T) if row["what"] == "loaded" else NONE,
        "cutoff": text(row["cutoff_date"]) or NONE,
    }


def _turns(pack: Pack, n: Numbers) -> str:
    boxes = int(sum(number(row["boxes"]) for row in pack.seen.round_use))
    if not boxes:
        return ""
    return (
        f"{count(boxes, 'box is', 'boxes are', n)} loaded again near where "
        f"{'it was' if boxes == 1 else 'they were'} emptied, and not fetched at a port. "
        "The map shows where."
    )


def _weeks(pack: Pack, n: Numbers) -> View:
    """Load units (of part loads: tonnes) by week of departure, as bars with their numbers."""
    in_units = _units(pack) > 0
    sums: dict[date, float] = defaultdict(float)
    counted: set[str] = set()
    for row in pack.load_list:
        if row["what"] != "loaded" or row["depart"] is None or row["shipment_id"] in counted:
            continue
        counted.add(row["shipment_id"])
        sums[monday(row["depart"])] += row["load_units"] if in_units else row["mass_kg"] / KG_PER_T
    unit = "Load units" if in_units else "Tonnes"
    return {"svg": _bars(sums, 0 if in_units else 1, unit, n), "unit": unit}


WIDE, HIGH, BASE = 1104.0, 96.0, 74.0


def _bars(sums: Mapping[date, float], digits: int, unit: str, n: Numbers) -> Markup | None:
    if not sums:
        return None
    first, last = min(sums), max(sums)
    weeks = [first + timedelta(weeks=i) for i in range((last - first).days // 7 + 1)]
    step = min(WIDE / len(weeks), 84.0)
    top = max(sums.values()) or 1.0
    every = max(1, -(-len(weeks) // 26))
    parts = []
    for i, week in enumerate(weeks):
        value, x = sums.get(week, 0.0), i * step
        high = value / top * 52
        parts.append(
            f'<rect x="{x + step * 0.1:.1f}" y="{BASE - high:.1f}" width="{step * 0.8:.1f}" '
            f'height="{high:.1f}" fill="var(--accent)"/>'
        )
        if i % every:
            continue
        middle = x + step / 2
        shown = n.fixed(value, digits) if value else "0"
        year = f" {week.isocalendar().year}" if i == 0 else ""
        parts.append(
            f'<text x="{middle:.1f}" y="{BASE - high - 5:.1f}" text-anchor="middle" class="tk">'
            f"{shown}</text>"
            f'<text x="{middle:.1f}" y="{BASE + 17:.1f}" text-anchor="middle" class="tk">'
            f"W{week.isocalendar().week}{year}</text>"
        )
    wide = step * len(weeks)
    return Markup(
        f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" role="img" '
        f'aria-label="{unit} that depart each week">{"".join(parts)}'
        f'<line x1="0" x2="{wide:.1f}" y1="{BASE + 0.5}" y2="{BASE + 0.5}" class="axis"/></svg>'
    )
