"""Make the further copies of what is filed, keep account of how sure each is, and remove them with their entries (R16, R23, R35).

A further copy holds up no filing: entries wait in rows, oldest first, as long as a place is away. Each place has one writer at a
time. Before anything is placed, the place is asked by our own id, so nothing that was placed and never noted, as when the bot
died or a backup was restored, is placed twice. After a re-filing the right copy is placed and read back before the wrong one is
removed. One entry that a place will not have stops no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from bot.domain.assurance import Assurance, Left, Level, Residue, reaches
from bot.domain.delivery import Delivery
from bot.domain.delivery_events import (
    Declined,
    LookedAt,
    NothingToPlace,
    Placed,
    PlacingBegun,
    TakenOut,
    TriedAnew,
    delivery_after,
)
from bot.domain.delivery_reasons import AGAIN, LIES_THERE, MOVING, NO_PLACE, PLACED_AGAIN
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import NO_PATIENT, DeliveryId, PatientId
from bot.ports import Clock, Conflict, CopyPlace, Held, Journal, Packer, PatientRecord

from .delivery_account import DeliveryAccount
from .delivery_round import DidNotGo, Round
from .dispatch import Dispatch
from .effects.world import BytesInFlight

log = logging.getLogger("consentry.copies")


class FurtherCopies:
    """The port `Copying`, over all places of the practice."""

    def __init__(
        self,
        journal: Journal,
        dispatch: Dispatch,
        record: PatientRecord,
        places: Sequence[CopyPlace],
        packer: Packer,
        clock: Clock,
        in_flight: BytesInFlight | None = None,
    ) -> None:
        self.places = tuple(places)
        self._journal = journal
        self.account = DeliveryAccount(journal, dispatch, [place.destination for place in places], clock)
        self._record = record
        self._packer = packer
        self._in_flight = in_flight or BytesInFlight()
        self._turns = {place.destination.name: asyncio.Lock() for place in places}
        self._answered: set[str] = set()  # the places that did what was last asked of them
        self._under_way = 0

    @property
    def is_copying(self) -> bool:
        return self._under_way > 0

    async def secured(self, entry_id: str) -> bool:
        """Return whether every copy that the purge waits for is sure enough; make one on our own disk at once where it lacks."""
        for place in self.places:
            if place.destination.wait is not None and not await self._is_sure(place, entry_id):
                return False
        return True

    async def _is_sure(self, place: CopyPlace, entry_id: str) -> bool:
        to, wanted = place.destination, place.destination.wait
        assert wanted is not None
        delivery = await self.account.to(to.name, entry_id)
        if delivery is None and to.sealed and await self._record.fill(to, entry_id):
            delivery = await self.account.to(to.name, entry_id)
        if delivery is None or delivery.is_withheld or reaches(delivery.state, wanted):
            return True
        if not to.sealed or delivery.state is Level.REFUSED:
            return False
        try:
            await self._open(place)
            await self._deliver(place, delivery)
        except OutsideFailure as why:
            log.warning("entry %s has no second copy yet: %s", entry_id, why)
            return False
        delivery = await self.account.to(to.name, entry_id)
        return delivery is None or reaches(delivery.state, wanted)

    async def deliver_due(self, place: CopyPlace, apart: Collection[str] = ()) -> Round:
        """Go through everything that is due, oldest first, or ask whether the place is there; return what became of it.

        What failed comes again later, and does not stop the others. `OutsideFailure` when the place does not answer after that,
        or failed at several in a row. `apart`: the entries that fail while others go; they show nothing of the place.
        """
        name, seen, round = place.destination.name, set[tuple[DeliveryId, int]](), Round(apart)
        try:
            while due := [
                delivery for delivery in await self.account.due(name) if (delivery.id, delivery.version) not in seen
            ]:
                for delivery in due:
                    await self._open(place)
                    seen.add((delivery.id, delivery.version))
                    failure = await self._try(place, delivery, round)
                    if failure is not None and round.takes_nothing:
                        raise failure
                    if round.is_long:
                        return round
            if round.failed:
                await self._open(place)
            elif not seen and await self.account.is_begun(name):
                await self._require(place)
        except (OutsideFailure, *_UNFORESEEN) as why:
            self._answered.discard(name)
            raise _failure(why) from None
        return round

    async def _try(self, place: CopyPlace, delivery: Delivery, round: Round) -> OutsideFailure | None:
        """Work on one delivery; return why it failed, which is noted."""
        name, entry_id = place.destination.name, delivery.entry_id
        self._under_way += 1
        try:
            round.went(placed=await self._deliver(place, delivery))
        except (OutsideFailure, *_UNFORESEEN) as why:
            self._answered.discard(name)
            failure = _failure(why)
            code, held = str(failure).partition(":")[0], await self._held(entry_id)
            tries = await self.account.note_failed(name, entry_id, code)
            round.failed_at(entry_id, DidNotGo(code, tries, held.about if held is not None else ""))
            return failure
        finally:
            self._under_way -= 1
        return None

    async def try_refused(self, place: CopyPlace) -> None:
        """Let what was refused be tried anew."""
        async with self._journal.transaction() as rows:
            for delivery in await rows.deliveries.in_state(place.destination.name, Level.REFUSED):
                await rows.deliveries.save(delivery_after(delivery, TriedAnew(self.account.now())))

    async def take_out(self, entry_ids: Sequence[str]) -> Mapping[str, Left]:
        left: dict[str, Left] = {}
        for known in await self.account.of_entries(entry_ids):
            delivery = known if known.residue is not None else await self._take_out(known)
            residue = delivery.residue or Residue.GONE
            if residue is not Residue.GONE:
                before = left.get(delivery.destination, Left(residue))
                numbers = (*before.numbers, *self.account.numbers(delivery, [delivery.patient_id]))
                left[delivery.destination] = Left(max(before.residue, residue, key=_WORSE), numbers)
        return left

    async def give_up_moving(self, entry_ids: Sequence[str]) -> None:
        """Say of what was re-filed and lies in a place that is no longer configured: nobody moves it there (R15)."""
        named = {place.destination.name for place in self.places}
        for delivery in await self.account.of_entries(entry_ids):
            if delivery.destination in named or delivery.residue is not None or delivery.why != MOVING:
                continue
            held = await self._held(delivery.entry_id)
            looked_at = LookedAt(self.account.now(), Assurance(Level.UNKNOWN, NO_PLACE))
            about = held.about if held is not None else ""
            await self.account.note(delivery, looked_at, about=about, residue=Residue.BEYOND_REACH)

    async def give_up_what_moved_before(self) -> None:
        """Say the same, at a start, where the place was still configured when the entry was re-filed (R15)."""
        await self.give_up_moving(
            await self.account.moving_elsewhere([place.destination.name for place in self.places])
        )

    async def _take_out(self, known: Delivery) -> Delivery:
        name = known.destination
        place = next((place for place in self.places if place.destination.name == name), None)
        if place is None:
            # The practice does not name it any more. What was refused and seen to be gone, and nothing else, left no copy there.
            left_none = known.state is Level.REFUSED and known.ref is None and known.towards == NO_PATIENT
            taken_out = TakenOut(self.account.now(), Residue.GONE if left_none else Residue.BEYOND_REACH)
            await self.account.note(known, taken_out)
            return delivery_after(known, taken_out)
        async with self._turns[name]:
            delivery = await self.account.to(name, known.entry_id) or known  # it may have moved before this turn
            if delivery.residue is not None:
                return delivery
            residue = Residue.GONE
            if await self.account.is_begun(name) or await place.copy.there():
                residue = await _remove_under(place, delivery, delivery.astray(NO_PATIENT))
            taken_out = TakenOut(self.account.now(), residue)
            await self.account.note(delivery, taken_out)
            return delivery_after(delivery, taken_out)

    # ---- one delivery

    async def _deliver(self, place: CopyPlace, known: Delivery) -> bool:
        """Place a copy, or look at the one that lies there; return whether one was placed."""
        async with self._turns[place.destination.name]:
            delivery = await self.account.to(place.destination.name, known.entry_id)
            if delivery is None or delivery.residue is not None:
                return False
            held = await self._held(known.entry_id)
            if held is None:
                await self.account.note(delivery, NothingToPlace(self.account.now()))
                return False
            whose = held.patient.patient_id
            if delivery.ref is not None and not delivery.astray(whose) and delivery.why not in PLACED_AGAIN:
                shown = await place.copy.confirm(delivery.ref)
                if shown.why != AGAIN:
                    await self.account.note(delivery, LookedAt(self.account.now(), shown), about=held.about)
                    return False
            if not place.destination.sealed and not delivery.astray(whose) and await self.account.put_off(delivery):
                return False
            async with self._in_flight.room_for(2 * held.size):
                with suppress(Conflict):  # it is due again, for whom it is now
                    return await self._place(place, delivery, held)
        return False

    async def _held(self, entry_id: str) -> Held | None:
        """Return what the record has of it; None where it is destroyed, also while its removal still waits (R23)."""
        return None if await self.account.is_destroyed(entry_id) else await self._record.held(entry_id)

    async def _place(self, place: CopyPlace, known: Delivery, held: Held) -> bool:
        """Place a copy, or move the one that lies under the wrong patient; then ask how sure it is, and note that.

        Return False where it is declined.
        """
        to, whose, about, delivery = place.destination, held.patient.patient_id, held.about, known
        if known.state is Level.REFUSED:  # what people put right at the other end may be right by now
            delivery = await self.account.save(known, TriedAnew(self.account.now()))
        if whose not in {delivery.patient_id, delivery.towards}:
            if delivery.towards != NO_PATIENT:  # moved on before what was begun there was noted
                left = await _remove_under(place, delivery, [delivery.towards])
                await self.account.note_removed(delivery, about, left, delivery.towards)
            delivery = await self.account.save(delivery, PlacingBegun(whose))
        astray = delivery.astray(whose)
        try:
            leaving = await self._packer.packed(await self._record.consignment(delivery.entry_id, to.name), to)
            now = await self._held(delivery.entry_id)  # packing takes seconds
            if now is None or not now.patient.patient_id == leaving.patient.patient_id == whose:
                raise Conflict("re-filed or destroyed meanwhile")
            residue = Residue.GONE
            if astray:
                moved = await place.copy.move(delivery.under(astray[0]), leaving)
                ref, residue = moved.ref, moved.residue
            else:
                ref = await place.copy.place(leaving, delivery.under(whose))
            residue = max(residue, await _remove_under(place, delivery, astray[1:]), key=_WORSE)
            shown = await place.copy.confirm(ref)
        except Permanent as why:
            residue = await _remove_under(place, delivery, astray)  # whatever else, never the wrong patient's
            stays = why.code in LIES_THERE or delivery.is_settled_under(whose)
            # What was sent before the refusal, now or by a try that was never noted, goes too, or is not called gone.
            may_lie = stays or await _remove_under(place, delivery, [whose]) is not Residue.GONE
            declined = Declined(self.account.now(), whose, why.code, may_lie)
            await self.account.note(delivery, declined, known=known, about=about, residue=residue, patient=held.patient)
            return False
        placed = Placed(self.account.now(), whose, leaving.form, ref, ref.get("sha256", leaving.sha256), shown)
        await self.account.note(delivery, placed, known=known, about=about, residue=residue)
        return True

    async def _open(self, place: CopyPlace) -> None:
        """Take the place into use where nothing was ever placed; `OutsideFailure` when it is another one, or not there.

        One that answered last is not asked: each act asks by itself. One that did not is, before anything is packed for it.
        """
        if place.destination.name in self._answered:
            return
        if await self.account.is_begun(place.destination.name):
            await self._require(place)
        elif not await place.copy.there():
            await place.copy.begin()

    async def _require(self, place: CopyPlace) -> None:
        if not await place.copy.there():
            raise OutsideFailure("away")
        self._answered.add(place.destination.name)


_WORSE = list(Residue).index
_UNFORESEEN = (AttributeError, LookupError, TypeError, ValueError)  # what reading an answer ends in that is none


def _failure(why: Exception) -> OutsideFailure:
    """Return it as the place's own trouble: what one place answers must not stop the bot. Its own text may hold anything."""
    if isinstance(why, OutsideFailure):
        return why
    log.error("a place for copies answered what nobody foresaw: %s", type(why).__name__)
    return OutsideFailure("unwell")


async def _remove_under(place: CopyPlace, delivery: Delivery, patients: Sequence[PatientId]) -> Residue:
    """Remove the copies that lie, or may lie, under these patients; return the worst that is left."""
    left = [await place.copy.remove(delivery.under(patient_id)) for patient_id in patients]
    return max(left, key=_WORSE, default=Residue.GONE)
