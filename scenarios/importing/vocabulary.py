"""The words of freight sheets in English, Chinese and German, read from scenarios/data.

Headings, charges and ports are data (`header_synonyms.csv`, `charge_codes.csv`,
`port_names.csv`), so that a word can be added without code. `key` is the form in which words are
compared: one Unicode form, no case, no signs between words.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

LANGUAGES = ("en", "zh", "de")
_SIGNS = re.compile(r"[\s_\-–—−―./\\:;,*#'\"’`´()\[\]{}|+&]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

MONEY_WORDS = {
    "usd": "USD", "us$": "USD", "美元": "USD", "美金": "USD", "dollar": "USD",
    "eur": "EUR", "euro": "EUR", "欧元": "EUR",
    "cny": "CNY", "rmb": "CNY", "人民币": "CNY", "cnh": "CNY",
    "gbp": "GBP", "£": "GBP", "英镑": "GBP", "chf": "CHF", "sgd": "SGD", "hkd": "HKD",
    "hk$": "HKD", "jpy": "JPY", "日元": "JPY", "krw": "KRW", "aud": "AUD", "pln": "PLN",
    "czk": "CZK", "inr": "INR", "thb": "THB", "vnd": "VND", "sek": "SEK", "dkk": "DKK",
    "nok": "NOK", "try": "TRY", "aed": "AED", "cad": "CAD", "€": "EUR",
}  # fmt: skip
"""Words and signs that mean one currency."""
DOUBTFUL_MONEY = {"$": ("USD",), "¥": ("CNY", "JPY"), "元": ("CNY",)}
"""Signs that several currencies use: the one named first is only likely."""

BASIS_WORDS: dict[str, str] = {
    "container": "container", "cntr": "container", "ctr": "container", "cont": "container",
    "box": "container", "unit": "container", "柜": "container", "箱": "container",
    "集装箱": "container", "per container": "container", "per cntr": "container",
    "per unit": "container", "per box": "container", "je container": "container",
    "pro container": "container", "整柜": "container", "ctn": "container",
    "teu": "teu", "per teu": "teu", "trip": "trip", "per trip": "trip", "flat": "trip",
    "flat rate": "trip", "truck": "trip", "车": "trip", "趟": "trip", "fahrt": "trip",
    "tour": "trip", "pauschal": "trip", "lkw": "trip", "ftl": "trip",
    "tonne": "tonne", "ton": "tonne", "t": "tonne", "mt": "tonne", "吨": "tonne",
    "per ton": "tonne",
    "kg": "kg", "kgs": "kg", "per kg": "kg", "公斤": "kg", "千克": "kg", "kg chargeable": "kg",
    "chargeable kg": "kg", "je kg": "kg", "pro kg": "kg",
    "m3": "m3", "cbm": "m3", "per cbm": "m3", "立方": "m3", "立方米": "m3", "方": "m3",
    "wm": "wm", "w m": "wm", "rt": "wm", "frt": "wm", "revenue ton": "wm", "计费吨": "wm",
    "ldm": "ldm", "lademeter": "ldm", "loading metre": "ldm",
    "shipment": "shipment", "per shipment": "shipment", "sendung": "shipment", "单": "shipment",
    "je sendung": "shipment", "pro sendung": "shipment", "shpt": "shipment",
    "bl": "bl", "b l": "bl", "per bl": "bl", "per b l": "bl", "票": "bl", "bill of lading": "bl",
    "bill": "bl", "hbl": "bl", "提单": "bl", "awb": "bl", "doc": "bl",
    "km": "km", "per km": "km", "公里": "km", "%": "percent", "percent": "percent",
    "percent of bas": "percent", "prozent": "percent", "百分比": "percent",
}  # fmt: skip
"""What a price is counted per, as people write it."""

MODE_WORDS = {
    "sea": "sea", "ocean": "sea", "海运": "sea", "seefracht": "sea", "see": "sea", "fcl": "sea",
    "road": "road", "truck": "road", "trucking": "road", "ground": "road", "公路": "road",
    "陆运": "road", "汽运": "road", "lkw": "road", "strasse": "road", "straße": "road",
    "drayage": "road", "拖车": "road", "rail": "rail", "train": "rail", "铁路": "rail",
    "bahn": "rail", "schiene": "rail", "air": "air", "airfreight": "air", "air charter": "air",
    "空运": "air", "luft": "air", "luftfracht": "air", "barge": "inland_waterway",
    "inland waterway": "inland_waterway", "驳船": "inland_waterway", "内河": "inland_waterway",
    "binnenschiff": "inland_waterway",
}  # fmt: skip
SERVICE_WORDS = {
    "fcl": "container", "container": "container", "整箱": "container", "整柜": "container",
    "drayage": "container", "lcl": "lcl", "拼箱": "lcl", "ftl": "ftl", "整车": "ftl",
    "full truck": "ftl", "komplettladung": "ftl", "ltl": "ltl", "零担": "ltl", "teilladung": "ltl",
    "stückgut": "ltl", "air": "air", "空运": "air", "luftfracht": "air",
}  # fmt: skip
WEEKDAY_WORDS = {
    "mon": "mon", "monday": "mon", "周一": "mon", "星期一": "mon", "mo": "mon", "montag": "mon",
    "tue": "tue", "tuesday": "tue", "周二": "tue", "星期二": "tue", "di": "tue", "dienstag": "tue",
    "wed": "wed", "wednesday": "wed", "周三": "wed", "星期三": "wed", "mi": "wed",
    "mittwoch": "wed",
    "thu": "thu", "thursday": "thu", "周四": "thu", "星期四": "thu", "do": "thu",
    "donnerstag": "thu", "fri": "fri", "friday": "fri", "周五": "fri", "星期五": "fri", "fr": "fri",
    "freitag": "fri", "sat": "sat", "saturday": "sat", "周六": "sat", "星期六": "sat", "sa": "sat",
    "samstag": "sat", "sun": "sun", "sunday": "sun", "周日": "sun", "星期日": "sun", "so": "sun",
    "sonntag": "sun",
}  # fmt: skip
YES_WORDS = frozenset({"yes", "y", "true", "1", "是", "可", "可以", "ja", "j", "x", "✓", "√"})
NO_WORDS = frozenset({"no", "n", "false", "0", "否", "不可", "不可以", "nein"})

ASKED = frozenset({
    "tba", "tbd", "tbc", "t b a", "on request", "upon request", "please ask", "poa", "rfq", "ask",
    "call", "询价", "请询", "单询", "待定", "面议", "另询", "待确认", "auf anfrage", "a a", "n n b",
    "folgt", "open", "offen",
})  # fmt: skip
"""A price is to be asked for: no price."""
NOT_OFFERED = frozenset({
    "", "n a", "na", "nil", "none", "not offered", "no offer", "no service", "no bid", "x", "无",
    "不适用", "不接", "没有", "暂无", "k a", "entfällt", "kein angebot", "nicht angeboten", "keine",
})  # fmt: skip
"""Nothing is offered (a dash is an empty text once its signs are gone)."""
INCLUDED = frozenset({
    "incl", "included", "inclusive", "inc", "all in", "包含", "已含", "含", "包干", "inkl",
    "inklusive", "enthalten", "im preis enthalten",
})  # fmt: skip
DITTO = frozenset({'"', "''", "〃", "同上", "ditto", "dto", "dto.", "do.", "s.o.", "same as above"})
TOTALS = frozenset({
    "total", "totals", "grand total", "sum", "subtotal", "sub total", "sub-total", "合计", "总计",
    "小计", "共计", "summe", "gesamt", "gesamtsumme", "zwischensumme", "total general",
})  # fmt: skip


@lru_cache(maxsize=100_000)
def key(text: str) -> str:
    """The form in which words are compared: `Port-of  LOADING:` -> `port of loading`."""
    plain = unicodedata.normalize("NFKC", _CAMEL.sub(" ", text))
    return " ".join(_SIGNS.sub(" ", plain.casefold()).split())


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = (resources.files("scenarios") / "data" / name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Charge:
    """A surcharge as it is usually given."""

    code: str
    rate_basis: str
    section: str


@cache
def headings(table: str) -> Mapping[str, tuple[str, str]]:
    """The field and language of every known heading of a table, by its key."""
    found: dict[str, tuple[str, str]] = {}
    for row in _rows("header_synonyms.csv"):
        if row["table"] == table:
            found.setdefault(key(row["field"]), (row["field"], "en"))
    for row in _rows("header_synonyms.csv"):
        if row["table"] != table:
            continue
        for language in LANGUAGES:
            for word in row[language].split("|"):
                if word:
                    found.setdefault(key(word), (row["field"], language))
    return found


@cache
def fields(table: str) -> tuple[str, ...]:
    """The fields of a table that headings can stand for, in the order of the data."""
    return tuple(r["field"] for r in _rows("header_synonyms.csv") if r["table"] == table)


@cache
def words(table: str, language: str) -> Mapping[str, str]:
    """The usual heading of each field of a table in a language, where one is known."""
    rows = [row for row in _rows("header_synonyms.csv") if row["table"] == table]
    return {row["field"]: row[language].split("|")[0] for row in rows if row[language]}


@cache
def charges() -> Mapping[str, Charge]:
    """Known surcharges by the key of each of their names."""
    found: dict[str, Charge] = {}
    for row in _rows("charge_codes.csv"):
        charge = Charge(row["code"], row["rate_basis"], row["section"])
        for name in (row["code"], *row["names"].split("|")):
            found.setdefault(key(name), charge)
    return found


@cache
def charge_names() -> tuple[str, ...]:
    """Every name of a surcharge as written, the longest first."""
    names = {
        n for row in _rows("charge_codes.csv") for n in (row["code"], *row["names"].split("|"))
    }
    return tuple(sorted(names, key=lambda n: (-len(n), n)))


@cache
def port_names() -> Mapping[str, tuple[str, ...]]:
    """Port codes by the key of a local name; several where a city has several ports."""
    return {key(row["name"]): tuple(row["unlocodes"].split(";")) for row in _rows("port_names.csv")}
