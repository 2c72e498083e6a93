"""A short run of `benchmarks.fuzz_import`: mutated files end with exit code 0 or 3, and whole."""

from __future__ import annotations

from pathlib import Path

from benchmarks.fuzz_import import checked, fuzz, mutated


def test_the_same_seed_makes_the_same_inputs() -> None:
    assert [mutated(i, 7)[2] for i in range(20)] == [mutated(i, 7)[2] for i in range(20)]
    assert mutated(0, 7)[2] != mutated(0, 8)[2]


def test_mutated_files_break_nothing(tmp_path: Path) -> None:
    for number in range(120):
        code, fault = checked(number, 11, tmp_path / "one")
        assert (code in ("0", "3"), fault) == (True, ""), number


def test_children_are_watched() -> None:
    """Ten inputs through child processes, as the long run has them."""
    codes, faults = fuzz(10, 3, lambda _text: None)
    assert sum(codes.values()) == 10
    assert not faults
