"""Exchange rates: one a pair, the latest in time, and nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest

from routing.money import ExchangeRates, FxRate, NoRate

DAY = date(2025, 12, 15)


def rate(base: str, quote: str, value: float, day: date = DAY) -> FxRate:
    return FxRate(day, base, quote, value, "ECB")


def test_the_projects_currency_is_worth_itself() -> None:
    rates = ExchangeRates("EUR", [])
    assert rates.factor("EUR") == 1.0
    assert rates.factor("") == 1.0


def test_the_latest_on_or_before_the_day_counts() -> None:
    rows = [
        rate("USD", "EUR", 0.85, date(2025, 12, 16)),
        rate("USD", "EUR", 0.90, date(2025, 12, 15)),
        rate("USD", "EUR", 0.95, date(2025, 11, 1)),
    ]
    assert ExchangeRates("EUR", rows, DAY).factor("USD") == 0.90
    assert ExchangeRates("EUR", rows, date(2025, 11, 30)).factor("USD") == 0.95
    assert ExchangeRates("EUR", rows).factor("USD") == 0.85


def test_a_rate_that_only_comes_later_is_no_rate() -> None:
    rows = [rate("USD", "EUR", 0.85, date(2026, 1, 2))]
    with pytest.raises(
        NoRate, match=r"on or before 2025-12-15\. The first one given is of 2026-01-02"
    ):
        ExchangeRates("EUR", rows, DAY).factor("USD")


def test_the_other_direction_serves_only_where_there_is_no_direct_one() -> None:
    assert ExchangeRates("EUR", [rate("EUR", "USD", 1.25)]).factor("USD") == 0.8
    both = ExchangeRates("EUR", [rate("EUR", "USD", 1.25), rate("USD", "EUR", 0.81)])
    assert both.factor("USD") == 0.81
    assert "inverse of EUR/USD" in ExchangeRates("EUR", [rate("EUR", "USD", 1.25)]).explain("USD")


def test_a_cross_rate_goes_through_the_only_common_currency_and_says_so() -> None:
    rates = ExchangeRates("EUR", [rate("USD", "EUR", 0.9), rate("USD", "CNY", 7.2)])
    assert rates.factor("CNY") == pytest.approx(0.9 / 7.2)
    assert rates.explain("CNY").startswith("through USD: inverse of USD/CNY of 2025-12-15 (ECB)")


def test_two_cross_ways_are_one_too_many() -> None:
    rows = [
        rate("USD", "EUR", 0.9),
        rate("USD", "CNY", 7.2),
        rate("GBP", "EUR", 1.15),
        rate("GBP", "CNY", 9.3),
    ]
    with pytest.raises(NoRate, match=r"through GBP, USD, .*Give a row CNY to EUR in fx_rates"):
        ExchangeRates("EUR", rows).factor("CNY")


def test_no_chain_of_three_rates() -> None:
    rows = [rate("JPY", "CNY", 0.05), rate("CNY", "USD", 0.14), rate("USD", "EUR", 0.9)]
    with pytest.raises(NoRate, match="No rate JPY to EUR"):
        ExchangeRates("EUR", rows).factor("JPY")


def test_two_rates_of_one_day_are_refused() -> None:
    with pytest.raises(NoRate, match="Keep one"):
        ExchangeRates("EUR", [rate("USD", "EUR", 0.9), rate("USD", "EUR", 0.91)])


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_rates_are_above_zero(value: float) -> None:
    with pytest.raises(NoRate, match="above 0"):
        ExchangeRates("EUR", [rate("USD", "EUR", value)])


def test_a_mapping_gives_the_factors_themselves() -> None:
    rates = ExchangeRates("EUR", {"USD": 0.9})
    assert rates.factor("USD") == 0.9
    with pytest.raises(NoRate, match="No rate CNY to EUR"):
        rates.factor("CNY")
