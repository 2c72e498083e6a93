"""Pages of a plan that lies in `results/`, drawn again from its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowhaul.errors import LowhaulError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.project import Project

BASELINE = "baseline"


class NothingMatched(LowhaulError):
    """The selection is possible, but nothing in the plan belongs to it."""

    exit_code = 7


@dataclass(frozen=True)
class Drawn:
    """A page that was written, and the inputs that have changed since its plan was made."""

    path: Path
    changed: tuple[str, ...]


def results_folder(project_folder: Path, scenario: str) -> Path:
    """Where the results of a scenario lie; UsageError if it has none."""
    folder = project_folder / "results" / scenario
    if not (folder / "summary.json").is_file():
        raise UsageError(
            f"There are no results of '{scenario}' in {project_folder / 'results'}. "
            f"Plan it first: lowhaul run {scenario} --project {project_folder}"
        )
    return folder


def draw_map(
    project: Project, scenario: str, carrier: str | None = None, online_tiles: bool = False
) -> Drawn:
    """The map of a plan, or what one carrier may see of it."""
    from scenarios.inputs import build_case
    from scenarios.map import write_map
    from scenarios.run import read_results

    folder = results_folder(project.folder, scenario)
    tables, summary = read_results(folder)
    case = build_case(project, scenario)
    if carrier in case.carriers:
        _must_carry(carrier, tables, scenario)
    path = write_map(folder, tables, summary, case, carrier, online_tiles)
    return Drawn(path, changed_inputs(project, summary))


def _must_carry(carrier: str | None, tables: Mapping[str, pd.DataFrame], scenario: str) -> None:
    carrying = sorted({str(name) for name in tables["legs"]["carrier"].dropna() if name})
    if carrier not in carrying:
        raise NothingMatched(
            f"{carrier} carries nothing in '{scenario}'. These do: {', '.join(carrying)}."
        )


def draw_packs(project: Project, scenario: str, carrier: str | None = None) -> list[Drawn]:
    """The packs of all carriers of a plan, or of one. Raises WouldDisclose if one is withheld."""
    from scenarios.inputs import build_case
    from scenarios.packs import write_packs
    from scenarios.run import read_results

    folder = results_folder(project.folder, scenario)
    tables, summary = read_results(folder)
    case = build_case(project, scenario)
    if carrier is not None:
        if carrier not in case.carriers:
            known = ", ".join(sorted(case.carriers))
            raise UsageError(f"No carrier {carrier!r}. Known are: {known}.")
        _must_carry(carrier, tables, scenario)
    packs = write_packs(folder, tables, summary, case, None if carrier is None else [carrier])
    if packs.withheld:
        raise packs.withheld[0]
    if not packs.folders:
        raise NothingMatched(f"No carrier carries anything in '{scenario}'.")
    changed = changed_inputs(project, summary)
    return [Drawn(path, changed) for path in packs.folders.values()]


def draw_report(project: Project, scenario: str) -> Drawn:
    """The report of a plan, against the baseline if that was planned of the same inputs."""
    from scenarios.inputs import build_case
    from scenarios.report import write_report
    from scenarios.run import read_results

    folder = results_folder(project.folder, scenario)
    tables, summary = read_results(folder)
    baseline = earlier_baseline(project, scenario, summary)
    case = build_case(project, scenario)
    ladder = planned_ladder(project, scenario, summary)
    path = write_report(folder, tables, summary, case, baseline, ladder)
    return Drawn(path, changed_inputs(project, summary))


def earlier_baseline(
    project: Project, scenario: str, summary: Mapping[str, Any]
) -> tuple[Mapping[str, pd.DataFrame], Mapping[str, Any]] | None:
    """The baseline that a plan is set against: planned already, and of the same inputs."""
    from scenarios.storage import read_results

    folder = project.folder / "results" / BASELINE
    if scenario == BASELINE or _summary_of_same_inputs(folder, summary) is None:
        return None
    return read_results(folder)


def planned_ladder(
    project: Project, scenario: str, summary: Mapping[str, Any]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Plans of the project that lead up to this one, a measure more at each; empty without one.

    A plan belongs to it if its settings differ in nothing but the measures and it was made of the
    same inputs. `summary` is that of the scenario itself.
    """
    from scenarios.ladder import ladder_of

    wanted = project.settings(scenario)
    plans: list[tuple[frozenset[str], Mapping[str, Any]]] = [(wanted.measures, summary)]
    for name in project.scenario_names():
        settings = project.settings(name)
        if name == scenario or replace(settings, measures=wanted.measures) != wanted:
            continue
        other = _summary_of_same_inputs(project.folder / "results" / name, summary)
        if other is not None:
            plans.append((settings.measures, other))
    return ladder_of(plans, wanted.measures)


def _summary_of_same_inputs(folder: Path, summary: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What stands in a plan's summary, None if it has none or was made of other inputs."""
    file = folder / "summary.json"
    if not file.is_file():
        return None
    other: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return other if other.get("inputs") == summary.get("inputs") else None


def changed_inputs(project: Project, summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Tables that are not what they were when the plan was made."""
    before: Mapping[str, str] = summary.get("inputs") or {}
    names = sorted({*before, *project.hashes})
    return tuple(name for name in names if before.get(name) != project.hashes.get(name))
