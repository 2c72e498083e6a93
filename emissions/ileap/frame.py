"""The legs of an iLEAP document as a table like legs.csv, so that they can be footprinted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from emissions.ileap.model import Distance, Location, ShipmentFootprint, Tad, utc
from emissions.ileap.ordering import in_order
from emissions.ileap.reading import IleapDocument
from emissions.ileap.rules_chain import activity_distance

if TYPE_CHECKING:
    import pandas as pd

MODES = {
    "Road": "road",
    "Rail": "rail",
    "Air": "air",
    "Sea": "sea",
    "InlandWaterway": "inland_waterway",
}
COLUMNS = (
    "tce_id", "shipment_id", "seq", "kind", "mode", "from", "to", "carrier", "teu", "mass_kg",
    "distance_km", "distance_basis", "sfd_km", "gcd_km", "actual_km", "activity_tkm", "toc_id",
    "data_type", "co2e_wtt_kg", "co2e_ttw_kg", "co2e_wtw_kg", "depart", "arrive",
)  # fmt: skip
"""The columns of `legs_frame`, a part of those of legs.csv, in their order and units."""
NUMBERS = (
    "teu", "mass_kg", "distance_km", "sfd_km", "gcd_km", "actual_km", "activity_tkm",
    "co2e_wtt_kg", "co2e_ttw_kg", "co2e_wtw_kg",
)  # fmt: skip
DAYS = ("depart", "arrive")
TEU_PER_PIECE = {"Container-TEU": 1, "Container-FEU": 2}


def legs_frame(document: IleapDocument) -> pd.DataFrame:
    """One row for each transport chain element and each activity (TAD) of the document.

    Columns are COLUMNS. A blank text or number is not known: the mode of an element whose TOC is
    not in the file, the carrier, the emissions of activity data, a data type that is not wholly
    primary. Days are those in UTC. Elements of a shipment stand in the order of prevTceIds.
    """
    import pandas as pd

    rows = [*_elements(document), *(_activity(i, t) for i, t in enumerate(document.tads, 1))]
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        values = [row.get(name) for row in rows]
        if name in NUMBERS:
            columns[name] = pd.Series([_float(v) for v in values], dtype="float64")
        elif name in DAYS:
            columns[name] = pd.Series(values, dtype="datetime64[ns]")
        elif name == "seq":
            columns[name] = pd.Series(values, dtype="int64")
        else:
            columns[name] = pd.Series(["" if v is None else v for v in values], dtype="object")
    return pd.DataFrame(columns)


def _float(value: Decimal | None) -> float:
    return float("nan") if value is None else float(value)


def _elements(document: IleapDocument) -> Iterator[Mapping[str, Any]]:
    tocs, hocs = document.tocs, document.hocs
    for item in document.items:
        shipment = item.payload
        if not isinstance(shipment, ShipmentFootprint):
            continue
        primary = item.footprint is not None and item.footprint.pcf.primaryDataShare == 100
        for seq, tce in enumerate(in_order(shipment), 1):
            toc, hoc = tocs.get(tce.tocId or ""), hocs.get(tce.hocId or "")
            hub = tce.hocId is not None
            basis, km = activity_distance(tce)
            mode = "hub" if hub else MODES.get(toc.mode, "") if toc else ""
            place = hoc.hubLocation if hoc else None
            per_piece = TEU_PER_PIECE.get(tce.packagingOrTrEqType or "")
            amount = tce.packagingOrTrEqAmount
            yield {
                "tce_id": tce.tceId,
                "shipment_id": shipment.shipmentId,
                "seq": seq,
                "kind": "hub" if hub else "transport",
                "mode": mode,
                "from": _place(tce.origin or place),
                "to": _place(tce.destination or place),
                "teu": amount * per_piece if per_piece and amount is not None else None,
                "mass_kg": tce.mass,
                "distance_km": km,
                "distance_basis": "" if hub else basis,
                **_kilometres(tce.distance),
                "activity_tkm": tce.transportActivity,
                "toc_id": tce.tocId or tce.hocId,
                "data_type": "primary" if primary else "",
                "co2e_wtt_kg": tce.co2eWTW - tce.co2eTTW,
                "co2e_ttw_kg": tce.co2eTTW,
                "co2e_wtw_kg": tce.co2eWTW,
                "depart": _day(tce.departureAt),
                "arrive": _day(tce.arrivalAt),
            }


def _activity(seq: int, tad: Tad) -> Mapping[str, Any]:
    basis, km = next(iter(tad.distance.known().items()), ("", None))
    return {
        "tce_id": tad.activityId,
        "shipment_id": ";".join(tad.consignmentIds),
        "seq": seq,
        "kind": "transport",
        "mode": MODES.get(tad.mode, ""),
        "from": _place(tad.origin),
        "to": _place(tad.destination),
        "mass_kg": tad.mass,
        "distance_km": km,
        "distance_basis": basis,
        **_kilometres(tad.distance),
        "activity_tkm": None if tad.mass is None or km is None else tad.mass * km / 1000,
        "depart": _day(tad.departureAt),
        "arrive": _day(tad.arrivalAt),
    }


def _kilometres(distance: Distance) -> dict[str, Decimal | None]:
    return {"sfd_km": distance.sfd, "gcd_km": distance.gcd, "actual_km": distance.actual}


def _place(place: Location | None) -> str:
    return "" if place is None else place.locode or place.city


def _day(moment: datetime | None) -> datetime | None:
    """Midnight of its day in UTC, without a zone, as tables have it."""
    if moment is None:
        return None
    day = utc(moment).date()
    return datetime(day.year, day.month, day.day)
