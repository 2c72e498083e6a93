"""Emission factors: what one unit of movement emits, and where that is known from.

Three sources stand in this order: a carrier's declared figure (see `laws.Declared`), the planner's
own packs (table `factors`, then files, see `packs`), the open default pack
(`emissions/data/factors_default.csv`, made by `build_pack.py`). A factor that is not there is
`NotCovered`, never zero.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources

from emissions.factor import Factor as Factor
from emissions.factor import NotCovered as NotCovered
from emissions.factor import split_fault as split_fault
from emissions.factor import word
from emissions.factor_rows import default_factors as default_factors
from emissions.factor_rows import own_factor as own_factor
from emissions.regions import fit

DEFAULT_VEHICLE = {
    "road": "artic_gt33",
    "sea": "container_average",
    "rail": "freight_train",
    "air": "aircraft_international",
}
"""The vehicle of a blank cell. Inland waterways have none: no open factor exists for barges."""
DEFAULT_PART_LOAD_VEHICLE = "all_hgvs"
"""Road part loads (ltl) with a blank vehicle: a collecting and a trunk vehicle, so all HGVs."""
LOAD_UNIT_SERVICES = frozenset({"container", "ftl"})


_Question = tuple[str, str, str, str, tuple[str, ...], str, tuple[str, ...]]


def preferred_per(mode: str, service: str) -> tuple[str, ...]:
    """The units that can serve such a leg, best first.

    The unit that sees the load rate comes first: a lorry's kilometre on the road, a TEU-km on
    water and rail. A part load has no vehicle of its own, so vehicle_km cannot serve it.
    """
    if mode == "hub":
        return ("t", "teu")
    if service not in LOAD_UNIT_SERVICES:
        return ("tkm", "teu_km")
    if mode == "road":
        return ("vehicle_km", "tkm", "teu_km")
    return ("teu_km", "tkm")


def default_vehicle(mode: str, service: str) -> str:
    """The vehicle that a blank cell means ("" where the mode has no default)."""
    if mode == "road" and service not in LOAD_UNIT_SERVICES:
        return DEFAULT_PART_LOAD_VEHICLE
    return DEFAULT_VEHICLE.get(mode, "")


@dataclass(frozen=True)
class FactorBook:
    """The factors of one plan: the planner's own before the default ones."""

    default_factors: tuple[Factor, ...]
    own_factors: tuple[Factor, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Factor]:
        return {f.factor_id: f for f in reversed((*self.own_factors, *self.default_factors))}

    @cached_property
    def _answers(self) -> dict[_Question, Factor | NotCovered]:
        return {}  # a plan asks the same few questions for thousands of bids

    @cached_property
    def _own_by_mode(self) -> dict[str, tuple[Factor, ...]]:
        return _grouped(self.own_factors)

    @cached_property
    def _default_by_mode(self) -> dict[str, tuple[Factor, ...]]:
        return _grouped(self.default_factors)

    def with_own(self, rows: Iterable[Mapping[str, object]]) -> FactorBook:
        """The same defaults with the rows of the table `factors` as the planner's own pack."""
        return replace(self, own_factors=tuple(own_factor(row) for row in rows))

    def with_packs(self, factors: Iterable[Factor]) -> FactorBook:
        """The same book with the factors of packs behind the rows of the table `factors`."""
        return replace(self, own_factors=(*self.own_factors, *factors))

    def by_id(self, factor_id: str) -> Factor | None:
        """The factor of that id, own pack first."""
        return self._by_id.get(factor_id)

    def vehicles(self, mode: str) -> tuple[str, ...]:
        """The vehicle names known for a mode, own pack first."""
        factors = (*self._own_by_mode.get(mode, ()), *self._default_by_mode.get(mode, ()))
        return tuple(dict.fromkeys(f.vehicle for f in factors if f.vehicle))

    def energies(self, mode: str, vehicle: str) -> tuple[str, ...]:
        """The energy names known for a vehicle of a mode, own pack first."""
        factors = (*self._own_by_mode.get(mode, ()), *self._default_by_mode.get(mode, ()))
        known = (f.energy for f in factors if word(f.vehicle) == word(vehicle) and f.energy)
        return tuple(dict.fromkeys(known))

    def find(
        self,
        mode: str,
        vehicle: str = "",
        energy: str = "",
        service: str = "",
        *,
        per: Sequence[str] | None = None,
        region: str = "",
        packs: Sequence[str] = ("own", "default"),
    ) -> Factor | NotCovered:
        """The factor for such a leg: the planner's own pack, then the default pack.

        Names are compared without regard to case, blanks and hyphens. Blank `vehicle` is the mode's
        default; outside the road it also finds an own pack's only vehicle of that mode. A factor
        with a blank energy serves any; a diesel curve does not serve an electric lorry. Among
        those that fit, the nearest in vehicle, region (see `regions.fit`), unit and energy is
        taken, then the earlier.
        """
        wanted_per = tuple(per) if per is not None else preferred_per(mode, service)
        key = (mode, vehicle, energy, service, wanted_per, region, tuple(packs))
        if key not in self._answers:
            self._answers[key] = self._find(*key)
        return self._answers[key]

    def _find(
        self,
        mode: str,
        vehicle: str,
        energy: str,
        service: str,
        wanted_per: tuple[str, ...],
        region: str,
        packs: tuple[str, ...],
    ) -> Factor | NotCovered:
        if "own" in packs:
            own = self._own_by_mode.get(mode, ())
            only = self._only_own_vehicle(mode)
            usual = {default_vehicle(mode, service), DEFAULT_VEHICLE.get(mode, ""), only}
            names = {word(vehicle)} if vehicle else usual
            found = _nearest(own, names, energy, wanted_per, region)
            if found is not None:
                return found
        if "default" in packs:
            name = vehicle or default_vehicle(mode, service)
            defaults = self._default_by_mode.get(mode, ())
            found = _nearest(defaults, {word(name)}, energy, wanted_per, region)
            if found is not None:
                return found
        energies = {word(e) for e in self.energies(mode, vehicle or default_vehicle(mode, service))}
        other_energy = bool(energy and energies) and word(energy) not in energies
        return NotCovered(self._wanted(mode, vehicle, energy, service, wanted_per), other_energy)

    def _only_own_vehicle(self, mode: str) -> str:
        """The one vehicle the own pack names for a mode (not on the road: blank is artic_gt33)."""
        names = {word(f.vehicle) for f in self._own_by_mode.get(mode, ()) if f.vehicle}
        return names.pop() if len(names) == 1 and mode != "road" else ""

    def _wanted(
        self, mode: str, vehicle: str, energy: str, service: str, per: Sequence[str]
    ) -> str:
        """Which factor would admit the leg, with the nearest known vehicle names."""
        what = [f"mode {mode}"]
        if vehicle:
            what.append(f"vehicle {vehicle}")
        if energy:
            what.append(f"energy {energy}")
        text = (
            f"a row in the table factors with {', '.join(what)}, per {' or '.join(per)}"
            + (" (marked assumed if it is the planner's own estimate)" if mode != "hub" else "")
            + ("" if mode == "hub" else ", or the carrier's own co2e_wtw_g in the bid")
        )
        known = self.vehicles(mode)
        if mode == "inland_waterway" and not known:
            return f"{text}; no open factor exists for barges"
        if not vehicle and known and not default_vehicle(mode, service):
            return f"{text}; or name the vehicle: {', '.join(known)}"
        if vehicle and word(vehicle) not in {word(k) for k in known}:
            near = difflib.get_close_matches(word(vehicle), known, n=3, cutoff=0.3) or known[:3]
            if near:
                return f"{text}; known vehicle names near it: {', '.join(near)}"
        energies = self.energies(mode, vehicle or default_vehicle(mode, service))
        if energy and energies and word(energy) not in {word(e) for e in energies}:
            return f"{text}; energies known for it: {', '.join(energies)}"
        return text


def _grouped(factors: Iterable[Factor]) -> dict[str, tuple[Factor, ...]]:
    by_mode: dict[str, tuple[Factor, ...]] = {}
    for factor in factors:
        by_mode[factor.mode] = (*by_mode.get(factor.mode, ()), factor)
    return by_mode


def _nearest(
    factors: Sequence[Factor], names: set[str], energy: str, per: Sequence[str], region: str
) -> Factor | None:
    """The best of the factors that fit; a row with a blank vehicle or energy fits any."""
    wanted_energy = word(energy)
    best: tuple[tuple[int, int, int, int], Factor] | None = None
    for factor in factors:
        vehicle, has = word(factor.vehicle), word(factor.energy)
        if vehicle and vehicle not in names:
            continue
        if factor.per not in per or (wanted_energy and has and wanted_energy != has):
            continue
        rank = (
            0 if vehicle in names and vehicle else 1,
            fit(factor.region, region),
            per.index(factor.per),
            0 if has == wanted_energy else 1 if has in ("", "diesel") else 2,
        )
        if best is None or rank < best[0]:
            best = rank, factor
    return best[1] if best else None


@cache
def default_book() -> FactorBook:
    """The open default pack, without any factor of the planner."""
    data = resources.files("emissions").joinpath("data/factors_default.csv")
    return FactorBook(default_factors(data.read_text("utf-8")))
