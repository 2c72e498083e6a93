"""Rules of products and packaging: is there one, is its mass sound, does it fit anywhere?"""

from __future__ import annotations

import numpy as np

from lowhaul.columns import split_list
from scenarios.rows import rows_of
from scenarios.rules.context import Context, groups, truth
from scenarios.rules.equipment import fits

MASS_TOLERANCE = 0.02
"""Gross mass may differ so much from packaging + units x net mass (mats, straps, rounding)."""
SIZES = ("length_mm", "width_mm", "height_mm", "gross_mass_kg")


def report_skus_without_packaging(context: Context) -> None:
    """Rule: each article that is ordered has a current packaging."""
    packaging = context.frame("packaging")
    current = set(packaging.loc[packaging["status"].ne("candidate"), "sku"].unique())
    ordered = set(context.frame("orders")["sku"].unique())
    data = context["products"]
    sku = data.frame["sku"]
    wrong = sku.isin(ordered).to_numpy() & ~sku.isin(current).to_numpy() & data.sound("sku")
    data.report(
        context.findings, "E310", wrong, "sku",
        lambda i: f'The sku "{sku.iloc[i]}" is ordered but has no current packaging.',
        "Add a row to packaging with this sku and the status current.",
    )  # fmt: skip


def report_several_current_packagings(context: Context) -> None:
    """Rule: an article has one current packaging; of several the first is planned with."""
    data = context["packaging"]
    current = data.frame["status"].ne("candidate")
    again = data.frame["sku"].where(current).duplicated() & current
    data.report(
        context.findings, "W314", again.to_numpy(dtype=bool) & data.sound("sku"), "status",
        "The sku has another current packaging above; that one is taken as the usual one.",
        "Mark the others as candidate.", "warning",
    )  # fmt: skip


def report_masses(context: Context) -> None:
    """Rule: gross mass = packaging + units x net mass, nearly."""
    data = context["packaging"]
    frame = data.frame
    net = frame["sku"].map(context.frame("products").drop_duplicates("sku").set_index("sku")
                           ["net_mass_kg"]).to_numpy(dtype=float)  # fmt: skip
    gross = frame["gross_mass_kg"].to_numpy(dtype=float)
    own = frame["packaging_mass_kg"].to_numpy(dtype=float)
    goods = frame["units"].to_numpy(dtype=float) * net
    sound = data.sound("gross_mass_kg", "packaging_mass_kg", "units")
    with np.errstate(invalid="ignore"):
        below = (gross < own) & sound
        expected = np.where(np.isnan(own), np.maximum(goods, gross), goods + own)
        light = (gross < goods * (1 - MASS_TOLERANCE)) & np.isnan(own)
        other = (np.abs(gross - expected) > MASS_TOLERANCE * gross) | light
        other &= sound & ~below
    data.report(
        context.findings, "W311", below, "gross_mass_kg",
        "The full handling unit is lighter than its packaging.",
        "gross_mass_kg = packaging_mass_kg + units x net_mass_kg.", "warning",
    )  # fmt: skip
    data.report(
        context.findings, "W312", other, "gross_mass_kg",
        lambda i: f"packaging + units x net mass is {np.nan_to_num(own[i]) + goods[i]:.1f} kg.",
        "Check gross_mass_kg, packaging_mass_kg, units and the product's net_mass_kg.", "warning",
    )  # fmt: skip


def report_units_that_fit_nothing(context: Context) -> None:
    """Rule: an ordered handling unit fits into some equipment that the order allows."""
    orders, packaging = context["orders"], context["packaging"]
    sound = packaging.sound("sku", "status", *SIZES)
    current = packaging.frame[sound & packaging.frame["status"].ne("candidate").to_numpy()]
    units = {row["sku"]: row for row in rows_of(current.drop_duplicates("sku"))}
    frame = orders.frame
    codes, distinct = groups(frame, ["sku", "equipment_allowed"])
    unfit = np.zeros(len(distinct), dtype=bool)
    for k, (sku, allowed) in enumerate(distinct):
        names = split_list(allowed) or tuple(context.equipment)
        types = [context.equipment[n] for n in names if n in context.equipment]
        unfit[k] = sku in units and bool(types) and not any(fits(units[sku], e) for e in types)
    if not len(frame):
        return
    wrong = unfit[codes] & orders.sound("sku", "equipment_allowed")

    def message(i: int) -> str:
        unit = units[frame["sku"].iloc[i]]
        size = f"{unit['length_mm']} x {unit['width_mm']} x {unit['height_mm']} mm"
        where = frame["equipment_allowed"].iloc[i] or "any known equipment"
        return (
            f"The handling unit {unit['packaging_id']} ({size}, {unit['gross_mass_kg']:g} kg) "
            f"does not fit into {where}."
        )

    orders.report(
        context.findings, "E313", wrong, "sku", message,
        "Check its size and mass, allow other equipment, or add equipment that takes it.",
    )  # fmt: skip


def report_order_lines(context: Context) -> None:
    """Rule: a line has no slash, as order_id/line names it."""
    data = context["orders"]
    wrong = truth(data.frame["line"].str.contains("/", regex=False)) & data.sound("line")
    data.report(
        context.findings, "E108", wrong, "line", 'A line cannot hold a "/".', "Number the lines."
    )
