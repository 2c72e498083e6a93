"""Looking factors up: priorities, names, energies, and what a miss says."""

from __future__ import annotations

import math

import pytest

from emissions.factors import Factor, NotCovered, default_book, own_factor, split_fault
from lowhaul.errors import InputRejected
from tests.emissions.helpers import own_row

BOOK = default_book()


def factor(found: Factor | NotCovered) -> Factor:
    assert isinstance(found, Factor), found
    return found


def wanted(found: Factor | NotCovered) -> str:
    assert isinstance(found, NotCovered), found
    return found.wanted


@pytest.mark.parametrize(
    ("mode", "service", "vehicle", "per"),
    [
        ("road", "container", "artic_gt33", "vehicle_km"),
        ("road", "ftl", "artic_gt33", "vehicle_km"),
        ("road", "ltl", "all_hgvs", "tkm"),
        ("sea", "container", "container_average", "tkm"),
        ("sea", "lcl", "container_average", "tkm"),
        ("rail", "container", "freight_train", "tkm"),
        ("air", "air", "aircraft_international", "tkm"),
    ],
)
def test_blank_vehicle_of_each_mode(mode: str, service: str, vehicle: str, per: str) -> None:
    found = factor(BOOK.find(mode, "", "", service))
    assert (found.vehicle, found.per) == (vehicle, per)


def test_names_regardless_of_case_blanks_and_hyphens() -> None:
    assert factor(BOOK.find("sea", "Container 8000-TEU", "", "container")).wtw_g == pytest.approx(
        15.53
    )


def test_a_miss_names_the_nearest_vehicles() -> None:
    text = wanted(BOOK.find("sea", "container_8000", "", "container"))
    assert "container_8000_teu" in text
    assert "vehicle container_8000" in text
    assert "co2e_wtw_g" in text


def test_a_diesel_curve_does_not_serve_an_electric_lorry() -> None:
    assert "energy electricity" in wanted(BOOK.find("road", "artic_gt33", "electricity", "ftl"))
    assert factor(BOOK.find("road", "artic_gt33", "Diesel", "ftl")).energy == "diesel"


def test_a_factor_without_energy_serves_any() -> None:
    assert factor(BOOK.find("rail", "", "electricity", "container")).vehicle == "freight_train"


def test_barges_have_no_open_factor() -> None:
    text = wanted(BOOK.find("inland_waterway", "", "", "container"))
    assert "no open factor exists for barges" in text
    assert "marked assumed" in text


def test_own_pack_goes_before_the_default() -> None:
    book = BOOK.with_own([own_row(mode="rail", vehicle="freight_train")])
    assert factor(book.find("rail", "", "", "container")).pack == "own"
    assert factor(BOOK.find("rail", "", "", "container")).pack == "default"


def test_own_row_without_vehicle_serves_every_vehicle_of_its_mode() -> None:
    book = BOOK.with_own([own_row(), own_row(factor_id="OWN-2", vehicle="rigid_gt17")])
    assert factor(book.find("road", "artic_gt33", "", "ftl")).factor_id == "OWN-1"
    assert factor(book.find("road", "rigid_gt17", "", "ftl")).factor_id == "OWN-2"


def test_blank_road_vehicle_is_the_default_lorry_and_no_other() -> None:
    book = BOOK.with_own([own_row(vehicle="lng_truck")])
    assert factor(book.find("road", "", "", "ftl")).pack == "default"
    assert factor(book.find("road", "lng_truck", "", "ftl")).pack == "own"


def test_the_only_barge_of_the_own_pack_needs_no_name_but_one_of_two_does() -> None:
    one = own_row(mode="inland_waterway", vehicle="barge_110m", assumed="yes")
    two = own_row(factor_id="OWN-2", mode="inland_waterway", vehicle="barge_135m")
    found = factor(BOOK.with_own([one]).find("inland_waterway", "", "", "container"))
    assert found.assumed
    text = wanted(BOOK.with_own([one, two]).find("inland_waterway", "", "", "container"))
    assert "name the vehicle: barge_110m, barge_135m" in text


def test_nearest_region_first() -> None:
    rows = [
        own_row(factor_id="DE", mode="rail", region="DE"),
        own_row(factor_id="ALL", mode="rail"),
        own_row(factor_id="CN", mode="rail", region="CN"),
    ]
    book = BOOK.with_own(rows)
    assert factor(book.find("rail", service="container", region="CN")).factor_id == "CN"
    assert factor(book.find("rail", service="container", region="FR")).factor_id == "ALL"


def test_own_row_as_a_frame_gives_it() -> None:
    """Blank numbers come as NaN, booleans as bool, yes or no."""
    row = own_row(co2e_wtt_g=math.nan, per="vehicle_km", slope_g_per_tkm=30.0, includes_empty="no")
    found = own_factor(row)
    assert found.wtt_g is None
    assert found.wtw_g == 60.0
    assert found.slope_ttw_g_per_tkm == 30.0
    assert not found.includes_empty


def test_own_slope_is_split_as_the_row() -> None:
    """20 of 80 g are WTT, so a quarter of the slope of 30 is: 7.5 and 22.5."""
    found = own_factor(own_row(per="vehicle_km", slope_g_per_tkm=30.0))
    assert (found.slope_wtt_g_per_tkm, found.slope_ttw_g_per_tkm) == (7.5, 22.5)


def test_own_row_without_ttw_is_refused() -> None:
    with pytest.raises(InputRejected) as fault:
        own_factor(own_row(co2e_ttw_g=None))
    assert fault.value.findings[0].column == "co2e_ttw_g"


def test_ttw_above_wtw_is_for_renewable_fuels_only() -> None:
    assert "TTW (2.8 g) is above WTW (2.67 g)" in split_fault(2.67, 2.8, "Diesel")
    assert split_fault(2.67, 2.8, "HVO") == ""
    assert split_fault(3.0, 2.8, "diesel") == ""
