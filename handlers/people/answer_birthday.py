"""The patient's date of birth, written in a lobby by whoever wrote the patient's code: the second of two identifiers (R15).

Nobody is told whose code it is before. What is no date, or not clearly one, is asked about without being compared with the
patient's: it costs no try, and the answer tells nobody anything they did not write.
"""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.conversation import Open
from bot.domain.deeds import GiveAnswer, PlainAnswer
from bot.domain.errors import Refused
from bot.domain.invitations import BirthdayWritten, Invitation, InvitationState, invitation_after
from bot.domain.marks import Mark, Meaning
from bot.domain.message import Message
from bot.domain.people import Relation
from bot.domain.tries import Guess, Try
from bot.heard.kin import names_kin
from bot.heard.patient import Written, hear
from bot.heard.plain import plain
from bot.heard.whose import says_not_me
from bot.heard.written_days import birthday_in, without_days
from bot.words import greetings, to_the_team

from .admit import admit
from .leave_lobby import leave_after, take_back


async def ask_birthday(invitation: Invitation, tx: Transaction) -> None:
    await _say(invitation, greetings.code_is_right(invitation.relation), Meaning.ASKS_BIRTHDAY, tx)


async def answer_birthday(invitation: Invitation, text: str, arrival: Arrival, tx: Transaction) -> None:
    """Let in whoever wrote the right date; close the code at the third wrong one."""
    try:
        written = birthday_in(text, tx.today)
    except Refused as unclear:
        await _say(invitation, unclear.said, Meaning.ASKS_BIRTHDAY, tx)
        return
    if written is None or _says_it_is_not_theirs(text, invitation):
        again = greetings.no_birthday(invitation.relation, tx.policy.practice)
        await _say(invitation, again, Meaning.ASKS_BIRTHDAY, tx)
        return
    patient = await tx.rows.patients.get(invitation.patient_id)
    after = invitation_after(invitation, BirthdayWritten(written, patient.born))
    if after.state is InvitationState.USED:
        await admit(after, arrival, tx)
        await take_back(after, arrival.room_id, tx)
        await leave_after(greetings.room_ready(), Mark(Meaning.JOINED), arrival.room_id, tx)
        return
    await tx.rows.invitations.save(after)
    await tx.rows.tries.add(Try(tx.ids.new(), arrival.sender, Guess.CODE, tx.now))
    locked = after.state is InvitationState.LOCKED
    await tx.audit("stranger", f"birthday.{'now-locked' if locked else 'wrong'}", after.id, sender=arrival.sender)
    if not locked:
        await _say(after, greetings.wrong_birthday(written, after.relation), Meaning.BIRTHDAY_WRONG, tx)
        return
    await take_back(after, arrival.room_id, tx)
    closed, mark = greetings.birthday_locked(tx.policy.practice), Mark(Meaning.BIRTHDAY_LOCKED)
    await tx.say(rooms.lobby(arrival.room_id), closed, open=True, mark=mark)
    await tx.tell_practice(to_the_team.BIRTHDAY_TROUBLE)


def _says_it_is_not_theirs(text: str, invitation: Invitation) -> bool:
    """Return whether the words beside the date say that it is somebody else's: "my wife's, 7 March 1984" lets nobody in (R34)."""
    words, for_others = without_days(text), invitation.relation is not Relation.SELF
    deed = hear(Written(words, frozenset({Open.CONFIRM}), name=invitation.name, answers_for_others=for_others)).deed
    said_no = isinstance(deed, GiveAnswer) and deed.answer is PlainAnswer.NO
    return said_no or says_not_me(words) or (not for_others and names_kin(plain(words)))


async def _say(invitation: Invitation, said: Message | str, meaning: Meaning, tx: Transaction) -> None:
    """Say it to the identity that knew the code, and to nobody else who is in the lobby."""
    address, key = rooms.lobby(invitation.matched_room), f"lobby:{invitation.id}"
    await tx.say(address, said, private=True, key=key, mark=Mark(meaning))
