"""Worked examples with their sources (worked_examples.json), through the public functions."""

from __future__ import annotations

import pytest

from emissions.activity import activity_tkm
from emissions.co2e import Co2e
from emissions.elements import Element, transport_element
from emissions.factors import default_book, split_fault
from emissions.footprint import Total, allocate, data_shares, total
from emissions.laws import Declared, empty_box_per_km
from emissions.scopes import ets_cost, ets_share
from tests.emissions.examples_of_sources import given
from tests.emissions.helpers import law, same_km, sfd


def test_s01_transport_activity() -> None:
    """Source: iLEAP Technical Specifications 1.0.0, TCE transportActivity example."""
    inputs, expected = given("S01")
    activity = activity_tkm(inputs["mass_kg"], same_km(inputs["distance_km"]), "road")
    assert activity == pytest.approx(expected["transport_activity_tkm"], abs=1e-9)


def test_s03_allocation_by_tonne_kilometres() -> None:
    """Source: GHG Protocol Scope 3 Technical Guidance, Example 4.3 (Deutsche Post DHL)."""
    inputs, expected = given("S03")
    parts = allocate(Co2e(0.0, inputs["total_kg_co2"]), inputs["shipments_tkm"])
    assert [p.wtw_kg for p in parts] == pytest.approx(expected["emissions_kg"], abs=0.006)
    assert sum(p.wtw_kg for p in parts) == pytest.approx(inputs["total_kg_co2"])


def test_s05_plain_road_shipment() -> None:
    """Source: Trax Technologies blog "Freight carbon footprint calculation methods"."""
    inputs, expected = given("S05")
    grams = inputs["factor_kg_per_tkm"] * 1000
    bid = Declared("S05", grams, grams, "tkm")
    found = law(service="ltl", distance=same_km(inputs["distance_km"]), declared=bid)
    assert found.laden(0, inputs["mass_t"] * 1000).ttw_kg == pytest.approx(expected["kg_co2"])


def test_s06_container_tare_is_not_freight_mass() -> None:
    """Source: ecoinvent forum topic 2010; the same rule in the iLEAP TCE mass."""
    inputs, expected = given("S06")
    distance = same_km(inputs["distance_km"])
    found = law(distance=distance, equipment_tare_kg=inputs["container_tare_t"] * 1000)
    cargo_kg = inputs["cargo_t"] * 1000
    leg = transport_element(
        found, tce_id="S06", mode="road", distance=distance, cargo_kg=cargo_kg, load_units=1
    )
    assert leg.activity_tkm == expected["transport_activity_tkm"]


def test_s09_ets_phase_in() -> None:
    """Source: Lindner Logistics ETS/FuelEU guide 2025."""
    inputs, expected = given("S09")
    tonnes = [inputs["in_scope_t_co2"] * ets_share("NL", "DE", y) for y in inputs["years"]]
    assert tonnes == pytest.approx(expected["allowances_t"], abs=0.0006)


def test_s12_road_leg_split_in_wtt_and_ttw() -> None:
    """Source: UK DESNZ conversion factors 2025."""
    inputs, expected = given("S12")
    found = law(service="ltl", vehicle="artic_gt33", distance=same_km(inputs["actual_km"]))
    assert found.factor_id == inputs["factor_id"]
    laden = found.laden(0, inputs["mass_t"] * 1000)
    assert laden.ttw_kg == pytest.approx(expected["ttw_kg"], rel=1e-4)
    assert laden.wtt_kg == pytest.approx(expected["wtt_kg"], rel=1e-4)
    assert laden.wtw_kg == pytest.approx(expected["wtw_kg"], rel=1e-4)


def test_s13_payload_curve_and_empty_return() -> None:
    """Source: road payload curves from UK DESNZ 2025, class artic_gt33.

    300 km out with 15 t, 300 km back empty: half of all kilometres are empty.
    """
    inputs, expected = given("S13")
    km, cargo_kg = inputs["outbound"]["km"], inputs["outbound"]["payload_t"] * 1000
    usual = {"service": "ftl", "vehicle": inputs["vehicle_class"], "distance": same_km(km)}
    one_way = law(**usual).laden(1, cargo_kg)
    both = law(**usual, empty_distance_factor=0.5).laden(1, cargo_kg)
    assert one_way.wtw_kg == pytest.approx(expected["outbound_kg"], rel=1e-4)
    assert (both - one_way).wtw_kg == pytest.approx(expected["return_kg"], rel=1e-4)
    assert both.wtw_kg == pytest.approx(expected["total_kg"], rel=1e-4)
    tkm = activity_tkm(cargo_kg, same_km(km), "road")
    assert Total(both, tkm, tkm).intensity_wtw_g_per_tkm == pytest.approx(
        expected["intensity_g_per_tkm"], rel=1e-4
    )
    assert Total(one_way, tkm, tkm).intensity_wtw_g_per_tkm == pytest.approx(
        expected["intensity_without_return_g_per_tkm"], rel=1e-4
    )


def test_s14_street_turn() -> None:
    """Source: road payload curves from UK DESNZ 2025, class artic_gt33."""
    inputs, expected = given("S14")
    tare_kg = inputs["container_tare_t"] * 1000
    laden = 0.0
    for km, cargo_t in (
        (inputs["port_to_import_km"], inputs["import_cargo_t"]),
        (inputs["port_to_export_km"], inputs["export_cargo_t"]),
    ):
        found = law(equipment_tare_kg=tare_kg, distance=same_km(km))
        laden += found.laden(1, cargo_t * 1000).wtw_kg
    a_km = empty_box_per_km(default_book(), "artic_gt33", tare_kg).wtw_kg
    empty_km = inputs["port_to_import_km"] + inputs["port_to_export_km"]
    before, after = laden + empty_km * a_km, laden + inputs["import_to_export_km"] * a_km
    assert before == pytest.approx(expected["baseline_kg"], rel=1e-4)
    assert after == pytest.approx(expected["reuse_kg"], rel=1e-4)
    assert before - after == pytest.approx(expected["saving_kg"], rel=1e-4)


def test_s15_chain_of_four_legs() -> None:
    """Source: UK DESNZ conversion factors 2025."""
    inputs, expected = given("S15")
    modes = [
        ("road", "ltl", "artic_gt33"),
        ("sea", "lcl", ""),
        ("rail", "container", ""),
        ("road", "ltl", "artic_gt33"),
    ]
    chain = []
    for leg, (mode, service, vehicle) in zip(inputs["legs"], modes, strict=True):
        distance = same_km(leg["actual_km"])
        found = law(mode=mode, service=service, vehicle=vehicle, distance=distance)
        chain.append(
            transport_element(
                found,
                tce_id=leg["name"],
                mode=mode,
                distance=distance,
                cargo_kg=leg["mass_t"] * 1e3,
            )
        )
    assert [e.known.wtw_kg for e in chain] == pytest.approx(expected["leg_wtw_kg"], rel=1e-4)
    whole = total(chain)
    assert whole.co2e.ttw_kg == pytest.approx(expected["ttw_kg"], rel=1e-4)
    assert whole.co2e.wtt_kg == pytest.approx(expected["wtt_kg"], rel=1e-4)
    assert whole.activity_tkm == expected["activity_tkm"]
    assert whole.intensity_wtw_g_per_tkm == pytest.approx(expected["intensity_g_per_tkm"], rel=1e-4)


def test_s16_distance_adjustment_once() -> None:
    """Source: ISO 14083 TOC formula (second hand), round inputs of the example."""
    _, expected = given("S16")
    for basis, grams in (
        ("actual", expected["g_actual_g_per_tkm"]),
        ("sfd", expected["g_sfd_g_per_tkm"]),
    ):
        bid = Declared("S16", grams, grams, "tkm", distance_basis=basis)
        found = law(service="ltl", distance=sfd(210, 1.05), declared=bid)
        assert found.laden(0, 10_000).wtw_kg == pytest.approx(
            expected["tce_10t_210km_sfd_kg"], rel=1e-4
        )


def test_s17_teu_figures_on_both_bases() -> None:
    """Source: rule seen on a carrier's page (70 % utilisation, + 15 % distance), numbers own."""
    _, expected = given("S17")
    for basis, grams in (("actual", expected["g_actual"]), ("sfd", expected["g_sfd"])):
        bid = Declared("S17", grams, grams, "teu_km", distance_basis=basis)
        found = law(mode="sea", distance=sfd(18_000, 1.15), declared=bid)
        assert found.laden(1, 12_345).wtw_kg == pytest.approx(expected["shipment_kg"], rel=1e-4)


def test_s18_ets_cost_of_a_box() -> None:
    """Source: UK DESNZ conversion factors 2025; EU ETS rules of parameters.csv."""
    inputs, expected = given("S18")
    found = law(mode="sea", service="lcl", distance=same_km(inputs["actual_km"]))
    ttw_kg = found.laden(0, inputs["cargo_t"] * 1000).ttw_kg
    assert ttw_kg / 1000 == pytest.approx(expected["ttw_t"], rel=1e-4)
    cost = ets_cost(ttw_kg, "CN", "NL", 2026, inputs["eua_eur_per_t"])
    assert cost == pytest.approx(expected["eur"], rel=1e-4)


def test_s22_only_a_teu_figure_sees_fewer_boxes() -> None:
    """Source: rule check with own round numbers."""
    inputs, expected = given("S22")
    distance = same_km(inputs["sfd_km"])
    by_mass, by_teu = (
        law(mode="sea", distance=distance, declared=Declared("S22", grams, grams, per))
        for grams, per in (
            (inputs["mass_factor_g_per_tkm"], "tkm"),
            (inputs["teu_factor_g_per_teukm"], "teu_km"),
        )
    )
    for found, basis in ((by_mass, "mass"), (by_teu, "teu")):
        before = found.laden(inputs["feu_before"], inputs["goods_t_before"] * 1000)
        after = found.laden(inputs["feu_after"], inputs["goods_t_after"] * 1000)
        saving = (before - after).wtw_kg
        assert saving == pytest.approx(expected[f"{basis}_basis_saving_kg"], rel=1e-4)
        percent = 100 * saving / before.wtw_kg
        assert percent == pytest.approx(expected[f"{basis}_basis_saving_percent"], rel=1e-4)


def test_s23_data_type_shares() -> None:
    """Source: rule check with own round numbers."""
    inputs, expected = given("S23")
    shares = data_shares(
        Element(
            tce_id=str(n),
            kind="transport",
            mode="road",
            activity_tkm=tce["tkm"],
            data_type=tce["type"],
            co2e=Co2e(0.0, tce["kg"]),
        )
        for n, tce in enumerate(inputs["tces"])
    )
    by_tkm = {name: 100 * share for name, share in shares.by_tkm.items()}
    by_kg = {name: 100 * share for name, share in shares.by_co2e.items()}
    assert by_tkm == pytest.approx(expected["by_tkm_percent"], abs=0.001)
    assert by_kg == pytest.approx(expected["by_kg_percent"], abs=0.001)


def test_s24_ttw_above_wtw_of_a_fossil_fuel() -> None:
    """Source: the TOC example of iLEAP 1.0.0 carries this inconsistency."""
    inputs, _ = given("S24")
    fault = split_fault(
        inputs["emissionFactorWTW"], inputs["emissionFactorTTW"], inputs["energy_carrier"]
    )
    assert "above WTW" in fault


def test_s25_distance_basis_of_factor_and_activity() -> None:
    """Source: UK DESNZ conversion factors 2025; DAF in parameters.csv."""
    inputs, expected = given("S25")
    cargo_kg = inputs["mass_t"] * 1000
    road = law(service="ltl", vehicle="artic_gt33", distance=sfd(inputs["road_sfd_km"], 1.05))
    sea = law(mode="sea", service="lcl", distance=sfd(inputs["sea_sfd_km"], 1.15))
    assert road.laden(0, cargo_kg).wtw_kg == pytest.approx(expected["road_wtw_kg"], rel=1e-4)
    assert sea.laden(0, cargo_kg).wtw_kg == pytest.approx(expected["sea_wtw_kg"], rel=1e-4)
