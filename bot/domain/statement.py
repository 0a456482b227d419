"""What a colleague says of an image they send: kind, patient, who took it, consent (R2 to R5).

Pure and partial: answers come in any order, over one message or several; `what_it_lacks` names what is still to be asked.
A document needs no consent (R3). A body needs the patient's consent, written, with the signed form beside it, or verbal, with
the day; and it must be known who gave it. Nothing here is the attestation itself: that is one tap, on an echo of all of this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from .identifiers import NO_IMAGE, NO_PATIENT, ImageId, PatientId
from .message import Message
from .people import Relation, eighteenth_birthday
from .use_rules import Kind


class Missing(StrEnum):
    """What must still be known before an image can be filed."""

    PURPOSE = "purpose"
    PATIENT = "patient"
    # only of images from colleagues:
    KIND = "kind"
    PHOTOGRAPHER = "photographer"
    CONSENT = "consent"
    CONSENT_DAY = "consent-day"
    CONSENT_GIVER = "consent-giver"
    FORM = "form"
    ATTESTATION = "attestation"


class ConsentKind(StrEnum):
    WRITTEN = "written"
    VERBAL = "verbal"


A_YEAR = timedelta(days=366)  # no consent is older
TOPICS = ("why it was taken", "how it is used", "who has access")  # what was discussed, as the sender attests (R2)


@dataclass(frozen=True, slots=True)
class Statement:
    kind: Kind | None = None
    patient_id: PatientId = NO_PATIENT  # by two identifiers; the image is theirs only once it is attested (R15)
    photographer: str = ""  # a name
    consent: ConsentKind | None = None
    consent_on: date | None = None
    given_by: Relation | None = None
    covers_advice: bool = False
    reason: str = ""
    form_id: ImageId = NO_IMAGE  # the image that is the signed form
    form_kept: bool = False  # it is sealed in the vault
    number: str = ""  # as an outside clinician wrote it: they are never told whether it is a patient's (R15)
    born: date | None = None  # and the birthday with it

    @property
    def names_somebody(self) -> bool:
        """Return whether two identifiers were said: those of a patient here, or of whomever they belong to."""
        return bool(self.patient_id or (self.number and self.born))


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What a line says. `numbers` may be record numbers; they stand in `rest` too, until one of them is found to be."""

    kind: Kind | None = None
    numbers: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()  # written out, earliest first
    day: date | None = None  # "today", "yesterday": never a birthday
    mine: bool = False
    photographer: str = ""
    consent: ConsentKind | None = None
    given_by: Relation | None = None
    advice: bool | None = None
    leave: bool = False
    named: str = ""  # a reference such as IMG-7F3K
    rest: tuple[str, ...] = ()
    unclear: Message | None = None  # what can't be told of a day in it
    withheld: bool = False  # it speaks of a consent that is not, or not surely, given

    @property
    def says_something(self) -> bool:
        """Whether anything but free words was recognised."""
        known = (
            self.kind,
            self.dates,
            self.unclear,
            self.day,
            self.photographer,
            self.consent,
            self.given_by,
            self.numbers,
        )
        return any(known) or self.mine or self.leave or self.withheld or self.advice is not None

    def reason(self, record_number: str = "") -> str:
        """The words that were not recognised, without the one that was the record number."""
        return " ".join(word for word in self.rest if word != record_number)


def quick_lines(today: date) -> dict[str, StatementLine]:
    """Return what a colleague can tap instead of writing it: each line, as it is written, with what it says."""
    body, document = StatementLine(kind=Kind.BODY, mine=True), StatementLine(kind=Kind.DOCUMENT, mine=True)
    verbal = replace(body, consent=ConsentKind.VERBAL, day=today)
    return {
        "body mine verbal today no advice": replace(verbal, advice=False),
        "body mine verbal today advice": replace(verbal, advice=True),
        "body mine written no advice": replace(body, consent=ConsentKind.WRITTEN, advice=False),
        "document mine": document,
        "leave": StatementLine(leave=True),
    }


def what_it_lacks(statement: Statement) -> frozenset[Missing]:
    """Return what its sender must still say or send, the attestation aside."""
    lacks = set()
    if statement.kind is None:
        lacks.add(Missing.KIND)
    if not statement.names_somebody:
        lacks.add(Missing.PATIENT)
    if not statement.photographer:
        lacks.add(Missing.PHOTOGRAPHER)
    if statement.kind is Kind.DOCUMENT:
        return frozenset(lacks)
    match statement.consent:
        case None:
            lacks.add(Missing.CONSENT)
        case ConsentKind.WRITTEN if not statement.form_kept:
            lacks.add(Missing.FORM)
        case ConsentKind.VERBAL if statement.consent_on is None:
            lacks.add(Missing.CONSENT_DAY)
    if statement.consent and statement.names_somebody and statement.given_by is None:  # a grown-up gives their own
        lacks.add(Missing.CONSENT_GIVER)
    return frozenset(lacks)


def may_be_attested(statement: Statement) -> bool:
    """Return whether nothing is left to ask. A form that is named but still being fetched delays the
    filing, not the attestation.
    """
    lacks = what_it_lacks(statement)
    return not lacks or (lacks == {Missing.FORM} and bool(statement.form_id))


def who_gives_consent(born: date, day: date) -> Relation | None:
    """Return who is taken to have consented when nobody is named: a grown-up for themselves. For a child it must be said."""
    return Relation.SELF if day >= eighteenth_birthday(born) else None
