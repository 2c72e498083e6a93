"""Values of a record, with what is wrong or doubtful about each told at its cell."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from lowhaul.columns import country_codes, currency_codes
from scenarios.importing.dates import Day, read_day, read_period
from scenarios.importing.equipment import equipment_list
from scenarios.importing.header import Column
from scenarios.importing.numbers import Number, read_number
from scenarios.importing.ports import Gazetteer, likely_place
from scenarios.importing.records import Reading, Record
from scenarios.importing.remarks import Remark, read_remark
from scenarios.importing.sheets import Cell
from scenarios.importing.vocabulary import MONEY_WORDS, NO_WORDS, YES_WORDS, key

MOST_SUGGESTIONS = 100
"""Places of a file for which a similar name is looked for."""
At = tuple[Column, Cell]
_LOCAL_COUNTRIES = {
    "中国": "CN", "德国": "DE", "荷兰": "NL", "比利时": "BE", "法国": "FR", "美国": "US",
    "日本": "JP", "韩国": "KR", "英国": "GB", "意大利": "IT", "西班牙": "ES", "波兰": "PL",
    "越南": "VN", "泰国": "TH", "deutschland": "DE", "niederlande": "NL", "belgien": "BE",
    "frankreich": "FR", "italien": "IT", "spanien": "ES", "polen": "PL", "österreich": "AT",
    "schweiz": "CH", "usa": "US", "uk": "GB", "vereinigte staaten": "US", "china": "CN",
    "vietnam": "VN", "großbritannien": "GB",
}  # fmt: skip


@dataclass
class OutRow:
    """A row of a table in the making: its texts by column, and the cell that each came from."""

    table: str
    sheet: str
    row: int
    values: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Cell] = field(default_factory=dict)

    def put(self, column: str, value: str, at: At | None = None) -> None:
        """Set a value and where it came from."""
        self.values[column] = value
        if at is not None and value:
            self.sources[column] = at[1]


class Values:
    """Reads cells of one record; `faults` are the reasons why it cannot be used, `blamed` the
    fields whose cells they are about."""

    def __init__(self, record: Record, reading: Reading, places: Gazetteer) -> None:
        self.record = record
        self.reading = reading
        self.places = places
        self.faults: list[str] = []
        self.blamed: set[str] = set()
        self._numbers: dict[str, Number] = {}
        self._remarks: dict[str, Remark] = {}

    def fault(self, code: str, at: At | None, message: str, hint: str = "") -> None:
        """An error at a cell: the row cannot be used."""
        self.reading.tell(code, "error", self.record, at, message, hint)
        name = at[0].heading if at else ""
        if at:
            self.blamed.add(at[0].meaning.field)
        shown = f" ({at[1].text[:60]})" if at and at[1].text else ""
        self.faults.append(f"{name}{shown}: {message}" if name else message)

    def doubt(self, code: str, at: At | None, message: str, hint: str = "") -> None:
        """Something to look at; the value is used as told."""
        self.reading.tell(code, "warning", self.record, at, message, hint)

    def whole(self, at: At) -> bool:
        """False (and told) for cells that hold an error or a formula without a result."""
        if at[1].is_error:
            self.fault("E113", at, "The cell holds an error of the spreadsheet.",
                       "Mend its formula or write the value.")  # fmt: skip
            return False
        if at[1].uncomputed:
            self.fault("E517", at, "The cell holds a formula without a result.",
                       "Open the file in Excel, save it and send it again.")  # fmt: skip
            return False
        return True

    def number(self, at: At) -> Number:
        """The number of a cell; blank where it is a word such as TBA. What is told is told once."""
        if at[1].name not in self._numbers:
            self._numbers[at[1].name] = self._number(at)
        return self._numbers[at[1].name]

    def _number(self, at: At) -> Number:
        if not self.whole(at):
            return Number(fault="no value")
        number = read_number(at[1], self.reading.separators_of(self.record, at[0]))
        if number.fault:
            self.fault("E102", at, f"This is not a number: {number.fault}.",
                       "Write digits with a point as decimal sign.")  # fmt: skip
        if number.sign:
            self.reading.tell_once(
                "W512", "warning", self.record.sheet,
                f"{number.sign} is the sign of several currencies; {number.currency} was taken "
                "where nothing else says it.",
                f"State it in mapping.yaml under constants (currency: {number.currency}).",
                self.record.row, at[0].heading, at[1].name, at[1].text,
            )  # fmt: skip
        if number.doubt:
            code = "W509" if "exponent" in number.doubt else "W507"
            self.doubt(code, at, f"Read as {number.value:g}: {number.doubt}.",
                       "Write the number plainly, or state decimal in mapping.yaml.")  # fmt: skip
        return number

    def remark(self, at: At) -> Remark:
        """What a remark says about surcharges; read once for all bids of the record."""
        if at[1].name not in self._remarks:
            separators = self.reading.separators_of(self.record, at[0])
            self._remarks[at[1].name] = read_remark(at[1].text, separators)
        return self._remarks[at[1].name]

    def day(self, at: At) -> Day:
        """The date of a cell."""
        if not self.whole(at):
            return Day(fault="no value")
        return self._told(read_day(at[1], self._order(at), self.record.sheet.day_zero), at)

    def _order(self, at: At) -> str:
        return self.reading.date_order(self.record, at[0])

    def period(self, at: At) -> tuple[Day, Day]:
        """First and last day of a cell."""
        if not self.whole(at):
            return Day(), Day(fault="no value")
        first, last = read_period(at[1], self._order(at), self.record.sheet.day_zero)
        return self._told(first, at), self._told(last, at)

    def _told(self, day: Day, at: At) -> Day:
        if day.ambiguous:
            self.fault("E511", at, "Day and month of this date can be read either way.",
                       "State date_order (dmy or mdy) in mapping.yaml.")  # fmt: skip
        elif day.fault:
            self.fault("E104", at, f"This is not a date: {day.fault}.",
                       "Write YYYY-MM-DD, for example 2026-03-31.")  # fmt: skip
        elif day.doubt:
            self.doubt("W513", at, f"Read as a date: {day.doubt}.")
        return day

    def equipment(self, at: At) -> tuple[str, ...]:
        """The codes of the boxes that a cell names."""
        if not self.whole(at):
            return ()
        text = self.reading.mapping.equipment.get(key(at[1].text), at[1].text)
        codes, unknown = equipment_list(text)
        if unknown:
            self.fault("E204", at, f'"{unknown[:80]}" is no equipment that is known.',
                       "Write 40HC or 45G1, or name it in mapping.yaml.")  # fmt: skip
        return codes

    def place(self, at: At, country: str = "", mode: str = "sea") -> str:
        """The id of the place that a cell names."""
        if not self.whole(at):
            return ""
        found = self.places.find(at[1].text, country, mode)
        if found.candidates:
            several = "; ".join(found.candidates[:8])
            self.fault("E510", at, f"The place is ambiguous: {several}.",
                       found.hint or "Write the UN/LOCODE or the location_id.")  # fmt: skip
        elif found.doubt:
            self.reading.tell_once(
                "W531", "warning", self.record.sheet, f"{found.doubt}.",
                "Write the UN/LOCODE.", self.record.row, at[0].heading, at[1].name, at[1].text,
            )  # fmt: skip
        elif found.fault:
            likely = ""
            if self.reading.suggested < MOST_SUGGESTIONS:
                self.reading.suggested += 1
                likely = likely_place(at[1].text, self.places.places)
            hint = f"{likely} {found.hint}".strip()
            self.fault("E201", at, f"No such place: {found.fault}.", hint)
        return found.place

    def currency(self, at: At) -> str:
        """The currency that a cell names."""
        if not self.whole(at):
            return ""
        text = at[1].text
        code = text.upper() if text.upper() in currency_codes() else MONEY_WORDS.get(key(text), "")
        code = code or MONEY_WORDS.get(text.casefold(), "")
        if not code and text:
            self.fault("E109", at, f'"{text[:40]}" is no known currency.',
                       "Wanted: three letters of ISO 4217, for example USD.")  # fmt: skip
        return code

    def country(self, at: At) -> str:
        """The ISO code of the country that a cell names (NA is Namibia)."""
        text = at[1].text
        code = country_named(text)
        if text and not code:
            self.fault("E110", at, f'"{text[:80]}" is no known country.',
                       "Wanted: two letters of ISO 3166, for example DE.")  # fmt: skip
        return code

    def word(self, at: At, known: Mapping[str, str], what: str) -> str:
        """One of the known words, in the form that tables want."""
        text = at[1].text
        found = known.get(key(text), "")
        if text and not found:
            wanted = ", ".join(sorted(set(known.values())))
            self.fault("E106", at, f'"{text[:80]}" is no {what} that is known.',
                       f"Wanted: {wanted}.")  # fmt: skip
        return found

    def yesno(self, at: At) -> str:
        """yes or no."""
        text = key(at[1].text) or at[1].text.strip()
        if text in YES_WORDS:
            return "yes"
        if text in NO_WORDS:
            return "no"
        if text:
            self.fault("E105", at, "This is neither yes nor no.", "Write yes or no.")
        return ""


def country_named(text: str) -> str:
    """The ISO alpha-2 code of a country by code or name, blank if unknown."""
    plain = text.strip()
    if plain.upper() in country_codes() and len(plain) == 2:
        return plain.upper()
    folded = key(plain)
    return _LOCAL_COUNTRIES.get(folded) or _country_names().get(folded, "")


@lru_cache(maxsize=1)
def _country_names() -> Mapping[str, str]:
    text = (resources.files("lowhaul") / "data/countries.csv").read_text("utf-8")
    return {key(row["name"]): row["code"] for row in csv.DictReader(text.splitlines())}
