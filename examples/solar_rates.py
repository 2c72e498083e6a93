"""Rates and schedules of the solar example, from which its tender answers are made.

All of them invented: of the size of market rates, with a fixed spread between carriers. Road and
rail kilometres in China are rounded estimates, because Liaodong bay defeats any detour factor.
"""

from __future__ import annotations

VALID = {"valid_from": "2026-01-01", "valid_to": "2026-06-30"}
EUROPE = ("NLRTM", "DEHAM", "ESVLC", "GRPIR", "PLGDN")
JAPAN = ("JPYOK", "JPOSA")
AMERICAS = ("USLAX", "USSAV", "BRSSZ")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# port of discharge: (USD a 40 ft box from Dalian, days from Dalian)
SEA = {
    "NLRTM": (2350, 40),
    "DEHAM": (2450, 42),
    "ESVLC": (2600, 36),
    "GRPIR": (2500, 32),
    "PLGDN": (2720, 46),
    "JPYOK": (620, 5),
    "JPOSA": (600, 5),
    "USLAX": (2150, 19),
    "USSAV": (3250, 37),
    "BRSSZ": (3400, 42),
}
PORT_EXTRA = {"CNJNZ": (140, 4), "CNYIK": (40, 1), "CNDLC": (0, 0), "CNTXG": (-50, -1)}

# line: (price level, more days, ports of loading with the sailing day, regions called)
LINES = {
    "AURL": (1.00, 0, {"CNDLC": 4, "CNTXG": 6}, (EUROPE, JAPAN)),
    "NSTL": (0.98, 1, {"CNDLC": 5, "CNTXG": 0}, (EUROPE, AMERICAS)),
    "PCLN": (0.93, 1, {"CNYIK": 3, "CNDLC": 5}, (EUROPE, JAPAN, AMERICAS)),
    "BHOL": (0.95, 2, {"CNJNZ": 4, "CNYIK": 6}, (EUROPE, JAPAN)),
    "ETRL": (0.90, 3, {"CNDLC": 2, "CNTXG": 4}, (EUROPE[:2], AMERICAS)),
}
# (line, region): (g a TEU-km WTW, verified). All lines give a figure, so that choosing another line
# is never merely choosing another kind of data.
DECLARED_SEA = {
    ("AURL", EUROPE): (104, "yes"),
    ("NSTL", EUROPE): (118, "yes"),
    ("PCLN", EUROPE): (97, "yes"),
    ("BHOL", EUROPE): (112, "no"),
    ("ETRL", EUROPE[:2]): (109, "no"),
    ("NSTL", AMERICAS): (121, "yes"),
    ("PCLN", AMERICAS): (116, "yes"),
    ("ETRL", AMERICAS): (127, "no"),
    ("AURL", JAPAN): (149, "yes"),
    ("NSTL", JAPAN): (156, "yes"),
    ("PCLN", JAPAN): (141, "yes"),
    ("BHOL", JAPAN): (158, "no"),
}

# origin of inbound sea legs: (USD a 40 ft box to Dalian, days, lines)
SEA_IN = {
    "KRPUS": (290, 4, ("AURL", "NSTL", "PCLN")),
    "KRINC": (260, 3, ("AURL", "PCLN", "BHOL")),
    "JPNGO": (420, 6, ("AURL", "PCLN", "BHOL")),
    "DEBRV": (880, 42, ("AURL", "NSTL", "PCLN")),
}
IN_SAILING = {"KRPUS": 1, "KRINC": 3, "JPNGO": 5, "DEBRV": 2}

CN_ROAD_KM = {  # planner's rounded estimates of the road way, km
    ("PLANT-JNZ", "CNJNZ"): 42,
    ("PLANT-JNZ", "CNYIK"): 165,
    ("PLANT-JNZ", "CNDLC"): 400,
    ("PLANT-JNZ", "CNTXG"): 465,
    ("PLANT-JNZ", "T-SHE"): 250,
    ("PLANT-JNZ", "T-JNZ"): 12,
    ("PLANT-JNZ", "HUB-LHI"): 26,
    ("PLANT-FUX", "CNJNZ"): 180,
    ("PLANT-FUX", "CNYIK"): 225,
    ("PLANT-FUX", "CNDLC"): 480,
    ("PLANT-FUX", "CNTXG"): 590,
    ("PLANT-FUX", "T-SHE"): 195,
    ("PLANT-FUX", "T-JNZ"): 130,
    ("PLANT-FUX", "HUB-LHI"): 120,
    ("HUB-LHI", "CNJNZ"): 58,
    ("HUB-LHI", "CNYIK"): 145,
    ("HUB-LHI", "CNDLC"): 385,
    ("HUB-LHI", "CNTXG"): 490,
    ("HUB-LHI", "T-SHE"): 235,
    ("HUB-LHI", "T-JNZ"): 28,
}
# haulier: (CNY fixed, CNY a km of the round trip's one way, round-use price level, km, CNY a km)
HAULIERS = {
    "LNTH": (520, 7.6, 0.72, 60, 6.5),
    "PJXD": (430, 7.1, 1.06, 100, 5.8),
    "LVEL": (560, 7.9, 0.78, 80, 6.0),
}
# gateway and place: EUR a box, days, carriers
ABROAD = {
    ("NLRTM", "C-RTM"): (260, 1, ("EUTA", "EUTB")),
    ("NLRTM", "C-DUI"): (620, 1, ("EUTA", "EUTB")),
    ("NLRTM", "C-MUC"): (1490, 2, ("EUTA",)),
    ("DEHAM", "C-HAM"): (240, 1, ("EUTA", "EUTB")),
    ("DEHAM", "C-MUC"): (1420, 2, ("EUTA", "EUTB")),
    ("DEHAM", "C-DUI"): (760, 1, ("EUTA",)),
    ("DEHAM", "C-WAW"): (1640, 2, ("EUTA", "EUTB")),
    ("PLGDN", "C-WAW"): (640, 1, ("EUTA", "EUTB")),
    ("ESVLC", "C-VLC"): (220, 1, ("EUTA", "EUTB")),
    ("GRPIR", "C-ATH"): (210, 1, ("EUTA",)),
    ("B-DUI", "C-DUI"): (150, 1, ("EUTA", "EUTB")),
    ("T-DUI", "C-DUI"): (155, 1, ("EUTA", "EUTB", "TIRX")),
    ("T-DUI", "C-ESN"): (190, 1, ("EUTA", "EUTB", "TIRX")),
    ("T-MUC", "C-MUC"): (210, 1, ("EUTA", "EUTB")),
    ("T-MAL", "C-WAW"): (430, 1, ("EUTA", "TIRX")),
    ("T-MAL", "C-LDZ"): (610, 1, ("EUTA", "TIRX")),
    ("JPYOK", "C-YOK"): (250, 1, ("JPDR",)),
    ("JPOSA", "C-OSA"): (240, 1, ("JPDR",)),
    ("USLAX", "C-LAX"): (640, 1, ("USDR",)),
    ("USSAV", "C-SAV"): (330, 1, ("USDR",)),
    ("BRSSZ", "C-CPQ"): (520, 1, ("LADR",)),
    # supplier to port
    ("S-ULS", "KRPUS"): (260, 1, ("KRDR",)),
    ("S-ICN", "KRINC"): (160, 1, ("KRDR",)),
    ("S-NGO", "JPNGO"): (230, 1, ("JPDR",)),
    ("S-BRE", "DEBRV"): (280, 1, ("EUTA",)),
}
DELIVERY_PORT = {  # where part boxes of a customer are unpacked
    "C-RTM": "NLRTM",
    "C-DUI": "NLRTM",
    "C-HAM": "DEHAM",
    "C-MUC": "DEHAM",
    "C-WAW": "PLGDN",
    "C-VLC": "ESVLC",
    "C-ATH": "GRPIR",
    "C-YOK": "JPYOK",
    "C-OSA": "JPOSA",
    "C-LAX": "USLAX",
    "C-SAV": "USSAV",
    "C-CPQ": "BRSSZ",
}
INLAND = {  # customer: (road km, terminal, rail km, CNY by truck, days, CNY by rail 40 ft, days)
    "C-XIY": (1490, "T-XIY", 1620, 10900, 3, 6900, 6),
    "C-CTU": (2180, "T-CTU", 2420, 15200, 4, 9400, 8),
    "C-URC": (3380, "T-URC", 3760, 23600, 6, 13800, 10),
}
RAIL_KM = {  # planner's rounded estimates
    ("T-BBU", "T-JNZ"): 1330,
    ("T-SHE", "T-DUI"): 10900,
    ("T-SHE", "T-MAL"): 9750,
    ("T-JNZ", "CNDLC"): 430,
    ("T-JNZ", "CNYIK"): 205,
    ("T-SHE", "CNDLC"): 397,
    ("NLRTM", "T-MUC"): 870,
    ("DEHAM", "T-MUC"): 810,
    **{("T-JNZ", v[1]): v[2] for v in INLAND.values()},
}
