"""Make the plans of blocks agree with the capacities that they share, before legs are chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.neighbourhoods import FITS, Search
from routing.priced_blocks import Proposed


def relieve(search: Search, proposed: Sequence[Proposed]) -> None:
    """Take back plans of blocks until no capacity is overdrawn: each block saw prices only.

    Capacities that load units fill directly count; where several offers share them, the legs
    are chosen within them afterwards.
    """
    nothing = search.nothing_served()
    goods = np.zeros(len(nothing), dtype=bool)
    for proposal in proposed:
        goods[proposal.block.columns] = True
    first = search.model.goods_rows
    legs = search.by_row[first:]
    limited = np.flatnonzero(
        np.isfinite(search.upper[first:])
        & (legs @ (~goods).astype(float) == 0.0)
        & (np.asarray(legs.min(axis=1).todense()).ravel() >= 0.0)
    )
    waiting = list(proposed)
    while waiting:
        over = legs[limited] @ search.values - search.upper[first:][limited]
        worst = int(np.argmax(over)) if len(over) else 0
        if not len(over) or over[worst] <= FITS:
            return
        row = legs[limited[worst]].toarray().ravel()
        takers = [float(row[p.block.columns] @ search.values[p.block.columns]) for p in waiting]
        # the smallest that relieves it, else the largest
        enough = [t for t in takers if t >= over[worst] - FITS]
        gone = waiting.pop(takers.index(min(enough) if enough else max(takers)))
        search.values[gone.block.columns] = nothing[gone.block.columns]
