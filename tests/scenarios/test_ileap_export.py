"""ileap.json beside a plan: it passes the check and adds up to the plan's books."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from emissions.ileap import IleapDocument, NotWritable, check, check_file, legs_frame, read
from emissions.ileap.model import Tce
from routing.case import Case
from scenarios import ileap_export
from scenarios.ileap_categories import categories_of, toc_of
from scenarios.ileap_elements import Element, LeftOut, elements_of, exact, grams
from scenarios.ileap_export import export
from scenarios.inputs import Project, build_case, load_project
from scenarios.rows import rows_of
from scenarios.run import read_results, run_scenarios
from tests.scenarios.small_project import small_tables, write_small_project

SCENARIOS = ("baseline", "least_co2", "least_cost", "no_round_use")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = load_project(write_small_project(tmp_path_factory.mktemp("ileap")))
    run_scenarios(project, SCENARIOS)
    return project


def results(project: Project, scenario: str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    return read_results(project.folder / "results" / scenario)


def exported(project: Project, scenario: str) -> IleapDocument:
    return read(project.folder / "results" / scenario / "ileap.json")


def left_out(project: Project, scenario: str) -> tuple[LeftOut, ...]:
    return export(build_case(project, scenario), *results(project, scenario)).left_out


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, those of the packs too, by its path in it."""
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def tces(document: IleapDocument) -> dict[str, Tce]:
    return {tce.tceId: tce for s in document.shipments for tce in s.tces}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_plan_exports_a_file_that_breaks_no_rule(project: Project, scenario: str) -> None:
    assert check_file(project.folder / "results" / scenario / "ileap.json") == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_file_and_what_it_leaves_out_are_the_plan_to_the_gram(
    project: Project, scenario: str
) -> None:
    tables, summary = results(project, scenario)
    document, left = exported(project, scenario), left_out(project, scenario)
    wtw = sum(t.co2eWTW for t in tces(document).values()) + sum(part.wtw_kg for part in left)
    ttw = sum(t.co2eTTW for t in tces(document).values()) + sum(part.ttw_kg for part in left)
    assert (wtw, ttw) == (grams(summary["co2e_wtw_kg"]), grams(summary["co2e_ttw_kg"]))
    activity = sum(t.transportActivity for t in tces(document).values())
    rounded = Decimal("0.0005") * len(tables["legs"])
    assert abs(activity - exact(summary["transport_activity_tkm"])) <= rounded
    for row in rows_of(tables["shipments"]):
        [shipment] = [s for s in document.shipments if s.shipmentId == row["shipment_id"]]
        assert sum(t.co2eWTW for t in shipment.tces) == grams(row["co2e_wtw_kg"])
        assert shipment.mass == exact(row["mass_kg"])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_only_returns_and_what_has_no_factor_is_left_out(project: Project, scenario: str) -> None:
    tables, _ = results(project, scenario)
    legs = tables["legs"]
    returns = set(legs.loc[legs["shipment_id"] == "", "tce_id"])
    unknown = set(legs.loc[legs["co2e_wtw_kg"].isna(), "tce_id"])
    left = left_out(project, scenario)
    assert {part.tce_id for part in left} == returns | unknown
    assert {part.tce_id for part in left if part.wtw_kg} == returns
    laden = legs.loc[(legs["kind"] != "empty") & legs["co2e_wtw_kg"].notna(), "tce_id"]
    assert set(tces(exported(project, scenario))) == set(laden)


def test_the_log_names_what_is_left_out(project: Project) -> None:
    """R-E1 brings two unused boxes back to the port: no goods, no shipment, 258.228 kg."""
    log = (project.folder / "results" / "least_co2" / "log.txt").read_text("utf-8")
    assert "not in ileap.json: R-E1" in log
    assert "258.228 kg CO2e" in log
    assert "not in ileap.json: S-0001.2 (hub ROTTERDAM: no emission factor)" in log


def test_empty_ways_are_inside_the_element_that_they_serve(project: Project) -> None:
    tables, _ = results(project, "least_co2")
    by_tce: dict[str, Decimal] = defaultdict(Decimal)
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(tables["legs"]):
        if row["co2e_wtw_kg"] is not None:
            by_tce[row["tce_id"]] += grams(row["co2e_wtw_kg"])
            kinds[row["tce_id"]].add(row["kind"])
    document = exported(project, "least_co2")
    assert any(some == {"transport", "empty"} for some in kinds.values())
    assert {own: tce.co2eWTW for own, tce in tces(document).items()} == {
        own: kg for own, kg in by_tce.items() if kinds[own] != {"empty"}
    }
    factors = [toc.emptyDistanceFactor for toc in document.tocs.values()]
    assert Decimal("0.5") in factors, "a box brought empty as far as it goes laden"


def test_what_has_no_factor_is_named_and_the_chain_goes_on(project: Project) -> None:
    """The ports of S-0001 have no handling value: not zero, not there, said so."""
    document = exported(project, "least_co2")
    [(_, footprint)] = [
        (at, f) for at, f in document.footprints if f.productNameCompany.endswith(" S-0001")
    ]
    said = footprint.pcf.exemptedEmissionsDescription
    assert "S-0001.2 (hub ROTTERDAM: no emission factor)" in said
    assert "not known to be small" in said
    assert tces(document)["S-0001.3"].prevTceIds == ("S-0001.1",)
    assert "S-0001.2" not in tces(document)
    covered = tces(document)["S-0002.2"]
    assert (covered.hocId, covered.tocId) == ("hub/SZ-HUB/restuffed", None)
    assert covered.prevTceIds == ("S-0002.1",)


def test_categories_add_up_to_the_table_of_categories(project: Project) -> None:
    """A row of tocs.csv is one TOC, or several whose elements add up to it."""
    tables, _ = results(project, "least_co2")
    document = exported(project, "least_co2")
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for tce in tces(document).values():
        if tce.tocId:
            sums["/".join(tce.tocId.split("/")[:5])] += tce.co2eWTW
    for part in left_out(project, "least_co2"):
        sums["road/container/artic_gt33/any/any"] += part.wtw_kg
    assert sums == {r["toc_id"]: grams(r["co2e_wtw_kg"]) for r in rows_of(tables["tocs"])}


def test_the_same_plan_gives_the_same_file(project: Project) -> None:
    folder = project.folder / "results" / "least_co2"
    before = (folder / "ileap.json").read_bytes()
    run_scenarios(project, ["least_co2"])
    assert (folder / "ileap.json").read_bytes() == before
    ids = [e["id"] for e in json.loads(before)["data"]]
    others = (project.folder / "results" / "baseline" / "ileap.json").read_text("utf-8")
    assert not set(ids) & {e["id"] for e in json.loads(others)["data"]}


def test_legs_come_back_as_they_were(project: Project) -> None:
    """legs.csv to iLEAP and back: laden rows and hubs keep mass, kilometres, days and mode."""
    tables, _ = results(project, "least_co2")
    legs = tables["legs"].set_index("tce_id")
    frame = legs_frame(exported(project, "least_co2")).set_index("tce_id")
    laden = legs[(legs["kind"] != "empty") & legs["co2e_wtw_kg"].notna()]
    assert set(frame.index) == set(laden.index)
    laden = laden.loc[frame.index]
    for column in ("mass_kg", "distance_km", "sfd_km", "gcd_km", "actual_km", "teu"):
        assert frame[column].fillna(0).tolist() == laden[column].tolist(), column
    for column in ("shipment_id", "kind", "mode", "distance_basis"):
        assert frame[column].tolist() == laden[column].tolist(), column
    assert (frame["activity_tkm"] - laden["activity_tkm"]).abs().max() <= 0.0005 + 1e-9
    assert frame["depart"].tolist() == laden["depart"].tolist()
    assert frame["arrive"].tolist() == laden["arrive"].tolist()


def test_a_file_that_breaks_a_rule_keeps_the_old_results(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project.folder / "results" / "least_cost"
    before = contents(folder)
    whole = ileap_export.export

    def broken(*given: Any) -> Any:
        made = whole(*given)
        made.document.raw[0][1]["pcf"]["declaredUnit"] = "parsec"
        return made

    monkeypatch.setattr(ileap_export, "export", broken)
    with pytest.raises(NotWritable):
        run_scenarios(project, ["least_cost"])
    assert contents(folder) == before


def test_energy_that_a_bid_states_stands_in_the_category(tmp_path: Path) -> None:
    """Electric lorries by the bid's own figure; what nobody states is said to be assumed."""
    tables = small_tables()
    for bid in tables["bids"]:
        if bid["bid_id"] in ("R1", "R2", "R7", "R8", "R6"):
            bid |= {"energy": "electricity", "co2e_wtw_g": 700, "co2e_ttw_g": 0,
                    "co2e_per": "vehicle_km", "co2e_gwp": "AR6", "data_type": "primary",
                    "co2e_source": "example figure"}  # fmt: skip
    project = load_project(write_small_project(tmp_path, bids=tables["bids"]))
    run_scenarios(project, ["least_co2"])
    document = exported(project, "least_co2")
    assert check(document) == []
    used = {toc.energyCarriers[0].energyCarrier for toc in document.tocs.values()}
    assert used == {"Electric", "Diesel", "HFO"}
    ships = [t for t in document.tocs.values() if t.mode == "Sea"]
    assert all("no factor states the energy; HFO stands for it" in t.description for t in ships)
    gwps = {f.pcf.ipccCharacterizationFactorsSources for _, f in document.footprints}
    assert ("AR5", "AR6") in gwps


def leg(tce_id: str, seq: int, kind: str, **more: Any) -> dict[str, Any]:
    row = {
        "tce_id": tce_id, "shipment_id": "S", "seq": seq, "kind": kind, "mode": "road",
        "from": "X", "to": "Y", "mass_kg": 1000.0, "teu": 2.0, "load_units": 1,
        "distance_km": 50.0, "actual_km": 60.0, "co2e_wtw_kg": 10.0, "co2e_ttw_kg": 8.0,
        "toc_id": "road/container/artic_gt33/any/T", "factor_id": "F", "covered": True,
    }  # fmt: skip
    return row | more


def test_a_leg_without_factor_is_set_aside_with_the_empty_way_that_serves_it() -> None:
    rows = [
        leg("S.1", 2, "transport", co2e_wtw_kg=None, co2e_ttw_kg=None),
        leg("S.1", 1, "empty", mass_kg=0.0, co2e_wtw_kg=4.5, co2e_ttw_kg=4.0),
        leg("S.2", 3, "transport"),
    ]
    chains, left = elements_of(rows)
    assert [e.tce_id for e in chains["S"]] == ["S.2"]
    assert {(part.tce_id, part.wtw_kg) for part in left} == {
        ("S.1", Decimal(0)),
        ("S.1", Decimal("4.500")),
    }
    assert all("factor" in p.what or "empty" in p.what for p in left)


def test_empty_ways_before_and_behind_are_both_folded_in() -> None:
    """60 km laden and 50 + 50 km empty, two boxes fetched and one brought back: 18 + 3 kg."""
    rows = [
        leg("S.1", 1, "empty", mass_kg=0.0, load_units=2, co2e_wtw_kg=5.0, co2e_ttw_kg=4.0),
        leg("S.1", 2, "transport", load_units=2),
        leg("S.1", 3, "empty", mass_kg=0.0, co2e_wtw_kg=3.0, co2e_ttw_kg=2.0),
    ]
    [element] = elements_of(rows)[0]["S"]
    assert (element.wtw_kg, element.ttw_kg) == (Decimal("18.000"), Decimal("14.000"))
    assert (element.loaded_km, element.empty_km) == (Decimal(120), Decimal(150))


def test_boxes_on_water_count_teu_and_part_loads_tonnes() -> None:
    def element(**more: Any) -> Element:
        return elements_of([leg("S.1", 1, "transport") | more])[0]["S"][0]

    assert (element().unit, element().amount) == ("tkm", Decimal(50))
    box, part = element(mode="sea"), element(mode="sea", teu=0.0)
    assert (box.unit, box.amount) == ("TEUkm", Decimal(100))
    assert (part.unit, part.amount) == ("tkm", Decimal(50))
    hub = element(kind="hub", mode="hub")
    assert (hub.unit, hub.amount) == ("tonnes", Decimal(1))


def test_equal_legs_share_a_category_and_others_do_not(project: Project) -> None:
    """Twice 0.2 kg/tkm and once 0.18: two categories; the first has the larger activity."""
    rows = [
        leg("S.1", 1, "transport"),
        leg("S.2", 2, "transport", mass_kg=2000.0, co2e_wtw_kg=20.0, co2e_ttw_kg=16.0),
        leg("S.3", 3, "transport", mass_kg=2000.0, co2e_wtw_kg=18.0, co2e_ttw_kg=16.0),
    ]
    found = categories_of(elements_of(rows)[0]["S"])
    base = "road/container/artic_gt33/any/T"
    assert [(c.own_id, c.wtw, [e.tce_id for e in c.elements]) for c in found] == [
        (f"{base}/1", Decimal("0.2"), ["S.2", "S.1"]),
        (f"{base}/2", Decimal("0.18"), ["S.3"]),
    ]
    case: Case = build_case(project, "least_co2")
    toc = toc_of(found[0], case)
    assert (toc.mode, toc.transportActivityUnit, toc.emptyDistanceFactor) == ("Road", "tkm", None)


def test_a_rounded_gram_makes_no_category_of_its_own() -> None:
    """At 1.2 kg/t (0.4 from the tank): 12.1355 t is 14.5626 kg (4.8542), 15.7295 t is 18.8754 kg
    (6.2918). Divided back, 1.20003 and 1.19997: each misses the other by more than half a gram.
    """
    hub: dict[str, Any] = {"kind": "hub", "mode": "hub", "toc_id": "hub/X/restuffed"}
    rows = [
        leg("S.1", 1, **hub, mass_kg=12135.5, co2e_wtw_kg=14.563, co2e_ttw_kg=4.854),
        leg("S.2", 2, **hub, mass_kg=15729.5, co2e_wtw_kg=18.875, co2e_ttw_kg=6.292),
        leg("S.3", 3, **hub, mass_kg=12135.5, co2e_wtw_kg=14.564, co2e_ttw_kg=4.854),
    ]
    first, second = categories_of(elements_of(rows)[0]["S"])
    assert [e.tce_id for e in first.elements] == ["S.2", "S.1"]
    assert [e.tce_id for e in second.elements] == ["S.3"]
    assert float(first.wtw) == pytest.approx(1.2, abs=1e-5)
    for element in first.elements:
        assert grams(first.wtw * element.amount) == element.wtw_kg
        assert grams(first.ttw * element.amount) == element.ttw_kg
