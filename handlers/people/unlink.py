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
from bot.core.uses.settle_requests import settle_requests
from bot.core.who_is_meant import whom
from bot.domain import rooms
from bot.domain.authority_events import ended, never_theirs
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import AuthorityId
from bot.domain.message import Message
from bot.domain.people import Authority, Patient, Person
from bot.domain.staff_deeds import UnlinkAccount
from bot.words import about_leaving
from bot.words.about_commands import line
from bot.words.about_people import answers_no_more, nothing_changes

from .end_invitations import Why, close_invitations
from .end_link import stop_what_is_on_its_way
from .two_people import act_about
from .undo_link import on_record, undo_link


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
    ever = await on_record(meant.person, patient, tx)
    others = any(link.relation is not links[-1].relation for link in ever)
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
    await settle_requests(patient.id, tx)
    await tx.audit(request.person.id, "authority.unlinked", patient.id, person=person.id, told=choice.value)
    await close_invitations(tx, await tx.rows.invitations.for_account(person.account, patient.id), Why.HOLDER_LEFT)
    if was_theirs:
        await stop_what_is_on_its_way(person, images, tx)
        text = about_leaving.is_unlinked(patient, person)
    else:
        text = await undo_link(asked_about, patient, person, images, request.person, tx)
    if choice.value == "tell":
        await tx.say(rooms.own(person.id), answers_no_more(patient), private=True)
    await tx.say(rooms.own(request.person.id), text, private=True)
    return None


async def _no_more_theirs_than(link: Authority, tx: Transaction) -> list[Authority]:
    """Return the link, and those of the same capacity that ended before."""
    alike = await tx.rows.authorities.between(link.person_id, link.patient_id, link.relation)
    ended_before = [held for held in alike if not held.never_theirs and not held.may_hold(tx.today)]
    return [*(held for held in ended_before if held.id != link.id), link]


async def _links(person: Person, patient: Patient, tx: Transaction) -> list[Authority]:
    """Return what has not ended, also what waits for a second person or was prepared for later; or else what ended last."""
    held = await on_record(person, patient, tx)
    return [link for link in held if link.may_hold(tx.today)] or held[-1:]
