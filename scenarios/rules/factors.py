"""Rules of emission factors, the same for the table `factors` and for packs in files."""

from __future__ import annotations

import numpy as np

from emissions.factor import is_renewable, word
from emissions.factors import default_book
from lowhaul.cells import TableData
from lowhaul.columns import nearest
from lowhaul.findings import Findings
from scenarios.rules.context import Context, filled, truth

ENERGIES = (
    "biodiesel", "biogas", "bio_lng", "cng", "diesel", "electricity", "hfo", "hvo", "hydrogen",
    "lng", "lpg", "methanol", "mgo", "mixed", "petrol", "plug_in_hybrid", "kerosene", "saf",
    "vlsfo",
)  # fmt: skip
"""Names of energy that are known beside those of the default pack."""
VEHICLE_TOO_NEAR = 0.85
"""Likeness of two vehicle names from which one is taken for a slip of the other."""


def report_own_factors(context: Context) -> None:
    """Rule: the rows of the table `factors` are sound."""
    judge_factors(context["factors"], context.findings)


def judge_factors(data: TableData, findings: Findings) -> None:
    """All rules of factor rows."""
    for rule in (report_parts, report_negative_wtt, report_units, report_slopes,
                 report_energies, report_vehicles):  # fmt: skip
        rule(data, findings)


def report_parts(data: TableData, findings: Findings) -> None:
    """Rule: a factor has a tank-to-wheel part."""
    blank = ~filled(data.frame["co2e_ttw_g"]) & data.sound("co2e_ttw_g")
    data.report(
        findings, "E170", blank, "co2e_ttw_g", "The factor has no tank-to-wheel part.",
        "Give 0 where the vehicle itself emits nothing (electric traction).",
    )  # fmt: skip


def report_negative_wtt(data: TableData, findings: Findings) -> None:
    """Rule: TTW is not above WTW, that is, WTT is not negative.

    For renewable energy that means: the biogenic CO2 of the exhaust was counted and taken back.
    ISO 14083 keeps it apart, and then no part is negative.
    """
    frame = data.frame
    below = truth(frame["co2e_wtt_g"] < 0) & data.sound("co2e_wtt_g")

    def hint(i: int) -> str:
        if is_renewable(str(frame["energy"].iloc[i])):
            return "Leave biogenic CO2 out of co2e_ttw_g and its credit out of co2e_wtt_g."
        return "A fossil fuel's well-to-tank part is never negative; are the columns exchanged?"

    data.report(
        findings, "E335", below, "co2e_wtt_g",
        "The well-to-tank part is negative: tank-to-wheel is above well-to-wheel.", hint,
    )  # fmt: skip


def report_units(data: TableData, findings: Findings) -> None:
    """Rule: hubs are counted per t or teu, transports per tkm, teu_km or vehicle_km."""
    frame = data.frame
    hub = frame["mode"].eq("hub").to_numpy()
    handled = frame["per"].isin(["t", "teu"]).to_numpy()
    data.report(
        findings, "E334", (hub != handled) & data.sound("mode", "per"), "per",
        lambda i: f"A factor of the mode {frame['mode'].iloc[i]} is not counted per "
        f"{frame['per'].iloc[i]}.",
        "Hubs are counted per t or teu, transports per tkm, teu_km or vehicle_km.",
    )  # fmt: skip


def report_slopes(data: TableData, findings: Findings) -> None:
    """Rule: a slope goes with vehicle_km only."""
    frame = data.frame
    other = frame["per"].ne("vehicle_km").to_numpy()
    for name in ("slope_g_per_tkm", "slope_wtt_g_per_tkm", "slope_ttw_g_per_tkm"):
        if name in frame:
            data.report(
                findings, "E336", truth(frame[name] > 0) & other & data.sound("per", name), name,
                "The slope goes with vehicle_km only.",
                "Set per to vehicle_km or leave the slope blank.",
            )  # fmt: skip


def report_energies(data: TableData, findings: Findings) -> None:
    """Rule: an energy is one that is known, or it will serve no bid that writes it otherwise."""
    known = sorted({*ENERGIES, *(f.energy for f in default_book().default_factors if f.energy)})
    words = [word(str(e)) for e in data.frame["energy"]]
    unknown = np.array([bool(w) and w not in known and not is_renewable(w) for w in words], bool)

    def hint(i: int) -> str:
        near = nearest(words[i], known)
        said = f'Did you mean "{near}"?' if near else f"Known: {', '.join(known)}."
        return f"{said} A bid must name the energy in the same way."

    data.report(
        findings, "W345", unknown & data.sound("energy"), "energy",
        lambda i: f'No known factor has the energy "{words[i][:80]}".', hint, "warning",
    )  # fmt: skip


def report_vehicles(data: TableData, findings: Findings) -> None:
    """Rule: a vehicle's name is a known one or clearly another, not a slip of the pen."""
    from difflib import SequenceMatcher

    book = default_book()
    near = []
    for mode, vehicle in zip(data.frame["mode"], data.frame["vehicle"], strict=True):
        name, known = word(str(vehicle)), book.vehicles(str(mode))
        like = nearest(name, known) if name and name not in known else ""
        squeezed = like.replace("_", "") == name.replace("_", "")
        ratio = SequenceMatcher(None, like, name).ratio() if like else 0.0
        digits = [c for c in like if c.isdigit()] == [c for c in name if c.isdigit()]
        near.append(like if squeezed or (ratio >= VEHICLE_TOO_NEAR and digits) else "")
    data.report(
        findings, "W346", np.array([bool(n) for n in near], bool) & data.sound("vehicle", "mode"),
        "vehicle", lambda i: f'"{data.frame["vehicle"].iloc[i]}" is nearly "{near[i]}".',
        lambda i: f'Did you mean "{near[i]}"? If it is another vehicle, nothing is wrong.',
        "warning",
    )  # fmt: skip
