"""The command line: exit codes, streams, words; every command on the shipped example."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cli import main
from docs.build_cli import PAGE, page
from lowhaul import __version__, console
from lowhaul.errors import InputRejected, NoPlanExists, TimeIsUp
from lowhaul.findings import Finding, Findings
from scenarios.disclosure import WouldDisclose
from scenarios.doctor import examine
from scenarios.wording import outcomes_text, status_words

ROOT = Path(__file__).resolve().parent.parent
WARNING = Finding("W003", "warning", "Two sea legs are short.", file="data/bids.csv", row=4)
ERROR = Finding("E021", "error", "'n/a' is not a number.", "Give one.", "data/bids.csv", row=9)


def lowhaul(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **functions: Callable[..., Any]) -> None:
    """Put functions in the place of a module that a command imports when it runs."""
    monkeypatch.setitem(sys.modules, name, SimpleNamespace(**functions))


def raising(error: BaseException) -> Callable[..., Any]:
    def function(*_args: object, **_options: object) -> None:
        raise error

    return function


def planned(name: str = "base", exit_code: int = 0, **more: object) -> SimpleNamespace:
    summary = {
        "currency": "EUR",
        "cost": 1234567.5,
        "co2e_wtw_kg": 608449.6,
        "load_units": {"45G1": 40, "22G1": 2},
        "round_use_boxes": 7,
        "on_time_share": 1.0,
        "gap": 0.004,
        "orders_unserved": 0,
    }
    outcome = {"scenario": name, "status": "optimal", "exit_code": exit_code, "message": ""}
    return SimpleNamespace(
        **{**outcome, "folder": Path("results") / name, "summary": summary, **more}
    )


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A project with one warning stands where `load_project` would read one."""
    frames = {"orders": [1, 2], "bids": [1]}
    one = SimpleNamespace(name="Spring", findings=Findings([WARNING]), frames=frames)
    stand_in(monkeypatch, "scenarios.inputs", load_project=lambda folder: one)
    return one


# Help and usage


def test_help_names_every_command() -> None:
    result = lowhaul("--help")
    assert result.exit_code == 0
    for name in ("init", "validate", "run", "compare", "load", "map", "report", "doctor"):
        assert f"\n  {name} " in result.output


def test_help_is_ascii_so_that_no_console_refuses_it() -> None:
    assert page().isascii()


def test_version() -> None:
    assert __version__ in lowhaul("--version").output


def test_the_page_of_the_command_line_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python docs/build_cli.py"


@pytest.mark.parametrize(
    "words", [["plan"], ["run", "--gap", "much"], ["compare", "base"], ["load", "no.csv"], ["init"]]
)
def test_a_wrong_call_is_code_2(words: list[str]) -> None:
    assert lowhaul(*words).exit_code == 2


@pytest.mark.parametrize("words", [["report", "base"], ["map", "base"], ["compare", "base", "b"]])
def test_results_that_do_not_exist_are_code_2_and_say_how_to_make_them(
    words: list[str], tmp_path: Path
) -> None:
    result = lowhaul(*words, "--project", tmp_path)
    assert result.exit_code == 2
    assert "lowhaul run base" in result.stderr


# Faults


def test_rejected_inputs_are_code_3_with_every_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    error = InputRejected([ERROR, WARNING])
    stand_in(monkeypatch, "scenarios.inputs", load_project=raising(error))
    result = lowhaul("validate")
    assert result.exit_code == 3
    assert "E021 row 9: 'n/a' is not a number. Give one." in result.stderr
    assert "W003" in result.stderr
    assert result.stdout == ""


def test_rejected_inputs_as_json_keep_all_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "scenarios.inputs", load_project=raising(InputRejected([ERROR])))
    result = lowhaul("validate", "--json")
    found = json.loads(result.stdout)
    assert found["exit_code"] == result.exit_code == 3
    assert found["findings"][0]["row"] == 9
    assert found["findings"][0]["file"] == "data/bids.csv"


@pytest.mark.parametrize(("error", "code"), [(NoPlanExists("Clash."), 4), (TimeIsUp("Late."), 6)])
def test_errors_of_the_house_bring_their_own_code(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    stand_in(monkeypatch, "scenarios.inputs", load_project=raising(error))
    result = lowhaul("validate")
    assert result.exit_code == code
    assert result.stderr.strip() == str(error)


def test_an_unexpected_fault_is_one_sentence_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stand_in(monkeypatch, "scenarios.inputs", load_project=raising(KeyError("port")))
    result = lowhaul("run")
    assert result.exit_code == 1
    assert "KeyError: 'port'" in result.stderr
    assert "lowhaul --debug run" in result.stderr
    assert "Traceback" not in result.output


def test_debug_lets_the_fault_through(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "scenarios.inputs", load_project=raising(KeyError("port")))
    assert isinstance(lowhaul("--debug", "run").exception, KeyError)


def test_ctrl_c_is_code_130(monkeypatch: pytest.MonkeyPatch, project: SimpleNamespace) -> None:
    stand_in(monkeypatch, "scenarios.run", run_scenarios=raising(KeyboardInterrupt()))
    result = lowhaul("run")
    assert result.exit_code == 130
    assert "Interrupted" in result.stderr


# validate and run


def test_strict_turns_warnings_into_code_8(project: SimpleNamespace) -> None:
    assert lowhaul("validate").exit_code == 0
    assert lowhaul("validate", "--strict").exit_code == 8


def test_run_returns_the_highest_code_and_prints_what_was_planned(
    monkeypatch: pytest.MonkeyPatch, project: SimpleNamespace
) -> None:
    asked = {}

    def run_scenarios(_project: object, names: object, **options: Any) -> list[SimpleNamespace]:
        asked.update(names=names, overrides=options["overrides"])
        options["progress"]("base: routes")
        late = planned("cheap", 5, status="timeout", message="Give more time.")
        return [planned(), late]

    stand_in(monkeypatch, "scenarios.run", run_scenarios=run_scenarios)
    result = lowhaul("run", "base", "cheap", "--time-limit", "30", "--seed", "7")
    assert result.exit_code == 5
    assert asked == {"names": ("base", "cheap"), "overrides": {"time_limit_s": 30, "seed": 7}}
    assert "base: routes" in result.stderr
    assert "W003" in result.stderr
    assert "1,234,568" in result.stdout
    assert "608.4" in result.stdout
    assert "Proven within 0.4%" in result.stdout
    assert "cheap: Give more time." in result.stdout


def test_run_as_json_prints_nothing_else(
    monkeypatch: pytest.MonkeyPatch, project: SimpleNamespace
) -> None:
    stand_in(monkeypatch, "scenarios.run", run_scenarios=lambda *_a, **_o: [planned()])
    result = lowhaul("run", "--json", "--strict")
    found = json.loads(result.stdout)
    assert found["exit_code"] == result.exit_code == 8
    assert found["scenarios"][0]["summary"]["round_use_boxes"] == 7


@pytest.mark.parametrize(
    ("status", "gap", "sign", "words"),
    [
        ("optimal", 0.0, "✓", "Proven optimum"),
        ("optimal", 0.004, "✓", "Proven within 0.4% of the best possible plan"),
        ("feasible", 0.021, "✓", "up to 2.1% may be possible"),
        ("timeout", 0.021, "△", "usable plan, up to 2.1% may be possible"),
        ("infeasible", None, "✕", "No plan exists (proved)"),
    ],
)
def test_status_in_words(status: str, gap: float | None, sign: str, words: str) -> None:
    one = planned(status=status)
    one.summary["gap"] = gap
    shown = status_words(one)
    assert shown.startswith(sign)
    assert words in shown


def test_time_that_ran_out_without_a_plan_is_said() -> None:
    shown = status_words(planned(status="timeout", summary={}, exit_code=6))
    assert shown.startswith("✕ Time ran out before a plan was found")


def test_a_scenario_without_a_plan_has_no_figures() -> None:
    text = outcomes_text([planned(status="infeasible", exit_code=4, summary={}, message="Clash.")])
    assert "No plan exists" in text
    assert "0" not in text.splitlines()[2].replace("base", "")


def test_unserved_orders_are_said_with_the_table() -> None:
    one = planned()
    one.summary["orders_unserved"] = 3
    assert "3 order lines are not served" in outcomes_text([one])


# compare


def test_compare_reads_the_results_that_lie_in_the_project(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, kg in (("baseline", 2000.0), ("base", 1500.0)):
        folder = tmp_path / "results" / name
        folder.mkdir(parents=True)
        (folder / "summary.json").write_text(json.dumps({"co2e_wtw_kg": kg}), "utf-8")

    def read_results(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, json.loads((folder / "summary.json").read_text("utf-8"))

    stand_in(monkeypatch, "scenarios.run", read_results=read_results)
    result = lowhaul("compare", "baseline", "base", "--project", tmp_path, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["first"] == "baseline"
    (second,) = [one for one in found["scenarios"] if one["scenario"] == "base"]
    assert [v for v in second["difference"].values() if v == -0.5 or v == -500.0]


# load

LOAD_LIST = """\
sku,description,quantity,length_mm,width_mm,height_mm,gross_weight_kg,max_stack_layers
MOD,module pallet,6,2320,1140,1250,1015,2
"""


def test_load_plans_a_list_and_says_where_the_plans_are(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LOAD_LIST, "utf-8")
    result = lowhaul("load", tmp_path / "list.csv", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "6 handling units" in result.stdout
    assert (tmp_path / "out" / "placements.csv").is_file()


def test_load_keeps_to_the_equipment_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LOAD_LIST, "utf-8")
    words = ("load", tmp_path / "list.csv", "--out", tmp_path / "out", "--equipment", "20GP")
    found = json.loads(lowhaul(*words, "--json").stdout)
    assert found["exit_code"] == 0
    assert set(found["load_units"]) == {"20GP"}


def test_a_load_list_with_faults_is_code_3(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LOAD_LIST.replace("1015", "heavy"), "utf-8")
    result = lowhaul("load", tmp_path / "list.csv", "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "heavy" in result.stderr


# Pages drawn again


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Results of `base`, made from inputs that have changed; what is drawn is kept."""
    folder = tmp_path / "results" / "base"
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text("{}", "utf-8")
    kept: dict[str, Any] = {"folder": tmp_path}
    plan = SimpleNamespace(folder=tmp_path, hashes={"bids": "new", "orders": "same"})
    case = SimpleNamespace(carriers={"JADE": 1, "IDLE": 2})
    tables = {"legs": pd.DataFrame({"carrier": ["JADE", None, "JADE"]})}
    summary = {"inputs": {"bids": "old", "orders": "same"}}

    def write_map(folder: Path, *rest: object) -> Path:
        kept["map"] = rest
        return folder / "map.html"

    stand_in(
        monkeypatch,
        "scenarios.inputs",
        load_project=lambda folder: plan,
        build_case=lambda project, name: case,
    )
    stand_in(monkeypatch, "scenarios.run", read_results=lambda folder: (tables, summary))
    stand_in(monkeypatch, "scenarios.map", write_map=write_map)
    return kept


def test_map_is_drawn_for_a_carrier_and_changed_inputs_are_named(drawn: dict[str, Any]) -> None:
    result = lowhaul("map", "base", "--carrier", "JADE", "--project", drawn["folder"])
    assert result.exit_code == 0, result.output
    assert drawn["map"][-2:] == ("JADE", False)
    assert result.stdout.strip().endswith("map.html")
    assert "changed since this plan was made: bids." in result.stderr


def test_a_carrier_without_a_leg_is_code_7(drawn: dict[str, Any]) -> None:
    result = lowhaul("map", "base", "--carrier", "IDLE", "--project", drawn["folder"])
    assert result.exit_code == 7
    assert "These do: JADE" in result.stderr


def test_packs_are_written_for_all_or_for_one(
    drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def write_packs(folder: Path, *rest: Any) -> SimpleNamespace:
        asked.append(rest[-1])
        return SimpleNamespace(folders={"JADE": folder / "carriers" / "JADE"}, withheld=())

    stand_in(monkeypatch, "scenarios.packs", write_packs=write_packs)
    for words in ((), ("--carrier", "JADE")):
        result = lowhaul("packs", "base", *words, "--project", drawn["folder"])
        assert result.exit_code == 0, result.output
        assert Path(result.stdout.strip()).parts[-2:] == ("carriers", "JADE")
        assert "changed since this plan was made: bids." in result.stderr
    assert asked == [None, ["JADE"]]


def test_a_withheld_pack_is_code_1(drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    fault = WouldDisclose("JADE", ["Ostwind"], "pack")
    stand_in(
        monkeypatch,
        "scenarios.packs",
        write_packs=lambda *rest: SimpleNamespace(folders={}, withheld=(fault,)),
    )
    result = lowhaul("packs", "base", "--project", drawn["folder"])
    assert result.exit_code == 1
    assert "'Ostwind'" in result.stderr


@pytest.mark.parametrize(("carrier", "code"), [("IDLE", 7), ("NOPE", 2)])
def test_a_pack_for_nobody_is_refused(
    drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch, carrier: str, code: int
) -> None:
    """It is refused before anything is written."""
    stand_in(monkeypatch, "scenarios.packs", write_packs=raising(AssertionError("written")))
    result = lowhaul("packs", "base", "--carrier", carrier, "--project", drawn["folder"])
    assert result.exit_code == code
    assert "JADE" in result.stderr


# The shipped example


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the shipped example, as `lowhaul init` makes it."""
    folder = tmp_path / "plan"
    result = lowhaul("init", folder)
    assert result.exit_code == 0, result.output
    assert f"lowhaul run --project {folder}" in result.stdout
    return folder


def test_the_shipped_example_is_valid(example: Path) -> None:
    result = lowhaul("validate", "--project", example)
    assert result.exit_code == 0, result.output
    assert "ready to plan" in result.stdout


def test_every_faulty_cell_of_a_project_is_named_at_once(example: Path) -> None:
    orders, bids = example / "data" / "orders.csv", example / "data" / "bids.csv"
    orders.write_text(orders.read_text("utf-8").replace("ready_date", "reddy_date"), "utf-8")
    bids.write_text(bids.read_text("utf-8").replace("transit_days", "days"), "utf-8")
    result = lowhaul("validate", "--project", example, "--json")
    assert result.exit_code == 3
    places = {(f["file"], f["column"]) for f in json.loads(result.stdout)["findings"]}
    assert {("data/orders.csv", "ready_date"), ("data/bids.csv", "transit_days")} <= places


def test_a_scenario_that_is_not_in_the_project_is_code_2(example: Path) -> None:
    result = lowhaul("run", "moon", "--project", example)
    assert result.exit_code == 2
    assert "moon" in result.stderr


def test_a_folder_without_a_project_is_refused_without_a_traceback(tmp_path: Path) -> None:
    result = lowhaul("run", "--project", tmp_path)
    assert result.exit_code == 3
    assert "project.yaml" in result.stderr


# init


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    result = lowhaul("init", tmp_path)
    assert result.exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_init_refuses_an_unknown_example(tmp_path: Path) -> None:
    result = lowhaul("init", tmp_path / "plan", "--example", "moon")
    assert result.exit_code == 2
    assert "moon" in result.stderr


# Consoles


@pytest.mark.parametrize("encoding", ["gbk", "cp1252", "ascii", "cp437"])
def test_a_console_without_utf8_gets_plain_twins(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console.make_safe([stream])
    stream.write("✓ 608.5 t CO₂e, \u221228.4 % → Zürich \u5408\u80a5")
    stream.flush()
    shown = raw.getvalue().decode(encoding)
    assert "CO2e, -28.4 % -> Z" in shown.replace("\u2212", "-").replace("\u2192", "->")


def test_help_and_faults_come_out_on_a_gbk_console(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "report", "Zürich ₂", "--project", str(tmp_path)],
        env={"PYTHONIOENCODING": "gbk", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr
    assert "There are no results" in ran.stderr.decode("gbk")


def test_json_stays_whole_on_a_console_without_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    console.say_json({"name": "CO₂e \u5408\u80a5"})
    sys.stdout.flush()
    assert json.loads(raw.getvalue().decode("ascii")) == {"name": "CO₂e \u5408\u80a5"}


def test_chinese_words_take_two_columns_of_a_table() -> None:
    text = console.table(("place", "t"), [("\u5408\u80a5", "1"), ("Hefei", "22")])
    assert [console.width(line) for line in text.splitlines()] == [9, 9, 9, 9]


def test_long_lists_of_findings_are_cut_and_counted() -> None:
    many = [Finding("E001", "error", f"Fault {i}.", file="a.csv") for i in range(250)]
    text = console.findings_text(many)
    assert "Errors (250)" in text
    assert "and 50 more (--json lists all)" in text


# doctor


def test_a_check_that_breaks_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    by_name = {check.name: check for check in examine()}
    assert not by_name["solver CP-SAT"].ok
    assert by_name["Python"].ok
