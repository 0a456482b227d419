"""`!unlink MRN @account`: one account no longer answers for a patient: a court decided so, or a code reached the wrong person.

For a manager, who hears objections too, and never about a patient they are or speak for (R33). It is echoed with two
identifiers and ended by a tap, which says whether they are told: nobody is told before that was chosen (R33a). What they
agreed to before stands; what they agreed to for somebody else releases nothing more (R31). `!link` links them anew.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.who_is_meant import whom
from bot.domain import rooms
from bot.domain.answering_for import ended
from bot.domain.authority import may_act_for_the_practice
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import AuthorityId
from bot.domain.message import Message
from bot.domain.people import Authority, Patient, Person
from bot.domain.staff_deeds import UnlinkAccount
from bot.words import about_admission, about_leaving
from bot.words.about_commands import line
from bot.words.about_people import answers_no_more, nothing_changes

from .end_invitations import Why, close_invitations
from .end_link import stop_what_is_on_its_way


async def unlink(deed: UnlinkAccount, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    held = await tx.rows.authorities.of_patient(patient.id) if patient else []
    linked = {authority.person_id for authority in held if authority.may_hold(tx.today)}
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
    await _not_their_own(patient, request.person, tx)
    await tx.ledger_message(request.arrival)
    await ask(
        tx,
        request.person,
        about_leaving.answers_no_longer(patient, meant.person, links[-1].relation),
        about_leaving.UNLINK_ANSWERS,
        about="unlink",
        subject=f"unlink:{links[-1].id}",
        lasts=timedelta(hours=1),
        needs_number=True,
    )
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    asked_about = await tx.rows.authorities.get(AuthorityId(choice.subject.removeprefix("unlink:")))
    patient, person = await tx.rows.patients.get(asked_about.patient_id), await tx.person(asked_about.person_id)
    if not choice.value or not asked_about.may_hold(tx.today):
        return nothing_changes()
    await _not_their_own(patient, request.person, tx)
    for link in await _links(person, patient, tx):
        await tx.rows.authorities.save(ended(link, tx.today))
        for subject in (f"unlink:{link.id}", f"confirm:{link.id}", f"access:{link.id}"):
            await close_polls(tx, subject)
    await tx.audit(request.person.id, "authority.unlinked", patient.id, person=person.id, told=choice.value)
    await close_invitations(tx, await tx.rows.invitations.for_account(person.account, patient.id), Why.HOLDER_LEFT)
    await stop_what_is_on_its_way(person, await tx.rows.images.of_patient(patient.id), tx)
    if choice.value == "tell":
        await tx.say(rooms.own(person.id), answers_no_more(patient), private=True)
    await tx.say(rooms.own(request.person.id), about_leaving.is_unlinked(patient, person), private=True)
    return None


async def _links(person: Person, patient: Patient, tx: Transaction) -> list[Authority]:
    """Return what has not ended: also what waits for a second person, or was prepared for later."""
    held = await tx.rows.authorities.between(person.id, patient.id)
    return [authority for authority in held if authority.may_hold(tx.today)]


async def _not_their_own(patient: Patient, person: Person, tx: Transaction) -> None:
    if not may_act_for_the_practice(await tx.circle(patient.id), person, tx.today):
        raise Refused(about_admission.not_for_your_own(), "R33")
