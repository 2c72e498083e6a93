"""Limits of what is read, and the refusal that names the reason."""

from __future__ import annotations

from lowhaul.errors import InputRejected
from lowhaul.findings import Finding

MOST_FILE_BYTES = 64 * 1024 * 1024
"""No tender answer is larger; what is, is refused before it is opened."""
MOST_UNPACKED_BYTES = 256 * 1024 * 1024
"""Of all parts of a workbook together (a zip bomb unpacks to far more)."""
MOST_PARTS = 5_000
MOST_CELLS = 1_000_000
"""Filled cells of a file."""
MOST_SPAN = 5_000_000
"""Cells of the rectangle around all filled cells of a sheet: readers keep the empty ones too."""
MOST_COLUMNS = 2_000
"""Of a sheet: no table of freight is wider."""
LONGEST_CELL = 32_767
"""Signs in one cell: what Excel itself can hold."""


def refused(code: str, file: str, message: str, hint: str = "", sheet: str = "") -> InputRejected:
    """The refusal of a whole file, to be raised."""
    return InputRejected([Finding(code, "error", message, hint, file, sheet)])
