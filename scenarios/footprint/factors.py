"""The factors of an executed footprint: those of `--factors`, then the project's, then the default.

A file with a manifest beside it (NAME.csv, NAME.yaml) is a factor pack. Without one it is read as
the table `factors`, in which every row says its own version, licence, GWP and distance basis.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from emissions.factor import Factor
from emissions.factor_rows import own_factor
from emissions.factors import FactorBook, default_book
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import FACTORS
from lowhaul.tables import read_table
from scenarios.factor_packs import read_pack
from scenarios.factors import factor_book
from scenarios.footprint.reading import read_raw
from scenarios.project import Project
from scenarios.rows import rows_of
from scenarios.rules.factors import judge_factors


def book_of(project: Project | None, file: Path | None, findings: Findings) -> FactorBook:
    """The factors in the order in which they are asked: file, project with its packs, default."""
    book = factor_book(project.frames["factors"], project.packs) if project else default_book()
    if file is None:
        return book
    own = tuple(_of_file(file, findings))
    _report_doubles(own, book.own_factors, file.name, findings)
    return FactorBook(book.default_factors, (*own, *book.own_factors))


def files_of(file: Path | None) -> tuple[Path, ...]:
    """The file and its manifest, where it has one."""
    if file is None:
        return ()
    manifest = _manifest_of(file)
    return (file, manifest) if manifest else (file,)


def _manifest_of(file: Path) -> Path | None:
    beside = file.with_suffix(".yaml")
    return beside if beside.is_file() and beside != file else None


def _of_file(file: Path, findings: Findings) -> Iterable[Factor]:
    if _manifest_of(file):
        pack = read_pack(file, file.name, findings)
        return pack.factors if pack else ()
    raw = read_raw(file, (FACTORS,), findings)
    if raw is None:
        return ()
    data = read_table(FACTORS, raw, findings)
    judge_factors(data, findings)
    sound = data.sound(*FACTORS.names) & data.frame["co2e_ttw_g"].notna().to_numpy()
    return (own_factor(row) for row in rows_of(data.frame[sound]))


def _report_doubles(
    own: Iterable[Factor], others: Iterable[Factor], label: str, findings: Findings
) -> None:
    """Rule: a factor_id stands once, or nobody could tell which figure a line rests on."""
    known = {factor.factor_id for factor in others}
    for factor in own:
        if factor.factor_id in known:
            message = f"The factor {factor.factor_id} stands in the project too."
            hint = "Give it another factor_id."
            findings.add(
                Finding("E183", "error", message, hint, label, "", None, "factor_id",
                        value=factor.factor_id)
            )  # fmt: skip
