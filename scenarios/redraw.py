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
        carrying = sorted({str(name) for name in tables["legs"]["carrier"].dropna() if name})
        if carrier not in carrying:
            raise NothingMatched(
                f"{carrier} carries nothing in '{scenario}'. These do: {', '.join(carrying)}."
            )
    path = write_map(folder, tables, summary, case, carrier, online_tiles)
    return Drawn(path, changed_inputs(project, summary))


def draw_report(project: Project, scenario: str) -> Drawn:
    """The report of a plan, against the baseline if that was planned too."""
    from scenarios.inputs import build_case
    from scenarios.report import write_report
    from scenarios.run import read_results

    folder = results_folder(project.folder, scenario)
    tables, summary = read_results(folder)
    baseline: tuple[Mapping[str, pd.DataFrame], Mapping[str, Any]] | None = None
    if scenario != BASELINE and (project.folder / "results" / BASELINE / "summary.json").is_file():
        baseline = read_results(project.folder / "results" / BASELINE)
    case = build_case(project, scenario)
    path = write_report(folder, tables, summary, case, baseline, planned_ladder(project, scenario))
    return Drawn(path, changed_inputs(project, summary))


def planned_ladder(project: Project, scenario: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Plans of the project that lead up to this one, a measure more at each; empty without one.

    A plan belongs to it if its settings differ in nothing but the measures.
    """
    from scenarios.ladder import ladder_of

    wanted = project.settings(scenario)
    plans = []
    for name in dict.fromkeys((scenario, *project.scenario_names())):
        settings = project.settings(name)
        file = project.folder / "results" / name / "summary.json"
        if replace(settings, measures=wanted.measures) == wanted and file.is_file():
            plans.append((settings.measures, json.loads(file.read_text("utf-8"))))
    return ladder_of(plans, wanted.measures)


def changed_inputs(project: Project, summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Tables that are not what they were when the plan was made."""
    before: Mapping[str, str] = summary.get("inputs") or {}
    names = sorted({*before, *project.hashes})
    return tuple(name for name in names if before.get(name) != project.hashes.get(name))
