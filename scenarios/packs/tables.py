"""The lists of a pack: what a carrier is awarded, what it carries, and its load units.

Each row is made from rows that were filtered before (`disclosure.visible_to`), and of those only
the columns declared here are taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lowhaul.columns import Column, Kind, Table
from lowhaul.sheets import Sheet
from scenarios.disclosure import visible_to
from scenarios.figures import Result, Row, day, number, text
from scenarios.report_sections import trade_name

if TYPE_CHECKING:
    from routing.bids import Bid
    from routing.case import Case

_Spec = tuple[str, Kind, str, str]


def _columns(*specs: _Spec) -> tuple[Column, ...]:
    return tuple(Column(name, kind, unit=unit, about=about) for name, kind, unit, about in specs)


AWARDS = Table(
    "awards",
    "What the carrier is awarded: a row for each of its bids and each equipment.",
    _columns(
        ("bid_id", "id", "", "The bid."),
        ("lane_id", "id", "", "Its lane."),
        ("from", "id", "", "Start."),
        ("from_name", "text", "", "Start, by name."),
        ("to", "id", "", "End."),
        ("to_name", "text", "", "End, by name."),
        ("mode", "text", "", "Mode of transport."),
        ("service", "text", "", "container, ftl, ltl, lcl or air."),
        ("equipment", "id", "", "Equipment code; blank: a part load."),
        ("equipment_name", "text", "", "Its trade name."),
        ("volume", "number", "volume_unit", "How much."),
        ("volume_unit", "text", "", "load_unit, t or teu."),
        ("first_departure", "date", "", "Of the transports planned under it."),
        ("last_departure", "date", "", "Of the transports planned under it."),
        ("rate", "number", "rate_currency", "The base rate as it was offered."),
        ("rate_currency", "currency", "", "Of the rate."),
        ("rate_basis", "text", "", "What the rate is counted per."),
        ("valid_from", "date", "", "Of the rate; blank: open."),
        ("valid_to", "date", "", "Of the rate; blank: open."),
        ("cost", "number", "currency", "Base rate and surcharges for this volume, before rebates."),
        ("currency", "currency", "", "Of the cost."),
        ("co2e_wtw_kg", "number", "kg CO2e", "Well-to-wheel; blank: not covered."),
    ),
    key=("bid_id", "equipment"),
)
LOAD_LIST = Table(
    "load_list",
    "What the carrier carries: a row for each leg, empty ways included.",
    _columns(
        ("depart", "date", "", "Day of departure."),
        ("arrive", "date", "", "Day of arrival."),
        ("shipment_id", "id", "", "The shipment; blank: return of an unused box."),
        ("what", "text", "", "loaded, or empty."),
        ("mode", "text", "", "Mode of transport."),
        ("from", "id", "", "Start."),
        ("from_name", "text", "", "Start, by name."),
        ("to", "id", "", "End."),
        ("to_name", "text", "", "End, by name."),
        ("equipment", "id", "", "Equipment code; blank: a part load."),
        ("equipment_name", "text", "", "Its trade name."),
        ("load_units", "integer", "", "Load units; 0: a part load."),
        ("teu", "number", "TEU", "Of the load units."),
        ("mass_kg", "number", "kg", "Goods and packaging, no tare."),
        ("cutoff_date", "date", "", "Last day at the port of loading, on legs to or from it."),
        ("bid_id", "id", "", "The bid it is carried under."),
        ("booking_ref", "text", "", "Of the carrier."),
    ),
)
LOAD_UNITS = Table(
    "load_units",
    "The load units that the carrier moves, a row each.",
    _columns(
        ("load_id", "id", "", "The load unit."),
        ("shipment_id", "id", "", "Its shipment."),
        ("equipment", "id", "", "Equipment code."),
        ("equipment_name", "text", "", "Its trade name."),
        ("handling_units", "integer", "", "Pallets, crates or cartons in it."),
        ("mass_kg", "number", "kg", "Goods and packaging."),
        ("vgm_kg", "number", "kg", "Planned gross mass: cargo and tare."),
        ("container_no", "text", "", "To be filled in."),
        ("seal_no", "text", "", "To be filled in."),
    ),
    key=("load_id",),
)
TABLES = {table.name: table for table in (AWARDS, LOAD_LIST, LOAD_UNITS)}
TITLES = {"Awards": AWARDS, "Load list": LOAD_LIST, "Load units": LOAD_UNITS}
"""The sheets of the workbooks."""
HEADS = {
    "bid_id": "Your bid", "lane_id": "Lane", "from": "From", "from_name": "From, name",
    "to": "To", "to_name": "To, name", "mode": "Mode", "service": "Service",
    "equipment": "Equipment, ISO", "equipment_name": "Equipment", "volume": "Volume",
    "volume_unit": "Volume, unit", "first_departure": "First departure",
    "last_departure": "Last departure", "rate": "Your rate", "rate_currency": "Rate, currency",
    "rate_basis": "Rate per", "valid_from": "Valid from", "valid_to": "Valid to",
    "cost": "Award value", "currency": "Currency", "co2e_wtw_kg": "CO2e WTW, kg",
    "depart": "Departs", "arrive": "Arrives", "shipment_id": "Shipment", "what": "Loaded or empty",
    "load_units": "Load units", "teu": "TEU", "mass_kg": "Goods, kg", "cutoff_date": "Cut-off",
    "booking_ref": "Booking", "load_id": "Load unit", "handling_units": "Handling units",
    "vgm_kg": "Gross mass, kg", "container_no": "Container no.", "seal_no": "Seal no.",
}  # fmt: skip
"""How the columns are called in the workbooks; the csv files have their ids."""
WIDTHS = {"text": 26, "id": 14, "number": 12, "integer": 9, "date": 12, "currency": 9}
MONEY_COLUMNS = frozenset({"rate", "cost"})
"""The only columns of a pack that hold money, all of them in the awards."""


@dataclass(frozen=True)
class Pack:
    """What one carrier may know: its filtered rows, and the lists made of them."""

    carrier: str
    seen: Result
    awards: Sequence[Row]
    load_list: Sequence[Row]
    load_units: Sequence[Row]
    rebates: float = 0.0
    """What its tiers and bundles take off the awards (negative), project currency."""

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of one of TABLES."""
        found: Sequence[Row] = getattr(self, table)
        return found

    def titled(self, title: str) -> Sequence[Row]:
        """The rows of one of TITLES."""
        return self.rows(TITLES[title].name)


@dataclass(frozen=True)
class Shelf:
    """The tables of a plan, put where the packs of its carriers find their part at once."""

    case: Case
    result: Result
    awards: Mapping[str, Sequence[Row]]
    loads: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """By shipment."""
    bids: Mapping[str, Bid] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, result: Result, awards: Iterable[Row]) -> Shelf:
        """Sorted by carrier and shipment; `awards` are the rows of the result table."""
        return cls(
            case,
            result,
            _by(awards, "carrier"),
            _by(result.loads, "shipment_id"),
            {b.bid_id: b for b in case.bids},
        )

    @property
    def carriers(self) -> list[str]:
        """Ids of those that carry something and are known to the case."""
        return sorted(c for c in self.result.legs_by_carrier if c in self.case.carriers)

    def pack(self, carrier: str) -> Pack:
        """The part of one carrier."""
        seen = visible_to(self.result, carrier)
        shipments = {text(s["shipment_id"]): s for s in seen.shipments}
        return Pack(
            carrier,
            seen,
            [self._award(row, seen) for row in self.awards.get(carrier, ())],
            sorted((self._leg(leg, shipments) for leg in seen.legs), key=_by_day),
            [self._unit(row) for s in sorted(shipments) for row in self.loads.get(s, ())],
            rebates_of(self, carrier),
        )

    def _name(self, place: str) -> str:
        known = self.case.places.get(place)
        return known.name if known is not None else ""

    def _ends(self, origin: str, destination: str) -> Row:
        return {
            "from": origin, "from_name": self._name(origin),
            "to": destination, "to_name": self._name(destination),
        }  # fmt: skip

    def _award(self, row: Row, seen: Result) -> Row:
        bid = self.bids[text(row["bid_id"])]
        equipment = text(row["equipment"])
        legs = [
            leg
            for leg in seen.transport
            if text(leg["bid_id"]) == bid.bid_id and text(leg["equipment"]) == equipment
        ]
        days = sorted(d for leg in legs if (d := day(leg["depart"])) is not None)
        known = not legs or any(text(leg["factor_id"]) for leg in legs)
        return {
            "bid_id": bid.bid_id,
            "lane_id": text(row["lane_id"]),
            **self._ends(bid.origin, bid.destination),
            "mode": bid.mode,
            "service": bid.service,
            "equipment": equipment,
            "equipment_name": trade_name(self.case, equipment),
            "volume": number(row["volume"]),
            "volume_unit": text(row["volume_unit"]),
            "first_departure": days[0] if days else None,
            "last_departure": days[-1] if days else None,
            "rate": bid.rate,
            "rate_currency": bid.currency,
            "rate_basis": bid.rate_basis,
            "valid_from": bid.valid_from,
            "valid_to": bid.valid_to,
            "cost": number(row["cost"]),
            "currency": self.case.settings.currency,
            "co2e_wtw_kg": number(row["co2e_wtw_kg"]) if known else None,
        }

    def _leg(self, leg: Row, shipments: Mapping[str, Row]) -> Row:
        shipment = shipments.get(text(leg["shipment_id"]), {})
        origin, destination = text(leg["from"]), text(leg["to"])
        port = text(shipment.get("pol"))
        loaded = text(leg["kind"]) == "transport"
        equipment = text(leg["equipment"])
        return {
            "depart": day(leg["depart"]),
            "arrive": day(leg["arrive"]),
            "shipment_id": text(leg["shipment_id"]),
            "what": "loaded" if loaded else "empty",
            "mode": text(leg["mode"]),
            **self._ends(origin, destination),
            "equipment": equipment,
            "equipment_name": trade_name(self.case, equipment),
            "load_units": int(number(leg["load_units"])),
            "teu": number(leg["teu"]),
            "mass_kg": number(leg["mass_kg"]),
            "cutoff_date": day(shipment.get("cutoff_date"))
            if loaded and port in (origin, destination)
            else None,
            "bid_id": text(leg["bid_id"]),
            "booking_ref": text(shipment.get("booking_ref")),
        }

    def _unit(self, row: Row) -> Row:
        equipment = text(row["equipment"])
        return {
            "load_id": text(row["load_id"]),
            "shipment_id": text(row["shipment_id"]),
            "equipment": equipment,
            "equipment_name": trade_name(self.case, equipment),
            "handling_units": int(number(row["handling_units"])),
            "mass_kg": number(row["mass_kg"]),
            "vgm_kg": number(row["vgm_kg"]) or None,
            "container_no": "",
            "seal_no": "",
        }


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(text(row[column]), []).append(row)
    return found


def _by_day(row: Row) -> tuple[Any, ...]:
    depart = row["depart"]
    return (depart is None, depart, row["shipment_id"], row["what"], row["from"], row["to"])


def rebates_of(shelf: Shelf, carrier: str) -> float:
    """The sum of a carrier's rows `DISC` of costs.csv."""
    rows = [row for row in shelf.result.costs if text(row["charge_code"]) == "DISC"]
    return sum(number(row["amount"]) for row in rows if text(row["carrier"]) == carrier)


def own_money(shelf: Shelf, carrier: str) -> frozenset[float]:
    """The amounts a carrier may read: its own rates and what its own legs add up to.

    The sums are taken from the legs and not from the awards, so that a cost that stands in the
    wrong row of the awards is not its own.
    """
    sums: dict[tuple[str, str], float] = {}
    for leg in shelf.result.legs_by_carrier.get(carrier, []):
        key = (text(leg["bid_id"]), text(leg["equipment"]))
        sums[key] = sums.get(key, 0.0) + number(leg["cost"])
    whole, rebates = sum(sums.values()), rebates_of(shelf, carrier)
    amounts = [*sums.values(), whole, rebates, -rebates, whole + rebates]
    rates = [bid.rate for bid in shelf.case.bids if bid.carrier == carrier]
    return frozenset(round(amount, 2) for amount in (*amounts, *rates))


def sheet_of(title: str, rows: Iterable[Row]) -> Sheet:
    """One of TITLES as a sheet: the declared columns of each row, in their order."""
    names = TITLES[title].names
    return Sheet(
        title,
        [HEADS[name] for name in names],
        [[row[name] for name in names] for row in rows],
        [WIDTHS[column.kind] for column in TITLES[title].columns],
    )
