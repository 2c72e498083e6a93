"""The documents of iLEAP 1.0.0 and of the PACT 2.x footprint that carries them.

Names are those of the specification, so that an attribute, a JSON pointer and the text of the
specification say the same word. Decimals are exact (`decimal.Decimal`), JSON strings outside. What
the specification leaves open (lists of words that may grow) is text here; `check` judges it.

Units: mass in kg, volume in m3, distance in km, transport activity in tkm, emissions in kg CO2e
(TTW pollutants in kg), intensities in kg CO2e per tkm, TEUkm, t or TEU. Source: iLEAP Technical
Specifications 1.0.0, section 6; PACT Technical Specifications 2.1, section 4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

Kind = Literal["shipment", "toc", "hoc", "tad"]

DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
LONGEST_DECIMAL = 40
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True)
class Words:
    """Marks a text that is one of a list; the list may grow in later versions."""

    words: tuple[str, ...]


def plain(value: Decimal) -> str:
    """A decimal as it stands in JSON: digits and a point, never an exponent."""
    return format(value, "f")


def _decimal(value: object) -> Decimal:
    if isinstance(value, Decimal) and len(f"{value:E}") <= LONGEST_DECIMAL:
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and max(-exponent, value.adjusted()) < LONGEST_DECIMAL:
            return value
    if isinstance(value, str) and len(value) <= LONGEST_DECIMAL and DECIMAL.fullmatch(value):
        return Decimal(value)
    raise ValueError('a decimal number as text is wanted, such as "12.5"')


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return datetime.fromisoformat(value)
    raise ValueError('a time is wanted, such as "2026-01-31T08:00:00Z"')


def moment_text(value: datetime) -> str:
    """A time as it stands in JSON, with Z for UTC."""
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if value.utcoffset() == timedelta(0) else text


def utc(value: datetime) -> datetime:
    """The same time in UTC; a time without a zone is taken for UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Amount: TypeAlias = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(plain)]
"""An exact decimal, in JSON a string."""
Number: TypeAlias = Annotated[Decimal, PlainSerializer(float)]
"""One of PACT's few numbers that are JSON numbers: percentages."""
Moment: TypeAlias = Annotated[datetime, BeforeValidator(_moment), PlainSerializer(moment_text)]
"""A time; that it is UTC is a rule, so that another zone can be told."""

Mode: TypeAlias = Annotated[str, Words(("Road", "Rail", "Air", "Sea", "InlandWaterway"))]
EnergyCarrierType: TypeAlias = Annotated[
    str,
    Words(
        (
            *("Diesel", "HVO", "Petrol", "CNG", "LNG", "LPG", "HFO", "MGO", "Aviation fuel"),
            *("Hydrogen", "Methanol", "Electric"),
        )
    ),
]
FeedstockType: TypeAlias = Annotated[
    str, Words(("Fossil", "Natural gas", "Grid", "Renewable electricity", "Cooking oil"))
]
EnergyUnit: TypeAlias = Annotated[str, Words(("l", "kg", "kWh", "MJ"))]
PackagingOrTrEqType: TypeAlias = Annotated[
    str, Words(("Box", "Pallet", "Container-TEU", "Container-FEU", "Container"))
]
HubType: TypeAlias = Annotated[
    str,
    Words(
        (
            *("Transshipment", "StorageAndTransshipment", "Warehouse", "LiquidBulkTerminal"),
            "MaritimeContainerTerminal",
        )
    ),
]
TemperatureControl: TypeAlias = Annotated[str, Words(("ambient", "refrigerated", "mixed"))]
Certification: TypeAlias = Annotated[str, Words(("ISO14083:2023", "GLECv2", "GLECv3", "GLECv3.1"))]
Incoterms: TypeAlias = Annotated[
    str,
    Words(("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF")),
]
ActivityUnit: TypeAlias = Annotated[str, Words(("TEUkm", "tkm"))]
HubActivityUnit: TypeAlias = Annotated[str, Words(("TEU", "tonnes"))]
LoadingSequence: TypeAlias = Annotated[str, Words(("LTL", "FTL"))]
ShippingOption: TypeAlias = Annotated[str, Words(("belly freight", "freighter"))]
FlightLength: TypeAlias = Annotated[str, Words(("short-haul", "long-haul"))]


class Document(BaseModel):
    """An object of the specification; what it does not know is left out (and told on reading)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def plain(self) -> dict[str, Any]:
        """The object as JSON has it; what is not known is not there."""
        return self.model_dump(mode="json", exclude_none=True)


class Distance(Document):
    """GLECDistance (6.6.1): kilometres driven, great-circle, shortest feasible; at least one."""

    actual: Amount | None = None
    gcd: Amount | None = None
    sfd: Amount | None = None

    def known(self) -> dict[str, Decimal]:
        """What is given, by Lowhaul's name of the basis, best for transport activity first."""
        given = {"sfd": self.sfd, "gcd": self.gcd, "actual": self.actual}
        return {basis: km for basis, km in given.items() if km is not None}


class Location(Document):
    """Location (6.6.2); country is ISO 3166-1 alpha-2."""

    street: str | None = None
    zip: str | None = None
    city: str
    country: str
    iata: str | None = None
    locode: str | None = None
    uic: str | None = None
    lat: Amount | None = None
    lng: Amount | None = None


class Feedstock(Document):
    """Feedstock of an energy carrier (6.6.8)."""

    feedstock: FeedstockType
    feedstockShare: Amount | None = None
    regionProvenance: str | None = None


class EnergyCarrier(Document):
    """EnergyCarrier (6.6.6); emission factors in kg CO2e per energyConsumptionUnit.

    The factors must be there in a TOC and a HOC; the rule `schema` says so, not this class, so
    that a file without them can still be read.
    """

    energyCarrier: EnergyCarrierType
    relativeShare: Amount | None = None
    feedstocks: tuple[Feedstock, ...] | None = None
    energyConsumption: Amount | None = None
    energyConsumptionUnit: EnergyUnit | None = None
    emissionFactorWTW: Amount | None = None
    emissionFactorTTW: Amount | None = None


class Tce(Document):
    """Transport chain element (6.2): a leg with its TOC, or the passage of a hub with its HOC."""

    tceId: str
    prevTceIds: tuple[str, ...] | None = None
    tocId: str | None = None
    hocId: str | None = None
    shipmentId: str
    consignmentId: str | None = None
    mass: Amount
    packagingOrTrEqType: PackagingOrTrEqType | None = None
    packagingOrTrEqAmount: Amount | None = None
    distance: Distance
    origin: Location | None = None
    destination: Location | None = None
    transportActivity: Amount
    departureAt: Moment | None = None
    arrivalAt: Moment | None = None
    flightNo: str | None = None
    voyageNo: str | None = None
    incoterms: Incoterms | None = None
    co2eWTW: Amount
    co2eTTW: Amount
    noxTTW: Amount | None = None
    soxTTW: Amount | None = None
    ch4TTW: Amount | None = None
    pmTTW: Amount | None = None


class ShipmentFootprint(Document):
    """ShipmentFootprint (6.1): a shipment and its transport chain."""

    mass: Amount
    volume: Amount | None = None
    shipmentId: str
    tces: tuple[Tce, ...]


class Toc(Document):
    """Transport operation category (6.3) with its intensities."""

    tocId: str
    certifications: tuple[Certification, ...] | None = None
    description: str | None = None
    mode: Mode
    loadFactor: Amount | None = None
    emptyDistanceFactor: Amount | None = None
    temperatureControl: TemperatureControl | None = None
    truckLoadingSequence: LoadingSequence | None = None
    airShippingOption: ShippingOption | None = None
    flightLength: FlightLength | None = None
    energyCarriers: tuple[EnergyCarrier, ...]
    co2eIntensityWTW: Amount
    co2eIntensityTTW: Amount
    transportActivityUnit: ActivityUnit


class Hoc(Document):
    """Hub operation category (6.4) with its intensities."""

    hocId: str
    description: str | None = None
    certifications: tuple[Certification, ...] | None = None
    hubType: HubType
    temperatureControl: TemperatureControl | None = None
    hubLocation: Location | None = None
    inboundTransportMode: Mode | None = None
    outboundTransportMode: Mode | None = None
    packagingOrTrEqType: PackagingOrTrEqType | None = None
    packagingOrTrEqAmount: int | None = None
    energyCarriers: tuple[EnergyCarrier, ...]
    co2eIntensityWTW: Amount
    co2eIntensityTTW: Amount
    hubActivityUnit: HubActivityUnit


class Tad(Document):
    """Transport activity data (6.5): what was moved, without emissions."""

    activityId: str
    consignmentIds: tuple[str, ...]
    distance: Distance
    mass: Amount | None = None
    loadFactor: Amount | None = None
    emptyDistanceFactor: Amount | None = None
    origin: Location
    destination: Location
    departureAt: Moment
    arrivalAt: Moment
    mode: Mode
    packagingOrTrEqType: PackagingOrTrEqType | None = None
    packagingOrTrEqAmount: int | None = None
    energyCarriers: tuple[EnergyCarrier, ...] | None = None
    temperatureControl: TemperatureControl | None = None


class Named(Document):
    """A source of emission factors and its version."""

    name: str
    version: str


class SectorRule(Document):
    """A product or sector specific rule that was followed."""

    operator: str
    ruleNames: tuple[str, ...]
    otherOperatorName: str | None = None


class CarbonFootprint(Document):
    """CarbonFootprint of PACT 2.x."""

    declaredUnit: str
    unitaryProductAmount: Amount
    productMassPerDeclaredUnit: Amount | None = None
    pCfExcludingBiogenic: Amount
    pCfIncludingBiogenic: Amount | None = None
    fossilGhgEmissions: Amount
    fossilCarbonContent: Amount
    biogenicCarbonContent: Amount
    dLucGhgEmissions: Amount | None = None
    landManagementGhgEmissions: Amount | None = None
    otherBiogenicGhgEmissions: Amount | None = None
    iLucGhgEmissions: Amount | None = None
    biogenicCarbonWithdrawal: Amount | None = None
    aircraftGhgEmissions: Amount | None = None
    characterizationFactors: str | None = None
    ipccCharacterizationFactorsSources: tuple[str, ...] | None = None
    crossSectoralStandardsUsed: tuple[str, ...]
    productOrSectorSpecificRules: tuple[SectorRule, ...] | None = None
    biogenicAccountingMethodology: str | None = None
    boundaryProcessesDescription: str
    referencePeriodStart: Moment
    referencePeriodEnd: Moment
    geographyCountry: str | None = None
    geographyCountrySubdivision: str | None = None
    geographyRegionOrSubregion: str | None = None
    secondaryEmissionFactorSources: tuple[Named, ...] | None = None
    exemptedEmissionsPercent: Number
    exemptedEmissionsDescription: str
    packagingEmissionsIncluded: bool
    packagingGhgEmissions: Amount | None = None
    allocationRulesDescription: str | None = None
    uncertaintyAssessmentDescription: str | None = None
    primaryDataShare: Number | None = None
    dqi: dict[str, Any] | None = None
    assurance: dict[str, Any] | None = None


Payload: TypeAlias = ShipmentFootprint | Toc | Hoc | Tad
"""What an iLEAP extension holds."""


class Extension(Document):
    """DataModelExtension: one object of another data model inside a footprint."""

    specVersion: str
    dataSchema: str
    documentation: str | None = None
    data: ShipmentFootprint | Toc | Hoc | Tad | dict[str, Any]


class ProductFootprint(Document):
    """ProductFootprint of PACT 2.x, the envelope of what iLEAP exchanges."""

    id: UUID
    specVersion: str
    precedingPfIds: tuple[UUID, ...] | None = None
    version: int
    created: Moment
    updated: Moment | None = None
    status: str
    statusComment: str | None = None
    validityPeriodStart: Moment | None = None
    validityPeriodEnd: Moment | None = None
    companyName: str
    companyIds: tuple[str, ...]
    productDescription: str
    productIds: tuple[str, ...]
    productCategoryCpc: str
    productNameCompany: str
    comment: str
    pcf: CarbonFootprint
    extensions: tuple[Extension, ...] | None = None


PAYLOADS: dict[Kind, type[Document]] = {
    "shipment": ShipmentFootprint,
    "toc": Toc,
    "hoc": Hoc,
    "tad": Tad,
}
"""The class of each kind of payload."""
