"""The emission factors of a project: table `factors`, then its packs, then the default pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from emissions.factors import FactorBook, default_book
from emissions.packs import Pack
from lowhaul.cells import TableData
from scenarios.rows import rows_of


def factor_book(frame: pd.DataFrame, packs: Iterable[Pack] = ()) -> FactorBook:
    """The default factors with the project's rows and packs before them."""
    own: list[Mapping[str, object]] = [dict(row) for row in rows_of(frame)]
    book = default_book().with_own(own) if own else default_book()
    read = [factor for pack in packs for factor in pack.factors]
    return book.with_packs(read) if read else book


def book_for_rules(data: TableData, packs: Iterable[Pack] = ()) -> FactorBook:
    """The book made of the rows that could be read, while findings are still collected."""
    sound = data.sound("factor_id", "mode", "vehicle", "energy", "co2e_wtt_g", "co2e_ttw_g", "per")
    given = data.frame["co2e_ttw_g"].notna().to_numpy()
    return factor_book(data.frame[sound & given], packs)
