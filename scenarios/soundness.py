"""How sound a plan's figures are: where data come from, what is covered, what to look at."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scenarios.charts import Share, hundred_bar
from scenarios.figures import MODE_NAMES, Result, Row, number, summed, text, yes
from scenarios.pages import NONE, NOT_COVERED, Numbers, as_number, count, in_words, listed
from scenarios.report_sections import T, View, carrier_name, place_name

if TYPE_CHECKING:
    from routing.case import Case

DATA_TYPES = ("primary", "modelled", "default")
DATA_COLOURS = {
    "primary": ("var(--accent)", "#fff"),
    "modelled": ("var(--mid)", "var(--ink)"),
    "default": ("var(--base-soft)", "var(--ink)"),
}
FACTORS_SHOWN = 6
FINDINGS_SHOWN = 6
PLACES_NAMED = 3


def soundness(result: Result, base: Result | None, case: Case, n: Numbers) -> View:
    """All parts of the section."""
    return {
        "types": _data_types(result, n),
        "cover": _cover(result, case, n),
        "inventory": n.fixed(result.figure("co2e_wtw_kg") / T),
        "avoided": _avoided(result, base, n),
        "factors": _factors(result, case, n),
        "proxy": _proxy(result, n),
        "look_at": _look_at(result, case, n),
    }


def _data_types(result: Result, n: Numbers) -> View:
    covered = [r for r in result.legs if yes(r["covered"])]
    sums = summed(
        covered, lambda r: text(r["data_type"]) or "default", ("activity_tkm", "co2e_wtw_kg")
    )
    bars = []
    for column, name in (("activity_tkm", "of t-km"), ("co2e_wtw_kg", "of CO₂e")):
        whole = sum(s[column] for s in sums.values())
        if not whole:
            continue
        parts = [Share(t, t, sums[t][column] / whole) for t in DATA_TYPES if t in sums]
        said = ", ".join(f"{p.name} {n.percent(p.share)}" for p in parts)
        svg = hundred_bar(parts, f"{name}: {said}", n, DATA_COLOURS, width=260)
        bars.append({"name": name, "head": f"Share {name}", "svg": svg, "said": said})
    return {"bars": bars, "types": DATA_TYPES}


def _cover(result: Result, case: Case, n: Numbers) -> View:
    transport = as_number(result.summary.get("co2e_coverage_transport"))
    hubs = as_number(result.summary.get("co2e_coverage_hubs"))
    gone_km: dict[str, float] = defaultdict(float)
    gone_t: dict[str, float] = defaultdict(float)
    for row in result.legs:
        if yes(row["covered"]) or text(row["kind"]) == "empty":
            continue
        if text(row["kind"]) == "hub":
            gone_t[place_name(case, text(row["from"]))] += number(row["mass_kg"]) / T
            continue
        ends = [place_name(case, text(row[end])) for end in ("from", "to")]
        mode = MODE_NAMES[text(row["mode"])].lower()
        gone_km[f"{ends[0]} to {ends[1]} ({mode})"] += number(row["activity_tkm"])
    missing = []
    if gone_km:
        work = n.fixed(sum(gone_km.values()) / 1e6, 2)
        missing.append(f"{_most(gone_km, n)}: {work} m t-km")
    if gone_t:
        missing.append(f"handling at {_most(gone_t, n)}")
    return {
        "transport": n.percent(transport) if transport is not None else NOT_COVERED,
        "hubs": n.percent(hubs) if hubs is not None else NONE,
        "missing": f"Not covered, and not in the total: {'; '.join(missing)}." if missing else "",
    }


def _most(sizes: dict[str, float], n: Numbers) -> str:
    """The largest few by name, the others counted."""
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    shown, rest = ordered[:PLACES_NAMED], len(ordered) - PLACES_NAMED
    return listed([*shown, *([count(rest, "other", "others", n)] if rest > 0 else [])])


def _avoided(result: Result, base: Result | None, n: Numbers) -> View:
    own = sum(number(r["co2e_avoided_own_kg"]) for r in result.round_use)
    partner = sum(number(r["co2e_avoided_partner_kg"]) for r in result.round_use)
    both = sum(number(r["co2e_avoided_kg"]) for r in result.round_use)
    name = text(base.summary.get("scenario")) if base else ""
    against = f"baseline “{name}”" if name else "every box back to its port empty"
    return {
        "t": n.fixed(both / T),
        "against": against,
        "parts": f"{n.fixed(own / T)} t of it on our side, {n.fixed(partner / T)} t on partners’"
        if partner
        else "",
    }


def _factors(result: Result, case: Case, n: Numbers) -> View:
    whole = sum(number(r["co2e_wtw_kg"]) for r in result.legs) or 1.0
    groups: dict[str, float] = defaultdict(float)
    assumed_kg = 0.0
    bids = {b.bid_id: b for b in case.bids}
    for row in result.legs:
        factor, co2e = text(row["factor_id"]), number(row["co2e_wtw_kg"])
        if not factor or not co2e:
            continue
        if factor.startswith("bid:"):
            bid = bids.get(factor[4:])
            # bids of one carrier are told in one row, not in one a lane
            factor = f"bid:{bid.carrier}" if bid else factor
        groups[factor] += co2e
        known = case.factors.by_id(factor)
        assumed_kg += co2e if known is not None and known.assumed else 0.0
    ordered = sorted(groups, key=lambda f: (-groups[f], f))
    shown = ordered[:FACTORS_SHOWN]
    rows = [_factor_row(f, groups[f] / whole, case, n) for f in shown]
    share = sum(groups[f] for f in shown) / whole
    assumed = f"{n.percent(assumed_kg / whole)} of the CO₂e rests on assumed factors."
    return {
        "rows": rows,
        "share": n.percent(share),
        "assumed": assumed if assumed_kg else "",
    }


def _factor_row(factor_id: str, share: float, case: Case, n: Numbers) -> View:
    if factor_id.startswith("bid:"):
        carrier = factor_id[4:]
        own = [b for b in case.bids if b.carrier == carrier]
        sources = sorted({b.co2e_source for b in own if b.co2e_source})
        return {
            "id": "declared in bids",
            "source": f"{carrier_name(case, carrier)}" + (f": {sources[0]}" if sources else ""),
            "version": NONE,
            "licence": "the carrier’s own",
            "share": n.percent(share),
        }
    factor = case.factors.by_id(factor_id)
    return {
        "id": factor_id,
        "source": factor.source if factor else NONE,
        "version": (factor.version if factor else "") or NONE,
        "licence": (factor.licence if factor else "") or NONE,
        "share": n.percent(share),
    }


def _proxy(result: Result, n: Numbers) -> str:
    whole = sum(number(r["co2e_wtw_kg"]) for r in result.legs)
    proxy: dict[str, float] = defaultdict(float)
    for row in result.legs:
        if yes(row["proxy"]):
            proxy[text(row["mode"])] += number(row["co2e_wtw_kg"])
    share = sum(proxy.values()) / whole if whole else 0.0
    if not share:
        return ""
    kinds = listed([MODE_NAMES[m].lower() for m in sorted(proxy, key=lambda m: -proxy[m])])
    words = f"{n.percent(share)} of the CO₂e rests on proxy factors ({kinds})"
    return (
        f"{words}: a factor of another region or class. A choice between modes may turn "
        "with better data."
    )


def _look_at(result: Result, case: Case, n: Numbers) -> list[View]:
    """Late shipments, unserved orders, then the findings of the inputs, most frequent first."""
    look: list[View] = []
    late = result.late
    if late:
        ids = [text(s["shipment_id"]) for s in late]
        named = listed([*ids[:4], *([f"{len(ids) - 4} more"] if len(ids) > 4 else [])])
        verb = "shipment arrives" if len(late) == 1 else "shipments arrive"
        head = f"{in_words(len(late), n).capitalize()} {verb} after the due date."
        look.append({"head": head, "text": f"{named}.", "code": ""})
    if result.unserved:
        reasons: dict[str, int] = defaultdict(int)
        for row in result.unserved:
            reasons[text(row["reason"])] += 1
        lines = len({(text(r["order_id"]), text(r["line"])) for r in result.unserved})
        top = sorted(reasons, key=lambda r: (-reasons[r], r))[:2]
        verb = "order line is" if lines == 1 else "order lines are"
        look.append(
            {
                "head": f"{in_words(lines, n).capitalize()} {verb} not served in full.",
                "text": " ".join(_sentence(r) for r in top) + " All reasons: unserved.csv.",
                "code": "",
            }
        )
    look += _warnings(result.findings, n)
    return look


def _sentence(words: str) -> str:
    words = words.strip()
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?" else ".")


def _warnings(findings: list[Row], n: Numbers) -> list[View]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in findings:
        if text(row["severity"]) in ("warning", "error"):
            groups[text(row["code"])].append(row)
    ordered = sorted(groups, key=lambda code: (-len(groups[code]), code))
    look: list[View] = []
    for code in ordered[:FINDINGS_SHOWN]:
        rows = groups[code]
        more = f" And {n.whole(len(rows) - 1)} more like it." if len(rows) > 1 else ""
        look.append(
            {
                "head": _sentence(text(rows[0]["message"])),
                "text": f"{_sentence(text(rows[0]['hint']))}{more}".strip(),
                "code": code,
            }
        )
    rest = len(ordered) - FINDINGS_SHOWN
    if rest > 0:
        kinds = count(rest, "more kind of warning", "more kinds of warnings", n)
        look.append(
            {"head": f"{kinds}.".capitalize(), "text": "They stand in findings.csv.", "code": ""}
        )
    return look


def news(result: Result, n: Numbers) -> list[str]:
    """What a planner must not overlook, as clauses for the answer sentence."""
    parts: list[str] = []
    late = len(result.late)
    if late:
        word = "shipment arrives" if late == 1 else "shipments arrive"
        parts.append(f"{in_words(late, n)} {word} late")
    covered = as_number(result.summary.get("co2e_coverage_transport"))
    if covered is not None and covered < 1 - 5e-10:
        gap = n.percent(1 - covered) if covered < 0.9995 else "less than 0.1%"
        parts.append(f"{gap} of the transport work has no emission factor and is not in the total")
    return parts
