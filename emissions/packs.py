"""Factor packs: a table of factors with a manifest that says what holds for all of its rows.

A pack is NAME.csv (the columns of the table `factors`, and those that the default pack has more)
beside NAME.yaml (the manifest). An uplift is data of a pack: it makes further rows from its rows,
for temperature control or for regions, so that each factor that is used stands there by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from emissions.factor import Factor, word
from emissions.factors import default_book
from emissions.regions import countries

UNIT = "g CO2e"
"""The unit of every figure in a pack."""
RESERVED = ("carrier", "place", "stated", "own", "default")
"""What `factor_pack` says beside the names of packs, so that no pack may be called so."""


@dataclass(frozen=True)
class Uplift:
    """Rows times a number: for vehicles of another name, or in other regions.

    `vehicle_prefix` (reefer_) makes rows for the vehicle of that name; `regions` makes a row for
    each of them. `base_region`: only rows of that region are uplifted (blank: of any). A row that
    the pack has already is never made again.
    """

    name: str
    mode: str
    times: float
    source: str
    vehicle_prefix: str = ""
    regions: tuple[str, ...] = ()
    base_region: str = ""


@dataclass(frozen=True)
class Manifest:
    """What holds for all rows of a pack.

    `utilisation_basis` says in words what load and empty running the figures suppose.
    """

    name: str
    version: str
    licence: str
    gwp: str
    distance_basis: str
    unit: str
    utilisation_basis: str
    source: str = ""
    note: str = ""
    uplifts: tuple[Uplift, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A manifest with its factors, uplifted ones included, and the file they were read from."""

    manifest: Manifest
    factors: tuple[Factor, ...]
    file: str = ""


def uplifted(factors: Iterable[Factor], uplifts: Iterable[Uplift]) -> tuple[Factor, ...]:
    """The factors, and behind them what the uplifts make of them."""
    rows = list(factors)
    known = {_key(f) for f in rows}
    made = []
    for uplift in uplifts:
        for row in rows:
            if row.mode != uplift.mode or not _is_base(row, uplift):
                continue
            for vehicle, region in _targets(row, uplift):
                new = replace(
                    row.scaled(uplift.times),
                    factor_id="+".join(p for p in (row.factor_id, uplift.name, region) if p)
                    if uplift.regions
                    else f"{row.factor_id}+{uplift.name}",
                    vehicle=vehicle,
                    region=region,
                    source=f"{row.source} x {uplift.times:g} ({uplift.name}: {uplift.source})",
                )
                if _key(new) not in known:
                    known.add(_key(new))
                    made.append(new)
    return (*rows, *made)


def _key(factor: Factor) -> tuple[str, str, str, str, str]:
    region = ";".join(sorted(countries(factor.region)))
    return factor.mode, word(factor.vehicle), word(factor.energy), region, factor.per


def _is_base(row: Factor, uplift: Uplift) -> bool:
    if uplift.base_region and word(row.region) != word(uplift.base_region):
        return False
    prefix = word(uplift.vehicle_prefix)
    return not prefix or (bool(row.vehicle) and not word(row.vehicle).startswith(prefix))


def _targets(row: Factor, uplift: Uplift) -> list[tuple[str, str]]:
    """Vehicle and region of each row that an uplift makes of a row."""
    vehicle = f"{uplift.vehicle_prefix}{row.vehicle}" if uplift.vehicle_prefix else row.vehicle
    here = countries(row.region)
    regions = [r for r in uplift.regions if not countries(r) <= here] if uplift.regions else [""]
    return [(vehicle, region or row.region) for region in regions]


def manifest_of(content: Mapping[str, object]) -> Manifest:
    """A manifest from sound content (the keys of `Manifest`, lists of the keys of `Uplift`)."""
    given = dict(content)
    listed = given.pop("uplifts", None) or ()
    assert isinstance(listed, list | tuple)
    uplifts = tuple(Uplift(**{**u, "regions": tuple(u.get("regions", ()))}) for u in listed)
    return Manifest(**{**given, "uplifts": uplifts})  # type: ignore[arg-type]


@cache
def default_pack() -> Pack:
    """The open default pack with its manifest (made by `build_pack.py`)."""
    import yaml

    text = resources.files("emissions").joinpath("data/factors_default.yaml").read_text("utf-8")
    return Pack(
        manifest_of(yaml.safe_load(text)),
        default_book().default_factors,
        "emissions/data/factors_default.csv",
    )
