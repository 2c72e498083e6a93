"""Transports that were done (`lowhaul footprint FILE`): tables in, tables out, declared once."""

from __future__ import annotations

from dataclasses import replace

from lowhaul.bid_tables import BIDS, MODES, SERVICES
from lowhaul.columns import Column, Table
from lowhaul.result_tables import LEG_COLUMNS

KINDS_OF_ELEMENTS = ("transport", "hub", "empty")
DATA_TYPES = ("primary", "modelled", "default")
BASES = ("actual", "sfd", "gcd")
FLOWS = ("outbound", "inbound", "transfer")
PAYERS = ("us", "other")
SCOPES = ("3.4", "3.9", "1", "2")
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
MOST_KM = 100_000
ENERGY_UNITS = ("l", "kg", "MJ", "kWh")
MOST_LOSSES = 0.5
C = Column

_LEG = {c.name: c for c in LEG_COLUMNS}
_BID = {c.name: c for c in BIDS.columns}


def _leg(name: str, **changes: object) -> Column:
    return replace(_LEG[name], **changes)  # type: ignore[arg-type]


def _km(name: str) -> Column:
    return _leg(name, at_least=0, at_most=MOST_KM)


def _kg(name: str, about: str) -> Column:
    return _leg(name, at_least=0, about=about)


_KNOWN: dict[str, Column] = {
    c.name: c
    for c in (
        _leg("kind", choices=KINDS_OF_ELEMENTS,
             about="transport, hub or empty; blank: transport, for the mode hub a hub."),
        _leg("mode", required=True, choices=(*MODES, "hub")),
        _leg("from", required=True,
             about="Start: a location_id, a UN/LOCODE, or a city as Name, CC."),
        _leg("to", required=True, about="End, named as the start."),
        _leg("seq", at_least=0, about="Position in the chain; blank: in the order of the rows."),
        _leg("load_units", at_least=0, about="Containers, trailers or trips of the row; 0 or "
             "blank: a part load."),
        _leg("teu", at_least=0, about="Total of the row; blank: from equipment and load_units."),
        _leg("mass_kg", at_least=0),
        _leg("distance_km", at_least=0, at_most=MOST_KM, about="Of one load unit's way; blank: "
             "sfd_km, gcd_km or actual_km, else computed between the places."),
        _leg("distance_basis", choices=BASES, default="actual", about="Of distance_km."),
        _km("sfd_km"),
        _km("gcd_km"),
        _km("actual_km"),
        _leg("factor_distance_basis", choices=BASES),
        _leg("data_type", choices=DATA_TYPES,
             about="Of the row's own CO2e figure; blank: default, the weakest."),
        _kg("co2e_wtt_kg", "Well-to-tank of the row; not read where co2e_wtw_kg is given."),
        _kg("co2e_ttw_kg", "Tank-to-wheel of the row, a part of co2e_wtw_kg; blank: split as the "
            "default factor of the mode."),
        _kg("co2e_wtw_kg", "The row's own CO2e, well-to-wheel, as measured or stated for it; "
            "blank: computed."),
        _leg("paid_by", choices=PAYERS, about="us or other; blank: from flow and incoterm."),
        _leg("ghg_scope", choices=SCOPES, about="3.4, 3.9, 1 or 2; blank: from the flow and who "
             "pays."),
    )
}  # fmt: skip

OWN_CO2E = (
    "co2e_wtw_g", "co2e_ttw_g", "co2e_per", "co2e_includes_empty", "co2e_slope_g_per_tkm",
    "co2e_distance_basis", "co2e_gwp", "co2e_source",
)  # fmt: skip
"""Columns of `bids` that a row of `executed` may have too: the carrier's own figure per unit."""

EXECUTED = Table(
    "executed",
    "Transports that were done: the columns of legs.csv that are known, and what names a factor.",
    (
        *(_KNOWN.get(c.name, c) for c in LEG_COLUMNS),
        C("service", "text", choices=SERVICES,
          about="What was bought; blank: air by air, container or ftl by the equipment, a part "
          "load (ltl, at sea lcl) without one."),
        C("vehicle", "text", about="Class of vehicle; blank: the default of the mode."),
        C("energy", "text", about="Energy carrier; blank: that of the vehicle's factor."),
        C("energy_used", "number", above=0,
          about="Energy of the row, as metered; goes before all figures and factors."),
        C("energy_unit", "text", choices=ENERGY_UNITS,
          about="Of energy_used; the fuels and their units stand in emissions/data/fuels.csv."),
        C("energy_country", "text",
          about="Whose grid the electricity comes from; blank: the country of both ends. EU, ASIA "
          "and WORLD are averages that must be named."),
        C("grid_losses", "number", at_least=0, at_most=MOST_LOSSES,
          about="Share of the electricity that is lost between power station and meter; 5 to 8 % "
          "is usual at the pantograph, 0 if energy_used was metered at the power station."),
        C("empty_km", "number", unit="km", at_least=0, at_most=MOST_KM,
          about="Driven with the box empty for this haul, each load unit; an element of its own."),
        C("empty_distance_factor", "number", at_least=0, at_most=0.95,
          about="Only ftl: empty kilometres as a share of the total kilometres."),
        *(replace(_BID[name], refers_to="") for name in OWN_CO2E),
        C("flow", "text", choices=FLOWS, about="Of the goods, seen from us."),
        C("incoterm", "text", choices=INCOTERMS, about="Incoterms 2020; says who pays where "
          "paid_by is blank and the flow is given."),
        C("own_vehicle", "yesno", default=False, about="Driven by ourselves: scope 1 or 2."),
    ),
)  # fmt: skip

EXECUTED_SHIPMENTS = Table(
    "executed_shipments",
    "Transports that were done, a row a shipment; each becomes a row of `executed` for every mode.",
    (
        C("shipment_id", "id", True, about="The name of the shipment."),
        C("origin", "id", True, about="A location_id, a UN/LOCODE, or a city as Name, CC."),
        C("via", "list", about="Places between origin and destination, in their order."),
        C("destination", "id", True, about="Named as the origin."),
        C("modes", "list", True, choices=MODES, about="One for each leg: one more than via."),
        C("carriers", "list", about="One for each leg, or one for all."),
        C("services", "list", choices=SERVICES, about="One for each leg, or one for all."),
        C("vehicles", "list", about="One for each leg, or one for all."),
        C("energies", "list", about="One for each leg, or one for all."),
        C("distances_km", "numbers", unit="km", about="One for each leg; blank: computed."),
        C("distance_basis", "text", choices=BASES, default="actual", about="Of distances_km."),
        C("equipment", "id", about="Equipment code or trade name; blank: a part load."),
        C("load_units", "integer", at_least=0, about="Of the shipment."),
        C("teu", "number", unit="TEU", at_least=0, about="Of the shipment."),
        C("mass_kg", "number", True, unit="kg", at_least=0, about="Goods and packaging."),
        C("depart", "date", about="Day of departure."),
        C("flow", "text", choices=FLOWS, about="Of the goods, seen from us."),
        C("incoterm", "text", choices=INCOTERMS, about="Incoterms 2020."),
        C("paid_by", "text", choices=PAYERS, about="us or other."),
    ),
    key=("shipment_id",),
)  # fmt: skip

ITEMS_OF_LEGS = {
    "carriers": "carrier", "services": "service", "vehicles": "vehicle", "energies": "energy",
    "distances_km": "distance_km",
}  # fmt: skip
"""Lists of a shipment with an item for each leg, and the column of `executed` that they fill."""

TCES = Table(
    "tces",
    "Transport chain elements of a footprint: the columns of legs.csv and where they come from.",
    (
        *LEG_COLUMNS,
        C("service", "text", about="What was bought."),
        C("vehicle", "text", about="Class of vehicle as given."),
        C("energy", "text", about="Energy carrier as given."),
        C("gwp", "text", about="IPCC assessment report of the figure's GWP100."),
        C("assumed", "yesno", about="Rests on a figure that the planner assumed."),
        C("lane", "text", about="First start and last end of the shipment, joined by >."),
        C("month", "text", about="Of the departure, YYYY-MM."),
        C("source_row", "integer", about="Row of the file it comes from; the header is row 1."),
    ),
)

TOTALS = Table(
    "totals",
    "Sums of tces.csv: of all, and by mode, carrier, lane, month and scope 3 category.",
    (
        C("by", "text", about="all, mode, carrier, lane, month or ghg_scope."),
        C("name", "text", about="The mode, carrier, ...; blank: not stated."),
        C("elements", "integer", about="Elements, hubs and empty ways included."),
        C("not_covered", "integer", about="Elements of these that are not covered whole."),
        C("mass_kg", "number", unit="kg", about="Of its transports; a shipment counts each leg."),
        C("activity_tkm", "number", unit="tkm", about="Transport activity."),
        C("covered_tkm", "number", unit="tkm", about="Of it covered whole."),
        C("co2e_wtt_kg", "number", unit="kg CO2e", about="Well-to-tank."),
        C("co2e_ttw_kg", "number", unit="kg CO2e", about="Tank-to-wheel."),
        C("co2e_wtw_kg", "number", unit="kg CO2e", about="Well-to-wheel."),
        C("intensity_wtw_g_per_tkm", "number", unit="g CO2e per tkm",
          about="CO2e of what is known over the activity that has a figure."),
    ),
    key=("by", "name"),
)  # fmt: skip
