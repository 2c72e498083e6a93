"""From a project's tables to the case of one scenario: frozen objects, nothing left as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from loading.equipment import Equipment
from loading.units import Packaging
from lowhaul.columns import split_list
from routing.baseline import BaselineWay
from routing.boxes import EmptyBoxes, WantedBoxes
from routing.case import Case, RoadLimit
from routing.distances import Distances, OwnDistance
from routing.fuel import fuel_tables
from routing.money import ExchangeRates, FxRate
from routing.orders import Order, Product
from routing.places import RESTUFFING_KINDS, Place
from scenarios.bid_inputs import bids_of, carriers_of, fuel_index_of, fuel_steps_of
from scenarios.factors import factor_book
from scenarios.pins import pins_of
from scenarios.project import Project, load_project
from scenarios.rows import Row, day, number, rows_of
from scenarios.rules.equipment import all_equipment
from scenarios.rules.places import coordinates_of
from scenarios.tender_inputs import remote_lanes_of, tender_of

__all__ = ["Project", "build_case", "load_project"]


def build_case(project: Project, scenario: str) -> Case:
    """The case of one scenario; tables are turned into objects once for all scenarios.

    Where the measure `tender` is off nothing is awarded: rules of the award and carriers' shares
    bind only where it is on. Rebates and bundles are what carriers grant, whoever is chosen.
    """
    settings = project.settings(scenario)
    shared = project.built
    if "tables" not in shared:
        shared["tables"] = _objects(project)
    objects: dict[str, Any] = shared["tables"]
    if "factors" not in shared:
        shared["factors"] = factor_book(project.frames["factors"], project.packs)
    way = ("distances", settings.closed_passages, settings.avoid_countries)
    if way not in shared:
        shared[way] = Distances(
            objects["places"],
            own=objects["own_distances"],
            closed_passages=settings.closed_passages,
            avoid=sorted(settings.avoid_countries),
        )
    return Case(
        settings=settings,
        places=objects["places"],
        equipment=objects["equipment"],
        products=objects["products"],
        packagings=objects["packagings"],
        orders=objects["orders"],
        carriers=objects["carriers" if settings.on("tender") else "carriers_without_shares"],
        bids=objects["bids"],
        distances=shared[way],
        factors=shared["factors"],
        fx=ExchangeRates(settings.currency, objects["fx_rates"], settings.fx_date),
        empties=objects["empties"],
        baseline=objects["baseline"],
        road_limits=objects["road_limits"],
        tender=objects["tender" if settings.on("tender") else "tender_without_rules"],
        remote_lanes=objects["remote_lanes"],
        fuel_steps=objects["fuel_steps"],
        fuel_index=objects["fuel_index"],
        pins=pins_of(project, scenario, settings.as_of),
    )


def _objects(project: Project) -> dict[str, Any]:
    frames, currency = project.frames, project.document.currency
    products = products_of(frames["products"])
    steps, index = fuel_steps_of(frames["fuel_tables"]), fuel_index_of(frames["fuel_index"])
    bids = bids_of(project.tables["bids"], frames["bid_charges"], fuel_tables(steps, index))
    carriers, tender = carriers_of(frames["carriers"], currency), tender_of(frames)
    return {
        "places": places_of(frames["locations"], currency),
        "equipment": all_equipment(frames["equipment"]),
        "products": products,
        "packagings": packagings_of(frames["packaging"], products, currency),
        "orders": orders_of(frames["orders"]),
        "carriers": carriers,
        "carriers_without_shares": {
            name: replace(c, max_share=None, min_share=None) for name, c in carriers.items()
        },
        "bids": bids,
        "fuel_steps": steps,
        "fuel_index": index,
        "fx_rates": fx_rates_of(frames["fx_rates"]),
        "own_distances": own_distances_of(frames["distances"]),
        "empties": empties_of(frames["empties"], currency),
        "baseline": baseline_of(frames["baseline"]),
        "road_limits": road_limits_of(frames["road_limits"]),
        "tender": tender,
        "tender_without_rules": replace(tender, rules=()),
        "remote_lanes": remote_lanes_of(frames["lanes"]),
    }


def places_of(locations: pd.DataFrame, currency: str) -> dict[str, Place]:
    """The table `locations`, with coordinates from UN/LOCODE where none are given."""
    lats, lons = coordinates_of(locations)
    return {
        row["location_id"]: _place(row, float(lat), float(lon), currency)
        for row, lat, lon in zip(rows_of(locations), lats, lons, strict=True)
    }


def _place(row: Row, lat: float, lon: float, currency: str) -> Place:
    restuff = row["can_restuff"]
    return Place(
        location_id=row["location_id"],
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        lat=lat,
        lon=lon,
        unlocode=row["unlocode"],
        remote=bool(row["remote"]),
        can_restuff=row["kind"] in RESTUFFING_KINDS if restuff is None else bool(restuff),
        handling_cost_per_load_unit=number(row["handling_cost_per_load_unit"]) or 0.0,
        handling_cost_per_t=number(row["handling_cost_per_t"]) or 0.0,
        currency=row["currency"] or currency,
        handling_co2e_wtw_kg_per_t=number(row["handling_co2e_wtw_kg_per_t"]),
        handling_co2e_wtw_kg_per_teu=number(row["handling_co2e_wtw_kg_per_teu"]),
        handling_co2e_ttw_kg_per_t=float(row["handling_co2e_ttw_kg_per_t"]),
        handling_co2e_ttw_kg_per_teu=float(row["handling_co2e_ttw_kg_per_teu"]),
        handling_source=row["handling_source"],
        dwell_days=int(row["dwell_days"]),
    )


def products_of(frame: pd.DataFrame) -> dict[str, Product]:
    """The table `products`."""
    return {
        row["sku"]: Product(
            sku=row["sku"],
            net_mass_kg=float(row["net_mass_kg"]),
            description=row["description"],
            declared_unit=row["declared_unit"],
            declared_units_per_piece=number(row["declared_units_per_piece"]),
            min_box_grade=row["min_box_grade"],
        )
        for row in rows_of(frame)
    }


def packagings_of(
    frame: pd.DataFrame, products: Mapping[str, Product], currency: str
) -> dict[str, tuple[Packaging, ...]]:
    """The table `packaging` by sku: the current ones first, in the order of the table."""
    by_sku: dict[str, list[Packaging]] = {}
    for row in rows_of(frame):
        goods_kg = int(row["units"]) * products[row["sku"]].net_mass_kg
        own_kg, gross_kg = number(row["packaging_mass_kg"]), float(row["gross_mass_kg"])
        packaging = Packaging(
            packaging_id=row["packaging_id"],
            sku=row["sku"],
            units=int(row["units"]),
            length_mm=int(row["length_mm"]),
            width_mm=int(row["width_mm"]),
            height_mm=int(row["height_mm"]),
            gross_mass_kg=gross_kg,
            packaging_mass_kg=max(0.0, gross_kg - goods_kg) if own_kg is None else own_kg,
            max_stack=int(row["max_stack"]),
            max_top_load_kg=number(row["max_top_load_kg"]),
            upright_only=bool(row["upright_only"]),
            rotate_on_floor=bool(row["rotate_on_floor"]),
            stack_code=row["stack_code"],
            candidate=row["status"] == "candidate",
            cost_per_unit=float(row["cost_per_unit"]),
            currency=row["currency"] or currency,
        )
        by_sku.setdefault(packaging.sku, []).append(packaging)
    return {sku: tuple(sorted(p, key=lambda x: x.candidate)) for sku, p in by_sku.items()}


def orders_of(frame: pd.DataFrame) -> tuple[Order, ...]:
    """The table `orders`."""
    return tuple(
        Order(
            order_id=row["order_id"],
            line=row["line"],
            origin=row["origin"],
            destination=row["destination"],
            sku=row["sku"],
            quantity=int(row["quantity"]),
            ready_date=row["ready_date"].date(),
            due_date=row["due_date"].date(),
            flow=row["flow"],
            status=row["status"],
            priority=float(row["priority"]),
            incoterm=row["incoterm"],
            named_place=row["named_place"],
            we_choose=bool(row["we_choose"]),
            splittable=bool(row["splittable"]),
            mix_allowed=bool(row["mix_allowed"]),
            equipment_allowed=split_list(row["equipment_allowed"]),
            box_grade_after=row["box_grade_after"],
            unstuff_days=int(row["unstuff_days"]),
        )
        for row in rows_of(frame)
    )


def empties_of(frame: pd.DataFrame, currency: str) -> tuple[EmptyBoxes, ...]:
    """The table `empties`."""
    return tuple(
        EmptyBoxes(
            empty_id=row["empty_id"],
            equipment=row["equipment"],
            location=row["location"],
            line=row["line"],
            quantity=int(row["quantity"]),
            available_from=row["available_from"].date(),
            return_to=row["return_to"],
            free_until=day(row["free_until"]),
            return_cost=float(row["return_cost"]),
            currency=row["currency"] or currency,
            vehicle=row["vehicle"],
            grade=row["grade"],
            ours=bool(row["ours"]),
            detention_per_day=number(row["detention_per_day"]),
        )
        for row in rows_of(frame)
    )


def wanted_of(frame: pd.DataFrame) -> tuple[WantedBoxes, ...]:
    """The table `wanted`."""
    return tuple(
        WantedBoxes(
            wanted_id=row["wanted_id"],
            equipment=row["equipment"],
            location=row["location"],
            line=row["line"],
            quantity=int(row["quantity"]),
            from_date=row["from_date"].date(),
            to_date=row["to_date"].date(),
            port=row["port"],
            min_grade=row["min_grade"],
        )
        for row in rows_of(frame)
    )


def baseline_of(frame: pd.DataFrame) -> tuple[BaselineWay, ...]:
    """The table `baseline`."""
    return tuple(
        BaselineWay(
            origin=row["origin"],
            destination=row["destination"],
            carriers=split_list(row["carriers"]),
            via=split_list(row["via"]),
            modes=split_list(row["modes"]),
            equipment=row["equipment"],
            packaging_id=row["packaging_id"],
            load_rate=number(row["load_rate"]),
            share=float(row["share"]),
            basis=row["basis"],
            source=row["source"],
        )
        for row in rows_of(frame)
    )


def road_limits_of(frame: pd.DataFrame) -> tuple[RoadLimit, ...]:
    """The table `road_limits`."""
    return tuple(
        RoadLimit(row["country"], row["equipment"], float(row["max_cargo_kg"]), row["source"])
        for row in rows_of(frame)
    )


def own_distances_of(frame: pd.DataFrame) -> tuple[OwnDistance, ...]:
    """The table `distances`."""
    return tuple(
        OwnDistance(
            row["from"], row["to"], row["mode"], float(row["distance_km"]), row["basis"],
            row["source"],
        )
        for row in rows_of(frame)
    )  # fmt: skip


def fx_rates_of(frame: pd.DataFrame) -> tuple[FxRate, ...]:
    """The table `fx_rates`."""
    return tuple(
        FxRate(row["date"].date(), row["base"], row["quote"], float(row["rate"]), row["source"])
        for row in rows_of(frame)
    )


def equipment_of(project: Project) -> dict[str, Equipment]:
    """The equipment of a project by code."""
    return all_equipment(project.frames["equipment"])
