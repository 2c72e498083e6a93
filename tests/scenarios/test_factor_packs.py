"""Factor packs in files: read whole with their manifest, or refused with every fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from emissions.factors import Factor
from emissions.packs import Pack, default_pack
from lowhaul.columns import Column
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import FACTOR_PACK, FACTORS
from scenarios.factor_packs import ManifestDocument, read_pack
from scenarios.inputs import build_case, load_project
from scenarios.run import read_results, run_scenarios
from tests.scenarios.small_project import rows_as_csv, write_small_project

MANIFEST: dict[str, Any] = {
    "name": "Licensed 2025",
    "version": "2025",
    "licence": "our licence no. 7",
    "gwp": "AR5",
    "distance_basis": "sfd",
    "unit": "g CO2e",
    "utilisation_basis": "60 % of mass, 17 % of all km empty",
}
ROW: dict[str, Any] = {
    "factor_id": "L1", "mode": "road", "vehicle": "artic_gt33", "energy": "diesel",
    "co2e_wtt_g": 15, "co2e_ttw_g": 60, "per": "tkm", "includes_empty": "yes",
    "data_type": "modelled", "source": "own contract",
}  # fmt: skip


def write_pack(folder: Path, rows: list[dict[str, Any]], **changes: Any) -> Path:
    """A pack `own.csv` with its manifest; a change of None leaves the key out."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {k: v for k, v in {**MANIFEST, **changes}.items() if v is not None}
    (folder / "own.csv").write_text(rows_as_csv(rows), encoding="utf-8")
    (folder / "own.yaml").write_text(yaml.safe_dump(manifest, sort_keys=False), encoding="utf-8")
    return folder / "own.csv"


def faults(folder: Path, rows: list[dict[str, Any]], **changes: Any) -> list[Finding]:
    findings = Findings()
    path = write_pack(folder, rows, **changes)
    pack = read_pack(path, "packs/own.csv", findings)
    assert (pack is None) == bool(findings.errors)
    return findings.items


def read(folder: Path, rows: list[dict[str, Any]], **changes: Any) -> Pack:
    findings = Findings()
    pack = read_pack(write_pack(folder, rows, **changes), "packs/own.csv", findings)
    assert pack is not None, findings.items
    return pack


def test_the_manifest_fills_what_rows_leave_blank(tmp_path: Path) -> None:
    (factor,) = read(tmp_path, [ROW]).factors
    said = (factor.gwp, factor.distance_basis, factor.version, factor.licence, factor.pack)
    assert said == ("AR5", "sfd", "2025", "our licence no. 7", "Licensed 2025")
    assert (factor.wtt_g, factor.ttw_g) == (15.0, 60.0)


@pytest.mark.parametrize(
    ("change", "code", "column", "hint"),
    [
        ({"per": "t-km"}, "E106", "per", 'Did you mean "tkm"?'),
        ({"per": "vehicle km"}, "E106", "per", 'Did you mean "vehicle_km"?'),
        ({"mode": "raod"}, "E106", "mode", 'Did you mean "road"?'),
        ({"co2e_ttw_g": ""}, "E170", "co2e_ttw_g", "Give 0"),
        ({"co2e_ttw_g": -5}, "E107", "co2e_ttw_g", "at least 0"),
        ({"co2e_wtt_g": -5}, "E335", "co2e_wtt_g", "never negative"),
        ({"co2e_wtt_g": -5, "energy": "hvo"}, "E335", "co2e_wtt_g", "biogenic"),
        ({"gwp": "AR6"}, "E182", "gwp", "a pack of its own"),
        ({"gwp": "AR-5"}, "E106", "gwp", 'Did you mean "AR5"?'),
        ({"distance_basis": "actual"}, "E182", "distance_basis", "Leave the cell blank"),
        ({"per": "teu"}, "E334", "per", "Hubs"),
        ({"slope_ttw_g_per_tkm": 3}, "E336", "slope_ttw_g_per_tkm", "vehicle_km"),
        ({"energy": "desel"}, "W345", "energy", 'Did you mean "diesel"?'),
        ({"energy": "coal dust"}, "W345", "energy", "Known: "),
        ({"vehicle": "Artic GT33"}, None, "", ""),
        ({"vehicle": "articgt33"}, "W346", "vehicle", 'Did you mean "artic_gt33"?'),
        ({"vehicle": "lng_truck"}, None, "", ""),
        ({"co2e_wtt_g": "15,2"}, "E102", "co2e_wtt_g", "15.2"),
    ],
)
def test_faults_of_rows_are_told_with_place_and_nearest_words(
    tmp_path: Path, change: dict[str, Any], code: str | None, column: str, hint: str
) -> None:
    found = faults(tmp_path, [{**ROW, "factor_id": "L0"}, {**ROW, **change}])
    if code is None:
        assert found == []
        return
    (fault,) = [f for f in found if f.code == code]
    assert (fault.file, fault.row, fault.column) == ("packs/own.csv", 3, column)
    assert hint in fault.hint


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"licence": None}, "licence", "missing"),
        ({"unit": None}, "unit", "missing"),
        ({"utilisation_basis": None}, "utilisation_basis", "missing"),
        ({"licens": "x"}, "licens", 'Did you mean "licence"?'),
        ({"gwp": "AR55"}, "gwp", "AR5"),
        ({"unit": "kg CO2e"}, "unit", "g CO2e"),
        ({"distance_basis": "shortest"}, "distance_basis", "sfd"),
        ({"name": "default"}, "name", "cannot be called"),
        ({"uplifts": [{"name": "u", "mode": "road", "times": 0, "source": "s"}]},
         "uplifts.0.times", "greater than 0"),
        ({"uplifts": [{"name": "u", "mode": "road", "times": 1.1, "source": "s"}]},
         "uplifts", "one of them"),
    ],
)  # fmt: skip
def test_faults_of_the_manifest(
    tmp_path: Path, change: dict[str, Any], column: str, words: str
) -> None:
    found = faults(tmp_path, [ROW], **change)
    assert {f.code for f in found} == {"E181"}
    assert any(f.column == column and words in f"{f.message} {f.hint}" for f in found), found
    assert {f.file for f in found} == {"packs/own.yaml"}


def test_temperature_control_is_a_row_of_its_own(tmp_path: Path) -> None:
    """75 g x 1.1 = 82.5 g for the reefer; the reefer row that is given is not made again."""
    uplift = {"name": "cooled", "mode": "road", "times": 1.1, "source": "own tests 2025",
              "vehicle_prefix": "reefer_"}  # fmt: skip
    own = {**ROW, "factor_id": "L2", "vehicle": "all_hgvs"}
    given = {**ROW, "factor_id": "L3", "vehicle": "reefer_all_hgvs"}
    pack = read(tmp_path, [ROW, own, given], uplifts=[uplift])
    made = {f.factor_id: f for f in pack.factors}
    assert set(made) == {"L1", "L2", "L3", "L1+cooled"}
    cooled = made["L1+cooled"]
    assert cooled.wtw_g == pytest.approx(82.5)
    assert cooled.vehicle == "reefer_artic_gt33"
    assert "x 1.1 (cooled: own tests 2025)" in cooled.source


def test_regions_have_rows_of_their_own(tmp_path: Path) -> None:
    uplift = {
        "name": "asia",
        "mode": "road",
        "times": 1.2,
        "source": "own",
        "regions": ["VN", "TH"],
    }
    there = {**ROW, "factor_id": "L2", "region": "TH"}
    pack = read(tmp_path, [ROW, there], uplifts=[uplift])
    assert {f.factor_id: f.region for f in pack.factors} == {
        "L1": "",
        "L2": "TH",  # given, so not made of L1
        "L1+asia+VN": "VN",
    }


def project(folder: Path, rows: list[dict[str, Any]], packs: list[str], **more: Any) -> Path:
    settings = {"as_of": "2025-12-15", "solver": {"time_limit_s": 20}, "factor_packs": packs}
    keys = {"settings": settings, **more.pop("keys", {})}
    manifest = {key: more.pop(key) for key in MANIFEST if key in more}
    write_small_project(folder, project=keys, **more)
    write_pack(folder / "packs", rows, **manifest)
    return folder


def codes(folder: Path) -> list[tuple[str, str]]:
    try:
        found = load_project(folder).findings
    except InputRejected as rejected:
        found = rejected.findings
    return [(f.code, f.file) for f in found]


def test_a_project_reads_its_packs_behind_its_table(tmp_path: Path) -> None:
    """Carrier, own table, pack, default: each answers where those before it do not."""
    table = {**ROW, "factor_id": "T1", "vehicle": "rigid_gt17", "distance_basis": "sfd",
             "gwp": "AR5", "version": "1", "licence": "own"}  # fmt: skip
    row = {**ROW, "vehicle": "rigid_gt17", "co2e_ttw_g": 999}
    pack = [row, {**ROW, "factor_id": "L2", "vehicle": "lng_truck"}]
    read_project = load_project(project(tmp_path, pack, ["packs/own.csv"], factors=[table]))
    book = build_case(read_project, "base").factors
    answers = [book.find("road", v, "", "ltl") for v in ("rigid_gt17", "lng_truck", "all_artics")]
    assert [f.pack for f in answers if isinstance(f, Factor)] == ["own", "Licensed 2025", "default"]
    assert "packs/own.csv" in read_project.hashes
    assert "packs/own.yaml" in read_project.hashes


def test_packs_that_cannot_be_used(tmp_path: Path) -> None:
    outside = ["../own.csv", "packs/none.csv", str(tmp_path / "packs" / "own.csv")]
    found = codes(project(tmp_path, [ROW], outside))
    assert found.count(("E180", "../own.csv")) == 1
    assert ("E180", "packs/none.csv") in found
    assert ("E180", "packs/none.yaml") in found
    assert found.count(("E180", outside[2])) == 1


def test_an_id_stands_in_one_pack_only(tmp_path: Path) -> None:
    table = {**ROW, "distance_basis": "sfd", "gwp": "AR5", "version": "1", "licence": "own"}
    assert ("E183", "packs/own.csv") in codes(
        project(tmp_path, [ROW], ["packs/own.csv"], factors=[table])
    )


def test_two_gwps_in_one_plan_are_told(tmp_path: Path) -> None:
    folder = project(tmp_path, [ROW], ["packs/own.csv"])
    assert ("W337", "packs/own.csv") not in codes(folder)
    write_pack(folder / "packs", [ROW], gwp="AR6")
    assert ("W337", "packs/own.csv") in codes(folder)


def test_packs_are_no_setting_of_a_scenario(tmp_path: Path) -> None:
    """A change of factors is never a saving of a measure."""
    keys = {"scenarios": {"other": {"factor_packs": ["packs/own.csv"]}}}
    assert ("E002", "project.yaml") in codes(project(tmp_path, [ROW], [], keys=keys))


def test_the_default_pack_is_sound_by_the_same_rules(tmp_path: Path) -> None:
    """Its files pass the reader that a planner's pack has to pass, without a finding."""
    from importlib import resources

    findings = Findings()
    data = resources.files("emissions").joinpath("data")
    with resources.as_file(data.joinpath("factors_default.csv")) as path:
        (tmp_path / "default.csv").write_bytes(path.read_bytes())
    with resources.as_file(data.joinpath("factors_default.yaml")) as path:
        (tmp_path / "default.yaml").write_bytes(path.read_bytes())
    pack = read_pack(tmp_path / "default.csv", "default.csv", findings)
    assert findings.items == []
    assert pack is not None
    assert pack.manifest == default_pack().manifest
    by_id = {f.factor_id: f for f in pack.factors}
    for factor in default_pack().factors:
        again = by_id[factor.factor_id]
        assert (again.wtt_g, again.ttw_g) == (factor.wtt_g, factor.ttw_g)
        assert again.slope_wtw_g_per_tkm == pytest.approx(factor.slope_wtw_g_per_tkm)
    assert len(by_id) == len(default_pack().factors)


def test_every_key_of_the_manifest_and_column_of_the_table_has_its_meaning() -> None:
    assert set(MANIFEST) == {n for n, f in ManifestDocument.model_fields.items() if f.is_required()}
    columns: tuple[Column, ...] = FACTOR_PACK.columns
    assert all(c.about for c in columns)
    assert {c.name for c in FACTORS.columns} <= {c.name for c in columns}


def test_the_factor_of_the_legs_country_is_used_and_named_on_each_line(tmp_path: Path) -> None:
    """Curves for China and for the EU: each haulage has its own, the check agrees to the gram."""
    curve = {**ROW, "per": "vehicle_km", "includes_empty": "no", "distance_basis": "actual",
             "co2e_ttw_g": 700, "co2e_wtt_g": 150, "slope_g_per_tkm": 25}  # fmt: skip
    rows = [
        {**curve, "factor_id": "CURVE-EU", "region": "EU"},
        {**curve, "factor_id": "CURVE-CN", "region": "CN", "co2e_ttw_g": 800},
        {**curve, "factor_id": "CURVE-ALL", "co2e_ttw_g": 900},
        {**curve, "factor_id": "CURVE-BR", "region": "BR", "co2e_ttw_g": 100},
    ]
    keys = {"scenarios": {"plan": {}}}
    folder = project(
        tmp_path, rows, ["packs/own.csv"], keys=keys, gwp="AR5", distance_basis="actual"
    )
    (outcome,) = run_scenarios(load_project(folder), ["plan"])
    assert outcome.status == "optimal"
    legs, _ = read_results(outcome.folder)
    road = legs["legs"].query("mode == 'road' and kind != 'hub' and shipment_id != ''")
    places = {"ROTTERDAM": "EU", "ERFURT": "EU"}
    assert len(road) > 4
    for row in road.to_dict("records"):
        ends = {places.get(str(row[end]), "CN") for end in ("from", "to")}
        assert row["factor_id"] == f"CURVE-{ends.pop()}"
        assert row["factor_pack"] == "Licensed 2025"
    packs = set(legs["legs"].query("mode == 'sea'")["factor_pack"])
    assert packs <= {"carrier", "default"}
    assert packs
    hubs = legs["legs"].query("kind == 'hub'")
    assert set(hubs["factor_pack"].fillna("")) <= {"", "place"}
