"""What follows from an event: intents to come, or a refusal that names its rule."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from bot.domain.errors import Refused

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
        raise Refused(f"{image.ref} came from a colleague, who attests with two identifiers whose it is.", "R15")


def only_from_a_colleague(image: Image) -> None:
    if not image.from_colleague:
        raise Refused(f"{image.ref} came from a patient, so there is nothing for a colleague to attest.", "R1")


def nothing(image: Image, event: object) -> Decided:
    return image, ()


def refuse(text: str, rule: str = "") -> Callable[[Image, Event], Decided]:
    def refusal(image: Image, event: Event) -> Decided:
        raise Refused(text.format(ref=image.ref), rule)

    return refusal


NOT_KEPT = refuse("{ref} was not kept, so there is nothing to change.")
NOT_TAKEN = refuse("{ref} was not kept.")
LEFT = refuse("{ref} was left with its sender, so there is nothing here to change.", "R4")
IMPOSSIBLE = refuse("{ref} is not at a point where this can happen.")

ON_ITS_WAY = refuse("{ref} is already on its way to the record. Please tell the practice if it is wrong.", "R15")
FILED_ALREADY = refuse("{ref} is already in the record. Please tell the practice if it is the wrong one.", "R15")
IN_RECORD = refuse(
    "{ref} is already in the record. To move it to another patient: !refile {ref} MRN 7 March 1984.", "R15"
)
NOT_IN_RECORD = refuse("{ref} is not in a record yet. Whose it is, you say with !match.", "R15")
BEING_CHECKED = refuse("{ref} is just being filed. Please try again in a moment.", "R15")
DESTROYED = refuse("{ref} was destroyed when its time was over; only the register still names it.", "R23")
