"""By what mode and service a bid goes, where its row does not say it: from what its table shows.

Nothing is supposed silently: what is taken from the headings is told once a table, and the mapping
can state it under constants.
"""

from __future__ import annotations

from loading.equipment import built_in
from lowhaul.bid_tables import MODES, SERVICES
from scenarios.importing.ports import find_port_named
from scenarios.importing.records import Record
from scenarios.importing.values import Values
from scenarios.importing.vocabulary import MODE_WORDS, SERVICE_WORDS, key

SEA_WORDS = (
    "pol", "pod", "port of", "ocean", "o f", "sea", "vessel", "shipping line", "港", "海运", "船",
    "seefracht", "hafen", "reeder",
)  # fmt: skip
ROAD_WORDS = ("truck", "haulage", "drayage", "zip", "postal", "plz", "邮编", "拖车", "公路", "车型")
AIR_WORDS = ("airport", "airline", "air freight", "空运", "航空", "luftfracht")
DEFAULT_BASIS = {"container": "container", "air": "kg", "ftl": "trip", "lcl": "wm"}
LCL_BASES = ("wm", "m3")
LTL_BASES = ("kg", "tonne", "ldm")


def mode_and_service(
    values: Values, constants: dict[str, str], basis: str, boxes: bool
) -> tuple[str, str]:
    """The mode and service of a row; blank where nothing tells.

    `basis` is what its rate is counted per, `boxes` that it is priced by box.
    """
    record = values.record
    mode, service = _stated(values, constants)
    if mode and service:
        return mode, service
    shown = _shown(record)
    guessed = mode or _mode_of(shown, record, basis)
    if guessed and not mode:
        _tell(values, "mode", guessed, "headings")
    elif not guessed and boxes and _between_seaports(record):
        guessed = "sea"
        _tell(values, "mode", guessed, "boxes and seaports")
    mode = guessed
    if mode and not service:
        service = _service_of(mode, record, basis, boxes)
        if service:
            _tell(values, "service", service, "headings and rates")
    return mode, service


def _between_seaports(record: Record) -> bool:
    """True where both ends are seaports, of different countries."""
    ends = [find_port_named(record.text(name)).place for name in ("origin", "destination")]
    return all(ends) and ends[0][:2] != ends[1][:2]


def _tell(values: Values, what: str, taken: str, whence: str) -> None:
    values.reading.tell_once(
        "W524", "warning", values.record.sheet,
        f"The {what} was taken to be {taken}, from the {whence} of the table.",
        f"State it in mapping.yaml under constants ({what}: {taken}).",
        values.record.block.header_rows[-1], what,
    )  # fmt: skip


def _stated(values: Values, constants: dict[str, str]) -> tuple[str, str]:
    mode, service = constants.get("mode", ""), constants.get("service", "")
    for name in ("mode", "service", "service_word"):
        at = values.record.first(name)
        if not at or not at[1].text:
            continue
        word = key(at[1].text)
        found_mode = word if word in MODES else MODE_WORDS.get(word, "")
        found_service = word if word in SERVICES else SERVICE_WORDS.get(word, "")
        if name == "mode" and not found_mode:
            values.word(at, MODE_WORDS, "mode")
        mode = mode or found_mode if name != "mode" else found_mode
        service = service or found_service
    if mode == "air" or service == "air":
        return "air", "air"
    if service == "ftl":
        mode = mode or "road"
    return mode, service


def _shown(record: Record) -> str:
    return " | ".join(key(c.heading) for c in record.block.columns if c.heading)


def _mode_of(shown: str, record: Record, basis: str) -> str:
    if any(c.meaning.field == "weight_break" for c, _ in record.cells):
        return "air"
    if any(word in shown for word in AIR_WORDS):
        return "air"
    words = f" {shown} "
    if any(f" {w} " in words if w.isascii() and len(w) <= 3 else w in words for w in SEA_WORDS):
        return "sea"
    if any(word in shown for word in ROAD_WORDS):
        return "road"
    if basis in LCL_BASES:
        return "sea"
    return ""


def _service_of(mode: str, record: Record, basis: str, boxes: bool) -> str:
    if mode == "air":
        return "air"
    if basis in ("container", "teu") or boxes:
        return "container"
    if mode == "sea":
        return "lcl" if basis in LCL_BASES else ""
    if basis == "trip":
        return "ftl" if mode == "road" else ""
    return "ltl" if basis in LTL_BASES and mode == "road" else ""


def is_box(code: str) -> bool:
    """True for a container; False for a trailer."""
    equipment = built_in().get(code)
    return bool(equipment and equipment.is_container)
