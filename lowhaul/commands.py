"""What every command shares: errors become one message and an exit code, options have one text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from lowhaul import console
from lowhaul.errors import InputRejected, LowhaulError
from lowhaul.findings import Finding
from lowhaul.stopping import EXIT_INTERRUPTED

EXIT_FAULT = 1
EXIT_WARNINGS = 8
_JSON = "lowhaul.json"

F = TypeVar("F", bound=Callable[..., Any])


class Lowhaul(click.Group):
    """The group of all commands; turns what goes wrong into one message and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        console.make_safe()
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            console.note("Interrupted. What was finished is kept; nothing half-written is left.")
            ctx.exit(EXIT_INTERRUPTED)
        except InputRejected as error:
            if ctx.params.get("debug"):
                raise
            _print_rejected(error, as_json=bool(ctx.meta.get(_JSON)))
            ctx.exit(error.exit_code)
        except LowhaulError as error:
            if ctx.params.get("debug"):
                raise
            if ctx.meta.get(_JSON):
                console.say_json({"exit_code": error.exit_code, "message": str(error)})
            console.note(str(error))
            ctx.exit(error.exit_code)
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            words = " ".join(str(error).split()) or "no further words"
            console.note(
                f"Unexpected fault in Lowhaul: {type(error).__name__}: {words}\n"
                f"To see where: lowhaul --debug {ctx.invoked_subcommand or ''} ..."
            )
            ctx.exit(EXIT_FAULT)


def _print_rejected(error: InputRejected, as_json: bool) -> None:
    if as_json:
        findings = console.findings_dict(error.findings)
        console.say_json({"exit_code": error.exit_code, "findings": findings})
        return
    console.note(console.findings_text(error.findings))
    console.note("The inputs were rejected; nothing was written.")


def _keep_json(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:
    ctx.meta[_JSON] = value or bool(ctx.meta.get(_JSON))
    return value


def _keep_format(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    ctx.meta[_JSON] = value == "json" or bool(ctx.meta.get(_JSON))
    return value


def project_option(function: F) -> F:
    """--project: the project folder."""
    return click.option(
        "--project",
        "project_folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=".",
        show_default="the current folder",
        help="The project folder (it holds project.yaml).",
    )(function)


def json_option(function: F) -> F:
    """--json: print JSON instead of text."""
    return click.option(
        "--json", "as_json", is_flag=True, callback=_keep_json, help="Print JSON instead of text."
    )(function)


def format_option(function: F) -> F:
    """--format: how findings are given."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "csv", "xlsx"]),
        callback=_keep_format,
        help="How the findings are given (default: text, or as FILE ends).",
    )(function)


def strict_option(function: F) -> F:
    """--strict: warnings count."""
    return click.option(
        "--strict", is_flag=True, help="Exit with 8 if there are warnings and nothing worse."
    )(function)


def strict_code(findings: Iterable[Finding]) -> int:
    """The exit code under --strict where nothing worse than warnings was found."""
    return EXIT_WARNINGS if any(f.severity == "warning" for f in findings) else 0
