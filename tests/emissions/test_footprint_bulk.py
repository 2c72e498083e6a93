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
    "includes_empty": True, "restuffed": False, "stated": False, "load_units": 1.0, "teu": 0.0,
    "mass_kg": 10_000.0, "sfd_km": 100.0, "gcd_km": 90.0, "actual_km": 105.0, "wtw_kg": NAN,
    "ttw_kg": NAN, "tce_id": "T", "shipment_id": "S", "bid_id": "", "factor_id": "", "toc_id": "",
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
