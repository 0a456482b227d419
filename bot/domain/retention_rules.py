"""How long a record is kept, and when it may be destroyed (R23). Pure: days are passed in.

A record is kept for a number of years after its last entry; one whose last entry was made in childhood is kept at least
until the patient has reached an age. Nothing is destroyed because a day has come: a manager decides, image by image,
and the register says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from .identifiers import NO_PERSON, ImageId, LegalHoldId, PatientId, PersonId
from .image import Image, State
from .message import Message, message
from .people import eighteenth_birthday


@dataclass(frozen=True, slots=True)
class RetentionRule:
    years: int = 7
    children_until: int = 25  # an age


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold: nothing of this image, or of this patient, is destroyed until it is released. `image_id` "" = the whole record."""

    id: LegalHoldId
    patient_id: PatientId
    image_id: ImageId
    why: str
    placed_by: PersonId
    placed_at: datetime
    released_by: PersonId = NO_PERSON
    released_at: datetime | None = None
    version: int = 0

    def holds(self, image: Image) -> bool:
        """Return whether it holds this image: a hold on one image goes with it to another record (R15)."""
        on_it = self.image_id == image.id or (not self.image_id and self.patient_id == image.patient_id)
        return self.released_at is None and on_it


def released(hold: LegalHold, by: PersonId, at: datetime) -> LegalHold:
    """Return the hold as a manager ended it; one that has ended stays as it ended."""
    return hold if hold.released_at else replace(hold, released_by=by, released_at=at)


def emptied_hold(hold: LegalHold) -> LegalHold:
    """Return what is left of it once its image is destroyed: that there was one, and who placed and ended it."""
    return replace(hold, why="")


@dataclass(frozen=True, slots=True)
class Destruction:
    """One line of the destruction register. No clinical content: what, whose record number, by whom, when, on which basis."""

    id: str
    ref: str
    subject_id: str  # the image, or the words that belong to none
    what: str  # "photo", "document", "signed consent form", "note" ...
    mrn: str
    received_on: date
    decided_by: str  # name: the register outlives accounts
    decided_at: datetime
    basis: str
    done_at: datetime | None = None
    elsewhere: str = ""  # what is left of its copies in other places, as far as that could be seen
    version: int = 0


def carried_out(destruction: Destruction, at: datetime, elsewhere: str) -> Destruction:
    """Return its line once it was done, with what is left of its copies in other places."""
    return replace(destruction, done_at=at, elsewhere=elsewhere)


def keep_until(born: date, last_entry: date, rule: RetentionRule) -> date:
    """Return the first day on which the record may be destroyed."""
    until = years_later(last_entry, rule.years)
    if last_entry < eighteenth_birthday(born):
        until = max(until, years_later(born, rule.children_until))
    return until


def years_later(day: date, years: int) -> date:
    """Return the same day of another year; of a year without 29 February, the day after."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


@dataclass(frozen=True, slots=True)
class Around:
    """What else is true of an image, as far as its destruction depends on it."""

    hold: LegalHold | None = None
    in_use: bool = False  # asked for, agreed to, or out with somebody
    breach_open: bool = False
    unfinished: bool = False  # something about it is still to be filed, sent or moved
    stop_is_known: bool = False  # the person who decides says that they know of the patient's stop


def what_forbids_words(mrn: str, until: date, today: date, hold: LegalHold | None, unfinished: bool) -> Message | None:
    """Return the same as `what_forbids`, for what is filed about a patient and no image."""
    if hold is not None:
        return message("about_retention.words_held", mrn=mrn, why=hold.why)
    if today < until:
        return message("about_retention.words_kept_until", mrn=mrn, until=until)
    if unfinished:
        return message("about_retention.words_unfinished", mrn=mrn)
    return None


def what_forbids(image: Image, until: date, today: date, around: Around) -> Message | None:
    """Return why this image may not be destroyed today, in a sentence that says what to do; None when it may."""
    ref = image.ref
    if image.form_of:
        return message("about_retention.a_signed_form", ref=ref)
    if image.state is State.HELD:
        return message("about_retention.on_hold", ref=ref)
    if image.state is State.DESTROYED:
        return message("about_retention.destroyed_already", ref=ref)
    if image.state is not State.VERIFIED:
        return message("about_retention.nothing_to_destroy", ref=ref)
    if around.hold is not None:
        return message("about_retention.held_by_law", ref=ref, why=around.hold.why)
    if today < until:
        return message("about_retention.kept_until", ref=ref, until=until)
    if around.breach_open:
        return message("about_retention.part_of_a_breach", ref=ref)
    if around.in_use:
        return message("about_retention.still_in_use", ref=ref)
    if around.unfinished:
        return message("about_retention.unfinished", ref=ref)
    if image.stopped and not around.stop_is_known:
        return message("about_retention.patient_stopped_it", ref=ref)
    return None
