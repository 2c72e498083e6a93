"""The input tables of a project folder, each declared once (docs: docs/reference/tables.md)."""

from __future__ import annotations

from dataclasses import replace

from lowhaul.bid_tables import BID_TABLES, MODES
from lowhaul.columns import Column, Table
from lowhaul.executed_tables import EXECUTED, EXECUTED_SHIPMENTS

KINDS = (
    "plant", "warehouse", "hub", "port", "rail_terminal", "barge_terminal", "airport", "depot",
    "customer", "supplier",
)  # fmt: skip
GRADES = ("A", "B", "C")
GWPS = ("AR4", "AR5", "AR6")
BASES = ("actual", "sfd", "gcd")
PLACE = "locations.location_id"
C = Column

LOCATIONS = Table(
    "locations",
    "Places that goods and boxes start from, pass and arrive at.",
    (
        C("location_id", "id", True, about="The name of the place in all tables."),
        C("name", "text", True, about="The name that people read."),
        C("kind", "text", True, choices=KINDS, about="What the place is."),
        C("country", "country", True, about="ISO 3166 alpha-2 code of the country."),
        C("unlocode", "text", about="UN/LOCODE, five signs, for example NLRTM."),
        C("lat", "number", unit="degrees", at_least=-90, at_most=90,
          about="Latitude, WGS84; blank: from UN/LOCODE."),
        C("lon", "number", unit="degrees", at_least=-180, at_most=180,
          about="Longitude, WGS84; blank: from UN/LOCODE."),
        C("remote", "yesno", default=False, about="Hard to reach: many carriers do not serve it."),
        C("can_restuff", "yesno",
          about="Goods may change their load unit here; blank: yes for a hub, no otherwise."),
        C("handling_cost_per_load_unit", "number", at_least=0, unit="currency",
          about="For each load unit that changes its mode here, sealed; blank: nothing."),
        C("handling_cost_per_t", "number", at_least=0, unit="currency",
          about="For each tonne that is re-stuffed here; blank: nothing."),
        C("currency", "currency", about="Of the handling costs; blank: the project's."),
        C("handling_co2e_wtw_kg_per_t", "number", at_least=0, unit="kg CO2e per t",
          about="Well-to-wheel, for each tonne re-stuffed; blank: not covered."),
        C("handling_co2e_wtw_kg_per_teu", "number", at_least=0, unit="kg CO2e per TEU",
          about="Well-to-wheel, for each TEU that changes its mode; blank: not covered."),
        C("handling_co2e_ttw_kg_per_t", "number", default=0, at_least=0, unit="kg CO2e per t",
          about="The tank-to-wheel part of it."),
        C("handling_co2e_ttw_kg_per_teu", "number", default=0, at_least=0,
          unit="kg CO2e per TEU", about="The tank-to-wheel part of it."),
        C("handling_source", "text", about="Where the CO2e values come from."),
        C("dwell_days", "integer", default=0, at_least=0, at_most=365, unit="days",
          about="Between arrival and the next departure."),
    ),
    key=("location_id",),
    required=True,
)  # fmt: skip

ROAD_LIMITS = Table(
    "road_limits",
    "The heaviest cargo of a load unit on a country's roads; binds at both ends of a road leg.",
    (
        C("country", "country", True, about="ISO 3166 alpha-2 code of the country."),
        C("equipment", "id", True, refers_to="equipment", about="Equipment code or trade name."),
        C("max_cargo_kg", "number", True, at_least=0, above=0, unit="kg",
          about="Goods, packaging and dunnage of one load unit; no tare."),
        C("source", "text", True, about="Where the limit comes from."),
    ),
    key=("country", "equipment"),
)  # fmt: skip

PRODUCTS = Table(
    "products",
    "What is shipped, piece by piece.",
    (
        C("sku", "id", True, about="The article number."),
        C("description", "text", about="What it is."),
        C("net_mass_kg", "number", True, above=0, at_least=0, unit="kg", about="Of a piece."),
        C("length_mm", "number", above=0, at_most=100_000, unit="mm", about="Of a piece."),
        C("width_mm", "number", above=0, at_most=100_000, unit="mm", about="Of a piece."),
        C("height_mm", "number", above=0, at_most=100_000, unit="mm", about="Of a piece."),
        C("declared_unit", "text", about="What figures are also given per, for example kWp."),
        C("declared_units_per_piece", "number", above=0, about="So many of it in a piece."),
        C("min_box_grade", "text", default="C", choices=GRADES,
          about="The worst grade of an emptied box that it may be loaded into."),
    ),
    key=("sku",),
    required=True,
)  # fmt: skip

PACKAGING = Table(
    "packaging",
    "How pieces of a product are put up: pallets, crates, cartons.",
    (
        C("packaging_id", "id", True, about="The name of the packaging."),
        C("sku", "id", True, refers_to="products.sku", about="The product in it."),
        C("units", "integer", True, at_least=1, at_most=10_000_000, unit="pieces",
          about="Pieces in a handling unit."),
        C("length_mm", "integer", True, at_least=1, at_most=100_000, unit="mm", about="Outside."),
        C("width_mm", "integer", True, at_least=1, at_most=100_000, unit="mm", about="Outside."),
        C("height_mm", "integer", True, at_least=1, at_most=100_000, unit="mm", about="Outside."),
        C("gross_mass_kg", "number", True, above=0, at_least=0, unit="kg",
          about="Of a full handling unit."),
        C("packaging_mass_kg", "number", at_least=0, unit="kg",
          about="Of the empty packaging; blank: gross mass less units x net mass."),
        C("max_stack", "integer", default=1, at_least=1, at_most=1000, unit="layers",
          about="Layers from this unit upwards, itself counted."),
        C("max_top_load_kg", "number", at_least=0, unit="kg",
          about="The most that may stand on it; blank: no limit beyond max_stack."),
        C("upright_only", "yesno", default=True, about="It may not be laid on a side."),
        C("rotate_on_floor", "yesno", default=True, about="It may be turned on the floor."),
        C("stack_code", "text",
          about="Only equal codes stand on one another; blank: own packaging only."),
        C("status", "text", default="current", choices=("current", "candidate"),
          about="A candidate needs the measure packaging."),
        C("cost_per_unit", "number", default=0, at_least=0, unit="currency",
          about="Of a handling unit's packaging."),
        C("currency", "currency", about="Of the cost; blank: the project's."),
    ),
    key=("packaging_id",),
    required=True,
)  # fmt: skip

ORDERS = Table(
    "orders",
    "What must be moved, from when and until when.",
    (
        C("order_id", "id", True, about="The order's number."),
        C("line", "id", default="1", about="The order's line; the key is order_id + line."),
        C("origin", "id", True, refers_to=PLACE, about="Where the goods are."),
        C("destination", "id", True, refers_to=PLACE, about="Where they must go."),
        C("sku", "id", True, refers_to="products.sku", about="The product."),
        C("quantity", "integer", True, at_least=1, at_most=1_000_000_000, unit="pieces",
          about="Pieces ordered."),
        C("ready_date", "date", True, about="Earliest departure."),
        C("due_date", "date", True, about="Latest arrival."),
        C("flow", "text", default="outbound", choices=("outbound", "inbound", "transfer"),
          about="Whose goods, seen from us."),
        C("status", "text", default="firm", choices=("firm", "forecast"), about="How sure it is."),
        C("priority", "number", default=1, above=0, at_most=1_000_000,
          about="Higher is served first."),
        C("incoterm", "text", about="Incoterms 2020 code.", choices=(
            "EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")),
        C("named_place", "id", refers_to=PLACE,
          about="location_id or UN/LOCODE; legs beyond it are not ours, unless we_choose."),
        C("we_choose", "yesno", default=True, about="We choose the way beyond the named place."),
        C("splittable", "yesno", default=True, about="It may travel in parts."),
        C("mix_allowed", "yesno", default=True, about="With other orders in one load unit."),
        C("equipment_allowed", "list", refers_to="equipment",
          about="Equipment codes or trade names; blank: all."),
        C("box_grade_after", "text", default="B", choices=GRADES,
          about="Inbound: the grade of the box when it has been emptied."),
        C("unstuff_days", "integer", default=1, at_least=0, at_most=365, unit="days",
          about="Inbound: from arrival until the box is empty."),
    ),
    key=("order_id", "line"),
    required=True,
)  # fmt: skip

EQUIPMENT = Table(
    "equipment",
    "Containers and trailers beside the built-in ones, or instead of them.",
    (
        C("equipment", "id", True, about="ISO 6346 code, trade name or an own name."),
        C("inner_length_mm", "integer", True, at_least=1, at_most=100_000, unit="mm",
          about="Inside."),
        C("inner_width_mm", "integer", True, at_least=1, at_most=100_000, unit="mm",
          about="Inside."),
        C("inner_height_mm", "integer", True, at_least=1, at_most=100_000, unit="mm",
          about="Inside."),
        C("door_width_mm", "integer", at_least=1, at_most=100_000, unit="mm",
          about="Clear opening; blank: no limit."),
        C("door_height_mm", "integer", at_least=1, at_most=100_000, unit="mm",
          about="Clear opening; blank: no limit."),
        C("tare_kg", "number", True, at_least=0, unit="kg", about="Of the empty equipment."),
        C("payload_kg", "number", True, above=0, at_least=0, unit="kg", about="The most it holds."),
        C("teu", "number", True, at_least=0, at_most=10, unit="TEU", about="0 for a trailer."),
        C("floor_load_kg_per_m", "number", above=0, unit="kg/m", about="Of its length."),
        C("kingpin_mm", "number", at_least=-100_000, at_most=100_000, unit="mm",
          about="Trailers: from the front wall."),
        C("axles_mm", "numbers", unit="mm", about="Trailers: distances from the front wall."),
        C("axle_limits_kg", "numbers", unit="kg", about="Trailers: one limit for each axle."),
        C("axle_tare_kg", "numbers", unit="kg", about="Trailers: of the empty vehicle."),
        C("floor_load_kg_per_m2", "number", above=0, unit="kg/m2", about="Under each footprint."),
        C("load_line_mm", "integer", at_least=1, at_most=100_000, unit="mm",
          about="Cargo ends under it (reefers); blank: the roof."),
        C("reserved", "list",
          about="Room where nothing may stand: x y z dx dy dz [name] in mm, separated by ;"),
    ),
    key=("equipment",),
)  # fmt: skip

EMPTIES = Table(
    "empties",
    "Emptied boxes that are known beforehand and may be loaded again.",
    (
        C("empty_id", "id", True, about="The name of the group of boxes."),
        C("equipment", "id", True, refers_to="equipment", about="Equipment code or trade name."),
        C("location", "id", True, refers_to=PLACE, about="Where they stand empty."),
        C("line", "id", True, refers_to="carriers.carrier", also=("SOC",),
          about="Their owner: a carrier, or SOC for the shipper's own."),
        C("quantity", "integer", True, at_least=1, at_most=1_000_000, unit="boxes", about="Boxes."),
        C("available_from", "date", True, about="First day they may be fetched."),
        C("free_until", "date",
          about="Last day they may be fetched free of detention; blank: no limit."),
        C("return_to", "id", True, refers_to=PLACE, about="Port or depot they would go back to."),
        C("return_cost", "number", default=0, at_least=0, unit="currency", about="Per box."),
        C("currency", "currency", about="Of the return cost; blank: the project's."),
        C("vehicle", "text", about="Vehicle of the return; blank: artic_gt33."),
        C("grade", "text", default="A", choices=GRADES, about="State of the boxes, A is best."),
        C("ours", "yesno", default=True,
          about="Their return is on our account where they are not loaded again."),
        C("detention_per_day", "number", at_least=0, unit="currency per box",
          about="For each day after free_until; blank: free time is a hard end."),
    ),
    key=("empty_id",),
)  # fmt: skip

BASELINE = Table(
    "baseline",
    "What was done before, or would be done without any measure.",
    (
        C("origin", "id", True, refers_to=PLACE, about="Of the relation."),
        C("destination", "id", True, refers_to=PLACE, about="Of the relation."),
        C("carriers", "list", refers_to="carriers.carrier", about="In the order of the legs."),
        C("via", "list", refers_to=PLACE, about="In the order of the legs."),
        C("modes", "list", choices=MODES, about="In the order of the legs."),
        C("equipment", "id", refers_to="equipment", about="Equipment code or trade name."),
        C("packaging_id", "id", refers_to="packaging.packaging_id", about="The packaging then."),
        C("load_rate", "number", above=0, at_most=1,
          about="Of the binding capacity; blank: each order loaded alone."),
        C("share", "number", default=1, above=0, at_most=1, about="Of the relation's goods."),
        C("basis", "text", True, choices=("actual", "assumed"), about="Measured or supposed."),
        C("source", "text", about="Where it comes from."),
    ),
)  # fmt: skip

WANTED = Table(
    "wanted",
    "Boxes wanted for export, for round use planned alone.",
    (
        C("wanted_id", "id", True, about="The name of the need."),
        C("equipment", "id", True, refers_to="equipment", about="Equipment code or trade name."),
        C("location", "id", True, refers_to=PLACE, about="Where they are stuffed."),
        C("line", "id", True, refers_to="carriers.carrier", also=("SOC",),
          about="Whose boxes the booking takes."),
        C("quantity", "integer", True, at_least=1, at_most=1_000_000, unit="boxes", about="Boxes."),
        C("from_date", "date", True, about="First day of stuffing."),
        C("to_date", "date", True, about="Last day of stuffing."),
        C("port", "id", True, refers_to=PLACE, about="Where they would come from otherwise."),
        C("min_grade", "text", default="C", choices=GRADES, about="The worst grade that will do."),
    ),
    key=("wanted_id",),
)  # fmt: skip

DISTANCES = Table(
    "distances",
    "Own distances; they hold both ways unless the other way is given too.",
    (
        C("from", "id", True, refers_to=PLACE, about="Start."),
        C("to", "id", True, refers_to=PLACE, about="End."),
        C("mode", "text", True, choices=MODES, about="Mode of transport."),
        C("distance_km", "number", True, above=0, at_most=100_000, unit="km", about="One way."),
        C("basis", "text", True, choices=BASES,
          about="Driven, shortest feasible or great-circle kilometres."),
        C("source", "text", True, about="Where it comes from."),
    ),
    key=("from", "to", "mode"),
)  # fmt: skip

FACTORS = Table(
    "factors",
    "Own or licensed emission factors.",
    (
        C("factor_id", "id", True, about="The name of the factor."),
        C("mode", "text", True, choices=(*MODES, "hub"), about="Mode of transport, or hub."),
        C("vehicle", "text", about="Class of vehicle; blank: any."),
        C("energy", "text", about="Energy carrier; blank: any."),
        C("region", "text", about="Where it holds."),
        C("co2e_wtt_g", "number", unit="g CO2e",
          about="Well-to-tank; blank: not covered."),
        C("co2e_ttw_g", "number", at_least=0, unit="g CO2e", about="Tank-to-wheel; blank: 0."),
        C("per", "text", True, choices=("tkm", "teu_km", "vehicle_km", "t", "teu"),
          about="What the grams are counted per."),
        C("slope_g_per_tkm", "number", default=0, at_least=0, unit="g CO2e per tkm",
          about="Only with vehicle_km: more per tonne of cargo."),
        C("includes_empty", "yesno", True, about="The figure already holds empty running."),
        C("load_factor", "number", above=0, at_most=1, about="That the figure supposes."),
        C("empty_distance_factor", "number", at_least=0, at_most=0.95,
          about="Share of total km that the figure supposes empty."),
        C("distance_basis", "text", True, choices=BASES, about="Of its kilometres."),
        C("gwp", "text", True, choices=GWPS, about="IPCC assessment report of its GWP100."),
        C("data_type", "text", True, choices=("default", "modelled", "primary"),
          about="How it was found."),
        C("source", "text", True, about="Where it comes from."),
        C("version", "text", True, about="Edition or year of the source."),
        C("licence", "text", True, about="Under which it may be used."),
        C("assumed", "yesno", default=False,
          about="A planner's assumption, reported apart."),
    ),
    key=("factor_id",),
)  # fmt: skip

FX_RATES = Table(
    "fx_rates",
    "Exchange rates; the latest on or before fx_date counts.",
    (
        C("date", "date", True, about="Day of the rate."),
        C("base", "currency", True, about="1 of this currency"),
        C("quote", "currency", True, about="is so many of this one."),
        C("rate", "number", True, above=0, about="1 base = rate quote."),
        C("source", "text", about="Where it comes from."),
    ),
    key=("date", "base", "quote"),
)  # fmt: skip

LOAD_LIST = Table(
    "load_list",
    "Goods of one loading job (lowhaul load FILE).",
    (
        C("sku", "id", True, about="Article number."),
        C("description", "text", about="What it is."),
        C("quantity", "integer", True, at_least=1, at_most=100_000, unit="handling units",
          about="Handling units of that kind."),
        C("length_mm", "integer", True, at_least=1, at_most=100_000, unit="mm", about="Outside."),
        C("width_mm", "integer", True, at_least=1, at_most=100_000, unit="mm", about="Outside."),
        C("height_mm", "integer", True, at_least=1, at_most=100_000, unit="mm", about="Outside."),
        C("gross_weight_kg", "number", True, above=0, at_least=0, unit="kg", about="Of one."),
        C("max_stack_layers", "integer", default=1, at_least=1, at_most=1000, unit="layers",
          about="Layers from this unit upwards, itself counted."),
        C("upright_only", "yesno", default=True, about="It may not be laid on a side."),
        C("rotate_on_floor", "yesno", default=True, about="It may be turned on the floor."),
        C("stack_code", "text", about="Only equal codes stand on one another; blank: own sku."),
        C("load_bearing_kg", "number", at_least=0, unit="kg",
          about="The most that may stand on it; blank: no limit beyond the layers."),
        C("ship_from", "text", about="Where it is loaded."),
        C("ship_to", "text", about="Where it goes."),
        C("ready_date", "date", about="Earliest departure."),
        C("due_date", "date", about="Latest arrival."),
        C("incoterm", "text", about="Incoterms 2020 code."),
        C("remarks", "text", about="Anything else."),
        C("stop", "integer", default=1, at_least=1, at_most=1000,
          about="Unloading order: stop 1 is unloaded first."),
        C("group", "id", about="Units of one group stay together in a load unit."),
        C("not_with", "list", about="Groups that it may not share a load unit with."),
        C("priority", "number", default=1, above=0, at_most=1_000_000,
          about="Higher is loaded first where not all fits."),
    ),
)  # fmt: skip

INPUT_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        LOCATIONS, ROAD_LIMITS, PRODUCTS, PACKAGING, ORDERS, EQUIPMENT, *BID_TABLES, EMPTIES,
        BASELINE, EXECUTED, WANTED, DISTANCES, FACTORS, FX_RATES,
    )
}  # fmt: skip
"""The tables of a project's `data/` folder by name."""

FROM_THE_MANIFEST = ("gwp", "distance_basis", "version", "licence")
"""Columns of a factor pack that its manifest fills where they are blank."""
FACTOR_PACK = Table(
    "factor_pack",
    "Factors of a pack in a file of its own, beside its manifest.",
    (
        *(replace(c, required=c.required and c.name not in FROM_THE_MANIFEST)
          for c in FACTORS.columns),
        C("slope_wtt_g_per_tkm", "number", at_least=0, unit="g CO2e per tkm",
          about="Well-to-tank part of the slope; blank: split as the row."),
        C("slope_ttw_g_per_tkm", "number", at_least=0, unit="g CO2e per tkm",
          about="Tank-to-wheel part of the slope; blank: split as the row."),
        C("payload_full_t", "number", above=0, unit="t", about="What the source calls full."),
        C("page", "text", about="Page or table of the source."),
        C("year", "text", about="Year of the data."),
        C("evidence", "text", about="Whether the value was seen in the source."),
        C("note", "text", about="Anything else."),
    ),
    key=("factor_id",),
)  # fmt: skip

SINGLE_FILE_TABLES: dict[str, Table] = {
    t.name: t for t in (LOAD_LIST, FACTOR_PACK, EXECUTED_SHIPMENTS)
}
"""Tables that a command reads from a file of their own."""
