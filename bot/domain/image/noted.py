"""What is noted about an image without moving it: who looked, who has it, what may no longer be done with it (R13, R30)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.identifiers import PersonId

from .events import AttestedAnew, HandedOver, Seen, Stopped, Taken
from .outcome import IMPOSSIBLE, Decided, only_from_a_colleague
from .value import Image


def attested_anew(image: Image, event: AttestedAnew) -> Decided:
    """Note what the new attestation covers; refuse it where the earlier one still counts, or the patient stopped all use."""
    only_from_a_colleague(image)
    if not image.was_moved or image.form_of or image.stopped:
        return IMPOSSIBLE(image, event)
    return replace(image, covers_advice=event.covers_advice), ()


def stopped(image: Image, event: Stopped) -> Decided:
    """Stop every further use of what the record has; what is not filed is withdrawn instead."""
    return (replace(image, stopped=True), ()) if image.in_record else IMPOSSIBLE(image, event)


def seen(image: Image, event: Seen) -> Decided:
    """Note when it was first looked at; refuse it while nobody may look."""
    if not image.may_be_seen:
        return IMPOSSIBLE(image, event)
    return replace(image, seen_at=image.seen_at or event.at), ()


def taken(image: Image, event: Taken) -> Decided:
    """Give it to the first person who takes it."""
    return replace(image, taken_by=PersonId(image.taken_by or event.by)), ()


def handed_over(image: Image, event: HandedOver) -> Decided:
    return replace(image, taken_by=PersonId(event.to)), ()
