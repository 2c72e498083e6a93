"""Groups in the decision model: handling units, load units, room, and the legs that they use.

Rows and columns are those of routing/model.py (u, n, c; volume, floor, mass, limit, cargo, stacks,
needs_one).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from loading.equipment import Equipment
from loading.stuffing import fits, floor_count, layers
from loading.units import Packaging
from lowhaul.linear import add_terms
from routing.arcs import Arc, BoxTerms
from routing.groups import Entry, Group, Packed
from routing.handling import change_of_mode, restuffing
from routing.plan_model import Cuts, PlanModel, UnitKey
from routing.runs import Run, is_paid

SPARE = 1.3
"""Load units that a group may have, as a multiple of what its orders need when each is alone."""

StackKind = tuple[str, int, int, int]
"""Stack code, footprint (mm) and layers: what stands in one kind of stack."""


@dataclass(frozen=True)
class Units:
    """The column of an entry's handling units; one of it stands for `per_column` of them."""

    packed: Packed
    column: int
    per_column: float


@dataclass(frozen=True)
class OpenRun:
    """A run of a group that has an offer on each leg; `index` is its place in the group."""

    index: int
    run: Run
    arcs: tuple[Arc, ...]


def floor_share(packaging: Packaging, equipment: Equipment) -> float:
    """The share of a load unit's floor that one handling unit takes.

    1 / (the loader's count of its footprint x its layers): area alone is up to 47 % too kind
    (docs/loading.md).
    """
    return 1.0 / (floor_count(packaging, equipment) * layers(packaging, equipment))


class GroupRows:
    """Adds groups to a model, one by one."""

    def __init__(self, model: PlanModel, cuts: Cuts) -> None:
        self.model = model
        self.linear = model.linear
        self.options = model.options
        self.case = model.options.case
        self.cuts = cuts

    def add(self, group: Group) -> None:
        """Columns u, n and c of one group with its rows, and its runs' use of arcs."""
        open_runs = self.open_runs(group)
        contents = list(self.contents(group))
        if not open_runs or not contents:
            return
        equipment = self.case.equipment[group.equipment]
        share = {p.packaging.packaging_id: floor_share(p.packaging, equipment) for _, p in contents}
        most = self.most_load_units(group, [p for _, p in contents], share, open_runs)
        units = [self.unit_column(entry, packed, group) for entry, packed in contents]
        mass = {u.column: u.per_column * u.packed.mass_kg / u.packed.count for u in units}
        load_units = self.run_columns(group, open_runs, mass, most)
        if group.index in self.cuts.one_run:
            self.hold_to_one_run(group, load_units, most)
        self.room_rows(group, equipment, units, load_units, share)
        if self.model.arcs.counts_load_units:
            # an empty box would count in a minimum, a tier or a bundle: each needs a unit of goods
            goods = {u.column: -u.per_column for u in units}
            row = {**dict.fromkeys(load_units, 1.0), **goods}
            self.linear.row(f"goods[{group.index}]", row, upper=0.0)

    def open_runs(self, group: Group) -> list[OpenRun]:
        """The runs of a group that have an offer on each leg."""
        return [
            OpenRun(i, run, arcs)
            for i, run in enumerate(group.runs)
            if (arcs := self.arcs_of(run, i, group)) is not None
        ]

    def contents(self, group: Group) -> Iterator[tuple[Entry, Packed]]:
        """The entries of a group in each packaging that fits its equipment."""
        equipment = self.case.equipment[group.equipment]
        for entry in group.sharing.entries:
            for packed in self.options.packed[entry.order]:
                if fits(packed.packaging, equipment):
                    yield entry, packed

    def most_load_units(
        self,
        group: Group,
        contents: Sequence[Packed],
        share: dict[str, float],
        open_runs: Sequence[OpenRun],
    ) -> float:
        """A bound on the load units of a group that no sensible plan passes."""
        volume_m3 = self.case.equipment[group.equipment].volume_m3
        limit_kg = max(r.run.max_cargo_kg for r in open_runs)
        needed: dict[str, int] = {}
        for p in contents:
            fullest = max(
                share[p.packaging.packaging_id],
                p.packaging.volume_m3 / volume_m3,
                p.mass_kg / p.count / limit_kg,
            )
            own = ceil(SPARE * p.count * fullest / group.sharing.room) + 1
            needed[p.order.key] = max(own, needed.get(p.order.key, 0))
        return float(sum(needed.values()))

    def unit_column(self, entry: Entry, packed: Packed, group: Group) -> Units:
        """The column of an entry's handling units in one packaging and group."""
        key = UnitKey(entry, packed.packaging.packaging_id, group.index)
        name = f"{entry.order},{entry.kind},{packed.packaging.packaging_id},{group.index}"
        if packed.order.splittable:
            column = self.linear.column(f"u[{name}]", 0.0, packed.count, integer=True)
            self.model.units[key] = column
            per_column = 1.0
        else:
            column = self.linear.binary(f"u[{name}]")
            self.model.whole[key] = column
            per_column = float(packed.count)
        sharing = group.sharing
        if sharing.arrive is not None and entry.kind != "in":
            late = sharing.arrive - packed.order.due_date.toordinal()
            if late > 0:
                self.model.late_days[column] = late * per_column / packed.count
        if entry.kind == "in":
            mass_kg = per_column * packed.mass_kg / packed.count
            handled = restuffing(self.case, self.case.places[entry.hub], mass_kg, paid=True)
            self.model.add_handling(column, handled)
        return Units(packed, column, per_column)

    def run_columns(
        self, group: Group, open_runs: Sequence[OpenRun], mass: dict[int, float], most: float
    ) -> list[int]:
        """Columns n and c of each run with the rows of their cargo (kg); returns the n."""
        room = group.sharing.room
        own = self.model.group_columns.setdefault(group.index, [])
        load_units: list[int] = []
        cargo: dict[int, float] = {}
        room_kg: dict[int, float] = {}
        for r in open_runs:
            count = self.linear.column(f"n[{group.index},{r.index}]", 0.0, most, integer=True)
            self.model.load_units[group.index, r.index] = count
            self.model.run_arcs[group.index, r.index] = r.arcs
            own.append(count)
            load_units.append(count)
            room_kg[count] = -r.run.max_cargo_kg * room
            on_run = dict(mass)
            if len(open_runs) > 1:
                c = self.linear.column(f"c[{group.index},{r.index}]")
                own.append(c)
                self.model.cargo[group.index, r.index] = c
                cargo[c] = 1.0
                on_run = {c: 1.0}
                self.linear.row(
                    f"limit[{group.index},{r.index}]", {c: 1.0, count: room_kg[count]}, upper=0.0
                )
            if least_kg := self.least_cargo_kg(r.run):
                enough = {**on_run, count: -least_kg}
                self.linear.row(f"weight_from[{group.index},{r.index}]", enough, lower=0.0)
            self.put_on_legs(r, count, on_run, most)
        if cargo:
            balance = add_terms(dict(cargo), mass, -1.0)
            self.linear.row(f"cargo[{group.index}]", balance, lower=0.0, upper=0.0)
        else:
            self.linear.row(f"mass[{group.index}]", {**mass, **room_kg}, upper=0.0)
        return load_units

    def least_cargo_kg(self, run: Run) -> float:
        """What a load unit must carry at least."""
        return run.least_cargo_kg

    def hold_to_one_run(self, group: Group, load_units: Sequence[int], most: float) -> None:
        """Let load units of a group go on one of its runs only."""
        taken: dict[int, float] = {}
        for at, count in enumerate(load_units):
            run = self.linear.binary(f"run[{group.index},{at}]")
            self.model.group_columns[group.index].append(run)
            taken[run] = 1.0
            self.linear.row(f"on_run[{group.index},{at}]", {count: 1.0, run: -most}, upper=0.0)
        self.linear.row(f"one_run[{group.index}]", taken, upper=1.0)

    def room_rows(
        self,
        group: Group,
        equipment: Equipment,
        units: Sequence[Units],
        load_units: Sequence[int],
        share: dict[str, float],
    ) -> None:
        """Volume and floor, and at least one load unit where less than one would do."""
        room = group.sharing.room
        volume = {u.column: u.per_column * u.packed.packaging.volume_m3 for u in units}
        volume_room = dict.fromkeys(load_units, -equipment.volume_m3 * room)
        self.linear.row(f"volume[{group.index}]", {**volume, **volume_room}, upper=0.0)
        floor = {u.column: u.per_column * share[u.packed.packaging.packaging_id] for u in units}
        self.floor_rows(group, equipment, units, floor, load_units)
        for u in units:
            count = float(u.packed.count)
            if u.packed.count * share[u.packed.packaging.packaging_id] / room < 1.0:
                needs = {u.column: u.per_column, **dict.fromkeys(load_units, -count)}
                self.linear.row(f"needs_one[{group.index},{u.column}]", needs, upper=0.0, lazy=True)

    def floor_rows(
        self,
        group: Group,
        equipment: Equipment,
        units: Sequence[Units],
        floor: dict[int, float],
        load_units: Sequence[int],
    ) -> None:
        """Floor room: shares of a load unit, and whole stacks where kinds of goods are mixed."""
        scale = self.cuts.floor_scale.get(group.index, 1.0)
        room = dict.fromkeys(load_units, -group.sharing.room)
        scaled = {c: a * scale for c, a in floor.items()}
        self.linear.row(f"floor[{group.index}]", {**scaled, **room}, upper=0.0)
        stacks: dict[StackKind, dict[int, float]] = defaultdict(dict)
        sample: dict[StackKind, Packaging] = {}
        for u in units:
            p = u.packed.packaging
            like = (p.stacks_with, p.length_mm, p.width_mm, layers(p, equipment))
            stacks[like][u.column] = u.per_column
            sample[like] = p
        if len(stacks) == 1 or max(like[-1] for like in stacks) == 1:
            return
        on_floor: dict[int, float] = {}
        for index, (like, stacked) in enumerate(stacks.items()):
            whole = self.linear.column(f"stacks[{group.index},{index}]", integer=True)
            self.model.group_columns[group.index].append(whole)
            high = float(layers(sample[like], equipment))
            self.linear.row(f"stacks[{group.index},{index}]", {**stacked, whole: -high}, upper=0.0)
            on_floor[whole] = scale / floor_count(sample[like], equipment)
        self.linear.row(f"stack_floor[{group.index}]", {**on_floor, **room}, upper=0.0)

    def put_on_legs(
        self, r: OpenRun, count: int, cargo_kg: Mapping[int, float], most: float
    ) -> None:
        """Let a run's load units (a column) and cargo (terms) use its legs."""
        for arc in r.arcs:
            self.model.arcs.use(arc, count, cargo_kg, most, r.run.max_cargo_kg)
        self.handle_changes(r, count)

    def arcs_of(self, run: Run, index: int, group: Group) -> tuple[Arc, ...] | None:
        """The arcs of a run on a group's terms, None where a leg has no offer on them."""
        terms = group.sharing.terms
        last = len(run.steps) - 1
        arcs = []
        for i, step in enumerate(run.steps):
            alone = self.model.arcs.asks_shipments(step.link.offers)
            arc = Arc(
                step.link,
                self.model.arcs.same_day(step.link, step.depart),
                terms.carriers,
                is_paid(run.stops, i, terms.named_place, terms.flow),
                i in (0, last),
                self.box_terms(run, i, group),
                (group.index, index) if alone else None,
            )
            if not self.model.arcs.offers(arc.link, arc.depart, arc.carriers):
                return None
            arcs.append(arc)
        return tuple(arcs)

    def box_terms(self, run: Run, leg: int, group: Group) -> BoxTerms | None:
        """On what terms the box of a run may be fetched or freed on a leg, None if it may not."""
        terms, reach = group.sharing.terms, self.options.reach
        last = len(run.steps) - 1
        if last == 0 or not run.steps[leg].link.is_haulage:
            return None
        if leg == 0 and reach.fetches(run):
            return BoxTerms("out", run.origin, run.line, terms.grade_wanted, run.stuffed)
        if leg == last and reach.frees(run):
            free_time = self.model.reuse.free_time
            end = free_time.freed(run, terms.unstuff_days)
            if end is not None:
                ready = run.arrive + terms.unstuff_days
                due = free_time.due_when_ready(run, terms.unstuff_days)
                return BoxTerms("in", run.destination, run.line, terms.grade_after, ready, end, due)
        return None

    def handle_changes(self, r: OpenRun, count: int) -> None:
        """Handling of sealed load units where the mode changes, ours with a leg on either side."""
        teu = self.case.equipment[r.run.equipment].teu
        for before, after in pairwise(r.arcs):
            if before.link.mode != after.link.mode:
                place = self.case.places[before.link.destination]
                handled = change_of_mode(self.case, place, teu, paid=before.paid or after.paid)
                self.model.add_handling(count, handled)
