"""Images from colleagues: nobody's until their sender attests what was echoed to them (R2–R5, R15)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.errors import Refused
from bot.domain.identifiers import NO_IMAGE, NO_PATIENT
from bot.domain.message import message
from bot.domain.purposes import NOT_STATED, Purpose, read_purpose
from bot.domain.statement import Statement, may_be_attested
from bot.domain.use_rules import Kind, Source

from .arriving import onward
from .events import Attested, Described, FormKept, FormLost, LeftWithSender, OwnPhoto, Unattested
from .outcome import ON_ITS_WAY, Decided, Then, only_from_a_colleague
from .value import HeldFor, Image, State


def describe(image: Image, event: Described) -> Decided:
    only_from_a_colleague(image)
    said = event.statement
    if image.form_of:  # a document, whatever is said
        said = Statement(
            Kind.DOCUMENT,
            said.patient_id,
            said.photographer,
            given_by=said.given_by,
            number=said.number,
            born=said.born,
        )
    kind = said.kind or Kind.BODY  # unsure = body
    return replace(image, statement=said, kind=kind, attested_at=None, patient_id=NO_PATIENT), ()


def describe_held(image: Image, event: Described) -> Decided:
    if image.attested_at:  # it may be on its way to the record
        return ON_ITS_WAY(image, event)
    return describe(image, event)


def note_attested(image: Image, event: Attested) -> Decided:
    """Note that the sender stands for patient and purpose from now on: it is this patient, and the purpose is care (R2, R15)."""
    only_from_a_colleague(image)
    if image.attested_at:
        return image, ()  # only once: since then it may have been moved to another record
    statement = image.statement or Statement()
    if not may_be_attested(statement):
        raise Refused(message("about_states.not_to_attest_yet", ref=image.ref), "R2")
    attested = replace(
        image,
        attested_at=event.at,
        patient_id=statement.patient_id,
        purpose=Purpose.CARE,
        reason=statement.reason or NOT_STATED,
        reason_by="attestation",
        covers_advice=statement.kind is Kind.BODY and statement.covers_advice,
        taken_by=image.sender_id if image.source is Source.COLLEAGUE else image.taken_by,
    )
    return attested, ()


def attest(image: Image, event: Attested) -> Decided:
    return onward(note_attested(image, event)[0])


def attest_held(image: Image, event: Attested) -> Decided:
    """Let an image go on that was held only because nobody had attested it; whatever else holds it is for a person to settle."""
    if image.held_for is HeldFor.UNATTESTED:
        return attest(image, event)
    return note_attested(image, event)


def leave(image: Image, event: LeftWithSender) -> Decided:
    """Keep nothing, not even whose it was said to be."""
    only_from_a_colleague(image)
    left = replace(
        image,
        state=State.LEFT_WITH_SENDER,
        sealed=None,
        attachment={},
        proof={},
        statement=None,
        attested_at=None,
        patient_id=NO_PATIENT,
        reason="",
        sha256="",
        held_for=None,
    )
    return left, (Then.LEAVE,)


def leave_held(image: Image, event: LeftWithSender) -> Decided:
    if image.held_for is not HeldFor.UNATTESTED:
        raise Refused(message("about_states.held_for_another_reason", ref=image.ref), "R4")
    return leave(image, event)


def own_photo(image: Image, event: OwnPhoto) -> Decided:
    own = note_own_photo(image, event)[0]
    gone_on, then = onward(own)
    return gone_on, (Then.ANNOUNCE, *then)


def own_photo_held(image: Image, event: OwnPhoto) -> Decided:
    if image.held_for is HeldFor.UNATTESTED:
        return own_photo(image, event)
    return note_own_photo(image, event)


def note_own_photo(image: Image, event: OwnPhoto) -> Decided:
    only_from_a_colleague(image)
    if replace(image.statement or Statement(), reason="") != Statement() or image.form_of:
        raise Refused(message("about_states.described_already", ref=image.ref), "R15")
    own = replace(image, source=Source.PATIENT, statement=None, patient_id=event.patient_id)
    if image.statement is None or not image.statement.reason:
        return own, ()
    said = read_purpose(image.statement.reason)  # what came with the photo is what it is about, as in anybody's message
    return replace(own, purpose=said.purpose, reason=said.reason, reason_by="caption"), ()


def form_kept(image: Image, event: FormKept) -> Decided:
    return onward(note_form_kept(image, event)[0])


def note_form_kept(image: Image, event: FormKept) -> Decided:
    if image.statement is None or image.statement.form_id != event.form_id:
        return image, ()
    return replace(image, statement=replace(image.statement, form_kept=True)), ()


def form_lost(image: Image, event: FormLost) -> Decided:
    """Undo the attestation that rested on this form; nothing was filed on it yet, because filing waits for the form."""
    if image.statement is None or image.statement.form_id != event.form_id:
        return image, ()
    without = replace(image.statement, form_id=NO_IMAGE, form_kept=False)
    return replace(image, statement=without, attested_at=None, patient_id=NO_PATIENT), ()


def form_lost_held(image: Image, event: FormLost) -> Decided:
    if image.attested_at and image.statement is not None and image.statement.form_kept:
        return image, ()  # it was on its way to the record: a person is told
    return form_lost(image, event)


def unattested(image: Image, event: Unattested) -> Decided:
    if not image.from_colleague or image.form_of:
        return image, ()
    return replace(image, state=State.HELD, held_for=HeldFor.UNATTESTED), (Then.TELL_HELD,)
