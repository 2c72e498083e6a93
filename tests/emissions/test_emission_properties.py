"""What must hold for any leg: sums, scaling, splitting, signs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emissions.activity import DAF, LegDistance
from emissions.co2e import Co2e
from emissions.factors import FactorBook, default_book
from emissions.footprint import allocate
from emissions.laws import Declared, LegLaw
from tests.emissions.helpers import law

BOOK = default_book()
DOUBLE = FactorBook(tuple(f.scaled(2.0) for f in BOOK.default_factors))
SERVICES = (
    ("road", "container"),
    ("road", "ftl"),
    ("road", "ltl"),
    ("sea", "container"),
    ("sea", "lcl"),
    ("rail", "container"),
    ("air", "air"),
)
services = st.sampled_from(SERVICES)
kilometres = st.floats(1.0, 20_000.0)
cargo = st.floats(0.0, 28_000.0)
units = st.integers(1, 50)
declared = st.builds(
    Declared,
    bid_id=st.just("B"),
    wtw_g=st.floats(0.0, 2_000.0),
    ttw_g=st.none(),
    per=st.sampled_from(["tkm", "teu_km", "vehicle_km"]),
    includes_empty=st.booleans(),
    slope_g_per_tkm=st.floats(0.0, 100.0),
    distance_basis=st.sampled_from(["sfd", "gcd", "actual"]),
)


def leg(km: float, mode: str) -> LegDistance:
    return LegDistance(km, km * 0.9, km * DAF[mode], "sfd", "test")


def any_law(service: tuple[str, str], km: float, bid: Declared | None = None) -> LegLaw:
    mode, kind = service
    return law(mode=mode, service=kind, distance=leg(km, mode), declared=bid)


def close(a: Co2e, b: Co2e) -> bool:
    return a.wtt_kg == pytest.approx(b.wtt_kg, rel=1e-9, abs=1e-9) and a.ttw_kg == pytest.approx(
        b.ttw_kg, rel=1e-9, abs=1e-9
    )


@given(services, kilometres, units, cargo, st.none() | declared)
def test_wtw_is_wtt_and_ttw_and_nothing_is_negative(
    service: tuple[str, str], km: float, n: int, kg: float, bid: Declared | None
) -> None:
    found = any_law(service, km, bid)
    for part in (found.laden(n, kg * n), found.empty(n, km)):
        assert part.wtw_kg == pytest.approx(part.wtt_kg + part.ttw_kg)
        assert part.wtt_kg >= -1e-9
        assert part.ttw_kg >= 0
        rounded = part.rounded()
        assert rounded.wtw_kg == pytest.approx(rounded.wtt_kg + rounded.ttw_kg, abs=1e-9)


@given(services, kilometres, units, cargo)
def test_factors_twice_as_high_give_twice_the_co2e(
    service: tuple[str, str], km: float, n: int, kg: float
) -> None:
    mode, kind = service
    once = any_law(service, km)
    twice = law(DOUBLE, mode=mode, service=kind, distance=leg(km, mode))
    assert close(2 * once.laden(n, kg * n), twice.laden(n, kg * n))
    assert close(2 * once.empty(n, km), twice.empty(n, km))


@given(services, kilometres, st.floats(0.05, 0.95), units, cargo, st.none() | declared)
def test_a_leg_split_in_two_keeps_its_sum(
    service: tuple[str, str], km: float, at: float, n: int, kg: float, bid: Declared | None
) -> None:
    whole = any_law(service, km, bid).laden(n, kg * n)
    parts = sum(any_law(service, part, bid).laden(n, kg * n) for part in (km * at, km * (1 - at)))
    assert isinstance(parts, Co2e)
    assert close(whole, parts)


@given(services, kilometres, units, units, cargo, cargo)
def test_a_load_split_on_two_rows_keeps_its_sum(
    service: tuple[str, str], km: float, n: int, m: int, a: float, b: float
) -> None:
    found = any_law(service, km)
    assert close(found.laden(n, a) + found.laden(m, b), found.laden(n + m, a + b))


@given(kilometres, st.floats(1.0, 20_000.0))
def test_a_fuller_box_never_has_a_worse_intensity(km: float, kg: float) -> None:
    """What a fixed g/t-km cannot see: more cargo on the same vehicle lowers g/t-km."""
    for service in (("road", "container"), ("sea", "container")):
        found = any_law(service, km)
        light, full = found.laden(1, kg), found.laden(1, kg * 1.2)
        assert full.wtw_kg / (kg * 1.2) < light.wtw_kg / kg


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.lists(st.floats(0.1, 1e5), min_size=1))
def test_allocation_adds_up_to_the_gram(wtt: float, ttw: float, weights: list[float]) -> None:
    whole = Co2e(wtt, ttw).rounded()
    parts = allocate(whole, weights)
    assert sum(p.wtw_kg for p in parts) == pytest.approx(whole.wtw_kg, abs=1e-6)
    assert sum(p.ttw_kg for p in parts) == pytest.approx(whole.ttw_kg, abs=1e-6)


def test_unit_of_a_declared_figure_does_not_change_its_data() -> None:
    bid = Declared("B", 60.0, 50.0, "teu_km", gwp="AR6", data_type="modelled")
    found = any_law(("sea", "container"), 1000.0, replace(bid, per="tkm"))
    assert (found.gwp, found.data_type) == ("AR6", "modelled")
