"""The tables of fuels and grids: built from open rows alone, every one with its papers."""

from __future__ import annotations

import csv
import os
from importlib import resources
from pathlib import Path

import pytest

from emissions import build_energy, build_pack
from emissions.packs import default_pack

HEAD = (
    "id,mode,vehicle_or_fuel,region,unit,wtt,ttw,wtw,load_factor,empty_running,source,"
    "source_page_or_table,year,licence_note,seen_or_recalled,note\n"
)
FUELS = (
    'fueleu_fossil_hfo,sea fuel,HFO,EU,g CO2e/MJ,13.5,78.136,,,,Reg,II,2023,EU regulation,SEEN,'
    '"LCV 0.0405 MJ/g; Cf 3.114"\n'
    "en16258_diesel_b7,road fuel,Diesel,EU,kg CO2e/kg,0.79,2.97,3.76,,,s,p,2012,CEN copyright,"
    "SEEN,\n"
    "desnz25_wtt_diesel_average_biofuel_blend_litres,fuel,D,UK,kg/l,0.61101,,,,,s,p,2025,OGL,SEEN,\n"
    "desnz24_ttw_diesel_avg_litre,fuel,D,UK,kg/l,,2.51279,,,,s,p,2024,OGL,SEEN,\n"
    "desnz25_wtt_diesel_100_mineral_diesel_litres,fuel,D,UK,kg/l,0.62409,,,,,s,p,2025,OGL,SEEN,\n"
    "desnz_ttw_diesel_mineral_litre,fuel,D,UK,kg/l,,2.66155,,,,s,p,2024,OGL,SEEN,\n"
    "euets_from2026_hfo,sea fuel,HFO,EU ETS,t/t,,3.163,,,,press,p,2025,press fact,SEEN,\n"
)  # fmt: skip


def reference(folder: Path) -> Path:
    imo = "".join(
        f"{name},sea fuel,x,IMO,t/t,,3.1,,,,MEPC,Cf,2018,fact,SEEN,\n" for name in build_energy.IMO
    )
    (folder / "factors_fuels.csv").write_text(HEAD + FUELS + imo, "utf-8")
    (folder / "factors_electricity_ember.csv").write_text(
        HEAD + "ember_chn,electricity,grid,CHN,g CO2e/kWh,,,557.5,,,Ember,data,2024,CC,SEEN,n\n",
        "utf-8",
    )
    return folder


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {next(iter(row.values())): row for row in rows}


def test_open_rows_alone_are_built(tmp_path: Path) -> None:
    """Standards under copyright and press facts stay out; kilograms become grams, MJ/g MJ/kg."""
    build_energy.main([str(reference(tmp_path)), str(tmp_path)])
    fuels = rows_of(tmp_path / "fuels.csv")
    assert not [name for name in fuels if name.startswith(("en16258", "euets"))]
    oil = fuels["fueleu_fossil_hfo"]
    assert (oil["co2e_wtt_g"], oil["co2e_ttw_g"], oil["mj_per_kg"]) == ("13.5", "78.136", "40.5")
    diesel = fuels["diesel_average_biofuel_blend"]
    assert (diesel["co2e_wtt_g"], diesel["co2e_ttw_g"]) == ("611.01", "2512.79")
    assert fuels["imo_hfo"]["co2e_wtt_g"] == ""
    grids = rows_of(tmp_path / "grid_ember.csv")
    assert grids["CN"]["g_per_kwh"] == "557.5"
    assert grids["CN"]["licence"] == "CC BY-SA 4.0"


@pytest.mark.parametrize("table", ["fuels.csv", "grid_ember.csv"])
def test_every_shipped_row_has_its_papers(table: str) -> None:
    text = resources.files("emissions").joinpath(f"data/{table}").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name in ("source", "page", "year", "licence", "evidence"):
            assert row[name], row


def test_what_is_shipped_is_what_the_scripts_build(tmp_path: Path) -> None:
    folder = os.environ.get("LOWHAUL_REFERENCE", "")
    if not folder:
        pytest.skip("LOWHAUL_REFERENCE does not name the folder of the reference data")
    source = Path(folder) / "emissions"
    build_energy.main([str(source), str(tmp_path)])
    build_pack.main([str(source), str(tmp_path / "factors_default.csv")])
    data = resources.files("emissions").joinpath("data")
    for name in ("fuels.csv", "grid_ember.csv", "factors_default.csv", "factors_default.yaml"):
        assert (tmp_path / name).read_text("utf-8") == data.joinpath(name).read_text("utf-8")


def test_the_default_manifest_says_what_holds_for_every_row() -> None:
    pack = default_pack()
    assert {f.gwp for f in pack.factors} == {pack.manifest.gwp}
    assert {f.distance_basis for f in pack.factors} == {pack.manifest.distance_basis}
    assert pack.manifest.unit == "g CO2e"
    assert pack.manifest.utilisation_basis
