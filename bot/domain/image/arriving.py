"""From the chat into the vault, and on to the record as soon as nothing is missing (R1, R14, R15)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.errors import Refused
from bot.domain.message import message
from bot.domain.use_rules import Source

from .events import Captured, CaptureFailed, DuplicateFound, PatientChosen, PurposeStated
from .outcome import IN_RECORD, ON_ITS_WAY, Decided, Then, only_from_a_patient
from .value import HeldFor, Image, State, what_is_missing

DUPLICATE = "duplicate"  # for `discarded_because`; `duplicate_of` says of which image


def onward(image: Image) -> Decided:
    """Send a captured image on to filing as soon as nothing is missing."""
    if what_is_missing(image):
        return replace(image, state=State.CAPTURED, held_for=None), ()
    if not image.patient_id:  # attested, with two identifiers that nobody here has: the practice says whose it is (R15)
        return replace(image, state=State.HELD, held_for=HeldFor.UNMATCHED), (Then.TELL_HELD,)
    greet = {Source.PATIENT: (Then.ACKNOWLEDGE,), Source.COLLEAGUE: (), Source.OUTSIDE: (Then.ANNOUNCE,)}[image.source]
    first = () if image.acknowledged or image.form_of else greet
    return replace(image, state=State.READY, held_for=None, acknowledged=True), (*first, Then.FILE)


def captured(image: Image, event: Captured) -> Decided:
    kept = replace(
        image,
        sealed=event.sealed,
        sha256=event.sealed.sha256,
        size=event.sealed.size,
        media_type=event.media_type,
        attachment={},
    )
    if kept.held_for is HeldFor.WITHDRAWAL:
        return replace(kept, state=State.HELD), (Then.DISCARD,)
    # A colleague's is announced when they attest it: until then it is nobody's business but theirs.
    announce = () if kept.from_colleague else (Then.ANNOUNCE,)
    tell = (Then.TELL_FORM_KEPT,) if kept.form_of else ()
    if kept.held_for is HeldFor.SOMEBODY_ELSE:
        return replace(kept, state=State.HELD), (*announce, Then.TELL_HELD)
    if kept.deleted_by_sender and kept.held_for is None:
        held = replace(kept, state=State.HELD, held_for=HeldFor.SENDER_DELETED)
        return held, (*announce, *tell, Then.ASK_WITHDRAW)
    if kept.held_for is HeldFor.ASKED_BACK:
        return replace(kept, state=State.HELD), announce
    if kept.held_for is HeldFor.IDENTITY_CHANGED:
        return replace(kept, state=State.HELD), (*announce, *tell, Then.TELL_HELD)
    gone_on, then = onward(kept)
    if kept.from_colleague:
        return gone_on, (*tell, *then)
    return gone_on, (Then.ARRIVED, *(step for step in then if step is not Then.ACKNOWLEDGE))


def capture_failed(image: Image, event: CaptureFailed) -> Decided:
    gone = replace(image, state=State.DISCARDED, discarded_because=event.because, attachment={})
    if image.held_for is HeldFor.WITHDRAWAL:
        return gone, (Then.PURGE, Then.SAY_DISCARDED, *lost(image))
    return gone, (Then.PURGE, Then.SAY_FAILED, *lost(image))


def lost(form: Image) -> tuple[Then, ...]:
    return (Then.TELL_FORM_LOST,) if form.form_of else ()


def duplicate(image: Image, event: DuplicateFound) -> Decided:
    gone = replace(image, state=State.DISCARDED, discarded_because=DUPLICATE, duplicate_of=event.of_id, attachment={})
    return gone, (Then.PURGE, Then.SAY_DUPLICATE, *lost(image))


def gone_already(image: Image, event: Captured | DuplicateFound) -> Decided:
    """Let what was sealed go too: the image was left with its sender while it was being fetched."""
    return image, (Then.LEAVE,)


def stated(image: Image, event: PurposeStated) -> Image:
    if image.from_colleague:
        raise Refused(message("about_states.attested_already", ref=image.ref), "R2")
    return replace(image, purpose=event.purpose, reason=event.reason, reason_by=event.by)


def note_purpose(image: Image, event: PurposeStated) -> Decided:
    if image.acknowledged:
        return correct(image, event)  # a consent rests on the old words: new words are a new consent
    return stated(image, event), ()


def state_purpose(image: Image, event: PurposeStated) -> Decided:
    return onward(stated(image, event))


def correct(image: Image, event: PurposeStated) -> Decided:
    """File a correction as a new record beside the old one, never as an edit. A missed deadline corrects nothing."""
    if event.by == "unanswered":
        return image, ()
    return stated(image, event), (Then.FILE_CORRECTION,)


def note_patient(image: Image, event: PatientChosen) -> Decided:
    only_from_a_patient(image)
    if image.acknowledged:
        return ON_ITS_WAY(image, event)  # it was on its way once, and the record may hold it under that name
    return replace(image, patient_id=event.patient_id), ()


def choose_patient(image: Image, event: PatientChosen) -> Decided:
    only_from_a_patient(image)
    return onward(replace(image, patient_id=event.patient_id))


def note_patient_held(image: Image, event: PatientChosen) -> Decided:
    if image.filed_at is not None:
        return IN_RECORD(image, event)
    if image.held_for is HeldFor.UNMATCHED and image.statement is not None:
        matched = replace(image.statement, patient_id=event.patient_id)
        return onward(replace(image, patient_id=event.patient_id, statement=matched))
    return note_patient(image, event)
