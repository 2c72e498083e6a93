"""Linear models by hand: what rows imply, and the door to the solvers where one breaks off."""

from math import inf

import numpy as np
import pytest

from lowhaul import solve as door
from lowhaul.linear import LinearModel
from lowhaul.rows import Rows
from lowhaul.solve import Limits, SolverFault, relaxation


def one_column() -> LinearModel:
    model = LinearModel()
    model.minimise({model.column("x", 2.0, 3.0): 1.0})
    return model


def fails_with(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(job: object) -> None:
        raise SolverFault(f"The solver glop failed: {words}")

    monkeypatch.setattr(door, "_run", run)


def test_a_relaxation_that_breaks_off_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert relaxation(one_column(), Limits(5.0)).bound == pytest.approx(2.0)
    fails_with("Unexpected GLOP termination reason: ABNORMAL [INTERNAL]", monkeypatch)
    solved = relaxation(one_column(), Limits(5.0))
    assert (solved.status, solved.found, solved.bound) == ("timeout", False, -inf)
    assert "ABNORMAL" in solved.message


def test_any_other_fault_of_a_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with("the model is invalid", monkeypatch)
    with pytest.raises(SolverFault, match="invalid"):
        relaxation(one_column(), Limits(5.0))


def test_rows_imply_limits_of_columns_that_have_none() -> None:
    """2 f <= 3 n and n <= 4: f <= 6. V = f + g, g <= 1: V <= 7. h >= f only: h stays open."""
    model = LinearModel()
    n, f, g, v, h = (model.column(name) for name in ("n", "f", "g", "V", "h"))
    model.row("of n", {f: 2.0, n: -3.0}, upper=0.0)
    model.row("sum", {f: 1.0, g: 1.0, v: -1.0}, lower=0.0, upper=0.0)
    model.row("more", {h: 1.0, f: -1.0}, lower=0.0)
    upper = np.array([4.0, inf, 1.0, inf, inf])
    assert Rows.of(model).implied_upper(upper).tolist() == [4.0, 6.0, 1.0, 7.0, inf]


def test_limits_follow_from_limits_as_far_as_that_goes() -> None:
    """Boxes left on a day: those of the day before and one more, from none on: 1, 2, ... 9."""
    model = LinearModel()
    fresh = model.column("fresh", 0.0, 1.0)
    left = [model.column(f"left {day}") for day in range(9)]
    for day in range(9):
        before = {left[day - 1]: -1.0} if day else {}
        model.row(f"day {day}", {left[day]: 1.0, fresh: -1.0} | before, upper=0.0)
    found = Rows.of(model).implied_upper(np.array(model.upper))
    assert found.tolist() == [1.0, *(float(day + 1) for day in range(9))]
