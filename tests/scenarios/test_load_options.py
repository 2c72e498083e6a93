"""What `lowhaul load` may be asked, and what it writes for the warehouse and the report."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from click.testing import CliRunner

from cli import main
from loading.clock import Start
from loading.equipment import Reserved, named, reserved_from
from loading.road import road_limits_kg
from lowhaul.errors import InputRejected, UsageError
from scenarios.load_list import load_file
from scenarios.load_options import Tolerance, options, tolerance_of
from tests.scenarios.test_load_list import HEAD, MODULES, table, written

OWN = "equipment,inner_length_mm,inner_width_mm,inner_height_mm,tare_kg,payload_kg,teu"


def test_tolerance_in_mm_and_share(tmp_path: Path) -> None:
    """26 module pallets of 1249 mm stand two high under 2585 mm less 80; 5 mm more each do not."""
    assert tolerance_of("5") == tolerance_of("5mm") == Tolerance(5)
    assert tolerance_of("0.5 %") == Tolerance(0, 0.005)
    file = written(tmp_path, MODULES)
    exact = load_file(file, tmp_path / "a", ["40HC"])
    wide = load_file(file, tmp_path / "b", ["40HC"], tolerance="5mm")
    assert exact.summary["load_units"] == {"40HC": 1}
    assert wide.summary["load_units"] == {"40HC": 2}
    assert {row["dx_mm"] for row in table(tmp_path / "b" / "placements.csv")} <= {"1797", "1145"}
    for text in ("x", "-1", "30%", "1.5mm", "900"):
        with pytest.raises(UsageError):
            tolerance_of(text)


def test_volume_use_counts_goods_and_not_the_room_for_tolerance(tmp_path: Path) -> None:
    """26 x 1.792 x 1.14 x 1.249 m of 76.35 m3, with or without tolerance."""
    file = written(tmp_path, MODULES)
    load_file(file, tmp_path / "out", ["40HC"], tolerance="0.1%")
    rows = table(tmp_path / "out" / "loads.csv")
    used = sum(float(row["volume_use"]) for row in rows)
    assert used == pytest.approx(26 * 1.792 * 1.14 * 1.249 / (12.032 * 2.352 * 2.698), abs=2e-4)


def test_roads_of_countries(tmp_path: Path) -> None:
    """DE: 40,000 - 13,000 of truck - 3,940 of tare; US: 44,000 lb by a liner's table."""
    hc, trailer = named("40HC"), named("EU136")
    assert hc is not None
    assert trailer is not None
    assert road_limits_kg(["DE"], [hc]) == {"45G1": 23_060.0}
    assert road_limits_kg(["DE", "US"], [hc, trailer]) == {"45G1": 19_958.0}
    assert road_limits_kg(["DE"], [hc], 15_000.0) == {"45G1": 15_000.0}
    file = written(tmp_path, MODULES)
    free = load_file(file, tmp_path / "a", ["40HC"])
    bound = load_file(file, tmp_path / "b", ["40HC"], countries=["us"])
    assert len(free.loads) == 1
    assert len(bound.loads) == 2
    assert all(plan.mass_kg <= 19_958 for plan in bound.loads)
    with pytest.raises(UsageError, match="No road limit"):
        options(countries=["XX"])


def test_own_equipment(tmp_path: Path) -> None:
    """A box of 3 x 2.4 x 2.6 m with a tunnel of 1 m at the front: two of 1 m stand behind it."""
    own = tmp_path / "own.csv"
    own.write_text(
        f"{OWN},reserved,load_line_mm,floor_load_kg_per_m2\n"
        "MINE,3000,1100,1300,900,5000,0,0 0 0 1000 1100 50 tunnel,1250,2000\n",
        encoding="utf-8",
    )
    asked = options(["MINE"], equipment_table=own)
    assert asked.types[0].reserved == (Reserved(0, 0, 0, 1000, 1100, 50, "tunnel"),)
    assert asked.types[0].load_line_mm == 1250
    file = written(tmp_path, "A,,3,1000,1000,1000,300,1,,,,,,,,,,")
    result = load_file(file, tmp_path / "out", ["MINE"], equipment_table=own)
    assert [len(plan.placements) for plan in result.loads] == [2, 1]


def test_faults_of_own_equipment_are_findings(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(f"{OWN},reserved\nMINE,0,1100,1300,900,5000,0,1 2 3\n", encoding="utf-8")
    with pytest.raises(InputRejected) as caught:
        options(equipment_table=own)
    found = {(f.code, f.row, f.column) for f in caught.value.findings}
    assert found == {("E107", 2, "inner_length_mm"), ("E317", 2, "reserved")}


@pytest.mark.parametrize("text", ["", "1 2 3", "a b c d e f", "0 0 0 0 1 1", "-1 0 0 1 1 1"])
def test_reserved_room_is_six_numbers(text: str) -> None:
    assert reserved_from(text) is None
    assert reserved_from("1 2 3 4 5 6") == Reserved(1, 2, 3, 4, 5, 6)


def test_objective(tmp_path: Path) -> None:
    """A 20GP at 900 each five times is dearer than one 40HC at 4000."""
    file = written(tmp_path, MODULES)
    by_cost = load_file(
        file, tmp_path / "out", ["40HC", "20GP"], objective="cost",
        weights={"40HC": 4000.0, "20GP": 900.0},
    )  # fmt: skip
    assert by_cost.summary["load_units"] == {"40HC": 1}
    assert by_cost.summary["objective"] == "min_cost"
    assert by_cost.summary["weight"] == 4000.0
    with pytest.raises(UsageError, match="kg CO2e of one load unit"):
        options(objective="co2e")


def test_limit_of_load_units_names_the_reason(tmp_path: Path) -> None:
    """30 pallets: 26 in one 40HC, four left, each with its reason."""
    file = written(tmp_path, MODULES.replace(",26,", ",30,"))
    result = load_file(file, tmp_path / "out", ["40HC"], max_loads=1)
    assert result.summary["handling_units_left"] == 4
    (left,) = table(tmp_path / "out" / "unserved.csv")
    assert (left["pieces"], left["reason"]) == ("4", "no room left on the floor")
    assert "Not loaded: 4 units of M54/2" in result.text()


@pytest.mark.parametrize("lang", ["en", "zh", "de"])
def test_stuffing_list_has_no_formulas(tmp_path: Path, lang: str) -> None:
    """Texts from the list stay texts in csv and xlsx."""
    evil = '=HYPERLINK("http://x")'
    row = '"' + evil.replace('"', '""') + '",,4,1200,1000,1000,300,2,,,,,,,,,,'
    load_file(written(tmp_path, row), tmp_path / "out", lang=lang)
    listed = table(tmp_path / "out" / "stuffing_list.csv")
    assert [r["step"] for r in listed] == ["1", "2", "3", "4"]
    assert all(r["order_id"].startswith("'=") for r in listed)
    book = openpyxl.load_workbook(tmp_path / "out" / "stuffing_list.xlsx")
    assert len(book.sheetnames) == 2
    cells = [c for sheet in book for r in sheet.iter_rows() for c in r if c.value is not None]
    assert any(c.value == evil for c in cells)
    assert all(c.data_type in ("s", "n") for c in cells)


def test_views_for_reports(tmp_path: Path) -> None:
    """Each view is sound XML with one shape a unit at least, and nothing from outside."""
    row = MODULES.replace("M54", "<script & x").replace(",26,", ",4,")
    load_file(written(tmp_path, row), tmp_path / "out", svg=True)
    views = sorted((tmp_path / "out" / "loads").glob("*.svg"))
    assert [v.name for v in views] == [f"L-0001-{n}.svg" for n in ("parallel", "side", "top")]
    for view in views:
        text = view.read_text("utf-8")
        ElementTree.fromstring(text)
        assert "<script" not in text
        assert not re.search(r"(href|src)=", text)
        assert len(re.findall(r"<(rect|polygon) ", text)) >= 4


def test_all_bad_rows_at_once_and_code_3(tmp_path: Path) -> None:
    """Larger than everything, no size, a word that is no rotation, too heavy, a million pieces."""
    rows = [
        MODULES,
        "A,,1,20000,1000,1000,10,2,,,,,,,,,,",
        "B,,1,0,1000,1000,10,2,,,,,,,,,,",
        "C,,1,1000,1000,1000,10,2,yes,sideways,,,,,,,,",
        "D,,1,1000,1000,1000,99000,2,,,,,,,,,,",
        "E,,1000000,1000,1000,1000,10,2,,,,,,,,,,",
    ]
    file = written(tmp_path, *rows, head=HEAD)
    ran = CliRunner().invoke(main, ["load", str(file), "--out", str(tmp_path / "o"), "--json"])
    assert ran.exit_code == 3
    found = {(f["code"], f["row"], f["column"]) for f in json.loads(ran.stdout)["findings"]}
    assert found == {
        ("E403", 3, "length_mm"), ("E107", 4, "length_mm"), ("E105", 5, "rotate_on_floor"),
        ("E404", 6, "gross_weight_kg"), ("E107", 7, "quantity"),
    }  # fmt: skip
    assert not (tmp_path / "o").exists()


def test_the_command_takes_all_options(tmp_path: Path) -> None:
    file = written(tmp_path, MODULES)
    ran = CliRunner().invoke(
        main,
        ["load", str(file), "--out", str(tmp_path / "o"), "--equipment", "40HC", "--equipment",
         "20GP", "--objective", "co2e", "--weight", "40HC=1500", "--weight", "20GP=900",
         "--country", "DE", "--tolerance", "1mm", "--max-loads", "3", "--seconds", "1",
         "--lang", "zh", "--json"],
    )  # fmt: skip
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told["objective"] == "min_co2e"
    assert told["load_units"] == {"40HC": 1}
    page = (tmp_path / "o" / "loads" / "L-0001.html").read_text("utf-8")
    assert '"lang":"zh"' in page
    bad = CliRunner().invoke(
        main, ["load", str(file), "--out", str(tmp_path / "o"), "--weight", "40HC"]
    )
    assert bad.exit_code == 2


def test_an_answer_after_its_time_limit_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of the command says 2.5 s too late, then 2.5 s too early."""
    file = written(tmp_path, MODULES)
    for beyond_s, told in ((2.5, True), (-2.5, False)):
        monkeypatch.setattr(Start, "over", lambda _, limit_s, s=beyond_s: s)
        asked = ["load", str(file), "--out", str(tmp_path / "out"), "--seconds", "9"]
        answer = CliRunner().invoke(main, asked)
        assert answer.exit_code in (0, 5)
        assert ("2.5 s after the time limit of 9 s" in answer.output) is told
