"""The account of further copies: what is due, what became of each copy, and who hears of it (R27, R35).

Every change of what is known of a copy has one line in the audit log, save of the second copy, which never leaves what our keys
protect. The practice room hears once when a person must look, of each patient whom a place does not know; what is asked again and
stands as before is not told again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.domain import rooms
from bot.domain.assurance import Assurance, Level, Residue, reaches
from bot.domain.consignment import archive_number
from bot.domain.delivery import Delivery, lane_until_secured
from bot.domain.delivery_events import Declined, DeliveryEvent, LookedAt, NotPlaced, Placed, TakenOut, delivery_after
from bot.domain.delivery_reasons import LACKS_BESIDE, LIES_THERE, MOVING, OF_ONE_PATIENT, UNREAD, UNSETTLED
from bot.domain.destination import SECOND_COPY, Destination
from bot.domain.entries import PatientIdentity
from bot.domain.identifiers import DocumentId, ImageId, PatientId
from bot.domain.image import HeldFor
from bot.ports import Clock, Commit, Conflict, Journal
from bot.words import about_further_copies as words

from .dispatch import Dispatch
from .transaction import Transaction

AT_ONCE = 100  # rows read together


class DeliveryAccount:
    def __init__(self, journal: Journal, dispatch: Dispatch, destinations: Sequence[Destination], clock: Clock) -> None:
        self._journal = journal
        self._dispatch = dispatch
        self._waits = {to.name: to.wait for to in destinations if to.wait is not None}
        self._archives = {to.name for to in destinations if to.is_archive}
        self._now = clock.now
        self._begun: set[str] = set()

    def now(self) -> datetime:
        return self._now()

    # ---- asking

    async def to(self, name: str, entry_id: str) -> Delivery | None:
        async with self._journal.reading() as rows:
            return await rows.deliveries.to(name, entry_id)

    async def of_entries(self, entry_ids: Sequence[str]) -> Sequence[Delivery]:
        async with self._journal.reading() as rows:
            return await rows.deliveries.of_entries(tuple(entry_ids))

    async def due(self, name: str) -> Sequence[Delivery]:
        async with self._journal.reading() as rows:
            return await rows.deliveries_due(name, self._now(), AT_ONCE)

    async def due_in(self, name: str) -> timedelta | None:
        """Return how long it is until something is due there; None while nothing waits."""
        async with self._journal.reading() as rows:
            due_at = await rows.delivery_due_at(name)
        return None if due_at is None else max(due_at - self._now(), timedelta())

    async def failing(self, name: str) -> set[str]:
        """Return the entries that are left there and failed before."""
        async with self._journal.reading() as rows:
            return set(await rows.deliveries_failing(name))

    async def is_destroyed(self, entry_id: str) -> bool:
        """Return whether the register says that it, or the image it is about, is to be destroyed or was (R23)."""
        async with self._journal.reading() as rows:
            document = await rows.documents.known(DocumentId(entry_id))
            about = (document.image_id,) if document is not None and document.image_id else ()
            return bool(await rows.destructions.of_any((entry_id, *about)))

    async def is_begun(self, name: str) -> bool:
        """Return whether anything was ever placed there."""
        if name not in self._begun:
            async with self._journal.reading() as rows:
                if await rows.delivery_begun(name):
                    self._begun.add(name)
        return name in self._begun

    async def moving_elsewhere(self, named: Collection[str]) -> list[str]:
        """Return the entries of which a copy is to move in a place that is none of these."""
        async with self._journal.reading() as rows:
            counted = await rows.delivery_counts()
            places = {count.destination for count in counted if count.why == MOVING}.difference(named)
            return [moving.entry_id for place in sorted(places) for moving in await rows.deliveries.moving(place)]

    def numbers(self, delivery: Delivery, patients: Sequence[PatientId]) -> list[str]:
        """Return by which numbers the copies under these patients are found where they lie; none where there are no numbers."""
        return [
            archive_number(delivery.under(patient_id)["id"])
            for patient_id in patients
            if delivery.destination in self._archives
        ]

    # ---- writing

    async def save(self, delivery: Delivery, event: DeliveryEvent) -> Delivery:
        """Write down what is of no interest to anybody yet."""
        async with self._journal.transaction() as rows:
            return await rows.deliveries.save(delivery_after(delivery, event))

    async def note_failed(self, name: str, entry_id: str, why: str) -> int:
        """Write it down; return how often in a row it has failed by now."""
        delivery = await self.to(name, entry_id)  # as it is by now: that a copy was begun is noted already
        if delivery is None:
            return 0
        await self.note(delivery, NotPlaced(self._now(), why))
        return delivery.tries + 1

    async def put_off(self, delivery: Delivery) -> bool:
        """Let it wait until it is settled whose photo it is, or is about; return whether it waits (R15).

        One that was moved to another record goes after it all the same: whatever else, it leaves the wrong patient's. A signed
        form is a photo of its own here: it stands beside a colleague's, and waits only where it is itself in doubt.
        """
        async with self._journal.reading() as rows:
            document = await rows.documents.known(DocumentId(delivery.entry_id))
            image = await rows.images.known(document.image_id if document else ImageId(delivery.entry_id))
        doubted = image is not None and image.held_for is HeldFor.SOMEBODY_ELSE and not image.was_moved
        if image is None or not (image.moving_to or doubted):
            return False
        await self.note(delivery, LookedAt(self._now(), Assurance(Level.WAITING, UNSETTLED)))
        return True

    async def note_removed(self, delivery: Delivery, about: str, residue: Residue, whose: PatientId) -> None:
        """Write down that the copy under a wrong patient went which was begun and never noted, and tell what is left of it."""
        async with self._journal.transaction() as rows:
            tx = self._dispatch.transaction(rows)
            if delivery.destination != SECOND_COPY:
                name, state = delivery.destination, residue.value
                await tx.audit("bot", "delivery.wrong-one-removed", delivery.entry_id, to=name, state=state)
            if residue is not Residue.GONE:
                numbers = self.numbers(delivery, [whose])
                await tx.tell_practice(words.wrong_copy_stays(delivery.destination, about, residue, numbers))

    async def note(
        self,
        delivery: Delivery,
        event: DeliveryEvent,
        *,
        known: Delivery | None = None,
        about: str = "",
        residue: Residue = Residue.GONE,
        patient: PatientIdentity | None = None,
    ) -> None:
        """Write down what happened; not if it was re-filed meanwhile: then it is done again.

        `known`: what was known of the copy before this turn. `residue`: what is left of those under a wrong patient.
        """
        after = delivery_after(delivery, event)
        if after == delivery:
            return
        try:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                well_again = await _is_well_again(rows, known or delivery, delivery, after)
                alike = after.lacks_beside and await _lack_beside(rows, after.destination)
                await rows.deliveries.save(after)
                if delivery.destination != SECOND_COPY:
                    await _audit(tx, known or delivery, delivery, event, after, residue)
                if after.state is not delivery.state:  # what waits in the chat for this copy looks at once
                    await rows.hurry(lane_until_secured(delivery.entry_id), tx.now)
                if residue is not Residue.GONE:
                    numbers = self.numbers(delivery, delivery.astray(after.patient_id))
                    await tx.tell_practice(words.wrong_copy_stays(delivery.destination, about, residue, numbers))
                if after.lacks_beside and not alike:
                    await tx.tell_practice(words.lacks_beside(after.destination, about, after.why))
                if well_again:
                    why = (known or delivery).why
                    await tx.tell_practice(
                        words.right_after_all(after.destination, about, after.state, after.form, why)
                    )
                if after.why == UNREAD != delivery.why:
                    told, name = words.answer_unread(after.destination), after.destination
                    await tx.say_daily(rooms.PRACTICE, told, f"unread:{name}")
                if after.needs_a_person and not delivery.needs_a_person and not after.stands_as(known or delivery):
                    await self._ask_to_look(tx, after, about, patient)
        except Conflict:
            return
        if isinstance(event, Placed):
            self._begun.add(delivery.destination)

    async def _ask_to_look(self, tx: Transaction, after: Delivery, about: str, patient: PatientIdentity | None) -> None:
        """Ask people to look at a copy: once a day for each reason; where that is of the patient, for each of the first few."""
        name, why, key = after.destination, after.why, f"refused:{after.destination}:{after.why}"
        told = words.needs_a_person(name, about, after.state, why, patient)
        if why in OF_ONE_PATIENT:
            counts = await tx.rows.delivery_counts()
            alike = sum(count.entries for count in counts if (count.destination, count.why) == (name, why))
            if alike > words.MOST_NAMED:
                told = words.many_need_a_person(name, about, why, alike)
            else:
                key = f"{key}:{after.patient_id}"
        if after.may_lie_refused and why not in LIES_THERE:
            told = f"{told} {words.may_lie_there(name)}"
        wait = self._waits.get(name)
        if wait is not None and not reaches(after.state, wait):
            told = f"{told} {words.chat_keeps_it(name)}"
        await tx.say_daily(rooms.PRACTICE, told, key)


async def _is_well_again(rows: Commit, before: Delivery, stored: Delivery, after: Delivery) -> bool:
    """Return whether people were asked to look at it, and need not any more for that reason, at this copy or another."""
    if not before.was_asked_about or not after.is_as_it_should_be:
        return False
    counts = [count for count in await rows.delivery_counts() if count.destination == after.destination]
    alike = sum(count.entries for count in counts if count.why == before.why)
    return alike == (stored.why == before.why)


async def _lack_beside(rows: Commit, name: str) -> bool:
    """Return whether it is so of any copy there that what programs read beside it is not as it should be."""
    counts = [count for count in await rows.delivery_counts() if count.destination == name]
    return any(count.state is Level.VERIFIED and count.why in LACKS_BESIDE for count in counts)


async def _audit(
    tx: Transaction, known: Delivery, delivery: Delivery, event: DeliveryEvent, after: Delivery, residue: Residue
) -> None:
    """Write a line where a copy left, went, or is known for another than before; nothing of patients stands in it (R27)."""
    name, entry_id = delivery.destination, delivery.entry_id
    same = (known.state, known.residue) == (after.state, after.residue)
    if isinstance(event, Placed) or not same or (isinstance(event, Declined) and known.why != after.why):
        state = after.residue or after.state
        await tx.audit("bot", f"delivery.{type(event).__name__}", entry_id, to=name, state=state.value, why=after.why)
    if not isinstance(event, TakenOut) and isinstance(event, Placed | Declined) and delivery.astray(after.patient_id):
        await tx.audit("bot", "delivery.wrong-one-removed", entry_id, to=name, state=residue.value)
