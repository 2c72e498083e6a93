"""Surcharges that stand in remarks: `BAF USD 150/40HC; incl. LSS; THC CNY 950 per box`.

A surcharge is taken only where its name, its amount and its currency stand together. What is said
to be included is noted as included. Whatever else names a surcharge or an amount stays in the
remark and is told, so that nobody takes it for read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from scenarios.importing.equipment import equipment_list
from scenarios.importing.numbers import Separators, number_in
from scenarios.importing.vocabulary import (
    BASIS_WORDS,
    DOUBTFUL_MONEY,
    MONEY_WORDS,
    charge_names,
    charges,
    key,
)

_MONEY = r"(?:US\$|HK\$|[A-Z]{3}(?![A-Za-z])|[$€£¥]|美元|美金|欧元|人民币|元)"
_AMOUNT = r"[+\-]?\d[\d.,'’]*(?<![.,])"
_PER = (
    r"(?:\s*(?:/|per\b|pro\b|je\b|每)\s*"
    r"(?P<per>1?x?\d{2}\s?(?:['’]|[A-Za-z]{2,3})[A-Za-z]{0,4}|B/?L|W/?M|[^\W\d_]+))?"
)
_INCLUDED = re.compile(
    r"(?:\b(?:incl(?:\.|usive(?:\s+of)?|uding|uded)?|inkl(?:\.|usive)?|enthält)|包含|已含|含)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_INCLUDED_AFTER = re.compile(
    r"\s*(?:is|are|ist|sind)?\s*(?:\bincl(?:\.|uded|usive)?|\binkl(?:\.|usive)?|enthalten|包含|已含)",
    re.IGNORECASE,
)
_EXCLUDED = re.compile(
    r"(?:\b(?:excl(?:\.|usive|uding)?|exkl\.?|zzgl\.?|plus|subject to|ohne|not including|without)"
    r"|不含|另收|另加|不包)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_CONDITION = (
    r"(?P<condition>\s*,?\s*(?:\b(?:from|until|till|valid|if|only|when|ab|bis|nur|wenn|falls|max|min)\b"
    r"|[自起至仅])[^;；。\n]*)?"
)
LONGEST = 4_000
"""Signs of a remark that are looked through; what is beyond is told as not understood."""
_SEPARATE = re.compile(r"[;；\n。]|(?<!\d)[,，]|[,，](?!\d)|、|\s+\+\s+|\s/\s|\band\b|\bund\b")
_DATE_LIKE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}[/.]\d{1,2}[/.]\d{1,2}"
)


@dataclass(frozen=True)
class NamedCharge:
    """A surcharge that a text prices; `equipment` blank: every box."""

    code: str
    amount: float
    currency: str
    basis: str
    section: str
    equipment: tuple[str, ...] = ()
    doubt: str = ""


@dataclass
class Remark:
    """What a remark says about prices. `unread`: parts that name one and were not understood."""

    charges: list[NamedCharge] = field(default_factory=list)
    included: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def _name() -> re.Pattern[str]:
    names = (
        rf"(?<![A-Za-z]){re.escape(n)}(?![A-Za-z])" if n.isascii() else re.escape(n)
        for n in charge_names()
    )
    return re.compile("|".join(names))


@lru_cache(maxsize=1)
def _priced() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>{_name().pattern})\s*[:：=@]?\s*(?:of\s+|at\s+)?"
        rf"(?:(?P<cur>{_MONEY})\s*(?P<amt>{_AMOUNT})|(?P<amt2>{_AMOUNT})\s*(?P<cur2>{_MONEY}|%))"
        rf"{_PER}{_CONDITION}"
    )


def read_remark(text: str, separators: Separators) -> Remark:
    """The surcharges of a remark, and what of it names a price but could not be read."""
    remark = Remark()
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    if len(text) > LONGEST:
        remark.unread.append(text[LONGEST:])
    rest = _priced().sub(lambda found: _take(found, remark, separators), plain)
    state = ""
    for part in _SEPARATE.split(rest):
        state = _sort(part, state, remark)
    return remark


def _take(found: re.Match[str], remark: Remark, separators: Separators) -> str:
    charge = charges()[key(found["name"])]
    money = (found["cur"] or found["cur2"]).casefold()
    number = number_in(found["amt"] or found["amt2"], separators)
    per, basis = found["per"] or "", charge.rate_basis
    equipment: tuple[str, ...] = ()
    if per:
        equipment, unknown = equipment_list(per)
        basis = "container" if not unknown else BASIS_WORDS.get(key(per), "")
    doubt = number.doubt
    if money == "%":
        currency, basis = "", "percent"
    elif money in MONEY_WORDS or money in DOUBTFUL_MONEY:
        currency = MONEY_WORDS.get(money) or DOUBTFUL_MONEY[money][0]
        if money in DOUBTFUL_MONEY:
            doubt = "; ".join(d for d in (doubt, f"{money} was taken for {currency}") if d)
        if basis == "percent":
            basis = "container"
    else:
        return found[0]
    if number.value is None or not basis or found["condition"]:
        return found[0]
    remark.charges.append(
        NamedCharge(charge.code, number.value, currency, basis, charge.section, equipment, doubt)
    )
    return " ; "


def _sort(part: str, state: str, remark: Remark) -> str:
    """Sort one part of what is left; returns whether a list of included charges goes on."""
    named = list(_name().finditer(part))
    if not named:
        if re.search(rf"(?:{_MONEY})\s*\d|\d\s*(?:{_MONEY})|\d\s*%", _DATE_LIKE.sub(" ", part)):
            remark.unread.append(part.strip())
        return "" if part.strip() else state
    for position, found in enumerate(named):
        before = (
            part[: found.start()]
            if position == 0
            else part[named[position - 1].end() : found.start()]
        )
        if _EXCLUDED.search(before):
            state = "excluded"
        elif _INCLUDED.search(before):
            state = "included"
        elif before.strip(" /+&"):
            state = ""
        after = part[named[-1].end() :]
        code = charges()[key(found[0])].code
        if state == "included" or (not state and _INCLUDED_AFTER.match(after)):
            remark.included.append(code)
        elif state == "excluded":
            remark.excluded.append(code)
        else:
            remark.unread.append(part.strip())
            break
    return state
