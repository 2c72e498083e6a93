"""What a rule sees: all tables as read, the settings of all scenarios, and the findings so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from emissions.packs import Pack
from loading.equipment import Equipment
from lowhaul.cells import Mask, TableData
from lowhaul.findings import Findings
from routing.case import Settings


@dataclass
class Context:
    """Rules read the tables, add findings, and may normalise names in the frames."""

    tables: Mapping[str, TableData]
    settings: Mapping[str, Settings]
    findings: Findings
    equipment: dict[str, Equipment] = field(default_factory=dict)
    """Filled by the first rule: built-in equipment with the project's rows."""
    packs: tuple[Pack, ...] = ()
    """The factor packs that the settings name."""

    def __getitem__(self, table: str) -> TableData:
        return self.tables[table]

    def frame(self, table: str) -> pd.DataFrame:
        """The typed rows of a table."""
        return self.tables[table].frame


def groups(
    frame: pd.DataFrame, columns: Sequence[str]
) -> tuple[np.ndarray[Any, Any], list[tuple[str, ...]]]:
    """For each row the position of its combination of texts, and the combinations."""
    if not len(frame):
        return np.array([], dtype=np.int64), []
    codes = frame.groupby(list(columns), sort=False, dropna=False).ngroup().to_numpy()
    _, first = np.unique(codes, return_index=True)
    rows = frame[list(columns)].iloc[first]
    return codes, list(zip(*(rows[c] for c in columns), strict=True))


def truth(values: Any) -> Mask:
    """A boolean column or comparison as a plain mask; unknown counts as false."""
    series = pd.Series(values)
    if series.dtype == bool:
        return series.to_numpy()
    return series.fillna(False).to_numpy(dtype=bool)


def filled(column: pd.Series) -> Mask:
    """The rows where something is given."""
    if column.dtype == object or pd.api.types.is_string_dtype(column.dtype):
        return np.asarray(column.fillna("").ne("").to_numpy(), dtype=bool)
    return np.asarray(column.notna().to_numpy(), dtype=bool)
