"""`lowhaul footprint`: what comes out by hand, what is refused, and what must always hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli import main
from emissions.elements import element_of_row
from emissions.footprint import coverage, data_shares, toc_rows
from lowhaul.cells import TableData
from lowhaul.errors import InputRejected
from lowhaul.executed_tables import EXECUTED
from lowhaul.findings import Finding, Findings
from lowhaul.reading import read_csv_file
from lowhaul.result_tables import LEG_COLUMNS
from lowhaul.tables import read_table
from routing.distances import Distances
from scenarios.footprint import footprint_file
from scenarios.footprint.explain import NoSuchLine, explain_line
from scenarios.footprint.totals import coverage_of, summed_elements, tocs_of
from scenarios.footprint.ways import PlaceNames, ways_of
from scenarios.footprint.words import WORDS
from tests.scenarios.footprint_files import (
    CHAIN,
    HUB,
    LEG,
    ROAD,
    SEA,
    count,
    tces,
    totals,
    write_pack,
    write_rows,
)
from tests.scenarios.small_project import write_small_project

EXAMPLE = Path(__file__).parent / "data_footprint" / "executed_2026.csv"


def rejected(folder: Path, *rows: Any, pack: Any = (ROAD,)) -> list[Finding]:
    """The errors that refuse such a file; nothing may have been written."""
    with pytest.raises(InputRejected) as raised:
        count(folder, [dict(row) for row in rows], *pack)
    assert not (folder / "out").exists()
    return [f for f in raised.value.findings if f.severity == "error"]


def warned(result: Any) -> set[str]:
    return {f.code for f in result.findings}


def test_a_chain_by_hand(tmp_path: Path) -> None:
    """Road 1,000 t-km x 80 g = 80 kg (TTW 60); sea 5,000 km x 2 TEU x 80 g = 800 kg (TTW 700);
    the hub between them 2 TEU x 5 kg = 10 kg (TTW 8): 890 kg, TTW 768, WTT 122."""
    result = count(tmp_path, CHAIN)
    s = result.summary
    assert (s["co2e_wtw_kg"], s["co2e_ttw_kg"], s["co2e_wtt_kg"]) == (890.0, 768.0, 122.0)
    assert s["transport_activity_tkm"] == 51_000.0
    assert s["basis"] == "executed"
    assert (s["legs"], s["elements"], s["shipments"]) == (2, 3, 1)
    assert s["co2e_coverage_transport"] == s["co2e_coverage_hubs"] == 1.0
    assert s["wording"] == "Aligned with ISO 14083:2023; not certified"
    assert s["load_units"] == {"45G1": 1.0}
    rows = tces(tmp_path)
    assert rows["kind"].tolist() == ["transport", "hub", "transport"]
    assert rows["tce_id"].tolist() == ["S1.1", "S1.1-hub", "S1.2"]
    assert rows["co2e_wtw_kg"].tolist() == [80, 10, 800]
    assert rows["factor_id"].tolist() == ["ROAD", "HUB", "SEA"]
    assert rows["lane"].tolist() == ["A>Q"] * 3
    assert rows["ghg_scope"].tolist() == [3.4, 3.4, 3.9]
    found = totals(tmp_path).set_index(["by", "name"])["co2e_wtw_kg"]
    assert found["mode"].to_dict() == {"sea": 800, "road": 80, "hub": 10}
    assert found["carrier"].to_dict() == {"L": 800, "H": 80, "": 10}
    assert found["month"].to_dict() == {"2026-01": 90, "2026-02": 800}
    assert found["ghg_scope"].to_dict() == {"3.9": 800, "3.4": 90}
    assert found["lane"].to_dict() == {"A>Q": 890}


def test_every_breakdown_adds_up_to_the_whole(tmp_path: Path) -> None:
    footprint_file(EXAMPLE, tmp_path / "out")
    found = totals(tmp_path)
    whole = found.iloc[0]
    for by in ("mode", "carrier", "lane", "month", "ghg_scope"):
        part = found[found["by"].eq(by)].sum(numeric_only=True)
        for name in ("elements", "not_covered", "activity_tkm", "co2e_wtt_kg", "co2e_wtw_kg"):
            assert part[name] == pytest.approx(whole[name], abs=1e-6), (by, name)
    rows = tces(tmp_path)
    assert rows["co2e_wtw_kg"].sum() == pytest.approx(whole["co2e_wtw_kg"], abs=1e-6)
    parts = rows["co2e_wtt_kg"] + rows["co2e_ttw_kg"]
    assert (parts - rows["co2e_wtw_kg"]).abs().max() < 1e-6


def test_a_row_a_shipment_is_the_same_as_its_legs(tmp_path: Path) -> None:
    """The chain above as one row: 890 kg less the scopes, which a shipment has once."""
    shipment = {
        "shipment_id": "S1", "origin": "A", "via": "P", "destination": "Q", "modes": "road;sea",
        "carriers": "H;L", "distances_km": "100;5000", "distance_basis": "sfd",
        "equipment": "40HC", "load_units": 1, "mass_kg": 10_000, "depart": "2026-01-05",
    }  # fmt: skip
    result = count(tmp_path, [shipment])
    assert result.summary["co2e_wtw_kg"] == 890.0
    assert tces(tmp_path)["source_row"].tolist() == [2, 2, 2]
    assert tces(tmp_path)["carrier"].fillna("").tolist() == ["H", "", "L"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"via": "P;R"}, "via"),
        ({"carriers": "H;L;M"}, "carriers"),
        ({"distances_km": "100"}, "distances_km"),
        ({"modes": "road;ship"}, "modes"),
        ({"mass_kg": -1}, "mass_kg"),
        ({"distances_km": "100;0"}, "distances_km"),
        ({"vehicles": "lorry;"}, "vehicles"),
    ],
)
def test_a_shipment_whose_lists_do_not_fit(
    tmp_path: Path, change: dict[str, Any], column: str
) -> None:
    shipment = {
        "shipment_id": "S1", "origin": "A", "via": "P", "destination": "Q", "modes": "road;sea",
        "distances_km": "100;5000", "equipment": "40HC", "load_units": 1, "mass_kg": 10_000,
    }  # fmt: skip
    found = rejected(tmp_path, shipment | change)
    assert {(f.row, f.column) for f in found} == {(2, column)}


def test_workbooks_and_parquet_hold_the_same(tmp_path: Path) -> None:
    whole = count(tmp_path, CHAIN).summary["co2e_wtw_kg"]
    frame = pd.DataFrame(list(CHAIN))
    frame.to_parquet(tmp_path / "e.parquet")
    with pd.ExcelWriter(tmp_path / "e.xlsx") as book:
        pd.DataFrame({"note": ["not this sheet"]}).to_excel(book, sheet_name="about", index=False)
        frame.to_excel(book, sheet_name="executed", index=False)
    for name in ("e.parquet", "e.xlsx"):
        again = footprint_file(tmp_path / name, tmp_path / "o", factors=tmp_path / "pack.csv")
        assert again.summary["co2e_wtw_kg"] == whole


BAD = [
    ({"vehicle": "artic_gt3"}, "E372", "vehicle", "artic_gt33"),
    ({"vehicle": "container_average"}, "E372", "vehicle", "mode sea"),
    ({"energy": "disel"}, "E373", "energy", "diesel"),
    ({"distance_km": ""}, "E201", "from", "UN/LOCODE"),
    ({"distance_km": 0}, "E370", "distance_km", "leave the cell blank"),
    ({"distance_km": "", "from": "Munich, DE", "to": "Munih, DE"}, "E201", "to", ""),
    ({"mode": "inland_waterway", "distance_km": "", "from": "CNSHA", "to": "NLRTM"}, "E370",
     "distance_km", ""),
    ({"mass_kg": -5}, "E121", "mass_kg", "at least 0"),
    ({"mass_kg": ""}, "E101", "mass_kg", "goods and packaging"),
    ({"mass_kg": "ten"}, "E102", "mass_kg", "kg"),
    ({"mode": "raod"}, "E106", "mode", "road"),
    ({"co2e_wtw_g": 80, "co2e_per": "tonne_km"}, "E106", "co2e_per", "tkm"),
    ({"co2e_wtw_g": 80, "co2e_per": "teukm"}, "E106", "co2e_per", "teu_km"),
    ({"co2e_wtw_g": 80}, "E334", "co2e_per", "tkm"),
    ({"co2e_wtw_g": 80, "co2e_per": "vehicle_km"}, "E334", "co2e_per", "tkm"),
    ({"co2e_per": "tkm"}, "E336", "co2e_wtw_g", ""),
    ({"co2e_wtw_g": 80, "co2e_ttw_g": 90, "co2e_per": "tkm"}, "E335", "co2e_ttw_g", "whole"),
    ({"co2e_wtw_kg": 80, "co2e_ttw_kg": 90}, "E335", "co2e_ttw_kg", "whole"),
    ({"co2e_ttw_kg": 90}, "E336", "co2e_wtw_kg", ""),
    ({"co2e_wtw_kg": 80, "co2e_ttw_kg": 60, "co2e_wtt_kg": 30}, "E336", "co2e_wtt_kg", ""),
    ({"co2e_wtw_kg": 80, "co2e_wtw_g": 80, "co2e_per": "tkm"}, "E336", "co2e_wtw_kg", ""),
    ({"co2e_wtw_g": 80, "co2e_per": "tkm", "co2e_gwp": "AR5;AR6"}, "E106", "co2e_gwp", "AR5"),
    ({"co2e_wtw_g": 80, "co2e_per": "tkm", "co2e_slope_g_per_tkm": 5}, "E336",
     "co2e_slope_g_per_tkm", "vehicle_km"),
    ({"equipment": "40HCC"}, "E204", "equipment", "40HC"),
    ({"service": "container"}, "E101", "equipment", "40HC"),
    ({"kind": "hub"}, "E371", "kind", ""),
    ({"mode": "hub"}, "E371", "to", ""),
    ({"depart": "5.1.2026"}, "E104", "depart", "2026-01-05"),
    ({"incoterm": "FOBB"}, "E106", "incoterm", "FOB"),
    ({"paid_by": "me"}, "E106", "paid_by", "us"),
    ({"empty_distance_factor": 40}, "E107", "empty_distance_factor", "0.95"),
    ({"distance_basis": "sdf"}, "E106", "distance_basis", "sfd"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "column", "hint"), BAD)
def test_bad_input_is_named_with_its_cell(
    tmp_path: Path, change: dict[str, Any], code: str, column: str, hint: str
) -> None:
    found = rejected(tmp_path, LEG, LEG | change, pack=(SEA,))  # type: ignore[operator]
    assert (code, 3, column) in {(f.code, f.row, f.column) for f in found}, found
    assert all(f.row == 3 for f in found)
    assert any(hint in f.hint + f.message for f in found if f.code == code)


def test_the_same_row_without_its_fault_is_counted(tmp_path: Path) -> None:
    assert count(tmp_path, [LEG], ROAD).summary["co2e_wtw_kg"] == 80.0


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    rows = [LEG | change for change, *_ in BAD]  # type: ignore[operator]
    found = rejected(tmp_path, *rows, pack=(SEA,))
    assert {f.row for f in found} == set(range(2, len(BAD) + 2))


def test_a_word_that_no_column_has(tmp_path: Path) -> None:
    row = {name: cell for name, cell in LEG.items() if name != "mass_kg"} | {"masskg": 1}
    found = rejected(tmp_path, row)
    assert {f.code for f in found} == {"E014", "E101"}
    assert "mass_kg" in found[0].hint


def test_a_biofuel_may_have_more_tank_to_wheel_than_all(tmp_path: Path) -> None:
    """The crop has bound carbon: WTW 20 g, TTW 70 g, WTT -50 g for 1,000 t-km."""
    row = {"co2e_wtw_g": 20, "co2e_ttw_g": 70, "co2e_per": "tkm", "energy": "hvo"}
    s = count(tmp_path, [LEG | row]).summary  # type: ignore[operator]
    assert (s["co2e_wtw_kg"], s["co2e_ttw_kg"], s["co2e_wtt_kg"]) == (20.0, 70.0, -50.0)


def test_load_units_are_asked_for_where_the_figure_counts_them(tmp_path: Path) -> None:
    row = LEG | {"service": "ftl", "vehicle": "artic_gt33"}  # type: ignore[operator]
    found = rejected(tmp_path, row, pack=(SEA,))
    assert [(f.code, f.row, f.column) for f in found] == [("E374", 2, "load_units")]
    assert count(tmp_path, [row], ROAD).summary["co2e_wtw_kg"] == 80.0  # per t-km: none needed


def test_teu_alone_are_enough_at_sea(tmp_path: Path) -> None:
    """3 TEU x 1,000 km x 80 g = 240 kg."""
    row = {"mode": "sea", "from": "P", "to": "Q", "teu": 3, "mass_kg": 1, "distance_km": 1000,
           "distance_basis": "sfd"}  # fmt: skip
    assert count(tmp_path, [row]).summary["co2e_wtw_kg"] == 240.0


def test_what_has_no_factor_is_listed_and_lowers_the_coverage(tmp_path: Path) -> None:
    """Road 1,000 t-km is covered, the barge's 3,000 are not: 25 %, and no cell says 0."""
    barge = LEG | {"mode": "inland_waterway", "distance_km": 300}  # type: ignore[operator]
    result = count(tmp_path, [LEG, barge])
    s = result.summary
    assert s["co2e_wtw_kg"] == 80.0
    assert s["co2e_coverage_transport"] == 0.25
    assert s["wording"] == "ISO 14083 rules applied; 1 element not covered"
    assert s["intensity_wtw_g_per_tkm"] == 80.0
    assert [(f.code, f.row) for f in result.findings if f.code == "W370"] == [("W370", 3)]
    line = (tmp_path / "out" / "tces.csv").read_text("utf-8").splitlines()[2]
    cells = dict(zip(tces(tmp_path).columns, line.split(","), strict=True))
    assert [cells[f"co2e_{part}_kg"] for part in ("wtt", "ttw", "wtw")] == ["", "", ""]
    assert cells["covered"] == "no"


def test_a_figure_on_the_great_circle_needs_the_places(tmp_path: Path) -> None:
    """Nobody knows where A and B are: no great circle, no CO2e, and not the driven km instead."""
    circle = ROAD | {"distance_basis": "gcd"}  # type: ignore[operator]
    result = count(tmp_path, [LEG], circle)
    assert result.summary["co2e_wtw_kg"] is None
    (finding,) = [f for f in result.findings if f.code == "W370"]
    assert "great-circle kilometres" in finding.message
    near = LEG | {"from": "NLRTM", "to": "Munich, DE"}  # type: ignore[operator]
    assert count(tmp_path, [near], circle).summary["co2e_wtw_kg"] > 0


def test_nothing_known_is_said_and_not_zero(tmp_path: Path) -> None:
    s = count(tmp_path, [LEG | {"mode": "inland_waterway"}], SEA).summary  # type: ignore[operator]
    assert s["co2e_wtw_kg"] is None
    assert "No element has an emission figure" in (tmp_path / "out/footprint.html").read_text()


def test_a_hub_between_modes_is_missed_where_nobody_names_it(tmp_path: Path) -> None:
    result = count(tmp_path, CHAIN, ROAD, SEA)
    assert result.summary["co2e_coverage_hubs"] == 0.0
    assert result.summary["wording"].endswith("1 element not covered")
    assert "W370" in warned(result)


def test_a_hub_that_the_file_names_is_not_added_again(tmp_path: Path) -> None:
    """Its own 25 kg count, and no second passage of P."""
    hub = {"shipment_id": "S1", "mode": "hub", "from": "P", "to": "P", "mass_kg": 10_000,
           "co2e_wtw_kg": 25, "co2e_ttw_kg": 5, "paid_by": "us"}  # fmt: skip
    result = count(tmp_path, [CHAIN[0], hub, CHAIN[1]])
    assert result.summary["co2e_wtw_kg"] == 905.0
    assert tces(tmp_path)["kind"].tolist() == ["transport", "hub", "transport"]


def test_legs_that_do_not_join_are_named(tmp_path: Path) -> None:
    gap = CHAIN[1] | {"from": "R"}  # type: ignore[operator]
    result = count(tmp_path, [CHAIN[0], gap])
    assert [(f.row, f.column) for f in result.findings if f.code == "W375"] == [(3, "from")]
    assert "hub" not in tces(tmp_path)["kind"].tolist()


def test_the_empty_way_of_a_box_is_asked_for_and_counted(tmp_path: Path) -> None:
    """The default curve holds no empty running: 50 km empty are an element of their own."""
    haul = CHAIN[0]
    silent = count(tmp_path, [haul], SEA)
    assert "W371" in warned(silent)
    told = count(tmp_path, [haul | {"empty_km": 0}], SEA)  # type: ignore[operator]
    assert "W371" not in warned(told)
    assert told.summary["co2e_wtw_kg"] == silent.summary["co2e_wtw_kg"]
    driven = count(tmp_path, [haul | {"empty_km": 50}], SEA)  # type: ignore[operator]
    assert "W371" not in warned(driven)
    rows = tces(tmp_path)
    assert rows["kind"].tolist() == ["transport", "empty"]
    assert rows["tce_id"].tolist() == ["S1.1", "S1.1"]
    # 50 km x (151.78 + 647.34 + (5.667 + 23.626) x 3.94 t) g, from the DESNZ curve
    assert rows["co2e_wtw_kg"].iloc[1] == pytest.approx(50 * 0.91453442, abs=0.0005)
    assert tces(tmp_path)["activity_tkm"].iloc[1] == 0


def test_the_empty_share_of_a_trailer(tmp_path: Path) -> None:
    """20 % of all kilometres empty: a quarter of an empty kilometre for each laden one."""
    row = LEG | {"service": "ftl", "load_units": 1, "vehicle": "artic_gt33", "actual_km": 105}  # type: ignore[operator]
    silent = count(tmp_path, [row], SEA)
    assert "W371" in warned(silent)
    told = count(tmp_path, [row | {"empty_distance_factor": 0.2}], SEA)
    assert "W371" not in warned(told)
    more = told.summary["co2e_wtw_kg"] - silent.summary["co2e_wtw_kg"]
    assert more == pytest.approx(0.25 * 105 * 0.79912, abs=0.001)


def test_two_gwps_are_told(tmp_path: Path) -> None:
    other = {"co2e_wtw_g": 70, "co2e_per": "tkm", "co2e_gwp": "AR6"}
    result = count(tmp_path, [LEG, LEG | other])  # type: ignore[operator]
    (finding,) = [f for f in result.findings if f.code == "W337"]
    assert (finding.row, finding.column, finding.value) == (3, "co2e_gwp", "AR6")
    assert result.summary["gwp"] == ["AR5", "AR6"]
    assert "W337" not in warned(count(tmp_path, [LEG, LEG]))


def test_own_kilograms_count_as_they_stand(tmp_path: Path) -> None:
    row = {"co2e_wtw_kg": 12.345, "co2e_ttw_kg": 10, "data_type": "primary"}
    s = count(tmp_path, [LEG, LEG | row]).summary  # type: ignore[operator]
    assert s["co2e_wtw_kg"] == 92.345
    assert s["data_types_tkm"] == {"primary": 0.5, "modelled": 0.5, "default": 0.0}
    assert s["primary_share_co2e"] == pytest.approx(12.345 / 92.345, abs=1e-6)


@pytest.mark.parametrize(
    ("cells", "scope"),
    [
        ({"paid_by": "us"}, "3.4"),
        ({"paid_by": "other"}, ""),
        ({"paid_by": "other", "flow": "outbound"}, "3.9"),
        ({"paid_by": "other", "flow": "inbound"}, "3.4"),
        ({"flow": "transfer"}, "3.4"),
        ({"flow": "outbound", "incoterm": "DAP"}, "3.4"),
        ({"flow": "outbound", "incoterm": "EXW"}, "3.9"),
        ({"own_vehicle": "yes"}, "1"),
        ({"own_vehicle": "yes", "energy": "electricity", "co2e_wtw_kg": 5, "co2e_ttw_kg": 0}, "2"),
        ({"ghg_scope": "3.9", "paid_by": "us"}, "3.9"),
        ({}, ""),
    ],
)
def test_the_scope_3_category(tmp_path: Path, cells: dict[str, Any], scope: str) -> None:
    result = count(tmp_path, [LEG | cells])  # type: ignore[operator]
    found = totals(tmp_path)
    assert found.loc[found["by"].eq("ghg_scope"), "name"].tolist() == [scope]
    assert ("W373" in warned(result)) is (scope == "")


@pytest.mark.parametrize(
    ("term", "scopes"),
    [("FOB", [3.4, 3.9, 3.9]), ("CIF", [3.4, 3.4, 3.9]), ("FCA", [3.9, 3.9, 3.9])],
)
def test_an_incoterm_splits_the_chain_at_its_main_carriage(
    tmp_path: Path, term: str, scopes: list[float]
) -> None:
    """Outbound: FOB sellers pay the pre-carriage, CIF sellers the ship too (Incoterms 2020)."""
    last = CHAIN[0] | {"from": "Q", "to": "Z"}  # type: ignore[operator]
    rows = [row | {"paid_by": "", "flow": "outbound", "incoterm": term}  # type: ignore[operator]
            for row in (*CHAIN, last)]  # fmt: skip
    count(tmp_path, rows)
    found = tces(tmp_path)
    assert found.loc[found["kind"].eq("transport"), "ghg_scope"].tolist() == scopes


def test_scaling_the_pack_scales_the_totals(tmp_path: Path) -> None:
    twice = [row | {"co2e_wtt_g": 2 * row["co2e_wtt_g"], "co2e_ttw_g": 2 * row["co2e_ttw_g"]}  # type: ignore[operator]
             for row in (ROAD, SEA, HUB)]  # fmt: skip
    once = count(tmp_path, CHAIN).summary
    more = count(tmp_path, CHAIN, *twice).summary
    for name in ("co2e_wtw_kg", "co2e_ttw_kg", "co2e_wtt_kg"):
        assert more[name] == 2 * once[name]


def test_a_leg_in_two_parts_is_the_same(tmp_path: Path) -> None:
    parts = [LEG | {"distance_km": km, "to": to, "from": start, "shipment_id": "S"}  # type: ignore[operator]
             for km, start, to in ((37.5, "A", "M"), (62.5, "M", "B"))]  # fmt: skip
    assert count(tmp_path, parts).summary["co2e_wtw_kg"] == 80.0
    assert "hub" not in tces(tmp_path)["kind"].tolist()


def test_its_own_table_read_again_gives_the_same_total(tmp_path: Path) -> None:
    """tces.csv has the columns of legs.csv: what was counted once is stated then."""
    first = footprint_file(EXAMPLE, tmp_path / "out").summary
    rows = pd.read_csv(tmp_path / "out" / "tces.csv", dtype="str", keep_default_na=False)
    kept = rows[[c.name for c in LEG_COLUMNS]].to_dict("records")
    again = footprint_file(write_rows(tmp_path / "legs.csv", kept), tmp_path / "again").summary
    for name in ("co2e_wtw_kg", "co2e_ttw_kg", "co2e_wtt_kg", "transport_activity_tkm",
                 "elements", "elements_not_covered", "co2e_coverage_hubs"):  # fmt: skip
        assert again[name] == first[name], name


def test_sums_are_those_of_the_footprint_functions(tmp_path: Path) -> None:
    """tocs.csv, coverage and shares, all at once, as element after element gives them."""
    footprint_file(EXAMPLE, tmp_path / "out")
    rows = tces(tmp_path)
    for name in ("proxy", "covered", "assumed"):
        rows[name] = rows[name].eq("yes")
    for name in ("factor_id", "toc_id", "data_type", "gwp"):
        rows[name] = rows[name].fillna("").astype("category")
    elements = [element_of_row(row, gwp=row["gwp"]) for row in rows.to_dict("records")]
    assert [tuple(r) for r in tocs_of(rows).itertuples(index=False)] == [
        tuple(vars(toc).values()) for toc in toc_rows(elements)
    ]
    by_hand, found = coverage(elements), coverage_of(rows, ())
    assert (found.transport, found.hubs) == (by_hand.transport, by_hand.hubs)
    assert found.not_covered == by_hand.not_covered
    some = data_shares(summed_elements(rows))
    for kind, share in data_shares(elements).by_co2e.items():
        assert some.by_co2e[kind] == pytest.approx(share, abs=1e-9)


def read(folder: Path, *rows: Any) -> TableData:
    file = write_rows(folder / "e.csv", rows)
    findings = Findings()
    raw = read_csv_file(file, file.name, findings)
    assert raw is not None
    data = read_table(EXECUTED, raw, findings)
    data.frame["kind"] = "transport"
    assert not findings.errors
    return data


WAYS = {"road": ("NLRTM", "Munich, DE"), "sea": ("CNSHA", "NLRTM"), "rail": ("DEHAM", "ITGOA"),
        "air": ("Munich, DE", "Hefei, CN")}  # fmt: skip


@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(WAYS)),
            st.none() | st.integers(1, 30_000_000).map(lambda m: m / 1000),
            st.sampled_from(["actual", "sfd", "gcd"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_kilometres_are_those_of_the_distance_rules(
    tmp_path: Path, legs: list[tuple[str, float | None, str]]
) -> None:
    """Given kilometres carried to the other bases all at once, to the metre."""
    data = read(
        tmp_path,
        *(
            {"mode": mode, "from": WAYS[mode][0], "to": WAYS[mode][1], "mass_kg": 1,
             "distance_km": "" if km is None else km, "distance_basis": basis}
            for mode, km, basis in legs
        ),
    )  # fmt: skip
    ways = ways_of(data, Findings(), {})
    names = PlaceNames({})
    places = {text: names.find(text) for pair in WAYS.values() for text in pair}
    one_by_one = Distances(places)  # type: ignore[arg-type]
    for i, (mode, km, basis) in enumerate(legs):
        leg = one_by_one.leg(*WAYS[mode], mode, km, basis)
        found = (ways.sfd_km[i], ways.gcd_km[i], ways.actual_km[i])
        assert found == (leg.sfd_km, leg.gcd_km, leg.actual_km)


def test_a_measured_leg_names_its_source(tmp_path: Path) -> None:
    row = {"mode": "sea", "from": "CNSHA", "to": "NLRTM", "mass_kg": 1000}
    count(tmp_path, [row])
    assert "searoute" in tces(tmp_path)["distance_source"].iloc[0]


def test_a_way_shorter_than_the_great_circle_is_doubted(tmp_path: Path) -> None:
    row = {"mode": "sea", "from": "CNSHA", "to": "NLRTM", "mass_kg": 1000, "distance_km": 500}
    assert "W374" in warned(count(tmp_path, [row]))


def grams_of(text: str) -> list[float]:
    return [float(kg) for kg in re.findall(r"to the gram +WTW ([0-9.]+) kg", text)]


def test_every_sheet_ends_in_the_grams_of_the_table(tmp_path: Path) -> None:
    footprint_file(EXAMPLE, tmp_path / "out")
    rows = tces(tmp_path)
    for number in rows["source_row"].unique():
        sheets = explain_line(EXAMPLE, str(number))
        want = rows[rows["source_row"].eq(number)]
        assert [s.tce_id for s in sheets] == want["tce_id"].tolist()
        known = want["co2e_wtw_kg"].dropna().tolist()
        assert [kg for s in sheets for kg in grams_of(s.text())] == known
        assert [s.co2e_ttw_kg for s in sheets if s.co2e_ttw_kg is not None] == (
            want["co2e_ttw_kg"].dropna().tolist()
        )


def test_a_sheet_names_source_licence_and_steps() -> None:
    text = explain_line(EXAMPLE, "S1.1")[0].text()
    for words in ("Open Government Licence v3.0", "UK DESNZ", "41 t x 457.143 km", "3.94 t tare",
                  "WTT  ", "TTW  ", "mass_kg         41000"):  # fmt: skip
        assert words in text


def test_a_line_that_is_not_there() -> None:
    with pytest.raises(NoSuchLine, match="rows are 2 to 6"):
        explain_line(EXAMPLE, "77")


def test_positions_are_those_of_laden_legs(tmp_path: Path) -> None:
    rows = [LEG | {"shipment_id": "S", "seq": 1}, LEG | {"shipment_id": "S", "seq": 1}]  # type: ignore[operator]
    assert [(f.code, f.row) for f in rejected(tmp_path, *rows)] == [("E112", 3)]
    half = [rows[0], LEG | {"shipment_id": "S", "from": "B", "to": "C"}]  # type: ignore[operator]
    assert [(f.code, f.row) for f in rejected(tmp_path, *half)] == [("E101", 3)]


def test_a_project_gives_places_distances_and_hub_values(tmp_path: Path) -> None:
    """5 t re-stuffed at SZ-HUB x 1.2 kg = 6 kg (example value of the project's locations)."""
    write_small_project(tmp_path / "p")
    rows = [
        {"shipment_id": "S", "mode": "road", "from": "CZ-PLANT", "to": "SZ-HUB", "mass_kg": 5000,
         "carrier": "X"},
        {"shipment_id": "S", "mode": "sea", "from": "SHANGHAI", "to": "CNSHA", "mass_kg": 5000,
         "distance_km": 10},
        {"shipment_id": "T", "mode": "hub", "from": "SZ-HUB", "to": "SZ-HUB", "mass_kg": 5000},
    ]  # fmt: skip
    file = write_rows(tmp_path / "e.csv", rows)
    with pytest.raises(InputRejected, match='No place "CZ-PLANT" is known'):
        footprint_file(file, tmp_path / "out")
    footprint_file(file, tmp_path / "out", project=tmp_path / "p")
    found = tces(tmp_path)
    assert found["to"].tolist() == ["SZ-HUB", "SHANGHAI", "SZ-HUB"]
    assert found["actual_km"].iloc[0] > 60
    assert found["co2e_wtw_kg"].iloc[2] == 6.0


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["footprint", *words])


def test_the_command_says_what_it_found(tmp_path: Path) -> None:
    ran = run(str(EXAMPLE), "--out", str(tmp_path / "o"))
    assert ran.exit_code == 0, ran.output
    wtw = json.loads((tmp_path / "o/summary.json").read_text())["co2e_wtw_kg"]
    assert f"{wtw / 1000:.3f} t CO2e well-to-wheel" in ran.stdout
    assert "W370" in ran.stderr
    files = {p.name for p in (tmp_path / "o").iterdir()}
    assert files == {"tces.csv", "totals.csv", "tocs.csv", "summary.json", "findings.csv",
                     "footprint.html"}  # fmt: skip
    assert run(str(EXAMPLE), "--out", str(tmp_path / "o"), "--strict").exit_code == 8


def test_json_is_the_summary_with_the_findings(tmp_path: Path) -> None:
    ran = run(str(EXAMPLE), "--out", str(tmp_path / "o"), "--json")
    told = json.loads(ran.stdout)
    assert told["exit_code"] == 0
    assert (
        told["co2e_wtw_kg"] == json.loads((tmp_path / "o/summary.json").read_text())["co2e_wtw_kg"]
    )
    assert told["findings"][0]["code"] == "W370"
    sheet = json.loads(run(str(EXAMPLE), "--explain", "3", "--json").stdout)
    assert sheet["elements"][0]["co2e_wtw_kg"] == 6396.0


def test_exit_codes(tmp_path: Path) -> None:
    bad = write_rows(tmp_path / "bad.csv", [LEG | {"mass_kg": -1}])  # type: ignore[operator]
    ran = run(str(bad), "--out", str(tmp_path / "o"))
    assert ran.exit_code == 3
    assert "E121" in ran.stderr
    assert not (tmp_path / "o").exists()
    assert run(str(EXAMPLE)).exit_code == 2
    assert run(str(EXAMPLE), "--explain", "99").exit_code == 7
    empty = write_rows(tmp_path / "empty.csv", [], ["mode", "from", "to"])
    assert run(str(empty), "--out", str(tmp_path / "o")).exit_code == 3


def test_old_results_and_other_files_stay_where_the_input_is_refused(tmp_path: Path) -> None:
    count(tmp_path, CHAIN)
    (tmp_path / "out" / "mine.txt").write_text("mine")
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    with pytest.raises(InputRejected):
        count(tmp_path, [LEG | {"mass_kg": -1}])  # type: ignore[operator]
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before
    assert [p.name for p in tmp_path.glob(".out*")] == []


def test_a_pack_with_faults_is_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "p.csv", ROAD | {"co2e_ttw_g": ""})  # type: ignore[operator]
    file = write_rows(tmp_path / "e.csv", [LEG])
    with pytest.raises(InputRejected, match=r"E170 p\.csv, row 2, co2e_ttw_g"):
        footprint_file(file, tmp_path / "out", factors=pack)


def test_nothing_in_the_page_or_the_tables_is_run(tmp_path: Path) -> None:
    row = LEG | {"carrier": "<img src=x onerror=alert(1)", "bid_id": "=1+1"}  # type: ignore[operator]
    count(tmp_path, [row | {"shipment_id": "@x"}])
    page = (tmp_path / "out" / "footprint.html").read_text("utf-8")
    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;img src=x" in page
    assert "http://" not in page
    assert "default-src &#39;none&#39;" in page
    table = (tmp_path / "out" / "tces.csv").read_text("utf-8")
    assert ",'=1+1," in table
    assert ",'@x," in table


@pytest.mark.parametrize("lang", sorted(WORDS))
def test_the_page_in_its_languages(tmp_path: Path, lang: str) -> None:
    count(tmp_path, CHAIN, lang=lang)
    page = (tmp_path / "out" / "footprint.html").read_text("utf-8")
    assert f'<h2 id="h-sound">{WORDS[lang]["quality"]}</h2>' in page
    assert "Aligned with ISO 14083:2023; not certified" in page
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S)


def test_every_language_has_every_word() -> None:
    english = WORDS["en"]
    for words in WORDS.values():
        assert set(words) == set(english)
        for key, text in words.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def test_the_benchmark_runs_small() -> None:
    from benchmarks.footprint import invented_legs, measure

    assert invented_legs(300, 1).equals(invented_legs(300, 1))
    run = measure(300, 1)
    assert run["elements"] > 300  # type: ignore[operator]
    assert run["co2e_wtw_kg"] > 0  # type: ignore[operator]
