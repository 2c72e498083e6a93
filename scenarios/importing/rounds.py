"""Into a project: a carrier's new round takes the place of its last one, and says what changed.

The file, its mapping and all that was found are kept in `bids/<carrier>/round-NNN/`, so that every
price in `data/bids.csv` can be followed back to the file that it came from. A round replaces the
carrier's bids of the same modes and services, with their surcharges; other tables are updated by
their key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lowhaul.columns import Table
from lowhaul.errors import InputRejected, UsageError
from lowhaul.findings import Findings
from lowhaul.input_tables import INPUT_TABLES
from lowhaul.reading import RawTable
from lowhaul.tables import empty_table, read_table, write_bytes, write_csv
from scenarios.importing.importer import Known
from scenarios.importing.mapping import NAME as MAPPING
from scenarios.importing.result import Imported
from scenarios.importing.saving import draft_in, write_all
from scenarios.importing.texts import number_text, slug
from scenarios.importing.vocabulary import key
from scenarios.inputs import places_of
from scenarios.project import DATA, raw_tables
from scenarios.settings import BASE, DOCUMENT_NAME, read_document, resolve_settings
from scenarios.yaml_text import read_yaml

BIDS = "bids"
_ROUND = re.compile(r"round-(\d{3,})\Z")
RELATION = (
    "carrier", "mode", "service", "lane_id", "origin", "destination", "equipment", "weight_from_kg",
)  # fmt: skip
TERMS = ("transit_days", "valid_from", "valid_to", "capacity", "free_days", "min_charge", "via")
CHANGES = (
    "change", *RELATION, "currency", "old_rate", "new_rate", "change_percent", "terms",
    "old_bid_id", "new_bid_id",
)  # fmt: skip
Row = dict[str, str]


def known_of(folder: Path) -> Known:
    """The places and carriers of a project. Raises InputRejected if they cannot be read."""
    if not (folder / DOCUMENT_NAME).is_file():
        raise UsageError(f"{folder} is no project: it holds no {DOCUMENT_NAME}.")
    raw = _raw(folder)
    findings = Findings()
    tables = {
        name: read_table(INPUT_TABLES[name], raw[name], findings)
        if name in raw
        else empty_table(INPUT_TABLES[name])
        for name in ("locations", "carriers", "lanes")
    }
    document = read_yaml(folder / DOCUMENT_NAME, DOCUMENT_NAME, findings)
    told = read_document(document, findings) if document else None
    if findings.errors:
        raise InputRejected(list(findings))
    carriers: dict[str, str] = {}
    for carrier, name in zip(
        tables["carriers"].frame["carrier"], tables["carriers"].frame["name"], strict=True
    ):
        carriers.setdefault(key(str(carrier)), str(carrier))
        carriers.setdefault(key(str(name)), str(carrier))
    return Known(
        places_of(tables["locations"].frame, ""),
        carriers,
        frozenset(tables["lanes"].frame["lane_id"]),
        resolve_settings(told, BASE).as_of if told else None,
    )


def _raw(folder: Path) -> dict[str, RawTable]:
    findings = Findings()
    raw = raw_tables(folder, findings)
    if findings.errors:
        raise InputRejected(list(findings))
    return raw


def last_mapping(folder: Path, carrier: str) -> Path | None:
    """The mapping of a carrier's last round, if there was one."""
    path = folder / BIDS / slug(carrier) / MAPPING if slug(carrier) else None
    return path if path and path.is_file() else None


def save_into_project(imported: Imported, folder: Path, file: Path) -> None:
    """Put the rows into the project's tables, and keep the file and all that was found."""
    if "load_list" in imported.tables:
        raise UsageError("A load list is no table of a project: import it with --out.")
    raw = _raw(folder)
    carriers = sorted({r.values["carrier"] for r in imported.tables.get("bids", [])})
    home = "-".join(slug(c) for c in carriers)[:80] if len(carriers) <= 3 else "several"
    kept = folder / BIDS / (home or _only_table(imported))
    number = _next_round(kept)
    place = kept / f"round-{number:03d}"
    label = place.relative_to(folder).as_posix() + "/" + file.name
    for row in imported.tables.get("bids", []):
        row.values["source_file"] = label
    replaced = _replaced(_rows(raw.get("bids")), imported)
    updated = {
        name: _merged(name, _rows(raw.get(name)), imported, replaced)
        for name in ("bids", "bid_charges", "orders", "empties")
        if imported.tables.get(name) or (name == "bid_charges" and carriers and name in raw)
    }
    for name in updated:
        if name in raw and not raw[name].file.endswith(f"/{name}.csv"):
            message = f"The table {name} of the project is in {raw[name].file}."
            raise UsageError(f"{message} Save it as {DATA}/{name}.csv: import writes CSV.")
    if carriers:
        imported.changes = changes_of(_rows(raw.get("bids")), imported)
    with draft_in(folder) as draft:
        inside = draft / place.relative_to(folder)
        inside.mkdir(parents=True)
        write_all(imported, inside)
        write_bytes(imported.data, inside / file.name)
        write_bytes((inside / MAPPING).read_bytes(), draft / kept.relative_to(folder) / MAPPING)
        if imported.changes:
            write_csv(pd.DataFrame(imported.changes, columns=list(CHANGES)), inside / "changes.csv")
        for name, frame in updated.items():
            write_csv(frame, draft / DATA / f"{name}.csv", INPUT_TABLES[name])
    imported.written += [str(place), *(str(folder / DATA / f"{name}.csv") for name in updated)]


def _only_table(imported: Imported) -> str:
    return next((name for name, rows in imported.tables.items() if rows), "none")


def _next_round(folder: Path) -> int:
    numbers = [
        int(found[1])
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (found := _ROUND.match(path.name))
    ]
    return max(numbers, default=0) + 1


def _rows(raw: RawTable | None) -> list[Row]:
    if raw is None:
        return []
    columns = {name: values.to_pylist() for name, values in raw.texts.items()}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _replaced(old: list[Row], imported: Imported) -> set[str]:
    """The names of the bids that give way to the new ones."""
    scopes = _scopes(row.values for row in imported.tables.get("bids", []))
    return {row.get("bid_id", "") for row in old if _scope(row) in scopes}


def _merged(name: str, old: list[Row], imported: Imported, replaced: set[str]) -> pd.DataFrame:
    """The rows of a project's table after the import."""
    if name == "bids":
        old = [row for row in old if row.get("bid_id", "") not in replaced]
        _make_ids_unique(old, imported)
    new = [dict(row.values) for row in imported.tables.get(name, [])]
    if name == "bid_charges":
        fresh = {row.get("carrier", "") for row in new if not row.get("bid_id")}
        old = [
            r
            for r in old
            if (r["bid_id"] not in replaced if r.get("bid_id") else r.get("carrier") not in fresh)
        ]
    elif name != "bids":
        table: Table = INPUT_TABLES[name]
        keys = {_key(row, table) for row in new}
        old = [row for row in old if _key(row, table) not in keys]
    rows = [*old, *new]
    names = list(dict.fromkeys(n for row in rows for n in row))
    return pd.DataFrame([[row.get(n, "") for n in names] for row in rows], columns=names, dtype=str)


def _key(row: Row, table: Table) -> tuple[str, ...]:
    defaults = {c.name: "" if c.default is None else str(c.default) for c in table.columns}
    return tuple(row.get(n) or defaults[n] for n in table.key)


def _scope(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row.get("carrier", ""), row.get("mode", ""), row.get("service", "")


def _scopes(rows: Iterable[Mapping[str, str]]) -> set[tuple[str, str, str]]:
    return {_scope(row) for row in rows}


def _make_ids_unique(old: list[Row], imported: Imported) -> None:
    """A new bid may not have the name of a bid that stays."""
    taken = {row.get("bid_id", "") for row in old}
    renamed: dict[str, str] = {}
    for row in imported.tables["bids"]:
        name, number = row.values["bid_id"], 1
        while row.values["bid_id"] in taken:
            number += 1
            row.values["bid_id"] = f"{name}-{number}"
        taken.add(row.values["bid_id"])
        renamed[name] = row.values["bid_id"]
    for charge in imported.tables.get("bid_charges", []):
        if bid_id := charge.values.get("bid_id"):
            charge.values["bid_id"] = renamed.get(bid_id, bid_id)


def changes_of(old: list[Row], imported: Imported) -> list[Row]:
    """What the round changed: rates, terms, relations added and dropped."""
    new = [row.values for row in imported.tables["bids"]]
    scopes = _scopes(new)
    before: dict[tuple[str, ...], list[Row]] = {}
    for row in old:
        if _scope(row) in scopes:
            before.setdefault(_relation(row), []).append(row)
    if not before:
        return []
    changes = []
    for row in new:
        same = before.get(_relation(row))
        changes.append(_change(same.pop(0) if same else None, row))
    changes += [_change(row, None) for rows in before.values() for row in rows]
    order = ("rate", "added", "dropped", "terms", "same")
    return sorted(changes, key=lambda c: order.index(c["change"]))


def _relation(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(n, "") for n in RELATION)


def _change(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> Row:
    row = new or old or {}
    change: Row = {n: row.get(n, "") for n in RELATION}
    change |= {
        "currency": row.get("currency", ""),
        "old_rate": (old or {}).get("rate", ""),
        "new_rate": (new or {}).get("rate", ""),
        "old_bid_id": (old or {}).get("bid_id", ""),
        "new_bid_id": (new or {}).get("bid_id", ""),
        "change_percent": "",
        "terms": "",
    }
    if old is None or new is None:
        change["change"] = "added" if old is None else "dropped"
        return change
    was, now = _float(old.get("rate")), _float(new.get("rate"))
    terms = [n for n in TERMS if old.get(n, "") != new.get(n, "")]
    change["terms"] = "; ".join(f"{n} {old.get(n, '')} -> {new.get(n, '')}" for n in terms)
    if was != now or old.get("currency") != new.get("currency"):
        change["change"] = "rate"
        if was and now is not None and old.get("currency") == new.get("currency"):
            change["change_percent"] = number_text(round((now - was) / was * 100, 2))
    else:
        change["change"] = "terms" if terms else "same"
    return change


def _float(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
