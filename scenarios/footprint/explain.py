"""The calculation sheet of one line: its inputs, its factor, and the arithmetic to the gram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from emissions.bulk import asked_of, bulk_footprint, done_of
from emissions.co2e import Co2e
from emissions.elements import Element
from emissions.executed import Asked, Done, HubValues, element_of
from emissions.factors import Factor, FactorBook, NotCovered
from lowhaul.errors import LowhaulError
from lowhaul.units import KG_PER_T, kilograms
from scenarios.footprint.energies import PREFIX
from scenarios.footprint.preparing import Prepared, prepare, report_results
from scenarios.footprint.tces import tces_of


class NoSuchLine(LowhaulError):
    """No element has that name and no row of the file that number."""

    exit_code = 7


@dataclass(frozen=True)
class Sheet:
    """One element's calculation, in parts of names and values, and its grams."""

    tce_id: str
    title: str
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    co2e_wtt_kg: float | None
    co2e_ttw_kg: float | None
    co2e_wtw_kg: float | None

    def text(self) -> str:
        """For the console."""
        lines = [self.title]
        for head, pairs in self.parts:
            width = max((len(name) for name, _ in pairs), default=0)
            lines += ["", head, *(f"  {name:<{width}}  {value}".rstrip() for name, value in pairs)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "tce_id": self.tce_id,
            "title": self.title,
            **{head: [list(pair) for pair in pairs] for head, pairs in self.parts},
            "co2e_wtt_kg": self.co2e_wtt_kg,
            "co2e_ttw_kg": self.co2e_ttw_kg,
            "co2e_wtw_kg": self.co2e_wtw_kg,
        }


def explain_line(
    file: Path, line: str, *, project: Path | None = None, factors: Path | None = None
) -> list[Sheet]:
    """The sheets of a row of the file (its number there) or of an element (its tce_id).

    A row may have several elements: its empty way and a hub that follows it. The whole file is
    judged first, as for its footprint. Raises NoSuchLine where nothing answers to `line`.
    """
    prepared = prepare(file, project, factors, keep_cells=True)
    rows = prepared.rows
    chosen = rows["tce_id"].eq(line)
    if line.isdecimal():
        chosen |= rows["source_row"].eq(int(line))
    if not chosen.any():
        last = int(prepared.data.rows.max())
        raise NoSuchLine(
            f"No element is called {line}, and no row of {file.name} has that number "
            f"(its rows are 2 to {last})."
        )
    some = rows[chosen.to_numpy(dtype=bool)].reset_index(drop=True)
    prepared.rows = some
    bulk = bulk_footprint(some, prepared.book, prepared.hubs)
    report_results(prepared, bulk, tces_of(some, bulk))
    asked, done = asked_of(some), done_of(some)
    return [
        _sheet(prepared, some.iloc[i], a, d)
        for i, (a, d) in enumerate(zip(asked, done, strict=True))
    ]


def _sheet(prepared: Prepared, row: pd.Series, asked: Asked, done: Done) -> Sheet:
    element = element_of(prepared.book, asked, done, prepared.hubs)
    way = f"{row['origin']} to {row['destination']}" if asked.kind != "hub" else asked.place
    known = element.co2e
    return Sheet(
        tce_id=done.tce_id,
        title=f"{done.tce_id}: {asked.kind}"
        + (f" by {asked.mode}" if asked.kind != "hub" else "")
        + f", {way} (row {row['source_row']} of {prepared.data.file})",
        parts=(
            ("Given", tuple(_given(prepared, row))),
            ("Counted with", tuple(_amounts(asked, done, row))),
            ("Figure", tuple(_figure(prepared.book, asked, element))),
            ("Arithmetic", (*_of_energy(prepared, row), *_steps(prepared, asked, done, element))),
        ),
        co2e_wtt_kg=None if known is None else known.wtt_kg,
        co2e_ttw_kg=None if known is None else known.ttw_kg,
        co2e_wtw_kg=None if known is None else kilograms(known.wtw_kg),
    )


def _given(prepared: Prepared, row: pd.Series) -> Iterator[tuple[str, str]]:
    """The cells of the row of the file, as they were written."""
    data = prepared.data
    if row["at"] < 0:
        yield "added", "not a row of the file: it follows from the leg of this row"
    at = int((data.rows == row["source_row"]).argmax()) if row["at"] < 0 else int(row["at"])
    for name in data.texts:
        text = data.text(name, at)
        if text:
            yield name, text


def _amounts(asked: Asked, done: Done, row: pd.Series) -> Iterator[tuple[str, str]]:
    yield "load units", f"{done.load_units:g}"
    if done.teu:
        yield "TEU", f"{done.teu:g}"
    if asked.equipment_teu:
        yield "box", f"{asked.equipment_teu:g} TEU, {asked.equipment_tare_kg:,.0f} kg tare"
    yield "goods and packaging", f"{done.mass_kg:,.3f} kg"
    if asked.kind == "hub":
        return
    km = done.distance
    yield "actual distance", f"{km.actual_km:,.3f} km"
    if asked.kind == "transport":
        yield "shortest feasible distance", f"{km.sfd_km:,.3f} km"
        if km.gcd_km:
            yield "great circle", f"{km.gcd_km:,.3f} km"
    yield "source of the distance", str(row["distance_source"]) or "given"
    if asked.kind == "transport":
        counted = km.activity_km(asked.mode)
        yield (
            "activity",
            f"{done.mass_kg / KG_PER_T:,.6g} t x {counted:,.3f} km = "
            f"{done.mass_kg / KG_PER_T * counted:,.3f} t-km",
        )


def _figure(book: FactorBook, asked: Asked, element: Element) -> Iterator[tuple[str, str]]:
    if element.co2e is None:
        yield "none", "not covered"
        yield "wanted", element.wanted
        return
    yield "factor_id", element.factor_id
    factor = book.by_id(element.factor_id)
    if factor is not None:
        yield from _of_factor(factor)
    elif asked.source:
        yield "source", asked.source
    if asked.per:
        split = "" if asked.ttw_g is None else f", TTW {asked.ttw_g:g} g of it"
        yield "declared", f"WTW {asked.wtw_g:g} g CO2e per {asked.per}{split}, {asked.basis} km"
    yield "data type", element.data_type
    yield "GWP100", element.gwp or "not stated"
    if element.proxy:
        yield "proxy", "made for another region or class than the leg's"
    if element.assumed:
        yield "assumed", "by the planner"
    if not element.wtt_covered:
        yield "coverage", "tank-to-wheel only; well-to-tank is not covered"


def _of_factor(factor: Factor) -> Iterator[tuple[str, str]]:
    wtt = "not covered" if factor.wtt_g is None else f"{factor.wtt_g:g}"
    yield "figure", f"WTT {wtt} + TTW {factor.ttw_g:g} g CO2e per {factor.per}"
    if factor.slope_wtw_g_per_tkm:
        slopes = f"WTT {factor.slope_wtt_g_per_tkm:g} + TTW {factor.slope_ttw_g_per_tkm:g}"
        yield "slope", f"{slopes} g CO2e for each tonne on board and km"
    yield "distance basis", factor.distance_basis
    for name, value in (
        ("source", factor.source),
        ("page", factor.page),
        ("version", factor.version),
        ("year", factor.year),
        ("licence", factor.licence),
        ("evidence", factor.evidence),
        ("region", factor.region),
        ("note", factor.note),
    ):
        if value:
            yield name, value


def _of_energy(prepared: Prepared, row: pd.Series) -> Iterator[tuple[str, str]]:
    """How energy used became the kilograms of the row."""
    energy, at = prepared.energy, int(row["at"])
    if energy is not None and at >= 0 and energy.given[at]:
        yield "WTW", energy.arithmetic(at)


def _steps(
    prepared: Prepared, asked: Asked, done: Done, element: Element
) -> Iterator[tuple[str, str]]:
    """From the figure to the grams, so that a person with a calculator comes out the same."""
    if element.co2e is None:
        yield "result", "not covered: in no total"
        return
    if not (asked.stated and element.factor_id.startswith(PREFIX)):
        law = element.explain.replace("declared by bid :", "declared by the carrier:")
        yield "law", law
    exact = _exact(prepared.book, prepared.hubs, asked, done)
    if exact is not None:
        terms, co2e = exact
        for part in ("wtt_kg", "ttw_kg"):
            sums = " + ".join(
                f"{amount:,.12g} {unit} x {getattr(each, part):.12g} kg"
                for amount, unit, each in terms
            )
            yield part[:3].upper(), f"{sums or '0'} = {getattr(co2e, part):.9f} kg"
        yield "WTW", f"WTT + TTW = {co2e.wtw_kg:.9f} kg"
    known = element.co2e
    yield (
        "to the gram",
        f"WTW {kilograms(known.wtw_kg):.3f} kg, TTW {known.ttw_kg:.3f} kg, "
        f"WTT = WTW - TTW = {known.wtt_kg:.3f} kg",
    )


def _exact(
    book: FactorBook, hubs: Mapping[str, HubValues], asked: Asked, done: Done
) -> tuple[list[tuple[float, str, Co2e]], Co2e] | None:
    """Amounts and what each of their units emits on this leg; None for stated kilograms."""
    if asked.stated:
        return None
    if asked.kind == "hub":
        hub = asked.hub_law(book, hubs.get(asked.place, HubValues()))
        if isinstance(hub, NotCovered):
            return None
        terms = [(done.mass_kg, "kg of cargo", hub.per_cargo_kg), (done.teu, "TEU", hub.per_teu)]
        return _used(terms), hub.passage(done.mass_kg, done.teu)
    if asked.kind == "empty":
        law = asked.empty_law(book, done.bid_id)
        if isinstance(law, NotCovered):
            return None
        per_km = getattr(law, "empty_per_km", None) or getattr(law, "per_km")  # noqa: B009
        km = done.load_units * done.distance.actual_km
        return [(km, "empty km of all boxes", per_km)], km * per_km
    leg = asked.leg_law(book, done.distance, done.bid_id)
    if isinstance(leg, NotCovered):
        return None
    terms = [
        (done.load_units, "load units", leg.per_load_unit),
        (done.mass_kg, "kg of cargo", leg.per_cargo_kg),
    ]
    return _used(terms), leg.laden(done.load_units, done.mass_kg)


def _used(terms: list[tuple[float, str, Co2e]]) -> list[tuple[float, str, Co2e]]:
    return [term for term in terms if term[2].wtt_kg or term[2].ttw_kg]
