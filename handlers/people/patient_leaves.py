"""`!patient-leaves MRN`: a patient leaves the practice. Accounts are unlinked, open uses end, the record stays.

Echoed and confirmed by a tap (R15), by somebody who neither is this patient nor speaks for them (R33). A note of it is
filed; what is held stays under the law on retention. `consentry record export` writes the copy for the
next practice. For a patient who has died there is `!died`.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.documents import note_on_patient
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.end import end_and_tell, say_it_ends, with_summary
from bot.core.uses.judge import apply_use
from bot.core.uses.who_asked import tell_who_asked
from bot.domain import rooms
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import PatientId, PersonId
from bot.domain.image import Image, State
from bot.domain.intents import Say
from bot.domain.message import Message
from bot.domain.people import Patient, Standing
from bot.domain.staff_deeds import EndTreatment
from bot.domain.under_care import LeftThePractice, patient_after
from bot.domain.use import LIVE, Summarised, Use, UseState
from bot.words import about_people, about_uses
from handlers.uses.close_case import file_discussion
from handlers.uses.purge_case import end_case

from .end_invitations import Why, close_invitations
from .end_link import end_link
from .two_people import act_about


async def patient_leaves(deed: EndTreatment, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    if patient is None or patient.left_on or patient.died_on:
        raise Refused(about_people.nobody_has_that_number())
    await act_about(request.person, patient.id, tx)
    accounts = [
        authority for authority in await tx.rows.authorities.of_patient(patient.id) if authority.holds_on(tx.today)
    ]
    uses = await open_uses(await tx.rows.images.of_patient(patient.id), tx)
    await tx.ledger_message(request.arrival)
    await ask(
        tx,
        request.person,
        about_people.does_patient_leave(patient, len(accounts), len(uses)),
        [("leaves", "Leaves, the record stays"), ("", "No, nothing changes")],
        about="patient-leaves",
        subject=patient.id,
        lasts=timedelta(hours=1),
        needs_number=True,
    )
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.get(PatientId(choice.subject))
    if not choice.value or patient.left_on or patient.died_on:
        return about_people.nothing_changes()
    await act_about(request.person, patient.id, tx)
    await close_polls(tx, patient.id)  # others who were asked can't tap once the patient has come back
    await tx.rows.patients.save(patient_after(patient, LeftThePractice(tx.today)))
    images = await tx.rows.images.of_patient(patient.id)
    uses = await open_uses(images, tx)
    for use in uses:
        await _end(use, request.person.id, tx)
    accounts = await _unlink(patient, images, tx)
    await close_invitations(tx, await tx.rows.invitations.for_patient(patient.id), Why.PATIENT_LEFT)
    await tx.audit(request.person.id, "patient.left", patient.id, accounts=accounts, uses=len(uses))
    facts: dict[str, object] = {"left_on": tx.today.isoformat(), "accounts_unlinked": accounts, "uses_ended": len(uses)}
    await note_on_patient(tx, patient, request.person.id, about_people.LEFT_THE_PRACTICE, facts)
    waiting = [image.ref for image in images if image.in_reach and image.state is not State.VERIFIED]
    text = about_people.patient_has_left(patient, accounts, len(uses), waiting)
    await tx.say(rooms.own(request.person.id), text, private=True)
    return None


async def open_uses(images: list[Image], tx: Transaction) -> list[Use]:
    return [use for use in await tx.rows.uses_of(*(image.id for image in images)) if use.state in LIVE]


async def _end(use: Use, by: PersonId, tx: Transaction) -> None:
    """End a case with a summary that says why, where nothing would be lost by that (R5); call in whatever else was shared.

    Where something was said that no transcript keeps, whoever asked still files it.
    """
    said = use.lacks_summary and not tx.policy.keep_transcripts and await tx.rows.lines.of_use(use.id)
    if use.state is UseState.RELEASED and use.is_advice and not said:
        if use.summarised_at is None:
            await file_discussion(use, by, about_people.CASE_ENDED, tx)
            use = await apply_use(tx, use, Summarised(tx.now), by)
        await close_polls(tx, use.id)
        await end_case(use, tx)
        not_told = []
    else:
        not_told = await end_and_tell(use, by, tx)
        await say_it_ends(use, tx)
    text = about_uses.with_calls(about_people.USE_ENDED_PATIENT_LEFT, not_told)
    await tell_who_asked(use, with_summary(use, text), tx)


async def _unlink(patient: Patient, images: list[Image], tx: Transaction) -> int:
    """End every authority for the patient, also those that wait to be confirmed or were prepared for later; return how many held.

    Somebody who was here only for them is thanked, in words about nobody, and not heard any more.
    """
    count = 0
    for authority in await tx.rows.authorities.of_patient(patient.id):
        if not authority.may_hold(tx.today):
            continue
        was_here = (await tx.person(authority.person_id)).standing is not Standing.LEFT
        person = await end_link(authority, images, tx)
        held = authority.holds_on(tx.today)
        count += held
        if person.standing is not Standing.LEFT:
            if held:
                await tx.say(rooms.own(person.id), about_people.answers_no_more(patient), private=True)
        elif was_here:
            farewell = about_people.FAREWELL.format(practice=tx.policy.practice)
            await tx.plan(Say(rooms.own(person.id), farewell, open=True))
    return count
