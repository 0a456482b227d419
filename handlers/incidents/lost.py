"""Pause the owner of a lost phone at once, send nothing more to it, and take back what lies in their chat.

Anybody says it of themselves, from another verified device; everybody who works here of a patient, who may call any of them; of
a colleague a manager alone, or one could silence the others. No tap is asked for, also where somebody is named: whoever reports
a theft may not look at the chat again, and a phone left open is worse than a person paused by mistake. The answer names who was
paused, and a new code brings them back.

The identity that the phone was signed with is never pinned again: whoever holds the phone holds that too. Codes that its owner
had made end, because the phone may show them. A fresh code lets them back in, from a reset identity. A page does not come back:
it ends, and a new link begins another.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.core.who_is_meant import whom
from bot.domain import rooms
from bot.domain.authority import may_act_for_the_practice
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.intents import Say
from bot.domain.invitee import Invitee
from bot.domain.marks import ASKED_IN_WORDS
from bot.domain.message import Message
from bot.domain.page_account import is_page_account
from bot.domain.people import Authority, Person, Relation, Role, Standing
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import Answering, LoseOwnPhone, ReportLost
from bot.domain.taking_part import PhoneReportedLost
from bot.words import about_admission, about_lost_phones, about_people
from bot.words.about_commands import example, line
from handlers.people.end_invitations import Why, close_invitations
from handlers.people.enrol import invite_patient, make_invitation
from handlers.people.old_pages import end_page
from handlers.people.pause import pause, take_back_what_was_said

FRONT_DESK = frozenset({Role.RECEPTION, Role.MANAGER})


async def lost(deed: ReportLost, request: Request, tx: Transaction) -> Message | None:
    """Pause whose account it is, or who asks."""
    person = request.person if deed.who is None else await _whose_phone(deed.who, request, tx)
    if person is None or person.standing is Standing.LEFT:
        raise Refused(about_people.nobody_called(deed.who or request.person.account, example(ReportLost)))
    is_other = person.id != request.person.id
    if is_other and person.is_professional and Role.MANAGER not in request.person.roles:
        raise Refused(about_lost_phones.lost_by_colleague())
    return await _lose(person, request, tx)


async def _whose_phone(written: str, request: Request, tx: Transaction) -> Person | None:
    """Return whose it is: nobody outside learns who is enrolled here, and patients are named in one's own room only."""
    asker, own_room = request.person, request.room.kind is RoomKind.OWN

    def may_be_named(person: Person) -> bool:
        return person.id == asker.id or (asker.is_staff and (own_room or person.is_professional))

    person = (await whom(written, request.content, tx, lambda account: line(ReportLost, account), may_be_named)).person
    return person if person is not None and (asker.is_staff or person.id == asker.id) else None


async def my_phone_is_lost(deed: LoseOwnPhone, request: Request, tx: Transaction) -> Message | None:
    return await _lose(request.person, request, tx)


async def ask_whether_lost(request: Request, tx: Transaction) -> Message | None:
    """Ask whoever writes that their phone may be lost; words alone end nothing (R34)."""
    question = about_lost_phones.PERHAPS_LOST
    await tx.say(request.room.address, f"{question} {about_lost_phones.LOST_IN_WORDS}", mark=ASKED_IN_WORDS)
    await ask(
        tx,
        request.person,
        question,
        [("yes", "Yes, it is lost"), ("no", "No")],
        about="phone-lost",
        subject=request.person.id,
        lasts=timedelta(hours=1),
        said_already=True,
    )
    return None


async def lost_tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    return await _lose(request.person, request, tx) if choice.value == "yes" else about_lost_phones.not_lost()


async def _lose(person: Person, request: Request, tx: Transaction) -> Message | None:
    paused = await pause(person, PhoneReportedLost(), tx)
    await tx.audit(request.person.id, "person.phone-lost", person.id, identity=person.identity)
    await take_back_what_was_said(paused, tx)
    made = await tx.rows.invitations.made_by(person.id)
    await close_invitations(tx, made, Why.MAKER_LOST_A_PHONE)
    if is_page_account(person.account):
        return await _lose_page(paused, request, tx)
    # Not in the room's own lane, where words that wait for a reader would hold it up.
    await tx.plan(Say(rooms.own(person.id), about_lost_phones.LOST.format(practice=tx.policy.practice), open=True))
    await tx.tell_practice(about_lost_phones.SOMEBODY_LOST_A_PHONE)
    if person.id == request.person.id:
        return None
    await tx.ledger_message(request.arrival)
    if request.room.kind is RoomKind.OWN and _may_invite_again(request.person, person):
        await _fresh_code(paused, request.person, tx)
        return None
    by_name = person.is_professional or request.room.kind is RoomKind.OWN
    await tx.say(request.room.address, about_lost_phones.paused_for_lost(person, by_name), private=True)
    return None


async def _lose_page(person: Person, request: Request, tx: Transaction) -> Message | None:
    """End it for good, because nobody can sign in to it again; a new link is another account, judged like any (R33).

    There is one for each patient they answered for, but none from somebody who is that patient, or speaks for them: all of
    them open on the same new page.
    """
    held = await _still_answers(person, tx)
    ended = await end_page(person, tx)
    await tx.tell_practice(about_lost_phones.SOMEBODY_LOST_A_PAGE)
    if person.id == request.person.id:
        return None
    await tx.ledger_message(request.arrival)
    in_own_room = request.room.kind is RoomKind.OWN
    await tx.say(request.room.address, about_lost_phones.page_is_lost(ended, in_own_room), private=True)
    if in_own_room and _may_invite_again(request.person, person):
        for authority in held:
            if not may_act_for_the_practice(await tx.circle(authority.patient_id), request.person, tx.today):
                await tx.say(request.room.address, about_admission.not_for_your_own(), private=True)
                continue
            name = None if authority.relation is Relation.SELF else person.name
            patient = await tx.rows.patients.get(authority.patient_id)
            await invite_patient(patient, Answering(authority.relation, name), request, tx)
    return None


def _may_invite_again(asker: Person, person: Person) -> bool:
    """Return whether this person may invite them back: patients the front desk, people who work here a manager.

    An account is handed to nobody else (R15).
    """
    return Role.MANAGER in asker.roles or (bool(asker.roles & FRONT_DESK) and not person.is_professional)


async def _fresh_code(person: Person, asker: Person, tx: Transaction) -> None:
    """Make a code for this account only, which lets them back in as who they were; it is judged like any other (R33)."""
    role = next(role for role in _MOST_FIRST if role in person.roles)
    held = next(iter(await _still_answers(person, tx)), None) if role is Role.PATIENT else None
    invitee = Invitee(role, person.name, relation=Relation.SELF, account=person.account)
    if held is not None:
        invitee = replace(invitee, patient_id=held.patient_id, relation=held.relation, until=held.until)
    await make_invitation(invitee, asker.id, about_lost_phones.paused_with_code(person.name, person.account), tx)


async def _still_answers(person: Person, tx: Transaction) -> list[Authority]:
    """Return what they hold for patients who are still here."""
    every = [held for held in await tx.rows.authorities.of_person(person.id) if held.holds_on(tx.today)]
    patients = {held.id: await tx.rows.patients.get(held.patient_id) for held in every}
    return [held for held in every if patients[held.id].left_on is None and patients[held.id].died_on is None]


_MOST_FIRST = (Role.MANAGER, Role.CLINICIAN, Role.RECEPTION, Role.OUTSIDE_CLINICIAN, Role.PATIENT)
