"""Reads factor packs: NAME.csv with its manifest NAME.yaml, every fault of both told at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emissions.factor_rows import own_factor
from emissions.packs import RESERVED, Manifest, Pack, manifest_of, uplifted
from lowhaul.cells import TableData
from lowhaul.findings import Finding, Findings
from lowhaul.input_tables import FACTOR_PACK, FROM_THE_MANIFEST
from lowhaul.tables import read_csv_file, read_table
from scenarios.rows import rows_of
from scenarios.rules.factors import judge_factors
from scenarios.settings import finding_of
from scenarios.yaml_text import read_yaml


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, coerce_numbers_to_str=True
    )


class UpliftDocument(_Model):
    """One uplift: by the vehicle's name (`vehicle_prefix`), or for regions."""

    name: str = Field(min_length=1, max_length=60)
    mode: Literal["road", "rail", "sea", "inland_waterway", "air", "hub"]
    times: float = Field(gt=0, le=100)
    source: str = Field(min_length=1)
    vehicle_prefix: str = ""
    regions: tuple[str, ...] = ()
    base_region: str = ""


class ManifestDocument(_Model):
    """The keys of a manifest."""

    name: str = Field(min_length=1, max_length=120)
    version: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    gwp: Literal["AR4", "AR5", "AR6"]
    distance_basis: Literal["actual", "sfd", "gcd"]
    unit: Literal["g CO2e"]
    utilisation_basis: str = Field(min_length=1)
    source: str = ""
    note: str = ""
    uplifts: tuple[UpliftDocument, ...] = ()


def read_packs(
    folder: Path, names: Iterable[str], ids_of_table: Iterable[str], findings: Findings
) -> tuple[tuple[Pack, ...], dict[str, str]]:
    """The packs that a project names, files of its own folder, and the SHA-256 of each file.

    `ids_of_table` are the factor_id of the table `factors`: an id may not stand in two packs.
    """
    packs: list[Pack] = []
    hashes: dict[str, str] = {}
    seen = dict.fromkeys(ids_of_table, "the table factors")
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
            message = f'The pack "{name[:80]}" is not a file of the project folder.'
            _say(findings, "E180", message, "Put it there and name it: packs/own.csv", name)
            continue
        pack = read_pack(folder / path, name, findings)
        if pack is None:
            continue
        for file in (folder / path, (folder / path).with_suffix(".yaml")):
            hashes[str(path.with_suffix(file.suffix))] = _sha256(file)
        for factor in pack.factors:
            first = seen.setdefault(factor.factor_id, name)
            if first != name:
                message = f"The factor {factor.factor_id} stands in {first} too."
                _say(findings, "E183", message, "Give it another factor_id.", name, "factor_id")
        packs.append(pack)
    return tuple(packs), hashes


def read_pack(path: Path, label: str, findings: Findings) -> Pack | None:
    """One pack by the path of its CSV file; None (and findings) where it cannot be used."""
    beside = path.with_suffix(".yaml")
    manifest_label = str(PurePosixPath(label).with_suffix(".yaml"))
    for file, said, what in (
        (path, label, "The factor pack is not there."),
        (beside, manifest_label, "The factor pack has no manifest."),
    ):
        if not file.is_file():
            keys = ", ".join(n for n, f in ManifestDocument.model_fields.items() if f.is_required())
            _say(findings, "E180", what, f"A pack is NAME.csv and NAME.yaml with {keys}.", said)
    if not (path.is_file() and beside.is_file()):
        return None
    before = len(findings.errors)
    manifest = _read_manifest(beside, manifest_label, findings)
    raw = read_csv_file(path, label, findings)
    if raw is None:
        return None
    data = read_table(FACTOR_PACK, raw, findings)
    judge_factors(data, findings)
    if manifest is None:
        return None
    _fill_from(manifest, data)
    report_contradictions(manifest, data, findings)
    if len(findings.errors) > before:
        return None
    factors = (own_factor(row, manifest.name) for row in rows_of(data.frame))
    return Pack(manifest, uplifted(factors, manifest.uplifts), label)


def _read_manifest(path: Path, label: str, findings: Findings) -> Manifest | None:
    document = read_yaml(path, label, findings)
    if document is None:
        return None
    try:
        read = ManifestDocument.model_validate(document.content)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            findings.add(replace(finding_of(fault, document, _known_keys), code="E181"))
        return None
    faults = len(findings.errors)
    if read.name.strip().lower() in RESERVED:
        message = f'A pack cannot be called "{read.name}".'
        _say(findings, "E181", message, "Give it a name of its own.", label, "name")
    for i, uplift in enumerate(read.uplifts):
        if bool(uplift.vehicle_prefix) == bool(uplift.regions):
            message = f'The uplift "{uplift.name}" needs vehicle_prefix or regions, one of them.'
            findings.add(
                Finding("E181", "error", message, "", label, "", document.line(("uplifts", i)),
                        "uplifts")
            )  # fmt: skip
    return manifest_of(read.model_dump()) if len(findings.errors) == faults else None


def _known_keys(path: tuple[str | int, ...]) -> list[str]:
    model = UpliftDocument if path[:1] == ("uplifts",) else ManifestDocument
    return list(model.model_fields)


def _fill_from(manifest: Manifest, data: TableData) -> None:
    """Blank cells have what the manifest says of all rows."""
    for name in FROM_THE_MANIFEST:
        cells = data.frame[name]
        data.frame[name] = cells.where(cells.ne(""), getattr(manifest, name))


def report_contradictions(manifest: Manifest, data: TableData, findings: Findings) -> None:
    """Rule: what a manifest says holds for all rows; two GWPs in one pack do not add up."""
    for name in ("gwp", "distance_basis"):
        said, cells = getattr(manifest, name), data.frame[name]
        other = cells.ne(said).to_numpy(dtype=bool) & data.sound(name)
        message = f"The row has another {name} than the manifest, {said}."
        hint = "Leave the cell blank, or put the row into a pack of its own."
        data.report(findings, "E182", other, name, message, hint)


def _say(
    findings: Findings, code: str, message: str, hint: str, file: str, column: str = ""
) -> None:
    findings.add(Finding(code, "error", message, hint, file, column=column))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
