"""Demand of the solar example: order lines, emptied boxes and what was done before.

Orders are drawn with a stated seed. Customers and quantities are invented.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from solar_places import MODULES, PLANTS, Row
from solar_rates import DELIVERY_PORT, INLAND, SEA

FIRST_DAY = date(2026, 1, 5)
WEEKS = 12
LAST_READY = date(2026, 3, 31)

# customer: order lines
CUSTOMERS = {
    "C-DUI": 14,
    "C-RTM": 14,
    "C-HAM": 12,
    "C-MUC": 9,
    "C-VLC": 9,
    "C-ATH": 7,
    "C-WAW": 8,
    "C-ESN": 3,
    "C-LDZ": 3,
    "C-YOK": 7,
    "C-OSA": 6,
    "C-LAX": 7,
    "C-SAV": 6,
    "C-CPQ": 5,
    "C-XIY": 4,
    "C-CTU": 4,
    "C-URC": 3,
}
URGENT = ("C-ESN", "C-LDZ")
"""Project sites with fixed dates: due after so few days that no ship is in time."""
URGENT_DAYS = 33

# (supplier, sku, plant): (lines, fewest and most handling units, days from ready to due)
INBOUND = {
    ("S-ULS", "FILM-POE", "PLANT-JNZ"): (5, 14, 44, 26),
    ("S-ULS", "FILM-POE", "PLANT-FUX"): (4, 12, 40, 26),
    ("S-ICN", "FRAME-2382", "PLANT-JNZ"): (4, 8, 18, 26),
    ("S-ICN", "FRAME-2382", "PLANT-FUX"): (3, 8, 18, 26),
    ("S-NGO", "GLASS-ARC", "PLANT-JNZ"): (4, 5, 14, 28),
    ("S-NGO", "GLASS-ARC", "PLANT-FUX"): (3, 5, 12, 28),
    ("S-BRE", "JBOX-3", "PLANT-JNZ"): (3, 16, 40, 68),
    ("S-BRE", "JBOX-3", "PLANT-FUX"): (2, 16, 36, 68),
    ("S-BBU", "GLASS-2.0", "PLANT-JNZ"): (4, 8, 24, 22),
    ("S-BBU", "GLASS-2.0", "PLANT-FUX"): (3, 8, 20, 22),
    ("S-CZX", "FILM-EVA", "PLANT-JNZ"): (3, 12, 34, 22),
    ("S-CZX", "FILM-EVA", "PLANT-FUX"): (3, 12, 34, 22),
    ("S-KWS", "PASTE-AG", "PLANT-JNZ"): (3, 6, 20, 29),
    ("S-KWS", "PASTE-AG", "PLANT-FUX"): (2, 6, 16, 29),
}
HASTY_PASTE = 2
"""So many lines of silver paste are due after nine days: only the plane is in time."""


def orders(seed: int) -> list[Row]:
    """The table `orders`."""
    draw = random.Random(seed)
    return [*_outbound(draw), *_inbound(draw)]


def _due_days(customer: str, draw: random.Random) -> int:
    """Usual days from ready to due: the sea leg and three to five weeks around it."""
    if customer in INLAND:
        return 20 + draw.randint(0, 6)
    # Munich and Warsaw also go by the farther port, so the longest sea leg sets the date.
    port_days = SEA[DELIVERY_PORT[customer]][1]
    return port_days + 23 + draw.randint(0, 9)


def _outbound(draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    number = 1000
    for customer, lines in CUSTOMERS.items():
        left, campaign = lines, 0
        urgent = customer in URGENT
        campaigns = max(1, round(lines / 2.6))
        while left:
            week = min(WEEKS - 1, round((campaign + draw.random()) * WEEKS / campaigns))
            size = min(left, draw.choice((2, 2, 3, 3, 4)))
            monday = FIRST_DAY + timedelta(days=7 * week)
            for member in range(size):
                number += 1
                plant = PLANTS[member % 2] if draw.random() < 0.9 else PLANTS[0]
                sku = draw.choice([s for s, m in MODULES.items() if m[3] == plant])
                pallets = draw.choice((2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 12, 13, 15, 18, 22, 27, 36))
                if urgent:
                    pallets = draw.choice((8, 10, 12, 16))
                ready = min(monday + timedelta(days=draw.randint(0, 3)), LAST_READY)
                days = URGENT_DAYS if urgent else _due_days(customer, draw)
                quantity = pallets * MODULES[sku][2] - draw.choice((0, 0, 0, 3, 10))
                rows.append(
                    {
                        "order_id": f"SO-{number}",
                        "line": 1,
                        "origin": plant,
                        "destination": customer,
                        "sku": sku,
                        "quantity": quantity,
                        "ready_date": ready,
                        "due_date": ready + timedelta(days=days),
                        "flow": "outbound",
                        "status": "forecast" if week > 8 and draw.random() < 0.4 else "firm",
                        "priority": 2 if urgent else 1,
                        "incoterm": "DAP",
                        "splittable": "no" if number % 23 == 0 else "yes",
                        "mix_allowed": "no" if number % 37 == 0 else "yes",
                        "equipment_allowed": "",
                    }
                )
            left -= size
            campaign += 1
    return rows


def _inbound(draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    number = 5000
    for (supplier, sku, plant), (lines, fewest, most, days) in INBOUND.items():
        pieces = {"GLASS-2.0": 110, "GLASS-ARC": 110, "FRAME-2382": 320, "JBOX-3": 900}
        pieces |= {"FILM-POE": 8, "FILM-EVA": 8, "PASTE-AG": 20}
        # From Europe the box is seven weeks on the way: later orders would free none in time.
        span = 6 if supplier == "S-BRE" else WEEKS
        for i in range(lines):
            number += 1
            week = min(span - 1, int((i + draw.random() * 0.8) * span / lines))
            ready = FIRST_DAY + timedelta(days=7 * week + draw.randint(0, 3))
            hasty = supplier == "S-KWS" and plant == PLANTS[0] and i < HASTY_PASTE
            rows.append(
                {
                    "order_id": f"PO-{number}",
                    "line": 1,
                    "origin": supplier,
                    "destination": plant,
                    "sku": sku,
                    "quantity": draw.randint(fewest, most) * pieces[sku],
                    "ready_date": ready,
                    "due_date": ready + timedelta(days=10 if hasty else days),
                    "flow": "inbound",
                    "status": "firm",
                    "priority": 2 if hasty else 1,
                    "incoterm": "FCA",
                    "splittable": "yes",
                    "mix_allowed": "yes",
                    "equipment_allowed": "",
                    "box_grade_after": "B",
                    "unstuff_days": 1,
                }
            )
    return rows


# (place, line, boxes, first day, days free, port of return, grade, ours, equipment)
EMPTIES = (
    ("E-PNJ", "AURL", 3, "2026-01-09", 12, "CNDLC", "A", "no", "45G1"),
    ("E-PNJ", "AURL", 2, "2026-02-03", 10, "CNDLC", "B", "no", "45G1"),
    ("E-PNJ", "PCLN", 4, "2026-01-21", 14, "CNYIK", "A", "no", "45G1"),
    ("E-PNJ", "NSTL", 2, "2026-03-05", 10, "CNDLC", "B", "no", "45G1"),
    ("E-SHE", "AURL", 4, "2026-01-15", 12, "CNDLC", "A", "no", "45G1"),
    ("E-SHE", "NSTL", 3, "2026-02-12", 10, "CNDLC", "B", "no", "45G1"),
    ("E-SHE", "PCLN", 5, "2026-02-20", 14, "CNYIK", "A", "no", "45G1"),
    ("E-SHE", "ERXP", 2, "2026-02-02", 20, "T-SHE", "A", "no", "45G1"),
    ("E-JNZ", "AURL", 2, "2026-01-12", 14, "CNTXG", "A", "no", "45G1"),
    ("E-JNZ", "AURL", 3, "2026-02-23", 12, "CNDLC", "B", "no", "45G1"),
    ("E-JNZ", "BHOL", 3, "2026-01-28", 10, "CNYIK", "A", "no", "45G1"),
    ("E-JNZ", "PCLN", 2, "2026-03-11", 14, "CNDLC", "A", "no", "45G1"),
    ("E-JNZ", "NSTL", 2, "2026-03-02", 9, "CNDLC", "C", "no", "45G1"),
    ("E-YIK", "NSTL", 3, "2026-01-19", 10, "CNDLC", "A", "no", "45G1"),
    ("E-YIK", "ETRL", 2, "2026-02-16", 10, "CNDLC", "A", "no", "45G1"),
    ("E-SHE", "AURL", 2, "2026-03-16", 12, "CNDLC", "A", "no", "42G1"),
    ("D-JNZ", "PCLN", 2, "2026-01-08", 21, "CNYIK", "B", "yes", "45G1"),
    ("D-JNZ", "AURL", 2, "2026-02-05", 21, "CNDLC", "A", "yes", "45G1"),
)
RETURN_EUR = {"CNDLC": 310, "CNYIK": 150, "CNTXG": 360, "T-SHE": 40}


def empties() -> list[Row]:
    """The table `empties`: boxes of partners around the plants, and four of our own."""
    rows: list[Row] = []
    for i, (place, line, boxes, day, free, back, grade, ours, equipment) in enumerate(EMPTIES, 1):
        first = date.fromisoformat(day)
        rows.append(
            {
                "empty_id": f"E{i:02d}",
                "equipment": equipment,
                "location": place,
                "line": line,
                "quantity": boxes,
                "available_from": first,
                "free_until": first + timedelta(days=free),
                "return_to": back,
                "return_cost": RETURN_EUR[back],
                "currency": "EUR",
                "vehicle": "artic_gt33",
                "grade": grade,
                "ours": ours,
            }
        )
    return rows


# customer: (port of discharge before, haulier there)
BEFORE = {
    "C-DUI": ("NLRTM", "EUTA"),
    "C-RTM": ("NLRTM", "EUTA"),
    "C-HAM": ("DEHAM", "EUTA"),
    "C-MUC": ("NLRTM", "EUTA"),
    "C-VLC": ("ESVLC", "EUTA"),
    "C-ATH": ("GRPIR", "EUTA"),
    "C-WAW": ("DEHAM", "EUTA"),
    "C-YOK": ("JPYOK", "JPDR"),
    "C-OSA": ("JPOSA", "JPDR"),
    "C-LAX": ("USLAX", "USDR"),
    "C-SAV": ("USSAV", "USDR"),
    "C-CPQ": ("BRSSZ", "LADR"),
}
BEFORE_IN = {  # supplier: (port of loading, haulier there, line, port of discharge)
    "S-ULS": ("KRPUS", "KRDR", "AURL", "CNDLC"),
    "S-ICN": ("KRINC", "KRDR", "AURL", "CNDLC"),
    "S-NGO": ("JPNGO", "JPDR", "AURL", "CNDLC"),
    "S-BRE": ("DEBRV", "EUTA", "NSTL", "CNTXG"),
}


def baseline() -> list[Row]:
    """The table `baseline`: today's way of each relation."""
    rows: list[Row] = []

    def way(ends: tuple[str, str], carriers: str, via: str, modes: str, equipment: str = "45G1",
            source: str = "booking list 2025 (invented)") -> None:  # fmt: skip
        rows.append(
            {
                "origin": ends[0],
                "destination": ends[1],
                "carriers": carriers,
                "via": via,
                "modes": modes,
                "equipment": equipment,
                "share": 1,
                "basis": "assumed",
                "source": source,
            }
        )

    for plant in PLANTS:
        for customer, (pod, haulier) in BEFORE.items():
            japan_or_fuxin = pod.startswith("JP") or plant == PLANTS[1]
            pol = "CNDLC" if japan_or_fuxin else "CNTXG"
            line = "NSTL" if pod in ("USLAX", "USSAV", "BRSSZ") else "AURL"
            way((plant, customer), f"LNTH;{line};{haulier}", f"{pol};{pod}", "road;sea;road")
        for customer in URGENT:
            way((plant, customer), "TIRX", "", "road", "CN13")
        for customer in INLAND:
            way((plant, customer), "SCFT", "", "road", "CN13")
        for supplier, (pol, haulier, line, pod) in BEFORE_IN.items():
            way((supplier, plant), f"{haulier};{line};LNTH", f"{pol};{pod}", "road;sea;road")
        for supplier in ("S-BBU", "S-CZX"):
            way((supplier, plant), "SCFT", "", "road", "CN13")
        way(("S-KWS", plant), "LTLX;AIRO;LJLT", "A-NRT;A-SHE", "road;air;road", "")
    return rows
