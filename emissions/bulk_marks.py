"""What is said of each row of a bulk footprint beside its CO2e: names, marks, activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from emissions.executed import (
    BARE_BID,
    STATED_PACK,
    TOTALS_FACTOR,
    Asked,
    declared_name,
    stated_toc,
)
from emissions.factors import NotCovered
from emissions.hubs import HubLaw
from emissions.laws import EmptyLaw, LegLaw
from lowhaul.rounding import rounded
from lowhaul.units import KG_PER_T

Array = np.ndarray[Any, Any]
Law = LegLaw | EmptyLaw | HubLaw | NotCovered | None
"""The law of a group of rows; None where the rows state their own kilograms."""
BASES = ("sfd_km", "gcd_km", "actual_km")
DAF_DIGITS = 6


def marks(
    rows: pd.DataFrame,
    laws: Sequence[Law],
    asked: Sequence[Asked],
    group: Array,
    known: Array,
    stated: Array,
    own: Array,
) -> dict[str, Any]:
    """What is said of each row beside its CO2e."""
    transport = rows["kind"].eq("transport").to_numpy(dtype=bool)
    air = rows["mode"].eq("air").to_numpy(dtype=bool)
    sfd, gcd, actual = (rows[name].to_numpy(dtype=float) for name in BASES)
    km = np.where(air, gcd, sfd)
    mass = np.nan_to_num(rows["mass_kg"].to_numpy(dtype=float))
    activity = np.where(transport, rounded(mass / KG_PER_T * np.nan_to_num(km)), 0.0)

    def said(name: str, own_words: list[str] | None = None) -> pd.Series:
        words = [str(getattr(law, name, "") or "") for law in laws]
        for g, one in enumerate(asked):
            if words[g] == BARE_BID:
                words[g] = declared_name(one)
        for g, one in enumerate(asked):
            if one.stated and own_words is not None:
                words[g] = own_words[g]
        return _taken(words, group)

    def flag(name: str) -> Array:
        return np.array([bool(getattr(law, name, False)) for law in laws], dtype=bool)[group]

    basis = said("factor_distance_basis")
    toc = said("toc_id", [stated_toc(a) if a.stated else "" for a in asked])
    factor = said("factor_id", [TOTALS_FACTOR] * len(asked))
    pack = said("pack", [STATED_PACK] * len(asked))
    given = stated & rows["toc_id"].ne("").to_numpy(dtype=bool)
    named = stated & rows["factor_id"].ne("").to_numpy(dtype=bool)
    packed = stated & rows["factor_pack"].ne("").to_numpy(dtype=bool)
    by_bid = own & rows["bid_id"].ne("").to_numpy(dtype=bool)
    if given.any():
        toc = _either(toc, rows["toc_id"], given)
    if packed.any():
        pack = _either(pack, rows["factor_pack"], packed)
    if named.any() or by_bid.any():
        factor = _either(factor, rows["factor_id"], named)
        factor = _either(factor, rows["bid_id"], by_bid, BARE_BID)
    with np.errstate(divide="ignore", invalid="ignore"):
        on = np.select([basis.eq(b).to_numpy() for b in ("gcd", "actual")], [gcd, actual], sfd)
        same = basis.eq("").to_numpy() | (basis.to_numpy() == np.where(air, "gcd", "sfd"))
        plain = ~transport | ~known | stated | same | ~(km > 0)
        daf = np.where(plain, 1.0, np.nan_to_num(rounded(on / km, DAF_DIGITS), nan=1.0))
    return {
        "activity_tkm": activity,
        "toc_id": toc,
        "factor_id": factor,
        "factor_pack": pack,
        "factor_distance_basis": basis,
        "data_type": said("data_type", [a.data_type or "default" for a in asked]),
        "proxy": flag("proxy"),
        "assumed": flag("assumed"),
        "gwp": said("gwp", [a.gwp for a in asked]),
        "daf": daf,
    }


def _either(usual: pd.Series, given: pd.Series, where: Array, before: str = "") -> pd.Series:
    """The usual word of each row, or the given one with `before` in front of it."""
    codes, distinct = pd.factorize(given)
    words = [before + str(word) for word in distinct]
    known = usual.cat.categories.tolist()
    every, unique = pd.factorize(pd.Series([*known, *words], dtype="str"))
    own = every[len(known) + codes]
    codes = np.where(where, own, every[usual.cat.codes.to_numpy()])
    return pd.Series(pd.Categorical.from_codes(codes, categories=unique))


def _taken(words: list[str], group: Array) -> pd.Series:
    """The word of each row's group, kept as codes: a million rows share a few words."""
    codes, distinct = pd.factorize(pd.Series(words, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(codes[group], categories=distinct))
