"""The emission factors of a project: the default pack with the table `factors` before it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from emissions.factors import FactorBook, default_book
from lowhaul.cells import TableData
from scenarios.rows import rows_of


def factor_book(frame: pd.DataFrame) -> FactorBook:
    """The default factors with the project's rows as its own pack."""
    own: list[Mapping[str, object]] = [dict(row) for row in rows_of(frame)]
    return default_book().with_own(own) if own else default_book()


def book_for_rules(data: TableData) -> FactorBook:
    """The book made of the rows that could be read, while findings are still collected."""
    sound = data.sound("factor_id", "mode", "vehicle", "energy", "co2e_wtt_g", "co2e_ttw_g", "per")
    given = data.frame["co2e_ttw_g"].notna().to_numpy()
    return factor_book(data.frame[sound & given])
