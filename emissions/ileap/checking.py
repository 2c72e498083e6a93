"""`check`: everything that an iLEAP file breaks, of form and of meaning, all at once."""

from __future__ import annotations

from collections.abc import Container, Iterator
from decimal import localcontext
from pathlib import Path

from emissions.ileap.breach import Breach, breach, point, worst_first
from emissions.ileap.judging import Categories
from emissions.ileap.model import Hoc, ShipmentFootprint, Tad, Toc
from emissions.ileap.reading import MISSING, IleapDocument, Item, kind_of, load, parse
from emissions.ileap.rules_category import hoc_rules, tad_rules, toc_rules
from emissions.ileap.rules_chain import shipment_rules
from emissions.ileap.rules_envelope import envelope_rules, footprint_rules, unique_ids
from emissions.ileap.schema import schema_breaches

DIGITS = 100
"""Enough for products and sums of the longest decimals to stay exact."""


def check_file(path: Path) -> list[Breach]:
    """What a file breaks, errors first. Raises InputRejected if it is no JSON at all."""
    return check(parse(load(path)))


def check(document: IleapDocument) -> list[Breach]:
    """What a document breaks, errors first; a pointer and rule are told once."""
    with localcontext(prec=DIGITS):
        found = {(b.rule, b.pointer, b.message): b for b in _all(document)}
    by_schema = {b.pointer for b in found.values() if b.rule == "schema"}
    return worst_first(b for b in found.values() if not _said_before(b, by_schema))


def _said_before(form: Breach, by_schema: Container[str]) -> bool:
    """True if the schema says the same of what the model refuses: once is enough.

    Of a property that is missing the schema speaks at the object, the model at the property.
    """
    at = form.pointer.rpartition("/")[0] if form.message == MISSING else form.pointer
    return form.rule == "form" and at in by_schema


def _all(document: IleapDocument) -> Iterator[Breach]:
    yield from document.breaches
    for at, raw in document.raw:
        yield from schema_breaches(raw, at)
        yield from _extensions(raw, at)
    yield from unique_ids(_named(document))
    for at, footprint in document.footprints:
        yield from footprint_rules(footprint, at)
    known = Categories(document.tocs, document.hocs)
    for item in document.items:
        yield from envelope_rules(item)
        yield from _payload(item, known)


def _payload(item: Item, known: Categories) -> Iterator[Breach]:
    payload, at = item.payload, item.pointer
    if isinstance(payload, ShipmentFootprint):
        yield from shipment_rules(payload, at, known)
    elif isinstance(payload, Toc):
        yield from toc_rules(payload, at)
    elif isinstance(payload, Hoc):
        yield from hoc_rules(payload, at)
    elif isinstance(payload, Tad):
        yield from tad_rules(payload, at)


def _extensions(raw: object, at: str) -> Iterator[Breach]:
    if not isinstance(raw, dict) or not ("pcf" in raw or "extensions" in raw):
        return
    extensions = raw.get("extensions")
    some = extensions if isinstance(extensions, list) else []
    held = [e for e in some if isinstance(e, dict) and kind_of(e.get("data"))]
    here = point(at, "extensions")
    if len(held) > 1:
        message = f"It holds {len(held)} iLEAP objects."
        yield breach("extension", here, message, "Give each a footprint of its own.")
    elif not held:
        message = "The footprint holds no iLEAP object and was not read further."
        yield breach("extension", here, message, severity="warning")


def _named(document: IleapDocument) -> Iterator[tuple[str, str, str]]:
    """Kind, id and pointer of everything that has an id in the whole file."""
    for at, footprint in document.footprints:
        yield "footprint", str(footprint.id), point(at, "id")
    for item in document.items:
        payload, at = item.payload, item.pointer
        if isinstance(payload, ShipmentFootprint):
            yield "shipment", payload.shipmentId, point(at, "shipmentId")
        elif isinstance(payload, Toc):
            yield "TOC", payload.tocId, point(at, "tocId")
        elif isinstance(payload, Hoc):
            yield "HOC", payload.hocId, point(at, "hocId")
        else:
            yield "activity", payload.activityId, point(at, "activityId")
