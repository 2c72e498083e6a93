"""Rules of the PACT footprint around an iLEAP object (TS 7.2) and of ids and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

from emissions.ileap.breach import Breach, breach, point
from emissions.ileap.judging import agree, number
from emissions.ileap.model import (
    CarbonFootprint,
    Hoc,
    Kind,
    ProductFootprint,
    ShipmentFootprint,
    Toc,
    utc,
)
from emissions.ileap.reading import Item

DOCUMENTATION = "https://sine-fdn.github.io/ileap-extension/"
EXTENSION_VERSION = "2.0.0"
CPC = "83117"
DATA_SCHEMA: dict[Kind, str] = {
    "shipment": "https://api.ileap.sine.dev/shipment-footprint.json",
    "toc": "https://api.ileap.sine.dev/toc.json",
    "hoc": "https://api.ileap.sine.dev/hoc.json",
    "tad": "https://api.ileap.sine.dev/tad.json",
}
HOC_DECLARED_KG = Decimal(1000)
TONNES_OF_A_TEU = (Decimal(10), Decimal(6), Decimal("14.5"))
"""Average, light and heavy (TS 7.2.3, note to pCfExcludingBiogenic)."""
_URN = "urn:pathfinder:product:customcode:{who}-assigned:{kind}:{id}"


def urns(kind: Kind, own_id: str, who: str) -> tuple[str, ...]:
    """The URN of a shipment, TOC or HOC that vendor or buyer named: spelled for URNs, and as is."""
    spelled = _URN.format(who=who, kind=kind, id=quote(own_id, safe="/:.,;()!*'@&=+$~-_"))
    as_is = _URN.format(who=who, kind=kind, id=own_id)
    return tuple(dict.fromkeys((spelled, as_is)))


def envelope_rules(item: Item) -> Iterator[Breach]:
    """The footprint must say of itself what follows from the object that it holds."""
    footprint = item.footprint
    if footprint is None:
        return
    yield from _extension(item, footprint)
    at = item.footprint_pointer
    if footprint.productCategoryCpc != CPC:
        here = point(at, "productCategoryCpc")
        yield breach("cpc", here, "Logistics services are 83117.", f'Write "{CPC}".')
    own_id = _id(item)
    if own_id is not None:
        wanted = [u for who in ("vendor", "buyer") for u in urns(item.kind, own_id, who)]
        if not set(wanted) & set(footprint.productIds):
            message = f"No URN names {item.kind} {own_id}."
            yield breach("product-id", point(at, "productIds"), message, f"Write {wanted[0]}")
    yield from _declared(item, footprint.pcf, point(at, "pcf"))


def _id(item: Item) -> str | None:
    payload = item.payload
    if isinstance(payload, ShipmentFootprint):
        return payload.shipmentId
    if isinstance(payload, Toc):
        return payload.tocId
    return payload.hocId if isinstance(payload, Hoc) else None


def _extension(item: Item, footprint: ProductFootprint) -> Iterator[Breach]:
    extension = (footprint.extensions or ())[item.extension]
    at = point(item.footprint_pointer, "extensions", item.extension)
    if extension.dataSchema != DATA_SCHEMA[item.kind]:
        hint = f"Write {DATA_SCHEMA[item.kind]}"
        here = point(at, "dataSchema")
        yield breach("data-schema", here, f"{extension.dataSchema} is another URL.", hint)
    if extension.specVersion != EXTENSION_VERSION:
        here = point(at, "specVersion")
        yield breach("extension-version", here, f"{extension.specVersion} is not 2.0.0.")
    if extension.documentation not in (None, DOCUMENTATION):
        here = point(at, "documentation")
        yield breach("documentation", here, "This is another page.", f"Write {DOCUMENTATION}")


def _declared(item: Item, pcf: CarbonFootprint, at: str) -> Iterator[Breach]:
    payload = item.payload
    unit = "kilogram" if isinstance(payload, Hoc) else "ton kilometer"
    if pcf.declaredUnit != unit:
        yield breach("declared-unit", point(at, "declaredUnit"), f"The unit is {unit}.")
    here = point(at, "unitaryProductAmount")
    said = pcf.unitaryProductAmount
    co2e, parts = None, ""
    if isinstance(payload, ShipmentFootprint):
        whole = sum((t.transportActivity for t in payload.tces), Decimal(0))
        if not agree(said, whole):
            message = f"{number(said)} is declared, the TCEs make {number(whole)} tkm."
            yield breach("declared-amount", here, message, "It is the sum of transportActivity.")
        co2e, parts = sum((t.co2eWTW for t in payload.tces), Decimal(0)), "the TCEs make"
        yield from _mass(pcf, payload.mass, at)
    elif isinstance(payload, Toc):
        if said != 1:
            hint = 'Write "1": the footprint is that of one tkm.'
            yield breach("declared-amount", here, f"{number(said)} is declared.", hint)
        co2e, parts = payload.co2eIntensityWTW, "co2eIntensityWTW is"
        yield from _mass(pcf, Decimal(1), at)
    elif isinstance(payload, Hoc):
        if said != HOC_DECLARED_KG:
            hint = 'Write "1000": a HOC is declared per 1000 kg.'
            yield breach("declared-amount", here, f"{number(said)} kg is declared.", hint)
        co2e, parts = payload.co2eIntensityWTW, "co2eIntensityWTW is"
        yield from _mass(pcf, HOC_DECLARED_KG, at)
    if co2e is not None and not _is_declared(pcf.pCfExcludingBiogenic, co2e, payload):
        here = point(at, "pCfExcludingBiogenic")
        message = f"{number(pcf.pCfExcludingBiogenic)} is declared, {parts} {number(co2e)} kg."
        yield breach("total-co2e", here, message)
    yield from _pcf(pcf, at)


def _is_declared(said: Decimal, co2e: Decimal, payload: object) -> bool:
    """TS 7.2.3 notes the tonnes of a TEU, so that a HOC per TEU can be declared per tonne."""
    if agree(said, co2e):
        return True
    per_teu = isinstance(payload, Hoc) and payload.hubActivityUnit == "TEU"
    return per_teu and any(agree(said, co2e / tonnes) for tonnes in TONNES_OF_A_TEU)


def _mass(pcf: CarbonFootprint, mass: Decimal, at: str) -> Iterator[Breach]:
    said = pcf.productMassPerDeclaredUnit
    if said is not None and said != mass:
        here = point(at, "productMassPerDeclaredUnit")
        yield breach("declared-mass", here, f"{number(said)} is not {number(mass)}.")


def _pcf(pcf: CarbonFootprint, at: str) -> Iterator[Breach]:
    if pcf.fossilGhgEmissions != pcf.pCfExcludingBiogenic:
        here = point(at, "fossilGhgEmissions")
        yield breach("fossil-total", here, "It differs from pCfExcludingBiogenic.")
    if pcf.packagingEmissionsIncluded:
        here = point(at, "packagingEmissionsIncluded")
        hint = "Emissions of making the packaging are no logistics emissions: write false."
        yield breach("packaging", here, "It is true.", hint)
    if pcf.pCfIncludingBiogenic is not None:
        here = point(at, "pCfIncludingBiogenic")
        yield breach("biogenic", here, "It should be left out.")
    if pcf.biogenicCarbonContent != 0:
        here = point(at, "biogenicCarbonContent")
        yield breach("biogenic", here, 'It should be "0".')


def footprint_rules(footprint: ProductFootprint, at: str) -> Iterator[Breach]:
    """Version, times and periods of a footprint."""
    if not footprint.specVersion.startswith("2."):
        here = point(at, "specVersion")
        hint = "iLEAP 1.0.0 rests on PACT 2; properties of other versions are not read."
        yield breach("pact-version", here, f"{footprint.specVersion} is not PACT 2.", hint)
    pcf, inner = footprint.pcf, point(at, "pcf")
    yield from in_utc(
        {
            point(at, "created"): footprint.created,
            point(at, "updated"): footprint.updated,
            point(at, "validityPeriodStart"): footprint.validityPeriodStart,
            point(at, "validityPeriodEnd"): footprint.validityPeriodEnd,
            point(inner, "referencePeriodStart"): pcf.referencePeriodStart,
            point(inner, "referencePeriodEnd"): pcf.referencePeriodEnd,
        }.items()
    )
    reference = (pcf.referencePeriodStart, pcf.referencePeriodEnd)
    yield from _period(*reference, point(inner, "referencePeriodEnd"))
    validity = (footprint.validityPeriodStart, footprint.validityPeriodEnd)
    yield from _period(*validity, point(at, "validityPeriodEnd"))


def _period(start: datetime | None, end: datetime | None, at: str) -> Iterator[Breach]:
    if start is not None and end is not None and utc(end) <= utc(start):
        yield breach("period", at, "The period ends before it begins.")


def in_utc(moments: Iterable[tuple[str, datetime | None]]) -> Iterator[Breach]:
    """Times by their pointers: each that is given must be in UTC."""
    for at, moment in moments:
        if moment is None:
            continue
        if moment.tzinfo is None:
            yield breach("utc", at, f"{moment.isoformat()} has no time zone.", "Write it with Z.")
        elif moment.utcoffset() != timedelta(0):
            hint = "Convert it and write it with Z."
            yield breach("utc", at, f"{moment.isoformat()} is not UTC.", hint)


def unique_ids(named: Iterable[tuple[str, str, str]]) -> Iterator[Breach]:
    """(kind, id, pointer) of everything that must be named once in its kind, and not blank."""
    seen: dict[tuple[str, str], str] = {}
    for kind, own_id, at in named:
        if not own_id.strip():
            yield breach("unique-id", at, f"A {kind} has no id.")
        elif (kind, own_id) in seen:
            hint = f"It is that of {seen[kind, own_id]} too."
            yield breach("unique-id", at, f"The {kind} id {own_id} stands twice.", hint)
        else:
            seen[kind, own_id] = at
