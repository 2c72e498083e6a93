"""Empty boxes: freight of their own, or empty running of the freight they serve. Never both.

As empty running (Lowhaul's plans): the row has no mass and no activity, and its CO2e raises the
intensity of the operation whose boxes it moves. As freight (a repositioning that somebody orders
and pays as such): mass is the tare, activity is tare x distance, and no other freight bears it.
The CO2e of the vehicle is the same either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from emissions.activity import LegDistance, activity_tkm
from emissions.elements import TKM_DIGITS, Element
from lowhaul.errors import LowhaulError
from lowhaul.findings import Finding
from lowhaul.units import kilograms, round_half_up


def as_freight(empty: Element, *, tare_kg: float, distance: LegDistance, toc_id: str) -> Element:
    """An empty way as freight: the boxes are the goods, of so much tare each.

    It becomes an operation of its own (`toc_id`), so that no laden freight carries it as well.
    """
    if empty.kind != "empty":
        raise LowhaulError(f"{empty.tce_id} is no empty way.")
    mass_kg = kilograms(tare_kg * empty.load_units)
    tkm = activity_tkm(mass_kg, distance, empty.mode)
    return replace(
        empty,
        kind="transport",
        mass_kg=mass_kg,
        activity_tkm=round_half_up(tkm, TKM_DIGITS),
        toc_id=toc_id,
        explain=f"{empty.explain}; boxes as freight: {tare_kg:g} kg tare each",
    )


def counted_twice(elements: Iterable[Element]) -> list[Finding]:
    """Findings where the same empty way stands as freight and as empty running.

    Two rows are the same way if shipment, tce_id, boxes, driven kilometres and CO2e agree, while
    the freight is an operation of its own. (A laden way and the empty way that serves it share one
    operation, and may well emit alike.)
    """
    parts = list(elements)
    freight: dict[tuple[str, str, float, float, float], set[str]] = {}
    for e in parts:
        if e.kind == "transport":
            freight.setdefault(_way(e), set()).add(e.toc_id)
    message = "The empty way is counted as freight and as empty running."
    hint = "Keep one of the two rows: a box is freight of its own or serves other freight."
    return [
        Finding("E391", "error", message, hint, file="legs", column="kind", value=e.tce_id)
        for e in parts
        if e.kind == "empty" and freight.get(_way(e), set()) - {e.toc_id}
    ]


def _way(element: Element) -> tuple[str, str, float, float, float]:
    kg = element.known.wtw_kg
    return element.shipment_id, element.tce_id, element.load_units, element.driven_km, kg
