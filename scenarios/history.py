"""The runs of a project over time: `results/history.sqlite`, a row for each scenario of each run.

Results themselves hold no time, so that the same inputs give the same files; when a plan was made
stands here alone. A row is written whole or not at all. It names inputs by table and hash, never
by what is in them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lowhaul.columns import did_you_mean
from lowhaul.console import table
from lowhaul.errors import LowhaulError, UsageError
from lowhaul.units import KG_PER_T

FILE = "history.sqlite"
SCHEMA_VERSION = 1
WAIT_S = 10
"""So long a run waits for another one that is writing its row."""
COLUMNS = (
    "run_id", "scenario", "at", "status", "exit_code", "cost", "currency", "co2e_wtw_kg", "bound",
    "gap", "seconds", "load_units", "orders_unserved", "versions", "inputs",
)  # fmt: skip
SCHEMA = """CREATE TABLE runs (
  entry INTEGER PRIMARY KEY, run_id TEXT, scenario TEXT NOT NULL, at TEXT NOT NULL,
  status TEXT NOT NULL, exit_code INTEGER NOT NULL, cost REAL, currency TEXT, co2e_wtw_kg REAL,
  bound REAL, gap REAL, seconds REAL, load_units INTEGER, orders_unserved INTEGER,
  versions TEXT NOT NULL, inputs TEXT NOT NULL)"""
NONE = "-"


class HistoryDamaged(LowhaulError):
    """The history cannot be read: damaged, or written by a later version."""

    exit_code = 2


@dataclass(frozen=True)
class Entry:
    """One scenario of one run. `at` is UTC; figures are None where there was no plan.

    `cost` is in `currency`; `bound` is in the unit of the objective; `inputs` is SHA-256 by table
    (and of project.yaml); `load_units` is the sum over all equipment.
    """

    run_id: str | None
    scenario: str
    at: str
    status: str
    exit_code: int
    cost: float | None = None
    currency: str | None = None
    co2e_wtw_kg: float | None = None
    bound: float | None = None
    gap: float | None = None
    seconds: float | None = None
    load_units: int | None = None
    orders_unserved: int | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What differs from the run before of the same scenario; None: one of them has no plan."""

    inputs: tuple[str, ...]
    versions: tuple[str, ...]
    cost: float | None
    co2e_wtw_kg: float | None


def entry_of(
    scenario: str,
    status: str,
    exit_code: int,
    summary: Mapping[str, Any],
    inputs: Mapping[str, str],
    seconds: float,
    at: datetime | None = None,
) -> Entry:
    """The row of a scenario that was planned just now; `summary` is empty without a plan."""
    at = at or datetime.now(UTC)
    figures = ("cost", "currency", "co2e_wtw_kg", "bound", "gap", "orders_unserved")
    units = summary.get("load_units")
    return Entry(
        run_id=summary.get("run_id"),
        scenario=scenario,
        at=at.astimezone(UTC).isoformat(timespec="seconds"),
        status=status,
        exit_code=exit_code,
        seconds=round(seconds, 3),
        load_units=sum(units.values()) if units is not None else None,
        versions=dict(summary.get("versions", {})),
        inputs=dict(sorted(inputs.items())),
        **{name: summary.get(name) for name in figures},
    )


def note_run(project_folder: Path, entry: Entry) -> str:
    """Add a row. Returns why that could not be done, or an empty text; it never stops a run."""
    path = project_folder / "results" / FILE
    values = asdict(entry) | {
        "versions": json.dumps(entry.versions), "inputs": json.dumps(entry.inputs)
    }  # fmt: skip
    marks = ", ".join(f":{name}" for name in COLUMNS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as base:
            base.execute("BEGIN IMMEDIATE")
            _make_schema(base)
            base.execute(f"INSERT INTO runs ({', '.join(COLUMNS)}) VALUES ({marks})", values)
            base.execute("COMMIT")
    except (sqlite3.Error, OSError, HistoryDamaged) as error:
        return f"The run could not be noted in results/{FILE} ({error})."
    return ""


def _make_schema(base: sqlite3.Connection) -> None:
    """The table of a new file; a file of a later version is left alone."""
    version = _version(base)
    if version == 0:
        base.execute(SCHEMA)
        base.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _version(base: sqlite3.Connection) -> int:
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise HistoryDamaged("it was written by a later version of Lowhaul")
    return version


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=WAIT_S)) as base:
            _version(base)
            base.row_factory = sqlite3.Row
            yield base
    except (sqlite3.Error, ValueError, HistoryDamaged) as error:
        raise HistoryDamaged(f"{path} cannot be read ({error}).") from error


def read_history(
    project_folder: Path, scenario: str | None = None, last: int | None = None
) -> list[tuple[Entry, Change | None]]:
    """The runs, the oldest first, each with its change since the run before of its scenario.

    `last`: only so many, the newest. Raises UsageError where there are none, and HistoryDamaged.
    """
    path = project_folder / "results" / FILE
    if not path.is_file():
        raise UsageError(
            f"There is no history in {project_folder / 'results'} yet. "
            f"Plan first: lowhaul run --project {project_folder}"
        )
    with _opened(path) as base:
        found = base.execute(f"SELECT {', '.join(COLUMNS)} FROM runs ORDER BY entry").fetchall()
        entries = [_entry(row) for row in found]
    known = {entry.scenario for entry in entries}
    if scenario is not None and scenario not in known:
        hint = did_you_mean(scenario, known)
        raise UsageError(f'No run of a scenario "{scenario}" is noted. {hint}'.rstrip())
    before: dict[str, Entry] = {}
    told: list[tuple[Entry, Change | None]] = []
    for entry in entries:
        earlier = before.get(entry.scenario)
        before[entry.scenario] = entry
        if scenario in (None, entry.scenario):
            told.append((entry, change_between(earlier, entry) if earlier else None))
    return told[-last:] if last else told


def _entry(row: sqlite3.Row) -> Entry:
    values = dict(row)
    return Entry(
        **values | {"versions": json.loads(row["versions"]), "inputs": json.loads(row["inputs"])}
    )


def change_between(before: Entry, after: Entry) -> Change:
    """What differs: inputs by hash, versions, totals (after minus before, in one currency)."""
    same_money = before.currency == after.currency
    return Change(
        inputs=_differing(before.inputs, after.inputs),
        # a scenario without a plan has no versions
        versions=_differing(before.versions, after.versions)
        if before.versions and after.versions
        else (),
        cost=_difference(before.cost, after.cost, 2) if same_money else None,
        co2e_wtw_kg=_difference(before.co2e_wtw_kg, after.co2e_wtw_kg, 3),
    )


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    names = sorted({*before, *after})
    return tuple(name for name in names if before.get(name) != after.get(name))


def _difference(before: float | None, after: float | None, digits: int) -> float | None:
    return None if before is None or after is None else round(after - before, digits)


def history_text(runs: Sequence[tuple[Entry, Change | None]]) -> str:
    """A table with a line a run; the changes of the totals stand beside them."""
    head = (
        "time (UTC)", "scenario", "result", "cost", "change", "CO₂e t (WTW)", "change",
        "load units", "unserved", "gap", "s", "changed since the run before",
    )  # fmt: skip
    return table(head, [_line(*run) for run in runs], left=(0, 1, 2, 11))


def _line(entry: Entry, change: Change | None) -> tuple[str, ...]:
    cost = change.cost if change else None
    co2e_kg = change.co2e_wtw_kg if change else None
    return (
        entry.at[:19].replace("T", " "),
        entry.scenario,
        entry.status,
        f"{_shown(entry.cost)} {entry.currency or ''}".strip(),
        _shown(cost, sign="+"),
        _shown(entry.co2e_wtw_kg, 3, 1 / KG_PER_T),
        _shown(co2e_kg, 3, 1 / KG_PER_T, sign="+"),
        _shown(entry.load_units),
        _shown(entry.orders_unserved),
        NONE if entry.gap is None else f"{entry.gap:.2%}",
        _shown(entry.seconds, 1),
        _changes(change),
    )


def _changes(change: Change | None) -> str:
    if change is None:
        return "first run"
    return ", ".join([*change.inputs, *(f"version of {v}" for v in change.versions)]) or "nothing"


def _shown(value: float | None, digits: int = 0, scale: float = 1, sign: str = "") -> str:
    return NONE if value is None else f"{value * scale:{sign}.{digits}f}"


def history_dicts(runs: Sequence[tuple[Entry, Change | None]]) -> list[dict[str, Any]]:
    """The runs for `--json`; `change` is null for the first run of a scenario."""
    return [asdict(run) | {"change": asdict(change) if change else None} for run, change in runs]
