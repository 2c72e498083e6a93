"""Places, carriers and goods of the solar example: what stands where, who carries, what is packed.

Coordinates come from the reference tables (`geo/ports.csv`, `geo/cities_100k.csv`) or, where
those do not know a place, from the few marked entries below. Names of firms are invented.
"""

from __future__ import annotations

import csv
from pathlib import Path

Row = dict[str, object]

PLANTS = ("PLANT-JNZ", "PLANT-FUX")
HUB = "HUB-LHI"
LOAD_PORTS = ("CNJNZ", "CNYIK", "CNDLC", "CNTXG")

# location_id: (name, kind, country, UN/LOCODE)
PORTS = {
    "CNJNZ": ("Jinzhou port 锦州港", "CN"),
    "CNYIK": ("Yingkou port 营口港", "CN"),
    "CNDLC": ("Dalian port 大连港", "CN"),
    "CNTXG": ("Tianjin Xingang port 天津新港", "CN"),
    "CNSHA": ("Shanghai port 上海港", "CN"),
    "NLRTM": ("Rotterdam port", "NL"),
    "DEHAM": ("Hamburg port", "DE"),
    "DEBRV": ("Bremerhaven port", "DE"),
    "ESVLC": ("Valencia port", "ES"),
    "GRPIR": ("Piraeus port", "GR"),
    "PLGDN": ("Gdansk port", "PL"),
    "JPYOK": ("Yokohama port 横浜港", "JP"),
    "JPOSA": ("Osaka port 大阪港", "JP"),
    "JPNGO": ("Nagoya port 名古屋港", "JP"),
    "KRPUS": ("Busan port 부산항", "KR"),
    "KRINC": ("Incheon port 인천항", "KR"),
    "USLAX": ("Los Angeles port", "US"),
    "USSAV": ("Savannah port", "US"),
    "BRSSZ": ("Santos port", "BR"),
}

# location_id: (name, kind, country, city in cities_100k.csv)
AT_CITIES = {
    "PLANT-JNZ": ("Module plant Jinzhou 锦州组件厂", "plant", "CN", "Jinzhou"),
    "PLANT-FUX": ("Module plant Fuxin 阜新组件厂", "plant", "CN", "Fuxin"),
    "C-RTM": ("Rotterdam area warehouse, Breda", "customer", "NL", "Breda"),
    "C-HAM": ("Hamburg wholesaler", "customer", "DE", "Hamburg"),
    "C-DUI": ("Duisburg warehouse on the Rhine", "warehouse", "DE", "Duisburg"),
    "C-MUC": ("Munich installer group", "customer", "DE", "Munich"),
    "C-ESN": ("Essen project site, fixed dates", "customer", "DE", "Essen"),
    "C-LDZ": ("Lodz project site, fixed dates", "customer", "PL", "Łódź"),
    "C-VLC": ("Valencia solar park", "customer", "ES", "Valencia"),
    "C-ATH": ("Athens distributor", "customer", "GR", "Athens"),
    "C-WAW": ("Warsaw distributor", "customer", "PL", "Warsaw"),
    "C-YOK": ("Yokohama trading house 横浜", "customer", "JP", "Yokohama"),
    "C-OSA": ("Osaka trading house 大阪", "customer", "JP", "Osaka"),
    "C-LAX": ("Riverside warehouse, California", "customer", "US", "Riverside"),
    "C-SAV": ("Savannah warehouse, Georgia", "customer", "US", "Savannah"),
    "C-CPQ": ("Campinas distributor", "customer", "BR", "Campinas"),
    "C-XIY": ("Xi'an project store 西安", "customer", "CN", "Xi’an"),
    "C-CTU": ("Chengdu project store 成都", "customer", "CN", "Chengdu"),
    "C-URC": ("Urumqi solar base 乌鲁木齐", "customer", "CN", "Ürümqi"),
    "S-ULS": ("Encapsulant film maker, Ulsan 울산", "supplier", "KR", "Ulsan"),
    "S-ICN": ("Frame maker, Incheon 인천", "supplier", "KR", "Incheon"),
    "S-NGO": ("Coated glass maker, Nagoya 名古屋", "supplier", "JP", "Nagoya"),
    "S-KWS": ("Silver paste maker, Kawasaki 川崎", "supplier", "JP", "Kawasaki"),
    "S-BRE": ("Junction box maker, Bremen", "supplier", "DE", "Bremen"),
    "S-BBU": ("Solar glass maker, Bengbu 蚌埠", "supplier", "CN", "Bengbu"),
    "S-CZX": ("Film maker, Changzhou 常州", "supplier", "CN", "Changzhou"),
    "E-PNJ": ("Import consignee Panjin 盘锦", "customer", "CN", "Panjin"),
    "E-SHE": ("Import consignee Shenyang 沈阳", "customer", "CN", "Shenyang"),
    "E-JNZ": ("Import consignee Jinzhou 锦州", "customer", "CN", "Jinzhou"),
    "E-YIK": ("Import consignee Yingkou 营口", "customer", "CN", "Yingkou"),
}

# location_id: (name, kind, country, lat, lon); from memory, to a few kilometres
RECALLED = {
    "HUB-LHI": ("Linghai logistics centre 凌海物流中心", "hub", "CN", 41.17, 121.36),
    "D-JNZ": ("Jinzhou inland box depot 锦州内陆箱站", "depot", "CN", 41.13, 121.22),
    "T-JNZ": ("Jinzhou rail terminal 锦州铁路货场", "rail_terminal", "CN", 41.14, 121.12),
    "T-SHE": ("Shenyang rail terminal 沈阳东站", "rail_terminal", "CN", 41.80, 123.55),
    "T-BBU": ("Bengbu rail terminal 蚌埠东", "rail_terminal", "CN", 32.93, 117.42),
    "T-XIY": ("Xi'an rail port 西安国际港", "rail_terminal", "CN", 34.39, 109.06),
    "T-CTU": ("Chengdu rail port 成都城厢", "rail_terminal", "CN", 30.87, 104.30),
    "T-URC": ("Urumqi rail port 乌鲁木齐", "rail_terminal", "CN", 43.84, 87.47),
    "T-DUI": ("Duisburg rail terminal", "rail_terminal", "DE", 51.40, 6.74),
    "B-DUI": ("Duisburg-Ruhrort barge terminal", "barge_terminal", "DE", 51.45, 6.73),
    "T-MUC": ("Munich-Riem rail terminal", "rail_terminal", "DE", 48.14, 11.70),
    "T-MAL": ("Malaszewicze rail terminal", "rail_terminal", "PL", 52.03, 23.53),
    "A-NRT": ("Tokyo Narita airport 成田", "airport", "JP", 35.77, 140.39),
    "A-SHE": ("Shenyang Taoxian airport 沈阳桃仙", "airport", "CN", 41.64, 123.48),
}

HANDLING = {  # kind: (cost a load unit, cost a tonne, currency, dwell days); invented
    "port": (120, "", "CNY", 1),
    "rail_terminal": (220, "", "CNY", 1),
    "barge_terminal": (28, "", "EUR", 1),
    "airport": ("", 900, "CNY", 1),
    "hub": (150, 26, "CNY", 2),
}


def _reference(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def locations(reference: Path) -> list[Row]:
    """The table `locations`. `reference` is the folder that holds geo/ and loading/."""
    ports = {r["unlocode"]: r for r in _reference(reference, "geo/ports.csv")}
    cities = _reference(reference, "geo/cities_100k.csv")
    rows: list[Row] = []

    def add(place: str, name: str, kind: str, country: str, code: str, lat: str, lon: str) -> None:
        unit, tonne, currency, dwell = HANDLING.get(kind, ("", "", "", 0))
        if kind == "port" and country != "CN":
            unit, currency = 18, "EUR"
        if kind == "rail_terminal" and country != "CN":
            unit, currency = 32, "EUR"
        rows.append(
            {
                "location_id": place,
                "name": name,
                "kind": kind,
                "country": country,
                "unlocode": code,
                "lat": lat,
                "lon": lon,
                "remote": "yes" if place in ("C-URC", "C-CPQ") else "no",
                "can_restuff": "yes" if kind == "hub" else "no",
                "handling_cost_per_load_unit": unit,
                "handling_cost_per_t": tonne,
                "currency": currency,
                "dwell_days": dwell,
            }
        )

    for place, (name, kind, country, city) in AT_CITIES.items():
        found = [c for c in cities if c["country"] == country and c["name"] == city]
        # Two Jinzhou lie in Liaoning; ours is the northern one, 41.1 N.
        found = [c for c in found if city != "Jinzhou" or float(c["lat"]) > 40]
        if len(found) != 1:
            raise ValueError(f"{city}, {country}: {len(found)} cities of that name")
        add(place, name, kind, country, "", found[0]["lat"], found[0]["lon"])
    for place, (name, kind, country, lat, lon) in RECALLED.items():
        add(place, name, kind, country, "", str(lat), str(lon))
    for code, (name, country) in PORTS.items():
        add(code, name, "port", country, code, ports[code]["lat"], ports[code]["lon"])
    return rows


# carrier: (name, incumbent, score, fixed cost in EUR, round use allowed, fee in EUR, interchange)
CARRIERS: dict[str, tuple[str, str, int, object, str, object, str]] = {
    "AURL": ("Aurora Line", "yes", 84, "", "yes", 12, "BHOL"),
    "NSTL": ("North Star Line", "yes", 76, "", "yes", 20, ""),
    "PCLN": ("Pacific Crane Line 太平鹤航运", "no", 81, 600, "yes", 8, "NSTL;BHOL"),
    "BHOL": ("Bohai Ocean Line 渤海远洋", "no", 73, 400, "yes", "", "AURL"),
    "ETRL": ("Eastern Trident Line", "no", 62, 400, "no", "", ""),
    "CSTL": ("Liaohai Coastal Shipping 辽海沿海", "no", 70, "", "no", "", ""),
    "LNTH": ("Liaoning Tonghai Haulage 辽宁通海", "yes", 78, "", "yes", "", ""),
    "PJXD": ("Panjin Xinda Logistics 盘锦信达", "no", 71, "", "yes", "", ""),
    "LVEL": ("Lvneng Electric Trucks 绿能电卡", "no", 80, 300, "yes", "", ""),
    "SCFT": ("Southcrane Inland 南鹤内陆", "yes", 74, "", "no", "", ""),
    "HXFT": ("Huaxia Full Truck 华夏整车", "no", 69, "", "no", "", ""),
    "LJLT": ("Liaoxi Part Loads 辽西零担", "yes", 72, "", "no", "", ""),
    "TIRX": ("Steppe Landbridge", "yes", 66, "", "no", "", ""),
    "ERXP": ("Eurasia Rail Express", "no", 75, "", "yes", 60, ""),
    "CRIN": ("Northeast Rail Box 东北铁箱", "no", 77, "", "no", "", ""),
    "RHBG": ("Rhine Barge Lines", "no", 82, "", "no", "", ""),
    "EURI": ("Alpine Rail Shuttle", "no", 80, "", "no", "", ""),
    "EUTA": ("Eurotrans Intermodal", "yes", 77, "", "yes", "", ""),
    "EUTB": ("Nordwest Drayage", "no", 74, "", "no", "", ""),
    "JPDR": ("Kanto Kansai Drayage 関東関西", "yes", 86, "", "no", "", ""),
    "KRDR": ("Hanbando Drayage 한반도", "yes", 79, "", "no", "", ""),
    "USDR": ("Pacific Southern Drayage", "yes", 70, "", "no", "", ""),
    "LADR": ("Sierra Drayage", "yes", 65, "", "no", "", ""),
    "LCLA": ("Orient Consolidators", "yes", 75, "", "no", "", ""),
    "LCLB": ("Seabridge Part Boxes", "no", 72, "", "no", "", ""),
    "AIRO": ("Northeast Air and Sea 东北空海运", "yes", 83, "", "no", "", ""),
    "LTLX": ("Crossroads Delivery", "yes", 73, "", "no", "", ""),
}


def carriers() -> list[Row]:
    """The table `carriers`."""
    return [
        {
            "carrier": code,
            "name": name,
            "incumbent": incumbent,
            "qualified": "yes",
            "score": score,
            "fixed_cost": fixed,
            "currency": "EUR" if fixed or fee else "",
            "round_use_allowed": round_use,
            "round_use_fee": fee,
            "interchange_with": interchange,
        }
        for code, (name, incumbent, score, fixed, round_use, fee, interchange) in CARRIERS.items()
    ]


# sku: (model in pv_modules.csv, watt, pieces a pallet today, plant)
MODULES = {
    "M620-2382": ("JKM605-630N-66HL4M-BDV", 620, 31, "PLANT-JNZ"),
    "M450-1762": ("JKM430-455N-54HL4R-B", 450, 31, "PLANT-JNZ"),
    "M590-2278": ("JKM575-600N-72HL4-BDV", 590, 31, "PLANT-FUX"),
    "M600-2278": ("JKM580-605N-72HL4-(V)", 600, 31, "PLANT-FUX"),
}
MODULE_PACKAGING_KG = 45

# sku: (text, kg a piece, pieces a unit, length, width, height mm, packaging kg, layers); invented
MATERIALS = {
    "GLASS-2.0": ("solar glass 2376 x 1128 x 2.0 mm", 13.4, 110, 2450, 1160, 640, 80, 2),
    "GLASS-ARC": ("coated front glass 2376 x 1128 x 2.0 mm", 13.4, 110, 2450, 1160, 640, 80, 2),
    "FILM-POE": ("POE film, roll of 150 m", 77.0, 8, 1140, 1140, 1300, 35, 2),
    "FILM-EVA": ("EVA film, roll of 150 m", 72.0, 8, 1140, 1140, 1300, 35, 2),
    "FRAME-2382": ("set of four frame profiles", 2.4, 320, 2420, 1100, 1150, 50, 2),
    "JBOX-3": ("set of three junction boxes", 0.45, 900, 1200, 800, 1200, 30, 2),
    "PASTE-AG": ("silver paste, 1 kg jar", 1.15, 20, 600, 400, 450, 4, 3),
}


def goods(reference: Path) -> tuple[list[Row], list[Row]]:
    """The tables `products` and `packaging`; module sizes from `loading/pv_modules.csv`."""
    known = {r["model"]: r for r in _reference(reference, "loading/pv_modules.csv")}
    products: list[Row] = []
    packaging: list[Row] = []
    for sku, (model, watt, today, _plant) in MODULES.items():
        fact = known[model]
        length, width, height = fact["module_mm"].split("x")
        products.append(
            {
                "sku": sku,
                "description": f"PV module {watt} W, sizes and mass of {model}",
                "net_mass_kg": fact["module_kg"],
                "length_mm": length,
                "width_mm": width,
                "height_mm": height,
                "declared_unit": "kWp",
                "declared_units_per_piece": watt / 1000,
                "min_box_grade": "B",
            }
        )
        pallet = [int(x) for x in fact["pallet_mm"].split("x")]
        for pieces, status in ((today, "current"), (int(fact["pcs_per_pallet"]), "candidate")):
            packaging.append(
                _packaging(
                    f"{sku}-P{pieces}", sku, pieces, pallet, float(fact["module_kg"]),
                    MODULE_PACKAGING_KG, 2, status, top_load_kg=1400,
                )
            )  # fmt: skip
    for sku, (text, mass, pieces, long, wide, high, packed_kg, layers) in MATERIALS.items():
        grade = "C" if sku.startswith(("GLASS", "FRAME")) else "B"
        products.append(
            {"sku": sku, "description": text, "net_mass_kg": mass, "min_box_grade": grade}
        )
        packaging.append(
            _packaging(
                f"{sku}-U{pieces}", sku, pieces, [long, wide, high], mass, packed_kg, layers,
                "current",
            )
        )  # fmt: skip
    return products, packaging


def _packaging(
    packaging_id: str,
    sku: str,
    pieces: int,
    size: list[int],
    net_kg: float,
    packed_kg: float,
    layers: int,
    status: str,
    top_load_kg: float | None = None,
) -> Row:
    return {
        "packaging_id": packaging_id,
        "sku": sku,
        "units": pieces,
        "length_mm": size[0],
        "width_mm": size[1],
        "height_mm": size[2],
        "gross_mass_kg": round(pieces * net_kg + packed_kg, 3),
        "packaging_mass_kg": packed_kg,
        "max_stack": layers,
        "max_top_load_kg": "" if top_load_kg is None else top_load_kg,
        "upright_only": "yes",
        "rotate_on_floor": "yes",
        # Old and new pallets of a module have one footprint, so they may stand on one another.
        "stack_code": f"{size[0]}x{size[1]}",
        "status": status,
    }
