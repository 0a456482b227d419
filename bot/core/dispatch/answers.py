"""Answers to questions that the bot asked: whose they are, what they may answer, and until when (R13)."""

from __future__ import annotations

from datetime import datetime

from bot.core.polls import close
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.choices import Choice, is_late_no, spent
from bot.domain.errors import Refused
from bot.domain.identifiers import PersonId, UseId
from bot.domain.rooms import RoomKind
from bot.words import about_requests, phrases

from .house import Request


def refuse_spent(choice: Choice | None, at: datetime) -> None:
    """Once, and before it expires; by tap or in words (R13). A no that comes late is for its handler to keep."""
    if choice is None or is_late_no(choice, at) or (choice.used_at is None and at < choice.expires_at):
        return
    if (choice.used_at or at) >= choice.expires_at:
        raise Refused(phrases.question_expired(), "R13", choice.poll_id)
    consent = choice.about == "specific-consent"
    said = about_requests.consent_answered_already() if consent else phrases.answered_already()
    raise Refused(said, "R13", choice.poll_id)


def refuse_unsigned(request: Request) -> None:
    """Refuse what somebody would be bound by, and asked in no message: what proves it is what their app signed (R13)."""
    if request.arrival is None:
        raise Refused(phrases.answer_in_your_chat(), "R13")


async def make_choice(choice: Choice, person_id: PersonId, tx: Transaction) -> None:
    """Use up the whole question, whichever of its answers was given. A poll that was tapped shows that by itself."""
    asked = await tx.rows.choices.open_of_poll(choice.poll_id)
    for one in asked:
        if one.copy_id == choice.copy_id:
            await tx.rows.choices.save(spent(one, tx.now))
    await close(tx, [one for one in asked if one.copy_id != choice.copy_id])
    await tx.audit(person_id, "choice.made", choice.poll_id, about=choice.about, value=choice.value)


async def asked_here(request: Request, tx: Transaction) -> list[Choice]:
    """What words said here may answer. Where people talk to one another, a "yes" is meant for them."""
    mine = await tx.rows.choices.open_of_person(request.person.id)
    if request.room.kind is RoomKind.OWN:
        return mine
    return [choice for choice in mine if request.room.address == rooms.case(UseId(choice.subject))]
