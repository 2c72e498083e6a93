"""The result tables in `results/<scenario>/`, each declared once, columns in their order."""

from __future__ import annotations

from lowhaul.columns import Column, Kind, Table

# One line a column: name, kind, unit, meaning.
_Spec = tuple[str, Kind, str, str]


def _columns(*specs: _Spec) -> tuple[Column, ...]:
    return tuple(Column(name, kind, unit=unit, about=about) for name, kind, unit, about in specs)


SHIPMENTS = Table(
    "shipments",
    "Load units with the same route and dates from stuffing to stripping.",
    _columns(
        ("shipment_id", "id", "", "The name of the shipment."),
        ("origin", "id", "", "Where it is stuffed."),
        ("destination", "id", "", "Where it is stripped."),
        ("order_ids", "list", "", "Orders in it, sorted."),
        ("equipment", "id", "", "Equipment code; blank: a part load."),
        ("load_units", "integer", "", "Load units; 0: a part load."),
        ("mass_kg", "number", "kg", "Goods and packaging."),
        ("volume_m3", "number", "m3", "Of the handling units."),
        ("packaging_ids", "list", "", "Packagings in it."),
        ("stuffing_date", "date", "", "Day of stuffing."),
        ("departure_date", "date", "", "Day of departure."),
        ("arrival_date", "date", "", "Day of arrival."),
        ("pol", "id", "", "Port of loading."),
        ("pod", "id", "", "Port of discharge."),
        ("cutoff_date", "date", "", "Last day at the port of loading."),
        ("empty_pickup_place", "list", "", "Where the empty boxes come from."),
        ("empty_pickup_date", "date", "", "Day it is fetched."),
        ("route", "text", "", "Places in their order, joined by >."),
        ("carriers", "list", "", "In the order of the legs."),
        ("cost", "number", "project currency", "All its charges and its share of the others."),
        ("co2e_wtw_kg", "number", "kg CO2e", "Sum of its legs."),
        ("on_time", "yesno", "", "Arrives no later than its orders are due."),
        ("booking_ref", "text", "", "Of the carrier."),
    ),
    key=("shipment_id",),
)

LEG_COLUMNS = _columns(
    ("tce_id", "id", "", "The transport chain element."),
    ("shipment_id", "id", "", "Blank: return of an unused box."),
    ("seq", "integer", "", "Position in the chain."),
    ("kind", "text", "", "transport, hub or empty."),
    ("mode", "text", "", "Mode of transport, or hub."),
    ("from", "id", "", "Start."),
    ("to", "id", "", "End."),
    ("carrier", "id", "", "Who moves it."),
    ("bid_id", "id", "", "The bid that pays it."),
    ("equipment", "id", "", "Equipment code; blank: a part load."),
    ("load_units", "integer", "", "Total of the row."),
    ("teu", "number", "TEU", "Total of the row."),
    ("mass_kg", "number", "kg", "Goods and packaging, total of the row."),
    ("distance_km", "number", "km", "Of the activity."),
    ("distance_basis", "text", "", "sfd, gcd or actual."),
    ("sfd_km", "number", "km", "Shortest feasible distance."),
    ("gcd_km", "number", "km", "Great-circle distance."),
    ("actual_km", "number", "km", "Driven or sailed."),
    ("daf", "number", "", "Distance adjustment that was applied."),
    ("distance_source", "text", "", "Where the distance comes from."),
    ("activity_tkm", "number", "tkm", "Transport activity."),
    ("toc_id", "id", "", "Transport or hub operation category."),
    ("factor_id", "text", "", "The emission factor; bid:<bid_id> for the bid's own."),
    (
        "factor_pack",
        "text",
        "",
        "Whose factor: carrier, place, own, a pack's name, or default; stated kilograms: stated.",
    ),
    ("factor_distance_basis", "text", "", "Of the factor's kilometres."),
    ("data_type", "text", "", "primary, modelled or default."),
    ("proxy", "yesno", "", "A factor of another region or class."),
    ("co2e_wtt_kg", "number", "kg CO2e", "Well-to-tank."),
    ("co2e_ttw_kg", "number", "kg CO2e", "Tank-to-wheel."),
    ("co2e_wtw_kg", "number", "kg CO2e", "Well-to-wheel."),
    ("covered", "yesno", "", "A factor was found."),
    ("cost", "number", "project currency", "Charges of the bid on this row."),
    ("depart", "date", "", "Day of departure."),
    ("arrive", "date", "", "Day of arrival."),
    ("paid_by", "text", "", "Who pays the leg."),
    ("ghg_scope", "text", "", "3.4, 3.9, 1 or 2."),
)

LEGS = Table(
    "legs",
    "Transport chain elements, hubs and empty moves included.",
    LEG_COLUMNS,
)

ORDER_ALLOCATION = Table(
    "order_allocation",
    "What each order line has of each shipment.",
    _columns(
        ("order_id", "id", "", "The order."),
        ("line", "id", "", "Its line."),
        ("sku", "id", "", "The product."),
        ("shipment_id", "id", "", "The shipment."),
        ("packaging_id", "id", "", "The packaging."),
        ("handling_units", "integer", "", "Handling units."),
        ("pieces", "integer", "", "Pieces."),
        ("mass_kg", "number", "kg", "Goods and packaging."),
        ("teu_share", "number", "TEU", "Its part of the shipment's TEU."),
        ("cost", "number", "project currency", "Its part of the shipment's cost."),
        ("co2e_wtw_kg", "number", "kg CO2e", "Its part, well-to-wheel."),
        ("co2e_ttw_kg", "number", "kg CO2e", "Its part, tank-to-wheel."),
        ("allocation_basis", "text", "", "What the shipment was split by."),
    ),
)

LOADS = Table(
    "loads",
    "Load units, a row each.",
    _columns(
        ("load_id", "id", "", "The load unit."),
        ("shipment_id", "id", "", "Its shipment."),
        ("equipment", "id", "", "Equipment code."),
        ("handling_units", "integer", "", "Handling units in it."),
        ("mass_kg", "number", "kg", "Goods and packaging."),
        ("vgm_kg", "number", "kg", "Verified gross mass: cargo and tare."),
        ("volume_use", "number", "", "Share of the inner volume."),
        ("mass_use", "number", "", "Share of the payload."),
        ("floor_use", "number", "", "Share of the floor."),
        ("cog_x_mm", "number", "mm", "Centre of gravity from the front wall."),
        ("cog_y_mm", "number", "mm", "Centre of gravity from the left wall."),
        ("cog_z_mm", "number", "mm", "Centre of gravity from the floor."),
        ("stuffable", "yesno", "", "Can be loaded by hand, unit after unit."),
    ),
    key=("load_id",),
)

PLACEMENTS = Table(
    "placements",
    "Handling units in their load units, a row each.",
    _columns(
        ("load_id", "id", "", "The load unit."),
        ("step", "integer", "", "Order of stuffing."),
        ("order_id", "id", "", "The order."),
        ("line", "id", "", "Its line."),
        ("packaging_id", "id", "", "The packaging."),
        ("x_mm", "integer", "mm", "From the front wall."),
        ("y_mm", "integer", "mm", "From the left wall."),
        ("z_mm", "integer", "mm", "From the floor."),
        ("dx_mm", "integer", "mm", "Size along the load unit."),
        ("dy_mm", "integer", "mm", "Size across it."),
        ("dz_mm", "integer", "mm", "Height."),
        ("mass_kg", "number", "kg", "Of the handling unit."),
    ),
)

COSTS = Table(
    "costs",
    "Charges, a row each.",
    _columns(
        ("shipment_id", "id", "", "Blank: fixed costs, rebates, returns of unused boxes."),
        ("seq", "integer", "", "Counts the charges of the shipment."),
        ("carrier", "id", "", "Who charges."),
        ("bid_id", "id", "", "By which bid."),
        ("charge_code", "id", "", "BAS, DISC, RUF, DET, HDL, FIX or of the code list."),
        ("section", "text", "", "freight, origin or destination."),
        ("basis", "text", "", "What the rate is counted per."),
        ("quantity", "number", "", "How many of it."),
        ("rate", "number", "rate_currency", "Per one."),
        ("rate_currency", "currency", "", "Of the rate."),
        ("fx", "number", "", "Project currency for one of the rate's."),
        ("amount", "number", "project currency", "quantity x rate x fx, to the cent."),
        ("source_file", "text", "", "Of the bid."),
        ("source_sheet", "text", "", "Of the bid."),
        ("source_row", "text", "", "Of the bid."),
    ),
)

ROUND_USE = Table(
    "round_use",
    "Emptied boxes that are loaded again, and why others are not.",
    _columns(
        ("empty_id", "id", "", "The group of boxes, or blank."),
        ("import_shipment_id", "id", "", "The inbound shipment that freed them, or blank."),
        ("shipment_id", "id", "", "The shipment that loads them."),
        ("equipment", "id", "", "Equipment code."),
        ("line", "id", "", "Owner of the boxes."),
        ("boxes", "integer", "", "Boxes; 0: unused, see the reason."),
        ("from", "id", "", "Where they stand."),
        ("to", "id", "", "Where they are stuffed."),
        ("depot", "id", "", "Blank: a street turn."),
        ("date", "date", "", "Day they are fetched."),
        ("km_saved", "number", "km", "Total of the row."),
        ("co2e_avoided_kg", "number", "kg CO2e", "Against port moves, both parties together."),
        ("co2e_avoided_own_kg", "number", "kg CO2e", "Our part."),
        ("co2e_avoided_partner_kg", "number", "kg CO2e", "The partner's part."),
        ("cost_change", "number", "project currency", "With the box less without."),
        ("reason", "text", "", "Why boxes stay unused."),
    ),
)

AWARDS = Table(
    "awards",
    "Who gets what.",
    _columns(
        ("carrier", "id", "", "Who is awarded."),
        ("lane_id", "id", "", "On which lane."),
        ("bid_id", "id", "", "By which bid."),
        ("equipment", "id", "", "Equipment code."),
        ("volume", "number", "volume_unit", "How much."),
        ("volume_unit", "text", "", "load_unit, t or teu."),
        ("share_of_lane", "number", "", "Of the lane's volume."),
        ("cost", "number", "project currency", "Of it."),
        ("co2e_wtw_kg", "number", "kg CO2e", "Of it."),
        ("reason", "text", "", "Why this one."),
    ),
)

TOCS = Table(
    "tocs",
    "Transport operation categories.",
    _columns(
        ("toc_id", "id", "", "The category."),
        ("mode", "text", "", "Mode of transport."),
        ("carrier", "id", "", "Who operates it."),
        ("vehicle", "text", "", "Class of vehicle."),
        ("energy", "text", "", "Energy carrier."),
        ("activity_tkm", "number", "tkm", "Transport activity."),
        ("loaded_km", "number", "km", "Laden kilometres."),
        ("empty_km", "number", "km", "Empty kilometres."),
        ("co2e_wtw_kg", "number", "kg CO2e", "Well-to-wheel."),
        (
            "intensity_wtw_g_per_tkm",
            "number",
            "g CO2e per tkm",
            "Of all kilometres, over the activity that has a figure.",
        ),
        ("data_type", "text", "", "primary, modelled or default."),
    ),
    key=("toc_id",),
)

ACTIONS = Table(
    "actions",
    "Monday's work.",
    _columns(
        ("date", "date", "", "Day."),
        ("action", "text", "", "book, order_empty, stuff, gate_in, hand_over_empty, ..."),
        ("carrier", "id", "", "With whom."),
        ("shipment_id", "id", "", "For which shipment."),
        ("quantity", "number", "", "How many."),
        ("place", "id", "", "Where."),
        ("note", "text", "", "What else."),
    ),
)

UNSERVED = Table(
    "unserved",
    "Order lines that are left, and why.",
    _columns(
        ("order_id", "id", "", "The order."),
        ("line", "id", "", "Its line."),
        ("pieces", "integer", "", "Pieces left."),
        ("reason", "text", "", "In the planner's words."),
    ),
)

FINDINGS = Table(
    "findings",
    "Faults and doubts in the inputs.",
    _columns(
        ("file", "text", "", "File."),
        ("sheet", "text", "", "Sheet of a workbook."),
        ("row", "integer", "", "As a spreadsheet counts: the header is row 1."),
        ("column", "text", "", "Column."),
        ("cell", "text", "", "A1 name of the cell."),
        ("code", "text", "", "Stable code."),
        ("severity", "text", "", "error, warning or info."),
        ("value", "text", "", "What stands there."),
        ("message", "text", "", "What is wrong."),
        ("hint", "text", "", "What would be right."),
    ),
)

RESULT_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SHIPMENTS, LEGS, ORDER_ALLOCATION, LOADS, PLACEMENTS, COSTS, ROUND_USE, AWARDS, TOCS,
        ACTIONS, UNSERVED, FINDINGS,
    )
}  # fmt: skip
"""The tables of a result folder by name; the file is `<name>.csv`."""
