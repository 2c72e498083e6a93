"""Tender answers of the solar example: the rows of `bids` and `bid_charges`. All invented."""

from __future__ import annotations

from solar_places import HUB, PLANTS, Row
from solar_rates import (
    ABROAD,
    AMERICAS,
    CN_ROAD_KM,
    DAYS,
    DECLARED_SEA,
    DELIVERY_PORT,
    EUROPE,
    HAULIERS,
    IN_SAILING,
    INLAND,
    JAPAN,
    LINES,
    PORT_EXTRA,
    SEA,
    SEA_IN,
    VALID,
)

BOX = ("sea", "container")
ROAD_BOX = ("road", "container")
RAIL_BOX = ("rail", "container")
TRUCK = ("road", "ftl")
BOX_TYPES = "22G1;42G1;45G1"
INCUMBENT: Row = {"status": "contract"}


class Bids:
    """Collects bid rows, each with an id built from what it offers."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(
        self,
        carrier: str,
        kind: tuple[str, str],
        ends: tuple[str, str],
        rate: tuple[float, str, str],
        transit_days: int,
        more: Row,
        tag: str = "",
    ) -> None:
        """One bid: `kind` is (mode, service), `rate` (amount, currency, basis)."""
        origin, destination = ends
        parts = [carrier, kind[1].upper(), origin, destination, *([tag] if tag else [])]
        self.rows.append(
            {
                "bid_id": "-".join(parts),
                "lane_id": f"L-{origin}-{destination}",
                "carrier": carrier,
                "line": "",
                "status": "offer",
                "mode": kind[0],
                "service": kind[1],
                "origin": origin,
                "destination": destination,
                "equipment": "",
                "rate": round(rate[0], 2),
                "currency": rate[1],
                "rate_basis": rate[2],
                "transit_days": transit_days,
                **VALID,
                **more,
            }
        )


def bids() -> list[Row]:
    """The table `bids`."""
    made = Bids()
    _sea_out(made)
    _sea_in(made)
    _coastal(made)
    _chinese_road(made)
    _abroad(made)
    _rail_and_barge(made)
    _trucks(made)
    _part_loads(made)
    for number, row in enumerate(made.rows, start=2):
        row["source_file"] = "data/bids.csv"
        row["source_row"] = number
    return made.rows


def _weekly(boxes: int) -> Row:
    return {"capacity": boxes, "capacity_per": "week"}


def _declared_at_sea(line: str, region: tuple[str, ...]) -> Row:
    if (line, region) not in DECLARED_SEA:
        return {}
    grams, verified = DECLARED_SEA[line, region]
    return {
        "co2e_wtw_g": grams,
        "co2e_ttw_g": round(grams * 0.83, 1),
        "co2e_per": "teu_km",
        "co2e_includes_empty": "yes",
        "co2e_distance_basis": "sfd",
        "co2e_gwp": "AR5",
        "co2e_source": f"{line} trade report 2025 (invented)",
        "co2e_verified": verified,
        "data_type": "primary" if verified == "yes" else "modelled",
    }


def _sea_out(made: Bids) -> None:
    regions_in_order = (EUROPE, EUROPE[:2], JAPAN, AMERICAS)
    for line, (level, more_days, ports, regions) in LINES.items():
        for pol, day in ports.items():
            extra, extra_days = PORT_EXTRA[pol]
            # The small ports see feeders: room is short there. The big ones take what comes.
            room = {"CNJNZ": 8, "CNYIK": 12}.get(pol, 0)
            if line == "AURL":
                room = 6 if pol == "CNJNZ" else 0
            for region in regions:
                common: Row = {
                    "status": "contract" if line in ("AURL", "NSTL") else "offer",
                    "cutoff_days": 2,
                    "departure_days": DAYS[(day + regions_in_order.index(region)) % 7],
                    **(_weekly(room) if room else {}),
                    **_declared_at_sea(line, region),
                }
                for pod in region:
                    usd, days = SEA[pod]
                    price = level * (usd + extra)
                    days += extra_days + more_days
                    low = line == "AURL" and pol == "CNDLC"
                    sizes = "45G1;42G1" if low else "45G1"
                    made.add(line, BOX, (pol, pod), (price, "USD", "container"), days,
                             common | {"equipment": sizes}, "40")  # fmt: skip
                    if line in ("NSTL", "PCLN") and pol == "CNDLC":
                        made.add(line, BOX, (pol, pod), (price * 0.56, "USD", "container"), days,
                                 common | {"equipment": "22G1"}, "20")  # fmt: skip


def _sea_in(made: Bids) -> None:
    for pol, (usd, sea_days, lines) in SEA_IN.items():
        for line in lines:
            level, more_days, _, _ = LINES[line]
            for shift, (pod, (extra, extra_days)) in enumerate(PORT_EXTRA.items()):
                if pod == ("CNJNZ" if line == "NSTL" else "CNTXG"):
                    continue
                common: Row = {
                    "status": "contract" if line in ("AURL", "NSTL") else "offer",
                    "cutoff_days": 2,
                    "departure_days": DAYS[(IN_SAILING[pol] + 2 * shift + lines.index(line)) % 7],
                    "free_days": 14 if line in ("AURL", "PCLN") else 10,
                    **_declared_at_sea(line, EUROPE if pol == "DEBRV" else JAPAN),
                }
                price = level * (usd + extra * 0.6)
                days = sea_days + extra_days + more_days
                glass = pol == "JPNGO"
                made.add(line, BOX, (pol, pod), (price, "USD", "container"), days,
                         common | {"equipment": "45G1;42G1" if glass else "45G1"},
                         "40")  # fmt: skip
                if glass:
                    made.add(line, BOX, (pol, pod), (price * 0.6, "USD", "container"), days,
                             common | {"equipment": "22G1"}, "20")  # fmt: skip


def _coastal(made: Bids) -> None:
    """Shanghai to Liaodong bay in coastal boxes, sold by their line and by a forwarder."""
    for pod, days in (("CNJNZ", 5), ("CNYIK", 4)):
        for equipment, cny in (("45G1", 3900), ("22G1", 2450)):
            for carrier, level in (("CSTL", 0.96), ("SCFT", 1.0)):
                made.add(carrier, BOX, ("CNSHA", pod), (cny * level, "CNY", "container"), days,
                         {"line": "CSTL", "equipment": equipment, "cutoff_days": 2,
                          "departure_days": "tue;fri", "free_days": 10}, equipment)  # fmt: skip


def _chinese_road(made: Bids) -> None:
    for (place, gateway), km in CN_ROAD_KM.items():
        if gateway == HUB:
            continue
        for haulier, (fixed, per_km, reuse, reuse_km, reuse_per_km) in HAULIERS.items():
            electric = haulier == "LVEL"
            if electric and km > 230:
                continue  # out of reach of an electric truck without charging on the way
            price = round(fixed + per_km * km)
            common: Row = {
                "status": "contract" if haulier == "LNTH" else "offer",
                "equipment": BOX_TYPES,
                "round_use_rate": round(price * reuse),
                "round_use_km": reuse_km,
                "round_use_rate_per_km": reuse_per_km,
                **(_electric() if electric else {}),
            }
            days = 1 if km < 300 else 2
            rate = (price, "CNY", "container")
            made.add(haulier, ROAD_BOX, (place, gateway), rate, days, common)
            if gateway.startswith("CN") and place in PLANTS:
                made.add(haulier, ROAD_BOX, (gateway, place), rate, days, common)
    for plant in PLANTS:
        # The forwarders' own trucks to and from the terminals that they sell from.
        for gateway, carrier in (("T-JNZ", "SCFT"), ("T-SHE", "TIRX")):
            price = round(560 + 7.9 * CN_ROAD_KM[plant, gateway])
            made.add(carrier, ROAD_BOX, (plant, gateway), (price, "CNY", "container"), 1,
                     INCUMBENT | {"equipment": BOX_TYPES})  # fmt: skip
        for gateway in ("CNJNZ", "CNYIK", "T-JNZ"):
            price = round(560 + 7.9 * CN_ROAD_KM[plant, gateway])
            made.add("SCFT", ROAD_BOX, (gateway, plant), (price, "CNY", "container"), 1,
                     INCUMBENT | {"equipment": BOX_TYPES})  # fmt: skip


def _electric() -> Row:
    """1.15 kWh a km and 0.03 kWh a t-km (assumed) at China's grid, 557.5 g a kWh (Ember)."""
    return {
        "vehicle": "artic_gt33",
        "energy": "electricity",
        **_weekly(10),
        "co2e_wtw_g": 641,
        "co2e_ttw_g": 0,
        "co2e_per": "vehicle_km",
        "co2e_includes_empty": "no",
        "co2e_slope_g_per_tkm": 16.7,
        "co2e_distance_basis": "actual",
        "co2e_gwp": "AR5",
        "co2e_source": "LVEL meter readings 2025 (invented) x grid of China",
        "co2e_verified": "yes",
        "data_type": "primary",
    }


def _abroad(made: Bids) -> None:
    for ends, (eur, days, offered_by) in ABROAD.items():
        for carrier in offered_by:
            price = eur * {"EUTB": 0.94, "TIRX": 1.06}.get(carrier, 1)
            status = "offer" if carrier == "EUTB" else "contract"
            made.add(carrier, ROAD_BOX, ends, (price, "EUR", "container"), days,
                     {"status": status, "equipment": BOX_TYPES})  # fmt: skip
    for supplier, gateway, cny in (("S-BBU", "T-BBU", 480), ("S-CZX", "CNSHA", 2300)):
        made.add("SCFT", ROAD_BOX, (supplier, gateway), (cny, "CNY", "container"), 1,
                 INCUMBENT | {"equipment": BOX_TYPES})  # fmt: skip


def _rail_and_barge(made: Bids) -> None:
    for ends, usd, days in ((("T-SHE", "T-DUI"), 6400, 19), (("T-SHE", "T-MAL"), 5700, 16)):
        for carrier, level in (("ERXP", 1.0), ("TIRX", 1.05)):
            made.add(carrier, RAIL_BOX, ends, (usd * level, "USD", "container"), days,
                     {"line": "ERXP", "equipment": "45G1", "cutoff_days": 1,
                      "departure_days": "tue;fri", **_weekly(6)})  # fmt: skip
    for ends, cny, weekdays in (
        (("T-JNZ", "CNDLC"), 1900, "mon;thu"),
        (("T-JNZ", "CNYIK"), 1150, "mon;thu"),
        (("T-SHE", "CNDLC"), 1800, "wed"),
    ):
        made.add("CRIN", RAIL_BOX, ends, (cny, "CNY", "container"), 1,
                 {"equipment": "45G1", "departure_days": weekdays, "cutoff_days": 1})  # fmt: skip
    for carrier, level in (("CRIN", 0.96), ("SCFT", 1.0)):
        for equipment, cny in (("45G1", 5200), ("22G1", 3100)):
            made.add(carrier, RAIL_BOX, ("T-BBU", "T-JNZ"), (cny * level, "CNY", "container"), 4,
                     {"line": "CRIN", "equipment": equipment, "departure_days": "mon;wed;fri",
                      "cutoff_days": 1, "free_days": 7}, equipment)  # fmt: skip
    for customer, (_, terminal, _, _, _, cny, days) in INLAND.items():
        for carrier, level in (("CRIN", 0.95), ("SCFT", 1.0)):
            made.add(carrier, RAIL_BOX, ("T-JNZ", terminal), (cny * level, "CNY", "container"),
                     days, {"line": "CRIN", "equipment": "45G1", "departure_days": "tue;sat",
                            "cutoff_days": 1})  # fmt: skip
        made.add("SCFT", ROAD_BOX, (terminal, customer), (820, "CNY", "container"), 1,
                 INCUMBENT | {"equipment": BOX_TYPES})  # fmt: skip
    weekly3: Row = {
        "equipment": BOX_TYPES,
        "departure_days": "mon;wed;fri",
        "cutoff_days": 1,
    }
    for gateway, eur in (("NLRTM", 760), ("DEHAM", 720)):
        for carrier, level in (("EURI", 0.95), ("EUTA", 1.0)):
            made.add(carrier, RAIL_BOX, (gateway, "T-MUC"), (eur * level, "EUR", "container"), 2,
                     weekly3)  # fmt: skip
    for carrier, eur in (("RHBG", 165), ("EUTA", 180)):
        made.add(carrier, ("inland_waterway", "container"), ("NLRTM", "B-DUI"),
                 (eur, "EUR", "container"), 2,
                 weekly3 | {"distance_km": 220, "distance_basis": "actual"})  # fmt: skip


def _trucks(made: Bids) -> None:
    trailer: Row = {"equipment": "CN13", "vehicle": "artic_gt33", "empty_distance_factor": 0.2}
    for customer, (km, _, _, cny, days, _, _) in INLAND.items():
        for source in (*PLANTS, HUB):
            way = {"distance_km": km + (60 if source == PLANTS[1] else 0)}
            for carrier, level in (("SCFT", 1.0), ("HXFT", 0.93)):
                made.add(carrier, TRUCK, (source, customer), (cny * level, "CNY", "trip"), days,
                         trailer | way)  # fmt: skip
    for plant in PLANTS:
        km = CN_ROAD_KM[plant, HUB]
        for carrier, level in (("SCFT", 1.0), ("HXFT", 0.95)):
            made.add(carrier, TRUCK, (plant, HUB), ((380 + 9 * km) * level, "CNY", "trip"), 1,
                     trailer | {"distance_km": km})  # fmt: skip
        for supplier, cny in (("S-BBU", 8900), ("S-CZX", 9800)):
            for carrier, level in (("SCFT", 1.0), ("HXFT", 0.94)):
                made.add(carrier, TRUCK, (supplier, plant), (cny * level, "CNY", "trip"), 2,
                         trailer)  # fmt: skip
        for customer, usd in (("C-ESN", 9700), ("C-LDZ", 8800)):
            made.add("TIRX", TRUCK, (plant, customer), (usd, "USD", "trip"), 18,
                     INCUMBENT | trailer | {"empty_distance_factor": 0.1})  # fmt: skip


def _part_loads(made: Bids) -> None:
    def by_kg(carrier: str, ends: tuple[str, str], rate: float, currency: str, least: float,
              days: int) -> None:  # fmt: skip
        made.add(carrier, ("road", "ltl"), ends, (rate, currency, "kg"), days,
                 {"kg_per_m3": 333, "min_charge": least})  # fmt: skip

    def by_wm(carrier: str, ends: tuple[str, str], usd: float, days: int, weekday: str) -> None:
        made.add(carrier, ("sea", "lcl"), ends, (usd, "USD", "wm"), days,
                 {"kg_per_m3": 1000, "min_charge": 90, "cutoff_days": 3,
                  "departure_days": weekday})  # fmt: skip

    for plant in PLANTS:
        by_kg("LJLT", (plant, HUB), 0.16, "CNY", 180, 1)
    for source in (*PLANTS, HUB):
        for port, rate in (("CNDLC", 0.52), ("CNTXG", 0.62)):
            by_kg("LJLT", (source, port), rate, "CNY", 350, 2)
    for customer, port in DELIVERY_PORT.items():
        by_kg("LTLX", (port, customer), 0.05 + ABROAD[port, customer][0] / 9000, "EUR", 95, 2)
    for pod in (*EUROPE, *JAPAN, *AMERICAS):
        usd, days = SEA[pod]
        per_wm = 28 + usd / 55
        by_wm("LCLA", ("CNDLC", pod), per_wm, days + 3, "wed")
        by_wm("LCLA", ("CNTXG", pod), per_wm, days + 3, "sat")
        by_wm("LCLB", ("CNDLC", pod), per_wm * 0.94, days + 3, "wed")
    # Silver paste: by air, or as a part box that the same forwarder sells
    by_kg("LTLX", ("S-KWS", "A-NRT"), 0.35, "EUR", 110, 1)
    by_kg("LTLX", ("S-KWS", "JPYOK"), 0.22, "EUR", 90, 1)
    made.add("AIRO", ("air", "air"), ("A-NRT", "A-SHE"), (3.4, "USD", "kg"), 1,
             {"kg_per_m3": 167, "min_charge": 160, "departure_days": "mon;tue;thu;sat",
              "cutoff_days": 1})  # fmt: skip
    for carrier, usd_wm in (("AIRO", 50), ("LCLA", 47), ("LCLB", 44)):
        by_wm(carrier, ("JPYOK", "CNDLC"), usd_wm, 7, "fri")
    for plant, rate in zip(PLANTS, (0.55, 0.62), strict=True):
        by_kg("LJLT", ("A-SHE", plant), rate, "CNY", 260, 1)
        by_kg("LJLT", ("CNDLC", plant), rate, "CNY", 300, 2)


def bid_charges() -> list[Row]:
    """The table `bid_charges`: terminal handling, documents, fuel."""
    rows: list[Row] = []

    def charge(carrier: str, code: str, amount: float, currency: str, basis: str, section: str,
               lane: str = "") -> None:  # fmt: skip
        rows.append(
            {
                "carrier": carrier,
                "lane_id": lane,
                "charge_code": code,
                "amount": amount,
                "currency": currency,
                "rate_basis": basis,
                "percent_of": "BAS" if basis == "percent" else "",
                "section": section,
                "payment_term": "PRE",
                **VALID,
            }
        )

    for line, baf in (("AURL", 9.0), ("NSTL", 11.0), ("PCLN", 8.5), ("BHOL", 10.0), ("ETRL", 12.0)):
        charge(line, "OTHC", 76, "USD", "teu", "origin")
        charge(line, "DTHC", 95, "EUR", "teu", "destination")
        charge(line, "SEAL", 12, "USD", "container", "origin")
        charge(line, "BAF", baf, "USD", "percent", "freight")
    for pol in LINES["AURL"][2]:
        for pod in EUROPE:
            charge("AURL", "ETS", 38, "EUR", "teu", "freight", f"L-{pol}-{pod}")
    for carrier, percent, currency in (
        ("LNTH", 5.0, "CNY"),
        ("PJXD", 6.5, "CNY"),
        ("EUTA", 7.0, "EUR"),
        ("USDR", 18.0, "USD"),
        ("AIRO", 14.0, "USD"),
    ):
        charge(carrier, "FSC", percent, currency, "percent", "freight")
    charge("ERXP", "DOC", 60, "USD", "bl", "origin")
    for consolidator in ("LCLA", "LCLB"):
        charge(consolidator, "DOC", 35, "USD", "bl", "origin")
        charge(consolidator, "CCL", 45, "USD", "shipment", "origin")
    return rows
