"""Executed rows as transport chains: their order, the hubs between legs, lanes, months and scopes.

The rows that come out are what `emissions.bulk` asks for, with what the result tables show beside
it. Hubs that the file does not name are added where a shipment changes its mode or its load unit:
an ISO 14083 chain has them, and leaving them out would overstate what is covered.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from emissions.scopes import ghg_scope, we_pay
from lowhaul.cells import TableData
from lowhaul.findings import Finding, Findings
from lowhaul.rounding import rounded
from scenarios.footprint.energies import EnergyUsed
from scenarios.footprint.ways import Ways
from scenarios.rules.context import filled, groups

Array = np.ndarray[Any, Any]
SHOWN = (
    "seq", "equipment", "distance_source", "cost", "depart", "arrive", "paid_by", "ghg_scope",
    "flow", "incoterm", "own_vehicle", "empty_km",
)  # fmt: skip
"""Columns of the file that are carried along as they are."""
CODED = (
    "kind", "mode", "service", "vehicle", "energy", "carrier", "region", "per", "basis", "gwp",
    "data_type", "source", "place", "bid_id", "factor_id", "factor_pack", "toc_id", "origin",
    "destination", "equipment", "distance_source", "paid_by", "ghg_scope", "flow", "incoterm",
)  # fmt: skip
"""Columns of texts of which a file has few different ones."""
OWN, EMPTY, HUB = 0, 1, 2
"""What an element is: a row of the file, the empty way of one, the hub at its end."""


def elements_of(data: TableData, rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """A row for each element, in the order of the file; added ones follow what they belong to.

    `rows` is what `asked_rows` made of the table; `at` is the position of each in the table, -1 for
    those that were added.
    """
    rows = rows.copy(deep=False)
    _number(rows)
    order = np.lexsort((rows["seq"].to_numpy(), rows["chain"].to_numpy()))
    _report_gaps(data, rows, order, findings)
    hubs, sealed = _hubs_between(rows, order)
    empties = _empty_ways(rows)
    rows["lane"] = _lanes(rows, order)
    rows["scope"] = _scopes(rows)
    rows["empty_given"] = rows["empty_km"].notna()
    rows = rows.drop(columns=["chain", "flow", "incoterm", "own_vehicle", "ghg_scope"])
    at = np.concatenate([np.arange(len(rows)), empties, hubs])
    role = np.repeat([OWN, EMPTY, HUB], [len(rows), len(empties), len(hubs)])
    boxes = np.concatenate([np.zeros(len(rows) + len(empties), dtype=bool), sealed])
    place = np.argsort(at + role / 3, kind="stable")
    at, role, boxes = at[place], role[place], boxes[place]
    if len(at) > len(rows):
        rows = rows.take(at).reset_index(drop=True)
        _clear(rows, role != OWN)
        _make_empty_ways(rows, role == EMPTY)
        _make_hubs(rows, role == HUB, boxes)
    rows["at"] = np.where(role == OWN, at, -1)
    return rows.drop(columns=["empty_km"])


def asked_rows(data: TableData, ways: Ways, energy: EnergyUsed | None = None) -> pd.DataFrame:
    """The columns of `emissions.bulk` under their names there, and those that are carried along.

    Rows with energy used state its kilograms.
    """
    frame = data.frame
    hub = frame["kind"].eq("hub").to_numpy(dtype=bool)
    stated = filled(frame["co2e_wtw_kg"])
    if energy is not None:
        stated = stated | energy.given
    sealed = frame["toc_id"].str.endswith("/sealed").to_numpy(dtype=bool)
    restuffed = frame["toc_id"].str.endswith("/restuffed").to_numpy(dtype=bool)
    boxed = frame["equipment_teu"].gt(0) | frame["teu"].gt(0)
    per = frame["co2e_per"].where(~stated & ~hub, "")
    blank = pd.Series(np.full(len(frame), "", dtype=object), dtype="str")
    columns: dict[str, Any] = {
        "kind": frame["kind"],
        "mode": frame["mode"],
        "service": frame["service"].where(~hub, ""),
        "vehicle": frame["vehicle"],
        "energy": frame["energy"],
        "carrier": frame["carrier"],
        "region": ways.region,
        "per": per,
        "basis": frame["co2e_distance_basis"],
        "gwp": frame["co2e_gwp"],
        "data_type": frame["data_type"],
        "source": frame["co2e_source"],
        "place": ways.origin.astype("str").where(hub, "") if hub.any() else blank,
        "equipment_teu": frame["equipment_teu"],
        "equipment_tare_kg": frame["equipment_tare_kg"],
        "empty_distance_factor": frame["empty_distance_factor"],
        "wtw_g": frame["co2e_wtw_g"].where(per.ne("")),
        "ttw_g": frame["co2e_ttw_g"].where(per.ne("")),
        "slope_g_per_tkm": frame["co2e_slope_g_per_tkm"],
        "includes_empty": frame["co2e_includes_empty"],
        "restuffed": hub & (restuffed | (~sealed & ~boxed.to_numpy(dtype=bool))),
        "stated": stated,
        "serves": filled(frame["shipment_id"]),
        "load_units": frame["load_units"],
        "teu": frame["teu"],
        "mass_kg": pd.Series(rounded(frame["mass_kg"].to_numpy(dtype=float))),
        "sfd_km": ways.sfd_km,
        "gcd_km": ways.gcd_km,
        "actual_km": ways.actual_km,
        "wtw_kg": frame["co2e_wtw_kg"],
        "ttw_kg": frame["co2e_ttw_kg"],
        "tce_id": frame["tce_id"],
        "shipment_id": frame["shipment_id"],
        "bid_id": frame["bid_id"],
        "factor_id": frame["factor_id"].where(stated, ""),
        "factor_pack": frame["factor_pack"].where(stated, ""),
        "toc_id": frame["toc_id"].where(stated, ""),
        "whole": ~frame["covered"].eq(False).fillna(False).to_numpy(dtype=bool),
        "origin": ways.origin,
        "destination": ways.destination,
        "source_row": data.rows,
    }
    columns |= {name: frame[name] for name in SHOWN}
    columns["distance_source"] = ways.source
    if energy is not None:
        energy.put_into(columns)
    columns |= {name: coded(columns[name]) for name in CODED}
    places = pd.api.types.union_categoricals([columns["origin"], columns["destination"]])
    for name in ("origin", "destination", "place"):
        columns[name] = columns[name].cat.set_categories(places.categories)
    return pd.DataFrame(columns)


def coded(column: pd.Series) -> pd.Series:
    """A column of texts as codes of its few different ones, the blank one always among them."""
    codes, words = pd.factorize(column.astype("str"))
    words = pd.Index(words, dtype="str")
    if "" not in words:
        words = words.append(pd.Index([""], dtype="str"))
    return pd.Series(pd.Categorical.from_codes(codes, categories=words))


def _number(rows: pd.DataFrame) -> None:
    """Chain, position and name of each row: as given, else counted in the order of the file."""
    named = filled(rows["shipment_id"])
    chain, _ = pd.factorize(rows["shipment_id"])
    alone = np.arange(len(rows)) + len(rows)
    rows["chain"] = np.where(named, chain, alone)
    counted = rows.groupby("chain", sort=False).cumcount().to_numpy() + 1
    given = rows["seq"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    rows["seq"] = np.where(np.isnan(given), counted, given).astype(np.int64)
    blank = ~filled(rows["tce_id"])
    if blank.any():
        chained = rows["shipment_id"] + "." + rows["seq"].astype("str")
        single = "row-" + pd.Series(rows["source_row"]).astype("str")
        rows["tce_id"] = rows["tce_id"].mask(blank, chained.where(named, single))


def _neighbours(rows: pd.DataFrame, order: Array) -> tuple[Array, Array]:
    """Positions of laden legs and of the laden leg that follows each in its shipment."""
    laden = rows["kind"].eq("transport").to_numpy(dtype=bool)[order]
    some = order[laden]
    chain = rows["chain"].to_numpy()[some]
    follows = chain[1:] == chain[:-1]
    return some[:-1][follows], some[1:][follows]


def _same(rows: pd.DataFrame, left: str, a: Array, right: str, b: Array) -> Array:
    """Where one column at `a` is another at `b`; both are codes of the same words."""
    return np.asarray(rows[left].cat.codes.to_numpy()[a] == rows[right].cat.codes.to_numpy()[b])


def _report_gaps(data: TableData, rows: pd.DataFrame, order: Array, findings: Findings) -> None:
    before, after = _neighbours(rows, order)
    wrong = np.zeros(len(rows), dtype=bool)
    wrong[after[~_same(rows, "destination", before, "origin", after)]] = True
    data.report(
        findings, "W375", wrong & data.sound("from", "to"), "from",
        "The leg does not begin where the one before it in the shipment ends.",
        "Check seq, from and to; a missing leg is in no total.", "warning",
    )  # fmt: skip


def _hubs_between(rows: pd.DataFrame, order: Array) -> tuple[Array, Array]:
    """Laden legs whose end is a hub that the file does not name, and whether boxes stay sealed.

    The goods change their mode or their load unit there, or as part loads their carrier.
    """
    before, after = _neighbours(rows, order)
    same_box = _same(rows, "equipment", before, "equipment", after)
    part = ~rows["service"].isin(["container", "ftl"]).to_numpy(dtype=bool)
    changes = ~same_box | ~_same(rows, "mode", before, "mode", after)
    changes |= (part[before] | part[after]) & ~_same(rows, "carrier", before, "carrier", after)
    changes &= _same(rows, "destination", before, "origin", after)
    named = rows["kind"].eq("hub").to_numpy(dtype=bool)
    if named.any():
        places = len(rows["place"].cat.categories)
        key = rows["chain"].to_numpy() * places
        there = key + rows["destination"].cat.codes.to_numpy()
        here = key + rows["place"].cat.codes.to_numpy()
        changes &= ~np.isin(there[before], here[named])
    boxed = rows["service"].eq("container").to_numpy(dtype=bool)
    sealed = boxed[before] & boxed[after] & same_box
    return before[changes], sealed[changes]


def _empty_ways(rows: pd.DataFrame) -> Array:
    """Laden hauls that say how far the box was driven empty for them."""
    laden = rows["kind"].eq("transport") & rows["empty_km"].gt(0)
    return np.flatnonzero(laden.to_numpy(dtype=bool))


def _clear(rows: pd.DataFrame, added: Array) -> None:
    """An added row has no kilograms of CO2e, names or cost of the row it stands beside."""
    for name in ("factor_id", "factor_pack", "toc_id", "distance_source"):
        rows.loc[added, name] = ""
    for name in ("wtw_kg", "ttw_kg", "cost", "sfd_km", "gcd_km"):
        rows.loc[added, name] = np.nan
    rows.loc[added, "stated"] = False
    rows.loc[added, "whole"] = True


def _make_empty_ways(rows: pd.DataFrame, added: Array) -> None:
    """An element of its own that carries the name of the laden one: the box alone, no goods."""
    names = {"kind": "empty", "service": "container", "distance_source": "empty_km"}
    for name, word in names.items():
        rows[name] = rows[name].cat.add_categories(
            [word] if word not in rows[name].cat.categories else []
        )
        rows.loc[added, name] = word
    rows.loc[added, "serves"] = True
    rows.loc[added, "mass_kg"] = 0.0
    rows.loc[added, "actual_km"] = rows.loc[added, "empty_km"]


def _make_hubs(rows: pd.DataFrame, added: Array, sealed: Array) -> None:
    """The passage of the place where the leg ends, on the incoming shipment."""
    for name in ("kind", "mode"):
        rows[name] = rows[name].cat.add_categories(
            ["hub"] if "hub" not in rows[name].cat.categories else []
        )
        rows.loc[added, name] = "hub"
    for name in ("carrier", "bid_id", "service", "vehicle", "energy", "per"):
        rows.loc[added, name] = ""
    for name in ("place", "origin"):
        rows.loc[added, name] = rows.loc[added, "destination"]
    for name in ("wtw_g", "ttw_g"):
        rows.loc[added, name] = np.nan
    for name in ("sfd_km", "gcd_km", "actual_km"):
        rows.loc[added, name] = 0.0
    rows.loc[added, "restuffed"] = ~sealed[added]
    rows.loc[added, "depart"] = rows.loc[added, "arrive"].fillna(rows.loc[added, "depart"])
    rows.loc[added, "tce_id"] = rows.loc[added, "tce_id"] + "-hub"


def _lanes(rows: pd.DataFrame, order: Array) -> pd.Series:
    """First start and last end of each chain."""
    chain = rows["chain"].to_numpy()
    ordered = chain[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    last = np.r_[first[1:] - 1, len(order) - 1]
    words = rows["origin"].cat.categories.tolist()
    start = rows["origin"].cat.codes.to_numpy().astype(np.int64)[order[first]]
    stop = rows["destination"].cat.codes.to_numpy()[order[last]]
    pairs = start * len(words) + stop
    codes, distinct = pd.factorize(pairs)
    names = [f"{words[p // len(words)]}>{words[p % len(words)]}" for p in distinct.tolist()]
    of_row = np.empty(len(rows), dtype=np.int64)
    of_row[order] = np.repeat(codes, np.diff(np.r_[first, len(order)]))
    small, unique = pd.factorize(pd.Series(names, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(small[of_row], categories=unique))


def _scopes(rows: pd.DataFrame) -> pd.Series:
    """The scope 3 category (or scope 1, 2) of each row; blank where who pays is not stated."""
    asked = pd.DataFrame(
        {
            "given": rows["ghg_scope"],
            "flow": rows["flow"],
            "paid_by": rows["paid_by"],
            "incoterm": rows["incoterm"],
            "own": np.where(rows["own_vehicle"].to_numpy(dtype=bool), "yes", "no"),
            "energy": rows["energy"],
            "stage": _stages(rows),
        }
    )
    codes, cases = groups(asked, list(asked.columns))
    words = [_scope(*case) for case in cases]
    small, unique = pd.factorize(pd.Series(words, dtype="str"))
    return pd.Series(pd.Categorical.from_codes(small[codes], categories=unique))


def _scope(
    given: str, flow: str, paid_by: str, incoterm: str, own: str, energy: str, stage: Any
) -> str:
    if given:
        return given
    if own == "yes":
        return ghg_scope(flow or "transfer", paid_by_us=True, own_vehicle=True, energy=energy)
    if flow in ("inbound", "transfer") or paid_by == "us":
        return "3.4"
    if not flow or not (paid_by or incoterm):
        return ""
    paid = False if paid_by else we_pay(flow, incoterm, stage)
    return ghg_scope(flow, paid_by_us=paid)


def _stages(rows: pd.DataFrame) -> Array:
    """Before, on or after the main carriage: sea or air, else rail or waterway, else all of it."""
    if not filled(rows["incoterm"]).any():
        return np.full(len(rows), "main", dtype=object)
    seq, chain = rows["seq"].to_numpy(dtype=float), rows["chain"]
    laden = rows["kind"].eq("transport")
    stage = np.full(len(rows), "main", dtype=object)
    settled = np.zeros(len(rows), dtype=bool)
    for modes in (("sea", "air"), ("rail", "inland_waterway")):
        main = (laden & rows["mode"].isin(modes)).to_numpy(dtype=bool)
        at = pd.Series(np.where(main, seq, np.nan)).groupby(chain.to_numpy())
        first, last = at.transform("min").to_numpy(), at.transform("max").to_numpy()
        with np.errstate(invalid="ignore"):
            stage[~settled & (seq < first)] = "pre"
            stage[~settled & (seq > last)] = "on"
        settled |= ~np.isnan(first)
    return stage


def report_scopes(data: TableData, rows: pd.DataFrame, findings: Findings) -> None:
    """Rule: it should be known who pays; what is not is in no category."""
    missing = int(rows["scope"].astype("str").eq("").sum())
    if missing:
        findings.add(
            Finding(
                "W373", "warning",
                f"{missing} elements are in no scope 3 category: who pays them is not stated.",
                "Give paid_by, or flow and incoterm.", data.file, data.sheet, column="paid_by",
            )
        )  # fmt: skip
