"""`lowhaul footprint FILE --out DIR`: executed transports in, their footprint out.

Nothing is planned and nothing is guessed: what a row does not say is computed by a stated rule or
becomes a finding. The rows are counted by `emissions.bulk`, a million of them in well under a
minute; `explain` shows the arithmetic of one of them.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from emissions.bulk import Bulk, bulk_footprint
from emissions.footprint import Coverage, assumed_co2e, data_shares, gwp_warning, wording
from lowhaul import __version__
from lowhaul.executed_tables import TCES, TOTALS
from lowhaul.findings import Finding
from lowhaul.result_tables import RESULT_TABLES
from lowhaul.tables import write_csv
from lowhaul.units import kilograms, round_half_up
from scenarios.footprint.console import text_of
from scenarios.footprint.output import all_or_nothing, write_many
from scenarios.footprint.page import write_page
from scenarios.footprint.preparing import Prepared, prepare, report_results
from scenarios.footprint.tces import tces_of
from scenarios.footprint.totals import coverage_of, summed_elements, tocs_of, totals_of

SHARE_DIGITS = 6
LIBRARIES = ("numpy", "pandas", "pyarrow", "searoute")
MOST_DECLARED = 50
RUN_ID_LENGTH = 12


@dataclass(frozen=True)
class FootprintResult:
    """What was counted, as said on the console and in `summary.json`."""

    out: Path
    summary: Mapping[str, Any]
    totals: pd.DataFrame
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            **self.summary,
            "out": str(self.out),
            "findings": [asdict(finding) for finding in self.findings],
        }

    def text(self) -> str:
        """For the console: one sentence, the totals by mode, the quality of the data."""
        return text_of(self.summary, self.totals, self.out)


class _Clock:
    """Seconds by stage, for summary.json."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def footprint_file(
    file: Path,
    out: Path,
    *,
    project: Path | None = None,
    factors: Path | None = None,
    lang: str = "en",
) -> FootprintResult:
    """Count the transports in `file` and write all results into `out`, or none.

    `project` gives places, distances, equipment and own factors; `factors` is a pack of its own
    that goes before them. Raises InputRejected with every finding if one is an error.
    """
    clock = _Clock()
    prepared = prepare(file, project, factors)
    clock.done("read")
    bulk = bulk_footprint(prepared.rows, prepared.book, prepared.hubs)
    tces = tces_of(prepared.rows, bulk)
    bulk = replace(bulk, columns=bulk.columns.iloc[:0].copy())
    report_results(prepared, bulk, tces)
    prepared.forget_rows()
    clock.done("count")
    totals, tocs = totals_of(tces), tocs_of(tces)
    summary = _summary(prepared, bulk, tces, totals)
    findings = tuple(prepared.named_findings())
    clock.done("add up")
    with all_or_nothing(out) as draft:
        write_many(tces, draft / "tces.csv", TCES)
        write_csv(totals, draft / "totals.csv", TOTALS)
        write_csv(tocs, draft / "tocs.csv", RESULT_TABLES["tocs"])
        names = RESULT_TABLES["findings"].names
        found = pd.DataFrame([{n: getattr(f, n) for n in names} for f in findings], columns=names)
        write_csv(found, draft / "findings.csv", RESULT_TABLES["findings"])
        write_page(draft / "footprint.html", summary, totals, tocs, findings, lang)
        clock.done("write")
        summary["seconds"] = clock.seconds
        text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False)
        (draft / "summary.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return FootprintResult(out, summary, totals, findings)


def _summary(
    prepared: Prepared, bulk: Bulk, tces: pd.DataFrame, totals: pd.DataFrame
) -> dict[str, Any]:
    """Everything that summary.json holds, in its order."""
    whole = totals.iloc[0]
    covered = coverage_of(tces, bulk.wanted)
    parts = list(summed_elements(tces))
    shares = data_shares(parts)
    inputs = {path.name: _sha256(path) for path in prepared.inputs} | dict(prepared.hashes)
    versions = {"lowhaul": __version__, "python": platform.python_version()}
    versions |= {name: importlib.metadata.version(name) for name in LIBRARIES}
    run = json.dumps([inputs, versions["lowhaul"]], sort_keys=True)
    known = bool(tces["co2e_wtw_kg"].notna().any())
    cost = tces["cost"].sum(min_count=1)
    proxies = tces["co2e_wtw_kg"].where(tces["proxy"]).sum()
    wtw = float(whole["co2e_wtw_kg"]) if known else 0.0
    return {
        "scenario": prepared.data.file.rpartition(".")[0] or prepared.data.file,
        "status": "feasible",
        "basis": "executed",
        "cost": None if pd.isna(cost) else round_half_up(float(cost), 2),
        "co2e_wtw_kg": wtw if known else None,
        "co2e_ttw_kg": float(whole["co2e_ttw_kg"]) if known else None,
        "co2e_wtt_kg": float(whole["co2e_wtt_kg"]) if known else None,
        "co2e_coverage_transport": _share(covered.transport),
        "co2e_coverage_hubs": _share(covered.hubs),
        "transport_activity_tkm": float(whole["activity_tkm"]),
        "intensity_wtw_g_per_tkm": _number(whole["intensity_wtw_g_per_tkm"]),
        "load_units": _load_units(tces),
        "elements": covered.elements,
        "elements_not_covered": len(covered.not_covered),
        "legs": int(tces["kind"].eq("transport").sum()),
        "shipments": int(tces.loc[tces["shipment_id"].ne(""), "shipment_id"].nunique()),
        "period": _period(tces["depart"]),
        "primary_share_tkm": _share(shares.by_tkm["primary"]),
        "primary_share_co2e": _share(shares.by_co2e["primary"]),
        "data_types_tkm": {k: _share(v) for k, v in shares.by_tkm.items()},
        "data_types_co2e": {k: _share(v) for k, v in shares.by_co2e.items()},
        "proxy_share_co2e": _share(float(proxies) / wtw) if wtw else 0.0,
        "assumed_co2e_wtw_kg": kilograms(assumed_co2e(parts).wtw_kg),
        "gwp": sorted({e.gwp or "not stated" for e in parts if e.co2e is not None}),
        "gwp_warning": gwp_warning(parts),
        "wording": wording(covered),
        "not_covered": _not_covered(tces, covered),
        "factors": _factors(prepared, tces, wtw),
        "inputs": inputs,
        "versions": versions,
        "run_id": hashlib.sha256(run.encode()).hexdigest()[:RUN_ID_LENGTH],
        "rows_recomputed": bulk.recomputed,
    }


def _share(value: float) -> float:
    return round_half_up(value, SHARE_DIGITS)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load_units(tces: pd.DataFrame) -> dict[str, float]:
    """Load units by equipment: of each shipment the most that any of its legs has."""
    legs = tces[tces["kind"].eq("transport") & tces["equipment"].ne("")]
    chain = legs["shipment_id"].where(legs["shipment_id"].ne(""), legs["tce_id"])
    most = legs.groupby([chain, legs["equipment"]], sort=False)["load_units"].max()
    by_code = most.groupby(level=1).sum()
    return {str(code): float(units) for code, units in by_code.sort_index().items()}


def _period(days: pd.Series) -> list[str] | None:
    """First and last day of departures, None where none is given."""
    if not days.notna().any():
        return None
    return [f"{day:%Y-%m-%d}" for day in (days.min(), days.max())]


def _not_covered(tces: pd.DataFrame, covered: Coverage) -> dict[str, Any]:
    """What is left out, by mode, and what would cover it."""
    missing = tces[~tces["covered"].to_numpy(dtype=bool)]
    by_mode = missing.groupby("mode").size()
    return {
        "elements_by_mode": {str(mode): int(n) for mode, n in by_mode.items()},
        "first": list(covered.not_covered[:20]),
        "wanted": list(covered.wanted),
    }


def _factors(prepared: Prepared, tces: pd.DataFrame, wtw: float) -> list[dict[str, Any]]:
    """The figures behind the total, the largest part first: all of the packs, and the largest of
    those that were declared or stated."""
    used = tces[tces["co2e_wtw_kg"].notna()]
    sums = used.groupby(used["factor_id"].astype("str"), sort=False)["co2e_wtw_kg"].sum()
    rows = []
    own = 0
    of_energy = prepared.energy.sources() if prepared.energy else {}
    for name, kg in sums.sort_values(ascending=False, kind="stable").items():
        factor = prepared.book.by_id(str(name))
        figure = factor or of_energy.get(str(name))
        own += figure is None
        if figure is None and own > MOST_DECLARED:
            continue
        rows.append(
            {
                "factor_id": str(name),
                "co2e_wtw_kg": kilograms(float(kg)),
                "share_co2e": _share(float(kg) / wtw) if wtw else 0.0,
                "pack": factor.pack if factor else "",
                "source": figure.source if figure else "stated with the row",
                "version": factor.version if factor else "",
                "licence": figure.licence if figure else "",
                "gwp": figure.gwp if figure else "",
            }
        )
    return rows
