"""Who pays, which scope, and the EU ETS at sea."""

from __future__ import annotations

import pytest

from emissions.scopes import ets_cost, ets_share, ghg_scope, we_pay
from lowhaul.errors import LowhaulError


@pytest.mark.parametrize(
    ("flow", "incoterm", "stages"),
    [
        ("outbound", "", "pre main on"),
        ("outbound", "EXW", ""),
        ("outbound", "FCA", ""),
        ("outbound", "FOB", "pre"),
        ("outbound", "cif", "pre main"),
        ("outbound", "DAP", "pre main on"),
        ("inbound", "", "pre main on"),
        ("inbound", "EXW", "pre main on"),
        ("inbound", "FOB", "main on"),
        ("inbound", "CFR", "on"),
        ("inbound", "DDP", ""),
        ("transfer", "EXW", "pre main on"),
    ],
)
def test_who_pays(flow: str, incoterm: str, stages: str) -> None:
    paid = [s for s in ("pre", "main", "on") if we_pay(flow, incoterm, s)]  # type: ignore[arg-type]
    assert paid == stages.split()


def test_named_place_decides_alone() -> None:
    assert we_pay("outbound", "FCA", "pre", beyond_named_place=False)
    assert not we_pay("outbound", "DAP", "on", beyond_named_place=True)


def test_unknown_incoterm_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LowhaulError, match=r"DAT.*EXW"):
        we_pay("outbound", "DAT")


@pytest.mark.parametrize(
    ("flow", "paid", "scope"),
    [
        ("outbound", True, "3.4"),
        ("outbound", False, "3.9"),
        ("inbound", True, "3.4"),
        ("inbound", False, "3.4"),
        ("transfer", True, "3.4"),
    ],
)
def test_scope_of_bought_transport(flow: str, paid: bool, scope: str) -> None:
    assert ghg_scope(flow, paid_by_us=paid) == scope


def test_scope_of_own_vehicles() -> None:
    assert ghg_scope("outbound", paid_by_us=True, own_vehicle=True, energy="diesel") == "1"
    assert ghg_scope("inbound", paid_by_us=True, own_vehicle=True, energy="Electricity") == "2"


@pytest.mark.parametrize(
    ("origin", "destination", "year", "share"),
    [
        ("NL", "DE", 2026, 1.0),
        ("CN", "NL", 2026, 0.5),
        ("nl", "us", 2025, 0.35),
        ("CN", "GB", 2026, 0.0),
        ("NL", "DE", 2024, 0.4),
        ("NL", "DE", 2023, 0.0),
        ("NL", "NO", 2030, 1.0),
    ],
)
def test_ets_share(origin: str, destination: str, year: int, share: float) -> None:
    assert ets_share(origin, destination, year) == pytest.approx(share)


def test_ets_cost() -> None:
    """10 t TTW x 0.5 x 0.7 x 80 EUR = 280 EUR."""
    assert ets_cost(10_000, "CN", "NL", 2025, 80) == pytest.approx(280.0)
