"""A patient sends a photo: captured first, then filed as soon as purpose and patient are known (R1, R14, R15).

With a caption there is no question. Without one there is a single question, whatever the number of photos; unanswered it
becomes care, "reason not stated". Somebody who answers for several patients is asked whose photo it is, in the same question.
A clinician's photo goes its own way (R2 to R5): see `colleague_image`. Several in one message come as `send_gallery` parts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.dispatch import ChatRequest, Request, chosen_before
from bot.core.documents import shortened
from bot.core.transaction import Transaction
from bot.domain.arrivals import proof_of
from bot.domain.authority import decides_not
from bot.domain.deeds import HoldPhoto, PassOn, SayWhoseItIsNot, StateReason
from bot.domain.identifiers import NO_PATIENT, ImageId, PatientId
from bot.domain.image import Image
from bot.domain.message import Message, together
from bot.domain.people import Patient, Person, Role
from bot.domain.rooms import RoomKind
from bot.words import to_colleagues, to_patients
from bot.words.about_somebody_else import held_for_somebody_else
from handlers.colleagues.colleague_image import take_from_colleague

from .arriving_together import begin_capture, by_caption
from .ask_what_is_missing import ask_what_is_missing
from .hold_photo import hold_photos
from .media_named import claimed_size, encrypted_file
from .pass_on import file_and_tell
from .reason_too import ask_whether_too
from .refuse_photo import refuse_photo
from .somebody_else import doubt, hold_until_they_agree, say_so

_SAYS_WHY = (StateReason, SayWhoseItIsNot)


async def send_image(request: ChatRequest, tx: Transaction) -> Message | None:
    return await take_pictures([request], request, tx)


async def take_pictures(pictures: Sequence[ChatRequest], request: ChatRequest, tx: Transaction) -> Message | None:
    """Take the pictures of one message, each as if it came alone; what is said and asked of them is said and asked once."""
    person = request.person
    if request.room.kind is not RoomKind.OWN or not (person.is_clinician or person.may_act_as(Role.PATIENT)):
        there = request.room.kind is not RoomKind.OWN
        said = to_colleagues.not_here() if there else to_colleagues.not_your_role()
        return await refuse_photo(request, "image.left-with-sender", said, tx, send_again=there)
    if person.is_clinician:
        return await take_from_colleague(pictures, request, tx)
    if any(encrypted_file(picture.content) is None for picture in pictures):
        return await refuse_photo(request, "image.not-encrypted", to_patients.unsupported("unencrypted-file"), tx)
    patients = await tx.answers_for(person)
    if not patients:
        return await refuse_photo(request, "image.nobody", to_patients.answers_for_nobody(tx.policy.practice), tx)
    answers, patient_id = [], _whose(request, patients, waits=await _waits_for_another(person, patients, tx))
    for under in by_caption(pictures):
        images = [await _received(picture, patient_id, tx) for picture in under]
        answers.append(await _answer(images, under[0], patients, tx))
    return together(answers)


async def _answer(
    images: Sequence[Image], picture: ChatRequest, patients: list[Patient], tx: Transaction
) -> Message | None:
    """Do what the caption of these pictures says, which is that of the first, and ask what is missing."""
    person, deed, caption, first = picture.person, picture.caption, picture.said.words, images[0]
    not_theirs = bool(first.patient_id) and decides_not(await tx.circle(first.patient_id), person.id, tx.today)
    if isinstance(deed, SayWhoseItIsNot) and (not not_theirs or deed.as_shown):
        for image in images:
            await say_so(await doubt(image, person.id, tx), caption, person.id, tx)
        return held_for_somebody_else([image.ref for image in images], tx.policy.practice)
    if isinstance(deed, HoldPhoto):
        await hold_photos(images, caption, picture, tx, ledger=False)
    elif isinstance(deed, PassOn):
        await file_and_tell(images[-1], caption, picture, tx, ledger=False)
    if not_theirs:
        return await hold_until_they_agree(images, tx)
    if isinstance(deed, StateReason) and first.patient_id:
        await ask_whether_too(first, person, tx)
    for image in images:
        await ask_what_is_missing(image, patients, tx)
    return None


async def _waits_for_another(person: Person, patients: Sequence[Patient], tx: Transaction) -> bool:
    """Return whether they are to answer for others too, once that is confirmed or its day has come: a photo may be of these."""
    if len(patients) > 1:
        return False  # it is asked anyway
    held, today = await tx.rows.authorities.of_person(person.id), tx.today
    waiting = [authority for authority in held if authority.may_hold(today) and not authority.holds_on(today)]
    return any(authority.patient_id not in {patient.id for patient in patients} for authority in waiting)


def _whose(request: Request, patients: list[Patient], *, waits: bool) -> PatientId:
    """Return whose photos these are: the one patient they answer for, or the one they chose before sending (R15).

    Return nobody where the one they chose is not among them now, or can't be told apart: then it is asked. It is asked too of
    somebody who works here and had no choice: the photo may show a patient of the practice, and must not lie in their own record.
    A page names the only one there was when it was tapped, so that days later it is not taken for another's. Who `waits` to
    answer for another too may have sent a photo of that one.
    """
    chosen = chosen_before(request.content)
    if (request.person.is_staff and (chosen is None or len(patients) == 1)) or (waits and chosen is None):
        return NO_PATIENT
    able = [patient.id for patient in patients if chosen in {None, to_patients.who_is_meant(patient)}]
    return able[0] if len(able) == 1 else NO_PATIENT


async def _received(request: ChatRequest, patient_id: PatientId, tx: Transaction) -> Image:
    """Return the image as it arrives, with the reason that its caption gives, if it does."""
    arrival = request.arrival
    image = Image(
        id=ImageId(tx.ids.new()),
        ref=await tx.new_reference(),
        sender_id=request.person.id,
        room_id=arrival.room_id,
        event_id=arrival.event_id,
        received_at=tx.now,
        patient_id=patient_id,
        attachment=encrypted_file(request.content) or {},
        size=claimed_size(request.content),
        proof=proof_of(arrival),
        place=request.place,
    )
    if isinstance(request.caption, _SAYS_WHY):
        purpose, reason = request.said.reason
        short = await shortened(tx, image, reason, sent_with_it=True)
        image = replace(image, purpose=purpose, reason=short, reason_by="caption")
    await tx.rows.images.add(image)
    await begin_capture(image, request, tx)
    return image
