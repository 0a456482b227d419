"""“Not me”, from somebody who was just let in and has sent nothing: what the code gave them ends at once (R15, R33).

It is heard as that only until their first photo: from then on the same words are about a photo.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.message import Message
from bot.domain.people import Person, Role, Standing
from bot.words import greetings, to_the_team

from .end_link import end_link, put_out


async def is_newcomer(person: Person, tx: Transaction) -> bool:
    """Return whether somebody is here for patients alone, and has sent nothing yet."""
    return person.roles == {Role.PATIENT} and not await tx.rows.images.sent_by(person.id)


async def not_me(request: Request, tx: Transaction) -> Message | None:
    person = request.person
    for authority in await tx.rows.authorities.of_person(person.id):
        if authority.may_hold(tx.today):
            person = await end_link(authority, [], tx)
    await tx.audit(person.id, "person.not-me", person.id)
    await tx.tell_practice(to_the_team.NOT_THEM)
    await tx.ledger_message(request.arrival)
    if person.standing is Standing.LEFT:
        await put_out(person, greetings.not_you_after_all.english(tx.policy.practice), tx)
    return None
