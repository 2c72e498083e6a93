"""Rows of round_use.csv: what each reused box saves, and why each other box stays unused.

A turn of one box saves the way back and the way of the pick-up, and costs the move between the two
places: km = return + pick-up - move. Its CO2e is that of the haulier who fetches it, with the box
empty; nothing where his figure already holds the empty way, as the inventory does not change then.

Whose claim it is (`emissions.round_use`): of our own boxes (`ours`, and those that this plan's
imports bring) all of it; of a partner's box half is ours and half his, so that both together claim
the whole and no more. What each one's inventory loses stands in the legs and is never netted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf

from emissions.round_use import Claim, Turn, claim_of
from lowhaul.units import CENT, money, split_exactly
from routing.box_costs import return_of
from routing.boxes import grade_suffices
from routing.case import Case
from routing.consent import line_agrees, line_loads, owner_consents
from routing.free_time import FreeTime, fetched_from, late_days
from routing.ledger_boxes import Emptied, Wanted
from routing.ledger_chain import Trip
from routing.ledger_costs import detention_charge, move_km, reuse_change, reuse_fee
from routing.ledger_rows import RoundUseRow
from routing.moves import Moves
from routing.plan import BoxUse


class Turns:
    """Which turns the plan's own load units would allow, asked rule by rule."""

    def __init__(self, case: Case, wanted: Sequence[Wanted]) -> None:
        self.case = case
        self.wanted = wanted
        self.free_time = FreeTime(case)
        self.moves = Moves(case, limited=self.free_time.binds)
        self.depots = self.moves.depots

    def open_to(self, boxes: Emptied) -> list[Wanted]:
        """The shipments that may load boxes of a source."""
        return [] if self.refused(boxes) else self.near(boxes, self.consenting(boxes))

    def refused(self, boxes: Emptied) -> str:
        """Why nobody may load them, whatever the exports are; blank if somebody may."""
        if not owner_consents(self.case, boxes.line):
            return f"{boxes.line or 'The owner'} does not let its boxes be loaded again."
        carrier = self.case.carriers.get(boxes.haulier)
        if carrier is not None and not carrier.round_use_allowed:
            return f"{boxes.haulier}, who hauls them in, does not take part in round use."
        hard = boxes.detention is None or boxes.boxes is not None
        if boxes.until < boxes.ready and hard:
            return "Their free time ends before they are stripped."
        return ""

    def of_equipment(self, boxes: Emptied) -> list[Wanted]:
        """Shipments that fetch such a box at all."""
        return [w for w in self.wanted if w.equipment == boxes.equipment]

    def agreeing(self, boxes: Emptied) -> list[Wanted]:
        """Those of them whose line would load boxes of that owner, if it took part."""
        return [w for w in self.of_equipment(boxes) if line_agrees(self.case, w.line, boxes.line)]

    def of_line(self, boxes: Emptied) -> list[Wanted]:
        """Those of them whose line takes part and loads boxes of that owner."""
        return [w for w in self.of_equipment(boxes) if line_loads(self.case, w.line, boxes.line)]

    def of_grade(self, boxes: Emptied) -> list[Wanted]:
        """Those of them that a box of that grade is good enough for."""
        return [w for w in self.of_line(boxes) if grade_suffices(boxes.grade, w.grade)]

    def after(self, boxes: Emptied) -> list[Wanted]:
        """Those of them that are stuffed when the boxes stand empty, or later."""
        return [w for w in self.of_grade(boxes) if w.day >= boxes.ready]

    def in_time(self, boxes: Emptied) -> list[Wanted]:
        """Those of them for which the boxes can be handed over within their free time, or paid."""
        late = self.late
        return [
            w for w in self.after(boxes) if self.depots or not late(boxes, w) or boxes.detention
        ]

    def late(self, boxes: Emptied, wanted: Wanted) -> int:
        """Days after the end of free time at which boxes would be fetched on the street."""
        fetched = fetched_from(boxes.ready, self.free_time.opens(wanted.day))
        return late_days(fetched, boxes.until)

    def consenting(self, boxes: Emptied) -> list[Wanted]:
        """Those of them whose haulier takes part."""
        carriers = self.case.carriers
        return [w for w in self.in_time(boxes) if carriers[w.haulier].round_use_allowed]

    def near(self, boxes: Emptied, candidates: Sequence[Wanted]) -> list[Wanted]:
        """Those to which a turn saves kilometres."""
        return [w for w in candidates if self.saved_km(boxes, w) > 0.0]

    def saved_km(self, boxes: Emptied, wanted: Wanted) -> float:
        """The most empty kilometres that a turn of one box saves, by the ways that its days allow.

        Minus infinity where no road joins the places.
        """
        ways = dict(self.moves.ways(boxes.place, wanted.place))
        if self.late(boxes, wanted) and boxes.detention is None:
            del ways[""]
        nearest_km = min(ways.values(), default=inf)
        return boxes.return_km + wanted.pick_up_km - nearest_km

    def why_unused(self, boxes: Emptied) -> str:
        """The first rule that leaves no load unit of this plan for the boxes, in words."""
        settings = self.case.settings
        if not settings.on("round_use"):
            return "Round use is switched off in this scenario."
        refused = self.refused(boxes)
        if refused:
            return refused
        if not self.of_equipment(boxes):
            return f"No export of this plan fetches an empty {boxes.equipment} by road."
        if not self.agreeing(boxes):
            return f"No export sails with a line that loads boxes of {boxes.line or 'no owner'}."
        if not self.of_line(boxes):
            return "The lines of the exports do not take part in round use."
        if not self.of_grade(boxes):
            return f"All exports of their line want a better box than grade {boxes.grade}."
        if not self.after(boxes):
            return "No export of their line is stuffed after they stand empty."
        if not self.in_time(boxes):
            until = date.fromordinal(boxes.until)
            return f"No export in time: all are stuffed too long after their free time ({until})."
        candidates = self.consenting(boxes)
        if not candidates:
            return "The hauliers of the exports in time do not take part in round use."
        near = self.near(boxes, candidates)
        if not near:
            return f"Too far: {self.nearest(boxes, candidates)}"
        if all(sum(u.boxes for u in w.trip.came) >= w.quantity for w in near):
            return "All load units that could take them load other boxes."
        aim = {"min_cost": "cost", "min_total": "cost and CO2e"}.get(settings.objective, "CO2e")
        return f"Not worth it: with these boxes the plan has no less {aim}."

    def nearest(self, boxes: Emptied, candidates: Sequence[Wanted]) -> str:
        """The export with the shortest move, and why even that saves nothing."""
        best = max(candidates, key=lambda w: self.saved_km(boxes, w))
        saved = self.saved_km(boxes, best)
        if saved == -inf:
            return "no road joins them to an export."
        gain = boxes.return_km + best.pick_up_km
        return (
            f"even to {best.place} the move of {gain - saved:.0f} km is no shorter than the "
            f"{gain:.0f} km that it saves."
        )


def possible_turns(case: Case, emptied: Sequence[Emptied], wanted: Sequence[Wanted]) -> int:
    """Most boxes that this plan's load units could load again under all rules (a maximum flow).

    Whether the measure is on does not matter: the figure says how much there is to gain.
    """
    from ortools.graph.python import max_flow

    turns = Turns(case, wanted)
    flow = max_flow.SimpleMaxFlow()
    node = {id(w): 2 + i for i, w in enumerate(wanted)}
    source, sink = 0, 1
    for w in wanted:
        flow.add_arc_with_capacity(node[id(w)], sink, w.quantity)
    joined = False
    for i, boxes in enumerate(emptied, 2 + len(wanted)):
        takers = turns.open_to(boxes)
        if takers:
            flow.add_arc_with_capacity(source, i, boxes.quantity)
        for w in takers:
            flow.add_arc_with_capacity(i, node[id(w)], min(boxes.quantity, w.quantity))
            joined = True
    if not joined:
        return 0
    flow.solve(source, sink)
    return int(flow.optimal_flow())


def round_use_rows(
    case: Case, trips: Sequence[Trip], emptied: Sequence[Emptied], wanted: Sequence[Wanted]
) -> list[RoundUseRow]:
    """The turns by shipment, then a row with a reason for every source with unused boxes."""
    by_key = {boxes.key: boxes for boxes in emptied}
    trip_of = {t.shipment.shipment_id: t for t in trips}
    rows = []
    for trip in trips:
        shares = _changes_where_they_come(trip)
        for use, share in zip(trip.came, shares, strict=True):
            boxes = by_key[_key_of(use)]
            change = share + _elsewhere(case, use, boxes, trip_of)
            rows.append(_turn(trip, use, boxes, change))
    turns = Turns(case, wanted)
    used: dict[tuple[str, str], int] = {}
    for trip in trips:
        for use in trip.came:
            used[_key_of(use)] = used.get(_key_of(use), 0) + use.boxes
    for boxes in emptied:
        unused = boxes.quantity - used.get(boxes.key, 0)
        if unused > 0 and (boxes.boxes is not None or _inbound(boxes)):
            rows.append(_unused(boxes, turns.why_unused(boxes)))
    return rows


def _unused(boxes: Emptied, reason: str) -> RoundUseRow:
    empty_id, import_shipment_id = boxes.key
    return RoundUseRow(
        empty_id=empty_id,
        import_shipment_id=import_shipment_id,
        shipment_id="",
        equipment=boxes.equipment,
        line=boxes.line,
        boxes=0,
        origin=boxes.place,
        destination="",
        depot="",
        day=None,
        reason=reason,
    )


def _key_of(use: BoxUse) -> tuple[str, str]:
    return use.empties.empty_id if use.empties else "", use.import_shipment_id


def _inbound(boxes: Emptied) -> bool:
    """True for boxes that come with goods we buy: they stand where our exports are stuffed."""
    assert boxes.trip is not None
    return any(c.packed.order.flow == "inbound" for c in boxes.trip.shipment.contents)


def _turn(trip: Trip, use: BoxUse, boxes: Emptied, cost_change: float) -> RoundUseRow:
    first = trip.shipment.legs[0].offer
    turn = Turn(
        use.boxes,
        return_km=boxes.return_km,
        pick_up_km=first.driven_km,
        move_km=move_km(trip, use),
        per_km=first.empty_per_km,
        same_shipper=boxes.boxes is None or boxes.boxes.ours,
    )
    claim = claim_of(turn)
    reason = "" if isinstance(claim, Claim) else claim.reason
    if not isinstance(claim, Claim):
        claim = Claim(turn.km_saved, 0.0, 0.0, 0.0)
    return RoundUseRow(
        *boxes.key,
        trip.shipment.shipment_id,
        boxes.equipment,
        boxes.line,
        use.boxes,
        boxes.place,
        trip.shipment.origin,
        use.depot,
        min(use.day, trip.stuffed),
        claim.km_saved,
        claim.avoided_kg,
        claim.own_kg,
        claim.partner_kg,
        money(cost_change),
        reason,
    )


def _changes_where_they_come(trip: Trip) -> list[float]:
    """What fetching emptied boxes changes in the export's own haulage, shared by boxes."""
    if not trip.came:
        return []
    return split_exactly(reuse_change(trip, 0), [use.boxes for use in trip.came], CENT)


def _elsewhere(case: Case, use: BoxUse, boxes: Emptied, trip_of: dict[str, Trip]) -> float:
    """What the turn changes beside it: fee of the owner, detention, return or import's haulage."""
    fee = reuse_fee(case, boxes.line, use.boxes)
    change = fee.amount if fee else 0.0
    if use.empties is not None and use.empties.ours:
        change -= money(use.boxes * return_of(case, use.empties).cost)
    late = detention_charge(case, use, boxes)
    change += late.amount if late else 0.0
    if use.import_shipment_id:
        freed = trip_of[use.import_shipment_id]
        last = len(freed.shipment.legs) - 1
        parts = split_exactly(reuse_change(freed, last), [u.boxes for u in freed.went], CENT)
        change += parts[freed.went.index(use)]
    return change
