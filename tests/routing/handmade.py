"""A plan made by hand, small enough to follow with a pencil: five shipments, one unserved order.

Places: PLANT, HUB and YARD inland; PORT near them; FAR a port overseas. km (sfd / gcd / actual):
PLANT-PORT 200/180/210, YARD-PLANT 40/30/42, YARD-PORT 180/160/189, PLANT-HUB 100/90/105,
HUB-PORT 120/100/126 by road; PORT-FAR 10000/9000/11500 by sea (actual = sfd x 1.05 or x 1.15).

A pallet has 40 pieces of 10 kg and 20 kg of packaging: 420 kg, 1.2 x 1.0 x 1.0 m = 1.2 m3.
A box is 12.0 x 2.4 x 2.6 m, 4 t tare, 26 t payload, 2 TEU: 20 pallets stand in two rows of ten,
24 m3 of 74.88 (0.3205), floor 24 of 28.8 m2 (0.8333). The trailer is 13.6 x 2.45 x 2.7 m, 25 t.

Figures (g, WTW of which TTW): artic_gt33 800 (650) a km + 30 (24) a t-km, so an empty box (4 t)
makes 920 (746) a km; ships 15 (12) a t-km x 10 t/TEU = 150 (120) a TEU-km; ltl 100 (80) a t-km;
ELEC declares 500 (100) a vehicle-km. All count actual km. HUB handles at 2.0 (0.5) kg a tonne; PORT
has no value and is not covered.

S-0001 order E1, 16 + 4 pallets, 8.4 t, PLANT>PORT>FAR, in a box of BOXCO fetched at YARD
  empty YARD>PLANT 42 x 920 = 38.640 kg (42 x 746 = 31.332)
  road 210 x (800 + 30 x (8.4 + 4)) = 246.120 (198.996); sea 11500 x 2 x 150 = 3450.000 (2760.000)
  in all 3734.760 kg; t-km 8.4 x 200 = 1680 and 8.4 x 10000 = 84000
  round-use rate 250 + (42 - 30) km x 2 = 24; fuel 10 % of 274 = 27.40; 1000 USD x 0.9 = 900;
  OTHC 150; DOC 40; lift at PORT 50; fee of BOXCO 25: 1466.40 EUR
  saved 189 (YARD>PORT) + 210 (PORT>PLANT) - 42 = 357 km; 357 x 920 = 328.440 kg avoided
S-0002 order I1 inbound, 40 pallets, 16.8 t in 2 boxes, FAR>PORT>PLANT; one box is loaded again
  sea 11500 x 4 x 150 = 6900.000 (5520.000); road 210 x 2 x 500 = 210.000 (42.000)
  empty PLANT>PORT for the other box 210 x 500 = 105.000 (21.000); in all 7215.000 kg
  4 TEU x 300 USD x 0.9 = 1080; road 420 + 350 at the round-use rate; lifts 2 x 50: 1950.00 EUR
S-0003 order H1, 790 pieces: 19 pallets and one of 30 pieces, 19 x 420 + 320 = 8.3 t, PLANT>HUB
  105 x (800 + 30 x 8.3) = 110.145, and 0.2 / 0.8 empty km a laden one: 0.25 x 105 x 800 = 21.000:
  131.145 (89.166 + 17.0625 = 106.229); HUB 8.3 x 2.0 = 16.600 (4.150): 147.745 kg
  200 a trip; HUB 8.3 t x 10 = 83: 283.00 EUR
S-0004 order H1 goes on, HUB>PORT>FAR, in the box of S-0002
  empty PLANT>HUB 105 x 920 = 96.600 (78.330); road 126 x (800 + 30 x 12.3) = 147.294 (119.095)
  sea 3450.000 (2760.000): 3693.894 kg;  300 + 900 + 150 + 40 + 50 = 1440.00 EUR
  saved 210 (PLANT>PORT) + 126 (PORT>HUB) - 105 = 231 km; 231 x 920 = 212.520 kg avoided
S-0005 order P1, 1 pallet, ltl and lcl: 210 x 0.42 x 100 = 8.820 (7.056), 11500 x 0.42 x 15 = 72.450
  (57.960): 81.270 kg; 420 kg x 0.20 = 84, minimum 100; max(0.42 t, 1.2 m3) x 50 USD x 0.9 = 54
R-B1   the box at YARD that stays unused: 189 x 920 = 173.880 (140.994) kg, 80 EUR

Cost 1466.40 + 1950.00 + 283.00 + 1440.00 + 154.00 = 5293.40, and 100 fixed (HAUL) + 80 (return)
are shared over the shipments by that: 5473.40 EUR. CO2e 15046.549 kg WTW, 11847.142 TTW.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pandas as pd

from emissions.activity import LegDistance
from emissions.factors import Factor, FactorBook
from loading.equipment import Equipment
from loading.units import Packaging
from routing.baseline import BaselineWay
from routing.bids import Bid, Carrier, Charge
from routing.boxes import EmptyBoxes
from routing.case import Case, RoadLimit, Settings
from routing.distances import Distances, NoDistance
from routing.money import ExchangeRates
from routing.orders import Order, Product
from routing.places import Place

ROAD_KM = {
    ("PLANT", "PORT"): (200.0, 180.0, 210.0),
    ("YARD", "PLANT"): (40.0, 30.0, 42.0),
    ("YARD", "PORT"): (180.0, 160.0, 189.0),
    ("PLANT", "HUB"): (100.0, 90.0, 105.0),
    ("HUB", "PORT"): (120.0, 100.0, 126.0),
    ("YARD", "HUB"): (130.0, 120.0, 136.5),
}
SEA_KM = {("PORT", "FAR"): (10000.0, 9000.0, 11500.0)}
WEEK = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True)
class KnownDistances:
    """Distances by hand, the same both ways."""

    def leg(
        self,
        origin_id: str,
        destination_id: str,
        mode: str,
        given_km: float | None = None,
        given_basis: str = "actual",
        given_source: str = "",
    ) -> LegDistance:
        table = SEA_KM if mode == "sea" else ROAD_KM
        km = table.get((origin_id, destination_id)) or table.get((destination_id, origin_id))
        if km is None:
            raise NoDistance(f"{origin_id} to {destination_id} by {mode}")
        return LegDistance(*km, basis="sfd", source="by hand")


def _factor(factor_id: str, mode: str, vehicle: str, wtt: float, ttw: float, per: str) -> Factor:
    curve = per == "vehicle_km"
    return Factor(
        factor_id,
        mode,
        vehicle,
        "",
        "",
        wtt,
        ttw,
        per,
        slope_wtt_g_per_tkm=6.0 if curve else 0.0,
        slope_ttw_g_per_tkm=24.0 if curve else 0.0,
        includes_empty=not curve,
        distance_basis="actual",
        gwp="AR5",
        pack="default",
    )


FACTORS = FactorBook(
    (
        _factor("curve", "road", "artic_gt33", 150.0, 650.0, "vehicle_km"),
        _factor("ship", "sea", "container_average", 3.0, 12.0, "tkm"),
        _factor("ltl", "road", "all_hgvs", 20.0, 80.0, "tkm"),
    )
)
PALLET = Packaging("PAL", "SKU", 40, 1200, 1000, 1000, 420.0, 20.0)
THIN = Packaging("THIN", "SKU", 40, 1200, 1000, 1000, 410.0, 10.0, candidate=True)


def _place(place_id: str, kind: str, country: str = "DE", **more: Any) -> Place:
    return Place(place_id, place_id.title(), kind, country, 50.0, 8.0, currency="EUR", **more)


def _haul(bid_id: str, start: str, end: str, **more: Any) -> Bid:
    return Bid(
        **{
            "bid_id": bid_id,
            "carrier": "HAUL",
            "mode": "road",
            "service": "container",
            "origin": start,
            "destination": end,
            "rate": 300.0,
            "currency": "EUR",
            "rate_basis": "container",
            "transit_days": 1,
            "departure_days": WEEK,
            **more,
        }
    )


def _sail(bid_id: str, start: str, end: str, rate: float, basis: str, **more: Any) -> Bid:
    return Bid(
        **{
            "bid_id": bid_id,
            "carrier": "OCEAN",
            "line": "OCEAN",
            "mode": "sea",
            "service": "container",
            "origin": start,
            "destination": end,
            "rate": rate,
            "currency": "USD",
            "rate_basis": basis,
            "transit_days": 30,
            **more,
        }
    )


def _order(order_id: str, line: str, start: str, pieces: int, ready: date, due: date) -> Order:
    inbound = start == "FAR"
    end = "PLANT" if inbound else "FAR"
    flow = "inbound" if inbound else "outbound"
    return Order(order_id, line, start, end, "SKU", pieces, ready, due, flow=flow)


def handmade_case() -> Case:
    """The inputs of the plan."""
    places = (
        _place("PLANT", "plant"),
        _place("PORT", "port", handling_cost_per_load_unit=50.0, dwell_days=1),
        _place("FAR", "port", "CN"),
        _place("YARD", "depot"),
        _place(
            "HUB",
            "hub",
            can_restuff=True,
            handling_cost_per_t=10.0,
            handling_co2e_wtw_kg_per_t=2.0,
            handling_co2e_ttw_kg_per_t=0.5,
            dwell_days=1,
        ),
    )
    sea_charges = (Charge("OTHC", 150.0, "EUR", "container"), Charge("DOC", 40.0, "EUR", "bl"))
    bids = (
        _haul(
            "R-PP",
            "PLANT",
            "PORT",
            rate=400.0,
            round_use_rate=250.0,
            round_use_km=30.0,
            round_use_rate_per_km=2.0,
            charges=(Charge("FSC", 10.0, "EUR", "percent"),),
        ),
        _haul("R-HP", "HUB", "PORT"),
        _haul(
            "R-IMP",
            "PORT",
            "PLANT",
            carrier="ELEC",
            rate=420.0,
            round_use_rate=350.0,
            co2e_wtw_g=500.0,
            co2e_ttw_g=100.0,
            co2e_per="vehicle_km",
            co2e_distance_basis="actual",
            co2e_verified=True,
            data_type="primary",
        ),
        _haul(
            "R-FTL",
            "PLANT",
            "HUB",
            service="ftl",
            rate=200.0,
            rate_basis="trip",
            empty_distance_factor=0.2,
        ),
        _sail(
            "R-SEA",
            "PORT",
            "FAR",
            1000.0,
            "container",
            cutoff_days=2,
            departure_days=("sat",),
            capacity=3.0,
            weight_to_kg=20000.0,
            valid_from=date(2026, 1, 1),
            valid_to=date(2026, 6, 30),
            charges=sea_charges,
        ),
        _sail("R-SEAI", "FAR", "PORT", 300.0, "teu", free_days=10),
        _haul(
            "R-LTL",
            "PLANT",
            "PORT",
            service="ltl",
            rate=0.2,
            rate_basis="kg",
            min_charge=100.0,
            kg_per_m3=333.0,
            vehicle="all_hgvs",
        ),
        _sail("R-LCL", "PORT", "FAR", 50.0, "wm", service="lcl", transit_days=32),
    )
    carriers = (
        Carrier("HAUL", "Haul", incumbent=True, fixed_cost=100.0, currency="EUR"),
        Carrier("ELEC", "Elec", qualified_until=date(2026, 12, 31)),
        Carrier("OCEAN", "Ocean", incumbent=True, interchange_with=("BOXCO",)),
        Carrier("BOXCO", "Box Co", round_use_fee=25.0, currency="EUR"),
    )
    feb2, feb9 = date(2026, 2, 2), date(2026, 2, 9)
    orders = (
        _order("E1", "1", "PLANT", 640, feb2, date(2026, 3, 15)),
        _order("E1", "2", "PLANT", 160, feb2, date(2026, 3, 20)),
        _order("I1", "1", "FAR", 1600, date(2026, 1, 5), date(2026, 2, 10)),
        _order("H1", "1", "PLANT", 790, feb9, date(2026, 3, 20)),
        _order("P1", "1", "PLANT", 40, feb2, date(2026, 3, 31)),
        _order("U1", "1", "PLANT", 10, feb2, date(2026, 2, 20)),
    )
    empties = (
        EmptyBoxes(
            "B1",
            "45X",
            "YARD",
            "BOXCO",
            2,
            date(2026, 1, 20),
            "PORT",
            free_until=date(2026, 2, 10),
            return_cost=80.0,
            currency="EUR",
            grade="B",
        ),
        EmptyBoxes("B2", "45X", "YARD", "BOXCO", 3, date(2026, 1, 20), "PORT", ours=False),
    )
    return Case(
        settings=Settings(
            date(2026, 1, 1), date(2026, 3, 31), "EUR", date(2025, 12, 15), gap=0.005
        ),
        places={p.location_id: p for p in places},
        equipment={
            "45X": Equipment("45X", 12000, 2400, 2600, 4000.0, 26000.0, 2.0),
            "TRL": Equipment("TRL", 13600, 2450, 2700, 7000.0, 25000.0, 0.0),
        },
        products={"SKU": Product("SKU", 10.0)},
        packagings={"SKU": (PALLET, THIN)},
        orders=orders,
        carriers={c.carrier: c for c in carriers},
        bids=bids,
        distances=cast(Distances, KnownDistances()),
        factors=FACTORS,
        fx=ExchangeRates("EUR", {"USD": 0.9}),
        empties=empties,
        baseline=(
            BaselineWay("PLANT", "FAR", ("HAUL", "OCEAN"), ("PORT",), ("road", "sea")),
            BaselineWay("FAR", "PLANT", ("OCEAN", "ELEC"), ("PORT",), ("sea", "road")),
        ),
        road_limits=(RoadLimit("DE", "45X", 24000.0),),
    )


SHIPMENTS = """\
shipment_id,origin,destination,order_ids,equipment,load_units,mass_kg,volume_m3,packaging_ids,\
stuffing_date,departure_date,arrival_date,pol,pod,route,carriers,cost,co2e_wtw_kg,on_time,\
booking_ref
S-0001,PLANT,FAR,E1,45X,1,8400,24,PAL,2026-02-02,2026-02-02,2026-03-09,PORT,FAR,PLANT>PORT>FAR,\
HAUL;OCEAN,1516.26,3734.760,yes,
S-0002,FAR,PLANT,I1,45X,2,16800,48,PAL,2026-01-05,2026-01-05,2026-02-06,FAR,PORT,FAR>PORT>PLANT,\
OCEAN;ELEC,2016.31,7215.000,yes,
S-0003,PLANT,HUB,H1,TRL,1,8300,24,PAL,2026-02-09,2026-02-09,2026-02-10,,,PLANT>HUB,\
HAUL,292.62,147.745,yes,
S-0004,HUB,FAR,H1,45X,1,8300,24,PAL,2026-02-11,2026-02-11,2026-03-16,PORT,FAR,HUB>PORT>FAR,\
HAUL;OCEAN,1488.97,3693.894,yes,
S-0005,PLANT,FAR,P1,,0,420,1.2,PAL,2026-02-02,2026-02-02,2026-03-09,PORT,FAR,PLANT>PORT>FAR,\
HAUL;OCEAN,159.24,81.270,yes,
"""

LEGS = """\
tce_id,shipment_id,seq,kind,mode,from,to,carrier,bid_id,equipment,load_units,teu,mass_kg,\
distance_km,distance_basis,sfd_km,gcd_km,actual_km,daf,activity_tkm,toc_id,factor_id,\
factor_distance_basis,data_type,proxy,co2e_wtt_kg,co2e_ttw_kg,co2e_wtw_kg,covered,cost,depart,arrive
S-0001.1,S-0001,1,empty,road,YARD,PLANT,HAUL,R-PP,45X,1,2,0,42,actual,40,30,42,1,0,road/HAUL,\
curve,actual,default,no,7.308,31.332,38.640,yes,0,2026-02-02,2026-02-02
S-0001.1,S-0001,2,transport,road,PLANT,PORT,HAUL,R-PP,45X,1,2,8400,200,sfd,200,180,210,1.05,1680,\
road/HAUL,curve,actual,default,no,47.124,198.996,246.120,yes,301.40,2026-02-02,2026-02-03
S-0001.2,S-0001,3,hub,hub,PORT,PORT,,,45X,1,2,8400,0,,0,0,0,,0,hub/PORT,,,,no,0,0,0,no,50,\
2026-02-03,2026-02-07
S-0001.3,S-0001,4,transport,sea,PORT,FAR,OCEAN,R-SEA,45X,1,2,8400,10000,sfd,10000,9000,11500,1.15,\
84000,sea/OCEAN,ship,actual,default,yes,690,2760,3450,yes,1090,2026-02-07,2026-03-09
S-0002.1,S-0002,1,transport,sea,FAR,PORT,OCEAN,R-SEAI,45X,2,4,16800,10000,sfd,10000,9000,11500,\
1.15,168000,sea/OCEAN,ship,actual,default,yes,1380,5520,6900,yes,1080,2026-01-05,2026-02-04
S-0002.2,S-0002,2,hub,hub,PORT,PORT,,,45X,2,4,16800,0,,0,0,0,,0,hub/PORT,,,,no,0,0,0,no,100,\
2026-02-04,2026-02-05
S-0002.3,S-0002,3,transport,road,PORT,PLANT,ELEC,R-IMP,45X,2,4,16800,200,sfd,200,180,210,1.05,3360,\
road/ELEC,bid:R-IMP,actual,primary,no,168,42,210,yes,770,2026-02-05,2026-02-06
S-0002.3,S-0002,4,empty,road,PLANT,PORT,ELEC,R-IMP,45X,1,2,0,210,actual,200,180,210,1,0,road/ELEC,\
bid:R-IMP,actual,primary,no,84,21,105,yes,0,2026-02-06,2026-02-06
S-0003.1,S-0003,1,transport,road,PLANT,HUB,HAUL,R-FTL,TRL,1,0,8300,100,sfd,100,90,105,1.05,830,\
ftl/HAUL,curve,actual,default,no,24.916,106.229,131.145,yes,200,2026-02-09,2026-02-10
S-0003.2,S-0003,2,hub,hub,HUB,HUB,,,TRL,1,0,8300,0,,0,0,0,,0,hub/HUB,place:HUB,,default,no,12.450,\
4.150,16.600,yes,83,2026-02-10,2026-02-11
S-0004.1,S-0004,1,empty,road,PLANT,HUB,HAUL,R-HP,45X,1,2,0,105,actual,100,90,105,1,0,road/HAUL,\
curve,actual,default,no,18.270,78.330,96.600,yes,0,2026-02-11,2026-02-11
S-0004.1,S-0004,2,transport,road,HUB,PORT,HAUL,R-HP,45X,1,2,8300,120,sfd,120,100,126,1.05,996,\
road/HAUL,curve,actual,default,no,28.199,119.095,147.294,yes,300,2026-02-11,2026-02-12
S-0004.2,S-0004,3,hub,hub,PORT,PORT,,,45X,1,2,8300,0,,0,0,0,,0,hub/PORT,,,,no,0,0,0,no,50,\
2026-02-12,2026-02-14
S-0004.3,S-0004,4,transport,sea,PORT,FAR,OCEAN,R-SEA,45X,1,2,8300,10000,sfd,10000,9000,11500,1.15,\
83000,sea/OCEAN,ship,actual,default,yes,690,2760,3450,yes,1090,2026-02-14,2026-03-16
S-0005.1,S-0005,1,transport,road,PLANT,PORT,HAUL,R-LTL,,0,0,420,200,sfd,200,180,210,1.05,84,\
ltl/HAUL,ltl,actual,default,no,1.764,7.056,8.820,yes,100,2026-02-02,2026-02-03
S-0005.2,S-0005,2,hub,hub,PORT,PORT,,,,0,0,420,0,,0,0,0,,0,hub/PORT,,,,no,0,0,0,no,0,\
2026-02-03,2026-02-05
S-0005.3,S-0005,3,transport,sea,PORT,FAR,OCEAN,R-LCL,,0,0,420,10000,sfd,10000,9000,11500,1.15,4200,\
lcl/OCEAN,ship,actual,default,yes,14.490,57.960,72.450,yes,54,2026-02-05,2026-03-09
R-B1,,1,empty,road,YARD,PORT,,,45X,1,2,0,189,actual,180,160,189,1,0,road/any,\
curve,actual,default,no,32.886,140.994,173.880,yes,80,2026-02-10,2026-02-10
"""

ALLOCATION = """\
order_id,line,sku,shipment_id,packaging_id,handling_units,pieces,mass_kg,teu_share,cost,\
co2e_wtw_kg,co2e_ttw_kg,allocation_basis
E1,1,SKU,S-0001,PAL,16,640,6720,1.6,1213.01,2987.808,2392.262,mass
E1,2,SKU,S-0001,PAL,4,160,1680,0.4,303.25,746.952,598.066,mass
I1,1,SKU,S-0002,PAL,40,1600,16800,4,2016.31,7215.000,5583.000,mass
H1,1,SKU,S-0003,PAL,20,790,8300,0,292.62,147.745,110.379,mass
H1,1,SKU,S-0004,PAL,20,790,8300,2,1488.97,3693.894,2957.425,mass
P1,1,SKU,S-0005,PAL,1,40,420,0,159.24,81.270,65.016,mass
"""

LOADS = """\
load_id,shipment_id,equipment,handling_units,mass_kg,vgm_kg,volume_use,mass_use,floor_use,\
cog_x_mm,cog_y_mm,cog_z_mm,stuffable
L-0001,S-0001,45X,20,8400,12400,0.3205,0.3231,0.8333,6000,1000,500,yes
L-0002,S-0002,45X,20,8400,12400,0.3205,0.3231,0.8333,6000,1000,500,yes
L-0003,S-0002,45X,20,8400,12400,0.3205,0.3231,0.8333,6000,1000,500,yes
L-0004,S-0003,TRL,20,8300,15300,0.2668,0.332,0.7203,5935,994,500,yes
L-0005,S-0004,45X,20,8300,12300,0.3205,0.3192,0.8333,5935,994,500,yes
"""

COSTS = """\
shipment_id,seq,carrier,bid_id,charge_code,section,basis,quantity,rate,rate_currency,fx,amount
S-0001,1,HAUL,R-PP,BAS,freight,container,1,250,EUR,1,250.00
S-0001,2,HAUL,R-PP,BAS,freight,km,12,2,EUR,1,24.00
S-0001,3,HAUL,R-PP,FSC,freight,percent,274,10,EUR,1,27.40
S-0001,4,OCEAN,R-SEA,BAS,freight,container,1,1000,USD,0.9,900.00
S-0001,5,OCEAN,R-SEA,OTHC,origin,container,1,150,EUR,1,150.00
S-0001,6,OCEAN,R-SEA,DOC,origin,bl,1,40,EUR,1,40.00
S-0001,7,,,HDL,origin,load_unit,1,50,EUR,1,50.00
S-0001,8,BOXCO,,RUF,origin,container,1,25,EUR,1,25.00
S-0002,1,OCEAN,R-SEAI,BAS,freight,teu,4,300,USD,0.9,1080.00
S-0002,2,,,HDL,destination,load_unit,2,50,EUR,1,100.00
S-0002,3,ELEC,R-IMP,BAS,freight,container,1,420,EUR,1,420.00
S-0002,4,ELEC,R-IMP,BAS,freight,container,1,350,EUR,1,350.00
S-0003,1,HAUL,R-FTL,BAS,freight,trip,1,200,EUR,1,200.00
S-0003,2,,,HDL,origin,tonne,8.3,10,EUR,1,83.00
S-0004,1,HAUL,R-HP,BAS,freight,container,1,300,EUR,1,300.00
S-0004,2,OCEAN,R-SEA,BAS,freight,container,1,1000,USD,0.9,900.00
S-0004,3,OCEAN,R-SEA,OTHC,origin,container,1,150,EUR,1,150.00
S-0004,4,OCEAN,R-SEA,DOC,origin,bl,1,40,EUR,1,40.00
S-0004,5,,,HDL,origin,load_unit,1,50,EUR,1,50.00
S-0005,1,HAUL,R-LTL,BAS,freight,shipment,1,100,EUR,1,100.00
S-0005,2,OCEAN,R-LCL,BAS,freight,wm,1.2,50,USD,0.9,54.00
,1,HAUL,,FIX,,,1,100,EUR,1,100.00
,2,BOXCO,,RET,,container,1,80,EUR,1,80.00
"""

ROUND_USE = """\
empty_id,import_shipment_id,shipment_id,equipment,line,boxes,from,to,depot,date,km_saved,\
co2e_avoided_kg,co2e_avoided_own_kg,co2e_avoided_partner_kg,cost_change,reason
B1,,S-0001,45X,BOXCO,1,YARD,PLANT,,2026-02-02,357,328.440,164.220,164.220,-181.60,
,S-0002,S-0004,45X,OCEAN,1,PLANT,HUB,,2026-02-11,231,212.520,212.520,0,-70.00,
B1,,,45X,BOXCO,0,YARD,,,,0,0,0,0,0,no further load unit is stuffed before 2026-02-10
B2,,,45X,BOXCO,0,YARD,,,,0,0,0,0,0,no further load unit is stuffed there
,S-0002,,45X,OCEAN,0,PLANT,,,,0,0,0,0,0,no further load unit is stuffed before 2026-02-16
"""

AWARDS = """\
carrier,lane_id,bid_id,equipment,volume,volume_unit,share_of_lane,cost,co2e_wtw_kg,reason
HAUL,,R-PP,45X,1,load_unit,1,301.40,284.760,least CO2e
HAUL,,R-HP,45X,1,load_unit,1,300.00,243.894,only bid
ELEC,,R-IMP,45X,2,load_unit,1,770.00,315.000,least CO2e
HAUL,,R-FTL,TRL,1,load_unit,1,200.00,131.145,only bid
OCEAN,,R-SEA,45X,2,load_unit,1,2180.00,6900.000,only bid
OCEAN,,R-SEAI,45X,2,load_unit,1,1080.00,6900.000,only bid
HAUL,,R-LTL,,0.42,t,1,100.00,8.820,only bid
OCEAN,,R-LCL,,0.42,t,1,54.00,72.450,only bid
"""

TOCS = """\
toc_id,mode,carrier,vehicle,energy,activity_tkm,loaded_km,empty_km,co2e_wtw_kg,\
intensity_wtw_g_per_tkm,data_type
road/HAUL,road,HAUL,artic_gt33,,2676,336,147,528.654,197.554,default
road/ELEC,road,ELEC,,,3360,420,210,315.000,93.75,primary
road/any,road,,artic_gt33,,0,0,189,173.880,,default
ftl/HAUL,road,HAUL,artic_gt33,,830,105,26.25,131.145,158.006,default
ltl/HAUL,road,HAUL,all_hgvs,,84,210,0,8.820,105,default
sea/OCEAN,sea,OCEAN,container_average,,335000,46000,0,13800.000,41.194,default
lcl/OCEAN,sea,OCEAN,container_average,,4200,11500,0,72.450,17.25,default
"""

ACTIONS = """\
date,action,carrier,shipment_id,quantity,place,note
2026-01-02,book,OCEAN,S-0002,2,FAR,
2026-01-26,book,OCEAN,S-0001,1,PORT,
2026-02-02,order_empty,HAUL,S-0001,1,YARD,
2026-02-02,book,HAUL,S-0005,,PLANT,
2026-02-06,book,HAUL,S-0003,1,PLANT,
2026-02-06,book,OCEAN,S-0004,1,PORT,
2026-02-11,hand_over_empty,ELEC,S-0004,1,PLANT,
"""

UNSERVED = """\
order_id,line,pieces,reason
U1,1,10,no sailing arrives by 2026-02-20
"""

FINDINGS = "file,sheet,row,column,cell,code,severity,value,message,hint\n"

SUMMARY: dict[str, object] = {
    "scenario": "handmade",
    "status": "optimal",
    "gap": 0.001,
    "cost": 5473.40,
    "currency": "EUR",
    "co2e_wtw_kg": 15046.549,
    "co2e_ttw_kg": 11847.142,
    "co2e_wtt_kg": 3199.407,
    "co2e_coverage_transport": 1.0,
    "co2e_coverage_hubs": 0.1966,
    "transport_activity_tkm": 346150.0,
    "load_units": {"45X": 4, "TRL": 1},
    "load_rate_volume": 0.3083,
    "load_rate_mass": 0.3247,
    "round_use_boxes": 2,
    "orders": 6,
    "orders_unserved": 1,
    "on_time_share": 1.0,
    "primary_share_tkm": 0.0097,
    "primary_share_co2e": 0.0209,
}

TEXTS = {
    "shipments": SHIPMENTS,
    "legs": LEGS,
    "order_allocation": ALLOCATION,
    "loads": LOADS,
    "costs": COSTS,
    "round_use": ROUND_USE,
    "awards": AWARDS,
    "tocs": TOCS,
    "actions": ACTIONS,
    "unserved": UNSERVED,
    "findings": FINDINGS,
}


def _placements() -> str:
    """Twenty pallets a load unit, two and two from the front wall; H1's last one is part full."""
    lines = ["load_id,step,order_id,line,packaging_id,x_mm,y_mm,z_mm,dx_mm,dy_mm,dz_mm,mass_kg"]
    content = {"L-0001": "E1", "L-0002": "I1", "L-0003": "I1", "L-0004": "H1", "L-0005": "H1"}
    for load_id, order_id in content.items():
        for i in range(20):
            line = "2" if order_id == "E1" and i >= 16 else "1"
            mass = 320 if order_id == "H1" and i == 19 else 420
            x, y = i // 2 * 1200, i % 2 * 1000
            place = f"{x},{y},0,1200,1000,1000,{mass}"
            lines.append(f"{load_id},{i + 1},{order_id},{line},PAL,{place}")
    return "\n".join(lines) + "\n"


def handmade_tables() -> dict[str, pd.DataFrame]:
    """The result tables as read from CSV: every cell a text."""
    texts = {**TEXTS, "placements": _placements()}
    tables = {
        name: pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        for name, text in texts.items()
    }
    tables["legs"] = tables["legs"].assign(paid_by="shipper", ghg_scope="3.4")
    return tables


def handmade_summary() -> dict[str, object]:
    """summary.json."""
    return dict(SUMMARY)
