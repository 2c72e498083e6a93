"""Exchange rates: what one unit of a currency is worth in the project's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lowhaul.errors import LowhaulError


class NoRate(LowhaulError):
    """A currency that cannot be brought to the project's; the message says which rate to give."""

    exit_code = 3


@dataclass(frozen=True)
class FxRate:
    """One row of the table `fx_rates`: 1 `base` = `rate` `quote` on that day."""

    date: date
    base: str
    quote: str
    rate: float
    source: str = ""


class ExchangeRates:
    """One rate a pair for the whole plan: the latest on or before `fx_date`.

    The pair is taken as it is given, else the other way round, else through one common currency
    if only one can serve. `rates` may also be a mapping of currency to the factor itself.
    """

    def __init__(
        self,
        currency: str,
        rates: Sequence[FxRate] | Mapping[str, float] = (),
        fx_date: date | None = None,
    ) -> None:
        self.currency = currency
        self.fx_date = fx_date
        self._factors: dict[str, tuple[float, str]] = {currency: (1.0, "the project's currency")}
        self._latest: dict[tuple[str, str], FxRate] = {}
        self._later: list[FxRate] = []
        if isinstance(rates, Mapping):
            self._factors |= {
                code: (_positive(code, currency, rate), "given factor")
                for code, rate in rates.items()
                if code != currency
            }
            return
        for row in rates:
            self._keep(row)

    def factor(self, currency: str) -> float:
        """The project's currency for one unit of `currency` (blank: the project's own)."""
        return self._found(currency)[0]

    def explain(self, currency: str) -> str:
        """Where that factor comes from: the rate's date, direction and source."""
        return self._found(currency)[1]

    def _keep(self, row: FxRate) -> None:
        _positive(row.base, row.quote, row.rate)
        if self.fx_date is not None and row.date > self.fx_date:
            self._later.append(row)
            return
        pair = (row.base, row.quote)
        known = self._latest.get(pair)
        if known is not None and known.date == row.date and known.rate != row.rate:
            raise NoRate(
                f"Two rates {row.base} to {row.quote} on {row.date}: {known.rate:g} and "
                f"{row.rate:g}. Keep one in fx_rates."
            )
        if known is None or known.date < row.date:
            self._latest[pair] = row

    def _found(self, currency: str) -> tuple[float, str]:
        code = currency or self.currency
        if code not in self._factors:
            self._factors[code] = self._pair(code, self.currency) or self._through_another(code)
        return self._factors[code]

    def _pair(self, base: str, quote: str) -> tuple[float, str] | None:
        if row := self._latest.get((base, quote)):
            return row.rate, f"{base}/{quote} of {row.date}{_of(row)}"
        if row := self._latest.get((quote, base)):
            return 1.0 / row.rate, f"inverse of {quote}/{base} of {row.date}{_of(row)}"
        return None

    def _through_another(self, code: str) -> tuple[float, str]:
        known = {c for pair in self._latest for c in pair} - {code, self.currency}
        ways = {
            middle: (first, second)
            for middle in sorted(known)
            if (first := self._pair(code, middle)) and (second := self._pair(middle, self.currency))
        }
        if len(ways) == 1:
            middle, (first, second) = next(iter(ways.items()))
            return first[0] * second[0], f"through {middle}: {first[1]}, then {second[1]}"
        raise NoRate(self._missing(code, list(ways)))

    def _missing(self, code: str, middles: list[str]) -> str:
        want = f"Give a row {code} to {self.currency} in fx_rates."
        if middles:
            return (
                f"No rate {code} to {self.currency}, and it could go through "
                f"{', '.join(middles)}, which need not agree. {want}"
            )
        day = f" on or before {self.fx_date}" if self.fx_date else ""
        late = sorted(r.date for r in self._later if {r.base, r.quote} == {code, self.currency})
        hint = f" The first one given is of {late[0]}." if late else ""
        return f"No rate {code} to {self.currency}{day}.{hint} {want}"


def _positive(base: str, quote: str, rate: float) -> float:
    if not 0 < rate < float("inf"):
        raise NoRate(f"The rate {base} to {quote} is {rate:g}; it must be above 0.")
    return float(rate)


def _of(row: FxRate) -> str:
    return f" ({row.source})" if row.source else ""
