"""A made-up but consistent result with real places, for the report, the map and the comparison.

Every total of the summary is a sum of rounded rows, as in a real result. Coordinates are rounded
WGS84 degrees of the places named; carriers, prices and emissions are invented.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd

from emissions.factors import default_book
from loading.units import Packaging
from lowhaul.units import kilograms, kilometres, money
from routing.bids import Bid, Carrier
from routing.distances import Distances
from routing.orders import Order
from routing.places import Place
from routing.tender import Tender

PLACES = {
    "JZH": ("Jinzhou", "plant", "CN", 121.06, 40.80),
    "HFE": ("Hefei 合肥", "plant", "CN", 117.28, 31.86),
    "NEU": ("Neuss", "plant", "DE", 6.69, 51.20),
    "TLC": ("Tianjin logistics centre", "hub", "CN", 117.40, 39.05),
    "TSN": ("Tianjin", "port", "CN", 117.79, 38.97),
    "SHA": ("Shanghai", "port", "CN", 121.85, 31.30),
    "RTM": ("Rotterdam", "port", "NL", 4.05, 51.95),
    "HAM": ("Hamburg", "port", "DE", 9.93, 53.53),
    "LAX": ("Los Angeles", "port", "US", -118.26, 33.74),
    "SSZ": ("Santos", "port", "BR", -46.30, -23.96),
    "YOK": ("Yokohama", "port", "JP", 139.66, 35.44),
    "DUI": ("Duisburg", "rail_terminal", "DE", 6.74, 51.45),
    "PEK": ("Beijing airport", "airport", "CN", 116.60, 40.08),
    "FRA": ("Frankfurt airport", "airport", "DE", 8.57, 50.03),
    "KAS": ("Kassel", "customer", "DE", 9.48, 51.31),
    "VEN": ("Venlo", "customer", "NL", 6.17, 51.37),
    "ONT": ("Ontario, California", "customer", "US", -117.65, 34.06),
    "CPQ": ("Campinas", "customer", "BR", -47.06, -22.90),
    "SAI": ("Saitama", "customer", "JP", 139.65, 35.86),
    "SHE": ("Shenyang", "customer", "CN", 123.43, 41.80),
    "CHZ": ("Chuzhou", "customer", "CN", 118.32, 32.30),
}
CARRIERS = {
    "JADE": ("Jade Line", True),
    "OSTW": ("Ostwind", True),
    "BLUD": ("Blue Delta", False),
    "SILK": ("Silk Rail", False),
    "BOHA": ("Bohai Haulage", True),
    "YGTZ": ("Yangtze Haulage", True),
    "RHEI": ("Rheintrans", True),
    "PACD": ("Pacific Drayage", False),
    "PAUL": ("Paulista Cargas", True),
    "KANT": ("Kanto Rikuun", True),
    "NIMB": ("Nimbus Air", True),
}
SEA_KM = {
    ("TSN", "RTM"): 20120.0,
    ("TSN", "HAM"): 20610.0,
    ("SHA", "RTM"): 19480.0,
    ("SHA", "LAX"): 10560.0,
    ("TSN", "LAX"): 11087.0,
    ("TSN", "YOK"): 2390.0,
    ("SHA", "SSZ"): 20318.0,
    ("RTM", "SHA"): 19480.0,
}
# chain: mode, to, carrier, days; every chain starts at its plant
CHAINS: dict[str, tuple[str, tuple[tuple[str, str, str, int], ...], float]] = {
    "kassel": (
        "JZH",
        (("road", "TSN", "BOHA", 1), ("sea", "HAM", "JADE", 36), ("road", "KAS", "RHEI", 1)),
        5.0,
    ),
    "venlo": (
        "JZH",
        (
            ("road", "TSN", "BOHA", 1),
            ("sea", "RTM", "OSTW", 35),
            ("inland_waterway", "DUI", "RHEI", 1),
            ("road", "VEN", "RHEI", 1),
        ),
        3.0,
    ),
    "venlo_hefei": (
        "HFE",
        (("road", "SHA", "YGTZ", 1), ("sea", "RTM", "JADE", 33), ("road", "VEN", "RHEI", 1)),
        4.0,
    ),
    "california": (
        "HFE",
        (("road", "SHA", "YGTZ", 1), ("sea", "LAX", "BLUD", 15), ("road", "ONT", "PACD", 1)),
        3.0,
    ),
    "california_north": (
        "JZH",
        (("road", "TSN", "BOHA", 1), ("sea", "LAX", "BLUD", 17), ("road", "ONT", "PACD", 1)),
        2.0,
    ),
    "brazil": (
        "HFE",
        (("road", "SHA", "YGTZ", 1), ("sea", "SSZ", "OSTW", 32), ("road", "CPQ", "PAUL", 1)),
        1.5,
    ),
    "japan": (
        "JZH",
        (("road", "TSN", "BOHA", 1), ("sea", "YOK", "JADE", 5), ("road", "SAI", "KANT", 1)),
        1.5,
    ),
    "rail": ("HFE", (("rail", "DUI", "SILK", 19), ("road", "KAS", "RHEI", 1)), 1.0),
    "import": (
        "NEU",
        (("road", "RTM", "RHEI", 1), ("sea", "SHA", "JADE", 34), ("road", "CHZ", "YGTZ", 1)),
        1.0,
    ),
}
AIR = ("JZH", (("road", "PEK", "BOHA", 1), ("air", "FRA", "NIMB", 1), ("road", "KAS", "RHEI", 1)))
G_PER_TKM = {"sea": 7.1, "rail": 13.0, "inland_waterway": 24.0, "road": 92.0, "air": 720.0}
DETOUR = {"sea": 1.4, "rail": 1.3, "inland_waterway": 1.4, "road": 1.25, "air": 1.0}
FACTORS = {
    "sea": "desnz25_cargo_ship_container_ship_average_tkm",
    "rail": "desnz25_rail_freight_train_tkm",
    "inland_waterway": "own.barge",
    "road": "desnz25_curve_artic_gt33",
    "air": "desnz25_freight_flights_long_haul_to_from_uk_without_rf_tkm",
}
FIRST_MONDAY = date(2026, 1, 5)


def great_circle_km(a: Place, b: Place) -> float:
    x, y = math.radians(a.lat), math.radians(b.lat)
    d = math.radians(b.lon - a.lon)
    h = math.sin((y - x) / 2) ** 2 + math.cos(x) * math.cos(y) * math.sin(d / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


@dataclass(frozen=True)
class Synthetic:
    """One made-up result."""

    tables: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    case: Any


COLUMNS = {
    "shipments": "shipment_id origin destination order_ids equipment load_units mass_kg volume_m3 "
    "packaging_ids stuffing_date departure_date arrival_date pol pod cutoff_date "
    "empty_pickup_place empty_pickup_date route carriers cost co2e_wtw_kg on_time booking_ref",
    "legs": "tce_id shipment_id seq kind mode from to carrier bid_id equipment load_units teu "
    "mass_kg distance_km distance_basis sfd_km gcd_km actual_km daf distance_source activity_tkm "
    "toc_id factor_id factor_distance_basis data_type proxy co2e_wtt_kg co2e_ttw_kg co2e_wtw_kg "
    "covered cost depart arrive paid_by ghg_scope",
    "order_allocation": "order_id line sku shipment_id packaging_id handling_units pieces mass_kg "
    "teu_share cost co2e_wtw_kg co2e_ttw_kg allocation_basis",
    "loads": "load_id shipment_id equipment handling_units mass_kg vgm_kg volume_use mass_use "
    "floor_use cog_x_mm cog_y_mm cog_z_mm stuffable",
    "round_use": "empty_id import_shipment_id shipment_id equipment line boxes from to depot date "
    "km_saved co2e_avoided_kg co2e_avoided_own_kg co2e_avoided_partner_kg cost_change reason",
    "costs": "shipment_id seq carrier bid_id charge_code section basis quantity rate "
    "rate_currency fx amount source_file source_sheet source_row",
    "awards": "carrier lane_id bid_id equipment volume volume_unit share_of_lane cost co2e_wtw_kg "
    "reason",
    "unserved": "order_id line pieces reason",
    "findings": "file sheet row column cell code severity value message hint",
}


def frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A result table with all its columns, also when empty."""
    columns = COLUMNS[table].split()
    return pd.DataFrame([{c: row.get(c, "") for c in columns} for row in rows], columns=columns)


class _Maker:
    def __init__(self, seed: int, baseline: bool, names: Mapping[str, str]) -> None:
        self.random = random.Random(seed)
        self.seed = seed
        self.baseline = baseline
        self.places = {
            key: Place(
                key, names.get(key, name), kind, country, lat, lon, can_restuff=kind == "hub"
            )
            for key, (name, kind, country, lon, lat) in PLACES.items()
        }
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in COLUMNS}
        self.orders: list[Order] = []
        self.bids: dict[str, Bid] = {}

    def bid(self, carrier: str, mode: str, origin: str, destination: str) -> Bid:
        bid_id = f"{carrier}-{origin}-{destination}"
        if bid_id not in self.bids:
            rate = round(700 + 900 * self.random.random(), 2)
            if mode == "sea":
                rate = round(1400 + 1200 * self.random.random(), 2)
            self.bids[bid_id] = Bid(
                bid_id,
                carrier,
                mode,
                "air" if mode == "air" else "container",
                origin,
                destination,
                rate,
                "EUR",
                "container",
                transit_days=1,
                lane_id=f"{origin}-{destination}",
                data_type="primary" if carrier == "JADE" else "default",
                co2e_source="Declared by the carrier" if carrier == "JADE" else "",
            )
        return self.bids[bid_id]

    def leg(
        self,
        shipment: dict[str, Any],
        seq: int,
        kind: str,
        mode: str,
        origin: str,
        to: str,
        carrier: str,
        dates: tuple[date, date],
        covered: bool = True,
    ) -> dict[str, Any]:
        a, b = self.places[origin], self.places[to]
        gcd = kilometres(great_circle_km(a, b))
        sfd = kilometres(SEA_KM.get((origin, to), gcd * DETOUR[mode])) if kind != "hub" else 0.0
        actual = kilometres(sfd * (1.15 if mode == "sea" else 1.05))
        mass = shipment["mass_kg"] if kind == "transport" else 0.0
        tkm = kilograms(mass / 1000 * (gcd if mode == "air" else sfd))
        wtw = kilograms(tkm * G_PER_TKM.get(mode, 0) / 1000) if covered else 0.0
        if kind == "empty":
            wtw = kilograms(actual * 0.62 * shipment["load_units"])
        wtt = kilograms(wtw * 0.17)
        bid = (
            None
            if kind == "hub"
            else self.bid(carrier, mode, *((to, origin) if kind == "empty" else (origin, to)))
        )
        declared = carrier == "JADE" and mode == "sea"
        units = shipment["load_units"]
        row = {
            "tce_id": f"{shipment['shipment_id']}.{seq}",
            "shipment_id": shipment["shipment_id"],
            "seq": seq,
            "kind": kind,
            "mode": "hub" if kind == "hub" else mode,
            "to": to,
            "carrier": carrier,
            "bid_id": bid.bid_id if bid else "",
            "equipment": shipment["equipment"],
            "load_units": units,
            "teu": 2.0 * units,
            "mass_kg": mass,
            "distance_km": sfd,
            "distance_basis": "gcd" if mode == "air" else "sfd",
            "sfd_km": sfd,
            "gcd_km": gcd,
            "actual_km": actual,
            "activity_tkm": tkm,
            "factor_id": ""
            if not covered
            else f"bid:{bid.bid_id}"
            if declared and bid
            else FACTORS[mode],
            "data_type": "primary" if declared else "modelled" if mode == "road" else "default",
            "proxy": "yes" if mode in ("rail", "sea") and not declared else "no",
            "co2e_wtt_kg": wtt,
            "co2e_ttw_kg": kilograms(wtw - wtt),
            "co2e_wtw_kg": wtw,
            "covered": "yes" if covered else "no",
            "cost": money(bid.rate * max(units, 1)) if bid and kind == "transport" else 0.0,
            "depart": dates[0].isoformat(),
            "arrive": dates[1].isoformat(),
            "ghg_scope": "3.4",
        }
        row["from"] = origin
        self.rows["legs"].append(row)
        return row

    def shipment(
        self, number: int, origin: str, chain: Sequence[tuple[str, str, str, int]]
    ) -> None:
        rnd = random.Random(self.seed * 100_000 + number)  # the same goods in every scenario
        units = 1 if number % 12 == 0 else rnd.choice((1, 2, 3, 4, 6, 8, 12))
        shipment_id = f"S-{number:04d}"
        depart = FIRST_MONDAY + timedelta(days=int(rnd.triangular(0, 88, 50)))
        reused = not self.baseline and origin in ("JZH", "HFE") and rnd.random() < 0.4
        uses = [min(0.99, max(0.35, rnd.gauss(0.85, 0.09))) for _ in range(units)]
        if number % 12 == 0:
            uses = [0.42]
        if self.baseline and units > 1:
            goods, units = sum(uses), math.ceil(sum(uses) / 0.74)
            uses = [min(0.99, max(0.3, rnd.gauss(goods / units, 0.08))) for _ in range(units)]
        by_air = chain[1][0] == "air"
        mass = kilograms(sum(27500 * u for u in uses))
        if by_air:
            units, uses = 0, []
        shipment: dict[str, Any] = {
            "shipment_id": shipment_id,
            "origin": origin,
            "destination": chain[-1][1],
            "order_ids": f"O-{number:05d}",
            "equipment": "45G1" if units else "",
            "load_units": units,
            "mass_kg": mass,
            "volume_m3": round(76 * sum(uses), 3) if units else 6.0,
            "departure_date": depart.isoformat(),
            "route": ">".join([origin, *(to for _, to, _, _ in chain)]),
            "carriers": ";".join(dict.fromkeys(c for _, _, c, _ in chain)),
        }
        at, here, seq, legs = depart, origin, 0, []
        for position, (mode, to, carrier, days) in enumerate(chain):
            drayage = mode == "road" and units > 0
            if drayage and position == 0 and not reused:
                seq += 1
                legs.append(self.leg(shipment, seq, "empty", mode, to, here, carrier, (at, at)))
            seq += 1
            arrive = at + timedelta(days=days)
            covered = not (mode == "inland_waterway" and self.baseline)
            legs.append(
                self.leg(shipment, seq, "transport", mode, here, to, carrier, (at, arrive), covered)
            )
            if drayage and position > 0:
                seq += 1
                legs.append(
                    self.leg(shipment, seq, "empty", mode, to, here, carrier, (arrive, arrive))
                )
            elif position < len(chain) - 1:
                seq += 1
                legs.append(
                    self.leg(shipment, seq, "hub", "road", to, to, "", (arrive, arrive), False)
                )
            if mode == "sea":
                shipment["pol"], shipment["pod"] = here, to
            here, at = to, arrive + timedelta(days=1)
        late = 2 if number in (7, 31) else 0
        shipment.update(
            arrival_date=at.isoformat(),
            cost=money(sum(leg["cost"] for leg in legs)),
            co2e_wtw_kg=kilograms(sum(leg["co2e_wtw_kg"] for leg in legs)),
            on_time="no" if late else "yes",
        )
        self.rows["shipments"].append(shipment)
        packaging = "MOD-37" if not self.baseline and rnd.random() < 0.3 else "MOD-31"
        self.orders.append(
            Order(f"O-{number:05d}", "1", origin, chain[-1][1], "MOD", 620 * max(units, 1), depart,
                  at - timedelta(days=late) if late else at + timedelta(days=3))
        )  # fmt: skip
        self.rows["order_allocation"].append(
            {"order_id": f"O-{number:05d}", "line": "1", "sku": "MOD", "shipment_id": shipment_id,
                 "packaging_id": packaging, "handling_units": 20 * max(units, 1),
                 "pieces": 620 * max(units, 1),
                 "mass_kg": mass, "teu_share": 2.0 * units, "cost": shipment["cost"],
                 "co2e_wtw_kg": shipment["co2e_wtw_kg"], "allocation_basis": "mass"}
        )  # fmt: skip
        self.rows["costs"] += [
            {"shipment_id": shipment_id, "seq": i + 1, "carrier": leg["carrier"],
                 "bid_id": leg["bid_id"],
                 "charge_code": "BAS", "amount": leg["cost"]}
            for i, leg in enumerate(x for x in legs if x["kind"] == "transport")
        ]  # fmt: skip
        for use in uses:
            self.rows["loads"].append(
                {"load_id": f"L-{len(self.rows['loads']) + 1:04d}", "shipment_id": shipment_id,
                     "equipment": "45G1", "handling_units": 20, "mass_kg": kilograms(27500 * use),
                     "vgm_kg": kilograms(27500 * use + 3900), "volume_use": round(use, 4),
                     "mass_use": round(use * 0.96, 4),
                     "stuffable": "yes"}
            )  # fmt: skip
        if reused:
            self.turn(shipment)

    def turn(self, shipment: dict[str, Any]) -> None:
        north = shipment["origin"] == "JZH"
        frm, port, line = ("SHE", "TSN", "JADE") if north else ("CHZ", "SHA", "OSTW")
        ends = [(frm, port), (port, shipment["origin"])]
        km = {pair: great_circle_km(*(self.places[p] for p in pair)) * 1.3 for pair in ends}
        move = great_circle_km(self.places[frm], self.places[shipment["origin"]]) * 1.3
        saved = kilometres(shipment["load_units"] * (sum(km.values()) - move))
        row = {"empty_id": "E-N" if north else "E-S", "shipment_id": shipment["shipment_id"],
                   "equipment": "45G1", "line": line, "boxes": shipment["load_units"],
                   "to": shipment["origin"],
                   "date": shipment["departure_date"], "km_saved": saved,
                   "co2e_avoided_kg": kilograms(saved * 0.62),
                   "co2e_avoided_own_kg": kilograms(saved * 0.31),
                   "co2e_avoided_partner_kg": kilograms(saved * 0.31),
                   "cost_change": money(-0.9 * saved)}  # fmt: skip
        row["from"] = frm
        self.rows["round_use"].append(row)


def _awards(legs: Sequence[Mapping[str, Any]], bids: Mapping[str, Bid]) -> list[dict[str, Any]]:
    """A row for each bid and equipment, as the legs add up."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for leg in legs:
        if not leg["bid_id"]:
            continue
        bid, key = bids[leg["bid_id"]], (leg["bid_id"], leg["equipment"])
        row = rows.setdefault(
            key,
            {"carrier": bid.carrier, "lane_id": bid.lane_id, "bid_id": bid.bid_id,
             "equipment": leg["equipment"], "volume": 0.0,
             "volume_unit": "load_unit" if leg["equipment"] else "t", "share_of_lane": 0.625,
             "cost": 0.0, "co2e_wtw_kg": 0.0,
             "reason": "Least CO2e, 2nd lowest price of 3 bids."},
        )  # fmt: skip
        if leg["kind"] == "transport":
            row["volume"] += leg["load_units"] if leg["equipment"] else leg["mass_kg"] / 1000
        row["cost"] = money(row["cost"] + leg["cost"])
        row["co2e_wtw_kg"] = kilograms(row["co2e_wtw_kg"] + leg["co2e_wtw_kg"])
    return list(rows.values())


def make(
    shipments: int = 148,
    *,
    seed: int = 1,
    baseline: bool = False,
    scenario: str = "least_co2",
    place_names: Mapping[str, str] | None = None,
    carrier_names: Mapping[str, str] | None = None,
) -> Synthetic:
    """One made-up result; `baseline` flies the urgent goods, fills less and reuses no box."""
    maker = _Maker(seed, baseline, place_names or {})
    chains, pick = list(CHAINS.values()), random.Random(seed)
    for number in range(1, shipments + 1):
        origin, chain, _ = pick.choices(chains, weights=[c[2] for c in chains])[0]
        if baseline and number % 12 == 0:
            maker.shipment(number, *AIR)
            continue
        maker.shipment(number, origin, chain)
    rows = maker.rows
    if not baseline:
        empty = {"empty_id": "E-N", "boxes": 0, "reason": "its free time ends before stuffing"}
        empty["from"] = "SHE"
        rows["round_use"].append(empty)
    rows["findings"].append(
        {"file": "bids.csv", "row": 14, "code": "W017", "severity": "warning", "value": "4.2",
             "message": "Three sea legs are shorter than 500 nautical miles.",
             "hint": "Their distance may be off by 10%."}
    )  # fmt: skip
    rows["awards"] = _awards(rows["legs"], maker.bids)
    tables = {table: frame(table, rows[table]) for table in COLUMNS}
    transport = [leg for leg in rows["legs"] if leg["kind"] == "transport"]
    activity = sum(leg["activity_tkm"] for leg in transport)
    co2e = sum(leg["co2e_wtw_kg"] for leg in rows["legs"])
    reused = sum(r["boxes"] for r in rows["round_use"])
    units = sum(s["load_units"] for s in rows["shipments"])
    late = sum(s["on_time"] == "no" for s in rows["shipments"])
    primary = [leg for leg in rows["legs"] if leg["data_type"] == "primary"]
    summary: dict[str, Any] = {
        "scenario": scenario,
        "project": "Spring exports",
        "status": "optimal",
        "basis": "planned",
        "objective": "min_emissions",
        "cost": money(sum(s["cost"] for s in rows["shipments"])),
        "currency": "EUR",
        "co2e_wtw_kg": kilograms(co2e),
        "co2e_ttw_kg": kilograms(sum(leg["co2e_ttw_kg"] for leg in rows["legs"])),
        "co2e_wtt_kg": kilograms(sum(leg["co2e_wtt_kg"] for leg in rows["legs"])),
        "co2e_coverage_transport": sum(
            leg["activity_tkm"] for leg in transport if leg["covered"] == "yes"
        )
        / activity,
        "co2e_coverage_hubs": 0.0,
        "transport_activity_tkm": kilograms(activity),
        "load_units": {"45G1": units},
        "load_rate_volume": sum(r["volume_use"] for r in rows["loads"])
        / max(len(rows["loads"]), 1),
        "load_rate_mass": sum(r["mass_use"] for r in rows["loads"]) / max(len(rows["loads"]), 1),
        "round_use_boxes": reused,
        "round_use_possible": reused + 40 if reused else 0,
        "orders": shipments,
        "orders_unserved": 0,
        "on_time_share": 1 - late / shipments,
        "primary_share_tkm": sum(leg["activity_tkm"] for leg in primary) / activity,
        "primary_share_co2e": sum(leg["co2e_wtw_kg"] for leg in primary) / co2e,
        "bound": co2e * 0.996,
        "gap": 0.004,
        "seconds": {"model": 12.0},
        "run_id": "7f3a-20260107",
    }
    names = carrier_names or {}
    case = SimpleNamespace(
        settings=SimpleNamespace(
            period_from=date(2026, 1, 1),
            period_to=date(2026, 3, 31),
            currency="EUR",
            as_of=date(2025, 12, 15),
            objective="min_emissions",
            carbon_price_per_t=0.0,
            budget=None,
            emissions_cap_t=None,
            gap=0.005,
            measures=frozenset(
                ()
                if baseline
                else ("packaging", "distance", "mode_shift", "load_rate", "consolidation",
                      "round_use", "tender")
            ),
        ),
        places=maker.places,
        carriers={
            key: Carrier(key, names.get(key, name), incumbent)
            for key, (name, incumbent) in CARRIERS.items()
        },
        bids=tuple(maker.bids.values()),
        orders=tuple(maker.orders),
        packagings={
            "MOD": (
                Packaging("MOD-31", "MOD", 31, 2300, 1130, 1250, 1020.0, 60.0),
                Packaging("MOD-37", "MOD", 37, 2300, 1130, 1250, 1200.0, 55.0, candidate=True),
            )
        },
        equipment={"45G1": SimpleNamespace(code="45G1", trade_name="40HC", is_container=True)},
        empties=(
            SimpleNamespace(empty_id="E-N", location="SHE", return_to="TSN", line="JADE"),
            SimpleNamespace(empty_id="E-S", location="CHZ", return_to="SHA", line="OSTW"),
        ),
        baseline=(),
        tender=Tender(),
        factors=default_book(),
        distances=Distances(maker.places),
    )  # fmt: skip
    case.settings.on = case.settings.measures.__contains__
    return Synthetic(tables, summary, case)
