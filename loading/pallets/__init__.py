"""Cartons onto pallets: the first of two steps, the second puts the pallets into load units.

kinds       the pallets themselves, as data
cartons     what stands on them, limits, and a built pallet
patterns    one kind of carton: layers, in columns or interlocked
mixed       several kinds: full layers first, odd cartons on top
build       `build_pallets`: orders given in cartons end as pallets
units       built pallets as handling units, and their lists for the warehouse
check       the judge of built pallets; shares no code with the others
"""

from loading.pallets.build import build_pallets
from loading.pallets.cartons import BuiltPallet, Carton, CartonLine, PalletLimits, PalletPlan
from loading.pallets.kinds import PalletKind, named_pallet

__all__ = [
    "BuiltPallet",
    "Carton",
    "CartonLine",
    "PalletKind",
    "PalletLimits",
    "PalletPlan",
    "build_pallets",
    "named_pallet",
]
