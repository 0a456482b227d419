"""What the bot says about uses: advice in a case's room, the request for consent, its answer, its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.built_in_texts import AGREED_ONLY, CAUTION, FOR_ADVICE_ONLY, FREEDOM, IT_STAYS
from bot.domain.identifiers import Account
from bot.domain.image import Image
from bot.domain.people import Patient, Person, Relation
from bot.domain.purposes import spoken
from bot.domain.staff_deeds import AskAdvice, AskUse, Enrol
from bot.domain.texts import Texts
from bot.domain.use import NOT_SAID, Use
from bot.domain.use_rules import Relatedness

from .about_commands import line
from .about_people import named
from .phrases import CAPACITY, MISFILED, day, is_are, many, quoted, reason_of, see_original, sent_for
from .sentence import sentence


def not_finished(use: Use, images: Sequence[Image]) -> str:
    refs = many([image.ref for image in images])
    again = line(AskAdvice if use.is_advice else AskUse, images[0].ref)
    return f"{refs}: your request was not finished within a day, so I let it go. Nothing was shared. To begin again: {again} …"


# ---- advice, in the room of a case


def does_it_concern(image: Image, use: Use, colleague: Person | None) -> str:
    """Return the whole of what a tap attests and sends (R32): to whom, and with what question."""
    to = f"{colleague.name} ({colleague.account})" if colleague else many(list(use.recipients))
    asked = f"{image.ref} was sent for {sent_for(image)}. Does your question to {to} concern that?"
    return f"{asked}\n{quoted(use.question, 1000)}"


def no_such_colleague(written: str, usage: str) -> str:
    return (
        f"I know no colleague here called {quoted(written, 60)}. Please write the whole account. The managers have been told. "
        f"{usage}"
    )


def not_an_account(written: str) -> str:
    return f"{quoted(written, 40)} is not an account, nor a colleague's name. Please write the account, such as @teacher:hospital.org."


def not_enrolled_yet(account: Account) -> str:
    return f"{account} is not enrolled here, so nothing was shared. A manager can enrol them, and has been asked to. Then please write it again."


def please_enrol(asker: str, account: Account) -> str:
    """Tell a manager whom a colleague wants to ask, with the line to write; the name is theirs to find out."""
    return (
        f"{asker} wants to ask {account} for advice, who is not enrolled here. If you know who that is, please write, with their "
        f"name:\n{line(Enrol, 'outside-clinician', account, 'THEIR NAME')}"
    )


def somebody_is_missing(asker: str) -> str:
    return f"{asker} wants to ask somebody for advice whose name I don't know. Please ask {asker} who it is, and enrol them."


CASE_OPENS = "Recorded. I am opening a room for {ref} with both of you; please go on there."


@sentence
def not_shared(refs: Sequence[str]) -> str:
    """Say it without the patient's reasons (R13)."""
    return f"{many(refs)}: this use is not possible, so nothing was shared."


def case_intro(texts: Texts, asker: str, image: Image, question: str) -> str:
    return texts.render(
        "case_intro",
        asker=asker,
        ref=image.ref,
        reason=sent_for(image),
        question=quoted(question, 1000),
        caution=CAUTION + see_original(image),
        limits=FOR_ADVICE_ONLY,
    )


def case_picture(image: Image, question: str) -> str:
    """Caption the picture with the question and what may not be done with it: words before it may never have come (R32)."""
    return (
        f"{image.ref}, for advice. Sent for {sent_for(image)}. Question: {quoted(question, 1000)}\n"
        f"{CAUTION} {FOR_ADVICE_ONLY}"
    )


KEEP_A_COPY = (
    "The discussion goes to the record. Your own duty to keep records may ask for a copy: if you need one, save the picture to your own "
    "record now. Then please answer; after that this room is cleared."
)
CASE_FILED = (
    "It goes to the record with the image. When your colleague has answered about their own copy, or in {days} days, this room is "
    "cleared."
)
CASE_FILED_AT_ONCE = (
    "It goes to the record with the image. Your colleague is not here any more, so this room is cleared now."
)
CASE_FILED_AFTER_ALL = "It goes to the record with the image. This room is cleared now."
CASE_ENDS = "This case is closed. What was shown and said here is being removed. You may leave the room."
CASE_IS_OVER = (
    "This case is closed, so I did not keep your message. For a new question, please start a new case: !forward"
)
CASE_STILL_OPEN = "This case is still open. Whoever asked closes it with: !close and a summary. “No discussion took place” is one too."


def case_overdue(asker: str, image: Image) -> str:
    return f"A case of {asker} about {image.ref} is still open without a summary. Please ask them to close it."


# ---- the request for consent, and its answer


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
    whole = _request(texts, use, images, patient, asker, names, zone)
    return f"{whole}\n\n{WAS_MISFILED}" if any(image.misfiled for image in images) else whole


WAS_MISFILED = (
    "This photo had been filed in another record by mistake, and was moved to this one, where it belongs. Nothing that was agreed "
    "to before counts any more."
)


def _request(
    texts: Texts,
    use: Use,
    images: Sequence[Image],
    patient: Patient,
    asker: Person,
    names: Sequence[str],
    zone: ZoneInfo,
) -> str:
    recipients = [f"{name} ({account})" for name, account in zip(names, use.recipients, strict=True)]
    return texts.render(
        "request_for_consent",
        asker=asker.name,
        role=many(sorted(role.value for role in asker.roles)),
        refs=many([image.ref for image in images]),
        patient=patient.name,
        reason=MISFILED if any(image.misfiled for image in images) else reason_of(images[0]),
        purpose=_asked_for(use, patient),
        venue=f", in {quoted(use.venue)}" if use.venue else "",
        how=quoted(use.how),
        seen_by=quoted(use.seen_by),
        recipients=many(recipients),
        recognisable=_recognisable(use, asker),
        until=_last_day(use, zone),
        freedom=FREEDOM.format(patient=patient.name),
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


def _last_day(use: Use, zone: ZoneInfo) -> str:
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
ASKED_WHOLE_AGAIN = "I can't count that answer: it was not to the whole question as it stands now. Here is the question again; please answer this one."
CONSENT_UNSENT = "{refs}: I could not deliver the question to {name}, though I tried twice. Please call them. Nothing is shared unless they agree."
WHOM_TO_ASK = "{refs}: whom shall I ask? I tell nobody else."
CAN_NOT_BE_ASKED = "They can't be asked any more, so nothing was done. Please begin again."
PATIENT_IS_ASKED = "The patient is asked. Nothing is shared unless they agree; you will hear either way."
NOBODY_CAN_ANSWER = (
    "Nobody who may answer for this patient has an account here, so they can't be asked this way. Nothing was shared."
)


@sentence
def unclear_answer(number: str) -> str:
    return (
        "I have passed your words on, but I can't count them as an answer: only a clear yes or no. Please tap one above, or write "
        f"“yes {number}” or “no {number}”. If you agree to a part only, answer no: the practice can ask again for that part."
    )


REACTION_IS_NO_ANSWER = "I can't count a reaction as an answer: reactions travel unencrypted. Please tap an answer, or write it with its number."


@sentence
def consent_answered_already() -> str:
    return (
        "That question is answered already; the first answer stays. If you agreed and want to take it back, write “withdraw” and the "
        "reference: it is stopped at once. If you want to agree after all, please tell the practice, and they can ask again."
    )


ALL_HAVE_LEFT = (
    "Whoever may answer for this patient has left the chat with me, so they can't be asked this way. They are invited to come "
    "back; please call them. Nothing was shared."
)
LATER = "All right. You can answer until {until}, above or in words. No answer means no."
THANKS_YES = "Thank you. It is recorded that you agree. You can take it back any time: “withdraw {ref}”."
THANKS_NO = "Thank you. It is recorded that you don't agree. Nothing is shared, and it makes no difference to any treatment here."


ANSWER_DELETED = (
    "You deleted your answer about {refs} from the chat. It still counts as you gave it. To take a yes back, write "
    "“withdraw {ref}”: it is stopped at once."
)


def asked_have_left(images: Sequence[Image]) -> str:
    """Tell the requester, while the question stays open, that those who were asked have left."""
    refs = many([image.ref for image in images])
    return f"Whoever was asked about {refs} has left the chat with me. They are invited back; please call them. No answer means no."


def asked_are_gone(images: Sequence[Image]) -> str:
    refs = many([image.ref for image in images])
    return f"The chat where somebody was asked about {refs} has ended, so no answer comes from there. Please ask again. No answer means no."


def adviser_left(name: str, image: Image) -> str:
    return f"{name} has left the room about {image.ref}, so nothing reaches them there any more. Please close it there: !close and a summary."


def agreed(use: Use, images: Sequence[Image], names: Sequence[str], zone: ZoneInfo) -> str:
    """Tell the requester what happens now, and until when it may."""
    refs = many([image.ref for image in images])
    now = "I am opening a room for it" if use.is_advice else f"{many(names)} gets it now, with the terms"
    return f"{refs}: agreed to, until {_last_day(use, zone)}. {now}."


def not_agreed(images: Sequence[Image]) -> str:
    """Tell the requester that the use was not agreed to, without reasons (R13)."""
    return f"{many([image.ref for image in images])}: this use was not agreed to, so nothing was shared."


def still_open(images: Sequence[Image]) -> str:
    return f"A question about {many([image.ref for image in images])} is still open. No answer means no."


def whom(person: Person, relation: Relation, patient: Patient) -> str:
    """Return a name to tap."""
    capacity = "the patient" if relation is Relation.SELF else CAPACITY[relation]
    return f"{named(person, relation, patient)}, {capacity}"


# ---- what was agreed to, and its end


def terms(texts: Texts, use: Use, zone: ZoneInfo) -> str:
    return texts.render(
        "terms",
        purpose=spoken(use.purpose),
        venue=f", in {quoted(use.venue)}" if use.venue else "",
        how=quoted(use.how),
        seen_by=quoted(use.seen_by),
        until=_last_day(use, zone),
        limits=AGREED_ONLY,
    )


def shared_picture(terms_said: str) -> str:
    """Caption the picture with the terms it comes under: words before it may never have come (R32)."""
    return f"Only as agreed. {terms_said}"


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a withdrawal can't call back, by the names of those who may hold a copy."""

    asked: Sequence[str] = ()  # to delete theirs
    out_of_reach: Sequence[str] = ()  # they are not here any more, or not in their chat
    by_law: Sequence[str] = ()  # they were given one because the law requires it


def stopped(texts: Texts, ref: str, uses: int, shown: int, beyond: Beyond) -> str:
    ended, may_have = "", []
    if uses:
        how = ", and the copies in this chat system are being removed" if shown else " before anything was shared"
        ended = f"{uses} use{'s were' if uses > 1 else ' was'} stopped{how}."
    if beyond.asked:
        may_have.append(
            f"{_names(beyond.asked)} may have saved a copy, which I can't reach: I am asking them to delete it."
        )
    if beyond.out_of_reach:
        may_have.append(
            f"{_names(beyond.out_of_reach)} may have saved a copy, and can't be told from here: the practice is asked to call them."
        )
    if beyond.by_law:
        may_have.append(f"What the law required can't be called back: a copy was made for {_names(beyond.by_law)}.")
    return texts.render("stopped", ref=ref, ended=ended, beyond=" ".join(may_have), stays=IT_STAYS)


def _names(names: Sequence[str]) -> str:
    return many(list(dict.fromkeys(names)))


def use_stopped(ref: str, *, shown: bool, not_told: Sequence[str] = ()) -> str:
    """Tell the requester that the use was stopped."""
    if not shown:
        return f"{ref}: this use was stopped before anything was shared."
    call = f" {many(not_told)} can't be told from here: please call them." if not_told else ""
    return f"{ref}: this use was stopped, and the copies I can reach are being removed. Please don't use the picture any further.{call}"


def please_delete(use: Use) -> str:
    what = "you were asked about" if use.is_advice else f"you got for {spoken(use.purpose)}"
    kept = " What you had to file in a patient's record stays there, as the law requires." if use.is_advice else ""
    return (
        f"The picture {what} may not be used any longer. Please delete every copy you have, also from “recently deleted” and "
        f"backups.{kept}"
    )
