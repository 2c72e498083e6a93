"""Real messy tables: every row of them is used or explained.

They are not part of the repository: set LOWHAUL_REFERENCE to the folder that holds
`routing/ocean_quotes`, `routing/scms`, `routing/brunel` and `interop/templates`.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from benchmarks import brunel
from lowhaul.findings import Findings
from scenarios.importing.importer import import_file
from scenarios.importing.mapping import SheetMapping, parse_mapping
from scenarios.importing.result import Imported

REFERENCE = Path(os.environ.get("LOWHAUL_REFERENCE") or "no reference folder is named")
AS_OF = date(2025, 12, 15)
pytestmark = pytest.mark.skipif(
    not (REFERENCE / "routing").is_dir(), reason="LOWHAUL_REFERENCE names no folder of real tables"
)
SCMS = """
table: orders
columns:
  ID: order_id
  Manufacturing Site: origin
  Country: destination
  Product Group: sku
  Line Item Quantity: quantity
  PO Sent to Vendor Date: ready_date
  Scheduled Delivery Date: due_date
  Vendor INCO Term: incoterm
"""
SCMS_AS_BIDS = """
table: bids
constants: {rate_basis: shipment, currency: USD, transit_days: 30, service: ltl}
place_ids: as_written
columns:
  ID: lane_id
  Vendor: carrier
  Manufacturing Site: origin
  Country: destination
  Freight Cost (USD): rate
  Shipment Mode: mode
"""


def told(text: str) -> SheetMapping:
    return parse_mapping(text, "mapping.yaml", Findings())


def imported(path: str, mapping: str = "", **options: str) -> Imported:
    stated = told(mapping) if mapping else SheetMapping()
    return import_file(REFERENCE / path, mapping=stated, as_of=AS_OF, **options)


def lines(path: str) -> int:
    """Rows of a CSV file, counted by another reader."""
    text = (REFERENCE / path).read_text("utf-8-sig")
    return sum(1 for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row))


def assert_all_accounted(found: Imported, path: str) -> None:
    counts = found.accounting.counts()
    assert counts["read"] == lines(path)
    assert counts["read"] == counts["used"] + counts["left out"] + counts["heading"]
    assert not found.accounting.unexplained()


def test_ocean_quotes() -> None:
    """12 answers: 11 bids, and one whose quoted port is no port (CNHGB); double columns survive."""
    path = "routing/ocean_quotes/normalized_quotes.csv"
    found = imported(path)
    assert_all_accounted(found, path)
    assert {n: len(rows) for n, rows in found.tables.items()} == {"bids": 11}
    assert [(f.code, f.cell) for f in found.findings.errors] == [("E201", "H10")]
    other = [(f.cell, f.value) for f in found.findings if f.code == "W517"]
    assert other == [("H9", "KRINC"), ("H11", "CNYTN")]
    places = {row.values["destination"] for row in found.tables["bids"]}
    assert "NLRTM" in places, '"NLR TM" was a code cut in two'


def test_scms_as_orders() -> None:
    """5,136 deliveries: those with a date of order are orders; the others say why not."""
    path = "routing/scms/scms_deliveries.csv"
    found = imported(path, SCMS)
    assert_all_accounted(found, path)
    rows = list(csv.DictReader((REFERENCE / path).open(encoding="utf-8-sig")))
    terms = {"EXW", "FCA", "DDP", "CIP", "DAP", "CIF"}
    dated = [r for r in rows if r["PO Sent to Vendor Date"][0].isdigit()]
    wanted = [r["ID"] for r in dated if r["Vendor INCO Term"] in terms]
    assert [row.values["order_id"] for row in found.tables["orders"]] == wanted
    assert Counter(f.code for f in found.findings.errors)["E104"] == len(rows) - len(dated)


def test_scms_as_bids() -> None:
    """Freight that stands on another line, is in the goods' price or is invoiced apart is none."""
    path = "routing/scms/scms_deliveries.csv"
    found = imported(path, SCMS_AS_BIDS)
    assert_all_accounted(found, path)
    rows = list(csv.DictReader((REFERENCE / path).open(encoding="utf-8-sig")))
    modes = {"Air", "Air Charter", "Truck", "Ocean"}
    numeric = [
        r for r in rows if r["Freight Cost (USD)"].replace(".", "").isdigit()
        if r["Shipment Mode"] in modes
    ]  # fmt: skip
    by_lane = Counter(row.values["lane_id"] for row in found.tables["bids"])
    assert by_lane == Counter(r["ID"] for r in numeric)
    reasons = [f.reason for f in found.accounting if f.fate == "left out"]
    assert sum("See DN-" in r for r in reasons) == sum(
        "See DN-" in r["Freight Cost (USD)"] for r in rows
    )


def test_brunel_as_bids() -> None:
    """1,540 rates: three of them stand twice and are used once."""
    path = "routing/brunel/FreightRates.csv"
    mapping = (
        "place_ids: as_written\nconstants: {service: ltl, rate_basis: kg}\n"
        "columns: {svc_cd: lane_id, Carrier type: ignore}\n"
    )
    found = imported(path, mapping)
    assert_all_accounted(found, path)
    twice = [f for f in found.accounting if "the same as row" in f.reason]
    assert len(twice) == 3
    assert len(found.tables["bids"]) == 1540 - 3
    assert {row.values["mode"] for row in found.tables["bids"]} == {"air", "road"}


def test_every_file_of_brunel_and_model_b1() -> None:
    """The figures of the data set's README; 6 days are too few, for the orders of PLANT03."""
    folder = REFERENCE / "routing" / "brunel"
    data = brunel.read(folder)
    for name, counts in data.read.items():
        assert counts["read"] == lines(f"routing/brunel/{name}.csv")
        assert counts["used"] == counts["read"] - 1
    case = brunel.case_of(data)
    assert len(case.pairs) == 10_934
    assert case.without_capacity == ("CND9",)
    six, eight = brunel.answer(case, 6), brunel.answer(case, 8)
    assert (six.status, six.binding) == ("infeasible", ("PLANT03",))
    assert (eight.status, eight.cost) == ("optimal", 15_649_248.19)


@pytest.mark.parametrize(
    ("file", "rows", "mapping"),
    [
        ("bids_ocean_fcl", {"bids": 3}, ""),
        ("bids_road", {"bids": 2}, ""),
        ("bids_air", {"bids": 6, "bid_charges": 12}, "constants: {transit_days: 3}\n"),
        ("bid_surcharges", {"bid_charges": 3}, ""),
        ("load_list", {"load_list": 1}, ""),
        ("empty_container_events", {"empties": 1}, "constants: {return_to: CNSHA}\n"),
    ],
)
def test_templates_of_the_interop_pack(file: str, rows: dict[str, int], mapping: str) -> None:
    path = f"interop/templates/{file}.csv"
    found = imported(path, mapping)
    assert_all_accounted(found, path)
    assert {n: len(some) for n, some in found.tables.items() if some} == rows
