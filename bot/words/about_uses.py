"""What the bot says about uses: advice in a case's room, the request for consent, its answer, its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.built_in_texts import AGREED_ONLY, CAUTION, FOR_ADVICE_ONLY, IT_STAYS, LOOKED
from bot.domain.identifiers import Account
from bot.domain.image import Image
from bot.domain.people import Person
from bot.domain.purposes import spoken
from bot.domain.staff_deeds import AskAdvice, AskUse, Enrol
from bot.domain.texts import Texts
from bot.domain.use import Use

from .about_commands import line
from .about_requests import last_day
from .phrases import many, quoted, see_original
from .sentence import sentence
from .typed import typed


def not_finished(use: Use, images: Sequence[Image]) -> str:
    refs = many([image.ref for image in images])
    again = line(AskAdvice if use.is_advice else AskUse, images[0].ref)
    return f"{refs}: your request was not finished within a day, so I let it go. Nothing was shared. To begin again: {again} …"


# ---- advice, in the room of a case


def does_it_concern(image: Image, use: Use, colleague: Person | None) -> str:
    """Return the whole of what a tap attests and sends (R32): to whom, and with what question."""
    to = f"{colleague.name} ({colleague.account})" if colleague else many(list(use.recipients))
    asked = f"{image.ref} was sent for {use.reason_shown}. Does your question to {to} concern that?"
    return f"{asked}\n{quoted(use.question, 1000)}"


def reason_has_changed(question: str) -> str:
    return f"What it was sent for was corrected meanwhile, so nothing was sent, and I ask again.\n{question}"


def colleague_asks(asker: str, question: str) -> str:
    return f"{asker} asks you: {quoted(question, 1000)}"


@sentence
def shown_to_colleague(ref: str, name: str) -> str:
    return f"I show {ref} to {name} in their own chat, with your question. Please write down with !note what you discussed."


@sentence
def no_such_colleague(written: str, usage: str) -> str:
    return (
        f"I know no colleague here called {quoted(written, 60)}. Please write the whole account. The managers have been told. "
        f"{usage}"
    )


@sentence
def your_own_account() -> str:
    return "That is your own account. Please name the colleague you want to ask."


@sentence
def not_an_account(written: str) -> str:
    return f"{quoted(written, 40)} is not an account, nor a colleague's name. Please write the account, such as @teacher:hospital.org."


@sentence
def not_enrolled_yet(account: Account) -> str:
    return f"{account} is not enrolled here, so nothing was shared. A manager can enrol them, and has been asked to. Then please write it again."


def please_enrol(asker: str, account: Account) -> str:
    """Tell a manager with whom a colleague wants to share, with the line to write; the name is theirs to find out."""
    return (
        f"{asker} wants to share a photo with {account}, who is not enrolled here. If you know who that is, please write, with their "
        f"name:\n{line(Enrol, 'outside-clinician', account, 'THEIR NAME')}"
    )


def somebody_is_missing(asker: str) -> str:
    return f"{asker} wants to ask somebody for advice whose name I don't know. Please ask {asker} who it is, and enrol them."


@sentence
def case_opens(ref: str) -> str:
    return f"Recorded. I am opening a room for {ref} with both of you; please go on there."


STOPPED_ON_ITS_WAY = (
    "It was not shown after all: it was stopped on its way, and whatever had come through was taken back."
)


COULD_NOT_BE_SENT = "It was not shown after all: it could not be sent."


def did_not_arrive(ref: str, names: Sequence[str]) -> str:
    return f"{ref} could not be sent to {many(names)}. It did not reach them."


# For whoever was to see it, who may be outside the practice.
NOT_SHOWN_HERE = (
    "The picture could not be shown here. Whoever sent it is told: please ask them to send it again, or in another way."
)


def held_up_in_the_record(*, begun: bool) -> str:
    """Say how it stands now: where it arrives later, nothing more is written."""
    perhaps = "; whether a first try showed it is not known" if begun else "; it had not been shown by then"
    return f"It was held up on its way, to be tried again{perhaps}."


def is_held_up(ref: str, names: Sequence[str]) -> str:
    return f"{ref} has not reached {many(names)} yet: it is held up on its way here, and waits to be tried again."


def may_not_have_arrived(ref: str, names: Sequence[str]) -> str:
    return f"{ref} may not have reached {many(names)}: I could not find out. Please ask them."


@sentence
def not_shared(refs: Sequence[str]) -> str:
    """Say it without the patient's reasons (R13)."""
    return f"{many(refs)}: this use is not possible, so nothing was shared."


def case_intro(texts: Texts, asker: str, image: Image, use: Use) -> str:
    return texts.render(
        "case_intro",
        asker=asker,
        ref=image.ref,
        reason=_as_asked(use),
        question=quoted(use.question, 1000),
        caution=CAUTION + see_original(image),
        limits=FOR_ADVICE_ONLY,
    )


def case_picture(image: Image, use: Use) -> str:
    """Caption the picture with the question and what may not be done with it: words before it may never have come (R32)."""
    return (
        f"{image.ref}, for advice. Sent for {_as_asked(use)}. Question: {quoted(use.question, 1000)}\n"
        f"{CAUTION} {FOR_ADVICE_ONLY}"
    )


def _as_asked(use: Use) -> str:
    """Return what the question of this use said; requests of an earlier version did not keep it, and newer words were not in it."""
    return use.reason_shown or spoken(use.purpose)


KEEP_A_COPY = (
    "The discussion goes to the record. Your own duty to keep records may ask for a copy: if you need one, save the picture to your own "
    "record now. Then please answer; after that this room is cleared."
)


@sentence
def case_filed(days: int) -> str:
    return (
        f"It goes to the record with the image. When your colleague has answered about their own copy, or in {days} days, this room is "
        "cleared."
    )


@sentence
def case_filed_at_once() -> str:
    return "It goes to the record with the image. Your colleague is not here any more, so this room is cleared now."


@sentence
def case_filed_after_all() -> str:
    return "It goes to the record with the image. This room is cleared now."


CASE_STOPPED = (
    "This case has ended. What was shown and said here is being removed. Whoever asked, please still write !close and a summary here: "
    "what was discussed belongs in the record."
)
CASE_ENDS = "This case is closed. What was shown and said here is being removed. You may leave the room."


@sentence
def close_it_there() -> str:
    return "Please write that in the room of the case, with a summary of what was discussed."


@sentence
def not_yours_to_close() -> str:
    return "Whoever asked for the advice closes the case."


@sentence
def being_closed() -> str:
    return "This case is being closed already."


@sentence
def case_is_over() -> str:
    return "This case is closed, so I did not keep your message. For a new question, please start a new case: !forward"


CASE_STILL_OPEN = "This case is still open. Whoever asked closes it with: !close and a summary. “No discussion took place” is one too."


def case_overdue(asker: str, image: Image) -> str:
    return f"A case of {asker} about {image.ref} is still open without a summary. Please ask them to close it."


# ---- what was agreed to, and its end


def terms(texts: Texts, use: Use, zone: ZoneInfo) -> str:
    return texts.render(
        "terms",
        purpose=spoken(use.purpose),
        venue=f", in {quoted(use.venue)}" if use.venue else "",
        how=quoted(use.how),
        seen_by=quoted(use.seen_by),
        until=last_day(use, zone),
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


STOPPED_IN_THE_RECORD = "Stopped every further use of this photo."


@sentence
def this_use_stopped(refs: Sequence[str], shown: bool, asked: Sequence[str], out_of_reach: Sequence[str]) -> str:
    """Tell whoever said no to one use that it is stopped, and what can't be recalled."""
    how = "and the copies in this chat system are being removed" if shown else "before anything was shared"
    ended = (
        f"It is recorded that you don't agree to that use of {many(refs)}. It was stopped{',' if shown else ''} {how}."
    )
    return " ".join((ended, *_may_have(Beyond(asked, out_of_reach))))


def stopped(texts: Texts, ref: str, uses: int, shown: int, beyond: Beyond) -> str:
    ended = ""
    if uses:
        how = ", and the copies in this chat system are being removed" if shown else " before anything was shared"
        ended = f"{uses} use{'s were' if uses > 1 else ' was'} stopped{how}."
    return texts.render(
        "stopped",
        ref=ref,
        ended=ended,
        beyond=" ".join(_may_have(beyond)),
        stays=IT_STAYS.replace(f"; {LOOKED}", typed(f"; {LOOKED}")),
    )


def _may_have(beyond: Beyond) -> list[str]:
    may_have: list[str] = []
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
    return may_have


def _names(names: Sequence[str]) -> str:
    return many(list(dict.fromkeys(names)))


def use_stopped(ref: str, *, shown: bool, not_told: Sequence[str] = ()) -> str:
    """Tell the requester that the use was stopped."""
    if not shown:
        return f"{ref}: this use was stopped before anything was shared."
    text = f"{ref}: this use was stopped, and the copies I can reach are being removed. Please don't use the picture any further."
    return with_calls(text, not_told)


def time_is_over(refs: Sequence[str], not_told: Sequence[str]) -> str:
    text = f"{many(refs)}: the time agreed for a use is over, and the copies I can reach are being removed."
    return with_calls(text, not_told)


def with_calls(text: str, not_told: Sequence[str]) -> str:
    """Add who is to be called, because no message reaches them, to delete what they hold."""
    return f"{text} {many(not_told)} can't be told from here: please call them." if not_told else text


def please_delete(use: Use) -> str:
    what = "you were asked about" if use.is_advice else f"you got for {spoken(use.purpose)}"
    kept = " What you had to file in a patient's record stays there, as the law requires." if use.is_advice else ""
    return (
        f"The picture {what} may not be used any longer. Please delete every copy you have, also from “recently deleted” and "
        f"backups.{kept}"
    )
