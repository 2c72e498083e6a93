"""A million rows at once must be what one row after the other is, to the gram."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.bulk import Bulk, asked_of, bulk_footprint, done_of
from emissions.executed import HubValues, element_of
from emissions.factors import FactorBook, default_book
from lowhaul.rounding import rounded
from lowhaul.units import round_half_up
from tests.emissions.helpers import own_row

BOOK = default_book()
OWN = BOOK.with_own(
    [
        own_row(factor_id="BARGE", mode="inland_waterway", co2e_wtt_g=5.0, co2e_ttw_g=21.7),
        own_row(factor_id="HUB-T", mode="hub", per="t", co2e_wtt_g=None, co2e_ttw_g=600.0),
        own_row(
            factor_id="SEA", mode="sea", per="teu_km", distance_basis="actual", assumed=True,
            co2e_wtt_g=11.3, co2e_ttw_g=72.9,
        ),
        own_row(
            factor_id="TRUCK", vehicle="own_truck", per="vehicle_km", includes_empty=False,
            slope_g_per_tkm=21.5, co2e_wtt_g=150.0, co2e_ttw_g=640.0, distance_basis="actual",
            empty_distance_factor=0.2,
        ),
    ]
)  # fmt: skip
HUBS = {"H1": HubValues(1.2, 30.0, 0.4, 10.0, "metered"), "H2": HubValues()}
NAN = float("nan")

BLANK: dict[str, Any] = {
    "kind": "transport", "mode": "road", "service": "ltl", "vehicle": "", "energy": "",
    "carrier": "", "region": "", "per": "", "basis": "sfd", "gwp": "", "data_type": "",
    "source": "", "place": "", "equipment_teu": 0.0, "equipment_tare_kg": 0.0,
    "empty_distance_factor": NAN, "wtw_g": NAN, "ttw_g": NAN, "slope_g_per_tkm": 0.0,
    "includes_empty": True, "restuffed": False, "stated": False, "serves": True,
    "load_units": 1.0, "teu": 0.0,
    "mass_kg": 10_000.0, "sfd_km": 100.0, "gcd_km": 90.0, "actual_km": 105.0, "wtw_kg": NAN,
    "ttw_kg": NAN, "tce_id": "T", "shipment_id": "S", "bid_id": "", "factor_id": "", "toc_id": "",
    "factor_pack": "",
    "whole": True,
}  # fmt: skip


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([BLANK | row for row in rows])


def bulk(*rows: dict[str, Any], book: FactorBook = BOOK) -> Bulk:
    return bulk_footprint(frame(*rows), book, HUBS)


def box(**given: Any) -> dict[str, Any]:
    """A 40 ft high cube of 2 TEU and 3.9 t tare."""
    return {"service": "container", "equipment_teu": 2.0, "equipment_tare_kg": 3900.0} | given


nice = st.sampled_from([0.0, 0.5, 1.0, 12.5, 100.0, 333.333, 1234.5, 20_000.0])
kilometres = nice | st.integers(0, 25_000_000).map(lambda m: m / 1000)
kilograms = nice | st.floats(0.0, 900_000.0)
grams = st.sampled_from([0.0, 5.0, 62.5, 80.0]) | st.floats(0.0, 900.0)
services = st.sampled_from(
    [
        ("road", "container"), ("road", "ftl"), ("road", "ltl"), ("sea", "container"),
        ("sea", "lcl"), ("rail", "container"), ("rail", "ltl"), ("air", "air"),
        ("inland_waterway", "container"), ("inland_waterway", "ltl"),
    ]
)  # fmt: skip


@st.composite
def any_row(draw: st.DrawFn) -> dict[str, Any]:
    mode, service = draw(services)
    row: dict[str, Any] = {
        "kind": draw(st.sampled_from(["transport"] * 6 + ["empty", "hub"])),
        "mode": mode,
        "service": service,
        "vehicle": draw(st.sampled_from(["", "", "own_truck", "rigid_gt17", "epa_truck"])),
        "energy": draw(st.sampled_from(["", "", "diesel", "electricity"])),
        "carrier": draw(st.sampled_from(["", "A"])),
        "region": draw(st.sampled_from(["", "GB"])),
        "load_units": draw(st.sampled_from([0.0, 1.0, 2.0, 7.0])),
        "mass_kg": draw(kilograms),
        "sfd_km": draw(kilometres),
        "gcd_km": draw(kilometres | st.just(NAN)),
        "actual_km": draw(kilometres),
        "bid_id": draw(st.sampled_from(["", "B1", "B2"])),
        "serves": draw(st.booleans()),
    }
    if service == "container":
        row |= {"equipment_teu": draw(st.sampled_from([1.0, 2.0])), "equipment_tare_kg": 3900.0}
        row["teu"] = row["equipment_teu"] * row["load_units"]
    if service == "ftl":
        row["empty_distance_factor"] = draw(st.sampled_from([NAN, 0.0, 0.25]))
    if draw(st.booleans()):
        row |= {
            "per": draw(st.sampled_from(["tkm", "teu_km", "vehicle_km"])),
            "wtw_g": draw(grams),
            "basis": draw(st.sampled_from(["sfd", "actual"])),
            "includes_empty": draw(st.booleans()),
            "slope_g_per_tkm": draw(st.sampled_from([0.0, 0.0, 11.0])),
            "gwp": draw(st.sampled_from(["", "AR6"])),
            "data_type": draw(st.sampled_from(["", "primary"])),
        }
        row["ttw_g"] = draw(st.just(NAN) | st.floats(0.0, 1.0).map(lambda s: s * row["wtw_g"]))
    if row["kind"] == "hub":
        row |= {"mode": "hub", "place": draw(st.sampled_from(["H1", "H2", "X"])), "per": ""}
        row["restuffed"] = draw(st.booleans())
    elif draw(st.integers(0, 5)) == 0:
        row |= {"stated": True, "wtw_kg": draw(kilograms), "factor_id": "own", "whole": True}
        row["ttw_kg"] = draw(st.just(NAN) | st.floats(0.0, 1.0).map(lambda s: s * row["wtw_kg"]))
    return row


def same_as_one_by_one(rows: pd.DataFrame, book: FactorBook) -> Bulk:
    found = bulk_footprint(rows, book, HUBS)
    for i, (asked, done) in enumerate(zip(asked_of(rows), done_of(rows), strict=True)):
        one = element_of(book, asked, done, HUBS)
        many = found.columns.iloc[i]
        if one.co2e is None:
            assert np.isnan(many["co2e_wtw_kg"]), (i, one)
            assert not many["covered"]
            continue
        if np.isnan(rows["gcd_km"].iloc[i]) and np.isnan(many["co2e_wtw_kg"]):
            assert one.factor_distance_basis == "gcd" or one.mode == "air"
            continue
        want = one.row()
        for name in ("co2e_wtt_kg", "co2e_ttw_kg", "co2e_wtw_kg", "activity_tkm", "covered"):
            assert many[name] == want[name], (i, name, one)
        for name in ("toc_id", "factor_id", "factor_distance_basis", "data_type", "proxy"):
            assert many[name] == want[name], (i, name, one)
        assert many["gwp"] == one.gwp
        assert many["assumed"] == one.assumed
        assert many["daf"] == pytest.approx(one.daf, abs=2e-6)
    return found


@settings(deadline=None, max_examples=40)
@given(st.lists(any_row(), min_size=1, max_size=12))
def test_all_at_once_is_one_by_one_to_the_gram(rows: list[dict[str, Any]]) -> None:
    same_as_one_by_one(frame(*rows), OWN)


numbers = st.floats(-1e9, 1e9) | st.integers(-(10**7), 10**7).map(lambda i: i / 2000)


@settings(deadline=None)
@given(st.lists(numbers, min_size=1, max_size=50), st.sampled_from([0, 2, 3, 6]))
def test_columns_round_half_up_as_single_values_do(values: list[float], digits: int) -> None:
    found = rounded(np.array(values), digits)
    assert found.tolist() == [round_half_up(v, digits) for v in values]


def test_what_is_blank_stays_blank_when_rounded() -> None:
    assert np.isnan(rounded(np.array([NAN]))[0])
    assert np.isinf(rounded(np.array([float("inf")]))[0])


def test_a_part_load_by_hand() -> None:
    """10 t x 110 km (actual) = 1,100 t-km at the g/t-km of all HGVs, average laden."""
    factor = BOOK.by_id("desnz25_hgv_all_diesel_all_hgvs_average_laden_tkm")
    assert factor is not None
    assert factor.wtt_g is not None
    row = bulk({"actual_km": 110.0}).columns.iloc[0]
    assert row["co2e_wtw_kg"] == round_half_up(1.1 * factor.wtw_g, 3)
    assert row["co2e_ttw_kg"] == round_half_up(1.1 * factor.ttw_g, 3)
    assert row["activity_tkm"] == 1000.0
    assert row["daf"] == 1.1


def test_a_box_on_the_road_and_its_empty_way_by_hand() -> None:
    """2 boxes of 3.94 t tare, 41 t of goods, 480 km on the curve of artic_gt33.

    TTW: 480 x (2 x 647.34 + 23.626 x (2 x 3.94 + 41)) g = 480 x 2449.519 g = 1175.769 kg.
    Empty: 2 x 480 x (647.34 + 23.626 x 3.94) g = 960 x 740.426 g = 710.809 kg.
    """
    haul = box(
        equipment_tare_kg=3940.0, load_units=2.0, mass_kg=41_000.0, actual_km=480.0, sfd_km=457.143
    )
    found = bulk(haul, haul | {"kind": "empty", "mass_kg": 0.0})
    assert found.columns["co2e_ttw_kg"].tolist() == [1175.769, 710.809]
    assert found.columns["activity_tkm"].tolist() == [18742.863, 0.0]
    assert found.empty_missing[found.group[0]]


def test_a_declared_figure_by_hand() -> None:
    """4 TEU x 19,500 km x 82 g = 6,396 kg, of it 70 g x 4 x 19,500 = 5,460 kg tank-to-wheel."""
    sea = box(mode="sea", load_units=2.0, sfd_km=19_500.0, per="teu_km", wtw_g=82.0, ttw_g=70.0)
    found = bulk(sea | {"carrier": "Jade"}, sea | {"bid_id": "B7"})
    first = found.columns.iloc[0]
    assert (first["co2e_wtw_kg"], first["co2e_ttw_kg"], first["co2e_wtt_kg"]) == (6396, 5460, 936)
    assert found.columns["factor_id"].tolist() == ["declared:Jade", "bid:B7"]


def test_a_figure_that_cannot_serve_the_leg_is_passed_over_and_said() -> None:
    found = bulk(box(mode="sea", per="vehicle_km", wtw_g=900.0), box(mode="sea"))
    assert found.columns["co2e_wtw_kg"].nunique() == 1
    assert found.passed_over[found.group].tolist() == [True, False]


def test_a_barge_without_a_factor_is_not_covered_and_never_zero() -> None:
    found = bulk({"mode": "inland_waterway"}, {})
    assert np.isnan(found.columns["co2e_wtw_kg"].iloc[0])
    assert found.columns["covered"].tolist() == [False, True]
    assert "no open factor exists for barges" in found.wanted[0]


def test_an_empty_train_has_no_law() -> None:
    found = bulk(box(kind="empty", mode="rail"))
    assert not found.columns["covered"].iloc[0]
    assert "empty way by rail" in found.wanted[0]


def test_a_factor_without_well_to_tank_is_known_in_part() -> None:
    found = bulk(box(vehicle="epa_truck", service="ltl")).columns.iloc[0]
    assert found["co2e_wtw_kg"] == found["co2e_ttw_kg"] > 0
    assert not found["covered"]


def test_an_empty_way_counts_once() -> None:
    """A figure per t-km holds the empty way of its own haul, not that of a box for its own sake."""
    book = BOOK.with_own([own_row(factor_id="ROAD")])
    way = box(kind="empty", actual_km=50.0, equipment_tare_kg=3940.0)
    found = bulk(way, way | {"serves": False}, book=book).columns
    assert found["co2e_wtw_kg"].tolist() == [0.0, round_half_up(50 * 0.91453442, 3)]
    assert found["factor_id"].tolist() == ["ROAD", "desnz25_curve_artic_gt33"]


def test_hubs_count_per_tonne_or_per_teu() -> None:
    """41 t x 1.2 kg = 49.2 kg re-stuffed; 4 TEU x 30 kg = 120 kg sealed; X has no value."""
    hub = {"kind": "hub", "mode": "hub", "service": "", "mass_kg": 41_000.0, "teu": 4.0}
    found = bulk(
        hub | {"place": "H1", "restuffed": True},
        hub | {"place": "H1"},
        hub | {"place": "X"},
    ).columns
    assert found["co2e_wtw_kg"].tolist()[:2] == [49.2, 120.0]
    assert found["toc_id"].tolist() == ["hub/H1/restuffed", "hub/H1/sealed", ""]
    assert found["covered"].tolist() == [True, True, False]


def test_stated_kilograms_are_taken_and_split_as_the_default_factor() -> None:
    given_split = {"stated": True, "wtw_kg": 100.0, "ttw_kg": 80.0, "toc_id": "T", "gwp": "AR6"}
    found = bulk(given_split, {"stated": True, "wtw_kg": 100.0}).columns
    assert found["co2e_wtw_kg"].tolist() == [100.0, 100.0]
    like = BOOK.find("road", "", "", "ltl")
    assert found["co2e_ttw_kg"].tolist() == [80.0, round_half_up(100 * like.ttw_share, 3)]  # type: ignore[union-attr]
    assert found["toc_id"].tolist() == ["T", "road/ltl/all_hgvs/any/any"]
    assert found["factor_id"].tolist() == ["stated", "stated"]


@settings(deadline=None, max_examples=25)
@given(st.lists(any_row(), min_size=1, max_size=12))
def test_well_to_wheel_is_the_sum_and_nothing_is_missing_in_silence(
    rows: list[dict[str, Any]],
) -> None:
    found = bulk_footprint(frame(*rows), OWN, HUBS)
    columns = found.columns
    known = columns["co2e_wtw_kg"].notna()
    whole = (columns["co2e_wtt_kg"] + columns["co2e_ttw_kg"] - columns["co2e_wtw_kg"])[known]
    assert (whole.abs() < 1e-6).all()
    assert (columns.loc[known, ["co2e_wtt_kg", "co2e_ttw_kg", "co2e_wtw_kg"]] >= 0).all().all()
    # what has no figure says what would give it one, or lacks the kilometres of its basis
    for g, covered in zip(found.group[~known], columns.loc[~known, "covered"], strict=True):
        assert not covered
        assert getattr(found.laws[g], "wanted", "") or frame(*rows)["gcd_km"].isna().any()


@settings(deadline=None, max_examples=25)
@given(st.lists(any_row(), min_size=1, max_size=8), st.sampled_from([2.0, 3.0]))
def test_scaling_the_factors_scales_the_totals(rows: list[dict[str, Any]], by: float) -> None:
    """Rows of default factors alone: each is scaled to within its rounding, half a gram a row."""
    plain = [r | {"per": "", "stated": False, "vehicle": ""} for r in rows if r["kind"] != "hub"]
    if not plain:
        return
    scaled = FactorBook(tuple(f.scaled(by) for f in BOOK.default_factors))
    once = bulk_footprint(frame(*plain), BOOK).columns["co2e_wtw_kg"].sum()
    more = bulk_footprint(frame(*plain), scaled).columns["co2e_wtw_kg"].sum()
    assert more == pytest.approx(by * once, abs=0.001 * (by + 1) * len(plain), rel=1e-12)


@settings(deadline=None, max_examples=25)
@given(any_row(), st.floats(0.1, 0.9))
def test_a_leg_split_in_two_emits_the_same(row: dict[str, Any], share: float) -> None:
    """All laws are straight lines in kilometres: two parts are the whole, to their rounding."""
    if row["kind"] == "hub" or row.get("stated"):
        return
    parts = [
        row | {name: row[name] * part for name in ("sfd_km", "gcd_km", "actual_km")}
        for part in (share, 1.0 - share)
    ]
    found = bulk_footprint(frame(row, *parts), OWN).columns["co2e_wtw_kg"]
    if found.isna().any():
        assert found.isna().all()
        return
    assert found.iloc[1:].sum() == pytest.approx(found.iloc[0], abs=0.0021, rel=1e-12)


def test_rows_near_half_a_gram_are_computed_one_by_one() -> None:
    """1 t x 1 km x 62.5 g = 62.5 g: exactly a half, which goes up to 63 g."""
    found = bulk(
        {"per": "tkm", "wtw_g": 62.5, "ttw_g": 62.5, "mass_kg": 1000.0, "sfd_km": 1.0},
        {"per": "tkm", "wtw_g": 62.3, "ttw_g": 62.3, "mass_kg": 1000.0, "sfd_km": 1.0},
    )
    assert found.columns["co2e_wtw_kg"].tolist() == [0.063, 0.062]
    assert found.recomputed == 1


def test_no_row_is_no_fault() -> None:
    assert len(bulk_footprint(frame({}).iloc[:0], BOOK).columns) == 0
