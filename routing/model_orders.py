"""Orders in the decision model: part loads with their exact price, and service by all ways.

Rows and columns are those of routing/model.py (p, t, s; served, met, kept).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from lowhaul.linear import add_terms
from lowhaul.units import KG_PER_T
from routing.bids import Bid
from routing.costs import BASE, Quantities, base_factor, charge_lines, chargeable_kg
from routing.groups import Packed, PartOption
from routing.handling import restuffing
from routing.plan_model import PartKey, PlanModel
from routing.runs import is_paid

PartOfWay = tuple[str, str, str, str]
"""Order, packaging, kind and centre of an entry."""


class PartRows:
    """Adds part loads to a model, one by one."""

    def __init__(self, model: PlanModel) -> None:
        self.model = model
        self.case = model.options.case

    def add(self, option: PartOption) -> None:
        """A column for each packaging of an order on a part load, with its exact price."""
        for packed in self.model.options.packed[option.entry.order]:
            name = f"{option.entry.order},{option.entry.kind},{len(self.model.parts)}"
            column = self.model.linear.binary(f"p[{name}]")
            self.model.parts[PartKey(option, packed.packaging.packaging_id)] = column
            if not all(in_weight_band(s.offer.bid, packed) for s in option.run.steps):
                self.model.linear.upper[column] = 0.0
            self.price(option, packed, column)
            if option.entry.kind != "in":
                late = option.run.arrive - packed.order.due_date.toordinal()
                if late > 0:
                    self.model.late_days[column] = float(late)

    def price(self, option: PartOption, packed: Packed, column: int) -> None:
        """What a part load costs and emits, handling included, and the volume that it takes."""
        cost = co2e_kg = 0.0
        run, order = option.run, packed.order
        paid = [is_paid(run.stops, i, order.named_place, order.flow) for i in range(len(run.steps))]
        for index, step in enumerate(run.steps):
            bid = step.offer.bid
            quantities = Quantities(
                mass_kg=packed.mass_kg,
                volume_m3=packed.volume_m3,
                loading_metres=packed.loading_metres,
                distance_km=step.offer.driven_km,
            )
            lines = charge_lines(bid, quantities, date.fromordinal(step.depart), self.case.fx)
            cost += sum(line.amount for line in lines) if paid[index] else 0.0
            co2e_kg += (packed.mass_kg * step.offer.per_cargo_kg).wtw_kg
            volume = packed.mass_kg / KG_PER_T
            carrier = self.case.carriers[bid.carrier]
            if paid[index]:
                base = sum(line.amount for line in lines if line.charge_code == BASE)
                base *= base_factor(bid, date.fromordinal(step.depart))
                self.model.arcs.tender.add_part_load(bid, column, volume, base)
            if bid.capacity is not None or bid.min_volume or carrier.fixed_cost:
                self.model.arcs.add_volume(
                    step.offer, step.depart, {column: volume}, volume, paid=paid[index]
                )
            if index < len(run.steps) - 1:
                ours = paid[index] or paid[index + 1]
                self.restuff(bid.destination, packed, column, paid=ours)
        if option.entry.kind == "in":
            self.restuff(option.entry.hub, packed, column, paid=True)
        self.model.add_handling(column, (cost, co2e_kg))

    def restuff(self, place_id: str, packed: Packed, column: int, *, paid: bool) -> None:
        """Handling of the whole order at a place."""
        place = self.case.places[place_id]
        self.model.add_handling(column, restuffing(self.case, place, packed.mass_kg, paid=paid))


def in_weight_band(bid: Bid, packed: Packed) -> bool:
    """True if the chargeable mass of an order lies in a part-load bid's weight band."""
    mass = chargeable_kg(bid, packed.mass_kg, packed.volume_m3)
    low = bid.weight_from_kg is None or mass >= bid.weight_from_kg
    return low and (bid.weight_to_kg is None or mass <= bid.weight_to_kg)


class OrderRows:
    """Adds the service of orders to a model that holds all groups and part loads."""

    def __init__(self, model: PlanModel) -> None:
        self.model = model
        self.linear = model.linear
        self.options = model.options
        self.by_part = columns_by_part(model)

    def serve(self, key: str) -> None:
        """Every handling unit of an order travels, or is counted as unserved."""
        some = self.options.packed[key]
        chosen: dict[str, int] = {}
        if len(some) > 1:
            chosen = {
                p.packaging.packaging_id: self.linear.binary(f"t[{key},{p.packaging.packaging_id}]")
                for p in some
            }
            self.model.chosen |= {(key, name): column for name, column in chosen.items()}
            once = dict.fromkeys(chosen.values(), 1.0)
            self.linear.row(f"one_packaging[{key}]", once, lower=1.0, upper=1.0)
        for packed in some:
            self.serve_packed(packed, chosen.get(packed.packaging.packaging_id))

    def serve_packed(self, packed: Packed, chosen: int | None) -> None:
        """The service of an order in one packaging; `chosen` is its column t if it has a choice."""
        order, packaging_id = packed.order, packed.packaging.packaging_id
        count = float(packed.count)
        step = 1.0 if order.splittable else count
        s = self.linear.column(f"s[{order.key},{packaging_id}]", 0.0, count / step, integer=True)
        self.model.unserved[order.key, packaging_id] = s
        pieces = order.quantity * step / count
        self.model.unserved_weight[s] = order.priority * pieces
        travels: dict[int, float] = {s: step}
        add_terms(travels, self.travelling(packed, "direct", ""))
        for hub in self.options.hubs.get(order.key, ()):
            inward = self.travelling(packed, "in", hub)
            outward = self.travelling(packed, "out", hub)
            if not inward or not outward:
                self.forbid([*inward, *outward])
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
            self.linear.row(f"served[{order.key},{packaging_id}]", travels, lower=0.0, upper=0.0)

    def forbid(self, columns: Iterable[int]) -> None:
        """Close columns."""
        for column in columns:
            self.linear.upper[column] = 0.0

    def keep_days(self, packed: Packed, hub: str) -> None:
        """Nothing leaves a logistics centre before it came and dwelt there."""
        dwell = self.options.case.places[hub].dwell_days
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
        place = (packed.order.key, packed.packaging.packaging_id, kind, hub)
        result: dict[int, dict[int, float]] = defaultdict(dict)
        for day, column, per_column in self.by_part.get(place, []):
            result[day][column] = per_column
        return result


def columns_by_part(model: PlanModel) -> dict[PartOfWay, list[tuple[int, int, float]]]:
    """(day, column, handling units that one of it stands for) by part of the way of an order."""
    options = model.options
    count = {
        (key, p.packaging.packaging_id): float(p.count)
        for key, some in options.packed.items()
        for p in some
    }
    found: dict[PartOfWay, list[tuple[int, int, float]]] = defaultdict(list)
    for columns, whole in ((model.units, False), (model.whole, True)):
        for key, column in columns.items():
            entry, sharing = key.entry, options.groups[key.group].sharing
            day = {"in": sharing.arrive, "out": sharing.depart}.get(entry.kind) or 0
            per_column = count[entry.order, key.packaging_id] if whole else 1.0
            place = (entry.order, key.packaging_id, entry.kind, entry.hub)
            found[place].append((day, column, per_column))
    for part, column in model.parts.items():
        entry, run = part.option.entry, part.option.run
        day = {"in": run.arrive, "out": run.handed_over}.get(entry.kind, 0)
        place = (entry.order, part.packaging_id, entry.kind, entry.hub)
        found[place].append((day, column, count[entry.order, part.packaging_id]))
    return found
