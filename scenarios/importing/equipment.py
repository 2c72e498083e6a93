"""Names of boxes and vehicles as they are written: 40'HQ, 1x40HC, 40ft high cube, 45G1.

`45HC` is the trade name of L5G1, a 45 ft box; `45G1` is the ISO code of a 40 ft high cube. The
two are never taken for each other. Codes and trade names are those of `loading/data/equipment.csv`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from loading.equipment import built_in

_BOX = re.compile(
    r"""(?<![\w.])(?:1\s?x\s?)?
    (?P<feet>20|40|45|53|48)\s?(?P<mark>['’′`]|ft\.?|foot|feet|尺)?\s?-?\s?
    (?P<kind>high\s?cubes?|reefer\s?h[cq]|rf\s?hc|hc\s?pw|pw|hc(?:dv)?|hq|gp|dc|dv|st|std|standard|dry|rf|re|
      rh|hr|rq|ot|fr|pallet\s?wide|reefer|open\s?top|flat\s?rack|高柜|高箱|小柜|大柜|普柜|平柜|柜)?
    (?![\w.])""",
    re.VERBOSE | re.IGNORECASE,
)
_KINDS = {
    "highcube": "HC", "highcubes": "HC", "hq": "HC", "hc": "HC", "hcdv": "HC", "高柜": "HC",
    "高箱": "HC", "gp": "GP", "dc": "GP", "dv": "GP", "st": "GP", "std": "GP", "standard": "GP",
    "dry": "GP", "小柜": "GP", "大柜": "GP", "普柜": "GP", "平柜": "GP", "柜": "GP", "rh": "RH",
    "hr": "RH", "rq": "RH", "rfhc": "RH", "reeferhc": "RH", "reeferhq": "RH", "ot": "OT",
    "opentop": "OT", "fr": "FR", "flatrack": "FR", "pw": "HCPW", "hcpw": "HCPW",
    "palletwide": "HCPW", "rf": "RF", "re": "RF", "reefer": "RF",
}  # fmt: skip
LONGEST_NAME = 40
LONGEST_LIST = 400
_BETWEEN = re.compile(r"\s*(?:/|;|,|&|\+|\bor\b|\band\b|或|和|、)\s*")
_ISO = re.compile(r"(?<![\w.])([24LM][0-9CDEFG][A-Z][0-9A-Z])(?![\w.])")


def _squeezed(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").upper()


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Codes by every name of the built-in equipment."""
    found: dict[str, str] = {}
    for equipment in built_in().values():
        for name in (equipment.code, equipment.trade_name, *equipment.aliases):
            if name:
                found.setdefault(_squeezed(name), equipment.code)
    return found


@lru_cache(maxsize=10_000)
def equipment_named(text: str) -> str:
    """The code of one box or vehicle, blank if the name is none that is known."""
    if len(text) > LONGEST_NAME:
        return ""
    squeezed = _squeezed(text)
    if squeezed in _names():
        return _names()[squeezed]
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _BOX.fullmatch(plain)
    return _code(found) if found else ""


def _code(found: re.Match[str]) -> str:
    feet = found["feet"]
    kind = (found["kind"] or "").replace(" ", "").casefold()
    if not kind:
        # a bare number is no box: 20 may be anything
        return _names().get(f"{feet}FT", _names().get(f"{feet}'", "")) if found["mark"] else ""
    if feet == "45" and _KINDS.get(kind) == "GP":
        return ""
    return _names().get(f"{feet}{_KINDS[kind]}", "")


@lru_cache(maxsize=10_000)
def equipment_list(text: str) -> tuple[tuple[str, ...], str]:
    """The codes of a cell (`40GP/40HQ` has two), and the first name that is not known."""
    if code := equipment_named(text):
        return (code,), ""
    codes: list[str] = []
    for name in _BETWEEN.split(text[:LONGEST_LIST].strip()):
        if not name:
            continue
        code = equipment_named(name)
        if not code:
            return (), name
        codes.append(code)
    return tuple(dict.fromkeys(codes)), "" if codes else text


@lru_cache(maxsize=10_000)
def equipment_in(heading: str) -> tuple[tuple[str, ...], str]:
    """The boxes that a heading names, and the heading without them."""
    whole, unknown = equipment_list(heading)
    if whole and not unknown:
        return whole, ""
    codes: list[str] = []
    rest = heading
    for name in sorted(_names(), key=len, reverse=True):
        if not name.isascii() and name in _squeezed(rest):
            codes.append(_names()[name])
            rest = unicodedata.normalize("NFKC", rest).replace(name, " ")
    for found in _BOX.finditer(rest):
        if code := _code(found):
            codes.append(code)
            rest = rest.replace(found[0], " ", 1)
    for found in _ISO.finditer(rest):
        if found[1] in _names():
            codes.append(_names()[found[1]])
            rest = rest.replace(found[0], " ", 1)
    return tuple(dict.fromkeys(codes)), rest
