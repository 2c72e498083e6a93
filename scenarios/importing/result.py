"""What an import found: rows of tables, findings, the proposed mapping, and the accounting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lowhaul.columns import Table
from lowhaul.console import findings_dict, findings_text
from lowhaul.console import table as console_table
from lowhaul.findings import Finding, Findings
from scenarios.importing.accounting import LEFT_OUT, Accounting
from scenarios.importing.columns import Meaning
from scenarios.importing.mapping import IGNORE
from scenarios.importing.sheets import Sheet
from scenarios.importing.values import OutRow

if TYPE_CHECKING:
    import pandas as pd

REASONS_SHOWN = 20


@dataclass
class Imported:
    """One file, read. Nothing is written yet."""

    file: str
    data: bytes
    sheets: Sequence[Sheet]
    tables: dict[str, list[OutRow]]
    declared: Mapping[str, Table]
    findings: Findings
    accounting: Accounting
    mapping: str
    headings: Sequence[tuple[str, Meaning]]
    is_workbook: bool
    written: list[str] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of tables."""
        return sum(len(rows) for rows in self.tables.values())

    @property
    def exit_code(self) -> int:
        """0 where anything could be used, 3 where nothing could."""
        return 0 if self.rows else 3

    def frame(self, table: str) -> pd.DataFrame:
        """The rows of a table as texts, with the columns that anything stands in."""
        import pandas as pd

        rows = self.tables[table]
        names = [n for n in self.declared[table].names if any(r.values.get(n) for r in rows)]
        return pd.DataFrame({n: [r.values.get(n, "") for r in rows] for n in names}, dtype=str)

    def as_dict(self) -> dict[str, Any]:
        """For `--json` and `import.json`."""
        return {
            "file": self.file,
            "rows": self.accounting.counts(),
            "tables": {name: len(rows) for name, rows in self.tables.items()},
            "columns": [
                {"heading": heading, "field": m.field, "how": m.how, "equipment": list(m.equipment),
                 "currency": m.currency, "unit": m.unit, "code": m.code}
                for heading, m in self.headings
            ],
            "left_out": [
                {"sheet": f.sheet, "row": f.row, "reason": f.reason}
                for f in self.accounting if f.fate == LEFT_OUT
            ],
            "changes": self.changes,
            "findings": findings_dict(self.findings),
            "written": self.written,
        }  # fmt: skip

    def text(self) -> str:
        """For the console: the mapping, the counts, the findings, the reasons."""
        parts = []
        shown = [(h, _what(m), m.how) for h, m in self.headings]
        if shown:
            parts.append(console_table(("heading", "read as", "how"), shown, left=(0, 1, 2)))
        if len(self.findings):
            parts.append(findings_text(self.findings))
        counts = self.accounting.counts()
        made = ", ".join(
            f"{len(rows)} rows of {name}" for name, rows in self.tables.items() if rows
        )
        parts.append(
            f"{counts['read']} rows read: {counts['used']} used, {counts['left out']} left out, "
            f"{counts['heading']} headings. {made or 'No table'} came of it."
        )
        reasons = Counter(f.reason for f in self.accounting if f.fate == LEFT_OUT)
        parts += [
            f"  {n} left out: {reason[:200]}" for reason, n in reasons.most_common(REASONS_SHOWN)
        ]
        parts += self._change_lines()
        parts += [f"Written: {name}" for name in self.written]
        return "\n".join(parts)

    def _change_lines(self) -> list[str]:
        if not self.changes:
            return []
        kinds = Counter(change["change"] for change in self.changes)
        lines = ["Against the last round: " + ", ".join(f"{n} {k}" for k, n in kinds.items()) + "."]
        moved = [c for c in self.changes if c["change"] not in ("same",)][:REASONS_SHOWN]
        for c in moved:
            what = f"{c['origin']} to {c['destination']} {c['equipment']}".strip()
            rates = " -> ".join(r for r in (c["old_rate"], c["new_rate"]) if r)
            lines.append(f"  {c['change']}: {what} {rates} {c['currency']}")
        return lines


def _what(meaning: Meaning) -> str:
    if meaning.field in ("", IGNORE):
        return "-"
    extra = [*meaning.equipment, meaning.currency, meaning.unit, meaning.code, meaning.basis]
    if meaning.from_kg is not None:
        extra.append(f"from {meaning.from_kg:g} kg")
    told = ", ".join(e for e in extra if e)
    return f"{meaning.field} ({told})" if told else meaning.field


def worst(findings: Sequence[Finding]) -> str:
    """The worst severity of some findings."""
    for severity in ("error", "warning"):
        if any(f.severity == severity for f in findings):
            return severity
    return "info"
