"""Emission factors: what one unit of movement emits, and where that is known from.

Three sources stand in this order: a carrier's declared figure (see `laws.Declared`), the planner's
own pack (table `factors`), the open default pack (`emissions/data/factors_default.csv`, made by
`build_pack.py`). A factor that is not there is `NotCovered`, never zero.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources

from lowhaul.errors import InputRejected
from lowhaul.findings import Finding

DEFAULT_VEHICLE = {
    "road": "artic_gt33",
    "sea": "container_average",
    "rail": "freight_train",
    "air": "aircraft_international",
}
"""The vehicle of a blank cell. Inland waterways have none: no open factor exists for barges."""
DEFAULT_PART_LOAD_VEHICLE = "all_hgvs"
"""Road part loads (ltl) with a blank vehicle: a collecting and a trunk vehicle, so all HGVs."""
ANY_REGION = frozenset({"", "world", "global"})
LOAD_UNIT_SERVICES = frozenset({"container", "ftl"})


@dataclass(frozen=True)
class NotCovered:
    """No factor: `wanted` says in the planner's words which one would admit the leg or hub."""

    wanted: str


@dataclass(frozen=True)
class Factor:
    """One emission factor, in grams CO2e (GWP 100 years of the assessment report `gwp`).

    `per` is tkm, teu_km, vehicle_km (legs), t or teu (hubs). `wtt_g` None: the well-to-tank part is
    not covered. The slopes add to a vehicle_km for each tonne on board. `includes_empty`: empty
    running is already inside. `empty_distance_factor` is empty km as a share of total km.
    `payload_full_t` is the payload that the source calls full (curves only).
    """

    factor_id: str
    mode: str
    vehicle: str
    energy: str
    region: str
    wtt_g: float | None
    ttw_g: float
    per: str
    slope_wtt_g_per_tkm: float = 0.0
    slope_ttw_g_per_tkm: float = 0.0
    includes_empty: bool = True
    load_factor: float | None = None
    empty_distance_factor: float | None = None
    distance_basis: str = "sfd"
    gwp: str = ""
    data_type: str = "default"
    source: str = ""
    version: str = ""
    licence: str = ""
    assumed: bool = False
    pack: str = "own"
    payload_full_t: float | None = None
    page: str = ""
    year: str = ""
    evidence: str = ""
    note: str = ""

    @property
    def wtw_g(self) -> float:
        """Well-to-wheel; where WTT is not covered, what is known: the TTW part."""
        return (self.wtt_g or 0.0) + self.ttw_g

    @property
    def slope_wtw_g_per_tkm(self) -> float:
        """Well-to-wheel of the slope."""
        return self.slope_wtt_g_per_tkm + self.slope_ttw_g_per_tkm

    @property
    def ttw_share(self) -> float:
        """TTW as a share of WTW, for figures that are declared without a split."""
        return self.ttw_g / self.wtw_g if self.wtw_g else 1.0

    def scaled(self, by: float) -> Factor:
        """The same factor with every figure times `by` (for break-even and what-if)."""
        return replace(
            self,
            wtt_g=None if self.wtt_g is None else self.wtt_g * by,
            ttw_g=self.ttw_g * by,
            slope_wtt_g_per_tkm=self.slope_wtt_g_per_tkm * by,
            slope_ttw_g_per_tkm=self.slope_ttw_g_per_tkm * by,
        )


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


def split_fault(wtw_g: float, ttw_g: float, energy: str = "") -> str:
    """Why a pair of WTW and TTW cannot be true, or blank.

    Fossil energy has a positive well-to-tank part. Biogenic and synthetic fuels may have a negative
    one (the growing crop binds carbon), so TTW above WTW is no fault there.
    """
    renewable = ("bio", "hvo", "fame", "rfnbo", "synthetic", "e_fuel", "renewable")
    if ttw_g <= wtw_g or any(part in _word(energy) for part in renewable):
        return ""
    return f"TTW ({ttw_g:g} g) is above WTW ({wtw_g:g} g); a fossil fuel's WTT is never negative."


def _word(text: str) -> str:
    return text.strip().lower().replace(" ", "_").replace("-", "_")


@dataclass(frozen=True)
class FactorBook:
    """The factors of one plan: the planner's own before the default ones."""

    default_factors: tuple[Factor, ...]
    own_factors: tuple[Factor, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Factor]:
        return {f.factor_id: f for f in (*self.default_factors, *self.own_factors)}

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

    def by_id(self, factor_id: str) -> Factor | None:
        """The factor of that id, own pack first."""
        return self._by_id.get(factor_id)

    def vehicles(self, mode: str) -> tuple[str, ...]:
        """The vehicle names known for a mode, own pack first."""
        factors = (*self._own_by_mode.get(mode, ()), *self._default_by_mode.get(mode, ()))
        return tuple(dict.fromkeys(f.vehicle for f in factors if f.vehicle))

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
        those that fit, the nearest in vehicle, region, unit and energy is taken, then the earlier.
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
            names = {_word(vehicle)} if vehicle else usual
            found = _nearest(own, names, energy, wanted_per, region)
            if found is not None:
                return found
        if "default" in packs:
            name = vehicle or default_vehicle(mode, service)
            defaults = self._default_by_mode.get(mode, ())
            found = _nearest(defaults, {_word(name)}, energy, wanted_per, region)
            if found is not None:
                return found
        return NotCovered(self._wanted(mode, vehicle, energy, service, wanted_per))

    def _only_own_vehicle(self, mode: str) -> str:
        """The one vehicle the own pack names for a mode (not on the road: blank is artic_gt33)."""
        names = {_word(f.vehicle) for f in self._own_by_mode.get(mode, ()) if f.vehicle}
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
        if vehicle and _word(vehicle) not in {_word(k) for k in known}:
            near = difflib.get_close_matches(_word(vehicle), known, n=3, cutoff=0.3) or known[:3]
            if near:
                return f"{text}; known vehicle names near it: {', '.join(near)}"
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
    wanted_energy, wanted_region = _word(energy), _word(region)
    best: tuple[tuple[int, int, int, int], Factor] | None = None
    for factor in factors:
        vehicle, has = _word(factor.vehicle), _word(factor.energy)
        if vehicle and vehicle not in names:
            continue
        if factor.per not in per or (wanted_energy and has and wanted_energy != has):
            continue
        place = _word(factor.region)
        rank = (
            0 if vehicle in names and vehicle else 1,
            0 if place == wanted_region else 1 if place in ANY_REGION else 2,
            per.index(factor.per),
            0 if has == wanted_energy else 1 if has in ("", "diesel") else 2,
        )
        if best is None or rank < best[0]:
            best = rank, factor
    return best[1] if best else None


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None or value != value else str(value).strip()


def _number(row: Mapping[str, object], name: str) -> float | None:
    text = _text(row, name)
    return float(text) if text and text not in ("<NA>", "nan", "None") else None


def _yes(row: Mapping[str, object], name: str) -> bool:
    return _text(row, name).lower() in ("yes", "true", "1")


def own_factor(row: Mapping[str, object]) -> Factor:
    """One row of the table `factors` (numbers, blanks as None or NaN, booleans or yes/no).

    `slope_g_per_tkm` is well-to-wheel; it is split as the row's own WTT and TTW.
    """
    wtt, ttw = _number(row, "co2e_wtt_g"), _number(row, "co2e_ttw_g")
    if ttw is None:
        message = f"The factor {_text(row, 'factor_id')} has no co2e_ttw_g."
        hint = "Give 0 where the vehicle itself emits nothing (electric traction)."
        raise InputRejected(
            [Finding("E170", "error", message, hint, sheet="factors", column="co2e_ttw_g")]
        )
    slope = _number(row, "slope_g_per_tkm") or 0.0
    wtw = (wtt or 0.0) + ttw
    ttw_share = ttw / wtw if wtw else 1.0
    return Factor(
        factor_id=_text(row, "factor_id"),
        mode=_text(row, "mode"),
        vehicle=_text(row, "vehicle"),
        energy=_text(row, "energy"),
        region=_text(row, "region"),
        wtt_g=wtt,
        ttw_g=ttw,
        per=_text(row, "per"),
        slope_wtt_g_per_tkm=slope * (1.0 - ttw_share),
        slope_ttw_g_per_tkm=slope * ttw_share,
        includes_empty=_yes(row, "includes_empty"),
        load_factor=_number(row, "load_factor"),
        empty_distance_factor=_number(row, "empty_distance_factor"),
        distance_basis=_text(row, "distance_basis") or "sfd",
        gwp=_text(row, "gwp"),
        data_type=_text(row, "data_type") or "default",
        source=_text(row, "source"),
        version=_text(row, "version"),
        licence=_text(row, "licence"),
        assumed=_yes(row, "assumed"),
        pack="own",
    )


def default_factors(text: str) -> tuple[Factor, ...]:
    """The factors of a default pack, given as the text of its CSV file."""
    return tuple(
        Factor(
            factor_id=row["factor_id"],
            mode=row["mode"],
            vehicle=row["vehicle"],
            energy=row["energy"],
            region=row["region"],
            wtt_g=_number(row, "co2e_wtt_g"),
            ttw_g=float(row["co2e_ttw_g"]),
            per=row["per"],
            slope_wtt_g_per_tkm=_number(row, "slope_wtt_g_per_tkm") or 0.0,
            slope_ttw_g_per_tkm=_number(row, "slope_ttw_g_per_tkm") or 0.0,
            includes_empty=row["includes_empty"] == "yes",
            load_factor=_number(row, "load_factor"),
            empty_distance_factor=_number(row, "empty_distance_factor"),
            distance_basis=row["distance_basis"],
            gwp=row["gwp"],
            data_type=row["data_type"],
            source=row["source"],
            version=row["version"],
            licence=row["licence"],
            pack="default",
            payload_full_t=_number(row, "payload_full_t"),
            page=row["page"],
            year=row["year"],
            evidence=row["evidence"],
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def default_book() -> FactorBook:
    """The open default pack, without any factor of the planner."""
    data = resources.files("emissions").joinpath("data/factors_default.csv")
    return FactorBook(default_factors(data.read_text("utf-8")))
