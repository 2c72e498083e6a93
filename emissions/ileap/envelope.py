"""The PACT footprint around a shipment, TOC or HOC: what follows from it, and what its owner says.

What can be derived is derived (TS 7.2): ids, units, amounts and totals. The rest is a statement of
the data owner, the same for all footprints of a file, and a few words on each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid5

from emissions.ileap.model import (
    CarbonFootprint,
    Extension,
    Hoc,
    Kind,
    Named,
    ProductFootprint,
    SectorRule,
    ShipmentFootprint,
    Toc,
)
from emissions.ileap.rules_envelope import (
    CPC,
    DATA_SCHEMA,
    DOCUMENTATION,
    EXTENSION_VERSION,
    HOC_DECLARED_KG,
    urns,
)

PACT_VERSION = "2.1.0"
"""The PACT version that iLEAP 1.0.0 rests on."""
STANDARD = SectorRule(operator="Other", ruleNames=("ISO 14083:2023",), otherOperatorName="ISO")
NO_EXEMPTION = "Nothing is exempted as small."
NAMES: dict[Kind, str] = {"shipment": "Shipment", "toc": "TOC", "hoc": "HOC"}


@dataclass(frozen=True)
class Owner:
    """Who says it, of what period, and when; `namespace` is what ids are made from.

    `assigned_by` says whose ids they are: `buyer` is who uses transport, `vendor` who sells it.
    """

    company: str
    company_ids: tuple[str, ...]
    created: datetime
    period_from: datetime
    period_until: datetime
    namespace: UUID
    assigned_by: Literal["buyer", "vendor"] = "buyer"


@dataclass(frozen=True)
class Remarks:
    """What is said of one footprint. `gwp` are the assessment reports of its factors (AR5, ...)."""

    description: str
    boundary: str
    gwp: Sequence[str]
    comment: str = ""
    sources: Sequence[tuple[str, str]] = ()
    exempted: str = NO_EXEMPTION
    primary_percent: Decimal | None = None
    allocation: str | None = None


def wrapped(
    payload: ShipmentFootprint | Toc | Hoc, owner: Owner, remarks: Remarks
) -> ProductFootprint:
    """The footprint that carries `payload`; the same id for the same namespace and object."""
    kind, own_id, unit, amount, co2e = _derived(payload)
    return ProductFootprint(
        id=uuid5(owner.namespace, f"{kind}:{own_id}"),
        specVersion=PACT_VERSION,
        version=0,
        created=owner.created,
        status="Active",
        companyName=owner.company,
        companyIds=owner.company_ids,
        productDescription=remarks.description,
        productIds=(urns(kind, own_id, owner.assigned_by)[0],),
        productCategoryCpc=CPC,
        productNameCompany=f"{NAMES[kind]} with ID {own_id}",
        comment=remarks.comment,
        pcf=CarbonFootprint(
            declaredUnit=unit,
            unitaryProductAmount=amount,
            pCfExcludingBiogenic=co2e,
            fossilGhgEmissions=co2e,
            fossilCarbonContent=Decimal(0),
            biogenicCarbonContent=Decimal(0),
            characterizationFactors="AR6" if set(remarks.gwp) == {"AR6"} else "AR5",
            ipccCharacterizationFactorsSources=tuple(sorted(set(remarks.gwp))),
            crossSectoralStandardsUsed=(),
            productOrSectorSpecificRules=(STANDARD,),
            boundaryProcessesDescription=remarks.boundary,
            referencePeriodStart=owner.period_from,
            referencePeriodEnd=owner.period_until,
            secondaryEmissionFactorSources=tuple(
                Named(name=name, version=version) for name, version in remarks.sources
            )
            or None,
            exemptedEmissionsPercent=Decimal(0),
            exemptedEmissionsDescription=remarks.exempted,
            packagingEmissionsIncluded=False,
            allocationRulesDescription=remarks.allocation,
            primaryDataShare=remarks.primary_percent,
        ),
        extensions=(
            Extension(
                specVersion=EXTENSION_VERSION,
                dataSchema=DATA_SCHEMA[kind],
                documentation=DOCUMENTATION,
                data=payload,
            ),
        ),
    )


def _derived(
    payload: ShipmentFootprint | Toc | Hoc,
) -> tuple[Kind, str, str, Decimal, Decimal]:
    """Kind, id, declared unit, declared amount and kg CO2e of what the footprint is of."""
    if isinstance(payload, ShipmentFootprint):
        activity = sum((t.transportActivity for t in payload.tces), Decimal(0))
        co2e = sum((t.co2eWTW for t in payload.tces), Decimal(0))
        return "shipment", payload.shipmentId, "ton kilometer", activity, co2e
    if isinstance(payload, Toc):
        return "toc", payload.tocId, "ton kilometer", Decimal(1), payload.co2eIntensityWTW
    return "hoc", payload.hocId, "kilogram", HOC_DECLARED_KG, payload.co2eIntensityWTW
