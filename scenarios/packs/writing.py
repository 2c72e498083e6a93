"""Writes `carriers/<carrier>/`: covering page, awards, load list, load units and map.

A pack is written beside its place, searched for what belongs to others, and only then put there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowhaul.result_tables import RESULT_TABLES
from lowhaul.sheets import filled_workbook
from lowhaul.writing import write_bytes, write_text
from scenarios import pages
from scenarios.disclosure import Secrets, WouldDisclose, known_to, places_of, refuse_leaks
from scenarios.figures import MODES, Result
from scenarios.map import carrier_map
from scenarios.packs.page import cover_page, sender, words_of_every_page
from scenarios.packs.search import search_pack
from scenarios.packs.tables import TABLES, Pack, Shelf, own_money, sheet_of
from scenarios.pages import Numbers
from scenarios.storage import new_results

if TYPE_CHECKING:
    import pandas as pd

    from routing.case import Case

FOLDER = "carriers"
COVER, MAP = "cover.html", "map.html"
WORKBOOKS = {"awards.xlsx": ("Awards",), "load_list.xlsx": ("Load list", "Load units")}
_WORDS = frozenset({*MODES, "container", "ftl", "ltl", "lcl", "air", "loaded", "empty", "teu", "t",
                    "load_unit"})  # fmt: skip
"""Texts of the lists that are words of the tables and no data."""


@dataclass(frozen=True)
class Packs:
    """The folders that were written by carrier, and the packs that were withheld, each with why."""

    folders: Mapping[str, Path]
    withheld: tuple[WouldDisclose, ...] = ()


def write_packs(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
    case: Case,
    only: Iterable[str] | None = None,
    language: str = "en",
) -> Packs:
    """A pack for each carrier that carries something in the plan (or those in `only`).

    A pack that would disclose something is not written and stands in `withheld`; the others are.
    """
    shelf = Shelf.of(case, Result.of(tables, summary), _awards(tables))
    secrets = Secrets.of(case)
    names = pages.folder_names(case.carriers)
    chosen = shelf.carriers if only is None else [c for c in shelf.carriers if c in set(only)]
    folders: dict[str, Path] = {}
    withheld = []
    for carrier in chosen:
        try:
            place = folder / FOLDER / names[carrier]
            _write_pack(place, shelf, shelf.pack(carrier), secrets, summary, Numbers(language))
            folders[carrier] = place
        except WouldDisclose as fault:
            withheld.append(fault)
    return Packs(folders, tuple(withheld))


def _awards(tables: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    frame = tables["awards"]
    return [
        dict(zip(RESULT_TABLES["awards"].names, row, strict=True))
        for row in frame[list(RESULT_TABLES["awards"].names)].itertuples(index=False)
    ]


def _write_pack(
    folder: Path,
    shelf: Shelf,
    pack: Pack,
    secrets: Secrets,
    summary: Mapping[str, Any],
    n: Numbers,
) -> None:
    case, carrier, seen = shelf.case, pack.carrier, pack.seen
    money = own_money(shelf, carrier)
    never = secrets.kept_from(carrier, places_of(seen, case))
    never = replace(never, rates=never.rates - money)  # an own amount may be another's rate
    known = known_to(carrier, seen, case) | _own_words(pack) | set(sender(summary))
    cover = cover_page(pack, case, summary, n)
    refuse_leaks(carrier, cover, words_of_every_page(carrier, case, n), never, known)
    drawn = carrier_map(seen, case, carrier, never, n)
    with new_results(folder) as draft:
        write_text(cover, draft / COVER)
        write_text(drawn, draft / MAP)
        for name, table in TABLES.items():
            write_text(_csv(pack, name, table.names), draft / f"{name}.csv")
        for name, titles in WORKBOOKS.items():
            sheets = [sheet_of(title, pack.titled(title)) for title in titles]
            write_bytes(filled_workbook(sheets), draft / name)
        search_pack(draft, carrier, never, known, money)


def _own_words(pack: Pack) -> set[str]:
    """Texts of the lists that may hold another's name by chance: words of the tables, own lanes."""
    columns = ("lane_id", "equipment", "equipment_name", "rate_currency", "rate_basis", "currency")
    return {*_WORDS, *(str(row[c]) for row in pack.awards for c in columns)} - {""}


def _csv(pack: Pack, table: str, names: Iterable[str]) -> str:
    import pandas as pd

    from lowhaul.writing import csv_text

    rows = pack.rows(table)
    return csv_text(
        pd.DataFrame({n: pd.Series([row[n] for row in rows], dtype=object) for n in names})
    )
