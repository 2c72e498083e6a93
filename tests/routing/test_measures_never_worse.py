"""More freedom is never worse: measures, bids, room, boxes; and prices alone do not move CO2e.

Plans are compared as the settings order them: weighted pieces left first, then the objective.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from routing.bids import Bid
from routing.boxes import EmptyBoxes
from routing.case import MEASURES, Case
from tests.routing.test_planner import BOX_AT_YARD, with_box
from tests.routing.tiny_cases import corridor, ocean, plain_order, planned, tiny_case

OBJECTIVES = ("min_emissions", "min_cost")
SEEDS = (0, 3, 5, 9, 11, 14, 17, 23, 33, 40)
"""Projects to compare, without charges a bill of lading, which the model counts too seldom."""
Change = Callable[[Case], Case]


def known_carriers(case: Case) -> Case:
    """T1, T3 and L1 work for us already, so that measures that are off mean something."""
    carriers = {n: replace(c, incumbent=n in ("T1", "T3", "L1")) for n, c in case.carriers.items()}
    return replace(case, carriers=carriers)


@cache
def tiny(seed: int, objective: str) -> Case:
    case = known_carriers(tiny_case(seed, objective))
    without = [replace(b, charges=tuple(c for c in b.charges if c.rate_basis != "bl"))
               for b in case.bids]  # fmt: skip
    return replace(case, bids=tuple(without))


def value(case: Case) -> tuple[float, float]:
    """Pieces left (weighted) and the objective."""
    found = planned(case)
    return found.unserved, found.cost if case.settings.objective == "min_cost" else found.co2e


@cache
def tiny_value(seed: int, objective: str) -> tuple[float, float]:
    return value(tiny(seed, objective))


def no_worse(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """True if `one` leaves fewer pieces, or as many and its objective is as good (to rounding)."""
    if abs(one[0] - other[0]) > 1e-6:
        return one[0] < other[0]
    return one[1] <= other[1] * (1 + 1e-6) + 0.05


def without(case: Case, measure: str) -> Case:
    left = frozenset(case.settings.measures - {measure})
    return replace(case, settings=replace(case.settings, measures=left))


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_never_worse_than_none(measure: str, objective: str) -> None:
    for seed in SEEDS:
        plain = value(without(tiny(seed, objective), measure))
        assert no_worse(tiny_value(seed, objective), plain), seed


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_measure_is_better_than_no_measure_at_all(objective: str) -> None:
    for seed in SEEDS:
        case = tiny(seed, objective)
        bare = replace(case, settings=replace(case.settings, measures=frozenset()))
        assert no_worse(tiny_value(seed, objective), value(bare)), seed


def more_bids(case: Case) -> Case:
    """Each sailing once more on another line, a bit dearer and a bit cleaner, and one cheaper."""
    sails = [b for b in case.bids if b.mode == "sea" and b.service == "container"]
    more = [
        replace(b, bid_id=f"{b.bid_id}-L2", carrier="L2", line="L2", rate=b.rate * 1.1,
                co2e_wtw_g=55.0, co2e_per="teu_km")
        for b in sails
    ]  # fmt: skip
    cheap = [replace(b, bid_id=f"{b.bid_id}-T2", carrier="T2", rate=b.rate * 0.8)
             for b in case.bids if b.mode == "road"]  # fmt: skip
    return replace(case, bids=(*case.bids, *more, *cheap))


def more_room(case: Case) -> Case:
    """One load unit more for every bid with a capacity."""
    bids = (replace(b, capacity=None if b.capacity is None else b.capacity + 1) for b in case.bids)
    return replace(case, bids=tuple(bids))


def any_room(case: Case) -> Case:
    return replace(case, bids=tuple(replace(b, capacity=None) for b in case.bids))


def more_boxes(case: Case) -> Case:
    """A partner's boxes at a plant; our own would add their return to every plan."""
    first = min(o.ready_date for o in case.orders)
    here = EmptyBoxes("X1", "BOX", "PA", "L1", 3, first, "E1", ours=False)
    return replace(case, empties=(*case.empties, here))


def bigger_boxes(case: Case) -> Case:
    """The same box with more payload, and the same tare."""
    box = replace(case.equipment["BOX"], payload_kg=4000.0)
    return replace(case, equipment={**case.equipment, "BOX": box})


def all_mix(case: Case) -> Case:
    orders = (replace(o, mix_allowed=True, splittable=True) for o in case.orders)
    return replace(case, orders=tuple(orders))


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    "change", [more_bids, more_room, any_room, more_boxes, bigger_boxes, all_mix]
)
def test_more_is_never_worse(change: Change, objective: str) -> None:
    for seed in SEEDS:
        richer = value(change(tiny(seed, objective)))
        assert no_worse(richer, tiny_value(seed, objective)), seed


def test_more_is_of_use_somewhere() -> None:
    """The comparisons are not all between equals."""
    changes: tuple[Change, ...] = (more_bids, any_room, more_boxes, all_mix)
    for change in changes:
        cases = [tiny(seed, "min_emissions") for seed in (*SEEDS, 1, 20, 26, 28, 29, 35, 41)]
        assert any(value(change(c)) != value(c) for c in cases), change.__name__


def dearer(case: Case, factor: float) -> Case:
    """Every price times a factor."""

    def bid(b: Bid) -> Bid:
        charges = tuple(
            c if c.rate_basis == "percent" else replace(c, amount=c.amount * factor)
            for c in b.charges
        )
        turned = None if b.round_use_rate is None else b.round_use_rate * factor
        return replace(
            b,
            rate=b.rate * factor,
            min_charge=b.min_charge * factor,
            round_use_rate=turned,
            round_use_rate_per_km=b.round_use_rate_per_km * factor,
            charges=charges,
        )

    carriers = {
        n: replace(c, fixed_cost=c.fixed_cost * factor, round_use_fee=c.round_use_fee * factor)
        for n, c in case.carriers.items()
    }
    places = {
        n: replace(
            p,
            handling_cost_per_load_unit=p.handling_cost_per_load_unit * factor,
            handling_cost_per_t=p.handling_cost_per_t * factor,
        )
        for n, p in case.places.items()
    }
    empties = tuple(replace(e, return_cost=e.return_cost * factor) for e in case.empties)
    return replace(
        case,
        bids=tuple(bid(b) for b in case.bids),
        carriers=carriers,
        places=places,
        empties=empties,
    )


def test_prices_times_two() -> None:
    """The least CO2e stays to the gram and costs twice as much; so does the least cost."""
    for seed in SEEDS:
        case = tiny(seed, "min_emissions")
        plain, twice = planned(case), planned(dearer(case, 2))
        assert twice.co2e == pytest.approx(plain.co2e, abs=1e-2)
        assert twice.cost == pytest.approx(2 * plain.cost, rel=3e-4, abs=0.2)
        assert twice.unserved == plain.unserved
        cheapest = tiny_value(seed, "min_cost")
        doubled = value(dearer(tiny(seed, "min_cost"), 2))
        assert doubled[1] == pytest.approx(2 * cheapest[1], rel=1e-6, abs=0.2)


def test_least_co2e_and_least_cost_bound_one_another() -> None:
    for seed in SEEDS:
        clean, cheap = (planned(tiny(seed, o)) for o in OBJECTIVES)
        assert clean.unserved == cheap.unserved
        assert clean.co2e <= cheap.co2e + 0.01
        assert cheap.cost <= clean.cost + 0.05


def test_the_order_of_the_tables_does_not_matter() -> None:
    for seed in SEEDS[:6]:
        case = tiny(seed, "min_emissions")
        turned = replace(case, bids=case.bids[::-1], orders=case.orders[::-1])
        kg = tiny_value(seed, "min_emissions")
        assert value(turned)[1] == pytest.approx(kg[1], abs=0.01)


def test_the_same_case_gives_the_same_plan() -> None:
    for seed in SEEDS[:4]:
        one, two = (planned(tiny_case(seed)).planned.plan for _ in range(2))
        assert str(one.box_uses) == str(two.box_uses)
        told = [
            [(s.shipment_id, s.depart, s.stops, s.mass_kg, s.pickup_place) for s in p.shipments]
            for p in (one, two)
        ]
        assert told[0] == told[1]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_round_use_is_never_worse_with_any_grade_or_fee(objective: str) -> None:
    for fee in (0.0, 100.0, 1000.0):
        for grade in ("A", "C"):
            case = with_box(replace(BOX_AT_YARD, grade=grade), objective=objective)
            owner = replace(case.carriers["L1"], round_use_fee=fee)
            case = replace(case, carriers={**case.carriers, "L1": owner})
            assert no_worse(value(case), value(without(case, "round_use")))


def test_a_looser_budget_is_never_worse() -> None:
    """CO2e falls in steps as the budget rises: 449.259 kg for 750 EUR, 356.759 from 1350."""
    clean = ocean("S1", "L1", 1000.0, co2e_wtw_g=80.0, co2e_per="teu_km")
    last = None
    for budget in (750.0, 900.0, 1350.0, 2000.0):
        case = corridor(orders=(plain_order("O1", "PA", 80, 9),), budget=budget)
        bids = (case.bids[0], clean, ocean("S2", "L2", 400.0), case.bids[2])
        found = value(replace(case, bids=bids))
        assert found[1] == pytest.approx(449.259 if budget < 1350 else 356.759, abs=1e-3)
        assert last is None or no_worse(found, last)
        last = found
