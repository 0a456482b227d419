"""What people do about a check by emoji, and what comes of it: compare, confirm, pin.

The emoji are shown to the operator and to managers in their own rooms, never to the person being checked: they read them from
their own app, and somebody else compares. Only that other person's yes goes on, and it is in the audit log before anything
leaves. An identity that was on a lost phone is never pinned again, whatever the emoji say.
"""

from __future__ import annotations

from typing import Literal

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import OPERATOR, PersonId, VerificationId
from bot.domain.intents import Say, SignIdentity
from bot.domain.message import Message
from bot.domain.people import Person, Standing
from bot.domain.taking_part import FoundTheSame, person_after
from bot.domain.verification import DIFFERENT, LASTS, Stage, Verification, compared, may_compare
from bot.words import about_emoji as words
from bot.words import about_lost_phones
from handlers.colleagues import device_check

from .begin_emoji_check import answer, end
from .pause import resume


async def shown(tx: Transaction, check_id: VerificationId) -> None:
    """Ask somebody to compare, now that both sides have their emoji."""
    check = await tx.rows.verifications.get(check_id)
    person = await tx.person(check.person_id)
    if check.stage is not Stage.SHOWN:
        return
    if check.identity in person.revoked:
        await _refuse_lost(check, person, tx)
        return
    changed = check.identity != person.identity
    for manager in await tx.rows.people.standing(Standing.ACTIVE):
        if may_compare(manager, check):
            await ask(
                tx,
                manager,
                words.compare(person.name, person.account, check.emoji, changed),
                words.ANSWERS,
                about="compare-emoji",
                subject=_subject(check),
                lasts=LASTS,
                needs_number=True,
            )
    await _tell(person, words.SHOWN, tx)


async def tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    check = await tx.rows.verifications.get(VerificationId(choice.subject.removeprefix(_SUBJECT)))
    if not may_compare(request.person, check):
        raise Refused(words.others_only())
    await decide(check, request.person.id, choice.value == "same", tx)
    return words.same_noted() if choice.value == "same" else words.different_noted()


async def decide(check: Verification, by: PersonId | Literal["operator"], same: bool, tx: Transaction) -> None:
    """Record that a manager, or the operator at the computer, compared. `Refused` when there is nothing to compare any more."""
    person = await tx.person(check.person_id)
    settled = check.stage is not Stage.SHOWN or check.compared_by
    if settled or check.identity in person.revoked or person.standing is Standing.LEFT:
        raise Refused(words.over(person.account))
    check = await tx.rows.verifications.save(compared(check, by, same=same))
    said = "verification.same" if same else "verification.different"
    await tx.audit(by, said, check.id, person=person.id, identity=check.identity, emoji=list(check.emoji))
    await close_polls(tx, _subject(check))
    await answer(check, same, tx)


async def verified(tx: Transaction, check_id: VerificationId) -> None:
    """Pin and vouch for the identity, now that their app has proved its keys, and let what waited for it go on."""
    check = await tx.rows.verifications.get(check_id)
    person = await tx.person(check.person_id)
    if check.stage is not Stage.VERIFIED or person.standing is Standing.LEFT:
        return
    if check.identity in person.revoked:
        await _tell(person, about_lost_phones.LOST, tx)
        return
    was_paused, changed = person.standing is Standing.PAUSED, person.identity != check.identity
    person = await tx.rows.people.save(person_after(person, FoundTheSame(check.identity, tx.now)))
    await tx.audit(check.compared_by, "person.verified", person.id, identity=person.identity, check=check.id)
    await tx.plan(SignIdentity(person.account, person.identity))
    if was_paused:
        await resume(person, tx)
    if changed:
        await device_check.begin(person, tx)
    await _tell(person, words.VERIFIED, tx)
    if was_paused:
        await tx.tell_practice(words.SOMEBODY_BACK)
    if check.compared_by != OPERATOR:
        await tx.say(rooms.own(check.compared_by), words.verified_to(person.name, person.account), private=True)


async def ended(tx: Transaction, check_id: VerificationId) -> None:
    """Tell those who wait for it that it has ended; nothing was changed."""
    check = await tx.rows.verifications.get(check_id)
    person = await tx.person(check.person_id)
    await close_polls(tx, _subject(check))
    if check.because == DIFFERENT:
        await tx.tell_practice(words.SOMEBODY_DIFFERENT)
        await _tell(person, words.DIFFERENT, tx)
    elif check.because != "m.user":  # they began another, or were told already
        await _tell(person, words.ENDED, tx)
        if check.compared_by and check.compared_by != OPERATOR:
            text = words.not_finished(person.name, person.account)
            await tx.say(rooms.own(check.compared_by), text, private=True)


async def _refuse_lost(check: Verification, person: Person, tx: Transaction) -> None:
    await tx.audit("bot", "verification.revoked-identity", check.id, identity=check.identity)
    await end(check, "m.user", tx)
    await _tell(person, about_lost_phones.LOST, tx)


async def _tell(person: Person, text: str, tx: Transaction) -> None:
    """Tell them a fixed sentence about nobody, which somebody whose identity changed must be able to read."""
    command = "!verify" if person.is_professional else "verify"
    said = text.format(practice=tx.policy.practice, command=command)
    # Not in the room's own lane, where words that wait for a reader would hold it up.
    await tx.plan(Say(rooms.own(person.id), said, open=True))


_SUBJECT = "emoji:"


def _subject(check: Verification) -> str:
    return f"{_SUBJECT}{check.id}"
