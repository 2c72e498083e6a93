"""Numbers and names as the texts that tables hold."""

from __future__ import annotations

import re
import unicodedata

_NO_ID = re.compile("[;>\x00-\x1f\x7f\ufffe\uffff]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_NO_SLUG = re.compile(r"[^\w]+")


def number_text(value: float | None) -> str:
    """A number without a needless point; blank for None."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def clean_id(text: str) -> str:
    """A text as a name: without the signs that names cannot have."""
    return _NO_ID.sub(" ", unicodedata.normalize("NFC", " ".join(text.split()))).strip()


def clean_text(text: str) -> str:
    """A text without control signs."""
    return _CONTROL.sub(" ", text).strip()


def slug(text: str) -> str:
    """A text as a part of a name made by us: words joined by hyphens."""
    return _NO_SLUG.sub("-", unicodedata.normalize("NFKC", text)).strip("-")
