"""Which orders a run admits, which runs are worth keeping, and who may share a load unit.

Days, equipment and ways decide what a run admits; needless runs go exactly (pruning.py); what is
left is shared by orders that agree on the account of each leg, on carriers and on box terms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache
from itertools import product

from loading.stuffing import fits
from routing.boxes import GRADES, grade_suffices
from routing.case import Case
from routing.groups import Entry, Packed, Sharing, Terms
from routing.measures import WayRule, hub_carriers
from routing.network import Link, Network
from routing.orders import Order
from routing.pins import Pins
from routing.pruning import Admission, Economy, not_replaced
from routing.reach import TurnReach
from routing.runs import Run
from routing.sameness import Sameness

LATEST_DAYS = 365
"""Where lateness is allowed: days after the due date on which an order may still come."""


class Admitting:
    """Answers for the runs of one case.

    With `whole_runs`, orders that may not be split have a group for each run, so that each goes on
    one. Without it they are whole in a group, and the loads are dealt to its runs so that they
    stay together (decode.py).
    """

    def __init__(
        self,
        case: Case,
        network: Network,
        reach: TurnReach,
        rules: Mapping[str, WayRule],
        packed: Mapping[str, tuple[Packed, ...]],
        *,
        whole_runs: bool,
    ) -> None:
        self.case = case
        self.reach = reach
        self.rules = rules
        self.packed = packed
        self.whole_runs = whole_runs
        self.orders = {o.key: o for o in case.orders}
        self.rank = {o.key: i for i, o in enumerate(case.orders)}
        self.sameness = Sameness(network)
        self.economy = Economy(case, network, reach)
        self.fits = cache(self._fits)
        self.pins = Pins(case)

    def admission(self, run: Run, windows: dict[Entry, tuple[int, int]]) -> Admission:
        """What a run admits, and at which of its ends the day counts."""
        admitted = frozenset(
            e for e, (ready, due) in windows.items() if self.admits(run, e, ready, due)
        )
        kinds = {e.kind for e in admitted}
        limited = self.case.settings.box_wait_days is not None
        return Admission(
            run,
            admitted,
            later_is_better="out" in kinds or self.reach.fetches(run),
            sooner_is_better="in" in kinds
            or self.case.settings.lateness_allowed
            or self.reach.frees(run),
            own_start=limited and self.reach.fetches(run),
            own_end=limited and run.free_days is not None and self.reach.frees(run),
        )

    def worth_keeping(self, admissions: list[Admission]) -> list[tuple[Run, list[Entry]]]:
        """The runs that no other replaces, with their entries in the order of the tables."""
        kept = not_replaced(admissions, self.sameness)
        entries = {e for a in kept for e in a.admitted}
        if all(self.carriers(e) is None and self.pays_all(e) for e in entries):
            # prices can only be compared where all bids are open and every leg is on our account
            kept = self.economy.outdone(kept)
        return [(a.run, self.sorted(a.admitted)) for a in kept]

    def sorted(self, entries: Iterable[Entry]) -> list[Entry]:
        """Entries in the order of the tables."""
        return sorted(entries, key=lambda e: (self.rank[e.order], e.kind, e.hub))

    def pays_all(self, entry: Entry) -> bool:
        """True if no Incoterm's named place takes legs of an order off our account."""
        return not self.orders[entry.order].named_place

    def rule(self, entry: Entry) -> WayRule:
        """What the measures that are off leave open to an entry."""
        return self.rules[entry.order]

    def admits(self, run: Run, entry: Entry, ready: int, due: int) -> bool:
        """True if an entry may travel on a run: days, equipment, way, and that it fits."""
        if run.stuffed < ready or run.arrive > self.latest(due):
            return False
        return self.admits_way([step.link for step in run.steps], entry) and self.pins.admits(
            run, entry
        )

    def admits_way(self, way: Sequence[Link], entry: Entry) -> bool:
        """True if an entry may travel on a way, whatever the days."""
        order, rule = self.orders[entry.order], self.rule(entry)
        equipment = way[0].equipment
        if order.equipment_allowed and equipment not in order.equipment_allowed:
            return False
        via, modes = tuple(k.destination for k in way[:-1]), tuple(k.mode for k in way)
        if entry.kind == "in":
            way_open = rule.admits_feeder(via, modes)
        else:
            way_open = rule.admits_way(via, modes) and (
                entry.kind == "out" or rule.admits_equipment(equipment)
            )
        return way_open and self.fits(entry.order, equipment)

    def asks_of_ways(self, entry: Entry) -> Hashable:
        """Equal for entries that the same ways are open to."""
        order = self.orders[entry.order]
        return (
            self.rule(entry),
            entry.kind,
            order.equipment_allowed,
            tuple(p.packaging.packaging_id for p in self.packed[entry.order]),
        )

    def _fits(self, order: str, equipment: str) -> bool:
        """True if an order fits an equipment in one of its packagings."""
        return any(fits(p.packaging, self.case.equipment[equipment]) for p in self.packed[order])

    def carriers(self, entry: Entry) -> frozenset[str] | None:
        """The carriers open to an entry, None for all."""
        rule = self.rule(entry)
        direct = entry.kind == "direct"
        return self.pins.carriers(entry, rule.carriers if direct else hub_carriers(self.case, rule))

    def group_keys(self, run: Run, admitted: list[Entry]) -> list[Sharing]:
        """The groups that a run belongs to: one for each set of terms and each order alone."""
        keys: list[Sharing] = []
        together = []
        for entry in admitted:
            order = self.orders[entry.order]
            if self.rule(entry).alone or not order.mix_allowed:
                keys.append(self.key_of(run, (entry,), order.key))
            else:
                together.append(entry)
        by_scope: dict[object, list[Entry]] = defaultdict(list)
        for entry in together:
            order = self.orders[entry.order]
            scope = (order.named_place, order.flow if order.named_place else "", order.we_choose)
            by_scope[scope, self.carriers(entry)].append(entry)
        for entries in by_scope.values():
            keys += [self.key_of(run, some) for some in self.agreeing(entries)]
        return list(dict.fromkeys(keys))

    def agreeing(self, entries: list[Entry]) -> list[tuple[Entry, ...]]:
        """Sets of entries by how strict their box terms are: the strictest admits them all."""
        orders = [self.orders[e.order] for e in entries]
        wanted = sorted({self.grade_wanted(o) for o in orders}, key=GRADES.index)
        after = sorted({o.box_grade_after for o in orders}, key=GRADES.index)
        days = sorted({o.unstuff_days for o in orders})
        sets: dict[tuple[Entry, ...], None] = {}
        for want, leaves, unstuff in product(wanted, after, days):
            some = tuple(
                e
                for e, o in zip(entries, orders, strict=True)
                if grade_suffices(want, self.grade_wanted(o))
                and grade_suffices(o.box_grade_after, leaves)
                and o.unstuff_days <= unstuff
            )
            if some:
                sets[some] = None
        return list(sets)

    def grade_wanted(self, order: Order) -> str:
        """The box grade that the goods of an order ask for."""
        return self.case.products[order.sku].min_box_grade

    def key_of(self, run: Run, entries: tuple[Entry, ...], alone: str = "") -> Sharing:
        """The group of a run for entries that share it, on the strictest terms of any of them."""
        orders = [self.orders[e.order] for e in entries]
        kinds = {e.kind for e in entries}
        late = self.case.settings.lateness_allowed
        named_place = orders[0].named_place
        return Sharing(
            equipment=run.equipment,
            entries=entries,
            terms=Terms(
                named_place=named_place,
                flow=orders[0].flow if named_place else "",
                grade_wanted=min((self.grade_wanted(o) for o in orders), key=GRADES.index),
                grade_after=max((o.box_grade_after for o in orders), key=GRADES.index),
                unstuff_days=max(o.unstuff_days for o in orders),
                carriers=self.carriers(entries[0]),
            ),
            alone=alone,
            room=self.rule(entries[0]).load_rate if alone else 1.0,
            arrive=run.arrive if "in" in kinds or late else None,
            depart=run.stuffed if "out" in kinds else None,
            only=run if self.whole_runs and any(not o.splittable for o in orders) else None,
        )

    def latest(self, due: int) -> int:
        """The last arrival that counts: the due date, or any where lateness is allowed."""
        return due + LATEST_DAYS if self.case.settings.lateness_allowed else due
