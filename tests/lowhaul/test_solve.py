"""The door to the solvers where one of them breaks off."""

import pytest

from lowhaul import solve as door
from lowhaul.linear import LinearModel
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
    assert (solved.status, solved.found, solved.bound) == ("timeout", False, -float("inf"))
    assert "ABNORMAL" in solved.message


def test_any_other_fault_of_a_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with("the model is invalid", monkeypatch)
    with pytest.raises(SolverFault, match="invalid"):
        relaxation(one_column(), Limits(5.0))
