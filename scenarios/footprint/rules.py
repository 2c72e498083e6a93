"""What the rows of executed transports must be before anything is counted.

Each rule adds its findings; nothing is guessed and nothing is left out in silence. Names that are
spelled in another way (a trade name of equipment) become the code that they stand for.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from emissions.factors import FactorBook, NotCovered, split_fault
from loading.equipment import Equipment, named
from lowhaul.cells import Mask, TableData
from lowhaul.columns import did_you_mean
from lowhaul.findings import Findings
from scenarios.footprint.energies import used
from scenarios.rules.context import filled, groups, truth

ENERGIES = (
    "diesel", "petrol", "hvo", "biodiesel", "fame", "cng", "bio_cng", "lng", "bio_lng", "lpg",
    "hfo", "vlsfo", "mgo", "methanol", "bio_methanol", "e_methanol", "ammonia", "hydrogen",
    "jet_fuel", "aviation_fuel", "saf", "electricity", "electric", "battery_electric", "bev",
    "plug_in_hybrid", "mixed",
)  # fmt: skip
"""Energy carriers by name: those of iLEAP 1.0.0 (EnergyCarrierType) and the usual finer ones."""
LOAD_UNIT_SERVICES = ("container", "ftl")


def fill_names(
    data: TableData, findings: Findings, equipment: Mapping[str, Equipment] | None = None
) -> None:
    """Kind, equipment code, service and TEU of each row, as the declaration says of blank cells."""
    frame = data.frame
    hub = frame["mode"].eq("hub")
    frame["kind"] = frame["kind"].mask(frame["kind"].eq(""), "transport")
    frame["kind"] = frame["kind"].mask(hub & frame["kind"].eq("transport"), "hub")
    wrong = (frame["kind"].eq("hub") & ~hub).to_numpy(dtype=bool) & data.sound("kind", "mode")
    wrong |= (hub & frame["kind"].eq("empty")).to_numpy(dtype=bool) & data.sound("kind", "mode")
    data.report(
        findings, "E371", wrong, "kind", "Kind and mode contradict each other.",
        "A hub has the kind hub and the mode hub; all others have neither.",
    )  # fmt: skip
    apart = frame["kind"].eq("hub") & frame["from"].ne(frame["to"])
    data.report(
        findings, "E371", apart.to_numpy(dtype=bool) & data.sound("from", "to"), "to",
        "A hub is one place, but from and to differ.", "Name the place in both.",
    )  # fmt: skip
    _fill_equipment(data, findings, equipment)
    _fill_services(frame)
    _fill_teu(frame)


def _fill_equipment(
    data: TableData, findings: Findings, equipment: Mapping[str, Equipment] | None
) -> None:
    frame, types = data.frame, dict(equipment) if equipment else None
    codes, words = groups(frame, ["equipment"])
    found = [named(word, types) if word else None for (word,) in words]
    unknown = np.array([bool(w) and f is None for (w,), f in zip(words, found, strict=True)])
    known = [n for e in (types or _built_in()).values() for n in (e.trade_name, e.code) if n]
    data.report(
        findings, "E204", unknown[codes] & data.sound("equipment"), "equipment",
        "No such equipment.", lambda i: did_you_mean(data.text("equipment", i), known),
    )  # fmt: skip
    for name, values in (
        ("equipment", [e.code if e else "" for e in found]),
        ("equipment_teu", [e.teu if e and e.is_container else 0.0 for e in found]),
        ("equipment_tare_kg", [e.tare_kg if e and e.is_container else 0.0 for e in found]),
    ):
        frame[name] = pd.Series(values, dtype="str" if name == "equipment" else float).take(
            codes
        ).to_numpy()  # fmt: skip


def _built_in() -> Mapping[str, Equipment]:
    from loading.equipment import built_in

    return built_in()


def _fill_services(frame: pd.DataFrame) -> None:
    """Blank services: by air air, with a box container, with a trailer ftl, else a part load."""
    box = frame["equipment_teu"].gt(0) | (frame["equipment"].eq("") & frame["teu"].gt(0))
    part = np.where(frame["mode"].eq("sea"), "lcl", "ltl")
    guess = np.where(box, "container", np.where(frame["equipment"].ne(""), "ftl", part))
    guess = np.where(frame["mode"].eq("air"), "air", guess)
    guess = np.where(frame["kind"].eq("empty"), "container", guess)
    blank = frame["service"].eq("") & frame["kind"].ne("hub")
    frame["service"] = frame["service"].mask(blank, pd.Series(guess, dtype="str"))


def _fill_teu(frame: pd.DataFrame) -> None:
    """Load units and TEU from each other; a row with TEU alone is counted in units of one TEU."""
    units = frame["load_units"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    teu = frame["teu"].to_numpy(dtype=float, copy=True)
    each = frame["equipment_teu"].to_numpy(dtype=float, copy=True)
    boxed = frame["service"].eq("container").to_numpy(dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_units = boxed & (each == 0) & (teu > 0) & (units > 0)
        each = np.where(of_units, teu / units, each)
        alone = boxed & (each == 0) & (teu > 0) & np.isnan(units)
        each = np.where(alone, 1.0, each)
        units = np.where(boxed & np.isnan(units) & (each > 0), teu / each, units)
        teu = np.where(np.isnan(teu) & (each > 0), units * each, teu)
    frame["load_units"], frame["teu"], frame["equipment_teu"] = units, teu, each


def report_amounts(data: TableData, findings: Findings) -> None:
    """Rule: a row has a mode or states its kilograms, goods have a mass, a box on the road a type.

    The type is that of the box, whose tare is carried too.
    """
    frame = data.frame
    stated = filled(frame["co2e_wtw_kg"]) | used(data)
    data.report(
        findings, "E101", ~filled(frame["mode"]) & ~stated & data.sound("mode"), "mode",
        "The mode is not known, and no kilograms are stated.",
        "Give the operation category (TOC) that the element names in the same file.",
    )  # fmt: skip
    moved = frame["kind"].ne("empty").to_numpy(dtype=bool)
    data.report(
        findings, "E101", moved & ~filled(frame["mass_kg"]) & data.sound("mass_kg"), "mass_kg",
        "The cell is blank, but mass_kg is required.", "Wanted: goods and packaging, in kg.",
    )  # fmt: skip
    road = frame["mode"].eq("road") & frame["service"].eq("container") & frame["equipment"].eq("")
    own = filled(frame["co2e_wtw_g"]) | stated
    data.report(
        findings, "E101", road.to_numpy(dtype=bool) & ~own & data.sound("equipment", "service"),
        "equipment", "A container on the road needs its equipment: its tare is carried too.",
        "For example 40HC.",
    )  # fmt: skip


def report_own_figures(data: TableData, findings: Findings) -> None:
    """Rule: a row's own CO2e is whole, and there is one of it."""
    frame = data.frame
    per, wtw_g, wtw_kg = frame["co2e_per"], frame["co2e_wtw_g"], frame["co2e_wtw_kg"]
    sound = data.sound("co2e_wtw_g", "co2e_ttw_g", "co2e_per", "co2e_slope_g_per_tkm",
                       "co2e_wtw_kg", "co2e_ttw_kg")  # fmt: skip
    data.report(
        findings, "E334", filled(wtw_g) & ~filled(per) & sound, "co2e_per",
        "co2e_wtw_g is given, but not per what.", "Give tkm, teu_km or vehicle_km.",
    )  # fmt: skip
    data.report(
        findings, "E336", filled(per) & ~filled(wtw_g) & sound, "co2e_wtw_g",
        "co2e_per is given without a figure.", "Give co2e_wtw_g, or leave co2e_per blank.",
    )  # fmt: skip
    part = ~frame["service"].isin(LOAD_UNIT_SERVICES).to_numpy() & filled(wtw_g)
    data.report(
        findings, "E334", part & per.isin(["vehicle_km", "teu_km"]).to_numpy() & sound, "co2e_per",
        lambda i: f"A part load has no {per.iloc[i]}.", "Part loads are counted per tkm.",
    )  # fmt: skip
    slope = truth(frame["co2e_slope_g_per_tkm"] > 0) & per.ne("vehicle_km").to_numpy()
    data.report(
        findings, "E336", slope & sound, "co2e_slope_g_per_tkm",
        "The slope goes with vehicle_km only.", "Set co2e_per to vehicle_km or leave it blank.",
    )  # fmt: skip
    for unit in ("g", "kg"):
        whole, ttw = frame[f"co2e_wtw_{unit}"], frame[f"co2e_ttw_{unit}"]
        data.report(
            findings, "E336", filled(ttw) & ~filled(whole) & sound, f"co2e_wtw_{unit}",
            f"co2e_ttw_{unit} is given without co2e_wtw_{unit}.", "Give well-to-wheel too.",
        )  # fmt: skip
        above = truth(ttw > whole) & sound & ~_renewable(frame)
        data.report(
            findings, "E335", above, f"co2e_ttw_{unit}",
            "The tank-to-wheel part is above well-to-wheel.",
            f"co2e_wtw_{unit} is the whole of both parts.",
        )  # fmt: skip
    data.report(
        findings, "E336", filled(wtw_g) & filled(wtw_kg) & sound, "co2e_wtw_kg",
        "Both co2e_wtw_kg and co2e_wtw_g are given.", "Keep the one that shall count.",
    )  # fmt: skip
    sums = frame["co2e_wtt_kg"] + frame["co2e_ttw_kg"] - wtw_kg
    data.report(
        findings, "E336", truth(sums.abs() > 0.0015) & sound & data.sound("co2e_wtt_kg"),
        "co2e_wtt_kg", "Well-to-tank and tank-to-wheel do not add up to co2e_wtw_kg.",
        "Leave co2e_wtt_kg blank: it is the rest of co2e_wtw_kg.",
    )  # fmt: skip
    split = frame["kind"].eq("hub").to_numpy(dtype=bool) & ~filled(frame["co2e_ttw_kg"])
    data.report(
        findings, "E336", split & filled(wtw_kg) & sound, "co2e_ttw_kg",
        "A hub's co2e_wtw_kg needs its tank-to-wheel part.", "Give 0 where all of it is bought in.",
    )  # fmt: skip


def _renewable(frame: pd.DataFrame) -> Mask:
    """Rows with an energy whose well-to-tank part may be negative (emissions.factors)."""
    codes, words = groups(frame, ["energy"])
    free = np.array([not split_fault(0.0, 1.0, word) for (word,) in words], dtype=bool)
    return np.asarray(free[codes])


def report_vehicles(data: TableData, findings: Findings, book: FactorBook) -> None:
    """Rule: a vehicle is one of its mode's, unless the row brings its own figure."""
    frame = data.frame
    own = filled(frame["co2e_wtw_g"]) | filled(frame["co2e_wtw_kg"]) | used(data)
    asked = filled(frame["vehicle"]) & ~own & frame["kind"].ne("hub").to_numpy(dtype=bool)
    codes, words = groups(frame, ["mode", "vehicle"])
    wrong, hints = [], []
    for mode, vehicle in words:
        known = book.vehicles(mode)
        serves = not isinstance(book.find(mode, vehicle, per=("tkm", "teu_km", "vehicle_km")),
                                NotCovered)  # fmt: skip
        wrong.append(bool(vehicle) and not serves and _word(vehicle) not in map(_word, known))
        hints.append(_vehicle_hint(book, mode, vehicle, known))
    data.report(
        findings, "E372", np.array(wrong, dtype=bool)[codes] & asked & data.sound("mode"),
        "vehicle", lambda i: f"No vehicle of that name is known by {frame['mode'].iloc[i]}.",
        lambda i: hints[codes[i]],
    )  # fmt: skip


def _vehicle_hint(book: FactorBook, mode: str, vehicle: str, known: tuple[str, ...]) -> str:
    for other in ("road", "sea", "rail", "air", "inland_waterway"):
        if other != mode and _word(vehicle) in map(_word, book.vehicles(other)):
            return f"It is a vehicle of the mode {other}."
    if not known:
        return f"The factors name no vehicle of {mode}: give an own factor, or co2e_wtw_g."
    return did_you_mean(_word(vehicle), known)


def report_energies(data: TableData, findings: Findings, book: FactorBook) -> None:
    """Rule: an energy carrier is one that is known; that it has a factor is another question.

    Of energy used it is asked for by `energies.energy_of`.
    """
    frame = data.frame
    factors = (*book.own_factors, *book.default_factors)
    known = {_word(f.energy) for f in factors if f.energy} | set(ENERGIES)
    codes, words = groups(frame, ["energy"])
    wrong = np.array([bool(w) and _word(w) not in known for (w,) in words], dtype=bool)[codes]
    data.report(
        findings, "E373", wrong & ~used(data) & data.sound("energy"), "energy",
        "No energy carrier of that name is known.",
        lambda i: did_you_mean(_word(frame["energy"].iloc[i]), known),
    )  # fmt: skip


def _word(text: str) -> str:
    return text.strip().lower().replace(" ", "_").replace("-", "_")


def report_order(data: TableData, findings: Findings) -> None:
    """Rule: in a shipment each laden leg has a position of its own.

    Hubs and empty ways may have that of the leg they belong to.
    """
    frame = data.frame
    given = filled(frame["shipment_id"]) & filled(frame["seq"]) & data.sound("shipment_id", "seq")
    given &= frame["kind"].eq("transport").to_numpy(dtype=bool)
    again = frame.loc[given, ["shipment_id", "seq"]].duplicated().to_numpy()
    wrong = np.zeros(len(data), dtype=bool)
    wrong[np.flatnonzero(given)[again]] = True
    data.report(
        findings, "E112", wrong, "seq", "The shipment has this position already.",
        "Number the elements of a shipment 1, 2, 3, ..., or leave seq blank in all of them.",
    )  # fmt: skip
    some = pd.Series(filled(frame["seq"])).groupby(frame["shipment_id"].to_numpy()).transform("any")
    mixed = some.to_numpy() & ~filled(frame["seq"]) & filled(frame["shipment_id"])
    data.report(
        findings, "E101", mixed & data.sound("seq"), "seq",
        "Other rows of the shipment have a position, this one has none.",
        "Give seq in all rows of a shipment, or in none.",
    )  # fmt: skip
