"""From text cells to typed columns: format, bounds, choices, defaults, each fault with its cell.

Every parser works on a whole column at once. It returns the values and reports what it could not
read; a faulty cell becomes blank in the frame and is marked in `faulty`, so that later rules can
leave it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lowhaul.columns import (
    EARLIEST_DATE,
    LARGEST_NUMBER,
    LATEST_DATE,
    LONGEST_ID,
    LONGEST_TEXT,
    Column,
    Table,
    cell_name,
    country_codes,
    currency_codes,
    did_you_mean,
    split_list,
)
from lowhaul.findings import Finding, Findings, Severity

SHOWN_PER_RULE = 1000
"""Of one fault in one column so many cells are listed; the rest is counted in a last finding."""
FURTHER = " more cells of this column have the same fault."
SPREADSHEET_ERROR = r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
CONTROL = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|\\x00"
IN_NO_ID = "[;>\x01-\x1f\x7f\ufffe\uffff]|\\x00"

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Text = str | Callable[[int], str]


@dataclass
class TableData:
    """A table as read: the typed frame, and where each of its cells stands in the file."""

    table: Table
    frame: pd.DataFrame
    rows: np.ndarray[Any, np.dtype[np.int64]]
    file: str = ""
    sheet: str = ""
    positions: dict[str, int] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    faulty: dict[str, Mask] = field(default_factory=dict)
    row_key: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.frame)

    def text(self, column: str, position: int) -> str:
        """The cell as it was written, blank where the column is absent."""
        return str(self.texts[column][position]) if column in self.texts else ""

    def cell(self, column: str, position: int) -> str:
        """What the cell is called: D7 in a file, the row's key (bid_id=S1) in a database."""
        if self.row_key is not None:
            return ", ".join(f"{name}={self.text(name, position)[:40]}" for name in self.row_key)
        place = self.positions.get(column)
        return cell_name(place, int(self.rows[position])) if place else ""

    def sound(self, *columns: str) -> Mask:
        """The rows whose cells in those columns could all be read."""
        mask = np.ones(len(self), dtype=bool)
        for column in columns:
            if column in self.faulty:
                mask &= ~self.faulty[column]
        return mask

    def report(
        self,
        findings: Findings,
        code: str,
        mask: Mask,
        column: str,
        message: Text,
        hint: Text = "",
        severity: Severity = "error",
    ) -> None:
        """Add a finding for each row of the mask; a callable text is given the row's position."""
        wrong = np.flatnonzero(mask)
        if severity == "error" and len(wrong):
            self.faulty.setdefault(column, np.zeros(len(self), dtype=bool))[wrong] = True
        for i in wrong[:SHOWN_PER_RULE]:
            position = int(i)
            findings.add(
                Finding(
                    code=code,
                    severity=severity,
                    message=message if isinstance(message, str) else message(position),
                    hint=hint if isinstance(hint, str) else hint(position),
                    file=self.file,
                    sheet=self.sheet,
                    row=int(self.rows[i]),
                    column=column,
                    cell=self.cell(column, position),
                    value=self.text(column, position)[:200],
                )
            )
        if len(wrong) > SHOWN_PER_RULE:
            rest = f"{len(wrong) - SHOWN_PER_RULE}{FURTHER}"
            self.report_table(findings, code, rest, column=column, severity=severity)

    def report_table(
        self,
        findings: Findings,
        code: str,
        message: str,
        hint: str = "",
        column: str = "",
        severity: Severity = "error",
    ) -> None:
        """Add a finding about the table as a whole."""
        findings.add(Finding(code, severity, message, hint, self.file, self.sheet, column=column))


def further_cells(finding: Finding) -> int:
    """How many cells a finding counts without listing them; 0 for a finding about itself."""
    number = finding.message.removesuffix(FURTHER)
    return int(number) if finding.row is None and number.isdecimal() else 0


def typed_column(data: TableData, column: Column, findings: Findings) -> pd.Series:
    """One column's values: blank cells have their default, faulty ones are blank."""
    texts = data.texts.get(column.name)
    if texts is None:
        return _absent(column, len(data.rows))
    blank = pc.equal(texts, "").to_numpy(zero_copy_only=False)
    if pc.any(pc.starts_with(texts, "#")).as_py():
        failed = pc.match_substring_regex(texts, SPREADSHEET_ERROR)
        data.report(
            findings, "E113", failed.to_numpy(zero_copy_only=False), column.name,
            "The cell holds an error of the spreadsheet.", "Mend its formula or write the value.",
        )  # fmt: skip
        texts = pc.if_else(failed, "", texts)
    if column.required:
        what = column.about.rstrip(".") or "a value"
        message = f"The cell is blank, but {column.name} is required."
        data.report(findings, "E101", blank, column.name, message, f"Wanted: {what}.")
    blank = pc.equal(texts, "").to_numpy(zero_copy_only=False)
    if column.kind == "number":
        return _numbers(data, column, texts, blank, findings)
    if column.kind == "integer":
        return _integers(data, column, texts, blank, findings)
    if column.kind == "date":
        return _dates(data, column, texts, blank, findings)
    if column.kind == "yesno":
        return _yesno(data, column, texts, blank, findings)
    return _texts(data, column, texts, blank, findings)


@lru_cache(maxsize=4)
def _repeated(text: str, length: int) -> Any:
    """One text in all rows, in the type that pandas keeps; absent columns share it."""
    return pa.repeat(pa.scalar(text, pa.large_string()), length)


def _absent(column: Column, length: int) -> pd.Series:
    """The values of a column that the file does not have: all blank, so all at the default."""
    default = column.default
    if column.kind == "date":
        return pd.Series(np.full(length, np.datetime64("NaT"), dtype="datetime64[s]"))
    if column.is_text:
        return pd.Series(_repeated(str(default or ""), length).to_pandas())
    if column.kind == "yesno":
        value = pd.NA if default is None else bool(default)
        return pd.Series([value] * length, dtype="boolean" if default is None else "bool")
    number = float(default) if isinstance(default, int | float) else np.nan
    if column.kind == "number":
        return pd.Series(np.full(length, number))
    if column.required or default is not None:
        return pd.Series(np.full(length, np.nan_to_num(number)).astype(np.int64))
    return pd.Series(pd.array([pd.NA] * length, dtype="Int64"))


def _parsed_numbers(
    data: TableData, column: Column, texts: Any, blank: Mask, findings: Findings
) -> np.ndarray[Any, np.dtype[np.float64]]:
    good = pc.match_substring_regex(texts, NUMBER)
    plain = pc.if_else(good, pc.utf8_ltrim(texts, characters="+"), None)
    parsed = pd.to_numeric(plain.to_pandas(), errors="coerce")
    values = parsed.to_numpy(dtype=float, na_value=np.nan)
    unread = ~blank & ~np.isfinite(values)
    data.report(
        findings, "E102", unread, column.name, "This is not a number.",
        lambda i: _number_hint(data.text(column.name, i), column),
    )  # fmt: skip
    bad = unread | _report_bounds(data, column, values, findings)
    return np.where(bad, np.nan, values)


def _report_bounds(
    data: TableData, column: Column, values: np.ndarray[Any, Any], findings: Findings
) -> Mask:
    low = -LARGEST_NUMBER if column.at_least is None else column.at_least
    low = low if column.above is None else column.above
    high = LARGEST_NUMBER if column.at_most is None else column.at_most
    with np.errstate(invalid="ignore"):
        outside = (values < low) | (values > high)
        if column.above is not None:
            outside |= values <= column.above
    if not outside.any():
        return outside
    lowest = f"above {column.above:g}" if column.above is not None else f"at least {low:g}"
    upper = f" and at most {high:g}" if np.any(values > high) or column.at_most else ""
    hint = f"It must be {lowest}{upper}."
    light = np.zeros(len(values), dtype=bool)
    if column.unit == "kg" and low >= 0:
        with np.errstate(invalid="ignore"):
            light = outside & (values <= low)
        what = "A mass must be above zero." if column.above is not None else "A mass is negative."
        data.report(findings, "E121", light, column.name, what, hint)
    message = "The number is out of its bounds."
    data.report(findings, "E107", outside & ~light, column.name, message, hint)
    return np.asarray(outside, dtype=bool)


def _number_hint(text: str, column: Column) -> str:
    unit = f" The unit is {column.unit}." if column.unit else ""
    squeezed = text.replace(" ", "").replace("\u00a0", "").replace("'", "")
    if squeezed.endswith("%"):
        return "Write a share from 0 to 1, without a percent sign."
    if "," in squeezed and "." in squeezed:
        decimal = max(squeezed.rfind(","), squeezed.rfind("."))
        whole = squeezed[:decimal].replace(",", "").replace(".", "")
        return f"Write {whole}.{squeezed[decimal + 1 :]}, without separators of thousands."
    if squeezed.count(",") == 1:
        return f"Write {squeezed.replace(',', '.')}: the decimal sign is a point.{unit}"
    return f"Write digits with a point as decimal sign and no unit.{unit}"


def _numbers(
    data: TableData, column: Column, texts: Any, blank: Mask, findings: Findings
) -> pd.Series:
    values = _parsed_numbers(data, column, texts, blank, findings)
    if isinstance(column.default, int | float):
        values = np.where(blank, float(column.default), values)
    return pd.Series(values, dtype="float64")


def _integers(
    data: TableData, column: Column, texts: Any, blank: Mask, findings: Findings
) -> pd.Series:
    values = _parsed_numbers(data, column, texts, blank, findings)
    with np.errstate(invalid="ignore"):
        broken = np.isfinite(values) & (values != np.floor(values))
    hint = "Write a whole number." + (f" The unit is {column.unit}." if column.unit else "")
    data.report(findings, "E103", broken, column.name, "This is not a whole number.", hint)
    values = np.where(broken, np.nan, values)
    if isinstance(column.default, int):
        values = np.where(blank, float(column.default), values)
    if column.required or column.default is not None:
        return pd.Series(np.where(np.isnan(values), 0, values).astype(np.int64))
    return pd.Series(pd.array(values, dtype="Float64").astype("Int64"))


def _dates(
    data: TableData, column: Column, texts: Any, blank: Mask, findings: Findings
) -> pd.Series:
    good = pc.match_substring_regex(texts, DATE)
    coded = pc.if_else(good, texts, None).dictionary_encode()
    days = pd.to_datetime(
        pd.Series(coded.dictionary.to_pylist(), dtype=object), format="%Y-%m-%d", errors="coerce"
    ).dt.as_unit("s")
    codes = coded.indices.to_pandas().fillna(-1).to_numpy(dtype=np.int64)
    values = pd.Series(days.reindex(codes).to_numpy())
    unread = ~blank & values.isna().to_numpy()
    data.report(
        findings, "E104", unread, column.name, "This is not a date of the calendar.",
        lambda i: _date_hint(data.text(column.name, i)),
    )  # fmt: skip
    outside = (values < pd.Timestamp(EARLIEST_DATE)) | (values > pd.Timestamp(LATEST_DATE))
    data.report(
        findings, "E107", outside.to_numpy(), column.name, "The date is out of its bounds.",
        f"It must be from {EARLIEST_DATE} to {LATEST_DATE}.",
    )  # fmt: skip
    return values.mask(outside, pd.NaT)


def _date_hint(text: str) -> str:
    day = text.split("T")[0].split(" ")[0]
    parts = day.split(".")
    if len(parts) == 3 and all(p.isdigit() for p in parts) and len(parts[2]) == 4:
        return f"Write {parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}."
    if day != text:
        return f"Write the day alone, {day}, without a time."
    if text.isdigit() and len(text) == 5:
        return "This is a spreadsheet's day number: format the column as text, YYYY-MM-DD."
    return "Write YYYY-MM-DD, for example 2026-03-31."


def _yesno(
    data: TableData, column: Column, texts: Any, blank: Mask, findings: Findings
) -> pd.Series:
    lower = pc.utf8_lower(texts)
    yes = pc.equal(lower, "yes").to_numpy(zero_copy_only=False)
    no = pc.equal(lower, "no").to_numpy(zero_copy_only=False)
    unread = ~blank & ~yes & ~no
    data.report(
        findings, "E105", unread, column.name, "This is neither yes nor no.", "Write yes or no."
    )
    if column.default is None:
        values = pd.array(yes, dtype="boolean")
        values[blank | unread] = pd.NA
        return pd.Series(values)
    return pd.Series(np.where(blank | unread, bool(column.default), yes).astype(bool))


def _texts(
    data: TableData, column: Column, texts: Any, blank: Mask, findings: Findings
) -> pd.Series:
    longest = LONGEST_ID if column.kind == "id" else LONGEST_TEXT
    forbidden = IN_NO_ID if column.kind == "id" else CONTROL
    broken = pc.match_substring_regex(texts, forbidden).to_numpy(zero_copy_only=False)
    broken |= pc.greater(pc.utf8_length(texts), longest).to_numpy(zero_copy_only=False)
    signs = 'A name has no ";", ">" or line break' if column.kind == "id" else "No control signs"
    data.report(
        findings, "E108", broken, column.name, "The text holds signs that it cannot have.",
        f"{signs} and at most {longest} signs.",
    )  # fmt: skip
    coded = texts.dictionary_encode()
    distinct = coded.dictionary.to_pylist()
    if column.kind in ("list", "numbers") or column.choices or column.kind in _CODES:
        faults = [_text_fault(column, text) if text else None for text in distinct]
        codes = coded.indices.to_numpy(zero_copy_only=False)
        at_fault = np.array([fault is not None for fault in faults] or [False])
        wrong = at_fault[codes] & ~broken if len(codes) else broken
        for code in sorted({f[0] for f in faults if f}):
            of_code = np.array([f is not None and f[0] == code for f in faults])
            data.report(
                findings, code, of_code[codes] & ~broken, column.name,
                lambda i: (faults[codes[i]] or ("", "", ""))[1],
                lambda i: (faults[codes[i]] or ("", "", ""))[2],
            )  # fmt: skip
        broken = broken | wrong
        if column.kind in ("list", "numbers"):
            joined = [";".join(split_list(text)) for text in distinct]
            texts = pa.array(joined, pa.string()).take(coded.indices)
    if broken.any():
        texts = pc.if_else(pa.array(broken), "", texts)
    if isinstance(column.default, str) and column.default:
        texts = pc.if_else(pc.equal(texts, ""), column.default, texts)
    values: pd.Series = texts.to_pandas()
    return values


_CODES = {
    "country": (country_codes, "E110", "country", "two letters of ISO 3166, for example DE"),
    "currency": (currency_codes, "E109", "currency", "three letters of ISO 4217, for example EUR"),
}


def _text_fault(column: Column, text: str) -> tuple[str, str, str] | None:
    """The code, message and hint for a text that the column cannot hold, or None."""
    if column.kind in _CODES:
        known, code, what, wanted = _CODES[column.kind]
        if text in known():
            return None
        near = text.upper() if text.upper() in known() else ""
        hint = f'Did you mean "{near}"?' if near else f"Wanted: {wanted}."
        return code, f'"{text[:80]}" is no known {what}.', hint
    if column.kind == "numbers":
        bad = [item for item in split_list(text) if not _is_plain_number(item)]
        hint = 'Numbers with a point, separated by ";".'
        return ("E102", f'"{bad[0][:80]}" is not a number.', hint) if bad else None
    items = split_list(text) if column.kind == "list" else (text,)
    if column.kind == "list":
        long = [item for item in items if len(item) > LONGEST_ID or "\n" in item or ">" in item]
        if long:
            return "E108", "A name in the list holds signs that it cannot have.", ""
    if column.choices:
        for item in items:
            if item not in column.choices:
                wanted = f"Wanted: {', '.join(column.choices)}."
                hint = did_you_mean(item, column.choices)
                hint = f"{hint} {wanted}" if hint.startswith("Did") else wanted
                return "E106", f'"{item[:80]}" is no {column.name} that is known.', hint
    return None


def _is_plain_number(text: str) -> bool:
    try:
        return abs(float(text)) <= LARGEST_NUMBER and text.isascii() and "_" not in text
    except ValueError:
        return False
