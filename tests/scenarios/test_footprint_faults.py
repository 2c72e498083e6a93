"""No element with a fault is added up: the look at whole columns misses none of the audit's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.audit import audit
from emissions.elements import element_of_row
from lowhaul.errors import InputRejected
from scenarios.footprint.faults import suspects
from tests.scenarios.footprint_files import LEG, ROAD, count

amounts = st.sampled_from([-5.0, -0.001, 0.0, 0.001, 1.0, 10.0, 1000.0, float("nan")])


@st.composite
def rows_of_tces(draw: st.DrawFn) -> dict[str, Any]:
    energy = draw(st.sampled_from(["", "diesel", "hvo"]))
    wtw, ttw = draw(amounts), draw(amounts)
    return {
        "tce_id": draw(st.sampled_from(["A", "B", "C"])),
        "shipment_id": draw(st.sampled_from(["S", "T"])),
        "kind": draw(st.sampled_from(["transport", "hub", "empty"])),
        "mode": "road",
        "energy": energy,
        "toc_id": f"road/ltl/any/{draw(st.sampled_from([energy, energy or 'any']))}/any",
        "load_units": draw(amounts),
        "mass_kg": draw(amounts),
        "actual_km": draw(amounts),
        "distance_km": 0.0,
        "activity_tkm": draw(amounts),
        "co2e_wtw_kg": wtw,
        "co2e_ttw_kg": 0.0 if ttw != ttw else ttw,
        "covered": True,
    }


@settings(deadline=None, max_examples=300)
@given(st.lists(rows_of_tces(), min_size=1, max_size=6))
def test_every_fault_is_a_suspect(rows: list[dict[str, Any]]) -> None:
    found = suspects(pd.DataFrame(rows))
    for row, doubtful in zip(rows, found, strict=True):
        errors = [f for f in audit([element_of_row(row)]) if f.severity == "error"]
        assert doubtful or not errors, (row, errors)
    errors = [f for f in audit(map(element_of_row, rows)) if f.code == "E391"]
    assert not errors or found.any()


def test_sound_rows_are_no_suspects(tmp_path: Path) -> None:
    count(tmp_path, [LEG, {**LEG, "mass_kg": 0.001, "distance_km": 0.1}], ROAD)
    table = pd.read_csv(tmp_path / "out" / "tces.csv", keep_default_na=False, na_values=[""])
    assert not suspects(table).any()


def test_an_empty_way_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """The same 50 km of the same box, once as freight of its tare and once as an empty way."""
    way = {**LEG, "tce_id": "E1", "shipment_id": "S", "equipment": "40HC", "load_units": 1,
           "actual_km": 50, "sfd_km": 50, "co2e_wtw_kg": 40, "co2e_ttw_kg": 30}  # fmt: skip
    freight = {**way, "mass_kg": 3900, "service": "ftl", "toc_id": "road/empty boxes", "seq": 1}
    empty = {**way, "kind": "empty", "mass_kg": "", "service": "", "seq": 2}
    assert count(tmp_path, [freight], ROAD).summary["co2e_wtw_kg"] == 40.0
    with pytest.raises(InputRejected) as raised:
        count(tmp_path, [freight, empty], ROAD)
    errors = [f for f in raised.value.findings if f.severity == "error"]
    assert [(f.code, f.value, f.file) for f in errors] == [("E391", "E1", "executed.csv")]
