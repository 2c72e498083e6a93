"""iLEAP JSON in: published examples and a plan's own file are counted as they stand."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from emissions.ileap import read
from lowhaul.errors import InputRejected
from scenarios.footprint import footprint_file
from scenarios.footprint.explain import explain_line
from scenarios.inputs import load_project
from scenarios.run import run_scenarios
from tests.scenarios.footprint_files import tces
from tests.scenarios.small_project import write_small_project

EXAMPLES = Path(__file__).parents[1] / "emissions" / "ileap_examples"


def test_a_published_shipment(tmp_path: Path) -> None:
    """iLEAP 1.0.0, example 0: 87 kg over 423 actual km = 36.801 t-km; 3.6801 kg, TTW 3.2801 kg.

    To the gram: 3.680 and 3.280 kg, WTT 0.400 kg. Its data share says that all is primary.
    """
    file = EXAMPLES / "spec_example_00.json"
    result = footprint_file(file, tmp_path / "out")
    s = result.summary
    assert (s["co2e_wtw_kg"], s["co2e_ttw_kg"], s["co2e_wtt_kg"]) == (3.68, 3.28, 0.4)
    assert s["transport_activity_tkm"] == 36.801
    assert s["data_types_co2e"]["primary"] == 1.0
    row = tces(tmp_path).iloc[0]
    assert (row["tce_id"], row["toc_id"], row["factor_pack"]) == (
        "abcdef", "truck-40t-euro5-de", "stated",
    )  # fmt: skip
    assert explain_line(file, "abcdef")[0].co2e_wtw_kg == 3.68


def test_what_a_published_example_breaks_is_told_and_its_activity_counted_anew(
    tmp_path: Path,
) -> None:
    """Example 1 prints 3.6801 t-km for 87 kg over 423 km, and a comma in a number.

    36.801 + 87 kg x 321 km = 27.927: 64.728 t-km, as its own header says; 8.428 kg in all
    (3.6801 and 4.74759 kg, each to the gram).
    """
    result = footprint_file(EXAMPLES / "spec_example_01.json", tmp_path / "out")
    assert result.summary["transport_activity_tkm"] == 64.728
    assert result.summary["co2e_wtw_kg"] == 8.428
    told = [(f.message.split(":")[0], f.column) for f in result.findings if f.code == "W601"]
    assert ("activity", "/extensions/0/data/tces/0/transportActivity") in told
    assert ("decimal-comma", "/pcf/fossilGhgEmissions") in told
    assert len(told) == len(set(told))
    assert {f.severity for f in result.findings} == {"warning"}


@pytest.mark.parametrize("number", [3, 4])
def test_a_file_of_categories_alone_holds_no_transports(tmp_path: Path, number: int) -> None:
    with pytest.raises(InputRejected, match="E017"):
        footprint_file(EXAMPLES / f"spec_example_0{number}.json", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_kilograms_that_cannot_be_are_refused(tmp_path: Path) -> None:
    """TTW 4 kg of 3.6801 kg WTW: a fossil fuel's supply would emit less than nothing."""
    document = json.loads((EXAMPLES / "spec_example_00.json").read_text("utf-8"))
    document["extensions"][0]["data"]["tces"][0]["co2eTTW"] = "4"
    (tmp_path / "f.json").write_text(json.dumps(document), "utf-8")
    with pytest.raises(InputRejected) as raised:
        footprint_file(tmp_path / "f.json", tmp_path / "out")
    assert ("E335", 1) in {(f.code, f.row) for f in raised.value.findings}


def test_the_file_of_a_plan_is_counted_to_the_gram(tmp_path: Path) -> None:
    project = load_project(write_small_project(tmp_path / "p"))
    run_scenarios(project, ["baseline"])
    file = project.folder / "results" / "baseline" / "ileap.json"
    s = footprint_file(file, tmp_path / "out").summary
    elements = [tce for shipment in read(file).shipments for tce in shipment.tces]
    assert Decimal(str(s["co2e_wtw_kg"])) == sum(tce.co2eWTW for tce in elements)
    assert Decimal(str(s["co2e_ttw_kg"])) == sum(tce.co2eTTW for tce in elements)
    assert tces(tmp_path)["tce_id"].tolist()[0] == elements[0].tceId
