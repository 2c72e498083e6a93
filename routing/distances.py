"""How far each leg is, on every basis, and where that figure comes from.

Order of trust: given by planner or carrier, own table, network (sea), kilometre table (Rhine),
great circle x factor by mode and country (road, rail), geodesic (air). What an order of trust
yields on one basis is carried to the others with the DAF of `emissions.activity`:
actual = SFD x DAF, and SFD = actual / DAF but never below the great circle.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from emissions.activity import DAF, DAF_AIR_KM, LegDistance
from lowhaul.errors import LowhaulError
from lowhaul.units import kilometres
from routing.geo import (
    Circuity,
    LonLat,
    RhineMark,
    circuity,
    countries_crossed,
    great_circle_km,
    great_circle_line,
    kilometre_text,
    rhine_marks,
    unwrapped,
)
from routing.places import Place
from routing.sea import NoSeaRoute, closed_set, sea_route, sea_warnings

BASES = ("sfd", "gcd", "actual")
RHINE_REACH_KM = 10.0
"""A place this near to a kilometre mark is taken to lie at it."""
SEA_SOURCE = "searoute 1.6 network"


class NoDistance(LowhaulError):
    """No distance can be had for a leg; the message says what to give."""

    exit_code = 3


@dataclass(frozen=True)
class OwnDistance:
    """One row of the table `distances`; it holds for both directions unless the other is given."""

    from_id: str
    to_id: str
    mode: str
    distance_km: float
    basis: str
    source: str


@dataclass(frozen=True)
class _Known:
    """A first figure, before it is carried to the other bases."""

    km: float
    basis: str
    source: str
    warnings: tuple[str, ...] = ()


class Distances:
    """Distances between the places of one plan. Results are kept; equal questions, equal answers.

    `closed_passages` names passages at sea (the Northwest Passage is always closed); `avoid` names
    countries (ISO alpha-2): legs that begin or end there have no distance, and land legs whose
    straight line crosses one carry a warning, as their true way is not known here.
    """

    def __init__(
        self,
        places: Mapping[str, Place],
        own: Iterable[OwnDistance] = (),
        closed_passages: Sequence[str] = ("northwest",),
        avoid: Iterable[str] = (),
    ) -> None:
        self.places = places
        self.closed = closed_set(closed_passages)
        self.avoid = frozenset(avoid)
        self._own: dict[tuple[str, str, str], OwnDistance] = {}
        self._legs: dict[tuple[str, str, str, float | None, str, str], LegDistance] = {}
        self._lines: dict[tuple[str, str, str], tuple[LonLat, ...]] = {}
        for row in own:
            key = (row.from_id, row.to_id, row.mode)
            if key in self._own and self._own[key] != row:
                raise NoDistance(
                    f"Two distances {row.from_id} to {row.to_id} by {row.mode}: "
                    f"{self._own[key].distance_km:g} and {row.distance_km:g} km. Keep one."
                )
            self._own[key] = row

    def leg(
        self,
        origin_id: str,
        destination_id: str,
        mode: str,
        given_km: float | None = None,
        given_basis: str = "actual",
        given_source: str = "",
    ) -> LegDistance:
        """The leg's kilometres on all bases, to the metre; raises NoDistance with what to give.

        `given_km` is the planner's or carrier's own figure on `given_basis` and wins over all.
        """
        key = (origin_id, destination_id, mode, given_km, given_basis, given_source)
        if key not in self._legs:
            self._legs[key] = self._leg(*key)
        return self._legs[key]

    def line(self, origin_id: str, destination_id: str, mode: str) -> list[LonLat]:
        """The way for a map, as (lon, lat) from place to place; longitudes may exceed 180.

        At sea the network's line, on the Rhine its marks, else the great circle: a sketch of
        which places are joined and no driven route. So is a sea leg that the network lacks.
        """
        key = (origin_id, destination_id, mode)
        if key not in self._lines:
            self._lines[key] = self._line(self._place(origin_id), self._place(destination_id), mode)
        return list(self._lines[key])

    def own_pairs(self, mode: str) -> set[tuple[str, str]]:
        """The pairs of places whose leg rests on the table `distances`, in both directions."""
        given = {(start, end) for start, end, by in self._own if by == mode}
        return given | {(end, start) for start, end in given}

    def _place(self, place_id: str) -> Place:
        try:
            return self.places[place_id]
        except KeyError:
            raise NoDistance(f"Place {place_id} is not in the table locations.") from None

    def _leg(
        self,
        origin_id: str,
        destination_id: str,
        mode: str,
        given_km: float | None,
        given_basis: str,
        given_source: str,
    ) -> LegDistance:
        origin, destination = self._place(origin_id), self._place(destination_id)
        if mode not in DAF:
            raise NoDistance(f"Unknown mode {mode!r}. Known are: {', '.join(DAF)}.")
        self._refuse_avoided(origin, destination)
        gcd_km = great_circle_km(_lon_lat(origin), _lon_lat(destination))
        own = self._own_row(origin_id, destination_id, mode)
        if given_km is not None:
            known = _Known(given_km, given_basis, given_source or "given")
        elif own is not None:
            known = _Known(own.distance_km, own.basis, own.source or "table distances")
        elif origin_id == destination_id:
            return LegDistance(0.0, 0.0, 0.0, "gcd", "same place")
        else:
            known = self._computed(origin, destination, mode, gcd_km)
        if known.basis == "gcd" and mode != "air":
            gcd_km = _sound(known, gcd_km, origin_id, destination_id, mode)
            known = self._way_of(known, origin, destination, mode)
        if mode in ("road", "rail"):
            known = self._warned_of_crossing(known, origin, destination)
        return _on_all_bases(known, gcd_km, mode, origin_id, destination_id)

    def _way_of(self, known: _Known, origin: Place, destination: Place, mode: str) -> _Known:
        """A great circle was given: it says nothing of the way, which is found as if without it."""
        way = self._computed(origin, destination, mode, known.km)
        return replace(way, source=f"{known.source} (great circle); way: {way.source}")

    def _own_row(self, origin_id: str, destination_id: str, mode: str) -> OwnDistance | None:
        there = self._own.get((origin_id, destination_id, mode))
        return there or self._own.get((destination_id, origin_id, mode))

    def _computed(self, origin: Place, destination: Place, mode: str, gcd_km: float) -> _Known:
        if mode == "sea":
            return self._at_sea(origin, destination)
        if mode == "inland_waterway":
            return _on_the_rhine(origin, destination)
        if mode == "air":
            return _Known(gcd_km, "gcd", "geodesic (WGS84)")
        return _by_factor(origin, destination, mode, gcd_km)

    def _at_sea(self, origin: Place, destination: Place) -> _Known:
        try:
            route = sea_route(_lon_lat(origin), _lon_lat(destination), self.closed)
        except NoSeaRoute as error:
            raise NoDistance(
                f"{origin.location_id} to {destination.location_id} by sea: {error}"
            ) from error
        names = (origin.location_id, destination.location_id)
        via = f" via {', '.join(route.passages)}" if route.passages else ""
        warnings = sea_warnings(route, self.closed, names)
        return _Known(route.km, "sfd", SEA_SOURCE + via, tuple(warnings))

    def _refuse_avoided(self, origin: Place, destination: Place) -> None:
        for place in (origin, destination):
            if place.country in self.avoid:
                raise NoDistance(
                    f"{place.location_id} lies in {place.country}, which avoid_countries names."
                )

    def _warned_of_crossing(self, known: _Known, origin: Place, destination: Place) -> _Known:
        if not self.avoid:
            return known
        line = great_circle_line(_lon_lat(origin), _lon_lat(destination))
        crossed = countries_crossed(line, self.avoid)
        if not crossed:
            return known
        warning = (
            f"the straight line crosses {', '.join(crossed)}, which avoid_countries names; make "
            "sure that the carrier's way does not"
        )
        return replace(known, warnings=(*known.warnings, warning))

    def _line(self, origin: Place, destination: Place, mode: str) -> tuple[LonLat, ...]:
        start, end = _lon_lat(origin), _lon_lat(destination)
        if mode == "sea":
            try:
                return sea_route(start, end, self.closed).line
            except NoSeaRoute:
                return great_circle_line(start, end)
        if mode == "inland_waterway":
            near = _rhine_mark(origin), _rhine_mark(destination)
            if near[0] and near[1]:
                return unwrapped([start, *_marks_between(near[0], near[1]), end])
        return great_circle_line(start, end)


def _lon_lat(place: Place) -> LonLat:
    return (place.lon, place.lat)


def _on_all_bases(
    known: _Known, gcd_km: float, mode: str, origin_id: str, destination_id: str
) -> LegDistance:
    """Carry one figure to the other bases with the DAF."""
    known_km = _sound(known, gcd_km, origin_id, destination_id, mode)
    warnings = list(known.warnings)
    if known_km < gcd_km * 0.99:
        warnings.append(
            f"{kilometre_text(known_km)} km is shorter than the great circle of {gcd_km:.0f} km; "
            "check the distance and the coordinates"
        )
    daf, extra_km = DAF[mode], (DAF_AIR_KM if mode == "air" else 0.0)
    if known.basis == "actual":
        actual_km = known_km
        sfd_km = min(actual_km, max((actual_km - extra_km) / daf, gcd_km))
    else:
        sfd_km = known_km
        actual_km = sfd_km * daf + extra_km
        if known.basis == "gcd":  # air: the carrier's own great circle replaces ours
            gcd_km = known_km
    return LegDistance(
        sfd_km=kilometres(sfd_km),
        gcd_km=kilometres(gcd_km),
        actual_km=kilometres(actual_km),
        basis=known.basis,
        source=known.source,
        warning="; ".join(warnings),
    )


def _sound(known: _Known, gcd_km: float, origin_id: str, destination_id: str, mode: str) -> float:
    """The kilometres of a figure, refused where they cannot be a distance."""
    if known.basis not in BASES:
        raise NoDistance(f"Unknown basis {known.basis!r}. Known are: {', '.join(BASES)}.")
    if not math.isfinite(known.km) or known.km < 0 or (known.km == 0 and gcd_km > 0):
        raise NoDistance(
            f"{origin_id} to {destination_id} by {mode}: {known.km:g} km ({known.source}) is no "
            "distance. Give one above 0, or none."
        )
    return known.km


def _by_factor(origin: Place, destination: Place, mode: str, gcd_km: float) -> _Known:
    """Great circle x circuity; over a border the mean of both countries' factors."""
    ends = [_circuity(origin.country, mode), _circuity(destination.country, mode)]
    factor = (ends[0].factor + ends[1].factor) / 2
    parts = [_named(origin.country, ends[0])]
    if origin.country != destination.country:
        parts.append(_named(destination.country, ends[1]))
    warnings = []
    if any(end.evidence == "RECALLED" for end in ends):
        warnings.append("the circuity factor is recalled and unverified; give the distance")
    if gcd_km == 0:
        warnings.append("both places have the same coordinates; give the distance")
    source = f"great circle x {kilometre_text(factor)} ({', '.join(parts)})"
    return _Known(gcd_km * factor, "actual", source, tuple(warnings))


def _circuity(country: str, mode: str) -> Circuity:
    table = circuity()
    return table.get((country, mode)) or table["default", mode]


def _named(country: str, factor: Circuity) -> str:
    default = "default " if factor.country != country else ""
    return f"{country} {default}{factor.factor:g} {factor.evidence.lower()}"


def _on_the_rhine(origin: Place, destination: Place) -> _Known:
    """The difference of two Rhine kilometres; no other river has a table here."""
    start, end = _rhine_mark(origin), _rhine_mark(destination)
    if start is None or end is None or start == end:
        raise NoDistance(
            f"{origin.location_id} to {destination.location_id} by inland waterway: give the "
            "kilometres in the table distances or in the bid. Only legs between these points of "
            f"the Rhine are known: {', '.join(mark.point for mark in rhine_marks())}."
        )
    recalled = "RECALLED" in (start.evidence, end.evidence)
    warning = "a Rhine kilometre is recalled and unverified; give the distance"
    source = f"Rhine km {start.rhine_km:g} {start.point} to {end.rhine_km:g} {end.point}"
    return _Known(
        abs(end.rhine_km - start.rhine_km), "actual", source, (warning,) if recalled else ()
    )


def _rhine_mark(place: Place) -> RhineMark | None:
    here = _lon_lat(place)
    near = [(great_circle_km(here, (m.lon, m.lat)), m) for m in rhine_marks()]
    km, mark = min(near, key=lambda pair: pair[0])
    return mark if km <= RHINE_REACH_KM else None


def _marks_between(start: RhineMark, end: RhineMark) -> list[LonLat]:
    low, high = sorted((start.rhine_km, end.rhine_km))
    marks = [(m.lon, m.lat) for m in rhine_marks() if low <= m.rhine_km <= high]
    return marks if start.rhine_km <= end.rhine_km else marks[::-1]
