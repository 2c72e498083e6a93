"""The wheel works without the checkout: built, installed in an empty environment, used."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("lowhaul-*.whl")
    return built


@pytest.fixture(scope="module")
def outside(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder far from the checkout with an environment of its own that has the wheel."""
    folder = tmp_path_factory.mktemp("outside")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "env")], check=True)
    python = folder / "env" / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    return folder


def lowhaul(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command there, with nothing of this process's Python path."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [str(folder / "env" / "bin" / "lowhaul"), *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_the_code_the_data_and_the_example(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    code = {"cli.py", "lowhaul", "routing", "loading", "emissions", "scenarios"}
    assert {top for top in tops if not top.endswith(".dist-info")} == code
    assert "scenarios/examples/solar/project.yaml" in names
    assert not [name for name in names if "/results/" in name or name.endswith(".pyc")]
    for package in sorted(code - {"cli.py"}):
        data = {f"{package}/data/{p.name}" for p in (ROOT / package / "data").glob("*.*")}
        assert data <= set(names)
    assert [name for name in names if name.endswith("licenses/NOTICE")]


def test_the_installed_command_answers_and_checks_the_example(outside: Path) -> None:
    helped = lowhaul(outside, "--help")
    assert helped.returncode == 0, helped.stderr
    assert "Usage: lowhaul" in helped.stdout

    started = lowhaul(outside, "init", "plan")
    assert started.returncode == 0, started.stderr
    assert (outside / "plan" / "project.yaml").is_file()

    checked = lowhaul(outside, "validate", "--project", "plan")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "ready to plan" in checked.stdout


def test_the_installed_command_finds_nothing_missing(outside: Path) -> None:
    examined = lowhaul(outside, "doctor")
    assert examined.returncode == 0, examined.stdout + examined.stderr
