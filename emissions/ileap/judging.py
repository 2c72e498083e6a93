"""What the rules share: the categories of a file, exact comparison, and what counts as fossil."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from emissions.ileap.model import EnergyCarrier, Hoc, Toc

HALF = Decimal("0.5")
LARGEST_ROUNDING = Decimal("0.005")
"""A printed figure may be rounded, but not by more than this share of what it stands for."""
KG_PER_T = Decimal(1000)

FOSSIL_CARRIERS = frozenset(
    {"Diesel", "Petrol", "CNG", "LNG", "LPG", "HFO", "MGO", "Aviation fuel"}
)
FOSSIL_FEEDSTOCKS = frozenset({"Fossil", "Natural gas"})


@dataclass(frozen=True)
class Categories:
    """The TOCs and HOCs that a file holds, by id."""

    tocs: Mapping[str, Toc]
    hocs: Mapping[str, Hoc]


def half_a_digit(printed: Decimal) -> Decimal:
    """Half a unit of the last digit that is printed: 0.05 for 12.3."""
    exponent = printed.as_tuple().exponent
    return HALF.scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(0)


def agree(said: Decimal, right: Decimal, slack: Decimal = Decimal(0)) -> bool:
    """True if `said` is `right`, rounded to the digits that are printed (and within `slack`)."""
    rounding = min(half_a_digit(said), LARGEST_ROUNDING * abs(right))
    return abs(said - right) <= rounding + slack


def is_fossil(carriers: Iterable[EnergyCarrier]) -> bool:
    """True if all energy is fossil: then burning it emits no more than the whole life cycle.

    A fuel of biogenic or captured carbon may have a credit before the tank, and an emission
    factor well-to-wheel below that of burning it.
    """
    return all(
        carrier.energyCarrier in FOSSIL_CARRIERS
        and all(f.feedstock in FOSSIL_FEEDSTOCKS for f in carrier.feedstocks or ())
        for carrier in carriers
    )


def number(value: Decimal) -> str:
    """A figure in a message, without digits that say nothing."""
    return f"{value:.9f}".rstrip("0").rstrip(".")
