"""`lowhaul ileap`: exit codes, text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from cli import main
from tests.emissions.ileap_documents import valid

EXAMPLES = Path(__file__).resolve().parent / "emissions" / "ileap_examples"


def lowhaul(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["ileap", *map(str, words)])


def written(folder: Path, document: object) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_file_without_a_breach_is_code_0(tmp_path: Path) -> None:
    result = lowhaul("check", written(tmp_path, valid()), "--strict")
    assert (result.exit_code, result.stdout) == (0, "file.json: No rule is broken.\n")


def test_errors_are_code_3_with_rule_and_pointer() -> None:
    result = lowhaul("check", EXAMPLES / "spec_example_02.json")
    assert result.exit_code == 3
    assert "error  activity  /extensions/0/data/tces/0/transportActivity" in result.stdout
    assert result.stdout.endswith("spec_example_02.json: 3 errors, 1 warnings.\n")


def test_warnings_are_code_8_with_strict_alone(tmp_path: Path) -> None:
    path = written(tmp_path, valid()["data"][0])
    assert lowhaul("check", path).exit_code == 0
    result = lowhaul("check", path, "--strict", "--json")
    assert result.exit_code == 8
    told = json.loads(result.stdout)
    assert (told["exit_code"], told["file"]) == (8, "file.json")
    assert {b["rule"] for b in told["breaches"]} == {"known-toc-hoc"}
    assert set(told["breaches"][0]) == {"rule", "severity", "pointer", "message", "hint", "value"}


def test_what_is_no_json_is_code_3(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text("{", encoding="utf-8")
    for words in (("check", path), ("show", path)):
        result = lowhaul(*words)
        assert result.exit_code == 3
        assert "The file is no JSON" in result.stderr


def test_a_file_that_is_not_there_is_code_2(tmp_path: Path) -> None:
    assert lowhaul("check", tmp_path / "none.json").exit_code == 2


def test_show_gives_sums_and_intensities(tmp_path: Path) -> None:
    result = lowhaul("show", written(tmp_path, valid()))
    assert result.exit_code == 0
    words = [line.split() for line in result.stdout.splitlines()]
    assert ["SH-1", "2000", "3", "2200", "223", "187"] in words
    assert ["SHIP", "Sea", "TEUkm", "0.2"] in words
    assert ["HUB", "MaritimeContainerTerminal", "tonnes", "1.5"] in words
    assert ["ACT-1", "Air", "1500"] in words


def test_show_tells_what_was_mended() -> None:
    result = lowhaul("show", EXAMPLES / "spec_example_03.json")
    assert result.exit_code == 0
    assert "4561230" in result.stdout
    assert "warning  missing-share" in result.stderr
