"""What a heading means: which field, for which box, in which currency and unit.

A heading is taken apart: `O/F 40'HC (USD)` is a rate, of 45G1, in USD; `BAF` is a surcharge;
`+100 kg` is a weight break of an air rate. What is left is looked up among the synonyms of three
languages; a heading that is only similar to one is taken and said so.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from lowhaul.input_tables import INPUT_TABLES, SINGLE_FILE_TABLES
from scenarios.importing.equipment import equipment_in
from scenarios.importing.vocabulary import (
    BASIS_WORDS,
    DOUBTFUL_MONEY,
    MONEY_WORDS,
    charges,
    headings,
    key,
)

SIMILAR = 0.88
"""A heading is taken for a known one from this ratio of equal signs on (difflib)."""
SHORTEST_SIMILAR = 5
LONGEST_HEADING = 120
LENGTH_UNITS = {
    "mm": 1.0,
    "cm": 10.0,
    "m": 1000.0,
    "dm": 100.0,
    "毫米": 1.0,
    "厘米": 10.0,
    "米": 1000.0,
}
MASS_UNITS = {"kg": 1.0, "kgs": 1.0, "t": 1000.0, "to": 1000.0, "tonnen": 1000.0, "公斤": 1.0,
              "千克": 1.0, "吨": 1000.0, "g": 0.001}  # fmt: skip
OTHER_UNITS = {"days": 1.0, "day": 1.0, "tage": 1.0, "天": 1.0, "pcs": 1.0, "stk": 1.0, "件": 1.0}
UNITS = {**LENGTH_UNITS, **MASS_UNITS, **OTHER_UNITS}
WEIGHT_BREAKS = frozenset({45, 50, 70, 100, 250, 300, 500, 1000, 2000, 3000, 5000})

_LANGUAGES = re.compile(
    r"[\n/|]|(?<=[\u3400-\u9fff）)])\s*(?=[A-Za-z])|(?<=[A-Za-z.)])\s*(?=[\u3400-\u9fff])"
)
"""Where a heading in two languages is cut: 起运港 POL, Ladehafen / POL."""
_BRACKET = re.compile(r"[（(\[【]([^()（）\[\]【】]*)[)）\]】]")
_BREAK = re.compile(
    r"(?:rate|preis|运价)?\s*(?P<sign>[+>≥<q-]|over|ab|plus|minus)?\s*(?P<kg>\d{2,4})\s*(?P<unit>kgs?|k|公斤)?\s*\+?\Z"
)
_NORMAL = frozenset({"n", "rate n", "normal", "normal rate"})
_LEAST = frozenset({"min", "m", "minimum", "mindest", "最低", "起运"})
_W_M = re.compile(r"(?<![a-z])(?:per\s+)?(?:w\s?/\s?m|r/?t)(?![a-z])", re.IGNORECASE)
_PER = re.compile(r"(?:/|\bper\b|\bpro\b|\bje\b|每|_per_)\s*([\w/]+)\s*\Z")


@dataclass(frozen=True)
class Meaning:
    """What a column holds. `field` blank: not recognised.

    `how` is exact, similar, stated (by the mapping) or unknown (kept in the remarks). A surcharge
    has a `code`, a weight break `from_kg` (0: the normal rate).
    """

    field: str = ""
    how: str = "exact"
    equipment: tuple[str, ...] = ()
    currency: str = ""
    unit: str = ""
    code: str = ""
    basis: str = ""
    from_kg: float | None = None
    language: str = ""
    likely: str = ""
    """The known heading that a similar one was taken for."""

    @property
    def known(self) -> bool:
        """True if the column is recognised."""
        return bool(self.field)


@lru_cache(maxsize=20_000)
def meaning_of(heading: str, table: str, parent: str = "", *, similar: bool = True) -> Meaning:
    """The meaning of a heading under the heading above it; blank field: none known.

    `similar`: also take it for a known one that is nearly the same.
    """
    heading, parent = heading[:LONGEST_HEADING], parent[:LONGEST_HEADING]
    own = _exact(heading, table)
    if parent:
        above = _exact(parent, table)
        if not key(heading):
            return above
        if own.known and own.field != "rate":
            return replace(own, currency=own.currency or above.currency)
        if above.field in ("rate", "charge", "min_charge") and (
            own.field == "rate" or _bare(heading)
        ):
            return _with_parent(above, heading)
        both = _exact(f"{parent} {heading}", table)
        if both.known:
            return both
    if own.known or not similar:
        return own
    return _similar(heading, table)


def _bare(heading: str) -> bool:
    """Only a box, a currency or a unit stands there."""
    rest, equipment, currency, unit = _parts(heading)
    return not rest and bool(equipment or currency or unit)


def _with_parent(above: Meaning, heading: str) -> Meaning:
    _, equipment, currency, _ = _parts(heading)
    return replace(
        above, equipment=equipment or above.equipment, currency=currency or above.currency
    )


@lru_cache(maxsize=20_000)
def _exact(heading: str, table: str) -> Meaning:
    """The meaning of a heading alone, without any guessing."""
    whole = _of_one_language(heading, table)
    if whole.known:
        return whole
    parts = [part for part in _LANGUAGES.split(heading) if key(part)]
    if len(parts) < 2:
        return whole
    found = [m for part in parts if (m := _of_one_language(part, table)).known]
    if not found or len({(m.field, m.code) for m in found}) > 1:
        return Meaning()
    _, equipment, currency, unit = _parts(heading)
    return replace(
        found[0], equipment=equipment or found[0].equipment, currency=currency or found[0].currency,
        unit=unit or found[0].unit,
    )  # fmt: skip


def _of_one_language(heading: str, table: str) -> Meaning:
    known = headings(table)
    whole = key(heading)
    if not whole:
        return Meaning()
    if whole in known:
        field, language = known[whole]
        return Meaning(field, language=language)
    if table == "bids" and (found := _weight_break(heading)):
        return found
    names = _declared(table)
    if heading.strip().casefold() in names:
        return Meaning(heading.strip().casefold(), language="en")
    by_measure = _W_M.search(unicodedata.normalize("NFKC", heading).casefold())
    rest, equipment, currency, unit = _parts(_W_M.sub(" ", heading) if by_measure else heading)
    basis = "wm" if by_measure else _basis(heading)
    if table == "bids" and (currency or by_measure) and (not rest or rest in BASIS_WORDS):
        return Meaning(
            "rate", "exact", equipment, currency, unit, basis=basis or BASIS_WORDS.get(rest, "")
        )
    if rest in known:
        field, language = known[rest]
        return Meaning(field, "exact", equipment, currency, unit, basis=basis, language=language)
    if table == "bids":
        if equipment and not rest:
            return Meaning("rate", "exact", equipment, currency, unit, basis=basis)
        if charge := charges().get(rest) or charges().get(_without_words(rest)):
            return Meaning(
                "charge", "exact", equipment, currency, unit, charge.code, basis, language="en"
            )
        if rest in _LEAST:
            return Meaning("min_charge", "exact", (), currency, unit)
    return Meaning()


def _without_words(rest: str) -> str:
    words = [w for w in rest.split() if w not in ("surcharge", "fee", "charge", "amount", "费")]
    return " ".join(words)


def _similar(heading: str, table: str) -> Meaning:
    """The known heading that this one is nearly the same as; the most similar one counts."""
    rest, equipment, currency, unit = _parts(heading)
    rest = rest or key(heading)
    if len(rest) < SHORTEST_SIMILAR:
        return Meaning()
    best, likely = SIMILAR, ""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(rest)
    for word in headings(table):
        if len(word) < SHORTEST_SIMILAR or abs(len(word) - len(rest)) > 4:
            continue
        matcher.set_seq1(word)
        if matcher.real_quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, likely = ratio, word
    if not likely:
        return Meaning()
    field, language = headings(table)[likely]
    return Meaning(
        field, "similar", equipment, currency, unit, "", _basis(heading), None, language, likely
    )


@lru_cache(maxsize=20)
def _declared(table: str) -> frozenset[str]:
    declared = {**INPUT_TABLES, **SINGLE_FILE_TABLES}
    return frozenset(declared[table].names) if table in declared else frozenset()


def _weight_break(heading: str) -> Meaning | None:
    plain = unicodedata.normalize("NFKC", heading).casefold().replace("_", " ").strip()
    rest, _, currency, _ = _parts(heading)
    if key(plain) in _NORMAL or rest in _NORMAL:
        return Meaning("weight_break", currency=currency, from_kg=0.0)
    if key(plain) in _LEAST:
        return Meaning("min_charge")
    bare = _BRACKET.sub(" ", plain).strip()
    found = _BREAK.match(bare)
    if not found or int(found["kg"]) not in WEIGHT_BREAKS:
        return None
    below = found["sign"] in ("-", "<", "minus")
    return Meaning("weight_break", currency=currency, from_kg=0.0 if below else float(found["kg"]))


def _parts(heading: str) -> tuple[str, tuple[str, ...], str, str]:
    """What is left of a heading, and the boxes, the currency and the unit that were in it."""
    plain = unicodedata.normalize("NFKC", heading)
    equipment, plain = equipment_in(plain)
    currency = unit = ""
    kept: list[str] = []
    for word in re.split(r"[\s_/(),;:|\[\]（）【】]+", _BRACKET.sub(r" \1 ", plain)):
        folded = word.casefold().strip(".*'\"-")
        if not folded:
            continue
        if folded in MONEY_WORDS or folded in DOUBTFUL_MONEY:
            currency = MONEY_WORDS.get(folded) or DOUBTFUL_MONEY[folded][0]
        elif folded in UNITS:
            unit = unit or folded
            if folded in ("天", "days", "tage", "day"):
                continue
        elif folded in ("per", "pro", "je", "in") or (folded in BASIS_WORDS and kept):
            continue
        else:
            kept.append(word)
    return key(" ".join(kept)), equipment, currency, unit


def _basis(heading: str) -> str:
    plain = unicodedata.normalize("NFKC", heading).casefold().strip(" )]）")
    found = _PER.search(plain)
    return BASIS_WORDS.get(key(found[1]), "") if found else ""
