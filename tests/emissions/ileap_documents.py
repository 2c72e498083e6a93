"""A whole iLEAP file by hand that breaks no rule; tests plant faults in it.

Shipment SH-1, 2000 kg: by lorry 100 km, through a hub, by ship 1000 km in one TEU.
  lorry  2 t x 100 km = 200 tkm at 0.1 and 0.08 kg/tkm   -> 20 kg WTW, 16 kg TTW
  hub    2 t at 1.5 and 0.5 kg/t                         ->  3 kg WTW,  1 kg TTW
  ship   2 t x 1000 km = 2000 tkm; 1 TEU x 1000 km at 0.2 and 0.17 kg/TEUkm -> 200 and 170 kg
  all    2200 tkm, 223 kg WTW
"""

from __future__ import annotations

import json
from typing import Any

URN = "urn:pathfinder:product:customcode:vendor-assigned"
SCHEMAS = "https://api.ileap.sine.dev"


def footprint(kind: str, own_id: str, number: int, amount: str, co2e: str, data: Any) -> dict:
    """A PACT footprint around `data`; `number` makes its id."""
    return {
        "id": f"00000000-0000-5000-8000-{number:012d}",
        "specVersion": "2.1.0",
        "version": 0,
        "created": "2026-02-01T08:00:00Z",
        "status": "Active",
        "companyName": "Example Lines",
        "companyIds": ["urn:epc:id:sgln:4063973.00000.8"],
        "productDescription": f"{kind} {own_id}",
        "productIds": [f"{URN}:{kind}:{own_id}"],
        "productCategoryCpc": "83117",
        "productNameCompany": f"{kind} {own_id}",
        "comment": "",
        "pcf": {
            "declaredUnit": "kilogram" if kind == "hoc" else "ton kilometer",
            "unitaryProductAmount": amount,
            "pCfExcludingBiogenic": co2e,
            "fossilGhgEmissions": co2e,
            "fossilCarbonContent": "0",
            "biogenicCarbonContent": "0",
            "characterizationFactors": "AR6",
            "ipccCharacterizationFactorsSources": ["AR6"],
            "crossSectoralStandardsUsed": [],
            "boundaryProcessesDescription": "well-to-wheel",
            "referencePeriodStart": "2025-01-01T00:00:00Z",
            "referencePeriodEnd": "2026-01-01T00:00:00Z",
            "exemptedEmissionsPercent": 0,
            "exemptedEmissionsDescription": "",
            "packagingEmissionsIncluded": False,
            "primaryDataShare": 56.12,
        },
        "extensions": [
            {
                "specVersion": "2.0.0",
                "dataSchema": f"{SCHEMAS}/{schema_name(kind)}.json",
                "data": data,
            }
        ],
    }


def schema_name(kind: str) -> str:
    return "shipment-footprint" if kind == "shipment" else kind


def tce(tce_id: str, before: list[str], **more: Any) -> dict:
    return {"tceId": tce_id, "prevTceIds": before, "shipmentId": "SH-1", "mass": "2000", **more}


def carrier(name: str, share: str, wtw: str, ttw: str, **more: Any) -> dict:
    factors = {"emissionFactorWTW": wtw, "emissionFactorTTW": ttw}
    return {"energyCarrier": name, "relativeShare": share, **factors, **more}


def shipment() -> dict:
    hamburg = {"city": "Hamburg", "country": "DE", "locode": "DEHAM", "lat": "53.5", "lng": "10.0"}
    return {
        "mass": "2000",
        "volume": "8.5",
        "shipmentId": "SH-1",
        "tces": [
            tce("A", [], tocId="LORRY", distance={"actual": "105", "sfd": "100"},
                origin={"city": "Hannover", "country": "DE"}, destination=hamburg,
                departureAt="2026-01-05T06:00:00Z", arrivalAt="2026-01-05T09:00:00Z",
                transportActivity="200", co2eWTW="20.0", co2eTTW="16.0"),
            tce("B", ["A"], hocId="HUB", distance={"actual": "0"}, transportActivity="0",
                departureAt="2026-01-05T09:00:00Z", arrivalAt="2026-01-06T09:00:00Z",
                co2eWTW="3.0", co2eTTW="1.0"),
            tce("C", ["B"], tocId="SHIP", distance={"sfd": "1000"}, transportActivity="2000",
                packagingOrTrEqType="Container-TEU", packagingOrTrEqAmount="1",
                departureAt="2026-01-06T10:00:00Z", arrivalAt="2026-01-09T10:00:00Z",
                co2eWTW="200.0", co2eTTW="170.0"),
        ],
    }  # fmt: skip


def lorry() -> dict:
    return {
        "tocId": "LORRY", "mode": "Road", "loadFactor": "0.6", "emptyDistanceFactor": "0.17",
        "certifications": ["ISO14083:2023"], "temperatureControl": "ambient",
        "truckLoadingSequence": "FTL",
        "energyCarriers": [
            carrier("Diesel", "0.7", "3.2", "2.6", energyConsumption="0.02",
                    energyConsumptionUnit="l"),
            carrier("HVO", "0.3", "0.4", "0.01",
                    feedstocks=[{"feedstock": "Cooking oil", "feedstockShare": "1"}]),
        ],
        "co2eIntensityWTW": "0.1000", "co2eIntensityTTW": "0.0800",
        "transportActivityUnit": "tkm",
    }  # fmt: skip


def ship() -> dict:
    return {
        "tocId": "SHIP", "mode": "Sea", "energyCarriers": [carrier("HFO", "1", "3.6", "3.1")],
        "co2eIntensityWTW": "0.2000", "co2eIntensityTTW": "0.1700",
        "transportActivityUnit": "TEUkm",
    }  # fmt: skip


def hub() -> dict:
    return {
        "hocId": "HUB", "hubType": "MaritimeContainerTerminal", "outboundTransportMode": "Road",
        "hubLocation": {"city": "Hamburg", "country": "DE"},
        "energyCarriers": [carrier("Diesel", "1", "3.2", "2.6")],
        "co2eIntensityWTW": "1.500", "co2eIntensityTTW": "0.500", "hubActivityUnit": "tonnes",
    }  # fmt: skip


def activity() -> dict:
    return {
        "activityId": "ACT-1", "consignmentIds": ["CO-1"], "distance": {"actual": "300"},
        "mass": "1500", "mode": "Air", "loadFactor": "0.5", "emptyDistanceFactor": "0",
        "origin": {"city": "Frankfurt", "country": "DE", "iata": "FRA"},
        "destination": {"city": "Wien", "country": "AT", "iata": "VIE"},
        "departureAt": "2026-01-05T06:00:00Z", "arrivalAt": "2026-01-05T07:00:00Z",
        "energyCarriers": [{"energyCarrier": "Aviation fuel", "relativeShare": "1"}],
    }  # fmt: skip


def valid() -> dict:
    """A fresh copy: 0 the shipment, 1 the lorries, 2 the ships, 3 the hub, 4 activity data."""
    entries = [
        footprint("shipment", "SH-1", 1, "2200", "223.0", shipment()),
        footprint("toc", "LORRY", 2, "1", "0.1000", lorry()),
        footprint("toc", "SHIP", 3, "1", "0.2000", ship()),
        footprint("hoc", "HUB", 4, "1000", "1.500", hub()),
        activity(),
    ]
    return json.loads(json.dumps({"data": entries}))
