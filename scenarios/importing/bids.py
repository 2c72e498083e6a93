"""Tender answers: one record becomes one bid a price, with its surcharges.

Long sheets have a row a box, wide ones a column a box; air sheets have a column a weight break,
LCL sheets a price per W/M. A price that is asked for (TBA, 询价) or not offered is no bid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lowhaul.columns import LONGEST_ID
from routing.geo import same_port
from scenarios.importing.bid_charges import charges_of
from scenarios.importing.bid_terms import put_terms
from scenarios.importing.numbers import Number
from scenarios.importing.records import Record
from scenarios.importing.services import DEFAULT_BASIS, is_box, mode_and_service
from scenarios.importing.texts import clean_id, number_text, slug
from scenarios.importing.values import At, OutRow, Values
from scenarios.importing.vocabulary import BASIS_WORDS, charges, headings, key

FAMILY = {"USD": ("USD", "CAD", "AUD", "SGD", "HKD"), "CNY": ("CNY", "JPY")}
"""Currencies that share a sign: the row's own says which one is meant."""
MISSING = {
    "carrier": "who bids",
    "mode": "sea, road, rail, air or inland_waterway",
    "service": "container, ftl, ltl, lcl or air",
    "currency": "of the rates",
    "rate_basis": "what a rate is counted per",
    "transit_days": "days from departure to arrival",
}
"""Required values that a whole file may leave unsaid."""


@dataclass
class Price:
    """A price of a record: its cell, the boxes it is for, and its weight break."""

    at: At
    number: Number
    equipment: tuple[str, ...]
    from_kg: float | None = None
    to_kg: float | None = None


@dataclass
class BidWriter:
    """Turns records into rows of `bids` and `bid_charges`.

    `carrier` and `constants` are what the planner states; `carriers` are the project's ids by the
    key of id and name, `lanes` its lanes (None: no project).
    """

    carrier: str
    constants: dict[str, str]
    carriers: dict[str, str] | None
    as_of: date
    lanes: frozenset[str] | None = None
    rows: list[OutRow] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    _ids: dict[str, int] = field(default_factory=dict)
    _seen: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)
    _of_relation: dict[tuple[str, ...], list[OutRow]] = field(default_factory=dict)

    def take(self, values: Values) -> None:
        """Write the bids of one record, or account for why there is none."""
        record = values.record
        if code := _charge_row(record):
            self._take_charge(values, code)
        elif prices := self._prices(values):
            base = self._base(values, prices)
            bids = [self._bid(values, base, price) for price in prices]
            priced = [(bid, charges_of(values, bid)) for bid in bids]
            if not values.faults:
                self._write(values, priced)
        elif not values.faults:
            values.faults.append("no price is offered")
        for reason in dict.fromkeys(values.faults):
            values.reading.accounting.because(record.sheet.name, record.row, reason)

    def _write(self, values: Values, priced: list[tuple[OutRow, list[OutRow]]]) -> None:
        """Name the bids and keep them, except those that stand in an earlier row already."""
        record, accounting = values.record, values.reading.accounting
        same = ""
        for bid, found in priced:
            if earlier := self._same(bid, found):
                same = earlier
                continue
            bid.put("bid_id", self._new_id(bid))
            for charge in found:
                charge.put("bid_id", bid.values["bid_id"])
            self._of_relation.setdefault(_relation(bid), []).append(bid)
            self.rows += [bid, *found]
            accounting.used(record.sheet.name, record.row, 1 + len(found))
        if same:
            message = f"The row is the same as row {same}."
            accounting.because(record.sheet.name, record.row, f"the same as row {same}")
            values.reading.tell("W515", "warning", record, None, message, "It was used once.")

    def _prices(self, values: Values) -> list[Price]:
        record = values.record
        own = record.first("equipment")
        boxes: tuple[str, ...] = ()
        if own and own[1].text:
            boxes = values.equipment(own)
        prices = []
        breaks = sorted(
            (c.meaning.from_kg or 0.0 for c, _ in record.all("weight_break")), key=float
        )
        for column, cell in (*record.all("rate"), *record.all("weight_break")):
            at = (column, cell)
            number = self._price(values, at)
            if number is None:
                continue
            from_kg = to_kg = None
            if column.meaning.field == "weight_break":
                from_kg = column.meaning.from_kg or 0.0
                to_kg = next((b for b in breaks if b > from_kg), None)
            prices.append(Price(at, number, column.meaning.equipment or boxes, from_kg, to_kg))
        return prices

    def _price(self, values: Values, at: At) -> Number | None:
        """The price in a cell; None where there is none, which is told unless the cell is blank."""
        column, cell = at
        record, accounting = values.record, values.reading.accounting
        if not cell.text and not cell.uncomputed:
            return None
        number = values.number(at)
        where = column.heading or cell.name
        if number.fault:
            return None
        if number.word == "included":
            values.doubt("W510", at, "A price is said to be included: it is no price.")
        elif number.word == "asked":
            values.doubt("W510", at, "The price is to be asked for: there is no bid.",
                         "Ask the carrier for the price.")  # fmt: skip
        if number.word:
            accounting.because(record.sheet.name, record.row, f"{where}: {cell.text} is no price")
            return None
        if number.value == 0:
            values.doubt("W527", at, "The price is 0.", "Leave it blank where nothing is offered.")
        return number

    def _base(self, values: Values, prices: list[Price]) -> OutRow:
        """What all bids of the record have in common."""
        record = values.record
        base = OutRow("bids", record.sheet.name, record.row)
        self._put_carrier(values, base)
        self._put_lane(values, base)
        basis = self._basis(values, prices)
        boxes = bool(prices) and all(p.equipment and all(map(is_box, p.equipment)) for p in prices)
        mode, service = mode_and_service(values, self.constants, basis, boxes)
        base.put("mode", mode, record.first("mode"))
        base.put("service", service, record.first("service"))
        base.put("rate_basis", basis or DEFAULT_BASIS.get(service, ""), record.first("rate_basis"))
        for name in ("mode", "service", "rate_basis"):
            self._need(values, base, name)
        self._put_places(values, base, mode or "sea")
        put_terms(values, base, self.constants, self.as_of)
        self._need(values, base, "transit_days")
        base.put("source_file", record.sheet.file)
        base.put("source_sheet", record.sheet.name)
        base.put("source_row", str(record.row))
        return base

    def _need(self, values: Values, row: OutRow, name: str) -> None:
        """A required value: from the constants where the record has none, else the row fails."""
        if not row.values.get(name) and self.constants.get(name):
            row.put(name, self.constants[name])
        if row.values.get(name) or name in values.blamed:
            return
        if "equipment" in values.blamed and name in ("service", "rate_basis"):
            return  # they would follow from the box, which is told already
        at = values.record.first(name)
        if at is None:
            self.missing.add(name)
            values.reading.tell_once(
                "E514", "error", values.record.sheet,
                f"No column says {name} ({MISSING.get(name, 'required')}).",
                f"State it in mapping.yaml under constants ({name}: ...).",
                values.record.block.header_rows[-1], name,
            )  # fmt: skip
            values.faults.append(f"{name} is not given")
        else:
            values.fault("E101", at, f"The cell is blank, but {name} is required.")

    def _put_lane(self, values: Values, row: OutRow) -> None:
        """The lane that is answered; one that the project has not is told and left blank."""
        at = values.record.first("lane_id")
        if at is None or not at[1].text:
            return
        lane = clean_id(at[1].text)
        if self.lanes is None or lane in self.lanes:
            row.put("lane_id", lane, at)
            return
        values.reading.tell_once(
            "W532", "warning", values.record.sheet,
            f'The table lanes has no "{lane[:60]}"; lane_id was left blank.',
            "Add it to lanes if awards are to be counted by it.", values.record.row,
            at[0].heading, at[1].name, at[1].text,
        )  # fmt: skip

    def _put_carrier(self, values: Values, base: OutRow) -> None:
        at = values.record.first("carrier")
        written = self.carrier or (at[1].text if at else "") or self.constants.get("carrier", "")
        stated = values.reading.mapping.carriers.get(key(written), written)
        if self.carriers is not None and stated:
            found = self.carriers.get(key(stated), "")
            if not found:
                values.fault(
                    "E202", at, f'The table carriers has no "{stated[:80]}".',
                    "Add it to carriers, or name it in mapping.yaml under carriers.",
                )  # fmt: skip
            stated = found
        base.put("carrier", clean_id(stated), at if at and not self.carrier else None)
        self._need(values, base, "carrier")

    def _basis(self, values: Values, prices: list[Price]) -> str:
        at = values.record.first("rate_basis")
        if at and at[1].text:
            return values.word(at, {**BASIS_WORDS, **{b: b for b in set(BASIS_WORDS.values())}},
                               "rate basis")  # fmt: skip
        found = {p.at[0].meaning.basis or p.number.basis for p in prices} - {""}
        if len(found) == 1:
            return found.pop()
        if any(p.from_kg is not None for p in prices):
            return "kg"
        if prices and all(p.equipment and all(map(is_box, p.equipment)) for p in prices):
            return self.constants.get("rate_basis", "") or "container"
        return self.constants.get("rate_basis", "")

    def _put_places(self, values: Values, base: OutRow, mode: str) -> None:
        record = values.record
        for end in ("origin", "destination"):
            land = record.first(f"{end}_country")
            country = values.country(land) if land and land[1].text else ""
            at, asked = record.first(end), record.first(f"requested_{end}")
            if at is None or not at[1].text:
                code = record.first(f"{end}_zip")
                if code and code[1].text:
                    base.put(end, self._zip_place(values, code, country), code)
                    continue
                if asked and asked[1].text:
                    at = asked
            if at is None or (not at[1].text and not at[1].uncomputed):
                if stated := self.constants.get(end):
                    base.put(end, stated)
                    continue
                if at is None:
                    self._need(values, base, end)
                else:
                    values.fault("E101", at, f"The cell is blank, but {end} is required.",
                                 f"If it goes on from above: fill_down: [{end}].")  # fmt: skip
                continue
            place = values.place(at, country, mode)
            base.put(end, place, at)
            if asked and asked is not at and asked[1].text and place:
                wanted = values.places.find(asked[1].text, country, mode).place
                if wanted and wanted not in same_port(place):
                    values.doubt(
                        "W517", at, f"Another place was asked for ({asked[1].text}).",
                        "The bid goes from or to the place quoted; the leg between is not in it.",
                    )  # fmt: skip

    def _zip_place(self, values: Values, at: At, country: str) -> str:
        text = at[1].text
        name = f"{country}-{text}" if country else text
        found = values.places.find(name, country, "road")
        if found.fault or found.candidates:
            values.fault("E201", at, f'No such place: "{name[:60]}".', found.hint)
        return found.place

    def _bid(self, values: Values, base: OutRow, price: Price) -> OutRow:
        bid = OutRow("bids", base.sheet, base.row, dict(base.values), dict(base.sources))
        bid.put("rate", number_text(price.number.value), price.at)
        bid.put("currency", self._currency(values, price), values.record.first("currency"))
        self._need(values, bid, "currency")
        own = values.record.first("equipment")
        bid.put("equipment", ";".join(price.equipment), own)
        if price.from_kg is not None:
            bid.put("weight_from_kg", number_text(price.from_kg), price.at)
            bid.put("weight_to_kg", number_text(price.to_kg), price.at)
        return bid

    def _currency(self, values: Values, price: Price) -> str:
        at = values.record.first("currency")
        column = price.at[0].meaning.currency
        row = values.currency(at) if at and at[1].text else ""
        usual = column or row or self.constants.get("currency", "")
        own = price.number.currency
        if not own:
            return usual
        if price.number.sign:
            return usual if usual in FAMILY.get(own, ()) else own
        if usual and own != usual:
            values.doubt("W525", price.at, f"The cell says {own}, its column or row {usual}.",
                         f"{own} was taken.")  # fmt: skip
        return own

    def _take_charge(self, values: Values, code: str) -> None:
        """A row of a sheet with a row a charge: BAS is the bid, the others hang on it."""
        record = values.record
        at = record.first("amount") or record.first("rate")
        number = self._price(values, at) if at else None
        if at is None or number is None:
            if not values.faults:
                values.faults.append("no amount is given")
            return
        own = record.first("equipment")
        boxes = values.equipment(own) if own and own[1].text else ()
        price = Price(at, number, boxes)
        if code == "BAS":
            bid = self._bid(values, self._base(values, [price]), price)
            if not values.faults:
                self._write(values, [(bid, charges_of(values, bid))])
            return
        self._hang(values, code, price)

    def _hang(self, values: Values, code: str, price: Price) -> None:
        """Hang a surcharge on the bids of its relation, which stand above it."""
        record = values.record
        row = OutRow("bids", record.sheet.name, record.row)
        self._put_carrier(values, row)
        self._put_lane(values, row)
        self._put_places(values, row, "sea")
        row.put("equipment", ";".join(price.equipment))
        row.put("rate", number_text(price.number.value), price.at)
        row.put("currency", self._currency(values, price), record.first("currency"))
        self._need(values, row, "currency")
        row.put("rate_basis", self._basis(values, [price]), record.first("rate_basis"))
        self._need(values, row, "rate_basis")
        owners = self._of_relation.get(_relation(row), [])
        if not values.faults and not owners:
            values.fault("E518", price.at, "No base rate (BAS) of this relation stands above.",
                         "Put the row of the base rate before its surcharges.")  # fmt: skip
        for owner in owners if not values.faults else []:
            self.rows.append(_charge_of(owner, row, code, price.at))
            values.reading.accounting.used(record.sheet.name, record.row)

    def _same(self, bid: OutRow, found: Iterable[OutRow]) -> str:
        """The row that this bid is the same as, blank if it is new."""
        parts = [(k, v) for k, v in bid.values.items() if not k.startswith("source_")]
        for charge in found:
            parts += [(f"charge {k}", v) for k, v in charge.values.items()]
        known = tuple(sorted(parts))
        if known in self._seen:
            return self._seen[known]
        self._seen[known] = str(bid.row)
        return ""

    def _new_id(self, bid: OutRow) -> str:
        """A name that is the same at the next import: who, whence, whither, what."""
        names = [bid.values.get(n, "") for n in ("carrier", "origin", "destination", "equipment")]
        if bid.values.get("weight_from_kg"):
            names.append(bid.values["weight_from_kg"] + "kg")
        if bid.values.get("lane_id"):
            names.insert(1, bid.values["lane_id"])
        name = "-".join(slug(n) for n in names if n)[: LONGEST_ID - 8]
        self._ids[name] = self._ids.get(name, 0) + 1
        return name if self._ids[name] == 1 else f"{name}-{self._ids[name]}"


def _charge_row(record: Record) -> str:
    """The code of a record that is a charge, BAS for a base rate; blank if it is a bid."""
    at = record.first("charge_code")
    if at is None or not at[1].text or not (record.first("amount") or record.first("rate")):
        return ""
    known = charges().get(key(at[1].text))
    if known:
        return known.code
    field_name = headings("bids").get(key(at[1].text), ("", ""))[0]
    return "BAS" if field_name == "rate" else clean_id(at[1].text)


def _relation(bid: OutRow) -> tuple[str, ...]:
    return tuple(
        bid.values.get(n, "") for n in ("carrier", "lane_id", "origin", "destination", "equipment")
    )


def _charge_of(owner: OutRow, row: OutRow, code: str, at: At) -> OutRow:
    charge = OutRow("bid_charges", row.sheet, row.row)
    charge.put("bid_id", owner.values["bid_id"])
    charge.put("charge_code", code, at)
    charge.put("amount", row.values["rate"], at)
    charge.put("currency", row.values["currency"], at)
    charge.put("rate_basis", row.values["rate_basis"], at)
    return charge
