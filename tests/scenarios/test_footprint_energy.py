"""Energy used, as columns of executed transports: by hand, and every way to get it wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lowhaul.errors import InputRejected
from scenarios.footprint.explain import explain_line
from tests.scenarios.footprint_files import LEG, ROAD, count, tces

DIESEL = {"energy": "diesel_mineral", "energy_used": 120, "energy_unit": "l"}
GRID = {
    "mode": "rail", "energy": "electricity", "energy_used": 1000, "energy_unit": "kWh",
    "energy_country": "DE", "grid_losses": 0.06,
}  # fmt: skip


def leg(**changes: Any) -> dict[str, Any]:
    return {**LEG, **changes}


@pytest.mark.parametrize(
    ("change", "wtw", "ttw"),
    [
        # 120 l x (624.09 + 2661.55) g (DESNZ 2025) = 394.2768 kg, TTW 319.386 kg
        (DIESEL, 394.277, 319.386),
        # 500 kg x 41 MJ/kg x (13.2 + 79.427) g/MJ (FuelEU) = 1,898.8535 kg, TTW 1,628.2535 kg
        ({"energy": "fueleu_fossil_vlsfo", "energy_used": 500, "energy_unit": "kg"},
         1898.854, 1628.254),
        # 20,500 MJ are the same 500 kg
        ({"energy": "FuelEU fossil VLSFO", "energy_used": 20_500, "energy_unit": "MJ"},
         1898.854, 1628.254),
        # 1,000 kWh x 342.06 g / (1 - 0.06) = 363.893617 kg (Ember, Germany), none at the wheel
        (GRID, 363.894, 0.0),
        # 3,600 MJ are the same 1,000 kWh
        ({**GRID, "energy_used": 3600, "energy_unit": "MJ"}, 363.894, 0.0),
    ],
)  # fmt: skip
def test_energy_used_by_hand(
    tmp_path: Path, change: dict[str, Any], wtw: float, ttw: float
) -> None:
    s = count(tmp_path, [leg(**change)]).summary
    assert (s["co2e_wtw_kg"], s["co2e_ttw_kg"]) == (wtw, ttw)
    assert s["co2e_wtt_kg"] == pytest.approx(wtw - ttw, abs=1e-9)
    assert s["transport_activity_tkm"] == 1000.0
    row = tces(tmp_path).iloc[0]
    assert (row["data_type"], row["factor_pack"]) == ("primary", "carrier")
    assert s["data_types_co2e"]["primary"] == 1.0


def test_energy_goes_before_the_factor_and_leaves_other_rows_alone(tmp_path: Path) -> None:
    """The first leg keeps ROAD's 80 kg; the second has 394.277 kg of its own: 474.277 kg."""
    s = count(tmp_path, [LEG, leg(**DIESEL)], ROAD).summary
    assert s["co2e_wtw_kg"] == 474.277
    assert tces(tmp_path)["factor_id"].tolist() == ["ROAD", "energy:diesel_mineral"]
    assert [f["source"] for f in s["factors"]] == [
        "UK DESNZ, Greenhouse gas reporting: conversion factors, fuels", "own books",
    ]  # fmt: skip


def test_the_grid_is_that_of_the_country_of_both_ends(tmp_path: Path) -> None:
    home = {"from": "Munich, DE", "to": "Duisburg, DE", "energy_country": ""}
    assert count(tmp_path, [leg(**{**GRID, **home})]).summary["co2e_wtw_kg"] == 363.894
    assert tces(tmp_path)["factor_id"].tolist() == ["energy:electricity:DE"]


def test_fuel_without_a_well_to_tank_figure_is_not_covered_whole(tmp_path: Path) -> None:
    """100 kg x 3,114 g (IMO) = 311.4 kg of TTW, and a warning instead of a supply for nothing."""
    change = {"energy": "imo_hfo", "energy_used": 100, "energy_unit": "kg"}
    result = count(tmp_path, [leg(**change)])
    assert result.summary["co2e_wtw_kg"] == result.summary["co2e_ttw_kg"] == 311.4
    assert result.summary["wording"] == "ISO 14083 rules applied; 1 element not covered"
    (finding,) = [f for f in result.findings if f.code == "W370"]
    assert "no well-to-tank part" in finding.message


def test_a_metered_figure_may_be_called_modelled(tmp_path: Path) -> None:
    count(tmp_path, [leg(**DIESEL, data_type="modelled")])
    assert tces(tmp_path)["data_type"].tolist() == ["modelled"]


def test_an_empty_way_and_a_hub_may_be_metered(tmp_path: Path) -> None:
    """A lorry driven empty burns 12 l: 39.428 kg. A crane's 10 kWh are 3.639 kg."""
    empty = leg(kind="empty", equipment="40HC", load_units=1, mass_kg="", service="",
                energy="diesel_mineral", energy_used=12, energy_unit="l")  # fmt: skip
    hub = leg(**{**GRID, "mode": "hub", "to": "A", "distance_km": "", "energy_used": 10})
    count(tmp_path, [empty, hub])
    assert tces(tmp_path)["co2e_wtw_kg"].tolist() == [39.428, 3.639]
    assert tces(tmp_path)["activity_tkm"].tolist() == [0, 0]


def test_the_sheet_shows_the_sum(tmp_path: Path) -> None:
    count(tmp_path, [leg(**DIESEL)])
    (sheet,) = explain_line(tmp_path / "executed.csv", "2")
    assert "120 l of diesel_mineral x (WTT 624.09 + TTW 2661.55) g" in sheet.text()
    assert "394.276800000 kg" in sheet.text()
    assert sheet.co2e_wtw_kg == 394.277


WRONG = [
    ({"energy": ""}, "E377", "energy", "diesel_mineral"),
    ({"energy": "diesel"}, "E373", "energy", "diesel_average_biofuel_blend"),
    ({"energy": "diesel_minral"}, "E373", "energy", "diesel_mineral"),
    ({"energy_unit": ""}, "E377", "energy_unit", "kWh"),
    ({"energy_unit": "kwhh"}, "E106", "energy_unit", "kWh"),
    ({"energy_unit": "kg"}, "E377", "energy_unit", "in l, or name a carrier counted in kg"),
    ({"energy_used": -1}, "E107", "energy_used", "above 0"),
    ({"energy_used": ""}, "E377", "energy_unit", "Give both"),
    ({"grid_losses": 0.06}, "E377", "grid_losses", "electricity"),
    ({"co2e_wtw_kg": 5}, "E336", "co2e_wtw_kg", "Keep"),
    ({"co2e_wtw_g": 5, "co2e_per": "tkm"}, "E336", "co2e_wtw_g", "Keep"),
    ({**GRID, "energy_country": ""}, "E377", "energy_country", "a row for each country"),
    ({**GRID, "energy_country": "XX"}, "E377", "energy_country", "averages"),
    ({**GRID, "grid_losses": ""}, "E377", "grid_losses", "0.05 to 0.08"),
    ({**GRID, "grid_losses": 6}, "E107", "grid_losses", "0.5"),
    ({**GRID, "energy_unit": "l"}, "E377", "energy_unit", "kWh or MJ"),
]


@pytest.mark.parametrize(("change", "code", "column", "hint"), WRONG)
def test_energy_that_cannot_be_counted(
    tmp_path: Path, change: dict[str, Any], code: str, column: str, hint: str
) -> None:
    with pytest.raises(InputRejected) as raised:
        count(tmp_path, [leg(**DIESEL), leg(**{**DIESEL, **change})])
    found = [f for f in raised.value.findings if f.severity == "error"]
    assert (code, 3, column) in {(f.code, f.row, f.column) for f in found}, found
    assert {f.row for f in found} == {3}
    assert any(hint in f.message + f.hint for f in found if f.code == code), found


def test_a_leg_across_a_border_names_the_grid(tmp_path: Path) -> None:
    ends = {"from": "Munich, DE", "to": "NLRTM", "energy_country": ""}
    with pytest.raises(InputRejected, match="Whose grid"):
        count(tmp_path, [leg(**{**GRID, **ends})])
