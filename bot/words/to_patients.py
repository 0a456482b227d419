"""What the bot says to patients, and to those who answer for them, about the photos they send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.domain.image import Image, State
from bot.domain.people import Patient
from bot.domain.purposes import Purpose, spoken

from .phrases import day, many, quoted
from .sentence import sentence
from .typed import typed


@sentence
def ask_reason() -> str:
    return "Thank you. What is the photo about? A few words are enough, for example “rash on my arm, three days”."


@sentence
def one_after_the_other(first: Sequence[str], then: Sequence[str]) -> str:
    return (
        f"Thank you. These photos are of different people, so one after the other: what is {many(list(first))} about? After that I "
        f"will ask about {many(list(then))}."
    )


@sentence
def ask_reason_of(refs: Sequence[str]) -> str:
    return f"And what is {many(list(refs))} about?"


ABOUT_THE_SAME, ABOUT_ANOTHER = "Yes, the same", "No, something else"


def about_the_same(refs: Sequence[str], reason: str) -> str:
    """Ask whether photos that came without words are about what was said of the one right after them."""
    verb = "Are" if len(refs) > 1 else "Is"
    return f"{verb} {many(list(refs))} about {quoted(reason, 120)} too?"


@sentence
def ask_patient(patients: Sequence[Patient | None], refs: Sequence[str] = ()) -> str:
    """Ask whose a photo is; `refs` name the ones, where others are not asked about."""
    return f"{_whose_photo(refs)}?{typed(f' Please answer with the number:{_choices(patients)}{_one_by_one(refs)}')}"


@sentence
def ask_patient_and_reason(patients: Sequence[Patient | None], refs: Sequence[str] = ()) -> str:
    how = (
        f" Please answer with the number and a few words, for example “1 rash”:{_choices(patients)}{_one_by_one(refs)}"
    )
    return f"{_whose_photo(refs)}, and what {'are they' if len(refs) > 1 else 'is it'} about?{typed(how)}"


def _whose_photo(refs: Sequence[str]) -> str:
    return f"Whose photos are {many(list(refs))}" if len(refs) > 1 else f"Whose photo is {refs[0] if refs else 'it'}"


def _one_by_one(refs: Sequence[str]) -> str:
    return (
        f"\nIf they are not all of one person, please begin with the reference: “{refs[0]} 1”." if len(refs) > 1 else ""
    )


def _choices(patients: Sequence[Patient | None]) -> str:
    """Number the patients to choose from. None is one who can't be chosen any more: the others keep their numbers."""
    return "".join(f"\n{number}. {who_is_meant(patient)}" for number, patient in enumerate(patients, 1) if patient)


def who_is_meant(patient: Patient) -> str:
    """Name a patient by two identifiers, to somebody who answers for them (R15)."""
    return f"{patient.name}, born {day(patient.born)}"


CAPTURE_FAILED: Mapping[str, str] = MappingProxyType(
    {
        "too-large": "The photo is larger than {largest} MB, which is more than I can take.",
        "empty": "The photo arrived empty.",
        "bad-attachment": "The photo arrived in a form I can't open safely.",
        "several-pictures": "That file holds several pictures, and I can keep one at a time. Please send each as a photo, or all as a PDF.",
        "film": "I can't keep videos, GIFs or other moving pictures. Please send a photo.",
        "not-kept": "That file isn't a kind I can keep. Please send a photo (JPEG, PNG, HEIC or WebP) or a PDF.",
    }
)


def capture_failed(ref: str, because: str, largest_mb: int) -> str:
    what = CAPTURE_FAILED.get(because, "I couldn't fetch the photo.").format(largest=largest_mb)
    again = (
        ""
        if because in {"film", "not-kept", "several-pictures"}
        else " Please send it again" + (" in a smaller size." if because == "too-large" else ".")
    )
    return f"{what} Nothing was kept ({ref}).{again}"


def not_fetched(ref: str, because: str, to_end_it: str = "withdraw") -> str:
    """Tell the sender that their photo could not be fetched; `to_end_it` is what they write to take it back."""
    what = {"gone": "Your photo is not on the server", "wrong-hash": "Your photo was damaged on its way"}
    return (
        f"{what.get(because, 'I could not fetch your photo')} ({ref}). Nothing is filed. Please send it again. Your first message "
        f"stays in this chat until the practice has decided about it, or you write “{to_end_it} {ref}”."
    )


def duplicate(of_ref: str, *, with_words: bool) -> str:
    passed_on = " Your words with it are passed on." if with_words else ""
    return f"I already have this photo as {of_ref}; it is kept once.{passed_on}"


@sentence
def known_already(ref: str) -> str:
    """Answer a message that is refused where it was sent."""
    add = "If you want to add something, please write it in your own chat with me."
    return f"I already have this photo as {ref}; it is kept once. {add}"


@sentence
def duplicate_elsewhere(practice: str) -> str:
    """Answer when the photo is there but not one that its sender may hear of: nothing is said of where."""
    return (
        f"I have this photo already, so it is kept once. Your words with it were not passed on: please call {practice}."
    )


def stays_where_it_is(ref: str, practice: str) -> str:
    """Answer about a photo that its sender may not hear of: nothing is said of where it is, or whose."""
    return f"You deleted {ref} from the chat. That changes nothing at the practice. If you want to talk about it, please call {practice}."


def you_deleted(ref: str) -> str:
    return f"You deleted {ref} from the chat."


def asked_to_withdraw(ref: str) -> str:
    return f"{you_deleted(ref)} Should it be withdrawn, so that it is not filed? Please answer “yes {ref}” or “no”."


@sentence
def which_to_withdraw(refs: Sequence[str]) -> str:
    """Say that a yes needs the reference of its photo: of several asked about, each."""
    if len(refs) == 1:
        return f"To be sure that it is this photo: please write “yes {refs[0]}” to withdraw it, or “no” to keep it."
    return f"To be sure which photos: please write “yes {many(list(refs))}”, with those to withdraw, or “no” to keep them all."


def discarded(ref: str) -> str:
    """Say it to the sender, whoever took it back: they may not know of whoever else answers for the patient (R33a)."""
    return f"{ref} was withdrawn before it was filed. It has been destroyed here and removed from the chat."


def it_stays(ref: str) -> str:
    return (
        f"{ref} is already in the record. Health records must be kept by law, so it stays there, open to those who give treatment "
        f"here{typed('; “my images” says who looked at it')}. To stop any other use, please talk to the practice."
    )


def kept(ref: str) -> str:
    return f"{ref} stays and goes into the record."


def corrected(ref: str, purpose: Purpose, reason: str) -> str:
    return f"Corrected. {ref}: for {spoken(purpose, '')}, {quoted(reason)}. The earlier words stay on file beside it."


UNSUPPORTED = {
    "m.video": "I can't take videos.",
    "m.audio": "I can't take voice messages.",
    "m.location": "I can't take locations.",
    "m.sticker": "I can't take stickers.",
    "m.file": "I can't take this kind of file.",
    "unencrypted-file": "That photo was sent without encryption, so I did not open it.",
}


@sentence
def unsupported(what: str) -> str:
    return f"{UNSUPPORTED.get(what, 'I can’t take that.')} Please send a photo, with a few words about it. Nothing was kept."


@sentence
def not_in_a_gallery(what: str) -> str:
    """Say why something beside the photos of a message was not taken."""
    why = UNSUPPORTED.get(what, "I can't take everything in that message.")
    return f"{why} I kept nothing of it; the photos you sent with it are not affected."


@sentence
def too_many_together(most: int, left: int) -> str:
    others = "the last one" if left == 1 else f"the other {left}"
    return f"I took the first {most} photos of that message. Please send {others} again, at most {most} in one message."


@sentence
def how_to_withdraw() -> str:
    return "To take a photo back yourself, write “withdraw” and its reference, and nothing else; “my images” shows the references."


@sentence
def still_to_say() -> str:
    return "If it may stay: what is it about, in a few words?"


@sentence
def what_is_it_about() -> str:
    return "And what is the photo about? A few words are enough."


@sentence
def no_hurry() -> str:
    return "No hurry. When you can, please tell me what the photo is about, in a few words."


@sentence
def perhaps_not_theirs() -> str:
    return "If the photo shows somebody else, please write “of somebody else”."


@sentence
def how_it_stands(image: Image, taker: str) -> str:
    """Say in one sentence what is known of a photo that somebody asks about."""
    filed = ", and it is in the record" if image.in_record else ""
    if image.state is State.HELD and not image.in_record:
        return f"{image.ref} is on hold for now."
    if taker:
        return f"{taker} has taken {image.ref}{filed}."
    if image.seen_at is not None:
        return f"Somebody here has looked at {image.ref}{filed}."
    return f"Nobody has looked at {image.ref} yet; it is in the team's list{filed}."


@sentence
def not_yours_to_choose(practice: str) -> str:
    return f"You don't answer for them any more, so please choose another, or call {practice}."


@sentence
def which_photo() -> str:
    return f"Which photo? Please add its reference, like IMG-7F3K.{typed(' “my images” lists them.')}"


@sentence
def unknown_to_them(ref: str) -> str:
    return f"I don't know {ref}.{typed(' “my images” lists your photos.')}"


@sentence
def answers_for_nobody(practice: str) -> str:
    return f"You don't answer for any patient at the moment, so I kept nothing. Please call {practice}."


@sentence
def sent_by_another(ref: str, practice: str) -> str:
    return f"{ref} was sent by somebody else, and what it was sent for are their words. If they are wrong, please call {practice}."


CAPTION_CUT = "reason shortened; the whole text is on file"


@sentence
def edited(ref: str, says_why: bool) -> str:
    """Say what to write in place of an edit of one's photo, or of what was said of it."""
    if says_why:
        return (
            f"I don't follow edits: what I have recorded stays. You can still put {ref} right"
            f"{typed(f': please write: correct {ref} and the right words')}."
        )
    return f"I don't follow edits. Please write what {ref} is about as a new message."
