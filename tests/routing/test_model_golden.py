"""The whole model of one small case as text, compared with a stored file.

Any change of the model shows here as a change of lines. If it is meant, renew the file with
`python -m tests.routing.test_model_golden` and read the difference before it is kept.
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from routing.case import Case
from routing.model import Cuts, build_model
from routing.options import build_options
from tests.routing.test_planner import BOX_AT_YARD
from tests.routing.tiny_cases import PAL, START, THIN, corridor, ocean, plain_bid, plain_order

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "model_hub_turn_two_packagings.txt"


def golden_case() -> Case:
    """Two plants, a centre between, two packagings, a box at YARD, two lines of which one is full.

    O1 may be split, O2 may not and is due earlier.
    """
    orders = (
        replace(plain_order("O1", "PA", 200, 12), splittable=True),
        replace(plain_order("O2", "PB", 80, 11), ready_date=START + timedelta(days=1)),
    )
    trip = {"service": "ftl", "rate_basis": "trip", "equipment": ("TRL",)}
    case = corridor(orders=orders, packagings={"A": (PAL, THIN)}, empties=(BOX_AT_YARD,))
    haul, sail, last = case.bids
    fixed = replace(case.carriers["T2"], fixed_cost=75.0)
    return replace(
        case,
        carriers={**case.carriers, "T2": fixed},
        bids=(
            replace(haul, round_use_rate=120.0),
            replace(sail, capacity=1.0, co2e_wtw_g=80.0, co2e_per="teu_km"),
            ocean("S2", "L2", 450.0),
            last,
            plain_bid("R3", "T1", "PB", "E1", 250.0),
            plain_bid("H1", "T2", "PA", "HUB", 80.0, **trip),
            plain_bid("H2", "T2", "PB", "HUB", 80.0, **trip),
            plain_bid("H3", "T1", "HUB", "E1", 120.0),
        ),
    )


def model_text() -> str:
    """Rows and columns once, with CO2e as the objective; then the cost as another objective."""
    model = build_model(build_options(golden_case()), Cuts())
    model.linear.minimise(model.co2e, model.constant_co2e)
    text = model.linear.text()
    model.linear.minimise(model.cost, model.constant_cost)
    return text + "or " + model.linear.text().splitlines()[0] + "\n"


def test_the_model_is_the_stored_one() -> None:
    stored, made = GOLDEN.read_text("utf-8"), model_text()
    changes = difflib.unified_diff(stored.splitlines(), made.splitlines(), "stored", "made", n=0)
    assert made == stored, "\n".join(list(changes)[:40])


def test_the_text_is_the_same_every_time() -> None:
    assert model_text() == model_text()


def test_the_case_has_what_the_file_is_for() -> None:
    """Columns of packagings, centres, boxes, load units and a capacity."""
    text = model_text()
    for name in ("t[O1/1,THIN]", ",in,", ",out,", "m[YARD", "v[", "capacity[S1", "z[T2]", "met["):
        assert name in text


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(model_text(), "utf-8")
    print(f"{GOLDEN}: renewed")
