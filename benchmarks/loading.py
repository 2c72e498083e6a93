"""Loose cartons and pallets against published problems.

    python -m benchmarks.loading br FILE --problems 1-10 --seconds 10 --support full --json
    python -m benchmarks.loading thpack FILE --seconds 10 --json

FILE is in the layout of the OR-Library's `thpack` files: `br` fills one container a problem,
`thpack` packs all boxes into as few containers as can be. Every plan is judged by
`loading/check.py`. A support of `none` is for comparison with published figures only: the rules
of support and order are then switched off, and the lines say so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from benchmarks import loading_boxes as boxes

JSON = click.option(
    "--json", "as_json", is_flag=True, help="A JSON line a problem, then a summary."
)
SECONDS = click.option("--seconds", default=10.0, show_default=True, help="For each problem.")
CLOCK = click.option(
    "--clock",
    type=click.Choice(["wall", "cpu"]),
    default="wall",
    show_default=True,
    help="cpu: the solver's own processor time.",
)
SUPPORT = click.option(
    "--support",
    default="full",
    show_default=True,
    help="full, none, or the share of each footprint that must be held up.",
)
PROBLEMS = click.option("--problems", default="", help="For example 1-10 or 1,5,7; default: all.")
PROCESSES = click.option("--processes", type=click.IntRange(1, 2), default=1, show_default=True,
                         help="Problems side by side, each in a process of its own.")  # fmt: skip
PEER = click.option(
    "--peer",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Python that has packingsolver3d: it is asked the same, without a support rule.",
)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def main() -> None:
    """Measure the packers on published problems."""


def chosen(text: str, count: int) -> list[int]:
    """The problems that a text like `1-10,15` names, from 1 to `count`."""
    if not text:
        return list(range(1, count + 1))
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    outside = [n for n in found if not 1 <= n <= count]
    if outside:
        raise click.BadParameter(f"There is no problem {outside[0]}; the file has {count}.")
    return found


def share_of(support: str) -> float:
    """Full, none or a number as a share of the footprint."""
    named = {"full": 1.0, "none": 0.0}
    try:
        share = named[support] if support in named else float(support)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.BadParameter(f"{support}: full, none or a share from 0 to 1 is wanted.")
    return share


def each(
    task: Callable[..., dict[str, Any]], calls: Sequence[tuple[Any, ...]], processes: int
) -> Iterator[dict[str, Any]]:
    """The answers in order; every call in a new process, so that none warms up another."""
    with ProcessPoolExecutor(processes, get_context("spawn"), max_tasks_per_child=1) as pool:
        for done in [pool.submit(task, *call) for call in calls]:
            yield done.result()


def tell(line: dict[str, Any], as_json: bool) -> None:
    """A line of results."""
    print(json.dumps(line) if as_json else "  ".join(f"{k} {v}" for k, v in line.items()))
    sys.stdout.flush()


@main.command()
@FILE
@PROBLEMS
@SECONDS
@SUPPORT
@CLOCK
@PROCESSES
@PEER
@JSON
def br(
    file: Path,
    problems: str,
    seconds: float,
    support: str,
    clock: str,
    processes: int,
    peer: Path | None,
    as_json: bool,
) -> None:
    """Fill one container with the boxes of each problem; utilisation is the share of its volume."""
    read = boxes.read_thpack(file)
    share = share_of(support)
    boxes.get_ready()
    numbers = chosen(problems, len(read))
    lines = []
    calls = [(n, read[n - 1], seconds, clock, share, peer) for n in numbers]
    for line in each(boxes.one_container, calls, processes):
        lines.append(line)
        tell(line, as_json)
    tell(boxes.summary(file.name, lines, "utilisation", seconds, clock, support), as_json)
    sys.exit(0 if all(line["checked"] for line in lines) else 1)


@main.command()
@FILE
@PROBLEMS
@SECONDS
@SUPPORT
@CLOCK
@PROCESSES
@PEER
@JSON
def thpack(
    file: Path,
    problems: str,
    seconds: float,
    support: str,
    clock: str,
    processes: int,
    peer: Path | None,
    as_json: bool,
) -> None:
    """Pack all boxes of each problem into as few equal containers as can be."""
    read = boxes.read_thpack(file)
    share = share_of(support)
    boxes.get_ready()
    numbers = chosen(problems, len(read))
    lines = []
    calls = [(n, read[n - 1], seconds, clock, share, peer) for n in numbers]
    for line in each(boxes.fewest_containers, calls, processes):
        lines.append(line)
        tell(line, as_json)
    tell(boxes.summary(file.name, lines, "containers", seconds, clock, support), as_json)
    sys.exit(0 if all(line["checked"] for line in lines) else 1)


try:
    from benchmarks.loading_ortec import ortec
except ImportError:
    pass
else:
    main.add_command(ortec)

if __name__ == "__main__":
    main()
