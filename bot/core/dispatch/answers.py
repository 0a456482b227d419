"""Answers to questions that the bot asked: whose they are, what they may answer, and until when (R13)."""

from __future__ import annotations

from datetime import datetime

from bot.core.polls import close
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.choices import Choice, is_late_no, named_in_words, spent
from bot.domain.copies import subject_asked
from bot.domain.errors import Refused
from bot.domain.identifiers import PersonId, UseId
from bot.domain.rooms import RoomKind
from bot.words import about_requests, phrases

from .house import Request
from .reading import event_replied_to

_AGREES = frozenset({"yes", "sure"})


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


async def no_named(request: Request, tx: Transaction) -> Choice | None:
    """Return the no to a request for consent that the words give by its number, also where that was answered already (R29a)."""
    if request.room.kind is not RoomKind.OWN or not request.said.words:
        return None
    named = named_in_words(request.said.words, await tx.rows.choices.of_person(request.person.id))
    return named if named is not None and named.about == "specific-consent" and named.value == "no" else None


async def subject_replied_to(request: Request, tx: Transaction) -> str:
    """Return what the post asks about that the message replies to; "" where it replies to no question.

    A homeserver can change what a message replies to. So this takes answers away from words, and never gives them one that they
    had not: a yes to a request for consent needs its number all the same (R32).
    """
    event_id = event_replied_to(request.content)
    return subject_asked(await tx.rows.copies.of_event(event_id, request.room.id)) if event_id is not None else ""


async def asked_here(request: Request, tx: Transaction) -> list[Choice]:
    """What words said here may answer. Where people talk to one another, a "yes" is meant for them.

    A reply to one question answers no other, unless it says the other's number; and where the two disagree, a yes to a request
    for consent does not count (R32, R34).
    """
    mine = await tx.rows.choices.open_of_person(request.person.id)
    if request.room.kind is not RoomKind.OWN:
        mine = [choice for choice in mine if request.room.address == rooms.case(UseId(choice.subject))]
    subject = await subject_replied_to(request, tx)
    if not subject:
        return mine
    stands_open = any(choice.subject == subject for choice in mine)
    return [
        choice
        for choice in mine
        if choice.subject == subject or (_says_number(request, choice) and not (stands_open and _agrees(choice)))
    ]


def _says_number(request: Request, choice: Choice) -> bool:
    return bool(choice.number) and choice.number in request.said.words


def _agrees(choice: Choice) -> bool:
    return choice.about == "specific-consent" and choice.value in _AGREES
