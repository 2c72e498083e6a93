"""Whose factors an executed footprint uses: the file's, the project's packs, the leg's region."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from lowhaul.errors import InputRejected
from scenarios.footprint import footprint_file
from tests.scenarios.footprint_files import LEG, ROAD, tces, write_pack, write_rows
from tests.scenarios.small_project import write_small_project

MANIFEST = {
    "name": "Licensed 2026", "version": "2026", "licence": "our licence no. 7", "gwp": "AR5",
    "distance_basis": "sfd", "unit": "g CO2e", "utilisation_basis": "60 % of mass",
}  # fmt: skip
FROM_MANIFEST = ("gwp", "distance_basis", "version", "licence")


def short(**changes: Any) -> dict[str, Any]:
    """ROAD without what a manifest says of all rows."""
    return {k: v for k, v in {**ROAD, **changes}.items() if k not in FROM_MANIFEST}


def pack(folder: Path, name: str, *rows: dict[str, Any], **changes: Any) -> Path:
    """A pack with its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(yaml.safe_dump({**MANIFEST, **changes}), encoding="utf-8")
    return write_rows(folder / f"{name}.csv", rows)


def test_a_pack_with_its_manifest_is_named_on_each_line(tmp_path: Path) -> None:
    """10 t x 100 km x 80 g = 80 kg; the blank columns come from the manifest."""
    own = pack(tmp_path, "own", short())
    result = footprint_file(write_rows(tmp_path / "e.csv", [LEG]), tmp_path / "out", factors=own)
    assert result.summary["co2e_wtw_kg"] == 80.0
    assert tces(tmp_path)["factor_pack"].tolist() == ["Licensed 2026"]
    (line,) = result.summary["factors"]
    assert (line["pack"], line["version"], line["licence"], line["gwp"]) == (
        "Licensed 2026", "2026", "our licence no. 7", "AR5",
    )  # fmt: skip
    assert {"e.csv", "own.csv", "own.yaml"} <= set(result.summary["inputs"])


def test_without_a_manifest_every_row_must_say_all(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "e.csv", [LEG])
    whole = write_pack(tmp_path / "bare.csv", ROAD)
    footprint_file(file, tmp_path / "out", factors=whole)
    assert tces(tmp_path)["factor_pack"].tolist() == ["own"]
    with pytest.raises(InputRejected) as raised:
        footprint_file(file, tmp_path / "o", factors=write_rows(tmp_path / "s.csv", [short()]))
    assert {f.column for f in raised.value.findings} == set(FROM_MANIFEST)


def test_a_manifest_that_contradicts_its_rows_is_refused(tmp_path: Path) -> None:
    own = pack(tmp_path, "own", dict(ROAD), gwp="AR6")
    file = write_rows(tmp_path / "e.csv", [LEG])
    with pytest.raises(InputRejected, match=r"E182 own\.csv, row 2, gwp"):
        footprint_file(file, tmp_path / "out", factors=own)


def test_file_before_project_table_before_project_pack(tmp_path: Path) -> None:
    """One lorry each: the file's 80 g, the project's own table, the project's pack."""
    folder = tmp_path / "p"
    write_small_project(folder)
    pack(folder / "packs", "fleet", short(factor_id="FLEET", vehicle="fleet", co2e_wtt_g=0,
                                          co2e_ttw_g=50))  # fmt: skip
    document = yaml.safe_load((folder / "project.yaml").read_text("utf-8"))
    document["settings"] = {**document.get("settings", {}), "factor_packs": ["packs/fleet.csv"]}
    (folder / "project.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    rows = [dict(LEG), {**LEG, "vehicle": "fleet"}]
    file = write_rows(tmp_path / "e.csv", rows)
    own = write_pack(tmp_path / "own.csv", {**ROAD, "vehicle": "all_hgvs"})
    footprint_file(file, tmp_path / "out", project=folder, factors=own)
    found = tces(tmp_path)
    assert found["factor_pack"].tolist() == ["own", "Licensed 2026"]
    assert found["co2e_wtw_kg"].tolist() == [80, 50]  # 1,000 t-km x 80 g and x 50 g
    again = write_pack(tmp_path / "again.csv", {**ROAD, "factor_id": "FLEET"})
    with pytest.raises(InputRejected, match="FLEET stands in the project too"):
        footprint_file(file, tmp_path / "o", project=folder, factors=again)


def test_the_countries_of_the_leg_choose_the_row(tmp_path: Path) -> None:
    """60 g in Germany, 70 g in the EU, 80 g anywhere: each leg has the nearest of them."""
    own = pack(
        tmp_path, "own",
        short(factor_id="WORLD", region="world"),
        short(factor_id="EU", region="EU", co2e_ttw_g=50),
        short(factor_id="DE", region="DE", co2e_ttw_g=40),
    )  # fmt: skip
    ends = [("Munich, DE", "Duisburg, DE"), ("Munich, DE", "NLRTM"), ("Hefei, CN", "CNSHA"),
            ("A", "B")]  # fmt: skip
    rows = [{**LEG, "from": a, "to": b, "distance_km": 1000} for a, b in ends]
    footprint_file(write_rows(tmp_path / "e.csv", rows), tmp_path / "out", factors=own)
    assert tces(tmp_path)["factor_id"].tolist() == ["DE", "EU", "WORLD", "WORLD"]
    assert tces(tmp_path)["co2e_wtw_kg"].tolist() == [600, 700, 800, 800]
