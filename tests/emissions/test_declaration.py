"""The declaration by hand: every table adds up, and nothing is said that the data do not show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emissions.co2e import Co2e
from emissions.declaration import About, Declaration, Given, RoundUse, as_dict, declare
from emissions.declaration_parts import (
    FactorFacts,
    LegFacts,
    OrderFacts,
    ProductFacts,
    portions,
    scope_lines,
)
from emissions.elements import Element
from emissions.factors import default_book
from emissions.footprint import ALIGNED, total

SEA = "desnz25_cargo_ship_container_ship_average_tkm"
ABOUT = About("ACME", "a@example.com", "Q1", date(2026, 1, 1), date(2026, 3, 31))


def element(tce_id: str, mode: str, wtt: float, ttw: float, **more: Any) -> Element:
    usual: dict[str, Any] = {
        "kind": "transport", "shipment_id": "S1", "mass_kg": 20_000.0, "activity_tkm": 1000.0,
        "driven_km": 50.0, "data_type": "default", "gwp": "AR5", "factor_id": SEA,
        "factor_pack": "default", "daf": 1.15, "factor_distance_basis": "actual",
        "co2e": Co2e(wtt, ttw),
    }  # fmt: skip
    return Element(tce_id, mode=mode, **(usual | more))


def legs() -> list[Element]:
    """Road 100 kg, its empty way 60, sea 1,000, a hub without a value, a returned box 20."""
    return [
        element("S1.1", "road", 20.0, 80.0, factor_id="bid:R", factor_pack="carrier",
                data_type="primary", activity_tkm=2000.0),
        element("S1.1", "road", 12.0, 48.0, kind="empty", factor_id="bid:R", mass_kg=0.0,
                factor_pack="carrier", data_type="primary", activity_tkm=0.0),
        element("S1.2", "hub", 0.0, 0.0, kind="hub", co2e=None, activity_tkm=0.0, factor_id="",
                factor_pack="", wanted="a value"),
        element("S1.3", "sea", 200.0, 800.0, activity_tkm=360_000.0, proxy=True),
        element("R-E1", "road", 4.0, 16.0, kind="empty", shipment_id="", mass_kg=0.0,
                activity_tkm=0.0, factor_id="own", factor_pack="own", assumed=True),
    ]  # fmt: skip


FACTS = [
    LegFacts("P", "CN1", date(2026, 1, 8), "3.4", "sfd"),
    LegFacts("CN1", "P", date(2026, 1, 7), "3.4", "actual"),
    LegFacts("CN1", "CN1", date(2026, 1, 8), "3.4", ""),
    LegFacts("CN1", "NL1", date(2026, 1, 9), "3.9", "sfd"),
    LegFacts("P", "CN1", date(2026, 1, 9), "3.4", "actual"),
]
ORDERS = [
    OrderFacts("O1/1", "S1", "PV", 15_000.0, 500.0, "outbound", "FCA"),
    OrderFacts("O2/1", "S1", "PV", 5_000.0, 100.0, "outbound", ""),
]


def given_all(**changes: Any) -> Given:
    usual: dict[str, Any] = {
        "elements": legs(), "legs": FACTS,
        "factors": {
            "bid:R": FactorFacts("declared by R", "own report", gwp="AR5"),
            SEA: FactorFacts(SEA, "UK DESNZ", "2025", "OGL", "AR5"),
            "own": FactorFacts("own", "guess", "1", "own", "AR5", True),
        },
        "orders": ORDERS, "products": {"PV": ProductFacts("kWp", 0.5)},
        "countries": {"CN1": "CN", "NL1": "NL", "P": "CN"}, "book": default_book(),
        "round_use": RoundUse(2, 714.0, 656.88, 328.44, 328.44, "the port"),
        "ets_price_per_t": 80.0, "currency": "EUR",
    }  # fmt: skip
    return Given(**(usual | changes))


def declared(**changes: Any) -> Declaration:
    return declare(ABOUT, given_all(**changes))


def test_totals_by_mode() -> None:
    """100 + 60 + 20 = 180 kg road, 1,000 kg sea; 1,180 kg on 362,000 t-km: 3.26 g per t-km."""
    found = declared()
    assert found.total.co2e.wtw_kg == 1180.0
    assert found.total.intensity_wtw_g_per_tkm == pytest.approx(1180e3 / 362e3)
    assert [(m.mode, m.total.co2e.wtw_kg, m.covered) for m in found.modes] == [
        ("sea", 1000.0, True),
        ("road", 180.0, True),
        ("hub", 0.0, False),
    ]
    assert found.total.co2e.ttw_kg == sum(m.total.co2e.ttw_kg for m in found.modes)


def test_the_words_are_aligned_only_where_all_is_covered() -> None:
    assert declared().words == "ISO 14083 rules applied; 1 element not covered"
    whole = [e for e in legs() if e.kind != "hub"]
    facts = [f for f, e in zip(FACTS, legs(), strict=True) if e.kind != "hub"]
    assert declared(elements=whole, legs=facts).words == ALIGNED
    bare = [replace(whole[0], wtt_covered=False), *whole[1:]]
    assert "1 element not covered" in declared(elements=bare, legs=facts).words
    for words in (declared().words, ALIGNED):
        assert "certified" not in words.replace("not certified", "")


def test_impossible_elements_are_no_footprint() -> None:
    bad = [replace(legs()[0], co2e=Co2e(-50.0, 80.0)), *legs()[1:]]
    found = declared(elements=bad)
    assert found.words == "Not a footprint: 1 fault in its elements"
    assert "above WTW" in found.faults[0]
    assert declared().faults == ()


def test_a_plan_is_an_estimate_and_executed_transports_are_not() -> None:
    assert "estimate" in declared().estimate
    assert declare(replace(ABOUT, basis="executed"), given_all()).estimate == ""


def test_scopes_by_incoterm_add_up_to_the_total() -> None:
    """S1 has 160 kg in 3.4 and 1,000 kg in 3.9, three quarters of it FCA; 20 kg are no order's."""
    found = declared()
    assert {(s.scope, s.incoterm): s.co2e.wtw_kg for s in found.scopes} == {
        ("3.4", "FCA"): 120.0,
        ("3.4", "none given"): 40.0,
        ("3.4", "returns of unused boxes"): 20.0,
        ("3.9", "FCA"): 750.0,
        ("3.9", "none given"): 250.0,
    }
    assert sum(s.co2e.wtw_kg for s in found.scopes) == found.total.co2e.wtw_kg


def test_ets_is_information_with_ttw_alone() -> None:
    """800 kg TTW, half of it in the ETS from 2026: 0.4 t x 80 EUR = 32 EUR; in no total."""
    (line,) = declared().ets
    assert (line.year, line.ttw_kg, line.share) == (2026, 800.0, 0.5)
    assert (line.allowances_t, line.cost) == (0.4, 32.0)
    (unpriced,) = declared(ets_price_per_t=None).ets
    assert unpriced.cost is None
    assert declared(countries={"CN1": "CN", "NL1": "GB"}).ets == ()


def test_sources_carry_whose_they_are_and_their_share() -> None:
    found = declared()
    assert [(f.facts.name, f.pack, round(f.share_of_co2e, 4)) for f in found.factors] == [
        (SEA, "default", round(1000 / 1180, 4)),
        ("declared by R", "carrier", round(160 / 1180, 4)),
        ("own", "own", round(20 / 1180, 4)),
    ]
    assert sum(f.share_of_co2e for f in found.factors) == pytest.approx(1.0)
    assert found.packs["carrier"] == pytest.approx(160 / 1180)
    assert found.assumed.wtw_kg == 20.0
    assert found.proxy.wtw_kg == 1000.0


def test_distances_say_both_bases_and_the_adjustment() -> None:
    sea, road = declared().distances
    assert (sea.mode, sea.activity_basis, sea.factor_basis) == ("sea", "sfd", "actual")
    assert (sea.daf_least, sea.daf_most) == (1.15, 1.15)
    assert sea.share_of_tkm + road.share_of_tkm == 1.0


def test_two_gwps_are_told() -> None:
    mixed = [replace(legs()[0], gwp="AR6"), *legs()[1:]]
    found = declared(elements=mixed)
    assert found.gwps == ("AR5", "AR6")
    assert "different assessment reports" in found.gwp_warning
    assert declared().gwp_warning == ""


def test_a_declared_unit_of_a_product() -> None:
    """600 pieces x 0.5 kWp = 300 kWp bear 1,160 kg: 3.867 kg and 1,206.7 t-km each.

    The returned box belongs to no order; the hub has no figure and is in none.
    """
    (line,) = declared().products
    assert (line.sku, line.module, line.declared_unit, line.units) == ("PV", "A4", "kWp", 300.0)
    assert line.co2e.wtw_kg == pytest.approx(1160 / 300)
    assert line.tkm == pytest.approx(362_000 / 300)
    assert line.by_mode == {"sea": pytest.approx(1000 / 300), "road": pytest.approx(160 / 300)}


def test_pieces_that_travel_on_from_a_hub_are_delivered_once() -> None:
    through = [replace(ORDERS[0], delivered=False), ORDERS[1]]
    (line,) = declared(orders=through).products
    assert line.units == 50.0
    inbound = [replace(o, flow="inbound") for o in ORDERS]
    assert [p.module for p in declared(orders=inbound).products] == ["A2"]
    assert declared(products={"PV": ProductFacts("kWp", None)}).products == ()


def test_break_even_where_a_mode_rests_on_a_proxy() -> None:
    """By sea 1,160 kg for 20 t; the baseline by rail 2,000 kg for 40 t, so 1,000 kg for 20 t.

    The ship's 1,000 kg would have to be 840: the factor 0.84 times its value.
    """
    rail = [element("S9.1", "rail", 400.0, 1600.0, shipment_id="S9", mass_kg=40_000.0,
                    factor_id="bid:T")]  # fmt: skip
    ours = [e for e in legs() if e.shipment_id]
    relation = ("P", "NL1")
    (turn,) = declared(
        relations={relation: ours}, baseline={relation: rail}, compared_with="baseline"
    ).turning
    assert (turn.origin, turn.destination) == relation
    assert turn.point.factor_id == SEA
    assert turn.point.times == pytest.approx(0.84)
    assert turn.point.even_g == pytest.approx(turn.point.now_g * 0.84 if turn.point.now_g else 0)
    same = [replace(rail[0], mode="sea"), replace(rail[0], mode="road")]
    assert declared(relations={relation: ours}, baseline={relation: same}).turning == ()
    assert declared(relations={relation: ours}, baseline={}).turning == ()


def test_round_use_stands_apart() -> None:
    found = declared()
    assert found.total.co2e.wtw_kg == 1180.0  # nothing is netted
    assert found.round_use.own_kg + found.round_use.partner_kg == found.round_use.avoided_kg


def test_the_file_holds_everything_as_plain_values() -> None:
    text = json.dumps(as_dict(declared()), allow_nan=False)
    read = json.loads(text)
    assert read["total"]["co2e_wtw_kg"] == 1180.0
    assert read["about"]["period_from"] == "2026-01-01"
    assert read["coverage"]["not_covered"] == ["S1.2"]
    assert set(Declaration.__dataclass_fields__) == set(read)


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=6),
    st.lists(st.floats(0.1, 1e5), min_size=1, max_size=6),
)
def test_portions_add_up_to_the_gram(rows: list[tuple[float, float]], masses: list[float]) -> None:
    elements = [
        element(f"S1.{i}", "road", *(round(part, 3) for part in row)) for i, row in enumerate(rows)
    ]
    orders = [OrderFacts(f"O{i}/1", "S1", "X", kg, 1.0) for i, kg in enumerate(masses)]
    found = portions(elements, orders)
    whole = total(elements)
    assert sum(p.co2e.wtw_kg for p in found) == pytest.approx(whole.co2e.wtw_kg, abs=1e-3)
    assert sum(p.activity_tkm for p in found) == pytest.approx(whole.activity_tkm, abs=1e-3)
    facts = [LegFacts(ghg_scope="3.4") for _ in elements]
    (line,) = scope_lines(found, facts)
    assert line.co2e.wtw_kg == pytest.approx(whole.co2e.wtw_kg, abs=1e-3)
