"""`!unlink MRN @account`: one account no longer answers for a patient: a court decided so, or a code reached the wrong person.

For a manager, who hears objections too, and never about a patient they are or speak for (R33). It is echoed with two
identifiers and ended by a tap, which says whether they are told: nobody is told before that was chosen (R33a). What they
agreed to before stands; what they agreed to for somebody else releases nothing more (R31). If it was never theirs, nothing
they agreed to counts, and what they sent is held. Where they have another capacity, only what they agreed to in this one ends.
`!link` links them anew.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.who_is_meant import whom
from bot.domain import rooms
from bot.domain.answering_for import ended, never_theirs
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import AuthorityId, PersonId
from bot.domain.image import Image
from bot.domain.message import Message
from bot.domain.people import Authority, Patient, Person, Role
from bot.domain.staff_deeds import UnlinkAccount
from bot.words import about_leaving
from bot.words.about_commands import line
from bot.words.about_people import answers_no_more, nothing_changes

from .end_invitations import Why, close_invitations
from .end_link import stop_what_is_on_its_way
from .never_theirs import call_them_rightly, close_what_they_opened, end_what_they_agreed_to, undo_what_they_did
from .pause import take_back_what_was_said
from .two_people import act_about


async def unlink(deed: UnlinkAccount, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    if patient is not None:
        await act_about(request.person, patient.id, tx)
    held = await tx.rows.authorities.of_patient(patient.id) if patient else []
    linked = {authority.person_id for authority in held if not authority.never_theirs}
    meant = await whom(
        deed.who,
        request.content,
        tx,
        lambda account: line(UnlinkAccount, deed.number, account),
        lambda person: person.id in linked,
    )
    links = await _links(meant.person, patient, tx) if patient and meant.person else []
    if patient is None or meant.person is None or not links:
        raise Refused(about_leaving.nobody_answers_so())
    await tx.ledger_message(request.arrival)
    ended_already = not links[-1].may_hold(tx.today)
    on_record = await _on_record(meant.person, patient, tx)
    others = any(link.relation is not links[-1].relation for link in on_record)
    question = about_leaving.was_it_ever_theirs if ended_already else about_leaving.answers_no_longer
    await ask(
        tx,
        request.person,
        question(patient, meant.person, links[-1].relation, others),
        about_leaving.NEVER_ANSWERS if ended_already else about_leaving.UNLINK_ANSWERS,
        about="unlink",
        subject=f"unlink:{links[-1].id}",
        lasts=timedelta(hours=1),
        needs_number=True,
    )
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    asked_about = await tx.rows.authorities.get(AuthorityId(choice.subject.removeprefix("unlink:")))
    patient, person = await tx.rows.patients.get(asked_about.patient_id), await tx.person(asked_about.person_id)
    was_theirs, holds = choice.value != "never", asked_about.may_hold(tx.today)
    if not choice.value or asked_about.never_theirs or (was_theirs and not holds):
        return nothing_changes()
    await act_about(request.person, patient.id, tx)
    images = await tx.rows.images.of_patient(patient.id)
    for link in await (_links(person, patient, tx) if was_theirs else _no_more_theirs_than(asked_about, tx)):
        await tx.rows.authorities.save((ended if was_theirs else never_theirs)(link, tx.today))
        for subject in (f"unlink:{link.id}", f"confirm:{link.id}", f"access:{link.id}"):
            await close_polls(tx, subject)
    await tx.audit(request.person.id, "authority.unlinked", patient.id, person=person.id, told=choice.value)
    await close_invitations(tx, await tx.rows.invitations.for_account(person.account, patient.id), Why.HOLDER_LEFT)
    if was_theirs:
        await stop_what_is_on_its_way(person, images, tx)
        text = about_leaving.is_unlinked(patient, person)
    else:
        text = await _undo(asked_about, patient, person, images, request.person.id, tx)
    if choice.value == "tell":
        await tx.say(rooms.own(person.id), answers_no_more(patient), private=True)
    await tx.say(rooms.own(request.person.id), text, private=True)
    return None


async def _undo(
    link: Authority, patient: Patient, person: Person, images: list[Image], by: PersonId, tx: Transaction
) -> str:
    """Undo what they did in a capacity that was never theirs, or all of it where they have no other; return what to say of it."""
    others = await _on_record(person, patient, tx)
    held: list[Image] = []
    if others:
        await end_what_they_agreed_to(person, link.relation, images, by, tx)
    else:
        held = await undo_what_they_did(person, images, by, tx)
    await close_what_they_opened(link, tx)
    if not any(other.may_hold(tx.today) for other in others):
        await stop_what_is_on_its_way(person, images, tx)  # last, because settling what was asked changes the images
        if person.roles == {Role.PATIENT} and not await tx.is_linked(person):
            await take_back_what_was_said(person, tx)  # the patient's name, and what else they read
    await call_them_rightly(link, await tx.person(person.id), tx)
    if others:
        now = [other.relation for other in others if other.may_hold(tx.today)]
        before = [other.relation for other in others if not other.may_hold(tx.today)]
        return about_leaving.was_never_that(patient, person, link.relation, now, before)
    sent = [image.ref for image in held if image.sender_id == person.id]
    let_in = [image.ref for image in held if image.sender_id != person.id]
    return about_leaving.was_never_theirs(patient, person, sent, let_in)


async def _no_more_theirs_than(link: Authority, tx: Transaction) -> list[Authority]:
    """Return the link, and those of the same capacity that ended before."""
    alike = await tx.rows.authorities.between(link.person_id, link.patient_id, link.relation)
    ended_before = [held for held in alike if not held.never_theirs and not held.may_hold(tx.today)]
    return [*(held for held in ended_before if held.id != link.id), link]


async def _links(person: Person, patient: Patient, tx: Transaction) -> list[Authority]:
    """Return what has not ended, also what waits for a second person or was prepared for later; or else what ended last."""
    held = await _on_record(person, patient, tx)
    return [link for link in held if link.may_hold(tx.today)] or held[-1:]


async def _on_record(person: Person, patient: Patient, tx: Transaction) -> list[Authority]:
    """Return what they hold or held for the patient, without what was never theirs."""
    return [link for link in await tx.rows.authorities.between(person.id, patient.id) if not link.never_theirs]
