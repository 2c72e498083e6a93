"""Numbers as people write them: 1,250.00, 1.250,00, 1 250, $ 43.23, 1250 USD, 6.5 %, 1E5.

`1,234` alone says nothing: a thousand and more, or a little over one. It is read by the other
numbers of its column, then of its file, then by what the mapping states, then by the language of
the headings, and that last is told. A word such as TBA or 询价 is no price and is not a fault of
the sheet; what cannot be read at all is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from lowhaul.columns import LARGEST_NUMBER
from scenarios.importing.sheets import Cell
from scenarios.importing.vocabulary import (
    ASKED,
    BASIS_WORDS,
    DOUBTFUL_MONEY,
    INCLUDED,
    MONEY_WORDS,
    NOT_OFFERED,
    key,
)

_NUMBER = re.compile(
    r"(?P<pre>[^\d+\-.,(]*)(?P<neg>\(?)(?P<num>[+\-]?\s?(?:\d[\d.,'’\s]*\d|\d|[.,]\d+)(?:[eE][+\-]?\d{1,3})?)[.,]?-?"
    r"(?P<close>\)?)(?P<post>[^\d]*(?:/\s*\d\d.*)?)\Z"
)
_MONEY_FORMAT = re.compile(r"\[\$([^\]\-]*)(?:-[0-9a-fA-F]+)?\]|\"([^\"]+)\"|([$€£¥])")
LONGEST_NUMBER = 80
"""Signs of a number and what stands beside it."""
_FROM_WORDS = frozenset({"from", "ab", "ca", "approx", "about", "约", "起", "min", "~"})
_UNIT_WORDS = frozenset({
    "days", "day", "d", "天", "日", "tage", "tag", "kg", "kgs", "公斤", "km", "t", "to", "mm", "cm",
    "m", "pcs", "件", "托", "stk", "stück", "pallets", "paletten", "个", "片", "boxes", "teu",
    "feu", "containers", "cntr", "ctr", "柜", "箱", "week", "wk", "周", "woche", "层", "layers",
})  # fmt: skip


@dataclass(frozen=True)
class Number:
    """What a cell says as a number.

    `word` is asked, not_offered or included where it says so instead; `sign` is a sign beside it
    that several currencies use; `doubt` tells what was supposed, `fault` what cannot be read (then
    `value` is None).
    """

    value: float | None = None
    currency: str = ""
    basis: str = ""
    percent: bool = False
    word: str = ""
    sign: str = ""
    doubt: str = ""
    fault: str = ""


@dataclass
class Separators:
    """The decimal sign of a column, from what its cells show."""

    stated: str = ""
    language: str = ""
    seen: set[str] = field(default_factory=set)
    file_seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, texts: Iterable[str], stated: str = "", language: str = "") -> Separators:
        """What the texts of a column give away."""
        found = cls(stated, language)
        for text in texts:
            if sign := evidence(text):
                found.seen.add(sign)
        return found

    def decimal(self) -> tuple[str, str]:
        """The decimal sign and, where it was not shown or stated, what it was taken from."""
        if self.stated:
            return self.stated, ""
        if len(self.seen) == 1:
            return next(iter(self.seen)), ""
        if self.seen:
            return "", "the column uses both"
        if len(self.file_seen) == 1:
            return next(iter(self.file_seen)), ""
        if self.language == "de":
            return ",", "the headings are German"
        if self.language in ("en", "zh"):
            return ".", f"the headings are {'English' if self.language == 'en' else 'Chinese'}"
        return "", "nothing tells which sign is the decimal"


def evidence(text: str) -> str:
    """The decimal sign that a text proves, blank if it proves none."""
    found = _NUMBER.match(_plain(text)) if len(text) <= LONGEST_NUMBER else None
    if not found:
        return ""
    digits = re.sub(r"[\s'’]", "", found["num"])
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        return "," if digits.rfind(",") > digits.rfind(".") else "."
    if commas + points > 1:
        return "." if commas else ","
    if commas + points == 1:
        sign = "," if commas else "."
        before, after = digits.split(sign)
        if len(after) != 3 or not 1 <= len(before.lstrip("+-")) <= 3 or before.lstrip("+-") == "0":
            return sign
    return ""


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("−", "-")
    return text.replace("–", "-").strip()


def read_number(cell: Cell, separators: Separators | None = None) -> Number:
    """The number in a cell, with its currency and basis where the cell gives them."""
    if cell.is_number:
        # a spreadsheet keeps 6.5 % as 0.065
        percent = cell.shown.rstrip().endswith("%")
        value = float(cell.value) * 100 if percent else float(cell.value)
        if not abs(value) < LARGEST_NUMBER:
            return Number(fault="it is too large")
        return Number(round(value, 9), money_of_format(cell.shown), percent=percent)
    if isinstance(cell.value, bool):
        return Number(fault="yes or no is no number")
    return number_in(cell.text, separators or Separators())


def money_of_format(shown: str) -> str:
    """The currency that a number format shows beside a number, blank if none or doubtful."""
    for found in _MONEY_FORMAT.finditer(shown):
        sign = next(part for part in found.groups() if part is not None).strip().casefold()
        if sign in MONEY_WORDS:
            return MONEY_WORDS[sign]
        if sign in DOUBTFUL_MONEY and len(DOUBTFUL_MONEY[sign]) == 1:
            return DOUBTFUL_MONEY[sign][0]
    return ""


def word_of(text: str) -> str:
    """asked, not_offered or included, where a cell says so in place of a number."""
    folded = key(text)
    if folded in ASKED:
        return "asked"
    if folded in INCLUDED:
        return "included"
    return "not_offered" if folded in NOT_OFFERED else ""


def number_in(text: str, separators: Separators) -> Number:
    """The number in a text."""
    if word := word_of(text):
        return Number(word=word)
    found = _NUMBER.match(_plain(text)) if len(text) <= LONGEST_NUMBER else None
    if not found or bool(found["neg"]) != bool(found["close"]):
        return Number(fault="it is not a number")
    beside = _beside(f"{found['pre']} | {found['post']}")
    if beside.unread:
        return Number(fault=f'"{beside.unread[:40]}" beside the number is not understood')
    value, supposed, fault = _value(found["num"], separators)
    if fault:
        return Number(fault=fault)
    if found["neg"]:
        value = -value
    doubts = "; ".join(d for d in (beside.doubt, supposed) if d)
    return Number(value, beside.currency, beside.basis, beside.percent, "", beside.sign, doubts)


@dataclass(frozen=True)
class _Beside:
    """What the words around a number say, and those that are not understood."""

    currency: str = ""
    basis: str = ""
    percent: bool = False
    sign: str = ""
    doubt: str = ""
    unread: str = ""


def _beside(text: str) -> _Beside:
    currency = basis = doubt = sign = ""
    folded = text.replace("%", " ").casefold()
    unread: list[str] = []
    for word in re.split(r"[\s|/:]+|(?<=[a-z])(?=[€$£¥])|(?<=[€$£¥])(?=[a-z])", folded):
        bare = word.strip(".,;*()")
        if not bare or bare in ("per", "pro", "je", "每", "-"):
            continue
        if bare in MONEY_WORDS:
            currency = MONEY_WORDS[bare]
        elif bare in DOUBTFUL_MONEY:
            sign = bare
        elif bare in BASIS_WORDS and "/" in text:
            basis = BASIS_WORDS[bare]
        elif bare in _UNIT_WORDS:
            continue
        elif bare in _FROM_WORDS:
            doubt = f'"{bare}" stands beside the number'
        else:
            unread.append(bare)
    if sign:
        sign, currency = ("", currency) if currency else (sign, DOUBTFUL_MONEY[sign][0])
    return _Beside(currency, basis, "%" in text, sign, doubt, " ".join(unread))


def _value(written: str, separators: Separators) -> tuple[float, str, str]:
    """The value, what was supposed, and the fault."""
    digits = re.sub(r"(?<=\d)[\s'’](?=\d{3}(?!\d))", "", re.sub(r"^([+\-])\s", r"\1", written))
    exponent = ""
    if found := re.search(r"[eE][+\-]?\d+\Z", digits):
        exponent, digits = found[0], digits[: found.start()]
    if re.search(r"[\s'’]", digits):
        return 0.0, "", "its groups of digits are not of three"
    decimal, supposed = _decimal_of(digits, separators)
    if decimal is None:
        return 0.0, "", f"{supposed}: state decimal in mapping.yaml"
    thousands = "," if decimal == "." else "."
    whole, _, part = digits.partition(decimal) if decimal else (digits, "", "")
    groups = whole.lstrip("+-").split(thousands)
    if thousands in part or (
        len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(g) != 3 for g in groups[1:]))
    ):
        return 0.0, "", "its separators of thousands do not fit"
    plain = f"{whole.replace(thousands, '')}.{part or '0'}{exponent}"
    try:
        value = float(plain)
    except ValueError:
        return 0.0, "", "it is not a number"
    if not abs(value) < LARGEST_NUMBER:
        return 0.0, "", "it is too large"
    if exponent:
        supposed = "; ".join(s for s in (supposed, "an exponent may be a damaged code") if s)
    return value, supposed, ""


def _decimal_of(digits: str, separators: Separators) -> tuple[str | None, str]:
    """The decimal sign of this number, and what was supposed; None where nothing decides."""
    if "," not in digits and "." not in digits:
        return ".", ""
    if certain := evidence(digits):
        return certain, ""
    decimal, reason = separators.decimal()
    if not decimal:
        return None, f"it can be read in two ways ({reason})"
    if not reason:
        return decimal, ""
    sign = "," if "," in digits else "."
    role = "the decimal sign" if sign == decimal else "separates thousands"
    return (
        decimal,
        f'"{sign}" was taken for {"a sign that " + role if sign != decimal else role}, as {reason}',
    )
