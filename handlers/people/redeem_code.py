"""A code written in a lobby: it ties an account to a person, and pins the identity that wrote it.

A code that names a patient is followed by the patient's date of birth, and no name is said before it was right (R15); a
colleague's name is echoed once the code matched, and confirmed. Then the bot opens a room of its own, invites them, takes its
words back and leaves. Nothing else is served in a lobby; a photo sent there is not kept (R6).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.memberships import let_into
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.deeds import GiveAnswer, PlainAnswer, RedeemCode, SaidInLobby, WriteBirthday
from bot.domain.errors import Refused
from bot.domain.identifiers import Address
from bot.domain.invitation_codes import Tried, try_code
from bot.domain.invitation_events import Confirmed, Denied, LetGo, invitation_after
from bot.domain.invitations import Invitation, InvitationState
from bot.domain.marks import Mark, Meaning
from bot.domain.wrong_guesses import Guess, WrongGuess, too_many
from bot.words import about_admission, greetings, to_the_team
from bot.words.sentence import Sentence
from handlers.photos.media_named import ledger_attachments

from .admit import admit
from .answer_birthday import answer_birthday, ask_birthday
from .end_invitations import close_invitations
from .judge_invitation import WhyNot, why_not
from .leave_lobby import leave_after, take_back

_ANSWERS: Mapping[Tried, Sentence[[str]]] = {
    Tried.LOCKED: greetings.code_locked,
    Tried.CLOSED: greetings.code_closed,
    Tried.EXPIRED: greetings.code_expired,
    Tried.ANOTHER_ACCOUNT: about_admission.another_account,
}
CODE_REFUSED, JOINED = Mark(Meaning.CODE_REFUSED), Mark(Meaning.JOINED)

_OVER: Mapping[InvitationState, Sentence[[str]]] = {
    InvitationState.LOCKED: greetings.code_locked,
    InvitationState.EXPIRED: about_admission.invitation_ended,
}


async def in_lobby(said: SaidInLobby, arrival: Arrival, tx: Transaction) -> None:
    """Take a proved message in a lobby: a code, what is asked after one, or neither."""
    address = rooms.lobby(arrival.room_id)
    if not said.is_text:
        await ledger_attachments(tx, arrival)
        await tx.say(address, greetings.not_a_code(tx.policy.practice))
        await tx.audit("stranger", "lobby.not-kept", arrival.event_id, sender=arrival.sender)
        return
    if said.alarm:
        await tx.say(address, tx.policy.emergency_text, open=True)  # it says nothing of anybody (R34)
    if isinstance(said.deed, RedeemCode):
        await _try(address, said.deed, arrival, tx)
        return
    waiting = await tx.rows.invitations.typed_in(arrival.sender, arrival.room_id, InvitationState.MATCHED)
    if waiting is not None:
        await _answer(waiting, said.deed, arrival, tx)
        return
    person = await tx.rows.people.proved(arrival.sender, arrival.verdict.identity)
    if person is not None:
        await let_into(rooms.own(person.id), person, tx)
        await leave_after(greetings.room_ready(), JOINED, arrival.room_id, tx)
        return
    ended = await _how_it_ended(arrival, tx)
    mark = Mark(Meaning.ASKS_CODE) if ended is None else CODE_REFUSED
    await tx.say(address, (ended or greetings.not_a_code)(tx.policy.practice), mark=mark)


async def _how_it_ended(arrival: Arrival, tx: Transaction) -> Sentence[[str]] | None:
    """Return what says how a code ended that somebody wrote here, None where they wrote none."""
    for state, ended in _OVER.items():
        if await tx.rows.invitations.typed_in(arrival.sender, arrival.room_id, state) is not None:
            return ended
    return None


async def _try(address: Address, code: RedeemCode, arrival: Arrival, tx: Transaction) -> None:
    """Try a code that somebody typed. One who does not know its secret hears one sentence, whatever is wrong, and it counts."""
    wrong = await tx.rows.wrong_guesses.of_account(arrival.sender, Guess.CODE)
    invitation = await tx.rows.invitations.with_selector(code.selector)
    if too_many(wrong, tx.now):
        await tx.audit("stranger", "code.too-many-tries", arrival.room_id, sender=arrival.sender)
        await tx.say(address, greetings.code_wrong(), open=True, mark=CODE_REFUSED)
        return
    if invitation is None:
        await tx.audit("stranger", "code.unknown", arrival.room_id, sender=arrival.sender)
        await _wrong(address, arrival, tx)
        return
    tried, how = try_code(
        invitation,
        code.secret,
        account=arrival.sender,
        identity=arrival.verdict.identity,
        room_id=arrival.room_id,
        at=tx.now,
    )
    refused = await why_not(invitation, arrival, tx) if how is Tried.RIGHT else None
    if refused is not None:
        await _say_why_not(refused, invitation, arrival, tx)
        return
    await tx.rows.invitations.save(tried)
    if invitation.waits and not tried.waits:
        await take_back(tried, arrival.room_id, tx)
    if how is Tried.RIGHT:
        await _let_go_of_others(tried, tx)
    await tx.audit("stranger", f"code.{how.value}", invitation.id, sender=arrival.sender)
    if how is Tried.NOW_LOCKED:
        await tx.tell_practice(to_the_team.CODE_TROUBLE)
    if how is Tried.RIGHT:
        # Until now any device in the lobby could read; this goes only to the identity that knew the code.
        await (ask_birthday if tried.patient_id else _ask_whether)(tried, tx)
    elif how in _ANSWERS:
        await tx.say(address, _ANSWERS[how](tx.policy.practice), open=True, mark=CODE_REFUSED)
    else:
        await _wrong(address, arrival, tx)


async def _let_go_of_others(tried: Invitation, tx: Transaction) -> None:
    """Free their other codes, because their next answer is to this one only.

    A code that they wrote and did not answer for is as if it had not been written (R32).
    """
    for other in await tx.rows.invitations.matched_by(tried.matched_by):
        if other.id == tried.id:
            continue
        await tx.rows.invitations.save(invitation_after(other, LetGo()))
        await tx.erase_now(*await tx.rows.copies.of_post(f"lobby:{other.id}"))


async def _wrong(address: Address, arrival: Arrival, tx: Transaction) -> None:
    await tx.rows.wrong_guesses.add(WrongGuess(tx.ids.new(), arrival.sender, Guess.CODE, tx.now))
    await tx.say(address, greetings.code_wrong(), open=True, mark=CODE_REFUSED)


async def _say_why_not(refused: WhyNot, invitation: Invitation, arrival: Arrival, tx: Transaction) -> None:
    """Say why the code can't be used. It is not used up by that, unless the invitation itself is over."""
    await tx.audit("stranger", f"code.{refused.because}", invitation.id, sender=arrival.sender)
    if refused.ends is not None:
        await close_invitations(tx, [invitation], refused.ends)
    await tx.say(rooms.lobby(arrival.room_id), refused.said, open=True, mark=CODE_REFUSED)


async def _ask_whether(invitation: Invitation, tx: Transaction) -> None:
    """Ask a colleague whether this is them."""
    question = greetings.is_this_you(invitation.name, invitation.role)
    address, mark = rooms.lobby(invitation.matched_room), Mark(Meaning.IS_THIS_YOU)
    await tx.say(address, question, private=True, key=f"lobby:{invitation.id}", mark=mark)


async def _answer(
    invitation: Invitation, deed: WriteBirthday | GiveAnswer | None, arrival: Arrival, tx: Transaction
) -> None:
    """Judge again at the answer: what was so when the code was written may not be so now (R33)."""
    if arrival.verdict.identity != invitation.matched_identity:
        raise Refused(greetings.code_closed(tx.policy.practice))
    refused = await why_not(invitation, arrival, tx)
    if refused is not None:
        await _say_why_not(refused, invitation, arrival, tx)
    elif isinstance(deed, WriteBirthday):
        await answer_birthday(invitation, deed, arrival, tx)
    elif deed is None:
        await _ask_whether(invitation, tx)
    else:
        await _confirm(invitation, deed.answer is PlainAnswer.YES, arrival, tx)


async def _confirm(invitation: Invitation, yes: bool, arrival: Arrival, tx: Transaction) -> None:
    if yes:
        await admit(invitation_after(invitation, Confirmed()), arrival, tx)
    else:
        await tx.rows.invitations.save(invitation_after(invitation, Denied()))
        await tx.audit("stranger", "code.refused", invitation.id, sender=arrival.sender)
        await tx.tell_practice(to_the_team.DENIED_DETAILS)
    await take_back(invitation, arrival.room_id, tx)
    text = greetings.room_ready() if yes else greetings.not_you(tx.policy.practice)
    await leave_after(text, JOINED if yes else CODE_REFUSED, arrival.room_id, tx)
