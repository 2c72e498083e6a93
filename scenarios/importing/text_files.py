"""CSV and other text tables: the encoding and the separator are found, and stated.

UTF-8 is certain (random bytes are not UTF-8). GB18030 and cp1252 take almost any bytes, so they
are told apart by the runs of bytes above 127: Chinese characters come in pairs of them, the
letters of Western Europe stand alone between ASCII letters. The planner can state the encoding.
"""

from __future__ import annotations

import codecs
import csv
import io
import re

from lowhaul.findings import Finding, Findings
from scenarios.importing.refusals import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, refused
from scenarios.importing.sheets import Sheet

ENCODINGS = ("utf-8", "gb18030", "cp1252")
SEPARATORS = (",", ";", "\t", "|")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
PAIRED_SHARE = 0.8
"""Chinese text has at least this share of its high bytes in runs of even length."""
SAMPLE_LINES = 60


def read_text_table(
    data: bytes, file: str, findings: Findings, encoding: str = "", separator: str = ""
) -> Sheet:
    """The one sheet of a text file. Raises InputRejected if it is no table of text."""
    text, used = decoded(data, file, encoding)
    if used not in ("utf-8", encoding):
        findings.add(
            Finding(
                "W501", "warning", f"The file is not UTF-8; it was read as {used}.",
                "If signs are wrong, state encoding in mapping.yaml (utf-8, gb18030 or cp1252).",
                file, value=used,
            )
        )  # fmt: skip
    if named := _SEP_LINE.match(text):
        separator = separator or named[1]
        # the line stays, so that rows keep their numbers
        text = "\n" + text[named.end() :]
    rows = _rows(text, separator or _separator(text), file)
    return Sheet(file, "", rows)


def decoded(data: bytes, file: str, encoding: str = "") -> tuple[str, str]:
    """The text of a file and the encoding that it was read with."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16", file), "utf-16"
    if b"\x00" in data[: 1 << 20]:
        hint = "Save it as .xlsx or as CSV UTF-8."
        raise refused("E011", file, "The file is neither a workbook nor text.", hint)
    if data.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        hint = "Open it in Excel and save it as .xlsx."
        raise refused("E011", file, "The file is a web page and no table.", hint)
    data = data.removeprefix(codecs.BOM_UTF8)
    if encoding:
        return _strictly(data, encoding, file), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    first = ("gb18030", "cp1252") if _looks_chinese(data) else ("cp1252", "gb18030")
    for candidate in first:
        try:
            return data.decode(candidate), candidate
        except UnicodeDecodeError:
            continue
    hint = 'Save it as "CSV UTF-8", or state encoding in mapping.yaml.'
    raise refused("E011", file, "The encoding of the file cannot be told.", hint)


def _strictly(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        hint = "State another encoding in mapping.yaml, or leave it out."
        raise refused("E011", file, f"The file is not {encoding} text.", hint) from error


def _looks_chinese(data: bytes) -> bool:
    runs = [len(run) for run in _HIGH_RUN.findall(data)]
    paired = sum(n for n in runs if n % 2 == 0)
    return paired >= PAIRED_SHARE * sum(runs)


def _separator(text: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells, more than one."""
    sample = text[: 1 << 16].splitlines()[:SAMPLE_LINES]
    best, most = ",", (0.0, 0)
    for sign in SEPARATORS:
        try:
            found = csv.reader(sample, delimiter=sign)
            widths = [len(row) for row in found if any(c.strip() for c in row)]
        except csv.Error:
            continue
        wide = [w for w in widths if w > 1]
        if not wide:
            continue
        usual = max(set(wide), key=lambda w: (wide.count(w), w))
        score = (round(wide.count(usual) / len(widths), 1), usual)
        if score > most:
            best, most = sign, score
    return best


def _rows(text: str, separator: str, file: str) -> list[list[str]]:
    if len(separator) != 1 or separator in "\r\n\"'":
        raise refused("E506", file, "The separator must be one sign, such as a comma.")
    csv.field_size_limit(LONGEST_CELL * 4)
    rows: list[list[str]] = []
    count = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            count += len(row)
            if count > MOST_CELLS:
                hint = "Cut the file into parts."
                message = f"The file has more than {MOST_CELLS:,} cells."
                raise refused("E501", file, message, hint)
            if len(row) > MOST_COLUMNS:
                message = f"A row of the file has more than {MOST_COLUMNS:,} cells."
                raise refused("E501", file, message, "Is the separator of its cells another sign?")
            rows.append([_own(cell) for cell in row])
    except csv.Error as error:
        hint = "Save it again as CSV UTF-8; check its quotation marks."
        raise refused("E011", file, f"The file cannot be cut into cells ({error}).", hint) from None
    return rows


def _own(cell: str) -> str:
    """Without the apostrophe that guards a text from being run as a formula."""
    guarded = re.match(r"'+[=+\-@\t\r]", cell)
    return cell[1:] if guarded else cell
