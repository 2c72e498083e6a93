"""The rules that `lowhaul ileap check` holds, each with its name, its weight and where it is from.

`TS` is the iLEAP Technical Specifications 1.0.0 of 2025-05-27 (sections in figures), `PACT` the
PACT Technical Specifications 2.x on which they rest, `ISO` ISO 14083:2023. docs/ileap.md explains
them; a test breaks each of them once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lowhaul.findings import Severity


@dataclass(frozen=True)
class Rule:
    """What a rule asks, how much a breach weighs, and the source of the rule."""

    severity: Severity
    asks: str
    source: str


def _error(asks: str, source: str) -> Rule:
    return Rule("error", asks, source)


def _warning(asks: str, source: str) -> Rule:
    return Rule("warning", asks, source)


DEVIATIONS: Mapping[str, Rule] = {
    "decimal-comma": _error("Decimals have a point.", "TS 6.6.5"),
    "decimal-as-number": _error("Decimals are JSON strings, not numbers.", "TS 6.6.5"),
    "old-name": _error("Properties have the names of version 1.0.0.", "TS 6"),
    "missing-share": _error("Every energy carrier states its relativeShare.", "TS 6.6.6"),
    "double-key": _error("An object has each key once.", "RFC 8259"),
    "enumeration": _warning("Words are those of the lists (which may grow).", "TS 6.6"),
    "unknown-field": _warning("Properties are those of the specification.", "TS 6"),
}
"""What the reader mends; `read` tells of it as a warning, `check` with the weight given here."""

FORM: Mapping[str, Rule] = {
    "schema": _error("The published JSON schema holds.", "TS, JSON schemas"),
    "form": _error("Objects and values have the shape of the data model.", "TS 6, PACT 4"),
    "extension": _error("A footprint holds exactly one iLEAP object.", "TS 7.2"),
}

ENVELOPE: Mapping[str, Rule] = {
    "unique-id": _error("Ids are given once and are not empty.", "TS 6, PACT 4"),
    "pact-version": _warning("The footprint is of PACT 2.", "TS 7"),
    "data-schema": _error("dataSchema is the URL of the object's kind.", "TS 7.2"),
    "extension-version": _error("The extension has specVersion 2.0.0.", "TS 7.2"),
    "documentation": _warning("documentation is the URL of the specification.", "TS 7.2"),
    "cpc": _error("productCategoryCpc is 83117, logistics services.", "TS 7.2"),
    "product-id": _error("productIds holds the URN of the shipment, TOC or HOC.", "TS 7.2"),
    "declared-unit": _error("ton kilometer; for a HOC kilogram.", "TS 7.2"),
    "declared-amount": _error("The amount: all tkm; TOC 1; HOC 1000 (kg).", "TS 7.2"),
    "declared-mass": _error("productMassPerDeclaredUnit is the shipment's mass.", "TS 7.2"),
    "total-co2e": _error("pCfExcludingBiogenic is the sum of its parts.", "TS 7.2"),
    "fossil-total": _error("fossilGhgEmissions equals pCfExcludingBiogenic.", "TS 7.2"),
    "packaging": _error("packagingEmissionsIncluded is false.", "TS 7.2"),
    "biogenic": _warning("No biogenic figures are given yet.", "TS 7.2"),
    "period": _error("Periods end after they begin.", "PACT 4"),
    "utc": _error("Times are in UTC.", "TS 6.2.2, PACT 4"),
}

CHAIN: Mapping[str, Rule] = {
    "no-tces": _error("A shipment has at least one TCE.", "TS 6.1.1"),
    "toc-xor-hoc": _error("A TCE has a tocId or a hocId, not both.", "TS 6.2.2"),
    "known-toc-hoc": _error("TOCs and HOCs that are named are in the file.", "TS 6.2.2"),
    "shipment-id": _error("A TCE names the shipment that holds it.", "TS 6.2.2"),
    "known-predecessor": _error("prevTceIds are other TCEs of the shipment.", "TS 6.2.1"),
    "acyclic": _error("No TCE comes before itself.", "TS 6.2.1"),
    "first-element": _error("A chain begins with an empty prevTceIds.", "TS 6.2.1"),
    "order-unknown": _warning("Each of several TCEs has prevTceIds.", "TS 6.2.1"),
    "tce-mass": _error("A TCE's mass is above zero, not above the shipment's.", "TS 6.1, 6.2"),
    "activity": _error("transportActivity = mass x distance / 1000.", "TS 6.2.2, ISO 3.1.24"),
    "negative": _error("No mass, distance, activity or emission is negative.", "TS 6"),
    "ttw-above-wtw": _error("TTW is not above WTW for fossil energy.", "TS 6.2.2"),
    "intensity": _error("CO2e = intensity of the TOC or HOC x activity.", "TS 6.3, 6.4"),
    "departure-before-arrival": _error("Nothing arrives before it departs.", "TS 6.2.2"),
    "order-in-time": _warning("A TCE departs when those before it have arrived.", "TS 6.2.1"),
}

CATEGORY: Mapping[str, Rule] = {
    "energy-shares": _error("Shares lie in (0, 1] and add up to 1.", "TS 6.3.1, 6.6.6"),
    "energy-unit": _error("energyConsumption has its unit.", "TS 6.6.6"),
    "feedstock-shares": _error("Shares lie in [0, 1], in sum 1 at most.", "TS 6.6.8"),
    "load-factor": _error("loadFactor lies in (0, 1].", "TS 6.3.1"),
    "empty-distance-factor": _error("emptyDistanceFactor lies in [0, 1).", "TS 6.3.1"),
    "activity-unit": _error("TEUkm on water, tkm elsewhere.", "TS 6.3.1"),
    "hub-unit": _error("TEU only where goods leave by sea or waterway.", "TS 6.4.1"),
    "mode-option": _error("Options of lorries and aircraft stand for those.", "TS 6.3.1"),
    "certifications": _error("The list is not empty and names each once.", "TS 6.3.1"),
    "location": _error("lat and lng go together and lie on the earth.", "TS 6.6.2"),
    "station-code": _error("iata stands with air, uic with rail.", "TS 6.6.2"),
    "consignments": _error("A TAD names its consignments.", "TS 6.5.1"),
}

RULES: Mapping[str, Rule] = {**DEVIATIONS, **FORM, **ENVELOPE, **CHAIN, **CATEGORY}
"""Every rule by its name."""
