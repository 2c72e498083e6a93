"""project.yaml: what to plan, how, and which scenarios.

A scenario is the base with named changes. It may build on another one (`extends`), take measures
away (`without`) and change any setting. Every fault of the document becomes a finding with its
line; unknown keys are faults and are answered with the nearest known name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lowhaul.columns import EARLIEST_DATE, LATEST_DATE, did_you_mean
from lowhaul.findings import Finding, Findings
from routing.case import MEASURES, Settings
from scenarios.yaml_text import Document

BASE = "base"
DOCUMENT_NAME = "project.yaml"
PASSAGES = (
    "babalmandab", "bering", "bosporus", "chili", "gibraltar", "malacca", "northwest", "ormuz",
    "panama", "south_africa", "suez", "sunda",
)  # fmt: skip
"""Sea passages that can be closed (the names of the sea network)."""
SCENARIO_NAME = re.compile(r"\w[\w .-]{0,79}(?<![ .])\Z")
NAMES_OF_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10))}
)
"""Windows cannot have a folder of these names, and each scenario has its folder of results."""

Measure = Literal[
    "packaging", "distance", "mode_shift", "load_rate", "consolidation", "round_use", "tender"
]
Mode = Literal["road", "rail", "sea", "inland_waterway", "air"]
Passage = Literal[
    "babalmandab", "bering", "bosporus", "chili", "gibraltar", "malacca", "northwest", "ormuz",
    "panama", "south_africa", "suez", "sunda",
]  # fmt: skip
Bucket = Literal["day", "week"]


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        allow_inf_nan=False,
        coerce_numbers_to_str=True,
    )


class Period(_Model):
    """First and last day of departures, both included."""

    from_: date = Field(alias="from", ge=EARLIEST_DATE, le=LATEST_DATE)
    to: date = Field(ge=EARLIEST_DATE, le=LATEST_DATE)


class Solver(_Model):
    """How long to search, how good to be, and the seed that makes runs alike."""

    time_limit_s: float = Field(120, gt=0, le=1_000_000)
    gap: float = Field(0.005, ge=0, lt=1)
    seed: int = Field(1, ge=0, lt=2**31)
    workers: int = Field(2, ge=1, le=1024)


class SettingsDocument(_Model):
    """The key `settings`. Blank `as_of` is the first day of the period."""

    as_of: date | None = Field(None, ge=EARLIEST_DATE, le=LATEST_DATE)
    objective: Literal["min_emissions", "min_cost", "min_total"] = "min_emissions"
    carbon_price_per_t: float = Field(0, ge=0, le=1_000_000)
    budget: float | None = Field(None, ge=0)
    emissions_cap_t: float | None = Field(None, ge=0)
    measures: tuple[Measure, ...] = MEASURES  # type: ignore[assignment]
    modes: tuple[Mode, ...] = ("road", "rail", "sea", "inland_waterway", "air")
    closed_passages: tuple[Passage, ...] = ("northwest",)
    avoid_countries: tuple[str, ...] = ()
    lateness: Literal["forbidden", "allowed"] = "forbidden"
    allow_spot: bool = False
    declared_co2e: Literal["all", "verified_only"] = "all"
    box_wait_days: int | None = Field(None, ge=0, le=3650)
    fx_date: date | None = Field(None, ge=EARLIEST_DATE, le=LATEST_DATE)
    solver: Solver = Solver()


class BaseSettingsDocument(SettingsDocument):
    """The key `settings`: what a scenario may change, and what is one for all scenarios.

    `factor_packs` are CSV files of the project folder, each with its manifest beside it. They are
    no setting of a scenario: a change of factors is never a saving.
    """

    factor_packs: tuple[str, ...] = ()


class DeclarationDocument(_Model):
    """The key `declaration`: what the report's declaration cannot know from the tables."""

    organisation: str = Field("", max_length=200)
    contact: str = Field("", max_length=200)
    ets_price_per_t: float | None = Field(None, ge=0, le=1_000_000)


class SourceDocument(_Model):
    """The key `source`: a database that has the tables. `url_env` names a variable with the URL."""

    url: str = ""
    url_env: str = ""
    schema_: str | None = Field(None, alias="schema")


class ScenarioDocument(SettingsDocument):
    """One scenario: any setting, and what it builds on. Only the keys that are given count."""

    extends: str | None = None
    without: tuple[Measure, ...] = ()
    bucket: Bucket = "week"
    period: Period | None = None


class ProjectDocument(_Model):
    """The whole of project.yaml."""

    name: str = Field(min_length=1, max_length=200)
    period: Period
    currency: str
    bucket: Bucket = "week"
    settings: BaseSettingsDocument = BaseSettingsDocument()
    declaration: DeclarationDocument = DeclarationDocument()
    source: SourceDocument | None = None
    scenarios: dict[str, ScenarioDocument] = Field(default_factory=dict)

    def scenario_names(self) -> tuple[str, ...]:
        """The scenarios in the order of the document; `base` alone where none is named."""
        return tuple(self.scenarios) or (BASE,)


def read_document(document: Document, findings: Findings) -> ProjectDocument | None:
    """The validated document; None (and findings) where it cannot be used."""
    before = len(findings.errors)
    try:
        project = ProjectDocument.model_validate(_without_blanks(document.content))
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            findings.add(finding_of(fault, document))
        return None
    except RecursionError:
        findings.add(Finding("E003", "error", "The document refers to itself.", file=document.file))
        return None
    report_currency(project, document, findings)
    report_countries(project, document, findings)
    report_scenario_names(project, document, findings)
    report_extends(project, document, findings)
    if len(findings.errors) == before:
        report_periods(project, document, findings)
        report_objectives(project, document, findings)
    return project if len(findings.errors) == before else None


def _without_blanks(content: Any) -> Any:
    """A blank `settings:` or scenario means: nothing is changed; other blanks are their default."""
    if not isinstance(content, Mapping):
        return content
    kept = {k: v for k, v in content.items() if v is not None}
    for key in ("settings", "declaration", "scenarios"):
        if isinstance(kept.get(key), Mapping):
            kept[key] = {k: v for k, v in kept[key].items() if v is not None or key == "scenarios"}
    if isinstance(kept.get("scenarios"), Mapping):
        kept["scenarios"] = {
            name: {} if value is None else value for name, value in kept["scenarios"].items()
        }
    return kept


def _known_keys(path: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand where a fault lies."""
    model: type[BaseModel] = ProjectDocument
    if path[:1] == ("settings",):
        model = Solver if path[1:2] == ("solver",) else BaseSettingsDocument
    elif path[:1] == ("declaration",):
        model = DeclarationDocument
    elif path[:1] == ("source",):
        model = SourceDocument
    elif path[:1] == ("scenarios",) and len(path) > 1:
        inner = str(path[2]) if len(path) > 2 else ""
        parts: dict[str, type[BaseModel]] = {"solver": Solver, "period": Period}
        model = parts.get(inner, ScenarioDocument)
    elif path[:1] == ("period",):
        model = Period
    return [field.alias or name for name, field in model.model_fields.items()]


def finding_of(
    fault: Any,
    document: Document,
    known_keys: Callable[[tuple[str | int, ...]], list[str]] = _known_keys,
) -> Finding:
    """A fault that pydantic found, with its line, as a finding; `known_keys` by place."""
    path = tuple(fault["loc"])
    key = ".".join(str(part) for part in path)
    given = "" if path[:1] == ("source",) else document.scalar(path)  # it may hold a password
    context = fault.get("ctx", {})
    code, message, hint = "E003", f"{fault['msg']}.", ""
    if fault["type"] == "extra_forbidden":
        code, message = "E002", f'The key "{path[-1]}" is not known here.'
        hint = did_you_mean(str(path[-1]), known_keys(path[:-1]))
    elif fault["type"] == "missing":
        message, hint = f'The key "{path[-1]}" is missing.', f"Add a line {path[-1]}: ..."
    elif fault["type"] == "literal_error":
        wanted = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        message = f'"{given}" is not known here.'
        near = did_you_mean(given, wanted)
        hint = f"{near} " if near.startswith("Did") else ""
        hint += f"Wanted: {', '.join(wanted)}."
    elif fault["type"] in ("bool_parsing", "bool_type"):
        message, hint = f'"{given}" is neither yes nor no.', "Write yes or no."
    elif fault["type"].startswith("date"):
        hint = "Write YYYY-MM-DD, for example 2026-03-31."
    elif fault["type"] in ("tuple_type", "list_type"):
        message, hint = "A list is wanted here.", f"Write [{given}]." if given else "Write [a, b]."
    elif fault["type"] in ("model_type", "dict_type", "model_attributes_type"):
        message, hint = "Keys with values are wanted here.", "Write key: value."
    return Finding(
        code, "error", message, hint, document.file, "", document.line(path), key, value=given[:200]
    )


def _add(
    findings: Findings, document: Document, path: tuple[str | int, ...], code: str, message: str,
    hint: str = "", severity: Literal["error", "warning"] = "error",
) -> None:  # fmt: skip
    key = ".".join(str(part) for part in path)
    findings.add(
        Finding(code, severity, message, hint, document.file, "", document.line(path), key,
                value=document.scalar(path)[:200])
    )  # fmt: skip


def report_currency(project: ProjectDocument, document: Document, findings: Findings) -> None:
    """Rule: the project's currency is one of ISO 4217."""
    from lowhaul.columns import currency_codes

    if project.currency not in currency_codes():
        message = f'"{project.currency[:80]}" is no known currency.'
        hint = "Wanted: three letters of ISO 4217, for example EUR."
        _add(findings, document, ("currency",), "E109", message, hint)


def report_countries(project: ProjectDocument, document: Document, findings: Findings) -> None:
    """Rule: countries to avoid are ISO 3166 codes."""
    from lowhaul.columns import country_codes

    lists: dict[tuple[str | int, ...], tuple[str, ...]] = {
        ("settings", "avoid_countries"): project.settings.avoid_countries
    }
    for name, scenario in project.scenarios.items():
        lists["scenarios", name, "avoid_countries"] = scenario.avoid_countries
    for path, countries in lists.items():
        for i, country in enumerate(countries):
            if country not in country_codes():
                message = f'"{country[:80]}" is no known country.'
                hint = "Wanted: two letters of ISO 3166, for example DE."
                _add(findings, document, (*path, i), "E110", message, hint)


def report_scenario_names(project: ProjectDocument, document: Document, findings: Findings) -> None:
    """Rule: a scenario's name can be a folder's name, and `base` is the base."""
    seen: dict[str, str] = {}
    for name in project.scenarios:
        path = ("scenarios", name)
        twin = seen.setdefault(name.casefold(), name)
        if name == BASE and project.scenarios[name].model_fields_set:
            message = "base is the name of the base itself and cannot have changes."
            _add(findings, document, path, "E004", message, "Put the changes under settings.")
        elif not SCENARIO_NAME.match(name) or name.casefold() in NAMES_OF_DEVICES:
            message = f'"{name[:80]}" cannot be the name of a scenario.'
            hint = 'Letters, digits, "_", "-" and "." make a name that can also name a folder.'
            _add(findings, document, path, "E004", message, hint)
        elif twin != name:
            message = f'"{name}" and "{twin}" differ only in capitals, and folders may not.'
            _add(findings, document, path, "E004", message, "Name one of them otherwise.")


def report_extends(project: ProjectDocument, document: Document, findings: Findings) -> None:
    """Rule: `extends` names a scenario, and following it never comes round."""
    for name, scenario in project.scenarios.items():
        path = ("scenarios", name, "extends")
        parent = scenario.extends
        if parent is not None and parent != BASE and parent not in project.scenarios:
            known = [BASE, *(n for n in project.scenarios if n != name)]
            message = f'There is no scenario "{parent[:80]}".'
            _add(findings, document, path, "E005", message, did_you_mean(parent, known))
            continue
        seen = [name]
        while parent in project.scenarios:
            if parent in seen:
                if parent == name:
                    ring = " -> ".join([*seen, parent])
                    message = f"The scenario builds on itself: {ring}."
                    _add(findings, document, path, "E005", message, "Take one extends away.")
                break
            seen.append(parent)
            parent = project.scenarios[parent].extends


def report_periods(project: ProjectDocument, document: Document, findings: Findings) -> None:
    """Rule: a period does not end before it begins."""
    periods: dict[tuple[str | int, ...], Period] = {("period",): project.period}
    for name, scenario in project.scenarios.items():
        if scenario.period is not None:
            periods["scenarios", name, "period"] = scenario.period
    for path, period in periods.items():
        if period.to < period.from_:
            message = f"The period ends ({period.to}) before it begins ({period.from_})."
            _add(findings, document, path, "E301", message, "Put the earlier day under from.")


def report_objectives(project: ProjectDocument, document: Document, findings: Findings) -> None:
    """Rule: min_total wants a carbon price, or it is min_cost under another name."""
    for name in (BASE, *project.scenarios):
        settings = resolve_settings(project, name)
        if settings.objective == "min_total" and settings.carbon_price_per_t == 0:
            path = ("settings",) if name == BASE else ("scenarios", name)
            message = f"{name}: min_total without carbon_price_per_t weighs CO2e with nothing."
            hint = "Give carbon_price_per_t."
            _add(findings, document, (*path, "objective"), "W001", message, hint, "warning")


MAY_BE_BLANK = ("budget", "emissions_cap_t", "as_of", "fx_date", "box_wait_days")
"""Settings that a scenario may take back with null."""


def resolve_settings(project: ProjectDocument, scenario: str) -> Settings:
    """The settings of one scenario: the base, what it extends, its own changes."""
    values: dict[str, Any] = {"bucket": project.bucket, "period": project.period}
    values |= {name: getattr(project.settings, name) for name in SettingsDocument.model_fields}
    for changes in _chain(project, scenario):
        given = changes.model_fields_set
        for name in given - {"extends", "without", "solver"}:
            value = getattr(changes, name)
            if value is not None or name in MAY_BE_BLANK:
                values[name] = value
        if "solver" in given:
            own = {n: getattr(changes.solver, n) for n in changes.solver.model_fields_set}
            values["solver"] = values["solver"].model_copy(update=own)
        values["measures"] = tuple(m for m in values["measures"] if m not in changes.without)
    period, solver = values["period"], values["solver"]
    return Settings(
        period_from=period.from_,
        period_to=period.to,
        currency=project.currency,
        as_of=values["as_of"] or period.from_,
        bucket=values["bucket"],
        objective=values["objective"],
        carbon_price_per_t=values["carbon_price_per_t"],
        budget=values["budget"],
        emissions_cap_t=values["emissions_cap_t"],
        measures=frozenset(values["measures"]),
        modes=frozenset(values["modes"]),
        closed_passages=tuple(values["closed_passages"]),
        avoid_countries=frozenset(values["avoid_countries"]),
        lateness_allowed=values["lateness"] == "allowed",
        allow_spot=values["allow_spot"],
        declared_co2e=values["declared_co2e"],
        box_wait_days=values["box_wait_days"],
        fx_date=values["fx_date"] or values["as_of"] or period.from_,
        time_limit_s=solver.time_limit_s,
        gap=solver.gap,
        seed=solver.seed,
        workers=solver.workers,
    )


def _chain(project: ProjectDocument, scenario: str) -> list[ScenarioDocument]:
    """The changes that make up a scenario, the farthest ancestor first."""
    chain: list[ScenarioDocument] = []
    name: str | None = scenario
    while name is not None and name in project.scenarios and len(chain) <= len(project.scenarios):
        chain.append(project.scenarios[name])
        name = project.scenarios[name].extends
    return chain[::-1]
