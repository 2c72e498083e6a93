"""project.yaml: settings, scenarios as differences, and faults with their lines."""

from __future__ import annotations

from datetime import date

import pytest

from lowhaul.findings import Findings
from routing.case import MEASURES
from scenarios.settings import ProjectDocument, read_document, resolve_settings
from scenarios.yaml_text import parse_yaml

HEAD = """\
name: Spring exports
period: {from: 2026-01-01, to: 2026-03-31}
currency: EUR
"""


def read(text: str) -> tuple[ProjectDocument | None, Findings]:
    findings = Findings()
    document = parse_yaml(HEAD + text, "project.yaml", findings)
    return (read_document(document, findings) if document else None), findings


def sound(text: str) -> ProjectDocument:
    project, findings = read(text)
    assert project is not None, "\n".join(map(str, findings))
    assert not findings.items
    return project


def test_blanks_are_the_contract_defaults() -> None:
    settings = resolve_settings(sound("settings:\nscenarios:\n"), "base")
    assert (settings.period_from, settings.as_of) == (date(2026, 1, 1), date(2026, 1, 1))
    assert settings.fx_date == settings.as_of
    assert settings.measures == frozenset(MEASURES)
    assert (settings.objective, settings.bucket) == ("min_emissions", "week")
    assert settings.closed_passages == ("northwest",)
    assert (settings.lateness_allowed, settings.allow_spot) == (False, False)
    assert (settings.time_limit_s, settings.gap, settings.seed, settings.workers) == (
        120, 0.005, 1, 2,
    )  # fmt: skip
    assert sound("").scenario_names() == ("base",)


def test_the_page_of_the_contract_is_read() -> None:
    project = sound("""\
bucket: day
settings:
  as_of: 2025-12-15
  objective: min_total
  carbon_price_per_t: 90
  budget: null
  emissions_cap_t: 12.5
  measures: [packaging, tender]
  modes: [road, sea]
  closed_passages: [northwest, suez]
  avoid_countries: [NO, RU]
  lateness: allowed
  allow_spot: yes
  declared_co2e: verified_only
  box_wait_days: 2
  fx_date: 2025-12-01
  solver: {time_limit_s: 5, gap: 0.01, seed: 7, workers: 1}
scenarios:
  baseline: {measures: [], box_wait_days: null}
""")
    settings = resolve_settings(project, "base")
    assert settings.avoid_countries == {"NO", "RU"}
    assert (settings.lateness_allowed, settings.allow_spot) == (True, True)
    assert (settings.fx_date, settings.bucket) == (date(2025, 12, 1), "day")
    assert (settings.budget, settings.emissions_cap_t) == (None, 12.5)
    assert settings.declared_co2e == "verified_only"
    assert settings.box_wait_days == 2
    assert resolve_settings(project, "baseline").box_wait_days is None
    assert settings.seed == 7
    assert resolve_settings(project, "baseline").measures == frozenset()


def test_scenarios_build_on_one_another() -> None:
    project = sound("""\
settings: {budget: 1000, solver: {seed: 3, gap: 0.02}}
scenarios:
  grand: {without: [tender], objective: min_cost}
  child: {extends: grand, without: [round_use], solver: {gap: 0.1}}
  freed: {extends: child, budget: null, measures: [tender, packaging]}
  from_base: {extends: base, bucket: day}
""")
    child = resolve_settings(project, "child")
    assert child.measures == frozenset(MEASURES) - {"tender", "round_use"}
    assert (child.objective, child.seed, child.gap, child.budget) == ("min_cost", 3, 0.1, 1000)
    freed = resolve_settings(project, "freed")
    assert (freed.budget, freed.measures) == (None, {"tender", "packaging"})
    assert resolve_settings(project, "from_base").bucket == "day"
    assert resolve_settings(project, "base").objective == "min_emissions"


@pytest.mark.parametrize(
    ("text", "code", "line", "key", "hint"),
    [
        ("setings: {}\n", "E002", 4, "setings", '"settings"'),
        ("settings:\n  measurs: []\n", "E002", 5, "settings.measurs", '"measures"'),
        ("settings: {solver: {time_limit: 3}}\n", "E002", 4, "settings.solver.time_limit",
         '"time_limit_s"'),
        ("scenarios:\n  a: {objectiv: min_cost}\n", "E002", 5, "scenarios.a.objectiv",
         '"objective"'),
        ("settings:\n  modes: [road, raod]\n", "E003", 5, "settings.modes.1", '"road"'),
        ("settings: {closed_passages: [suéz]}\n", "E003", 4, "settings.closed_passages.0",
         '"suez"'),
        ("settings: {lateness: maybe}\n", "E003", 4, "settings.lateness", "forbidden, allowed"),
        ("settings: {allow_spot: perhaps}\n", "E003", 4, "settings.allow_spot", "yes or no"),
        ("settings: {as_of: 15.12.2025}\n", "E003", 4, "settings.as_of", "2026-03-31"),
        ("settings: {measures: tender}\n", "E003", 4, "settings.measures", "[tender]"),
        ("settings: {budget: -1}\n", "E003", 4, "settings.budget", ""),
        ("settings: {solver: {gap: .nan}}\n", "E003", 4, "settings.solver.gap", ""),
        ("settings: {avoid_countries: [XX]}\n", "E110", 4, "settings.avoid_countries.0", "ISO"),
        ("scenarios: {base: {measures: []}}\n", "E004", 4, "scenarios.base", "settings"),
        ("scenarios: {a/b: {}}\n", "E004", 4, "scenarios.a/b", "folder"),
        ("scenarios: {nul: {}}\n", "E004", 4, "scenarios.nul", "folder"),
        ("scenarios: {A: {}, a: {}}\n", "E004", 4, "scenarios.a", "otherwise"),
        ("scenarios:\n  a: {extends: least}\n  least_co2: {}\n", "E005", 5,
         "scenarios.a.extends", '"least_co2"'),
        ("scenarios:\n  a: {extends: b}\n  b: {extends: a}\n", "E005", 5, "scenarios.a.extends",
         "away"),
        ("scenarios: {a: {extends: a}}\n", "E005", 4, "scenarios.a.extends", "away"),
        ("scenarios:\n  a: {period: {from: 2026-03-01, to: 2026-02-01}}\n", "E301", 5,
         "scenarios.a.period", "earlier"),
        ("name: again\n", "E003", 4, "name", "Keep one"),
        ("settings: {objective: min_total}\n", "W001", 4, "settings.objective", "carbon_price"),
    ],
)  # fmt: skip
def test_faults_name_line_and_key(text: str, code: str, line: int, key: str, hint: str) -> None:
    project, findings = read(text)
    found = next((f for f in findings if f.code == code), None)
    assert found is not None, "\n".join(map(str, findings))
    assert (found.row, found.column, found.file) == (line, key, "project.yaml")
    assert hint in found.hint
    assert (project is None) == (code[0] == "E")


def test_faults_of_the_head() -> None:
    findings = Findings()
    text = "name: x\nperiod: {from: 2026-02-01, to: 2026-01-01}\ncurrency: EURO\n"
    document = parse_yaml(text, "project.yaml", findings)
    assert document is not None
    read_document(document, findings)
    assert [(f.code, f.row) for f in findings] == [("E109", 3)]
    findings = Findings()
    assert parse_yaml("- a\n", "project.yaml", findings) is None
    assert parse_yaml("a: [\n", "project.yaml", findings) is None
    assert parse_yaml("a: !!python/object:os.system x\n", "project.yaml", findings) is None
    assert [f.code for f in findings] == ["E003"] * 3


def test_missing_keys_are_named() -> None:
    findings = Findings()
    document = parse_yaml("name: x\n", "project.yaml", findings)
    assert document is not None
    assert read_document(document, findings) is None
    assert [f.column for f in findings] == ["period", "currency"]
