"""Stop the copies of a record that are on their way to somebody and hold what is not for them any more; make new ones (R25)."""

from __future__ import annotations

from bot.domain import rooms
from bot.domain.identifiers import PatientId, PersonId
from bot.domain.intents import PrepareCopy, ReserveCopy, SendCopy

from .transaction import Transaction
from .uses.not_shown import tell_not_shown


async def stop_copies_with(tx: Transaction, entry_id: str, person_id: PersonId, patient_id: PatientId) -> bool:
    """Return whether a copy with this entry was on its way to them: a try to send it may have got through.

    All parts of that copy are stopped: what was sent of them is found and goes, and a new copy without the entry follows.
    """
    own = rooms.own(person_id)
    waiting = await tx.rows.waiting_in(own)
    parts = [planned for planned in waiting if isinstance(planned.intent, SendCopy | ReserveCopy)]
    theirs = [planned for planned in parts if planned.intent.patient_id == patient_id]  # type: ignore[union-attr]
    sending = [planned.intent for planned in theirs if isinstance(planned.intent, SendCopy)]
    if not any(entry_id in part.entry_ids for part in sending):
        return False
    await tell_not_shown(await tx.cancel(own, only={part.copy_id for part in sending}), tx)
    for planned in theirs:
        if isinstance(planned.intent, ReserveCopy):
            await tx.rows.finish(planned)
    await tx.plan(PrepareCopy(person_id, patient_id), lane=f"copy:{person_id}")
    return True
