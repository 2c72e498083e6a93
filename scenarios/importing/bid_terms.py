"""The terms of a bid beside its price: validity, days, capacity, free time, remarks."""

from __future__ import annotations

import re
from datetime import date

from lowhaul.columns import LONGEST_ID
from lowhaul.input_tables import INPUT_TABLES
from scenarios.importing.header import Column
from scenarios.importing.numbers import Separators, number_in
from scenarios.importing.texts import clean_text, number_text
from scenarios.importing.values import At, OutRow, Values
from scenarios.importing.vocabulary import WEEKDAY_WORDS, charges, headings, key

_RANGE = re.compile(
    r"(\d{1,3})\s*(?:-|–|—|~|～|至|to|bis)\s*(\d{1,3})\s*(?:days?|d|天|tage?)?\.?\Z", re.IGNORECASE
)
_RATIO = re.compile(r"1\s*[:：]\s*(\d+(?:[.,]\d+)?)\Z")
LONGEST_REMARK = 1000
WHOLE = ("transit_days", "cutoff_days", "free_days")
NUMBERS = (
    "min_charge", "weight_from_kg", "weight_to_kg", "min_volume", "distance_km", "load_factor",
    "round_use_rate", "round_use_km", "round_use_rate_per_km", "detention_per_day", "co2e_wtw_g",
    "co2e_ttw_g", "co2e_slope_g_per_tkm", "empty_distance_factor",
)  # fmt: skip
TEXTS = (
    "line", "vehicle", "energy", "co2e_source", "status", "capacity_per", "volume_unit", "co2e_per",
    "co2e_distance_basis", "co2e_gwp", "data_type", "distance_basis",
    "percent_of",
)  # fmt: skip
YES_NO = ("co2e_includes_empty", "co2e_verified")
IN_REMARKS = ("incoterm", "departure_text", "receipt", "delivery", "service_word", "serves_remote")
"""Fields that the table has no column for: they are kept in the remarks."""
CM3_PER_M3 = 1_000_000
"""A divisor of 6000 cm3/kg is 1,000,000 / 6000 kg/m3 (chargeable_weight_rules)."""


def put_terms(values: Values, bid: OutRow, constants: dict[str, str], as_of: date) -> None:
    """Fill in every term that the record gives; what it does not give may be a constant."""
    for name in WHOLE:
        _put_days(values, bid, name)
    for name in NUMBERS:
        _put_number(values, bid, name)
    for name in TEXTS:
        if (at := values.record.first(name)) and at[1].text:
            bid.put(name, at[1].text, at)
    for name in YES_NO:
        if (at := values.record.first(name)) and at[1].text:
            bid.put(name, values.yesno(at), at)
    _put_ratio(values, bid)
    _put_capacity(values, bid)
    _put_departures(values, bid)
    _put_validity(values, bid, as_of)
    _put_via(values, bid)
    _put_included(values, bid)
    _put_remarks(values, bid)
    for name, value in constants.items():
        if name in INPUT_TABLES["bids"].names and not bid.values.get(name):
            bid.put(name, value)


def _at(values: Values, name: str) -> At | None:
    at = values.record.first(name)
    return at if at and (at[1].text or at[1].uncomputed) else None


def _put_days(values: Values, bid: OutRow, name: str) -> None:
    at = _at(values, name)
    if at is None:
        return
    if isinstance(at[1].value, str) and (found := _RANGE.match(at[1].text)):
        low, high = sorted((int(found[1]), int(found[2])))
        # a longer transit and a shorter free time are on the safe side
        taken = low if name == "free_days" else high
        values.doubt("W526", at, f"A range: {taken} was taken.", "Give one number of days.")
        bid.put(name, str(taken), at)
        return
    if name == "free_days" and re.search(r"\d\D+\d", at[1].text) and not at[1].is_number:
        values.doubt("W526", at, "Several free times in one cell: none was taken.",
                     "Give the days from gate-out to empty return, free of detention.")  # fmt: skip
        return
    number = values.number(at)
    if number.value is not None:
        bid.put(name, number_text(number.value), at)


def _put_number(values: Values, bid: OutRow, name: str) -> None:
    at = _at(values, name)
    if at is None:
        return
    number = values.number(at)
    if number.word == "asked":
        values.doubt("W510", at, "The amount is to be asked for; it was left blank.")
    if number.value is not None:
        bid.put(name, number_text(number.value), at)


def _put_ratio(values: Values, bid: OutRow) -> None:
    """kg per m3: as a number, as 1:167, or as a divisor in cm3 per kg."""
    at = _at(values, "kg_per_m3")
    if at is None:
        return
    if isinstance(at[1].value, str) and (found := _RATIO.match(at[1].text)):
        number = number_in(found[1], Separators(language=values.reading.language))
    else:
        number = values.number(at)
    if number.value is None:
        return
    value = number.value
    if value >= 4000:
        value = round(CM3_PER_M3 / value, 4)
        values.doubt("W526", at, f"Taken for a divisor in cm3 per kg: {value:g} kg per m3.")
    bid.put("kg_per_m3", number_text(value), at)


def _put_capacity(values: Values, bid: OutRow) -> None:
    at = _at(values, "capacity")
    if at is None:
        return
    number = values.number(at)
    if number.value is None:
        return
    bid.put("capacity", number_text(number.value), at)
    text = key(at[1].text)
    if "teu" in text.split():
        bid.put("volume_unit", "teu", at)
    heading = key(at[0].heading)
    if any(word in f"{heading} {text}" for word in ("week", "周", "woche", "wöchentlich")):
        bid.put("capacity_per", "week", at)


def _put_departures(values: Values, bid: OutRow) -> None:
    at = _at(values, "departure_days")
    if at is None:
        return
    words = [w for w in re.split(r"[\s,;/、，+&|]+", at[1].text) if w]
    days = [WEEKDAY_WORDS.get(key(word), "") for word in words]
    if all(days):
        bid.put("departure_days", ";".join(dict.fromkeys(days)), at)
    else:
        values.doubt("W526", at, "These are not days of the week; any day was taken.",
                     "Write mon;thu.")  # fmt: skip


def _put_validity(values: Values, bid: OutRow, as_of: date) -> None:
    first = last = None
    shown: At | None = None
    for name in ("valid_from", "valid_to"):
        if at := _at(values, name):
            day = values.day(at)
            if day.value:
                bid.put(name, day.value.isoformat(), at)
                first, last = (day.value, last) if name == "valid_from" else (first, day.value)
            shown = at
    if at := _at(values, "validity"):
        begins, ends = values.period(at)
        shown = at
        for name, day in (("valid_from", begins), ("valid_to", ends)):
            if day.value and not bid.values.get(name):
                bid.put(name, day.value.isoformat(), at)
        first, last = first or begins.value, last or ends.value
    if first and last and last < first:
        values.fault("E330", shown, "The price ends before it begins.", "Check both dates.")
    elif last and last < as_of:
        values.doubt("W511", shown, f"The price ended on {last}, before {as_of}.",
                     "Ask the carrier to renew it.")  # fmt: skip


def _put_via(values: Values, bid: OutRow) -> None:
    at = _at(values, "via")
    if at is None:
        return
    places = []
    for name in re.split(r"\s*[;/、，,+]\s*|\s+via\s+", at[1].text):
        if key(name) in ("", "direct", "直航", "直达", "direkt"):
            continue
        found = values.places.find(name, mode="sea")
        if not found.place:
            values.doubt("W526", at, f'The place on the way "{name[:60]}" is not known; left out.')
            return
        places.append(found.place)
    bid.put("via", ";".join(places), at)


def _put_included(values: Values, bid: OutRow) -> None:
    at = _at(values, "surcharges_included")
    if at is None:
        return
    codes, unknown = [], []
    for name in re.split(r"\s*[;/、，,+&\n]\s*|\s+and\s+|\s+und\s+", at[1].text):
        if charge := charges().get(key(name)):
            codes.append(charge.code)
        elif name.strip():
            unknown.append(name.strip()[:LONGEST_ID])
    if unknown:
        values.doubt("W516", at, f"No charge is known as {', '.join(unknown[:5])}.",
                     "Use codes such as BAF;LSS.")  # fmt: skip
    bid.put("surcharges_included", ";".join(dict.fromkeys(codes)), at)


def _put_remarks(values: Values, bid: OutRow) -> None:
    """The remarks, and what the table has no column for, so that nothing is lost."""
    record = values.record
    parts = [_remark(column, cell.text) for column, cell in record.all("remarks") if cell.text]
    parts += [cell.text for _, cell in record.all("surcharges") if cell.text]
    for column, cell in record.cells:
        if not cell.text:
            continue
        if column.meaning.field in IN_REMARKS or not column.meaning.known:
            parts.append(f"{column.heading or cell.name}: {cell.text}")
    text = "; ".join(parts)
    if len(text) > LONGEST_REMARK:
        text = text[: LONGEST_REMARK - 4] + " ..."
    bid.put("remarks", clean_text(text), record.first("remarks"))


def _remark(column: Column, text: str) -> str:
    """A remark; from a column of another name that is kept there, with its heading."""
    own = headings("bids").get(key(column.heading), ("", ""))[0] == "remarks"
    return text if own or not column.heading else f"{column.heading}: {text}"
