"""Where a factor holds, which one is nearest, and when a default one is a proxy."""

from __future__ import annotations

import pytest

from emissions.factors import Factor, default_book
from emissions.packs import Uplift, default_pack, uplifted
from emissions.regions import between, covers, fit
from tests.emissions.helpers import law, own_row

BOOK = default_book()


@pytest.mark.parametrize(
    ("region", "leg", "rank"),
    [
        ("CN", "CN", 0),
        ("", "", 0),
        ("NL;DE", "DE;NL", 0),
        ("EU", "DE", 1),
        ("EEA", "DE;NO", 1),
        ("VN;TH", "TH", 1),
        ("", "CN", 2),
        ("world", "CN", 2),
        ("EU", "GB", 3),
        ("EU", "DE;CH", 3),
        ("EU", "", 3),
        ("GB", "CN", 3),
    ],
)
def test_how_near_a_region_is(region: str, leg: str, rank: int) -> None:
    assert fit(region, leg) == rank


def test_the_region_of_a_leg() -> None:
    assert (between("DE", "DE"), between("NL", "DE")) == ("DE", "NL;DE")
    assert covers("EU", "NL;DE")
    assert covers("world", "")
    assert not covers("GB", "")


def test_the_country_of_the_leg_chooses() -> None:
    rows = [own_row(factor_id=f"R-{r}", region=r, per="vehicle_km") for r in ("EU", "CN", "GB")]
    book = BOOK.with_own(rows)
    assert [law(book, region=r).factor_id for r in ("DE", "CN", "NL;DE")] == [
        "R-EU",
        "R-CN",
        "R-EU",
    ]


def test_a_default_lorry_is_a_proxy_but_at_home() -> None:
    assert law(region="CN").proxy
    assert law(region="").proxy
    assert not law(region="GB").proxy
    assert law(mode="sea", region="GB").proxy  # a ship class stands for any lane


def test_the_default_pack_has_no_uplift_of_its_own() -> None:
    """The uplifts of the reference rest on licensed values alone; reefer lorries have own rows."""
    assert default_pack().manifest.uplifts == ()
    assert isinstance(BOOK.find("road", "reefer_artic_gt33", "", "ftl"), Factor)


def test_an_uplift_scales_every_figure_and_names_its_source() -> None:
    """Curve of the default lorry x 1.1: 879.032 g per km and 32.2223 g per t-km."""
    curve = BOOK.by_id("desnz25_curve_artic_gt33")
    assert curve is not None
    up = Uplift("hills", "road", 1.1, "own measurement", regions=("CH",))
    *_, made = uplifted([curve], [up])
    assert made.factor_id == "desnz25_curve_artic_gt33+hills+CH"
    assert (made.wtw_g, made.slope_wtw_g_per_tkm) == pytest.approx((879.032, 32.2223))
    assert made.region == "CH"
    assert "own measurement" in made.source
    rail = Uplift("x", "rail", 2.0, "s", vehicle_prefix="reefer_")
    assert uplifted([curve], [rail]) == (curve,)
