"""Written tables: header always, whole or not at all, nothing that a spreadsheet would run."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowhaul.columns import Column, Table
from lowhaul.findings import Findings
from lowhaul.reading import read_csv_file
from lowhaul.result_tables import RESULT_TABLES
from lowhaul.tables import empty_table, read_table
from lowhaul.writing import csv_text, write_csv, write_text


@pytest.mark.parametrize("name", RESULT_TABLES)
def test_the_header_is_there_without_rows(name: str) -> None:
    table = RESULT_TABLES[name]
    header = ",".join(table.names) + "\n"
    assert csv_text(pd.DataFrame(), table) == header
    assert csv_text(empty_table(table).frame, table) == header


def test_values_are_plain() -> None:
    frame = pd.DataFrame(
        {
            "text": ["=1+1", "-3", "+49 30", "@x", "'=a", "", None],
            "number": [1.0, 0.00001, -2.5, 1e14, float("nan"), 0.1 + 0.2, -0.0],
            "whole": pd.array([1, None, -3, 4, 5, 6, 7], dtype="Int64"),
            "yes": [True, False, True, True, False, None, True],
            "day": pd.to_datetime(["2026-01-31", None] + ["2026-02-01"] * 5),
            "list": [("a", "b"), (), ["c"], {"d"}, "e", "f;g", date(2026, 1, 2)],
        }
    )
    assert csv_text(frame).splitlines() == [
        "text,number,whole,yes,day,list",
        "'=1+1,1,1,yes,2026-01-31,a;b",
        "-3,0.00001,,no,,",
        "'+49 30,-2.5,-3,yes,2026-02-01,c",
        "'@x,100000000000000,4,yes,2026-02-01,d",
        "''=a,,5,no,2026-02-01,e",
        ",0.30000000000000004,6,,2026-02-01,f;g",
        ",0,7,yes,2026-02-01,2026-01-02",
    ]


def test_declared_columns_come_first_and_extras_stay() -> None:
    table = Table("t", "T.", (Column("a", "text"), Column("b", "number")))
    assert csv_text(pd.DataFrame({"c": [1], "b": [2.0]}), table) == "a,b,c\n,2,1\n"


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sub" / "t.csv"
    write_csv(pd.DataFrame({"a": [1]}), path)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="disk full"):
        write_text("other", path)
    assert path.read_text() == "a\n1\n"
    assert os.listdir(path.parent) == ["t.csv"]


TABLE = Table("t", "T.", (Column("key", "id"), Column("text", "text"), Column("n", "number")))
CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("=+-@'\",;"), max_size=9
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    texts=st.lists(CELLS, min_size=1, max_size=5),
    number=st.floats(-1e12, 1e12, allow_nan=False),
)
def test_what_is_written_is_read_again(
    texts: list[str], number: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import unicodedata

    path = tmp_path_factory.mktemp("t") / "t.csv"
    kept = [unicodedata.normalize("NFC", t.strip()) for t in texts]
    kept = [k if k.strip() == k else "x" for k in kept]
    frame = pd.DataFrame({"key": [f"k{i}" for i in range(len(kept))], "text": kept, "n": number})
    write_csv(frame, path)
    findings = Findings()
    raw = read_csv_file(path, "t.csv", findings)
    assert raw is not None
    again = read_table(TABLE, raw, findings).frame
    assert not findings.items
    assert again["text"].tolist() == kept
    assert again["n"].tolist() == [number] * len(kept)
