"""The rules of an award: counts of carriers, shares, incumbents, change, remote lanes, bundles.

Counted is what rides on our account. Container services count in TEU, all others in tonnes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from routing.bids import Bid
from routing.check.plan import Breach, Plan
from routing.check.rebates import Lot, best_bundles, lane, lots
from routing.tender import TenderRule

LITTLE = {"teu": 1e-6, "t": 0.005}
"""How far a share may be off: boxes are whole; goods in handling units have no even mass."""


def _inside(plan: Plan, rule: TenderRule) -> list[Lot]:
    """What rides in the scope of a rule."""
    return [x for x in lots(plan) if not rule.scope or lane(x.bid) in rule.scope]


def _of(plan: Plan, *names: str) -> Iterator[tuple[TenderRule, list[Lot]]]:
    for rule in plan.case.tender.rules:
        if rule.rule in names:
            yield rule, _inside(plan, rule)


def _unit(bid: Bid) -> str:
    return "teu" if bid.service == "container" else "t"


def _volumes(some: list[Lot]) -> dict[str, dict[str, float]]:
    """Volume by unit and carrier."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for x in some:
        unit = _unit(x.bid)
        found[unit][x.bid.carrier] += x.volume(unit) or 0.0
    return found


def _where(rule: TenderRule) -> str:
    return ", ".join(sorted(rule.scope)) or "everywhere"


def _carriers_by_lane(some: list[Lot]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for x in some:
        found[lane(x.bid)].add(x.bid.carrier)
    return found


def number_of_carriers(plan: Plan) -> Iterator[Breach]:
    """As many carriers in a scope as the rules allow and ask for."""
    for rule, inside in _of(plan, "max_carriers", "min_carriers"):
        names = {x.bid.carrier for x in inside}
        wrong = len(names) > rule.value if rule.rule == "max_carriers" else len(names) < rule.value
        if wrong:
            yield "awards", _where(rule), f"{len(names)} carriers, {rule.rule} is {rule.value:g}"


def carriers_per_lane(plan: Plan) -> Iterator[Breach]:
    """No more carriers on a lane than allowed."""
    for rule, inside in _of(plan, "max_carriers_per_lane"):
        for name, carriers in sorted(_carriers_by_lane(inside).items()):
            if len(carriers) > rule.value:
                yield "awards", name, f"{len(carriers)} carriers, {rule.value:g} are allowed a lane"


def remote_lanes_covered(plan: Plan) -> Iterator[Breach]:
    """A remote lane that is used has as many carriers as asked for."""
    for rule, inside in _of(plan, "remote_lane_covered"):
        far = [x for x in inside if _is_remote(plan, x.bid)]
        for name, carriers in sorted(_carriers_by_lane(far).items()):
            if len(carriers) < rule.value:
                yield "awards", name, f"{len(carriers)} carriers, remote lanes want {rule.value:g}"


def shares_of_carriers(plan: Plan) -> Iterator[Breach]:
    """Every carrier that is used in a scope has a share within its bounds."""
    for rule, inside in _of(plan, "max_share", "min_share"):
        for unit, volumes in _volumes(inside).items():
            whole = sum(volumes.values())
            for carrier, volume in sorted(volumes.items()):
                over = volume - rule.value * whole
                wrong = over if rule.rule == "max_share" else -over
                if wrong > LITTLE[unit] * max(1.0, whole):
                    yield "awards", carrier, _share_told(rule.rule, rule.value, volume, whole, unit)


def _share_told(rule: str, bound: float, volume: float, whole: float, unit: str) -> str:
    share = volume / whole if whole else 0.0
    return f"{volume:g} of {whole:g} {unit} is a share of {share:.4f}, {rule} is {bound:g}"


def own_shares(plan: Plan) -> Iterator[Breach]:
    """A carrier's own row says how much of everything it may and must get.

    A least share is a promise: owed in each kind of services that a qualified carrier bids for.
    """
    every = lots(plan)
    volumes = _volumes(every)
    for name, carrier in plan.case.carriers.items():
        bidding = {_unit(b) for b in plan.case.bids if b.carrier == name and carrier.qualified}
        for unit, by_carrier in volumes.items():
            whole = sum(by_carrier.values())
            own = by_carrier.get(name, 0.0)
            little = LITTLE[unit] * max(1.0, whole)
            if carrier.max_share is not None and own > carrier.max_share * whole + little:
                yield "awards", name, _share_told("max_share", carrier.max_share, own, whole, unit)
            least = carrier.min_share or 0.0
            if unit in bidding and own < least * whole - little:
                yield "awards", name, _share_told("min_share", least, own, whole, unit)


def incumbents_kept(plan: Plan) -> Iterator[Breach]:
    """Incumbents together have at least their share of a scope."""
    for rule, inside in _of(plan, "incumbent_min_share"):
        for unit, volumes in _volumes(inside).items():
            whole = sum(volumes.values())
            kept = sum(v for c, v in volumes.items() if plan.case.carriers[c].incumbent)
            if kept < rule.value * whole - LITTLE[unit] * max(1.0, whole):
                message = _share_told(rule.rule, rule.value, kept, whole, unit)
                yield "awards", _where(rule), message


def change_limited(plan: Plan) -> Iterator[Breach]:
    """Carriers that are new to their lane have at most their share of a scope.

    A lane is known to carriers with a contract on it; without contracts to incumbents that bid.
    """
    contracts: dict[str, set[str]] = defaultdict(set)
    incumbents: dict[str, set[str]] = defaultdict(set)
    for bid in plan.case.bids:
        if bid.status == "contract":
            contracts[lane(bid)].add(bid.carrier)
        elif plan.case.carriers[bid.carrier].incumbent:
            incumbents[lane(bid)].add(bid.carrier)
    for rule, inside in _of(plan, "max_change_share"):
        for unit, volumes in _volumes(inside).items():
            whole = sum(volumes.values())
            new = 0.0
            for x in inside:
                known = contracts.get(lane(x.bid)) or incumbents[lane(x.bid)]
                if _unit(x.bid) == unit and x.bid.carrier not in known:
                    new += x.volume(unit) or 0.0
            if new > rule.value * whole + LITTLE[unit] * max(1.0, whole):
                message = _share_told(rule.rule, rule.value, new, whole, unit)
                yield "awards", _where(rule), message


def remote_share(plan: Plan) -> Iterator[Breach]:
    """Of what a carrier has in a scope, enough lies on its remote lanes."""
    for rule, inside in _of(plan, "remote_min_share"):
        far = _volumes([x for x in inside if _is_remote(plan, x.bid)])
        for unit, volumes in _volumes(inside).items():
            for carrier, volume in sorted(volumes.items()):
                remote = far[unit][carrier]
                if remote < rule.value * volume - LITTLE[unit] * max(1.0, volume):
                    message = _share_told(rule.rule, rule.value, remote, volume, unit)
                    yield "awards", carrier, message


def _is_remote(plan: Plan, bid: Bid) -> bool:
    """By its lane's own row, else by its places."""
    if bid.lane_id in plan.case.remote_lanes:
        return plan.case.remote_lanes[bid.lane_id]
    return any(plan.case.places[p].remote for p in (bid.origin, bid.destination))


def bundles_whole(plan: Plan) -> Iterator[Breach]:
    """Bids of all-or-nothing bundles are used with one such bundle as a whole, one of a group."""
    base: dict[str, float] = defaultdict(float)
    for x in lots(plan):
        base[x.bid.bid_id] += x.base
    taken = best_bundles(plan, base)
    held = {b for bundle in taken if bundle.kind == "all_or_nothing" for b in bundle.bid_ids}
    for bundle in plan.case.tender.bundles:
        if bundle.kind != "all_or_nothing":
            continue
        loose = [b for b in bundle.bid_ids if b in base and b not in held]
        if loose:
            missing = [b for b in bundle.bid_ids if b not in base]
            message = f"{loose[0]} is used without {missing[0]}" if missing else "it is excluded"
            yield "awards", bundle.bundle_id, f"all or nothing: {message}"


RULES = (
    number_of_carriers,
    carriers_per_lane,
    remote_lanes_covered,
    shares_of_carriers,
    own_shares,
    incumbents_kept,
    change_limited,
    remote_share,
    bundles_whole,
)
