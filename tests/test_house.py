"""The rules of the house that no tool holds by itself."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lowhaul", "loading", "emissions", "routing", "scenarios")
MODULES = [ROOT / "cli.py", *(p for name in PACKAGES for p in sorted((ROOT / name).rglob("*.py")))]
LONGEST = 400
LONGER_FOR_A_REASON: dict[str, str] = {}
"""Modules over 400 lines, each with the reason why it is still one idea."""

IMPORT_NAMES = {
    "PyYAML": "yaml",
    "SQLAlchemy": "sqlalchemy",
    "python-calamine": "python_calamine",
    "Jinja2": "jinja2",
    "MarkupSafe": "markupsafe",
    "Babel": "babel",
    "protobuf": "google",
}


def text_files() -> list[Path]:
    """What git holds or would hold: tracked files and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:  # an unpacked archive: no git here
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file()]
        names = [n for n in names if not n.startswith((".venv", "demo/", "build/", "dist/"))]
    else:
        names = listed.stdout.splitlines()
    binary = {".png", ".gpkg", ".parquet", ".xlsx", ".pyc", ".gz", ".zip"}
    paths = [ROOT / name for name in names]
    return [p for p in paths if p.is_file() and p.suffix not in binary]


def found_in_files(pattern: str, files: list[Path]) -> list[str]:
    """`file:line` of every match, this file apart (it names what is forbidden)."""
    wanted = re.compile(pattern)
    hits = []
    for path in files:
        if path == Path(__file__).resolve():
            continue
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        hits += [
            f"{path.relative_to(ROOT)}:{i}" for i, x in enumerate(lines, 1) if wanted.search(x)
        ]
    return hits


def test_imports_go_one_way() -> None:
    """cli -> scenarios -> routing -> (loading, emissions) -> lowhaul, by import-linter."""
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as f; f()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert not found_in_files(r"^\s*(from|import) cli\b", MODULES), (
        "nothing imports the command line"
    )


def test_no_module_is_longer_than_one_idea() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in MODULES}
    too_long = {name: n for name, n in lengths.items() if n > LONGEST}
    assert set(too_long) <= set(LONGER_FOR_A_REASON), too_long
    assert set(LONGER_FOR_A_REASON) <= set(too_long), "a reason for a module that is short again"


def test_the_command_line_imports_click_alone() -> None:
    """`lowhaul --help` must answer at once: pandas alone would take seconds."""
    code = "import sys, cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ran.stdout.split()) - set(sys.stdlib_module_names)
    ours = {"click", "cli", "lowhaul", "scenarios"}  # scenarios: only its file commands
    assert {name for name in loaded if not name.startswith("_")} == ours


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_what_the_distribution_asks_for(module: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.split(r"[<>=\[; ]", wanted)[0] for wanted in project["dependencies"]]
    names += [re.split(r"[<>=\[; ]", w)[0] for w in project["optional-dependencies"]["db"]]
    known = {IMPORT_NAMES.get(name, name) for name in names}
    known |= {*PACKAGES, "cli", *sys.stdlib_module_names}
    imported = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported.add(node.module.partition(".")[0])
    assert imported <= known


def test_no_path_of_a_machine_is_in_the_repository() -> None:
    assert not found_in_files(r"(?<![\w.])/(work|root|home|Users|opt)/\w", text_files())


def test_nothing_is_left_unfinished() -> None:
    assert not found_in_files(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", MODULES)
    assert not found_in_files(r"except( Exception)?:\s*pass", MODULES)


def shipped(*suffixes: str) -> list[Path]:
    """Files with these endings that a user gets or reads: all but the tests."""
    tests = ROOT / "tests"
    return [p for p in text_files() if p.suffix in suffixes and tests not in p.parents]


def test_texts_claim_nothing_that_cannot_be_shown() -> None:
    """No neutrality, no certificate; "certified" only where it is denied."""
    texts = shipped(".py", ".md", ".html", ".j2", ".js", ".yaml")
    assert not found_in_files(r"(?i)(carbon|climate)[ -]neutral|\bsuccessfully\b", texts)
    assert not found_in_files(r"(?i)(?<!not )(?<!nicht )\bcertified\b", texts)
    assert not found_in_files(r"(?i)\b(language model|as an assistant|the prompt)\b", texts)


def test_no_licensed_factor_value_is_shipped() -> None:
    """GLEC and Clean Cargo values may be read by the user's own licence, never given away."""
    data = shipped(".csv", ".json", ".geojson", ".yaml")
    assert not found_in_files(r"(?i)clean ?cargo|\bglec\b", data)


@pytest.mark.parametrize(
    "table",
    [p for name in PACKAGES for p in sorted((ROOT / name).glob("data/*.*"))],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_shipped_data_are_named_in_the_notice(table: Path) -> None:
    assert str(table.relative_to(ROOT)) in (ROOT / "NOTICE").read_text("utf-8")


def test_pages_link_only_to_files_that_exist() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken


def test_the_index_names_every_page_of_the_documentation() -> None:
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    pages = [p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").rglob("*.md")]
    assert [name for name in pages if name != "index.md" and f"({name})" not in index] == []
