"""The rows of a linear model as sparse matrices, for steps that take whole columns at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lowhaul.linear import LinearModel, Terms


@dataclass(frozen=True)
class Rows:
    """The rows of a model as matrices, by row and by column, with their limits."""

    by_row: sparse.csr_matrix
    by_column: sparse.csc_matrix
    lower: np.ndarray
    upper: np.ndarray

    @classmethod
    def of(cls, model: LinearModel, *, lazy: bool = True) -> Rows:
        """The rows of a linear model, with the lazy ones or without them."""
        rows = [row for row in model.rows if lazy or not row.lazy]
        indices = np.fromiter((c for r in rows for c in r.terms), dtype=np.int64)
        data = np.fromiter((a for r in rows for a in r.terms.values()), dtype=float)
        starts = np.concatenate(([0], np.cumsum([len(r.terms) for r in rows])))
        by_row = sparse.csr_matrix((data, indices, starts), shape=(len(rows), len(model.names)))
        lower, upper = np.array([r.lower for r in rows]), np.array([r.upper for r in rows])
        return cls(by_row, by_row.tocsc(), lower, upper)

    def row(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns and coefficients of a row."""
        at = slice(self.by_row.indptr[index], self.by_row.indptr[index + 1])
        return self.by_row.indices[at], self.by_row.data[at]

    def rows_of(self, column: int) -> np.ndarray:
        """The rows that a column stands in."""
        at = slice(self.by_column.indptr[column], self.by_column.indptr[column + 1])
        return np.asarray(self.by_column.indices[at])

    def implied_upper(self, upper: np.ndarray) -> np.ndarray:
        """Upper limits of columns that are never below 0, where they have none: by their rows.

        A row that holds a column beside others which are limited limits it: a x <= limit - least
        of the others. Limits follow from limits, as far as that goes.
        """
        found = upper.copy()
        rows = np.flatnonzero(np.diff(self.by_row[:, ~np.isfinite(upper)].indptr))
        some = self.by_row[rows]
        some.eliminate_zeros()
        matrix = some.tocoo()
        row, column, term = rows[matrix.row], matrix.col, matrix.data
        positive = term > 0.0
        asked = np.array([0])
        while len(asked):
            most = term * found[column]
            shape = len(self.lower)
            greatest = np.bincount(row[positive], most[positive], shape)
            least = np.bincount(row[~positive], most[~positive], shape)
            room = np.where(positive, self.upper[row] - least[row], greatest[row] - self.lower[row])
            asked = np.flatnonzero(~np.isfinite(found[column]) & np.isfinite(room))
            implied = np.maximum(0.0, room[asked]) / np.abs(term[asked])
            np.minimum.at(found, column[asked], implied)
        return found


def vector(terms: Terms, columns: int) -> np.ndarray:
    """A sum of columns as an array, by column."""
    found = np.zeros(columns)
    found[np.fromiter(terms, dtype=np.int64)] = np.fromiter(terms.values(), dtype=float)
    return found
