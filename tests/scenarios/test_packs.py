"""Packs for carriers: everything that is theirs, nothing that is not, safe to open anywhere."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from lowhaul.sheets import filled_workbook
from routing.bids import Carrier
from scenarios.disclosure import Secrets, WouldDisclose, known_to, places_of
from scenarios.figures import Result
from scenarios.packs import tables as pack_tables
from scenarios.packs import write_packs, writing
from scenarios.packs.search import search_pack
from scenarios.packs.tables import MONEY_COLUMNS, TABLES, Pack, Shelf, own_money, sheet_of
from tests.browser import browser, open_page
from tests.scenarios.synthetic import Synthetic, make

FILES = {
    "cover.html", "map.html", "awards.csv", "awards.xlsx", "load_list.csv", "load_list.xlsx",
    "load_units.csv",
}  # fmt: skip
HOSTILE = '<script>alert("1")</script>\'"&'


@dataclass(frozen=True)
class Written:
    plan: Synthetic
    folder: Path

    def texts(self, carrier: str) -> dict[str, str]:
        """Every file of a pack as text, workbooks unzipped, entities resolved."""
        found = {}
        for path in (self.folder / "carriers" / carrier).iterdir():
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as archive:
                    for part in archive.namelist():
                        found[f"{path.name}/{part}"] = archive.read(part).decode("utf-8")
            else:
                found[path.name] = path.read_text("utf-8")
        return {name: html.unescape(text) for name, text in found.items()}

    def rows(self, carrier: str, table: str) -> list[dict[str, str]]:
        path = self.folder / "carriers" / carrier / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def plan() -> Synthetic:
    return make(60)


@pytest.fixture(scope="module")
def written(plan: Synthetic, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("packs")
    packs = write_packs(folder, plan.tables, plan.summary, plan.case)
    assert packs.withheld == ()
    return Written(plan, folder)


def _with(case: Any, **changes: Any) -> Any:
    return SimpleNamespace(**{**vars(case), **changes})


def _carrying(plan: Synthetic) -> list[str]:
    return sorted({leg for leg in plan.tables["legs"]["carrier"] if leg})


# ---- what is in a pack


def test_every_carrier_of_the_plan_has_a_whole_pack(written: Written) -> None:
    folders = sorted((written.folder / "carriers").iterdir())
    assert [f.name for f in folders] == _carrying(written.plan)
    assert all({p.name for p in f.iterdir()} == FILES for f in folders)


def test_lists_add_up_to_the_result_tables(written: Written) -> None:
    legs = written.plan.tables["legs"]
    for carrier in _carrying(written.plan):
        own = legs[legs["carrier"] == carrier]
        listed = written.rows(carrier, "load_list")
        assert len(listed) == len(own)
        for column in ("mass_kg", "load_units"):
            assert sum(float(r[column]) for r in listed) == pytest.approx(own[column].sum())
        awarded = written.rows(carrier, "awards")
        assert sum(float(r["cost"]) for r in awarded) == pytest.approx(own["cost"].sum(), abs=0.01)
        assert {r["bid_id"] for r in awarded} == set(own["bid_id"])
        shipments = set(own["shipment_id"])
        loads = written.plan.tables["loads"]
        expected = list(loads[loads["shipment_id"].isin(shipments)]["load_id"])
        assert sorted(r["load_id"] for r in written.rows(carrier, "load_units")) == sorted(expected)


def test_workbooks_say_the_same_as_the_csv_files(written: Written) -> None:
    """Days are days and numbers numbers in Excel; each text is a text."""
    folder = written.folder / "carriers" / "BOHA"
    for book, sheet, table in (
        ("awards", "Awards", "awards"),
        ("load_list", "Load list", "load_list"),
        ("load_list", "Load units", "load_units"),
    ):
        page = openpyxl.load_workbook(folder / f"{book}.xlsx")[sheet]
        rows = written.rows("BOHA", table)
        assert page.max_row == len(rows) + 1
        for cells, row in zip(page.iter_rows(min_row=2), rows, strict=True):
            for cell, column in zip(cells, TABLES[table].columns, strict=True):
                shown = row[column.name]
                if not shown:
                    assert cell.value is None
                elif column.kind == "date":
                    assert cell.value.date() == date.fromisoformat(shown)
                elif column.is_text:
                    assert (cell.value, cell.data_type) == (shown, "s")
                else:
                    assert cell.value == pytest.approx(float(shown))


def test_the_cut_off_stands_on_legs_to_and_from_the_port_of_loading(plan: Synthetic) -> None:
    shipments = plan.tables["shipments"].assign(cutoff_date="2026-01-09")
    tables = {**plan.tables, "shipments": shipments}
    shelf = Shelf.of(plan.case, Result.of(tables, plan.summary), [])
    at_port = {row["cutoff_date"] for row in shelf.pack("YGTZ").load_list
               if row["what"] == "loaded" and row["to"] == "SHA"}  # fmt: skip
    assert at_port == {date(2026, 1, 9)}
    far = shelf.pack("PACD").load_list
    assert {row["cutoff_date"] for row in far} == {None}


def test_the_same_plan_gives_the_same_files(
    written: Written, plan: Synthetic, tmp_path: Path
) -> None:
    write_packs(tmp_path, plan.tables, plan.summary, plan.case, ["JADE"])
    assert [p.name for p in (tmp_path / "carriers").iterdir()] == ["JADE"]
    for path in (tmp_path / "carriers" / "JADE").iterdir():
        other = written.folder / "carriers" / "JADE" / path.name
        assert path.read_bytes() == other.read_bytes(), path.name


# ---- what is not


def test_a_pack_holds_nothing_of_others(written: Written) -> None:
    """Looked for by plain searches that share no code with the product's own."""
    case = written.plan.case
    ends = {place for order in case.orders for place in (order.origin, order.destination)}
    for carrier in _carrying(written.plan):
        own_rates = {bid.rate for bid in case.bids if bid.carrier == carrier}
        served = {r[end] for r in written.rows(carrier, "load_list") for end in ("from", "to")}
        for name, text in written.texts(carrier).items():
            for other in case.carriers.values():
                if other.carrier != carrier:
                    assert other.name not in text, (carrier, name, other.name)
                    assert not re.search(rf"\b{other.carrier}\b", text), (carrier, name, other)
            for bid in case.bids:
                if bid.carrier != carrier:
                    assert bid.bid_id not in text
                    if bid.rate not in own_rates:
                        assert f"{bid.rate:.2f}" not in text
                        assert f"{bid.rate:,.2f}" not in text
            if name != "map.html":  # its land has coordinates, but no words
                for place in ends - served:
                    assert case.places[place].name not in text, (carrier, name, place)
            assert "lowest price" not in text, "no comparison with rivals"
            assert "Spring exports" not in text
            assert "least_co2" not in text


def test_money_stands_in_the_awards_alone() -> None:
    columns = {name: set(table.names) & MONEY_COLUMNS for name, table in TABLES.items()}
    assert columns == {"awards": MONEY_COLUMNS, "load_list": set(), "load_units": set()}
    assert not {"share_of_lane", "reason"} & set(TABLES["awards"].names)


Change = Callable[[Pack], Pack]


def _changed(table: str, **cells: Any) -> Change:
    """The pack with cells of the first row of one list replaced."""

    def change(pack: Pack) -> Pack:
        first, *rest = pack.rows(table)
        return replace(pack, **{table: [{**first, **cells}, *rest]})

    return change


PLANTED = {
    "name of another carrier": (_changed("load_list", to_name="Jade Line"), "Jade Line"),
    "id of another carrier": (_changed("load_list", booking_ref="JADE"), "JADE"),
    "bid of another": (_changed("load_list", bid_id="JADE-TSN-HAM"), "JADE-TSN-HAM"),
    "customer of others": (_changed("load_units", load_id="Kassel"), "Kassel"),
    "rate of another": (_changed("awards", rate=1939.39), "rate 1939.39"),
    "cost of another": (_changed("awards", cost=100470.6), "cost 100471"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_leak_is_found_and_that_pack_withheld(
    plan: Synthetic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The row is made wrong before the files are written; nothing of that pack is left."""
    change, value = PLANTED[what]
    sound = Shelf.pack

    def planted(shelf: Shelf, carrier: str) -> Pack:
        pack = sound(shelf, carrier)
        return change(pack) if carrier == "BOHA" else pack

    monkeypatch.setattr(Shelf, "pack", planted)
    packs = write_packs(tmp_path, plan.tables, plan.summary, plan.case)
    (fault,) = packs.withheld
    assert fault.carrier == "BOHA"
    assert any(value in found for found in fault.found), fault.found
    left = {p.name for p in (tmp_path / "carriers").iterdir()}
    assert left == {c for c in _carrying(plan) if c != "BOHA"}, "no draft is left either"


@pytest.mark.parametrize("name", ["Jade Line", "Ostwind", "JADE-TSN-HAM", "Kassel"])
def test_the_cover_is_searched_by_itself(
    plan: Synthetic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A name that a covering page alone would show, and no list."""
    sound = writing.cover_page
    monkeypatch.setattr(writing, "cover_page", lambda *args: sound(*args) + f"<p>{name}</p>")
    packs = write_packs(tmp_path, plan.tables, plan.summary, plan.case, ["BOHA"])
    (fault,) = packs.withheld
    assert name in fault.found


def _search(written: Written, folder: Path, carrier: str) -> None:
    case = written.plan.case
    shelf = Shelf.of(case, Result.of(written.plan.tables, written.plan.summary), [])
    seen = shelf.pack(carrier).seen
    never = Secrets.of(case).kept_from(carrier, places_of(seen, case))
    search_pack(folder, carrier, never, known_to(carrier, seen, case), own_money(shelf, carrier))


@pytest.mark.parametrize("book", ["awards.xlsx", "load_list.xlsx"])
@pytest.mark.parametrize("part", ["sheet", "property"])
def test_workbooks_are_searched_unzipped(
    written: Written, tmp_path: Path, book: str, part: str
) -> None:
    """A name in a cell that no csv file has, and one in a part that no cell shows."""
    titles = {"awards.xlsx": "Awards", "load_list.xlsx": "Load list"}
    data = (written.folder / "carriers" / "BOHA" / book).read_bytes()
    (tmp_path / book).write_bytes(data)
    if part == "sheet":
        names = pack_tables.TITLES[titles[book]].names
        row = {**dict.fromkeys(names), "from_name": "Port of Jade Line"}
        (tmp_path / book).write_bytes(filled_workbook([sheet_of(titles[book], [row])]))
    else:
        with zipfile.ZipFile(tmp_path / book, "a") as archive:
            archive.writestr("docProps/core.xml", "<creator>Jade Line</creator>")
    with pytest.raises(WouldDisclose) as raised:
        _search(written, tmp_path, "BOHA")
    assert "Jade Line" in raised.value.found


def test_a_column_that_no_list_has_is_refused(written: Written, tmp_path: Path) -> None:
    rows = written.rows("BOHA", "load_list")
    with (tmp_path / "load_list.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*rows[0], "remarks"])
        writer.writeheader()
        writer.writerows({**row, "remarks": ""} for row in rows)
    with pytest.raises(WouldDisclose, match="a column that no list has"):
        _search(written, tmp_path, "BOHA")


def test_names_that_are_also_words_of_the_pack_are_no_leaks(
    plan: Synthetic, tmp_path: Path
) -> None:
    """Carriers called Sea, Awards, 12 or EUR say nothing of themselves in another's pack."""
    strangers = {"road": "Sea", "rate": "Awards", "12": "Total", "EUR": "container", "2026": "W7"}
    carriers = {**plan.case.carriers, **{k: Carrier(k, v, False) for k, v in strangers.items()}}
    packs = write_packs(tmp_path, plan.tables, plan.summary, _with(plan.case, carriers=carriers))
    assert packs.withheld == ()
    assert sorted(packs.folders) == _carrying(plan)


def test_an_own_amount_that_is_anothers_rate_is_no_leak(plan: Synthetic, tmp_path: Path) -> None:
    """JADE's award of 3,332.06 for two containers; a rival happens to ask just that."""
    awards = plan.tables["awards"]
    amount = float(awards[awards["bid_id"] == "JADE-RTM-SHA"]["cost"].iloc[0])
    rival = replace(next(b for b in plan.case.bids if b.carrier == "OSTW"), rate=amount)
    case = _with(plan.case, bids=(*plan.case.bids, rival))
    packs = write_packs(tmp_path, plan.tables, plan.summary, case, ["JADE", "BOHA"])
    assert packs.withheld == ()
    assert f"{amount:,.2f}" in (packs.folders["JADE"] / "cover.html").read_text("utf-8")


# ---- safe to open


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    """No element, no formula and no folder comes from the data."""
    plan = make(30, place_names={"TSN": HOSTILE, "SHA": "=HYPERLINK(1)", "JZH": "@SUM(A1)"},
                carrier_names={"JADE": HOSTILE + "2", "BOHA": "=1+1"})  # fmt: skip
    packs = write_packs(tmp_path, plan.tables, plan.summary, plan.case)
    assert packs.withheld == ()
    for folder in packs.folders.values():
        for path in folder.glob("*.html"):
            assert "<script>alert" not in path.read_text("utf-8")
        for path in folder.glob("*.xlsx"):
            with zipfile.ZipFile(path) as archive:
                for part in archive.namelist():
                    assert b"<f>" not in archive.read(part)
        for path in folder.glob("*.csv"):
            cells = csv.reader(io.StringIO(path.read_text("utf-8")))
            assert not [c for row in cells for c in row if c[:1] in "=@+-" and c and not _number(c)]
    page = openpyxl.load_workbook(packs.folders["BOHA"] / "load_list.xlsx")["Load list"]
    values = {cell.value for row in page.iter_rows(min_row=2) for cell in row}
    assert "@SUM(A1)" in values
    assert {c.data_type for row in page.iter_rows() for c in row} <= {"s", "n", "d"}


def _number(text: str) -> bool:
    return re.fullmatch(r"-?[\d.]+", text) is not None


def test_folders_stay_inside_and_apart(plan: Synthetic, tmp_path: Path) -> None:
    """Carriers whose ids are paths, reserved names of Windows, or differ in case alone."""
    ids = dict(zip(_carrying(plan), ("../../out", "con", "CON", "a/b", "abc", "ABC", "NUL.txt",
                                     "x" * 119, "渤海", "..", "C:\\x"), strict=False))  # fmt: skip
    tables = dict(plan.tables)
    for table in ("legs", "awards"):
        tables[table] = tables[table].assign(
            carrier=tables[table]["carrier"].map(lambda c: ids.get(c, c))
        )
    case = _with(
        plan.case,
        carriers={ids.get(k, k): replace(c, carrier=ids.get(k, k)) for k, c in
                  plan.case.carriers.items()},
        bids=tuple(replace(b, carrier=ids.get(b.carrier, b.carrier)) for b in plan.case.bids),
    )  # fmt: skip
    packs = write_packs(tmp_path / "results", tables, plan.summary, case)
    assert packs.withheld == ()
    assert set(packs.folders) == set(ids.values()) & set(tables["legs"]["carrier"])
    root = (tmp_path / "results" / "carriers").resolve()
    assert all(path.resolve().parent == root for path in packs.folders.values())
    names = [path.name for path in packs.folders.values()]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*[A-Za-z0-9_-]", n) for n in names)
    reserved = {"con", "nul", "nul.txt"}
    assert not {name.casefold() for name in names} & reserved
    assert [p.name for p in tmp_path.iterdir()] == ["results"]


# ---- the covering page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as started:
        yield started


def test_the_cover_says_what_is_awarded(written: Written, chromium: Any) -> None:
    """JADE: the shipments of its legs, each counted once, and the sum of its awards."""
    opened = open_page(chromium, written.folder / "carriers" / "JADE" / "cover.html")
    page = opened.page
    legs = written.plan.tables["legs"]
    own = legs[legs["carrier"] == "JADE"]
    units = own.groupby("shipment_id")["load_units"].max().sum()
    assert page.locator("h1").inner_text() == "Jade Line"
    assert page.locator(".lead-s").inner_text().startswith(f"You are awarded {units:,} load units")
    assert f"{own['cost'].sum():,.2f}" in page.locator(".keys").inner_text()
    assert page.locator("tfoot").inner_text().endswith(f"{own['cost'].sum():,.2f}")
    assert "18 transports more in load_list.xlsx." in page.inner_text("main")
    assert opened.errors == opened.requests == []


def test_rebates_of_the_carrier_are_taken_off(plan: Synthetic, tmp_path: Path) -> None:
    """What is awarded less 1,000.00 of its tiers; 5,000.00 of another stay unsaid."""
    blank = dict.fromkeys(plan.tables["costs"].columns, "")
    rows = [{**blank, "charge_code": "DISC", "carrier": c, "amount": a}
            for c, a in (("JADE", -1000.0), ("OSTW", -5000.0))]  # fmt: skip
    costs = pd.concat([plan.tables["costs"], pd.DataFrame(rows)], ignore_index=True)
    packs = write_packs(
        tmp_path, {**plan.tables, "costs": costs}, plan.summary, plan.case, ["JADE"]
    )
    assert packs.withheld == ()
    text = (packs.folders["JADE"] / "cover.html").read_text("utf-8")
    legs = plan.tables["legs"]
    value = legs[legs["carrier"] == "JADE"]["cost"].sum()
    assert "−1,000.00" in text
    assert f"{value:,.2f}" in text
    assert f"{value - 1000:,.2f}" in text
    assert "5,000.00" not in text


@pytest.mark.parametrize("width", [390, 1280])
def test_the_cover_never_scrolls_sideways(written: Written, chromium: Any, width: int) -> None:
    for carrier in ("JADE", "BOHA"):
        path = written.folder / "carriers" / carrier / "cover.html"
        page = open_page(chromium, path, width=width).page
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_cover_prints_on_two_sheets_of_a4(written: Written, chromium: Any) -> None:
    page = open_page(chromium, written.folder / "carriers" / "JADE" / "cover.html").page
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][\d.]* 84[12]", printed)


def test_who_sends_it_stands_on_the_cover(plan: Synthetic, tmp_path: Path) -> None:
    """Also where the sender's name has that of a customer in it: Kassel, not served by JADE."""
    said = {"organisation": "Kassel Solar <Ltd>", "contact": "plan@example.org"}
    summary = {**plan.summary, "declaration": said}
    packs = write_packs(tmp_path, plan.tables, summary, plan.case, ["JADE"])
    text = (packs.folders["JADE"] / "cover.html").read_text("utf-8")
    assert "Kassel Solar &lt;Ltd&gt; · plan@example.org" in text


def test_a_plan_without_transports_has_no_packs(plan: Synthetic, tmp_path: Path) -> None:
    tables = {name: frame.iloc[0:0] for name, frame in plan.tables.items()}
    assert write_packs(tmp_path, tables, plan.summary, plan.case).folders == {}
