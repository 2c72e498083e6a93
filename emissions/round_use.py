"""Accounting for the round use of boxes: what is emitted, what is avoided, who may claim it.

A street turn replaces two empty ways by road (the emptied box back to its port, an empty box out to
the exporter) by one move between the two places:

    km saved = return + pick-up - move

* The inventory is what each party's legs emit after the turn; nothing avoided is netted from it.
* Avoided emissions stand apart, against the named baseline "every box by way of its port".
* A turn that saves no kilometre is rejected: it avoids nothing.
* The claim is shared. Both shippers made the turn possible, so each may claim half unless they
  agree on another split. The shares add up to one: together they never claim more than the whole.
  A shipper who stands on both sides (its own boxes) has the whole.
* No saving at sea is claimed. The box sails anyway; whether one box less is repositioned by sea is
  the line's stock keeping, not the turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from emissions.co2e import Co2e
from emissions.energy import Intensity
from lowhaul.errors import LowhaulError
from lowhaul.units import GRAM, kilograms, kilometres, split_exactly

HALF = 0.5
"""Default share of each shipper in the claim."""


@dataclass(frozen=True)
class Turn:
    """So many boxes that are loaded again: driven kilometres of one box, and one empty kilometre.

    `per_km` is the CO2e of one km with the empty box on the vehicle. `same_shipper`: import and
    export side are one company, so there is nobody to share with.
    """

    boxes: float
    return_km: float
    pick_up_km: float
    move_km: float
    per_km: Co2e
    same_shipper: bool = False
    mode: str = "road"

    @property
    def km_saved(self) -> float:
        """Empty kilometres of all boxes that are no longer driven, to the metre."""
        return kilometres(self.boxes * (self.return_km + self.pick_up_km - self.move_km))

    @property
    def empty_km_before(self) -> float:
        """Empty kilometres by way of the port."""
        return self.boxes * (self.return_km + self.pick_up_km)

    @property
    def empty_km_after(self) -> float:
        """Empty kilometres of the turn."""
        return self.boxes * self.move_km


@dataclass(frozen=True)
class Claim:
    """Avoided emissions of a turn, kg to the gram; `own_kg` + `partner_kg` = `avoided_kg`."""

    km_saved: float
    avoided_kg: float
    own_kg: float
    partner_kg: float


@dataclass(frozen=True)
class Rejected:
    """Why a turn avoids nothing that could be claimed."""

    reason: str


def claim_of(turn: Turn, own_share: float = HALF) -> Claim | Rejected:
    """What a turn avoids and whose claim it is; Rejected where no road kilometre is saved.

    `own_share` (0 to 1) is what the two shippers agreed on; half each without an agreement. It does
    not count where both sides are one shipper.
    """
    if turn.mode != "road":
        return Rejected(f"No saving by {turn.mode} is claimed for a street turn: the box moves on.")
    if turn.km_saved <= 0:
        return Rejected(
            f"The move of {turn.move_km:g} km is no shorter than the "
            f"{turn.return_km + turn.pick_up_km:g} km that it replaces: no kilometre is saved."
        )
    avoided = kilograms(turn.km_saved * turn.per_km.wtw_kg)
    own, partner = split_claim(avoided, 1.0 if turn.same_shipper else own_share)
    return Claim(turn.km_saved, avoided, own, partner)


def split_claim(avoided_kg: float, own_share: float = HALF) -> tuple[float, float]:
    """Avoided emissions of both parties, exact to the gram: ours and the partner's."""
    if not 0.0 <= own_share <= 1.0:
        raise LowhaulError(f"A share of {own_share:g} in a claim: 0 to 1 is wanted.")
    own, partner = split_exactly(avoided_kg, [own_share, 1.0 - own_share], GRAM)
    return own, partner


def check_claims(avoided_kg: float, claimed_kg: Sequence[float]) -> Rejected | None:
    """Rejected where several parties together claim more than was avoided (to the gram)."""
    whole = kilograms(sum(claimed_kg))
    if whole <= kilograms(avoided_kg):
        return None
    return Rejected(f"{whole:g} kg are claimed together, but only {avoided_kg:g} kg were avoided.")


@dataclass(frozen=True)
class BeforeAndAfter:
    """An inventory before and after a measure; the difference is a reduction, not an offset."""

    before_kg: float
    after_kg: float

    @property
    def saving_kg(self) -> float:
        """Less than before (negative: more)."""
        return self.before_kg - self.after_kg

    @property
    def saving_share(self) -> float:
        """Of what was before; 0 where that was nothing."""
        return self.saving_kg / self.before_kg if self.before_kg else 0.0


def per_box(total_kg: float, boxes: float) -> float:
    """kg of one box."""
    if not boxes > 0:
        raise LowhaulError("A figure per box needs boxes.")
    return total_kg / boxes


def toc_before_and_after(
    laden: Co2e, activity_tkm: float, laden_km: float, turns: Sequence[Turn]
) -> tuple[Intensity, Intensity]:
    """The intensity of the drayage with its empty ways, by way of the port and with the turns.

    `laden`, `activity_tkm` and `laden_km` are those of the laden ways that the turns serve; they
    are the same before and after, only the empty kilometres differ.
    """
    before = after = Co2e.zero()
    km_before = km_after = 0.0
    for turn in turns:
        before += turn.empty_km_before * turn.per_km
        after += turn.empty_km_after * turn.per_km
        km_before += turn.empty_km_before
        km_after += turn.empty_km_after
    return (
        Intensity(laden + before, activity_tkm, "tkm", "sfd", laden_km, km_before),
        Intensity(laden + after, activity_tkm, "tkm", "sfd", laden_km, km_after),
    )
