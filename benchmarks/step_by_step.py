"""The step-by-step way of planning: load, then route, then reuse; each step at its best.

What a planner does who has a good tool for each of the three questions and none for all of them:

1. **Load.** Orders of the same origin, destination and week of readiness are a lot and are loaded
   together, where the measure load_rate is on, the orders may be mixed and some way exists that
   all of them may travel on (else an order is a lot of its own). Each order is put up in the
   packaging that asks for the lightest mix of load units when it is alone. The loader then finds
   the mix of the least TEU for the lot (loading/mix.py), under the payload and under the road
   limits of the countries at both ends; of one equipment where an order may not be split. Nothing
   is known of ports, offers, prices or empties.
2. **Route.** Ways, days, carriers and bids for the objective of the project, by the same decision
   model as the integrated way and with all capacities, rules and terms of the tender, but without
   round use. Each lot goes in its load units of each equipment, no more and no fewer, with what
   was loaded into that equipment, and shares them with no other lot; or all of it goes as part
   loads where that is better. Load units of a lot may go on different runs, their pallets dealt
   anew: a kindness. They stay sealed, so nothing is re-stuffed at a logistics centre.
3. **Reuse.** Load units, contents, ways, days, carriers and bids stand; only which of these load
   units take an emptied box, and which box, is open: the round-use flow of routing/reuse.py on its
   own, to the optimum.

Of departures that are equal in step 2 any may be taken, as nobody looks at boxes there; for one
sailing the load unit is stuffed as late as can be, which suits reuse best.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

from loading.mix import Mix, choose_mix
from routing.arcs import Arc
from routing.case import Case
from routing.decode import Stuffed
from routing.groups import Group, Packed
from routing.model import Cuts, PlanModel, build_model
from routing.options import Options, build_options
from routing.orders import Order
from routing.planner import Planned, plan_by
from routing.selection import Clock, ExactChooser, Progress

Build = Callable[[Options, Cuts], PlanModel]
Sums = dict[object, dict[int, float]]
LOADING_S = 1.0
"""Seconds that the loader may take for one lot or packaging; most take none of them."""


@dataclass(frozen=True)
class Lot:
    """Orders loaded together (their keys) into load units.

    `load_units` are counted by equipment, `contents` are handling units by order and equipment;
    `heaviest_kg` is the cargo of the heaviest load unit of each equipment.
    """

    orders: frozenset[str]
    load_units: Counter[str]
    contents: Counter[tuple[str, str]]
    heaviest_kg: dict[str, float]


@dataclass(frozen=True)
class Steps:
    """The plans of the step-by-step way: `routed` before, `reused` after round use."""

    lots: tuple[Lot, ...]
    routed: Planned
    reused: Planned


def plan_in_steps(case: Case, progress: Progress = lambda _: None) -> Steps:
    """Plan a case step by step; routing and reuse may each take the time limit of its settings.

    Raises as `routing.planner.plan_case`.
    """
    stuffed: Stuffed = {}
    lots, options = load(build_options(without(case, "consolidation")))
    routing = Routing(lots)
    routed = in_one_piece(options, routing, stuffed, progress)
    reusing = Reusing(routing.model, routed.choice.values)
    return Steps(lots, routed, in_one_piece(options, reusing, stuffed, progress))


def in_one_piece(options: Options, build: Build, stuffed: Stuffed, progress: Progress) -> Planned:
    """The plan of a narrowed model, solved in one piece."""
    clock = Clock(options.case.settings.time_limit_s)
    chooser = ExactChooser(options.case, clock, progress, options, build)
    return plan_by(chooser, clock, progress, stuffed)


def without(case: Case, measure: str) -> Case:
    """The case with a measure off."""
    measures = case.settings.measures - {measure}
    return replace(case, settings=replace(case.settings, measures=measures))


# 1. Load: how the orders are put up, and how many load units of each equipment each lot gets


def load(options: Options) -> tuple[tuple[Lot, ...], Options]:
    """The lots, and options in which each order is put up as loaded and lots share no load unit."""
    case = options.case
    packed = {
        key: (min(some, key=lambda p: _asks_for(case, options.groups, p)),)
        for key, some in options.packed.items()
    }
    lots: list[Lot] = []
    groups: list[Group] = []
    for orders in together(case, options.groups):
        keys = frozenset(o.key for o in orders)
        open_to_it = groups_of(options.groups, keys)
        lot = lot_of(keys, _mix(case, open_to_it, [packed[o.key][0] for o in orders]))
        lots.append(lot)
        groups += [taken for group in open_to_it if (taken := as_loaded(group, lot))]
    numbered = tuple(replace(g, index=i) for i, g in enumerate(groups))
    return tuple(lots), replace(options, packed=packed, groups=numbered)


def lot_of(keys: frozenset[str], mix: Mix | None) -> Lot:
    """The lot of some orders in the load units that they were loaded into."""
    loads = mix.loads if mix else ()
    heaviest_kg: dict[str, float] = {}
    for load in loads:
        code = load.equipment.code
        heaviest_kg[code] = max(load.mass_kg, heaviest_kg.get(code, 0.0))
    contents = Counter(
        (str(p.unit.order), load.equipment.code) for load in loads for p in load.placements
    )
    return Lot(keys, Counter(load.equipment.code for load in loads), contents, heaviest_kg)


def as_loaded(group: Group, lot: Lot) -> Group | None:
    """What a group offers to load units as they were loaded: the runs that may bear them."""
    if group.equipment not in lot.load_units:
        return None
    mass_kg = lot.heaviest_kg[group.equipment] - 1e-6
    runs = tuple(r for r in group.runs if r.max_cargo_kg >= mass_kg)
    return replace(group, runs=runs) if runs else None


def together(case: Case, groups: Sequence[Group]) -> list[list[Order]]:
    """The orders of each lot: as they come ready, into the first lot that they may travel with."""
    admitted = {frozenset(e.order for e in g.sharing.entries) for g in groups}
    lots: dict[object, list[list[Order]]] = defaultdict(list)
    for order in sorted(case.orders, key=lambda o: (o.ready_date, o.key)):
        week = order.ready_date.isocalendar()[:2]
        like = lots[order.origin, order.destination, week]
        for lot in like if case.settings.on("load_rate") else ():
            keys = {o.key for o in (*lot, order)}
            if any(keys <= some for some in admitted):
                lot.append(order)
                break
        else:
            like.append([order])
    return [lot for like in lots.values() for lot in like]


def groups_of(groups: Sequence[Group], keys: frozenset[str]) -> list[Group]:
    """The groups that are open to a lot, for it alone."""
    found = []
    for group in groups:
        ours = tuple(e for e in group.sharing.entries if e.order in keys)
        if ours:
            found.append(replace(group, sharing=replace(group.sharing, entries=ours)))
    return found


def _asks_for(case: Case, groups: Sequence[Group], packed: Packed) -> tuple[float, float, float]:
    """What an order asks for in a packaging, alone: TEU, m3 and kg; the least is wanted."""
    mix = _mix(case, groups_of(groups, frozenset([packed.order.key])), [packed])
    return mix.weight if mix else inf, packed.volume_m3, packed.mass_kg


def _mix(case: Case, groups: Sequence[Group], lot: Sequence[Packed]) -> Mix | None:
    """The loader's mix of the least TEU for the orders of a lot, in what is open to all of them.

    None where they fit in nothing that is open.
    """
    whole = {p.order.key for p in lot}
    types = sorted({g.equipment for g in groups if {e.order for e in g.sharing.entries} == whole})
    ends = [case.places[p].country for p in (lot[0].order.origin, lot[0].order.destination)]
    limits_kg = {}
    for code in types:
        road_kg = [case.max_cargo_kg(country, code) for country in ends]
        ways_kg = max(r.max_cargo_kg for g in groups if g.equipment == code for r in g.runs)
        limits_kg[code] = min([ways_kg, *(kg for kg in road_kg if kg is not None)])
    apart = any(not p.order.splittable for p in lot)
    mixes = [
        choose_mix(
            [unit for packed in lot for unit in packed.units],
            [case.equipment[code] for code in some],
            max_cargo_kg=limits_kg,
            seed=case.settings.seed,
            seconds=LOADING_S,
        )
        for some in ([[code] for code in types] if apart else [types] if types else [])
    ]
    return min((m for m in mixes if not m.left), key=lambda m: m.weight, default=None)


# 2. Route: the decision model without round use, for the load units of each lot


class Routing:
    """Builds the model of step 2 and remembers it."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        self.lots = lots
        self.model: PlanModel

    def __call__(self, options: Options, cuts: Cuts) -> PlanModel:
        """The model without round use, in which each lot goes as it was loaded, or in part loads.

        With z_l = 1 where lot l goes in part loads, N_le its load units, U_oe handling units of o:
        sum n = N_le (1 - z_l), every l, e (loaded); sum u = U_oe (1 - z_l), every o, e (stuffed).
        What is left unserved loosens both.
        """
        self.model = build_model(replace(options, case=without(options.case, "round_use")), cuts)
        load_units, contents = self.sums()
        linear, unserved = self.model.linear, self.model.unserved
        for index, lot in enumerate(self.lots):
            in_parts = linear.binary(f"z[{index}]")
            left = [c for (key, _), c in unserved.items() if key in lot.orders]
            for code, count in lot.load_units.items():
                terms = {**load_units[index, code], in_parts: float(count)}
                linear.row(f"loaded[{index},{code}]", terms, upper=float(count))
                room = {**terms, **dict.fromkeys(left, float(count))}
                linear.row(f"all_loaded[{index},{code}]", room, lower=float(count))
            for (key, code), count in lot.contents.items():
                terms = {**contents[key, code], in_parts: float(count)}
                linear.row(f"stuffed[{key},{code}]", terms, upper=float(count))
        return self.model

    def sums(self) -> tuple[Sums, Sums]:
        """Load units by lot and equipment, handling units by order and equipment, as terms."""
        model, groups = self.model, self.model.options.groups
        lot_of = {key: i for i, lot in enumerate(self.lots) for key in lot.orders}
        load_units: Sums = defaultdict(dict)
        for (index, _), column in model.load_units.items():
            group = groups[index]
            lot = lot_of[group.sharing.entries[0].order]
            load_units[lot, group.equipment][column] = 1.0
        contents: Sums = defaultdict(dict)
        for columns, whole in ((model.units, False), (model.whole, True)):
            for unit, column in columns.items():
                key = unit.entry.order
                units = float(model.options.packed[key][0].count) if whole else 1.0
                contents[key, groups[unit.group].equipment][column] = units
        return load_units, contents


# 3. Reuse: the same model, in which only the boxes are open


class Reusing:
    """Builds the model of step 3 from a model of step 2 and what it chose."""

    def __init__(self, routed: PlanModel, values: Sequence[float]) -> None:
        self.routed = routed
        self.values = values

    def __call__(self, options: Options, cuts: Cuts) -> PlanModel:
        """The model with round use; contents, runs and bids are those that were chosen."""
        model = build_model(options, cuts)
        ours, theirs = _decided(model), _decided(self.routed)
        for what, column in ours.items():
            value = float(round(self.values[theirs[what]]))
            model.linear.lower[column] = model.linear.upper[column] = value
        for arc, offers in model.arcs.asked.items():
            for offer in offers:
                bid_id = offer.bid.bid_id
                columns = (
                    model.arcs.carried.get((arc, bid_id)),
                    model.arcs.turned.get((arc, bid_id)),
                )
                terms = {c: 1.0 for c in columns if c is not None}
                if terms:
                    booked = self.booked(arc, bid_id)
                    model.linear.row(
                        f"booked[{bid_id},{arc.depart}]", terms, lower=booked, upper=booked
                    )
        return model

    def booked(self, arc: Arc, bid_id: str) -> float:
        """The load units that step 2 put on a bid."""
        arcs = self.routed.arcs
        if arc in arcs.single:
            some = arcs.uses[arc].load_units if arcs.single[arc].bid.bid_id == bid_id else {}
        else:
            column = arcs.carried.get((arc, bid_id))
            some = {} if column is None else {column: 1.0}
        return float(round(sum(a * self.values[c] for c, a in some.items())))


def _decided(model: PlanModel) -> dict[object, int]:
    """The columns of contents, part loads and runs by what they stand for."""
    return {**model.units, **model.whole, **model.parts, **model.load_units, **model.unserved}
