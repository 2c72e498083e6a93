"""The footprint of many executed transports at once, to the gram what `executed` gives for each.

Laws are straight lines in kilometres, load units and kilograms. So rows that ask the same law
(`executed.Asked`) ask it once, over one kilometre of each basis, and are then arithmetic on
columns. Where a sum comes out so near half a gram that the order of operations could decide its
rounding, the row is computed again as `executed.element_of` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from emissions.activity import LegDistance
from emissions.bulk_marks import BASES, Law, marks
from emissions.co2e import Co2e
from emissions.executed import Asked, Done, HubValues, element_of
from emissions.factors import FactorBook, NotCovered
from emissions.hubs import HubLaw
from emissions.laws import LegLaw
from lowhaul.rounding import near_half, rounded
from lowhaul.units import G_PER_KG, GRAM

Array = np.ndarray[Any, Any]

TEXTS = (
    "kind", "mode", "service", "vehicle", "energy", "carrier", "region", "per", "basis", "gwp",
    "data_type", "source", "place",
)  # fmt: skip
NUMBERS = ("equipment_teu", "equipment_tare_kg")
OPTIONAL = ("empty_distance_factor", "wtw_g", "ttw_g", "slope_g_per_tkm")
FLAGS = ("includes_empty", "restuffed", "stated", "serves")
AMOUNTS = ("load_units", "teu", "mass_kg", "sfd_km", "gcd_km", "actual_km", "wtw_kg", "ttw_kg")
NAMES = ("tce_id", "shipment_id", "bid_id", "factor_id", "factor_pack", "toc_id")
UNITS = (
    LegDistance(1.0, 0.0, 0.0, "sfd", ""),
    LegDistance(0.0, 1.0, 0.0, "gcd", ""),
    LegDistance(0.0, 0.0, 1.0, "actual", ""),
)
"""One kilometre of each basis alone: a law over a leg is the sum of them, times its kilometres."""


@dataclass
class _Lines:
    """The laws of all groups of rows: coefficients in kg, and what is said of each."""

    unit: Array
    """(group, basis, WTT or TTW): kg for each load unit and km (empty ways: actual km)."""
    cargo: Array
    """(group, basis, WTT or TTW): kg for each kg of cargo and km."""
    passage: Array
    """(group, per cargo kg or per TEU, WTT or TTW): hubs."""
    laws: list[Law]
    """None where the rows state their own kilograms."""
    shares: Array
    """TTW as a share of WTW, for stated kilograms without a split."""
    asked: list[Asked]


@dataclass(frozen=True)
class Bulk:
    """The result: a frame with a row for each row asked, and what each group says.

    `columns` has activity_tkm, toc_id, factor_id, factor_pack, factor_distance_basis, data_type,
    proxy, assumed, gwp, daf, co2e_wtt_kg, co2e_ttw_kg, co2e_wtw_kg (NaN: nothing known) and
    covered. `group` is the position of each row in `laws`; `empty_missing` marks groups whose
    figure holds no empty running; `passed_over` those whose declared figure cannot serve the leg.
    """

    columns: pd.DataFrame
    group: Array
    laws: tuple[Law, ...]
    needs_load_units: Array
    empty_missing: Array
    passed_over: Array
    recomputed: int
    """Rows near half a gram that were computed one by one."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """What would cover the rows that are not, each said once."""
        return tuple(dict.fromkeys(x.wanted for x in self.laws if isinstance(x, NotCovered)))


def bulk_footprint(
    rows: pd.DataFrame, book: FactorBook, hubs: Mapping[str, HubValues] | None = None
) -> Bulk:
    """The elements of all rows.

    `rows` has the columns TEXTS, NUMBERS, OPTIONAL (NaN: not given), FLAGS, AMOUNTS (NaN: not
    given; kilometres of one load unit on each basis), NAMES and `whole` (stated kilograms hold
    their well-to-tank part): the fields of `executed.Asked` and `executed.Done` under their names.
    """
    hubs = hubs or {}
    plain = _plain_figures(rows)
    group, first = _groups(rows, plain)
    asked = asked_of(rows.iloc[first], plain[first])
    lines = _lines(asked, book, hubs)
    own = np.array([_is_own(law) for law in lines.laws], dtype=bool)[group]
    stated = rows["stated"].to_numpy(dtype=bool)
    known = np.array([not isinstance(x, NotCovered) for x in lines.laws], dtype=bool)[group]

    wtt, ttw = _kilograms(rows, lines, group, plain & own)
    wtt, ttw = _with_stated(rows, lines, group, stated, wtt, ttw)
    unknown_km = np.isnan(wtt) | np.isnan(ttw)
    known &= ~unknown_km
    grams_wtw, grams_ttw, near = _grams(wtt + ttw, ttw, known)
    near &= ~stated  # their sums are of two rounded figures, no order of operations matters
    at = np.flatnonzero(near)
    some = rows.iloc[at]
    for i, one, done in zip(at, asked_of(some), done_of(some), strict=True):
        co2e = element_of(book, one, done, hubs).co2e
        if co2e is not None:
            grams_wtw[i] = np.rint(co2e.wtw_kg * G_PER_KG)
            grams_ttw[i] = np.rint(co2e.ttw_kg * G_PER_KG)

    columns = marks(rows, lines.laws, lines.asked, group, known, stated, own)
    blank = np.where(known, 0.0, np.nan)
    columns["co2e_wtt_kg"] = (grams_wtw - grams_ttw) / G_PER_KG + blank
    columns["co2e_ttw_kg"] = grams_ttw / G_PER_KG + blank
    columns["co2e_wtw_kg"] = grams_wtw / G_PER_KG + blank
    whole = np.array([getattr(x, "wtt_covered", True) for x in lines.laws], dtype=bool)[group]
    whole = np.where(stated, rows["whole"].to_numpy(dtype=bool), whole)
    columns["covered"] = known & whole
    return Bulk(
        columns=pd.DataFrame(columns),
        group=group,
        laws=tuple(lines.laws),
        needs_load_units=np.abs(lines.unit).sum(axis=(1, 2)) > 0,
        empty_missing=np.array([_empty_missing(a, book) for a in lines.asked], dtype=bool),
        passed_over=np.array(
            [
                a.kind == "transport" and bool(a.per) and not _is_own(law) and law is not None
                for a, law in zip(lines.asked, lines.laws, strict=True)
            ],
            dtype=bool,
        ),
        recomputed=int(near.sum()),
    )


def asked_of(rows: pd.DataFrame, plain: Array | None = None) -> list[Asked]:
    """What each row asks of its law; where `plain`, the law of one gram of its declared figure."""
    texts = [rows[name].astype("str").tolist() for name in TEXTS]
    names = (*TEXTS, *NUMBERS, *OPTIONAL, *FLAGS)
    others = [rows[name].tolist() for name in (*NUMBERS, *OPTIONAL, *FLAGS)]
    asked = []
    for i, cells in enumerate(zip(*texts, *others, strict=True)):
        given: dict[str, Any] = dict(zip(names, cells, strict=True))
        for name in OPTIONAL:
            if given[name] != given[name]:
                del given[name]
        if plain is not None and plain[i]:
            given |= {"wtw_g": 1.0, "ttw_g": None}
        asked.append(Asked(**given))
    return asked


def done_of(rows: pd.DataFrame) -> list[Done]:
    """What each row adds to it."""
    done = []
    columns = [rows[name].tolist() for name in AMOUNTS]
    columns += [rows[name].astype("str").tolist() for name in NAMES]
    for *cells, whole in zip(*columns, rows["whole"].tolist(), strict=True):
        given = dict(zip((*AMOUNTS, *NAMES), cells, strict=True))
        number = {name: None if given[name] != given[name] else given[name] for name in AMOUNTS}
        sfd_km, gcd_km, actual_km = (number[name] or 0.0 for name in BASES)
        done.append(
            Done(
                distance=LegDistance(sfd_km, gcd_km, actual_km, "", ""),
                load_units=number["load_units"] or 0.0,
                teu=number["teu"] or 0.0,
                mass_kg=number["mass_kg"] or 0.0,
                wtw_kg=number["wtw_kg"],
                ttw_kg=number["ttw_kg"],
                whole=whole,
                **{name: given[name] for name in NAMES},
            )
        )
    return done


def _plain_figures(rows: pd.DataFrame) -> Array:
    """Rows whose declared figure is only a factor of proportion: no slope, empty way inside.

    All of them that are equal otherwise share the law of one gram.
    """
    slope = rows["slope_g_per_tkm"].fillna(0.0).to_numpy()
    plain = rows["per"].ne("").to_numpy(dtype=bool) & (slope == 0)
    return np.asarray(plain & rows["includes_empty"].to_numpy(dtype=bool))


def _groups(rows: pd.DataFrame, plain: Array) -> tuple[Array, Array]:
    """The group of each row, and the first row of each group."""
    codes = plain.astype(np.int64)
    for name in (*TEXTS, *NUMBERS, *OPTIONAL, *FLAGS):
        values = rows[name]
        if name in ("wtw_g", "ttw_g"):
            values = values.mask(plain)
        one, distinct = pd.factorize(values, use_na_sentinel=False)
        if len(distinct) > 1:
            codes, _ = pd.factorize(codes * len(distinct) + one)
    codes, _ = pd.factorize(codes)
    first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    return codes, first


def _lines(asked: list[Asked], book: FactorBook, hubs: Mapping[str, HubValues]) -> _Lines:
    n = len(asked)
    lines = _Lines(
        np.zeros((n, 3, 2)), np.zeros((n, 3, 2)), np.zeros((n, 2, 2)), [], np.zeros(n), asked
    )
    for g, one in enumerate(asked):
        if one.stated:
            lines.laws.append(None)
            lines.shares[g] = 1.0 if one.kind == "hub" else one.ttw_share(book)
        elif one.kind == "hub":
            hub = one.hub_law(book, hubs.get(one.place, HubValues()))
            lines.laws.append(hub)
            if isinstance(hub, HubLaw):
                lines.passage[g] = _pair(hub.per_cargo_kg), _pair(hub.per_teu)
        elif one.kind == "empty":
            empty = one.empty_law(book)
            lines.laws.append(empty)
            if not isinstance(empty, NotCovered):
                per_km = empty.empty_per_km if isinstance(empty, LegLaw) else empty.per_km
                lines.unit[g, 2] = _pair(per_km)
        else:
            for b, km in enumerate(UNITS):
                law = one.leg_law(book, km)
                if isinstance(law, LegLaw):
                    lines.unit[g, b] = _pair(law.per_load_unit)
                    lines.cargo[g, b] = _pair(law.per_cargo_kg)
            lines.laws.append(law)
    return lines


def _pair(co2e: Co2e) -> tuple[float, float]:
    return co2e.wtt_kg, co2e.ttw_kg


def _is_own(law: object) -> bool:
    return isinstance(law, LegLaw) and law.factor_id.startswith("bid:")


def _kilograms(
    rows: pd.DataFrame, lines: _Lines, group: Array, scaled: Array
) -> tuple[Array, Array]:
    """WTT and TTW of every row, unrounded; NaN where kilometres that are needed are unknown."""
    amounts = {name: rows[name].to_numpy(dtype=float) for name in AMOUNTS}
    load_units, mass = (np.nan_to_num(amounts[n]) for n in ("load_units", "mass_kg"))
    parts = []
    for part in (0, 1):
        total = np.zeros(len(rows))
        for b, basis in enumerate(BASES):
            per_km = load_units * lines.unit[group, b, part] + mass * lines.cargo[group, b, part]
            total += np.where(per_km == 0.0, 0.0, per_km * amounts[basis])
        hub = lines.passage[:, :, part]
        if hub.any():
            total += mass * hub[group, 0] + np.nan_to_num(amounts["teu"]) * hub[group, 1]
        parts.append(total)
    wtt, ttw = parts
    if scaled.any():
        wtw_g, ttw_g = (rows[name].to_numpy(dtype=float) for name in ("wtw_g", "ttw_g"))
        whole = wtt + ttw  # of one gram
        split = scaled & ~np.isnan(ttw_g)
        wtt = np.where(split, whole * (wtw_g - ttw_g), np.where(scaled, wtt * wtw_g, wtt))
        ttw = np.where(split, whole * ttw_g, np.where(scaled, ttw * wtw_g, ttw))
    return wtt, ttw


def _with_stated(
    rows: pd.DataFrame, lines: _Lines, group: Array, stated: Array, wtt: Array, ttw: Array
) -> tuple[Array, Array]:
    if not stated.any():
        return wtt, ttw
    whole, part = (rows[name].to_numpy(dtype=float) for name in ("wtw_kg", "ttw_kg"))
    part = np.where(np.isnan(part), whole * lines.shares[group], part)
    whole, part = (rounded(np.where(stated, v, 0.0)) for v in (whole, part))
    return np.where(stated, whole - part, wtt), np.where(stated, part, ttw)


def _grams(wtw_kg: Array, ttw_kg: Array, known: Array) -> tuple[Array, Array, Array]:
    """Whole grams of WTW and TTW, and the rows so near a half that they must be recomputed."""
    near = np.zeros(len(wtw_kg), dtype=bool)
    grams = []
    for values in (wtw_kg, ttw_kg):
        sound = np.where(known, values, 0.0)
        grams.append(np.rint(rounded(sound) * G_PER_KG))
        near |= near_half(sound, GRAM)
    return grams[0], grams[1], near


def _empty_missing(one: Asked, book: FactorBook) -> bool:
    """True if the figure of a haul by road holds no empty running and the row gives none.

    A box's empty way is an element of its own; that of a trailer is a share of its kilometres.
    """
    if one.kind != "transport" or one.mode != "road" or one.stated:
        return False
    law = one.leg_law(book, UNITS[2])
    if isinstance(law, NotCovered):
        return False
    if one.service == "container":
        return law.empty_per_km.wtw_kg > 0
    if one.service != "ftl" or one.empty_distance_factor is not None:
        return False
    none, half = (
        replace(one, empty_distance_factor=share).leg_law(book, UNITS[2]) for share in (0.0, 0.5)
    )
    if isinstance(none, NotCovered) or isinstance(half, NotCovered):
        return False
    return law.per_load_unit == none.per_load_unit != half.per_load_unit
