"""“Not me”, from somebody who was just let in and has sent nothing: what the code gave them ends: it was never theirs (R15, R33).

It is heard as that only on the day they were let in, and until their first photo: from then on the same words are about a photo.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.authority_events import never_theirs
from bot.domain.message import Message
from bot.domain.people import Person, Role, Standing
from bot.words import greetings, to_the_team

from .end_link import end_link, put_out
from .never_theirs import close_what_they_opened, undo_what_they_did
from .undo_link import take_back_what_they_received

NEW_FOR = timedelta(days=1)


async def is_newcomer(person: Person, tx: Transaction) -> bool:
    """Return whether somebody is here for patients alone, was let in within a day, and has sent nothing yet."""
    if person.roles != {Role.PATIENT} or await tx.rows.images.sent_by(person.id):
        return False
    held = await tx.rows.authorities.of_person(person.id)
    since = [authority.recorded_at for authority in held if authority.may_hold(tx.today)]
    return bool(since) and all(at is not None and tx.now < at + NEW_FOR for at in since)


async def not_me(request: Request, tx: Transaction) -> Message | None:
    person = request.person
    for authority in await tx.rows.authorities.of_person(person.id):
        if authority.may_hold(tx.today):
            person = await end_link(never_theirs(authority, tx.today), [], tx)
            await close_what_they_opened(authority, tx)
            patient = await tx.rows.patients.get(authority.patient_id)
            images = await tx.rows.images.of_patient(patient.id)
            await undo_what_they_did(person, images, person.id, tx)
            await take_back_what_they_received(person, patient, images, person, tx)
    await tx.audit(person.id, "person.not-me", person.id)
    await tx.tell_practice(to_the_team.NOT_THEM)
    await tx.ledger_message(request.arrival)
    if person.standing is Standing.LEFT:
        await put_out(person, greetings.not_you_after_all.english(tx.policy.practice), tx)
    return None
