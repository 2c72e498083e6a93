"""iLEAP files by hypothesis: what is made by the rules passes them; nothing stops the check."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL

from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.ileap import check, document_of, legs_frame, read, write
from emissions.ileap.envelope import Owner, Remarks, wrapped
from emissions.ileap.model import (
    Distance,
    EnergyCarrier,
    Hoc,
    ProductFootprint,
    ShipmentFootprint,
    Tad,
    Tce,
    Toc,
)
from emissions.ileap.reading import Loaded, parse
from tests.emissions.ileap_documents import activity, valid

OWNER = Owner(
    company="Example",
    company_ids=("urn:uuid:6ba7b811-9dad-11d1-80b4-00c04fd430c8",),
    created=datetime(2026, 1, 1, tzinfo=UTC),
    period_from=datetime(2026, 1, 1, tzinfo=UTC),
    period_until=datetime(2027, 1, 1, tzinfo=UTC),
    namespace=NAMESPACE_URL,
)
REMARKS = Remarks("random", "well-to-wheel", ["AR5", "AR6"], primary_percent=Decimal("12.34"))
MODES = ("Road", "Rail", "Air", "Sea", "InlandWaterway")


def amounts(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def carriers(draw: Any, wtw: Decimal, ttw: Decimal) -> tuple[EnergyCarrier, ...]:
    cut = draw(amounts(0, 1, 3).filter(lambda share: 0 < share < 1))
    return tuple(
        EnergyCarrier(
            energyCarrier=draw(st.sampled_from(("Diesel", "HFO", "LNG", "Petrol"))),
            relativeShare=share,
            emissionFactorWTW=wtw,
            emissionFactorTTW=ttw,
        )
        for share in draw(st.sampled_from(((Decimal(1),), (cut, 1 - cut))))
    )


@st.composite
def categories(draw: Any, number: int) -> Toc | Hoc:
    wtw = draw(amounts(0, 9, 6))
    ttw = (wtw * draw(amounts(0, 1, 2))).quantize(Decimal("1e-6"))
    energy = draw(carriers(wtw, ttw))
    figures = {"energyCarriers": energy, "co2eIntensityWTW": wtw, "co2eIntensityTTW": ttw}
    if draw(st.booleans()):
        return Hoc(hocId=f"H{number}", hubType="Warehouse", hubActivityUnit="tonnes", **figures)
    mode = draw(st.sampled_from(MODES))
    unit = "TEUkm" if mode in ("Sea", "InlandWaterway") else "tkm"
    return Toc(tocId=f"T{number}", mode=mode, transportActivityUnit=unit, **figures)


@st.composite
def shipments(draw: Any, number: int, known: list[Toc | Hoc]) -> ShipmentFootprint:
    mass = draw(amounts(1, 90_000, 3))
    began = datetime(2026, 1, 1, tzinfo=UTC)
    tces: list[Tce] = []
    for i in range(draw(st.integers(1, 5))):
        category = draw(st.sampled_from(known))
        is_hub = isinstance(category, Hoc)
        own = draw(amounts(1, 90_000, 3).filter(lambda m: m <= mass)) if mass > 1 else mass
        km = Decimal(0) if is_hub else draw(amounts(1, 20_000, 3))
        teu = draw(amounts(1, 9, 2))
        with localcontext(prec=60):
            tkm = own * km / 1000
            per = {"tkm": tkm, "TEUkm": teu * km, "tonnes": own / 1000}
            unit = category.hubActivityUnit if is_hub else category.transportActivityUnit
            wtw = category.co2eIntensityWTW * per[unit]
            ttw = category.co2eIntensityTTW * per[unit]
        before = [] if not tces else draw(st.lists(st.sampled_from(tces), min_size=1, unique=True))
        tces.append(
            Tce(
                tceId=f"S{number}.{i}",
                prevTceIds=tuple(t.tceId for t in before),
                tocId=None if is_hub else category.tocId,
                hocId=category.hocId if is_hub else None,
                shipmentId=f"S{number}",
                mass=own,
                packagingOrTrEqType="Container-TEU",
                packagingOrTrEqAmount=teu,
                distance=Distance(sfd=km),
                transportActivity=tkm,
                departureAt=began + timedelta(days=i),
                arrivalAt=began + timedelta(days=i, hours=draw(st.integers(0, 24))),
                co2eWTW=wtw,
                co2eTTW=ttw,
            )
        )
    return ShipmentFootprint(mass=mass, shipmentId=f"S{number}", tces=tuple(tces))


@st.composite
def files(draw: Any) -> tuple[list[ProductFootprint], list[Tad]]:
    known = [draw(categories(i)) for i in range(draw(st.integers(1, 4)))]
    moved = [draw(shipments(i, known)) for i in range(draw(st.integers(0, 3)))]
    # a shipment through hubs alone has no transport activity, and PACT wants an amount above zero
    moved = [s for s in moved if any(t.tocId for t in s.tces)]
    tads = [Tad.model_validate({**activity(), "activityId": f"A{i}"})
            for i in range(draw(st.integers(0, 2)))]  # fmt: skip
    with localcontext(prec=60):
        return [wrapped(p, OWNER, REMARKS) for p in (*known, *moved)], tads


@given(files())
@settings(max_examples=60, deadline=None)
def test_documents_made_by_the_rules_pass_and_come_back_the_same(
    made: tuple[list[ProductFootprint], list[Tad]],
) -> None:
    document = document_of(*made)
    assert check(document) == []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ileap.json"
        write(document, path)
        again = read(path)
    assert again == document
    assert again.breaches == ()
    frame = legs_frame(again)
    said = sum(t.co2eWTW for s in again.shipments for t in s.tces)
    assert abs(frame["co2e_wtw_kg"].sum() - float(said)) <= 1e-9 * max(1.0, float(said))
    assert (frame["co2e_wtt_kg"].dropna() >= 0).all()


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | st.text(max_size=8)
    | st.sampled_from(["1,5", "-3", "Road", "2026-13-40T00:00:00Z", "9" * 60]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["tces", "tocId", "data", "pcf", "mass", "x"]), inner),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [at]
    for key, part in inner:
        nested = isinstance(part, dict | list)
        found += places(part, (*at, key)) if nested else [(*at, key)]
    return found


PLACES = places(valid())


@given(st.sampled_from(PLACES), JSON)
@settings(max_examples=300, deadline=None)
def test_nothing_that_stands_in_a_file_stops_the_check(place: tuple[Any, ...], value: Any) -> None:
    """A random value at a random place: breaches are told, no other exception is raised."""
    document: Any = valid()
    if not place:
        document = value
    else:
        holder = document
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = value
    for found in check(parse(Loaded(document))):
        assert json.dumps(found.as_dict())
        assert found.pointer == "" or found.pointer.startswith("/")
