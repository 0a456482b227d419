"""`!died MRN`: a patient has died. Every authority, question and use ends with them; the record stays (R28a).

Echoed and confirmed by a tap (R15), by somebody who neither is this patient nor speaks for them (R33). An advice case stays
open for its note, but nothing more is shown in it. No message is pushed to those who spoke for the patient: each hears one
sentence when they next write (`bereaved`). `!not-dead` undoes it.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.documents import note_on_patient
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.uses.end import end_and_tell
from bot.core.uses.not_shown import stop_showing
from bot.core.uses.who_asked import tell_who_asked
from bot.domain import rooms
from bot.domain.authority_events import ended_by_death
from bot.domain.choices import Choice
from bot.domain.conversation import About
from bot.domain.errors import Refused
from bot.domain.identifiers import Actor, PatientId
from bot.domain.image import Image, State
from bot.domain.message import Message
from bot.domain.people import Patient
from bot.domain.staff_deeds import RecordDeath
from bot.domain.under_care import HasDied, patient_after
from bot.domain.use import Use, UseState
from bot.words import about_leaving, about_uses
from bot.words.about_people import nothing_changes
from handlers.photos.answer_question import question_due

from .end_invitations import Why, close_invitations
from .end_link import stop_what_is_on_its_way
from .not_dead import about_death
from .patient_leaves import open_uses
from .two_people import act_about


async def died(deed: RecordDeath, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    if patient is None or patient.died_on is not None:
        raise Refused(about_leaving.no_living_patient())
    await act_about(request.person, patient.id, tx)
    await tx.ledger_message(request.arrival)
    await ask(
        tx,
        request.person,
        about_leaving.has_patient_died(patient),
        [("died", "Has died"), ("", "No, nothing changes")],
        about="died",
        subject=patient.id,
        lasts=timedelta(hours=1),
        needs_number=True,
    )
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.get(PatientId(choice.subject))
    if not choice.value or patient.died_on is not None:
        return nothing_changes()
    await act_about(request.person, patient.id, tx)
    by = request.person.id
    # Other people who were asked about this death, or one that was a mistake, have nothing to tap any more.
    for subject in (patient.id, about_death(patient)):
        await close_polls(tx, subject)
    images = await tx.rows.images.of_patient(patient.id)
    await tx.rows.patients.save(patient_after(patient, HasDied(tx.today)))
    uses = await open_uses(images, tx)
    for use in uses:
        await _end(use, by, tx)
    await close_invitations(tx, await tx.rows.invitations.for_patient(patient.id), Why.PATIENT_LEFT)
    await _settle_questions(images, tx)
    accounts = await _end_authorities(patient, images, tx)
    await tx.audit(by, "patient.died", patient.id, accounts=accounts, uses=len(uses))
    facts: dict[str, object] = {"died": True, "recorded_on": tx.today.isoformat(), "uses_ended": len(uses)}
    await note_on_patient(tx, patient, by, about_leaving.DIED, facts)
    waiting = [image.ref for image in images if image.in_reach and image.state is not State.VERIFIED]
    await tx.say(rooms.own(by), about_leaving.recorded_as_dead(patient, accounts, len(uses), waiting), private=True)
    return None


async def _end(use: Use, by: Actor, tx: Transaction) -> None:
    """Keep a case with a room open for its note, and call in whatever else was shared.

    What nobody has read in that room yet is not shown there, whatever becomes of the death.
    """
    (image, *_) = await tx.rows.images.among(use.image_ids)
    room = await tx.rows.rooms.at(rooms.case(use.id))
    if use.state is UseState.RELEASED and use.is_advice and room is not None:
        await stop_showing(room.address, tx)
        await tx.say(rooms.own(use.asked_by), about_leaving.case_of_the_dead(image.ref), image_id=image.id)
        return
    not_told = await end_and_tell(use, by, tx)
    await tell_who_asked(use, about_uses.with_calls(about_leaving.use_of_the_dead(image.ref), not_told), tx)


async def _settle_questions(images: list[Image], tx: Transaction) -> None:
    """Go on as if no answer had come (R1), because nobody is asked any more what a photo is about."""
    theirs = {image.id for image in images}
    for question in await tx.rows.questions.open_about(About.REASON):
        if theirs >= set(question.image_ids):
            await question_due(tx, question.id)


async def _end_authorities(patient: Patient, images: list[Image], tx: Transaction) -> int:
    """End every authority, also those to come; return how many held.

    Those who answered until now hear it when they next write.
    """
    count = 0
    for authority in await tx.rows.authorities.of_patient(patient.id):
        if not authority.may_hold(tx.today):
            continue
        count += authority.holds_on(tx.today)
        await tx.rows.authorities.save(ended_by_death(authority, tx.today))
        await stop_what_is_on_its_way(await tx.person(authority.person_id), images, tx)
    return count
