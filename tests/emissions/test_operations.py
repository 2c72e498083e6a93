"""Operations by hand: energy, hubs, electricity, rounds, utilisation, empty boxes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emissions.co2e import Co2e
from emissions.electricity import delivered_g_per_kwh, electricity, grid, grids
from emissions.elements import Element, empty_element, transport_element
from emissions.empty_moves import as_freight, counted_twice
from emissions.energy import (
    Consumption,
    EnergyFactor,
    fuel,
    fuels,
    hoc_intensity,
    toc_intensity,
)
from emissions.factors import NotCovered, default_book
from emissions.footprint import toc_rows, total
from emissions.hubs import HubLaw, hub_law
from emissions.laws import Declared, empty_box_law
from emissions.rounds import Drop, round_intensity, share_round
from emissions.utilisation import (
    empty_per_loaded,
    empty_share_of_total,
    improved_tkm_litres,
    teu_of_length,
    voyage_intensity,
)
from lowhaul.errors import LowhaulError
from tests.emissions.helpers import law, own_row, sfd

BY_VEHICLE = Declared("B", 900.0, 800.0, "vehicle_km", distance_basis="actual")
DIESEL = EnergyFactor("diesel", "l", 610.0, 2510.0)


def test_intensity_of_a_mixed_fleet() -> None:
    """1,000 l x 3.12 kg + 2,000 kWh x 0.5 kg = 4,120 kg on 50,000 t-km: 82.4 g; TTW 2,510 kg."""
    current = EnergyFactor("electricity", "kWh", 500.0, 0.0)
    used = [Consumption(DIESEL, 1000.0), Consumption(current, 2000.0)]
    found = toc_intensity(used, activity=50_000.0, loaded_km=4000, empty_km=1000)
    assert found.wtw_g == pytest.approx(82.4)
    assert found.ttw_g == pytest.approx(50.2)
    assert found.wtt_g == pytest.approx(32.2)
    assert found.empty_distance_factor == 0.2


def test_energy_without_its_supply_is_not_covered_whole() -> None:
    bare = replace(DIESEL, wtt_g=None)
    found = toc_intensity([Consumption(DIESEL, 1), Consumption(bare, 1)], activity=1)
    assert not found.wtt_covered
    assert toc_intensity([Consumption(DIESEL, 1)], activity=1).wtt_covered


@pytest.mark.parametrize(
    ("used", "activity", "words"),
    [([], 1.0, "energy"), ([Consumption(DIESEL, 1.0)], 0.0, "activity")],
)
def test_an_intensity_needs_energy_and_activity(
    used: list[Consumption], activity: float, words: str
) -> None:
    with pytest.raises(LowhaulError, match=words):
        toc_intensity(used, activity=activity)


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(LowhaulError, match="negative"):
        DIESEL.of(-1.0)


def test_the_distance_adjustment_counts_once() -> None:
    found = toc_intensity([Consumption(DIESEL, 1000.0)], activity=10_000.0)
    once = found.on_shortest_distance(1.05)
    assert once.wtw_g == pytest.approx(found.wtw_g * 1.05)
    with pytest.raises(LowhaulError, match="once"):
        once.on_shortest_distance(1.05)


def test_hub_from_energy_becomes_a_factor_that_covers_it() -> None:
    """400,000 kWh x 0.3679 + 20,000 l x 3.12 kg over 90,000 t: 2.3282 kg a tonne.

    Germany: 342.06 g generated / 0.93 arriving = 367.806 g; 147,122.6 + 62,400 kg = 209,522.6 kg.
    """
    current = electricity("DE", 0.07)
    assert isinstance(current, EnergyFactor)
    hub = hoc_intensity(
        [Consumption(current, 400_000.0), Consumption(DIESEL, 20_000.0)], throughput=90_000.0
    )
    assert hub.wtw_g / 1000 == pytest.approx(2.328029, abs=1e-6)
    row = own_row(factor_id="HUB", mode="hub", per="t", co2e_wtt_g=hub.wtt_g, co2e_ttw_g=hub.ttw_g)
    book = default_book().with_own([row])
    found = hub_law(
        place_id="DUI", restuffed=True, wtw_kg_per_t=None, wtw_kg_per_teu=None, book=book
    )
    assert isinstance(found, HubLaw)
    assert found.passage(10_000.0, 0.0).wtw_kg == pytest.approx(23.28029, abs=1e-5)
    assert found.pack == "own"


def test_grids_and_losses() -> None:
    assert delivered_g_per_kwh(100.0, 0.2) == 125.0
    with pytest.raises(LowhaulError, match="share"):
        delivered_g_per_kwh(100.0, 1.0)
    missing = grid("LU")
    assert isinstance(missing, NotCovered)
    assert "LU" in missing.wanted
    assert isinstance(electricity("XX", 0.0), NotCovered)
    assert len(grids()) == 54
    assert {g.licence for g in grids().values()} == {"CC BY-SA 4.0"}


def test_open_fuels() -> None:
    """Heavy fuel oil: 91.636 g/MJ x 40.5 MJ/kg = 3,711.3 g/kg (FuelEU); CO2 alone 3,114 (IMO)."""
    oil, co2_only = fuel("FuelEU fossil HFO"), fuel("imo-hfo")
    assert isinstance(oil, EnergyFactor)
    assert isinstance(co2_only, EnergyFactor)
    assert oil.per_kg().wtw_g == pytest.approx(3711.258)
    assert (co2_only.wtt_g, co2_only.ttw_g) == (None, 3114.0)
    unknown = fuel("diesel_minerall")
    assert isinstance(unknown, NotCovered)
    assert 'Did you mean "diesel_mineral"?' in unknown.wanted
    assert all(f.source and f.licence for f in fuels().values())
    with pytest.raises(LowhaulError, match="calorific"):
        DIESEL.per_kg()


def test_a_round_is_shared_by_direct_kilometres_not_by_the_way_it_took() -> None:
    """2 t x 50 km, 1 t x 100 km, 0.5 t x 400 km: a quarter, a quarter, half of 80 kg."""
    drops = [Drop("A", 2000, 50), Drop("B", 1000, 100), Drop("C", 500, 400)]
    shares = share_round(Co2e(20.0, 60.0), drops)
    assert [s.wtw_kg for s in shares.values()] == [20.0, 20.0, 40.0]
    assert [s.ttw_kg for s in shares.values()] == [15.0, 15.0, 30.0]
    assert round_intensity(Co2e(20.0, 60.0), drops).wtw_g == 200.0
    again = share_round(Co2e(20.0, 60.0), drops[::-1])
    assert again["C"] == shares["C"]


@pytest.mark.parametrize(
    ("drops", "words"),
    [
        ([], "tonne-kilometres"),
        ([Drop("A", 0, 10)], "tonne-kilometres"),
        ([Drop("A", 1, 1), Drop("A", 2, 2)], "twice: A"),
        ([Drop("A", -1, 1), Drop("B", 5, 2)], "not negative"),
    ],
)
def test_rounds_that_cannot_be_shared(drops: list[Drop], words: str) -> None:
    with pytest.raises(LowhaulError, match=words):
        share_round(Co2e(1.0, 1.0), drops)


def test_conventions_of_empty_running() -> None:
    assert empty_share_of_total(0.25) == 0.2
    assert empty_per_loaded(0.2) == pytest.approx(0.25)
    with pytest.raises(LowhaulError, match="below 1"):
        empty_per_loaded(1.0)


def test_boxes_and_voyages_that_cannot_be() -> None:
    with pytest.raises(LowhaulError, match="53 ft"):
        teu_of_length(53)
    with pytest.raises(LowhaulError, match="utilisation"):
        voyage_intensity(Co2e(0, 1), nominal_teu=10, actual_km=10, utilisation=1.2)


def test_the_second_payload_curve_falls_with_the_load() -> None:
    """Japan's method and the straight line both say: fuller is less a tonne."""
    half, full = (improved_tkm_litres(rate, 10_000, 1.0) for rate in (0.5, 1.0))
    assert full < half
    assert improved_tkm_litres(0.0, 10_000, 1.0) == improved_tkm_litres(0.1, 10_000, 1.0)
    with pytest.raises(LowhaulError, match="diesel and petrol"):
        improved_tkm_litres(0.5, 10_000, 1.0, "lng")


def empty_and_laden() -> tuple[Element, Element]:
    distance = sfd(100, 1.05)
    found = law(distance=distance)
    laden = transport_element(found, tce_id="S.1", mode="road", distance=distance,
                              cargo_kg=20_000, load_units=1, shipment_id="S")  # fmt: skip
    empty = empty_element(found, tce_id="S.1", driven_km=105, load_units=1, shipment_id="S")
    return laden, empty


def test_an_empty_box_is_freight_or_empty_running_with_the_same_co2e() -> None:
    """As freight: 3.9 t x 100 km = 390 t-km of an operation of its own; the vehicle emits alike."""
    laden, empty = empty_and_laden()
    freight = as_freight(empty, tare_kg=3900, distance=sfd(100, 1.05), toc_id="road/empties")
    assert freight.activity_tkm == 390.0
    assert freight.known == empty.known
    assert total([laden, freight]).co2e == total([laden, empty]).co2e
    per_km = empty_box_law(default_book(), "", 3900).per_km
    assert freight.known.wtw_kg == pytest.approx(105 * per_km.wtw_kg, abs=0.001)
    as_running = {r.toc_id: r for r in toc_rows([laden, empty])}
    apart = {r.toc_id: r for r in toc_rows([laden, freight])}
    bearing, free = as_running[laden.toc_id], apart[laden.toc_id]
    assert bearing.empty_km == 105
    assert free.empty_km == 0
    assert (bearing.intensity_wtw_g_per_tkm or 0) > (free.intensity_wtw_g_per_tkm or 0)


def test_never_both() -> None:
    laden, empty = empty_and_laden()
    freight = as_freight(empty, tare_kg=3900, distance=sfd(100, 1.05), toc_id="road/empties")
    assert counted_twice([laden, empty]) == []
    assert counted_twice([laden, freight]) == []
    (fault,) = counted_twice([laden, empty, freight])
    assert (fault.code, fault.value) == ("E391", "S.1")
    flat = law(distance=sfd(100, 1.05), declared=BY_VEHICLE)
    there = transport_element(flat, tce_id="S.1", mode="road", distance=sfd(100, 1.05),
                              cargo_kg=20_000, load_units=1, shipment_id="S")  # fmt: skip
    back = empty_element(flat, tce_id="S.1", driven_km=105, load_units=1, shipment_id="S")
    assert there.known == back.known  # a figure without a slope: laden and empty emit alike
    assert counted_twice([there, back]) == []
    with pytest.raises(LowhaulError, match="no empty way"):
        as_freight(laden, tare_kg=1, distance=sfd(1, 1.0), toc_id="x")
