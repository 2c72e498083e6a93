"""The facts of a plan's declaration, from its result tables and its case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from emissions.co2e import Co2e
from emissions.declaration import About, Declaration, Given, RoundUse, declare
from emissions.declaration_parts import FactorFacts, LegFacts, OrderFacts, ProductFacts
from emissions.elements import Element, element_of_row
from emissions.round_use import Turn, toc_before_and_after
from lowhaul import __version__
from lowhaul.units import kilograms, kilometres, round_half_up
from scenarios.figures import Result, Row, day, number, text, total
from scenarios.pages import as_number

if TYPE_CHECKING:
    from routing.case import Case

Relation = tuple[str, str]


def declaration_of(result: Result, base: Result | None, case: Case) -> Declaration:
    """The declaration of a plan; its modes are set against the baseline where there is one."""
    settings = case.settings
    said: Mapping[str, Any] = result.summary.get("declaration") or {}
    project, scenario = (text(result.summary.get(k)) for k in ("project", "scenario"))
    about = About(
        organisation=text(said.get("organisation")),
        contact=text(said.get("contact")),
        subject=": ".join(part for part in (project, scenario) if part),
        period_from=settings.period_from,
        period_to=settings.period_to,
        basis=text(result.summary.get("basis")) or "planned",
        run_id=text(result.summary.get("run_id")),
        software=f"Lowhaul {__version__}",
    )
    factors = factor_facts(result.legs, case)
    elements = elements_of(result.legs, factors)
    given = Given(
        elements=elements,
        legs=[_leg_facts(row) for row in result.legs],
        factors=factors,
        orders=order_facts(result, case),
        products={
            sku: ProductFacts(p.declared_unit, p.declared_units_per_piece)
            for sku, p in getattr(case, "products", {}).items()
            if p.declared_unit
        },
        countries={place_id: place.country for place_id, place in case.places.items()},
        book=case.factors,
        round_use=_round_use(result),
        ets_price_per_t=as_number(said.get("ets_price_per_t")),
        currency=text(result.summary.get("currency")),
        relations=_relations(result, elements),
        baseline=_relations(base, elements_of(base.legs, factor_facts(base.legs, case)))
        if base
        else {},
        compared_with=text(base.summary.get("scenario")) or "baseline" if base else "",
    )
    return declare(about, given)


def elements_of(legs: Iterable[Row], factors: Mapping[str, FactorFacts]) -> list[Element]:
    """The rows of legs.csv as elements, with what their factors say of GWP and assumptions."""
    found = []
    for row in legs:
        facts = factors.get(text(row["factor_id"]))
        found.append(
            element_of_row(
                row,
                gwp=facts.gwp if facts else "",
                assumed=facts.assumed if facts else False,
            )
        )
    return found


def _leg_facts(row: Row) -> LegFacts:
    return LegFacts(
        origin=text(row["from"]),
        destination=text(row["to"]),
        departs=day(row["depart"]),
        ghg_scope=text(row["ghg_scope"]),
        activity_basis=text(row["distance_basis"]),
    )


def factor_facts(legs: Iterable[Row], case: Case) -> dict[str, FactorFacts]:
    """Where each factor of the legs comes from: a bid, a place, or a row of a pack."""
    bids = {f"bid:{b.bid_id}": b for b in case.bids}
    facts: dict[str, FactorFacts] = {}
    for factor_id in {text(row["factor_id"]) for row in legs} - {""}:
        bid, factor = bids.get(factor_id), case.factors.by_id(factor_id)
        if bid is not None:
            carrier = case.carriers.get(bid.carrier)
            name = carrier.name if carrier and carrier.name else bid.carrier
            facts[factor_id] = FactorFacts(
                f"declared by {name}", bid.co2e_source, licence="the carrier’s own",
                gwp=bid.co2e_gwp,
            )  # fmt: skip
        elif factor is not None:
            facts[factor_id] = FactorFacts(
                factor.factor_id, factor.source, factor.version, factor.licence, factor.gwp,
                factor.assumed,
            )  # fmt: skip
        elif factor_id.startswith("place:"):
            place = case.places.get(factor_id.removeprefix("place:"))
            source = place.handling_source if place else ""
            facts[factor_id] = FactorFacts(factor_id, source or "table locations")
    return facts


def order_facts(result: Result, case: Case) -> list[OrderFacts]:
    """The order lines of each shipment; pieces count where they reach their destination."""
    orders = {o.key: o for o in case.orders}
    ends = {text(s["shipment_id"]): text(s["destination"]) for s in result.shipments}
    found = []
    for row in result.order_allocation:
        key, shipment_id = f"{text(row['order_id'])}/{text(row['line'])}", text(row["shipment_id"])
        order = orders.get(key)
        found.append(
            OrderFacts(
                order=key,
                shipment_id=shipment_id,
                sku=text(row["sku"]),
                mass_kg=number(row["mass_kg"]),
                pieces=number(row["pieces"]),
                flow=order.flow if order else "outbound",
                incoterm=order.incoterm.strip().upper() if order else "",
                delivered=order is None or order.destination == ends.get(shipment_id),
            )
        )
    return found


def _round_use(result: Result) -> RoundUse:
    rows = [r for r in result.round_use if number(r["boxes"])]
    before, after = haulage_intensities(result)
    return RoundUse(
        boxes=int(sum(number(r["boxes"]) for r in rows)),
        km_saved=kilometres(total(rows, "km_saved")),
        avoided_kg=kilograms(total(rows, "co2e_avoided_kg")),
        own_kg=kilograms(total(rows, "co2e_avoided_own_kg")),
        partner_kg=kilograms(total(rows, "co2e_avoided_partner_kg")),
        against="every box back to its port and every empty box fetched there",
        toc_before_g_per_tkm=before,
        toc_after_g_per_tkm=after,
    )


def haulage_intensities(result: Result) -> tuple[float | None, float | None]:
    """WTW g per t-km of the haulage to the places that load emptied boxes: before and after.

    Before: each of those boxes is fetched at the port, over the laden way's kilometres. After: as
    planned. The return of the emptied box is its former user's and stands in neither.
    """
    laden, tkm, km, turns = Co2e.zero(), 0.0, 0.0, []
    by_shipment: dict[str, list[Row]] = {}
    for row in result.round_use:
        if number(row["boxes"]) and number(row["km_saved"]):
            by_shipment.setdefault(text(row["shipment_id"]), []).append(row)
    for shipment_id, rows in by_shipment.items():
        legs = [g for g in result.legs if text(g["shipment_id"]) == shipment_id]
        hauls = [g for g in legs if text(g["mode"]) == "road" and text(g["kind"]) == "transport"]
        if not hauls:
            continue
        haul = min(hauls, key=lambda g: number(g["seq"]))
        empty = [
            g for g in legs
            if text(g["kind"]) == "empty" and text(g["tce_id"]) == text(haul["tce_id"])
        ]  # fmt: skip
        starts = {text(row["from"]) for row in rows}
        fetched = [g for g in empty if text(g["from"]) not in starts]
        laden += sum((element_of_row(g).known for g in (haul, *fetched)), Co2e.zero())
        tkm, km = tkm + number(haul["activity_tkm"]), km + number(haul["actual_km"])
        for row in rows:
            moves = [g for g in empty if text(g["from"]) == text(row["from"])]
            turns.append(
                Turn(
                    number(row["boxes"]),
                    return_km=0.0,
                    pick_up_km=number(haul["actual_km"]),
                    move_km=number(moves[0]["actual_km"]) if moves else 0.0,
                    per_km=Co2e(0.0, number(row["co2e_avoided_kg"]) / number(row["km_saved"])),
                )
            )
    if not tkm:
        return None, None
    before, after = toc_before_and_after(laden, tkm, km, turns)
    return round_half_up(before.wtw_g, 6), round_half_up(after.wtw_g, 6)


def _relations(result: Result, elements: list[Element]) -> dict[Relation, list[Element]]:
    """The chains of a plan by the relation of their shipment."""
    ends = {
        text(s["shipment_id"]): (text(s["origin"]), text(s["destination"]))
        for s in result.shipments
    }
    chains: dict[Relation, list[Element]] = {}
    for element in elements:
        if element.shipment_id in ends:
            chains.setdefault(ends[element.shipment_id], []).append(element)
    return chains
