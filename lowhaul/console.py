"""Text that reaches the planner: results on standard output, progress and warnings on the other.

A console may speak GBK or cp1252, which know no subscript two and no check mark. Text for it is
spelled with the nearest plain characters and never stops the command.
"""

from __future__ import annotations

import codecs
import io
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from lowhaul.findings import Finding

PLAIN = {
    "₂": "2",
    "₃": "3",
    "²": "2",
    "³": "3",
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "✓": "+",
    "✕": "x",
    "×": "x",
    "△": "!",
    "·": "-",
    "→": "->",
    "≥": ">=",
    "≤": "<=",
    "\u00a0": " ",
    "\u202f": " ",
    "€": "EUR ",
}
ERRORS = "lowhaul-plain"
FINDINGS_SHOWN = 200
"""Most findings that are printed of one severity; the rest is counted (--json has them all)."""

Progress = Callable[[str], None]
"""What a long task calls to say what it is doing."""

SEVERITIES = (("error", "Errors"), ("warning", "Warnings"), ("info", "Notes"))
"""The severities from the worst on, with what stands above their findings."""


def spell_plainly(text: str) -> str:
    """Write `text` in ASCII: `CO₂e` becomes `CO2e`, an accent is dropped, the rest is a `?`."""
    out = []
    for char in text:
        if char.isascii():
            out.append(char)
        elif char in PLAIN:
            out.append(PLAIN[char])
        else:
            bare = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode("ascii")
            out.append(bare or "?")
    return "".join(out)


def _plain_twin(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return spell_plainly(error.object[error.start : error.end]), error.end


codecs.register_error(ERRORS, _plain_twin)


def make_safe(streams: Iterable[TextIO] | None = None) -> None:
    """Let no character stop the output: what a console cannot show is spelled plainly."""
    for stream in streams if streams is not None else (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ERRORS)


def say(text: str = "") -> None:
    """Print a result."""
    print(text, file=sys.stdout)


def note(text: str) -> None:
    """Print something about the work, not its result: progress, a warning, a fault."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


def say_json(value: object) -> None:
    """Print `value` as JSON; on a console that is not UTF-8 as ASCII, so that nothing is lost."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    text = json.dumps(value, ensure_ascii=encoding != "utf8", indent=2, default=str)
    print(text, file=sys.stdout)


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a function that shows what is being done, on standard error.

    A person at a terminal sees one line that changes; a log file gets a line for each message.
    """
    if not sys.stderr.isatty():
        yield note
        return
    from rich.console import Console

    with Console(stderr=True).status("", spinner="line") as status:
        yield lambda message: status.update(message.replace("[", "\\["))


def width(text: str) -> int:
    """Columns that `text` takes on a terminal; a Chinese character takes two."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """Lay out `rows` under `head`; the columns in `left` are text, all others numbers."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(head))]

    def laid_out(line: Sequence[str]) -> str:
        cells = []
        for i, cell in enumerate(line):
            room = " " * (widths[i] - width(cell))
            cells.append(cell + room if i in left else room + cell)
        return "  ".join(cells).rstrip()

    rule = "  ".join("-" * w for w in widths)
    return "\n".join([laid_out(lines[0]), rule, *(laid_out(line) for line in lines[1:])])


def findings_text(findings: Iterable[Finding], most: int | None = FINDINGS_SHOWN) -> str:
    """All findings, errors first, grouped by file and sheet in the order they were found.

    `most` of one severity are printed (None: every one), the rest is counted.
    """
    by_severity: dict[str, list[Finding]] = {}
    for finding in findings:
        by_severity.setdefault(finding.severity, []).append(finding)
    parts = []
    for severity, title in SEVERITIES:
        some = by_severity.get(severity, [])
        if not some:
            continue
        parts.append(f"{title} ({len(some)})")
        place: tuple[str, str] | None = None
        for finding in sorted(some[:most], key=lambda f: (f.file, f.sheet)):
            if (finding.file, finding.sheet) != place:
                place = (finding.file, finding.sheet)
                parts.append("  " + (", ".join(p for p in place if p) or "project"))
            parts.append("    " + finding_line(finding))
        if most is not None and len(some) > most:
            parts.append(f"  and {len(some) - most} more (--json lists all)")
    return "\n".join(parts)


def finding_line(finding: Finding) -> str:
    """One finding in one line: code, place in its file, value, message, hint."""
    place = []
    if finding.row is not None:
        place.append(f"row {finding.row}")
    if finding.column:
        place.append(finding.column + (f" ({finding.cell})" if finding.cell else ""))
    if finding.value and finding.value not in finding.message:
        place.append(f"'{finding.value}'")
    where = f"{', '.join(place)}: " if place else ""
    hint = f" {finding.hint}" if finding.hint else ""
    return f"{finding.code} {where}{finding.message}{hint}"


def findings_dict(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Every finding with all its parts, for `--json`."""
    from dataclasses import asdict

    return [asdict(finding) for finding in findings]
