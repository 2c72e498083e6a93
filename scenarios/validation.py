"""`lowhaul validate`: all findings of a project at once, as groups, a list, or a marked workbook.

A wrong word in a column is wrong in many rows. So where a code has more than a few findings in a
table they are told as one, with their number, the first place, and the faults that they come down
to, the most frequent first; `--all` prints each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowhaul.cells import further_cells
from lowhaul.codes import CODES
from lowhaul.console import (
    SEVERITIES,
    finding_line,
    findings_dict,
    findings_text,
    note,
    say,
    say_json,
)
from lowhaul.errors import InputRejected, UsageError
from lowhaul.findings import Finding

if TYPE_CHECKING:
    from scenarios.project import Project

FEW = 3
"""So many findings of a code in a table are printed one by one."""
KINDS_SHOWN = 3
"""So many faults of a group are printed; the others are counted."""


@dataclass(frozen=True)
class Judged:
    """A project's findings; `project` is None where they forbid a plan."""

    folder: Path
    findings: tuple[Finding, ...]
    project: Project | None

    @property
    def ready(self) -> bool:
        """True where a plan can be made."""
        return self.project is not None

    def as_dict(self) -> dict[str, Any]:
        """Every finding with all its parts, for JSON."""
        named = {"project": self.project.name} if self.project else {}
        return {**named, "findings": findings_dict(self.findings)}

    def text(self, every: bool = False) -> str:
        """The findings for the console: groups, or each one."""
        if every:
            return findings_text(self.findings, most=None)
        return grouped_text(self.findings)

    def csv(self) -> str:
        """The findings as a table with the columns of findings.csv."""
        from dataclasses import asdict

        import pandas as pd

        from lowhaul.result_tables import RESULT_TABLES
        from lowhaul.tables import csv_text

        table = RESULT_TABLES["findings"]
        frame = pd.DataFrame([asdict(f) for f in self.findings], dtype=object)
        return csv_text(frame.reindex(columns=list(table.names)), table)

    def verdict(self) -> str:
        """The last line: whether a plan can be made, of what."""
        if self.project is None:
            return "The inputs were rejected; nothing was written."
        orders, bids = len(self.project.frames["orders"]), len(self.project.frames["bids"])
        return f"{self.project.name}: ready to plan ({orders} order lines, {bids} bid rows)."


def judge(folder: Path) -> Judged:
    """Read a project and all that is to be said of it, also where it is rejected."""
    from scenarios.inputs import load_project

    try:
        project = load_project(folder)
    except InputRejected as error:
        return Judged(folder, tuple(error.findings), None)
    return Judged(folder, tuple(project.findings), project)


def give(judged: Judged, form: str, code: int, *, out: Path | None, every: bool) -> None:
    """Print the findings in a form (text, json, csv), or write them (xlsx, too) into a file.

    What is printed of a rejected project as text goes to standard error, as all faults do.
    """
    if form == "text" and out is None:
        tell = say if judged.ready else note
        if judged.findings:
            tell(judged.text(every))
        tell(judged.verdict())
        return
    if out is None:
        if form == "json":
            say_json({"exit_code": code, **judged.as_dict()})
        else:
            say(judged.csv().rstrip("\n"))
        return
    if out.resolve().is_relative_to((judged.folder / "data").resolve()):
        raise UsageError(f"{out} lies among the tables of the project: name another place.")
    left_out = _write(judged, form, code, out, every)
    for label in left_out:
        note(f"{label} is too large or cannot be copied; its findings are in the list.")
    counts = [
        f"{count_of(some):,} {title.lower()}"
        for severity, title in SEVERITIES
        if (some := [f for f in judged.findings if f.severity == severity])
    ]
    say(f"{', '.join(counts) or 'No findings'}. Written: {out}")


def _write(judged: Judged, form: str, code: int, out: Path, every: bool) -> list[str]:
    """Write the file; the tables that its workbook could not hold."""
    import json

    from lowhaul.tables import write_bytes, write_text

    if form == "xlsx":
        from scenarios.marked_tables import marked_tables

        data, left_out = marked_tables(judged.folder, judged.findings)
        write_bytes(data, out)
        return left_out
    if form == "csv":
        text = judged.csv()
    elif form == "json":
        content = {"exit_code": code, **judged.as_dict()}
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
    else:
        text = judged.text(every) + "\n"
    write_text(text, out)
    return []


def grouped_text(findings: Iterable[Finding]) -> str:
    """The findings by severity, file and code; more than a few of a code are told as one."""
    found = list(findings)
    parts: list[str] = []
    for severity, title in SEVERITIES:
        some = [f for f in found if f.severity == severity]
        if not some:
            continue
        parts.append(f"{title} ({count_of(some):,})")
        for (file, sheet), here in _by(some, lambda f: (f.file, f.sheet)):
            parts.append("  " + (", ".join(p for p in (file, sheet) if p) or "project"))
            for _, of_code in _by(here, lambda f: f.code):
                parts += _group_lines(of_code)
    if any(line.startswith("      ") for line in parts):
        parts.append("Groups are shown; --all prints every finding.")
    return "\n".join(parts)


def count_of(findings: Iterable[Finding]) -> int:
    """How many cells the findings are about, with those that a last finding only counts."""
    return sum(further_cells(f) or 1 for f in findings)


def _group_lines(findings: Sequence[Finding]) -> list[str]:
    """The lines of one code in one table."""
    if len(findings) <= FEW:
        return ["    " + finding_line(f) for f in findings]
    listed = [f for f in findings if not further_cells(f)]
    kinds = _by(listed, lambda f: (f.column, f.value, f.message, f.hint))
    kinds.sort(key=lambda kind: -len(kind[1]))
    code = findings[0].code
    unit = "cells" if all(f.cell for f in listed) else "findings"
    title = CODES.get(code, "").rstrip(".")
    head = f"    {code} {title}: {count_of(findings):,} {unit}, first {_place(listed[0])}"
    lines = [head.replace(" :", ":")]
    for _, same in kinds[:KINDS_SHOWN]:
        lines.append(f"      {len(same):,} x {finding_line(same[0]).removeprefix(code + ' ')}")
    if rest := sum(len(same) for _, same in kinds[KINDS_SHOWN:]):
        others = len(kinds) - KINDS_SHOWN
        lines.append(f"      {rest:,} x {others:,} other faults of this code")
    if further := count_of(findings) - len(listed):
        lines.append(f"      {further:,} x not listed cell by cell")
    return lines


def _place(finding: Finding) -> str:
    if finding.cell:
        return finding.cell
    return f"row {finding.row}" if finding.row is not None else finding.column or "the whole file"


def _by(findings: Sequence[Finding], part: Any) -> list[tuple[Any, list[Finding]]]:
    """The findings in groups, in the order in which a group was met first."""
    groups: dict[Any, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(part(finding), []).append(finding)
    return list(groups.items())
