"""Generated tenders: the award with its proved gap, beside the greedy way.

    python -m benchmarks.tender --lanes 200 --carriers 30 --variant fixed --seed 1 --gap 0.01

The generator: lanes lead from one of 8 origin regions to one of 12 destination regions (30 % of the
lanes to four busy ones); forecast volumes are lognormal (median 40 TEU, sigma 1.0, 2 TEU at least).
Rates are per TEU: 400 + 0.09 x the lane's length (2,000 to 20,000 km), times the carrier's level
(0.92 to 1.12), its level in the destination region (0.93 to 1.10) and a noise of 4 %. A carrier
bids in a third to two thirds of the destination regions and there on 70 % of the lanes; the first
three bid everywhere, so that every lane can be covered. A bid takes 30 to 120 % of its lane. The
fixed cost of a carrier is 0.03 to 0.12 % of what all lanes cost at the base rate.

Variants, each with what the ones before it have:
* fixed     capacities and fixed costs of carriers
* awards    minimums of used bids (15 % of the lane), at most 3 carriers a lane and 60 % of all
            carriers
* tiers     awards and all-units rebates of each carrier: 2, 4 and 7 % off from 2, 4 and 8 % of all
            volume
* bundles   awards and bundles of 3 to 6 bids of a carrier: 3 to 8 % off, a third all or nothing,
            some in xor groups

With `--front POINTS` the front of cost against CO2e (routing/award_front.py). A TEU emits 0.09 kg a
km of its lane times the carrier's level (0.75 to 1.25), drawn apart from all other figures.

The greedy way (routing/award_start.py) gives each lane to its cheapest bids, then repairs: the
smallest carriers beyond the allowed number are closed, and their lanes are dealt again. Its cost is
counted with all rebates that it happens to reach. The search starts with the same award.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

import click
import numpy as np

from lowhaul.front_shape import knee, price_of_steps
from lowhaul.solve import Limits
from routing.award_front import award_front
from routing.award_start import cheapest_awards
from routing.awards import Awards, LaneBid, LaneVolume, choose_awards
from routing.bids import Carrier
from routing.tender import Bundle, Tender, TenderRule, Tier

VARIANTS = ("fixed", "awards", "tiers", "bundles")
ORIGINS, DESTINATIONS = 8, 12


@dataclass(frozen=True)
class Instance:
    """One generated tender."""

    lanes: tuple[LaneVolume, ...]
    bids: tuple[LaneBid, ...]
    carriers: dict[str, Carrier]
    tender: Tender


def generate(lanes: int, carriers: int, variant: str, seed: int) -> Instance:
    """The tender described above."""
    random = np.random.default_rng(seed)
    busy = random.choice(DESTINATIONS, 4, replace=False)
    destination = np.where(
        random.random(lanes) < 0.3,
        random.choice(busy, lanes),
        random.integers(DESTINATIONS, size=lanes),
    )
    volume = np.maximum(2.0, np.round(random.lognormal(np.log(40.0), 1.0, lanes)))
    length_km = random.uniform(2_000, 20_000, lanes)
    base = 400.0 + 0.09 * length_km
    clean = np.random.default_rng([seed, 1]).uniform(0.75, 1.25, carriers)
    remote = random.random(lanes) < 0.1
    volumes = tuple(
        LaneVolume(f"L{i + 1:04d}", float(volume[i]), bool(remote[i])) for i in range(lanes)
    )
    cheapest = float((volume * base).sum())
    level = random.uniform(0.92, 1.12, carriers)
    bids = []
    fleet = {}
    for c in range(carriers):
        name = f"C{c + 1:02d}"
        fixed = float(round(cheapest * random.uniform(0.003, 0.012) / 10.0))
        fleet[name] = Carrier(name, name, incumbent=c < 5, fixed_cost=fixed)
        share = 1.0 if c < 3 else random.uniform(1 / 3, 2 / 3)
        regions = random.choice(DESTINATIONS, max(1, round(share * DESTINATIONS)), replace=False)
        in_region = random.uniform(0.93, 1.10, DESTINATIONS)
        for i in np.flatnonzero(np.isin(destination, regions)):
            if c >= 3 and random.random() > 0.7:
                continue
            rate = base[i] * level[c] * in_region[destination[i]] * random.normal(1.0, 0.04)
            most = float(round(volume[i] * random.uniform(0.3, 1.2), 1))
            least = 0.0 if variant == "fixed" else round(0.15 * float(volume[i]), 1)
            bids.append(
                LaneBid(
                    f"{name}-{volumes[i].lane}", name, volumes[i].lane, float(round(rate, 2)),
                    max(most, least, 0.6 * float(volume[i]) if c < 3 else 0.0), least,
                    new_to_lane=c >= 5, co2e_kg=float(round(0.09 * length_km[i] * clean[c], 3)),
                )
            )  # fmt: skip
    return Instance(volumes, tuple(bids), fleet, _terms(bids, volumes, carriers, variant, random))


def _terms(
    bids: list[LaneBid],
    lanes: tuple[LaneVolume, ...],
    carriers: int,
    variant: str,
    random: np.random.Generator,
) -> Tender:
    if variant == "fixed":
        return Tender()
    rules = (
        TenderRule("max_carriers_per_lane", 3.0),
        TenderRule("max_carriers", float(round(0.6 * carriers))),
    )
    every = sum(lane.volume_teu for lane in lanes)
    tiers: list[Tier] = []
    bundles: list[Bundle] = []
    names = sorted({b.carrier for b in bids})
    if variant == "tiers":
        for name in names:
            steps = [round(every * s) for s in (0.02, 0.04, 0.08)]
            ends = [*steps[1:], float("inf")]
            tiers += [
                Tier(name, frozenset(), start, end, "teu", percent)
                for start, end, percent in zip(steps, ends, (2.0, 4.0, 7.0), strict=True)
            ]
    if variant == "bundles":
        for name in names:
            own = [b.bid_id for b in bids if b.carrier == name]
            free = list(own)  # a bid is in one all-or-nothing bundle at most
            for k in range(max(1, len(own) // 15)):
                kind = "all_or_nothing" if k % 3 == 2 else "conditional"
                pool = free if kind == "all_or_nothing" else own
                if len(pool) < 3:
                    continue
                some = random.choice(
                    pool, min(len(pool), int(random.integers(3, 7))), replace=False
                )
                if kind == "all_or_nothing":
                    free = [b for b in free if b not in some]
                lanes_needed = len(some) if kind == "all_or_nothing" else max(2, len(some) - 1)
                group = f"{name}-x{k // 4}" if k % 4 < 2 else ""
                percent = float(round(random.uniform(3.0, 8.0), 1))
                bundles.append(
                    Bundle(f"{name}-b{k}", tuple(sorted(some)), percent, kind, lanes_needed, group)
                )
    return Tender(tuple(tiers), tuple(bundles), rules)


def greedy(instance: Instance) -> float:
    """The cost of the greedy award; infinite where its repair leaves a lane uncovered."""
    award = cheapest_awards(instance.lanes, instance.bids, instance.tender)
    return float("inf") if award is None else _cost(instance, award)


def _cost(instance: Instance, award: dict[str, float]) -> float:
    bids = {b.bid_id: b for b in instance.bids}
    base = {b: bids[b].rate * v for b, v in award.items()}
    used = {bids[b].carrier for b in award}
    cost = sum(base.values()) + sum(instance.carriers[c].fixed_cost for c in used)
    for scale in instance.tender.scales:
        own = [b for b in award if bids[b].carrier == scale.carrier]
        volume = sum(award[b] for b in own)
        reached = [t.discount_percent for t in scale.tiers if volume >= t.from_volume - 1e-9]
        cost -= max(reached, default=0.0) / 100.0 * sum(base[b] for b in own)
    groups: dict[str, float] = {}
    for bundle in instance.tender.bundles:
        own = [b for b in bundle.bid_ids if b in award]
        if len(own) >= bundle.min_lanes:
            saved = bundle.discount_percent / 100.0 * sum(base[b] for b in own)
            name = bundle.xor_group or bundle.bundle_id
            groups[name] = max(groups.get(name, 0.0), saved)
    return cost - sum(groups.values())


def faults(instance: Instance, awards: Awards) -> list[str]:
    """What an award breaks, found without any solver."""
    bids = {b.bid_id: b for b in instance.bids}
    found = []
    given: dict[str, float] = {}
    on_lane: dict[str, set[str]] = {}
    for bid_id, volume in awards.volume_teu.items():
        bid = bids[bid_id]
        given[bid.lane] = given.get(bid.lane, 0.0) + volume
        on_lane.setdefault(bid.lane, set()).add(bid.carrier)
        if not bid.min_volume_teu - 1e-4 <= volume <= bid.capacity_teu + 1e-4:
            found.append(f"{bid_id} carries {volume}")
    for lane in instance.lanes:
        if abs(given.get(lane.lane, 0.0) - lane.volume_teu) > 1e-4:
            found.append(f"{lane.lane} is not covered")
    for rule in instance.tender.rules:
        used = {bids[b].carrier for b in awards.volume_teu}
        if rule.rule == "max_carriers" and len(used) > rule.value:
            found.append(f"{len(used)} carriers")
        if rule.rule == "max_carriers_per_lane":
            found += [f"{k}: {len(v)} carriers" for k, v in on_lane.items() if len(v) > rule.value]
    for bundle in instance.tender.bundles:
        own = [b for b in bundle.bid_ids if b in awards.volume_teu]
        if bundle.kind == "all_or_nothing" and 0 < len(own) < len(bundle.bid_ids):
            found.append(f"{bundle.bundle_id} is taken in part")
    cost = _cost(instance, awards.volume_teu)
    if cost > awards.cost * (1 + 1e-6) + 0.01:
        found.append(f"costs {cost:.2f}, said {awards.cost:.2f}")
    return found


def _front(instance: Instance, points: int, limits: Limits, as_json: bool) -> None:
    """Trace the front and tell each point, then the whole."""
    started = time.perf_counter()
    front = award_front(
        instance.lanes,
        instance.bids,
        instance.carriers,
        instance.tender,
        points,
        limits,
        lambda told: click.echo(told, err=True),
    )
    took = time.perf_counter() - started
    pairs = [(p.cost, p.co2e_kg / 1000.0) for p in front]
    steps = [None, *price_of_steps(pairs)]
    rows = [
        {
            "limit_t": round(p.limit_kg / 1000.0, 3), "cost": round(p.cost, 2),
            "co2e_t": round(t, 3), "gap": round(p.gap, 6), "seconds": round(p.seconds, 1),
            "cost_per_t": None if step is None else round(step, 2),
            "faults": faults(instance, Awards("feasible", dict(p.volume_teu), p.cost, p.bound, 0)),
        }
        for p, (_, t), step in zip(front, pairs, steps, strict=True)
    ]  # fmt: skip
    whole = {
        "points": len(front), "largest_gap": max(p.gap for p in front), "seconds": round(took, 1),
        "knee": knee(pairs),
    }  # fmt: skip
    for row in (*rows, whole):
        click.echo(json.dumps(row) if as_json else row)


@click.command()
@click.option("--lanes", default=200, show_default=True)
@click.option("--carriers", default=30, show_default=True)
@click.option("--variant", type=click.Choice(VARIANTS), default="fixed", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--gap", default=0.01, show_default=True)
@click.option("--seconds", default=180.0, show_default=True)
@click.option("--front", "points", default=0, help="So many points of cost against CO2e instead.")
@click.option("--json", "as_json", is_flag=True)
def main(
    lanes: int,
    carriers: int,
    variant: str,
    seed: int,
    gap: float,
    seconds: float,
    points: int,
    as_json: bool,
) -> None:
    """Solve one generated tender and compare it with the greedy award, or trace its front."""
    instance = generate(lanes, carriers, variant, seed)
    if points:
        _front(instance, points, Limits(seconds, gap, seed), as_json)
        return
    started = time.perf_counter()
    awards = choose_awards(
        instance.lanes,
        instance.bids,
        instance.carriers,
        instance.tender,
        Limits(seconds, gap, seed),
        lambda told: click.echo(told, err=True),
    )
    took = time.perf_counter() - started
    by_hand = greedy(instance)
    row = {
        "lanes": lanes, "carriers": carriers, "bids": len(instance.bids), "variant": variant,
        "seed": seed, "status": awards.status, "cost": round(awards.cost, 2),
        "bound": round(awards.bound, 2), "gap": round(awards.gap, 5), "seconds": round(took, 1),
        "greedy": round(by_hand, 2) if by_hand < float("inf") else None,
        "greedy_above": round(by_hand / awards.cost - 1.0, 4) if by_hand < float("inf") else None,
        "faults": faults(instance, awards),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(row))
    else:
        for name, value in row.items():
            click.echo(f"{name:14} {value}")


if __name__ == "__main__":
    main()
