"""No input gives negative or missing emissions without a finding; sums hold for any element."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emissions.activity import DAF, LegDistance
from emissions.audit import audit
from emissions.co2e import Co2e
from emissions.elements import Element, element_of_row, hub_element, transport_element
from emissions.energy import Consumption, EnergyFactor, toc_intensity
from emissions.factors import FactorBook, default_book
from emissions.footprint import total
from emissions.hubs import hub_law
from emissions.laws import Declared, LegLaw, leg_law
from emissions.rounds import Drop, share_round

BOOK = default_book()
names = st.sampled_from(["", "artic_gt33", "container_average", "freight_train", "zeppelin"])
energies = st.sampled_from(["", "diesel", "electricity", "hvo", "coal"])
modes = st.sampled_from(["road", "sea", "rail", "air", "inland_waterway"])
services = st.sampled_from(["container", "ftl", "ltl", "lcl", "air"])
wild = st.floats(allow_nan=True, allow_infinity=True)
amounts = st.floats(0.0, 1e7)
figures = st.none() | st.builds(
    Declared,
    bid_id=st.just("B"),
    wtw_g=st.floats(-100.0, 5_000.0),
    ttw_g=st.none() | st.floats(-100.0, 5_000.0),
    per=st.sampled_from(["tkm", "teu_km", "vehicle_km", "furlong"]),
    includes_empty=st.booleans(),
)


def element(**given: Any) -> Element:
    usual: dict[str, Any] = {
        "tce_id": "S.1", "kind": "transport", "mode": "road", "load_units": 1.0, "mass_kg": 1000.0,
        "driven_km": 100.0, "activity_tkm": 100.0, "co2e": Co2e(2.0, 8.0),
    }  # fmt: skip
    return Element(**(usual | given))


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"co2e": None, "wanted": "a row"}, ["W390"]),
        ({"wtt_covered": False}, ["W390"]),
        ({"co2e": Co2e(-2.0, 8.0)}, ["E335"]),
        ({"co2e": Co2e(-2.0, 8.0), "toc_id": "road/ftl/artic_gt33/diesel/any"}, ["E335"]),
        ({"co2e": Co2e(-2.0, 8.0), "toc_id": "road/ftl/artic_gt33/hvo/any"}, []),
        ({"co2e": Co2e(-9.0, 8.0), "toc_id": "road/ftl/artic_gt33/hvo/any"}, ["E392"]),
        ({"activity_tkm": 0.0, "mass_kg": 0.01}, []),
        ({"co2e": Co2e(2.0, -8.0)}, ["E392", "E392"]),
        ({"mass_kg": -1.0}, ["E392"]),
        ({"driven_km": math.nan}, ["E392"]),
        ({"activity_tkm": math.inf}, ["E392"]),
        ({"activity_tkm": 0.0}, ["E393"]),
        ({"kind": "empty"}, ["E393"]),
        ({"kind": "empty", "mass_kg": 0.0, "activity_tkm": 0.0}, []),
    ],
)
def test_each_rule_alone(change: dict[str, Any], codes: list[str]) -> None:
    assert [f.code for f in audit([element(**change)])] == codes


def test_errors_stand_first_and_name_their_element() -> None:
    found = audit([element(tce_id="A", co2e=None), element(tce_id="B", mass_kg=-1.0)])
    assert [(f.value, f.severity) for f in found] == [("B", "error"), ("A", "warning")]


@given(modes, services, names, energies, figures, st.floats(0, 2e4), amounts, st.integers(0, 99))
def test_any_leg_has_sound_co2e_or_a_finding(
    mode: str, service: str, vehicle: str, energy: str, bid: Declared | None, km: float,
    cargo_kg: float, units: int,
) -> None:  # fmt: skip
    distance = LegDistance(km, km, km * DAF[mode], "sfd", "test")
    found = leg_law(
        BOOK, mode=mode, service=service, vehicle=vehicle, energy=energy, equipment_teu=2.0,
        equipment_tare_kg=3900.0, distance=distance, declared=bid,
    )  # fmt: skip
    leg = transport_element(
        found, tce_id="S.1", mode=mode, distance=distance, cargo_kg=cargo_kg, load_units=units
    )
    told = {f.code for f in audit([leg])}
    if leg.co2e is None or not isinstance(found, LegLaw):
        assert "W390" in told
        assert leg.wanted
    elif min(leg.co2e.wtw_kg, leg.co2e.ttw_kg) < -0.001:
        assert "E392" in told
    elif leg.co2e.wtt_kg < -0.001:
        assert ("E335" in told) == (energy != "hvo")  # renewable energy may bind carbon before
    else:
        assert leg.co2e.wtw_kg == pytest.approx(leg.co2e.wtt_kg + leg.co2e.ttw_kg, abs=1e-9)


@given(st.dictionaries(
    st.sampled_from(["co2e_wtw_kg", "co2e_ttw_kg", "mass_kg", "activity_tkm", "actual_km", "teu"]),
    st.none() | wild,
), st.sampled_from(["transport", "empty", "hub"]), st.booleans())  # fmt: skip
def test_any_row_of_a_table_has_sound_co2e_or_a_finding(
    cells: dict[str, float | None], kind: str, covered: bool
) -> None:
    """Rows of somebody else's legs.csv: what cannot be is told, what is missing is told."""
    row = {"tce_id": "S.1", "mode": "road", "kind": kind, "covered": covered, **cells}
    try:
        read = element_of_row(row)
    except (ValueError, OverflowError, ArithmeticError):
        return  # an infinite amount has no gram
    told = audit([read])
    known = [read.known.wtw_kg, read.known.ttw_kg, read.known.wtt_kg, read.mass_kg]
    if read.co2e is None or any(not math.isfinite(v) or v < -0.001 for v in known):
        assert told


@given(st.lists(st.tuples(amounts, amounts, st.booleans()), max_size=8))
def test_totals_are_wtt_and_ttw(parts: list[tuple[float, float, bool]]) -> None:
    rows = [element(co2e=Co2e(a, b).rounded() if ok else None) for a, b, ok in parts]
    whole = total(rows).co2e
    assert whole.wtw_kg == pytest.approx(whole.wtt_kg + whole.ttw_kg, abs=1e-6)
    assert whole.wtw_kg == pytest.approx(sum(r.known.wtw_kg for r in rows), abs=1e-3)


@given(st.floats(0.1, 10.0), st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), min_size=1))
def test_scaling_factors_scales_totals(times: float, used: list[tuple[float, float]]) -> None:
    """Of energy, of hubs and of a whole book: k times the factors is k times the CO2e."""
    plain = [Consumption(EnergyFactor("x", "l", 500.0, w), a) for w, a in used]
    more = [Consumption(EnergyFactor("x", "l", 500.0 * times, w * times), a) for w, a in used]
    once, then = (toc_intensity(c, activity=1000.0) for c in (plain, more))
    assert then.wtw_g == pytest.approx(once.wtw_g * times, rel=1e-9)
    assert then.ttw_g == pytest.approx(once.ttw_g * times, rel=1e-9)
    hubs = [
        hub_law(place_id="H", restuffed=True, wtw_kg_per_t=k, wtw_kg_per_teu=None)
        for k in (2.0, 2.0 * times)
    ]
    kg = [hub_element(h, tce_id="H", cargo_kg=1e6).known.wtw_kg for h in hubs]
    assert kg[1] == pytest.approx(kg[0] * times, abs=0.001)
    book = FactorBook(tuple(f.scaled(times) for f in BOOK.default_factors))
    for mode, service in (("sea", "container"), ("rail", "lcl"), ("road", "ftl")):
        laws = [_plain_law(b, mode, service) for b in (BOOK, book)]
        assert laws[1].laden(3, 5e4).wtw_kg == pytest.approx(laws[0].laden(3, 5e4).wtw_kg * times)


def _plain_law(book: FactorBook, mode: str, service: str) -> LegLaw:
    found = leg_law(
        book, mode=mode, service=service, vehicle="", energy="", equipment_teu=2.0,
        equipment_tare_kg=3900.0, distance=LegDistance(500, 480, 525, "sfd", "test"),
        declared=None,
    )  # fmt: skip
    assert isinstance(found, LegLaw)
    return found


@given(amounts, amounts, st.lists(st.tuples(st.floats(1, 3e4), st.floats(1, 900)), min_size=1))
def test_a_round_is_shared_whole(wtt: float, ttw: float, drops: list[tuple[float, float]]) -> None:
    co2e = Co2e(wtt, ttw).rounded()
    shares = share_round(co2e, [Drop(str(i), m, km) for i, (m, km) in enumerate(drops)])
    assert sum(s.wtw_kg for s in shares.values()) == pytest.approx(co2e.wtw_kg, abs=1e-5)
    assert sum(s.ttw_kg for s in shares.values()) == pytest.approx(co2e.ttw_kg, abs=1e-5)
    assert all(s.wtt_kg >= 0 and s.ttw_kg >= 0 for s in shares.values())
