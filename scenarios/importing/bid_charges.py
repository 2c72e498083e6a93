"""The surcharges of a bid: from columns of their own, and from what remarks say."""

from __future__ import annotations

from scenarios.importing.remarks import NamedCharge
from scenarios.importing.texts import number_text
from scenarios.importing.values import At, OutRow, Values
from scenarios.importing.vocabulary import charges, key

PART_BASES = frozenset({"tonne", "kg", "m3", "wm", "ldm", "shipment", "bl", "km", "percent"})
LOAD_BASES = frozenset(
    {"container", "teu", "trip", "tonne", "kg", "km", "shipment", "bl", "percent"}
)
"""What surcharges of part loads and of load units can be counted per (scenarios.rules.bids)."""


def charges_of(values: Values, bid: OutRow) -> list[OutRow]:
    """The rows of bid_charges of a bid; what is included is noted in the bid itself."""
    found: list[OutRow] = []
    included = [c for c in bid.values.get("surcharges_included", "").split(";") if c]
    boxes = {b for b in bid.values.get("equipment", "").split(";") if b}
    for at in values.record.all("charge"):
        of = set(at[0].meaning.equipment)
        if of and boxes and not of & boxes:
            continue
        if at[1].text or at[1].uncomputed:
            _from_column(values, bid, at, found, included)
    for name in ("remarks", "surcharges"):
        for at in values.record.all(name):
            if at[1].text:
                _from_remark(values, bid, at, boxes, found, included)
    if included:
        bid.put("surcharges_included", ";".join(dict.fromkeys(included)))
    return found


def _from_column(
    values: Values, bid: OutRow, at: At, found: list[OutRow], included: list[str]
) -> None:
    column = at[0]
    known = charges().get(key(column.meaning.code), None)
    number = values.number(at)
    if number.fault:
        # the bid stands, but a surcharge of it is not read: the row cannot be used as it is
        return
    if number.word == "included":
        included.append(column.meaning.code)
    elif number.word == "asked":
        _once(values, "W510", at, f"The surcharge {column.meaning.code} is to be asked for.")
    if number.value is None or number.value == 0:
        return
    basis = column.meaning.basis or number.basis or (known.rate_basis if known else "container")
    if number.percent:
        basis = "percent"
    elif basis == "percent" and (number.currency or column.meaning.currency):
        basis = "container"
    currency = number.currency or column.meaning.currency or bid.values.get("currency", "")
    section = known.section if known else "freight"
    _add(
        values,
        bid,
        at,
        found,
        NamedCharge(column.meaning.code, number.value, currency, basis, section),
    )


def _from_remark(
    values: Values, bid: OutRow, at: At, boxes: set[str], found: list[OutRow], included: list[str]
) -> None:
    remark = values.remark(at)
    for charge in remark.charges:
        if charge.equipment and boxes and not set(charge.equipment) & boxes:
            continue
        if charge.doubt:
            _once(
                values,
                "W507",
                at,
                f"{charge.code} was read as {charge.amount:g} {charge.currency}: {charge.doubt}.",
            )
        _add(values, bid, at, found, charge)
    included += remark.included
    if remark.excluded:
        codes = ", ".join(dict.fromkeys(remark.excluded))
        _once(values, "W516", at, f"Not in the price, and without an amount: {codes}.",
              "Ask for the amounts and add them to bid_charges.")  # fmt: skip
    if remark.unread:
        _once(values, "W516", at, f'Not understood as a surcharge: "{remark.unread[0][:100]}".',
              "Add it to bid_charges by hand if it is one.")  # fmt: skip


def _once(values: Values, code: str, at: At, message: str, hint: str = "") -> None:
    """A doubt about a cell that several bids share, told once."""
    told = (code, values.record.sheet.name, at[1].name, message)
    if told not in values.reading.told:
        values.reading.told.add(told)
        values.doubt(code, at, message, hint)


def _add(values: Values, bid: OutRow, at: At, found: list[OutRow], charge: NamedCharge) -> None:
    whole = bid.values.get("service") in ("container", "ftl")
    if charge.basis not in (LOAD_BASES if whole else PART_BASES):
        _once(
            values, "W516", at,
            f"{charge.code} per {charge.basis} does not go with {bid.values.get('service')}.",
            "It was left out. Say what it is counted per.",
        )  # fmt: skip
        return
    row = OutRow("bid_charges", bid.sheet, bid.row)
    row.put("charge_code", charge.code, at)
    row.put("amount", number_text(charge.amount), at)
    row.put("currency", charge.currency or bid.values.get("currency", ""), at)
    row.put("rate_basis", charge.basis, at)
    row.put("section", charge.section)
    found.append(row)
