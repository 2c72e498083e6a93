"""The laws of legs, empty ways and hubs, each against a sum done by hand (in its docstring)."""

from __future__ import annotations

import pytest

from emissions.activity import LegDistance
from emissions.factors import default_book
from emissions.laws import (
    Co2e,
    Declared,
    HubLaw,
    NotCovered,
    UnknownVehicle,
    empty_box_law,
    empty_box_per_km,
    hub_law,
)
from lowhaul.errors import LowhaulError
from tests.emissions.helpers import find_law, law, own_row, same_km, sfd

BOOK = default_book()


def test_container_by_road_carries_its_tare() -> None:
    """100 km x (0.79912 + 0.029293 x (3.9 + 20)) = 79.912 + 70.01027 = 149.92227 kg WTW.

    TTW: 100 x (0.64734 + 0.023626 x 23.9) = 64.734 + 56.46614 = 121.20014 kg.
    """
    found = law()
    laden = found.laden(1, 20_000)
    assert laden.wtw_kg == pytest.approx(149.92227, abs=1e-6)
    assert laden.ttw_kg == pytest.approx(121.20014, abs=1e-6)
    assert found.explain.startswith(
        "factor desnz25_curve_artic_gt33: 100.000 km (actual) x (799.12"
    )


def test_empty_way_of_a_container_carries_the_box() -> None:
    """0.79912 + 0.029293 x 3.9 = 0.9133627 kg a driven km; two boxes over 80 km: 146.138032."""
    found = law()
    assert found.empty_per_km.wtw_kg == pytest.approx(0.9133627, abs=1e-9)
    assert found.empty(2, 80).wtw_kg == pytest.approx(146.138032, abs=1e-6)
    assert empty_box_per_km(BOOK, "", 3900) == found.empty_per_km


def test_trailer_is_part_of_its_vehicle() -> None:
    """ftl: 100 x (0.79912 + 0.029293 x 20) = 79.912 + 58.586 = 138.498 kg, no empty way."""
    found = law(service="ftl")
    assert found.laden(1, 20_000).wtw_kg == pytest.approx(138.498, abs=1e-6)
    assert found.empty_per_km == Co2e.zero()


def test_empty_share_of_total_km_of_a_trailer() -> None:
    """0.2 of all km empty = 0.25 empty km a laden km: 79.912 x 1.25 = 99.89 kg a trailer."""
    found = law(service="ftl", empty_distance_factor=0.2)
    assert found.per_load_unit.wtw_kg == pytest.approx(99.89, abs=1e-9)
    assert "0.25 empty km a laden km" in found.explain


def test_empty_share_is_not_for_a_container_whose_empty_way_is_a_row() -> None:
    assert law(empty_distance_factor=0.3).per_load_unit == law().per_load_unit


def test_empty_share_of_one_is_refused() -> None:
    with pytest.raises(LowhaulError, match="share of total km"):
        law(service="ftl", empty_distance_factor=1.0)


def test_box_at_sea_by_teu_on_actual_kilometres() -> None:
    """18,000 km SFD x 1.15 = 20,700 km x 2 TEU x 19.77 g/t-km x 10 t = 8,184.78 kg a box."""
    found = law(mode="sea", distance=sfd(18_000, 1.15))
    assert found.laden(1, 25_000).wtw_kg == pytest.approx(8184.78, abs=1e-6)
    assert found.laden(1, 25_000) == found.laden(1, 5_000)
    assert found.daf == 1.15
    assert found.proxy
    assert "10 t/TEU" in found.explain


def test_part_load_at_sea_by_tonne() -> None:
    """3 t x 20,700 km x 19.77 g = 1,227.717 kg."""
    found = law(mode="sea", service="lcl", distance=sfd(18_000, 1.15))
    assert found.laden(0, 3_000).wtw_kg == pytest.approx(1227.717, abs=1e-6)
    assert found.proxy


def test_rail_on_cargo_without_tare() -> None:
    """20 t x 1,000 km x 34.7 g = 694 kg; SFD and actual are the same for rail."""
    found = law(mode="rail", distance=sfd(1000, 1.0))
    assert found.laden(1, 20_000).wtw_kg == pytest.approx(694.0, abs=1e-6)
    assert found.proxy
    assert found.daf == 1.0


def test_part_load_by_road_on_the_average_of_all_hgvs() -> None:
    """2 t x 105 km driven x 125.22 g = 26.2962 kg for an SFD of 100 km."""
    found = law(service="ltl", distance=sfd(100, 1.05))
    assert found.laden(0, 2_000).wtw_kg == pytest.approx(26.2962, abs=1e-6)
    assert found.daf == 1.05


def test_air_on_great_circle_and_95_km_without_radiative_forcing() -> None:
    """0.5 t x (8,905 + 95) km x 666.46 g = 2,999.07 kg; activity counts the 8,905 km."""
    found = law(
        mode="air", service="air", distance=LegDistance(8905, 8905, 9000, "gcd", "geodesic")
    )
    assert found.laden(0, 500).wtw_kg == pytest.approx(2999.07, abs=1e-6)
    assert found.daf == pytest.approx(9000 / 8905, abs=1e-6)
    assert not found.proxy


def test_barge_needs_the_planners_factor() -> None:
    """Its own 32 g/t-km, assumed: 20 t x 300 km = 192 kg."""
    missing = find_law(mode="inland_waterway")
    assert isinstance(missing, NotCovered)
    row = own_row(mode="inland_waterway", co2e_wtt_g=7, co2e_ttw_g=25, assumed=True)
    found = law(BOOK.with_own([row]), mode="inland_waterway", distance=same_km(300))
    assert found.laden(1, 20_000).wtw_kg == pytest.approx(192.0)
    assert found.assumed
    assert not found.proxy


def test_road_curve_is_a_proxy_outside_its_country() -> None:
    assert law().proxy
    assert law(region="DE").proxy
    assert not law(region="GB").proxy


def test_declared_per_tkm_wins_and_holds_its_empty_way() -> None:
    """70 g/t-km on SFD: 20 t x 100 km = 140 kg, of it 55 g TTW: 110 kg."""
    book = BOOK.with_own([own_row()])
    bid = Declared("B7", 70.0, 55.0, "tkm", gwp="AR6", source="carrier report", data_type="primary")
    found = law(book, distance=sfd(100, 1.05), declared=bid)
    laden = found.laden(1, 20_000)
    assert (laden.wtw_kg, laden.ttw_kg) == (pytest.approx(140.0), pytest.approx(110.0))
    assert found.empty_per_km == Co2e.zero()
    assert (found.factor_id, found.data_type, found.gwp) == ("bid:B7", "primary", "AR6")
    assert found.daf == 1.0
    assert not found.proxy


def test_declared_without_empty_running_gets_its_empty_way_from_the_curve() -> None:
    bid = Declared("B7", 70.0, 55.0, "tkm", includes_empty=False)
    assert law(declared=bid).empty_per_km == law().empty_per_km


def test_declared_per_vehicle_km_has_a_slope_and_an_empty_way() -> None:
    """100 km x (900 + 25 x 20 t) g = 140 kg; taken as it stands, no tare; empty 0.9 kg a km."""
    bid = Declared("B8", 900.0, 720.0, "vehicle_km", slope_g_per_tkm=25, distance_basis="actual")
    found = law(declared=bid)
    assert found.laden(1, 20_000).wtw_kg == pytest.approx(140.0)
    assert found.laden(1, 20_000).ttw_kg == pytest.approx(112.0)
    assert found.empty_per_km.wtw_kg == pytest.approx(0.9)


def test_declared_per_teu_km() -> None:
    """1 box of 2 TEU x 18,000 km SFD x 60 g = 2,160 kg, whatever it holds."""
    bid = Declared("B9", 60.0, 50.0, "teu_km")
    found = law(mode="sea", distance=sfd(18_000, 1.15), declared=bid)
    assert found.laden(1, 1).wtw_kg == pytest.approx(2160.0)
    assert found.daf == 1.0


def test_teu_km_for_a_part_load_goes_by_ten_tonnes() -> None:
    """60 g/TEU-km = 6 g/t-km: 2 t x 1,000 km = 12 kg."""
    found = law(
        mode="sea",
        service="lcl",
        distance=same_km(1000),
        declared=Declared("B", 60.0, 50.0, "teu_km"),
    )
    assert found.laden(0, 2_000).wtw_kg == pytest.approx(12.0)


def test_declared_without_ttw_is_split_like_the_mode() -> None:
    """DESNZ container ship: 16.12 of 19.77 g are TTW."""
    found = law(mode="sea", declared=Declared("B9", 60.0, None, "teu_km"))
    laden = found.laden(1, 0)
    assert laden.ttw_kg / laden.wtw_kg == pytest.approx(16.12 / 19.77)
    assert "split as desnz25_cargo_ship_container_ship_average_tkm" in found.explain


def test_declared_per_vehicle_km_cannot_serve_a_part_load() -> None:
    found = law(service="ltl", declared=Declared("B8", 900.0, None, "vehicle_km"))
    assert found.factor_id == "desnz25_hgv_all_diesel_all_hgvs_average_laden_tkm"
    assert "co2e_per vehicle_km cannot be used for road ltl" in found.explain


def test_own_factor_is_taken_as_it_stands() -> None:
    """Own 800 g/km and 30 g/t-km: 100 x (0.8 + 0.03 x 20) = 140 kg, without the tare."""
    row = own_row(per="vehicle_km", co2e_wtt_g=160, co2e_ttw_g=640, slope_g_per_tkm=30)
    found = law(BOOK.with_own([row | {"includes_empty": "no"}]))
    assert found.laden(1, 20_000).wtw_kg == pytest.approx(140.0)
    assert found.empty_per_km.wtw_kg == pytest.approx(0.8)
    assert found.source == "own measurement, 2025, own"


def test_own_empty_share_serves_where_the_bid_has_none() -> None:
    row = own_row(per="vehicle_km", includes_empty=False, empty_distance_factor=0.5)
    found = law(BOOK.with_own([row]), service="ftl")
    assert found.per_load_unit.wtw_kg == pytest.approx(2 * 100 * 0.08)


def test_factor_without_wtt_is_not_covered_whole() -> None:
    found = law(mode="rail", vehicle="epa_rail")
    assert not found.wtt_covered
    assert found.per_cargo_kg.wtt_kg == 0.0
    assert "WTT not covered" in found.explain


def test_toc_names_mode_service_vehicle_energy_and_carrier() -> None:
    assert law(carrier="ACME", energy="diesel").toc_id == "road/container/artic_gt33/diesel/ACME"


def test_empty_box_on_an_unknown_vehicle() -> None:
    with pytest.raises(UnknownVehicle, match="artic_gt33") as fault:
        empty_box_per_km(BOOK, "artic_gt44", 3900)
    assert fault.value.exit_code == 3


def test_empty_box_law_names_its_factor() -> None:
    found = empty_box_law(BOOK, "rigid_gt17", 2200, carrier="ACME")
    assert found.factor_id == "desnz25_curve_rigid_gt17"
    assert found.toc_id == "road/container/rigid_gt17/any/ACME"


def hub(**given: object) -> HubLaw | NotCovered:
    usual = {"place_id": "DUI", "wtw_kg_per_t": 1.5, "wtw_kg_per_teu": 6.0, "ttw_kg_per_teu": 4.0}
    return hub_law(**(usual | given))  # type: ignore[arg-type]


def test_hub_counts_tonnes_where_goods_are_restuffed_and_teu_where_not() -> None:
    """18 t x 1.5 = 27 kg; 2 TEU x 6 = 12 kg, of it 8 TTW."""
    restuffed, sealed = hub(restuffed=True), hub(restuffed=False)
    assert isinstance(restuffed, HubLaw)
    assert isinstance(sealed, HubLaw)
    assert restuffed.passage(18_000, 2).wtw_kg == pytest.approx(27.0)
    assert sealed.passage(18_000, 2) == Co2e(4.0, 8.0)
    assert sealed.factor_id == "place:DUI"


def test_hub_without_a_value_is_not_covered_and_an_own_factor_covers_it() -> None:
    missing = hub(restuffed=False, wtw_kg_per_teu=None)
    assert isinstance(missing, NotCovered)
    assert "handling_co2e_wtw_kg_per_teu of DUI" in missing.wanted
    book = BOOK.with_own([own_row(mode="hub", per="teu", co2e_wtt_g=1000, co2e_ttw_g=5000)])
    found = hub(restuffed=False, wtw_kg_per_teu=None, book=book)
    assert isinstance(found, HubLaw)
    assert found.passage(0, 2).wtw_kg == pytest.approx(12.0)
    assert isinstance(hub(restuffed=True, wtw_kg_per_t=None, book=book), NotCovered)


def test_co2e_is_rounded_as_rows_are() -> None:
    """WTW 0.0015 -> 0.002, TTW 0.0005 -> 0.001, WTT is their difference."""
    rounded = Co2e(0.001, 0.0005).rounded()
    assert (rounded.wtt_kg, rounded.ttw_kg) == (0.001, 0.001)
    assert sum([Co2e(1, 2), Co2e(3, 4)]) - Co2e(1, 1) == Co2e(3, 5)


def test_empty_kilometres_of_a_trailer_are_driven_ones() -> None:
    """SFD 100 km = 105 driven: 105 x 0.79912 x 1.25 = 104.8845 kg with 0.2 of all km empty."""
    found = law(service="ftl", distance=sfd(100, 1.05), empty_distance_factor=0.2)
    assert found.per_load_unit.wtw_kg == pytest.approx(104.8845, abs=1e-9)


def test_figure_that_holds_its_empty_running_gets_no_more() -> None:
    """900 g a vehicle-km with its empty running inside: 90 kg, not 112.5."""
    bid = Declared("B8", 900.0, 720.0, "vehicle_km", includes_empty=True)
    found = law(service="ftl", declared=bid, empty_distance_factor=0.2)
    assert found.per_load_unit.wtw_kg == pytest.approx(90.0)
    without = Declared("B8", 900.0, 720.0, "vehicle_km", includes_empty=False)
    found = law(service="ftl", declared=without, empty_distance_factor=0.2)
    assert found.per_load_unit.wtw_kg == pytest.approx(112.5)
