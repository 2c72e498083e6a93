"""The sections of the report, as plain values that the template lays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scenarios.charts import Share, histogram, hundred_bar
from scenarios.figures import MODE_NAMES, MODES, Result, Row, day, names, number, text, total
from scenarios.pages import NONE, NOT_COVERED, Numbers, count, in_words, listed

if TYPE_CHECKING:
    from routing.case import Case

LARGEST = 10
T = 1000.0
"""kg in a tonne: the report shows CO2e in t with one decimal."""

View = dict[str, Any]


def key_figures(result: Result, base: Result | None, case: Case, n: Numbers) -> list[View]:
    """CO2e, cost, load units, boxes reused: each with its change against the baseline."""
    currency = text(result.summary.get("currency"))
    co2e, cost = result.figure("co2e_wtw_kg"), result.figure("cost")
    amount, unit = n.big_money(cost, currency)
    units = result.load_units
    boxes_only = all(
        code in case.equipment and case.equipment[code].is_container for code in result.units
    )
    reused, possible = (int(result.figure(f"round_use_{k}")) for k in ("boxes", "possible"))
    cards: list[View] = [
        {"head": "CO₂e, well-to-wheel", "big": n.fixed(co2e / T), "unit": "t"},
        {"head": "Cost", "big": amount, "unit": unit},
        {"head": "Containers" if boxes_only else "Load units", "big": n.whole(units), "unit": ""},
        {
            "head": "Boxes reused",
            "big": n.whole(reused),
            "unit": f"of {n.whole(possible)}" if possible else "",
        },
    ]
    for card in cards:
        card |= {"share": "", "more": False, "text": ""}
    if possible:
        cards[3]["share"] = n.percent(reused / possible)
        cards[3]["text"] = "of the possible ones"
    else:
        cards[3]["text"] = (
            "No import box is emptied within reach in these weeks. Widen the dates or the distance."
        )
    if base is None:
        cards[0]["text"] = (
            f"{n.fixed(result.figure('co2e_ttw_kg') / T)} t of it from the vehicles themselves "
            "(tank-to-wheel)"
        )
        cards[1]["text"] = "freight, surcharges and handling"
        cards[2]["text"] = listed(
            [f"{n.whole(v)} {trade_name(case, k)}" for k, v in sorted(result.units.items()) if v]
        )
        return cards
    before = base.figure("co2e_wtw_kg")
    # the shown figures are subtracted, so that what a reader recomputes holds
    tonnes = round(co2e / T, 1) - round(before / T, 1)
    cards[0] |= _change(tonnes, before / T, n)
    cards[0]["text"] = (
        f"{n.fixed(abs(tonnes))} t {_less(tonnes)} than the baseline’s {n.fixed(before / T)} t"
        if tonnes
        else "the same as the baseline"
    )
    money = round(cost) - round(base.figure("cost"))
    cards[1] |= _change(money, base.figure("cost"), n)
    shown = n.money(base.figure("cost"), currency)
    cards[1]["text"] = (
        f"{n.money(abs(money), currency)} {_less(money)} than the baseline’s {shown}"
        if money
        else "the same as the baseline"
    )
    fewer = units - base.load_units
    cards[2] |= _change(fewer, base.load_units, n)
    cards[2]["text"] = (
        f"{n.whole(abs(fewer))} {'fewer' if fewer < 0 else 'more'} than the baseline’s "
        f"{n.whole(base.load_units)}"
        if fewer
        else "as many as in the baseline"
    )
    if possible:
        earlier = int(base.figure("round_use_boxes"))
        cards[3]["text"] += f"; {in_words(earlier, n) if earlier else 'none'} in the baseline"
    return cards


def _change(value: float, before: float, n: Numbers) -> View:
    if not before or not value:
        return {}
    return {"share": n.percent(value / before, signed=True), "more": value > 0}


def _less(value: float) -> str:
    return "less" if value < 0 else "more"


def trade_name(case: Case, code: str) -> str:
    """The name planners use for a type of equipment: 40HC for 45G1."""
    kind = case.equipment.get(code)
    return kind.trade_name if kind is not None and kind.trade_name else code


def gwp_text(result: Result, case: Case) -> str:
    """The assessment reports behind the totals: GWP100 (AR5)."""
    bids = {b.bid_id: b for b in case.bids}
    reports = set()
    for factor_id in {text(r["factor_id"]) for r in result.legs}:
        bid, factor = bids.get(factor_id.removeprefix("bid:")), case.factors.by_id(factor_id)
        reports.add(bid.co2e_gwp if bid else factor.gwp if factor else "")
    known = sorted(reports - {""})
    return f"GWP100 ({', '.join(known)})" if known else "GWP100"


def fullness(result: Result, base: Result | None, n: Numbers) -> View:
    """The histogram of how full the load units are."""
    uses = [number(r["volume_use"]) for r in result.loads]
    before = [number(r["volume_use"]) for r in base.loads] if base else []
    if not uses:
        return {"empty": "This plan has no load units: all goods travel as part loads."}
    full = sum(u >= 0.85 for u in uses) / len(uses)
    finding = f"{n.percent(full, 0)} are at least 85% full"
    if before:
        earlier = sum(u >= 0.85 for u in before) / len(before)
        finding += f"; in the baseline {n.percent(earlier, 0)}"
    mass = result.figure("load_rate_mass")
    unproved = sum(text(r["stuffable"]).lower() in ("no", "false") for r in result.loads)
    caption = f"Outline: baseline ({n.whole(len(before))}). " if before else ""
    caption += f"By mass the mean is {n.percent(mass)} of the payload. "
    caption += (
        "Every planned load unit can be stuffed by hand; checked."
        if not unproved
        else f"{n.whole(unproved)} of them have no load plan that can be stuffed by hand."
    )
    says = f"Number of load units by use of their volume: {finding}."
    return {
        "finding": f"{finding}.",
        "svg": histogram(uses, before, says, n),
        "count": n.whole(len(uses)),
        "caption": caption,
    }


def modes(result: Result, base: Result | None, n: Numbers) -> View:
    """Two 100 % bars for activity and CO2e, and the table that holds all their numbers."""
    now, before = result.by_mode(), base.by_mode() if base else {}
    if not now:
        return {"empty": "This plan moves nothing: no order is served."}
    bars = []
    kinds = (
        ("activity_tkm", "Transport activity, share of t-km", 1e6, "m t-km"),
        ("co2e_wtw_kg", "Emissions, share of t CO₂e", T, "t"),
    )
    for column, head, per, unit in kinds:
        lines = []
        for name, sums in (("Baseline", before), ("Plan", now)):
            whole = sum(s[column] for s in sums.values())
            if not whole:
                continue
            parts = [
                Share(m, MODE_NAMES[m], sums[m][column] / whole)
                for m in (*MODES, "hub")
                if m in sums
            ]
            said = ", ".join(f"{p.name} {n.percent(p.share)}" for p in parts if p.share)
            lines.append(
                {
                    "name": f"{name}, {n.fixed(whole / per)} {unit}",
                    "svg": hundred_bar(parts, f"{name}: {said}", n),
                }
            )
        bars.append({"head": head, "lines": lines})
    sides = [(now, result.modes_without_factor())]
    if base is not None:
        sides.append((before, base.modes_without_factor()))
    shown = [m for m in (*MODES, "hub") if m in now or m in before]
    rows = [_mode_row(mode, sides, n) for mode in shown]
    return {
        "bars": bars,
        "rows": rows,
        "foot": _mode_row("", sides, n),
        "baseline": base is not None,
        "finding": _mode_finding(now, n),
    }


Side = tuple[dict[str, dict[str, float]], frozenset[str]]


def _mode_row(mode: str, sides: Sequence[Side], n: Numbers) -> View:
    """One row of the table of modes, plan first; a blank mode is the total."""
    cells, co2e_t = [], []
    for sums, unknown in sides:
        parts = [s for m, s in sums.items() if not mode or m == mode]
        work, co2e = (sum(s[k] for s in parts) for k in ("activity_tkm", "co2e_wtw_kg"))
        co2e_t.append(co2e / T)
        blank = mode in unknown
        cells.append(
            (
                n.fixed(work / 1e6, 2) if parts and mode != "hub" else NONE,
                NOT_COVERED if blank else n.fixed(co2e / T) if parts else NONE,
                n.fixed(1000 * co2e / work) if work and mode != "hub" and not blank else NONE,
            )
        )
    return {
        "name": MODE_NAMES[mode] if mode else "Total",
        "key": mode,
        "plan": cells[0],
        "base": cells[-1],
        "change": n.change(co2e_t[0] - co2e_t[-1], 1)
        if not any(mode in unknown for _, unknown in sides)
        else NONE,
    }


def _mode_finding(now: dict[str, dict[str, float]], n: Numbers) -> str:
    work = sum(s["activity_tkm"] for s in now.values())
    co2e = sum(s["co2e_wtw_kg"] for s in now.values())
    if not work or not co2e:
        return ""
    first = max(
        (m for m in now if m != "hub"), key=lambda m: now[m]["co2e_wtw_kg"] / co2e
        - now[m]["activity_tkm"] / work
    )  # fmt: skip
    done, caused = now[first]["activity_tkm"] / work, now[first]["co2e_wtw_kg"] / co2e
    words = (
        f"{MODE_NAMES[first]} does {n.percent(done, 0)} of the work and causes "
        f"{n.percent(caused, 0)} of the emissions."
    )
    return words if "air" in now else f"{words} Nothing flies."


def shipments(result: Result, case: Case, n: Numbers) -> View:
    """The largest shipments by CO2e, late ones marked, with a total of those shown."""
    if not result.shipments:
        return {"empty": "No shipment is planned. The reasons stand in unserved.csv."}
    work: dict[str, float] = {}
    main: dict[str, tuple[float, str]] = {}
    for leg in result.transport:
        key = text(leg["shipment_id"])
        work[key] = work.get(key, 0.0) + number(leg["activity_tkm"])
        candidate = (number(leg["activity_tkm"]), text(leg["carrier"]))
        main[key] = max(main.get(key, (-1.0, "")), candidate)
    reused = {text(r["shipment_id"]) for r in result.round_use if number(r["boxes"])}
    due = {o.order_id: o.due_date for o in case.orders}
    top = sorted(
        result.shipments, key=lambda s: (-number(s["co2e_wtw_kg"]), text(s["shipment_id"]))
    )
    top = top[:LARGEST]
    rows = []
    for s in top:
        key, co2e = text(s["shipment_id"]), number(s["co2e_wtw_kg"])
        via = [place_name(case, p) for p in text(s["route"]).split(">")[1:-1]]
        units = number(s["load_units"])
        rows.append(
            {
                "id": key,
                "from": place_name(case, text(s["origin"])),
                "to": place_name(case, text(s["destination"])),
                "via": " · ".join(via) or "direct",
                "carrier": carrier_name(case, main.get(key, (0.0, ""))[1]),
                "units": f"{n.whole(units)} × {trade_name(case, text(s['equipment']))}"
                if units
                else "part load",
                "reused": key in reused,
                "mass": n.fixed(number(s["mass_kg"]) / T),
                "departs": text(day(s["departure_date"])),
                "arrives": text(day(s["arrival_date"])),
                "late": _late(s, due, n),
                "cost": n.whole(number(s["cost"])),
                "co2e": n.fixed(co2e / T),
                "intensity": n.fixed(1000 * co2e / work[key]) if work.get(key) else NONE,
            }
        )
    share = total(top, "co2e_wtw_kg") / (result.figure("co2e_wtw_kg") or 1.0)
    return {
        "rows": rows,
        "count": len(result.shipments),
        "finding": f"The {in_words(len(top), n)} largest of {n.whole(len(result.shipments))} "
        "by CO₂e. All of them are in"
        if len(result.shipments) > len(top)
        else "All shipments, the largest CO₂e first. They are also in",
        "foot": {
            "name": f"These {in_words(len(top), n)}, {n.percent(share)} of the plan’s CO₂e",
            "units": n.whole(total(top, "load_units")),
            "mass": n.fixed(total(top, "mass_kg") / T),
            "cost": n.whole(total(top, "cost")),
            "co2e": n.fixed(total(top, "co2e_wtw_kg") / T),
        },
        "currency": n.money_sign(text(result.summary.get("currency"))),
    }


def _late(shipment: Row, due: dict[str, Any], n: Numbers) -> str:
    if not text(shipment["on_time"]) or text(shipment["on_time"]).lower() in ("yes", "true"):
        return ""
    arrives = day(shipment["arrival_date"])
    dates = [due[o] for o in names(shipment["order_ids"]) if o in due]
    days = (arrives - min(dates)).days if arrives and dates else 0
    return f"{count(days, 'day', 'days', n)} late" if days > 0 else "late"


def place_name(case: Case, place_id: str) -> str:
    """The name of a place; its id where the table has none."""
    place = case.places.get(place_id)
    return place.name if place is not None and place.name else place_id


def carrier_name(case: Case, carrier_id: str) -> str:
    """The name of a carrier; its id where the table has none."""
    carrier = case.carriers.get(carrier_id)
    return carrier.name if carrier is not None and carrier.name else carrier_id or NONE
