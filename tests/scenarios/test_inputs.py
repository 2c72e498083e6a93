"""The small project is read as it is meant, from CSV, Parquet and Excel alike."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from lowhaul.errors import InputRejected, UsageError
from scenarios.inputs import build_case, load_project
from scenarios.project import Project
from tests.scenarios.small_project import order, sea, small_tables, write_small_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return load_project(write_small_project(tmp_path_factory.mktemp("small")))


def test_a_sound_project_has_no_findings(project: Project) -> None:
    assert project.findings == ()
    assert project.scenario_names() == ("baseline", "least_co2", "least_cost", "no_round_use")
    assert project.name == "Small exports"


def test_every_table_of_the_contract_has_a_frame(project: Project) -> None:
    assert len(project.frames["bid_tiers"]) == 0
    assert "discount_percent" in project.frames["bid_tiers"].columns
    assert project.frames["orders"]["ready_date"].dtype.kind == "M"
    assert project.frames["orders"]["splittable"].dtype == bool


def test_hashes_name_each_table(project: Project) -> None:
    assert {"project.yaml", "orders", "bids"} <= set(project.hashes)
    assert all(len(value) == 64 for value in project.hashes.values())


def test_every_scenario_has_a_case(project: Project) -> None:
    cases = {name: build_case(project, name) for name in ("base", *project.scenario_names())}
    assert cases["baseline"].settings.measures == frozenset()
    assert cases["least_cost"].settings.objective == "min_cost"
    assert not cases["no_round_use"].settings.on("round_use")
    assert cases["no_round_use"].settings.on("tender")
    assert len({id(case.distances) for case in cases.values()}) == 1
    assert len({id(case.bids) for case in cases.values()}) == 1


def test_an_unknown_scenario_is_answered_with_the_nearest(project: Project) -> None:
    with pytest.raises(UsageError, match="least_cost"):
        build_case(project, "least_costs")


def test_objects_are_what_the_tables_say(project: Project) -> None:
    case = build_case(project, "base")
    first, bid = case.orders[0], {b.bid_id: b for b in case.bids}
    assert (first.line, first.ready_date, first.quantity) == ("1", date(2026, 1, 12), 620)
    assert case.orders[3].equipment_allowed == ("45G1", "22G1")
    assert not case.orders[3].splittable
    assert bid["S2"].origin == "SHANGHAI"  # written as CNSHA
    assert (bid["S1"].line, bid["R1"].line) == ("BLUE", "")
    assert bid["S1"].volume_unit == "load_unit"
    assert case.places["SZ-HUB"].can_restuff
    assert not case.places["SHANGHAI"].can_restuff
    assert case.places["SHANGHAI"].lat == pytest.approx(31.2, abs=0.3)
    assert case.places["CZ-PLANT"].handling_co2e_wtw_kg_per_t is None
    assert [p.packaging_id for p in case.packagings["PV-580"]] == ["PV-31", "PV-36"]
    assert case.packagings["PV-580"][1].candidate
    assert case.max_cargo_kg("DE", "45G1") == 26000
    assert case.empties[0].equipment == "45G1"
    assert case.fx.factor("USD") == pytest.approx(1 / 1.1)
    assert case.baseline[0].modes == ("road", "sea", "road")


def test_charges_hang_on_their_bids(tmp_path: Path) -> None:
    def charge(code: str, **where: str) -> dict[str, object]:
        return {"charge_code": code, "amount": 10, "currency": "EUR", "rate_basis": "bl", **where}

    bids = small_tables()["bids"]
    bids[-1] = {**bids[-1], "lane_id": "L9", "surcharges_included": "BAF;DOC"}
    charges = [
        charge("DOC", carrier="BLUE"),
        charge("SEAL", carrier="BLUE", lane_id="L9"),
        charge("BAF", bid_id="S3"),
        charge("EDI", bid_id="S3"),
    ]
    project = load_project(write_small_project(tmp_path, bids=bids, bid_charges=charges))
    by_id = {b.bid_id: b for b in build_case(project, "base").bids}
    assert [c.charge_code for c in by_id["S1"].charges] == ["DOC"]
    assert [c.charge_code for c in by_id["S3"].charges] == ["SEAL", "EDI"]
    assert by_id["S2"].charges == ()


def test_blank_packaging_mass_is_what_the_goods_leave(tmp_path: Path) -> None:
    packaging = small_tables()["packaging"]
    packaging[0] = {**packaging[0], "packaging_mass_kg": ""}
    project = load_project(write_small_project(tmp_path, packaging=packaging))
    current = build_case(project, "base").packagings["PV-580"][0]
    assert current.packaging_mass_kg == pytest.approx(933.5 - 31 * 28.5)


def test_own_equipment_replaces_a_built_in_type_under_any_name(tmp_path: Path) -> None:
    own = {"inner_length_mm": 12032, "inner_width_mm": 2352, "inner_height_mm": 2690,
           "tare_kg": 3800, "payload_kg": 28000, "teu": 2}  # fmt: skip
    rows = [{"equipment": "40HC", **own}, {"equipment": "MY-BOX", **own, "teu": 0}]
    case = build_case(load_project(write_small_project(tmp_path, equipment=rows)), "base")
    assert case.equipment["45G1"].payload_kg == 28000
    assert "40HQ" in case.equipment["45G1"].aliases
    assert case.equipment["MY-BOX"].teu == 0


def test_own_distances_and_factors_reach_the_case(tmp_path: Path) -> None:
    distances = [{"from": "CZ-PLANT", "to": "CNSHA", "mode": "road", "distance_km": 199,
                  "basis": "actual", "source": "haulier"}]  # fmt: skip
    factors = [{"factor_id": "BARGE", "mode": "inland_waterway", "co2e_wtt_g": 5,
                "co2e_ttw_g": 20, "per": "tkm", "includes_empty": "yes",
                "distance_basis": "actual", "gwp": "AR5", "data_type": "modelled",
                "source": "example figure", "version": "2025", "licence": "own",
                "assumed": "yes"}]  # fmt: skip
    project = load_project(write_small_project(tmp_path, distances=distances, factors=factors))
    case = build_case(project, "base")
    assert case.distances.leg("SHANGHAI", "CZ-PLANT", "road").actual_km == 199
    factor = case.factors.by_id("BARGE")
    assert factor is not None
    assert (factor.wtw_g, factor.assumed, factor.includes_empty) == (25, True, True)


def as_workbook(tables: dict[str, list[dict[str, object]]], path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        names = list(dict.fromkeys(n for row in rows for n in row))
        sheet.append(names)
        for row in rows:
            values = [row.get(n) for n in names]
            sheet.append([_typed(n, v) for n, v in zip(names, values, strict=True)])
    book.save(path)


def _typed(name: str, value: object) -> object:
    if name.endswith("_date") and value:
        return date.fromisoformat(str(value))
    return None if value == "" else value


def test_csv_excel_and_parquet_are_the_same(tmp_path: Path, project: Project) -> None:
    tables = small_tables()
    none = dict.fromkeys(tables)
    excel = write_small_project(tmp_path / "excel", **none)
    as_workbook(tables, excel / "data" / "data.xlsx")
    parquet = write_small_project(tmp_path / "parquet", **none)
    for name, rows in tables.items():
        frame = pd.DataFrame(rows)
        for column in frame.columns:
            if frame[column].map(type).nunique() > 1:
                frame[column] = frame[column].map(lambda v: None if v == "" or v != v else v)
                frame[column] = frame[column].astype(object)
                if frame[column].dropna().map(type).nunique() > 1:
                    frame[column] = pd.to_numeric(frame[column])
        frame.to_parquet(parquet / "data" / f"{name}.parquet")
    for folder in (excel, parquet):
        other = load_project(folder)
        assert other.findings == ()
        for name, frame in project.frames.items():
            pd.testing.assert_frame_equal(frame, other.frames[name], obj=f"{folder.name} {name}")


def test_a_utf8_mark_and_windows_lines_are_no_matter(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path)
    path = folder / "data" / "orders.csv"
    text = path.read_text("utf-8").replace("\n", "\r\n") + "\r\n\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(load_project(folder).frames["orders"]) == 5


def test_na_is_namibia_and_leading_zeros_stay(tmp_path: Path) -> None:
    tables = small_tables()
    walvis = {"location_id": "007", "name": "NA", "kind": "port", "country": "NA"}
    tables["locations"].append({**walvis, "unlocode": "NAWVB", "lat": -22.9, "lon": 14.5})
    frame = load_project(write_small_project(tmp_path, **tables)).frames["locations"]
    assert frame.iloc[-1][["location_id", "name", "country"]].tolist() == ["007", "NA", "NA"]


def test_findings_hold_all_faults_of_all_files(tmp_path: Path) -> None:
    orders = [order("O1", "NOWHERE", "ERFURT", "PV-580", -1), order("O1", "CZ-PLANT", "X", "?", 1)]
    bids = [*small_tables()["bids"], sea("S1", "NOBODY", "SHANGHAI", "ROTTERDAM", "many")]
    folder = write_small_project(tmp_path, orders=orders, bids=bids, carriers=None)
    with pytest.raises(InputRejected) as caught:
        load_project(folder)
    files = {f.file for f in caught.value.findings}
    assert {"data/orders.csv", "data/bids.csv", "data/carriers.csv"} <= files
    assert {"E010", "E102", "E107", "E112", "E201", "E203"} <= {
        f.code for f in caught.value.findings
    }
