"""The plan made by hand (handmade_plan.py) under the terms of a tender, each of which it keeps.

On our account ride, in TEU: OCEAN 4 on PORT - FAR (R-SEA) and 4 on FAR - PORT (R-SEAI), HAUL 2 on
PLANT - PORT (R-PP) and 2 on HUB - PORT (R-HP), ELEC 4 on PORT - PLANT (R-IMP): 16. In tonnes: HAUL
8.3 (R-FTL) + 0.42 (R-LTL), OCEAN 0.42 (R-LCL). Lanes with the end FAR are remote.

Rebates, of base costs R-SEA 2 x 900, R-SEAI 2 x 540, R-PP 250 + 24, R-HP 300, R-FTL 200, R-LTL 100:
  OCEAN 8 TEU, all units 5 % from 6 on         R-SEA 90.00, R-SEAI 54.00
  OCEAN 2 boxes on FAR - PORT, 10 % of what is above 1               R-SEAI 54.00
  HAUL 8.4 + 0.42 t on PLANT - PORT, all units 4 % from 5 on         R-PP 10.96, R-LTL 4.00
  bundle LAND (2 of 3 lanes) 3 %               R-PP 8.22, R-HP 9.00, R-FTL 6.00
  bundle SEA (both or none) 1 %                R-SEA 18.00, R-SEAI 10.80; so SEA2 of its group not
In all 264.98. The fuel charge of R-PP is 10 % of 274 x 0.93 = 254.82: 25.48 instead of 27.40.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from lowhaul.findings import Findings
from routing.case import Case
from routing.ledger import Ledger, make_ledger
from routing.offers import make_offers
from routing.tender import Bundle, Tender, TenderRule, Tier
from scenarios.results import result_tables
from tests.routing.handmade import handmade_summary
from tests.routing.handmade_plan import handmade_plan

BACK = frozenset({"FAR - PORT"})
OUT = frozenset({"PLANT - PORT"})
BOXES = frozenset({"FAR - PORT", "PORT - PLANT", "HUB - PORT"})
"""OCEAN 4, ELEC 4 and HAUL 2 of 10 TEU."""
SEA = frozenset({"FAR - PORT", "PORT - FAR"})

TIERS = (
    Tier("OCEAN", frozenset(), 0.0, 6.0, "teu", 2.0),
    Tier("OCEAN", frozenset(), 6.0, discount_percent=5.0),
    Tier("OCEAN", BACK, 0.0, 1.0, "load_unit", 0.0, "incremental"),
    Tier("OCEAN", BACK, 1.0, volume_unit="load_unit", discount_percent=10.0, kind="incremental"),
    Tier("HAUL", OUT, 5.0, volume_unit="t", discount_percent=4.0),
)
BUNDLES = (
    Bundle("LAND", ("R-PP", "R-HP", "R-FTL"), 3.0, "conditional", 2),
    Bundle("SEA", ("R-SEA", "R-SEAI"), 1.0, "all_or_nothing", 2, "X"),
    Bundle("SEA2", ("R-SEA",), 3.0, "conditional", 1, "X"),
)
RULES = (
    TenderRule("max_carriers", 3.0),
    TenderRule("min_carriers", 3.0),
    TenderRule("max_carriers_per_lane", 1.0),
    TenderRule("max_share", 0.4, BOXES),
    TenderRule("min_share", 0.2, BOXES),
    TenderRule("incumbent_min_share", 0.75),
    TenderRule("max_change_share", 0.25),
    TenderRule("remote_lane_covered", 1.0),
    TenderRule("remote_min_share", 1.0, SEA),
)


def tender_case(case: Case | None = None) -> Case:
    """The case made by hand with these terms; FAR is remote, ELEC has a quarter of the boxes."""
    case = case or handmade_plan()[0]
    far = replace(case.places["FAR"], remote=True)
    elec = replace(case.carriers["ELEC"], min_share=0.25, max_share=0.25)
    return replace(
        case,
        places={**case.places, "FAR": far},
        carriers={**case.carriers, "ELEC": elec},
        tender=Tender(TIERS, BUNDLES, RULES),
    )


def tender_books(case: Case | None = None) -> Ledger:
    """The books of the plan under a case's terms."""
    return make_ledger(*handmade_plan(case or tender_case()))


def tender_tables(case: Case, books: Ledger) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The result tables and summary of the plan."""
    offers = make_offers(case, Findings())
    tables = result_tables(case, books, (), (), offers)
    left = pd.DataFrame(
        {"order_id": ["U1"], "line": ["1"], "pieces": [10], "reason": ["no sailing"]}
    )
    tables["unserved"] = left
    co2e = [row.element.known for row in books.legs]
    summary = handmade_summary() | {
        "cost": books.cost,
        "co2e_wtw_kg": round(sum(c.wtw_kg for c in co2e), 3),
        "co2e_ttw_kg": round(sum(c.ttw_kg for c in co2e), 3),
    }
    return tables, summary
