"""`lowhaul load`: lists in, checked plans out; every fault named by row and column."""

import csv
import json
from pathlib import Path

import pytest

from loading.check import check_load, errors, placed_from_rows
from loading.clock import Start
from loading.equipment import built_in
from loading.units import Packaging
from lowhaul.errors import InputRejected, UsageError
from lowhaul.result_tables import RESULT_TABLES
from scenarios.load_list import load_file

HEAD = (
    "sku,description,quantity,length_mm,width_mm,height_mm,gross_weight_kg,max_stack_layers,"
    "upright_only,rotate_on_floor,stack_code,load_bearing_kg,ship_from,ship_to,stop,group,not_with,"
    "priority"
)
MODULES = "M54,modules,26,1792,1140,1249,822,2,yes,yes,,1000,CNSHA,DEHAM,,,,"


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def faults(file: Path, **more: object) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputRejected) as caught:
        load_file(file, file.parent / "out", **more)  # type: ignore[arg-type]
    assert not (file.parent / "out").exists()
    return [(f.code, f.row, f.column) for f in caught.value.findings if f.severity == "error"]


def test_a_limit_that_is_over_already_still_gives_a_checked_plan(tmp_path: Path) -> None:
    """3,000 cartons of 60 sizes, started a minute ago with six seconds: all loaded, and it says
    that the time ended the search."""
    rows = [
        f"C{k},carton,50,{300 + 7 * k},{250 + 3 * k},{200 + 5 * k},9,20,no,yes,L,,A,B,,,,"
        for k in range(60)
    ]
    late = Start()
    late = Start(wall=late.wall - 60.0, processor=late.processor)
    result = load_file(written(tmp_path, *rows), tmp_path / "out", seconds=6.0, started=late)
    assert result.summary["handling_units"] == 3_000
    assert result.summary["handling_units_left"] == 0
    assert result.summary["time_limit_reached"]
    assert "the time ended the search" in result.text()
    assert result.summary["seconds"]["plan"] > 60.0
    assert len(table(tmp_path / "out" / "placements.csv")) == 3_000


def test_files_and_figures(tmp_path: Path) -> None:
    """26 pallets on 13 spots: 26 x 822 kg = 21,372 kg in one 40HC."""
    result = load_file(written(tmp_path, MODULES), tmp_path / "out")
    assert result.exit_code == 0
    assert result.summary["load_units"] == {"40HC": 1}
    assert result.summary["status"] == "optimal"
    (load,) = table(tmp_path / "out" / "loads.csv")
    assert (load["equipment"], load["mass_kg"], load["vgm_kg"]) == ("45G1", "21372", "25312")
    assert load["stuffable"] == "yes"
    placements = table(tmp_path / "out" / "placements.csv")
    assert [p["step"] for p in placements] == [str(i + 1) for i in range(26)]
    for name in ("loads", "placements", "unserved", "findings"):
        with (tmp_path / "out" / f"{name}.csv").open(encoding="utf-8") as lines:
            head = lines.readline().strip().split(",")
        assert tuple(head[: len(RESULT_TABLES[name].names)]) == RESULT_TABLES[name].names
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8")) == result.summary
    assert "26 handling units in 1 x 40HC" in result.text()
    assert (tmp_path / "out" / "loads" / "L-0001.html").is_file()


@pytest.mark.parametrize(
    ("size", "pieces", "module_kg", "a_box"),
    [
        ("1792,1140,1249", 37, 21.0, 962),
        ("1792,1140,1249", 37, 24.0, 962),
        ("2338,1140,1251", 36, 31.0, 720),
        ("2308,1140,1249", 37, 27.0, 740),
        ("2396,1110,1251", 36, 32.4, 720),
        ("2396,1110,1251", 36, 28.0, 720),
    ],
)
def test_module_lists(tmp_path: Path, size: str, pieces: int, module_kg: float, a_box: int) -> None:
    """The makers' pieces a 40HC as a load list; 45 kg of packing a pallet are assumed."""
    kg = pieces * module_kg + 45
    row = f"M,modules,{a_box // pieces},{size},{kg},2,yes,yes,,,,,,,,"
    result = load_file(written(tmp_path, row), tmp_path / "out", ["40HC"])
    assert result.summary["load_units"] == {"40HC": 1}
    assert result.summary["status"] == "optimal"


def test_written_tables_pass_the_check(tmp_path: Path) -> None:
    """The files alone are enough to judge the plan again."""
    load_file(written(tmp_path, MODULES), tmp_path / "out")
    pallet = Packaging("M54", "M54", 1, 1792, 1140, 1249, 822.0, 0.0, 2, 1000.0)
    (load,) = table(tmp_path / "out" / "loads.csv")
    placed = placed_from_rows(table(tmp_path / "out" / "placements.csv"), {"M54": pallet})
    totals = {k: v for k, v in load.items() if k.endswith(("_kg", "_use", "_mm", "_units"))}
    assert not errors(check_load("L", built_in()[load["equipment"]], placed, totals=totals))


def test_pages_of_an_earlier_run_go(tmp_path: Path) -> None:
    row = MODULES.replace(",26,", ",60,")
    load_file(written(tmp_path, row), tmp_path / "out")
    assert len(list((tmp_path / "out" / "loads").iterdir())) == 3
    load_file(written(tmp_path, MODULES), tmp_path / "out")
    assert len(list((tmp_path / "out" / "loads").iterdir())) == 1


def test_relations_travel_apart(tmp_path: Path) -> None:
    other = MODULES.replace("M54", "M55").replace("DEHAM", "NLRTM").replace(",26,", ",2,")
    one = MODULES.replace(",26,", ",2,")
    result = load_file(written(tmp_path, one, other), tmp_path / "out")
    assert len(result.loads) == 2
    loads = table(tmp_path / "out" / "loads.csv")
    assert [row["ship_to"] for row in loads] == ["DEHAM", "NLRTM"]


def test_equipment_can_be_named(tmp_path: Path) -> None:
    file = written(tmp_path, MODULES)
    assert load_file(file, tmp_path / "out", ["20GP"]).summary["load_units"] == {"20GP": 5}
    assert load_file(file, tmp_path / "out", ["20gp,45hc"]).summary["load_units"] == {"45HC": 1}
    with pytest.raises(UsageError, match=r'No equipment "40XX"'):
        load_file(file, tmp_path / "out", ["40XX"])


def test_own_weights_must_be_complete(tmp_path: Path) -> None:
    file = written(tmp_path, MODULES)
    by_cost = load_file(file, tmp_path / "out", ["40HC", "20GP"], weights={"40HC": 9, "20GP": 1})
    assert by_cost.summary["load_units"] == {"20GP": 5}
    with pytest.raises(UsageError, match="20GP"):
        load_file(file, tmp_path / "out", ["40HC", "20GP"], weights={"40HC": 9})


def test_road_limit(tmp_path: Path) -> None:
    """20 t of a road limit: 24 pallets of 822 kg, two in a second box."""
    result = load_file(written(tmp_path, MODULES), tmp_path / "out", max_cargo_kg=20_000)
    assert sum(result.summary["load_units"].values()) == 2
    assert all(plan.mass_kg <= 20_000 for plan in result.loads)


def test_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD.split(","))
    sheet.append(["M54", "modules", 4, 1792, 1140, 1249, 822, 2])
    book.save(tmp_path / "list.xlsx")
    result = load_file(tmp_path / "list.xlsx", tmp_path / "out")
    assert result.summary["handling_units"] == 4


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("A,,10,0,400,400,18,5,,,,,,,,,,", "E107", "length_mm"),
        ("A,,10,1000,1000,1000,-7,2,,,,,,,,,,", "E121", "gross_weight_kg"),
        ("A,,1000000,1000,1000,1000,7,2,,,,,,,,,,", "E107", "quantity"),
        ("A,,90000,1000,1000,1000,7,2,,,,,,,,,,", "E402", "quantity"),
        ("A,,1,2300,1100,2900,900,1,,,,,,,,,,", "E403", "height_mm"),
        ("A,,1,13000,1000,1000,10,2,,,,,,,,,,", "E403", "length_mm"),
        ("A,,1,2500,2400,1000,10,2,,,,,,,,,,", "E403", "width_mm"),
        ("A,,1,1200,1000,1150,29000,2,,,,,,,,,,", "E404", "gross_weight_kg"),
        ("A,,1,500,500,500,9000,2,,,,,,,,,,", "E404", "gross_weight_kg"),
        ("A,,1,500,500,500,9,2,,,,,,,,g,g,", "E405", "not_with"),
        ("A,,abc,500,500,500,9,2,,,,,,,,,,", "E102", "quantity"),
        (",,1,500,500,500,9,2,,,,,,,,,,", "E101", "sku"),
    ],
)
def test_bad_rows(tmp_path: Path, row: str, code: str, column: str) -> None:
    assert faults(written(tmp_path, MODULES, row)) == [(code, 3, column)]


def test_all_faults_at_once(tmp_path: Path) -> None:
    bad = ["A,,10,0,400,400,18,5,,,,,,,,,,", "B,,1,2300,1100,2900,900,1,,,,,,,,,,"]
    assert len(faults(written(tmp_path, *bad))) == 2


def test_unknown_column_and_empty_list(tmp_path: Path) -> None:
    assert faults(written(tmp_path, MODULES + ",x", head=HEAD + ",colour")) == [
        ("E014", 1, "colour")
    ]
    assert faults(written(tmp_path)) == [("E401", None, "")]
    empty = tmp_path / "list.csv"
    empty.write_bytes(b"")
    assert len(faults(empty)) == 1


def test_not_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_text("not a workbook")
    assert len(faults(file)) == 1


def test_same_sku_in_two_sizes(tmp_path: Path) -> None:
    rows = ["A,,2,1200,1000,1000,100,2,,,,,,,,,,", "A,,2,1200,800,900,80,2,,,,,,,,,,"]
    load_file(written(tmp_path, *rows), tmp_path / "out")
    names = {row["packaging_id"] for row in table(tmp_path / "out" / "placements.csv")}
    assert names == {"A", "A (row 3)"}


def test_a_group_that_does_not_fit_is_left(tmp_path: Path) -> None:
    row = "A,,60,1200,1000,2000,100,1,,,,,,,,together,,"
    result = load_file(written(tmp_path, row), tmp_path / "out")
    assert result.summary["handling_units_left"] == 60
    (left,) = table(tmp_path / "out" / "unserved.csv")
    assert left["pieces"] == "60"
    assert "group" in left["reason"]
    assert result.exit_code == 0
