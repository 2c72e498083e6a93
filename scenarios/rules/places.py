"""Rules of the table `locations`: coordinates, UN/LOCODE, handling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from routing.geo import clean_unlocode, great_circle_km, resolve_coordinates
from scenarios.rules.context import Context, filled, truth

FAR_KM = 100.0
"""A place this far from the coordinates of its own UN/LOCODE is doubted."""


def coordinates_of(locations: pd.DataFrame) -> tuple[Any, Any]:
    """Latitude and longitude of each row: as given, else of the UN/LOCODE, else NaN."""
    lats = locations["lat"].to_numpy(dtype=float, copy=True)
    lons = locations["lon"].to_numpy(dtype=float, copy=True)
    for i in np.flatnonzero(np.isnan(lats) | np.isnan(lons)):
        code = locations["unlocode"].iloc[i]
        found = resolve_coordinates(code) if code else None
        if found is not None:
            lats[i], lons[i] = found
    return lats, lons


def report_unlocodes(context: Context) -> None:
    """Rule: a UN/LOCODE is a country's two letters and three signs, and the country's own."""
    data = context["locations"]
    codes = data.frame["unlocode"].map(lambda c: clean_unlocode(c) if c else "")
    form = codes.str.fullmatch("[A-Z]{2}[A-Z2-9]{3}").to_numpy(dtype=bool)
    wrong = filled(codes) & ~form & data.sound("unlocode")
    data.report(
        context.findings, "E111", wrong, "unlocode", "This is no UN/LOCODE.",
        "Wanted: two letters of the country and three of the place, for example NLRTM.",
    )  # fmt: skip
    other = filled(codes) & form & codes.str[:2].ne(data.frame["country"]).to_numpy(dtype=bool)
    data.report(
        context.findings, "W111", other & data.sound("country"), "unlocode",
        "The UN/LOCODE is one of another country than the row's.", "Check both.", "warning",
    )  # fmt: skip
    data.frame["unlocode"] = codes


def report_half_coordinates(context: Context) -> None:
    """Rule: latitude and longitude are given together."""
    data = context["locations"]
    lat, lon = filled(data.frame["lat"]), filled(data.frame["lon"])
    sound = data.sound("lat", "lon")
    for column, wrong in (("lat", lon & ~lat), ("lon", lat & ~lon)):
        data.report(
            context.findings, "E302", wrong & sound, column,
            f"Only one of lat and lon is given: {column} is blank.", "Give both or none.",
        )  # fmt: skip


def report_unresolved_coordinates(context: Context) -> None:
    """Rule: each place has coordinates, or a UN/LOCODE that is known."""
    data = context["locations"]
    lats, _ = coordinates_of(data.frame)
    given = filled(data.frame["lat"]) | filled(data.frame["lon"])
    wrong = np.isnan(lats) & ~given & data.sound("lat", "lon", "unlocode")
    with_code = filled(data.frame["unlocode"])
    data.report(
        context.findings, "E303", wrong & with_code, "unlocode",
        "The UN/LOCODE is not in the list of places, and lat and lon are blank.",
        "Give lat and lon.",
    )  # fmt: skip
    data.report(
        context.findings, "E303", wrong & ~with_code, "lat",
        "The place has neither lat and lon nor a UN/LOCODE.", "Give lat and lon.",
    )  # fmt: skip


def report_far_from_unlocode(context: Context) -> None:
    """Rule: given coordinates are near those of the UN/LOCODE (a swapped pair is not)."""
    data = context["locations"]
    frame = data.frame
    given = filled(frame["lat"]) & filled(frame["lon"]) & filled(frame["unlocode"])
    far = np.zeros(len(data), dtype=bool)
    for i in np.flatnonzero(given):
        found = resolve_coordinates(frame["unlocode"].iloc[i])
        if found is not None:
            here = (float(frame["lon"].iloc[i]), float(frame["lat"].iloc[i]))
            far[i] = great_circle_km(here, (found[1], found[0])) > FAR_KM
    data.report(
        context.findings, "W303", far, "lat",
        f"The coordinates are more than {FAR_KM:.0f} km from those of the UN/LOCODE.",
        "Check lat and lon; they may be swapped.", "warning",
    )  # fmt: skip


def report_handling_ttw_above_wtw(context: Context) -> None:
    """Rule: tank-to-wheel is a part of well-to-wheel."""
    data = context["locations"]
    for unit in ("t", "teu"):
        ttw, wtw = f"handling_co2e_ttw_kg_per_{unit}", f"handling_co2e_wtw_kg_per_{unit}"
        above = truth(data.frame[ttw] > data.frame[wtw].fillna(0)) & data.sound(ttw, wtw)
        data.report(
            context.findings, "E335", above, ttw,
            "The tank-to-wheel part is above well-to-wheel.", f"Give {wtw} as the whole.",
        )  # fmt: skip
