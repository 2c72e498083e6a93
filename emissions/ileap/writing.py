"""Writes iLEAP files: sorted, the same every time, and only what passes its own check."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from emissions.ileap.breach import Breach
from emissions.ileap.checking import check
from emissions.ileap.model import ProductFootprint, Tad
from emissions.ileap.reading import IleapDocument, Loaded, parse
from lowhaul.errors import LowhaulError
from lowhaul.tables import write_text

SHOWN = 5


class NotWritable(LowhaulError):
    """What was to be written breaks rules of the specification; nothing was written."""

    exit_code = 1

    def __init__(self, breaches: Iterable[Breach]) -> None:
        self.breaches = tuple(breaches)
        shown = "; ".join(str(b) for b in self.breaches[:SHOWN])
        more = len(self.breaches) - SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        super().__init__(f"The iLEAP file would break its own rules: {shown}{rest}")


def document_of(footprints: Iterable[ProductFootprint], tads: Iterable[Tad] = ()) -> IleapDocument:
    """A document of footprints, sorted by what they are of, and of activity data by id."""
    held = sorted(footprints, key=lambda f: (f.productIds, str(f.id)))
    moved = sorted(tads, key=lambda t: t.activityId)
    return parse(Loaded({"data": [entry.plain() for entry in (*held, *moved)]}))


def text_of(document: IleapDocument) -> str:
    """The document as JSON, the answer of a PACT server. Raises NotWritable on any error."""
    errors = [b for b in check(document) if b.severity == "error"]
    if errors:
        raise NotWritable(errors)
    models = dict(document.footprints) | {i.pointer: i.payload for i in document.items}
    data = [models[at].plain() for at, _ in document.raw]
    return json.dumps({"data": data}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write(document: IleapDocument, path: Path) -> None:
    """Write a document whole or not at all. Raises NotWritable if it breaks a rule."""
    write_text(text_of(document), path)
