"""The place that a cell means: a UN/LOCODE, a port by one of its names, a place of the project.

A name that several ports answer to (Portland, 深圳) is refused with the candidates. Codes of one
port count as one; the code that trade uses is written (CNSHA, not CNSGH).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lowhaul.columns import LONGEST_ID, country_codes, nearest
from routing.geo import clean_unlocode, find_port, package_rows, ports, same_port
from routing.places import AmbiguousPlace, Place, UnknownPlace, resolve_place
from scenarios.importing.vocabulary import key, port_names

UNLOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}\Z")
_CODE_INSIDE = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2}\s?[A-Z2-9]{3})(?![A-Za-z0-9])")
_COUNTRY_AFTER = re.compile(r"[,(/ ]\s*([A-Z]{2})\)?\Z")
_PORT_WORDS = re.compile(
    r"\b(port of|seaport|port|hafen|main ports?|terminal|cy|cfs)\b|港口|港|码头", re.IGNORECASE
)
_IN_NO_ID = re.compile(r"[;>\x00-\x1f\x7f]+")


STATE_IT = "Give its UN/LOCODE, or name the port in mapping.yaml under places."


@dataclass(frozen=True)
class Found:
    """The id to write, or why there is none: `candidates` where several places answer."""

    place: str = ""
    candidates: tuple[str, ...] = ()
    fault: str = ""
    hint: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """How place names become ids.

    `stated` are the planner's own translations (mapping.yaml), `places` those of the project;
    without a project, ports become UN/LOCODEs. `as_written`: ids are taken as they stand.
    """

    stated: Mapping[str, str]
    places: Mapping[str, Place] | None = None
    as_written: bool = False

    def find(self, text: str, country: str = "", mode: str = "sea") -> Found:
        """The place of a cell, in the country that the row names (ISO alpha-2) or blank."""
        wanted = " ".join(text.split())
        stated = self.stated.get(key(wanted))
        if stated is not None:
            wanted = stated
        if self.as_written or (stated is not None and self.places is None):
            return _as_written(wanted)
        if self.places is not None:
            return _in_project(wanted, country, self.places)
        found = find_port_named(wanted, country)
        if found.place or found.candidates or mode == "sea":
            return found
        return _as_written(wanted)


def _as_written(text: str) -> Found:
    name = _IN_NO_ID.sub(" ", text).strip()
    if not name or len(name) > LONGEST_ID:
        return Found(fault="this cannot be the name of a place", hint="Give its UN/LOCODE.")
    return Found(name)


def _in_project(text: str, country: str, places: Mapping[str, Place]) -> Found:
    try:
        return Found(resolve_place(text, places, country).location_id)
    except AmbiguousPlace as error:
        return Found(candidates=error.candidates, fault="several places of the project answer")
    except UnknownPlace:
        pass
    port = find_port_named(text, country)
    if port.place:
        codes = same_port(port.place)
        ours = [p for p in places.values() if p.unlocode and clean_unlocode(p.unlocode) in codes]
        if len(ours) == 1:
            return Found(ours[0].location_id)
        if ours:
            return Found(
                candidates=tuple(sorted(p.location_id for p in ours)),
                fault="several places of the project have this UN/LOCODE",
            )
        known = find_port(port.place)
        name = f" It is {known.name} ({port.place})." if known else ""
        return Found(
            fault=f"the table locations has no such place.{name}",
            hint="Add a row to locations, or name the place in mapping.yaml under places.",
        )
    if port.candidates:
        return port
    hint = "Add it to locations, or name the place in mapping.yaml under places."
    return Found(fault="the table locations has no such place", hint=hint)


@lru_cache(maxsize=20_000)
def find_port_named(text: str, country: str = "") -> Found:
    """The port of a text, as the UN/LOCODE in use for it."""
    code = clean_unlocode(text)
    if UNLOCODE.match(code) and find_port(code):
        return Found(code)
    for inside in _CODE_INSIDE.findall(text):
        code = clean_unlocode(inside)
        if find_port(code):
            return Found(code)
    name = text
    if (found := _COUNTRY_AFTER.search(text)) and found[1] in country_codes():
        country, name = country or found[1], text[: found.start()]
    codes = _named(name) or _named(_PORT_WORDS.sub(" ", name)) or _named(name.split(",")[0])
    if not codes and "(" in name:
        codes = _named(name.split("(")[0])
    if country:
        codes = tuple(c for c in codes if c.startswith(country.upper()))
    if len(codes) == 1:
        return Found(codes[0])
    served = [c for c in codes if (port := find_port(c)) is not None and port.container]
    if len(served) == 1:
        others = ", ".join(c for c in codes if c not in served)
        doubt = f"{_described(served[0])} was taken: {others} of the same name is no container port"
        return Found(served[0], doubt=doubt)
    if codes:
        described = tuple(_described(c) for c in codes)
        return Found(
            candidates=described, fault="several ports answer to this name",
            hint="Write the UN/LOCODE, or name the port in mapping.yaml under places.",
        )  # fmt: skip
    return Found(fault="no port of this name or code is known", hint=STATE_IT)


def likely_place(text: str, places: Mapping[str, Place] | None) -> str:
    """A question for the place that is spelled most like a text, blank if none is near.

    It looks through all names, so it is asked for a few cells and not for a whole column.
    """
    if places is not None:
        near = nearest(text, [*places, *(p.name for p in places.values())])
        return f'Did you mean "{near}"?' if near else ""
    code = clean_unlocode(text)
    known = ports() if UNLOCODE.match(code) else _by_name()
    near = nearest(code if UNLOCODE.match(code) else key(text), known)
    if near and near in _by_name():
        near = _by_name()[near][0]
    port = find_port(near) if near else None
    return f"Did you mean {port.name} ({near})?" if port else ""


def _named(name: str) -> tuple[str, ...]:
    wanted = key(name)
    if not wanted:
        return ()
    if wanted in port_names():
        return port_names()[wanted]
    return _by_name().get(wanted, ())


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, tuple[str, ...]]:
    """Ports by the key of their name, one code a port."""
    found: dict[str, dict[frozenset[str], str]] = {}
    for port in ports().values():
        group = same_port(port.unlocode)
        for name in {key(port.name), key(_PORT_WORDS.sub(" ", port.name))} - {""}:
            found.setdefault(name, {})[group] = _usual(group)
    return {name: tuple(sorted(codes.values())) for name, codes in found.items()}


@lru_cache(maxsize=10_000)
def _usual(group: frozenset[str]) -> str:
    """The code of a port that trade uses: as port_aliases.csv says, else the surest row's."""
    if len(group) == 1:
        return next(iter(group))
    trade = sorted(
        row["same_port_as"]
        for row in package_rows("port_aliases.csv")
        if row["unlocode"] in group and "common trade code" in row["source"]
    )
    if trade:
        return trade[0]
    known = [ports()[code] for code in sorted(group) if code in ports()]
    return min(known, key=lambda p: (p.confidence, not p.container, p.unlocode)).unlocode


def _described(code: str) -> str:
    port = find_port(code)
    return f"{code} ({port.name}, {port.country})" if port else code
