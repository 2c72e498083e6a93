"""Plans of small cases worked out with a pencil: containers, sharing, hubs, round use.

Figures of tests/routing/handmade.py: lorry 800 g/km + 30 g/t-km, so a BOX of 2.2 t alone 866 g/km;
ships 15 g/t-km x 10 t/TEU = 150 g/TEU-km; driven km = 1.05 x road, 1.15 x sea. A full pallet is
420 kg; O1 is two of them, 0.84 t. The corridor (km): PA 0, HUB 20, YARD 50, E1 100, I1 1100,
CUST 1150, so PA-E1 105 driven, E1-I1 1150, I1-CUST 52.5.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.orders import Order
from tests.routing.tiny_cases import (
    PAL,
    START,
    THIN,
    corridor,
    ocean,
    plain_bid,
    plain_order,
    planned,
)

BOX_AT_YARD = EmptyBoxes(
    "B1", "BOX", "YARD", "L1", 1, START, "E1", return_cost=60.0, currency="EUR"
)


def test_one_container() -> None:
    """Road 105 x (800 + 30 x (2.2 + 0.84)) = 105 x 891.2 g = 93.576 kg, empty 105 x 866 = 90.930;
    sea 1150 x 150 = 172.500; road 52.5 x 891.2 = 46.788, empty 52.5 x 866 = 45.465:
    449.259 kg. 200 + 500 + 150 = 850 EUR.
    """
    found = planned(corridor())
    assert found.ways == {("R1", "S1", "R2")}
    assert found.co2e == pytest.approx(449.259, abs=1e-6)
    assert found.cost == 850.0
    assert found.planned.bound == pytest.approx(449.259, abs=1e-4)


def test_two_orders_share_a_container() -> None:
    """Two orders of two pallets, 1.68 t in one BOX (four pallets): road 105 x (800 + 30 x 3.88)
    = 105 x 916.4 = 96.222 + 90.930; sea 172.500; road 52.5 x 916.4 = 48.111 + 45.465:
    453.228 kg for 850 EUR. Alone they would be 2 x 449.259 kg for 1700 EUR.
    """
    two = (plain_order("O1", "PA", 80, 9), plain_order("O2", "PA", 80, 9))
    found = planned(corridor(orders=two))
    assert (found.load_units, found.cost) == (1, 850.0)
    assert found.co2e == pytest.approx(453.228, abs=1e-6)
    alone = planned(corridor(orders=tuple(replace(o, mix_allowed=False) for o in two)))
    assert (alone.load_units, alone.cost) == (2, 1700.0)
    assert alone.co2e == pytest.approx(898.518, abs=1e-6)


def test_a_packaging_that_saves_a_container() -> None:
    """200 pieces: five pallets of 40 (two boxes), or four of 50 at 512 kg, 2.048 t (one box).
    road 157.5 x (800 + 30 x 4.248) = 157.5 x 927.44 = 146.0718, empty 157.5 x 866 = 136.395,
    sea 172.500: 454.9668 kg. Rows are rounded: 97.381 + 90.930 + 172.500 + 48.691 + 45.465.
    """
    case = corridor(
        orders=(plain_order("O1", "PA", 200, 9, splittable=True),), packagings={"A": (PAL, THIN)}
    )
    found = planned(case)
    assert found.load_units == 1
    assert found.co2e == pytest.approx(454.967, abs=1e-3)
    off = frozenset(case.settings.measures - {"packaging"})
    assert planned(replace(case, settings=replace(case.settings, measures=off))).load_units == 2


def test_the_owned_box_nearby_is_loaded_again() -> None:
    """YARD to PA 52.5 x 866 = 45.465 kg instead of 90.930 from the port: 403.794 kg, and no return
    (52.5 x 866 = 45.465). Without round use 449.259 + 45.465 = 494.724 kg.
    Cost 120 + 500 + 150 = 770 EUR at the round-use rate; without 850 + 60 return = 910.
    """
    case = with_box(BOX_AT_YARD)
    found = planned(case)
    assert found.boxes_reused == 1
    assert found.co2e == pytest.approx(403.794, abs=1e-6)
    assert found.cost == 770.0
    off = frozenset(case.settings.measures - {"round_use"})
    without = planned(replace(case, settings=replace(case.settings, measures=off)))
    assert (without.boxes_reused, without.cost) == (0, 910.0)
    assert without.co2e == pytest.approx(494.724, abs=1e-6)


def test_a_partners_box_saves_only_our_own_way() -> None:
    """His return is not ours: 403.794 kg with the box, 449.259 without; 770 or 850 EUR."""
    found = planned(with_box(replace(BOX_AT_YARD, ours=False)))
    assert (found.boxes_reused, found.cost) == (1, 770.0)
    assert found.co2e == pytest.approx(403.794, abs=1e-6)


def test_the_fee_and_the_kilometres_beyond_count() -> None:
    """min_cost: 120 + 12.5 km beyond 40 x 4 EUR = 50, + fee 100 = 270 against 200 + 60 return:
    10 EUR more, so the box stays: 910 EUR. With a fee of 80 it goes: 120 + 50 + 80 + 650 = 900.
    """
    case = with_box(BOX_AT_YARD, objective="min_cost", round_use_km=40.0, per_km=4.0)
    assert planned(with_fee(case, 100.0)).cost == 910.0
    found = planned(with_fee(case, 80.0))
    assert (found.boxes_reused, found.cost) == (1, 900.0)


def test_the_plans_own_import_box_is_loaded_again() -> None:
    """I1 to E1 to PA: sea 172.500, road 105 x 891.2 = 93.576, box freed at PA (no way back).
    Out: road 93.576 without an empty way (it stands at PA), sea 172.500, 46.788 + 45.465.
    At I1's side: CUST to I1 45.465 empty + 46.788. In all 716.658 kg; apart 181.860 more.
    Cost: in 150 + 450 + 180, out 200 + 500 + 150 (no round-use rate): 1630 EUR.
    """
    case = round_trip()
    found = planned(case)
    assert found.boxes_reused == 1
    assert found.co2e == pytest.approx(716.658, abs=1e-6)
    assert found.cost == 1630.0
    off = frozenset(case.settings.measures - {"round_use"})
    without = planned(replace(case, settings=replace(case.settings, measures=off)))
    assert without.co2e == pytest.approx(716.658 + 181.860, abs=1e-6)


def test_orders_of_two_plants_meet_at_the_centre() -> None:
    """PA-HUB 21 and PB-HUB 63 km by trailer: 21 x (800 + 30 x 0.84) = 17.329 and 63 x 825.2 =
    51.988; one box from HUB to E1: 84 x 916.4 = 76.978 + 84 x 866 = 72.744; sea 172.500;
    48.111 + 45.465: 485.115 kg. Two boxes apart would be more than 898 kg.
    Cost 2 x 80 + 120 + 500 + 150 = 930 EUR.
    """
    trip = {"service": "ftl", "rate_basis": "trip", "equipment": ("TRL",)}
    case = corridor(orders=(plain_order("O1", "PA", 80, 12), plain_order("O2", "PB", 80, 12)))
    more = (
        plain_bid("R3", "T1", "PB", "E1", 250.0),
        plain_bid("H1", "T2", "PA", "HUB", 80.0, **trip),
        plain_bid("H2", "T2", "PB", "HUB", 80.0, **trip),
        plain_bid("H3", "T1", "HUB", "E1", 120.0),
    )
    found = planned(replace(case, bids=case.bids + more))
    assert found.ways == {("H1",), ("H2",), ("H3", "S1", "R2")}
    assert found.co2e == pytest.approx(485.115, abs=2e-3)
    assert found.cost == 930.0


def test_a_small_order_goes_as_a_part_load() -> None:
    """One pallet, 0.42 t: ltl 105 x 0.42 x 100 = 4.410 and 52.5 x 0.42 x 100 = 2.205,
    lcl 1150 x 0.42 x 15 = 7.245: 13.860 kg; 0.42 t x 100 + 1.2 m3 x 50 + 0.42 x 100 = 144 EUR.
    """
    ltl = {"service": "ltl", "rate_basis": "tonne", "vehicle": "all_hgvs"}
    more = (
        plain_bid("P1", "T2", "PA", "E1", 100.0, **ltl),
        ocean("P2", "L1", 50.0, service="lcl", rate_basis="wm"),
        plain_bid("P3", "T2", "I1", "CUST", 100.0, **ltl),
    )
    case = corridor(orders=(plain_order("O1", "PA", 40, 9),))
    found = planned(replace(case, bids=case.bids + more))
    assert found.ways == {("P1", "P2", "P3")}
    assert found.co2e == pytest.approx(13.860, abs=1e-6)
    assert found.cost == 144.0


def with_box(
    boxes: EmptyBoxes,
    *,
    objective: str = "min_emissions",
    round_use_km: float | None = None,
    per_km: float = 0.0,
) -> Case:
    """The corridor with an emptied box and a haulier whose round-use rate is 120."""
    case = corridor(objective=objective, empties=(boxes,))
    haul = replace(
        case.bids[0],
        round_use_rate=120.0,
        round_use_km=round_use_km,
        round_use_rate_per_km=per_km,
    )
    return replace(case, bids=(haul, *case.bids[1:]))


def with_fee(case: Case, fee: float) -> Case:
    owner = replace(case.carriers["L1"], round_use_fee=fee)
    return replace(case, carriers={**case.carriers, "L1": owner})


def inbound_order(**more: object) -> Order:
    """80 pieces from CUST to PA, as O1 comes back."""
    order = replace(plain_order("IN", "CUST", 80, 9), destination="PA", flow="inbound")
    return replace(order, **more)  # type: ignore[arg-type]


def round_trip(free_days: int | None = None, unstuff_days: int = 1) -> Case:
    """An import to PA, and O1 a week later."""
    later = START + timedelta(days=10)
    out = replace(
        plain_order("O1", "PA", 80, 9), ready_date=later, due_date=later + timedelta(days=9)
    )
    more = (
        plain_bid("R4", "T3", "CUST", "I1", 150.0),
        ocean("S4", "L1", 450.0, start="I1", end="E1", free_days=free_days),
        plain_bid("R5", "T1", "E1", "PA", 180.0),
    )
    case = corridor(orders=(out, inbound_order(unstuff_days=unstuff_days)))
    return replace(case, bids=case.bids + more)
