"""Looks for what belongs to others in the files of a pack, after they were written.

Nothing here knows how the files were made: they are opened again as anybody would open them,
workbooks unzipped. In the lists every cell is judged: a text must not hold a forbidden one, and
money must be the carrier's own and stand in a column meant for it.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from lowhaul.columns import Table
from lowhaul.sheets import filled_workbook
from scenarios.disclosure import Forbidden, WouldDisclose, leaks_in
from scenarios.packs.tables import HEADS, MONEY_COLUMNS, TABLES, TITLES, sheet_of

_INNER_TEXT = re.compile(r">([^<]+)<")
_ATTRIBUTE = re.compile(r'="([^"]*)"')
_DIGITS = re.compile(r"[\d\W]+")


def search_pack(
    folder: Path,
    carrier: str,
    never: Forbidden,
    known: Iterable[str],
    money: frozenset[float],
) -> None:
    """Raise WouldDisclose if a list of the pack holds what the carrier may not see.

    `known` are texts that the carrier knows, `money` the amounts that are its own. Pages are
    searched when they are rendered (`disclosure.refuse_leaks`), where a page without data tells
    the words of every page from those of the data.
    """
    may_hold = set(known)
    found: set[str] = set()
    for path in sorted(folder.iterdir()):
        if path.suffix == ".csv":
            found |= _in_csv(path, never, may_hold, money)
        elif path.suffix == ".xlsx":
            found |= _in_workbook(path, never, may_hold, money)
    if found:
        raise WouldDisclose(carrier, sorted(found), "pack")


def _in_csv(path: Path, never: Forbidden, known: set[str], money: frozenset[float]) -> set[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        return _in_rows(TABLES.get(path.stem), next(rows), rows, never, known, money)


def _in_workbook(
    path: Path, never: Forbidden, known: set[str], money: frozenset[float]
) -> set[str]:
    """Its sheets cell by cell, and every text of every part of the archive."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    names = {head: name for name, head in HEADS.items()}
    found: set[str] = set()
    for title in book.sheet_names:
        rows = iter(book.get_sheet_by_name(title).to_python())
        heads = [names.get(str(head), str(head)) for head in next(rows, [])]
        found |= _in_rows(TITLES.get(title), heads, rows, never, known, money)
    empty = filled_workbook(sheet_of(title, ()) for title in book.sheet_names if title in TITLES)
    texts = _texts_of(path.read_bytes()) - _texts_of(empty)
    return found | _leaks(texts, never, known)


def _texts_of(workbook: bytes) -> set[str]:
    """Every text in a workbook's archive but numbers; attributes too, except those of cells."""
    texts: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for part in archive.namelist():
            content = archive.read(part).decode("utf-8")
            texts |= {t for t in _INNER_TEXT.findall(content) if not _DIGITS.fullmatch(t)}
            if not part.startswith("xl/worksheets/"):
                texts |= set(_ATTRIBUTE.findall(content))
    return {html.unescape(t) for t in texts}


def _plain(value: object) -> str:
    """A cell as its text; a whole number without a decimal point, as in the csv."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _in_rows(
    table: Table | None,
    heads: list[str],
    rows: Iterable[Sequence[object]],
    never: Forbidden,
    known: set[str],
    money: frozenset[float],
) -> set[str]:
    if table is None or heads != list(table.names):
        return {"a column that no list has: " + ", ".join(heads)}
    found: set[str] = set()
    texts: set[str] = set()
    for name, values in zip(heads, zip(*rows, strict=True), strict=False):
        if name in MONEY_COLUMNS:
            amounts = {float(str(value)) for value in set(values) - {""}}
            found |= {f"{name} {v:g}" for v in amounts if round(v, 2) not in money}
        elif table.column(name).is_text:
            distinct = {_plain(value) for value in set(values)} - {""}
            texts |= distinct
            # an id of digits alone is a leak only where it is the whole cell
            found |= {t for t in distinct & never.texts if t.isdigit() and t not in known}
    return found | _leaks(texts, never, known)


def _leaks(texts: set[str], never: Forbidden, known: set[str]) -> set[str]:
    # each on a line of its own, so that no text is found across two of them
    words = "\n".join(sorted(texts - known))
    return {t for t in leaks_in(words, never.texts, known) if not t.isdigit()}
