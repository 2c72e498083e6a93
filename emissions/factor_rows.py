"""Rows of tables as factors: the table `factors`, a pack of the planner's, the default pack."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from emissions.factor import Factor
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None or value != value else str(value).strip()


def _number(row: Mapping[str, object], name: str) -> float | None:
    text = _text(row, name)
    return float(text) if text and text not in ("<NA>", "nan", "None") else None


def _yes(row: Mapping[str, object], name: str) -> bool:
    return _text(row, name).lower() in ("yes", "true", "1")


def own_factor(row: Mapping[str, object], pack: str = "own") -> Factor:
    """One row of the table `factors` or of a pack (blanks as None or NaN, booleans or yes/no).

    `slope_g_per_tkm` is well-to-wheel; it is split as the row's own WTT and TTW. A pack may give
    both slopes of its own (`slope_wtt_g_per_tkm`, `slope_ttw_g_per_tkm`).
    """
    wtt, ttw = _number(row, "co2e_wtt_g"), _number(row, "co2e_ttw_g")
    if ttw is None:
        message = f"The factor {_text(row, 'factor_id')} has no co2e_ttw_g."
        hint = "Give 0 where the vehicle itself emits nothing (electric traction)."
        raise InputRejected(
            [Finding("E170", "error", message, hint, sheet="factors", column="co2e_ttw_g")]
        )
    slope = _number(row, "slope_g_per_tkm") or 0.0
    slope_wtt, slope_ttw = (_number(row, f"slope_{part}_g_per_tkm") for part in ("wtt", "ttw"))
    wtw = (wtt or 0.0) + ttw
    ttw_share = ttw / wtw if wtw else 1.0
    return Factor(
        factor_id=_text(row, "factor_id"),
        mode=_text(row, "mode"),
        vehicle=_text(row, "vehicle"),
        energy=_text(row, "energy"),
        region=_text(row, "region"),
        wtt_g=wtt,
        ttw_g=ttw,
        per=_text(row, "per"),
        slope_wtt_g_per_tkm=slope * (1.0 - ttw_share) if slope_wtt is None else slope_wtt,
        slope_ttw_g_per_tkm=slope * ttw_share if slope_ttw is None else slope_ttw,
        includes_empty=_yes(row, "includes_empty"),
        load_factor=_number(row, "load_factor"),
        empty_distance_factor=_number(row, "empty_distance_factor"),
        distance_basis=_text(row, "distance_basis") or "sfd",
        gwp=_text(row, "gwp"),
        data_type=_text(row, "data_type") or "default",
        source=_text(row, "source"),
        version=_text(row, "version"),
        licence=_text(row, "licence"),
        assumed=_yes(row, "assumed"),
        pack=pack,
        payload_full_t=_number(row, "payload_full_t"),
        page=_text(row, "page"),
        year=_text(row, "year"),
        evidence=_text(row, "evidence"),
        note=_text(row, "note"),
    )


def default_factors(text: str) -> tuple[Factor, ...]:
    """The factors of a default pack, given as the text of its CSV file."""
    return tuple(
        Factor(
            factor_id=row["factor_id"],
            mode=row["mode"],
            vehicle=row["vehicle"],
            energy=row["energy"],
            region=row["region"],
            wtt_g=_number(row, "co2e_wtt_g"),
            ttw_g=float(row["co2e_ttw_g"]),
            per=row["per"],
            slope_wtt_g_per_tkm=_number(row, "slope_wtt_g_per_tkm") or 0.0,
            slope_ttw_g_per_tkm=_number(row, "slope_ttw_g_per_tkm") or 0.0,
            includes_empty=row["includes_empty"] == "yes",
            load_factor=_number(row, "load_factor"),
            empty_distance_factor=_number(row, "empty_distance_factor"),
            distance_basis=row["distance_basis"],
            gwp=row["gwp"],
            data_type=row["data_type"],
            source=row["source"],
            version=row["version"],
            licence=row["licence"],
            pack="default",
            payload_full_t=_number(row, "payload_full_t"),
            page=row["page"],
            year=row["year"],
            evidence=row["evidence"],
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )
