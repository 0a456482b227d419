"""What an image may be used for: the decision, pure (R7 to R13, R22, R26).

*Use* is anything that shows an image to somebody new. Only care can be implied, and only for the reason it was sent for;
everything else needs a specific consent that is active, for that purpose, that recipient, that day. Whether the image is
called de-identified is recorded and changes nothing (R10). Policy tightens (R22): no policy makes an answer laxer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .identifiers import Account
from .message import Message, message
from .purposes import Purpose


class Source(StrEnum):
    PATIENT = "patient"  # R1
    COLLEAGUE = "colleague"  # R2, R3, R4
    OUTSIDE = "outside"  # R5


class Kind(StrEnum):
    BODY = "body"
    DOCUMENT = "document"  # a photo of a report, result or screen (R3); unsure = body


class Relatedness(StrEnum):
    """What the clinician attests about advice and the reason the image was sent for."""

    RELATED = "related"
    UNRELATED = "unrelated"
    NOT_ATTESTED = "not-attested"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules need to know of an image."""

    sha256: str
    source: Source
    kind: Kind
    purpose: Purpose  # the one it was sent for
    reason_stated: bool
    covers_advice: bool = False  # the colleague's consent discussion covered sharing for advice (R7)
    in_record: bool = True
    stopped: bool = False  # the patient stopped further disclosure (R13)
    implied: bool = False  # its sender, when sending it, could answer for the patient it belongs to (R30)
    misfiled: bool = False  # it lay in a wrong record, and nobody attested anything for the right patient since (R30)
    died: bool = False  # its patient has died (R28a)
    refused: bool = False  # somebody who may answer said no to showing it for advice (R29a)


@dataclass(frozen=True, slots=True)
class Recipient:
    account: Account
    known: bool  # enrolled, identity pinned, active
    homeserver_allowed: bool  # R26
    is_patient: bool = False  # the patient, or somebody who answers for them
    device_overdue: bool = False  # their device check is overdue (R21)
    meant: bool = True  # the person it was asked for, not somebody who has their account now (R31)
    to_be_compared: bool = False  # policy wants emoji compared first, and nobody has done it (R22)


@dataclass(frozen=True, slots=True)
class UseAsked:
    purpose: Purpose
    relatedness: Relatedness = Relatedness.NOT_ATTESTED
    venue: str = ""  # where it will be published or posted (R11)
    deidentified: bool = False  # as the person who asks claims; changes nothing (R10)


@dataclass(frozen=True, slots=True)
class SpecificConsent:
    """A consent given once, to one use: for its images, its purpose, the people it named, until a date (R31)."""

    id: str
    images: frozenset[str]  # SHA-256
    purpose: Purpose
    recipients: frozenset[Account]
    venue: str
    given_at: datetime
    until: datetime
    withdrawn_at: datetime | None = None

    def covers(self, image: Subject, asked: UseAsked, recipient: Recipient, at: datetime) -> bool:
        """Return whether it covers exactly this image, purpose, recipient, venue and day: old consents never stretch (R12)."""
        return (
            image.sha256 in self.images
            and asked.purpose is self.purpose
            and asked.venue == self.venue
            and recipient.account in self.recipients
            and self.given_at <= at < self.until
            and self.withdrawn_at is None
        )


@dataclass(frozen=True, slots=True)
class UsePolicy:
    """What a practice tightens (R22)."""

    advice_always_asks: bool = False  # even related advice needs specific consent
    never: frozenset[Purpose] = frozenset()  # purposes this practice does not use images for
    confirm_twice: bool = True  # a yes about a child's image, or an intimate one, must be said twice


@dataclass(frozen=True, slots=True)
class Allowed:
    basis: str  # "implied", "discussed", "document", "specific-consent"
    rule: str


@dataclass(frozen=True, slots=True)
class NeedsConsent:
    rule: str


@dataclass(frozen=True, slots=True)
class NotAllowed:
    rule: str
    because: Message  # for the person who asked, without the patient's reasons


Decision = Allowed | NeedsConsent | NotAllowed

NOT_ENROLLED = NotAllowed("R15", message("about_barred_uses.not_enrolled"))
NEVER_HERE = NotAllowed("R22", message("about_barred_uses.never_here"))
VENUE_NAMED = frozenset({Purpose.SOCIAL_MEDIA, Purpose.PUBLICATION})
MOST_IMAGES = 10  # in one consent
MOST_RECIPIENTS = 20


def decide_use(
    image: Subject,
    asked: UseAsked,
    recipient: Recipient,
    consents: Iterable[SpecificConsent],
    policy: UsePolicy,
    at: datetime,
) -> Decision:
    """Decide whether `image` may be shown to `recipient` for what is asked, now; and by which rule."""
    barred = barred_image(image) or barred_recipient(recipient) or _barred_purpose(asked, policy)
    if barred is not None:
        return barred
    for consent in consents:
        if consent.covers(image, asked, recipient, at):
            return Allowed("specific-consent", "R9" if asked.purpose is not Purpose.CARE else "R8")
    if asked.purpose is not Purpose.CARE:
        return NeedsConsent("R11" if asked.purpose in VENUE_NAMED else "R9")
    return _for_care(image, asked, policy)


def barred_image(image: Subject) -> NotAllowed | None:
    """Return what no consent can overcome, whoever is to see the image."""
    if image.died:
        return NotAllowed("R28a", message("about_barred_uses.patient_has_died"))
    if image.stopped:
        return NotAllowed("R13", message("about_barred_uses.no_further"))
    if not image.in_record:
        return NotAllowed("R14", message("about_barred_uses.not_in_the_record"))
    return None


def barred_recipient(recipient: Recipient) -> NotAllowed | None:
    """Return what no consent can overcome about this recipient, whatever they are to see."""
    if recipient.is_patient:
        return NotAllowed("R24", message("about_barred_uses.a_patients_account"))
    if not recipient.homeserver_allowed:
        return NotAllowed("R26", message("about_barred_uses.server_not_allowed"))
    if not recipient.known:
        return NOT_ENROLLED
    if not recipient.meant:
        return NotAllowed("R31", message("about_barred_uses.somebody_elses_account"))
    if recipient.to_be_compared:
        return NotAllowed(
            "R22",
            message("about_barred_uses.emoji_first"),
        )
    if recipient.device_overdue:
        return NotAllowed("R21", message("about_barred_uses.device_check_first"))
    return None


def _barred_purpose(asked: UseAsked, policy: UsePolicy) -> NotAllowed | None:
    if asked.purpose in policy.never:
        return NEVER_HERE
    if asked.purpose in VENUE_NAMED and not asked.venue.strip():
        return NotAllowed("R11", message("about_barred_uses.name_the_place"))
    return None


def _for_care(image: Subject, asked: UseAsked, policy: UsePolicy) -> Decision:
    if asked.relatedness is Relatedness.NOT_ATTESTED:
        return NotAllowed("R7", message("about_barred_uses.say_whether_related"))
    if asked.relatedness is Relatedness.UNRELATED:
        return NeedsConsent("R8")
    if image.refused:
        return NeedsConsent("R29a")
    if policy.advice_always_asks:
        return NeedsConsent("R22")
    if image.kind is Kind.DOCUMENT and image.source is not Source.PATIENT:
        return Allowed("document", "R3")
    if image.source is not Source.PATIENT:
        if image.misfiled:
            return NotAllowed("R30", message("about_barred_uses.attest_it_first"))
        if image.covers_advice:
            return Allowed("discussed", "R7")
        return NeedsConsent("R7")
    if image.purpose is not Purpose.CARE:
        return NeedsConsent("R12")
    if not image.reason_stated:
        return NotAllowed("R1", message("about_barred_uses.reason_first"))
    if not image.implied:
        return NeedsConsent("R30")
    return Allowed("implied", "R7")


def may_be_implied(image: Subject) -> bool:
    """Return whether advice may rest on how the image came: that must still hold when it is sent (R7, R30)."""
    if image.died or image.stopped or image.refused:
        return False
    if image.source is Source.PATIENT:
        return image.implied and image.purpose is Purpose.CARE
    return image.kind is Kind.DOCUMENT or (image.covers_advice and not image.misfiled)
