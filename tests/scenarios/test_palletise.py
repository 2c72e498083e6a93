"""`lowhaul load --palletise`: a list of cartons ends as pallets in load units."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from lowhaul.errors import UsageError
from lowhaul.result_tables import RESULT_TABLES
from scenarios.load_list import load_file
from scenarios.palletise import PalletOptions

HEAD = (
    "sku,description,quantity,length_mm,width_mm,height_mm,gross_weight_kg,max_stack_layers,"
    "upright_only,rotate_on_floor,stack_code,load_bearing_kg,ship_from,ship_to,stop,group,not_with,"
    "priority"
)
A = "A,parts,84,400,300,250,8,,yes,yes,,,CNSHA,DEHAM,,,,"
B = "B,more,4,400,300,200,5,,yes,yes,,,CNSHA,DEHAM,,,,"
OPTIONS = PalletOptions("EUR1", height_mm=1400)


def written(folder: Path, *rows: str) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return file


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_cartons_end_as_pallets(tmp_path: Path) -> None:
    """84 of A are two pallets of 40 (25 + 320 kg) and four that share a third one with B."""
    out = tmp_path / "out"
    result = load_file(written(tmp_path, A, B), out, palletise=OPTIONS)
    assert result.summary["handling_units"] == 3
    assert result.summary["pallets"] == 3
    pallets = table(out / "pallets.csv")
    assert [(p["pallet_id"], p["rows"], p["cartons"], p["mass_kg"]) for p in pallets] == [
        ("P-0001", "2", "40", "345"),
        ("P-0002", "2", "40", "345"),
        ("P-0003", "2+3", "8", "77"),
    ]
    assert pallets[2]["content"] == "4 x A, 4 x B"
    assert len(table(out / "pallet_cartons.csv")) == 88
    placements = table(out / "placements.csv")
    assert {p["order_id"] for p in placements} == {"P-0001", "P-0002", "P-0003"}
    assert tuple(placements[0])[: len(RESULT_TABLES["placements"].names)] == (
        RESULT_TABLES["placements"].names
    )
    assert "4 x A, 4 x B" in (out / "loads" / "L-0001.html").read_text("utf-8")


def test_without_the_option_no_pallets_are_written(tmp_path: Path) -> None:
    file, out = written(tmp_path, A), tmp_path / "out"
    load_file(file, out, palletise=OPTIONS)
    result = load_file(file, out)
    assert result.summary["handling_units"] == 84
    assert "pallets" not in result.summary
    assert not (out / "pallets.csv").exists()
    assert not (out / "pallet_cartons.csv").exists()


@pytest.mark.parametrize(
    "other",
    [
        B.replace("CNSHA,DEHAM,,", "CNSHA,NLRTM,,"),
        B.replace("CNSHA,DEHAM,,", "CNSHA,DEHAM,2,"),
        B.replace("DEHAM,,,,", "DEHAM,,,,9"),
        B.replace("DEHAM,,,,", "DEHAM,,x,,"),
        B.replace(",yes,yes,,,", ",yes,yes,X,,"),
    ],
)
def test_what_keeps_cartons_apart(tmp_path: Path, other: str) -> None:
    """Another destination, stop, priority, group or stack code: no shared pallet."""
    assert other != B
    load_file(written(tmp_path, A, other), tmp_path / "out", palletise=OPTIONS)
    rows = [p["rows"] for p in table(tmp_path / "out" / "pallets.csv")]
    assert rows == ["2", "2", "2", "3"]


def test_layers_bind_only_where_they_are_given(tmp_path: Path) -> None:
    """One layer is 8 of A: eleven pallets. Blank, five layers are 40: three pallets."""
    one = A.replace(",250,8,,", ",250,8,1,")
    out = tmp_path / "out"
    assert load_file(written(tmp_path, one), out, palletise=OPTIONS).summary["pallets"] == 11
    assert load_file(written(tmp_path, A), out, palletise=OPTIONS).summary["pallets"] == 3


def test_what_no_pallet_takes_is_loaded_loose(tmp_path: Path) -> None:
    long = "C,long,3,1500,900,200,25,1,yes,yes,,,CNSHA,DEHAM,,,,"
    result = load_file(written(tmp_path, A, long), tmp_path / "out", palletise=OPTIONS)
    (found,) = result.findings
    assert (found.code, found.severity, found.row) == ("W402", "warning", 3)
    assert result.summary["handling_units"] == 3 + 3


def test_pallets_upon_pallets(tmp_path: Path) -> None:
    """40 pallets of 1144 mm: two high one 40HC takes them, one high it has 25 spots at most."""
    file, out = written(tmp_path, A.replace(",84,", ",1280,")), tmp_path / "out"
    two_high = PalletOptions("EUR1", 1144, stack=2)
    one_high = PalletOptions("EUR1", 1144)
    assert load_file(file, out, ["40HC"], palletise=two_high).summary["load_units"] == {"40HC": 1}
    assert load_file(file, out, ["40HC"], palletise=one_high).summary["load_units"] == {"40HC": 2}


def test_the_command(tmp_path: Path) -> None:
    file, out = str(written(tmp_path, A)), str(tmp_path / "out")
    given = ["load", file, "--out", out, "--palletise", "epal", "--pallet-height", "1400"]
    assert CliRunner().invoke(main, given).exit_code == 0
    ran = CliRunner().invoke(main, ["load", file, "--out", out, "--pallet-height", "1400"])
    assert ran.exit_code == 2
    with pytest.raises(UsageError, match=r'No pallet "EUR9"'):
        load_file(Path(file), Path(out), palletise=PalletOptions("EUR9"))
    with pytest.raises(UsageError, match="144 mm"):
        load_file(Path(file), Path(out), palletise=PalletOptions("EUR1", 144))
