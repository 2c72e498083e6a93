"""Whatever stands in a cell or a file, the answer is a case or InputRejected, and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lowhaul.errors import InputRejected
from lowhaul.input_tables import INPUT_TABLES
from scenarios.inputs import build_case, load_project
from tests.scenarios.small_project import small_tables, write_small_project

NASTY = [
    "NaN", "nan", "inf", "-0", "1e308", "1e-320", "٣", "0x1F", "1_000", "'=1+1", "=1+1", "@x", "-",
    "+", "null", "None", "NA", "<NA>", "True", "\x00", "\r", "\n", '"', ";", ";;", ",", "a;b", ">",
    "2026-02-29", "9999-12-31", "1990-01-01", "2026-1-1", "40hc", "SOC", "percent", "0", "-1", "1",
    "999999999999", "99999999999999999999", "1e999", "\ufeff", "\u202e", "ﬁ", "e\u0301", " x ",
    "../../etc", "CON", "yes", "no", "teu", "air", "hub", "port", "vehicle_km", "EUR", "NO", "DE",
]  # fmt: skip
TEXTS = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
CELLS = st.sampled_from(
    [(t.name, c.name) for t in INPUT_TABLES.values() for c in t.columns]
).flatmap(lambda cell: st.tuples(st.just(cell), TEXTS))


def judge(folder: Path) -> None:
    rejected: InputRejected | None
    try:
        project = load_project(folder)
    except InputRejected as fault:
        rejected = fault
    else:
        rejected = None
    if rejected is not None:
        assert any(f.severity == "error" for f in rejected.findings)
        assert str(rejected)
        return
    for scenario in ("base", *project.scenario_names()):
        build_case(project, scenario)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(cells=st.lists(CELLS, min_size=1, max_size=5))
def test_any_text_in_any_cell(cells: list[tuple[tuple[str, str], str]]) -> None:
    tables: dict[str, Any] = small_tables()
    for (table, column), text in cells:
        rows = tables.setdefault(table, [{}])
        rows[-1] = {**rows[-1], column: text}
    with tempfile.TemporaryDirectory() as folder:
        judge(write_small_project(Path(folder), **tables))


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    data=st.binary(max_size=60) | TEXTS.map(lambda t: t.encode()),
    name=st.sampled_from(["orders.csv", "bids.csv", "tender_rules.csv", "data.xlsx", "x.parquet"]),
)
def test_any_bytes_in_any_file(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = write_small_project(Path(folder))
        (project / "data" / name).write_bytes(data)
        judge(project)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    path=st.sampled_from(["name", "period", "currency", "settings", "scenarios", "bucket"]),
    value=st.recursive(
        TEXTS | st.none() | st.booleans() | st.integers() | st.floats(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["from", "to", "as_of", "measures", "solver", "gap", "a", "extends"]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    ),
)
def test_any_value_in_the_document(path: str, value: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        judge(write_small_project(Path(folder), project={path: value}))


@settings(max_examples=8, deadline=None, derandomize=True)
@given(text=TEXTS, at=st.integers(0, 400))
def test_any_text_in_the_document(text: str, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_small_project(Path(folder)) / "project.yaml"
        whole = path.read_text("utf-8")
        path.write_text(whole[:at] + text + whole[at:], encoding="utf-8", newline="")
        judge(path.parent)
