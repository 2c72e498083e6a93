"""Where a factor holds: countries (ISO 3166), groups of them, several in a cell, or the world.

A leg's region is its country, or the countries of its ends separated by `;` where they differ.
"""

from __future__ import annotations

from emissions.factor import word
from lowhaul.columns import split_list

EU_MEMBERS = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
EU = frozenset(EU_MEMBERS.split())
EEA = EU | {"IS", "LI", "NO"}
GROUPS = {"eu": EU, "eea": EEA}
"""Names that stand for several countries."""
ANYWHERE = frozenset({"", "world", "global"})


def countries(region: str) -> frozenset[str]:
    """The countries of a region in capitals; other words stand for themselves."""
    found: set[str] = set()
    for part in split_list(region):
        found |= GROUPS.get(word(part), frozenset({part.strip().upper()}))
    return frozenset(found)


def between(origin_country: str, destination_country: str) -> str:
    """The region of a leg: its country, or both where it crosses a border."""
    return ";".join(dict.fromkeys((origin_country, destination_country)))


def covers(region: str, leg_region: str) -> bool:
    """True if a factor of `region` is made for a leg there."""
    if word(region) in ("world", "global"):
        return True
    return bool(leg_region) and countries(leg_region) <= countries(region)


def fit(region: str, leg_region: str) -> int:
    """How near a factor's region is to a leg's, 0 is best.

    0: exactly its countries (or both not known), 1: a group that holds them, 2: blank or the world,
    3: another region.
    """
    given, wanted = countries(region), countries(leg_region)
    if given == wanted:
        return 0
    if word(region) in ANYWHERE:
        return 2
    return 1 if wanted and wanted <= given else 3
