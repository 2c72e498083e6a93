"""What `lowhaul ileap` prints: breaches by place, and what a document holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from emissions.ileap.breach import Breach
from emissions.ileap.judging import number
from emissions.ileap.reading import IleapDocument
from lowhaul.console import table

SHOWN = 200
"""Most breaches that are printed; --json has them all."""
CODE_ERRORS, CODE_WARNINGS = 3, 8


def exit_code(breaches: Sequence[Breach], strict: bool) -> int:
    """3 with errors; with `strict` 8 where there are warnings and nothing worse."""
    weights = {b.severity for b in breaches}
    if "error" in weights:
        return CODE_ERRORS
    return CODE_WARNINGS if strict and "warning" in weights else 0


def breaches_text(breaches: Sequence[Breach]) -> str:
    """Every breach on two lines: place and rule, then what is wrong and what would be right."""
    lines = []
    for breach in breaches[:SHOWN]:
        lines.append(f"{breach.severity}  {breach.rule}  {breach.pointer or '(whole file)'}")
        lines.append(f"    {breach.message}" + (f" {breach.hint}" if breach.hint else ""))
    if len(breaches) > SHOWN:
        lines.append(f"and {len(breaches) - SHOWN} more (--json lists all)")
    return "\n".join(lines)


def count_text(breaches: Sequence[Breach]) -> str:
    """How many there are of each weight."""
    counts = Counter(b.severity for b in breaches)
    if not counts:
        return "No rule is broken."
    return f"{counts['error']} errors, {counts['warning']} warnings."


def document_text(document: IleapDocument) -> str:
    """Shipments with their sums, categories with their intensities, and counts of the rest."""
    parts = []
    shipments = [
        (
            s.shipmentId,
            number(s.mass),
            str(len(s.tces)),
            number(sum((t.transportActivity for t in s.tces), Decimal(0))),
            number(sum((t.co2eWTW for t in s.tces), Decimal(0))),
            number(sum((t.co2eTTW for t in s.tces), Decimal(0))),
        )
        for s in document.shipments
    ]
    if shipments:
        head = ("shipment", "kg", "elements", "tkm", "kg CO2e WTW", "kg CO2e TTW")
        parts.append(table(head, shipments))
    tocs = [(t.tocId, t.mode, t.transportActivityUnit, number(t.co2eIntensityWTW))
            for t in document.tocs.values()]  # fmt: skip
    hocs = [(h.hocId, h.hubType, h.hubActivityUnit, number(h.co2eIntensityWTW))
            for h in document.hocs.values()]  # fmt: skip
    if tocs or hocs:
        names = ("category", "mode or hub", "unit", "kg CO2e WTW per unit")
        parts.append(table(names, [*tocs, *hocs], left=(0, 1, 2)))
    tads = [(t.activityId, t.mode, "" if t.mass is None else number(t.mass)) for t in document.tads]
    if tads:
        parts.append(table(("activity", "mode", "kg"), tads, left=(0, 1)))
    return "\n\n".join(parts) or "The file holds no iLEAP object."
