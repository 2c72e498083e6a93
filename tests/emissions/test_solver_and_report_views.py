"""The solver's view (vehicle-km x payload, TEU-km) is the report's view (t-km x intensity)."""

from __future__ import annotations

import pytest

from emissions.activity import LegDistance
from emissions.elements import Element, empty_element, transport_element
from emissions.factors import default_book
from emissions.footprint import chain_totals, toc_rows, total
from tests.emissions.helpers import law, sfd

ROAD_KM, SEA_KM, RAIL_KM = sfd(120, 1.05), sfd(18_000, 1.15), sfd(900, 1.0)
TARE_T = 3.9


def plan(boxes: int, cargo_kg: float, shipment: str) -> list[Element]:
    """Truck to the port (empty box first), ship, train: one transport chain."""
    chain: list[Element] = []
    stages: list[tuple[str, LegDistance]] = [("road", ROAD_KM), ("sea", SEA_KM), ("rail", RAIL_KM)]
    for seq, (mode, distance) in enumerate(stages, 1):
        found = law(mode=mode, distance=distance, carrier="A")
        tce_id = f"{shipment}.{seq}"
        if mode == "road":
            chain.append(
                empty_element(
                    found,
                    tce_id=tce_id,
                    driven_km=distance.actual_km,
                    load_units=boxes,
                    shipment_id=shipment,
                )
            )
        chain.append(
            transport_element(
                found,
                tce_id=tce_id,
                mode=mode,
                distance=distance,
                cargo_kg=cargo_kg,
                load_units=boxes,
                teu=2 * boxes,
                shipment_id=shipment,
            )
        )
    return chain


def solver_kg(boxes: int, cargo_kg: float) -> float:
    """The plan's CO2e from vehicle-kilometres and TEU-kilometres, without any law."""
    book = default_book()
    curve = book.by_id("desnz25_curve_artic_gt33")
    ship = book.by_id("desnz25_cargo_ship_container_ship_average_tkm")
    train = book.by_id("desnz25_rail_freight_train_tkm")
    assert curve
    assert ship
    assert train
    vehicle_km = boxes * ROAD_KM.actual_km
    payload_t = TARE_T + cargo_kg / 1000 / boxes
    laden = vehicle_km * (curve.wtw_g + curve.slope_wtw_g_per_tkm * payload_t)
    empty = vehicle_km * (curve.wtw_g + curve.slope_wtw_g_per_tkm * TARE_T)
    sea = 2 * boxes * SEA_KM.actual_km * ship.wtw_g * 10
    rail = cargo_kg / 1000 * RAIL_KM.actual_km * train.wtw_g
    return (laden + empty + sea + rail) / 1000


@pytest.mark.parametrize(("boxes", "cargo_kg"), [(1, 21_000.0), (7, 98_765.4), (30, 600_000.0)])
def test_both_views_of_one_plan_are_the_same(boxes: int, cargo_kg: float) -> None:
    """Rows are rounded to the gram, so four rows may differ by two grams in all."""
    chain = plan(boxes, cargo_kg, "S-0001")
    assert total(chain).co2e.wtw_kg == pytest.approx(solver_kg(boxes, cargo_kg), abs=0.003)


def test_intensity_times_activity_gives_the_plan_back() -> None:
    """The report of t-km x g/t-km by TOC, over two shipments of unlike load rates."""
    elements = plan(4, 84_000, "S-0001") + plan(6, 60_000, "S-0002")
    rows = toc_rows(elements)
    report = sum(r.activity_tkm * (r.intensity_wtw_g_per_tkm or 0.0) for r in rows) / 1000
    whole = solver_kg(4, 84_000) + solver_kg(6, 60_000)
    assert report == pytest.approx(whole, rel=1e-7)
    assert {r.mode for r in rows} == {"road", "sea", "rail"}


def test_a_better_load_rate_lowers_intensity_not_activity() -> None:
    """The same 84 t in 4 boxes instead of 6: less CO2e on equal t-km."""
    full, part = total(plan(4, 84_000, "S-0001")), total(plan(6, 84_000, "S-0001"))
    assert full.activity_tkm == part.activity_tkm
    assert full.co2e.wtw_kg < part.co2e.wtw_kg
    assert (full.intensity_wtw_g_per_tkm or 0) < (part.intensity_wtw_g_per_tkm or 0)


def test_distance_adjustment_counts_once() -> None:
    """t-km on SFD x intensity per actual t-km x DAF is what the row says."""
    leg = plan(1, 20_000, "S-0001")[3]
    assert leg.mode == "rail"
    road = plan(1, 20_000, "S-0001")[1]
    per_actual = road.known.wtw_kg / (20 * ROAD_KM.actual_km)
    assert road.activity_tkm * per_actual * road.daf == pytest.approx(road.known.wtw_kg, rel=1e-9)
    assert leg.activity_tkm * 0.0347 * leg.daf == pytest.approx(leg.known.wtw_kg, rel=1e-9)


def test_chains_hold_their_empty_ways() -> None:
    elements = plan(2, 40_000, "S-0001")
    assert chain_totals(elements)["S-0001"].co2e.wtw_kg == pytest.approx(
        solver_kg(2, 40_000), abs=0.003
    )
