"""A zoo of bad inputs: each trap is found, in its cell, with code and hint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lowhaul.errors import InputRejected
from lowhaul.findings import Finding
from scenarios.inputs import load_project
from tests.scenarios.small_project import rows_as_csv, small_tables, write_small_project


def findings_of(folder: Path) -> tuple[Finding, ...]:
    try:
        return load_project(folder).findings
    except InputRejected as rejected:
        return rejected.findings


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    found = [f for f in findings if f.code == code]
    assert found, f"no {code} among:\n" + "\n".join(map(str, findings))
    return found[0]


LANES = {"lane_id": "L1", "origin": "SHANGHAI", "destination": "ROTTERDAM"}
EQUIPMENT = {"equipment": "T1", "inner_length_mm": 13620, "inner_width_mm": 2480,
             "inner_height_mm": 2700, "tare_kg": 6500, "payload_kg": 24000, "teu": 0}  # fmt: skip
FACTOR = {"factor_id": "F", "mode": "rail", "co2e_wtt_g": 2, "co2e_ttw_g": 9, "per": "tkm",
          "includes_empty": "yes", "distance_basis": "sfd", "gwp": "AR5", "data_type": "default",
          "source": "x", "version": "1", "licence": "own"}  # fmt: skip
TIER = {"carrier": "BLUE", "from_volume": 10, "discount_percent": 3}
CHARGE = {"charge_code": "X", "amount": 1, "currency": "EUR", "rate_basis": "bl"}
FIRST = {
    "lanes": LANES, "equipment": EQUIPMENT, "factors": FACTOR, "bid_charges": {"bid_id": "S1"},
    "distances": {"from": "CZ-PLANT", "to": "SHANGHAI", "mode": "road", "distance_km": 200,
                  "basis": "actual", "source": "x"},
    "wanted": {"wanted_id": "W", "equipment": "40HC", "location": "CZ-PLANT", "line": "BLUE",
               "quantity": 1, "from_date": "2026-01-05", "to_date": "2026-01-09",
               "port": "SHANGHAI"},
    "bid_tiers": TIER,
    "bid_bundles": {"bundle_id": "B", "bid_ids": "S1;S2", "discount_percent": 2},
    "tender_rules": {"rule": "max_carriers", "value": 2},
    "decisions": {"level": "order", "key": "O1", "action": "fix", "reason": "x"},
    "fuel_index": {"table_id": "D", "date": "2026-01-01", "index": 1.5},
    "fuel_tables": {"table_id": "D", "index_from": 1, "index_to": 2, "surcharge_percent": 3},
}  # fmt: skip

# table, position of the row, changed cells, code, column of the finding, part of the hint
TRAPS: list[tuple[str, int, dict[str, Any], str, str, str]] = [
    # one cell: format, bounds, choices
    ("orders", 0, {"sku": ""}, "E101", "sku", "Wanted"),
    ("orders", 1, {"quantity": "1,5"}, "E102", "quantity", "1.5"),
    ("products", 0, {"net_mass_kg": "1.234,5"}, "E102", "net_mass_kg", "1234.5"),
    ("products", 0, {"net_mass_kg": "28 kg"}, "E102", "net_mass_kg", "kg"),
    ("baseline", 0, {"load_rate": "85%"}, "E102", "load_rate", "0 to 1"),
    ("bids", 0, {"rate": "inf"}, "E102", "rate", "digits"),
    ("bids", 0, {"rate": "１２"}, "E102", "rate", "digits"),
    ("orders", 0, {"quantity": "12.5"}, "E103", "quantity", "whole"),
    ("orders", 0, {"ready_date": "31.01.2026"}, "E104", "ready_date", "2026-01-31"),
    ("orders", 0, {"ready_date": "2026-02-30"}, "E104", "ready_date", "YYYY-MM-DD"),
    ("orders", 0, {"ready_date": "46112"}, "E104", "ready_date", "day number"),
    ("orders", 0, {"ready_date": "2026-01-31T12:00:00"}, "E104", "ready_date", "2026-01-31"),
    ("orders", 0, {"due_date": "0001-01-01"}, "E107", "due_date", "1990"),
    ("orders", 3, {"splittable": "nope"}, "E105", "splittable", "yes or no"),
    ("orders", 0, {"flow": "outbond"}, "E106", "flow", '"outbound"'),
    ("locations", 0, {"kind": "factory"}, "E106", "kind", "plant, warehouse"),
    ("bids", 0, {"departure_days": "mon;tues"}, "E106", "departure_days", '"tue"'),
    ("bids", 0, {"mode": "raod"}, "E106", "mode", '"road"'),
    ("bids", 0, {"rate_basis": "conteiner"}, "E106", "rate_basis", '"container"'),
    ("bids", 0, {"volume_unit": "boxes"}, "E106", "volume_unit", "load_unit"),
    ("orders", 0, {"quantity": "0"}, "E107", "quantity", "at least 1"),
    ("locations", 0, {"lat": "95"}, "E107", "lat", "at most 90"),
    ("bids", 0, {"rate": "9e99"}, "E107", "rate", "at most"),
    ("baseline", 0, {"share": "1.5"}, "E107", "share", "at most 1"),
    ("orders", 0, {"order_id": "A;B"}, "E108", "order_id", "name"),
    ("orders", 0, {"line": "1/2"}, "E108", "line", "Number"),
    ("products", 0, {"description": "a\x07b"}, "E108", "description", "signs"),
    ("bids", 0, {"currency": "EURO"}, "E109", "currency", "ISO 4217"),
    ("bids", 0, {"currency": "eur"}, "E109", "currency", '"EUR"'),
    ("locations", 0, {"country": "XX"}, "E110", "country", "ISO 3166"),
    ("locations", 3, {"unlocode": "SHANG"}, "W111", "unlocode", "Check"),
    ("locations", 3, {"unlocode": "CNSH"}, "E111", "unlocode", "NLRTM"),
    ("orders", 1, {"order_id": "O1"}, "E112", "order_id", "once"),
    ("packaging", 1, {"packaging_id": "PV-31"}, "E112", "packaging_id", "once"),
    ("packaging", 0, {"gross_mass_kg": "-5"}, "E121", "gross_mass_kg", "above 0"),
    ("packaging", 0, {"packaging_mass_kg": "-5"}, "E121", "packaging_mass_kg", "at least 0"),
    # names that are not there
    ("orders", 0, {"origin": "CZ-PLNT"}, "E201", "origin", '"CZ-PLANT"'),
    ("bids", 9, {"destination": "NLAMS"}, "E201", "destination", "Known"),
    ("baseline", 0, {"via": "SHANGHAI;ROTERDAM"}, "E201", "via", '"ROTTERDAM"'),
    ("bids", 8, {"carrier": "BLU"}, "E202", "carrier", '"BLUE"'),
    ("empties", 0, {"line": "RED"}, "E202", "line", "BLUE"),
    ("carriers", 1, {"interchange_with": "SOC;BLEU"}, "E202", "interchange_with", '"BLUE"'),
    ("packaging", 2, {"sku": "GAER"}, "E203", "sku", '"GEAR"'),
    ("orders", 0, {"sku": "PV-58"}, "E203", "sku", '"PV-580"'),
    ("bids", 8, {"equipment": "40HC;41HC"}, "E204", "equipment", "45HC"),
    ("road_limits", 0, {"equipment": "40 FOOT"}, "E204", "equipment", ""),
    ("bids", 0, {"lane_id": "L2"}, "E205", "lane_id", "L1"),
    ("baseline", 0, {"packaging_id": "PV-13"}, "E206", "packaging_id", "PV-3"),
    ("bid_charges", 0, {"bid_id": "S9"}, "E207", "bid_id", "S"),
    ("distances", 0, {"to": "SHANGHAY"}, "E201", "to", '"SHANGHAI"'),
    # places
    ("locations", 0, {"lat": ""}, "E302", "lat", "both"),
    ("locations", 3, {"unlocode": "CNZZZ"}, "E303", "unlocode", "lat and lon"),
    ("locations", 3, {"unlocode": ""}, "E303", "lat", "lat and lon"),
    ("locations", 3, {"lat": "51.9", "lon": "4.1"}, "W303", "lat", "swapped"),
    ("locations", 2, {"handling_co2e_ttw_kg_per_t": "9"}, "E335", "handling_co2e_ttw_kg_per_t",
     "whole"),
    # goods
    ("packaging", 2, {"status": "candidate"}, "E310", "sku", "packaging"),
    ("packaging", 0, {"gross_mass_kg": "40"}, "W311", "gross_mass_kg", "units x net"),
    ("packaging", 0, {"gross_mass_kg": "1200"}, "W312", "gross_mass_kg", "Check"),
    ("packaging", 0, {"units": "62"}, "W312", "gross_mass_kg", "Check"),
    ("packaging", 0, {"length_mm": "3200", "width_mm": "3500"}, "E313", "sku", "size and mass"),
    ("packaging", 0, {"height_mm": "2650"}, "E313", "sku", "other equipment"),
    ("packaging", 1, {"status": ""}, "W314", "status", "candidate"),
    ("equipment", 0, {"axles_mm": "9000;10300", "axle_limits_kg": "9000"}, "E315",
     "axle_limits_kg", "each axle"),
    ("equipment", 0, {"axles_mm": "9000;10300", "kingpin_mm": "9650"}, "E316", "axles_mm",
     "front support first"),
    ("equipment", 0, {"axles_mm": "9000;900", "kingpin_mm": ""}, "E316", "axles_mm", "front wall"),
    # dates and ways
    ("orders", 0, {"ready_date": "2026-03-21"}, "E320", "ready_date", "due_date"),
    ("orders", 0, {"destination": "CZ-PLANT"}, "E321", "destination", "two places"),
    ("orders", 4, {"destination": "WX-PLANT"}, "E322", "destination", "Add a bid"),
    ("orders", 0, {"ready_date": "2025-10-01", "due_date": "2025-12-01"}, "W323", "due_date",
     "period"),
    ("orders", 0, {"ready_date": "2026-05-01", "due_date": "2026-07-01"}, "W323", "ready_date",
     "period"),
    ("baseline", 1, {"origin": "CZ-PLANT"}, "E324", "share", "several rows"),
    ("baseline", 0, {"modes": "road;sea"}, "E325", "modes", "as many modes"),
    ("empties", 0, {"free_until": "2026-01-01"}, "E326", "available_from", "free_until"),
    ("empties", 0, {"detention_per_day": "-25"}, "E107", "detention_per_day", "0"),
    ("wanted", 0, {"to_date": "2026-01-01"}, "E326", "from_date", "to_date"),
    # bids
    ("bids", 0, {"valid_from": "2026-02-01", "valid_to": "2026-01-31"}, "E330", "valid_from",
     "valid_to"),
    ("bids", 0, {"weight_from_kg": "9", "weight_to_kg": "8"}, "E331", "weight_from_kg", "above"),
    ("bids", 0, {"rate_basis": "ldm"}, "E332", "rate_basis", "container, teu"),
    ("bids", 8, {"rate_basis": "percent"}, "E332", "rate_basis", "container"),
    ("bids", 8, {"service": "lcl"}, "E332", "rate_basis", "m3, wm"),
    ("bids", 8, {"service": "air", "rate_basis": "kg"}, "E333", "service", "air goes by air"),
    ("bids", 9, {"co2e_per": ""}, "E334", "co2e_per", "tkm"),
    ("bids", 9, {"co2e_ttw_g": "81"}, "E335", "co2e_ttw_g", "whole"),
    ("bids", 9, {"co2e_slope_g_per_tkm": "5"}, "E336", "co2e_slope_g_per_tkm", "vehicle_km"),
    ("bids", 9, {"co2e_gwp": "AR6"}, "W337", "co2e_gwp", "one assessment"),
    ("bids", 8, {"volume_unit": "t"}, "E338", "volume_unit", "load_unit or teu"),
    ("bid_charges", 0, {"bid_id": ""}, "E339", "bid_id", "carrier"),
    ("bid_charges", 0, {"carrier": "GREEN"}, "E339", "carrier", "correct"),
    ("bid_charges", 1, {"carrier": "EUROAD", "lane_id": "L1"}, "W340", "carrier", "lane_id"),
    ("bid_charges", 1, {"percent_of": "BAZ"}, "E341", "percent_of", "BAS"),
    ("bid_charges", 0, {"rate_basis": "ldm"}, "E332", "rate_basis", "percent, container"),
    ("bids", 8, {"vehicle": "paddle_steamer"}, "W343", "vehicle", "factors"),
    ("bids", 0, {"lane_id": "L1"}, "W344", "origin", "lane_id"),
    ("factors", 0, {"co2e_ttw_g": ""}, "E170", "co2e_ttw_g", "Give 0"),
    ("factors", 0, {"per": "teu"}, "E334", "per", "Hubs"),
    ("factors", 0, {"per": "t-km"}, "E106", "per", '"tkm"'),
    ("factors", 0, {"co2e_ttw_g": "-1"}, "E107", "co2e_ttw_g", "at least 0"),
    ("factors", 0, {"co2e_wtt_g": "-1"}, "E335", "co2e_wtt_g", "never negative"),
    ("factors", 0, {"energy": "desel"}, "W345", "energy", '"diesel"'),
    ("factors", 0, {"mode": "road", "vehicle": "articgt33"}, "W346", "vehicle", '"artic_gt33"'),
    ("bids", 0, {"vehicle": "artic_gt3"}, "W343", "vehicle", "artic_gt33"),
    ("bids", 0, {"vehicle": "artic_gt33", "energy": "desel"}, "W343", "energy", "it: diesel"),
    # money
    ("bids", 8, {"currency": "CNY"}, "E350", "currency", "fx_rates"),
    ("fx_rates", 0, {"date": "2025-12-31"}, "E350", "currency", "fx_rates"),
    # pins
    ("decisions", 0, {"key": "O9", "carrier": "BLUE"}, "E362", "key", "O1/1"),
    ("decisions", 0, {"key": "O1/7", "carrier": "BLUE"}, "E362", "key", '"O1/1"'),
    ("decisions", 0, {"level": "lane", "key": "CNSHA - NLRTM", "carrier": "BLUE"}, "E362", "key",
     "SHANGHAI - ROTTERDAM"),
    ("decisions", 0, {"carrier": "BLUES"}, "E202", "carrier", '"BLUE"'),
    ("decisions", 0, {"bid_id": "S99"}, "E207", "bid_id", "S1"),
    ("decisions", 0, {"via": "SHANGHAI;ROTERDAM"}, "E201", "via", '"ROTTERDAM"'),
    ("decisions", 0, {"booking_ref": "B1"}, "E363", "action", "departure_date"),
    ("decisions", 0, {"action": "forbid", "carrier": "BLUE", "equipment": "40HC"}, "E363",
     "action", "a row for each"),
    ("decisions", 0, {"bid_id": "S1", "carrier": "GREEN"}, "E364", "bid_id", "correct"),
    ("decisions", 0, {"reason": "", "carrier": "BLUE"}, "E101", "reason", "Wanted"),
    # fuel tables
    ("fuel_tables", 0, {"index_to": "3"}, "W368", "table_id", "bid_charges"),
    ("fuel_tables", 0, {"index_to": "1"}, "E366", "index_to", "above index_from"),
    ("fuel_index", 0, {"table_id": "E"}, "E208", "table_id", ""),
    ("bid_charges", 1, {"fuel_table": "D"}, "E208", "fuel_table", ""),
]  # fmt: skip


def with_trap(table: str, position: int, cells: dict[str, Any]) -> dict[str, Any]:
    """The small project's tables with one row changed (and lanes, where the row names one)."""
    tables: dict[str, Any] = small_tables()
    if "lane_id" in cells:
        tables["lanes"] = [LANES]
    rows = tables.setdefault(table, [FIRST.get(table, {})])
    rows[position] = {**rows[position], **cells}
    return tables


@pytest.mark.parametrize("trap", TRAPS, ids=lambda t: f"{t[3]}-{t[0]}-{t[4]}")
def test_each_trap_is_found_in_its_cell(trap: tuple[Any, ...], tmp_path: Path) -> None:
    table, position, cells, code, column, hint = trap
    tables = with_trap(table, position, cells)
    findings = findings_of(write_small_project(tmp_path, **tables))
    found = only(findings, code)
    assert found.severity == ("warning" if code.startswith("W") else "error")
    assert found.column == column
    assert hint.casefold() in found.hint.casefold()
    assert found.message
    if code in ("E310", "E313", "E350", "W344", "W312", "E324", "E201"):
        return  # another row or table of the same trap shows it
    assert (found.file, found.row) == (f"data/{table}.csv", position + 2)
    names = list(dict.fromkeys(n for row in tables[table] for n in row))
    if column in names:
        letter = chr(ord("A") + names.index(column))
        assert found.cell == f"{letter}{position + 2}" or names.index(column) > 25
        assert found.value == str(tables[table][position].get(column, ""))


def test_traps_of_other_rows_are_placed_too(tmp_path: Path) -> None:
    packaging = small_tables()["packaging"]
    packaging[0] = {**packaging[0], "length_mm": 3200, "width_mm": 3500}
    fit = only(findings_of(write_small_project(tmp_path, packaging=packaging)), "E313")
    assert (fit.file, fit.row, fit.value) == ("data/orders.csv", 2, "PV-580")
    assert "3200 x 3500 x 1250 mm" in fit.message


def test_candidates_and_unknown_packagings_do_not_serve_an_order(tmp_path: Path) -> None:
    packaging = small_tables()["packaging"][:2]
    found = only(findings_of(write_small_project(tmp_path, packaging=packaging)), "E310")
    assert (found.file, found.row, found.value) == ("data/products.csv", 3, "GEAR")


def test_an_ambiguous_unlocode_is_refused_with_candidates(tmp_path: Path) -> None:
    tables = small_tables()
    tables["locations"].append({**tables["locations"][3], "location_id": "WAIGAOQIAO"})
    found = only(findings_of(write_small_project(tmp_path, **tables)), "E201")
    assert (found.row, found.value) == (11, "CNSHA")
    assert "SHANGHAI, WAIGAOQIAO" in found.hint


def test_columns_unknown_missing_and_twice(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path)
    path = folder / "data" / "orders.csv"
    header, rest = path.read_text("utf-8").split("\n", 1)
    path.write_text(header.replace("due_date", "due_dat").replace("flow", "sku") + "\n" + rest)
    findings = findings_of(folder)
    unknown = only(findings, "E014")
    assert (unknown.row, unknown.column) == (1, "due_dat")
    assert '"due_date"' in unknown.hint
    assert only(findings, "E013").column == "due_date"
    assert only(findings, "E015").column == "sku"
    assert not [f for f in findings if f.code == "E101"]  # the absent column is told once


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path)
    (folder / "data" / "Order.csv").write_text("a\n1\n")
    (folder / "data" / "notes.txt").write_text("x")
    (folder / "data" / "~$data.xlsx").write_text("x")
    findings = findings_of(folder)
    assert [(f.code, f.severity, f.file) for f in findings] == [
        ("W010", "warning", "data/Order.csv"),
        ("W010", "warning", "data/notes.txt"),
    ]
    assert '"orders"' in findings[0].hint


def test_sheets_that_are_no_tables_or_twice(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path)
    book = openpyxl.Workbook()
    book.active.title = "order"
    book.active.append(["a"])
    book.create_sheet("orders").append(["order_id"])
    book.save(folder / "data" / "data.xlsx")
    findings = findings_of(folder)
    assert (only(findings, "W011").sheet, only(findings, "W011").hint) == (
        "order",
        'Did you mean "orders"?',
    )
    assert only(findings, "E012").file == "data/orders.csv"


def test_a_fault_in_a_workbook_names_sheet_and_cell(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path, fx_rates=None)
    book = openpyxl.Workbook()
    book.active.title = "fx_rates"
    book.active.append(["date", "base", "quote", "rate"])
    book.active.append(["2025-12-01", "EUR", "USD", "1,1"])
    book.save(folder / "data" / "data.xlsx")
    found = only(findings_of(folder), "E102")
    place = (found.file, found.sheet, found.row, found.column, found.cell)
    assert place == ("data/data.xlsx", "fx_rates", 2, "rate", "D2")


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "header"),
        (b"\n\n", "header"),
        ("order_id;sku\nO1;Ü\n".encode(), "commas"),
        ("order_id,sku\nO1,\xdcber\n".encode("latin-1"), "UTF-8"),
        ("order_id,sku\n".encode("utf-16"), "UTF-16"),
        (b'order_id,sku\n"O1,A\nO2,B\n', "never closed"),
    ],
)
def test_files_that_cannot_be_read(data: bytes, part: str, tmp_path: Path) -> None:
    folder = write_small_project(tmp_path)
    (folder / "data" / "orders.csv").write_bytes(data)
    found = only(findings_of(folder), "E011")
    assert found.file == "data/orders.csv"
    assert part in found.message
    assert "E010" not in {f.code for f in findings_of(folder)}


@pytest.mark.parametrize("name", ["orders.parquet", "data.xlsx"])
def test_damaged_binary_files_are_refused(name: str, tmp_path: Path) -> None:
    folder = write_small_project(tmp_path, orders=None)
    (folder / "data" / name).write_bytes(b"PK\x03\x04 not really")
    assert only(findings_of(folder), "E011").file == f"data/{name}"


def test_ragged_rows_keep_the_numbers_of_the_others(tmp_path: Path) -> None:
    folder = write_small_project(tmp_path)
    path = folder / "data" / "products.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[1] = '"PV-580","a\nb",-1,kWp,0.58,'
    lines.insert(2, "short,row")
    lines.insert(2, "")
    path.write_text("\n".join(lines) + "\nEND,x,-2,,,\n", encoding="utf-8")
    findings = findings_of(folder)
    assert only(findings, "E016").row == 4
    assert [f.row for f in findings if f.code == "E121"] == [2, 6]


def test_required_tables(tmp_path: Path) -> None:
    findings = findings_of(write_small_project(tmp_path / "a", bids=None))
    assert only(findings, "E010").file == "data/bids.csv"
    folder = write_small_project(tmp_path / "b")
    (folder / "data" / "orders.csv").write_text(
        rows_as_csv(small_tables()["orders"]).split("\n")[0]
    )
    assert only(findings_of(folder), "E017").file == "data/orders.csv"


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputRejected) as caught:
        load_project(tmp_path / "nowhere")
    assert {f.code for f in caught.value.findings} >= {"E001", "E010"}


def test_the_same_fault_in_many_rows_is_cut(tmp_path: Path) -> None:
    orders = [{**small_tables()["orders"][0], "order_id": f"N{i}", "sku": "?"} for i in range(1500)]
    found = [
        f for f in findings_of(write_small_project(tmp_path, orders=orders)) if f.code == "E203"
    ]
    assert len(found) == 1001
    assert "500 more" in found[-1].message
