"""Safe YAML with line numbers: every fault in a document can name its line.

`no`, `off` and `NO` stay text here (YAML 1.1 would make NO, Norway, a boolean); the fields that
want a yes or no understand the words. A key that is given twice is a fault.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lowhaul.findings import Finding, Findings

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The content of a YAML file, and the line on which each key and item stands."""

    file: str
    content: Any
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int | None:
        """The line of that key, else of the nearest key above it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def scalar(self, path: Path_) -> str:
        """What is written there, if it is one value."""
        value = self.content
        for part in path:
            in_list = isinstance(value, list) and isinstance(part, int) and part < len(value)
            if not in_list and not (isinstance(value, dict) and part in value):
                return ""
            value = value[part]
        return "" if value is None or isinstance(value, dict | list) else str(value)


class _Loader(yaml.SafeLoader):
    """Safe loading without booleans and with text keys."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _KeyTwice(yaml.YAMLError):
    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line
        super().__init__(key)


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
    content: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.tag)
        if key in content:
            raise _KeyTwice(key, key_node.start_mark.line + 1)
        content[key] = loader.construct_object(value_node, deep=True)
    return content


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path, label: str, findings: Findings) -> Document | None:
    """The document of a file; None (and a finding) if it is absent or no YAML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        hint = 'Is this the folder of a project? "lowhaul new" makes one.'
        findings.add(Finding("E001", "error", f"There is no {label}.", hint, file=label))
        return None
    except (OSError, UnicodeDecodeError) as error:
        findings.add(Finding("E001", "error", f"It cannot be read ({error}).", file=label))
        return None
    return parse_yaml(text, label, findings)


def parse_yaml(text: str, label: str, findings: Findings) -> Document | None:
    """The document of a text; None (and a finding) if it is no YAML."""
    try:
        node = yaml.compose(text, _Loader)
        content = yaml.load(text, _Loader)
    except _KeyTwice as error:
        message = f'The key "{error.key}" is given twice.'
        findings.add(
            Finding("E003", "error", message, "Keep one.", label, "", error.line, error.key)
        )
        return None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        what = getattr(error, "problem", None) or str(error).split("\n")[0]
        findings.add(Finding("E003", "error", f"It is no YAML ({what}).", file=label, row=line))
        return None
    if not isinstance(content, dict):
        message = "It has no keys."
        hint = "The first lines are name, period and currency."
        findings.add(Finding("E003", "error", message, hint, file=label, row=1))
        return None
    lines: dict[Path_, int] = {}
    _note_lines(node, (), lines, frozenset())
    return Document(label, content, lines)


def _note_lines(node: Any, path: Path_, lines: dict[Path_, int], above: frozenset[int]) -> None:
    if id(node) in above or len(path) > 20:
        return
    inside = above | {id(node)}
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                lines[(*path, key.value)] = key.start_mark.line + 1
                _note_lines(value, (*path, key.value), lines, inside)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            _note_lines(item, (*path, i), lines, inside)
