"""iLEAP 1.0.0: logistics emissions as documents that others can read, check and add up.

`read` a file tolerantly, `check` it against the rules (`RULES`), `write` only what passes, and
take the legs out as a table (`legs_frame`). docs/ileap.md explains the rules.
"""

from emissions.ileap.breach import Breach
from emissions.ileap.checking import check, check_file
from emissions.ileap.frame import legs_frame
from emissions.ileap.reading import IleapDocument, read
from emissions.ileap.rulebook import RULES
from emissions.ileap.writing import NotWritable, document_of, write

__all__ = [
    "RULES",
    "Breach",
    "IleapDocument",
    "NotWritable",
    "check",
    "check_file",
    "document_of",
    "legs_frame",
    "read",
    "write",
]
