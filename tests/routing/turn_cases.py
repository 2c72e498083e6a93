"""Street turns small enough to follow with a pencil, and every turn of a case found naively.

Places: YARD, FARM and BARN hold emptied boxes; MILL and SHOP are stuffed; PORT and QUAY; DEPOT. All
lie near each other, and the table of distances has every pair that is used, so that kilometres are
those written here. The lorry emits 1,000 g a km, the electric one 200 g.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from emissions.factors import Factor, FactorBook
from loading.equipment import built_in
from routing.bids import Carrier
from routing.boxes import EmptyBoxes, WantedBoxes
from routing.distances import Distances, OwnDistance
from routing.money import ExchangeRates
from routing.places import Place
from routing.turn_case import TurnCase

KM = {
    ("YARD", "PORT"): 100, ("FARM", "PORT"): 90, ("BARN", "PORT"): 40,
    ("YARD", "QUAY"): 150, ("FARM", "QUAY"): 60, ("BARN", "QUAY"): 200,
    ("MILL", "PORT"): 80, ("SHOP", "PORT"): 120, ("MILL", "QUAY"): 70, ("SHOP", "QUAY"): 130,
    ("YARD", "MILL"): 30, ("YARD", "SHOP"): 60, ("FARM", "MILL"): 20, ("FARM", "SHOP"): 110,
    ("BARN", "MILL"): 150, ("BARN", "SHOP"): 155,
    ("YARD", "DEPOT"): 10, ("FARM", "DEPOT"): 50, ("BARN", "DEPOT"): 45,
    ("DEPOT", "MILL"): 40, ("DEPOT", "SHOP"): 70, ("DEPOT", "PORT"): 90, ("DEPOT", "QUAY"): 95,
}  # fmt: skip
NAMES = ("YARD", "FARM", "BARN", "MILL", "SHOP", "PORT", "QUAY", "DEPOT")
DAY = date(2026, 3, 2)


def day(number: int) -> date:
    return DAY + timedelta(number)


def km(a: str, b: str) -> int:
    return 0 if a == b else KM.get((a, b)) or KM[b, a]


def factor(vehicle: str, wtw_g: float) -> Factor:
    return Factor(
        f"own-{vehicle}", "road", vehicle, "", "", wtw_g / 5, wtw_g * 4 / 5, "vehicle_km",
        includes_empty=False, distance_basis="actual",
    )  # fmt: skip


def box(empty_id: str = "E1", **changes: Any) -> EmptyBoxes:
    made = EmptyBoxes(
        empty_id, "45G1", "YARD", "LINE", 1, day(0), "PORT", free_until=day(9), vehicle="lorry"
    )
    return replace(made, **changes)


def need(wanted_id: str = "W1", **changes: Any) -> WantedBoxes:
    made = WantedBoxes(wanted_id, "45G1", "MILL", "LINE", 1, day(3), day(5), "PORT")
    return replace(made, **changes)


def case(
    empties: list[EmptyBoxes], wanted: list[WantedBoxes], carriers: list[Carrier] | None = None,
    **changes: Any,
) -> TurnCase:  # fmt: skip
    parties = carriers or [Carrier("LINE", "A line"), Carrier("OTHER", "Another line")]
    places = {
        name: Place(name, name, "plant", "DE", 50 + 0.01 * k, 8.0) for k, name in enumerate(NAMES)
    }
    own = [OwnDistance(a, b, "road", float(d), "actual", "by hand") for (a, b), d in KM.items()]
    made = TurnCase(
        empties=tuple(sorted(empties, key=lambda e: e.empty_id)),
        wanted=tuple(sorted(wanted, key=lambda w: w.wanted_id)),
        carriers={c.carrier: c for c in parties},
        equipment=built_in(),
        distances=Distances(places, own=own),
        factors=FactorBook((), (factor("lorry", 1000), factor("electric", 200))),
        fx=ExchangeRates("EUR", {"USD": 0.5}),
    )
    return replace(made, **changes)


@dataclass(frozen=True)
class NaiveTurn:
    """A turn of one box, with what it is worth: grams saved and cents of cost."""

    i: int
    j: int
    depot: str
    grams: int
    cents: int


def naive_turns(case: TurnCase) -> Iterator[NaiveTurn]:
    """Every turn that the rules of docs/round-use.md allow, pair by pair, in plain words."""
    for (i, e), (j, w) in itertools.product(enumerate(case.empties), enumerate(case.wanted)):
        sailing = case.carriers.get(w.line)
        shipper_owned = e.line == "SOC"
        agreed = shipper_owned or e.line == w.line
        agreed = agreed or (sailing is not None and e.line in sailing.interchange_with)
        asked = [x for x in (e.line, w.line) if x != "SOC"]
        willing = all(x in case.carriers and case.carriers[x].round_use_allowed for x in asked)
        if e.equipment != w.equipment or not agreed or not willing or e.grade > w.min_grade:
            continue
        first = max(e.available_from, w.from_date - timedelta(case.wait_days))
        if first > w.to_date:
            continue
        late = max(0, (first - e.free_until).days) if e.free_until else 0
        ways = []
        if not late or e.detention_per_day is not None:
            ways.append(("", _road(case, e.location, w.location), late))
        street_km = _road(case, w.port, w.location) + _road(case, e.location, e.return_to)
        too_far = street_km - _road(case, e.location, w.location) <= 0.0005
        if (late or too_far) and case.depots:
            d = min(case.depots, key=lambda d: _by(case, e.location, d, w.location))
            ways.append((d, _by(case, e.location, d, w.location), 0))
        for depot, move, days in ways:
            pick_up = _road(case, w.port, w.location)
            saved = _road(case, e.location, e.return_to) + pick_up - move
            if saved <= 0.0005:
                continue
            owner = case.carriers.get(e.line)
            fee = owner.round_use_fee * case.fx.factor(owner.currency) if owner else 0.0
            back = e.return_cost * case.fx.factor(e.currency) if e.ours else 0.0
            rate = (e.detention_per_day or 0.0) * case.fx.factor(e.currency)
            hauled = (move - pick_up) * case.cost_per_km
            g = case.factors.find("road", e.vehicle, "", "container", per=("vehicle_km",))
            assert isinstance(g, Factor)
            cents = _whole((days * rate + hauled) * 100) + _whole((fee - back) * 100)
            yield NaiveTurn(i, j, depot, _whole(saved * g.wtw_g), cents)


def _whole(value: float) -> int:
    """Rounded half up; what float arithmetic blurs is taken off first."""
    return math.floor(round(value, 6) + 0.5)


def _road(case: TurnCase, a: str, b: str) -> float:
    return 0.0 if a == b else case.distances.leg(a, b, "road").actual_km


def _by(case: TurnCase, a: str, depot: str, b: str) -> float:
    return _road(case, a, depot) + _road(case, depot, b)
