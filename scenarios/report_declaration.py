"""The declaration as a section of the report, and as a file of its own (`declaration.json`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emissions.co2e import Co2e
from emissions.declaration import Declaration, as_dict
from emissions.declaration_parts import ProductLine, Turning
from emissions.footprint import DATA_TYPES
from scenarios.figures import MODE_NAMES
from scenarios.pages import NONE, NOT_COVERED, Numbers, count, listed, write_whole
from scenarios.report_sections import T, place_name

if TYPE_CHECKING:
    from routing.case import Case

View = dict[str, Any]
FACTORS_SHOWN = 8
TURNING_SHOWN = 5
FAULTS_SHOWN = 5
BASES = {
    "sfd": "shortest feasible",
    "gcd": "great circle",
    "actual": "driven or sailed",
    "none": NOT_COVERED,
}
SCOPES = {
    "3.4": "Scope 3, category 4: transport we buy, and inbound from suppliers",
    "3.9": "Scope 3, category 9: outbound transport that others pay",
    "1": "Scope 1: own vehicles",
    "2": "Scope 2: own electric vehicles",
}
WHOSE = {
    "carrier": "carriers’ own figures",
    "place": "figures of places",
    "own": "the planner’s own table",
    "default": "open default pack",
}
MODULES = {
    "A4": "A4, outbound",
    "A2": "A2, inbound",
    "internal": "internal transfer",
}


def declaration_view(declared: Declaration, case: Case, n: Numbers) -> View:
    """Everything that the section shows."""
    return {
        "words": declared.words,
        "estimate": declared.estimate,
        "faults": declared.faults[:FAULTS_SHOWN],
        "about": _about(declared, n),
        "modes": _modes(declared, n),
        "scopes": _scopes(declared, n),
        "distances": _distances(declared, n),
        "factors": _factors(declared, n),
        "data": _data(declared, n),
        "allocation": declared.allocation,
        "exclusions": declared.exclusions,
        "biogenic": declared.biogenic,
        "ets": _ets(declared, case, n),
        "turning": _turning(declared, case, n),
        "round_use": _round_use(declared, n),
        "products": _products(declared, n),
        "currency": n.money_sign(declared.currency) if declared.currency else "",
    }


def write_declaration(folder: Path, declared: Declaration) -> Path:
    """Write `declaration.json` into `folder`, whole or not at all."""
    text = json.dumps(as_dict(declared), indent=1, ensure_ascii=False, allow_nan=False)
    return write_whole(folder / "declaration.json", text + "\n")


def _about(declared: Declaration, n: Numbers) -> list[tuple[str, str]]:
    about = declared.about
    who = about.organisation or "not named (project.yaml, declaration: organisation)"
    rows = [("Organisation", who)]
    if about.contact:
        rows.append(("Contact", about.contact))
    rows.append(("Subject", about.subject or NONE))
    if about.period_from and about.period_to:
        rows.append(("Period", n.days(about.period_from, about.period_to)))
    rows.append(("Basis", "executed transports" if about.basis == "executed" else "a plan"))
    rows.append(("Method", "ISO 14083:2023, transport chains of elements"))
    rows.append(("Boundary", declared.boundary))
    gwps = listed(declared.gwps) if declared.gwps else NONE
    rows.append(("Gases", f"CO₂e by GWP100, {gwps}. {declared.gwp_warning}".strip()))
    rows.append(("Made with", f"{about.software}, run {about.run_id}"))
    return rows


def _tonnes(co2e: Co2e, n: Numbers) -> tuple[str, str, str]:
    return tuple(n.fixed(kg / T) for kg in (co2e.wtw_kg, co2e.ttw_kg, co2e.wtt_kg))  # type: ignore[return-value]


def _intensity(value: float | None, n: Numbers) -> str:
    return NONE if value is None else n.fixed(value)


def _modes(declared: Declaration, n: Numbers) -> View:
    rows = []
    for line in declared.modes:
        known = line.total.co2e.wtw_kg > 0 or line.covered
        rows.append(
            {
                "name": MODE_NAMES.get(line.mode, line.mode),
                "key": line.mode,
                "work": NONE if line.mode == "hub" else n.fixed(line.total.activity_tkm / 1e6, 2),
                "co2e": _tonnes(line.total.co2e, n) if known else (NOT_COVERED, NONE, NONE),
                "intensity": _intensity(line.total.intensity_wtw_g_per_tkm, n) if known else NONE,
                "covered": "yes" if line.covered else "in part" if known else "no",
            }
        )
    whole = declared.total
    return {
        "rows": rows,
        "work": n.fixed(whole.activity_tkm / 1e6, 2),
        "co2e": _tonnes(whole.co2e, n),
        "intensity": _intensity(whole.intensity_wtw_g_per_tkm, n),
    }


def _scopes(declared: Declaration, n: Numbers) -> list[View]:
    groups: dict[str, list[View]] = {}
    sums: dict[str, Co2e] = {}
    for line in declared.scopes:
        parts = groups.setdefault(line.scope, [])
        sums[line.scope] = sums.get(line.scope, Co2e.zero()) + line.co2e
        parts.append({"term": line.incoterm, "co2e": _tonnes(line.co2e, n)})
    return [
        {
            "name": SCOPES.get(scope, f"Scope {scope}"),
            "co2e": _tonnes(sums[scope], n),
            "terms": groups[scope],
        }
        for scope in sorted(groups)
    ]


def _distances(declared: Declaration, n: Numbers) -> list[View]:
    rows = []
    for line in declared.distances:
        least, most = n.fixed(line.daf_least, 3), n.fixed(line.daf_most, 3)
        rows.append(
            {
                "mode": MODE_NAMES.get(line.mode, line.mode),
                "activity": BASES.get(line.activity_basis, line.activity_basis),
                "factor": BASES.get(line.factor_basis, line.factor_basis),
                "daf": least if least == most else f"{least} to {most}",
                "share": n.percent(line.share_of_tkm),
            }
        )
    return rows


def _factors(declared: Declaration, n: Numbers) -> View:
    shown = declared.factors[:FACTORS_SHOWN]
    rest = declared.factors[FACTORS_SHOWN:]
    share = sum(line.share_of_co2e for line in rest)
    more = count(len(rest), "more source", "more sources", n)
    return {
        "rows": [
            {
                "name": line.facts.name,
                "source": line.facts.source or NONE,
                "version": line.facts.version or NONE,
                "licence": line.facts.licence or NONE,
                "gwp": line.facts.gwp or "not stated",
                "whose": WHOSE.get(line.pack, line.pack or NONE),
                "share": n.percent(line.share_of_co2e),
            }
            for line in shown
        ],
        "rest": f"{more} with {n.percent(share)} of the CO₂e: declaration.json." if rest else "",
    }


def _data(declared: Declaration, n: Numbers) -> list[tuple[str, str]]:
    shares, covered = declared.shares, declared.coverage
    whole = declared.total.co2e.wtw_kg or 1.0
    by_tkm = ", ".join(f"{k} {n.percent(shares.by_tkm[k])}" for k in DATA_TYPES)
    by_co2e = ", ".join(f"{k} {n.percent(shares.by_co2e[k])}" for k in DATA_TYPES)
    packs = ", ".join(f"{WHOSE.get(k, k)} {n.percent(v)}" for k, v in declared.packs.items())
    hubs = declared.hubs
    handled = f"{count(hubs.passages, 'passage', 'passages', n)}, {n.whole(hubs.handled_t)} t"
    return [
        ("Data types by t-km", by_tkm),
        ("Data types by CO₂e", by_co2e),
        ("Whose factors, by CO₂e", packs or NONE),
        ("Covered whole", f"{n.percent(covered.transport)} of t-km"),
        ("Hubs", f"{handled}; {n.percent(hubs.covered_share)} of the tonnes covered"),
        ("Proxy factors", f"{n.percent(declared.proxy.wtw_kg / whole)} of the CO₂e"),
        ("Assumed factors", f"{n.percent(declared.assumed.wtw_kg / whole)} of the CO₂e"),
    ]


def _ets(declared: Declaration, case: Case, n: Numbers) -> View | None:
    if not declared.ets:
        return None
    price = declared.ets_price_per_t
    rows = [
        {
            "way": f"{place_name(case, line.origin)} → {place_name(case, line.destination)}",
            "year": str(line.year),
            "ttw": n.fixed(line.ttw_kg / T),
            "share": n.percent(line.share, 0),
            "allowances": n.fixed(line.allowances_t),
            "cost": NONE if line.cost is None else n.whole(line.cost),
        }
        for line in sorted(declared.ets, key=lambda x: (-x.allowances_t, x.origin, x.destination))
    ]
    costs = [line.cost for line in declared.ets if line.cost is not None]
    tonnes = sum(line.allowances_t for line in declared.ets)
    said = (
        f"at {n.money(price, declared.currency)} per t"
        if price is not None
        else "no price is given (project.yaml, declaration: ets_price_per_t)"
    )
    return {
        "rows": rows[:TURNING_SHOWN],
        "more": count(len(rows) - TURNING_SHOWN, "more way", "more ways", n)
        if len(rows) > TURNING_SHOWN
        else "",
        "allowances": n.fixed(tonnes),
        "cost": n.whole(sum(costs)) if costs else NONE,
        "price": said,
    }


def _turning(declared: Declaration, case: Case, n: Numbers) -> View:
    if not declared.compared_with:
        return {"rows": [], "text": "No baseline was planned that the choice of modes could be "
                "set against."}  # fmt: skip
    if not declared.turning:
        return {"rows": [], "text": f"Against {declared.compared_with} no choice of mode rests on "
                "a proxy factor."}  # fmt: skip
    rows = [_turning_row(t, case, n) for t in declared.turning[:TURNING_SHOWN]]
    rest = len(declared.turning) - len(rows)
    return {
        "rows": rows,
        "text": f"Against {declared.compared_with}, a tonne for a tonne, all else equal."
        + (f" {count(rest, 'more', 'more', n)}: declaration.json." if rest else ""),
    }


def _turning_row(turning: Turning, case: Case, n: Numbers) -> View:
    point = turning.point
    per = {"tkm": "g/t-km", "teu_km": "g/TEU-km", "vehicle_km": "g/km"}.get(point.per, point.per)
    return {
        "way": f"{place_name(case, turning.origin)} → {place_name(case, turning.destination)}",
        "factor": point.factor_id,
        "now": NONE if point.now_g is None else f"{n.fixed(point.now_g)} {per}",
        "even": NONE if point.even_g is None else f"{n.fixed(point.even_g)} {per}",
        "times": n.fixed(point.times, 2),
    }


def _round_use(declared: Declaration, n: Numbers) -> str:
    use = declared.round_use
    if not use.boxes:
        return ""
    boxes = count(use.boxes, "box is", "boxes are", n)
    words = (
        f"{boxes} loaded again. Against {use.against} that avoids {n.fixed(use.avoided_kg / T)} t "
        f"CO₂e on {n.whole(use.km_saved)} km of road; none is claimed at sea."
    )
    if use.partner_kg:
        words += (
            f" {n.fixed(use.own_kg / T)} t of it may be claimed here, "
            f"{n.fixed(use.partner_kg / T)} t by partners: half each where a box is a partner’s."
        )
    before, after = use.toc_before_g_per_tkm, use.toc_after_g_per_tkm
    if before is not None and after is not None:
        words += (
            f" The haulage to the places that load them has {n.fixed(after)} g per t-km, by way "
            f"of the port it would have {n.fixed(before)}."
        )
    return words


def _products(declared: Declaration, n: Numbers) -> View:
    shown = [m for m in MODE_NAMES if any(m in line.by_mode for line in declared.products)]
    return {
        "modes": [MODE_NAMES[m] for m in shown],
        "rows": [_product_row(line, shown, n) for line in declared.products],
    }


def _product_row(line: ProductLine, shown: list[str], n: Numbers) -> View:
    return {
        "sku": line.sku,
        "module": MODULES.get(line.module, line.module),
        "units": f"{n.whole(line.units)} {line.declared_unit}",
        "unit": line.declared_unit,
        "wtw": n.fixed(line.co2e.wtw_kg, 2),
        "ttw": n.fixed(line.co2e.ttw_kg, 2),
        "wtt": n.fixed(line.co2e.wtt_kg, 2),
        "tkm": n.whole(line.tkm),
        "modes": [n.fixed(line.by_mode[m], 2) if m in line.by_mode else NONE for m in shown],
    }
