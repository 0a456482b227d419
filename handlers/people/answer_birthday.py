"""The patient's date of birth, written in a lobby by whoever wrote the patient's code: the second of two identifiers (R15).

Nobody is told whose code it is before. What is no date, or not clearly one, is asked about without being compared with the
patient's: it costs no try, and the answer tells nobody anything they did not write.
"""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.deeds import WriteBirthday
from bot.domain.invitation_events import BirthdayWritten, invitation_after
from bot.domain.invitations import Invitation, InvitationState
from bot.domain.marks import Mark, Meaning
from bot.domain.message import Message
from bot.domain.wrong_guesses import Guess, WrongGuess
from bot.words import greetings, to_the_team

from .admit import admit
from .leave_lobby import leave_after, take_back


async def ask_birthday(invitation: Invitation, tx: Transaction) -> None:
    await _say(invitation, greetings.code_is_right(invitation.relation), Meaning.ASKS_BIRTHDAY, tx)


async def answer_birthday(invitation: Invitation, deed: WriteBirthday, arrival: Arrival, tx: Transaction) -> None:
    """Let in whoever wrote the right date; close the code at the third wrong one."""
    if deed.unclear is not None:
        await _say(invitation, deed.unclear, Meaning.ASKS_BIRTHDAY, tx)
        return
    written = deed.born
    if written is None or deed.is_anothers:
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
    await tx.rows.wrong_guesses.add(WrongGuess(tx.ids.new(), arrival.sender, Guess.CODE, tx.now))
    locked = after.state is InvitationState.LOCKED
    await tx.audit("stranger", f"birthday.{'now-locked' if locked else 'wrong'}", after.id, sender=arrival.sender)
    if not locked:
        await _say(after, greetings.wrong_birthday(written, after.relation), Meaning.BIRTHDAY_WRONG, tx)
        return
    await take_back(after, arrival.room_id, tx)
    closed, mark = greetings.birthday_locked(tx.policy.practice), Mark(Meaning.BIRTHDAY_LOCKED)
    await tx.say(rooms.lobby(arrival.room_id), closed, open=True, mark=mark)
    await tx.tell_practice(to_the_team.BIRTHDAY_TROUBLE)


async def _say(invitation: Invitation, said: Message | str, meaning: Meaning, tx: Transaction) -> None:
    """Say it to the identity that knew the code, and to nobody else who is in the lobby."""
    address, key = rooms.lobby(invitation.matched_room), f"lobby:{invitation.id}"
    await tx.say(address, said, private=True, key=key, mark=Mark(meaning))
