"""What the bot says about images from colleagues: what they attest, and what becomes of the image and its case (R2 to R5, R20).

What is shown is what is attested: `attestation` is kept word for word with the image, and so is its version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.domain.image import Image
from bot.domain.people import Patient, Relation
from bot.domain.statement import TOPICS, ConsentKind, Statement
from bot.domain.use_rules import Kind, Source

from .phrases import REVIEW_ORIGINAL, day, many, quoted, with_reason
from .sentence import sentence


@sentence
def not_here() -> str:
    return "I take photos in your own chat with me only, so I kept nothing of this one. Please send it there."


@sentence
def not_your_role() -> str:
    return "I take photos from patients and clinicians, so I left this one with you and kept nothing."


# ---- the echo, and what is attested by tapping

GIVERS: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.SELF: "the patient",
        Relation.PARENT: "a parent",
        Relation.GUARDIAN: "the guardian",
        Relation.DECISION_MAKER: "the decision maker",
        Relation.CHILD: "a grown-up child",
    }
)


def echo(images: Sequence[Image], statement: Statement, patient: Patient | None, form_ref: str) -> str:
    """Repeat all that was understood, for one last look (R15)."""
    many_photos = f", {len(images)} photos," if len(images) > 1 else ""
    what = "a document" if statement.kind is Kind.DOCUMENT else "the body"
    lines = [
        f"{many([image.ref for image in images])}{many_photos} of {what}.",
        f"Patient: {_whose(statement, patient, images[0].source)}.",
        f"Taken by {quoted(statement.photographer, 80)}.",
    ]
    if statement.kind is not Kind.DOCUMENT:
        lines.append(consent(statement, form_ref))
    if statement.reason:
        lines.append(f"Reason: {quoted(statement.reason)}.")
    return "\n".join([*lines, attestation(statement, images[0].source)])


def _whose(statement: Statement, patient: Patient | None, source: Source) -> str:
    """Name the patient, but to somebody outside the practice only in the words they wrote themselves.

    They never hear a name, nor whether there is such a patient.
    """
    if patient is not None and source is not Source.OUTSIDE:
        return f"{patient.name}, born {day(patient.born)}, MRN {patient.mrn}"
    number, born = (patient.mrn, patient.born) if patient else (statement.number, statement.born)
    return f"record number {quoted(number, 40)}" + (f", born {day(born)}" if born else "")


def consent(statement: Statement, form_ref: str) -> str:
    giver = GIVERS[statement.given_by or Relation.SELF]
    on = f" on {day(statement.consent_on)}" if statement.consent_on else ""
    advice = "Sharing for advice was agreed to" if statement.covers_advice else "Sharing for advice was not discussed"
    if statement.consent is ConsentKind.WRITTEN:
        return f"Written consent from {giver}{on}, signed form {form_ref}. {advice}."
    return f"Verbal consent from {giver}{on}. {advice}."


def attestation(statement: Statement, source: Source) -> str:
    """Return the exact words the sender stands for."""
    own = source is Source.COLLEAGUE
    if statement.kind is Kind.DOCUMENT:
        stores = "You are responsible for its storage. " if own else ""
        return f"By filing it you attest: it helps this patient's care. {stores}{REVIEW_ORIGINAL}"
    stores = " You are responsible for consent and storage." if own else ""
    return (
        f"By filing it you attest: it helps this patient's care; consent was given before it was taken; {many(TOPICS)} were "
        f"discussed.{stores}"
    )


def version(name: str, words: str) -> str:
    """Return a version that is the same for the same words, everywhere and for ever."""
    return f"{name}@{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def confirm_answers(source: Source) -> list[tuple[str, str]]:
    file = "File it under my name" if source is Source.COLLEAGUE else "File it with the practice"
    return [("file", file), ("leave", "Leave it with me"), ("change", "Change something")]


@sentence
def change() -> str:
    return (
        "What is different? Just write that: for example “verbal yesterday”, “by Nurse Chen”, “no advice”, or another patient's record "
        "number and date of birth. The rest stays as it was."
    )


@sentence
def filed(images: Sequence[Image], source: Source) -> str:
    refs = many([image.ref for image in images])
    where = "under your name" if source is Source.COLLEAGUE else "with the practice"
    return (
        f"Thank you. {refs} will be in the record {where}, and then gone from this chat and any you forwarded it from."
    )


@sentence
def left(refs: Sequence[str]) -> str:
    return f"{many(refs)} {'stays' if len(refs) == 1 else 'stay'} with you. Nothing of it is kept here, and it is being removed from this chat. Consent and storage are yours."


def unattested_reminder(refs: Sequence[str]) -> str:
    return f"{many(refs)}: still waiting for you. Until you stand for it, nothing is filed and nobody sees it."


def unattested(refs: Sequence[str]) -> str:
    return (
        f"{many(refs)}: on hold, because not attested in time. Nothing is filed, and nobody sees it. You can still answer, "
        "or write “leave” to keep it yourself."
    )


def held_unattested(image: Image) -> str:
    """Tell the practice, which can't decide it: it knows neither whose it is nor what was agreed."""
    return (
        f"{image.ref} needs a person: the colleague who sent it has not attested it, so it is not filed and can't be used. They "
        f"still can. To discard it: !discard {image.ref}."
    )


def duplicate(ref: str, of_ref: str) -> str:
    return f"I already have this photo as {of_ref}; it is kept once, and nothing was recorded for {ref}. Your words about {of_ref} count."


def asked_to_withdraw(ref: str) -> str:
    return f"You deleted {ref} from the chat. Should it be withdrawn, so that it does not go into the record? Please answer “yes {ref}” or “no”."


def discarded(ref: str) -> str:
    return f"{ref} was discarded before it reached the record. It has been destroyed here and removed from the chat."


def it_stays(ref: str) -> str:
    return f"{ref} is already in the record, and stays there, as the law requires. Is it wrong? Please tell a manager."


def kept(ref: str) -> str:
    return f"All right, {ref} is kept. It goes into the record once you have attested it."


def form_gone(ref: str) -> str:
    return f"The signed form of {ref} is not on file: it was taken back or could not be kept. Please get it again."


@sentence
def edited(ref: str, waits: bool, may_note: bool) -> str:
    """Say what to write in place of an edit of one's photo, or of what was said of it."""
    if waits:
        return (
            f"I don't follow edits. Please write your whole line anew, as a new message that begins with {ref}: it takes the place "
            "of the old one."
        )
    if may_note:
        return (
            f"I don't follow edits: what is recorded of {ref} stays. To add what is right: !note {ref} and the words."
        )
    return f"I don't follow edits: what is recorded of {ref} stays. Please tell the practice what is right."


# ---- once it is in the practice


def announced(image: Image, sender: str, taker: str, again: bool = False) -> str:
    """Return what the practice room sees of an image from outside: reference and reason, no patient."""
    taken = f"{taker} has taken it." if taker else f"Nobody has taken it yet: !mine {image.ref}"
    start = "Still waiting:" if again else "New image"
    return (
        f"{start} {image.ref} from {sender}, outside clinician. {with_reason(image)}. The case stays open until a note is filed. "
        f"{taken}"
    )


def note_wanted(ref: str, again: bool) -> str:
    start = "Still open" if again else "One case is open"
    return (
        f"{start}: {ref} came from an outside clinician, and no note of the discussion is filed. !note {ref} and what was "
        "discussed closes it. “No discussion took place” is a note too."
    )


def welcome_outside(practice: str) -> str:
    return (
        f"Welcome. This is your private chat with {practice}, for advice and cases you share with them. Send a photo here and one "
        "line about it; I ask for what is missing. Write !help to see what you can do."
    )
