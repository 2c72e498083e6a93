"""Plan scenarios and write their results: tables, summary, pages and packs, checked first.

Each scenario: its case, the plan, its books, the independent check, the pages. What is checked is
what stands in the files: the tables are read back before the judge sees them.

A run that is asked to stop (Ctrl-C) writes the best plan so far in the same way, labelled, and
begins no other scenario; asked twice, it leaves at once (lowhaul/stopping.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from emissions.packs import Pack, default_pack
from lowhaul import console, stopping
from lowhaul.errors import NoPlanExists, PlanFailsCheck, TimeIsUp
from lowhaul.stopping import EXIT_INTERRUPTED
from lowhaul.tables import write_text
from routing.case import Case, Settings
from routing.check import check_plan
from routing.ledger import make_ledger
from routing.planner import Planned, plan_case
from scenarios.disclosure import WouldDisclose
from scenarios.history import entry_of, note_run
from scenarios.inputs import build_case
from scenarios.pins import pinned_shipments
from scenarios.project import Project
from scenarios.redraw import BASELINE, earlier_baseline, planned_ladder
from scenarios.results import result_tables
from scenarios.storage import (
    new_results,
    read_results,
    read_tables,
    write_summary,
    write_tables,
)
from scenarios.summary import summary_of

__all__ = ["Outcome", "read_results", "run_scenarios"]

EXIT_DONE, EXIT_GAP_OPEN = 0, 5
INTERRUPTED = "interrupted"
"""The state of a scenario without a plan that was not finished, or not begun."""
CONFIG, LOG = "config.yaml", "log.txt"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What came of one scenario; `summary` is empty where there is no plan.

    `status` is that of the summary; without a plan infeasible, timeout or interrupted.
    """

    scenario: str
    status: str
    exit_code: int
    folder: Path
    summary: Mapping[str, Any]
    message: str = ""


@dataclass
class Log:
    """Everything that was told while a scenario was planned, with its second."""

    scenario: str
    tell: Progress
    started: float = field(default_factory=time.perf_counter)
    lines: list[str] = field(default_factory=list)

    def __call__(self, message: str) -> None:
        self.note(message)
        self.tell(f"{self.scenario}: {message}")

    def note(self, message: str) -> None:
        """Keep a line without telling it."""
        self.lines.append(f"{self.seconds:8.1f} s  {message}")

    @property
    def seconds(self) -> float:
        """Since the scenario was begun."""
        return time.perf_counter() - self.started


def run_scenarios(
    project: Project,
    names: Iterable[str] = (),
    progress: Progress = lambda _: None,
    overrides: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Plan the named scenarios (all without a name), the baseline first, and write each.

    `overrides` are settings (time_limit_s, gap, seed, workers) that stand for those of the
    project. A scenario that has no plan keeps its old results and does not stop the others.
    Asked to stop, it keeps the best plan so far and begins no other scenario. Raises PlanFailsCheck
    if a plan is refused by the check, and KeyboardInterrupt if asked to stop twice; nothing of that
    plan is written.
    """
    wanted = list(dict.fromkeys(names)) or list(project.scenario_names())
    for name in wanted:
        project.settings(name)
    wanted.sort(key=lambda name: name != BASELINE)
    outcomes = []
    with stopping.heeding(console.note):
        for name in wanted:
            if stopping.asked():
                outcomes.append(_interrupted(project, name, "It was not begun."))
            else:
                stopping.nothing_stands()
                outcomes.append(_noted_run(project, name, progress, overrides or {}))
    return outcomes


def _noted_run(
    project: Project, scenario: str, progress: Progress, overrides: Mapping[str, Any]
) -> Outcome:
    """Plan one scenario and add it to the history; if that fails, the outcome says so."""
    started = time.perf_counter()
    try:
        outcome = run_scenario(project, scenario, progress, overrides)
    except KeyboardInterrupt:
        if stopping.kept() or not stopping.asked():
            raise
        outcome = _interrupted(project, scenario, "It was interrupted before there was a plan.")
    seconds = time.perf_counter() - started
    status = INTERRUPTED if outcome.exit_code == EXIT_INTERRUPTED else outcome.status
    entry = entry_of(scenario, status, outcome.exit_code, outcome.summary, project.hashes, seconds)
    warning = note_run(project.folder, entry)
    return replace(outcome, message=f"{outcome.message} {warning}".strip())


def _interrupted(project: Project, scenario: str, why: str) -> Outcome:
    """What is said of a scenario that has no plan because the run was asked to stop."""
    folder = project.folder / "results" / scenario
    kept = " Its earlier results are kept." if folder.exists() else ""
    message = f"{why}{kept} To plan it: {_again(project, scenario)}"
    return Outcome(scenario, INTERRUPTED, EXIT_INTERRUPTED, folder, {}, message)


def run_scenario(
    project: Project, scenario: str, progress: Progress, overrides: Mapping[str, Any]
) -> Outcome:
    """Plan one scenario and write its results."""
    log = Log(scenario, progress)
    folder = project.folder / "results" / scenario
    case = build_case(project, scenario)
    case = replace(case, settings=replace(case.settings, **overrides))
    log("reading distances and offers")
    try:
        planned = plan_case(case, log)
    except NoPlanExists as fault:
        return Outcome(scenario, "infeasible", fault.exit_code, folder, {}, str(fault))
    except TimeIsUp as fault:
        if stopping.asked():
            return _interrupted(project, scenario, f"It was interrupted. {fault}")
        return Outcome(scenario, "timeout", fault.exit_code, folder, {}, str(fault))
    if planned.interrupted:
        log(_ENDED)
    summary, withheld = write_plan(project, scenario, case, planned, log, folder)
    code, messages = EXIT_DONE, []
    if planned.interrupted:
        code, messages = EXIT_INTERRUPTED, [f"{_ENDED} To search anew: {_again(project, scenario)}"]
    elif summary["status"] == "timeout":
        code, messages = EXIT_GAP_OPEN, [_time_ended(case.settings)]
    messages += [str(fault) for fault in withheld]
    if withheld and not planned.interrupted:
        code = WouldDisclose.exit_code
    return Outcome(scenario, summary["status"], code, folder, summary, " ".join(messages))


_ENDED = "The search was interrupted: this is the best plan it had found, checked like any other."


def _again(project: Project, scenario: str) -> str:
    return f"lowhaul run {scenario} --project {project.folder}"


def _time_ended(settings: Settings) -> str:
    return (
        f"The time limit of {settings.time_limit_s:g} s ended the search; a longer one may find "
        "a better plan."
    )


def write_plan(
    project: Project, scenario: str, case: Case, planned: Planned, log: Log, folder: Path
) -> tuple[dict[str, Any], tuple[WouldDisclose, ...]]:
    """Book, check and write one plan; returns its summary, and packs that were withheld."""
    from scenarios.geo_files import write_geo_files
    from scenarios.packs import write_packs

    started = time.perf_counter()
    ledger = make_ledger(case, planned.plan)
    network = planned.options.network
    offers = [o for link in network.links for o in link.offers] + network.part_offers
    findings = [*project.findings, *planned.findings]
    tables = result_tables(case, ledger, planned.plan.unserved, findings, offers)
    seconds = dict(planned.seconds)
    seconds["books"] = time.perf_counter() - started
    with new_results(folder) as draft:
        write_tables(draft, tables)
        tables = read_tables(draft)
        log("checking the plan")
        started = time.perf_counter()
        summary = summary_of(
            case,
            planned,
            ledger,
            project=project.name,
            scenario=scenario,
            inputs=project.hashes,
            seconds=seconds,
        )
        summary |= pinned_shipments(project, scenario)
        summary["declaration"] = project.document.declaration.model_dump()
        faults = check_plan(case, tables, summary)
        if faults:
            raise PlanFailsCheck([str(f) for f in faults])
        summary["seconds"]["check"] = round(time.perf_counter() - started, 3)
        write_ileap(draft, case, tables, summary, log)
        log("drawing report and map")
        started = time.perf_counter()
        write_pages(project, scenario, case, draft, tables, summary)
        write_geo_files(draft, tables, case)
        summary["seconds"]["pages"] = round(time.perf_counter() - started, 3)
        log("writing the packs of the carriers")
        started = time.perf_counter()
        packs = write_packs(draft, tables, summary, case)
        for fault in packs.withheld:
            log(str(fault))
        summary["seconds"]["packs"] = round(time.perf_counter() - started, 3)
        summary["seconds"]["total"] = round(log.seconds, 3)
        write_summary(draft, summary)
        config = config_text(project, scenario, case.settings, planned.interrupted)
        write_text(config, draft / CONFIG)
        write_text(log_text(log, planned, summary, len(findings)), draft / LOG)
    return summary, packs.withheld


def write_ileap(
    folder: Path, case: Case, tables: Mapping[str, Any], summary: Mapping[str, Any], log: Log
) -> None:
    """ileap.json, made from the tables; what it leaves out is named in the log."""
    from emissions.ileap.writing import write
    from scenarios.ileap_export import FILE, export

    made = export(case, tables, summary)
    write(made.document, folder / FILE)
    for line in made.lines():
        log.note(line)


def write_pages(
    project: Project,
    scenario: str,
    case: Case,
    folder: Path,
    tables: Mapping[str, Any],
    summary: Mapping[str, Any],
) -> None:
    """Report, map and declaration, set against earlier plans that were made of the same inputs."""
    from scenarios.declared_facts import declaration_of
    from scenarios.figures import Result
    from scenarios.map import write_map
    from scenarios.report import write_report
    from scenarios.report_declaration import write_declaration

    baseline = earlier_baseline(project, scenario, summary)
    ladder = planned_ladder(project, scenario, summary)
    write_report(folder, tables, summary, case, baseline, ladder)
    write_map(folder, tables, summary, case)
    against = Result.of(*baseline) if baseline else None
    write_declaration(folder, declaration_of(Result.of(tables, summary), against, case))


def config_text(project: Project, scenario: str, settings: Settings, interrupted: bool) -> str:
    """The settings of a scenario as they were resolved, as YAML, and whether they were used up."""
    document = {
        "name": project.name,
        "scenario": scenario,
        "interrupted": interrupted,
        "settings": {name: _plain(value) for name, value in asdict(settings).items()},
        "factor_packs": [_pack(pack) for pack in (*project.packs, default_pack())],
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _pack(pack: Pack) -> dict[str, str]:
    """Which pack was used, in the order of priority."""
    said = pack.manifest
    return {
        "name": said.name,
        "version": said.version,
        "licence": said.licence,
        "gwp": said.gwp,
        "file": pack.file,
    }


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def log_text(log: Log, planned: Planned, summary: Mapping[str, Any], findings: int) -> str:
    """What was told, then how each solve ended."""
    lines = [f"{summary['project']}: {summary['scenario']}, run {summary['run_id']}"]
    lines += [f"{name} {version}" for name, version in summary["versions"].items()]
    lines += ["", *log.lines, ""]
    for stage in planned.stages:
        lines.append(
            f"{stage.name}: {stage.status}, value {stage.value:.6g}, bound {stage.bound:.6g}, "
            f"gap {stage.gap:.4%}, {stage.seconds:.2f} s ({stage.solver})"
        )
    lines += ["", *_ending(planned, summary, findings)]
    return "\n".join(lines) + "\n"


def _ending(planned: Planned, summary: Mapping[str, Any], findings: int) -> Sequence[str]:
    gap = "none is known" if summary["gap"] is None else f"{summary['gap']:.4%}"
    lines = [
        f"{planned.rounds} rounds of loading; {findings} findings; written {date.today()}",
        f"status {summary['status']}, gap {gap}" + (", interrupted" * planned.interrupted),
    ]
    if planned.heuristic_cuts:
        lines.append("Floor shares were raised by experience where the loader refused a group.")
    return lines
