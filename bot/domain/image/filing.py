"""Images in the record: read back (R16), and perhaps moved to the right patient (R15)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PATIENT
from bot.domain.message import message
from bot.domain.use_rules import Source

from .events import Destroyed, Filed, FilingFailed, ReadBack, RefileConfirmed, Refiled, RefilingFailed
from .outcome import IMPOSSIBLE, NOT_IN_RECORD, Decided, Then
from .value import HeldFor, Image, State, what_is_missing


def filed(image: Image, event: Filed) -> Decided:
    """Note that the record has it: a fact, whatever anybody wished meanwhile. From now on the sealed key is the record's."""
    doubt = HeldFor.SOMEBODY_ELSE if image.held_for is HeldFor.SOMEBODY_ELSE else None
    kept = replace(image, state=State.FILED, filed_at=event.at, sealed=None, held_for=doubt)
    wished_away = image.held_for in {HeldFor.WITHDRAWAL, HeldFor.SENDER_DELETED}
    return kept, ((Then.SAY_IT_STAYS,) if wished_away else ())


def filed_while_held(image: Image, event: Filed) -> Decided:
    """Accept the filing of an image held meanwhile: it was ready when that began, so nothing was missing."""
    return IMPOSSIBLE(image, event) if what_is_missing(image) else filed(image, event)


def filing_failed(image: Image, event: FilingFailed) -> Decided:
    return replace(image, state=State.HELD, held_for=HeldFor.FILING_FAILED), (Then.TELL_HELD,)


def read_back(image: Image, event: ReadBack) -> Decided:
    if image.moving_to:
        return image, ()  # that filing was read back long ago
    if not event.matches:
        return replace(image, state=State.HELD, held_for=HeldFor.READ_BACK_DIFFERED), (Then.TELL_HELD,)
    ask = (Then.ASK_DELETED,) if image.from_colleague else ()
    note = (Then.AWAIT_NOTE,) if image.source is Source.OUTSIDE and not image.form_of else ()
    return settled(replace(image, verified_at=event.at)), (Then.PURGE, *ask, *note)


def settled(image: Image) -> Image:
    """Return the image as it rests in the record: on hold while it is doubted whom it shows."""
    doubted = image.held_for is HeldFor.SOMEBODY_ELSE
    return replace(image, state=State.HELD if doubted else State.VERIFIED, moving_to=NO_PATIENT)


def refile(image: Image, event: RefileConfirmed) -> Decided:
    """Begin the move. Until it is read back from the right record, it counts as just filed: nobody is shown it."""
    if event.patient_id == image.patient_id:
        raise Refused(message("about_states.in_that_record", ref=image.ref), "R15")
    return replace(image, state=State.FILED, moving_to=event.patient_id), ()


def refile_held(image: Image, event: RefileConfirmed) -> Decided:
    if image.held_for is not HeldFor.SOMEBODY_ELSE or image.verified_at is None:
        return NOT_IN_RECORD(image, event)
    return refile(image, event)


def refiled(image: Image, event: Refiled) -> Decided:
    if not image.moving_to:
        return image, ()
    moved = replace(
        image,
        patient_id=image.moving_to,
        moving_to=NO_PATIENT,
        sent_for=image.sent_for or image.patient_id,
        covers_advice=False,  # what its sender attested was about somebody else (R30)
    )
    if not event.matches:
        return replace(moved, state=State.HELD, held_for=HeldFor.READ_BACK_DIFFERED), (Then.TELL_HELD,)
    return settled(replace(moved, verified_at=event.at)), ()


def not_refiled(image: Image, event: RefilingFailed) -> Decided:
    """Note that the record kept it where it was."""
    return (settled(image), ()) if image.moving_to else (image, ())


def destroyed(image: Image, event: Destroyed) -> Decided:
    """Empty the image: what is left says that there was one, when and whose, and nothing of what it showed or was for."""
    emptied = replace(
        image,
        state=State.DESTROYED,
        purpose=None,
        reason="",
        reason_by="",
        media_type="",
        size=0,
        sha256="",
        sealed=None,
        attachment={},
        proof={},
        statement=None,
        covers_advice=False,
    )
    return emptied, ()
