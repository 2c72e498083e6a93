"""Writes docs/cli.md from the help texts of the commands: python docs/build_cli.py."""

from __future__ import annotations

import sys
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cli import main

PAGE = Path(__file__).resolve().parent / "cli.md"
WIDTH = 88


def page() -> str:
    """The whole page, made from the commands as they are."""
    parts = [
        "# The command line",
        "Made by `python docs/build_cli.py` from the help texts; do not edit by hand. "
        "What the exit codes mean stands in [exit-codes.md](exit-codes.md).",
        _section("lowhaul", main, None),
    ]
    context = click.Context(main, info_name="lowhaul", **main.context_settings)
    parts += _sections(main, context)
    return "\n\n".join(parts) + "\n"


def _sections(group: click.Group, context: click.Context) -> list[str]:
    """The commands of a group, each group followed by its own."""
    parts = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        parts.append(_section(name, command, context))
        if isinstance(command, click.Group):
            parts += _sections(command, click.Context(command, parent=context, info_name=name))
    return parts


def _section(name: str, command: click.Command, parent: click.Context | None) -> str:
    context = click.Context(
        command,
        parent=parent,
        info_name=name,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        **command.context_settings,
    )
    title = name if parent is None else f"{parent.command_path} {name}"
    lines = (line.rstrip() for line in command.get_help(context).splitlines())
    return f"## {title}\n\n```text\n" + "\n".join(lines) + "\n```"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
