"""What the bot says of a request for consent: to whoever makes it, to whoever answers it, and what their answer means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.built_in_texts import FREEDOM
from bot.domain.image import Image
from bot.domain.people import Patient, Person, Relation
from bot.domain.purposes import Purpose, spoken
from bot.domain.texts import Texts
from bot.domain.use import NOT_SAID, Use
from bot.domain.use_rules import Relatedness

from .about_people import named
from .phrases import CAPACITY, MISFILED, day, is_are, many, moment, quoted, reason_of
from .sentence import sentence
from .typed import typed


@sentence
def too_many_images(most: int) -> str:
    return f"At most {most} images in one request, so that the patient can see what they agree to."


@sentence
def of_different_people() -> str:
    return "These images are of different people. Please ask each of them separately."


def what_for(ref: str) -> str:
    return f"{ref}: what is it to be used for?"


RECOGNISABLE = "Could the patient be recognised: face, tattoo, rare condition, the story?"
RECOGNISABLE_ANSWERS = (("no", "Probably not"), ("possibly", "Possibly"), ("yes", "Yes"))
HOW_LONG = "For how long?"
_FOR_EXAMPLE = {
    "how": "registrar teaching, 12 March",
    "seen by": "registrars of the clinic",
    "recipient": "@teacher:hospital.org",
    "venue": "Journal of Dermatology",
}


@sentence
def please_answer(missing: Sequence[str], intimate: bool) -> str:
    """Show the exact lines to answer with."""
    lines = [f"{name}: {_FOR_EXAMPLE[name]}" for name in missing]
    if not intimate:
        lines.append("(If the photo is intimate, add a line: intimate. A yes is then asked for twice.)")
    return "\n".join(("Please answer in your words, for example:", *lines))


def request_for_consent(
    texts: Texts,
    use: Use,
    images: Sequence[Image],
    patient: Patient,
    asker: Person,
    names: Sequence[str],
    zone: ZoneInfo,
) -> str:
    """Return everything that a specific consent must tell (docs/rules.md), whatever the practice put in place of our words.

    `names` are those of the recipients, in their order.
    """
    misfiled = any(image.misfiled for image in images)
    recipients = [f"{name} ({account})" for name, account in zip(names, use.recipients, strict=True)]
    whole = texts.render(
        "request_for_consent",
        asker=asker.name,
        role=many(sorted(role.value for role in asker.roles)),
        refs=many([image.ref for image in images]),
        patient=patient.name,
        reason=MISFILED if misfiled else reason_of(images[0]),
        purpose=_asked_for(use, patient),
        venue=f", in {quoted(use.venue)}" if use.venue else "",
        how=quoted(use.how),
        seen_by=quoted(use.seen_by),
        recipients=many(recipients),
        recognisable=_recognisable(use, asker),
        until=last_day(use, zone),
        freedom=FREEDOM.format(patient=patient.name),
    )
    return f"{whole}\n\n{WAS_MISFILED}" if misfiled else whole


def without_reason(wording: str, image: Image, patient: Patient) -> str:
    """Return the same without the words in which its sender said what it was for."""
    return wording.replace(reason_of(image), f"{patient.name}'s care")


WAS_MISFILED = (
    "This photo had been filed in another record by mistake, and was moved to this one, where it belongs. Nothing that was agreed "
    "to before counts any more."
)


def _asked_for(use: Use, patient: Patient) -> str:
    if use.is_advice:
        related = use.relatedness is Relatedness.RELATED
        return f"advice from a colleague, about {'what' if related else 'something else than'} it was sent for"
    return f"{spoken(use.purpose)}, which is not part of {patient.name}'s care"


def _recognisable(use: Use, asker: Person) -> str:
    """Return the requester's own estimate, said as such: nobody can promise it (R10)."""
    if use.recognisable in {"", NOT_SAID}:
        return f"possibly. {asker.name} did not say, and nobody can be certain of that."
    estimate = {"no": "probably not", "possibly": "possibly", "yes": "yes"}.get(use.recognisable)
    said = estimate or quoted(use.recognisable, 100)
    return f"{asker.name} says: {said}." + ("" if use.recognisable == "yes" else " Nobody can be certain of that.")


def last_day(use: Use, zone: ZoneInfo) -> str:
    return day(use.until.astimezone(zone).date()) if use.until else "it is withdrawn"


def are_you_sure(images: Sequence[Image], intimate: bool) -> str:
    refs = many([image.ref for image in images])
    what = "intimate" if intimate else "of a child"
    return f"{refs} {is_are(images)} {what}, so I ask once more before anything is shared: are you sure?"


def consent_leads(images: Sequence[Image]) -> tuple[str, ...]:
    """Return every sentence that may stand before the whole of what is asked."""
    return "", still_open(images), are_you_sure(images, True), are_you_sure(images, False)


def whole(lead: str, asked: str) -> str:
    """Return what stands in one event, and is agreed to: all of it, however often it is asked (R32)."""
    return "\n\n".join(filter(None, (lead, asked)))


def whole_in_words(text: str, number: str, sure: bool) -> str:
    return f"{text}\n\n{(OR_IN_WORDS_SURE if sure else OR_IN_WORDS).format(number=number)}"


OR_IN_WORDS = "Please answer with a tap below, or in words: “yes {number}”, “no {number}” or “ask me later {number}”."
OR_IN_WORDS_SURE = "Please answer with a tap below, or in words: “yes {number}” or “no {number}”."


@sentence
def asked_whole_again() -> str:
    return "I can't count that answer: it was not to the whole question as it stands now. Here is the question again; please answer this one."


CONSENT_UNSENT = "{refs}: I could not deliver the question to {name}, though I tried twice. Please call them. Nothing is shared unless they agree."
WHOM_TO_ASK = "{refs}: whom shall I ask? I tell nobody else."


@sentence
def can_not_be_asked() -> str:
    return "They can't be asked any more, so nothing was done. Please begin again."


@sentence
def patient_is_asked() -> str:
    return "The patient is asked. Nothing is shared unless they agree; you will hear either way."


@sentence
def nobody_can_answer() -> str:
    return "Nobody who may answer for this patient has an account here, so they can't be asked this way. Nothing was shared."


def _passed(passed: bool) -> str:
    return "I have passed your words on, but" if passed else "I have not passed your words on, and"


@sentence
def unclear_answer(number: str, passed: bool = True) -> str:
    return (
        f"{_passed(passed)} I can't count them as an answer: only a clear yes or no. Please tap one above"
        f"{typed(f', or write “yes {number}” or “no {number}”')}. If you agree to a part only, answer no: the practice can ask again for "
        "that part."
    )


@sentence
def unclear_of_several(requests: Sequence[tuple[str, str, Purpose]], passed: bool = True) -> str:
    """Answer words that are no clear yes or no to one of several requests: each with its number, photos and purpose."""
    each = "; ".join(f"for {photos}, {spoken(purpose)}: {number}" for number, photos, purpose in requests)
    return (
        f"{_passed(passed)} I can't count them as an answer: there are several requests, and only a clear yes or no to one of them "
        f"counts. Please tap above{typed(f', or write “yes” or “no” with its number – {each}')}."
    )


@sentence
def which_request() -> str:
    """Answer words that fit one request and say the number of another: no number is offered, as either may be meant."""
    return (
        "Your words are about one request, and the number is that of another, so I did nothing: I can't tell which one you mean. "
        "Please tap your answer under the one you mean."
    )


_WITHDRAW = " with “withdraw” and the reference"
REACTION_IS_NO_ANSWER = "I can't count a reaction as an answer: reactions travel unencrypted. Please tap an answer, or write it with its number."


@sentence
def consent_answered_already() -> str:
    return (
        f"That question is answered already; the first answer stays. If you agreed, you can take it back{typed(_WITHDRAW)}: it is "
        "stopped at once. If you want to agree after all, please tell the practice, and they can ask again."
    )


@sentence
def all_have_left() -> str:
    return (
        "Whoever may answer for this patient has left the chat with me, so they can't be asked this way. They are invited to come "
        "back; please call them. Nothing was shared."
    )


@sentence
def later(until: datetime, zone: ZoneInfo) -> str:
    return f"All right. You can answer until {moment(until, zone)}, above{typed(' or in words')}. No answer means no."


@sentence
def thanks_yes(ref: str) -> str:
    return f"Thank you. It is recorded that you agree. You can take it back any time{typed(f': “withdraw {ref}”')}."


@sentence
def thanks_yes_not_shared() -> str:
    """Say it where something of the practice's own stands in the way by now: nothing of it is said (R13)."""
    return "Thank you. It is recorded that you agree, but it can't be shared any more, so nothing was shared. You will be asked anew if that changes."


@sentence
def thanks_no(refs: Sequence[str]) -> str:
    return (
        f"Thank you. It is recorded that you don't agree to what you were asked about {many(refs)}. Nothing is shared for that, and it makes no "
        "difference to any treatment here."
    )


def answer_deleted(refs: Sequence[str]) -> str:
    return (
        f"You deleted your answer about {many(refs)} from the chat. It still counts as you gave it. You can take a yes back"
        f"{typed(f' with “withdraw {refs[0]}”')}: it is stopped at once."
    )


def asked_have_left(images: Sequence[Image]) -> str:
    """Tell the requester, while the question stays open, that those who were asked have left."""
    refs = many([image.ref for image in images])
    return f"Whoever was asked about {refs} has left the chat with me. They are invited back; please call them. No answer means no."


def asked_are_gone(images: Sequence[Image]) -> str:
    refs = many([image.ref for image in images])
    return f"The chat where somebody was asked about {refs} has ended, so no answer comes from there. Please ask again. No answer means no."


def nobody_left_to_answer(images: Sequence[Image]) -> str:
    """Tell the requester that the request is over, without the reason, which may be nobody's to know (R13, R33a)."""
    refs = many([image.ref for image in images])
    return f"{refs}: whoever was asked can't answer this any more, so the request has ended and nothing was shared. You can ask again."


def adviser_left(name: str, image: Image) -> str:
    return f"{name} has left the room about {image.ref}, so nothing reaches them there any more. Please close it there: !close and a summary."


def agreed(use: Use, images: Sequence[Image], names: Sequence[str], zone: ZoneInfo) -> str:
    """Tell the requester what happens now, and until when it may."""
    refs = many([image.ref for image in images])
    now = "I am opening a room for it" if use.is_advice else f"{many(names)} gets it now, with the terms"
    return f"{refs}: agreed to, until {last_day(use, zone)}. {now}."


def not_agreed(images: Sequence[Image]) -> str:
    """Tell the requester that the use was not agreed to, without reasons (R13)."""
    return f"{many([image.ref for image in images])}: this use was not agreed to, so nothing was shared."


def still_open(images: Sequence[Image]) -> str:
    return f"A question about {many([image.ref for image in images])} is still open. No answer means no."


def whom(person: Person, relation: Relation, patient: Patient) -> str:
    """Return a name to tap."""
    capacity = "the patient" if relation is Relation.SELF else CAPACITY[relation]
    return f"{named(person, relation, patient)}, {capacity}"
