"""The solver's view and the report's view of every leg of the solar example, to the gram.

The solver prices load units and kilograms by the straight lines of an offer. The report says t-km
on shortest feasible distance times grams per t-km at the leg's own load, with the distance
adjustment once. The report's view is made here from the factor rows and the bids alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from emissions.factors import Factor
from emissions.footprint import toc_rows
from routing.bids import Bid
from routing.case import Case
from routing.ledger import Ledger, make_ledger
from routing.ledger_rows import LegRow
from routing.planner import plan_case
from routing.reuse import return_of
from scenarios.inputs import build_case, load_project

SOLAR = Path(__file__).resolve().parents[2] / "examples" / "solar"
GRAM = 0.0005 + 1e-6
TEU_T = 10.0


@dataclass(frozen=True)
class Planned:
    """A plan's case, its books and the bids by id."""

    case: Case
    books: Ledger
    bids: dict[str, Bid]


@pytest.fixture(scope="module")
def plans() -> list[Planned]:
    """The baseline of all orders, and some orders that may change their mode (barges and rail)."""
    project = load_project(SOLAR)
    found = []
    for scenario, orders in (("baseline", None), ("step_3_mode_shift", 40)):
        case = build_case(project, scenario)
        case = replace(case, orders=case.orders[:orders])
        case = replace(case, settings=replace(case.settings, time_limit_s=60.0, gap=0.05))
        books = make_ledger(case, plan_case(case, lambda _: None).plan)
        found.append(Planned(case, books, {b.bid_id: b for b in case.bids}))
    return found


def solver_kg(plan: Planned) -> Iterator[tuple[LegRow, float]]:
    """Each moving row with what the offer's lines give for it."""
    laws = {}
    for trip in plan.books.trips:
        for leg in trip.shipment.legs:
            for stretch in leg.offer.stretches:
                key = (trip.shipment.shipment_id, leg.offer.bid.bid_id, stretch.origin)
                laws[key] = stretch.law, leg.offer.stretches[0].law
    for row in plan.books.legs:
        e = row.element
        if e.kind == "transport":
            law = laws[e.shipment_id, row.bid_id, row.origin][0]
            yield row, law.laden(e.load_units, e.mass_kg).wtw_kg
        elif e.kind == "empty" and e.shipment_id:
            law = next(w[1] for k, w in laws.items() if k[:2] == (e.shipment_id, row.bid_id))
            yield row, law.empty(e.load_units, e.driven_km).wtw_kg
        elif e.kind == "empty":
            box = next(b for b in plan.case.empties if b.empty_id == e.tce_id.removeprefix("R-"))
            yield row, e.load_units * return_of(plan.case, box).co2e.wtw_kg


def report_kg(plan: Planned, row: LegRow) -> float:
    """t-km x g per t-km at the leg's load x distance adjustment; an empty way: box-km x g."""
    e, bid = row.element, plan.bids.get(row.bid_id)
    assert row.distance is not None
    back = 0.0
    if bid is not None and e.factor_id == f"bid:{bid.bid_id}":
        g, slope, per = bid.co2e_wtw_g or 0.0, bid.co2e_slope_g_per_tkm, bid.co2e_per
        basis = "actual" if per == "vehicle_km" else bid.co2e_distance_basis
        tare_t = 0.0
    else:
        factor = plan.case.factors.by_id(e.factor_id)
        assert isinstance(factor, Factor)
        g, slope, per = factor.wtw_g, factor.slope_wtw_g_per_tkm, factor.per
        basis = factor.distance_basis
        service = bid.service if bid else "container"
        boxed = service == "container" and factor.pack == "default" and per == "vehicle_km"
        tare_t = plan.case.equipment[row.equipment].tare_kg / 1000 if boxed else 0.0
        if service == "container" and e.mode == "sea" and factor.pack == "default":
            g, per = g * TEU_T, "teu_km"
        share = (bid.empty_distance_factor if bid else None) or factor.empty_distance_factor or 0.0
        if service == "ftl" and per == "vehicle_km" and not factor.includes_empty:
            back = share / (1.0 - share)  # empty km a laden km, on the vehicle's empty line
    if e.kind == "empty":
        return e.load_units * row.distance.actual_km * (g + slope * tare_t) / 1000
    tonnes = e.mass_kg / 1000
    km = row.distance.gcd_km if e.mode == "air" else row.distance.sfd_km
    daf = row.distance.on(basis) / km
    per_tkm = {
        "tkm": g,
        "teu_km": g * (e.teu or tonnes / TEU_T) / tonnes,
        "vehicle_km": (e.load_units * (g * (1 + back) + slope * tare_t) + slope * tonnes) / tonnes,
    }[per]
    return tonnes * km * per_tkm * daf / 1000


def test_both_views_agree_on_every_leg(plans: list[Planned]) -> None:
    modes, checked = set(), 0
    for plan in plans:
        for row, kg in solver_kg(plan):
            told = row.element.known.wtw_kg
            assert told == pytest.approx(kg, abs=GRAM), row
            assert told == pytest.approx(report_kg(plan, row), abs=GRAM), row
            modes.add((row.element.kind, row.element.mode))
            checked += 1
        assert checked == sum(r.element.kind != "hub" for r in plan.books.legs)
        checked = 0
    assert modes >= {
        ("transport", "road"),
        ("transport", "sea"),
        ("transport", "air"),
        ("transport", "inland_waterway"),
        ("empty", "road"),
    }


def test_the_comparison_can_fail(plans: list[Planned]) -> None:
    """The classic errors are seen: distance adjusted twice, a kilometre too many, tare left out."""
    plan = plans[0]
    seen = 0
    for row, kg in solver_kg(plan):
        if row.distance is None or row.element.kind != "transport" or row.element.mode == "air":
            continue
        seen += 1
        twice = row.distance.actual_km / row.distance.sfd_km
        if twice > 1.001:
            assert report_kg(plan, row) * twice != pytest.approx(kg, abs=GRAM)
        far = {n: getattr(row.distance, n) + 1.0 for n in ("sfd_km", "actual_km")}
        longer = replace(row, distance=replace(row.distance, **far))
        assert report_kg(plan, longer) != pytest.approx(kg, abs=GRAM)
    assert seen > 300
    curve = next(r for r, _ in solver_kg(plan) if "curve" in r.element.factor_id)
    box = plan.case.equipment[curve.equipment]
    light = {**plan.case.equipment, curve.equipment: replace(box, tare_kg=0.0)}
    lighter = replace(plan, case=replace(plan.case, equipment=light))
    assert report_kg(lighter, curve) != pytest.approx(curve.element.known.wtw_kg, abs=GRAM)


def test_the_categories_give_the_plan_back(plans: list[Planned]) -> None:
    """tocs.csv: t-km x intensity over all categories is the CO2e of all transport of the plan."""
    for plan in plans:
        rows = toc_rows(plan.books.elements)
        whole = sum(e.known.wtw_kg for e in plan.books.elements if e.kind != "hub" and e.toc_id)
        assert sum(r.co2e_wtw_kg for r in rows) == pytest.approx(whole, abs=0.0005)
        with_work = [r for r in rows if r.intensity_wtw_g_per_tkm is not None]
        said = sum(r.activity_tkm * (r.intensity_wtw_g_per_tkm or 0.0) / 1000 for r in with_work)
        assert said == pytest.approx(sum(r.co2e_wtw_kg for r in with_work), rel=1e-6)
