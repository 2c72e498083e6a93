"""Dates as people write them. 01/02/2026 is never guessed.

Certain are dates that the file itself types as dates, ISO dates, Chinese dates, dates with the
month as a word, and dates with points (31.03.2026: day first). With slashes a column decides for
itself where one of its dates can only be read one way (13/02/2026), and that is told; else the
mapping must state `date_order`. A bare number is a day number of the spreadsheet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lowhaul.columns import EARLIEST_DATE, LATEST_DATE
from scenarios.importing.sheets import Cell
from scenarios.importing.vocabulary import key

ORDERS = ("dmy", "mdy", "ymd")
FIRST_SERIAL = date(1899, 12, 30)
"""Day 0 of the day numbers of Excel (1900 system, from 1900-03-01 on)."""
LONGEST_DATE = 80
PIVOT = 69
"""Two-digit years below it are of this century (the rule of POSIX strptime)."""

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "mae": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5,
    "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_ISO = re.compile(r"(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_CHINESE = re.compile(r"(\d{2,4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]?\Z")
_POINTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})\Z")
_SLASHES = re.compile(r"(\d{1,2})\s?[/\-]\s?(\d{1,2})\s?[/\-]\s?(\d{4}|\d{2})\Z")
_DAY_WORD = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]*([^\W\d_]{3,9})[\s.,\-/]*'?(\d{4}|\d{2})\Z"
)
_WORD_DAY = re.compile(r"([^\W\d_]{3,9})[\s.\-/]*(\d{1,2})(?:st|nd|rd|th)?[\s,.\-/]+(\d{4})\Z")
_TIME = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm)?Z?\Z", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s+[-–—]\s+|\s*(?:~|～|至|到|—|–|--)\s*|\s+(?:to|until|till|bis)\s+", re.IGNORECASE
)
_OPEN = frozenset(
    {
        "until further notice",
        "ufn",
        "open",
        "长期有效",
        "长期",
        "另行通知",
        "bis auf weiteres",
        "offen",
    }
)
BLANK = frozenset({"", "n a", "tba", "tbd", "tbc", "待定", "k a"})


@dataclass(frozen=True)
class Day:
    """What a cell says as a date; `fault` says why there is none, `doubt` what was supposed."""

    value: date | None = None
    doubt: str = ""
    fault: str = ""
    ambiguous: bool = False
    blank: bool = False
    serial: bool = False


def order_shown(texts: Iterable[str]) -> tuple[str, str]:
    """The order that dates with slashes of a column can only have, and the text that shows it.

    Blank where none shows it or two show different ones.
    """
    shown: dict[str, str] = {}
    for text in texts:
        found = _SLASHES.match(_without_time(_plain(text[:LONGEST_DATE])))
        if not found:
            continue
        first, second = int(found[1]), int(found[2])
        if 12 < first <= 31 and second <= 12:
            shown.setdefault("dmy", text)
        elif 12 < second <= 31 and first <= 12:
            shown.setdefault("mdy", text)
    if len(shown) != 1:
        return "", ""
    return next(iter(shown.items()))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _without_time(text: str) -> str:
    return _TIME.sub("", text)


def read_day(cell: Cell, order: str = "", zero: date = FIRST_SERIAL) -> Day:
    """The date in a cell; `order` (dmy, mdy) is that of its column or of the mapping, `zero` the
    day 0 of the sheet's day numbers."""
    if isinstance(cell.value, date):
        return _bounded(Day(cell.value))
    if cell.is_number:
        return _serial(float(cell.value), zero)
    if isinstance(cell.value, bool):
        return Day(fault="yes or no is no date")
    return day_in(cell.text, order)


def day_in(text: str, order: str = "") -> Day:
    """The date in a text."""
    plain = _without_time(_plain(text[: LONGEST_DATE + 1]))
    if len(plain) > LONGEST_DATE:
        return Day(fault="it is not a date")
    if key(plain) in BLANK:
        return Day(blank=True)
    if key(plain) in _OPEN:
        return Day(blank=True, doubt="it is open")
    if found := _COMPACT.match(plain):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _ISO.match(plain):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _CHINESE.match(plain):
        return _made(_year(found[1]), int(found[2]), int(found[3]))
    if found := _POINTS.match(plain):
        return _made(_year(found[3]), int(found[2]), int(found[1]))
    if found := _DAY_WORD.match(plain):
        return _worded(found[2], int(found[1]), _year(found[3]))
    if found := _WORD_DAY.match(plain):
        return _worded(found[1], int(found[2]), int(found[3]))
    if found := _SLASHES.match(plain):
        return _slashed(int(found[1]), int(found[2]), found[3], order)
    if re.fullmatch(r"\d{5}(\.0+)?", plain):
        return _serial(float(plain))
    return Day(fault="it is not a date")


def _slashed(first: int, second: int, year: str, order: str) -> Day:
    if first == second:
        return _made(_year(year), first, second)
    if order == "ymd":
        return _made(2000 + first, second, int(year))
    if not order:
        if first > 12 or second > 12:
            month, day = (second, first) if first > 12 else (first, second)
            return _made(_year(year), month, day)
        return Day(fault="day and month can be read either way", ambiguous=True)
    day, month = (first, second) if order == "dmy" else (second, first)
    return _made(_year(year), month, day)


def _worded(word: str, day: int, year: int) -> Day:
    month = _MONTHS.get(word.casefold()[:3])
    return _made(year, month, day) if month else Day(fault="the month is not known")


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < PIVOT else 1900)


def _made(year: int, month: int, day: int) -> Day:
    try:
        return _bounded(Day(date(year, month, day)))
    except ValueError:
        return Day(fault="there is no such day")


def _serial(number: float, zero: date = FIRST_SERIAL) -> Day:
    try:
        found = zero + timedelta(days=int(number))
    except (OverflowError, ValueError):
        return Day(fault="it is not a date")
    if not EARLIEST_DATE <= found <= LATEST_DATE:
        return Day(fault="as a day number of a spreadsheet it is out of bounds")
    return Day(found, f"the day number {int(number)} is {found}", serial=True)


def _bounded(day: Day) -> Day:
    if day.value is not None and not EARLIEST_DATE <= day.value <= LATEST_DATE:
        return Day(fault=f"it is not between {EARLIEST_DATE} and {LATEST_DATE}")
    return day


def read_period(cell: Cell, order: str = "", zero: date = FIRST_SERIAL) -> tuple[Day, Day]:
    """First and last day of a cell such as `2026-01-01 to 2026-03-31`; one date is the last."""
    text = cell.text[: 2 * LONGEST_DATE]
    if isinstance(cell.value, str):
        parts = [part for part in _BETWEEN.split(_plain(text)) if part.strip()]
        if len(parts) == 2:
            return day_in(parts[0], order), day_in(parts[1], order)
        halves = _plain(text).split("-")
        if len(halves) == 2 and all(h.strip() for h in halves):
            return day_in(halves[0].strip(), order), day_in(halves[1].strip(), order)
    for word in ("until", "till", "bis", "至", "to", "valid until"):
        if text.casefold().startswith(word):
            return Day(blank=True), day_in(text[len(word) :].strip(), order)
    return Day(blank=True), read_day(cell, order, zero)
