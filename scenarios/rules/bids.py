"""Rules of bids and their surcharges: validity, units, lanes, CO2e figures, money."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from emissions.factors import Factor, NotCovered
from lowhaul.cells import Mask
from lowhaul.findings import Finding
from routing.bids import LOAD_UNIT_SERVICES
from routing.money import ExchangeRates, FxRate, NoRate
from scenarios.factors import book_for_rules
from scenarios.rows import rows_of
from scenarios.rules.context import Context, filled, groups, truth
from scenarios.rules.demand import first_use, report_dates_out_of_order

LOAD_UNIT_BASES = ("container", "teu", "trip", "tonne", "kg", "km", "shipment", "bl")
PART_LOAD_BASES = ("tonne", "kg", "m3", "wm", "ldm", "shipment", "bl", "km")
VOLUME_UNITS = {
    "container": ("load_unit", "teu"), "ftl": ("load_unit",), "ltl": ("t",), "lcl": ("t",),
    "air": ("t",),
}  # fmt: skip
VALIDITIES = ("bids", "bid_charges", "fuel_tables")


def report_validities(context: Context) -> None:
    """Rule: a price's last day is not before its first."""
    for table in VALIDITIES:
        what = "The price is not valid on any day"
        report_dates_out_of_order(context, table, "valid_from", "valid_to", "E330", what)


def report_weight_bounds(context: Context) -> None:
    """Rule: the lower mass of a rate is not above its upper mass."""
    data = context["bids"]
    low, high = data.frame["weight_from_kg"], data.frame["weight_to_kg"]
    wrong = truth(low > high) & data.sound("weight_from_kg", "weight_to_kg")
    data.report(
        context.findings, "E331", wrong, "weight_from_kg", "The masses are the wrong way round.",
        "weight_from_kg must not be above weight_to_kg.",
    )  # fmt: skip


def bases_of(service: str) -> tuple[str, ...]:
    """The rate bases that a service can be priced by."""
    return LOAD_UNIT_BASES if service in LOAD_UNIT_SERVICES else PART_LOAD_BASES


def report_rate_bases(context: Context) -> None:
    """Rule: whole load units are priced by units, part loads by size and mass; never percent."""
    data = context["bids"]
    frame = data.frame
    whole = frame["service"].isin(LOAD_UNIT_SERVICES).to_numpy()
    good = np.where(
        whole, frame["rate_basis"].isin(LOAD_UNIT_BASES), frame["rate_basis"].isin(PART_LOAD_BASES)
    ).astype(bool)
    wrong = ~good & data.sound("rate_basis", "service")
    data.report(
        context.findings, "E332", wrong, "rate_basis",
        lambda i: "A base rate cannot be a percentage."
        if frame["rate_basis"].iloc[i] == "percent"
        else f"The service {frame['service'].iloc[i]} cannot be priced by "
        f"{frame['rate_basis'].iloc[i]}.",
        lambda i: f"Wanted: {', '.join(bases_of(frame['service'].iloc[i]))}.",
    )  # fmt: skip
    percent_of = filled(frame["percent_of"]) & data.sound("percent_of") & ~wrong
    data.report(
        context.findings, "E332", percent_of, "percent_of",
        "A base rate is no percentage of other charges.", "Leave percent_of blank in bids.",
    )  # fmt: skip


def report_services(context: Context) -> None:
    """Rule: the service is one of the mode's."""
    data = context["bids"]
    mode, service = data.frame["mode"], data.frame["service"]
    wrong = mode.eq("air").ne(service.eq("air")) | (service.eq("ftl") & mode.ne("road"))
    data.report(
        context.findings, "E333", wrong.to_numpy(dtype=bool) & data.sound("mode", "service"),
        "service", lambda i: f"The service {service.iloc[i]} does not go by {mode.iloc[i]}.",
        "air goes by air and nothing else does, ftl by road.",
    )  # fmt: skip


def report_volume_units(context: Context) -> None:
    """Rule: load units are counted in load units (containers also TEU), part loads in tonnes."""
    data = context["bids"]
    unit, service = data.frame["volume_unit"], data.frame["service"]
    allowed = {(s, u) for s, units in VOLUME_UNITS.items() for u in ("", *units)}
    codes, pairs = groups(data.frame, ["service", "volume_unit"])
    refused = np.array([pair not in allowed for pair in pairs], dtype=bool)
    wrong = refused[codes] & data.sound("service", "volume_unit")
    data.report(
        context.findings, "E338", wrong, "volume_unit",
        lambda i: f"Volumes of {service.iloc[i]} are not counted in {unit.iloc[i]}.",
        lambda i: f"Wanted: {' or '.join(VOLUME_UNITS.get(service.iloc[i], ()))}.",
    )  # fmt: skip


def report_own_co2e(context: Context) -> None:
    """Rule: a bid's own CO2e figure is whole: its unit, its parts, its slope."""
    data = context["bids"]
    frame = data.frame
    wtw, ttw, per = frame["co2e_wtw_g"], frame["co2e_ttw_g"], frame["co2e_per"]
    sound = data.sound("co2e_wtw_g", "co2e_ttw_g", "co2e_per", "co2e_slope_g_per_tkm")
    data.report(
        context.findings, "E334", filled(wtw) & ~filled(per) & sound, "co2e_per",
        "co2e_wtw_g is given, but not per what.", "Give tkm, teu_km or vehicle_km.",
    )  # fmt: skip
    data.report(
        context.findings, "E335", truth(ttw > wtw) & sound, "co2e_ttw_g",
        "The tank-to-wheel part is above well-to-wheel.", "co2e_wtw_g is the whole of both parts.",
    )  # fmt: skip
    data.report(
        context.findings, "E336", filled(ttw) & ~filled(wtw) & sound, "co2e_wtw_g",
        "co2e_ttw_g is given without co2e_wtw_g.", "Give the well-to-wheel figure too.",
    )  # fmt: skip
    slope = truth(frame["co2e_slope_g_per_tkm"] > 0)
    data.report(
        context.findings, "E336", slope & per.ne("vehicle_km").to_numpy() & sound,
        "co2e_slope_g_per_tkm", "The slope goes with vehicle_km only.",
        "Set co2e_per to vehicle_km or leave the slope blank.",
    )  # fmt: skip
    part = ~frame["service"].isin(LOAD_UNIT_SERVICES).to_numpy()
    vehicle = per.isin(["vehicle_km", "teu_km"]).to_numpy()
    data.report(
        context.findings, "E334", part & vehicle & sound & data.sound("service"), "co2e_per",
        lambda i: f"A part load has no {per.iloc[i]}.", "Part loads are counted per tkm.",
    )  # fmt: skip


def report_mixed_gwps(context: Context) -> None:
    """Rule: CO2e figures use the GWPs of one assessment report, the default factors' included."""
    usual = {f.gwp for f in _factors_of_bids(context)[2] if isinstance(f, Factor) and f.gwp}
    given: dict[str, tuple[str, str]] = {}
    for table, column in (("factors", "gwp"), ("bids", "co2e_gwp")):
        for gwp in context.frame(table)[column].unique():
            if gwp:
                given.setdefault(gwp, (table, column))
    of_packs = {pack.manifest.gwp for pack in context.packs}
    every = sorted(usual | set(given) | of_packs)
    if len(every) < 2:
        return
    expected = usual - of_packs or {min(every)}
    for pack in context.packs:
        if pack.manifest.gwp not in expected:
            message = f"Figures with the GWPs of {' and '.join(every)} are mixed in one plan."
            hint = "Use figures of one assessment report; totals mix them otherwise."
            context.findings.add(Finding("W337", "warning", message, hint, pack.file, column="gwp"))
    for gwp in [g for g in sorted(given) if g not in usual] or sorted(given)[1:]:
        table, column = given[gwp]
        data = context[table]
        data.report(
            context.findings, "W337", first_use(data, column, gwp), column,
            f"Figures with the GWPs of {' and '.join(every)} are mixed in one plan.",
            "Use figures of one assessment report; totals mix them otherwise.", "warning",
        )  # fmt: skip


def report_lanes_of_bids(context: Context) -> None:
    """Rule: a bid goes where its lane goes."""
    data = context["bids"]
    lanes = context.frame("lanes").drop_duplicates("lane_id").set_index("lane_id")
    if not len(lanes):
        return
    on_lane = data.frame["lane_id"].isin(lanes.index).to_numpy()
    for column in ("origin", "destination"):
        ends = dict(zip(lanes.index, lanes[column], strict=True))
        lane_end = pd.Series([ends.get(i, "") for i in data.frame["lane_id"]], dtype="str")
        other = on_lane & lane_end.ne(data.frame[column]).to_numpy(dtype=bool)
        data.report(
            context.findings, "W344", other & data.sound(column, "lane_id"), column,
            _other_end(lane_end),
            "Check lane_id; the bid's own places are planned with.", "warning",
        )  # fmt: skip


def _other_end(ends: pd.Series) -> Callable[[int], str]:
    return lambda i: f"The lane of the bid has {ends.iloc[i]!s} here."


def report_charges(context: Context) -> None:
    """Rule: a surcharge hangs on a bid, or on a carrier's bids, and there are such bids."""
    data = context["bid_charges"]
    if not len(data):
        return
    frame = data.frame
    bid, carrier = filled(frame["bid_id"]), filled(frame["carrier"])
    neither = ~bid & ~carrier & data.sound("bid_id", "carrier")
    data.report(
        context.findings, "E339", neither, "bid_id",
        "The charge names neither a bid nor a carrier.", "Give bid_id, or carrier (and lane_id).",
    )  # fmt: skip
    bids = context.frame("bids")
    lanes = set(zip(bids["carrier"], bids["lane_id"], strict=True))
    carriers, owner = set(bids["carrier"]), dict(zip(bids["bid_id"], bids["carrier"], strict=True))
    idle = np.array(
        [
            not b and bool(c) and ((c, lane) not in lanes if lane else c not in carriers)
            for b, c, lane in zip(frame["bid_id"], frame["carrier"], frame["lane_id"], strict=True)
        ],
        dtype=bool,
    )
    data.report(
        context.findings, "W340", idle & data.sound("carrier", "lane_id"), "carrier",
        "No bid has this charge: the carrier has none there.", "Check carrier and lane_id.",
        "warning",
    )  # fmt: skip
    owners = pd.Series([owner.get(b, "") for b in frame["bid_id"]], dtype="str")
    other = owners.ne(frame["carrier"]).to_numpy(dtype=bool)
    known = frame["bid_id"].isin(owner).to_numpy()
    data.report(
        context.findings, "E339", bid & carrier & other & known & data.sound("carrier", "bid_id"),
        "carrier", "The bid is another carrier's.", "Give bid_id alone, or correct the carrier.",
    )  # fmt: skip


def report_charge_bases(context: Context) -> None:
    """Rule: a surcharge is counted by what the bids that it hangs on are sold by."""
    data, bids = context["bid_charges"], context.frame("bids")
    if not len(data):
        return
    frame = data.frame
    by_bid: dict[str, set[str]] = {}
    by_carrier: dict[str, set[str]] = {}
    by_lane: dict[tuple[str, str], set[str]] = {}
    columns = (bids[c] for c in ("bid_id", "carrier", "lane_id", "service"))
    for bid_id, carrier, lane, service in zip(*columns, strict=True):
        by_bid.setdefault(bid_id, set()).add(service)
        by_carrier.setdefault(carrier, set()).add(service)
        by_lane.setdefault((carrier, lane), set()).add(service)

    def services(bid_id: str, carrier: str, lane: str) -> Iterable[str]:
        if bid_id:
            return by_bid.get(bid_id, ())
        return by_lane.get((carrier, lane), ()) if lane else by_carrier.get(carrier, ())

    given = list(
        zip(*(frame[c] for c in ("rate_basis", "bid_id", "carrier", "lane_id")), strict=True)
    )

    def clashes(i: int) -> list[str]:
        basis, *where = given[i]
        if basis == "percent":
            return []
        return sorted(s for s in services(*where) if s and basis not in bases_of(s))

    wrong = np.array([bool(clashes(i)) for i in range(len(given))], dtype=bool)
    data.report(
        context.findings, "E332", wrong & data.sound("rate_basis"), "rate_basis",
        lambda i: f"The service {clashes(i)[0]} of a bid with this charge cannot be priced by "
        f"{frame['rate_basis'].iloc[i]}.",
        lambda i: f"Wanted: percent, {', '.join(bases_of(clashes(i)[0]))}; or name the bids.",
    )  # fmt: skip


def report_missing_exchange_rates(context: Context) -> None:
    """Rule: every currency that is used has a rate on the day of every scenario."""
    fx = context["fx_rates"]
    sound = fx.sound("date", "base", "quote", "rate") & truth(fx.frame["rate"] > 0)
    rates = [
        FxRate(r["date"].date(), r["base"], r["quote"], float(r["rate"]), r["source"])
        for r in rows_of(fx.frame[sound & ~fx.frame.duplicated(["date", "base", "quote"])])
        if r["date"] is not None
    ]
    days = {(s.currency, s.fx_date): s for s in context.settings.values()}
    reported: set[str] = set()
    for currency, fx_date in sorted(days, key=str):
        exchange = ExchangeRates(currency, rates, fx_date)
        for name, data in context.tables.items():
            if name == "fx_rates":
                continue
            for column in data.table.columns:
                if column.kind == "currency" and column.name != "rate_currency":
                    _report_currencies(context, name, column.name, exchange, reported)


def _report_currencies(
    context: Context, table: str, column: str, exchange: ExchangeRates, reported: set[str]
) -> None:
    data = context[table]
    for code in data.frame[column].unique():
        if not code or code in reported:
            continue
        try:
            exchange.factor(code)
        except NoRate as error:
            reported.add(code)
            mask: Mask = first_use(data, column, code)
            message, _, hint = str(error).partition(" Give a row ")
            hint = f"Give a row {hint}" if hint else ""
            data.report(context.findings, "E350", mask, column, message, hint)


def _factors_of_bids(
    context: Context,
) -> tuple[Mask, np.ndarray[Any, Any], list[Factor | NotCovered | None]]:
    """The bids that need a factor beside their own figure, and what the factor book has for each.

    Returns the mask of those bids, the position of each bid's answer, and the answers.
    """
    data = context["bids"]
    frame = data.frame
    codes, distinct = groups(frame, ["mode", "vehicle", "energy", "service"])
    verified = frame["co2e_verified"].to_numpy(dtype=bool)
    every = all(s.declared_co2e == "all" for s in context.settings.values())
    own = filled(frame["co2e_wtw_g"]) & (verified | every)
    needing = ~own & data.sound("mode", "vehicle", "energy", "service", "co2e_wtw_g")
    used = set(codes[needing])
    book = book_for_rules(context["factors"], context.packs)
    answers = [
        book.find(mode, vehicle, energy, service) if i in used and mode and service else None
        for i, (mode, vehicle, energy, service) in enumerate(distinct)
    ]
    return needing, codes, answers


def report_uncovered_legs(context: Context) -> None:
    """Rule: a bid has an emission factor, or it cannot be chosen."""
    data = context["bids"]
    if not len(data):
        return
    needing, codes, answers = _factors_of_bids(context)
    missing = np.array([isinstance(a, NotCovered) for a in answers], dtype=bool)[codes]
    of_energy = np.array([isinstance(a, NotCovered) and a.of_energy for a in answers], bool)[codes]
    for column, rows in (("vehicle", missing & ~of_energy), ("energy", missing & of_energy)):
        data.report(
            context.findings, "W343", rows & needing, column,
            "No emission factor covers this bid, so that it cannot be chosen.",
            lambda i: f"Give {getattr(answers[codes[i]], 'wanted', '')}.", "warning",
        )  # fmt: skip
