"""Every rule of iLEAP files, broken once: the breach names the rule and points at the place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emissions.ileap import RULES, check_file
from emissions.ileap.breach import point
from emissions.ileap.ordering import on_cycles
from tests.emissions.ileap_documents import valid

GONE = object()
SF = "/data/0/extensions/0/data"
TCE = SF + "/tces"
TOC = "/data/1/extensions/0/data"
SHIP = "/data/2/extensions/0/data"
HOC = "/data/3/extensions/0/data"
TAD = "/data/4"
PCF = "/data/0/pcf"


@dataclass(frozen=True)
class Fault:
    """Values put at pointers (GONE: taken away), the rule that this breaks, and where.

    `also` are rules that cannot but be broken as well.
    """

    rule: str
    put: dict[str, Any]
    at: str
    severity: str = ""
    also: tuple[str, ...] = ()


def moved(tce: int, **times: str) -> dict[str, Any]:
    return {f"{TCE}/{tce}/{name}": value for name, value in times.items()}


FAULTS = [
    Fault("decimal-comma", {f"{TCE}/0/co2eWTW": "20,0"}, f"{TCE}/0/co2eWTW"),
    Fault("decimal-as-number", {f"{TOC}/loadFactor": 0.6}, f"{TOC}/loadFactor"),
    Fault("old-name", {f"{HOC}/hubActivityUnit": GONE, f"{HOC}/co2eIntensityThroughput": "tonnes"},
          f"{HOC}/co2eIntensityThroughput"),
    Fault("old-name", {f"{TOC}/energyCarriers/1/feedstocks/0":
          {"feedstock": "Cooking oil", "feedstockPercentage": "1"}},
          f"{TOC}/energyCarriers/1/feedstocks/0/feedstockPercentage"),
    Fault("missing-share", {f"{SHIP}/energyCarriers/0/relativeShare": GONE},
          f"{SHIP}/energyCarriers/0"),
    Fault("enumeration", {f"{TAD}/mode": "Airship"}, f"{TAD}/mode", also=("station-code",)),
    Fault("enumeration", {f"{TOC}/mode": "road"}, f"{TOC}/mode"),
    Fault("enumeration", {f"{TOC}/certifications": ["GLECv4"]}, f"{TOC}/certifications/0"),
    Fault("unknown-field", {f"{TCE}/0/tocID": "LORRY"}, f"{TCE}/0/tocID"),
    Fault("schema", {f"{PCF}/declaredUnit": GONE}, PCF),
    Fault("schema", {f"{TCE}/1/distance": {}}, f"{TCE}/1/distance"),
    Fault("schema", {f"{TOC}/energyCarriers/0/emissionFactorTTW": GONE},
          f"{TOC}/energyCarriers/0"),
    Fault("schema", {"/data/0/companyIds": []}, "/data/0/companyIds"),
    Fault("schema", {"/data/0/id": "1"}, "/data/0/id"),
    Fault("schema", {f"{PCF}/exemptedEmissionsPercent": 7.5}, f"{PCF}/exemptedEmissionsPercent"),
    Fault("schema", {f"{TCE}/0/co2eWTW": "1,234"}, f"{TCE}/0/co2eWTW"),
    Fault("schema", {f"{TCE}/0/origin": {"city": "X", "country": "Germany"}},
          f"{TCE}/0/origin/country"),
    Fault("form", {f"{SF}/volume": "eight"}, f"{SF}/volume"),
    Fault("form", {f"{TCE}/0/departureAt": "5 Jan"}, f"{TCE}/0/departureAt"),
    Fault("form", {"/data/5": {"carrier": "X"}}, "/data/5"),
    Fault("extension", {"/data/1/extensions/1": {"specVersion": "2.0.0",
          "dataSchema": "https://api.ileap.sine.dev/toc.json",
          "data": {**valid()["data"][1]["extensions"][0]["data"], "tocId": "LORRY-2"}}},
          "/data/1/extensions", also=("product-id",)),
    Fault("extension", {"/data/3/extensions": GONE}, "/data/3/extensions", "warning",
          also=("known-toc-hoc",)),
    Fault("unique-id", {"/data/1/id": "00000000-0000-5000-8000-000000000001"}, "/data/1/id"),
    Fault("unique-id", {f"{TCE}/2/tceId": "B"}, f"{TCE}/2/tceId",
          also=("acyclic", "order-in-time")),
    Fault("unique-id", {f"{TAD}/activityId": " "}, f"{TAD}/activityId"),
    Fault("pact-version", {"/data/0/specVersion": "3.0.0"}, "/data/0/specVersion"),
    Fault("data-schema", {"/data/1/extensions/0/dataSchema": "https://api.ileap.sine.dev/hoc.json"},
          "/data/1/extensions/0/dataSchema"),
    Fault("extension-version", {"/data/1/extensions/0/specVersion": "1.0.0"},
          "/data/1/extensions/0/specVersion"),
    Fault("documentation", {"/data/1/extensions/0/documentation": "https://example.org/"},
          "/data/1/extensions/0/documentation"),
    Fault("cpc", {"/data/3/productCategoryCpc": "83118"}, "/data/3/productCategoryCpc"),
    Fault("product-id", {"/data/0/productIds":
          ["urn:pathfinder:product:customcode:vendor-assigned:SH-1"]}, "/data/0/productIds"),
    Fault("declared-unit", {"/data/3/pcf/declaredUnit": "ton kilometer"},
          "/data/3/pcf/declaredUnit"),
    Fault("declared-amount", {f"{PCF}/unitaryProductAmount": "2201"},
          f"{PCF}/unitaryProductAmount"),
    Fault("declared-amount", {"/data/1/pcf/unitaryProductAmount": "1000"},
          "/data/1/pcf/unitaryProductAmount"),
    Fault("declared-amount", {"/data/3/pcf/unitaryProductAmount": "1"},
          "/data/3/pcf/unitaryProductAmount"),
    Fault("declared-mass", {f"{PCF}/productMassPerDeclaredUnit": "2"},
          f"{PCF}/productMassPerDeclaredUnit"),
    Fault("declared-mass", {"/data/1/pcf/productMassPerDeclaredUnit": "1000"},
          "/data/1/pcf/productMassPerDeclaredUnit"),
    Fault("declared-mass", {"/data/3/pcf/productMassPerDeclaredUnit": "1"},
          "/data/3/pcf/productMassPerDeclaredUnit"),
    Fault("total-co2e", {f"{PCF}/pCfExcludingBiogenic": "222.9",
          f"{PCF}/fossilGhgEmissions": "222.9"}, f"{PCF}/pCfExcludingBiogenic"),
    Fault("total-co2e", {"/data/3/pcf/pCfExcludingBiogenic": "1.4",
          "/data/3/pcf/fossilGhgEmissions": "1.4"}, "/data/3/pcf/pCfExcludingBiogenic"),
    Fault("fossil-total", {f"{PCF}/fossilGhgEmissions": "222.9"}, f"{PCF}/fossilGhgEmissions"),
    Fault("packaging", {f"{PCF}/packagingEmissionsIncluded": True},
          f"{PCF}/packagingEmissionsIncluded"),
    Fault("biogenic", {f"{PCF}/pCfIncludingBiogenic": "223.0"}, f"{PCF}/pCfIncludingBiogenic"),
    Fault("biogenic", {f"{PCF}/biogenicCarbonContent": "1"}, f"{PCF}/biogenicCarbonContent"),
    Fault("period", {f"{PCF}/referencePeriodEnd": "2025-01-01T00:00:00Z"},
          f"{PCF}/referencePeriodEnd"),
    Fault("utc", {f"{TCE}/0/departureAt": "2026-01-05T07:00:00+01:00"}, f"{TCE}/0/departureAt"),
    Fault("utc", {f"{TAD}/arrivalAt": "2026-01-05T07:00:00"}, f"{TAD}/arrivalAt"),
    Fault("utc", {"/data/2/created": "2026-02-01T08:00:00"}, "/data/2/created"),
    Fault("no-tces", {f"{SF}/tces": []}, f"{SF}/tces", also=("declared-amount", "total-co2e")),
    Fault("toc-xor-hoc", {f"{TCE}/0/hocId": "HUB"}, f"{TCE}/0"),
    Fault("toc-xor-hoc", {f"{TCE}/1/hocId": GONE}, f"{TCE}/1"),
    Fault("known-toc-hoc", {f"{TCE}/0/tocId": "VAN"}, f"{TCE}/0/tocId"),
    Fault("known-toc-hoc", {f"{TCE}/1/hocId": "DEPOT"}, f"{TCE}/1/hocId"),
    Fault("shipment-id", {f"{TCE}/1/shipmentId": "SH-2"}, f"{TCE}/1/shipmentId"),
    Fault("known-predecessor", {f"{TCE}/1/prevTceIds": ["Z"]}, f"{TCE}/1/prevTceIds/0"),
    Fault("known-predecessor", {f"{TCE}/1/prevTceIds": ["A", "A"]}, f"{TCE}/1/prevTceIds/1"),
    Fault("acyclic", {f"{TCE}/1/prevTceIds": ["A", "C"]}, f"{TCE}/1/prevTceIds",
          also=("order-in-time",)),
    Fault("first-element", {f"{TCE}/0/prevTceIds": ["B"]}, f"{TCE}/0/prevTceIds",
          also=("acyclic", "order-in-time")),
    Fault("order-unknown", {f"{TCE}/1/prevTceIds": GONE}, f"{TCE}/1"),
    Fault("tce-mass", {f"{SF}/mass": "1999"}, f"{TCE}/2/mass"),
    Fault("tce-mass", {f"{TCE}/1/mass": "0", f"{TCE}/1/co2eWTW": "0", f"{TCE}/1/co2eTTW": "0",
          f"{PCF}/pCfExcludingBiogenic": "220", f"{PCF}/fossilGhgEmissions": "220"},
          f"{TCE}/1/mass"),
    Fault("activity", {f"{TCE}/0/transportActivity": "20.00",
          f"{PCF}/unitaryProductAmount": "2020"}, f"{TCE}/0/transportActivity",
          also=("intensity",)),
    Fault("negative", {f"{TCE}/0/distance/actual": "-105"}, f"{TCE}/0/distance/actual"),
    Fault("negative", {f"{TCE}/0/noxTTW": "-0.1"}, f"{TCE}/0/noxTTW"),
    Fault("negative", {f"{TAD}/mass": "-1"}, f"{TAD}/mass"),
    Fault("ttw-above-wtw", {f"{TCE}/2/co2eTTW": "201", f"{SHIP}/co2eIntensityTTW": "0.201"},
          f"{TCE}/2/co2eTTW"),
    Fault("ttw-above-wtw", {f"{SHIP}/energyCarriers/0/emissionFactorTTW": "3.7"},
          f"{SHIP}/energyCarriers/0/emissionFactorTTW"),
    Fault("intensity", {f"{TCE}/0/co2eTTW": "17.0"}, f"{TCE}/0/co2eTTW"),
    Fault("intensity", {f"{TCE}/1/co2eWTW": "3.3", f"{PCF}/pCfExcludingBiogenic": "223.3",
          f"{PCF}/fossilGhgEmissions": "223.3"}, f"{TCE}/1/co2eWTW"),
    Fault("intensity", {f"{TCE}/2/packagingOrTrEqAmount": "2"}, f"{TCE}/2/co2eWTW"),
    Fault("intensity", {f"{TCE}/2/packagingOrTrEqType": "Container"}, f"{TCE}/2", "warning"),
    Fault("departure-before-arrival", moved(0, arrivalAt="2026-01-05T05:00:00Z"),
          f"{TCE}/0/arrivalAt"),
    Fault("departure-before-arrival", {f"{TAD}/arrivalAt": "2026-01-04T00:00:00Z"},
          f"{TAD}/arrivalAt"),
    Fault("order-in-time", moved(1, departureAt="2026-01-05T08:00:00Z"), f"{TCE}/1/departureAt"),
    Fault("energy-shares", {f"{TOC}/energyCarriers/1/relativeShare": "0.2"},
          f"{TOC}/energyCarriers"),
    Fault("energy-shares", {f"{SHIP}/energyCarriers/0/relativeShare": "0"},
          f"{SHIP}/energyCarriers/0/relativeShare"),
    Fault("energy-shares", {f"{HOC}/energyCarriers": []}, f"{HOC}/energyCarriers"),
    Fault("energy-unit", {f"{TOC}/energyCarriers/0/energyConsumptionUnit": GONE},
          f"{TOC}/energyCarriers/0/energyConsumption"),
    Fault("feedstock-shares", {f"{TOC}/energyCarriers/1/feedstocks/0/feedstockShare": "1.2"},
          f"{TOC}/energyCarriers/1/feedstocks/0/feedstockShare"),
    Fault("load-factor", {f"{TOC}/loadFactor": "60"}, f"{TOC}/loadFactor"),
    Fault("load-factor", {f"{TAD}/loadFactor": "0"}, f"{TAD}/loadFactor"),
    Fault("empty-distance-factor", {f"{TOC}/emptyDistanceFactor": "1"},
          f"{TOC}/emptyDistanceFactor"),
    Fault("activity-unit", {f"{TOC}/transportActivityUnit": "TEUkm"},
          f"{TOC}/transportActivityUnit", also=("intensity",)),
    Fault("activity-unit", {f"{SHIP}/transportActivityUnit": "tkm",
          f"{SHIP}/co2eIntensityWTW": "0.1", f"{SHIP}/co2eIntensityTTW": "0.085",
          "/data/2/pcf/pCfExcludingBiogenic": "0.1", "/data/2/pcf/fossilGhgEmissions": "0.1"},
          f"{SHIP}/transportActivityUnit", "warning"),
    Fault("hub-unit", {f"{HOC}/hubActivityUnit": "TEU"}, f"{HOC}/hubActivityUnit",
          also=("intensity",)),
    Fault("mode-option", {f"{SHIP}/truckLoadingSequence": "FTL"}, f"{SHIP}/truckLoadingSequence"),
    Fault("mode-option", {f"{TOC}/flightLength": "long-haul"}, f"{TOC}/flightLength"),
    Fault("certifications", {f"{TOC}/certifications": ["GLECv3", "GLECv3"]},
          f"{TOC}/certifications"),
    Fault("location", {f"{TCE}/0/destination/lng": GONE}, f"{TCE}/0/destination"),
    Fault("location", {f"{TCE}/0/destination/lat": "535"}, f"{TCE}/0/destination/lat"),
    Fault("station-code", {f"{TCE}/0/destination/iata": "HAM"}, f"{TCE}/0/destination/iata"),
    Fault("station-code", {f"{TAD}/origin/uic": "80"}, f"{TAD}/origin/uic"),
    Fault("consignments", {f"{TAD}/consignmentIds": []}, f"{TAD}/consignmentIds"),
]  # fmt: skip


def planted(document: Any, put: dict[str, Any]) -> Any:
    for pointer, value in put.items():
        *way, last = pointer.removeprefix("/").split("/")
        holder = document
        for step in way:
            holder = holder[int(step) if isinstance(holder, list) else step]
        if isinstance(holder, list):
            holder[int(last) : int(last) + 1] = [value]
        elif value is GONE:
            del holder[last]
        else:
            holder[last] = value
    return document


def checked(tmp_path: Path, document: Any) -> list[Any]:
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return check_file(path)


def test_the_document_breaks_no_rule(tmp_path: Path) -> None:
    assert checked(tmp_path, valid()) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.rule} {f.at}")
def test_a_fault_is_found_by_its_rule_at_its_place(tmp_path: Path, fault: Fault) -> None:
    found = checked(tmp_path, planted(valid(), fault.put))
    hits = [b for b in found if (b.rule, b.pointer) == (fault.rule, fault.at)]
    assert len(hits) == 1, found
    assert hits[0].severity == (fault.severity or RULES[fault.rule].severity)
    assert hits[0].message
    assert {b.rule for b in found} == {fault.rule, *fault.also}, found


def test_every_rule_has_a_fault() -> None:
    assert {f.rule for f in FAULTS} | {"double-key"} == set(RULES)


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    """JSON readers keep the last of two and say nothing."""
    path = tmp_path / "twice.json"
    path.write_text(json.dumps(valid()).replace('"version": 0', '"version": 0, "version": 0', 1))
    assert [(b.rule, b.value) for b in check_file(path)] == [("double-key", "version")]


def test_a_fuel_that_is_not_fossil_may_have_a_credit_before_the_tank(tmp_path: Path) -> None:
    """Biomethane of manure: WTW below TTW is no fault there; for HFO it is."""
    put = {
        f"{TCE}/2/co2eTTW": "210",
        f"{SHIP}/co2eIntensityTTW": "0.21",
        f"{SHIP}/energyCarriers/0": {
            "energyCarrier": "LNG", "relativeShare": "1",
            "emissionFactorWTW": "1", "emissionFactorTTW": "2",
            "feedstocks": [{"feedstock": "Biogas", "feedstockShare": "1"}],
        },
    }  # fmt: skip
    assert [b.rule for b in checked(tmp_path, planted(valid(), put))] == ["enumeration"]


def test_a_hub_per_teu_may_be_declared_per_tonne(tmp_path: Path) -> None:
    """TS 7.2.3: 10 t in an average TEU: 15 kg per TEU are 1.5 kg per 1000 kg. Nobody has 12 t."""
    teu = {
        f"{HOC}/hubActivityUnit": "TEU",
        f"{HOC}/outboundTransportMode": "Sea",
        f"{HOC}/co2eIntensityWTW": "15.00",
        f"{HOC}/co2eIntensityTTW": "5.00",
        f"{TCE}/1/packagingOrTrEqType": "Container-TEU",
        f"{TCE}/1/packagingOrTrEqAmount": "0.2",
    }
    assert checked(tmp_path, planted(valid(), teu)) == []
    sums = ("/data/3/pcf/pCfExcludingBiogenic", "/data/3/pcf/fossilGhgEmissions")
    found = checked(tmp_path, planted(valid(), teu | dict.fromkeys(sums, "1.25")))
    assert [b.rule for b in found] == ["total-co2e"]


def test_elements_may_branch_and_join(tmp_path: Path) -> None:
    """TS 6.2.1: two first elements, one that follows both; the sums stay the same."""
    document = valid()
    first = document["data"][0]["extensions"][0]["data"]["tces"][0]
    half = {"mass": "1000", "transportActivity": "100", "co2eWTW": "10.0", "co2eTTW": "8.0"}
    tces = document["data"][0]["extensions"][0]["data"]["tces"]
    tces[:1] = [{**first, **half}, {**first, **half, "tceId": "A2"}]
    tces[2]["prevTceIds"] = ["A", "A2"]
    assert checked(tmp_path, document) == []


def test_figures_that_are_rounded_are_not_wrong(tmp_path: Path) -> None:
    """An intensity printed as 0.10 is anything from 0.095 to 0.105; capped at half a percent."""

    def said(tce: str, whole: str) -> dict[str, Any]:
        sums = dict.fromkeys((f"{PCF}/pCfExcludingBiogenic", f"{PCF}/fossilGhgEmissions"), whole)
        return {f"{TOC}/co2eIntensityWTW": "0.10", f"{TCE}/0/co2eWTW": tce, **sums}

    assert checked(tmp_path, planted(valid(), said("20.1", "223.1"))) == []
    found = checked(tmp_path, planted(valid(), said("20.4", "223.4")))
    assert [b.rule for b in found] == ["intensity"]


def test_a_footprint_of_another_kind_is_passed_over_with_a_word(tmp_path: Path) -> None:
    document = {"data": [planted(valid()["data"][3], {"/extensions": GONE})]}
    found = checked(tmp_path, document)
    assert [(b.rule, b.severity, b.pointer) for b in found] == [
        ("extension", "warning", "/data/0/extensions")
    ]


def test_pointers_spell_slashes_and_tildes() -> None:
    """RFC 6901, section 3: ~ is ~0 and / is ~1."""
    assert point("/data", 0, "a/b~c") == "/data/0/a~1b~0c"


@pytest.mark.parametrize(
    ("before", "cyclic"),
    [
        ({"a": (), "b": ("a",), "c": ("a", "b")}, set()),
        ({"a": ("a",)}, {"a"}),
        ({"a": ("b",), "b": ("a",), "c": ("b",), "d": ()}, {"a", "b"}),
        ({"a": ("ghost",)}, set()),
    ],
)
def test_only_what_lies_on_a_cycle_is_named(before: dict, cyclic: set[str]) -> None:
    assert on_cycles(before) == cyclic


def test_the_page_lists_every_rule_as_it_is() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "ileap.md").read_text("utf-8")
    listed = [line for line in page.splitlines() if line.startswith("| `")]
    assert listed == [
        f"| `{name}` | {rule.severity} | {rule.asks} | {rule.source} |"
        for name, rule in RULES.items()
    ]
