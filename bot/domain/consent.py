"""Consent as recorded. Here: consent implied by sending (R1); specific consent builds on the same record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from .identifiers import NO_PATIENT, ConsentId, ImageId, PatientId, PersonId, UseId
from .people import Relation
from .purposes import Purpose


class Basis(StrEnum):
    IMPLIED = "implied"  # by sending, for the purpose it was sent for and nothing else
    VERBAL = "verbal"  # given to a colleague, who attested it (R2)
    WRITTEN = "written"  # the same, and the signed form is filed with it


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent. It is never edited: a change of mind, or a corrected purpose, is a new record."""

    id: ConsentId
    image_id: ImageId
    person_id: PersonId
    capacity: Relation
    basis: Basis
    purpose: Purpose
    reason: str
    wording: str  # the exact words shown
    wording_version: str
    at: datetime
    proof: dict[str, object]
    patient_id: PatientId = NO_PATIENT  # for whom it was given: under another name it counts for nothing (R30)
    version: int = 0


# How somebody got an image, or said what became of the copy they had; "stopped": it never came to them.
Disclosed = Literal["viewed", "forwarded", "required-by-law", "copy", "own-copy-stored", "own-copy-declined", "stopped"]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An image was shown to somebody, or words about it were sent."""

    id: str
    image_id: ImageId
    to_person_id: PersonId
    how: Disclosed
    purpose: Purpose
    rule: str
    at: datetime
    detail: str = ""  # who got it, where that person has no account
    concealed: bool = False  # the law forbids telling the patient (R13a)
    version: int = 0

    @property
    def reached(self) -> bool:
        """Return whether it came to them, or may have: not whether it was only planned."""
        return self.how != "stopped"


def matched(consent: Consent, patient_id: PatientId) -> Consent:
    """Return a consent of before the match as given for the patient who was matched; any other stays as it is (R15, R30)."""
    return replace(consent, patient_id=patient_id) if consent.patient_id == NO_PATIENT else consent


def emptied_consent(consent: Consent) -> Consent:
    """Return what is left of it once its image is destroyed: that there was one, whose and for what purpose (R23)."""
    return replace(consent, reason="", wording="", proof={})


def stopped_on_its_way(disclosure: Disclosure) -> Disclosure:
    """Return it as one that was stopped on its way: it was recorded before anything could leave (R27)."""
    return replace(disclosure, how="stopped")


def emptied_disclosure(disclosure: Disclosure) -> Disclosure:
    """Return what is left of it once its image is destroyed: who saw it, when, and by which rule (R23)."""
    return replace(disclosure, detail="")


class Answer(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ConsentAnswer:
    """One answer to one request for specific consent (R9). A change of mind is another answer, never an edit."""

    id: str
    use_id: UseId
    person_id: PersonId
    capacity: Relation
    answer: Answer
    wording: str
    wording_version: str
    at: datetime
    proof: dict[str, object]
    version: int = 0


def emptied_answer(answer: ConsentAnswer) -> ConsentAnswer:
    """Return what is left of it once the last image of its use is destroyed: who said what, and when (R23)."""
    return replace(answer, wording="", proof={})


@dataclass(frozen=True, slots=True)
class UnheardNo:
    """A no, or a stop, of somebody who was paused or had left: it is no answer, and stays with the image it is about (R28a)."""

    id: str
    image_id: ImageId
    person_id: PersonId
    said_at: datetime
    ended_at: datetime | None = None
    ended_by: PersonId | None = None
    version: int = 0


def ended_no(said: UnheardNo, by: PersonId, at: datetime) -> UnheardNo:
    """Return the no once one of the staff has spoken with whoever said it; one that has ended stays as it ended."""
    return said if said.ended_at else replace(said, ended_at=at, ended_by=by)


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody said in a case room, kept until the case is closed and filed."""

    id: str
    use_id: UseId
    person_id: PersonId
    at: datetime
    text: str
    version: int = 0


def emptied_line(line: Line) -> Line:
    """Return what is left of it once it is filed as policy wants it, or nothing may be kept: that somebody spoke, and when."""
    return replace(line, text="")
