"""Mends what files in use get wrong and tells of each case; what would be a guess is left alone.

The specification's own examples print a decimal comma, names of earlier versions and energy
carriers without share. The walk follows the classes of `model`, so every property is looked at.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from emissions.ileap.breach import Breach, breach, point
from emissions.ileap.model import (
    Amount,
    Document,
    EnergyCarrier,
    Extension,
    Feedstock,
    Hoc,
    Tad,
    Tce,
    Toc,
    Words,
    plain,
)

COMMA = re.compile(r"(-?[0-9]+),([0-9]+)")
LARGEST_EXPONENT = 30
"""Numbers beyond 10^30 or with more than 30 decimals are not mended: nobody means them."""

OLD_NAMES: Mapping[type[Document], Mapping[str, str]] = {
    Toc: {
        "co2eIntensityThroughput": "transportActivityUnit",
        "co2eIntensityWTWThroughput": "transportActivityUnit",
    },
    Hoc: {
        "co2eIntensityThroughput": "hubActivityUnit",
        "co2eIntensityWTWThroughput": "hubActivityUnit",
    },
    EnergyCarrier: {
        "co2eIntensityWTW": "emissionFactorWTW",
        "co2eIntensityTTW": "emissionFactorTTW",
    },
    Feedstock: {"feedstockPercentage": "feedstockShare"},
    Tce: {"voyageNumber": "voyageNo"},
}
"""Names of drafts and of the specification's examples, and what they are called in 1.0.0."""

Tell = Callable[[Breach], None]


@dataclass(frozen=True)
class Shape:
    """What a property holds: a decimal, a word of a list, a document or something else; or many."""

    many: bool = False
    amount: bool = False
    words: tuple[str, ...] = ()
    document: type[Document] | None = None


@cache
def shapes(model: type[Document]) -> Mapping[str, Shape]:
    """The shape of each property of a class."""
    hints = get_type_hints(model, include_extras=True)
    return {name: _shape(hints[name]) for name in model.model_fields}


def _shape(hint: Any, many: bool = False) -> Shape:
    if hint == Amount:
        return Shape(many, amount=True)
    origin = get_origin(hint)
    if origin is Annotated:
        words = [mark.words for mark in hint.__metadata__ if isinstance(mark, Words)]
        return Shape(many, words=words[0]) if words else Shape(many)
    if origin in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        return _shape(inner[0], many) if len(inner) == 1 else Shape(many)
    if origin is tuple:
        return _shape(get_args(hint)[0], many=True)
    if isinstance(hint, type) and issubclass(hint, Document):
        return Shape(many, document=hint)
    return Shape(many)


def tidy(value: Any, model: type[Document], at: str, tell: Tell) -> Any:
    """The JSON `value` of a `model`, mended; what was mended or is not known is told."""
    if not isinstance(value, dict):
        return value
    known = shapes(model)
    out = {}
    for name, part in _renamed(value, model, at, tell).items():
        here = point(at, name)
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"Is {near[0]} meant?" if near else "It was not read."
            tell(breach("unknown-field", here, f"{name} is not a property here.", hint))
            out[name] = part
        elif model is Extension and name == "data":
            out[name] = part  # the reader knows its kind
        elif known[name].many and isinstance(part, list):
            out[name] = [_one(p, known[name], point(here, i), tell) for i, p in enumerate(part)]
        else:
            out[name] = _one(part, known[name], here, tell)
    return _with_sole_share(out, at, tell) if model in (Toc, Hoc, Tad) else out


def _renamed(value: dict[str, Any], model: type[Document], at: str, tell: Tell) -> dict[str, Any]:
    names = OLD_NAMES.get(model, {})
    out = {}
    for name, part in value.items():
        now = names.get(name)
        if now is None or now in value or now in out:
            out[name] = part
            continue
        message = f"{name} is an old name."
        tell(breach("old-name", point(at, name), message, f"Write {now}.", value=part))
        out[now] = part
    return out


def _one(part: Any, shape: Shape, at: str, tell: Tell) -> Any:
    if shape.document is not None:
        return tidy(part, shape.document, at, tell)
    if shape.amount:
        return _amount(part, at, tell)
    if shape.words and isinstance(part, str) and part not in shape.words:
        return _word(part, shape.words, at, tell)
    return part


def _amount(part: Any, at: str, tell: Tell) -> Any:
    if isinstance(part, int | Decimal) and not isinstance(part, bool):
        number = Decimal(part)
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or not (
            exponent >= -LARGEST_EXPONENT and abs(number.adjusted()) <= LARGEST_EXPONENT
        ):
            return part
        text = plain(number)
        hint = f'Write "{text}".'
        tell(breach("decimal-as-number", at, "A number stands for a text.", hint, value=text))
        return text
    if isinstance(part, str) and (found := COMMA.fullmatch(part.strip())):
        whole, decimals = found.groups()
        if len(decimals) == 3 and whole.strip("-0"):
            return part  # 1,234 may be a thousand: not ours to decide
        text = f"{whole}.{decimals}"
        hint = f'Write "{text}".'
        tell(breach("decimal-comma", at, f"{part!r} has a comma.", hint, value=part))
        return text
    return part


def _word(part: str, words: tuple[str, ...], at: str, tell: Tell) -> str:
    alike = {word.casefold(): word for word in words}
    right = alike.get(part.casefold())
    if right is not None:
        tell(breach("enumeration", at, f"{part!r} is spelled {right!r}.", value=part))
        return right
    near = difflib.get_close_matches(part, words, 1)
    hint = f"Is {near[0]!r} meant?" if near else f"Known are {', '.join(words)}."
    tell(breach("enumeration", at, f"{part!r} is not a word of the list.", hint, value=part))
    return part


def _with_sole_share(value: dict[str, Any], at: str, tell: Tell) -> dict[str, Any]:
    """A sole energy carrier without share has the whole; among several nothing is guessed."""
    carriers = value.get("energyCarriers")
    if not (isinstance(carriers, list) and len(carriers) == 1 and isinstance(carriers[0], dict)):
        return value
    if carriers[0].get("relativeShare") is not None:
        return value
    here = point(at, "energyCarriers", 0)
    tell(breach("missing-share", here, "relativeShare is missing.", 'The sole carrier has "1".'))
    return {**value, "energyCarriers": [{**carriers[0], "relativeShare": "1"}]}
