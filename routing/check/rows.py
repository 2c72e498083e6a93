"""The rows of a finished plan as the judge reads them: typed, whatever the frames hold.

A frame may come from memory (dates, booleans) or from a CSV (text): both give the same rows.
Column names are those of TABLES.md; `from` and `to` are `origin` and `destination` here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


def blank(value: object) -> bool:
    """True for a cell without a value (None, NaN, NaT, empty text)."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def text(value: object) -> str:
    """A cell as text; 1.0 is `1`, so that keys read from numbers agree with keys read from text."""
    if blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def maybe(value: Any) -> float | None:
    """A cell as a number, None where it is blank."""
    return None if blank(value) else float(value)


def number(value: Any) -> float:
    """A cell as a number, blank is 0."""
    return 0.0 if blank(value) else float(value)


def day(value: object) -> date | None:
    """A cell as a calendar day, None where it is blank."""
    if blank(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])


def flag(value: object) -> bool:
    """A yes/no cell; blank is no."""
    if isinstance(value, str):
        return value.strip().lower() in ("yes", "true", "1")
    return False if blank(value) else bool(value)


def items(value: object) -> tuple[str, ...]:
    """A list cell: texts separated by `;`, or a sequence already."""
    if isinstance(value, (list, tuple)):
        return tuple(text(v) for v in value)
    return tuple(part.strip() for part in text(value).split(";") if part.strip())


READERS: dict[str, Callable[[Any], object]] = {
    "str": text,
    "float": number,
    "float | None": maybe,
    "date | None": day,
    "bool": flag,
    "tuple[str, ...]": items,
}


def columns_of(row_type: type) -> list[str]:
    """The columns that the judge needs of a table."""
    renamed = getattr(row_type, "RENAMED", {})
    return [renamed.get(f.name, f.name) for f in fields(row_type)]


def read_rows(row_type: type[T], frame: pd.DataFrame) -> list[T]:
    """The rows of a frame; a column that the frame lacks counts as blank."""
    values: list[Sequence[object]] = []
    for row_field, name in zip(fields(row_type), columns_of(row_type), strict=True):  # type: ignore[arg-type]
        read = READERS[str(row_field.type)]
        cells: list[object] = [None] * len(frame)
        if name in frame.columns:
            column = frame[name]
            cells = column.astype(object).where(column.notna(), None).tolist()
        values.append([read(cell) for cell in cells])
    return [row_type(*cells) for cells in zip(*values, strict=True)]


@dataclass(frozen=True)
class Shipment:
    """One row of shipments.csv."""

    shipment_id: str
    origin: str
    destination: str
    order_ids: tuple[str, ...]
    equipment: str
    load_units: float
    mass_kg: float
    volume_m3: float
    packaging_ids: tuple[str, ...]
    stuffing_date: date | None
    departure_date: date | None
    arrival_date: date | None
    route: str
    carriers: tuple[str, ...]
    cost: float
    co2e_wtw_kg: float
    on_time: bool
    booking_ref: str


@dataclass(frozen=True)
class Leg:
    """One row of legs.csv: a transport, a hub passage or an empty move."""

    RENAMED: ClassVar[dict[str, str]] = {"origin": "from", "destination": "to"}

    tce_id: str
    shipment_id: str
    seq: float
    kind: str
    mode: str
    origin: str
    destination: str
    carrier: str
    bid_id: str
    equipment: str
    load_units: float
    teu: float
    mass_kg: float
    distance_km: float
    distance_basis: str
    sfd_km: float
    gcd_km: float
    actual_km: float
    daf: float | None
    activity_tkm: float
    toc_id: str
    factor_id: str
    factor_distance_basis: str
    data_type: str
    proxy: bool
    co2e_wtt_kg: float
    co2e_ttw_kg: float
    co2e_wtw_kg: float
    covered: bool
    cost: float
    depart: date | None
    arrive: date | None
    ghg_scope: str

    @property
    def key(self) -> str:
        """How a message names the row."""
        return f"{self.tce_id} ({self.kind} {self.origin}>{self.destination})"


@dataclass(frozen=True)
class Allocation:
    """One row of order_allocation.csv."""

    order_id: str
    line: str
    sku: str
    shipment_id: str
    packaging_id: str
    handling_units: float
    pieces: float
    mass_kg: float
    cost: float
    co2e_wtw_kg: float
    co2e_ttw_kg: float
    allocation_basis: str

    @property
    def order(self) -> tuple[str, str]:
        """The key of the order line."""
        return self.order_id, self.line


@dataclass(frozen=True)
class Load:
    """One row of loads.csv."""

    load_id: str
    shipment_id: str
    equipment: str
    handling_units: float
    mass_kg: float
    vgm_kg: float
    volume_use: float
    mass_use: float
    floor_use: float
    cog_x_mm: float
    cog_y_mm: float
    cog_z_mm: float
    stuffable: bool


@dataclass(frozen=True)
class Placed:
    """One row of placements.csv (lengths in mm)."""

    load_id: str
    step: float
    order_id: str
    line: str
    packaging_id: str
    x_mm: float
    y_mm: float
    z_mm: float
    dx_mm: float
    dy_mm: float
    dz_mm: float
    mass_kg: float


@dataclass(frozen=True)
class Cost:
    """One row of costs.csv."""

    shipment_id: str
    seq: float
    carrier: str
    bid_id: str
    charge_code: str
    section: str
    basis: str
    quantity: float
    rate: float
    rate_currency: str
    fx: float
    amount: float

    @property
    def key(self) -> str:
        """How a message names the row."""
        return f"{self.shipment_id or 'blank'}/{self.seq:g} {self.charge_code}"


@dataclass(frozen=True)
class Reuse:
    """One row of round_use.csv; `boxes` 0 names a box that stays unused, with its reason."""

    RENAMED: ClassVar[dict[str, str]] = {
        "origin": "from",
        "destination": "to",
        "fetched": "date",
    }

    empty_id: str
    import_shipment_id: str
    shipment_id: str
    equipment: str
    line: str
    boxes: float
    origin: str
    destination: str
    depot: str
    fetched: date | None
    km_saved: float
    co2e_avoided_kg: float
    co2e_avoided_own_kg: float
    co2e_avoided_partner_kg: float
    reason: str

    @property
    def source(self) -> str:
        """The boxes' own id: the row of `empties`, or the import shipment that frees them."""
        return self.empty_id or self.import_shipment_id

    @property
    def key(self) -> str:
        """How a message names the row."""
        return f"{self.source}->{self.shipment_id or 'unused'}"


@dataclass(frozen=True)
class Award:
    """One row of awards.csv."""

    carrier: str
    lane_id: str
    bid_id: str
    equipment: str
    volume: float
    volume_unit: str
    share_of_lane: float | None
    cost: float
    co2e_wtw_kg: float


@dataclass(frozen=True)
class Toc:
    """One row of tocs.csv."""

    toc_id: str
    activity_tkm: float
    co2e_wtw_kg: float
    intensity_wtw_g_per_tkm: float | None


@dataclass(frozen=True)
class Action:
    """One row of actions.csv."""

    action: str
    carrier: str
    shipment_id: str
    quantity: float | None
    place: str


@dataclass(frozen=True)
class Unserved:
    """One row of unserved.csv."""

    order_id: str
    line: str
    pieces: float
    reason: str


ROW_TYPES: dict[str, type] = {
    "shipments": Shipment,
    "legs": Leg,
    "order_allocation": Allocation,
    "loads": Load,
    "placements": Placed,
    "costs": Cost,
    "round_use": Reuse,
    "awards": Award,
    "tocs": Toc,
    "actions": Action,
    "unserved": Unserved,
}
