"""Reads iLEAP files as they are met: footprints, lists of them, or bare iLEAP objects.

A file holds one ProductFootprint, a list, the answer of a PACT server (`{"data": [...]}`), or a
ShipmentFootprint, TOC, HOC or TAD without envelope. What can be mended is mended and told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from emissions.ileap.breach import Breach, breach, point
from emissions.ileap.model import (
    PAYLOADS,
    Document,
    Hoc,
    Kind,
    Payload,
    ProductFootprint,
    ShipmentFootprint,
    Tad,
    Toc,
)
from emissions.ileap.tidying import tidy
from lowhaul.errors import InputRejected
from lowhaul.findings import Finding

D = TypeVar("D", bound=Document)

MISSING = "The property is missing."


@dataclass(frozen=True)
class Item:
    """One iLEAP object with its place in the file; `footprint` None: it has no envelope."""

    kind: Kind
    payload: Payload
    pointer: str
    footprint: ProductFootprint | None = None
    footprint_pointer: str = ""
    extension: int = 0


@dataclass(frozen=True)
class IleapDocument:
    """What a file holds, in its order; `breaches` is what reading mended or could not read."""

    items: tuple[Item, ...]
    footprints: tuple[tuple[str, ProductFootprint], ...]
    """Each with its pointer."""
    breaches: tuple[Breach, ...] = field(default=(), compare=False)
    raw: tuple[tuple[str, Any], ...] = field(default=(), compare=False, repr=False)
    """The mended JSON of each entry with its pointer, for the schema."""

    @property
    def shipments(self) -> list[ShipmentFootprint]:
        """The shipments, in the order of the file."""
        return [i.payload for i in self.items if isinstance(i.payload, ShipmentFootprint)]

    @property
    def tocs(self) -> dict[str, Toc]:
        """Transport operation categories by id."""
        return {i.payload.tocId: i.payload for i in self.items if isinstance(i.payload, Toc)}

    @property
    def hocs(self) -> dict[str, Hoc]:
        """Hub operation categories by id."""
        return {i.payload.hocId: i.payload for i in self.items if isinstance(i.payload, Hoc)}

    @property
    def tads(self) -> list[Tad]:
        """Transport activity data, in the order of the file."""
        return [i.payload for i in self.items if isinstance(i.payload, Tad)]


def read(path: Path) -> IleapDocument:
    """Read a file tolerantly; what was mended stands in `breaches` as warnings.

    Raises InputRejected if the file is no JSON, or if an object in it cannot be understood.
    """
    document = parse(load(path))
    mended = [replace(b, severity="warning") for b in document.breaches if b.rule != "form"]
    unread = [b for b in document.breaches if b.rule == "form"]
    if unread:
        raise InputRejected([b.finding(path.name) for b in [*unread, *mended]])
    return replace(document, breaches=tuple(mended))


class _Doubles(list[str]):
    """Collects keys that an object has twice (JSON readers would keep the last in silence)."""

    def watch(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in pairs:
            if key in out:
                self.append(key)
            out[key] = value
        return out


@dataclass(frozen=True)
class Loaded:
    """JSON as it stands in a file; `doubles` are keys that an object has twice."""

    value: Any
    doubles: tuple[str, ...] = ()


def load(path: Path) -> Loaded:
    """The JSON of a file with exact numbers. Raises InputRejected if it is none."""
    doubles = _Doubles()
    try:
        text = path.read_text("utf-8-sig")
        value = json.loads(
            text,
            parse_float=_exact,
            parse_constant=_no_constant,
            object_pairs_hook=doubles.watch,
        )
    except (OSError, ValueError, RecursionError) as fault:
        message = f"The file is no JSON: {fault or 'nested too deeply'}"
        raise InputRejected([Finding("E601", "error", message, file=path.name)]) from fault
    return Loaded(value, tuple(doubles))


def _exact(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation as fault:
        raise ValueError(f"{digits[:40]} is beyond all numbers") from fault


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number of JSON")


def parse(loaded: Loaded) -> IleapDocument:
    """The document of loaded JSON; every departure that reading meets is in `breaches`."""
    told: list[Breach] = []
    for key in loaded.doubles:
        told.append(breach("double-key", "", f"{key} stands twice in one object.", value=key))
    items: list[Item] = []
    footprints: list[tuple[str, ProductFootprint]] = []
    raws = []
    for at, value in _entries(loaded.value, told):
        if isinstance(value, dict) and ("pcf" in value or "extensions" in value):
            raw, footprint, held = _footprint(value, at, told)
            if footprint is not None:
                footprints.append((at, footprint))
            items += held
        else:
            raw = _bare(value, at, items, told)
        raws.append((at, raw))
    return IleapDocument(tuple(items), tuple(footprints), tuple(told), tuple(raws))


def _entries(value: Any, told: list[Breach]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        yield from ((point("", "data", i), entry) for i, entry in enumerate(value["data"]))
    elif isinstance(value, list):
        yield from ((point("", i), entry) for i, entry in enumerate(value))
    elif isinstance(value, dict):
        yield "", value
    else:
        told.append(breach("form", "", "The file holds no object.", _WANTED))


_WANTED = 'A ProductFootprint, a list of them, {"data": [...]}, or an iLEAP object is wanted.'


def kind_of(value: Any) -> Kind | None:
    """The kind of an iLEAP object, told by the properties that only it has."""
    if not isinstance(value, dict):
        return None
    if "tces" in value:
        return "shipment"
    if "activityId" in value:
        return "tad"
    if "hocId" in value:
        return "hoc"
    return "toc" if "tocId" in value else None


def _bare(value: Any, at: str, items: list[Item], told: list[Breach]) -> Any:
    kind = kind_of(value)
    if kind is None:
        told.append(breach("form", at, "This is no object of iLEAP.", _WANTED))
        return value
    raw = tidy(value, PAYLOADS[kind], at, told.append)
    payload = _made(raw, PAYLOADS[kind], at, told)
    if payload is not None:
        items.append(Item(kind, payload, at))  # type: ignore[arg-type]
    return raw


def _footprint(
    value: Mapping[str, Any], at: str, told: list[Breach]
) -> tuple[Any, ProductFootprint | None, list[Item]]:
    """A footprint: its extensions by their kinds first, then the envelope around them."""
    raw = tidy(value, ProductFootprint, at, told.append)
    held: list[tuple[Kind, Document, str, int]] = []
    extensions = raw.get("extensions")
    made = []
    for i, extension in enumerate(extensions if isinstance(extensions, list) else []):
        kind = kind_of(extension.get("data")) if isinstance(extension, dict) else None
        if kind is None:
            made.append(extension)
            continue
        here = point(at, "extensions", i, "data")
        extension["data"] = tidy(extension["data"], PAYLOADS[kind], here, told.append)
        payload = _made(extension["data"], PAYLOADS[kind], here, told)
        if payload is not None:
            held.append((kind, payload, here, i))
        made.append({**extension, "data": payload if payload is not None else {}})
    envelope = {**raw, "extensions": made} if isinstance(extensions, list) else raw
    footprint = _made(envelope, ProductFootprint, at, told)
    items = [Item(k, p, here, footprint, at, i) for k, p, here, i in held]  # type: ignore[arg-type]
    return raw, footprint, items


def _made(raw: Any, model: type[D], at: str, told: list[Breach]) -> D | None:
    """The document, or None where it has not the form; every fault is told."""
    try:
        return model.model_validate(raw)
    except ValidationError as faults:
        for fault in faults.errors(include_url=False, include_context=False):
            given = "" if isinstance(fault["input"], dict | list) else fault["input"]
            message = fault["msg"].removeprefix("Value error, ")
            if fault["type"] == "missing":
                message, given = MISSING, ""
            told.append(breach("form", point(at, *fault["loc"]), message, value=given))
        return None
