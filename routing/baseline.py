"""The baseline: what was done before, relation by relation (table `baseline`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BaselineWay:
    """How goods of one relation went before any measure; lists follow the order of the legs.

    `load_rate` None: each order was loaded alone. Several rows of a relation share it by `share`.
    """

    origin: str
    destination: str
    carriers: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    equipment: str = ""
    packaging_id: str = ""
    load_rate: float | None = None
    share: float = 1.0
    basis: str = "assumed"
    source: str = ""
