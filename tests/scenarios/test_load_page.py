"""The page of a load: complete in itself, small, all text escaped, three languages."""

import json
import re
from pathlib import Path

from loading.check import Fault, Placed
from loading.equipment import named
from loading.units import Packaging
from scenarios.load_page import LoadView, load_page
from scenarios.pages import asset
from tests.browser import browser

UNIT = Packaging("P<1>", "s", 1, 1000, 1000, 1000, 500.0, 0.0, 2, 600.0)


def stacks(count: int) -> list[Placed]:
    """Stacks of two, two abreast, from 2 m on."""
    return [
        Placed(
            4 * i + 2 * z + y + 1, 2000 + 1000 * i, 1300 * y, 1000 * z, 1000, 1000, 1000, 500.0,
            UNIT, order="O<script>/1",
        )
        for i in range(count)
        for z in range(2)
        for y in range(2)
    ]  # fmt: skip


def view(placed: list[Placed], **more: object) -> LoadView:
    e = named("40HC")
    assert e is not None
    orders = {"O<script>/1": ("O<script>", "</script><img src=x onerror=alert(1)>")}
    given = {"origin": "Hefei 合肥", "destination": "Hamburg", **more}
    return LoadView("L-0001", e, placed, orders, **given)  # type: ignore[arg-type]


def data_of(page: str) -> dict:  # type: ignore[type-arg]
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    data = json.loads(found.group(1))
    data["places"] = [dict(zip(data["fields"], p, strict=True)) for p in data["places"]]
    return data


def test_nothing_comes_from_outside() -> None:
    page = load_page(view(stacks(8)))
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)\s*=\s*[\"']?https?:", page)
    assert "@import" not in page
    assert "fetch(" not in page
    assert len(page.encode()) < 200_000
    assert len(load_page(view(stacks(500))).encode()) < 200_000


def test_texts_are_escaped() -> None:
    page = load_page(view(stacks(2)))
    assert "<img" not in page
    assert "O<script>" not in page
    assert data_of(page)["orders"] == [["O<script>", "</script><img src=x onerror=alert(1)>"]]


def test_places_in_words() -> None:
    places = data_of(load_page(view(stacks(2))))["places"]
    assert [(p["row"], p["side"], p["on"]) for p in places] == [
        (1, 0, 0), (1, 2, 0), (1, 0, 1), (1, 2, 2), (2, 0, 0), (2, 2, 0), (2, 0, 5), (2, 2, 6),
    ]  # fmt: skip


def test_many_units_are_grouped() -> None:
    few, many = data_of(load_page(view(stacks(8)))), data_of(load_page(view(stacks(16))))
    assert len(few["lines"]) == 32
    assert many["lines"] == [[4 * i + 1, 4 * i + 4] for i in range(16)]


def test_checks_tell_figures_and_faults() -> None:
    """8 rows of 2 t a metre from 2 m to 10 m: 1.6 % off; 2585 - 2000 = 585 mm at the door."""
    checks = {c["key"]: c for c in data_of(load_page(view(stacks(8))))["checks"]}
    assert checks["floor"]["parts"] == {"a": 2.0, "b": 3.0}
    assert checks["door"]["parts"] == {"a": 585}
    assert checks["bearing"]["parts"] == {"a": 500.0, "b": 600.0}
    assert checks["gaps"]["parts"] == {"a": 2000, "b": 2032, "c": 300}
    wrong = view(stacks(8), faults=[Fault("overlap", "L-0001", "two in one place")])
    data = data_of(load_page(wrong))
    assert data["state"] == "stop"
    assert data["checks"][0]["parts"] == {"a": "two in one place"}


def test_all_languages_have_the_same_words() -> None:
    text = asset("load_page_words.js")
    blocks = re.split(r"\n(?:en|zh|de): \{\n", text)[1:]
    assert len(blocks) == 3
    keys = [sorted(re.findall(r"(?:^|[{,]) ?(\w+): ['{\[]", b, re.M)) for b in blocks]
    assert keys[0] == keys[1] == keys[2]
    places = [sorted(re.findall(r"\{(\w+)\}", b)) for b in blocks]
    assert places[0] == places[1] == places[2]


def test_page_draws_in_a_browser(tmp_path: Path) -> None:
    """In each language: no error, every unit drawn, no script from the data runs, no sideways."""
    file = tmp_path / "load.html"
    file.write_text(load_page(view(stacks(8))), encoding="utf-8")
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        errors: list[str] = []
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("console", lambda m: errors.append(m.text))
        page.on("dialog", lambda d: errors.append("a script of the data ran"))
        for lang, head in (("en", "Load L-0001"), ("zh", "装载 L-0001"), ("de", "Ladung L-0001")):
            page.goto("about:blank")
            page.goto(f"{file.as_uri()}#lang={lang}&step=5")
            assert head in page.inner_text("h1")
            assert page.get_attribute("html", "lang") == lang
            assert page.locator("#rows tr").count() == 32
            assert page.locator("#iso polygon.cur").count() == 3
        page.click("#all")
        assert page.locator("#iso polygon.edge").count() == 3 * 32
        assert "{" not in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert errors == []
