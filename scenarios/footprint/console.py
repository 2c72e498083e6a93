"""What `lowhaul footprint` says on the console."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lowhaul.console import table
from lowhaul.units import KG_PER_T

NOT_KNOWN = "not covered"


def text_of(summary: Mapping[str, Any], totals: pd.DataFrame, out: Path) -> str:
    """One sentence, the totals by mode, the quality of the data, and where the rest stands."""
    legs, elements = summary["legs"], summary["elements"]
    head = (
        f"{legs:,} legs ({elements:,} elements with hubs and empty ways): "
        f"{_tonnes(summary['co2e_wtw_kg'])} t CO2e well-to-wheel, "
        f"{_tonnes(summary['co2e_ttw_kg'])} t of it tank-to-wheel, "
        f"{summary['transport_activity_tkm']:,.0f} t-km."
    )
    rows = [
        (
            str(row["name"]),
            f"{row['elements']:,}",
            f"{row['activity_tkm']:,.0f}",
            _tonnes(row["co2e_wtt_kg"]),
            _tonnes(row["co2e_ttw_kg"]),
            _tonnes(row["co2e_wtw_kg"]),
            _grams(row["intensity_wtw_g_per_tkm"]),
        )
        for _, row in totals[totals["by"].eq("mode")].iterrows()
    ]
    columns = ("mode", "elements", "t-km", "WTT t", "TTW t", "WTW t", "g/t-km")
    return "\n".join(
        [
            head,
            table(columns, rows),
            _quality(summary),
            f"{summary['wording']}. GWP100: {', '.join(summary['gwp']) or 'none'}.",
            f"Results: {out}",
        ]
    )


def _quality(summary: Mapping[str, Any]) -> str:
    kinds = "; ".join(
        f"{name} {summary['data_types_tkm'][name]:.1%} of t-km, "
        f"{summary['data_types_co2e'][name]:.1%} of CO2e"
        for name in summary["data_types_tkm"]
    )
    return (
        f"Covered whole: {summary['co2e_coverage_transport']:.1%} of t-km, "
        f"{summary['co2e_coverage_hubs']:.1%} of the tonnes at hubs. Data: {kinds}."
    )


def _tonnes(kg: float | None) -> str:
    return NOT_KNOWN if kg is None or kg != kg else f"{kg / KG_PER_T:,.3f}"


def _grams(value: float) -> str:
    return "-" if value != value else f"{value:,.1f}"
