"""results/<scenario>/ileap.json: the plan's shipments, TOCs and HOCs as iLEAP 1.0.0 in PACT v2.

Made from the tables that were written and checked, not from the plan. Every kilogram of CO2e of a
shipment is in its footprint; what is not in the file (elements without emission factor, returns of
unused boxes) is named, so that file and summary.json differ by that and by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from emissions.footprint import EX_ANTE
from emissions.ileap.envelope import NO_EXEMPTION, Owner, Remarks, wrapped
from emissions.ileap.model import Distance, ProductFootprint, ShipmentFootprint, Tce
from emissions.ileap.reading import IleapDocument
from emissions.ileap.writing import document_of
from routing.case import Case
from scenarios.ileap_categories import (
    Category,
    categories_of,
    factor_ids,
    hoc_of,
    location_of,
    toc_of,
)
from scenarios.ileap_elements import Element, LeftOut, elements_of, exact
from scenarios.rows import Row, day, rows_of

if TYPE_CHECKING:
    import pandas as pd

FILE = "ileap.json"
NAMESPACE = uuid5(NAMESPACE_URL, "https://lowhaul.example/ileap")
"""What the ids of all footprints are made from, with the run's id and the object's."""
GWP = re.compile(r"AR[0-9]+")
FALLBACK_GWP = "AR5"
BOUNDARY = (
    "Well-to-wheel CO2e of the transport chain with its empty ways; rules of ISO 14083:2023, "
    "not certified"
)
PERCENT_STEP = Decimal("0.01")


@dataclass(frozen=True)
class Export:
    """The document, and what the plan's books hold that it does not."""

    document: IleapDocument
    left_out: tuple[LeftOut, ...]

    def lines(self) -> list[str]:
        """What is said of it in log.txt."""
        shipments = self.document.shipments
        whole = sum((t.co2eWTW for s in shipments for t in s.tces), Decimal(0))
        said = f"{FILE}: {len(shipments)} shipments, {whole:f} kg CO2e well-to-wheel"
        return [said, *(f"not in {FILE}: {_named(left)}" for left in self.left_out)]


def _named(left: LeftOut) -> str:
    known = f", {left.wtw_kg:f} kg CO2e" if left.wtw_kg else ""
    return f"{left.tce_id} ({left.what}{known})"


def export(case: Case, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> Export:
    """The iLEAP document of a plan from its result tables and summary."""
    chains, left = elements_of(rows_of(tables["legs"]))
    every = [element for chain in chains.values() for element in chain]
    categories = categories_of(every)
    maker = _Maker(case, summary, {e.tce_id: c for c in categories for e in c.elements})
    allocation: dict[str, list[Row]] = {}
    for row in rows_of(tables["order_allocation"]):
        allocation.setdefault(row["shipment_id"], []).append(row)
    footprints = [
        maker.shipment(
            row, chains[row["shipment_id"]], left, allocation.get(row["shipment_id"], [])
        )
        for row in rows_of(tables["shipments"])
        if row["shipment_id"] in chains
    ]
    footprints += [maker.category(category) for category in categories]
    return Export(document_of(footprints), tuple(left))


class _Maker:
    """Makes footprints of one plan; all have the same owner, period and namespace."""

    def __init__(
        self, case: Case, summary: Mapping[str, Any], home: Mapping[str, Category]
    ) -> None:
        self.case = case
        self.home = home
        self.gwp = {b.bid_id: b.co2e_gwp for b in case.bids}
        company = str(summary["project"]) or "Lowhaul project"
        settings = case.settings
        self.owner = Owner(
            company=company,
            company_ids=(f"urn:uuid:{uuid5(NAMESPACE, company)}",),
            created=_midnight(settings.as_of),
            period_from=_midnight(settings.period_from),
            period_until=_midnight(settings.period_to + timedelta(days=1)),
            namespace=uuid5(NAMESPACE, f"{summary['run_id']}"),
        )

    def shipment(
        self, row: Row, chain: Sequence[Element], left: Iterable[LeftOut], lines: Sequence[Row]
    ) -> ProductFootprint:
        """The footprint of one shipment; `left` may hold elements of others too."""
        shipment_id = str(row["shipment_id"])
        payload = ShipmentFootprint(
            mass=exact(row["mass_kg"]),
            volume=exact(row["volume_m3"]),
            shipmentId=shipment_id,
            tces=tuple(
                self.tce(element, chain[i - 1].tce_id if i else None)
                for i, element in enumerate(chain)
            ),
        )
        orders = str(row["order_ids"]).replace(";", ", ")
        missing = [_named(part) for part in left if part.shipment_id == shipment_id]
        exempted = [NO_EXEMPTION]
        if missing:
            exempted.append(
                "Not covered, so not in the total, and not known to be small: "
                + "; ".join(missing)
                + "."
            )
        allocation = "; ".join(
            f"order {r['order_id']} line {r['line']}: {exact(r['co2e_wtw_kg']):f} kg CO2e"
            for r in lines
        )
        description = (
            f"Transport of {orders} from {row['origin']} to {row['destination']} (planned)"
        )
        return wrapped(
            payload,
            self.owner,
            self.remarks(
                chain,
                description,
                exempted=" ".join(exempted),
                allocation=f"By mass of goods and packaging: {allocation}" if lines else None,
            ),
        )

    def tce(self, element: Element, before: str | None) -> Tce:
        """One element; days are written as midnight UTC, for a plan knows no hours."""
        row = element.row
        own_id = self.home[element.tce_id].own_id
        km = {"sfd": row["sfd_km"], "gcd": row["gcd_km"], "actual": row["actual_km"]}
        departs, arrives = day(row["depart"]), day(row["arrive"])
        return Tce(
            tceId=element.tce_id,
            prevTceIds=() if before is None else (before,),
            tocId=None if element.is_hub else own_id,
            hocId=own_id if element.is_hub else None,
            shipmentId=str(row["shipment_id"]),
            mass=element.mass_kg,
            packagingOrTrEqType="Container-TEU" if element.teu else None,
            packagingOrTrEqAmount=element.teu or None,
            distance=Distance(**{basis: exact(value) for basis, value in km.items()}),
            origin=location_of(str(row["from"]), self.case),
            destination=location_of(str(row["to"]), self.case),
            transportActivity=element.activity_tkm,
            departureAt=_midnight(departs) if departs else None,
            arrivalAt=_midnight(arrives) if arrives else None,
            co2eWTW=element.wtw_kg,
            co2eTTW=element.ttw_kg,
        )

    def category(self, category: Category) -> ProductFootprint:
        """The footprint of one TOC or HOC."""
        is_hub = category.elements[0].is_hub
        payload = hoc_of(category, self.case) if is_hub else toc_of(category, self.case)
        kind = "hub" if is_hub else "transport"
        description = f"Emission intensity of {kind} operations {category.own_id} (planned)"
        return wrapped(payload, self.owner, self.remarks(category.elements, description))

    def remarks(
        self,
        elements: Sequence[Element],
        description: str,
        exempted: str = NO_EXEMPTION,
        allocation: str | None = None,
    ) -> Remarks:
        """What is said of the data behind elements: sources, GWP, shares, doubts."""
        factors = factor_ids(elements)
        gwps = {factor: self._gwp(factor) for factor in factors}
        stated = sorted({g for g in gwps.values() if GWP.fullmatch(g)})
        comment = [EX_ANTE]
        unstated = [factor for factor, g in gwps.items() if not GWP.fullmatch(g)]
        if unstated:
            comment.append(f"The GWP is not stated for {', '.join(unstated)}.")
        partly = [e.tce_id for e in elements if not e.row["covered"]]
        if partly:
            comment.append(f"Well-to-tank is not covered for {', '.join(sorted(partly))}.")
        assumed = [f for f in factors if (known := self.case.factors.by_id(f)) and known.assumed]
        if assumed:
            comment.append(f"Assumed by the planner: {', '.join(assumed)}.")
        if folded := [e.tce_id for e in elements if e.empty_km]:
            comment.append(f"Empty ways are inside {', '.join(sorted(folded))}.")
        whole = sum((e.wtw_kg for e in elements), Decimal(0))
        primary = [e.wtw_kg for e in elements if e.row["data_type"] == "primary"]
        share = 100 * sum(primary, Decimal(0)) / whole if whole else Decimal(0)
        return Remarks(
            description=description,
            boundary=BOUNDARY,
            gwp=stated or [FALLBACK_GWP],
            comment=" ".join(comment),
            sources=self._sources(factors),
            exempted=exempted,
            primary_percent=share.quantize(PERCENT_STEP),
            allocation=allocation,
        )

    def _gwp(self, factor_id: str) -> str:
        factor = self.case.factors.by_id(factor_id)
        if factor is not None:
            return factor.gwp
        return self.gwp.get(factor_id.removeprefix("bid:"), "")

    def _sources(self, factors: Iterable[str]) -> list[tuple[str, str]]:
        """Name and version of what factors rest on; a carrier's own figure is no secondary one."""
        found = set()
        for factor_id in factors:
            factor = self.case.factors.by_id(factor_id)
            if factor is not None:
                found.add((factor.source or factor_id, factor.version or "not stated"))
            elif factor_id.startswith("place:"):
                place = self.case.places[factor_id.removeprefix("place:")]
                found.add((place.handling_source or factor_id, "not stated"))
        return sorted(found)


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)
