"""Breaches: where an iLEAP file departs from a rule, with the rule's name and a JSON pointer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from emissions.ileap.rulebook import RULES
from lowhaul.findings import Finding, Severity

ERROR_CODE, WARNING_CODE = "E601", "W601"


@dataclass(frozen=True)
class Breach:
    """One departure from a rule. `pointer` is a JSON pointer (RFC 6901), "" the whole file."""

    rule: str
    severity: Severity
    pointer: str
    message: str
    hint: str = ""
    value: str = ""

    def __str__(self) -> str:
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.severity} {self.rule} at {self.pointer or '/'}: {self.message}{hint}"

    def finding(self, file: str) -> Finding:
        """The same as a finding of a file: the pointer stands for the column."""
        code = ERROR_CODE if self.severity == "error" else WARNING_CODE
        message = f"{self.rule}: {self.message}"
        return Finding(
            code, self.severity, message, self.hint, file, column=self.pointer, value=self.value
        )

    def as_dict(self) -> dict[str, str]:
        """All parts, for JSON."""
        return dict(vars(self))


def breach(
    rule: str,
    pointer: str,
    message: str,
    hint: str = "",
    *,
    value: object = "",
    severity: Severity | None = None,
) -> Breach:
    """A breach with the severity that the rule has, unless told otherwise."""
    return Breach(rule, severity or RULES[rule].severity, pointer, message, hint, str(value))


def point(*parts: object) -> str:
    """A pointer from a pointer and what lies under it: ("/data/0", "pcf") -> "/data/0/pcf"."""
    first, *rest = parts
    return "".join(
        [str(first), *("/" + str(p).replace("~", "~0").replace("/", "~1") for p in rest)]
    )


def worst_first(breaches: Iterable[Breach]) -> list[Breach]:
    """Errors before warnings, otherwise in the order in which they were found."""
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(breaches, key=lambda b: order[b.severity])
