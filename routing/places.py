"""Places that goods and boxes stand at, and how a name becomes one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lowhaul.errors import LowhaulError
from routing.geo import clean_unlocode, find_cities, find_port, folded, same_port

RESTUFFING_KINDS = frozenset({"hub"})
SEALED_CHANGE_KINDS = frozenset(
    {"port", "rail_terminal", "barge_terminal", "depot", "hub", "airport"}
)


@dataclass(frozen=True)
class Place:
    """One row of the table `locations`, with its coordinates resolved (WGS84 degrees).

    Handling costs are in `currency`; handling CO2e is None where no value was given, which means
    "not covered" and never zero.
    """

    location_id: str
    name: str
    kind: str
    country: str
    lat: float
    lon: float
    unlocode: str = ""
    remote: bool = False
    can_restuff: bool = False
    handling_cost_per_load_unit: float = 0.0
    handling_cost_per_t: float = 0.0
    currency: str = ""
    handling_co2e_wtw_kg_per_t: float | None = None
    handling_co2e_wtw_kg_per_teu: float | None = None
    handling_co2e_ttw_kg_per_t: float = 0.0
    handling_co2e_ttw_kg_per_teu: float = 0.0
    handling_source: str = ""
    dwell_days: int = 0


class UnknownPlace(LowhaulError):
    """No place answers to a name; the message says what would."""

    exit_code = 3


class AmbiguousPlace(LowhaulError):
    """Several places answer to a name; `candidates` describes them, the planner decides."""

    exit_code = 3

    def __init__(self, wanted: str, candidates: Sequence[str], hint: str) -> None:
        self.candidates = tuple(candidates)
        super().__init__(f"{wanted!r} is ambiguous: {'; '.join(self.candidates)}. {hint}")


@dataclass(frozen=True)
class Coordinates:
    """Where a place lies and how that is known."""

    lat: float
    lon: float
    source: str


def resolve_place(text: str, places: Mapping[str, Place], country: str = "") -> Place:
    """The place that a cell means: by UN/LOCODE, else own id, else exact name and country.

    UN/LOCODEs count as equal where they are codes of one port (CNSGH, CNSHA). Where several
    places share one, the place whose own id is the text is meant. Raises AmbiguousPlace with the
    candidates, or UnknownPlace.
    """
    wanted = text.strip()
    codes = same_port(wanted)
    found = [p for p in places.values() if p.unlocode and clean_unlocode(p.unlocode) in codes]
    if wanted in places and (not found or places[wanted] in found):
        return places[wanted]
    if not found:
        found = [p for p in places.values() if folded(p.name) == folded(wanted)]
        if country:
            found = [p for p in found if p.country == country]
        elif len({p.country for p in found}) > 1:
            raise AmbiguousPlace(wanted, _described(found), "Name the country or the location_id.")
    if len(found) > 1:
        raise AmbiguousPlace(wanted, _described(found), "Name the location_id.")
    if found:
        return found[0]
    port = find_port(wanted)
    known = f" {wanted} is {port.name} ({port.country})." if port else ""
    raise UnknownPlace(f"No place {wanted!r} in the table locations.{known} Add a row for it.")


def find_coordinates(unlocode: str = "", name: str = "", country: str = "") -> Coordinates:
    """Coordinates for a row of `locations` that gives none: by UN/LOCODE, else name and country.

    Names are looked up exactly, among cities of 100,000 people or more; two of one name in a
    country (there are two Jinzhou in Liaoning) raise AmbiguousPlace, nothing raises UnknownPlace.
    """
    if port := find_port(unlocode) if unlocode else None:
        codes = {clean_unlocode(unlocode), port.unlocode}
        source = f"UN/LOCODE {' = '.join(sorted(codes))}, ports.csv ({port.source})"
        return Coordinates(port.lat, port.lon, source)
    cities = find_cities(name, country) if name and country else ()
    if len(cities) > 1:
        raise AmbiguousPlace(name, [str(c) for c in cities], "Give lat and lon.")
    if cities:
        source = f"city {cities[0].name}, cities.csv (GeoNames, CC BY 4.0)"
        return Coordinates(cities[0].lat, cities[0].lon, source)
    asked = " / ".join(part for part in (unlocode, name, country) if part)
    raise UnknownPlace(f"No coordinates are known for {asked}. Give lat and lon.")


def _described(places: Iterable[Place]) -> list[str]:
    return sorted(f"{p.location_id} ({p.name}, {p.country}, {p.lat}, {p.lon})" for p in places)
