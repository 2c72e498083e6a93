"""What `lowhaul load` writes: tables, summary, findings and a page for each load unit.

Every load unit passes the independent check first; a plan that fails it is never written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from loading.check import Fault, Placed, check_groups, check_load, check_units, errors
from loading.stuffing import LoadPlan
from loading.units import HandlingUnit
from lowhaul import __version__
from lowhaul.console import table as console_table
from lowhaul.errors import PlanFailsCheck
from lowhaul.findings import Finding, Findings
from lowhaul.result_tables import RESULT_TABLES
from lowhaul.solve import relative_gap
from lowhaul.tables import write_csv, write_text
from lowhaul.units import kilograms, round_half_up
from lowhaul.writing import write_bytes
from scenarios.load_options import Asked
from scenarios.load_page import LoadView, load_page
from scenarios.load_views import View, load_svg
from scenarios.stuffing_list import LIST_COLUMNS, ListedLoad, list_rows, workbook

_MOST_PAGES = 500
_SHARE_DIGITS = 4


@dataclass(frozen=True)
class LoadListResult:
    """What was planned, as said on the console and in `summary.json`."""

    out: Path
    summary: Mapping[str, Any]
    loads: tuple[LoadPlan, ...]
    left: tuple[str, ...] = ()
    """Why units found no place."""
    findings: tuple[Finding, ...] = ()
    pages: tuple[str, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """Left-over units do not make a plan a failure (TABLES.md, exit codes)."""
        return 0

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {**self.summary, "out": str(self.out)}

    def text(self) -> str:
        """For the console: one sentence, then a line a load unit."""
        counts = self.summary["load_units"]
        what = ", ".join(f"{n} x {name}" for name, n in counts.items()) or "no load unit"
        gap = float(self.summary["gap"])
        if self.summary["status"] == "optimal":
            proof = "no mix of these types is smaller"
        elif 0 < gap < 1:
            proof = f"no smaller mix is known, up to {gap:.1%} less may be possible"
        else:
            proof = "no smaller mix is known"
        if self.summary["time_limit_reached"]:
            proof += "; the time ended the search (--seconds gives it more)"
        lines = [f"{self.summary['handling_units']} handling units in {what}; {proof}."]
        rows = [
            (
                load_id, plan.equipment.trade_name or plan.equipment.code,
                str(len(plan.placements)), f"{plan.mass_kg:,.0f}", f"{plan.volume_use:.1%}",
                f"{plan.mass_use:.1%}", f"{plan.floor_use:.1%}", f"{plan.cog_share:+.1%}",
            )
            for load_id, plan in zip(_load_ids(len(self.loads)), self.loads, strict=True)
        ]  # fmt: skip
        head = ("load", "equipment", "units", "kg", "volume", "mass", "floor", "centre of gravity")
        shown = rows[:20]
        lines.append(console_table(head, shown, left=(0, 1)))
        if len(rows) > len(shown):
            lines.append(f"... and {len(rows) - len(shown)} more in {self.out / 'loads.csv'}")
        lines += [f"Not loaded: {reason}" for reason in self.left]
        lines.append(f"Pages for the warehouse: {self.out / 'loads'}")
        return "\n".join(lines)


@dataclass(frozen=True)
class ListedUnit:
    """A handling unit and what the list says about it."""

    unit: HandlingUnit
    row: int
    sku: str
    description: str
    relation: tuple[str, str]


@dataclass(frozen=True)
class PlannedLoad:
    """A load unit and the relation (ship_from, ship_to) that it serves."""

    plan: LoadPlan
    relation: tuple[str, str]

    @cached_property
    def placed(self) -> list[Placed]:
        """What the check and the pages see of it."""
        return _placed(self.plan)


def _load_ids(count: int) -> list[str]:
    return [f"L-{i + 1:04d}" for i in range(count)]


def _placed(plan: LoadPlan) -> list[Placed]:
    return [
        Placed(
            p.step, p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm, p.unit.mass_kg,
            p.unit.packaging, p.unit.unit_id, p.unit.order, p.unit.stop, p.unit.group,
            p.unit.not_with,
        )
        for p in plan.placements
    ]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The plan of a whole list; `weight` and `bound` are in the unit of the objective."""

    planned: Sequence[PlannedLoad]
    left: Sequence[tuple[str, HandlingUnit, str]]
    proved: bool
    weight: float
    bound: float
    reasons: tuple[str, ...] = ()
    stopped: bool = False
    """True if the time ended the search."""


@dataclass(frozen=True)
class LoadListOutput:
    """Everything that is written, checked first."""

    file: Path
    out: Path
    found: Found
    units: Sequence[ListedUnit]
    asked: Asked
    findings: Findings
    lang: str
    svg: bool = False
    pallets: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Tables of pallets that were built, by name (`palletise.py`)."""

    def written(self, seconds: float) -> LoadListResult:
        """Check, then write all files."""
        ids = _load_ids(len(self.found.planned))
        loads = [self._load_row(i, p) for i, p in zip(ids, self.found.planned, strict=True)]
        faults = self._faults(ids, loads)
        if errors(faults):
            raise PlanFailsCheck([str(f) for f in errors(faults)])
        listed = [
            ListedLoad(load_id, p.plan.equipment, p.placed)
            for load_id, p in zip(ids, self.found.planned, strict=True)
        ]
        digest = hashlib.sha256(self.file.read_bytes()).hexdigest()
        summary = self._summary(digest, seconds)
        pages = self._pages(listed, faults, str(summary["run_id"]))
        placements = [
            row
            for load_id, p in zip(ids, self.found.planned, strict=True)
            for row in _placement_rows(load_id, p.plan)
        ]
        result_tables = RESULT_TABLES
        write_csv(_frame(loads, result_tables["loads"].names), self.out / "loads.csv")
        write_csv(
            _frame(placements, result_tables["placements"].names), self.out / "placements.csv"
        )
        write_csv(_frame(self._left_rows(), result_tables["unserved"].names),
                  self.out / "unserved.csv")  # fmt: skip
        found = [{n: getattr(f, n) for n in result_tables["findings"].names} for f in self.findings]
        write_csv(_frame(found, result_tables["findings"].names), self.out / "findings.csv")
        rows = list_rows(listed, self.lang)
        write_csv(_frame(rows, LIST_COLUMNS), self.out / "stuffing_list.csv")
        write_bytes(workbook(loads, rows, self.lang), self.out / "stuffing_list.xlsx")
        for name in ("pallets", "pallet_cartons"):
            if name in self.pallets:
                write_csv(self.pallets[name], self.out / f"{name}.csv")
            else:
                (self.out / f"{name}.csv").unlink(missing_ok=True)
        self._write_pages(pages | (self._views(listed) if self.svg else {}))
        write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n",
                   self.out / "summary.json")  # fmt: skip
        return LoadListResult(
            self.out,
            summary,
            tuple(p.plan for p in self.found.planned),
            tuple(dict.fromkeys(self.found.reasons)),
            tuple(self.findings),
            tuple(pages),
        )

    def _load_row(self, load_id: str, p: PlannedLoad) -> dict[str, Any]:
        plan = p.plan
        mass = sum(kilograms(x.unit.mass_kg) for x in plan.placements)
        return {
            "load_id": load_id,
            "shipment_id": "",
            "equipment": plan.equipment.code,
            "handling_units": len(plan.placements),
            "mass_kg": kilograms(mass),
            "vgm_kg": kilograms(mass + plan.equipment.tare_kg),
            "volume_use": round_half_up(plan.volume_use, _SHARE_DIGITS),
            "mass_use": round_half_up(plan.mass_use, _SHARE_DIGITS),
            "floor_use": round_half_up(plan.floor_use, _SHARE_DIGITS),
            "cog_x_mm": round_half_up(plan.cog_x_mm, 0),
            "cog_y_mm": round_half_up(plan.cog_y_mm, 0),
            "cog_z_mm": round_half_up(plan.cog_z_mm, 0),
            "stuffable": "yes",
            "ship_from": p.relation[0],
            "ship_to": p.relation[1],
        }

    def _faults(self, ids: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[Fault]:
        found: list[Fault] = []
        inside: dict[str, list[str]] = {}
        together: dict[str, list[Placed]] = {}
        for load_id, p, row in zip(ids, self.found.planned, rows, strict=True):
            placed = p.placed
            inside[load_id] = [x.unit_id for x in placed]
            together[load_id] = placed
            found += check_load(
                load_id,
                p.plan.equipment,
                placed,
                max_cargo_kg=self.asked.limits_kg.get(p.plan.equipment.code),
                totals=row,
            )
        over = {u.unit_id for _, u, _ in self.found.left}
        found += check_units(inside, [u.unit.unit_id for u in self.units
                                      if u.unit.unit_id not in over])  # fmt: skip
        return found + check_groups(together)

    def _summary(self, digest: str, seconds: float) -> dict[str, Any]:
        plans = [p.plan for p in self.found.planned]
        counts: dict[str, int] = {}
        for plan in plans:
            name = plan.equipment.trade_name or plan.equipment.code
            counts[name] = counts.get(name, 0) + 1
        room = sum(p.equipment.volume_m3 for p in plans)
        payload = sum(p.equipment.payload_kg for p in plans)
        used = sum(p.volume_use * p.equipment.volume_m3 for p in plans)
        mass = sum(kilograms(x.unit.mass_kg) for p in plans for x in p.placements)
        return {
            "scenario": self.file.stem,
            "status": "optimal" if self.found.proved else "feasible",
            "basis": "planned",
            "objective": f"min_{self.asked.objective}",
            "weight": round_half_up(self.found.weight, 4),
            "bound": round_half_up(self.found.bound, 4),
            "gap": round_half_up(relative_gap(self.found.weight, self.found.bound), 4)
            if self.found.weight
            else 0.0,
            "time_limit_reached": self.found.stopped,
            "handling_units": sum(len(p.placements) for p in plans),
            "handling_units_left": len(self.found.left),
            **({"pallets": len(self.pallets["pallets"])} if self.pallets else {}),
            "mass_kg": kilograms(mass),
            "load_units": counts,
            "teu": sum(p.equipment.teu for p in plans),
            "load_rate_volume": round_half_up(used / room, 4) if room else 0.0,
            "load_rate_mass": round_half_up(mass / payload, 4) if payload else 0.0,
            "seconds": {"plan": round(seconds, 3)},
            "inputs": {self.file.name: digest},
            "versions": {"lowhaul": __version__},
            "run_id": digest[:12],
        }

    def _left_rows(self) -> list[dict[str, Any]]:
        rows: dict[tuple[str, str], int] = {}
        for order, _, why in self.found.left:
            rows[order, why] = rows.get((order, why), 0) + 1
        return [
            {"order_id": order.rpartition("/")[0], "line": order.rpartition("/")[2],
             "pieces": count, "reason": why}
            for (order, why), count in rows.items()
        ]  # fmt: skip

    def _pages(
        self, listed: Sequence[ListedLoad], faults: Sequence[Fault], run: str
    ) -> dict[str, str]:
        about = {u.unit.order: (u.sku, u.description) for u in self.units}
        pages = {}
        of_load: dict[str, list[Fault]] = {}
        for f in faults:
            of_load.setdefault(f.load_id, []).append(f)
        shown = [*zip(listed, self.found.planned, strict=True)][:_MOST_PAGES]
        for k, (load, p) in enumerate(shown):
            view = LoadView(
                load.load_id, load.equipment, load.placed, about, of_load.get(load.load_id, []),
                origin=p.relation[0], destination=p.relation[1], nth=(k + 1, len(listed)),
                max_cargo_kg=self.asked.limits_kg.get(p.plan.equipment.code), run=run,
                lang=self.lang, places=load.places,
            )  # fmt: skip
            pages[f"{load.load_id}.html"] = load_page(view)
        return pages

    def _views(self, loads: Sequence[ListedLoad]) -> dict[str, str]:
        """Three views of each load unit, for reports."""
        views: tuple[View, ...] = ("parallel", "side", "top")
        return {
            f"{load.load_id}-{view}.svg": load_svg(load.placed, load.equipment, view, load.load_id)
            for load in loads[:_MOST_PAGES]
            for view in views
        }

    def _write_pages(self, pages: Mapping[str, str]) -> None:
        folder = self.out / "loads"
        if folder.is_dir():
            for old in (*folder.glob("L-*.html"), *folder.glob("L-*.svg")):
                if old.name not in pages:
                    old.unlink()
        for name, text in pages.items():
            write_text(text, folder / name, durable=False)


def _placement_rows(load_id: str, plan: LoadPlan) -> list[dict[str, Any]]:
    rows = []
    for p in plan.placements:
        order, _, line = p.unit.order.rpartition("/")
        rows.append(
            {
                "load_id": load_id, "step": p.step, "order_id": order, "line": line,
                "packaging_id": p.unit.packaging.packaging_id,
                "x_mm": p.x_mm, "y_mm": p.y_mm, "z_mm": p.z_mm,
                "dx_mm": p.dx_mm, "dy_mm": p.dy_mm, "dz_mm": p.dz_mm,
                "mass_kg": kilograms(p.unit.mass_kg),
                "stop": p.unit.stop, "group": p.unit.group,
            }
        )  # fmt: skip
    return rows


def _frame(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    columns = list(names) + [n for n in (rows[0] if rows else ()) if n not in names]
    return pd.DataFrame([{n: r[n] for n in columns} for r in rows], columns=columns)
