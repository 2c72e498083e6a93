"""Where executed legs begin and end, and their kilometres on every basis.

A place is one of the project's, a UN/LOCODE, or a city with its country ("Hefei, CN"). Kilometres
that the row gives win; the others follow from them as in `routing.distances`. Only legs without
any are measured between their places, and those that cannot be are findings: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from emissions.activity import DAF, DAF_AIR_KM
from emissions.regions import between
from lowhaul.cells import Mask, TableData
from lowhaul.columns import did_you_mean
from lowhaul.errors import LowhaulError
from lowhaul.findings import Findings
from lowhaul.rounding import rounded
from lowhaul.units import METRE
from routing.distances import Distances, OwnDistance
from routing.geo import cities, find_cities, find_port, great_circle_km, ports
from routing.places import Place, UnknownPlace, resolve_place

Array = np.ndarray[Any, Any]
UNLOCODE = re.compile(r"[A-Z]{2} ?[A-Z2-9]{3}\Z")
CITY = re.compile(r"(.+),\s*([A-Za-z]{2})\Z")
SHORTER = 0.99
"""A way this much shorter than the great circle is doubted (as in routing.distances)."""


@dataclass(frozen=True)
class Ways:
    """Kilometres of each row (NaN: unknown), where they come from, and the countries of the leg."""

    sfd_km: Array
    gcd_km: Array
    actual_km: Array
    source: pd.Series
    region: pd.Series
    origin: pd.Series
    """The place's id, or the text as written where no such place is known."""
    destination: pd.Series


class PlaceNames:
    """Turns what stands in `from` and `to` into places; the same text is looked up once."""

    def __init__(self, known: Mapping[str, Place]) -> None:
        self.known = known
        self.places: dict[str, Place] = dict(known)
        self._found: dict[str, Place | str] = {}

    def find(self, text: str) -> Place | str:
        """The place, or the words why there is none."""
        if text not in self._found:
            try:
                place = self._look_up(text)
            except LowhaulError as error:
                self._found[text] = str(error)
            else:
                self.places.setdefault(place.location_id, place)
                self._found[text] = place
        return self._found[text]

    def _look_up(self, text: str) -> Place:
        if self.known:
            try:
                return resolve_place(text, self.known)
            except UnknownPlace:
                pass  # not one of the project's: it may be a code or city of the world
        if UNLOCODE.match(text.upper()):
            port = find_port(text)
            if port is not None:
                return Place(text, port.name, "port", port.country, port.lat, port.lon, text)
        city = CITY.match(text)
        if city:
            found = find_cities(city[1], city[2])
            if len(found) == 1:
                place = found[0]
                return Place(text, place.name, "", city[2].upper(), place.lat, place.lon)
            if found:
                raise LowhaulError(f"Several cities are called {city[1]}. Give the distance.")
        near = did_you_mean(text, self._names_near(text, city[2].upper() if city else text[:2]))
        hint = f" {near}" if near.startswith("Did") else ""
        raise LowhaulError(f'No place "{text}" is known.{hint}')

    def _names_near(self, text: str, country: str) -> Iterator[str]:
        """Names that could have been meant: the project's, and those of the same country."""
        for place in self.known.values():
            yield from (place.location_id, place.name)
        if CITY.match(text):
            for (of_country, _), found in cities().items():
                if of_country == country:
                    yield f"{found[0].name}, {country}"
        elif UNLOCODE.match(text.upper()):
            yield from (code for code in ports() if code.startswith(country.upper()))


def ways_of(
    data: TableData,
    findings: Findings,
    places: Mapping[str, Place],
    own: Iterable[OwnDistance] = (),
    closed_passages: Iterable[str] = ("northwest",),
) -> Ways:
    """The ways of all rows; legs without kilometres that cannot be measured are findings."""
    frame = data.frame
    names = PlaceNames(places)
    pair, pairs = _distinct(frame, ("from", "to"))
    ends = [(names.find(a), names.find(b)) for a, b in pairs]
    moving = frame["kind"].ne("hub").to_numpy(dtype=bool)
    mode = frame["mode"]
    gcd = np.array([_great_circle(a, b) for a, b in ends], dtype=float)[pair]
    km, basis, source = _given(data, findings, moving)
    sfd, actual, gcd = _on_all_bases(km, basis, gcd, mode)

    distances = Distances(names.places, own, tuple(closed_passages))
    measured = moving & (np.isnan(km) | ((basis == "gcd") & mode.ne("air").to_numpy(dtype=bool)))
    faults: dict[int, str] = {}
    if measured.any():
        some = frame.loc[measured, ["from", "to", "mode"]].assign(km=km[measured])
        ask, asked = _distinct(some, ("from", "to", "mode", "km"))
        rows = np.flatnonzero(measured)
        for k, (start, end, by, given) in enumerate(asked):
            at = rows[ask == k]
            here, there = names.find(start), names.find(end)
            try:
                if isinstance(here, str) or isinstance(there, str):
                    raise LowhaulError(here if isinstance(here, str) else str(there))
                ids = (here.location_id, there.location_id)
                leg = distances.leg(*ids, by, None if given != given else float(given), "gcd")
            except LowhaulError as error:
                faults |= dict.fromkeys(at.tolist(), str(error))
                continue
            sfd[at], gcd[at], actual[at] = leg.sfd_km, leg.gcd_km, leg.actual_km
            source[at] = leg.source
            if leg.warning:
                one = np.zeros(len(data), dtype=bool)
                one[at[0]] = True
                data.report(findings, "W374", one, "from", leg.warning, severity="warning")
    sfd, gcd, actual = _as_written(frame, sfd, gcd, actual)
    _report_faults(data, findings, faults, ends, pair)
    _report_short(data, findings, moving & ~np.isnan(km), actual, gcd)
    countries = [_region(a, b) for a, b in ends]
    sfd, gcd, actual = (np.where(moving, rounded(v, METRE), 0.0) for v in (sfd, gcd, actual))
    starts = [_id(a, text) for (a, _), (text, _) in zip(ends, pairs, strict=True)]
    stops = [_id(b, text) for (_, b), (_, text) in zip(ends, pairs, strict=True)]
    return Ways(
        sfd,
        gcd,
        actual,
        source=pd.Series(source).where(moving, ""),
        region=_taken(countries, pair),
        origin=_taken(starts, pair),
        destination=_taken(stops, pair),
    )


def _distinct(frame: pd.DataFrame, columns: tuple[str, ...]) -> tuple[Array, list[tuple[Any, ...]]]:
    codes = frame.groupby(list(columns), sort=False, dropna=False).ngroup().to_numpy()
    first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    order = first[np.argsort(codes[first])]
    rows = frame[list(columns)].iloc[order]
    return codes, list(zip(*(rows[c].tolist() for c in columns), strict=True))


def _taken(words: list[str], codes: Array) -> pd.Series:
    small, distinct = pd.factorize(pd.Series(words, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(small[codes], categories=distinct))


def _id(place: Place | str, text: str) -> str:
    return text if isinstance(place, str) else place.location_id


def _region(a: Place | str, b: Place | str) -> str:
    """The region of a leg (`emissions.regions`); blank where an end's country is not known."""
    if isinstance(a, str) or isinstance(b, str) or not (a.country and b.country):
        return ""
    return between(a.country, b.country)


def _great_circle(a: Place | str, b: Place | str) -> float:
    if isinstance(a, str) or isinstance(b, str):
        return float("nan")
    return great_circle_km((a.lon, a.lat), (b.lon, b.lat))


def _given(data: TableData, findings: Findings, moving: Mask) -> tuple[Array, Array, Array]:
    """The kilometres that a row gives first, their basis, and the source that it names."""
    frame = data.frame
    km = frame["distance_km"].to_numpy(dtype=float, copy=True)
    basis = frame["distance_basis"].to_numpy(dtype=object, copy=True)
    for name in ("actual", "sfd", "gcd"):
        other = frame[f"{name}_km"].to_numpy(dtype=float)
        fill = np.isnan(km) & ~np.isnan(other)
        km[fill], basis[fill] = other[fill], name
    elsewhere = frame["from"].ne(frame["to"]).to_numpy(dtype=bool)
    zero = moving & (km == 0) & elsewhere
    data.report(
        findings, "E370", zero, "distance_km", "0 km between two places is no distance.",
        "Give it, or leave the cell blank to have it computed.",
    )  # fmt: skip
    km[zero] = np.nan
    said = frame["distance_source"].to_numpy(dtype=object, copy=True)
    said[(said == "") & ~np.isnan(km)] = "given"
    return km, basis, said


def _on_all_bases(
    km: Array, basis: Array, gcd: Array, mode: pd.Series
) -> tuple[Array, Array, Array]:
    """SFD, actual and great circle of the rows with kilometres (`routing.distances`, all at once).

    Without known places the great circle cannot bound the SFD, and stays unknown but for air,
    where the activity counts it: it is the given one, or the actual kilometres less 95.
    """
    air = mode.eq("air").to_numpy(dtype=bool)
    daf = mode.map(DAF).to_numpy(dtype=float, na_value=1.0)
    extra = np.where(air, DAF_AIR_KM, 0.0)
    with np.errstate(invalid="ignore"):
        least = np.where(np.isnan(gcd), 0.0, gcd)
        from_actual = np.minimum(km, np.maximum((km - extra) / daf, least))
        driven = basis == "actual"
        sfd = np.where(driven, from_actual, km)
        actual = np.where(driven, km, km * daf + extra)
    gcd = np.where(air & (basis == "gcd") & ~np.isnan(km), km, gcd)
    gcd = np.where(air & np.isnan(gcd), sfd, gcd)
    return sfd, actual, gcd


def _as_written(
    frame: pd.DataFrame, sfd: Array, gcd: Array, actual: Array
) -> tuple[Array, Array, Array]:
    """Kilometres of a basis that stand in the row are taken as they are."""
    written = []
    for name, derived in (("sfd_km", sfd), ("gcd_km", gcd), ("actual_km", actual)):
        own = frame[name].to_numpy(dtype=float)
        written.append(np.where(np.isnan(own), derived, own))
    return written[0], written[1], written[2]


def _report_faults(
    data: TableData,
    findings: Findings,
    faults: Mapping[int, str],
    ends: list[tuple[Place | str, Place | str]],
    pair: Array,
) -> None:
    """Legs without kilometres: an unknown place is named in its own column."""
    for code, column, side in (("E201", "from", 0), ("E201", "to", 1), ("E370", "distance_km", 2)):
        wrong = np.zeros(len(data), dtype=bool)
        for i in faults:
            known = [not isinstance(place, str) for place in ends[pair[i]]]
            wrong[i] = all(known) if side == 2 else not known[side]
        wrong &= data.sound("from", "to", "mode") & data.sound("distance_km")

        def words(i: int, side: int = side) -> str:
            end = ends[pair[i]][side] if side < 2 else ""
            return f"The row has no distance, and the place is not known. {end}" if end else (
                f"The row has no distance, and none can be computed. {faults[i]}"
            )  # fmt: skip

        data.report(
            findings, code, wrong, column, words,
            "Give distance_km, or a UN/LOCODE, a city as Name, CC, or a place of the project.",
        )  # fmt: skip


def _report_short(
    data: TableData, findings: Findings, given: Mask, actual: Array, gcd: Array
) -> None:
    with np.errstate(invalid="ignore"):
        short = given & (actual < gcd * SHORTER)
    data.report(
        findings, "W374", short, "distance_km",
        lambda i: f"The way is shorter than the great circle of {gcd[i]:.0f} km.",
        "Check the distance and both places.", "warning",
    )  # fmt: skip
