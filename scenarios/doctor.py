"""Can this installation plan? One check for each thing that has stopped a plan before."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

LIBRARIES = (
    "ortools",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "geopandas",
    "shapely",
    "pyproj",
    "networkx",
    "searoute",
    "folium",
    "pydantic",
    "openpyxl",
    "python-calamine",
)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, whether it will do, what to do if not."""

    name: str
    ok: bool
    found: str
    hint: str = ""

    def as_dict(self) -> dict[str, object]:
        """All parts, for `--json`."""
        return asdict(self)


def examine() -> list[Check]:
    """Look at everything; a check that fails does not stop the others."""
    looks: list[tuple[str, Callable[[], Check]]] = [
        ("Lowhaul", _lowhaul),
        ("Python", _python),
        *((name, lambda name=name: _library(name)) for name in LIBRARIES),
        ("highspy", _no_highspy),
        ("solver HiGHS", lambda: _math_opt("HIGHS", "HiGHS")),
        ("solver SCIP", lambda: _math_opt("GSCIP", "SCIP")),
        ("solver CP-SAT", _cp_sat),
        ("equipment", _equipment),
        ("emission factors", _factors),
        ("examples", _examples),
        ("current folder", _folder),
        ("console", _console),
    ]
    return [_safely(name, look) for name, look in looks]


def _safely(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as error:  # a broken library raises anything; the others are still examined
        words = " ".join(str(error).split())[:200]
        return Check(name, False, f"{type(error).__name__}: {words}", "Install Lowhaul again.")


def _lowhaul() -> Check:
    from lowhaul import __version__

    return Check("Lowhaul", True, __version__)


def _python() -> Check:
    ok = (3, 11) <= sys.version_info[:2] < (3, 14)
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("Python", ok, found, "Lowhaul runs on Python 3.11 to 3.13.")


def _library(name: str) -> Check:
    try:
        return Check(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed", f"Install it: pip install {name}")


def _no_highspy() -> Check:
    there = importlib.util.find_spec("highspy") is not None
    hint = "It breaks the solver of ortools. Remove it: pip uninstall highspy"
    return Check("highspy", not there, "installed" if there else "not installed (good)", hint)


def _math_opt(member: str, name: str) -> Check:
    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    x = model.add_integer_variable(lb=0, ub=3)
    model.maximize(x)
    result = mathopt.solve(model, getattr(mathopt.SolverType, member))
    ok = round(result.objective_value()) == 3
    return Check(f"solver {name}", ok, "solves" if ok else "wrong answer", "Install ortools again.")


def _cp_sat() -> Check:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    x = model.new_int_var(0, 3, "x")
    model.maximize(x)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.solve(model)
    ok = solver.value(x) == 3  # raises where there is no solution
    return Check("solver CP-SAT", ok, "solves" if ok else "wrong answer", "Install ortools again.")


def _equipment() -> Check:
    from loading.equipment import built_in

    types = built_in()
    return Check("equipment", bool(types), f"{len(types)} types", "Install Lowhaul again.")


def _factors() -> Check:
    from emissions.electricity import grids
    from emissions.energy import fuels
    from emissions.packs import default_pack

    pack = default_pack()
    found = (
        f"{len(pack.factors)} factors: {pack.manifest.name} {pack.manifest.version}; "
        f"{len(fuels())} fuels, {len(grids())} grids"
    )
    whole = bool(pack.factors and fuels() and grids())
    return Check("emission factors", whole, found, "Install Lowhaul again.")


def _examples() -> Check:
    from scenarios.examples import example_folders

    names = ", ".join(example_folders())
    return Check("examples", bool(names), names or "none", "Install Lowhaul again.")


def _folder() -> Check:
    here = Path.cwd()
    try:
        with tempfile.TemporaryFile(dir=here):
            found = "can be written to"
    except OSError as error:
        hint = "Work in a folder of your own, or name one with --project."
        return Check("current folder", False, os.strerror(error.errno or 0), hint)
    return Check("current folder", True, found)


def _console() -> Check:
    encoding = getattr(sys.stdout, "encoding", None) or "unknown"
    utf8 = encoding.lower().replace("-", "") == "utf8"
    how = "all characters" if utf8 else "signs it lacks are spelled plainly"
    return Check("console", True, f"{encoding}: {how}")
