"""A code written in a lobby ties an account to a person, and pins the identity that wrote it.

Name and date of birth are echoed only after the code matched, and the person confirms. Then the bot opens a room of its own,
invites them, takes its words back and leaves. Nothing else is served in a lobby; a photo sent there is not kept (R6).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.dispatch import words_said
from bot.domain import rooms, wording, wording_colleagues, wording_meeting, wording_practice
from bot.domain.arrivals import Arrival
from bot.domain.conversation import yes_or_no
from bot.domain.errors import Refused
from bot.domain.intents import EraseCopy, Invite, LeaveRoom, OpenRoom, Remind
from bot.domain.invitations import Invitation, InvitationState, Tried, read_code, try_code
from bot.domain.people import CLINICIANS, Authority, Person, Relation, Role, Standing
from bot.domain.wording_people import NOT_FOR_THIS_ACCOUNT, NOT_FROM_THERE, REVOKED
from bot.transaction import Transaction

from . import device_check
from .attachments import ledger_attachments
from .pause import resume

ROLES: dict[Role, frozenset[Role]] = {
    Role.MANAGER: frozenset({Role.MANAGER, Role.RECEPTION}),
}

_ANSWERS = {
    Tried.WRONG: wording_meeting.CODE_WRONG,
    Tried.NOW_LOCKED: wording_meeting.CODE_LOCKED,
    Tried.CLOSED: wording_meeting.CODE_CLOSED,
    Tried.EXPIRED: wording_meeting.CODE_EXPIRED,
}


async def in_lobby(arrival: Arrival, tx: Transaction) -> None:
    """A proved message in a lobby: a code, the answer to "is this you?", or neither."""
    address = rooms.lobby(arrival.room_id)
    text = words_said(arrival.content or {})
    if (arrival.content or {}).get("msgtype") != "m.text":
        await ledger_attachments(tx, arrival)
        await tx.say(address, wording_meeting.NOT_A_CODE.format(practice=tx.policy.practice))
        await tx.audit("stranger", "lobby.not-kept", arrival.event_id, sender=arrival.sender)
        return
    code = read_code(text)
    waiting = await tx.rows.invitations.first(
        matched_by=arrival.sender, matched_room=arrival.room_id, state=InvitationState.MATCHED
    )
    if code is None and waiting is not None:
        await _confirm(waiting, yes_or_no(text), arrival, tx)
        return
    if code is not None:
        await try_in(address, code, arrival, tx)
        return
    person = await tx.rows.people.first(
        account=arrival.sender, identity=arrival.verdict.identity, standing=Standing.ACTIVE
    )
    if person is not None:
        await _invite(rooms.own(person.id), person, tx)
        await _leave_after(address, wording_meeting.ROOM_READY, arrival.room_id, tx)
        return
    await tx.say(address, wording_meeting.NOT_A_CODE.format(practice=tx.policy.practice))


async def try_in(address: str, code: tuple[str, str], arrival: Arrival, tx: Transaction) -> None:
    """Somebody typed a code: right, and they are asked whether it is them; wrong, and it is counted."""
    invitation = await tx.rows.invitations.first(selector=code[0])
    if invitation is None:
        await tx.audit("stranger", "code.unknown", arrival.room_id, sender=arrival.sender)
        await tx.say(address, wording_meeting.CODE_WRONG, open=True)
        return
    if not tx.policy.allows(arrival.sender):  # the code is not used up: they can write it from another account
        await tx.audit("stranger", "code.homeserver-not-allowed", invitation.id, sender=arrival.sender)
        await tx.say(address, NOT_FROM_THERE.format(practice=tx.policy.practice), open=True)
        return
    if not await _may_pin(invitation, arrival, tx):
        await tx.audit("stranger", "code.not-for-this-account", invitation.id, sender=arrival.sender)
        await tx.say(address, NOT_FOR_THIS_ACCOUNT.format(practice=tx.policy.practice), open=True)
        return
    if await _on_a_lost_phone(arrival, tx):
        await tx.audit("stranger", "code.revoked-identity", invitation.id, sender=arrival.sender)
        await tx.say(address, REVOKED, open=True)
        return
    tried, how = try_code(
        invitation,
        code[1],
        account=arrival.sender,
        identity=arrival.verdict.identity,
        room_id=arrival.room_id,
        at=tx.now,
    )
    await tx.rows.invitations.save(tried)
    await tx.audit("stranger", f"code.{how.value}", invitation.id, sender=arrival.sender)
    if how is Tried.NOW_LOCKED:
        await tx.tell_practice(wording_practice.CODE_TROUBLE)
    if how is Tried.RIGHT:
        # Until now any device in the lobby may read; this goes only to the identity that knew the code.
        await tx.say(address, await _is_this_you(tried, tx), private=True, key=f"lobby:{invitation.id}")
        return
    await tx.say(address, _ANSWERS[how].format(practice=tx.policy.practice), open=True)


async def _may_pin(invitation: Invitation, arrival: Arrival, tx: Transaction) -> bool:
    """A new identity for an account that is known here takes a code made for its owner. With any other, a homeserver and one
    patient together could speak as everybody."""
    known = await tx.rows.people.first(account=arrival.sender)
    if known is None or known.identity == arrival.verdict.identity:
        return True
    if known.is_professional:
        return invitation.account == known.account
    held = await tx.rows.authorities.find(person_id=known.id, patient_id=invitation.patient_id)
    return invitation.account == known.account or bool(held)


async def _on_a_lost_phone(arrival: Arrival, tx: Transaction) -> bool:
    """Whoever found the phone has this identity too: the code is not used up by it."""
    known = await tx.rows.people.first(account=arrival.sender)
    return known is not None and arrival.verdict.identity in known.revoked


async def _is_this_you(invitation: Invitation, tx: Transaction) -> str:
    if invitation.role is not Role.PATIENT:
        return wording_meeting.is_this_you_colleague(invitation.name, invitation.role)
    patient = await tx.rows.patients.get(invitation.patient_id)
    return wording_meeting.is_this_you(patient, invitation.relation or Relation.SELF, invitation.name)


async def _confirm(invitation: Invitation, yes: bool | None, arrival: Arrival, tx: Transaction) -> None:
    address = rooms.lobby(arrival.room_id)
    if arrival.verdict.identity != invitation.matched_identity:
        raise Refused(wording_meeting.CODE_CLOSED.format(practice=tx.policy.practice))
    if not await _may_pin(invitation, arrival, tx):
        raise Refused(NOT_FOR_THIS_ACCOUNT.format(practice=tx.policy.practice))
    if await _on_a_lost_phone(arrival, tx):
        raise Refused(REVOKED)
    if yes is None:
        await tx.say(address, await _is_this_you(invitation, tx), private=True, key=f"lobby:{invitation.id}")
        return
    if not yes:
        await tx.rows.invitations.save(replace(invitation, state=InvitationState.REFUSED))
        await tx.audit("stranger", "code.refused", invitation.id, sender=arrival.sender)
        await _take_back(invitation, address, tx)
        await _leave_after(address, wording_meeting.NOT_YOU.format(practice=tx.policy.practice), arrival.room_id, tx)
        await tx.tell_practice(wording_practice.DENIED_DETAILS)
        return
    await admit(invitation, arrival, tx)
    await _take_back(invitation, address, tx)
    await _leave_after(address, wording_meeting.ROOM_READY, arrival.room_id, tx)


async def admit(invitation: Invitation, arrival: Arrival, tx: Transaction) -> Person:
    """The invitation is used: the person exists, their identity is pinned, and they have a room of their own."""
    await tx.rows.invitations.save(replace(invitation, state=InvitationState.USED))
    roles = ROLES.get(invitation.role, frozenset({invitation.role}))
    known = await tx.rows.people.first(account=arrival.sender)
    if known is None:
        person = Person(tx.ids.new(), arrival.sender, invitation.name, roles, arrival.verdict.identity, notice_due=True)
        await tx.rows.people.add(person)
        await _open_own_room(person, tx)
    else:
        person = await tx.rows.people.save(
            replace(
                known,
                name=invitation.name,  # of who holds the account, also where they answer for somebody else
                roles=roles if known.standing is Standing.LEFT else known.roles | roles,
                identity=arrival.verdict.identity,
                standing=Standing.ACTIVE,
                verified_at=known.verified_at if known.identity == arrival.verdict.identity else None,
            )
        )
        await _invite(rooms.own(person.id), person, tx)
        await resume(person, tx)
    if known is None or invitation.role in CLINICIANS or known.identity != person.identity:
        person = await device_check.begin(person, tx)
    await tx.audit(person.id, "person.enrolled", person.id, account=person.account, identity=person.identity)
    if invitation.role is Role.PATIENT:
        await _answer_for(person, invitation, tx)
    elif person.is_staff:
        await _invite(rooms.PRACTICE, person, tx)
    return person


async def _invite(address: str, person: Person, tx: Transaction) -> None:
    # Not in the room's own lane: there it would wait behind words that wait for somebody to be in the room to read them.
    await tx.plan(Invite(address, person.account), lane=f"invite:{address}:{person.id}")


async def _open_own_room(person: Person, tx: Transaction) -> None:
    own = rooms.own(person.id)
    await tx.plan(OpenRoom(own, tx.ids.new(), tx.policy.practice, (person.account,)), lane=own)
    if person.is_staff:
        text = wording_meeting.welcome_staff(tx.policy.practice, person.roles)
    elif person.is_professional:
        text = wording_colleagues.welcome_outside(tx.policy.practice)
    else:
        text = wording_meeting.welcome_patient(tx.policy.texts, tx.policy.practice)
    await tx.say(own, text)


async def _answer_for(person: Person, invitation: Invitation, tx: Transaction) -> None:
    held = await tx.rows.authorities.find(person_id=person.id)
    relation = invitation.relation or Relation.SELF
    now = [one for one in held if one.patient_id == invitation.patient_id and one.holds_on(tx.today)]
    if any(one.relation is relation for one in now):
        return
    for other in now:  # the capacity they answer in is another from today on
        await tx.rows.authorities.save(replace(other, until=tx.today))
    authority = Authority(tx.ids.new(), person.id, invitation.patient_id, relation, invitation.until)
    await tx.rows.authorities.add(authority)
    if authority.until is not None:
        await tx.plan(Remind("authority-ends", authority.id), due=_morning_of(authority.until, tx))
    await tx.audit(person.id, "authority.recorded", invitation.patient_id, relation=relation.value)
    if held:
        patient = await tx.rows.patients.get(invitation.patient_id)
        who = f"{patient.name}, born {wording.day(patient.born)}"
        await tx.say(rooms.own(person.id), wording_meeting.ANSWERS_FOR_TOO.format(who=who), private=True)


def _morning_of(day: date, tx: Transaction) -> datetime:
    return datetime.combine(day, time(9), tx.policy.timezone).astimezone(UTC)


async def _take_back(invitation: Invitation, address: str, tx: Transaction) -> None:
    """The bot's own words with somebody's name and birthday: redacted before it leaves, and so is the invitation itself."""
    for key in (f"lobby:{invitation.id}", f"invitation:{invitation.id}"):
        for copy in await tx.rows.copies.find(post_key=key):
            await tx.plan(EraseCopy(copy.id), lane=address if key.startswith("lobby") else "")


async def _leave_after(address: str, text: str, room_id: str, tx: Transaction) -> None:
    await tx.say(address, text, open=True)
    await tx.plan(LeaveRoom(room_id), lane=address)
