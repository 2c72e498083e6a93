"""The default pack: open rows only, every one with its papers, true to the curves' digits."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path

import pytest

from emissions import build_pack
from emissions.factors import default_book

OPEN_LICENCES = {"Open Government Licence v3.0", "US Government work (public domain)"}
DESNZ_HEAD = (
    "id,mode,vehicle_or_fuel,region,unit,wtt,ttw,wtw,load_factor,empty_running,source,"
    "source_page_or_table,year,licence_note,seen_or_recalled,note\n"
)
CURVE_HEAD = (
    "vehicle_class,desnz_label,ttw_kg_per_km_empty,ttw_kg_per_km_full,wtt_kg_per_km_empty,"
    "wtt_kg_per_km_full,implied_payload_t_at_100pct,ttw_slope_kg_per_tkm,wtw_slope_kg_per_tkm\n"
)


def test_only_open_sources_and_no_licensed_value() -> None:
    """GLEC and Clean Cargo values are not redistributable: no row, no source, no word of them."""
    factors = default_book().default_factors
    assert len(factors) > 100
    for factor in factors:
        assert factor.licence in OPEN_LICENCES, factor.factor_id
        assert factor.source.startswith(("UK DESNZ", "US EPA")), factor.factor_id
    for file in resources.files("emissions").joinpath("data").iterdir():
        text = file.read_text("utf-8").lower()
        for name in ("glec", "clean cargo", "cleancargo", "smart freight"):
            assert name not in text, (file.name, name)


def test_every_row_has_its_papers() -> None:
    ids = set()
    for factor in default_book().default_factors:
        assert factor.factor_id not in ids
        ids.add(factor.factor_id)
        for value in (factor.page, factor.year, factor.version, factor.evidence, factor.note):
            assert value, factor.factor_id
        assert factor.gwp == "AR5"
        assert factor.data_type == "default"
        assert factor.distance_basis == "actual"
        assert factor.ttw_g > 0
    assert all("RECALLED" in f.note for f in default_book().default_factors if "DESNZ" in f.version)


def test_curve_of_the_default_lorry() -> None:
    """artic_gt33: 0.79912 kg/km empty and 0.029293 kg/t-km WTW, 0.64734 and 0.023626 TTW."""
    factor = default_book().by_id("desnz25_curve_artic_gt33")
    assert factor is not None
    assert factor.wtw_g == pytest.approx(799.12, abs=1e-9)
    assert factor.slope_wtw_g_per_tkm == pytest.approx(29.293, abs=1e-9)
    assert factor.ttw_g == 647.34
    assert factor.slope_ttw_g_per_tkm == 23.626
    assert factor.includes_empty is False


def test_wtt_slope_is_the_one_of_the_empty_and_full_values() -> None:
    """(0.25296 - 0.15178) / 17.856 = 0.0056664 kg/t-km for artic_gt33."""
    factor = default_book().by_id("desnz25_curve_artic_gt33")
    assert factor is not None
    assert factor.slope_wtt_g_per_tkm == pytest.approx(5.6664, abs=0.001)


def test_fleet_average_lies_on_the_curve() -> None:
    """DESNZ's own average, 1.15479 kg/km at 12.128 t, must lie on the straight line."""
    factor = default_book().by_id("desnz25_curve_artic_gt33")
    assert factor is not None
    assert factor.wtw_g + 12.128 * factor.slope_wtw_g_per_tkm == pytest.approx(1154.79, rel=1e-3)


def test_no_radiative_forcing_and_no_part_laden_rows() -> None:
    ids = [f.factor_id for f in default_book().default_factors]
    assert not [i for i in ids if "with_rf" in i]
    assert not [i for i in ids if "50_laden" in i or "100_laden" in i]


def test_epa_rows_do_not_cover_wtt() -> None:
    epa = [f for f in default_book().default_factors if f.version.startswith("EPA")]
    assert len(epa) == 4
    assert all(f.wtt_g is None and f.vehicle.startswith("epa_") for f in epa)


def write_reference(folder: Path, wtw_slope: str) -> None:
    label = "HGV (all diesel) / Articulated (>33t)"
    (folder / "factors_desnz_2025_freight.csv").write_text(
        DESNZ_HEAD
        + 'a,air,"Freight flights / International, to/from non-UK / Without RF",UK,kg CO2e/t-km,'
        "0.13516,0.5313,0.66646,,,s,p,2025,OGL,SEEN,\n"
        + 'b,air,"Freight flights / International, to/from non-UK / With RF",UK,kg CO2e/t-km,'
        "0.13516,0.89939,1.03455,,,s,p,2025,OGL,SEEN,\n"
        + f"c,road,{label} / 0% Laden,UK,kg CO2e/vehicle-km,0.15178,0.64734,0.79912,0,,s,p,2025,"
        "OGL,SEEN,\n",
        "utf-8",
    )
    (folder / "road_payload_curves_desnz_2025.csv").write_text(
        CURVE_HEAD
        + f"artic_gt33,{label},0.64734,1.06921,0.15178,0.25296,17.856,0.023626,{wtw_slope}\n",
        "utf-8",
    )
    (folder / "factors_other.csv").write_text(
        DESNZ_HEAD
        + "epahub2025_rail,rail,EPA hub rail,USA,kg CO2/t-km,,0.01438,,,,EPA,T8,2025,PD,SEEN,x\n"
        + "kim_ce_2014_rail,rail,rail,NL,g CO2/t-km,,11.3,,,,KiM,T9,2014,CC BY,SEEN,\n",
        "utf-8",
    )


def test_build_keeps_open_rows_only(tmp_path: Path) -> None:
    """Names with quoted commas are read whole; radiative forcing and other studies stay out."""
    write_reference(tmp_path, "0.029293")
    target = tmp_path / "pack.csv"
    build_pack.main([str(tmp_path), str(target)])
    with target.open(encoding="utf-8", newline="") as file:
        rows = {row["factor_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"desnz25_curve_artic_gt33", "a", "epahub2025_rail"}
    assert rows["a"]["vehicle"] == "aircraft_international"
    assert rows["a"]["co2e_ttw_g"] == "531.3"
    assert rows["desnz25_curve_artic_gt33"]["slope_wtt_g_per_tkm"] == "5.667"


def test_build_refuses_a_curve_that_does_not_add_up(tmp_path: Path) -> None:
    write_reference(tmp_path, "0.031")
    with pytest.raises(ValueError, match="artic_gt33: WTT slope"):
        build_pack.build(tmp_path)
