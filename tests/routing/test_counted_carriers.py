"""Rules that count carriers: who carries what, and which carriers a mix of plans gives up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lowhaul.linear import LinearModel
from lowhaul.rows import Rows
from routing.debts import Count, counts_of
from routing.tender import Tender, TenderRule
from tests.routing.test_block_choice import empty_choice, mix_once
from tests.routing.tiny_cases import tiny_case


def test_what_a_counted_carrier_may_carry_is_found_through_its_bids() -> None:
    """A carries a on a bid with a minimum and b on another one, B carries c; one may be used.

    The second count asks for at least two, so nobody is too many there.
    """
    model = LinearModel()
    a, b, c, short = (model.column(name) for name in ("a", "b", "c", "short"))
    miss, bid, z_a, z_b = (model.column(n, 0.0, 1.0) for n in ("miss", "bid", "z A", "z B"))
    for switch in (bid, z_a, z_b):
        model.integer[switch] = True
    model.row("bid_used[1]", {a: 1.0, bid: -9.0}, upper=0.0)
    model.row("carrier_used[A,1]", {bid: 1.0, z_a: -1.0}, upper=0.0)
    model.row("carrier_used[A,2]", {b: 1.0, z_a: -9.0}, upper=0.0)
    model.row("carrier_used[B,3]", {c: 1.0, z_b: -9.0}, upper=0.0)
    model.row("max_carriers[]", {z_a: 1.0, z_b: 1.0, miss: -1.0}, upper=1.0)
    model.row("min_carriers[]", {z_a: 1.0, z_b: 1.0, short: 1.0}, lower=2.0)
    (count,) = counts_of(model, Rows.of(model), [miss, short])
    assert count.most == 1.0
    assert [carried.tolist() for carried in count.carried] == [[a, b, bid], [c]]


def test_all_but_the_largest_are_given_up() -> None:
    """3, 1, 0 and 2 load units, two carriers at most: the second and third go, used or not."""
    count = Count(2.0, tuple(np.array([at]) for at in range(4)))
    assert [c.tolist() for c in count.beyond(np.array([3.0, 1.0, 0.0, 2.0]))] == [[1], [2]]
    assert count.beyond(np.array([3.0, 0.0, 0.0, 2.0])) == []


@pytest.mark.parametrize("counted", [True, False])
def test_a_mix_keeps_the_count_of_carriers(counted: bool) -> None:
    """Project 3 has four carriers in its first mix, three at most: after some rounds it has three.

    Counted in parts alone, the mix never learns of it.
    """
    case = tiny_case(3)
    case = replace(case, tender=Tender((), (), (TenderRule("max_carriers", 3.0),)))
    choice = empty_choice(case)
    counts = choice.counts
    if not counted:
        choice.counts = []
    over = []
    for _ in range(6):
        mix_once(choice)
        over.append(bool(counts[0].beyond(choice.mixed)))
    assert over[0]
    assert over[-1] != counted
