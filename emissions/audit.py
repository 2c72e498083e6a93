"""What an auditor asks of each element before any sum: is its CO2e there, whole and possible?

Every rule is a named function over elements; what it finds is told and never repaired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

from emissions.elements import Element
from emissions.empty_moves import counted_twice
from emissions.factor import is_renewable
from lowhaul.findings import Finding, Severity
from lowhaul.units import KG_PER_T

GRAM_KG = 0.0005
LEAST_TKM = 0.002
"""So little moved may round to no activity at all."""


def _at(element: Element, code: str, severity: Severity, message: str, hint: str) -> Finding:
    return Finding(code, severity, message, hint, file="legs", value=element.tce_id)


def _energy(element: Element) -> str:
    """The energy carrier that an element names, in its operation category."""
    return (*element.toc_id.split("/"), "", "", "", "")[3]


def missing(elements: Iterable[Element]) -> Iterator[Finding]:
    """Rule: an element has CO2e, or says which factor it wants."""
    for e in elements:
        if e.co2e is None:
            hint = f"Wanted: {e.wanted}." if e.wanted else "Give a factor; it is not zero."
            yield _at(e, "W390", "warning", "It has no emission factor: not covered.", hint)
        elif not e.wtt_covered:
            hint = "Give the well-to-tank part too."
            yield _at(e, "W390", "warning", "Only its tank-to-wheel part is covered.", hint)


def impossible(elements: Iterable[Element]) -> Iterator[Finding]:
    """Rule: mass, kilometres, activity and CO2e are finite and not negative.

    A negative well-to-tank part is possible for renewable energy alone, and then WTW may not be.
    """
    for e in elements:
        amounts = {
            "mass": e.mass_kg,
            "distance": e.driven_km,
            "activity": e.activity_tkm,
            "load units": e.load_units,
            "CO2e WTW": e.known.wtw_kg,
            "CO2e TTW": e.known.ttw_kg,
        }
        for name, value in amounts.items():
            if not isfinite(value) or value < -GRAM_KG:
                hint = "Mend the input that it comes from."
                yield _at(e, "E392", "error", f"Its {name} is {value:g}.", hint)
        if e.known.wtt_kg < -GRAM_KG and not is_renewable(_energy(e)):
            message = f"TTW ({e.known.ttw_kg:g} kg) is above WTW ({e.known.wtw_kg:g} kg)."
            yield _at(e, "E335", "error", message, "Only renewable energy can have such a factor.")


def unmoved(elements: Iterable[Element]) -> Iterator[Finding]:
    """Rule: freight that is moved has activity, an empty way has none."""
    for e in elements:
        moved_tkm = e.mass_kg / KG_PER_T * e.driven_km
        if e.kind == "transport" and moved_tkm >= LEAST_TKM and not e.activity_tkm:
            message = "Goods are moved, but the activity is zero."
            yield _at(e, "E393", "error", message, "Activity = mass x shortest feasible distance.")
        if e.kind == "empty" and (e.mass_kg or e.activity_tkm):
            message = "An empty way has no mass and no activity."
            yield _at(e, "E393", "error", message, "Count the boxes as freight instead, or not.")


def audit(elements: Iterable[Element]) -> list[Finding]:
    """All findings of all rules, errors first."""
    parts = list(elements)
    found = [*impossible(parts), *unmoved(parts), *counted_twice(parts), *missing(parts)]
    return sorted(found, key=lambda f: f.severity != "error")
