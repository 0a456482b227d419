"""Make the further copies of what is filed, keep account of how sure each is, and remove them with their entries (R16, R23, R35).

A further copy holds up no filing: entries wait in rows, oldest first, as long as a place is away. Each place has one writer at a
time. Before anything is placed, the place is asked by our own id, so nothing that was placed and never noted, as when the bot
died or a backup was restored, is placed twice. After a re-filing the right copy is placed and read back before the wrong one is
removed. One entry that a place will not have stops no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from bot.domain import rooms
from bot.domain.assurance import Left, Level, Residue, reaches
from bot.domain.delivery import (
    AGAIN,
    PLACED_AGAIN,
    STAFF_ONLY,
    Declined,
    Delivery,
    DeliveryEvent,
    LookedAt,
    NotPlaced,
    Placed,
    PlacingBegun,
    TakenOut,
    TriedAnew,
    archive_number,
    delivery_after,
    lane_until_secured,
)
from bot.domain.entries import PatientIdentity
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import NO_PATIENT, DeliveryId, PatientId
from bot.ports import Clock, Conflict, CopyPlace, Journal, Packer, PatientRecord
from bot.words import about_further_copies as words

from .dispatch import Dispatch
from .effects.world import BytesInFlight

AT_ONCE = 100  # rows read together
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
        self._dispatch = dispatch
        self._record = record
        self._packer = packer
        self._now = clock.now
        self._in_flight = in_flight or BytesInFlight()
        self._turns = {place.destination.name: asyncio.Lock() for place in places}
        self._begun: set[str] = set()
        self._answered: set[str] = set()  # the places that did what was last asked of them

    async def secured(self, entry_id: str) -> bool:
        """Return whether every copy that the purge waits for is sure enough; make one on our own disk at once where it lacks."""
        for place in self.places:
            if place.destination.wait is not None and not await self._is_sure(place, entry_id):
                return False
        return True

    async def _is_sure(self, place: CopyPlace, entry_id: str) -> bool:
        to, wanted = place.destination, place.destination.wait
        assert wanted is not None
        delivery = await self._to(to.name, entry_id)
        if delivery is None and to.sealed and await self._record.fill(to, entry_id):
            delivery = await self._to(to.name, entry_id)
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
        delivery = await self._to(to.name, entry_id)
        return delivery is None or reaches(delivery.state, wanted)

    async def deliver_due(self, place: CopyPlace) -> bool:
        """Go through everything that is due, oldest first, or ask whether the place is there; return whether anything was due.

        `OutsideFailure` as soon as the place fails. What it failed on comes again later, so that it does not stop the others.
        """
        name, seen = place.destination.name, set[tuple[DeliveryId, int]]()
        try:
            while due := [
                delivery for delivery in await self._due(name) if (delivery.id, delivery.version) not in seen
            ]:
                await self._open(place)
                for delivery in due:
                    seen.add((delivery.id, delivery.version))
                    try:
                        await self._deliver(place, delivery)
                    except OutsideFailure as why:
                        await self._note_failed(name, delivery.entry_id, why)
                        raise
            if not seen and await self._is_begun(name):
                await self._require(place)
        except OutsideFailure:
            self._answered.discard(name)
            raise
        return bool(seen)

    async def has_failed(self, place: CopyPlace) -> bool:
        """Return whether something is left that failed before."""
        async with self._journal.reading() as rows:
            return await rows.delivery_failed(place.destination.name)

    async def due_in(self, place: CopyPlace) -> timedelta | None:
        """Return how long it is until something is due there; None while nothing waits."""
        async with self._journal.reading() as rows:
            due_at = await rows.delivery_due_at(place.destination.name)
        return None if due_at is None else max(due_at - self._now(), timedelta())

    async def try_refused(self, place: CopyPlace) -> None:
        """Let what was refused be tried anew."""
        async with self._journal.transaction() as rows:
            for delivery in await rows.deliveries.in_state(place.destination.name, Level.REFUSED):
                await rows.deliveries.save(delivery_after(delivery, TriedAnew(self._now())))

    async def take_out(self, entry_ids: Sequence[str]) -> Mapping[str, Left]:
        async with self._journal.reading() as rows:
            deliveries = await rows.deliveries.of_entries(tuple(entry_ids))
        left: dict[str, Left] = {}
        for delivery in deliveries:
            residue = delivery.residue or await self._take_out(delivery)
            if residue is not Residue.GONE:
                before = left.get(delivery.destination, Left(residue))
                numbers = (*before.numbers, *self._numbers(delivery, [delivery.patient_id]))
                left[delivery.destination] = Left(max(before.residue, residue, key=_WORSE), numbers)
        return left

    async def _take_out(self, delivery: Delivery) -> Residue:
        name = delivery.destination
        place = next((place for place in self.places if place.destination.name == name), None)
        if place is None:  # the practice does not name it any more
            residue = Residue.GONE if delivery.ref is None else Residue.BEYOND_REACH
            await self._note(delivery, TakenOut(self._now(), residue))
            return residue
        async with self._turns[name]:
            residue = Residue.GONE
            if await self._is_begun(name) or await place.copy.there():
                residue = await _remove_under(place, delivery, delivery.astray(NO_PATIENT))
            await self._note(delivery, TakenOut(self._now(), residue), open_=not place.destination.sealed)
        return residue

    # ---- one delivery

    async def _deliver(self, place: CopyPlace, known: Delivery) -> None:
        async with self._turns[place.destination.name]:
            delivery = await self._to(place.destination.name, known.entry_id)
            held = await self._record.held(known.entry_id)
            if delivery is None or delivery.residue is not None or held is None:
                return  # what is destroyed here is about to be taken out there too
            whose = held.patient.patient_id
            if delivery.ref is not None and not delivery.astray(whose) and delivery.why not in PLACED_AGAIN:
                shown = await place.copy.confirm(delivery.ref)
                if shown.why != AGAIN:
                    await self._note_looked_at(delivery, held.about, LookedAt(self._now(), shown))
                    return
            async with self._in_flight.room_for(2 * held.size):
                with suppress(Conflict):  # it is due again, for whom it is now
                    if delivery.state is Level.REFUSED:  # what people put right at the other end may be right by now
                        delivery = await self._save(delivery, TriedAnew(self._now()))
                    await self._place(place, delivery, whose)

    async def _place(self, place: CopyPlace, delivery: Delivery, whose: PatientId) -> None:
        """Place a copy, or move the one that lies under the wrong patient; then ask how sure it is, and note that."""
        to, about, patient = place.destination, "", None
        if whose not in {delivery.patient_id, delivery.towards}:
            delivery = await self._save(delivery, PlacingBegun(whose))
        astray = delivery.astray(whose)
        try:
            original = await self._record.consignment(delivery.entry_id, to.name)
            about, patient = original.about, original.patient
            leaving = await self._packer.packed(original, to)
            held = await self._record.held(delivery.entry_id)  # packing takes seconds
            if held is None or not held.patient.patient_id == leaving.patient.patient_id == whose:
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
            event = Declined(self._now(), whose, why.code)
            await self._note_declined(place, delivery, about, event, residue, patient)
            return
        placed = Placed(self._now(), whose, leaving.form, ref, ref.get("sha256", leaving.sha256), shown)
        await self._note(delivery, placed, about=about, residue=residue, open_=not to.sealed)
        self._begun.add(to.name)

    async def _note_failed(self, name: str, entry_id: str, why: OutsideFailure) -> None:
        delivery = await self._to(name, entry_id)  # as it is by now: that a copy was begun is noted already
        if delivery is not None:
            await self._note(delivery, NotPlaced(self._now(), str(why).partition(":")[0]))

    async def _note_looked_at(self, delivery: Delivery, about: str, event: LookedAt) -> None:
        name, after = delivery.destination, delivery_after(delivery, event)
        if await self._note(delivery, event) and after.needs_a_person and not delivery.needs_a_person:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                await tx.say_daily(rooms.PRACTICE, words.refused(name, about, after.why), f"refused:{name}")

    async def _note_declined(
        self,
        place: CopyPlace,
        delivery: Delivery,
        about: str,
        event: Declined,
        residue: Residue,
        patient: PatientIdentity | None,
    ) -> None:
        name, open_ = place.destination.name, not place.destination.sealed
        written = await self._note(delivery, event, about=about, residue=residue, open_=open_)
        if written and event.why != STAFF_ONLY:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                await tx.say_daily(rooms.PRACTICE, words.refused(name, about, event.why, patient), f"refused:{name}")

    async def _note(
        self,
        delivery: Delivery,
        event: DeliveryEvent,
        *,
        about: str = "",
        residue: Residue = Residue.GONE,
        open_: bool = False,
    ) -> bool:
        """Write down what happened; not if it was re-filed meanwhile: then it is done again. Return whether it was written."""
        after = delivery_after(delivery, event)
        if after == delivery:
            return True
        try:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                await rows.deliveries.save(after)
                if open_ and _is_news(delivery, event, after):  # it leaves what our keys protect: the log says so (R27)
                    how, name = type(event).__name__, delivery.destination
                    state = after.residue or after.state
                    await tx.audit(
                        "bot", f"delivery.{how}", delivery.entry_id, to=name, state=state.value, why=after.why
                    )
                if after.state is not delivery.state:  # what waits in the chat for this copy looks at once
                    await rows.hurry(lane_until_secured(delivery.entry_id), tx.now)
                if residue is not Residue.GONE:
                    numbers = self._numbers(delivery, delivery.astray(after.patient_id))
                    await tx.tell_practice(words.wrong_copy_stays(delivery.destination, about, residue, numbers))
        except Conflict:
            return False
        return True

    async def _save(self, delivery: Delivery, event: DeliveryEvent) -> Delivery:
        async with self._journal.transaction() as rows:
            return await rows.deliveries.save(delivery_after(delivery, event))

    # ---- asking

    async def _open(self, place: CopyPlace) -> None:
        """Take the place into use where nothing was ever placed; `OutsideFailure` when it is another one, or not there.

        One that answered last is not asked: each act asks by itself. One that did not is, before anything is packed for it.
        """
        if place.destination.name in self._answered:
            return
        if await self._is_begun(place.destination.name):
            await self._require(place)
        elif not await place.copy.there():
            await place.copy.begin()

    async def _require(self, place: CopyPlace) -> None:
        if not await place.copy.there():
            raise OutsideFailure("away")
        self._answered.add(place.destination.name)

    def _numbers(self, delivery: Delivery, patients: Sequence[PatientId]) -> list[str]:
        """Return by which numbers the copies under these patients are found where they lie; none where there are no numbers."""
        archives = {place.destination.name for place in self.places if place.destination.is_archive}
        return [
            archive_number(delivery.under(patient_id)["id"])
            for patient_id in patients
            if delivery.destination in archives
        ]

    async def _is_begun(self, name: str) -> bool:
        if name not in self._begun:
            async with self._journal.reading() as rows:
                if await rows.delivery_begun(name):
                    self._begun.add(name)
        return name in self._begun

    async def _due(self, name: str) -> Sequence[Delivery]:
        async with self._journal.reading() as rows:
            return await rows.deliveries_due(name, self._now(), AT_ONCE)

    async def _to(self, name: str, entry_id: str) -> Delivery | None:
        async with self._journal.reading() as rows:
            return await rows.deliveries.to(name, entry_id)


_WORSE = list(Residue).index


async def _remove_under(place: CopyPlace, delivery: Delivery, patients: Sequence[PatientId]) -> Residue:
    """Remove the copies that lie, or may lie, under these patients; return the worst that is left."""
    left = [await place.copy.remove(delivery.under(patient_id)) for patient_id in patients]
    return max(left, key=_WORSE, default=Residue.GONE)


def _is_news(delivery: Delivery, event: DeliveryEvent, after: Delivery) -> bool:
    return isinstance(event, Placed | Declined | TakenOut) or after.state is not delivery.state
