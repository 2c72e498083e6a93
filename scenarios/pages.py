"""What every page shares: colours and type, escaping, numbers by language, status line, footer.

The look stands in `assets/tokens.css`. All text that comes from data goes through Jinja's
autoescape; a page asks the network for nothing, and its content security policy forbids it to.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from jinja2 import Environment

MINUS = "\u2212"
NO_BREAK = "\u00a0"
NONE = "–"
NOT_COVERED = "not covered"
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@cache
def asset(name: str) -> str:
    """The text of one file of `scenarios/assets`."""
    return resources.files("scenarios").joinpath("assets", name).read_text("utf-8")


@cache
def environment() -> Environment:
    """Templates of `scenarios/assets`, with everything escaped that is not marked as safe."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True)
class Numbers:
    """Numbers, money and dates as a language writes them (Babel), with a true minus."""

    language: str = "en"

    def _decimal(self, value: float, digits: int, *, signed: bool = False) -> str:
        from babel.numbers import format_decimal

        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = str(format_decimal(abs(_settled(value, digits)), pattern, self.language))
        return _sign(_settled(value, digits), signed) + text

    def fixed(self, value: float, digits: int = 1) -> str:
        """A number with that many decimals: 1,537.8."""
        return self._decimal(value, digits)

    def whole(self, value: float) -> str:
        """A number without decimals: 1,846."""
        return self._decimal(value, 0)

    def change(self, value: float, digits: int = 0) -> str:
        """A difference, its sign always shown: −608.5."""
        return self._decimal(value, digits, signed=True)

    def percent(self, share: float, digits: int = 1, *, signed: bool = False) -> str:
        """A share (0 to 1) in percent: 28.4%."""
        from babel.numbers import format_percent

        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        if self.language.startswith("de"):
            pattern = pattern.replace("%", f"{NO_BREAK}%")
        settled = _settled(100 * share, digits)
        text = str(format_percent(abs(settled) / 100, pattern, self.language))
        return _sign(settled, signed) + text

    def money(self, value: float, currency: str) -> str:
        """Whole money with its sign: €476,000."""
        from babel import Locale
        from babel.numbers import format_currency

        pattern = Locale.parse(self.language).currency_formats["standard"].pattern
        pattern = pattern.split(";")[0].replace(".00", "")
        amount = abs(_settled(value, 0))
        text = format_currency(amount, currency, pattern, self.language, currency_digits=False)
        return _sign(_settled(value, 0), False) + str(text)

    def money_sign(self, currency: str) -> str:
        """The sign of a currency: €."""
        from babel.numbers import get_currency_symbol

        return str(get_currency_symbol(currency, self.language))

    def big_money(self, value: float, currency: str) -> tuple[str, str]:
        """A key figure of money and its unit: 4.706 and "€ million", or 476,120 and "€"."""
        sign = self.money_sign(currency)
        if abs(value) >= 1e6:
            return self.fixed(value / 1e6, 3), f"{sign} million"
        return self.whole(value), sign

    def day(self, day: date) -> str:
        """A date in a sentence: 7 January 2026."""
        from babel.dates import format_date

        pattern = "d MMMM y" if self.language.startswith("en") else "long"
        return str(format_date(day, pattern, locale=self.language))

    def days(self, first: date, last: date) -> str:
        """A range of dates in a sentence: 1 January to 31 March 2026."""
        from babel.dates import format_date

        short = "d MMMM" if first.year == last.year else "d MMMM y"
        return f"{format_date(first, short, locale=self.language)} to {self.day(last)}"


def _settled(value: float, digits: int) -> float:
    """The value as it will be shown, so that a rounded zero carries no sign."""
    from lowhaul.units import round_half_up

    return round_half_up(value, digits)


def _sign(value: float, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""


def count(number: int, one: str, many: str, numbers: Numbers) -> str:
    """A count with its noun: "1 order", "12 orders"."""
    return f"{numbers.whole(number)} {one if number == 1 else many}"


def in_words(number: int, numbers: Numbers) -> str:
    """Small counts as words, as a sentence wants them: two, 14."""
    words = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
    return words[number] if 0 <= number < len(words) else numbers.whole(number)


def listed(parts: Sequence[str]) -> str:
    """Several names in a sentence: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


@dataclass(frozen=True)
class Status:
    """The state of a plan: its sign (done ✓, caution △, stop ✕) and its words (look.md)."""

    sign: Literal["done", "caution", "stop"]
    text: str


def gap_text(gap: float, numbers: Numbers) -> str:
    """A gap rounded up, so that what is claimed holds: 0.00412 is "0.5%"."""
    digits = next((d for d in range(1, 5) if gap >= 10 ** -(d + 2)), 5)
    step = 10.0 ** -(digits + 2)
    return numbers.percent(math.ceil(gap / step - 1e-6) * step, digits)


def may_be_better(summary: Mapping[str, Any], numbers: Numbers) -> str:
    """By how much a plan may be better, on the ways that were searched and on any, if known."""
    gap, searched = as_number(summary.get("gap")), as_number(summary.get("gap_filtered"))
    on_any = "" if gap is None else gap_text(gap, numbers)
    on_some = "" if searched is None else gap_text(searched, numbers)
    if not on_any and not on_some:
        return ""
    if not on_some or on_some == on_any:
        return f", up to {on_any} may be possible"
    more = f", {on_any} on all" if on_any else ""
    return f", up to {on_some} may be possible on the ways searched{more}"


def status_of(summary: Mapping[str, Any], numbers: Numbers) -> Status:
    """The status line. A gap of None means that no bound is known."""
    state = str(summary.get("status") or "")
    gap = as_number(summary.get("gap"))
    more = may_be_better(summary, numbers)
    if state == "infeasible":
        clash = str(summary.get("clash") or "").strip()
        return Status("stop", "No plan exists (proved)" + (f": {clash}" if clash else ""))
    if state == "interrupted":
        return Status("stop", "Interrupted: no plan")
    if summary.get("interrupted"):
        if state == "optimal" and gap is not None:
            more = f", proven within {gap_text(gap, numbers)}" if gap > 1e-9 else ", proven optimum"
        return Status("caution", f"Interrupted: usable plan{more}")
    if state == "timeout":
        if not summary.get("shipments_planned", True):
            return Status(
                "stop",
                "Time ran out before a plan was found. Try a longer limit or fewer orders.",
            )
        return Status("caution", f"Time ran out: usable plan{more}")
    if summary.get("routes_cut_short"):
        return Status("caution", "Best of the routes looked at; others were not tried")
    if state == "optimal" and gap is not None:
        if gap <= 1e-9:
            return Status("done", "Proven optimum")
        words = f"Proven within {gap_text(gap, numbers)} of the best possible plan"
        return Status("done", words)
    if summary.get("basis") == "executed":
        return Status("done", "Transports as they were executed")
    return Status("done", f"Usable plan; no better one is known{more}")


def as_number(value: object) -> float | None:
    """A finite number, or None for what is blank or not one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def safe_name(text: str) -> str:
    """A folder name for any text, on any system; texts that differ get names that differ."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("._")
    reserved = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain)
    if plain == text and plain and not reserved and len(plain) <= 60:
        return plain
    return f"{plain[:50] or 'carrier'}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def folder_names(texts: Iterable[str]) -> dict[str, str]:
    """A folder name for each of the texts, distinct also where upper and lower case are one."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for text in sorted(set(texts)):
        by_name[safe_name(text).casefold()].append(text)
    names = {}
    for alike in by_name.values():
        for text in alike:
            name = safe_name(text)
            if len(alike) > 1:
                name = f"{name[:50]}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
            names[text] = name
    return names


def css_text(text: str) -> str:
    """A CSS string literal: everything but plain letters is written as an escape."""
    safe = "".join(
        c if c.isascii() and (c.isalnum() or c in " .,:-_/·") else f"\\{ord(c):x} " for c in text
    )
    return f'"{safe}"'


def write_whole(path: Path, text: str) -> Path:
    """Write a page whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
    return path


def title_of(summary: Mapping[str, Any]) -> str:
    """The heading of a page: project and scenario."""
    project, scenario = str(summary.get("project") or ""), str(summary.get("scenario") or "")
    return f"{project}: {scenario}" if project and scenario else project or scenario or "Plan"
