"""Generated projects for benchmarks/plan.py: whole plans of any size, written as tables.

Plants in East China (2 up to 500 orders, 3 up to 2,000, 5 beyond) ship through Shanghai, Ningbo and
Qingdao to customers behind eight European ports; the given number of pairs of places are spread
over them, 30 % of them inbound. Customers lie 20 to 400 km (by great circle) behind a port and may
be reached through the three nearest ones. Sea lines sail weekly on a day of their own between 70 %
of the pairs of ports, each at its own price and declared CO2e; five carriers haul in Europe, four
in China, one railway runs from each plant to each port, and part loads go by lorry, LCL and lorry.

Orders: 2 to 60 pallets of six kinds of goods (light to heavy, three footprints), ready within 13
weeks, 1 to 4 weeks between the earliest possible arrival and the latest. Emptied boxes stand at
warehouses 5 to 120 km from the plants, 1 to 3 at a place and day. Every figure is invented but the
coordinates of the ports, which UN/LOCODE gives.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from math import cos, radians
from pathlib import Path
from random import Random
from typing import Any

Row = dict[str, Any]

START = date(2026, 1, 5)
WEEKS = 13
OWN_PORTS = {"CNSHA": (31.23, 121.47), "CNNGB": (29.87, 121.55), "CNTAO": (36.07, 120.38)}
FAR_PORTS = {
    "NLRTM": (51.92, 4.48), "DEHAM": (53.55, 9.99), "BEANR": (51.22, 4.40),
    "FRLEH": (49.49, 0.11), "ESVLC": (39.47, -0.38), "ITGOA": (44.41, 8.93),
    "GBFXT": (51.95, 1.35), "PLGDN": (54.35, 18.65),
}  # fmt: skip
COUNTRY = {"NL": "NL", "DE": "DE", "BE": "BE", "FR": "FR", "ES": "ES", "IT": "IT", "GB": "GB"}
GOODS = {
    # pieces a pallet, length, width, height mm, net kg a piece, layers
    "LIGHT-E": (24, 1200, 800, 1150, 6.0, 2),
    "MID-E": (24, 1200, 800, 1150, 16.0, 2),
    "LIGHT-I": (30, 1200, 1000, 1200, 7.0, 2),
    "MID-I": (30, 1200, 1000, 1200, 18.0, 2),
    "HEAVY-I": (30, 1200, 1000, 1000, 32.0, 1),
    "LONG": (36, 2300, 1130, 1230, 24.0, 2),
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Generator:
    """Draws one project; the same arguments give the same tables."""

    def __init__(
        self,
        *,
        orders: int,
        pairs: int,
        carriers: int,
        empties: int,
        hubs: int,
        tender_rules: bool,
        seed: int,
    ) -> None:
        self.random = Random(seed)
        self.count = {"orders": orders, "pairs": pairs, "empties": empties}
        self.hubs = [f"HUB-{i + 1}" for i in range(hubs)]
        self.tender_rules = tender_rules
        plants = 2 if orders <= 500 else 3 if orders <= 2_000 else 5
        self.plants = [f"PLANT-{i + 1}" for i in range(plants)]
        lines = max(3, round(carriers * 0.4))
        self.lines = [f"LINE-{i + 1}" for i in range(lines)]
        self.hauliers = [f"ROAD-{i + 1}" for i in range(max(2, round(carriers * 0.2)))]
        inland = max(2, carriers - lines - len(self.hauliers) - 1)
        self.on_carriers = [f"EURO-{i + 1}" for i in range(inland)]
        self.at: dict[str, tuple[float, float]] = {**OWN_PORTS, **FAR_PORTS}
        self.near: dict[str, list[str]] = {}
        self.tables: dict[str, list[Row]] = {}

    def write(self, folder: Path, *, time_limit_s: float, gap: float) -> None:
        """Draw everything and write the project folder."""
        self.places()
        self.goods()
        self.firms()
        self.road()
        self.sea()
        self.part_loads()
        self.order_lines()
        self.boxes()
        if self.tender_rules:
            self.terms()
        (folder / "data").mkdir(parents=True)
        for name, rows in self.tables.items():
            columns = list(dict.fromkeys(c for row in rows for c in row))
            with (folder / "data" / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        until = START + timedelta(weeks=WEEKS) - timedelta(days=1)
        (folder / "project.yaml").write_text(
            "name: Generated plan\n"
            f"period: {{from: {START}, to: {until}}}\n"
            "currency: EUR\nbucket: week\nsettings:\n"
            f"  as_of: {START - timedelta(days=14)}\n"
            f"  solver: {{time_limit_s: {time_limit_s:g}, gap: {gap:g}, seed: 1, workers: 2}}\n"
            "scenarios:\n  plan: {}\n  no_round_use: {without: [round_use]}\n",
            encoding="utf-8",
        )

    def add(self, table: str, **row: Any) -> None:
        """One row of a table."""
        self.tables.setdefault(table, []).append(row)

    def around(self, place: str, least_km: float, most_km: float) -> tuple[float, float]:
        """A point at some distance from a place, to the west of it (inland for China)."""
        lat, lon = self.at[place]
        km = self.random.uniform(least_km, most_km)
        north = self.random.uniform(-0.7, 0.7) * km
        west = (km**2 - north**2) ** 0.5
        side = -1.0 if lon > 60 else 1.0
        return (
            round(lat + north / 111.2, 4),
            round(lon + side * west / (111.2 * cos(radians(lat))), 4),
        )

    def km(self, a: str, b: str) -> float:
        """Rough kilometres between two places."""
        (lat1, lon1), (lat2, lon2) = self.at[a], self.at[b]
        east = (lon1 - lon2) * 111.2 * cos(radians((lat1 + lat2) / 2))
        return float((((lat1 - lat2) * 111.2) ** 2 + east**2) ** 0.5)

    def places(self) -> None:
        """Ports, plants, centres, customers."""
        for port in (*OWN_PORTS, *FAR_PORTS):
            self.add("locations", location_id=port, name=f"Port {port}", kind="port",
                     country=port[:2], unlocode=port, dwell_days=1,
                     handling_cost_per_load_unit=35, currency="EUR")  # fmt: skip
        own = list(OWN_PORTS)
        for i, plant in enumerate(self.plants):
            self.at[plant] = self.around(own[i % 3], 40, 220)
            self.locate(plant, "plant", "CN")
        for i, hub in enumerate(self.hubs):
            self.at[hub] = self.around(own[i % 3], 20, 60)
            self.locate(hub, "hub", "CN", handling_cost_per_t=4, dwell_days=1,
                        handling_co2e_wtw_kg_per_t=1.2, handling_source="invented")  # fmt: skip
        customers = max(4, self.count["pairs"] // len(self.plants))
        far = list(FAR_PORTS)
        for i in range(customers):
            name = f"CUST-{i + 1:03d}"
            home = far[self.random.randrange(8)]
            self.at[name] = self.around(home, 20, 400)
            self.locate(name, "customer", home[:2])
            self.near[name] = sorted(far, key=lambda p: self.km(p, name))[:3]
        self.customers = list(self.near)

    def locate(self, name: str, kind: str, country: str, **more: Any) -> None:
        """A location with coordinates."""
        lat, lon = self.at[name]
        self.add("locations", location_id=name, name=name.title(), kind=kind, country=country,
                 lat=lat, lon=lon, **({"currency": "EUR"} | more))  # fmt: skip

    def goods(self) -> None:
        """Six kinds of goods with one packaging each."""
        for sku, (units, length, width, height, net_kg, layers) in GOODS.items():
            self.add("products", sku=sku, description=sku.title(), net_mass_kg=net_kg)
            self.add("packaging", packaging_id=f"{sku}-P", sku=sku, units=units, length_mm=length,
                     width_mm=width, height_mm=height, max_stack=layers, status="current",
                     gross_mass_kg=units * net_kg + 25, packaging_mass_kg=25)  # fmt: skip

    def firms(self) -> None:
        """Carriers; a third are incumbents."""
        firms = [*self.lines, *self.hauliers, *self.on_carriers, "RAIL"]
        for i, name in enumerate(firms):
            row: Row = {"carrier": name, "name": name.title(), "currency": "EUR",
                        "incumbent": "yes" if i % 3 == 0 else "no"}  # fmt: skip
            if name in self.lines:
                row["round_use_fee"] = self.random.choice((0, 15, 25))
                if self.random.random() < 0.3:
                    row["interchange_with"] = self.random.choice(self.lines)
                if row.get("interchange_with") == name:
                    row["interchange_with"] = ""
            if self.tender_rules:
                row["fixed_cost"] = self.random.choice((500, 1_000, 2_000))
            self.add("carriers", **row)

    def bid(self, carrier: str, mode: str, service: str, start: str, end: str, **more: Any) -> str:
        """A row of bids."""
        name = f"B{len(self.tables.get('bids', [])) + 1:05d}"
        basis = more.pop("rate_basis", "container")
        self.add("bids", bid_id=name, carrier=carrier, mode=mode, service=service, origin=start,
                 destination=end, rate_basis=basis, **({"currency": "EUR"} | more))  # fmt: skip
        return name

    def road(self) -> None:
        """Haulage of boxes at both ends, railways, lorries to the centres."""
        for place, port, firms in [
            *((p, port, self.hauliers) for p in (*self.plants, *self.hubs) for port in OWN_PORTS),
            *((c, port, self.on_carriers) for c in self.customers for port in self.near[c]),
        ]:
            km = self.km(place, port) * 1.3
            for firm in firms:
                if self.random.random() < 0.35:
                    continue
                rate = round(120 + 1.5 * km * self.random.uniform(0.85, 1.2))
                for start, end in ((place, port), (port, place)):
                    self.bid(firm, "road", "container", start, end, rate=rate, transit_days=1,
                             round_use_rate=round(rate * 0.62), round_use_km=60,
                             round_use_rate_per_km=1.4,
                             vehicle=self.random.choice(("artic_gt33", "artic_gt33", "")),
                             min_volume=3 if self.tender_rules and self.random.random() < 0.1
                             else "")  # fmt: skip
        for plant in self.plants:
            for port in OWN_PORTS:
                rate = round(150 + 0.6 * self.km(plant, port))
                for start, end in ((plant, port), (port, plant)):
                    self.bid("RAIL", "rail", "container", start, end, rate=rate, transit_days=3,
                             departure_days=self.random.choice(("mon;thu", "tue;fri")),
                             capacity=40, capacity_per="week")  # fmt: skip
            for hub in self.hubs:
                firm = self.random.choice(self.hauliers)
                self.bid(firm, "road", "ftl", plant, hub, rate_basis="trip", transit_days=1,
                         rate=round(90 + 1.1 * self.km(plant, hub)))  # fmt: skip

    def sea(self) -> None:
        """Weekly sailings both ways, 20 and 40 ft."""
        for line in self.lines:
            day = self.random.choice(DAYS)
            grams = self.random.uniform(85.0, 130.0)
            for own in OWN_PORTS:
                for far in FAR_PORTS:
                    if self.random.random() < 0.3:
                        continue
                    days = 28 + self.random.randrange(12)
                    base = 1_500 + self.random.uniform(-250, 350)
                    for start, end in ((own, far), (far, own)):
                        for equipment, factor in (("22G1", 0.62), ("45G1", 1.0)):
                            self.bid(line, "sea", "container", start, end, equipment=equipment,
                                     rate=round(base * factor), transit_days=days, cutoff_days=2,
                                     departure_days=day, co2e_wtw_g=round(grams, 1),
                                     co2e_ttw_g=round(grams * 0.82, 1), co2e_per="teu_km",
                                     co2e_source="invented", data_type="primary", co2e_gwp="AR5",
                                     free_days=self.random.choice((5, 7, 10)),
                                     capacity=self.random.choice((10, 15, 30)),
                                     capacity_per="week")  # fmt: skip

    def part_loads(self) -> None:
        """Lorry, LCL, lorry: the way of last resort for small orders."""
        for plant in (*self.plants, *self.hubs):
            firm = self.hauliers[0]
            for start, end in ((plant, "CNSHA"), ("CNSHA", plant)):
                self.bid(firm, "road", "ltl", start, end, rate=55, rate_basis="tonne",
                         min_charge=60, transit_days=2, vehicle="all_hgvs")  # fmt: skip
        for far in FAR_PORTS:
            for start, end in (("CNSHA", far), (far, "CNSHA")):
                self.bid(self.lines[0], "sea", "lcl", start, end, rate=75, rate_basis="wm",
                         transit_days=38, departure_days="fri", co2e_wtw_g=18, co2e_ttw_g=15,
                         co2e_per="tkm", co2e_source="invented", data_type="primary",
                         co2e_gwp="AR5")  # fmt: skip
        for customer in self.customers:
            for start, end in (
                (self.near[customer][0], customer),
                (customer, self.near[customer][0]),
            ):
                self.bid(self.on_carriers[0], "road", "ltl", start, end, rate=70,
                         rate_basis="tonne", min_charge=80, transit_days=2,
                         vehicle="all_hgvs")  # fmt: skip

    def order_lines(self) -> None:
        """Orders over the pairs of places."""
        pairs = [(p, c) for p in self.plants for c in self.customers]
        self.random.shuffle(pairs)
        pairs = pairs[: self.count["pairs"]]
        inbound = set(self.random.sample(pairs, round(0.3 * len(pairs))))
        for i in range(self.count["orders"]):
            plant, customer = pair = self.random.choice(pairs)
            comes = pair in inbound
            sku = self.random.choice(list(GOODS))
            pallets = self.random.randint(2, 60) if self.random.random() < 0.5 else (
                self.random.randint(2, 20)
            )  # fmt: skip
            ready = START + timedelta(days=self.random.randrange(7 * (WEEKS - 1)))
            due = ready + timedelta(days=48 + self.random.randrange(7, 28))
            self.add("orders", order_id=f"O{i + 1:05d}", line=1,
                     origin=customer if comes else plant,
                     destination=plant if comes else customer, sku=sku,
                     quantity=pallets * GOODS[sku][0], ready_date=ready, due_date=due,
                     flow="inbound" if comes else "outbound",
                     splittable="no" if self.random.random() < 0.3 else "yes",
                     box_grade_after="B" if comes else "",
                     unstuff_days=1 if comes else "")  # fmt: skip

    def boxes(self) -> None:
        """Emptied boxes near the plants."""
        if not self.count["empties"]:
            return
        yards = []
        for i in range(max(4, self.count["empties"] // 60)):
            name = f"YARD-{i + 1:03d}"
            self.at[name] = self.around(self.random.choice(list(OWN_PORTS)), 15, 200)
            self.locate(name, "warehouse", "CN")
            yards.append(name)
        left = self.count["empties"]
        number = 0
        while left:
            boxes = min(left, self.random.randint(1, 3))
            left -= boxes
            number += 1
            first = START + timedelta(days=self.random.randrange(7 * WEEKS))
            self.add("empties", empty_id=f"E{number:05d}",
                     equipment=self.random.choice(("45G1", "45G1", "22G1")),
                     location=self.random.choice(yards), line=self.random.choice(self.lines),
                     quantity=boxes, available_from=first,
                     free_until=first + timedelta(days=self.random.randrange(3, 12)),
                     return_to=self.random.choice(list(OWN_PORTS)), return_cost=150,
                     currency="EUR", grade=self.random.choice(("A", "B")), ours="no")  # fmt: skip

    def terms(self) -> None:
        """Rebates of two lines, limits on shares and carriers."""
        for line in self.lines[:2]:
            for low, high, percent in ((20, 60, 2), (60, 150, 4), (150, "", 6)):
                self.add("bid_tiers", carrier=line, from_volume=low, to_volume=high,
                         volume_unit="teu", discount_percent=percent, kind="all_units")  # fmt: skip
        self.add("tender_rules", rule="max_share", value=0.45, scope="sea")
        self.add("tender_rules", rule="max_carriers", value=len(self.lines) - 1, scope="sea")
