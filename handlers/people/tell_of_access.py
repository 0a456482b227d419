"""Telling those who answer for a patient already of a new account or capacity: only if that was chosen (R33a).

The maker of the invitation is asked once, and only when there is somebody to tell. Only those of whom the maker read then are
told, whoever has come to answer for the patient since. The patient's own account may open what was filed before (R33); an
objection is heard by the managers and decides nothing by itself.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.circles import told_of
from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.domain import authority_events, rooms
from bot.domain.authority import (
    Circle,
    may_act_for_the_practice,
    may_know_of,
    may_open,
    might_be_told,
    takes_capacity,
)
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PERSON, AuthorityId, InvitationId, PersonId
from bot.domain.invitation_events import TellingAsked, TellingChosen, invitation_after
from bot.domain.invitations import Invitation, InvitationState, Tell
from bot.domain.message import Message
from bot.domain.page_account import earlier_pages
from bot.domain.people import Authority, Person, Relation, Standing
from bot.words import about_access
from bot.words import about_admission as words

from .end_invitations import WAITING
from .old_pages import end_earlier_pages
from .two_people import apart

_ANSWER_WITHIN = timedelta(days=14)


async def ask_whether(invitation: Invitation, maker: Person, tx: Transaction) -> None:
    """Ask the maker of the invitation whether the others may be told; ask nothing when there are none."""
    circle = await tx.circle(invitation.patient_id)
    others = might_be_told(circle, invitation.relation or Relation.SELF, NO_PERSON, tx.today)
    if not may_act_for_the_practice(circle, maker, tx.today):  # at the desk as anywhere: they read of nobody anew
        told = await told_of(tx.rows, circle)
        known = {id for id in others if may_know_of(circle, id, maker.id, told, tx.today)}
        others = {id: held for id, held in others.items() if id in known - {maker.id}}
    if not others:
        return
    asked = TellingAsked(tuple(others))
    invitation = await tx.rows.invitations.save(invitation_after(invitation, asked))
    named = [(circle.people[id].name, relation) for id, relation in others.items()]
    await ask(
        tx,
        maker,
        about_access.may_they_be_told(circle.patient, invitation.name, named),
        about_access.TELL_ANSWERS,
        about="tell-of-access",
        subject=f"tell:{invitation.id}",
        lasts=tx.policy.code_lifetime,
    )


async def chosen(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    invitation = await tx.rows.invitations.get(InvitationId(choice.subject.removeprefix("tell:")))
    if invitation.state not in {*WAITING, InvitationState.USED}:
        raise Refused(about_access.has_ended(), "R33")
    told = choice.value == Tell.TELL.value
    authority = await tx.rows.authorities.of_invitation(invitation.id)
    used = invitation.state is InvitationState.USED
    if used and (authority is None or not authority.may_hold(tx.today)):
        raise Refused(about_access.has_ended(), "R33")
    telling = TellingChosen(Tell.TELL) if told else TellingChosen(Tell.NOT_NOW, choice.value)
    invitation = await tx.rows.invitations.save(invitation_after(invitation, telling))
    await tx.audit(request.person.id, "access.tell", invitation.id, tell=invitation.tell.value, because=choice.value)
    if not told:
        return about_access.nobody_is_told()
    if authority is None:
        return about_access.they_are_told_later()
    await tell(authority, tx)
    return about_access.they_are_told()


async def tell(authority: Authority, tx: Transaction) -> None:
    """Tell them now. The patient, on an account they had, may open what was filed before, or object."""
    circle = await tx.circle(authority.patient_id)
    newcomer = await _as_invited(authority, tx)
    ending = {link.person_id for link in earlier_pages(circle, authority, tx.today)}
    for id, relation in (await _whom_to_tell(authority, circle, tx)).items():
        person = circle.people[id]
        await tx.audit("bot", "access.told", authority.id, to=id)
        decides = takes_capacity(circle.patient, authority.relation, tx.today)
        text = about_access.told_of_access(circle.patient, newcomer, authority, relation, decides, tx.today)
        if relation is not Relation.SELF:
            await tx.say(rooms.own(id), text, private=True, patient_ids=[circle.patient.id])
            continue
        may_they_see = (
            f"{about_access.MAY_THEY_SEE} {about_access.THIS_PAGE_ENDS}" if id in ending else about_access.MAY_THEY_SEE
        )
        await ask(
            tx,
            person,
            text if authority.is_open else f"{text} {may_they_see}",
            about_access.OBJECT_ANSWERS if authority.is_open else about_access.OPEN_ANSWERS,
            about="access-told",
            subject=f"access:{authority.id}",
            lasts=_ANSWER_WITHIN,
            needs_number=True,  # a "yes" meant for somebody else must open nothing
            patient_ids=[circle.patient.id],
        )


async def told_answered(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    authority = await tx.rows.authorities.get(AuthorityId(choice.subject.removeprefix("access:")))
    circle = await tx.circle(authority.patient_id)
    if not choice.value:
        await _hear_objection(authority, circle, request.person, tx)
        return about_access.objection_heard(tx.policy.practice)
    if authority.is_open:
        return about_access.thanks_for_saying()
    told = True  # or else this person would not have been asked
    if not may_open(circle, authority, request.person, told, tx.today):
        raise Refused(about_access.not_yours_to_open(tx.policy.practice), "R33")
    opened = await tx.rows.authorities.save(authority_events.opened(authority, request.person.id, tx.now))
    await tx.audit(request.person.id, "authority.opened", circle.patient.id, authority=authority.id)
    if opened.holds_on(tx.today):
        await close_polls(tx, f"confirm:{authority.id}")
        await tx.say(rooms.own(authority.person_id), words.OPEN_NOW)
        await end_earlier_pages(opened, tx)
        if (await tx.person(request.person.id)).standing is Standing.LEFT:
            return None  # the page they tapped on has ended by it, and said so
    return about_access.they_may_see()


async def tell_capacity_taken(authority: Authority, circle: Circle, tx: Transaction) -> None:
    """Tell the patient on their own accounts, if that was chosen. They still send, hear and see, and their no counts."""
    newcomer = await _as_invited(authority, tx)
    for id, relation in (await _whom_to_tell(authority, circle, tx)).items():
        if relation is Relation.SELF:
            text = about_access.decides_for_you(newcomer, tx.policy.practice, authority.begins_after(tx.today))
            await tx.say(rooms.own(id), text, private=True, patient_ids=[circle.patient.id])


async def _whom_to_tell(authority: Authority, circle: Circle, tx: Transaction) -> dict[PersonId, Relation]:
    """Return those of whom it was chosen, as they still are the patient's people."""
    invitation = await tx.rows.invitations.known(authority.invitation_id)
    might = might_be_told(circle, authority.relation, authority.person_id, tx.today)
    return {id: held for id, held in might.items() if invitation is not None and invitation.tells(id)}


async def _as_invited(authority: Authority, tx: Transaction) -> Person:
    """Return the person who has access now, under the name that was chosen to be told.

    The account may be a patient's, under another name (R33a).
    """
    newcomer = await tx.person(authority.person_id)
    invitation = await tx.rows.invitations.known(authority.invitation_id)
    return newcomer.under(invitation.name) if invitation is not None and invitation.name else newcomer


async def _hear_objection(authority: Authority, circle: Circle, by: Person, tx: Transaction) -> None:
    await tx.audit(by.id, "access.objected", circle.patient.id, authority=authority.id)
    newcomer = await tx.person(authority.person_id)
    text = about_access.somebody_objects(circle.patient, by, newcomer, authority.relation)
    for person in await _who_hears_objections(newcomer, circle, tx):
        await tx.say(rooms.own(person.id), text, private=True)


async def _who_hears_objections(newcomer: Person, circle: Circle, tx: Transaction) -> list[Person]:
    """Return the managers, but never the newcomer, nor others of the patient's people: it shows who objects (R33a).

    If there is no other manager, everybody else who works here.
    """
    others = [person for person in await tx.managers() if person.id != newcomer.id]
    staff = [person for person in await tx.rows.people.active_staff() if person.id != newcomer.id]
    return await apart(others, circle.patient.id, tx) or await apart(staff, circle.patient.id, tx)
