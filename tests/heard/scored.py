"""What the reader hears in the messages of patients, beside what they mean."""

from __future__ import annotations

from bot.core.dispatch import own_words, quoted_words
from bot.domain import deeds
from bot.domain.conversation import Open
from bot.domain.deeds import GiveAnswer, PlainAnswer
from bot.heard import patient
from bot.heard.codes import code_in
from bot.heard.patient import Heard, Written, hear

from . import messages
from .messages import HangsOn, Meaning, Who, WrittenMessage

PATIENTS = frozenset({Who.PATIENT, Who.PARENT})
_OPEN = {
    messages.Open.NOTHING: frozenset[Open](),
    messages.Open.REASON: frozenset({Open.REASON}),
    messages.Open.TWO_REASONS: frozenset({Open.REASON}),
    messages.Open.WITHDRAW: frozenset({Open.WITHDRAW}),
    messages.Open.CONSENT: frozenset({Open.CONSENT}),
    messages.Open.CONFIRM: frozenset({Open.CONFIRM}),
    messages.Open.WHICH_PHOTO: frozenset({Open.WHICH}),
}
_MEANINGS = {
    deeds.HoldPhoto: Meaning.HOLD,
    deeds.SayStop: Meaning.STOP_WHAT,
    deeds.LosePhone: Meaning.LOST_PHONE,
    deeds.AskPractice: Meaning.QUESTION,
    deeds.SayWhoseItIsNot: Meaning.NOT_ME,
    deeds.WriteAbout: Meaning.ABOUT_PHOTO,
    deeds.PassOn: Meaning.PASS_ON,
    deeds.RedeemCode: Meaning.CODE,
    deeds.SeeImages: Meaning.MY_IMAGES,
    deeds.GetCopy: Meaning.MY_COPY,
    deeds.CorrectReason: Meaning.CORRECT,
    deeds.SeeHelp: Meaning.HELP,
    deeds.Puzzle: Meaning.ASK,
}


_HANGS_ON = {HangsOn.PHOTO: patient.HangsOn.PHOTO, HangsOn.CLINICIANS_REPLY: patient.HangsOn.CLINICIAN}
_REFS = ("IMG-7F3K", "IMG-2M9Q", "IMG-K4TP")
_REQUEST = frozenset({"4821"})


def heard_in(message: WrittenMessage) -> Heard:
    """Return what the reader hears in a patient's message."""
    return hear(
        Written(
            own_words(message.text),
            _OPEN[message.open],
            hangs_on=_hangs_on(message),
            photos=message.photos,
            refs=frozenset(_REFS[: message.photos]),
            numbers=_REQUEST if message.open is messages.Open.CONSENT else frozenset(),
            name="Sam Patel",
            answers_for_others=message.who is Who.PARENT,
            quoted=quoted_words(message.text),
        )
    )


def _hangs_on(message: WrittenMessage) -> patient.HangsOn | None:
    """Return what the message replies to; what the bot said of a photo, such as its receipt, is about the photo."""
    of_a_photo = message.hangs_on is HangsOn.ANNOUNCEMENT and any(ref in quoted_words(message.text) for ref in _REFS)
    return patient.HangsOn.PHOTO if of_a_photo else _HANGS_ON.get(message.hangs_on)


def meaning_of(heard: Heard, message: WrittenMessage) -> Meaning:
    """Return the meaning, in the words of the file, that the reader gave to a message."""
    if heard.alarm:
        return Meaning.ALARM
    deed = heard.deed
    if isinstance(deed, GiveAnswer):
        return _answer(deed, message)
    if isinstance(deed, deeds.StateReason):
        return Meaning.ABOUT_PHOTO if message.open is messages.Open.WHICH_PHOTO else Meaning.REASON
    return _MEANINGS[type(deed)]


def _answer(deed: GiveAnswer, message: WrittenMessage) -> Meaning:
    if message.open is messages.Open.CONSENT and deed.answer is PlainAnswer.YES and not deed.numbers:
        return Meaning.CONSENT_NEEDS_TAP
    return Meaning(deed.answer.value)


def read(message: WrittenMessage) -> Meaning:
    """Return what a message is read as: an invited person's code first, a command, then as a patient's words."""
    if message.who is Who.INVITED and code_in(own_words(message.text)) is not None:
        return Meaning.CODE
    if message.text.strip().casefold() == "verify":  # a command of everybody's: the dispatcher takes it before
        return Meaning.COMMAND
    return meaning_of(heard_in(message), message)
