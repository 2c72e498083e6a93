"""Round use: inventory and avoided apart, intensity before and after, no claim twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emissions.co2e import Co2e
from emissions.round_use import (
    BeforeAndAfter,
    Claim,
    Rejected,
    Turn,
    check_claims,
    claim_of,
    per_box,
    split_claim,
    toc_before_and_after,
)
from lowhaul.errors import LowhaulError

PER_KM = Co2e(0.2, 0.72)
"""0.92 kg of an empty box a driven km."""


def turn(**given: object) -> Turn:
    usual: dict[str, object] = {
        "boxes": 2, "return_km": 189.0, "pick_up_km": 210.0, "move_km": 42.0, "per_km": PER_KM,
    }  # fmt: skip
    return Turn(**(usual | given))  # type: ignore[arg-type]


def claim(made: Turn, share: float = 0.5) -> Claim:
    found = claim_of(made, share)
    assert isinstance(found, Claim), found
    return found


def test_claim_by_hand() -> None:
    """2 x (189 + 210 - 42) = 714 km x 0.92 = 656.88 kg; half each: 328.44."""
    found = claim(turn())
    assert found == Claim(714.0, 656.88, 328.44, 328.44)


def test_agreed_split_and_own_boxes() -> None:
    """70 % of 656.88 = 459.816; a shipper on both sides shares with nobody."""
    assert (claim(turn(), 0.7).own_kg, claim(turn(), 0.7).partner_kg) == (459.816, 197.064)
    same = claim(turn(same_shipper=True), 0.7)
    assert (same.own_kg, same.partner_kg) == (656.88, 0.0)


def test_an_odd_gram_is_claimed_once() -> None:
    """0.001 kg cannot be halved in grams: one has it, the other has not."""
    assert split_claim(0.001) == (0.001, 0.0)


def test_a_move_that_saves_no_kilometre_is_rejected() -> None:
    """189 + 210 = 399 km: a move of 399 km saves nothing, one of 398.999 saves a metre a box."""
    for move_km in (399.0, 500.0):
        found = claim_of(turn(move_km=move_km))
        assert isinstance(found, Rejected)
        assert "no kilometre is saved" in found.reason
    assert claim(turn(move_km=398.999)).km_saved == 0.002


def test_no_claim_at_sea() -> None:
    found = claim_of(turn(mode="sea"))
    assert isinstance(found, Rejected)
    assert "sea" in found.reason


def test_both_never_claim_the_whole() -> None:
    assert check_claims(656.88, [328.44, 328.44]) is None
    found = check_claims(656.88, [656.88, 328.44])
    assert isinstance(found, Rejected)
    assert "985.32 kg are claimed together" in found.reason
    with pytest.raises(LowhaulError, match="0 to 1"):
        claim_of(turn(), 1.5)


def test_intensity_before_and_after() -> None:
    """Laden 1,000 kg on 8,000 t-km and 399 km; empty 798 km before, 84 km after, 0.92 kg each:
    1,734.16 and 1,077.28 kg: 216.77 and 134.66 g per t-km, on the same activity.
    """
    before, after = toc_before_and_after(Co2e(200.0, 800.0), 8000.0, 399.0, [turn()])
    assert before.co2e.wtw_kg == pytest.approx(1734.16)
    assert after.co2e.wtw_kg == pytest.approx(1077.28)
    assert (before.wtw_g, after.wtw_g) == pytest.approx((216.77, 134.66))
    assert (before.activity, before.empty_km, after.empty_km) == (8000.0, 798.0, 84.0)
    saved = before.co2e.wtw_kg - after.co2e.wtw_kg
    assert saved == pytest.approx(claim(turn()).avoided_kg)


def test_inventory_is_what_is_emitted_not_what_is_avoided() -> None:
    """The inventory after the turn holds the move (84 km x 0.92 = 77.28 kg) and no credit."""
    _, after = toc_before_and_after(Co2e.zero(), 1.0, 0.0, [turn()])
    assert after.co2e.wtw_kg == pytest.approx(77.28)
    assert BeforeAndAfter(0.0, 5.0).saving_share == 0.0


def test_a_figure_per_box_needs_boxes() -> None:
    assert per_box(120.0, 4) == 30.0
    with pytest.raises(LowhaulError, match="needs boxes"):
        per_box(120.0, 0)


@given(
    st.integers(1, 200),
    st.floats(0, 2000),
    st.floats(0, 2000),
    st.floats(0, 2000),
    st.floats(0, 1),
)
def test_claims_add_up_and_nothing_is_claimed_without_kilometres(
    boxes: int, back: float, out: float, move: float, share: float
) -> None:
    made = turn(boxes=boxes, return_km=back, pick_up_km=out, move_km=move)
    found = claim_of(made, share)
    if isinstance(found, Rejected):
        assert made.km_saved <= 0
    else:
        assert found.own_kg + found.partner_kg == pytest.approx(found.avoided_kg, abs=1e-6)
        assert min(found.own_kg, found.partner_kg) >= 0
        assert check_claims(found.avoided_kg, [found.own_kg, found.partner_kg]) is None
