"""The stuffing list for the warehouse: what is set where, step by step, as csv and xlsx.

One row a handling unit in the order of stuffing, in the words of the pages; a first sheet holds
the load units with lines for container and seal numbers. Texts from the data stay texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from loading.check import Placed
from loading.equipment import Equipment
from lowhaul.sheets import Sheet, filled_workbook
from scenarios.load_page import places_of

LIST_COLUMNS = (
    "load_id", "equipment", "step", "order_id", "line", "packaging_id", "place",
    "x_mm", "y_mm", "z_mm", "dx_mm", "dy_mm", "dz_mm", "mass_kg", "stop",
)  # fmt: skip

WORDS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "floor": "row {row}, {side}, floor", "on": "row {row}, {side}, on {on}",
        "sides": ("left", "middle", "right"), "nth": "place {k} from the left",
        "loads": "Load units", "steps": "Stuffing list",
        "load_heads": ("Load", "Equipment", "From", "To", "Units", "Cargo kg", "VGM kg",
                       "Volume use", "Mass use", "Floor use", "Container no.", "Seal no."),
        "heads": ("Load", "Equipment", "Step", "Order", "Line", "Packaging", "Place", "x mm",
                  "y mm", "z mm", "Length mm", "Width mm", "Height mm", "kg", "Stop", "Done"),
    },
    "zh": {
        "floor": "第{row}排，{side}，落地", "on": "第{row}排，{side}，叠于{on}",
        "sides": ("左", "中", "右"), "nth": "左起第{k}位",
        "loads": "装载单元", "steps": "装箱清单",
        "load_heads": ("装载", "箱型", "起点", "终点", "件数", "货重 kg", "VGM kg", "容积利用率",
                       "载重利用率", "箱底利用率", "箱号", "封号"),
        "heads": ("装载", "箱型", "步骤", "订单", "行", "包装", "位置", "x mm", "y mm", "z mm",
                  "长 mm", "宽 mm", "高 mm", "kg", "卸货顺序", "完成"),
    },
    "de": {
        "floor": "Reihe {row}, {side}, Boden", "on": "Reihe {row}, {side}, auf {on}",
        "sides": ("links", "Mitte", "rechts"), "nth": "Platz {k} von links",
        "loads": "Ladeeinheiten", "steps": "Stauliste",
        "load_heads": ("Ladung", "Equipment", "Von", "Nach", "Stück", "Ladung kg", "VGM kg",
                       "Volumennutzung", "Massennutzung", "Bodennutzung", "Containernr.",
                       "Siegelnr."),
        "heads": ("Ladung", "Equipment", "Schritt", "Auftrag", "Zeile", "Packmittel", "Platz",
                  "x mm", "y mm", "z mm", "Länge mm", "Breite mm", "Höhe mm", "kg", "Stopp",
                  "Erledigt"),
    },
}  # fmt: skip
_LOAD_COLUMNS = (
    "load_id", "equipment", "ship_from", "ship_to", "handling_units", "mass_kg", "vgm_kg",
    "volume_use", "mass_use", "floor_use",
)  # fmt: skip
_LOAD_WIDTHS = (10, 12, 14, 14, 8, 12, 12, 12, 12, 12, 18, 16)
_WIDTHS = (10, 12, 7, 22, 7, 22, 34, 8, 8, 8, 10, 10, 10, 10, 7, 8)


@dataclass(frozen=True)
class ListedLoad:
    """One load unit as the warehouse sees it."""

    load_id: str
    equipment: Equipment
    placed: Sequence[Placed]

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        """Row, side and support of each unit, in the order of the steps."""
        return places_of(self.placed, self.equipment)

    @property
    def equipment_name(self) -> str:
        """Trade name, or the code."""
        return self.equipment.trade_name or self.equipment.code


def list_rows(loads: Sequence[ListedLoad], lang: str) -> list[dict[str, Any]]:
    """The rows of `stuffing_list.csv`: columns LIST_COLUMNS."""
    words = WORDS[lang]
    rows = []
    for load in loads:
        where = {p["s"]: p for p in load.places}
        for p in sorted(load.placed, key=lambda p: p.step):
            order, _, line = p.order.rpartition("/")
            values = (
                load.load_id, load.equipment_name, p.step, order, line, p.packaging.packaging_id,
                _place(where[p.step], words), p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm,
                p.mass_kg, p.stop,
            )  # fmt: skip
            rows.append(dict(zip(LIST_COLUMNS, values, strict=True)))
    return rows


def _place(at: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    side = words["nth"].format(k=at["k"]) if at["k"] else words["sides"][at["side"]]
    form: str = words["on"] if at["on"] else words["floor"]
    return form.format(row=at["row"], side=side, on=at["on"])


def workbook(
    load_rows: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], lang: str
) -> bytes:
    """Both sheets as an Excel workbook, its heads in the language asked for."""
    words = WORDS[lang]
    return filled_workbook(
        [
            Sheet(
                words["loads"], words["load_heads"],
                [[row[c] for c in _LOAD_COLUMNS] for row in load_rows], _LOAD_WIDTHS,
            ),
            Sheet(
                words["steps"], words["heads"],
                [[row[c] for c in LIST_COLUMNS] for row in rows], _WIDTHS,
            ),
        ]
    )  # fmt: skip
