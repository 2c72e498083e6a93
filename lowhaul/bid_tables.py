"""The input tables about carriers, what they bid, and the rules and pins of an award."""

from __future__ import annotations

from lowhaul.columns import Column, Table

MODES = ("road", "rail", "sea", "inland_waterway", "air")
SERVICES = ("container", "ftl", "ltl", "lcl", "air")
RATE_BASES = (
    "container", "teu", "trip", "tonne", "kg", "m3", "wm", "ldm", "shipment", "bl", "km", "percent",
)  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLACE = "locations.location_id"
C = Column

CARRIERS = Table(
    "carriers",
    "Who moves goods, and the owners of boxes.",
    (
        C("carrier", "id", True, about="The name of the carrier in all tables."),
        C("name", "text", True, about="The name that people read."),
        C("incumbent", "yesno", default=False, about="Moves our goods today."),
        C("qualified", "yesno", default=True, about="May be awarded."),
        C("qualified_until", "date", about="Last day of it; blank: open."),
        C("score", "number", at_least=0, at_most=100, about="Quality, 0 to 100."),
        C("certificates", "list", about="Held by the carrier."),
        C("fixed_cost", "number", default=0, at_least=0, unit="currency",
          about="Of using the carrier at all."),
        C("currency", "currency", about="Of its costs here; blank: the project's."),
        C("max_share", "number", at_least=0, at_most=1,
          about="Of the TEU of the scope (container services), of tonnes (others)."),
        C("min_share", "number", at_least=0, at_most=1,
          about="Of the TEU of the scope (container services), of tonnes (others); promised, "
                "also where the carrier would get nothing."),
        C("round_use_allowed", "yesno", default=True,
          about="Consents to round use, as owner of the box, sailing line or haulier."),
        C("round_use_fee", "number", default=0, at_least=0, unit="currency per box",
          about="Asked as owner of the box."),
        C("interchange_with", "list", refers_to="carriers.carrier", also=("SOC",),
          about="Owners whose boxes it loads on its bookings."),
    ),
    key=("carrier",),
    required=True,
)  # fmt: skip

LANES = Table(
    "lanes",
    "Relations that carriers bid on.",
    (
        C("lane_id", "id", True, about="The name of the lane."),
        C("origin", "id", True, refers_to=PLACE, about="Where it begins."),
        C("destination", "id", True, refers_to=PLACE, about="Where it ends."),
        C("equipment", "id", refers_to="equipment", about="Equipment code or trade name."),
        C("forecast_volume", "number", at_least=0, about="Expected in the period."),
        C("volume_unit", "text", choices=("load_unit", "t", "teu"), about="Unit of the volume."),
        C("remote", "yesno", about="Hard to reach; blank: from its locations."),
    ),
    key=("lane_id",),
)  # fmt: skip

BIDS = Table(
    "bids",
    "Tender answers, contracts and spot offers, one row a rate.",
    (
        C("bid_id", "id", True, about="The name of the bid."),
        C("lane_id", "id", refers_to="lanes.lane_id", about="The lane it answers."),
        C("carrier", "id", True, refers_to="carriers.carrier", about="Who bids."),
        C("line", "id", refers_to="carriers.carrier", also=("SOC",),
          about="Owner of the box; blank: the carrier at sea, none on land."),
        C("status", "text", default="offer", choices=("offer", "contract", "spot"),
          about="Spot bids need allow_spot."),
        C("mode", "text", True, choices=MODES, about="Mode of transport."),
        C("service", "text", True, choices=SERVICES, about="What is sold."),
        C("origin", "id", True, refers_to=PLACE, about="Where it begins."),
        C("destination", "id", True, refers_to=PLACE, about="Where it ends; one direction only."),
        C("equipment", "list", refers_to="equipment",
          about="Equipment codes or trade names; blank: all of the service."),
        C("rate", "number", True, at_least=0, unit="currency", about="Price per rate_basis."),
        C("currency", "currency", True, about="Of the rate and of all prices in the row."),
        C("rate_basis", "text", True, choices=RATE_BASES, about="What the rate is counted per."),
        C("percent_of", "list", about="Charge codes; blank: the base rate."),
        C("min_charge", "number", default=0, at_least=0, unit="currency",
          about="Least price of a shipment, before surcharges."),
        C("kg_per_m3", "number", above=0, at_most=100_000, unit="kg/m3",
          about="For chargeable mass."),
        C("weight_from_kg", "number", at_least=0, unit="kg",
          about="Cargo of a load unit (container, ftl), else chargeable mass of the shipment."),
        C("weight_to_kg", "number", at_least=0, unit="kg", about="The same, upper end."),
        C("transit_days", "integer", True, at_least=0, at_most=365, unit="days",
          about="Departure to arrival, without dwell."),
        C("cutoff_days", "integer", default=0, at_least=0, at_most=365, unit="days",
          about="At origin before departure."),
        C("departure_days", "list", choices=WEEKDAYS, about="Days of the week; blank: any."),
        C("capacity", "number", at_least=0, about="Most per capacity_per; blank: no limit."),
        C("capacity_per", "text", default="week", choices=("week", "day", "period"),
          about="Counted by departure date."),
        C("min_volume", "number", default=0, at_least=0,
          about="Least over the period, if the bid is used at all."),
        C("volume_unit", "text", choices=("load_unit", "t", "teu"),
          about="Of capacity and min_volume; blank: load_unit for container and ftl, t else."),
        C("valid_from", "date", about="First departure; blank: open."),
        C("valid_to", "date", about="Last departure; blank: open."),
        C("free_days", "integer", at_least=0, at_most=3650, unit="days",
          about="Import gate-out to empty return, free of detention."),
        C("round_use_rate", "number", at_least=0, unit="currency",
          about="Whole price for a box in round use; blank: rate."),
        C("round_use_km", "number", at_least=0, at_most=100_000, unit="km",
          about="Move to or from the other place that it includes; blank: no limit."),
        C("round_use_rate_per_km", "number", default=0, at_least=0, unit="currency per km",
          about="For each km beyond."),
        C("detention_per_day", "number", at_least=0, unit="currency per day",
          about="After free time; blank: free time is a hard end."),
        C("vehicle", "text", about="Class of vehicle, for the emission factor."),
        C("energy", "text", about="Energy carrier, for the emission factor."),
        C("co2e_wtw_g", "number", at_least=0, unit="g CO2e",
          about="The bid's own figure, well-to-wheel, per co2e_per."),
        C("co2e_ttw_g", "number", at_least=0, unit="g CO2e", about="Its tank-to-wheel part."),
        C("co2e_per", "text", choices=("tkm", "teu_km", "vehicle_km"),
          about="What the grams are counted per."),
        C("co2e_includes_empty", "yesno", default=True,
          about="The figure already holds empty running."),
        C("co2e_slope_g_per_tkm", "number", default=0, at_least=0, unit="g CO2e per tkm",
          about="Only with vehicle_km: more per tonne of cargo."),
        C("co2e_distance_basis", "text", default="sfd", choices=("sfd", "gcd", "actual"),
          about="Of the kilometres that the figure counts."),
        C("co2e_gwp", "text", choices=("AR4", "AR5", "AR6"),
          about="IPCC assessment report of its GWP100."),
        C("co2e_source", "text", about="Where the figure comes from."),
        C("co2e_verified", "yesno", default=False, about="Verified by a third party."),
        C("load_factor", "number", above=0, at_most=1, about="Mean use of the vehicle, by mass."),
        C("empty_distance_factor", "number", at_least=0, at_most=0.95,
          about="Empty share of the total kilometres."),
        C("data_type", "text", default="default", choices=("default", "modelled", "primary"),
          about="How the figure was found."),
        C("distance_km", "number", above=0, at_most=100_000, unit="km",
          about="One way, origin to destination."),
        C("distance_basis", "text", default="actual", choices=("actual", "sfd", "gcd"),
          about="Of that distance."),
        C("via", "list", refers_to=PLACE, about="Places on the way."),
        C("surcharges_included", "list", about="Charge codes that are in the rate."),
        C("remarks", "text", about="Anything else."),
        C("source_file", "text", about="Where the row came from."),
        C("source_sheet", "text", about="Where the row came from."),
        C("source_row", "text", about="Where the row came from."),
    ),
    key=("bid_id",),
    required=True,
)  # fmt: skip

BID_CHARGES = Table(
    "bid_charges",
    "Surcharges of a bid, or of a carrier on a lane or on all.",
    (
        C("bid_id", "id", refers_to="bids.bid_id", about="The bid, or blank."),
        C("carrier", "id", refers_to="carriers.carrier", about="Where bid_id is blank."),
        C("lane_id", "id", about="With carrier; blank: all of the carrier's bids."),
        C("charge_code", "id", True, about="Code of the charge, for example BAF."),
        C("amount", "number", True, unit="currency or percent", about="Per rate_basis."),
        C("currency", "currency", True, about="Of the amount."),
        C("rate_basis", "text", True, choices=RATE_BASES, about="What it is counted per."),
        C("percent_of", "list", about="Charge codes; blank: the base rate."),
        C("fuel_table", "id", refers_to="fuel_tables.table_id",
          about="The percentage is this fuel table's; amount is 0, rate_basis percent."),
        C("section", "text", default="freight", choices=("freight", "origin", "destination"),
          about="Where it arises."),
        C("payment_term", "text", default="PRE", choices=("PRE", "COL"),
          about="Prepaid or collect."),
        C("valid_from", "date", about="First departure; blank: open."),
        C("valid_to", "date", about="Last departure; blank: open."),
    ),
)  # fmt: skip

BID_TIERS = Table(
    "bid_tiers",
    "Rebates by volume.",
    (
        C("carrier", "id", True, refers_to="carriers.carrier", about="Who grants it."),
        C("scope", "list", about="Lanes, or countries or modes of lanes; blank: all."),
        C("from_volume", "number", True, at_least=0, about="Lower end, included."),
        C("to_volume", "number", at_least=0, about="Upper end, included; blank: open."),
        C("volume_unit", "text", default="teu", choices=("load_unit", "t", "teu"),
          about="Unit of the volume."),
        C("discount_percent", "number", True, at_least=0, at_most=100, unit="percent",
          about="Off base rates."),
        C("kind", "text", default="all_units", choices=("all_units", "incremental"),
          about="On all volume, or on what is above."),
    ),
)  # fmt: skip

BID_BUNDLES = Table(
    "bid_bundles",
    "Bids that are cheaper together.",
    (
        C("bundle_id", "id", True, about="The name of the bundle."),
        C("bid_ids", "list", True, refers_to="bids.bid_id", about="Bids in it."),
        C("discount_percent", "number", True, at_least=0, at_most=100, unit="percent",
          about="Off base rates."),
        C("kind", "text", default="conditional", choices=("conditional", "all_or_nothing"),
          about="Discount from min_lanes on, or all bids or none."),
        C("min_lanes", "integer", at_least=1, about="Blank: all of them."),
        C("xor_group", "id", about="Of one group at most one bundle is taken."),
    ),
    key=("bundle_id",),
)  # fmt: skip

TENDER_RULES = Table(
    "tender_rules",
    "Rules that an award must keep.",
    (
        C("rule", "text", True, choices=(
            "max_carriers", "min_carriers", "max_share", "min_share", "max_carriers_per_lane",
            "incumbent_min_share", "remote_lane_covered", "remote_min_share", "max_change_share"),
          about="Which rule."),
        C("value", "number", True, at_least=0, about="Its bound."),
        C("scope", "list",
          about="Where it holds: lanes, or countries or modes of lanes; blank: everywhere."),
    ),
)  # fmt: skip

DECISIONS = Table(
    "decisions",
    "Pins: what is already decided.",
    (
        C("level", "text", True, choices=("order", "shipment", "lane"), about="What is pinned."),
        C("key", "id", True, about="Which order, shipment or lane."),
        C("action", "text", True, choices=("fix", "forbid", "freeze"), about="How."),
        C("carrier", "id", refers_to="carriers.carrier", about="That carrier."),
        C("bid_id", "id", refers_to="bids.bid_id", about="That bid."),
        C("via", "list", refers_to=PLACE, about="Those places."),
        C("equipment", "id", refers_to="equipment", about="Equipment code or trade name."),
        C("departure_date", "date", about="That day."),
        C("booking_ref", "text", about="Of the carrier."),
        C("reason", "text", True, about="Why."),
        C("until", "date", about="Last day that the pin holds."),
    ),
)  # fmt: skip

FUEL_TABLES = Table(
    "fuel_tables",
    "Fuel surcharges by an index.",
    (
        C("table_id", "id", True, about="The name of the fuel table."),
        C("index_from", "number", True, about="Lower end, included."),
        C("index_to", "number", True, about="Upper end; it belongs to the row that begins there."),
        C("surcharge_percent", "number", True, unit="percent", about="On the base rate."),
        C("valid_from", "date", about="First day; blank: open."),
        C("valid_to", "date", about="Last day; blank: open."),
    ),
)  # fmt: skip

FUEL_INDEX = Table(
    "fuel_index",
    "The index of fuel tables from a day on.",
    (
        C("table_id", "id", True, refers_to="fuel_tables.table_id", about="Of which fuel table."),
        C("date", "date", True, about="First day of departure that it holds for."),
        C("index", "number", True, about="In the unit of the table's rows."),
        C("source", "text", about="Where it comes from."),
    ),
    key=("table_id", "date"),
)  # fmt: skip

BID_TABLES = (
    CARRIERS, LANES, BIDS, BID_CHARGES, BID_TIERS, BID_BUNDLES, TENDER_RULES, DECISIONS,
    FUEL_TABLES, FUEL_INDEX,
)  # fmt: skip
