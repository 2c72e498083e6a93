"""Which bundles a finished plan takes, given the bids that it uses.

A bid of all-or-nothing bundles is used with exactly one of them, which is then taken as a whole; of
an xor group at most one bundle is taken. Among all choices that keep to that, the one that saves
most. Bundles that share neither bids nor a group are chosen apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from routing.tender import Bundle

Lanes = Mapping[str, str]
"""The lane of each bid."""


def taken_bundles(
    bundles: Sequence[Bundle], base_cost: Mapping[str, float], lanes: Lanes
) -> list[Bundle]:
    """The bundles taken, in the order of the table; `base_cost` by used bid."""
    taken: set[str] = set()
    for some in _apart([b for b in bundles if _enough(b, base_cost, lanes)]):
        best = max(_choices(some, base_cost), key=lambda c: _saved(c, base_cost), default=())
        taken |= {b.bundle_id for b in best}
    return [b for b in bundles if b.bundle_id in taken]


def _enough(bundle: Bundle, base_cost: Mapping[str, float], lanes: Lanes) -> bool:
    used = [b for b in bundle.bid_ids if b in base_cost]
    if bundle.kind == "all_or_nothing":
        return len(used) == len(bundle.bid_ids)
    return len({lanes[b] for b in used}) >= bundle.min_lanes


def _saved(bundles: Sequence[Bundle], base_cost: Mapping[str, float]) -> float:
    return sum(
        b.discount_percent * sum(base_cost.get(bid, 0.0) for bid in b.bid_ids) for b in bundles
    )


def _ties(bundle: Bundle) -> set[tuple[str, str]]:
    """What a bundle shares with those that it excludes."""
    group = {("group", bundle.xor_group)} if bundle.xor_group else set()
    whole = bundle.kind == "all_or_nothing"
    return group | ({("bid", b) for b in bundle.bid_ids} if whole else set())


def _apart(bundles: Sequence[Bundle]) -> list[list[Bundle]]:
    """The bundles in parts that do not exclude each other."""
    parts: list[tuple[set[tuple[str, str]], list[Bundle]]] = []
    for bundle in bundles:
        ties, members = _ties(bundle), [bundle]
        near = [p for p in parts if p[0] & ties]
        for part in near:
            ties |= part[0]
            members = [*part[1], *members]
        parts = [*(p for p in parts if p not in near), (ties, members)]
    return [members for _, members in parts]


def _choices(
    bundles: Sequence[Bundle], base_cost: Mapping[str, float]
) -> Iterator[tuple[Bundle, ...]]:
    """Every set of them that is allowed; a bid that only a bundle may use is held by one."""
    if not bundles:
        yield ()
        return
    first, *rest = bundles
    ties = _ties(first)
    if not any(_ties(b) & ties for b in rest):
        # nobody else excludes it: it costs nothing to take
        yield from ((first, *others) for others in _choices(rest, base_cost))
        return
    yield from (
        (first, *others)
        for others in _choices([b for b in rest if not _ties(b) & ties], base_cost)
        if _holds_all(bundles, (first, *others))
    )
    yield from (others for others in _choices(rest, base_cost) if _holds_all(bundles, others))


def _holds_all(bundles: Sequence[Bundle], taken: Sequence[Bundle]) -> bool:
    """True if every bid of their all-or-nothing bundles goes with one that is taken."""
    whole = [b for b in bundles if b.kind == "all_or_nothing"]
    held = {bid for b in taken if b.kind == "all_or_nothing" for bid in b.bid_ids}
    return all(bid in held for b in whole for bid in b.bid_ids)
