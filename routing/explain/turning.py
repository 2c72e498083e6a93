"""At which rate, or at which intensity, another bid would win: found on a grid of hundredths.

Cost and CO2e are all but linear in both, so the books are kept a few times and not a hundred times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import floor, log10

from routing.bids import Bid
from routing.explain.books import Figures, weighed
from routing.explain.rivals import Field, Rival, Stake

DEAREST = 1000
"""Beyond so many times its value nothing is looked for."""
MUCH = 1000.0
CLOSE = 0.0005
"""Less than half a gram or half a cent is no difference."""


@dataclass(frozen=True)
class Turn:
    """The value of a bid's field at which the other one wins; `needed` None: at none.

    `what` is the field's name, `unit` what it is counted in.
    """

    bid_id: str
    what: str
    unit: str
    now: float
    needed: float | None

    @property
    def change(self) -> float | None:
        """How much that is above (or below, negative) today's value."""
        return None if self.needed is None else round(self.needed - self.now, _digits(self.now))


def better(change: Figures, field: Field) -> bool:
    """True if a change is one for the better: by the objective, then by its tie-breaker."""
    first, second = weighed(change, field.case.settings)
    return first < -CLOSE or (abs(first) <= CLOSE and second < -CLOSE)


def turns_for_rival(field: Field, stake: Stake, rival: Rival) -> list[Turn]:
    """What the rival would have to offer to win, everything else held."""
    return _turns(field, stake, rival, rival.bid, downward=True)


def turns_for_winner(field: Field, stake: Stake, rival: Rival) -> list[Turn]:
    """What the winner would have to offer to lose to that rival."""
    return _turns(field, stake, rival, stake.bid, downward=False)


def _turns(field: Field, stake: Stake, rival: Rival, bid: Bid, *, downward: bool) -> list[Turn]:
    settings = field.case.settings
    tied = rival.change is not None and abs(weighed(rival.change, settings)[0]) <= CLOSE
    found = []
    if settings.objective != "min_emissions" or tied:
        found.append(_rate_turn(field, stake, rival, bid, downward))
    if settings.objective != "min_cost" or tied:
        found.append(_co2e_turn(field, rival, bid, downward))
    return found


def _rate_turn(field: Field, stake: Stake, rival: Rival, bid: Bid, downward: bool) -> Turn:
    rides = [(field.by_id[s], i) for s, i in stake.rides]
    reused = all(
        (i == 0 and bool(s.pickup_place)) or (i == len(s.legs) - 1 and s.released) for s, i in rides
    )
    name = "round_use_rate" if reused and bid.round_use_rate is not None else "rate"
    now = float(getattr(bid, name))

    def margin(value: float) -> float:
        dearer = replace(bid, rate=value) if name == "rate" else replace(bid, round_use_rate=value)
        return _margin(field, rival, dearer)

    needed = _search(margin, now, downward)
    return Turn(bid.bid_id, name, f"{bid.currency} per {bid.rate_basis}", now, needed)


def _co2e_turn(field: Field, rival: Rival, bid: Bid, downward: bool) -> Turn:
    declared = _declared(field, bid)
    # one figure for laden and empty kilometres, where the bid has none of its own
    base = bid if declared else replace(bid, co2e_per="tkm", co2e_includes_empty=True)
    if not declared:
        base = replace(base, co2e_slope_g_per_tkm=0.0, co2e_distance_basis="sfd", co2e_ttw_g=None)

    def terms(value: float) -> Bid:
        ttw_g = base.co2e_ttw_g
        if ttw_g is not None and base.co2e_wtw_g:
            ttw_g = ttw_g / base.co2e_wtw_g * value
        return replace(base, co2e_wtw_g=value, co2e_ttw_g=ttw_g, co2e_verified=True)

    assert rival.change is not None
    now = bid.co2e_wtw_g if declared else _intensity(field, rival, terms, rival.change)
    now = round(now or 0.0, 2)
    needed = _search(lambda value: _margin(field, rival, terms(value)), now, downward)
    per = {"tkm": "t-km", "teu_km": "TEU-km", "vehicle_km": "vehicle-km"}[base.co2e_per]
    return Turn(bid.bid_id, "co2e_wtw_g", f"g WTW per {per}", now, needed)


def _declared(field: Field, bid: Bid) -> bool:
    """True if the plan counts with the bid's own figure."""
    trusted = field.case.settings.declared_co2e == "all" or bid.co2e_verified
    return bid.co2e_wtw_g is not None and bool(bid.co2e_per) and trusted


def _intensity(field: Field, rival: Rival, terms: Callable[[float], Bid], change: Figures) -> float:
    """The figure of these rides that comes to what the bid's factor gives, empty ways included.

    The books are straight in it: two values give the line.
    """
    none, much = (_changed(field, rival, terms(value)).co2e_kg for value in (0.0, MUCH))
    return MUCH * (change.co2e_kg - none) / (much - none) if much != none else 0.0


def _changed(field: Field, rival: Rival, bid: Bid) -> Figures:
    """What the rival would make of the plan with a bid on other terms."""
    return field.books.change(rival.swap.shipments, bid=bid, dropped=rival.swap.dropped)


def _margin(field: Field, rival: Rival, bid: Bid) -> float:
    """How much the rival is behind with a bid on other terms; negative: it wins."""
    change = _changed(field, rival, bid)
    first = weighed(change, field.case.settings)[0]
    return min(first, -CLOSE) if better(change, field) else max(first, 0.0)


def _digits(value: float) -> int:
    """Digits after the point: two, or so many that four figures of a small value are told."""
    return max(2, 3 - floor(log10(value))) if value > 0 else 2


def _search(margin: Callable[[float], float], now: float, downward: bool) -> float | None:
    """The value nearest to today's, on the grid, at which the rival wins; None where it never does.

    Two grid values, at one of which it wins, draw near each other: by the straight line between
    their margins and, every third time, by halves.
    """
    digits = _digits(now)
    step = 10.0**-digits
    stays = floor(now / step + 1e-9)
    turns = 0 if downward else max(stays, round(1.0 / step)) * DEAREST
    low, high = margin(turns * step), margin(stays * step)
    if low >= 0.0:
        return None
    if high < 0.0:
        return round(now, digits)
    guesses = 0
    while abs(stays - turns) > 1:
        guesses += 1
        share = low / (low - high) if guesses % 3 else 0.5
        middle = turns + int((stays - turns) * share)
        middle = min(max(middle, min(stays, turns) + 1), max(stays, turns) - 1)
        at = margin(middle * step)
        if at < 0.0:
            turns, low = middle, at
        else:
            stays, high = middle, at
    return round(turns * step, digits)
