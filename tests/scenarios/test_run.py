"""Scenarios planned, checked and written: on the small project and on the shipped example."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from emissions.ileap import check_file
from lowhaul.errors import NoPlanExists, PlanFailsCheck, TimeIsUp, UsageError
from lowhaul.result_tables import RESULT_TABLES
from routing.case import Case
from routing.check import RULES, check_plan
from routing.check.plan import Plan as Judged
from routing.planner import Planned, plan_case
from scenarios import run as run_module
from scenarios.inputs import Project, build_case, load_project
from scenarios.run import Outcome, read_results, run_scenarios
from scenarios.storage import ResultsDamaged
from scenarios.summary import sound_bound, status_of, told_gap
from tests.routing.case_corruptions import CASE_CORRUPTIONS, CaseCorruption
from tests.routing.corruptions import CORRUPTIONS, Corruption, copied
from tests.scenarios.small_project import write_small_project

SOLAR = Path(__file__).resolve().parents[2] / "examples" / "solar"
FILES = {
    *(f"{name}.csv" for name in RESULT_TABLES),
    "summary.json",
    "ileap.json",
    "report.html",
    "declaration.json",
    "map.html",
    "shipments.gpkg",
    "legs.geojson",
    "carriers",
    "config.yaml",
    "log.txt",
}

NOT_IN_THE_SMALL_PLAN = {
    "fixed_cost_forgotten",
    "unserved_order_forgotten",
    "unserved_without_reason",
}
"""Lies about what the plans of the small project need not have."""


@dataclass(frozen=True)
class Done:
    """A project whose scenarios are planned."""

    project: Project
    outcomes: Mapping[str, Outcome]

    def results(self, scenario: str) -> tuple[Case, dict[str, pd.DataFrame], dict[str, Any]]:
        tables, summary = read_results(self.outcomes[scenario].folder)
        return build_case(self.project, scenario), tables, summary


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Done:
    project = load_project(write_small_project(tmp_path_factory.mktemp("small")))
    return Done(project, {o.scenario: o for o in run_scenarios(project)})


@pytest.fixture(scope="module")
def solar(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("solar")
    shutil.copytree(SOLAR, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("results"))
    project = load_project(folder)
    return Done(project, {o.scenario: o for o in run_scenarios(project, ["baseline"])})


def test_every_scenario_is_written_whole(small: Done) -> None:
    assert set(small.outcomes) == set(small.project.scenario_names())
    for outcome in small.outcomes.values():
        assert {p.name for p in outcome.folder.iterdir()} == FILES
        assert outcome.exit_code == 0
    results = small.project.folder / "results"
    left = {p.name for p in results.iterdir()}
    assert left == {*small.outcomes, "history.sqlite"}, "no drafts are left"


def test_every_carrier_of_a_plan_has_its_pack(small: Done, solar: Done) -> None:
    """No name is withheld by mistake on the shipped example, whose names are in three scripts."""
    for done in (small, solar):
        for scenario, outcome in done.outcomes.items():
            _, tables, _ = done.results(scenario)
            carrying = set(tables["legs"]["carrier"]) - {""}
            packs = {p.name: p for p in (outcome.folder / "carriers").iterdir()}
            assert set(packs) == carrying
            for folder in packs.values():
                assert {"cover.html", "map.html", "awards.xlsx", "load_list.xlsx"} <= {
                    p.name for p in folder.iterdir()
                }


def test_a_withheld_pack_leaves_the_plan_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a cover would name a rival, that pack is missing, the log says why and the exit is 1."""
    from scenarios.packs import writing

    project = load_project(write_small_project(tmp_path))
    names = [c.name for c in build_case(project, "baseline").carriers.values()]
    sound = writing.cover_page
    monkeypatch.setattr(writing, "cover_page", lambda *args: sound(*args) + " ".join(names))
    (outcome,) = run_scenarios(project, ["baseline"])
    assert outcome.exit_code == 1
    assert "holds what that carrier may not see" in outcome.message
    assert "It was not written." in (outcome.folder / "log.txt").read_text("utf-8")
    assert {p.name for p in outcome.folder.iterdir()} >= FILES - {"carriers"}
    assert not list(outcome.folder.glob("carriers/*/*"))


def test_the_baseline_comes_first(small: Done) -> None:
    assert next(iter(small.outcomes)) == "baseline"
    report = (small.outcomes["least_co2"].folder / "report.html").read_text("utf-8")
    assert "than the baseline" in report


@pytest.mark.parametrize("scenario", ["baseline", "least_co2", "least_cost", "no_round_use"])
def test_tables_and_summary_agree_to_the_cent_and_the_gram(small: Done, scenario: str) -> None:
    _, tables, summary = small.results(scenario)
    cents = {
        "costs": round(tables["costs"]["amount"].sum(), 2),
        "shipments": round(tables["shipments"]["cost"].sum(), 2),
        "orders": round(tables["order_allocation"]["cost"].sum(), 2),
    }
    assert set(cents.values()) == {summary["cost"]}
    legs = tables["legs"]
    for column in ("co2e_wtw_kg", "co2e_ttw_kg", "co2e_wtt_kg"):
        assert round(legs[column].sum(), 3) == summary[column]
    returns = round(legs.loc[legs["shipment_id"] == "", "co2e_wtw_kg"].sum(), 3)
    shipments = tables["shipments"]["co2e_wtw_kg"].sum()
    assert round(shipments + returns, 3) == summary["co2e_wtw_kg"]
    orders = tables["order_allocation"]["co2e_wtw_kg"].sum()
    assert round(orders + returns, 3) == summary["co2e_wtw_kg"]
    tocs = tables["tocs"]["co2e_wtw_kg"].sum()
    hubs = legs.loc[legs["kind"] == "hub", "co2e_wtw_kg"].sum()
    assert round(tocs + hubs, 3) == summary["co2e_wtw_kg"]


@pytest.mark.parametrize("scenario", ["least_co2", "least_cost", "no_round_use"])
def test_what_is_written_is_what_was_minimised(small: Done, scenario: str) -> None:
    """The solver's kilometres and payloads and the report's rows are the same plan: no gap."""
    _, _, summary = small.results(scenario)
    value = summary["cost" if summary["objective"] == "min_cost" else "co2e_wtw_kg"]
    assert value == pytest.approx(summary["bound"], rel=1e-5)
    assert (summary["status"], summary["gap"]) == ("optimal", 0.0)


def test_written_plans_pass_the_check(small: Done, solar: Done) -> None:
    for done in (small, solar):
        for scenario in done.outcomes:
            assert check_plan(*done.results(scenario)) == []


def test_plans_are_exported_as_ileap_without_a_breach(small: Done, solar: Done) -> None:
    for done in (small, solar):
        for outcome in done.outcomes.values():
            assert check_file(outcome.folder / "ileap.json") == []


def test_reused_boxes_are_no_more_than_possible(small: Done) -> None:
    _, tables, summary = small.results("least_cost")
    assert summary["round_use_boxes"] == tables["round_use"]["boxes"].sum() == 2
    assert summary["round_use_boxes"] <= summary["round_use_possible"]
    _, _, without = small.results("no_round_use")
    assert without["round_use_boxes"] == 0


def test_round_use_changes_cost_by_what_it_says(small: Done) -> None:
    """E1's boxes to CZ-PLANT: (230 - 320) + 15 fee - 150 return = -225 EUR for each of the two."""
    _, tables, _ = small.results("least_cost")
    used = tables["round_use"][tables["round_use"]["boxes"] > 0]
    assert (used["cost_change"] / used["boxes"]).tolist() == [-225.0] * len(used)
    assert used["boxes"].sum() == 2


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda c: c.name)
def test_lies_in_the_small_plan_are_named(small: Done, corruption: Corruption) -> None:
    """least_cost reuses boxes, least_co2 has a hub; the baseline comes last."""
    scenarios = ("least_cost", "least_co2", "baseline")
    told = any(_named(small, scenario, corruption) for scenario in scenarios)
    assert told or corruption.name in NOT_IN_THE_SMALL_PLAN


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda c: c.name)
def test_lies_in_the_plan_of_the_example_are_named(solar: Done, corruption: Corruption) -> None:
    _named(solar, "baseline", corruption)


def _named(done: Done, scenario: str, corruption: Corruption) -> bool:
    """False if the plan has nothing of the kind; else the lie must be named."""
    case, tables, summary = _read_once(done, scenario)
    mine, told = copied(tables), dict(summary)
    if not corruption.mutate(mine, told):
        return False
    assert corruption.expected_rule in _broken(case, mine, told, corruption.expected_rule)
    return True


@pytest.mark.parametrize("corruption", CASE_CORRUPTIONS, ids=lambda c: c.name)
def test_tighter_inputs_are_named(small: Done, solar: Done, corruption: CaseCorruption) -> None:
    for done, scenario in ((small, "least_co2"), (small, "least_cost"), (solar, "baseline")):
        case, tables, summary = _read_once(done, scenario)
        tighter = corruption.mutate(case, tables)
        if tighter is not None:
            rule = corruption.expected_rule
            assert rule in _broken(tighter, tables, summary, rule)


_READ: dict[tuple[Path, str], tuple[Case, dict[str, pd.DataFrame], dict[str, Any]]] = {}


def _read_once(done: Done, scenario: str) -> tuple[Case, dict[str, pd.DataFrame], dict[str, Any]]:
    key = (done.project.folder, scenario)
    if key not in _READ:
        _READ[key] = done.results(scenario)
    return _READ[key]


def _broken(
    case: Case, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], rule: str
) -> set[str]:
    """The rules that find something, asked of one rule alone where that is enough."""
    asked = [r for r in RULES if r.__name__ == rule]
    if not asked:
        return {f.rule for f in check_plan(case, tables, summary)}
    return {r.__name__ for r in asked if list(r(Judged(case, tables, summary)))}


def test_the_same_inputs_give_the_same_results(small: Done, tmp_path: Path) -> None:
    again = load_project(write_small_project(tmp_path))
    for outcome in run_scenarios(again, ["least_cost"]):
        before = small.outcomes[outcome.scenario].folder
        for name in RESULT_TABLES:
            mine, theirs = (f / f"{name}.csv" for f in (outcome.folder, before))
            assert mine.read_bytes() == theirs.read_bytes(), name
        one, other = ({**s, "seconds": {}} for s in (outcome.summary, _summary(before)))
        assert one == other


def _summary(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
    return found


def test_the_run_id_follows_inputs_scenario_and_settings(small: Done) -> None:
    ids = {o.summary["run_id"] for o in small.outcomes.values()}
    assert len(ids) == len(small.outcomes)


# What happens when something goes wrong


@pytest.fixture
def planned_before(small: Done, tmp_path: Path) -> tuple[Project, Path]:
    """A project with results of `least_cost`, and the folder that holds them."""
    project = load_project(write_small_project(tmp_path))
    folder = project.folder / "results" / "least_cost"
    shutil.copytree(small.outcomes["least_cost"].folder, folder)
    return project, folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, those of the packs too, by its path in it."""
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def raising(error: BaseException) -> Callable[..., Any]:
    def function(*_args: object, **_options: object) -> Any:
        raise error

    return function


def test_a_plan_that_fails_the_check_is_not_written(
    planned_before: tuple[Project, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, folder = planned_before
    before = contents(folder)
    monkeypatch.setattr(run_module, "check_plan", lambda *_: ["some_rule: legs S-0001.1: wrong"])
    with pytest.raises(PlanFailsCheck) as refused:
        run_scenarios(project, ["least_cost"])
    assert refused.value.faults == ("some_rule: legs S-0001.1: wrong",)
    assert contents(folder) == before
    assert [p.name for p in folder.parent.iterdir()] == ["least_cost"]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_nothing_half_written_is_left(
    planned_before: tuple[Project, Path], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    project, folder = planned_before
    before = contents(folder)
    monkeypatch.setattr(run_module, "write_summary", raising(error))
    with pytest.raises(type(error)):
        run_scenarios(project, ["least_cost", "least_co2"])
    assert contents(folder) == before
    assert [p.name for p in folder.parent.iterdir()] == ["least_cost"]


def test_old_results_give_way_to_new_ones_as_a_whole(planned_before: tuple[Project, Path]) -> None:
    project, folder = planned_before
    (folder / "left_over.txt").write_text("of an older version", encoding="utf-8")
    run_scenarios(project, ["least_cost"])
    assert {p.name for p in folder.iterdir()} == FILES
    assert {p.name for p in folder.parent.iterdir()} == {"least_cost", "history.sqlite"}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NoPlanExists("The budget cannot be met."), "infeasible", 4),
        (TimeIsUp("Late."), "timeout", 6),
    ],
)
def test_a_scenario_without_a_plan_keeps_its_old_results(
    planned_before: tuple[Project, Path],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: str,
    code: int,
) -> None:
    project, folder = planned_before
    before = contents(folder)
    monkeypatch.setattr(run_module, "plan_case", raising(error))
    (outcome,) = run_scenarios(project, ["least_cost"])
    assert (outcome.status, outcome.exit_code, outcome.message) == (status, code, str(error))
    assert outcome.summary == {}
    assert contents(folder) == before


def test_a_budget_that_no_plan_meets_is_code_4(tmp_path: Path) -> None:
    """Returning the shipper's own boxes costs 300 EUR, even with every order unserved."""
    scenarios = {"poor": {"budget": 10, "measures": []}}
    project = load_project(write_small_project(tmp_path, project={"scenarios": scenarios}))
    (outcome,) = run_scenarios(project)
    assert (outcome.status, outcome.exit_code) == ("infeasible", 4)
    assert "budget" in outcome.message
    assert not (project.folder / "results" / "poor").exists()


def test_an_open_gap_after_the_time_limit_is_code_5(
    planned_before: tuple[Project, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = planned_before

    def out_of_time(case: Case, progress: Callable[[str], None]) -> Planned:
        planned = plan_case(case, progress)
        stages = tuple(replace(s, status="feasible") for s in planned.choice.stages)
        choice = replace(planned.choice, stages=stages, bound=0.9 * planned.choice.bound)
        return replace(planned, choice=choice, bound=choice.bound, stopped_by_clock=True)

    monkeypatch.setattr(run_module, "plan_case", out_of_time)
    (outcome,) = run_scenarios(project, ["least_cost"])
    assert (outcome.status, outcome.exit_code) == ("timeout", 5)
    assert outcome.summary["gap"] == pytest.approx(0.1, abs=1e-4)
    assert "20 s" in outcome.message


def test_unknown_scenarios_are_refused_before_anything_is_planned(
    planned_before: tuple[Project, Path],
) -> None:
    project, _ = planned_before
    with pytest.raises(UsageError, match="least_cost"):
        run_scenarios(project, ["least_co2", "least_cots"])
    assert not (project.folder / "results" / "least_co2").exists()


def test_overrides_stand_for_the_settings(planned_before: tuple[Project, Path]) -> None:
    project, folder = planned_before
    told: list[str] = []
    run_scenarios(project, ["least_cost"], told.append, {"time_limit_s": 7.0, "seed": 3})
    config = (folder / "config.yaml").read_text("utf-8")
    assert "time_limit_s: 7.0" in config
    assert "seed: 3" in config
    assert all(message.startswith("least_cost: ") for message in told)
    assert "objective: optimal" in (folder / "log.txt").read_text("utf-8")


def test_base_can_always_be_named(planned_before: tuple[Project, Path]) -> None:
    project, _ = planned_before
    (outcome,) = run_scenarios(project, ["base"])
    assert (outcome.scenario, outcome.exit_code) == ("base", 0)


def test_damaged_results_are_said_to_be_so(planned_before: tuple[Project, Path]) -> None:
    _, folder = planned_before
    (folder / "legs.csv").unlink()
    with pytest.raises(ResultsDamaged, match=r"legs\.csv is missing"):
        read_results(folder)


# What may be claimed


def test_a_gap_is_rounded_up_and_none_without_a_bound() -> None:
    assert told_gap(100.0, 99.99999) == 1e-06
    assert told_gap(100.0, 100.0 - 1e-10) == 0.0
    assert told_gap(100.0, 99.0) == 0.01
    assert told_gap(100.0, float("-inf")) is None


def test_a_bound_above_the_plan_proves_nothing() -> None:
    assert sound_bound(100.0, 99.0) == 99.0
    assert sound_bound(100.0, 100.0) == 100.0
    assert told_gap(100.0, sound_bound(100.0, 101.0)) is None
    assert told_gap(100.0, sound_bound(100.0, float("-inf"))) is None, "a search proves no bound"


def test_a_plan_is_optimal_only_if_all_that_comes_first_was_proved(small: Done) -> None:
    case = build_case(small.project, "least_cost")
    planned = plan_case(case)
    loose = replace(case.settings, gap=0.01)
    assert status_of(loose, planned, 0.005) == "optimal"
    assert status_of(loose, planned, 0.02) == "feasible"
    assert status_of(loose, planned, None) == "feasible"
    first = replace(planned.choice.stages[0], name="unserved", status="feasible")
    cut = replace(planned, choice=replace(planned.choice, stages=(first,)))
    assert status_of(loose, replace(cut, stopped_by_clock=True), 0.005) == "timeout"
    assert status_of(loose, cut, 0.005) == "feasible"
    stopped = replace(planned, stopped_by_clock=True)
    assert status_of(loose, stopped, 0.005) == "optimal", "a closed gap is closed"
    assert status_of(loose, stopped, 0.02) == status_of(loose, stopped, None) == "timeout"
