"""A patient sends a photo: captured first, then filed as soon as purpose and patient are known (R1, R14, R15).

With a caption there is no question. Without one there is a single question, whatever the number of photos; unanswered it
becomes care, "reason not stated". Somebody who answers for several patients is asked whose photo it is, in the same question.
A clinician's photo goes its own way (R2 to R5): see `colleague_image`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.dispatch import Request
from bot.core.documents import shortened
from bot.core.transaction import Transaction
from bot.domain.arrivals import proof_of
from bot.domain.deeds import AskPractice, HoldPhoto, LosePhone, PassOn, Puzzle, SayStop, SayWhoseItIsNot, StateReason
from bot.domain.identifiers import NO_PATIENT, ImageId
from bot.domain.image import Image
from bot.domain.intents import CaptureImage
from bot.domain.people import Patient, Role
from bot.domain.purposes import read_purpose
from bot.domain.rooms import RoomKind
from bot.heard.patient import Open, Written, hear
from bot.heard.whose import shows_somebody_else
from bot.words import to_colleagues, to_patients
from bot.words.about_people import HELD_FOR_SOMEBODY_ELSE
from handlers.colleagues.colleague_image import take_from_colleague

from .ask_what_is_missing import ask_what_is_missing
from .hold_photo import hold_photos
from .media_named import caption_of, claimed_size, encrypted_file, ledger_attachments, tell_of_clear_preview
from .own_image import answers_for_others
from .pass_on import file_and_tell
from .refuse_photo import refuse_photo
from .somebody_else import decides_not, doubt, hold_until_they_agree, say_so

_SAYS_WHY = (StateReason, SayWhoseItIsNot)
NOBODY = "You don't answer for any patient at the moment, so I kept nothing. Please call {practice}."


async def send_image(request: Request, tx: Transaction) -> str | None:
    person = request.person
    if request.room.kind is not RoomKind.OWN or not (person.is_clinician or person.may_act_as(Role.PATIENT)):
        there = request.room.kind is not RoomKind.OWN
        text = to_colleagues.NOT_HERE if there else to_colleagues.NOT_YOUR_ROLE
        return await refuse_photo(request, "image.left-with-sender", text, tx, send_again=there)
    if person.is_clinician:
        return await take_from_colleague(request, tx)
    file = encrypted_file(request.content)
    if file is None:
        return await refuse_photo(request, "image.not-encrypted", to_patients.unsupported("unencrypted-file"), tx)
    patients = await tx.answers_for(person)
    if not patients:
        return await refuse_photo(request, "image.nobody", NOBODY.format(practice=tx.policy.practice), tx)
    caption = caption_of(request.content)
    meant = _meant(caption, for_others=await answers_for_others(person, tx))
    image = await _received(request, file, patients, caption if isinstance(meant, _SAYS_WHY) else "", tx)
    await tx.rows.images.add(image)
    await ledger_attachments(tx, request.arrival, image.id)
    await tx.audit(person.id, "image.received", image.id, ref=image.ref, event=image.event_id)
    await tell_of_clear_preview(tx, request.content, image)
    await tx.plan(CaptureImage(image.id), lane=image.id, crowd=f"captures:{image.sender_id}")
    not_theirs = bool(image.patient_id) and await decides_not(person.id, image.patient_id, tx)
    if isinstance(meant, SayWhoseItIsNot) and (not not_theirs or shows_somebody_else(caption)):
        await say_so(await doubt(image, person.id, tx), caption, person.id, tx)
        return HELD_FOR_SOMEBODY_ELSE.format(ref=image.ref, practice=tx.policy.practice)
    if isinstance(meant, HoldPhoto):
        await hold_photos([image], caption, request, tx, ledger=False)
    elif isinstance(meant, PassOn):
        await file_and_tell(image, caption, request, tx, ledger=False)
    if not_theirs:
        return await hold_until_they_agree([image], tx)
    return await ask_what_is_missing(image, patients, tx)


async def _received(
    request: Request, file: dict[str, object], patients: list[Patient], why: str, tx: Transaction
) -> Image:
    """Return the image as it arrives; `why` is its caption where that says what it is about, else ""."""
    arrival = request.arrival
    image = Image(
        id=ImageId(tx.ids.new()),
        ref=await tx.new_reference(),
        sender_id=request.person.id,
        room_id=arrival.room_id,
        event_id=arrival.event_id,
        received_at=tx.now,
        patient_id=patients[0].id if len(patients) == 1 else NO_PATIENT,
        attachment=file,
        size=claimed_size(request.content),
        proof=proof_of(arrival),
    )
    if not why:
        return image
    purpose, reason = read_purpose(why)
    return replace(image, purpose=purpose, reason=await shortened(tx, image, reason), reason_by="caption")


def _meant(caption: str, *, for_others: bool) -> HoldPhoto | SayWhoseItIsNot | PassOn | StateReason | None:
    """Return what the caption does: a refusal, a wish to have it back and a question are no reason (R34).

    Anything else that stands under a photo is what the photo is about, as well as they could say it.
    """
    if not caption:
        return None
    deed = hear(Written(caption, frozenset({Open.REASON}), answers_for_others=for_others)).deed
    likely = deed.likely if isinstance(deed, Puzzle) else ()
    if isinstance(deed, HoldPhoto | SayStop) or likely[:1] == ("hold",):
        return HoldPhoto()
    if isinstance(deed, SayWhoseItIsNot):
        return deed
    asked = isinstance(deed, AskPractice | LosePhone) and len(caption.split()) > 1  # "after" stands under many a photo
    return PassOn() if asked or {"question", "not me"} & set(likely) else StateReason()
