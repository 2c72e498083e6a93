"""The published JSON schemas, applied as they stand but for one slip.

The files under `data/` are those of sine-fdn/impact-protocols, ileap-data-model/schemas, commit
c8bce89 (2026-06-11), MIT licence beside them, unchanged. They refer to `#/definitions/Toc`, `Hoc`
and `Tad` where the definitions are called TOC, HOC and TAD: the names are aliased when loaded.
Lists of words may grow by the specification, so the rule `enumeration` judges them, not the schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from emissions.ileap.breach import Breach, breach, point
from emissions.ileap.model import Kind
from emissions.ileap.reading import kind_of

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

FILES: dict[Kind, str] = {
    "shipment": "pcf-shipment-footprint.json",
    "toc": "pcf-toc.json",
    "hoc": "pcf-hoc.json",
    "tad": "pcf-tad.json",
}
DEFINITIONS: dict[Kind, str] = {
    "shipment": "ShipmentFootprint",
    "toc": "TOC",
    "hoc": "HOC",
    "tad": "TAD",
}
OPEN_LISTS = frozenset(
    {
        "Road", "tkm", "tonnes", "Diesel", "Fossil", "l", "Box", "Warehouse", "ambient", "EXW",
        "ISO14083:2023", "LTL", "freighter", "long-haul",
    }
)  # fmt: skip
"""One word of each list that may grow, to tell iLEAP's lists from PACT's."""


def published(kind: Kind) -> dict[str, Any]:
    """The schema of a footprint that holds such an object, its definitions made to resolve."""
    text = resources.files("emissions.ileap").joinpath("data", FILES[kind]).read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    definitions = schema["definitions"]
    for name in ("TOC", "HOC", "TAD"):
        if name in definitions:
            definitions.setdefault(name.capitalize(), definitions[name])
    return schema


@cache
def validator(kind: Kind, enveloped: bool) -> Draft7Validator:
    """A validator of the whole footprint, or of the object alone."""
    from jsonschema import Draft7Validator, FormatChecker

    schema = published(kind)
    if not enveloped:
        schema = {
            "$ref": f"#/definitions/{DEFINITIONS[kind]}",
            "definitions": schema["definitions"],
        }
    return Draft7Validator(schema, format_checker=FormatChecker(["uuid"]))


def schema_breaches(raw: Any, at: str) -> Iterator[Breach]:
    """Where the mended JSON of one entry of a file departs from the published schema."""
    kind, enveloped = _kind(raw)
    if kind is None:
        return
    errors = validator(kind, enveloped).iter_errors(raw)
    for inner in (inner for error in errors for inner in innermost(error)):
        if inner.validator == "enum" and OPEN_LISTS & set(map(str, inner.validator_value)):
            continue
        if kind == "tad" and _only_a_tad_may(inner):
            continue
        yield breach("schema", point(at, *inner.absolute_path), *_said(inner))


def _kind(raw: Any) -> tuple[Kind | None, bool]:
    if not isinstance(raw, dict):
        return None, False
    extensions = raw.get("extensions")
    if "pcf" in raw or extensions is not None:
        for extension in extensions if isinstance(extensions, list) else []:
            kind = kind_of(extension.get("data")) if isinstance(extension, dict) else None
            if kind is not None:
                return kind, True
        return None, True
    return kind_of(raw), False


def innermost(error: ValidationError) -> Iterator[ValidationError]:
    """The errors behind an anyOf or oneOf: those of the branch that was meant, not of `null`."""
    branches: dict[object, list[ValidationError]] = {}
    if error.validator in ("anyOf", "oneOf"):
        for inner in error.context or ():
            if inner.validator_value != "null":
                branches.setdefault(inner.schema_path[0], []).append(inner)
    one_of_several_keys = len(branches) > 1 and all(
        inner.validator == "required" for some in branches.values() for inner in some
    )
    if not branches or one_of_several_keys:
        yield error
        return
    meant = max(branches.values(), key=lambda some: max(len(e.absolute_path) for e in some))
    for inner in meant:
        yield from innermost(inner)


def _only_a_tad_may(error: ValidationError) -> bool:
    """TS 6.6.6 asks emission factors of TOCs and HOCs only; the TAD schema of every carrier."""
    return error.validator == "required" and "emissionFactor" in error.message


def _said(error: ValidationError) -> tuple[str, str]:
    message = error.message if len(error.message) <= 200 else error.message[:197] + "..."
    if error.validator == "anyOf" and "distance" in error.absolute_path:
        return "No distance is given.", "Give sfd, gcd or actual."
    return f"{message}.", ""
