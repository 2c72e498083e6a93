"""The books of the plan made by hand, against sums done with a pencil (see handmade.py)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from emissions.footprint import total
from routing.case import MEASURES, Case
from routing.ledger import Ledger, make_ledger
from routing.ledger_rows import CostRow, LegRow
from routing.plan import Plan
from tests.routing.handmade_plan import Maker, days, handmade_plan, without_turns


@pytest.fixture(scope="module")
def books() -> Ledger:
    return make_ledger(*handmade_plan())


def legs_of(books: Ledger, shipment_id: str) -> list[LegRow]:
    return [row for row in books.legs if row.element.shipment_id == shipment_id]


def charges_of(books: Ledger, shipment_id: str) -> list[tuple[str, float]]:
    return [(r.charge_code, r.amount) for r in books.costs if r.shipment_id == shipment_id]


def kg_of(rows: list[LegRow]) -> list[tuple[float, float] | None]:
    """WTW and TTW of each row, None where nothing is known."""
    return [
        None if r.element.co2e is None else (r.element.co2e.wtw_kg, r.element.co2e.ttw_kg)
        for r in rows
    ]


def test_export_in_a_box_fetched_at_the_yard(books: Ledger) -> None:
    """Empty YARD>PLANT 42 x (800 + 30 x 4) g = 38.640 kg; laden 210 x (800 + 30 x 12.4) = 246.120;
    the port has no value; sea 11500 x 2 TEU x 150 = 3450.000. Activity 8.4 t x 200 and x 10000 km.
    """
    rows = legs_of(books, "S-0001")
    assert [(r.seq, r.element.tce_id, r.element.kind, r.origin, r.destination) for r in rows] == [
        (1, "S-0001.1", "empty", "YARD", "PLANT"),
        (2, "S-0001.1", "transport", "PLANT", "PORT"),
        (3, "S-0001.2", "hub", "PORT", "PORT"),
        (4, "S-0001.3", "transport", "PORT", "FAR"),
    ]
    assert kg_of(rows) == [(38.64, 31.332), (246.12, 198.996), None, (3450.0, 2760.0)]
    assert [r.element.activity_tkm for r in rows] == [0, 1680, 0, 84000]
    assert [(r.distance_km, r.distance_basis) for r in rows] == [
        (42, "actual"),
        (200, "sfd"),
        (0, ""),
        (10000, "sfd"),
    ]
    assert rows[1].element.daf == pytest.approx(1.05)


def test_charges_of_the_export_in_the_order_of_the_chain(books: Ledger) -> None:
    """Round-use rate 250 with 30 km in it, 12 km x 2 more; fuel 10 % of 274; 1000 USD x 0.9; lift
    50 at the port; BOXCO's fee 25: 1466.40 EUR. The leg rows carry 301.40, 50 and 1090.
    """
    assert charges_of(books, "S-0001") == [
        ("BAS", 250.0),
        ("BAS", 24.0),
        ("FSC", 27.4),
        ("HDL", 50.0),
        ("BAS", 900.0),
        ("OTHC", 150.0),
        ("DOC", 40.0),
        ("RUF", 25.0),
    ]
    assert [r.cost for r in legs_of(books, "S-0001")] == [0, 301.4, 50, 1090]
    assert [r.seq for r in books.costs if r.shipment_id == "S-0001"] == list(range(1, 9))


def test_import_whose_box_goes_back_and_import_whose_box_is_reused(books: Ledger) -> None:
    """ELEC's 500 (100) g a km: laden 105.000 kg a box and so much again for the empty way back.
    The reused box has no way back, and its haulage is at the round-use rate 350 and not 420.
    """
    back, reused = legs_of(books, "S-0002"), legs_of(books, "S-0003")
    assert [r.element.kind for r in back] == ["transport", "hub", "transport", "empty"]
    assert [r.element.kind for r in reused] == ["transport", "hub", "transport"]
    assert kg_of(back)[2:] == [(105.0, 21.0), (105.0, 21.0)]
    assert charges_of(books, "S-0002")[-1] == ("BAS", 420.0)
    assert charges_of(books, "S-0003")[-1] == ("BAS", 350.0)
    assert [r.element.data_type for r in back] == ["default", "", "primary", "primary"]


def test_goods_restuffed_at_a_hub(books: Ledger) -> None:
    """8.3 t by trailer: 105 km x (800 + 30 x 8.3) = 110.145, and 0.25 empty km a laden one:
    21.000; handling 8.3 x 2.0 = 16.600 (4.150) kg and 8.3 x 10 = 83 EUR beside the trip's 200.
    """
    rows = legs_of(books, "S-0004")
    assert kg_of(rows) == [(131.145, 106.229), (16.6, 4.15)]
    assert rows[1].element.mass_kg == 8300
    assert charges_of(books, "S-0004") == [("BAS", 200.0), ("HDL", 83.0)]


def test_part_load(books: Ledger) -> None:
    """0.42 t: 210 x 0.42 x 100 = 8.820 and 11500 x 0.42 x 15 = 72.450 kg; 420 kg x 0.20 = 84, the
    minimum is 100; max(0.42 t, 1.2 m3) x 50 USD x 0.9 = 54 EUR. No load units, no TEU.
    """
    rows = legs_of(books, "S-0006")
    assert kg_of(rows) == [(8.82, 7.056), None, (72.45, 57.96)]
    assert charges_of(books, "S-0006") == [("BAS", 100.0), ("BAS", 54.0)]
    assert {(r.element.load_units, r.element.teu, r.equipment) for r in rows} == {(0.0, 0.0, "")}


def test_unused_box_of_ours_travels_back(books: Ledger) -> None:
    """One of B1's two boxes is left: 189 x 920 g = 173.880 (140.994) kg and 80 EUR."""
    (row,) = legs_of(books, "")
    assert (row.element.tce_id, row.origin, row.destination) == ("R-B1", "YARD", "PORT")
    assert kg_of([row]) == [(173.88, 140.994)]
    assert row.cost == 80.0
    shared = [(r.charge_code, r.carrier, r.amount) for r in books.costs if not r.shipment_id]
    assert shared == [("FIX", "HAUL", 100.0), ("RET", "BOXCO", 80.0)]


def test_the_whole_adds_up(books: Ledger) -> None:
    """15046.549 kg WTW, 11847.142 TTW (handmade.py). Charges 5473.40 EUR: the inbound order rides
    as two shipments here, with the same charges in all. Sums of the parts are the whole exactly.
    """
    whole = total(books.elements)
    assert round(whole.co2e.wtw_kg, 3) == 15046.549
    assert whole.co2e.ttw_kg == 11847.142
    assert whole.activity_tkm == 346150.0
    assert books.cost == 5473.40
    assert sum(s.cost for s in books.sums.values()) == pytest.approx(5473.40, abs=1e-9)
    for shipment_id, sums in books.sums.items():
        parts = [a for a in books.allocation if a.shipment_id == shipment_id]
        assert round(sum(a.cost for a in parts), 2) == sums.cost
        assert round(sum(a.co2e_wtw_kg for a in parts), 3) == sums.co2e_wtw_kg
        assert round(sum(a.co2e_ttw_kg for a in parts), 3) == sums.co2e_ttw_kg
        assert sum(a.mass_kg for a in parts) == sums.mass_kg
        assert sum(a.teu_share for a in parts) == sums.teu


def test_shares_go_by_mass_and_shared_costs_by_base_cost(books: Ledger) -> None:
    """E1's lines weigh 6.72 and 1.68 t: 80 and 20 % of 3734.760 kg. The shared 180 EUR go by base
    rates: 1174 (250 + 24 + 900), 960, 890, 200, 1200 and 154 make 4578, so S-0001 has
    180 x 1174 / 4578 = 46.16 beside its own 1466.40: 1512.56 EUR.
    """
    lines = [a for a in books.allocation if a.shipment_id == "S-0001"]
    assert [(a.line, a.co2e_wtw_kg, a.teu_share) for a in lines] == [
        ("1", 2987.808, 1.6),
        ("2", 746.952, 0.4),
    ]
    assert books.sums["S-0001"].cost == 1512.56


def test_turns_of_our_own_boxes(books: Ledger) -> None:
    """YARD: 189 + 210 - 42 = 357 km x 0.920 = 328.440 kg; 301.40 + 25 fee - 440.00 - 80 return
    = -193.60 EUR. PLANT: 210 + 126 - 105 = 231 km x 0.920 = 212.520 kg; 350 - 420 = -70 EUR.
    """
    first, second, *unused = books.round_use
    assert (first.empty_id, first.shipment_id, first.boxes) == ("B1", "S-0001", 1)
    assert (first.km_saved, first.co2e_avoided_kg, first.cost_change) == (357.0, 328.44, -193.6)
    assert (second.import_shipment_id, second.origin, second.destination) == (
        "S-0003",
        "PLANT",
        "HUB",
    )
    assert (second.km_saved, second.co2e_avoided_kg, second.cost_change) == (231.0, 212.52, -70.0)
    assert [r.co2e_avoided_partner_kg for r in (first, second)] == [0.0, 0.0]
    taken = "All load units that could take them load other boxes."
    assert [(r.empty_id, r.import_shipment_id, r.boxes, r.reason) for r in unused] == [
        ("B1", "", 0, taken),
        ("B2", "", 0, taken),
        ("", "S-0002", 0, taken),
    ]


def with_empties(case: Case, **changes: object) -> Case:
    first = replace(case.empties[0], **changes)  # type: ignore[arg-type]
    return replace(case, empties=(first, *case.empties[1:]))


def rebooked(case: Case) -> Ledger:
    return make_ledger(*handmade_plan(case))


def test_turn_of_a_partners_box_is_shared() -> None:
    """357 km x 0.920 = 328.440 kg; half of it, 164.220 kg, may be claimed by each of the two.
    No return of his is in our costs: 301.40 + 25 - 440.00 = -113.60 EUR.
    """
    case, _ = handmade_plan()
    books = rebooked(with_empties(case, ours=False))
    row = books.round_use[0]
    assert (row.co2e_avoided_own_kg, row.co2e_avoided_partner_kg) == (164.22, 164.22)
    assert row.co2e_avoided_kg == 328.44
    assert row.cost_change == -113.6
    assert not [r for r in books.legs if r.element.tce_id == "R-B1"]


def test_cost_and_co2e_without_turns_differ_by_what_the_turns_say(books: Ledger) -> None:
    """cost_change is the plan's cost with the boxes less that without, to the cent: -263.60."""
    case, plan = handmade_plan()
    plain = make_ledger(case, without_turns(plan))
    changes = sum(r.cost_change for r in books.round_use)
    assert books.cost - plain.cost == pytest.approx(changes, abs=1e-6)
    assert changes == pytest.approx(-263.6)


def test_a_leg_that_others_pay_costs_nothing() -> None:
    """E1 sold free on board: sea charges, its OCEAN legs and nothing else leave our account."""
    case, plan = handmade_plan()
    make = Maker(case)
    old = plan.shipments[0]
    legs = (("R-PP", days(2, 2), days(2, 3)), ("R-SEA", days(2, 7), days(3, 9)))
    new = make.shipment("S-0001", "45X", legs, old.contents, unpaid=["R-SEA"])
    books = make_ledger(case, Plan((new,), (), ()))
    assert charges_of(books, "S-0001") == [("BAS", 400.0), ("FSC", 40.0), ("HDL", 50.0)]
    rows = legs_of(books, "S-0001")
    assert [(r.paid_by, r.cost, r.ghg_scope) for r in rows] == [
        ("us", 0.0, "3.4"),
        ("us", 440.0, "3.4"),
        ("us", 50.0, "3.4"),
        ("other", 0.0, "3.9"),
    ]
    assert kg_of(rows)[-1] == (3450.0, 2760.0)


def test_a_bid_with_stops_has_a_row_a_stretch_and_costs_once() -> None:
    """R-PP by way of HUB: 105 and 126 km; the first stretch carries 400 + 40 EUR."""
    case, plan = handmade_plan()
    bids = tuple(replace(b, via=("HUB",)) if b.bid_id == "R-PP" else b for b in case.bids)
    case = replace(case, bids=bids)
    make = Maker(case)
    legs = (("R-PP", days(2, 2), days(2, 3)), ("R-SEA", days(2, 7), days(3, 9)))
    new = make.shipment("S-0001", "45X", legs, plan.shipments[0].contents)
    rows = legs_of(make_ledger(case, Plan((new,), (), ())), "S-0001")
    laden = [r for r in rows if r.element.kind == "transport"]
    assert [(r.origin, r.destination, r.cost, r.element.tce_id) for r in laden] == [
        ("PLANT", "HUB", 440.0, "S-0001.1"),
        ("HUB", "PORT", 0.0, "S-0001.2"),
        ("PORT", "FAR", 1090.0, "S-0001.4"),
    ]
    assert (rows[0].origin, rows[0].destination, rows[0].distance_km) == ("PORT", "PLANT", 231.0)
    assert (laden[0].depart, laden[1].arrive) == (days(2, 2).toordinal(), days(2, 3).toordinal())


def refusing(name: str) -> Callable[[Case], Case]:
    def change(case: Case) -> Case:
        carrier = replace(case.carriers[name], round_use_allowed=False)
        return replace(case, carriers={**case.carriers, name: carrier})

    return change


def settings(case: Case, **changes: object) -> Case:
    return replace(case, settings=replace(case.settings, **changes))  # type: ignore[arg-type]


REASONS: list[tuple[Callable[[Case], Case], str]] = [
    (
        lambda c: settings(c, measures=frozenset(MEASURES) - {"round_use"}),
        "Round use is switched off in this scenario.",
    ),
    (refusing("BOXCO"), "BOXCO does not let its boxes be loaded again."),
    (
        lambda c: with_empties(c, equipment="TRL"),
        "No export of this plan fetches an empty TRL by road.",
    ),
    (
        lambda c: with_empties(c, line="ELEC"),
        "No export sails with a line that loads boxes of ELEC.",
    ),
    (
        lambda c: with_empties(
            replace(c, products={"SKU": replace(c.products["SKU"], min_box_grade="A")}), grade="C"
        ),
        "All exports of their line want a better box than grade C.",
    ),
    (
        lambda c: with_empties(c, available_from=date(2026, 2, 12), free_until=None),
        "No export of their line is stuffed after they stand empty.",
    ),
    (
        refusing("HAUL"),
        "The hauliers of the exports in time do not take part in round use.",
    ),
    (
        lambda c: with_empties(c, location="PORT"),
        "Too far: even to PLANT the move of 210 km is no shorter than the 210 km that it saves.",
    ),
    (
        lambda c: with_empties(c, free_until=date(2026, 1, 19)),
        "Their free time ends before they are stripped.",
    ),
    (lambda c: c, "Not worth it: with these boxes the plan has no less CO2e."),
]


@pytest.mark.parametrize(("change", "reason"), REASONS, ids=[r[:30] for _, r in REASONS])
def test_every_unused_box_has_its_reason(change: Callable[[Case], Case], reason: str) -> None:
    case, plan = handmade_plan(change(handmade_plan()[0]))
    books = make_ledger(case, without_turns(plan))
    told = [r for r in books.round_use if r.empty_id == "B1"]
    assert [(r.boxes, r.reason) for r in told] == [(0, reason)]


def test_possible_turns_are_a_maximum_flow(books: Ledger) -> None:
    """Two exports fetch one box each; both can be served, by YARD's, B2's or the import's boxes.
    Without the export through the hub only one can.
    """
    assert books.round_use_possible == 2
    case, plan = handmade_plan()
    fewer = tuple(s for s in plan.shipments if s.shipment_id != "S-0005")
    left = make_ledger(case, without_turns(Plan(fewer, (), ())))
    assert left.round_use_possible == 1


def test_every_charge_names_where_its_price_stands() -> None:
    case, _ = handmade_plan()
    bids = tuple(
        replace(b, source_file="offer.xlsx", source_sheet="Rates", source_row="7")
        if b.bid_id == "R-SEA"
        else b
        for b in case.bids
    )
    books = rebooked(replace(case, bids=bids))

    def source(row: CostRow) -> tuple[str, str, str]:
        return row.source_file, row.source_sheet, row.source_row

    by_code = {r.charge_code: source(r) for r in books.costs if not r.bid_id}
    assert by_code == {
        "HDL": ("locations", "", ""),
        "RUF": ("carriers", "", ""),
        "FIX": ("carriers", "", ""),
        "RET": ("empties", "", ""),
    }
    assert {source(r) for r in books.costs if r.bid_id == "R-SEA"} == {("offer.xlsx", "Rates", "7")}
