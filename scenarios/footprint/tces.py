"""Rows and what was counted of them as the table of transport chain elements, tces.csv."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from emissions.bulk import Bulk


def tces_of(rows: pd.DataFrame, bulk: Bulk) -> pd.DataFrame:
    """tces.csv: the columns of legs.csv as far as they are known, and where they come from."""
    kind = rows["kind"]
    transport, hub = kind.eq("transport").to_numpy(), kind.eq("hub").to_numpy()
    air = rows["mode"].eq("air").to_numpy()
    km = np.where(transport, np.where(air, rows["gcd_km"], rows["sfd_km"]), rows["actual_km"])
    basis = np.select([hub, ~transport, air], ["", "actual", "gcd"], "sfd")
    columns: dict[str, Any] = {
        "tce_id": rows["tce_id"],
        "shipment_id": rows["shipment_id"],
        "seq": rows["seq"],
        "kind": kind,
        "mode": rows["mode"],
        "from": rows["origin"],
        "to": rows["destination"],
        "carrier": rows["carrier"],
        "bid_id": rows["bid_id"],
        "equipment": rows["equipment"],
        "load_units": rows["load_units"],
        "teu": rows["teu"],
        "mass_kg": rows["mass_kg"].fillna(0.0),
        "distance_km": np.where(hub, 0.0, km),
        "distance_basis": pd.Series(pd.Categorical(basis)),
        "sfd_km": rows["sfd_km"],
        "gcd_km": rows["gcd_km"],
        "actual_km": rows["actual_km"],
        "distance_source": rows["distance_source"],
        "cost": rows["cost"],
        "depart": rows["depart"],
        "arrive": rows["arrive"],
        "paid_by": rows["paid_by"],
        "ghg_scope": rows["scope"],
        "service": rows["service"],
        "vehicle": rows["vehicle"],
        "energy": rows["energy"],
        "lane": rows["lane"],
        "month": _months(rows["depart"]),
        "source_row": rows["source_row"],
    }
    return pd.DataFrame(columns | {name: bulk.columns[name] for name in bulk.columns})


def _months(days: pd.Series) -> pd.Series:
    """The month of each day, blank without one."""
    codes, distinct = pd.factorize(days, use_na_sentinel=False)
    names = ["" if pd.isna(day) else f"{day:%Y-%m}" for day in pd.Series(distinct)]
    small, unique = pd.factorize(pd.Series(names, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(small[codes], categories=unique))
