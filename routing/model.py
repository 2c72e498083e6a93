"""Choose what each order travels in, on which run, by whom and in whose box.

Sets       o orders    k in K_o packagings of o    g in G_o groups open to o (options.py)
           r in R_g runs of g    j part loads    h logistics centres
           a arcs, b offers, i stocks of boxes: arcs.py and reuse.py
Decide     t_ok in {0, 1}        o is put up in k (only where there are several)
           u_ogk integer >= 0    handling units of o in k that travel in g (all or none where o may
                                 not be split)
           p_ojk in {0, 1}       o travels whole as part load j
           s_ok integer >= 0     handling units left unserved
           n_gr integer >= 0     load units on r
           c_gr >= 0             their cargo, kg (where a group has several runs)
So that    direct + through centres + part loads + unserved = units of o, every o, k     (served)
           units in to h = units out of h, and none leaves before it came, by day        (met, kept)
           every g: volume and floor of the units <= n, cargo <= n x heaviest cargo      (volume,
                                                                         floor, mass, cargo, limit)
           u_ogk <= its units x load units, where it needs less than one                 (needs_one)
           whole stacks of each kind fit the floor where kinds are mixed                 (stacks)
           in groups that the loader refused: a raised floor share                       (floor)
Minimise   unserved, then late days, then the objective of the settings, lexicographically
           (selection.py); CO2e in kg WTW, cost in the project's currency

The cargo column makes the slope of the payload curve and factors per tonne-kilometre exact, so the
plan's CO2e is the report's CO2e and the bound is a bound on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from emissions.hubs import HubLaw, hub_law
from loading.stuffing import fits, floor_count, layers
from loading.units import Packaging
from lowhaul.linear import LinearModel, add_terms
from lowhaul.units import KG_PER_T
from routing.arcs import Arc, Arcs, BoxTerms
from routing.costs import Quantities, charge_lines
from routing.options import Entry, Group, Options, Packed, PartOption
from routing.places import Place
from routing.reuse import Reuse, return_of
from routing.runs import Run

StackKind = tuple[str, int, int, int]
"""Stack code, footprint and layers: what stands in one kind of stack."""


@dataclass
class Cuts:
    """What the loader has taught: the floor shares of groups that were too kind."""

    floor_scale: dict[int, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.floor_scale)


@dataclass(frozen=True)
class UnitKey:
    """Handling units of an entry in one packaging in one group."""

    entry: Entry
    packaging_id: str
    group: int


@dataclass(frozen=True)
class PartKey:
    """An order in one packaging on one part load."""

    option: PartOption
    packaging_id: str


@dataclass
class PlanModel:
    """The linear model with the columns by meaning. No solver object is kept."""

    options: Options
    linear: LinearModel
    arcs: Arcs
    reuse: Reuse
    units: dict[UnitKey, int] = field(default_factory=dict)
    whole: dict[UnitKey, int] = field(default_factory=dict)
    """Binary columns of orders that may not be split (units = count x column)."""
    parts: dict[PartKey, int] = field(default_factory=dict)
    unserved: dict[tuple[str, str], int] = field(default_factory=dict)
    chosen: dict[tuple[str, str], int] = field(default_factory=dict)
    group_columns: dict[int, list[int]] = field(default_factory=dict)
    """Load units, cargo and stacks of each group."""
    load_units: dict[tuple[int, int], int] = field(default_factory=dict)
    run_arcs: dict[tuple[int, int], tuple[Arc, ...]] = field(default_factory=dict)
    late_days: dict[int, float] = field(default_factory=dict)
    unserved_weight: dict[int, float] = field(default_factory=dict)
    constant_cost: float = 0.0
    constant_co2e: float = 0.0

    @property
    def free_columns(self) -> list[int]:
        """Columns that belong to no order and no leg: bids and carriers used."""
        return self.arcs.used_columns

    @property
    def cost(self) -> dict[int, float]:
        """Cost in the project's currency, without the constant."""
        return self.arcs.cost

    @property
    def co2e(self) -> dict[int, float]:
        """CO2e WTW in kg, without the constant."""
        return self.arcs.co2e


def build_model(options: Options, cuts: Cuts) -> PlanModel:
    """Build the model of this module's docstring."""
    return _ModelBuilder(options, cuts).build()


def place_hub_law(options: Options, place: Place, *, restuffed: bool) -> HubLaw | None:
    """The law of handling at a place, None where it has no value (not covered)."""
    law = hub_law(
        place_id=place.location_id,
        restuffed=restuffed,
        wtw_kg_per_t=place.handling_co2e_wtw_kg_per_t,
        wtw_kg_per_teu=place.handling_co2e_wtw_kg_per_teu,
        ttw_kg_per_t=place.handling_co2e_ttw_kg_per_t,
        ttw_kg_per_teu=place.handling_co2e_ttw_kg_per_teu,
        source=place.handling_source,
        book=options.case.factors,
        kind=place.kind,
    )
    return law if isinstance(law, HubLaw) else None


def is_paid(stops: tuple[str, ...], index: int, named_place: str, flow: str) -> bool:
    """True if leg number `index` between the stops is on our account (Incoterm's named place).

    Outbound legs are ours up to the named place, inbound ones from there; a way that does not pass
    it is ours throughout.
    """
    if not named_place or named_place not in stops:
        return True
    at = stops.index(named_place)
    return index >= at if flow == "inbound" else index < at


class _ModelBuilder:
    def __init__(self, options: Options, cuts: Cuts) -> None:
        self.options = options
        self.case = options.case
        self.cuts = cuts
        self.linear = LinearModel()
        arcs = Arcs(self.case, options.network, self.linear)
        self.model = PlanModel(options, self.linear, arcs, Reuse(self.case, arcs, self.linear, options.timeless))
        self.packed = {
            (key, p.packaging.packaging_id): p for key, some in options.packed.items() for p in some
        }

    def build(self) -> PlanModel:
        for group in self.options.groups:
            self.add_group(group)
        for option in self.options.parts:
            self.add_part(option)
        for key, some in self.options.packed.items():
            self.serve(key, some)
        boxed = self.model.reuse.reusable_arcs()
        self.model.arcs.build(boxed)
        self.model.reuse.build(boxed)
        self.model.arcs.limit_bids(
            [o for link in self.options.network.links for o in link.offers]
            + self.options.network.part_offers
        )
        for boxes in self.case.empties:
            if boxes.ours:
                back = return_of(self.case, boxes)
                self.model.constant_cost += boxes.quantity * back.cost
                self.model.constant_co2e += boxes.quantity * back.co2e.wtw_kg
        return self.model

    # ---- groups: handling units, load units, room

    def add_group(self, group: Group) -> None:
        """Columns u, n and c of one group with its rows, and its runs' use of arcs."""
        usable = [
            (i, run, arcs)
            for i, run in enumerate(group.runs)
            if (arcs := self.arcs_of(run, group)) is not None
        ]
        contents = list(self.contents(group))
        if not usable or not contents:
            return
        equipment = self.case.equipment[group.equipment]
        limit = max(run.max_cargo_kg for _, run, _ in usable)
        share = {
            p.packaging.packaging_id: 1.0
            / (floor_count(p.packaging, equipment) * layers(p.packaging, equipment))
            for _, p in contents
        }
        most = 0.0
        for order in {p.order.key for _, p in contents}:
            most += max(
                ceil(
                    1.3
                    * p.count
                    * max(
                        share[p.packaging.packaging_id],
                        p.packaging.volume_m3 / equipment.volume_m3,
                        p.mass_kg / p.count / limit,
                    )
                    / group.sharing.room
                )
                + 1
                for _, p in contents
                if p.order.key == order
            )
        mass: dict[int, float] = {}
        volume: dict[int, float] = {}
        floor: dict[int, float] = {}
        columns: list[tuple[Packed, int, float]] = []
        for entry, packed in contents:
            column, per_column = self.unit_column(entry, packed, group)
            columns.append((packed, column, per_column))
            mass[column] = per_column * packed.mass_kg / packed.count
            volume[column] = per_column * packed.packaging.volume_m3
            floor[column] = per_column * share[packed.packaging.packaging_id]
        n: dict[int, float] = {}
        room_kg: dict[int, float] = {}
        cargo: dict[int, float] = {}
        for i, run, arcs in usable:
            count = self.linear.column(f"n[{group.index},{i}]", 0.0, most, integer=True)
            self.model.load_units[group.index, i] = count
            own = self.model.group_columns.setdefault(group.index, [])
            own.append(count)
            self.model.run_arcs[group.index, i] = arcs
            n[count] = 1.0
            room_kg[count] = -run.max_cargo_kg * group.sharing.room
            if len(usable) == 1:
                on_run = dict(mass)
            else:
                c = self.linear.column(f"c[{group.index},{i}]")
                own.append(c)
                cargo[c] = 1.0
                on_run = {c: 1.0}
                self.linear.row(
                    f"limit[{group.index},{i}]", {c: 1.0, count: room_kg[count]}, upper=0.0
                )
            for arc in arcs:
                self.model.arcs.use(arc, count, on_run, most, run.max_cargo_kg)
            self.handle_changes(run, arcs, count)
        if cargo:
            balance = add_terms(dict(cargo), mass, -1.0)
            self.linear.row(f"cargo[{group.index}]", balance, lower=0.0, upper=0.0)
        else:
            self.linear.row(f"mass[{group.index}]", {**mass, **room_kg}, upper=0.0)
        volume_room = {c: -equipment.volume_m3 * group.sharing.room for c in n}
        self.linear.row(f"volume[{group.index}]", {**volume, **volume_room}, upper=0.0)
        self.floor_rows(group, columns, floor, n)
        for packed, column, per_column in columns:
            whole = packed.count * share[packed.packaging.packaging_id] / group.sharing.room
            if whole < 1.0:
                needs = {column: per_column, **{c: -float(packed.count) for c in n}}
                self.linear.row(
                    f"needs_one[{group.index},{column}]", needs, upper=0.0, lazy=True
                )

    def contents(self, group: Group) -> Iterator[tuple[Entry, Packed]]:
        """The entries of a group in each packaging that fits its equipment."""
        equipment = self.case.equipment[group.equipment]
        for entry in group.sharing.entries:
            for packed in self.options.packed[entry.order]:
                if fits(packed.packaging, equipment):
                    yield entry, packed

    def unit_column(self, entry: Entry, packed: Packed, group: Group) -> tuple[int, float]:
        """The column of an entry's handling units, and how many units one of it stands for."""
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
            self.handle_restuffing(entry.hub, column, per_column * packed.mass_kg / packed.count)
        return column, per_column

    def floor_rows(
        self,
        group: Group,
        columns: list[tuple[Packed, int, float]],
        floor: dict[int, float],
        n: dict[int, float],
    ) -> None:
        """Floor room: shares of a load unit, and whole stacks where kinds of goods are mixed."""
        scale = self.cuts.floor_scale.get(group.index, 1.0)
        room = {c: -group.sharing.room for c in n}
        self.linear.row(
            f"floor[{group.index}]",
            {**{c: a * scale for c, a in floor.items()}, **room},
            upper=0.0,
        )
        equipment = self.case.equipment[group.equipment]
        stacks: dict[StackKind, dict[int, float]] = defaultdict(dict)
        sample: dict[StackKind, Packaging] = {}
        for packed, column, per_column in columns:
            p = packed.packaging
            like = (p.stacks_with, p.length_mm, p.width_mm, layers(p, equipment))
            stacks[like][column] = per_column
            sample[like] = p
        if len(stacks) == 1 or max(like[-1] for like in stacks) == 1:
            return
        on_floor: dict[int, float] = {}
        for index, (like, units) in enumerate(stacks.items()):
            whole = self.linear.column(f"stacks[{group.index},{index}]", integer=True)
            self.model.group_columns[group.index].append(whole)
            high = float(layers(sample[like], equipment))
            self.linear.row(f"stacks[{group.index},{index}]", {**units, whole: -high}, upper=0.0)
            on_floor[whole] = scale / floor_count(sample[like], equipment)
        self.linear.row(f"stack_floor[{group.index}]", {**on_floor, **room}, upper=0.0)

    def arcs_of(self, run: Run, group: Group) -> tuple[Arc, ...] | None:
        """The arcs of a run on a group's terms, None where a leg has no offer on them."""
        terms = group.sharing.terms
        stops = (run.origin, *run.via, run.destination)
        last = len(run.steps) - 1
        arcs = []
        for i, step in enumerate(run.steps):
            box = None
            if step.link.is_haulage and last > 0:
                if i == 0 and self.options.reach.fetches(run):
                    day = 0 if self.options.timeless else run.stuffed
                    box = BoxTerms("out", run.origin, run.line, terms.grade_wanted, day)
                elif (
                    i == last
                    and self.options.reach.frees(run)
                    and (run.free_days is None or terms.unstuff_days <= run.free_days)
                ):
                    ready = 0 if self.options.timeless else run.arrive + terms.unstuff_days
                    box = BoxTerms("in", run.destination, run.line, terms.grade_after, ready)
            arc = Arc(
                step.link,
                self.model.arcs.same_day(step.link, step.depart),
                terms.carriers,
                is_paid(stops, i, terms.named_place, terms.flow),
                i in (0, last),
                box,
            )
            if not self.model.arcs.offers(arc.link, arc.depart, arc.carriers):
                return None
            arcs.append(arc)
        return tuple(arcs)

    def handle_changes(self, run: Run, arcs: tuple[Arc, ...], count: int) -> None:
        """Handling of sealed load units where the mode changes, ours with a leg on either side."""
        teu = self.case.equipment[run.equipment].teu
        for before, after in zip(arcs, arcs[1:], strict=False):
            if before.link.mode == after.link.mode:
                continue
            place = self.case.places[before.link.destination]
            ours = before.paid or after.paid
            cost = place.handling_cost_per_load_unit * self.rate(place) if ours else 0.0
            law = place_hub_law(self.options, place, restuffed=False)
            co2e = law.passage(0.0, teu).wtw_kg if law else 0.0
            add_terms(self.model.arcs.cost, {count: cost})
            add_terms(self.model.arcs.co2e, {count: co2e})

    def handle_restuffing(
        self, hub: str, column: int, mass_kg: float, *, paid: bool = True
    ) -> None:
        """Handling of goods that are re-stuffed at a place, by their mass."""
        place = self.case.places[hub]
        cost = place.handling_cost_per_t * self.rate(place) * mass_kg / KG_PER_T if paid else 0.0
        law = place_hub_law(self.options, place, restuffed=True)
        co2e = law.passage(mass_kg, 0.0).wtw_kg if law else 0.0
        add_terms(self.model.arcs.cost, {column: cost})
        add_terms(self.model.arcs.co2e, {column: co2e})

    def rate(self, place: Place) -> float:
        return self.case.fx.factor(place.currency) if place.currency else 1.0

    # ---- part loads

    def add_part(self, option: PartOption) -> None:
        """A column for each packaging of an order on a part load, with its exact price."""
        for packed in self.options.packed[option.entry.order]:
            key = PartKey(option, packed.packaging.packaging_id)
            name = f"{option.entry.order},{option.entry.kind},{len(self.model.parts)}"
            column = self.linear.binary(f"p[{name}]")
            cost = co2e = 0.0
            weights_fit = True
            steps = option.run.steps
            stops = (option.run.origin, *option.run.via, option.run.destination)
            order = packed.order
            for index, step in enumerate(steps):
                paid = is_paid(stops, index, order.named_place, order.flow)
                bid = step.offer.bid
                quantities = Quantities(
                    mass_kg=packed.mass_kg,
                    volume_m3=packed.volume_m3,
                    loading_metres=packed.loading_metres,
                    distance_km=step.offer.driven_km,
                )
                day = date.fromordinal(step.depart)
                lines = charge_lines(bid, quantities, day, self.case.fx)
                cost += sum(line.amount for line in lines) if paid else 0.0
                co2e += (packed.mass_kg * step.offer.per_cargo_kg).wtw_kg
                weights_fit &= in_weight_band(bid, packed)
                volume = packed.mass_kg / KG_PER_T
                carrier = self.case.carriers[bid.carrier]
                if bid.capacity is not None or bid.min_volume or carrier.fixed_cost:
                    self.model.arcs.add_volume(step.offer, step.depart, {column: volume}, volume)
                if index < len(steps) - 1:
                    after = is_paid(stops, index + 1, order.named_place, order.flow)
                    self.handle_restuffing(
                        bid.destination, column, packed.mass_kg, paid=paid or after
                    )
            if not weights_fit:
                self.linear.upper[column] = 0.0
            if option.entry.kind == "in":
                self.handle_restuffing(option.entry.hub, column, packed.mass_kg)
            else:
                late = option.run.arrive - packed.order.due_date.toordinal()
                if late > 0:
                    self.model.late_days[column] = float(late)
            add_terms(self.model.arcs.cost, {column: cost})
            add_terms(self.model.arcs.co2e, {column: co2e})
            self.model.parts[key] = column

    # ---- orders

    def serve(self, key: str, some: tuple[Packed, ...]) -> None:
        """Every handling unit of an order travels, or is counted as unserved."""
        chosen = {}
        if len(some) > 1:
            chosen = {
                p.packaging.packaging_id: self.linear.binary(f"t[{key},{p.packaging.packaging_id}]")
                for p in some
            }
            self.model.chosen |= {(key, name): column for name, column in chosen.items()}
            self.linear.row(
                f"one_packaging[{key}]", {c: 1.0 for c in chosen.values()}, lower=1.0, upper=1.0
            )
        for packed in some:
            self.serve_packed(packed, chosen.get(packed.packaging.packaging_id))

    def serve_packed(self, packed: Packed, chosen: int | None) -> None:
        order, packaging_id = packed.order, packed.packaging.packaging_id
        count = float(packed.count)
        step = 1.0 if order.splittable else count
        s = self.linear.column(
            f"s[{order.key},{packaging_id}]", 0.0, count / step, integer=True
        )
        self.model.unserved[order.key, packaging_id] = s
        pieces = order.quantity * step / count
        self.model.unserved_weight[s] = order.priority * pieces
        travels: dict[int, float] = {s: step}
        add_terms(travels, self.travelling(packed, "direct", ""))
        for hub in self.options.hubs.get(order.key, ()):
            inward = self.travelling(packed, "in", hub)
            outward = self.travelling(packed, "out", hub)
            if not inward or not outward:
                self.forbid({**inward, **outward})
                continue
            add_terms(travels, inward)
            self.linear.row(
                f"met[{order.key},{packaging_id},{hub}]",
                add_terms(dict(inward), outward, -1.0),
                lower=0.0,
                upper=0.0,
            )
            self.keep_days(packed, hub)
        if chosen is None:
            self.linear.row(f"served[{order.key}]", travels, lower=count, upper=count)
        else:
            travels[chosen] = -count
            self.linear.row(
                f"served[{order.key},{packaging_id}]", travels, lower=0.0, upper=0.0
            )

    def forbid(self, terms: dict[int, float]) -> None:
        for column in terms:
            self.linear.upper[column] = 0.0

    def keep_days(self, packed: Packed, hub: str) -> None:
        """Nothing leaves a logistics centre before it came and dwelt there."""
        dwell = self.case.places[hub].dwell_days
        inward = self.days(packed, "in", hub)
        outward = self.days(packed, "out", hub)
        for day in sorted(outward):
            left = {c: a for d, t in outward.items() if d <= day for c, a in t.items()}
            came = {c: a for d, t in inward.items() if d + dwell <= day for c, a in t.items()}
            self.linear.row(
                f"kept[{packed.order.key},{packed.packaging.packaging_id},{hub},{day}]",
                add_terms(dict(left), came, -1.0),
                upper=0.0,
            )

    def travelling(self, packed: Packed, kind: str, hub: str) -> dict[int, float]:
        """Handling units of a packed order on one part of its way, in all groups and part loads."""
        by_day = self.days(packed, kind, hub)
        return {c: a for terms in by_day.values() for c, a in terms.items()}

    def days(self, packed: Packed, kind: str, hub: str) -> dict[int, dict[int, float]]:
        """The same by arrival day (in), departure day (out), or in one (direct)."""
        index = self.by_part.get((packed.order.key, packed.packaging.packaging_id, kind, hub), [])
        result: dict[int, dict[int, float]] = defaultdict(dict)
        for day, column, per_column in index:
            result[day][column] = per_column
        return result

    @property
    def by_part(self) -> dict[tuple[str, str, str, str], list[tuple[int, int, float]]]:
        """Columns by order, packaging, kind and hub; made once all groups and parts are there."""
        if not hasattr(self, "_by_part"):
            found: dict[tuple[str, str, str, str], list[tuple[int, int, float]]] = defaultdict(list)
            for columns, whole in ((self.model.units, False), (self.model.whole, True)):
                for key, column in columns.items():
                    sharing = self.options.groups[key.group].sharing
                    day = {"in": sharing.arrive, "out": sharing.depart}.get(key.entry.kind) or 0
                    packed = self.packed[key.entry.order, key.packaging_id]
                    per_column = float(packed.count) if whole else 1.0
                    place = (key.entry.order, key.packaging_id, key.entry.kind, key.entry.hub)
                    found[place].append((day, column, per_column))
            for part, column in self.model.parts.items():
                entry, run = part.option.entry, part.option.run
                day = {"in": run.arrive, "out": run.handed_over}.get(entry.kind, 0)
                packed = self.packed[entry.order, part.packaging_id]
                found[entry.order, part.packaging_id, entry.kind, entry.hub].append(
                    (day, column, float(packed.count))
                )
            self._by_part = found
        return self._by_part


def in_weight_band(bid: object, packed: Packed) -> bool:
    """True if the chargeable mass of an order lies in a part-load bid's weight band."""
    from routing.bids import Bid
    from routing.costs import chargeable_kg

    assert isinstance(bid, Bid)
    mass = chargeable_kg(bid, packed.mass_kg, packed.volume_m3)
    low = bid.weight_from_kg is None or mass >= bid.weight_from_kg
    return low and (bid.weight_to_kg is None or mass <= bid.weight_to_kg)
