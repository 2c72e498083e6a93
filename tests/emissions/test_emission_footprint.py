"""The footprint: sums, coverage, shares, categories, break-even and the words for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emissions.co2e import Co2e
from emissions.elements import (
    Element,
    element_of_row,
    empty_element,
    hub_element,
    transport_element,
)
from emissions.factors import NotCovered, default_book
from emissions.footprint import (
    ALIGNED,
    allocate,
    assumed_co2e,
    break_even,
    chain_totals,
    coverage,
    data_shares,
    gwp_warning,
    toc_rows,
    total,
    wording,
)
from emissions.laws import Declared, HubLaw, hub_law
from tests.emissions.helpers import find_law, law, same_km, sfd

BOOK = default_book()
NO_HUB = hub_law(place_id="DUI", restuffed=False, wtw_kg_per_t=None, wtw_kg_per_teu=None)


def element(**given: object) -> Element:
    usual: dict[str, object] = {
        "tce_id": "S-0001.1",
        "kind": "transport",
        "mode": "road",
        "shipment_id": "S-0001",
        "activity_tkm": 1000.0,
        "co2e": Co2e(20.0, 80.0),
        "data_type": "default",
        "gwp": "AR5",
        "toc_id": "road/ftl/artic_gt33/any/A",
    }
    return Element(**(usual | given))  # type: ignore[arg-type]


def drayage() -> tuple[Element, Element]:
    """Two boxes with 40 t over 105 driven km (SFD 100), and their empty way back."""
    distance = sfd(100, 1.05)
    found = law(distance=distance, carrier="A")
    laden = transport_element(
        found,
        tce_id="S-0001.1",
        mode="road",
        distance=distance,
        cargo_kg=40_000,
        load_units=2,
        teu=4,
        shipment_id="S-0001",
    )
    empty = empty_element(
        found, tce_id="S-0001.1", driven_km=105, load_units=2, shipment_id="S-0001"
    )
    return laden, empty


def test_laden_and_empty_element() -> None:
    """Laden: 2 x 105 x (0.79912 + 0.029293 x 23.9) = 314.8368 kg on 4,000 t-km.

    Empty: 2 x 105 x 0.9133627 = 191.806 kg, no activity, same TOC.
    """
    laden, empty = drayage()
    assert laden.known.wtw_kg == pytest.approx(314.837, abs=1e-9)
    assert (laden.activity_tkm, laden.daf) == (4000.0, 1.05)
    assert empty.known.wtw_kg == pytest.approx(191.806, abs=1e-9)
    assert (empty.activity_tkm, empty.mass_kg, empty.toc_id) == (0.0, 0.0, laden.toc_id)


def test_toc_counts_loaded_and_empty_kilometres() -> None:
    """(314.837 + 191.806) kg / 4,000 t-km = 126.66075 g/t-km over 210 loaded and 210 empty km."""
    (row,) = toc_rows(drayage())
    assert (row.mode, row.carrier, row.vehicle, row.energy) == ("road", "A", "artic_gt33", "")
    assert (row.loaded_km, row.empty_km, row.activity_tkm) == (210.0, 210.0, 4000.0)
    assert row.co2e_wtw_kg == pytest.approx(506.643)
    assert row.intensity_wtw_g_per_tkm == pytest.approx(126.66075)


def test_toc_takes_its_weakest_data_type_and_leaves_hubs_out() -> None:
    rows = toc_rows(
        [element(data_type="primary"), element(data_type="modelled"), element(kind="hub")]
    )
    assert [r.data_type for r in rows] == ["modelled"]


def test_missing_factor_is_no_zero() -> None:
    missing = find_law(mode="inland_waterway")
    leg = transport_element(
        missing, tce_id="S-0002.1", mode="inland_waterway", distance=same_km(300), cargo_kg=1000
    )
    assert leg.co2e is None
    assert not leg.covered
    assert leg.row()["co2e_wtw_kg"] is None
    assert leg.row()["covered"] is False
    assert "barges" in leg.wanted


def test_coverage_of_transport_and_hubs() -> None:
    """3,000 of 4,000 t-km and 5 of 20 t of hub throughput are covered whole."""
    parts = [
        element(activity_tkm=3000.0),
        element(tce_id="S-0002.1", activity_tkm=1000.0, wtt_covered=False),
        element(kind="hub", mass_kg=5000.0, activity_tkm=0.0),
        replace(hub_element(NO_HUB, tce_id="S-0001.2", cargo_kg=15_000, teu=2)),
    ]
    found = coverage(parts)
    assert (found.transport, found.hubs) == (0.75, 0.25)
    assert found.not_covered == ("S-0002.1", "S-0001.2")
    assert any("DUI" in text for text in found.wanted)
    assert wording(found) == "ISO 14083 rules applied; 2 elements not covered"


def test_words_only_claim_alignment_where_all_is_covered() -> None:
    assert wording(coverage([element()])) == ALIGNED
    assert wording(coverage([element(wtt_covered=False)])) == (
        "ISO 14083 rules applied; 1 element not covered"
    )
    assert wording(coverage([])) == "No transport elements"
    assert "certified" in ALIGNED
    assert coverage([]).hubs == 1.0


def test_totals_of_chains_add_up_to_the_total() -> None:
    parts = [element(), element(shipment_id="S-0002", co2e=Co2e(0.0015, 0.0015)), *drayage()]
    chains = chain_totals(parts)
    assert set(chains) == {"S-0001", "S-0002"}
    summed = sum(t.co2e.wtw_kg for t in chains.values())
    assert summed == pytest.approx(total(parts).co2e.wtw_kg, abs=1e-9)
    assert total([]).intensity_wtw_g_per_tkm is None


def test_shares_leave_out_what_has_no_factor() -> None:
    """1,000 of 4,000 t-km are primary, but 300 of 400 kg."""
    shares = data_shares(
        [
            element(data_type="primary", co2e=Co2e(100.0, 200.0)),
            element(activity_tkm=3000.0),
            element(co2e=None, activity_tkm=9000.0),
        ]
    )
    assert shares.by_tkm == {"primary": 0.25, "modelled": 0.0, "default": 0.75}
    assert shares.by_co2e == {"primary": 0.75, "modelled": 0.0, "default": 0.25}
    assert sum(data_shares([]).by_tkm.values()) == 0.0


def test_assumed_is_reported_apart() -> None:
    assert assumed_co2e([element(), element(assumed=True)]) == Co2e(20.0, 80.0)


def test_gwp_of_two_reports_is_warned_of() -> None:
    assert gwp_warning([element(), element()]) == ""
    text = gwp_warning([element(), element(gwp="AR6"), element(gwp="")])
    assert "AR5 (0.100 t), AR6 (0.100 t), not stated (0.100 t)" in text


def test_allocation_is_exact_to_the_gram() -> None:
    """100.001 kg over three equal orders: 33.334 + 33.334 + 33.333."""
    parts = allocate(Co2e(20.0, 80.001), [1, 1, 1])
    assert [p.wtw_kg for p in parts] == pytest.approx([33.334, 33.334, 33.333])
    assert sum(p.ttw_kg for p in parts) == pytest.approx(80.001)


def sea_and_rail() -> tuple[list[Element], list[Element]]:
    """One box with 20 t: 18,000 km by sea (SFD) against 10,000 km by rail.

    Sea 20,700 km x 2 TEU x 0.1977 = 8,184.78 kg; rail 20 t x 10,000 km x 0.0347 = 6,940 kg.
    """
    chains = []
    for mode, distance in (("sea", sfd(18_000, 1.15)), ("rail", sfd(10_000, 1.0))):
        found = law(mode=mode, distance=distance)
        chains.append(
            [
                transport_element(
                    found,
                    tce_id=f"{mode}.1",
                    mode=mode,
                    distance=distance,
                    cargo_kg=20_000,
                    load_units=1,
                    teu=2,
                )
            ]
        )
    return chains[0], chains[1]


def test_break_even_of_both_proxy_factors() -> None:
    """Rail turns above 34.7 x 8,184.78 / 6,940 = 40.924 g, sea below 19.77 x 0.84792 = 16.763 g."""
    sea, rail = sea_and_rail()
    found = {b.mode: b for b in break_even(rail, sea, BOOK)}
    assert found["rail"].even_g == pytest.approx(40.9239)
    assert "above 40.92 g per tkm (now 34.7) it turns" in found["rail"].text
    assert found["sea"].even_g == pytest.approx(16.7633, abs=1e-4)
    assert "below" in found["sea"].text


def test_break_even_really_breaks_even() -> None:
    """With the factor at its break-even value both chains emit the same."""
    sea, rail = sea_and_rail()
    rail_even = next(b for b in break_even(rail, sea) if b.mode == "rail")
    assert rail_even.even_g is None
    assert rail[0].known.wtw_kg * rail_even.times == pytest.approx(sea[0].known.wtw_kg)


def test_break_even_is_for_choices_of_mode_that_rest_on_a_proxy() -> None:
    sea, rail = sea_and_rail()
    assert break_even(sea, sea, BOOK) == []
    declared = [[replace(e, proxy=False) for e in chain] for chain in (sea, rail)]
    assert break_even(declared[0], declared[1], BOOK) == []


def test_a_factor_that_no_positive_value_turns_is_left_out() -> None:
    """The other chain emits less than the rest of ours: even a zero factor would not turn it."""
    sea, rail = sea_and_rail()
    heavy = [*rail, element(co2e=Co2e(0.0, 9000.0))]
    assert [b.mode for b in break_even(heavy, sea, BOOK)] == ["sea"]


def test_row_and_back() -> None:
    laden, _ = drayage()
    row = {k: ("yes" if v is True else "no" if v is False else v) for k, v in laden.row().items()}
    again = element_of_row(row, gwp=laden.gwp)
    assert again == replace(laden, explain="")
    assert element_of_row({"tce_id": "x", "co2e_wtw_kg": float("nan")}).co2e is None


def test_hub_element_counts_once() -> None:
    found = hub_law(place_id="DUI", restuffed=False, wtw_kg_per_t=None, wtw_kg_per_teu=6.0)
    assert isinstance(found, HubLaw)
    hub = hub_element(found, tce_id="S-0001.2", cargo_kg=20_000, teu=4, load_units=2)
    assert (hub.known.wtw_kg, hub.activity_tkm, hub.mode) == (24.0, 0.0, "hub")
    assert hub.covered


def test_declared_empty_way_is_part_of_its_figure() -> None:
    found = law(declared=Declared("B", 70.0, 50.0, "tkm"))
    assert empty_element(found, tce_id="x", driven_km=80, load_units=1).co2e == Co2e.zero()


def test_not_covered_is_a_value_and_not_an_error() -> None:
    assert isinstance(NO_HUB, NotCovered)


def test_row_without_driven_kilometres_takes_those_of_the_activity() -> None:
    row = {"tce_id": "x", "kind": "empty", "distance_km": "80", "co2e_wtw_kg": "73.069"}
    found = element_of_row(row)
    assert (found.driven_km, found.known.wtw_kg) == (80.0, 73.069)


def test_an_intensity_is_of_what_has_a_figure() -> None:
    """80 kg over 1,000 t-km is 80 g/t-km; another 3,000 t-km without a figure make it no better."""
    known = Element("A", "transport", "road", activity_tkm=1000.0, co2e=Co2e(20.0, 60.0))
    gap = Element("B", "transport", "inland_waterway", activity_tkm=3000.0, wanted="a factor")
    whole = total([known, gap])
    assert (whole.activity_tkm, whole.known_tkm) == (4000.0, 1000.0)
    assert whole.intensity_wtw_g_per_tkm == 80.0
    assert total([gap]).intensity_wtw_g_per_tkm is None


def test_with_faults_nothing_is_called_aligned() -> None:
    sound = coverage([Element("A", "transport", "road", activity_tkm=1.0, co2e=Co2e(1.0, 1.0))])
    assert wording(sound) == ALIGNED
    assert wording(sound, 1) == "Not a footprint: 1 fault in its elements"
    assert wording(sound, 2) == "Not a footprint: 2 faults in its elements"
