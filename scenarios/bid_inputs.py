"""Carriers and bids from their tables; surcharges are hung on the bids they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from lowhaul.cells import TableData
from lowhaul.columns import split_list
from routing.bids import (
    LOAD_UNIT_SERVICES,
    Bid,
    Carrier,
    Charge,
    FuelIndex,
    FuelStep,
)
from routing.fuel import FuelTable
from scenarios.rows import Row, day, int_or_none, number, rows_of


def carriers_of(frame: pd.DataFrame, currency: str) -> dict[str, Carrier]:
    """The table `carriers`; blank currencies are the project's."""
    return {
        row["carrier"]: Carrier(
            carrier=row["carrier"],
            name=row["name"],
            incumbent=bool(row["incumbent"]),
            qualified=bool(row["qualified"]),
            qualified_until=day(row["qualified_until"]),
            score=number(row["score"]),
            fixed_cost=float(row["fixed_cost"]),
            currency=row["currency"] or currency,
            max_share=number(row["max_share"]),
            min_share=number(row["min_share"]),
            round_use_allowed=bool(row["round_use_allowed"]),
            round_use_fee=float(row["round_use_fee"]),
            interchange_with=split_list(row["interchange_with"]),
        )
        for row in rows_of(frame)
    }


class ChargeBook:
    """Surcharges by what they hang on: a bid, a carrier's lane, or all of a carrier's bids."""

    def __init__(self, frame: pd.DataFrame, tables: Mapping[str, FuelTable]) -> None:
        self._by_bid: dict[str, list[tuple[int, Charge]]] = {}
        self._by_lane: dict[tuple[str, str], list[tuple[int, Charge]]] = {}
        for position, row in enumerate(rows_of(frame)):
            charge = _charge(row)
            table = tables.get(charge.fuel_table)
            some = [(position, c) for c in (table.charges(charge) if table else (charge,))]
            if row["bid_id"]:
                self._by_bid.setdefault(row["bid_id"], []).extend(some)
            else:
                self._by_lane.setdefault((row["carrier"], row["lane_id"]), []).extend(some)

    def of(self, bid_id: str, carrier: str, lane_id: str) -> list[tuple[int, Charge]]:
        """The charges of a bid with their positions in the table, in its order."""
        found = [*self._by_bid.get(bid_id, ()), *self._by_lane.get((carrier, ""), ())]
        if lane_id:
            found += self._by_lane.get((carrier, lane_id), ())
        return sorted(found, key=lambda c: c[0])


def _charge(row: Row) -> Charge:
    return Charge(
        charge_code=row["charge_code"],
        amount=float(row["amount"]),
        currency=row["currency"],
        rate_basis=row["rate_basis"],
        percent_of=split_list(row["percent_of"]),
        section=row["section"],
        payment_term=row["payment_term"],
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        fuel_table=row["fuel_table"],
    )


def fuel_steps_of(frame: pd.DataFrame) -> tuple[FuelStep, ...]:
    """The table `fuel_tables`."""
    return tuple(
        FuelStep(
            row["table_id"], float(row["index_from"]), float(row["index_to"]),
            float(row["surcharge_percent"]), day(row["valid_from"]), day(row["valid_to"]),
        )
        for row in rows_of(frame)
    )  # fmt: skip


def fuel_index_of(frame: pd.DataFrame) -> tuple[FuelIndex, ...]:
    """The table `fuel_index`."""
    return tuple(
        FuelIndex(row["table_id"], row["date"].date(), float(row["index"]))
        for row in rows_of(frame)
    )


def bids_of(
    table: TableData, charges: pd.DataFrame, fuel: Mapping[str, FuelTable]
) -> tuple[Bid, ...]:
    """The table `bids` with their surcharges, those that the rate includes left out.

    A charge that names a fuel table becomes a percentage for each span of days of its index.
    A blank `line` is the carrier at sea and nobody on land; a blank `volume_unit` is the load
    unit for container and ftl and the tonne for part loads. A row that names no source is its own:
    the file, sheet and row of the table, so that each cost can be followed to a cell.
    """
    book = ChargeBook(charges, fuel)
    bids = (_bid(row, book) for row in rows_of(table.frame))
    return tuple(
        bid
        if bid.source_file
        else replace(
            bid, source_file=table.file, source_sheet=table.sheet, source_row=str(int(number))
        )
        for bid, number in zip(bids, table.rows, strict=True)
    )


def _bid(row: Row, book: ChargeBook) -> Bid:
    included = split_list(row["surcharges_included"])
    units = row["service"] in LOAD_UNIT_SERVICES
    charges = book.of(row["bid_id"], row["carrier"], row["lane_id"])
    return Bid(
        bid_id=row["bid_id"],
        carrier=row["carrier"],
        mode=row["mode"],
        service=row["service"],
        origin=row["origin"],
        destination=row["destination"],
        rate=float(row["rate"]),
        currency=row["currency"],
        rate_basis=row["rate_basis"],
        transit_days=int(row["transit_days"]),
        lane_id=row["lane_id"],
        line=row["line"] or (row["carrier"] if row["mode"] == "sea" else ""),
        status=row["status"],
        equipment=split_list(row["equipment"]),
        percent_of=split_list(row["percent_of"]),
        min_charge=float(row["min_charge"]),
        kg_per_m3=number(row["kg_per_m3"]),
        weight_from_kg=number(row["weight_from_kg"]),
        weight_to_kg=number(row["weight_to_kg"]),
        cutoff_days=int(row["cutoff_days"]),
        departure_days=split_list(row["departure_days"]),
        capacity=number(row["capacity"]),
        capacity_per=row["capacity_per"],
        min_volume=float(row["min_volume"]),
        volume_unit=row["volume_unit"] or ("load_unit" if units else "t"),
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        free_days=int_or_none(row["free_days"]),
        round_use_rate=number(row["round_use_rate"]),
        round_use_km=number(row["round_use_km"]),
        round_use_rate_per_km=float(row["round_use_rate_per_km"]),
        detention_per_day=number(row["detention_per_day"]),
        vehicle=row["vehicle"],
        energy=row["energy"],
        co2e_wtw_g=number(row["co2e_wtw_g"]),
        co2e_ttw_g=number(row["co2e_ttw_g"]),
        co2e_per=row["co2e_per"],
        co2e_includes_empty=bool(row["co2e_includes_empty"]),
        co2e_slope_g_per_tkm=float(row["co2e_slope_g_per_tkm"]),
        co2e_distance_basis=row["co2e_distance_basis"],
        co2e_gwp=row["co2e_gwp"],
        co2e_source=row["co2e_source"],
        co2e_verified=bool(row["co2e_verified"]),
        load_factor=number(row["load_factor"]),
        empty_distance_factor=number(row["empty_distance_factor"]),
        data_type=row["data_type"],
        distance_km=number(row["distance_km"]),
        distance_basis=row["distance_basis"],
        via=split_list(row["via"]),
        surcharges_included=included,
        remarks=row["remarks"],
        source_file=row["source_file"],
        source_sheet=row["source_sheet"],
        source_row=row["source_row"],
        charges=tuple(c for _, c in charges if c.charge_code not in included),
    )
