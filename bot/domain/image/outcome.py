"""What follows from an event: intents to come, or a refusal that names its rule."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from bot.domain.errors import Refused
from bot.domain.message import Message, message

from .events import Event
from .value import Image


class Then(StrEnum):
    """What follows from a transition, carried out later by intents."""

    ANNOUNCE = "announce"  # tell the practice of a new image
    ARRIVED = "arrived"  # tell practice and sender, together with the sender's other photos that are on their way
    ACKNOWLEDGE = "acknowledge"  # one message back to the sender
    TRY_NOW = "try-now"  # fetch it now: not when its time comes, nor only when somebody asks again
    FILE = "file"
    PURGE = "purge"  # the chat copies
    DISCARD = "discard"  # destroy the sealed bytes, then say so
    ASK_WITHDRAW = "ask-withdraw"
    SAY_FAILED = "say-failed"
    SAY_DUPLICATE = "say-duplicate"
    SAY_DISCARDED = "say-discarded"
    SAY_IT_STAYS = "say-it-stays"
    SAY_KEPT = "say-kept"
    FILE_CORRECTION = "file-correction"
    TELL_HELD = "tell-held"  # tell the practice that a person must look
    LEAVE = "leave"  # destroy the sealed bytes, and the chat copies with them
    TELL_FORM_KEPT = "tell-form-kept"  # tell the image that its form is sealed
    TELL_FORM_LOST = "tell-form-lost"
    ASK_DELETED = "ask-deleted"  # did the clinician delete it from their own device? (R18)
    AWAIT_NOTE = "await-note"  # the case stays open until a note exists (R5)


Decided = tuple[Image, tuple[Then, ...]]


def only_from_a_patient(image: Image) -> None:
    if image.from_colleague:
        raise Refused(message("about_states.from_a_colleague", ref=image.ref), "R15")


def only_from_a_colleague(image: Image) -> None:
    if not image.from_colleague:
        raise Refused(message("about_states.from_a_patient", ref=image.ref), "R1")


def nothing(image: Image, event: object) -> Decided:
    return image, ()


def refuse(said: Callable[[str], Message], rule: str = "") -> Callable[[Image, Event], Decided]:
    """Refuse it: `said` names the sentence, with the reference of the image in it."""

    def refusal(image: Image, event: Event) -> Decided:
        raise Refused(said(image.ref), rule)

    return refusal


NOT_KEPT = refuse(lambda ref: message("about_states.not_kept", ref=ref))
NOT_TAKEN = refuse(lambda ref: message("about_states.not_taken", ref=ref))
LEFT = refuse(lambda ref: message("about_states.left_with_its_sender", ref=ref), "R4")
IMPOSSIBLE = refuse(lambda ref: message("about_states.not_at_that_point", ref=ref))

ON_ITS_WAY = refuse(lambda ref: message("about_states.on_its_way", ref=ref), "R15")
FILED_ALREADY = refuse(lambda ref: message("about_states.filed_already", ref=ref), "R15")
IN_RECORD = refuse(lambda ref: message("about_states.in_the_record", ref=ref), "R15")
NOT_IN_RECORD = refuse(lambda ref: message("about_states.not_in_a_record", ref=ref), "R15")
BEING_CHECKED = refuse(lambda ref: message("about_states.being_filed", ref=ref), "R15")
DESTROYED = refuse(lambda ref: message("about_states.was_destroyed", ref=ref), "R23")
