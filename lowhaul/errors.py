"""The one family of errors that Lowhaul raises on purpose.

Each carries the exit code of the command line (see docs/exit-codes.md) and keeps its parts as
attributes, so that a caller or a test reads facts and not prose.
"""

from __future__ import annotations

from collections.abc import Sequence

from lowhaul.findings import Finding


class LowhaulError(Exception):
    """Anything that a planner can act on. `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(LowhaulError):
    """The command was called in a way that cannot work (an unknown scenario, say)."""

    exit_code = 2


class InputRejected(LowhaulError):
    """The inputs cannot be planned with; `findings` holds every fault that was found."""

    exit_code = 3

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        errors = [f for f in self.findings if f.severity == "error"]
        super().__init__("\n".join(str(f) for f in errors) or "The inputs were rejected.")


class NoPlanExists(LowhaulError):
    """Proved: no plan meets the rules, even with every order unserved.

    `clash` names the smallest set of demands found that cannot be met together.
    """

    exit_code = 4

    def __init__(self, message: str, clash: Sequence[str] = ()) -> None:
        self.clash = tuple(clash)
        super().__init__(message)


class TimeIsUp(LowhaulError):
    """The time limit passed before any plan was found."""

    exit_code = 6


class PlanFailsCheck(LowhaulError):
    """A finished plan was refused by the independent check: a fault of ours, never a result."""

    exit_code = 1

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        shown = "\n".join(self.faults[:20])
        more = f"\n... and {len(self.faults) - 20} more" if len(self.faults) > 20 else ""
        super().__init__(f"The plan was refused by the independent check:\n{shown}{more}")
